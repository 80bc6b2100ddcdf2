//! Which articles are whose.

use std::fmt;
use std::str::FromStr;

use crate::document::Document;
use crate::input::{Discovered, Source};

/// One of so many shares of the articles. Contents and names decide, not the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which one, from 1.
    number: u32,
    /// How many there are.
    of: u32,
}

/// Files up to this size belong to one share as a whole; of larger ones, which hold many articles, each share reads
/// its own articles.
const WHOLE: u64 = 4 << 20;

impl Share {
    /// All of it.
    pub const ALL: Self = Self { number: 1, of: 1 };

    /// True for exactly one of the shares: what is to be told once.
    pub fn is_first(self) -> bool {
        self.number == 1
    }

    /// The file name of its readings.
    pub fn file_name(self) -> String {
        let width = self.of.to_string().len();
        format!("readings-{:0width$}-of-{}.parquet", self.number, self.of)
    }

    /// Takes the files of other shares out; what is left are those that are its own, and large ones, of which some
    /// articles are ([`Share::has`]).
    pub fn split(self, found: Discovered) -> (Discovered, Discovered) {
        let Discovered { sources, skipped } = found;
        let (large, small): (Vec<Source>, Vec<Source>) =
            sources.into_iter().partition(|it| it.size > WHOLE || it.path.is_none());
        let own = |it: &Source| self.is_own(it.name.as_bytes());
        let sources = small.into_iter().filter(own).collect();
        let skipped = if self.is_first() { skipped } else { Vec::new() };
        (Discovered { sources, skipped }, Discovered { sources: large, ..Discovered::default() })
    }

    /// True if the article of a large file belongs to it.
    pub fn has(self, document: &Document) -> bool {
        self.is_own(document.text.as_bytes())
    }

    fn is_own(self, bytes: &[u8]) -> bool {
        let mut first = [0; 8];
        first.copy_from_slice(&blake3::hash(bytes).as_bytes()[..8]);
        u64::from_le_bytes(first) % u64::from(self.of) == u64::from(self.number - 1)
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').map(|(number, of)| (number.parse(), of.parse()));
        match parts {
            Some((Ok(number), Ok(of))) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err(format!("{text:?} is no share, expected 1/8 to 8/8, or of another number")),
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_article_belongs_to_one_share() {
        let shares: Vec<Share> = (1..=7).map(|n| format!("{n}/7").parse().unwrap()).collect();
        let mut sizes = [0; 7];
        for n in 0..700 {
            let document = Document { text: format!("Boat {n} sank."), ..Document::default() };
            let owners: Vec<usize> = (0..7).filter(|&it| shares[it].has(&document)).collect();
            assert_eq!(owners.len(), 1);
            sizes[owners[0]] += 1;
        }
        assert!(sizes.iter().all(|n| (60..140).contains(n)), "{sizes:?}");
    }

    #[test]
    fn files_are_divided_and_large_ones_are_everybodys() {
        let source = |name: &str, size| Source {
            name: name.into(),
            path: Some(name.into()),
            size,
            named: false,
        };
        let mut sources: Vec<Source> = (0..20).map(|n| source(&format!("{n}.txt"), 100)).collect();
        sources.push(source("all.jsonl", WHOLE + 1));
        let found = Discovered { sources, skipped: Vec::new() };
        let parts =
            ["1/2", "2/2"].map(|share| share.parse::<Share>().unwrap().split(found.clone()));
        assert_eq!(parts[0].0.sources.len() + parts[1].0.sources.len(), 20);
        assert!(parts.iter().all(|(_, large)| large.sources.len() == 1));
    }

    #[test]
    fn a_share_is_a_number_of_a_number() {
        assert_eq!("3/8".parse::<Share>().unwrap().to_string(), "3/8");
        assert_eq!("3/12".parse::<Share>().unwrap().file_name(), "readings-03-of-12.parquet");
        for wrong in ["0/8", "9/8", "3", "a/b", "1/0", ""] {
            assert!(wrong.parse::<Share>().is_err(), "{wrong}");
        }
    }
}
