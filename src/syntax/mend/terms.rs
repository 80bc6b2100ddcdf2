//! "was sentenced to *three years in prison*": the prison belongs to the years, not to where the sentence was passed.

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence, Upos};
use crate::resource::lexicon::Lexicon;

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "terms",
    reason: "Parsers hang \"in prison\" behind a span of time on the verb, as the place of what happened.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "She/PRON/2/nsubj got=get/VERB/0/root three/NUM/4/nummod years=year/NOUN/2/obj in/ADP/6/case prison/NOUN/2/obl",
            after: "prison/4/nmod",
        },
        MendExample {
            before: "Sent/VERB/0/root to/ADP/3/case life/NOUN/1/obl in/ADP/5/case prison/NOUN/1/obl",
            after: "prison/3/nmod",
        },
        MendExample {
            before: "She/PRON/2/nsubj spent=spend/VERB/0/root three/NUM/4/nummod years=year/NOUN/2/obj in/ADP/7/case the/DET/7/det city/NOUN/2/obl",
            after: "",
        },
    ],
};

fn apply(sentence: &mut Sentence, &MendContext { lexicon, .. }: &MendContext) {
    for noun in 2..sentence.tokens.len() {
        if let Some(term) = term(sentence, lexicon, noun) {
            sentence.hang(noun, term, Deprel::Nmod);
        }
    }
}

/// The span of time right before "in" and a bare noun that hangs beside it.
fn term(sentence: &Sentence, lexicon: &Lexicon, noun: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let case = noun - 1;
    let span = case.checked_sub(1)?;
    let bare = sentence.children(noun).all(|child| child == case || child > noun);
    let is_span = tokens[span].lemma == "life"
        || lexicon.noun_label(&tokens[span].lemma) == Some(crate::document::Label::Time)
            && sentence.children(span).any(|child| tokens[child].deprel == Deprel::Nummod);
    (tokens[noun].upos == Upos::Noun
        && tokens[noun].deprel == Deprel::Obl
        && tokens[case].lemma == "in"
        && tokens[case].head.map(|head| head.index()) == Some(noun)
        && tokens[span].upos == Upos::Noun
        && matches!(tokens[span].deprel, Deprel::Obl | Deprel::Obj | Deprel::OblUnmarked)
        && tokens[span].head == tokens[noun].head
        && bare
        && is_span)
        .then_some(span)
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
                "got=get/VERB/{a}/root to/ADP/{b}/case life/NOUN/{c}/obl in/ADP/{d}/case prison/NOUN/{e}/obl"
            );
            let (document, mut sentences) = page(&[&line]);
            apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
            assert!(is_tree(&sentences[0]), "{heads:?}");
        }
    }
}
