//! HTTP/1.1, as much of it as a server on one's own machine needs: requests with limits on size and
//! time, responses of known length, connections that are kept.

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Request line and headers, in bytes.
const MAX_HEAD: usize = 16 << 10;

/// Headers of a request.
const MAX_HEADERS: usize = 64;

/// Body of a request, in bytes.
pub(super) const MAX_BODY: usize = 1 << 20;

/// Time to send a request in, and to take a response.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request that was read whole.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    /// Without the query, percent signs as they came.
    pub(super) path: String,
    /// What follows `?`.
    pub(super) query: String,
    /// The host that the request line itself names.
    authority: Option<String>,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    keep_alive: bool,
}

impl Request {
    /// The host that is asked, with its port: that of the request line goes before the header.
    pub(super) fn host(&self) -> &str {
        self.authority.as_deref().or(self.header("host")).unwrap_or_default()
    }

    /// The value of a header; `None` if it is missing or said more than once.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(n, _)| n == name).map(|(_, value)| value);
        values.next().filter(|_| values.next().is_none()).map(String::as_str)
    }

    /// All values of a header that is a list, joined.
    pub(super) fn list(&self, name: &str) -> String {
        let values = self.headers.iter().filter(|(n, _)| n == name).map(|(_, value)| &**value);
        values.collect::<Vec<_>>().join(",")
    }
}

/// A response.
#[derive(Debug, Default)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) content_type: Cow<'static, str>,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    /// Counts the body while it is on its way.
    pub(super) hold: Option<Hold>,
}

/// Bytes that are counted until this is dropped.
#[derive(Debug)]
pub(super) struct Hold {
    count: Arc<AtomicUsize>,
    bytes: usize,
}

