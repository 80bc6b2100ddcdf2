use std::collections::BTreeSet;

use oxigraph::io::{RdfFormat, RdfParser};
use quick_xml::events::Event;
use thin_vec::thin_vec;

use super::*;
use crate::graph::fixture::{build_all, corpus, graph, ontology};

fn bytes(graph: &KnowledgeGraph, format: Format, options: &Options) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(graph, &ontology(), options, format, &mut bytes).unwrap();
    bytes
}

fn text(format: Format) -> String {
    String::from_utf8(bytes(&graph(), format, &Options::default())).unwrap()
}

/// The triples of a document as oxigraph reads them.
fn triples(format: RdfFormat, bytes: &[u8]) -> BTreeSet<String> {
    RdfParser::from_format(format)
        .for_slice(bytes)
        .map(|quad| oxigraph::model::Triple::from(quad.unwrap()).to_string())
        .collect()
}

#[test]
fn all_forms_of_rdf_hold_the_same_graph() {
    let graph = graph();
    let read = |format, as_read| triples(as_read, &bytes(&graph, format, &Options::default()));
    let turtle = read(Format::Turtle, RdfFormat::Turtle);
    assert!(turtle.len() > 200);
    assert_eq!(turtle, read(Format::NTriples, RdfFormat::NTriples));
    assert_eq!(turtle, read(Format::NQuads, RdfFormat::NQuads));
    assert_eq!(turtle, read(Format::TriG, RdfFormat::TriG));
    assert_eq!(turtle, read(Format::RdfXml, RdfFormat::RdfXml));
    let json = RdfFormat::JsonLd { profile: oxigraph::io::JsonLdProfileSet::empty() };
    assert_eq!(turtle, read(Format::JsonLd, json));
}

#[test]
fn the_reified_triples_of_rdf_1_2_are_the_statements_of_1_1() {
    let graph = graph();
    let options = Options { rdf_version: RdfVersion::V12, ..Options::default() };
    let read = |format, as_read| triples(as_read, &bytes(&graph, format, &options));
    let turtle = read(Format::Turtle, RdfFormat::Turtle);
    assert_eq!(turtle, read(Format::NTriples, RdfFormat::NTriples));
    assert_eq!(turtle, read(Format::NQuads, RdfFormat::NQuads));
    assert_eq!(turtle, read(Format::TriG, RdfFormat::TriG));
    assert_eq!(turtle, read(Format::RdfXml, RdfFormat::RdfXml));
    let reified = turtle.iter().filter(|triple| triple.contains("#reifies> <<( ")).count();
    assert_eq!(reified, graph.keys.len());
    assert!(!turtle.iter().any(|triple| triple.contains("rdf-syntax-ns#Statement")));
}

#[test]
fn no_triple_is_written_twice() {
    let lines = text(Format::NTriples);
    let unique: BTreeSet<&str> = lines.lines().collect();
    assert_eq!(unique.len(), lines.lines().count());
}

#[test]
fn the_store_gives_back_what_was_written() {
    let store = oxigraph::store::Store::new().unwrap();
    let written = text(Format::NTriples);
    store.load_from_slice(RdfFormat::NTriples, written.as_bytes()).unwrap();
    let mut dump = Vec::new();
    store
        .dump_graph_to_writer(
            oxigraph::model::GraphNameRef::DefaultGraph,
            RdfFormat::NTriples,
            &mut dump,
        )
        .unwrap();
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(lines(&written), lines(&String::from_utf8(dump).unwrap()));
}

#[test]
fn the_order_of_input_leaves_no_trace() {
    let ontology = ontology();
    let (readings, resolution) = corpus(true);
    let turned = build_all(&readings, resolution, &ontology);
    for edges in [Edges::Statement, Edges::Relation, Edges::Aggregated] {
        let options = Options { edges, ..Options::default() };
        for &format in Format::ALL {
            let (one, two) = (bytes(&graph(), format, &options), bytes(&turned, format, &options));
            assert!(one == two, "{format:?} {edges:?}");
        }
    }
}

