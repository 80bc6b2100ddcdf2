//! Quotations of a document and who speaks in them, found once for coreference and extraction.
//!
//! Comes in: the text and its mended sentences. Goes out: [`Quotation`]s in text order. The marks show
//! where somebody's words begin and end; a paragraph's end closes them, unless the next paragraph opens
//! them anew. Who speaks is, from sure to unsure:
//!
//! 1. the subject of a verb of saying in the same sentence, outside quotation marks, the nearest one;
//! 2. who stands before a colon (`Mara Voss: "…"`) or behind a dash (`"…" – Mara Voss`);
//! 3. who speaks in the quotation before, in the same paragraph or over paragraphs that go on;
//! 4. the speaker of the sentence behind or before, where a quotation is a sentence of its own.
//!
//! A few words without a verb are no speech ([`Quotation::is_speech`]): a title, a word that is held at
//! arm's length.

use std::ops::Range;

use crate::document::{
    Deprel, Label, Quotation, Sentence, SentenceId, Span, Speaker, Token, TokenId, Upos,
};
use crate::resource::lexicon::Lexicon;

/// Finds the quotations of a document, in text order, none inside another.
pub fn find(text: &str, sentences: &[Sentence], lexicon: &Lexicon) -> Vec<Quotation> {
    let spans = spans(text);
    let quoted = QuotedText { text, sentences, lexicon, spans: &spans };
    let tags: Vec<Vec<ReportingClause>> =
        (0..sentences.len()).map(|sentence| quoted.tags(sentence)).collect();
    let mut found: Vec<Quotation> = Vec::with_capacity(spans.len());
    for &span in &spans {
        let around = quoted.around(span);
        let tag =
            around.clone().flat_map(|sentence| &tags[sentence]).min_by_key(|tag| tag.far(span));
        let beside = || quoted.before_colon(span).or_else(|| quoted.behind_dash(span));
        found.push(Quotation {
            span,
            speaker: tag.map(|tag| tag.speaker).or_else(beside),
            is_speech: quoted.is_speech(span),
        });
    }
    for index in 0..found.len() {
        if found[index].speaker.is_none() {
            found[index].speaker = quoted.speaker_around(&found, index, &tags);
        }
    }
    found
}

/// A subject with its verb of saying, outside quotation marks.
struct ReportingClause {
    /// From the speaker to the verb of saying.
    span: Span,
    speaker: Speaker,
}

impl ReportingClause {
    /// Bytes between the tag and a quotation.
    fn far(&self, quotation: Span) -> u32 {
        let behind = self.span.start.saturating_sub(quotation.end);
        behind.max(quotation.start.saturating_sub(self.span.end))
    }
}

struct QuotedText<'a> {
    text: &'a str,
    sentences: &'a [Sentence],
    lexicon: &'a Lexicon,
    spans: &'a [Span],
}

