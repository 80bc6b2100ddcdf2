//! Clusters as values: mentions, representative, names, descriptions, members.

use rustc_hash::FxHashMap;

use super::{Links, SieveInput, refers};
use crate::document::{Cluster, ClusterId, MentionId, MentionKind};

/// Makes the clusters, in the order of their first mention.
pub(super) fn clusters(input: &SieveInput, links: &mut Links) -> Vec<Cluster> {
    links.flatten();
    let mut ids: FxHashMap<usize, usize> = FxHashMap::default();
    let mut sets: Vec<(usize, Vec<usize>)> = Vec::new();
    for mention in (0..input.mentions.len()).filter(|&m| refers(input, m)) {
        let root = links.root(mention);
        let id = *ids.entry(root).or_insert_with(|| {
            sets.push((root, Vec::new()));
            sets.len() - 1
        });
        sets[id].1.push(mention);
    }
    let cluster = |(root, mentions): &(usize, Vec<usize>)| {
        let known = &links.known[*root];
        let mut members: Vec<ClusterId> = known
            .members
            .iter()
            .filter_map(|&member| ids.get(&links.root(member)))
            .map(|&id| ClusterId::from(id))
            .collect();
        members.sort_unstable();
        members.dedup();
        Cluster {
            mentions: mentions.iter().map(|&m| MentionId::from(m)).collect(),
            representative: MentionId::from(representative(input, links, mentions)),
            label: known.label,
            names: names(input, links, mentions),
            descriptions: descriptions(links, mentions),
            members,
        }
    };
    sets.iter().map(cluster).collect()
}

/// The name with most words, then the longest, then the first; else the first nominal.
fn representative(input: &SieveInput, links: &Links, mentions: &[usize]) -> usize {
    let rank = |&&mention: &&usize| {
        let feature = &links.features[mention];
        let kind = match input.kind(mention) {
            MentionKind::Name if !feature.is_demonym => 3,
            MentionKind::Name => 2,
            MentionKind::Nominal => 1,
            _ => 0,
        };
        let words = if kind > 1 { feature.words.len() } else { 0 };
        let length = if kind > 1 { input.words(mention).len() } else { 0 };
        (kind, words, length, std::cmp::Reverse(mention))
    };
    mentions.iter().max_by_key(rank).copied().unwrap_or_default()
}

/// The names, most frequent first, then longest, then alphabetic. Demonyms count only where nothing
/// else names the thing.
fn names(input: &SieveInput, links: &Links, mentions: &[usize]) -> Vec<String> {
    let named = |demonym: bool| {
        mentions.iter().copied().filter(move |&m| {
            input.kind(m) == MentionKind::Name && links.features[m].is_demonym == demonym
        })
    };
    let mut counts: Vec<(String, usize)> = Vec::new();
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    let chosen: Vec<usize> = match named(false).next() {
        Some(_) => named(false).collect(),
        None => named(true).collect(),
    };
    for mention in chosen {
        let name = tidy(input.words(mention));
        let index = *seen.entry(name.clone()).or_insert_with(|| {
            counts.push((name, 0));
            counts.len() - 1
        });
        counts[index].1 += 1;
    }
    counts.sort_by(|(a, x), (b, y)| {
        y.cmp(x).then_with(|| b.chars().count().cmp(&a.chars().count())).then_with(|| a.cmp(b))
    });
    counts.into_iter().map(|(name, _)| name).collect()
}

/// One space between words, no invisible characters.
fn tidy(text: &str) -> String {
    let visible: String =
        text.chars().filter(|&c| !crate::resource::fold::is_invisible(c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn descriptions(links: &Links, mentions: &[usize]) -> Vec<String> {
    let mut found: Vec<(u32, &str)> = mentions
        .iter()
        .flat_map(|&m| &links.features[m].title)
        .map(|description| (description.at, description.phrase.as_str()))
        .filter(|(_, phrase)| !phrase.is_empty())
        .collect();
    found.sort_by_key(|&(at, _)| at);
    let mut seen = rustc_hash::FxHashSet::default();
    found.into_iter().filter(|(_, p)| seen.insert(*p)).map(|(_, p)| p.to_owned()).collect()
}
