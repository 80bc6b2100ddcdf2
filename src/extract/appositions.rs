//! "in Oldtown, a village across the border, early on Tuesday": a noun phrase set off behind a name
//! says what the name is.
//!
//! Parsers often take such a phrase for an argument of the verb. It has an article and no
//! preposition, stands between commas (or before the end) right behind a name, and is not one of a
//! list: then it hangs on the name.

use std::borrow::Cow;

use crate::document::{Deprel, Sentence, TokenId, Upos};

/// The sentence with its appositions hung on their names.
pub(crate) fn attach<'s>(sentence: Cow<'s, Sentence>, text: &str) -> Cow<'s, Sentence> {
    let mut fixed = sentence;
    for article in 2..fixed.tokens.len() {
        if let Some((noun, name)) = stray_apposition(&fixed, text, article) {
            let token = &mut fixed.to_mut().tokens[noun];
            token.head = Some(TokenId::from(name));
            token.deprel = Deprel::Appos;
        }
    }
    fixed
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
    // The top of the name.
    let mut name = before;
    while let Some(up) = tokens[name].head.map(|up| up.index())
        && matches!(tokens[name].deprel, Deprel::Flat | Deprel::Compound)
        && tokens[up].upos == Upos::Propn
    {
        name = up;
    }
    (!listed && name != noun && name > head).then_some((noun, name))
}
