//! The verb of a clause, with the words that make it mean what it means.

use crate::document::{Deprel, Label, MentionKind, Upos};
use crate::resource::lexicon::PartOfSpeech;

use super::clause::{Clause, ClauseId, Link};
use super::mood::{controlling_adjective, has_to};
use super::reader::SentenceReader;

/// The verb of a clause with the words that make it mean what it means.
pub(super) struct ClausePredicate {
    /// "agree to supply"
    pub(super) label: String,
    /// "be held": of a passive whose agent is not told.
    pub(super) passive: Option<String>,
    /// "hold *talks* with"
    pub(super) light: Option<usize>,
    /// The noun of "take *place*", with which the verb takes no object.
    pub(super) part: Option<usize>,
    /// "found him *guilty*"
    pub(super) judged: Option<(usize, String)>,
    /// "caused *the bank* to raise it"
    pub(super) raised: bool,
    /// "a town *called* Oldport"
    pub(super) names: bool,
}

impl ClausePredicate {
    pub(super) fn new(reader: &SentenceReader, index: ClauseId) -> Self {
        let clause = &reader.clauses[index];
        let lexicon = reader.know.lexicon;
        let lemma = reader.tree.lemma(clause.head).to_lowercase();
        let judged = judgement(reader, clause);
        let light = light_object(reader, clause).filter(|_| judged.is_none());
        let whole = |noun: usize| format!("{lemma} {}", reader.tree.form(noun).to_lowercase());
        let patient_only = clause.passive && clause.subjects.is_empty();
        Self {
            label: verb_label(reader, index),
            passive: patient_only.then(|| passive_label(reader, clause)),
            light,
            part: light.filter(|&noun| lexicon.is_light(&whole(noun))),
            judged,
            raised: is_raised(reader, index),
            names: clause.passive
                && clause.complement.is_some()
                && lexicon.predicative(&lemma).complement,
        }
    }

    /// True if the object alone is not what the verb is about.
    pub(super) fn is_judged(&self) -> bool {
        self.judged.is_some() || self.raised || self.names
    }

    /// The verb in the voice of the clause.
    pub(super) fn voiced(&self) -> &str {
        self.passive.as_ref().unwrap_or(&self.label)
    }

    /// "hold talks": the verb with its noun.
    pub(super) fn with_noun(&self, reader: &SentenceReader) -> String {
        match self.light {
            Some(noun) if self.passive.is_none() => {
                format!("{} {}", self.label, reader.tree.form(noun).to_lowercase())
            }
            _ => self.voiced().to_owned(),
        }
    }
}

/// "agree to supply", "step down", "fail to launch": the verb in base form with particle and the
/// verbs that govern it.
pub(super) fn verb_label(reader: &SentenceReader, index: ClauseId) -> String {
    let tree = &reader.tree;
    let clause = &reader.clauses[index];
    let mut label = tree.lemma(clause.head).to_lowercase();
    if let Some(particle) = clause.particle {
        label = format!("{label} {}", tree.form(particle).to_lowercase());
    }
    let mut at = index;
    for _ in 0..3 {
        let clause = &reader.clauses[at];
        let (Link::Control, Some(parent)) = (clause.link, clause.parent) else { break };
        let governor = &reader.clauses[parent];
        let same_subject = !governor.passive
            && governor.copula.is_none()
            && governor.surface == clause.surface
            && tree.upos(governor.head) == Upos::Verb;
        // "plans to visit" gives "visit", planned; "helped to build" gives just that.
        let mood_only = controlling_adjective(tree, clause, governor).is_some()
            || has_to(tree, clause, governor)
            || reader.know.lexicon.effect(tree.lemma(governor.head), PartOfSpeech::Verb).is_some();
        if !same_subject {
            break;
        }
        if mood_only {
            at = parent;
            continue;
        }
        let infinitive = tree.has_to(clause.head);
        let governing = tree.lemma(governor.head).to_lowercase();
        label = if infinitive {
            format!("{governing} to {label}")
        } else {
            let form = tree.form(clause.head).to_lowercase();
            format!("{governing} {}", label.replacen(tree.lemma(clause.head), &form, 1))
        };
        at = parent;
    }
    label
}

/// "be held"
pub(super) fn passive_label(reader: &SentenceReader, clause: &Clause) -> String {
    let form = reader.tree.form(clause.head).to_lowercase();
    match clause.particle {
        Some(particle) => format!("be {form} {}", reader.tree.form(particle).to_lowercase()),
        None => format!("be {form}"),
    }
}

/// "found him *guilty*", "put them *at risk*": what a verb predicates of its object, as token and
/// words, where it makes no statement about the object alone.
fn judgement(reader: &SentenceReader, clause: &Clause) -> Option<(usize, String)> {
    let tree = &reader.tree;
    let &object = clause.objects.last().filter(|_| !clause.passive)?;
    let kind = reader.know.lexicon.predicative(tree.lemma(clause.head));
    if let Some(complement) = clause.complement.filter(|_| kind.complement) {
        return Some((complement, tree.form(complement).to_lowercase()));
    }
    let phrase = clause.obliques.iter().find(|oblique| oblique.token > object)?;
    // "put pressure *on the mayor*" is done to the mayor.
    let noun = tree.lemma(phrase.token).to_lowercase();
    let of_its_own = matches!(
        reader.know.lexicon.noun_label(&noun),
        Some(Label::Person | Label::Org | Label::Place | Label::Product)
    );
    let state = tree.upos(phrase.token) == Upos::Noun
        && !of_its_own
        && reader.timex(phrase.token).is_none();
    let form = tree.form(phrase.token).to_lowercase();
    (kind.phrase && state).then(|| (phrase.token, format!("{} {form}", phrase.case)))
}

/// "caused *the bank* to raise it": what is caused is that it raised it.
fn is_raised(reader: &SentenceReader, index: ClauseId) -> bool {
    let clause = &reader.clauses[index];
    let addressed = clause.addressed();
    !clause.passive
        && reader.know.lexicon.predicative(reader.tree.lemma(clause.head)).clause
        && reader.clauses.below(index).any(|below| {
            below.link == Link::Control
                && below.subjects.iter().any(|subject| addressed.contains(subject))
        })
}

/// The bare object of a light verb: "hold *talks* with", "express *concern* about".
fn light_object(reader: &SentenceReader, clause: &Clause) -> Option<usize> {
    let tree = &reader.tree;
    let [object] = clause.objects[..] else { return None };
    let light = reader.know.lexicon.is_light(tree.lemma(clause.head));
    // "gave an assessment *of the vote*" is told with the whole assessment.
    let whole = tree.children(object).any(|child| {
        tree.deprel(child) == Deprel::Nmod && child > object && tree.case(child) == "of"
    });
    // "took *files* from her" took files.
    let noun = tree.lemma(object).to_lowercase();
    let lexicon = reader.know.lexicon;
    let deed = lexicon.nominalization(&noun).is_some()
        || lexicon.noun_label(&noun) == Some(Label::Event)
        || lexicon.is_light(&format!("{} {noun}", tree.lemma(clause.head)));
    let light = light && !whole && deed;
    let named = reader.mention(object).is_some_and(|m| reader.get(m).kind != MentionKind::Nominal);
    let whole = !named && !reader.is_quantifier(object);
    (light && whole && object > clause.head).then_some(object)
}
