//! "in Oldtown, a village across the border, early on Tuesday": a noun phrase set off behind a name
//! describes what bears the name.
//!
//! Parsers often take such a phrase for an argument of the verb. It has an article and no
//! preposition, stands between commas (or before the end) right behind a name, and is not one of a
//! list: then it hangs on the name. A word for a town or country behind the name of a place describes
//! that place, not of what lies there ("the tower in Oldtown, capital of Norland"). A second role behind
//! "and" goes with the first one. A person's name that is set off behind a role names who has it ("said his
//! successor, *Mina Roth*"), also where whose role it is stands between them ("the chair of the union,
//! *Mina Roth*, resigned").

use super::{Mend, MendContext};
use crate::document::{Deprel, Label, Sentence, TokenId, Upos};
use crate::ontology::Kind;
use crate::resource::lexicon::Lexicon;

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "appositions",
    reason: "Parsers take a noun phrase that is set off behind a name for an argument of the verb.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "He/PRON/2/nsubj died=die/VERB/0/root in/ADP/4/case [PLACE Oldtown/PROPN/2/obl ] ,/PUNCT/7/punct a/DET/7/det village/NOUN/2/obl ./PUNCT/2/punct",
            after: "village/4/appos",
        },
        MendExample {
            before: "said=say/VERB/0/root his/PRON/3/nmod:poss successor/NOUN/1/nsubj ,/PUNCT/5/punct [PERSON Roth/PROPN/1/parataxis ] ./PUNCT/1/punct",
            after: "Roth/3/appos",
        },
        MendExample {
            before: "The/DET/2/det chairman/NOUN/9/nsubj of/ADP/5/case the/DET/5/det [ORG Union/PROPN/2/nmod ] ,/PUNCT/7/punct [PERSON Lie/PROPN/5/appos ] ,/PUNCT/2/punct resigned=resign/VERB/0/root",
            after: "Lie/2/appos",
        },
        MendExample {
            before: "It/PRON/2/nsubj hurt/VERB/0/root [PERSON Voss/PROPN/2/obj ] ,/PUNCT/6/punct her/PRON/6/nmod:poss son/NOUN/3/appos \
                     and/CCONJ/9/cc a/DET/9/det nurse/NOUN/6/conj ./PUNCT/2/punct",
            after: "son/3/conj nurse/3/conj",
        },
        MendExample {
            before: "[PERSON Voss/PROPN/8/nsubj ] ,/PUNCT/4/punct his/PRON/4/nmod:poss wife/NOUN/1/appos and/CCONJ/6/cc nurse/NOUN/4/conj \
                     ,/PUNCT/4/punct left=leave/VERB/0/root",
            after: "",
        },
        MendExample {
            before: "In/ADP/2/case [PLACE Oldtown/PROPN/6/obl ] ,/PUNCT/6/punct a/DET/5/det man/NOUN/6/nsubj died=die/VERB/0/root",
            after: "",
        },
    ],
};

/// Hangs appositions on their names, and second roles on the first.
fn apply(sentence: &mut Sentence, &MendContext { text, lexicon }: &MendContext) {
    for noun in 2..sentence.tokens.len() {
        if let Some((name, last)) = listed(sentence, text, noun) {
            if sentence.tokens[last].head == Some(TokenId::from(noun)) {
                sentence.hang(last, name, Deprel::Conj);
            }
            sentence.hang(noun, name, Deprel::Conj);
        }
        if let Some(place) = nearer_place(sentence, text, lexicon, noun) {
            sentence.hang(noun, place, Deprel::Appos);
        }
        if let Some(role) = role_before(sentence, lexicon, noun) {
            coordinate(sentence, noun, role);
        }
    }
    for name in 2..sentence.tokens.len() {
        if let Some(role) = role_of_name(sentence, text, lexicon, name) {
            sentence.hang(name, role, Deprel::Appos);
        }
    }
    for article in 2..sentence.tokens.len() {
        if let Some((noun, name)) = stray_apposition(sentence, text, article) {
            sentence.hang(noun, name, Deprel::Appos);
        }
    }
}

