//! What parsers hang on the wrong word, where the order of the words shows the right one.
//!
//! - "the poll found most *voters* wanted it": the noun right before a content clause that has no
//!   subject is its subject.
//! - "accused the *army* and the police": two objects with a conjunction between them are both objects.
//! - "urged the *council* to act": who receives nothing is no recipient, but an object.
//! - "accused both sides *of crimes*": what somebody is accused of hangs on the accusing.
//! - "dismissed as false *a report*": a noun with an article and without a preposition behind a verb that has
//!   no object is its object.
//! - "his action against the *mayor*, who resigned": "who" is somebody.
//! - "called the plan "*dangerous*"": an adjective is no other name of a thing, but a predicate of it.
//! - "Mara Voss, *a practising* lawyer": verbs have no articles.
//! - "*A lawyer* by training, Mara Voss left": what stands before the subject without a preposition
//!   says who it is.

use super::{Mend, MendContext};
use crate::document::{Deprel, Label, Sentence, TokenId, Upos};
use crate::resource::lexicon::Lexicon;

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "arguments",
    reason: "Parsers hang words on the wrong verb or noun where their order tells whose they are.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "A/DET/2/det lawyer/NOUN/7/obl by/ADP/4/case training/NOUN/2/nmod ,/PUNCT/2/punct [PERSON Voss/PROPN/7/nsubj ] left=leave/VERB/0/root",
            after: "lawyer/6/appos",
        },
        MendExample {
            before: "urged=urge/VERB/0/root the/DET/3/det council/NOUN/1/iobj to/PART/5/mark act/VERB/1/xcomp",
            after: "council/1/obj",
        },
        MendExample {
            before: "dismissed=dismiss/VERB/0/root as/ADP/3/case false/ADJ/1/obl a/DET/5/det report/NOUN/1/obl",
            after: "report/1/obj",
        },
        MendExample {
            before: "accused=accuse/VERB/0/root both/DET/3/det sides=side/NOUN/1/obj of/ADP/5/case crimes=crime/NOUN/3/nmod",
            after: "crimes/1/obl",
        },
        MendExample {
            before: "saw=see/VERB/0/root both/DET/3/det sides=side/NOUN/1/obj of/ADP/5/case crimes=crime/NOUN/3/nmod",
            after: "",
        },
        MendExample {
            before: "left=leave/VERB/0/root the/DET/4/det next/ADJ/4/amod day/NOUN/1/obl",
            after: "",
        },
        MendExample {
            before: "gave=give/VERB/0/root the/DET/3/det council/NOUN/1/iobj a/DET/5/det bell/NOUN/1/obj",
            after: "",
        },
    ],
};

/// "accused the chairman of the union *of fraud*": the act behind the last "of" below the object of a verb that charges
/// somebody with it or clears them of it.
fn charge(sentence: &Sentence, lexicon: &Lexicon, act: usize) -> Option<Attachment> {
    let tokens = &sentence.tokens;
    let has_of = |noun: usize| {
        let mut children = sentence.children(noun);
        children.any(|child| tokens[child].deprel == Deprel::Case && tokens[child].lemma == "of")
    };
    let label = lexicon.noun_label(&tokens[act].lemma.to_lowercase());
    let is_act = tokens[act].upos == Upos::Noun
        && !matches!(label, Some(Label::Person | Label::Org | Label::Place | Label::Norp));
    if !is_act || !has_of(act) || sentence.name_at(act).is_some() {
        return None;
    }
    let mut object = tokens[act].head?.index();
    while tokens[object].deprel == Deprel::Nmod {
        object = tokens[object].head?.index();
    }
    let verb = tokens[object].head?.index();
    let last =
        (object..tokens.len()).take_while(|&token| sentence.is_below(token, object)).last()?;
    let somebody = lexicon.denotes_person(&tokens[object].lemma.to_lowercase())
        || sentence.name_at(object).is_some()
        || !matches!(
            lexicon.noun_label(&tokens[object].lemma.to_lowercase()),
            Some(Label::Event | Label::Quantity | Label::Time)
        );
    let lemma = &tokens[verb].lemma;
    let charges = lexicon.charges(lemma);
    let told = sentence.children(verb).any(|child| {
        child > object
            && matches!(tokens[child].deprel, Deprel::Obl | Deprel::Advcl)
            && has_of(child)
    });
    (tokens[object].deprel == Deprel::Obj
        && tokens[verb].upos == Upos::Verb
        && sentence.is_below(last, act)
        && somebody
        && charges
        && !told)
        .then_some((act, verb, Deprel::Obl))
}

/// A word, and where it belongs.
type Attachment = (usize, usize, Deprel);

