//! "Mara Voss, 34, and *Ida Lund*, 29": a bare number set off behind a person tells the age.
//!
//! Parsers coordinate the number with the name, so that a verb does to the number what it does to the person, or
//! coordinate the next person with something further off. The number describes the name, and the next person
//! stands beside the last one.

use super::{Mend, MendContext};
use crate::document::{Deprel, Label, Sentence, Upos};

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "ages",
    reason: "Parsers coordinate the age behind a person's name with the name.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "hit=hit/VERB/0/root [PERSON Mara/PROPN/1/obj Voss/PROPN/2/flat ] ,/PUNCT/5/punct 34/NUM/2/conj ,/PUNCT/8/punct \
                     and/CCONJ/8/cc [PERSON Lund/PROPN/5/conj ] ./PUNCT/1/punct",
            after: "34/2/appos Lund/2/conj",
        },
        MendExample {
            before: "hurt=hurt/VERB/0/root [PERSON Dahl/PROPN/1/obj ] and/CCONJ/4/cc hit=hit/VERB/1/conj [PERSON Voss/PROPN/4/obj ] \
                     ,/PUNCT/7/punct 34/NUM/5/appos ,/PUNCT/10/punct and/CCONJ/10/cc [PERSON Lund/PROPN/2/conj ]",
            after: "Lund/5/conj",
        },
        MendExample {
            before: "paid=pay/VERB/0/root [PERSON Voss/PROPN/1/obj ] ,/PUNCT/5/punct 34/NUM/5/nummod crowns=crown/NOUN/2/conj ./PUNCT/1/punct",
            after: "",
        },
    ],
};

/// Hangs ages on their names, and the persons behind them on the first of the list.
fn apply(sentence: &mut Sentence, &MendContext { text, .. }: &MendContext) {
    for number in 2..sentence.tokens.len() {
        let Some(person) = bearer(sentence, text, number) else { continue };
        if !matches!(sentence.tokens[number].deprel, Deprel::Appos | Deprel::NmodUnmarked)
            || sentence.tokens[number].head.is_none_or(|head| head.index() != person)
        {
            let others: Vec<usize> = sentence
                .children(number)
                .filter(|&child| sentence.tokens[child].upos != Upos::Punct)
                .collect();
            for child in others {
                let deprel = sentence.tokens[child].deprel;
                sentence.hang(child, person, deprel);
            }
            sentence.hang(number, person, Deprel::Appos);
        }
        if let Some(next) = next_person(sentence, text, number) {
            let first = match sentence.tokens[person].deprel {
                Deprel::Conj => sentence.tokens[person].head.map_or(person, |head| head.index()),
                _ => person,
            };
            let stray = sentence.tokens[next].head.is_some_and(|head| head.index() != first);
            if stray && !sentence.is_below(first, next) {
                sentence.hang(next, first, Deprel::Conj);
            }
        }
    }
}

/// The person whose age a number between commas can be.
fn bearer(sentence: &Sentence, text: &str, number: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let form = |token: usize| tokens[token].span.of(text);
    let years = form(number).parse().is_ok_and(|years: u8| (1..=120).contains(&years));
    let closed = number + 1 == tokens.len() || tokens[number + 1].upos == Upos::Punct;
    if tokens[number].upos != Upos::Num || !years || !closed || form(number - 1) != "," {
        return None;
    }
    let name = sentence.name_at(number - 2).filter(|name| name.label == Label::Person)?;
    let person = sentence.head_of(&name.tokens);
    let last = name.tokens.end + 1 == number;
    (last && tokens[number].head.is_some() && !sentence.is_below(person, number)).then_some(person)
}

/// The person coordinated right behind an age: ", 34, and *Ida* Lund".
fn next_person(sentence: &Sentence, text: &str, number: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let comma = number + 1;
    if comma >= tokens.len() || tokens[comma].span.of(text) != "," {
        return None;
    }
    let start = comma + 1 + usize::from(tokens.get(comma + 1)?.upos == Upos::Cconj);
    let name = (start < tokens.len()).then(|| sentence.name_at(start)).flatten()?;
    let head = sentence.head_of(&name.tokens);
    let fits = name.label == Label::Person
        && name.tokens.start == start
        && tokens[head].deprel == Deprel::Conj
        && tokens[head].head.is_some_and(|above| above.index() < number);
    fits.then_some(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{is_tree, page, trees, world};

    #[test]
    fn a_tree_stays_a_tree() {
        let (_, lexicon) = world();
        for heads @ [a, b, c, d, e, f] in trees() {
            for deprel in ["conj", "appos"] {
                let line = format!(
                    "[PERSON Dahl/PROPN/{a}/nsubj ] ,/PUNCT/{b}/punct 34/NUM/{c}/{deprel} ,/PUNCT/{d}/punct \
                     [PERSON Voss/PROPN/{e}/conj ] left/VERB/{f}/root"
                );
                let (document, mut sentences) = page(&[&line]);
                apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
                assert!(is_tree(&sentences[0]), "{heads:?}");
            }
        }
    }
}
