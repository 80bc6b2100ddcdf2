//! A STIX 2.1 bundle.
//!
//! Things are `identity`, `location` and whatever else `rules/export/classes.tsv` says; facts are
//! `relationship`s; each article is a `report` of what it says. STIX has no word for hearsay in a
//! relationship, so that what is claimed, planned, denied or thought of is a `note` on the things it
//! speaks of, whose `abstract` says how it stands and whose `authors` are its sources.
//!
//! Ids are UUIDs of version 5 of the IRIs that RDF has. Objects are created on the day of the first
//! article that names them, so that the same articles give the same bytes.

use std::io::{self, Write};

use jiff::civil::Date;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::iri::{Iri, Namespace};
use super::mapping::Schema;
use super::places::Places;
use super::told::{self, Told};
use super::{Options, edges, text};
use crate::document::DocumentId;
use crate::entity::EntityId;
use crate::graph::{GraphDocument, KnowledgeGraph, open_slug};
use crate::ontology::Ontology;

/// When something was created that no dated article names.
const UNDATED: &str = "1970-01-01T00:00:00.000Z";

/// Writes the bundle, one object a line.
///
/// # Errors
/// Those of `out`.
pub fn write(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let places = Places::new(options);
    let writer = StixWriter { graph, ontology, options, places, author: author_id() };
    let mut digest = blake3::Hasher::new();
    for document in &graph.documents {
        digest.update(document.hash.as_bytes());
    }
    let bundle = id("bundle", digest.finalize().to_hex().as_str());
    write!(out, "{{\"type\":\"bundle\",\"id\":\"{bundle}\",\"objects\":[\n{}", writer.author())?;
    let mut object = |object: &Value| {
        out.write_all(b",\n")?;
        Ok(serde_json::to_writer(&mut *out, object)?)
    };
    let used = graph.used();
    for id in graph.entities.ids().filter(|id| used[id.index()]) {
        if writer.shows(id) {
            object(&writer.thing(id))?;
        }
    }
    for document in (0..graph.documents.len()).map(DocumentId::from) {
        writer.document(document, &mut object)?;
    }
    out.write_all(b"\n]}\n")
}

type Sink<'o> = dyn FnMut(&Value) -> io::Result<()> + 'o;

struct StixWriter<'g> {
    graph: &'g KnowledgeGraph,
    ontology: &'g Ontology,
    options: &'g Options,
    places: Places<'g>,
    author: String,
}

impl<'g> StixWriter<'g> {
    /// Groups are told by their members.
    fn shows(&self, id: EntityId) -> bool {
        self.options.shows(self.graph, id) && self.graph.entities.members(id).is_empty()
    }

    /// The program, which makes all objects.
    fn author(&self) -> Value {
        json!({
            "type": "identity", "spec_version": "2.1", "id": self.author,
            "created": UNDATED, "modified": UNDATED,
            "name": "newsgraph", "identity_class": "system",
        })
    }

    /// What all objects have.
    fn object(&self, id: &str, created: &str) -> Map<String, Value> {
        let kind = id.split_once("--").map_or(id, |(kind, _)| kind);
        let members = [
            ("type", kind),
            ("spec_version", "2.1"),
            ("id", id),
            ("created_by_ref", &self.author),
            ("created", created),
            ("modified", created),
        ];
        members.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
    }

    /// The type of a thing and its `identity_class`. What lies nowhere that we know of is no location.
    fn kind(&self, thing: EntityId) -> (&'g str, &'g str) {
        let class = self.graph.entities.class(thing);
        let cell = self.options.mappings.class(Schema::Stix, class);
        match cell.split_once(':').unwrap_or((cell, "")) {
            ("location", _) if self.places.find(self.graph, self.ontology, thing).is_none() => {
                ("identity", "unknown")
            }
            kind => kind,
        }
    }

    fn id(&self, thing: EntityId) -> String {
        id(self.kind(thing).0, &Iri::entity(self.graph.entities.slug(thing)).to_string())
    }

