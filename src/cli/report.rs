//! `report.json`: what a build read, left out and wrote. Written last, as the mark of completion.

use std::io::{self, Write};

use serde::Serialize;

use crate::entity::Unapplied;
use crate::graph::KnowledgeGraph;
use crate::input::{Skipped, Warning};

/// What a build did. No clock: the same input gives the same bytes.
#[derive(Serialize)]
pub(super) struct Report {
    version: &'static str,
    model: String,
    pub(super) documents: usize,
    /// Documents without a day of publication.
    pub(super) undated: usize,
    /// Articles that were left out since they are not in English.
    pub(super) other_languages: usize,
    /// Documents that repeat another one.
    copies: usize,
    pub(super) sentences: usize,
    pub(super) statements: usize,
    pub(super) entities: usize,
    /// Statements whose predicate is a property of the ontology.
    with_property: usize,
    pub(super) files: Vec<String>,
    left_out: Vec<Skipped>,
    warnings: Vec<Warning>,
    /// Documents that broke a stage.
    internal_errors: Vec<String>,
    corrections: CorrectionsReport,
}

/// What became of the corrections.
#[derive(Serialize)]
struct CorrectionsReport {
    followed: usize,
    not_applied: Vec<Unapplied>,
}

/// What is told of the input and of the decisions on it.
pub(super) struct Told {
    pub(super) documents: usize,
    pub(super) undated: usize,
    pub(super) other_languages: usize,
    pub(super) sentences: usize,
    pub(super) left_out: Vec<Skipped>,
    pub(super) warnings: Vec<Warning>,
    /// Ids of documents that broke a stage.
    pub(super) broken: Vec<String>,
    pub(super) n_corrections: usize,
    pub(super) unapplied: Vec<Unapplied>,
}

impl Report {
    pub(super) fn new(
        model: String,
        told: Told,
        graph: &KnowledgeGraph,
        files: Vec<String>,
    ) -> Self {
        let statements = || graph.keys.iter().filter(|key| key.attribute.is_none());
        Self {
            version: env!("CARGO_PKG_VERSION"),
            model,
            documents: told.documents,
            undated: told.undated,
            other_languages: told.other_languages,
            copies: graph.documents.iter().filter(|document| document.copy_of.is_some()).count(),
            sentences: told.sentences,
            statements: statements().count(),
            entities: graph.nodes.iter().flatten().count(),
            with_property: statements().filter(|key| key.property.is_some()).count(),
            files,
            left_out: told.left_out,
            warnings: told.warnings,
            internal_errors: told.broken,
            corrections: CorrectionsReport {
                followed: told.n_corrections - told.unapplied.len(),
                not_applied: told.unapplied,
            },
        }
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self).map_err(io::Error::other)?;
        out.write_all(b"\n")
    }
}
