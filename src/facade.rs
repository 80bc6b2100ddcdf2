//! The library in two types: [`Newsgraph`] reads articles, [`Graph`] is what comes of them, or what was written
//! before.
//!
//! Both put together what the stages give ([`pipeline`]); nothing is decided here.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};

use crate::document::{Document, Sentence};
use crate::entity::{EntityId, Unapplied};
use crate::error::{Error, Result};
use crate::export::tables::{self, Rows, Table};
use crate::export::{self, Format, Mappings, Options, Things, atomic};
use crate::graph::{KnowledgeGraph, MIN_CONFIDENCE, Selection, StatementId};
use crate::input::{self, Batch, InputOptions, Skipped, Warning};
use crate::language::Engine;
use crate::ontology::Ontology;
use crate::pipeline::{self, Pipeline};
use crate::resource::Resources;
use crate::resource::corrections::Corrections;
use crate::resource::gazetteer::Gazetteer;
use crate::resource::kb::Kb;
use crate::shards;
use crate::shelf::Shelf;
use crate::spill::Spill;
use crate::statement::Reading;
use crate::store::{GraphSource, Limits, Reopened, Results, Store, reopen};

/// Model, rules, ontology and gazetteer, loaded once, with threads to read in.
pub struct Newsgraph {
    pipeline: Pipeline,
    world: Arc<World>,
    threads: rayon::ThreadPool,
}

/// How a graph is built.
#[derive(Clone)]
pub struct BuildOptions<'b> {
    /// Decisions of the user on who is who.
    pub corrections: Corrections,
    /// The user's own knowledge base to link to.
    pub kb: Option<PathBuf>,
    /// Less sure statements are left out.
    pub min_confidence: f32,
    /// Once it is set, the work ends with [`Error::Interrupted`].
    pub stop: Arc<AtomicBool>,
    /// Called after each document.
    pub progress: &'b (dyn Fn() + Sync),
}

impl Default for BuildOptions<'_> {
    fn default() -> Self {
        Self {
            corrections: Corrections::default(),
            kb: None,
            min_confidence: MIN_CONFIDENCE,
            stop: Arc::default(),
            progress: &|| (),
        }
    }
}

impl Newsgraph {
    /// With all that is built in.
    ///
    /// # Errors
    /// [`Error::Model`] when the processor cannot run it.
    pub fn embedded() -> Result<Self> {
        Self::new(&Resources::embedded(), Engine::embedded()?, 0)
    }

    /// With the user's own rules, ontology or model, and so many threads; 0 are as many as there are processors.
    ///
    /// # Errors
    /// [`Error::Ontology`], [`Error::Rule`], [`Error::Io`]: what is wrong in which file.
    pub fn new(resources: &Resources, engine: Engine, threads: usize) -> Result<Self> {
        let pipeline = Pipeline::load(resources, engine)?;
        let world = Arc::new(World {
            ontology: pipeline.ontology().clone(),
            gazetteer: Arc::clone(pipeline.gazetteer()),
            mappings: Arc::clone(pipeline.mappings()),
        });
        Ok(Self { pipeline, world, threads: pipeline::threads(threads)? })
    }

    /// The stages.
    pub fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    /// Sentences with words, tags, lemmas, trees and names.
    pub fn parse(&self, text: &str) -> Vec<Sentence> {
        self.threads.install(|| self.pipeline.engine().parse(text))
    }

    /// Reads one document: its mentions, clusters and statements.
    pub fn read(&self, document: Document) -> Reading {
        self.threads.install(|| self.pipeline.read(document))
    }

    /// Reads the articles in files, folders and patterns.
    ///
    /// # Errors
    /// [`Error::Interrupted`] soon after `stop` is set.
    pub fn articles(
        &self,
        inputs: &[String],
        options: &InputOptions,
        stop: &AtomicBool,
    ) -> Result<Batch> {
        let spill = Arc::new(Spill::temporary());
        let read = || {
            let found = input::discover(inputs, options);
            input::read_found(found, options, &spill, stop, &|| ())
        };
        self.threads.install(read).ok_or(Error::Interrupted)
    }

    /// Builds the graph of some articles.
    ///
    /// # Errors
    /// [`Error::Input`] when there is no article, [`Error::Rule`] for corrections that name no class of the ontology,
    /// [`Error::Io`], [`Error::Interrupted`].
    pub fn build(&self, articles: Batch, options: &BuildOptions<'_>) -> Result<Graph> {
        if articles.documents.is_empty() {
            let why =
                articles.skipped.first().map_or("nothing was given".into(), Skipped::to_string);
            return Err(Error::input("<articles>", format!("no article could be read; {why}")));
        }
        self.threads.install(|| self.build_here(articles, options))
    }

