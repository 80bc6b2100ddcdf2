//! `newsgraph query` and `explain`: questions about a graph that was built.

#![allow(clippy::unwrap_used, reason = "in helpers too: a test that cannot go on fails")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;

use common::{arg, folder, newsgraph, root, statements, with_input};
use oxigraph::io::{RdfFormat, RdfParser};
use serde_json::Value;

/// The folder with the graph of two articles, built once.
fn built() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli_query");
        let articles = ["oslo-accord-meridian.txt", "harbor-strike-deal.txt"]
            .map(|name| root().join("examples/news").join(name));
        let [oslo, harbor] = articles.each_ref().map(|path| arg(path));
        let options = ["build", "-q", oslo, harbor, "-o", arg(&folder), "--format", "ttl,jsonl"];
        newsgraph(&options).exits(0);
        folder
    })
}

fn example_graph() -> String {
    arg(&built().join("graph.ttl")).to_owned()
}

/// Asks that graph.
fn ask(arguments: &[&str]) -> common::Run {
    newsgraph(&[&["query", "--data", &example_graph()], arguments].concat())
}

const MEETINGS: &str = "SELECT ?s ?o { ?s ng:metWith ?o } ORDER BY ?s ?o";

#[test]
fn list_names_the_ready_questions() {
    let list = newsgraph(&["query", "--list"]).exits(0).out;
    let names: Vec<&str> = list.lines().filter(|line| !line.starts_with(' ')).collect();
    for name in ["who-met-whom", "what-did-X-say", "who-accompanied-whom"] {
        assert!(names.contains(&name), "{list}");
    }
    assert!(list.contains("--param who="), "{list}");
    for name in names {
        let run = ask(&["--name", name, "--param", "who=Ines Carvalho"]);
        let run = if run.err.contains("no parameter") { ask(&["--name", name]) } else { run };
        assert!(matches!(run.code, 0 | 1), "{name}: {}", run.err);
    }
}

#[test]
fn ready_question() {
    let all = ask(&["--name", "who-met-whom"]).exits(0).out;
    assert!(all.starts_with("subject,relation,object"), "{all:.200}");
    assert!(all.contains("Ines Carvalho"), "{all}");
    let some = ask(&["--name", "who-met-whom", "--param", "who=Ines Carvalho"]).exits(0).out;
    assert!(some.lines().count() < all.lines().count(), "{some}");
    let said = ask(&["--name", "what-did-X-say", "--param", "who=Ines Carvalho"]).exits(0).out;
    assert!(said.contains("oslo-accord"), "the documents are cited: {said}");
}

#[test]
fn ready_question_wrongly_asked() {
    ask(&["--name", "who-ate-whom"]).exits(2).tells(&["who-ate-whom", "who-met-whom"]);
    ask(&["--name", "what-did-X-say"]).exits(2).tells(&["needs", "who"]);
    ask(&["--name", "who-met-whom", "--param", "colour=red"]).exits(2).tells(&["colour", "who"]);
    ask(&["--name", "who-met-whom", "--param", "who"]).exits(2).tells(&["KEY=VALUE"]);
    ask(&[]).exits(2).tells(&["nothing to ask", "--list"]);
}

#[test]
fn parameters_are_data() {
    for who in ["\" . } DROP ALL #", "nobody\" || \"\" = \"", "\\\" ) || (1=1", "line\nbreak"] {
        let who = format!("who={who}");
        let run = ask(&["--name", "who-met-whom", "--param", &who]).exits(1);
        assert_eq!(run.out.lines().count(), 1, "{who} finds {}", run.out);
    }
}

