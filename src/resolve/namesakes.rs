//! Persons of one name: into how many persons do the clusters of one full name fall?
//!
//! Comes in: all clusters of one name. Goes out: those that are one person, together. Whether two are
//! one is decided by the weight of evidence, as in record linkage (Fellegi and Sunter 1969): log
//! likelihood ratios of co-occurring names, role, post, country and year of birth are added up, as if
//! they were independent. Two join where the sum passes a threshold, which for co-occurring names
//! grows with the number of clusters, since among many some agree by chance. Clusters without
//! evidence go to the largest person, unless the attributes of two persons contradict each other, or
//! the prior that the name has several bearers outweighs that person's share.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::cooccurrence::{CooccurringNames, NameId};
use super::items::Item;
use super::weight;
use crate::document::ClusterId;
use crate::resource::gazetteer::EntryId;

/// Weight of evidence from co-occurring names, above chance agreement, from which two clusters join.
const COOCCURRENCE_THRESHOLD: i32 = 9;

/// Weight of evidence from role, post, country and age from which two persons join.
const PROFILE_THRESHOLD: i32 = 9;

/// Below this weight the attributes of two persons contradict each other.
const CONTRADICTION_THRESHOLD: i32 = -9;

/// Pseudo-counts, in sixteenths of a cluster, for values other than those observed: people have
/// several roles and posts, and texts confuse them; countries and ages are seldom wrong.
const ROLE_PSEUDO_COUNT: u32 = 2;
const POST_PSEUDO_COUNT: u32 = 2;
const COUNTRY_PSEUDO_COUNT: u32 = 1;
const AGE_PSEUDO_COUNT: u32 = 1;

/// Likelihood ratio of two ages that agree, as a multiple of [`ONE`].
const AGE_LIKELIHOOD_RATIO: u64 = 10 * ONE;

/// Years by which two years of birth may differ and still agree: birthdays, and ages copied from
/// older texts.
const AGE_TOLERANCE: i16 = 2;

/// Additive smoothing of the frequencies of roles, posts and countries: clusters more that give any
/// value, and how many of them give the one that is asked for.
const PRIOR_TOTAL: usize = 100;
const PRIOR_COUNT: usize = 5;

/// How many of the largest persons are compared with each other; the others only with these.
const MAX_PAIRWISE: usize = 24;

/// From how many clusters of a person the co-occurring names are taken.
const SAMPLE: usize = 50;

/// One cluster in so many may be given a wrong attribute; of a name with [`MANY`] clusters, one in
/// fewer. A contradicted person of a smaller share is taken for such an error.
const ONE_ERROR_IN: usize = 100;
const MANY: usize = 500;
const ONE_ERROR_IN_OF_MANY: usize = 25;

/// Smoothing of the share of ambiguous names: names more that have one bearer.
const PRIOR_NAMES: usize = 200;

/// Turns the share of ambiguous names into a number of clusters, as `ambiguity` gives it.
const AMBIGUITY_SCALE: usize = 1700;

/// By how much the prior that a name is ambiguous grows if a person of that name is contradicted.
const RIVAL_FACTOR: usize = 4;

/// Why two clusters are one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tie {
    /// Rare names co-occur with both.
    Cooccurrence,
    /// Role, country or age agree.
    Profile,
    /// There is no other of that name.
    Name,
    /// There may be another of that name, but this one has the largest share of the clusters.
    Prominence,
}

/// The values of one attribute that were observed, each with the number of clusters that give it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tally<T> {
    counts: BTreeMap<T, u32>,
    /// The sum of the counts.
    all: u32,
}

impl<T> Default for Tally<T> {
    fn default() -> Self {
        Self { counts: BTreeMap::new(), all: 0 }
    }
}

impl<T: Copy + Ord> Tally<T> {
    fn of(values: impl IntoIterator<Item = T>) -> Self {
        let mut tally = Self::default();
        for value in values {
            *tally.counts.entry(value).or_default() += 1;
            tally.all += 1;
        }
        tally
    }

    /// Takes as long as the smaller one is large.
    fn add(&mut self, mut other: Self) {
        if self.counts.len() < other.counts.len() {
            std::mem::swap(self, &mut other);
        }
        self.all += other.all;
        for (value, count) in other.counts {
            *self.counts.entry(value).or_default() += count;
        }
    }

    fn values(&self) -> impl Iterator<Item = T> {
        self.counts.keys().copied()
    }

