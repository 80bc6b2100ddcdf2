//! JSON for TimelineJS: a slide for each dated claim, as fine as the text dates it.
//!
//! Facts and hearsay are groups of their own, and a headline of hearsay says how it stands. A claim
//! that several articles make in the same way is one slide with all their sentences.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;

use jiff::civil::Date;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};

use super::told::{self, Told};
use super::{Options, text};
use crate::document::DocumentId;
use crate::entity::EntityId;
use crate::graph::{KnowledgeGraph, StatementId, StatementKey};
use crate::ontology::Ontology;

/// Sentences that a slide shows.
const MAX_QUOTES: usize = 3;

/// What makes two claims one slide. In the order of the file.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct SlideKey<'g> {
    start: Date,
    end: Date,
    subject: EntityId,
    predicate: &'g str,
    object: Option<EntityId>,
    /// Of statements whose object is no thing, each is a slide.
    own: Option<u64>,
    hearsay: bool,
}

/// Writes the JSON.
///
/// # Errors
/// Those of `out`.
pub fn write(
    graph: &KnowledgeGraph,
    _: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let slides = slides(graph, options);
    let dates = graph.documents.iter().filter_map(|document| document.published);
    let (first, last) = (dates.clone().min(), dates.max());
    let span = match (first, last) {
        (Some(first), Some(last)) => format!(", {} to {}", text::day(first), text::day(last)),
        _ => String::new(),
    };
    let n = graph.documents.len();
    let title = json!({ "text": {
        "headline": "What happened when",
        "text": format!("{} dated claims of {n} articles{span}", slides.len()),
    }});
    let generator = concat!("newsgraph ", env!("CARGO_PKG_VERSION"));
    write!(out, "{{\"generator\":\"{generator}\",\"title\":{title},\"events\":[")?;
    for (nth, (key, support)) in slides.iter().enumerate() {
        out.write_all(if nth == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &slide(graph, options, key, support))?;
    }
    out.write_all(b"\n]}\n")
}

fn slides<'g>(
    graph: &'g KnowledgeGraph,
    options: &Options,
) -> BTreeMap<SlideKey<'g>, Vec<StatementId>> {
    let mut slides: BTreeMap<SlideKey<'g>, Vec<StatementId>> = BTreeMap::new();
    for document in (0..graph.documents.len()).map(DocumentId::from) {
        let mut claims = FxHashSet::default();
        let ids = graph.of(document).map(|index| StatementId(index as u32));
        for (id, statement) in ids.zip(graph.statements_of(document)) {
            let key = &graph[id];
            let shown = graph.members(key.subject).iter().any(|&id| options.shows(graph, id));
            // The statements of one clause have one wording.
            if !shown || key.attribute.is_some() || claims.contains(&statement.claim) {
                continue;
            }
            if let Some(slide) = slide_key(graph, options, key) {
                claims.insert(statement.claim);
                slides.entry(slide).or_default().push(id);
            }
        }
    }
    slides
}

fn slide_key<'g>(
    graph: &'g KnowledgeGraph,
    options: &Options,
    key: &StatementKey,
) -> Option<SlideKey<'g>> {
    let Range { start, end } = key.interval.clone()?;
    Some(SlideKey {
        start,
        end,
        subject: key.subject,
        predicate: graph.label(key),
        object: key.object,
        own: key.object.is_none().then_some(key.id),
        hearsay: !told::is_fact(options, key),
    })
}

fn slide(
    graph: &KnowledgeGraph,
    options: &Options,
    key: &SlideKey<'_>,
    support: &[StatementId],
) -> Value {
    let told = |&id: &StatementId| Told::new(graph, options, graph.statement(id));
    let first = told(&support[0]);
    let headline = match first.standing() {
        standing if standing.is_empty() => html(&first.wording()),
        standing => format!("{} ({})", html(&first.wording()), html(&standing)),
    };
    let mut body = String::new();
    for told in support.iter().take(MAX_QUOTES).map(told) {
        body += &format!("<p>“{}” {}</p>", html(&told.quote()), source(&told));
    }
    if support.len() > MAX_QUOTES {
        body += &format!("<p>and {} more</p>", support.len() - MAX_QUOTES);
    }
    let mut slide = Map::new();
    slide.insert("unique_id".to_owned(), format!("st-{}", first.statement.name()).into());
    let last = key.end.yesterday().unwrap_or(key.end);
    let precision = precision(&first);
    slide.insert("start_date".to_owned(), date(key.start, precision));
    if last > key.start && precision == 3 {
        slide.insert("end_date".to_owned(), date(last, precision));
    }
    slide.insert("group".to_owned(), group(&first).into());
    slide.insert("text".to_owned(), json!({ "headline": headline, "text": body }));
    Value::Object(slide)
}

/// How many of year, month and day a text gives; 3 for whatever is no plain date, such as a season.
fn precision(told: &Told<'_>) -> usize {
    let time = told.statement.time.as_deref().unwrap_or_default();
    let is_date = time.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_date && !time.is_empty() { time.split('-').count() } else { 3 }
}

fn date(day: Date, precision: usize) -> Value {
    match precision {
        1 => json!({ "year": day.year() }),
        2 => json!({ "year": day.year(), "month": day.month() }),
        _ => json!({ "year": day.year(), "month": day.month(), "day": day.day() }),
    }
}

fn group(told: &Told<'_>) -> &'static str {
    match (told.is_fact, told.is_affirmed()) {
        (true, _) => "Facts",
        (false, true) => "Claims and plans",
        (false, false) => "Denied or not so",
    }
}

fn source(told: &Told<'_>) -> String {
    let document = told.document();
    let name = document.publisher.as_deref().map(text::name).filter(|name| !name.is_empty());
    let name = html(&name.unwrap_or_else(|| told::title(document).into()));
    match told::address(document) {
        Some(address) => format!("<a href=\"{}\">{name}</a>", html(&address)),
        None => format!("({name})"),
    }
}

/// Text of articles is no markup.
fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
