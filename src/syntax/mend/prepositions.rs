//! "in response to the attack", "on behalf of the farmers": a noun between two prepositions that is
//! one preposition with them (Huddleston and Pullum 2002, 7.3; `prepositions.tsv`).
//!
//! Treebanks hang what follows on the noun, as if somebody did something "in response". Here it takes
//! the noun's place, and the noun becomes a part of its preposition.

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence, TokenId, Upos};
use crate::resource::lexicon::Lexicon;

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "prepositions",
    reason: "Treebanks hang what follows \"in response to\" on the noun, as if somebody did something in a response.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "They/PRON/2/nsubj left=leave/VERB/0/root in/ADP/4/case response/NOUN/2/obl to/ADP/7/case the/DET/7/det attack/NOUN/4/nmod",
            after: "in/7/case response/3/fixed to/3/fixed attack/2/obl",
        },
        MendExample {
            before: "They/PRON/2/nsubj stood=stand/VERB/0/root in/ADP/5/case the/DET/5/det door/NOUN/2/obl to/ADP/8/case the/DET/8/det attic/NOUN/5/nmod",
            after: "",
        },
    ],
};

/// Makes such prepositions one.
fn apply(sentence: &mut Sentence, &MendContext { text, lexicon }: &MendContext) {
    for noun in 1..sentence.tokens.len() {
        if let Some(found) = Complex::at(sentence, text, lexicon, noun) {
            found.hang(sentence);
        }
    }
}

struct Complex {
    first: usize,
    noun: usize,
    /// What is introduced.
    nominal: usize,
}

impl Complex {
    fn at(sentence: &Sentence, text: &str, lexicon: &Lexicon, noun: usize) -> Option<Self> {
        let tokens = &sentence.tokens;
        let head = |at: usize| tokens[at].head.map(|head| head.index());
        let is_case = |at: usize| tokens[at].upos == Upos::Adp && tokens[at].deprel == Deprel::Case;
        if tokens[noun].upos != Upos::Noun
            || !matches!(tokens[noun].deprel, Deprel::Obl | Deprel::Nmod)
            || !tokens.get(noun + 1).is_some_and(|_| is_case(noun + 1))
        {
            return None;
        }
        let determined = tokens[noun - 1].deprel == Deprel::Det;
        let first = noun.checked_sub(1 + usize::from(determined))?;
        if !is_case(first) || head(first) != Some(noun) {
            return None;
        }
        let words = tokens[first..=noun + 1].iter().map(|token| token.form(text));
        let phrase = words.collect::<Vec<_>>().join(" ").to_lowercase();
        if !lexicon.prepositions().is_phrase(&phrase) {
            return None;
        }
        let nominal = head(noun + 1)?;
        let beside = head(nominal) == head(noun) && tokens[nominal].deprel == Deprel::Obl;
        let below = head(nominal) == Some(noun) && tokens[nominal].deprel == Deprel::Nmod;
        (below || beside).then_some(Self { first, noun, nominal })
    }

    fn hang(self, sentence: &mut Sentence) {
        let Self { first, noun, nominal } = self;
        let tokens = &mut sentence.tokens;
        for token in tokens.iter_mut() {
            if token.head == Some(TokenId::from(noun)) {
                token.head = Some(TokenId::from(nominal));
            }
        }
        tokens[nominal].head = tokens[noun].head;
        tokens[nominal].deprel = tokens[noun].deprel;
        for part in &mut tokens[first + 1..=noun + 1] {
            part.head = Some(TokenId::from(first));
            part.deprel = Deprel::Fixed;
        }
    }
}
