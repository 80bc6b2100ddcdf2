//! From the graph to files: RDF, graph files, tables, a page to look at, and what other tools open.
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
pub mod ftm;
pub mod geojson;
pub mod gexf;
pub mod graphml;
pub mod i2;
pub mod iri;
pub mod jsonl;
pub mod kuzu;
pub mod layout;
pub mod neo4j;
pub mod parquet;
pub mod quickstatements;
pub mod rdf;
pub mod stix;
pub mod svg;
pub mod tables;
pub mod text;
pub mod timeline;
pub mod turtle;
pub mod vault;
pub mod vocabulary;

mod edges;
mod mapping;
mod ordered;
mod places;
mod predicates;
mod property_graph;
mod serialize;
mod told;

pub use mapping::Mappings;

pub(crate) use serialize::quads;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::entity::EntityId;
use crate::error::{Error, Result, did_you_mean};
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;
use crate::resource::gazetteer::Gazetteer;
use crate::statement::{Factuality, Polarity};

/// Writes one file.
type Writer = fn(&KnowledgeGraph, &Ontology, &Options, &mut dyn Write) -> io::Result<()>;

macro_rules! formats {
    ($($name:ident $text:literal $about:literal [$($file:literal => $writer:expr),*],)*) => {
        /// A form of output.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Format { $(#[doc = $about] $name,)* }

        impl Format {
            /// All forms, in the order they are listed in.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name on the command line: `ttl`, `graphml`, `csv`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What it is, in one line.
            pub fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)* }
            }

            /// The files that it writes, with their writers.
            fn files(self) -> &'static [(&'static str, Writer)] {
                match self {
                    $(Self::$name => {
                        const FILES: &[(&str, Writer)] = &[$(($file, $writer as Writer)),*];
                        FILES
                    })*
                }
            }
        }
    };
}

formats! {
    Turtle "ttl" "Turtle: facts, statements with evidence, entities, documents"
        ["graph.ttl" => turtle::write_turtle],
    NTriples "nt" "N-Triples: the same, one triple a line"
        ["graph.nt" => turtle::write_ntriples],
    NQuads "nq" "N-Quads: the same, one named graph a document"
        ["graph.nq" => turtle::write_nquads],
    TriG "trig" "TriG: the same as Turtle, one named graph a document"
        ["graph.trig" => turtle::write_trig],
    RdfXml "rdf" "RDF/XML"
        ["graph.rdf" => serialize::write_rdf_xml],
    JsonLd "jsonld" "JSON-LD"
        ["graph.jsonld" => serialize::write_json_ld],
    GraphMl "graphml" "GraphML for Gephi, Cytoscape, networkx and igraph"
        ["graph.graphml" => graphml::write],
    Gexf "gexf" "GEXF 1.3 with time, for Gephi"
        ["graph.gexf" => gexf::write],
    Csv "csv" "tables of nodes and edges"
        ["nodes.csv" => csv::write_nodes, "edges.csv" => csv::write_edges],
    JsonLines "jsonl" "JSON Lines: one statement a line, with all that is known of it"
        ["graph.jsonl" => jsonl::write_lines],
    Html "html" "the explorer, one page for any browser"
        ["graph.html" => explorer::write],
    Dot "dot" "DOT for Graphviz"
        ["graph.dot" => dot::write],
    Cytoscape "cyjs" "JSON for Cytoscape, Cytoscape.js and networkx"
        ["graph.cyjs" => cytoscape::write],
    Events "events" "event data after PLOVER and CAMEO, one event a row"
        ["events.csv" => events::write],
    Svg "svg" "a map of the graph as a picture"
        ["graph.svg" => svg::write],
    Parquet "parquet" "tables of nodes and edges with types, for DuckDB, pandas, Polars and Spark"
        ["nodes.parquet" => parquet::write_nodes, "edges.parquet" => parquet::write_edges],
    FollowTheMoney "ftm" "FollowTheMoney entities as JSON lines, for Aleph and OpenAleph"
        ["graph.ftm.json" => ftm::write],
    Neo4j "neo4j" "CSV for neo4j-admin database import, and one Cypher file"
        [
            "neo4j/entities.csv" => neo4j::write_entities,
            "neo4j/documents.csv" => neo4j::write_documents,
            "neo4j/statements.csv" => neo4j::write_statements,
            "neo4j/roles.csv" => neo4j::write_roles,
            "neo4j/facts.csv" => neo4j::write_facts,
            "neo4j/graph.cypher" => neo4j::write_cypher
        ],
    Kuzu "kuzu" "Parquet for Ladybug and Kuzu, with the commands that load it"
        [
            "kuzu/entity.parquet" => kuzu::write_entities,
            "kuzu/document.parquet" => kuzu::write_documents,
            "kuzu/statement.parquet" => kuzu::write_statements,
            "kuzu/subject.parquet" => kuzu::write_subjects,
            "kuzu/object.parquet" => kuzu::write_objects,
            "kuzu/said_by.parquet" => kuzu::write_sources,
            "kuzu/place.parquet" => kuzu::write_places,
            "kuzu/member_of.parquet" => kuzu::write_members,
            "kuzu/stated_in.parquet" => kuzu::write_evidence,
            "kuzu/fact.parquet" => kuzu::write_facts,
            "kuzu/load.cypher" => kuzu::write_commands
        ],
    GeoJson "geojson" "GeoJSON: the places, with what is said of them, for maps"
        ["places.geojson" => geojson::write],
    Timeline "timeline" "JSON for TimelineJS: what is dated"
        ["timeline.json" => timeline::write],
    Stix "stix" "a STIX 2.1 bundle"
        ["graph.stix.json" => stix::write],
    Vault "vault" "a vault of Markdown pages for Obsidian, one a thing and one an article"
        [],
    I2 "i2" "tables of entities and links for i2 Analyst's Notebook"
        ["i2_entities.csv" => i2::write_entities, "i2_links.csv" => i2::write_links],
    QuickStatements "quickstatements" "QuickStatements for Wikidata: facts between things with sure items"
        ["quickstatements.txt" => quickstatements::write],
    Tables "tables" "Parquet with types for programs: statements, claims, relations, entities, documents"
        [
            "tables/statements.parquet" => tables::write_statements,
            "tables/claims.parquet" => tables::write_claims,
            "tables/relations.parquet" => tables::write_relations,
            "tables/entities.parquet" => tables::write_entities,
            "tables/documents.parquet" => tables::write_documents
        ],
}