#[test]
fn sparql_in_each_form() {
    let csv = ask(&[MEETINGS, "--format", "csv"]).exits(0).out;
    assert_eq!(csv.lines().next(), Some("s,o"));
    let rows = csv.lines().count() - 1;
    assert!(rows > 0);
    assert_eq!(ask(&[MEETINGS]).exits(0).out, csv, "a pipe gets CSV");

    let json: Value =
        serde_json::from_str(&ask(&[MEETINGS, "--format", "json"]).exits(0).out).unwrap();
    assert_eq!(json["results"]["bindings"].as_array().map(Vec::len), Some(rows));
    let tsv = ask(&[MEETINGS, "--format", "tsv"]).exits(0).out;
    assert!(tsv.starts_with("?s\t?o\n"), "{tsv}");
    assert!(ask(&[MEETINGS, "--format", "table"]).exits(0).out.contains("e:"));

    let construct = "CONSTRUCT { ?s ng:metWith ?o } WHERE { ?s ng:metWith ?o }";
    let turtle = ask(&[construct, "--format", "ttl"]).exits(0).out;
    let triples = RdfParser::from_format(RdfFormat::Turtle).for_slice(turtle.as_bytes());
    assert_eq!(triples.collect::<Result<Vec<_>, _>>().unwrap().len(), rows);
    assert_eq!(ask(&[construct]).exits(0).out, turtle);

    ask(&[MEETINGS, "--format", "ttl"]).exits(2).tells(&["csv"]);
    ask(&[MEETINGS, "--format", "papyrus"]).exits(2).tells(&["papyrus", "csv", "json"]);
}

#[test]
fn sparql_from_file_and_standard_input() {
    let place = folder(&[("question.rq", MEETINGS.as_bytes())]);
    let expected = ask(&[MEETINGS]).exits(0).out;
    let file = place.path().join("question.rq");
    assert_eq!(ask(&["--file", arg(&file)]).exits(0).out, expected);
    let piped = with_input(&["query", "--data", &example_graph(), "-"], MEETINGS);
    assert_eq!(piped.exits(0).out, expected);
}

#[test]
fn query_that_fails_or_finds_nothing() {
    ask(&["SELECT ?s { oops"]).exits(2).tells(&["query", "line 1"]);
    ask(&["SELECT ?s { ?s ng:noSuchProperty ?o }"]).exits(1);
    ask(&["ASK { ?s ng:noSuchProperty ?o }"]).exits(1);
    assert_eq!(ask(&["ASK { ?s ng:metWith ?o }"]).exits(0).out.trim(), "true");
    ask(&["INSERT DATA { e:a ng:metWith e:b }"]).exits(2);
    ask(&["SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"]).exits(2).tells(&["SERVICE"]);
    let nested = format!("SELECT * {{ {} ?s ?p ?o {} }}", "{".repeat(5000), "}".repeat(5000));
    ask(&[&nested]).exits(2);
}

#[test]
fn data_that_cannot_be_read() {
    let place = folder(&[("broken.ttl", b"@prefix e: <http://e/> .\ne:a e:b\n"), ("a.doc", b"")]);
    let file = |name: &str| arg(&place.path().join(name)).to_owned();
    newsgraph(&["query", "--data", &file("none.ttl"), MEETINGS]).exits(2).tells(&[
        "none.ttl",
        "no such file",
        "build",
    ]);
    newsgraph(&["explain", "Anna", "--data", &file("none.ttl")]).exits(2).tells(&["none.ttl"]);
    newsgraph(&["query", "--data", &file("broken.ttl"), MEETINGS])
        .exits(2)
        .tells(&["broken.ttl", "line 3"]);
    newsgraph(&["query", "--data", &file("a.doc"), MEETINGS]).exits(2).tells(&["a.doc", "ttl"]);
}

#[test]
fn rows_are_limited_with_a_warning() {
    let run = ask(&["SELECT * { ?s ?p ?o }", "--max-rows", "5"]).exits(0).tells(&["5 rows"]);
    assert_eq!(run.out.lines().count(), 6);
}

