//! What comes in may be broken or hostile: a message names it, the rest of the graph is whole.

#![allow(clippy::unwrap_used, reason = "in helpers too: a test that cannot go on fails")]

mod common;

use std::fs;
use std::io::Write;
use std::path::Path;

use common::{FORMATS, Run, arg, build, folder, holds, newsgraph, report, text, told, valid};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

const GOOD: &[u8] = b"Foreign Minister Ines Dorado visited Oslo on Wednesday.\n";
const FACT: &str = "Ines Dorado | visit | Oslo";

/// Builds the files beside a good article: the graph is valid and holds the good one's fact.
fn beside_good(files: &[(&str, &[u8])]) -> (Run, tempfile::TempDir) {
    let input = folder(&[files, &[("good.txt", GOOD)]].concat());
    let (run, out) = build(input.path(), &FORMATS);
    assert!(matches!(run.code, 0 | 3), "exit {}: {}", run.code, run.err);
    valid(out.path());
    holds(out.path(), FACT);
    (run, out)
}

/// Checks that the report leaves out a file, at a line if one is given.
#[track_caller]
fn left_out(out: &Path, file: &str, line: Option<u64>) {
    let report = report(out);
    let listed = report["left_out"].as_array().unwrap().iter().any(|skipped| {
        skipped["path"].as_str().is_some_and(|path| path.ends_with(file))
            && skipped["line"].as_u64() == line
            && skipped["reason"].as_str().is_some_and(|reason| !reason.is_empty())
    });
    assert!(listed, "{file}, line {line:?} is not left out in {report}");
}

/// Checks that the report warns of a file.
#[track_caller]
fn warned(out: &Path, file: &str) {
    let report = report(out);
    let listed = report["warnings"].as_array().unwrap();
    let listed = listed.iter().any(|w| w["path"].as_str().is_some_and(|p| p.ends_with(file)));
    assert!(listed, "no warning of {file} in {report}");
}

#[test]
fn empty_file() {
    let empty: [(&str, &[u8]); 3] =
        [("a.txt", b""), ("b.txt", b" \n\t\n"), ("c.html", b"\xef\xbb\xbf")];
    let (run, out) = beside_good(&empty);
    run.exits(3).tells(&["a.txt: no text", "b.txt: no text", "c.html: no text"]);
    for (name, _) in empty {
        left_out(out.path(), name, None);
    }
}

#[test]
fn nothing_but_an_empty_file() {
    let input = folder(&[("empty.txt", b"")]);
    let (run, out) = build(input.path(), &[]);
    run.exits(2).tells(&["empty.txt"]);
    assert!(!out.path().join("graph.ttl").exists());
}

#[test]
fn invalid_utf8() {
    let latin = b"Zo\xeb Marr met Omar Vik in Lima.\n";
    let mixed = b"Anna Berg visited Lima. \xf0\x9f\x98 \xff\xfe\n";
    let (run, out) = beside_good(&[("latin.txt", latin), ("mixed.txt", mixed)]);
    run.exits(0).tells(&["latin.txt", "mixed.txt", "not UTF-8"]);
    warned(out.path(), "latin.txt");
    holds(out.path(), "Zo\u{eb} Marr | meet | Omar Vik");
    holds(out.path(), "Anna Berg | visit | Lima");
}

#[test]
fn folder_that_does_not_exist() {
    let (run, out) = build(Path::new("no/such/folder"), &[]);
    run.exits(2).tells(&["no/such/folder"]);
    assert!(!out.path().join("graph.ttl").exists());

    let input = folder(&[("good.txt", GOOD)]);
    let article = input.path().join("good.txt");
    let options = ["no/such/folder", "--format", "jsonl"];
    let (run, out) = build(&article, &options);
    run.exits(3).tells(&["no/such/folder"]);
    holds(out.path(), FACT);
}

#[test]
fn html_without_text() {
    let page = b"<html><head><title></title><script>var anna = 'Berg visited Lima';</script>\
        </head><body><style>p {}</style><!-- Anna Berg visited Lima. --></body></html>";
    let (run, out) = beside_good(&[("page.html", page)]);
    run.exits(3).tells(&["page.html"]);
    left_out(out.path(), "page.html", None);
    assert!(!text(out.path(), "graph.jsonl").contains("Anna Berg"));
}

