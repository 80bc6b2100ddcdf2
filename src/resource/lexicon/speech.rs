//! Words of speech, thought and perception: `speech.tsv`.

use rustc_hash::FxHashMap;

use super::Spelling;
use crate::error::{Error, Result};
use crate::resource::Table;

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
}

/// Stances by lemma.
#[derive(Clone, Debug, Default)]
pub(super) struct Speech {
    /// The stance, and whether it is a verb's.
    words: FxHashMap<String, (Stance, bool)>,
}

impl Speech {
    pub(super) fn read(table: &Table, spelling: &Spelling) -> Result<Self> {
        let mut words = FxHashMap::default();
        for (line, [lemma, pos, stance]) in table.rows(["lemma", "pos", "stance"])? {
            let stance = match stance {
                "said" | "claimed" | "confirmed" | "reported" => Stance::Said,
                "shown" => Stance::Shown,
                "denied" => Stance::Denied,
                "warned" => Stance::Warned,
                "asked" | "promised" => Stance::Urged,
                "believed" => Stance::Believed,
                _ => return Err(Error::rule(table.file(), line, format!("no stance {stance:?}"))),
            };
            // A noun is looked up only where no verb is meant.
            let is_verb = pos == "verb";
            if is_verb || !words.contains_key(lemma) {
                words.insert(lemma.to_owned(), (stance, is_verb));
            }
        }
        spelling.complete(&mut words);
        Ok(Self { words })
    }

    pub(super) fn stance(&self, lemma: &str) -> Option<Stance> {
        self.words.get(lemma).map(|&(stance, _)| stance)
    }

    pub(super) fn is_verb(&self, lemma: &str) -> bool {
        self.words.get(lemma).is_some_and(|&(_, is_verb)| is_verb)
    }
}
