//! Clauses with a verb to statements: rules first, open predicates for the rest.

mod own_words;
mod speech;

use crate::document::Deprel;
use crate::statement::Statement;
use crate::syntax::Tree;

use super::claim::participants;
use super::clause::{Clause, ClauseId, Link};
use super::filler::qualifier;
use super::frame::{agents, clause_frame};
use super::matching::{RuleMatch, fill, rule_matches};
use super::predicate::{ClausePredicate, passive_label, verb_label};
use super::project::{complete, deny, rule_statement};
use super::reader::SentenceReader;
use super::role::Role;

use own_words::{intransitive, is_modal_governor, open_statements, topic};
use speech::speech;

/// All statements of one clause: what rules find, what it says in its own words of subject and object, or
/// of the subject and the first other participant, or of the subject alone.
pub(crate) fn statements(reader: &SentenceReader, index: ClauseId, out: &mut Vec<Statement>) {
    let clause = &reader.clauses[index];
    if is_means_of_nobody(reader, clause) {
        return;
    }
    let predicate = ClausePredicate::new(reader, index);
    let participants = participants(reader, index, predicate.light);
    let before = out.len();
    let matches = rule_matches(reader, clause, predicate.is_judged());
    for found in &matches {
        if let Some(mut statement) = ruled(reader, index, found) {
            let mut named = vec![found.subject, found.object];
            // "broke *the league's scoring* record": the noun of the phrase is told where it has words of its own.
            let bare = |noun: &&usize| !has_words_of_its_own(&reader.tree, **noun, found.object);
            named.extend(found.extra.iter().filter(bare));
            named.extend(&predicate.judged.as_ref().map(|(token, _)| *token));
            // What is true of each of several objects is told of each.
            if clause.objects.contains(&found.object) || clause.objects.contains(&found.subject) {
                named.extend(&clause.objects);
            }
            complete(reader, &mut statement, &participants, &named);
            out.push(statement);
        }
    }
    let spoken = speech(reader, index, &predicate.label, &participants, out);
    if !spoken {
        for subject in agents(&reader.tree, clause) {
            open_statements(reader, index, subject, &predicate, &participants, &matches, out);
        }
    }
    topic(reader, index, &predicate.label, out);
    if out.len() == before && !is_modal_governor(reader, index) {
        intransitive(reader, index, &predicate, &participants, out);
    }
}

/// True for a noun with more than an article before it or a phrase behind it, that with `object` left aside.
fn has_words_of_its_own(tree: &Tree, noun: usize, object: usize) -> bool {
    tree.children(noun).any(|child| {
        matches!(
            tree.deprel(child),
            Deprel::Amod | Deprel::Compound | Deprel::NmodPoss | Deprel::Nmod | Deprel::Nummod
        ) && !tree.is_below(object, child)
    })
}

/// "can be seen *by climbing* the tower": whoever climbs it is not written.
fn is_means_of_nobody(reader: &SentenceReader, clause: &Clause) -> bool {
    let tree = &reader.tree;
    let above = clause.parent.map(|parent| &reader.clauses[parent]);
    clause.link == Link::Adverbial
        && clause.shared_subject
        && above.is_some_and(|above| above.passive && above.subjects.is_empty())
        && tree.introductions(clause.head).any(|word| tree.lemma(word) == "by")
}

/// The statement of a rule that fired.
fn ruled(reader: &SentenceReader, index: ClauseId, found: &RuleMatch) -> Option<Statement> {
    let clause = &reader.clauses[index];
    let rule = reader.know.grammar.rule(found.rule);
    let property = &reader.know.ontology[rule.predicate];
    let event = found.extra.iter().find_map(|&noun| {
        let noun = reader.tree.lemma(noun).to_lowercase();
        reader.know.lexicon.nominalization(&noun)
    });
    let label = if event.is_some_and(|event| property.verbs.contains(&event.verb)) {
        // "paid a visit to" means "visit".
        property.label.clone()
    } else if found.subject_role == Role::Object && clause.passive && found.extra.is_empty() {
        match &found.object_role {
            Role::Complement => passive_label(reader, clause), // "was elected *mayor*"
            role => format!("{} {}", passive_label(reader, clause), role.as_str()),
        }
    } else if found.subject_role == Role::Subject {
        let mut label = verb_label(reader, index);
        for &extra in &found.extra {
            let case = reader.tree.case(extra);
            if !case.is_empty() {
                label = format!("{label} {case}");
            }
            label = format!("{label} {}", reader.tree.form(extra).to_lowercase());
        }
        match &found.object_role {
            Role::Subject => format!("{label} with"),
            Role::Indirect if !reader.tree.case(found.object).is_empty() => {
                format!("{label} {}", reader.tree.case(found.object)) // "sent a probe *to Mars*"
            }
            Role::Object | Role::Complement | Role::Indirect => label,
            // "warned the council": nobody is given anything.
            role if role.is("to")
                && clause.indirect.contains(&found.object)
                && clause.objects.is_empty() =>
            {
                label
            }
            role => format!("{label} {}", role.as_str()),
        }
    } else {
        reader.know.ontology[rule.predicate].label.clone()
    };
    let mut statement = rule_statement(reader, Some(index), clause.head, found, label)?;
    // "fell from 60% in 2006 to 36% *in 2017*"
    if let Some(own) = reader.time_behind(found.object) {
        statement.time = Some(own);
    }
    deny(&reader.tree, found.object, &mut statement);
    let frame = clause_frame(reader, clause);
    for (role, slot) in &rule.qualifiers {
        for (token, _) in fill(reader, &frame, slot, &[found.subject, found.object]) {
            statement.qualifiers.push(qualifier(role.as_str(), reader.argument(token)));
        }
    }
    Some(statement)
}
