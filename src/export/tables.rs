//! Tables with types for programs: statements, claims, relations, entities, documents, comparisons of names.
//!
//! [`Table::columns`] is the one definition of each table. A row becomes a part of an Arrow record batch
//! ([`batch`]), from which Python, Parquet and whoever reads Arrow get it. Nothing is left out: a statement about a
//! value or about nothing has its row. Ids are those of JSON Lines (`st:…`, `e:…`, `cl:…`), an article is named by its
//! own id, and a statement about groups has a row for each pair of members, as there.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_writer::ArrowWriterOptions;
use ::parquet::basic::Compression;
use ::parquet::file::properties::WriterProperties;
use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, ListBuilder,
    StringBuilder, StringDictionaryBuilder, StructBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef};
use jiff::civil::Date;

use super::edges::{self, AttributeType, GraphTable};
use super::iri::Iri;
use super::told::{self, Told};
use super::{Edges, Options, jsonl, text};
use crate::document::DocumentId;
use crate::entity::EntityId;
use crate::graph::{
    GraphComparison, GraphDocument, GraphSentence, GraphStatement, KnowledgeGraph, Object,
    Relation, StatementId,
};
use crate::ontology::Ontology;

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Table {
    /// A statement a row.
    Statements,
    /// What one clause or noun says a row, with its statements.
    Claims,
    /// All statements that agree in subject, relation, object, polarity and factuality a row.
    Relations,
    /// A thing that statements name a row.
    Entities,
    /// An article a row.
    Documents,
    /// Two names of which it was decided whether they mean one thing a row.
    Comparisons,
    /// A thing that statements join to another one a row.
    Neighbors,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// One of a few texts: a dictionary.
    Category,
    /// A whole number.
    Int,
    /// A number.
    Double,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// Texts.
    Texts,
    /// Values with what each is, and the id of what is a thing: `role`, `value`, `id`.
    Fillers,
}

/// A column: name, type, what stands in it.
pub type Column = (&'static str, ColumnType, &'static str);

use ColumnType::{Boolean, Category, Double, Fillers, Int, Text, Texts};
const DAY: ColumnType = ColumnType::Date;

const STATEMENTS: &[Column] = &[
    ("id", Text, "id, the same in all forms and from build to build"),
    ("subject_id", Text, "who or what it is about"),
    ("subject", Text, "its label"),
    ("subject_class", Category, "its class"),
    ("relation", Category, "`ng:visited`, or an open one: `open:hold-talks-with`"),
    ("label", Text, "the relation in the words of the text"),
    ("object_id", Text, "the other side, if it is a thing"),
    ("object", Text, "its label, or the value"),
    ("object_class", Category, "its class"),
    ("object_value", Text, "the other side, if it is a value"),
    ("object_type", Category, "the type of the value: `xsd:string`, `xsd:integer` …"),
    ("polarity", Category, "`positive`, `negative`"),
    (
        "factuality",
        Category,
        "`asserted`, `claimed`, `planned`, `possible`, `hypothetical`, `denied`",
    ),
    ("is_fact", Boolean, "affirmed as a fact, in the text's own voice"),
    ("confidence", Double, "between 0 and 1"),
    ("attributed_to_id", Text, "who says so, the nearest source"),
    ("attributed_to", Text, "its label"),
    ("sources", Texts, "labels of all sources, the nearest first"),
    ("time", Text, "when, as fine as the text allows: `2025-03`, `2019/..`"),
    ("date_start", DAY, "its first day"),
    ("date_end", DAY, "its last day"),
    ("day", DAY, "the first day, else the day of the article"),
    ("day_of", Category, "whose day that is: `event`, `article`"),
    ("place_id", Text, "where"),
    ("place", Text, "its label"),
    ("qualifiers", Fillers, "further circumstances"),
    ("subject_group", Text, "the words for the group that the subject is one of"),
    ("object_group", Text, "the words for the group that the object is one of"),
    ("wording", Text, "the claim as a plain sentence"),
    ("claim", Text, "id of the claim"),
    ("rule", Category, "what found it"),
    ("quote", Text, "the sentence"),
    ("quote_start", Int, "where that begins in the article, in characters"),
    ("char_start", Int, "first character that it rests on, in the article"),
    ("char_end", Int, "behind the last one"),
    ("doc_id", Text, "the article"),
    ("title", Text, "its headline"),
    ("publisher", Category, "its publisher"),
    ("published", DAY, "its day"),
    ("source_url", Text, "its address"),
];

const CLAIMS: &[Column] = &[
    ("id", Text, "id of the claim"),
    ("wording", Text, "the claim as a plain sentence"),
    ("participants", Texts, "labels of subject and objects"),
    ("relations", Texts, "relations of its statements"),
    ("statements", Texts, "ids of its statements"),
    ("polarity", Category, "of its first statement"),
    ("factuality", Category, "of its first statement"),
    ("confidence", Double, "of its surest statement"),
    ("attributed_to", Text, "who says so, the nearest source"),
    ("day", DAY, "the first day, else the day of the article"),
    ("day_of", Category, "whose day that is: `event`, `article`"),
    ("quote", Text, "the sentence"),
    ("doc_id", Text, "the article"),
    ("title", Text, "its headline"),
    ("publisher", Category, "its publisher"),
    ("published", DAY, "its day"),
    ("source_url", Text, "its address"),
];

