//! Relation rules: how English says a relation, as data.
//!
//! A rule sees a clause, not a tree: a trigger (verb, event noun or adjective, as a phrase of
//! lemmas) and roles. The format is described in `rules/README.md`.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::ontology::{ClassId, Ontology, PropertyId};
use crate::resource::Resources;

use super::confidence::Confidence;

/// A relation rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Unique; printed by `explain`.
    pub name: String,
    /// What it gives.
    pub predicate: PropertyId,
    /// Slot of the statement's subject.
    pub subject: Slot,
    /// Slot of the statement's object; none for rules that only look at the subject.
    pub object: Slot,
    /// Further roles and their slots.
    pub qualifiers: Vec<(String, Slot)>,
    /// Sentences that the tests run.
    pub examples: Vec<Example>,
    /// Swap subject and object of the result.
    pub inverse: bool,
}

/// Which fillers a rule takes.
#[derive(Clone, Debug, Default)]
pub struct Slot {
    /// In order of preference.
    pub roles: Vec<String>,
    /// Any of these; empty: anything.
    pub classes: Vec<ClassId>,
    /// Numbers, sums and measures alone.
    pub amount: bool,
}

/// A sentence and what the rule must give for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The sentence.
    pub text: String,
    /// `subject | predicate | object`; empty for a near miss.
    pub gives: Vec<String>,
}

/// A trigger phrase of a rule: the words after the first, in base form.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub(crate) rule: usize,
    pub(crate) rest: Vec<String>,
}

/// Predicates of the grammar's own constructions, `rules/constructions.toml`.
#[derive(Clone, Debug, Default)]
pub struct Constructions {
    properties: BTreeMap<String, PropertyId>,
}

impl Constructions {
    /// The property of a construction, if the file maps it.
    pub fn property(&self, construction: &str) -> Option<PropertyId> {
        self.properties.get(construction).copied()
    }
}

/// The relation rules, and what grammar itself states.
#[derive(Debug)]
pub struct Grammar {
    /// In file order.
    pub rules: Vec<Rule>,
    /// Grammar's own predicates.
    pub constructions: Constructions,
    pub(crate) verbs: FxHashMap<String, Vec<Trigger>>,
    pub(crate) nouns: FxHashMap<String, Vec<Trigger>>,
    pub(crate) adjectives: FxHashMap<String, Vec<Trigger>>,
    confidence: Confidence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    #[serde(default)]
    rule: Vec<toml::Spanned<RuleEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    name: String,
    #[serde(default)]
    #[allow(dead_code, reason = "for the reader of the file")]
    reason: String,
    predicate: String,
    #[serde(default)]
    verb: Vec<String>,
    #[serde(default)]
    noun: Vec<String>,
    #[serde(default)]
    adjective: Vec<String>,
    #[serde(default)]
    subject: SlotEntry,
    #[serde(default)]
    object: SlotEntry,
    #[serde(default)]
    qualifiers: BTreeMap<String, SlotEntry>,
    #[serde(default)]
    inverse: bool,
    #[serde(default)]
    example: Vec<Example>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SlotEntry {
    #[serde(default)]
    role: Vec<String>,
    #[serde(default)]
    class: Vec<String>,
    #[serde(default)]
    amount: bool,
}

impl Grammar {
    /// Reads and checks all rule files.
    ///
    /// # Errors
    /// [`Error::Rule`] with file and line: broken TOML, unknown keys, predicates or classes that the
    /// ontology does not have, two rules of one name.
    pub fn load(resources: &Resources, ontology: &Ontology) -> Result<Self> {
        let mut grammar = Self {
            rules: Vec::new(),
            constructions: constructions(resources, ontology)?,
            verbs: FxHashMap::default(),
            nouns: FxHashMap::default(),
            adjectives: FxHashMap::default(),
            confidence: Confidence::load(resources)?,
        };
        let mut names = FxHashMap::default();
        for file in resources.list("rules/relations/")? {
            let text = resources.text(&file)?;
            let parsed: RuleFile = parse_toml(&file, &text)?;
            for entry in parsed.rule {
                let line = line_of(&text, entry.span().start);
                let entry = entry.into_inner();
                if let Some(other) = names.insert(entry.name.clone(), file.clone()) {
                    let cause = format!("a rule {:?} stands in {other} already", entry.name);
                    return Err(Error::rule(file, line, cause));
                }
                grammar.add(&file, line, entry, ontology)?;
            }
        }
        Ok(grammar)
    }

    fn add(&mut self, file: &str, line: u64, entry: RuleEntry, ontology: &Ontology) -> Result<()> {
        let fail =
            |cause: String| Error::rule(file, line, format!("rule {:?}: {cause}", entry.name));
        let slot = |slot: &SlotEntry, default: &str| -> Result<Slot> {
            let class = |name: &String| {
                ontology.class(name).ok_or_else(|| fail(format!("no class ng:{name}")))
            };
            let mut roles = slot.role.clone();
            if roles.is_empty() && !default.is_empty() {
                roles.push(default.to_owned());
            }
            let classes = slot.class.iter().map(class).collect::<Result<_>>()?;
            Ok(Slot { roles, classes, amount: slot.amount })
        };
        let predicate = ontology
            .property(&entry.predicate)
            .ok_or_else(|| fail(format!("no property ng:{}", entry.predicate)))?;
        if entry.verb.is_empty() && entry.noun.is_empty() && entry.adjective.is_empty() {
            return Err(fail("no trigger, expected verb, noun or adjective".into()));
        }
        let qualifiers = entry
            .qualifiers
            .iter()
            .map(|(role, entry)| Ok((role.clone(), slot(entry, role)?)))
            .collect::<Result<_>>()?;
        let index = self.rules.len();
        for (phrases, table) in [
            (&entry.verb, &mut self.verbs),
            (&entry.noun, &mut self.nouns),
            (&entry.adjective, &mut self.adjectives),
        ] {
            for phrase in phrases {
                let mut words = phrase.split_whitespace().map(str::to_lowercase);
                let first = words.next().ok_or_else(|| fail("empty trigger".into()))?;
                let trigger = Trigger { rule: index, rest: words.collect() };
                table.entry(first).or_default().push(trigger);
            }
        }
        self.rules.push(Rule {
            predicate,
            subject: slot(&entry.subject, "subject")?,
            object: slot(&entry.object, "object")?,
            qualifiers,
            inverse: entry.inverse,
            examples: entry.example,
            name: entry.name,
        });
        Ok(())
    }

    pub(crate) fn confidence(&self) -> &Confidence {
        &self.confidence
    }
}

fn parse_toml<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        Error::rule(file, line, error.message())
    })
}

fn line_of(text: &str, byte: usize) -> u64 {
    1 + text.bytes().take(byte).filter(|&b| b == b'\n').count() as u64
}

fn constructions(resources: &Resources, ontology: &Ontology) -> Result<Constructions> {
    let file = "rules/constructions.toml";
    let text = resources.text(file)?;
    let entries: BTreeMap<String, String> = parse_toml(file, &text)?;
    let mut properties = BTreeMap::new();
    for (construction, name) in entries {
        let property = ontology.property(&name).ok_or_else(|| {
            Error::rule(file, 1, format!("{construction}: no property ng:{name}"))
        })?;
        properties.insert(construction, property);
    }
    Ok(Constructions { properties })
}
