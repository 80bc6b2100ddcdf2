//! Entities as values: label, slug, class, aliases.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::items::Item;
use super::{World, class, correct};
use crate::document::{ClusterId, DocumentId, Label};
use crate::entity::{Entity, EntityId, Resolution};
use crate::resource::corrections::Corrections;
use crate::resource::fold::{self, fold};
use crate::resource::gazetteer::EntryId;
use compact_str::CompactString;

/// A city without namesakes is linked to its item elsewhere from this size on.
const KNOWN_CITY: u64 = 100_000;

/// Makes the entities, sorted by slug; corrections are followed last.
pub(super) fn make(
    world: &World,
    items: &[Item],
    groups: &[usize],
    corrections: &Corrections,
) -> Resolution {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (item, &group) in groups.iter().enumerate() {
        members.entry(group).or_default().push(item);
    }
    let mut drafts: Vec<Draft> =
        members.into_values().map(|group| draft(world, items, &group)).collect();
    give_slugs(&mut drafts);
    let unapplied = correct::follow(world, items, &mut drafts, corrections);
    drafts.sort_by(|a, b| a.entity.slug.cmp(&b.entity.slug));
    Resolution { unapplied, ..number(world, items, drafts) }
}

/// An entity in the making.
pub(super) struct Draft {
    pub(super) entity: Entity,
    /// Tells namesakes apart, by content.
    pub(super) hash: CompactString,
    weight: usize,
    /// Indices of its items, ascending.
    pub(super) items: Vec<usize>,
}

/// One entity of a group of items.
pub(super) fn draft(world: &World, items: &[Item], members: &[usize]) -> Draft {
    let group: &[&Item] = &members.iter().map(|&item| &items[item]).collect::<Vec<_>>();
    let entry = group.iter().find_map(|item| item.entry);
    let label_of = label_by_weight(group);
    let names = names(group);
    let (label, named) = match entry {
        Some(entry) => (world.gazetteer.entry(entry).name.clone(), true),
        None => match best_name(&names, label_of) {
            Some(name) => (name, true),
            None => (group[0].words.to_string(), false),
        },
    };
    let is_group = group.iter().any(|item| !item.members.is_empty());
    let mut aliases: Vec<String> = names.into_keys().collect();
    aliases.retain(|name| *name != label);
    let mut descriptions: Vec<String> =
        group.iter().flat_map(|item| &item.descriptions).cloned().collect();
    descriptions.sort();
    descriptions.dedup();
    let hash = hash(world, group[0]);
    let slug = if named { fold::slug(&label) } else { unnamed_slug(&label, &hash) };
    let mut clusters: Vec<(DocumentId, ClusterId)> = group
        .iter()
        .map(|item| (DocumentId::from(item.document), ClusterId::from(item.cluster)))
        .collect();
    clusters.sort_unstable();
    Draft {
        entity: Entity {
            class: class::of(world, group, label_of, is_group, &label),
            slug: if slug.is_empty() { format!("thing-{hash}") } else { slug },
            label,
            named,
            mention_label: label_of,
            aliases,
            descriptions,
            same_as: entry.and_then(|entry| same_as(world, entry)).into_iter().collect(),
            close_match: Vec::new(),
            members: Vec::new(),
            clusters,
            dropped: false,
        },
        hash,
        weight: group.iter().map(|item| item.weight).sum(),
        items: members.to_vec(),
    }
}

/// The type that most mentions have; of equals the first.
fn label_by_weight(group: &[&Item]) -> Option<Label> {
    let mut votes: BTreeMap<Label, usize> = BTreeMap::new();
    for item in group {
        if let Some(label) = item.label {
            *votes.entry(label).or_default() += item.weight;
        }
    }
    votes.into_iter().rev().max_by_key(|&(_, weight)| weight).map(|(label, _)| label)
}

/// All names with how many mentions bear them.
fn names(group: &[&Item]) -> BTreeMap<String, usize> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for (name, count) in group.iter().flat_map(|item| &item.spelled) {
        match names.get_mut(name) {
            Some(known) => *known += *count as usize,
            None => {
                names.insert(name.clone(), *count as usize);
            }
        }
    }
    names
}

