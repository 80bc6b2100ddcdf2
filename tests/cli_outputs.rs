//! What other tools open: every form is read back by a parser that is not ours, and never is hearsay a fact.
//!
//! `tests/tools/outputs.py` loads the same files by the tools themselves.

#![allow(clippy::unwrap_used, reason = "in helpers too: a test that cannot go on fails")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use common::{arg, folder, json_lines, newsgraph, report, statements, text};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value;

const ARTICLE: &str = "OSLO, March 5, 2025 - Ines Carvalho visited Oslo on Tuesday. Tomas Lindqvist works \
    for Corvane Industries. Ines Carvalho is married to Tomas Lindqvist. Karl Moe said Ines Carvalho had \
    attacked Rosa Lind. Rosa Lind will visit Norway next week. Karl Moe did not meet Rosa Lind. Nina \
    Sand, 40, resigned on Monday.\n";

const KB: &str = "id,label,class\n\
    http://www.wikidata.org/entity/Q101,Ines Carvalho,Person\n\
    http://www.wikidata.org/entity/Q102,Corvane Industries,Organization\n\
    http://www.wikidata.org/entity/Q103,Tomas Lindqvist,Person\n";

const FORMATS: &str = "jsonl,graphml,gexf,csv,parquet,cyjs,events,ftm,neo4j,kuzu,geojson,timeline,stix,\
    vault,i2,quickstatements";

/// One article in all forms, built once.
fn written() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli_outputs_all");
        let _ = fs::remove_dir_all(&folder);
        build(&folder, &["--format", FORMATS]);
        folder
    })
}

fn build(out: &Path, options: &[&str]) {
    let input = folder(&[("visit.txt", ARTICLE.as_bytes()), ("kb.csv", KB.as_bytes())]);
    let (article, kb) = (input.path().join("visit.txt"), input.path().join("kb.csv"));
    let own = ["build", arg(&article), "-o", arg(out), "--kb", arg(&kb)];
    newsgraph(&[&own[..], options].concat()).exits(0);
}

/// The statements by the 16 digits of their ids.
fn by_id() -> BTreeMap<String, Value> {
    let id = |line: &Value| digits(line["id"].as_str().unwrap());
    statements(written()).into_iter().map(|line| (id(&line), line)).collect()
}

fn digits(id: &str) -> String {
    id.trim_start_matches("st:").trim_start_matches("st-").chars().take(16).collect()
}

/// What a text says in its own voice, affirmed, as a fact.
fn is_fact(statement: &Value) -> bool {
    statement["polarity"] == "positive"
        && statement["factuality"] == "asserted"
        && statement["attributed_to"].is_null()
}

fn rows(name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(written().join(name)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn the_list_of_forms_says_what_each_is() {
    let help = newsgraph(&["build", "--help"]).exits(0).out;
    for line in ["- ftm:", "FollowTheMoney", "- kuzu:", "- timeline:", "- vault:", "- graphml:"] {
        assert!(help.contains(line), "no {line:?} in {help}");
    }
    let files: Vec<String> = serde_json::from_value(report(written())["files"].clone()).unwrap();
    for file in files.iter().filter(|file| *file != "report.json") {
        assert!(written().join(file).exists(), "{file}");
    }
    assert!(files.iter().any(|file| file == "neo4j/graph.cypher"), "{files:?}");
}

#[test]
fn follow_the_money_has_schemas_and_marks() {
    let lines = json_lines(&text(written(), "graph.ftm.json"));
    let ids: BTreeSet<&str> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), lines.len());
    let first = |line: &Value, name: &str| {
        line["properties"][name][0].as_str().unwrap_or_default().to_owned()
    };
    let statements = by_id();
    let links = || lines.iter().filter(|line| line["id"].as_str().unwrap().starts_with("st-"));
    for link in links() {
        let fact = is_fact(&statements[&digits(link["id"].as_str().unwrap())]);
        let marked = !first(link, "status").is_empty();
        assert!(link["schema"] == "UnknownLink" || fact, "{link}");
        assert!(fact != marked, "{link}");
        assert!(ids.contains(&*first(link, "proof")), "{link}");
    }
    let of = |schema: &str| links().find(|link| link["schema"] == schema).unwrap();
    assert_eq!(first(of("Employment"), "employee"), "e-tomas-lindqvist");
    assert_eq!(first(of("Employment"), "employer"), "e-corvane-industries");
    assert_eq!(first(of("Family"), "relationship"), "be married to");
    let roles: Vec<String> = links().map(|link| first(link, "role")).collect();
    assert!(roles.iter().any(|role| role.ends_with("(claimed by Karl Moe)")), "{roles:?}");
    assert!(roles.iter().any(|role| role.ends_with("(planned)")), "{roles:?}");
    let ines = lines.iter().find(|line| line["id"] == "e-ines-carvalho").unwrap();
    assert_eq!(ines["schema"], "Person");
    assert_eq!(first(ines, "wikidataId"), "Q101");
    let nina = lines.iter().find(|line| line["id"] == "e-nina-sand").unwrap();
    assert!(nina["properties"]["notes"].to_string().contains("resign"), "{nina}");
}

