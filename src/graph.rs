//! The world-side model: entities, the relations between them, and the statements behind each.
//!
//! [`KnowledgeGraph::graph`] is a petgraph directed multigraph whose nodes are the entities that
//! take part in a statement and whose edges are the [`Relation`]s. Nothing is ever removed from it:
//! petgraph renumbers on removal. Its neighbor iterators walk in reverse order of insertion, so
//! whatever is written out walks `statements` or sorts.

mod attributes;
mod build;
mod find;
mod select;

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use compact_str::{CompactString, format_compact};
use jiff::civil::Date;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::document::{DocumentId, Span};
use crate::entity::{Comparison, Entities, EntityId};
use crate::ontology::{Ontology, PropertyId};
use crate::spill::{Numbered, Place, Spill};
use crate::statement::{AttributeKind, Factuality, Polarity};

use attributes::Attributes;
pub use build::build;
pub(crate) use build::time_literal;
pub(crate) use find::{fold, rank};
pub use select::{MIN_CONFIDENCE, Selection};

/// A resolved corpus.
///
/// Memory holds what is walked and looked up: entities, relations, and of each statement its
/// [`StatementKey`]. The words of statements and sentences lie in a [`Spill`], and are read when they
/// are asked for.
#[derive(Clone, Debug, Default)]
pub struct KnowledgeGraph {
    /// In the order of their ids (the strings), which does not depend on the order of input.
    pub documents: Vec<GraphDocument>,
    /// Sorted by slug; [`EntityId`] is the index.
    pub entities: Entities,
    /// What is held of each statement. Sorted by document, then position in the text;
    /// [`StatementId`] is the index.
    pub keys: Vec<StatementKey>,
    /// Entities and relations.
    pub graph: DiGraph<EntityId, Relation>,
    /// The node of each entity, if it is the subject or object of a statement. Groups have none:
    /// their members stand for them.
    pub nodes: Vec<Option<NodeIndex>>,
    /// How often the texts refer to each entity.
    pub mentions: Vec<u32>,
    /// Why names were joined or kept apart, in the order of the slugs.
    pub comparisons: Vec<GraphComparison>,
    /// Predicates in the words of the texts.
    labels: LabelInterner,
    /// Roles of qualifiers.
    roles: BTreeSet<CompactString>,
    /// What statements name, in any role.
    named: Vec<bool>,
    /// The statements of the relations.
    support: Vec<StatementId>,
    attributes: Attributes,
    spill: Arc<Spill>,
}

/// Words that come again and again, each held once.
#[derive(Clone, Debug, Default)]
struct LabelInterner {
    list: Vec<Arc<str>>,
    numbers: FxHashMap<Arc<str>, u32>,
}

impl LabelInterner {
    fn number(&mut self, label: &str) -> u32 {
        if let Some(&number) = self.numbers.get(label) {
            return number;
        }
        let (label, number): (Arc<str>, _) = (label.into(), self.list.len() as u32);
        self.list.push(Arc::clone(&label));
        self.numbers.insert(label, number);
        number
    }
}

/// Edges that one statement about groups may become at most: the product of two long lists would
/// bury the graph.
pub(crate) const MAX_PAIRS: usize = 100;

impl KnowledgeGraph {
    /// An empty graph whose words go into a spill.
    pub fn spilling(spill: Spill) -> Self {
        Self { spill: Arc::new(spill), ..Self::default() }
    }

    /// Adds a statement behind those that are there.
    pub fn push(&mut self, statement: &GraphStatement) {
        self.note(statement);
        let key = StatementKey {
            id: statement.id,
            place: self.spill.add(statement),
            document: statement.document,
            subject: statement.subject,
            object: match statement.object {
                Object::Entity(object) => Some(object),
                Object::Literal { .. } | Object::Absent => None,
            },
            label: self.labels.number(&statement.predicate),
            property: statement.property,
            interval: statement.interval.clone(),
            confidence: statement.confidence,
            polarity: statement.polarity,
            factuality: statement.factuality,
            own_voice: statement.attribution.is_empty(),
            attribute: statement.attribute,
        };
        self.keys.push(key);
    }

