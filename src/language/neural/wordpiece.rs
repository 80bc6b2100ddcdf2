//! Words as the encoder sees them: pieces of a vocabulary, the shape of the form, the gap before.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Greatest number of pieces of a word.
pub(super) const PIECES: usize = 6;
/// A chunk of more characters is not looked up.
const CHUNK: usize = 64;

/// Shape classes.
pub(super) const SHAPES: usize = 16;
/// Gap classes.
pub(super) const GAPS: usize = 4;

/// A word of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct WordInput {
    /// At least one.
    pub(super) pieces: Pieces,
    /// Below [`SHAPES`].
    pub(super) shape: u8,
    /// What stands before the word.
    pub(in super::super) gap: Gap,
}

impl WordInput {
    /// Number of pieces, 1 to [`PIECES`].
    pub(in super::super) fn pieces(&self) -> usize {
        self.pieces.ids().len()
    }
}

/// What stands between a word and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Gap {
    /// Nothing.
    None,
    /// Blanks without a line break.
    Blank,
    /// One line break.
    Line,
    /// An empty line, or nothing stands before: a paragraph or window begins.
    Paragraph,
}

impl Gap {
    /// The class of the text between two words.
    pub(in super::super) fn between(text: &str) -> Self {
        match text.bytes().filter(|&byte| byte == b'\n').count() {
            0 if text.is_empty() => Self::None,
            0 => Self::Blank,
            1 => Self::Line,
            _ => Self::Paragraph,
        }
    }
}

/// Ids of the pieces of one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pieces {
    ids: [u16; PIECES],
    len: u8,
}

impl Pieces {
    /// The ids, in order.
    pub(super) fn ids(&self) -> &[u16] {
        &self.ids[..usize::from(self.len)]
    }

    /// Drops what is too much.
    fn push(&mut self, id: u16) {
        if let Some(place) = self.ids.get_mut(usize::from(self.len)) {
            *place = id;
            self.len += 1;
        }
    }
}

/// The vocabulary.
#[derive(Clone, Debug)]
pub(super) struct PieceVocabulary {
    /// Pieces, one a line.
    text: Cow<'static, [u8]>,
    /// Where each piece begins and ends in the text, without `##`; and whether it goes on.
    pieces: Vec<(u32, u32, bool)>,
    /// Open addressing by hash; 1 more than the id, 0 where free. A power of two.
    slots: Vec<u32>,
    pub(super) unknown: u16,
    pub(super) begin: u16,
    pub(super) end: u16,
}

impl PieceVocabulary {
    /// Reads the pieces, one a line.
    pub(super) fn new(text: Cow<'static, [u8]>) -> Result<Self, String> {
        if std::str::from_utf8(&text).is_err() {
            return Err("the vocabulary is not UTF-8".to_owned());
        }
        let mut pieces = Vec::new();
        let mut start = 0;
        for line in text.split(|&byte| byte == b'\n') {
            let end = start + line.len();
            let going_on = line.len() > 2 && line.starts_with(b"##");
            let from = if going_on { start + 2 } else { start };
            let offset = |at| u32::try_from(at).map_err(|_| "the vocabulary is too large");
            pieces.push((offset(from)?, offset(end)?, going_on));
            start = end + 1;
        }
        if pieces.len() > usize::from(u16::MAX) {
            return Err(format!("{} pieces in the vocabulary", pieces.len()));
        }
        let size = (pieces.len() * 2).next_power_of_two().max(2);
        let (unknown, begin, end) = (0, 0, 0);
        let mut vocabulary = Self { text, pieces, slots: vec![0; size], unknown, begin, end };
        for id in 0..vocabulary.pieces.len() {
            let (_, _, going_on) = vocabulary.pieces[id];
            let piece = vocabulary.piece(id);
            let hash = piece.iter().fold(seed(going_on), |hash, &byte| step(hash, byte));
            if vocabulary.find(hash, piece, going_on).is_none() {
                let mut slot = vocabulary.slot(hash);
                while vocabulary.slots[slot] != 0 {
                    slot = (slot + 1) % size;
                }
                vocabulary.slots[slot] = id as u32 + 1;
            }
        }
        let special = |name: &str| {
            let hash = name.bytes().fold(seed(false), step);
            vocabulary
                .find(hash, name.as_bytes(), false)
                .ok_or_else(|| format!("the vocabulary has no {name}"))
        };
        special("[PAD]")?;
        let (unknown, begin, end) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        Ok(Self { unknown, begin, end, ..vocabulary })
    }

