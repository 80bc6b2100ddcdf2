//! A server as its clients see it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

/// A server, ended with the test.
pub(crate) struct Served {
    pub(crate) child: Child,
    address: String,
}

impl Served {
    pub(crate) fn new(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_newsgraph"))
            .args(["serve", "--port", "0"])
            .args(arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap_or_else(|| panic!("{line}"));
        Self { child, address: address.split('/').next().unwrap().to_owned() }
    }

    /// A connection on which nothing was said.
    pub(crate) fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    /// Sends bytes as they are and reads until the server closes.
    pub(crate) fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        // The server may refuse before it has read all.
        stream.write_all(bytes).ok();
        let mut read = Vec::new();
        stream.read_to_end(&mut read).ok();
        let text = String::from_utf8_lossy(&read).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    pub(crate) fn send(&self, method: &str, target: &str, headers: &[&str], body: &str) -> Answer {
        let mut headers = headers.join("\r\n");
        if !headers.is_empty() {
            headers.push_str("\r\n");
        }
        if !headers.to_lowercase().contains("host:") {
            headers.push_str("Host: localhost\r\n");
        }
        let length = body.len();
        self.raw(
            format!(
                "{method} {target} HTTP/1.1\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
            )
            .as_bytes(),
        )
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        self.send("GET", target, &[], "")
    }

    pub(crate) fn ask(&self, query: &str, accept: &str) -> Answer {
        let accept = format!("Accept: {accept}");
        self.send("POST", "/sparql", &["Content-Type: application/sparql-query", &accept], query)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let term = rustix::process::Signal::TERM;
        rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), term).ok();
        self.child.wait().ok();
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} {:.500}", self.head, self.body);
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {:.500}", self.body))
    }
}