    /// Makes the relations and attributes of all statements; those before are forgotten.
    pub fn connect(&mut self, ontology: &Ontology) {
        build::connect(self, ontology);
    }

    /// Remembers what a statement names.
    fn note(&mut self, statement: &GraphStatement) {
        let fillers = statement.qualifiers.iter().map(|(_, filler)| filler);
        let things = fillers.chain([&statement.object]).filter_map(|object| match object {
            Object::Entity(id) => Some(*id),
            Object::Literal { .. } | Object::Absent => None,
        });
        let others = statement.place.iter().chain(&statement.attribution).copied();
        self.named.resize(self.entities.len(), false);
        for id in things.chain(others).chain([statement.subject]) {
            self.named[id.index()] = true;
        }
        for (role, _) in &statement.qualifiers {
            if !self.roles.contains(role) {
                self.roles.insert(role.clone());
            }
        }
    }

    /// A statement.
    pub fn statement(&self, id: StatementId) -> GraphStatement {
        let key = &self[id];
        self.whole(key, &self.spill.bytes(key.place))
    }

    /// The statements, in order.
    pub fn statements(&self) -> impl Iterator<Item = GraphStatement> {
        (0..self.documents.len())
            .flat_map(|document| self.statements_of(DocumentId::from(document)))
    }

    /// The statements of a document, in order.
    pub fn statements_of(&self, document: DocumentId) -> Vec<GraphStatement> {
        let keys = &self.keys[self.of(document)];
        let [first, .., last] = keys else {
            let whole = |key: &StatementKey| self.whole(key, &self.spill.bytes(key.place));
            return keys.iter().map(whole).collect();
        };
        let bytes = self.spill.between(first.place, last.place);
        let own = |key: &StatementKey| bytes.get(key.place.behind(first.place)..);
        keys.iter().map(|key| self.whole(key, own(key).unwrap_or_default())).collect()
    }

    /// Where the statements of a document are.
    pub fn of(&self, document: DocumentId) -> Range<usize> {
        let start = self.keys.partition_point(|key| key.document < document);
        let more = self.keys[start..].partition_point(|key| key.document == document);
        start..start + more
    }

    /// A statement from its key and its bytes; without words if they cannot be read, which
    /// [`KnowledgeGraph::check`] reports.
    fn whole(&self, key: &StatementKey, bytes: &[u8]) -> GraphStatement {
        let interval = key.interval.clone();
        match self.spill.decoded(bytes) {
            Some((statement, _)) => GraphStatement { interval, ..statement },
            None => GraphStatement::bare(key),
        }
    }

    /// The predicate of a statement in the words of its text.
    pub fn label(&self, key: &StatementKey) -> &Arc<str> {
        &self.labels.list[key.label as usize]
    }

    /// What noun phrases tell of a thing in passing, those of one kind together, as (thing, kind, value).
    pub fn attributes(&self, id: EntityId) -> &[(EntityId, AttributeKind, Object)] {
        self.attributes.of(id)
    }

