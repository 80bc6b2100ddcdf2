//! ""It is over," she said, *citing the cost*", "..., *but the cost rose*": what stands behind an inserted clause of
//! saying belongs to it, or to whoever writes.
//!
//! Parsers hang the participle on what is said, as if the elections cited somebody, and take a clause with "but" outside the
//! quotation for more of what is said.

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence, Upos};
use crate::resource::lexicon::{Lexicon, Stance};

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "added-clauses",
    reason: "Parsers hang what follows an inserted clause of saying on what is said.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "Votes=vote/NOUN/2/nsubj end/VERB/0/root ,/PUNCT/2/punct she/PRON/5/nsubj said=say/VERB/2/parataxis \
                     ,/PUNCT/7/punct citing=cite/VERB/2/advcl/VerbForm=Part clerks=clerk/NOUN/7/obj ./PUNCT/2/punct",
            after: "citing/5/advcl",
        },
        MendExample {
            before: "\"/PUNCT/2/punct Ended=end/VERB/6/ccomp ,/PUNCT/2/punct \"/PUNCT/2/punct she/PRON/6/nsubj said=say/VERB/0/root ,/PUNCT/10/punct \
                     but/CCONJ/10/cc costs=cost/NOUN/10/nsubj rose=rise/VERB/6/ccomp ./PUNCT/6/punct",
            after: "rose/6/conj",
        },
        MendExample {
            before: "\"/PUNCT/2/punct Ended=end/VERB/6/ccomp ,/PUNCT/2/punct \"/PUNCT/2/punct she/PRON/6/nsubj said=say/VERB/0/root ,/PUNCT/10/punct \
                     but/CCONJ/10/cc costs=cost/NOUN/10/nsubj rose=rise/VERB/2/conj ./PUNCT/6/punct",
            after: "rose/6/conj",
        },
        MendExample {
            before: "It/PRON/2/nsubj ended=end/VERB/0/root ,/PUNCT/2/punct she/PRON/5/nsubj said=say/VERB/2/parataxis on/ADP/7/case Friday/PROPN/2/obl",
            after: "Friday/5/obl",
        },
        MendExample {
            before: "It/PRON/2/nsubj ended=end/VERB/5/ccomp ,/PUNCT/2/punct she/PRON/5/nsubj said=say/VERB/0/root ,/PUNCT/9/punct but/CCONJ/9/cc \
                     costs=cost/NOUN/9/nsubj rose=rise/VERB/5/ccomp ./PUNCT/5/punct",
            after: "",
        },
        MendExample {
            before: "She/PRON/2/nsubj left=leave/VERB/0/root ,/PUNCT/4/punct citing=cite/VERB/2/advcl/VerbForm=Part costs=cost/NOUN/4/obj",
            after: "",
        },
    ],
};

fn apply(sentence: &mut Sentence, &MendContext { text, lexicon }: &MendContext) {
    for verb in 3..sentence.tokens.len() {
        if let Some(speech) = speech_of_participle(sentence, text, lexicon, verb) {
            sentence.hang(verb, speech, Deprel::Advcl);
        } else if let Some(speech) = speech_before_but(sentence, text, lexicon, verb) {
            sentence.hang(verb, speech, Deprel::Conj);
        } else if let Some(speech) = speech_right_before(sentence, lexicon, verb) {
            sentence.hang(verb, speech, Deprel::Obl);
        }
    }
}

fn is_speech(sentence: &Sentence, lexicon: &Lexicon, verb: usize) -> bool {
    let tokens = &sentence.tokens;
    tokens[verb].upos == Upos::Verb
        && matches!(lexicon.stance(&tokens[verb].lemma), Some(Stance::Said))
        && sentence.children(verb).any(|child| tokens[child].deprel == Deprel::Nsubj)
}

/// The inserted verb of saying before a bare participle behind a comma that hangs on what is said.
fn speech_of_participle(
    sentence: &Sentence,
    text: &str,
    lexicon: &Lexicon,
    verb: usize,
) -> Option<usize> {
    let tokens = &sentence.tokens;
    let participle = tokens[verb].upos == Upos::Verb && tokens[verb].form(text).ends_with("ing");
    if !participle || tokens[verb].deprel != Deprel::Advcl || tokens[verb - 1].form(text) != "," {
        return None;
    }
    let content = tokens[verb].head?.index();
    let bare =
        sentence.children(verb).all(|child| child > verb || tokens[child].upos == Upos::Punct);
    let speech = sentence.children(content).find(|&speech| {
        content < speech
            && speech < verb
            && tokens[speech].deprel == Deprel::Parataxis
            && is_speech(sentence, lexicon, speech)
    })?;
    // Nothing more of what is said stands between.
    let between = (speech + 1..verb).all(|token| {
        tokens[token].upos == Upos::Punct
            || sentence.is_below(token, speech)
            || sentence.is_below(token, verb)
    });
    (bare && between).then_some(speech)
}

/// The inserted verb of saying right before a phrase that hangs on what is said: "..., she said *on Friday*".
fn speech_right_before(sentence: &Sentence, lexicon: &Lexicon, noun: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    if tokens[noun].deprel != Deprel::Obl {
        return None;
    }
    let content = tokens[noun].head?.index();
    let first = (0..=noun).find(|&token| sentence.is_below(token, noun))?;
    let speech = first.checked_sub(1)?;
    let head = |token: usize| tokens[token].head.map(|head| head.index());
    let inserted = tokens[speech].deprel == Deprel::Parataxis && head(speech) == Some(content);
    let governs = tokens[content].deprel == Deprel::Ccomp && head(content) == Some(speech);
    (content < speech && (inserted || governs) && is_speech(sentence, lexicon, speech))
        .then_some(speech)
}

/// The verb of saying whose content is quoted before it, where a clause with "but" follows that is not.
fn speech_before_but(
    sentence: &Sentence,
    text: &str,
    lexicon: &Lexicon,
    verb: usize,
) -> Option<usize> {
    let tokens = &sentence.tokens;
    let above = tokens[verb].head?.index();
    let speech = match tokens[verb].deprel {
        Deprel::Ccomp | Deprel::Parataxis => above,
        // It hangs on the quoted content itself.
        Deprel::Conj if tokens[above].deprel == Deprel::Ccomp => tokens[above].head?.index(),
        _ => return None,
    };
    if speech > verb || !is_speech(sentence, lexicon, speech) {
        return None;
    }
    let conjunction = sentence
        .children(verb)
        .find(|&child| tokens[child].deprel == Deprel::Cc && (speech..verb).contains(&child))?;
    let is_mark = |token: usize| matches!(tokens[token].form(text), "\"" | "”" | "“" | "''" | "``");
    let content = sentence
        .children(speech)
        .find(|&child| child < speech && tokens[child].deprel == Deprel::Ccomp)?;
    let quoted = (content..speech).any(is_mark);
    let plain = (speech..verb).all(|token| !is_mark(token));
    (quoted && plain && tokens[conjunction - 1].form(text) == ",").then_some(speech)
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
                "Ends=end/VERB/{a}/root said=say/VERB/{b}/parataxis she/PRON/{c}/nsubj ,/PUNCT/{d}/punct citing=cite/VERB/{e}/advcl"
            );
            let (document, mut sentences) = page(&[&line]);
            apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
            assert!(is_tree(&sentences[0]), "{heads:?}");
        }
    }
}
