//! Prepositions, simple and complex, and what a place behind them is to a thing: `lexicon/prepositions.tsv`.

use rustc_hash::FxHashMap;

use crate::error::{Faults, Result};
use crate::resource::{Table, each_row, one_of, put};

/// What a place behind a preposition is to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// "in Lyon": it is there.
    At,
    /// "near Lyon": it is not far.
    Near,
    /// "outside Lyon": it is not there.
    Beside,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Preposition {
    /// It has a noun inside: "in response to".
    phrase: bool,
    place: Option<Whereabouts>,
}

/// The prepositions of English.
#[derive(Clone, Debug, Default)]
pub struct Prepositions {
    known: FxHashMap<String, Preposition>,
    words: Vec<String>,
}

impl Prepositions {
    pub(super) fn read(table: Result<Table>, faults: &mut Faults) -> Self {
        const KINDS: &[(&str, bool)] = &[("fixed", false), ("phrase", true)];
        const PLACES: &[(&str, Option<Whereabouts>)] = &[
            ("", None),
            ("at", Some(Whereabouts::At)),
            ("near", Some(Whereabouts::Near)),
            ("beside", Some(Whereabouts::Beside)),
        ];
        let mut prepositions = Self::default();
        each_row(table, ["lemma", "kind", "place"], faults, |[lemma, kind, place]| {
            let phrase = one_of("kind", kind, KINDS)?;
            let place = one_of("place", place, PLACES)?;
            prepositions.words.push(lemma.to_owned());
            put(&mut prepositions.known, lemma, Preposition { phrase, place })
        });
        prepositions
    }

    /// True for prepositions with a noun inside: "in response to".
    pub fn is_phrase(&self, words: &str) -> bool {
        self.known.get(words).is_some_and(|known| known.phrase)
    }

    /// What a place behind the preposition is to a thing, if anything.
    pub fn whereabouts(&self, preposition: &str) -> Option<Whereabouts> {
        self.known.get(preposition)?.place
    }

    /// True for a preposition.
    pub fn contains(&self, word: &str) -> bool {
        self.known.contains_key(word)
    }

    /// All of them, in the order of the table.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }
}
