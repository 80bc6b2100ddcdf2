//! Opens a file, unpacks gzip and zstd by their first bytes, and refuses what is not text.
//!
//! Sizes are bounded: the file itself and what comes out of it by `max_unpacked`, their ratio by
//! `max_ratio`. A damaged file gives its good part with a warning.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

use super::discover::reason;
use super::{Batch, Options, Source};

/// Unpacked bytes that are always allowed, whatever the ratio.
const FREE: u64 = 1 << 20;
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

/// The bytes of a source, unpacked.
pub(super) fn load(
    source: &Source,
    options: &Options,
    batch: &mut Batch,
) -> Result<Vec<u8>, Refusal> {
    let mut input = open(source)?;
    let mut head = Vec::new();
    let failed = |cause: &io::Error| Refusal::new(reason(cause));
    input.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(|cause| failed(&cause))?;
    if let Some(what) = not_text(&head) {
        return Err(Refusal { reason: format!("{what}, expected text"), foreign: true });
    }
    if source.size > options.max_unpacked {
        let (size, max) = (source.size, options.max_unpacked);
        return Err(Refusal::new(format!("{size} bytes, at most {max} are read")));
    }
    let gzip = head.starts_with(&[0x1f, 0x8b]);
    let zstd = head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    let consumed = Rc::new(Cell::new(0));
    let packed = Counter { inner: Cursor::new(head).chain(input), consumed: Rc::clone(&consumed) };
    let mut bytes = Vec::new();
    let outcome = if gzip {
        let mut unpacked = MultiGzDecoder::new(BufReader::new(packed));
        drain(&mut unpacked, &mut bytes, options, Some(&consumed))
    } else if zstd {
        unzstd(BufReader::new(packed), &mut bytes, options, &consumed)
    } else {
        let mut packed = packed;
        drain(&mut packed, &mut bytes, options, None)
    };
    batch.bytes += consumed.get();
    match outcome {
        Ok(()) => {}
        Err(Stop::Limit(reason)) => return Err(Refusal::new(reason)),
        Err(Stop::Broken(cause)) if bytes.is_empty() => {
            return Err(Refusal::new(format!("damaged: {cause}")));
        }
        Err(Stop::Broken(cause)) => {
            let n = bytes.len();
            batch.warn(source, None, format!("damaged ({cause}): the first {n} bytes are read"));
        }
    }
    if (gzip || zstd)
        && let Some(what) = not_text(&bytes[..bytes.len().min(HEAD)])
    {
        return Err(Refusal { reason: format!("{what} inside, expected text"), foreign: true });
    }
    Ok(bytes)
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
    bytes: &mut Vec<u8>,
    options: &Options,
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
        bytes.extend_from_slice(&chunk[..n]);
        let size = bytes.len() as u64;
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

/// Unpacks all frames.
fn unzstd(
    mut packed: BufReader<impl Read>,
    bytes: &mut Vec<u8>,
    options: &Options,
    consumed: &Cell<u64>,
) -> Result<(), Stop> {
    use std::io::BufRead;
    loop {
        match packed.fill_buf() {
            Ok([]) => return Ok(()),
            Ok(_) => {}
            Err(cause) => return Err(Stop::Broken(reason(&cause))),
        }
        let mut frame = StreamingDecoder::new_with_max_window_size(&mut packed, MAX_WINDOW)
            .map_err(|cause| Stop::Broken(cause.to_string()))?;
        drain(&mut frame, bytes, options, Some(consumed))?;
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
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"RIFF", "a media file"),
    (b"OggS", "a media file"),
    (b"ID3", "a media file"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"PK\x05\x06", "a zip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3\0", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"WARC/1.", "a web archive"),
];

/// What the file is, if it is no text.
fn not_text(head: &[u8]) -> Option<&'static str> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(what);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some("a tar archive");
    }
    if head.starts_with(&[0x1f, 0x8b]) || super::decode::is_wide(head) {
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
