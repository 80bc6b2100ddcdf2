//! Every relation rule does what its examples say, and no more.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its files should fail")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use newsgraph::document::Document;
use newsgraph::extract;
use newsgraph::language::Engine;
use newsgraph::pipeline::Pipeline;
use newsgraph::resource::Resources;
use newsgraph::statement::{Argument, Factuality, Polarity, Reading};

fn read(pipeline: &Pipeline, text: &str) -> Reading {
    pipeline.read(Document {
        id: "example".into(),
        uri: None,
        publisher: None,
        title: None,
        published: Some(jiff::civil::date(2025, 3, 6)),
        text: text.to_owned(),
    })
}

fn plain(words: &str) -> String {
    let words = words.to_lowercase().replace(['’', '\''], "'");
    let words = words.split_whitespace().filter(|w| !matches!(*w, "the" | "a" | "an"));
    words.collect::<Vec<_>>().join(" ").trim_end_matches("'s").trim().to_owned()
}

/// `subject | property | object` of the asserted, positive statements of a rule.
fn given(pipeline: &Pipeline, reading: &Reading, rule: &extract::Rule) -> Vec<[String; 3]> {
    let text = &reading.document.text;
    let words = |argument: &Argument| match argument {
        Argument::Mention(id) => plain(reading.mentions[id.index()].span.of(text)),
        Argument::Literal { value, .. } => plain(value),
    };
    let ontology = pipeline.ontology();
    let mut found = Vec::new();
    for statement in &reading.statements {
        let sure = statement.polarity == Polarity::Positive
            && matches!(statement.factuality, Factuality::Asserted | Factuality::Claimed);
        if let Some(property) = statement.predicate.property
            && property == rule.predicate
            && sure
        {
            let subject = words(&Argument::Mention(statement.subject));
            let object = words(&statement.object);
            let name = ontology[property].name.clone();
            if ontology[property].symmetric {
                found.push([object.clone(), name.clone(), subject.clone()]);
            }
            found.push([subject, name, object]);
        }
    }
    found
}

#[test]
fn rule_examples_hold() {
    let pipeline = Pipeline::load(&Resources::embedded(), Engine::embedded().unwrap()).unwrap();
    let (mut total, mut failed) = (0, BTreeSet::new());
    for rule in &pipeline.knowledge().grammar.rules {
        assert!(!rule.examples.is_empty(), "rule {} has no example", rule.name);
        for example in &rule.examples {
            let reading = read(&pipeline, &example.text);
            let found = given(&pipeline, &reading, rule);
            if example.gives.is_empty() {
                total += 1;
                let fired = reading.statements.iter().any(|statement| {
                    statement.evidence.rule == rule.name
                        && statement.polarity == Polarity::Positive
                        && statement.factuality == Factuality::Asserted
                });
                if fired {
                    failed.insert(format!("{}: {} => must not fire", rule.name, example.text));
                }
            }
            for expected in &example.gives {
                total += 1;
                let cells: Vec<String> =
                    expected.split('|').map(|cell| cell.trim().to_owned()).collect();
                let [subject, predicate, object, ..] = &cells[..] else {
                    panic!("rule {}: {expected:?} has too few cells", rule.name);
                };
                let hit = found
                    .iter()
                    .any(|[s, p, o]| *s == plain(subject) && p == predicate && *o == plain(object));
                if !hit {
                    failed.insert(format!("{}: {} => {expected}", rule.name, example.text));
                }
            }
        }
    }
    check_known(&failed, total);
}

/// What the present model misreads is listed in `tests/rules-known-gaps.txt`, one expectation a
/// line. A gap that closes must be taken out of the list, one that opens fails the test.
fn check_known(failed: &BTreeSet<String>, total: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules-known-gaps.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let mut text =
            String::from("# Rule examples that the program does not read rightly yet.\n");
        text.extend(failed.iter().map(|line| format!("{line}\n")));
        fs::write(&path, text).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    let known: BTreeSet<String> =
        known.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    let opened: Vec<_> = failed.difference(&known).cloned().collect();
    let closed: Vec<_> = known.difference(failed).cloned().collect();
    assert!(
        opened.is_empty() && closed.is_empty(),
        "of {total} expectations\nnewly failing:\n{}\nno longer failing:\n{}",
        opened.join("\n"),
        closed.join("\n")
    );
}