    fn thing(&self, thing: EntityId) -> Value {
        let graph = self.graph;
        let entity = graph.entities.get(thing);
        let (_, first, _) = edges::spread(graph, thing);
        let (kind, identity_class) = self.kind(thing);
        let iri = Iri::entity(&entity.slug).to_string();
        let mut object = self.object(&id(kind, &iri), &timestamp(first));
        object.insert("name".to_owned(), text::label(&entity).into());
        object.insert("labels".to_owned(), json!([self.ontology[entity.class].label]));
        let aliases: Vec<_> = entity.aliases.iter().map(|alias| text::name(alias)).collect();
        match kind {
            "identity" | "location" if !aliases.is_empty() => {
                let description = format!("Also called {}.", aliases.join(", "));
                object.insert("description".to_owned(), description.into());
            }
            "threat-actor" | "tool" if !aliases.is_empty() => {
                object.insert("aliases".to_owned(), json!(aliases));
            }
            _ => {}
        }
        if !identity_class.is_empty() {
            object.insert("identity_class".to_owned(), identity_class.into());
        }
        if kind == "location"
            && let Some(place) = self.places.find(graph, self.ontology, thing)
        {
            object.insert("latitude".to_owned(), place.coordinates.latitude.into());
            object.insert("longitude".to_owned(), place.coordinates.longitude.into());
            if let Some(country) = place.country {
                object.insert("country".to_owned(), country.into());
            }
        }
        let mut references = vec![json!({ "source_name": "newsgraph", "url": iri })];
        if let Some(item) = told::wikidata(&entity.same_as) {
            let url = format!("{}{item}", Namespace::Wikidata.as_str());
            references.push(json!({ "source_name": "wikidata", "external_id": item, "url": url }));
        }
        object.insert("external_references".to_owned(), references.into());
        Value::Object(object)
    }

    /// What an article says, and the report of it.
    fn document(&self, document: DocumentId, sink: &mut Sink<'_>) -> io::Result<()> {
        let mut reported = Vec::new();
        for told in Told::of_document(self.graph, self.options, document) {
            let objects = if told.is_fact { self.facts(&told) } else { self.hearsay(&told) };
            for object in objects {
                reported.push(object["id"].clone());
                for end in ["source_ref", "target_ref"] {
                    reported.extend(object.get(end).cloned());
                }
                let refs = object.get("object_refs").and_then(Value::as_array);
                reported.extend(refs.into_iter().flatten().cloned());
                sink(&object)?;
            }
        }
        reported.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
        reported.dedup();
        if reported.is_empty() {
            return Ok(());
        }
        let document = &self.graph.documents[document.index()];
        let created = timestamp(document.published);
        let iri = format!("{}{}", Namespace::Document.as_str(), text::name(&document.hash));
        let mut report = self.object(&id("report", &iri), &created);
        report.insert("name".to_owned(), told::title(document).into());
        report.insert("published".to_owned(), created.into());
        report.insert("object_refs".to_owned(), reported.into());
        report.insert("external_references".to_owned(), json!([reference(document, None)]));
        sink(&Value::Object(report))
    }

    fn facts(&self, told: &Told<'_>) -> Vec<Value> {
        let pairs = told.pairs();
        let n_pairs = pairs.len();
        let shown = pairs.into_iter().enumerate();
        let shown = shown.filter(|(_, (a, b))| self.shows(*a) && self.shows(*b));
        shown
            .map(|(nth, pair)| self.relationship(told, &told.pair_id(nth, n_pairs), pair))
            .collect()
    }

    fn relationship(&self, told: &Told<'_>, name: &str, ends: (EntityId, EntityId)) -> Value {
        let statement = &told.statement;
        let document = told.document();
        let iri = format!("{}{name}", Namespace::Statement.as_str());
        let mut object = self.object(&id("relationship", &iri), &timestamp(document.published));
        object
            .insert("relationship_type".to_owned(), relationship_type(told, self.ontology).into());
        object.insert("source_ref".to_owned(), self.id(ends.0).into());
        object.insert("target_ref".to_owned(), self.id(ends.1).into());
        object.insert("description".to_owned(), told.wording().into());
        object.insert("confidence".to_owned(), percent(statement.confidence).into());
        if let Some(days) = &statement.interval {
            object.insert("start_time".to_owned(), timestamp(Some(days.start)).into());
            object.insert("stop_time".to_owned(), timestamp(Some(days.end)).into());
        }
        let references = json!([reference(document, Some(told))]);
        object.insert("external_references".to_owned(), references);
        Value::Object(object)
    }

