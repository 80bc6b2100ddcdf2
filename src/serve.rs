//! A graph behind HTTP: SPARQL 1.1 Protocol and the explorer, for one's own machine.
//!
//! ```text
//! browser, SPARQL client ── http ── protocol ── workers ═══ socket ═══ worker: a process that
//!                           threads of the server           may be killed   evaluates
//! ```
//!
//! A stranger's query can make a process overflow its stack, use all memory, or never end, and Rust
//! cannot catch that. So the server never parses one: it hands the text to processes of their own and
//! waits. It reads only requests to `localhost` or to the address that it listens on, or a web page
//! could reach it under a name of its own (DNS rebinding); it evaluates nothing for pages of others; it
//! changes nothing, calls nobody, and opens no file after the start.

mod facts;
mod guests;
mod http;
mod places;
mod protocol;
mod worker;
mod workers;

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::export::explorer;
use crate::resource::Resources;
use crate::store::{GraphSource, named};
use guests::{Guests, Place};
use http::{Request, Response, form};
use protocol::Ask;
use worker::{Job, Settings};
use workers::Workers;

pub use worker::run as evaluate;

/// How the server runs.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The graph.
    pub source: GraphSource,
    /// Where to listen; port 0 for any that is free.
    pub address: SocketAddr,
    /// Pages of this origin may read the answers (`https://example.org`).
    pub origin: Option<String>,
    /// Processes that evaluate.
    pub evaluators: usize,
    /// Seconds for a query.
    pub seconds: f64,
    /// Rows of an answer.
    pub rows: usize,
    /// Bytes of memory for a query.
    pub memory: u64,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            source: GraphSource::File(PathBuf::from("out/graph.ttl")),
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7878),
            origin: None,
            evaluators: 4,
            seconds: 10.0,
            rows: 100_000,
            memory: 768 << 20,
        }
    }
}

/// A server that listens.
pub struct Server {
    site: Arc<Site>,
    workers: Arc<Workers>,
    listener: TcpListener,
}

/// What is the same for all requests.
struct Site {
    address: SocketAddr,
    origin: Option<String>,
    page: Vec<u8>,
    policy: String,
}

/// A ready question for the SPARQL page.
#[derive(Serialize)]
struct Question {
    name: String,
    title: String,
    text: String,
}

impl Server {
    /// Loads the graph and begins to listen. `evaluators` is a command that calls [`evaluate`].
    ///
    /// # Errors
    /// [`Error::Usage`] when the graph cannot be loaded, [`Error::Io`] when the address is taken.
    pub fn start(options: &ServeOptions, evaluators: Command) -> Result<Self> {
        // The address first: it is found out at once, the graph takes a while.
        let place = options.address.to_string();
        let listener = TcpListener::bind(options.address).map_err(Error::io(&place))?;
        let address = listener.local_addr().map_err(Error::io(&place))?;
        let settings = Settings {
            source: options.source.clone(),
            socket: PathBuf::new(),
            evaluators: options.evaluators,
            seconds: options.seconds,
            rows: options.rows,
            bytes: 64 << 20,
            memory: options.memory,
        };
        let workers = Workers::start(evaluators, settings)?;
        let (page, policy) = explorer::served(&questions()?).map_err(Error::io("<page>"))?;
        let site = Site { address, origin: options.origin.clone(), page, policy };
        Ok(Self { site: Arc::new(site), workers: Arc::new(workers), listener })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.site.address
    }

    /// Triples of the graph.
    pub fn triples(&self) -> usize {
        self.workers.triples
    }

    /// Serves until `stop` is set.
    ///
    /// # Errors
    /// [`Error::Io`] when the evaluating processes are gone for good.
    pub fn run(self, stop: &AtomicBool) -> Result<()> {
        let Self { site, workers, listener } = self;
        let accepting = Arc::clone(&workers);
        std::thread::spawn(move || accept(&listener, &site, &accepting));
        while !stop.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(50));
            if !workers.alive() {
                let cause = "the evaluating processes are gone";
                return Err(Error::io("<evaluators>")(std::io::Error::other(cause)));
            }
        }
        // Connections that are still open are cut.
        workers.stop();
        Ok(())
    }
}

/// The ready questions that need no parameter, or have one to begin with.
fn questions() -> Result<Vec<Question>> {
    let queries = named::all(&Resources::embedded())?.into_iter();
    let question = |query: named::NamedQuery| {
        let given: Vec<(String, String)> = (query.params.iter())
            .filter(|param| param.default.is_none())
            .map(|param| (param.name.clone(), "Smith".to_owned()))
            .collect();
        let text = query.text(&given).ok()?;
        Some(Question { name: query.name, title: query.title, text })
    };
    Ok(queries.filter_map(question).collect())
}

