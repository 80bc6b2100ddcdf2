//! Relation rules, speech verbs, factuality triggers: how English says it, as data.
//!
//! A rule sees a clause, not a tree: a trigger (verb, event noun or adjective, as a phrase of
//! lemmas) and roles. The format is described in `rules/README.md`.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::ontology::{ClassId, Ontology, PropertyId};
use crate::resource::Resources;
use crate::statement::{Factuality, Polarity};

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

/// A rule whose trigger stands in a sentence, whether it fires or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Index in [`Grammar::rules`].
    pub rule: usize,
    /// True if something fits the slot of the subject.
    pub subject: bool,
    /// True if something fits the slot of the object.
    pub object: bool,
}

/// A trigger phrase of a rule: the words after the first, in base form.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub(crate) rule: usize,
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

/// Everything that extraction reads from `rules/`.
#[derive(Debug)]
pub struct Grammar {
    /// In file order.
    pub rules: Vec<Rule>,
    /// Grammar's own predicates.
    pub constructions: Constructions,
    pub(crate) verbs: FxHashMap<String, Vec<Trigger>>,
    pub(crate) nouns: FxHashMap<String, Vec<Trigger>>,
    pub(crate) adjectives: FxHashMap<String, Vec<Trigger>>,
    /// The stance, and whether it is a verb's.
    speech: FxHashMap<String, (Stance, bool)>,
    quantifiers: FxHashSet<String>,
    light_verbs: FxHashSet<String>,
    prepositions: FxHashSet<String>,
    adverbials: FxHashSet<String>,
    predicative_verbs: FxHashMap<String, Predicative>,
    confidence: Confidence,
    /// By part of speech, then lemma.
    effects: FxHashMap<String, FxHashMap<String, Effect>>,
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
            speech: speech(resources)?,
            quantifiers: words(resources, "rules/lexicon/quantifiers.tsv")?,
            light_verbs: words(resources, "rules/lexicon/light_verbs.tsv")?,
            prepositions: words(resources, "rules/lexicon/prepositions.tsv")?,
            adverbials: words(resources, "rules/lexicon/adverbials.tsv")?,
            predicative_verbs: predicative_verbs(resources)?,
            confidence: Confidence::load(resources)?,
            effects: effects(resources)?,
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
        self.prepositions.contains(phrase)
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
