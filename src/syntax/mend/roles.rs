//! "*Running back* Leo Marsh did not play": a role of several words before a name is no clause.
//!
//! Parsers that do not know the role read its first word as a verb whose object is the name, so that the sentence loses
//! its subject. Roles are those of `lexicon/roles.tsv`.

use super::{Mend, MendContext};
use crate::document::{Deprel, Label, Sentence, Upos};
use crate::resource::lexicon::Lexicon;

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "roles",
    reason: "Parsers read a role of several words before a name as a verb with its object.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "Running=run/VERB/6/advcl back/ADV/1/advmod [PERSON Leo/PROPN/1/obj Marsh/PROPN/3/flat ] did=do/AUX/6/aux play/VERB/0/root",
            after: "Running/2/compound back/3/nmod:desc Leo/6/nsubj",
        },
        MendExample {
            before: "Running=run/VERB/5/advcl back/ADV/1/advmod [PERSON Leo/PROPN/5/nsubj Marsh/PROPN/3/flat ] fell=fall/VERB/0/root",
            after: "Running/2/compound back/3/nmod:desc",
        },
        MendExample {
            before: "Running=run/VERB/5/advcl home/ADV/1/advmod ,/PUNCT/5/punct [PERSON Marsh/PROPN/5/nsubj ] fell=fall/VERB/0/root",
            after: "",
        },
    ],
};

/// Hangs such roles on their names, and the names where the roles stood.
fn apply(sentence: &mut Sentence, &MendContext { text, lexicon }: &MendContext) {
    let names: Vec<(usize, usize)> = sentence
        .names
        .iter()
        .filter(|name| name.label == Label::Person && name.tokens.start >= 2)
        .map(|name| (name.tokens.start, sentence.head_of(&name.tokens)))
        .collect();
    for (start, name) in names {
        if let Some(first) = misread_role(sentence, text, lexicon, start, name) {
            mend(sentence, first, start, name);
        }
    }
}

/// The first word of a role before a name, if the name hangs on a verb in it.
fn misread_role(
    sentence: &Sentence,
    text: &str,
    lexicon: &Lexicon,
    start: usize,
    name: usize,
) -> Option<usize> {
    let tokens = &sentence.tokens;
    let first = start - 2;
    let words = format!("{} {}", tokens[first].span.of(text), tokens[first + 1].span.of(text));
    let above = tokens[name].head.map(|head| head.index());
    let clause = tokens[first].upos == Upos::Verb && tokens[first].deprel != Deprel::Amod;
    let object = above == Some(first) && tokens[first].head.is_none_or(|head| head.index() > name);
    // Also where the clause hangs on the name or on the same verb as the name.
    let beside =
        tokens[first].head.is_some_and(|head| head.index() == name || Some(head.index()) == above)
            && !sentence.is_below(name, first);
    (clause && (object || beside) && lexicon.role(&words.to_lowercase()).is_some()).then_some(first)
}

fn mend(sentence: &mut Sentence, first: usize, start: usize, name: usize) {
    let role = start - 1;
    let (above, deprel) = (sentence.tokens[first].head, sentence.tokens[first].deprel);
    let others: Vec<usize> =
        sentence.children(first).chain(sentence.children(role)).filter(|&at| at != name).collect();
    let object = sentence.is_below(name, first);
    if object {
        sentence.tokens[name].head = above;
        sentence.tokens[name].deprel = deprel;
    }
    if let Some(verb) = above.map(|above| above.index()).filter(|_| object) {
        let subject = |&at: &usize| {
            matches!(sentence.tokens[at].deprel, Deprel::Nsubj | Deprel::NsubjPass | Deprel::Csubj)
        };
        let passive =
            sentence.children(verb).any(|at| sentence.tokens[at].deprel == Deprel::AuxPass);
        if deprel == Deprel::Advcl && !sentence.children(verb).any(|at| subject(&at)) {
            let deprel = if passive { Deprel::NsubjPass } else { Deprel::Nsubj };
            sentence.tokens[name].deprel = deprel;
        }
    }
    for child in others.into_iter().filter(|&child| child != role && child != first) {
        let deprel = sentence.tokens[child].deprel;
        sentence.hang(child, name, deprel);
    }
    for word in [first, role] {
        sentence.tokens[word].upos = Upos::Noun;
    }
    sentence.hang(first, role, Deprel::Compound);
    sentence.hang(role, name, Deprel::NmodDesc);
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
                "Running=run/VERB/{a}/advcl back/ADV/{b}/advmod [PERSON Leo/PROPN/{c}/obj ] did=do/AUX/{d}/aux play/VERB/{e}/root"
            );
            let (document, mut sentences) = page(&[&line]);
            apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
            assert!(is_tree(&sentences[0]), "{heads:?}");
        }
    }
}
