//! The evaluating processes as the server sees them: a job in, an answer out, or the reason why not.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::http::{Hold, Response};
use super::worker::{Job, Loaded, ResponseHead, Settings};
use crate::error::{Error, Result};

/// Bytes of answers on their way to clients; a slow client cannot hold more than its share.
const MAX_UNDERWAY: usize = 512 << 20;

/// Longest answer with its markup.
const MAX_ANSWER: u64 = 256 << 20;

/// The evaluating processes.
pub(super) struct Workers {
    /// `None` when they were stopped.
    processes: Mutex<Option<Processes>>,
    socket: PathBuf,
    seconds: f64,
    memory: u64,
    underway: Arc<AtomicUsize>,
    /// Triples of the graph.
    pub(super) triples: usize,
}

struct Processes {
    /// The process that loaded the graph; ends when its standard input does.
    loader: Child,
    input: Option<ChildStdin>,
    /// Where the socket is.
    _folder: TempDir,
}

impl Workers {
    /// Starts them and waits until the graph is loaded. `command` runs [`super::worker::run`].
    pub(super) fn start(mut command: Command, mut settings: Settings) -> Result<Self> {
        let temporary = std::env::temp_dir();
        let folder = tempfile::Builder::new()
            .prefix("newsgraph-")
            .tempdir()
            .map_err(Error::io(&temporary))?;
        let socket = folder.path().join("evaluators");
        settings.socket.clone_from(&socket);
        let (seconds, memory) = (settings.seconds, settings.memory);
        // What the system says of a process that ran out of memory is no message to the user.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut loader = command.spawn().map_err(Error::io(command.get_program()))?;
        let mut input = loader.stdin.take();
        let line = match (&mut input, loader.stdout.take()) {
            (Some(input), Some(output)) => converse(input, output, &settings),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        };
        let loaded = line.and_then(|line| Ok(serde_json::from_str(&line)?));
        let triples = match loaded.map_err(Error::io("<evaluators>"))? {
            Loaded::Ready { triples } => triples,
            Loaded::Failed(cause) => return Err(Error::Usage(cause)),
        };
        let processes = Mutex::new(Some(Processes { loader, input, _folder: folder }));
        Ok(Self { processes, socket, seconds, memory, underway: Arc::default(), triples })
    }

    /// True while the process that makes evaluators lives.
    pub(super) fn alive(&self) -> bool {
        let Ok(mut processes) = self.processes.lock() else { return false };
        processes.as_mut().is_some_and(|it| matches!(it.loader.try_wait(), Ok(None)))
    }

    /// Ends the processes and removes what they left.
    pub(super) fn stop(&self) {
        if let Ok(mut processes) = self.processes.lock() {
            processes.take();
        }
    }

    /// Has a job done.
    pub(super) fn answer(&self, job: &Job) -> Response {
        match self.evaluate(job) {
            Ok(response) => response,
            Err(Trouble::Busy) => busy(),
            Err(Trouble::Late) => Response::text(504, Error::Timeout(self.seconds)),
            Err(Trouble::Broken) => {
                let megabytes = self.memory >> 20;
                let cause = format!(
                    "query: the evaluation broke off; a query may use {megabytes} MB of memory"
                );
                Response::text(500, cause)
            }
        }
    }

    fn evaluate(&self, job: &Job) -> Result<Response, Trouble> {
        let patience = Duration::from_secs_f64(self.seconds);
        let mut stream = UnixStream::connect(&self.socket)?;
        // Whoever comes first is served first: the system keeps the line.
        stream.set_read_timeout(Some(patience + Duration::from_secs(2)))?;
        stream.set_write_timeout(Some(Duration::from_secs(5)))?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut line = String::new();
        match (&mut reader).take(20).read_line(&mut line) {
            Ok(0) => return Err(Trouble::Broken),
            Ok(_) => {}
            Err(error) if is_late(&error) => return Err(Trouble::Busy),
            Err(error) => return Err(error.into()),
        }
        let pid = line.trim().parse().ok().and_then(Pid::from_raw);
        serde_json::to_writer(&mut stream, job).map_err(io::Error::from)?;
        stream.shutdown(Shutdown::Write)?;
        // An evaluator ends by itself when the time is over; this is for one that cannot.
        stream.set_read_timeout(Some(patience + Duration::from_secs(3)))?;
        let answer = read_answer(&mut reader);
        if matches!(answer, Err(Trouble::Late))
            && let Some(pid) = pid
        {
            kill_process(pid, Signal::KILL).ok();
        }
        let (head, body) = answer?;
        let underway = self.underway.load(Ordering::Relaxed);
        if underway + body.len() > MAX_UNDERWAY {
            return Err(Trouble::Busy);
        }
        let hold = Hold::new(&self.underway, body.len());
        let mut response = Response::new(head.status, head.content_type, body);
        response.hold = Some(hold);
        Ok(if head.complete { response } else { response.with("Newsgraph-Complete", "false") })
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        drop(self.input.take());
        self.loader.wait().ok();
    }
}

/// Others are asking.
pub(super) fn busy() -> Response {
    Response::text(503, "too many queries at a time; try again").with("Retry-After", "5")
}

/// Sends the settings and waits for the answer.
fn converse(input: &mut impl Write, output: impl Read, settings: &Settings) -> io::Result<String> {
    serde_json::to_writer(&mut *input, settings)?;
    input.write_all(b"\n")?;
    input.flush()?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    Ok(line)
}

fn read_answer(reader: &mut impl BufRead) -> Result<(ResponseHead, Vec<u8>), Trouble> {
    let mut line = String::new();
    if reader.take(10_000).read_line(&mut line)? == 0 {
        return Err(Trouble::Broken);
    }
    let head = serde_json::from_str(&line).map_err(|_| Trouble::Broken)?;
    let mut body = Vec::new();
    reader.take(MAX_ANSWER).read_to_end(&mut body)?;
    Ok((head, body))
}

/// Why a job has no answer.
enum Trouble {
    /// All evaluators have others to serve.
    Busy,
    /// It takes too long.
    Late,
    /// The evaluator died of it.
    Broken,
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        if is_late(&error) { Self::Late } else { Self::Broken }
    }
}

fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}
