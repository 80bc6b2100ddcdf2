//! The graph as tables of a property graph, as Neo4j and Ladybug load them.
//!
//! Three kinds of nodes: things, articles, statements. A statement leads to its subject, object,
//! source and place and to its article, whatever its standing. What is a fact (`--assert`) is also a
//! relation from thing to thing; nothing else is, so that whoever follows these relations meets no
//! hearsay. Groups are things of their own, to which their members lead; a fact about a group is one
//! of each member.

use std::borrow::Cow;
use std::io;

use super::edges::{self, AttributeType, Column};
use super::predicates::Predicates;
use super::told::{self, Told};
use super::{Options, rdf, text};
use crate::document::DocumentId;
use crate::entity::EntityId;
use crate::graph::{GraphStatement, KnowledgeGraph, Object};
use crate::ontology::Ontology;

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Entity,
    Document,
    Statement,
    /// Of what a statement is said.
    Subject,
    /// The other side.
    Object,
    /// Who says so, the nearest source.
    SaidBy,
    /// Where.
    Place,
    /// From members to groups.
    MemberOf,
    /// From statements to articles.
    StatedIn,
    /// From thing to thing.
    Fact,
}

const ENTITY: &[Column] = &[
    ("id", AttributeType::Text),
    ("name", AttributeType::Text),
    ("class", AttributeType::Text),
    ("classes", AttributeType::Text),
    ("named", AttributeType::Boolean),
    ("aliases", AttributeType::Text),
    ("mentions", AttributeType::Int),
    ("documents", AttributeType::Int),
    ("first_date", AttributeType::Date),
    ("last_date", AttributeType::Date),
    ("wikidata", AttributeType::Text),
    ("iri", AttributeType::Text),
];

const DOCUMENT: &[Column] = &[
    ("id", AttributeType::Text),
    ("doc_id", AttributeType::Text),
    ("title", AttributeType::Text),
    ("publisher", AttributeType::Text),
    ("published", AttributeType::Date),
    ("source_url", AttributeType::Text),
];

const STATEMENT: &[Column] = &[
    ("id", AttributeType::Text),
    ("relation", AttributeType::Text),
    ("label", AttributeType::Text),
    ("object_text", AttributeType::Text),
    ("polarity", AttributeType::Text),
    ("factuality", AttributeType::Text),
    ("is_fact", AttributeType::Boolean),
    ("standing", AttributeType::Text),
    ("confidence", AttributeType::Double),
    ("time", AttributeType::Text),
    ("date_start", AttributeType::Date),
    ("date_end", AttributeType::Date),
    ("qualifiers", AttributeType::Text),
    ("wording", AttributeType::Text),
    ("claim", AttributeType::Text),
    ("rule", AttributeType::Text),
    ("quote", AttributeType::Text),
    ("char_start", AttributeType::Int),
    ("char_end", AttributeType::Int),
];

const ENDS: &[Column] = &[("source", AttributeType::Text), ("target", AttributeType::Text)];

const FACT: &[Column] = &[
    ("source", AttributeType::Text),
    ("target", AttributeType::Text),
    ("relation", AttributeType::Text),
    ("label", AttributeType::Text),
    ("statement", AttributeType::Text),
    ("confidence", AttributeType::Double),
    ("date_start", AttributeType::Date),
    ("date_end", AttributeType::Date),
];

impl Table {
    pub(super) const ALL: [Self; 10] = [
        Self::Entity,
        Self::Document,
        Self::Statement,
        Self::Subject,
        Self::Object,
        Self::SaidBy,
        Self::Place,
        Self::MemberOf,
        Self::StatedIn,
        Self::Fact,
    ];

