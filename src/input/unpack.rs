//! Opens a file, unpacks gzip and zstd by their first bytes, and refuses what is not text.
//!
//! Sizes are bounded: the file itself and what comes out of it by `max_unpacked`, their ratio by
//! `max_ratio`. A damaged file gives its good part with a warning. A large table of articles is not
//! held: it is looked through once, for its size, damage and encoding, and then read row by row.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, Write};
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

use super::{Batch, InputFormat, InputOptions, Source};
use crate::error::reason;

/// Unpacked bytes that are always allowed, whatever the ratio.
pub(super) const FREE: u64 = 1 << 20;
/// Bytes that decide whether a file is text.
const HEAD: usize = 8192;
/// Largest window of a zstd frame.
const MAX_WINDOW: u64 = 128 << 20;

/// Why a file is not read.
pub(super) struct Refusal {
    pub(super) reason: String,
    /// True if the file is of another kind, not damaged.
    pub(super) foreign: bool,
}

impl Refusal {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), foreign: false }
    }
}

/// What a source holds, unpacked.
pub(super) enum Unpacked {
    /// All of it.
    Whole(Vec<u8>),
    /// A table that is too large to be held.
    Table(ArticleTable),
}

/// A table of articles in UTF-8, to be read row by row.
pub(super) struct ArticleTable {
    source: Source,
    packing: Packing,
    /// Standard input, unpacked: it cannot be read twice.
    spooled: Option<File>,
    pub(super) format: InputFormat,
    /// Bytes that are good.
    size: u64,
    pub(super) n_quotes: u64,
    pub(super) is_blank: bool,
}

impl ArticleTable {
    /// Reads it from the beginning, without the byte order mark.
    pub(super) fn open(&self) -> io::Result<Box<dyn BufRead + '_>> {
        let unpacked: Box<dyn Read> = match &self.spooled {
            Some(file) => {
                let mut file = file;
                file.rewind()?;
                Box::new(file)
            }
            None => {
                let refused = |refusal: Refusal| io::Error::other(refusal.reason);
                self.packing.unpack(open(&self.source).map_err(refused)?)
            }
        };
        let mut reader = BufReader::new(unpacked.take(self.size));
        if reader.fill_buf()?.starts_with(BYTE_ORDER_MARK) {
            reader.consume(BYTE_ORDER_MARK.len());
        }
        Ok(Box::new(reader))
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The bytes of a source, unpacked; a large one that `table` knows by its first bytes for a table
/// is not held.
pub(super) fn load(
    source: &Source,
    options: &InputOptions,
    batch: &mut Batch,
    table: &dyn Fn(&[u8]) -> Option<InputFormat>,
) -> Result<Unpacked, Refusal> {
    let mut input = open(source)?;
    let mut head = Vec::new();
    let failed = |cause: &io::Error| Refusal::new(reason(cause));
    input.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(|cause| failed(&cause))?;
    if let Some(what) = not_text(&head) {
        return Err(Refusal { reason: format!("{what}, expected text"), foreign: true });
    }
    if let Some(reason) = super::refused::reason(&String::from_utf8_lossy(&head), &source.name) {
        return Err(Refusal { reason, foreign: true });
    }
    if source.size > options.max_unpacked {
        let (size, max) = (source.size, options.max_unpacked);
        return Err(Refusal::new(format!("{size} bytes, at most {max} are read")));
    }
    let packing = Packing::of(&head);
    let consumed = Rc::new(Cell::new(0));
    let packed = Counter { inner: Cursor::new(head).chain(input), consumed: Rc::clone(&consumed) };
    let mut gathered = Gathered::new(source, options, table);
    let counted = if packing == Packing::None { None } else { Some(&*consumed) };
    let outcome = drain(&mut *packing.unpack(packed), &mut gathered, options, counted);
    batch.bytes += consumed.get();
    match outcome {
        Ok(()) => {}
        Err(Stop::Limit(reason)) => {
            batch.lacks_memory |= gathered.lacks_memory;
            return Err(Refusal::new(reason));
        }
        Err(Stop::Broken(cause)) if gathered.size == 0 => {
            return Err(Refusal::new(format!("damaged: {cause}")));
        }
        Err(Stop::Broken(cause)) => {
            let n = gathered.size;
            batch.warn(source, None, format!("damaged ({cause}): the first {n} bytes are read"));
        }
    }
    if packing != Packing::None
        && let Some(what) = unpacked_foreign(&gathered.bytes)
    {
        return Err(Refusal { reason: format!("{what} inside, expected text"), foreign: true });
    }
    gathered.content(packing).map_err(|cause| failed(&cause))
}

/// Unpacks what lies in an archive and is itself packed, within the bounds.
pub(super) fn inner(bytes: Vec<u8>, context: &super::Context<'_>) -> Result<Vec<u8>, String> {
    let packing = Packing::of(&bytes);
    if packing == Packing::None {
        return Ok(bytes);
    }
    let packed = bytes.len() as u64;
    let unpacked = context.unpack(packing.unpack(Cursor::new(bytes)), packed)?;
    match unpacked_foreign(&unpacked) {
        Some(what) => Err(format!("{what} inside, expected text")),
        None => Ok(unpacked),
    }
}

/// What came out of a packed file, if it is no text; what is packed again is not unpacked.
fn unpacked_foreign(bytes: &[u8]) -> Option<&'static str> {
    match Packing::of(bytes) {
        Packing::None => foreign(bytes),
        Packing::Gzip => Some("gzip data"),
        Packing::Zstd => Some("zstd data"),
    }
}

