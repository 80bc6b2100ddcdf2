//! What a stranger may hand to the program: graphs, knowledge bases, names and whole folders that are
//! made to break it. Each is refused or read, with a message, in short time.
#![allow(clippy::unwrap_used, reason = "in helpers too: a test that cannot go on fails")]

mod common;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use common::{FORMATS, arg, build, folder, newsgraph, report, text, told, valid};

const ARTICLE: &str = "Ines Carvalho met Tom Falk in Oslo on 4 March 2025.\n";

const RDF: &str = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
    xmlns:rdfs='http://www.w3.org/2000/01/rdf-schema#' xmlns:e='http://x.example/'>";

/// Runs the commands that read somebody's graph.
#[track_caller]
fn graphs_are_refused(name: &str, bytes: &[u8], cause: &str) {
    let input = folder(&[(name, bytes), ("a.txt", ARTICLE.as_bytes())]);
    let graph = input.path().join(name);
    let graph = arg(&graph);
    let out = input.path().join("out");
    let began = Instant::now();
    for arguments in [
        &["stats", graph][..],
        &["query", graph, "ASK {}"],
        &["validate", graph],
        &["explain", "Norvik", "--data", graph],
        &["review", "--list", "--data", graph],
        &["serve", graph, "--port", "0"],
        &["build", arg(&input.path().join("a.txt")), "-o", arg(&out), "--kb", graph],
    ] {
        if arguments[0] == "serve" && !cfg!(unix) {
            continue;
        }
        newsgraph(arguments).exits(2).tells(&[name, cause]);
    }
    assert!(began.elapsed() < Duration::from_secs(300), "{:?}", began.elapsed());
}

#[test]
fn entities_in_a_graph_are_not_followed() {
    let entities: String = ('a'..'h')
        .zip('b'..)
        .map(|(one, next)| format!("<!ENTITY {next} \"{}\">", format!("&{one};").repeat(10)))
        .collect();
    let bomb = format!(
        "<?xml version='1.0'?>\n<!DOCTYPE rdf:RDF [<!ENTITY a \"{}\">{entities}]>{RDF}\
         <rdf:Description rdf:about='http://x.example/a'><rdfs:label>&h;</rdfs:label>\
         </rdf:Description></rdf:RDF>",
        "x".repeat(50)
    );
    graphs_are_refused("bomb.rdf", bomb.as_bytes(), "document type");
}

#[test]
fn a_graph_that_is_nested_without_end_is_refused() {
    let (open, close) = ("<rdf:Description><e:p>", "</e:p></rdf:Description>");
    let deep = format!("{RDF}{}{}</rdf:RDF>", open.repeat(20_000), close.repeat(20_000));
    graphs_are_refused("deep.rdf", deep.as_bytes(), "nested deeper");
}

#[test]
fn a_context_without_end_is_refused() {
    let terms: String = (0..20_000).map(|n| format!("\"t{n}\":\"t{}:x\",", n + 1)).collect();
    let chain = format!("{{\"@context\":{{{terms}\"t20000\":\"http://x.example/\"}},\"t0\":1}}");
    graphs_are_refused("chain.jsonld", chain.as_bytes(), "@context");
}

/// A graph whose names and sentences move the cursor, turn the writing, and never end.
fn active_graph() -> String {
    let long = "L".repeat(1 << 20);
    format!(
        "@prefix ng: <https://w3id.org/newsgraph/ns#> . @prefix e: <https://w3id.org/newsgraph/entity/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
ng:Person rdfs:label \"person\\u001B[31m\" . ng:met rdfs:label \"meet\\u001B[41m\" .
e:x a ng:Person ; ng:named true ; ng:mentions 3 ; rdfs:label \"Evil\\u001B[2J\\u0007\\u009B31m\\u202Ename\" ;
    skos:altLabel \"\\u001B]0;title\\u0007\\u2066x\" ; ng:description \"\\u0008\\rdescribed\" .
e:y a ng:Person ; ng:named true ; ng:mentions 3 ; rdfs:label \"Long {long}\" .
<https://w3id.org/newsgraph/statement/abcdef1234567890> a ng:Statement ; rdf:subject e:x ; rdf:predicate ng:met ;
    ng:phrase \"meet\\u001B[5m\" ; ng:polarity \"positive\" ; ng:factuality \"asserted\\u001B[7m\" ;
    ng:rule \"r\\u001B[0m\" ; ng:confidence 0.5 ; rdf:object e:y ; prov:wasDerivedFrom <http://x.example/s> ;
    prov:wasAttributedTo e:x .
<http://x.example/s> nif:sentence <http://x.example/s2> ; nif:referenceContext <http://x.example/d> .
<http://x.example/s2> nif:anchorOf \"He\\u001B[41mllo\\u202E.\" .
<http://x.example/d> a nif:Context ; schema:identifier \"doc\\u001B]0;title\\u0007\" .
[] ng:outcome \"joined\" ; ng:score 0.5 ; ng:ground \"g\\u001B[1m\" ; ng:times 1 ; ng:remark \"r\\u001B[1m\" ;
    ng:leftEntity e:x ; ng:leftName \"l\\u001B[1m\" ; ng:leftDocument <http://x.example/d> ;
    ng:rightEntity e:y ; ng:rightName \"Long {long}\" ; ng:rightDocument <http://x.example/d> .
"
    )
}