    /// Weight of evidence of two tallies. `pairs` holds the values that agree: how often each side
    /// gives them, and their likelihood ratio. The ratio of two clusters drawn at random is the mean
    /// over all pairs of values, where a pair that differs counts as 0: the more observations, the
    /// more a difference weighs. It is mixed with a ratio of 1 in the share of `pseudo_count`.
    fn log_ratio(
        &self,
        other: &Self,
        pseudo_count: u32,
        pairs: impl Iterator<Item = (u32, u32, u64)>,
    ) -> i32 {
        if self.all == 0 || other.all == 0 {
            return 0;
        }
        let observed = u128::from(self.all) * u128::from(other.all);
        let agree: u128 = pairs
            .map(|(a, b, weight)| u128::from(a) * u128::from(b) * u128::from(weight))
            .sum::<u128>()
            / observed;
        let smoothed = |all: u32| 16 * u128::from(all) + u128::from(pseudo_count);
        let whole = smoothed(self.all) * smoothed(other.all);
        let observed = 256 * observed;
        let ratio = (observed * agree + (whole - observed) * u128::from(ONE)) / whole;
        weight::ratio(usize::try_from(ratio).unwrap_or(usize::MAX), ONE as usize)
    }
}

/// A likelihood ratio of 1, in fixed point.
const ONE: u64 = 1 << 16;

/// The attributes of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Profile<'a> {
    born: Tally<i16>,
    countries: Tally<EntryId>,
    roles: Tally<&'a str>,
    /// Bodies in which the person has a post.
    posts: Tally<NameId>,
}

impl Profile<'_> {
    fn is_empty(&self) -> bool {
        self.born.all + self.countries.all + self.roles.all + self.posts.all == 0
    }

    /// Orders by the values, whatever their counts.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        (self.born.values().cmp(other.born.values()))
            .then_with(|| self.countries.values().cmp(other.countries.values()))
            .then_with(|| self.roles.values().cmp(other.roles.values()))
            .then_with(|| self.posts.values().cmp(other.posts.values()))
    }
}

/// Clusters that are one person.
#[derive(Clone, Debug)]
pub(super) struct Person<'a> {
    profile: Profile<'a>,
    /// In no order.
    items: Vec<usize>,
    /// The first of them.
    pub(super) first: usize,
    /// The pairs of clusters that were joined, and why.
    pub(super) ties: Vec<(usize, usize, Tie)>,
}

impl Person<'_> {
    /// More clusters first, then those that come first.
    fn rank(&self) -> (Reverse<usize>, usize) {
        (Reverse(self.items.len()), self.first)
    }

    fn absorb(&mut self, other: Self, tie: (usize, usize, Tie)) {
        self.profile.born.add(other.profile.born);
        self.profile.countries.add(other.profile.countries);
        self.profile.roles.add(other.profile.roles);
        self.profile.posts.add(other.profile.posts);
        self.first = self.first.min(other.first);
        append_shorter(&mut self.items, other.items);
        append_shorter(&mut self.ties, other.ties);
        self.ties.push(tie);
    }
}

/// What the weights of evidence rest on: how frequent names, roles, posts and countries are.
pub(super) struct Namesakes<'a> {
    items: &'a [Item],
    cooccurring: &'a CooccurringNames,
    roles: Frequencies<&'a str>,
    countries: Frequencies<EntryId>,
    posts: Frequencies<NameId>,
}

/// How many clusters give each value of an attribute, and how many give any.
struct Frequencies<T> {
    of: FxHashMap<T, usize>,
    described: usize,
}

impl<T: Copy + Eq + std::hash::Hash + Ord> Frequencies<T> {
    fn new<'i>(lists: impl Iterator<Item = &'i [T]>) -> Self
    where
        T: 'i,
    {
        let mut counts = Self { of: FxHashMap::default(), described: 0 };
        for list in lists.filter(|list| !list.is_empty()) {
            counts.described += 1;
            for value in list {
                *counts.of.entry(*value).or_default() += 1;
            }
        }
        counts
    }

    /// Weight of evidence of the values that two have; rare ones that agree weigh most.
    fn log_ratio(&self, a: &Tally<T>, b: &Tally<T>, pseudo_count: u32) -> i32 {
        let (small, large) = if a.counts.len() < b.counts.len() { (a, b) } else { (b, a) };
        let common = small.counts.iter().filter_map(|(value, &count)| {
            let other = *large.counts.get(value)?;
            let frequency = self.of.get(value).copied().unwrap_or_default();
            let ratio =
                ONE * (self.described + PRIOR_TOTAL) as u64 / (frequency + PRIOR_COUNT) as u64;
            Some((count, other, ratio))
        });
        a.log_ratio(b, pseudo_count, common)
    }
}