/// What the bytes of a member are, if they are no text.
pub(super) fn foreign(bytes: &[u8]) -> Option<&'static str> {
    not_text(&bytes[..bytes.len().min(HEAD)])
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    None,
    Gzip,
    Zstd,
}

impl Packing {
    fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            _ => Self::None,
        }
    }

    fn unpack<'r>(self, packed: impl Read + 'r) -> Box<dyn Read + 'r> {
        match self {
            Self::None => Box::new(packed),
            Self::Gzip => Box::new(MultiGzDecoder::new(BufReader::new(packed))),
            Self::Zstd => Box::new(Frames { packed: Some(BufReader::new(packed)), frame: None }),
        }
    }
}

/// All frames of a zstd file, one after the other.
struct Frames<R: Read> {
    /// `None` while a frame is read, and after an error.
    packed: Option<BufReader<R>>,
    frame: Option<StreamingDecoder<BufReader<R>, FrameDecoder>>,
}

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                let n = frame.read(buffer)?;
                if n > 0 || buffer.is_empty() {
                    return Ok(n);
                }
                self.packed = self.frame.take().map(StreamingDecoder::into_inner);
            }
            let Some(mut packed) = self.packed.take() else { return Ok(0) };
            if packed.fill_buf()?.is_empty() {
                return Ok(0);
            }
            let frame = StreamingDecoder::new_with_max_window_size(packed, MAX_WINDOW);
            self.frame = Some(frame.map_err(|cause| io::Error::other(cause.to_string()))?);
        }
    }
}

/// Unpacked bytes, as they come.
struct Gathered<'s> {
    source: &'s Source,
    options: &'s InputOptions,
    table: &'s dyn Fn(&[u8]) -> Option<InputFormat>,
    /// All, or the beginning of what is not held.
    bytes: Vec<u8>,
    size: u64,
    survey: Option<Survey>,
    /// True if it is no table, and too much to be held.
    lacks_memory: bool,
}

/// What is seen of a table that is not held.
struct Survey {
    format: InputFormat,
    spooled: Option<File>,
    is_utf8: bool,
    /// The beginning of a character that is not complete.
    cut: Vec<u8>,
    n_quotes: u64,
    is_blank: bool,
    /// True if an escape stands for half of a surrogate pair.
    has_surrogates: bool,
    /// True if the text looks as if it had been encoded twice.
    is_odd: bool,
    /// The last two bytes.
    before: Vec<u8>,
}

