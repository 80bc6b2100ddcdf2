//! Relation rules, speech verbs, factuality triggers: how English says it, as data.
//!
//! A rule sees a clause, not a tree: a trigger (verb, event noun or adjective, as a phrase of
//! lemmas) and roles. The format is described in `rules/README.md`.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::error::{Error, Faults, Result};
use crate::ontology::{ClassId, Ontology, PropertyId};
use crate::resource::Resources;
use crate::resource::prepositions::Prepositions;
use crate::statement::{Factuality, Polarity};

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

/// A trigger phrase of a rule: the words after the first, in base form.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub(crate) rule: RuleId,
    pub(crate) rest: Vec<String>,
}

/// How a verb or noun of speech presents its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stance {
    /// Says, tells, reports, confirms, shows: the content stands as the source's claim.
    Said,
    /// Denies: the content stands as denied.
    Denied,
    /// Warns: a clause stands as the source's claim, an infinitive has not happened.
    Warned,
    /// Urges, asks, promises: the content has not happened.
    Urged,
    /// Suspects, believes, fears: the content is held possible.
    Believed,
    /// Footage, figures, documents show: the source is named, the content stands as fact.
    Shown,
}

/// What must stand beside the object of a verb that says nothing of the object alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Predicative {
    /// "found him *guilty*"
    pub(crate) complement: bool,
    /// "put them *at risk*"
    pub(crate) phrase: bool,
    /// "caused the bank *to raise its rate*"
    pub(crate) clause: bool,
}

/// What a word does to the clause or noun below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// New factuality, if any.
    pub factuality: Option<Factuality>,
    /// True if it negates.
    pub negative: bool,
}

/// Everything that extraction reads from `rules/`.
#[derive(Debug)]
pub struct Grammar {
    /// In file order.
    pub rules: Vec<Rule>,
    /// Grammar's own predicates.
    pub constructions: Constructions,
    pub(crate) verbs: Triggers,
    pub(crate) nouns: Triggers,
    pub(crate) adjectives: Triggers,
    pub(crate) prepositions: Prepositions,
    /// Rules and constructions for which the user's ontology has nothing.
    left_out: Vec<String>,
    /// The stance, and whether it is a verb's.
    speech: FxHashMap<String, (Stance, bool)>,
    quantifiers: FxHashSet<String>,
    light_verbs: FxHashSet<String>,
    adverbials: FxHashSet<String>,
    predicative_verbs: FxHashMap<String, Predicative>,
    confidence: Confidence,
    /// By part of speech, then lemma.
    effects: FxHashMap<String, FxHashMap<String, Effect>>,
}

