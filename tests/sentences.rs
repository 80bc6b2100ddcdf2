//! Runs the manual in `tests/sentences/*.md`: what each sentence must and must not say.
//!
//! The format is described in `tests/sentences/README.md`. What the program does not understand yet
//! is in `tests/sentences/known-gaps.txt`, one expectation a line with its cause.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its files should fail")]

#[path = "common/gaps.rs"]
mod gaps;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use newsgraph::document::Document;
use newsgraph::entity::EntityId;
use newsgraph::graph::{GraphStatement, KnowledgeGraph, Object};
use newsgraph::language::Engine;
use newsgraph::pipeline::Pipeline;
use newsgraph::resource::Resources;
use newsgraph::shelf::Shelf;

/// A sentence with what is expected of it.
struct Block {
    file: String,
    sentence: String,
    expectations: Vec<Expectation>,
}

/// A line of the manual.
#[derive(Debug)]
struct Expectation {
    /// As it stands, without the dash.
    line: String,
    /// False after `not:`.
    must: bool,
    subject: String,
    predicate: String,
    object: String,
    /// What else is compared.
    fields: Vec<(Field, String)>,
    polarity: String,
    factuality: String,
}

/// A named field of an expectation.
#[derive(Clone, Debug, PartialEq)]
enum Field {
    Time,
    Place,
    Source,
    Rule,
    /// A qualifier of the statement, by its role.
    Qualifier(&'static str),
}

/// Roles of qualifiers that rules and grammar give (`rules/README.md`), and the words before some others.
const ROLES: [&str; 18] = [
    "after",
    "amount",
    "because",
    "before",
    "capacity",
    "cause",
    "companion",
    "destination",
    "if",
    "instrument",
    "manner",
    "origin",
    "patient",
    "purpose",
    "recipient",
    "that",
    "to",
    "topic",
];

/// The object of a verb that takes none.
const NOTHING: &str = "-";

impl Expectation {
    /// Parses a line.
    fn parse(line: &str) -> Result<Self, String> {
        let (rest, must) = match line.strip_prefix("not: ") {
            Some(rest) => (rest, false),
            None => (line, true),
        };
        let cells: Vec<&str> = rest.split('|').map(str::trim).collect();
        let [subject, predicate, object, fields @ ..] = &cells[..] else {
            return Err(format!("{} cells, expected subject, predicate, object", cells.len()));
        };
        if [subject, predicate, object].iter().any(|cell| simple(cell).is_empty()) {
            return Err("an empty cell".to_owned());
        }
        let mut expectation = Self {
            line: line.to_owned(),
            must,
            subject: simple(subject),
            predicate: simple(predicate),
            object: simple(object),
            fields: Vec::new(),
            polarity: "positive".to_owned(),
            factuality: "asserted".to_owned(),
        };
        for field in fields {
            expectation.set(field)?;
        }
        Ok(expectation)
    }

    fn set(&mut self, field: &str) -> Result<(), String> {
        let (key, value) =
            field.split_once('=').ok_or_else(|| format!("{field:?}, expected key=value"))?;
        let one_of = |values: &[&str]| match values.contains(&value) {
            true => Ok(value.to_owned()),
            false => Err(format!("{field:?}, expected one of {values:?}")),
        };
        let key = match key {
            "polarity" => {
                self.polarity = one_of(&["positive", "negative"])?;
                return Ok(());
            }
            "factuality" => {
                let all = newsgraph::statement::Factuality::ALL.map(|it| it.as_str());
                self.factuality = one_of(&all)?;
                return Ok(());
            }
            "time" => Field::Time,
            "place" => Field::Place,
            "source" => Field::Source,
            "rule" => Field::Rule,
            _ => match ROLES.iter().find(|role| **role == key) {
                Some(role) => Field::Qualifier(role),
                None => return Err(format!("unknown field {key:?}")),
            },
        };
        if simple(value).is_empty() {
            return Err(format!("{field:?} says nothing"));
        }
        self.fields.push((key, value.to_owned()));
        Ok(())
    }

    /// True if the statement says what is expected, in full. What a qualifier says counts as said: "sail |
    /// the boat" with `to=Oslo` says "sail to | Oslo" as well.
    fn fits(&self, graph: &KnowledgeGraph, statement: &GraphStatement) -> bool {
        self.is_said(graph, statement)
            || statement.qualifiers.iter().enumerate().any(|(nth, (role, filler))| {
                let mut projected = statement.clone();
                projected.qualifiers.remove(nth);
                let object = std::mem::replace(&mut projected.object, filler.clone());
                projected.qualifiers.push(("patient".into(), object));
                projected.object_text = "".into();
                let verb = &statement.predicate;
                let bare = verb.rsplit_once(' ').map_or(&**verb, |(bare, _)| bare);
                [format!("{verb} {role}"), format!("{bare} {role}"), verb.to_string()].iter().any(
                    |predicate| {
                        projected.predicate = predicate.as_str().into();
                        self.is_said(graph, &projected)
                    },
                )
            })
    }

