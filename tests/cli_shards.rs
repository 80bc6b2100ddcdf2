//! `newsgraph map`, `link`, `reduce`: the graph of a build, to the byte, whoever read what and in which order.

#![allow(clippy::unwrap_used, reason = "in helpers too: a test that cannot go on fails")]

mod common;

use std::fs;
use std::path::Path;

use common::{Run, arg, folder, newsgraph, report, root};
use tempfile::TempDir;

const FORMATS: &str = "ttl,graphml,jsonl,tables";

/// The bytes of every file in a folder, but for what is kept for the next build.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = arg(path.strip_prefix(folder).unwrap()).to_owned();
            if path.is_dir() {
                open.push(path);
            } else if !name.starts_with(".newsgraph.") {
                found.push((name, fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn built(input: &str, options: &[&str]) -> TempDir {
    let out = tempfile::tempdir().unwrap();
    let run = newsgraph(
        &[&["build", input, "-o", arg(out.path()), "--format", FORMATS], options].concat(),
    );
    assert!(matches!(run.code, 0 | 3), "{}", run.err);
    out
}

fn map(input: &str, share: &str, readings: &Path, options: &[&str]) -> Run {
    newsgraph(&[&["map", input, "--shard", share, "-o", arg(readings)], options].concat())
}

/// Links readings and writes their graph.
fn joined(readings: &Path) -> (Run, TempDir) {
    let (linked, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    newsgraph(&["link", arg(readings), "-o", arg(linked.path())]).exits(0);
    let run =
        newsgraph(&["reduce", arg(linked.path()), "-o", arg(out.path()), "--format", FORMATS]);
    (run, out)
}

#[track_caller]
fn assert_same(one: &Path, other: &Path) {
    let (one, other) = (files(one), files(other));
    let names =
        |files: &[(String, Vec<u8>)]| files.iter().map(|it| it.0.clone()).collect::<Vec<_>>();
    assert_eq!(names(&one), names(&other));
    for (a, b) in one.iter().zip(&other) {
        assert!(a == b, "{} differs", a.0);
    }
}

#[test]
fn shares_in_any_order_give_the_graph_of_a_build() {
    let expected = built("examples/news", &[]);
    let readings = tempfile::tempdir().unwrap();
    for share in ["4/5", "1/5", "5/5", "3/5", "2/5"] {
        map("examples/news", share, readings.path(), &["-j", "1"]).exits(0);
    }
    let (run, out) = joined(readings.path());
    run.exits(0).tells(&["documents", "graph.ttl"]);
    assert_same(expected.path(), out.path());
}

/// One file of many articles is everybody's; articles of one id are told apart as a build tells them.
#[test]
fn rows_of_one_file_are_divided() {
    let mut lines = String::new();
    for n in 0..40 {
        let (id, text) =
            (n % 30, format!("Ines Carvalho visited harbor number {n}. Mara Voss denied it."));
        lines +=
            &format!("{{\"id\": \"a{id}\", \"text\": \"{text}\", \"date\": \"2025-03-06\"}}\n");
    }
    lines += "{\"id\": \"empty\", \"text\": \"\"}\n";
    // Longer than what is one share's alone.
    lines += &format!(
        "{{\"id\": \"a3\", \"text\": \"The boat sank.\", \"notes\": \"{}\"}}\n",
        "x".repeat(5 << 20)
    );
    let input = folder(&[("news.jsonl", lines.as_bytes())]);
    let input = arg(input.path());
    let expected = built(input, &[]);
    let readings = tempfile::tempdir().unwrap();
    for share in ["2/3", "3/3", "1/3"] {
        map(input, share, readings.path(), &["-q"]);
    }
    let (run, out) = joined(readings.path());
    assert!(matches!(run.code, 0 | 3), "{}", run.err);
    for name in ["graph.ttl", "graph.graphml", "graph.jsonl", "tables/statements.parquet"] {
        let bytes = |folder: &Path| fs::read(folder.join(name)).unwrap();
        assert!(bytes(expected.path()) == bytes(out.path()), "{name} differs");
    }
    let (one, other) = (report(expected.path()), report(out.path()));
    for key in ["documents", "undated", "sentences", "statements", "entities", "left_out"] {
        assert_eq!(one[key], other[key], "{key}");
    }
}

/// More shares than articles: some are empty, and no error.
#[test]
fn a_share_may_be_empty() {
    let input = folder(&[("a.txt", b"Mara Voss founded Norvik.")]);
    let readings = tempfile::tempdir().unwrap();
    for n in 1..=4 {
        map(arg(input.path()), &format!("{n}/4"), readings.path(), &[]).exits(0);
    }
    let (run, out) = joined(readings.path());
    run.exits(0);
    assert_same(built(arg(input.path()), &[]).path(), out.path());
    map("no-such-folder", "1/4", readings.path(), &[]).exits(2).tells(&["no-such-folder"]);
}

#[test]
fn a_share_that_was_killed_goes_on_and_ends_the_same() {
    let whole = tempfile::tempdir().unwrap();
    map("examples/news", "1/1", whole.path(), &[]).exits(0);
    let readings = tempfile::tempdir().unwrap();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_newsgraph"))
        .args(["map", "examples/news", "-j", "1", "-q", "-o", arg(readings.path())])
        .current_dir(root())
        .spawn()
        .unwrap();
    let half = readings.path().join(".readings-1-of-1.parquet.half/readings");
    // Until something was read, or all of it.
    while fs::metadata(&half).map_or(0, |it| it.len()) < 100 && child.try_wait().unwrap().is_none()
    {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    map("examples/news", "1/1", readings.path(), &[]).exits(0);
    assert_same(whole.path(), readings.path());
    // Nothing is read twice.
    map("examples/news", "1/1", readings.path(), &[]).exits(0).tells(&["18 of them read before"]);
    assert_same(whole.path(), readings.path());
}

#[test]
fn readings_of_other_rules_are_refused_by_name() {
    let rules = folder(&[]);
    fs::create_dir(rules.path().join("lexicon")).unwrap();
    let own = fs::read_to_string(root().join("rules/lexicon/speech.tsv")).unwrap();
    fs::write(rules.path().join("lexicon/speech.tsv"), format!("{own}\n# changed\n")).unwrap();
    let readings = tempfile::tempdir().unwrap();
    map("examples/news", "1/2", readings.path(), &[]).exits(0);
    map("examples/news", "2/2", readings.path(), &["--rules", arg(rules.path())]).exits(0);
    let linked = tempfile::tempdir().unwrap();
    newsgraph(&["link", arg(readings.path()), "-o", arg(linked.path())])
        .exits(2)
        .tells(&["readings-2-of-2.parquet", "another version, model or rules"]);
}

#[test]
fn what_is_no_readings_is_named() {
    let empty = tempfile::tempdir().unwrap();
    let out = tempfile::tempdir().unwrap();
    let out = arg(out.path());
    newsgraph(&["link", arg(empty.path()), "-o", out]).exits(2).tells(&["no .parquet file"]);
    newsgraph(&["reduce", arg(empty.path()), "-o", out]).exits(2).tells(&["newsgraph link"]);
    newsgraph(&["link", "nowhere", "-o", out]).exits(2).tells(&["nowhere"]);
    fs::write(empty.path().join("a.parquet"), "PAR1 no table PAR1").unwrap();
    newsgraph(&["link", arg(empty.path()), "-o", out])
        .exits(2)
        .tells(&["a.parquet", "no readings"]);
    map("examples/news", "6/5", empty.path(), &[]).exits(2).tells(&["no share"]);
}

#[test]
fn damaged_links_are_no_links() {
    let (readings, linked) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let input = folder(&[("a.txt", b"Mara Voss met Ines Carvalho in Lisbon.")]);
    map(arg(input.path()), "1/1", readings.path(), &[]).exits(0);
    newsgraph(&["link", arg(readings.path()), "-o", arg(linked.path())]).exits(0);
    let path = linked.path().join("links");
    let whole = fs::read(&path).unwrap();
    let out = tempfile::tempdir().unwrap();
    for at in [0, 20, whole.len() / 2, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        fs::write(&path, damaged).unwrap();
        newsgraph(&["reduce", arg(linked.path()), "-o", arg(out.path())])
            .exits(2)
            .tells(&["links: damaged"]);
    }
    fs::write(&path, &whole[..10]).unwrap();
    newsgraph(&["reduce", arg(linked.path()), "-o", arg(out.path())])
        .exits(2)
        .tells(&["links: damaged"]);
}
