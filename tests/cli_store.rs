//! `--store`: a graph on disk, written by `build`, read by `query` and `serve`.
#![allow(clippy::unwrap_used, reason = "in helpers too: a test that cannot go on fails")]

mod common;

#[cfg(not(feature = "rocksdb"))]
#[test]
fn a_program_without_it_says_so_before_any_work() {
    use common::{arg, newsgraph};

    let folder = tempfile::tempdir().unwrap();
    let (out, store) = (folder.path().join("out"), folder.path().join("graph.store"));
    for command in [
        &["build", "examples/news", "-o", arg(&out), "--store", arg(&store)][..],
        &["query", "--store", arg(&store), "ASK {}"],
        &["serve", "--store", arg(&store), "--port", "0"],
    ] {
        newsgraph(command).exits(2).tells(&["--store", "--features rocksdb"]);
    }
    assert!(!store.exists() && !out.join("graph.ttl").exists());
}

#[cfg(all(unix, feature = "rocksdb"))]
mod stored {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::sync::OnceLock;
    use std::time::{Duration, Instant};

    use super::common::served::Served;
    use super::common::{Run, arg, newsgraph, text};

    /// The folder with the graph of the example corpus, as a file and stored, built once.
    fn built() -> &'static Path {
        static FOLDER: OnceLock<PathBuf> = OnceLock::new();
        FOLDER.get_or_init(|| {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli_store");
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir(&folder).unwrap();
            store(&folder, &["--format", "ttl", "--rdf-version", "1.2"]).exits(0);
            folder
        })
    }

    /// Builds the examples into a folder, with the stored graph beside the files.
    fn store(folder: &Path, options: &[&str]) -> Run {
        let place = folder.join("graph.store");
        let command = ["build", "-q", "examples/news", "-o", arg(folder), "--store", arg(&place)];
        newsgraph(&[&command, options].concat())
    }

    fn ask(place: &Path, query: &str) -> Run {
        newsgraph(&["query", "--store", arg(place), "--format", "csv", query])
    }

    const MEETINGS: &str = "SELECT ?s ?o { ?s ng:metWith ?o } ORDER BY ?s ?o";

    const EVERYTHING: &str = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o";

    #[test]
    fn it_holds_what_the_file_holds() {
        let place = built().join("graph.store");
        let file = built().join("graph.ttl");
        let from_file = newsgraph(&["query", "--data", arg(&file), "--format", "csv", EVERYTHING]);
        assert_eq!(ask(&place, EVERYTHING).exits(0).out, from_file.exits(0).out);
        newsgraph(&["stats", "--store", arg(&place)]).exits(0);
        let both = ["query", "--store", arg(&place), "--data", arg(&file), "ASK {}"];
        newsgraph(&both).exits(2).tells(&["cannot be used with"]);
    }

    #[test]
    fn it_can_be_read_where_nothing_can_be_written() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        store(folder.path(), &[]).exits(0);
        let place = folder.path().join("graph.store");
        let mode = |mode: u32| {
            for folder in [&place, &place.join("database")] {
                fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
            }
        };
        mode(0o555);
        let before = list(&place.join("database"));
        let run = ask(&place, MEETINGS);
        mode(0o755);
        run.exits(0);
        assert_eq!(list(&place.join("database")), before, "reading writes nothing");
    }

    fn list(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn another_build_replaces_it_whole() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("graph.store");
        store(folder.path(), &["--predicate", "visited"]).exits(0);
        assert_eq!(ask(&place, "ASK { ?s ng:metWith ?o }").exits(1).out.trim(), "false");
        // What a build that was killed left behind is in nobody's way.
        let beside = folder.path().join("graph.store.new");
        fs::create_dir_all(beside.join("database")).unwrap();
        fs::write(beside.join("database/CURRENT"), "half").unwrap();
        store(folder.path(), &[]).exits(0);
        assert_eq!(ask(&place, "ASK { ?s ng:metWith ?o }").exits(0).out.trim(), "true");
        assert!(!beside.exists());
        let names =
            [".newsgraph.readings", "graph.graphml", "graph.store", "graph.ttl", "report.json"];
        assert_eq!(list(folder.path()), names);
    }

    #[test]
    fn folders_that_are_something_else_stay_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("graph.store");
        fs::create_dir(&place).unwrap();
        fs::write(place.join("letter.txt"), "mine").unwrap();
        let refused = store(folder.path(), &[]).exits(2);
        refused.tells(&["graph.store", "something else is in this folder"]);
        assert_eq!(list(&place), ["letter.txt"]);
        assert!(!folder.path().join("graph.ttl").exists(), "told before any work");
        fs::remove_dir_all(&place).unwrap();
        fs::write(&place, "a file").unwrap();
        store(folder.path(), &[]).exits(2).tells(&["graph.store"]);
        assert_eq!(fs::read_to_string(&place).unwrap(), "a file");
        // An empty folder is as good as none.
        fs::remove_file(&place).unwrap();
        fs::create_dir(&place).unwrap();
        store(folder.path(), &[]).exits(0);
        ask(&place, MEETINGS).exits(0);
    }

    #[test]
    fn what_is_no_stored_graph_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("graph.store");
        ask(&place, "ASK {}").exits(2).tells(&["graph.store", "no stored graph", "build --store"]);
        let serve = newsgraph(&["serve", "--store", arg(&place), "--port", "0"]);
        serve.exits(2).tells(&["graph.store", "no stored graph"]);
        store(folder.path(), &[]).exits(0);
        fs::remove_file(place.join("database/CURRENT")).unwrap();
        ask(&place, "ASK {}").exits(2).tells(&["graph.store"]);
        let serve = newsgraph(&["serve", "--store", arg(&place), "--port", "0"]);
        serve.exits(2).tells(&["graph.store"]);
        fs::write(place.join("newsgraph.store"), "newsgraph store 0\n1\n").unwrap();
        ask(&place, "ASK {}").exits(2).tells(&["graph.store", "another version"]);
    }

    #[test]
    fn it_is_served_as_a_file_is() {
        let file = Served::new(&[arg(&built().join("graph.ttl")), "--workers", "1"]);
        let disk = Served::new(&["--store", arg(&built().join("graph.store")), "--workers", "1"]);
        let entity = disk.get("/api/search?q=carvalho").is(200).json()[0]["id"].clone();
        let entity = format!("/api/entity?id={}", entity.as_str().unwrap());
        for target in ["/api/search?q=carvalho", &entity, "/api/overview?n=20"] {
            assert_eq!(disk.get(target).is(200).body, file.get(target).is(200).body, "{target}");
        }
        let csv = |server: &Served| server.ask(EVERYTHING, "text/csv").is(200).body;
        assert_eq!(csv(&disk), csv(&file));
    }

    #[test]
    fn hostile_queries_die_alone() {
        let place = built().join("graph.store");
        let options = ["--timeout", "2", "--max-memory", "64", "--workers", "2"];
        let server = Served::new(&[&["--store", arg(&place)], &options[..]].concat());
        let json = "application/sparql-results+json";
        let endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l
            FILTER(?a != ?d && ?c != ?i) }";
        let mut greedy = "\"aaaaaaaaaa\"".to_owned();
        for _ in 0..9 {
            greedy = format!("REPLACE({greedy}, \"a\", \"aaaaaaaaaa\")");
        }
        let greedy = format!("SELECT ?x {{ BIND({greedy} AS ?x) }}");
        let deep = format!("ASK {{ FILTER({}1{}) }}", "(".repeat(5_000), ")".repeat(5_000));
        let start = Instant::now();
        for _ in 0..3 {
            server.ask(endless, json).is(504);
            let answer = server.ask(&greedy, json);
            assert!(matches!(answer.status, 500 | 504), "{} {:.200}", answer.head, answer.body);
            server.ask(&deep, json).is(400);
            server.ask("DELETE WHERE { ?s ?p ?o }", json).is(400);
            let met = server.ask("ASK { ?s ng:metWith ?o }", json).is(200);
            assert_eq!(met.json()["boolean"], true);
        }
        assert!(start.elapsed() < Duration::from_secs(300), "{:?}", start.elapsed());
    }

    #[test]
    fn it_is_not_replaced_while_it_is_served() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("graph.store");
        store(folder.path(), &[]).exits(0);
        let server = Served::new(&["--store", arg(&place), "--workers", "1"]);
        server.ask("ASK {}", "text/csv");
        let before = text(&place, "newsgraph.store");
        store(folder.path(), &["--predicate", "visited"])
            .exits(2)
            .tells(&["graph.store", "reads this stored graph"]);
        assert_eq!(text(&place, "newsgraph.store"), before);
        ask(&place, MEETINGS).exits(0);
        drop(server);
        store(folder.path(), &["--predicate", "visited"]).exits(0);
    }
}
