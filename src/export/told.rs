//! A statement in words, for tools that know things and lines between them and nothing of hearsay.
//!
//! What is no fact never goes without a mark: who says it, that it is planned, that it is denied.

use std::borrow::Cow;

use super::{Options, rdf, text};
use crate::document::DocumentId;
use crate::entity::EntityId;
pub(super) use crate::graph::is_affirmed;
use crate::graph::{GraphDocument, GraphStatement, KnowledgeGraph, Object, StatementKey};
use crate::statement::{Factuality, Polarity};

/// A statement with its words.
pub(super) struct Told<'g> {
    graph: &'g KnowledgeGraph,
    pub(super) statement: GraphStatement,
    /// True if it may be stored as a fact (`--assert`).
    pub(super) is_fact: bool,
}

impl<'g> Told<'g> {
    pub(super) fn new(
        graph: &'g KnowledgeGraph,
        options: &Options,
        statement: GraphStatement,
    ) -> Self {
        let is_fact = options.asserts(
            statement.polarity,
            statement.factuality,
            statement.attribution.is_empty(),
        );
        Self { graph, statement, is_fact }
    }

    /// The statements of a document that stand for themselves, in order.
    pub(super) fn of_document(
        graph: &'g KnowledgeGraph,
        options: &'g Options,
        document: DocumentId,
    ) -> impl Iterator<Item = Self> {
        let statements = graph.statements_of(document).into_iter();
        statements
            .filter(|statement| statement.attribute.is_none())
            .map(|statement| Self::new(graph, options, statement))
    }

    /// True for what somebody takes to be so, or to come: nothing negated, denied or merely thought of.
    pub(super) fn is_affirmed(&self) -> bool {
        is_affirmed(self.statement.polarity, self.statement.factuality)
    }

    /// The article.
    pub(super) fn document(&self) -> &'g GraphDocument {
        &self.graph.documents[self.statement.document.index()]
    }

    /// The sentence.
    pub(super) fn quote(&self) -> String {
        let sentence = self.graph.sentence(&self.statement);
        sentence.map(|it| text::name(&it.text).into_owned()).unwrap_or_default()
    }

    /// Who says so, the nearest source.
    pub(super) fn source(&self) -> Option<EntityId> {
        self.statement.attribution.first().copied()
    }

    /// How it stands, in words; empty for a fact: "claimed by the ministry", "planned", "not so".
    pub(super) fn standing(&self) -> String {
        if self.is_fact {
            return String::new();
        }
        let statement = &self.statement;
        let source = self.source().map(|id| label(self.graph, id));
        let by = |word: &str| match &source {
            Some(source) => format!("{word} by {source}"),
            None => word.to_owned(),
        };
        let standing = match statement.factuality {
            Factuality::Asserted => source.as_ref().map(|it| format!("according to {it}")),
            Factuality::Claimed => Some(by("claimed")),
            Factuality::Denied => Some(by("denied")),
            other => Some(match &source {
                Some(source) => format!("{}, according to {source}", other.as_str()),
                None => other.as_str().to_owned(),
            }),
        };
        let negated = (statement.polarity == Polarity::Negative).then(|| "negated".to_owned());
        negated.into_iter().chain(standing).collect::<Vec<_>>().join(", ")
    }

    /// The relation, with its standing: "visit", "visit (planned)".
    pub(super) fn marked_predicate(&self) -> String {
        let predicate = text::name(&self.statement.predicate);
        match self.standing() {
            standing if standing.is_empty() => predicate.into_owned(),
            standing => format!("{predicate} ({standing})"),
        }
    }

    /// The claim as a sentence; without a wording of its own subject, predicate and object.
    pub(super) fn wording(&self) -> String {
        let statement = &self.statement;
        if !statement.wording.is_empty() {
            return text::name(&statement.wording).into_owned();
        }
        let object = self.object_text();
        let words = [
            Cow::from(label(self.graph, statement.subject)),
            text::name(&statement.predicate),
            Cow::from(object),
        ];
        words
            .iter()
            .map(|word| &**word)
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// What the object is called, or its value; empty if there is none.
    pub(super) fn object_text(&self) -> String {
        match &self.statement.object {
            Object::Entity(id) => label(self.graph, *id),
            Object::Literal { value, .. } => text::name(value).into_owned(),
            Object::Absent => String::new(),
        }
    }

    /// First and last day.
    pub(super) fn days(&self) -> Option<(String, String)> {
        rdf::days(&self.statement.interval)
    }

    /// The pairs of things that it joins, groups by their members.
    pub(super) fn pairs(&self) -> Vec<(EntityId, EntityId)> {
        match self.statement.object {
            Object::Entity(object) => self.graph.pairs(self.statement.subject, object),
            Object::Literal { .. } | Object::Absent => Vec::new(),
        }
    }

    /// Its id in files: `st-` and 16 digits, and the number of the pair if there are several.
    pub(super) fn pair_id(&self, nth: usize, n_pairs: usize) -> String {
        let id = format!("st-{}", self.statement.name());
        if n_pairs == 1 { id } else { format!("{id}.{}", nth + 1) }
    }
}

/// As [`Told::is_fact`].
pub(super) fn is_fact(options: &Options, key: &StatementKey) -> bool {
    options.asserts(key.polarity, key.factuality, key.own_voice)
}

/// What an entity is called.
pub(super) fn label(graph: &KnowledgeGraph, id: EntityId) -> String {
    text::label(&graph.entities.get(id)).into_owned()
}

/// Its Wikidata item, if that is sure: "Q20".
pub(super) fn wikidata(same_as: &[compact_str::CompactString]) -> Option<&str> {
    let number = |iri: &'_ str| -> bool {
        iri.strip_prefix('Q').is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let items = same_as.iter().filter_map(|iri| iri.split_once("wikidata.org/entity/"));
    items.map(|(_, item)| item).find(|item| number(item))
}

/// What a document is called: its title, else its id.
pub(super) fn title(document: &GraphDocument) -> String {
    let title = document.title.as_deref().map(text::name).filter(|title| !title.is_empty());
    title.unwrap_or_else(|| text::name(&document.id)).into_owned()
}

/// The address of a document that a reader may follow.
pub(super) fn address(document: &GraphDocument) -> Option<String> {
    let uri = text::name(document.uri.as_deref()?);
    let is_web = uri.starts_with("http://") || uri.starts_with("https://");
    (is_web && super::iri::Iri::parse(&uri).is_some()).then(|| uri.into_owned())
}
