//! Every relation rule does what its examples say, and no more.
//!
//! A statement that an example promises must be in the graph and come from the rule itself. A near
//! miss must be near: the rule's trigger stands in the sentence and one of its slots is filled, so
//! that it would fire if what blocks it were taken away.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its files should fail")]

#[path = "common/gaps.rs"]
mod gaps;

use std::collections::BTreeSet;
use std::path::Path;

use newsgraph::document::Document;
use newsgraph::extract::{self, Rule};
use newsgraph::graph::{GraphStatement, KnowledgeGraph};
use newsgraph::language::Engine;
use newsgraph::pipeline::Pipeline;
use newsgraph::resource::Resources;
use newsgraph::shelf::Shelf;
use newsgraph::statement::{Factuality, Polarity, Reading};

/// The program with the rules of the folder, so that an example can be changed without building it.
fn pipeline() -> Pipeline {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let resources = Resources::with_overrides(Some(rules), None);
    Pipeline::load(&resources, Engine::embedded().unwrap()).unwrap()
}

/// What came of an example.
struct Outcome {
    graph: KnowledgeGraph,
    candidates: Vec<extract::Candidate>,
}

fn read(pipeline: &Pipeline, text: &str) -> Outcome {
    let analysis = pipeline.analyze(Document {
        id: "example".into(),
        uri: None,
        publisher: None,
        title: None,
        published: Some(jiff::civil::date(2025, 3, 6)),
        text: text.to_owned(),
    });
    let candidates = extract::candidates(&analysis, pipeline.knowledge());
    let statements = extract::statements(&analysis, pipeline.knowledge());
    let reading = Reading::new(analysis, statements);
    Outcome { graph: pipeline.join(&Shelf::of(&[reading]).unwrap()).unwrap(), candidates }
}

fn plain(words: &str) -> String {
    let words = words.to_lowercase().replace(['’', '\''], "'");
    let words = words.split_whitespace().filter(|w| !matches!(*w, "the" | "a" | "an"));
    words.collect::<Vec<_>>().join(" ").trim_end_matches("'s").trim().to_owned()
}

/// True if a statement is the rule's own, and affirmed.
fn is_given(statement: &GraphStatement, rule: &Rule, factualities: &[Factuality]) -> bool {
    statement.evidence.rule == rule.name
        && statement.polarity == Polarity::Positive
        && factualities.contains(&statement.factuality)
}

/// `subject | property | object` of what a rule gives; a symmetric property in both directions.
fn given(pipeline: &Pipeline, graph: &KnowledgeGraph, rule: &Rule) -> Vec<[String; 3]> {
    let property = &pipeline.ontology()[rule.predicate];
    let mut found = Vec::new();
    for statement in graph.statements() {
        if is_given(&statement, rule, &[Factuality::Asserted, Factuality::Claimed]) {
            let (subject, object) = (plain(&statement.subject_text), plain(&statement.object_text));
            if property.symmetric {
                found.push([object.clone(), property.name.clone(), subject.clone()]);
            }
            found.push([subject, property.name.clone(), object]);
        }
    }
    found
}

/// What is wrong with a near miss, if anything.
fn too_far(outcome: &Outcome, index: usize, rule: &Rule) -> Option<&'static str> {
    if outcome.graph.statements().any(|it| is_given(&it, rule, &[Factuality::Asserted])) {
        return Some("must not fire");
    }
    let mut own =
        outcome.candidates.iter().filter(|candidate| candidate.rule == index.into()).peekable();
    if own.peek().is_none() {
        return Some("sleeps: no trigger");
    }
    (!own.any(|it| it.subject || it.object)).then_some("sleeps: no slot is filled")
}

#[test]
fn rule_examples_hold() {
    let pipeline = pipeline();
    let (mut total, mut failed) = (0, BTreeSet::new());
    for (index, rule) in pipeline.knowledge().grammar.rules.iter().enumerate() {
        for example in &rule.examples {
            let outcome = read(&pipeline, &example.text);
            let mut fail = |what: &str| {
                failed.insert(format!("{}: {} => {what}", rule.name, example.text));
            };
            if example.gives.is_empty() {
                total += 1;
                too_far(&outcome, index, rule).into_iter().for_each(&mut fail);
            }
            let found = given(&pipeline, &outcome.graph, rule);
            for expected in &example.gives {
                total += 1;
                let cells: Vec<&str> = expected.split('|').map(str::trim).collect();
                let [subject, predicate, object] = cells[..] else {
                    panic!("rule {}: {expected:?} has not three cells", rule.name);
                };
                let wanted = [plain(subject), predicate.to_owned(), plain(object)];
                if !found.contains(&wanted) {
                    fail(expected);
                }
            }
        }
    }
    gaps::check("tests/rules-known-gaps.txt", &failed, total);
}

#[test]
fn every_rule_shows_what_it_gives_and_what_it_leaves() {
    let pipeline = pipeline();
    for rule in &pipeline.knowledge().grammar.rules {
        let gives = |example: &&extract::Example| !example.gives.is_empty();
        assert!(rule.examples.iter().any(|it| gives(&it)), "rule {}: no example", rule.name);
        assert!(!rule.examples.iter().all(|it| gives(&it)), "rule {}: no near miss", rule.name);
    }
}
