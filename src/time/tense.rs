//! Whether a time expression looks back or ahead: the tense of the verb that governs it.
//!
//! The tree decides where it reaches a verb that shows tense; the words around decide else, since
//! tags may be wrong. Word lists: classes `future_mark` and `past_mark` of `rules/time/words.tsv`.

use std::ops::Range;

use super::rules::TimeRules;
use crate::document::{Deprel, Upos};
use crate::syntax::Tree;

/// Where an expression without a fixed year or week points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Past,
    Future,
    Unknown,
    /// It ends a range: the first such date after the one before it.
    After,
    /// "had left on Friday": before what the sentence has dated.
    Earlier,
}

/// How many tokens a look for tense goes to each side.
const REACH: usize = 16;

/// The direction of the clause around `tokens`.
pub(super) fn direction(tree: &Tree, tokens: &Range<usize>, rules: &TimeRules) -> Direction {
    match by_tree(tree, tokens, rules) {
        Direction::Unknown => by_words(tree, tokens, rules),
        known => known,
    }
}

fn by_tree(tree: &Tree, tokens: &Range<usize>, rules: &TimeRules) -> Direction {
    let is = |token: usize, class: &str| rules.word(class, tree.form(token)).is_some();
    let towards = tokens.start.checked_sub(1).is_some_and(|before| is(before, "towards"));
    // True while the last step came out of the expression itself.
    let mut inside = true;
    let mut at = tokens.start;
    for _ in 0..REACH {
        if !tokens.contains(&at) && matches!(tree.upos(at), Upos::Verb | Upos::Aux) {
            // "is set for Monday", "was postponed until May"
            let participle = tree.token(at).feat("VerbForm") == Some("Part");
            if towards && participle && is(at, "plan_mark") {
                return Direction::Future;
            }
            match verb(tree, at, rules) {
                None if inside
                    && is_scheduled(tree, at)
                    && !is(at, "past_mark")
                    && !is(at, "told_present") =>
                {
                    return Direction::Future;
                }
                None => {}
                Some(found) => return found,
            }
        }
        let Some(head) = tree.head(at) else { break };
        inside = tokens.contains(&at);
        at = head;
    }
    Direction::Unknown
}

/// "The council *meets* on Sunday": the present of a whole sentence (headlines, which tell in it what was,
/// have no full stop). "The test comes after her arrival on Tuesday" is none, nor is what may be a past form.
fn is_scheduled(tree: &Tree, verb: usize) -> bool {
    let ends = tree.upos(tree.len() - 1) == Upos::Punct;
    let verb = tree.token(verb);
    ends && verb.upos == Upos::Verb
        && verb.feat("VerbForm") == Some("Fin")
        && verb.feat("Tense") == Some("Pres")
        && verb.deprel != Deprel::Parataxis
}

/// Tense of a verb with its auxiliaries; `None` if it has none of its own.
fn verb(tree: &Tree, at: usize, rules: &TimeRules) -> Option<Direction> {
    let is = |class: &str, token: usize| rules.word(class, tree.form(token)).is_some();
    let token = tree.token(at);
    let mut infinitive = false;
    let before = at.saturating_sub(REACH)..at;
    for child in tree.children(at).filter(|child| before.contains(child)) {
        let helps = matches!(tree.deprel(child), Deprel::Aux | Deprel::AuxPass | Deprel::Cop);
        if helps && is("future_mark", child) {
            return Some(Direction::Future);
        }
        if helps && is("past_mark", child) {
            let perfect = tree.lemma(child) == "have" && token.feat("VerbForm") == Some("Part");
            return Some(if perfect { Direction::Earlier } else { Direction::Past });
        }
        infinitive |= tree.deprel(child) == Deprel::Mark && tree.form(child) == "to";
    }
    let plan = |word: usize| is("plan_mark", word) || is("future_mark", word);
    if is("future_mark", at) || infinitive && tree.head(at).is_some_and(plan) {
        Some(Direction::Future)
    } else if tree.is_finite_past(at) {
        Some(Direction::Past)
    } else {
        None
    }
}

/// The nearest word that shows tense, first to the left, then to the right; an infinitive without
/// a verb beside it, as in headlines, looks ahead.
fn by_words(tree: &Tree, tokens: &Range<usize>, rules: &TimeRules) -> Direction {
    let (start, end) = (tokens.start, tokens.end);
    let left = (start.saturating_sub(REACH)..start).rev();
    let right = end..tree.len().min(end + REACH);
    let words = Words { tree, rules, start };
    left.chain(right.clone()).find_map(|at| words.direction(at)).unwrap_or_else(|| {
        let mut around = (start.saturating_sub(REACH)..start).chain(right);
        let bare = around.any(|at| words.form(at).eq_ignore_ascii_case("to"));
        if bare { Direction::Future } else { Direction::Unknown }
    })
}

struct Words<'a> {
    tree: &'a Tree<'a>,
    rules: &'a TimeRules,
    /// Where the expression begins.
    start: usize,
}

impl Words<'_> {
    fn form(&self, at: usize) -> &str {
        if at < self.tree.len() { self.tree.form(at) } else { "" }
    }

    fn is(&self, class: &str, at: usize) -> bool {
        self.rules.word(class, self.form(at)).is_some()
    }

    /// `None` if the word shows no tense.
    fn direction(&self, at: usize) -> Option<Direction> {
        let form = self.form(at);
        if self.is("future_mark", at) {
            return Some(Direction::Future);
        }
        if self.is("plan_mark", at) {
            let next = self.form(at + 1);
            let ahead = at + 1 == self.start
                || matches!(next, "to" | "for" | "on" | "in" | "by" | "at" | "until" | "through");
            return ahead.then_some(Direction::Future);
        }
        if form == "to" && at > 0 && (self.is("be", at - 1) || self.is("plan_mark", at - 1)) {
            return Some(Direction::Future);
        }
        let past = form.len() > 3 && form.ends_with("ed") && !form.starts_with(char::is_uppercase);
        if past || self.is("past_mark", at) {
            return self.past(at);
        }
        let token = self.tree.token(at);
        let present = token.upos == Upos::Verb
            && token.feat("VerbForm") == Some("Fin")
            && token.feat("Tense") == Some("Pres");
        present.then_some(Direction::Unknown)
    }

    /// A past form, unless the words before make it part of a verb group that looks ahead.
    fn past(&self, at: usize) -> Option<Direction> {
        // "will cut", "to shut": these forms are infinitives too.
        if at > 0 && self.is("future_mark", at - 1) {
            return Some(Direction::Future);
        }
        if at > 0 && self.form(at - 1) == "to" {
            return None;
        }
        // "will be held": a participle shows no tense of its own.
        let group = at.saturating_sub(3)..at;
        let ahead = |i: usize| self.is("future_mark", i) || self.form(i) == "to";
        let after_be = group.clone().any(|i| matches!(self.form(i), "be" | "have"));
        if after_be && group.into_iter().any(ahead) {
            Some(Direction::Future)
        } else {
            Some(Direction::Past)
        }
    }
}