#[test]
fn no_forbidden_character_leaves_in_any_form() {
    // Parquet is no text; it takes what CSV takes.
    let is_text =
        |format: &&Format| !matches!(format, Format::Parquet | Format::Kuzu | Format::Tables);
    for &format in Format::ALL.iter().filter(is_text) {
        let text = text(format);
        let bad = |c: char| {
            (c.is_control() && !"\n\t".contains(c))
                || "\u{202e}\u{2028}\u{feff}\u{fffe}\u{ffff}".contains(c)
        };
        assert_eq!(text.find(bad), None, "{format:?}");
        // Zed takes part in no event, and is neither a place nor an item of Wikidata.
        let lacks = matches!(format, Format::Events | Format::GeoJson | Format::QuickStatements);
        assert!(lacks || text.contains("Zed"), "{format:?}");
        for escaped in ["\\u0000", "\\u0001", "\\u0007", "&#0", "&#x0", "&#1;", "&#7;"] {
            assert!(!text.contains(escaped), "{format:?} {escaped}");
        }
    }
}

#[test]
fn only_what_a_text_says_itself_becomes_a_plain_triple() {
    let graph = graph();
    let facts = |assert| {
        let options = Options { assert, ..Options::default() };
        let text = String::from_utf8(bytes(&graph, Format::NTriples, &options)).unwrap();
        text.lines()
            .filter(|line| line.starts_with("<https://w3id.org/newsgraph/entity/"))
            .filter(|line| line.contains("With>") || line.contains("ns#attacked>"))
            .count()
    };
    // The ministers' meeting is planned, the attack is negated.
    assert_eq!(facts(Assert::None), 0);
    assert_eq!(facts(Assert::Factual), 2);
    assert_eq!(facts(Assert::Attributed), 2);
    assert_eq!(facts(Assert::All), 4);
}

#[test]
fn graphml_has_a_node_for_each_end_and_legal_ids() {
    for (edges, n) in [(Edges::Statement, 9), (Edges::Relation, 8), (Edges::Aggregated, 8)] {
        let options = Options { edges, ..Options::default() };
        let xml = String::from_utf8(bytes(&graph(), Format::GraphMl, &options)).unwrap();
        let mut reader = quick_xml::Reader::from_str(&xml);
        let (mut nodes, mut ids, mut keys) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut n_edges = 0;
        loop {
            let event = reader.read_event().unwrap();
            let (Event::Start(start) | Event::Empty(start)) = &event else {
                if matches!(event, Event::Eof) {
                    break;
                }
                continue;
            };
            let get = |name: &str| {
                let found = start.attributes().map(Result::unwrap).find(|a| a.key.as_ref() == name);
                found.map(|a| a.value.to_string()).unwrap_or_default()
            };
            match start.name().as_ref() {
                "key" => assert!(keys.insert(get("id"))),
                "node" => assert!(nodes.insert(get("id"))),
                "edge" => {
                    n_edges += 1;
                    assert!(nodes.contains(&get("source")) && nodes.contains(&get("target")));
                    let id = get("id");
                    assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c)));
                    assert!(id.starts_with(['s', 'r']) && ids.insert(id));
                }
                "data" => assert!(keys.contains(&get("key"))),
                _ => {}
            }
        }
        // Visit, planned meeting of two, attack, accompany, meet twice, speak for, sign.
        assert_eq!(n_edges, n, "{edges:?}");
        // Gephi reports keys of the whole graph as severe.
        assert!(!xml.contains("for=\"graph\""));
        assert!(!xml.contains("&gt;") && !xml.contains("]]>"));
    }
}

