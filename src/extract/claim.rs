//! Claims: what a clause says, whole, with all its participants.
//!
//! Comes in: a clause. Goes out: its participants in text order, each with its role and its words. A
//! statement is a projection of the claim: it names two of the participants and carries the others as
//! qualifiers, so that it says no less than the clause ("the council ordered the crew | to = leave the
//! harbor", "sank | because = its hull was old").

use compact_str::CompactString;

use crate::document::{Deprel, Upos};
use crate::statement::Argument;
use crate::syntax::{MAX_CONJUNCTS, Tree};

use super::clause::{Clause, ClauseId, Link};
use super::filler::{clipped, is_function_word};
use super::mood::is_inserted_speech;
use super::open::{in_verb_group, relation};
use super::reader::SentenceReader;

/// Clauses longer than this, in tokens, are no part of another one's statement.
const LONGEST: usize = 30;

/// Who or what takes part in what a clause tells.
#[derive(Debug)]
pub(super) struct Participant {
    pub(super) role: ParticipantRole,
    /// Head of the phrase or clause.
    pub(super) token: usize,
    pub(super) argument: Argument,
}

/// How somebody or something takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ParticipantRole {
    /// "ordered *a boat*"
    Patient,
    /// "gave *her* a boat"
    Recipient,
    /// "helped them *return*"
    Complement,
    /// "fell *sharply*"
    Manner,
    /// "left *to see her*"
    Purpose,
    /// "said *that it fell*"
    Content,
    /// By its preposition or conjunction: "in", "because".
    Word(CompactString),
}

impl ParticipantRole {
    fn of(word: &str) -> Self {
        match word {
            "that" => Self::Content,
            word => Self::Word(word.into()),
        }
    }

    /// As qualifiers write it.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Patient => "patient",
            Self::Recipient => "recipient",
            Self::Complement => "complement",
            Self::Manner => "manner",
            Self::Purpose => "purpose",
            Self::Content => "that",
            Self::Word(word) => word,
        }
    }

    /// True for what only says how something is done, or what it is like.
    pub(super) fn is_manner(&self) -> bool {
        match self {
            Self::Word(word) => matches!(&**word, "than" | "like" | "unlike"),
            role => *role == Self::Manner,
        }
    }
}

/// The participants of a clause but for its subjects, in text order; `light` is the noun that makes the
/// predicate together with the verb ("hold *talks*").
pub(super) fn participants(
    reader: &SentenceReader,
    index: ClauseId,
    light: Option<usize>,
) -> Vec<Participant> {
    let clause = &reader.clauses[index];
    let mut all = Vec::new();
    let mut push = |role: ParticipantRole, token: usize| {
        let fills = !is_function_word(reader, token) && !reader.is_circumstance(token);
        if fills && all.len() < MAX_CONJUNCTS {
            all.push(Participant { role, token, argument: reader.argument(token) });
        }
    };
    if !(clause.passive && clause.subjects.is_empty()) {
        for &object in clause.objects.iter().filter(|&&object| Some(object) != light) {
            if !reader.tree.has_none(object) {
                push(ParticipantRole::Patient, object);
            }
        }
    }
    for &recipient in &clause.indirect {
        push(ParticipantRole::Recipient, recipient);
    }
    for oblique in clause.obliques.iter().filter(|oblique| belongs(reader, clause, oblique.token)) {
        match &*oblique.case {
            "" => push(ParticipantRole::Patient, oblique.token),
            case => push(ParticipantRole::of(case), oblique.token),
        }
    }
    if let Some(noun) = light {
        for (case, token) in attributes(&reader.tree, noun) {
            push(ParticipantRole::of(&case), token);
        }
    }
    all.extend(adverbs(reader, clause));
    all.extend(clauses_below(reader, index));
    all.sort_by_key(|participant| participant.token);
    all.dedup_by_key(|participant| participant.token);
    all
}

/// "*Of the plan*, she said, "I like it"": what stands outside the quotation that the verb stands in is no
/// part of what the verb tells.
fn belongs(reader: &SentenceReader, clause: &Clause, token: usize) -> bool {
    !reader.quoted[clause.head] || reader.quoted[token]
}

/// "hold talks *with her* on *fish*": the prepositional attributes of a noun, with their prepositions.
fn attributes(tree: &Tree, noun: usize) -> Vec<(String, usize)> {
    let attributes = tree.children(noun).filter(|&child| tree.deprel(child) == Deprel::Nmod);
    let of_child = |child: usize| {
        let case = tree.case(child);
        tree.conjuncts(child).into_iter().map(move |token| (case.clone(), token))
    };
    attributes.flat_map(of_child).filter(|(case, _)| !case.is_empty()).collect()
}

/// "came back *online*", "fell *sharply*": adverbs behind the verb, which often carry its sense; and "*rarely* came".
fn adverbs(reader: &SentenceReader, clause: &Clause) -> Vec<Participant> {
    let tree = &reader.tree;
    let behind = |child: usize| {
        child > clause.head || reader.know.lexicon.is_frequency(&tree.lemma(child).to_lowercase())
    };
    let is_adverb = |&child: &usize| {
        tree.deprel(child) == Deprel::Advmod
            && tree.upos(child) == Upos::Adv
            && behind(child)
            && clause.copula.is_none()
            && belongs(reader, clause, child)
            && reader.timex(child).is_none()
            && !tree.is_negation(child)
            && tree.token(child).feat("PronType").is_none()
            && !reader.know.lexicon.is_adverbial(&tree.form(child).to_lowercase())
    };
    let adverbs = tree.children(clause.head).filter(is_adverb);
    let participant = |child: usize| {
        let (first, last) = tree.extent(child, |below| tree.deprel(below) == Deprel::Punct);
        let fits = behind(first) && last < first + LONGEST_ADVERB;
        fits.then(|| Participant {
            role: ParticipantRole::Manner,
            token: child,
            argument: reader.words(first, last),
        })
    };
    adverbs.filter_map(participant).collect()
}