fn accept(listener: &TcpListener, site: &Arc<Site>, workers: &Arc<Workers>) {
    let guests = Arc::new(Guests::default());
    for stream in listener.incoming() {
        // Out of file descriptors: some connection will end.
        let Ok(stream) = stream else {
            std::thread::sleep(Duration::from_millis(20));
            continue;
        };
        let Some(place) = guests.admit(&stream) else {
            refuse(stream);
            continue;
        };
        let (site, workers, guests) = (Arc::clone(site), Arc::clone(workers), Arc::clone(&guests));
        let work = move || {
            let evaluation = Evaluation { workers, place };
            let answer = |request: &Request| site.answer(&evaluation, request);
            http::converse(stream, &answer, &|| guests.is_crowded());
        };
        // Out of threads: the place is free again, the connection closed.
        std::thread::Builder::new().spawn(work).ok();
    }
}

/// More connections than the server keeps.
fn refuse(mut stream: TcpStream) {
    use std::io::Write;
    stream.set_write_timeout(Some(Duration::from_millis(100))).ok();
    let answer =
        b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    stream.write_all(answer).ok();
}

/// What a connection needs to have something evaluated.
struct Evaluation {
    workers: Arc<Workers>,
    place: Place,
}

impl Evaluation {
    fn answer(&self, job: &Job) -> Response {
        match self.place.turn() {
            Some(_turn) => self.workers.answer(job),
            None => workers::busy(),
        }
    }
}

impl Site {
    fn answer(&self, workers: &Evaluation, request: &Request) -> Response {
        if !self.is_ours(request.host()) {
            return Response::text(421, "this server answers to localhost alone");
        }
        let mut response = self.route(workers, request);
        let names = response.headers.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        if !names.contains(&"Content-Security-Policy") {
            response = response
                .with("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        }
        if !names.contains(&"Cache-Control") {
            response = response.with("Cache-Control", "no-store");
        }
        match (request.header("origin"), &self.origin) {
            (Some(origin), Some(allowed)) if origin == allowed => response
                .with("Access-Control-Allow-Origin", allowed.clone())
                .with("Access-Control-Expose-Headers", "Newsgraph-Complete")
                .with("Vary", "Origin"),
            _ => response.with("Cross-Origin-Resource-Policy", "same-origin"),
        }
    }

    fn route(&self, workers: &Evaluation, request: &Request) -> Response {
        let read = matches!(&*request.method, "GET" | "HEAD");
        let evaluates = matches!(&*request.path, "/sparql" | "/query" | "/api")
            || request.path.starts_with("/api/");
        if evaluates && self.is_foreign(request) {
            let cause = "another page asks, which may not; --allow-origin lets one in";
            return Response::text(403, cause);
        }
        match &*request.path {
            "/" | "/index.html" if read => {
                Response::new(200, "text/html; charset=utf-8", self.page.clone())
                    .with("Content-Security-Policy", self.policy.clone())
            }
            "/sparql" | "/query" => self.sparql(workers, request),
            path if path.starts_with("/api/") && read => match api(request) {
                Some(job) => workers.answer(&job),
                None => Response::text(400, "nothing of that name, or a parameter is missing"),
            },
            path if path == "/" || path.starts_with("/api/") => {
                Response::text(405, "only GET").with("Allow", "GET, HEAD")
            }
            _ => Response::text(404, "there is nothing here; try / or /sparql"),
        }
    }

    /// True if the browser says that the page of somebody else sends the request: it could have questions
    /// evaluated, though it would not see the answers. A link that a person follows is none.
    fn is_foreign(&self, request: &Request) -> bool {
        let origin = request.list("origin");
        if !origin.is_empty() {
            let own = |scheme: &str| {
                origin
                    .strip_prefix(scheme)
                    .is_some_and(|it| it.eq_ignore_ascii_case(request.host()))
            };
            let allowed = self.origin.as_deref() == Some(&*origin);
            return !allowed && !own("http://") && !own("https://");
        }
        let is_link = || {
            matches!(&*request.method, "GET" | "HEAD")
                && request.list("sec-fetch-mode") == "navigate"
                && request.list("sec-fetch-dest") == "document"
                && request.list("sec-fetch-user") == "?1"
        };
        !matches!(&*request.list("sec-fetch-site"), "" | "same-origin" | "none") && !is_link()
    }

    fn sparql(&self, workers: &Evaluation, request: &Request) -> Response {
        let origin = request.header("origin");
        let allowed = self.origin.as_deref();
        if request.method == "OPTIONS" && origin.is_some() && origin == allowed {
            return Response::new(204, "", "")
                .with("Access-Control-Allow-Methods", "GET, HEAD, POST")
                .with("Access-Control-Allow-Headers", "Accept, Content-Type");
        }
        match Ask::read(request) {
            Ok(Some(ask)) => {
                let response = workers.answer(&Job::Ask(ask));
                response.with("Vary", "Accept")
            }
            Ok(None) => Response::new(200, "text/turtle; charset=utf-8", protocol::DESCRIPTION),
            Err(refusal) => refusal,
        }
    }

    /// True for a Host header that means this server and nothing else.
    fn is_ours(&self, host: &str) -> bool {
        let port = |text: &str| {
            text.is_empty()
                || text.strip_prefix(':').is_some_and(|port| {
                    !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit())
                })
        };
        let ip = self.address.ip();
        let own = if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() };
        let names = ["localhost", "127.0.0.1", "[::1]", own.as_str()];
        let host = host.to_ascii_lowercase();
        // Who listens on all addresses wants to be found under any; a number is no rebound name.
        let any = ip.is_unspecified()
            && (host.parse::<SocketAddr>().is_ok() || host.parse::<IpAddr>().is_ok());
        any || names.iter().any(|name| host.strip_prefix(name).is_some_and(port))
    }
}

