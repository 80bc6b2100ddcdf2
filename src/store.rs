//! The graph as a SPARQL store: filled from memory or from a file, or stored on disk; asked by queries.
//!
//! Queries are a stranger's text. Before one is parsed its size and nesting are checked; it runs in
//! a thread of its own with a deep stack and a time limit; it reaches nothing outside of the store
//! (no SERVICE, no FROM beyond the named graphs at hand, no updates). A product of two large
//! results does not look at the clock: after the limit its thread is left behind, which is right for
//! a command that ends, and not enough for a server, which must evaluate in processes of its own.

mod columns;
mod disk;
pub mod guard;
pub mod named;
mod reopen;
pub mod results;
pub mod shapes;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use oxigraph::io::RdfFormat;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term, Triple};
use oxigraph::sparql::{CancellationToken, PreparedSparqlQuery, QueryResults, SparqlEvaluator};
use oxigraph::store::{BulkLoader, LoaderError, Store as Inner};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::export::iri::{Iri, Namespace};
use crate::export::{self, Options, rdf};
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;
use crate::resource::rdf as rdf_files;

pub use disk::StoreBuilder;
pub use reopen::{Reopened, reopen};
pub use results::{ResultFormat, Results};

/// Stack of the thread that parses and evaluates, in bytes. The parser needs some 4 KiB for a nested
/// group; the longest query that [`guard`] lets pass cannot fill this.
const STACK: usize = 256 << 20;

/// How far a query may go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time to evaluate in.
    pub time: Duration,
    /// Rows or triples, after which the rest is left out.
    pub rows: usize,
    /// Bytes of terms in the answer, after which the rest is left out.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_secs(60), rows: 100_000, bytes: 1 << 30 }
    }
}

/// Which graphs a query is about, when it is not the query that says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dataset {
    /// IRIs of the graphs that make up the default graph.
    pub default: Vec<String>,
    /// IRIs of the graphs that `GRAPH` sees.
    pub named: Vec<String>,
}

/// What a file says, in the spelling of RDF 1.1: a reified triple as `rdf:Statement`, so that a
/// query need not know which spelling the file has, and is answered from an index.
fn spelled<E>(quad: std::result::Result<Quad, E>) -> Vec<std::result::Result<Quad, E>> {
    let rdf = |local| NamedNode::from(Iri::term(Namespace::Rdf, local));
    match quad {
        Ok(Quad { subject, predicate, object: Term::Triple(triple), graph_name })
            if predicate == rdf("reifies") =>
        {
            let told: [(NamedNode, Term); 4] = [
                (rdf("type"), rdf("Statement").into()),
                (rdf("subject"), triple.subject.into()),
                (rdf("predicate"), triple.predicate.into()),
                (rdf("object"), triple.object),
            ];
            let quad = |(predicate, object)| {
                Ok(Quad::new(subject.clone(), predicate, object, graph_name.clone()))
            };
            told.into_iter().map(quad).collect()
        }
        other => vec![other],
    }
}

/// Where a graph is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GraphSource {
    /// In a file, which is loaded into memory.
    File(PathBuf),
    /// In a folder that [`StoreBuilder`] made.
    Disk(PathBuf),
}

impl GraphSource {
    /// The stored graph if one is named, else the file; of a folder the graph that a build wrote into it.
    ///
    /// # Errors
    /// [`Error::Usage`] when a folder is named in which no graph lies.
    pub fn new(stored: Option<&Path>, place: &Path) -> Result<Self> {
        if let Some(folder) = stored {
            return Ok(Self::Disk(folder.to_owned()));
        }
        if !place.is_dir() {
            return Ok(Self::File(place.to_owned()));
        }
        if disk::is_stored(place) {
            return Ok(Self::Disk(place.to_owned()));
        }
        let files = rdf_files::SUFFIXES.map(|suffix| place.join(format!("graph.{suffix}")));
        files.into_iter().find(|file| file.is_file()).map(Self::File).ok_or_else(|| {
            let cause = "no graph lies in this folder, expected graph.ttl or another form of RDF";
            Error::Usage(format!("{}: {cause}", place.display()))
        })
    }

