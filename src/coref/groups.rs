//! Plurals that stand for things named one by one: "the two leaders", "both countries", "they".

use super::features::{Definiteness, Number, Salience};
use super::{Links, SieveInput};
use crate::document::{Deprel, Label, MentionKind};
use crate::ontology::Kind;
use crate::resource::lexicon::{RoleKind, Use};

/// How many mentions back members are looked for.
const REACH: usize = 40;
/// How many sentences back.
const SENTENCES: u32 = 4;

/// Finds the members of a plural nominal, or links it to the group that has them. True if it is
/// such a group.
pub(super) fn nominal(
    input: &SieveInput,
    links: &mut Links,
    trail: &[usize],
    mention: usize,
) -> bool {
    let feature = &links.features[mention];
    let definite = feature.definiteness == Definiteness::Definite;
    if !definite || feature.number == Some(Number::Singular) || feature.country.is_some() {
        return false;
    }
    let tokens = input.mentions[mention].tokens.clone();
    let tree = input.tree(mention);
    let two = tokens
        .into_iter()
        .any(|token| input.lexicon.has_use(&tree.lemma(token).to_lowercase(), Use::Two));
    let owned = feature.possessor.is_some_and(|token| token < input.head(mention));
    if owned {
        return false;
    }
    let country = input.lexicon.names_kind(&feature.head, Kind::Country);
    let person = feature.label == Some(Label::Person);
    let role = input.lexicon.role(&feature.head).map(|role| role.name.clone());
    let numeral = two && feature.label.is_none() && feature.head == "two";
    // "the ministers"; not "the party's three new ministers", who are others than those named last.
    let ministers = person && role.is_some() && feature.words.is_empty();
    if !((person || country) && two || ministers || numeral) {
        return false;
    }
    let wanted = |root: usize| {
        let known = &links.known[root];
        if country {
            return known.entry.is_some_and(|e| input.gazetteer.entry(e).class.is(Kind::Country));
        }
        known.label == Some(Label::Person)
            && known.number != Some(Number::Plural)
            && !known.full_name.is_empty()
    };
    let recent = recent(input, links, trail, mention, wanted);
    let bears = |root: &usize| {
        let office =
            |head: &str| input.lexicon.role(head).is_some_and(|role| role.kind == RoleKind::Office);
        links.known[*root]
            .descriptions
            .iter()
            .any(|d| role.as_deref() == Some(&*d.head) || office(&d.head))
    };
    let takes_part = |root: &usize| links.known[*root].size > 1;
    // "leaders" are those with an office; of others, who is named once only stands by.
    let chosen = match role {
        Some(_) => the_two(&recent, |root| bears(root) && takes_part(root))
            .or_else(|| the_two(&recent, bears)),
        None => None,
    };
    let anybody =
        || the_two(&recent, takes_part).or_else(|| the_two(&recent, |_| true)).filter(|_| two);
    match chosen.or_else(anybody) {
        Some(members) => join(links, mention, members),
        None => false,
    }
}

/// The two things that fit, if there are no more; else those two that one sentence speaks of, the nearest that
/// speaks of several; else those two that are spoken of most.
fn the_two(recent: &[(usize, u32)], fits: impl Fn(&usize) -> bool) -> Option<Vec<usize>> {
    let fitting: Vec<(usize, u32)> = recent.iter().copied().filter(|it| fits(&it.0)).collect();
    let distinct = |found: &[(usize, u32)]| {
        let mut roots: Vec<usize> = found.iter().map(|it| it.0).collect();
        roots.sort_unstable();
        roots.dedup();
        roots
    };
    let all = distinct(&fitting);
    if all.len() <= 2 {
        return (all.len() == 2).then_some(all);
    }
    let sentences = fitting.chunk_by(|a, b| a.1 == b.1).map(distinct);
    let together = sentences.into_iter().find(|roots| roots.len() > 1);
    if let Some(two) = together.filter(|roots| roots.len() == 2) {
        return Some(two);
    }
    let times = |root: usize| fitting.iter().filter(|it| it.0 == root).count();
    let mut most: Vec<(usize, usize)> = all.iter().map(|&root| (times(root), root)).collect();
    most.sort_unstable_by_key(|&(times, root)| (std::cmp::Reverse(times), root));
    let mut two = vec![most[0].1, most[1].1];
    two.sort_unstable();
    (most[1].0 > most[2].0).then_some(two)
}

/// The things of a kind that were mentioned last, each time with the sentence, the nearest first.
fn recent(
    input: &SieveInput,
    links: &Links,
    trail: &[usize],
    mention: usize,
    wanted: impl Fn(usize) -> bool,
) -> Vec<(usize, u32)> {
    let here = input.mentions[mention].sentence.0;
    let back = trail
        .iter()
        .rev()
        .take(REACH)
        .map(|&candidate| (links.root(candidate), input.mentions[candidate].sentence.0));
    back.take_while(|&(_, sentence)| here - sentence <= SENTENCES)
        .filter(|&(root, _)| wanted(root))
        .collect()
}

/// Makes a mention stand for a group, or links it to the mention that already does.
pub(super) fn join(links: &mut Links, mention: usize, members: Vec<usize>) -> bool {
    match links.groups.get(&members).copied() {
        Some(group) => links.link(group, mention),
        None => {
            let root = links.root(mention);
            if !links.known[root].members.is_empty() {
                return false;
            }
            links.known[root].members = members.as_slice().into();
            links.groups.insert(members, mention);
            true
        }
    }
}

/// The persons that one is coordinated with, itself first: "Dahl and Berg", "a driver and his wife".
pub(super) fn coordinated(input: &SieveInput, links: &Links, mention: usize) -> Option<Vec<usize>> {
    let own = &input.mentions[mention];
    if links.known(mention).label != Some(Label::Person)
        || links.features[mention].salience != Salience::Subject
    {
        return None;
    }
    let tree = input.tree(mention);
    if tree.deprel(own.head.index()) == Deprel::Conj {
        return None;
    }
    let mut members = vec![links.root(mention)];
    for other in mention + 1..input.mentions.len().min(mention + 12) {
        let next = &input.mentions[other];
        if next.sentence != own.sentence {
            break;
        }
        let head = next.head.index();
        let conjunct = tree.deprel(head) == Deprel::Conj
            && tree.head(head).is_some_and(|above| own.tokens.contains(&above));
        if conjunct
            && input.kind(other) != MentionKind::Pronoun
            && links.known(other).label == Some(Label::Person)
        {
            members.push(links.root(other));
        }
    }
    members.sort_unstable();
    members.dedup();
    (members.len() > 1).then_some(members)
}