    /// What its rows are called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Entity => "Entity",
            Self::Document => "Document",
            Self::Statement => "Statement",
            Self::Subject => "SUBJECT",
            Self::Object => "OBJECT",
            Self::SaidBy => "SAID_BY",
            Self::Place => "PLACE",
            Self::MemberOf => "MEMBER_OF",
            Self::StatedIn => "STATED_IN",
            Self::Fact => "FACT",
        }
    }

    /// Between what its rows lead; `None` for nodes.
    pub(super) fn ends(self) -> Option<(Self, Self)> {
        match self {
            Self::Entity | Self::Document | Self::Statement => None,
            Self::Subject | Self::Object | Self::SaidBy | Self::Place => {
                Some((Self::Statement, Self::Entity))
            }
            Self::MemberOf | Self::Fact => Some((Self::Entity, Self::Entity)),
            Self::StatedIn => Some((Self::Statement, Self::Document)),
        }
    }

    pub(super) fn columns(self) -> &'static [Column] {
        match self {
            Self::Entity => ENTITY,
            Self::Document => DOCUMENT,
            Self::Statement => STATEMENT,
            Self::Fact => FACT,
            _ => ENDS,
        }
    }
}

/// Values in the order of the columns.
pub(super) type Row<'g> = Vec<Option<Cow<'g, str>>>;

/// Takes the rows of a table.
pub(super) type Rows<'r> = dyn FnMut(Row<'_>) -> io::Result<()> + 'r;

/// The graph as tables.
pub(super) struct PropertyGraph<'g> {
    graph: &'g KnowledgeGraph,
    ontology: &'g Ontology,
    options: &'g Options,
    predicates: Predicates<'g>,
    used: Vec<bool>,
}

impl<'g> PropertyGraph<'g> {
    pub(super) fn new(
        graph: &'g KnowledgeGraph,
        ontology: &'g Ontology,
        options: &'g Options,
    ) -> Self {
        let predicates = Predicates::new(graph, ontology);
        Self { graph, ontology, options, predicates, used: graph.used() }
    }

    /// Gives the rows of a table: nodes in the order of their ids, the others in the order of the texts.
    pub(super) fn rows(&self, table: Table, rows: &mut Rows<'_>) -> io::Result<()> {
        let graph = self.graph;
        match table {
            Table::Entity => self.used().try_for_each(|id| rows(self.entity(id))),
            Table::Document => {
                let documents = (0..graph.documents.len()).map(DocumentId::from);
                documents.map(|id| self.document(id)).try_for_each(rows)
            }
            Table::MemberOf => self.used().try_for_each(|id| {
                let members = graph.entities.members(id).iter();
                members.map(|&member| self.ends(member, id)).try_for_each(&mut *rows)
            }),
            _ => (0..graph.documents.len()).map(DocumentId::from).try_for_each(|document| {
                let mut told = Told::of_document(graph, self.options, document);
                told.try_for_each(|told| self.statement_rows(table, &told, rows))
            }),
        }
    }

    fn used(&self) -> impl Iterator<Item = EntityId> {
        self.graph.entities.ids().filter(|id| self.used[id.index()])
    }

    fn statement_rows(&self, table: Table, told: &Told<'g>, rows: &mut Rows<'_>) -> io::Result<()> {
        let statement = &told.statement;
        let thing = match table {
            Table::Statement => return rows(self.statement(told)),
            Table::Fact => return self.facts(told, rows),
            Table::StatedIn => {
                let hash = text::name(&told.document().hash).into_owned();
                return rows(vec![Some(statement_id(statement)), Some(hash.into())]);
            }
            Table::Subject => Some(statement.subject),
            Table::SaidBy => told.source(),
            Table::Place => statement.place,
            _ => match statement.object {
                Object::Entity(id) => Some(id),
                Object::Literal { .. } | Object::Absent => None,
            },
        };
        match thing {
            Some(id) => rows(vec![Some(statement_id(statement)), Some(self.id(id))]),
            None => Ok(()),
        }
    }

    fn facts(&self, told: &Told<'g>, rows: &mut Rows<'_>) -> io::Result<()> {
        if !told.is_fact {
            return Ok(());
        }
        let statement = &told.statement;
        let (first, last) = told.days().unzip();
        for (subject, object) in told.pairs() {
            rows(vec![
                Some(self.id(subject)),
                Some(self.id(object)),
                Some(self.predicates.short(statement.property, &statement.predicate).into()),
                filled(text::name(&statement.predicate)),
                Some(statement_id(statement)),
                Some(text::decimal(statement.confidence).into()),
                first.clone().map(Cow::Owned),
                last.clone().map(Cow::Owned),
            ])?;
        }
        Ok(())
    }

