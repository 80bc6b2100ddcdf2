//! Readings in a file: memory holds only where each one begins, and what was read once need not be
//! read again.
//!
//! The file is a line that names the format, then records: the key of the document (what its reading
//! depends on), the length and a checksum of what follows, and the reading as postcard writes it
//! (<https://postcard.jamesmunns.com/wire-format>). Records are only ever added, so that a run which
//! was broken off leaves what it had read; a torn or damaged record is passed over, and its document
//! read anew. The file lies where others may write, too: it is opened as [`files::open_own`] does, and
//! a record that claims more than a reading of its document can have is none.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::document::Document;
use crate::error::{Error, Result};
use crate::files;
use crate::spill::Spill;
use crate::statement::Reading;

/// First line of the file; another format gets another one.
const FORMAT: &[u8] = b"newsgraph readings 2\n";

/// Bytes before a reading: key, length, checksum.
const HEADER: usize = 16 + 4 + 8;

/// Fewest bytes of a reading: its document, and how many it has of each.
const LEAST: u32 = 8;

/// Bytes that a reading may have whatever the length of its text.
const SPARE: usize = 1 << 16;

/// What a reading depends on, as a digest.
pub type ReadingKey = [u8; 16];

/// The readings of a run, in order.
#[derive(Debug)]
pub struct Shelf {
    file: Mutex<File>,
    path: PathBuf,
    basis: Option<blake3::Hash>,
    end: u64,
    places: Vec<ReadingPlace>,
    /// What lies in the file from earlier runs, by key.
    kept: FxHashMap<ReadingKey, ReadingPlace>,
    /// Once it is set, no reading is given any more.
    stop: Arc<AtomicBool>,
}

#[derive(Clone, Copy, Debug)]
struct ReadingPlace {
    offset: u64,
    length: u32,
}

impl Shelf {
    /// A shelf that goes away with the process.
    ///
    /// # Errors
    /// [`Error::Io`] when no temporary file can be made.
    pub fn temporary() -> Result<Self> {
        let path = std::env::temp_dir();
        let file = tempfile::tempfile().map_err(Error::io(&path))?;
        Self::new(file, path)
    }

    /// A shelf in a file that later runs find again. `basis` is what else a reading depends on than
    /// its document: program, model, rules.
    ///
    /// # Errors
    /// [`Error::Io`] when the file can neither be read nor made, [`Error::Usage`] when something else lies
    /// there, or a file of another user.
    pub fn open(path: &Path, basis: blake3::Hash) -> Result<Self> {
        let file = files::open_own(path)?;
        let mut shelf = Self::new(file, path.to_owned())?;
        shelf.basis = Some(basis);
        Ok(shelf)
    }

    /// A shelf that goes away with the process, in a folder that has room for it.
    ///
    /// # Errors
    /// As [`Shelf::temporary`].
    pub fn temporary_in(folder: &Path) -> Result<Self> {
        let file = tempfile::tempfile_in(folder).map_err(Error::io(folder))?;
        Self::new(file, folder.to_owned())
    }

