//! Corrections: what a reader of the graph decided, in a file that every build replays.
//!
//! The file is TOML, one table a decision; each kind is a list of its own:
//!
//! ```toml
//! [[merge]]                     # these are one
//! entities = ["Anna Berg", "e:a-m-berg"]
//!
//! [[split]]                     # what these documents, or these names, mean is another
//! entity = "Anna Berg"
//! documents = ["regatta.txt"]
//! label = "Anna Berg (sailor)"
//!
//! [[not-same]]                  # these are never one
//! entities = [{ name = "Berg", document = "b.txt" }, "Anna Berg"]
//!
//! [[rename]]
//! entity = "Norvik"
//! label = "Norvik AS"
//!
//! [[retype]]
//! entity = "Norvik"
//! class = "Company"
//!
//! [[alias]]                     # these names mean it, wherever they stand
//! entity = "Norvik"
//! names = ["the Blue Line"]
//!
//! [[drop]]                      # no statements about it
//! entity = "Stock Photo Agency"
//! ```
//!
//! An entity is named by its id (`e:anna-berg`), by a name if only one thing bears it, or by a name
//! and a document. Every table may have a `note`. Other keys are errors.

use std::path::Path;

use rustc_hash::FxHashSet;
use serde::Deserialize;
use toml::Spanned;

use crate::error::{Error, Result};
use crate::files;
use crate::ontology::Ontology;

/// The name of the file that `build` looks for in its output folder.
pub const FILE_NAME: &str = "newsgraph.corrections.toml";

/// Decisions, in the order of the file within each kind.
#[derive(Clone, Debug, Default)]
pub struct Corrections {
    /// The file, for messages.
    pub file: String,
    /// What was decided.
    pub list: Vec<Correction>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Line in the file, from 1.
    pub line: u64,
    /// What it asks for.
    pub change: Change,
}

/// What a decision asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// What bears one of the names, or stands in one of the documents, is another thing.
    Split {
        /// What is split.
        entity: Reference,
        /// Names that go; empty: all.
        names: Vec<String>,
        /// Documents whose mentions go; empty: all.
        documents: Vec<String>,
        /// What the new thing is called.
        label: Option<String>,
    },
    /// No two of these are one.
    NotSame(Vec<Reference>),
    /// All of these are one, called as the first.
    Merge(Vec<Reference>),
    /// The names mean the entity.
    Alias {
        /// Who is meant.
        entity: Reference,
        /// How it is called.
        names: Vec<String>,
    },
    /// Another class of the ontology.
    Retype {
        /// What is meant.
        entity: Reference,
        /// Name of the class.
        class: String,
    },
    /// Another label; the id stays.
    Rename {
        /// What is meant.
        entity: Reference,
        /// How it is called.
        label: String,
    },
    /// Leave it out, with all statements about it.
    Drop(Reference),
}

impl Change {
    /// The things that it names.
    fn references(&self) -> &[Reference] {
        match self {
            Self::NotSame(references) | Self::Merge(references) => references,
            Self::Split { entity, .. }
            | Self::Alias { entity, .. }
            | Self::Retype { entity, .. }
            | Self::Rename { entity, .. }
            | Self::Drop(entity) => std::slice::from_ref(entity),
        }
    }

    /// The kind as the file calls it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Split { .. } => "split",
            Self::NotSame(_) => "not-same",
            Self::Merge(_) => "merge",
            Self::Alias { .. } => "alias",
            Self::Retype { .. } => "retype",
            Self::Rename { .. } => "rename",
            Self::Drop(_) => "drop",
        }
    }
}

