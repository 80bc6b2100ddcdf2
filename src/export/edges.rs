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
use super::told::{self, Told};
use super::{Edges, Options, Things, ordered, rdf, text};
use crate::entity::EntityId;
use crate::graph::{KnowledgeGraph, Object, Relation, StatementId};
use crate::ontology::{self, ClassId, Ontology};
use crate::statement::{Factuality, Polarity};

/// Type of an attribute, in the words of GraphML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AttributeType {
    Text,
    Int,
    Double,
    Boolean,
    /// A day; text where a format has no days.
    Date,
}

impl AttributeType {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Text | Self::Date => "string",
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
    ("first_date", AttributeType::Date),
    ("last_date", AttributeType::Date),
    ("aliases", AttributeType::Text),
    ("wikidata", AttributeType::Text),
    ("iri", AttributeType::Text),
    ("attributes", AttributeType::Text),
    ("said", AttributeType::Text),
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
    ("date_start", AttributeType::Date),
    ("date_end", AttributeType::Date),
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

const RELATION_COLUMNS: &[Column] = &[
    ("label", AttributeType::Text),
    ("interaction", AttributeType::Text),
    ("weight", AttributeType::Double),
    ("polarity", AttributeType::Text),
    ("factuality", AttributeType::Text),
    ("symmetric", AttributeType::Boolean),
    ("confidence", AttributeType::Double),
    ("date_start", AttributeType::Date),
    ("date_end", AttributeType::Date),
    ("sources", AttributeType::Int),
    ("quote", AttributeType::Text),
];

const AGGREGATED_COLUMNS: &[Column] = &[
    ("label", AttributeType::Text),
    ("interaction", AttributeType::Text),
    ("weight", AttributeType::Double),
    ("polarity", AttributeType::Text),
    ("factuality", AttributeType::Text),
    ("symmetric", AttributeType::Boolean),
    ("confidence", AttributeType::Double),
    ("date_start", AttributeType::Date),
    ("date_end", AttributeType::Date),
    ("sources", AttributeType::Int),
    ("quote", AttributeType::Text),
    ("relations", AttributeType::Text),
    ("facts", AttributeType::Int),
    ("hearsay", AttributeType::Int),
];

/// Relations that the label of an aggregated edge names.
const N_LABELS: usize = 3;

/// What a thing is said to do that no edge of the drawing shows: so much of it stands at the node.
const N_SAID: usize = 8;

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
    /// All relations from one thing to another, with the id of both together.
    Pairs(Vec<(String, EntityId, EntityId, Vec<&'g Relation>)>),
}

/// The graph as nodes and edges.
pub(super) struct GraphTable<'g> {
    graph: &'g KnowledgeGraph,
    ontology: &'g Ontology,
    options: &'g Options,
    predicates: Predicates<'g>,
    positions: Option<Arc<Positions>>,
    /// Digests of labels that several things have, sorted.
    namesakes: Vec<u64>,
    drawing: Option<Drawing>,
}

/// Which part of a graph is drawn.
pub(super) struct Drawing {
    shown: Vec<bool>,
    /// Who does what no edge shows, sorted.
    said: Vec<(EntityId, StatementId)>,
}

impl Drawing {
    /// What the options show, if that is not all: things with a name, what joins two of them, and
    /// what they are said to do otherwise.
    fn new(graph: &KnowledgeGraph, options: &Options) -> Option<Self> {
        if options.things == Things::All {
            return None;
        }
        let shown: Vec<bool> =
            graph.entities.ids().map(|id| layout::is_shown(graph, options, id)).collect();
        let mut said = Vec::new();
        for (id, key) in (0..).map(StatementId).zip(&graph.keys) {
            let drawn = || {
                key.object.is_some_and(|it| graph.members(it).iter().any(|id| shown[id.index()]))
            };
            if key.attribute.is_none()
                && told::is_affirmed(key.polarity, key.factuality)
                && !drawn()
            {
                let subjects = graph.members(key.subject).into_iter();
                said.extend(subjects.filter(|it| shown[it.index()]).map(|it| (it, id)));
            }
        }
        said.sort_unstable();
        Some(Self { shown, said })
    }
}

impl<'g> GraphTable<'g> {
    /// All things and all that joins them.
    pub(super) fn new(
        graph: &'g KnowledgeGraph,
        ontology: &'g Ontology,
        options: &'g Options,
    ) -> Self {
        let positions = options.positions.clone();
        let predicates = Predicates::new(graph, ontology);
        let namesakes = namesakes(graph, |_| true);
        Self { graph, ontology, options, predicates, positions, namesakes, drawing: None }
    }

