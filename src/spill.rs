//! Values that leave memory until they are written: a graph holds numbers, and where the words lie.
//!
//! The file has no name and goes away with the process. Values are encoded as postcard does
//! (<https://postcard.jamesmunns.com/wire-format>) and only ever added. What cannot be read back is
//! reported once, by [`Spill::check`], so that whoever walks a graph need not ask at every step: a writer
//! asks before its file is finished.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// Bytes that are written at once.
const BUFFER: usize = 1 << 18;

/// Values that were added one after the other.
#[derive(Debug, Default)]
pub struct Spill {
    /// Where values go that are too many for memory.
    file: Option<File>,
    /// What is not in the file yet; without a file, everything.
    buffer: RwLock<Buffer>,
    failed: Mutex<Option<io::Error>>,
}

#[derive(Debug, Default)]
struct Buffer {
    /// Where in all it begins.
    start: u64,
    bytes: Vec<u8>,
}

/// Where values lie, one or several that follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place(u64);

impl Place {
    /// Bits for the length: 256 MB of one document, which leaves 64 GB for all.
    const LENGTH: u32 = 28;

    fn new(start: u64, length: usize) -> Option<Self> {
        let fits = start >> (64 - Self::LENGTH) == 0 && length >> Self::LENGTH == 0;
        fits.then_some(Self(start << Self::LENGTH | length as u64))
    }

    fn start(self) -> u64 {
        self.0 >> Self::LENGTH
    }

    fn length(self) -> usize {
        (self.0 & ((1 << Self::LENGTH) - 1)) as usize
    }

    /// How many bytes behind an earlier place it begins.
    pub fn behind(self, earlier: Self) -> usize {
        (self.start() - earlier.start()) as usize
    }
}

/// Where values lie that follow each other and are found by their numbers, which ascend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbered {
    values: Place,
    /// An [`ENTRY`] each.
    index: Place,
}

/// Bytes of a number and of where its value begins.
const ENTRY: usize = 8;
/// Entries of an index that are read at once; among more the right ones are found by bisection.
const NEAR: usize = 128;

