//! The world-side model: entities, the relations between them, and the statements behind each.
//!
//! [`KnowledgeGraph::graph`] is a petgraph directed multigraph whose nodes are the entities that
//! take part in a statement and whose edges are the [`Relation`]s. Nothing is ever removed from it:
//! petgraph renumbers on removal. Its neighbor iterators walk in reverse order of insertion, so
//! whatever is written out walks `statements` or sorts.

use jiff::civil::Date;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::document::{DocumentId, Span};
use crate::entity::{Entity, EntityId};
use crate::ontology::PropertyId;
use crate::statement::{Factuality, Polarity};

/// A resolved corpus.
#[derive(Clone, Debug, Default)]
pub struct KnowledgeGraph {
    /// In the order of their ids (the strings), which does not depend on the order of input.
    pub documents: Vec<GraphDocument>,
    /// Sorted by slug; [`EntityId`] is the index.
    pub entities: Vec<Entity>,
    /// Sorted by document, then position in the text; [`StatementId`] is the index.
    pub statements: Vec<GraphStatement>,
    /// Entities and relations.
    pub graph: DiGraph<EntityId, Relation>,
    /// The node of each entity, if a statement mentions it.
    pub nodes: Vec<Option<NodeIndex>>,
}

/// A statement of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId(pub u32);

/// What the graph keeps of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphDocument {
    /// File name or given id.
    pub id: String,
    /// 16 hexadecimal digits of the digest of id and text: the document's name in IRIs.
    pub hash: String,
    /// Address, if the input gives a legal one.
    pub uri: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Newspaper, agency or site.
    pub publisher: Option<String>,
    /// Publication date.
    pub published: Option<Date>,
    /// The text of each sentence that supports a statement, with its offsets in code points, sorted.
    pub sentences: Vec<GraphSentence>,
}

/// A sentence that supports a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphSentence {
    /// Number of the sentence in the document, from 0.
    pub number: u32,
    /// Offsets in code points of the document's text, half-open.
    pub start: u32,
    /// Offsets in code points of the document's text, half-open.
    pub end: u32,
    /// Its words.
    pub text: String,
}

/// A statement whose arguments are entities.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphStatement {
    /// 16 hexadecimal digits of the digest of document, span, subject, predicate, object.
    pub id: String,
    /// The document.
    pub document: DocumentId,
    /// Who or what it is about.
    pub subject: EntityId,
    /// The ontology's property, if a rule found one.
    pub property: Option<PropertyId>,
    /// Base-form phrase in the words of the text.
    pub predicate: String,
    /// The other side.
    pub object: Object,
    /// ISO 8601 value as fine as the text allows, or an interval `a/b`.
    pub time: Option<String>,
    /// The days that `time` covers, half-open.
    pub interval: Option<std::ops::Range<Date>>,
    /// Where.
    pub place: Option<EntityId>,
    /// Further circumstances: role and filler.
    pub qualifiers: Vec<(String, Object)>,
    /// Affirmed or negated.
    pub polarity: Polarity,
    /// How the text stands to it.
    pub factuality: Factuality,
    /// Who says so, the nearest source first.
    pub attribution: Vec<EntityId>,
    /// Where it stands.
    pub evidence: GraphEvidence,
    /// Between 0 and 1.
    pub confidence: f32,
    /// The words of the subject and the object in the text, for display.
    pub subject_text: String,
    /// The words of the object in the text, for display.
    pub object_text: String,
}

/// An object or filler.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// A thing.
    Entity(EntityId),
    /// A value.
    Literal {
        /// Lexical form.
        value: String,
        /// XSD datatype.
        datatype: Datatype,
    },
}

/// Datatype of a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Datatype {
    /// `xsd:string`
    String,
    /// `xsd:integer`
    Integer,
    /// `xsd:decimal`
    Decimal,
    /// `xsd:date`, `2023-09-13`
    Date,
    /// `xsd:gYearMonth`, `2023-09`
    YearMonth,
    /// `xsd:gYear`, `2023`
    Year,
    /// `xsd:duration`, `P4M`
    Duration,
}

/// Sentence and trigger of a statement; offsets in code points of the document's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphEvidence {
    /// Number of the sentence in the document, from 0.
    pub sentence: u32,
    /// From the first to the last word that the statement rests on.
    pub start: u32,
    /// Half-open.
    pub end: u32,
    /// First code point of the word that fired.
    pub trigger_start: u32,
    /// Half-open.
    pub trigger_end: u32,
    /// Rule or construction.
    pub rule: String,
    /// The same span in bytes.
    pub span: Span,
}

/// An edge: one relation between two entities with all its support.
///
/// Statements that agree in subject, property (or open predicate), object, polarity and factuality
/// stand behind one edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// The ontology's property.
    pub property: Option<PropertyId>,
    /// Open predicate or the property's label.
    pub label: String,
    /// Union of the days of its statements, half-open, if any has one.
    pub when: Option<std::ops::Range<Date>>,
    /// Affirmed or negated.
    pub polarity: Polarity,
    /// How the texts stand to it.
    pub factuality: Factuality,
    /// The statements, in order.
    pub support: Vec<StatementId>,
}