impl<'s> Gathered<'s> {
    fn new(
        source: &'s Source,
        options: &'s InputOptions,
        table: &'s dyn Fn(&[u8]) -> Option<InputFormat>,
    ) -> Self {
        Self {
            source,
            options,
            table,
            bytes: Vec::new(),
            size: 0,
            survey: None,
            lacks_memory: false,
        }
    }

    fn take(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.size += chunk.len() as u64;
        if let Some(survey) = &mut self.survey {
            return survey.see(chunk);
        }
        self.bytes.extend_from_slice(chunk);
        if self.bytes.len() > self.options.max_whole
            && !super::decode::is_wide(&self.bytes)
            && let Some(format) = (self.table)(&self.bytes)
        {
            let spooled = match self.source.path {
                Some(_) => None,
                None => match tempfile::tempfile() {
                    Ok(file) => Some(file),
                    Err(_) => return Ok(()),
                },
            };
            let mut survey = Survey {
                format,
                spooled,
                is_utf8: true,
                cut: Vec::new(),
                n_quotes: 0,
                is_blank: true,
                has_surrogates: false,
                is_odd: false,
                before: Vec::new(),
            };
            survey.see(&self.bytes)?;
            self.survey = Some(survey);
            self.bytes.truncate(HEAD);
            self.bytes.shrink_to_fit();
        } else if self.bytes.len() > self.options.max_held {
            self.lacks_memory = true;
            let most = self.options.max_held;
            return Err(io::Error::other(format!("more than {most} bytes: no memory for more")));
        }
        Ok(())
    }

    /// What there is to read; a large table that is no plain UTF-8 is loaded after all.
    fn content(self, packing: Packing) -> io::Result<Unpacked> {
        let Some(survey) = self.survey else { return Ok(Unpacked::Whole(self.bytes)) };
        let table = ArticleTable {
            source: self.source.clone(),
            packing,
            spooled: survey.spooled,
            format: survey.format,
            size: self.size,
            n_quotes: survey.n_quotes,
            is_blank: survey.is_blank,
        };
        // An array is read by a parser that knows no halves of pairs.
        let is_sound = survey.is_utf8
            && survey.cut.is_empty()
            && !survey.is_odd
            && !(survey.has_surrogates && survey.format == InputFormat::Json);
        if is_sound {
            return Ok(Unpacked::Table(table));
        }
        let mut bytes = Vec::new();
        if self.bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.extend_from_slice(BYTE_ORDER_MARK);
        }
        table.open()?.read_to_end(&mut bytes)?;
        Ok(Unpacked::Whole(bytes))
    }
}

impl Survey {
    fn see(&mut self, chunk: &[u8]) -> io::Result<()> {
        if let Some(file) = &mut self.spooled {
            file.write_all(chunk)?;
        }
        self.n_quotes += chunk.iter().filter(|&&byte| byte == b'"').count() as u64;
        self.is_blank &= chunk.iter().all(u8::is_ascii_whitespace);
        let is_half = |w: &[u8]| matches!(w, [b'\\', b'u', b'd' | b'D']);
        let (head, tail) = (chunk.len().min(2), chunk.len().saturating_sub(2));
        let edge = [&*self.before, &chunk[..head]].concat();
        let threes = || edge.windows(3).chain(chunk.windows(3));
        self.has_surrogates |= threes().any(is_half);
        self.is_odd |= threes().any(super::decode::may_be_encoded_twice);
        self.before = [&*self.before, &chunk[tail..]].concat();
        self.before.drain(..self.before.len().saturating_sub(2));
        if self.is_utf8 {
            self.cut.extend_from_slice(chunk);
            match std::str::from_utf8(&self.cut) {
                Ok(_) => self.cut.clear(),
                Err(cause) => {
                    self.is_utf8 = cause.error_len().is_none();
                    self.cut.drain(..cause.valid_up_to());
                }
            }
        }
        Ok(())
    }
}