const RELATIONS: &[Column] = &[
    ("source", Text, "id of the subject"),
    ("target", Text, "id of the object"),
    ("id", Text, "id of the relation"),
    ("subject", Text, "label of the subject"),
    ("relation", Category, "`ng:visited`, or an open one: `open:hold-talks-with`"),
    ("label", Text, "the relation in words"),
    ("object", Text, "label of the object"),
    ("symmetric", Boolean, "true if it holds both ways"),
    ("polarity", Category, "`positive`, `negative`"),
    (
        "factuality",
        Category,
        "`asserted`, `claimed`, `planned`, `possible`, `hypothetical`, `denied`",
    ),
    ("is_fact", Boolean, "some statement affirms it as a fact, in the text's own voice"),
    ("weight", Int, "statements; several copies of one article count once"),
    ("sources", Int, "articles"),
    ("confidence", Double, "of the surest statement"),
    ("date_start", DAY, "first day of an event"),
    ("date_end", DAY, "last day of an event"),
    ("quote", Text, "a sentence"),
    ("statements", Texts, "ids of the statements"),
];

const ENTITIES: &[Column] = &[
    ("id", Text, "id, the same in all forms and from build to build"),
    ("label", Text, "what it is called"),
    ("class", Category, "its class"),
    ("classes", Texts, "its class and those above"),
    ("named", Boolean, "true if a text calls it by a name"),
    ("aliases", Texts, "other names"),
    ("descriptions", Texts, "titles and nouns that texts give it"),
    ("mentions", Int, "how often the texts refer to it"),
    (
        "documents",
        Int,
        "how many articles speak of it; in a graph that was read, how many state something of it",
    ),
    ("statements", Int, "how many statements it is subject or object of"),
    ("first_date", DAY, "day of the first of these articles"),
    ("last_date", DAY, "day of the last one"),
    ("attributes", Fillers, "what texts tell of it in passing: count, country, where it is"),
    ("members", Texts, "who belongs to it, if it is a group"),
    ("wikidata", Text, "its Wikidata item, if that is sure"),
    ("same_as", Texts, "the same thing elsewhere"),
    ("close_match", Texts, "what may be the same thing elsewhere"),
    ("iri", Text, "its name in RDF"),
];

const DOCUMENTS: &[Column] = &[
    ("doc_id", Text, "file name, or the id that the input gives"),
    ("title", Text, "headline"),
    ("publisher", Category, "newspaper, agency or site"),
    ("published", DAY, "day"),
    ("source_url", Text, "address"),
    ("copy_of", Text, "the article that it repeats"),
    ("statements", Int, "how many statements it makes"),
    ("iri", Text, "its name in RDF"),
];

const COMPARISONS: &[Column] = &[
    ("outcome", Category, "`joined`, `apart`"),
    ("left_name", Text, "one name"),
    ("right_name", Text, "the other one"),
    ("left_id", Text, "the thing that the one means"),
    ("left", Text, "its label"),
    ("right_id", Text, "the thing that the other one means"),
    ("right", Text, "its label"),
    ("ground", Category, "what both were compared for"),
    ("remarks", Texts, "what else speaks for it or against it"),
    ("score", Double, "how sure it is that both are one, between 0 and 1"),
    ("times", Int, "how often it was decided so"),
    ("left_doc_id", Text, "an article with the one name"),
    ("right_doc_id", Text, "an article with the other one"),
];

const NEIGHBORS: &[Column] = &[
    ("id", Text, "the thing"),
    ("label", Text, "what it is called"),
    ("class", Category, "its class"),
    ("named", Boolean, "true if a text calls it by a name"),
    ("statements", Int, "how many statements join both"),
    ("facts", Int, "how many of them are affirmed as facts, in the text's own voice"),
    ("relations", Texts, "the relations in words, the most frequent first"),
    ("first_date", DAY, "the first day, of the event or else of the article"),
    ("last_date", DAY, "the last day"),
    ("quotes", Texts, "the sentences"),
];

impl Table {
    /// The tables of a graph.
    pub const ALL: [Self; 6] = [
        Self::Statements,
        Self::Claims,
        Self::Relations,
        Self::Entities,
        Self::Documents,
        Self::Comparisons,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Statements => "statements",
            Self::Claims => "claims",
            Self::Relations => "relations",
            Self::Entities => "entities",
            Self::Documents => "documents",
            Self::Comparisons => "comparisons",
            Self::Neighbors => "neighbors",
        }
    }

    /// Its columns.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Statements => STATEMENTS,
            Self::Claims => CLAIMS,
            Self::Relations => RELATIONS,
            Self::Entities => ENTITIES,
            Self::Documents => DOCUMENTS,
            Self::Comparisons => COMPARISONS,
            Self::Neighbors => NEIGHBORS,
        }
    }

    /// Its schema in Arrow.
    pub fn schema(self) -> SchemaRef {
        schema(self.columns().iter().map(|(name, kind, _)| (*name, *kind)))
    }
}

/// Rows that a batch has about.
const BATCH: usize = 8192;

/// The rows of a table, in the order in which they are written.
#[derive(Clone, Debug)]
pub enum Rows {
    /// Statements and claims: these statements; with a thing, of statements about groups only its own rows.
    Statements(Vec<StatementId>, Option<EntityId>),
    /// Relations by their index in the graph, with their ids.
    Relations(Vec<(String, usize)>),
    /// Things, with how many statements each has.
    Entities(Vec<(EntityId, usize)>),
    /// Articles.
    Documents(Vec<DocumentId>),
    /// Comparisons by their index in the graph.
    Comparisons(Vec<usize>),
    /// Things with the statements that join each to another one.
    Neighbors(Vec<(EntityId, Vec<StatementId>)>),
}

