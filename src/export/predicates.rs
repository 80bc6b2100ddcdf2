//! Predicates in short form, each spelled once for a whole graph.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::rdf::ROLES;
use crate::graph::{KnowledgeGraph, open_slug};
use crate::ontology::{Ontology, PropertyId};

const OPEN: &str = "open:";

/// The short forms of the predicates that a graph uses: `ng:visited`, `open:hold-talks-with`.
pub(super) struct Predicates<'g> {
    properties: Vec<String>,
    /// By label.
    open: FxHashMap<&'g str, String>,
}

impl<'g> Predicates<'g> {
    pub(super) fn new(graph: &'g KnowledgeGraph, ontology: &Ontology) -> Self {
        let properties = ontology.properties().iter();
        let properties = properties.map(|property| format!("ng:{}", property.name)).collect();
        let mut open = FxHashMap::default();
        let mut add = |label: &'g str| {
            open.entry(label).or_insert_with(|| format!("{OPEN}{}", open_slug(label)));
        };
        let mut last = None;
        for key in graph.keys.iter().filter(|key| key.property.is_none()) {
            let label = graph.label(key);
            // Those of one predicate often follow each other.
            if last.replace(label).is_none_or(|last| !Arc::ptr_eq(last, label)) {
                add(label);
            }
        }
        graph.roles().filter(|role| !ROLES.contains(role)).for_each(&mut add);
        let relations = graph.graph.edge_weights();
        relations.filter(|it| it.property.is_none()).for_each(|it| add(&it.label));
        Self { properties, open }
    }

    /// The short form of a property, or else of an open predicate.
    pub(super) fn short(&self, property: Option<PropertyId>, label: &str) -> &str {
        match property {
            Some(property) => &self.properties[usize::from(property.0)],
            None => &self.open[label],
        }
    }

    /// The slug of an open predicate.
    pub(super) fn slug(&self, label: &str) -> &str {
        &self.open[label][OPEN.len()..]
    }

    /// The labels of open predicates, sorted, with their slugs.
    pub(super) fn labels(&self) -> Vec<(&'g str, &str)> {
        let mut labels: Vec<_> =
            self.open.iter().map(|(&label, short)| (label, &short[OPEN.len()..])).collect();
        labels.sort_unstable();
        labels
    }
}
