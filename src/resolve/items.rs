//! Clusters with what is compared: folded names, gazetteer entry, countries, roles.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use compact_str::CompactString;
use jiff::civil::Date;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use thin_vec::ThinVec;

use super::copies::{self, Signature};
use super::join::{is_acronym, is_common_name};
use super::{World, entities};
use crate::document::{
    Cluster, ClusterId, Document, Label, MentionId, MentionKind, SentenceId, Span,
};
use crate::entity::{Entity, Unnamed};
use crate::error::Result;
use crate::ontology::{Kind, PropertyKind};
use crate::resource::corrections::Corrections;
use crate::resource::fold::{self, fold, initials, is_invisible};
use crate::resource::gazetteer::EntryId;
use crate::resource::lexicon::{PersonRole, RoleKind};
use crate::shelf::Shelf;
use crate::statement::{Argument, Factuality, Polarity, Predicate, Reading, Statement};

/// What is kept of a document.
#[derive(Clone, Debug)]
pub(super) struct DocumentSummary {
    pub(super) id: Box<str>,
    /// Of id and text.
    pub(super) digest: blake3::Hash,
    pub(super) published: Option<Date>,
    pub(super) signature: Option<Box<Signature>>,
    pub(super) n_clusters: usize,
}

impl DocumentSummary {
    pub(super) fn new(document: &Document, n_clusters: usize) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(document.id.as_bytes());
        hasher.update(&[0]);
        hasher.update(document.text.as_bytes());
        Self {
            id: document.id.as_str().into(),
            digest: hasher.finalize(),
            published: document.published,
            signature: copies::signature(&document.text),
            n_clusters,
        }
    }
}

/// One cluster of one document.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Index of the reading.
    pub(super) document: usize,
    /// Index of the cluster.
    pub(super) cluster: usize,
    pub(super) label: Option<Label>,
    pub(super) entry: Option<EntryId>,
    /// Number of mentions.
    pub(super) weight: usize,
    /// The representative mention.
    pub(super) span: Span,
    /// The representative's words, one space between them; empty if it has a name.
    pub(super) words: CompactString,
    /// Where it is mentioned, sorted; empty if it has no name.
    pub(super) sentences: ThinVec<SentenceId>,
    /// Bodies of the document in which a person has a post: "the director of Norvik".
    pub(super) posts: ThinVec<ClusterId>,
    /// Clusters of the document that it stands for.
    pub(super) members: ThinVec<ClusterId>,
    /// Equal ones are one: most clusters of a corpus have the same names and words.
    pub(super) text: Arc<ClusterText>,
}

/// What is written in the text about a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct ClusterText {
    /// Names as words, folded, in the order of [`Cluster::names`].
    pub(super) names: Vec<Vec<String>>,
    /// [`Cluster::names`], with the number of mentions that are spelled so.
    pub(super) spelled: Vec<(String, u32)>,
    /// [`Cluster::descriptions`].
    pub(super) descriptions: Vec<String>,
    /// Countries that titles, possessors and adjectives name, sorted.
    pub(super) countries: Vec<EntryId>,
    /// Roles that descriptions name, sorted.
    pub(super) roles: Vec<String>,
    /// Country and words of a body that every country has one of: "Norwegian", "justice ministry".
    pub(super) body: Option<(EntryId, String)>,
    /// Year of birth that follows from an age, give or take one.
    pub(super) born: Option<i16>,
}

impl std::ops::Deref for Item {
    type Target = ClusterText;

    fn deref(&self) -> &ClusterText {
        &self.text
    }
}

impl Item {
    /// True for what nothing is compared with: it has no name, and stands for nobody else.
    fn is_alone(&self) -> bool {
        !self.is_compared() && self.members.is_empty()
    }

    /// True if others may be the same.
    pub(super) fn is_compared(&self) -> bool {
        !self.names.is_empty() || self.entry.is_some() || self.body.is_some()
    }
}

impl ClusterText {
    /// The name with most words, the first of such.
    pub(super) fn fullest(&self) -> &[String] {
        let mut fullest: &[String] = &[];
        for name in &self.names {
            if name.len() > fullest.len() {
                fullest = name;
            }
        }
        fullest
    }
}

/// Readings that are looked at together.
const PART: usize = 512;

