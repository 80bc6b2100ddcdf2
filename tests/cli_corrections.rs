//! Corrections: a decision of the reader holds at every build, and changes nothing else.

#![allow(clippy::unwrap_used, reason = "in helpers too: a test that cannot go on fails")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use common::{Run, arg, folder, newsgraph, report, text};

const ARTICLES: [(&str, &[u8]); 3] = [
    ("a.txt", b"Anna Berg visited Lima.\n\nOmar Vik praised Anna Berg.\n"),
    ("b.txt", b"Anna Berg met Rosa Lind in Bergen.\n"),
    ("c.txt", b"Hugo Falk criticized Omar Vik.\n"),
];

const FILE: &str = "newsgraph.corrections.toml";

/// Builds the articles with corrections beside the output.
fn built(corrections: &str) -> (Run, tempfile::TempDir) {
    let input = folder(&ARTICLES);
    let out = tempfile::tempdir().unwrap();
    if !corrections.is_empty() {
        fs::write(out.path().join(FILE), corrections).unwrap();
    }
    let options = ["build", arg(input.path()), "-o", arg(out.path()), "--format", "ttl,nt,jsonl"];
    (newsgraph(&options), out)
}

fn triples(folder: &Path) -> BTreeSet<String> {
    text(folder, "graph.nt").lines().map(str::to_owned).collect()
}

/// What corrections take away and what they add.
fn difference(corrections: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (run, plain) = built("");
    run.exits(0);
    let (run, corrected) = built(corrections);
    let run = run.exits(0);
    assert!(!run.err.contains("does not apply"), "{}", run.err);
    assert_eq!(report(corrected.path())["corrections"]["followed"], 1);
    let (before, after) = (triples(plain.path()), triples(corrected.path()));
    let gone = before.difference(&after).cloned().collect();
    (gone, after.difference(&before).cloned().collect())
}

