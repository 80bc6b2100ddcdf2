//! Frames: the roles of a verb or noun with their fillers, as rules see them.

use crate::document::{Deprel, Upos};
use crate::syntax::phrase::NounPhrase;
use crate::syntax::{MAX_CONJUNCTS, Tree};

use super::clause::Clause;
use super::filler::is_function_word;
use super::reader::SentenceReader;
use super::role::Role;

/// Roles of a predicate with their fillers, as rules see them.
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub(crate) roles: Vec<(Role, usize)>,
}

impl Frame {
    pub(crate) fn push(&mut self, role: Role, token: usize) {
        if self.roles.len() < 4 * MAX_CONJUNCTS {
            self.roles.push((role, token));
        }
    }

    pub(super) fn fillers<'f>(&'f self, role: &'f Role) -> impl Iterator<Item = usize> + 'f {
        self.roles.iter().filter(move |(name, _)| name == role).map(|&(_, token)| token)
    }
}

pub(super) fn clause_frame(reader: &SentenceReader, clause: &Clause) -> Frame {
    let mut frame = Frame::default();
    for token in doers(&reader.tree, clause) {
        frame.push(Role::Subject, token);
    }
    let fills =
        |&&token: &&usize| !reader.is_circumstance(token) && !is_function_word(reader, token);
    for &token in clause.objects.iter().filter(fills) {
        frame.push(Role::Object, token);
    }
    for &token in &clause.indirect {
        frame.push(Role::Indirect, token);
        frame.push(Role::of("to"), token);
    }
    for oblique in &clause.obliques {
        if reader.is_circumstance(oblique.token) {
            continue;
        }
        if oblique.case.is_empty() {
            if clause.passive {
                frame.push(Role::Object, oblique.token);
            }
            continue;
        }
        frame.push(Role::of(&oblique.case), oblique.token);
        if oblique.case == "to" {
            frame.push(Role::Indirect, oblique.token);
        }
    }
    if let Some(complement) = clause.complement {
        frame.push(Role::Complement, complement);
    }
    lend_attributes(reader, clause, &mut frame);
    frame
}

/// Who the statements of a clause are about: agents, or the patient of an agentless passive.
pub(super) fn agents(tree: &Tree, clause: &Clause) -> Vec<usize> {
    if clause.subjects.is_empty() && clause.passive {
        clause.objects.clone()
    } else {
        doers(tree, clause)
    }
}

/// The subjects; of "*its goal* is to leave" whose goal it is, for a goal does not leave.
fn doers(tree: &Tree, clause: &Clause) -> Vec<usize> {
    let planned = tree.has_to(clause.head);
    let doer = |&subject: &usize| match planned && tree.deprel(subject) == Deprel::NsubjOuter {
        true => NounPhrase::new(tree, subject).possessor(),
        false => Some(subject),
    };
    clause.subjects.iter().filter_map(doer).collect()
}

/// "bought two boats *from the yard*": whether the phrase belongs to the verb or to the object is hard
/// to see, and for a rule that asks for it the same.
fn lend_attributes(reader: &SentenceReader, clause: &Clause, frame: &mut Frame) {
    let tree = &reader.tree;
    let named = |token: usize| reader.is_named(token);
    for &object in clause.objects.iter().filter(|&&object| !named(object)) {
        for child in tree.children(object).filter(|&c| tree.deprel(c) == Deprel::Nmod) {
            let case = tree.case(child);
            let lent = child > object && matches!(&*case, "from" | "to" | "against" | "with");
            let role = Role::of(&case);
            if lent && !reader.is_circumstance(child) && frame.fillers(&role).next().is_none() {
                for token in tree.conjuncts(child) {
                    frame.push(role.clone(), token);
                }
            }
        }
    }
}

/// Adds the prepositional attributes of a trigger's own nouns, adjectives and infinitives: "hold
/// *talks* with X", "plead *guilty* to X", "decline to *comment* on X".
pub(super) fn with_noun_roles(reader: &SentenceReader, frame: &Frame, extra: &[usize]) -> Frame {
    let tree = &reader.tree;
    let mut own = Frame { roles: frame.roles.clone() };
    for &noun in extra {
        for child in tree.children(noun) {
            let attribute = tree.deprel(child) == Deprel::Nmod
                || tree.deprel(child) == Deprel::Obl
                    && matches!(tree.upos(noun), Upos::Adj | Upos::Verb);
            if attribute && !reader.is_circumstance(child) {
                let case = tree.case(child);
                let fillers = tree.conjuncts(child).into_iter();
                for token in fillers.filter(|&token| !is_function_word(reader, token)) {
                    own.push(Role::of(&case), token);
                }
            }
        }
    }
    own
}

/// Roles of an event noun.
pub(super) fn noun_frame(reader: &SentenceReader, token: usize) -> Frame {
    let tree = &reader.tree;
    let mut frame = Frame::default();
    let phrase = reader.phrase(token);
    for owner in phrase.owners().into_iter().filter(|&owner| !reader.is_time(owner)) {
        frame.push(Role::Possessive, owner);
    }
    for child in tree.children(token) {
        match tree.deprel(child) {
            Deprel::Nmod if !reader.is_circumstance(child) => {
                let case = tree.case(child);
                if !case.is_empty() {
                    for filler in tree.conjuncts(child) {
                        frame.push(Role::of(&case), filler);
                    }
                }
            }
            Deprel::Amod | Deprel::Compound | Deprel::NmodDesc if reader.is_named(child) => {
                frame.push(Role::Modifier, child);
            }
            _ => {}
        }
    }
    frame
}
