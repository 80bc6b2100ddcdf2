//! DOT, for Graphviz and whatever else draws it.

use std::io::{self, Write};

use super::Options;
use super::edges::{GraphTable, value};
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;

/// Writes DOT.
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
    writeln!(out, "digraph newsgraph {{")?;
    writeln!(out, "  node [style=filled, fontname=\"sans-serif\", fontcolor=white];")?;
    writeln!(out, "  edge [fontname=\"sans-serif\", fontsize=9];")?;
    for node in table.nodes() {
        let value = |name| quote(value(table.node_columns(), &node.values, name));
        let (id, label, color, class) =
            (quote(&node.id), value("label"), value("color"), value("entity_type"));
        write!(out, "  {id} [label={label}, fillcolor={color}, class={class}")?;
        if options.positions.is_some() {
            // `neato -n` draws nodes where they are, in points; sizes are in inches.
            let number = |name| value(name).trim_matches('"').parse::<f64>().unwrap_or_default();
            let (x, y, width) = (number("x"), number("y"), number("size") / 72.0);
            write!(out, ", pos=\"{x:.2},{y:.2}\", shape=circle, fixedsize=true, width={width:.3}")?;
        }
        writeln!(out, "];")?;
    }
    for edge in table.edges() {
        let columns = table.edge_columns();
        let value = |name| value(columns, &edge.values, name);
        // What is not stated as a fact is not drawn as one.
        let style = match (value("polarity"), value("factuality")) {
            ("negative", _) | (_, "denied") => "dotted",
            (_, "asserted") => "solid",
            _ => "dashed",
        };
        let (id, from, to) = (quote(&edge.id), quote(&edge.source), quote(&edge.target));
        let (label, weight) = (quote(value("label")), value("weight"));
        writeln!(
            out,
            "  {from} -> {to} [id={id}, label={label}, weight={weight}, style={style}];"
        )?;
    }
    writeln!(out, "}}")
}

/// A quoted string. A backslash would begin an escape of its own.
fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;

    #[test]
    fn names_cannot_end_a_string() {
        let mut out = Vec::new();
        write(&fixture::graph(), &fixture::ontology(), &Options::default(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(r#"[label="Zed \"Quote\" <b>&amp;x ]]> \\ end""#), "{text}");
        assert!(text.contains("style=dashed") && text.ends_with("}\n"));
    }
}
