//! Corrections on top of what was resolved: only what they name changes.
//!
//! Kinds are followed one after the other: splits, then what is not the same, merges, aliases,
//! classes, labels, and what is left out. Every one sees what those before it made. An entity keeps
//! its slug; only what is split off gets a new one.
//!
//! A file may hold many decisions, and one of them many names: what is asked again for each (who bears a
//! name, which names a document uses, what may not be one) is looked up.

use std::cell::OnceCell;

use compact_str::{CompactString, format_compact};
use rustc_hash::{FxHashMap, FxHashSet};
use thin_vec::ThinVec;

use super::World;
use super::entities::{self, Draft};
use super::items::Item;
use crate::entity::{Unapplied, Unnamed};
use crate::resource::corrections::{Change, Corrections, Reference};
use crate::resource::fold::{self, key};

/// Changes the drafts; gives what could not be followed.
pub(super) fn follow(
    world: &World,
    items: &[Item],
    drafts: &mut Vec<Draft>,
    unnamed: &Unnamed,
    corrections: &Corrections,
) -> Vec<Unapplied> {
    if corrections.list.is_empty() {
        return Vec::new();
    }
    let mut state = CorrectionState::new(world, items, std::mem::take(drafts), unnamed);
    let mut unapplied = Vec::new();
    for correction in &corrections.list {
        if let Err(cause) = state.apply(correction.line, &correction.change) {
            let kind = correction.change.kind().into();
            unapplied.push(Unapplied { line: correction.line, kind, cause });
        }
    }
    unapplied.sort_by_key(|correction| correction.line);
    *drafts = state.drafts.into_iter().flatten().collect();
    unapplied
}

struct CorrectionState<'a> {
    world: &'a World<'a>,
    items: &'a [Item],
    /// What no correction means.
    unnamed: &'a Unnamed,
    /// `None`: became part of another.
    drafts: Vec<Option<Draft>>,
    /// The draft of each item.
    of: Vec<usize>,
    slugs: FxHashMap<CompactString, usize>,
    /// Slugs of the unnamed, once they are asked for.
    taken: OnceCell<FxHashSet<&'a str>>,
    /// Those that bear a name, by its key; sorted.
    names: FxHashMap<String, Vec<usize>>,
    /// How many keys each draft bears.
    n_names: Vec<usize>,
    /// The items of a document that are called so, by document and key; of the documents that were asked
    /// for.
    called: FxHashMap<String, FxHashMap<String, Vec<usize>>>,
    /// Lines of the corrections that tell things apart.
    apart_lines: Vec<u64>,
    /// Of each draft, which of those name it. No two of one are ever merged.
    apart: FxHashMap<usize, Vec<usize>>,
}

impl<'a> CorrectionState<'a> {
    fn new(
        world: &'a World<'a>,
        items: &'a [Item],
        drafts: Vec<Draft>,
        unnamed: &'a Unnamed,
    ) -> Self {
        let mut state = Self {
            world,
            items,
            unnamed,
            drafts: Vec::new(),
            of: vec![0; items.len()],
            slugs: FxHashMap::default(),
            taken: OnceCell::new(),
            names: FxHashMap::default(),
            n_names: Vec::new(),
            called: FxHashMap::default(),
            apart_lines: Vec::new(),
            apart: FxHashMap::default(),
        };
        for draft in drafts {
            state.add(draft);
        }
        state
    }

    /// Adds a draft whose slug is free.
    fn add(&mut self, draft: Draft) -> usize {
        let index = self.drafts.len();
        for &item in &draft.items {
            self.of[item] = index;
        }
        self.slugs.insert(draft.entity.slug.clone(), index);
        self.n_names.push(0);
        if draft.entity.named {
            for name in std::iter::once(&draft.entity.label).chain(&draft.entity.aliases) {
                self.give_name(name, index);
            }
        }
        self.drafts.push(Some(draft));
        index
    }

    fn give_name(&mut self, name: &str, index: usize) {
        let bearers = self.names.entry(key(name)).or_default();
        if let Err(place) = bearers.binary_search(&index) {
            bearers.insert(place, index);
            self.n_names[index] += 1;
        }
    }

    fn take_names(&mut self, keys: &[String], index: usize) {
        for key in keys {
            if let Some(bearers) = self.names.get_mut(key)
                && let Ok(place) = bearers.binary_search(&index)
            {
                bearers.remove(place);
                self.n_names[index] -= 1;
            }
        }
    }

