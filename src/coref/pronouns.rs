//! Pronouns: of the things before them that agree the one with the highest score, or none.
//!
//! The features of a candidate are in [`super::preferences`]. Inside quotations "I" and "we" are the
//! speaker.

use super::features::{Number, Salience};
use super::preferences::{Clue, Nearer, clues, clues_of_nothing};
use super::quotes::Quotes;
use super::{Links, SieveInput, groups};
use crate::document::{Deprel, Label, MentionKind};
use crate::syntax::Tree;

/// How many mentions back candidates are looked for.
const REACH: usize = 60;
/// How many verbs up a subject is looked for.
const VERBS: usize = 4;
/// How many sentences back.
const SENTENCES: u32 = 3;
/// How many sentences back a pair of subjects is looked for, which "they" may mean.
const PAIR_SENTENCES: u32 = 2;

/// Links a pronoun to its antecedent, if one is found.
pub(super) fn resolve(
    input: &SieveInput,
    links: &mut Links,
    quotes: &Quotes,
    trail: &[usize],
    mention: usize,
) {
    match links.features[mention].head.as_str() {
        "i" | "me" | "my" | "mine" | "myself" | "we" | "us" | "our" | "ours" | "ourselves"
        | "you" | "your" | "yours" | "yourself" | "yourselves" => {
            speaker(input, links, quotes, trail, mention);
        }
        "they" | "them" | "their" | "theirs" | "themselves" | "themself" => {
            plural(input, links, quotes, trail, mention);
        }
        "whose" => {
            if let Some(antecedent) = owner(input, mention) {
                links.link(antecedent, mention);
            }
        }
        _ => {
            let antecedent = announced(input, links, mention)
                .or_else(|| Some(best(input, links, quotes, trail, mention)?.1));
            if let Some(antecedent) = antecedent {
                links.link(antecedent, mention);
            }
        }
    }
}

/// "*Mara Voss*, whose party won": what the relative clause hangs on.
fn owner(input: &SieveInput, mention: usize) -> Option<usize> {
    let tree = input.tree(mention);
    let mut at = input.head(mention);
    while tree.deprel(at) != Deprel::AclRelcl {
        at = tree.head(at)?;
    }
    let noun = tree.head(at)?;
    let sentence = input.mentions[mention].sentence;
    let before = (0..mention).rev().take_while(|&m| input.mentions[m].sentence == sentence);
    let mut headed = before.filter(|&other| input.head(other) == noun);
    headed.next()
}

/// "Denying that *she* had left, *Mara Voss* rose": whoever says it in a participle at the head of the sentence is
/// its subject, and speaks of herself.
fn announced(input: &SieveInput, links: &Links, mention: usize) -> Option<usize> {
    let tree = input.tree(mention);
    let pronoun = input.mentions[mention].head.index();
    if !matches!(tree.deprel(pronoun), Deprel::Nsubj | Deprel::NsubjPass) {
        return None;
    }
    let content = tree.head(pronoun).filter(|&it| tree.deprel(it) == Deprel::Ccomp)?;
    let saying = tree.head(content).filter(|&it| {
        tree.deprel(it) == Deprel::Advcl && it < pronoun && !tree.has(it, Deprel::Nsubj)
    })?;
    input.lexicon.stance(tree.lemma(saying))?;
    let above = tree.head(saying).filter(|&above| above > pronoun)?;
    let subject = tree
        .children(above)
        .find(|&it| it > pronoun && matches!(tree.deprel(it), Deprel::Nsubj | Deprel::NsubjPass))?;
    let sentence = input.mentions[mention].sentence;
    let own = (mention + 1..input.mentions.len())
        .take_while(|&other| input.mentions[other].sentence == sentence);
    let mut headed = own.filter(|&other| input.head(other) == subject);
    headed.find(|&other| {
        input.kind(other) != MentionKind::Pronoun && is_candidate(input, links, mention, other)
    })
}

fn person(word: &str) -> u8 {
    match word {
        "i" | "me" | "my" | "mine" | "myself" => 1,
        "we" | "us" | "our" | "ours" | "ourselves" => 2,
        "you" | "your" | "yours" | "yourself" | "yourselves" => 3,
        _ => 0,
    }
}

