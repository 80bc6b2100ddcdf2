//! Joining: blocks of clusters that may be one thing, and what keeps them apart.
//!
//! Every decision is kept with its ground, so that it can be written and reviewed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use thin_vec::ThinVec;

use super::World;
use super::class::singulars;
use super::cooccurrence::{CooccurringNames, NameId};
use super::correct::extend;
use super::items::{Item, without_form};
use super::namesakes::{Namesakes, Person, Tie};
use super::spelling::skeleton;
use crate::document::Label;
use crate::entity::Ground;
use crate::ontology::Kind;
use crate::resource::fold;
use crate::resource::gazetteer::EntryId;
use crate::resource::lexicon::Use;

/// How many groups of one block an item is compared with: further ones of that name stay apart.
const CANDIDATES: usize = 16;

/// From how many clusters of a group its co-occurring names are taken.
const SAMPLE: usize = 200;

/// Weight of evidence of co-occurring names from which a cluster is linked with a group.
const MEANT: i32 = 18;

/// From this share of the clusters on, in percent, a name without evidence means the largest person
/// that bears it.
const DOMINANT: usize = 90;

/// How many near misses are kept for a group that stays apart.
const MISSES: usize = 3;

/// Why near misses stay apart.
const AMBIGUOUS: &str = "several bear the name";
const NO_EVIDENCE: &str = "nothing tells that both are one";

/// Two clusters that were compared.
#[derive(Clone, Debug)]
pub(super) struct ComparedPair {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) ground: Ground,
    /// Why two of one name are one person.
    pub(super) tie: Option<Tie>,
    /// What keeps them apart, if they are.
    pub(super) obstacle: Option<&'static str>,
}

/// Groups and how they came about.
pub(super) struct Joined {
    /// The group of each item: the index of its first item.
    pub(super) groups: Vec<usize>,
    pub(super) links: Vec<ComparedPair>,
}

/// What is known of a group of clusters.
#[derive(Clone, Debug, Default)]
struct GroupFeatures<'a> {
    label: Option<Label>,
    entry: Option<EntryId>,
    full_name: &'a [String],
    countries: ThinVec<EntryId>,
    roles: ThinVec<&'a str>,
    /// "Ltd" and "Inc" are two companies.
    form: Option<&'a str>,
    /// Many countries have one of that name.
    common_name: bool,
    /// Which of several persons of one name it is: number of the name, number of the person.
    persons: ThinVec<(u32, u32)>,
    /// The first and the last of the clusters, each followed by the next in [`Groups::next`], and how
    /// many there are.
    first: u32,
    last: u32,
    count: u32,
}

struct Groups<'a> {
    world: &'a World<'a>,
    items: &'a [Item],
    parent: Vec<usize>,
    known: Vec<GroupFeatures<'a>>,
    /// Where in `known` each item is that is compared at all.
    slots: Vec<u32>,
    /// The item that follows in the same group.
    next: Vec<u32>,
    links: Vec<ComparedPair>,
    /// The names that co-occur with a group, where it was asked for.
    beside: FxHashMap<usize, FxHashSet<NameId>>,
}

/// Joins items.
pub(super) fn join(world: &World, items: &[Item]) -> Joined {
    let mut slots = vec![u32::MAX; items.len()];
    let compared = items.iter().enumerate().filter(|(_, item)| item.is_compared());
    let numbered = (0..).zip(compared);
    let known = numbered
        .map(|(slot, (index, item))| {
            slots[index] = slot;
            known(world, index, item)
        })
        .collect();
    let mut groups = Groups {
        world,
        items,
        parent: (0..items.len()).collect(),
        known,
        slots,
        next: vec![0; items.len()],
        links: Vec::new(),
        beside: FxHashMap::default(),
    };
    groups.same_entry();
    groups.bodies();
    groups.same_name();
    // Co-occurring names are evidence for persons: what is no person is joined before.
    let documents = world.documents.iter().filter(|document| document.n_clusters > 0).count();
    let cooccurring = CooccurringNames::new(items, documents, |item| groups.root(item));
    groups.acronyms(&cooccurring);
    groups.short_names(&cooccurring);
    let cooccurring = CooccurringNames::new(items, documents, |item| groups.root(item));
    groups.same_person(&cooccurring);
    groups.persons_with_other_middle_names(&cooccurring);
    groups.cut_names(&cooccurring);
    groups.surnames(&cooccurring);
    let of = (0..items.len()).map(|item| groups.root(item)).collect();
    Joined { groups: of, links: groups.links }
}

