//! What the models see of a word's form.

use super::hash;

/// Hashes of the parts of a form; computed once a word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    /// The form in lower case, digits as `0`.
    pub(super) lower: u32,
    /// Classes of its characters, runs shortened.
    pub(super) shape: u32,
    /// The last 1 to 5 characters in lower case.
    pub(super) suffixes: [u32; 5],
    /// The first 1 to 4 characters in lower case.
    pub(super) prefixes: [u32; 4],
    /// Distributional class, coarse and fine.
    pub(super) cluster: [u32; 2],
    /// The usual tag of the word, from 1; 0 if it is rare.
    pub(super) usual: u32,
    /// What gazetteers know the word as, a bit each.
    pub(super) known: u32,
    /// How it is capitalized, 0 to 4.
    pub(super) case: u32,
    /// Bit 1: a digit inside; 2: a hyphen; 4: no letter or digit.
    pub(super) kind: u32,
}

impl Word {
    /// Looks at a form.
    pub(super) fn new(form: &str, buffer: &mut String) -> Self {
        lowered(form, buffer);
        let mut word = Self { lower: hash::text(buffer), ..Self::default() };
        for (n, (at, _)) in buffer.char_indices().rev().take(5).enumerate() {
            word.suffixes[n] = hash::text(&buffer[at..]);
        }
        for (n, (at, c)) in buffer.char_indices().take(4).enumerate() {
            word.prefixes[n] = hash::text(&buffer[..at + c.len_utf8()]);
        }
        let (mut upper, mut lower, mut digit, mut other) = (0, 0, 0, 0);
        let mut shape = [0_u8; 12];
        let (mut len, mut run) = (0, 0);
        for c in form.chars() {
            let class = if c.is_uppercase() {
                upper += 1;
                b'X'
            } else if c.is_alphabetic() {
                lower += 1;
                b'x'
            } else if c.is_numeric() {
                digit += 1;
                b'0'
            } else {
                other += 1;
                if c.is_ascii() { c as u8 } else { b'?' }
            };
            run = if len > 0 && shape[len - 1] == class { run + 1 } else { 1 };
            if run <= 2 && len < shape.len() {
                shape[len] = class;
                len += 1;
            }
        }
        word.shape = hash::bytes(&shape[..len]);
        let first = form.chars().next().is_some_and(char::is_uppercase);
        word.case = match (first, upper, lower) {
            (_, 0, _) => 0,
            (true, 1, 0) => 1,
            (true, 1, _) => 2,
            (_, _, 0) => 3,
            _ => 4,
        };
        word.kind = u32::from(digit > 0)
            | u32::from(form.len() > 1 && form.contains('-')) << 1
            | u32::from(upper + lower + digit == 0 && other > 0) << 2;
        word
    }
}

/// The form in lower case with digits as `0`.
pub(super) fn lowered(form: &str, buffer: &mut String) {
    buffer.clear();
    for c in form.chars() {
        match c {
            '0'..='9' => buffer.push('0'),
            'A'..='Z' => buffer.push(c.to_ascii_lowercase()),
            '\u{2019}' | '\u{2018}' | '`' => buffer.push('\''),
            '\u{201C}' | '\u{201D}' => buffer.push('"'),
            '\u{2013}' | '\u{2014}' => buffer.push('-'),
            _ if c.is_ascii() => buffer.push(c),
            _ => buffer.extend(c.to_lowercase()),
        }
    }
}