fn open(source: &Source) -> Result<Box<dyn Read>, Refusal> {
    let Some(path) = &source.path else {
        return Ok(Box::new(io::stdin().lock()));
    };
    let failed = |cause: io::Error| Refusal::new(reason(&cause));
    // The file may have become a pipe since it was listed, and opening a pipe waits for ever.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(Refusal::new("not a regular file"));
    }
    let file = File::open(path).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(Refusal::new("not a regular file"));
    }
    Ok(Box::new(file))
}

enum Stop {
    Limit(String),
    Broken(String),
}

/// Reads to the end, to an error, or to a limit.
fn drain(
    input: &mut dyn Read,
    gathered: &mut Gathered<'_>,
    options: &InputOptions,
    packed: Option<&Cell<u64>>,
) -> Result<(), Stop> {
    let mut chunk = vec![0; 64 << 10];
    loop {
        let n = match input.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(n) => n,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
            Err(cause) => return Err(Stop::Broken(reason(&cause))),
        };
        gathered.take(&chunk[..n]).map_err(|cause| Stop::Limit(reason(&cause)))?;
        let size = gathered.size;
        if size > options.max_unpacked {
            let max = options.max_unpacked;
            return Err(Stop::Limit(format!("more than {max} bytes")));
        }
        if let Some(packed) = packed
            && size > packed.get().saturating_mul(options.max_ratio).saturating_add(FREE)
        {
            let max = options.max_ratio;
            return Err(Stop::Limit(format!("unpacks to more than {max} times its size")));
        }
    }
}

/// Counts the packed bytes that were taken.
struct Counter<R> {
    inner: R,
    consumed: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.consumed.set(self.consumed.get() + n as u64);
        Ok(n)
    }
}

/// First bytes of files that hold no plain text.
const MAGIC: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"RIFF", "a media file"),
    (b"OggS", "a media file"),
    (b"ID3", "a media file"),
    (b"PK\x05\x06", "a zip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"BZh", "a bzip2 file"),
    (b"!BDN", "an Outlook mail folder (.pst)"),
    (b"AT&TFORM", "a DjVu file"),
    (b"wOFF", "a font"),
    (b"\0asm", "a program"),
    (b"%!PS", "a PostScript file"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an office document in the old or an encrypted form (.doc, .xls, .ppt)",
    ),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3\0", "a database"),
];

/// What the file is, if it is no text.
fn not_text(head: &[u8]) -> Option<&'static str> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(what);
    }
    if super::is_container(head) || head.starts_with(&[0x1f, 0x8b]) || super::decode::is_wide(head)
    {
        return None;
    }
    let count = |wanted: fn(u8) -> bool| head.iter().filter(|&&byte| wanted(byte)).count();
    let n_nul = count(|byte| byte == 0);
    let n_control = count(|byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r'));
    let is_utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(cause) => cause.error_len().is_none(),
    };
    let binary = n_nul * 10 > head.len() * 3 || (!is_utf8 && n_control * 20 > head.len());
    let zstd = head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    (binary && !zstd).then_some("binary data")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_archives_and_noise_are_no_text() {
        assert_eq!(not_text(b"\x89PNG\r\n\x1a\n"), Some("a PNG picture"));
        assert_eq!(not_text(&[b"Word.".as_slice(), &[0; 40]].concat()), Some("binary data"));
        let noise: Vec<u8> =
            (0..=255u8).cycle().map(|byte| byte.wrapping_mul(97)).take(999).collect();
        assert_eq!(not_text(&noise), Some("binary data"));
    }

    #[test]
    fn text_with_stray_controls_is_text() {
        assert_eq!(not_text(b"A \0calm \0day \0in \0the \0port."), None);
        assert_eq!(not_text("\u{1}\u{2}\u{3}\u{4} Zoë".as_bytes()), None);
        assert_eq!(not_text(b"caf\xe9 au lait"), None);
        assert_eq!(not_text(b""), None);
    }
}
