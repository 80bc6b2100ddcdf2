use super::*;
use crate::testing::{page, world};

/// `kind|label|words` of all mentions.
fn found(sentences: &[&str]) -> Vec<String> {
    let (document, sentences) = page(sentences);
    let (gazetteer, lexicon) = world();
    find(&document, &sentences, &[], &lexicon, &gazetteer)
        .iter()
        .map(|m| {
            let label = m.label.map_or("-", Label::as_str);
            format!("{:?}|{label}|{}", m.kind, m.span.of(&document.text))
        })
        .collect()
}

#[test]
fn titles_and_possessive_endings_stay_outside_a_name() {
    let sentence = "[PERSON Foreign/PROPN/2/amod Minister/PROPN/3/nmod:desc Anna/PROPN/6/nmod:poss \
                    Dahl/PROPN/3/flat 's/PART/3/case ] visit/NOUN/7/nsubj surprised/VERB/0/root \
                    [ORG President/PROPN/9/nmod:desc Peter/PROPN/7/obj Berg/PROPN/9/flat ]";
    assert_eq!(
        found(&[sentence]),
        [
            "Nominal|EVENT|Foreign Minister Anna Dahl's visit",
            "Name|PERSON|Anna Dahl",
            "Name|PERSON|Peter Berg",
        ]
    );
}

#[test]
fn a_participle_behind_a_hyphen_is_no_part_of_a_name() {
    let sentence = "[PLACE Tveitvik/PROPN/3/compound -/PUNCT/1/punct based/VERB/4/amod ] \
                    [ORG Fjordline/PROPN/5/nsubj ] sailed/VERB/0/root";
    let found = found(&[sentence]);
    assert!(found.contains(&"Name|PLACE|Tveitvik".to_owned()), "{found:?}");
}

#[test]
fn the_tree_and_the_gazetteer_give_names_that_the_model_missed() {
    let sentence = "South/ADJ/2/amod Korean/ADJ/3/amod officials=official/NOUN/4/nsubj//Number=Plur \
                    left/VERB/0/root Bergen/PROPN/4/obj with/ADP/8/case Mr/PROPN/8/nmod:desc \
                    Tveit/PROPN/4/obl of/ADP/11/case Fjordline/PROPN/11/compound Ltd/PROPN/8/nmod";
    assert_eq!(
        found(&[sentence]),
        [
            "Nominal|PERSON|South Korean officials",
            "Name|NORP|South Korean",
            "Name|PLACE|Bergen",
            "Name|PERSON|Tveit",
            "Name|ORG|Fjordline Ltd",
        ]
    );
}

#[test]
fn a_title_noun_before_a_name_is_no_mention_of_its_own() {
    let sentence = "The/DET/3/det Norwegian/ADJ/3/amod leader/NOUN/5/nsubj [PERSON \
                    Liv/PROPN/3/appos ] spoke/VERB/0/root";
    assert_eq!(found(&[sentence]), ["Name|NORP|Norwegian", "Name|PERSON|Liv"]);
}

#[test]
fn pronouns_quantities_and_nested_phrases_are_found_but_no_expletives() {
    let there = "It/PRON/3/nsubj/PronType=Prs is/AUX/3/cop likely/ADJ/0/root that/SCONJ/6/mark \
                 he/PRON/6/nsubj/PronType=Prs sails=sail/VERB/3/ccomp forty/NUM/8/nummod \
                 miles=mile/NOUN/6/obj in/ADP/11/case his/PRON/11/nmod:poss/PronType=Prs \
                 ferry/NOUN/6/obl";
    assert_eq!(
        found(&[there]),
        [
            "Pronoun|PERSON|he",
            "Quantity|QUANTITY|forty miles",
            "Nominal|PRODUCT|his ferry",
            "Pronoun|PERSON|his",
        ]
    );
}

#[test]
fn one_name_has_one_type_in_a_document() {
    let sentences = [
        "[ORG Norvik/PROPN/2/nsubj ] grew/VERB/0/root",
        "[ORG Norvik/PROPN/2/nsubj ] fell/VERB/0/root",
        "[PRODUCT Norvik/PROPN/2/nsubj ] rose/VERB/0/root",
    ];
    assert_eq!(found(&sentences), ["Name|ORG|Norvik"; 3]);
}

#[test]
fn capitals_alone_make_no_name_of_what_the_model_takes_for_none() {
    let sentence = "Hurricane/PROPN/2/compound Season/PROPN/3/nsubj ended/VERB/0/root";
    assert!(found(&[sentence]).iter().all(|mention| !mention.starts_with("Name")));
}

