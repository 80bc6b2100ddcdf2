//! `report.json`: what a build read, left out and wrote. Written last, as the mark of completion.

use std::io::{self, Write};

use serde::Serialize;

use crate::entity::{Resolution, Unapplied};
use crate::graph::KnowledgeGraph;
use crate::input::{Batch, Skipped, Warning};
use crate::pipeline::{Pipeline, Readings};

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

impl Report {
    pub(super) fn new(
        pipeline: &Pipeline,
        batch: &Batch,
        readings: &Readings,
        resolution: &Resolution,
        graph: &KnowledgeGraph,
        files: &[String],
    ) -> Self {
        let not_applied = resolution.unapplied.clone();
        Self {
            version: env!("CARGO_PKG_VERSION"),
            model: pipeline.engine().identity(),
            documents: readings.shelf.len(),
            undated: batch.documents.n_undated(),
            other_languages: batch.other_languages,
            copies: graph.documents.iter().filter(|document| document.copy_of.is_some()).count(),
            sentences: readings.n_sentences,
            statements: graph.keys.iter().filter(|key| key.attribute.is_none()).count(),
            entities: graph.nodes.iter().flatten().count(),
            with_property: graph
                .keys
                .iter()
                .filter(|key| key.attribute.is_none() && key.property.is_some())
                .count(),
            files: files.to_vec(),
            left_out: batch.skipped.clone(),
            warnings: batch.warnings.clone(),
            internal_errors: readings.broken.clone(),
            corrections: CorrectionsReport {
                followed: pipeline.corrections().list.len() - not_applied.len(),
                not_applied,
            },
        }
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self).map_err(io::Error::other)?;
        out.write_all(b"\n")
    }
}
