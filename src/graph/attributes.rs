//! Attributes of things, by thing: how many there are, whose they are, where they are.

use super::{KnowledgeGraph, Object, StatementId};
use crate::entity::EntityId;
use crate::statement::{AttributeKind, Factuality, Polarity};

/// The attributes of all things, each once, sorted by thing and kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Attributes(Vec<(EntityId, AttributeKind, Object)>);

impl Attributes {
    /// Collects what a graph affirms.
    pub(super) fn new(graph: &KnowledgeGraph) -> Self {
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

    /// Those of a thing, of one kind together.
    pub(super) fn of(&self, id: EntityId) -> &[(EntityId, AttributeKind, Object)] {
        let start = self.0.partition_point(|row| row.0 < id);
        let more = self.0[start..].partition_point(|row| row.0 == id);
        &self.0[start..start + more]
    }
}