#[test]
fn a_name_ends_where_the_model_begins_the_next() {
    let sentence = "[PERSON Anna/PROPN/0/root Dahl/PROPN/1/flat ] [PERSON Peter/PROPN/1/flat \
                    Berg/PROPN/1/flat ]";
    assert_eq!(found(&[sentence]), ["Name|PERSON|Anna Dahl", "Name|PERSON|Peter Berg"]);
}

#[test]
fn an_honorific_makes_a_person_of_any_word() {
    let sentence = "[ORG Mr/PROPN/2/nmod:desc Ferry/PROPN/3/nsubj ] visited/VERB/0/root [ORG \
                    Mr/PROPN/5/nmod:desc al/PROPN/3/obj -/PUNCT/7/punct Tamar/PROPN/5/flat ]";
    assert_eq!(found(&[sentence]), ["Name|PERSON|Ferry", "Name|PERSON|al - Tamar"]);
}

#[test]
fn what_the_model_cuts_off_a_name_belongs_to_it() {
    let sentences = [
        "[ORG Wanja/PROPN/4/nsubj ] [PERSON Helga/PROPN/1/flat Berg/PROPN/1/flat ] \
         left/VERB/0/root [ORG Norvik/PROPN/6/compound ] Shipping=shipping/NOUN/4/obj",
        "[ORG Norvik/PROPN/2/compound ] President=president/NOUN/3/nsubj sang/VERB/0/root",
    ];
    assert_eq!(
        found(&sentences),
        [
            "Name|PERSON|Wanja Helga Berg",
            "Name|ORG|Norvik Shipping",
            "Nominal|PERSON|Norvik President",
            "Name|ORG|Norvik"
        ]
    );
}

#[test]
fn two_names_that_the_model_takes_for_one_are_two() {
    let sentence = "[PERSON Anna/PROPN/0/root Dahl/PROPN/1/flat and/CCONJ/5/cc Mr/PROPN/5/nmod:desc \
                    Berg/PROPN/1/conj ] of/ADP/10/case [ORG Molde/PROPN/8/obl -/PUNCT/6/punct \
                    based/VERB/10/amod Fjordline/PROPN/10/compound Ltd/PROPN/1/nmod ]";
    let found = found(&[sentence]);
    for name in ["PERSON|Anna Dahl", "PERSON|Berg", "PLACE|Molde", "ORG|Fjordline Ltd"] {
        assert!(found.contains(&format!("Name|{name}")), "{name} {found:?}");
    }
}

#[test]
fn a_surname_that_is_a_place_as_well_is_the_person_who_is_addressed_by_it() {
    let full = "[PERSON Liv/PROPN/3/nsubj Bergen/PROPN/1/flat ] spoke/VERB/0/root";
    let addressed = "Mrs/PROPN/2/nmod:desc [PLACE Bergen/PROPN/3/nsubj ] left/VERB/0/root";
    let plain = "[PLACE Bergen/PROPN/2/nsubj ] slept/VERB/0/root";
    assert_eq!(found(&[full, plain])[1], "Name|PLACE|Bergen");
    assert_eq!(found(&[full, addressed, plain])[1..], ["Name|PERSON|Bergen"; 2]);
}

#[test]
fn addresses_and_degrees_are_no_names() {
    let sentence = "[NORP www.example.org/PROPN/3/nsubj ] [PERSON anna@example.org/PROPN/1/appos ] \
                    quoted/VERB/0/root [PERSON Anna/PROPN/3/obj Dahl/PROPN/4/flat ] ,/PUNCT/7/punct \
                    [NORP PhD/PROPN/4/appos ]";
    assert_eq!(found(&[sentence]), ["Name|PERSON|Anna Dahl"]);
}

#[test]
fn letters_of_a_law_are_no_people_and_a_company_is_nobody() {
    let sentence = "[NORP Harborites=harborite/PROPN/2/nsubj/Number=Plur ] cited/VERB/0/root the/DET/4/det \
                    [NORP HTA-2/PROPN/2/obj ] of/ADP/7/case [PERSON Velden/PROPN/7/compound \
                    Ltd/PROPN/4/nmod ]";
    assert_eq!(
        found(&[sentence]),
        ["Name|NORP|Harborites", "Name|MISC|HTA-2", "Name|ORG|Velden Ltd"]
    );
}

#[test]
fn a_role_behind_a_body_belongs_to_who_follows() {
    let sentence = "[ORG Velden/PROPN/3/compound Shipping/PROPN/3/compound Minister/PROPN/4/compound ] \
                    [PERSON Anna/PROPN/6/nsubj Dahl/PROPN/4/flat ] spoke/VERB/0/root";
    assert_eq!(found(&[sentence]), ["Name|ORG|Velden Shipping", "Name|PERSON|Anna Dahl"]);
}
