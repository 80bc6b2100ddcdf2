//! Joining: blocks of clusters that may be one thing, and what keeps them apart.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::World;
use super::items::Item;
use super::spelling::skeleton;
use crate::document::Label;
use crate::resource::fold;
use crate::resource::gazetteer::EntryId;

/// How many groups of one block are compared with a newcomer: namesakes beyond that stay apart.
const CANDIDATES: usize = 16;

/// What is known of a group of clusters.
#[derive(Clone, Debug)]
struct Known {
    label: Option<Label>,
    entry: Option<EntryId>,
    full_name: Vec<String>,
    countries: Vec<EntryId>,
    roles: Vec<String>,
}

struct Groups<'a> {
    world: &'a World<'a>,
    items: &'a [Item],
    parent: Vec<usize>,
    known: Vec<Known>,
}

/// The group of each item: the index of its first item.
pub(super) fn groups(world: &World, items: &[Item]) -> Vec<usize> {
    let known = items.iter().map(known).collect();
    let mut groups = Groups { world, items, parent: (0..items.len()).collect(), known };
    groups.same_entry();
    groups.same_person();
    groups.persons_with_other_middle_names();
    groups.spelling_variants();
    groups.surnames();
    groups.same_name();
    groups.short_names();
    groups.acronyms();
    (0..items.len()).map(|item| groups.root(item)).collect()
}

fn known(item: &Item) -> Known {
    let person = item.label == Some(Label::Person);
    let fullest = item.fullest();
    Known {
        label: item.label,
        entry: item.entry,
        full_name: if person && fullest.len() > 1 { fullest.to_vec() } else { Vec::new() },
        countries: item.countries.clone(),
        roles: item.roles.clone(),
    }
}