/// "I" is who speaks; "we" and "you" are the same throughout one quotation, or outside of all.
fn speaker(
    input: &SieveInput,
    links: &mut Links,
    quotes: &Quotes,
    trail: &[usize],
    mention: usize,
) {
    let own = person(&links.features[mention].head);
    let quote = quotes.around(input.mentions[mention].span.start);
    let voice = quote.and_then(|quote| quotes.speaker(quote));
    if own == 1
        && let Some(voice) = voice
        && links.link(voice, mention)
    {
        return;
    }
    let same = trail.iter().rev().take(REACH * 4).copied().find(|&other| {
        let around = quotes.around(input.mentions[other].span.start);
        let speaker = around.and_then(|quote| quotes.speaker(quote));
        let one_voice = match (voice, speaker) {
            (Some(a), Some(b)) => links.root(a) == links.root(b),
            _ => around == quote,
        };
        input.kind(other) == MentionKind::Pronoun
            && person(&links.features[other].head) == own
            && one_voice
    });
    if let Some(same) = same {
        links.link(same, mention);
    }
}

fn plural(input: &SieveInput, links: &mut Links, quotes: &Quotes, trail: &[usize], mention: usize) {
    let single = best(input, links, quotes, trail, mention);
    match pair(input, links, quotes, trail, mention) {
        Some((score, members)) if single.is_none_or(|(best, _)| score > best) => {
            groups::join(links, mention, members);
        }
        _ => {
            if let Some((_, antecedent)) = single {
                links.link(antecedent, mention);
            }
        }
    }
}

/// Two persons that are the subject together.
fn pair(
    input: &SieveInput,
    links: &Links,
    quotes: &Quotes,
    trail: &[usize],
    mention: usize,
) -> Option<(i32, Vec<usize>)> {
    let (own, here) = (&links.features[mention], input.mentions[mention].sentence.0);
    for (rank, &candidate) in trail.iter().rev().take(REACH).enumerate() {
        let distance = here - input.mentions[candidate].sentence.0;
        if distance > PAIR_SENTENCES {
            return None;
        }
        if input.kind(candidate) != MentionKind::Pronoun
            && let Some(members) = groups::coordinated(input, links, candidate)
        {
            let nearer = Nearer { any: rank, subjects: 0 };
            let mut clues = clues(input, links, quotes, mention, candidate, nearer);
            clues.push(Clue::Pair);
            return Some((input.preferences.score(own, &clues), members));
        }
    }
    None
}

/// The candidate with the highest score, if it is higher than that of there being none; of equals the
/// nearer one.
fn best(
    input: &SieveInput,
    links: &Links,
    quotes: &Quotes,
    trail: &[usize],
    mention: usize,
) -> Option<(i32, usize)> {
    let (own, here) = (&links.features[mention], input.mentions[mention].sentence.0);
    let counterpart = counterpart(input, trail, mention).map(|m| links.root(m));
    let voice = own_speaker(input, links, quotes, mention);
    let near = |&candidate: &usize| here - input.mentions[candidate].sentence.0 <= SENTENCES;
    let candidates =
        trail.iter().rev().take(REACH).copied().take_while(near).filter(|&candidate| {
            counterpart != Some(links.root(candidate))
                && voice != Some(links.root(candidate))
                && is_candidate(input, links, mention, candidate)
        });
    let nothing = clues_of_nothing(input, links, quotes, mention);
    let mut best = (input.preferences.score(own, &nothing), None);
    let mut nearer = Nearer::default();
    for candidate in candidates {
        let score =
            input.preferences.score(own, &clues(input, links, quotes, mention, candidate, nearer));
        if score > best.0 {
            best = (score, Some(candidate));
        }
        nearer.any += 1;
        nearer.subjects += usize::from(links.features[candidate].salience == Salience::Subject);
    }
    best.1.map(|candidate| (best.0, candidate))
}

/// Who speaks in the quotation around "he", "she" or "it": never the one who is meant.
fn own_speaker(
    input: &SieveInput,
    links: &Links,
    quotes: &Quotes,
    mention: usize,
) -> Option<usize> {
    let quote = quotes.around(input.mentions[mention].span.start)?;
    let one = links.features[mention].number == Some(Number::Singular);
    quotes.speaker(quote).filter(|_| one).map(|speaker| links.root(speaker))
}