#[test]
fn drawings_show_things_with_a_name_and_what_else_these_are_said_to_do() {
    let options = Options { things: Things::Named, ..Options::default() };
    let drawn = |format| String::from_utf8(bytes(&graph(), format, &options)).unwrap();
    let json: serde_json::Value = serde_json::from_str(&drawn(Format::Cytoscape)).unwrap();
    let elements = |kind: &str| json["elements"][kind].as_array().unwrap().clone();
    let nodes = elements("nodes");
    let ids: Vec<_> = nodes.iter().map(|node| node["data"]["id"].as_str().unwrap()).collect();
    assert!(!ids.iter().any(|id| id.contains("treaty") || id.contains("harbor")), "{ids:?}");
    for edge in elements("edges") {
        for end in ["source", "target"] {
            assert!(ids.contains(&edge["data"][end].as_str().unwrap()), "{edge}");
        }
    }
    let zed = nodes.iter().find(|node| node["data"]["id"] == "zed-quote").unwrap();
    let said = zed["data"]["said"].as_str().unwrap();
    assert!(said.contains("sign a treaty"), "{said}");
    for format in [Format::GraphMl, Format::Gexf, Format::Dot, Format::Svg] {
        assert!(drawn(format).contains("Anna Berg"), "{format:?}");
    }
    // Tables keep all.
    assert_eq!(drawn(Format::Csv), text(Format::Csv));
    assert_eq!(drawn(Format::JsonLines), text(Format::JsonLines));
}

#[test]
fn aggregated_edges_name_their_relations_and_how_they_stand() {
    let options = Options { edges: Edges::Aggregated, ..Options::default() };
    let table = String::from_utf8(bytes(&graph(), Format::Csv, &options)).unwrap();
    let mut reader = ::csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<std::collections::BTreeMap<String, String>> =
        reader.deserialize().map(Result::unwrap).collect();
    let pairs: BTreeSet<_> = rows.iter().map(|row| (&row["Source"], &row["Target"])).collect();
    assert_eq!(pairs.len(), rows.len(), "two edges from one thing to another");
    let edge = |target: &str| rows.iter().find(|row| row["Target"] == target).unwrap();
    let attack = edge("harbor-1a2b3c");
    assert_eq!(attack["label"], "attack (negated, claimed)");
    assert_eq!((&*attack["facts"], &*attack["hearsay"]), ("0", "1"));
    assert_eq!(attack["relations"], "attack (negated, claimed): 1");
}

#[test]
fn ids_and_names_are_neither_missing_nor_ambiguous() {
    let mut graph = graph();
    for (id, entity) in graph.entities.known_mut() {
        match id.index() {
            0 => (entity.slug, entity.label) = ("nan".into(), "NA".into()),
            1 | 3 => entity.label = "Same Name".into(),
            _ => {}
        }
    }
    let mut table = Vec::new();
    let options = Options::default();
    super::csv::write_nodes(&graph, &ontology(), &options, &mut table).unwrap();
    let mut reader = ::csv::Reader::from_reader(&table[..]);
    let rows: Vec<std::collections::BTreeMap<String, String>> =
        reader.deserialize().map(Result::unwrap).collect();
    assert_eq!((&*rows[0]["Id"], &*rows[0]["label"]), ("_6Ean", "'NA"));
    let names: BTreeSet<_> = rows.iter().map(|row| &row["name"]).collect();
    assert_eq!(names.len(), rows.len());
    assert!(names.contains(&"Same Name (carl-dorn)".to_owned()), "{names:?}");
}

#[test]
fn a_group_is_written_by_its_members() {
    let lines = text(Format::JsonLines);
    let rows: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let group: Vec<_> = rows.iter().filter(|row| !row["group"].is_null()).collect();
    assert_eq!(group.len(), 2);
    assert_eq!(group[0]["subject"]["id"], "e:anna-berg");
    assert_eq!(group[1]["subject"]["id"], "e:carl-dorn");
    assert_eq!(group[0]["group"]["subject"], "The two ministers");
    assert_eq!(group[0]["place"]["label"], "Northland");
    assert_eq!(group[0]["factuality"], "planned");
    let age = rows.iter().find(|row| row["predicate"]["id"] == "ng:hasAge").unwrap();
    assert_eq!(age["object"]["datatype"], "xsd:integer");
}

#[test]
fn an_unknown_format_is_refused_with_those_that_exist() {
    let error = "xls".parse::<Format>().unwrap_err().to_string();
    assert!(error.contains("xls") && error.contains("ttl, nt, nq"), "{error}");
    for format in Format::ALL {
        assert_eq!(format.as_str().parse::<Format>().unwrap(), *format);
    }
}

