use super::*;
use crate::testing::{page, preferences, world};

/// The clusters with more than one mention, or members, as `words; words -> members`.
fn found(sentences: &[&str]) -> Vec<String> {
    let (document, sentences) = page(sentences);
    let (gazetteer, lexicon) = world();
    let mentions = crate::mention::find(&document, &sentences, &[], &lexicon, &gazetteer);
    let quotations = crate::syntax::quotes::find(&document.text, &sentences, &lexicon);
    let marked = Marked { sentences: &sentences, quotations: &quotations, mentions: &mentions };
    let clusters = cluster(&document, marked, &lexicon, &gazetteer, &preferences());
    let referring = (0..mentions.len())
        .filter(|&m| !matches!(mentions[m].kind, MentionKind::Timex | MentionKind::Quantity))
        .count();
    assert_eq!(clusters.iter().map(|c| c.mentions.len()).sum::<usize>(), referring);
    let words = |c: &Cluster| {
        let words = c.mentions.iter().map(|m| mentions[m.index()].span.of(&document.text));
        words.collect::<Vec<_>>().join("; ")
    };
    let shown = clusters.iter().filter(|c| c.mentions.len() > 1 || !c.members.is_empty());
    shown
        .map(|c| {
            let members: Vec<_> = c.members.iter().map(|m| words(&clusters[m.index()])).collect();
            if members.is_empty() {
                words(c)
            } else {
                format!("{} -> {}", words(c), members.join(" + "))
            }
        })
        .collect()
}

#[test]
fn surnames_titles_and_pronouns_follow_the_full_name() {
    let sentences = [
        "[PERSON Anna/PROPN/3/nsubj Dahl/PROPN/1/flat ] praised/VERB/0/root [PERSON \
         Peter/PROPN/3/obj Berg/PROPN/4/flat ] ./PUNCT/3/punct",
        "Mrs/PROPN/2/nmod:desc [PERSON Dahl/PROPN/3/nsubj ] said=say/VERB/0/root \
         she/PRON/5/nsubj/PronType=Prs admired/VERB/3/ccomp his/PRON/7/nmod:poss/PronType=Prs \
         visit/NOUN/5/obj//Number=Sing ./PUNCT/3/punct",
    ];
    assert_eq!(found(&sentences), ["Anna Dahl; Dahl; she", "Peter Berg; his"]);
}

#[test]
fn a_surname_is_used_without_its_article() {
    let sentences = [
        "[PERSON Omar/PROPN/3/nsubj al-Tamar/PROPN/1/flat ] spoke/VERB/0/root ./PUNCT/3/punct",
        "[PERSON Tamar/PROPN/2/nsubj ] left/VERB/0/root with/ADP/4/case [PERSON \
         al-Tamar/PROPN/2/obl ] ./PUNCT/2/punct",
    ];
    assert_eq!(found(&sentences), ["Omar al-Tamar; Tamar; al-Tamar"]);
}

#[test]
fn namesakes_with_other_first_names_stay_apart() {
    let sentences = [
        "[PERSON Anna/PROPN/3/nsubj Dahl/PROPN/1/flat ] met/VERB/0/root [PERSON \
         Peter/PROPN/3/obj Dahl/PROPN/4/flat ] ./PUNCT/3/punct",
        "Mr/PROPN/2/nmod:desc [PERSON Dahl/PROPN/3/nsubj ] left/VERB/0/root ./PUNCT/3/punct",
    ];
    assert_eq!(found(&sentences), ["Peter Dahl; Dahl"]);
}

#[test]
fn an_apposition_and_a_role_lead_to_the_person() {
    let sentences = [
        "[PERSON Liv/PROPN/9/nsubj Tveit/PROPN/1/flat ] ,/PUNCT/5/punct the/DET/5/det \
         president/NOUN/1/appos/Number=Sing of/ADP/7/case [PLACE Chile/PROPN/5/nmod ] \
         ,/PUNCT/5/punct spoke/VERB/0/root ./PUNCT/9/punct",
        "The/DET/2/det/Definite=Def president/NOUN/3/nsubj/Number=Sing left/VERB/0/root \
         ./PUNCT/3/punct",
    ];
    assert_eq!(found(&sentences), ["Liv Tveit; the president; The president"]);
}

