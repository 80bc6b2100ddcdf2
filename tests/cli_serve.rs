//! `newsgraph serve`: the promises of the endpoint, asked as any client would.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "in helpers too: a test that cannot go on fails")]

mod common;

use std::time::{Duration, Instant};

use common::served::Served;
use common::{arg, examples, newsgraph};
use serde_json::Value;

/// The example corpus, served for one test: a shared server would outlive them all.
fn served() -> Served {
    Served::new(&[arg(&examples().join("graph.ttl")), "--timeout", "2"])
}

const JSON: &str = "application/sparql-results+json";

#[test]
fn queries_come_in_three_ways() {
    let server = served();
    let query = "ASK%20%7B%20%3Fs%20ng%3AmetWith%20%3Fo%20%7D";
    let answers = [
        server.get(&format!("/sparql?query={query}")),
        server.ask("ASK { ?s ng:metWith ?o }", JSON),
        server.send(
            "POST",
            "/query",
            &["Content-Type: application/x-www-form-urlencoded"],
            &format!("query={query}"),
        ),
    ];
    for answer in answers {
        assert_eq!(answer.is(200).json()["boolean"], true);
    }
    let chunked = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\
        Content-Type: application/sparql-query\r\n\r\n4\r\nASK \r\n2\r\n{}\r\n0\r\n\r\n";
    assert_eq!(server.raw(chunked.as_bytes()).is(200).json()["boolean"], true);
}

