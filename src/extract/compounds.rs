//! "fast-track", "hand-pick": a verb with a hyphen is one verb.
//!
//! Treebanks cut such words into three tokens, and parsers take the first for an adverb or an object.

use std::borrow::Cow;

use compact_str::format_compact;

use crate::document::{Deprel, Sentence, TokenId, Upos};

/// The sentence with the first parts of such verbs in their lemmas.
pub(crate) fn attach<'s>(sentence: Cow<'s, Sentence>, text: &str) -> Cow<'s, Sentence> {
    let mut fixed = sentence;
    for verb in 2..fixed.tokens.len() {
        if is_compound(&fixed, text, verb) {
            let sentence = fixed.to_mut();
            let first = sentence.tokens[verb - 2].span.of(text).to_lowercase();
            let lemma = format_compact!("{first}-{}", sentence.tokens[verb].lemma);
            sentence.tokens[verb].lemma = lemma;
            sentence.hang(verb - 2, verb, Deprel::Compound);
        }
    }
    fixed
}

/// A verb with a subject or object of its own ("state-owned" is an adjective), right behind a word
/// and a hyphen.
fn is_compound(sentence: &Sentence, text: &str, verb: usize) -> bool {
    let [first, hyphen, last] = [verb - 2, verb - 1, verb].map(|token| &sentence.tokens[token]);
    let side_by_side = first.span.end == hyphen.span.start && hyphen.span.end == last.span.start;
    last.upos == Upos::Verb
        && !matches!(last.deprel, Deprel::Amod | Deprel::Compound)
        && side_by_side
        && hyphen.span.of(text) == "-"
        && !matches!(first.upos, Upos::Propn | Upos::Num | Upos::Punct)
        && first.head == Some(TokenId::from(verb))
        && !sentence
            .tokens
            .iter()
            .any(|token| token.head == Some(TokenId::from(verb - 2)) && token.upos != Upos::Punct)
}