#[test]
fn acronyms_demonyms_and_kinds_lead_to_the_name() {
    let sentences = [
        "The/DET/4/det [ORG Bergen/PROPN/4/compound Trade/PROPN/4/compound Forum/PROPN/8/nsubj ] \
         (/PUNCT/6/punct [MISC BTF/PROPN/4/appos ] )/PUNCT/6/punct met/VERB/0/root in/ADP/10/case \
         [PLACE Norway/PROPN/8/obl ] ./PUNCT/8/punct",
        "BTF/PROPN/2/nsubj praised/VERB/0/root the/DET/5/det/Definite=Def Norwegian/ADJ/5/amod \
         company/NOUN/2/obj/Number=Sing and/CCONJ/8/cc the/DET/8/det/Definite=Def \
         country/NOUN/5/conj/Number=Sing ./PUNCT/2/punct",
    ];
    assert_eq!(
        found(&sentences),
        ["Bergen Trade Forum; BTF; BTF", "Norway; Norwegian; the country"]
    );
}

#[test]
fn a_bare_kind_of_thing_does_not_reach_far_back() {
    let first = "The/DET/3/det/Definite=Def [ORG Velden/PROPN/3/compound ] \
                 company/NOUN/4/nsubj/Number=Sing voted/VERB/0/root ./PUNCT/4/punct";
    let then = "It/PRON/2/expl rained/VERB/0/root ./PUNCT/2/punct";
    let last = "The/DET/2/det/Definite=Def company/NOUN/3/nsubj/Number=Sing slept/VERB/0/root \
                ./PUNCT/3/punct";
    let taken_up = |page: &[&str]| found(page).iter().any(|c| c.ends_with("The company"));
    assert!(taken_up(&[first, then, last]));
    assert!(!taken_up(&[first, then, then, then, then, then, last]));
}

#[test]
fn whoever_is_thanked_is_not_the_one_who_thanks() {
    let sentences =
        ["[PERSON Anna/PROPN/3/nsubj Dahl/PROPN/1/flat ] left/VERB/0/root with/ADP/5/case \
         [PERSON Eva/PROPN/3/obl Berg/PROPN/5/flat ] ,/PUNCT/8/punct thanking/VERB/3/advcl \
         her/PRON/8/obj/PronType=Prs ./PUNCT/3/punct"];
    assert_eq!(found(&sentences), ["Eva Berg; her"]);
}

#[test]
fn two_leaders_are_the_two_that_were_named() {
    let sentences = [
        "[PERSON Anna/PROPN/3/nsubj Dahl/PROPN/1/flat ] met/VERB/0/root [PERSON \
         Peter/PROPN/3/obj Berg/PROPN/4/flat ] ./PUNCT/3/punct",
        "The/DET/3/det/Definite=Def two/NUM/3/nummod leaders=leader/NOUN/4/nsubj/Number=Plur \
         talked/VERB/0/root ./PUNCT/4/punct",
        "They/PRON/2/nsubj/PronType=Prs|Number=Plur left/VERB/0/root ./PUNCT/2/punct",
    ];
    assert_eq!(found(&sentences), ["The two leaders; They -> Anna Dahl + Peter Berg"]);
}

