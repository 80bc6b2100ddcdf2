//! The explorer: one page that shows a graph, complete in itself.
//!
//! The page fetches nothing from the network and runs no script but its own (its content policy names
//! the script by its digest). The words of texts are data: they stand as JSON in an element that is not
//! run, with `<`, `>` and `&` escaped, and the script puts them on the page as text. A server fills the
//! same page piece by piece with the same [`Data`].

use std::io::{self, Write};
use std::sync::Arc;

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::layout::Positions;
use super::{Options, Things, rdf, text};
use crate::document::DocumentId;
use crate::entity::EntityId;
use crate::graph::{GraphStatement, KnowledgeGraph, Object};
use crate::ontology::{Kind, Ontology};
use crate::statement::Polarity;

const PAGE: &str = include_str!("explorer/page.html");
const STYLE: &str = include_str!("explorer/style.css");
const SCRIPTS: [&str; 4] = [
    include_str!("explorer/model.js"),
    include_str!("explorer/layout.js"),
    include_str!("explorer/picture.js"),
    include_str!("explorer/page.js"),
];

/// The kinds of classes that have a color and a shape of their own, and what the page calls them.
pub const KINDS: [(Kind, &str); 5] = [
    (Kind::Person, "Person"),
    (Kind::Organization, "Organization"),
    (Kind::Place, "Place"),
    (Kind::Event, "Event"),
    (Kind::Product, "Product"),
];

/// A graph or a part of it, in lists that refer to each other by index.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Data {
    /// Articles.
    pub documents: Vec<ExplorerDocument>,
    /// What supports a statement.
    pub sentences: Vec<ExplorerSentence>,
    /// Things.
    pub entities: Vec<ExplorerEntity>,
    /// Relations.
    pub predicates: Vec<ExplorerPredicate>,
    /// Statements of sentences.
    pub statements: Vec<ExplorerStatement>,
    /// How many statements there are, if these are only some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<usize>,
}

/// An article.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ExplorerDocument {
    /// The last part of its IRI.
    pub id: String,
    /// File name or given id.
    pub name: String,
    /// Headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Newspaper, agency or site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Publication date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Its address: `http` or `https`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Id and name of the article that it repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<[String; 2]>,
}

/// A sentence.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ExplorerSentence {
    /// The article.
    pub document: usize,
    /// Where it begins, in code points.
    pub start: u32,
    /// Its words.
    pub text: String,
}

/// A thing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ExplorerEntity {
    /// The last part of its IRI.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// Label of its class.
    pub class: String,
    /// One of [`KINDS`], or empty.
    pub kind: String,
    /// True if a text calls it by name.
    pub named: bool,
    /// Other names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Titles and nouns that texts give it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub descriptions: Vec<String>,
    /// IRIs elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub same: Vec<String>,
    /// IRIs elsewhere that may mean the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub close: Vec<String>,
    /// Why its names were joined or kept apart from others, the least sure first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compared: Vec<Compared>,
    /// Who belongs to the group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<usize>,
    /// Statements about it in the whole graph, if these are only some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degree: Option<usize>,
    /// Where it stands in the picture, if somebody has laid the graph out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<[i32; 2]>,
}

/// Two names of which it was decided whether they mean one thing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Compared {
    /// Id and label of the other thing, if the names were kept apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<[String; 2]>,
    /// The names, as the texts write them.
    pub names: [String; 2],
    /// The article that each stands in.
    pub documents: [String; 2],
    /// What they were compared for.
    pub ground: String,
    /// Other evidence for or against it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// How sure it is that both are one, between 0 and 1.
    pub score: f64,
    /// How often it was decided so.
    pub times: u32,
}

/// Comparisons that are shown of one thing.
pub const COMPARED: usize = 20;

/// Puts the least sure first and leaves out what is too much.
pub fn least_sure(compared: &mut Vec<Compared>) {
    compared.sort_by(|a, b| {
        let doubt = |it: &Compared| (it.score - 0.5).abs();
        doubt(a)
            .total_cmp(&doubt(b))
            .then_with(|| (&a.names, &a.ground).cmp(&(&b.names, &b.ground)))
    });
    compared.truncate(COMPARED);
}

/// A relation.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ExplorerPredicate {
    /// Short form: `ng:visited`.
    pub id: String,
    /// Base form: "visit".
    pub label: String,
    /// True if it holds both ways.
    pub symmetric: bool,
}

/// The other side of a statement.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum ExplorerObject {
    /// A thing.
    Entity(usize),
    /// A value.
    Value(String),
}

