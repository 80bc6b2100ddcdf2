//! `newsgraph extract`, `annotate` and `parse`; own rules and ontology; help.

#![allow(clippy::unwrap_used, reason = "in helpers too: a test that cannot go on fails")]

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::{arg, build, folder, holds, newsgraph, root, statements, with_input};
use serde_json::Value;

const LINES: &str = "Anna Berg visited Lima on Monday.\n\n\
    Paul Reyes will not meet Anna Berg, the ministry said.\n\
    Karl Moe said Rosa Lind had sold the farm.\n";

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn extract_lines() {
    let place = folder(&[("lines.txt", LINES.as_bytes())]);
    let file = place.path().join("lines.txt");
    let run = newsgraph(&["extract", "--lines", arg(&file)]).exits(0);
    let found = run.json_lines();
    let lines: Vec<&str> = LINES.lines().collect();
    for extraction in &found {
        let expected = BTreeSet::from([
            "doc",
            "line",
            "sentence",
            "subject",
            "relation",
            "objects",
            "confidence",
            "construction",
            "polarity",
            "factuality",
            "attributed_to",
        ]);
        assert_eq!(keys(extraction), expected);
        assert_eq!(extraction["doc"], "lines.txt");
        let line = usize::try_from(extraction["line"].as_u64().unwrap()).unwrap();
        assert_eq!(extraction["sentence"], lines[line - 1], "the line is the sentence");
        let confidence = extraction["confidence"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&confidence));
    }
    let numbers: BTreeSet<u64> = found.iter().filter_map(|e| e["line"].as_u64()).collect();
    assert_eq!(numbers, BTreeSet::from([1, 3, 4]), "empty lines count, but say nothing");
    let of = |subject: &str| found.iter().find(|e| e["subject"] == subject).expect(subject);
    assert_eq!(of("Anna Berg")["relation"], "visited");
    assert_eq!(of("Anna Berg")["objects"][0], "Lima");
    assert_eq!(of("Anna Berg")["attributed_to"], Value::Null);
    let planned = of("Paul Reyes");
    assert_eq!(
        (&planned["polarity"], &planned["factuality"]),
        (&"negative".into(), &"planned".into())
    );
    assert_eq!(of("Rosa Lind")["factuality"], "claimed");
    assert_eq!(of("Rosa Lind")["attributed_to"], "Karl Moe");

    let piped = with_input(&["extract", "--lines", "-"], LINES).exits(0).json_lines();
    assert_eq!(piped.len(), found.len());
}

#[test]
fn extract_articles() {
    let place = folder(&[("a.txt", LINES.as_bytes())]);
    let found = newsgraph(&["extract", arg(place.path())]).exits(0).json_lines();
    assert!(found.iter().any(|e| e["subject"] == "Anna Berg" && e["relation"] == "visited"));
    assert!(found.iter().all(|e| e.get("line").is_none() && e["doc"] == "a.txt"));
    newsgraph(&["extract", arg(place.path()), "no.txt"]).exits(3).tells(&["no.txt"]);
    newsgraph(&["extract", "no.txt"]).exits(2).tells(&["no.txt"]);
    newsgraph(&["extract", "--lines", "no.txt"]).exits(2).tells(&["no.txt"]);
    newsgraph(&["extract"]).exits(2).tells(&["INPUT"]);
    with_input(&["extract", "--lines", "-"], "").exits(1);
}