#[test]
fn what_a_terminal_would_obey_is_not_printed() {
    let input = folder(&[("graph.ttl", active_graph().as_bytes())]);
    let graph = input.path().join("graph.ttl");
    let graph = arg(&graph);
    for arguments in [
        &["stats", graph][..],
        &["explain", "evil", "--data", graph],
        &["explain", "long", "--data", graph],
        &["explain", "l", "--data", graph],
        &["explain", "abcdef", "--data", graph],
        &["review", "--list", "--data", graph],
        &["validate", graph],
        &["query", graph, "SELECT ?s ?l { ?s rdfs:label|skos:altLabel ?l }", "--format", "table"],
        &["query", graph, "SELECT ?s { ?s rdfs:label '\u{1b}[2J' \u{9b}31m", "--format", "table"],
        &["stats", "\u{1b}[2J\u{202e}.ttl"],
        &["stats", "--\u{1b}[2J\u{202e}"],
        &["build", "\u{1b}[2J\u{202e}", "-o", arg(&input.path().join("out"))],
    ] {
        let run = newsgraph(arguments);
        for shown in [&run.out, &run.err] {
            let active = |c: char| c != '\n' && c != '\t' && c.is_control();
            let found = shown.find(|c| active(c) || matches!(c, '\u{202e}' | '\u{2066}'));
            assert_eq!(found, None, "{arguments:?}: {shown:.300}");
            assert!(shown.len() < 40_000, "{arguments:?}: {} bytes", shown.len());
        }
        assert!(run.code < 3, "{arguments:?}: {}", run.err);
    }
    // Who asks for data gets all of it.
    let all = newsgraph(&["query", graph, "SELECT ?l { ?s rdfs:label ?l }", "--format", "csv"]);
    assert!(all.exits(0).out.contains("Evil\u{1b}[2J"));
}

#[cfg(unix)]
#[test]
fn outputs_do_not_go_through_links() {
    use std::os::unix::fs::symlink;
    let input = folder(&[("a.txt", ARTICLE.as_bytes())]);
    let (article, out) = (input.path().join("a.txt"), input.path().join("out"));
    fs::create_dir(&out).unwrap();
    let precious = input.path().join("precious");
    fs::write(&precious, "precious").unwrap();
    let run = || newsgraph(&["build", arg(&article), "-o", arg(&out)]);
    symlink(&precious, out.join(".newsgraph.readings")).unwrap();
    run().exits(2).tells(&[".newsgraph.readings: a link"]);
    fs::remove_file(out.join(".newsgraph.readings")).unwrap();
    fs::hard_link(&precious, out.join(".newsgraph.readings")).unwrap();
    run().exits(2).tells(&["another name as well"]);
    fs::remove_file(out.join(".newsgraph.readings")).unwrap();
    for name in ["graph.ttl", "graph.graphml", "report.json"] {
        symlink(&precious, out.join(name)).unwrap();
    }
    run().exits(0);
    assert_eq!(fs::read_to_string(&precious).unwrap(), "precious");
    assert!(text(&out, "graph.ttl").contains("Carvalho"));
    assert!(!fs::symlink_metadata(out.join("graph.ttl")).unwrap().is_symlink());
}

