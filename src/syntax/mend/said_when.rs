//! "told reporters *on Monday* the mill had closed": what stands between a verb of saying and the subject of a content without
//! "that" belongs to the verb.
//!
//! Parsers hang it on the content, so that the mill closed on Monday, and the words of the content begin with "on Monday".

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence, Upos};
use crate::resource::lexicon::Lexicon;

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "said-when",
    reason: "Parsers hang a circumstance of the saying on a content without \"that\".",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "She/PRON/2/nsubj said=say/VERB/0/root on/ADP/4/case Monday/PROPN/7/obl it/PRON/7/nsubj had/AUX/7/aux closed=close/VERB/2/ccomp",
            after: "Monday/2/obl",
        },
        MendExample {
            before: "She/PRON/2/nsubj said=say/VERB/0/root that/SCONJ/8/mark on/ADP/5/case Monday/PROPN/8/obl it/PRON/8/nsubj had/AUX/8/aux closed=close/VERB/2/ccomp",
            after: "",
        },
        MendExample {
            before: "She/PRON/2/nsubj said=say/VERB/0/root on/ADP/4/case Monday/PROPN/8/obl ,/PUNCT/8/punct it/PRON/8/nsubj had/AUX/8/aux closed=close/VERB/2/ccomp",
            after: "",
        },
    ],
};

fn apply(sentence: &mut Sentence, &MendContext { text, lexicon }: &MendContext) {
    for content in 3..sentence.tokens.len() {
        let Some(speech) = speech(sentence, text, lexicon, content) else { continue };
        for circumstance in circumstances(sentence, speech, content) {
            let deprel = sentence.tokens[circumstance].deprel;
            sentence.hang(circumstance, speech, deprel);
        }
    }
}

/// The verb of saying before a content without a conjunction, if nothing parts them.
fn speech(sentence: &Sentence, text: &str, lexicon: &Lexicon, content: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    if tokens[content].deprel != Deprel::Ccomp {
        return None;
    }
    let speech = tokens[content].head?.index();
    let subject = sentence.children(content).find(|&child| {
        speech < child
            && child < content
            && matches!(tokens[child].deprel, Deprel::Nsubj | Deprel::NsubjPass)
    })?;
    let conjunction = sentence
        .children(content)
        .any(|child| child < content && matches!(tokens[child].deprel, Deprel::Mark));
    let parted = (speech..subject).any(|token| {
        tokens[token].upos == Upos::Punct || tokens[token].form(text).eq_ignore_ascii_case("that")
    });
    let says = tokens[speech].upos == Upos::Verb && lexicon.stance(&tokens[speech].lemma).is_some();
    (says && !conjunction && !parted).then_some(speech)
}

/// Phrases below the content that stand before its subject.
fn circumstances(sentence: &Sentence, speech: usize, content: usize) -> Vec<usize> {
    let tokens = &sentence.tokens;
    let subject = sentence.children(content).find(|&child| {
        speech < child && matches!(tokens[child].deprel, Deprel::Nsubj | Deprel::NsubjPass)
    });
    let before = subject.unwrap_or(content);
    sentence
        .children(content)
        .filter(|&child| {
            speech < child
                && child < before
                && matches!(tokens[child].deprel, Deprel::Obl | Deprel::OblUnmarked)
        })
        .collect()
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
                "said=say/VERB/{a}/root on/ADP/{b}/case Monday/PROPN/{c}/obl it/PRON/{d}/nsubj closed=close/VERB/{e}/ccomp"
            );
            let (document, mut sentences) = page(&[&line]);
            apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
            assert!(is_tree(&sentences[0]), "{heads:?}");
        }
    }
}
