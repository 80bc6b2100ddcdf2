//! Joining: blocks of clusters that may be one thing, and what keeps them apart.
//!
//! Every decision is kept with its ground, so that it can be told and reviewed.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::World;
use super::items::{Item, without_form};
use super::namesakes::{self, Neighbors};
use super::spelling::skeleton;
use crate::document::Label;
use crate::entity::Ground;
use crate::resource::fold;
use crate::resource::gazetteer::EntryId;

/// How many groups of one block are compared with a newcomer: namesakes beyond that stay apart.
const CANDIDATES: usize = 16;

/// How many clusters of a group tell who is named beside it.
const SAMPLE: usize = 200;

/// How many near misses are kept for a group that stays apart.
const MISSES: usize = 3;

/// Two clusters that were compared.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) ground: Ground,
    /// What keeps them apart, if they are.
    pub(super) obstacle: Option<&'static str>,
}

/// Groups and how they came about.
pub(super) struct Joined {
    /// The group of each item: the index of its first item.
    pub(super) groups: Vec<usize>,
    pub(super) links: Vec<Link>,
}

/// What is known of a group of clusters.
#[derive(Clone, Debug)]
struct Known {
    label: Option<Label>,
    entry: Option<EntryId>,
    full_name: Vec<String>,
    countries: Vec<EntryId>,
    roles: Vec<String>,
    /// "Ltd" and "Inc" are two companies.
    form: Option<String>,
    /// Many countries have one of that name.
    common_name: bool,
    /// Which of several persons of one name it is: number of the name, number of the person.
    persons: Vec<(u32, u32)>,
}

struct Groups<'a> {
    world: &'a World<'a>,
    items: &'a [Item],
    parent: Vec<usize>,
    known: Vec<Known>,
    /// Where in `known` each item is that is compared at all.
    slots: Vec<u32>,
    links: Vec<Link>,
    neighbors: Neighbors,
    /// Who is named beside a group, where it was asked for.
    beside: FxHashMap<usize, FxHashMap<u64, u32>>,
}

/// Joins items.
pub(super) fn join(world: &World, items: &[Item]) -> Joined {
    // Most clusters have no name, and are never compared.
    let mut slots = vec![u32::MAX; items.len()];
    let compared =
        |item: &Item| !item.names.is_empty() || item.entry.is_some() || item.body.is_some();
    let compared = items.iter().enumerate().filter(|(_, item)| compared(item));
    let numbered = (0..).zip(compared);
    let known = numbered
        .map(|(slot, (index, item))| {
            slots[index] = slot;
            known(world, item)
        })
        .collect();
    let mut groups = Groups {
        world,
        items,
        parent: (0..items.len()).collect(),
        known,
        slots,
        links: Vec::new(),
        neighbors: Neighbors::default(),
        beside: FxHashMap::default(),
    };
    groups.same_entry();
    groups.same_person();
    groups.persons_with_other_middle_names();
    groups.cut_names();
    groups.spelling_variants();
    groups.surnames();
    groups.bodies();
    groups.same_name();
    groups.short_names();
    groups.acronyms();
    let of = (0..items.len()).map(|item| groups.root(item)).collect();
    Joined { groups: of, links: groups.links }
}

fn known(world: &World, item: &Item) -> Known {
    let person = item.label == Some(Label::Person);
    let fullest = item.fullest();
    let mut countries = item.countries.clone();
    merge(&mut countries, item.body.iter().map(|(country, _)| *country).collect());
    Known {
        label: item.label,
        entry: item.entry,
        full_name: if person && fullest.len() > 1 { fullest.to_vec() } else { Vec::new() },
        countries,
        roles: item.roles.clone(),
        form: if item.label == Some(Label::Org) { form(world, item) } else { None },
        common_name: item.label == Some(Label::Place)
            || item.body.is_some()
            || is_generic(world, item),
        persons: Vec::new(),
    }
}

/// The legal form that a name ends with, in its short spelling.
fn form(world: &World, item: &Item) -> Option<String> {
    let last = item.names.iter().filter(|name| name.len() > 1).filter_map(|name| name.last());
    last.filter(|word| world.lexicon.legal_form(word).is_some()).min().map(|word| {
        match word.as_str() {
            "limited" => "ltd",
            "incorporated" => "inc",
            "corporation" => "corp",
            "company" => "co",
            other => other,
        }
        .to_owned()
    })
}

