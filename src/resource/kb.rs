//! The user's own knowledge base: who is known, under which names and identifiers.
//!
//! A CSV or TSV file with the columns `id`, `label` and, if there, `aliases` (separated by `|`),
//! `class`, `description`; or RDF with `rdfs:label`, `skos:prefLabel`, `skos:altLabel`,
//! `schema:name`, `schema:alternateName`, `rdf:type`. It is read row by row, and only rows with a
//! name that the texts use are kept: the file may be far larger than memory. RDF is read twice,
//! since what belongs to one thing may stand far apart.

use std::cell::Cell;
use std::fs::File;
use std::path::Path;

use oxigraph::io::RdfFormat;
use oxigraph::model::{NamedOrBlankNode, Quad, Term};
use rustc_hash::{FxHashMap, FxHashSet};

use super::fold::key;
use super::rdf;
use crate::error::{Error, Result, reason};
use crate::files::InPieces;

/// Most bytes of a row of a table: a quotation mark that nothing closes makes one row of the rest.
const MAX_ROW: u64 = 16 << 20;

/// A thing of the knowledge base.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KbRow {
    /// Its identifier: an IRI.
    pub iri: String,
    /// What it is called.
    pub label: String,
    /// Name of a class of the ontology, if the file gives one.
    pub class: Option<String>,
    /// What it is, in words.
    pub description: Option<String>,
}

/// What of a knowledge base concerns the texts.
#[derive(Clone, Debug, Default)]
pub struct Kb {
    rows: Vec<KbRow>,
    names: FxHashMap<String, Vec<usize>>,
}

impl Kb {
    /// Reads what bears one of the `wanted` names, given as keys ([`key`]).
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, [`Error::Usage`] when its suffix is not known,
    /// [`Error::Input`] with the line that is not as this page says.
    pub fn read(path: &Path, wanted: &FxHashSet<String>) -> Result<Self> {
        let suffix = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        match suffix.as_str() {
            "csv" => Self::read_table(path, b',', wanted),
            "tsv" => Self::read_table(path, b'\t', wanted),
            _ => match rdf::format(path) {
                Some(format) => Self::read_rdf(path, format, wanted),
                None => {
                    let expected = "expected .csv, .tsv, .ttl, .nt, .nq, .trig, .rdf or .jsonld";
                    Err(Error::Usage(format!("--kb {}: {expected}", path.display())))
                }
            },
        }
    }

    /// The rows that bear the name.
    pub fn find(&self, name: &str) -> impl Iterator<Item = (usize, &KbRow)> {
        let found = self.names.get(&key(name)).map_or(&[][..], Vec::as_slice);
        found.iter().map(|&row| (row, &self.rows[row]))
    }

    /// How many rows were kept.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True if the texts name nothing of the file.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn add(&mut self, row: KbRow, keys: Vec<String>) {
        let index = self.rows.len();
        for key in keys {
            let rows = self.names.entry(key).or_default();
            if rows.last() != Some(&index) {
                rows.push(index);
            }
        }
        self.rows.push(row);
    }

    fn read_table(path: &Path, delimiter: u8, wanted: &FxHashSet<String>) -> Result<Self> {
        let file = File::open(path).map_err(Error::io(path))?;
        let read = Cell::new(0);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(InPieces::new(file, &read, MAX_ROW));
        let fail =
            |line: Option<u64>, cause: String| Error::Input { path: path.to_owned(), line, cause };
        let broken = |error: csv::Error| {
            let line = error.position().map(csv::Position::line);
            let cause = match error.kind() {
                csv::ErrorKind::Io(cause) => reason(cause),
                _ => error.to_string(),
            };
            fail(line, cause)
        };
        let header = reader.headers().map_err(broken)?.clone();
        let column = |name: &str| {
            let is_name =
                |cell: &str| cell.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(name);
            header.iter().position(is_name)
        };
        let need =
            |name: &str| column(name).ok_or_else(|| fail(Some(1), format!("no column {name:?}")));
        let (id, label) = (need("id")?, need("label")?);
        let (aliases, class) = (column("aliases"), column("class"));
        let description = column("description");
        let mut kb = Self::default();
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(broken)? {
            read.set(0);
            let cell = |at: usize| record.get(at).unwrap_or_default().trim();
            let optional = |at: Option<usize>| at.map(cell).filter(|cell| !cell.is_empty());
            let names = std::iter::once(cell(label))
                .chain(optional(aliases).into_iter().flat_map(|cell| cell.split('|')));
            let keys: Vec<String> = names.map(key).filter(|key| wanted.contains(key)).collect();
            if keys.is_empty() {
                continue;
            }
            if cell(id).is_empty() {
                let line = record.position().map(csv::Position::line);
                return Err(fail(line, format!("{:?} has no id", cell(label))));
            }
            let row = KbRow {
                iri: iri(cell(id)),
                label: cell(label).to_owned(),
                class: optional(class).map(local_name),
                description: optional(description).map(str::to_owned),
            };
            kb.add(row, keys);
        }
        Ok(kb)
    }

    fn read_rdf(path: &Path, format: RdfFormat, wanted: &FxHashSet<String>) -> Result<Self> {
        let mut things: FxHashMap<String, (KbRow, Vec<String>)> = FxHashMap::default();
        each_quad(path, format, |quad| {
            if let (NamedOrBlankNode::NamedNode(subject), Term::Literal(name)) =
                (quad.subject, quad.object)
                && is_name(quad.predicate.as_str())
            {
                let name = key(name.value());
                if wanted.contains(&name) {
                    let thing = things.entry(subject.into_string()).or_default();
                    thing.1.push(name);
                }
            }
        })?;
        each_quad(path, format, |quad| {
            let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { return };
            let Some((row, _)) = things.get_mut(subject.as_str()) else { return };
            match (quad.predicate.as_str(), quad.object) {
                (TYPE, Term::NamedNode(class)) if row.class.is_none() => {
                    row.class = Some(local_name(class.as_str()));
                }
                (name, Term::Literal(label)) if is_label(name) && row.label.is_empty() => {
                    label.value().clone_into(&mut row.label);
                }
                (name, Term::Literal(text)) if is_description(name) => {
                    row.description.get_or_insert_with(|| text.value().to_owned());
                }
                _ => {}
            }
        })?;
        let mut sorted: Vec<(String, (KbRow, Vec<String>))> = things.into_iter().collect();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        let mut kb = Self::default();
        for (iri, (row, keys)) in sorted {
            kb.add(KbRow { iri, ..row }, keys);
        }
        Ok(kb)
    }
}

