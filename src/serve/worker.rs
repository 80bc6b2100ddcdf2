//! The other side of the server: processes that evaluate queries and may be killed at any moment.
//!
//! One process loads the graph and forks as many evaluators as are wanted, which share its memory;
//! when one of them dies it forks another, which takes milliseconds where loading takes seconds. It
//! has one thread and does nothing else, as forking asks for. A graph on disk has threads once it is
//! open: each evaluator opens it for itself. The index is made by a process that ends, as that takes
//! threads, too. An evaluator takes one job after the
//! other from a socket that all of them listen on. It has a limit of memory, and leaves by itself
//! after a job that took too long or too much. All of them end when their standard input does, and
//! so never outlive the server.

use std::io::{self, BufRead, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::time::Duration;

use fork::Fork;
use rustix::process::{Pid, Resource, Rlimit, WaitOptions, getrlimit, setrlimit, wait, waitpid};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::facts::Index;
use super::protocol::{Ask, choose};
use crate::error::{Error, Result};
use crate::store::{GraphSource, Limits, Results, Store};

/// What an evaluator may use besides the memory of a query: stacks and the arenas of the allocator.
const OVERHEAD: u64 = 512 << 20;

/// Longest job, in bytes: a query of the longest body, escaped.
const MAX_JOB: u64 = 8 << 20;

/// What the server sends to the process that loads the graph.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Settings {
    pub(super) source: GraphSource,
    pub(super) socket: PathBuf,
    pub(super) evaluators: usize,
    pub(super) seconds: f64,
    pub(super) rows: usize,
    /// Of the terms of an answer.
    pub(super) bytes: usize,
    /// Of a query.
    pub(super) memory: u64,
}

/// What the process that loads the graph says when it is done.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Loaded {
    Ready { triples: usize },
    Failed(String),
}

/// Something to evaluate.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Job {
    Ask(Ask),
    Search(String),
    Entity(String),
    Statement(String),
    Document(String),
    Overview(usize),
}

/// What goes before the bytes of an answer.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ResponseHead {
    pub(super) status: u16,
    pub(super) content_type: String,
    /// False if a limit cut something off.
    pub(super) complete: bool,
}

/// Loads a graph and keeps evaluators alive, until standard input ends. The settings are its first
/// line.
///
/// # Errors
/// When the settings make no sense, or no process can be made; a graph that cannot be loaded is reported
/// on standard output.
pub fn run() -> Result<()> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(Error::io("<stdin>"))?;
    let settings: Settings =
        serde_json::from_str(&line).map_err(|error| Error::Usage(error.to_string()))?;
    let tell = |loaded: &Loaded| -> io::Result<()> {
        let mut out = io::stdout().lock();
        serde_json::to_writer(&mut out, loaded)?;
        out.write_all(b"\n")?;
        out.flush()
    };
    let loaded = Graph::load(&settings.source).and_then(|graph| {
        let listener = UnixListener::bind(&settings.socket).map_err(Error::io(&settings.socket))?;
        Ok((graph, listener))
    });
    let (graph, listener) = match loaded {
        Ok(loaded) => loaded,
        Err(error) => {
            return tell(&Loaded::Failed(error.to_string())).map_err(Error::io("<stdout>"));
        }
    };
    for _ in 0..settings.evaluators.max(1) {
        if spawn()? {
            return graph.evaluator(settings).work(&listener);
        }
    }
    tell(&Loaded::Ready { triples: graph.triples }).map_err(Error::io("<stdout>"))?;
    loop {
        match wait(WaitOptions::empty()) {
            // An evaluator whose standard input has ended: the server is gone.
            Ok(Some((_, status))) if status.exit_status() == Some(0) => return Ok(()),
            Ok(Some((_, status))) if status.exit_status() == Some(NO_GRAPH) => return Ok(()),
            Ok(_) => {
                if spawn()? {
                    return graph.evaluator(settings).work(&listener);
                }
            }
            Err(error) if error == rustix::io::Errno::INTR => {}
            Err(error) => return Err(Error::io("<evaluators>")(error.into())),
        }
    }
}

/// Forks; true in the new process.
fn spawn() -> Result<bool> {
    let forked = fork::fork().map_err(Error::io("<evaluator>"))?;
    Ok(matches!(forked, Fork::Child))
}

/// The graph in the process that makes evaluators.
struct Graph {
    triples: usize,
    index: Index,
    /// `None`: on disk.
    store: Option<Store>,
}

impl Graph {
    fn load(source: &GraphSource) -> Result<Self> {
        let store = match source {
            GraphSource::File(_) => Some(source.open()?),
            GraphSource::Disk(_) => None,
        };
        let (triples, parts) = aside(|| {
            let opened = if store.is_none() { Some(source.open()?) } else { None };
            let store = store.as_ref().or(opened.as_ref()).expect("one of the two");
            Ok((store.len()?, Index::new(store).parts()))
        })?;
        Ok(Self { triples, index: Index::from(parts), store })
    }

    /// What a new process is.
    fn evaluator(self, settings: Settings) -> Evaluator {
        let store = self.store.or_else(|| settings.source.open().ok());
        let store = store.unwrap_or_else(|| std::process::exit(NO_GRAPH));
        Evaluator { store, index: self.index, settings }
    }
}

/// Exit code of an evaluator that finds no graph on disk: another would not either.
const NO_GRAPH: i32 = 4;

