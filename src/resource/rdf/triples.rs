//! A bound on triples in triples (RDF 1.2) in Turtle, TriG, N-Triples and N-Quads: `<<( s p <<( ...`.
//!
//! The parser itself keeps a stack of its own, but a term of a hundred thousand levels overflows
//! the stack of whoever compares or drops it.

/// Deepest nesting of triples in triples.
const MAX_DEPTH: usize = 100;

/// Counts triples in triples.
#[derive(Default)]
pub(super) struct Watch {
    state: ScanState,
    depth: usize,
}

/// What the next byte is read as.
#[derive(Clone, Copy, Default)]
enum ScanState {
    #[default]
    Code,
    /// After a backslash in a name.
    Escape,
    /// After `<`.
    Angle,
    /// After `<<`.
    Angles,
    Iri,
    /// After `)`.
    Parenthesis,
    /// After `)>`.
    Closing,
    Comment,
    /// After one quotation mark.
    Quote(u8),
    /// After two.
    Quotes(u8),
    String(u8),
    /// After a backslash.
    StringEscape(u8),
    /// Between three marks, of which so many have been read again.
    Long(u8, u8),
    LongEscape(u8),
}

impl Watch {
    pub(super) fn step(&mut self, byte: u8) -> Result<(), String> {
        use ScanState::*;
        self.state = match (self.state, byte) {
            (Angle, b'<') => Angles,
            (Angle, b'>') | (Iri, b'>') | (Comment, b'\n' | b'\r') | (Escape, _) => Code,
            (Angle, _) => Iri,
            (Angles, b'(') => {
                self.depth += 1;
                Code
            }
            (Parenthesis, b'>') => Closing,
            (Closing, b'>') => {
                self.depth = self.depth.saturating_sub(1);
                Code
            }
            (Quote(quote), _) if byte == quote => Quotes(quote),
            (Quotes(quote), _) if byte == quote => Long(quote, 0),
            (Quote(quote) | String(quote), b'\\') => StringEscape(quote),
            (String(quote), _) if byte == quote => Code,
            (Quote(quote) | StringEscape(quote), _) => String(quote),
            (Long(quote, _), b'\\') => LongEscape(quote),
            (Long(quote, 2), _) if byte == quote => Code,
            (Long(quote, read), _) if byte == quote => Long(quote, read + 1),
            (Long(quote, _) | LongEscape(quote), _) => Long(quote, 0),
            (Code | Angles | Parenthesis | Closing | Quotes(_), _) => match byte {
                b'<' => Angle,
                b')' => Parenthesis,
                b'#' => Comment,
                b'\\' => Escape,
                b'"' | b'\'' => Quote(byte),
                _ => Code,
            },
            (state @ (Iri | Comment | String(_)), _) => state,
        };
        if self.depth > MAX_DEPTH {
            return Err(format!("triples are nested in triples deeper than {MAX_DEPTH}"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(text: &str) -> bool {
        let mut watch = Watch::default();
        text.bytes().try_for_each(|byte| watch.step(byte)).is_ok()
    }

    #[test]
    fn deep_triples_are_refused() {
        let deep = |n| format!("{}<a>{}", "<<( <a> <b> ".repeat(n), " )>>".repeat(n));
        assert!(passes(&deep(MAX_DEPTH)));
        assert!(passes(&deep(MAX_DEPTH).repeat(2)));
        for before in
            ["", "# it's\n", "'a\\'' ", "\"\"\" \"\"a\\\"\"\"\" ", "e:a\\'b ", "<a'b> ", "\"\" "]
        {
            assert!(!passes(&format!("{before}{}", deep(MAX_DEPTH + 1))), "{before}");
        }
    }

    #[test]
    fn words_are_no_triples() {
        let many = "<<(".repeat(MAX_DEPTH + 1);
        for text in [
            format!("\"{many}\""),
            format!("'''\n{many}'''"),
            format!("\"\\\"{many}\""),
            format!("# {many}"),
            format!("<http://news.example/{many}>"),
        ] {
            assert!(passes(&text), "{text}");
        }
    }
}