impl<'a> Namesakes<'a> {
    pub(super) fn new(
        items: &'a [Item],
        cooccurring: &'a CooccurringNames,
        persons: &[usize],
    ) -> Self {
        let roles: Vec<Vec<&str>> = persons.iter().map(|&item| roles(&items[item])).collect();
        let posts: Vec<Vec<NameId>> =
            persons.iter().map(|&item| posts(items, cooccurring, item)).collect();
        let countries = persons.iter().map(|&item| &items[item].countries[..]);
        Self {
            items,
            cooccurring,
            roles: Frequencies::new(roles.iter().map(Vec::as_slice)),
            countries: Frequencies::new(countries),
            posts: Frequencies::new(posts.iter().map(Vec::as_slice)),
        }
    }

    /// Weight of evidence of role, post, country and age for two being one; negative if against.
    fn log_ratio(&self, a: &Profile, b: &Profile) -> i32 {
        let years = a.born.counts.iter().flat_map(|(&year, &count)| {
            let near = year.saturating_sub(AGE_TOLERANCE)..=year.saturating_add(AGE_TOLERANCE);
            let others = b.born.counts.range(near);
            others.map(move |(_, &other)| (count, other, AGE_LIKELIHOOD_RATIO))
        });
        let posts = self.posts.log_ratio(&a.posts, &b.posts, POST_PSEUDO_COUNT);
        let roles = self.roles.log_ratio(&a.roles, &b.roles, ROLE_PSEUDO_COUNT);
        // Two bodies have two directors: an equal role is no evidence where the posts differ.
        let roles = if posts < 0 { roles.min(0) } else { roles };
        let countries = self.countries.log_ratio(&a.countries, &b.countries, COUNTRY_PSEUDO_COUNT);
        a.born.log_ratio(&b.born, AGE_PSEUDO_COUNT, years) + countries + roles + posts
    }

    /// True if role, post, country and age are against two being one, and the names that co-occur with
    /// both do not make up for it: who is told of in one company may have two roles.
    fn are_contradictory(&self, a: &Person, b: &Person) -> bool {
        let against = self.log_ratio(&a.profile, &b.profile);
        against < CONTRADICTION_THRESHOLD
            && against + self.weight_of_company(a, b) < CONTRADICTION_THRESHOLD
    }

    /// Weight of evidence of the names that co-occur with two persons, above chance agreement: of
    /// each its share of the clusters of the larger person against its share of all documents.
    fn weight_of_company(&self, a: &Person, b: &Person) -> i32 {
        let sample = |person: &Person| person.items.len().min(SAMPLE);
        let beside = |person: &Person| {
            let items = &person.items[..sample(person)];
            self.cooccurring.beside_any(self.items, items)
        };
        let of_one_cluster = weight::of(sample(a).max(sample(b)), 1);
        let shared = self.cooccurring.shared_weight_beyond(&beside(a), &beside(b), of_one_cluster);
        (shared - chance(a.items.len() + b.items.len())).max(0)
    }

