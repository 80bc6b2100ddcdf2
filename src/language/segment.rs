//! Words and sentences, by rule, in one pass over the text.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::Span;
use crate::error::{Faults, Result};
use crate::resource::{Resources, one_of, put};

use super::neural::Gap;
use super::scan::scan;

/// A sentence is cut at this many tokens.
pub(super) const SENTENCE_TOKENS: usize = 400;
/// A sentence is cut at this many bytes.
const SENTENCE_BYTES: usize = 4_000;

/// Within this many tokens a bracket is expected to close.
const BRACKETED: usize = 40;

/// A word in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WordSpan {
    pub(super) span: Span,
    pub(super) joined: bool,
}

/// How an abbreviation behaves at its period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// Stands before a name or number: never ends a sentence.
    Before,
    /// May end a sentence, when a sentence opener follows.
    Anywhere,
}

/// What the segmenter knows of English words.
#[derive(Clone, Debug, Default)]
pub(super) struct SegmenterLexicon {
    pub(super) abbreviations: FxHashMap<String, Abbreviation>,
    /// Forms that are written as one and analyzed as several, with the lengths of the parts.
    pub(super) contractions: FxHashMap<String, Vec<usize>>,
    /// First parts of hyphenated words that are no words by themselves.
    pub(super) prefixes: FxHashSet<String>,
    /// Words that, capitalized after an abbreviation, open a sentence.
    pub(super) openers: FxHashSet<String>,
}

impl SegmenterLexicon {
    /// Reads the lexicon files.
    pub(super) fn read(resources: &Resources) -> Result<Self> {
        let mut faults = Faults::default();
        let mut lexicon = Self::default();
        let kinds = [("before", Abbreviation::Before), ("anywhere", Abbreviation::Anywhere)];
        let table = resources.table("rules/lexicon/abbreviations.tsv")?;
        table.each(["form", "kind"], &mut faults, |[form, kind]| {
            put(&mut lexicon.abbreviations, &form.to_lowercase(), one_of("kind", kind, &kinds)?)
        });
        let table = resources.table("rules/lexicon/contractions.tsv")?;
        table.each(["parts"], &mut faults, |[parts]| {
            let lengths = parts.split(' ').map(str::len).collect();
            put(&mut lexicon.contractions, &parts.replace(' ', ""), lengths)
        });
        for (name, forms) in [
            ("rules/lexicon/prefixes.tsv", &mut lexicon.prefixes),
            ("rules/lexicon/openers.tsv", &mut lexicon.openers),
        ] {
            resources.table(name)?.each(["form"], &mut faults, |[form]| {
                forms.insert(form.to_owned());
                Ok(())
            });
        }
        faults.or(lexicon)
    }
}

/// Words in a row that the model reads together if they fit: a sentence by rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LikelySentence {
    /// Words of the text, at least one.
    pub(super) words: Range<usize>,
    /// A sentence begins here whatever the model says: after a paragraph or dateline.
    pub(super) sure: bool,
}

/// The words of a text, and where sentences end by rule.
pub(super) fn units(
    text: &str,
    lexicon: &SegmenterLexicon,
) -> (Vec<WordSpan>, Vec<LikelySentence>) {
    let pieces = scan(text, lexicon);
    let mut units = Vec::new();
    let mut cutter =
        Cutter { text, pieces: &pieces, lexicon, begin: 0, brackets: 0, opened: 0, dateline: None };
    let mut sure = true;
    for at in 0..pieces.len() {
        if let Some(end) = cutter.ends(at) {
            units.push(LikelySentence { words: cutter.begin..at + 1, sure });
            sure = end == End::Sure;
            cutter.begin = at + 1;
            cutter.brackets = 0;
        }
    }
    (pieces, units)
}

/// How sure it is that a sentence ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The layout of the text says so.
    Sure,
    /// By stops, abbreviations and what follows.
    Likely,
}

/// Decides where sentences end.
struct Cutter<'t> {
    text: &'t str,
    pieces: &'t [WordSpan],
    lexicon: &'t SegmenterLexicon,
    /// First piece of the sentence.
    begin: usize,
    /// Open brackets in the sentence.
    brackets: u32,
    /// Where the last one was opened.
    opened: usize,
    /// The piece with which a dateline ends.
    dateline: Option<usize>,
}

