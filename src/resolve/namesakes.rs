//! Persons of one name: how many are there, and who is meant where?
//!
//! Comes in: all clusters with one full name. Goes out: those that are one person, together. Age,
//! country and role tell persons apart, and so do roles alone where the company is another as well:
//! a governor and an analyst, each among others. The same age, country or role and the same others
//! named in the same sentence tell that two clusters are one. As long as nothing contradicts, there
//! is one person. Where there are several, a cluster that nothing tells to be one of them stays
//! alone, unless nearly all others are one.

use rustc_hash::FxHashMap;

use super::World;
use super::items::Item;

/// How many kinds of evidence are compared pair by pair; rarer ones are placed like those without.
const PROFILES: usize = 24;

/// From this share on, in percent, one person is meant where nothing tells which.
const DOMINANT: usize = 90;

/// From this much common company on, one person acts in two roles: one rare name, or two that are
/// less rare.
const MANY: usize = 4;

/// Years by which two ages may disagree: birthdays, and ages copied from older texts.
const YEARS: i16 = 2;

/// What tells who a cluster is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Profile {
    born: Option<i16>,
    countries: Vec<u32>,
    roles: Vec<String>,
}

impl Profile {
    fn of(item: &Item) -> Self {
        Self {
            born: item.born,
            countries: item.countries.iter().map(|id| id.0).collect(),
            roles: item.roles.clone(),
        }
    }

    fn is_empty(&self) -> bool {
        self.born.is_none() && self.countries.is_empty() && self.roles.is_empty()
    }

    /// True if one person cannot be both.
    fn contradicts(&self, other: &Self) -> bool {
        let born = matches!((self.born, other.born), (Some(a), Some(b)) if (a - b).abs() > YEARS);
        let apart = |a: bool, b: bool, common: bool| usize::from(!a && !b && !common);
        let countries = apart(
            self.countries.is_empty(),
            other.countries.is_empty(),
            common(&self.countries, &other.countries) > 0,
        );
        let roles = usize::from(self.acts_otherwise(other));
        born || countries + roles > 1
    }

    /// True if both have roles, and none in common.
    fn acts_otherwise(&self, other: &Self) -> bool {
        !self.roles.is_empty() && !other.roles.is_empty() && common(&self.roles, &other.roles) == 0
    }

    /// How much is the same.
    fn agreement(&self, other: &Self) -> usize {
        let born = matches!((self.born, other.born), (Some(a), Some(b)) if (a - b).abs() <= YEARS);
        usize::from(born) * 3
            + common(&self.countries, &other.countries) * 2
            + common(&self.roles, &other.roles) * 2
    }

    fn add(&mut self, other: Self) {
        self.born = self.born.or(other.born);
        super::join::merge(&mut self.countries, other.countries);
        super::join::merge(&mut self.roles, other.roles);
    }
}

/// Number of common members of two sorted lists.
fn common<T: Ord>(a: &[T], b: &[T]) -> usize {
    a.iter().filter(|item| b.binary_search(item).is_ok()).count()
}

/// Clusters that are one person.
struct Person {
    profile: Profile,
    items: Vec<usize>,
    neighbors: FxHashMap<u64, u32>,
    weight: usize,
}

