//! Definite noun phrases: the same head, a role that someone bears, a word for the kind of thing.

use rustc_hash::FxHashMap;

use super::features::{Definiteness, Number, Salience};
use super::{Links, Page, differ, groups};
use crate::document::{Deprel, Label, MentionKind, Upos};
use crate::ontology::{Kind, NamedClass};
use crate::resource::lexicon::{RoleKind, Use};

/// How many earlier mentions with the same head are looked at.
const CANDIDATES: usize = 6;
/// How many mentions of persons with a role are looked at, before and after.
const BEARERS: usize = 400;
/// How many mentions back a word for the kind of thing looks ("the company").
const REACH: usize = 40;
/// How many sentences back it looks.
const SENTENCES: u32 = 4;

/// What was mentioned so far, by head.
pub(super) struct Nominals {
    by_head: FxHashMap<String, Vec<usize>>,
    /// Names of persons by the heads of their titles and appositions, in the whole document.
    by_role: FxHashMap<String, Vec<usize>>,
}

impl Nominals {
    pub(super) fn new(page: &Page, links: &Links) -> Self {
        let mut by_role: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for mention in 0..page.mentions.len() {
            let root = links.root(mention);
            if page.kind(mention) == MentionKind::Timex
                || links.known[root].label != Some(Label::Person)
            {
                continue;
            }
            let named =
                !links.known[root].full_name.is_empty() || page.kind(mention) == MentionKind::Name;
            for title in links.features[mention].title.iter().filter(|_| named) {
                by_role.entry(title.head.to_string()).or_default().push(mention);
            }
        }
        Self { by_head: FxHashMap::default(), by_role }
    }

