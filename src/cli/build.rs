//! `newsgraph build`: articles in, graph files out.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use jiff::civil::Date;

use super::report::{Report, Told};
use super::{Environment, InputArgs, Outcome, inputs, progress, terminal};
use crate::entity::{EntityId, Unapplied};
use crate::error::{Error, Result};
use crate::export::layout::Positions;
use crate::export::{self, Assert, Edges, Format, RdfVersion, Things, atomic};
use crate::files;
use crate::graph::{KnowledgeGraph, MIN_CONFIDENCE, Selection};
use crate::input::Batch;
use crate::ontology::Ontology;
use crate::pipeline::{self, Pipeline};
use crate::resource::corrections::{self, Corrections};
use crate::resource::kb::Kb;
use crate::shelf::Shelf;
use crate::statement::Factuality;
use crate::store::StoreBuilder;

#[derive(Args)]
#[command(after_help = "Examples:
  newsgraph build articles/
  newsgraph build a.txt b.html news.jsonl.gz -o graph --format ttl,graphml,jsonl
  newsgraph build 'archive/**/*.html' --date 2025-03-06 -j 2
  cat article.txt | newsgraph build - -o graph
  newsgraph build archive/ --store archive.store   then newsgraph serve --store archive.store")]
pub(super) struct BuildArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    graph: GraphArgs,
    /// Decisions to follow; without it newsgraph.corrections.toml in the output folder, if there.
    #[arg(long, value_name = "FILE")]
    corrections: Option<PathBuf>,
    /// Your own knowledge base to link to: .csv, .tsv (id, label, aliases, class, description) or RDF.
    #[arg(long, value_name = "FILE")]
    kb: Option<PathBuf>,
    /// Write nothing if any input had to be left out, be it a single line of a file.
    #[arg(long)]
    strict: bool,
    /// Megabytes of memory that the build may take. It uses fewer threads and reads less at a time; a
    /// text that asks for more than a quarter of them is cut, a file that cannot be held is left out,
    /// both with a warning (exit code 3, report.json). A build whose graph needs more all the same gives
    /// up; what was read until then need not be read again.
    #[cfg(target_os = "linux")]
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u32).range(64..))]
    max_memory: Option<u32>,
}

/// How a graph is written.
#[derive(Args)]
pub(super) struct GraphArgs {
    /// Folder to write into; made if it does not exist.
    #[arg(short, long, value_name = "DIR", default_value = "out", visible_alias = "out")]
    pub(super) output: PathBuf,
    /// What to write, in any number and with commas between them.
    #[arg(long, value_name = "FORMATS", value_delimiter = ',', default_value = "ttl,graphml",
        value_parser = formats())]
    format: Vec<Format>,
    /// Which statements become plain triples: factual (own voice, positive), attributed (also
    /// claims of sources), all, none.
    #[arg(long, value_name = "POLICY", default_value = "factual")]
    assert: Assert,
    /// How RDF speaks of a statement: 1.1 (rdf:Statement, for every tool) or 1.2 (reified triples).
    #[arg(long, value_name = "VERSION", default_value = "1.1")]
    rdf_version: RdfVersion,
    /// Edges of GraphML, GEXF, CSV and other tables: statement (one each), relation (one a relation) or
    /// aggregated (one from one thing to another).
    #[arg(long, value_name = "KIND", default_value = "statement")]
    edges: Edges,
    /// Show all things where a graph is looked at: graphml, gexf, dot, svg, cyjs, ftm, timeline, stix,
    /// vault, i2. Without it they show things with a name, what joins two of them, and at each what else it
    /// is said to do.
    #[arg(long, conflicts_with = "named")]
    all: bool,
    /// Compute where nodes lie (ForceAtlas2), so that graphml, gexf, dot and cyjs open as a picture.
    #[arg(long)]
    layout: bool,
    /// Keep to the schema of GraphML, which has no place for the kind of an edge that Gephi reads.
    #[arg(long)]
    strict_graphml: bool,
    /// Also store the graph on disk, in a folder that query, explain, stats and serve read with
    /// --store without loading it.
    #[arg(long, value_name = "DIR")]
    store: Option<PathBuf>,
    #[command(flatten)]
    select: SelectArgs,
}

