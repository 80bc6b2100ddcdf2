//! Relation rules: how English expresses a property, as data.
//!
//! A rule sees a clause, not a tree: a trigger (verb, event noun or adjective, as a phrase of
//! lemmas) and roles. The format is described in `rules/README.md`.

use serde::Deserialize;

use crate::error::{Faults, Result};
use crate::ontology::{ClassId, Ontology, PropertyId};
use crate::resource::Resources;
use crate::resource::lexicon::Prepositions;

use super::confidence::Confidence;
use super::construction::Constructions;
use super::loading::{self, Rules, Triggers};
use super::role::{QualifierRole, Role};

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
    pub qualifiers: Vec<(QualifierRole, Slot)>,
    /// Sentences that the tests run.
    pub examples: Vec<Example>,
    /// Not where the verb has an object of its own: "ran the bank for years" is not "ran for".
    pub intransitive: bool,
    /// Swap subject and object of the result.
    pub inverse: bool,
}

/// Which fillers a rule takes.
#[derive(Clone, Debug, Default)]
pub struct Slot {
    /// In order of preference.
    pub roles: Vec<Role>,
    /// Any of these; empty: anything.
    pub classes: Vec<ClassId>,
    /// Numbers, sums and measures alone.
    pub amount: bool,
}

/// A sentence and what the rule must give for it.
#[derive(Clone, Debug, Deserialize)]
pub struct Example {
    /// The sentence.
    pub text: String,
    /// `subject | predicate | object`; empty for a near miss.
    pub gives: Vec<String>,
}

/// A rule of the grammar, by its place in the order of files and lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(u32);

impl From<usize> for RuleId {
    fn from(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// A rule whose trigger stands in a sentence, whether it fires or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The rule.
    pub rule: RuleId,
    /// True if something fits the slot of the subject.
    pub subject: bool,
    /// True if something fits the slot of the object.
    pub object: bool,
}

/// A trigger phrase of a rule: the words after the first, in base form.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub(crate) rule: RuleId,
    pub(crate) rest: Vec<String>,
    /// True for a phrase that means other things as well: it counts where both sides are surely of the
    /// classes that the rule asks for.
    pub(crate) ambiguous: bool,
}

/// The relation rules, and what grammar itself states.
#[derive(Debug)]
pub struct Grammar {
    /// In file order.
    pub rules: Vec<Rule>,
    /// Grammar's own predicates.
    pub constructions: Constructions,
    pub(crate) verbs: Triggers,
    pub(crate) nouns: Triggers,
    pub(crate) adjectives: Triggers,
    /// Rules and constructions for which the user's ontology has nothing.
    left_out: Vec<String>,
    confidence: Confidence,
}

impl Grammar {
    /// Reads and checks all rule files; roles may be `prepositions`.
    ///
    /// # Errors
    /// [`Error::Rule`](crate::Error::Rule) with file and line: broken TOML, unknown keys, roles, predicates or classes
    /// that the ontology does not have, two rules of one name; [`Error::Rules`](crate::Error::Rules) for several.
    pub fn load(
        resources: &Resources,
        ontology: &Ontology,
        prepositions: &Prepositions,
    ) -> Result<Self> {
        let mut faults = Faults::default();
        let mut left_out = Vec::new();
        let rules = faults.take(loading::rules(resources, ontology, prepositions, &mut left_out));
        let constructions = faults.take(Constructions::load(resources, ontology, &mut left_out));
        let confidence = faults.take(Confidence::load(resources));
        let Rules { rules, verbs, nouns, adjectives } = rules.unwrap_or_default();
        faults.or(Self {
            rules,
            constructions: constructions.unwrap_or_default(),
            verbs,
            nouns,
            adjectives,
            left_out,
            confidence: confidence.unwrap_or_default(),
        })
    }

    /// A rule by its id.
    pub(crate) fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[id.0 as usize]
    }

    /// The rules and constructions of the program for which the user's ontology has nothing.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    pub(crate) fn confidence(&self) -> &Confidence {
        &self.confidence
    }
}
