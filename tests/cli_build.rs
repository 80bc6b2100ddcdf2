//! `newsgraph build`: the whole walk, the same bytes each time, nothing half done.

#![allow(clippy::unwrap_used, reason = "in helpers too: a test that cannot go on fails")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use common::{
    FORMATS, arg, build, examples, folder, graphml, newsgraph, quads, report, root, statements,
    text, told, with_input,
};
use oxigraph::io::RdfFormat;
use oxigraph::model::{NamedOrBlankNode, Quad, Term};
use serde_json::Value;

const NG: &str = "https://w3id.org/newsgraph/ns#";
const ENTITY: &str = "https://w3id.org/newsgraph/entity/";

/// The names of the files in a folder, but for the lock and what is kept for the next build.
fn files(folder: &Path) -> BTreeSet<String> {
    let names = fs::read_dir(folder).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !name.starts_with(".newsgraph.")).collect()
}

#[test]
fn main_job_of_the_readme() {
    let (run, out) = build(Path::new("examples/news"), &[]);
    let run = run.exits(0).tells(&["documents", "statements", "most connected", "graph.ttl"]);
    assert!(run.out.is_empty(), "results are files, standard output stays empty: {}", run.out);
    let expected = ["graph.graphml", "graph.ttl", "report.json"].map(str::to_owned);
    assert_eq!(files(out.path()), BTreeSet::from(expected));
    let report = report(out.path());
    assert!(report["documents"].as_u64() >= Some(12), "{report}");
    for count in ["sentences", "statements", "entities", "with_property"] {
        assert!(report[count].as_u64() > Some(100), "{count}: {report}");
    }
    for list in ["left_out", "internal_errors"] {
        assert_eq!(report[list].as_array().map(Vec::len), Some(0), "{report}");
    }
    let (nodes, edges) = graphml(out.path());
    assert!(!edges.is_empty());
    for (source, target) in &edges {
        assert!(nodes.contains(source), "an edge from nowhere: {source}");
        assert!(nodes.contains(target), "an edge to nowhere: {target}");
    }
    assert!(report["entities"].as_u64() > Some(nodes.len() as u64), "drawings show names alone");
    let (run, out) = build(Path::new("examples/news"), &["--all"]);
    run.exits(0);
    assert_eq!(report["entities"].as_u64(), Some(graphml(out.path()).0.len() as u64));
}

