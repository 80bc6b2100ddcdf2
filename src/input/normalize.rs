//! Text as the rest of the program sees it.
//!
//! NFC; no control, format or noncharacters but `\n`; every blank a plain one, never two in a row;
//! no blank at the ends of a line; paragraphs separated by one empty line. Offsets of the whole
//! program refer to this text.
//!
//! A single line break is a paragraph break in files that have one paragraph a line, and a blank
//! in files that are wrapped at a fixed width. Which it is follows from the shape of the lines: wrapped
//! lines seldom end with a sentence, and the first word of the next line never had room.

use unicode_normalization::{IsNormalized, UnicodeNormalization, char, is_nfc_quick};

/// More marks on one letter are dropped.
const MAX_MARKS: usize = 16;

/// Normalizes a text: [`characters`], then [`paragraphs`].
pub fn text(raw: &str) -> String {
    paragraphs(&characters(raw))
}

/// Normalizes a name or headline: as [`characters`], on one line.
pub fn line(raw: &str) -> String {
    let text = characters(raw);
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// True for characters that show nothing and must not part a name: all that Unicode calls ignorable by
/// default (zero-width ones, soft hyphens, direction marks, fillers, variation selectors, tags), other
/// format characters, noncharacters.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{fdd0}'..='\u{fdef}'
        | '\u{e0000}'..='\u{e0fff}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// Normalizes characters and blanks, and keeps the lines.
pub fn characters(raw: &str) -> String {
    let plain = blanks(raw);
    let plain = match is_nfc_quick(plain.chars()) {
        IsNormalized::Yes => plain,
        _ => plain.nfc().collect(),
    };
    if plain.is_ascii() { plain } else { limit_marks(&plain) }
}

/// Line ends, blanks, controls.
fn blanks(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    let mut blank = false;
    while let Some(c) = chars.next() {
        let line_ends = match c {
            '\r' if chars.peek() == Some(&'\n') => 0,
            '\n' | '\r' | '\u{85}' | '\u{2028}' => 1,
            '\u{2029}' => 2,
            // A page may end in the middle of a sentence.
            ' ' | '\t' | '\u{b}' | '\u{c}' => {
                blank = true;
                0
            }
            '\u{1b}' | '\u{9b}' => {
                escape_sequence(c, &mut chars);
                0
            }
            c if c.is_control() || is_invisible(c) => 0,
            c if c.is_whitespace() => {
                blank = true;
                0
            }
            c => {
                if blank && !text.is_empty() && !text.ends_with('\n') {
                    text.push(' ');
                }
                blank = false;
                text.push(c);
                0
            }
        };
        if line_ends > 0 {
            blank = false;
            text.extend(std::iter::repeat_n('\n', line_ends));
        }
    }
    text
}

/// Passes over what a terminal would obey: `ESC [` with parameters and a letter, `ESC ]` with a
/// title and a bell. What is not well-formed stays text.
fn escape_sequence(start: char, chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let mut ahead = chars.clone();
    let introducer = if start == '\u{1b}' { ahead.next() } else { Some('[') };
    let is_title = introducer == Some(']');
    let (max, least) = (if is_title { 256 } else { 16 }, usize::from(start == '\u{9b}'));
    let is_inner = |c: &char| if is_title { !c.is_control() } else { ('0'..='?').contains(c) };
    let n_inner = std::iter::from_fn(|| ahead.next_if(is_inner)).take(max).count();
    let is_end = |c: char| if is_title { c == '\u{7}' } else { ('@'..='~').contains(&c) };
    if matches!(introducer, Some('[' | ']')) && n_inner >= least && ahead.next().is_some_and(is_end)
    {
        *chars = ahead;
    }
}

fn limit_marks(text: &str) -> String {
    let mut n_marks = 0;
    text.chars()
        .filter(|&c| {
            n_marks = if char::is_combining_mark(c) { n_marks + 1 } else { 0 };
            n_marks <= MAX_MARKS
        })
        .collect()
}

/// Separates paragraphs by one empty line each, from the shape of the lines.
///
/// `text` has gone through [`characters`].
pub fn paragraphs(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').map(str::trim).collect();
    let shape = LineLayout::of(&lines);
    let mut out = String::with_capacity(text.len() + lines.len());
    let mut before: Option<&str> = None;
    for line in lines {
        if is_rule(line) {
            before = None;
            continue;
        }
        if !out.is_empty() {
            let joined = before.is_some_and(|before| shape.joins(before, line));
            out.push_str(if joined { "\n" } else { "\n\n" });
        }
        out.push_str(line);
        before = Some(line);
    }
    out
}

/// An empty line, or one that only draws a line (`-----`, `* * *`).
fn is_rule(line: &str) -> bool {
    let n_strokes = line.chars().filter(|&c| c != ' ').count();
    n_strokes == 0
        || (n_strokes >= 3
            && line.chars().all(|c| matches!(c, ' ' | '-' | '=' | '*' | '_' | '~' | '#' | '—')))
}

/// How the lines of a file are laid out.
struct LineLayout {
    /// The width in characters at which lines are wrapped, if they are.
    wrapped_at: Option<usize>,
}

impl LineLayout {
    fn of(lines: &[&str]) -> Self {
        let pairs = || lines.windows(2).filter(|pair| !is_rule(pair[0]) && !is_rule(pair[1]));
        let n_pairs = pairs().count();
        let texts = lines.iter().filter(|line| !is_rule(line));
        let width = texts.map(|line| line.chars().count()).max().unwrap_or(0);
        let n_ends = pairs().filter(|pair| ends_sentence(pair[0])).count();
        let n_full = pairs().filter(|pair| is_full(pair[0], pair[1], width)).count();
        let is_wrapped = n_pairs > 0
            && (30..=130).contains(&width)
            && n_ends * 10 < n_pairs * 6
            && n_full * 10 >= n_pairs * 8;
        Self { wrapped_at: is_wrapped.then_some(width) }
    }

    /// True if the two lines belong to one paragraph.
    fn joins(&self, line: &str, next: &str) -> bool {
        match self.wrapped_at {
            Some(width) => is_full(line, next, width) || !ends_sentence(line),
            None => !ends_sentence(line) && next.starts_with(char::is_lowercase),
        }
    }
}

/// True if the first word of the next line had no room.
fn is_full(line: &str, next: &str, width: usize) -> bool {
    let first = next.split(' ').next().unwrap_or_default();
    line.chars().count() + 1 + first.chars().count() > width
}

/// True if a sentence may end with the line.
pub(super) fn ends_sentence(line: &str) -> bool {
    let closing = |c: char| matches!(c, '"' | '\'' | '”' | '’' | '»' | ')' | ']');
    line.trim_end_matches(closing).ends_with(['.', '!', '?', ':', ';', '…'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: &str) {
        assert_eq!(text(raw), expected);
    }

    #[test]
    fn characters_are_normalized() {
        check(
            "Jose\u{301} \u{a0}\u{2003} A\u{ad}na\u{200b}\u{feff}\0\u{7f}\u{fffe} B.",
            "José Ana B.",
        );
        check(
            "A\u{e0100}n\u{fe0f}n\u{180b}a\u{34f} \u{3164}B\u{115f}\u{ffa0}erg\u{e0fff}",
            "Anna Berg",
        );
        check("\u{1b}[2J\u{1b}[31mKarl\u{1b}", "Karl");
        check("\u{1b}]0;owned\u{7}Ka\u{9b}31mrl\u{b}\u{c}B\u{9b}C", "Karl BC");
        check("  blank ends \t", "blank ends");
        check("Z\u{301}\u{323}\u{489}", "Ẓ\u{301}\u{489}");
        assert_eq!(text(&format!("Z{}oe", "\u{489}".repeat(9000))).chars().count(), 3 + MAX_MARKS);
    }

    #[test]
    fn all_line_ends_are_one() {
        check(
            "One.\r\n\r\nTwo.\rThree.\u{2029}Four.\u{85}Five.",
            "One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.",
        );
        check("One.\n \n---\n\n\nTwo.", "One.\n\nTwo.");
    }

    #[test]
    fn wrapped_lines_stay_together() {
        let raw = "The harbor town of Elm opened a new pier on\n\
                   Monday after two years of work, and people\n\
                   came from far to see it.\n\
                   The mayor, Ana Silva, cut the ribbon before\n\
                   a crowd of hundreds and thanked the workers\n\
                   who had built it.\n\nThe pier cost little.";
        let expected = raw.replace("see it.\nThe", "see it.\n\nThe");
        check(raw, &expected);
    }

    #[test]
    fn a_line_is_a_paragraph_in_exported_news() {
        check(
            "The pier opened on Monday, the town said in a statement to the press.\n\
             “It is a good day,” said Ana Silva, the mayor.\nPeople cheered.",
            "The pier opened on Monday, the town said in a statement to the press.\n\n\
             “It is a good day,” said Ana Silva, the mayor.\n\nPeople cheered.",
        );
        check("The pier opened on\nmonday.", "The pier opened on\nmonday.");
        check("Pier opens\nThe pier opened on Monday.", "Pier opens\n\nThe pier opened on Monday.");
    }

    fn raw() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\n".to_owned()),
            Just("\n\n".to_owned()),
            Just("\r\n".to_owned()),
            Just(" ".to_owned()),
            Just(". ".to_owned()),
            Just(".\n".to_owned()),
            Just("\u{1b}[3".to_owned()),
            Just("---".to_owned()),
            Just("a\u{301}\u{323}".to_owned()),
            Just("\u{1100}\u{1161}".to_owned()),
            Just("\u{344}".repeat(12)),
            "[A-Z]?[a-z]{1,9}",
            any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn normalizing_twice_changes_nothing(raw in raw()) {
            let once = text(&raw);
            prop_assert_eq!(text(&once), once);
        }

        #[test]
        fn nothing_forbidden_is_left(raw in raw()) {
            let text = text(&raw);
            prop_assert!(text.chars().all(|c| c == '\n' || !(c.is_control() || is_invisible(c))));
            prop_assert!(unicode_normalization::is_nfc(&text));
            prop_assert!(!text.contains("\n\n\n") && !text.contains("  "));
            prop_assert_eq!(text.trim(), &text);
        }
    }
}
