//! Rules, lexicons, gazetteers and the ontology: embedded defaults, files of the user on top.
//!
//! A resource is named by its path inside the tree: `rules/lexicon/nouns.tsv`,
//! `ontology/newsgraph.ttl`. With `--rules DIR` a file `DIR/lexicon/nouns.tsv` replaces the embedded
//! one, and further `*.toml` files in `DIR/relations` are added.

pub mod corrections;
pub mod entries;
pub mod fold;
pub mod gazetteer;
pub mod kb;
pub mod lexicon;
pub(crate) mod offices;
pub mod rdf;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;
use rustc_hash::FxHashMap;

use crate::error::{Error, Faults, Result, did_you_mean};
use crate::files;
use crate::ontology::Ontology;

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

const ONTOLOGY: &str = "ontology/newsgraph.ttl";

/// Folders to which a user may add files.
const OPEN: [&str; 2] = ["rules/relations/", "rules/time/"];

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
                    if !name.ends_with(".md") && !name.starts_with('.') {
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
            return files::text(&path).map(Cow::Owned);
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

    /// True if the user has a folder of rules.
    pub fn has_own_rules(&self) -> bool {
        self.rules.is_some()
    }

    /// True if the user has an ontology.
    pub fn has_own_ontology(&self) -> bool {
        self.ontology.is_some()
    }

    /// True if the resource is the user's.
    pub fn is_own(&self, name: &str) -> bool {
        self.file(name).is_some()
    }

    /// The ontology: the user's, if there is one, in place of the one inside the program.
    ///
    /// # Errors
    /// [`Error::Ontology`] when it cannot be read.
    pub fn ontology(&self) -> Result<Ontology> {
        let ontology = Ontology::read(ONTOLOGY, &self.text(ONTOLOGY)?)?;
        if self.ontology.is_none() {
            return Ok(ontology);
        }
        let default = Self::embedded().ontology()?;
        Ok(ontology.in_place_of(default))
    }

    /// Checks that all files in the user's folder of rules are called as ours, or are rules that are
    /// added.
    ///
    /// # Errors
    /// [`Error::Rule`] for each that is not, with the name that is likely meant; [`Error::Io`] when
    /// a folder cannot be listed.
    pub fn check_names(&self) -> Result<()> {
        let mut faults = Faults::default();
        if let Some(folder) = &self.rules {
            check_folder(folder, "rules/", &mut faults)?;
        }
        faults.or(())
    }

    /// A digest of all resources.
    ///
    /// # Errors
    /// As [`Resources::text`].
    pub fn digest(&self) -> Result<blake3::Hash> {
        let mut hasher = blake3::Hasher::new();
        for name in ["ontology/", "rules/", "rules/relations/", "rules/time/"]
            .map(|prefix| self.list(prefix))
        {
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
    /// As [`Resources::text`], and [`Error::Rule`] when it is empty.
    pub fn table(&self, name: &str) -> Result<Table> {
        Table::parse(name, &self.text(name)?)
    }

    /// Where a resource is read from, for messages: the user's file, else the name inside the
    /// program.
    pub fn origin(&self, name: &str) -> String {
        self.file(name).map_or_else(|| name.to_owned(), |path| path.display().to_string())
    }

    /// The error with the files of the user in place of the names of resources.
    pub fn with_origins(&self, error: Error) -> Error {
        match error {
            Error::Rule { file, line, cause } => {
                let named = || self.own_path(&file).filter(|path| path.exists());
                let file = named().map_or_else(|| file.clone(), |path| path.display().to_string());
                Error::Rule { file, line, cause }
            }
            Error::Rules(errors) => {
                Error::Rules(errors.into_iter().map(|error| self.with_origins(error)).collect())
            }
            Error::Ontology { file, cause } => Error::Ontology { file: self.origin(&file), cause },
            other => other,
        }
    }

    fn own_path(&self, name: &str) -> Option<PathBuf> {
        Some(self.rules.as_deref()?.join(Path::new(name.strip_prefix("rules/")?)))
    }

    fn file(&self, name: &str) -> Option<PathBuf> {
        if name == ONTOLOGY {
            return self.ontology.clone();
        }
        self.own_path(name).filter(|path| path.is_file())
    }
}

/// Notes what no part of the program reads in a user's folder, whose resources begin with `prefix`.
fn check_folder(folder: &Path, prefix: &str, faults: &mut Faults) -> Result<()> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::io(folder))? {
        let name = entry.map_err(Error::io(folder))?.file_name();
        names.push(name.to_string_lossy().into_owned());
    }
    names.sort();
    // Notes for people, and what editors and version control leave.
    names.retain(|name| !name.ends_with(".md") && !name.starts_with('.'));
    for name in names {
        let resource = format!("{prefix}{name}");
        let below = format!("{resource}/");
        let known: Vec<Cow<'static, str>> = EmbeddedRules::iter().collect();
        let is_folder = known.iter().any(|known| known.starts_with(&below));
        let path = folder.join(&name);
        if path.is_dir() && is_folder {
            check_folder(&path, &below, faults)?;
            continue;
        }
        let added = OPEN.contains(&prefix) && name.ends_with(".toml");
        if path.is_file() && (added || known.iter().any(|known| *known == resource)) {
            continue;
        }
        let beside = known.iter().filter_map(|known| known.strip_prefix(prefix));
        let beside: Vec<&str> =
            beside.map(|rest| rest.split_once('/').map_or(rest, |(folder, _)| folder)).collect();
        let what = if path.is_dir() { "a folder" } else { "a file" };
        let hint = did_you_mean(&name, beside);
        faults.rule(&resource, 1, format!("{what} of this name is not read{hint}"));
    }
    Ok(())
}

