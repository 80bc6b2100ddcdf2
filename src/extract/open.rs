//! Open extractions: what each clause says, n-ary, in the words of the sentence.
//!
//! The relation holds the verb group with auxiliaries, negation and the verbs that govern it, and
//! the preposition of the first complement when there is no direct object; further complements keep
//! theirs. Coordinated nouns are told one by one, relative clauses are told on their own.

use crate::document::{Analysis, Deprel, SentenceId};

use super::clause::{Clause, Link};
use super::quote::Speaker;
use super::reader::{Knowledge, Marks, Reader};
use super::tree::MAX_CONJUNCTS;

/// One clause in the words of its sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Extraction {
    /// The sentence.
    pub sentence: SentenceId,
    /// Who or what.
    pub subject: String,
    /// Verb group.
    pub relation: String,
    /// Complements, each but the first with its preposition.
    pub objects: Vec<String>,
    /// Between 0 and 1.
    pub confidence: f32,
    /// `positive` or `negative`.
    pub polarity: &'static str,
    /// As in statements.
    pub factuality: &'static str,
    /// The nearest source.
    pub attributed_to: Option<String>,
}

/// The extractions of a document, in text order.
pub fn extractions(analysis: &Analysis, know: Knowledge) -> Vec<Extraction> {
    let marks = Marks::new(analysis, know);
    let mut speaker = Speaker::default();
    let mut all = Vec::new();
    for index in 0..analysis.sentences.len() {
        let outside = speaker.sources(analysis, index);
        let reader = Reader::new(know, &marks, SentenceId::from(index), &outside);
        let first = all.len();
        for clause in 0..reader.clauses.all.len() {
            extract(&reader, clause, &mut all);
        }
        appositions(&reader, &mut all);
        all.truncate(first + 4 * MAX_CONJUNCTS);
    }
    all
}

fn extract(reader: &Reader, index: usize, all: &mut Vec<Extraction>) {
    let clause = &reader.clauses.all[index];
    let tree = &reader.tree;
    if clause.verbless || clause.surface.is_empty() {
        return;
    }
    let mut relation = relation(reader, index);
    let mut objects: Vec<Vec<String>> = Vec::new();
    if clause.copula.is_some() {
        objects.push(
            tree.conjuncts(clause.head).into_iter().map(|t| predicate_phrase(reader, t)).collect(),
        );
    } else {
        let mut complements: Vec<(usize, String, Vec<usize>)> = Vec::new();
        let direct: &[usize] = if clause.passive { &[] } else { &clause.objects };
        if let Some(&first) = direct.first() {
            complements.push((first, String::new(), direct.to_vec()));
        }
        if let Some(&first) = clause.indirect.first() {
            complements.push((first, String::new(), clause.indirect.clone()));
        }
        if clause.passive
            && let Some(&first) = clause.subjects.first()
        {
            complements.push((first, "by".into(), clause.subjects.clone()));
        }
        for oblique in &clause.obliques {
            match complements.iter_mut().find(|(first, case, _)| {
                *case == oblique.case && tree.head(oblique.token) == Some(*first)
            }) {
                Some((_, _, tokens)) => tokens.push(oblique.token),
                None => {
                    complements.push((oblique.token, oblique.case.clone(), vec![oblique.token]))
                }
            }
        }
        if direct.is_empty() || direct[0] > clause.head {
            complements.sort_by_key(|(first, case, _)| {
                (*first < clause.head, !case.is_empty() && !direct.is_empty(), *first)
            });
        }
        if let Some(complement) = clause.complement {
            complements.insert(0, (complement, String::new(), vec![complement]));
        }
        if let Some(content) = content_phrase(reader, clause) {
            objects.push(vec![content]);
        }
        for (position, (_, case, tokens)) in complements.into_iter().enumerate() {
            let first = position == 0 && objects.is_empty();
            if first && !case.is_empty() {
                relation = format!("{relation} {case}");
            }
            let phrases = tokens.into_iter().map(|token| {
                let phrase = phrase(reader, token);
                if first || case.is_empty() { phrase } else { format!("{case} {phrase}") }
            });
            objects.push(phrases.collect());
        }
    }
    if objects.is_empty() {
        return;
    }
    let mood = &reader.moods[index];
    let attributed_to = mood.sources.first().map(|&source| reader.mention_text(source).to_owned());
    for &subject in &clause.surface {
        // The first complement is told one by one, the others stay together.
        for one in &objects[0] {
            let mut told = vec![one.clone()];
            told.extend(objects[1..].iter().map(|phrases| phrases.join(" and ")));
            all.push(Extraction {
                sentence: reader.sentence,
                subject: phrase(reader, subject),
                relation: relation.clone(),
                objects: told,
                confidence: confidence(clause),
                polarity: mood.polarity.as_str(),
                factuality: mood.outward().as_str(),
                attributed_to: attributed_to.clone(),
            });
        }
    }
}

