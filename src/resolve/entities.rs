//! Entities as values: label, slug, class, aliases.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use compact_str::{CompactString, format_compact};
use rustc_hash::FxHashSet;
use thin_vec::ThinVec;

use super::items::{DocumentSummary, Item};
use super::{World, class, correct};
use crate::document::{ClusterId, DocumentId, Label};
use crate::entity::{Entities, Entity, EntityId, Resolution, Unnamed};
use crate::ontology::Kind;
use crate::resource::corrections::Corrections;
use crate::resource::fold::{self, fold};
use crate::resource::gazetteer::EntryId;

/// Digits that tell namesakes apart.
const HASH: usize = 6;

/// A city without namesakes is linked to its item elsewhere from this size on.
const KNOWN_CITY: u64 = 100_000;

/// Makes the entities; corrections are followed last.
pub(super) fn make(
    world: &World,
    items: &[Item],
    groups: &[usize],
    mut unnamed: Unnamed,
    corrections: &Corrections,
) -> Resolution {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|&item| groups[item]);
    let groups = order.chunk_by(|&a, &b| groups[a] == groups[b]);
    let mut drafts: Vec<Draft> = groups.map(|group| draft(world, items, group)).collect();
    give_slugs(world, items, &mut drafts, &mut unnamed);
    let unapplied = correct::follow(world, items, &mut drafts, &unnamed, corrections);
    Resolution { unapplied, ..number(world, items, drafts, unnamed) }
}

/// An entity in the making.
pub(super) struct Draft {
    pub(super) entity: Entity,
    /// Tells namesakes apart, by content.
    pub(super) hash: CompactString,
    weight: usize,
    /// Indices of its items, ascending.
    pub(super) items: ThinVec<usize>,
}

/// One entity of a group of items.
pub(super) fn draft(world: &World, items: &[Item], members: &[usize]) -> Draft {
    let group: Vec<&Item> = members.iter().map(|&item| &items[item]).collect();
    let hash = hash(&world.documents[group[0].document], group[0]);
    Draft {
        entity: entity(world, &group, &hash),
        hash,
        weight: group.iter().map(|item| item.weight).sum(),
        items: members.into(),
    }
}

/// The entity of an item that is compared with no other.
pub(super) fn alone(world: &World, page: &DocumentSummary, item: &Item) -> Entity {
    entity(world, &[item], &hash(page, item))
}