impl Rows {
    /// All rows of a table.
    pub fn all(graph: &KnowledgeGraph, ontology: &Ontology, table: Table) -> Self {
        match table {
            Table::Statements | Table::Claims => {
                let keys = (0..).map(StatementId).zip(&graph.keys);
                let own = keys.filter(|(_, key)| key.attribute.is_none());
                Self::Statements(own.map(|(id, _)| id).collect(), None)
            }
            Table::Relations => {
                let options = Options { edges: Edges::Relation, ..Options::default() };
                let relations = GraphTable::new(graph, ontology, &options).relation_ids();
                Self::Relations(relations)
            }
            Table::Entities => {
                let used = graph.used();
                Self::of_entities(graph, graph.entities.ids().filter(|id| used[id.index()]))
            }
            Table::Documents => {
                Self::Documents((0..graph.documents.len()).map(DocumentId::from).collect())
            }
            Table::Comparisons => Self::Comparisons((0..graph.comparisons.len()).collect()),
            Table::Neighbors => Self::Neighbors(Vec::new()),
        }
    }

    /// The rows of some things.
    pub fn of_entities(graph: &KnowledgeGraph, ids: impl IntoIterator<Item = EntityId>) -> Self {
        let degrees = graph.degrees();
        Self::Entities(ids.into_iter().map(|id| (id, degrees[id.index()])).collect())
    }

    /// How many rows of statements there are, groups by their members.
    pub fn n_statements(&self, graph: &KnowledgeGraph) -> usize {
        let Self::Statements(ids, about) = self else { return self.len() };
        let sides = |&id: &StatementId| jsonl::sides(graph, graph[id].subject, graph[id].object);
        let is_own = |&(subject, object): &(EntityId, Option<EntityId>)| {
            about.is_none_or(|id| subject == id || object == Some(id))
        };
        ids.iter().map(|id| sides(id).iter().filter(|it| is_own(it)).count()).sum()
    }

    /// How many there are; of statements about groups one for all pairs.
    pub fn len(&self) -> usize {
        match self {
            Self::Statements(ids, _) => ids.len(),
            Self::Relations(edges) => edges.len(),
            Self::Entities(ids) => ids.len(),
            Self::Documents(ids) => ids.len(),
            Self::Comparisons(list) => list.len(),
            Self::Neighbors(list) => list.len(),
        }
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows in parts, each for a batch. Claims are not torn: an article stays together.
    pub fn parts(&self, graph: &KnowledgeGraph) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut start = 0;
        while start < self.len() {
            let mut end = (start + BATCH).min(self.len());
            if let Self::Statements(ids, _) = self {
                let document = |at: usize| graph[ids[at]].document;
                while end < ids.len() && document(end) == document(end - 1) {
                    end += 1;
                }
            }
            parts.push(start..end);
            start = end;
        }
        parts
    }
}

/// Makes the batch of a part of the rows.
///
/// # Errors
/// That of the graph, when words cannot be read back.
pub fn batch(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    table: Table,
    rows: &Rows,
    part: Range<usize>,
) -> Result<RecordBatch, ArrowError> {
    let mut builder = BatchBuilder::new(table.columns().iter().map(|(_, kind, _)| *kind));
    let context = RowContext { graph, ontology, options: &Options::default() };
    match rows {
        Rows::Statements(ids, about) => match table {
            Table::Claims => context.claims(&ids[part], &mut builder),
            _ => context.statements(&ids[part], *about, &mut builder),
        },
        Rows::Relations(edges) => context.relations(&edges[part], &mut builder),
        Rows::Entities(ids) => {
            ids[part].iter().for_each(|&(id, n)| context.entity(id, n, &mut builder));
        }
        Rows::Documents(ids) => ids[part].iter().for_each(|&id| context.document(id, &mut builder)),
        Rows::Comparisons(list) => {
            list[part].iter().for_each(|&at| context.comparison(at, &mut builder));
        }
        Rows::Neighbors(list) => {
            list[part].iter().for_each(|(id, ids)| context.neighbor(*id, ids, &mut builder));
        }
    }
    graph.check().map_err(|cause| ArrowError::ExternalError(cause.into()))?;
    builder.finish(table.schema())
}

struct RowContext<'g> {
    graph: &'g KnowledgeGraph,
    ontology: &'g Ontology,
    options: &'g Options,
}

/// A statement with its sentence.
type Stated = (GraphStatement, Option<GraphSentence>);

impl<'g> RowContext<'g> {
    /// Reads statements, those of an article together.
    fn read(&self, ids: &[StatementId], mut each: impl FnMut(Vec<Stated>)) {
        let graph = self.graph;
        for ids in ids.chunk_by(|a, b| graph[*a].document == graph[*b].document) {
            let document = graph[ids[0]].document;
            let sentences = graph.sentences(document);
            let sentence = |statement: &GraphStatement| {
                let number = statement.evidence.sentence;
                let at = sentences.binary_search_by_key(&number, |it| it.number).ok()?;
                Some(sentences[at].clone())
            };
            let statements: Vec<GraphStatement> = match ids {
                [id] => vec![graph.statement(*id)],
                _ => {
                    let (first, own) = (graph.of(document).start, graph.statements_of(document));
                    ids.iter().map(|id| own[id.0 as usize - first].clone()).collect()
                }
            };
            each(
                statements
                    .into_iter()
                    .map(|it| (sentence(&it), it))
                    .map(|(s, it)| (it, s))
                    .collect(),
            );
        }
    }