/// "Mara Voss, *her son and a nurse* died": without a comma behind it this is a list, not who she is. The name, and the
/// last of the list.
fn listed(sentence: &Sentence, text: &str, noun: usize) -> Option<(usize, usize)> {
    let tokens = &sentence.tokens;
    let form = |token: usize| tokens[token].span.of(text);
    let is_comma = |token: usize| tokens.get(token).is_some_and(|it| it.span.of(text) == ",");
    if tokens[noun].deprel != Deprel::Appos || tokens[noun].upos != Upos::Noun {
        return None;
    }
    let name = tokens[noun].head?.index();
    let person = sentence.name_at(name).is_some_and(|name| name.label == Label::Person);
    let owner = sentence.children(noun).find(|&child| {
        child < noun && tokens[child].deprel == Deprel::NmodPoss && tokens[child].upos == Upos::Pron
    })?;
    if !person || owner == 0 || form(owner - 1) != "," {
        return None;
    }
    let conjunction = (noun + 1..tokens.len()).find(|&token| tokens[token].deprel == Deprel::Cc)?;
    let last = tokens[conjunction].head?.index();
    let above = tokens[last].head?.index();
    let adjoins = (noun + 1..conjunction)
        .all(|token| tokens[token].upos != Upos::Punct && sentence.is_below(token, noun));
    let end = (last..tokens.len()).take_while(|&token| sentence.is_below(token, last)).last()?;
    (tokens[last].deprel == Deprel::Conj
        && (above == noun || above == name)
        && adjoins
        && !is_comma(end + 1))
    .then_some((name, last))
}

/// The place right before the comma that a word for a settlement or country describes.
fn nearer_place(sentence: &Sentence, text: &str, lexicon: &Lexicon, noun: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let settlement = || {
        let class = lexicon.class(&tokens[noun].lemma.to_lowercase());
        let settled = [Kind::City, Kind::Country, Kind::Region, Kind::Island];
        class.is_some_and(|class| settled.into_iter().any(|kind| class.is(kind)))
    };
    let child = |token: usize| tokens[token].head == Some(TokenId::from(noun));
    let introduced = || (0..noun).any(|at| child(at) && tokens[at].deprel == Deprel::Case);
    if !matches!(tokens[noun].deprel, Deprel::Appos | Deprel::Nmod) || !settlement() || introduced()
    {
        return None;
    }
    let anchor = tokens[noun].head?.index();
    let first = (0..=noun)
        .find(|&token| tokens[token].upos != Upos::Punct && sentence.is_below(token, noun))?;
    let comma = first.checked_sub(1).filter(|&comma| tokens[comma].span.of(text) == ",")?;
    let before = comma.checked_sub(1)?;
    let named = sentence
        .names
        .iter()
        .any(|name| name.tokens.contains(&before) && name.label == Label::Place);
    let place = top_of_name(sentence, before);
    (named && place != anchor && sentence.is_below(place, anchor)).then_some(place)
}

/// "Mara Voss, *director* of the mill(,) and chairman of the union, left": a role with a field and without an
/// article is coordinated with the role before, not with whose it is nor with who bears it.
fn role_before(sentence: &Sentence, lexicon: &Lexicon, noun: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let is_role = |token: usize| lexicon.denotes_person(&tokens[token].lemma.to_lowercase());
    if tokens[noun].deprel != Deprel::Conj
        || tokens.get(noun + 1).is_none_or(|next| next.upos != Upos::Adp)
        || !is_role(noun)
    {
        return None;
    }
    let named = |token: usize| sentence.name_at(token);
    let has = |head: usize, token: usize, deprel: Deprel| {
        tokens[token].head == Some(TokenId::from(head)) && tokens[token].deprel == deprel
    };
    let head = tokens[noun].head?.index();
    if named(noun).is_some() || (0..noun).any(|token| has(noun, token, Deprel::Det)) {
        return None;
    }
    if named(head).is_some_and(|name| name.label == Label::Person) {
        return (head..noun).find(|&token| has(head, token, Deprel::Appos) && is_role(token));
    }
    let role = tokens[head].head?.index();
    (has(role, head, Deprel::Nmod) && role < head && head < noun && is_role(role) && !is_role(head))
        .then_some(role)
}

/// The role that a person's name behind a comma names the bearer of.
fn role_of_name(sentence: &Sentence, text: &str, lexicon: &Lexicon, name: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let found = sentence.name_at(name).filter(|found| found.label == Label::Person)?;
    let comma = found.tokens.start.checked_sub(1)?;
    let before = comma.checked_sub(1)?;
    let is_role = |token: usize| {
        tokens[token].upos == Upos::Noun
            && lexicon.denotes_person(&tokens[token].lemma.to_lowercase())
            && sentence.name_at(token).is_none()
    };
    if tokens[comma].span.of(text) != "," || tokens[name].head?.index() >= name {
        return None;
    }
    match tokens[name].deprel {
        // Nothing but whose role it is stands between.
        Deprel::Parataxis => {
            let verb = tokens[name].head?;
            let role =
                std::iter::successors(Some(before), |&at| tokens[at].head.map(|h| h.index()))
                    .take_while(|&at| at != verb.index())
                    .find(|&at| is_role(at))?;
            let argument = matches!(tokens[role].deprel, Deprel::Nsubj | Deprel::Obj | Deprel::Obl);
            (argument && role < name).then_some(role)
        }
        Deprel::Appos => {
            let anchor = tokens[name].head?.index();
            let somebody = is_role(anchor)
                || sentence.name_at(anchor).is_some_and(|name| name.label == Label::Person);
            let mut above = anchor;
            while !somebody
                && matches!(tokens[above].deprel, Deprel::Nmod | Deprel::Conj | Deprel::Appos)
            {
                above = tokens[above].head?.index();
                if is_role(above) && above < anchor {
                    return Some(above);
                }
            }
            None
        }
        _ => None,
    }
}

