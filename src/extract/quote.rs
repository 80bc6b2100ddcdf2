//! Quotations that go on: "…," she said. "And …" – the speaker of the second sentence.

use std::ops::Range;

use crate::document::{Analysis, MentionId};
use crate::statement::{Argument, Statement};

/// Remembers who spoke last in the paragraph, and whether the quotation is still open.
#[derive(Default)]
pub(crate) struct Speaker {
    current: Option<MentionId>,
    /// Who spoke in the sentence before, in whatever paragraph, quoted or not.
    recent: Option<MentionId>,
    /// True if a quotation mark was opened and not closed.
    open: bool,
    /// The same before the last sentence.
    was_open: bool,
    /// The first sentence of an open quotation of which nobody is known to be the speaker yet.
    unheard: Option<usize>,
    /// End of the last sentence.
    end: usize,
}

impl Speaker {
    /// The sources of a sentence if it is a quotation as a whole; none if nobody is known to say it.
    pub(crate) fn sources(&mut self, analysis: &Analysis, index: usize) -> Option<Vec<MentionId>> {
        let text = &analysis.document.text;
        let span = analysis.sentences[index].span;
        let words = span.of(text);
        let gap = text.get(self.end..span.start as usize).unwrap_or("");
        let recent = self.recent.take();
        let starts = words.starts_with(['"', '“', '”']);
        if gap.contains("\n\n") {
            // A quotation of several paragraphs opens each of them anew.
            if !(self.open && starts) {
                self.current = None;
                self.unheard = None;
            }
            self.open = false;
        }
        let marks = words.chars().filter(|&c| matches!(c, '"' | '“' | '”')).count();
        let closes = words.trim_end_matches(['.', ',']).ends_with(['"', '”']);
        let closed = starts && closes && marks == 2;
        let whole = (starts || self.open) && (marks <= 1 || closed);
        self.end = span.end as usize;
        self.was_open = self.open;
        if marks % 2 == 1 {
            self.open = !self.open;
        }
        // She gave her reasons. "It is late."
        let speaker = self.current.or(recent.filter(|_| closed));
        if !whole || !(starts || closes || marks == 0) {
            return None;
        }
        if let Some(speaker) = speaker {
            self.recent = Some(speaker);
        } else if self.open {
            self.unheard.get_or_insert(index);
        }
        Some(speaker.into_iter().collect())
    }

    /// Notes who speaks in a sentence. Returns the sentences before it that are of the same quotation
    /// and had no speaker: "It is late. We must go," she said.
    pub(crate) fn hear(
        &mut self,
        analysis: &Analysis,
        index: usize,
        found: &[Statement],
    ) -> Range<usize> {
        let unheard = if self.open { None } else { self.unheard.take() };
        let span = analysis.sentences[index].span;
        let words = span.of(&analysis.document.text);
        // Not "what voters think" inside the quotation.
        let is_quoted = |at: u32| {
            let before = &words[..(at.saturating_sub(span.start) as usize).min(words.len())];
            let marks = before.chars().filter(|&c| matches!(c, '"' | '“' | '”')).count();
            self.was_open != (marks % 2 == 1)
        };
        let said = found.iter().find(|statement| {
            statement.evidence.rule == "speech"
                && matches!(statement.object, Argument::Literal { .. })
                && !is_quoted(statement.evidence.trigger.start)
        });
        let Some(said) = said else { return 0..0 };
        self.recent = Some(said.subject);
        if !words.contains(['"', '“', '”']) {
            return 0..0;
        }
        self.current = Some(said.subject);
        unheard.map_or(0..0, |first| first..index)
    }

    /// Who spoke last.
    pub(crate) fn current(&self) -> Option<MentionId> {
        self.current
    }
}
