//! Event data as political scientists use it: who did what to whom, when and where, a row an event.
//!
//! A statement is an event if its relation has a PLOVER type (`ng:plover` in the ontology), and if
//! it happened or is to happen: affirmed, and asserted, claimed or planned. What is only planned is
//! AGREE where it would be cooperation, as both schemes code intentions to meet, to help or to sign.
//! Statements that agree in actor, recipient, relation, mode and days are one event, with the number
//! of articles that report it, copies of one counted once; this is what keeps one happening from being
//! counted as often as it is reported.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::csv::guard;
use super::iri::Iri;
use super::{Options, rdf, text};
use crate::document::DocumentId;
use crate::entity::EntityId;
use crate::graph::{GraphStatement, KnowledgeGraph, StatementId, StatementKey};
use crate::ontology::{Ontology, Property, PropertyId};
use crate::statement::{Factuality, Polarity};

const HEADER: [&str; 21] = [
    "event_id",
    "date_start",
    "date_end",
    "date_source",
    "event_type",
    "event_mode",
    "cameo",
    "relation",
    "actor",
    "actor_type",
    "actor_iri",
    "recipient",
    "recipient_type",
    "recipient_iri",
    "place",
    "status",
    "attributed_to",
    "sources",
    "documents",
    "confidence",
    "quote",
];

/// Types of PLOVER that are cooperation: planned, they are agreements.
const COOPERATION: [&str; 4] = ["CONSULT", "COOPERATE", "AID", "SUPPORT"];

/// What makes two statements report one event. In the order of the file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct EventKey {
    days: Option<(String, String)>,
    actor: EntityId,
    recipient: Option<EntityId>,
    property: PropertyId,
    planned: bool,
}

/// Writes `events.csv`.
///
/// # Errors
/// Those of `out`.
pub fn write(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(HEADER)?;
    let mut events: BTreeMap<EventKey, Vec<StatementId>> = BTreeMap::new();
    for (id, statement) in (0..).map(StatementId).zip(&graph.keys) {
        for key in keys(graph, ontology, statement) {
            events.entry(key).or_default().push(id);
        }
    }
    for (key, support) in &events {
        let support: Vec<_> = support.iter().map(|&id| graph.statement(id)).collect();
        let row = row(graph, ontology, key, &support);
        let cell = |text: &String| match guard(text) {
            Cow::Owned(guarded) if !options.raw_csv => guarded,
            _ => text.clone(),
        };
        csv.write_record(row.iter().map(cell))?;
    }
    csv.flush()
}

/// The events that a statement reports: one for each pair of members.
fn keys(graph: &KnowledgeGraph, ontology: &Ontology, statement: &StatementKey) -> Vec<EventKey> {
    let planned = match statement.factuality {
        Factuality::Asserted | Factuality::Claimed => false,
        Factuality::Planned => true,
        Factuality::Possible | Factuality::Hypothetical | Factuality::Denied => return Vec::new(),
    };
    let Some(property) = statement.property else { return Vec::new() };
    if statement.polarity == Polarity::Negative || coded(ontology, property).is_none() {
        return Vec::new();
    }
    let symmetric = ontology[property].symmetric;
    let pairs: Vec<(EntityId, Option<EntityId>)> = match statement.object {
        Some(object) => {
            let pairs = graph.pairs(statement.subject, object).into_iter();
            // All sides act: each pair once.
            let turn = |(a, b)| if symmetric && b < a { (b, Some(a)) } else { (a, Some(b)) };
            pairs.map(turn).collect()
        }
        None => graph.members(statement.subject).into_iter().map(|actor| (actor, None)).collect(),
    };
    let days = rdf::days(&statement.interval);
    let key =
        |(actor, recipient)| EventKey { days: days.clone(), actor, recipient, property, planned };
    pairs.into_iter().map(key).collect()
}

/// The relation itself if it has an event type, else the nearest above it that has one.
fn coded(ontology: &Ontology, property: PropertyId) -> Option<&Property> {
    let property = &ontology[property];
    if property.plover.is_some() {
        return Some(property);
    }
    property.parents.iter().find_map(|&parent| coded(ontology, parent))
}