#[cfg(unix)]
#[test]
fn what_has_no_end_is_not_read_to_the_end() {
    use std::os::unix::fs::symlink;
    let zero = Path::new("/dev/zero");
    if !zero.exists() {
        return;
    }
    let input = folder(&[("a.txt", ARTICLE.as_bytes())]);
    let at = |name: &str| input.path().join(name);
    for name in ["kb.csv", "kb.tsv", "kb.ttl", "kb.rdf", "kb.nt", "kb.jsonld"] {
        symlink(zero, at(name)).unwrap();
    }
    let (article, out) = (at("a.txt"), at("out"));
    let build = ["build", arg(&article), "-o", arg(&out)];
    let names = ["kb.csv", "kb.tsv", "kb.ttl", "kb.rdf", "kb.nt", "kb.jsonld"].map(at);
    let mut runs: Vec<Vec<&str>> =
        names.iter().map(|kb| [&build[..], &["--kb", arg(kb)]].concat()).collect();
    for option in ["--model", "--corrections", "--ontology"] {
        runs.push([&build[..], &[option, "/dev/zero"]].concat());
    }
    runs.push(vec!["query", "--file", "/dev/zero"]);
    runs.push(vec!["extract", "--lines", "/dev/zero"]);
    runs.push(vec!["parse", "--input-format", "conllu", "/dev/zero"]);
    runs.push(vec!["stats", arg(&names[3])]);
    for arguments in runs {
        let began = Instant::now();
        let run = newsgraph(&arguments).exits(2);
        assert!(!run.err.contains("out of memory"), "{arguments:?}: {}", run.err);
        assert!(began.elapsed() < Duration::from_secs(300), "{arguments:?}: {:?}", began.elapsed());
    }
}

#[test]
fn a_folder_stands_for_the_graph_in_it() {
    let input = folder(&[("a.txt", ARTICLE.as_bytes())]);
    let (run, out) = build(input.path(), &["--format", "nt"]);
    run.exits(0);
    let place = arg(out.path());
    assert!(newsgraph(&["stats", place]).exits(0).out.contains("documents"));
    assert!(newsgraph(&["stats", "--data", place]).exits(0).out.contains("documents"));
    assert!(newsgraph(&["explain", "Falk", "--data", place]).exits(0).out.contains("Oslo"));
    newsgraph(&["validate", place]).exits(0);
    let asked = newsgraph(&["query", place, "--name", "who-met-whom"]).exits(0);
    assert!(asked.out.contains("Ines Carvalho"), "{}", asked.out);
    let asked = newsgraph(&["query", place, "ASK { ?s ng:metWith ?o }"]).exits(0);
    assert!(asked.out.contains("true"), "{}", asked.out);
    newsgraph(&["query", place]).exits(2).tells(&["nothing to ask"]);
    newsgraph(&["query", "ASK {}", "--name", "who-met-whom"]).exits(2).tells(&["one question"]);
    for arguments in
        [&["stats", arg(input.path())][..], &["serve", arg(input.path()), "--port", "0"]]
    {
        if arguments[0] == "stats" || cfg!(unix) {
            newsgraph(arguments).exits(2).tells(&["no graph lies in this folder"]);
        }
    }
    #[cfg(unix)]
    common::served::Served::new(&[place]).get("/sparql?query=ASK%7B%7D").is(200);
}

#[test]
fn what_the_system_says_is_told_in_words() {
    let input = folder(&[("a.txt", ARTICLE.as_bytes())]);
    let at = |name: &str| input.path().join(name);
    let (article, out, nothing) = (at("a.txt"), at("out"), at("nothing"));
    let (article, out, nothing) = (arg(&article), arg(&out), arg(&nothing));
    let below = at("nothing/page.html");
    for arguments in [
        &["build", nothing, "-o", out][..],
        &["build", article, "-o", article],
        &["build", article, "-o", out, "--kb", nothing],
        &["build", article, "-o", out, "--model", nothing],
        &["build", article, "-o", out, "--ontology", nothing],
        &["build", article, "-o", out, "--ontology", arg(input.path())],
        &["build", article, "-o", out, "--corrections", nothing],
        &["build", article, "-o", out, "--corrections", arg(input.path())],
        &["build", article, "-o", out, "--min-confidence", "3"],
        &["build", article, "-o", out, "--min-confidence", "nan"],
        &["query", "--file", nothing],
        &["query", "ASK {}", "--data", nothing],
        &["extract", "--lines", nothing],
        &["ontology", "-o", arg(&below)],
    ] {
        let run = newsgraph(arguments).exits(2);
        assert!(!run.err.is_empty(), "{arguments:?}");
        for raw in ["os error", ".newsgraph-", "Os {", "kind:"] {
            assert!(!run.err.contains(raw), "{arguments:?}: {}", run.err);
        }
    }
}