impl QuotedText<'_> {
    /// True for a byte inside quotation marks.
    fn is_quoted(&self, at: u32) -> bool {
        let after = self.spans.partition_point(|span| span.start <= at);
        after.checked_sub(1).is_some_and(|index| at < self.spans[index].end)
    }

    /// The sentences that a span has a part of.
    fn around(&self, span: Span) -> Range<usize> {
        let first = self.sentences.partition_point(|sentence| sentence.span.end <= span.start);
        let last = self.sentences.partition_point(|sentence| sentence.span.start < span.end);
        first..last.max(first)
    }

    /// The reporting clauses of a sentence, outside of quotations.
    fn tags(&self, sentence: usize) -> Vec<ReportingClause> {
        let tokens = &self.sentences[sentence].tokens;
        let tag = |(at, token): (usize, &Token)| {
            let verb = &tokens[token.head.filter(|_| token.deprel == Deprel::Nsubj)?.index()];
            let span = token.span.to(verb.span);
            let quoted = self.is_quoted(token.span.start) || self.is_quoted(verb.span.start);
            let speaks = self.lexicon.speaks(&verb.lemma) && self.may_speak(sentence, at);
            (speaks && !quoted).then(|| ReportingClause { span, speaker: speaker(sentence, at) })
        };
        tokens.iter().enumerate().filter_map(tag).collect()
    }

    /// True for what may be somebody: a person, a body, a pronoun, what is not known to be a thing.
    fn may_speak(&self, sentence: usize, token: usize) -> bool {
        let sentence = &self.sentences[sentence];
        let word = &sentence.tokens[token];
        let name = sentence.name_at(token);
        let label = match (name, word.upos) {
            (Some(name), _) => Some(name.label),
            (None, Upos::Pron) => {
                return &*word.lemma != "it" && word.feat("PronType") == Some("Prs");
            }
            (None, _) => self.lexicon.noun_label(&word.lemma.to_lowercase()),
        };
        matches!(label, None | Some(Label::Person | Label::Org | Label::Norp))
            && matches!(word.upos, Upos::Noun | Upos::Propn | Upos::X)
    }

    /// Whole sentences, or words with a verb: not a title, not a word held at arm's length.
    fn is_speech(&self, span: Span) -> bool {
        /// How many words without a verb are speech.
        const WORDS: usize = 5;
        let inside = |token: &&Token| {
            span.start <= token.span.start
                && token.span.end <= span.end
                && token.upos != Upos::Punct
        };
        let sentences = &self.sentences[self.around(span)];
        let mut words = sentences.iter().flat_map(|sentence| &sentence.tokens).filter(inside);
        let (mut n, mut verb) = (0, false);
        for word in words.by_ref().take(WORDS) {
            n += 1;
            verb |= matches!(word.upos, Upos::Verb | Upos::Aux);
        }
        verb || n >= WORDS || span.of(self.text).ends_with([',', '.', '!', '?'])
    }

    /// `Commissioner Dara Holt: "…"`
    fn before_colon(&self, span: Span) -> Option<Speaker> {
        let before = self.text[..span.start as usize].trim_end_matches(is_opening).trim_end();
        let colon = before.strip_suffix(':')?.len();
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        self.name_within(Span::new(line, colon), TextSide::Start)
    }

    /// `"…" – Mara Voss, shipwright`
    fn behind_dash(&self, span: Span) -> Option<Speaker> {
        let behind = self.text[span.end as usize..].trim_start_matches(is_closing);
        let blank = behind.trim_start_matches([' ', '\n', '\t']);
        let name = blank.strip_prefix(['–', '—', '―']).or_else(|| blank.strip_prefix("- "))?;
        let start = self.text.len() - name.len();
        let end = name.find('\n').map_or(self.text.len(), |line| start + line);
        self.name_within(Span::new(start, end), TextSide::End)
    }

    /// The person or body that some words without a verb name; they reach to the edge of a line.
    fn name_within(&self, span: Span, edge: TextSide) -> Option<Speaker> {
        /// Longest name with its role, in tokens.
        const LONGEST: usize = 12;
        let mut named = None;
        let mut n_tokens = 0;
        for index in self.around(span) {
            let sentence = &self.sentences[index];
            for (at, token) in sentence.tokens.iter().enumerate() {
                if !span.contains(token.span) {
                    continue;
                }
                n_tokens += 1;
                let ends = matches!(token.form(self.text), "." | ";" | "?" | "!");
                if n_tokens > LONGEST || ends && edge == TextSide::Start {
                    return None;
                }
                if matches!(token.upos, Upos::Verb | Upos::Aux) {
                    return None;
                }
                let name = sentence.names.iter().find(|name| name.tokens.start == at);
                let name = name.filter(|it| matches!(it.label, Label::Person | Label::Org));
                if let Some(name) = name
                    && !matches!(named, Some((Label::Person, _)))
                {
                    named = Some((name.label, speaker(index, sentence.head_of(&name.tokens))));
                }
            }
        }
        named.map(|(_, speaker)| speaker)
    }

    /// Who speaks in a quotation that nobody is named beside.
    fn speaker_around(
        &self,
        found: &[Quotation],
        index: usize,
        tags: &[Vec<ReportingClause>],
    ) -> Option<Speaker> {
        let span = found[index].span;
        let around = self.around(span);
        let goes_on = |from: u32, to: u32| {
            from <= to && !self.text[from as usize..to as usize].contains("\n\n")
        };
        if let Some(before) = index.checked_sub(1).map(|before| &found[before])
            && (goes_on(before.span.end, span.start) || self.is_opened_anew(before.span, span))
        {
            return before.speaker;
        }
        // A quotation inside a sentence of the text's own is nobody's but its subject's.
        let whole = around.clone().all(|sentence| {
            let words = self.sentences[sentence].tokens.iter().filter(|t| t.upos != Upos::Punct);
            words.clone().all(|token| self.is_quoted(token.span.start))
        });
        if !whole {
            return None;
        }
        let only = |sentence: usize| match tags.get(sentence).map(Vec::as_slice) {
            Some([tag, ..]) => Some(tag.speaker),
            _ => None,
        };
        let behind = self.sentences.get(around.end);
        let behind = behind.filter(|next| goes_on(span.end.min(next.span.start), next.span.start));
        behind.and_then(|_| only(around.end)).or_else(|| around.start.checked_sub(1).and_then(only))
    }

    /// True if a quotation goes on in the next paragraph, which opens it anew.
    fn is_opened_anew(&self, before: Span, span: Span) -> bool {
        let between = self.text.get(before.end as usize..span.start as usize).unwrap_or_default();
        !between.contains(is_closing) && between.trim_matches(is_opening).trim().is_empty()
    }
}

