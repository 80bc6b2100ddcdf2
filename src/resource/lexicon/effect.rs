//! What words do to the clause or noun below them: `factuality.tsv`.

use rustc_hash::FxHashMap;

use super::Spelling;
use crate::error::{Faults, Result};
use crate::resource::{Table, both, each_row, one_of, put};
use crate::statement::{Factuality, Polarity};

/// What a word does to the clause or noun below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// New factuality, if any.
    pub factuality: Option<Factuality>,
    /// True if it negates.
    pub negative: bool,
}

impl Effect {
    /// The polarity after the word.
    pub(crate) fn polarity(self, below: Polarity) -> Polarity {
        if self.negative { below.turned() } else { below }
    }
}

/// A part of speech, as far as effects distinguish them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartOfSpeech {
    /// "fail"
    Verb,
    /// "attempt"
    Noun,
    /// "alleged"
    Adj,
    /// "allegedly"
    Adv,
    /// "may"
    Aux,
    /// "if"
    Mark,
}

const PARTS: &[(&str, PartOfSpeech)] = &[
    ("verb", PartOfSpeech::Verb),
    ("noun", PartOfSpeech::Noun),
    ("adj", PartOfSpeech::Adj),
    ("adv", PartOfSpeech::Adv),
    ("aux", PartOfSpeech::Aux),
    ("mark", PartOfSpeech::Mark),
];

const FACTUALITIES: &[(&str, Option<Factuality>)] = &[
    ("none", None),
    ("", None),
    ("claimed", Some(Factuality::Claimed)),
    ("planned", Some(Factuality::Planned)),
    ("possible", Some(Factuality::Possible)),
    ("hypothetical", Some(Factuality::Hypothetical)),
    ("denied", Some(Factuality::Denied)),
];

/// Effects by part of speech, then lemma.
#[derive(Clone, Debug, Default)]
pub(super) struct Effects {
    words: FxHashMap<PartOfSpeech, FxHashMap<String, Effect>>,
}

impl Effects {
    pub(super) fn read(table: Result<Table>, spelling: &Spelling, faults: &mut Faults) -> Self {
        let mut effects: FxHashMap<PartOfSpeech, FxHashMap<String, Effect>> = FxHashMap::default();
        let columns = ["lemma", "pos", "factuality", "polarity"];
        each_row(table, columns, faults, |[lemma, pos, factuality, polarity]| {
            let factuality = one_of("factuality", factuality, FACTUALITIES);
            let polarities = [("keep", false), ("negative", true)];
            let negative = one_of("polarity", polarity, &polarities);
            let (pos, (factuality, negative)) =
                both(one_of("pos", pos, PARTS), both(factuality, negative))?;
            put(effects.entry(pos).or_default(), lemma, Effect { factuality, negative })
        });
        for (_, pos) in PARTS {
            if let Some(words) = effects.get_mut(pos) {
                spelling.complete(words);
            }
        }
        Self { words: effects }
    }

    pub(super) fn get(&self, lemma: &str, pos: PartOfSpeech) -> Option<Effect> {
        self.words.get(&pos)?.get(lemma).copied()
    }
}
