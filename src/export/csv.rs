//! Node and edge tables for spreadsheets, Gephi and pandas.

use std::borrow::Cow;
use std::io::{self, Write};

use super::Options;
use super::edges::{AttributeType, Column, GraphTable, MISSING};
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;

/// Writes `nodes.csv`.
///
/// # Errors
/// Those of `out`.
pub fn write_nodes(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let table = GraphTable::new(graph, ontology, options);
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["Id"].into_iter().chain(names(table.node_columns())))?;
    for node in table.nodes() {
        let values = cells(table.node_columns(), &node.values, options);
        csv.write_record([Cow::Borrowed(&*node.id)].into_iter().chain(values).map(bytes))?;
    }
    csv.flush()
}

/// Writes `edges.csv`.
///
/// # Errors
/// Those of `out`.
pub fn write_edges(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let table = GraphTable::new(graph, ontology, options);
    let mut csv = csv::Writer::from_writer(out);
    let columns = table.edge_columns();
    csv.write_record(["Id", "Source", "Target", "Kind"].into_iter().chain(names(columns)))?;
    for edge in table.edges() {
        let own = [&*edge.id, &edge.source, &edge.target, edge.relation].map(Cow::Borrowed);
        let values = cells(columns, &edge.values, options);
        csv.write_record(own.into_iter().chain(values).map(bytes))?;
    }
    csv.flush()
}

fn names(columns: &'static [Column]) -> impl Iterator<Item = &'static str> {
    columns.iter().map(|(name, _)| *name)
}

fn bytes(cell: Cow<'_, str>) -> Vec<u8> {
    cell.into_owned().into_bytes()
}

fn cells<'v>(
    columns: &'v [Column],
    values: &'v [Option<Cow<'v, str>>],
    options: &Options,
) -> impl Iterator<Item = Cow<'v, str>> {
    let raw = options.raw_csv;
    columns.iter().zip(values).map(move |((_, kind), value)| match value.as_deref() {
        None => Cow::Borrowed(""),
        Some(text) if raw || *kind != AttributeType::Text => Cow::Borrowed(text),
        Some(text) => guard(text),
    })
}

/// Puts an apostrophe before what a spreadsheet would run as a formula, and before words that readers of
/// tables take for a missing value ("NA"); numbers stay as they are.
pub(super) fn guard(text: &str) -> Cow<'_, str> {
    let is_number = || text.parse::<f64>().is_ok_and(f64::is_finite);
    if MISSING.contains(&text) {
        return Cow::Owned(format!("'{text}"));
    }
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number() {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_and_numbers_are_not() {
        assert_eq!(guard("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(guard("-2+3"), "'-2+3");
        assert_eq!(guard("@SUM(1)"), "'@SUM(1)");
        assert_eq!(guard("-3.5"), "-3.5");
        assert_eq!(guard("-inf"), "'-inf");
        assert_eq!(guard("a=b"), "a=b");
        assert_eq!([guard("NA"), guard("null"), guard("NATO")], ["'NA", "'null", "NATO"]);
    }
}
