//! Relation rules from `rules/relations`: each mistake with file and line, the key itself where it is
//! one of a key.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use toml::Spanned;

use crate::error::{Faults, Result};
use crate::ontology::{ClassId, Ontology};
use crate::resource::entries::{AllowedKeys, LEAF, TomlFile};
use crate::resource::lexicon::Prepositions;
use crate::resource::{Resources, line_of};

use super::role::{QualifierRole, Role};
use super::rules::{Example, Rule, RuleId, Slot, Trigger};

/// Rules by their triggers' first words.
pub(super) type Triggers = FxHashMap<String, Vec<Trigger>>;

/// All rules, in the order of files and lines.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) rules: Vec<Rule>,
    pub(super) verbs: Triggers,
    pub(super) nouns: Triggers,
    pub(super) adjectives: Triggers,
}

const SLOT: &AllowedKeys = &AllowedKeys(&[("role", LEAF), ("class", LEAF), ("amount", LEAF)]);

const KEYS: AllowedKeys = AllowedKeys(&[(
    "rule",
    &AllowedKeys(&[
        ("name", LEAF),
        ("reason", LEAF),
        ("predicate", LEAF),
        ("verb", LEAF),
        ("ambiguous", LEAF),
        ("noun", LEAF),
        ("adjective", LEAF),
        ("subject", SLOT),
        ("object", SLOT),
        ("qualifiers", &AllowedKeys(&[("*", SLOT)])),
        ("intransitive", LEAF),
        ("inverse", LEAF),
        ("example", &AllowedKeys(&[("text", LEAF), ("gives", LEAF)])),
    ]),
)]);

#[derive(Deserialize)]
struct RuleEntry {
    name: Spanned<String>,
    predicate: Spanned<String>,
    #[serde(default)]
    verb: Vec<Spanned<String>>,
    #[serde(default)]
    ambiguous: Vec<Spanned<String>>,
    #[serde(default)]
    noun: Vec<Spanned<String>>,
    #[serde(default)]
    adjective: Vec<Spanned<String>>,
    #[serde(default)]
    subject: SlotEntry,
    #[serde(default)]
    object: SlotEntry,
    #[serde(default)]
    qualifiers: BTreeMap<Spanned<String>, SlotEntry>,
    #[serde(default)]
    intransitive: bool,
    #[serde(default)]
    inverse: bool,
    #[serde(default)]
    example: Vec<Example>,
}

#[derive(Default, Deserialize)]
struct SlotEntry {
    #[serde(default)]
    role: Vec<Spanned<String>>,
    #[serde(default)]
    class: Vec<Spanned<String>>,
    #[serde(default)]
    amount: bool,
}

/// Reads all rules. Those of the program that ask for a property which the user's ontology lacks are
/// left out and named in `left_out`; so are those that ask for classes alone of which it has nothing.
pub(super) fn rules(
    resources: &Resources,
    ontology: &Ontology,
    prepositions: &Prepositions,
    left_out: &mut Vec<String>,
) -> Result<Rules> {
    let mut faults = Faults::default();
    let mut rules = Rules::default();
    let mut names: FxHashMap<String, String> = FxHashMap::default();
    for file in resources.list("rules/relations/")? {
        if !file.ends_with(".toml") {
            continue; // Resources::check_names speaks of it
        }
        let text = resources.text(&file)?;
        let Some(mut parsed) = TomlFile::parse(&file, &text, &KEYS, &mut faults) else { continue };
        let entries: Vec<(usize, RuleEntry)> = parsed.entries("rule", &mut faults);
        for (_, entry) in entries {
            let name = entry.name.get_ref();
            if let Some(other) = names.insert(name.clone(), file.clone()) {
                let line = line_of(&text, entry.name.span().start);
                let cause = format!("a rule {name:?} stands in {other} already");
                faults.rule(&file, line, cause);
            }
            let lenient = !resources.is_own(&file);
            let mut check = Check {
                file: &file,
                text: &text,
                ontology,
                prepositions,
                lenient,
                lacks: false,
                faults: &mut faults,
            };
            let rule = check.rule(&entry);
            if check.lacks {
                left_out.push(entry.name.into_inner());
            } else if let Some(rule) = rule {
                rules.add(rule, &entry);
            }
        }
    }
    faults.or(rules)
}