impl Groups<'_> {
    /// What is known of a group.
    fn known(&self, root: usize) -> &Known {
        &self.known[self.slots[root] as usize]
    }

    fn known_mut(&mut self, root: usize) -> &mut Known {
        &mut self.known[self.slots[root] as usize]
    }

    fn root(&mut self, mut item: usize) -> usize {
        while self.parent[item] != item {
            self.parent[item] = self.parent[self.parent[item]];
            item = self.parent[item];
        }
        item
    }

    /// Joins the groups of two items, if nothing speaks against it.
    fn join(&mut self, item_a: usize, item_b: usize, ground: Ground) -> bool {
        let (a, b) = (self.root(item_a), self.root(item_b));
        if a == b {
            return true;
        }
        let (first, second) = (a.min(b), a.max(b));
        let mut obstacle = obstacle(self.known(first), self.known(second), ground);
        if obstacle.is_none() && are_apart(&self.known(first).persons, &self.known(second).persons)
        {
            obstacle = Some("two persons of one name");
        }
        self.links.push(Link { a: item_a, b: item_b, ground, obstacle });
        if obstacle.is_some() {
            return false;
        }
        let other = self.known(second).clone();
        let known = self.known_mut(first);
        known.label = match known.label {
            None | Some(Label::Misc) => other.label.or(known.label),
            label => label,
        };
        known.entry = known.entry.or(other.entry);
        if other.full_name.len() > known.full_name.len() {
            known.full_name = other.full_name;
        }
        known.form = known.form.take().or(other.form);
        known.common_name &= other.common_name;
        merge(&mut known.persons, other.persons);
        merge(&mut known.countries, other.countries);
        merge(&mut known.roles, other.roles);
        self.parent[second] = first;
        true
    }

    /// Joins every item of a block with the first group that agrees.
    fn join_block(&mut self, block: &[usize], ground: Ground) {
        let mut roots: Vec<usize> = Vec::new();
        for &item in block {
            let root = self.root(item);
            if roots.contains(&root) {
                continue;
            }
            let joined =
                (0..roots.len().min(CANDIDATES)).any(|i| self.join(roots[i], item, ground));
            if !joined && roots.len() < CANDIDATES {
                roots.push(root);
            }
        }
    }

    fn named(&self) -> impl Iterator<Item = (usize, &Item)> {
        self.items.iter().enumerate().filter(|(_, item)| !item.names.is_empty())
    }

    fn persons(&self) -> impl Iterator<Item = (usize, &Item)> {
        self.named().filter(|(_, item)| item.label == Some(Label::Person))
    }

    fn same_entry(&mut self) {
        let mut entries: FxHashMap<EntryId, usize> = FxHashMap::default();
        for index in 0..self.items.len() {
            if let Some(entry) = self.items[index].entry {
                let first = *entries.entry(entry).or_insert(index);
                self.join(first, index, Ground::Entry);
            }
        }
    }

    /// The same full name of a person, unless there are several persons of that name.
    fn same_person(&mut self) {
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.persons() {
            if item.fullest().len() > 1 {
                blocks.entry(item.fullest().concat()).or_default().push(index);
            }
        }
        for (number, block) in (0..).zip(blocks.values().filter(|block| block.len() > 1)) {
            let persons = namesakes::part(self.world, self.items, block, &mut self.neighbors);
            for person in &persons {
                for &item in &person[1..] {
                    self.join(person[0], item, Ground::Name);
                }
            }
            if persons.len() > 1 {
                self.keep_apart(number, &persons);
            }
        }
    }

    /// Forbids that two of these become one, and tells the nearest misses.
    fn keep_apart(&mut self, name: u32, persons: &[Vec<usize>]) {
        for (number, person) in (0..).zip(persons) {
            let root = self.root(person[0]);
            merge(&mut self.known_mut(root).persons, vec![(name, number)]);
            let before = persons.iter().take(number as usize).take(MISSES);
            self.links.extend(before.map(|other| Link {
                a: other[0],
                b: person[0],
                ground: Ground::Name,
                obstacle: Some("age, country, role or neighbors differ"),
            }));
        }
    }

    /// "Anna M. Dahl", "A. Dahl" and "Anna Dahl", if only one group fits.
    fn persons_with_other_middle_names(&mut self) {
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.persons() {
            if let [first, .., last] = item.fullest() {
                let initial: String = first.chars().take(1).collect();
                blocks.entry(format!("{last} {initial}")).or_default().push(index);
            }
        }
        for block in blocks.values() {
            let roots = self.roots(block);
            if roots.len() > CANDIDATES {
                continue;
            }
            for &root in &roots {
                let fits = |&&other: &&usize| {
                    other != root
                        && full_names_agree(
                            &self.known(other).full_name,
                            &self.known(root).full_name,
                        )
                };
                let others: Vec<usize> = roots.iter().filter(fits).copied().collect();
                match others[..] {
                    [other] => {
                        self.join(root, other, Ground::Initials);
                    }
                    _ => self.miss(root, &others, Ground::Initials),
                }
            }
        }
    }

    /// "Anna Maria" for the one "Anna Maria Dahl".
    fn cut_names(&mut self) {
        let mut names: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.persons() {
            if item.fullest().len() > 1 {
                names.entry(item.fullest().join(" ")).or_default().push(index);
            }
        }
        for (name, items) in &names {
            let start = format!("{name} ");
            // Sorted: what begins all of them comes first.
            let mut longer =
                names.range(start.clone()..).take_while(|(name, _)| name.starts_with(&start));
            let Some((first, bearers)) = longer.next() else { continue };
            let first = format!("{first} ");
            if longer.all(|(name, _)| name.starts_with(&first)) {
                for root in self.roots(items) {
                    self.join_variant(bearers[0], root, Ground::Beginning);
                }
            }
        }
    }

    /// Remembers what might have been one, had there not been several.
    fn miss(&mut self, item: usize, others: &[usize], ground: Ground) {
        for &other in others.iter().take(MISSES) {
            let obstacle = Some("several bear the name");
            self.links.push(Link { a: other, b: item, ground, obstacle });
        }
    }

    fn roots(&mut self, block: &[usize]) -> Vec<usize> {
        let mut roots: Vec<usize> = block.iter().map(|&item| self.root(item)).collect();
        roots.sort_unstable();
        roots.dedup();
        roots
    }

    /// The same name after transliterations are folded.
    fn spelling_variants(&mut self) {
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.persons() {
            if item.fullest().len() > 1 {
                blocks.entry(skeleton(item.fullest())).or_default().push(index);
            }
        }
        for block in blocks.values() {
            let roots = self.roots(block);
            let mut kept: Vec<usize> = Vec::new();
            for root in roots.into_iter().take(CANDIDATES) {
                let joined = kept
                    .iter()
                    .copied()
                    .find(|&other| self.join_variant(other, root, Ground::Spelling));
                if joined.is_none() {
                    kept.push(root);
                }
            }
        }
    }

    /// Joins although the names differ in letters, which alone would forbid it.
    fn join_variant(&mut self, a: usize, b: usize, ground: Ground) -> bool {
        let b = self.root(b);
        let own = std::mem::take(&mut self.known_mut(b).full_name);
        let joined = self.join(a, b, ground);
        if !joined {
            self.known_mut(b).full_name = own;
        }
        joined
    }

    /// Documents that give a surname only mean the one person who bears it, if there is one, else
    /// the one who is named beside the same others.
    fn surnames(&mut self) {
        let mut bearers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.persons() {
            let name = item.fullest();
            if let [first, .., last] = name {
                bearers.entry(last.clone()).or_default().push(index);
                if !self.world.gazetteer.is_first_name(first) {
                    bearers.entry(first.clone()).or_default().push(index);
                }
            }
        }
        let mut alone: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.persons() {
            if let [word] = item.fullest() {
                alone.entry(word.clone()).or_default().push(index);
            }
        }
        for (word, items) in &alone {
            let roots = match bearers.get(word) {
                Some(bearers) => self.roots(bearers),
                None => Vec::new(),
            };
            match roots[..] {
                [] => self.join_block(items, Ground::Word),
                [root] => {
                    for &item in items {
                        self.join(root, item, Ground::Surname);
                    }
                }
                _ => self.by_company(&roots, items),
            }
        }
    }

    /// Joins each item with the group that is named beside the same others, if one stands out.
    fn by_company(&mut self, roots: &[usize], items: &[usize]) {
        if roots.len() > CANDIDATES {
            return;
        }
        let mut members: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        let unknown: Vec<usize> =
            roots.iter().copied().filter(|root| !self.beside.contains_key(root)).collect();
        if !unknown.is_empty() {
            let wanted = self.items_of(&unknown);
            members.extend(unknown.into_iter().zip(wanted));
        }
        for &root in roots {
            if let Some(group) = members.get(&root) {
                let group = &group[..group.len().min(SAMPLE)];
                let beside = self.neighbors.of_all(self.world, self.items, group);
                self.beside.insert(root, beside);
            }
        }
        for &item in items {
            let own = self.neighbors.of_all(self.world, self.items, &[item]);
            let mut scores: Vec<(usize, usize)> = roots
                .iter()
                .map(|root| (self.neighbors.shared(&self.beside[root], &own), *root))
                .collect();
            scores.sort_by_key(|&(score, root)| (std::cmp::Reverse(score), root));
            let best: Vec<usize> = scores.iter().map(|&(_, root)| root).collect();
            match scores[..] {
                [(score, root), (second, _), ..] if score > 1 && score >= 2 * second => {
                    self.join(root, item, Ground::Company);
                }
                _ => self.miss(item, &best, Ground::Surname),
            }
        }
    }

    /// The items of some groups of persons.
    fn items_of(&mut self, roots: &[usize]) -> Vec<Vec<usize>> {
        let at: FxHashMap<usize, usize> =
            roots.iter().enumerate().map(|(at, &root)| (root, at)).collect();
        let mut found = vec![Vec::new(); roots.len()];
        for item in 0..self.items.len() {
            if self.items[item].label == Some(Label::Person) {
                let root = self.root(item);
                if let Some(&at) = at.get(&root) {
                    found[at].push(item);
                }
            }
        }
        found
    }

    /// Bodies of one country under the same words in any order, told by name or described.
    fn bodies(&mut self) {
        let mut blocks: BTreeMap<(EntryId, String), Vec<usize>> = BTreeMap::new();
        for (index, item) in self.items.iter().enumerate() {
            if let Some(body) = &item.body {
                blocks.entry(body.clone()).or_default().push(index);
            }
        }
        for block in blocks.values().filter(|block| block.len() > 1) {
            self.join_block(block, Ground::Body);
        }
    }

    /// The same name of anything that is no person.
    fn same_name(&mut self) {
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.others() {
            for name in &item.names {
                let words = without_form(self.world, name);
                if words.len() > 1 || name.len() > 1 || item.names.len() == 1 {
                    blocks.entry(words.concat()).or_default().push(index);
                }
                if words.len() > 2 && item.label == Some(Label::Org) {
                    blocks.entry(bag(words)).or_default().push(index);
                }
            }
        }
        for block in blocks.values().filter(|block| block.len() > 1) {
            let (generic, own): (Vec<usize>, Vec<usize>) =
                block.iter().partition(|&&item| is_generic(self.world, &self.items[item]));
            let single = block.iter().all(|&item| self.items[item].fullest().len() == 1);
            self.join_block(&own, if single { Ground::Word } else { Ground::Name });
            self.join_generic(&generic);
        }
    }

    fn others(&self) -> impl Iterator<Item = (usize, &Item)> {
        self.named().filter(|(_, item)| item.label != Some(Label::Person))
    }

    /// Bodies whose names many countries have are one only within a country.
    fn join_generic(&mut self, block: &[usize]) {
        let mut by_country: BTreeMap<EntryId, Vec<usize>> = BTreeMap::new();
        for &item in block {
            if let [country] = self.items[item].countries[..] {
                by_country.entry(country).or_default().push(item);
            }
        }
        for items in by_country.values() {
            self.join_block(items, Ground::Body);
        }
    }

    /// "Norvik" in one document for the one "Norvik Shipping" of the others.
    fn short_names(&mut self) {
        let mut long: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.others() {
            let multi = item.names.iter().any(|name| name.len() > 1);
            for name in item.names.iter().filter(|name| multi && name.len() == 1) {
                long.entry(name[0].clone()).or_default().push(index);
            }
            if let Some(first) = item.fullest().first().filter(|_| multi) {
                long.entry(first.clone()).or_default().push(index);
            }
        }
        let single: Vec<usize> = self
            .others()
            .filter(|(_, item)| item.fullest().len() == 1 && item.entry.is_none())
            .map(|(index, _)| index)
            .collect();
        for item in single {
            let word = &self.items[item].fullest()[0];
            let Some(block) = long.get(word) else { continue };
            let mut roots = self.roots(block);
            let own = self.items[item].label;
            roots.retain(|&root| self.known(root).label == own);
            match roots[..] {
                [root] => {
                    self.join(root, item, Ground::Beginning);
                }
                _ => self.miss(item, &roots, Ground::Beginning),
            }
        }
    }

    /// An acronym for the one name with these initials.
    fn acronyms(&mut self) {
        let mut long: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.others() {
            for name in item.names.iter().filter(|name| name.len() > 1) {
                long.entry(fold::initials(&name.join(" "))).or_default().push(index);
            }
        }
        let short: Vec<usize> = self
            .others()
            .filter(|(_, item)| {
                item.entry.is_none() && item.spelled.iter().all(|(name, _)| is_acronym(name))
            })
            .map(|(index, _)| index)
            .collect();
        for item in short {
            let Some(block) = long.get(&self.items[item].fullest().concat()) else { continue };
            let roots = self.roots(block);
            match roots[..] {
                [root] => {
                    self.join(root, item, Ground::Acronym);
                }
                _ => self.miss(item, &roots, Ground::Acronym),
            }
        }
    }
}

