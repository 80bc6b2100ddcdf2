//! Words and phrases that grammar needs to know one by one: light verbs, quantifiers, adverbial
//! phrases, verbs that make no statement about their object alone.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::{Faults, Result};
use crate::resource::{Table, each_row, one_of, put};

/// What must stand beside the object of a verb that makes no statement about the object alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Predicative {
    /// "found him *guilty*"
    pub(crate) complement: bool,
    /// "put them *at risk*"
    pub(crate) phrase: bool,
    /// "caused the bank *to raise its rate*"
    pub(crate) clause: bool,
}

/// What a verb cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Anybody or anything beside its subject: "the price depends" says nothing.
    Other,
    /// Something beside its object: "allow buyers" says nothing.
    Second,
    /// An object: "she did" says nothing, and what "is missing" misses nothing.
    Object,
}

/// The tables, by lemma or lower-case phrase.
#[derive(Clone, Debug, Default)]
pub(super) struct FunctionWords {
    pub(super) quantifiers: FxHashSet<String>,
    pub(super) light_verbs: FxHashSet<String>,
    pub(super) adverbials: FxHashSet<String>,
    pub(super) frequency: FxHashSet<String>,
    pub(super) predicative_verbs: FxHashMap<String, Predicative>,
    pub(super) frames: FxHashMap<String, Needs>,
}

impl FunctionWords {
    pub(super) fn read(table: impl Fn(&str) -> Result<Table>, faults: &mut Faults) -> Self {
        let mut words = Self::default();
        for (name, set) in [
            ("quantifiers.tsv", &mut words.quantifiers),
            ("light_verbs.tsv", &mut words.light_verbs),
            ("adverbials.tsv", &mut words.adverbials),
            ("frequency.tsv", &mut words.frequency),
        ] {
            each_row(table(name), ["lemma"], faults, |[lemma]| {
                set.insert(lemma.to_owned());
                Ok(())
            });
        }
        let kinds = [("other", Needs::Other), ("second", Needs::Second), ("object", Needs::Object)];
        each_row(table("frames.tsv"), ["lemma", "needs"], faults, |[lemma, needs]| {
            put(&mut words.frames, lemma, one_of("need", needs, &kinds)?)
        });
        let table = table("predicative_verbs.tsv");
        each_row(table, ["lemma", "beside"], faults, |[lemma, beside]| {
            put(&mut words.predicative_verbs, lemma, predicative(beside)?)
        });
        words
    }
}

fn predicative(beside: &str) -> Result<Predicative, String> {
    let mut kind = Predicative::default();
    for word in beside.split(' ') {
        match one_of("kind", word, &[("complement", 0), ("phrase", 1), ("clause", 2)])? {
            0 => kind.complement = true,
            1 => kind.phrase = true,
            _ => kind.clause = true,
        }
    }
    Ok(kind)
}