#[test]
fn annotate_counts_code_points() {
    // Letters of two, three and four bytes before every offset.
    let article = "🎉 – Zo\u{eb} Marr visited Lima on Wednesday. She met \
        Omar Vik.\n";
    let place = folder(&[("a.txt", article.as_bytes())]);
    let run = newsgraph(&["annotate", arg(place.path()), "--date", "2025-03-06"]).exits(0);
    let [document] = &run.json_lines()[..] else { panic!("one line a document: {}", run.out) };
    let expected =
        BTreeSet::from(["id", "text", "dct", "sentences", "mentions", "timexes", "statements"]);
    assert_eq!(keys(document), expected);
    assert_eq!((&document["id"], &document["dct"]), (&"a.txt".into(), &"2025-03-06".into()));
    let text: Vec<char> = document["text"].as_str().unwrap().chars().collect();
    let slice = |start: &Value, end: &Value| -> String {
        let offset = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        text[offset(start)..offset(end)].iter().collect()
    };
    let sentences = document["sentences"].as_array().unwrap();
    assert_eq!(sentences.len(), 2);
    assert_eq!(slice(&sentences[1][0], &sentences[1][1]), "She met Omar Vik.");
    let mentions = document["mentions"].as_array().unwrap();
    let mention = |words: &str| {
        mentions.iter().find(|m| slice(&m["start"], &m["end"]) == words).expect(words)
    };
    let types = ["PERSON", "ORG", "PLACE", "NORP", "EVENT", "PRODUCT", "TIME", "QUANTITY", "MISC"];
    for mention in mentions {
        assert_eq!(keys(mention), BTreeSet::from(["start", "end", "type", "kind", "entity"]));
        assert!(types.contains(&mention["type"].as_str().unwrap()), "{mention}");
        let kind = mention["kind"].as_str().unwrap();
        assert!(["name", "nominal", "pronoun"].contains(&kind), "{mention}");
    }
    assert_eq!(mention("Omar Vik")["type"], "PERSON");
    assert_eq!(mention("Lima")["type"], "PLACE");
    assert_eq!(mention("Lima")["entity"], "e:lima");
    assert_eq!(mention("She")["kind"], "pronoun");
    let [timex] = &document["timexes"].as_array().unwrap()[..] else {
        panic!("one time: {}", document["timexes"])
    };
    assert_eq!(slice(&timex["start"], &timex["end"]), "Wednesday");
    assert_eq!((&timex["type"], &timex["value"]), (&"DATE".into(), &"2025-03-05".into()));
    let statements = document["statements"].as_array().unwrap();
    assert!(statements.iter().any(|s| s["object"]["id"] == "e:lima"), "{statements:#?}");
}

#[test]
fn annotate_names_times_but_not_words_that_only_point_to_one() {
    let place = folder(&[("a.txt", b"Zoe Marr, a former judge, recently left Lima, on Monday.\n")]);
    let run = newsgraph(&["annotate", arg(place.path()), "--date", "2025-03-06"]).exits(0);
    let [document] = &run.json_lines()[..] else { panic!("one line a document: {}", run.out) };
    let text = document["text"].as_str().unwrap();
    let words = |of: &Value| {
        let offset = |key: &str| usize::try_from(of[key].as_u64().unwrap()).unwrap();
        text[offset("start")..offset("end")].to_owned()
    };
    let timexes: Vec<String> = document["timexes"].as_array().unwrap().iter().map(words).collect();
    assert_eq!(timexes, ["former", "recently", "Monday"]);
    let times = document["mentions"].as_array().unwrap().iter().filter(|m| m["type"] == "TIME");
    let kinds: Vec<String> = times.map(|m| format!("{} {}", words(m), m["kind"])).collect();
    assert_eq!(kinds, ["former \"nominal\"", "recently \"nominal\"", "Monday \"name\""]);
}

#[test]
fn parse_names_times() {
    let place = folder(&[("a.txt", b"Zoe Marr left Lima on Monday, and Oslo in March.\n")]);
    let run = newsgraph(&["parse", arg(place.path())]).exits(0);
    let named = |label: &str| -> Vec<&str> {
        let rows = run.out.lines().map(|line| line.split('\t').collect::<Vec<_>>());
        let named = rows.filter(|row| row.last().is_some_and(|misc| misc.contains(label)));
        named.map(|row| row[1]).collect()
    };
    assert_eq!(named("Name=B-TIME"), ["Monday", "March"]);
    assert_eq!(named("Name=B-PLACE"), ["Lima", "Oslo"]);
}

/// A word of CoNLL-U: id, form, head, relation.
type Word = (usize, String, usize, String);

/// The sentences of CoNLL-U; checks ids, heads and roots.
#[track_caller]
fn conllu(text: &str) -> Vec<Vec<Word>> {
    let mut sentences = Vec::new();
    for block in text.split("\n\n").filter(|block| !block.trim().is_empty()) {
        let mut words: Vec<Word> = Vec::new();
        for line in block.lines().filter(|line| !line.starts_with('#')) {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 10, "{line:?}");
            assert!(cells.iter().all(|cell| !cell.is_empty()), "{line:?}");
            if let Ok(id) = cells[0].parse() {
                words.push((id, cells[1].into(), cells[6].parse().unwrap(), cells[7].into()));
            }
        }
        let ids: Vec<usize> = words.iter().map(|word| word.0).collect();
        assert_eq!(ids, (1..=words.len()).collect::<Vec<_>>(), "{block}");
        let roots: Vec<&Word> = words.iter().filter(|word| word.2 == 0).collect();
        assert_eq!(roots.len(), 1, "one root: {block}");
        assert_eq!(roots[0].3, "root", "{block}");
        for word in &words {
            assert!(word.2 <= words.len() && word.2 != word.0, "head of {word:?}: {block}");
            let (mut at, mut steps) = (word.2, 0);
            while at != 0 {
                (at, steps) = (words[at - 1].2, steps + 1);
                assert!(steps <= words.len(), "a circle: {block}");
            }
        }
        sentences.push(words);
    }
    sentences
}

