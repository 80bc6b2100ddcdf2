//! Small pages for tests: sentences written as `form/UPOS/head/deprel` words.

use crate::coref::Preferences;
use crate::document::{Document, MentionId, Name, Sentence, Span, Token, TokenId};
use crate::resource::Resources;
use crate::resource::gazetteer::Gazetteer;
use crate::resource::lexicon::Lexicon;
use crate::statement::{Argument, Evidence, Factuality, Polarity, Predicate, Statement};

/// A document of sentences. A word is `form/UPOS/head/deprel`, with the features behind a further
/// `/`; the lemma is the form, lower case, unless `=lemma` follows it. A name stands between
/// `[LABEL` and `]`.
pub(crate) fn page(sentences: &[&str]) -> (Document, Vec<Sentence>) {
    let mut text = String::new();
    let mut parsed = Vec::new();
    for sentence in sentences {
        if !text.is_empty() {
            text.push(' ');
        }
        parsed.push(parse(sentence, &mut text));
    }
    (document("a.txt", text), parsed)
}

/// A document without metadata.
pub(crate) fn document(id: &str, text: String) -> Document {
    Document { id: id.to_owned(), uri: None, publisher: None, title: None, published: None, text }
}

/// A plain fact.
pub(crate) fn statement(
    subject: MentionId,
    predicate: Predicate,
    object: Argument,
    evidence: Evidence,
) -> Statement {
    Statement {
        subject,
        predicate,
        object,
        qualifiers: Vec::new(),
        time: None,
        place: None,
        polarity: Polarity::Positive,
        factuality: Factuality::Asserted,
        attribution: Vec::new(),
        evidence,
        confidence: 0.9,
        signs: 0,
        attribute: None,
        wording: None,
    }
}

fn parse(line: &str, text: &mut String) -> Sentence {
    let mut sentence = Sentence::default();
    let mut open = None;
    for word in line.split_whitespace() {
        if let Some(label) = word.strip_prefix('[') {
            open = Some((sentence.tokens.len(), label.parse().unwrap()));
        } else if word == "]" {
            let (start, label) = open.take().unwrap();
            sentence.names.push(Name { tokens: start..sentence.tokens.len(), label });
        } else {
            sentence.tokens.push(token(word, text, sentence.tokens.is_empty()));
        }
    }
    sentence.span = sentence.tokens[0].span.to(sentence.tokens[sentence.tokens.len() - 1].span);
    sentence
}

fn token(word: &str, text: &mut String, first: bool) -> Token {
    let mut cells = word.split('/');
    let mut next = || cells.next().unwrap_or_default();
    let (form, upos, head, deprel, feats) = (next(), next(), next(), next(), next());
    let (form, lemma) = form.split_once('=').unwrap_or((form, form));
    let glued = form.strip_prefix('+');
    let form = glued.unwrap_or(form);
    let joined = glued.is_some() || matches!(form, "'s" | "." | "," | ")" | "”");
    if !joined && !first && !text.ends_with(['(', '“']) {
        text.push(' ');
    }
    let start = text.len();
    text.push_str(form);
    let head: u32 = head.parse().unwrap();
    Token {
        span: Span::new(start, text.len()),
        joined: form == "'s",
        lemma: if upos == "PROPN" { lemma.into() } else { lemma.to_lowercase().into() },
        upos: upos.parse().unwrap(),
        feats: feats.into(),
        head: head.checked_sub(1).map(TokenId),
        deprel: deprel.parse().unwrap(),
        margin: u8::MAX,
    }
}

/// What the program prefers as antecedents.
pub(crate) fn preferences() -> Preferences {
    Preferences::load(&Resources::embedded()).unwrap()
}

/// The gazetteer and lexicon of tests.
pub(crate) fn world() -> (Gazetteer, Lexicon) {
    (crate::resource::gazetteer::tests::gazetteer(), crate::resource::lexicon::tests::lexicon())
}

/// True if all ways up end at a root.
pub(crate) fn is_tree(sentence: &Sentence) -> bool {
    let n = sentence.tokens.len();
    (0..n).all(|token| {
        let up = |&token: &usize| sentence.tokens[token].head.map(|head| head.index());
        std::iter::successors(Some(token), up).take(n + 1).count() <= n
    })
}

/// All trees over some words; heads count from 1, the root has 0.
pub(crate) fn trees<const N: usize>() -> impl Iterator<Item = [usize; N]> {
    (0..(N + 1).pow(N as u32)).filter_map(|mut number| {
        let heads: [usize; N] = std::array::from_fn(|_| {
            let head = number % (N + 1);
            number /= N + 1;
            head
        });
        let ends = |mut token: usize| {
            (0..=N).any(|_| {
                token = heads[token - 1];
                token == 0
            })
        };
        let one_root = heads.iter().filter(|&&head| head == 0).count() == 1;
        (one_root && (1..=N).all(ends)).then_some(heads)
    })
}
