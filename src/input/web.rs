//! Archives of the web: WARC, ARC, HAR, and pages saved by Safari.
//!
//! Pages that a server gave with success are articles, one a record; redirects, pictures, scripts and
//! what the crawler notes are passed over. Nothing is fetched.

use std::sync::LazyLock;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use mail_parser::decoders::base64::base64_decode;
use regex::bytes::Regex;
use serde::Deserialize;

use super::{Batch, Context, RawDocument, Source, at_item, decode, finish, html, read_member, xml};

/// True if the file begins like an ARC file.
pub(super) fn is_arc(head: &[u8]) -> bool {
    head.starts_with(b"filedesc://")
}

/// Reads a WARC file.
pub(super) fn warc(bytes: &[u8], source: &Source, context: &Context<'_>, batch: &mut Batch) {
    let mut rest = bytes;
    let mut n = 0;
    loop {
        let start = rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len());
        rest = &rest[start..];
        if rest.is_empty() {
            return;
        }
        if !rest.starts_with(b"WARC/") {
            batch.warn(source, None, format!("a web archive (WARC), damaged after record {n}"));
            match find(rest, b"\nWARC/") {
                Some(next) => rest = &rest[next + 1..],
                None => return,
            }
        }
        n += 1;
        let (fields, body) = head(rest);
        let length = field(&fields, "content-length").and_then(|value| value.parse::<usize>().ok());
        let Some(length) = length else {
            batch.warn(source, None, at_item("a record without a length", Some(n)));
            rest = find(body, b"\nWARC/").map_or(&[][..], |next| &body[next + 1..]);
            continue;
        };
        if length > body.len() {
            batch.warn(source, None, at_item("the record is cut off", Some(n)));
        }
        let content = &body[..length.min(body.len())];
        rest = &body[content.len()..];
        let uri =
            field(&fields, "warc-target-uri").map(|uri| uri.trim_matches(['<', '>']).to_owned());
        let kind = field(&fields, "content-type").unwrap_or_default();
        match field(&fields, "warc-type") {
            Some("response")
                if kind.starts_with("application/http") || content.starts_with(b"HTTP/") =>
            {
                response(content, uri, n, source, context, batch);
            }
            Some("resource" | "response") => {
                let record = Record { kind, uri, n, content: content.to_vec() };
                record.read(source, context, batch);
            }
            Some("conversion") => {
                let text = decode::decode(content.to_vec(), false, source, batch);
                let text = decode::encoded_once(text, source, batch);
                let draft = RawDocument { uri, text, item: Some(n), ..RawDocument::default() };
                finish(draft, source, context.options, batch);
            }
            _ => {}
        }
    }
}

/// Reads an ARC file.
pub(super) fn arc(bytes: &[u8], source: &Source, context: &Context<'_>, batch: &mut Batch) {
    let mut rest = bytes;
    let mut n = 0;
    while let Some(start) = rest.iter().position(|byte| !byte.is_ascii_whitespace()) {
        rest = &rest[start..];
        let end = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
        let line = String::from_utf8_lossy(&rest[..end]).into_owned();
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let length =
            words.last().filter(|_| words.len() >= 4).and_then(|it| it.parse::<usize>().ok());
        let Some(length) = length.filter(|_| line.contains("://")) else {
            batch.warn(source, None, format!("a web archive (ARC), damaged after record {n}"));
            return;
        };
        n += 1;
        let body = &rest[(end + 1).min(rest.len())..];
        if length > body.len() {
            batch.warn(source, None, at_item("the record is cut off", Some(n)));
        }
        let content = &body[..length.min(body.len())];
        rest = &body[content.len()..];
        if !line.starts_with("filedesc:") {
            response(content, Some(words[0].to_owned()), n, source, context, batch);
        }
    }
}

/// The fields of a head and what follows it.
fn head(bytes: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    for (n, line) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
        at += line.len();
        let line = String::from_utf8_lossy(line);
        if line.trim().is_empty() || n > 1000 {
            break;
        }
        match line.split_once(':') {
            Some((name, value)) if n > 0 => {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
            _ => {}
        }
    }
    (fields, &bytes[at..])
}