/// One statement of one sentence.
#[derive(Clone, Debug, Serialize)]
pub struct ExplorerStatement {
    /// The last part of its IRI.
    pub id: String,
    /// Who or what it is about.
    pub subject: usize,
    /// The relation.
    pub predicate: usize,
    /// The other side.
    pub object: ExplorerObject,
    /// The relation in the words of the text.
    pub phrase: String,
    /// True if the clause negates.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub negative: bool,
    /// How the text stands to it.
    pub factuality: String,
    /// To whom it is attributed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<usize>,
    /// When, as fine as the text allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<usize>,
    /// Further circumstances: role and filler.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub circumstances: Vec<(String, ExplorerObject)>,
    /// The sentence.
    pub sentence: usize,
    /// The words that it rests on, in code points of the article.
    pub from: u32,
    /// Half-open.
    pub to: u32,
    /// The word that fired.
    pub trigger: String,
    /// The words of subject and object in the text, where known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// What found it.
    pub rule: String,
    /// Between 0 and 1.
    pub confidence: f64,
}

impl Data {
    /// All of a graph.
    pub fn new(graph: &KnowledgeGraph, ontology: &Ontology) -> Self {
        let mut compared = vec![Vec::new(); graph.entities.len()];
        for (at, pair) in graph.comparisons.iter().enumerate() {
            let (left, right) = (pair.comparison.left, pair.comparison.right);
            compared[left.index()].push(at);
            if left != right {
                compared[right.index()].push(at);
            }
        }
        let mut builder = ExplorerBuilder {
            graph,
            ontology,
            compared,
            data: Self::default(),
            entities: vec![None; graph.entities.len()],
            documents: vec![None; graph.documents.len()],
            sentences: FxHashMap::default(),
            predicates: FxHashMap::default(),
        };
        for statement in graph.statements().filter(|it| it.attribute.is_none()) {
            builder.statement(&statement);
        }
        builder.data
    }
}

struct ExplorerBuilder<'g> {
    graph: &'g KnowledgeGraph,
    ontology: &'g Ontology,
    /// The comparisons of each entity.
    compared: Vec<Vec<usize>>,
    data: Data,
    entities: Vec<Option<usize>>,
    documents: Vec<Option<usize>>,
    sentences: FxHashMap<(DocumentId, u32), usize>,
    predicates: FxHashMap<String, usize>,
}

