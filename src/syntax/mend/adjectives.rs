//! "Two hikers are *missing*": a verb that needs an object and has none says what somebody is like.

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence, Upos};
use crate::resource::lexicon::Needs;

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "adjectives",
    reason: "Parsers take \"is missing\" for a verb without its object.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "Hikers=hiker/NOUN/3/nsubj are=be/AUX/3/aux missing=miss/VERB/0/root/VerbForm=Part ./PUNCT/3/punct",
            after: "are/3/cop missing=missing/0/root",
        },
        MendExample {
            before: "Hikers=hiker/NOUN/3/nsubj are=be/AUX/3/aux missing=miss/VERB/0/root/VerbForm=Part boots=boot/NOUN/3/obj",
            after: "",
        },
        MendExample {
            before: "Hikers=hiker/NOUN/3/nsubj are=be/AUX/3/aux leaving=leave/VERB/0/root/VerbForm=Part ./PUNCT/3/punct",
            after: "",
        },
    ],
};

/// Makes adjectives with a copula of such verbs.
fn apply(sentence: &mut Sentence, &MendContext { text, lexicon }: &MendContext) {
    for verb in 1..sentence.tokens.len() {
        if let Some(helper) = helper(sentence, text, verb)
            && lexicon.needs(&sentence.tokens[verb].lemma) == Some(Needs::Object)
        {
            let form = sentence.tokens[verb].span.of(text).to_lowercase();
            sentence.tokens[helper].deprel = Deprel::Cop;
            let token = &mut sentence.tokens[verb];
            token.upos = Upos::Adj;
            token.lemma = form.into();
        }
    }
}

/// The "be" before a participle in "-ing" without an object, if it is the last helper.
fn helper(sentence: &Sentence, text: &str, verb: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    if tokens[verb].upos != Upos::Verb || !tokens[verb].span.of(text).ends_with("ing") {
        return None;
    }
    let governs = |child: usize| {
        matches!(
            tokens[child].deprel,
            Deprel::Obj | Deprel::Iobj | Deprel::Ccomp | Deprel::Xcomp | Deprel::CompoundPrt
        )
    };
    let helper = sentence
        .children(verb)
        .filter(|&child| tokens[child].deprel == Deprel::Aux && tokens[child].lemma == "be")
        .last()?;
    (!sentence.children(verb).any(governs)).then_some(helper)
}
