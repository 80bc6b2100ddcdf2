//! Words and phrases that grammar needs to know one by one: light verbs, quantifiers, prepositions with
//! a noun inside, adverbial phrases, verbs that say nothing of their object alone.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::{Error, Result};
use crate::resource::Table;

/// What must stand beside the object of a verb that says nothing of the object alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Predicative {
    /// "found him *guilty*"
    pub(crate) complement: bool,
    /// "put them *at risk*"
    pub(crate) phrase: bool,
    /// "caused the bank *to raise its rate*"
    pub(crate) clause: bool,
}

/// The tables, by lemma or lower-case phrase.
#[derive(Clone, Debug, Default)]
pub(super) struct FunctionWords {
    pub(super) quantifiers: FxHashSet<String>,
    pub(super) light_verbs: FxHashSet<String>,
    pub(super) prepositions: FxHashSet<String>,
    pub(super) adverbials: FxHashSet<String>,
    pub(super) predicative_verbs: FxHashMap<String, Predicative>,
}

impl FunctionWords {
    pub(super) fn read(table: impl Fn(&str) -> Result<Table>) -> Result<Self> {
        let words = |name: &str| -> Result<FxHashSet<String>> {
            let table = table(name)?;
            Ok(table.rows(["lemma"])?.map(|(_, [lemma])| lemma.to_owned()).collect())
        };
        Ok(Self {
            quantifiers: words("quantifiers.tsv")?,
            light_verbs: words("light_verbs.tsv")?,
            prepositions: words("prepositions.tsv")?,
            adverbials: words("adverbials.tsv")?,
            predicative_verbs: predicative_verbs(&table("predicative_verbs.tsv")?)?,
        })
    }
}

fn predicative_verbs(table: &Table) -> Result<FxHashMap<String, Predicative>> {
    let rows = table.rows(["lemma", "beside"])?;
    let kinds = rows.map(|(line, [lemma, beside])| {
        let mut kind = Predicative::default();
        for word in beside.split(' ') {
            match word {
                "complement" => kind.complement = true,
                "phrase" => kind.phrase = true,
                "clause" => kind.clause = true,
                _ => {
                    let cause = format!("expected complement, phrase or clause, not {word:?}");
                    return Err(Error::rule(table.file(), line, cause));
                }
            }
        }
        Ok((lemma.to_owned(), kind))
    });
    kinds.collect()
}
