//! Definite noun phrases: the same head, a role that someone bears, a word for the kind of thing.

use rustc_hash::FxHashMap;

use super::features::{Definiteness, Number, Salience};
use super::modifiers::Fit;
use super::preferences::is_of_somebody;
use super::{Links, SieveInput, differ, groups};
use crate::document::{Deprel, Label, MentionKind, Upos};
use crate::ontology::{Kind, NamedClass};
use crate::resource::lexicon::{RoleKind, Use};

/// How many earlier mentions with the same head are looked at.
const CANDIDATES: usize = 6;
/// How many mentions of persons with a role are looked at, before and after.
const BEARERS: usize = 400;
/// How many mentions back the antecedent of a word for the kind of thing ("the company") is looked for.
const REACH: usize = 40;
/// How many sentences back it is looked for.
const SENTENCES: u32 = 4;
/// How many sentences later somebody may be named who is told of by an office first.
const SOON: u32 = 3;

/// What was mentioned so far, by head.
pub(super) struct Nominals {
    by_head: FxHashMap<String, Vec<usize>>,
    /// Names of persons by the heads of their titles and appositions, in the whole document.
    by_role: FxHashMap<String, Vec<usize>>,
}

impl Nominals {
    pub(super) fn new(input: &SieveInput, links: &Links) -> Self {
        let mut by_role: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for mention in 0..input.mentions.len() {
            let root = links.root(mention);
            if input.kind(mention) == MentionKind::Timex
                || links.known[root].label != Some(Label::Person)
            {
                continue;
            }
            let named =
                !links.known[root].full_name.is_empty() || input.kind(mention) == MentionKind::Name;
            for title in links.features[mention].title.iter().filter(|_| named) {
                by_role.entry(title.head.to_string()).or_default().push(mention);
            }
        }
        Self { by_head: FxHashMap::default(), by_role }
    }