    fn build_here(&self, articles: Batch, options: &BuildOptions<'_>) -> Result<Graph> {
        let pipeline = &self.pipeline;
        options.corrections.check_classes(&self.world.ontology)?;
        let check =
            |articles: &Batch| articles.documents.check().map_err(Error::io("<texts put aside>"));
        check(&articles)?;
        let shelf = Shelf::temporary()?.stopped_by(Arc::clone(&options.stop));
        let progress = |_| (options.progress)();
        let documents = articles.documents.iter();
        let readings = pipeline.read_all(documents, shelf, &options.stop, &progress)?;
        check(&articles)?;
        let kb = match &options.kb {
            Some(file) => Some(Kb::read(file, &pipeline.names(&readings.shelf)?)?),
            None => None,
        };
        let notes = Notes {
            skipped: articles.skipped,
            warnings: articles.warnings,
            broken: readings.broken,
            ..Notes::default()
        };
        self.join(&readings.shelf, kb.as_ref(), options, notes)
    }

    /// Joins readings that other machines made, or other engines: all Parquet files below these places. The graph is that
    /// of a build of all their articles at once.
    ///
    /// # Errors
    /// As [`shards::gather`] and [`Newsgraph::build`].
    pub fn link(&self, readings: &[PathBuf], options: &BuildOptions<'_>) -> Result<Graph> {
        self.threads.install(|| {
            options.corrections.check_classes(&self.world.ontology)?;
            let (expected, folder) = (self.pipeline.expected(), std::env::temp_dir());
            let progress = options.progress;
            let gathered =
                shards::gather(readings, &expected, &folder, &options.stop, &|| progress())?;
            let kb = match &options.kb {
                Some(file) => Some(Kb::read(file, &self.pipeline.names(&gathered.shelf)?)?),
                None => None,
            };
            let notes = Notes {
                skipped: gathered.notes.shares.skipped,
                warnings: gathered.notes.shares.warnings,
                broken: gathered.notes.broken,
                ..Notes::default()
            };
            self.join(&gathered.shelf, kb.as_ref(), options, notes)
        })
    }

    /// Readings of articles as batches of rows (see [`shards::schema`]), in the order of the articles; what
    /// [`Newsgraph::link`] joins once they are written. An article whose id begins with `unnamed` is called after its text.
    ///
    /// # Errors
    /// [`Error::Interrupted`] soon after `stop` is set, [`Error::Io`] when texts cannot be read back.
    pub fn readings(
        &self,
        articles: &Batch,
        unnamed: &str,
        stop: &AtomicBool,
        progress: &(dyn Fn() + Sync),
    ) -> Result<Vec<RecordBatch>> {
        let documents = articles.documents.iter().map(|mut document| {
            if document.id.starts_with(unnamed) {
                document.id = format!("text:{}", &shards::key(&document.text)[..16]);
            }
            document
        });
        let read = || self.pipeline.read_rows(documents, stop, progress);
        let rows = self.threads.install(read)?;
        articles.documents.check().map_err(Error::io("<texts put aside>"))?;
        let batches = rows.chunks(shards::ROWS).map(shards::batch);
        let batches = batches.collect::<Result<_, ArrowError>>();
        batches.map_err(|cause| Error::input("<readings>", cause.to_string()))
    }

    /// From readings to the graph.
    fn join(
        &self,
        readings: &Shelf,
        kb: Option<&Kb>,
        options: &BuildOptions<'_>,
        notes: Notes,
    ) -> Result<Graph> {
        let (pipeline, world) = (&self.pipeline, Arc::clone(&self.world));
        let (resolution, graph) = pipeline.resolve_corrected(readings, &options.corrections, kb)?;
        let selection = Selection { confidence: options.min_confidence, ..Selection::default() };
        let graph = graph.select(&selection, &world.ontology);
        if options.stop.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        let mut graph = Graph::new(graph, world, Some(pipeline.engine().identity()));
        graph.notes = Arc::new(Notes {
            corrections: options.corrections.file.clone(),
            unapplied: resolution.unapplied,
            ..notes
        });
        Ok(graph)
    }
}

/// What a graph is read and written with.
struct World {
    ontology: Ontology,
    gazetteer: Arc<Gazetteer>,
    mappings: Arc<Mappings>,
}

impl World {
    fn load(resources: &Resources) -> Result<Self> {
        let ontology = resources.ontology()?;
        let gazetteer = Arc::new(Gazetteer::load(resources, &ontology)?);
        let mappings = Arc::new(Mappings::load(resources, &ontology)?);
        Ok(Self { ontology, gazetteer, mappings })
    }
}

