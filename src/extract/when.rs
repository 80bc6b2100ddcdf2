//! When what a clause tells took place, as far as the sentence gives a time.

use std::ops::Range;

use crate::document::{Deprel, TimexId, TimexKind, Upos};

use super::clause::{Clause, ClauseId, Link};
use super::reader::SentenceReader;

impl SentenceReader<'_> {
    /// When the happening of a clause took place, as far as the sentence gives a time.
    pub(super) fn time(&self, clause: ClauseId) -> Option<TimexId> {
        self.times[clause.index()]
    }

    /// The date that stands in the phrase of a noun: "her arrival *on Tuesday*".
    pub(super) fn time_of_noun(&self, noun: usize) -> Option<TimexId> {
        self.tree.children(noun).find_map(|child| {
            let id = self.timex_at[child]?;
            let timex = &self.marks.analysis.timexes[id.index()];
            (timex.iso.is_some() && timex.kind == TimexKind::Date).then_some(id)
        })
    }

    /// The date right behind an amount: "36% *in 2017*".
    pub(super) fn time_behind(&self, amount: usize) -> Option<TimexId> {
        let next = (amount + 1..self.tree.len().min(amount + 4))
            .find(|&token| !matches!(self.tree.upos(token), Upos::Adp | Upos::Sym))?;
        let timex = self.timex_at[next].filter(|_| self.is_amount(amount))?;
        self.marks.analysis.timexes[timex.index()].iso.is_some().then_some(timex)
    }

    pub(super) fn clause_times(&self) -> Vec<Option<TimexId>> {
        let mut times: Vec<Option<TimexId>> = vec![None; self.clauses.len()];
        let mut closeness = vec![usize::MAX; times.len()];
        let analysis = self.marks.analysis;
        for id in self.marks.timexes(self.sentence) {
            let timex = &analysis.timexes[id.index()];
            if timex.iso.is_none() {
                continue;
            }
            let head = timex.tokens.clone().find(|&token| {
                self.tree.head(token).is_none_or(|head| !timex.tokens.contains(&head))
            });
            let Some(head) = head else { continue };
            // "a day after she left" dates the leaving.
            let measured = timex
                .tokens
                .clone()
                .last()
                .filter(|&token| self.tree.deprel(token) == Deprel::Mark);
            if let Some(clause) = measured.and_then(|token| self.clauses.of[token]) {
                times[clause.index()] = Some(id);
                closeness[clause.index()] = 0;
                continue;
            }
            let Some(mut clause) = self.clauses.of[head] else { continue };
            if self.is_life(head) || self.is_dateline(&timex.tokens, self.clauses[clause].head) {
                continue;
            }
            if self.clauses[clause].head == head {
                match self.clauses[clause].parent {
                    Some(parent) => clause = parent,
                    None => continue,
                }
            }
            // The shorter the way up to the predicate, the surer; durations come last.
            let is_duration = timex.kind == TimexKind::Duration;
            let mut edges = if is_duration { DURATION_EDGES } else { 0 };
            let mut at = head;
            while at != self.clauses[clause].head {
                let Some(up) = self.tree.head(at) else { break };
                // "the collapse of the union in 1991" dates the collapse, not the clause.
                let noun = self.tree.lemma(at).to_lowercase();
                // "said *in a speech* on Monday", "died *in an attack* on Monday": both at once.
                let occasion = self.tree.deprel(at) == Deprel::Obl
                    && up == self.clauses[clause].head
                    && matches!(&*self.tree.case(at), "in" | "at" | "during");
                let dated =
                    at != head && !occasion && self.know.lexicon.nominalization(&noun).is_some();
                // "Sweden, a power in 1700, left"; "recalls the *1991* war"
                let attribute = at == head
                    && matches!(self.tree.deprel(at), Deprel::Compound | Deprel::Nummod)
                    && matches!(self.tree.deprel(up), Deprel::Obj | Deprel::Obl | Deprel::Nmod);
                if dated || attribute || self.tree.deprel(at) == Deprel::Appos {
                    edges = usize::MAX;
                    break;
                }
                at = up;
                edges += 1;
            }
            // "*since 2019*" dates what has been or is so, not what happened once.
            let since = timex.iso.as_deref().is_some_and(|iso| iso.ends_with("/.."));
            if edges > MAX_EDGES || since && self.is_simple_past(&self.clauses[clause]) {
                continue;
            }
            // "before dawn on Saturday": the day is of more use than the hour, unless it is the same day.
            let better = match times[clause.index()].map(|old| &analysis.timexes[old.index()]) {
                Some(old) if old.kind == TimexKind::Time && timex.kind == TimexKind::Date => {
                    !same_day(old.iso.as_deref(), timex.iso.as_deref())
                }
                Some(old) if old.kind == TimexKind::Date && timex.kind == TimexKind::Time => {
                    same_day(old.iso.as_deref(), timex.iso.as_deref())
                }
                _ => edges < closeness[clause.index()],
            };
            if better {
                closeness[clause.index()] = edges;
                times[clause.index()] = Some(id);
            }
        }
        for clause in self.clauses.ids() {
            if times[clause.index()].is_none() {
                times[clause.index()] = self.time_from_around(clause, &times);
            }
        }
        times
    }

    /// "*March 3, 2024* (OSLO) - The council met": a date before a dash, at the beginning of a sentence.
    fn is_dateline(&self, date: &Range<usize>, verb: usize) -> bool {
        const LONGEST: usize = 8;
        let spaced =
            |token: usize| self.tree.token(token).span.start > self.tree.token(token - 1).span.end;
        let is_dash = |token: usize| match self.tree.form(token) {
            "–" | "—" | "--" => true,
            "-" => spaced(token),
            _ => false,
        };
        date.start <= 3 && (date.end..verb.min(date.end + LONGEST)).any(is_dash)
    }

    /// "Mara Voss (*1890*–1935)": a date in brackets behind a name dates the life, not the clause.
    fn is_life(&self, date: usize) -> bool {
        let tree = &self.tree;
        let inside = (0..date).rev().take_while(|&t| tree.upos(t) != Upos::Verb);
        let bracket = inside.take(12).find(|&t| matches!(tree.form(t), "(" | ")"));
        bracket.is_some_and(|open| {
            tree.form(open) == "(" && open > 0 && tree.upos(open - 1) == Upos::Propn
        })
    }

    /// The time of the clause that governs this one, where it holds for both.
    fn time_from_around(&self, index: ClauseId, times: &[Option<TimexId>]) -> Option<TimexId> {
        let clause = &self.clauses[index];
        let above = clause.parent.map(|parent| (&self.clauses[parent], times[parent.index()]));
        if let Some((governor, Some(time))) = above {
            let same = match clause.link {
                Link::Control => true,
                Link::Conj => clause.shared_subject && !self.changes_time(governor, clause),
                Link::Adverbial => clause.shared_subject || self.is_meanwhile(clause.head),
                Link::Relative => self.is_continuation(clause.head),
                // "said on Monday that it fell" does not tell when it fell.
                _ => false,
            };
            if same {
                return Some(time);
            }
        }
        None
    }

    /// "left on Monday and *will* return", "and *has* lived there since".
    fn changes_time(&self, before: &Clause, clause: &Clause) -> bool {
        let helper = |clause: &Clause| {
            let is_helper = |&child: &usize| self.tree.deprel(child) == Deprel::Aux;
            self.tree.children(clause.head).find(is_helper).map(|child| self.tree.lemma(child))
        };
        helper(clause).is_some_and(|now| now != "be" && helper(before) != Some(now))
    }

    /// "while he was away": at the same time as what stands above it.
    fn is_meanwhile(&self, head: usize) -> bool {
        self.tree.children(head).any(|child| {
            self.tree.deprel(child) == Deprel::Mark
                && matches!(self.tree.lemma(child), "as" | "while" | "when")
        })
    }

    /// "fell", "was sold", not "has fallen", "would fall".
    fn is_simple_past(&self, clause: &Clause) -> bool {
        let past = |token: usize| self.tree.is_finite_past(token);
        let mut helpers = self.tree.children(clause.head).filter(|&child| {
            matches!(self.tree.deprel(child), Deprel::Aux | Deprel::AuxPass | Deprel::Cop)
        });
        match helpers.next() {
            None => past(clause.head),
            Some(first) => {
                self.tree.lemma(first) == "be" && past(first) && helpers.next().is_none()
            }
        }
    }

    /// ", where she opened a plant": the story goes on at the same time.
    fn is_continuation(&self, head: usize) -> bool {
        self.tree.children(head).any(|child| {
            self.tree.lemma(child) == "where" && child > 0 && self.tree.form(child - 1) == ","
        }) && self.tree.token(head).feat("Tense") == Some("Past")
    }
}

/// True if both begin with the same calendar day.
fn same_day(one: Option<&str>, other: Option<&str>) -> bool {
    let day = |iso: Option<&str>| iso.and_then(|iso| iso.get(..10)).map(str::to_owned);
    day(one).is_some() && day(one) == day(other)
}

/// How far a time expression may hang below the predicate that it dates, in edges of the tree.
const MAX_EDGES: usize = 6;

/// A duration counts as so many edges farther off: it dates only what has no date and is near.
const DURATION_EDGES: usize = 4;
