//! Resolution: which clusters of all documents are one entity.
//!
//! Comes in: readings. Goes out: entities and the entity of each cluster. Clusters with a name are
//! compared only within blocks (same folded name, same last word, same letters after spelling
//! variants are folded), from sure to unsure; types, gazetteer entries, first names, and roles
//! together with countries that contradict keep namesakes apart. Clusters without a name stay in
//! their document. Nothing depends on the order of the documents. Left out: entities that different
//! documents describe without a name.

mod class;
mod entities;
mod items;
mod join;
mod spelling;

use crate::entity::Resolution;
use crate::ontology::Ontology;
use crate::resource::gazetteer::Gazetteer;
use crate::resource::lexicon::Lexicon;
use crate::statement::Reading;

/// Joins the clusters of all documents into entities.
pub fn entities(
    readings: &[Reading],
    ontology: &Ontology,
    gazetteer: &Gazetteer,
    lexicon: &Lexicon,
) -> Resolution {
    let world = World { readings, ontology, gazetteer, lexicon };
    let items = items::of(&world);
    let groups = join::groups(&world, &items);
    entities::make(&world, &items, &groups)
}

/// What the steps read.
struct World<'a> {
    readings: &'a [Reading],
    ontology: &'a Ontology,
    gazetteer: &'a Gazetteer,
    lexicon: &'a Lexicon,
}

#[cfg(test)]
mod tests;