impl FromStr for Format {
    type Err = Error;

    /// # Errors
    /// [`Error::Usage`] with the names that exist.
    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|format| format.as_str() == name);
        found.copied().ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|format| format.as_str()).collect();
            let hint = did_you_mean(name, names.iter().copied());
            Error::Usage(format!("no format {name:?}{hint}; there are {}", names.join(", ")))
        })
    }
}

impl Format {
    /// The form of a `graph` file by its suffix, as `.ttl`, `.graphml` or `.ftm.json`.
    ///
    /// # Errors
    /// [`Error::Usage`] with the suffixes that exist.
    pub fn of_path(path: &Path) -> Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let suffix = |format: &Self| match format.files() {
            [(file, _)] => file.strip_prefix("graph"),
            _ => None,
        };
        let found =
            Self::ALL.iter().find(|format| suffix(format).is_some_and(|it| name.ends_with(it)));
        found.copied().ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().filter_map(suffix).collect();
            let cause = format!("no form of a graph, expected {}", known.join(", "));
            Error::Usage(format!("{}: {cause}", path.display()))
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
    Relation,
    /// All statements from one thing about another.
    Aggregated,
}

impl FromStr for Edges {
    type Err = Error;

    /// # Errors
    /// [`Error::Usage`] with the names that exist.
    fn from_str(name: &str) -> Result<Self> {
        match name {
            "statement" => Ok(Self::Statement),
            "relation" => Ok(Self::Relation),
            "aggregated" => Ok(Self::Aggregated),
            _ => {
                let cause = "there are statement, relation and aggregated";
                Err(Error::Usage(format!("no edges {name:?}; {cause}")))
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
    /// Which things drawings and the files for investigators show.
    pub things: Things,
    /// Where places lie.
    pub gazetteer: Option<Arc<Gazetteer>>,
    /// What classes and relations are called elsewhere.
    pub mappings: Arc<Mappings>,
    /// Once it is set, [`write_folder`] gives up with an error.
    pub stop: Arc<AtomicBool>,
}

impl Options {
    /// True if a statement of these properties becomes a plain triple, or whatever a tool takes for a
    /// fact.
    pub(crate) fn asserts(
        &self,
        polarity: Polarity,
        factuality: Factuality,
        own_voice: bool,
    ) -> bool {
        polarity == Polarity::Positive
            && match (self.assert, factuality) {
                (Assert::None, _) | (_, Factuality::Denied) => false,
                (Assert::All, _) => true,
                (Assert::Attributed, Factuality::Asserted | Factuality::Claimed) => true,
                (Assert::Factual, Factuality::Asserted) => own_voice,
                _ => false,
            }
    }

    /// True if drawings and the files for investigators show the thing.
    pub(crate) fn shows(&self, graph: &KnowledgeGraph, id: EntityId) -> bool {
        self.things == Things::All || graph.entities.is_named(id)
    }
}

/// Which things are shown where a graph is looked at: drawings, and the files for investigators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Things {
    /// All that take part in a statement.
    #[default]
    All,
    /// Those that a text calls by a name, and what joins two of them.
    Named,
}

/// Writes the graph in one form. Of a form with several files this is the last one; of
/// [`Format::Vault`] all pages, one behind the other. [`write_folder`] writes all files.
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
    match format.files().last() {
        Some((_, writer)) => writer(graph, ontology, options, out)?,
        None => vault::write(graph, ontology, options, out)?,
    }
    graph.check()
}

/// Writes all files of some forms into a folder, each whole or not at all. Returns their paths; of a
/// vault the path of its folder.
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
        if format == Format::Vault {
            paths.push(vault::write_folder(graph, ontology, options, folder)?);
        }
        for (name, writer) in format.files() {
            let path = folder.join(name);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
            }
            atomic::write_file(&path, |out| {
                let out = &mut Stoppable { out, stop: &options.stop };
                writer(graph, ontology, options, out)?;
                graph.check()
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
