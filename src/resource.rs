//! Rules, lexicons, gazetteers and the ontology: embedded defaults, files of the user on top.
//!
//! A resource is named by its path inside the tree: `rules/lexicon/nouns.tsv`,
//! `ontology/newsgraph.ttl`. With `--rules DIR` a file `DIR/lexicon/nouns.tsv` replaces the embedded
//! one, and further `*.toml` files in `DIR/relations` are added.

pub mod corrections;
pub mod fold;
pub mod gazetteer;
pub mod kb;
pub mod lexicon;
pub(crate) mod offices;
pub mod shallow;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use oxigraph::io::{JsonLdProfileSet, RdfFormat};
use rust_embed::RustEmbed;

use crate::error::{Error, Result};

/// The form of an RDF file by its suffix; `None` for others.
pub fn rdf_format(path: &Path) -> Option<RdfFormat> {
    let suffix = path.extension()?.to_string_lossy().to_lowercase();
    Some(match suffix.as_str() {
        "ttl" => RdfFormat::Turtle,
        "nt" => RdfFormat::NTriples,
        "nq" => RdfFormat::NQuads,
        "trig" => RdfFormat::TriG,
        "rdf" | "xml" => RdfFormat::RdfXml,
        "jsonld" => RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
        _ => return None,
    })
}

#[derive(RustEmbed)]
#[folder = "rules/"]
#[prefix = "rules/"]
#[exclude = "*.md"]
struct EmbeddedRules;

#[derive(RustEmbed)]
#[folder = "ontology/"]
#[prefix = "ontology/"]
#[exclude = "*.md"]
struct EmbeddedOntology;

/// Where rules, lexicons, gazetteers and the ontology are read from.
#[derive(Clone, Debug, Default)]
pub struct Resources {
    rules: Option<PathBuf>,
    ontology: Option<PathBuf>,
}

impl Resources {
    /// The files inside the program.
    pub fn embedded() -> Self {
        Self::default()
    }

    /// The files inside the program, replaced by those of the user where given: `rules` is a folder
    /// laid out like `rules/`, `ontology` a Turtle file.
    pub fn with_overrides(rules: Option<PathBuf>, ontology: Option<PathBuf>) -> Self {
        Self { rules, ontology }
    }

    /// The names of all resources that begin with `prefix`, sorted.
    ///
    /// # Errors
    /// [`Error::Io`] when the user's folder cannot be listed.
    pub fn list(&self, prefix: &str) -> Result<Vec<String>> {
        let mut names: Vec<String> = EmbeddedRules::iter()
            .chain(EmbeddedOntology::iter())
            .filter(|name| name.starts_with(prefix))
            .map(Cow::into_owned)
            .collect();
        if let (Some(folder), Some(below)) = (&self.rules, prefix.strip_prefix("rules/")) {
            let folder = folder.join(below);
            if folder.is_dir() {
                for entry in std::fs::read_dir(&folder).map_err(Error::io(&folder))? {
                    let name = entry.map_err(Error::io(&folder))?.file_name();
                    let name = name.to_string_lossy();
                    if !name.ends_with(".md") {
                        names.push(format!("{}/{name}", prefix.trim_end_matches('/')));
                    }
                }
            }
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// The text of a resource.
    ///
    /// # Errors
    /// [`Error::Io`] when the user's file cannot be read, [`Error::Rule`] when there is no such
    /// resource or it is not UTF-8.
    pub fn text(&self, name: &str) -> Result<Cow<'static, str>> {
        if let Some(path) = self.file(name) {
            return std::fs::read_to_string(&path).map(Cow::Owned).map_err(Error::io(path));
        }
        let file = EmbeddedRules::get(name)
            .or_else(|| EmbeddedOntology::get(name))
            .ok_or_else(|| Error::rule(name, 1, "no such resource"))?;
        let text = match file.data {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed),
            Cow::Owned(bytes) => {
                return String::from_utf8(bytes)
                    .map(Cow::Owned)
                    .map_err(|_| Error::rule(name, 1, "not UTF-8"));
            }
        };
        text.map_err(|_| Error::rule(name, 1, "not UTF-8"))
    }

