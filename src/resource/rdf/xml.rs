//! Bounds on RDF/XML.

/// Deepest nesting of elements; the parser takes longer for each the deeper it stands.
const MAX_DEPTH: usize = 256;

/// Most attributes of elements that are open at a time: each is compared with the others, and each name
/// with all namespaces.
const MAX_ATTRIBUTES: usize = 1000;

/// Most bytes of a tag, a text or a comment, which the parser holds as a whole.
const MAX_PIECE: usize = 16 << 20;

/// Looks for a document type, and for what is without end.
#[derive(Default)]
pub(super) struct Watch {
    state: State,
    /// Bytes of the tag, text or comment that is being read.
    length: usize,
    /// The attributes of each open element.
    open: Vec<usize>,
    /// Those of all open elements and of the tag that is being read.
    attributes: usize,
    /// Those of the tag that is being read.
    here: usize,
}

/// What the next byte is read as.
#[derive(Clone, Copy, Default)]
enum State {
    #[default]
    Text,
    /// After `<`.
    Less,
    /// After `<!`.
    Bang,
    /// After `<!-`.
    Hyphen,
    /// In a comment, after so many hyphens.
    Comment(u8),
    /// In `<![CDATA[`, after so many closing brackets.
    Cdata(u8),
    /// In `<?`; true after a question mark.
    Instruction(bool),
    EndTag,
    /// True after a slash.
    StartTag(bool),
    Quoted(u8),
}

impl Watch {
    pub(super) fn step(&mut self, byte: u8) -> Result<(), String> {
        use State::*;
        self.length += 1;
        if self.length > MAX_PIECE {
            return Err(format!("a tag or text of more than {MAX_PIECE} bytes"));
        }
        let next = match (self.state, byte) {
            (Text, b'<') => Less,
            (Less, b'!') => Bang,
            (Less, b'?') => Instruction(false),
            (Less, b'/') => EndTag,
            (Less, _) => StartTag(false),
            (Bang, b'-') => Hyphen,
            (Bang, b'[') => Cdata(0),
            (Hyphen, b'-') => Comment(0),
            (Bang | Hyphen, _) => {
                let cause = "a document type (<!DOCTYPE), which is not read for the entities that it may hold";
                return Err(format!("{cause}; save the graph as Turtle"));
            }
            (Comment(2), b'>') | (Cdata(2), b'>') | (Instruction(true), b'>') => Text,
            (Comment(n), b'-') => Comment((n + 1).min(2)),
            (Comment(_), _) => Comment(0),
            (Cdata(n), b']') => Cdata((n + 1).min(2)),
            (Cdata(_), _) => Cdata(0),
            (Instruction(_), _) => Instruction(byte == b'?'),
            (EndTag, b'>') => {
                self.attributes -= self.open.pop().unwrap_or_default();
                Text
            }
            (StartTag(closed), b'>') => {
                self.start(closed)?;
                Text
            }
            (StartTag(_), b'"' | b'\'') => {
                self.here += 1;
                self.attributes += 1;
                if self.attributes > MAX_ATTRIBUTES {
                    return Err(format!(
                        "more than {MAX_ATTRIBUTES} attributes of elements within each other"
                    ));
                }
                Quoted(byte)
            }
            (StartTag(_), _) => StartTag(byte == b'/'),
            (Quoted(mark), _) if byte == mark => StartTag(false),
            (state @ (Text | EndTag | Quoted(_)), _) => state,
        };
        if matches!(next, Text) != matches!(self.state, Text) {
            self.length = 0;
        }
        self.state = next;
        Ok(())
    }

    /// A start tag is read; `closed`: it is its own end.
    fn start(&mut self, closed: bool) -> Result<(), String> {
        let here = std::mem::take(&mut self.here);
        if closed {
            self.attributes -= here;
            return Ok(());
        }
        self.open.push(here);
        if self.open.len() > MAX_DEPTH {
            return Err(format!("elements are nested deeper than {MAX_DEPTH} levels"));
        }
        Ok(())
    }
}
