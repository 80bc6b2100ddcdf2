//! The engine that reads, and the graph.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use newsgraph::document::CodePoints;
use newsgraph::entity::EntityId;
use newsgraph::export::layout::Positions;
use newsgraph::export::tables::{ColumnType, Table};
use newsgraph::export::{Edges, Format, Options, RdfVersion, Things};
use newsgraph::facade::TableView;
use newsgraph::graph::Selection;
use newsgraph::input::{self, ArticleRows, Batch, InputOptions};
use newsgraph::language::Engine as Language;
use newsgraph::resource::Resources;
use newsgraph::resource::corrections::Corrections;
use newsgraph::spill::Spill;
use newsgraph::statement::Factuality;
use newsgraph::store::{Limits, Results};
use newsgraph::{BuildOptions, Error, Graph, Newsgraph, Result};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::raise;
use crate::frames::{self, Rows};
use crate::parse::Sentence;
use crate::table::{NativeTable, TableSource};
use crate::watch;

/// Name, type and what stands in it, of each column of a table.
#[pyfunction]
pub(crate) fn columns(table: &str) -> PyResult<Vec<(&'static str, &'static str, &'static str)>> {
    let kind = |kind| match kind {
        ColumnType::Text => "text",
        ColumnType::Category => "category",
        ColumnType::Int => "integer",
        ColumnType::Double => "number",
        ColumnType::Boolean => "boolean",
        ColumnType::Date => "day",
        ColumnType::Texts => "list of texts",
        ColumnType::Fillers => "list of role, value, id",
    };
    let found = named(table)?.columns().iter();
    Ok(found.map(|&(name, of, about)| (name, kind(of), about)).collect())
}

/// Which columns of a frame hold texts.
#[pyfunction]
pub(crate) fn text_columns(
    py: Python<'_>,
    name: &str,
    columns: Vec<String>,
) -> PyResult<Vec<usize>> {
    let rows = ArticleRows::new(name, &columns).map_err(|error| raise(py, error))?;
    Ok(rows.texts())
}

fn named(name: &str) -> PyResult<Table> {
    let known = Table::ALL.into_iter().chain([Table::Neighbors]);
    let found = known.into_iter().find(|table| table.name() == name);
    found.ok_or_else(|| PyValueError::new_err(format!("no table {name:?}")))
}

/// Model, rules and ontology, loaded.
#[pyclass(frozen, module = "newsgraph._newsgraph")]
pub(crate) struct Engine(Arc<Newsgraph>);

/// What is given to [`Engine::build`], part by part.
enum Part {
    Paths(Vec<String>),
    Rows { name: String, columns: Vec<String>, rows: Rows },
}

impl Part {
    /// `("paths", [path, ...])`, `("rows", name, columns, rows)` or `("frame", name, renamed, frame)`.
    fn of(part: &Bound<'_, PyAny>) -> PyResult<Self> {
        let kind: String = part.get_item(0)?.extract()?;
        match kind.as_str() {
            "paths" => Ok(Self::Paths(part.get_item(1)?.extract()?)),
            "rows" => {
                let (name, columns) = (part.get_item(1)?.extract()?, part.get_item(2)?.extract()?);
                let rows = Rows::List(Some(part.get_item(3)?.extract()?));
                Ok(Self::Rows { name, columns, rows })
            }
            _ => {
                let renamed: Option<std::collections::HashMap<String, String>> =
                    part.get_item(2)?.extract()?;
                let reader = frames::stream(&part.get_item(3)?)?;
                let mut columns = frames::names(&reader);
                if let Some(renamed) = renamed {
                    // Only these are read; a column without a name is none of an article.
                    let other = |name: &String| renamed.get(name).cloned().unwrap_or_default();
                    columns = columns.iter().map(other).collect();
                }
                let name = part.get_item(1)?.extract()?;
                Ok(Self::Rows { name, columns, rows: Rows::Frame(Box::new(reader)) })
            }
        }
    }
}