/// Which statements are written.
#[derive(Args)]
struct SelectArgs {
    /// Only what is not over before this day (of the event, else of the article).
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::parse_date)]
    since: Option<Date>,
    /// Only what has begun by this day.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::parse_date)]
    until: Option<Date>,
    /// Only what is said of things of these classes: Person,Company
    #[arg(long, value_name = "CLASSES", value_delimiter = ',')]
    class: Vec<String>,
    /// Only what joins things of these classes, on both sides: Person,Organization
    #[arg(long, value_name = "CLASSES", value_delimiter = ',')]
    between: Vec<String>,
    /// Only what is said of things with a name, about others with a name or about nothing else.
    #[arg(long)]
    named: bool,
    /// Only these relations and those below them: visited,metWith,open:hold-talks-with
    #[arg(long, value_name = "RELATIONS", value_delimiter = ',')]
    predicate: Vec<String>,
    /// Only what is at least so sure, between 0 and 1; 0 writes all that was read.
    #[arg(long, value_name = "NUMBER", default_value_t = MIN_CONFIDENCE, value_parser = parse_share)]
    min_confidence: f32,
    /// Only asserted, claimed, planned, possible, hypothetical, denied.
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = parse_factuality)]
    factuality: Vec<Factuality>,
}

fn parse_share(text: &str) -> std::result::Result<f32, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| format!("{text:?} is no number between 0 and 1"))
}

impl SelectArgs {
    fn selection(&self, ontology: &Ontology) -> Result<Selection> {
        let mut selection = Selection {
            since: self.since,
            until: self.until,
            confidence: self.min_confidence,
            factualities: self.factuality.clone(),
            named: self.named,
            ..Selection::default()
        };
        self.class.iter().try_for_each(|name| selection.class(name, ontology))?;
        self.between.iter().try_for_each(|name| selection.between(name, ontology))?;
        self.predicate.iter().try_for_each(|name| selection.predicate(name, ontology))?;
        Ok(selection)
    }
}

/// The forms of output by their names, each with what it is.
fn formats() -> impl TypedValueParser<Value = Format> {
    let value = |format: &Format| PossibleValue::new(format.as_str()).help(format.about());
    PossibleValuesParser::new(Format::ALL.iter().map(value)).try_map(|name| name.parse::<Format>())
}

fn parse_factuality(text: &str) -> std::result::Result<Factuality, String> {
    let found = Factuality::ALL.into_iter().find(|it| it.as_str() == text);
    found.ok_or_else(|| {
        let names = Factuality::ALL.map(Factuality::as_str);
        format!("{text:?} is none of {}", names.join(", "))
    })
}

pub(super) fn run(args: &BuildArgs, environment: &Environment) -> Result<Outcome> {
    let start = Instant::now();
    args.graph.check()?;
    #[cfg(target_os = "linux")]
    limit_memory(args.max_memory)?;
    #[cfg(target_os = "linux")]
    let memory = args.max_memory.map(Memory::of);
    #[cfg(not(target_os = "linux"))]
    let memory: Option<Memory> = None;
    let _lock = prepare(&args.graph.output)?;
    let store = args.graph.store()?;
    if let Some(file) = &args.kb {
        // What is missing is reported before the texts are read.
        File::open(file).map_err(Error::io(file))?;
    }
    let mut pipeline = args.input.pipeline.load(environment)?;
    if let Some(corrections) = corrections(args)? {
        pipeline.correct(corrections)?;
    }
    if let Some(memory) = memory {
        pipeline.keep_within(memory.reading);
    }
    let selection = args.graph.select.selection(pipeline.ontology())?;
    let threads = args.input.pipeline.threads;
    let threads = memory.map_or(threads, |memory| memory.threads(threads));
    args.input.pipeline.in_pool_of(threads, || {
        let reading = memory.map(|memory| memory.reading);
        let batch = inputs::read_within(&args.input, reading, &args.graph.output, environment)?;
        let outcome = inputs::outcome(&batch);
        if matches!(outcome, Outcome::Failed | Outcome::NothingFound) {
            environment.warn("no article could be read; nothing was written");
            return Ok(outcome);
        }
        if args.strict && batch.skipped.iter().any(|skipped| !skipped.foreign) {
            environment.warn("--strict: some input was left out; nothing was written");
            return Ok(Outcome::Failed);
        }
        build(args, environment, (&pipeline, &selection), batch, (outcome, store), start)
    })
}