#[test]
fn of_more_than_two_those_are_meant_that_one_sentence_names() {
    let met = "[PERSON Anna/PROPN/3/nsubj Dahl/PROPN/1/flat ] met/VERB/0/root [PERSON \
        Peter/PROPN/3/obj Berg/PROPN/4/flat ] ./PUNCT/3/punct";
    let other =
        "[PERSON Liv/PROPN/3/nsubj Tveit/PROPN/1/flat ] watched/VERB/0/root ./PUNCT/3/punct";
    let three = "[PERSON Anna/PROPN/3/nsubj Dahl/PROPN/1/flat ] saw/VERB/0/root [PERSON \
        Peter/PROPN/3/obj Berg/PROPN/4/flat ] ,/PUNCT/7/punct [PERSON Liv/PROPN/4/conj Tveit/PROPN/7/flat ]";
    let then = "The/DET/3/det/Definite=Def two/NUM/3/nummod leaders=leader/NOUN/4/nsubj/Number=Plur \
        talked/VERB/0/root ./PUNCT/4/punct";
    assert_eq!(found(&[met, other, then]), ["The two leaders -> Anna Dahl + Peter Berg"]);
    assert_eq!(found(&[three, then]), Vec::<String>::new());
}

#[test]
fn they_may_be_two_without_a_name() {
    let sentences = [
        "Crews=crew/NOUN/2/nsubj/Number=Plur left/VERB/0/root ./PUNCT/2/punct",
        "A/DET/2/det president/NOUN/6/nsubj/Number=Sing and/CCONJ/5/cc a/DET/5/det minister/NOUN/2/conj/Number=Sing \
         came=come/VERB/0/root ./PUNCT/6/punct",
        "They/PRON/2/nsubj/PronType=Prs|Number=Plur sang/VERB/0/root ./PUNCT/2/punct",
    ];
    assert_eq!(found(&sentences), ["They -> A president + a minister"]);
}

#[test]
fn another_and_a_new_number_begin_a_new_thing() {
    let sentences = [
        "A/DET/2/det ferry/NOUN/3/nsubj/Number=Sing sank/VERB/0/root ./PUNCT/3/punct",
        "Another/DET/2/det ferry/NOUN/3/nsubj/Number=Sing passed/VERB/0/root the/DET/5/det/Definite=Def \
         ferry/NOUN/3/obj/Number=Sing ./PUNCT/3/punct",
    ];
    // The nearest fits: what "the ferry" means is open, but the two indefinite ones stay apart.
    assert_eq!(found(&sentences), ["Another ferry; the ferry"]);
}

#[test]
fn a_quotation_speaks_for_its_speaker() {
    let sentences = [
        "“/PUNCT/3/punct I/PRON/3/nsubj/PronType=Prs|Person=1 agree/VERB/6/ccomp ,/PUNCT/3/punct \
         ”/PUNCT/3/punct said=say/VERB/0/root [PERSON Anna/PROPN/6/nsubj ] ./PUNCT/6/punct",
    ];
    assert_eq!(found(&sentences), ["I; Anna"]);
}

#[test]
fn a_pronoun_may_take_up_nothing_that_was_named() {
    let sentences = [
        "The/DET/2/det/Definite=Def ministry/NOUN/3/nsubj//Number=Sing fell/VERB/0/root ./PUNCT/3/punct",
        "[PERSON Anna/PROPN/2/nsubj ] left/VERB/0/root ./PUNCT/2/punct",
        "[PERSON Peter/PROPN/2/nsubj ] left/VERB/0/root ./PUNCT/2/punct",
        "Nobody/PRON/2/nsubj liked/VERB/0/root it/PRON/2/obj/PronType=Prs ./PUNCT/2/punct",
    ];
    assert_eq!(found(&sentences), Vec::<String>::new());
}

#[test]
fn links_never_cross_types() {
    let sentences = [
        "[PERSON Bergen/PROPN/2/nsubj ] met/VERB/0/root [PERSON Liv/PROPN/2/obj \
         Bergen/PROPN/3/flat ] ./PUNCT/2/punct",
        "[ORG Oslo/PROPN/2/nsubj ] hired=hire/VERB/0/root [PERSON Bergen/PROPN/2/obj ] ./PUNCT/2/punct",
        "It/PRON/2/nsubj/PronType=Prs thrives=thrive/VERB/0/root ./PUNCT/2/punct",
    ];
    assert_eq!(found(&sentences), ["Bergen; Liv Bergen; Bergen", "Oslo; It"]);
}

