//! "Minister Mara Voss and *officials Lena Ost* and Ivo Ulm": a name behind a role of its own stands
//! beside the name before the role; it is no other name of it.
//!
//! Parsers take the second name for an apposition of the first, across the conjunction and the role. Then
//! the second person disappears from all statements about both.

use super::{Mend, MendContext};
use crate::document::{Deprel, Label, Sentence, TokenId, Upos};
use crate::resource::lexicon::Lexicon;

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "titled-names",
    reason: "Parsers take a name behind \"and\" and a role for an apposition of the name before.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "[PERSON Mara/PROPN/0/root Voss/PROPN/1/flat ] and/CCONJ/5/cc senior/ADJ/5/amod \
                     officials=official/NOUN/6/nmod:desc [PERSON Lena/PROPN/1/appos Ost/PROPN/6/flat ]",
            after: "and/6/cc Lena/1/conj",
        },
        MendExample {
            before: "[PERSON Mara/PROPN/0/root Voss/PROPN/1/flat ] and/CCONJ/4/cc officials=official/NOUN/5/conj \
                     [PERSON Lena/PROPN/1/appos Ost/PROPN/5/flat ]",
            after: "and/5/cc officials/5/nmod:desc Lena/1/conj",
        },
        MendExample {
            before: "the/DET/2/det office/NOUN/6/nsubj of/ADP/4/case minister/NOUN/5/nmod:desc [PERSON Voss/PROPN/2/nmod ] spoke=speak/VERB/0/root",
            after: "of/5/case",
        },
        MendExample {
            before: "[PERSON Mara/PROPN/0/root Voss/PROPN/1/flat ] ,/PUNCT/5/punct the/DET/5/det \
                     official/NOUN/6/nmod:desc [PERSON Lena/PROPN/1/appos Ost/PROPN/6/flat ]",
            after: "",
        },
    ],
};

/// Coordinates such names.
fn apply(sentence: &mut Sentence, &MendContext { lexicon, .. }: &MendContext) {
    // "the office *of* minister Mara Voss": the preposition is the name's, not the title's.
    for case in 0..sentence.tokens.len() {
        let tokens = &sentence.tokens;
        let Some(title) = tokens[case].head.map(|head| head.index()) else { continue };
        let name = tokens[title].head.map(|head| head.index());
        let is_title = tokens[title].deprel == Deprel::NmodDesc && case < title;
        let Some(name) = name.filter(|&name| is_title && title < name) else { continue };
        let has_own = sentence.children(name).any(|child| tokens[child].deprel == Deprel::Case);
        if tokens[case].deprel == Deprel::Case && !has_own {
            sentence.hang(case, name, Deprel::Case);
        }
    }
    for name in 2..sentence.tokens.len() {
        if let Some(Beside { conjunction, role, before }) = Beside::at(sentence, lexicon, name) {
            sentence.hang(conjunction, name, Deprel::Cc);
            sentence.hang(name, before, Deprel::Conj);
            if sentence.tokens[role].head == Some(TokenId::from(name)) {
                sentence.tokens[role].deprel = Deprel::NmodDesc;
            }
        }
    }
}

/// A name and what stands before its role.
struct Beside {
    conjunction: usize,
    role: usize,
    /// The name that the other one hung on.
    before: usize,
}

impl Beside {
    fn at(sentence: &Sentence, lexicon: &Lexicon, name: usize) -> Option<Self> {
        let tokens = &sentence.tokens;
        let before = tokens[name].head.filter(|_| tokens[name].deprel == Deprel::Appos)?.index();
        let is_person = |token: usize| {
            let named = sentence.name_at(token);
            named.is_some_and(|name| name.label == Label::Person)
        };
        if before > name || !is_person(name) || !is_person(before) {
            return None;
        }
        // Leftwards over the role and its adjectives to the conjunction.
        let start = sentence.name_at(name)?.tokens.start;
        let is_role = |token: usize| {
            matches!(tokens[token].upos, Upos::Noun | Upos::Propn)
                && lexicon.denotes_person(&tokens[token].lemma.to_lowercase())
        };
        let role = start.checked_sub(1).filter(|&role| role > before && is_role(role))?;
        let conjunction = (before + 1..role).rev().find(|&token| {
            !matches!(tokens[token].upos, Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num)
        })?;
        let stray = |below: usize| sentence.is_below(before, below);
        (tokens[conjunction].upos == Upos::Cconj && !stray(name) && !stray(conjunction))
            .then_some(Self { conjunction, role, before })
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
            for deprel in ["appos", "conj"] {
                let line = format!(
                    "[PERSON Dahl/PROPN/{a}/nsubj ] and/CCONJ/{b}/cc official/NOUN/{c}/nmod:desc \
                     [PERSON Voss/PROPN/{d}/{deprel} ] left/VERB/{e}/root"
                );
                let (document, mut sentences) = page(&[&line]);
                apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
                assert!(is_tree(&sentences[0]), "{heads:?}");
            }
        }
    }
}