fn is_candidate(input: &SieveInput, links: &Links, mention: usize, candidate: usize) -> bool {
    let feature = &links.features[candidate];
    let known = links.known(candidate);
    let own = &links.features[mention];
    if feature.is_demonym
        || person(&feature.head) != 0 && input.kind(candidate) == MentionKind::Pronoun
    {
        return false;
    }
    let agrees = match (own.number, own.gender) {
        (_, Some(gender)) => {
            known.number != Some(Number::Plural)
                && known.gender.is_none_or(|known| known == gender)
                && is_person(input, candidate, known.label)
        }
        (Some(Number::Singular), None) => {
            known.number != Some(Number::Plural)
                && known.gender.is_none()
                && !matches!(known.label, Some(Label::Person | Label::Time | Label::Quantity))
        }
        _ => {
            let one = known.number == Some(Number::Singular);
            let body = known.label == Some(Label::Org);
            (!one || body) && !matches!(known.label, Some(Label::Time | Label::Quantity))
        }
    };
    agrees && !is_inside(input, mention, candidate) && !is_bound(input, mention, candidate)
}

/// Persons, and names of which nothing is known.
fn is_person(input: &SieveInput, candidate: usize, label: Option<Label>) -> bool {
    match label {
        Some(Label::Person) => true,
        None => input.kind(candidate) != MentionKind::Nominal,
        _ => false,
    }
}

/// "his brother" is not he.
fn is_inside(input: &SieveInput, mention: usize, candidate: usize) -> bool {
    input.mentions[candidate].span.contains(input.mentions[mention].span)
}

/// Subject and object of one verb are different things, unless the object is reflexive.
fn is_bound(input: &SieveInput, mention: usize, candidate: usize) -> bool {
    let (own, other) = (&input.mentions[mention], &input.mentions[candidate]);
    if own.sentence != other.sentence {
        return false;
    }
    let tree = input.tree(mention);
    let pronoun = tree.token(own.head.index());
    let antecedent = tree.token(other.head.index());
    let form = pronoun.form(input.text);
    let argument = |deprel: Deprel| {
        matches!(
            deprel,
            Deprel::Nsubj
                | Deprel::NsubjPass
                | Deprel::Obj
                | Deprel::Iobj
                | Deprel::Obl
                | Deprel::OblAgent
        )
    };
    pronoun.head == antecedent.head
        && argument(pronoun.deprel)
        && argument(antecedent.deprel)
        && !is_reflexive(form)
}

fn is_reflexive(form: &str) -> bool {
    let form = form.to_ascii_lowercase();
    form.ends_with("self") || form.ends_with("selves")
}

/// The mention that does something to the one that a pronoun in object position stands for: another.
fn counterpart(input: &SieveInput, trail: &[usize], mention: usize) -> Option<usize> {
    let tree = input.tree(mention);
    let own = &input.mentions[mention];
    let pronoun = own.head.index();
    if !matches!(tree.deprel(pronoun), Deprel::Obj | Deprel::Iobj)
        || is_reflexive(tree.form(pronoun))
    {
        return None;
    }
    let doer = doer(tree, tree.head(pronoun)?)?;
    let here = trail.iter().rev().take_while(|&&m| input.mentions[m].sentence == own.sentence);
    here.copied().find(|&m| input.head(m) == doer)
}

/// Who does what a verb says, which may have no subject of its own: "*Lena* shook hands, welcoming him".
fn doer(tree: &Tree, mut verb: usize) -> Option<usize> {
    let child = |verb: usize, wanted: &[Deprel]| {
        tree.children(verb).find(|&child| wanted.contains(&tree.deprel(child)))
    };
    let mut asked = false;
    for _ in 0..VERBS {
        // "asked *Lena* to welcome him"
        let object = child(verb, &[Deprel::Iobj, Deprel::Obj]).filter(|_| asked);
        let found = object.or_else(|| child(verb, &[Deprel::Nsubj, Deprel::NsubjPass]));
        if found.is_some() {
            return found;
        }
        let deprel = tree.deprel(verb);
        if !matches!(deprel, Deprel::Xcomp | Deprel::Advcl | Deprel::Conj) {
            return None;
        }
        asked = deprel == Deprel::Xcomp;
        verb = tree.head(verb)?;
    }
    None
}