fn row(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    key: &EventKey,
    support: &[GraphStatement],
) -> [String; HEADER.len()] {
    let property = &ontology[key.property];
    let coded = coded(ontology, key.property);
    let plover = coded.and_then(|it| it.plover.as_deref()).unwrap_or_default();
    let cameo = property.cameo.as_deref().or(coded.and_then(|it| it.cameo.as_deref()));
    let cameo = cameo.unwrap_or_default();
    let event_type = if key.planned && COOPERATION.contains(&plover) { "AGREE" } else { plover };
    let name = |id: EntityId| text::label(&graph.entities.get(id)).into_owned();
    let class = |id: EntityId| ontology[graph.entities.class(id)].name.clone();
    let iri = |id: EntityId| Iri::entity(graph.entities.slug(id)).to_string();
    let documents: BTreeSet<DocumentId> = support.iter().map(|s| s.document).collect();
    let published = documents.iter().filter_map(|d| graph.documents[d.index()].published).min();
    let days = key.days.clone().or(published.map(|day| (day.to_string(), day.to_string())));
    let date_source = match (&key.days, published) {
        (Some(_), _) => "text",
        (None, Some(_)) => "published",
        (None, None) => "",
    };
    let (start, end) = days.unwrap_or_default();
    let status = match (key.planned, support.iter().any(|s| s.attribution.is_empty())) {
        (true, _) => "planned",
        (false, true) => "asserted",
        (false, false) => "claimed",
    };
    let place = support.iter().find_map(|s| s.place).map(name).unwrap_or_default();
    let speakers: BTreeSet<EntityId> =
        support.iter().filter_map(|s| s.attribution.first().copied()).collect();
    let speakers: Vec<String> = speakers.into_iter().map(name).collect();
    let original = |id: &DocumentId| graph.documents[id.index()].copy_of.unwrap_or(*id);
    let sources: BTreeSet<DocumentId> = documents.iter().map(original).collect();
    let ids: Vec<String> = documents
        .iter()
        .map(|document| text::name(&graph.documents[document.index()].id).into_owned())
        .collect();
    let confidence = support.iter().map(|s| s.confidence).fold(0.0, f32::max);
    let quote = support.iter().find_map(|statement| graph.sentence(statement));
    let quote = quote.map(|sentence| text::name(&sentence.text).into_owned()).unwrap_or_default();
    let recipient = |part: &dyn Fn(EntityId) -> String| key.recipient.map(part).unwrap_or_default();
    let mut hasher = blake3::Hasher::new();
    for part in [&start, &end, &iri(key.actor), &recipient(&iri), &property.name, status] {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    let id = format!("ev-{}", &hasher.finalize().to_hex()[..16]);
    [
        id,
        start,
        end,
        date_source.to_owned(),
        event_type.to_owned(),
        mode(cameo).to_owned(),
        // A bare number would lose its zero in most readers.
        if cameo.is_empty() { String::new() } else { format!("CAMEO:{cameo}") },
        format!("ng:{}", property.name),
        name(key.actor),
        class(key.actor),
        iri(key.actor),
        recipient(&name),
        recipient(&class),
        recipient(&iri),
        place,
        status.to_owned(),
        speakers.join(" | "),
        sources.len().to_string(),
        ids.join(" | "),
        text::decimal(confidence),
        quote,
    ]
}

/// The mode of PLOVER, where it follows from the CAMEO code.
fn mode(cameo: &str) -> &'static str {
    match cameo {
        "041" => "phone",
        "042" | "043" => "visit",
        "044" | "045" => "third-party",
        "046" | "040" => "multilateral",
        "080" | "090" => "",
        "106" => "meet",
        "111" => "disapprove",
        "112" | "115" | "116" => "allege",
        "138" => "violence",
        "143" => "strike",
        "144" => "obstruct",
        "145" => "riot",
        "161" => "discontinue",
        code if code.starts_with("09") => "investigate",
        code if code.starts_with("131") => "restrict",
        code if code.starts_with("141") => "demonstration",
        code if code.starts_with("152") || code.starts_with("154") => "troops",
        code if code.starts_with("166") => "expel",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;

    fn rows() -> Vec<BTreeMap<String, String>> {
        let mut out = Vec::new();
        write(&fixture::graph(), &fixture::ontology(), &Options::default(), &mut out).unwrap();
        let mut reader = csv::Reader::from_reader(&out[..]);
        reader.deserialize().map(Result::unwrap).collect()
    }

    #[test]
    fn what_happened_is_an_event_and_what_did_not_is_none() {
        let rows = rows();
        let of = |relation: &str| rows.iter().filter(|r| r["relation"] == relation).count();
        assert!(of("ng:visited") > 0, "{rows:#?}");
        // The attack is negated; saying and holding an office have no type.
        assert_eq!(of("ng:attacked") + of("ng:said") + of("ng:holdsPosition"), 0);
        let planned = rows.iter().filter(|r| r["status"] == "planned");
        assert!(planned.clone().count() > 0, "{rows:#?}");
        assert!(planned.clone().all(|r| r["event_type"] == "AGREE"));
        let mut ids: Vec<_> = rows.iter().map(|r| &r["event_id"]).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), rows.len(), "an id twice");
    }
}
