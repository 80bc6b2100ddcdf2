//! Building again: what was read is not read anew, and the graph is what a fresh build gives.

#![allow(clippy::unwrap_used, reason = "in helpers too: a test that cannot go on fails")]

mod common;

use std::fs;
use std::path::Path;

use common::{arg, folder, newsgraph, text};

const ARTICLES: [(&str, &[u8]); 3] = [
    ("a.txt", b"Anna Berg visited Lima.\n\nOmar Vik praised Anna Berg.\n"),
    ("b.txt", b"Minister Anna Berg met Rosa Lind in Bergen.\n"),
    ("c.txt", b"Hugo Falk criticized Omar Vik.\n"),
];

const READINGS: &str = ".newsgraph.readings";

fn build(input: &Path, out: &Path) {
    let formats = "ttl,graphml,jsonl";
    newsgraph(&["build", arg(input), "-o", arg(out), "--format", formats]).exits(0);
}

/// All that a build wrote.
fn written(out: &Path) -> Vec<String> {
    ["graph.ttl", "graph.graphml", "graph.jsonl", "report.json"].map(|name| text(out, name)).into()
}

#[test]
fn one_article_added_gives_what_a_build_of_all_gives() {
    let out = tempfile::tempdir().unwrap();
    build(folder(&ARTICLES[..2]).path(), out.path());
    let before = fs::read(out.path().join(READINGS)).unwrap();
    let all = folder(&ARTICLES);
    build(all.path(), out.path());
    let after = fs::read(out.path().join(READINGS)).unwrap();
    assert!(after.starts_with(&before) && after.len() > before.len());

    let fresh = tempfile::tempdir().unwrap();
    build(all.path(), fresh.path());
    assert_eq!(written(out.path()), written(fresh.path()));

    // Nothing is left to be read.
    build(all.path(), out.path());
    assert_eq!(fs::read(out.path().join(READINGS)).unwrap(), after);
    assert_eq!(written(out.path()), written(fresh.path()));
}

#[test]
fn damaged_readings_are_read_anew() {
    let (input, out) = (folder(&ARTICLES), tempfile::tempdir().unwrap());
    build(input.path(), out.path());
    let expected = written(out.path());
    let path = out.path().join(READINGS);
    let whole = fs::read(&path).unwrap();
    for damage in 0..4 {
        let mut bytes = whole.clone();
        match damage {
            0 => bytes.clear(),
            1 => bytes.truncate(whole.len() / 2),
            _ => bytes[whole.len() * (damage - 1) / 3] ^= 0x40,
        }
        fs::write(&path, bytes).unwrap();
        build(input.path(), out.path());
        assert_eq!(written(out.path()), expected, "damage {damage}");
    }
}

#[test]
fn articles_that_are_gone_are_forgotten() {
    let out = tempfile::tempdir().unwrap();
    build(folder(&ARTICLES).path(), out.path());
    let (one, fresh) = (folder(&ARTICLES[2..]), tempfile::tempdir().unwrap());
    build(one.path(), out.path());
    build(one.path(), fresh.path());
    assert_eq!(written(out.path()), written(fresh.path()));
    assert_eq!(
        fs::read(out.path().join(READINGS)).unwrap(),
        fs::read(fresh.path().join(READINGS)).unwrap()
    );
}
