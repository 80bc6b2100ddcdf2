//! "X is Y", "X is in Y", "X is critical of Y".

use crate::document::{Deprel, Label, MentionId, Upos};
use crate::statement::{Predicate, Statement};

use super::claim::participants;
use super::clause::{ClauseId, Link};
use super::construction::Construction;
use super::event_noun;
use super::frame::clause_frame;
use super::matching::best_matches;
use super::mood::is_own_assurance;
use super::nominal::{is_kin, is_role_noun, office};
use super::project::{Derivation, complete, rule_statement};
use super::reader::SentenceReader;
use super::role::Role;

/// "X is Y", "X is in Y", "X is critical of Y".
pub(super) fn statements(reader: &SentenceReader, index: ClauseId, out: &mut Vec<Statement>) {
    let tree = &reader.tree;
    let clause = &reader.clauses[index];
    if clause.verbless && clause.shared_subject {
        return;
    }
    let head = clause.head;
    // "if it isn't"; "I'm afraid it is over" is told by what is over.
    if tree.upos(head) == Upos::Part || is_own_assurance(tree, clause) {
        return;
    }
    let case = tree.case(head);
    let grammar = reader.know.grammar;
    let participants = participants(reader, index, None);
    for &subject in &clause.subjects {
        let Some(mention) = reader.mention(subject) else { continue };
        // "is *his first since 2019*" names a thing.
        let phrase = reader.phrase(head);
        let thing = phrase.article().is_some() || phrase.possessor().is_some();
        if tree.upos(head) == Upos::Adj && case.is_empty() && !thing {
            let phrase = tree.lemma(head).to_lowercase();
            let frame = clause_frame(reader, clause);
            let mut stated = Vec::new();
            if let Some(triggers) = grammar.adjectives.get(&phrase) {
                for found in best_matches(
                    reader,
                    triggers,
                    |t| t.rest.is_empty().then(|| (Vec::new(), None)),
                    &frame,
                ) {
                    if found.subject != subject {
                        continue;
                    }
                    let label = match &found.object_role {
                        Role::Object | Role::Complement => format!("be {phrase}"), // "be worth"
                        role => format!("be {phrase} {}", role.as_str()),
                    };
                    stated.push(found.object);
                    if let Some(mut statement) =
                        rule_statement(reader, Some(index), head, &found, label)
                    {
                        complete(
                            reader,
                            &mut statement,
                            &participants,
                            &[found.subject, found.object],
                        );
                        out.push(statement);
                    }
                }
            }
            let has_clause = reader.clauses.below(index).any(|below| below.link == Link::Control);
            if !stated.is_empty() {
                continue;
            }
            // "is familiar *with the harbor*": the first of what the adjective is about.
            let several = tree.has(head, Deprel::Conj);
            let about = clause.obliques.iter().filter(|_| !several).find(|oblique| {
                oblique.token > head
                    && !reader.is_circumstance(oblique.token)
                    && !oblique.case.is_empty()
            });
            let mut statement = match about {
                Some(oblique) => {
                    let label = format!("be {phrase} {}", oblique.case);
                    let object = reader.argument(oblique.token);
                    Derivation::of_clause(reader, index, "copula").statement(
                        mention,
                        Predicate::new(None, label),
                        object,
                    )
                }
                None if !has_clause => {
                    let object = reader.literal(head);
                    Derivation::of_clause(reader, index, "copula").statement(
                        mention,
                        Predicate::new(None, "be"),
                        object,
                    )
                }
                None => continue,
            };
            let named: Vec<usize> = about.iter().map(|oblique| oblique.token).collect();
            complete(reader, &mut statement, &participants, &named);
            out.push(statement);
            continue;
        }
        if reader.is_time(head) {
            continue;
        }
        for complement in tree.conjuncts(head) {
            let before = out.len();
            complement_statements(reader, index, mention, complement, out);
            for statement in &mut out[before..] {
                complete(reader, statement, &participants, &[complement]);
            }
            // "mayor until 1994 and *minister from 1995*"
            if let Some(own) = reader.time_of_noun(complement) {
                for statement in &mut out[before..] {
                    statement.time = Some(own);
                }
            }
        }
    }
}

/// The statement of one of several complements about a subject.
fn complement_statements(
    reader: &SentenceReader,
    index: ClauseId,
    subject: MentionId,
    complement: usize,
    out: &mut Vec<Statement>,
) {
    let constructions = &reader.know.grammar.constructions;
    let clause = &reader.clauses[index];
    let case = reader.tree.case(complement);
    if let Some((about, preposition)) =
        topic_of_state(reader, complement).filter(|_| !case.is_empty())
    {
        let noun = reader.tree.form(complement).to_lowercase();
        let label = format!("be {case} {noun} {preposition}");
        let object = reader.argument(about);
        out.push(
            Derivation { reader, clause: Some(index), trigger: clause.head, rule: "copula" }
                .statement(subject, Predicate::new(None, label), object),
        );
        return;
    }
    let (label, property) = if case.is_empty() {
        ("be".to_owned(), constructions.property(Construction::Copula))
    } else {
        let whereabouts = reader.know.lexicon.prepositions().whereabouts(&case);
        let place = whereabouts.filter(|_| reader.is_place(complement));
        let property = place.and_then(|place| constructions.property(Construction::of(place)));
        (format!("be {case}"), property)
    };
    let property = property.filter(|_| !clause.verbless);
    let person = reader.label(subject) == Some(Label::Person);
    let related = case.is_empty()
        && event_noun::relation_noun(reader, Some(index), &clause.subjects, complement, out);
    if case.is_empty() && person && is_role_noun(reader, complement) {
        if !(related && is_kin(reader, complement)) {
            office(reader, Some(index), subject, complement, out);
        }
        return;
    }
    if related {
        return;
    }
    let predicate = Predicate::new(property, label);
    let object = if case.is_empty() && !reader.is_named(complement) {
        reader.literal(complement)
    } else {
        reader.argument(complement)
    };
    out.push(
        Derivation { reader, clause: Some(index), trigger: clause.head, rule: "copula" }
            .statement(subject, predicate, object),
    );
}

/// "is in charge *of the mill*", "is on trial *for fraud*": what a bare noun behind a preposition is about, with its
/// preposition; such a noun says nothing alone.
fn topic_of_state(reader: &SentenceReader, noun: usize) -> Option<(usize, String)> {
    let tree = &reader.tree;
    let described = |child: usize| {
        matches!(
            tree.deprel(child),
            Deprel::Det
                | Deprel::NmodPoss
                | Deprel::Amod
                | Deprel::Nummod
                | Deprel::Compound
                | Deprel::Conj
        )
    };
    if tree.upos(noun) != Upos::Noun
        || tree.token(noun).feat("Number") == Some("Plur")
        || reader.is_named(noun)
        || reader.is_place(noun)
        || tree.children(noun).any(described)
    {
        return None;
    }
    let whereabouts = |case: &str| reader.know.lexicon.prepositions().whereabouts(case).is_some();
    tree.children(noun)
        .filter(|&child| child > noun && tree.deprel(child) == Deprel::Nmod)
        .find_map(|child| {
            let case = tree.case(child);
            let place = whereabouts(&case) && reader.is_place(child);
            (!case.is_empty() && !place).then_some((child, case))
        })
}