/// Hangs such words where they belong.
fn apply(sentence: &mut Sentence, &MendContext { text, lexicon }: &MendContext) {
    for word in 0..sentence.tokens.len() {
        let links: Vec<Attachment> = match sentence.tokens[word].deprel {
            Deprel::Ccomp => Vec::from_iter(stray_subject(sentence, word)),
            Deprel::Cc => Vec::from_iter(first_object(sentence, word)),
            Deprel::Iobj => Vec::from_iter(lone_object(sentence, word)),
            Deprel::AclRelcl => Vec::from_iter(antecedent(sentence, text, lexicon, word)),
            Deprel::Nmod => Vec::from_iter(charge(sentence, lexicon, word)),
            Deprel::Appos => Vec::from_iter(judgement(sentence, word)),
            Deprel::Det => Vec::from_iter(noun_of_article(sentence, word).into_iter().flatten()),
            Deprel::Obl | Deprel::OblUnmarked | Deprel::Advcl | Deprel::Dislocated => {
                let object = || bare_object(sentence, lexicon, word).into_iter();
                fronted(sentence, text, word).into_iter().chain(object()).take(1).collect()
            }
            _ => continue,
        };
        for (word, head, deprel) in links {
            sentence.hang(word, head, deprel);
        }
    }
}

/// The object that is the subject of a finite content clause.
fn stray_subject(sentence: &Sentence, verb: usize) -> Option<Attachment> {
    let tokens = &sentence.tokens;
    let above = tokens[verb].head?.index();
    if above > verb {
        return None;
    }
    let is_finite = |token: usize| tokens[token].feat("VerbForm") == Some("Fin");
    let (mut finite, mut passive) = (is_finite(verb), false);
    for child in sentence.children(verb) {
        match tokens[child].deprel {
            Deprel::Nsubj | Deprel::NsubjPass | Deprel::Csubj | Deprel::Expl | Deprel::Mark => {
                return None;
            }
            Deprel::Aux | Deprel::Cop => finite |= is_finite(child),
            Deprel::AuxPass => {
                finite |= is_finite(child);
                passive = true;
            }
            _ => {}
        }
    }
    let noun = sentence.children(above).find(|&child| {
        (above..verb).contains(&child)
            && tokens[child].deprel == Deprel::Obj
            && matches!(tokens[child].upos, Upos::Noun | Upos::Propn)
    })?;
    // Nothing stands between them, not even a comma or a quotation mark.
    let adjacent = (noun..verb)
        .find(|&token| !sentence.is_below(token, noun))
        .is_none_or(|next| tokens[next].upos != Upos::Punct && sentence.is_below(next, verb));
    let deprel = if passive { Deprel::NsubjPass } else { Deprel::Nsubj };
    (finite && adjacent).then_some((noun, verb, deprel))
}

/// The first of two objects, which was taken for a recipient.
fn first_object(sentence: &Sentence, conjunction: usize) -> Option<Attachment> {
    let tokens = &sentence.tokens;
    let head = |token: &usize| tokens[*token].head.map(|head| head.index());
    let second = std::iter::successors(head(&conjunction), head)
        .find(|&token| tokens[token].deprel == Deprel::Obj)?;
    let verb = tokens[second].head?.index();
    let first = sentence.children(verb).find(|&child| tokens[child].deprel == Deprel::Iobj)?;
    (first < conjunction && conjunction < second).then_some((first, verb, Deprel::Obj))
}

/// The noun behind an active verb that stands for its object.
fn bare_object(sentence: &Sentence, lexicon: &Lexicon, noun: usize) -> Option<Attachment> {
    let tokens = &sentence.tokens;
    let verb = tokens[noun].head?.index();
    let has = |head: usize, deprels: &[Deprel]| {
        sentence.children(head).any(|child| deprels.contains(&tokens[child].deprel))
    };
    let taken =
        [Deprel::Obj, Deprel::Iobj, Deprel::Ccomp, Deprel::AuxPass, Deprel::Cop, Deprel::Xcomp];
    let article = sentence.children(noun).any(|child| {
        tokens[child].deprel == Deprel::Det && matches!(&*tokens[child].lemma, "a" | "an" | "the")
    });
    let lemma = tokens[noun].lemma.to_lowercase();
    let amount = matches!(lexicon.noun_label(&lemma), Some(Label::Time | Label::Quantity));
    let fits = tokens[noun].deprel == Deprel::Obl
        && tokens[noun].upos == Upos::Noun
        && tokens[verb].upos == Upos::Verb
        && verb < noun
        && article
        && !amount
        && !has(noun, &[Deprel::Case, Deprel::Mark])
        && !has(verb, &taken);
    fits.then_some((noun, verb, Deprel::Obj))
}

/// The recipient of a verb that has neither object nor content, only an infinitive.
fn lone_object(sentence: &Sentence, recipient: usize) -> Option<Attachment> {
    let verb = sentence.tokens[recipient].head?.index();
    let has = |deprels: &[Deprel]| {
        sentence.children(verb).any(|child| deprels.contains(&sentence.tokens[child].deprel))
    };
    let lone = has(&[Deprel::Xcomp]) && !has(&[Deprel::Obj, Deprel::Ccomp, Deprel::Parataxis]);
    (lone && verb < recipient).then_some((recipient, verb, Deprel::Obj))
}