impl Groups<'_> {
    fn root(&mut self, mut item: usize) -> usize {
        while self.parent[item] != item {
            self.parent[item] = self.parent[self.parent[item]];
            item = self.parent[item];
        }
        item
    }

    fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return true;
        }
        let (first, second) = (a.min(b), a.max(b));
        if !agree(&self.known[first], &self.known[second]) {
            return false;
        }
        let other = self.known[second].clone();
        let known = &mut self.known[first];
        known.label = match known.label {
            None | Some(Label::Misc) => other.label.or(known.label),
            label => label,
        };
        known.entry = known.entry.or(other.entry);
        if other.full_name.len() > known.full_name.len() {
            known.full_name = other.full_name;
        }
        merge(&mut known.countries, other.countries);
        merge(&mut known.roles, other.roles);
        self.parent[second] = first;
        true
    }

    /// Joins every item of a block with the first group that agrees.
    fn join_block(&mut self, block: &[usize]) {
        let mut roots: Vec<usize> = Vec::new();
        for &item in block {
            let root = self.root(item);
            if roots.contains(&root) {
                continue;
            }
            let joined = (0..roots.len().min(CANDIDATES)).any(|i| self.join(roots[i], item));
            if !joined && roots.len() < CANDIDATES {
                roots.push(root);
            }
        }
    }

    fn join_blocks(&mut self, blocks: &BTreeMap<String, Vec<usize>>) {
        for block in blocks.values().filter(|block| block.len() > 1) {
            self.join_block(block);
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
                self.join(first, index);
            }
        }
    }

    /// The same full name of a person.
    fn same_person(&mut self) {
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.persons() {
            if item.fullest().len() > 1 {
                blocks.entry(item.fullest().concat()).or_default().push(index);
            }
        }
        self.join_blocks(&blocks);
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
                            &self.known[other].full_name,
                            &self.known[root].full_name,
                        )
                };
                let others: Vec<usize> = roots.iter().filter(fits).copied().collect();
                if let [other] = others[..] {
                    self.join(root, other);
                }
            }
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
                let joined = kept.iter().copied().find(|&other| self.join_variant(other, root));
                if joined.is_none() {
                    kept.push(root);
                }
            }
        }
    }

    /// Joins although the names differ in letters, which alone would forbid it.
    fn join_variant(&mut self, a: usize, b: usize) -> bool {
        let b = self.root(b);
        let own = std::mem::take(&mut self.known[b].full_name);
        let joined = self.join(a, b);
        if !joined {
            self.known[b].full_name = own;
        }
        joined
    }

    /// Documents that give a surname only mean the one person who bears it, if there is one.
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
                [] => self.join_block(items),
                [root] => {
                    for &item in items {
                        self.join(root, item);
                    }
                }
                _ => {}
            }
        }
    }

    /// The same name of anything that is no person; with types that contradict only if it has two
    /// words or more.
    fn same_name(&mut self) {
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.others() {
            for name in &item.names {
                let words = self.without_form(name);
                if words.len() > 1 || name.len() > 1 || item.names.len() == 1 {
                    blocks.entry(words.concat()).or_default().push(index);
                }
                if words.len() > 2 && item.label == Some(Label::Org) {
                    blocks.entry(bag(words)).or_default().push(index);
                }
            }
        }
        for (_, block) in blocks.iter().filter(|(_, block)| block.len() > 1) {
            let (generic, own): (Vec<usize>, Vec<usize>) =
                block.iter().partition(|&&item| self.is_generic(item));
            self.join_block(&own);
            self.join_generic(&generic);
        }
    }

    fn others(&self) -> impl Iterator<Item = (usize, &Item)> {
        self.named().filter(|(_, item)| item.label != Some(Label::Person))
    }

    fn without_form<'n>(&self, name: &'n [String]) -> &'n [String] {
        match name {
            [rest @ .., last]
                if !rest.is_empty() && self.world.lexicon.legal_form(last).is_some() =>
            {
                rest
            }
            _ => name,
        }
    }

    /// "Foreign Ministry": every country has one.
    fn is_generic(&self, item: usize) -> bool {
        let item = &self.items[item];
        let common = |word: &String| {
            self.world.lexicon.noun_label(word).is_some()
                || self.world.lexicon.class(word).is_some()
                || matches!(word.as_str(), "of" | "and" | "for" | "the")
        };
        let last = |name: &[String]| {
            name.last().is_some_and(|word| self.world.lexicon.class(word).is_some())
        };
        item.entry.is_none()
            && item.label == Some(Label::Org)
            && item.names.iter().all(|name| {
                name.iter().all(common) || name.len() == 2 && last(name) && common_adjective(name)
            })
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
            self.join_block(items);
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
            let roots = self.roots(block);
            if let [root] = roots[..]
                && self.known[root].label == self.items[item].label
            {
                self.join(root, item);
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
                let cluster = &self.world.readings[item.document].clusters[item.cluster];
                item.entry.is_none() && cluster.names.iter().all(|name| is_acronym(name))
            })
            .map(|(index, _)| index)
            .collect();
        for item in short {
            let Some(block) = long.get(&self.items[item].fullest().concat()) else { continue };
            let roots = self.roots(block);
            if let [root] = roots[..] {
                self.join(root, item);
            }
        }
    }
}

fn merge<T: Ord>(into: &mut Vec<T>, other: Vec<T>) {
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

/// True if nothing forbids two groups to be one thing.
fn agree(a: &Known, b: &Known) -> bool {
    let label = match (a.label, b.label) {
        (None | Some(Label::Misc), other) | (other, None | Some(Label::Misc)) => {
            other != Some(Label::Person) || a.label.is_none() || b.label.is_none()
        }
        (a, b) => a == b,
    };
    let entry = a.entry.is_none() || b.entry.is_none() || a.entry == b.entry;
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
    let person = a.label == Some(Label::Person);
    label
        && entry
        && full_names_agree(&a.full_name, &b.full_name)
        && !(countries && (roles || !person) && a.entry.is_none())
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