/// The entities of what is compared with nothing, with the number of mentions.
type Alone = Vec<(Entity, usize)>;

/// All documents in their order, the clusters that are compared, ordered by what the documents are,
/// not by how they came in, and the others as the entities that they are.
pub(super) fn of(
    world: &World,
    readings: &Shelf,
    corrections: &Corrections,
) -> Result<(Vec<DocumentSummary>, Vec<Item>, Unnamed)> {
    let mut documents: Vec<DocumentSummary> = Vec::with_capacity(readings.len());
    let mut items: Vec<Item> = Vec::new();
    let mut unnamed = Unnamed::spilling(readings.spill()?);
    let mut known: FxHashSet<Arc<ClusterText>> = FxHashSet::default();
    let meant = corrections.meant();
    for start in (0..readings.len()).step_by(PART) {
        let part: Vec<(DocumentSummary, Vec<Item>, Alone)> = (start
            ..readings.len().min(start + PART))
            .into_par_iter()
            .map(|index| {
                let reading = readings.get(index)?;
                let n_clusters = reading.clusters.len();
                let document = DocumentSummary::new(&reading.document, n_clusters);
                let (mut items, mut alone) = (Vec::new(), Vec::new());
                let life = Life::new(world, &reading);
                let lands = lands(world, &reading);
                for at in 0..n_clusters {
                    let item = item(world, &reading, (&life, &lands), index, at);
                    if !item.is_alone() {
                        items.push(item);
                        continue;
                    }
                    let entity = entities::alone(world, &document, &item);
                    match meant.includes(&entity.slug, &document.id) {
                        true => items.push(item),
                        false => alone.push((entity, item.weight)),
                    }
                }
                Ok((document, items, alone))
            })
            .collect::<Result<_>>()?;
        for (document, mut own, alone) in part {
            alone.iter().for_each(|(entity, weight)| unnamed.push(entity, *weight));
            // What stays is copied, so that threads which only read hold no memory.
            for item in &mut own {
                item.sentences = item.sentences.clone();
                item.posts = item.posts.clone();
                item.text = match known.get(&item.text) {
                    Some(text) => Arc::clone(text),
                    None => {
                        let text = Arc::new(ClusterText::clone(&item.text));
                        known.insert(Arc::clone(&text));
                        text
                    }
                };
            }
            documents.push(document);
            items.append(&mut own);
        }
    }
    drop(known);
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.sort_by(|&a, &b| {
        let key = |index: usize| (&documents[index].id, documents[index].digest.as_bytes());
        key(a).cmp(&key(b))
    });
    let mut rank = vec![0; documents.len()];
    (0..).zip(order).for_each(|(nth, document)| rank[document] = nth);
    items.sort_unstable_by_key(|item| (rank[item.document], item.cluster));
    persons_by_first_name(world, &mut items);
    types_by_vote(world, &mut items);
    forget_foreign_acronyms(&mut items);
    Ok((documents, items, unnamed))
}

/// An acronym that some document of the corpus spells out in its own way is meant that way in the
/// others as well, whatever the gazetteer knows by these letters.
fn forget_foreign_acronyms(items: &mut [Item]) {
    let spelled_out: BTreeSet<String> = items
        .iter()
        .filter(|item| item.entry.is_none())
        .flat_map(|item| {
            let acronym = item.names.iter().find(|name| name.len() == 1).map(|name| name.concat());
            let long = item.names.iter().filter(|name| name.len() > 1);
            let letters: Vec<String> = long.map(|name| initials(&name.join(" "))).collect();
            letters.into_iter().filter(move |letters| acronym.as_ref() == Some(letters))
        })
        .collect();
    for item in items {
        let foreign = item.spelled.iter().all(|(name, _)| is_acronym(name))
            && item.names.iter().any(|name| spelled_out.contains(&name.concat()));
        if foreign && item.label == Some(Label::Org) {
            item.entry = None;
        }
    }
}

