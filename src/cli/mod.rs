//! The command line: arguments, messages, exit codes.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 done, all read;
//! 1 nothing found; 2 wrong use, or nothing could be read or written; 3 done, but a file was left
//! out (lines that are no articles are warnings); 128 and the number of the signal that ended it.

/// A message to standard error; one that cannot be written is no reason to stop.
macro_rules! tell {
    ($($message:tt)*) => {{
        use std::io::Write as _;
        writeln!(anstream::stderr(), $($message)*).ok();
    }};
}

mod annotate;
mod build;
mod inputs;
mod ontology;
mod progress;
mod query;
mod report;
mod review;
#[cfg(unix)]
mod serve;
mod shards;
mod stats;
mod terminal;
mod validate;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use clap::{Args, CommandFactory, Parser, Subcommand};
use jiff::civil::Date;

use crate::error::{Error, Result};
use crate::language::Engine;
use crate::pipeline::{self, Pipeline};
use crate::resource::Resources;
use crate::resource::lexicon::Lexicon;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    NothingFound,
    /// Done, but some input was left out.
    Partial,
    /// Nothing could be read.
    Failed,
}

#[derive(Parser)]
#[command(
    name = "newsgraph",
    disable_version_flag = true,
    arg_required_else_help = true,
    about = "News text in, knowledge graph out: who did what to whom, when, where, and who says so.",
    after_help = "Examples:
  newsgraph build articles/                     graph.ttl and graph.graphml in out/
  newsgraph build news.jsonl -o graph --format ttl,jsonl
  newsgraph query --name who-met-whom           a named question about out/graph.ttl
  newsgraph explain \"Ines Carvalho\"             what is known, and the sentences behind it
  newsgraph serve                               look at out/graph.ttl in the browser
  echo 'The minister visited Oslo.' | newsgraph extract -

Exit codes: 0 done, all read; 1 nothing found; 2 wrong use, or nothing could be read or written;
3 done, but a file was left out (see report.json); 130, 143 interrupted."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Print the version; with -v the digest and licence of the language model as well.
    #[arg(short = 'V', long)]
    version: bool,
    /// Say less: only errors; twice: nothing.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    quiet: u8,
    /// Say more: every warning, timings.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// When to use colors.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: clap::ColorChoice,
}

#[derive(Subcommand)]
enum Command {
    /// Build a knowledge graph from news articles.
    Build(Box<build::BuildArgs>),
    /// Read a share of the articles: the first step of a build on many machines.
    Map(Box<shards::MapArgs>),
    /// Bring the readings of all shares together, and find who is who.
    Link(shards::LinkArgs),
    /// Write the graph of linked readings: the last step.
    Reduce(Box<shards::ReduceArgs>),
    /// Print open extractions, one JSON object a clause.
    Extract(annotate::ExtractArgs),
    /// Print mentions, times and statements, one JSON object a document.
    Annotate(annotate::AnnotateArgs),
    /// Print sentences, tags and dependency trees as CoNLL-U.
    Parse(annotate::ParseArgs),
    /// Ask a graph with SPARQL, or by the name of a ready question.
    Query(query::QueryArgs),
    /// Print what is known of an entity or statement, with the sentences behind it.
    Explain(query::ExplainArgs),
    /// Print what a graph holds, in figures: statements, predicates, factuality, classes, sources.
    Stats(stats::StatsArgs),
    /// Show the least sure decisions on who is who, and write down what you decide.
    Review(review::ReviewArgs),
    /// Show a graph in the browser and answer SPARQL over HTTP.
    #[cfg(unix)]
    Serve(serve::ServeArgs),
    /// The processes behind `serve`.
    #[cfg(unix)]
    #[command(hide = true)]
    ServeWorker,
    /// Check a graph against the published shapes (SHACL).
    Validate(validate::ValidateArgs),
    /// Print the vocabulary as a page or as Turtle.
    Ontology(ontology::OntologyArgs),
    /// Print a completion script for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// Options of all commands that read articles.
#[derive(Args)]
struct InputArgs {
    /// Files, folders, patterns ("news/*.html"), or - for standard input.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// Publication date of articles that give none; also tells the year of a dateline.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_date)]
    date: Option<Date>,
    /// Follow links out of the input folder.
    #[arg(long)]
    follow_links: bool,
    /// Read articles in any language; without it those that are not in English are left out.
    #[arg(long)]
    any_language: bool,
    /// Format of standard input: txt, md, html, jsonl, csv, tsv; guessed if not given.
    #[arg(long, value_name = "FORMAT")]
    stdin_format: Option<crate::input::InputFormat>,
    #[command(flatten)]
    pipeline: PipelineArgs,
}

/// Options of all commands that run the pipeline.
#[derive(Args)]
struct PipelineArgs {
    /// Folder of rules that replace or add to the built-in ones (laid out like rules/).
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Ontology to use instead of the built-in one.
    #[arg(long, value_name = "FILE")]
    ontology: Option<PathBuf>,
    /// Language model: `default` (also called `fast`), or a file.
    #[arg(long, value_name = "NAME|FILE", default_value = "default")]
    model: String,
    /// Instructions to compute with; the result is the same.
    #[arg(long, value_name = "NAME", default_value = "auto", hide = true)]
    kernel: String,
    /// Threads; the result does not depend on it.
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    threads: usize,
}

impl PipelineArgs {
    fn load(&self, environment: &Environment) -> Result<Pipeline> {
        let pipeline = Pipeline::load(&self.resources()?, self.model()?)?;
        if let Some(warning) = left_out(pipeline.left_out()) {
            environment.warn(warning);
        }
        Ok(pipeline)
    }