    fn is_said(&self, graph: &KnowledgeGraph, statement: &GraphStatement) -> bool {
        let mut subjects = entity_names(graph, statement.subject);
        subjects.push(simple(&statement.subject_text));
        let mut objects = names(graph, &statement.object);
        objects.push(simple(&statement.object_text));
        // What must not be said must not be said of "the old mill" either.
        let is = |name: &String, words: &str| {
            name == words || !self.must && name.ends_with(&format!(" {words}"))
        };
        subjects.iter().any(|name| is(name, &self.subject))
            && objects.iter().any(|name| is(name, &self.object))
            && simple(&statement.predicate) == self.predicate
            && statement.factuality.as_str() == self.factuality
            && statement.polarity.as_str() == self.polarity
            && self.fields.iter().all(|(field, value)| has(graph, statement, field, value))
    }
}

/// True if a statement has this value in this field.
fn has(graph: &KnowledgeGraph, statement: &GraphStatement, field: &Field, value: &str) -> bool {
    let called = |id: &EntityId| entity_names(graph, *id).contains(&simple(value));
    match field {
        Field::Time => statement.time.as_deref() == Some(value),
        Field::Rule => statement.evidence.rule == value,
        Field::Place => statement.place.iter().any(called),
        Field::Source => statement.attribution.iter().any(called),
        Field::Qualifier(role) => statement
            .qualifiers
            .iter()
            .any(|(own, filler)| own == role && names(graph, filler).contains(&simple(value))),
    }
}

/// Words without what does not decide whether two phrases are the same.
fn simple(text: &str) -> String {
    let text = text.to_lowercase().replace(['’', '‘'], "'").replace(['“', '”', '"'], "");
    let words = text.split_whitespace().map(|word| word.trim_matches(|c: char| ",.;:".contains(c)));
    let small = ["the", "a", "an", "'s"];
    words.filter(|word| !small.contains(word)).collect::<Vec<_>>().join(" ")
}

/// What a filler is called.
fn names(graph: &KnowledgeGraph, filler: &Object) -> Vec<String> {
    match filler {
        Object::Entity(id) => entity_names(graph, *id),
        Object::Literal { value, .. } => vec![simple(value)],
        Object::Absent => vec![simple(NOTHING)],
    }
}

/// Label and aliases of an entity and, as a group stands for each of them, of its members.
fn entity_names(graph: &KnowledgeGraph, id: EntityId) -> Vec<String> {
    let own = |id: EntityId| {
        let entity = graph.entities.get(id);
        entity.aliases.iter().chain([&entity.label]).map(|name| simple(name)).collect::<Vec<_>>()
    };
    let members = graph.entities.members(id).iter().flat_map(|&member| own(member));
    own(id).into_iter().chain(members).collect()
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
        for (number, line) in (1..).zip(fs::read_to_string(&path).unwrap().lines()) {
            if let Some(sentence) = line.strip_prefix("> ") {
                let sentence = sentence.to_owned();
                blocks.push(Block { file: name.clone(), sentence, expectations: Vec::new() });
            } else if let Some(expected) = line.strip_prefix("- ")
                && let Some(block) = blocks.last_mut()
            {
                let parsed = Expectation::parse(expected);
                let parsed =
                    parsed.unwrap_or_else(|cause| panic!("{}:{number}: {cause}", path.display()));
                block.expectations.push(parsed);
            }
        }
    }
    blocks
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
        let statements: Vec<GraphStatement> = graph.statements().collect();
        for expectation in &block.expectations {
            total += 1;
            let found = statements.iter().any(|statement| expectation.fits(&graph, statement));
            if found != expectation.must {
                let line = &expectation.line;
                failed.insert(format!("{}: {} => {line}", block.file, block.sentence));
            }
        }
    }
    gaps::check("tests/sentences/known-gaps.txt", &failed, total);
}

#[test]
fn a_line_that_cannot_be_compared_is_refused() {
    let fails = |line: &str, cause: &str| {
        assert_eq!(Expectation::parse(line).unwrap_err(), cause, "{line}");
    };
    fails("envoy | visit", "2 cells, expected subject, predicate, object");
    fails("envoy | | Oslo", "an empty cell");
    fails("envoy | visit | Oslo | where=Oslo", "unknown field \"where\"");
    fails("envoy | visit | Oslo | Oslo", "\"Oslo\", expected key=value");
    fails("envoy | visit | Oslo | place=", "\"place=\" says nothing");
    fails(
        "envoy | visit | Oslo | polarity=none",
        "\"polarity=none\", expected one of [\"positive\", \"negative\"]",
    );
    let line = "not: the envoy | visit | Oslo | companion=Ana | factuality=planned";
    let parsed = Expectation::parse(line).unwrap();
    assert!(!parsed.must && parsed.subject == "envoy" && parsed.factuality == "planned");
    assert_eq!(parsed.fields, [(Field::Qualifier("companion"), "Ana".to_owned())]);
}
