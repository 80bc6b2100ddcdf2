//! What a role is for: "Secretary of *State*", "director of *operations*", "ambassador to *Norland*".

use std::ops::Range;

use super::lexicon::Lexicon;
use crate::document::{Token, Upos};

/// How many words may name what a role is for: "minister of *trade and industry*".
const FIELD: usize = 6;

/// Where what a role is for begins, behind a preposition and an article: "minister of the *interior*".
pub(crate) fn field_start(tokens: &[Token], title: usize) -> Option<usize> {
    let upos = |index: usize| tokens.get(index).map(|token| token.upos);
    (upos(title + 1)? == Upos::Adp)
        .then(|| title + if upos(title + 2) == Some(Upos::Det) { 3 } else { 2 })
}

/// Where it may end, if it is no name: behind each noun of a few words behind "of" or "for".
pub(crate) fn field_ends(
    tokens: &[Token],
    text: &str,
    title: usize,
    start: usize,
) -> impl Iterator<Item = usize> {
    let is_word =
        |token: &&Token| matches!(token.upos, Upos::Noun | Upos::Propn | Upos::Adj | Upos::Cconj);
    let most = if matches!(tokens[title + 1].form(text), "of" | "for") { FIELD } else { 0 };
    let words = tokens.iter().skip(start).take(most).take_while(is_word).count();
    (start + 1..=start + words)
        .filter(|&end| matches!(tokens[end - 1].upos, Upos::Noun | Upos::Propn))
}

/// "secretary of *state*", "minister of *education*" (as there is an education minister): what is part
/// of the title.
pub(crate) fn common_field(
    tokens: &[Token],
    text: &str,
    lexicon: &Lexicon,
    title: usize,
) -> Option<Range<usize>> {
    let start = field_start(tokens, title)?;
    let role = lexicon.role(&tokens[title].lemma.to_lowercase())?;
    let phrase = |words: Range<usize>| {
        tokens[words.start].span.to(tokens[words.end - 1].span).of(text).to_lowercase()
    };
    let is_title = |&end: &usize| {
        lexicon.role(&phrase(title..end)).is_some()
            || lexicon.role(&format!("{} {}", phrase(start..end), role.name)).is_some()
    };
    Some(start..field_ends(tokens, text, title, start).filter(is_title).last()?)
}