#[test]
fn the_form_follows_the_accept_header() {
    let server = served();
    let select = "SELECT ?s { ?s ng:metWith ?o } ORDER BY ?s LIMIT 2";
    for (accept, begins) in [
        (JSON, "{\"head\""),
        ("application/sparql-results+xml", "<?xml"),
        ("text/csv", "s\r\n"),
        ("text/tab-separated-values", "?s\n"),
        ("*/*", "{\"head\""),
    ] {
        let answer = server.ask(select, accept).is(200);
        assert!(answer.body.starts_with(begins), "{accept}: {:.100}", answer.body);
    }
    let construct = "CONSTRUCT { ?s ng:metWith ?o } { ?s ng:metWith ?o }";
    for (accept, kind) in [
        ("text/turtle", "text/turtle"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"),
    ] {
        let answer = server.ask(construct, accept).is(200);
        assert!(answer.head.contains(&format!("content-type: {kind}")), "{}", answer.head);
        assert!(answer.body.contains("metWith"), "{accept}: {:.300}", answer.body);
    }
    server.ask(select, "image/png").is(406);
    server.ask(construct, "text/csv").is(406);
}

/// What the W3C's protocol tests ask of queries: the ways in, the data set, the forms, the refusals.
#[test]
fn the_protocol_is_kept() {
    const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
    const QUERY: &str = "Content-Type: application/sparql-query; charset=utf-8";
    let quads = "<http://x.example/one> { <http://x.example/a> a <http://x.example/One> }\n\
        <http://x.example/two> { <http://x.example/a> a <http://x.example/Two> }\n";
    let folder = common::folder(&[("graph.trig", quads.as_bytes())]);
    let server = Served::new(&[arg(&folder.path().join("graph.trig"))]);
    let encoded = |text: &str| -> String { text.bytes().map(|b| format!("%{b:02X}")).collect() };
    let graphs = |name: &str, graphs: &[&str]| -> String {
        let one =
            |graph: &&str| format!("&{name}={}", encoded(&format!("http://x.example/{graph}")));
        graphs.iter().map(one).collect()
    };

    // Default graphs are merged, named ones can be asked for by name, others are not there.
    let in_default = "ASK { ?s a <http://x.example/One> , <http://x.example/Two> }";
    let in_named = "ASK { GRAPH <http://x.example/one> { ?s a <http://x.example/One> }
        GRAPH <http://x.example/two> { ?s a <http://x.example/Two> } }";
    let across = "ASK { ?s a <http://x.example/One> GRAPH ?g { ?s a <http://x.example/Two> } }";
    for (query, default, named, expected) in [
        (in_default, &["one", "two"][..], &[][..], true),
        (in_default, &["one"], &[], false),
        (in_named, &[], &["one", "two"], true),
        (in_named, &[], &["one"], false),
        (across, &["one"], &["two"], true),
        (across, &["two"], &["one"], false),
    ] {
        let set = graphs("default-graph-uri", default) + &graphs("named-graph-uri", named);
        let asked = format!("query={}{set}", encoded(query));
        for answer in [
            server.get(&format!("/sparql?{asked}")),
            server.send("POST", "/sparql", &[FORM], &asked),
            server.send("POST", &format!("/sparql?{}", &set[1..]), &[QUERY], query),
        ] {
            let answer = answer.is(200);
            assert_eq!(answer.json()["boolean"], expected, "{query} {set}");
        }
    }

    let every = |kind: &str| encoded(&format!("{kind} {{ ?s a ?c }}"));
    for (query, accept) in [
        (every("ASK"), "application/sparql-results+xml"),
        (every("ASK"), JSON),
        (every("SELECT ?s WHERE"), "application/sparql-results+xml"),
        (every("SELECT ?s WHERE"), JSON),
        (every("SELECT ?s WHERE"), "text/csv"),
        (every("SELECT ?s WHERE"), "text/tab-separated-values"),
        (every("DESCRIBE ?s WHERE"), "application/rdf+xml"),
        (every("CONSTRUCT WHERE"), "text/turtle"),
    ] {
        let target = format!("/sparql?query={query}");
        let answer = server.send("GET", &target, &[&format!("Accept: {accept}")], "").is(200);
        assert!(answer.head.contains(&format!("content-type: {accept}")), "{}", answer.head);
    }

    let form = format!("query={}", encoded("ASK {}"));
    server.send("PUT", "/sparql", &[FORM], &form).is(405);
    server.send("POST", "/sparql", &["Content-Type: text/plain"], "ASK {}").is(415);
    server.send("POST", "/sparql", &[], &form).is(415);
    server.send("POST", "/sparql", &[], "ASK {}").is(415);
    server.send("POST", "/sparql", &[FORM], &format!("{form}&{form}")).is(400);
    server.get(&format!("/sparql?{form}&{form}")).is(400);
    server.send("POST", "/sparql", &[QUERY], "ASK { ?s ?p ").is(400);
    server.send("POST", &format!("/sparql?{form}"), &[QUERY], "ASK {}").is(400);
    let utf16: Vec<u8> = "ASK {}".encode_utf16().flat_map(u16::to_be_bytes).chain([0xd8]).collect();
    let head = format!("POST /sparql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{QUERY}");
    let head = format!("{head}\r\nContent-Length: {}\r\n\r\n", utf16.len());
    server.raw(&[head.as_bytes(), &utf16].concat()).is(400);
}

#[test]
fn what_is_no_query_is_refused() {
    let server = served();
    server.ask("SELECT", JSON).is(400);
    server.ask("", JSON).is(400);
    server.get("/sparql?query=%FF").is(400);
    server.get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D").is(400);
    server.get("/sparql?default-graph-uri=http://x.example/").is(400);
    server.send("POST", "/sparql", &["Content-Type: text/plain"], "ASK {}").is(415);
    server.send("PUT", "/sparql", &[], "ASK {}").is(405);
    server.get("/store?default").is(404);
    server.get("/../../../../etc/passwd").is(404);
    let description = server.get("/sparql").is(200);
    assert!(description.body.contains("sd:Service"), "{}", description.body);
}

#[test]
fn nothing_can_be_changed() {
    let server = served();
    let count = || server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv").is(200).body;
    let before = count();
    let update = "DELETE WHERE { ?s ?p ?o }";
    server.send("POST", "/sparql", &["Content-Type: application/sparql-update"], update).is(403);
    server
        .send("POST", "/sparql", &["Content-Type: application/x-www-form-urlencoded"], "update=x")
        .is(403);
    server.ask(update, JSON).is(400);
    server.ask("LOAD <file:///etc/hostname>", JSON).is(400);
    assert_eq!(count(), before);
}

#[test]
fn nothing_outside_can_be_reached() {
    let server = served();
    for query in [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "SELECT * FROM NAMED <http://127.0.0.1:1/> { GRAPH ?g { ?s ?p ?o } }",
    ] {
        server.ask(query, JSON).is(400);
    }
    server.get("/sparql?query=ASK%7B%7D&default-graph-uri=http%3A%2F%2F127.0.0.1%3A1%2F").is(400);
}

#[test]
fn only_our_own_name_is_answered_to() {
    let server = served();
    server.send("GET", "/", &["Host: rebound.evil.example"], "").is(421);
    server.raw(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").is(400);
    let answer = server.send("GET", "/sparql?query=ASK%7B%7D", &["Origin: https://a.example"], "");
    let answer = answer.is(403);
    assert!(!answer.head.contains("access-control-allow-origin"), "{}", answer.head);
    assert!(answer.head.contains("cross-origin-resource-policy: same-origin"), "{}", answer.head);
}

#[test]
fn one_origin_may_be_let_in() {
    let graph = examples().join("graph.ttl");
    let server =
        Served::new(&[arg(&graph), "--allow-origin", "https://a.example", "--workers", "1"]);
    let from = |origin: &str| {
        server.send("GET", "/sparql?query=ASK%7B%7D", &[&format!("Origin: {origin}")], "")
    };
    let allowed = from("https://a.example").is(200).head;
    assert!(allowed.contains("access-control-allow-origin: https://a.example"), "{allowed}");
    assert!(!from("https://b.example").is(403).head.contains("access-control-allow-origin"));
}

#[test]
fn pages_of_others_have_nothing_evaluated() {
    let server = served();
    let ask = |method: &str, target: &str, headers: &[&str]| {
        let headers = [&["Content-Type: application/sparql-query"], headers].concat();
        server.send(method, target, &headers, "ASK {}").status
    };
    assert_eq!(ask("POST", "/sparql", &["Origin: https://evil.example"]), 403);
    assert_eq!(ask("POST", "/query", &["Origin: null"]), 403);
    assert_eq!(ask("POST", "/sparql", &["Origin: http://localhost"]), 200);
    assert_eq!(ask("POST", "/sparql", &["Sec-Fetch-Site: same-site"]), 403);
    assert_eq!(ask("GET", "/api/overview", &["Sec-Fetch-Site: cross-site"]), 403);
    assert_eq!(ask("GET", "/api/overview", &["Sec-Fetch-Site: same-origin"]), 200);
    // The page itself can be linked to.
    assert_eq!(ask("GET", "/", &["Sec-Fetch-Site: cross-site"]), 200);
}

#[test]
fn a_target_may_be_absolute_and_then_names_the_host() {
    let server = served();
    let get = |target: &str, host: &str| {
        server.send("GET", target, &[&format!("Host: {host}")], "").status
    };
    assert_eq!(get("http://localhost/sparql?query=ASK%7B%7D", "localhost"), 200);
    assert_eq!(get("http://127.0.0.1:1/", "localhost"), 200);
    assert_eq!(get("http://evil.example/sparql?query=ASK%7B%7D", "localhost"), 421);
    assert_eq!(get("http://localhost@evil.example/", "localhost"), 421);
    assert_eq!(get("http://localhost/", "evil.example"), 200);
    assert_eq!(get("ftp://localhost/", "localhost"), 404);
}

#[test]
fn who_holds_connections_keeps_nobody_out() {
    let server = served();
    let mut held: Vec<std::net::TcpStream> = (0..300).map(|_| server.connect()).collect();
    for (at, stream) in held.iter_mut().enumerate() {
        // Some say nothing, some never end, some do not take the answer.
        let begin =
            ["", "POST /sparql HTTP/1.1\r\nHost: loc", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"];
        std::io::Write::write_all(stream, begin[at % 3].as_bytes()).ok();
    }
    let began = Instant::now();
    for _ in 0..20 {
        server.get("/sparql?query=ASK%7B%7D").is(200);
    }
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

#[test]
fn too_much_is_refused() {
    let server = served();
    server.ask(&"x".repeat(2 << 20), JSON).is(413);
    server.raw(format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(20_000)).as_bytes()).is(431);
    let deep = format!("ASK {{ FILTER({}1{}) }}", "(".repeat(5_000), ")".repeat(5_000));
    assert!(server.ask(&deep, JSON).is(400).body.contains("nested"));
    server.ask("ASK {}", JSON).is(200);
}

#[test]
fn an_endless_query_ends_and_others_go_on() {
    let server = served();
    let endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l
        FILTER(?a != ?d && ?c != ?i) }";
    let start = Instant::now();
    let answer = std::thread::scope(|scope| {
        let endless = scope.spawn(|| server.ask(endless, JSON));
        for _ in 0..5 {
            server.ask("ASK {}", JSON).is(200);
        }
        endless.join().unwrap()
    });
    answer.is(504);
    assert!(start.elapsed() < Duration::from_secs(120), "{:?}", start.elapsed());
    server.ask("ASK {}", JSON).is(200);
}

#[test]
fn a_greedy_query_dies_alone() {
    let graph = examples().join("graph.ttl");
    let server = Served::new(&[arg(&graph), "--max-memory", "64", "--workers", "1"]);
    let mut text = "\"aaaaaaaaaa\"".to_owned();
    for _ in 0..9 {
        text = format!("REPLACE({text}, \"a\", \"aaaaaaaaaa\")");
    }
    let answer = server.ask(&format!("SELECT ?x {{ BIND({text} AS ?x) }}"), JSON);
    assert!(matches!(answer.status, 500 | 504), "{} {:.200}", answer.head, answer.body);
    server.ask("ASK {}", JSON).is(200);
}

#[test]
fn answers_that_are_cut_say_so() {
    let graph = examples().join("graph.ttl");
    let server = Served::new(&[arg(&graph), "--max-rows", "3", "--workers", "1"]);
    let answer = server.ask("SELECT * { ?s ?p ?o }", "text/csv").is(200);
    assert_eq!(answer.body.lines().count(), 4);
    assert!(answer.head.contains("newsgraph-complete: false"), "{}", answer.head);
}

#[test]
fn the_page_runs_nothing_but_its_own() {
    let server = served();
    let answer = server.get("/").is(200);
    assert!(
        answer.head.contains("content-security-policy: default-src 'none'; script-src 'sha256-")
    );
    assert!(answer.head.contains("frame-ancestors 'none'"), "{}", answer.head);
    assert!(answer.body.contains("data-mode=\"served\""));
    let error = server.get("/<script>alert(1)</script>");
    assert!(error.head.contains("content-type: text/plain"), "{}", error.head);
    assert!(error.head.contains("x-content-type-options: nosniff"), "{}", error.head);
}

#[test]
fn the_explorer_finds_entities_and_sentences() {
    let server = served();
    let found = server.get("/api/search?q=carvalho").is(200).json();
    let id = found[0]["id"].as_str().unwrap();
    assert!(found[0]["label"].as_str().unwrap().contains("Carvalho"), "{found}");
    let data = server.get(&format!("/api/entity?id={id}")).is(200).json();
    let statements = data["statements"].as_array().unwrap();
    assert!(!statements.is_empty());
    for statement in statements {
        let at = |list: &str, field: &str| {
            &data[list][usize::try_from(statement[field].as_u64().unwrap()).unwrap()]
        };
        let sentence = at("sentences", "sentence")["text"].as_str().unwrap();
        let trigger = statement["trigger"].as_str().unwrap();
        assert!(sentence.contains(trigger), "{sentence} {trigger}");
        assert!(at("entities", "subject")["label"].is_string());
    }
    let st = statements[0]["id"].as_str().unwrap();
    let one = server.get(&format!("/api/statement?id={st}")).is(200).json();
    assert!(one["statements"].as_array().unwrap().iter().any(|s| s["id"] == st), "{one}");
    let overview = server.get("/api/overview?n=20").is(200).json();
    assert!(!overview["statements"].as_array().unwrap().is_empty());
    assert_eq!(
        server.get("/api/entity?id=nobody").is(200).json()["statements"],
        Value::Array(vec![])
    );
    server.get("/api/overview?n=many").is(400);
    server.get("/api/nothing").is(400);
}

#[test]
fn a_graph_that_cannot_be_served_is_told() {
    newsgraph(&["serve", "no/such/graph.ttl"]).exits(2).tells(&["no/such/graph.ttl"]);
    let folder = common::folder(&[("graph.ttl", b"<a> <b> .\n")]);
    let graph = folder.path().join("graph.ttl");
    newsgraph(&["serve", arg(&graph), "--port", "0"]).exits(2).tells(&["graph.ttl:1"]);
}