fn day(text: Option<&str>) -> PyResult<Option<jiff::civil::Date>> {
    let wrong = |text| PyValueError::new_err(format!("{text:?} is no date, expected YYYY-MM-DD"));
    text.map(|text| text.parse().map_err(|_| wrong(text))).transpose()
}

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (rules=None, ontology=None, model=None, threads=0))]
    fn new(
        py: Python<'_>,
        rules: Option<PathBuf>,
        ontology: Option<PathBuf>,
        model: Option<PathBuf>,
        threads: usize,
    ) -> PyResult<Self> {
        let load = || {
            if let Some(folder) = rules.as_ref().filter(|folder| !folder.is_dir()) {
                return Err(Error::Usage(format!("{}: no such folder of rules", folder.display())));
            }
            let engine = model.as_deref().map_or_else(Language::embedded, Language::load)?;
            Newsgraph::new(&Resources::with_overrides(rules, ontology), engine, threads)
        };
        let loaded = py.detach(load).map_err(|error| raise(py, error))?;
        Ok(Self(Arc::new(loaded)))
    }

    /// Reads articles and builds their graph.
    #[pyo3(signature = (
        parts, date=None, corrections=None, kb=None, min_confidence=None, any_language=false, progress=None
    ))]
    #[allow(clippy::too_many_arguments, reason = "those of the Python function")]
    fn build(
        &self,
        py: Python<'_>,
        parts: Vec<Bound<'_, PyAny>>,
        date: Option<&str>,
        corrections: Option<PathBuf>,
        kb: Option<PathBuf>,
        min_confidence: Option<f32>,
        any_language: bool,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<NativeGraph> {
        let parts = parts.iter().map(Part::of).collect::<PyResult<Vec<Part>>>()?;
        let input = InputOptions { date: day(date)?, any_language, ..InputOptions::default() };
        let newsgraph = &self.0;
        let graph = watch::run(py, progress, |watch| {
            if let Some(file) = &kb {
                // What is missing is told before the texts are read.
                std::fs::File::open(file).map_err(Error::io(file))?;
            }
            let corrections = corrections.as_deref().map(Corrections::read).transpose()?;
            let articles = gather(newsgraph, parts, &input, &watch.stop)?;
            watch.total.store(articles.documents.len(), Ordering::Relaxed);
            let told = &|| {
                watch.done.fetch_add(1, Ordering::Relaxed);
            };
            let default = BuildOptions::default();
            let options = BuildOptions {
                corrections: corrections.unwrap_or_default(),
                kb,
                min_confidence: min_confidence.unwrap_or(default.min_confidence),
                stop: Arc::clone(&watch.stop),
                progress: told,
            };
            newsgraph.build(articles, &options)
        })?;
        Ok(NativeGraph(graph))
    }

    /// Reads articles to rows that are joined later, and says what was left out.
    #[pyo3(signature = (parts, date=None, any_language=false, progress=None))]
    fn readings(
        &self,
        py: Python<'_>,
        parts: Vec<Bound<'_, PyAny>>,
        date: Option<&str>,
        any_language: bool,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<(NativeTable, Vec<String>)> {
        let parts = parts.iter().map(Part::of).collect::<PyResult<Vec<Part>>>()?;
        let input = InputOptions { date: day(date)?, any_language, ..InputOptions::default() };
        let (batches, left_out) = watch::run(py, progress, |watch| {
            let mut all = Batch::default();
            for batch in read_parts(&self.0, parts, &input, &watch.stop)? {
                all.append(batch);
            }
            watch.total.store(all.documents.len(), Ordering::Relaxed);
            let told = &|| {
                watch.done.fetch_add(1, Ordering::Relaxed);
            };
            let rows = self.0.readings(&all, "row#", &watch.stop, told)?;
            let left_out: Vec<String> = all.skipped.iter().map(ToString::to_string).collect();
            Ok((rows, left_out))
        })?;
        Ok((NativeTable(TableSource::Readings(batches)), left_out))
    }

    /// Joins readings that lie in Parquet files.
    #[pyo3(signature = (readings, corrections=None, kb=None, min_confidence=None, progress=None))]
    fn link(
        &self,
        py: Python<'_>,
        readings: Vec<PathBuf>,
        corrections: Option<PathBuf>,
        kb: Option<PathBuf>,
        min_confidence: Option<f32>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<NativeGraph> {
        let graph = watch::run(py, progress, |watch| {
            let corrections = corrections.as_deref().map(Corrections::read).transpose()?;
            let told = &|| {
                watch.done.fetch_add(1, Ordering::Relaxed);
            };
            let default = BuildOptions::default();
            let options = BuildOptions {
                corrections: corrections.unwrap_or_default(),
                kb,
                min_confidence: min_confidence.unwrap_or(default.min_confidence),
                stop: Arc::clone(&watch.stop),
                progress: told,
            };
            self.0.link(&readings, &options)
        })?;
        Ok(NativeGraph(graph))
    }

    /// Sentences and their words.
    fn parse(&self, py: Python<'_>, text: &str) -> Vec<Sentence> {
        py.detach(|| {
            let points = CodePoints::new(text);
            let sentences = self.0.parse(text);
            sentences.iter().map(|it| Sentence::new(text, &points, it)).collect()
        })
    }
}

fn gather(
    newsgraph: &Newsgraph,
    parts: Vec<Part>,
    options: &InputOptions,
    stop: &std::sync::atomic::AtomicBool,
) -> Result<Batch> {
    Ok(input::unify(read_parts(newsgraph, parts, options, stop)?))
}

fn read_parts(
    newsgraph: &Newsgraph,
    parts: Vec<Part>,
    options: &InputOptions,
    stop: &std::sync::atomic::AtomicBool,
) -> Result<Vec<Batch>> {
    let spill = Arc::new(Spill::temporary());
    let mut batches = Vec::new();
    for part in parts {
        match part {
            Part::Paths(paths) => batches.push(newsgraph.articles(&paths, options, stop)?),
            Part::Rows { name, columns, mut rows } => {
                let mut read = ArticleRows::new(&name, &columns)?;
                rows.check(&name, &read.texts())?;
                while let Some(cells) = rows.next(&name, |at| read.is_wanted(at))? {
                    batches.push(read.read(cells, options, &spill));
                    if stop.load(Ordering::Relaxed) {
                        return Err(Error::Interrupted);
                    }
                }
            }
        }
    }
    Ok(batches)
}

/// A graph; `newsgraph.Graph` wraps it.
#[pyclass(frozen, module = "newsgraph._newsgraph")]
pub(crate) struct NativeGraph(pub(crate) Graph);

impl NativeGraph {
    fn id(&self, id: &str) -> PyResult<EntityId> {
        let slug = id.strip_prefix("e:").unwrap_or(id);
        self.0.graph().entities.find(slug).ok_or_else(|| PyKeyError::new_err(id.to_owned()))
    }

    fn options(&self, edges: &str, all: bool, layout: bool, rdf_version: &str) -> Result<Options> {
        let things = if all { Things::All } else { Things::Named };
        let edges: Edges = edges.parse()?;
        let rdf_version: RdfVersion = rdf_version.parse()?;
        let mut options = Options { things, edges, rdf_version, ..self.0.options() };
        if layout {
            options.positions = Some(Arc::new(Positions::shown(self.0.graph(), &options)));
        }
        Ok(options)
    }
}

fn view(view: TableView) -> NativeTable {
    NativeTable(TableSource::View(view))
}

#[pymethods]
impl NativeGraph {
    #[staticmethod]
    #[pyo3(signature = (place, rules=None, ontology=None))]
    fn open(
        py: Python<'_>,
        place: PathBuf,
        rules: Option<PathBuf>,
        ontology: Option<PathBuf>,
    ) -> PyResult<Self> {
        let resources = Resources::with_overrides(rules, ontology);
        watch::run(py, None, |_| Graph::open_with(&place, &resources)).map(Self)
    }

    /// A whole table by its name.
    fn table(&self, name: &str) -> PyResult<NativeTable> {
        Ok(view(self.0.table(named(name)?)))
    }

    /// Documents, statements, entities, relations.
    fn counts(&self) -> PyResult<(usize, usize, usize, usize)> {
        let n = |table| self.0.table(table).n_rows();
        let n = |table| n(table).map_err(|cause| PyValueError::new_err(cause.to_string()));
        let graph = self.0.graph();
        let (n_documents, n_relations) = (graph.documents.len(), graph.graph.edge_count());
        Ok((n_documents, n(Table::Statements)?, n(Table::Entities)?, n_relations))
    }

    fn find(&self, words: &str) -> NativeTable {
        view(self.0.find(words))
    }

    fn timeline(&self, id: &str) -> PyResult<NativeTable> {
        Ok(view(self.0.timeline(self.id(id)?)))
    }

    fn neighbors(&self, id: &str) -> PyResult<NativeTable> {
        Ok(view(self.0.neighbors(self.id(id)?)))
    }

    fn comparisons(&self, id: &str) -> PyResult<NativeTable> {
        Ok(view(self.0.comparisons(self.id(id)?)))
    }

    fn statements_called(&self, id: &str) -> NativeTable {
        view(self.0.statements_called(id))
    }

    fn path(&self, a: &str, b: &str) -> PyResult<Option<NativeTable>> {
        Ok(self.0.path(self.id(a)?, self.id(b)?).map(view))
    }

    /// The part of the graph that passes.
    #[pyo3(signature = (
        since=None, until=None, publisher=Vec::new(), factuality=Vec::new(), min_confidence=0.0,
        classes=Vec::new(), between=Vec::new(), relations=Vec::new(), named=false
    ))]
    #[allow(clippy::too_many_arguments, reason = "those of the Python function")]
    fn select(
        &self,
        py: Python<'_>,
        since: Option<&str>,
        until: Option<&str>,
        publisher: Vec<String>,
        factuality: Vec<String>,
        min_confidence: f32,
        classes: Vec<String>,
        between: Vec<String>,
        relations: Vec<String>,
        named: bool,
    ) -> PyResult<Self> {
        let of = |name: &String| {
            let found = Factuality::ALL.into_iter().find(|it| it.as_str() == name);
            found.ok_or_else(|| {
                let known = Factuality::ALL.map(Factuality::as_str).join(", ");
                PyValueError::new_err(format!("{name:?} is none of {known}"))
            })
        };
        let mut selection = Selection {
            since: day(since)?,
            until: day(until)?,
            publishers: publisher,
            factualities: factuality.iter().map(of).collect::<PyResult<_>>()?,
            confidence: min_confidence,
            named,
            ..Selection::default()
        };
        let ontology = self.0.ontology();
        let mut add = || -> Result<()> {
            classes.iter().try_for_each(|name| selection.class(name, ontology))?;
            between.iter().try_for_each(|name| selection.between(name, ontology))?;
            relations.iter().try_for_each(|name| selection.predicate(name, ontology))
        };
        add().map_err(|error| raise(py, error))?;
        Ok(Self(py.detach(|| self.0.select(&selection))))
    }

    /// The answer as a table, what kind it is, and false if rows were left out.
    fn query(
        &self,
        py: Python<'_>,
        sparql: &str,
        timeout: f64,
        max_rows: usize,
    ) -> PyResult<(NativeTable, &'static str, bool)> {
        let time = Duration::try_from_secs_f64(timeout);
        let time = time.map_err(|cause| PyValueError::new_err(format!("timeout: {cause}")))?;
        let limits = Limits { time, rows: max_rows, ..Limits::default() };
        let results = watch::run(py, None, |_| self.0.query(sparql, limits))?;
        let kind = match results {
            Results::Rows { .. } => "rows",
            Results::Boolean(_) => "answer",
            Results::Graph { .. } => "graph",
        };
        let batch = results.to_batch().map_err(|it| PyValueError::new_err(it.to_string()))?;
        Ok((NativeTable(TableSource::Batch(batch)), kind, results.is_complete()))
    }

    /// The nodes and edges of the graph files.
    fn drawing(
        &self,
        py: Python<'_>,
        edges: &str,
        all: bool,
        layout: bool,
    ) -> PyResult<(NativeTable, NativeTable)> {
        let made = py.detach(|| {
            let options = self.options(edges, all, layout, "1.1")?;
            let failed = |cause: arrow_schema::ArrowError| Error::Usage(cause.to_string());
            let nodes = self.0.nodes(&options).map_err(failed)?;
            Ok((nodes, self.0.edges(&options).map_err(failed)?))
        });
        let (nodes, edges) = made.map_err(|error| raise(py, error))?;
        let table = |batch| NativeTable(TableSource::Batch(batch));
        Ok((table(nodes), table(edges)))
    }

    /// The bytes of one form of the graph.
    fn bytes<'py>(&self, py: Python<'py>, format: &str) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = py.detach(|| self.0.bytes(format.parse()?, &self.0.options()));
        Ok(PyBytes::new(py, &bytes.map_err(|error| raise(py, error))?))
    }

    /// Writes one file, whose suffix gives its form.
    fn write(
        &self,
        py: Python<'_>,
        path: PathBuf,
        edges: &str,
        all: bool,
        layout: bool,
        rdf_version: &str,
    ) -> PyResult<()> {
        let write = || {
            // A wrong suffix is told before the layout is computed.
            Format::of_path(&path)?;
            self.0.write(&path, &self.options(edges, all, layout, rdf_version)?)
        };
        py.detach(write).map_err(|error| raise(py, error))
    }

    /// Writes all files of some forms into a folder.
    #[allow(clippy::too_many_arguments, reason = "those of the Python function")]
    fn save(
        &self,
        py: Python<'_>,
        folder: PathBuf,
        formats: Vec<String>,
        edges: &str,
        all: bool,
        layout: bool,
        rdf_version: &str,
    ) -> PyResult<Vec<PathBuf>> {
        let write = || {
            let formats = formats.iter().map(|it| it.parse()).collect::<Result<Vec<Format>>>()?;
            let options = self.options(edges, all, layout, rdf_version)?;
            self.0.save(Path::new(&folder), &formats, &options)
        };
        py.detach(write).map_err(|error| raise(py, error))
    }

    /// What was left out of the input, one line each.
    fn skipped(&self) -> Vec<String> {
        let notes = self.0.notes();
        let broken =
            notes.broken.iter().map(|id| format!("{id}: internal error; please report it"));
        notes.skipped.iter().map(ToString::to_string).chain(broken).collect()
    }

    /// What was read with a remark, and corrections that do not apply, one line each.
    fn remarks(&self) -> Vec<String> {
        let notes = self.0.notes();
        let unapplied = notes.unapplied.iter().map(|it| {
            format!("{}:{}: {} does not apply: {}", notes.corrections, it.line, it.kind, it.cause)
        });
        notes.warnings.iter().map(ToString::to_string).chain(unapplied).collect()
    }
}
