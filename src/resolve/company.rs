//! Who is named in the same sentences, and how much it tells.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::items::Item;
use super::spelling::skeleton;
use super::weight;
use crate::document::Label;

/// Names that stand in more of the documents than this weight allows tell nothing.
const TELLING: i32 = 9;

/// How many names beside a cluster are looked at, the rarest first.
const BESIDE: usize = 8;

/// So many documents more, in which none of the names stands, are taken for read: what is rare in
/// ten documents need not be rare.
const UNREAD: usize = 1000;

/// A name in whatever spelling; of things that are no persons, whatever is joined already.
pub(super) type NameId = u32;

/// What is called nothing.
const UNNAMED: NameId = NameId::MAX;

/// The names of all clusters, and how common they are.
pub(super) struct Company {
    /// The name of each item.
    names: Vec<NameId>,
    /// How many clusters each name stands for.
    frequency: Vec<usize>,
    /// Where the items of each document begin and end.
    pages: FxHashMap<usize, (usize, usize)>,
    /// How many documents there are.
    documents: usize,
}

impl Company {
    /// The company in so many documents; `group` tells what is joined.
    pub(super) fn new(
        items: &[Item],
        documents: usize,
        mut group: impl FnMut(usize) -> usize,
    ) -> Self {
        #[derive(PartialEq, Eq, Hash)]
        enum NameKey {
            Person(String),
            Group(usize),
        }
        let mut known: FxHashMap<NameKey, NameId> = FxHashMap::default();
        let mut company = Self {
            names: Vec::with_capacity(items.len()),
            frequency: Vec::new(),
            pages: FxHashMap::default(),
            documents,
        };
        for (index, item) in items.iter().enumerate() {
            company.pages.entry(item.document).or_insert((index, index)).1 = index + 1;
            let key = match item.label {
                _ if !item.is_compared() => {
                    company.names.push(UNNAMED);
                    continue;
                }
                Some(Label::Person) => NameKey::Person(skeleton(item.fullest())),
                _ => NameKey::Group(group(index)),
            };
            let next = NameId::try_from(company.frequency.len()).unwrap_or(UNNAMED);
            let name = *known.entry(key).or_insert(next);
            if name == next {
                company.frequency.push(0);
            }
            company.frequency[name as usize] += 1;
            company.names.push(name);
        }
        company
    }

    /// The items of the document in which an item is named.
    pub(super) fn page(&self, document: usize) -> std::ops::Range<usize> {
        let (start, end) = self.pages.get(&document).copied().unwrap_or_default();
        start..end
    }

    /// The name of an item.
    pub(super) fn name(&self, item: usize) -> NameId {
        self.names[item]
    }

    /// How rare a name is.
    pub(super) fn weight(&self, name: NameId) -> i32 {
        weight::of(self.documents + UNREAD, self.frequency[name as usize] + 1)
    }

    /// The telling names beside an item, the rarest first.
    pub(super) fn beside(&self, items: &[Item], index: usize) -> Vec<NameId> {
        let (item, own) = (&items[index], self.names[index]);
        let near = |&other: &usize| {
            let mut sentences = items[other].sentences.iter();
            sentences.any(|sentence| item.sentences.binary_search(sentence).is_ok())
        };
        let mut names: Vec<NameId> = self
            .page(item.document)
            .filter(|&other| !matches!(self.names[other], UNNAMED) && self.names[other] != own)
            .filter(near)
            .map(|other| self.names[other])
            .filter(|&name| self.weight(name) >= TELLING)
            .collect();
        names.sort_unstable_by_key(|&name| (Reverse(self.weight(name)), name));
        names.dedup();
        names.truncate(BESIDE);
        names
    }

    /// The telling names beside any of some items.
    pub(super) fn of_all(&self, items: &[Item], members: &[usize]) -> FxHashSet<NameId> {
        members.iter().flat_map(|&member| self.beside(items, member)).collect()
    }

    /// How much two companies have in common.
    pub(super) fn shared(&self, a: &FxHashSet<NameId>, b: &FxHashSet<NameId>) -> i32 {
        a.intersection(b).map(|&name| self.weight(name)).sum()
    }
}
