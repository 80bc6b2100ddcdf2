use super::*;
use crate::graph::fixture::{build_all, corpus, entity, graph, ontology};

#[test]
fn the_order_of_documents_does_not_matter() {
    let ontology = ontology();
    let (readings, resolution) = corpus(false);
    let one = build_all(&readings, resolution, &ontology);
    let (readings, resolution) = corpus(true);
    let two = build_all(&readings, resolution, &ontology);
    assert_eq!(one.documents, two.documents);
    assert!(one.entities.iter().eq(two.entities.iter()));
    assert!(one.statements().eq(two.statements()));
    assert_eq!(format!("{:?}", one.graph), format!("{:?}", two.graph));
}

#[test]
fn a_document_that_comes_twice_counts_once() {
    let (mut readings, mut resolution) = corpus(false);
    readings.push(readings[0].clone());
    resolution.of.push(resolution.of[0].clone());
    let twice = build_all(&readings, resolution, &ontology());
    assert!(twice.statements().eq(graph().statements()));
    assert_eq!(twice.mentions, graph().mentions);
}

#[test]
fn one_sentence_says_one_thing_once() {
    let graph = graph();
    let visits: Vec<_> = graph.statements().filter(|s| s.predicate == "visit").collect();
    assert_eq!(visits.len(), 1);
    assert_eq!(visits[0].confidence, 0.9);
    let roles: Vec<&str> = visits[0].qualifiers.iter().map(|(role, _)| &**role).collect();
    assert_eq!(roles, ["companion", "despite"]);
    assert!(graph.statements().all(|s| s.object != Object::Entity(s.subject)));
}

#[test]
fn a_group_stands_in_one_statement_and_in_the_edges_of_its_members() {
    let graph = graph();
    let group = entity("the-two-ministers-77aa01");
    assert_eq!(graph.keys.iter().filter(|key| key.subject == group).count(), 1);
    assert_eq!(graph.nodes[group.index()], None);
    let node = graph.nodes[entity("trade-ministry").index()].unwrap();
    assert_eq!(graph.graph.neighbors_undirected(node).count(), 2);
}

#[test]
fn a_symmetric_relation_is_one_edge_for_both_directions() {
    let graph = graph();
    let berg = graph.nodes[entity("anna-berg").index()].unwrap();
    let dorn = graph.nodes[entity("carl-dorn").index()].unwrap();
    let met: Vec<_> = graph
        .graph
        .edges_connecting(berg, dorn)
        .filter(|e| &*e.weight().label == "meet with")
        .collect();
    assert_eq!(met.len(), 1);
    assert_eq!(graph.support(met[0].weight()).len(), 2);
}

#[test]
fn offsets_count_code_points() {
    let graph = graph();
    let visit = graph.statements().find(|s| s.predicate == "visit").unwrap();
    let sentence = graph.sentence(&visit).unwrap();
    assert_eq!(sentence.end as usize, sentence.text.chars().count());
    assert!(sentence.text.len() > sentence.text.chars().count());
}

#[test]
fn numbers_take_their_canonical_form() {
    let check = |text: &str, expected: Option<(&str, Datatype)>| {
        assert_eq!(number(text), expected.map(|(v, d)| (v.to_owned(), d)), "{text:?}");
    };
    check("1,200", Some(("1200", Datatype::Integer)));
    check("3.50", Some(("3.5", Datatype::Decimal)));
    check("-0", Some(("0", Datatype::Integer)));
    check("4.0", Some(("4", Datatype::Decimal)));
    for no in ["", "-", ".", "1,20", ",", "007", "1.", "1e5", "12345678901234567890", "٣", "1.2.3"]
    {
        check(no, None);
    }
}

#[test]
fn only_whole_dates_and_durations_are_typed() {
    let check = |text: &str, expected: Option<(&str, Datatype)>| {
        assert_eq!(time_literal(text), expected.map(|(v, d)| (v.into(), d)), "{text:?}");
    };
    check("2024-02-29", Some(("2024-02-29", Datatype::Date)));
    check("2024-05", Some(("2024-05", Datatype::YearMonth)));
    check("2024", Some(("2024", Datatype::Year)));
    check("PT2H30M", Some(("PT2H30M", Datatype::Duration)));
    check("P2W", Some(("P14D", Datatype::Duration)));
    check("P18M", Some(("P1Y6M", Datatype::Duration)));
    check("PT36H", Some(("P1DT12H", Datatype::Duration)));
    check("PT0S", Some(("PT0S", Datatype::Duration)));
    for no in [
        "2023-02-29",
        "2024-W05",
        "2024-13",
        "0000",
        "P",
        "PT",
        "PXD",
        "P1DE",
        "P1D2Y",
        "é024",
        "2024-05-01/2024-06-01",
        "2024-05-02T11:43",
        "P1M1M",
        "",
    ] {
        check(no, None);
    }
}