fn build(
    args: &BuildArgs,
    environment: &Environment,
    (pipeline, selection): (&Pipeline, &Selection),
    batch: Batch,
    (mut outcome, store): (Outcome, Option<StoreBuilder>),
    start: Instant,
) -> Result<Outcome> {
    let bar = progress::bar(environment, batch.documents.len(), "documents");
    let path = args.graph.output.join(READINGS);
    let shelf = Shelf::open(&path, pipeline.basis(program()?))?;
    let shelf = shelf.stopped_by(Arc::clone(&environment.stop));
    let documents = batch.documents.iter();
    let readings = pipeline.read_all(documents, shelf, &environment.stop, &|_| bar.inc(1))?;
    inputs::check(&batch)?;
    bar.finish_and_clear();
    for id in &readings.broken {
        environment.warn(format_args!("{id}: internal error, left out; please report it"));
        outcome = Outcome::Partial;
    }
    let read = start.elapsed();
    let kb = match &args.kb {
        Some(file) => Some(Kb::read(file, &pipeline.names(&readings.shelf)?)?),
        None => None,
    };
    let (resolution, graph) = pipeline.resolve_and_link(&readings.shelf, kb.as_ref())?;
    warn_unapplied(&resolution.unapplied, &pipeline.corrections().file, environment);
    let told = Told {
        documents: readings.shelf.len(),
        undated: batch.documents.n_undated(),
        other_languages: batch.other_languages,
        sentences: readings.n_sentences,
        left_out: batch.skipped,
        warnings: batch.warnings,
        broken: readings.broken,
        n_corrections: pipeline.corrections().list.len(),
        unapplied: resolution.unapplied,
    };
    let graph = graph.select(selection, pipeline.ontology());
    args.graph.write(pipeline, &graph, environment, told, store, (read, start))?;
    tidy(&readings.shelf, &path)?;
    Ok(outcome)
}

/// Says which corrections could not be followed.
pub(super) fn warn_unapplied(unapplied: &[Unapplied], file: &str, environment: &Environment) {
    for Unapplied { line, kind, cause } in unapplied {
        environment.warn(format_args!("{file}:{line}: {kind} does not apply: {cause}"));
    }
}

impl GraphArgs {
    /// Fails where two options do not go together.
    pub(super) fn check(&self) -> Result<()> {
        if self.rdf_version == RdfVersion::V12 && self.format.contains(&Format::JsonLd) {
            let cause = "JSON-LD has no way yet to tell it; leave jsonld out";
            return Err(Error::Usage(format!("--rdf-version 1.2: {cause}")));
        }
        Ok(())
    }

    /// The store on disk, if one is wanted.
    pub(super) fn store(&self) -> Result<Option<StoreBuilder>> {
        self.store.as_deref().map(StoreBuilder::new).transpose()
    }

    /// Which statements are written.
    pub(super) fn selection(&self, ontology: &Ontology) -> Result<Selection> {
        self.select.selection(ontology)
    }

