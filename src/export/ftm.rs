//! FollowTheMoney, the model of Aleph and OpenAleph: one entity a line as JSON.
//!
//! Things are entities of the schema that `rules/export/classes.tsv` gives their class; articles are
//! `Article`s and the `proof` of what they say. A fact is an entity of the schema that
//! `rules/export/ftm.tsv` gives its relation, where the things on both sides fit, else an
//! `UnknownLink` whose `role` is the relation. What is claimed, planned or possible is always an
//! `UnknownLink`: its `role` and `status` say how it stands. What is negated, denied or only thought of
//! is left out: a line in a picture would say the contrary. What a thing is said to do that is no link to
//! another with a name stands in its `notes`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::edges::GraphTable;
use super::mapping::{MoneyRelation, Schema};
use super::places::Places;
use super::told::{self, Told};
use super::{Options, text};
use crate::document::DocumentId;
use crate::entity::EntityId;
use crate::graph::{GraphDocument, KnowledgeGraph, StatementId};
use crate::ontology::Ontology;

/// Articles that are named as the proof of a thing.
const MAX_PROOF: usize = 50;

/// What both sides of a link are called that has no schema of its own.
const LINK: (&str, &str, &str) = ("UnknownLink", "subject", "object");

#[derive(Serialize)]
struct Proxy<'m> {
    id: String,
    schema: &'m str,
    properties: Properties<'m>,
}

/// Values by property, each once.
#[derive(Default, Serialize)]
#[serde(transparent)]
struct Properties<'m>(BTreeMap<&'m str, Vec<String>>);

impl<'m> Properties<'m> {
    fn add(&mut self, property: &'m str, value: impl Into<String>) {
        let value = value.into();
        let values = self.0.entry(property).or_default();
        if !value.is_empty() && !values.contains(&value) {
            values.push(value);
        }
    }
}

/// Writes entities as JSON lines.
///
/// # Errors
/// Those of `out`.
pub fn write(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let table = GraphTable::drawing(graph, ontology, options);
    let writer = FtmWriter { graph, ontology, options, table, places: Places::new(options) };
    let mut line = |proxy: &Proxy<'_>| {
        serde_json::to_writer(&mut *out, proxy)?;
        out.write_all(b"\n")
    };
    let said = writer.said_in_words();
    let used = graph.used();
    for id in graph.entities.ids().filter(|id| used[id.index()]) {
        if options.shows(graph, id) && graph.entities.members(id).is_empty() {
            line(&writer.thing(id, said.get(&id)))?;
        }
    }
    for (number, document) in graph.documents.iter().enumerate() {
        line(&article(document))?;
        for told in Told::of_document(graph, options, DocumentId::from(number)) {
            writer.links(&told).iter().try_for_each(&mut line)?;
        }
    }
    Ok(())
}

struct FtmWriter<'g> {
    graph: &'g KnowledgeGraph,
    ontology: &'g Ontology,
    options: &'g Options,
    table: GraphTable<'g>,
    places: Places<'g>,
}

/// What facts say of things in words, with the property that takes it.
type Said<'g> = BTreeMap<EntityId, Vec<(&'g str, String)>>;