/// Finds something out in a process of its own, which may have as many threads as it likes.
fn aside<T: Serialize + DeserializeOwned>(find: impl FnOnce() -> Result<T>) -> Result<T> {
    let broken = || Error::io("<evaluators>");
    let (mut here, mut there) = UnixStream::pair().map_err(broken())?;
    let Fork::Parent(child) = fork::fork().map_err(broken())? else {
        drop(here);
        let found = find().map_err(|error| error.to_string());
        let bytes = postcard::to_stdvec(&found).unwrap_or_default();
        there.write_all(&bytes).ok();
        std::process::exit(0);
    };
    drop(there);
    let mut bytes = Vec::new();
    here.read_to_end(&mut bytes).map_err(broken())?;
    waitpid(Pid::from_raw(child), WaitOptions::empty()).map_err(|it| broken()(it.into()))?;
    let found: std::result::Result<T, String> =
        postcard::from_bytes(&bytes).map_err(|error| broken()(io::Error::other(error)))?;
    found.map_err(Error::Usage)
}

struct Evaluator {
    store: Store,
    index: Index,
    settings: Settings,
}

impl Evaluator {
    fn work(&self, listener: &UnixListener) -> Result<()> {
        std::thread::spawn(|| {
            io::copy(&mut io::stdin().lock(), &mut io::sink()).ok();
            std::process::exit(0);
        });
        let before = address_space();
        limit(Resource::Core, 0);
        if let Some(before) = before {
            limit(Resource::As, before + self.settings.memory + OVERHEAD);
        }
        loop {
            let (stream, _) = listener.accept().map_err(Error::io("<evaluator>"))?;
            let spent = self.converse(stream).unwrap_or(false);
            let grown = before.zip(address_space()).map(|(before, now)| now.saturating_sub(before));
            // What the allocator keeps would be missing for the next query; a thread that is still
            // busy would take its time.
            if spent || grown.is_some_and(|grown| grown > OVERHEAD + self.settings.memory / 4) {
                std::process::exit(3);
            }
        }
    }

    /// Does one job; true if the process is of no more use.
    fn converse(&self, mut stream: UnixStream) -> io::Result<bool> {
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.set_write_timeout(Some(Duration::from_secs(30)))?;
        writeln!(stream, "{}", std::process::id())?;
        let mut job = Vec::new();
        (&stream).take(MAX_JOB).read_to_end(&mut job)?;
        let (head, body, spent) = match serde_json::from_slice(&job) {
            Ok(job) => self.evaluate(&job),
            Err(error) => (message(400), error.to_string().into_bytes(), false),
        };
        serde_json::to_writer(&mut stream, &head)?;
        stream.write_all(b"\n")?;
        stream.write_all(&body)?;
        stream.shutdown(Shutdown::Both)?;
        Ok(spent)
    }

    fn evaluate(&self, job: &Job) -> (ResponseHead, Vec<u8>, bool) {
        let (index, store) = (&self.index, &self.store);
        let body = match job {
            Job::Ask(ask) => return self.ask(ask),
            Job::Search(words) => serde_json::to_vec(&index.search(store, words)),
            Job::Entity(id) => serde_json::to_vec(&index.entity(store, id)),
            Job::Statement(id) => serde_json::to_vec(&index.statement(store, id)),
            Job::Document(id) => serde_json::to_vec(&index.document(store, id)),
            Job::Overview(entities) => serde_json::to_vec(&index.overview(store, *entities)),
        };
        match body {
            Ok(body) => {
                let content_type = "application/json".to_owned();
                (ResponseHead { status: 200, content_type, complete: true }, body, false)
            }
            Err(error) => (message(500), error.to_string().into_bytes(), false),
        }
    }

    fn ask(&self, ask: &Ask) -> (ResponseHead, Vec<u8>, bool) {
        let settings = &self.settings;
        let limits = Limits {
            time: Duration::from_secs_f64(settings.seconds),
            rows: settings.rows,
            bytes: settings.bytes,
        };
        let results = match self.store.query_dataset(&ask.query, &ask.dataset(), limits) {
            Ok(results) => results,
            Err(error @ Error::Timeout(_)) => {
                return (message(504), format!("{error}\n").into_bytes(), true);
            }
            Err(error) => return (message(400), format!("{error}\n").into_bytes(), false),
        };
        let graph = matches!(results, Results::Graph { .. });
        let boolean = matches!(results, Results::Boolean(_));
        let Some((media, format)) = choose(&ask.accept, graph, boolean) else {
            let forms = if graph {
                "Turtle, N-Triples, RDF/XML or JSON-LD"
            } else {
                "JSON, XML, CSV or TSV"
            };
            let text = format!("the answer can be had as {forms}\n");
            return (message(406), text.into_bytes(), false);
        };
        let mut body = Vec::new();
        if let Err(error) = results.write(format, None, &mut body) {
            return (message(406), format!("{error}\n").into_bytes(), false);
        }
        let content_type = match media {
            text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
            other => other.to_owned(),
        };
        (ResponseHead { status: 200, content_type, complete: results.is_complete() }, body, false)
    }
}

fn message(status: u16) -> ResponseHead {
    let content_type = "text/plain; charset=utf-8".to_owned();
    ResponseHead { status, content_type, complete: true }
}

/// Bytes of address space that this process uses, where the system gives the number.
fn address_space() -> Option<u64> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = pages.split(' ').next()?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}

/// Lowers a limit; one that is lower already stays.
fn limit(resource: Resource, bytes: u64) {
    let maximum = getrlimit(resource).maximum;
    let bytes = maximum.map_or(bytes, |maximum| maximum.min(bytes));
    setrlimit(resource, Rlimit { current: Some(bytes), maximum: Some(bytes) }).ok();
}
