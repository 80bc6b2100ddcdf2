//! "in response to the attack", "on behalf of the farmers": a noun between two prepositions that is
//! one preposition with them (Huddleston and Pullum 2002, 7.3; `prepositions.tsv`).
//!
//! Treebanks hang what follows on the noun, as if somebody did something "in response". Here it takes
//! the noun's place, and the noun becomes a part of its preposition.

use std::borrow::Cow;

use crate::document::{Deprel, Sentence, TokenId, Upos};

use crate::resource::lexicon::Lexicon;

/// The sentence with such prepositions in one.
pub(crate) fn attach<'s>(
    sentence: Cow<'s, Sentence>,
    text: &str,
    lexicon: &Lexicon,
) -> Cow<'s, Sentence> {
    let mut fixed = sentence;
    for noun in 1..fixed.tokens.len() {
        if let Some(found) = Complex::at(&fixed, text, lexicon, noun) {
            found.hang(fixed.to_mut());
        }
    }
    fixed
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
        if !lexicon.is_preposition(&phrase) {
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
