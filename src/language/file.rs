//! The model file: a flat sequence of numbers and texts behind a header that is checked first.

use crate::error::{Error, Result};

const MAGIC: &[u8; 8] = b"NGMODEL\n";
const VERSION: u32 = 1;
const HEADER: usize = 8 + 4 + 8 + 32;

/// Puts the header before the content.
pub(super) fn seal(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + HEADER);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&(content.len() as u64).to_le_bytes());
    out.extend_from_slice(blake3::hash(content).as_bytes());
    out.extend_from_slice(content);
    out
}

/// Checks the header; gives the content and its digest in hex.
pub(super) fn open<'b>(name: &str, bytes: &'b [u8]) -> Result<(&'b [u8], String)> {
    let fail = |cause: String| Error::Model { file: name.to_owned(), cause };
    let (header, content) = bytes
        .split_at_checked(HEADER)
        .filter(|(header, _)| header.starts_with(MAGIC))
        .ok_or_else(|| fail("not a newsgraph model".to_owned()))?;
    let mut reader = Reader { bytes: &header[MAGIC.len()..] };
    let version = reader.fixed(4).map_err(fail)?;
    if version != u64::from(VERSION) {
        return Err(fail(format!("format version {version}, expected {VERSION}")));
    }
    let length = reader.fixed(8).map_err(fail)?;
    if length != content.len() as u64 {
        return Err(fail(format!("{} bytes of content, expected {length}", content.len())));
    }
    let digest = blake3::hash(content);
    if digest.as_bytes() != reader.bytes {
        return Err(fail("damaged: the digest does not fit the content".to_owned()));
    }
    Ok((content, digest.to_hex().to_string()))
}

/// Appends to a model.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(super) fn varint(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    pub(super) fn number(&mut self, value: usize) {
        self.varint(u32::try_from(value).expect("a model holds fewer than 2^32 of anything"));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }
}

/// Reads a model; trusts no length.
pub(super) struct Reader<'b> {
    pub(super) bytes: &'b [u8],
}

impl<'b> Reader<'b> {
    pub(super) fn bytes(&mut self, n: usize) -> Result<&'b [u8], String> {
        let (head, rest) = self.bytes.split_at_checked(n).ok_or("ends too early")?;
        self.bytes = rest;
        Ok(head)
    }

    pub(super) fn byte(&mut self) -> Result<u8, String> {
        Ok(self.bytes(1)?[0])
    }

    pub(super) fn varint(&mut self) -> Result<u32, String> {
        let mut value = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return u32::try_from(value).map_err(|_| "number too large".to_owned());
            }
        }
        Err("number too large".to_owned())
    }

    /// A count of things that take at least `size` bytes each.
    pub(super) fn count(&mut self, size: usize) -> Result<usize, String> {
        let count = self.varint()? as usize;
        if count.saturating_mul(size) > self.bytes.len() {
            return Err(format!("{count} items in {} bytes", self.bytes.len()));
        }
        Ok(count)
    }

    pub(super) fn text(&mut self) -> Result<&'b str, String> {
        let len = self.count(1)?;
        std::str::from_utf8(self.bytes(len)?).map_err(|_| "text is not UTF-8".to_owned())
    }

    fn fixed(&mut self, n: usize) -> Result<u64, String> {
        Ok(self.bytes(n)?.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte)))
    }

    /// Nothing may be left.
    pub(super) fn finish(self) -> Result<(), String> {
        if self.bytes.is_empty() {
            Ok(())
        } else {
            Err(format!("{} bytes too many", self.bytes.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_and_foreign_files_are_refused() {
        let sealed = seal(b"content");
        assert_eq!(open("m", &sealed).unwrap().0, b"content");
        assert!(open("m", b"").is_err());
        assert!(
            open("m", b"something else that is long enough to hold a header of 52 bytes").is_err()
        );
        assert!(open("m", &sealed[..sealed.len() - 1]).is_err());
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(open("m", &damaged).is_err(), "byte {at}");
        }
    }

    #[test]
    fn counts_beyond_the_end_are_refused() {
        let mut writer = Writer::default();
        writer.number(1_000_000);
        assert!(Reader { bytes: &writer.bytes }.count(1).is_err());
        assert!(Reader { bytes: &[0xFF; 9] }.varint().is_err());
    }
}
