//! Things by what they are called.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};

use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;
use petgraph::{Incoming, Outgoing};

use super::{KnowledgeGraph, StatementId, StatementKey};
use crate::entity::EntityId;

impl KnowledgeGraph {
    /// The things that are called so, those with the most statements first. An id (`e:ines-carvalho`) finds its
    /// thing; else names in any case and without accents: whole names, or if there is none, beginnings of names, of
    /// words, then parts of words, in this order.
    pub fn find(&self, words: &str) -> Vec<EntityId> {
        let words = words.trim();
        let used = self.used();
        if let Some(id) = self.entities.find(words.trim_start_matches("e:"))
            && used[id.index()]
        {
            return vec![id];
        }
        let words = fold(words);
        if words.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(u8, EntityId)> = Vec::new();
        for id in self.entities.ids().filter(|id| used[id.index()]) {
            let entity = self.entities.get(id);
            let mut names = String::new();
            for name in std::iter::once(&entity.label).chain(&entity.aliases) {
                names.push('\n');
                names.push_str(&fold(name));
            }
            found.extend(rank(&names, &words).map(|rank| (rank, id)));
        }
        if found.iter().any(|&(rank, _)| rank == 0) {
            found.retain(|&(rank, _)| rank == 0);
        }
        let degrees = self.degrees();
        found.sort_by_key(|&(rank, id)| {
            (rank, !self.entities.is_named(id), Reverse(degrees[id.index()]), id)
        });
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// The statements that have a thing as subject or object, by itself or in a group, in order.
    pub fn about(&self, id: EntityId) -> Vec<StatementId> {
        let is_side = |side: EntityId| {
            side == id
                || !self.entities.members(side).is_empty() && self.members(side).contains(&id)
        };
        let keys = (0..).map(StatementId).zip(&self.keys);
        let own = keys.filter(|(_, key)| {
            key.attribute.is_none() && (is_side(key.subject) || key.object.is_some_and(is_side))
        });
        own.map(|(id, _)| id).collect()
    }

    /// As [`KnowledgeGraph::about`], in the order of days: of the event, else of the article. What has none is last.
    pub fn timeline(&self, id: EntityId) -> Vec<StatementId> {
        let mut statements = self.about(id);
        let day = |key: &StatementKey| {
            let published = || self.documents[key.document.index()].published;
            key.interval.as_ref().map(|days| days.start).or_else(published)
        };
        statements.sort_by_cached_key(|&id| {
            let day = day(&self[id]);
            (day.is_none(), day, id)
        });
        statements
    }

    /// The things that statements join to one, each with these statements; most of them first.
    pub fn neighbors(&self, id: EntityId) -> Vec<(EntityId, Vec<StatementId>)> {
        let mut neighbors: BTreeMap<EntityId, Vec<StatementId>> = BTreeMap::new();
        for statement in self.about(id) {
            let key = &self[statement];
            let Some(object) = key.object else { continue };
            for (from, to) in self.pairs(key.subject, object) {
                if from == id || to == id {
                    let other = if from == id { to } else { from };
                    let own = neighbors.entry(other).or_default();
                    if own.last() != Some(&statement) {
                        own.push(statement);
                    }
                }
            }
        }
        let mut neighbors: Vec<_> = neighbors.into_iter().collect();
        neighbors.sort_by_key(|(id, own)| (Reverse(own.len()), *id));
        neighbors
    }

    /// The relations of a shortest way from one thing to another, in either direction, over what somebody takes to
    /// be so or to come: nothing negated, denied or merely thought of. Of several the best supported.
    pub fn path(&self, from: EntityId, to: EntityId) -> Option<Vec<EdgeIndex>> {
        let node = |id: EntityId| self.nodes.get(id.index()).copied().flatten();
        let (from, to) = (node(from)?, node(to)?);
        let mut came: Vec<Option<(NodeIndex, EdgeIndex)>> = vec![None; self.graph.node_count()];
        let mut open = VecDeque::from([from]);
        while let Some(at) = open.pop_front() {
            if at == to {
                break;
            }
            let edges = self.graph.edges_directed(at, Outgoing);
            let edges = edges.chain(self.graph.edges_directed(at, Incoming));
            let mut edges: Vec<_> = edges.filter(|edge| edge.weight().is_affirmed()).collect();
            edges.sort_by_key(|edge| (Reverse(self.support(edge.weight()).len()), edge.id()));
            for edge in edges {
                let next = if edge.source() == at { edge.target() } else { edge.source() };
                if next != from && came[next.index()].is_none() {
                    came[next.index()] = Some((at, edge.id()));
                    open.push_back(next);
                }
            }
        }
        let (mut path, mut at) = (Vec::new(), to);
        while at != from {
            let (before, edge) = came[at.index()]?;
            path.push(edge);
            at = before;
        }
        path.reverse();
        Some(path)
    }

    /// How many statements have each thing as subject or object, by itself or in a group.
    pub fn degrees(&self) -> Vec<usize> {
        let mut degrees = vec![0; self.entities.len()];
        for key in self.keys.iter().filter(|key| key.attribute.is_none()) {
            for side in std::iter::once(key.subject).chain(key.object) {
                self.members(side).into_iter().for_each(|id| degrees[id.index()] += 1);
            }
        }
        degrees
    }
}

/// How well names (each after a line break) fit; 0 is best.
pub(crate) fn rank(names: &str, words: &str) -> Option<u8> {
    let mut best = None;
    for (at, _) in names.match_indices(words) {
        let before = names[..at].chars().next_back();
        let after = names[at + words.len()..].chars().next();
        let rank = match (before, after) {
            (Some('\n'), None | Some('\n')) => 0,
            (Some('\n'), _) => 1,
            (Some(c), _) if !c.is_alphanumeric() => 2,
            _ => 3,
        };
        best = Some(best.map_or(rank, |other: u8| other.min(rank)));
    }
    best
}

/// Names for comparing: lower case, without accents.
pub(crate) fn fold(name: &str) -> String {
    any_ascii::any_ascii(name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn whole_names_come_first() {
        let names = "\nines carvalho\ncarvalho";
        assert_eq!(rank(names, "carvalho"), Some(0));
        assert_eq!(rank(names, "ines"), Some(1));
        assert_eq!(rank("\nines carvalho", "carv"), Some(2));
        assert_eq!(rank(names, "valho"), Some(3));
        assert_eq!(rank(names, "oslo"), None);
    }

    #[test]
    fn neighbors_and_paths_follow_statements() {
        let graph = fixture::graph();
        let anna = fixture::entity("anna-berg");
        let about = graph.about(anna);
        assert!(!about.is_empty());
        let mut timeline = graph.timeline(anna);
        timeline.sort();
        assert_eq!(timeline, about);
        let neighbors = graph.neighbors(anna);
        assert!(neighbors.windows(2).all(|two| two[0].1.len() >= two[1].1.len()));
        let (near, own) = &neighbors[0];
        assert!(own.iter().all(|id| about.contains(id)));
        let affirmed = neighbors.iter().find_map(|(id, _)| graph.path(anna, *id));
        assert_eq!(affirmed.map(|path| path.len()), Some(1));
        assert_eq!(graph.path(anna, anna), Some(Vec::new()));
        assert_ne!(*near, anna);
    }

    #[test]
    fn things_are_found_by_id_and_by_name() {
        let graph = fixture::graph();
        let first = |words: &str| graph.find(words).first().copied();
        let anna = Some(fixture::entity("anna-berg"));
        assert_eq!(first("e:anna-berg"), anna);
        assert_eq!(first("ANNA berg"), anna);
        assert_eq!(first("Ms. Berg"), anna);
        assert_eq!(first("anna"), anna);
        assert_eq!(first("nobody at all"), None);
        assert_eq!(first(" "), None);
    }
}