impl ExplorerBuilder<'_> {
    fn statement(&mut self, statement: &GraphStatement) {
        let Some(sentence) = self.graph.sentence(statement) else { return };
        let evidence = &statement.evidence;
        let trigger = sentence.slice(evidence.trigger_start, evidence.trigger_end);
        let trigger = text::passage(trigger.unwrap_or_default()).into_owned();
        let key = (statement.document, sentence.number);
        let sentence = match self.sentences.get(&key) {
            Some(&at) => at,
            None => {
                let document = self.document(statement.document);
                let (start, text) = (sentence.start, text::passage(&sentence.text).into_owned());
                self.data.sentences.push(ExplorerSentence { document, start, text });
                self.sentences.insert(key, self.data.sentences.len() - 1);
                self.data.sentences.len() - 1
            }
        };
        let (first, last) = rdf::days(&statement.interval).unzip();
        let statement = ExplorerStatement {
            id: statement.name().into(),
            subject: self.entity(statement.subject),
            predicate: self.predicate(statement),
            object: self.filler(&statement.object),
            phrase: text::name(&statement.predicate).into_owned(),
            negative: statement.polarity == Polarity::Negative,
            factuality: statement.factuality.as_str().to_owned(),
            sources: statement.attribution.iter().map(|&source| self.entity(source)).collect(),
            time: statement.time.as_deref().map(|time| text::name(time).into_owned()),
            first,
            last,
            place: statement.place.map(|place| self.entity(place)),
            circumstances: statement
                .qualifiers
                .iter()
                .map(|(role, filler)| (text::name(role).into_owned(), self.filler(filler)))
                .collect(),
            sentence,
            from: evidence.start,
            to: evidence.end,
            trigger,
            words: vec![
                text::name(&statement.subject_text).into_owned(),
                text::name(&statement.object_text).into_owned(),
            ],
            rule: text::name(&evidence.rule).into_owned(),
            confidence: (f64::from(statement.confidence) * 1e4).round() / 1e4,
        };
        self.data.statements.push(statement);
    }

    fn document(&mut self, id: DocumentId) -> usize {
        if let Some(at) = self.documents[id.index()] {
            return at;
        }
        let document = &self.graph.documents[id.index()];
        let line = |text: &Option<String>| {
            let text = text.as_deref().map(text::name).unwrap_or_default().into_owned();
            Some(text).filter(|text| !text.is_empty())
        };
        self.data.documents.push(ExplorerDocument {
            id: document.hash.clone(),
            name: text::name(&document.id).into_owned(),
            title: line(&document.title),
            publisher: line(&document.publisher),
            date: document.published.map(|date| date.to_string()),
            url: line(&document.uri).filter(|uri| is_web(uri)),
            copy_of: document.copy_of.map(|original| {
                let original = &self.graph.documents[original.index()];
                let name =
                    line(&original.title).unwrap_or_else(|| text::name(&original.id).into_owned());
                [original.hash.clone(), name]
            }),
        });
        let at = self.data.documents.len() - 1;
        self.documents[id.index()] = Some(at);
        at
    }

    fn entity(&mut self, id: EntityId) -> usize {
        if let Some(at) = self.entities[id.index()] {
            return at;
        }
        let entity = &*self.graph.entities.get(id);
        let class = entity.class;
        let kind = KINDS.iter().find(|(kind, _)| self.ontology.is_kind(class, *kind));
        let lines = |texts: &[CompactString]| {
            let texts = texts.iter().map(|text| text::name(text).into_owned());
            texts.filter(|text| !text.is_empty()).collect()
        };
        let web = |iris: &[CompactString]| {
            iris.iter().filter(|iri| is_web(iri)).map(ToString::to_string).collect()
        };
        self.data.entities.push(ExplorerEntity {
            id: entity.slug.to_string(),
            label: text::label(entity).into_owned(),
            class: self.ontology[class].label.clone(),
            kind: kind.map_or_else(String::new, |(_, name)| (*name).to_owned()),
            named: entity.named,
            aliases: lines(&entity.aliases),
            descriptions: lines(&entity.descriptions),
            same: web(&entity.same_as),
            close: web(&entity.close_match),
            compared: self.compared(id),
            members: Vec::new(),
            degree: None,
            place: None,
        });
        let at = self.data.entities.len() - 1;
        self.entities[id.index()] = Some(at);
        // After the index is known: a group may hold itself.
        let members = self.graph.members(id).into_iter().filter(|&member| member != id);
        let members = members.collect::<Vec<_>>().into_iter().map(|m| self.entity(m)).collect();
        self.data.entities[at].members = members;
        at
    }

    fn compared(&self, id: EntityId) -> Vec<Compared> {
        let told = self.compared[id.index()].iter().map(|&at| &self.graph.comparisons[at]);
        let mut compared: Vec<Compared> = told
            .map(|told| {
                let it = &told.comparison;
                let other = if it.left == id { it.right } else { it.left };
                let other = (other != id).then(|| self.graph.entities.get(other));
                let document = |side: usize| {
                    let (document, _) = told.sentences[side];
                    text::name(&self.graph.documents[document.index()].id).into_owned()
                };
                Compared {
                    other: other.map(|it| [it.slug.to_string(), text::label(&it).into_owned()]),
                    names: it.names.each_ref().map(|name| text::name(name).into_owned()),
                    documents: [document(0), document(1)],
                    ground: it.ground.as_str().to_owned(),
                    remarks: it.remarks.iter().map(ToString::to_string).collect(),
                    score: f64::from(it.score) / 100.0,
                    times: it.times,
                }
            })
            .collect();
        least_sure(&mut compared);
        compared
    }

    fn predicate(&mut self, statement: &GraphStatement) -> usize {
        let id = statement.predicate_id(self.ontology);
        if let Some(&at) = self.predicates.get(&id) {
            return at;
        }
        let property = statement.property.map(|property| &self.ontology[property]);
        self.data.predicates.push(ExplorerPredicate {
            label: property.map_or_else(
                || text::name(&statement.predicate).into_owned(),
                |property| property.label.clone(),
            ),
            symmetric: property.is_some_and(|property| property.symmetric),
            id: id.clone(),
        });
        self.predicates.insert(id, self.data.predicates.len() - 1);
        self.data.predicates.len() - 1
    }

    fn filler(&mut self, object: &Object) -> ExplorerObject {
        match object {
            Object::Entity(id) => ExplorerObject::Entity(self.entity(*id)),
            Object::Literal { value, .. } => ExplorerObject::Value(text::name(value).into_owned()),
            Object::Absent => ExplorerObject::Value(String::new()),
        }
    }
}

/// True for addresses that a reader may follow.
pub fn is_web(iri: &str) -> bool {
    iri.starts_with("https://") || iri.starts_with("http://")
}

/// Writes `graph.html`.
///
/// # Errors
/// Those of `out`.
pub fn write(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (before, after) = halves(Served::No);
    out.write_all(before.as_bytes())?;
    let mut data = Data::new(graph, ontology);
    if graph.graph.node_count() > LARGE {
        lay_out(&mut data, graph, options);
    }
    serde_json::to_writer(Escaped(&mut *out), &data)?;
    out.write_all(after.as_bytes())
}

/// Nodes from which on the page would take too long to find places for them.
pub const LARGE: usize = 1500;

/// How far from the middle the outermost of so many nodes stands, in the units of the page.
fn radius(n: usize) -> f64 {
    26.0 * (n as f64).sqrt()
}