    /// A store to ask.
    ///
    /// # Errors
    /// As [`Store::from_file`] and [`Store::open`].
    pub fn open(&self) -> Result<Store> {
        match self {
            Self::File(path) => Store::from_file(path),
            Self::Disk(folder) => Store::open(folder),
        }
    }
}

/// A store in memory or on disk.
#[derive(Clone)]
pub struct Store {
    inner: Inner,
    /// `None`: in memory.
    opened: Option<Arc<disk::Opened>>,
}

impl Store {
    /// Fills a store from a graph.
    ///
    /// # Errors
    /// [`Error::Query`] when the store refuses the triples.
    pub fn from_graph(
        graph: &KnowledgeGraph,
        ontology: &Ontology,
        options: &Options,
    ) -> Result<Self> {
        let store = Self::empty()?;
        fill(store.inner.bulk_loader(), graph, ontology, options)?;
        Ok(store)
    }

    /// Opens a graph that is stored on disk.
    ///
    /// # Errors
    /// [`Error::Usage`] when there is none that can be read, or this program was built without.
    pub fn open(folder: &Path) -> Result<Self> {
        let (inner, opened) = disk::open(folder)?;
        Ok(Self { inner, opened: Some(Arc::new(opened)) })
    }

    /// Fills a store from a Turtle file.
    ///
    /// # Errors
    /// As [`Store::from_file`].
    pub fn from_turtle(path: &Path) -> Result<Self> {
        Self::load(path, RdfFormat::Turtle)
    }

    /// Fills a store from a file; the suffix gives its format: `ttl`, `nt`, `nq`, `trig`, `rdf`,
    /// `jsonld`.
    ///
    /// # Errors
    /// [`Error::Usage`] for another suffix, [`Error::Io`] when the file cannot be read,
    /// [`Error::Input`] when it is broken, with the line.
    pub fn from_file(path: &Path) -> Result<Self> {
        match rdf_files::format(path) {
            Some(format) => Self::load(path, format),
            None => {
                let expected = "expected .ttl, .nt, .nq, .trig, .rdf or .jsonld";
                Err(Error::Usage(format!("{}: no RDF, {expected}", path.display())))
            }
        }
    }

    fn load(path: &Path, format: RdfFormat) -> Result<Self> {
        let file = File::open(path).map_err(Error::io(path))?;
        Self::load_from(path, file, format)
    }

    fn load_from(path: &Path, reader: impl Read, format: RdfFormat) -> Result<Self> {
        let store = Self::empty()?;
        let mut loader = store.inner.bulk_loader();
        let quads = rdf_files::quads(reader, format).flat_map(spelled);
        loader.load_ok_quads(quads).map_err(|error: LoaderError| match error {
            LoaderError::Parsing(cause) => rdf_files::error(path, cause),
            other => failed(other),
        })?;
        loader.commit().map_err(failed)?;
        Ok(store)
    }

    /// Fills a store from Turtle in memory; `name` is for messages.
    ///
    /// # Errors
    /// [`Error::Input`] when it is broken, with the line.
    pub fn from_turtle_text(name: &str, turtle: &str) -> Result<Self> {
        Self::load_from(Path::new(name), turtle.as_bytes(), RdfFormat::Turtle)
    }

    fn empty() -> Result<Self> {
        Ok(Self { inner: Inner::new().map_err(failed)?, opened: None })
    }

    /// Number of triples.
    ///
    /// # Errors
    /// [`Error::Query`] when the store fails.
    pub fn len(&self) -> Result<usize> {
        match &self.opened {
            // On disk all would have to be counted.
            Some(opened) => Ok(opened.triples),
            None => self.inner.len().map_err(failed),
        }
    }

    /// True if nothing is stored.
    ///
    /// # Errors
    /// [`Error::Query`] when the store fails.
    pub fn is_empty(&self) -> Result<bool> {
        self.inner.is_empty().map_err(failed)
    }

