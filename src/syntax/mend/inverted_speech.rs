//! "“It goes on,” *emphasised Kobus Harm*": whoever stands right behind a verb of saying whose content
//! comes before it is its subject.
//!
//! Parsers know this of "said" and take the person behind rarer verbs for their object.

use super::{Mend, MendContext};
use crate::document::{Deprel, Label, Sentence, Upos};
use crate::resource::lexicon::Lexicon;

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "inverted-speech",
    reason: "Parsers take the speaker behind a rare verb of saying for its object.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "It/PRON/2/nsubj goes=go/VERB/4/ccomp ,/PUNCT/2/punct lamented=lament/VERB/0/root \
                     [PERSON Mara/PROPN/4/obj Voss/PROPN/5/flat ]",
            after: "Mara/4/nsubj",
        },
        MendExample {
            before: "They/PRON/2/nsubj lamented=lament/VERB/0/root [PERSON Mara/PROPN/2/obj Voss/PROPN/3/flat ]",
            after: "",
        },
    ],
};

/// Makes such persons and bodies subjects.
fn apply(sentence: &mut Sentence, page: &MendContext) {
    for verb in 2..sentence.tokens.len() {
        if let Some(speaker) = speaker(sentence, page, verb) {
            sentence.hang(speaker, verb, Deprel::Nsubj);
        }
    }
}

/// The object right behind a verb of saying that has no subject and whose content stands before it.
fn speaker(
    sentence: &Sentence,
    &MendContext { text, lexicon }: &MendContext,
    verb: usize,
) -> Option<usize> {
    let tokens = &sentence.tokens;
    let before = tokens[verb - 1].form(text);
    if tokens[verb].upos != Upos::Verb
        || !matches!(before, "," | "\"" | "”" | "’" | "?" | "!" | "'")
        || !lexicon.speaks(&tokens[verb].lemma)
    {
        return None;
    }
    let content = tokens[verb].deprel == Deprel::Parataxis
        || sentence.children(verb).any(|at| at < verb && tokens[at].deprel == Deprel::Ccomp);
    let has_subject = sentence.children(verb).any(|at| tokens[at].deprel == Deprel::Nsubj);
    let object = sentence
        .children(verb)
        .find(|&at| at > verb && matches!(tokens[at].deprel, Deprel::Obj | Deprel::Iobj))?;
    let adjacent = (verb + 1..object).all(|at| sentence.is_below(at, object));
    (content && !has_subject && adjacent && is_somebody(sentence, lexicon, object))
        .then_some(object)
}

fn is_somebody(sentence: &Sentence, lexicon: &Lexicon, word: usize) -> bool {
    match sentence.name_at(word) {
        Some(name) => matches!(name.label, Label::Person | Label::Org),
        None => lexicon.denotes_person(&sentence.tokens[word].lemma.to_lowercase()),
    }
}
