//! GeoJSON (RFC 7946): the places that the gazetteer knows, with what is said of them.
//!
//! One point a place. Hearsay is among the claims, each with its standing; `facts` counts the others.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::places::{Located, Places};
use super::told::{self, Told};
use super::{Options, text};
use crate::document::DocumentId;
use crate::entity::EntityId;
use crate::graph::{KnowledgeGraph, StatementId};
use crate::ontology::Ontology;

/// Claims that a place shows; the sure ones first, then in the order of the texts.
const MAX_CLAIMS: usize = 50;

/// Writes GeoJSON, one place a line.
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
    let used = graph.used();
    let located = graph.entities.ids().filter(|id| used[id.index()]);
    let located: BTreeMap<EntityId, Located<'_>> =
        located.filter_map(|id| Some((id, places.find(graph, ontology, id)?))).collect();
    let claims = claims(graph, &located);
    let generator = concat!("newsgraph ", env!("CARGO_PKG_VERSION"));
    write!(out, "{{\"type\":\"FeatureCollection\",\"generator\":\"{generator}\",\"features\":[")?;
    for (nth, (&id, place)) in located.iter().enumerate() {
        out.write_all(if nth == 0 { b"\n" } else { b",\n" })?;
        let about = claims.get(&id).map(Vec::as_slice).unwrap_or_default();
        let feature = feature(graph, ontology, options, (id, place), about);
        serde_json::to_writer(&mut *out, &feature)?;
    }
    out.write_all(b"\n]}\n")
}

/// The statements that name a place, by place.
fn claims(
    graph: &KnowledgeGraph,
    located: &BTreeMap<EntityId, Located<'_>>,
) -> BTreeMap<EntityId, Vec<StatementId>> {
    let mut claims: BTreeMap<EntityId, Vec<StatementId>> = BTreeMap::new();
    for document in (0..graph.documents.len()).map(DocumentId::from) {
        let ids = graph.of(document).map(|index| StatementId(index as u32));
        for (id, statement) in ids.zip(graph.statements_of(document)) {
            if statement.attribute.is_some() {
                continue;
            }
            let object = graph[id].object;
            let things = [Some(statement.subject), object, statement.place];
            let mut things: Vec<EntityId> =
                things.into_iter().flatten().flat_map(|id| graph.members(id)).collect();
            things.sort_unstable();
            things.dedup();
            for thing in things.into_iter().filter(|thing| located.contains_key(thing)) {
                claims.entry(thing).or_default().push(id);
            }
        }
    }
    claims
}

fn feature(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    (id, place): (EntityId, &Located<'_>),
    claims: &[StatementId],
) -> Value {
    let entity = graph.entities.get(id);
    let facts = claims.iter().filter(|&&id| told::is_fact(options, &graph[id])).count();
    let mut order: Vec<StatementId> = claims.to_vec();
    order.sort_by_key(|&id| !told::is_fact(options, &graph[id]));
    let shown = order.into_iter().take(MAX_CLAIMS);
    let shown: Vec<Value> =
        shown.map(|id| claim(&Told::new(graph, options, graph.statement(id)))).collect();
    let mut days: Vec<_> = claims.iter().filter_map(|&id| graph[id].interval.clone()).collect();
    days.sort_by_key(|days| days.start);
    let last = days.iter().filter_map(|days| days.end.yesterday().ok()).max();
    let wikidata = told::wikidata(&entity.same_as).or(place.wikidata);
    let certainty = match place.namesakes {
        1 => "sure".to_owned(),
        n => format!("the likeliest of {n} places of this name"),
    };
    json!({
        "type": "Feature",
        "id": format!("e:{}", text::name(&entity.slug)),
        "geometry": {
            "type": "Point",
            "coordinates": [place.coordinates.longitude, place.coordinates.latitude],
        },
        "properties": {
            "name": text::label(&entity),
            "class": ontology[entity.class].name,
            "wikidata": wikidata,
            "country": place.country,
            "certainty": certainty,
            "mentions": graph.mentions.get(id.index()),
            "facts": facts,
            "claims_total": claims.len(),
            "first_date": days.first().map(|days| text::day(days.start)),
            "last_date": last.map(text::day),
            "claims": shown,
        },
    })
}

fn claim(told: &Told<'_>) -> Value {
    let document = told.document();
    let days = told.days();
    json!({
        "id": format!("st:{}", told.statement.name()),
        "text": told.wording(),
        "standing": if told.is_fact { "fact".to_owned() } else { told.standing() },
        "date_start": days.as_ref().map(|days| &days.0),
        "date_end": days.as_ref().map(|days| &days.1),
        "quote": told.quote(),
        "article": told::title(document),
        "published": document.published.map(text::day),
        "url": told::address(document),
    })
}