    /// Evaluates a query (SELECT, ASK, CONSTRUCT, DESCRIBE). The prefixes of the project need not be
    /// declared.
    ///
    /// # Errors
    /// [`Error::Query`] when the query is too long or too deep, cannot be parsed, asks for what lies
    /// outside of the store; [`Error::Timeout`] when it runs out of time.
    pub fn query(&self, sparql: &str, limits: Limits) -> Result<Results> {
        self.query_dataset(sparql, &Dataset::default(), limits)
    }

    /// Evaluates a query about some graphs; those take the place of what FROM names.
    ///
    /// # Errors
    /// As [`Store::query`].
    pub fn query_dataset(
        &self,
        sparql: &str,
        dataset: &Dataset,
        limits: Limits,
    ) -> Result<Results> {
        guard::check(sparql)?;
        let token = CancellationToken::new();
        let (sender, receiver) = mpsc::sync_channel(1);
        let (store, text, in_thread) = (self.clone(), sparql.to_owned(), token.clone());
        let dataset = dataset.clone();
        let work = move || {
            // Nobody listens any more after the time limit.
            sender.send(store.evaluate(&text, &dataset, in_thread, limits)).ok();
        };
        std::thread::Builder::new()
            .name("query".to_owned())
            .stack_size(STACK)
            .spawn(work)
            .map_err(failed)?;
        match receiver.recv_timeout(limits.time) {
            Ok(results) => results,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                token.cancel();
                Err(Error::Timeout(limits.time.as_secs_f64()))
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                Err(Error::Query("the evaluation broke off".to_owned()))
            }
        }
    }

    fn evaluate(
        &self,
        sparql: &str,
        dataset: &Dataset,
        token: CancellationToken,
        limits: Limits,
    ) -> Result<Results> {
        let mut evaluator = SparqlEvaluator::new().with_cancellation_token(token);
        for namespace in Namespace::ALL {
            let (prefix, iri) = (namespace.prefix(), namespace.as_str());
            evaluator = evaluator.with_prefix(prefix, iri).map_err(failed)?;
        }
        let mut query = evaluator
            .parse_query(sparql)
            .map_err(|error| Error::Query(syntax(&error.to_string(), sparql)))?;
        if *dataset != Dataset::default() {
            let names = |iris: &[String]| -> Result<Vec<NamedNode>> {
                iris.iter().map(|iri| NamedNode::new(iri).map_err(failed)).collect()
            };
            let default = names(&dataset.default)?.into_iter().map(GraphName::from).collect();
            let named = names(&dataset.named)?.into_iter().map(NamedOrBlankNode::from).collect();
            query.dataset_mut().set_default_graph(default);
            query.dataset_mut().set_available_named_graphs(named);
        }
        self.choose_graphs(&mut query)?;
        let results = query.on_store(&self.inner).execute().map_err(failed)?;
        collect(results, limits)
    }

    /// The triples of a subject, those of all graphs.
    pub(crate) fn of(&self, subject: &NamedOrBlankNode) -> impl Iterator<Item = Triple> + use<> {
        let quads = self.inner.quads_for_pattern(Some(subject.as_ref()), None, None, None);
        quads.filter_map(std::result::Result::ok).map(Triple::from)
    }

    /// The triples of a pattern, those of all graphs.
    pub(crate) fn triples(
        &self,
        subject: Option<&NamedNode>,
        predicate: Option<&NamedNode>,
        object: Option<&Term>,
    ) -> impl Iterator<Item = Triple> + use<> {
        let subject = subject.map(|node| node.as_ref().into());
        let predicate = predicate.map(NamedNode::as_ref);
        let object = object.map(Term::as_ref);
        let quads = self.inner.quads_for_pattern(subject, predicate, object, None);
        // A store in memory has nothing that fails; what cannot be read on disk is not there.
        quads.filter_map(std::result::Result::ok).map(Triple::from)
    }

    /// The default graph is the union of all; what FROM names must be there.
    fn choose_graphs(&self, query: &mut PreparedSparqlQuery) -> Result<()> {
        let has_named = || self.inner.named_graphs().next().is_some();
        if query.dataset().is_default_dataset() {
            if has_named() {
                query.dataset_mut().set_default_graph_as_union();
            }
            return Ok(());
        }
        let dataset = query.dataset();
        let default = dataset.default_graph_graphs().unwrap_or_default().iter();
        let default = default.filter(|name| **name != GraphName::DefaultGraph).cloned();
        let named = dataset.available_named_graphs().unwrap_or_default().iter();
        for name in default.chain(named.cloned().map(GraphName::from)) {
            let known = match &name {
                GraphName::NamedNode(node) => self.inner.contains_named_graph(node),
                GraphName::BlankNode(node) => self.inner.contains_named_graph(node),
                GraphName::DefaultGraph => Ok(true),
            };
            if !known.map_err(failed)? {
                let cause = "only graphs of the data can be asked";
                return Err(Error::Query(format!("FROM {name}: no such graph, {cause}")));
            }
        }
        Ok(())
    }
}

