//! "Reports that she had left *are false*": an adjective with a copula is a predicate.
//!
//! Where a long clause stands between a noun and its predicate, parsers take the noun for the root and the
//! adjective for an apposition or a clause of it. The adjective takes the noun's place, and the noun is its subject.

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence, TokenId, Upos};

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "predicates",
    reason: "Parsers take an adjective with a copula, far behind its subject, for something said of it.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "Reports=report/NOUN/0/root that/SCONJ/4/mark she/PRON/4/nsubj left=leave/VERB/1/acl \
                     are=be/AUX/6/cop/VerbForm=Fin false/ADJ/1/appos ./PUNCT/1/punct",
            after: "Reports/6/nsubj false/0/root ./6/punct",
        },
        MendExample {
            before: "Reports=report/NOUN/0/root ,/PUNCT/3/punct false/ADJ/1/appos ,/PUNCT/3/punct",
            after: "",
        },
    ],
};

/// Exchanges such nouns and adjectives.
fn apply(sentence: &mut Sentence, _: &MendContext) {
    for adjective in 1..sentence.tokens.len() {
        if let Some(noun) = subject(sentence, adjective) {
            exchange(sentence, noun, adjective);
        }
    }
}

/// The noun that an adjective with a finite copula of its own, but without a subject, hangs on.
fn subject(sentence: &Sentence, adjective: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let loose = matches!(
        tokens[adjective].deprel,
        Deprel::Acl | Deprel::Appos | Deprel::Ccomp | Deprel::Dep | Deprel::Parataxis
    );
    if tokens[adjective].upos != Upos::Adj || !loose {
        return None;
    }
    let noun = tokens[adjective].head?.index();
    let own = |deprel: Deprel| sentence.children(adjective).find(|&at| tokens[at].deprel == deprel);
    let copula = own(Deprel::Cop)?;
    let finite = tokens[copula].feat("VerbForm") == Some("Fin");
    let free = own(Deprel::Nsubj).is_none() && own(Deprel::Mark).is_none();
    (finite && free && noun < copula && tokens[noun].upos == Upos::Noun).then_some(noun)
}

/// The adjective takes the place of the noun; punctuation behind it goes with it.
fn exchange(sentence: &mut Sentence, noun: usize, adjective: usize) {
    sentence.tokens[adjective].head = sentence.tokens[noun].head;
    sentence.tokens[adjective].deprel = sentence.tokens[noun].deprel;
    sentence.hang(noun, adjective, Deprel::Nsubj);
    for mark in adjective + 1..sentence.tokens.len() {
        let token = &mut sentence.tokens[mark];
        if token.deprel == Deprel::Punct && token.head == Some(TokenId::from(noun)) {
            token.head = Some(TokenId::from(adjective));
        }
    }
}