#[test]
fn a_new_role_leads_to_the_only_person_of_the_sentence_before() {
    let alone =
        "[PERSON Liv/PROPN/3/nsubj Tveit/PROPN/1/flat ] arrived/VERB/0/root ./PUNCT/3/punct";
    let two = "[PERSON Liv/PROPN/3/nsubj Tveit/PROPN/1/flat ] met/VERB/0/root [PERSON \
               Peter/PROPN/3/obj Berg/PROPN/4/flat ] ./PUNCT/3/punct";
    let then = "The/DET/2/det/Definite=Def president/NOUN/3/nsubj/Number=Sing left/VERB/0/root \
                ./PUNCT/3/punct";
    assert_eq!(found(&[alone, then]), ["Liv Tveit; The president"]);
    assert_eq!(found(&[two, then]), Vec::<String>::new());
}

#[test]
fn a_group_may_be_a_company() {
    let sentences = [
        "[ORG Fjordline/PROPN/2/compound Ltd/PROPN/3/nsubj ] grew/VERB/0/root ./PUNCT/3/punct",
        "The/DET/2/det/Definite=Def group/NOUN/3/nsubj/Number=Sing hired/VERB/0/root ./PUNCT/3/punct",
    ];
    assert_eq!(found(&sentences), ["Fjordline Ltd; The group"]);
}

/// Clusters of two or more in which a mention that ends with these words stands.
fn with(sentences: &[&str], words: &str) -> Vec<String> {
    found(sentences).into_iter().filter(|c| c.split("; ").any(|m| m.ends_with(words))).collect()
}

#[test]
fn a_deputy_and_a_former_holder_are_not_the_holder() {
    let two = "President/PROPN/2/nmod:desc [PERSON Anna/PROPN/4/nsubj Dahl/PROPN/2/flat ] \
               met/VERB/0/root deputy/ADJ/6/amod president/NOUN/7/nmod:desc [PERSON \
               Peter/PROPN/4/obj Berg/PROPN/7/flat ] ./PUNCT/4/punct";
    let deputy = "The/DET/3/det/Definite=Def deputy/ADJ/3/amod president/NOUN/4/nsubj/Number=Sing \
                  left/VERB/0/root ./PUNCT/4/punct";
    let holder = "The/DET/2/det/Definite=Def president/NOUN/3/nsubj/Number=Sing left/VERB/0/root \
                  ./PUNCT/3/punct";
    let former = "The/DET/3/det/Definite=Def former/ADJ/3/amod president/NOUN/4/nsubj/Number=Sing \
                  left/VERB/0/root ./PUNCT/4/punct";
    assert_eq!(with(&[two, deputy], "deputy president"), ["Peter Berg; The deputy president"]);
    assert_eq!(with(&[two, holder], "The president"), ["Anna Dahl; The president"]);
    assert_eq!(with(&[two, former], "former president"), Vec::<String>::new());
    // Nor are two noun phrases one that differ in this alone.
    assert_eq!(found(&[former, holder]), Vec::<String>::new());
}

#[test]
fn a_portfolio_must_have_been_told() {
    let minister = "Foreign/ADJ/2/amod Minister/PROPN/3/nmod:desc [PERSON Anna/PROPN/5/nsubj \
                    Dahl/PROPN/3/flat ] spoke/VERB/0/root ./PUNCT/5/punct";
    let same = "The/DET/3/det/Definite=Def foreign/ADJ/3/amod minister/NOUN/4/nsubj/Number=Sing \
                left/VERB/0/root ./PUNCT/4/punct";
    let plain = "The/DET/2/det/Definite=Def minister/NOUN/3/nsubj/Number=Sing left/VERB/0/root \
                 ./PUNCT/3/punct";
    let other = "The/DET/3/det/Definite=Def education/NOUN/3/compound \
                 minister/NOUN/4/nsubj/Number=Sing left/VERB/0/root ./PUNCT/4/punct";
    assert_eq!(found(&[minister, same]), ["Anna Dahl; The foreign minister"]);
    assert_eq!(found(&[minister, plain]), ["Anna Dahl; The minister"]);
    assert_eq!(found(&[minister, other]), Vec::<String>::new());
}

