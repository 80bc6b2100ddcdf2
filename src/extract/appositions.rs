//! "in Oldtown, a village across the border, early on Tuesday": a noun phrase set off behind a name
//! says what the name is.
//!
//! Parsers often take such a phrase for an argument of the verb. It has an article and no
//! preposition, stands between commas (or before the end) right behind a name, and is not one of a
//! list: then it hangs on the name. A word for a town or country behind the name of a place is said of
//! that place, not of what lies there ("the tower in Oldtown, capital of Norland").

use std::borrow::Cow;

use crate::document::{Deprel, Label, Sentence, TokenId, Upos};
use crate::resource::lexicon::Lexicon;

/// The sentence with its appositions hung on their names.
pub(crate) fn attach<'s>(
    sentence: Cow<'s, Sentence>,
    text: &str,
    lexicon: &Lexicon,
) -> Cow<'s, Sentence> {
    let mut fixed = sentence;
    for noun in 2..fixed.tokens.len() {
        if let Some(place) = nearer_place(&fixed, text, lexicon, noun) {
            fixed.to_mut().hang(noun, place, Deprel::Appos);
        }
    }
    for article in 2..fixed.tokens.len() {
        if let Some((noun, name)) = stray_apposition(&fixed, text, article) {
            fixed.to_mut().hang(noun, name, Deprel::Appos);
        }
    }
    fixed
}

/// The place right before the comma that a word for a settlement or country is said of.
fn nearer_place(sentence: &Sentence, text: &str, lexicon: &Lexicon, noun: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let settlement = || {
        let class = lexicon.class(&tokens[noun].lemma.to_lowercase());
        matches!(class, Some("City" | "Country" | "Region" | "Island"))
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