    /// A digest of all resources.
    ///
    /// # Errors
    /// As [`Resources::text`].
    pub fn digest(&self) -> Result<blake3::Hash> {
        let mut hasher = blake3::Hasher::new();
        for name in ["ontology/", "rules/", "rules/relations/"].map(|prefix| self.list(prefix)) {
            for name in name? {
                // A user's folder may hold others; what is no resource changes nothing.
                let Ok(text) = self.text(&name) else { continue };
                hasher.update(&(name.len() as u64).to_le_bytes());
                hasher.update(name.as_bytes());
                hasher.update(&(text.len() as u64).to_le_bytes());
                hasher.update(text.as_bytes());
            }
        }
        Ok(hasher.finalize())
    }

    /// A table: tab-separated, the first line names the columns, `#` begins a comment line.
    ///
    /// # Errors
    /// As [`Resources::text`], and [`Error::Rule`] when a row has another number of cells than the
    /// header.
    pub fn table(&self, name: &str) -> Result<Table> {
        Table::parse(name, &self.text(name)?)
    }

    /// Where a resource is read from, for messages: the user's file, else the name inside the
    /// program.
    pub fn origin(&self, name: &str) -> String {
        self.file(name).map_or_else(|| name.to_owned(), |path| path.display().to_string())
    }

    fn file(&self, name: &str) -> Option<PathBuf> {
        if name == "ontology/newsgraph.ttl" {
            return self.ontology.clone();
        }
        let path = self.rules.as_deref()?.join(Path::new(name.strip_prefix("rules/")?));
        path.is_file().then_some(path)
    }
}

/// A tab-separated table with named columns.
#[derive(Clone, Debug)]
pub struct Table {
    file: String,
    columns: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

impl Table {
    /// Parses a table; `file` is named in errors.
    ///
    /// # Errors
    /// [`Error::Rule`] when a row has another number of cells than the header, or there is none.
    pub fn parse(file: &str, text: &str) -> Result<Self> {
        let mut lines = (1..)
            .zip(text.lines())
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let cells = |line: &str| line.split('\t').map(|cell| cell.trim().to_owned()).collect();
        let (_, header) =
            lines.next().ok_or_else(|| Error::rule(file, 1, "empty, expected a header line"))?;
        let columns: Vec<String> = cells(header);
        let mut rows = Vec::new();
        for (line, text) in lines {
            let row: Vec<String> = cells(text);
            if row.len() != columns.len() {
                let cause = format!("{} cells, expected {}", row.len(), columns.len());
                return Err(Error::rule(file, line, cause));
            }
            rows.push((line, row));
        }
        Ok(Self { file: file.to_owned(), columns, rows })
    }

    /// Walks the rows; `columns` picks and orders the cells.
    ///
    /// # Errors
    /// [`Error::Rule`] when a column does not exist.
    pub fn rows<const N: usize>(
        &self,
        columns: [&str; N],
    ) -> Result<impl Iterator<Item = (u64, [&str; N])>> {
        let mut indices = [0; N];
        for (index, column) in indices.iter_mut().zip(columns) {
            let missing = || Error::rule(&self.file, 1, format!("no column {column:?}"));
            *index = self.columns.iter().position(|name| name == column).ok_or_else(missing)?;
        }
        Ok(self.rows.iter().map(move |(line, row)| (*line, indices.map(|i| row[i].as_str()))))
    }

    /// The file, for errors.
    pub fn file(&self) -> &str {
        &self.file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_with_a_cell_too_few_is_refused_with_its_line() {
        let error = Table::parse("t.tsv", "a\tb\n# note\n1\t2\n3\n").unwrap_err();
        assert_eq!(error.to_string(), "t.tsv:4: 1 cells, expected 2");
    }

    #[test]
    fn columns_are_picked_by_name() {
        let table = Table::parse("t.tsv", "a\tb\n1\t2\n").unwrap();
        let rows: Vec<_> = table.rows(["b", "a"]).unwrap().collect();
        assert_eq!(rows, [(2, ["2", "1"])]);
        assert!(table.rows(["c"]).is_err());
    }
}
