//! "the arrival of Yousef Qandil *in Geneva*": a happening has a place, a person has none.

use super::{Mend, MendContext};
use crate::document::{Deprel, Label, Sentence, Upos};
use crate::resource::lexicon::NominalizationKind;

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "event-places",
    reason: "Parsers hang a place on the person behind \"of\", though it is that of the happening.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "the/DET/2/det arrival/NOUN/7/nsubj of/ADP/4/case [PERSON Ana/PROPN/2/nmod ] in/ADP/6/case Oslo/PROPN/4/nmod \
                     surprised/VERB/0/root us/PRON/7/obj",
            after: "Oslo/2/nmod",
        },
        MendExample {
            before: "the/DET/2/det brother/NOUN/7/nsubj of/ADP/4/case [PERSON Ana/PROPN/2/nmod ] in/ADP/6/case Oslo/PROPN/4/nmod \
                     surprised/VERB/0/root us/PRON/7/obj",
            after: "",
        },
    ],
};

/// Hangs such places on the happening.
fn apply(sentence: &mut Sentence, &MendContext { text, lexicon }: &MendContext) {
    for place in 2..sentence.tokens.len() {
        let tokens = &sentence.tokens;
        let is_nmod = |token: usize| tokens[token].deprel == Deprel::Nmod;
        let above = |token: usize| tokens[token].head.map(|head| head.index());
        let Some(person) = above(place).filter(|&person| is_nmod(place) && is_nmod(person)) else {
            continue;
        };
        let Some(event) = above(person) else { continue };
        let case = |token: usize| {
            let mut cases = sentence.children(token);
            cases
                .find(|&child| tokens[child].deprel == Deprel::Case)
                .map(|case| tokens[case].form(text))
        };
        let is_person = sentence
            .names
            .iter()
            .any(|name| name.label == Label::Person && name.tokens.contains(&person));
        let is_event = tokens[event].upos == Upos::Noun
            && lexicon
                .nominalization(&tokens[event].lemma)
                .is_some_and(|it| matches!(it.kind, NominalizationKind::Event));
        if is_person
            && is_event
            && case(person) == Some("of")
            && matches!(case(place), Some("in" | "at" | "from" | "to" | "near"))
        {
            sentence.hang(place, event, Deprel::Nmod);
        }
    }
}