    fn resources(&self) -> Result<Resources> {
        if let Some(folder) = &self.rules
            && !folder.is_dir()
        {
            return Err(Error::Usage(format!("--rules {}: no such folder", folder.display())));
        }
        Ok(Resources::with_overrides(self.rules.clone(), self.ontology.clone()))
    }

    /// The lexicon alone.
    fn lexicon(&self) -> Result<Lexicon> {
        let resources = self.resources()?;
        let lexicon = resources.ontology().and_then(|it| Lexicon::load(&resources, &it));
        lexicon.map_err(|error| resources.with_origins(error))
    }

    /// The language engine alone, with the words of the user.
    fn engine(&self) -> Result<Engine> {
        let (resources, engine) = (self.resources()?, self.model()?);
        if !resources.has_own_rules() {
            return Ok(engine);
        }
        resources.check_names().map_err(|error| resources.with_origins(error))?;
        engine.with_words(&resources).map_err(|error| resources.with_origins(error))
    }

    fn model(&self) -> Result<Engine> {
        let engine = match self.model.as_str() {
            "default" | "fast" => Engine::embedded()?,
            file => Engine::load(Path::new(file))?,
        };
        match self.kernel.as_str() {
            "auto" => Ok(engine),
            name => {
                let usage = |cause| Error::Usage(format!("--kernel {name}: {cause}"));
                engine.on(name.parse().map_err(usage)?)
            }
        }
    }

    /// Runs in a pool of the wanted size; deep trees of hostile input want a deep stack.
    fn in_pool<T: Send>(&self, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        self.in_pool_of(self.threads, work)
    }

    /// As [`PipelineArgs::in_pool`], with so many threads; 0 are as many as there are processors.
    fn in_pool_of<T: Send>(
        &self,
        threads: usize,
        work: impl FnOnce() -> Result<T> + Send,
    ) -> Result<T> {
        pipeline::threads(threads)?.install(work)
    }
}

/// What is said of rules for which the user's ontology has nothing.
fn left_out(names: &[String]) -> Option<String> {
    const SHOWN: usize = 5;
    let (shown, more) = (names.iter().take(SHOWN), names.len().saturating_sub(SHOWN));
    let shown = shown.map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| {
        let n = names.len();
        format!(
            "the ontology lacks what {n} of the rules and constructions ask for; without: {shown}{more}"
        )
    })
}

/// What every command may ask about its surroundings.
struct Environment {
    quiet: u8,
    verbose: u8,
    /// Set by SIGINT and SIGTERM.
    stop: Arc<AtomicBool>,
}

impl Environment {
    /// A remark on standard error, unless `-q`.
    fn note(&self, text: impl std::fmt::Display) {
        if self.quiet == 0 {
            tell!("{}", terminal::message(&text.to_string()));
        }
    }