/// Gives all entities their places.
fn lay_out(data: &mut Data, graph: &KnowledgeGraph, options: &Options) {
    // The page shows all things.
    let all = options.positions.clone().filter(|_| options.things == Things::All);
    let positions = all.unwrap_or_else(|| Arc::new(Positions::new(graph)));
    let ids = (0..).map(EntityId).take(graph.entities.len());
    let (ids, points): (Vec<EntityId>, Vec<_>) =
        ids.filter_map(|id| Some((id, positions.get(id)?))).unzip();
    let places = places(&points);
    for entity in &mut data.entities {
        let id = graph.entities.find(&entity.id);
        let at = id.and_then(|id| ids.binary_search(&id).ok());
        entity.place = at.map(|at| places[at]);
    }
}

/// Where the page shows the nodes of a layout.
pub fn places(points: &[[f64; 2]]) -> Vec<[i32; 2]> {
    let n = points.len();
    let sum = points.iter().fold(0.0, |sum, [x, y]| sum + x * x + y * y);
    // Nodes that fill a disk evenly lie at two thirds of its radius, or half of it squared.
    let scale = radius(n) / (2.0 * sum / n.max(1) as f64).sqrt().max(1.0);
    // The page counts y downwards.
    points.iter().map(|[x, y]| [x * scale, -y * scale].map(|it| it.round() as i32)).collect()
}

/// The page without data, which asks the server that it comes from. Gives the page and its content
/// policy.
pub fn served(queries: &impl Serialize) -> io::Result<(Vec<u8>, String)> {
    let (before, after) = halves(Served::Yes);
    let mut page = before.into_bytes();
    serde_json::to_writer(Escaped(&mut page), queries)?;
    page.extend(after.as_bytes());
    Ok((page, format!("{}; frame-ancestors 'none'", policy(Served::Yes))))
}

/// Whether a server stands behind the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Served {
    Yes,
    No,
}

/// The page before and after its data.
fn halves(served: Served) -> (String, String) {
    let mode = if served == Served::Yes { "served" } else { "whole" };
    let page = PAGE
        .replace("{{policy}}", &policy(served))
        .replace("{{mode}}", mode)
        .replace("{{style}}", STYLE)
        .replace("{{script}}", &script());
    let (before, after) = page.split_once("{{data}}").unwrap_or((&page, ""));
    (before.to_owned(), after.to_owned())
}

fn script() -> String {
    SCRIPTS.concat()
}

/// Nothing is loaded, nothing runs but the page's own script and style.
fn policy(served: Served) -> String {
    let connect = if served == Served::Yes { "'self'" } else { "'none'" };
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; \
         connect-src {connect}; base-uri 'none'; form-action 'none'",
        digest(&script()),
        digest(STYLE),
    )
}

/// SHA-256 in base 64, as content policies name scripts.
fn digest(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in Sha256::digest(text.as_bytes()).chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit)) & 63;
            let filled = digit <= chunk.len();
            encoded.push(if filled { char::from(DIGITS[index as usize]) } else { '=' });
        }
    }
    encoded
}

/// Writes JSON so that it cannot end the element that it stands in. The three characters only occur
/// in strings, where an escape means the same.
struct Escaped<W>(W);

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(|byte| matches!(byte, b'<' | b'>' | b'&')) {
            self.0.write_all(&rest[..at])?;
            write!(self.0, "\\u00{:02x}", rest[at])?;
            rest = &rest[at + 1..];
        }
        self.0.write_all(rest)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;

    fn page() -> String {
        let mut out = Vec::new();
        write(&fixture::graph(), &fixture::ontology(), &Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn digests_are_those_of_content_policies() {
        assert_eq!(digest("doSomething();"), "RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc=");
    }

    #[test]
    fn names_cannot_end_the_data() {
        let mut out = Vec::new();
        let name = "</script><script>alert(1)</script><!-- &amp; \"";
        serde_json::to_writer(Escaped(&mut out), name).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains(['<', '>', '&']), "{text}");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), name);
    }

    #[test]
    fn the_page_is_whole_and_fetches_nothing() {
        let page = page();
        assert!(page.contains("connect-src 'none'"));
        assert!(!page.contains("{{"), "a part is not filled in");
        for part in ["src=\"", "@import", "url(", "href=\"http"] {
            assert!(!page.contains(part), "{part}");
        }
        let (_, data) = page.split_once("id=\"data\">").unwrap();
        let data = data.split_once("</script>").unwrap().0;
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["statements"].as_array().unwrap().len(), fixture::graph().keys.len());
        let labels = data["entities"].as_array().unwrap().iter();
        let labels: Vec<_> = labels.map(|e| e["label"].as_str().unwrap()).collect();
        assert!(labels.contains(&"Zed \"Quote\" <b>&amp;x ]]> \\ end"), "{labels:?}");
    }
}