fn confidence(clause: &Clause) -> f32 {
    match (clause.link, clause.shared_subject) {
        (Link::Root | Link::Content, false) => 0.9,
        (_, false) => 0.8,
        (Link::Conj | Link::Control | Link::Relative, true) => 0.75,
        (_, true) => 0.6,
    }
}

/// "has not agreed to buy"
fn relation(reader: &Reader, index: usize) -> String {
    let tree = &reader.tree;
    let clause = &reader.clauses.all[index];
    let mut words: Vec<usize> = tree
        .children(clause.head)
        .filter(|&child| {
            matches!(
                tree.deprel(child),
                Deprel::Aux | Deprel::AuxPass | Deprel::Cop | Deprel::CompoundPrt
            ) || tree.deprel(child) == Deprel::Advmod
                && (tree.is_negation(child) || tree.lemma(child) == "never")
        })
        .collect();
    if clause.copula.is_none() {
        words.push(clause.head);
    }
    words.sort_unstable();
    let own = words
        .iter()
        .map(|&token| tree.form(token))
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" n't", "n't");
    if clause.link == Link::Control
        && let Some(parent) = clause.parent
    {
        let governor = &reader.clauses.all[parent];
        if governor.surface == clause.surface {
            let to = tree.has_to(clause.head);
            let mut above = relation(reader, parent);
            if governor.copula.is_some() {
                above = format!("{above} {}", tree.form(governor.head));
            }
            return if to { format!("{above} to {own}") } else { format!("{above} {own}") };
        }
    }
    own
}

/// A noun phrase with its prepositional attributes, without relative clauses and coordination.
fn phrase(reader: &Reader, token: usize) -> String {
    let tree = &reader.tree;
    let (first, last) = tree.extent(token, |child| {
        // Prepositions inside the phrase stay, that before it goes.
        let own_case =
            tree.deprel(child) == Deprel::Case && child < token && tree.head(child) == Some(token);
        matches!(
            tree.deprel(child),
            Deprel::AclRelcl
                | Deprel::Conj
                | Deprel::Cc
                | Deprel::CcPreconj
                | Deprel::Appos
                | Deprel::Parataxis
                | Deprel::Punct
                | Deprel::Cop
                | Deprel::Advcl
                | Deprel::Nsubj
                | Deprel::Mark
        ) || own_case
    });
    tree.words(first, last)
}

/// The complement of a copula with its preposition and attributes.
fn predicate_phrase(reader: &Reader, token: usize) -> String {
    let tree = &reader.tree;
    let (first, last) = tree.extent(token, |child| {
        matches!(
            tree.deprel(child),
            Deprel::AclRelcl
                | Deprel::Conj
                | Deprel::Cc
                | Deprel::Parataxis
                | Deprel::Punct
                | Deprel::Cop
                | Deprel::Aux
                | Deprel::Nsubj
                | Deprel::Mark
                | Deprel::Advcl
                | Deprel::CsubjOuter
                | Deprel::Csubj
        ) || tree.deprel(child) == Deprel::Advmod && tree.is_negation(child)
    });
    tree.words(first, last)
}

/// The content of a verb of saying or thinking.
fn content_phrase(reader: &Reader, clause: &Clause) -> Option<String> {
    let tree = &reader.tree;
    let content = tree.child(clause.head, Deprel::Ccomp)?;
    let (first, last) = tree.extent(content, |child| tree.deprel(child) == Deprel::Punct);
    Some(tree.words(first, last))
}

/// "X, the mayor of Y": X is the mayor of Y.
fn appositions(reader: &Reader, all: &mut Vec<Extraction>) {
    let tree = &reader.tree;
    for token in 0..tree.len() {
        let Some(anchor) = tree.head(token) else { continue };
        if tree.deprel(token) != Deprel::Appos || token == 0 || tree.form(token - 1) == "(" {
            continue;
        }
        all.push(Extraction {
            sentence: reader.sentence,
            subject: phrase(reader, anchor),
            relation: "is".into(),
            objects: vec![phrase(reader, token)],
            confidence: 0.5,
            polarity: "positive",
            factuality: "asserted",
            attributed_to: None,
        });
    }
}
