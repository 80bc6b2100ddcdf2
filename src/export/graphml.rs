//! GraphML that opens in Gephi, Cytoscape, networkx, igraph and graphology.
//!
//! What their readers ask for, beyond the schema: ids are NMTOKENs and edge ids never bare numbers;
//! key ids are unique over the whole file; types are boolean, int, double and string; nothing is
//! declared for "all", nor for the graph, which Gephi reports as severe; there are no defaults; nodes come before edges; the relation is once more in
//! the attribute `label` of the edge, by which Gephi keeps parallel edges apart (not in the schema:
//! left out with [`Options::strict_graphml`]). In text only `&` and `<` are escaped, as Gephi loses
//! white space beside other references.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::edges::{Column, EdgeBatch, GraphTable};
use super::{Edges, Options, ordered};
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;

/// Writes GraphML.
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
    xml.open("graphml", &[("xmlns", "http://graphml.graphdrawing.org/xmlns")])?;
    let granularity = match options.edges {
        Edges::Statement => "statement",
        Edges::Relation => "relation",
        Edges::Aggregated => "aggregated",
    };
    xml.comment(&format!("{GENERATOR}, edges: {granularity}"))?;
    for (scope, short, columns) in
        [("node", "n", table.node_columns()), ("edge", "e", table.edge_columns())]
    {
        for (name, kind) in columns {
            let id = format!("{short}_{name}");
            let attributes =
                [("id", &*id), ("for", scope), ("attr.name", name), ("attr.type", kind.as_str())];
            xml.empty("key", &attributes)?;
        }
    }
    xml.open("graph", &[("id", "newsgraph"), ("edgedefault", "directed")])?;
    let keys = ValueTags::new("n", table.node_columns());
    let nodes = |part: &Range<usize>, out: &mut Vec<u8>| {
        for node in table.nodes_of(part.clone()) {
            push(out, ["<node id=\"", &*node.id, "\">\n"]);
            keys.write(&node.values, out);
            push(out, ["</node>\n"]);
        }
        Ok(())
    };
    ordered::write(&table.node_parts(), nodes, xml.0.get_mut())?;
    let keys = ValueTags::new("e", table.edge_columns());
    let edges = |part: &EdgeBatch<'_>, out: &mut Vec<u8>| {
        for edge in table.edges_of(part) {
            push(out, ["<edge id=\"", &*edge.id, "\" source=\"", &*edge.source]);
            push(out, ["\" target=\"", &*edge.target]);
            if !options.strict_graphml {
                push(out, ["\" label=\"", &*quick_xml::escape::escape(edge.relation)]);
            }
            push(out, ["\">\n"]);
            keys.write(&edge.values, out);
            push(out, ["</edge>\n"]);
        }
        Ok(())
    };
    ordered::write(&table.edge_parts(), edges, xml.0.get_mut())?;
    xml.close("graph")?;
    xml.close("graphml")?;
    xml.finish()
}

const GENERATOR: &str = concat!("newsgraph ", env!("CARGO_PKG_VERSION"));

/// The start tags of values. Most of a file is made of these: events of the XML library cost five
/// times as much.
struct ValueTags(Vec<String>);

impl ValueTags {
    fn new(short: &str, columns: &[Column]) -> Self {
        let tag = |(name, _): &Column| format!("<data key=\"{short}_{name}\">");
        Self(columns.iter().map(tag).collect())
    }

    fn write(&self, values: &[Option<Cow<'_, str>>], out: &mut Vec<u8>) {
        for (tag, value) in self.0.iter().zip(values) {
            if let Some(value) = value {
                push(out, [tag, &*escape(value), "</data>\n"]);
            }
        }
    }
}

fn push<const N: usize>(out: &mut Vec<u8>, parts: [&str; N]) {
    parts.iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
}

/// An XML writer that puts one element a line.
pub(super) struct Xml<'w>(Writer<&'w mut dyn Write>);

impl<'w> Xml<'w> {
    /// Begins with the declaration.
    pub(super) fn new(out: &'w mut dyn Write) -> io::Result<Self> {
        let mut writer = Writer::new(out);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let mut xml = Self(writer);
        xml.line()?;
        Ok(xml)
    }

    fn line(&mut self) -> io::Result<()> {
        self.0.get_mut().write_all(b"\n")
    }

    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.0.write_event(Event::Start(start))?;
        self.line()
    }

    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.0.write_event(Event::Empty(start))?;
        self.line()
    }

    pub(super) fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))?;
        self.line()
    }

    /// A remark, which no reader takes for data.
    pub(super) fn comment(&mut self, words: &str) -> io::Result<()> {
        self.0.write_event(Event::Comment(BytesText::from_escaped(format!(" {words} "))))?;
        self.line()
    }

    /// An element with nothing but text in it.
    pub(super) fn text(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        text: &str,
    ) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.0.write_event(Event::Start(start))?;
        self.0.write_event(Event::Text(BytesText::from_escaped(escape(text))))?;
        self.0.write_event(Event::End(BytesEnd::new(name)))?;
        self.line()
    }

    pub(super) fn finish(self) -> io::Result<()> {
        self.0.into_inner().flush()
    }
}

/// Escapes `&` and `<` alone, and breaks up `]]>`, which may not stand in text.
fn escape(text: &str) -> Cow<'_, str> {
    // No early end, so that many bytes are looked at in one step.
    let is_special = |byte: u8| (byte == b'&') | (byte == b'<') | (byte == b']');
    if !text.bytes().fold(false, |special, byte| special | is_special(byte)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('&', "&amp;").replace('<', "&lt;").replace("]]>", "]] >"))
}
