//! "*Rather than* closing it, they sold it": what begins a clause marks it, and joins it to nothing before it.

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence};

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "markers",
    reason: "Parsers take \"rather than\" before a clause for a conjunction, though the clause is joined to nothing.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "Rather/ADV/3/cc than/ADP/1/fixed closing=close/VERB/8/advcl the/DET/5/det mill/NOUN/3/obj ,/PUNCT/3/punct \
                     they/PRON/8/nsubj sold=sell/VERB/0/root it/PRON/8/obj",
            after: "Rather/3/mark",
        },
        MendExample {
            before: "They/PRON/2/nsubj sold=sell/VERB/0/root rather/ADV/5/cc than/ADP/3/fixed closed=close/VERB/2/conj it/PRON/5/obj",
            after: "",
        },
    ],
};

/// Makes markers of conjunctions at the head of adverbial clauses.
fn apply(sentence: &mut Sentence, _: &MendContext) {
    for word in 0..sentence.tokens.len() {
        let tokens = &sentence.tokens;
        let Some(head) = tokens[word].head.map(|head| head.index()) else { continue };
        let fixed = |child: usize| tokens[child].deprel == Deprel::Fixed;
        if tokens[word].deprel == Deprel::Cc
            && word < head
            && tokens[head].deprel == Deprel::Advcl
            && sentence.children(word).any(fixed)
        {
            sentence.tokens[word].deprel = Deprel::Mark;
        }
    }
}