fn field<'f>(fields: &'f [(String, String)], name: &str) -> Option<&'f str> {
    fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// Reads what a server gave.
fn response(
    bytes: &[u8],
    uri: Option<String>,
    n: u64,
    source: &Source,
    context: &Context<'_>,
    batch: &mut Batch,
) {
    let first = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let first = String::from_utf8_lossy(first);
    let status = first.split_ascii_whitespace().nth(1).unwrap_or_default();
    if !first.starts_with("HTTP/") || status != "200" {
        return;
    }
    let (fields, body) = head(bytes);
    let kind = field(&fields, "content-type").unwrap_or_default().to_owned();
    if !is_article_type(&kind) {
        return;
    }
    let chunked = field(&fields, "transfer-encoding").is_some_and(|it| it.contains("chunked"));
    let content = if chunked { unchunked(body) } else { body.to_vec() };
    let packed = content.len() as u64;
    let encoding = field(&fields, "content-encoding").unwrap_or_default().to_ascii_lowercase();
    let content = match encoding.trim() {
        "" | "identity" | "none" | "utf-8" => Ok(content),
        "gzip" | "x-gzip" if content.starts_with(&[0x1f, 0x8b]) => {
            context.unpack(MultiGzDecoder::new(&content[..]), packed)
        }
        "deflate" => context
            .unpack(ZlibDecoder::new(&content[..]), packed)
            .or_else(|_| context.unpack(DeflateDecoder::new(&content[..]), packed)),
        "zstd" => match ruzstd::decoding::StreamingDecoder::new(&content[..]) {
            Ok(decoder) => context.unpack(decoder, packed),
            Err(cause) => Err(format!("a page packed with zstd, damaged: {cause}")),
        },
        "br" if !content.trim_ascii_start().starts_with(b"<") => {
            context.unpack(brotli_decompressor::Decompressor::new(&content[..], 4096), packed)
        }
        // Some crawlers unpack, and leave the field as it was.
        _ if content.trim_ascii_start().starts_with(b"<") => Ok(content),
        other => Err(format!("a page packed with {other}, which is not read")),
    };
    match content {
        Ok(content) => Record { kind: &kind, uri, n, content }.read(source, context, batch),
        Err(reason) => batch.skip(source, None, at_item(&reason, Some(n))),
    }
}

/// Types of what may be an article.
fn is_article_type(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "text/html" | "application/xhtml+xml" | "application/pdf" | "")
}

/// Puts the chunks of a body together; what is not chunked stays as it is.
fn unchunked(body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(captures) = CHUNK.captures(rest) {
        let size = std::str::from_utf8(&captures[1])
            .ok()
            .and_then(|it| usize::from_str_radix(it, 16).ok());
        let start = captures[0].len();
        let Some(size) = size.filter(|size| *size > 0) else { break };
        let end = start.saturating_add(size).min(rest.len());
        whole.extend_from_slice(&rest[start..end]);
        rest = &rest[end..];
    }
    if whole.is_empty() { body.to_vec() } else { whole }
}

static CHUNK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)^(?:\r?\n)?([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r?\n").expect("a fixed pattern")
});

/// A page.
struct Record<'k> {
    kind: &'k str,
    uri: Option<String>,
    n: u64,
    content: Vec<u8>,
}

impl Record<'_> {
    fn read(self, source: &Source, context: &Context<'_>, batch: &mut Batch) {
        if !is_article_type(self.kind) {
            return;
        }
        if self.content.starts_with(b"%PDF-") {
            let name = format!("{}.pdf", self.n);
            read_member(self.content, &name, source, context, batch);
            return;
        }
        if self.kind.is_empty() && !self.content.trim_ascii_start().starts_with(b"<") {
            return;
        }
        let label =
            self.kind.split("charset=").nth(1).map(|it| it.trim_matches(['"', '\'', ' ', ';']));
        let text = decode::decode_as(self.content, label, source, batch);
        let draft = html::read(&text, source, batch);
        let uri = draft.uri.or(self.uri);
        finish(RawDocument { uri, item: Some(self.n), ..draft }, source, context.options, batch);
    }
}

