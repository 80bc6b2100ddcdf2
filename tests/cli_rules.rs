//! `--rules` and `--ontology`: every mistake is told with file and line, every file is read, and an
//! ontology of one's own works.

#![allow(clippy::unwrap_used, reason = "in helpers too: a test that cannot go on fails")]

mod common;

use std::fs;
use std::path::Path;

use common::{FORMATS, arg, build, folder, newsgraph, text, told, valid, with_input};
use serde_json::Value;
use tempfile::TempDir;

/// A folder of rules.
fn rules(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// A table of the program with one more row, and the line of this row.
fn with_row(name: &str, row: &str) -> (String, usize) {
    let table = fs::read_to_string(common::root().join("rules").join(name)).unwrap();
    let line = table.lines().count() + 1;
    (format!("{table}{row}\n"), line)
}

/// What `extract` says of a folder of rules: nothing but faults, one a line.
fn faults(folder: &Path) -> Vec<String> {
    let run = with_input(&["extract", "--rules", arg(folder), "-"], "The mill closed.\n").exits(2);
    let told = run.err.replace(arg(folder), "DIR");
    told.trim_end().lines().map(|line| line.trim_start_matches("error: ").to_owned()).collect()
}

const RULE: &str = "\
[[rule]]
name = \"moor\"
predicate = \"visited\"
verb = [\"moor\"]
subject = { role = [\"subject\"], class = [\"Person\"] }
object = { role = [\"at\"], class = [\"Place\"] }
";

#[test]
fn twenty_mistakes_of_twenty_kinds_are_told_at_once_with_file_and_line() {
    let relations = [
        "[[rule]]",                                           // 1
        "name = \"a\"",                                       // 2
        "predicate = \"visted\"",                             // 3: no property
        "verb = [\"moor\"]",                                  // 4
        "subject = { role = [\"subjcet\"] }",                 // 5: no role
        "object = { role = [\"agianst\"] }",                  // 6: no preposition
        "[[rule]]",                                           // 7
        "name = \"b\"",                                       // 8
        "predicate = \"visited\"",                            // 9
        "noun = [\"mooring\"]",                               // 10
        "subject = { role = [\"of\"], class = [\"Persn\"] }", // 11: no class
        "qualifiers.compnion = { role = [\"with\"] }",        // 12: no qualifier
        "colour = \"red\"",                                   // 13: no key
        "[[rule]]",                                           // 14
        "name = \"visit\"",                                   // 15: a name that exists
        "predicate = \"visited\"",                            // 16
        "verb = [\"moor\"]",                                  // 17
    ]
    .join("\n");
    let (speech, speech_line) = with_row("lexicon/speech.tsv", "mumble\tverb\tsayd\town");
    let (factuality, effect_line) =
        with_row("lexicon/factuality.tsv", "mumble\tvreb\tplanned\tkeep\town");
    let (reference, use_line) = with_row("lexicon/reference.tsv", "mumble\tgenric\town");
    let (nouns, noun_line) = with_row("lexicon/nouns.tsv", "mumbler\tPERSN\town");
    let (classes, class_line) = with_row("lexicon/classes.tsv", "mumbler\tWepon\town");
    let (irregular, form_line) = with_row("lexicon/irregular.tsv", "went\tverb\tgone\town");
    let (abbreviations, short_line) = with_row("lexicon/abbreviations.tsv", "zzx.\tbefor\town");
    let (confidence, weight_line) = with_row("confidence.tsv", "statement\ttitel\t0.5");
    let (antecedents, clue_line) = with_row("antecedents.tsv", "nearst\t5\t5\t5");
    let (words, word_line) = with_row("time/words.tsv", "mnoth\tmay\t05\tany");
    let polarity = factuality + "mumble\tverb\tplanned\tnegativ\town\n";
    let folder = rules(&[
        ("relations/mine.toml", &relations),
        ("lexicon/speech.tsv", &speech),
        ("lexicon/factuality.tsv", &polarity),
        ("lexicon/reference.tsv", &reference),
        ("lexicon/nouns.tsv", &nouns),
        ("lexicon/classes.tsv", &classes),
        ("lexicon/irregular.tsv", &irregular),
        ("lexicon/abbreviations.tsv", &abbreviations),
        ("lexicon/prefixes.tsv", "form\tsuorce\nanti\town\n"),
        ("lexicon/openers.tsv", "form\tsource\nthe\n"),
        ("confidence.tsv", &confidence),
        ("antecedents.tsv", &antecedents),
        ("time/words.tsv", &words),
        ("time/mine.toml", "[[rule]]\nname = \"x\"\npaterns = ['x']\n"),
        ("constructions.toml", "title = \"holdsPosition\"\ntitel = \"holdsPosition\"\n"),
        ("lexicon/adverbial.tsv", "lemma\tsource\n"),
    ]);
    let told = faults(folder.path());
    let line = |file: &str, line: usize, cause: &str| format!("DIR/{file}:{line}: {cause}");
    let expected = [
        line(
            "relations/mine.toml",
            3,
            "rule \"a\": no property ng:visted, did you mean \"visited\"?",
        ),
        line(
            "relations/mine.toml",
            5,
            "rule \"a\": no role or preposition \"subjcet\", did you mean \"subject\"?",
        ),
        line(
            "relations/mine.toml",
            6,
            "rule \"a\": no role or preposition \"agianst\", did you mean \"against\"?",
        ),
        line("relations/mine.toml", 11, "rule \"b\": no class ng:Persn, did you mean \"Person\"?"),
        line(
            "relations/mine.toml",
            12,
            "rule \"b\": no qualifier \"compnion\", did you mean \"companion\"?",
        ),
        line("relations/mine.toml", 13, "unknown key \"colour\", expected one of name, "),
        line("relations/mine.toml", 15, "a rule \"visit\" stands in "),
        line("lexicon/speech.tsv", speech_line, "no stance \"sayd\", did you mean \"said\"?"),
        line("lexicon/factuality.tsv", effect_line, "no pos \"vreb\", did you mean \"verb\"?"),
        line(
            "lexicon/factuality.tsv",
            effect_line + 1,
            "no polarity \"negativ\", did you mean \"negative\"?",
        ),
        line("lexicon/reference.tsv", use_line, "no use \"genric\", did you mean \"generic\"?"),
        line("lexicon/nouns.tsv", noun_line, "no label \"PERSN\", did you mean \"PERSON\"?"),
        line("lexicon/classes.tsv", class_line, "no class ng:Wepon, did you mean \"Weapon\"?"),
        line("lexicon/irregular.tsv", form_line, "\"went\" stands above already"),
        line(
            "lexicon/abbreviations.tsv",
            short_line,
            "no kind \"befor\", did you mean \"before\"?",
        ),
        line("lexicon/prefixes.tsv", 1, "no column \"suorce\" is read, did you mean \"source\"?"),
        line("lexicon/openers.tsv", 2, "1 cells, expected 2"),
        line("confidence.tsv", weight_line, "no feature \"titel\", did you mean \"title\"?"),
        line("antecedents.tsv", clue_line, "no clue \"nearst\", did you mean \"nearest\"?"),
        line("time/words.tsv", word_line, "no pattern has the class \"mnoth\""),
        line("time/mine.toml", 3, "unknown key \"paterns\", did you mean \"patterns\"?"),
        line("constructions.toml", 2, "unknown key \"titel\", did you mean \"title\"?"),
        line(
            "lexicon/adverbial.tsv",
            1,
            "a file of this name is not read, did you mean \"adverbials.tsv\"?",
        ),
    ];
    for fault in &expected {
        assert!(told.iter().any(|line| line.starts_with(fault)), "no {fault:?} in {told:#?}");
    }
    // An entry with an unknown key may lack what the key was meant to be.
    assert!(told.len() <= expected.len() + 1, "{told:#?}");
}

#[test]
fn a_rule_of_ones_own_is_added_and_a_folder_may_hold_notes() {
    let folder = rules(&[("relations/mine.toml", RULE), ("NOTES.md", "mine"), (".keep", "")]);
    let input = "Mara Voss moored at Orvane.\n";
    let run = with_input(&["annotate", "--rules", arg(folder.path()), "-"], input).exits(0);
    assert!(run.out.contains("\"rule\":\"moor\""), "{}", run.out);
}

#[test]
fn words_of_ones_own_reach_the_language_engine() {
    let text = "The envoy met Zorv. Halder in Orvane.\n";
    let sentences = |options: &[&str]| {
        let run = with_input(&[&["parse"], options, &["-"]].concat(), text).exits(0);
        run.out.lines().filter(|line| line.starts_with("# text =")).count()
    };
    let (abbreviations, _) = with_row("lexicon/abbreviations.tsv", "zorv.\tbefore\town");
    let folder = rules(&[("lexicon/abbreviations.tsv", &abbreviations)]);
    let one = with_input(&["parse", "--rules", arg(folder.path()), "-"], text).exits(0);
    assert!(one.out.contains("\tZorv.\t"), "one word: {}", one.out);
    assert_eq!(sentences(&["--rules", arg(folder.path())]), 1);
    let without = with_input(&["parse", "-"], text).exits(0);
    assert!(!without.out.contains("\tZorv.\t"), "two words: {}", without.out);
}

const ARTICLE: &[u8] = b"Mara Voss, 34, visited the harbor in Norway on Monday. \
    Guild member Tom Falk praised Mara Voss. The envoy sailed to Orvane with the crew. \
    Norvik Ltd. built a ferry near Oslo.\n";

const PREFIXES: &str = "@prefix ng: <https://w3id.org/newsgraph/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
";

/// Ten classes and fifteen properties, few of them called as those of the program.
fn harbor() -> String {
    let mut text = PREFIXES.to_owned();
    for (name, above, kind) in [
        ("Being", "", "agent"),
        ("Sailor", "ng:Being", "person"),
        ("Crew", "ng:Being", "group"),
        ("House", "ng:Being", "organization"),
        ("Spot", "", "place"),
        ("Port", "ng:Spot", "city"),
        ("Realm", "ng:Spot", "country"),
        ("Voyage", "", "event"),
        ("Ware", "", "product"),
        ("Hull", "ng:Ware", "vehicle"),
    ] {
        text += &format!("ng:{name} a owl:Class ; rdfs:label \"{name}\" ; ng:kind \"{kind}\"");
        if !above.is_empty() {
            text += &format!(" ; rdfs:subClassOf {above}");
        }
        text += " .\n";
    }
    for name in [
        "visited", "sailedTo", "praises", "builds", "loads", "owes", "buysFrom", "meets", "fears",
        "repairs", "sinks", "rescues", "hires", "insures",
    ] {
        let label = name.trim_end_matches("ed");
        text += &format!("ng:{name} a owl:ObjectProperty ; rdfs:label \"{label}\" .\n");
    }
    text + "ng:years a owl:DatatypeProperty ; rdfs:label \"be aged\" ; ng:kind \"age\" .\n"
}

/// An input folder, and an ontology beside it.
fn with_ontology(turtle: &str) -> (TempDir, TempDir) {
    (folder(&[("a.txt", ARTICLE)]), folder(&[("mine.ttl", turtle.as_bytes())]))
}

#[test]
fn an_ontology_of_ones_own_works_with_rules_of_ones_own() {
    let (input, ontology) = with_ontology(&harbor());
    let file = ontology.path().join("mine.ttl");
    let rules = rules(&[
        (
            "relations/harbor.toml",
            "[[rule]]\nname = \"sail\"\npredicate = \"sailedTo\"\nverb = [\"sail\"]\n\
             subject = { role = [\"subject\"], class = [\"Being\"] }\n\
             object = { role = [\"to\"], class = [\"Spot\"] }\n",
        ),
        ("constructions.toml", "age = \"years\"\n"),
    ]);
    let options = ["--ontology", arg(&file), "--rules", arg(rules.path())];
    let (run, out) = build(input.path(), &[&options[..], &FORMATS].concat());
    assert_eq!(run.exits(0).err.matches("warning").count(), 1, "rules of the program are left out");
    let statements = valid(out.path());
    let ids: Vec<(String, &str)> = statements
        .iter()
        .map(|one| (told(one), one["predicate"]["id"].as_str().unwrap()))
        .collect();
    let holds = |fact: &str, id: &str| {
        assert!(ids.iter().any(|(told, one)| told == fact && *one == id), "no {fact} in {ids:#?}");
    };
    holds("The envoy | sail to | Orvane", "ng:sailedTo");
    holds("Mara Voss | visit | the harbor", "ng:visited");
    holds("Mara Voss | be aged | 34", "ng:years");
    let turtle = text(out.path(), "graph.ttl");
    assert!(turtle.contains("ng:Sailor") && turtle.contains("ng:Realm"), "{turtle}");
    assert!(!turtle.contains("a ng:Person"), "{turtle}");
    let graph = out.path().join("graph.ttl");
    newsgraph(&["validate", arg(&graph)]).exits(0);
    newsgraph(&["stats", "--data", arg(&graph)]).exits(0);
    let who = "SELECT ?label { ?who a ng:Sailor ; rdfs:label ?label }";
    let run = newsgraph(&["query", "--data", arg(&graph), who]).exits(0);
    assert!(run.out.contains("Mara Voss"), "{}", run.out);
    let page = newsgraph(&["ontology", "--ontology", arg(&file)]).exits(0);
    assert!(page.out.contains("Sailor"));
}

#[test]
fn an_ontology_of_ones_own_works_alone_with_one_warning() {
    let (input, ontology) = with_ontology(&harbor());
    let file = ontology.path().join("mine.ttl");
    let (run, out) = build(input.path(), &[&["--ontology", arg(&file)][..], &FORMATS].concat());
    let run = run.exits(0).tells(&["the ontology lacks what ", "without: "]);
    assert_eq!(run.err.matches("warning").count(), 1, "{}", run.err);
    assert!(!valid(out.path()).is_empty());
}

#[test]
fn what_a_rule_of_ones_own_asks_for_in_vain_is_an_error() {
    let (input, ontology) = with_ontology(&harbor());
    let file = ontology.path().join("mine.ttl");
    let rules = rules(&[("relations/mine.toml", &RULE.replace("Person", "Sailor"))]);
    let options = ["--ontology", arg(&file), "--rules", arg(rules.path())];
    let (run, _) = build(input.path(), &options);
    run.exits(2).tells(&["relations/mine.toml:6: rule \"moor\": no class ng:Place"]);
}

#[test]
fn a_circle_of_classes_is_refused_by_name() {
    let circle = format!(
        "{PREFIXES}ng:A a owl:Class ; rdfs:label \"a\" ; rdfs:subClassOf ng:B .\n\
         ng:B a owl:Class ; rdfs:label \"b\" ; rdfs:subClassOf ng:A .\n"
    );
    let (input, ontology) = with_ontology(&circle);
    let file = ontology.path().join("mine.ttl");
    let (run, _) = build(input.path(), &["--ontology", arg(&file)]);
    run.exits(2).tells(&["mine.ttl: a circle of rdfs:subClassOf: ng:A < ng:B < ng:A"]);
}

#[test]
fn what_is_near_or_outside_a_place_is_not_located_in_it_and_members_are_members() {
    let places = "A plant outside Lyon burned on Monday. A mill near Oslo burned on Monday. \
                  A rig off Norway burned on Monday. A port in Malta burned on Monday.\n";
    let member = "Guild member Mara Voss spoke on Monday.\n";
    let statements = |text: &str| -> Vec<Value> {
        let run = with_input(&["annotate", "-"], text).exits(0);
        run.json_lines()[0]["statements"].as_array().unwrap().clone()
    };
    let of_places = statements(places);
    for (kind, place) in
        [("near", "Lyon"), ("near", "Oslo"), ("near", "Norway"), ("locatedIn", "Malta")]
    {
        let has = |one: &Value| one["subject"]["attributes"][kind]["label"] == place;
        assert!(of_places.iter().any(has), "no {kind} {place} in {of_places:#?}");
    }
    let told: Vec<String> = statements(member)
        .iter()
        .map(|one| format!("{} {}", told(one), one["predicate"]["id"].as_str().unwrap()))
        .collect();
    let fact = "Mara Voss | be member of | Guild ng:memberOf";
    assert!(told.iter().any(|line| line.ends_with(fact)), "no {fact:?} in {told:#?}");
}