/// What became of the input, besides the graph.
#[derive(Debug, Default)]
pub struct Notes {
    /// What was left out.
    pub skipped: Vec<Skipped>,
    /// What was read with a remark.
    pub warnings: Vec<Warning>,
    /// Ids of documents that broke a stage: bugs of ours.
    pub broken: Vec<String>,
    /// The file of corrections.
    pub corrections: String,
    /// Corrections that do not apply.
    pub unapplied: Vec<Unapplied>,
}

/// A graph, built or read from a file: tables, questions, files. Cheap to clone.
#[derive(Clone)]
pub struct Graph {
    graph: Arc<KnowledgeGraph>,
    world: Arc<World>,
    model: Option<String>,
    notes: Arc<Notes>,
    store: Arc<OnceLock<Store>>,
}

impl Graph {
    fn new(graph: KnowledgeGraph, world: Arc<World>, model: Option<String>) -> Self {
        let (notes, store) = Default::default();
        Self { graph: Arc::new(graph), world, model, notes, store }
    }

    /// Opens a graph that was written as RDF: a file, or the folder that it lies in.
    ///
    /// # Errors
    /// [`Error::Usage`] when there is none, or it is no graph of ours, [`Error::Input`] with the line when the file
    /// is broken, [`Error::Io`].
    pub fn open(place: &Path) -> Result<Self> {
        Self::open_with(place, &Resources::embedded())
    }

    /// As [`Graph::open`], of a graph that was built with the user's own ontology.
    ///
    /// # Errors
    /// As [`Graph::open`].
    pub fn open_with(place: &Path, resources: &Resources) -> Result<Self> {
        let path = match GraphSource::new(None, place)? {
            GraphSource::File(path) => path,
            GraphSource::Disk(folder) => {
                let cause = "a graph stored on disk, expected graph.ttl or another form of RDF";
                return Err(Error::Usage(format!("{}: {cause}", folder.display())));
            }
        };
        let world = World::load(resources)?;
        let Reopened { graph, model } = reopen(&path, &world.ontology)?;
        Ok(Self::new(graph, Arc::new(world), model))
    }

    /// The graph itself.
    pub fn graph(&self) -> &KnowledgeGraph {
        &self.graph
    }

    /// Its classes and relations.
    pub fn ontology(&self) -> &Ontology {
        &self.world.ontology
    }

    /// What became of the input.
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// The part of a graph that passes.
    #[must_use]
    pub fn select(&self, selection: &Selection) -> Self {
        let graph = KnowledgeGraph::clone(&self.graph).select(selection, &self.world.ontology);
        Self {
            notes: Arc::clone(&self.notes),
            ..Self::new(graph, Arc::clone(&self.world), self.model.clone())
        }
    }

    /// A whole table.
    pub fn table(&self, table: Table) -> TableView {
        self.view(table, Rows::all(&self.graph, &self.world.ontology, table))
    }

    /// The things that are called so, see [`KnowledgeGraph::find`].
    pub fn find(&self, words: &str) -> TableView {
        let found = self.graph.find(words);
        self.view(Table::Entities, Rows::of_entities(&self.graph, found))
    }

    /// The statements about a thing, in the order of days.
    pub fn timeline(&self, id: EntityId) -> TableView {
        let statements = self.graph.timeline(id);
        self.view(Table::Statements, Rows::Statements(statements, Some(id)))
    }

    /// The things that statements join to one.
    pub fn neighbors(&self, id: EntityId) -> TableView {
        self.view(Table::Neighbors, Rows::Neighbors(self.graph.neighbors(id)))
    }

    /// The relations of a shortest way from one thing to another.
    pub fn path(&self, from: EntityId, to: EntityId) -> Option<TableView> {
        let path = self.graph.path(from, to)?;
        let rows = Rows::all(&self.graph, &self.world.ontology, Table::Relations);
        let Rows::Relations(all) = rows else { return None };
        let of = |edge: &petgraph::graph::EdgeIndex| {
            all.iter().find(|(_, at)| *at == edge.index()).cloned()
        };
        let relations = path.iter().filter_map(of).collect();
        Some(self.view(Table::Relations, Rows::Relations(relations)))
    }

    /// How the names of a thing were compared.
    pub fn comparisons(&self, id: EntityId) -> TableView {
        let all = self.graph.comparisons.iter().enumerate();
        let own = all.filter(|(_, it)| [it.comparison.left, it.comparison.right].contains(&id));
        self.view(Table::Comparisons, Rows::Comparisons(own.map(|(at, _)| at).collect()))
    }

