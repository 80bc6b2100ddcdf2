//! The header of a model file, which is checked before anything else.

use crate::error::{Error, Result};

const MAGIC: &[u8; 8] = b"NGMODEL\n";
const VERSION: u32 = 2;
/// Bytes of the header.
pub(super) const HEADER: usize = 8 + 4 + 8 + 32;

/// Puts the header before the content.
#[cfg(test)]
pub(super) fn seal(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + HEADER);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&(content.len() as u64).to_le_bytes());
    out.extend_from_slice(blake3::hash(content).as_bytes());
    out.extend_from_slice(content);
    out
}

/// Checks how a file begins; gives the length of the content that is to follow the header.
pub(super) fn length(name: &str, start: &[u8]) -> Result<u64> {
    let fail = |cause: String| Error::Model { file: name.to_owned(), cause };
    let header = start
        .get(..HEADER)
        .filter(|header| header.starts_with(MAGIC))
        .ok_or_else(|| fail("not a newsgraph model".to_owned()))?;
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |n: u64, &b| n << 8 | u64::from(b));
    let (version, rest) = header[MAGIC.len()..].split_at(4);
    match number(version) {
        version if version == u64::from(VERSION) => Ok(number(&rest[..8])),
        version => Err(fail(format!("format version {version}, expected {VERSION}"))),
    }
}

/// Checks the header; gives the content and its digest in hex.
pub(super) fn open<'b>(name: &str, bytes: &'b [u8]) -> Result<(&'b [u8], String)> {
    let fail = |cause: String| Error::Model { file: name.to_owned(), cause };
    let length = length(name, bytes)?;
    let (header, content) = bytes.split_at(HEADER);
    if length != content.len() as u64 {
        return Err(fail(format!("{} bytes of content, expected {length}", content.len())));
    }
    let digest = blake3::hash(content);
    if !header.ends_with(digest.as_bytes()) {
        return Err(fail("damaged: the digest does not fit the content".to_owned()));
    }
    Ok((content, digest.to_hex().to_string()))
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
}