fn item(
    world: &World,
    reading: &Reading,
    (life, lands): (&Life, &FxHashSet<&str>),
    document: usize,
    index: usize,
) -> Item {
    let cluster = &reading.clusters[index];
    let words = |name: &String| -> Vec<String> { normalized(world, name, cluster.label) };
    let names: Vec<Vec<String>> =
        cluster.names.iter().map(words).filter(|name| !name.is_empty()).collect();
    let mut countries = countries_of_descriptions(world, cluster);
    if cluster.label != Some(Label::Person) {
        countries.extend(countries_before(world, reading, cluster));
    }
    countries.sort_unstable();
    countries.dedup();
    let entry = national(world, cluster, &countries).or_else(|| {
        let at_home = |&entry: &EntryId| {
            is_at_home(world, entry, &countries) && !is_of_elsewhere(world, cluster, entry, lands)
        };
        entry(world, cluster).filter(at_home)
    });
    let named = !cluster.names.is_empty();
    Item {
        document,
        cluster: index,
        label: entry.map_or(cluster.label, |entry| Some(world.gazetteer.entry(entry).label)),
        entry,
        weight: cluster.mentions.len(),
        span: reading.mentions[cluster.representative.index()].span,
        words: if named { "".into() } else { words_of(reading, cluster, &life.cluster_of).into() },
        sentences: if named { sentences(reading, cluster) } else { ThinVec::new() },
        posts: life.posts(cluster, index),
        members: cluster.members.as_slice().into(),
        text: Arc::new(ClusterText {
            body: body(world, cluster, &countries).filter(|_| entry.is_none()),
            names,
            spelled: spelled(reading, cluster),
            descriptions: cluster.descriptions.clone(),
            countries,
            roles: roles(world, cluster),
            born: life.born[index],
        }),
    }
}

/// The words of the representative's whole phrase, one space between them, without the "no" of what there is
/// none of. Names stand for the pronouns in it: "his boat" is "Ivo Ulm's boat".
fn words_of(reading: &Reading, cluster: &Cluster, cluster_of: &[Option<usize>]) -> String {
    let mention = &reading.mentions[cluster.representative.index()];
    let text = with_names(reading, mention.whole, cluster, cluster_of);
    let visible: String = text.chars().filter(|&c| !is_invisible(c)).collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    match &*words {
        [no, rest @ ..] if no.eq_ignore_ascii_case("no") && !rest.is_empty() => rest.join(" "),
        _ => words.join(" "),
    }
}

/// The words below a span with the names of others in place of their pronouns.
fn with_names(
    reading: &Reading,
    span: Span,
    own: &Cluster,
    cluster_of: &[Option<usize>],
) -> String {
    let text = &reading.document.text;
    reading.rewritten(span, |id, mention| {
        let cluster = cluster_of[id.index()].filter(|_| mention.kind == MentionKind::Pronoun)?;
        let other = Some(&reading.clusters[cluster]).filter(|other| *other != own)?;
        let name = other.names.first()?;
        let rest = text.get(mention.span.end as usize..span.end as usize).unwrap_or_default();
        let ending = match is_possessive(mention.span.of(text), rest.trim_start()) {
            true if name.ends_with('s') => "'",
            true => "'s",
            false => "",
        };
        Some(format!("{name}{ending}"))
    })
}

/// "his boat", "her boat": not "with her".
fn is_possessive(pronoun: &str, rest: &str) -> bool {
    match pronoun.to_lowercase().as_str() {
        "his" | "its" | "their" | "whose" => true,
        "her" => rest.starts_with(char::is_alphanumeric),
        _ => false,
    }
}

fn sentences(reading: &Reading, cluster: &Cluster) -> ThinVec<SentenceId> {
    let sentence = |id: &MentionId| reading.mentions[id.index()].sentence;
    let mut sentences: ThinVec<SentenceId> = cluster.mentions.iter().map(sentence).collect();
    sentences.sort_unstable();
    sentences.dedup();
    sentences
}

/// Posts and years of birth from the statements of a document, which are walked once for all clusters.
struct Life {
    /// The bodies of the document in which each cluster has a post, once for each statement.
    posts: FxHashMap<usize, Vec<ClusterId>>,
    /// Year of birth that follows from an age, of each cluster.
    born: Vec<Option<i16>>,
    /// The cluster of each mention.
    cluster_of: Vec<Option<usize>>,
}