/// What a browser recorded.
#[derive(Deserialize)]
pub(super) struct Har {
    log: HarLog,
}

#[derive(Deserialize)]
struct HarLog {
    entries: Vec<HarEntry>,
}

#[derive(Deserialize)]
struct HarEntry {
    request: HarRequest,
    response: HarResponse,
}

#[derive(Deserialize)]
struct HarRequest {
    #[serde(default)]
    url: String,
}

#[derive(Deserialize)]
struct HarResponse {
    #[serde(default)]
    status: i64,
    content: HarContent,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HarContent {
    #[serde(default)]
    mime_type: String,
    text: Option<String>,
    encoding: Option<String>,
}

/// Reads the pages of a HAR file.
pub(super) fn har(har: Har, source: &Source, context: &Context<'_>, batch: &mut Batch) {
    let before = batch.documents.len();
    for (n, entry) in (1..).zip(har.log.entries) {
        let content = entry.response.content;
        let is_page = !content.mime_type.is_empty() && is_article_type(&content.mime_type);
        if entry.response.status != 200 || !is_page {
            continue;
        }
        let Some(text) = content.text else { continue };
        let bytes = match content.encoding.as_deref() {
            Some("base64") => base64_decode(text.as_bytes()).unwrap_or_default(),
            _ => text.into_bytes(),
        };
        let record =
            Record { kind: &content.mime_type, uri: Some(entry.request.url), n, content: bytes };
        record.read(source, context, batch);
    }
    if batch.documents.len() == before {
        batch.skip(source, None, "an HTTP archive (HAR) without the text of a page");
    }
}

/// Reads a page that Safari saved.
pub(super) fn safari(bytes: &[u8], source: &Source, context: &Context<'_>, batch: &mut Batch) {
    let main = if bytes.starts_with(b"bplist00") { binary_page(bytes) } else { xml_page(bytes) };
    match main {
        Some(page) => {
            let uri = page.uri.filter(|uri| uri.contains("://"));
            let text = decode::decode_as(page.data, page.encoding.as_deref(), source, batch);
            let draft = html::read(&text, source, batch);
            let uri = draft.uri.or(uri);
            finish(RawDocument { uri, ..draft }, source, context.options, batch);
        }
        None => {
            batch.skip(source, None, "a property list without a saved page (Safari web archive)")
        }
    }
}

#[derive(Default)]
struct SavedPage {
    data: Vec<u8>,
    encoding: Option<String>,
    uri: Option<String>,
}

fn xml_page(bytes: &[u8]) -> Option<SavedPage> {
    let root = xml::tree(&String::from_utf8_lossy(bytes)).ok()?;
    let main = pair(root.child("dict")?, "WebMainResource")?;
    let data: String = pair(main, "WebResourceData")?.text().split_ascii_whitespace().collect();
    let text = |key: &str| pair(main, key).map(|value| value.text());
    Some(SavedPage {
        data: base64_decode(data.as_bytes())?,
        encoding: text("WebResourceTextEncodingName"),
        uri: text("WebResourceURL"),
    })
}

/// The value behind a key.
fn pair<'e>(dictionary: &'e xml::Element, key: &str) -> Option<&'e xml::Element> {
    let mut children = dictionary.children();
    children.find(|child| child.name == "key" && child.text().trim() == key)?;
    children.next()
}

fn binary_page(bytes: &[u8]) -> Option<SavedPage> {
    let list = BinaryList::new(bytes)?;
    let main = list.value(list.root, "WebMainResource")?;
    Some(SavedPage {
        data: list.data(list.value(main, "WebResourceData")?)?.to_vec(),
        encoding: list.value(main, "WebResourceTextEncodingName").and_then(|it| list.string(it)),
        uri: list.value(main, "WebResourceURL").and_then(|it| list.string(it)),
    })
}

/// A property list of Apple in its binary form: objects by number, found by a table of offsets.
struct BinaryList<'b> {
    bytes: &'b [u8],
    offsets: &'b [u8],
    offset_size: usize,
    reference_size: usize,
    root: usize,
}