    /// Joins the clusters of one name for which there is evidence; persons with more clusters first.
    pub(super) fn join_by_evidence(&self, block: &[usize]) -> Vec<Person<'a>> {
        let mut persons = self.join_by_cooccurrence(block);
        self.join_by_profile(&mut persons);
        persons.sort_by_key(Person::rank);
        persons
    }

    /// Joins clusters with which the same rare names co-occur, in falling order of weight.
    fn join_by_cooccurrence(&self, block: &[usize]) -> Vec<Person<'a>> {
        let chance = chance(block.len());
        // A name, or two names that co-occur with one cluster, and the clusters that have them.
        let mut by_names: FxHashMap<[NameId; 2], Vec<usize>> = FxHashMap::default();
        for (at, &item) in block.iter().enumerate() {
            let names = self.cooccurring.beside(self.items, item);
            for (nth, &name) in names.iter().enumerate() {
                for &other in &names[nth..] {
                    let pair = [name.min(other), name.max(other)];
                    by_names.entry(pair).or_default().push(at);
                }
            }
        }
        let weight = |[a, b]: [NameId; 2]| {
            self.cooccurring.weight(a) + if a == b { 0 } else { self.cooccurring.weight(b) }
        };
        let mut by_names: Vec<(i32, [NameId; 2], Vec<usize>)> = by_names
            .into_iter()
            .filter(|(_, members)| members.len() > 1)
            .map(|(names, members)| (weight(names), names, members))
            .collect();
        by_names.sort_unstable_by_key(|&(weight, names, _)| (Reverse(weight), names));

        let mut persons: Vec<Option<Person>> =
            block.iter().map(|&item| Some(self.person(item))).collect();
        let mut of: Vec<usize> = (0..block.len()).collect();
        for (weight, _, members) in by_names {
            for &member in &members[1..] {
                let (a, b) = (of[members[0]], of[member]);
                let (Some(left), Some(right)) = (&persons[a], &persons[b]) else { continue };
                if a == b
                    || weight + self.log_ratio(&left.profile, &right.profile)
                        < COOCCURRENCE_THRESHOLD + chance
                {
                    continue;
                }
                let (large, small) = if left.rank() < right.rank() { (a, b) } else { (b, a) };
                let Some(other) = persons[small].take() else { continue };
                for item in &other.items {
                    if let Ok(at) = block.binary_search(item) {
                        of[at] = large;
                    }
                }
                if let Some(person) = &mut persons[large] {
                    person.absorb(other, (block[members[0]], block[member], Tie::Cooccurrence));
                }
            }
        }
        persons.into_iter().flatten().collect()
    }

    fn person(&self, index: usize) -> Person<'a> {
        let item = &self.items[index];
        let profile = Profile {
            born: Tally::of(item.born),
            countries: Tally::of(item.countries.iter().copied()),
            roles: Tally::of(roles(item)),
            posts: Tally::of(posts(self.items, self.cooccurring, index)),
        };
        Person { profile, items: vec![index], first: index, ties: Vec::new() }
    }

    /// Joins those whose role, post, country or age agree, in falling order of weight.
    fn join_by_profile(&self, persons: &mut Vec<Person<'a>>) {
        let (mut described, mut rest): (Vec<Person>, Vec<Person>) =
            std::mem::take(persons).into_iter().partition(|person| !person.profile.is_empty());
        described.sort_by(|a, b| a.profile.order(&b.profile).then_with(|| a.rank().cmp(&b.rank())));
        let mut kept: Vec<Person> = Vec::new();
        for person in described {
            match kept.last_mut() {
                Some(last)
                    if last.profile.order(&person.profile).is_eq()
                        && self.log_ratio(&last.profile, &person.profile) >= PROFILE_THRESHOLD =>
                {
                    join(last, person, Tie::Profile);
                }
                _ => kept.push(person),
            }
        }
        kept.sort_by_key(Person::rank);
        // Who absorbs another one stays among the largest, and the next one comes up.
        let mut smaller = kept.split_off(kept.len().min(MAX_PAIRWISE)).into_iter();
        loop {
            kept.sort_by_key(Person::rank);
            let pairs = (0..kept.len()).flat_map(|a| (a + 1..kept.len()).map(move |b| (a, b)));
            let weighed =
                pairs.map(|(a, b)| (self.log_ratio(&kept[a].profile, &kept[b].profile), a, b));
            let best = weighed
                .filter(|&(weight, ..)| weight >= PROFILE_THRESHOLD)
                .max_by_key(|&(weight, a, b)| (weight, Reverse((a, b))));
            let Some((_, a, b)) = best else { break };
            let other = kept.remove(b);
            join(&mut kept[a], other, Tie::Profile);
            kept.extend(smaller.next());
        }
        for person in smaller {
            let weighed = kept
                .iter()
                .enumerate()
                .map(|(at, other)| (self.log_ratio(&other.profile, &person.profile), Reverse(at)));
            match weighed.max() {
                Some((weight, Reverse(at))) if weight >= PROFILE_THRESHOLD => {
                    join(&mut kept[at], person, Tie::Profile);
                }
                _ => rest.push(person),
            }
        }
        rest.append(&mut kept);
        *persons = rest;
    }

    /// Prior that a name of this corpus has several bearers, from the share of names whose persons
    /// contradict each other. Given as the number of clusters up to which a name is to be doubted
    /// for which there is no evidence; the rarer a name, the more of its clusters one person must have
    /// for all to be that person.
    pub(super) fn ambiguity<'p>(&self, names: impl Iterator<Item = &'p [Person<'a>]>) -> usize
    where
        'a: 'p,
    {
        let (mut n_described, mut n_ambiguous) = (0, 0);
        for persons in names {
            let mut described: Vec<&Person> =
                persons.iter().filter(|person| !person.profile.is_empty()).collect();
            n_described +=
                usize::from(described.iter().map(|person| person.items.len()).sum::<usize>() > 1);
            described.retain(|person| person.items.len() > 1);
            described.truncate(MAX_PAIRWISE);
            n_ambiguous +=
                usize::from(described.iter().enumerate().any(|(nth, a)| {
                    described[nth + 1..].iter().any(|b| self.are_contradictory(a, b))
                }));
        }
        // One may be an error of the extraction.
        n_ambiguous.saturating_sub(1) * AMBIGUITY_SCALE / (n_described + PRIOR_NAMES)
    }

    /// Gives the clusters without evidence to the largest person, unless the name is ambiguous. Takes
    /// what [`Self::join_by_evidence`] gives.
    pub(super) fn assign_rest(
        &self,
        persons: Vec<Person<'a>>,
        ambiguity: usize,
    ) -> Vec<Person<'a>> {
        let clusters: usize = persons.iter().map(|person| person.items.len()).sum();
        let n_contradicted = self.largest_contradicted(&persons);
        let mut rest = persons.into_iter();
        let Some(mut first) = rest.next() else { return Vec::new() };
        let one_error_in = if clusters < MANY { ONE_ERROR_IN } else { ONE_ERROR_IN_OF_MANY };
        let two = n_contradicted > 1 && n_contradicted * one_error_in >= clusters;
        let ambiguity = if n_contradicted > 0 { ambiguity * RIVAL_FACTOR } else { ambiguity };
        // The share of the first plus clusters / ambiguity is more than 9/10.
        let prevails =
            10 * (first.items.len() * ambiguity + clusters * clusters) > 9 * clusters * ambiguity;
        let tie = if ambiguity > 0 { Tie::Prominence } else { Tie::Name };
        let mut others = Vec::new();
        for person in rest {
            // What was joined adds to the attributes of the first.
            if two || !prevails || self.are_contradictory(&first, &person) {
                others.push(person);
            } else {
                join(&mut first, person, tie);
            }
        }
        others.push(first);
        others.sort_by_key(Person::rank);
        others
    }

    /// The number of clusters of the largest person that a larger one contradicts.
    fn largest_contradicted(&self, persons: &[Person]) -> usize {
        let described = |person: &&Person| !person.profile.is_empty();
        let described: Vec<&Person> = persons.iter().filter(described).take(MAX_PAIRWISE).collect();
        let contradicted = |&nth: &usize| {
            described[..nth].iter().any(|larger| self.are_contradictory(larger, described[nth]))
        };
        (1..described.len()).find(contradicted).map_or(0, |nth| described[nth].items.len())
    }
}