#[test]
fn broken_lines_between_good_ones() {
    let lines = b"{\"id\": \"w1\", \"text\": \"Anna Berg visited Lima on Monday.\"}\n\
        {\"id\": \"w2\", \"text\": \"Anna\n\
        {\"id\": \"w3\", \"text\": \"Omar Vik met Paul Reyes in Quito.\"}\n\
        [1, 2]\n\
        {\"id\": \"w5\", \"title\": \"no text\"}\n";
    let (run, out) = beside_good(&[("wire.jsonl", lines)]);
    // The file was read: what is no article in it is a warning.
    run.exits(0).tells(&["wire.jsonl:2", "wire.jsonl:4", "wire.jsonl:5"]);
    for line in [2, 4, 5] {
        left_out(out.path(), "wire.jsonl", Some(line));
    }
    holds(out.path(), "Anna Berg | visit | Lima");
    holds(out.path(), "Omar Vik | meet | Paul Reyes");
}

#[test]
fn nothing_but_broken_lines() {
    let (run, out) = beside_good(&[("wire.jsonl", b"{broken\n[]\n")]);
    run.exits(3).tells(&["wire.jsonl:1", "wire.jsonl:2"]);
    left_out(out.path(), "wire.jsonl", Some(2));
}

#[test]
fn strict_writes_nothing() {
    let lines = b"{broken\n{\"text\": \"Anna Berg visited Lima.\"}\n";
    let input = folder(&[("good.txt", GOOD), ("wire.jsonl", lines)]);
    let (run, out) = build(input.path(), &["--strict"]);
    run.exits(2).tells(&["wire.jsonl:1", "--strict"]);
    for name in ["graph.ttl", "graph.graphml", "report.json"] {
        assert!(!out.path().join(name).exists(), "{name} was written");
    }
}

#[test]
fn two_documents_with_one_id() {
    let lines = b"{\"id\": \"x\", \"text\": \"Rosa Lind visited Bergen.\"}\n\
        {\"id\": \"x\", \"text\": \"Karl Moe visited Lima.\"}\n\
        {\"id\": \"x\", \"text\": \"Rosa Lind visited Bergen.\"}\n";
    let (run, out) = beside_good(&[("two.jsonl", lines)]);
    run.tells(&["two.jsonl", "\"x\""]);
    warned(out.path(), "two.jsonl");
    assert_eq!(report(out.path())["documents"], 3, "the same article twice counts once");
    let found = common::statements(out.path());
    let doc = |fact: &str| -> Vec<Value> {
        found.iter().filter(|s| told(s) == fact).map(|s| s["doc"].clone()).collect()
    };
    let (rosa, karl) = (doc("Rosa Lind | visit | Bergen"), doc("Karl Moe | visit | Lima"));
    assert_eq!((rosa.len(), karl.len()), (1, 1), "{found:#?}");
    assert_ne!(rosa, karl);
}

#[test]
fn line_of_a_megabyte() {
    let mut long = "x".repeat(1 << 20);
    long.push_str("\n\nAnna Berg visited Lima.\n");
    let mut row = br#"{"id": "row", "text": "Omar Vik visited Quito.", "html": ""#.to_vec();
    row.extend("<p>".repeat(350_000).into_bytes());
    row.extend(b"\"}\n");
    let (run, out) = beside_good(&[("long.txt", long.as_bytes()), ("row.jsonl", &row)]);
    run.exits(0);
    holds(out.path(), "Anna Berg | visit | Lima");
    holds(out.path(), "Omar Vik | visit | Quito");
}

#[test]
fn control_characters_and_nul() {
    let article =
        "An\u{ad}na Berg\u{0} visited\u{1} Li\u{200b}ma\u{1b}[31m on\u{b} Tuesday.\u{7}\n";
    let (_, out) = beside_good(&[("control.txt", article.as_bytes())]);
    holds(out.path(), "Anna Berg | visit | Lima");
}