/// Loads the triples of a graph.
fn fill(
    mut loader: BulkLoader<'_>,
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
) -> Result<()> {
    let mut quads = Vec::new();
    let visit = &mut |resource: &rdf::Resource| {
        if options.stop.load(Ordering::Relaxed) {
            return Err(std::io::Error::other("stopped"));
        }
        quads.extend(export::quads(resource));
        if quads.len() >= 1 << 16 {
            loader.load_quads(std::mem::take(&mut quads)).map_err(std::io::Error::other)?;
        }
        Ok(())
    };
    rdf::visit(graph, ontology, options, rdf::RdfLayout::Triples, visit).map_err(failed)?;
    loader.load_quads(quads).map_err(failed)?;
    loader.commit().map_err(failed)
}

fn collect(results: QueryResults<'_>, limits: Limits) -> Result<Results> {
    let mut bytes = 0;
    match results {
        QueryResults::Boolean(answer) => Ok(Results::Boolean(answer)),
        QueryResults::Solutions(solutions) => {
            let variables = solutions.variables().iter().map(|v| v.as_str().to_owned()).collect();
            let mut rows = Vec::new();
            let mut complete = true;
            for solution in solutions {
                let solution = solution.map_err(failed)?;
                bytes += solution.values().iter().flatten().map(size).sum::<usize>();
                if rows.len() == limits.rows || bytes > limits.bytes {
                    complete = false;
                    break;
                }
                rows.push(solution.values().to_vec());
            }
            Ok(Results::Rows { variables, rows, complete })
        }
        QueryResults::Graph(found) => {
            let mut triples = Vec::new();
            let mut complete = true;
            for triple in found {
                let triple = triple.map_err(failed)?;
                bytes += size(&triple.object) + size(&triple.subject.clone().into());
                if triples.len() == limits.rows || bytes > limits.bytes {
                    complete = false;
                    break;
                }
                triples.push(triple);
            }
            triples.sort_by_cached_key(ToString::to_string);
            triples.dedup();
            Ok(Results::Graph { triples, complete })
        }
    }
}

/// Roughly the bytes of a term in an answer.
fn size(term: &Term) -> usize {
    32 + match term {
        Term::NamedNode(node) => node.as_str().len(),
        Term::Literal(literal) => literal.value().len() + literal.datatype().as_str().len(),
        Term::BlankNode(node) => node.as_str().len(),
        Term::Triple(triple) => triple.to_string().len(),
    }
}

/// A syntax error in one line. The parser says "error at 3:14: expected one of" and a page of tokens;
/// what stands there helps more.
fn syntax(error: &str, query: &str) -> String {
    let place = error.strip_prefix("error at ").and_then(|rest| {
        let (line, rest) = rest.split_once(':')?;
        let column = rest.split_once(':')?.0;
        Some((line.parse::<usize>().ok()?, column.parse::<usize>().ok()?))
    });
    let Some((line, column)) = place else { return error.to_owned() };
    let text = query.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    // The parser got that far; what it stumbles over may stand a little before.
    let near: String = text.chars().skip(column.saturating_sub(20)).take(40).collect();
    format!("line {line}, column {column}: not understood near {:?}", near.trim())
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Query(error.to_string())
}

#[cfg(test)]
mod tests;