    fn id(&self, id: EntityId) -> Cow<'g, str> {
        edges::node_id(self.graph.entities.slug(id))
    }

    fn ends(&self, source: EntityId, target: EntityId) -> Row<'g> {
        vec![Some(self.id(source)), Some(self.id(target))]
    }

    fn entity(&self, id: EntityId) -> Row<'g> {
        let graph = self.graph;
        let entity = graph.entities.get(id);
        let (n_documents, first, last) = edges::spread(graph, id);
        let classes = self.ontology.lineage(entity.class);
        let classes: Vec<&str> =
            classes.iter().map(|&it| self.ontology[it].name.as_str()).collect();
        let aliases: Vec<_> = entity.aliases.iter().map(|alias| text::name(alias)).collect();
        let mentions = graph.mentions.get(id.index()).copied().unwrap_or_default();
        vec![
            Some(self.id(id)),
            Some(text::label(&entity).into_owned().into()),
            Some(Cow::Borrowed(&*self.ontology[entity.class].name)),
            Some(classes.join("|").into()),
            Some(Cow::Borrowed(if entity.named { "true" } else { "false" })),
            filled(aliases.join(" | ")),
            Some(mentions.to_string().into()),
            Some(n_documents.to_string().into()),
            first.map(|day| text::day(day).into()),
            last.map(|day| text::day(day).into()),
            told::wikidata(&entity.same_as).map(|item| item.to_owned().into()),
            Some(super::iri::Iri::entity(&entity.slug).to_string().into()),
        ]
    }

    fn document(&self, id: DocumentId) -> Row<'g> {
        let document = &self.graph.documents[id.index()];
        vec![
            Some(text::name(&document.hash)),
            filled(text::name(&document.id)),
            document.title.as_deref().and_then(|title| filled(text::name(title))),
            document.publisher.as_deref().and_then(|name| filled(text::name(name))),
            document.published.map(|day| text::day(day).into()),
            document.uri.as_deref().and_then(|uri| filled(text::name(uri))),
        ]
    }

    fn statement(&self, told: &Told<'g>) -> Row<'static> {
        let statement = &told.statement;
        let (first, last) = rdf::days(&statement.interval).unzip();
        let literal = match statement.object {
            Object::Literal { .. } => told.object_text(),
            Object::Entity(_) | Object::Absent => String::new(),
        };
        let qualifiers = statement.qualifiers.iter().filter_map(|(role, filler)| {
            let filler = match filler {
                Object::Entity(id) => told::label(self.graph, *id),
                Object::Literal { value, .. } => text::name(value).into_owned(),
                Object::Absent => return None,
            };
            Some(format!("{}={filler}", text::name(role)))
        });
        let relation = self.predicates.short(statement.property, &statement.predicate);
        vec![
            Some(statement_id(statement)),
            Some(relation.to_owned().into()),
            owned(&statement.predicate),
            filled(literal),
            Some(Cow::Borrowed(statement.polarity.as_str())),
            Some(Cow::Borrowed(statement.factuality.as_str())),
            Some(Cow::Borrowed(if told.is_fact { "true" } else { "false" })),
            filled(told.standing()),
            Some(text::decimal(statement.confidence).into()),
            statement.time.as_deref().and_then(owned),
            first.map(Cow::Owned),
            last.map(Cow::Owned),
            filled(qualifiers.collect::<Vec<_>>().join(" | ")),
            filled(told.wording()),
            Some(String::from(statement.claim_name()).into()),
            owned(&statement.evidence.rule),
            filled(told.quote()),
            Some(statement.evidence.start.to_string().into()),
            Some(statement.evidence.end.to_string().into()),
        ]
    }
}

fn statement_id(statement: &GraphStatement) -> Cow<'static, str> {
    format!("st-{}", statement.name()).into()
}

/// `None` for an empty text.
fn filled<'t>(text: impl Into<Cow<'t, str>>) -> Option<Cow<'t, str>> {
    Some(text.into()).filter(|text| !text.is_empty())
}

fn owned(text: &str) -> Option<Cow<'static, str>> {
    filled(text::name(text).into_owned())
}