impl Hold {
    pub(super) fn new(count: &Arc<AtomicUsize>, bytes: usize) -> Self {
        count.fetch_add(bytes, Ordering::Relaxed);
        Self { count: Arc::clone(count), bytes }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.count.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl Response {
    pub(super) fn new(
        status: u16,
        content_type: impl Into<Cow<'static, str>>,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        let content_type = content_type.into();
        Self { status, content_type, body: body.into(), ..Self::default() }
    }

    /// A message for a person, never markup.
    pub(super) fn text(status: u16, message: impl std::fmt::Display) -> Self {
        Self::new(status, "text/plain; charset=utf-8", format!("{message}\n"))
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

/// Why no request came out of a connection.
enum NoRequest {
    /// The other side is gone, or was silent: nothing to say.
    Gone,
    /// What to answer.
    Say(Response),
}

impl NoRequest {
    fn say(status: u16, message: &str) -> Self {
        Self::Say(Response::text(status, message))
    }
}

impl From<io::Error> for NoRequest {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

/// Serves one connection until it is closed. `busy` is true if connections are scarce: none is kept
/// then.
pub(super) fn converse(
    stream: TcpStream,
    answer: &dyn Fn(&Request) -> Response,
    busy: &dyn Fn() -> bool,
) {
    // Answers are written in one piece; waiting for more only delays them.
    stream.set_nodelay(true).ok();
    let mut connection = Connection { stream, read: Vec::new() };
    loop {
        match connection.request() {
            Ok(request) => {
                let keep = request.keep_alive && !busy();
                let response = answer(&request);
                let head = request.method == "HEAD";
                if connection.respond(&response, keep, head).is_err() || !keep {
                    return connection.close();
                }
            }
            Err(NoRequest::Say(response)) => {
                connection.respond(&response, false, false).ok();
                return connection.close();
            }
            Err(NoRequest::Gone) => return,
        }
    }
}

struct Connection {
    stream: TcpStream,
    /// Bytes that were read and not yet used.
    read: Vec<u8>,
}

impl Connection {
    fn request(&mut self) -> Result<Request, NoRequest> {
        let deadline = Instant::now() + PATIENCE;
        let (mut request, length) = loop {
            if let Some((request, used)) = parse_head(&self.read)? {
                self.read.drain(..used);
                break request;
            }
            if self.read.len() > MAX_HEAD {
                return Err(NoRequest::say(431, "the request line and headers are too long"));
            }
            self.more(deadline)?;
        };
        let length_known = matches!(length, Length::Known(_));
        if matches!(length, Length::Known(n) if n > MAX_BODY) {
            return Err(NoRequest::say(413, "the body is longer than 1 MiB"));
        }
        if request.header("expect").is_some_and(|it| it.eq_ignore_ascii_case("100-continue")) {
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n", Instant::now() + PATIENCE)?;
        }
        match length {
            Length::Known(n) => {
                while self.read.len() < n {
                    self.more(deadline)?;
                }
                request.body = self.read.drain(..n).collect();
            }
            Length::Chunked => request.body = self.chunks(deadline)?,
        }
        // A length that was declared is the safer end of a request.
        request.keep_alive &= length_known;
        Ok(request)
    }

    fn chunks(&mut self, deadline: Instant) -> Result<Vec<u8>, NoRequest> {
        let mut body = Vec::new();
        loop {
            let size = loop {
                match httparse::parse_chunk_size(&self.read) {
                    Ok(httparse::Status::Complete((used, size))) => {
                        self.read.drain(..used);
                        break usize::try_from(size).unwrap_or(usize::MAX);
                    }
                    Ok(httparse::Status::Partial) if self.read.len() < MAX_HEAD => {
                        self.more(deadline)?;
                    }
                    _ => return Err(NoRequest::say(400, "the chunks of the body are malformed")),
                }
            };
            if size > MAX_BODY - body.len() {
                return Err(NoRequest::say(413, "the body is longer than 1 MiB"));
            }
            if size == 0 {
                // The connection is closed afterwards, trailers and all.
                return Ok(body);
            }
            while self.read.len() < size + 2 {
                self.more(deadline)?;
            }
            body.extend(self.read.drain(..size));
            if self.read.drain(..2).as_slice() != b"\r\n" {
                return Err(NoRequest::say(400, "the chunks of the body are malformed"));
            }
        }
    }

    /// Reads what is there, at least one byte.
    fn more(&mut self, deadline: Instant) -> Result<(), NoRequest> {
        let mut buffer = [0; 16 << 10];
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(self.late());
        }
        self.stream.set_read_timeout(Some(left))?;
        match self.stream.read(&mut buffer) {
            Ok(0) => Err(NoRequest::Gone),
            Ok(n) => {
                self.read.extend(&buffer[..n]);
                Ok(())
            }
            Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                Err(self.late())
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(_) => Err(NoRequest::Gone),
        }
    }

    /// A kept connection on which nothing came is closed without a word.
    fn late(&self) -> NoRequest {
        if self.read.is_empty() {
            return NoRequest::Gone;
        }
        NoRequest::say(408, "the request took too long")
    }

    fn respond(&mut self, response: &Response, keep: bool, head: bool) -> io::Result<()> {
        let mut bytes = format!(
            "HTTP/1.1 {} {}\r\nContent-Length: {}\r\nX-Content-Type-Options: nosniff\r\n\
             Referrer-Policy: no-referrer\r\nConnection: {}\r\n",
            response.status,
            reason(response.status),
            response.body.len(),
            if keep { "keep-alive" } else { "close" },
        );
        if !response.content_type.is_empty() {
            bytes.push_str(&format!("Content-Type: {}\r\n", response.content_type));
        }
        for (name, value) in &response.headers {
            bytes.push_str(&format!("{name}: {value}\r\n"));
        }
        bytes.push_str("\r\n");
        let mut bytes = bytes.into_bytes();
        if !head {
            bytes.extend(&response.body);
        }
        // A long answer may take longer, at a slow modem's pace.
        let extra = Duration::from_millis(u64::try_from(bytes.len() / 1000).unwrap_or(u64::MAX));
        self.write(&bytes, Instant::now() + PATIENCE + extra)
    }

    fn write(&mut self, mut bytes: &[u8], deadline: Instant) -> io::Result<()> {
        while !bytes.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.stream.set_write_timeout(Some(left))?;
            match self.stream.write(bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(n) => bytes = &bytes[n..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Closes after the other side had a moment to read the answer: bytes that nobody read would
    /// make the system throw it away.
    fn close(mut self) {
        self.stream.shutdown(Shutdown::Write).ok();
        let deadline = Instant::now() + Duration::from_millis(500);
        let mut left = 4 * MAX_BODY;
        while left > 0 && self.more(deadline).is_ok() {
            left = left.saturating_sub(self.read.len());
            self.read.clear();
        }
    }
}

/// How the length of a body is declared.
enum Length {
    Known(usize),
    Chunked,
}

/// A request without its body, and how long that is.
type RequestHead = (Request, Length);

/// Reads request line and headers, and how many bytes they take; `None` if more must come.
fn parse_head(bytes: &[u8]) -> Result<Option<(RequestHead, usize)>, NoRequest> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let used = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(used)) if used <= MAX_HEAD => used,
        Ok(httparse::Status::Partial) => return Ok(None),
        Ok(_) | Err(httparse::Error::TooManyHeaders) => {
            return Err(NoRequest::say(431, "the request line and headers are too long"));
        }
        Err(_) => return Err(NoRequest::say(400, "this is no HTTP request")),
    };
    let (authority, target) = split_target(parsed.path.unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        path: if path.is_empty() { "/".to_owned() } else { path.to_owned() },
        query: query.to_owned(),
        authority: authority.map(str::to_owned),
        ..Request::default()
    };
    for header in parsed.headers.iter() {
        let Ok(value) = std::str::from_utf8(header.value) else {
            return Err(NoRequest::say(400, "a header is not UTF-8"));
        };
        request.headers.push((header.name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let connection = request.list("connection").to_ascii_lowercase();
    request.keep_alive = parsed.version == Some(1) && !connection.contains("close");
    if parsed.version == Some(1) && request.header("host").is_none() {
        return Err(NoRequest::say(400, "the header Host is missing"));
    }
    let length = length(&request)?;
    Ok(Some(((request, length), used)))
}

/// The host of a target in absolute form (`http://localhost/sparql?...`), and the rest of any target.
fn split_target(target: &str) -> (Option<&str>, &str) {
    let scheme = target.split_once("://").map_or("", |(scheme, _)| scheme);
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return (None, target);
    }
    let rest = &target[scheme.len() + "://".len()..];
    let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    (Some(host), path)
}

/// A request whose length can be read in two ways is refused: the second would hide another.
fn length(request: &Request) -> Result<Length, NoRequest> {
    let lengths = request.list("content-length");
    let encodings = request.list("transfer-encoding");
    if !encodings.is_empty() {
        return match (encodings.eq_ignore_ascii_case("chunked"), lengths.is_empty()) {
            (true, true) => Ok(Length::Chunked),
            (true, false) => Err(NoRequest::say(400, "the length is told twice")),
            (false, _) => Err(NoRequest::say(501, "only chunked transfer encoding is understood")),
        };
    }
    if lengths.is_empty() {
        return Ok(Length::Known(0));
    }
    if !lengths.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NoRequest::say(400, "Content-Length is no number"));
    }
    Ok(Length::Known(lengths.parse().unwrap_or(usize::MAX)))
}

/// The pairs of a query or form, decoded; `None` if it is not percent-encoded UTF-8.
pub(super) fn form(text: &str) -> Option<Vec<(String, String)>> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

/// Undoes percent encoding; `+` is a space.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// The request of a text, or the status that refuses it.
#[cfg(test)]
pub(super) fn head(text: &str) -> Result<Request, u16> {
    match parse_head(text.as_bytes()) {
        Ok(Some(((request, _), _))) => Ok(request),
        Ok(None) => Err(0),
        Err(NoRequest::Say(response)) => Err(response.status),
        Err(NoRequest::Gone) => Err(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read() {
        let text =
            "GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: localhost\r\nACCEPT: a\r\n\r\n";
        let request = head(text).unwrap();
        assert_eq!((&*request.path, &*request.query), ("/sparql", "query=ASK%20%7B%7D"));
        assert_eq!(request.header("accept"), Some("a"));
        assert!(request.keep_alive);
    }

    #[test]
    fn a_target_may_name_the_host() {
        let get =
            |target: &str| head(&format!("GET {target} HTTP/1.1\r\nHost: b\r\n\r\n")).unwrap();
        for (target, host, path, query) in [
            ("/a?b=http://c/", "b", "/a", "b=http://c/"),
            ("http://localhost:7878/a?b", "localhost:7878", "/a", "b"),
            ("HTTP://localhost", "localhost", "/", ""),
            ("http://localhost?b", "localhost", "/", "b"),
            ("http://evil@localhost/", "evil@localhost", "/", ""),
            ("http:///a", "", "/a", ""),
            ("*", "b", "*", ""),
            ("ftp://localhost/a", "b", "ftp://localhost/a", ""),
        ] {
            let request = get(target);
            assert_eq!(
                (request.host(), &*request.path, &*request.query),
                (host, path, query),
                "{target}"
            );
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        let post =
            |headers: &str| head(&format!("POST / HTTP/1.1\r\nHost: a\r\n{headers}\r\n\r\n"));
        assert_eq!(post("Content-Length: -5"), Err(400));
        assert_eq!(post("Content-Length: 5\r\nContent-Length: 6"), Err(400));
        assert_eq!(post("Content-Length: 5\r\nTransfer-Encoding: chunked"), Err(400));
        assert_eq!(post("Transfer-Encoding: gzip"), Err(501));
        assert_eq!(head("GET / HTTP/1.1\r\n\r\n"), Err(400));
        assert_eq!(head("\0\u{1}\r\n\r\n"), Err(400));
        let many = "X: y\r\n".repeat(100);
        assert_eq!(head(&format!("GET / HTTP/1.1\r\n{many}\r\n")), Err(431));
    }

    #[test]
    fn forms_are_decoded_or_refused() {
        let pairs = form("query=ASK+%7B%7D&x").unwrap();
        assert_eq!(pairs, [("query".into(), "ASK {}".into()), ("x".into(), String::new())]);
        for bad in ["a=%", "a=%F", "a=%FF", "a=%+1"] {
            assert_eq!(form(bad), None, "{bad}");
        }
    }
}
