//! What was compared, in a form that can be written: one comparison for the same names on one ground.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::items::Item;
use super::join::ComparedPair;
use super::namesakes::Tie;
use crate::document::{ClusterId, DocumentId, Label};
use crate::entity::{Comparison, EntityId, Ground, Resolution};

/// How many near misses of an entity are written.
const MISSES: u8 = 4;

/// What an obstacle takes from the score, in percent.
const OBSTACLE: u8 = 40;

/// Gathers the links of a resolution.
pub(super) fn comparisons(
    items: &[Item],
    links: &[ComparedPair],
    resolution: &Resolution,
) -> Vec<Comparison> {
    let mut found: BTreeMap<(EntityId, EntityId, [String; 2], Ground), Comparison> =
        BTreeMap::new();
    for link in links {
        let mut sides = [link.a, link.b].map(|item| {
            let item = &items[item];
            let id = resolution.of[item.document][item.cluster];
            (id, name(item), item)
        });
        let joined = sides[0].0 == sides[1].0;
        // Others, or a correction, may have decided otherwise.
        if joined != link.obstacle.is_none() {
            continue;
        }
        sides.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let (remarks, score) = judge(link, sides[0].2, sides[1].2);
        let [(left, left_name, a), (right, right_name, b)] = sides;
        let comparison = Comparison {
            left,
            right,
            names: [left_name, right_name],
            places: [a, b]
                .map(|item| (DocumentId::from(item.document), ClusterId::from(item.cluster))),
            ground: link.ground,
            remarks,
            score,
            times: 1,
        };
        let key = (left, right, comparison.names.clone(), link.ground);
        match found.get_mut(&key) {
            Some(known) => {
                let times = known.times + 1;
                if comparison.score < known.score {
                    *known = comparison;
                }
                known.times = times;
            }
            None => {
                found.insert(key, comparison);
            }
        }
    }
    let (mut written, mut misses): (Vec<Comparison>, Vec<Comparison>) =
        found.into_values().partition(|comparison| comparison.left == comparison.right);
    misses.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.cmp(b)));
    let mut counts: FxHashMap<EntityId, u8> = FxHashMap::default();
    let mut pairs: rustc_hash::FxHashSet<(EntityId, EntityId)> = rustc_hash::FxHashSet::default();
    for miss in misses {
        let full = [miss.left, miss.right]
            .iter()
            .any(|id| counts.get(id).is_some_and(|count| *count >= MISSES));
        if !full && pairs.insert((miss.left, miss.right)) {
            for id in [miss.left, miss.right] {
                *counts.entry(id).or_default() += 1;
            }
            written.push(miss);
        }
    }
    written.sort();
    written
}

/// The fullest name of a cluster, as the text writes it; the words of what has none.
fn name(item: &Item) -> String {
    let n_words = |name: &str| name.split_whitespace().count();
    let names = item.spelled.iter().map(|(name, _)| name);
    let fullest = names.rev().max_by_key(|name| n_words(name));
    fullest.cloned().unwrap_or_else(|| item.words.to_string())
}

/// What else is known of the two, and how sure that makes it.
fn judge(link: &ComparedPair, a: &Item, b: &Item) -> (Vec<Cow<'static, str>>, u8) {
    let mut remarks: Vec<Cow<'static, str>> = link.obstacle.into_iter().map(Cow::from).collect();
    let mut score = i16::from(link.ground.score());
    if link.obstacle.is_some() {
        score -= i16::from(OBSTACLE);
    }
    match link.tie {
        Some(Tie::Cooccurrence) => {
            remarks.push("named beside the same others".into());
            score += 3;
        }
        Some(Tie::Prominence) => {
            remarks.push("nothing tells of another".into());
            score -= 20;
        }
        Some(Tie::Profile | Tie::Name) | None => {}
    }
    let mut weigh =
        |none: bool, common: bool, same: (&'static str, i16), other: (&'static str, i16)| {
            let (remark, change) = match (none, common) {
                (true, _) => return,
                (_, true) => same,
                (_, false) => other,
            };
            remarks.push(remark.into());
            score += change;
        };
    let none = a.countries.is_empty() || b.countries.is_empty();
    let common = a.countries.iter().any(|country| b.countries.contains(country));
    weigh(none, common, ("the same country", 2), ("another country", -8));
    if a.label == Some(Label::Person) {
        let none = a.roles.is_empty() || b.roles.is_empty();
        let common = a.roles.iter().any(|role| b.roles.contains(role));
        weigh(none, common, ("the same role", 3), ("another role", -6));
        if let (Some(a), Some(b)) = (a.born, b.born) {
            weigh(false, (a - b).abs() <= 2, ("the same age", 4), ("another age", -15));
        }
    }
    // Clamped to what a percentage can be, so that the conversion cannot fail.
    (remarks, u8::try_from(score.clamp(5, 100)).unwrap_or(5))
}