/// Ids of statements whose subject or object is the entity, in the graph without corrections.
fn statements_about(entity: &str) -> BTreeSet<String> {
    let (run, out) = built("");
    run.exits(0);
    let about = format!("<https://w3id.org/newsgraph/entity/{entity}>");
    let told = triples(out.path());
    let role = |line: &&String| line.contains("-ns#subject>") || line.contains("-ns#object>");
    let about = told.iter().filter(role).filter(|line| line.contains(&about));
    about.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

#[track_caller]
fn all_contain(lines: &BTreeSet<String>, any: &[&str]) {
    assert!(!lines.is_empty());
    for line in lines {
        assert!(any.iter().any(|part| line.contains(part)), "{line} has nothing to do with it");
    }
}

#[test]
fn rename_changes_the_label_and_keeps_the_id() {
    let (gone, new) = difference("[[rename]]\nentity = \"Omar Vik\"\nlabel = \"Omar Vik Jr.\"\n");
    let subject = "<https://w3id.org/newsgraph/entity/omar-vik>";
    let label = "<http://www.w3.org/2000/01/rdf-schema#label>";
    assert_eq!(gone, BTreeSet::from([format!("{subject} {label} \"Omar Vik\" .")]));
    let alias = "<http://www.w3.org/2004/02/skos/core#altLabel>";
    assert_eq!(
        new,
        BTreeSet::from([
            format!("{subject} {label} \"Omar Vik Jr.\" ."),
            format!("{subject} {alias} \"Omar Vik\" ."),
        ])
    );
}

#[test]
fn retype_changes_the_class() {
    let (gone, new) = difference("[[retype]]\nentity = \"e:omar-vik\"\nclass = \"Vehicle\"\n");
    all_contain(&gone, &["entity/omar-vik> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"]);
    all_contain(
        &new,
        &[
            "entity/omar-vik> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
            "ns#Vehicle>",
            "ns#Product>",
        ],
    );
    assert!(new.iter().any(|line| line.contains("ns#Vehicle>")));
}

#[test]
fn alias_adds_a_name_and_takes_in_what_is_called_so() {
    let (gone, new) = difference("[[alias]]\nentity = \"Omar Vik\"\nnames = [\"the Fox\"]\n");
    assert_eq!((gone.len(), new.len()), (0, 1), "{gone:?} {new:?}");
    all_contain(&new, &["altLabel> \"the Fox\""]);
    let (_, new) = difference("[[alias]]\nentity = \"Omar Vik\"\nnames = [\"Hugo Falk\"]\n");
    assert!(
        new.iter().any(|line| line.contains("entity/omar-vik> ") && line.contains("Hugo Falk"))
    );
    assert!(!new.iter().any(|line| line.contains("entity/hugo-falk")));
}

#[test]
fn merge_makes_one_of_two() {
    let (gone, new) = difference("[[merge]]\nentities = [\"Anna Berg\", \"Hugo Falk\"]\n");
    let mut about = statements_about("hugo-falk");
    about.extend(["entity/hugo-falk".to_owned(), "entity/anna-berg".to_owned()]);
    let parts: Vec<&str> = about.iter().map(String::as_str).collect();
    all_contain(&gone, &parts);
    assert!(gone.iter().any(|line| line.contains("entity/hugo-falk")));
    assert!(new.iter().any(|line| line.contains("altLabel> \"Hugo Falk\"")), "{new:?}");
    assert!(!new.iter().any(|line| line.contains("entity/hugo-falk")), "{new:?}");
}

#[test]
fn split_gives_what_is_named_to_another() {
    let (run, out) = built(
        "[[split]]\nentity = \"Anna Berg\"\ndocuments = [\"b.txt\"]\nlabel = \"Anna Berg (b)\"\n",
    );
    run.exits(0);
    let told = text(out.path(), "graph.jsonl");
    let of = |document: &str, name: &str| {
        told.lines().filter(|line| line.contains(document)).any(|line| line.contains(name))
    };
    assert!(of("b.txt", "Anna Berg (b)") && !of("a.txt", "Anna Berg (b)"), "{told}");
    let (gone, new) = difference("[[split]]\nentity = \"Anna Berg\"\ndocuments = [\"b.txt\"]\n");
    // The document is told by its hash: whatever is gone stood there.
    let (run, plain) = built("");
    run.exits(0);
    let identifier = "schema.org/identifier> \"b.txt\"";
    let line = triples(plain.path()).into_iter().find(|line| line.contains(identifier)).unwrap();
    let document = line.split(['<', '>']).nth(1).unwrap().to_owned();
    let mut about = statements_about("anna-berg");
    about.extend(statements_about("rosa-lind"));
    about.extend(statements_about("bergen"));
    about.extend([
        document,
        "entity/anna-berg".to_owned(),
        "entity/rosa-lind".to_owned(),
        "newsgraph/comparison/".to_owned(),
    ]);
    let parts: Vec<&str> = about.iter().map(String::as_str).collect();
    all_contain(&gone, &parts);
    assert!(new.iter().any(|line| line.contains("entity/anna-berg-")), "{new:?}");
}

#[test]
fn not_same_undoes_a_join_and_forbids_a_merge() {
    let apart = "[[not-same]]\nentities = [{ name = \"Anna Berg\", document = \"a.txt\" }, \
        { name = \"Anna Berg\", document = \"b.txt\" }]\n";
    let (_, new) = difference(apart);
    assert!(new.iter().any(|line| line.contains("entity/anna-berg-")), "{new:?}");
    let both = "[[not-same]]\nentities = [\"Omar Vik\", \"Hugo Falk\"]\n\n\
        [[merge]]\nentities = [\"Omar Vik\", \"Hugo Falk\"]\n";
    let (run, out) = built(both);
    run.exits(0).tells(&[&format!("{FILE}:4: merge does not apply"), "line 1"]);
    let told = &report(out.path())["corrections"];
    assert_eq!((&told["followed"], &told["not_applied"][0]["line"]), (&1.into(), &4.into()));
}

#[test]
fn drop_leaves_out_all_that_is_told_of_it() {
    let (gone, new) = difference("[[drop]]\nentity = \"Hugo Falk\"\n");
    assert!(gone.iter().any(|line| line.contains("entity/hugo-falk")));
    assert!(!new.iter().any(|line| line.contains("hugo-falk")), "{new:?}");
    let about = statements_about("hugo-falk");
    assert!(!about.is_empty());
    for id in about {
        assert!(gone.iter().any(|line| line.starts_with(&id)), "{id} is still there");
    }
    assert!(gone.iter().all(|line| !line.contains("Anna")), "{gone:?}");
}

#[test]
fn what_no_longer_applies_is_reported() {
    let (run, out) = built("[[rename]]\nentity = \"Nobody Atall\"\nlabel = \"Nobody\"\n");
    run.exits(0).tells(&[&format!("{FILE}:1: rename does not apply"), "Nobody Atall"]);
    let told = &report(out.path())["corrections"];
    assert_eq!(told["not_applied"][0]["kind"], "rename");
}

#[test]
fn a_broken_file_stops_the_build_with_its_line() {
    for (text, told) in [
        ("\n[[merge]]\nentities = [\"A\"]\n", ":2: merge: expected at least two"),
        (
            "[[retype]]\nentity = \"Omar Vik\"\nclass = \"Wizard\"\n",
            ":1: retype: the ontology has no",
        ),
        ("[[rename]]\nentity = \"A\"\nlabel = \"B\"\ncolor = \"red\"\n", ":4: "),
    ] {
        let (run, _out) = built(text);
        run.exits(2).tells(&[&format!("{FILE}{told}")]);
    }
    let place = folder(&ARTICLES);
    let none = place.path().join("none.toml");
    newsgraph(&["build", arg(place.path()), "-o", arg(place.path()), "--corrections", arg(&none)])
        .exits(2)
        .tells(&["none.toml"]);
}

#[test]
fn review_lists_and_explain_tells_why() {
    let input = folder(&[
        ("a.txt", b"Sergey Voronov visited Lima.\n"),
        ("b.txt", b"Sergei Voronov praised Omar Vik.\n"),
    ]);
    let out = tempfile::tempdir().unwrap();
    newsgraph(&["build", arg(input.path()), "-o", arg(out.path())]).exits(0);
    let graph = out.path().join("graph.ttl");
    let told = newsgraph(&["explain", "Sergei Voronov", "--data", arg(&graph)]).exits(0).out;
    for words in
        ["joined: “Sergei Voronov” – “Sergey Voronov”", "another spelling", "(0.82)", "mentions: 2"]
    {
        assert!(told.contains(words), "no {words:?} in {told}");
    }
    let list = newsgraph(&["review", "--data", arg(&graph)]).exits(0).out;
    for words in ["another spelling", "“Sergey Voronov visited Lima.”  a.txt", "b.txt"] {
        assert!(list.contains(words), "no {words:?} in {list}");
    }
    let json = newsgraph(&["review", "--data", arg(&graph), "--format", "json"]).exits(0);
    assert_eq!(json.json_lines()[0]["right"]["name"], "Sergey Voronov");
    let decided = "[[merge]]\nentities = [{ name = \"Sergei Voronov\", document = \"b.txt\" }, \
        { name = \"Sergey Voronov\", document = \"a.txt\" }]\n";
    fs::write(out.path().join(FILE), decided).unwrap();
    newsgraph(&["review", "--data", arg(&graph)]).exits(1).tells(&["nothing to review"]);
}

#[test]
fn a_part_of_a_graph_tells_how_its_own_names_were_joined() {
    let input = folder(&[
        ("a.txt", b"Sergey Voronov visited Lima.\n"),
        ("b.txt", b"Sergei Voronov praised Omar Vik.\n"),
        ("c.txt", b"Hugo Falk criticized Rosa Lind.\n"),
    ]);
    let part = |relation: &str| {
        let out = tempfile::tempdir().unwrap();
        let build = ["build", arg(input.path()), "-o", arg(out.path()), "--predicate", relation];
        newsgraph(&build).exits(0);
        newsgraph(&["validate", arg(&out.path().join("graph.ttl"))]).exits(0);
        out
    };
    let visits = part("visited");
    let list = newsgraph(&["review", "--data", arg(&visits.path().join("graph.ttl"))]).exits(0).out;
    for words in ["“Sergey Voronov visited Lima.”", "“Sergei Voronov praised Omar Vik.”"] {
        assert!(list.contains(words), "no {words:?} in {list}");
    }
    let others = text(part("criticized").path(), "graph.ttl");
    assert!(others.contains("Hugo Falk") && !others.contains("Voronov"), "{others}");
}

#[test]
fn knowledge_base_links_what_is_sure_and_hints_at_the_rest() {
    let input = folder(&ARTICLES);
    let table = "id,label,aliases,class\nQ1,Omar Vik,,Person\nQ2,Anna Berg,,Person\n\
        Q3,Anna Berg,,Person\nQ4,Hugo Falk,,Company\nQ5,Somebody Else,,Person\n";
    let kb = folder(&[("kb.csv", table.as_bytes())]);
    let kb = kb.path().join("kb.csv");
    let out = tempfile::tempdir().unwrap();
    newsgraph(&[
        "build",
        arg(input.path()),
        "-o",
        arg(out.path()),
        "--format",
        "nt",
        "--kb",
        arg(&kb),
    ])
    .exits(0);
    let told = text(out.path(), "graph.nt");
    let has = |entity: &str, predicate: &str, item: &str| {
        told.lines().any(|line| {
            line.contains(&format!("entity/{entity}> "))
                && line.contains(predicate)
                && line.contains(&format!("wikidata.org/entity/{item}>"))
        })
    };
    assert!(has("omar-vik", "owl#sameAs", "Q1"));
    assert!(has("anna-berg", "skos/core#closeMatch", "Q2"), "two persons of that name");
    assert!(!has("anna-berg", "owl#sameAs", "Q2") && !told.contains("entity/Q4>"));
    let none = out.path().join("none.csv");
    newsgraph(&["build", arg(input.path()), "-o", arg(out.path()), "--kb", arg(&none)])
        .exits(2)
        .tells(&["none.csv"]);
}

#[test]
fn copies_of_an_article_are_one_source() {
    let towns: String =
        (0..20).map(|n| format!("Anna Berg visited town number {n} of the long coast. ")).collect();
    let story = format!("Anna Berg met Omar Vik. {towns}");
    let changed = story.replace("number 7 of", "number 7 on");
    let input = folder(&[("a.txt", story.as_bytes()), ("b.txt", changed.as_bytes())]);
    let out = tempfile::tempdir().unwrap();
    let options = ["build", arg(input.path()), "-o", arg(out.path()), "--format", "ttl,events"];
    newsgraph(&options).exits(0);
    assert_eq!(report(out.path())["copies"], 1);
    assert!(text(out.path(), "graph.ttl").contains("ng:copyOf d:"));
    newsgraph(&["validate", arg(&out.path().join("graph.ttl"))]).exits(0);
    let events = text(out.path(), "events.csv");
    let told = events.lines().filter(|line| line.contains("Omar Vik"));
    assert!(told.clone().count() > 0, "{events}");
    assert!(told.clone().all(|line| line.contains(",1,a.txt | b.txt,")), "{events}");
}