impl Life {
    fn new(world: &World, reading: &Reading) -> Self {
        let mut cluster_of = vec![None; reading.mentions.len()];
        for (index, cluster) in reading.clusters.iter().enumerate() {
            for mention in &cluster.mentions {
                cluster_of[mention.index()] = Some(index);
            }
        }
        let of = |mention: MentionId| cluster_of[mention.index()];
        let mut posts: FxHashMap<usize, Vec<ClusterId>> = FxHashMap::default();
        for statement in reading.statements.iter().filter(|it| is_post(world, reading, it)) {
            let Argument::Mention(object) = statement.object else { continue };
            let is_org = |body: &usize| reading.clusters[*body].label == Some(Label::Org);
            if let (Some(person), Some(body)) = (of(statement.subject), of(object).filter(is_org)) {
                posts.entry(person).or_default().push(ClusterId::from(body));
            }
        }
        let mut born = vec![None; reading.clusters.len()];
        for statement in &reading.statements {
            if let Some(year) = year_of_birth(world, reading, statement)
                && let Some(person) = of(statement.subject)
            {
                born[person].get_or_insert(year);
            }
        }
        Self { posts, born, cluster_of }
    }

    /// The bodies in which a person has a post.
    fn posts(&self, cluster: &Cluster, index: usize) -> ThinVec<ClusterId> {
        if cluster.label != Some(Label::Person) || cluster.names.is_empty() {
            return ThinVec::new();
        }
        let own = self.posts.get(&index).into_iter().flatten();
        let mut bodies: ThinVec<ClusterId> = own.copied().collect();
        bodies.sort_unstable();
        bodies.dedup();
        bodies
    }
}

/// True if the statement is that somebody leads a body, or is "director of" it.
fn is_post(world: &World, reading: &Reading, statement: &Statement) -> bool {
    let leads = world.ontology.meaning(PropertyKind::Leads);
    let Predicate { property, role, .. } = &statement.predicate;
    statement.polarity == Polarity::Positive
        && matches!(statement.factuality, Factuality::Asserted | Factuality::Claimed)
        && (property.is_some() && *property == leads
            || role.as_ref().and_then(|role| world.lexicon.role(role)).is_some_and(is_held)
                && is_beside_name(reading, statement))
}

/// True for "Liv Dahl, the director of Norvik" and "Norvik director Liv Dahl", not for a post that
/// she is given.
fn is_beside_name(reading: &Reading, statement: &Statement) -> bool {
    const WORDS: usize = 4;
    let (name, post) =
        (reading.mentions[statement.subject.index()].span, statement.evidence.trigger);
    let text = &reading.document.text;
    let between = |start: u32, end: u32| text.get(start as usize..end as usize);
    match between(name.end, post.start) {
        Some(between) => {
            between.trim_start().starts_with(',')
                && between.split_whitespace().take(WORDS + 1).count() <= WORDS
        }
        None => between(post.end, name.start).is_some_and(|between| between.trim().is_empty()),
    }
}

fn is_held(role: &PersonRole) -> bool {
    matches!(role.kind, RoleKind::Office | RoleKind::Profession)
}

/// The names, with how many mentions bear them.
fn spelled(reading: &Reading, cluster: &Cluster) -> Vec<(String, u32)> {
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    let mentions = cluster.mentions.iter().map(|id| &reading.mentions[id.index()]);
    for mention in mentions.filter(|mention| mention.kind == MentionKind::Name) {
        *counts.entry(mention.span.of(&reading.document.text)).or_default() += 1;
    }
    let bears = |name: &String| counts.get(&**name).copied().unwrap_or_default();
    cluster.names.iter().map(|name| (name.clone(), bears(name))).collect()
}

/// The words of a name that are compared: without the title before a person, the place before
/// "-based", and what follows a legal form.
fn normalized(world: &World, name: &str, label: Option<Label>) -> Vec<String> {
    let words = fold::words(name);
    let mut rest = &words[..];
    match label {
        Some(Label::Person) => {
            let is_title = |word: &String| {
                world.lexicon.role(word).is_some_and(|role| {
                    matches!(role.kind, RoleKind::Honorific | RoleKind::Rank | RoleKind::Office)
                })
            };
            while let [title, _, ..] = rest
                && is_title(title)
            {
                rest = &rest[1..];
            }
        }
        Some(Label::Org) => {
            let based = rest.iter().position(|word| word == "based");
            if let Some(at) = based.filter(|&at| 0 < at && at + 1 < rest.len()) {
                rest = &rest[at + 1..];
            }
            let is_form = |word: &String| world.lexicon.legal_form(word).is_some();
            if let Some(at) = rest.iter().skip(1).position(is_form) {
                let more = rest[at + 2..].iter().take_while(|word| is_form(word)).count();
                rest = &rest[..at + 2 + more];
            }
        }
        _ => {}
    }
    rest.to_vec()
}

