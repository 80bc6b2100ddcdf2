//! Who is who across documents.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use thin_vec::ThinVec;

use crate::document::{ClusterId, DocumentId, Label};
use crate::ontology::ClassId;

/// An entity of a resolution, from 0, in the order of the slugs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntityId(pub u32);

impl EntityId {
    /// The id as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One thing, across documents.
///
/// Most of a corpus have a short name and nothing in their lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Content-based and stable: `ines-carvalho`, or `ferries-3f9a1c` for a thing without a name.
    /// ASCII letters, digits and hyphens, begins with a letter, unique.
    pub slug: CompactString,
    /// The fullest or most frequent name; for unnamed things the representative's words.
    pub label: CompactString,
    /// True if a text calls it by name, or the gazetteer knows it.
    pub named: bool,
    /// Class of the ontology.
    pub class: ClassId,
    /// Type of its mentions, where known.
    pub mention_label: Option<Label>,
    /// Other names, sorted, no duplicates, without the label.
    pub aliases: ThinVec<CompactString>,
    /// Titles and nouns that texts give it, sorted.
    pub descriptions: ThinVec<CompactString>,
    /// Identifiers elsewhere, sure ones only: Wikidata IRIs, sorted.
    pub same_as: ThinVec<CompactString>,
    /// Identifiers elsewhere that may be meant, sorted.
    pub close_match: ThinVec<CompactString>,
    /// For groups ("the two leaders"): who belongs to it, sorted.
    pub members: ThinVec<EntityId>,
    /// The clusters that were joined, sorted.
    pub clusters: ThinVec<(DocumentId, ClusterId)>,
    /// True if a correction says to tell nothing of it.
    pub dropped: bool,
}

/// Who is who: all entities, and the entity of each cluster.
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    /// Sorted by slug.
    pub entities: Vec<Entity>,
    /// `[document][cluster]`: the entity.
    pub of: Vec<Vec<EntityId>>,
    /// For each document the one that it is a copy of, if it is.
    pub copy_of: Vec<Option<DocumentId>>,
    /// Why names were joined or kept apart, sorted.
    pub comparisons: Vec<Comparison>,
    /// Corrections that do not apply, in the order of the file.
    pub unapplied: Vec<Unapplied>,
}

/// Two names of which it was decided whether they mean one thing.
///
/// Comparisons of the same names on the same ground are one, with the least sure as the example.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Comparison {
    /// What the first name means.
    pub left: EntityId,
    /// What the second means: the same if both were joined.
    pub right: EntityId,
    /// The names as the texts write them; words of the phrase for things without a name.
    pub names: [String; 2],
    /// Where each stands, in one example.
    pub places: [(DocumentId, ClusterId); 2],
    /// What both were compared for.
    pub ground: Ground,
    /// What speaks against it, or makes it more likely.
    pub remarks: Vec<&'static str>,
    /// How sure it is that both are one, in percent.
    pub score: u8,
    /// How often it was decided so.
    pub times: u32,
}

/// What two names are compared for, from sure to unsure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// A correction says so.
    Correction,
    /// One entry of the gazetteer.
    Entry,
    /// The same name.
    Name,
    /// "Ministry of Trade" and "Trade Ministry" of one country.
    Body,
    /// "Anna M. Dahl" and "A. Dahl".
    Initials,
    /// "Sergey" and "Sergei".
    Spelling,
    /// "Dahl" for the one "Anna Dahl".
    Surname,
    /// "WHO" for the one name with these initials.
    Acronym,
    /// "Norvik" for the one "Norvik Shipping".
    Beginning,
    /// The same single word.
    Word,
    /// One of several bearers of the name, told by who stands beside it.
    Company,
}

impl Ground {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Correction => "a correction",
            Self::Entry => "one entry of the gazetteer",
            Self::Name => "the same name",
            Self::Body => "the same body of one country",
            Self::Initials => "first or middle names left out or shortened",
            Self::Spelling => "another spelling",
            Self::Surname => "the only bearer of the surname",
            Self::Acronym => "initials of the only such name",
            Self::Beginning => "the beginning of the only such name",
            Self::Word => "the same single word",
            Self::Company => "named beside the same others",
        }
    }

    /// How sure it is in itself, in percent.
    pub fn score(self) -> u8 {
        match self {
            Self::Correction => 100,
            Self::Entry => 98,
            Self::Name => 95,
            Self::Body => 92,
            Self::Initials => 85,
            Self::Spelling => 82,
            Self::Surname => 75,
            Self::Acronym => 75,
            Self::Beginning => 70,
            Self::Word => 65,
            Self::Company => 60,
        }
    }
}

/// A correction that could not be followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unapplied {
    /// Line in the file, from 1.
    pub line: u64,
    /// `merge`, `split` …
    pub kind: &'static str,
    /// Why.
    pub cause: String,
}

impl Resolution {
    /// The entity of a cluster.
    pub fn entity(&self, document: DocumentId, cluster: ClusterId) -> EntityId {
        self.of[document.index()][cluster.index()]
    }
}
