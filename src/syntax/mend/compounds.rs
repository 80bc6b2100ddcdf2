//! "fast-track", "hand-pick": a verb with a hyphen is one verb.
//!
//! Treebanks cut such words into three tokens, and parsers take the first for an adverb or an object.

use compact_str::format_compact;

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence, TokenId, Upos};

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "compounds",
    reason: "Treebanks cut a verb with a hyphen into three words, and parsers take the first for an adverb or object.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "They/PRON/4/nsubj fast/ADV/4/advmod +-/PUNCT/2/punct +tracked=track/VERB/0/root the/DET/6/det bill/NOUN/4/obj",
            after: "fast/4/compound tracked=fast-track/0/root",
        },
        MendExample {
            before: "The/DET/5/det state/NOUN/4/obl +-/PUNCT/4/punct +owned=own/VERB/5/amod bank/NOUN/0/root",
            after: "",
        },
    ],
};

/// Puts the first parts of such verbs into their lemmas.
fn apply(sentence: &mut Sentence, &MendContext { text, .. }: &MendContext) {
    for verb in 2..sentence.tokens.len() {
        if is_compound(sentence, text, verb) {
            let first = sentence.tokens[verb - 2].form(text).to_lowercase();
            let lemma = format_compact!("{first}-{}", sentence.tokens[verb].lemma);
            sentence.tokens[verb].lemma = lemma;
            sentence.hang(verb - 2, verb, Deprel::Compound);
        }
    }
}

/// A verb with a subject or object of its own ("state-owned" is an adjective), right behind a word
/// and a hyphen.
fn is_compound(sentence: &Sentence, text: &str, verb: usize) -> bool {
    let [first, hyphen, last] = [verb - 2, verb - 1, verb].map(|token| &sentence.tokens[token]);
    let side_by_side = first.span.end == hyphen.span.start && hyphen.span.end == last.span.start;
    last.upos == Upos::Verb
        && !matches!(last.deprel, Deprel::Amod | Deprel::Compound)
        && first.deprel != Deprel::Compound
        && side_by_side
        && hyphen.span.of(text) == "-"
        && !matches!(first.upos, Upos::Propn | Upos::Num | Upos::Punct)
        && first.head == Some(TokenId::from(verb))
        && !sentence
            .tokens
            .iter()
            .any(|token| token.head == Some(TokenId::from(verb - 2)) && token.upos != Upos::Punct)
}