/// A message that cannot be written is no reason to give up a graph.
#[cfg(target_os = "linux")]
#[test]
fn standard_error_may_be_full() {
    let out = folder(&[]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_newsgraph"))
        .args(["build", arg(&root().join("examples/news/wire.jsonl")), "-o", arg(out.path())])
        .stderr(full)
        .status();
    assert_eq!(run.unwrap().code(), Some(0));
    assert!(files(out.path()).contains("graph.ttl"));
}

#[test]
fn turtle_and_ntriples_hold_the_same_graph() {
    let set = |name, format| -> BTreeSet<String> {
        quads(examples(), name, format).iter().map(ToString::to_string).collect()
    };
    let turtle = set("graph.ttl", RdfFormat::Turtle);
    assert_eq!(turtle, set("graph.nt", RdfFormat::NTriples));
    for statement in statements(examples()) {
        let id = statement["id"].as_str().unwrap().trim_start_matches("st:");
        let id = id.split('.').next().unwrap();
        let resource = format!(
            "<https://w3id.org/newsgraph/statement/{id}> \
             <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{NG}Statement>"
        );
        assert!(turtle.contains(&resource), "{id} is in graph.jsonl alone");
    }
}

/// The words of `text` from code point `start` to `end`.
fn slice(text: &[char], start: &Value, end: &Value) -> String {
    let offset = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    text[offset(start)..offset(end)].iter().collect()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn evidence_stands_where_it_says() {
    let annotated = newsgraph(&["annotate", "examples/news"]).exits(0).json_lines();
    let texts: BTreeMap<String, (Vec<char>, Value)> = annotated
        .into_iter()
        .map(|document| {
            let text = document["text"].as_str().unwrap().chars().collect();
            (document["id"].as_str().unwrap().to_owned(), (text, document["sentences"].clone()))
        })
        .collect();
    let statements = statements(examples());
    assert!(statements.len() > 100);
    for statement in &statements {
        let evidence = statement["evidence"].as_array().unwrap();
        assert!(!evidence.is_empty(), "{statement}");
        for evidence in evidence {
            assert_eq!(evidence["doc"], statement["doc"]);
            let (text, sentences) = &texts[evidence["doc"].as_str().unwrap()];
            let span = slice(text, &evidence["start"], &evidence["end"]);
            assert!(!span.trim().is_empty(), "{statement}");
            let inside = sentences.as_array().unwrap().iter().any(|sentence| {
                sentence[0].as_u64() <= evidence["start"].as_u64()
                    && evidence["end"].as_u64() <= sentence[1].as_u64()
                    && words(&slice(text, &sentence[0], &sentence[1]))
                        == words(evidence["sentence"].as_str().unwrap())
            });
            assert!(inside, "{span:?} does not stand in the sentence of {statement}");
        }
    }
}

#[test]
fn same_bytes_for_any_threads_and_order() {
    let mut articles: Vec<String> = fs::read_dir(root().join("examples/news"))
        .unwrap()
        .map(|entry| entry.unwrap().path().to_str().unwrap().to_owned())
        .collect();
    articles.sort();
    articles.reverse();
    let backwards: Vec<&str> = articles.iter().map(String::as_str).collect();
    for (inputs, threads) in [(vec!["examples/news"], "1"), (backwards, "2")] {
        let out = tempfile::tempdir().unwrap();
        let options =
            ["-q", "-j", threads, "-o", arg(out.path()), "--format", "jsonl,graphml,nt,ttl"];
        newsgraph(&[&["build"], &inputs[..], &options].concat()).exits(0);
        for name in ["graph.ttl", "graph.nt", "graph.graphml", "graph.jsonl", "report.json"] {
            let same = text(out.path(), name) == text(examples(), name);
            assert!(same, "{name} differs with -j {threads}");
        }
    }
}

/// Triples between two entities that no statement resource wraps.
#[test]
fn a_layout_places_every_node_the_same_with_any_threads() {
    let formats = ["--layout", "--format", "graphml,gexf,cyjs,dot,svg,csv"];
    let names =
        ["graph.graphml", "graph.gexf", "graph.cyjs", "graph.dot", "graph.svg", "nodes.csv"];
    let built = |threads: &str| {
        let out = tempfile::tempdir().unwrap();
        let options = ["-q", "-j", threads, "-o", arg(out.path())];
        newsgraph(&[&["build", "examples/news"], &options[..], &formats].concat()).exits(0);
        names.map(|name| text(out.path(), name))
    };
    let one = built("1");
    assert!(one == built("2"), "the layout depends on the number of threads");
    let [graphml, gexf, cyjs, dot, svg, csv] = &one;
    let n = graphml.matches("<node ").count();
    assert!(n > 100);
    for place in ["<data key=\"n_x\">", "<data key=\"n_y\">"] {
        assert_eq!(graphml.matches(place).count(), n);
    }
    assert_eq!(gexf.matches("<viz:position ").count(), n);
    assert_eq!(cyjs.matches("\"position\":{\"x\":").count(), n);
    assert_eq!(dot.matches(", pos=\"").count(), n);
    assert!(svg.matches("<circle ").count() >= n);
    assert!(csv.lines().next().unwrap().ends_with("color,x,y"));
    let plain = text(examples(), "graph.graphml");
    assert!(!plain.contains("\"n_x\""), "no places unless asked for");
}

fn facts(quads: &[Quad]) -> BTreeSet<String> {
    let local = |iri: &str, base: &str| iri.strip_prefix(base).map(str::to_owned);
    let fact = |quad: &Quad| {
        let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { return None };
        let Term::NamedNode(object) = &quad.object else { return None };
        let subject = local(subject.as_str(), ENTITY)?;
        let object = local(object.as_str(), ENTITY)?;
        Some(format!("{subject} {} {object}", local(quad.predicate.as_str(), NG)?))
    };
    quads.iter().filter_map(fact).collect()
}

const HEARSAY: &str = "BERGEN, March 5, 2025 - Anna Berg said Paul Reyes had attacked Rosa Lind. \
    Karl Moe will visit Bergen next week. Nina Sand denied that she had met Omar Vik. \
    Anna Berg did not visit Lima. Hugo Falk praised Ella Dahl.\n";

#[test]
fn hearsay_is_never_a_plain_triple() {
    let input = folder(&[("a.txt", HEARSAY.as_bytes())]);
    let (run, out) = build(input.path(), &FORMATS);
    run.exits(0);
    let quads = quads(out.path(), "graph.ttl", RdfFormat::Turtle);
    assert_eq!(facts(&quads), BTreeSet::from(["hugo-falk praised ella-dahl".to_owned()]));
    let wrapped = |subject: &str, predicate: &str, object: &str| {
        let part = |name: &str, value: String| -> BTreeSet<String> {
            let name = format!("http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}");
            quads
                .iter()
                .filter(|quad| quad.predicate.as_str() == name)
                .filter(|quad| quad.object.to_string() == format!("<{value}>"))
                .map(|quad| quad.subject.to_string())
                .collect()
        };
        let subjects = part("subject", format!("{ENTITY}{subject}"));
        let predicates = part("predicate", format!("{NG}{predicate}"));
        let objects = part("object", format!("{ENTITY}{object}"));
        subjects.iter().any(|id| predicates.contains(id) && objects.contains(id))
    };
    for (subject, predicate, object) in [
        ("paul-reyes", "attacked", "rosa-lind"),
        ("karl-moe", "visited", "bergen"),
        ("nina-sand", "metWith", "omar-vik"),
        ("anna-berg", "visited", "lima"),
        ("hugo-falk", "praised", "ella-dahl"),
    ] {
        assert!(wrapped(subject, predicate, object), "{subject} {predicate} {object} is lost");
    }
    let how: BTreeSet<String> = statements(out.path())
        .iter()
        .map(|s| format!("{}: {} {}", told(s), s["polarity"], s["factuality"]).replace('"', ""))
        .collect();
    for line in [
        "Paul Reyes | attack | Rosa Lind: positive claimed",
        "Karl Moe | visit | Bergen: positive planned",
        "Nina Sand | meet | Omar Vik: positive denied",
        "Anna Berg | visit | Lima: negative asserted",
        "Hugo Falk | praise | Ella Dahl: positive asserted",
    ] {
        assert!(how.contains(line), "no {line:?} in {how:#?}");
    }
}

#[test]
fn assert_decides_what_is_plain() {
    let input = folder(&[("a.txt", HEARSAY.as_bytes())]);
    let plain = |policy: &str| {
        let (run, out) = build(input.path(), &["-q", "--assert", policy]);
        run.exits(0);
        facts(&quads(out.path(), "graph.ttl", RdfFormat::Turtle))
    };
    assert_eq!(plain("none"), BTreeSet::new());
    let attributed = plain("attributed");
    assert!(attributed.contains("paul-reyes attacked rosa-lind"), "{attributed:?}");
    assert!(!attributed.contains("karl-moe visited bergen"), "{attributed:?}");
    let input = arg(input.path());
    newsgraph(&["build", input, "--assert", "perhaps"]).exits(2).tells(&["perhaps", "factual"]);
}

#[test]
fn wrong_use_is_told_before_any_work() {
    let place = folder(&[("a.txt", b"Anna Berg visited Lima.\n"), ("taken", b"mine")]);
    let article = place.path().join("a.txt");
    let (run, out) = build(&article, &["--format", "ttl,parchment"]);
    run.exits(2).tells(&["parchment", "ttl", "graphml", "jsonl", "csv"]);
    assert!(files(out.path()).is_empty());

    let taken = place.path().join("taken");
    newsgraph(&["build", arg(&article), "-o", arg(&taken)]).exits(2).tells(&[arg(&taken)]);
    assert_eq!(text(place.path(), "taken"), "mine");

    newsgraph(&["build"]).exits(2).tells(&["INPUT"]);
    newsgraph(&["build", arg(&article), "--date", "2025-13-01"]).exits(2).tells(&["2025-13-01"]);
    newsgraph(&["build", arg(&article), "--model", "no/model.bin"])
        .exits(2)
        .tells(&["no/model.bin"]);
    newsgraph(&["bild"]).exits(2).tells(&["bild", "build"]);
}

#[cfg(unix)]
#[test]
fn folder_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let place = folder(&[("a.txt", b"Anna Berg visited Lima.\n")]);
    let closed = place.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(closed.join("probe"), "").is_ok() {
        return; // root writes everywhere
    }
    let article = place.path().join("a.txt");
    newsgraph(&["build", arg(&article), "-o", arg(&closed)]).exits(2).tells(&["closed"]);
}

#[test]
fn failed_build_leaves_the_older_graph() {
    let input = folder(&[("a.txt", b"Anna Berg visited Lima.\n"), ("b.jsonl", b"{broken\n")]);
    let article = input.path().join("a.txt");
    let (run, out) = build(&article, &["-q"]);
    run.exits(0);
    let before = text(out.path(), "graph.ttl");
    let strict = ["build", arg(input.path()), "-o", arg(out.path()), "--strict"];
    newsgraph(&strict).exits(2).tells(&["b.jsonl:1", "nothing was written"]);
    newsgraph(&["build", "no/such/folder", "-o", arg(out.path())]).exits(2);
    assert_eq!(text(out.path(), "graph.ttl"), before);
    assert_eq!(report(out.path())["documents"], 1);
}

#[test]
fn a_sentence_that_is_repeated_says_one_thing() {
    let text = "Anna Berg visited Lima.\n\nOmar Vik praised her.\n\n".repeat(30);
    let input = folder(&[("a.txt", text.as_bytes())]);
    let (run, out) = build(input.path(), &["--format", "jsonl"]);
    run.exits(0);
    assert_eq!(common::statements(out.path()).len(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn too_little_memory_is_told() {
    let input = folder(&[("a.txt", b"Anna Berg visited Lima.\n")]);
    let (run, out) = build(input.path(), &["--max-memory", "64", "-j", "4"]);
    run.exits(2).tells(&["error: "]);
    assert!(!out.path().join("graph.ttl").exists());
    let (run, _out) = build(input.path(), &["--max-memory", "2000", "-j", "2"]);
    run.exits(0);
}

#[test]
fn a_text_that_is_too_long_for_the_memory_is_cut_and_the_rest_is_read() {
    let words = format!("{}\n", "Abcdefghij".repeat(15)).repeat(6000);
    let row = |id: &str, text: &str| format!("{{\"id\":\"{id}\",\"text\":\"{text}\"}}\n");
    let rows = [row("one", "Anna Berg visited Lima."), row("two", &"a ".repeat(3 << 20))].concat();
    let large = "The port is old. ".repeat(300_000);
    let input = folder(&[
        ("a.txt", words.as_bytes()),
        ("b.jsonl", rows.as_bytes()),
        ("c.txt", large.as_bytes()),
        ("d.txt", b"Tom Falk visited Oslo.\n"),
    ]);
    let (run, out) = build(input.path(), &["--max-memory", "192", "--format", "jsonl", "-j", "2"]);
    run.exits(3).tells(&["a.txt: ", "b.jsonl:2: ", "c.txt: ", "no memory for more"]);
    let graph = fs::read_to_string(out.path().join("graph.jsonl")).unwrap();
    assert!(graph.contains("Anna Berg") && graph.contains("Tom Falk"), "{graph}");
    let report = fs::read_to_string(out.path().join("report.json")).unwrap();
    assert!(report.contains("bytes of text, cut after"), "{report}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_build_and_what_was_read_is_kept() {
    use std::process::{Command, Stdio};
    let line = |n: usize| format!("{{\"text\": \"Anna Berg met {n} friends in Lima.\"}}\n");
    let articles: String = (0..20_000).map(line).collect();
    let input = folder(&[("a.jsonl", articles.as_bytes())]);
    let out = tempfile::tempdir().unwrap();
    let mut build = Command::new(env!("CARGO_BIN_EXE_newsgraph"))
        .args(["build", arg(input.path()), "-o", arg(out.path())])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let readings = out.path().join(".newsgraph.readings");
    while fs::metadata(&readings).map_or(0, |readings| readings.len()) < 1000 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    newsgraph(&["build", arg(input.path()), "-o", arg(out.path())])
        .exits(2)
        .tells(&["another build"]);
    Command::new("kill").arg(build.id().to_string()).status().unwrap();
    assert_eq!(build.wait().unwrap().code(), Some(143));
    let left: Vec<_> = fs::read_dir(out.path()).unwrap().map(|it| it.unwrap().path()).collect();
    assert_eq!(left, [readings], "nothing half-written, no lock");
}

#[test]
fn standard_input_is_an_article() {
    let out = tempfile::tempdir().unwrap();
    let options = ["build", "-", "-q", "-o", arg(out.path()), "--format", "jsonl"];
    let run = with_input(&options, "Anna Berg visited Lima on Monday.\n").exits(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""), "-q is quiet");
    common::holds(out.path(), "Anna Berg | visit | Lima");
}

/// The whole walk on one article, byte for byte. `UPDATE_EXPECT=1` rewrites the expectation.
#[test]
fn golden() {
    let golden = root().join("tests/golden");
    let (run, out) = build(&golden.join("article.txt"), &FORMATS);
    run.exits(0);
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    for name in ["graph.ttl", "graph.graphml", "graph.jsonl"] {
        let found = text(out.path(), name);
        if update {
            fs::write(golden.join(name), found).unwrap();
            continue;
        }
        let expected = text(&golden, name);
        let line = found.lines().zip(expected.lines()).position(|(found, line)| found != line);
        let line = line.unwrap_or_else(|| found.lines().count().min(expected.lines().count()));
        assert!(
            found == expected,
            "{name}:{} is another: {:?}, expected {:?}",
            line + 1,
            found.lines().nth(line),
            expected.lines().nth(line)
        );
    }
}

/// Negations and adverbs of a copula stand in the wording once, where the text has them.
#[test]
fn a_wording_is_a_sentence_of_the_text() {
    let told = [
        "The plan is not satisfactory.",
        "The road was never safe.",
        "The mill was still not ready.",
        "The boats have not been safe for years.",
    ];
    let input = folder(&[("a.txt", told.join("\n\n").as_bytes())]);
    let (run, out) = build(input.path(), &["--format", "jsonl", "--min-confidence", "0"]);
    run.exits(0);
    let worded: BTreeSet<String> = statements(out.path())
        .iter()
        .map(|it| it["wording"].as_str().unwrap_or_default().to_owned())
        .collect();
    for sentence in told {
        assert!(worded.contains(sentence), "no {sentence:?} in {worded:?}");
    }
}