#[test]
fn who_leads_a_body_is_not_who_leads_a_country() {
    let president = "[PERSON Liv/PROPN/6/nsubj Tveit/PROPN/1/flat ] ,/PUNCT/5/punct the/DET/5/det \
                     president/NOUN/1/appos/Number=Sing spoke/VERB/0/root ./PUNCT/6/punct";
    let of = |owner: &str| {
        format!(
            "The/DET/2/det/Definite=Def {owner}/NOUN/4/nmod:poss/Number=Sing 's/PART/2/case \
             president/NOUN/5/nsubj/Number=Sing left/VERB/0/root ./PUNCT/5/punct"
        )
    };
    assert_eq!(with(&[president, &of("country")], "president").len(), 1);
    assert_eq!(found(&[president, &of("country")])[0].split("; ").count(), 3);
    assert_eq!(found(&[president, &of("agency")]), ["Liv Tveit; the president"]);
}

#[test]
fn an_office_leads_to_a_later_name_only_if_it_is_told_soon_and_of_one_alone() {
    let office = "The/DET/2/det/Definite=Def president/NOUN/3/nsubj/Number=Sing left/VERB/0/root \
                  ./PUNCT/3/punct";
    let named = |name: &str| {
        format!(
            "[PERSON {name}/PROPN/6/nsubj Tveit/PROPN/1/flat ] ,/PUNCT/5/punct the/DET/5/det \
             president/NOUN/1/appos/Number=Sing spoke/VERB/0/root ./PUNCT/6/punct"
        )
    };
    let between = "It/PRON/2/expl rained/VERB/0/root ./PUNCT/2/punct";
    let (liv, anna) = (named("Liv"), named("Anna"));
    assert_eq!(found(&[office, &liv]), ["The president; Liv Tveit; the president"]);
    let far = [office, between, between, between, between, &liv];
    assert_eq!(found(&far), ["Liv Tveit; the president"]);
    let two = found(&[office, &liv, &anna]);
    assert!(two.iter().all(|cluster| !cluster.contains("The president")), "{two:?}");
}

#[test]
fn a_surname_is_rather_his_than_that_of_his_sister() {
    let first = "[PERSON Ivo/PROPN/3/nsubj Tveit/PROPN/1/flat ] fled/VERB/0/root ./PUNCT/3/punct";
    let wife = "His/PRON/2/nmod:poss/PronType=Prs sister/NOUN/6/nsubj/Number=Sing ,/PUNCT/4/punct \
                [PERSON Eva/PROPN/2/appos Tveit/PROPN/4/flat ] called/VERB/0/root ./PUNCT/6/punct";
    let then = "[PERSON Tveit/PROPN/2/nsubj ] left/VERB/0/root ./PUNCT/2/punct";
    let his = with(&[first, wife, then], "Tveit");
    assert!(
        his.iter().any(|cluster| cluster.starts_with("Ivo Tveit") && cluster.ends_with("Tveit"))
    );
}

#[test]
fn what_stands_behind_a_surname_is_none() {
    let sentences = [
        "[PERSON Ivo/PROPN/4/nsubj Tveit/PROPN/1/flat Jr./PROPN/1/flat ] fled/VERB/0/root \
         ./PUNCT/4/punct",
        "[PERSON Tveit/PROPN/2/nsubj ] left/VERB/0/root ./PUNCT/2/punct",
    ];
    assert_eq!(found(&sentences), ["Ivo Tveit Jr.; Tveit"]);
}