    /// The roles that qualifiers have, sorted.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.roles.iter().map(CompactString::as_str)
    }

    /// Puts the sentences of a document aside; they are sorted.
    pub fn add_sentences(&self, sentences: &[GraphSentence]) -> Sentences {
        Sentences(self.spill.add_numbered(sentences.iter().map(|it| (it.number, it))))
    }

    /// The sentences of a document that support a statement or a comparison, sorted.
    pub fn sentences(&self, document: DocumentId) -> Vec<GraphSentence> {
        let found = self.documents.get(document.index());
        found.map(|document| self.spill.all_numbered(document.sentences.0)).unwrap_or_default()
    }

    /// Fails if words could not be put aside or read back.
    ///
    /// # Errors
    /// The first that went wrong.
    pub fn check(&self) -> io::Result<()> {
        self.spill.check().and(self.entities.check())
    }

    /// The things that an entity stands for: the members of a group, else itself.
    ///
    /// Groups of groups are flattened. Sorted, no duplicates.
    pub fn members(&self, id: EntityId) -> Vec<EntityId> {
        if self.entities.members(id).is_empty() {
            return vec![id];
        }
        let mut members = Vec::new();
        let mut open = vec![id];
        let mut seen = vec![id];
        while let Some(id) = open.pop() {
            let inner = self.entities.members(id);
            if inner.is_empty() {
                members.push(id);
            }
            for &member in inner {
                if !seen.contains(&member) {
                    seen.push(member);
                    open.push(member);
                }
            }
        }
        members.sort();
        members
    }

    /// The edges that a statement becomes: one for each member of its groups, none for literals.
    ///
    /// At most 100, the first in the order of the slugs.
    pub fn pairs(&self, subject: EntityId, object: EntityId) -> Vec<(EntityId, EntityId)> {
        if [subject, object].iter().all(|&id| self.entities.members(id).is_empty()) {
            return if object == subject { Vec::new() } else { vec![(subject, object)] };
        }
        let objects = self.members(object);
        let mut pairs = Vec::new();
        for subject in self.members(subject) {
            let others = objects.iter().filter(|&&object| object != subject);
            pairs.extend(others.map(|&object| (subject, object)));
            if pairs.len() >= MAX_PAIRS {
                pairs.truncate(MAX_PAIRS);
                break;
            }
        }
        pairs
    }

    /// The statements behind a relation, in order.
    pub fn support(&self, relation: &Relation) -> &[StatementId] {
        &self.support[relation.support.start as usize..relation.support.end as usize]
    }

    /// How many statements support a relation; several copies of one article count once.
    pub fn weight(&self, relation: &Relation) -> usize {
        let mut copied = Vec::new();
        let counts = |id: &&StatementId| {
            let document = self[**id].document;
            match self.documents.get(document.index()).and_then(|document| document.copy_of) {
                Some(original) => copied.push(original),
                None => return true,
            }
            false
        };
        // In the order of the statements, and so sorted.
        let own: Vec<DocumentId> =
            self.support(relation).iter().filter(counts).map(|&id| self[id].document).collect();
        copied.sort();
        copied.dedup();
        let is_new = |original: &&DocumentId| own.binary_search(original).is_err();
        own.len() + copied.iter().filter(is_new).count()
    }

    /// The sentence of a statement.
    pub fn sentence(&self, statement: &GraphStatement) -> Option<GraphSentence> {
        self.sentence_of(statement.document, statement.evidence.sentence)
    }

    /// The sentence of a number, if it is kept.
    pub fn sentence_of(&self, document: DocumentId, number: u32) -> Option<GraphSentence> {
        let document = self.documents.get(document.index())?;
        self.spill.numbered(document.sentences.0, number)
    }

    /// True for each entity that a statement names in any role, or that belongs to such a group.
    pub fn used(&self) -> Vec<bool> {
        let mut used = vec![false; self.entities.len()];
        for (id, _) in (0..).map(EntityId).zip(&self.named).filter(|(_, named)| **named) {
            if !used[id.index()] {
                used[id.index()] = true;
                for member in self.members(id) {
                    used[member.index()] = true;
                }
            }
        }
        used
    }
}

impl std::ops::Index<StatementId> for KnowledgeGraph {
    type Output = StatementKey;

    fn index(&self, id: StatementId) -> &StatementKey {
        &self.keys[id.0 as usize]
    }
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
    /// The document that it is a copy of.
    pub copy_of: Option<DocumentId>,
    /// Those that support a statement or a comparison, see [`KnowledgeGraph::sentences`].
    pub sentences: Sentences,
}

/// Where the sentences of a document lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sentences(Numbered);

/// Two names that were compared, with the sentence that each stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphComparison {
    /// What was compared, and how it was decided; its places are those of the resolution.
    pub comparison: Comparison,
    /// Document and number of the sentence of each name. The document keeps the sentence unless
    /// the names were surely joined.
    pub sentences: [(DocumentId, u32); 2],
}