    /// Number of pieces.
    pub(super) fn len(&self) -> usize {
        self.pieces.len()
    }

    /// True for a word that is a piece of its own.
    pub(super) fn is_word(&self, word: &str) -> bool {
        let hash = word.bytes().fold(seed(false), step);
        self.find(hash, word.as_bytes(), false).is_some()
    }

    fn piece(&self, id: usize) -> &[u8] {
        let (start, end, _) = self.pieces[id];
        &self.text[start as usize..end as usize]
    }

    fn slot(&self, hash: u64) -> usize {
        (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & (self.slots.len() - 1)
    }

    fn find(&self, hash: u64, piece: &[u8], going_on: bool) -> Option<u16> {
        let mut slot = self.slot(hash);
        loop {
            // At least half of the slots are free.
            let id = self.slots[slot].checked_sub(1)?;
            if self.pieces[id as usize].2 == going_on && self.piece(id as usize) == piece {
                return u16::try_from(id).ok();
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// A word in the text; `buffer` is only to be used again.
    pub(super) fn word(&self, form: &str, gap: Gap, buffer: &mut String) -> WordInput {
        normalize(form, buffer);
        let mut pieces = Pieces::default();
        let mut chunk = 0;
        for (at, c) in buffer.char_indices() {
            if !c.is_alphanumeric() {
                self.chunk(&buffer[chunk..at], &mut pieces);
                chunk = at + c.len_utf8();
                self.chunk(&buffer[at..chunk], &mut pieces);
            }
        }
        self.chunk(&buffer[chunk..], &mut pieces);
        if pieces.len == 0 {
            pieces.push(self.unknown);
        }
        WordInput { pieces, shape: shape(form), gap }
    }

    /// The longest piece first, then on from its end.
    fn chunk(&self, chunk: &str, pieces: &mut Pieces) {
        if chunk.is_empty() {
            return;
        }
        let mut found = *pieces;
        let mut start = 0;
        if chunk.len() > CHUNK && chunk.chars().count() > CHUNK {
            return pieces.push(self.unknown);
        }
        let bytes = chunk.as_bytes();
        let mut hashes = [0; CHUNK * 4];
        while start < bytes.len() {
            let going_on = start > 0;
            let mut hash = seed(going_on);
            for (place, &byte) in hashes.iter_mut().zip(&bytes[start..]) {
                hash = step(hash, byte);
                *place = hash;
            }
            let piece = (start + 1..=bytes.len()).rev().find_map(|end| {
                if !chunk.is_char_boundary(end) {
                    return None;
                }
                let id = self.find(hashes[end - start - 1], &bytes[start..end], going_on)?;
                Some((id, end))
            });
            let Some((id, end)) = piece else {
                return pieces.push(self.unknown);
            };
            found.push(id);
            start = end;
        }
        *pieces = found;
    }
}

fn seed(going_on: bool) -> u64 {
    if going_on { 0x8422_2325_CBF2_9CE4 } else { 0xCBF2_9CE4_8422_2325 }
}

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3)
}

/// Lower case without marks, with plain quotation marks and dashes.
fn normalize(form: &str, buffer: &mut String) {
    buffer.clear();
    if form.is_ascii() {
        buffer.push_str(form);
        return buffer.make_ascii_lowercase();
    }
    for c in form.nfd().filter(|&c| !is_combining_mark(c)) {
        match c {
            '\u{2018}' | '\u{2019}' => buffer.push('\''),
            '\u{201C}' | '\u{201D}' => buffer.push('"'),
            '\u{2013}' | '\u{2014}' => buffer.push('-'),
            _ => buffer.extend(c.to_lowercase()),
        }
    }
}

/// The shape class of a form.
fn shape(form: &str) -> u8 {
    let (mut letters, mut upper, mut lower, mut digits, mut others) = (0, 0, 0, 0, 0);
    let mut first_upper = false;
    for c in form.chars() {
        if c.is_alphabetic() {
            first_upper |= letters == 0 && c.is_uppercase();
            letters += 1;
            upper += usize::from(c.is_uppercase());
            lower += usize::from(c.is_lowercase());
        } else if c.is_numeric() {
            digits += 1;
        } else {
            others += 1;
        }
    }
    let class = match (letters, digits, upper, lower) {
        (0, 0, ..) => return 0,
        (0, ..) => return 1,
        (_, 1.., 0, _) => 7,
        (_, 1.., ..) => 8,
        (_, _, 0, _) => 2,
        (1, ..) => 4,
        (_, _, _, 0) => 5,
        (_, _, 1, _) if first_upper => 3,
        _ => 6,
    };
    if others > 0 { class + 7 } else { class }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> PieceVocabulary {
        let text = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nun\n##aff\n##able\n##ab\nunaff\n-\n'\nthe\ncafe\n##1\n2\n\
                    ##\u{E9}\nn\n##t";
        PieceVocabulary::new(Cow::Borrowed(text.as_bytes())).unwrap()
    }

    fn pieces(form: &str) -> Vec<u16> {
        vocabulary().word(form, Gap::None, &mut String::new()).pieces.ids().to_vec()
    }

    #[test]
    fn the_longest_piece_is_taken() {
        assert_eq!(pieces("unaffable"), [8, 6]);
        assert_eq!(pieces("UNABLE"), [4, 6]);
        assert_eq!(pieces("The"), [11]);
        assert_eq!(pieces("Café"), [12]);
        assert_eq!(pieces("Cafe\u{301}"), [12]);
        assert_eq!(pieces("21"), [14, 13]);
    }

    #[test]
    fn what_does_not_fit_is_unknown() {
        assert_eq!(pieces("unb"), [1]);
        assert_eq!(pieces("able"), [1]);
        assert_eq!(pieces("##able"), [1, 1, 1]);
        assert_eq!(pieces(""), [1]);
        assert_eq!(pieces("\u{301}"), [1]);
        assert_eq!(pieces("\u{4E00}"), [1]);
        assert_eq!(pieces(&"un".repeat(40)), [1]);
        assert_eq!(pieces("[UNK]"), [1, 1, 1]);
        assert_eq!(pieces(&"\u{4E00}".repeat(64)), [1]);
        assert_eq!(pieces(&"\u{1F600}".repeat(64)), [1; PIECES]);
        assert_eq!(pieces(&"\u{20000}".repeat(65)), [1]);
    }

    #[test]
    fn words_are_split_at_what_is_no_letter_or_digit() {
        assert_eq!(pieces("the-cafe"), [11, 9, 12]);
        assert_eq!(pieces("n\u{2019}t"), [16, 10, 1]);
        assert_eq!(pieces("\u{2014}"), [9]);
        assert_eq!(pieces("-------the"), [9; PIECES]);
        assert_eq!(pieces("the-the-the-unaffable"), [11, 9, 11, 9, 11, 9]);
    }

    #[test]
    fn shapes() {
        let cases = [
            ("...", 0),
            ("$", 0),
            ("12", 1),
            ("1,2", 1),
            ("the", 2),
            ("The", 3),
            ("A", 4),
            ("I", 4),
            ("UN", 5),
            ("McX", 6),
            ("iPhone", 6),
            ("4th", 7),
            ("B2", 8),
            ("n't", 9),
            ("Al-qa", 10),
            ("A.", 11),
            ("U.S.", 12),
            ("AT&t", 13),
            ("4-th", 14),
            ("F-16", 15),
            ("", 0),
            ("\u{4E00}", 2),
        ];
        for (form, class) in cases {
            assert_eq!(shape(form), class, "{form}");
        }
    }

    #[test]
    fn gaps() {
        let cases = [
            ("", Gap::None),
            (" ", Gap::Blank),
            ("\t\u{A0}", Gap::Blank),
            (" \n ", Gap::Line),
            ("\n\n", Gap::Paragraph),
        ];
        for (text, gap) in cases {
            assert_eq!(Gap::between(text), gap);
        }
    }

    #[test]
    fn a_vocabulary_without_special_pieces_is_refused() {
        for text in ["", "[PAD]\n[UNK]\n[CLS]", "\n\n\n", "a\na"] {
            assert!(PieceVocabulary::new(Cow::Borrowed(text.as_bytes())).is_err());
        }
        assert!(PieceVocabulary::new(Cow::Borrowed(b"[PAD]\n[UNK]\n[CLS]\n[SEP]\n\xFF")).is_err());
        assert!(PieceVocabulary::new(Cow::Owned("\n".repeat(70_000).into_bytes())).is_err());
    }
}
