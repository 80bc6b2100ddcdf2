//! Co-occurring names: which names stand in the same sentences, and their weight of evidence.
//!
//! Comes in: the clusters of all documents. Goes out: for a cluster, the names in its sentences, the
//! rarest first. That two clusters have a name in common is evidence that they are one, and weighs the
//! logarithm of how rare that name is (its inverse document frequency).

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::items::Item;
use super::spelling::skeleton;
use super::weight;
use crate::document::Label;

/// Names of less weight, which stand in many documents, are no evidence.
const MIN_WEIGHT: i32 = 9;

/// How many names that co-occur with a cluster are looked at, the rarest first.
const MAX_NAMES: usize = 8;

/// Additive smoothing: so many documents more, in which none of the names stands. What is rare in ten
/// documents need not be rare.
const PRIOR_DOCUMENTS: usize = 1000;

/// A name: of persons one in whatever spelling, of other things one for all clusters that are joined
/// already.
pub(super) type NameId = u32;

/// The name of what has none.
const UNNAMED: NameId = NameId::MAX;

/// The names of all clusters, and how frequent they are.
pub(super) struct CooccurringNames {
    /// The name of each item.
    names: Vec<NameId>,
    /// How many clusters have each name.
    frequency: Vec<usize>,
    /// Where the items of each document begin and end in the list of all.
    document_items: FxHashMap<usize, (usize, usize)>,
    /// How many documents there are.
    documents: usize,
}

impl CooccurringNames {
    /// Counts the names in so many documents; `group` gives the group of an item.
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
        let mut cooccurring = Self {
            names: Vec::with_capacity(items.len()),
            frequency: Vec::new(),
            document_items: FxHashMap::default(),
            documents,
        };
        for (index, item) in items.iter().enumerate() {
            cooccurring.document_items.entry(item.document).or_insert((index, index)).1 = index + 1;
            let key = match item.label {
                _ if !item.is_compared() => {
                    cooccurring.names.push(UNNAMED);
                    continue;
                }
                Some(Label::Person) => NameKey::Person(skeleton(item.fullest())),
                _ => NameKey::Group(group(index)),
            };
            let next = NameId::try_from(cooccurring.frequency.len()).unwrap_or(UNNAMED);
            let name = *known.entry(key).or_insert(next);
            if name == next {
                cooccurring.frequency.push(0);
            }
            cooccurring.frequency[name as usize] += 1;
            cooccurring.names.push(name);
        }
        cooccurring
    }

    /// The items of a document.
    pub(super) fn items_of(&self, document: usize) -> std::ops::Range<usize> {
        let (start, end) = self.document_items.get(&document).copied().unwrap_or_default();
        start..end
    }

    /// The name of an item.
    pub(super) fn name(&self, item: usize) -> NameId {
        self.names[item]
    }

    /// Weight of evidence of a name that two have in common: the rarer, the more.
    pub(super) fn weight(&self, name: NameId) -> i32 {
        weight::of(self.documents + PRIOR_DOCUMENTS, self.frequency[name as usize] + 1)
    }

    /// The rare names that co-occur with an item, the rarest first.
    pub(super) fn beside(&self, items: &[Item], index: usize) -> Vec<NameId> {
        let (item, own) = (&items[index], self.names[index]);
        let near = |&other: &usize| {
            let mut sentences = items[other].sentences.iter();
            sentences.any(|sentence| item.sentences.binary_search(sentence).is_ok())
        };
        let mut names: Vec<NameId> = self
            .items_of(item.document)
            .filter(|&other| !matches!(self.names[other], UNNAMED) && self.names[other] != own)
            .filter(near)
            .map(|other| self.names[other])
            .filter(|&name| self.weight(name) >= MIN_WEIGHT)
            .collect();
        names.sort_unstable_by_key(|&name| (Reverse(self.weight(name)), name));
        names.dedup();
        names.truncate(MAX_NAMES);
        names
    }

    /// The rare names that co-occur with any of some items.
    pub(super) fn beside_any(&self, items: &[Item], members: &[usize]) -> FxHashSet<NameId> {
        members.iter().flat_map(|&member| self.beside(items, member)).collect()
    }

    /// Weight of evidence of the names that two sets have in common.
    pub(super) fn shared_weight(&self, a: &FxHashSet<NameId>, b: &FxHashSet<NameId>) -> i32 {
        self.shared_weight_beyond(a, b, 0)
    }

    /// The same, of each name only what it weighs beyond a bar.
    pub(super) fn shared_weight_beyond(
        &self,
        a: &FxHashSet<NameId>,
        b: &FxHashSet<NameId>,
        bar: i32,
    ) -> i32 {
        a.intersection(b).map(|&name| (self.weight(name) - bar).max(0)).sum()
    }
}