#[test]
fn cut_gzip() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for n in 0..200 {
        writeln!(encoder, "Anna Berg visited Lima in {}.\n", 1800 + n).unwrap();
    }
    let whole = encoder.finish().unwrap();
    let cut = &whole[..whole.len() * 2 / 3];
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(b"Omar Vik visited Quito.\n").unwrap();
    let whole = encoder.finish().unwrap();
    let files = [("cut.txt.gz", cut), ("not.txt.gz", GOOD), ("whole.txt.gz", &whole)];
    let (run, out) = beside_good(&files);
    let run = run.tells(&["cut.txt.gz", "damaged"]);
    assert!(!run.err.contains("whole.txt.gz"), "{}", run.err);
    let report = report(out.path()).to_string();
    assert!(report.contains("cut.txt.gz"), "{report}");
    holds(out.path(), "Anna Berg | visit | Lima");
    holds(out.path(), "Omar Vik | visit | Quito");
}

#[cfg(unix)]
#[test]
fn pipes_and_links() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("secret.txt", b"Omar Vik visited Quito.\n")]);
    let input = folder(&[("good.txt", GOOD)]);
    let place = input.path();
    let made = std::process::Command::new("mkfifo").arg(place.join("pipe.txt")).status();
    symlink(place, place.join("loop")).unwrap();
    symlink("self.txt", place.join("self.txt")).unwrap();
    symlink("/dev/zero", place.join("zero.txt")).unwrap();
    symlink(outside.path().join("secret.txt"), place.join("outside.txt")).unwrap();
    let (run, out) = build(place, &FORMATS);
    assert!(matches!(run.code, 0 | 3), "exit {}: {}", run.code, run.err);
    valid(out.path());
    holds(out.path(), FACT);
    assert_eq!(report(out.path())["documents"], 1, "links out of the folder are not followed");
    left_out(out.path(), "outside.txt", None);
    if made.is_ok_and(|status| status.success()) {
        left_out(out.path(), "pipe.txt", None);
    }
}

#[test]
fn hostile_names() {
    let article = "Anna \"The Hammer\" Berg visited Lima. Paul O'Reyes met \u{202e}Karl Moe\u{202c} \
        in <script>alert(1)</script> Quito. ]]> & Rosa \\ Lind visited \u{fffe}Bergen.\n";
    let lines = br#"{"id":"<script>alert(1)</script>\n\" .","title":"]]><b>","url":"http://x y/<>\"","date":"2025-02-31","publisher":"</data>\u0000","text":"Omar Vik attacked Nina Sand."}
{"id":"../../etc/\u202e","url":"javascript:alert(1)","text":"Nina Sand visited Quito."}
"#;
    let mut files: Vec<(&str, &[u8])> = vec![("a.txt", article.as_bytes()), ("h.jsonl", lines)];
    if cfg!(unix) {
        let text = b"Ella Dahl visited Bergen.\n";
        files.push(("quoted \" <b>&'%.txt", text));
        files.push(("new\nline.txt", b"Hugo Falk visited Bergen.\n"));
        files.push(("rtl\u{202e}\u{1b}[31m.txt", b"Ella Dahl visited Lima.\n"));
    }
    let input = folder(&files);
    let all = ["--format", "ttl,nt,nq,trig,rdf,jsonld,graphml,gexf,csv,jsonl"];
    let (run, out) = build(input.path(), &all);
    let run = run.exits(0).tells(&["h.jsonl:1", "2025-02-31"]);
    assert!(!run.err.contains(['\u{1b}', '\u{202e}']), "escapes reach the terminal: {}", run.err);
    for statement in valid(out.path()) {
        for part in ["subject", "object"] {
            let label = statement[part]["label"].as_str().unwrap_or_default();
            assert!(!label.contains(['\u{202e}', '\u{202c}', '\u{fffe}']), "{statement}");
        }
    }
    holds(out.path(), "Omar Vik | attack | Nina Sand");
    holds(out.path(), "Paul O'Reyes | meet | Karl Moe");
    for (name, format) in [
        ("graph.nt", oxigraph::io::RdfFormat::NTriples),
        ("graph.nq", oxigraph::io::RdfFormat::NQuads),
        ("graph.trig", oxigraph::io::RdfFormat::TriG),
        ("graph.rdf", oxigraph::io::RdfFormat::RdfXml),
        ("graph.jsonld", oxigraph::io::RdfFormat::JsonLd { profile: Default::default() }),
    ] {
        assert!(!common::quads(out.path(), name, format).is_empty(), "{name} is empty");
    }
    let place = arg(input.path());
    for name in ["graph.ttl", "graph.graphml", "graph.jsonl", "edges.csv"] {
        let text = text(out.path(), name);
        assert!(!text.contains("javascript:"), "{name} holds a script address");
        assert!(!text.contains(place), "{name} tells where we ran");
    }
}