/// For persons the most frequent of the names with two words or more, else the most frequent of the
/// fullest; capitals throughout only if nothing else is there.
fn best_name(names: &BTreeMap<String, usize>, label: Option<Label>) -> Option<String> {
    let rank = |name: &str, count: usize| {
        let n_words = fold(name).split(' ').count();
        let full = n_words > 1;
        let shouted = name.chars().count() > 4 && !name.chars().any(char::is_lowercase);
        let initial =
            name.split(' ').next().is_some_and(|first| first.trim_matches('.').len() == 1);
        let person = label == Some(Label::Person);
        (!shouted, full, !(person && initial), count, n_words, name.chars().count())
    };
    names.iter().rev().max_by_key(|&(name, &count)| rank(name, count)).map(|(name, _)| name.clone())
}

/// Six hexadecimal digits of document and place.
fn hash(world: &World, item: &Item) -> CompactString {
    let document = world.pages[item.document].digest.to_hex();
    let key = format!("{document} {} {}", item.span.start, item.span.end);
    CompactString::new(&blake3::hash(key.as_bytes()).to_hex()[..6])
}

/// The last words of the phrase and the hash: `ballistic-missiles-3f9a1c`.
fn unnamed_slug(label: &str, hash: &str) -> String {
    const WORDS: usize = 4;
    let folded = fold(label);
    let words: Vec<&str> =
        folded.split(' ').filter(|word| !matches!(*word, "a" | "an" | "the" | "")).collect();
    let last = words[words.len().saturating_sub(WORDS)..].join(" ");
    let short: String = last.chars().take(48).collect();
    let slug = fold::slug(&short);
    if slug.is_empty() { format!("thing-{hash}") } else { format!("{slug}-{hash}") }
}

/// The item of Wikidata, if there can be no doubt.
fn same_as(world: &World, id: EntryId) -> Option<String> {
    let entry = world.gazetteer.entry(id);
    let alone = world.gazetteer.find(&entry.name).len() == 1;
    let sure = match entry.class.as_str() {
        "Country" | "Continent" => true,
        "City" => {
            let capital = world.gazetteer.capital(&entry.name).is_some();
            entry.population >= KNOWN_CITY && (alone || capital)
        }
        _ => alone,
    };
    let item = entry.wikidata.as_deref().filter(|_| sure)?;
    Some(format!("http://www.wikidata.org/entity/{item}"))
}

/// Makes slugs unique: the heaviest of the namesakes keeps the plain one.
fn give_slugs(drafts: &mut [Draft]) {
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&drafts[a], &drafts[b]);
        a.entity
            .slug
            .cmp(&b.entity.slug)
            .then(b.weight.cmp(&a.weight))
            .then_with(|| a.hash.cmp(&b.hash))
    });
    let mut taken: FxHashSet<String> = FxHashSet::default();
    for index in order {
        let draft = &mut drafts[index];
        let mut slug = draft.entity.slug.clone();
        if taken.contains(&slug) {
            slug = format!("{slug}-{}", draft.hash);
        }
        // Two hashes of six digits may be equal: then a number tells them apart.
        let base = slug.clone();
        let mut next = 2;
        while !taken.insert(slug.clone()) {
            slug = format!("{base}-{next}");
            next += 1;
        }
        draft.entity.slug = slug;
    }
}

/// Gives ids in the order of the slugs, and members their entities.
fn number(world: &World, items: &[Item], mut drafts: Vec<Draft>) -> Resolution {
    let unset = EntityId(0);
    let mut of: Vec<Vec<EntityId>> =
        world.pages.iter().map(|page| vec![unset; page.n_clusters]).collect();
    let groups: Vec<Vec<usize>> = drafts
        .iter_mut()
        .map(|draft| {
            // Few stand for others.
            draft.items.retain(|&item| !items[item].members.is_empty());
            std::mem::take(&mut draft.items)
        })
        .collect();
    let mut entities: Vec<Entity> = drafts.into_iter().map(|draft| draft.entity).collect();
    for (id, entity) in (0..).map(EntityId).zip(&entities) {
        for (document, cluster) in &entity.clusters {
            of[document.index()][cluster.index()] = id;
        }
    }
    let dropped: Vec<bool> = entities.iter().map(|entity| entity.dropped).collect();
    for ((id, entity), group) in (0..).map(EntityId).zip(entities.iter_mut()).zip(groups) {
        let mut members = Vec::new();
        for item in group.into_iter().map(|item| &items[item]) {
            members.extend(item.members.iter().map(|m| of[item.document][m.index()]));
        }
        members.sort_unstable();
        members.dedup();
        members.retain(|member| *member != id && !dropped[member.index()]);
        entity.members = members;
    }
    Resolution { entities, of, ..Resolution::default() }
}
