//! Resolution: which clusters of all documents are one entity.
//!
//! Comes in: readings. Goes out: entities, the entity of each cluster, and why names were joined or
//! kept apart. Clusters with a name are compared only within blocks (same folded name, same last
//! word, same letters after spelling variants are folded), from sure to unsure; types, gazetteer
//! entries, first names, legal forms, and age, role and country together keep namesakes apart.
//! Clusters without a name stay in their document, but for bodies of a state ("the Norwegian justice
//! ministry"). Articles that are one text are told as copies. Corrections are followed last. Nothing depends on the order of the documents. Left
//! out: other entities that different documents describe without a name.

mod class;
mod compare;
mod copies;
mod correct;
mod entities;
mod items;
mod join;
mod link;
mod namesakes;
mod spelling;

use crate::document::DocumentId;
use crate::entity::Resolution;
use crate::ontology::Ontology;
use crate::resource::corrections::Corrections;
use crate::resource::gazetteer::Gazetteer;
use crate::resource::lexicon::Lexicon;
use crate::statement::Reading;

pub use link::{link, names};

/// Joins the clusters of all documents into entities, and follows the corrections.
pub fn entities(
    readings: &[Reading],
    ontology: &Ontology,
    gazetteer: &Gazetteer,
    lexicon: &Lexicon,
    corrections: &Corrections,
) -> Resolution {
    let world = World { readings, ontology, gazetteer, lexicon };
    let items = items::of(&world);
    let joined = join::join(&world, &items);
    let mut resolution = entities::make(&world, &items, &joined.groups, corrections);
    resolution.comparisons = compare::tell(&world, &items, &joined.links, &resolution);
    let copies = copies::find(readings).into_iter();
    resolution.copy_of = copies.map(|original| original.map(DocumentId::from)).collect();
    resolution
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