#[test]
fn a_council_is_no_company_and_a_group_no_employer_of_a_victim() {
    let company = "[ORG Fjordline/PROPN/2/nsubj ] grew/VERB/0/root ./PUNCT/2/punct";
    let the = |noun: &str| {
        format!(
            "The/DET/2/det/Definite=Def {noun}/NOUN/3/nsubj/Number=Sing left/VERB/0/root \
             ./PUNCT/3/punct"
        )
    };
    assert_eq!(found(&[company, &the("company")]), ["Fjordline; The company"]);
    assert_eq!(found(&[company, &the("council")]), Vec::<String>::new());
    let victim = "Thieves=thief/NOUN/2/nsubj/Number=Plur robbed/VERB/0/root an/DET/4/det \
                  official/NOUN/2/obj/Number=Sing from/ADP/6/case [ORG Fjordline/PROPN/4/nmod ] \
                  ./PUNCT/2/punct";
    assert_eq!(found(&[victim, &the("group")]), Vec::<String>::new());
}

#[test]
fn a_name_is_cut_to_its_first_word_only_where_that_is_its_name() {
    let short =
        |label: &str| format!("[{label} Velden/PROPN/2/nsubj ] slept/VERB/0/root ./PUNCT/2/punct");
    let long = |label: &str, second: &str| {
        format!(
            "[{label} Velden/PROPN/2/compound {second}/PROPN/3/nsubj ] grew/VERB/0/root ./PUNCT/3/punct"
        )
    };
    let one = |label, second| found(&[&long(label, second), &short(label)]).len() == 1;
    assert!(one("ORG", "Freight") && one("ORG", "Ltd") && one("PLACE", "City"));
    assert!(!one("ORG", "FWs") && !one("PLACE", "Street") && !one("PRODUCT", "Update"));
}

#[test]
fn a_noun_inside_a_name_is_not_its_head() {
    let name =
        "[PLACE Harbor/PROPN/2/compound Velden/PROPN/3/nsubj ] burned/VERB/0/root ./PUNCT/3/punct";
    let harbor = "The/DET/2/det/Definite=Def harbor/NOUN/3/nsubj/Number=Sing sank/VERB/0/root \
                  ./PUNCT/3/punct";
    let last =
        "[PLACE Velden/PROPN/2/compound Harbor/PROPN/3/nsubj ] burned/VERB/0/root ./PUNCT/3/punct";
    assert_eq!(found(&[name, harbor]), Vec::<String>::new());
    assert_eq!(found(&[last, harbor]), ["Velden Harbor; The harbor"]);
}

#[test]
fn a_husband_called_by_his_first_name_is_not_one_who_was_named_before() {
    let first = "[PERSON Peter/PROPN/3/nsubj Berg/PROPN/1/flat ] fled/VERB/0/root ./PUNCT/3/punct";
    let sister = "Her/PRON/2/nmod:poss/PronType=Prs sister/NOUN/5/nsubj/Number=Sing ,/PUNCT/4/punct \
                  [PERSON Peter/PROPN/2/appos ] left/VERB/0/root ./PUNCT/5/punct";
    assert_eq!(found(&[first, sister]), ["Her sister; Peter"]);
}

#[test]
fn a_bare_word_for_the_kind_is_not_what_somebody_owns() {
    let owner = "[ORG Fjordline/PROPN/2/nsubj ] told/VERB/0/root its/PRON/4/nmod:poss/PronType=Prs \
                 company/NOUN/2/obj/Number=Sing ./PUNCT/2/punct";
    let then = "The/DET/2/det/Definite=Def company/NOUN/3/nsubj/Number=Sing grew/VERB/0/root ./PUNCT/3/punct";
    let found = with(&[owner, then], "The company");
    assert!(found.len() == 1 && found[0].starts_with("Fjordline"), "{found:?}");
}