#[test]
fn parse_gives_trees() {
    let parsed = newsgraph(&["parse", "examples/news"]).exits(0).out;
    assert!(parsed.contains("# newdoc id = harbor-strike-deal.txt\n"));
    let sentences = conllu(&parsed);
    assert!(sentences.len() > 200, "{}", sentences.len());
    for line in parsed.lines().filter_map(|line| line.strip_prefix("# text = ")) {
        assert!(!line.trim().is_empty());
    }
}

#[test]
fn parse_keeps_given_tokens() {
    // Cut as no tokenizer would, with a contraction and an empty node.
    let given = "# sent_id = s1\n# text = Well-known can't go .\n\
        1\tWell-known\t_\t_\t_\t_\t_\t_\t_\t_\n\
        2-3\tcan't\t_\t_\t_\t_\t_\t_\t_\t_\n\
        2\tca\t_\t_\t_\t_\t_\t_\t_\t_\n\
        3\tn't\t_\t_\t_\t_\t_\t_\t_\t_\n\
        4\tg\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n\
        5\to\t_\t_\t_\t_\t_\t_\t_\t_\n\
        6\t.\t_\t_\t_\t_\t_\t_\t_\t_\n\n\
        # sent_id = s2\n1\tOne\t_\t_\t_\t_\t_\t_\t_\t_\n\n";
    let place = folder(&[("gold.conllu", given.as_bytes()), ("bad.conllu", b"1\tAnna\n\n")]);
    let file = |name: &str| arg(&place.path().join(name)).to_owned();
    let options = ["parse", "--input-format", "conllu"];
    let parsed = newsgraph(&[&options[..], &[&file("gold.conllu")]].concat()).exits(0).out;
    let forms: Vec<Vec<String>> = conllu(&parsed)
        .into_iter()
        .map(|sentence| sentence.into_iter().map(|word| word.1).collect())
        .collect();
    assert_eq!(forms, [vec!["Well-known", "ca", "n't", "g", "o", "."], vec!["One"]]);
    assert!(parsed.contains("2-3\tcan't\t"), "{parsed}");
    let piped = with_input(&[&options[..], &["-"]].concat(), given).exits(0).out;
    assert_eq!(conllu(&piped), conllu(&parsed));
    newsgraph(&[&options[..], &[&file("bad.conllu")]].concat()).exits(2).tells(&["bad.conllu:1"]);
    newsgraph(&[&options[..], &["no.conllu"]].concat()).exits(2).tells(&["no.conllu"]);
}

const RULE: &str = r#"[[rule]]
name = "serenade"
predicate = "praised"
verb = ["serenade"]
subject = { role = ["subject"] }
object = { role = ["object"] }
[[rule.example]]
text = "The choir serenaded the mayor."
gives = ["The choir | praised | the mayor"]
[[rule.example]]
text = "The choir did not serenade the mayor."
gives = []
"#;

#[test]
fn added_rule_makes_a_new_statement() {
    let place = folder(&[("a.txt", b"Anna Berg serenaded Paul Reyes.\n")]);
    let article = place.path().join("a.txt");
    let rules = place.path().join("rules");
    fs::create_dir_all(rules.join("relations")).unwrap();
    fs::write(rules.join("relations/music.toml"), RULE).unwrap();
    let rule_of = |options: &[&str]| {
        let options = [&["-q", "--format", "jsonl"], options].concat();
        let (run, out) = build(&article, &options);
        run.exits(0);
        holds(out.path(), "Anna Berg | serenade | Paul Reyes");
        let [statement] = &statements(out.path())[..] else { panic!("one statement") };
        (statement["predicate"]["id"].clone(), statement["rule"].clone())
    };
    assert_eq!(rule_of(&[]).0, "open:serenade");
    let (predicate, rule) = rule_of(&["--rules", arg(&rules)]);
    assert_eq!((predicate, rule), ("ng:praised".into(), "serenade".into()));
}