    /// Makes a mention known as candidate for later ones.
    pub(super) fn remember(&mut self, input: &SieveInput, links: &Links, mention: usize) {
        let feature = &links.features[mention];
        match input.kind(mention) {
            MentionKind::Nominal => self.push(&feature.head, mention),
            MentionKind::Name if feature.label != Some(Label::Person) => {
                // "the ministry" for "Ministry of Trade", "the airport" for "Bergen Airport"; not "the middle"
                // for "Middle East".
                let words = &feature.words;
                for (index, word) in words.iter().enumerate().filter(|_| words.len() > 1) {
                    let heads = match words.get(index + 1) {
                        Some(next) => matches!(next.as_str(), "of" | "for"),
                        None => true,
                    };
                    if heads && input.lexicon.noun_label(word).is_some() {
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
        input: &SieveInput,
        links: &mut Links,
        trail: &[usize],
        mention: usize,
    ) {
        let linked = links.known(mention).size > 1;
        let feature = &links.features[mention];
        if linked || feature.definiteness == Definiteness::Indefinite {
            return;
        }
        if groups::nominal(input, links, trail, mention) {
            return;
        }
        // What is near comes before what has the same head but stands far back.
        let near = |candidate: usize| {
            input.mentions[mention].sentence.0 - input.mentions[candidate].sentence.0 <= SENTENCES
        };
        if self.same_head(input, links, mention, near) {
            return;
        }
        if is_definite(links, mention) {
            let person = matches!(links.features[mention].label, Some(Label::Person) | None);
            if person
                && (self.role(input, links, mention) || self.new_role(input, links, trail, mention))
                || kind_of_thing(input, links, trail, mention)
            {
                return;
            }
        }
        if kind(input, links, mention).is_none() {
            self.same_head(input, links, mention, |candidate| !near(candidate));
        }
    }

    fn same_head(
        &self,
        input: &SieveInput,
        links: &mut Links,
        mention: usize,
        among: impl Fn(usize) -> bool,
    ) -> bool {
        let Some(known) = self.by_head.get(links.features[mention].head.as_str()) else {
            return false;
        };
        known.iter().rev().take(CANDIDATES).any(|&candidate| {
            among(candidate)
                && fits(input, links, mention, candidate)
                && links.link(candidate, mention)
        })
    }

    /// "the president" for the nearest person with that role before; else for the one soon after, if
    /// the document knows no other.
    fn role(&self, input: &SieveInput, links: &mut Links, mention: usize) -> bool {
        let feature = &links.features[mention];
        let Some(own) = &feature.title else { return false };
        if feature.number == Some(Number::Plural) {
            return false;
        }
        let Some(bearers) = self.by_role.get(&*own.head) else { return false };
        let (before, after) = bearers.split_at(bearers.partition_point(|&it| it < mention));
        let fit = |bearer: usize| bearer_fit(input, links, mention, bearer);
        let nearest = |least: Fit| {
            before.iter().rev().take(BEARERS).copied().find(|&bearer| fit(bearer) >= least)
        };
        let found = nearest(Fit::Good)
            .or_else(|| nearest(Fit::Doubtful).filter(|_| is_one(links, bearers)))
            .or_else(|| self.introduced_later(input, links, mention, bearers, after));
        found.is_some_and(|bearer| links.link(bearer, mention))
    }

    /// "*The governor* resigned. Liv Dahl, the governor, said ...": the only one who has that office in
    /// the document.
    fn introduced_later(
        &self,
        input: &SieveInput,
        links: &Links,
        mention: usize,
        bearers: &[usize],
        after: &[usize],
    ) -> Option<usize> {
        let first = after.first().copied()?;
        let office = input
            .lexicon
            .role(&links.features[mention].head)
            .is_some_and(|role| role.kind == RoleKind::Office);
        let soon = input.mentions[first].sentence.0 - input.mentions[mention].sentence.0 <= SOON;
        let sure = bearer_fit(input, links, mention, first) == Fit::Good;
        (office && soon && sure && is_one(links, bearers)).then_some(first)
    }

    /// "*The lawmaker* left early" for the only person of the sentence before whose role is not given,
    /// if nobody's role in the document is that one.
    fn new_role(
        &self,
        input: &SieveInput,
        links: &mut Links,
        trail: &[usize],
        mention: usize,
    ) -> bool {
        let feature = &links.features[mention];
        let plain = feature.words.is_empty() && feature.possessor.is_none();
        let Some(role) = input.lexicon.role(&feature.head) else { return false };
        // "The attorney" is rather that person's.
        let post = matches!(role.kind, RoleKind::Office | RoleKind::Profession)
            && !input.lexicon.has_use(&feature.head, Use::Aide);
        if !plain
            || !post
            || feature.number != Some(Number::Singular)
            || feature.salience != Salience::Subject
            || self.by_role.contains_key(&role.name)
        {
            return false;
        }
        let here = input.mentions[mention].sentence.0;
        let before = trail.iter().rev().take(REACH).filter(|&&candidate| {
            input.mentions[candidate].sentence.0 + 1 == here
                && links.known(candidate).label == Some(Label::Person)
        });
        let mut persons: Vec<usize> = before.map(|&candidate| links.root(candidate)).collect();
        persons.sort_unstable();
        persons.dedup();
        persons.retain(|&person| {
            let known = &links.known[person];
            let has_role = known.descriptions.iter().any(|d| input.lexicon.role(&d.head).is_some());
            !known.full_name.is_empty() && !has_role
        });
        match persons[..] {
            [person] => links.link(person, mention),
            _ => false,
        }
    }
}

/// True if these mentions are one person.
fn is_one(links: &Links, bearers: &[usize]) -> bool {
    bearers.iter().take(BEARERS).all(|&bearer| links.root(bearer) == links.root(bearers[0]))
}

/// How well "the Norwegian president" goes with what is told of one who bears that role.
fn bearer_fit(input: &SieveInput, links: &Links, mention: usize, bearer: usize) -> Fit {
    let (root, feature) = (links.root(bearer), &links.features[mention]);
    let Some(own) = &feature.title else { return Fit::Apart };
    let country = feature.country.or_else(|| possessing_country(input, links, mention));
    let same_role = || links.known[root].descriptions.iter().filter(|d| d.head == own.head);
    let abroad = same_role().any(|d| differ(d.country, country).is_some());
    if root == links.root(mention) || abroad || !owners_fit(input, links, mention, bearer) {
        return Fit::Apart;
    }
    same_role().map(|d| own.modifiers.fit(&d.modifiers)).max().unwrap_or(Fit::Apart)
}

/// "the union's president" is not the one of whom no text says so, but "the country's" may be.
fn owners_fit(input: &SieveInput, links: &Links, mention: usize, bearer: usize) -> bool {
    let owner = |m: usize| {
        let token = links.features[m].possessor?;
        possessor_mention(input, m, token)
    };
    let Some(own) = owner(mention) else { return true };
    let is_country = |owner: usize| {
        links.known(owner).entry.is_some_and(|id| input.gazetteer.entry(id).class.is(Kind::Country))
            || input.lexicon.names_kind(&links.features[owner].head, Kind::Country)
    };
    match owner(bearer) {
        Some(other) => links.root(own) == links.root(other) || is_country(own) && is_country(other),
        None => is_country(own),
    }
}

fn is_definite(links: &Links, mention: usize) -> bool {
    links.features[mention].definiteness == Definiteness::Definite
}

/// The country in the possessor: "Norway's president", "the president of Norway".
fn possessing_country(
    input: &SieveInput,
    links: &Links,
    mention: usize,
) -> Option<crate::resource::gazetteer::EntryId> {
    let token = links.features[mention].possessor?;
    let possessor = possessor_mention(input, mention, token)?;
    links.known(possessor).entry
}

/// The mention that a possessing token heads: the shortest one around.
pub(super) fn possessor_mention(input: &SieveInput, mention: usize, token: usize) -> Option<usize> {
    let sentence = input.mentions[mention].sentence;
    let heads = |m: usize| {
        input.mentions[m].sentence == sentence && input.mentions[m].head.index() == token
    };
    let after = (mention..input.mentions.len())
        .take_while(|&m| input.mentions[m].sentence == sentence)
        .take(24)
        .find(|&m| heads(m));
    after.or_else(|| (0..mention).rev().take(8).find(|&m| heads(m)))
}

/// True if the words around a head allow two mentions to be one thing.
fn fits(input: &SieveInput, links: &Links, mention: usize, candidate: usize) -> bool {
    let (own, other) = (&links.features[mention], &links.features[candidate]);
    let nested = input.mentions[candidate].sentence == input.mentions[mention].sentence
        && (input.mentions[candidate].span.overlaps(input.mentions[mention].span));
    if nested || differ(own.number, other.number).is_some() {
        return false;
    }
    if differ(own.country, other.country).is_some() {
        return false;
    }
    // "the former minister" is not the minister.
    if let (Some(own), Some(other)) = (&own.title, &other.title)
        && own.modifiers.differ_in_status(&other.modifiers)
    {
        return false;
    }
    let number = |words: &[String]| words.iter().find(|w| is_number(w)).cloned();
    if differ(number(&own.words), number(&other.words)).is_some() {
        return false;
    }
    // "the company" is rather one with a name than "its parent company".
    let head = input.head(candidate);
    let owned = other.possessor.is_some_and(|token| token < head);
    if owned && kind(input, links, mention).is_some() {
        return false;
    }
    let is_name = input.kind(candidate) == MentionKind::Name;
    let bare = own.definiteness == Definiteness::Bare;
    // What a definite phrase adds must have been written before; a bare one must repeat the words.
    let said = |word: &String| other.words.contains(word) || is_number(word);
    let mass = own.number == Some(Number::Singular);
    if bare && (is_name || own.words.len() != other.words.len() || own.words.is_empty() && !mass) {
        return false;
    }
    if bare && other.definiteness != Definiteness::Bare {
        return false;
    }
    own.words.iter().all(said) && possessors_fit(input, links, mention, candidate)
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.')
        || matches!(
            word,
            "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten"
        )
}

fn possessors_fit(input: &SieveInput, links: &Links, mention: usize, candidate: usize) -> bool {
    let possessor = |m: usize| {
        let token = links.features[m].possessor?;
        Some(possessor_mention(input, m, token).map(|p| links.root(p)))
    };
    match (possessor(mention), possessor(candidate)) {
        // A possessor that no mention heads cannot be compared.
        (Some(own), Some(other)) => own.is_some() && own == other,
        (Some(Some(own)), None) => {
            // "its harbor" after "the harbor": only if the possessor is no person; "its country" is
            // no other one's.
            links.known[own].label != Some(Label::Person)
                && !is_kind_of_its_own(input, links, mention)
                && links.features[candidate].definiteness == Definiteness::Definite
        }
        (Some(None), None) => false,
        (None, _) => true,
    }
}

/// "its country"
fn is_kind_of_its_own(input: &SieveInput, links: &Links, mention: usize) -> bool {
    let feature = &links.features[mention];
    let before = |token: usize| token < input.head(mention);
    feature.possessor.is_some_and(before) && input.lexicon.has_use(&feature.head, Use::Kind)
}

/// The class of a bare word for the kind of thing: "the country".
fn kind<'p>(input: &SieveInput<'p>, links: &Links, mention: usize) -> Option<&'p NamedClass> {
    let feature = &links.features[mention];
    let plain = feature.words.is_empty() && feature.possessor.is_none();
    let singular = feature.number == Some(Number::Singular);
    let is_kind = plain && singular && input.lexicon.has_use(&feature.head, Use::Kind);
    input.lexicon.class(&feature.head).filter(|_| is_kind)
}

/// "the country", "the company": the nearest name of that kind, subjects first.
fn kind_of_thing(input: &SieveInput, links: &mut Links, trail: &[usize], mention: usize) -> bool {
    let Some(class) = kind(input, links, mention) else { return false };
    // "the council" is no body whose name does not say so: the same word was looked for before.
    let told = input.lexicon.has_use(&links.features[mention].head, Use::Told);
    let here = input.mentions[mention].sentence.0;
    let mut best: Option<((u32, bool, usize), usize)> = None;
    for &candidate in trail.iter().rev().take(REACH) {
        let distance = here - input.mentions[candidate].sentence.0;
        if distance > SENTENCES {
            break;
        }
        let own = &links.features[candidate];
        if input.kind(candidate) != MentionKind::Name
            || input.mentions[mention].span.contains(input.mentions[candidate].span)
            || !is_of_class(input, links, candidate, class)
            || told && links.known(candidate).entry.is_none()
            || tells_of_somebody(input, candidate)
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

fn tells_of_somebody(input: &SieveInput, candidate: usize) -> bool {
    is_of_somebody(input, input.tree(candidate), input.head(candidate))
}

fn is_of_class(input: &SieveInput, links: &Links, candidate: usize, class: &NamedClass) -> bool {
    let known = links.known(candidate);
    if let Some(entry) = known.entry {
        return input.gazetteer.entry(entry).class == *class;
    }
    let feature = &links.features[candidate];
    let last = feature.words.last().filter(|_| feature.words.len() > 1);
    let of_name =
        last.and_then(|word| input.lexicon.legal_form(word).or_else(|| input.lexicon.class(word)));
    match of_name {
        // "the group" may be a company as well.
        Some(of_name) => {
            let any = class.stands_for(Kind::Organization);
            of_name == class || any && known.label == Some(Label::Org)
        }
        None if class.is(Kind::Country) || class.is(Kind::Region) => false,
        None if class.is(Kind::City) => known.label == Some(Label::Place),
        None => {
            known.label == Some(Label::Org)
                && class.stands_for(Kind::AnyBody)
                && !names_a_thing(input, candidate)
        }
    }
}

/// "the *Budwell* award": part of the name of a thing, so that the body was not mentioned; somebody's
/// title speaks of it ("*Ferrol Lines* chief executive").
fn names_a_thing(input: &SieveInput, candidate: usize) -> bool {
    let tree = input.tree(candidate);
    let token = input.head(candidate);
    tree.deprel(token) == Deprel::Compound
        && tree.head(token).is_some_and(|noun| {
            let lemma = tree.lemma(noun).to_lowercase();
            tree.upos(noun) == Upos::Noun && !input.lexicon.denotes_person(&lemma)
        })
}
