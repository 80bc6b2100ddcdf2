//! Runs the program as a user does, and reads back what it wrote.
#![allow(dead_code, reason = "each test file uses its own part")]

#[cfg(unix)]
pub(crate) mod served;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use assert_cmd::Command;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::Quad;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

/// What a run printed, and how it ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// Checks the exit code; a wrong one shows what the program said.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {:.2000}\nstderr: {:.2000}", self.out, self.err);
        self
    }

    /// Checks that standard error tells all of these.
    #[track_caller]
    pub(crate) fn tells(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "no {word:?} in {:.2000}", self.err);
        }
        self
    }

    /// Standard output as one JSON value a line.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        json_lines(&self.out)
    }
}

/// The program with arguments; standard input is empty.
pub(crate) fn newsgraph(arguments: &[&str]) -> Run {
    with_input(arguments, "")
}

/// The program with arguments and a text on standard input.
pub(crate) fn with_input(arguments: &[&str], input: &str) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_newsgraph"))
        .args(arguments)
        .current_dir(root())
        .write_stdin(input)
        .output()
        .unwrap();
    Run {
        code: output.status.code().expect("no signal ends the program"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The folder of the project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A path as an argument.
pub(crate) fn arg(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Writes files into a new folder.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// Builds the files of a folder into a new one.
pub(crate) fn build(input: &Path, options: &[&str]) -> (Run, tempfile::TempDir) {
    let out = tempfile::tempdir().unwrap();
    let run = newsgraph(&[&["build", arg(input), "-o", arg(out.path())], options].concat());
    (run, out)
}

/// The graph of the example corpus, built once for a test file.
pub(crate) fn examples() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME"));
        let _ = fs::remove_dir_all(&folder);
        let formats = "ttl,nt,graphml,jsonl";
        newsgraph(&["build", "examples/news", "-o", arg(&folder), "--format", formats]).exits(0);
        folder
    })
}

/// A file that was written.
#[track_caller]
pub(crate) fn text(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// One JSON value a line.
#[track_caller]
pub(crate) fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The statements of `graph.jsonl`.
#[track_caller]
pub(crate) fn statements(folder: &Path) -> Vec<Value> {
    json_lines(&text(folder, "graph.jsonl"))
}

/// `report.json`.
#[track_caller]
pub(crate) fn report(folder: &Path) -> Value {
    serde_json::from_str(&text(folder, "report.json")).unwrap()
}

/// `subject | predicate | object` of a statement, by label.
pub(crate) fn told(statement: &Value) -> String {
    let label = |value: &Value| {
        let label = value["label"].as_str().or(value["value"].as_str());
        label.unwrap_or_default().to_owned()
    };
    let (subject, predicate) = (label(&statement["subject"]), label(&statement["predicate"]));
    format!("{subject} | {predicate} | {}", label(&statement["object"]))
}

/// Checks that a build told something.
#[track_caller]
pub(crate) fn holds(folder: &Path, fact: &str) {
    let told: Vec<String> = statements(folder).iter().map(told).collect();
    assert!(told.iter().any(|line| line == fact), "no {fact:?} in {told:#?}");
}

/// The triples of a file.
#[track_caller]
pub(crate) fn quads(folder: &Path, name: &str, format: RdfFormat) -> Vec<Quad> {
    let text = text(folder, name);
    RdfParser::from_format(format)
        .for_slice(text.as_bytes())
        .map(|quad| quad.unwrap_or_else(|error| panic!("{name}: {error}")))
        .collect()
}

/// The ids of nodes and the ends of edges of a GraphML file.
#[track_caller]
pub(crate) fn graphml(folder: &Path) -> (BTreeSet<String>, Vec<(String, String)>) {
    let text = text(folder, "graph.graphml");
    let mut reader = Reader::from_str(&text);
    let (mut nodes, mut edges, mut ids) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("graph.graphml: {error}"));
        let (Event::Start(element) | Event::Empty(element)) = event else {
            if matches!(event, Event::Eof) {
                return (nodes, edges);
            }
            continue;
        };
        let attribute = |name: &str| {
            let found = element.try_get_attribute(name).unwrap().expect("the attribute is there");
            found.value.into_owned()
        };
        match element.name().as_ref() {
            "node" => assert!(nodes.insert(attribute("id")), "a node twice"),
            "edge" => {
                assert!(ids.insert(attribute("id")), "an edge twice");
                edges.push((attribute("source"), attribute("target")));
            }
            _ => {}
        }
    }
}

/// Checks that Turtle, GraphML and JSON Lines can be read, and gives the statements.
#[track_caller]
pub(crate) fn valid(folder: &Path) -> Vec<Value> {
    assert!(!quads(folder, "graph.ttl", RdfFormat::Turtle).is_empty());
    let (nodes, edges) = graphml(folder);
    for (source, target) in edges {
        assert!(nodes.contains(&source) && nodes.contains(&target), "{source} to {target}");
    }
    for name in ["graph.ttl", "graph.graphml", "graph.jsonl"] {
        let text = text(folder, name);
        let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
        assert!(!text.contains(odd), "a control character in {name}");
    }
    statements(folder)
}

/// All that [`valid`] reads.
pub(crate) const FORMATS: [&str; 2] = ["--format", "ttl,graphml,jsonl"];