    /// Writes the files of a graph, the store and the report, and says what was written. `times` is how long reading
    /// the texts took, and when it all began.
    pub(super) fn write(
        &self,
        pipeline: &Pipeline,
        graph: &KnowledgeGraph,
        environment: &Environment,
        told: Told,
        store: Option<StoreBuilder>,
        times: (Duration, Instant),
    ) -> Result<()> {
        if environment.stopped() {
            return Err(Error::Interrupted);
        }
        let mut options = export::Options {
            assert: self.assert,
            edges: self.edges,
            rdf_version: self.rdf_version,
            strict_graphml: self.strict_graphml,
            model: Some(pipeline.engine().identity()),
            things: if self.all { Things::All } else { Things::Named },
            gazetteer: Some(Arc::clone(pipeline.gazetteer())),
            mappings: Arc::clone(pipeline.mappings()),
            stop: Arc::clone(&environment.stop),
            ..export::Options::default()
        };
        if self.layout {
            options.positions = Some(Arc::new(Positions::shown(graph, &options)));
        }
        let files = self.write_files(graph, pipeline.ontology(), &options, environment)?;
        if let Some(store) = store {
            let stored = store.finish(graph, pipeline.ontology(), &options);
            if environment.stopped() {
                return Err(Error::Interrupted);
            }
            stored?;
        }
        let report = Report::new(pipeline.engine().identity(), told, graph, files);
        let path = self.output.join("report.json");
        atomic::write_file(&path, |out| report.write(out))?;
        if environment.quiet == 0 {
            let (read, start) = times;
            summary(graph, pipeline.ontology(), &report, &self.output, (read, start.elapsed()));
        }
        Ok(())
    }

    fn write_files(
        &self,
        graph: &KnowledgeGraph,
        ontology: &Ontology,
        options: &export::Options,
        environment: &Environment,
    ) -> Result<Vec<String>> {
        let mut formats = self.format.clone();
        formats.sort_unstable();
        formats.dedup();
        let paths = export::write_folder(graph, ontology, options, &formats, &self.output);
        if environment.stopped() {
            return Err(Error::Interrupted);
        }
        let name = |path: PathBuf| {
            let name = path.strip_prefix(&self.output).unwrap_or(&path);
            name.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
        };
        Ok(paths?.into_iter().map(name).collect())
    }
}

/// The file of readings in the output folder.
const READINGS: &str = ".newsgraph.readings";

/// A digest of this program: another one may read the same text otherwise.
pub(super) fn program() -> Result<blake3::Hash> {
    let path = std::env::current_exe().map_err(Error::io("<program>"))?;
    let mut hasher = blake3::Hasher::new();
    File::open(&path)
        .and_then(|file| hasher.update_reader(file).map(|_| ()))
        .map_err(Error::io(&path))?;
    Ok(hasher.finalize())
}

/// Forgets the readings of texts that are no longer there, once they are more than the others.
fn tidy(readings: &Shelf, path: &Path) -> Result<()> {
    let (unused, used) = readings.sizes();
    if unused > used { atomic::write_file(path, |out| readings.write_used(out)) } else { Ok(()) }
}

/// The decisions to follow: the file that was named, else the one beside the output.
fn corrections(args: &BuildArgs) -> Result<Option<Corrections>> {
    let beside = args.graph.output.join(corrections::FILE_NAME);
    match &args.corrections {
        Some(file) => Corrections::read(file).map(Some),
        None if beside.is_file() => Corrections::read(&beside).map(Some),
        None => Ok(None),
    }
}

/// Makes the folder and makes sure that it can be written, before any work is done. What a build
/// that was killed left half-written is removed. The lock goes away with the process.
pub(super) fn prepare(folder: &Path) -> Result<File> {
    if folder.exists() && !folder.is_dir() {
        return Err(Error::Usage(format!("{}: a file, expected a folder", folder.display())));
    }
    fs::create_dir_all(folder).map_err(Error::io(folder))?;
    let lock = atomic::lock_folder(folder)?;
    atomic::sweep(folder)?;
    let readings = folder.join(READINGS);
    if fs::symlink_metadata(&readings).is_ok() {
        files::open_own(&readings)?;
    }
    Ok(lock)
}