/// Country and words of a body of a state: "the Norwegian justice ministry", "Ministry of Justice"
/// with Norway before it.
fn body(world: &World, cluster: &Cluster, countries: &[EntryId]) -> Option<(EntryId, String)> {
    if !matches!(cluster.label, Some(Label::Org) | None) {
        return None;
    }
    let phrases = match cluster.names.is_empty() {
        true => &cluster.descriptions,
        false => &cluster.names,
    };
    phrases.iter().find_map(|phrase| {
        let folded = fold(phrase);
        let words: Vec<&str> = folded.split(' ').collect();
        let (country, rest) = match country_within(world, &words) {
            Some((country, span)) => {
                (country, words[..span.start].iter().chain(&words[span.end..]).copied().collect())
            }
            None => match countries {
                [country] if !cluster.names.is_empty() => (*country, words),
                _ => return None,
            },
        };
        let rest: Vec<&str> =
            rest.into_iter().filter(|word| !matches!(*word, "of" | "for" | "the" | "s")).collect();
        let of_state = |word: &&str| world.lexicon.names_kind(word, Kind::PublicBody);
        let common = |word: &&str| {
            world.lexicon.noun_label(word).is_some() || world.lexicon.class(word).is_some()
        };
        let fits = (1..=4).contains(&rest.len())
            && rest.iter().any(of_state)
            && (rest.len() <= 2
                || rest.iter().filter(|word| common(word)).count() + 1 >= rest.len());
        let mut rest = rest;
        rest.sort_unstable();
        fits.then(|| (country, rest.join(" ")))
    })
}

/// The first country, or its adjective, among the words.
fn country_within(world: &World, words: &[&str]) -> Option<(EntryId, std::ops::Range<usize>)> {
    let is_country = |id: &EntryId| world.gazetteer.entry(*id).class.is(Kind::Country);
    (0..words.len()).find_map(|start| {
        (start + 1..=words.len().min(start + 3)).rev().find_map(|end| {
            let phrase = words[start..end].join(" ");
            let found =
                world.gazetteer.adjective(&phrase).or_else(|| world.gazetteer.best(&phrase));
            found.filter(is_country).map(|id| (id, start..end))
        })
    })
}

/// The year of birth, from the age that a statement gives and the date of the document.
fn year_of_birth(world: &World, reading: &Reading, statement: &Statement) -> Option<i16> {
    let year = reading.document.published?.year();
    let has_age = world.ontology.meaning(PropertyKind::Age)?;
    if statement.predicate.property != Some(has_age) || statement.polarity != Polarity::Positive {
        return None;
    }
    let age: i16 = match &statement.object {
        Argument::Mention(id) => {
            reading.mentions[id.index()].span.of(&reading.document.text).parse().ok()?
        }
        Argument::Literal { value, .. } => value.parse().ok()?,
        Argument::Absent => return None,
    };
    (1..=120).contains(&age).then(|| year - age)
}

