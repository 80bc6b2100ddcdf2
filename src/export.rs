//! From the graph to files: RDF, GraphML, GEXF, CSV, JSON Lines and a page to look at.
//!
//! Every writer walks the graph once and writes as it goes. The bytes depend on the graph alone: no
//! clock, no counters, no hash order. Text is cleaned on the way out ([`text`]), whatever the graph
//! holds: no character leaves that XML or a terminal would choke on.

pub mod atomic;
pub mod csv;
pub mod cytoscape;
pub mod dot;
pub mod events;
pub mod explorer;
pub mod gexf;
pub mod graphml;
pub mod iri;
pub mod jsonl;
pub mod layout;
pub mod parquet;
pub mod rdf;
pub mod svg;
pub mod text;
pub mod turtle;
pub mod vocabulary;

mod edges;
mod ordered;
mod predicates;
mod serialize;

pub(crate) use serialize::quads;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Turtle.
    Turtle,
    /// N-Triples.
    NTriples,
    /// N-Quads, one named graph a document.
    NQuads,
    /// TriG, one named graph a document.
    TriG,
    /// RDF/XML.
    RdfXml,
    /// JSON-LD.
    JsonLd,
    /// GraphML.
    GraphMl,
    /// GEXF 1.3 with time.
    Gexf,
    /// `nodes.csv` and `edges.csv`.
    Csv,
    /// One statement a line.
    JsonLines,
    /// The explorer, one page.
    Html,
    /// DOT of Graphviz.
    Dot,
    /// Cytoscape JSON.
    Cytoscape,
    /// Event rows after PLOVER.
    Events,
    /// A map of the graph as a picture.
    Svg,
    /// `nodes.parquet` and `edges.parquet`.
    Parquet,
}

impl Format {
    /// All forms, in the order they are listed in.
    pub const ALL: &[Self] = &[
        Self::Turtle,
        Self::NTriples,
        Self::NQuads,
        Self::TriG,
        Self::RdfXml,
        Self::JsonLd,
        Self::GraphMl,
        Self::Gexf,
        Self::Csv,
        Self::JsonLines,
        Self::Html,
        Self::Dot,
        Self::Cytoscape,
        Self::Events,
        Self::Svg,
        Self::Parquet,
    ];

    /// Its name on the command line: `ttl`, `nt`, `nq`, `trig`, `rdf`, `jsonld`, `graphml`, `gexf`,
    /// `csv`, `jsonl`, `html`, `dot`, `cyjs`, `events`, `svg`, `parquet`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Turtle => "ttl",
            Self::NTriples => "nt",
            Self::NQuads => "nq",
            Self::TriG => "trig",
            Self::RdfXml => "rdf",
            Self::JsonLd => "jsonld",
            Self::GraphMl => "graphml",
            Self::Gexf => "gexf",
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
            Self::Html => "html",
            Self::Dot => "dot",
            Self::Cytoscape => "cyjs",
            Self::Events => "events",
            Self::Svg => "svg",
            Self::Parquet => "parquet",
        }
    }

    /// The files that it writes.
    pub fn file_names(self) -> &'static [&'static str] {
        match self {
            Self::Turtle => &["graph.ttl"],
            Self::NTriples => &["graph.nt"],
            Self::NQuads => &["graph.nq"],
            Self::TriG => &["graph.trig"],
            Self::RdfXml => &["graph.rdf"],
            Self::JsonLd => &["graph.jsonld"],
            Self::GraphMl => &["graph.graphml"],
            Self::Gexf => &["graph.gexf"],
            Self::Csv => &["nodes.csv", "edges.csv"],
            Self::JsonLines => &["graph.jsonl"],
            Self::Html => &["graph.html"],
            Self::Dot => &["graph.dot"],
            Self::Cytoscape => &["graph.cyjs"],
            Self::Events => &["events.csv"],
            Self::Svg => &["graph.svg"],
            Self::Parquet => &["nodes.parquet", "edges.parquet"],
        }
    }
}

impl FromStr for Format {
    type Err = Error;

    /// # Errors
    /// [`Error::Usage`] with the names that exist.
    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|format| format.as_str() == name);
        found.copied().ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|format| format.as_str()).collect();
            Error::Usage(format!("no format {name:?}; there are {}", names.join(", ")))
        })
    }
}

/// Which statements become plain triples, besides being written as statements.
///
/// A negative or denied statement never does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assert {
    /// What a text states in its own voice as a fact.
    #[default]
    Factual,
    /// Also what a text attributes to a source.
    Attributed,
    /// Also plans, possibilities and hypotheses.
    All,
    /// None.
    None,
}

impl FromStr for Assert {
    type Err = Error;