/// Which side of some words a line ends on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TextSide {
    Start,
    End,
}

fn speaker(sentence: usize, token: usize) -> Speaker {
    Speaker { sentence: SentenceId::from(sentence), token: TokenId::from(token) }
}

fn is_opening(c: char) -> bool {
    matches!(c, '“' | '"' | '„' | '«' | '‘')
}

fn is_closing(c: char) -> bool {
    matches!(c, '”' | '"' | '»' | '’')
}

/// What stands between quotation marks, from behind the opening one to before the closing one.
fn spans(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    // Where the open quotation begins, and its mark.
    let mut open: Option<(usize, char)> = None;
    let mut before = '\n';
    let mut all = text.char_indices().peekable();
    while let Some((at, c)) = all.next() {
        let next = all.peek().map_or('\n', |&(_, next)| next);
        let from = at + c.len_utf8();
        match (c, open) {
            ('“', Some((start, '„'))) => close(&mut spans, &mut open, start, at),
            ('“' | '„' | '«', _) => open = Some((from, c)),
            ('"', None) => open = Some((from, c)),
            ('‘', None) if !before.is_alphanumeric() => open = Some((from, c)),
            ('”' | '"', Some((start, '“' | '„' | '"'))) => {
                close(&mut spans, &mut open, start, at)
            }
            ('»', Some((start, '«'))) => close(&mut spans, &mut open, start, at),
            ('’', Some((start, '‘'))) if closes_single(before, next) => {
                close(&mut spans, &mut open, start, at);
            }
            ('\n', Some((start, mark))) if next == '\n' => {
                // A straight mark that nothing closes may have been a closing one.
                if mark == '“' || text[at..].trim_start().starts_with(mark) {
                    close(&mut spans, &mut open, start, at);
                }
                open = None;
            }
            _ => {}
        }
        before = c;
    }
    spans
}

fn close(spans: &mut Vec<Span>, open: &mut Option<(usize, char)>, start: usize, end: usize) {
    spans.push(Span::new(start, end));
    *open = None;
}

