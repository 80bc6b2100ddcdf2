//! Nouns that denote a happening or a relation: "the arrival of X in Y", "X is a member of Y".

use crate::document::{Deprel, Upos};
use crate::resource::lexicon::{NominalizationKind, PartOfSpeech, Stance};
use crate::statement::{Factuality, Polarity, Predicate, Statement};
use crate::syntax::phrase::Definiteness;

use super::clause::ClauseId;
use super::frame::noun_frame;
use super::matching::best_matches;
use super::project::{Derivation, rule_statement};
use super::reader::SentenceReader;
use super::role::Role;
use super::rules::Trigger;

/// "Ana's arrival in X", "the invasion of Y by Z": a verb in the dress of a noun.
pub(super) fn event_noun(reader: &SentenceReader, token: usize, out: &mut Vec<Statement>) -> bool {
    let tree = &reader.tree;
    if tree.upos(token) != Upos::Noun || matches!(tree.deprel(token), Deprel::Compound) {
        return false;
    }
    let lemma = tree.lemma(token).to_lowercase();
    let know = reader.know;
    let verb =
        know.lexicon.nominalization(&lemma).filter(|n| matches!(n.kind, NominalizationKind::Event));
    let triggers = know.grammar.nouns.get(&lemma);
    if verb.is_none() && triggers.is_none() {
        return false;
    }
    let frame = noun_frame(reader, token);
    let clause = reader.clauses.of[token];
    let mut stated = Vec::new();
    if let Some(triggers) = triggers {
        let fires = |trigger: &Trigger| trigger.rest.is_empty().then(|| (Vec::new(), None));
        for found in best_matches(reader, triggers, fires, &frame) {
            let rule = know.grammar.rule(found.rule);
            let verb = verb.map_or(lemma.as_str(), |n| &*n.verb);
            let property = &know.ontology[rule.predicate];
            let label = match &found.object_role {
                _ if property.verbs.iter().any(|own| own == verb) => property.label.clone(),
                Role::Possessive | Role::Modifier | Role::Object => verb.to_owned(),
                role if role.is("of") => verb.to_owned(),
                role if role.is("between") => property.label.clone(),
                role => format!("{verb} {}", role.as_str()),
            };
            if let Some(mut statement) = rule_statement(reader, clause, token, &found, label) {
                event_mood(reader, token, &mut statement);
                stated.push((found.subject, found.object));
                out.push(statement);
            }
        }
    }
    let Some(verb) = verb else { return !stated.is_empty() };
    let names_agent = |role: &Role| *role == Role::Possessive || role.is("by");
    let agent = frame.roles.iter().find(|(role, _)| names_agent(role));
    let Some(&(_, agent)) = agent else { return !stated.is_empty() };
    let Some(subject) = reader.mention(agent) else { return !stated.is_empty() };
    for (role, object) in &frame.roles {
        if names_agent(role) || *role == Role::Modifier || stated.iter().any(|&(_, o)| o == *object)
        {
            continue;
        }
        let label = match role.is("of") {
            true => verb.verb.clone(),
            false => format!("{} {}", verb.verb, role.as_str()),
        };
        let predicate = Predicate::new(None, label);
        let argument = reader.argument(*object);
        let mut statement = Derivation { reader, clause, trigger: token, rule: "event noun" }
            .statement(subject, predicate, argument);
        event_mood(reader, token, &mut statement);
        stated.push((agent, *object));
        out.push(statement);
    }
    !stated.is_empty()
}

/// An event noun is presupposed ("his visit"), unless the verb above takes it back ("cancelled a
/// visit") or it is still to come.
fn event_mood(reader: &SentenceReader, token: usize, statement: &mut Statement) {
    let tree = &reader.tree;
    let definite = reader.phrase(token).definiteness(reader.know.lexicon) == Definiteness::Definite;
    if let Some(time) = reader.time_of_noun(token) {
        statement.time = Some(time);
    }
    let Some(clause) = reader.clauses.of[token] else { return };
    report(reader, clause, token, statement);
    let governor = reader.clauses[clause].head;
    let direct = tree.head(token) == Some(governor)
        && matches!(tree.deprel(token), Deprel::Obj | Deprel::NsubjPass | Deprel::Obl);
    let effect = direct
        .then(|| reader.know.lexicon.effect(tree.lemma(governor), PartOfSpeech::Verb))
        .flatten();
    // "*hopes* for a truce", "the *threat* of an attack"
    let noun = tree.head(token).filter(|_| tree.deprel(token) == Deprel::Nmod);
    let of_noun =
        |noun| reader.know.lexicon.effect(&tree.lemma(noun).to_lowercase(), PartOfSpeech::Noun);
    let effect = effect.or_else(|| noun.and_then(of_noun));
    let attributed = !statement.attribution.is_empty();
    if let Some(effect) = effect {
        statement.polarity = effect.polarity(statement.polarity);
        if let Some(factuality) = effect.factuality {
            statement.factuality = factuality;
        }
    } else if definite {
        statement.polarity = Polarity::Positive;
        statement.factuality = if attributed { Factuality::Claimed } else { Factuality::Asserted };
    }
    let hedge = tree
        .children(token)
        .filter(|&c| tree.deprel(c) == Deprel::Amod)
        .find_map(|c| reader.know.lexicon.effect(&tree.form(c).to_lowercase(), PartOfSpeech::Adj));
    if let Some(factuality) = hedge.and_then(|effect| effect.factuality) {
        statement.factuality = factuality;
    }
}

/// "X is a member of Y", "X, the capital of Y": nouns that are relations, by rule.
pub(super) fn relation_noun(
    reader: &SentenceReader,
    clause: Option<ClauseId>,
    subjects: &[usize],
    noun: usize,
    out: &mut Vec<Statement>,
) -> bool {
    let know = reader.know;
    let lemma = reader.tree.lemma(noun).to_lowercase();
    let Some(triggers) = know.grammar.nouns.get(&lemma) else { return false };
    let mut frame = noun_frame(reader, noun);
    for &subject in subjects {
        frame.push(Role::Subject, subject);
    }
    let fires = |trigger: &Trigger| trigger.rest.is_empty().then(|| (Vec::new(), None));
    let mut fired = false;
    for found in best_matches(reader, triggers, fires, &frame) {
        if found.subject_role != Role::Subject {
            continue;
        }
        let preposition = match &found.object_role {
            Role::Possessive | Role::Modifier => "of",
            role => role.as_str(),
        };
        let label = format!("be {lemma} {preposition}");
        if let Some(mut statement) = rule_statement(reader, clause, noun, &found, label) {
            statement.predicate.role = (preposition == "of").then(|| lemma.as_str().into());
            out.push(statement);
            fired = true;
        }
    }
    fired
}

/// "reported on his arrival", "announced the visit": who reports the happening is its source.
fn report(reader: &SentenceReader, clause: ClauseId, token: usize, statement: &mut Statement) {
    let tree = &reader.tree;
    let clause = &reader.clauses[clause];
    let is_reported = clause.objects.contains(&token)
        || clause
            .obliques
            .iter()
            .any(|o| o.token == token && matches!(&*o.case, "on" | "about" | "of"));
    let says = reader.know.lexicon.stance(tree.lemma(clause.head)) == Some(Stance::Said);
    if is_reported && says && !clause.passive {
        for &subject in clause.subjects.iter().rev() {
            if let Some(source) = reader.mention(subject)
                && !statement.attribution.contains(&source)
                && source != statement.subject
            {
                statement.attribution.insert(0, source);
            }
        }
    }
}
