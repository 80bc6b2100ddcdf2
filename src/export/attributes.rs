//! Attributes of things, by thing: how many there are, whose they are, where they are.

use std::fmt::Write as _;
use std::ops::Range;

use crate::entity::EntityId;
use crate::graph::{KnowledgeGraph, Object, StatementId};
use crate::statement::{AttributeKind, Factuality, Polarity};

/// The attributes of all things, each once, sorted by thing and kind.
#[derive(Debug, Default)]
pub struct Attributes(Vec<(EntityId, AttributeKind, Object)>);

impl Attributes {
    /// Collects what a graph affirms.
    pub fn new(graph: &KnowledgeGraph) -> Self {
        let mut all = Vec::new();
        for (id, key) in (0..).map(StatementId).zip(&graph.keys) {
            let told = matches!(key.factuality, Factuality::Asserted | Factuality::Claimed);
            let affirmed = told && key.polarity == Polarity::Positive;
            let Some(kind) = key.attribute.filter(|_| affirmed) else { continue };
            match (kind, key.object) {
                (AttributeKind::Possessor, Some(thing)) => {
                    all.push((thing, kind, Object::Entity(key.subject)));
                }
                (_, Some(object)) => all.push((key.subject, kind, Object::Entity(object))),
                (_, None) => all.push((key.subject, kind, graph.statement(id).object)),
            }
        }
        all.sort_unstable();
        all.dedup();
        Self(all)
    }

    /// The attributes of a thing, those of one kind together.
    pub fn of(&self, id: EntityId) -> &[(EntityId, AttributeKind, Object)] {
        &self.0[self.range(id)]
    }

    fn range(&self, id: EntityId) -> Range<usize> {
        let start = self.0.partition_point(|row| row.0 < id);
        let more = self.0[start..].partition_point(|row| row.0 == id);
        start..start + more
    }

    /// "count=2; country=Norway": for tables.
    pub(super) fn line(&self, graph: &KnowledgeGraph, id: EntityId) -> String {
        let mut line = String::new();
        for (_, kind, value) in self.of(id) {
            if !line.is_empty() {
                line.push_str("; ");
            }
            // A string takes all that is written.
            let _ = match value {
                Object::Entity(id) => {
                    let label = super::text::label(&graph.entities.get(*id)).into_owned();
                    write!(line, "{}={label}", kind.as_str())
                }
                Object::Literal { value, .. } => write!(line, "{}={value}", kind.as_str()),
                Object::Absent => Ok(()),
            };
        }
        line
    }
}
