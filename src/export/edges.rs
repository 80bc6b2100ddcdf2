//! Nodes and edges with their attributes, as GraphML, GEXF and CSV share them.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use petgraph::visit::EdgeRef;
use rayon::prelude::*;

use super::iri::Iri;
use super::layout::{self, Positions};
use super::predicates::Predicates;
use super::{Edges, Options, ordered, rdf, text};
use crate::entity::EntityId;
use crate::graph::{KnowledgeGraph, Object, Relation, StatementId};
use crate::ontology::{self, ClassId, Ontology};

/// Type of an attribute, in the words of GraphML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AttributeType {
    Text,
    Int,
    Double,
    Boolean,
}

impl AttributeType {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Int => "int",
            Self::Double => "double",
            Self::Boolean => "boolean",
        }
    }
}

/// An attribute: name and type.
pub(super) type Column = (&'static str, AttributeType);

/// Attributes of nodes. Names are lower case and none of those that a reader keeps for itself.
const NODE_COLUMNS: &[Column] = &[
    ("label", AttributeType::Text),
    ("name", AttributeType::Text),
    ("entity_type", AttributeType::Text),
    ("mentions", AttributeType::Int),
    ("documents", AttributeType::Int),
    ("first_date", AttributeType::Text),
    ("last_date", AttributeType::Text),
    ("aliases", AttributeType::Text),
    ("wikidata", AttributeType::Text),
    ("iri", AttributeType::Text),
    ("attributes", AttributeType::Text),
    ("size", AttributeType::Double),
    ("color", AttributeType::Text),
    ("x", AttributeType::Double),
    ("y", AttributeType::Double),
];

/// Where a node lies stands last.
const N_PLACE: usize = 2;

const STATEMENT_COLUMNS: &[Column] = &[
    ("statement_id", AttributeType::Text),
    ("label", AttributeType::Text),
    ("interaction", AttributeType::Text),
    ("weight", AttributeType::Double),
    ("polarity", AttributeType::Text),
    ("factuality", AttributeType::Text),
    ("symmetric", AttributeType::Boolean),
    ("attributed_to", AttributeType::Text),
    ("confidence", AttributeType::Double),
    ("time", AttributeType::Text),
    ("date_start", AttributeType::Text),
    ("date_end", AttributeType::Text),
    ("place", AttributeType::Text),
    ("rule", AttributeType::Text),
    ("wording", AttributeType::Text),
    ("claim", AttributeType::Text),
    ("doc_id", AttributeType::Text),
    ("source_url", AttributeType::Text),
    ("quote", AttributeType::Text),
    ("char_start", AttributeType::Int),
    ("char_end", AttributeType::Int),
];

const AGGREGATED_COLUMNS: &[Column] = &[
    ("label", AttributeType::Text),
    ("interaction", AttributeType::Text),
    ("weight", AttributeType::Double),
    ("polarity", AttributeType::Text),
    ("factuality", AttributeType::Text),
    ("symmetric", AttributeType::Boolean),
    ("confidence", AttributeType::Double),
    ("date_start", AttributeType::Text),
    ("date_end", AttributeType::Text),
    ("sources", AttributeType::Int),
    ("quote", AttributeType::Text),
];

/// Colors of the nodes, after Okabe and Ito (2008), who chose them so that color-blind readers can
/// tell them apart: the first kind that fits, and what a legend calls it.
pub(super) const COLORS: &[(ontology::Kind, &str, &str)] = &[
    (ontology::Kind::Person, "Person", "#0072b2"),
    (ontology::Kind::Organization, "Organization", "#e69f00"),
    (ontology::Kind::Place, "Place", "#009e73"),
    (ontology::Kind::Event, "Event", "#d55e00"),
    (ontology::Kind::Product, "Product", "#cc79a7"),
];

pub(super) const OTHER_COLOR: &str = "#999999";

/// A node.
pub(super) struct Node<'t> {
    pub(super) id: Cow<'t, str>,
    /// As [`GraphTable::node_columns`].
    pub(super) values: Vec<Option<Cow<'t, str>>>,
}

/// An edge.
pub(super) struct Edge<'t> {
    pub(super) id: String,
    pub(super) source: Cow<'t, str>,
    pub(super) target: Cow<'t, str>,
    /// The relation in short form, what Gephi calls kind.
    pub(super) relation: &'t str,
    /// As [`GraphTable::edge_columns`].
    pub(super) values: Vec<Option<Cow<'t, str>>>,
    /// When it holds, half-open, sorted, not touching each other.
    pub(super) spells: Vec<Range<Date>>,
}

