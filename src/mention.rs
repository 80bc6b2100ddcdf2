//! Mentions: names, noun phrases, pronouns, times and quantities of one document.
//!
//! Comes in: sentences with trees and the names that the model found, and the time expressions. Goes
//! out: every phrase that refers, in text order; they may nest. The gazetteer and the tree correct
//! the model: titles and possessive endings stay outside a name, proper nouns that the model missed
//! come in if there is more evidence for a name than capitals, one name has one type in a document.
//! Base noun phrases have no relative clauses and no trailing prepositional phrases, but "one of the
//! boats" is one. Left out: who is meant (see [`crate::coref`]), coordinations as wholes, relative and
//! demonstrative pronouns.

mod names;
mod phrases;

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::{
    Deprel, Document, Label, Mention, MentionKind, Sentence, SentenceId, Span, Timex, TimexId,
    TokenId, Upos,
};
use crate::resource::fold::{fold, key};
use crate::resource::gazetteer::Gazetteer;
use crate::resource::lexicon::{Lexicon, Use};

/// A phrase of one sentence, before it is a mention.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Phrase {
    tokens: Range<usize>,
    head: usize,
    kind: MentionKind,
    label: Option<Label>,
    timex: Option<TimexId>,
    /// Where the phrase ends with its complements; 0 if it has none.
    whole: usize,
}

/// What the parts of the stage look things up in.
struct Context<'a> {
    text: &'a str,
    lexicon: &'a Lexicon,
    gazetteer: &'a Gazetteer,
    /// Folded last and first words of the persons that the document names in full.
    surnames: FxHashSet<String>,
    /// Folded words behind "Ms" and the like.
    addressed: FxHashSet<String>,
    /// Folded names with "and" inside, which the model may cut in other sentences.
    joined: FxHashMap<String, Label>,
}

/// Finds all mentions of a document, in text order, the longer first where two begin together.
pub fn find(
    document: &Document,
    sentences: &[Sentence],
    timexes: &[Timex],
    lexicon: &Lexicon,
    gazetteer: &Gazetteer,
) -> Vec<Mention> {
    let mut context = Context {
        text: &document.text,
        lexicon,
        gazetteer,
        surnames: FxHashSet::default(),
        addressed: FxHashSet::default(),
        joined: joined_names(&document.text, sentences),
    };
    context.learn_surnames(sentences);
    let mut mentions = Vec::new();
    let mut next_timex = 0;
    for (index, sentence) in sentences.iter().enumerate() {
        let id = SentenceId::from(index);
        let first = next_timex;
        while timexes.get(next_timex).is_some_and(|timex| timex.sentence <= id) {
            next_timex += 1;
        }
        let times = (first..next_timex)
            .filter(|&t| timexes[t].sentence == id)
            .map(|t| time_phrase(sentence, &timexes[t], TimexId::from(t)));
        let phrases = sentence_phrases(&context, sentence, times.flatten().collect());
        mentions.extend(phrases.into_iter().map(|phrase| mention(id, sentence, phrase)));
    }
    agree_on_labels(&document.text, &mut mentions);
    mentions
}

impl Context<'_> {
    fn form(&self, sentence: &Sentence, token: usize) -> &str {
        sentence.tokens[token].form(self.text)
    }

    /// True for addresses ("http://example.org", "anna@example.org") and degrees ("PhD"), which name nobody.
    fn is_no_name(&self, text: &str) -> bool {
        let address = text.contains("://") || text.contains('@');
        address || text.to_lowercase().starts_with("www.") || self.is_degree(text)
    }

    fn is_degree(&self, text: &str) -> bool {
        let letters = || text.chars().filter(|c| c.is_alphabetic());
        letters().filter(|c| c.is_uppercase()).count() > 1
            && !text.contains(char::is_whitespace)
            && self.lexicon.has_use(&letters().collect::<String>(), Use::Degree)
    }

    fn learn_surnames(&mut self, sentences: &[Sentence]) {
        for sentence in sentences {
            for name in &sentence.names {
                let tokens = name.tokens.start..name.tokens.end.min(sentence.tokens.len());
                let person =
                    name.label == Label::Person || self.looks_like_person(sentence, &tokens);
                let pair = sentence.tokens[tokens.clone()].iter().any(|t| t.upos == Upos::Cconj);
                if !person || pair || tokens.len() < 2 {
                    continue;
                }
                let last = last_word(sentence, &tokens);
                if last.start > tokens.start {
                    self.surnames.insert(fold(span_of(sentence, &last).of(self.text)));
                }
                self.surnames.insert(fold(self.form(sentence, tokens.end - 1)));
                // The family name comes first in some languages.
                self.surnames.insert(fold(self.form(sentence, tokens.start)));
            }
            for (index, token) in sentence.tokens.iter().enumerate().skip(1) {
                if token.upos == Upos::Propn && self.is_addressed(sentence, index) {
                    self.addressed.insert(fold(token.form(self.text)));
                }
            }
        }
    }

    /// True behind "Mr" or "Dr".
    fn is_addressed(&self, sentence: &Sentence, token: usize) -> bool {
        let Some(before) = token.checked_sub(1) else { return false };
        sentence.tokens[before].deprel == Deprel::NmodDesc
            && sentence.tokens[before].head == Some(TokenId::from(token))
            && self.lexicon.is_honorific(self.form(sentence, before))
    }

    /// Two or three words of which the first is a first name and none is a common noun.
    fn looks_like_person(&self, sentence: &Sentence, tokens: &Range<usize>) -> bool {
        let is_word = |t: usize| {
            let form = self.form(sentence, t);
            form == "-"
                || form.chars().all(char::is_alphabetic)
                    && self.lexicon.noun_label(&form.to_lowercase()).is_none()
                    && self.lexicon.legal_form(form).is_none()
        };
        (2..=3).contains(&n_words(sentence, tokens))
            && self.gazetteer.is_first_name(self.form(sentence, tokens.start))
            && (tokens.start + 1..tokens.end).all(is_word)
    }
}

