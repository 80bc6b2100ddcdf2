//! "mother-in-law", "editor-in-chief": a noun with a phrase behind hyphens is one noun.
//!
//! Treebanks cut such words into five tokens. Left so, a mother-in-law would be a mother.

use std::ops::Range;

use compact_str::format_compact;

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence, Token, TokenId, Upos};
use crate::resource::lexicon::Lexicon;

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "hyphens",
    reason: "Treebanks cut a noun with a phrase behind hyphens into five words; it is one noun.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "His/PRON/2/nmod:poss brother/NOUN/7/nsubj +-/PUNCT/6/punct +in/ADP/6/case +-/PUNCT/6/punct +law/NOUN/2/nmod left/VERB/0/root",
            after: "brother=brother-in-law/7/nsubj law/2/flat",
        },
        MendExample {
            before: "talks/NOUN/0/root -/PUNCT/5/punct in/ADP/5/case -/PUNCT/5/punct Oslo/PROPN/1/nmod",
            after: "",
        },
    ],
};

/// How many tokens such a noun has: two words, a preposition, two hyphens.
const LENGTH: usize = 5;

/// Makes such nouns one: the first word has the whole as its lemma, the others are part of it. A noun
/// that the lexicon knows is one whatever the tree, another one if its last word hangs on the first.
fn apply(sentence: &mut Sentence, &MendContext { text, lexicon }: &MendContext) {
    for first in 0..sentence.tokens.len().saturating_sub(LENGTH - 1) {
        let words = first..first + LENGTH;
        if !is_written_as_one(text, &sentence.tokens[words.clone()]) {
            continue;
        }
        let last = &sentence.tokens[words.end - 1];
        let rest = sentence.tokens[first + 1].span.to(last.span).of(text);
        if sentence.tokens[first].lemma.ends_with(rest) {
            continue;
        }
        let whole = format_compact!("{}{rest}", sentence.tokens[first].lemma);
        let below = last.head == Some(TokenId::from(first)) && last.deprel == Deprel::Nmod;
        if below || is_known(lexicon, &whole.to_lowercase()) {
            make_one(sentence, words);
            sentence.tokens[first].lemma = whole;
        }
    }
}

fn is_known(lexicon: &Lexicon, noun: &str) -> bool {
    lexicon.role(noun).is_some() || lexicon.noun_label(noun).is_some()
}

/// A noun, and right behind it hyphen, preposition, hyphen and noun.
fn is_written_as_one(text: &str, tokens: &[Token]) -> bool {
    let is_noun = |at: usize| matches!(tokens[at].upos, Upos::Noun | Upos::Propn);
    let is_hyphen = |at: usize| tokens[at].form(text) == "-";
    is_noun(0)
        && is_hyphen(1)
        && tokens[2].upos == Upos::Adp
        && is_hyphen(3)
        && is_noun(4)
        && tokens.windows(2).all(|pair| pair[0].span.end == pair[1].span.start)
}

/// Hangs the words on the first one, and whatever hangs on them.
fn make_one(sentence: &mut Sentence, words: Range<usize>) {
    let (first, last) = (words.start, words.end - 1);
    let depth = |token: usize| {
        let up = |&token: &usize| sentence.tokens[token].head.map(TokenId::index);
        std::iter::successors(Some(token), up).count()
    };
    // Nothing above the highest word hangs on any of them.
    let top = words.clone().min_by_key(|&word| depth(word)).unwrap_or(first);
    let (head, deprel) = (sentence.tokens[top].head, sentence.tokens[top].deprel);
    for token in &mut sentence.tokens {
        if token.head.is_some_and(|head| words.contains(&head.index())) {
            token.head = Some(TokenId::from(first));
        }
    }
    sentence.tokens[first].head = head;
    sentence.tokens[first].deprel = deprel;
    sentence.hang(last, first, Deprel::Flat);
    for (token, deprel) in [(1, Deprel::Punct), (2, Deprel::Case), (3, Deprel::Punct)] {
        sentence.hang(first + token, last, deprel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{is_tree, page, trees, world};

    /// Joins the words of "<noun>-in-law spoke" over all trees; says whether they became one noun where
    /// the last word hangs on the first, and where it does not.
    fn joined(noun: &str) -> [bool; 2] {
        let (_, lexicon) = world();
        let mut all = [true; 2];
        for heads @ [a, b, c, d, e, f] in trees() {
            let line = format!(
                "{noun}/NOUN/{a}/dep +-/PUNCT/{b}/punct +in/ADP/{c}/case +-/PUNCT/{d}/punct \
                 +law/NOUN/{e}/nmod spoke/VERB/{f}/dep"
            );
            let (document, mut sentences) = page(&[&line]);
            let before = sentences.clone();
            apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
            assert!(is_tree(&sentences[0]), "{heads:?}");
            let one = sentences[0].tokens[0].lemma.ends_with("-in-law")
                && (1..5).all(|token| sentences[0].is_below(token, 0))
                && sentences[0].tokens[5].head.is_none_or(|head| head.index() == 0);
            assert!(one || sentences == before, "{heads:?}");
            all[usize::from(e != 1)] &= one;
        }
        all
    }

    #[test]
    fn a_noun_with_a_phrase_behind_hyphens_is_one_if_known_or_if_the_tree_says_so() {
        assert_eq!(joined("sisters=sister"), [true, true]);
        assert_eq!(joined("gardener"), [true, false]);
    }
}