impl<'b> BinaryList<'b> {
    fn new(bytes: &'b [u8]) -> Option<Self> {
        let trailer = bytes.get(bytes.len().checked_sub(32)?..)?;
        let number =
            |range: std::ops::Range<usize>| usize::try_from(big_endian(trailer.get(range)?)?).ok();
        let table = number(24..32)?;
        Some(Self {
            bytes,
            offsets: bytes.get(table..)?,
            offset_size: usize::from(trailer[6]),
            reference_size: usize::from(trailer[7]),
            root: number(16..24)?,
        })
    }

    /// The kind of an object, its length, and where its content begins.
    fn object(&self, number: usize) -> Option<(u8, usize, usize)> {
        let at = number.checked_mul(self.offset_size)?;
        let offset = self.offsets.get(at..at.checked_add(self.offset_size)?)?;
        let offset = usize::try_from(big_endian(offset)?).ok()?;
        let marker = *self.bytes.get(offset)?;
        let length = usize::from(marker & 0xf);
        if length < 15 {
            return Some((marker >> 4, length, offset + 1));
        }
        let size = 1usize << (self.bytes.get(offset + 1)? & 0xf).min(3);
        let length = big_endian(self.bytes.get(offset + 2..offset + 2 + size)?)?;
        Some((marker >> 4, usize::try_from(length).ok()?, offset + 2 + size))
    }

    fn value(&self, dictionary: usize, key: &str) -> Option<usize> {
        let (kind, length, start) = self.object(dictionary)?;
        let reference = |index: usize| {
            let at = start.checked_add(index.checked_mul(self.reference_size)?)?;
            let bytes = self.bytes.get(at..at.checked_add(self.reference_size)?)?;
            usize::try_from(big_endian(bytes)?).ok()
        };
        let is_key = |index: &usize| {
            reference(*index).and_then(|it| self.string(it)).is_some_and(|it| it == key)
        };
        let index = (0..length.min(1000)).filter(|_| kind == 0xd).find(is_key)?;
        reference(length.checked_add(index)?)
    }

    fn data(&self, number: usize) -> Option<&'b [u8]> {
        let (kind, length, start) = self.object(number)?;
        (kind == 4).then(|| self.bytes.get(start..start.checked_add(length)?))?
    }

    fn string(&self, number: usize) -> Option<String> {
        let (kind, length, start) = self.object(number)?;
        match kind {
            5 => {
                let bytes = self.bytes.get(start..start.checked_add(length)?)?;
                Some(String::from_utf8_lossy(bytes).into_owned())
            }
            6 => {
                let bytes = self.bytes.get(start..start.checked_add(length.checked_mul(2)?)?)?;
                let units: Vec<u16> =
                    bytes.chunks_exact(2).map(|it| u16::from_be_bytes([it[0], it[1]])).collect();
                Some(String::from_utf16_lossy(&units))
            }
            _ => None,
        }
    }
}

fn big_endian(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte)))
}

/// True if a property list is a page that Safari saved.
pub(super) fn is_safari(head: &[u8]) -> bool {
    let is_list = head.starts_with(b"bplist00") || find(head, b"<plist").is_some();
    is_list && find(head, b"WebMainResource").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_put_together() {
        assert_eq!(unchunked(b"4\r\nThe \r\n5;x=y\r\npier.\r\n0\r\n\r\n"), b"The pier.");
        assert_eq!(unchunked(b"<p>The pier.</p>"), b"<p>The pier.</p>");
        assert_eq!(unchunked(b"ffffffff\r\nThe"), b"The");
    }

    #[test]
    fn broken_property_lists_are_no_fault() {
        for n in 0..64 {
            let mut bytes = b"bplist00".to_vec();
            bytes.extend(std::iter::repeat_n(n * 3, usize::from(n)));
            assert!(binary_page(&bytes).is_none());
        }
        let mut bytes = b"bplist00\xd1\x00\x00".to_vec();
        bytes.extend([0, 0, 0, 0, 0, 0, 8, 8]);
        bytes.extend([0xff; 24]);
        assert!(binary_page(&bytes).is_none());
    }
}