fn entity(world: &World, group: &[&Item], hash: &str) -> Entity {
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
    let aliases = names.into_keys().filter(|name| *name != label).map(CompactString::from);
    let mut descriptions: Vec<&String> = group.iter().flat_map(|item| &item.descriptions).collect();
    descriptions.sort_unstable();
    descriptions.dedup();
    let slug = if named { fold::slug(&label) } else { unnamed_slug(&label, hash) };
    let mut clusters: ThinVec<(DocumentId, ClusterId)> = group
        .iter()
        .map(|item| (DocumentId::from(item.document), ClusterId::from(item.cluster)))
        .collect();
    clusters.sort_unstable();
    Entity {
        class: class::of(world, group, label_of, is_group, &label),
        slug: if slug.is_empty() { format_compact!("thing-{hash}") } else { slug.into() },
        aliases: aliases.collect(),
        label: label.into(),
        named,
        mention_label: label_of,
        descriptions: descriptions.into_iter().map(CompactString::from).collect(),
        same_as: entry.and_then(|entry| same_as(world, entry)).into_iter().collect(),
        close_match: ThinVec::new(),
        members: ThinVec::new(),
        clusters,
        dropped: false,
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
fn hash(page: &DocumentSummary, item: &Item) -> CompactString {
    let document = page.digest.to_hex();
    let key = format!("{document} {} {}", item.span.start, item.span.end);
    CompactString::new(&blake3::hash(key.as_bytes()).to_hex()[..HASH])
}

/// The first words of the phrase and the hash: `ballistic-missiles-3f9a1c`.
fn unnamed_slug(label: &str, hash: &str) -> String {
    const WORDS: usize = 4;
    let folded = fold(label);
    let words: Vec<&str> =
        folded.split(' ').filter(|word| !matches!(*word, "a" | "an" | "the" | "")).collect();
    let first = words[..words.len().min(WORDS)].join(" ");
    let short: String = first.chars().take(48).collect();
    let slug = fold::slug(&short);
    if slug.is_empty() { format!("thing-{hash}") } else { format!("{slug}-{hash}") }
}

/// The item of Wikidata, if there can be no doubt.
fn same_as(world: &World, id: EntryId) -> Option<CompactString> {
    let entry = world.gazetteer.entry(id);
    let alone = world.gazetteer.find(&entry.name).len() == 1;
    let class = &entry.class;
    let sure = if class.is(Kind::Country) || class.is(Kind::Continent) {
        true
    } else if class.is(Kind::City) {
        let capital = world.gazetteer.capital(&entry.name).is_some();
        entry.population >= KNOWN_CITY && (alone || capital)
    } else {
        alone
    };
    let item = entry.wikidata.as_deref().filter(|_| sure)?;
    Some(format_compact!("http://www.wikidata.org/entity/{item}"))
}

/// Makes slugs unique: the heaviest of the namesakes keeps the plain one.
fn give_slugs(world: &World, items: &[Item], drafts: &mut [Draft], unnamed: &mut Unnamed) {
    let n = drafts.len();
    // Slug, weight and hash; what has no name ends with its hash.
    let told = |nth: usize| match drafts.get(nth) {
        Some(draft) => (&*draft.entity.slug, Reverse(draft.weight), &*draft.hash),
        None => {
            let slug = unnamed.slug(nth - n);
            (slug, Reverse(unnamed.weight(nth - n)), &slug[slug.len().saturating_sub(HASH)..])
        }
    };
    let place = |nth: usize| {
        let (document, cluster) = match drafts.get(nth) {
            Some(draft) => (items[draft.items[0]].document, items[draft.items[0]].cluster),
            None => {
                let (document, cluster) = unnamed.cluster(nth - n);
                (document.index(), cluster.index())
            }
        };
        let page = &world.documents[document];
        (&page.id, page.digest.as_bytes(), cluster)
    };
    let mut order: Vec<u32> = (0..(n + unnamed.len()) as u32).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (a as usize, b as usize);
        told(a).cmp(&told(b)).then_with(|| place(a).cmp(&place(b)))
    });
    // What is made longer sorts behind all that came before: only what was made can be met again.
    let mut made: FxHashSet<CompactString> = FxHashSet::default();
    let mut last = CompactString::default();
    let mut changed: Vec<(usize, CompactString)> = Vec::new();
    for nth in order.into_iter().map(|nth| nth as usize) {
        let (plain, _, hash) = told(nth);
        if plain == last || made.contains(plain) {
            let base = format_compact!("{plain}-{hash}");
            // Two hashes of six digits may be equal: then a number tells them apart.
            let numbered = (2_u32..).map(|number| format_compact!("{base}-{number}"));
            let mut slugs = std::iter::once(base.clone()).chain(numbered);
            changed.push((nth, slugs.find(|slug| made.insert(slug.clone())).unwrap_or(base)));
        }
        if plain != last {
            last = plain.into();
        }
    }
    for (nth, slug) in changed {
        match drafts.get_mut(nth) {
            Some(draft) => draft.entity.slug = slug,
            None => unnamed.set_slug(nth - n, &slug),
        }
    }
}

/// Gives ids in the order of the slugs, and members their entities.
fn number(world: &World, items: &[Item], drafts: Vec<Draft>, unnamed: Unnamed) -> Resolution {
    let unset = EntityId(0);
    let mut of: Vec<Vec<EntityId>> =
        world.documents.iter().map(|page| vec![unset; page.n_clusters]).collect();
    // Few stand for others.
    let groups: Vec<Vec<usize>> = drafts
        .iter()
        .map(|draft| draft.items.iter().copied().filter(|&it| !items[it].members.is_empty()))
        .map(Iterator::collect)
        .collect();
    let known: Vec<Entity> = drafts.into_iter().map(|draft| draft.entity).collect();
    let dropped = known.iter().any(|entity| entity.dropped);
    let mut entities = Entities::new(known, unnamed);
    for id in entities.ids() {
        for (document, cluster) in entities.clusters(id) {
            of[document.index()][cluster.index()] = id;
        }
    }
    let dropped: FxHashSet<EntityId> =
        entities.ids().filter(|&id| dropped && entities.is_dropped(id)).collect();
    for ((id, entity), group) in entities.known_mut().zip(groups) {
        let mut members = ThinVec::new();
        for item in group.into_iter().map(|item| &items[item]) {
            members.extend(item.members.iter().map(|m| of[item.document][m.index()]));
        }
        members.sort_unstable();
        members.dedup();
        members.retain(|member| *member != id && !dropped.contains(member));
        entity.members = members;
    }
    Resolution { entities, of, ..Resolution::default() }
}