/// What the explorer asks.
fn api(request: &Request) -> Option<Job> {
    let pairs = form(&request.query)?;
    let value = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
    match &*request.path {
        "/api/search" => Some(Job::Search(value("q")?)),
        "/api/entity" => Some(Job::Entity(value("id")?)),
        "/api/statement" => Some(Job::Statement(value("id")?)),
        "/api/document" => Some(Job::Document(value("id")?)),
        "/api/overview" => Some(Job::Overview(value("n").map_or(Some(150), |n| n.parse().ok())?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_others_are_told_from_our_own() {
        let site = |origin: Option<&str>| Site {
            address: "127.0.0.1:7878".parse().unwrap(),
            origin: origin.map(str::to_owned),
            page: Vec::new(),
            policy: String::new(),
        };
        let (closed, open) = (site(None), site(Some("https://a.example")));
        let is_foreign = |site: &Site, method: &str, headers: &str| {
            let text =
                format!("{method} /sparql HTTP/1.1\r\nHost: localhost:7878\r\n{headers}\r\n");
            site.is_foreign(&http::head(&text).unwrap())
        };
        for (method, headers) in [
            ("POST", ""),
            ("POST", "Origin: http://localhost:7878\r\nSec-Fetch-Site: same-origin\r\n"),
            ("GET", "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n"),
            (
                "GET",
                "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n\
                Sec-Fetch-Dest: document\r\nSec-Fetch-User: ?1\r\n",
            ),
        ] {
            assert!(!is_foreign(&closed, method, headers), "{method} {headers}");
        }
        for (method, headers) in [
            ("POST", "Origin: https://a.example\r\n"),
            ("GET", "Origin: https://a.example\r\n"),
            ("POST", "Origin: null\r\n"),
            ("POST", "Origin: http://localhost:8080\r\n"),
            ("POST", "Origin: http://localhost:7878\r\nOrigin: https://a.example\r\n"),
            (
                "GET",
                "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n",
            ),
            (
                "GET",
                "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n",
            ),
            (
                "POST",
                "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n\
                Sec-Fetch-Dest: document\r\nSec-Fetch-User: ?1\r\n",
            ),
        ] {
            assert!(is_foreign(&closed, method, headers), "{method} {headers}");
        }
        assert!(!is_foreign(&open, "POST", "Origin: https://a.example\r\n"));
        assert!(is_foreign(&open, "POST", "Origin: https://b.example\r\n"));
    }

    #[test]
    fn only_our_own_names_are_answered_to() {
        let site = |address: &str| Site {
            address: address.parse().unwrap(),
            origin: None,
            page: Vec::new(),
            policy: String::new(),
        };
        let here = site("127.0.0.1:7878");
        for host in ["localhost", "LOCALHOST:7878", "127.0.0.1:80", "[::1]:1"] {
            assert!(here.is_ours(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "localhost:",
            "localhost:x",
            "10.0.0.1",
        ] {
            assert!(!here.is_ours(host), "{host}");
        }
        assert!(site("10.0.0.1:80").is_ours("10.0.0.1:80"));
        assert!(site("0.0.0.0:80").is_ours("192.168.0.7:80"));
        assert!(!site("0.0.0.0:80").is_ours("evil.example:80"));
    }
}
