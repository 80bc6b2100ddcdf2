//! Resolution: which clusters of all documents are one entity.
//!
//! Comes in: readings. Goes out: entities, the entity of each cluster, and why names were joined or
//! kept apart. Clusters with a name are compared only within blocks (same folded name, same last
//! word, same letters after spelling variants are folded), from sure to unsure; types, gazetteer
//! entries, first names and legal forms keep namesakes apart, and for persons the weight of evidence
//! of co-occurring names, role, post, country and age. Clusters without a name stay in their document, but for
//! bodies of a state ("the Norwegian justice ministry"): they are entities at once, and are held no
//! longer. Articles that are one text are marked as
//! copies. Corrections are followed last. Nothing depends on the order of the documents. Left
//! out: other entities that different documents describe without a name.

mod class;
mod compare;
mod cooccurrence;
mod copies;
mod correct;
mod entities;
mod items;
mod join;
mod link;
mod namesakes;
mod spelling;
mod weight;

use crate::document::DocumentId;
use crate::entity::Resolution;
use crate::error::Result;
use crate::ontology::Ontology;
use crate::resource::corrections::Corrections;
use crate::resource::gazetteer::Gazetteer;
use crate::resource::lexicon::Lexicon;
use crate::shelf::Shelf;

pub use link::{link, names};

/// Joins the clusters of all documents into entities, and follows the corrections.
///
/// # Errors
/// [`crate::Error::Io`] when the readings cannot be read.
pub fn entities(
    readings: &Shelf,
    ontology: &Ontology,
    gazetteer: &Gazetteer,
    lexicon: &Lexicon,
    corrections: &Corrections,
) -> Result<Resolution> {
    let world = World { documents: Vec::new(), ontology, gazetteer, lexicon };
    let (documents, items, unnamed) = items::of(&world, readings, corrections)?;
    let world = World { documents, ..world };
    let joined = join::join(&world, &items);
    let mut resolution = entities::make(&world, &items, &joined.groups, unnamed, corrections);
    resolution.comparisons = compare::comparisons(&items, &joined.links, &resolution);
    drop((joined, items));
    let copies = copies::find(&world.documents).into_iter();
    resolution.copy_of = copies.map(|original| original.map(DocumentId::from)).collect();
    Ok(resolution)
}

/// What the steps read.
struct World<'a> {
    /// In the order of the readings.
    documents: Vec<items::DocumentSummary>,
    ontology: &'a Ontology,
    gazetteer: &'a Gazetteer,
    lexicon: &'a Lexicon,
}

#[cfg(test)]
mod tests;