#[test]
fn broken_rules_name_file_and_line() {
    let place = folder(&[("a.txt", b"Anna Berg visited Lima.\n")]);
    let article = place.path().join("a.txt");
    let rules = place.path().join("my rules");
    fs::create_dir_all(rules.join("relations")).unwrap();
    let file = rules.join("relations/music.toml");
    for (broken, line, cause) in [
        (RULE.replace("verb =", "werb ="), 4, "werb"),
        (RULE.replace("[\"serenade\"]", "[\"serenade\""), 4, ""),
        (RULE.replace("\"praised\"", "\"noSuchProperty\""), 3, "noSuchProperty"),
    ] {
        fs::write(&file, broken).unwrap();
        let (run, out) = build(&article, &["--rules", arg(&rules)]);
        let run = run.exits(2).tells(&["music.toml:", cause]);
        assert!(
            run.err.contains(&format!("{}:", arg(&file))),
            "names the user's file: {}",
            run.err
        );
        let lines = [line, line + 1].map(|line| format!("music.toml:{line}"));
        assert!(lines.iter().any(|place| run.err.contains(place)), "line {line}: {}", run.err);
        assert!(!out.path().join("graph.ttl").exists());
    }
    let none = place.path().join("none");
    build(&article, &["--rules", arg(&none)]).0.exits(2).tells(&["none", "no such folder"]);
}

#[test]
fn own_ontology() {
    let place = folder(&[
        ("a.txt", b"Anna Berg visited Lima.\n"),
        ("broken.ttl", b"@prefix ng: <https://w3id.org/newsgraph/ns#> .\nng:visited a\n"),
        ("empty.ttl", b""),
    ]);
    let article = place.path().join("a.txt");
    let file = |name: &str| arg(&place.path().join(name)).to_owned();
    let with = |ontology: &str| build(&article, &["-q", "--ontology", ontology]);
    let (run, out) = with(&file("broken.ttl"));
    run.exits(2).tells(&[&file("broken.ttl")]);
    assert!(!out.path().join("graph.ttl").exists());
    with(&file("empty.ttl")).0.exits(2).tells(&[]);
    with(&file("none.ttl")).0.exits(2).tells(&["none.ttl"]);
    with(arg(&root().join("ontology/newsgraph.ttl"))).0.exits(0);
}

#[test]
fn completions_for_each_shell() {
    for shell in ["bash", "zsh", "fish"] {
        let script = newsgraph(&["completions", shell]).exits(0).out;
        for word in ["newsgraph", "build", "explain"] {
            assert!(script.contains(word), "{shell}: no {word}");
        }
    }
    newsgraph(&["completions", "clay"]).exits(2).tells(&["clay", "bash"]);
}

#[test]
fn help_has_examples() {
    let help = newsgraph(&["--help"]).exits(0).out;
    assert!(help.contains("Examples:") && help.contains("Exit codes:"), "{help}");
    for command in ["build", "extract", "annotate", "parse", "query", "explain"] {
        assert!(help.contains(command), "{help}");
        let help = newsgraph(&[command, "--help"]).exits(0).out;
        assert!(help.contains("Example"), "{command}: {help}");
    }
    let version = newsgraph(&["--version"]).exits(0).out;
    assert_eq!(version.trim(), concat!("newsgraph ", env!("CARGO_PKG_VERSION")));
}

/// The people who went along with somebody, in an article: a title before each name or before several,
/// names before and behind "as well as", and sentences around that name some of them.
#[test]
fn all_companions_are_named_also_in_the_middle_of_an_article() {
    let article = "ORVANE, March 5 - President Idris Kahn toured the naval yard at Port Selwick on Tuesday, state \
                   media in Estavia reported.\n\nPictures released by the Estavian news agency showed Kahn was accompanied by \
                   Defence Minister Lena Sol Marr and senior navy officers Tam Rhee Ok and Park Il Dun, as well as Joss Min \
                   Reed, an official in charge of supplies.\n\nMarr, who met her Norland counterpart last week, did not speak. \
                   \"The fleet is ready,\" Rhee said.\n";
    let run = with_input(&["annotate", "-", "--date", "2025-03-06"], article).exits(0);
    let statements = run.json_lines()[0]["statements"].as_array().unwrap().clone();
    let companions: BTreeSet<String> = statements
        .iter()
        .filter(|it| {
            it["predicate"]["label"] == "accompany" && it["object"]["label"] == "Idris Kahn"
        })
        .map(|it| it["subject"]["label"].as_str().unwrap().to_owned())
        .collect();
    let expected = ["Joss Min Reed", "Lena Sol Marr", "Park Il Dun", "Tam Rhee Ok"];
    assert_eq!(companions, BTreeSet::from(expected.map(str::to_owned)));
}

#[test]
fn mended_trees_name_what_mended_them() {
    let text = "He thanked his brother-in-law.";
    let plain = with_input(&["parse", "-"], text).exits(0).out;
    let mended = with_input(&["parse", "--mended", "-"], text).exits(0).out;
    assert!(!plain.contains("Mend=") && !plain.contains("brother-in-law\tNOUN"), "{plain}");
    let noun = mended.lines().find(|line| line.contains("\tbrother-in-law\tNOUN")).unwrap();
    assert!(noun.contains("Mend=hyphens"), "{mended}");
}