impl Spill {
    /// Spills into a folder.
    ///
    /// # Errors
    /// [`Error::Io`] when no file can be made there.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        let file = tempfile::tempfile_in(folder).map_err(Error::io(folder))?;
        Ok(Self { file: Some(file), ..Self::default() })
    }

    /// Spills where the system keeps what is temporary; if no file can be made there, into memory.
    pub fn temporary() -> Self {
        Self { file: tempfile::tempfile().ok(), ..Self::default() }
    }

    /// Adds values behind each other.
    pub fn add_all<T: Serialize>(&self, values: impl IntoIterator<Item = T>) -> Place {
        let mut bytes = Vec::new();
        for value in values {
            bytes = postcard::to_extend(&value, bytes).expect("strings and lists of known length");
        }
        self.add_bytes(&bytes)
    }

    /// Adds a value.
    pub fn add(&self, value: &impl Serialize) -> Place {
        self.add_all([value])
    }

    /// Adds values behind each other, each with its number.
    pub fn add_numbered<T: Serialize>(
        &self,
        values: impl IntoIterator<Item = (u32, T)>,
    ) -> Numbered {
        let (mut bytes, mut index) = (Vec::new(), Vec::new());
        for (number, value) in values {
            // More than 4 GB are not added at all.
            index.extend_from_slice(&number.to_le_bytes());
            index.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
            bytes = postcard::to_extend(&value, bytes).expect("strings and lists of known length");
        }
        Numbered { values: self.add_bytes(&bytes), index: self.add_bytes(&index) }
    }

    /// The value of a number, if there is one. Reads no more than a few pages, however many there are.
    pub fn numbered<T: DeserializeOwned>(&self, of: Numbered, number: u32) -> Option<T> {
        let n = of.index.length() / ENTRY;
        let (mut first, mut end) = (0, n);
        while end - first > NEAR {
            let middle = first + (end - first) / 2;
            match self.entries(of, middle..middle + 1).first()?.0 <= number {
                true => first = middle,
                false => end = middle,
            }
        }
        // One more gives the end of the last value.
        let entries = self.entries(of, first..n.min(end + 1));
        let at = entries.binary_search_by_key(&number, |&(number, _)| number).ok()?;
        let start = entries[at].1;
        let end = entries.get(at + 1).map_or(of.values.length(), |&(_, end)| end);
        let bytes = self.part(of.values, start..end);
        self.decoded(&bytes).map(|(value, _)| value)
    }

    /// All values, in the order of their numbers.
    pub fn all_numbered<T: DeserializeOwned>(&self, of: Numbered) -> Vec<T> {
        self.all(of.values)
    }

    /// Entries of an index: number, and where the value begins.
    fn entries(&self, of: Numbered, range: Range<usize>) -> Vec<(u32, usize)> {
        let bytes = self.part(of.index, range.start * ENTRY..range.end * ENTRY);
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |n, &byte| n << 8 | u32::from(byte));
        let entry = |bytes: &[u8]| (number(&bytes[..4]), number(&bytes[4..]) as usize);
        bytes.chunks_exact(ENTRY).map(entry).collect()
    }

    fn add_bytes(&self, bytes: &[u8]) -> Place {
        let mut buffer = self.buffer.write().unwrap_or_else(PoisonError::into_inner);
        let start = buffer.start + buffer.bytes.len() as u64;
        buffer.bytes.extend_from_slice(bytes);
        if let Some(mut file) = self.file.as_ref()
            && buffer.bytes.len() >= BUFFER
        {
            let written = file
                .seek(SeekFrom::Start(buffer.start))
                .and_then(|_| file.write_all(&buffer.bytes));
            self.note(written);
            buffer.start += buffer.bytes.len() as u64;
            buffer.bytes.clear();
        }
        let place = Place::new(start, bytes.len());
        self.note(
            place.ok_or_else(|| {
                io::Error::other("more than 256 MB of one document, or 64 GB in all")
            }),
        )
        .unwrap_or_default()
    }

    /// The values at a place.
    pub fn all<T: DeserializeOwned>(&self, place: Place) -> Vec<T> {
        let bytes = self.bytes(place);
        let (mut rest, mut values) = (&bytes[..], Vec::new());
        while !rest.is_empty() {
            let Some((value, more)) = self.decoded(rest) else { break };
            values.push(value);
            rest = more;
        }
        values
    }

    /// The bytes at a place; none if they cannot be read.
    pub fn bytes(&self, place: Place) -> Vec<u8> {
        self.between(place, place)
    }

    /// The bytes from the beginning of one place to the end of a later one; none if they cannot be
    /// read.
    pub fn between(&self, first: Place, last: Place) -> Vec<u8> {
        self.part(first, 0..last.behind(first) + last.length())
    }

    /// Bytes behind the beginning of a place; none if they cannot be read.
    fn part(&self, place: Place, range: Range<usize>) -> Vec<u8> {
        let mut bytes = vec![0; range.len()];
        let read = self.read(place.start() + range.start as u64, &mut bytes);
        if self.note(read).is_none() {
            bytes.clear();
        }
        bytes
    }

    /// The first of some values, and the bytes behind it.
    pub fn decoded<'b, T: serde::Deserialize<'b>>(&self, bytes: &'b [u8]) -> Option<(T, &'b [u8])> {
        let damaged =
            |_| io::Error::new(io::ErrorKind::InvalidData, "what was put aside is damaged");
        self.note(postcard::take_from_bytes(bytes).map_err(damaged))
    }

    /// Fails if something could not be put aside or read back.
    ///
    /// # Errors
    /// The first that went wrong.
    pub fn check(&self) -> io::Result<()> {
        match &*self.failure() {
            Some(error) => Err(io::Error::new(error.kind(), error.to_string())),
            None => Ok(()),
        }
    }

    fn read(&self, start: u64, bytes: &mut [u8]) -> io::Result<()> {
        let in_file = {
            let buffer = self.buffer.read().unwrap_or_else(PoisonError::into_inner);
            let before = buffer.start.saturating_sub(start).min(bytes.len() as u64) as usize;
            let at = start.saturating_sub(buffer.start) as usize;
            let rest = &mut bytes[before..];
            if !rest.is_empty() {
                let found = buffer.bytes.get(at..at + rest.len());
                rest.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
            }
            before
        };
        match &self.file {
            Some(file) if in_file > 0 => read_at(file, &mut bytes[..in_file], start),
            // Without a file nothing leaves the buffer.
            _ => Ok(()),
        }
    }

    fn failure(&self) -> MutexGuard<'_, Option<io::Error>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note<T>(&self, outcome: io::Result<T>) -> Option<T> {
        outcome.map_err(|error| self.failure().get_or_insert(error).kind()).ok()
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], start: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, start)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut start: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        let n = file.seek_read(bytes, start)?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        (bytes, start) = (&mut bytes[n..], start + n as u64);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More than is written at once.
    const MANY: u32 = BUFFER as u32 / 8;

    fn filled(spill: &Spill) -> Vec<Place> {
        (0..MANY).map(|number| spill.add(&(number, "words"))).collect()
    }

    #[test]
    fn what_was_put_aside_comes_back_one_by_one_and_together() {
        let folder = tempfile::tempdir().unwrap();
        for spill in [Spill::default(), Spill::in_folder(folder.path()).unwrap()] {
            let places = filled(&spill);
            for at in [0, 1, MANY / 2, MANY - 1] {
                let found: Vec<(u32, String)> = spill.all(places[at as usize]);
                assert_eq!(found, [(at, "words".to_owned())]);
            }
            let (first, last) = (places[3], places[MANY as usize - 1]);
            let bytes = spill.between(first, last);
            for at in [3, 7, MANY as usize - 1] {
                let own = &bytes[places[at].behind(first)..];
                let (found, _): ((u32, &str), _) = spill.decoded(own).unwrap();
                assert_eq!(found, (at as u32, "words"));
            }
            assert!(spill.check().is_ok());
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the file has a name");
    }

    #[test]
    fn values_are_found_by_their_numbers() {
        let spill = Spill::default();
        for n in [0, 1, 2, NEAR as u32, 3 * NEAR as u32 + 1] {
            let word = |number: u32| format!("word {number}");
            let all = spill.add_numbered((0..n).map(|nth| (2 * nth + 5, word(nth))));
            for nth in 0..n {
                assert_eq!(spill.numbered(all, 2 * nth + 5), Some(word(nth)), "{nth} of {n}");
                assert_eq!(spill.numbered::<String>(all, 2 * nth + 4), None, "{nth} of {n}");
            }
            assert_eq!(spill.numbered::<String>(all, 2 * n + 5), None);
            assert_eq!(spill.all_numbered::<String>(all).len(), n as usize);
        }
        assert!(spill.check().is_ok());
    }

    #[test]
    fn a_place_tells_where_and_how_long_or_that_it_cannot() {
        let place = Place::new((1 << 36) - 1, (1 << 28) - 1).unwrap();
        assert_eq!((place.start(), place.length()), ((1 << 36) - 1, (1 << 28) - 1));
        assert_eq!(Place::new(1 << 36, 1), None);
        assert_eq!(Place::new(0, 1 << 28), None);
    }

    #[test]
    fn what_cannot_be_read_back_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let spill = Spill::in_folder(folder.path()).unwrap();
        let places = filled(&spill);
        spill.file.as_ref().unwrap().set_len(0).unwrap();
        let found: Vec<(u32, String)> = spill.all(places[0]);
        assert!(found.is_empty());
        assert!(spill.check().is_err());
    }
}
