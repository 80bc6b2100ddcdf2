//! Where the explorer shows the things of a large graph: as in the page that holds all of it.

use std::collections::BTreeSet;

use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use rustc_hash::{FxHashMap, FxHashSet};

use super::facts::term;
use crate::export::explorer::{LARGE, places};
use crate::export::iri::Namespace;
use crate::export::layout::lay_out;
use crate::graph::MAX_PAIRS;
use crate::store::Store;

/// What a statement links; terms are given by their numbers.
#[derive(Default)]
struct LinkedTerms {
    subject: Option<u32>,
    object: Option<u32>,
    /// Those of groups.
    subjects: Vec<u32>,
    objects: Vec<u32>,
    /// Predicate, polarity and factuality.
    relation: [u32; 3],
}

impl LinkedTerms {
    /// The things on one side.
    fn side<'t>(whole: &'t Option<u32>, members: &'t [u32]) -> &'t [u32] {
        if members.is_empty() { whole.as_slice() } else { members }
    }

    fn sides(&self) -> [&[u32]; 2] {
        [Self::side(&self.subject, &self.subjects), Self::side(&self.object, &self.objects)]
    }
}

#[derive(Default)]
struct Numbers(FxHashMap<Term, u32>);

impl Numbers {
    fn of(&mut self, term: Term) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(term).or_insert(next)
    }
}

/// The place of each thing, if there are so many that a browser would take long to find them.
pub(super) fn of(store: &Store) -> FxHashMap<NamedNode, [i32; 2]> {
    let (things, edges) = network(store);
    if things.len() <= LARGE {
        return FxHashMap::default();
    }
    let points = lay_out(things.len(), &edges);
    things.into_iter().zip(places(&points)).collect()
}

/// Things in the order of their IRIs, and the relations between them: statements that agree in what they
/// link and how they stand to it are one, as in the graph that was written.
fn network(store: &Store) -> (Vec<NamedNode>, Vec<(u32, u32)>) {
    let mut numbers = Numbers::default();
    let mut told: FxHashMap<NamedNode, LinkedTerms> = FxHashMap::default();
    let mut read = |property: NamedNode, take: fn(&mut LinkedTerms, u32)| {
        for triple in store.triples(None, Some(&property), None) {
            if let NamedOrBlankNode::NamedNode(statement) = triple.subject {
                take(told.entry(statement).or_default(), numbers.of(triple.object));
            }
        }
    };
    read(term(Namespace::Rdf, "subject"), |told, it| told.subject = Some(it));
    read(term(Namespace::Rdf, "object"), |told, it| told.object = Some(it));
    read(term(Namespace::Ng, "subjectMember"), |told, it| told.subjects.push(it));
    read(term(Namespace::Ng, "objectMember"), |told, it| told.objects.push(it));
    read(term(Namespace::Rdf, "predicate"), |told, it| told.relation[0] = it);
    read(term(Namespace::Ng, "polarity"), |told, it| told.relation[1] = it);
    read(term(Namespace::Ng, "factuality"), |told, it| told.relation[2] = it);
    let symmetric = Term::from(term(Namespace::Owl, "SymmetricProperty"));
    let symmetric: FxHashSet<u32> = store
        .triples(None, Some(&term(Namespace::Rdf, "type")), Some(&symmetric))
        .map(|triple| numbers.of(triple.subject.into()))
        .collect();

    let mut used = vec![false; numbers.0.len()];
    for number in told.values().flat_map(LinkedTerms::sides).flatten() {
        used[*number as usize] = true;
    }
    let mut things: Vec<(NamedNode, u32)> = (numbers.0.into_iter())
        .filter(|(_, number)| used[*number as usize])
        .filter_map(|(term, number)| match term {
            Term::NamedNode(thing) => Some((thing, number)),
            _ => None,
        })
        .collect();
    things.sort_unstable_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
    let mut ranks: Vec<Option<u32>> = vec![None; used.len()];
    for (rank, (_, number)) in (0..).zip(&things) {
        ranks[*number as usize] = Some(rank);
    }

    let relations_of = |told: &LinkedTerms| {
        let [subjects, objects] = told.sides().map(|side| -> BTreeSet<u32> {
            side.iter().filter_map(|&number| ranks[number as usize]).collect()
        });
        let pairs = subjects.iter().flat_map(|&a| objects.iter().map(move |&b| (a, b)));
        let (symmetric, relation) = (symmetric.contains(&told.relation[0]), told.relation);
        let turn = |(a, b)| if symmetric && b < a { (b, a) } else { (a, b) };
        let pairs = pairs.filter(|(a, b)| a != b).take(MAX_PAIRS);
        pairs.map(|ends| (turn(ends), relation)).collect::<Vec<_>>()
    };
    let relations: FxHashSet<_> = told.values().flat_map(relations_of).collect();
    let edges = relations.into_iter().map(|(ends, _)| ends).collect();
    (things.into_iter().map(|(thing, _)| thing).collect(), edges)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::Options;
    use crate::export::iri::Iri;
    use crate::graph::fixture;

    #[test]
    fn things_and_their_relations_are_those_of_the_graph_that_was_written() {
        let (graph, ontology) = (fixture::graph(), fixture::ontology());
        let store = Store::from_graph(&graph, &ontology, &Options::default()).unwrap();
        let (things, edges) = network(&store);
        let name = |at: u32| things[at as usize].as_str().to_owned();
        let mut found: Vec<_> = edges.iter().map(|&(from, to)| [name(from), name(to)]).collect();
        let graph_name = |node| Iri::entity(graph.entities.slug(graph.graph[node])).to_string();
        let ends = graph.graph.edge_indices().filter_map(|edge| graph.graph.edge_endpoints(edge));
        let mut written: Vec<_> = ends.map(|(from, to)| [from, to].map(graph_name)).collect();
        found.sort();
        written.sort();
        assert_eq!(found, written);
        assert_eq!(things.len(), graph.graph.node_count());
        assert!(things.is_sorted_by(|a, b| a.as_str() < b.as_str()), "as entities are");
        assert!(of(&store).is_empty(), "a browser lays out a small graph itself");
    }
}