    fn label(&self, id: EntityId) -> Cow<'static, str> {
        told::label(self.graph, id).into()
    }

    fn id(&self, id: EntityId) -> Cow<'static, str> {
        format!("e:{}", text::name(self.graph.entities.slug(id))).into()
    }

    fn class(&self, id: EntityId) -> &'g str {
        &self.ontology[self.graph.entities.class(id)].name
    }

    fn filler(&self, role: &str, object: &Object) -> Option<Filler> {
        let role = text::name(role).into_owned();
        match object {
            Object::Entity(id) => {
                Some((role, self.label(*id).into(), Some(self.id(*id).into_owned())))
            }
            Object::Literal { value, .. } => Some((role, text::name(value).into_owned(), None)),
            Object::Absent => None,
        }
    }

    fn is_fact(&self, statement: &GraphStatement) -> bool {
        let GraphStatement { polarity, factuality, attribution, .. } = statement;
        self.options.asserts(*polarity, *factuality, attribution.is_empty())
    }

    /// First and last day, and the day to sort by with its kind.
    fn days(
        &self,
        statement: &GraphStatement,
    ) -> (Option<Date>, Option<Date>, Option<Date>, Option<&'static str>) {
        let interval = statement.interval.as_ref();
        let first = interval.map(|days| days.start);
        let last = interval.and_then(|days| Some(days.end.yesterday().ok()?.max(days.start)));
        let published = self.graph.documents[statement.document.index()].published;
        let kind = match (first, published) {
            (Some(_), _) => Some("event"),
            (None, Some(_)) => Some("article"),
            (None, None) => None,
        };
        (first, last, first.or(published), kind)
    }

    fn statements(&self, ids: &[StatementId], about: Option<EntityId>, out: &mut BatchBuilder) {
        self.read(ids, |stated| {
            for (statement, sentence) in &stated {
                let whole = match statement.object {
                    Object::Entity(object) => Some(object),
                    Object::Literal { .. } | Object::Absent => None,
                };
                let sides = jsonl::sides(self.graph, statement.subject, whole);
                let several = sides.len() > 1;
                for (nth, (subject, object)) in sides.into_iter().enumerate() {
                    if about.is_some_and(|id| subject != id && object != Some(id)) {
                        continue;
                    }
                    let suffix = if several { format!(".{}", nth + 1) } else { String::new() };
                    let id = format!("st:{}{suffix}", statement.name());
                    self.statement(id, statement, (subject, object), sentence.as_ref(), out);
                }
            }
        });
    }

    fn statement(
        &self,
        id: String,
        statement: &GraphStatement,
        (subject, object): (EntityId, Option<EntityId>),
        sentence: Option<&GraphSentence>,
        out: &mut BatchBuilder,
    ) {
        let graph = self.graph;
        let literal = match &statement.object {
            Object::Literal { value, datatype } => Some((text::name(value), *datatype)),
            Object::Entity(_) | Object::Absent => None,
        };
        let value = literal.as_ref().map(|(value, _)| &**value);
        let source = statement.attribution.first().copied();
        let (first, last, day, day_of) = self.days(statement);
        let group = |side: EntityId, whole: Option<EntityId>, words: &'_ str| {
            (whole != Some(side)).then(|| text::name(words).into_owned())
        };
        let whole = match statement.object {
            Object::Entity(whole) => Some(whole),
            Object::Literal { .. } | Object::Absent => None,
        };
        out.text(&id);
        out.text(&self.id(subject));
        out.text(&self.label(subject));
        out.text(self.class(subject));
        out.text(&statement.predicate_id(self.ontology));
        out.text(&text::name(&statement.predicate));
        out.option(object.map(|id| self.id(id)));
        out.option(object.map(|id| self.label(id)).as_deref().or(value));
        out.option(object.map(|id| self.class(id)));
        out.option(value);
        out.option(literal.as_ref().map(|(_, datatype)| format!("xsd:{}", datatype.as_str())));
        out.text(statement.polarity.as_str());
        out.text(statement.factuality.as_str());
        out.boolean(self.is_fact(statement));
        out.double(rounded(statement.confidence));
        out.option(source.map(|id| self.id(id)));
        out.option(source.map(|id| self.label(id)));
        out.texts(statement.attribution.iter().map(|&id| self.label(id)));
        out.option(statement.time.as_deref().map(text::name));
        out.day(first);
        out.day(last);
        out.day(day);
        out.option(day_of);
        out.option(statement.place.map(|id| self.id(id)));
        out.option(statement.place.map(|id| self.label(id)));
        let qualifiers = statement.qualifiers.iter();
        out.fillers(qualifiers.filter_map(|(role, filler)| self.filler(role, filler)));
        out.option(group(subject, Some(statement.subject), &statement.subject_text));
        out.option(object.and_then(|id| group(id, whole, &statement.object_text)));
        out.option(filled(&text::passage(&statement.wording)));
        out.text(&format!("cl:{}", statement.claim_name()));
        out.text(&text::name(&statement.evidence.rule));
        out.option(sentence.map(|it| text::passage(&it.text)));
        out.int(sentence.map(|it| i64::from(it.start)));
        out.int(Some(i64::from(statement.evidence.start)));
        out.int(Some(i64::from(statement.evidence.end)));
        let document = &graph.documents[statement.document.index()];
        self.article(document, out);
    }

    /// The columns that tell of an article, its id first.
    fn article(&self, document: &GraphDocument, out: &mut BatchBuilder) {
        let name = |text: &Option<String>| {
            text.as_deref().and_then(|it| filled(&text::name(it)).map(|it| it.to_owned()))
        };
        out.text(&text::name(&document.id));
        out.option(name(&document.title));
        out.option(name(&document.publisher));
        out.day(document.published);
        out.option(name(&document.uri));
    }

    fn claims(&self, ids: &[StatementId], out: &mut BatchBuilder) {
        self.read(ids, |stated| {
            let mut claims: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
            let mut order = Vec::new();
            for (at, (statement, _)) in stated.iter().enumerate() {
                let of = claims.entry(statement.claim).or_default();
                if of.is_empty() {
                    order.push(statement.claim);
                }
                of.push(at);
            }
            for claim in order {
                let own: Vec<&Stated> = claims[&claim].iter().map(|&at| &stated[at]).collect();
                self.claim(&own, out);
            }
        });
    }

    fn claim(&self, stated: &[&Stated], out: &mut BatchBuilder) {
        let (first, sentence) = stated[0];
        let statements = || stated.iter().map(|(statement, _)| statement);
        let mut participants: Vec<String> = Vec::new();
        let mut relations: Vec<String> = Vec::new();
        for statement in statements() {
            let told = Told::new(self.graph, self.options, (*statement).clone());
            for label in [self.label(statement.subject).into_owned(), told.object_text()] {
                if !label.is_empty() && !participants.contains(&label) {
                    participants.push(label);
                }
            }
            let relation = statement.predicate_id(self.ontology);
            if !relations.contains(&relation) {
                relations.push(relation);
            }
        }
        let confidence = statements().map(|it| it.confidence).fold(0.0, f32::max);
        let (_, _, day, day_of) = self.days(first);
        out.text(&format!("cl:{}", first.claim_name()));
        out.text(&Told::new(self.graph, self.options, first.clone()).wording());
        out.texts(participants);
        out.texts(relations);
        out.texts(statements().map(|it| format!("st:{}", it.name())));
        out.text(first.polarity.as_str());
        out.text(first.factuality.as_str());
        out.double(rounded(confidence));
        out.option(first.attribution.first().map(|&id| self.label(id)));
        out.day(day);
        out.option(day_of);
        out.option(sentence.as_ref().map(|it| text::passage(&it.text)));
        self.article(&self.graph.documents[first.document.index()], out);
    }

    fn relations(&self, edges: &[(String, usize)], out: &mut BatchBuilder) {
        for (id, edge) in edges {
            let raw = &self.graph.graph.raw_edges()[*edge];
            let ends = [raw.source(), raw.target()].map(|node| self.graph.graph[node]);
            self.relation(id, ends, &raw.weight, out);
        }
    }

    fn relation(&self, id: &str, [from, to]: [EntityId; 2], it: &Relation, out: &mut BatchBuilder) {
        let graph = self.graph;
        let support = || graph.support(it).iter().map(|&id| &graph[id]);
        let mut documents: Vec<DocumentId> = support().map(|key| key.document).collect();
        documents.dedup();
        let is_fact = graph.support(it).iter().any(|&id| told::is_fact(self.options, &graph[id]));
        let quote = graph.support(it).iter().find_map(|&id| graph.sentence(&graph.statement(id)));
        out.text(&self.id(from));
        out.text(&self.id(to));
        out.text(id);
        out.text(&self.label(from));
        out.text(&it.predicate_id(self.ontology));
        out.text(&text::name(&it.label));
        out.text(&self.label(to));
        out.boolean(it.property.is_some_and(|property| self.ontology[property].symmetric));
        out.text(it.polarity.as_str());
        out.text(it.factuality.as_str());
        out.boolean(is_fact);
        out.int(Some(graph.weight(it) as i64));
        out.int(Some(documents.len() as i64));
        out.double(rounded(support().map(|key| key.confidence).fold(0.0, f32::max)));
        out.day(it.when.as_ref().map(|days| days.start));
        out.day(it.when.as_ref().and_then(|days| Some(days.end.yesterday().ok()?.max(days.start))));
        out.option(quote.map(|sentence| text::passage(&sentence.text).into_owned()));
        out.texts(support().map(|key| format!("st:{:016x}", key.id)));
    }

    fn entity(&self, id: EntityId, n_statements: usize, out: &mut BatchBuilder) {
        let graph = self.graph;
        let entity = graph.entities.get(id);
        let (n_documents, first, last) = edges::spread(graph, id);
        let mentions = graph.mentions.get(id.index()).copied().unwrap_or_default();
        let lineage = self.ontology.lineage(entity.class);
        let names = |list: &[compact_str::CompactString]| -> Vec<String> {
            let clean = list.iter().map(|it| text::name(it).into_owned());
            clean.filter(|it| !it.is_empty()).collect()
        };
        out.text(&self.id(id));
        out.text(&self.label(id));
        out.text(self.class(id));
        out.texts(lineage.iter().map(|&class| self.ontology[class].name.clone()));
        out.boolean(entity.named);
        out.texts(names(&entity.aliases));
        out.texts(names(&entity.descriptions));
        out.int(Some(i64::from(mentions)));
        out.int(Some(n_documents as i64));
        out.int(Some(n_statements as i64));
        out.day(first);
        out.day(last);
        let attributes = graph.attributes(id).iter();
        out.fillers(attributes.filter_map(|(_, kind, it)| self.filler(kind.as_str(), it)));
        out.texts(entity.members.iter().map(|&member| self.id(member)));
        out.option(told::wikidata(&entity.same_as));
        out.texts(names(&entity.same_as));
        out.texts(names(&entity.close_match));
        out.text(&Iri::entity(&entity.slug).to_string());
    }

    fn comparison(&self, at: usize, out: &mut BatchBuilder) {
        let graph = self.graph;
        let GraphComparison { comparison, sentences } = &graph.comparisons[at];
        let joined = comparison.left == comparison.right;
        out.text(if joined { "joined" } else { "apart" });
        comparison.names.iter().for_each(|name| out.text(&text::name(name)));
        for id in [comparison.left, comparison.right] {
            out.text(&self.id(id));
            out.text(&self.label(id));
        }
        out.text(comparison.ground.as_str());
        out.texts(&comparison.remarks);
        out.double(f64::from(comparison.score) / 100.0);
        out.int(Some(i64::from(comparison.times)));
        for (document, _) in sentences {
            out.text(&text::name(&graph.documents[document.index()].id));
        }
    }

    fn neighbor(&self, id: EntityId, ids: &[StatementId], out: &mut BatchBuilder) {
        let mut facts = 0;
        let mut relations: Vec<(usize, String)> = Vec::new();
        let (mut first, mut last): (Option<Date>, Option<Date>) = (None, None);
        let mut quotes: Vec<String> = Vec::new();
        self.read(ids, |stated| {
            for (statement, sentence) in stated {
                facts += i64::from(self.is_fact(&statement));
                let label = text::name(&statement.predicate);
                match relations.iter_mut().find(|(_, known)| *known == label) {
                    Some((n, _)) => *n += 1,
                    None => relations.push((1, label.into_owned())),
                }
                let (_, end, day, _) = self.days(&statement);
                first = first.into_iter().chain(day).min();
                last = last.into_iter().chain(end.or(day)).max();
                let quote = sentence.map(|it| text::passage(&it.text).into_owned());
                quotes.extend(quote.filter(|quote| !quotes.contains(quote)));
            }
        });
        // Stable: among equals the first in the texts.
        relations.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
        out.text(&self.id(id));
        out.text(&self.label(id));
        out.text(self.class(id));
        out.boolean(self.graph.entities.is_named(id));
        out.int(Some(ids.len() as i64));
        out.int(Some(facts));
        out.texts(relations.into_iter().map(|(_, label)| label));
        out.day(first);
        out.day(last);
        out.texts(quotes);
    }

    fn document(&self, id: DocumentId, out: &mut BatchBuilder) {
        let graph = self.graph;
        let document = &graph.documents[id.index()];
        let original = document.copy_of.map(|it| &graph.documents[it.index()]);
        let keys = &graph.keys[graph.of(id)];
        let n = keys.iter().filter(|key| key.attribute.is_none()).count();
        self.article(document, out);
        out.option(original.map(|it| text::name(&it.id)));
        out.int(Some(n as i64));
        out.text(&Iri::document(document).to_string());
    }
}