/// Lets the system refuse more memory than this; the program then ends with a message.
#[cfg(target_os = "linux")]
fn limit_memory(megabytes: Option<u32>) -> Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Some(megabytes) = megabytes else { return Ok(()) };
    let maximum = getrlimit(Resource::Data).maximum;
    let current = u64::from(megabytes) << 20;
    let limit = Rlimit { current: Some(maximum.map_or(current, |it| it.min(current))), maximum };
    let usage = |cause| Error::Usage(format!("--max-memory {megabytes}: {cause}"));
    setrlimit(Resource::Data, limit).map_err(usage)
}

/// How the memory that a build may take is shared. What is cut depends on it alone, not on the threads
/// or on what is free, so that the same input gives the same bytes.
#[derive(Clone, Copy)]
struct Memory {
    /// What reading may take at a time: a quarter. The graph and the program have the rest.
    reading: usize,
    /// Another quarter is for the stacks of the threads.
    threads: usize,
}

impl Memory {
    fn of(megabytes: u32) -> Self {
        let quarter = ((megabytes as usize) << 20) / 4;
        Self { reading: quarter, threads: (quarter / pipeline::STACK).max(1) }
    }

    /// No more threads than there is memory for.
    fn threads(self, wanted: usize) -> usize {
        let all = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.min(if wanted == 0 { all() } else { wanted })
    }
}

fn summary(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    report: &Report,
    folder: &Path,
    (read, total): (Duration, Duration),
) {
    let bold = anstyle::Style::new().bold();
    let dim = anstyle::Style::new().dimmed();
    tell!(
        "{bold}{} documents{bold:#}, {} sentences, {} statements, {} entities",
        report.documents,
        report.sentences,
        report.statements,
        report.entities,
    );
    if report.undated > 0 {
        tell!(
            "{} of them have no date, so that their times stay open: name a day with --date, a column \
             or a line of the text",
            report.undated
        );
    }
    if report.other_languages > 0 {
        let n = report.other_languages;
        tell!("{n} articles are not in English and were left out (--any-language reads them)");
    }
    let connected = most_connected(graph);
    if !connected.is_empty() {
        tell!("\nmost connected");
    }
    for (degree, index) in connected {
        let entity = graph.entities.get(EntityId(index as u32));
        let class = &ontology[entity.class].label;
        let (label, class) = (terminal::value(&entity.label), terminal::value(class));
        tell!("  {degree:>5}  {label}  {dim}{class}{dim:#}");
    }
    tell!("\nwritten");
    for file in &report.files {
        tell!("  {}", terminal::message(&folder.join(file).display().to_string()));
    }
    let reading = match read.as_secs_f64() {
        0.0 => String::new(),
        read => format!(", {read:.1} s of it reading the texts"),
    };
    tell!("\n{:.1} s{reading}", total.as_secs_f64());
}

/// The ten named entities with the most statements, with their number, most first.
fn most_connected(graph: &KnowledgeGraph) -> Vec<(usize, usize)> {
    let mut degrees: Vec<(usize, usize)> = graph
        .nodes
        .iter()
        .enumerate()
        .filter(|(index, _)| graph.entities.is_named(EntityId(*index as u32)))
        .filter_map(|(index, node)| {
            let node = (*node)?;
            let degree = graph.graph.edges_directed(node, petgraph::Outgoing).count()
                + graph.graph.edges_directed(node, petgraph::Incoming).count();
            Some((degree, index))
        })
        .collect();
    degrees.sort_by_key(|&(degree, index)| (std::cmp::Reverse(degree), index));
    degrees.truncate(10);
    degrees
}