    /// The statements whose id begins so: `st:3f9a`.
    pub fn statements_called(&self, id: &str) -> TableView {
        let id = id.trim().trim_start_matches("st:").split('.').next().unwrap_or_default();
        let keys = (0..).map(StatementId).zip(&self.graph.keys);
        let own = keys.filter(|(_, key)| {
            key.attribute.is_none() && !id.is_empty() && format!("{:016x}", key.id).starts_with(id)
        });
        self.view(Table::Statements, Rows::Statements(own.map(|(id, _)| id).collect(), None))
    }

    fn view(&self, table: Table, rows: Rows) -> TableView {
        let (graph, world) = (Arc::clone(&self.graph), Arc::clone(&self.world));
        TableView { graph, world, table, rows: Arc::new(rows) }
    }

    /// Answers a SPARQL query. The prefixes of the project need not be declared.
    ///
    /// # Errors
    /// As [`Store::query`].
    pub fn query(&self, sparql: &str, limits: Limits) -> Result<Results> {
        let store = match self.store.get() {
            Some(store) => store,
            None => {
                let store = Store::from_graph(&self.graph, &self.world.ontology, &self.options())?;
                self.store.get_or_init(|| store)
            }
        };
        store.query(sparql, limits)
    }

    /// How the program writes a graph unless it is told otherwise.
    pub fn options(&self) -> Options {
        Options {
            model: self.model.clone(),
            things: Things::Named,
            gazetteer: Some(Arc::clone(&self.world.gazetteer)),
            mappings: Arc::clone(&self.world.mappings),
            ..Options::default()
        }
    }

    /// The nodes of the graph files, with their attributes.
    ///
    /// # Errors
    /// That of the graph, when words cannot be read back.
    pub fn nodes(&self, options: &Options) -> Result<RecordBatch, ArrowError> {
        tables::nodes(&self.graph, &self.world.ontology, options)
    }

    /// The edges of the graph files, with their attributes.
    ///
    /// # Errors
    /// That of the graph, when words cannot be read back.
    pub fn edges(&self, options: &Options) -> Result<RecordBatch, ArrowError> {
        tables::edges(&self.graph, &self.world.ontology, options)
    }

    /// The bytes of one form.
    ///
    /// # Errors
    /// [`Error::Io`] when words cannot be read back.
    pub fn bytes(&self, format: Format, options: &Options) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        let written = export::write(&self.graph, &self.world.ontology, options, format, &mut out);
        written.map_err(Error::io("<graph>"))?;
        Ok(out)
    }

    /// Writes one file, whose suffix gives its form: that of a `graph` file, as `.ttl` or `.graphml`.
    ///
    /// # Errors
    /// [`Error::Usage`] for another suffix, [`Error::Io`].
    pub fn write(&self, path: &Path, options: &Options) -> Result<()> {
        let format = Format::of_path(path)?;
        atomic::write_file(path, |out| {
            export::write(&self.graph, &self.world.ontology, options, format, out)
        })
    }

    /// Writes all files of some forms into a folder, which is made if it is missing.
    ///
    /// # Errors
    /// [`Error::Io`] with the path that cannot be written.
    pub fn save(
        &self,
        folder: &Path,
        formats: &[Format],
        options: &Options,
    ) -> Result<Vec<PathBuf>> {
        std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
        let _lock = atomic::lock_folder(folder)?;
        export::write_folder(&self.graph, &self.world.ontology, options, formats, folder)
    }
}

/// Some rows of a table, read batch by batch.
#[derive(Clone)]
pub struct TableView {
    graph: Arc<KnowledgeGraph>,
    world: Arc<World>,
    table: Table,
    rows: Arc<Rows>,
}

impl TableView {
    /// Which table it is.
    pub fn table(&self) -> Table {
        self.table
    }

    /// The rows by their ids in the graph.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// That of the graph: claims are counted by reading them.
    pub fn n_rows(&self) -> Result<usize, ArrowError> {
        match self.table {
            Table::Claims => self.reader().map(|batch| Ok(batch?.num_rows())).sum(),
            _ => Ok(self.rows.n_statements(&self.graph)),
        }
    }

    /// The rows as record batches of Arrow, made when they are asked for.
    pub fn reader(&self) -> TableReader {
        TableReader { parts: self.rows.parts(&self.graph).into_iter(), view: self.clone() }
    }
}

/// Gives the batches of a [`TableView`].
pub struct TableReader {
    view: TableView,
    parts: std::vec::IntoIter<std::ops::Range<usize>>,
}

impl Iterator for TableReader {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let part = self.parts.next()?;
        let TableView { graph, world, table, rows } = &self.view;
        Some(tables::batch(graph, &world.ontology, *table, rows, part))
    }
}

impl RecordBatchReader for TableReader {
    fn schema(&self) -> SchemaRef {
        self.view.table.schema()
    }
}
