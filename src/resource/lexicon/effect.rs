//! What words do to the clause or noun below them: `factuality.tsv`.

use rustc_hash::FxHashMap;

use super::Spelling;
use crate::error::{Error, Result};
use crate::resource::Table;
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

/// Effects by part of speech, then lemma.
#[derive(Clone, Debug, Default)]
pub(super) struct Effects {
    words: FxHashMap<String, FxHashMap<String, Effect>>,
}

impl Effects {
    pub(super) fn read(table: &Table, spelling: &Spelling) -> Result<Self> {
        let mut effects: FxHashMap<String, FxHashMap<String, Effect>> = FxHashMap::default();
        for (line, [lemma, pos, factuality, polarity]) in
            table.rows(["lemma", "pos", "factuality", "polarity"])?
        {
            let factuality = match factuality {
                "none" | "" => None,
                "claimed" => Some(Factuality::Claimed),
                "planned" => Some(Factuality::Planned),
                "possible" => Some(Factuality::Possible),
                "hypothetical" => Some(Factuality::Hypothetical),
                "denied" => Some(Factuality::Denied),
                other => {
                    return Err(Error::rule(
                        table.file(),
                        line,
                        format!("no factuality {other:?}"),
                    ));
                }
            };
            let effect = Effect { factuality, negative: polarity == "negative" };
            effects.entry(pos.to_owned()).or_default().insert(lemma.to_owned(), effect);
        }
        for words in effects.values_mut() {
            spelling.complete(words);
        }
        Ok(Self { words: effects })
    }

    pub(super) fn get(&self, lemma: &str, pos: &str) -> Option<Effect> {
        self.words.get(pos)?.get(lemma).copied()
    }
}