    /// Makes a mention known as candidate for later ones.
    pub(super) fn remember(&mut self, page: &Page, links: &Links, mention: usize) {
        let feature = &links.features[mention];
        match page.kind(mention) {
            MentionKind::Nominal => self.push(&feature.head, mention),
            MentionKind::Name if feature.label != Some(Label::Person) => {
                // "the ministry" for "Ministry of Trade", "the airport" for "Bergen Airport".
                for word in feature.words.iter().filter(|_| feature.words.len() > 1) {
                    if page.lexicon.noun_label(word).is_some() {
                        self.push(word, mention);
                    }
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, head: &str, mention: usize) {
        match self.by_head.get_mut(head) {
            Some(known) => known.push(mention),
            None => {
                self.by_head.insert(head.to_owned(), vec![mention]);
            }
        }
    }

    /// Links a nominal to what it takes up, if anything.
    pub(super) fn resolve(
        &mut self,
        page: &Page,
        links: &mut Links,
        trail: &[usize],
        mention: usize,
    ) {
        let linked = links.known(mention).size > 1;
        let feature = &links.features[mention];
        if linked || feature.definiteness == Definiteness::Indefinite {
            return;
        }
        if groups::nominal(page, links, trail, mention) {
            return;
        }
        // What is near comes before what has the same head but stands far back.
        let near = |candidate: usize| {
            page.mentions[mention].sentence.0 - page.mentions[candidate].sentence.0 <= SENTENCES
        };
        if self.same_head(page, links, mention, near) {
            return;
        }
        if is_definite(links, mention) {
            let person = matches!(links.features[mention].label, Some(Label::Person) | None);
            if person
                && (self.role(page, links, mention) || self.new_role(page, links, trail, mention))
                || kind_of_thing(page, links, trail, mention)
            {
                return;
            }
        }
        if kind(page, links, mention).is_none() {
            self.same_head(page, links, mention, |candidate| !near(candidate));
        }
    }

    fn same_head(
        &self,
        page: &Page,
        links: &mut Links,
        mention: usize,
        among: impl Fn(usize) -> bool,
    ) -> bool {
        let Some(known) = self.by_head.get(links.features[mention].head.as_str()) else {
            return false;
        };
        known.iter().rev().take(CANDIDATES).any(|&candidate| {
            among(candidate)
                && fits(page, links, mention, candidate)
                && links.link(candidate, mention)
        })
    }

    /// "the president" for the nearest person with that role before, else the only one after.
    fn role(&self, page: &Page, links: &mut Links, mention: usize) -> bool {
        let feature = &links.features[mention];
        if feature.number == Some(Number::Plural) {
            return false;
        }
        let head = page.lexicon.role(&feature.head).map_or(&*feature.head, |role| &role.name);
        let Some(bearers) = self.by_role.get(head) else { return false };
        let country = feature.country.or_else(|| possessing_country(page, links, mention));
        let fits = |bearer: &&usize| {
            let root = links.root(**bearer);
            let same_role = links.known[root].descriptions.iter().filter(|d| d.head == *head);
            let contradicted = same_role.clone().any(|d| differ(d.country, country).is_some());
            root != links.root(mention) && !contradicted
        };
        let (before, after) = bearers.split_at(bearers.partition_point(|&it| it < mention));
        let nearest = before.iter().rev().take(BEARERS).find(fits);
        // None of those before fits.
        let only = || {
            let mut later = after.iter().take(BEARERS).filter(fits);
            let first = later.next()?;
            later.all(|&it| links.root(it) == links.root(*first)).then_some(first)
        };
        match nearest.or_else(only).copied() {
            Some(bearer) => links.link(bearer, mention),
            None => false,
        }
    }

    /// "*The lawmaker* left early" for the only person of the sentence before whose role is not told,
    /// if nobody's role in the document is that one.
    fn new_role(&self, page: &Page, links: &mut Links, trail: &[usize], mention: usize) -> bool {
        let feature = &links.features[mention];
        let plain = feature.words.is_empty() && feature.possessor.is_none();
        let Some(role) = page.lexicon.role(&feature.head) else { return false };
        // "The attorney" is rather that person's.
        let post = matches!(role.kind, RoleKind::Office | RoleKind::Profession)
            && !page.lexicon.has_use(&feature.head, Use::Aide);
        if !plain
            || !post
            || feature.number != Some(Number::Singular)
            || feature.salience != Salience::Subject
            || self.by_role.contains_key(&role.name)
        {
            return false;
        }
        let here = page.mentions[mention].sentence.0;
        let before = trail.iter().rev().take(REACH).filter(|&&candidate| {
            page.mentions[candidate].sentence.0 + 1 == here
                && links.known(candidate).label == Some(Label::Person)
        });
        let mut persons: Vec<usize> = before.map(|&candidate| links.root(candidate)).collect();
        persons.sort_unstable();
        persons.dedup();
        persons.retain(|&person| {
            let known = &links.known[person];
            let told = known.descriptions.iter().any(|d| page.lexicon.role(&d.head).is_some());
            !known.full_name.is_empty() && !told
        });
        match persons[..] {
            [person] => links.link(person, mention),
            _ => false,
        }
    }
}

fn is_definite(links: &Links, mention: usize) -> bool {
    links.features[mention].definiteness == Definiteness::Definite
}

/// The country in the possessor: "Norway's president", "the president of Norway".
fn possessing_country(
    page: &Page,
    links: &Links,
    mention: usize,
) -> Option<crate::resource::gazetteer::EntryId> {
    let token = links.features[mention].possessor?;
    let possessor = possessor_mention(page, mention, token)?;
    links.known(possessor).entry
}

/// The mention that a possessing token heads: the shortest one around.
pub(super) fn possessor_mention(page: &Page, mention: usize, token: usize) -> Option<usize> {
    let sentence = page.mentions[mention].sentence;
    let heads =
        |m: usize| page.mentions[m].sentence == sentence && page.mentions[m].head.index() == token;
    let after = (mention..page.mentions.len())
        .take_while(|&m| page.mentions[m].sentence == sentence)
        .take(24)
        .find(|&m| heads(m));
    after.or_else(|| (0..mention).rev().take(8).find(|&m| heads(m)))
}

/// True if the words around a head allow two mentions to be one thing.
fn fits(page: &Page, links: &Links, mention: usize, candidate: usize) -> bool {
    let (own, other) = (&links.features[mention], &links.features[candidate]);
    let nested = page.mentions[candidate].sentence == page.mentions[mention].sentence
        && (page.mentions[candidate].span.overlaps(page.mentions[mention].span));
    if nested || differ(own.number, other.number).is_some() {
        return false;
    }
    if differ(own.country, other.country).is_some() {
        return false;
    }
    let number = |words: &[String]| words.iter().find(|w| is_number(w)).cloned();
    if differ(number(&own.words), number(&other.words)).is_some() {
        return false;
    }
    let is_name = page.kind(candidate) == MentionKind::Name;
    let bare = own.definiteness == Definiteness::Bare;
    // What a definite phrase adds must have been said; a bare one must repeat the words.
    let said = |word: &String| other.words.contains(word) || is_number(word);
    let mass = own.number == Some(Number::Singular);
    if bare && (is_name || own.words.len() != other.words.len() || own.words.is_empty() && !mass) {
        return false;
    }
    if bare && other.definiteness != Definiteness::Bare {
        return false;
    }
    own.words.iter().all(said) && possessors_fit(page, links, mention, candidate)
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.')
        || matches!(
            word,
            "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten"
        )
}

fn possessors_fit(page: &Page, links: &Links, mention: usize, candidate: usize) -> bool {
    let possessor = |m: usize| {
        let token = links.features[m].possessor?;
        Some(possessor_mention(page, m, token).map(|p| links.root(p)))
    };
    match (possessor(mention), possessor(candidate)) {
        // A possessor that no mention heads cannot be compared.
        (Some(own), Some(other)) => own.is_some() && own == other,
        (Some(Some(own)), None) => {
            // "its harbor" after "the harbor": only if the possessor is no person; "its country" is
            // no other one's.
            links.known[own].label != Some(Label::Person)
                && !is_kind_of_its_own(page, links, mention)
                && links.features[candidate].definiteness == Definiteness::Definite
        }
        (Some(None), None) => false,
        (None, _) => true,
    }
}

/// "its country"
fn is_kind_of_its_own(page: &Page, links: &Links, mention: usize) -> bool {
    let feature = &links.features[mention];
    let before = |token: usize| token < page.mentions[mention].head.index();
    feature.possessor.is_some_and(before) && page.lexicon.has_use(&feature.head, Use::Kind)
}

/// The class of a bare word for the kind of thing: "the country".
fn kind<'p>(page: &Page<'p>, links: &Links, mention: usize) -> Option<&'p NamedClass> {
    let feature = &links.features[mention];
    let plain = feature.words.is_empty() && feature.possessor.is_none();
    let singular = feature.number == Some(Number::Singular);
    let is_kind = plain && singular && page.lexicon.has_use(&feature.head, Use::Kind);
    page.lexicon.class(&feature.head).filter(|_| is_kind)
}

/// "the country", "the company": the nearest name of that kind, subjects first.
fn kind_of_thing(page: &Page, links: &mut Links, trail: &[usize], mention: usize) -> bool {
    let Some(class) = kind(page, links, mention) else { return false };
    let here = page.mentions[mention].sentence.0;
    let mut best: Option<((u32, bool, usize), usize)> = None;
    for &candidate in trail.iter().rev().take(REACH) {
        let distance = here - page.mentions[candidate].sentence.0;
        if distance > SENTENCES {
            break;
        }
        let own = &links.features[candidate];
        if page.kind(candidate) != MentionKind::Name
            || page.mentions[mention].span.contains(page.mentions[candidate].span)
            || !is_of_class(page, links, candidate, class)
        {
            continue;
        }
        let rank = (distance, own.salience != Salience::Subject, usize::MAX - candidate);
        if best.is_none_or(|(known, _)| rank < known) {
            best = Some((rank, candidate));
        }
    }
    best.is_some_and(|(_, candidate)| links.link(candidate, mention))
}

fn is_of_class(page: &Page, links: &Links, candidate: usize, class: &NamedClass) -> bool {
    let known = links.known(candidate);
    if let Some(entry) = known.entry {
        return page.gazetteer.entry(entry).class == *class;
    }
    let feature = &links.features[candidate];
    let last = feature.words.last().filter(|_| feature.words.len() > 1);
    let told =
        last.and_then(|word| page.lexicon.legal_form(word).or_else(|| page.lexicon.class(word)));
    match told {
        // "the group" may be a company as well.
        Some(told) => {
            let any = class.stands_for(Kind::Organization);
            told == class || any && known.label == Some(Label::Org)
        }
        None if class.is(Kind::Country) || class.is(Kind::Region) => false,
        None if class.is(Kind::City) => known.label == Some(Label::Place),
        None => {
            known.label == Some(Label::Org)
                && class.stands_for(Kind::AnyBody)
                && !names_a_thing(page, candidate)
        }
    }
}

/// "the *Budwell* award": part of the name of a thing, so that nothing was said of the body; somebody's
/// title speaks of it ("*Ferrol Lines* chief executive").
fn names_a_thing(page: &Page, candidate: usize) -> bool {
    let tokens = &page.sentence(candidate).tokens;
    let token = &tokens[page.mentions[candidate].head.index()];
    token.deprel == Deprel::Compound
        && token.head.is_some_and(|head| {
            let noun = tokens[head.index()].lemma.to_lowercase();
            tokens[head.index()].upos == Upos::Noun && !page.lexicon.denotes_person(&noun)
        })
}