#[test]
fn reader_that_goes_away() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_newsgraph"))
        .args(["query", "--data", &example_graph(), "SELECT * { ?s ?p ?o }"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn explain_entity() {
    let graph = example_graph();
    let told = newsgraph(&["explain", "Ines Carvalho", "--data", &graph]).exits(0).out;
    assert!(told.starts_with("Ines Carvalho  person\n"), "{told:.200}");
    let sentence = "“Foreign Minister Ines Carvalho met her host";
    for words in [sentence, "oslo-accord-meridian.txt", "rule meet", "– meet – Sindre Haugland"]
    {
        assert!(told.contains(words), "no {words:?} in {told}");
    }
    assert!(!told.contains('\u{1b}'), "no colors into a pipe");
    let same = newsgraph(&["explain", "e:ines-carvalho", "--data", &graph]).exits(0).out;
    assert_eq!(same, told, "the id is as good as the name");
    let same = newsgraph(&["explain", "ines carvalho", "--data", &graph]).exits(0).out;
    assert_eq!(same, told, "in any case of letters");
    let colored = ["explain", "Ines Carvalho", "--data", &graph, "--color", "always"];
    assert!(newsgraph(&colored).exits(0).out.contains('\u{1b}'));
}

#[test]
fn explain_what_is_not_there() {
    let graph = example_graph();
    for what in ["Nobody Atall", "st:0000000000000000", "\" } #", ""] {
        let run = newsgraph(&["explain", what, "--data", &graph]);
        assert!(run.code == 1 || what.is_empty(), "{what:?}: {}", run.out);
    }
    let run = newsgraph(&["explain", "Nobody Atall", "--data", &graph]).exits(1);
    assert_eq!(run.out, "");
    run.tells(&["Nobody Atall"]);
}

#[test]
fn explain_statement() {
    let found = statements(built());
    let statement = found
        .iter()
        .find(|s| s["object"]["label"].is_string() && s["group"].is_null())
        .expect("the examples hold a fact");
    let id = statement["id"].as_str().unwrap();
    let sentence = statement["evidence"][0]["sentence"].as_str().unwrap();
    let rule = statement["rule"].as_str().unwrap();
    let bare = id.trim_start_matches("st:");
    for id in [id, bare, &bare[..10]] {
        let told = newsgraph(&["explain", id, "--data", &example_graph()]).exits(0).out;
        let rule = format!("rule {rule}");
        for words in [sentence, &rule, bare, statement["subject"]["label"].as_str().unwrap()] {
            assert!(told.contains(words), "explain {id}: no {words:?} in {told}");
        }
        assert!(!told.contains('\u{1b}'), "no colors into a pipe");
    }
}

#[test]
fn other_forms_are_read_back() {
    let place = tempfile::tempdir().unwrap();
    let out = arg(place.path());
    let article = place.path().join("a.txt");
    fs::write(&article, "Anna Berg met Omar Vik.\n").unwrap();
    newsgraph(&["build", arg(&article), "-o", out, "--format", "ttl,nt,nq,trig,rdf,jsonld"])
        .exits(0);
    let rows = |name: &str| {
        newsgraph(&["query", "--data", arg(&place.path().join(name)), MEETINGS]).exits(0).out
    };
    let expected = rows("graph.ttl");
    assert!(expected.contains("anna-berg"), "{expected}");
    for name in ["graph.nt", "graph.nq", "graph.trig", "graph.rdf", "graph.jsonld"] {
        assert_eq!(rows(name), expected, "{name}");
    }
}

#[test]
fn reified_triples_are_asked_like_statements() {
    let place = tempfile::tempdir().unwrap();
    let out = arg(place.path());
    let article = place.path().join("a.txt");
    fs::write(&article, "Anna Berg met Omar Vik. The mayor may visit Lima, she said.\n").unwrap();
    let build = |version: &str, formats: &str| {
        let options = ["--rdf-version", version, "--format", formats];
        newsgraph(&[&["build", "-q", arg(&article), "-o", out], &options[..]].concat())
    };
    const STATEMENTS: &str = "SELECT ?s ?p ?o ?f { ?st a rdf:Statement ; rdf:subject ?s ; \
                              rdf:predicate ?p ; rdf:object ?o ; ng:factuality ?f } ORDER BY ?s ?p ?o";
    let rows = |name: &str| {
        let data = place.path().join(name);
        newsgraph(&["validate", arg(&data)]).exits(0);
        newsgraph(&["query", "--data", arg(&data), STATEMENTS]).exits(0).out
    };
    build("1.1", "ttl").exits(0);
    let expected = rows("graph.ttl");
    assert!(expected.contains("anna-berg") && expected.contains("possible"), "{expected}");
    build("1.2", "ttl,nt,nq,trig,rdf").exits(0);
    let turtle = fs::read_to_string(place.path().join("graph.ttl")).unwrap();
    assert!(turtle.contains("rdf:reifies <<( e:anna-berg ng:metWith e:omar-vik )>>"), "{turtle}");
    for name in ["graph.ttl", "graph.nt", "graph.nq", "graph.trig", "graph.rdf"] {
        assert_eq!(rows(name), expected, "{name}");
    }
    build("1.2", "ttl,jsonld").exits(2).tells(&["jsonld", "1.2"]);
    build("2.0", "ttl").exits(2).tells(&["2.0", "1.1"]);
}

#[test]
fn the_vocabulary_is_a_page_and_a_file_for_other_tools() {
    let page = newsgraph(&["ontology"]).exits(0).out;
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("id=\"metWith\""));
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("ontology.ttl");
    newsgraph(&["ontology", "--format", "ttl", "-o", arg(&file)]).exits(0);
    let properties = "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?p rdfs:domain ?d ; rdfs:range ?r ; \
                      rdfs:label ?l ; rdfs:comment ?c }";
    let asked = newsgraph(&["query", "--data", arg(&file), "--format", "csv", properties]).exits(0);
    let count: usize = asked.out.lines().nth(1).unwrap().trim().parse().unwrap();
    assert!(count >= 150, "{count}");
    newsgraph(&["ontology", "--ontology", "no/such.ttl"]).exits(2).tells(&["no/such.ttl"]);
}

#[test]
fn a_graph_that_was_built_is_valid() {
    newsgraph(&["validate", &example_graph()]).exits(0).tells(&["valid"]);
    newsgraph(&["validate", "no/such/graph.ttl"]).exits(2).tells(&["no/such/graph.ttl"]);
}

#[test]
fn each_fault_is_told_with_its_place_and_reason() {
    let graph = fs::read_to_string(built().join("graph.ttl")).unwrap();
    let st = graph.lines().find_map(|line| line.strip_prefix("st:")?.split(' ').next()).unwrap();
    let faults = format!(
        "{graph}\nst:{st} ng:polarity \"maybe\" ; ng:confidence 7.5 .\n\
         e:nobody ng:named \"yes\" .\nd:x a schema:NewsArticle ; schema:datePublished \"soon\" .\n"
    );
    let folder = folder(&[("graph.ttl", faults.as_bytes())]);
    let run = newsgraph(&["validate", arg(&folder.path().join("graph.ttl"))]).exits(1);
    for fault in [
        "ng:polarity\tin\t",
        "ng:polarity\tmaxCount\t",
        "ng:confidence\tmaxInclusive\t",
        "e:nobody\tng:named\tdatatype\t",
        "e:nobody\trdfs:label\tminCount\t",
        "d:x\tschema:identifier\tminCount\t",
        "d:x\tschema:datePublished\tdatatype\t",
    ] {
        assert!(run.out.contains(fault), "no {fault:?} in {}", run.out);
    }
    assert!(run.out.contains(&format!("st:{st}\t")), "{}", run.out);
}

#[test]
fn stats_count_what_the_graph_holds() {
    let graph = built().join("graph.ttl");
    let run = newsgraph(&["stats", "--data", arg(&graph), "--format", "json"]).exits(0);
    let stats: Value = serde_json::from_str(&run.out).unwrap();
    let lines = fs::read_to_string(built().join("graph.jsonl")).unwrap();
    let mut lines: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // A statement about a group has a line for each member: st:1.1, st:1.2.
    let id = |statement: &Value| -> String {
        let id = statement["id"].as_str().unwrap();
        id.split('.').next().unwrap_or(id).to_owned()
    };
    lines.sort_by_key(id);
    lines.dedup_by_key(|statement| id(statement));
    let open = lines.iter().filter(|s| s["predicate"]["id"].as_str().unwrap().starts_with("open:"));
    assert_eq!(stats["graph"]["documents"], 2);
    assert_eq!(stats["graph"]["statements"], lines.len());
    assert_eq!(stats["predicate"]["open"], open.count());
    let claimed = lines.iter().filter(|s| s["factuality"] == "claimed").count();
    assert_eq!(stats["factuality"]["claimed"], claimed);
    assert!(!stats["top_sources"].as_object().unwrap().is_empty());

    let told = newsgraph(&["stats", "--data", arg(&graph), "--top", "1"]).exits(0);
    assert!(told.out.contains("ontology"), "{}", told.out);
    newsgraph(&["stats", "--data", "no.ttl"]).exits(2).tells(&["no.ttl"]);
}

#[test]
fn triples_that_are_nested_too_deep_are_refused() {
    let n = 100_000;
    let nested = "<a:s> <a:p> <<( ".repeat(n + 1) + "<a:s> <a:p> 1";
    let turtle = nested + &" )>>".repeat(n + 1) + " .\n";
    let folder = common::folder(&[("graph.ttl", turtle.as_bytes())]);
    let graph = folder.path().join("graph.ttl");
    newsgraph(&["stats", "--data", arg(&graph)]).exits(2).tells(&["graph.ttl", "nested"]);
}
