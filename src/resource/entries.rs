//! TOML files of entries, read with all their mistakes: each unknown key, and each entry that cannot
//! be understood, is noted with its line.

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::{line_of, told};
use crate::error::{Faults, did_you_mean};

/// The keys that a table may have, with those of the tables below them; `*` is any key.
pub struct AllowedKeys(pub &'static [(&'static str, &'static AllowedKeys)]);

/// The keys of what is no table.
pub const LEAF: &AllowedKeys = &AllowedKeys(&[]);

/// A file of TOML.
pub struct TomlFile<'t> {
    name: &'t str,
    text: &'t str,
    root: DeTable<'t>,
}

impl<'t> TomlFile<'t> {
    /// Parses a file and checks its keys; `None` if it is no TOML.
    pub fn parse(
        name: &'t str,
        text: &'t str,
        keys: &AllowedKeys,
        faults: &mut Faults,
    ) -> Option<Self> {
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            faults.rule(name, line, error.message().replace('\n', " "));
        }
        let file = Self { name, text, root: root.into_inner() };
        if errors.is_empty() {
            file.check_keys(&file.root, keys, faults);
            return Some(file);
        }
        None
    }

    /// The line of a byte, from 1.
    pub fn line(&self, byte: usize) -> u64 {
        line_of(self.text, byte)
    }

    /// The entries `[[key]]` with the byte where each begins; what is none is noted.
    pub fn entries<T: DeserializeOwned>(
        &mut self,
        key: &str,
        faults: &mut Faults,
    ) -> Vec<(usize, T)> {
        let Some(list) = self.root.remove(key) else { return Vec::new() };
        let DeValue::Array(list) = list.into_inner() else {
            faults.rule(self.name, 1, format!("{key} is no list of tables [[{key}]]"));
            return Vec::new();
        };
        let mut entries = Vec::new();
        for value in list {
            let start = value.span().start;
            match T::deserialize(ValueDeserializer::from(value)) {
                Ok(entry) => entries.push((start, entry)),
                Err(error) => {
                    let at = error.span().map_or(start, |span| span.start);
                    faults.rule(self.name, self.line(at), told(error.message()));
                }
            }
        }
        entries
    }

    /// The keys of the file with words for values, and where each key stands; what is no word is
    /// noted.
    pub fn words(self, faults: &mut Faults) -> Vec<(usize, String, String)> {
        let mut words = Vec::new();
        for (key, value) in self.root {
            let at = key.span().start;
            match value.into_inner() {
                DeValue::String(value) => {
                    words.push((at, key.into_inner().into_owned(), value.into_owned()));
                }
                other => {
                    let cause = format!("expected a name, not {}", other.type_str());
                    faults.rule(self.name, line_of(self.text, at), cause);
                }
            }
        }
        words
    }

    fn check_keys(&self, table: &DeTable, keys: &AllowedKeys, faults: &mut Faults) {
        for (key, value) in table {
            let named = |name: &str| keys.0.iter().find(|(known, _)| *known == name);
            match named(key.get_ref()).or_else(|| named("*")) {
                Some((_, below)) => self.check_below(value, below, faults),
                None => {
                    let known = || keys.0.iter().map(|(known, _)| *known);
                    let near = did_you_mean(key.get_ref(), known());
                    let hint = if near.is_empty() {
                        format!(", expected one of {}", known().collect::<Vec<_>>().join(", "))
                    } else {
                        near
                    };
                    let line = self.line(key.span().start);
                    faults.rule(self.name, line, format!("unknown key {:?}{hint}", key.get_ref()));
                }
            }
        }
    }

    fn check_below(&self, value: &Spanned<DeValue>, keys: &AllowedKeys, faults: &mut Faults) {
        match value.get_ref() {
            DeValue::Table(table) if !keys.0.is_empty() => self.check_keys(table, keys, faults),
            DeValue::Array(list) => {
                for value in list {
                    self.check_below(value, keys, faults);
                }
            }
            _ => {}
        }
    }
}
