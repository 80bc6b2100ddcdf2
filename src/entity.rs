//! Who is who across documents.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use thin_vec::{ThinVec, thin_vec};

use crate::document::{ClusterId, DocumentId, Label};
use crate::ontology::ClassId;
use crate::spill::{Place, Spill};

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// True if a correction drops it.
    pub dropped: bool,
}

impl Entity {
    /// True if it has no name, one cluster, and no words but label and descriptions.
    fn is_plain(&self) -> bool {
        let Self { aliases, same_as, close_match, members, clusters, .. } = self;
        let none = aliases.is_empty()
            && same_as.is_empty()
            && close_match.is_empty()
            && members.is_empty();
        none && !self.named && !self.dropped && clusters.len() == 1
    }
}

/// The entities of a corpus, sorted by slug; [`EntityId`] is the index.
#[derive(Clone, Debug, Default)]
pub struct Entities {
    /// Numbers of the known, and of the unnamed behind them.
    order: Vec<u32>,
    /// Held whole: whatever has a name, members or a correction.
    known: Vec<Entity>,
    unnamed: Unnamed,
}

impl Entities {
    /// All of these in the order of their slugs, which are unique.
    pub fn new(known: Vec<Entity>, unnamed: Unnamed) -> Self {
        let mut entities = Self { order: Vec::new(), known, unnamed };
        let n = entities.known.len() + entities.unnamed.rows.len();
        let mut order: Vec<u32> = (0..n as u32).collect();
        order.sort_unstable_by(|&a, &b| entities.slug_of(a).cmp(entities.slug_of(b)));
        entities.order = order;
        entities
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = EntityId> + use<> {
        (0..self.order.len() as u32).map(EntityId)
    }

    /// All entities, in order.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, Entity>> {
        self.ids().map(|id| self.get(id))
    }

    /// An entity.
    pub fn get(&self, id: EntityId) -> Cow<'_, Entity> {
        match self.known(id) {
            Ok(entity) => Cow::Borrowed(entity),
            Err(at) => Cow::Owned(self.unnamed.get(at)),
        }
    }

    /// The slug of an entity.
    pub fn slug(&self, id: EntityId) -> &str {
        self.slug_of(self.order[id.index()])
    }

    /// The class of an entity.
    pub fn class(&self, id: EntityId) -> ClassId {
        self.known(id).map_or_else(|at| self.unnamed.rows[at].class, |entity| entity.class)
    }

    /// True if a text calls it by name, or the gazetteer knows it.
    pub fn is_named(&self, id: EntityId) -> bool {
        self.known(id).is_ok_and(|entity| entity.named)
    }

    /// True if a correction drops it.
    pub fn is_dropped(&self, id: EntityId) -> bool {
        self.known(id).is_ok_and(|entity| entity.dropped)
    }

    /// Who belongs to a group; nobody if it is none.
    pub fn members(&self, id: EntityId) -> &[EntityId] {
        self.known(id).map_or(&[], |entity| &entity.members)
    }

    /// The clusters that were joined, sorted.
    pub fn clusters(&self, id: EntityId) -> &[(DocumentId, ClusterId)] {
        let alone = |at: usize| std::slice::from_ref(&self.unnamed.rows[at].cluster);
        self.known(id).map_or_else(alone, |entity| &entity.clusters)
    }

    /// The entity with a slug.
    pub fn find(&self, slug: &str) -> Option<EntityId> {
        let found = self.order.binary_search_by(|&number| self.slug_of(number).cmp(slug));
        found.ok().map(|at| EntityId(at as u32))
    }

    /// Those that are held whole with their ids, to be changed; their slugs stay.
    pub fn known_mut(&mut self) -> impl Iterator<Item = (EntityId, &mut Entity)> {
        let mut ids = vec![EntityId(0); self.known.len()];
        for (id, &number) in (0..).map(EntityId).zip(&self.order) {
            if let Some(own) = ids.get_mut(number as usize) {
                *own = id;
            }
        }
        ids.into_iter().zip(&mut self.known)
    }

    /// All of these, of which what has neither name nor lists is put aside in the spill. Their slugs are unique.
    ///
    /// # Errors
    /// Those of `all`.
    pub fn spilling<E>(
        all: impl Iterator<Item = Result<Entity, E>>,
        spill: Spill,
    ) -> Result<Self, E> {
        let (mut known, mut unnamed) = (Vec::new(), Unnamed::spilling(spill));
        for entity in all {
            let entity = entity?;
            if entity.is_plain() { unnamed.push(&entity, 1) } else { known.push(entity) }
        }
        Ok(Self::new(known, unnamed))
    }

    /// Renumbers the documents of the clusters.
    pub fn renumber(&mut self, documents: &[DocumentId]) {
        let renumber = |document: &mut DocumentId| {
            if let Some(&place) = documents.get(document.index()) {
                *document = place;
            }
        };
        for entity in &mut self.known {
            entity.clusters.iter_mut().for_each(|(document, _)| renumber(document));
            entity.clusters.sort();
            entity.clusters.dedup();
        }
        self.unnamed.rows.iter_mut().for_each(|row| renumber(&mut row.cluster.0));
    }

    /// Fails if words could not be put aside or read back.
    ///
    /// # Errors
    /// The first that went wrong.
    pub fn check(&self) -> io::Result<()> {
        self.unnamed.spill.check()
    }

    /// The entity, if it is held whole, else which of the unnamed it is.
    fn known(&self, id: EntityId) -> Result<&Entity, usize> {
        let number = self.order[id.index()] as usize;
        self.known.get(number).ok_or_else(|| number - self.known.len())
    }

    fn slug_of(&self, number: u32) -> &str {
        let number = number as usize;
        match self.known.get(number) {
            Some(entity) => &entity.slug,
            None => self.unnamed.slug(number - self.known.len()),
        }
    }
}

