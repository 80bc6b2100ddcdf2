//! Bounds on JSON-LD.

/// Deepest nesting of objects and lists.
const MAX_DEPTH: usize = 100;

/// Deepest nesting within a context: each level is read again for each one below it.
const MAX_CONTEXT_DEPTH: usize = 8;

/// Most bytes of a context: its terms may stand for each other in a chain, which the parser follows on the
/// stack.
const MAX_CONTEXT: usize = 16 << 10;

/// Bytes of a key that are looked at: `@context` with all its letters escaped.
const KEY: usize = 48;

/// Looks for what is nested too deep, and for contexts.
#[derive(Default)]
pub(super) struct Watch {
    state: State,
    depth: usize,
    /// The last string as it is written, if it is short enough for a key that counts.
    string: Vec<u8>,
    /// The context that is being read: the depth at which it stands, and its bytes.
    context: Option<(usize, usize)>,
}

/// What the next byte is read as.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Code,
    String,
    /// After a backslash in a string.
    Escape,
}

impl Watch {
    pub(super) fn step(&mut self, byte: u8) -> Result<(), String> {
        if let Some((_, length)) = &mut self.context {
            *length += 1;
            if *length > MAX_CONTEXT {
                return Err(format!("an @context of more than {MAX_CONTEXT} bytes"));
            }
        }
        self.state = match (self.state, byte) {
            (State::Code, b'"') => {
                self.string.clear();
                State::String
            }
            (State::Code, _) => {
                self.code(byte)?;
                State::Code
            }
            (State::String, b'"') => State::Code,
            (state, _) => {
                // One more than counts, so that a longer one is told from it.
                if self.string.len() <= KEY {
                    self.string.push(byte);
                }
                if state == State::String && byte == b'\\' { State::Escape } else { State::String }
            }
        };
        Ok(())
    }

    fn code(&mut self, byte: u8) -> Result<(), String> {
        match byte {
            b'{' | b'[' => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(format!("objects are nested deeper than {MAX_DEPTH} levels"));
                }
                if self.context.is_some_and(|(depth, _)| self.depth > depth + MAX_CONTEXT_DEPTH) {
                    return Err(format!(
                        "an @context is nested deeper than {MAX_CONTEXT_DEPTH} levels"
                    ));
                }
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                self.context = self.context.filter(|&(depth, _)| self.depth >= depth);
            }
            b',' => self.context = self.context.filter(|&(depth, _)| self.depth > depth),
            b':' if self.context.is_none() && is_context(&self.string) => {
                self.context = Some((self.depth, 0));
            }
            _ => {}
        }
        Ok(())
    }
}

/// True for the key of a context, however it is escaped.
fn is_context(key: &[u8]) -> bool {
    const NAME: &str = "@context";
    if !key.contains(&b'\\') {
        return key == NAME.as_bytes();
    }
    let quoted = [b"\"", key, b"\""].concat();
    key.len() <= KEY && serde_json::from_slice::<String>(&quoted).is_ok_and(|key| key == NAME)
}