    /// # Errors
    /// [`Error::Usage`] with the names that exist.
    fn from_str(name: &str) -> Result<Self> {
        match name {
            "factual" => Ok(Self::Factual),
            "attributed" => Ok(Self::Attributed),
            "all" => Ok(Self::All),
            "none" => Ok(Self::None),
            _ => {
                let cause = "there are factual, attributed, all, none";
                Err(Error::Usage(format!("no way to assert {name:?}; {cause}")))
            }
        }
    }
}

/// How a statement names what it states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RdfVersion {
    /// `rdf:subject`, `rdf:predicate`, `rdf:object`: every tool reads it.
    #[default]
    V11,
    /// `rdf:reifies <<( s p o )>>`.
    V12,
}

impl FromStr for RdfVersion {
    type Err = Error;

    /// # Errors
    /// [`Error::Usage`] with the versions that exist.
    fn from_str(name: &str) -> Result<Self> {
        match name {
            "1.1" => Ok(Self::V11),
            "1.2" => Ok(Self::V12),
            _ => Err(Error::Usage(format!("no RDF {name:?}; there are 1.1 and 1.2"))),
        }
    }
}

/// What an edge of GraphML, GEXF and CSV stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edges {
    /// One statement: a multigraph.
    #[default]
    Statement,
    /// All statements that agree in subject, relation, object, polarity and factuality.
    Aggregated,
}

impl FromStr for Edges {
    type Err = Error;

    /// # Errors
    /// [`Error::Usage`] with the names that exist.
    fn from_str(name: &str) -> Result<Self> {
        match name {
            "statement" => Ok(Self::Statement),
            "aggregated" => Ok(Self::Aggregated),
            _ => {
                Err(Error::Usage(format!("no edges {name:?}; there are statement and aggregated")))
            }
        }
    }
}

/// How to write.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which statements become plain triples.
    pub assert: Assert,
    /// How a statement names what it states.
    pub rdf_version: RdfVersion,
    /// What an edge stands for.
    pub edges: Edges,
    /// Digest of the model that read the texts, if one did.
    pub model: Option<String>,
    /// Leave out what the GraphML schema does not know (Gephi's `label` attribute of edges).
    pub strict_graphml: bool,
    /// Where the nodes lie, for the formats that can hold it.
    pub positions: Option<Arc<layout::Positions>>,
    /// Do not guard CSV cells against being run as formulas.
    pub raw_csv: bool,
    /// Once it is set, [`write_folder`] gives up with an error.
    pub stop: Arc<AtomicBool>,
}

/// Writes the graph in one form. Of [`Format::Csv`] and [`Format::Parquet`] this is the edge
/// table; [`write_folder`] writes both tables.
///
/// # Errors
/// Those of `out`, and those of [`KnowledgeGraph::check`].
pub fn write(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Turtle => turtle::write_turtle(graph, ontology, options, out),
        Format::NTriples => turtle::write_ntriples(graph, ontology, options, out),
        Format::NQuads => turtle::write_nquads(graph, ontology, options, out),
        Format::TriG => turtle::write_trig(graph, ontology, options, out),
        Format::RdfXml | Format::JsonLd => {
            serialize::write(graph, ontology, options, format == Format::JsonLd, out)
        }
        Format::GraphMl => graphml::write(graph, ontology, options, out),
        Format::Gexf => gexf::write(graph, ontology, options, out),
        Format::Csv => csv::write_edges(graph, ontology, options, out),
        Format::JsonLines => jsonl::write(graph, ontology, out),
        Format::Html => explorer::write(graph, ontology, options, out),
        Format::Dot => dot::write(graph, ontology, options, out),
        Format::Cytoscape => cytoscape::write(graph, ontology, options, out),
        Format::Events => events::write(graph, ontology, options, out),
        Format::Svg => svg::write(graph, ontology, options, out),
        Format::Parquet => parquet::write_edges(graph, ontology, options, out),
    }?;
    graph.check()
}

/// Writes all files of some forms into a folder, each whole or not at all. Returns their paths.
///
/// # Errors
/// [`Error::Io`] with the path of the first file that cannot be written.
pub fn write_folder(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    formats: &[Format],
    folder: &Path,
) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for &format in formats {
        for name in format.file_names() {
            let path = folder.join(name);
            atomic::write_file(&path, |out| {
                let out = &mut Stoppable { out, stop: &options.stop };
                match *name {
                    "nodes.csv" => csv::write_nodes(graph, ontology, options, out),
                    "nodes.parquet" => parquet::write_nodes(graph, ontology, options, out),
                    _ => write(graph, ontology, options, format, out),
                }
            })?;
            paths.push(path);
        }
    }
    Ok(paths)
}

/// Takes no more bytes once a flag is set.
struct Stoppable<'a> {
    out: &'a mut dyn Write,
    stop: &'a AtomicBool,
}

impl Write for Stoppable<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(io::Error::other("stopped"));
        }
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
