//! Where places lie, as far as the gazetteer knows.

use rustc_hash::FxHashMap;

use super::{Options, told};
use crate::entity::{Entity, EntityId};
use crate::graph::{KnowledgeGraph, Object};
use crate::ontology::{Kind, Ontology};
use crate::resource::gazetteer::{Coordinates, EntryId, Gazetteer};

/// A place of the gazetteer that an entity is.
pub(super) struct Located<'o> {
    pub(super) coordinates: Coordinates,
    /// Two-letter code of the country.
    pub(super) country: Option<&'o str>,
    /// Q number in the gazetteer.
    pub(super) wikidata: Option<&'o str>,
    /// How many places of the name the gazetteer knows; 1 if the link is sure.
    pub(super) namesakes: usize,
}

/// Looks places up.
pub(super) struct Places<'o> {
    gazetteer: Option<&'o Gazetteer>,
    by_item: FxHashMap<&'o str, EntryId>,
}

impl<'o> Places<'o> {
    pub(super) fn new(options: &'o Options) -> Self {
        let gazetteer = options.gazetteer.as_deref();
        let mut by_item = FxHashMap::default();
        for (id, entry) in gazetteer.into_iter().flat_map(Gazetteer::entries) {
            if let Some(item) = &entry.wikidata {
                by_item.entry(item.as_str()).or_insert(id);
            }
        }
        Self { gazetteer, by_item }
    }

    /// Where an entity lies: by its Wikidata item, else by its name and class. Of several places of
    /// the name the one in the country that the texts give it, else the one that news most likely
    /// means.
    pub(super) fn find(
        &self,
        graph: &KnowledgeGraph,
        ontology: &Ontology,
        id: EntityId,
    ) -> Option<Located<'o>> {
        let gazetteer = self.gazetteer?;
        let entity = graph.entities.get(id);
        if !entity.named || !ontology.is_kind(entity.class, Kind::Place) {
            return None;
        }
        let located = |id: EntryId, namesakes: usize| {
            let entry = gazetteer.entry(id);
            Some(Located {
                coordinates: entry.coordinates?,
                country: entry.country.as_deref(),
                wikidata: entry.wikidata.as_deref(),
                namesakes,
            })
        };
        let item = told::wikidata(&entity.same_as);
        if let Some(&found) = item.and_then(|item| self.by_item.get(item)) {
            return located(found, 1);
        }
        let names = std::iter::once(&entity.label).chain(&entity.aliases);
        let fitting = names.map(|name| self.fitting(gazetteer, ontology, &entity, name));
        let candidates = fitting.into_iter().find(|found| !found.is_empty())?;
        let country = self.country(graph, id);
        let at_home = candidates.iter().find(|&&candidate| {
            country.is_some() && gazetteer.entry(candidate).country.as_deref() == country
        });
        match at_home {
            Some(&found) => located(found, 1),
            None => located(*candidates.first()?, candidates.len()),
        }
    }

    /// The country that the texts say it lies in.
    pub(super) fn country(&self, graph: &KnowledgeGraph, id: EntityId) -> Option<&'o str> {
        let gazetteer = self.gazetteer?;
        graph.attributes(id).iter().find_map(|(_, _, value)| {
            let Object::Entity(other) = value else { return None };
            let other = graph.entities.get(*other);
            let entry = gazetteer.entry(gazetteer.best(&other.label)?);
            entry.country.as_deref()
        })
    }

    /// The places of a name whose class does not contradict that of the entity.
    fn fitting(
        &self,
        gazetteer: &'o Gazetteer,
        ontology: &Ontology,
        entity: &Entity,
        name: &str,
    ) -> Vec<EntryId> {
        let fits = |id: &&EntryId| {
            let entry = gazetteer.entry(**id);
            let related = entry.class.id.is_some_and(|class| {
                ontology.is_subclass(class, entity.class)
                    || ontology.is_subclass(entity.class, class)
            });
            entry.class.is(Kind::Place) && related
        };
        gazetteer.find(name).iter().filter(fits).copied().collect()
    }
}
