//! "officials Ana Reyes and Tom Falk": a role and the names right behind it are one noun phrase.
//!
//! Parsers often take the name for something of its own. Where a noun that denotes a person stands
//! directly before a name, the name becomes the head and the noun its title, as the treebanks have
//! it ("President Reyes").

use std::borrow::Cow;
use std::ops::Range;

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
            hang(fixed.to_mut(), title, name, Deprel::NmodDesc);
        } else if let Some((post, name)) = posted_name(&fixed, lexicon, title) {
            hang_post(fixed.to_mut(), title, post, name);
        }
    }
    for person in 0..fixed.tokens.len() {
        if let Some(title) = title_before_post(&fixed, lexicon, person) {
            fixed.to_mut().tokens[person].head = Some(TokenId::from(title));
        }
    }
    fixed
}

/// "the ambassador to Norland, *Mara Voss*": a person is no apposition of a place or body, but of who is
/// posted there.
fn title_before_post(sentence: &Sentence, lexicon: &Lexicon, person: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let label = |token: usize| {
        sentence.names.iter().find(|name| name.tokens.contains(&token)).map(|name| name.label)
    };
    if tokens[person].deprel != Deprel::Appos || label(person) != Some(Label::Person) {
        return None;
    }
    let post = tokens[person].head?.index();
    if tokens[post].deprel != Deprel::Nmod
        || !matches!(label(post), Some(Label::Place | Label::Org))
    {
        return None;
    }
    let title = tokens[post].head?.index();
    lexicon.role(&tokens[title].lemma.to_lowercase())?;
    Some(title)
}

/// "Ambassador to Norland Mara Voss": where the post begins, and the name, behind a title.
/// Parsers often take them for one name.
fn posted_name(
    sentence: &Sentence,
    lexicon: &Lexicon,
    title: usize,
) -> Option<(usize, Range<usize>)> {
    let tokens = &sentence.tokens;
    lexicon.role(&tokens[title].lemma.to_lowercase())?;
    let upos = |index: usize| tokens.get(index).map(|token| token.upos);
    let start = match (upos(title + 1)?, upos(title + 2)?) {
        (Upos::Adp, Upos::Det) => title + 3,
        (Upos::Adp, _) => title + 2,
        _ => return None,
    };
    let name = |first: usize| sentence.names.iter().find(|name| name.tokens.start == first);
    let post = name(start).filter(|name| matches!(name.label, Label::Place | Label::Org))?;
    let person = name(post.tokens.end).filter(|name| name.label == Label::Person)?;
    Some((start, person.tokens.start..person.tokens.end.min(tokens.len())))
}

/// Hangs the post on the title, and the title on the name as what the person is.
fn hang_post(sentence: &mut Sentence, title: usize, post: usize, name: Range<usize>) {
    let mut link = |token: usize, head: usize, deprel: Deprel| {
        sentence.tokens[token].head = Some(TokenId::from(head));
        sentence.tokens[token].deprel = deprel;
    };
    let last = name.start - 1;
    link(last, title, Deprel::Nmod);
    for word in post..last {
        link(word, last, Deprel::Compound);
    }
    link(title + 1, last, Deprel::Case);
    if post > title + 2 {
        link(title + 2, last, Deprel::Det);
    }
    for word in name.start + 1..name.end {
        link(word, name.start, Deprel::Flat);
    }
    hang(sentence, title, name.start, Deprel::Appos);
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

/// Makes the name the head; the title hangs on it as `link`.
fn hang(sentence: &mut Sentence, title: usize, name: usize, link: Deprel) {
    let title_id = TokenId::from(title);
    let name_id = TokenId::from(name);
    let (head, deprel) = (sentence.tokens[title].head, sentence.tokens[title].deprel);
    sentence.tokens[name].head = head;
    sentence.tokens[name].deprel = deprel;
    sentence.tokens[title].head = Some(name_id);
    sentence.tokens[title].deprel = link;
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
