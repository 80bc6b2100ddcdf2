//! QuickStatements (version 1), for Wikidata or a Wikibase of one's own.
//!
//! Only what may be written there: facts, of a relation that has a property in
//! `rules/export/wikidata.tsv`, between two things whose items are sure. Each has the article as its
//! reference. Nothing is created, nothing is guessed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::civil::Date;

use super::told::{self, Told};
use super::{Options, text};
use crate::document::DocumentId;
use crate::entity::EntityId;
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;

/// Writes one statement a line, with tabs; several articles that tell the same are several references.
///
/// # Errors
/// Those of `out`.
pub fn write(
    graph: &KnowledgeGraph,
    _: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut lines: BTreeMap<(String, String, String), Vec<String>> = BTreeMap::new();
    for document in (0..graph.documents.len()).map(DocumentId::from) {
        let facts = Told::of_document(graph, options, document).filter(|told| told.is_fact);
        for told in facts {
            let Some(relation) = options.mappings.wikidata(told.statement.property) else {
                continue;
            };
            for (subject, object) in told.pairs() {
                let (Some(subject), Some(object)) = (item(graph, subject), item(graph, object))
                else {
                    continue;
                };
                let ends = if relation.inverse { (object, subject) } else { (subject, object) };
                let key = (ends.0, relation.property.clone(), ends.1);
                let rest = qualifiers_and_references(&told, options);
                let known = lines.entry(key).or_default();
                if !known.contains(&rest) {
                    known.push(rest);
                }
            }
        }
    }
    for ((subject, property, object), rest) in &lines {
        for rest in rest {
            writeln!(out, "{subject}\t{property}\t{object}{rest}")?;
        }
    }
    out.flush()
}

fn item(graph: &KnowledgeGraph, id: EntityId) -> Option<String> {
    told::wikidata(&graph.entities.get(id).same_as).map(str::to_owned)
}

/// The day, and the article: address, title, day of publication.
fn qualifiers_and_references(told: &Told<'_>, options: &Options) -> String {
    let terms = options.mappings.wikidata_terms();
    let document = told.document();
    let mut rest = String::new();
    let mut add = |sign: char, property: &str, value: Option<String>| {
        if let (Some(value), Some(number)) = (value, property.strip_prefix('P')) {
            rest += &format!("\t{sign}{number}\t{value}");
        }
    };
    let one_day = told
        .statement
        .interval
        .as_ref()
        .filter(|days| days.start.tomorrow().is_ok_and(|next| next == days.end));
    add('P', &terms.time, one_day.map(|days| day(days.start)));
    let title = document.title.as_deref().map(text::name).filter(|title| !title.is_empty());
    add('S', &terms.url, told::address(document).map(|address| format!("\"{address}\"")));
    // There is no way to write a quotation mark within a string.
    add('S', &terms.title, title.map(|title| format!("en:\"{}\"", title.replace('"', "'"))));
    add('S', &terms.published, document.published.map(day));
    rest
}

/// A day with the precision of a day.
fn day(day: Date) -> String {
    format!("+{}T00:00:00Z/11", text::day(day))
}
