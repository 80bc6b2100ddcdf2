//! Runs the manual in `tests/sentences/*.md`: what each sentence must and must not say.
//!
//! The format is described in `tests/sentences/README.md`. What the program does not understand yet
//! is in `tests/sentences/known-gaps.txt`, one expectation a line: a gap that closes must be taken
//! out of that list, one that opens fails the test.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its files should fail")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use newsgraph::document::Document;
use newsgraph::graph::{GraphStatement, KnowledgeGraph, Object};
use newsgraph::language::Engine;
use newsgraph::pipeline::Pipeline;
use newsgraph::resource::Resources;
use newsgraph::shelf::Shelf;

struct Block {
    file: String,
    sentence: String,
    lines: Vec<String>,
}

fn blocks() -> Vec<Block> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sentences");
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut blocks: Vec<Block> = Vec::new();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".md") || name == "README.md" {
            continue;
        }
        for line in fs::read_to_string(&path).unwrap().lines() {
            if let Some(sentence) = line.strip_prefix("> ") {
                let sentence = sentence.to_owned();
                blocks.push(Block { file: name.clone(), sentence, lines: Vec::new() });
            } else if let Some(expected) = line.strip_prefix("- ")
                && let Some(block) = blocks.last_mut()
            {
                block.lines.push(expected.to_owned());
            }
        }
    }
    blocks
}

/// Words that do not decide whether two phrases are the same.
fn simple(text: &str) -> String {
    let text = text.to_lowercase().replace(['’', '‘'], "'").replace(['“', '”', '"'], "");
    let words = text.split_whitespace().map(|word| word.trim_matches(|c: char| ",.;:".contains(c)));
    let small = ["the", "a", "an", "'s"];
    words.filter(|word| !small.contains(word)).collect::<Vec<_>>().join(" ")
}

fn names(graph: &KnowledgeGraph, id: newsgraph::entity::EntityId, words: &str) -> Vec<String> {
    let entity = graph.entities.get(id);
    let mut names: Vec<String> = entity.aliases.iter().map(|alias| simple(alias)).collect();
    names.push(simple(&entity.label));
    names.push(simple(words));
    for &member in &entity.members {
        names.extend(names_of(graph, member));
    }
    names
}

fn names_of(graph: &KnowledgeGraph, id: newsgraph::entity::EntityId) -> Vec<String> {
    let entity = graph.entities.get(id);
    entity.aliases.iter().chain([&entity.label]).map(|name| simple(name)).collect()
}

fn matches(graph: &KnowledgeGraph, statement: &GraphStatement, expected: &str) -> bool {
    let mut cells = expected.split('|').map(str::trim);
    let (Some(subject), Some(label), Some(object)) = (cells.next(), cells.next(), cells.next())
    else {
        panic!("bad line: {expected}");
    };
    let subjects = names(graph, statement.subject, &statement.subject_text);
    let objects = match &statement.object {
        Object::Entity(id) => names(graph, *id, &statement.object_text),
        Object::Literal { value, .. } => vec![simple(value), simple(&statement.object_text)],
    };
    let fits = |names: &[String], wanted: &str| {
        let wanted = simple(wanted);
        names.iter().any(|name| *name == wanted || name.ends_with(&format!(" {wanted}")))
    };
    let forward = fits(&subjects, subject) && fits(&objects, object);
    let fields: Vec<&str> = cells.collect();
    let wanted = |key: &str, default: &'static str| -> String {
        let value = fields.iter().find_map(|field| field.strip_prefix(key)?.strip_prefix('='));
        value.unwrap_or(default).to_owned()
    };
    let factuality = wanted("factuality", "asserted");
    let polarity = wanted("polarity", "positive");
    let time = wanted("time", "");
    let source = wanted("source", "");
    let patient = wanted("patient", "");
    let is_patient = |(role, filler): &(_, _)| {
        let names = match filler {
            Object::Entity(id) => names_of(graph, *id),
            Object::Literal { value, .. } => vec![simple(value)],
        };
        *role == "patient" && names.contains(&simple(&patient))
    };
    forward
        && simple(&statement.predicate) == simple(label)
        && (factuality == statement.factuality.as_str())
        && polarity == statement.polarity.as_str()
        && (time.is_empty() || statement.time.as_deref() == Some(&*time))
        && (patient.is_empty() || statement.qualifiers.iter().any(is_patient))
        && (source.is_empty()
            || statement
                .attribution
                .iter()
                .any(|&id| names_of(graph, id).contains(&simple(&source))))
}

fn read(pipeline: &Pipeline, sentence: &str) -> KnowledgeGraph {
    let document = Document {
        id: "sentence".into(),
        uri: None,
        publisher: None,
        title: None,
        published: Some(jiff::civil::date(2025, 3, 6)),
        text: sentence.to_owned(),
    };
    pipeline.join(&Shelf::of(&[pipeline.read(document)]).unwrap()).unwrap()
}

#[test]
fn the_manual_holds() {
    let pipeline = Pipeline::load(&Resources::embedded(), Engine::embedded().unwrap()).unwrap();
    let mut failed = BTreeSet::new();
    let mut total = 0;
    for block in blocks() {
        let graph = read(&pipeline, &block.sentence);
        for line in &block.lines {
            total += 1;
            let (expected, must) = match line.strip_prefix("not: ") {
                Some(rest) => (rest, false),
                None => (line.as_str(), true),
            };
            let found = graph.statements().any(|s| matches(&graph, &s, expected));
            if found != must {
                failed.insert(format!("{}: {} => {line}", block.file, block.sentence));
            }
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sentences/known-gaps.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let mut text: String = failed.iter().map(|line| format!("{line}\n")).collect();
        text.insert_str(0, "# What the manual asks for and the program does not do yet.\n");
        fs::write(&path, text).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    let known: BTreeSet<String> =
        known.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    let opened: Vec<_> = failed.difference(&known).cloned().collect();
    let closed: Vec<_> = known.difference(&failed).cloned().collect();
    assert!(
        opened.is_empty() && closed.is_empty(),
        "of {total} expectations\nnewly failing:\n{}\nno longer failing (take them out of known-gaps.txt):\n{}",
        opened.join("\n"),
        closed.join("\n")
    );
}
