//! Writers: other programs read back what was written, and all forms tell of as many things.

use std::collections::BTreeSet;

use newsgraph::export::{self, Format, Options};
use newsgraph::graph::{GraphStatement, KnowledgeGraph, Object};
use newsgraph::shelf::Shelf;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::Quad;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::made::{self, pipeline};

/// Makes a graph of two documents and writes it in all forms that a library here can read.
pub fn check(data: &[u8]) {
    let (one, other) = data.split_at(data.len() / 2);
    let readings = [made::reading("a.txt", one), made::reading("b.txt", other)];
    let shelf = Shelf::of(&readings).expect("a temporary file");
    let graph = pipeline().join(&shelf).expect("the readings are there");
    read_back(&graph);
}

/// Reads a graph in all its forms and compares.
pub fn read_back(graph: &KnowledgeGraph) {
    let turtle = quads(&written(graph, Format::Turtle), RdfFormat::Turtle);
    let triples = quads(&written(graph, Format::NTriples), RdfFormat::NTriples);
    assert_eq!(turtle, triples, "Turtle and N-Triples");
    let xml = quads(&written(graph, Format::RdfXml), RdfFormat::RdfXml);
    assert_eq!(xml, triples, "RDF/XML and N-Triples");
    let trig = quads(&written(graph, Format::TriG), RdfFormat::TriG);
    assert_eq!(trig, quads(&written(graph, Format::NQuads), RdfFormat::NQuads), "TriG and N-Quads");
    let graphml = elements(&written(graph, Format::GraphMl));
    let gexf = elements(&written(graph, Format::Gexf));
    assert_eq!(graphml, gexf, "nodes and edges of GraphML and GEXF");
    assert_eq!(told(&written(graph, Format::JsonLines)), expected(graph), "lines and statements");
    let cytoscape = written(graph, Format::Cytoscape);
    drop(serde_json::from_slice::<serde_json::Value>(&cytoscape).expect("JSON"));
    let csv = written(graph, Format::Csv);
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(&*csv).records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), graphml.1, "edges of CSV and GraphML");
}

/// The statements of JSON Lines; one about groups has a line for each pair, numbered.
fn told(bytes: &[u8]) -> BTreeSet<String> {
    let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let line: serde_json::Value = serde_json::from_slice(line).expect("JSON");
            let id = line["id"].as_str().expect("an id");
            id.split('.').next().unwrap_or(id).to_owned()
        })
        .collect()
}

/// All statements but attributes, and those of a group about itself alone.
fn expected(graph: &KnowledgeGraph) -> BTreeSet<String> {
    let has_pair = |statement: &GraphStatement| match statement.object {
        Object::Entity(object) => !graph.pairs(statement.subject, object).is_empty(),
        Object::Literal { .. } | Object::Absent => true,
    };
    let told = graph.statements().filter(|statement| statement.attribute.is_none());
    told.filter(has_pair).map(|it| format!("st:{}", it.name())).collect()
}

fn written(graph: &KnowledgeGraph, format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    export::write(graph, pipeline().ontology(), &Options::default(), format, &mut out)
        .expect("memory takes all");
    out
}

fn quads(bytes: &[u8], format: RdfFormat) -> BTreeSet<String> {
    let parser = RdfParser::from_format(format).for_slice(bytes);
    let quad = |quad: Result<Quad, _>| match quad {
        Ok(quad) => quad.to_string(),
        Err(error) => panic!("{format:?}: {error}\n{}", String::from_utf8_lossy(bytes)),
    };
    parser.map(quad).collect()
}

/// How many nodes and edges a file has.
fn elements(bytes: &[u8]) -> (usize, usize) {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let mut reader = Reader::from_str(text);
    let (mut nodes, mut edges) = (0, 0);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}\n{text}")) {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "node" => nodes += 1,
                "edge" => edges += 1,
                _ => {}
            },
            Event::Eof => return (nodes, edges),
            _ => {}
        }
    }
}