#[test]
fn pictures_in_a_folder_are_passed_over() {
    let input = folder(&[("good.txt", GOOD), ("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0")]);
    let (run, out) = build(input.path(), &FORMATS);
    run.exits(0);
    assert_eq!(report(out.path())["documents"], 1);
}

#[test]
fn patterns_and_folders_within_folders() {
    let input = folder(&[("a.md", b"# News\n\nAnna Berg visited Lima.\n"), ("b.txt", GOOD)]);
    let below = input.path().join("2025/03");
    fs::create_dir_all(&below).unwrap();
    fs::write(below.join("c.csv"), "id,text\nc1,Omar Vik visited Quito.\n").unwrap();
    let pattern = format!("{}/**/*.{{md,csv}}", arg(input.path()));
    let out = tempfile::tempdir().unwrap();
    let options = ["build", &pattern, "-o", arg(out.path()), "--format", "jsonl"];
    newsgraph(&options).exits(0);
    holds(out.path(), "Anna Berg | visit | Lima");
    holds(out.path(), "Omar Vik | visit | Quito");
    assert_eq!(report(out.path())["documents"], 2);
}

#[test]
fn a_build_does_not_read_what_it_wrote() {
    let input = folder(&[("good.txt", GOOD)]);
    let out = input.path().join("out");
    let formats = "ttl,nt,rdf,graphml,gexf,csv,jsonl,jsonld,html,dot,cyjs,events,svg,parquet,ftm,neo4j,kuzu,stix,\
        timeline,geojson,vault,i2,quickstatements";
    let options = ["build", arg(input.path()), "-o", arg(&out), "--format", formats];
    newsgraph(&options).exits(0);
    let before = text(&out, "graph.nt");
    newsgraph(&options).exits(0);
    assert_eq!(report(&out)["documents"], 1, "{}", report(&out));
    assert_eq!(text(&out, "graph.nt"), before);
}

#[test]
fn mail_and_other_languages() {
    let mail = b"From: Ana Silva <ana@elm.example>\nTo: all@elm.example\nSubject: Visit\n\
        Date: Fri, 03 May 2024 10:00:00 +0000\nMessage-ID: <1@elm.example>\n\nOmar Vik visited Quito.\n\n-- \nAna\n";
    let german = "Der Hafen der kleinen Stadt ist am Montag nach langer Arbeit wieder geöffnet worden, \
        wie die Verwaltung mitteilte. Viele Menschen kamen, um die neuen Boote zu sehen, und die \
        Bürgermeisterin dankte allen, die daran gearbeitet hatten. Am Abend gab es ein Fest am Ufer.\n";
    let files = [("letter.eml", mail.as_slice()), ("hafen.txt", german.as_bytes())];
    let (run, out) = beside_good(&files);
    run.tells(&["hafen.txt", "German", "--any-language"]);
    holds(out.path(), "Omar Vik | visit | Quito");
    let report = report(out.path());
    assert_eq!((&report["documents"], &report["other_languages"]), (&2.into(), &1.into()));
    assert!(!text(out.path(), "graph.jsonl").contains("Message-ID"));
}

#[test]
fn archives_are_read_within_bounds() {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, content) in
        [("a.txt", "Omar Vik visited Quito.\n"), ("b/c.txt", "Anna Berg visited Lima.\n")]
    {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append_data(&mut header, name, content.as_bytes()).unwrap();
    }
    let tar = tar.into_inner().unwrap();
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![b'a'; 64 << 20]).unwrap();
    let files = [
        ("news.tar", tar.as_slice()),
        ("bomb.tar.gz", &bomb.finish().unwrap()),
        ("cut.zip", b"PK\x03\x04x"),
    ];
    let (run, out) = beside_good(&files);
    run.tells(&["bomb.tar.gz", "cut.zip"]);
    holds(out.path(), "Omar Vik | visit | Quito");
    holds(out.path(), "Anna Berg | visit | Lima");
}
