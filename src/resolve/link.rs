//! Links to the user's knowledge base, by name and class.

use std::collections::BTreeMap;

use compact_str::CompactString;
use rustc_hash::FxHashSet;

use super::correct::extend;
use crate::entity::{Entity, EntityId, Resolution};
use crate::error::Result;
use crate::ontology::Ontology;
use crate::resource::fold::{fold, key};
use crate::resource::kb::{Kb, KbRow};
use crate::shelf::Shelf;

/// How many unsure links of an entity are written.
const UNSURE: usize = 3;

/// The keys of all names in the texts: what is looked up in a knowledge base.
///
/// # Errors
/// [`crate::Error::Io`] when the readings cannot be read.
pub fn names(readings: &Shelf) -> Result<FxHashSet<String>> {
    let mut names = FxHashSet::default();
    for reading in readings.iter() {
        let clusters = reading?.clusters;
        names.extend(clusters.iter().flat_map(|cluster| &cluster.names).map(|name| key(name)));
    }
    Ok(names)
}

/// Links entities to rows of the knowledge base.
///
/// A link is sure if one row alone bears a name of two words or more and is of a class that fits,
/// and no other entity is linked to it; every other is written as a close match.
pub fn link(resolution: &mut Resolution, kb: &Kb, ontology: &Ontology) {
    let mut sure: BTreeMap<usize, Vec<EntityId>> = BTreeMap::new();
    for (id, entity) in resolution.entities.known_mut() {
        if !entity.named || !entity.members.is_empty() {
            continue;
        }
        let mut rows: BTreeMap<usize, (&KbRow, bool)> = BTreeMap::new();
        for name in std::iter::once(&entity.label).chain(&entity.aliases) {
            for (number, row) in kb.find(name).filter(|(_, row)| fits(row, entity, ontology)) {
                let long = fold(name).contains(' ');
                rows.entry(number).or_insert((row, false)).1 |= long;
            }
        }
        let known = |row: &KbRow| row.class.as_deref().and_then(|class| ontology.class(class));
        match rows.iter().collect::<Vec<_>>()[..] {
            [(&number, (row, true))] if known(row).is_some() => {
                sure.entry(number).or_default().push(id);
                extend(&mut entity.same_as, [row.iri.as_str().into()]);
            }
            _ => extend(
                &mut entity.close_match,
                rows.values().take(UNSURE).map(|(row, _)| row.iri.as_str().into()),
            ),
        }
    }
    // One row cannot be two things.
    let several = sure.into_values().filter(|entities| entities.len() > 1);
    let several: FxHashSet<EntityId> = several.flatten().collect();
    for (_, entity) in resolution.entities.known_mut().filter(|(id, _)| several.contains(id)) {
        let known = std::iter::once(&entity.label).chain(&entity.aliases);
        let found = known.flat_map(|name| kb.find(name));
        let iris: Vec<CompactString> = found.map(|(_, row)| row.iri.as_str().into()).collect();
        entity.same_as.retain(|iri| !iris.contains(iri));
        extend(&mut entity.close_match, iris.into_iter().take(UNSURE));
    }
}

/// False if the classes contradict.
fn fits(row: &KbRow, entity: &Entity, ontology: &Ontology) -> bool {
    let Some(class) = row.class.as_deref().and_then(|class| ontology.class(class)) else {
        return true;
    };
    ontology.is_subclass(class, entity.class) || ontology.is_subclass(entity.class, class)
}