/// As numbers between 0 and 1 are written: four decimals.
fn rounded(number: f32) -> f64 {
    (f64::from(number) * 1e4).round() / 1e4
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// The nodes of a drawing or of all things, with the attributes of the graph files.
///
/// # Errors
/// That of the graph, when words cannot be read back.
pub fn nodes(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
) -> Result<RecordBatch, ArrowError> {
    let table = GraphTable::drawing(graph, ontology, options);
    let columns: Vec<(&str, ColumnType)> = [("id", Text)]
        .into_iter()
        .chain(table.node_columns().iter().map(|&(name, kind)| (name, of_attribute(kind))))
        .collect();
    let mut out = BatchBuilder::new(columns.iter().map(|(_, kind)| *kind));
    for node in table.nodes() {
        out.text(&node.id);
        node.values.iter().for_each(|value| out.parsed(value.as_deref()));
    }
    finish(graph, out, columns)
}

/// The edges between these nodes, with the attributes of the graph files; their ends first.
///
/// # Errors
/// That of the graph, when words cannot be read back.
pub fn edges(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
) -> Result<RecordBatch, ArrowError> {
    let table = GraphTable::drawing(graph, ontology, options);
    let columns: Vec<(&str, ColumnType)> =
        [("source", Text), ("target", Text), ("id", Text), ("relation", Text)]
            .into_iter()
            .chain(table.edge_columns().iter().map(|&(name, kind)| (name, of_attribute(kind))))
            .collect();
    let mut out = BatchBuilder::new(columns.iter().map(|(_, kind)| *kind));
    for edge in table.edges() {
        for text in [&*edge.source, &*edge.target, &*edge.id, edge.relation] {
            out.text(text);
        }
        edge.values.iter().for_each(|value| out.parsed(value.as_deref()));
    }
    finish(graph, out, columns)
}

fn finish(
    graph: &KnowledgeGraph,
    out: BatchBuilder,
    columns: Vec<(&'static str, ColumnType)>,
) -> Result<RecordBatch, ArrowError> {
    graph.check().map_err(|cause| ArrowError::ExternalError(cause.into()))?;
    out.finish(schema(columns))
}

fn of_attribute(kind: AttributeType) -> ColumnType {
    match kind {
        AttributeType::Text => Text,
        AttributeType::Int => Int,
        AttributeType::Double => Double,
        AttributeType::Boolean => Boolean,
        AttributeType::Date => DAY,
    }
}

/// Writes a table as Parquet, in groups of rows.
///
/// # Errors
/// Those of `out` and of the graph.
pub fn write_parquet(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    table: Table,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows = Rows::all(graph, ontology, table);
    let parts = rows.parts(graph).into_iter();
    let batches = parts.map(|part| batch(graph, ontology, table, &rows, part));
    write_batches(table.schema(), batches, out)
}

/// Writes batches as Parquet.
///
/// # Errors
/// Those of `out` and of the batches.
pub fn write_batches(
    schema: SchemaRef,
    batches: impl IntoIterator<Item = Result<RecordBatch, ArrowError>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    // By this name a later build knows that it is no table of articles.
    let options = ArrowWriterOptions::new()
        .with_properties(properties)
        .with_schema_root("newsgraph".to_owned());
    let mut writer = ArrowWriter::try_new_with_options(Vec::new(), schema, options)?;
    for batch in batches {
        writer.write(&batch.map_err(io::Error::other)?)?;
        out.write_all(&std::mem::take(writer.inner_mut()))?;
    }
    out.write_all(&writer.into_inner()?)?;
    out.flush()
}

macro_rules! writers {
    ($($name:ident $table:ident,)*) => {$(
        #[doc = concat!("Writes the table `", stringify!($table), "` as Parquet.")]
        ///
        /// # Errors
        /// Those of `out`.
        pub fn $name(
            graph: &KnowledgeGraph,
            ontology: &Ontology,
            _: &Options,
            out: &mut dyn Write,
        ) -> io::Result<()> {
            write_parquet(graph, ontology, Table::$table, out)
        }
    )*};
}

writers! {
    write_statements Statements,
    write_claims Claims,
    write_relations Relations,
    write_entities Entities,
    write_documents Documents,
}

fn filler_fields() -> Fields {
    let field = |name| Field::new(name, DataType::Utf8, true);
    Fields::from(vec![field("role"), field("value"), field("id")])
}

fn data_type(kind: ColumnType) -> DataType {
    let list = |of| DataType::List(Arc::new(Field::new_list_field(of, true)));
    match kind {
        Text => DataType::Utf8,
        Category => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        Int => DataType::Int64,
        Double => DataType::Float64,
        Boolean => DataType::Boolean,
        DAY => DataType::Date32,
        Texts => list(DataType::Utf8),
        Fillers => list(DataType::Struct(filler_fields())),
    }
}

fn schema(columns: impl IntoIterator<Item = (&'static str, ColumnType)>) -> SchemaRef {
    let field = |(name, kind)| Field::new(name, data_type(kind), true);
    Arc::new(Schema::new(columns.into_iter().map(field).collect::<Vec<_>>()))
}

/// What it is, its value, and its id if it is a thing.
type Filler = (String, String, Option<String>);

enum ColumnBuilder {
    Text(StringBuilder),
    Category(StringDictionaryBuilder<Int32Type>),
    Int(Int64Builder),
    Double(Float64Builder),
    Boolean(BooleanBuilder),
    Date(Date32Builder),
    Texts(ListBuilder<StringBuilder>),
    Fillers(ListBuilder<StructBuilder>),
}

impl ColumnBuilder {
    fn new(kind: ColumnType) -> Self {
        match kind {
            Text => Self::Text(StringBuilder::new()),
            Category => Self::Category(StringDictionaryBuilder::new()),
            Int => Self::Int(Int64Builder::new()),
            Double => Self::Double(Float64Builder::new()),
            Boolean => Self::Boolean(BooleanBuilder::new()),
            DAY => Self::Date(Date32Builder::new()),
            Texts => Self::Texts(ListBuilder::new(StringBuilder::new())),
            Fillers => {
                Self::Fillers(ListBuilder::new(StructBuilder::from_fields(filler_fields(), 0)))
            }
        }
    }

    fn finish(self) -> ArrayRef {
        let mut builder: Box<dyn ArrayBuilder> = match self {
            Self::Text(builder) => Box::new(builder),
            Self::Category(builder) => Box::new(builder),
            Self::Int(builder) => Box::new(builder),
            Self::Double(builder) => Box::new(builder),
            Self::Boolean(builder) => Box::new(builder),
            Self::Date(builder) => Box::new(builder),
            Self::Texts(builder) => Box::new(builder),
            Self::Fillers(builder) => Box::new(builder),
        };
        builder.finish()
    }
}

/// Rows that become a batch: values are added in the order of the columns, row by row. A value that is not of the
/// type of its column is missing.
struct BatchBuilder {
    columns: Vec<ColumnBuilder>,
    at: usize,
}

impl BatchBuilder {
    fn new(kinds: impl IntoIterator<Item = ColumnType>) -> Self {
        Self { columns: kinds.into_iter().map(ColumnBuilder::new).collect(), at: 0 }
    }

    fn next(&mut self) -> &mut ColumnBuilder {
        let at = self.at;
        self.at = (at + 1) % self.columns.len();
        &mut self.columns[at]
    }

    fn text(&mut self, text: &str) {
        self.option(Some(text));
    }

    fn option(&mut self, text: Option<impl AsRef<str>>) {
        match self.next() {
            ColumnBuilder::Text(builder) => builder.append_option(text),
            ColumnBuilder::Category(builder) => builder.append_option(text),
            _ => debug_assert!(false, "a text in another column"),
        }
    }

    fn int(&mut self, number: Option<i64>) {
        if let ColumnBuilder::Int(builder) = self.next() {
            builder.append_option(number);
        }
    }

    fn double(&mut self, number: f64) {
        if let ColumnBuilder::Double(builder) = self.next() {
            builder.append_value(number);
        }
    }

    fn boolean(&mut self, value: bool) {
        if let ColumnBuilder::Boolean(builder) = self.next() {
            builder.append_value(value);
        }
    }

    fn day(&mut self, day: Option<Date>) {
        if let ColumnBuilder::Date(builder) = self.next() {
            builder.append_option(day.and_then(days_since_1970));
        }
    }

    fn texts(&mut self, texts: impl IntoIterator<Item = impl AsRef<str>>) {
        if let ColumnBuilder::Texts(builder) = self.next() {
            texts.into_iter().for_each(|text| builder.values().append_value(text));
            builder.append(true);
        }
    }

    fn fillers(&mut self, fillers: impl IntoIterator<Item = Filler>) {
        let ColumnBuilder::Fillers(builder) = self.next() else { return };
        for (role, value, id) in fillers {
            let row = builder.values();
            for (at, text) in [Some(role), Some(value), id].into_iter().enumerate() {
                if let Some(column) = row.field_builder::<StringBuilder>(at) {
                    column.append_option(text);
                }
            }
            row.append(true);
        }
        builder.append(true);
    }

    /// A value that is written as text.
    fn parsed(&mut self, text: Option<&str>) {
        match self.next() {
            ColumnBuilder::Text(builder) => builder.append_option(text),
            ColumnBuilder::Category(builder) => builder.append_option(text),
            ColumnBuilder::Int(builder) => builder.append_option(parse(text)),
            ColumnBuilder::Double(builder) => builder.append_option(parse(text)),
            ColumnBuilder::Boolean(builder) => builder.append_option(parse(text)),
            ColumnBuilder::Date(builder) => {
                builder.append_option(parse(text).and_then(days_since_1970));
            }
            ColumnBuilder::Texts(builder) => builder.append(false),
            ColumnBuilder::Fillers(builder) => builder.append(false),
        }
    }

    fn finish(self, schema: SchemaRef) -> Result<RecordBatch, ArrowError> {
        let columns = self.columns.into_iter().map(ColumnBuilder::finish).collect();
        RecordBatch::try_new(schema, columns)
    }
}

fn parse<T: std::str::FromStr>(text: Option<&str>) -> Option<T> {
    text?.parse().ok()
}

/// A day as Arrow and Parquet count it.
pub(crate) fn days_since_1970(day: Date) -> Option<i32> {
    day.since(jiff::civil::date(1970, 1, 1)).ok().map(|span| span.get_days())
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;

    use super::*;
    use crate::graph::fixture;

    fn whole(table: Table) -> RecordBatch {
        let (graph, ontology) = (fixture::graph(), fixture::ontology());
        let rows = Rows::all(&graph, &ontology, table);
        let parts = rows.parts(&graph);
        assert_eq!(parts.len(), 1);
        batch(&graph, &ontology, table, &rows, parts[0].clone()).unwrap()
    }

    #[test]
    fn statements_are_the_lines_of_json() {
        let (graph, ontology) = (fixture::graph(), fixture::ontology());
        let mut json = Vec::new();
        jsonl::write(&graph, &ontology, &mut json).unwrap();
        let json = String::from_utf8(json).unwrap();
        let table = whole(Table::Statements);
        assert_eq!(table.num_rows(), json.lines().count());
        let column = |name: &str| table.column_by_name(name).unwrap().clone();
        for (at, line) in json.lines().enumerate() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(column("id").as_string::<i32>().value(at), line["id"]);
            assert_eq!(column("subject").as_string::<i32>().value(at), line["subject"]["label"]);
            assert_eq!(
                column("confidence").as_primitive::<arrow_array::types::Float64Type>().value(at),
                line["confidence"]
            );
            let value = column("object_value");
            assert_eq!(value.is_valid(at), line["object"].get("value").is_some());
            assert_eq!(column("object_id").is_valid(at), line["object"].get("id").is_some());
        }
    }

    #[test]
    fn each_table_has_its_columns_and_rows() {
        let graph = fixture::graph();
        for table in Table::ALL.into_iter().filter(|it| *it != Table::Comparisons) {
            let whole = whole(table);
            assert_eq!(whole.num_columns(), table.columns().len(), "{}", table.name());
            assert!(whole.num_rows() > 0);
        }
        assert_eq!(whole(Table::Relations).num_rows(), graph.graph.edge_count());
        assert_eq!(whole(Table::Documents).num_rows(), graph.documents.len());
    }

    #[test]
    fn a_table_is_written_as_parquet_and_known_as_ours() {
        use ::parquet::file::reader::{FileReader, SerializedFileReader};
        let mut out = Vec::new();
        let (graph, ontology) = (fixture::graph(), fixture::ontology());
        write_statements(&graph, &ontology, &Options::default(), &mut out).unwrap();
        let reader = SerializedFileReader::new(bytes::Bytes::from(out)).unwrap();
        let metadata = reader.metadata().file_metadata();
        assert_eq!(metadata.schema().name(), "newsgraph");
        assert_eq!(metadata.num_rows() as usize, whole(Table::Statements).num_rows());
    }
}