impl Rules {
    fn add(&mut self, rule: Rule, entry: &RuleEntry) {
        let id = RuleId::from(self.rules.len());
        add_triggers(&mut self.verbs, id, &entry.verb, false);
        add_triggers(&mut self.verbs, id, &entry.ambiguous, true);
        add_triggers(&mut self.nouns, id, &entry.noun, false);
        add_triggers(&mut self.adjectives, id, &entry.adjective, false);
        self.rules.push(rule);
    }
}

fn add_triggers(table: &mut Triggers, rule: RuleId, phrases: &[Spanned<String>], ambiguous: bool) {
    for phrase in phrases {
        let mut words = phrase.get_ref().split_whitespace().map(str::to_lowercase);
        if let Some(first) = words.next() {
            let trigger = Trigger { rule, rest: words.collect(), ambiguous };
            table.entry(first).or_default().push(trigger);
        }
    }
}

/// Checks one rule.
struct Check<'a> {
    file: &'a str,
    text: &'a str,
    ontology: &'a Ontology,
    prepositions: &'a Prepositions,
    /// A rule of the program with an ontology that is not: what this lacks is no mistake.
    lenient: bool,
    /// The ontology lacks what the rule cannot do without.
    lacks: bool,
    faults: &'a mut Faults,
}

impl Check<'_> {
    fn fail(&mut self, at: &Spanned<String>, cause: &str, entry: &RuleEntry) {
        let line = line_of(self.text, at.span().start);
        let name = entry.name.get_ref();
        self.faults.rule(self.file, line, format!("rule {name:?}: {cause}"));
    }

    /// The rule; `None` if something is wrong or lacking.
    fn rule(&mut self, entry: &RuleEntry) -> Option<Rule> {
        let triggers = || {
            let verbs = entry.verb.iter().chain(&entry.ambiguous);
            verbs.chain(&entry.noun).chain(&entry.adjective)
        };
        if triggers().next().is_none() {
            let cause = "no trigger, expected verb, ambiguous, noun or adjective";
            self.fail(&entry.name, cause, entry);
        }
        let vague = entry.subject.class.is_empty() && entry.object.class.is_empty();
        if let Some(phrase) = entry.ambiguous.first().filter(|_| vague) {
            self.fail(phrase, "an ambiguous verb needs a class of subject or object", entry);
        }
        for phrase in triggers().filter(|phrase| phrase.get_ref().trim().is_empty()) {
            self.fail(phrase, "empty trigger", entry);
        }
        let subject = self.slot(&entry.subject, Some(Role::Subject), entry);
        let object = self.slot(&entry.object, Some(Role::Object), entry);
        let mut qualifiers = Vec::new();
        for (key, slot) in &entry.qualifiers {
            let role: Result<QualifierRole, String> = key.get_ref().parse();
            let slot = self.slot(slot, None, entry);
            match role {
                Ok(role) => qualifiers.push((role, slot)),
                Err(cause) => self.fail(key, &cause, entry),
            }
        }
        let name = entry.predicate.get_ref();
        let Some(predicate) = self.ontology.property(name) else {
            if self.lenient && self.ontology.lacks_property(name) {
                self.lacks = true;
            } else {
                self.fail(&entry.predicate, &self.ontology.no_property(name), entry);
            }
            return None;
        };
        Some(Rule {
            name: entry.name.get_ref().clone(),
            predicate,
            subject,
            object,
            qualifiers,
            intransitive: entry.intransitive,
            inverse: entry.inverse,
            examples: entry.example.clone(),
        })
    }

    fn slot(&mut self, slot: &SlotEntry, default: Option<Role>, entry: &RuleEntry) -> Slot {
        let mut roles = Vec::new();
        for word in &slot.role {
            match Role::parse(word.get_ref(), self.prepositions) {
                Ok(role) => roles.push(role),
                Err(cause) => self.fail(word, &cause, entry),
            }
        }
        if slot.role.is_empty() {
            roles.extend(default);
        }
        let mut classes: Vec<ClassId> = Vec::new();
        for name in &slot.class {
            let known = self.ontology.class(name.get_ref());
            let lenient = self.lenient && self.ontology.lacks_class(name.get_ref());
            match known {
                Some(class) => classes.push(class),
                // The nearest class stands in, if there is one.
                None if lenient => {
                    let named = self.ontology.named(name.get_ref());
                    classes.extend(named.ok().and_then(|named| named.id));
                }
                None => self.fail(name, &self.ontology.no_class(name.get_ref()), entry),
            }
        }
        self.lacks |= self.lenient && classes.is_empty() && !slot.class.is_empty();
        Slot { roles, classes, amount: slot.amount }
    }
}