/// Parts a block of clusters into persons; the order of the items decides nothing.
pub(super) fn part(
    world: &World,
    items: &[Item],
    block: &[usize],
    neighbors: &mut Neighbors,
) -> Vec<Vec<usize>> {
    let mut profiles: Vec<(Profile, Vec<usize>)> = Vec::new();
    let mut sorted: Vec<(Profile, usize)> =
        block.iter().map(|&item| (Profile::of(&items[item]), item)).collect();
    sorted.sort();
    for (profile, item) in sorted {
        match profiles.last_mut() {
            Some((last, items)) if *last == profile => items.push(item),
            _ => profiles.push((profile, vec![item])),
        }
    }
    let (mut bare, mut told): (Vec<_>, Vec<_>) =
        profiles.into_iter().partition(|(profile, _)| profile.is_empty());
    told.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.cmp(b)));
    bare.extend(told.split_off(told.len().min(PROFILES)));
    let contradicted = told.iter().enumerate().any(|(nth, (a, _))| {
        told[nth + 1..].iter().any(|(b, _)| a.contradicts(b) || a.acts_otherwise(b))
    });
    if !contradicted {
        return vec![block.to_vec()];
    }
    let mut persons: Vec<Person> = told
        .into_iter()
        .map(|(profile, members)| Person {
            profile,
            weight: members.iter().map(|&item| items[item].weight).sum(),
            neighbors: neighbors.of_all(world, items, &members),
            items: members,
        })
        .collect();
    agree(&mut persons, neighbors);
    // Who nothing describes may stand between two who are one.
    let mut rest: Vec<(Profile, usize)> = Vec::new();
    for (profile, members) in bare {
        for item in members {
            let own = neighbors.of_all(world, items, &[item]);
            match nearest(&persons, &profile, &own, neighbors) {
                Some(at) => {
                    persons[at].items.push(item);
                    persons[at].weight += items[item].weight;
                    persons[at].meet(own);
                }
                None => rest.push((profile.clone(), item)),
            }
        }
    }
    agree(&mut persons, neighbors);
    let strangers = |a: &Person, b: &Person| {
        a.profile.contradicts(&b.profile)
            || a.profile.acts_otherwise(&b.profile)
                && a.items.len().min(b.items.len()) > 1
                && neighbors.shared(&a.neighbors, &b.neighbors) < MANY
    };
    let apart = persons
        .iter()
        .enumerate()
        .any(|(nth, a)| persons[nth + 1..].iter().any(|b| strangers(a, b)));
    if !apart {
        return vec![block.to_vec()];
    }
    eliminate(&mut persons, strangers);
    place(world, items, &mut persons, rest, neighbors);
    persons.into_iter().map(|person| person.items).collect()
}

/// Joins persons that do not contradict, those that agree most first.
fn agree(persons: &mut Vec<Person>, neighbors: &Neighbors) {
    loop {
        let mut best: Option<(usize, usize, usize)> = None;
        for a in 0..persons.len() {
            for b in a + 1..persons.len() {
                if persons[a].profile.contradicts(&persons[b].profile) {
                    continue;
                }
                let (mine, yours) = (&persons[a], &persons[b]);
                let shared = neighbors.shared(&mine.neighbors, &yours.neighbors);
                let otherwise = mine.profile.acts_otherwise(&yours.profile);
                if otherwise && shared < MANY {
                    continue;
                }
                let agreement = mine.profile.agreement(&yours.profile) + shared;
                if agreement > 1 && best.is_none_or(|(most, ..)| agreement > most) {
                    best = Some((agreement, a, b));
                }
            }
        }
        let Some((_, a, b)) = best else { break };
        absorb(persons, a, b);
    }
}

/// Joins those that can be one with a single other, the least told first.
fn eliminate(persons: &mut Vec<Person>, strangers: impl Fn(&Person, &Person) -> bool) {
    let mut at = persons.len();
    while at > 0 {
        at -= 1;
        let fits: Vec<usize> = (0..persons.len())
            .filter(|&other| other != at && !strangers(&persons[other], &persons[at]))
            .collect();
        if let [other] = fits[..] {
            absorb(persons, other.min(at), other.max(at));
            at = at.min(persons.len());
        }
    }
}

fn absorb(persons: &mut Vec<Person>, a: usize, b: usize) {
    let other = persons.remove(b);
    let person = &mut persons[a];
    person.profile.add(other.profile);
    person.items.extend(other.items);
    person.weight += other.weight;
    person.meet(other.neighbors);
}

impl Person {
    fn meet(&mut self, others: FxHashMap<u64, u32>) {
        let mut others: Vec<(u64, u32)> = others.into_iter().collect();
        others.sort_unstable();
        for (name, count) in others {
            *self.neighbors.entry(name).or_default() += count;
        }
    }
}

/// The person who is named beside the same others, if one stands out.
fn nearest(
    persons: &[Person],
    profile: &Profile,
    own: &FxHashMap<u64, u32>,
    neighbors: &Neighbors,
) -> Option<usize> {
    let mut scores: Vec<(usize, usize)> = persons
        .iter()
        .enumerate()
        .filter(|(_, person)| !person.profile.contradicts(profile))
        .map(|(at, person)| (neighbors.shared(&person.neighbors, own), at))
        .collect();
    scores.sort_by_key(|&(score, at)| (std::cmp::Reverse(score), at));
    match scores[..] {
        [(score, at)] if score > 0 => Some(at),
        [(score, at), (second, _), ..] if score > 1 && score > second => Some(at),
        _ => None,
    }
}

