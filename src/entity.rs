//! Who is who across documents.

use crate::document::{ClusterId, DocumentId, Label};
use crate::ontology::ClassId;

/// An entity of a resolution, from 0, in the order of the slugs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(pub u32);

impl EntityId {
    /// The id as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One thing, across documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Content-based and stable: `ines-carvalho`, or `ferries-3f9a1c` for a thing without a name.
    /// ASCII letters, digits and hyphens, begins with a letter, unique.
    pub slug: String,
    /// The fullest or most frequent name; for unnamed things the representative's words.
    pub label: String,
    /// True if a text calls it by name, or the gazetteer knows it.
    pub named: bool,
    /// Class of the ontology.
    pub class: ClassId,
    /// Type of its mentions, where known.
    pub mention_label: Option<Label>,
    /// Other names, sorted, no duplicates, without the label.
    pub aliases: Vec<String>,
    /// Titles and nouns that texts give it, sorted.
    pub descriptions: Vec<String>,
    /// Identifiers elsewhere, sure ones only: Wikidata IRIs, sorted.
    pub same_as: Vec<String>,
    /// For groups ("the two leaders"): who belongs to it, sorted.
    pub members: Vec<EntityId>,
    /// The clusters that were joined, sorted.
    pub clusters: Vec<(DocumentId, ClusterId)>,
}

/// Who is who: all entities, and the entity of each cluster.
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    /// Sorted by slug.
    pub entities: Vec<Entity>,
    /// `[document][cluster]`: the entity.
    pub of: Vec<Vec<EntityId>>,
}

impl Resolution {
    /// The entity of a cluster.
    pub fn entity(&self, document: DocumentId, cluster: ClusterId) -> EntityId {
        self.of[document.index()][cluster.index()]
    }
}
