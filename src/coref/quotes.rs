//! Quotations and who speaks in them.

use super::{Links, Page};
use crate::document::{Deprel, Label, MentionKind, Sentence, Span};

/// The quotations of a document, in text order.
pub(super) struct Quotes {
    quotes: Vec<Quote>,
}

struct Quote {
    span: Span,
    /// The mention that speaks.
    speaker: Option<usize>,
}

impl Quotes {
    /// The number of the quotation that covers a byte.
    pub(super) fn around(&self, at: u32) -> Option<usize> {
        let after = self.quotes.partition_point(|quote| quote.span.start <= at);
        let index = after.checked_sub(1)?;
        (at < self.quotes[index].span.end).then_some(index)
    }

    /// Who speaks in a quotation.
    pub(super) fn speaker(&self, quote: usize) -> Option<usize> {
        self.quotes[quote].speaker
    }
}

/// Finds the quotations and their speakers.
pub(super) fn find(page: &Page, links: &Links) -> Quotes {
    let mut quotes = Quotes {
        quotes: spans(page.text).into_iter().map(|span| Quote { span, speaker: None }).collect(),
    };
    let speakers = speakers(page, links, &quotes);
    for index in 0..quotes.quotes.len() {
        let span = quotes.quotes[index].span;
        let own = sentences_of(page, span);
        let direct = own.clone().find_map(|s| speakers[s]);
        quotes.quotes[index].speaker = direct;
    }
    // A quotation without a speaker of its own goes on in the paragraph, or waits for one.
    for index in 0..quotes.quotes.len() {
        if quotes.quotes[index].speaker.is_some() {
            continue;
        }
        let span = quotes.quotes[index].span;
        let before = index.checked_sub(1).map(|i| &quotes.quotes[i]).filter(|quote| {
            quote.span.end <= span.start
                && !page.text[quote.span.end as usize..span.start as usize].contains("\n\n")
        });
        let last = sentences_of(page, span).end;
        let following = speakers.get(last).copied().flatten().filter(|_| {
            page.sentences.get(last).is_some_and(|next| {
                let gap = span.end.min(next.span.start) as usize..next.span.start as usize;
                !page.text[gap].contains("\n\n")
            })
        });
        quotes.quotes[index].speaker = before.and_then(|quote| quote.speaker).or(following);
    }
    quotes
}

fn sentences_of(page: &Page, span: Span) -> std::ops::Range<usize> {
    let first = page.sentences.partition_point(|s| s.span.end <= span.start);
    let last = page.sentences.partition_point(|s| s.span.start < span.end);
    first..last.max(first)
}

/// The mention that speaks in each sentence: the subject of a verb of speech outside quotations.
fn speakers(page: &Page, links: &Links, quotes: &Quotes) -> Vec<Option<usize>> {
    let mut speakers = vec![None; page.sentences.len()];
    for (mention, value) in page.mentions.iter().enumerate() {
        let index = mention_sentence(value);
        if speakers[index].is_some() || !speaks(page, links, mention) {
            continue;
        }
        if quotes.around(value.span.start).is_none() {
            speakers[index] = Some(mention);
        }
    }
    speakers
}

fn mention_sentence(mention: &crate::document::Mention) -> usize {
    mention.sentence.index()
}

fn speaks(page: &Page, links: &Links, mention: usize) -> bool {
    let sentence: &Sentence = page.sentence(mention);
    let head = &sentence.tokens[page.mentions[mention].head.index()];
    let refers = matches!(
        page.kind(mention),
        MentionKind::Name | MentionKind::Nominal | MentionKind::Pronoun
    );
    let person = matches!(links.known(mention).label, Some(Label::Person | Label::Org) | None);
    refers
        && person
        && head.deprel == Deprel::Nsubj
        && head.head.is_some_and(|verb| {
            let lemma = &sentence.tokens[verb.index()].lemma;
            page.lexicon.speaks(lemma)
        })
}

/// From opening to closing mark; a paragraph's end closes too.
fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut open: Option<usize> = None;
    let mut after_newline = false;
    for (at, c) in text.char_indices() {
        match (c, open) {
            ('“', _) => open = Some(at),
            ('"', None) => open = Some(at),
            ('”' | '"', Some(start)) => {
                spans.push(Span::new(start, at));
                open = None;
            }
            ('\n', Some(start)) if after_newline => {
                if text[start..].starts_with('“') {
                    spans.push(Span::new(start, at));
                }
                open = None;
            }
            _ => {}
        }
        after_newline = c == '\n';
    }
    spans
}
