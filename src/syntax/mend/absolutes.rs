//! "*With the score tied*, the club lost": the noun behind "with" is what the participle says something of.
//!
//! Treebanks make it the participle's subject and "with" its conjunction; parsers make both circumstances of the main verb, as if
//! the club were tied with the score.

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence, Upos};

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "absolutes",
    reason: "Parsers take the subject of a participle behind \"with\" for a circumstance of the main verb.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "With/ADP/3/case the/DET/3/det score/NOUN/7/obl tied=tie/VERB/7/advcl/VerbForm=Part|Tense=Past ,/PUNCT/4/punct \
                     they/PRON/7/nsubj lost=lose/VERB/0/root",
            after: "With/4/mark score/4/nsubj:pass",
        },
        MendExample {
            before: "With/ADP/2/case snow/NOUN/3/obl falling=fall/VERB/6/advcl/VerbForm=Part|Tense=Pres ,/PUNCT/3/punct they/PRON/6/nsubj \
                     lost=lose/VERB/0/root",
            after: "With/3/mark snow/3/nsubj",
        },
        MendExample {
            before: "They/PRON/2/nsubj came=come/VERB/0/root with/ADP/4/case friends=friend/NOUN/2/obl ,/PUNCT/6/punct \
                     singing=sing/VERB/2/advcl/VerbForm=Part|Tense=Pres",
            after: "",
        },
    ],
};

fn apply(sentence: &mut Sentence, &MendContext { text, .. }: &MendContext) {
    for with in 0..sentence.tokens.len() {
        let Some((noun, participle)) = absolute(sentence, text, with) else { continue };
        let past = sentence.tokens[participle].feat("Tense") == Some("Past");
        sentence.hang(with, participle, Deprel::Mark);
        sentence.hang(noun, participle, if past { Deprel::NsubjPass } else { Deprel::Nsubj });
    }
}

/// The noun behind "with", and the participle that follows right on its phrase.
fn absolute(sentence: &Sentence, text: &str, with: usize) -> Option<(usize, usize)> {
    let tokens = &sentence.tokens;
    if tokens[with].deprel != Deprel::Case || !tokens[with].form(text).eq_ignore_ascii_case("with")
    {
        return None;
    }
    let noun = tokens[with].head?.index();
    if noun < with || tokens[noun].deprel != Deprel::Obl {
        return None;
    }
    let last = (noun..tokens.len()).take_while(|&token| sentence.is_below(token, noun)).last()?;
    let participle = last + 1;
    let word = tokens.get(participle)?;
    let hangs_beside = word.head == tokens[noun].head || tokens[noun].head?.index() == participle;
    let open = sentence.children(participle).all(|child| {
        child == noun
            || child > participle
                && !matches!(tokens[child].deprel, Deprel::Nsubj | Deprel::NsubjPass)
    });
    let opens = with == 0 || tokens[with - 1].upos == Upos::Punct;
    (opens
        && word.upos == Upos::Verb
        && word.deprel == Deprel::Advcl
        && word.feat("VerbForm") == Some("Part")
        && hangs_beside
        && open)
        .then_some((noun, participle))
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
                "With/ADP/{a}/case score/NOUN/{b}/obl tied=tie/VERB/{c}/advcl/VerbForm=Part they/PRON/{d}/nsubj lost=lose/VERB/{e}/root"
            );
            let (document, mut sentences) = page(&[&line]);
            apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
            assert!(is_tree(&sentences[0]), "{heads:?}");
        }
    }
}