/// "…,’ she said", not "the workers’ union": an apostrophe stands behind a letter.
fn closes_single(before: char, next: char) -> bool {
    !next.is_alphanumeric() && matches!(before, '.' | ',' | '!' | '?' | '…')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{page, world};

    /// Each quotation as `words: speaker`, words held at arm's length in brackets.
    fn quotations(sentences: &[&str]) -> Vec<String> {
        let (_, lexicon) = world();
        let (document, sentences) = page(sentences);
        let text = &document.text;
        let shown = |quotation: &Quotation| {
            let words = quotation.span.of(text).trim();
            let words = if quotation.is_speech { words.to_owned() } else { format!("({words})") };
            let speaker = quotation.speaker.map_or("?", |it| {
                sentences[it.sentence.index()].tokens[it.token.index()].form(text)
            });
            format!("{words}: {speaker}")
        };
        find(text, &sentences, &lexicon).iter().map(shown).collect()
    }

    const SHE_SAID: &str = "“/PUNCT/3/punct It/PRON/3/nsubj ends/VERB/7/ccomp ,/PUNCT/3/punct \
                            ”/PUNCT/3/punct she/PRON/7/nsubj/PronType=Prs said=say/VERB/0/root ./PUNCT/7/punct";

    #[test]
    fn the_subject_of_a_verb_of_saying_speaks_also_in_what_follows() {
        let more = "“/PUNCT/2/punct Go/VERB/0/root ./PUNCT/2/punct ”/PUNCT/2/punct";
        assert_eq!(quotations(&[SHE_SAID, more]), ["It ends,: she", "Go.: she"]);
    }

    #[test]
    fn who_stands_before_a_colon_or_behind_a_dash_speaks() {
        let colon = "[PERSON Mara/PROPN/6/dep Voss/PROPN/1/flat ] :/PUNCT/6/punct “/PUNCT/6/punct \
                     It/PRON/6/nsubj ends/VERB/0/root ./PUNCT/6/punct ”/PUNCT/6/punct";
        assert_eq!(quotations(&[colon]), ["It ends.: Mara"]);
        let dash = "“/PUNCT/3/punct It/PRON/3/nsubj ends/VERB/0/root ./PUNCT/3/punct ”/PUNCT/3/punct \
                    –/PUNCT/7/punct [PERSON Mara/PROPN/3/dep Voss/PROPN/7/flat ]";
        assert_eq!(quotations(&[dash]), ["It ends.: Mara"]);
        let told = "[PERSON Mara/PROPN/2/nsubj ] sang=sing/VERB/0/root :/PUNCT/6/punct “/PUNCT/6/punct \
                    It/PRON/6/nsubj ends/VERB/2/parataxis ./PUNCT/6/punct ”/PUNCT/6/punct";
        assert_eq!(quotations(&[told]), ["It ends.: ?"]);
    }

    #[test]
    fn a_few_words_without_a_verb_are_no_speech() {
        let title = "They/PRON/2/nsubj saw=see/VERB/0/root the/DET/5/det “/PUNCT/5/punct \
                     ghost/NOUN/2/obj ”/PUNCT/5/punct ./PUNCT/2/punct";
        assert_eq!(quotations(&[title]), ["(ghost): ?"]);
    }

    #[test]
    fn a_paragraph_closes_a_quotation_unless_the_next_one_opens_it_anew() {
        let of = |text: &str| -> Vec<String> {
            spans(text).iter().map(|span| span.of(text).to_owned()).collect()
        };
        assert_eq!(of("“One.\n\n“Two.” Three."), ["One.", "Two."]);
        assert_eq!(of("He is 6\" tall.\n\nShe said \"no\"."), ["no"]);
        assert_eq!(
            of("‘The workers’ union is strong,’ he said."),
            ["The workers’ union is strong,"]
        );
        assert_eq!(of("«Non» and „nein“"), ["Non", "nein"]);
        assert_eq!(of("“open"), [""; 0]);
    }

    #[test]
    fn odd_marks_break_nothing() {
        for text in ["\"", "“”", "’’‘‘", "\"\"\"", "“\n\n”\n\n“", "‘a", "\n\n\"\n\n"]
        {
            for span in spans(text) {
                assert!(span.start <= span.end && text.get(span.range()).is_some(), "{text:?}");
            }
        }
    }
}