    /// A note on the things that hearsay speaks of.
    fn hearsay(&self, told: &Told<'_>) -> Vec<Value> {
        let statement = &told.statement;
        let mut things = self.graph.members(statement.subject);
        things.extend(told.pairs().into_iter().map(|(_, object)| object));
        things.retain(|&thing| self.shows(thing));
        let mut refs: Vec<String> = things.into_iter().map(|thing| self.id(thing)).collect();
        refs.sort_unstable();
        refs.dedup();
        if refs.is_empty() {
            return Vec::new();
        }
        let document = told.document();
        let iri = format!("{}{}", Namespace::Statement.as_str(), statement.name());
        let mut object = self.object(&id("note", &iri), &timestamp(document.published));
        object.insert("abstract".to_owned(), told.standing().into());
        object.insert("content".to_owned(), told.wording().into());
        let sources = statement.attribution.iter().map(|&id| told::label(self.graph, id));
        let sources: Vec<String> = sources.collect();
        if !sources.is_empty() {
            object.insert("authors".to_owned(), sources.into());
        }
        object.insert("object_refs".to_owned(), refs.into());
        object.insert("confidence".to_owned(), percent(statement.confidence).into());
        let references = json!([reference(document, Some(told))]);
        object.insert("external_references".to_owned(), references);
        vec![Value::Object(object)]
    }
}

/// An id of a type, by a name that does not change.
fn id(kind: &str, name: &str) -> String {
    format!("{kind}--{}", Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()))
}

fn author_id() -> String {
    id("identity", "https://w3id.org/newsgraph/")
}

/// The first moment of a day.
fn timestamp(day: Option<Date>) -> String {
    day.map_or_else(|| UNDATED.to_owned(), |day| format!("{}T00:00:00.000Z", text::day(day)))
}

fn percent(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}

/// Where it stands: the article, its sentence.
fn reference(document: &GraphDocument, told: Option<&Told<'_>>) -> Value {
    let name = document.publisher.as_deref().map(text::name).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| text::name(&document.id));
    let mut reference = Map::new();
    reference.insert("source_name".to_owned(), name.into());
    if let Some(told) = told {
        reference.insert("description".to_owned(), told.quote().into());
        let statement = format!("st-{}", told.statement.name());
        reference.insert("external_id".to_owned(), statement.into());
    } else {
        reference.insert("external_id".to_owned(), text::name(&document.id).into());
    }
    if let Some(address) = told::address(document) {
        reference.insert("url".to_owned(), address.into());
    }
    Value::Object(reference)
}

/// Lower-case letters, digits and hyphens: "held-talks-with".
fn relationship_type(told: &Told<'_>, ontology: &Ontology) -> String {
    let Some(property) = told.statement.property else {
        let slug = open_slug(&told.statement.predicate);
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        return slug.chars().map(plain).collect();
    };
    let mut kebab = String::new();
    for c in ontology[property].name.chars() {
        if c.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    }
    kebab
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;

    #[test]
    fn refs_lead_to_objects_and_hearsay_is_a_note() {
        let mut out = Vec::new();
        write(&fixture::graph(), &fixture::ontology(), &Options::default(), &mut out).unwrap();
        let bundle: Value = serde_json::from_slice(&out).unwrap();
        let objects = bundle["objects"].as_array().unwrap();
        let ids: Vec<&str> = objects.iter().map(|it| it["id"].as_str().unwrap()).collect();
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len(), "an id twice");
        for object in objects {
            let refs = object["object_refs"].as_array().cloned().unwrap_or_default();
            let ends = ["source_ref", "target_ref"].iter().filter_map(|end| object.get(end));
            for end in ends.chain(&refs) {
                assert!(ids.contains(&end.as_str().unwrap()), "{end}");
            }
        }
        let of = |kind: &'static str| objects.iter().filter(move |it| it["type"] == kind);
        assert!(of("relationship").any(|it| it["relationship_type"] == "visited"));
        assert!(!of("relationship").any(|it| it["relationship_type"] == "attacked"));
        let negated = of("note").find(|it| it["abstract"].as_str().unwrap().contains("negated"));
        assert_eq!(negated.unwrap()["authors"][0], "Trade Ministry");
        assert_eq!(of("report").count(), 2);
    }
}
