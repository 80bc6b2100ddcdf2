//! What is written where people read.
//!
//! Labels, sentences and file names are a stranger's text. A terminal obeys what stands between its
//! letters: it moves, hides and rewrites what was there before, or turns the direction of writing. So
//! none of that is printed. Forms for programs keep every character, unless a terminal shows them.

use std::io::{self, IsTerminal, Write};

/// Most characters of a value; a label may be as long as a book.
const LONGEST: usize = 1_000;

/// True for characters that a terminal acts upon, or that turn or separate lines.
fn is_active(c: char) -> bool {
    match c {
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        c => c.is_control(),
    }
}

/// A value on one line: blanks for what separates, U+FFFD for what a terminal would obey, cut where it
/// is longer than anybody reads.
pub(super) fn value(text: &str) -> String {
    let clean = |c: char| match c {
        c if c.is_whitespace() => ' ',
        c if is_active(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    let mut chars = text.chars();
    let mut shown: String = chars.by_ref().take(LONGEST).map(clean).collect();
    if chars.next().is_some() {
        shown.push('…');
    }
    shown
}

/// A message, which may have lines.
pub(super) fn message(text: &str) -> String {
    text.split('\n').map(value).collect::<Vec<_>>().join("\n")
}

/// Standard output for the forms of programs.
pub(super) fn stdout() -> Stdout {
    let out = io::stdout().lock();
    let shown = out.is_terminal();
    Screen { out, shown, held: Vec::new() }
}

/// [`stdout`].
pub(super) type Stdout = Screen<io::StdoutLock<'static>>;

/// A writer that lets nothing through which a terminal obeys, if it is one.
pub(super) struct Screen<W> {
    out: W,
    shown: bool,
    /// The beginning of a character.
    held: Vec<u8>,
}

impl<W: Write> Write for Screen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.shown {
            return self.out.write(bytes);
        }
        self.held.extend_from_slice(bytes);
        let end = match std::str::from_utf8(&self.held) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.held.len(),
        };
        let rest = self.held.split_off(end);
        let text = std::mem::replace(&mut self.held, rest);
        let clean = |c: char| match c {
            '\n' | '\t' => Some(c),
            // Before the end of a line of CSV.
            '\r' => None,
            c if is_active(c) => Some(char::REPLACEMENT_CHARACTER),
            c => Some(c),
        };
        let text: String = String::from_utf8_lossy(&text).chars().filter_map(clean).collect();
        self.out.write_all(text.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Moves, titles, colors, the bell, a turned name, one that begins with a C1 control, a line that
    /// is overwritten.
    const EVIL: &str =
        "\u{1b}[2J\u{1b}]0;t\u{7}\u{9b}31m\u{202e}gpj\u{2066}\u{8}a\rb\u{2028}c\u{e0041}";

    #[test]
    fn a_value_is_one_short_line_that_does_nothing() {
        let shown = value(EVIL);
        assert!(!shown.contains(is_active), "{shown:?}");
        assert_eq!(value("José Álvarez, 王小明 👩‍👩‍👧"), "José Álvarez, 王小明 👩‍👩‍👧");
        assert_eq!(value("a\n\tb"), "a  b");
        assert_eq!(value(&"x".repeat(1 << 20)).chars().count(), LONGEST + 1);
        assert_eq!(message("a\u{1b}\nb"), "a\u{fffd}\nb");
    }

    #[test]
    fn a_terminal_gets_nothing_that_it_obeys_and_a_file_gets_all() {
        for shown in [true, false] {
            for step in [1, 2, 3, 1000] {
                let mut screen = Screen { out: Vec::new(), shown, held: Vec::new() };
                let text = format!("{EVIL}é\t王\r\n");
                text.as_bytes().chunks(step).for_each(|bytes| screen.write_all(bytes).unwrap());
                let written = String::from_utf8(screen.out).unwrap();
                if shown {
                    let odd = |c: char| is_active(c) && !matches!(c, '\n' | '\t');
                    assert!(!written.contains(odd), "{written:?}");
                    assert!(written.ends_with("é\t王\n"), "{written:?}");
                } else {
                    assert_eq!(written, text);
                }
            }
        }
    }
}