/// The person right before "who", if the clause hangs on a thing.
fn antecedent(
    sentence: &Sentence,
    text: &str,
    lexicon: &Lexicon,
    verb: usize,
) -> Option<Attachment> {
    let tokens = &sentence.tokens;
    let thing = tokens[verb].head?.index();
    let who = sentence.children(verb).find(|&child| tokens[child].form(text) == "who")?;
    let lemma = tokens[thing].lemma.to_lowercase();
    let somebody = matches!(lexicon.noun_label(&lemma), Some(Label::Person | Label::Org) | None)
        || lexicon.role(&lemma).is_some();
    let comma = usize::from(who > 0 && tokens[who - 1].form(text) == ",");
    let before = who.checked_sub(1 + comma)?;
    let mut names = sentence.names.iter().filter(|name| name.label == Label::Person);
    let head = sentence.head_of(&names.find(|name| name.tokens.contains(&before))?.tokens);
    let is_noun = tokens[thing].upos == Upos::Noun;
    (is_noun
        && !somebody
        && head > thing
        && sentence.is_below(head, thing)
        && !sentence.is_below(head, verb))
    .then_some((verb, head, Deprel::AclRelcl))
}

/// The adjective that a verb predicates of its object.
fn judgement(sentence: &Sentence, adjective: usize) -> Option<Attachment> {
    let tokens = &sentence.tokens;
    let object = tokens[adjective].head?.index();
    let verb = tokens[object].head?.index();
    let said = tokens[adjective].upos == Upos::Adj
        && tokens[object].deprel == Deprel::Obj
        && tokens[verb].upos == Upos::Verb
        && verb < object
        && object < adjective;
    said.then_some((adjective, verb, Deprel::Xcomp))
}

/// The subject to which an indefinite noun at the beginning is a predicate.
fn fronted(sentence: &Sentence, text: &str, noun: usize) -> Option<Attachment> {
    let tokens = &sentence.tokens;
    let verb = tokens[noun].head?;
    let article = tokens.first().filter(|article| article.head == Some(TokenId::from(noun)))?;
    if !matches!(&*article.lemma, "a" | "an") {
        return None;
    }
    let subject = sentence.children(verb.index()).find(|&child| {
        child > noun && matches!(tokens[child].deprel, Deprel::Nsubj | Deprel::NsubjPass)
    })?;
    let start = (noun + 1..=subject).find(|&token| sentence.is_below(token, subject))?;
    (tokens[noun].upos == Upos::Noun
        && tokens[subject].upos == Upos::Propn
        && tokens[start - 1].form(text) == ","
        && (noun..start - 1).all(|token| sentence.is_below(token, noun))
        && !sentence
            .children(noun)
            .any(|child| matches!(tokens[child].deprel, Deprel::Case | Deprel::Mark)))
    .then_some((noun, subject, Deprel::Appos))
}

/// The noun whose article was hung on the participle before it.
fn noun_of_article(sentence: &Sentence, article: usize) -> Option<[Attachment; 3]> {
    let tokens = &sentence.tokens;
    let participle = tokens[article].head?.index();
    let head = tokens[participle].head?.index();
    let noun = participle + 1;
    let object = tokens.get(noun).is_some_and(|token| {
        token.upos == Upos::Noun
            && token.deprel == Deprel::Obj
            && token.head == Some(TokenId::from(participle))
    });
    let deprel = match tokens[participle].deprel {
        Deprel::Acl => Deprel::Appos,
        other => other,
    };
    (object && article < participle && tokens[participle].upos == Upos::Verb).then_some([
        (noun, head, deprel),
        (participle, noun, Deprel::Amod),
        (article, noun, Deprel::Det),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{is_tree, page, trees, world};
    use proptest::prelude::*;

    const KINDS: [&str; 10] = [
        "a/DET|det",
        "him/PRON|iobj",
        "army/NOUN|obj",
        "Liv/PROPN|nsubj",
        ",/PUNCT|punct",
        "who/PRON|nsubj",
        "said=say/VERB|ccomp",
        "dark/ADJ|appos",
        "and/CCONJ|cc",
        "fell=fall/VERB|acl:relcl",
    ];

    proptest! {
        #[test]
        fn a_tree_stays_a_tree(
            tree in 0..trees::<5>().count(),
            kinds in proptest::collection::vec(0..KINDS.len(), 5),
        ) {
            let heads = trees::<5>().nth(tree).unwrap_or_default();
            let word = |(&kind, head): (&usize, &usize)| {
                let (word, deprel) = KINDS[kind].split_once('|').unwrap_or_default();
                format!("{word}/{head}/{deprel}")
            };
            let line: Vec<String> = kinds.iter().zip(&heads).map(word).collect();
            let (document, mut sentences) = page(&[&line.join(" ")]);
            let (_, lexicon) = world();
            apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
            prop_assert!(is_tree(&sentences[0]), "{line:?}");
        }
    }
}
