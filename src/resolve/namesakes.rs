//! Persons of one name: how many are there, and who is meant where?
//!
//! Comes in: all clusters of one name. Goes out: those that are one person, together. What two have
//! in common, and what differs, is weighed as in the linkage of records (Fellegi and Sunter 1969):
//! the weights of rare names beside both, of role, post, country and age add up. What outweighs the
//! number of clusters that might agree by chance joins. What nothing tells of is the person who is
//! meant most, unless the name is surely borne by two, or may well be: no one prevails, few
//! documents give the name, and the corpus is one where names have several bearers.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::company::{Company, NameId};
use super::items::Item;
use super::weight;
use crate::document::ClusterId;
use crate::resource::gazetteer::EntryId;

/// What names beside two clusters must weigh beyond chance for both to be one.
const SURE: i32 = 9;

/// How much role, country and age must agree for two to be one.
const ALIKE: i32 = 9;

/// From here on one person cannot be both.
const CONTRADICTION: i32 = -9;

/// What else may be told of one person, as if so many sixteenths of a cluster told it: people have
/// several roles and posts, and texts confuse them; countries and ages are seldom told wrongly.
const ODD_ROLE: u32 = 2;
const ODD_POST: u32 = 2;
const ODD_COUNTRY: u32 = 1;
const ODD_AGE: u32 = 1;

/// How many times likelier two ages agree if they are of one person.
const SAME_AGE: u64 = 10 * ONE;

/// Years by which two ages may disagree: birthdays, and ages copied from older texts.
const YEARS: i16 = 2;

/// Persons more, of all roles and countries, that are taken for known, and how many of them share
/// one.
const UNREAD: (usize, usize) = (100, 5);

/// How many groups are compared pair by pair; smaller ones are compared with these.
const COMPARED: usize = 24;

/// One of so many clusters may be described wrongly; of many clusters, one of fewer.
const WRONG: usize = 100;
const MANY: usize = 500;
const WRONG_OF_MANY: usize = 25;

/// Names more that are taken for borne by one, and how far a name that two bear makes doubt others.
const DOUBT: (usize, usize) = (200, 1700);

/// How many times a name is doubted of which one cluster contradicts the others.
const SUSPECT: usize = 4;

/// Why two clusters are one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tie {
    /// Rare names stand beside both.
    Company,
    /// Role, country or age agree.
    Profile,
    /// There is no other of that name.
    Name,
    /// There may be another of that name, but this one is meant most.
    Prominence,
}

/// Of how many clusters something is told, for each thing and for any.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tally<T> {
    /// Sorted by the thing.
    counts: Vec<(T, u32)>,
    all: u32,
}

impl<T> Default for Tally<T> {
    fn default() -> Self {
        Self { counts: Vec::new(), all: 0 }
    }
}

impl<T: Copy + Ord> Tally<T> {
    fn of(things: impl IntoIterator<Item = T>) -> Self {
        let counts: Vec<(T, u32)> = things.into_iter().map(|thing| (thing, 1)).collect();
        Self { all: counts.len() as u32, counts }
    }

    fn add(&mut self, other: Self) {
        self.all += other.all;
        self.counts.extend(other.counts);
        self.counts.sort_unstable();
        self.counts.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
    }

    fn things(&self) -> impl Iterator<Item = T> {
        self.counts.iter().map(|&(thing, _)| thing)
    }

    /// What it weighs that these are told of two: pairs that agree come with how often each is told,
    /// and how many times likelier that is if the two are one. The oftener something else is told, the
    /// more it speaks against that, but for what is `odd`.
    fn compare(&self, other: &Self, odd: u32, pairs: impl Iterator<Item = (u32, u32, u64)>) -> i32 {
        if self.all == 0 || other.all == 0 {
            return 0;
        }
        let told = u128::from(self.all) * u128::from(other.all);
        let agree: u128 = pairs
            .map(|(a, b, weight)| u128::from(a) * u128::from(b) * u128::from(weight))
            .sum::<u128>()
            / told;
        let doubtful = |all: u32| 16 * u128::from(all) + u128::from(odd);
        let whole = doubtful(self.all) * doubtful(other.all);
        let sure = 256 * told;
        let odds = (sure * agree + (whole - sure) * u128::from(ONE)) / whole;
        weight::ratio(usize::try_from(odds).unwrap_or(usize::MAX), ONE as usize)
    }
}

