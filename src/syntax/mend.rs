//! Trees mended where the order of the words shows what the parser missed.
//!
//! Each mend is a file: a name, a reason, a function that changes a sentence where it finds its
//! pattern, and sentences before and after that the tests run. [`ALL`] is their order, which matters
//! where one makes what the next one looks for:
//!
//! 1. what one noun is (`hyphens`), since titles and names are looked for among nouns;
//! 2. what belongs to a name (`flat-names`, `roles`, `nearest-name`, `titles`, `titled-names`, `ages`), since a name's
//!    head is what others hang on;
//! 3. what marks a clause (`markers`) and what is said (`contents`), what the sentence is about (`predicates`,
//!    `adjectives`), what is inserted and who says it (`inserted-speech`, `inverted-speech`, `circumstances`, `said-when`,
//!    `added-clauses`, `absolutes`), which moves whole clauses;
//! 4. what hangs on a noun (`appositions`, `event-places`), then verbs and prepositions of several words (`compounds`,
//!    `prepositions`, `terms`), then what a noun (`noun-infinitives`) and what a verb governs (`arguments`).
//!
//! To mend a wrong attachment, add a file with its sentences and a line to [`ALL`]. Whatever the
//! parser says, a mended tree is a tree: one root, no circle.

mod absolutes;
mod added_clauses;
mod adjectives;
mod ages;
mod appositions;
mod arguments;
mod circumstances;
mod compounds;
mod contents;
mod event_places;
mod flat_names;
mod hyphens;
mod inserted;
mod inverted_speech;
mod markers;
mod nearest_name;
mod noun_infinitives;
mod predicates;
mod prepositions;
mod roles;
mod said_when;
mod terms;
mod titled_names;
mod titles;

use crate::document::Sentence;
use crate::resource::lexicon::Lexicon;

/// One kind of mistake that parsers make, and how it is mended.
pub struct Mend {
    /// Kebab case; `parse --mended` names it beside the words that it changed.
    pub name: &'static str,
    /// What parsers do and what is meant instead.
    pub reason: &'static str,
    apply: fn(&mut Sentence, &MendContext),
    #[cfg(test)]
    examples: &'static [MendExample],
}

/// A sentence, and what a mend changes in it.
#[cfg(test)]
struct MendExample {
    /// Words as in [`crate::testing::page`].
    before: &'static str,
    /// The words that are changed, as `form/head/deprel` or `form=lemma/head/deprel`; empty if none is.
    after: &'static str,
}

/// What mends read besides the sentence.
pub(crate) struct MendContext<'a> {
    /// The text of the document.
    pub(crate) text: &'a str,
    pub(crate) lexicon: &'a Lexicon,
}

/// All mends, in the order in which they are made.
pub const ALL: [Mend; 24] = [
    hyphens::MEND,
    flat_names::MEND,
    roles::MEND,
    nearest_name::MEND,
    titles::MEND,
    titled_names::MEND,
    ages::MEND,
    markers::MEND,
    contents::MEND,
    predicates::MEND,
    adjectives::MEND,
    inserted::MEND,
    inverted_speech::MEND,
    circumstances::MEND,
    said_when::MEND,
    added_clauses::MEND,
    absolutes::MEND,
    appositions::MEND,
    event_places::MEND,
    compounds::MEND,
    prepositions::MEND,
    terms::MEND,
    noun_infinitives::MEND,
    arguments::MEND,
];

/// Mends the trees of a document.
pub fn trees(text: &str, sentences: &mut [Sentence], lexicon: &Lexicon) {
    let context = MendContext { text, lexicon };
    for sentence in sentences {
        for mend in &ALL {
            (mend.apply)(sentence, &context);
        }
    }
}

/// As [`trees`]; returns for each sentence which mend was the last to change a token, if any did.
pub fn trees_traced(
    text: &str,
    sentences: &mut [Sentence],
    lexicon: &Lexicon,
) -> Vec<Vec<Option<&'static str>>> {
    let context = MendContext { text, lexicon };
    let traced = sentences.iter_mut().map(|sentence| {
        let mut by = vec![None; sentence.tokens.len()];
        for mend in &ALL {
            let before = sentence.tokens.clone();
            (mend.apply)(sentence, &context);
            for (at, _) in
                before.iter().zip(&sentence.tokens).enumerate().filter(|(_, (a, b))| a != b)
            {
                by[at] = Some(mend.name);
            }
        }
        by
    });
    traced.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::document::Token;
    use crate::ontology::Ontology;
    use crate::resource::Resources;
    use crate::testing::{is_tree, page};

    fn lexicon() -> Lexicon {
        let resources = Resources::embedded();
        let file = "ontology/newsgraph.ttl";
        let ontology = Ontology::read(file, &resources.text(file).unwrap()).unwrap();
        Lexicon::load(&resources, &ontology).unwrap()
    }

    /// A token as the examples write it.
    fn shown(text: &str, old: &Token, token: &Token) -> String {
        let lemma = match old.lemma == token.lemma {
            true => String::new(),
            false => format!("={}", token.lemma),
        };
        let head = token.head.map_or(0, |head| head.0 + 1);
        format!("{}{lemma}/{head}/{}", token.form(text), token.deprel)
    }

    #[test]
    fn each_mend_changes_what_its_examples_say_and_nothing_else() {
        let lexicon = lexicon();
        let mut names = BTreeSet::new();
        for mend in &ALL {
            assert!(names.insert(mend.name) && !mend.reason.is_empty(), "{}", mend.name);
            let changing = mend.examples.iter().filter(|example| !example.after.is_empty()).count();
            assert!(changing > 0, "{}: no sentence that it mends", mend.name);
            assert!(changing < mend.examples.len(), "{}: no sentence that it leaves", mend.name);
            for MendExample { before, after } in mend.examples {
                let (document, sentences) = page(&[before]);
                let text = &document.text;
                let mut sentence = sentences[0].clone();
                (mend.apply)(&mut sentence, &MendContext { text, lexicon: &lexicon });
                assert!(is_tree(&sentence), "{}: {text}", mend.name);
                let pairs = sentences[0].tokens.iter().zip(&sentence.tokens);
                let changed: Vec<String> = pairs
                    .filter(|(old, new)| old != new)
                    .map(|(old, new)| shown(text, old, new))
                    .collect();
                assert_eq!(changed.join(" "), *after, "{}: {text}", mend.name);
                let again = sentence.clone();
                (mend.apply)(&mut sentence, &MendContext { text, lexicon: &lexicon });
                assert!(sentence == again, "{}: not the same twice: {text}", mend.name);
            }
        }
    }

    #[test]
    fn the_trace_names_the_mend_of_each_word() {
        let lexicon = lexicon();
        let (document, mut sentences) = page(&[hyphens::MEND.examples[0].before]);
        let by = trees_traced(&document.text, &mut sentences, &lexicon);
        assert!(by[0].contains(&Some("hyphens")), "{by:?}");
    }
}
