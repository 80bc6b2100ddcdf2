//! American and British spellings: "emphasize" and "emphasise" are one word.
//!
//! `spellings.tsv` pairs endings. A word of a table that has one of them is known with the other
//! ending too, unless the table has that word itself.

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::resource::Table;

/// Endings that are spelled in two ways.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spelling {
    pairs: Vec<(String, String)>,
}

impl Spelling {
    pub(crate) fn read(table: &Table) -> Result<Self> {
        let pairs = table.rows(["american", "british"])?;
        let pairs = pairs.map(|(_, [american, british])| (american.to_owned(), british.to_owned()));
        Ok(Self { pairs: pairs.collect() })
    }

    /// The word, or the first word of a phrase, in its other spelling.
    pub(crate) fn other(&self, phrase: &str) -> Option<String> {
        let (word, rest) = match phrase.split_once(' ') {
            Some((word, _)) => phrase.split_at(word.len()),
            None => (phrase, ""),
        };
        self.pairs.iter().find_map(|(american, british)| {
            let changed = |from: &str, to: &str| {
                let stem = word.strip_suffix(from).filter(|stem| stem.len() > 2)?;
                Some(format!("{stem}{to}{rest}"))
            };
            changed(american, british).or_else(|| changed(british, american))
        })
    }

    /// Adds the other spelling of each word that has one.
    pub(crate) fn complete<T: Clone>(&self, words: &mut FxHashMap<String, T>) {
        let others: Vec<(String, T)> = words
            .iter()
            .filter_map(|(word, value)| Some((self.other(word)?, value.clone())))
            .filter(|(other, _)| !words.contains_key(other))
            .collect();
        words.extend(others);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_another_spelling_only_behind_a_stem() {
        let table = Table::parse("t.tsv", "american\tbritish\nize\tise\nter\ttre\n").unwrap();
        let spelling = Spelling::read(&table).unwrap();
        let other = |word| spelling.other(word);
        assert_eq!(other("criticize").as_deref(), Some("criticise"));
        assert_eq!(other("organise against").as_deref(), Some("organize against"));
        assert_eq!(other("centre").as_deref(), Some("center"));
        assert_eq!(other("size"), None);
    }
}
