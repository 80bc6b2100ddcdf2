//! Which relation rules fire for a frame.

use crate::document::Deprel;
use crate::syntax::MAX_CONJUNCTS;

use super::clause::Clause;
use super::frame::{Frame, clause_frame, with_noun_roles};
use super::reader::SentenceReader;
use super::role::Role;
use super::rules::{Candidate, RuleId, Slot, Trigger};

/// A rule that fired, with the fillers of its subject and object.
pub(super) struct RuleMatch {
    pub(crate) rule: RuleId,
    pub(crate) subject: usize,
    pub(crate) object: usize,
    pub(crate) object_role: Role,
    pub(crate) subject_role: Role,
    /// Words of the trigger after the first but for particles, as tokens of the sentence.
    pub(crate) extra: Vec<usize>,
}

/// The rules that fire for a clause, the best one for each pair of fillers, in order of the pairs.
pub(super) fn rule_matches(
    reader: &SentenceReader,
    clause: &Clause,
    judged: bool,
) -> Vec<RuleMatch> {
    let lemma = reader.tree.lemma(clause.head).to_lowercase();
    let Some(triggers) = reader.know.grammar.verbs.get(&lemma) else { return Vec::new() };
    let frame = clause_frame(reader, clause);
    let mut matches = best_matches(
        reader,
        triggers,
        |trigger| {
            let extra = phrase_tokens(reader, clause, &trigger.rest)?;
            if trigger.rest.is_empty() && clause.particle.is_some_and(|p| !is_direction(reader, p))
            {
                return None; // "set up" is not "set"
            }
            if extra.is_empty() {
                return Some((extra, None));
            }
            Some((extra.clone(), Some(with_noun_roles(reader, &frame, &extra))))
        },
        &frame,
    );
    // "ran the bank for years" is not "ran for", "led officers to the yard" not "led to".
    if !clause.passive && !clause.objects.is_empty() {
        matches.retain(|found| {
            !reader.know.grammar.rule(found.rule).intransitive
                || found.object_role == Role::Object
                || found.extra.iter().any(|token| clause.objects.contains(token))
        });
    }
    if judged {
        matches.retain(|found| found.object_role == Role::Complement || !found.extra.is_empty());
    }
    matches
}

fn is_direction(reader: &SentenceReader, particle: usize) -> bool {
    matches!(reader.tree.lemma(particle), "back" | "away" | "together")
}

/// Tries each trigger and keeps the most specific rule for each pair of fillers.
pub(super) fn best_matches(
    reader: &SentenceReader,
    triggers: &[Trigger],
    fires: impl Fn(&Trigger) -> Option<(Vec<usize>, Option<Frame>)>,
    frame: &Frame,
) -> Vec<RuleMatch> {
    let mut best: Vec<(usize, RuleMatch)> = Vec::new();
    for trigger in triggers {
        let Some((extra, own_frame)) = fires(trigger) else { continue };
        let frame = own_frame.as_ref().unwrap_or(frame);
        let rule = reader.know.grammar.rule(trigger.rule);
        let constraints = usize::from(!rule.subject.classes.is_empty())
            + usize::from(!rule.object.classes.is_empty())
            + 2 * trigger.rest.len();
        let mut subjects = fill(reader, frame, &rule.subject, &extra);
        let mut objects = fill(reader, frame, &rule.object, &extra);
        if trigger.ambiguous {
            subjects.retain(|(token, _)| reader.is_surely(*token, &rule.subject.classes));
            objects.retain(|(token, _)| reader.is_surely(*token, &rule.object.classes));
        }
        let symmetric = reader.know.ontology[rule.predicate].symmetric;
        // "the ministers met", not "the mills stand".
        let mutual =
            symmetric && rule.object.roles.iter().any(|r| r.is("with") || *r == Role::Object);
        if mutual && objects.is_empty() && subjects.len() > 1 {
            objects = subjects.clone();
        }
        reader.candidates.borrow_mut().push(Candidate {
            rule: trigger.rule,
            subject: !subjects.is_empty(),
            object: !objects.is_empty(),
        });
        for (s, (subject, subject_role)) in subjects.iter().enumerate() {
            for (o, (object, object_role)) in objects.iter().enumerate() {
                let mirrored = symmetric && subject_role == object_role;
                if subject == object || mirrored && o <= s {
                    continue;
                }
                let entry =
                    best.iter_mut().find(|(_, m)| m.subject == *subject && m.object == *object);
                let found = RuleMatch {
                    rule: trigger.rule,
                    subject: *subject,
                    object: *object,
                    object_role: object_role.clone(),
                    subject_role: subject_role.clone(),
                    extra: extra.clone(),
                };
                match entry {
                    Some((score, old)) if *score < constraints => {
                        *score = constraints;
                        *old = found;
                    }
                    Some(_) => {}
                    None => best.push((constraints, found)),
                }
            }
        }
    }
    let mut matches: Vec<RuleMatch> = best.into_iter().map(|(_, found)| found).collect();
    // "took a tour of the plant": whoever toured took nothing.
    let worded: Vec<usize> = matches.iter().flat_map(|found| found.extra.clone()).collect();
    matches.retain(|found| !worded.contains(&found.object));
    matches.sort_by_key(|found| (found.subject, found.object));
    matches.truncate(MAX_CONJUNCTS * 2);
    matches
}

/// The fillers of a slot: those of the first role that has a fitting one.
pub(super) fn fill(
    reader: &SentenceReader,
    frame: &Frame,
    slot: &Slot,
    extra: &[usize],
) -> Vec<(usize, Role)> {
    for role in &slot.roles {
        let fillers: Vec<(usize, Role)> = frame
            .fillers(role)
            .filter(|token| {
                let fits = reader.fits(*token, &slot.classes)
                    || *role == Role::Subject && reader.acts_for(*token, &slot.classes);
                let amount = !slot.amount || reader.is_amount(*token);
                !extra.contains(token) && fits && amount
            })
            .map(|token| (token, role.clone()))
            .collect();
        if !fillers.is_empty() {
            return fillers;
        }
    }
    Vec::new()
}

/// Finds the words of a trigger phrase after the verb: particle, object noun, or preposition with
/// its noun. `None` if one is missing.
fn phrase_tokens(reader: &SentenceReader, clause: &Clause, rest: &[String]) -> Option<Vec<usize>> {
    let tree = &reader.tree;
    let mut found = Vec::new();
    let mut words = rest.iter().peekable();
    while let Some(word) = words.next() {
        let particle = clause.particle.filter(|&p| tree.form(p).eq_ignore_ascii_case(word));
        let object = clause.objects.iter().find(|&&o| tree.lemma(o).eq_ignore_ascii_case(word));
        let adverb = tree.children(clause.head).find(|&c| {
            matches!(tree.deprel(c), Deprel::Advmod | Deprel::Xcomp | Deprel::Obl | Deprel::Dep)
                && (tree.form(c).eq_ignore_ascii_case(word)
                    || tree.lemma(c).eq_ignore_ascii_case(word))
        });
        if particle.is_some() {
        } else if let Some(&object) = object {
            found.push(object);
        } else if let Some(noun) = words.peek()
            && let Some(oblique) = clause
                .obliques
                .iter()
                .find(|o| o.case == **word && tree.lemma(o.token).eq_ignore_ascii_case(noun))
        {
            found.push(oblique.token);
            words.next();
        } else {
            found.push(adverb?); // "take *hostage*", "go *off*"
        }
    }
    Some(found)
}
