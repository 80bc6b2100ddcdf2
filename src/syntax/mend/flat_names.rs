//! "Rui Falk and Mara *Jo* Voss": a word inside a name hangs inside it.
//!
//! Parsers hang the middle word of a name on a name further on. Where the name finder sees one name, its
//! words belong together.

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence};

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "flat-names",
    reason: "Parsers hang a word in the middle of a name on another name.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "[PERSON Mara/PROPN/0/root Jo/PROPN/5/flat Voss/PROPN/1/flat ] and/CCONJ/5/cc \
                     [PERSON Rui/PROPN/1/conj Falk/PROPN/5/flat ]",
            after: "Jo/1/flat",
        },
        MendExample {
            before: "[PERSON Mara/PROPN/0/root Jo/PROPN/1/flat Voss/PROPN/1/flat ] and/CCONJ/5/cc \
                     [PERSON Rui/PROPN/1/conj Falk/PROPN/5/flat ]",
            after: "",
        },
    ],
};

/// Hangs flat words of a name that hang outside on the name's first word.
fn apply(sentence: &mut Sentence, _: &MendContext) {
    for index in 0..sentence.names.len() {
        let words = sentence.names[index].tokens.clone();
        let (first, end) = (words.start, words.end.min(sentence.tokens.len()));
        for word in first + 1..end {
            let token = &sentence.tokens[word];
            let strays = token.head.is_some_and(|head| !words.contains(&head.index()));
            if token.deprel == Deprel::Flat && strays && !sentence.is_below(first, word) {
                sentence.hang(word, first, Deprel::Flat);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{is_tree, page, trees, world};

    #[test]
    fn a_tree_stays_a_tree() {
        let (_, lexicon) = world();
        for heads @ [a, b, c, d, e] in trees() {
            let line = format!(
                "[PERSON Mara/PROPN/{a}/flat Jo/PROPN/{b}/flat Voss/PROPN/{c}/flat ] \
                 [PERSON Rui/PROPN/{d}/flat Falk/PROPN/{e}/flat ]"
            );
            let (document, mut sentences) = page(&[&line]);
            apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
            assert!(is_tree(&sentences[0]), "{heads:?}");
        }
    }
}