/// Edges that follow each other.
pub(super) enum EdgeBatch<'g> {
    Statements(Vec<StatementId>),
    /// With their ids.
    Relations(Vec<(String, EntityId, EntityId, &'g Relation)>),
}

/// The graph as nodes and edges.
pub(super) struct GraphTable<'g> {
    graph: &'g KnowledgeGraph,
    ontology: &'g Ontology,
    predicates: Predicates<'g>,
    edges: Edges,
    positions: Option<Arc<Positions>>,
}

impl<'g> GraphTable<'g> {
    pub(super) fn new(
        graph: &'g KnowledgeGraph,
        ontology: &'g Ontology,
        options: &Options,
    ) -> Self {
        let positions = options.positions.clone();
        let predicates = Predicates::new(graph, ontology);
        Self { graph, ontology, predicates, edges: options.edges, positions }
    }

    pub(super) fn node_columns(&self) -> &'static [Column] {
        let placed = if self.positions.is_some() { 0 } else { N_PLACE };
        &NODE_COLUMNS[..NODE_COLUMNS.len() - placed]
    }

    pub(super) fn edge_columns(&self) -> &'static [Column] {
        match self.edges {
            Edges::Statement => STATEMENT_COLUMNS,
            Edges::Aggregated => AGGREGATED_COLUMNS,
        }
    }

    /// The nodes in the order of their slugs.
    pub(super) fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        self.node_parts().into_iter().flat_map(|part| self.nodes_of(part))
    }

    /// The nodes in parts.
    pub(super) fn node_parts(&self) -> Vec<Range<usize>> {
        ordered::parts(self.graph.nodes.len()).collect()
    }

    /// The nodes of a part.
    pub(super) fn nodes_of(&self, part: Range<usize>) -> impl Iterator<Item = Node<'_>> {
        let ids = part.filter(|&index| self.graph.nodes[index].is_some());
        ids.map(|index| self.node(EntityId(index as u32)))
    }

    fn node(&self, id: EntityId) -> Node<'_> {
        let entity = &*self.graph.entities.get(id);
        let label: Cow<'_, str> = text::label(entity).into_owned().into();
        let clusters = self.graph.entities.clusters(id).iter();
        let mut documents: Vec<_> = clusters.map(|&(document, _)| document).collect();
        documents.dedup();
        let dates = || {
            let known = documents.iter().filter_map(|d| self.graph.documents.get(d.index()));
            known.filter_map(|document| document.published)
        };
        let size = layout::size(layout::degree(self.graph, id));
        let wikidata = entity.same_as.iter().find(|iri| iri.contains("wikidata.org/entity/"));
        let mentions = self.graph.mentions.get(id.index()).copied().unwrap_or_default();
        let mut values = vec![
            Some(label.clone()),
            Some(label),
            Some(Cow::Borrowed(&*self.ontology[entity.class].name)),
            Some(mentions.to_string().into()),
            Some(documents.len().to_string().into()),
            dates().min().map(|date| text::day(date).into()),
            dates().max().map(|date| text::day(date).into()),
            filled(entity.aliases.iter().map(|a| text::name(a)).collect::<Vec<_>>().join(" | ")),
            wikidata.and_then(|iri| owned(iri)),
            Some(Iri::entity(&entity.slug).to_string().into()),
            filled(self.attributes(id)),
            Some(format!("{size:.2}").into()),
            Some(Cow::Borrowed(self.color(entity.class))),
        ];
        if let Some(positions) = &self.positions {
            let place = positions.get(id).unwrap_or_default();
            // No "-0.00".
            values.extend(
                place.map(|x| Some(format!("{:.2}", (x * 100.0).round() / 100.0 + 0.0).into())),
            );
        }
        Node { id: self.node_id(id), values }
    }

    /// "count=2; country=Norway"
    fn attributes(&self, id: EntityId) -> String {
        let attributes = self.graph.attributes(id).iter().filter_map(|(_, kind, value)| {
            let kind = kind.as_str();
            match value {
                Object::Entity(id) => {
                    Some(format!("{kind}={}", text::label(&self.graph.entities.get(*id))))
                }
                Object::Literal { value, .. } => Some(format!("{kind}={value}")),
                Object::Absent => None,
            }
        });
        attributes.collect::<Vec<_>>().join("; ")
    }

    /// The color of a class.
    pub(super) fn color(&self, class: ClassId) -> &'static str {
        let found = COLORS.iter().find(|(kind, ..)| self.ontology.is_kind(class, *kind));
        found.map_or(OTHER_COLOR, |(_, _, color)| color)
    }

    /// The id of a node: its slug, of which nothing but letters, digits and hyphens is left as is.
    fn node_id(&self, id: EntityId) -> Cow<'g, str> {
        let slug = self.graph.entities.slug(id);
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() | (byte == b'-');
        if slug.bytes().all(is_plain) {
            return Cow::Borrowed(slug);
        }
        let mut token = String::new();
        for byte in slug.bytes() {
            if is_plain(byte) {
                token.push(char::from(byte));
            } else {
                token.push_str(&format!("_{byte:02X}"));
            }
        }
        Cow::Owned(token)
    }

    /// Gives the edges in the order of their ids.
    pub(super) fn edges(&self) -> impl Iterator<Item = Edge<'_>> {
        self.edge_parts().into_iter().flat_map(|part| self.edges_of(&part))
    }

    /// The edges in parts.
    pub(super) fn edge_parts(&self) -> Vec<EdgeBatch<'g>> {
        match self.edges {
            Edges::Statement => {
                let keys = (0..).map(StatementId).zip(&self.graph.keys);
                let statements = keys.filter(|(_, key)| key.attribute.is_none());
                let mut order: Vec<_> = statements.map(|(id, _)| id).collect();
                order.par_sort_unstable_by_key(|&id| (self.graph[id].id, id));
                order.chunks(ordered::PART).map(<[_]>::to_vec).map(EdgeBatch::Statements).collect()
            }
            Edges::Aggregated => {
                let mut edges: Vec<_> = (self.graph.graph.edge_references())
                    .map(|edge| {
                        let [from, to] =
                            [edge.source(), edge.target()].map(|node| self.graph.graph[node]);
                        (self.relation_id(from, to, edge.weight()), from, to, edge.weight())
                    })
                    .collect();
                edges.sort_by(|a, b| a.0.cmp(&b.0));
                let mut edges = edges.into_iter();
                let parts =
                    std::iter::from_fn(|| Some(edges.by_ref().take(ordered::PART).collect()));
                parts
                    .take_while(|part: &Vec<_>| !part.is_empty())
                    .map(EdgeBatch::Relations)
                    .collect()
            }
        }
    }

    /// The edges of a part.
    pub(super) fn edges_of(&self, part: &EdgeBatch<'g>) -> Vec<Edge<'_>> {
        match part {
            EdgeBatch::Statements(ids) => {
                ids.iter().flat_map(|&id| self.statement_edges(id)).collect()
            }
            EdgeBatch::Relations(relations) => {
                let edge = |(id, from, to, relation): &(String, _, _, &'g Relation)| {
                    self.relation_edge(id.clone(), *from, *to, relation)
                };
                relations.iter().map(edge).collect()
            }
        }
    }

    /// The edges of a statement: one, or one for each pair of group members.
    fn statement_edges(&self, id: StatementId) -> impl Iterator<Item = Edge<'_>> {
        let key = &self.graph[id];
        let pairs = key.object.map(|object| self.graph.pairs(key.subject, object));
        let pairs = pairs.unwrap_or_default();
        let n_pairs = pairs.len();
        let relation = self.predicates.short(key.property, self.graph.label(key));
        let mut values = if pairs.is_empty() { Vec::new() } else { self.statement_values(id) };
        let edge = move |(nth, (subject, object)): (usize, (EntityId, EntityId))| Edge {
            id: if n_pairs == 1 {
                format!("st-{:016x}", key.id)
            } else {
                format!("st-{:016x}.{}", key.id, nth + 1)
            },
            source: self.node_id(subject),
            target: self.node_id(object),
            relation,
            // The last one takes them.
            values: if nth + 1 == n_pairs { std::mem::take(&mut values) } else { values.clone() },
            spells: key.interval.iter().cloned().collect(),
        };
        pairs.into_iter().enumerate().map(edge)
    }

    fn statement_values(&self, id: StatementId) -> Vec<Option<Cow<'_, str>>> {
        let (graph, statement) = (self.graph, &self.graph.statement(id));
        let document = &graph.documents[statement.document.index()];
        let label = |id: EntityId| owned(&text::label(&graph.entities.get(id)));
        let symmetric = statement.property.is_some_and(|p| self.ontology[p].symmetric);
        let (first, last) = rdf::days(&statement.interval).unzip();
        let evidence = &statement.evidence;
        let sentence = graph.sentence(statement);
        vec![
            Some(String::from(statement.name()).into()),
            owned(&statement.predicate),
            Some(self.predicates.short(statement.property, &statement.predicate).into()),
            Some(Cow::Borrowed("1.0")),
            Some(Cow::Borrowed(statement.polarity.as_str())),
            Some(Cow::Borrowed(statement.factuality.as_str())),
            Some(Cow::Borrowed(if symmetric { "true" } else { "false" })),
            statement.attribution.first().and_then(|&source| label(source)),
            Some(text::decimal(statement.confidence).into()),
            statement.time.as_deref().map(|time| text::name(time).into_owned().into()),
            first.map(Cow::Owned),
            last.map(Cow::Owned),
            statement.place.and_then(label),
            owned(&evidence.rule),
            owned(&statement.wording),
            Some(String::from(statement.claim_name()).into()),
            filled(text::name(&document.id)),
            document.uri.as_deref().and_then(|uri| filled(text::name(uri))),
            sentence.and_then(|sentence| owned(&sentence.text)),
            Some(evidence.start.to_string().into()),
            Some(evidence.end.to_string().into()),
        ]
    }

    fn relation_id(&self, from: EntityId, to: EntityId, relation: &Relation) -> String {
        let mut hasher = blake3::Hasher::new();
        for part in [
            self.graph.entities.slug(from),
            self.predicates.short(relation.property, &relation.label),
            self.graph.entities.slug(to),
            relation.polarity.as_str(),
            relation.factuality.as_str(),
        ] {
            hasher.update(part.as_bytes());
            hasher.update(&[0]);
        }
        format!("r-{}", &hasher.finalize().to_hex()[..16])
    }

    fn relation_edge(
        &self,
        id: String,
        from: EntityId,
        to: EntityId,
        relation: &'g Relation,
    ) -> Edge<'_> {
        let graph = self.graph;
        let support = || graph.support(relation).iter().map(|&id| &graph[id]);
        let mut documents: Vec<_> = support().map(|statement| statement.document).collect();
        documents.sort();
        documents.dedup();
        let confidence = support().map(|s| s.confidence).fold(0.0, f32::max);
        let symmetric = relation.property.is_some_and(|p| self.ontology[p].symmetric);
        let when = relation.when.as_ref();
        let quote =
            graph.support(relation).iter().find_map(|&id| graph.sentence(&graph.statement(id)));
        let predicate = self.predicates.short(relation.property, &relation.label);
        let values = vec![
            filled(text::name(&relation.label)),
            Some(predicate.into()),
            Some(format!("{}.0", graph.weight(relation)).into()),
            Some(Cow::Borrowed(relation.polarity.as_str())),
            Some(Cow::Borrowed(relation.factuality.as_str())),
            Some(Cow::Borrowed(if symmetric { "true" } else { "false" })),
            Some(text::decimal(confidence).into()),
            when.map(|days| text::day(days.start).into()),
            when.and_then(|days| days.end.yesterday().ok()).map(|day| text::day(day).into()),
            Some(documents.len().to_string().into()),
            quote.and_then(|sentence| owned(&sentence.text)),
        ];
        let spells = join(support().filter_map(|statement| statement.interval.clone()).collect());
        let (source, target) = (self.node_id(from), self.node_id(to));
        Edge { id, source, target, relation: predicate, values, spells }
    }
}

/// The value of a column by its name, empty if there is none.
pub(super) fn value<'v>(
    columns: &[Column],
    values: &'v [Option<Cow<'_, str>>],
    name: &str,
) -> &'v str {
    let at = columns.iter().position(|column| column.0 == name);
    at.and_then(|at| values.get(at)?.as_deref()).unwrap_or_default()
}

/// `None` for an empty text: what is missing is left out.
fn filled<'t>(text: impl Into<Cow<'t, str>>) -> Option<Cow<'t, str>> {
    Some(text.into()).filter(|text| !text.is_empty())
}

/// A text that is read for the occasion, on one line.
fn owned(text: &str) -> Option<Cow<'static, str>> {
    filled(text::name(text).into_owned())
}

/// Sorts intervals and joins those that overlap or touch.
fn join(mut intervals: Vec<Range<Date>>) -> Vec<Range<Date>> {
    intervals.sort_by_key(|interval| (interval.start, interval.end));
    let mut joined: Vec<Range<Date>> = Vec::new();
    for interval in intervals {
        match joined.last_mut() {
            Some(last) if interval.start <= last.end => last.end = last.end.max(interval.end),
            _ => joined.push(interval),
        }
    }
    joined
}