/// Adverbs with more tokens below them are comparisons and clauses.
const LONGEST_ADVERB: usize = 5;

/// "ordered them *to leave*", "sank *because it was old*", "left *to see her*".
fn clauses_below(reader: &SentenceReader, index: ClauseId) -> Vec<Participant> {
    reader.clauses.below(index).filter_map(|below| clause_below(reader, index, below)).collect()
}

fn clause_below(reader: &SentenceReader, index: ClauseId, below: &Clause) -> Option<Participant> {
    let tree = &reader.tree;
    let clause = &reader.clauses[index];
    if !belongs(reader, clause, below.head)
        || is_inserted_speech(tree, clause, below, reader.know.lexicon)
        || is_inserted_speech(tree, below, clause, reader.know.lexicon)
    {
        return None;
    }
    let words: Vec<usize> = tree
        .introductions(below.head)
        .filter(|&word| word < below.head && tree.upos(word) != Upos::Punct)
        .collect();
    let marker = join(tree, &words);
    let role = match below.link {
        Link::Control if tree.has_to(below.head) => ParticipantRole::of("to"),
        Link::Control => ParticipantRole::Complement,
        Link::Purpose => ParticipantRole::Purpose,
        Link::Content if marker.is_empty() => ParticipantRole::Content,
        Link::Content => ParticipantRole::of(&marker),
        Link::Adverbial if !marker.is_empty() => ParticipantRole::of(&marker),
        _ => return None,
    };
    let (first, last) = tree.extent(below.head, |child| {
        words.contains(&child)
            || tree.upos(child) == Upos::Part && tree.lemma(child) == "to" && child < below.head
            || tree.deprel(child) == Deprel::Punct
            || tree.deprel(child) == Deprel::Parataxis
            || tree.deprel(child) == Deprel::Nsubj && below.link == Link::Control
    });
    let first = (first..=last).find(|&token| tree.upos(token) != Upos::Punct)?;
    let around = (first..=last).contains(&clause.head);
    // What is said is whole, however long it is.
    let long = below.link != Link::Content && last - first >= LONGEST;
    (!around && !long).then(|| Participant {
        role,
        token: below.head,
        argument: reader.words(first, last),
    })
}

fn join(tree: &Tree, words: &[usize]) -> String {
    let forms: Vec<String> = words.iter().map(|&word| tree.form(word).to_lowercase()).collect();
    forms.join(" ")
}

/// The clause without its subject in the words of the text: "stressed the importance of talking to the
/// crews in person".
pub(super) fn wording(reader: &SentenceReader, index: ClauseId) -> Box<str> {
    let tree = &reader.tree;
    let clause = &reader.clauses[index];
    let mut verb = relation(reader, index);
    // Reduced clauses ("a bridge *built* in May") have no form of "be" that could be copied.
    if let Some(rest) = verb.strip_prefix("be ") {
        let plural = |&token: &usize| tree.token(token).feat("Number") == Some("Plur");
        let several = clause.surface.len() > 1 || clause.surface.first().is_some_and(plural);
        verb = format!("{} {rest}", if several { "are" } else { "is" });
    }
    let is_subject = |token: usize| match clause.passive {
        true => clause.objects.contains(&token),
        false => clause.subjects.contains(&token),
    };
    let stops = |child: usize| {
        tree.deprel(child) == Deprel::Punct
            || tree.deprel(child) == Deprel::Parataxis
            || child == clause.head
            || clause.head < child && is_subject(child)
    };
    let mut last = clause.head;
    let mut before: Vec<String> = Vec::new();
    // "was praised *by the mayor*"
    for &agent in clause.subjects.iter().filter(|&&agent| clause.passive && agent > clause.head) {
        last = last.max(tree.extent(agent, stops).1);
    }
    let others = participants(reader, index, None).into_iter();
    for participant in others.filter(|participant| !is_subject(participant.token)) {
        let (first, end) = tree.extent(participant.token, stops);
        if first > clause.head {
            last = last.max(end);
        } else if !(first..=end).contains(&clause.head) && before.len() < MAX_BEFORE {
            let role = match &participant.role {
                role @ (ParticipantRole::Word(_) | ParticipantRole::Purpose) => role.as_str(),
                _ => "",
            };
            let words = match participant.argument {
                Argument::Literal { value, .. } => value,
                Argument::Mention(mention) => reader.mention_text(mention).to_owned(),
                Argument::Absent => continue,
            };
            before.push(format!("{role} {words}").trim().to_owned());
        }
    }
    let head = match clause.copula {
        Some(copula) if copula < clause.head => {
            // The "not" of "is not clear" and the "also" of "is also the mayor" stand in the verb already.
            let told: Vec<usize> = (copula + 1..clause.head)
                .filter(|&token| in_verb_group(tree, clause, token))
                .collect();
            let told = format!(" {}", join(tree, &told));
            verb.truncate(verb.strip_suffix(&told).map_or(verb.len(), str::len));
            tree.words(copula + 1, clause.head)
        }
        _ => String::new(),
    };
    // "called *off*" stands in the verb already.
    let next = match clause.particle {
        Some(particle) if particle == clause.head + 1 => particle + 1,
        _ => clause.head + 1,
    };
    let behind = if next <= last { tree.words(next, last) } else { String::new() };
    let parts = [verb, head, behind].into_iter().chain(before);
    let words: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    clipped(words.join(" ")).into()
}

/// Phrases that stand before the verb and are told behind it, at most.
const MAX_BEFORE: usize = 3;