/// A chance as an integer.
const ONE: u64 = 1 << 16;

/// What tells who a cluster is.
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

    /// Orders by what is told, however often.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        (self.born.things().cmp(other.born.things()))
            .then_with(|| self.countries.things().cmp(other.countries.things()))
            .then_with(|| self.roles.things().cmp(other.roles.things()))
            .then_with(|| self.posts.things().cmp(other.posts.things()))
    }
}

/// Clusters that are one person.
#[derive(Clone, Debug)]
pub(super) struct Person<'a> {
    profile: Profile<'a>,
    /// Sorted.
    pub(super) items: Vec<usize>,
    /// What holds them together.
    pub(super) ties: Vec<(usize, usize, Tie)>,
}

impl Person<'_> {
    /// More clusters first, then those that come first.
    fn rank(&self) -> (Reverse<usize>, usize) {
        (Reverse(self.items.len()), self.items[0])
    }

    fn absorb(&mut self, other: Self, tie: (usize, usize, Tie)) {
        self.profile.born.add(other.profile.born);
        self.profile.countries.add(other.profile.countries);
        self.profile.roles.add(other.profile.roles);
        self.profile.posts.add(other.profile.posts);
        merge(&mut self.items, other.items);
        self.ties.extend(other.ties);
        self.ties.push(tie);
    }
}

/// How common names, roles and countries are.
pub(super) struct Namesakes<'a> {
    items: &'a [Item],
    company: &'a Company,
    roles: Counts<&'a str>,
    countries: Counts<EntryId>,
    posts: Counts<NameId>,
}

/// How often each of some things is told, and of how many it is told at all.
struct Counts<T> {
    of: FxHashMap<T, usize>,
    told: usize,
}

impl<T: Copy + Eq + std::hash::Hash + Ord> Counts<T> {
    fn new<'i>(lists: impl Iterator<Item = &'i [T]>) -> Self
    where
        T: 'i,
    {
        let mut counts = Self { of: FxHashMap::default(), told: 0 };
        for list in lists.filter(|list| !list.is_empty()) {
            counts.told += 1;
            for thing in list {
                *counts.of.entry(*thing).or_default() += 1;
            }
        }
        counts
    }

    /// What it weighs that these are told of two.
    fn compare(&self, a: &Tally<T>, b: &Tally<T>, odd: u32) -> i32 {
        let common = a.counts.iter().filter_map(|&(thing, count)| {
            let at = b.counts.binary_search_by_key(&thing, |&(other, _)| other).ok()?;
            let told = self.of.get(&thing).copied().unwrap_or_default();
            let weight = ONE * (self.told + UNREAD.0) as u64 / (told + UNREAD.1) as u64;
            Some((count, b.counts[at].1, weight))
        });
        a.compare(b, odd, common)
    }
}

impl<'a> Namesakes<'a> {
    pub(super) fn new(items: &'a [Item], company: &'a Company, persons: &[usize]) -> Self {
        let roles: Vec<Vec<&str>> = persons.iter().map(|&item| roles(&items[item])).collect();
        let posts: Vec<Vec<NameId>> =
            persons.iter().map(|&item| posts(items, company, item)).collect();
        let countries = persons.iter().map(|&item| &items[item].countries[..]);
        Self {
            items,
            company,
            roles: Counts::new(roles.iter().map(Vec::as_slice)),
            countries: Counts::new(countries),
            posts: Counts::new(posts.iter().map(Vec::as_slice)),
        }
    }

    /// What role, country and age tell for or against two being one.
    fn likeness(&self, a: &Profile, b: &Profile) -> i32 {
        let years = a.born.counts.iter().flat_map(|&(year, count)| {
            let near = move |&&(other, _): &&(i16, u32)| (year - other).abs() <= YEARS;
            b.born.counts.iter().filter(near).map(move |&(_, other)| (count, other, SAME_AGE))
        });
        let posts = self.posts.compare(&a.posts, &b.posts, ODD_POST);
        let roles = self.roles.compare(&a.roles, &b.roles, ODD_ROLE);
        // Two bodies have two directors: the word tells nothing.
        let roles = if posts < 0 { roles.min(0) } else { roles };
        let countries = self.countries.compare(&a.countries, &b.countries, ODD_COUNTRY);
        a.born.compare(&b.born, ODD_AGE, years) + countries + roles + posts
    }

