//! The ontology's class of a thing, from gazetteer, names, descriptions and type.

use std::collections::BTreeMap;

use super::World;
use super::items::Item;
use crate::document::Label;
use crate::ontology::{ClassId, Kind, NamedClass};

/// The class of a group of clusters; the most specific source wins.
pub(super) fn of(
    world: &World,
    items: &[&Item],
    label: Option<Label>,
    is_group: bool,
    words: &str,
) -> ClassId {
    let ontology = world.ontology;
    let fallback = match label {
        Some(Label::Person) => Kind::Person,
        Some(Label::Org) => Kind::Organization,
        Some(Label::Place) => Kind::Place,
        Some(Label::Event) => Kind::Event,
        Some(Label::Product) => Kind::Product,
        _ => Kind::Thing,
    };
    class_of(world, items, label, is_group, words)
        .or_else(|| ontology.of_kind(fallback))
        .unwrap_or(ontology.thing())
}

fn class_of(
    world: &World,
    items: &[&Item],
    label: Option<Label>,
    is_group: bool,
    words: &str,
) -> Option<ClassId> {
    if let Some(entry) = items.iter().find_map(|item| item.entry) {
        return world.gazetteer.entry(entry).class.id;
    }
    let of_kind = |kind| world.ontology.of_kind(kind);
    let named = items.iter().any(|item| !item.names.is_empty());
    match label {
        Some(Label::Person) if is_group => return of_kind(Kind::Group),
        Some(Label::Person) if named => return of_kind(Kind::Person),
        Some(Label::Person) => {
            let noun = words.rsplit(' ').next().unwrap_or_default().to_lowercase();
            let group = is_plural_of_person(world, &noun)
                || world.lexicon.class(&noun).is_some_and(|class| class.stands_for(Kind::Group));
            return of_kind(if group { Kind::Group } else { Kind::Person });
        }
        Some(Label::Norp) => return of_kind(Kind::People),
        _ if is_group => return of_kind(Kind::Group),
        _ => {}
    }
    let of_names = items.iter().flat_map(|item| &item.names).filter(|name| name.len() > 1);
    let by_name = of_names
        .filter_map(|name| name.last())
        .find_map(|word| world.lexicon.legal_form(word).or_else(|| class_of_noun(world, word)));
    let found = by_name.or_else(|| described(world, items));
    found.filter(|class| fits(class, label)).and_then(|class| class.id)
}

/// The class that most descriptions name; of equals the first in the alphabet.
fn described<'w>(world: &'w World, items: &[&Item]) -> Option<&'w NamedClass> {
    let mut votes: BTreeMap<&str, (&NamedClass, usize)> = BTreeMap::new();
    for item in items {
        for description in &item.descriptions {
            let noun = description.rsplit(' ').next().unwrap_or_default();
            if let Some(class) = class_of_noun(world, noun) {
                votes.entry(&class.name).or_insert((class, 0)).1 += 1;
            }
        }
    }
    votes.into_values().rev().max_by_key(|&(_, count)| count).map(|(class, _)| class)
}

fn class_of_noun<'w>(world: &'w World, noun: &str) -> Option<&'w NamedClass> {
    singulars(noun).find_map(|noun| world.lexicon.class(&noun))
}

/// The word itself, then what it may be the plural of.
pub(super) fn singulars(noun: &str) -> impl Iterator<Item = String> {
    let own = Some(noun.to_owned());
    let ies = noun.strip_suffix("ies").map(|stem| format!("{stem}y"));
    let es = noun.strip_suffix("es").map(str::to_owned);
    let s = noun.strip_suffix('s').map(str::to_owned);
    [own, ies, s, es].into_iter().flatten()
}

fn is_plural_of_person(world: &World, noun: &str) -> bool {
    let irregular = noun.strip_suffix("men").map(|stem| format!("{stem}man"));
    singulars(noun).skip(1).chain(irregular).any(|noun| world.lexicon.denotes_person(&noun))
}

/// A class may not contradict the type: a "summit" that is a place stays a place.
fn fits(class: &NamedClass, label: Option<Label>) -> bool {
    match label {
        Some(Label::Org) => class.is(Kind::Organization) || class.is(Kind::Group),
        Some(Label::Place) => class.is(Kind::Place),
        Some(Label::Event) => class.is(Kind::Event),
        Some(Label::Product) => {
            ![Kind::Agent, Kind::Place, Kind::Event].into_iter().any(|kind| class.is(kind))
        }
        _ => true,
    }
}