/// A sentence that supports a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphSentence {
    /// Number of the sentence in the document, from 0.
    pub number: u32,
    /// Offsets in code points of the document's text, half-open.
    pub start: u32,
    /// Offsets in code points of the document's text, half-open.
    pub end: u32,
    /// Its words.
    pub text: Box<str>,
}

impl GraphSentence {
    /// The words between two offsets of the document, if they lie in the sentence.
    pub fn slice(&self, start: u32, end: u32) -> Option<&str> {
        let (start, end) = (start.checked_sub(self.start)?, end.checked_sub(self.start)?);
        if self.text.is_ascii() {
            return self.text.get(start as usize..end as usize);
        }
        let byte = |n: u32| -> Option<usize> {
            let n = n as usize;
            let ends = std::iter::once(self.text.len());
            self.text.char_indices().map(|(byte, _)| byte).chain(ends).nth(n)
        };
        self.text.get(byte(start)?..byte(end)?)
    }
}

/// What is held of a statement: a graph has millions.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementKey {
    /// As in [`GraphStatement::id`].
    pub id: u64,
    place: Place,
    /// The document.
    pub document: DocumentId,
    /// Who or what it is about.
    pub subject: EntityId,
    /// The other side, if it is no value.
    pub object: Option<EntityId>,
    /// Number of the predicate.
    label: u32,
    /// The ontology's property, if a rule found one.
    pub property: Option<PropertyId>,
    /// The days of its time, half-open.
    pub interval: Option<Range<Date>>,
    /// Between 0 and 1.
    pub confidence: f32,
    /// Affirmed or negated.
    pub polarity: Polarity,
    /// How the text stands to it.
    pub factuality: Factuality,
    /// True if it has no source but the text.
    pub own_voice: bool,
    /// Set for an attribute of a thing, which is no statement of its own in tables and drawings.
    pub attribute: Option<AttributeKind>,
}

/// A statement whose arguments are entities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GraphStatement {
    /// Digest of document, span, subject, predicate, object.
    pub id: u64,
    /// The document.
    pub document: DocumentId,
    /// Who or what it is about.
    pub subject: EntityId,
    /// The ontology's property, if a rule found one.
    pub property: Option<PropertyId>,
    /// Base-form phrase in the words of the text.
    pub predicate: CompactString,
    /// The other side.
    pub object: Object,
    /// ISO 8601 value as fine as the text allows, or an interval `a/b`.
    pub time: Option<CompactString>,
    /// The days that `time` covers, half-open.
    #[serde(skip)]
    pub interval: Option<Range<Date>>,
    /// Where.
    pub place: Option<EntityId>,
    /// Further circumstances: role and filler.
    pub qualifiers: Vec<(CompactString, Object)>,
    /// Affirmed or negated.
    pub polarity: Polarity,
    /// How the text stands to it.
    pub factuality: Factuality,
    /// To whom it is attributed, the nearest source first.
    pub attribution: Vec<EntityId>,
    /// Where it stands.
    pub evidence: GraphEvidence,
    /// Between 0 and 1.
    pub confidence: f32,
    /// The words of the subject in the text, for display.
    pub subject_text: CompactString,
    /// The words of the object in the text, for display.
    pub object_text: CompactString,
    /// Set for an attribute of a thing.
    pub attribute: Option<AttributeKind>,
    /// The claim as a plain sentence in the words of the text.
    pub wording: CompactString,
    /// Digest of document and clause: statements of one clause have the same.
    pub claim: u64,
    /// What the confidence is reckoned from, as bits of [`Signs`](crate::extract::Signs).
    pub signs: u128,
}