/// A tab-separated table with named columns.
#[derive(Clone, Debug)]
pub struct Table {
    file: String,
    columns: Vec<String>,
    header: u64,
    rows: Vec<(u64, Vec<String>)>,
    /// Lines that are no rows, and why.
    wrong: Vec<(u64, String)>,
}

/// The column that says where a row is from; every table may have it.
const SOURCE: &str = "source";

impl Table {
    /// Parses a table; `file` is named in errors.
    ///
    /// # Errors
    /// [`Error::Rule`] when there is no header.
    pub fn parse(file: &str, text: &str) -> Result<Self> {
        let mut lines = (1..)
            .zip(text.lines())
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let cells = |line: &str| line.split('\t').map(|cell| cell.trim().to_owned()).collect();
        let (header, names) =
            lines.next().ok_or_else(|| Error::rule(file, 1, "empty, expected a header line"))?;
        let columns: Vec<String> = cells(names);
        let mut table =
            Self { file: file.to_owned(), columns, header, rows: Vec::new(), wrong: Vec::new() };
        for (line, text) in lines {
            let row: Vec<String> = cells(text);
            if row.len() == table.columns.len() {
                table.rows.push((line, row));
            } else {
                let cause = format!("{} cells, expected {}", row.len(), table.columns.len());
                table.wrong.push((line, cause));
            }
        }
        Ok(table)
    }