    /// What drawings show ([`Options::things`]).
    pub(super) fn drawing(
        graph: &'g KnowledgeGraph,
        ontology: &'g Ontology,
        options: &'g Options,
    ) -> Self {
        let drawing = Drawing::new(graph, options);
        let shows = |id: EntityId| drawing.as_ref().is_none_or(|it| it.shown[id.index()]);
        let namesakes = namesakes(graph, shows);
        let positions = options.positions.clone();
        let predicates = Predicates::new(graph, ontology);
        Self { graph, ontology, options, predicates, positions, namesakes, drawing }
    }

    fn shows(&self, id: EntityId) -> bool {
        self.drawing.as_ref().is_none_or(|drawing| drawing.shown[id.index()])
    }

    pub(super) fn node_columns(&self) -> &'static [Column] {
        let placed = if self.positions.is_some() { 0 } else { N_PLACE };
        &NODE_COLUMNS[..NODE_COLUMNS.len() - placed]
    }

    pub(super) fn edge_columns(&self) -> &'static [Column] {
        match self.options.edges {
            Edges::Statement => STATEMENT_COLUMNS,
            Edges::Relation => RELATION_COLUMNS,
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
        let ids = part.map(|index| EntityId(index as u32));
        let drawn = |id: &EntityId| self.graph.nodes[id.index()].is_some() && self.shows(*id);
        ids.filter(drawn).map(|id| self.node(id))
    }

