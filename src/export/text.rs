//! Text that no reader chokes on.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::entity::Entity;

/// True for characters that must not leave the program: control characters but tab and line feed,
/// noncharacters, and the format characters that turn the direction of writing, hide, or separate
/// lines.
fn is_forbidden(c: char) -> bool {
    match c {
        '\t' | '\n' => false,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => true,
        '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..='\u{e007f}' => true,
        _ => u32::from(c) & 0xfffe == 0xfffe,
    }
}

/// True for text that is made of visible ASCII characters and spaces.
fn is_plain(text: &str) -> bool {
    // No early end, so that many bytes are looked at in one step.
    text.bytes().fold(true, |plain, byte| plain & (b' '..=b'~').contains(&byte))
}

/// A name or value on one line: forbidden characters dropped, white space made single.
pub fn name(text: &str) -> Cow<'_, str> {
    // Most are plain ASCII: a look at the bytes is enough.
    if is_plain(text) && !text.contains("  ") && !text.starts_with(' ') && !text.ends_with(' ') {
        return Cow::Borrowed(text);
    }
    let simple = |c: char| !is_forbidden(c) && (c == ' ' || !c.is_whitespace());
    if text.chars().all(simple) && !text.contains("  ") && text.trim() == text {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        // U+0085 and the line separators are forbidden, but they separate.
        if c.is_whitespace() {
            if !clean.is_empty() && !clean.ends_with(' ') {
                clean.push(' ');
            }
        } else if !is_forbidden(c) {
            clean.push(c);
        }
    }
    clean.truncate(clean.trim_end().len());
    Cow::Owned(clean)
}

/// What an entity is called; its slug, if nothing is left of its label.
pub fn label(entity: &Entity) -> Cow<'_, str> {
    Some(name(&entity.label))
        .filter(|label| !label.is_empty())
        .unwrap_or_else(|| name(&entity.slug))
}

/// Words of a document: each forbidden character is replaced by U+FFFD, so that offsets stay right.
pub fn passage(text: &str) -> Cow<'_, str> {
    if is_plain(text) || !text.contains(is_forbidden) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if is_forbidden(c) { '\u{fffd}' } else { c }).collect())
}

/// A number between 0 and 1 with at most four decimals, in the canonical form of `xsd:decimal`.
pub fn decimal(number: f32) -> String {
    // A float has 24 bits, so that the product is exact.
    let scaled = (f64::from(number) * 10_000.0).round_ties_even() as u32;
    let (whole, mut rest) = (scaled / 10_000, scaled % 10_000);
    let mut text = String::with_capacity(6);
    push_number(&mut text, whole);
    if rest > 0 {
        text.push('.');
        for place in [1000, 100, 10, 1] {
            text.push(digit(rest / place));
            rest %= place;
            if rest == 0 {
                break;
            }
        }
    }
    text
}

/// Appends the digits of a number.
pub(super) fn push_number(text: &mut String, number: u32) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    text.push(digit(number % 10));
}

/// A day as ISO 8601 writes it.
pub(super) fn day(date: Date) -> String {
    let Ok(year @ 0..=9999) = u32::try_from(date.year()) else { return date.to_string() };
    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
    let digits = [year / 1000, year / 100 % 10, year / 10 % 10, year % 10];
    let mut text = String::with_capacity(10);
    text.extend(digits.map(digit));
    for part in [month, day].map(u32::from) {
        text.push('-');
        text.extend([part / 10, part % 10].map(digit));
    }
    text
}

fn digit(number: u32) -> char {
    char::from_digit(number, 10).unwrap_or('?')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_cannot_be_seen() {
        assert_eq!(name("a\u{0}b\u{202e} \t\n c\u{85}d\u{fffe}\u{feff} "), "ab c d");
        assert!(matches!(name("Zoë O'Neill"), Cow::Borrowed(_)));
        assert_eq!(name("\u{1b}[31m"), "[31m");
        assert_eq!(name(" \u{2028} "), "");
    }

    #[test]
    fn passages_keep_their_length() {
        let text = "a\u{0}b\u{2029}\nc";
        assert_eq!(passage(text), "a\u{fffd}b\u{fffd}\nc");
        assert_eq!(passage(text).chars().count(), text.chars().count());
    }

    #[test]
    fn decimals_are_canonical() {
        assert_eq!(decimal(0.9), "0.9");
        assert_eq!(decimal(1.0), "1");
        assert_eq!(decimal(0.0), "0");
        assert_eq!(decimal(0.123_456), "0.1235");
    }
    #[test]
    fn decimals_and_days_are_what_the_standard_library_writes() {
        let standard = |number: f32| {
            let text = format!("{:.4}", f64::from(number));
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        for step in 0..=40_960 {
            // Quarters of a ten-thousandth, and halves that are exact.
            for number in [step as f32 / 40_000.0, step as f32 / 40_960.0] {
                assert_eq!(decimal(number), standard(number), "{number}");
            }
        }
        for (year, month, day_of_month) in [(2025, 3, 5), (7, 12, 31), (9999, 1, 1), (-44, 3, 15)] {
            let date = jiff::civil::date(year, month, day_of_month);
            assert_eq!(day(date), date.to_string());
        }
    }
}