#[test]
fn every_term_of_statements_is_defined() {
    let vocabulary = crate::resource::Resources::embedded().text("ontology/statement.ttl").unwrap();
    let defined = triples(RdfFormat::Turtle, vocabulary.as_bytes());
    let is_defined = |term: &str| defined.iter().any(|t| t.starts_with(&format!("<{term}> <")));
    for role in rdf::ROLES {
        assert!(is_defined(&format!("https://w3id.org/newsgraph/ns#{role}")), "{role}");
    }
    let ontology = ontology();
    for triple in text(Format::NTriples).lines() {
        let predicate = triple.split(' ').nth(1).unwrap().trim_matches(['<', '>']);
        if let Some(name) = predicate.strip_prefix(crate::ontology::NAMESPACE) {
            assert!(ontology.property(name).is_some() || is_defined(predicate), "{name}");
        }
    }
}

/// The graph of the fixture with all its texts exchanged.
fn with_texts(texts: &[String]) -> KnowledgeGraph {
    let mut graph = graph();
    let mut texts = texts.iter().cycle().cloned();
    let mut next = || texts.next().unwrap_or_default();
    for (_, entity) in graph.entities.known_mut() {
        entity.label = next().into();
        entity.aliases = thin_vec![next().into(), next().into()];
        (entity.descriptions, entity.same_as) =
            (thin_vec![next().into()], thin_vec![next().into()]);
        entity.slug.push_str(&next());
    }
    let mut statements: Vec<_> = graph.statements().collect();
    for number in 0..graph.documents.len() {
        let mut sentences = graph.sentences(number.into());
        sentences.iter_mut().for_each(|sentence| sentence.text = next().into());
        let sentences = graph.add_sentences(&sentences);
        let document = &mut graph.documents[number];
        (document.id, document.title) = (next(), Some(next()));
        (document.uri, document.publisher) = (Some(next()), Some(next()));
        document.hash.push_str(&next());
        document.sentences = sentences;
    }
    graph.keys.clear();
    for statement in &mut statements {
        (statement.predicate, statement.evidence.rule) = (next().into(), next().into());
        (statement.subject_text, statement.object_text) = (next().into(), next().into());
        statement.time = Some(next().into());
        let filler = crate::graph::Object::Literal {
            value: next().into(),
            datatype: crate::graph::Datatype::String,
        };
        statement.qualifiers =
            vec![(next().into(), filler.clone()), (next().into(), filler.clone())];
        if matches!(statement.object, crate::graph::Object::Literal { .. }) {
            statement.object = filler;
        }
        graph.push(statement);
    }
    graph
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(40))]

    #[test]
    fn no_text_breaks_a_file(texts in proptest::collection::vec(".{0,12}|[\\\\\"'<>&%#:/ \\[\\]\u{0}-\u{1f}\u{2028}]{0,8}", 31)) {
        let graph = with_texts(&texts);
        let read = |format, as_read| triples(as_read, &bytes(&graph, format, &Options::default()));
        let turtle = read(Format::Turtle, RdfFormat::Turtle);
        assert_eq!(turtle, read(Format::NTriples, RdfFormat::NTriples));
        assert_eq!(turtle, read(Format::TriG, RdfFormat::TriG));
        assert_eq!(turtle, read(Format::RdfXml, RdfFormat::RdfXml));
        for format in [Format::GraphMl, Format::Gexf] {
            let xml = String::from_utf8(bytes(&graph, format, &Options::default())).unwrap();
            let mut reader = quick_xml::Reader::from_str(&xml);
            while !matches!(reader.read_event().unwrap(), Event::Eof) {}
            let at = xml.find(|c: char| c.is_control() && c != '\n');
            assert_eq!(at.map(|at| &xml[at.saturating_sub(60)..at + 4]), None);
        }
        for format in [Format::JsonLines, Format::FollowTheMoney] {
            for line in bytes(&graph, format, &Options::default()).split(|&b| b == b'\n') {
                assert!(line.is_empty() || serde_json::from_slice::<serde_json::Value>(line).is_ok());
            }
        }
        for format in [Format::Stix, Format::Timeline, Format::GeoJson, Format::Cytoscape] {
            let text = bytes(&graph, format, &Options::default());
            assert!(serde_json::from_slice::<serde_json::Value>(&text).is_ok(), "{format:?}");
        }
    }
}