    /// All that [`Shelf::write_used`] wrote, in its order.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let mut file = File::open(path).map_err(Error::io(path))?;
        let mut start = [0; FORMAT.len()];
        if file.read_exact(&mut start).is_err() || start != FORMAT {
            return Err(Error::input(path, "no readings of this version"));
        }
        let (kept, stop) = Default::default();
        let (path, file) = (path.to_owned(), Mutex::new(file));
        let places = Vec::new();
        let mut shelf = Self { file, path, basis: None, end: 0, places, kept, stop };
        let records = shelf.records().map_err(Error::io(&shelf.path))?;
        shelf.places = records.into_iter().map(|(_, place)| place).collect();
        Ok(shelf)
    }

    /// A shelf with these readings.
    ///
    /// # Errors
    /// As [`Shelf::temporary`].
    pub fn of<'r>(readings: impl IntoIterator<Item = &'r Reading>) -> Result<Self> {
        let mut shelf = Self::temporary()?;
        for reading in readings {
            shelf.add(ReadingKey::default(), &encode(reading))?;
        }
        Ok(shelf)
    }

    fn new(file: File, path: PathBuf) -> Result<Self> {
        let (places, kept, stop) = Default::default();
        let file = Mutex::new(file);
        let mut shelf = Self { file, path, basis: None, end: 0, places, kept, stop };
        shelf.scan().map_err(Error::io(&shelf.path))?;
        Ok(shelf)
    }

    /// Finds the records; what follows a torn one is cut off.
    fn scan(&mut self) -> io::Result<()> {
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        let size = file.metadata()?.len();
        let mut start = [0; FORMAT.len()];
        file.rewind()?;
        if size < FORMAT.len() as u64 || file.read_exact(&mut start).is_err() || start != FORMAT {
            file.set_len(0)?;
            file.rewind()?;
            file.write_all(FORMAT)?;
            self.end = FORMAT.len() as u64;
            return Ok(());
        }
        self.kept = self.records()?.into_iter().collect();
        let end = self.end;
        self.file.get_mut().unwrap_or_else(PoisonError::into_inner).set_len(end)
    }

    /// Where the whole records of the file begin; notes where the last one ends.
    fn records(&mut self) -> io::Result<Vec<(ReadingKey, ReadingPlace)>> {
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        let size = file.metadata()?.len();
        let mut offset = FORMAT.len() as u64;
        let mut header = [0; HEADER];
        let mut records = Vec::new();
        file.seek(SeekFrom::Start(offset))?;
        let mut reader = BufReader::new(&mut *file);
        while offset + HEADER as u64 <= size {
            reader.read_exact(&mut header)?;
            let (key, length) = parts(&header);
            let place = ReadingPlace { offset, length };
            // A hole in the file reads as zeros: records without end.
            if length < LEAST || place.end() > size {
                break;
            }
            records.push((key, place));
            offset = place.end();
            reader.seek_relative(i64::from(length))?;
        }
        self.end = offset;
        Ok(records)
    }

    /// Lets a flag end all work with the readings, document by document: resolution and graph open
    /// each several times.
    #[must_use]
    pub fn stopped_by(self, stop: Arc<AtomicBool>) -> Self {
        Self { stop, ..self }
    }

    /// True once the flag of [`Shelf::stopped_by`] is set.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The written form of a reading.
    ///
    /// # Errors
    /// As [`Shelf::get`].
    pub fn bytes(&self, index: usize) -> Result<Vec<u8>> {
        if self.is_stopped() {
            return Err(Error::Interrupted);
        }
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a reading is damaged");
        let found = self.load(self.places[index]);
        found.and_then(|bytes| bytes.ok_or_else(damaged)).map_err(Error::io(&self.path))
    }

    /// How many readings there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// A reading.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read or was changed by somebody else,
    /// [`Error::Interrupted`] once the flag of [`Shelf::stopped_by`] is set.
    pub fn get(&self, index: usize) -> Result<Reading> {
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a reading is damaged");
        let reading = decode(&self.bytes(index)?).ok_or_else(damaged);
        reading.map_err(Error::io(&self.path))
    }

    /// Where the file lies; the folder of a temporary one.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A place beside the readings for what is made of them and leaves memory.
    ///
    /// # Errors
    /// [`Error::Io`] when no file can be made there.
    pub fn spill(&self) -> Result<Spill> {
        let folder = if self.path.is_dir() { Some(&*self.path) } else { self.path.parent() };
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
        Spill::in_folder(folder.unwrap_or(Path::new(".")))
    }

    /// All readings, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = Result<Reading>> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// What the reading of a document depends on; all keys of a temporary shelf are equal.
    pub fn key(&self, document: &Document) -> ReadingKey {
        let mut key = ReadingKey::default();
        if let Some(basis) = &self.basis {
            let document = postcard::to_stdvec(document).expect("strings of known length");
            let digest = blake3::keyed_hash(basis.as_bytes(), &document);
            key.copy_from_slice(&digest.as_bytes()[..16]);
        }
        key
    }

    /// What an earlier run left under the key of a document, if it is whole and sound.
    /// `n_properties` is how many the ontology has.
    pub fn find(
        &self,
        key: &ReadingKey,
        document: &Document,
        n_properties: usize,
    ) -> Option<ShelvedReading> {
        let place = *self.kept.get(key)?;
        if place.length as usize > document.cost() + SPARE {
            return None;
        }
        let bytes = self.load(place).ok().flatten()?;
        let reading = decode(&bytes)?;
        let fits = reading.document == *document && reading.is_sound(n_properties);
        fits.then_some(ShelvedReading { place, n_sentences: reading.sentences.len() })
    }

    /// Adds a reading that was found.
    pub fn keep(&mut self, kept: ShelvedReading) {
        self.places.push(kept.place);
    }

    /// Adds a reading in its written form (see [`encode`]).
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be written.
    pub fn add(&mut self, key: ReadingKey, bytes: &[u8]) -> Result<()> {
        let place = ReadingPlace { offset: self.end, length: length(bytes) };
        let mut record = Vec::with_capacity(HEADER + bytes.len());
        record.extend(key);
        record.extend(place.length.to_le_bytes());
        record.extend(checksum(bytes));
        record.extend(bytes);
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        let write = |file: &mut File| {
            file.seek(SeekFrom::Start(place.offset))?;
            file.write_all(&record)
        };
        write(file).map_err(Error::io(&self.path))?;
        self.end = place.end();
        self.places.push(place);
        Ok(())
    }

    /// Adds a reading of an earlier run, which [`Shelf::find`] finds.
    ///
    /// # Errors
    /// As [`Shelf::add`].
    pub fn offer(&mut self, key: ReadingKey, bytes: &[u8]) -> Result<()> {
        self.add(key, bytes)?;
        let place = self.places.pop();
        self.kept.extend(place.map(|place| (key, place)));
        Ok(())
    }

    /// Finds nothing of earlier runs any more.
    pub fn forget(&mut self) {
        self.kept.clear();
    }

    /// Keeps only these readings, in this order.
    pub fn arrange(&mut self, order: &[usize]) {
        self.places = order.iter().map(|&index| self.places[index]).collect();
    }

    /// Bytes of records that no reading of this run uses, and of those that one does.
    pub fn sizes(&self) -> (u64, u64) {
        let used = self.places.iter().map(|place| place.end() - place.offset).sum();
        (self.end.saturating_sub(used + FORMAT.len() as u64), used)
    }

    /// Writes the records of this run alone.
    ///
    /// # Errors
    /// Those of the files.
    pub fn write_used(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(FORMAT)?;
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        for place in &self.places {
            file.seek(SeekFrom::Start(place.offset))?;
            io::copy(&mut Read::by_ref(&mut *file).take(place.end() - place.offset), out)?;
        }
        Ok(())
    }

    /// The bytes of a record; `None` if they are not those that were written.
    fn load(&self, place: ReadingPlace) -> io::Result<Option<Vec<u8>>> {
        let mut record = vec![0; HEADER + place.length as usize];
        {
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(place.offset))?;
            file.read_exact(&mut record)?;
        }
        let bytes = record.split_off(HEADER);
        Ok((record[HEADER - 8..] == checksum(&bytes)).then_some(bytes))
    }
}

