//! Words of speech, thought and perception: `speech.tsv`.

use rustc_hash::FxHashMap;

use super::Spelling;
use crate::error::{Faults, Result};
use crate::resource::{Table, both, each_row, one_of, put};

/// How a verb or noun of speech presents its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stance {
    /// Says, tells, reports, confirms, shows: the content stands as the source's claim.
    Said,
    /// Denies: the content stands as denied.
    Denied,
    /// Warns: a clause stands as the source's claim, an infinitive has not happened.
    Warned,
    /// Urges, asks, promises: the content has not happened.
    Urged,
    /// Suspects, believes, fears: the content is held possible.
    Believed,
    /// Footage, figures, documents show: the source is named, the content stands as fact.
    Shown,
    /// Knows, remembers, notices: the content stands as fact, and nobody says it.
    Known,
}

/// Stances by lemma.
#[derive(Clone, Debug, Default)]
pub(super) struct Speech {
    /// The stance, and whether it is a verb's.
    words: FxHashMap<String, (Stance, bool)>,
}

impl Speech {
    pub(super) fn read(table: Result<Table>, spelling: &Spelling, faults: &mut Faults) -> Self {
        let mut verbs: FxHashMap<String, (Stance, bool)> = FxHashMap::default();
        let mut nouns: FxHashMap<String, (Stance, bool)> = FxHashMap::default();
        each_row(table, ["lemma", "pos", "stance"], faults, |[lemma, pos, stance]| {
            let is_verb = one_of("pos", pos, &[("verb", true), ("noun", false)]);
            let stance = one_of("stance", stance, STANCES);
            let (is_verb, stance) = both(is_verb, stance)?;
            put(if is_verb { &mut verbs } else { &mut nouns }, lemma, (stance, is_verb))
        });
        // A noun is looked up only where no verb is meant.
        let mut words = nouns;
        words.extend(verbs);
        spelling.complete(&mut words);
        Self { words }
    }

    pub(super) fn stance(&self, lemma: &str) -> Option<Stance> {
        self.words.get(lemma).map(|&(stance, _)| stance)
    }

    pub(super) fn is_verb(&self, lemma: &str) -> bool {
        self.words.get(lemma).is_some_and(|&(_, is_verb)| is_verb)
    }
}

const STANCES: &[(&str, Stance)] = &[
    ("said", Stance::Said),
    ("claimed", Stance::Said),
    ("confirmed", Stance::Said),
    ("reported", Stance::Said),
    ("shown", Stance::Shown),
    ("known", Stance::Known),
    ("denied", Stance::Denied),
    ("warned", Stance::Warned),
    ("asked", Stance::Urged),
    ("promised", Stance::Urged),
    ("believed", Stance::Believed),
];
