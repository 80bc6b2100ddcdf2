//! The JSON form of Cytoscape and Cytoscape.js, with what networkx asks for besides.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::{Map, Number, Value, json};

use super::Options;
use super::edges::{AttributeType, Column, GraphTable};
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;

/// Writes Cytoscape JSON, one element a line.
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
    let generator = concat!("newsgraph ", env!("CARGO_PKG_VERSION"));
    let data = json!({ "name": "newsgraph", "generator": generator });
    let head = r#""format_version":"1.0","directed":true,"multigraph":true"#;
    write!(out, "{{{head},\"data\":{data},\"elements\":{{\"nodes\":[")?;
    let mut first = true;
    for node in table.nodes() {
        let own = [("id", &*node.id), ("value", &*node.id)];
        let data = members(&own, table.node_columns(), &node.values);
        let mut node = json!({ "data": data });
        if let (Some(x), Some(y)) = (data.get("x"), data.get("y").and_then(Value::as_f64)) {
            // Here y goes down.
            node["position"] = json!({ "x": x, "y": -y });
        }
        element(&node, &mut first, out)?;
    }
    write!(out, "\n],\"edges\":[")?;
    first = true;
    for edge in table.edges() {
        let own = [
            ("id", &*edge.id),
            ("key", &*edge.id),
            ("source", &*edge.source),
            ("target", &*edge.target),
        ];
        let data = members(&own, table.edge_columns(), &edge.values);
        element(&json!({ "data": data }), &mut first, out)?;
    }
    out.write_all(b"\n]}}\n")
}

/// One element of a list, on a line of its own.
fn element(element: &Value, first: &mut bool, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(if std::mem::take(first) { b"\n" } else { b",\n" })?;
    Ok(serde_json::to_writer(out, element)?)
}

fn members(
    own: &[(&str, &str)],
    columns: &[Column],
    values: &[Option<Cow<'_, str>>],
) -> Map<String, Value> {
    let own = own.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
    let mut members: Map<String, Value> = own.collect();
    for ((name, kind), value) in columns.iter().zip(values) {
        let Some(text) = value.as_deref() else { continue };
        let value = match kind {
            AttributeType::Int => text.parse::<i64>().ok().map(Value::from),
            AttributeType::Double => {
                text.parse().ok().and_then(Number::from_f64).map(Value::Number)
            }
            AttributeType::Boolean => text.parse::<bool>().ok().map(Value::from),
            AttributeType::Text | AttributeType::Date => None,
        };
        members.insert((*name).to_owned(), value.unwrap_or_else(|| Value::from(text)));
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;

    #[test]
    fn edges_end_at_nodes_and_numbers_are_numbers() {
        let mut out = Vec::new();
        write(&fixture::graph(), &fixture::ontology(), &Options::default(), &mut out).unwrap();
        let graph: Value = serde_json::from_slice(&out).unwrap();
        let nodes = graph["elements"]["nodes"].as_array().unwrap();
        let edges = graph["elements"]["edges"].as_array().unwrap();
        assert!(!nodes.is_empty() && !edges.is_empty());
        for edge in edges {
            for end in ["source", "target"] {
                let id = &edge["data"][end];
                assert!(nodes.iter().any(|node| node["data"]["id"] == *id), "{id}");
            }
            assert!(edge["data"]["confidence"].is_number());
        }
    }
}
