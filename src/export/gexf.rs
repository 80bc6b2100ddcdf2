//! GEXF 1.3 with time: the days of a statement are the spells of its edge.
//!
//! The dates stand once more as attributes, with the names of the GraphML file, since some readers
//! pass over spells and kinds.

use std::borrow::Cow;
use std::io::{self, Write};

use super::Options;
use super::edges::{AttributeType, Column, GraphTable, value};
use super::graphml::Xml;
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;

/// Writes GEXF.
///
/// # Errors
/// Those of `out`.
pub fn write(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let table = GraphTable::drawing(graph, ontology, options);
    let mut xml = Xml::new(out)?;
    let root = [
        ("xmlns", "http://gexf.net/1.3"),
        ("xmlns:viz", "http://gexf.net/1.3/viz"),
        ("version", "1.3"),
    ];
    xml.open("gexf", &root)?;
    xml.open(
        "graph",
        &[
            ("defaultedgetype", "directed"),
            ("mode", "dynamic"),
            ("timeformat", "date"),
            ("timerepresentation", "interval"),
            ("idtype", "string"),
        ],
    )?;
    declare(&mut xml, "node", table.node_columns())?;
    declare(&mut xml, "edge", table.edge_columns())?;
    xml.open("nodes", &[])?;
    for node in table.nodes() {
        let value = |name| value(table.node_columns(), &node.values, name);
        xml.open("node", &[("id", &node.id), ("label", value("label"))])?;
        attributes(&mut xml, table.node_columns(), &node.values)?;
        let [r, g, b] = rgb(value("color"));
        xml.empty("viz:color", &[("r", &r), ("g", &g), ("b", &b)])?;
        xml.empty("viz:size", &[("value", value("size"))])?;
        if options.positions.is_some() {
            let place = [("x", value("x")), ("y", value("y")), ("z", "0.0")];
            xml.empty("viz:position", &place)?;
        }
        xml.close("node")?;
    }
    xml.close("nodes")?;
    xml.open("edges", &[])?;
    for edge in table.edges() {
        let value = |name| value(table.edge_columns(), &edge.values, name);
        xml.open(
            "edge",
            &[
                ("id", &edge.id),
                ("source", &edge.source),
                ("target", &edge.target),
                ("kind", edge.relation),
                ("label", value("label")),
                ("weight", value("weight")),
            ],
        )?;
        attributes(&mut xml, table.edge_columns(), &edge.values)?;
        if !edge.spells.is_empty() {
            xml.open("spells", &[])?;
            for days in &edge.spells {
                let (start, end) = (days.start.to_string(), days.end.to_string());
                xml.empty("spell", &[("start", &start), ("end", &end)])?;
            }
            xml.close("spells")?;
        }
        xml.close("edge")?;
    }
    xml.close("edges")?;
    xml.close("graph")?;
    xml.close("gexf")?;
    xml.finish()
}

/// The parts of a color: networkx reads no other form.
fn rgb(hex: &str) -> [String; 3] {
    [1, 3, 5].map(|at| {
        let digits = hex.get(at..at + 2).unwrap_or_default();
        u8::from_str_radix(digits, 16).unwrap_or_default().to_string()
    })
}

/// Columns for which GEXF has elements and attributes of its own.
fn is_own(name: &str) -> bool {
    matches!(name, "label" | "weight" | "size" | "color" | "x" | "y")
}

/// Attributes are numbered by their titles: Gephi Lite shows these numbers.
fn declare(xml: &mut Xml<'_>, class: &str, columns: &[Column]) -> io::Result<()> {
    xml.open("attributes", &[("class", class), ("mode", "static")])?;
    for (name, kind) in columns.iter().filter(|(name, _)| !is_own(name)) {
        let kind = if *kind == AttributeType::Int { "integer" } else { kind.as_str() };
        xml.empty("attribute", &[("id", name), ("title", name), ("type", kind)])?;
    }
    xml.close("attributes")
}

fn attributes(
    xml: &mut Xml<'_>,
    columns: &[Column],
    values: &[Option<Cow<'_, str>>],
) -> io::Result<()> {
    xml.open("attvalues", &[])?;
    for ((name, _), value) in columns.iter().zip(values) {
        if let Some(value) = value.as_deref().filter(|_| !is_own(name)) {
            xml.empty("attvalue", &[("for", name), ("value", value)])?;
        }
    }
    xml.close("attvalues")
}
