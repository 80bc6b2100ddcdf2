use super::*;
use crate::document::{Analysis, Sentence};
use crate::testing::{page, world};

const ONTOLOGY: &str = include_str!("../../ontology/newsgraph.ttl");

/// One document a slice of sentences; `slug class: aliases` of the entities with a name.
fn resolve(documents: &[&[&str]]) -> Vec<String> {
    let resolution = resolution(documents);
    let ontology = Ontology::read("newsgraph.ttl", ONTOLOGY).unwrap();
    let named = resolution.entities.iter().filter(|entity| entity.named);
    named
        .map(|e| format!("{} {}: {}", e.slug, ontology[e.class].name, e.aliases.join("; ")))
        .collect()
}

fn resolution(documents: &[&[&str]]) -> Resolution {
    let (gazetteer, lexicon) = world();
    let ontology = Ontology::read("newsgraph.ttl", ONTOLOGY).unwrap();
    let readings: Vec<Reading> =
        documents.iter().map(|sentences| reading(sentences, &gazetteer, &lexicon)).collect();
    entities(&readings, &ontology, &gazetteer, &lexicon)
}

fn reading(sentences: &[&str], gazetteer: &Gazetteer, lexicon: &Lexicon) -> Reading {
    let (mut document, sentences): (_, Vec<Sentence>) = page(sentences);
    document.id = document.text.clone();
    let mentions = crate::mention::find(&document, &sentences, &[], lexicon, gazetteer);
    let clusters = crate::coref::cluster(&document, &sentences, &mentions, lexicon, gazetteer);
    let analysis = Analysis { document, sentences, mentions, timexes: Vec::new(), clusters };
    Reading::new(analysis, Vec::new())
}

#[test]
fn one_name_in_all_its_spellings_is_one_entity() {
    let documents: [&[&str]; 4] = [
        &["[PERSON Zoë/PROPN/3/nsubj Strand/PROPN/1/flat ] sailed/VERB/0/root"],
        &["[PERSON ZOE/PROPN/3/nsubj STRAND/PROPN/1/flat ] left/VERB/0/root"],
        &["[PERSON Zo\u{eb}/PROPN/3/nsubj Stra\u{200b}nd/PROPN/1/flat ] won/VERB/0/root"],
        &["[PERSON Strand/PROPN/2/nsubj ] lost/VERB/0/root"],
    ];
    let found = resolve(&documents);
    assert_eq!(found, ["zoe-strand Person: Strand; ZOE STRAND"]);
}

#[test]
fn transliterations_join_and_other_first_names_stay_apart() {
    let documents: [&[&str]; 4] = [
        &["[PERSON Sergey/PROPN/3/nsubj Voronov/PROPN/1/flat ] sailed/VERB/0/root"],
        &["[PERSON Sergei/PROPN/3/nsubj Voronov/PROPN/1/flat ] left/VERB/0/root"],
        &["[PERSON Maria/PROPN/3/nsubj Voronov/PROPN/1/flat ] won/VERB/0/root"],
        &["[PERSON Voronov/PROPN/2/nsubj ] lost/VERB/0/root"],
    ];
    let found = resolve(&documents);
    assert_eq!(
        found,
        ["maria-voronov Person: ", "sergei-voronov Person: Sergey Voronov", "voronov Person: ",]
    );
}

#[test]
fn countries_join_by_alias_and_demonym_and_are_linked() {
    let documents: [&[&str]; 3] = [
        &["[PLACE U.S./PROPN/2/nsubj ] agreed/VERB/0/root"],
        &["the/DET/3/det [PLACE United/PROPN/3/amod States/PROPN/4/nsubj ] won/VERB/0/root"],
        &["American/ADJ/2/amod officials=official/NOUN/3/nsubj left/VERB/0/root"],
    ];
    let found = resolution(&documents);
    let country = found.entities.iter().find(|e| e.slug == "united-states").unwrap();
    assert_eq!(country.clusters.len(), 3);
    assert_eq!(country.same_as, ["http://www.wikidata.org/entity/Q30"]);
}

#[test]
fn a_type_that_contradicts_keeps_namesakes_apart() {
    let documents: [&[&str]; 2] = [
        &["[PERSON Norvik/PROPN/2/nsubj ] sailed/VERB/0/root"],
        &["[ORG Norvik/PROPN/2/nsubj Ltd/PROPN/1/flat ] grew/VERB/0/root"],
    ];
    assert_eq!(resolve(&documents), ["norvik Person: ", "norvik-ltd Company: "]);
}

#[test]
fn unnamed_things_stay_in_their_document() {
    let documents: [&[&str]; 2] = [
        &["The/DET/2/det/Definite=Def ferry/NOUN/3/nsubj sank/VERB/0/root"],
        &["The/DET/2/det/Definite=Def ferry/NOUN/3/nsubj burned/VERB/0/root"],
    ];
    let found = resolution(&documents);
    assert_eq!(found.entities.len(), 2);
    assert!(found.entities.iter().all(|e| e.slug.starts_with("ferry-") && !e.named));
}

#[test]
fn the_order_of_the_documents_makes_no_difference() {
    let documents: [&[&str]; 3] = [
        &[
            "[PERSON Liv/PROPN/3/nsubj Berg/PROPN/1/flat ] met/VERB/0/root [ORG Norvik/PROPN/3/obj ]",
        ],
        &["[PERSON Anna/PROPN/3/nsubj Berg/PROPN/1/flat ] met/VERB/0/root a/DET/5/det \
           ferry/NOUN/3/obj"],
        &["[PERSON Berg/PROPN/2/nsubj ] praised/VERB/0/root [ORG Norvik/PROPN/2/obj \
           Shipping/PROPN/3/flat ]"],
    ];
    let mut reversed = documents;
    reversed.reverse();
    let slugs = |documents: &[&[&str]]| -> Vec<String> {
        resolution(documents).entities.into_iter().map(|entity| entity.slug).collect()
    };
    assert_eq!(slugs(&documents), slugs(&reversed));
}