impl Grammar {
    /// Reads and checks all rule files.
    ///
    /// # Errors
    /// [`Error::Rule`] with file and line: broken TOML, unknown keys, roles, predicates or classes
    /// that the ontology does not have, two rules of one name; [`Error::Rules`] for several.
    pub fn load(resources: &Resources, ontology: &Ontology) -> Result<Self> {
        let mut faults = Faults::default();
        let mut left_out = Vec::new();
        let prepositions = faults.take(Prepositions::load(resources)).unwrap_or_default();
        let rules = faults.take(loading::rules(resources, ontology, &prepositions, &mut left_out));
        let constructions = faults.take(Constructions::load(resources, ontology, &mut left_out));
        let speech = faults.take(speech(resources));
        let quantifiers = faults.take(words(resources, "rules/lexicon/quantifiers.tsv"));
        let light_verbs = faults.take(words(resources, "rules/lexicon/light_verbs.tsv"));
        let adverbials = faults.take(words(resources, "rules/lexicon/adverbials.tsv"));
        let predicative_verbs = faults.take(predicative_verbs(resources));
        let confidence = faults.take(Confidence::load(resources));
        let effects = faults.take(effects(resources));
        let Rules { rules, verbs, nouns, adjectives } = rules.unwrap_or_default();
        faults.or(Self {
            rules,
            constructions: constructions.unwrap_or_default(),
            verbs,
            nouns,
            adjectives,
            prepositions,
            left_out,
            speech: speech.unwrap_or_default(),
            quantifiers: quantifiers.unwrap_or_default(),
            light_verbs: light_verbs.unwrap_or_default(),
            adverbials: adverbials.unwrap_or_default(),
            predicative_verbs: predicative_verbs.unwrap_or_default(),
            confidence: confidence.unwrap_or_default(),
            effects: effects.unwrap_or_default(),
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

    /// The stance of a verb or noun of speech.
    pub fn stance(&self, lemma: &str) -> Option<Stance> {
        self.speech.get(lemma).map(|&(stance, _)| stance)
    }

    /// True for verbs of speech: one may account for what is no account.
    pub(crate) fn is_speech_verb(&self, lemma: &str) -> bool {
        self.speech.get(lemma).is_some_and(|&(_, is_verb)| is_verb)
    }

    /// True for verbs whose object says what happens: "hold talks", "take action".
    pub fn is_light(&self, lemma: &str) -> bool {
        self.light_verbs.contains(lemma)
    }

    /// True for prepositions with a noun inside: "in response to".
    pub(crate) fn is_preposition(&self, phrase: &str) -> bool {
        self.prepositions.is_phrase(phrase)
    }

    /// True for phrases that tell nothing of what happens: "for example".
    pub(crate) fn is_adverbial(&self, phrase: &str) -> bool {
        self.adverbials.contains(phrase)
    }

    /// What of a verb has to stand beside its object, which alone is not what is done.
    pub(crate) fn predicative(&self, lemma: &str) -> Predicative {
        self.predicative_verbs.get(lemma).copied().unwrap_or_default()
    }

    pub(crate) fn confidence(&self) -> &Confidence {
        &self.confidence
    }

    /// True for nouns that count or measure what follows "of": "pair", "dozen", "series".
    pub fn is_quantifier(&self, lemma: &str) -> bool {
        self.quantifiers.contains(lemma)
    }

    /// What a word of a part of speech (`verb`, `noun`, `adj`, `adv`, `aux`, `mark`) does to the
    /// clause below it.
    pub fn effect(&self, lemma: &str, pos: &str) -> Option<Effect> {
        self.effects.get(pos)?.get(lemma).copied()
    }
}

fn speech(resources: &Resources) -> Result<FxHashMap<String, (Stance, bool)>> {
    let table = resources.table("rules/lexicon/speech.tsv")?;
    let mut speech = FxHashMap::default();
    for (line, [lemma, pos, stance]) in table.rows(["lemma", "pos", "stance"])? {
        let stance = match stance {
            "said" | "claimed" | "confirmed" | "reported" => Stance::Said,
            "shown" => Stance::Shown,
            "denied" => Stance::Denied,
            "warned" => Stance::Warned,
            "asked" | "promised" => Stance::Urged,
            "believed" => Stance::Believed,
            _ => return Err(Error::rule(table.file(), line, format!("no stance {stance:?}"))),
        };
        // A noun is looked up only where no verb is meant.
        let is_verb = pos == "verb";
        if is_verb || !speech.contains_key(lemma) {
            speech.insert(lemma.to_owned(), (stance, is_verb));
        }
    }
    Ok(speech)
}

fn words(resources: &Resources, file: &str) -> Result<FxHashSet<String>> {
    let table = resources.table(file)?;
    Ok(table.rows(["lemma"])?.map(|(_, [lemma])| lemma.to_owned()).collect())
}

fn predicative_verbs(resources: &Resources) -> Result<FxHashMap<String, Predicative>> {
    let table = resources.table("rules/lexicon/predicative_verbs.tsv")?;
    let rows = table.rows(["lemma", "beside"])?;
    let kinds = rows.map(|(line, [lemma, beside])| {
        let mut kind = Predicative::default();
        for word in beside.split(' ') {
            match word {
                "complement" => kind.complement = true,
                "phrase" => kind.phrase = true,
                "clause" => kind.clause = true,
                _ => {
                    let cause = format!("expected complement, phrase or clause, not {word:?}");
                    return Err(Error::rule(table.file(), line, cause));
                }
            }
        }
        Ok((lemma.to_owned(), kind))
    });
    kinds.collect()
}

fn effects(resources: &Resources) -> Result<FxHashMap<String, FxHashMap<String, Effect>>> {
    let table = resources.table("rules/lexicon/factuality.tsv")?;
    let mut effects: FxHashMap<String, FxHashMap<String, Effect>> = FxHashMap::default();
    for (line, [lemma, pos, factuality, polarity]) in
        table.rows(["lemma", "pos", "factuality", "polarity"])?
    {
        let factuality = match factuality {
            "none" | "" => None,
            "claimed" => Some(Factuality::Claimed),
            "planned" => Some(Factuality::Planned),
            "possible" => Some(Factuality::Possible),
            "hypothetical" => Some(Factuality::Hypothetical),
            "denied" => Some(Factuality::Denied),
            other => {
                return Err(Error::rule(table.file(), line, format!("no factuality {other:?}")));
            }
        };
        let effect = Effect { factuality, negative: polarity == "negative" };
        effects.entry(pos.to_owned()).or_default().insert(lemma.to_owned(), effect);
    }
    Ok(effects)
}

impl Effect {
    /// The polarity after the word.
    pub(crate) fn polarity(self, below: Polarity) -> Polarity {
        if self.negative { below.turned() } else { below }
    }
}