const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

fn is_label(predicate: &str) -> bool {
    matches!(
        predicate,
        "http://www.w3.org/2000/01/rdf-schema#label"
            | "http://www.w3.org/2004/02/skos/core#prefLabel"
            | "http://schema.org/name"
            | "https://schema.org/name"
    )
}

fn is_name(predicate: &str) -> bool {
    is_label(predicate)
        || matches!(
            predicate,
            "http://www.w3.org/2004/02/skos/core#altLabel"
                | "http://schema.org/alternateName"
                | "https://schema.org/alternateName"
        )
}

fn is_description(predicate: &str) -> bool {
    matches!(
        predicate,
        "http://schema.org/description"
            | "https://schema.org/description"
            | "http://www.w3.org/2000/01/rdf-schema#comment"
    )
}

fn each_quad(path: &Path, format: RdfFormat, mut visit: impl FnMut(Quad)) -> Result<()> {
    let file = File::open(path).map_err(Error::io(path))?;
    rdf::quads(file, format)
        .try_for_each(|quad| quad.map(&mut visit))
        .map_err(|error| rdf::error(path, error))
}

/// The IRI of an identifier: itself, an item of Wikidata, or one of our own making.
fn iri(id: &str) -> String {
    let digits = id.strip_prefix('Q').unwrap_or_default();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("http://www.wikidata.org/entity/{id}");
    }
    if id.contains("://") || id.starts_with("urn:") {
        return id.to_owned();
    }
    let mut iri = String::from("https://w3id.org/newsgraph/kb/");
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
            iri.push(char::from(byte));
        } else {
            iri.push_str(&format!("%{byte:02X}"));
        }
    }
    iri
}

/// What follows the last `#`, `/` or `:`.
fn local_name(class: &str) -> String {
    class.rsplit(['#', '/', ':']).next().unwrap_or(class).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<Kb> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let wanted = ["Zoë Strand", "Norvik"].map(key).into_iter().collect();
        Kb::read(&path, &wanted)
    }

    #[test]
    fn only_rows_that_the_texts_name_are_kept() {
        let table = "id,label,aliases,class\nQ7,Zoe Strand,Z. Strand|ZS,Person\n\
            n/1,Norvik Group,Norvik,ng:Company\nQ9,Somebody Else,,Person\n";
        let kb = read("kb.csv", table).unwrap();
        assert_eq!(kb.len(), 2);
        let found: Vec<&str> = kb.find("ZOË STRAND").map(|(_, row)| row.iri.as_str()).collect();
        assert_eq!(found, ["http://www.wikidata.org/entity/Q7"]);
        let (_, norvik) = kb.find("norvik").next().unwrap();
        assert_eq!(norvik.iri, "https://w3id.org/newsgraph/kb/n%2F1");
        assert_eq!(norvik.class.as_deref(), Some("Company"));
        assert_eq!(kb.find("Somebody Else").count(), 0);
    }

    #[test]
    fn rdf_gives_the_same() {
        let turtle = "@prefix s: <https://schema.org/> .\n<http://x.example/z> a s:Person .\n\
            <http://x.example/y> s:name \"Nobody\" .\n\
            <http://x.example/z> s:alternateName \"Zoe Strand\" ; s:name \"Z. Strand\" .\n";
        let kb = read("kb.ttl", turtle).unwrap();
        let (_, row) = kb.find("Zoe Strand").next().unwrap();
        assert_eq!((row.label.as_str(), row.class.as_deref()), ("Z. Strand", Some("Person")));
        assert_eq!(kb.len(), 1);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let error = |name: &str, text: &str| read(name, text).unwrap_err().to_string();
        assert!(error("kb.csv", "id,name\n").ends_with("kb.csv:1: no column \"label\""));
        assert!(
            error("kb.csv", "id,label\nQ1,A\n,Norvik\n")
                .ends_with("kb.csv:3: \"Norvik\" has no id")
        );
        assert!(error("kb.ttl", "<a> <b>\n").contains("kb.ttl:"));
        assert!(error("kb.doc", "").contains("expected .csv"));
    }
}
