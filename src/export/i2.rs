//! Entities and links as tables, in the manner of i2 Analyst's Notebook.
//!
//! A link's strength says how it stands, in the words that i2 draws as solid, dashed and dotted lines:
//! *Confirmed* is what a text says in its own voice, *Unconfirmed* what somebody claims, *Tentative*
//! what is planned or possible. What is negated, denied or only thought of is left out.

use std::borrow::Cow;
use std::io::{self, Write};

use super::csv::guard;
use super::edges::GraphTable;
use super::mapping::Schema;
use super::places::Places;
use super::told::{self, Told};
use super::{Options, edges, text};
use crate::document::DocumentId;
use crate::entity::EntityId;
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;
use crate::statement::Factuality;

const ENTITY_COLUMNS: [&str; 12] = [
    "Entity Id",
    "Entity Type",
    "Label",
    "Class",
    "Aliases",
    "Description",
    "Latitude",
    "Longitude",
    "Mentions",
    "First Date",
    "Last Date",
    "Wikidata",
];

const LINK_COLUMNS: [&str; 21] = [
    "Link Id",
    "Entity 1 Id",
    "Entity 1 Type",
    "Entity 1 Label",
    "Entity 2 Id",
    "Entity 2 Type",
    "Entity 2 Label",
    "Link Type",
    "Link Label",
    "Direction",
    "Strength",
    "Standing",
    "Start Date",
    "End Date",
    "Description",
    "Quote",
    "Source Reference",
    "Source Type",
    "Source Date",
    "Source Address",
    "Confidence",
];

/// Writes `i2_entities.csv`.
///
/// # Errors
/// Those of `out`.
pub fn write_entities(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(ENTITY_COLUMNS)?;
    let places = Places::new(options);
    let table = GraphTable::drawing(graph, ontology, options);
    let used = graph.used();
    for id in graph.entities.ids().filter(|id| used[id.index()]) {
        if !options.shows(graph, id) || !graph.entities.members(id).is_empty() {
            continue;
        }
        let entity = graph.entities.get(id);
        let (_, first, last) = edges::spread(graph, id);
        let place = places.find(graph, ontology, id);
        let degrees = |degrees: Option<f64>| degrees.map(|it| it.to_string()).unwrap_or_default();
        let row: [String; ENTITY_COLUMNS.len()] = [
            entity_id(graph, id),
            kind(graph, options, id).to_owned(),
            text::label(&entity).into_owned(),
            ontology[entity.class].label.clone(),
            entity.aliases.iter().map(|it| text::name(it)).collect::<Vec<_>>().join(" | "),
            entity
                .descriptions
                .iter()
                .map(|it| text::name(it).into_owned())
                .chain(table.said(id))
                .collect::<Vec<_>>()
                .join(" | "),
            degrees(place.as_ref().map(|it| it.coordinates.latitude)),
            degrees(place.as_ref().map(|it| it.coordinates.longitude)),
            graph.mentions.get(id.index()).copied().unwrap_or_default().to_string(),
            first.map(text::day).unwrap_or_default(),
            last.map(text::day).unwrap_or_default(),
            told::wikidata(&entity.same_as).unwrap_or_default().to_owned(),
        ];
        csv.write_record(row.iter().map(|cell| guarded(cell, options)).map(bytes))?;
    }
    csv.flush()
}

/// Writes `i2_links.csv`.
///
/// # Errors
/// Those of `out`.
pub fn write_links(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(LINK_COLUMNS)?;
    for document in (0..graph.documents.len()).map(DocumentId::from) {
        for told in Told::of_document(graph, options, document).filter(Told::is_affirmed) {
            let pairs = told.pairs();
            let n_pairs = pairs.len();
            for (nth, (from, to)) in pairs.into_iter().enumerate() {
                if options.shows(graph, from) && options.shows(graph, to) {
                    let id = told.pair_id(nth, n_pairs);
                    let row = link(graph, ontology, options, &told, (id, from, to));
                    csv.write_record(row.iter().map(|cell| guarded(cell, options)).map(bytes))?;
                }
            }
        }
    }
    csv.flush()
}

fn link(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    told: &Told<'_>,
    (id, from, to): (String, EntityId, EntityId),
) -> [String; LINK_COLUMNS.len()] {
    let statement = &told.statement;
    let document = told.document();
    let kind = |id| kind(graph, options, id).to_owned();
    let symmetric = statement.property.is_some_and(|property| ontology[property].symmetric);
    let strength = match (told.is_fact, statement.factuality) {
        (true, _) => "Confirmed",
        (false, Factuality::Asserted | Factuality::Claimed) => "Unconfirmed",
        (false, _) => "Tentative",
    };
    let (start, end) = told.days().unwrap_or_default();
    let relation = match statement.property {
        Some(property) => text::name(&ontology[property].label),
        None => text::name(&statement.predicate),
    };
    [
        id,
        entity_id(graph, from),
        kind(from),
        told::label(graph, from),
        entity_id(graph, to),
        kind(to),
        told::label(graph, to),
        relation.into_owned(),
        told.marked_predicate(),
        if symmetric { "Both" } else { "From Entity 1 to Entity 2" }.to_owned(),
        strength.to_owned(),
        told.standing(),
        start,
        end,
        told.wording(),
        told.quote(),
        told::title(document),
        text::name(document.publisher.as_deref().unwrap_or("News")).into_owned(),
        document.published.map(text::day).unwrap_or_default(),
        told::address(document).unwrap_or_default(),
        text::decimal(statement.confidence),
    ]
}

fn kind<'o>(graph: &KnowledgeGraph, options: &'o Options, id: EntityId) -> &'o str {
    options.mappings.class(Schema::I2, graph.entities.class(id))
}

fn entity_id(graph: &KnowledgeGraph, id: EntityId) -> String {
    format!("e:{}", text::name(graph.entities.slug(id)))
}

fn guarded<'c>(cell: &'c str, options: &Options) -> Cow<'c, str> {
    if options.raw_csv { Cow::Borrowed(cell) } else { guard(cell) }
}

fn bytes(cell: Cow<'_, str>) -> Vec<u8> {
    cell.into_owned().into_bytes()
}