    fn node(&self, id: EntityId) -> Node<'_> {
        let entity = &*self.graph.entities.get(id);
        let label: Cow<'_, str> = text::label(entity).into_owned().into();
        let (n_documents, first, last) = spread(self.graph, id);
        let size = layout::size(layout::degree(self.graph, id));
        let wikidata = entity.same_as.iter().find(|iri| iri.contains("wikidata.org/entity/"));
        let mentions = self.graph.mentions.get(id.index()).copied().unwrap_or_default();
        let mut values = vec![
            Some(label.clone()),
            Some(self.unique_name(label, &entity.slug)),
            Some(Cow::Borrowed(&*self.ontology[entity.class].name)),
            Some(mentions.to_string().into()),
            Some(n_documents.to_string().into()),
            first.map(|date| text::day(date).into()),
            last.map(|date| text::day(date).into()),
            filled(entity.aliases.iter().map(|a| text::name(a)).collect::<Vec<_>>().join(" | ")),
            wikidata.and_then(|iri| owned(iri)),
            Some(Iri::entity(&entity.slug).to_string().into()),
            filled(self.attributes(id)),
            filled(self.said(id).join("; ")),
            Some(format!("{size:.2}").into()),
            Some(Cow::Borrowed(self.color(entity.class))),
        ];
        if let Some(positions) = &self.positions {
            // No "-0.00". What no drawing shows lies nowhere.
            let number = |x: f64| format!("{:.2}", (x * 100.0).round() / 100.0 + 0.0).into();
            match positions.get(id) {
                Some(place) => values.extend(place.map(|x| Some(number(x)))),
                None => values.extend([None, None]),
            }
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

    /// A name that no other node has: igraph looks vertices up by it.
    fn unique_name<'t>(&self, label: Cow<'t, str>, slug: &str) -> Cow<'t, str> {
        match self.namesakes.binary_search(&digest(&label)) {
            Ok(_) => format!("{label} ({})", text::name(slug)).into(),
            Err(_) => label,
        }
    }

    /// What a thing is said to do beside the edges of a drawing, the facts first:
    /// "resign; sign a treaty (planned)".
    pub(super) fn said(&self, id: EntityId) -> Vec<String> {
        let Some(drawing) = &self.drawing else { return Vec::new() };
        let from = drawing.said.partition_point(|&(thing, _)| thing < id);
        let own = drawing.said[from..].iter().take_while(|&&(thing, _)| thing == id);
        let mut own: Vec<StatementId> = own.map(|&(_, statement)| statement).collect();
        own.sort_by_key(|&id| !told::is_fact(self.options, &self.graph[id]));
        let mut said: Vec<String> = Vec::new();
        for id in own {
            let told = Told::new(self.graph, self.options, self.graph.statement(id));
            let (predicate, object) = (text::name(&told.statement.predicate), told.object_text());
            let standing = told.standing();
            let standing = if standing.is_empty() { standing } else { format!(" ({standing})") };
            let words = format!("{predicate} {object}").trim_end().to_owned() + &standing;
            if !said.contains(&words) {
                said.push(words);
            }
            if said.len() == N_SAID {
                break;
            }
        }
        said
    }

    fn node_id(&self, id: EntityId) -> Cow<'g, str> {
        node_id(self.graph.entities.slug(id))
    }

    /// Gives the edges in the order of their ids.
    pub(super) fn edges(&self) -> impl Iterator<Item = Edge<'_>> {
        self.edge_parts().into_iter().flat_map(|part| self.edges_of(&part))
    }

    /// The edges in parts.
    pub(super) fn edge_parts(&self) -> Vec<EdgeBatch<'g>> {
        match self.options.edges {
            Edges::Statement => {
                let keys = (0..).map(StatementId).zip(&self.graph.keys);
                let statements = keys.filter(|(_, key)| key.attribute.is_none());
                let mut order: Vec<_> = statements.map(|(id, _)| id).collect();
                order.par_sort_unstable_by_key(|&id| (self.graph[id].id, id));
                order.chunks(ordered::PART).map(<[_]>::to_vec).map(EdgeBatch::Statements).collect()
            }
            Edges::Relation => {
                let mut edges: Vec<_> = self.relations();
                edges.sort_by(|a, b| a.0.cmp(&b.0));
                in_parts(edges).map(EdgeBatch::Relations).collect()
            }
            Edges::Aggregated => {
                let mut edges = self.relations();
                edges.sort_by(|a, b| (a.1, a.2, &a.0).cmp(&(b.1, b.2, &b.0)));
                let pairs = edges.chunk_by(|a, b| (a.1, a.2) == (b.1, b.2));
                let mut pairs: Vec<_> = pairs.map(|pair| self.pair(pair)).collect();
                pairs.sort_by(|a, b| a.0.cmp(&b.0));
                in_parts(pairs).map(EdgeBatch::Pairs).collect()
            }
        }
    }

    /// The ids of all relations with their place among the edges of the graph, sorted.
    pub(super) fn relation_ids(&self) -> Vec<(String, usize)> {
        let mut ids: Vec<(String, usize)> = (self.graph.graph.edge_references())
            .map(|edge| {
                let [from, to] = [edge.source(), edge.target()].map(|it| self.graph.graph[it]);
                (self.relation_id(from, to, edge.weight()), edge.id().index())
            })
            .collect();
        ids.sort_unstable();
        ids
    }

    /// The relations that are shown, with their ids.
    fn relations(&self) -> Vec<(String, EntityId, EntityId, &'g Relation)> {
        let edges = self.graph.graph.edge_references().map(|edge| {
            let ends = [edge.source(), edge.target()].map(|node| self.graph.graph[node]);
            (ends, edge.weight())
        });
        let shown = edges.filter(|([from, to], _)| self.shows(*from) && self.shows(*to));
        let relations = shown.map(|([from, to], relation)| {
            (self.relation_id(from, to, relation), from, to, relation)
        });
        relations.collect()
    }

    /// All relations from one thing to another, the best supported facts first.
    fn pair(
        &self,
        relations: &[(String, EntityId, EntityId, &'g Relation)],
    ) -> (String, EntityId, EntityId, Vec<&'g Relation>) {
        let (_, from, to, _) = relations[0];
        let mut hasher = blake3::Hasher::new();
        for id in [from, to] {
            hasher.update(self.graph.entities.slug(id).as_bytes());
            hasher.update(&[0]);
        }
        let id = format!("r-{}", &hasher.finalize().to_hex()[..16]);
        let mut order: Vec<&'g Relation> = relations.iter().map(|(_, _, _, it)| *it).collect();
        // Stable: they come in the order of their ids.
        order.sort_by_key(|relation| {
            let weight = self.graph.weight(relation);
            (!self.is_fact(relation), std::cmp::Reverse(weight))
        });
        (id, from, to, order)
    }

    /// True if a statement behind it may be stored as a fact.
    fn is_fact(&self, relation: &Relation) -> bool {
        self.graph.support(relation).iter().any(|&id| told::is_fact(self.options, &self.graph[id]))
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
            EdgeBatch::Pairs(pairs) => {
                let edge = |(id, from, to, relations): &(String, _, _, Vec<&'g Relation>)| {
                    self.pair_edge(id.clone(), *from, *to, relations)
                };
                pairs.iter().map(edge).collect()
            }
        }
    }

    /// The edges of a statement: one, or one for each pair of group members.
    fn statement_edges(&self, id: StatementId) -> impl Iterator<Item = Edge<'_>> {
        let key = &self.graph[id];
        let pairs = key.object.map(|object| self.graph.pairs(key.subject, object));
        let pairs = pairs.unwrap_or_default();
        let n_pairs = pairs.len();
        let shown = |(_, (a, b)): &(usize, (EntityId, EntityId))| self.shows(*a) && self.shows(*b);
        let pairs: Vec<_> = pairs.into_iter().enumerate().filter(shown).collect();
        let last = pairs.last().map(|(nth, _)| *nth);
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
            values: if Some(nth) == last { std::mem::take(&mut values) } else { values.clone() },
            spells: key.interval.iter().cloned().collect(),
        };
        pairs.into_iter().map(edge)
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

    /// One edge for all relations from one thing to another: the first gives its values, the label
    /// names some, `relations` all, each with its weight and how it stands.
    fn pair_edge(
        &self,
        id: String,
        from: EntityId,
        to: EntityId,
        relations: &[&'g Relation],
    ) -> Edge<'_> {
        let graph = self.graph;
        let mut edge = self.relation_edge(id, from, to, relations[0]);
        let named: Vec<String> = relations.iter().map(|relation| self.named(relation)).collect();
        let label = match named.len().saturating_sub(N_LABELS) {
            0 => named.join(", "),
            more => format!("{} and {more} more", named[..N_LABELS].join(", ")),
        };
        let weights = relations.iter().map(|it| graph.weight(it));
        let counted: Vec<String> =
            named.iter().zip(weights.clone()).map(|(name, n)| format!("{name}: {n}")).collect();
        let of = |facts: bool| -> usize {
            let those = relations.iter().filter(|it| self.is_fact(it) == facts);
            those.map(|it| graph.weight(it)).sum()
        };
        let support = || relations.iter().flat_map(|it| graph.support(it)).map(|&id| &graph[id]);
        let mut documents: Vec<_> = support().map(|statement| statement.document).collect();
        documents.sort();
        documents.dedup();
        let when = || relations.iter().filter_map(|it| it.when.as_ref());
        let first = when().map(|days| days.start).min();
        let last = when().filter_map(|days| days.end.yesterday().ok()).max();
        let mut set = |name: &str, value: Option<Cow<'static, str>>| {
            let at = AGGREGATED_COLUMNS.iter().position(|column| column.0 == name);
            edge.values.resize(AGGREGATED_COLUMNS.len(), None);
            if let Some(at) = at {
                edge.values[at] = value;
            }
        };
        set("label", filled(label));
        set("weight", Some(format!("{}.0", weights.sum::<usize>()).into()));
        set("date_start", first.map(|day| text::day(day).into()));
        set("date_end", last.map(|day| text::day(day).into()));
        set("sources", Some(documents.len().to_string().into()));
        set("relations", filled(counted.join(" | ")));
        set("facts", Some(of(true).to_string().into()));
        set("hearsay", Some(of(false).to_string().into()));
        edge.spells = join(support().filter_map(|statement| statement.interval.clone()).collect());
        edge
    }

    /// "visit", "attack (negated, claimed)"
    fn named(&self, relation: &Relation) -> String {
        let label = text::name(&relation.label);
        if self.is_fact(relation) {
            return label.into_owned();
        }
        let negated = (relation.polarity == Polarity::Negative).then_some("negated");
        let standing = match relation.factuality {
            Factuality::Asserted => "according to others",
            other => other.as_str(),
        };
        let standing = negated.into_iter().chain([standing]).collect::<Vec<_>>().join(", ");
        format!("{label} ({standing})")
    }
}