impl From<Vec<Entity>> for Entities {
    fn from(known: Vec<Entity>) -> Self {
        Self::new(known, Unnamed::default())
    }
}

/// Things without a name that one document mentions, most of a corpus: memory holds their slugs and
/// some numbers, their words lie in a [`Spill`].
#[derive(Clone, Debug, Default)]
pub struct Unnamed {
    rows: Vec<UnnamedRow>,
    /// Slugs, one behind the other.
    slugs: String,
    spill: Arc<Spill>,
}

#[derive(Clone, Debug)]
struct UnnamedRow {
    slug: u64,
    slug_length: u16,
    class: ClassId,
    label: Option<Label>,
    weight: u8,
    cluster: (DocumentId, ClusterId),
    words: Place,
}

impl Unnamed {
    /// None yet.
    pub fn spilling(spill: Spill) -> Self {
        Self { spill: Arc::new(spill), ..Self::default() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The slug of one.
    pub fn slug(&self, at: usize) -> &str {
        let UnnamedRow { slug, slug_length, .. } = self.rows[at];
        let start = slug as usize;
        &self.slugs[start..start + usize::from(slug_length)]
    }

    /// How often one is mentioned, as far as a byte can hold.
    pub fn weight(&self, at: usize) -> usize {
        usize::from(self.rows[at].weight)
    }

    /// The cluster of one.
    pub fn cluster(&self, at: usize) -> (DocumentId, ClusterId) {
        self.rows[at].cluster
    }

    /// Gives one another slug.
    pub fn set_slug(&mut self, at: usize, slug: &str) {
        self.rows[at].slug = self.slugs.len() as u64;
        self.rows[at].slug_length = slug.len() as u16;
        self.slugs.push_str(slug);
    }

    /// Adds an entity that has one cluster and no words but label and descriptions, and that is
    /// mentioned so often.
    ///
    /// # Panics
    /// If it has no cluster.
    pub fn push(&mut self, entity: &Entity, weight: usize) {
        self.rows.push(UnnamedRow {
            weight: u8::try_from(weight).unwrap_or(u8::MAX),
            slug: 0,
            slug_length: 0,
            class: entity.class,
            label: entity.mention_label,
            cluster: entity.clusters[0],
            words: self.spill.add(&(&entity.label, &entity.descriptions[..])),
        });
        self.set_slug(self.rows.len() - 1, &entity.slug);
    }

    /// One of them; without words if they cannot be read.
    fn get(&self, at: usize) -> Entity {
        let row = &self.rows[at];
        let bytes = self.spill.bytes(row.words);
        let words = self.spill.decoded::<(CompactString, Vec<CompactString>)>(&bytes);
        let ((label, descriptions), _) = words.unwrap_or_default();
        Entity {
            slug: self.slug(at).into(),
            label,
            named: false,
            class: row.class,
            mention_label: row.label,
            aliases: ThinVec::new(),
            descriptions: descriptions.into(),
            same_as: ThinVec::new(),
            close_match: ThinVec::new(),
            members: ThinVec::new(),
            clusters: thin_vec![row.cluster],
            dropped: false,
        }
    }
}

/// Who is who: all entities, and the entity of each cluster.
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    /// Sorted by slug.
    pub entities: Entities,
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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// What is evidence against it, or for it.
    pub remarks: Vec<Cow<'static, str>>,
    /// How sure it is that both are one, in percent.
    pub score: u8,
    /// How often it was decided so.
    pub times: u32,
}

/// What two names are compared for, from sure to unsure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Ground {
    /// A correction.
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
    /// One of several bearers of the name: the one with which the same names co-occur.
    Cooccurrence,
}

impl Ground {
    /// All, from sure to unsure.
    pub const ALL: [Self; 11] = [
        Self::Correction,
        Self::Entry,
        Self::Name,
        Self::Body,
        Self::Initials,
        Self::Spelling,
        Self::Surname,
        Self::Acronym,
        Self::Beginning,
        Self::Word,
        Self::Cooccurrence,
    ];

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
            Self::Cooccurrence => "named beside the same others",
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
            Self::Cooccurrence => 60,
        }
    }
}

/// A correction that could not be followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unapplied {
    /// Line in the file, from 1.
    pub line: u64,
    /// `merge`, `split` …
    pub kind: Cow<'static, str>,
    /// Why.
    pub cause: String,
}

impl Resolution {
    /// The entity of a cluster.
    pub fn entity(&self, document: DocumentId, cluster: ClusterId) -> EntityId {
        self.of[document.index()][cluster.index()]
    }
}
