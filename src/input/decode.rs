//! Bytes to characters, and the format of what has no suffix.
//!
//! UTF-8 if the bytes are, or nearly are; UTF-16 and UTF-32 by byte order mark, UTF-16 also by the
//! place of its zero bytes; web pages by what they declare; all else by chardetng's guess, which
//! is made from the bytes alone. Whatever is not plain UTF-8 or marked is worth a warning.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{Batch, InputFormat, Source};

/// Bytes that the encoding is guessed from.
const SAMPLE: usize = 1 << 20;

/// Decodes a part of a package that is UTF-8 by its standard, or marked.
pub(super) fn plainly(bytes: Vec<u8>) -> String {
    match Encoding::for_bom(&bytes) {
        Some((encoding, mark)) => {
            encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned()
        }
        None => String::from_utf8(bytes)
            .unwrap_or_else(|cause| String::from_utf8_lossy(cause.as_bytes()).into_owned()),
    }
}

/// Decodes a web page for which the server named an encoding, perhaps.
pub(super) fn decode_as(
    bytes: Vec<u8>,
    label: Option<&str>,
    source: &Source,
    batch: &mut Batch,
) -> String {
    let encoding = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    match encoding {
        Some(encoding)
            if encoding != UTF_8
                && Encoding::for_bom(&bytes).is_none()
                && std::str::from_utf8(&bytes).is_err() =>
        {
            encoding.decode_without_bom_handling(&bytes).0.into_owned()
        }
        _ => decode(bytes, true, source, batch),
    }
}

/// A text as it was before it was encoded a second time.
pub(super) fn encoded_once(text: String, source: &Source, batch: &mut Batch) -> String {
    let Some(mended) = encoded_twice(&text) else { return text };
    batch.warn(source, None, "encoded twice: read as it was before");
    mended
}

/// Decodes a whole file; nothing is lost silently.
pub(super) fn decode(bytes: Vec<u8>, is_html: bool, source: &Source, batch: &mut Batch) -> String {
    if let Some(text) = utf32(&bytes) {
        return text;
    }
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        let (text, bad) = encoding.decode_without_bom_handling(&bytes[mark..]);
        if bad {
            let name = encoding.name();
            batch.warn(source, None, format!("not valid {name}: wrong bytes are read as U+FFFD"));
        }
        return text.into_owned();
    }
    if let Some(encoding) = wide(&bytes) {
        let message = format!("read as {} (no byte order mark)", encoding.name());
        batch.warn(source, None, message);
        return encoding.decode_without_bom_handling(&bytes).0.into_owned();
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return text,
        Err(cause) => cause.into_bytes(),
    };
    let declared = if is_html { declared(&bytes) } else { None };
    let encoding = match declared {
        _ if nearly_utf8(&bytes) => UTF_8,
        Some(encoding) => encoding,
        None => guess(&bytes),
    };
    let (text, bad) = encoding.decode_without_bom_handling(&bytes);
    let message = match (encoding == UTF_8, bad) {
        (true, _) => "not valid UTF-8: wrong bytes are read as U+FFFD".to_owned(),
        (false, true) => format!("not UTF-8: read as {}, wrong bytes as U+FFFD", encoding.name()),
        (false, false) => format!("not UTF-8: read as {}", encoding.name()),
    };
    batch.warn(source, None, message);
    text.into_owned()
}

/// True if the bytes are UTF-16 or UTF-32.
pub(super) fn is_wide(head: &[u8]) -> bool {
    head.starts_with(&[0xff, 0xfe])
        || head.starts_with(&[0xfe, 0xff])
        || head.starts_with(&[0, 0, 0xfe, 0xff])
        || wide(head).is_some()
}

/// UTF-16 without byte order mark: nearly every second byte is zero, hardly any of the others.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(8192) & !1];
    if head.len() < 16 {
        return None;
    }
    let zeros = |from| head.iter().skip(from).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    match () {
        () if odd * 10 > half * 7 && even * 20 < half => Some(UTF_16LE),
        () if even * 10 > half * 7 && odd * 20 < half => Some(UTF_16BE),
        () => None,
    }
}

fn utf32(bytes: &[u8]) -> Option<String> {
    let word: fn([u8; 4]) -> u32 = match bytes.get(..4)? {
        [0xff, 0xfe, 0, 0] => u32::from_le_bytes,
        [0, 0, 0xfe, 0xff] => u32::from_be_bytes,
        _ => return None,
    };
    let words = bytes[4..].chunks(4).map(|chunk| chunk.try_into().map_or(u32::MAX, word));
    Some(words.map(|code| char::from_u32(code).unwrap_or('\u{fffd}')).collect())
}

/// True if the text is UTF-8 but for some damage: more sound characters beyond ASCII than wrong
/// bytes, or only the last character is cut.
fn nearly_utf8(bytes: &[u8]) -> bool {
    let (mut n_good, mut n_bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        n_good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        n_bad += usize::from(!chunk.invalid().is_empty());
    }
    let cut = n_bad == 1
        && std::str::from_utf8(bytes).is_err_and(|cause| cause.error_len().is_none())
        && bytes.len() > 1;
    n_good > n_bad || cut
}

/// Windows-1252 for text that is nearly all ASCII, as English is: a few accents are no evidence.
fn guess(bytes: &[u8]) -> &'static Encoding {
    if is_macintosh(bytes) {
        return encoding_rs::MACINTOSH;
    }
    let n_foreign = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    if n_foreign * 20 < bytes.len() {
        return WINDOWS_1252;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(SAMPLE)], true);
    detector.guess(None, Utf8Detection::Deny)
}