    /// Something was left out or changed.
    fn warn(&self, text: impl std::fmt::Display) {
        if self.quiet < 2 {
            let style = anstyle::AnsiColor::Yellow.on_default();
            tell!("{style}warning{style:#}: {}", terminal::message(&text.to_string()));
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

fn parse_date(text: &str) -> std::result::Result<Date, String> {
    text.parse().map_err(|_| format!("{text:?} is no date, expected YYYY-MM-DD"))
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            print_usage(&error);
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match cli.color {
        clap::ColorChoice::Auto => anstream::ColorChoice::Auto,
        clap::ColorChoice::Always => anstream::ColorChoice::Always,
        clap::ColorChoice::Never => anstream::ColorChoice::Never,
    }
    .write_global();
    let stop = Arc::new(AtomicBool::new(false));
    let signal = Arc::new(AtomicUsize::new(0));
    if handles_signals(cli.command.as_ref()) {
        // Without a handler a signal ends the process at once, which is safe as well: files are
        // renamed into place.
        handle_signals(&stop, &signal).ok();
        end_late(&stop, &signal);
    }
    let environment = Environment { quiet: cli.quiet, verbose: cli.verbose, stop };
    let result = match cli.command {
        _ if cli.version => version(&environment),
        Some(command) => run(command, &environment),
        None => {
            let _ = Cli::command().print_help();
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::NothingFound) => ExitCode::from(1),
        Ok(Outcome::Partial) => ExitCode::from(3),
        Ok(Outcome::Failed) => ExitCode::from(2),
        Err(Error::Interrupted) => {
            tell!("{INTERRUPTED}");
            let signal = u8::try_from(signal.load(Ordering::Relaxed)).unwrap_or_default();
            ExitCode::from(128 + signal)
        }
        // Standard output is a pipe whose reader went away.
        Err(Error::Io { cause, .. }) if cause.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            let style = anstyle::AnsiColor::Red.on_default().bold();
            tell!("{style}error{style:#}: {}", terminal::message(&error.to_string()));
            ExitCode::from(2)
        }
    }
}

/// Prints what is wrong with the arguments, or help. Patterns of a shell give names of files, too.
fn print_usage(error: &clap::Error) {
    let plain = error.render().to_string();
    let clean = terminal::message(&plain);
    if error.use_stderr() && clean != plain {
        tell!("{}", clean.trim_end());
        return;
    }
    // A reader of --help that goes away is no error.
    let _ = error.print();
}

/// A signal is to end the processes behind `serve` at once.
fn handles_signals(command: Option<&Command>) -> bool {
    #[cfg(unix)]
    return !matches!(command, Some(Command::ServeWorker));
    #[cfg(not(unix))]
    true
}

/// The first signal sets `stop`, the second one ends the process.
fn handle_signals(stop: &Arc<AtomicBool>, signal: &Arc<AtomicUsize>) -> io::Result<()> {
    use signal_hook::{consts, flag};
    for number in [
        consts::SIGINT,
        consts::SIGTERM,
        #[cfg(unix)]
        consts::SIGHUP,
    ] {
        flag::register_conditional_shutdown(number, 128 + number, Arc::clone(stop))?;
        flag::register_usize(number, Arc::clone(signal), number as usize)?;
        flag::register(number, Arc::clone(stop))?;
    }
    Ok(())
}

/// How long work may take to end after a signal.
const GRACE: Duration = Duration::from_secs(2);

/// Ends the process if it is still at work some time after a signal: a single text may take minutes, and
/// nothing is lost but its reading. Files appear whole or not at all; what is half-written has a name of
/// its own, and the next build removes it.
fn end_late(stop: &Arc<AtomicBool>, signal: &Arc<AtomicUsize>) {
    let (stop, signal) = (Arc::clone(stop), Arc::clone(signal));
    let watch = move || {
        while !stop.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(100));
        }
        std::thread::sleep(GRACE);
        tell!("{INTERRUPTED}");
        let signal = i32::try_from(signal.load(Ordering::Relaxed)).unwrap_or_default();
        std::process::exit(128 + signal);
    };
    // Without the thread a second signal ends the process.
    std::thread::Builder::new().name("signals".to_owned()).spawn(watch).ok();
}

const INTERRUPTED: &str = "interrupted; each file is whole, the old or the new one";

fn run(command: Command, environment: &Environment) -> Result<Outcome> {
    match command {
        Command::Build(args) => build::run(&args, environment),
        Command::Map(args) => shards::map(&args, environment),
        Command::Link(args) => shards::link(&args, environment),
        Command::Reduce(args) => shards::reduce(&args, environment),
        Command::Extract(args) => annotate::extract(&args, environment),
        Command::Annotate(args) => annotate::annotate(&args, environment),
        Command::Parse(args) => annotate::parse(&args, environment),
        Command::Query(args) => query::query(&args, environment),
        Command::Stats(args) => stats::stats(&args),
        Command::Explain(args) => query::explain(&args, environment),
        Command::Review(args) => review::run(&args, environment),
        #[cfg(unix)]
        Command::Serve(args) => serve::run(&args, environment),
        #[cfg(unix)]
        Command::ServeWorker => crate::serve::evaluate().map(|()| Outcome::Done),
        Command::Validate(args) => validate::run(&args, environment),
        Command::Ontology(args) => ontology::run(&args, environment),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "newsgraph", &mut script);
            print(&script)
        }
    }
}

fn version(environment: &Environment) -> Result<Outcome> {
    let mut text = format!("newsgraph {}\n", env!("CARGO_PKG_VERSION"));
    if environment.verbose > 0 {
        let engine = Engine::embedded()?;
        let (licence, networks) = (engine.licence(), engine.networks().join(", "));
        text +=
            &format!("model {}\nmodel licence {licence}\nnetworks {networks}\n", engine.digest());
    }
    print(text.as_bytes())
}

/// Writes to standard output.
fn print(bytes: &[u8]) -> Result<Outcome> {
    let mut out = terminal::stdout();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(Error::io("<stdout>"))?;
    Ok(Outcome::Done)
}
