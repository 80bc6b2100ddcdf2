//! A part of a graph: the statements that pass, and what they are about.

use jiff::civil::Date;

use super::build::{compared_sentences, connect};
use super::{KnowledgeGraph, StatementKey, predicate_id};
use crate::document::DocumentId;
use crate::entity::{Comparison, EntityId};
use crate::error::{Error, Result};
use crate::ontology::{ClassId, Ontology, PropertyId};
use crate::statement::Factuality;

/// Which statements pass; what is empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Not over before this day. The days are those of the statement, else that of the article.
    pub since: Option<Date>,
    /// Begun by this day.
    pub until: Option<Date>,
    /// Subject or object belongs to one of these classes.
    pub classes: Vec<ClassId>,
    /// Subject and object both belong to one of these classes.
    pub both: Vec<ClassId>,
    /// Subject and object have a name, as far as they are things.
    pub named: bool,
    /// The relation is one of these or below it.
    pub properties: Vec<PropertyId>,
    /// The relation is one of these open ones, in short form.
    pub open: Vec<String>,
    /// At least so sure.
    pub confidence: f32,
    /// One of these.
    pub factualities: Vec<Factuality>,
    /// In an article of one of these publishers, in any case.
    pub publishers: Vec<String>,
}

/// What is less sure is left out unless asked for: of such statements six in seven were judged wrong or cut.
pub const MIN_CONFIDENCE: f32 = 0.15;

impl Selection {
    /// Adds a class by name.
    ///
    /// # Errors
    /// [`Error::Usage`] when the ontology has none of that name.
    pub fn class(&mut self, name: &str, ontology: &Ontology) -> Result<()> {
        self.classes.push(class(name, ontology)?);
        Ok(())
    }

    /// Adds a class by name that both sides may belong to.
    ///
    /// # Errors
    /// [`Error::Usage`] when the ontology has none of that name.
    pub fn between(&mut self, name: &str, ontology: &Ontology) -> Result<()> {
        self.both.push(class(name, ontology)?);
        Ok(())
    }

    /// Adds a relation by name: `visited`, `ng:visited`, `open:hold-talks-with`.
    ///
    /// # Errors
    /// [`Error::Usage`] when the ontology has none of that name.
    pub fn predicate(&mut self, name: &str, ontology: &Ontology) -> Result<()> {
        if name.starts_with("open:") {
            self.open.push(name.to_owned());
            return Ok(());
        }
        let property = ontology.property(name.strip_prefix("ng:").unwrap_or(name));
        self.properties.push(property.ok_or_else(|| {
            let cause = "ontology/newsgraph.ttl lists them; open ones begin with open:";
            Error::Usage(format!("no relation {name:?}; {cause}"))
        })?);
        Ok(())
    }

    fn passes(&self, graph: &KnowledgeGraph, key: &StatementKey, o: &Ontology) -> bool {
        let days = || match &key.interval {
            Some(days) => Some((days.start, days.end.yesterday().unwrap_or(days.end))),
            None => {
                let document = graph.documents.get(key.document.index())?;
                document.published.map(|day| (day, day))
            }
        };
        let in_time = || {
            days().is_some_and(|(first, last)| {
                self.since.is_none_or(|day| last >= day)
                    && self.until.is_none_or(|day| first <= day)
            })
        };
        let is_one_of = |id: EntityId, classes: &[ClassId]| {
            let things = graph.members(id).into_iter().chain([id]);
            things
                .map(|id| graph.entities.class(id))
                .any(|class| classes.iter().any(|&wanted| o.is_subclass(class, wanted)))
        };
        let sides = || key.object.into_iter().chain([key.subject]);
        let of_class = || sides().any(|id| is_one_of(id, &self.classes));
        let of_both = || key.object.is_some() && sides().all(|id| is_one_of(id, &self.both));
        let is_named = |id: EntityId| {
            graph.entities.is_named(id)
                || graph.members(id).iter().all(|&member| graph.entities.is_named(member))
        };
        let of_relation = || match key.property {
            Some(property) => self.properties.iter().any(|&wanted| is_below(o, property, wanted)),
            None => self.open.contains(&predicate_id(None, graph.label(key), o)),
        };
        let of_publisher = || {
            let document = graph.documents.get(key.document.index());
            document.and_then(|it| it.publisher.as_deref()).is_some_and(|publisher| {
                let publisher = publisher.to_lowercase();
                self.publishers.iter().any(|wanted| wanted.to_lowercase() == publisher)
            })
        };
        (key.attribute.is_some() || key.confidence >= self.confidence)
            && (self.factualities.is_empty() || self.factualities.contains(&key.factuality))
            && (self.since.is_none() && self.until.is_none() || in_time())
            && (self.properties.is_empty() && self.open.is_empty() || of_relation())
            && (self.publishers.is_empty() || of_publisher())
            && (self.classes.is_empty() || of_class())
            && (self.both.is_empty() || of_both())
            && (!self.named || sides().all(is_named))
    }
}