/// "Foreign Ministry": every country has one.
fn is_generic(world: &World, item: &Item) -> bool {
    let common = |word: &String| {
        world.lexicon.noun_label(word).is_some()
            || world.lexicon.class(word).is_some()
            || matches!(word.as_str(), "of" | "and" | "for" | "the")
    };
    let last =
        |name: &[String]| name.last().is_some_and(|word| world.lexicon.class(word).is_some());
    item.entry.is_none()
        && item.label == Some(Label::Org)
        && !item.names.is_empty()
        && item.names.iter().all(|name| {
            name.iter().all(common) || name.len() == 2 && last(name) && common_adjective(name)
        })
}

pub(super) fn merge<T: Ord>(into: &mut Vec<T>, other: Vec<T>) {
    into.extend(other);
    into.sort_unstable();
    into.dedup();
}

/// The words that count, sorted: "Ministry of Trade" and "Trade Ministry".
fn bag(words: &[String]) -> String {
    let mut words: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !matches!(*word, "of" | "for" | "the" | "and"))
        .collect();
    words.sort_unstable();
    words.join(" ")
}

fn common_adjective(name: &[String]) -> bool {
    name.first().is_some_and(|word| {
        ["al", "ic", "ive", "ary", "ed", "eme", "ign", "nese"].iter().any(|end| word.ends_with(end))
    })
}

