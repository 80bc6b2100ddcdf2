//! What a clause predicates of its subject: objects, prepositional complements, predicates, adverbs.

use crate::document::{Deprel, MentionKind, Upos};
use crate::extract::clause::{Clause, is_relative_pronoun};
use crate::extract::reader::SentenceReader;

use super::phrase::{case_tokens, is_wh, join, phrase, predicate_phrase};
use super::relation::in_verb_group;

/// A complement of a clause; coordinated ones together.
pub(super) struct Complement {
    /// Tokens of the preposition; none for bare ones.
    pub(super) case: Vec<usize>,
    /// Words of one conjunct each, without the preposition.
    pub(super) phrases: Vec<String>,
    /// Where the first stands.
    pub(super) first: usize,
}

/// What a copula predicates of its subject.
pub(super) enum CopularPredicate {
    /// "is *familiar* with": goes to the relation.
    Adjective(String),
    /// "is *the mayor*", "is *in Lisbon*".
    Complement(Complement),
    /// "the town where she *is*".
    None,
}

pub(super) fn predicate(reader: &SentenceReader, clause: &Clause) -> CopularPredicate {
    let tree = &reader.tree;
    let head = clause.head;
    if is_relative_pronoun(tree, head) || tree.upos(head) == Upos::Verb {
        return CopularPredicate::None;
    }
    let case: Vec<usize> = case_tokens(tree, head);
    if !case.is_empty() {
        let relative = case.first().is_some_and(|&c| {
            tree.children(head).any(|w| w < head && is_relative_pronoun(tree, w) && w > c)
        });
        if !relative {
            let phrases = distinct(reader, &tree.conjuncts(head))
                .into_iter()
                .map(|token| phrase(reader, token, None))
                .collect();
            return CopularPredicate::Complement(Complement { case, phrases, first: head });
        }
    }
    let follows = clause.obliques.first().is_some_and(|o| o.token > head && !o.case.is_empty());
    if tree.upos(head) == Upos::Adj && follows {
        let mut words: Vec<usize> = tree
            .children(head)
            .filter(|&c| {
                tree.deprel(c) == Deprel::Advmod
                    && c < head
                    && clause.copula.is_none_or(|cop| c > cop)
                    && !is_wh(tree, c)
                    && !tree.is_negation(c)
                    && !in_verb_group(tree, clause, c)
            })
            .collect();
        words.push(head);
        return CopularPredicate::Adjective(join(tree, &words));
    }
    CopularPredicate::Complement(Complement {
        case: Vec::new(),
        phrases: vec![predicate_phrase(reader, clause)],
        first: head,
    })
}

/// Objects and prepositional complements; the nearest first.
pub(super) fn arguments(reader: &SentenceReader, clause: &Clause, exists: bool) -> Vec<Complement> {
    let tree = &reader.tree;
    let phrases_of = |tokens: &[usize]| -> Vec<String> {
        distinct(reader, tokens).into_iter().map(|t| phrase(reader, t, Some(clause.head))).collect()
    };
    let bare = |tokens: &[usize]| Complement {
        case: Vec::new(),
        phrases: phrases_of(tokens),
        first: tokens[0],
    };
    let direct: &[usize] = if exists {
        &clause.surface
    } else if clause.passive {
        &[]
    } else {
        &clause.objects
    };
    let mut all: Vec<Complement> = Vec::new();
    let mut groups: Vec<(Vec<usize>, String, Vec<usize>)> = Vec::new();
    for oblique in &clause.obliques {
        if is_relative_pronoun(tree, oblique.token) {
            continue;
        }
        let first = groups.iter_mut().find(|(_, case, tokens)| {
            *case == oblique.case && tree.head(oblique.token) == tokens.first().copied()
        });
        match first {
            Some((_, _, tokens)) => tokens.push(oblique.token),
            None => {
                let case = case_tokens(tree, oblique.token);
                groups.push((case, oblique.case.clone(), vec![oblique.token]));
            }
        }
    }
    if clause.passive && !clause.subjects.is_empty() {
        let mut by = case_tokens(tree, clause.subjects[0]);
        if by.is_empty() {
            by = clause.subjects[0].checked_sub(1).into_iter().collect();
        }
        groups.push((by, "by".into(), clause.subjects.clone()));
    }
    for (case, name, tokens) in groups {
        // "where she lives": the preposition is not written.
        let case = if name.is_empty() { Vec::new() } else { case };
        all.push(Complement { case, phrases: phrases_of(&tokens), first: tokens[0] });
    }
    if !clause.indirect.is_empty() {
        all.push(bare(&clause.indirect));
    }
    all.sort_by_key(|complement| (complement.first < clause.head, complement.first));
    let mut front = Vec::new();
    if !direct.is_empty() {
        front.push(bare(direct));
    }
    if let Some(complement) = clause.complement {
        let one = bare(&[complement]);
        if front.first().is_some_and(|object| object.first > complement) {
            front.insert(0, one);
        } else {
            front.push(one);
        }
    }
    front.extend(all);
    front
}

/// Adverbs behind the verb.
pub(super) fn adverbs(reader: &SentenceReader, clause: &Clause) -> Vec<Complement> {
    let tree = &reader.tree;
    if clause.copula.is_some() {
        return Vec::new();
    }
    tree.children(clause.head)
        .filter(|&child| {
            tree.deprel(child) == Deprel::Advmod
                && tree.upos(child) == Upos::Adv
                && child > clause.head
                && !tree.is_negation(child)
                && !is_wh(tree, child)
        })
        .map(|child| Complement {
            case: Vec::new(),
            phrases: vec![phrase(reader, child, None)],
            first: child,
        })
        .collect()
}

/// Coordinated tokens, those inside one name counted once.
pub(super) fn distinct(reader: &SentenceReader, tokens: &[usize]) -> Vec<usize> {
    let name = |token: usize| {
        reader.mention(token).filter(|&m| {
            reader.get(m).kind == MentionKind::Name && reader.get(m).tokens.contains(&token)
        })
    };
    let inside = |token: usize, other: usize| {
        [token, other].iter().any(|&t| {
            name(t).is_some_and(|m| {
                let tokens = &reader.get(m).tokens;
                tokens.contains(&token) && tokens.contains(&other)
            })
        })
    };
    let mut kept: Vec<usize> = Vec::new();
    for &token in tokens {
        if !kept.iter().any(|&other| inside(token, other)) {
            kept.push(token);
        }
    }
    kept
}
