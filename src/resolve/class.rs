//! The ontology's class of a thing, from gazetteer, names, descriptions and type.

use super::World;
use super::items::Item;
use crate::document::Label;
use crate::ontology::ClassId;

/// The class of a group of clusters; the most specific source wins.
pub(super) fn of(
    world: &World,
    items: &[&Item],
    label: Option<Label>,
    is_group: bool,
    words: &str,
) -> ClassId {
    let name = name(world, items, label, is_group, words);
    let fallback = match label {
        Some(Label::Person) => "Person",
        Some(Label::Org) => "Organization",
        Some(Label::Place) => "Place",
        Some(Label::Event) => "Event",
        Some(Label::Product) => "Product",
        _ => "Thing",
    };
    // What the gazetteer tells apart and the ontology does not.
    let name = name.map(|name| if name == "State" { "Region".to_owned() } else { name });
    [name.as_deref(), Some(fallback), Some("Thing")]
        .into_iter()
        .flatten()
        .find_map(|name| world.ontology.class(name))
        .unwrap_or(ClassId(0))
}

fn name(
    world: &World,
    items: &[&Item],
    label: Option<Label>,
    is_group: bool,
    words: &str,
) -> Option<String> {
    if let Some(entry) = items.iter().find_map(|item| item.entry) {
        return Some(world.gazetteer.entry(entry).class.clone());
    }
    let named = items.iter().any(|item| !item.names.is_empty());
    match label {
        Some(Label::Person) if is_group => return Some("Group".to_owned()),
        Some(Label::Person) if named => return Some("Person".to_owned()),
        Some(Label::Person) => {
            let noun = words.rsplit(' ').next().unwrap_or_default().to_lowercase();
            let group =
                is_plural_of_person(world, &noun) || world.lexicon.class(&noun) == Some("Group");
            return Some(if group { "Group" } else { "Person" }.to_owned());
        }
        Some(Label::Norp) => return Some("People".to_owned()),
        _ if is_group => return Some("Group".to_owned()),
        _ => {}
    }
    let of_names = items.iter().flat_map(|item| &item.names).filter(|name| name.len() > 1);
    let told_by_name = of_names
        .filter_map(|name| name.last())
        .find_map(|word| world.lexicon.legal_form(word).or_else(|| class_of_noun(world, word)));
    let told = told_by_name.or_else(|| described(world, items));
    told.filter(|class| fits(world, class, label)).map(str::to_owned)
}

/// The class that most descriptions tell; of equals the first in the alphabet.
fn described<'w>(world: &'w World, items: &[&Item]) -> Option<&'w str> {
    let mut votes: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for item in items {
        for description in &item.descriptions {
            let noun = description.rsplit(' ').next().unwrap_or_default();
            if let Some(class) = class_of_noun(world, noun) {
                *votes.entry(class).or_default() += 1;
            }
        }
    }
    votes.into_iter().rev().max_by_key(|&(_, count)| count).map(|(class, _)| class)
}

fn class_of_noun<'w>(world: &'w World, noun: &str) -> Option<&'w str> {
    singulars(noun).find_map(|noun| world.lexicon.class(&noun))
}

/// The word itself, then what it may be the plural of.
fn singulars(noun: &str) -> impl Iterator<Item = String> {
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
fn fits(world: &World, class: &str, label: Option<Label>) -> bool {
    let Some(class) = world.ontology.class(class) else { return false };
    let below = |name: &str| {
        world.ontology.class(name).is_some_and(|parent| world.ontology.is_subclass(class, parent))
    };
    match label {
        Some(Label::Org) => below("Organization") || below("Group"),
        Some(Label::Place) => below("Place"),
        Some(Label::Event) => below("Event"),
        Some(Label::Product) => !below("Agent") && !below("Place") && !below("Event"),
        _ => true,
    }
}