pub(super) fn is_acronym(name: &str) -> bool {
    let letters = name.chars().filter(|&c| c != '.');
    (2..=6).contains(&letters.clone().count()) && letters.clone().all(|c| c.is_uppercase())
}

/// True if both hold persons of one name that are not the same.
fn are_apart(a: &[(u32, u32)], b: &[(u32, u32)]) -> bool {
    a.iter().any(|(name, person)| {
        b.iter().any(|(other_name, other)| name == other_name && person != other)
    })
}

/// What forbids two groups to be one thing.
fn obstacle(a: &Known, b: &Known, ground: Ground) -> Option<&'static str> {
    let label = match (a.label, b.label) {
        (None | Some(Label::Misc), other) | (other, None | Some(Label::Misc)) => {
            other != Some(Label::Person) || a.label.is_none() || b.label.is_none()
        }
        (a, b) => a == b,
    };
    if !label {
        return Some("the types differ");
    }
    if a.entry.is_some() && b.entry.is_some() && a.entry != b.entry {
        return Some("two entries of the gazetteer");
    }
    if !full_names_agree(&a.full_name, &b.full_name) {
        return Some("the first names differ");
    }
    if matches!((&a.form, &b.form), (Some(a), Some(b)) if a != b) {
        return Some("the legal forms differ");
    }
    let apart = |x: bool, y: bool, common: bool| x && y && !common;
    let countries = apart(
        !a.countries.is_empty(),
        !b.countries.is_empty(),
        a.countries.iter().any(|country| b.countries.contains(country)),
    );
    let roles = apart(
        !a.roles.is_empty(),
        !b.roles.is_empty(),
        a.roles.iter().any(|role| b.roles.contains(role)),
    );
    let entry = a.entry.is_some() || b.entry.is_some();
    // Who has one full name is told apart before; what has a name of its own may act anywhere.
    let person = a.label == Some(Label::Person);
    match ground {
        Ground::Name if person => None,
        _ if person && countries && roles => Some("countries and roles differ"),
        _ if !person && countries && !entry && (a.common_name || b.common_name) => {
            Some("the countries differ")
        }
        _ => None,
    }
}

/// True if one person may bear both names; empty names agree with all.
fn full_names_agree(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let ([first, .., last], [other_first, inner @ .., other_last]) = (short, long) else {
        return true;
    };
    if short.concat() == long.concat() {
        return true;
    }
    let initial = |a: &str, b: &str| a.len() == 1 && b.starts_with(a);
    let same = |a: &str, b: &str| a == b || initial(a, b) || initial(b, a);
    let own = &short[1..short.len() - 1];
    last == other_last
        && same(first, other_first)
        && own.iter().all(|word| inner.iter().any(|other| same(word, other)))
}