    fn draft(&self, index: usize) -> &Draft {
        self.drafts[index].as_ref().expect("only drafts that are left are referred to")
    }

    fn draft_mut(&mut self, index: usize) -> &mut Draft {
        self.drafts[index].as_mut().expect("only drafts that are left are referred to")
    }

    fn apply(&mut self, line: u64, change: &Change) -> Result<(), String> {
        match change {
            Change::Split { entity, names, documents, label } => {
                let index = self.find(entity)?;
                let goes = self.chosen(index, names, documents);
                self.split(index, goes, label.as_deref())?;
            }
            Change::NotSame(references) => self.not_same(line, references)?,
            Change::Merge(references) => self.merge_all(references)?,
            Change::Alias { entity, names } => {
                let index = self.find(entity)?;
                self.alias(index, names)?;
            }
            Change::Retype { entity, class } => {
                let index = self.find(entity)?;
                let class = self.world.ontology.class(class);
                let class = class.ok_or("the ontology has no such class")?;
                self.draft_mut(index).entity.class = class;
            }
            Change::Rename { entity, label } => {
                let index = self.find(entity)?;
                self.rename(index, label);
            }
            Change::Drop(entity) => {
                let index = self.find(entity)?;
                self.draft_mut(index).entity.dropped = true;
            }
        }
        Ok(())
    }

    /// The one draft that a reference means.
    fn find(&mut self, reference: &Reference) -> Result<usize, String> {
        if let Some(slug) = reference.name.strip_prefix("e:") {
            let found = self.slugs.get(slug).copied();
            return found.ok_or_else(|| format!("nothing has the id {:?}", reference.name));
        }
        let mut found: Vec<usize> = match &reference.document {
            Some(document) => {
                let wanted = key(&reference.name);
                let items = self.called_in(document).get(&wanted).cloned().unwrap_or_default();
                items.into_iter().map(|item| self.of[item]).collect()
            }
            None => self.names.get(&key(&reference.name)).cloned().unwrap_or_default(),
        };
        found.sort_unstable();
        found.dedup();
        if found.len() > 1 {
            // A label counts for more than an alias.
            let is_label =
                |&index: &usize| key(&self.draft(index).entity.label) == key(&reference.name);
            let labeled: Vec<usize> = found.iter().copied().filter(is_label).collect();
            if labeled.len() == 1 {
                found = labeled;
            }
        }
        match found[..] {
            [index] => Ok(index),
            [] => Err(format!("nothing is called {reference}")),
            _ => {
                let ids: Vec<String> = found
                    .iter()
                    .take(5)
                    .map(|&index| format!("e:{}", self.draft(index).entity.slug))
                    .collect();
                Err(format!("{} are called {reference}: {}", found.len(), ids.join(", ")))
            }
        }
    }