/// How many words these tokens are as they are written: "al-Masri" is one.
fn n_words(sentence: &Sentence, tokens: &Range<usize>) -> usize {
    let begins = |&t: &usize| t == tokens.start || !touches(sentence, t);
    tokens.clone().filter(begins).count()
}

/// The tokens of the last word.
fn last_word(sentence: &Sentence, tokens: &Range<usize>) -> Range<usize> {
    let begins = |&t: &usize| !touches(sentence, t);
    tokens.clone().skip(1).rev().find(begins).unwrap_or(tokens.start)..tokens.end
}

/// True if no blank is before a token.
fn touches(sentence: &Sentence, token: usize) -> bool {
    sentence.tokens[token - 1].span.end == sentence.tokens[token].span.start
}

/// "Sail and Oar": names with a conjunction inside that are found whole at least as often as either
/// of their parts.
fn joined_names(text: &str, sentences: &[Sentence]) -> FxHashMap<String, Label> {
    let mut times: FxHashMap<String, usize> = FxHashMap::default();
    let mut joined: FxHashMap<String, (Label, [String; 2])> = FxHashMap::default();
    for sentence in sentences {
        for name in &sentence.names {
            let tokens = name.tokens.start..name.tokens.end.min(sentence.tokens.len());
            if tokens.is_empty() {
                continue;
            }
            let folded = |tokens: &Range<usize>| fold(span_of(sentence, tokens).of(text));
            let whole = folded(&tokens);
            let inner = tokens.start + 1..tokens.end.max(tokens.start + 2) - 1;
            let is_body = !matches!(name.label, Label::Person | Label::Place);
            if is_body
                && let Some(and) =
                    inner.into_iter().find(|&t| sentence.tokens[t].upos == Upos::Cconj)
            {
                let parts = [folded(&(tokens.start..and)), folded(&(and + 1..tokens.end))];
                joined.entry(whole.clone()).or_insert((name.label, parts));
            }
            *times.entry(whole).or_default() += 1;
        }
    }
    let alone = |part: &String| times.get(part).copied().unwrap_or_default();
    joined
        .iter()
        .filter(|(whole, (_, parts))| parts.iter().all(|part| alone(part) <= times[*whole]))
        .map(|(whole, (label, _))| (whole.clone(), *label))
        .collect()
}

fn time_phrase(sentence: &Sentence, timex: &Timex, id: TimexId) -> Option<Phrase> {
    let tokens = timex.tokens.start..timex.tokens.end.min(sentence.tokens.len());
    (!tokens.is_empty()).then(|| Phrase {
        head: sentence.head_of(&tokens),
        tokens,
        kind: MentionKind::Timex,
        label: Some(Label::Time),
        timex: Some(id),
        whole: 0,
    })
}

fn sentence_phrases(context: &Context, sentence: &Sentence, times: Vec<Phrase>) -> Vec<Phrase> {
    let mut taken = vec![false; sentence.tokens.len()];
    for time in &times {
        taken[time.tokens.clone()].fill(true);
    }
    let names = names::find(context, sentence, &taken);
    let mut phrases = times;
    phrases.extend(names);
    phrases::add(context, sentence, &mut phrases);
    phrases.sort_by_key(|p| (p.tokens.start, std::cmp::Reverse(p.tokens.end), p.kind));
    phrases.dedup_by(|next, kept| next.tokens == kept.tokens);
    phrases
}

fn mention(sentence: SentenceId, tokens: &Sentence, phrase: Phrase) -> Mention {
    let Phrase { tokens: range, head, kind, label, timex, whole } = phrase;
    Mention {
        sentence,
        span: span_of(tokens, &range),
        whole: span_of(tokens, &(range.start..whole.max(range.end))),
        tokens: range,
        head: TokenId::from(head),
        kind,
        label,
        timex,
    }
}

/// The same name has the same type throughout a document: the most frequent one, then the first.
fn agree_on_labels(text: &str, mentions: &mut [Mention]) {
    let mut votes: FxHashMap<String, Vec<(Label, usize)>> = FxHashMap::default();
    let is_name = |m: &Mention| m.kind == MentionKind::Name && m.label != Some(Label::Norp);
    for mention in mentions.iter().filter(|m| is_name(m)) {
        let votes = votes.entry(key(mention.span.of(text))).or_default();
        if let Some(label) = mention.label {
            match votes.iter_mut().find(|(voted, _)| *voted == label) {
                Some((_, count)) => *count += 1,
                None => votes.push((label, 1)),
            }
        }
    }
    for mention in mentions.iter_mut().filter(|m| is_name(m)) {
        let votes = &votes[&key(mention.span.of(text))];
        let most = votes.iter().map(|(_, count)| *count).max();
        if let Some((label, _)) = votes.iter().find(|(_, count)| Some(*count) == most) {
            mention.label = Some(*label);
        }
    }
}

/// From the first to the last token.
fn span_of(sentence: &Sentence, tokens: &Range<usize>) -> Span {
    sentence.tokens[tokens.start].span.to(sentence.tokens[tokens.end - 1].span)
}

#[cfg(test)]
mod tests;
