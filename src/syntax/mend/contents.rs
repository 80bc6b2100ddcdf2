//! "It is asserted *that they left*": behind "it" and a passive stands what is said.

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence};

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "contents",
    reason: "What is said behind \"it is said that\" is its subject for some treebanks, and its content for others.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "It/PRON/3/expl is=be/AUX/3/aux:pass said=say/VERB/0/root that/SCONJ/6/mark they/PRON/6/nsubj left=leave/VERB/3/csubj:pass",
            after: "left/3/ccomp",
        },
        MendExample {
            before: "That/SCONJ/3/mark they/PRON/3/nsubj left=leave/VERB/5/csubj:pass is=be/AUX/5/aux:pass said=say/VERB/0/root",
            after: "",
        },
    ],
};

/// Makes contents of such subjects.
fn apply(sentence: &mut Sentence, _: &MendContext) {
    for clause in 2..sentence.tokens.len() {
        let tokens = &sentence.tokens;
        let Some(verb) = tokens[clause].head.map(|head| head.index()) else { continue };
        let is_it = |child: usize| tokens[child].deprel == Deprel::Expl && child < verb;
        if tokens[clause].deprel == Deprel::CsubjPass
            && verb < clause
            && sentence.children(verb).any(is_it)
        {
            sentence.tokens[clause].deprel = Deprel::Ccomp;
        }
    }
}
