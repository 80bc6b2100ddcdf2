use super::*;
use crate::document::{Analysis, Mention, MentionId, MentionKind, Sentence, SentenceId, Span};
use crate::statement::{Argument, Evidence, Predicate, Reading};
use crate::testing::{page, statement, world};

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
    let shelf = Shelf::of(&readings).unwrap();
    entities(&shelf, &ontology, &gazetteer, &lexicon, &Corrections::default()).unwrap()
}

fn reading(sentences: &[&str], gazetteer: &Gazetteer, lexicon: &Lexicon) -> Reading {
    let (mut document, sentences): (_, Vec<Sentence>) = page(sentences);
    document.id = document.text.clone();
    let mentions = crate::mention::find(&document, &sentences, &[], lexicon, gazetteer);
    let marked =
        crate::coref::Marked { sentences: &sentences, quotations: &[], mentions: &mentions };
    let clusters = crate::coref::cluster(
        &document,
        marked,
        lexicon,
        gazetteer,
        &crate::testing::preferences(),
    );
    let analysis = Analysis {
        document,
        sentences,
        quotations: Vec::new(),
        mentions,
        timexes: Vec::new(),
        clusters,
    };
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

/// Documents that name Liv Berg, each given as her role and the first name of whom she met: the
/// ambiguity that two such names give the corpus, and how many persons she is without any and with
/// much of it.
fn persons(documents: &[(&str, &str)]) -> (usize, [usize; 2]) {
    let (gazetteer, lexicon) = world();
    let ontology = Ontology::read("newsgraph.ttl", ONTOLOGY).unwrap();
    let readings: Vec<Reading> = documents
        .iter()
        .map(|(_, other)| {
            let sentence = format!(
                "[PERSON Liv/PROPN/3/nsubj Berg/PROPN/1/flat ] met/VERB/0/root \
                 [PERSON {other}/PROPN/3/obj Dahl/PROPN/4/flat ] today/NOUN/3/obl"
            );
            reading(&[&sentence], &gazetteer, &lexicon)
        })
        .collect();
    let world = World {
        documents: Vec::new(),
        ontology: &ontology,
        gazetteer: &gazetteer,
        lexicon: &lexicon,
    };
    let shelf = Shelf::of(&readings).unwrap();
    let (summaries, mut items, _) = items::of(&world, &shelf, &Corrections::default()).unwrap();
    let block: Vec<usize> = (0..items.len())
        .filter(|&item| items[item].fullest().first().is_some_and(|word| word == "liv"))
        .collect();
    for &item in &block {
        let (role, _) = documents[items[item].document];
        std::sync::Arc::make_mut(&mut items[item].text).roles =
            if role.is_empty() { Vec::new() } else { vec![role.to_owned()] };
    }
    let cooccurring = cooccurrence::CooccurringNames::new(&items, summaries.len(), |item| item);
    let namesakes = namesakes::Namesakes::new(&items, &cooccurring, &block);
    let joined = namesakes.join_by_evidence(&block);
    let ambiguity = namesakes.ambiguity([&joined[..]; 2].into_iter());
    (ambiguity, [0, 100].map(|ambiguity| namesakes.assign_rest(joined.clone(), ambiguity).len()))
}

#[test]
fn one_name_in_two_roles_and_among_others_is_two_persons() {
    let governor = [("governor", "Anna"), ("governor", "Anna"), ("", "Anna")];
    let analyst = [("analyst", "Peter"), ("analyst", "Peter"), ("", "Peter")];
    assert_eq!(persons(&governor), (0, [1, 1]));
    let (ambiguity, persons_of_both) = persons(&[governor, analyst].concat());
    assert!(ambiguity > 0);
    assert_eq!(persons_of_both, [2, 2]);
    let among_the_same = [("analyst", "Anna"), ("analyst", "Anna")];
    assert_eq!(persons(&[&governor[..], &among_the_same[..]].concat()).1[0], 1);
}

#[test]
fn clusters_without_evidence_go_to_the_largest_person_unless_the_name_is_ambiguous() {
    let among_others = [("governor", "Anna"), ("governor", "Anna"), ("", "Peter"), ("", "Zoe")];
    assert_eq!(persons(&among_others).1, [1, 3]);
    let beside_the_same = [("governor", "Anna"), ("governor", "Anna"), ("", "Anna"), ("", "Anna")];
    assert_eq!(persons(&beside_the_same).1, [1, 1]);
}

#[test]
fn a_cluster_without_evidence_stays_alone_between_two_of_that_name() {
    let two =
        [("governor", "Anna"), ("governor", "Anna"), ("analyst", "Peter"), ("analyst", "Peter")];
    assert_eq!(persons(&[&two[..], &[("", "Zoe")]].concat()).1, [3, 3]);
}

#[test]
fn directors_of_two_bodies_are_two_persons_though_both_are_directors() {
    let (gazetteer, lexicon) = world();
    let ontology = Ontology::read("newsgraph.ttl", ONTOLOGY).unwrap();
    let persons = |bodies: &[&str]| {
        let mut readings = Vec::new();
        for (number, body) in bodies.iter().enumerate() {
            let sentence = format!(
                "[PERSON Liv/PROPN/9/nsubj Berg/PROPN/1/flat ] ,/PUNCT/5/punct the/DET/5/det \
                 president/NOUN/1/appos of/ADP/8/case [ORG {body}/PROPN/8/compound \
                 Ltd/PROPN/5/nmod ] spoke/VERB/0/root {number}/NUM/9/obl"
            );
            let mut reading = reading(&[&sentence], &gazetteer, &lexicon);
            let text = reading.document.text.clone();
            let mention = |words: &str| {
                let named = |m: &Mention| m.kind == MentionKind::Name && m.span.of(&text) == words;
                MentionId::from(reading.mentions.iter().position(named).unwrap())
            };
            let (subject, object) = (mention("Liv Berg"), mention(&format!("{body} Ltd")));
            let start = text.find("president").unwrap() as u32;
            let trigger = Span { start, end: start + 9 };
            let evidence = Evidence {
                sentence: SentenceId::from(0),
                span: trigger,
                trigger,
                rule: "affiliation".to_owned(),
            };
            let predicate = Predicate::of_role(None, "president");
            let object = Argument::Mention(object);
            reading.statements.push(statement(subject, predicate, object, evidence));
            readings.push(reading);
        }
        let shelf = Shelf::of(&readings).unwrap();
        let found =
            entities(&shelf, &ontology, &gazetteer, &lexicon, &Corrections::default()).unwrap();
        found.entities.iter().filter(|entity| entity.label == "Liv Berg").count()
    };
    assert_eq!(persons(&["Norvik", "Norvik", "Norvik", "Norvik"]), 1);
    assert_eq!(persons(&["Norvik", "Norvik", "Fjordline", "Fjordline"]), 2);
}

#[test]
fn bodies_of_no_country_are_one_if_three_words_tell_which() {
    let council: &[&str] = &[
        "[ORG City/PROPN/2/compound Harbor/PROPN/3/compound Agency/PROPN/4/nsubj ] met/VERB/0/root",
    ];
    let norwegian: &[&str] = &["Norwegian/ADJ/4/amod [ORG City/PROPN/3/compound \
         Harbor/PROPN/4/compound Agency/PROPN/5/nsubj ] sat/VERB/0/root"];
    let again: &[&str] = &["[ORG City/PROPN/2/compound Harbor/PROPN/3/compound \
         Agency/PROPN/4/nsubj ] slept/VERB/0/root"];
    assert_eq!(resolve(&[council, again]).len(), 1);
    assert_eq!(
        resolve(&[council, again, norwegian]).iter().filter(|e| e.contains("gency")).count(),
        3
    );
}

#[test]
fn what_holds_clusters_of_one_name_together_is_told() {
    let met: &[&str] = &["[PERSON Liv/PROPN/3/nsubj Berg/PROPN/1/flat ] met/VERB/0/root \
         [PERSON Anna/PROPN/3/obj Dahl/PROPN/4/flat ]"];
    let again: &[&str] = &["[PERSON Liv/PROPN/3/nsubj Berg/PROPN/1/flat ] called/VERB/0/root \
         [PERSON Anna/PROPN/3/obj Dahl/PROPN/4/flat ]"];
    let alone: &[&str] = &["[PERSON Liv/PROPN/3/nsubj Berg/PROPN/1/flat ] left/VERB/0/root"];
    let remarks = |documents: &[&[&str]]| -> Vec<(Vec<String>, u8)> {
        let resolution = resolution(documents);
        let told = resolution.comparisons.iter().filter(|told| told.names[0] == "Liv Berg");
        told.map(|told| (told.remarks.iter().map(ToString::to_string).collect(), told.score))
            .collect()
    };
    assert_eq!(remarks(&[met, again]), [(vec!["named beside the same others".to_owned()], 98)]);
    assert_eq!(remarks(&[met, alone]), [(Vec::new(), 95)]);
}

#[test]
fn an_article_is_part_of_the_surname() {
    let documents: [&[&str]; 2] = [
        &["[PERSON Omar/PROPN/3/nsubj al-Masri/PROPN/1/flat ] sailed/VERB/0/root"],
        &["[PERSON al-Masri/PROPN/2/nsubj ] lost/VERB/0/root"],
    ];
    assert_eq!(resolve(&documents), ["omar-al-masri Person: al-Masri"]);
}

#[test]
fn bodies_of_one_country_are_one_in_any_word_order() {
    let documents: [&[&str]; 3] = [
        &[
            "Norwegian/ADJ/3/amod [ORG Fisheries/PROPN/3/compound Ministry/PROPN/4/nsubj ] met/VERB/0/root",
        ],
        &[
            "Norwegian/ADJ/2/amod [ORG Ministry/PROPN/5/nsubj of/ADP/4/case Fisheries/PROPN/2/nmod ] met/VERB/0/root",
        ],
        &[
            "Chilean/ADJ/3/amod [ORG Fisheries/PROPN/3/compound Ministry/PROPN/4/nsubj ] met/VERB/0/root",
        ],
    ];
    assert_eq!(resolve(&documents).iter().filter(|line| line.contains("inistry")).count(), 2);
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

/// Words with any part of speech, head and relation, and names over them.
fn any_sentence() -> impl proptest::strategy::Strategy<Value = String> {
    use crate::document::{Deprel, Upos};
    use proptest::prelude::*;
    let form = prop::sample::select(vec![
        "Anna",
        "Dahl",
        "the",
        "Norwegian",
        "two",
        "leaders",
        "he",
        "its",
        "they",
        "I",
        "“",
        "”",
        "(",
        ")",
        "BTF",
        "'s",
        "Oslo",
        "city",
        "of",
        "-",
        "Mr",
        "said",
        "ferry",
        "Norvik",
        "Ltd",
        "our",
        "U.S.",
        "Peter",
        "both",
        "president",
        "Ünal",
        "北京",
    ]);
    let upos = prop::sample::select(Upos::ALL);
    let deprel = prop::sample::select(Deprel::ALL);
    let feats = prop::sample::select(vec!["PronType=Prs", "Number=Plur", "Definite=Def", "_"]);
    let label = prop::sample::select(crate::document::Label::ALL);
    let word = (form, upos, deprel, feats, any::<u8>(), prop::option::weighted(0.3, label));
    prop::collection::vec(word, 1..16).prop_map(|words| {
        let mut line = String::new();
        for (index, (form, upos, deprel, feats, head, label)) in words.iter().enumerate() {
            // The first word is the root; every other hangs on one before it.
            let head = if index == 0 { 0 } else { usize::from(*head) % index + 1 };
            let word = format!("{form}/{upos}/{head}/{deprel}/{feats}");
            match label {
                Some(label) => line.push_str(&format!("[{label} {word} ] ")),
                None => line.push_str(&format!("{word} ")),
            }
        }
        line
    })
}

proptest::proptest! {
    #[test]
    fn any_tree_gives_each_mention_one_cluster_and_each_cluster_one_entity(
        sentences in proptest::collection::vec(any_sentence(), 1..6),
    ) {
        let sentences: Vec<&str> = sentences.iter().map(String::as_str).collect();
        let (gazetteer, lexicon) = world();
        let reading = reading(&sentences, &gazetteer, &lexicon);
        let mut seen = vec![0; reading.mentions.len()];
        for mention in reading.clusters.iter().flat_map(|cluster| &cluster.mentions) {
            seen[mention.index()] += 1;
        }
        for (mention, seen) in reading.mentions.iter().zip(seen) {
            let refers = !matches!(mention.kind, MentionKind::Quantity | MentionKind::Timex);
            proptest::prop_assert_eq!(seen, usize::from(refers));
        }
        let resolution = resolution(&[&sentences, &sentences[..1]]);
        let ids = resolution.entities.ids();
        let slugs: Vec<&str> = ids.map(|id| resolution.entities.slug(id)).collect();
        proptest::prop_assert!(slugs.windows(2).all(|pair| pair[0] < pair[1]));
        let n_clusters: usize = resolution.entities.iter().map(|e| e.clusters.len()).sum();
        proptest::prop_assert_eq!(n_clusters, resolution.of.iter().map(Vec::len).sum::<usize>());
    }
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
        resolution(documents).entities.iter().map(|entity| entity.slug.to_string()).collect()
    };
    assert_eq!(slugs(&documents), slugs(&reversed));
}

#[test]
fn an_acronym_needs_more_than_its_letters() {
    let long = "[ORG Baltic/PROPN/3/compound Herring/PROPN/3/compound Trust/PROPN/4/nsubj ] \
        sued/VERB/0/root [PERSON Vera/PROPN/4/obj Lind/PROPN/5/flat ]";
    let beside_the_same = "[ORG BHT/PROPN/2/nsubj ] sued/VERB/0/root \
        [PERSON Vera/PROPN/2/obj Lind/PROPN/3/flat ]";
    let alone = "[ORG BHT/PROPN/2/nsubj ] grew/VERB/0/root";
    let introduced = "[ORG Baltic/PROPN/3/compound Herring/PROPN/3/compound Trust/PROPN/7/nsubj ] \
        (/PUNCT/5/punct [ORG BHT/PROPN/3/appos ] )/PUNCT/5/punct grew/VERB/0/root";
    let trusts = |documents: &[&[&str]]| {
        let found = resolve(documents);
        found.iter().filter(|entity| !entity.contains("Person")).count()
    };
    assert_eq!(trusts(&[&[long], &[alone]]), 2);
    assert_eq!(trusts(&[&[long], &[beside_the_same]]), 1);
    assert_eq!(trusts(&[&[long], &[introduced], &[alone]]), 1);
}

#[test]
fn junior_is_another_but_bears_the_surname() {
    let senior: &[&str] = &["[PERSON Ivo/PROPN/3/nsubj Berg/PROPN/1/flat ] spoke/VERB/0/root"];
    let junior: &[&str] =
        &["[PERSON Ivo/PROPN/4/nsubj Berg/PROPN/1/flat Jr./PROPN/1/flat ] sang/VERB/0/root"];
    let surname: &[&str] = &["[PERSON Berg/PROPN/2/nsubj ] left/VERB/0/root"];
    assert_eq!(resolve(&[senior, junior]).len(), 2);
    assert_eq!(resolve(&[junior, surname]), ["ivo-berg-jr Person: Berg"]);
}

#[test]
fn a_short_name_needs_a_text_that_gives_both() {
    let long =
        "[ORG Velden/PROPN/2/compound Freight/PROPN/3/nsubj ] grew/VERB/0/root ./PUNCT/3/punct";
    let short = "[ORG Velden/PROPN/2/nsubj ] shrank/VERB/0/root ./PUNCT/2/punct";
    let companies = |documents: &[&[&str]]| resolve(documents).len();
    assert_eq!(companies(&[&[long], &[short]]), 2);
    assert_eq!(companies(&[&[long, short], &[short]]), 1);
}

#[test]
fn what_every_state_has_is_one_only_within_a_state() {
    let ministry: &[&str] = &["[ORG Ministry/PROPN/4/nsubj of/ADP/3/case Harbors/PROPN/1/nmod ] \
        met/VERB/0/root"];
    let again: &[&str] = &["[ORG Ministry/PROPN/4/nsubj of/ADP/3/case Harbors/PROPN/1/nmod ] \
        slept/VERB/0/root"];
    assert_eq!(resolve(&[ministry, again]).len(), 2);
}

#[test]
fn two_roles_among_the_same_others_are_one_person() {
    let met = |role: &'static str| [(role, "Anna"), (role, "Anna"), (role, "Anna")];
    let documents = [met("governor"), met("analyst")].concat();
    assert_eq!(persons(&documents).1[0], 1);
}

#[test]
fn a_first_name_alone_is_nobodys_surname_without_support() {
    let full: &[&str] = &["[PERSON Liv/PROPN/3/nsubj Peter/PROPN/1/flat ] spoke/VERB/0/root"];
    let alone: &[&str] = &["[PERSON Peter/PROPN/2/nsubj ] left/VERB/0/root"];
    assert_eq!(resolve(&[full, alone]).len(), 2);
    let among = "[PERSON Zoe/PROPN/3/nsubj Dahl/PROPN/1/flat ] met/VERB/0/root [PERSON Liv/PROPN/3/obj \
                 Peter/PROPN/4/flat ]";
    let again = "[PERSON Zoe/PROPN/3/nsubj Dahl/PROPN/1/flat ] met/VERB/0/root [PERSON \
                 Peter/PROPN/3/obj ]";
    assert_eq!(resolve(&[&[among], &[again]]).len(), 2);
}