#[test]
fn neo4j_and_kuzu_hold_all_statements_and_only_facts_as_relations() {
    let statements = by_id();
    let rows_of = |name: &str| rows(&format!("neo4j/{name}.csv"));
    assert_eq!(rows_of("statements").len(), statements.len());
    let facts = rows_of("facts");
    assert!(facts.iter().any(|row| row[":TYPE"] == "VISITED"));
    for row in &facts {
        assert!(is_fact(&statements[&digits(&row["statement"])]), "{row:?}");
    }
    let table = |name: &str| {
        let file = File::open(written().join(format!("kuzu/{name}.parquet"))).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        reader.get_row_iter(None).unwrap().map(Result::unwrap).collect::<Vec<_>>()
    };
    assert_eq!(table("statement").len(), statements.len());
    assert_eq!(table("fact").len(), facts.len());
    let rows = table("statement");
    let dated = rows.iter().flat_map(|row| {
        let days = row.get_column_iter().filter(|(name, _)| *name == "date_start");
        days.map(|(_, day)| day.clone()).collect::<Vec<_>>()
    });
    let days: Vec<Field> = dated.collect();
    // 4 March 2025.
    assert!(days.contains(&Field::Date(20_151)), "{days:?}");
    let commands = text(written(), "kuzu/load.cypher");
    for name in ["Entity", "Statement", "SUBJECT", "FACT"] {
        let file = format!("{}.parquet", name.to_lowercase());
        assert!(commands.contains(&format!("COPY {name} FROM \"{file}\"")), "{commands}");
        assert!(written().join("kuzu").join(file).is_file());
    }
    let cypher = text(written(), "neo4j/graph.cypher");
    assert!(cypher.contains("MERGE (a)-[r:VISITED {statement: row.statement}]->(b)"));
    assert!(!cypher.contains("[r:ATTACKED"));
}

