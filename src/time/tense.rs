//! Whether a time expression looks back or ahead: the tense of the verb that governs it.
//!
//! The tree decides where it reaches a verb that shows tense; the words around decide else, since
//! tags may be wrong. Word lists: classes `future_mark` and `past_mark` of `rules/time/words.tsv`.

use std::ops::Range;

use super::rules::TimeRules;
use crate::document::{Deprel, Sentence, Token, TokenId, Upos};

/// Where an expression without a fixed year or week points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Past,
    Future,
    Unknown,
}

/// How many tokens a look for tense goes to each side.
const REACH: usize = 16;

/// The direction of the clause around `tokens`.
pub(super) fn direction(
    text: &str,
    sentence: &Sentence,
    tokens: &Range<usize>,
    rules: &TimeRules,
) -> Direction {
    match by_tree(text, sentence, tokens, rules) {
        Direction::Unknown => by_words(text, sentence, tokens, rules),
        known => known,
    }
}

fn by_tree(text: &str, sentence: &Sentence, tokens: &Range<usize>, rules: &TimeRules) -> Direction {
    let mut at = tokens.start;
    for _ in 0..REACH {
        let Some(token) = sentence.tokens.get(at) else { break };
        if !tokens.contains(&at) && matches!(token.upos, Upos::Verb | Upos::Aux) {
            let found = verb(text, sentence, at, rules);
            if found != Direction::Unknown {
                return found;
            }
        }
        let Some(TokenId(head)) = token.head else { break };
        at = head as usize;
    }
    Direction::Unknown
}

/// Tense of a verb with its auxiliaries; "to" before it looks ahead.
fn verb(text: &str, sentence: &Sentence, at: usize, rules: &TimeRules) -> Direction {
    let from = at.saturating_sub(REACH);
    for child in &sentence.tokens[from..at] {
        if child.head.map(TokenId::index) != Some(at) {
            continue;
        }
        let word = child.form(text);
        if child.deprel == Deprel::Aux && rules.word("future_mark", word).is_some() {
            return Direction::Future;
        }
        if child.deprel == Deprel::Mark && word.eq_ignore_ascii_case("to") {
            return Direction::Future;
        }
        if matches!(child.deprel, Deprel::Aux | Deprel::AuxPass | Deprel::Cop)
            && rules.word("past_mark", word).is_some()
        {
            return Direction::Past;
        }
    }
    let token = &sentence.tokens[at];
    let word = token.form(text);
    if rules.word("future_mark", word).is_some() {
        Direction::Future
    } else if token.feat("Tense") == Some("Past") && token.feat("VerbForm") != Some("Part") {
        Direction::Past
    } else {
        Direction::Unknown
    }
}

/// The nearest word that shows tense, first to the left, then to the right.
fn by_words(
    text: &str,
    sentence: &Sentence,
    tokens: &Range<usize>,
    rules: &TimeRules,
) -> Direction {
    let all = &sentence.tokens;
    let start = tokens.start.min(all.len());
    let end = tokens.end.min(all.len());
    let left = (start.saturating_sub(REACH)..start).rev();
    let right = end..all.len().min(end + REACH);
    left.chain(right)
        .map(|at| word(text, all, at, rules))
        .find(|found| *found != Direction::Unknown)
        .unwrap_or(Direction::Unknown)
}

fn word(text: &str, tokens: &[Token], at: usize, rules: &TimeRules) -> Direction {
    let form = tokens[at].form(text);
    if rules.word("future_mark", form).is_some() {
        return Direction::Future;
    }
    let past = form.len() > 3 && form.ends_with("ed") && !form.starts_with(char::is_uppercase);
    if past || rules.word("past_mark", form).is_some() {
        return Direction::Past;
    }
    Direction::Unknown
}
