//! "became *the third rookie* in the league *to win* ten games": the infinitive tells which one it is.
//!
//! An ordinal or a superlative opens a comparison that an infinitive closes ("the first to", "the youngest player to").
//! Parsers hang the infinitive on the verb, as what somebody wanted or did then.

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence, Upos};

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "noun-infinitives",
    reason: "Parsers hang the infinitive behind \"the first rookie\" on the verb.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "She/PRON/2/nsubj became=become/VERB/0/root the/DET/5/det third/ADJ/5/amod/NumType=Ord rookie/NOUN/2/xcomp \
                     to/PART/7/mark win/VERB/2/xcomp games=game/NOUN/7/obj",
            after: "win/5/acl",
        },
        MendExample {
            before: "She/PRON/2/nsubj left=leave/VERB/0/root the/DET/5/det third/ADJ/5/amod/NumType=Ord floor/NOUN/2/obj early/ADV/2/advmod \
                     to/PART/8/mark win/VERB/2/advcl games=game/NOUN/8/obj",
            after: "",
        },
        MendExample {
            before: "She/PRON/2/nsubj left=leave/VERB/0/root the/DET/4/det house/NOUN/2/obj to/PART/6/mark win/VERB/2/advcl",
            after: "",
        },
    ],
};

/// Hangs such infinitives on their nouns.
fn apply(sentence: &mut Sentence, _: &MendContext) {
    for verb in 2..sentence.tokens.len() {
        if let Some(noun) = noun(sentence, verb) {
            sentence.hang(verb, noun, Deprel::Acl);
        }
    }
}

/// The noun with an ordinal or superlative whose phrase ends right before the "to" of an infinitive.
fn noun(sentence: &Sentence, verb: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    if !matches!(tokens[verb].deprel, Deprel::Xcomp | Deprel::Advcl) {
        return None;
    }
    let above = tokens[verb].head?.index();
    let to = sentence.children(verb).find(|&child| {
        child < verb && tokens[child].deprel == Deprel::Mark && tokens[child].lemma == "to"
    })?;
    let last = to.checked_sub(1)?;
    let noun = sentence.children(above).find(|&noun| {
        above < noun
            && noun <= last
            && matches!(tokens[noun].deprel, Deprel::Xcomp | Deprel::Obj)
            && matches!(tokens[noun].upos, Upos::Noun | Upos::Propn | Upos::Adj)
            && (last == noun || sentence.is_below(last, noun))
    })?;
    let compared = |&child: &usize| {
        tokens[child].feat("NumType") == Some("Ord") || tokens[child].feat("Degree") == Some("Sup")
    };
    let described = sentence.children(noun).filter(|&child| tokens[child].deprel == Deprel::Amod);
    described.chain([noun]).any(|child| compared(&child)).then_some(noun)
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
                "is/VERB/{a}/root first/ADJ/{b}/amod/NumType=Ord rookie/NOUN/{c}/obj to/PART/{d}/mark win/VERB/{e}/xcomp"
            );
            let (document, mut sentences) = page(&[&line]);
            apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
            assert!(is_tree(&sentences[0]), "{heads:?}");
        }
    }
}