impl ReadingPlace {
    fn end(self) -> u64 {
        self.offset + HEADER as u64 + u64::from(self.length)
    }
}

/// A reading of an earlier run.
#[derive(Clone, Copy, Debug)]
pub struct ShelvedReading {
    place: ReadingPlace,
    /// How many sentences it has.
    pub n_sentences: usize,
}

/// The written form of a reading.
pub fn encode(reading: &Reading) -> Vec<u8> {
    postcard::to_stdvec(reading).expect("numbers, strings and lists of known length")
}

/// A reading from its written form; `None` for other bytes.
pub fn decode(bytes: &[u8]) -> Option<Reading> {
    postcard::from_bytes(bytes).ok()
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).expect("texts are cut long before 4 GiB")
}

fn checksum(bytes: &[u8]) -> [u8; 8] {
    let mut sum = [0; 8];
    sum.copy_from_slice(&blake3::hash(bytes).as_bytes()[..8]);
    sum
}

fn parts(header: &[u8; HEADER]) -> (ReadingKey, u32) {
    let (mut key, mut length) = ([0; 16], [0; 4]);
    key.copy_from_slice(&header[..16]);
    length.copy_from_slice(&header[16..20]);
    (key, u32::from_le_bytes(length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::MentionId;
    use crate::graph::fixture::corpus;

    /// More properties than any ontology has.
    const N: usize = usize::MAX;

    fn basis() -> blake3::Hash {
        blake3::hash(b"program and model")
    }

    /// A shelf in a file with these readings.
    fn filled(path: &Path, readings: &[Reading]) {
        let mut shelf = Shelf::open(path, basis()).unwrap();
        for reading in readings {
            let key = shelf.key(&reading.document);
            shelf.add(key, &encode(reading)).unwrap();
        }
    }

    #[test]
    fn readings_come_back_as_they_were() {
        let (readings, _) = corpus(false);
        let shelf = Shelf::of(&readings).unwrap();
        let back: Vec<Reading> = shelf.iter().collect::<Result<_>>().unwrap();
        assert_eq!(back, readings);
    }

    #[test]
    fn a_later_run_finds_what_depends_on_the_same_things() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("readings");
        let (readings, _) = corpus(false);
        filled(&path, &readings);
        let mut shelf = Shelf::open(&path, basis()).unwrap();
        let key = shelf.key(&readings[1].document);
        let kept = shelf.find(&key, &readings[1].document, N).unwrap();
        shelf.keep(kept);
        assert_eq!(shelf.get(0).unwrap(), readings[1]);
        let other_text = Document { text: "Other.".into(), ..readings[1].document.clone() };
        assert!(shelf.find(&shelf.key(&other_text), &other_text, N).is_none());
        let other = Shelf::open(&path, blake3::hash(b"another model")).unwrap();
        let second = &readings[1].document;
        assert!(other.find(&other.key(second), second, N).is_none());
    }

    #[test]
    fn a_torn_or_damaged_record_is_read_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("readings");
        let (readings, _) = corpus(false);
        filled(&path, &readings);
        let whole = std::fs::read(&path).unwrap();
        let found = |bytes: &[u8]| -> Vec<bool> {
            std::fs::write(&path, bytes).unwrap();
            let shelf = Shelf::open(&path, basis()).unwrap();
            let found =
                |it: &Reading| shelf.find(&shelf.key(&it.document), &it.document, N).is_some();
            readings.iter().map(found).collect()
        };
        assert_eq!(found(&whole), [true, true]);
        assert_eq!(found(&whole[..whole.len() - 1]), [true, false]);
        let mut damaged = whole.clone();
        damaged[FORMAT.len() + HEADER + 9] ^= 1;
        assert_eq!(found(&damaged), [false, true]);
        assert_eq!(found(b"something else"), [false, false]);
        assert_eq!(found(&whole[..7]), [false, false]);
    }

    #[test]
    fn a_forged_record_is_no_reading() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("readings");
        let (readings, _) = corpus(false);
        let document = &readings[0].document;
        let found = |bytes: &[u8], length: u64| {
            let key = Shelf::temporary().map(|shelf| Shelf { basis: Some(basis()), ..shelf });
            let record = [
                FORMAT,
                &key.unwrap().key(document),
                &(length as u32).to_le_bytes(),
                &checksum(bytes),
                bytes,
            ];
            std::fs::write(&path, record.concat()).unwrap();
            let file = File::options().write(true).open(&path).unwrap();
            file.set_len((FORMAT.len() + HEADER) as u64 + length).unwrap();
            let shelf = Shelf::open(&path, basis()).unwrap();
            shelf.find(&shelf.key(document), document, N).is_some()
        };
        let whole = encode(&readings[0]);
        assert!(found(&whole, whole.len() as u64));
        // A gigabyte of nothing, with the checksum of what is there.
        assert!(!found(&whole, 1 << 30));
        assert!(
            !found(&encode(&readings[1]), encode(&readings[1]).len() as u64),
            "another document"
        );
        let mut forged = readings[0].clone();
        forged.statements[0].subject = MentionId(u32::MAX);
        assert!(!found(&encode(&forged), encode(&forged).len() as u64), "no such mention");
        let mut forged = readings[0].clone();
        forged.sentences[0].end = u32::MAX;
        assert!(!found(&encode(&forged), encode(&forged).len() as u64), "no such words");
    }

    #[test]
    fn a_hole_of_gigabytes_is_cut_off_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("readings");
        let (readings, _) = corpus(false);
        filled(&path, &readings);
        let whole = std::fs::metadata(&path).unwrap().len();
        let file = File::options().write(true).open(&path).unwrap();
        file.set_len(3 << 30).unwrap();
        let shelf = Shelf::open(&path, basis()).unwrap();
        let (first, second) = (&readings[0].document, &readings[1].document);
        assert!(shelf.find(&shelf.key(first), first, N).is_some());
        assert!(shelf.find(&shelf.key(second), second, N).is_some());
        assert_eq!(std::fs::metadata(&path).unwrap().len(), whole);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, target) = (folder.path().join("readings"), folder.path().join("precious"));
        std::fs::write(&target, "precious").unwrap();
        std::os::unix::fs::symlink(&target, &path).unwrap();
        let told = Shelf::open(&path, basis()).unwrap_err().to_string();
        assert!(told.contains("readings: a link"), "{told}");
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "precious");
    }

    #[test]
    fn a_flag_ends_resolution_and_graph() {
        use crate::graph;
        use crate::graph::fixture::ontology;

        let (readings, mut resolution) = corpus(false);
        let stop = Arc::new(AtomicBool::new(false));
        let shelf = Shelf::of(&readings).unwrap().stopped_by(Arc::clone(&stop));
        assert!(shelf.get(0).is_ok());
        stop.store(true, Ordering::Relaxed);
        let built = graph::build(&shelf, &mut resolution, &ontology());
        assert!(matches!(built, Err(Error::Interrupted)));
    }

    #[test]
    fn what_no_run_uses_can_be_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("readings");
        let (readings, _) = corpus(false);
        filled(&path, &readings);
        let mut shelf = Shelf::open(&path, basis()).unwrap();
        let (first, second) = (&readings[0].document, &readings[1].document);
        let kept = shelf.find(&shelf.key(first), first, N).unwrap();
        shelf.keep(kept);
        assert!(shelf.sizes().0 > 0);
        let mut used = Vec::new();
        shelf.write_used(&mut used).unwrap();
        std::fs::write(&path, used).unwrap();
        let shelf = Shelf::open(&path, basis()).unwrap();
        assert!(shelf.find(&shelf.key(first), first, N).is_some());
        assert!(shelf.find(&shelf.key(second), second, N).is_none());
    }
}