fn class(name: &str, ontology: &Ontology) -> Result<ClassId> {
    let class = ontology.class(name.strip_prefix("ng:").unwrap_or(name));
    class.ok_or_else(|| {
        Error::Usage(format!("no class {name:?}; ontology/newsgraph.ttl lists them"))
    })
}

fn is_below(ontology: &Ontology, property: PropertyId, ancestor: PropertyId) -> bool {
    property == ancestor
        || ontology[property].parents.iter().any(|&parent| is_below(ontology, parent, ancestor))
}

impl KnowledgeGraph {
    /// Keeps the statements that pass, with their sentences and what they name, and how the names
    /// of that were compared.
    #[must_use]
    pub fn select(mut self, selection: &Selection, ontology: &Ontology) -> Self {
        if *selection == Selection::default() {
            return self;
        }
        let mut keys = std::mem::take(&mut self.keys);
        keys.retain(|key| selection.passes(&self, key, ontology));
        self.keys = keys;
        self.named.fill(false);
        self.roles.clear();
        let mut cited: Vec<Vec<u32>> = Vec::with_capacity(self.documents.len());
        for document in (0..self.documents.len()).map(DocumentId::from) {
            let statements = self.statements_of(document);
            statements.iter().for_each(|statement| self.note(statement));
            cited.push(statements.iter().map(|it| it.evidence.sentence).collect());
        }
        let used = self.used();
        self.comparisons.retain(|compared| {
            let Comparison { left, right, .. } = compared.comparison;
            used[left.index()] && used[right.index()]
        });
        let mut compared = compared_sentences(&self.comparisons);
        for (document, mut kept) in (0..).map(DocumentId).zip(cited) {
            kept.extend(compared.remove(&document).unwrap_or_default());
            kept.sort_unstable();
            let mut sentences = self.sentences(document);
            sentences.retain(|sentence| kept.binary_search(&sentence.number).is_ok());
            self.documents[document.index()].sentences = self.add_sentences(&sentences);
        }
        connect(&mut self, ontology);
        self
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::fixture;
    use super::*;

    fn kept(change: impl FnOnce(&mut Selection, &Ontology)) -> KnowledgeGraph {
        let ontology = fixture::ontology();
        let mut selection = Selection::default();
        change(&mut selection, &ontology);
        fixture::graph().select(&selection, &ontology)
    }

    #[test]
    fn each_filter_keeps_what_it_names() {
        let all = fixture::graph();
        let visits = kept(|s, o| s.predicate("ng:visited", o).unwrap());
        assert!(!visits.keys.is_empty() && visits.keys.len() < all.keys.len());
        let ontology = fixture::ontology();
        assert!(visits.statements().all(|s| s.predicate_id(&ontology) == "ng:visited"));
        assert!(visits.graph.node_count() < all.graph.node_count());
        let documents = (0..visits.documents.len()).map(DocumentId::from);
        let cited: usize = documents.map(|document| visits.sentences(document).len()).sum();
        assert!(visits.statements().all(|s| visits.sentence(&s).is_some()));
        assert!(cited <= visits.keys.len());
        let met = kept(|s, o| s.predicate("metWith", o).unwrap());
        assert!(met.statements().any(|s| s.predicate_id(&ontology) == "ng:heldTalksWith"));
        let publishers = |name: &str| kept(|s, _| s.publishers.push(name.to_owned())).keys.len();
        assert_eq!(publishers("the daily EXAMPLE"), all.keys.len());
        assert_eq!(publishers("Another"), 0);
        let denied = kept(|s, _| s.factualities.push(Factuality::Denied));
        assert!(denied.keys.iter().all(|s| s.factuality == Factuality::Denied));
        let late = kept(|s, _| s.since = Some(date(2999, 1, 1)));
        assert!(late.keys.is_empty() && late.graph.node_count() == 0);
        let early = kept(|s, _| s.until = Some(date(2999, 1, 1)));
        assert!(!early.keys.is_empty());
        let sure = kept(|s, _| s.confidence = 1.1);
        assert!(sure.keys.is_empty());
        let places = kept(|s, o| s.class("Place", o).unwrap());
        assert!(!places.keys.is_empty());
        let persons = kept(|s, o| s.between("Person", o).unwrap());
        let pairs = || persons.keys.iter().map(|key| (key.subject, key.object.unwrap()));
        let is_person = |id| ontology[all.entities.class(id)].name == "Person";
        assert!(pairs().count() > 2 && pairs().all(|(a, b)| is_person(a) && is_person(b)));
        let named = kept(|s, _| s.named = true);
        assert!(named.keys.len() < all.keys.len());
        let treaty = fixture::entity("treaty-9f0e1d");
        assert!(named.keys.iter().all(|key| key.object != Some(treaty) && key.subject != treaty));
    }

    #[test]
    fn unknown_names_are_refused() {
        let ontology = fixture::ontology();
        let mut selection = Selection::default();
        assert!(selection.class("Unicorn", &ontology).is_err());
        assert!(selection.predicate("ng:unicorned", &ontology).is_err());
        assert!(selection.predicate("open:ride", &ontology).is_ok());
    }
}