impl<'g> FtmWriter<'g> {
    fn schema(&self, id: EntityId) -> &'g str {
        self.options.mappings.class(Schema::FollowTheMoney, self.graph.entities.class(id))
    }

    /// Offices, other names: facts whose relation is a property of its subject.
    fn said_in_words(&self) -> Said<'g> {
        let (graph, mut said) = (self.graph, Said::new());
        let keys = graph.keys.iter().enumerate();
        for (index, key) in keys.filter(|(_, key)| key.attribute.is_none()) {
            let relation = self.options.mappings.money(key.property);
            let Some(relation) = relation.filter(|relation| relation.schema.is_empty()) else {
                continue;
            };
            let (property, schemas) = &relation.subject;
            let fits = |id: &EntityId| allows(schemas, self.schema(*id));
            if !told::is_fact(self.options, key) || !fits(&key.subject) {
                continue;
            }
            let statement = graph.statement(StatementId(index as u32));
            let value = Told::new(graph, self.options, statement).object_text();
            for id in graph.members(key.subject) {
                said.entry(id).or_default().push((property, value.clone()));
            }
        }
        said
    }

    fn thing(&self, id: EntityId, said: Option<&Vec<(&'g str, String)>>) -> Proxy<'g> {
        let (graph, schema) = (self.graph, self.schema(id));
        let entity = graph.entities.get(id);
        let mut properties = Properties::default();
        properties.add("name", text::label(&entity));
        for alias in &entity.aliases {
            properties.add("alias", text::name(alias));
        }
        for description in &entity.descriptions {
            properties.add("notes", text::name(description));
        }
        for said in self.table.said(id) {
            properties.add("notes", said);
        }
        properties.add("wikidataId", told::wikidata(&entity.same_as).unwrap_or_default());
        let located = self.places.find(graph, self.ontology, id);
        let country = located.as_ref().and_then(|place| place.country);
        let country = country.or_else(|| self.places.country(graph, id));
        properties.add("country", country.unwrap_or_default().to_lowercase());
        if let (Some(place), "Address") = (&located, schema) {
            properties.add("latitude", place.coordinates.latitude.to_string());
            properties.add("longitude", place.coordinates.longitude.to_string());
        }
        for (property, value) in said.into_iter().flatten() {
            properties.add(property, value.as_str());
        }
        let mut documents: Vec<DocumentId> =
            graph.entities.clusters(id).iter().map(|&(document, _)| document).collect();
        documents.dedup();
        for document in documents.into_iter().take(MAX_PROOF) {
            properties.add("proof", article_id(&graph.documents[document.index()]));
        }
        properties.0.retain(|_, values| !values.is_empty());
        Proxy { id: entity_id(graph, id), schema, properties }
    }

    /// The links that a statement becomes: one for each pair of things that are written.
    fn links(&self, told: &Told<'g>) -> Vec<Proxy<'g>> {
        if !told.is_affirmed() {
            return Vec::new();
        }
        let (graph, pairs) = (self.graph, told.pairs());
        let n_pairs = pairs.len();
        let shown = |&(_, (a, b)): &(usize, (EntityId, EntityId))| {
            self.options.shows(graph, a) && self.options.shows(graph, b)
        };
        let pairs = pairs.into_iter().enumerate().filter(shown);
        pairs.map(|(nth, pair)| self.link(told, told.pair_id(nth, n_pairs), pair)).collect()
    }

    fn link(
        &self,
        told: &Told<'g>,
        id: String,
        (subject, object): (EntityId, EntityId),
    ) -> Proxy<'g> {
        let relation = self.options.mappings.money(told.statement.property);
        let fits = |relation: &&MoneyRelation| {
            told.is_fact
                && !relation.schema.is_empty()
                && allows(&relation.subject.1, self.schema(subject))
                && allows(&relation.object.1, self.schema(object))
        };
        let (schema, of_subject, of_object) = match relation.filter(fits) {
            Some(it) => (it.schema.as_str(), it.subject.0.as_str(), it.object.0.as_str()),
            None => LINK,
        };
        let mut properties = Properties::default();
        properties.add(of_subject, entity_id(self.graph, subject));
        properties.add(of_object, entity_id(self.graph, object));
        // Families have a relationship, every other schema a role.
        let role = if schema == "Family" { "relationship" } else { "role" };
        properties.add(role, told.marked_predicate());
        if role == "role" {
            properties.add("status", told.standing());
        }
        match told.days() {
            Some((first, last)) if first == last => properties.add("date", first),
            Some((first, last)) => {
                properties.add("startDate", first);
                properties.add("endDate", last);
            }
            None => {}
        }
        properties.add("summary", told.wording());
        properties.add("description", told.quote());
        properties.add("recordId", told.statement.name());
        let document = told.document();
        properties.add("proof", article_id(document));
        properties.add("publisher", text::name(document.publisher.as_deref().unwrap_or_default()));
        properties.add("sourceUrl", told::address(document).unwrap_or_default());
        properties.0.retain(|_, values| !values.is_empty());
        Proxy { id, schema, properties }
    }
}

/// True if a side may have the schema; no list allows all.
fn allows(schemas: &[String], schema: &str) -> bool {
    schemas.is_empty() || schemas.iter().any(|allowed| allowed == schema)
}

fn entity_id(graph: &KnowledgeGraph, id: EntityId) -> String {
    format!("e-{}", text::name(graph.entities.slug(id)))
}

fn article_id(document: &GraphDocument) -> String {
    format!("d-{}", text::name(&document.hash))
}

fn article(document: &GraphDocument) -> Proxy<'static> {
    let mut properties = Properties::default();
    properties.add("fileName", text::name(&document.id));
    properties.add("title", told::title(document));
    properties.add("name", told::title(document));
    properties.add("publisher", text::name(document.publisher.as_deref().unwrap_or_default()));
    properties.add("sourceUrl", told::address(document).unwrap_or_default());
    properties.add("publishedAt", document.published.map(text::day).unwrap_or_default());
    properties.0.retain(|_, values| !values.is_empty());
    Proxy { id: article_id(document), schema: "Article", properties }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::Value;

    use super::*;
    use crate::export::Mappings;
    use crate::graph::fixture;
    use crate::resource::Resources;

    fn lines() -> Vec<Value> {
        let ontology = fixture::ontology();
        let mappings = Arc::new(Mappings::load(&Resources::embedded(), &ontology).unwrap());
        let options = Options { mappings, ..Options::default() };
        let mut out = Vec::new();
        write(&fixture::graph(), &ontology, &options, &mut out).unwrap();
        String::from_utf8(out)
            .unwrap()
            .lines()
            .map(|it| serde_json::from_str(it).unwrap())
            .collect()
    }

    #[test]
    fn ends_and_proofs_are_there_and_hearsay_is_marked() {
        let lines = lines();
        let ids: Vec<&str> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
        let links = || lines.iter().filter(|line| line["schema"] == "UnknownLink");
        assert!(links().count() > 3);
        for link in links() {
            for property in ["subject", "object", "proof"] {
                let end = link["properties"][property][0].as_str().unwrap();
                assert!(ids.contains(&end), "{property} {end}");
            }
        }
        let roles: Vec<&str> =
            links().map(|link| link["properties"]["role"][0].as_str().unwrap()).collect();
        assert!(roles.contains(&"visit") && roles.contains(&"meet (planned)"), "{roles:?}");
        // The attack is negated.
        assert!(!roles.iter().any(|role| role.contains("attack")));
    }
}