    fn contradict(&self, a: &Person, b: &Person) -> bool {
        self.likeness(&a.profile, &b.profile) < CONTRADICTION
    }

    /// Joins clusters of one name that surely are one person; those with more clusters first.
    pub(super) fn sure(&self, block: &[usize]) -> Vec<Person<'a>> {
        let mut persons = self.with_company(block);
        self.alike(&mut persons);
        persons.sort_by_key(Person::rank);
        persons
    }

    /// Joins clusters that have rare names beside them in common, what weighs most first.
    fn with_company(&self, block: &[usize]) -> Vec<Person<'a>> {
        let chance = weight::of(block.len(), 1) * 4 / 5;
        // A name, or two names that stand beside one cluster, and beside which clusters.
        let mut companies: FxHashMap<[NameId; 2], Vec<usize>> = FxHashMap::default();
        for (at, &item) in block.iter().enumerate() {
            let names = self.company.beside(self.items, item);
            for (nth, &name) in names.iter().enumerate() {
                for &other in &names[nth..] {
                    let pair = [name.min(other), name.max(other)];
                    companies.entry(pair).or_default().push(at);
                }
            }
        }
        let weight = |[a, b]: [NameId; 2]| {
            self.company.weight(a) + if a == b { 0 } else { self.company.weight(b) }
        };
        let mut companies: Vec<(i32, [NameId; 2], Vec<usize>)> = companies
            .into_iter()
            .filter(|(_, members)| members.len() > 1)
            .map(|(names, members)| (weight(names), names, members))
            .collect();
        companies.sort_unstable_by_key(|&(weight, names, _)| (Reverse(weight), names));

        let mut persons: Vec<Option<Person>> =
            block.iter().map(|&item| Some(self.person(item))).collect();
        let mut of: Vec<usize> = (0..block.len()).collect();
        for (weight, _, members) in companies {
            for &member in &members[1..] {
                let (a, b) = (of[members[0]], of[member]);
                let (Some(left), Some(right)) = (&persons[a], &persons[b]) else { continue };
                if a == b || weight + self.likeness(&left.profile, &right.profile) < SURE + chance {
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
                    person.absorb(other, (block[members[0]], block[member], Tie::Company));
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
            posts: Tally::of(posts(self.items, self.company, index)),
        };
        Person { profile, items: vec![index], ties: Vec::new() }
    }

    /// Joins those whose role, country or age agree, those that agree most first.
    fn alike(&self, persons: &mut Vec<Person<'a>>) {
        let (mut told, mut rest): (Vec<Person>, Vec<Person>) =
            std::mem::take(persons).into_iter().partition(|person| !person.profile.is_empty());
        told.sort_by(|a, b| a.profile.order(&b.profile).then_with(|| a.rank().cmp(&b.rank())));
        let mut kept: Vec<Person> = Vec::new();
        for person in told {
            match kept.last_mut() {
                Some(last)
                    if last.profile.order(&person.profile).is_eq()
                        && self.likeness(&last.profile, &person.profile) >= ALIKE =>
                {
                    join(last, person, Tie::Profile);
                }
                _ => kept.push(person),
            }
        }
        loop {
            kept.sort_by_key(Person::rank);
            let compared = kept.len().min(COMPARED);
            let pairs = (0..compared).flat_map(|a| (a + 1..compared).map(move |b| (a, b)));
            let weighed =
                pairs.map(|(a, b)| (self.likeness(&kept[a].profile, &kept[b].profile), a, b));
            let best = weighed
                .filter(|&(weight, ..)| weight >= ALIKE)
                .max_by_key(|&(weight, a, b)| (weight, Reverse((a, b))));
            let Some((_, a, b)) = best else { break };
            let other = kept.remove(b);
            join(&mut kept[a], other, Tie::Profile);
        }
        for person in kept.split_off(kept.len().min(COMPARED)) {
            let weighed = kept
                .iter()
                .enumerate()
                .map(|(at, other)| (self.likeness(&other.profile, &person.profile), Reverse(at)));
            match weighed.max() {
                Some((weight, Reverse(at))) if weight >= ALIKE => {
                    join(&mut kept[at], person, Tie::Profile);
                }
                _ => rest.push(person),
            }
        }
        rest.append(&mut kept);
        *persons = rest;
    }

    /// How far the names of the corpus must be doubted: at most how many documents give a name that
    /// may be borne by two, though nothing tells so.
    pub(super) fn doubt<'p>(&self, names: impl Iterator<Item = &'p [Person<'a>]>) -> usize
    where
        'a: 'p,
    {
        let (mut told, mut contradicted) = (0, 0);
        for persons in names {
            let mut described: Vec<&Person> =
                persons.iter().filter(|person| !person.profile.is_empty()).collect();
            told +=
                usize::from(described.iter().map(|person| person.items.len()).sum::<usize>() > 1);
            described.retain(|person| person.items.len() > 1);
            described.truncate(COMPARED);
            contradicted += usize::from(
                described
                    .iter()
                    .enumerate()
                    .any(|(nth, a)| described[nth + 1..].iter().any(|b| self.contradict(a, b))),
            );
        }
        // One may be a mistake of the reading.
        contradicted.saturating_sub(1) * DOUBT.1 / (told + DOUBT.0)
    }

    /// Gives those of whom nothing tells who they are to the person who is meant most, unless the
    /// name is doubtful. Comes in as [`Self::sure`] gives it.
    pub(super) fn settle(&self, persons: Vec<Person<'a>>, doubt: usize) -> Vec<Person<'a>> {
        let clusters: usize = persons.iter().map(|person| person.items.len()).sum();
        let rival = self.rival(&persons);
        let mut rest = persons.into_iter();
        let Some(mut first) = rest.next() else { return Vec::new() };
        let wrong = if clusters < MANY { WRONG } else { WRONG_OF_MANY };
        let two = rival > 1 && rival * wrong >= clusters;
        // The rarer the name, the more of its clusters must be one for all to be.
        let doubt = if rival > 0 { doubt * SUSPECT } else { doubt };
        let prevails =
            10 * (first.items.len() * doubt + clusters * clusters) > 9 * clusters * doubt;
        let tie = if doubt > 0 { Tie::Prominence } else { Tie::Name };
        let mut others = Vec::new();
        for person in rest {
            // What was joined tells more of the first.
            if two || !prevails || self.contradict(&first, &person) {
                others.push(person);
            } else {
                join(&mut first, person, tie);
            }
        }
        others.push(first);
        others.sort_by_key(Person::rank);
        others
    }

    /// How many clusters the largest person has whom a larger one contradicts.
    fn rival(&self, persons: &[Person]) -> usize {
        let described = |person: &&Person| !person.profile.is_empty();
        let known: Vec<&Person> = persons.iter().filter(described).take(COMPARED).collect();
        let contradicted =
            |&nth: &usize| known[..nth].iter().any(|larger| self.contradict(larger, known[nth]));
        (1..known.len()).find(contradicted).map_or(0, |nth| known[nth].items.len())
    }
}

fn merge<T: Ord>(into: &mut Vec<T>, other: Vec<T>) {
    into.extend(other);
    into.sort_unstable();
    into.dedup();
}

fn join<'a>(person: &mut Person<'a>, other: Person<'a>, tie: Tie) {
    let tie = (person.items[0], other.items[0], tie);
    person.absorb(other, tie);
}

fn roles(item: &Item) -> Vec<&str> {
    item.roles.iter().map(String::as_str).collect()
}

/// The bodies in which a person has a post, sorted.
fn posts(items: &[Item], company: &Company, index: usize) -> Vec<NameId> {
    let item = &items[index];
    let held = |&other: &usize| item.posts.contains(&ClusterId::from(items[other].cluster));
    let page = company.page(item.document).filter(|_| !item.posts.is_empty());
    let mut names: Vec<NameId> = page.filter(held).map(|other| company.name(other)).collect();
    names.sort_unstable();
    names.dedup();
    names
}