/// A name has one type in all documents: that of the most mentions, if half of them agree; what
/// bears a legal form anywhere is an organization everywhere.
///
/// Names of one word are too often those of several things; only what begins the name of a company
/// far more often than it stands for something else, and is no part of a person's name, is taken for
/// it.
fn types_by_vote(world: &World, items: &mut [Item]) {
    const CLEARLY: usize = 3;
    let mut votes: FxHashMap<String, BTreeMap<Label, usize>> = FxHashMap::default();
    let mut companies: FxHashSet<String> = FxHashSet::default();
    let mut beginnings: FxHashMap<String, usize> = FxHashMap::default();
    let mut alone: FxHashMap<String, usize> = FxHashMap::default();
    let is_person = |words: &[String]| world.gazetteer.is_first_name(&words[0]);
    for item in items.iter().filter(|item| item.entry.is_none()) {
        let words = without_form(world, item.fullest());
        let Some(label) = item.label.filter(|label| *label != Label::Norp) else { continue };
        if words.len() > 1 {
            *votes.entry(words.concat()).or_default().entry(label).or_default() += item.weight;
        }
        if words.len() < item.fullest().len() && !is_person(words) {
            companies.insert(words.concat());
            *beginnings.entry(words[0].clone()).or_default() += item.weight;
        }
        if item.fullest().len() == 1 && label != Label::Org {
            *alone.entry(words[0].clone()).or_default() += item.weight;
        }
    }
    let mut parts_of_persons: FxHashSet<String> = FxHashSet::default();
    for item in items.iter_mut().filter(|item| item.entry.is_none()) {
        let words = without_form(world, item.fullest());
        if words.len() < 2 || matches!(item.label, None | Some(Label::Norp)) {
            continue;
        }
        let key = words.concat();
        let of_name = votes.get(&key);
        let total: usize = of_name.map_or(0, |votes| votes.values().sum());
        let best = of_name.and_then(|votes| votes.iter().max_by_key(|&(_, weight)| *weight));
        let label = match best {
            _ if companies.contains(&key) => Some(Label::Org),
            Some((&label, &weight)) if weight * 2 >= total => Some(label),
            _ => item.label,
        };
        if label == Some(Label::Person) {
            parts_of_persons.extend(words.iter().cloned());
        }
        item.label = label;
    }
    for item in items.iter_mut().filter(|item| item.entry.is_none()) {
        if let [word] = item.fullest()
            && !matches!(item.label, None | Some(Label::Norp))
            && beginnings
                .get(word)
                .is_some_and(|weight| *weight >= CLEARLY * alone.get(word).unwrap_or(&0))
            && !parts_of_persons.contains(word)
            && !world.gazetteer.is_first_name(word)
        {
            item.label = Some(Label::Org);
        }
    }
}

/// A name without the legal form at its end.
pub(super) fn without_form<'n>(world: &World, name: &'n [String]) -> &'n [String] {
    match name {
        [rest @ .., last] if !rest.is_empty() && world.lexicon.legal_form(last).is_some() => {
            without_form(world, rest)
        }
        _ => name,
    }
}

/// The gazetteer's entry, if type and name agree.
fn entry(world: &World, cluster: &Cluster) -> Option<EntryId> {
    if !matches!(cluster.label, Some(Label::Place | Label::Org | Label::Misc) | None) {
        return None;
    }
    let agrees = |id: &EntryId| {
        let label = world.gazetteer.entry(*id).label;
        cluster.label.is_none_or(|own| own == label || own == Label::Misc)
    };
    let spelled_out: FxHashSet<String> = cluster
        .names
        .iter()
        .filter(|name| name.contains(' ') && world.gazetteer.find(name).is_empty())
        .map(|name| initials(&fold(name)))
        .collect();
    let named = |name: &String| {
        // An acronym that the text spells out in its own way is not the one that we know.
        let other = is_acronym(name) && spelled_out.contains(&fold(name).replace(' ', ""));
        let entries = if other { &[] } else { world.gazetteer.find(name) };
        entries.iter().copied().find(agrees)
    };
    let demonym = || cluster.names.iter().find_map(|name| world.gazetteer.adjective(name));
    // "the Norwegian parliament" may be known by another name.
    let described = || {
        let national = |phrase: &&String| {
            let words: Vec<&str> = phrase.split(' ').collect();
            (1..words.len().min(3))
                .any(|n| world.gazetteer.adjective(&words[..n].join(" ")).is_some())
        };
        let unnamed = cluster.names.is_empty();
        cluster.descriptions.iter().filter(|_| unnamed).filter(national).find_map(named)
    };
    cluster.names.iter().find_map(named).or_else(demonym).or_else(described)
}

/// The entry of a body whose name many countries have: "Supreme Court" with Norway before it.
fn national(world: &World, cluster: &Cluster, countries: &[EntryId]) -> Option<EntryId> {
    let [country] = countries else { return None };
    if cluster.label != Some(Label::Org) {
        return None;
    }
    let country = &world.gazetteer.entry(*country).name;
    cluster.names.iter().find_map(|name| {
        [format!("{country}'s {name}"), format!("{name} of {country}"), format!("{country} {name}")]
            .iter()
            .find_map(|whole| world.gazetteer.best(whole))
    })
}