/// How a decision names an entity.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Named")]
pub struct Reference {
    /// A name, or `e:` and the id.
    pub name: String,
    /// The document that calls it so.
    pub document: Option<String>,
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.name)?;
        match &self.document {
            Some(document) => write!(f, " in {document:?}"),
            None => Ok(()),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a name, or { name = ..., document = ... }")]
enum Named {
    Name(String),
    Placed(Placed),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Placed {
    name: String,
    document: String,
}

impl From<Named> for Reference {
    fn from(named: Named) -> Self {
        match named {
            Named::Name(name) => Self { name, document: None },
            Named::Placed(Placed { name, document }) => Self { name, document: Some(document) },
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    #[serde(default)]
    split: Vec<Spanned<Split>>,
    #[serde(default)]
    not_same: Vec<Spanned<Several>>,
    #[serde(default)]
    merge: Vec<Spanned<Several>>,
    #[serde(default)]
    alias: Vec<Spanned<Alias>>,
    #[serde(default)]
    retype: Vec<Spanned<Retype>>,
    #[serde(default)]
    rename: Vec<Spanned<Rename>>,
    #[serde(default)]
    drop: Vec<Spanned<Drop>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Split {
    entity: Reference,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    documents: Vec<String>,
    label: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Several {
    entities: Vec<Reference>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Alias {
    entity: Reference,
    names: Vec<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Retype {
    entity: Reference,
    class: String,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rename {
    entity: Reference,
    label: String,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Drop {
    entity: Reference,
    #[serde(rename = "note")]
    _note: Option<String>,
}

/// Ids and documents that decisions name.
#[derive(Clone, Debug)]
pub struct Meant<'c> {
    /// Sorted.
    ids: Vec<&'c str>,
    documents: FxHashSet<&'c str>,
}

impl Meant<'_> {
    /// True if some decision may mean a thing without a name: it stands in a document that is named,
    /// or has the id, but for a number behind it.
    pub fn includes(&self, slug: &str, document: &str) -> bool {
        let numbered = || {
            let begins = format!("{slug}-");
            let at = self.ids.partition_point(|&id| id < begins.as_str());
            self.ids.get(at).is_some_and(|id| id.starts_with(&begins))
        };
        self.documents.contains(document)
            || !self.ids.is_empty() && (self.ids.binary_search(&slug).is_ok() || numbered())
    }
}

impl Corrections {
    /// What the decisions name, to look it up.
    pub fn meant(&self) -> Meant<'_> {
        let references = || self.list.iter().flat_map(|it| it.change.references());
        let mut ids: Vec<&str> = references().filter_map(|it| it.name.strip_prefix("e:")).collect();
        ids.sort_unstable();
        Meant { ids, documents: references().filter_map(|it| it.document.as_deref()).collect() }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read; those of [`Corrections::parse`].
    pub fn read(path: &Path) -> Result<Self> {
        Self::parse(&path.display().to_string(), &files::text(path)?)
    }

    /// Parses the text of a file; `file` is named in errors.
    ///
    /// # Errors
    /// [`Error::Rule`] with the line of what cannot be understood, or asks for nothing.
    pub fn parse(file: &str, text: &str) -> Result<Self> {
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        let line = |byte: usize| 1 + ends.partition_point(|&end| end < byte) as u64;
        let parsed: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(1, |span| line(span.start));
            Error::rule(file, at, error.message().replace('\n', " "))
        })?;
        let mut list = Vec::new();
        let mut add = |at: std::ops::Range<usize>, change: Change| {
            list.push(Correction { line: line(at.start), change });
        };
        for entry in parsed.split {
            let at = entry.span();
            let Split { entity, names, documents, label, .. } = entry.into_inner();
            add(at, Change::Split { entity, names, documents, label });
        }
        for entry in parsed.not_same {
            add(entry.span(), Change::NotSame(entry.into_inner().entities));
        }
        for entry in parsed.merge {
            add(entry.span(), Change::Merge(entry.into_inner().entities));
        }
        for entry in parsed.alias {
            let at = entry.span();
            let Alias { entity, names, .. } = entry.into_inner();
            add(at, Change::Alias { entity, names });
        }
        for entry in parsed.retype {
            let at = entry.span();
            let Retype { entity, class, .. } = entry.into_inner();
            add(at, Change::Retype { entity, class });
        }
        for entry in parsed.rename {
            let at = entry.span();
            let Rename { entity, label, .. } = entry.into_inner();
            add(at, Change::Rename { entity, label });
        }
        for entry in parsed.drop {
            add(entry.span(), Change::Drop(entry.into_inner().entity));
        }
        let corrections = Self { file: file.to_owned(), list };
        corrections.check()?;
        Ok(corrections)
    }

    /// Checks that the classes exist.
    ///
    /// # Errors
    /// [`Error::Rule`] with the line of the first that does not.
    pub fn check_classes(&self, ontology: &Ontology) -> Result<()> {
        for Correction { line, change } in &self.list {
            if let Change::Retype { class, .. } = change
                && ontology.class(class).is_none()
            {
                let cause = format!("retype: the ontology has no class {class:?}");
                return Err(Error::rule(&self.file, *line, cause));
            }
        }
        Ok(())
    }

    /// Checks that every decision asks for something.
    fn check(&self) -> Result<()> {
        for Correction { line, change } in &self.list {
            let empty = |names: &[String]| names.iter().any(|name| name.trim().is_empty());
            let cause = match change {
                Change::Split { names, documents, .. }
                    if names.is_empty() && documents.is_empty() =>
                {
                    "names nothing to split off, expected names or documents"
                }
                Change::Split { names, .. } if empty(names) => "an empty name",
                Change::NotSame(entities) | Change::Merge(entities) if entities.len() < 2 => {
                    "expected at least two entities"
                }
                Change::Alias { names, .. } if names.is_empty() || empty(names) => {
                    "expected at least one name, none empty"
                }
                Change::Rename { label, .. } if label.trim().is_empty() => "an empty label",
                _ => continue,
            };
            return Err(Error::rule(&self.file, *line, format!("{}: {cause}", change.kind())));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Corrections::parse("c.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn decisions_know_their_line() {
        let text = "# ours\n\n[[rename]]\nentity = \"Norvik\"\nlabel = \"Norvik AS\"\nnote = \"x\"\n\n\
            [[merge]]\nentities = [\"e:anna\", { name = \"Berg\", document = \"b.txt\" }]\n";
        let corrections = Corrections::parse("c.toml", text).unwrap();
        let lines: Vec<_> = corrections.list.iter().map(|c| (c.line, c.change.kind())).collect();
        assert_eq!(lines, [(8, "merge"), (3, "rename")]);
        let Change::Merge(entities) = &corrections.list[0].change else { panic!() };
        assert_eq!(entities[1].document.as_deref(), Some("b.txt"));
        assert!(Corrections::parse("c.toml", "").unwrap().list.is_empty());
    }

    #[test]
    fn what_decisions_name_is_found() {
        let text = "[[drop]]\nentity = \"e:ferry-3\"\n[[drop]]\nentity = \"e:port\"\n\
            [[drop]]\nentity = { name = \"Berg\", document = \"b.txt\" }\n";
        let corrections = Corrections::parse("c.toml", text).unwrap();
        let meant = corrections.meant();
        for (slug, document, expected) in [
            ("ferry", "a.txt", true),
            ("ferry-3", "a.txt", true),
            ("ferr", "a.txt", false),
            ("port", "a.txt", true),
            ("por", "a.txt", false),
            ("ports", "a.txt", false),
            ("anything", "b.txt", true),
        ] {
            assert_eq!(meant.includes(slug, document), expected, "{slug} {document}");
        }
        assert!(!Corrections::default().meant().includes("ferry", "a.txt"));
    }

    #[test]
    fn errors_name_file_and_line() {
        assert!(error("\n[[merge]]\nentitys = []\n").starts_with("c.toml:3: "));
        assert!(error("[[join]]\nentities = []\n").starts_with("c.toml:1: "));
        assert!(error("[[rename]]\nentity = 3\nlabel = \"a\"\n").starts_with("c.toml:2: "));
        assert_eq!(
            error("\n[[merge]]\nentities = [\"a\"]\n"),
            "c.toml:2: merge: expected at least two entities"
        );
        assert_eq!(
            error("[[split]]\nentity = \"a\"\n"),
            "c.toml:1: split: names nothing to split off, expected names or documents"
        );
    }
}
