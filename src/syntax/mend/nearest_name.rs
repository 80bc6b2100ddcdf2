//! "Dahl and Mara Voss, an Irish lawyer": what describes one person right behind a name describes
//! that person, not one who is named before.

use super::{Mend, MendContext};
use crate::document::{Deprel, Label, Sentence, TokenId, Upos};

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "nearest-name",
    reason: "Parsers hang what is said of one person behind a list of names on the first of them.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "[PERSON Dahl/PROPN/0/root ] and/CCONJ/3/cc [PERSON Mara/PROPN/1/conj Voss/PROPN/3/flat ] ,/PUNCT/8/punct an/DET/8/det Irish/ADJ/8/amod lawyer/NOUN/1/appos/Number=Sing",
            after: "lawyer/3/appos",
        },
        MendExample {
            before: "[PERSON Dahl/PROPN/0/root ] and/CCONJ/3/cc [PERSON Mara/PROPN/1/conj Voss/PROPN/3/flat ] ,/PUNCT/7/punct two/NUM/7/nummod lawyers=lawyer/NOUN/1/appos/Number=Plur",
            after: "",
        },
    ],
};

/// Hangs what describes one person on the name right before it.
fn apply(sentence: &mut Sentence, context: &MendContext) {
    for word in 2..sentence.tokens.len() {
        if let Some(name) = nearest(context.text, sentence, word) {
            sentence.tokens[word].head = Some(TokenId::from(name));
        }
    }
}

/// The name right before an apposition that hangs on another one.
fn nearest(text: &str, sentence: &Sentence, word: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let head = |at: usize| tokens[at].head.map(|head| head.index());
    let children = || (0..tokens.len()).filter(|&at| head(at) == Some(word));
    let one = match tokens[word].upos {
        Upos::Noun => tokens[word].feat("Number") == Some("Sing"),
        Upos::Num => true,
        _ => false,
    };
    if tokens[word].deprel != Deprel::Appos
        || !one
        || children().any(|at| tokens[at].deprel == Deprel::Conj)
    {
        return None;
    }
    let anchor = head(word).filter(|&at| person(sentence, at) == Some(at))?;
    let inside = |&at: &usize| tokens[at].deprel != Deprel::Punct;
    let start = children().find(inside).map_or(word, |first| first.min(word));
    let comma = start.checked_sub(1).filter(|&at| tokens[at].form(text) == ",")?;
    let name = person(sentence, comma.checked_sub(1)?).filter(|&name| name > anchor)?;
    // "Dahl, daughter of Mara Voss, a lawyer" may mean either.
    let mut above = Some(name);
    while let Some(at) = above.filter(|&at| at != anchor && tokens[at].deprel == Deprel::Conj) {
        above = head(at);
    }
    let member = above == Some(anchor);
    let below = std::iter::successors(above, |&at| head(at)).any(|at| at == anchor);
    (member || !below).then_some(name)
}

/// The head of the person's name that a word belongs to.
fn person(sentence: &Sentence, word: usize) -> Option<usize> {
    let mut names = sentence.names.iter().filter(|name| name.label == Label::Person);
    names.find(|name| name.tokens.contains(&word)).map(|name| sentence.head_of(&name.tokens))
}