    /// Walks the rows; `columns` picks and orders the cells. What is wrong, in the table itself or by
    /// what `row` says of a row, is noted with its line.
    pub fn each<'t, const N: usize>(
        &'t self,
        columns: [&str; N],
        faults: &mut Faults,
        mut row: impl FnMut([&'t str; N]) -> Result<(), String>,
    ) {
        self.walk(columns, &[], faults, |_, cells| row(cells));
    }

    /// As [`Table::each`], with the line of each row.
    pub fn each_line<'t, const N: usize>(
        &'t self,
        columns: [&str; N],
        faults: &mut Faults,
        row: impl FnMut(u64, [&'t str; N]) -> Result<(), String>,
    ) {
        self.walk(columns, &[], faults, row);
    }

    /// As [`Table::each`], for a table that has columns nobody reads.
    pub fn each_beside<'t, const N: usize>(
        &'t self,
        columns: [&str; N],
        unread: &[&str],
        faults: &mut Faults,
        mut row: impl FnMut([&'t str; N]) -> Result<(), String>,
    ) {
        self.walk(columns, unread, faults, |_, cells| row(cells));
    }

    fn walk<'t, const N: usize>(
        &'t self,
        columns: [&str; N],
        unread: &[&str],
        faults: &mut Faults,
        mut row: impl FnMut(u64, [&'t str; N]) -> Result<(), String>,
    ) {
        for (line, cause) in &self.wrong {
            faults.rule(&self.file, *line, cause.as_str());
        }
        for (at, name) in self.columns.iter().enumerate() {
            let known = || columns.iter().chain(unread).chain([&SOURCE]).copied();
            if !known().any(|known| known == name) {
                let hint = did_you_mean(name, known());
                faults.rule(&self.file, self.header, format!("no column {name:?} is read{hint}"));
            } else if self.columns[..at].contains(name) {
                faults.rule(&self.file, self.header, format!("a second column {name:?}"));
            }
        }
        let mut indices = [0; N];
        for (index, column) in indices.iter_mut().zip(columns) {
            match self.columns.iter().position(|name| name == column) {
                Some(found) => *index = found,
                None => {
                    faults.rule(&self.file, self.header, format!("no column {column:?}"));
                    return;
                }
            }
        }
        for (line, cells) in &self.rows {
            if let Err(cause) = row(*line, indices.map(|index| cells[index].as_str())) {
                faults.rule(&self.file, *line, cause);
            }
        }
    }

    /// The file, for errors.
    pub fn file(&self) -> &str {
        &self.file
    }
}

/// Walks the rows of a table that may be missing, as [`Table::each`].
pub fn each_row<const N: usize>(
    table: Result<Table>,
    columns: [&str; N],
    faults: &mut Faults,
    row: impl FnMut([&str; N]) -> Result<(), String>,
) {
    if let Some(table) = faults.take(table) {
        table.each(columns, faults, row);
    }
}

/// Two values, or what is wrong with both.
///
/// # Errors
/// The causes, joined.
pub fn both<A, B>(a: Result<A, String>, b: Result<B, String>) -> Result<(A, B), String> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(a), Err(b)) => Err(format!("{a}; {b}")),
        (Err(cause), Ok(_)) | (Ok(_), Err(cause)) => Err(cause),
    }
}

/// The value of a word that a cell or key may hold; the cause, if it is none of them.
///
/// # Errors
/// `no case "anny", did you mean "any"?`, or what is expected.
pub fn one_of<T: Copy>(what: &str, word: &str, known: &[(&str, T)]) -> Result<T, String> {
    if let Some((_, value)) = known.iter().find(|(name, _)| *name == word) {
        return Ok(*value);
    }
    let names = || known.iter().map(|(name, _)| *name);
    let near = did_you_mean(word, names());
    let hint = if near.is_empty() {
        format!(", expected {}", names().collect::<Vec<_>>().join(", "))
    } else {
        near
    };
    Err(format!("no {what} {word:?}{hint}"))
}

/// Adds what may stand in a table once; the same again says nothing new.
///
/// # Errors
/// The cause, if it stands there already and says something else.
pub fn put<V: PartialEq>(
    map: &mut FxHashMap<String, V>,
    key: &str,
    value: V,
) -> Result<(), String> {
    match map.get(key) {
        Some(before) if *before != value => {
            Err(format!("{key:?} stands above already and says something else"))
        }
        Some(_) => Ok(()),
        None => {
            map.insert(key.to_owned(), value);
            Ok(())
        }
    }
}

/// The line of a byte, from 1.
pub fn line_of(text: &str, byte: usize) -> u64 {
    1 + text.bytes().take(byte).filter(|&b| b == b'\n').count() as u64
}

/// What serde says of a key or a word that is not known, with the nearest known one.
fn told(message: &str) -> String {
    let message = message.replace('\n', " ");
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match quoted[..] {
        [word, ref known @ ..] if message.starts_with("unknown ") => {
            let near = did_you_mean(word, known.iter().copied());
            match message.split_once(", expected") {
                Some((what, _)) if !near.is_empty() => format!("{what}{near}"),
                _ => message,
            }
        }
        _ => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_of<const N: usize>(text: &str, columns: [&str; N]) -> String {
        let mut faults = Faults::default();
        let table = Table::parse("t.tsv", text).unwrap();
        table.each(columns, &mut faults, |_| Ok(()));
        faults.or(()).unwrap_err().to_string()
    }

    #[test]
    fn rows_with_a_cell_too_few_or_too_many_are_refused_with_their_lines() {
        let told = faults_of("a\tb\n# note\n1\t2\n3\n4\t5\t6\n", ["a", "b"]);
        assert_eq!(told, "t.tsv:4: 1 cells, expected 2\nt.tsv:5: 3 cells, expected 2");
    }

    #[test]
    fn columns_are_picked_by_name_and_what_nobody_reads_is_refused() {
        let table = Table::parse("t.tsv", "a\tb\tsource\n1\t2\town\n").unwrap();
        let mut rows = Vec::new();
        let mut faults = Faults::default();
        table.each(["b", "a"], &mut faults, |row| {
            rows.push(row);
            Ok(())
        });
        assert_eq!((rows, faults.or(()).is_ok()), (vec![["2", "1"]], true));
        let told = faults_of("lemma\tlabl\n", ["lemma", "label"]);
        let unread = "t.tsv:1: no column \"labl\" is read, did you mean \"label\"?";
        assert_eq!(told, format!("{unread}\nt.tsv:1: no column \"label\""));
    }

    #[test]
    fn a_second_row_may_say_the_same_and_nothing_else() {
        let mut map = FxHashMap::default();
        assert!(put(&mut map, "may", 1).is_ok() && put(&mut map, "may", 1).is_ok());
        let cause = put(&mut map, "may", 2).unwrap_err();
        assert_eq!(cause, "\"may\" stands above already and says something else");
    }
}