#[test]
fn places_lie_where_they_are() {
    let map: Value = serde_json::from_str(&text(written(), "places.geojson")).unwrap();
    let feature = |name: &str| {
        let features = map["features"].as_array().unwrap();
        let found = features.iter().find(|feature| feature["properties"]["name"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {map}")).clone()
    };
    let at = feature("Oslo")["geometry"]["coordinates"].clone();
    assert!((at[0].as_f64().unwrap() - 10.75).abs() < 0.2, "{at}");
    assert!((at[1].as_f64().unwrap() - 59.91).abs() < 0.2, "{at}");
    assert_eq!(feature("Norway")["properties"]["wikidata"], "Q20");
    let visit = &feature("Oslo")["properties"]["claims"][0];
    assert_eq!(visit["standing"], "fact");
    assert_eq!(visit["date_start"], "2025-03-04");
    assert_eq!(feature("Norway")["properties"]["claims"][0]["standing"], "planned");
}

#[test]
fn a_timeline_keeps_hearsay_apart() {
    let timeline: Value = serde_json::from_str(&text(written(), "timeline.json")).unwrap();
    let slides = timeline["events"].as_array().unwrap();
    let visit = slides.iter().find(|it| it["text"]["headline"].as_str().unwrap().contains("Oslo"));
    let visit = visit.unwrap();
    assert_eq!(visit["start_date"], serde_json::json!({"year": 2025, "month": 3, "day": 4}));
    assert_eq!(visit["group"], "Facts");
    for slide in slides {
        let statement = &by_id()[&digits(slide["unique_id"].as_str().unwrap())];
        assert_eq!(slide["group"] == "Facts", is_fact(statement), "{slide}");
    }
}

#[test]
fn stix_has_facts_as_relationships_and_hearsay_as_notes() {
    let bundle: Value = serde_json::from_str(&text(written(), "graph.stix.json")).unwrap();
    let objects = bundle["objects"].as_array().unwrap();
    let statements = by_id();
    for object in objects.iter().filter(|it| it["type"] == "relationship" || it["type"] == "note") {
        let id = object["external_references"][0]["external_id"].as_str().unwrap();
        let fact = is_fact(&statements[&digits(id)]);
        assert_eq!(object["type"] == "relationship", fact, "{object}");
    }
    let id = |name: &str| objects.iter().find(|it| it["name"] == name).unwrap()["id"].clone();
    // Deterministic: of the IRI.
    assert_eq!(id("Ines Carvalho"), "identity--4b033ae3-c615-5ff0-80f8-3d43f0907037");
    assert!(id("Oslo").as_str().unwrap().starts_with("location--"));
    let visit = objects.iter().find(|it| it["relationship_type"] == "visited").unwrap();
    assert_eq!((&visit["source_ref"], &visit["target_ref"]), (&id("Ines Carvalho"), &id("Oslo")));
    assert_eq!(visit["start_time"], "2025-03-04T00:00:00.000Z");
    let claim = objects.iter().find(|it| it["abstract"] == "claimed by Karl Moe").unwrap();
    assert_eq!(claim["authors"], serde_json::json!(["Karl Moe"]));
}

#[test]
fn a_vault_has_a_page_for_each_thing_and_its_claims() {
    let page = text(written(), "vault/things/rosa-lind.md");
    assert!(page.starts_with("---\naliases: [\"Rosa Lind\"]\n"), "{page}");
    let parts: Vec<&str> = page.split("\n## ").collect();
    let part = |heading: &str| *parts.iter().find(|part| part.starts_with(heading)).unwrap();
    assert!(part("Claims and plans").contains("[[things/karl-moe|Karl Moe]]"), "{page}");
    assert!(part("Denied or not so").contains("(*negated*)"), "{page}");
    assert!(page.contains("[[articles/"), "{page}");
    let oslo = text(written(), "vault/things/oslo.md");
    assert!(oslo.contains("location: [\"59.91\",\"10.75\"]"), "{oslo}");
}

#[test]
fn i2_links_say_how_strong_they_are() {
    let statements = by_id();
    let links = rows("i2_links.csv");
    for link in &links {
        let statement = &statements[&digits(&link["Link Id"])];
        assert_eq!(link["Strength"] == "Confirmed", is_fact(statement), "{link:?}");
        assert_eq!(link["Quote"], statement["evidence"][0]["sentence"].as_str().unwrap());
        assert_ne!(statement["polarity"], "negative");
    }
    let claimed = links.iter().find(|link| link["Standing"] == "claimed by Karl Moe").unwrap();
    assert_eq!((&*claimed["Strength"], &*claimed["Entity 1 Type"]), ("Unconfirmed", "Person"));
}

#[test]
fn quickstatements_tell_only_what_is_sure() {
    let lines = text(written(), "quickstatements.txt");
    let lines: Vec<&str> = lines.lines().collect();
    let begins = |start: &str| lines.iter().any(|line| line.starts_with(start));
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(begins("Q101\tP26\tQ103\t") && begins("Q103\tP108\tQ102\t"), "{lines:?}");
    assert!(
        lines.iter().all(|line| line.contains("\tS577\t+2025-03-05T00:00:00Z/11")),
        "{lines:?}"
    );
}

#[test]
fn tables_have_the_same_columns_and_days_are_days() {
    for name in ["nodes", "edges"] {
        let file = File::open(written().join(format!("{name}.parquet"))).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let schema = reader.metadata().file_metadata().schema_descr();
        let columns: Vec<&str> = schema.columns().iter().map(|column| column.name()).collect();
        let mut csv = csv::Reader::from_path(written().join(format!("{name}.csv"))).unwrap();
        assert_eq!(columns, csv.headers().unwrap().iter().collect::<Vec<_>>());
        for row in reader.get_row_iter(None).unwrap().map(Result::unwrap) {
            for (column, value) in row.get_column_iter().filter(|(it, _)| it.contains("date_")) {
                assert!(matches!(value, Field::Date(_) | Field::Null), "{column}: {value:?}");
            }
        }
    }
    let events = rows("events.csv");
    assert!(events.iter().all(|row| row["cameo"].is_empty() || row["cameo"].starts_with("CAMEO:")));
}

#[test]
fn drawings_show_names_unless_all_is_asked_for() {
    let nodes = |options: &[&str]| {
        let out = tempfile::tempdir().unwrap();
        build(out.path(), options);
        common::graphml(out.path()).0
    };
    let drawn = nodes(&[]);
    let all = nodes(&["--all"]);
    assert!(drawn.is_subset(&all), "{drawn:?}");
    assert!(drawn.contains("nina-sand"), "{drawn:?}");
    let persons = nodes(&["--between", "Person"]);
    assert!(persons.contains("ines-carvalho") && !persons.contains("oslo"), "{persons:?}");
    newsgraph(&["build", "x", "--all", "--named"]).exits(2).tells(&["--named"]);
}

#[test]
fn the_same_bytes_with_any_threads() {
    let built = |threads: &str| {
        let out = tempfile::tempdir().unwrap();
        build(out.path(), &["-j", threads, "--format", FORMATS]);
        let files =
            ["graph.ftm.json", "neo4j/graph.cypher", "kuzu/statement.parquet", "kuzu/fact.parquet"];
        let more = ["places.geojson", "timeline.json", "graph.stix.json", "i2_links.csv"];
        let all = files.into_iter().chain(more);
        all.map(|name| fs::read(out.path().join(name)).unwrap()).collect::<Vec<_>>()
    };
    assert!(built("1") == built("2"));
}