    /// The items of a document; they are sorted by its id.
    fn items_in(&self, document: &str) -> impl Iterator<Item = usize> + use<'a> {
        let (world, items) = (self.world, self.items);
        let id = |item: &Item| &*world.documents[item.document].id;
        let first = items.partition_point(|item| id(item) < document);
        let end = items.partition_point(|item| id(item) <= document);
        first..end
    }

    /// The items of a document by what they are called.
    fn called_in(&mut self, document: &str) -> &FxHashMap<String, Vec<usize>> {
        if !self.called.contains_key(document) {
            let mut called: FxHashMap<String, Vec<usize>> = FxHashMap::default();
            for item in self.items_in(document) {
                for key in self.keys_of(item) {
                    called.entry(key).or_default().push(item);
                }
            }
            self.called.insert(document.to_owned(), called);
        }
        &self.called[document]
    }

    /// The keys of the names that a cluster bears, else of its words.
    fn keys_of(&self, item: usize) -> impl Iterator<Item = String> + use<'a> {
        let item = &self.items[item];
        let words = item.spelled.is_empty().then(|| key(&item.words));
        item.spelled.iter().map(|(name, _)| key(name)).chain(words)
    }

    fn is_called(&self, item: usize, wanted: &str) -> bool {
        self.keys_of(item).any(|key| key == wanted)
    }

    /// The items of a draft with one of the names in one of the documents; empty lists ask nothing.
    fn chosen(&self, index: usize, names: &[String], documents: &[String]) -> Vec<usize> {
        let names: FxHashSet<String> = names.iter().map(|name| key(name)).collect();
        let documents: FxHashSet<&str> = documents.iter().map(String::as_str).collect();
        let fits = |&item: &usize| {
            let id = &*self.world.documents[self.items[item].document].id;
            (documents.is_empty() || documents.contains(id))
                && (names.is_empty() || self.keys_of(item).any(|key| names.contains(&key)))
        };
        self.draft(index).items.iter().copied().filter(fits).collect()
    }

    /// Makes an entity of its own out of some items of a draft.
    fn split(
        &mut self,
        index: usize,
        goes: Vec<usize>,
        label: Option<&str>,
    ) -> Result<usize, String> {
        let whole = self.draft(index);
        let slug = &whole.entity.slug;
        if goes.is_empty() {
            return Err(format!("nothing of e:{slug} is called so or stands there"));
        }
        let stays = whole.items.iter().copied().filter(|item| goes.binary_search(item).is_err());
        let stays: Vec<usize> = stays.collect();
        if stays.is_empty() {
            return Err(format!("nothing would be left of e:{slug}"));
        }
        let mut rest = entities::draft(self.world, self.items, &stays);
        let mut part = entities::draft(self.world, self.items, &goes);
        let whole = self.draft(index);
        let old = &whole.entity;
        if rest.entity.label != old.label && rest.entity.aliases.contains(&old.label) {
            call(&mut rest, &old.label);
        }
        rest.entity.slug.clone_from(&old.slug);
        rest.hash.clone_from(&whole.hash);
        let lost = lost_names(whole, &rest);
        if let Some(label) = label {
            call(&mut part, label);
            part.entity.slug = fold::slug(label).into();
        }
        part.entity.slug = self.free_slug(&part);
        self.take_names(&lost, index);
        self.drafts[index] = Some(rest);
        Ok(self.add(part))
    }

    fn free_slug(&self, draft: &Draft) -> CompactString {
        let plain = match draft.entity.slug.as_str() {
            "" => format_compact!("thing-{}", draft.hash),
            slug => slug.into(),
        };
        let taken = self
            .taken
            .get_or_init(|| (0..self.unnamed.len()).map(|at| self.unnamed.slug(at)).collect());
        let is_free = |slug: &str| !self.slugs.contains_key(slug) && !taken.contains(slug);
        if is_free(&plain) {
            return plain;
        }
        let base = format_compact!("{plain}-{}", draft.hash);
        let numbered = (2_u32..).map(|number| format_compact!("{base}-{number}"));
        std::iter::once(base.clone()).chain(numbered).find(|slug| is_free(slug)).unwrap_or(base)
    }

    fn not_same(&mut self, line: u64, references: &[Reference]) -> Result<(), String> {
        // With the first reference that means it.
        let mut found: FxHashMap<usize, usize> = FxHashMap::default();
        for (nth, reference) in references.iter().enumerate() {
            let mut index = self.find(reference)?;
            if let Some(&at) = found.get(&index) {
                let mut goes = match &reference.document {
                    _ if reference.name.starts_with("e:") => Vec::new(),
                    Some(document) => self.chosen(
                        index,
                        std::slice::from_ref(&reference.name),
                        std::slice::from_ref(document),
                    ),
                    None => self.chosen(index, std::slice::from_ref(&reference.name), &[]),
                };
                // What also bears the name of the one before stays there.
                let other = &references[at];
                if other.document.is_none() && !other.name.starts_with("e:") {
                    let wanted = key(&other.name);
                    goes.retain(|&item| !self.is_called(item, &wanted));
                }
                let whole = goes.is_empty() || goes.len() == self.draft(index).items.len();
                if whole {
                    let slug = &self.draft(index).entity.slug;
                    return Err(format!(
                        "both are e:{slug}, and nothing tells which mentions are the other's; \
                         name documents, or use split"
                    ));
                }
                index = self.split(index, goes, None)?;
            }
            found.insert(index, nth);
        }
        let decision = self.apart_lines.len();
        self.apart_lines.push(line);
        let mut found: Vec<usize> = found.into_keys().collect();
        found.sort_unstable();
        for index in found {
            self.apart.entry(index).or_default().push(decision);
        }
        Ok(())
    }

    fn merge_all(&mut self, references: &[Reference]) -> Result<(), String> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        for reference in references {
            let index = self.find(reference)?;
            if seen.insert(index) {
                found.push(index);
            }
        }
        self.may_be_one(&found)?;
        // A name identifies better than a description.
        let target = found.iter().copied().find(|&index| self.draft(index).entity.named);
        let target = target.unwrap_or(found[0]);
        for index in found.into_iter().filter(|&index| index != target) {
            self.merge(target, index);
        }
        Ok(())
    }

    /// Fails if a correction names two of the drafts.
    fn may_be_one(&self, drafts: &[usize]) -> Result<(), String> {
        let mut seen = FxHashSet::default();
        let mut decisions = drafts.iter().filter_map(|index| self.apart.get(index)).flatten();
        match decisions.find(|decision| !seen.insert(**decision)) {
            Some(&decision) => {
                let line = self.apart_lines[decision];
                Err(format!("line {line} says that they are not the same"))
            }
            None => Ok(()),
        }
    }

    fn merge(&mut self, target: usize, index: usize) {
        let Some(other) = self.drafts[index].take() else { return };
        self.slugs.remove(&other.entity.slug);
        self.take_names(&keys(&other), index);
        if let Some(decisions) = self.apart.remove(&index) {
            self.apart.entry(target).or_default().extend(decisions);
        }
        for &item in &other.items {
            self.of[item] = target;
        }
        let names: Vec<CompactString> = match other.entity.named {
            true => std::iter::once(other.entity.label).chain(other.entity.aliases).collect(),
            false => Vec::new(),
        };
        for name in &names {
            self.give_name(name, target);
        }
        let draft = self.draft_mut(target);
        extend(&mut draft.items, other.items);
        let entity = &mut draft.entity;
        extend(&mut entity.aliases, names);
        entity.aliases.retain(|alias| *alias != entity.label);
        extend(&mut entity.descriptions, other.entity.descriptions);
        extend(&mut entity.clusters, other.entity.clusters);
        if entity.same_as.is_empty() {
            entity.same_as = other.entity.same_as;
        }
        entity.mention_label = entity.mention_label.or(other.entity.mention_label);
    }

    /// Lets names mean an entity; what is called by one of them alone becomes part of it.
    fn alias(&mut self, index: usize, names: &[String]) -> Result<(), String> {
        let mut n_given = 0;
        let given = names.iter().try_for_each(|name| {
            let bearers = self.names.get(&key(name)).cloned().unwrap_or_default();
            for other in bearers.into_iter().filter(|&other| other != index) {
                if self.draft(other).entity.named && self.n_names[other] == 1 {
                    self.may_be_one(&[index, other])?;
                    self.merge(index, other);
                }
            }
            self.give_name(name, index);
            n_given += 1;
            Ok(())
        });
        let entity = &mut self.draft_mut(index).entity;
        extend(&mut entity.aliases, names[..n_given].iter().map(|name| name.as_str().into()));
        entity.aliases.retain(|alias| *alias != entity.label);
        given
    }

    fn rename(&mut self, index: usize, label: &str) {
        self.give_name(label, index);
        call(self.draft_mut(index), label);
    }
}

/// The keys of all names.
fn keys(draft: &Draft) -> Vec<String> {
    let entity = &draft.entity;
    std::iter::once(&entity.label).chain(&entity.aliases).map(|name| key(name)).collect()
}

/// Keys of names that only the whole bore.
fn lost_names(whole: &Draft, rest: &Draft) -> Vec<String> {
    let kept = keys(rest);
    keys(whole).into_iter().filter(|key| !kept.contains(key)).collect()
}

/// Gives a draft another label; the one before becomes an alias.
fn call(draft: &mut Draft, label: &str) {
    let entity = &mut draft.entity;
    let old = std::mem::replace(&mut entity.label, label.into());
    if entity.named {
        extend(&mut entity.aliases, [old]);
    }
    entity.named = true;
    entity.aliases.retain(|alias| alias != label);
}

/// Adds to a sorted list what it lacks.
pub(super) fn extend<T: Ord>(list: &mut ThinVec<T>, more: impl IntoIterator<Item = T>) {
    list.extend(more);
    list.sort_unstable();
    list.dedup();
}