#[test]
fn one_correction_may_have_many_names() {
    let names: String = (0..40_000).map(|n| format!("\"The Name {n}\",")).collect();
    let merges: String = (0..3_000)
        .map(|n| format!("[[merge]]\nentities = [\"Nobody {n}\", \"Norvik\"]\n"))
        .collect();
    let file = format!("[[alias]]\nentity = \"Tom Falk\"\nnames = [{names}]\n{merges}");
    let input = folder(&[("a.txt", ARTICLE.as_bytes())]);
    let other = folder(&[("c.toml", file.as_bytes())]);
    let began = Instant::now();
    let (run, out) = build(input.path(), &["--corrections", arg(&other.path().join("c.toml"))]);
    run.exits(0);
    assert!(began.elapsed() < Duration::from_secs(300), "{:?}", began.elapsed());
    assert!(text(out.path(), "graph.ttl").contains("The Name 39999"));
    let report = report(out.path());
    assert_eq!(report["corrections"]["followed"], 1);
    assert_eq!(report["corrections"]["not_applied"].as_array().unwrap().len(), 3_000);
}

#[test]
fn what_shows_nothing_parts_no_name() {
    let hidden =
        ["\u{e0100}", "\u{fe0f}", "\u{34f}", "\u{180b}", "\u{e0041}", "\u{3164}", "\u{200d}"];
    let articles = hidden
        .map(|it| format!("In{it}es Carv{it}alho visited Lisbon on 5 March 2025.\n").into_bytes());
    let names: Vec<String> = (0..articles.len()).map(|n| format!("{n}.txt")).collect();
    let mut files = vec![("a.txt", ARTICLE.as_bytes())];
    files.extend(names.iter().map(String::as_str).zip(articles.iter().map(Vec::as_slice)));
    let input = folder(&files);
    let (run, out) = build(input.path(), &FORMATS);
    run.exits(0);
    let told: Vec<String> = valid(out.path()).iter().map(told).collect();
    assert!(told.contains(&"Ines Carvalho | meet | Tom Falk".to_owned()), "{told:#?}");
    let visits = told.iter().filter(|it| *it == "Ines Carvalho | visit | Lisbon").count();
    assert_eq!(visits, hidden.len(), "{told:#?}");
    let graph = text(out.path(), "graph.ttl");
    assert_eq!(graph.matches("rdfs:label \"Ines Carvalho\"").count(), 1, "one thing");
}

#[test]
fn what_is_packed_again_and_again_is_refused_by_name() {
    use std::io::Write;
    let gzip = |bytes: &[u8]| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    };
    let twice = gzip(&gzip(ARTICLE.as_bytes()));
    let zip = |name: &str, bytes: &[u8]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
        zip.finish().unwrap().into_inner()
    };
    // Some kilobytes that hold megabytes, too deep.
    let long = zip("a.txt", "Ines met Tom. ".repeat(1 << 20).as_bytes());
    let bomb = zip("b.zip", &zip("c.zip", &zip("d.zip", &zip("e.zip", &long))));
    let input = folder(&[
        ("a.txt", ARTICLE.as_bytes()),
        ("twice.txt.gz", &twice),
        ("twice.zip", &zip("a.gz", &twice)),
        ("bomb.zip", &bomb),
    ]);
    let (run, out) = build(input.path(), &FORMATS);
    let run =
        run.exits(3).tells(&["twice.txt.gz: gzip data inside", "twice.zip/a.gz: gzip data inside"]);
    assert!(run.err.contains("bomb.zip"), "{}", run.err);
    let told: Vec<String> = valid(out.path()).iter().map(told).collect();
    assert!(told.contains(&"Ines Carvalho | meet | Tom Falk".to_owned()), "{told:#?}");
}

/// A text that takes a minute.
#[cfg(unix)]
#[test]
fn a_signal_ends_the_reading_of_one_long_text() {
    let long = "Ines Carvalho met Tom Falk in Oslo, Bergen and Lisbon. ".repeat(40_000);
    let input = folder(&[("long.txt", long.as_bytes())]);
    let out = input.path().join("out");
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_newsgraph"))
        .args(["build", arg(&input.path().join("long.txt")), "-o", arg(&out), "-q", "-j", "1"])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(3));
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let began = Instant::now();
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    assert!(!out.join("graph.ttl").exists());
}