impl GraphStatement {
    fn bare(key: &StatementKey) -> Self {
        let object = match key.object {
            Some(object) => Object::Entity(object),
            None => Object::Absent,
        };
        let ([predicate, subject_text, object_text, wording], (place, time)) = Default::default();
        let (qualifiers, attribution, evidence) = Default::default();
        let StatementKey {
            id,
            document,
            subject,
            property,
            confidence,
            polarity,
            factuality,
            attribute,
            ..
        } = *key;
        let interval = key.interval.clone();
        Self {
            id,
            document,
            subject,
            property,
            predicate,
            object,
            time,
            interval,
            place,
            qualifiers,
            polarity,
            factuality,
            attribution,
            evidence,
            confidence,
            subject_text,
            object_text,
            attribute,
            wording,
            claim: 0,
            signs: 0,
        }
    }

    /// Its name in files: 16 hexadecimal digits.
    pub fn name(&self) -> CompactString {
        format_compact!("{:016x}", self.id)
    }

    /// The name of its claim in files: 16 hexadecimal digits.
    pub fn claim_name(&self) -> CompactString {
        format_compact!("{:016x}", self.claim)
    }

    /// The predicate in short form: `ng:visited`, `open:hold-talks-with`.
    pub fn predicate_id(&self, ontology: &Ontology) -> String {
        predicate_id(self.property, &self.predicate, ontology)
    }
}

/// The predicate in short form: `ng:visited`, `open:hold-talks-with`.
fn predicate_id(property: Option<PropertyId>, label: &str, ontology: &Ontology) -> String {
    match property {
        Some(property) => format!("ng:{}", ontology[property].name),
        None => format!("open:{}", open_slug(label)),
    }
}

/// The last part of an open predicate's IRI: lower case, words joined by hyphens, other characters
/// than ASCII letters and digits percent-encoded.
///
/// ```
/// assert_eq!(newsgraph::graph::open_slug("hold talks with"), "hold-talks-with");
/// assert_eq!(newsgraph::graph::open_slug("fête"), "f%C3%AAte");
/// ```
pub fn open_slug(label: &str) -> String {
    let mut slug = String::new();
    for word in label.split(|c: char| c.is_whitespace() || c.is_control() || c == '-') {
        if word.is_empty() {
            continue;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        for byte in word.to_lowercase().bytes() {
            if byte.is_ascii_alphanumeric() {
                slug.push(char::from(byte));
            } else {
                slug.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    if slug.is_empty() { "relate-to".to_owned() } else { slug }
}

/// An object or filler.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Object {
    /// A thing.
    Entity(EntityId),
    /// A value.
    Literal {
        /// Lexical form.
        value: CompactString,
        /// XSD datatype.
        datatype: Datatype,
    },
    /// Nothing: the verb takes no object.
    Absent,
}

/// Datatype of a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

impl Datatype {
    /// Local name in XML Schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Date => "date",
            Self::YearMonth => "gYearMonth",
            Self::Year => "gYear",
            Self::Duration => "duration",
        }
    }
}

/// Sentence and trigger of a statement; offsets in code points of the document's text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    pub rule: CompactString,
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
    pub label: Arc<str>,
    /// Union of the days of its statements, half-open, if any has one.
    pub when: Option<std::ops::Range<Date>>,
    /// Affirmed or negated.
    pub polarity: Polarity,
    /// How the texts stand to it.
    pub factuality: Factuality,
    /// Where in the graph's list its statements are, see [`KnowledgeGraph::support`].
    pub support: Range<u32>,
}

impl Relation {
    /// True for what somebody takes to be so, or to come: nothing negated, denied or merely thought of.
    pub fn is_affirmed(&self) -> bool {
        is_affirmed(self.polarity, self.factuality)
    }

    /// The predicate in short form: `ng:visited`, `open:hold-talks-with`.
    pub fn predicate_id(&self, ontology: &Ontology) -> String {
        predicate_id(self.property, &self.label, ontology)
    }
}

/// As [`Relation::is_affirmed`].
pub(crate) fn is_affirmed(polarity: Polarity, factuality: Factuality) -> bool {
    polarity == Polarity::Positive
        && !matches!(factuality, Factuality::Denied | Factuality::Hypothetical)
}

#[cfg(test)]
pub(crate) mod fixture;
