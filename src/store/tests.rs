use super::*;
use crate::graph::fixture::{graph, ontology};
use crate::resource::Resources;

fn store() -> Store {
    Store::from_graph(&graph(), &ontology(), &Options::default()).unwrap()
}

fn rows(results: &Results) -> Vec<Vec<String>> {
    match results {
        Results::Rows { rows, .. } => {
            let show = |term: &Option<_>| term.as_ref().map(results::show).unwrap_or_default();
            rows.iter().map(|row| row.iter().map(show).collect()).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// Runs a named query and demands a row with all of `expected` in it; returns the number of rows.
fn check(name: &str, values: &[(&str, &str)], expected: &[&str]) -> usize {
    let values: Vec<_> = values.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let query = named::find(&Resources::embedded(), name).unwrap();
    let results = store().query(&query.text(&values).unwrap(), Limits::default()).unwrap();
    let rows = rows(&results);
    let fits = |row: &Vec<String>| expected.iter().all(|cell| row.iter().any(|c| c == cell));
    assert!(expected.is_empty() || rows.iter().any(fits), "{name}: {rows:#?}");
    rows.len()
}

const FIRST: &str = "Anna Berg visited Porto Alto on May 2 with Carl Dorn — the café was shut.";
const SECOND: &str = "The two ministers will meet the Trade Ministry in Northland.";
const THIRD: &str = "Berg, 45, did not attack the harbor, the Trade Ministry said.";

#[test]
fn who_met_whom() {
    let row = ["Carl Dorn", "Trade Ministry", "planned", "Northland", SECOND];
    assert_eq!(check("who-met-whom", &[], &row), 4);
    assert_eq!(check("who-met-whom", &[("who", "ministry")], &row), 2);
    assert_eq!(check("who-met-whom", &[("who", "minis")], &[]), 0);
}

#[test]
fn who_accompanied_whom() {
    let row = ["Carl Dorn", "Anna Berg", "visit Porto Alto", FIRST];
    assert_eq!(check("who-accompanied-whom", &[], &row), 2);
    let row = ["Carl Dorn", "Anna Berg", "accompany", "Dorn accompanied Berg."];
    assert_eq!(check("who-accompanied-whom", &[("who", "Anna Berg")], &row), 2);
}

#[test]
fn who_said_what() {
    let what = "Anna Berg not attack the harbor";
    assert_eq!(check("who-said-what", &[], &["Trade Ministry", what, "claimed", THIRD]), 3);
}

#[test]
fn what_did_somebody_say() {
    let what = "say: Berg, 45, did not attack the harbor";
    let row = ["Trade Ministry", what, THIRD];
    assert_eq!(check("what-did-X-say", &[("who", "trade ministry")], &row), 2);
    assert_eq!(
        check("what-did-X-say", &[("who", "Northland")], &["Carl Dorn", "say: Zed left"]),
        1
    );
    assert_eq!(check("what-did-X-say", &[("who", "Berg")], &[]), 0);
    assert_eq!(check("what-did-X-say", &[("who", "\" ) } #")], &[]), 0);
}

#[test]
fn facts_about() {
    check("facts-about", &[("who", "berg")], &["the two ministers", "Trade Ministry", SECOND]);
    check("facts-about", &[("who", "berg")], &["Anna Berg", "be", "45", THIRD]);
}

#[test]
fn visits() {
    assert_eq!(check("visits", &[], &["Anna Berg", "visit", "Porto Alto", "2024-05-02", FIRST]), 1);
}

#[test]
fn attacks() {
    let row = ["Anna Berg", "the harbor", "negative", "claimed", "Trade Ministry", THIRD];
    assert_eq!(check("attacks", &[], &row), 1);
}

#[test]
fn positions() {
    assert_eq!(check("positions", &[], &["envoy \"x\" ]]> & <y>", "b.txt"]), 1);
}

#[test]
fn timeline() {
    let row = ["2024-05-02", "Anna Berg", "visit", "Porto Alto", FIRST];
    assert_eq!(check("timeline", &[], &row), 2);
    assert_eq!(check("timeline", &[("to", "2024-05-01")], &["2024-05", "a treaty"]), 1);
    assert_eq!(check("timeline", &[("from", "2025-01-01")], &[]), 0);
}

#[test]
fn denied_or_planned() {
    assert_eq!(check("denied-or-planned", &[], &["Anna Berg", "attack", "negative", THIRD]), 3);
}

#[test]
fn most_connected() {
    assert!(check("most-connected", &[], &["Anna Berg", "4"]) >= 4);
    assert_eq!(check("most-connected", &[("limit", "1")], &["Anna Berg"]), 1);
}

#[test]
fn sources() {
    assert_eq!(check("sources", &[], &["Trade Ministry", "1", THIRD]), 1);
}

#[test]
fn every_named_query_gives_a_sentence_and_uses_terms_that_exist() {
    let resources = Resources::embedded();
    let mut defined = resources.text("ontology/statement.ttl").unwrap().into_owned();
    let ontology = resources.text("ontology/newsgraph.ttl");
    if let Ok(ontology) = &ontology {
        defined.push_str(ontology);
    }
    for query in named::all(&resources).unwrap() {
        let values: Vec<_> =
            query.params.iter().filter(|p| p.default.is_none()).map(|p| p.name.clone()).collect();
        let values: Vec<_> = values.into_iter().map(|name| (name, "x".to_owned())).collect();
        let text = query.text(&values).unwrap();
        let results = store().query(&text, Limits::default()).unwrap();
        match results {
            Results::Rows { variables, .. } => {
                assert!(variables.iter().any(|v| v == "sentence"), "{}", query.name);
            }
            other => panic!("{}: {other:?}", query.name),
        }
        let terms = text.split("ng:").skip(1).map(|rest| {
            rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
        });
        for term in terms.filter(|term| !term.is_empty()) {
            let is_defined = defined.contains(&format!("\nng:{term} a "))
                || defined.contains(&format!("\nng:{term}\n"));
            assert!(ontology.is_err() || is_defined, "{}: ng:{term}", query.name);
        }
    }
}

#[test]
fn turtle_and_graph_fill_the_same_store() {
    let folder = tempfile::tempdir().unwrap();
    let formats = [export::Format::Turtle, export::Format::NQuads];
    export::write_folder(&graph(), &ontology(), &Options::default(), &formats, folder.path())
        .unwrap();
    let read = Store::from_turtle(&folder.path().join("graph.ttl")).unwrap();
    let quads = Store::from_file(&folder.path().join("graph.nq")).unwrap();
    assert_eq!(read.len().unwrap(), store().len().unwrap());
    let query = "SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o";
    let all = |store: &Store| store.query(query, Limits::default()).unwrap();
    assert_eq!(all(&read), all(&store()));
    // What documents tell is in graphs of their own; a query sees the union.
    assert_eq!(all(&quads), all(&read));
}

#[test]
fn a_broken_file_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.ttl");
    std::fs::write(&path, "@prefix e: <http://e.example/> .\ne:a e:b \"c .\n").unwrap();
    let error = Store::from_file(&path).map(|_| ()).unwrap_err();
    assert!(matches!(error, Error::Input { line: Some(2), .. }), "{error}");
    let missing = Store::from_file(Path::new("no/graph.ttl")).map(|_| ()).unwrap_err();
    assert!(missing.to_string().starts_with("no/graph.ttl: "));
    assert!(matches!(Store::from_file(Path::new("graph.xls")), Err(Error::Usage(_))));
}

#[test]
fn what_lies_outside_of_the_store_is_refused() {
    let refused = |query: &str| store().query(query, Limits::default()).unwrap_err().to_string();
    assert!(refused("ASK FROM <http://x.example/> { ?s ?p ?o }").contains("no such graph"));
    assert!(refused("ASK FROM NAMED <http://x.example/> { ?s ?p ?o }").contains("no such graph"));
    assert!(refused("ASK { SERVICE <http://x.example/> { ?s ?p ?o } }").contains("SERVICE"));
    assert!(
        refused("INSERT DATA { <http://a.example/> <http://b.example/> 1 }").starts_with("query: ")
    );
    assert_eq!(refused("SELECT"), "query: line 1, column 7: not understood near \"SELECT\"");
    let error = refused("SELECT *\n{ ?a ?b /rdfs:label ?b }");
    assert!(error.starts_with("query: line 2, ") && error.contains("?b /rdfs:label"), "{error}");
}

#[test]
fn an_endless_query_is_given_up() {
    let query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }";
    let limits = Limits { time: Duration::from_millis(50), ..Limits::default() };
    let error = store().query(query, limits).unwrap_err().to_string();
    assert!(error.contains("given up"), "{error}");
}

#[test]
fn the_stack_holds_what_the_guard_lets_pass() {
    // Chains do not nest for the guard, but the parser builds deep trees of them. Those of the full
    // length pass too, in half a minute each.
    for (first, link) in [("1", "+1"), ("true", "||true"), ("1", "*1")] {
        let n = 5_000 / link.len();
        let query = format!("ASK {{ FILTER({first}{}) }}", link.repeat(n));
        store()
            .query(&query, Limits { time: Duration::from_secs(300), rows: 1, ..Limits::default() })
            .ok();
    }
    let unions = "{}UNION".repeat(1_000);
    store().query(&format!("ASK {{ {unions}{{}} }}"), Limits::default()).ok();
}

#[test]
fn rows_beyond_the_limit_are_left_out_and_told() {
    let limits = Limits { rows: 3, ..Limits::default() };
    let results = store().query("SELECT * { ?s ?p ?o }", limits).unwrap();
    assert_eq!((results.len(), results.is_complete()), (3, false));
}

#[test]
fn results_are_written_in_all_forms() {
    let write = |query: &str, format: &str, width| {
        let results = store().query(query, Limits::default()).unwrap();
        let mut out = Vec::new();
        let written = results.write(format.parse().unwrap(), width, &mut out);
        written.map(|()| String::from_utf8(out).unwrap())
    };
    let select = "SELECT ?s ?l { ?s ng:hasAge 45 ; rdfs:label ?l }";
    let table = write(select, "table", None).unwrap();
    assert!(table.contains("e:anna-berg") && table.contains("Anna Berg"), "{table}");
    assert_eq!(
        write(select, "csv", None).unwrap(),
        "s,l\r\nhttps://w3id.org/newsgraph/entity/anna-berg,Anna Berg\r\n"
    );
    assert!(write(select, "tsv", None).unwrap().starts_with("?s\t?l\n"));
    let json: serde_json::Value =
        serde_json::from_str(&write(select, "json", None).unwrap()).unwrap();
    assert_eq!(json["results"]["bindings"][0]["l"]["value"], "Anna Berg");
    let construct = "CONSTRUCT { ?s rdfs:label ?l } { ?s ng:hasAge 45 ; rdfs:label ?l }";
    assert!(
        write(construct, "ttl", None).unwrap().contains("e:anna-berg rdfs:label \"Anna Berg\"")
    );
    assert!(write(construct, "csv", None).is_err());
    assert!(write(select, "ttl", None).is_err());
    assert_eq!(write("ASK {}", "table", None).unwrap(), "yes\n");
    let unbound = write("SELECT ?s ?none { ?s ng:hasAge 45 }", "table", None).unwrap();
    assert!(!unbound.contains("none"), "{unbound}");
    let wide = write("SELECT ?t { ?x nif:anchorOf ?t }", "table", Some(40)).unwrap();
    assert!(wide.lines().all(|line| line.chars().count() <= 40), "{wide}");
    assert!("xls".parse::<ResultFormat>().is_err());
}
