//! "Police say the fire began *after a pipe burst*": a circumstance that follows right on what is said is part of it.
//!
//! Parsers hang such a clause on the verb of saying, as if police spoke after the pipe burst. Clauses of the same time
//! ("as she left", "while", "when") can belong to either and stay; so does what stands behind a comma or quotation mark.

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence, Upos};

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "circumstances",
    reason: "Parsers hang a circumstance of what is said on the verb of saying.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "Police/NOUN/2/nsubj say/VERB/0/root it/PRON/4/nsubj began=begin/VERB/2/ccomp after/SCONJ/7/mark pipes=pipe/NOUN/7/nsubj \
                     burst/VERB/2/advcl ./PUNCT/2/punct",
            after: "burst/4/advcl",
        },
        MendExample {
            before: "Police/NOUN/2/nsubj say/VERB/0/root it/PRON/4/nsubj began=begin/VERB/2/ccomp ,/PUNCT/8/punct after/SCONJ/8/mark \
                     pipes=pipe/NOUN/8/nsubj burst/VERB/2/advcl",
            after: "",
        },
        MendExample {
            before: "She/PRON/2/nsubj said=say/VERB/0/root it/PRON/4/nsubj began=begin/VERB/2/ccomp as/SCONJ/7/mark he/PRON/7/nsubj left=leave/VERB/2/advcl",
            after: "",
        },
    ],
};

/// Hangs such clauses on what is said.
fn apply(sentence: &mut Sentence, &MendContext { lexicon, .. }: &MendContext) {
    for verb in 3..sentence.tokens.len() {
        let tokens = &sentence.tokens;
        let Some(speech) = tokens[verb].head.map(|head| head.index()) else { continue };
        if tokens[verb].deprel != Deprel::Advcl || lexicon.stance(&tokens[speech].lemma).is_none() {
            continue;
        }
        if let Some(content) = content_before(sentence, speech, verb) {
            sentence.hang(verb, content, Deprel::Advcl);
        }
    }
}

/// The content of a verb of saying whose last word stands right before a circumstance.
fn content_before(sentence: &Sentence, speech: usize, verb: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let content = sentence
        .children(speech)
        .find(|&child| tokens[child].deprel == Deprel::Ccomp && speech < child && child < verb)?;
    let first = (content..verb).find(|&token| sentence.is_below(token, verb))?;
    let marker = tokens[first].upos == Upos::Sconj
        && !matches!(&*tokens[first].lemma, "as" | "while" | "when");
    let before = first - 1;
    let adjoins = before == content || sentence.is_below(before, content);
    (marker && adjoins && tokens[before].upos != Upos::Punct).then_some(content)
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
                "said=say/VERB/{a}/root it/PRON/{b}/nsubj fell=fall/VERB/{c}/ccomp after/SCONJ/{d}/mark left=leave/VERB/{e}/advcl"
            );
            let (document, mut sentences) = page(&[&line]);
            apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
            assert!(is_tree(&sentences[0]), "{heads:?}");
        }
    }
}