/// True unless texts give it a country that is not the entry's.
fn is_at_home(world: &World, entry: EntryId, countries: &[EntryId]) -> bool {
    let entry = world.gazetteer.entry(entry);
    entry.label == Label::Place
        || entry.country.is_none()
        || countries.is_empty()
        || countries.iter().any(|&id| world.gazetteer.entry(id).country == entry.country)
}

/// The countries that a document names, or that it names a place of, by their codes.
fn lands<'w>(world: &World<'w>, reading: &Reading) -> FxHashSet<&'w str> {
    let places = reading.clusters.iter().filter(|cluster| cluster.label == Some(Label::Place));
    places
        .flat_map(|cluster| &cluster.names)
        .filter_map(|name| world.gazetteer.best(name).or_else(|| world.gazetteer.adjective(name)))
        .filter_map(|id| world.gazetteer.entry(id).country.as_deref())
        .collect()
}

/// True for a body whose name any country may have one for, in a document that tells of other
/// countries only: "Democratic Party" in news of one that is far away.
fn is_of_elsewhere(
    world: &World,
    cluster: &Cluster,
    entry: EntryId,
    lands: &FxHashSet<&str>,
) -> bool {
    let entry = world.gazetteer.entry(entry);
    let common = |name: &String| {
        let words = fold::words(name);
        let body = |word: &String| world.lexicon.names_kind(word, Kind::Organization);
        is_common_name(world, &words) && words.iter().any(body)
    };
    entry.label == Label::Org
        && entry.country.as_deref().is_some_and(|home| !lands.is_empty() && !lands.contains(home))
        && !cluster.names.is_empty()
        && cluster.names.iter().all(common)
}

fn countries_of_descriptions(world: &World, cluster: &Cluster) -> Vec<EntryId> {
    let mut countries = Vec::new();
    for description in &cluster.descriptions {
        let words: Vec<&str> = description.split(' ').collect();
        for start in 0..words.len() {
            for end in start + 1..=words.len().min(start + 2) {
                countries.extend(world.gazetteer.adjective(&words[start..end].join(" ")));
            }
        }
    }
    countries
}

/// Countries whose name or adjective stands right before a name: "Norway's Foreign Ministry".
fn countries_before(world: &World, reading: &Reading, cluster: &Cluster) -> Vec<EntryId> {
    let mut countries = Vec::new();
    for id in &cluster.mentions {
        let mention = &reading.mentions[id.index()];
        if mention.kind != MentionKind::Name {
            continue;
        }
        for before in reading.mentions[..id.index()].iter().rev().take(4) {
            let between = before.span.end <= mention.span.start && before.kind == MentionKind::Name;
            if !between || before.sentence != mention.sentence {
                continue;
            }
            let gap = &reading.document.text[before.span.end as usize..mention.span.start as usize];
            if matches!(gap.trim(), "" | "'s" | "’s" | "'" | "’") {
                let text = before.span.of(&reading.document.text);
                let found = world.gazetteer.adjective(text).or_else(|| world.gazetteer.best(text));
                countries.extend(found);
            }
        }
    }
    countries
}

fn roles(world: &World, cluster: &Cluster) -> Vec<String> {
    let mut roles: Vec<String> = cluster
        .descriptions
        .iter()
        .filter_map(|description| {
            let words: Vec<&str> = description.split(' ').collect();
            (0..words.len()).find_map(|start| world.lexicon.role(&words[start..].join(" ")))
        })
        .filter(|role| is_held(role))
        .map(|role| role.name.clone())
        .collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// A name that is a person in one document and something else in another is a person if it begins
/// with a first name: headlines in capitals mislead.
fn persons_by_first_name(world: &World, items: &mut [Item]) {
    let mut persons = FxHashSet::default();
    for item in items.iter().filter(|item| item.label == Some(Label::Person)) {
        let name = item.fullest();
        if name.len() > 1 && world.gazetteer.is_first_name(&name[0]) {
            persons.insert(name.concat());
        }
    }
    for item in items.iter_mut() {
        let other = !matches!(item.label, Some(Label::Person | Label::Norp));
        if other && item.entry.is_none() && persons.contains(&item.fullest().concat()) {
            item.label = Some(Label::Person);
        }
    }
}