fn known<'a>(world: &World, index: usize, item: &'a Item) -> GroupFeatures<'a> {
    let person = item.label == Some(Label::Person);
    let fullest = item.fullest();
    let mut countries = ThinVec::from(&item.countries[..]);
    extend(&mut countries, item.body.iter().map(|(country, _)| *country));
    GroupFeatures {
        label: item.label,
        entry: item.entry,
        full_name: if person && fullest.len() > 1 { fullest } else { &[] },
        countries,
        roles: item.roles.iter().map(String::as_str).collect(),
        form: if item.label == Some(Label::Org) { form(world, item) } else { None },
        common_name: item.label == Some(Label::Place)
            || item.body.is_some()
            || is_generic(world, item),
        persons: ThinVec::new(),
        first: index as u32,
        last: index as u32,
        count: 1,
    }
}

/// The legal form that a name ends with, in its short spelling.
fn form<'a>(world: &World, item: &'a Item) -> Option<&'a str> {
    let last = item.names.iter().filter(|name| name.len() > 1).filter_map(|name| name.last());
    last.filter(|word| world.lexicon.legal_form(word).is_some()).min().map(|word| {
        match word.as_str() {
            "limited" => "ltd",
            "incorporated" => "inc",
            "corporation" => "corp",
            "company" => "co",
            other => other,
        }
    })
}