/// What names that co-occur by chance weigh, where any of so many clusters may agree.
fn chance(clusters: usize) -> i32 {
    weight::of(clusters, 1) * 4 / 5
}

/// Takes as long as the shorter one is long; the order is that of the longer, then of the shorter.
fn append_shorter<T>(into: &mut Vec<T>, mut other: Vec<T>) {
    if into.len() < other.len() {
        std::mem::swap(into, &mut other);
    }
    into.append(&mut other);
}

fn join<'a>(person: &mut Person<'a>, other: Person<'a>, tie: Tie) {
    let tie = (person.first, other.first, tie);
    person.absorb(other, tie);
}

fn roles(item: &Item) -> Vec<&str> {
    item.roles.iter().map(String::as_str).collect()
}

/// The bodies in which a person has a post, sorted.
fn posts(items: &[Item], cooccurring: &CooccurringNames, index: usize) -> Vec<NameId> {
    let item = &items[index];
    let held = |&other: &usize| item.posts.contains(&ClusterId::from(items[other].cluster));
    let items_of = cooccurring.items_of(item.document).filter(|_| !item.posts.is_empty());
    let mut names: Vec<NameId> =
        items_of.filter(held).map(|other| cooccurring.name(other)).collect();
    names.sort_unstable();
    names.dedup();
    names
}