/// True for the encoding of old Macintosh computers: its letters are marks in windows-1252, and stand
/// within words.
fn is_macintosh(bytes: &[u8]) -> bool {
    let (mut n_mac, mut n_windows) = (0, 0);
    for pair in bytes[..bytes.len().min(SAMPLE)].windows(2) {
        match (pair[0], pair[1]) {
            // Behind a small letter there is no capital one, nor an opening quotation mark.
            (b'a'..=b'z', 0x87..=0x91 | 0x98 | 0x9d | 0x9f) => n_mac += 1,
            (_, 0xe0..=0xff) | (b' ', 0x91 | 0x93 | 0x96 | 0x97) => n_windows += 1,
            _ => {}
        }
    }
    n_mac > n_windows
}

/// True for bytes with which a text that was encoded twice gives itself away.
pub(super) fn may_be_encoded_twice(three: &[u8]) -> bool {
    matches!(three, [0xc3, 0x82 | 0x83, _] | [0xc3, 0xa2, 0xe2])
}

/// A text in UTF-8 that was taken for windows-1252 and encoded again ("cafÃ©"), as it was before.
fn encoded_twice(text: &str) -> Option<String> {
    if !text.as_bytes().windows(3).any(may_be_encoded_twice) {
        return None;
    }
    let is_mark = |c: char| matches!(c, 'Ã' | 'Â' | 'â');
    let n_marks = text.chars().filter(|&c| is_mark(c)).count();
    let n_other = text.chars().filter(|&c| !c.is_ascii() && !is_mark(c)).count();
    if n_marks == 0 || n_other > n_marks * 3 {
        return None;
    }
    let mut mended = String::with_capacity(text.len());
    let mut n_mended = 0;
    for line in text.split_inclusive('\n') {
        let (bytes, _, lost) = WINDOWS_1252.encode(line);
        match std::str::from_utf8(&bytes) {
            Ok(before) if !lost && before.len() < line.len() => {
                n_mended += 1;
                mended.push_str(before);
            }
            _ => mended.push_str(line),
        }
    }
    (n_mended > 0).then_some(mended)
}

/// The encoding that a web page declares (`<meta charset=...>`), looked for in its first 4 KiB.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(4096)].to_ascii_lowercase();
    let at = head.windows(8).position(|window| window == b"charset=")? + 8;
    let label: Vec<u8> = head[at..]
        .iter()
        .copied()
        .skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '))
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .collect();
    // A page that says so in ASCII is none of these.
    Encoding::for_label(&label).filter(|encoding| encoding.is_ascii_compatible())
}

/// The format of a file that has no suffix we know.
pub(super) fn sniff(bytes: &[u8]) -> InputFormat {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let head = head.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    let begins = |with: &[&str]| with.iter().any(|start| head.starts_with(start));
    if begins(&["<!doctype html", "<html", "<head", "<body"]) {
        InputFormat::Html
    } else if begins(&["<?xml", "<rss", "<feed"]) {
        if head.contains("<html") { InputFormat::Html } else { InputFormat::Feed }
    } else if begins(&["{\""]) {
        InputFormat::JsonLines
    } else if begins(&["[{", "[\n{", "[\r\n{", "[ {", "[\n ", "{\n ", "{\r\n "])
        && head.contains("\":")
    {
        InputFormat::Json
    } else {
        InputFormat::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str, n_warnings: usize) {
        let source = Source { name: "a".to_owned(), path: None, size: 0, named: true };
        let mut batch = Batch::default();
        let decoded = decode(bytes.to_vec(), false, &source, &mut batch);
        assert_eq!(encoded_once(decoded, &source, &mut batch), text);
        assert_eq!(batch.warnings.len(), n_warnings, "{:?}", batch.warnings);
    }

    #[test]
    fn marked_encodings_are_read_without_a_word() {
        check(b"\xef\xbb\xbfcaf\xc3\xa9", "café", 0);
        check(b"\xff\xfec\0a\0f\0\xe9\0", "café", 0);
        check(b"\xfe\xff\0c\0a\0f\0\xe9", "café", 0);
        check(b"\xff\xfe\0\0c\0\0\0\xe9\0\0\0", "cé", 0);
        check("café".as_bytes(), "café", 0);
    }

    #[test]
    fn others_are_read_with_a_warning() {
        let wide: Vec<u8> = "The quiet port".bytes().flat_map(|byte| [byte, 0]).collect();
        check(&wide, "The quiet port", 1);
        check(b"The caf\xe9 \x93Zoe\x94 in the old town of Elm is open again to all who come, the mayor said", "The café “Zoe” in the old town of Elm is open again to all who come, the mayor said", 1);
        check("Zoë in the café".as_bytes().split_last().unwrap().1, "Zoë in the caf\u{fffd}", 1);
        let russian = encoding_rs::WINDOWS_1251.encode("Новый причал открыт в городе").0;
        check(&russian, "Новый причал открыт в городе", 1);
        check("Zo\u{c3}\u{ab} in the caf\u{c3}\u{a9}".as_bytes(), "Zoë in the café", 1);
        check(
            b"Jos\x8e of M\x9fnchhof sat in the old port of Elm until it rained again",
            "José of Münchhof sat in the old port of Elm until it rained again",
            1,
        );
        check(b"Zo\xc3\xab, \xc3\xa9\xc3\xa8 \xff sat", "Zoë, éè \u{fffd} sat", 1);
        check(b"They met Zo\xc3", "They met Zo\u{fffd}", 1);
    }

    #[test]
    fn pages_declare_their_encoding() {
        assert_eq!(
            declared(b"<meta charset='windows-1251'>").map(Encoding::name),
            Some("windows-1251")
        );
        assert_eq!(declared(b"<p>none"), None);
    }
}