impl<'a> Groups<'a> {
    /// What is known of a group.
    fn known(&self, root: usize) -> &GroupFeatures<'a> {
        &self.known[self.slots[root] as usize]
    }

    fn known_mut(&mut self, root: usize) -> &mut GroupFeatures<'a> {
        &mut self.known[self.slots[root] as usize]
    }

    /// The clusters of a group; those of the larger part come first.
    fn clusters(&self, root: usize) -> impl Iterator<Item = usize> {
        let known = self.known(root);
        let next = |&item: &u32| Some(self.next[item as usize]);
        std::iter::successors(Some(known.first), next)
            .take(known.count as usize)
            .map(|item| item as usize)
    }

    fn root(&mut self, mut item: usize) -> usize {
        while self.parent[item] != item {
            self.parent[item] = self.parent[self.parent[item]];
            item = self.parent[item];
        }
        item
    }

    /// Joins the groups of two items, if there is no obstacle.
    fn join(&mut self, item_a: usize, item_b: usize, ground: Ground) -> bool {
        self.join_for(item_a, item_b, ground, None)
    }

    fn join_for(&mut self, item_a: usize, item_b: usize, ground: Ground, tie: Option<Tie>) -> bool {
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
        self.links.push(ComparedPair { a: item_a, b: item_b, ground, tie, obstacle });
        if obstacle.is_some() {
            return false;
        }
        let other = std::mem::take(self.known_mut(second));
        let known = self.known_mut(first);
        let ends = |known: &GroupFeatures| (known.first, known.last);
        let (large, small) = match known.count < other.count {
            true => (ends(&other), ends(known)),
            false => (ends(known), ends(&other)),
        };
        (known.first, known.last) = (large.0, small.1);
        known.count += other.count;
        self.next[large.1 as usize] = small.0;
        let known = self.known_mut(first);
        known.label = match known.label {
            None | Some(Label::Misc) => other.label.or(known.label),
            label => label,
        };
        known.entry = known.entry.or(other.entry);
        if other.full_name.len() > known.full_name.len() {
            known.full_name = other.full_name;
        }
        known.form = known.form.or(other.form);
        known.common_name &= other.common_name;
        extend(&mut known.persons, other.persons);
        extend(&mut known.countries, other.countries);
        extend(&mut known.roles, other.roles);
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

    /// The same full name of a person in whatever spelling, unless there are several persons of that
    /// name.
    fn same_person(&mut self, cooccurring: &CooccurringNames) {
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.persons() {
            if item.fullest().len() > 1 {
                blocks.entry(skeleton(item.fullest())).or_default().push(index);
            }
        }
        let items = self.items;
        let all: Vec<usize> = blocks.values().flatten().copied().collect();
        let namesakes = Namesakes::new(items, cooccurring, &all);
        let names: Vec<Vec<Person>> =
            blocks.into_par_iter().map(|(_, block)| namesakes.join_by_evidence(&block)).collect();
        let ambiguity = namesakes.ambiguity(names.iter().map(Vec::as_slice));
        for (number, persons) in (0..).zip(names) {
            let persons = namesakes.assign_rest(persons, ambiguity);
            for &(a, b, tie) in persons.iter().flat_map(|person| &person.ties) {
                let same = items[a].fullest().concat() == items[b].fullest().concat();
                let ground = if same { Ground::Name } else { Ground::Spelling };
                self.join_variant(a, b, ground, Some(tie));
            }
            if persons.len() > 1 {
                self.keep_apart(number, &persons);
            }
        }
    }

    /// Forbids that two of these become one, and keeps the nearest misses.
    fn keep_apart(&mut self, name: u32, persons: &[Person]) {
        for (number, person) in (0..).zip(persons) {
            let root = self.root(person.first);
            extend(&mut self.known_mut(root).persons, [(name, number)]);
            let before = persons.iter().take(number as usize).take(MISSES);
            self.links.extend(before.map(|other| ComparedPair {
                a: other.first,
                b: person.first,
                ground: Ground::Name,
                tie: None,
                obstacle: Some(NO_EVIDENCE),
            }));
        }
    }

    /// "Anna M. Dahl", "A. Dahl" and "Anna Dahl", if only one name fits.
    fn persons_with_other_middle_names(&mut self, cooccurring: &CooccurringNames) {
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.persons() {
            if let [first, .., last] = item.fullest() {
                let initial: String = first.chars().take(1).collect();
                blocks.entry(format!("{last} {initial}")).or_default().push(index);
            }
        }
        for block in blocks.values() {
            let mut names: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
            for root in self.roots(block) {
                names.entry(self.known(root).full_name).or_default().push(root);
            }
            if names.len() > CANDIDATES {
                continue;
            }
            for (name, roots) in &names {
                let fitting: Vec<&&[String]> = names
                    .keys()
                    .filter(|other| *other != name && full_names_agree(other, name))
                    .collect();
                let others: Vec<usize> =
                    fitting.iter().flat_map(|&other| &names[other]).copied().collect();
                let one = fitting.iter().enumerate().all(|(nth, name)| {
                    fitting[nth + 1..].iter().all(|other| full_names_agree(name, other))
                });
                // A name that fits several others is joined when those are looked at.
                if others.is_empty() || one && others.len() < roots.len() {
                    continue;
                }
                for &root in roots {
                    match one {
                        true => self.join_meant(cooccurring, &others, root, Ground::Initials),
                        false => self.miss(root, &others, Ground::Initials, AMBIGUOUS),
                    }
                }
            }
        }
    }

    /// "Anna Maria" for the one "Anna Maria Dahl".
    fn cut_names(&mut self, cooccurring: &CooccurringNames) {
        let mut names: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.persons() {
            if item.fullest().len() > 1 {
                names.entry(item.fullest().join(" ")).or_default().push(index);
            }
        }
        for (name, items) in &names {
            let start = format!("{name} ");
            // Sorted: what begins all of them comes first.
            let longer =
                names.range(start.clone()..).take_while(|(name, _)| name.starts_with(&start));
            // "Anna Dahl" is not "Anna Dahl Jr."
            let mut longer = longer.filter(|(name, _)| !self.is_of_kin(name));
            let Some((first, bearers)) = longer.next() else { continue };
            let first = format!("{first} ");
            if longer.all(|(name, _)| name.starts_with(&first)) {
                for root in self.roots(items) {
                    self.join_meant(cooccurring, bearers, root, Ground::Beginning);
                }
            }
        }
    }

    /// True for a name that ends with "Jr." or the like.
    fn is_of_kin(&self, name: &str) -> bool {
        let last = name.rsplit(' ').next();
        last.is_some_and(|word| self.world.lexicon.has_use(word, Use::Generation))
    }

    /// Joins an item with the one of several groups that it means, if one is clearly meant.
    fn join_meant(
        &mut self,
        cooccurring: &CooccurringNames,
        others: &[usize],
        item: usize,
        ground: Ground,
    ) {
        let roots = self.roots(others);
        match self.meant(cooccurring, &roots, item) {
            Some((other, how)) => {
                self.join_variant(other, item, how.unwrap_or(ground), None);
            }
            None => self.miss(item, &roots, ground, AMBIGUOUS),
        }
    }

    /// Which of several groups an item means: the only one, the only one that its document names, the
    /// one with which the same names co-occur, or, of persons of one name, the one who is meant
    /// nearly always.
    fn meant(
        &mut self,
        cooccurring: &CooccurringNames,
        roots: &[usize],
        item: usize,
    ) -> Option<(usize, Option<Ground>)> {
        match *roots {
            [] => return None,
            [only] => return Some((only, None)),
            _ => {}
        }
        let items_of =
            cooccurring.items_of(self.items[item].document).filter(|&other| other != item);
        let mut there: Vec<usize> = items_of.map(|other| self.root(other)).collect();
        there.retain(|root| roots.binary_search(root).is_ok());
        there.dedup();
        if let [only] = there[..] {
            return Some((only, None));
        }
        let mut roots = roots.to_vec();
        roots.sort_by_key(|&root| (Reverse(self.known(root).count), root));
        let clusters: usize = roots.iter().map(|&root| self.known(root).count as usize).sum();
        roots.truncate(CANDIDATES);
        let own = cooccurring.beside_any(self.items, &[item]);
        let mut scores: Vec<(i32, usize)> = Vec::new();
        for &root in &roots {
            scores.push((cooccurring.shared_weight(self.beside(cooccurring, root), &own), root));
        }
        scores.sort_by_key(|&(score, root)| (Reverse(score), root));
        if let [(score, root), (second, _), ..] = scores[..]
            && score >= MEANT
            && score >= 2 * second
        {
            return Some((root, Some(Ground::Cooccurrence)));
        }
        let first = roots[0];
        let one_name = roots[1..].iter().all(|&other| {
            let (a, b) = (self.known(first).full_name, self.known(other).full_name);
            !a.is_empty() && skeleton(a) == skeleton(b)
        });
        let dominant = self.known(first).count as usize * 100 >= clusters * DOMINANT;
        (one_name && dominant).then_some((first, None))
    }

    /// Remembers what might have been one, had there not been several.
    fn miss(&mut self, item: usize, others: &[usize], ground: Ground, obstacle: &'static str) {
        for &other in others.iter().take(MISSES) {
            let obstacle = Some(obstacle);
            self.links.push(ComparedPair { a: other, b: item, ground, tie: None, obstacle });
        }
    }

    fn roots(&mut self, block: &[usize]) -> Vec<usize> {
        let mut roots: Vec<usize> = block.iter().map(|&item| self.root(item)).collect();
        roots.sort_unstable();
        roots.dedup();
        roots
    }

    /// Joins although the names differ in letters, which alone would forbid it.
    fn join_variant(&mut self, a: usize, b: usize, ground: Ground, tie: Option<Tie>) {
        let root = self.root(b);
        let own = std::mem::take(&mut self.known_mut(root).full_name);
        if !self.join_for(a, b, ground, tie) {
            self.known_mut(root).full_name = own;
        }
    }

    /// Documents that give a surname only mean the one person who bears it, if there is one, else
    /// the one who is named beside the same others.
    fn surnames(&mut self, cooccurring: &CooccurringNames) {
        let mut bearers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        // Whose name ends with a word that is hardly a first name as well.
        let mut surnamed: FxHashSet<(String, usize)> = FxHashSet::default();
        for (index, item) in self.persons() {
            let name = self.world.lexicon.without_generation(item.fullest());
            if let [first, .., last] = name {
                bearers.entry(last.clone()).or_default().push(index);
                if !self.world.gazetteer.is_first_name(last) {
                    surnamed.insert((last.clone(), index));
                }
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
        let surnamed: FxHashSet<(String, usize)> =
            surnamed.into_iter().map(|(word, item)| (word, self.root(item))).collect();
        for (word, items) in &alone {
            let roots = match bearers.get(word) {
                Some(bearers) => self.roots(bearers),
                None => Vec::new(),
            };
            match roots[..] {
                [] => self.join_block(items, Ground::Word),
                _ => {
                    for &item in items {
                        let bearers = bearers[word].iter().copied();
                        let apart: Vec<usize> =
                            bearers.filter(|&bearer| self.stands_apart(item, bearer)).collect();
                        let apart = self.roots(&apart);
                        let roots: Vec<usize> =
                            roots.iter().copied().filter(|root| !apart.contains(root)).collect();
                        match self.meant(cooccurring, &roots, item) {
                            // "Charles" may be the rest of any name.
                            Some((root, None))
                                if !surnamed.contains(&(word.clone(), root))
                                    && !self.have_common(cooccurring, item, root) =>
                            {
                                self.miss(item, &[root], Ground::Surname, NO_EVIDENCE);
                            }
                            Some((root, how)) => {
                                let ground = how.unwrap_or(Ground::Surname);
                                self.join_variant(root, item, ground, None);
                            }
                            None => self.miss(item, &roots, Ground::Surname, AMBIGUOUS),
                        }
                    }
                }
            }
        }
    }

    /// True if one document has both, "Minister Dahl" and "Liv Dahl, a biologist": had they been one,
    /// coreference would have linked them.
    fn stands_apart(&self, surname: usize, full: usize) -> bool {
        let (a, b) = (&self.items[surname], &self.items[full]);
        a.document == b.document
            && !a.roles.is_empty()
            && !b.roles.is_empty()
            && a.roles.iter().all(|role| !b.roles.contains(role))
    }

    /// Bodies of one country under the same words in any order, by name or described.
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
            // A name of three words and more that no document ties to a country is one everywhere, but for
            // what every state has: "Ministry of Health".
            let global = block.iter().all(|&item| {
                let item = &self.items[item];
                item.fullest().len() > 2
                    && item.countries.is_empty()
                    && !is_of_any_state(self.world, item.fullest())
            });
            let (generic, own): (Vec<usize>, Vec<usize>) = block
                .iter()
                .partition(|&&item| !global && is_generic(self.world, &self.items[item]));
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

    /// "Norvik" in one document for the one "Norvik Shipping" of the others, if some document calls it
    /// both, or other evidence says so.
    fn short_names(&mut self, cooccurring: &CooccurringNames) {
        let mut introduced: FxHashSet<(String, usize)> = FxHashSet::default();
        let mut long: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.others() {
            let multi = item.names.iter().any(|name| name.len() > 1);
            for name in item.names.iter().filter(|name| multi && name.len() == 1) {
                introduced.insert((name[0].clone(), index));
                long.entry(name[0].clone()).or_default().push(index);
            }
            if let Some(first) = item.fullest().first().filter(|_| multi) {
                long.entry(first.clone()).or_default().push(index);
            }
        }
        let introduced: FxHashSet<(String, usize)> =
            introduced.into_iter().map(|(word, item)| (word, self.root(item))).collect();
        let single: Vec<usize> = self
            .others()
            .filter(|(_, item)| item.fullest().len() == 1 && item.entry.is_none())
            .map(|(index, _)| index)
            .collect();
        for item in single {
            let word = &self.items[item].fullest()[0];
            let Some(block) = long.get(word) else { continue };
            if self.world.lexicon.has_use(word, Use::Shared) {
                continue;
            }
            let mut roots = self.roots(block);
            let own = self.items[item].label;
            roots.retain(|&root| self.known(root).label == own);
            let Some((root, how)) = self.meant(cooccurring, &roots, item) else {
                self.miss(item, &roots, Ground::Beginning, AMBIGUOUS);
                continue;
            };
            if introduced.contains(&(word.clone(), root))
                || self.have_much_in_common(cooccurring, item, root)
            {
                self.join_variant(root, item, how.unwrap_or(Ground::Beginning), None);
            } else {
                self.miss(item, &[root], Ground::Beginning, NO_EVIDENCE);
            }
        }
    }

    /// An acronym for the one name with these initials, if there is other evidence as well.
    fn acronyms(&mut self, cooccurring: &CooccurringNames) {
        // What some document gives beside the name.
        let mut introduced: FxHashSet<String> = FxHashSet::default();
        let mut long: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.others() {
            for name in item.names.iter().filter(|name| name.len() > 1) {
                let initials = fold::initials(&name.join(" "));
                if item.names.iter().any(|short| short.len() == 1 && short[0] == initials) {
                    introduced.insert(initials.clone());
                }
                long.entry(initials).or_default().push(index);
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
            let acronym = self.items[item].fullest().concat();
            let Some(block) = long.get(&acronym) else { continue };
            let roots = self.roots(block);
            match roots[..] {
                [root]
                    if introduced.contains(&acronym)
                        || self.have_common(cooccurring, item, root) =>
                {
                    self.join(root, item, Ground::Acronym);
                }
                [root] => self.miss(item, &[root], Ground::Acronym, NO_EVIDENCE),
                _ => self.miss(item, &roots, Ground::Acronym, AMBIGUOUS),
            }
        }
    }

    /// True if both belong to one country, or names that are evidence enough co-occur with both.
    fn have_much_in_common(
        &mut self,
        cooccurring: &CooccurringNames,
        item: usize,
        root: usize,
    ) -> bool {
        let countries = &self.known(root).countries;
        if self.items[item].countries.iter().any(|country| countries.contains(country)) {
            return true;
        }
        let own = cooccurring.beside_any(self.items, &[item]);
        cooccurring.shared_weight(self.beside(cooccurring, root), &own) >= MEANT
    }

    /// True if both belong to one country, or rare names co-occur with both.
    fn have_common(&mut self, cooccurring: &CooccurringNames, item: usize, root: usize) -> bool {
        let countries = &self.known(root).countries;
        if self.items[item].countries.iter().any(|country| countries.contains(country)) {
            return true;
        }
        let own = cooccurring.beside_any(self.items, &[item]);
        cooccurring.shared_weight(self.beside(cooccurring, root), &own) > 0
    }

    /// The names that co-occur with some of the clusters of a group.
    fn beside(&mut self, cooccurring: &CooccurringNames, root: usize) -> &FxHashSet<NameId> {
        if !self.beside.contains_key(&root) {
            let sample: Vec<usize> = self.clusters(root).take(SAMPLE).collect();
            let beside = cooccurring.beside_any(self.items, &sample);
            self.beside.insert(root, beside);
        }
        &self.beside[&root]
    }
}

/// "Foreign Ministry": every country has one.
fn is_generic(world: &World, item: &Item) -> bool {
    item.entry.is_none()
        && item.label == Some(Label::Org)
        && !item.names.is_empty()
        && item.names.iter().all(|name| is_common_name(world, name))
}

/// True for a name made of words that any country has a body for: "Foreign Ministry", "Democratic
/// Party".
pub(super) fn is_common_name(world: &World, name: &[String]) -> bool {
    let is_noun = |word: &str| {
        world.lexicon.noun_label(word).is_some() || world.lexicon.class(word).is_some()
    };
    let common = |word: &String| {
        singulars(word).any(|noun| is_noun(&noun))
            || matches!(word.as_str(), "of" | "and" | "for" | "the")
    };
    let last =
        |name: &[String]| name.last().is_some_and(|word| world.lexicon.class(word).is_some());
    name.iter().all(common) || name.len() == 2 && last(name) && common_adjective(name)
}

/// "Ministry of Health": the word for a body of a state, and what it is for.
fn is_of_any_state(world: &World, name: &[String]) -> bool {
    let counting =
        name.iter().filter(|word| !matches!(word.as_str(), "of" | "for" | "the" | "and"));
    counting.count() <= 2
        && name.iter().any(|word| world.lexicon.names_kind(word, Kind::PublicBody))
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
fn obstacle(a: &GroupFeatures, b: &GroupFeatures, ground: Ground) -> Option<&'static str> {
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
    if !full_names_agree(a.full_name, b.full_name) {
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
    // Persons of one full name were kept apart before; what has a name of its own may act anywhere.
    let person = a.label == Some(Label::Person);
    match ground {
        Ground::Name | Ground::Spelling if person => None,
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