/// Coordinates a role with the one before it; what stands behind it is its own.
fn coordinate(sentence: &mut Sentence, noun: usize, role: usize) {
    let old = sentence.tokens[noun].head;
    for token in &mut sentence.tokens[noun + 1..] {
        if token.head == old && token.deprel == Deprel::Nmod {
            token.head = Some(TokenId::from(noun));
        }
    }
    sentence.hang(noun, role, Deprel::Conj);
}

/// The head of a name, from one of its words.
fn top_of_name(sentence: &Sentence, word: usize) -> usize {
    let tokens = &sentence.tokens;
    let mut name = word;
    while let Some(up) = tokens[name].head.map(|up| up.index())
        && matches!(tokens[name].deprel, Deprel::Flat | Deprel::Compound)
        && tokens[up].upos == Upos::Propn
    {
        name = up;
    }
    name
}

/// The head of the phrase that begins with an article, and that of the name before the comma.
fn stray_apposition(sentence: &Sentence, text: &str, article: usize) -> Option<(usize, usize)> {
    let tokens = &sentence.tokens;
    let form = |index: usize| tokens[index].span.of(text);
    let (comma, before) = (article - 1, article - 2);
    if tokens[article].deprel != Deprel::Det
        || !matches!(&*tokens[article].lemma, "a" | "an" | "the")
        || form(comma) != ","
        || tokens[before].upos != Upos::Propn
    {
        return None;
    }
    let noun = tokens[article].head?.index();
    let head = tokens[noun].head?.index();
    let argument = matches!(
        tokens[noun].deprel,
        Deprel::Nsubj | Deprel::Obj | Deprel::Obl | Deprel::OblUnmarked | Deprel::Dep
    );
    // A verb further on may have the phrase as its subject: "In Oldtown, a man died."
    if !argument
        || noun < article
        || tokens[noun].upos != Upos::Noun
        || head > before
        || !matches!(tokens[head].upos, Upos::Verb | Upos::Aux)
    {
        return None;
    }
    let child = |index: usize| tokens[index].head == Some(TokenId::from(noun));
    let listed = (0..tokens.len()).any(|index| {
        child(index)
            && (matches!(tokens[index].deprel, Deprel::Conj | Deprel::Cc)
                || tokens[index].deprel == Deprel::Case && index < noun)
    });
    let name = top_of_name(sentence, before);
    (!listed && name != noun && name > head).then_some((noun, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{is_tree, page, trees, world};

    #[test]
    fn a_tree_stays_a_tree() {
        let (_, lexicon) = world();
        for heads @ [a, b, c, d, e, f] in trees() {
            for (person, deprel) in [("PERSON", "appos"), ("ORG", "nmod")] {
                let line = format!(
                    "[{person} Dahl/PROPN/{a}/nsubj ] leader/NOUN/{b}/{deprel} mill/NOUN/{c}/nmod \
                     president/NOUN/{d}/conj of/ADP/{e}/case union/NOUN/{f}/nmod"
                );
                let (document, mut sentences) = page(&[&line]);
                apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
                assert!(is_tree(&sentences[0]), "{heads:?}");
            }
        }
    }

    #[test]
    fn a_second_role_goes_with_the_first_and_keeps_its_field() {
        let (_, lexicon) = world();
        let head = |second: usize, field: usize| {
            let line = format!(
                "[PERSON Dahl/PROPN/0/root ] leader/NOUN/1/appos of/ADP/4/case mill/NOUN/2/nmod \
                 and/CCONJ/6/cc president/NOUN/{second}/conj of/ADP/8/case union/NOUN/{field}/nmod"
            );
            let (document, mut sentences) = page(&[&line]);
            apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
            [5, 7].map(|token| sentences[0].tokens[token].head.map(TokenId::index))
        };
        for (second, field) in [(4, 4), (4, 6), (1, 6), (2, 6)] {
            assert_eq!(head(second, field), [Some(1), Some(5)]);
        }
    }
}
