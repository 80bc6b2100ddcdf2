//! "officials Ana Reyes and Tom Falk": a role and the names right behind it are one noun phrase.
//!
//! Parsers often take the name for something of its own. Where a noun that denotes a person stands
//! directly before a name, the name becomes the head and the noun its title, as the treebanks have
//! it ("President Reyes").

use std::borrow::Cow;

use crate::document::{Deprel, Label, Sentence, TokenId, Upos};
use crate::resource::lexicon::Lexicon;

use super::tree::is_below;

/// The sentence with its titles hung on their names.
pub(crate) fn attach<'s>(
    sentence: Cow<'s, Sentence>,
    text: &str,
    lexicon: &Lexicon,
) -> Cow<'s, Sentence> {
    let mut fixed = sentence;
    for title in 0..fixed.tokens.len().saturating_sub(1) {
        if let Some(name) = stray_name(&fixed, text, lexicon, title) {
            hang(fixed.to_mut(), title, name);
        }
    }
    fixed
}

/// The head of the name behind a title, if it does not hang on the title nor the title on it.
fn stray_name(sentence: &Sentence, text: &str, lexicon: &Lexicon, title: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let token = &tokens[title];
    let next = &tokens[title + 1];
    let role = |word: &str| {
        lexicon.role(word).is_some() || lexicon.noun_label(word) == Some(Label::Person)
    };
    if token.upos != Upos::Noun
        || next.upos != Upos::Propn
        || next.joined
        || !role(&token.lemma.to_lowercase())
        || !next.span.of(text).starts_with(char::is_uppercase)
    {
        return None;
    }
    // The topmost token of the run of proper nouns.
    let end = (title + 1..tokens.len())
        .find(|&index| tokens[index].upos != Upos::Propn)
        .unwrap_or(tokens.len());
    let name = (title + 1..end).find(|&index| {
        tokens[index].head.is_none_or(|head| !(title + 1..end).contains(&head.index()))
    })?;
    let heads_title = token.head == Some(TokenId::from(name));
    let below = is_below(sentence, title, name);
    (!heads_title && !below).then_some(name)
}

fn hang(sentence: &mut Sentence, title: usize, name: usize) {
    let title_id = TokenId::from(title);
    let name_id = TokenId::from(name);
    let (head, deprel) = (sentence.tokens[title].head, sentence.tokens[title].deprel);
    sentence.tokens[name].head = head;
    sentence.tokens[name].deprel = deprel;
    sentence.tokens[title].head = Some(name_id);
    sentence.tokens[title].deprel = Deprel::NmodDesc;
    for index in 0..sentence.tokens.len() {
        let token = &mut sentence.tokens[index];
        let moves = matches!(
            token.deprel,
            Deprel::Case
                | Deprel::Cc
                | Deprel::Conj
                | Deprel::Cop
                | Deprel::Nsubj
                | Deprel::Punct
                | Deprel::AclRelcl
                | Deprel::Appos
                | Deprel::Mark
                | Deprel::Aux
        );
        if token.head == Some(title_id) && index != name && moves {
            token.head = Some(name_id);
        }
    }
}