/// A list in parts.
fn in_parts<T>(all: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut all = all.into_iter();
    let parts = std::iter::from_fn(move || Some(all.by_ref().take(ordered::PART).collect()));
    parts.take_while(|part: &Vec<T>| !part.is_empty())
}

/// Names that pandas, R and others take for a missing value.
pub(super) const MISSING: &[&str] = &[
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>",
    "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
];

/// The id of a node: its slug, of which nothing but letters, digits and hyphens is left as is. Somebody
/// called Nan is not missing.
pub(super) fn node_id(slug: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() | (byte == b'-');
    let is_missing = MISSING.contains(&slug);
    if slug.bytes().all(is_plain) && !is_missing {
        return Cow::Borrowed(slug);
    }
    let mut token = String::new();
    for byte in slug.bytes() {
        if is_plain(byte) && !(is_missing && token.is_empty()) {
            token.push(char::from(byte));
        } else {
            token.push_str(&format!("_{byte:02X}"));
        }
    }
    Cow::Owned(token)
}

/// How many documents speak of a thing, and when the first and the last of them were published.
pub(super) fn spread(graph: &KnowledgeGraph, id: EntityId) -> (usize, Option<Date>, Option<Date>) {
    let clusters = graph.entities.clusters(id).iter();
    let mut documents: Vec<_> = clusters.map(|&(document, _)| document).collect();
    documents.dedup();
    let known = || documents.iter().filter_map(|document| graph.documents.get(document.index()));
    let dates = || known().filter_map(|document| document.published);
    (documents.len(), dates().min(), dates().max())
}

/// The digests of labels that several nodes have, sorted.
fn namesakes(graph: &KnowledgeGraph, is_shown: impl Fn(EntityId) -> bool) -> Vec<u64> {
    let nodes = graph.entities.ids().filter(|id| graph.nodes[id.index()].is_some());
    let nodes: Vec<EntityId> = nodes.filter(|&id| is_shown(id)).collect();
    let label = |&id: &EntityId| digest(&text::label(&graph.entities.get(id)));
    let mut digests: Vec<u64> = nodes.par_iter().map(label).collect();
    digests.par_sort_unstable();
    let mut several: Vec<u64> =
        digests.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]).collect();
    several.dedup();
    several
}

fn digest(label: &str) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    std::hash::Hasher::write(&mut hasher, label.as_bytes());
    std::hash::Hasher::finish(&hasher)
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