/// Gives what is left to the person who is meant nearly always, else leaves it alone.
fn place(
    world: &World,
    items: &[Item],
    persons: &mut Vec<Person>,
    rest: Vec<(Profile, usize)>,
    neighbors: &mut Neighbors,
) {
    let total: usize = persons.iter().map(|person| person.weight).sum();
    let heaviest = (0..persons.len()).max_by_key(|&at| (persons[at].weight, std::cmp::Reverse(at)));
    let dominant = heaviest.filter(|&at| persons[at].weight * 100 >= total * DOMINANT);
    let mut alone: Vec<Person> = Vec::new();
    for (profile, item) in rest {
        let own = neighbors.of_all(world, items, &[item]);
        let best = nearest(persons, &profile, &own, neighbors)
            .or(dominant.filter(|&at| !persons[at].profile.contradicts(&profile)));
        match best {
            Some(at) => persons[at].items.push(item),
            None => alone.push(Person {
                profile,
                items: vec![item],
                neighbors: own,
                weight: items[item].weight,
            }),
        }
    }
    // The same story told again.
    let mut kept: Vec<Person> = Vec::new();
    for person in alone {
        let same = kept.iter().take(PROFILES).position(|other| {
            !other.profile.contradicts(&person.profile)
                && neighbors.shared(&other.neighbors, &person.neighbors) > 1
        });
        kept.push(person);
        if let Some(at) = same {
            let last = kept.len() - 1;
            absorb(&mut kept, at, last);
        }
    }
    persons.extend(kept);
}

/// Who is named in the same sentences, found when it is asked for.
#[derive(Default)]
pub(super) struct Neighbors {
    /// In how many documents a name stands; empty until it is needed.
    frequency: FxHashMap<u64, u32>,
    /// Where the items of each reading begin.
    first: FxHashMap<usize, usize>,
}

impl Neighbors {
    /// The keys of the names beside some clusters, with the number of clusters.
    pub(super) fn of_all(
        &mut self,
        world: &World,
        items: &[Item],
        members: &[usize],
    ) -> FxHashMap<u64, u32> {
        if self.frequency.is_empty() {
            for (index, item) in items.iter().enumerate() {
                self.first.entry(item.document).or_insert(index);
                if let Some(name) = name_key(item) {
                    *self.frequency.entry(name).or_default() += 1;
                }
            }
        }
        let mut found: FxHashMap<u64, u32> = FxHashMap::default();
        for &member in members {
            for name in self.of(world, items, member) {
                *found.entry(name).or_default() += 1;
            }
        }
        found
    }

    fn of(&self, world: &World, items: &[Item], member: usize) -> Vec<u64> {
        let item = &items[member];
        let Some(&first) = self.first.get(&item.document) else { return Vec::new() };
        let page = &items[first..first + world.pages[item.document].n_clusters];
        let beside = |other: &&Item| {
            let near = |id| item.sentences.binary_search(id).is_ok();
            other.cluster != item.cluster && other.sentences.iter().any(near)
        };
        page.iter().filter(beside).filter_map(name_key).collect()
    }

    /// How much two companies have in common; names that stand everywhere say little.
    pub(super) fn shared(&self, a: &FxHashMap<u64, u32>, b: &FxHashMap<u64, u32>) -> usize {
        let (small, large) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        let weight = |name: &u64| match self.frequency.get(name).copied().unwrap_or_default() {
            0..=5 => 4,
            6..=20 => 3,
            21..=100 => 2,
            _ => 0,
        };
        small.keys().filter(|name| large.contains_key(name)).map(weight).sum()
    }
}

/// A number for the fullest name of a cluster.
fn name_key(item: &Item) -> Option<u64> {
    use std::hash::Hasher;
    let name = item.fullest();
    if name.is_empty() {
        return None;
    }
    let mut hasher = rustc_hash::FxHasher::default();
    for word in name {
        hasher.write(word.as_bytes());
    }
    Some(hasher.finish())
}