fn is_stop(form: &str) -> bool {
    !form.is_empty()
        && form.chars().all(|c| matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？'))
}

fn is_dash(form: &str) -> bool {
    matches!(form, "-" | "--" | "–" | "—")
}

fn starts_lower(form: &str) -> bool {
    form.chars().next().is_some_and(char::is_lowercase)
}

impl Cutter<'_> {
    fn form(&self, at: usize) -> &str {
        self.pieces.get(at).map_or("", |piece| piece.span.of(self.text))
    }

    /// What stands between the piece and the next.
    fn gap(&self, at: usize) -> &str {
        match (self.pieces.get(at), self.pieces.get(at + 1)) {
            (Some(here), Some(next)) => {
                &self.text[here.span.end as usize..next.span.start as usize]
            }
            _ => "\n\n",
        }
    }

    /// A quotation mark or bracket that closes what is before it.
    fn closes(&self, at: usize) -> bool {
        let before = at > 0 && self.gap(at - 1).is_empty();
        match self.form(at) {
            "\u{201D}" | "\u{2019}" | "\u{2019}\u{2019}" | "''" => before,
            ")" | "]" => true,
            "\"" | "'" => before && (!self.gap(at).is_empty() || self.form(at + 1).len() == 1),
            _ => false,
        }
    }

    /// Whether a sentence ends after the piece.
    fn ends(&mut self, at: usize) -> Option<End> {
        match self.form(at) {
            "(" | "[" => {
                self.brackets += 1;
                self.opened = at;
            }
            ")" | "]" => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        if self.begins_paragraph(at) {
            self.dateline = self.dateline(at);
        }
        if Gap::between(self.gap(at)) == Gap::Paragraph || self.dateline == Some(at) {
            return Some(End::Sure);
        }
        self.is_likely_end(at).then_some(End::Likely)
    }

    fn is_likely_end(&self, at: usize) -> bool {
        let gap = self.gap(at);
        let following = self.form(at + 1);
        if gap.contains('\n') && !is_stop(self.form(at)) && self.breaks(at) {
            return true;
        }
        if self.closes(at + 1) && (gap.is_empty() || matches!(following, ")" | "]")) {
            return false;
        }
        if self.note(at + 1) {
            return false;
        }
        // closing quotes, brackets and note marks belong to the sentence before
        let mut last = at;
        if at >= self.begin + 3 && self.form(at) == "]" && self.note(at - 2) {
            last = at - 3;
        }
        while last > self.begin
            && last + 6 > at
            && self.closes(last)
            && self.gap(last - 1).is_empty()
        {
            last -= 1;
        }
        let stop = self.form(last);
        if is_stop(stop) {
            return self.stops(last, at);
        }
        last == at
            && stop.ends_with('.')
            && stop.len() > 1
            && after_abbreviation(stop, following, self.lexicon)
    }

    /// True if the stop at `last`, closed at `at`, ends the sentence.
    fn stops(&self, last: usize, at: usize) -> bool {
        let (stop, form, following) = (self.form(last), self.form(at), self.form(at + 1));
        let gap = self.gap(at);
        if matches!(following, "," | ";" | ":" | ")" | "]") || is_dash(following) {
            return false;
        }
        let inside = self.brackets > 0 && at - self.opened < BRACKETED;
        if inside && stop == "." && form != ")" && form != "]" {
            return false;
        }
        if starts_lower(following) {
            let before = self.form(last.wrapping_sub(1));
            let word = before.chars().count() > 3 && before.chars().all(char::is_alphabetic);
            return last == at
                && !gap.is_empty()
                && !inside
                && (stop.ends_with(['?', '!']) || stop == "." && word);
        }
        if gap.is_empty() {
            // a blank was forgotten: "the end.The next"
            return stop == "." && last == at && following.chars().count() > 1;
        }
        !(stop.starts_with("..") && following.starts_with(['.', '!', '?']))
    }

    /// A note mark: "[", a number, "]", right after a stop.
    fn note(&self, at: usize) -> bool {
        at > 0
            && self.form(at) == "["
            && self.form(at + 2) == "]"
            && self.form(at + 1).bytes().all(|b| b.is_ascii_digit())
    }

    fn begins_paragraph(&self, at: usize) -> bool {
        at == self.begin && (at == 0 || self.gap(at - 1).contains('\n'))
    }

    /// "HARBOR CITY, Sept. 13 (AGENCY) —", "HARBOR CITY:": the piece it ends with.
    fn dateline(&self, first: usize) -> Option<usize> {
        const LONGEST: usize = 16;
        let place = self.form(first);
        if place.chars().count() < 3 || !place.chars().all(char::is_uppercase) {
            return None;
        }
        for at in first + 1..first + LONGEST {
            let form = self.form(at);
            if is_dash(form) {
                let spaced = !self.gap(at - 1).is_empty() || !self.gap(at).is_empty();
                if spaced {
                    return Some(at);
                }
            }
            let capitals = |at: usize| self.form(at).chars().all(|c| !c.is_lowercase());
            if form == ":" && (first..at).all(capitals) {
                return Some(at); // "HARBOR CITY/OLDTOWN:"
            }
            let fits = is_dash(form)
                || matches!(form, "," | "(" | ")" | "/" | ".")
                || form.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
            if !fits || self.gap(at - 1).contains('\n') {
                return None;
            }
        }
        None
    }

    /// True if the line break after the piece ends a sentence: the line was not full, and the next
    /// one begins like a new sentence.
    fn breaks(&self, at: usize) -> bool {
        const FULL: usize = 50;
        let end = self.pieces[at].span.end as usize;
        let from = self.pieces[self.begin].span.start as usize;
        let reach = end.saturating_sub(FULL * 4).max(from);
        let reach = (reach..=end).find(|&n| self.text.is_char_boundary(n)).unwrap_or(end);
        let line = self.text[reach..end].rfind('\n').map_or(reach, |n| reach + n + 1);
        let form = self.form(at);
        !starts_lower(self.form(at + 1))
            && end - line < FULL
            && !matches!(form, "," | ";" | "(")
            && !is_dash(form)
    }
}

fn after_abbreviation(form: &str, following: &str, lexicon: &SegmenterLexicon) -> bool {
    let lower = form.to_lowercase();
    if starts_lower(following) || !following.chars().next().is_some_and(char::is_alphabetic) {
        return matches!(following, "\u{201C}" | "\"") && lower.len() > 2;
    }
    match lexicon.abbreviations.get(&lower) {
        Some(Abbreviation::Before) => false,
        _ if lower.chars().count() == 2 => false,
        _ => lexicon.openers.contains(&following.to_lowercase()),
    }
}

/// The first sentence of words that may be too many for one: cut at a comma if there is one in the
/// second half.
pub(super) fn first(text: &str, pieces: &[WordSpan], words: Range<usize>) -> Range<usize> {
    let rest = &pieces[words.clone()];
    let from = rest.first().map_or(0, |piece| piece.span.start as usize);
    let fits = |piece: &WordSpan| piece.span.end as usize - from <= SENTENCE_BYTES;
    let most = rest.iter().take(SENTENCE_TOKENS).take_while(|piece| fits(piece)).count().max(1);
    let mut cut = most.min(rest.len());
    if most < rest.len() {
        let comma = rest[most / 2..most].iter().rposition(|piece| piece.span.of(text) == ",");
        cut = comma.map_or(most, |comma| most / 2 + comma + 1);
        while cut > 1 && rest[cut].joined {
            cut -= 1;
        }
    }
    words.start..words.start + cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let lexicon = SegmenterLexicon::read(&Resources::embedded()).unwrap();
        let (pieces, units) = units(text, &lexicon);
        let span = |unit: &LikelySentence| {
            pieces[unit.words.start].span.to(pieces[unit.words.end - 1].span)
        };
        let found: Vec<&str> = units.iter().map(|unit| span(unit).of(text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn sentences_of_news() {
        check(
            "\"We won.\" Mr. Abel left. He met Gen. Orr of the U.S. on Sept. 3 in Lund.",
            &["\"We won.\"", "Mr. Abel left.", "He met Gen. Orr of the U.S. on Sept. 3 in Lund."],
        );
        check("It rose 3.5 percent.The firm fell.", &["It rose 3.5 percent.", "The firm fell."]);
        check("\"Why?\" she asked. No one knew.", &["\"Why?\" she asked.", "No one knew."]);
        check("Flood hits town\n\nIt rained.", &["Flood hits town", "It rained."]);
    }

    #[test]
    fn a_dateline_stands_alone() {
        check(
            "PORT EXAMPLE, Sept. 13 (AGENCY) — The ferry sank.",
            &["PORT EXAMPLE, Sept. 13 (AGENCY) —", "The ferry sank."],
        );
    }

    #[test]
    fn long_sentences_are_cut_at_a_comma() {
        let lexicon = SegmenterLexicon::read(&Resources::embedded()).unwrap();
        let text = "one two three, ".repeat(500);
        let (pieces, units) = units(&text, &lexicon);
        assert_eq!(units.len(), 1);
        let mut parts: Vec<Range<usize>> = Vec::new();
        while parts.last().is_none_or(|part| part.end < pieces.len()) {
            let begin = parts.last().map_or(0, |part| part.end);
            parts.push(first(&text, &pieces, begin..pieces.len()));
        }
        assert!(parts.iter().all(|words| words.len() <= SENTENCE_TOKENS));
        assert_eq!(pieces[parts[0].end - 1].span.of(&text), ",");
        assert_eq!(parts.iter().map(ExactSizeIterator::len).sum::<usize>(), pieces.len());
    }
}
