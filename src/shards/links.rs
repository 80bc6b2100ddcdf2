//! Readings of many machines brought together, and who is who in them, in a folder.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::rows::{self, ReadingRow, ShardNotes};
use crate::document::{Document, DocumentId};
use crate::entity::{Entities, Entity, EntityId, Resolution};
use crate::error::{Error, Result};
use crate::input::{self, Warning};
use crate::shelf::{self, ReadingKey, Shelf};
use crate::statement::Reading;

/// Readings of all shares, with what became of the articles.
#[derive(Debug)]
pub struct Gathered {
    /// By the ids of their documents.
    pub shelf: Shelf,
    /// What is told of them.
    pub notes: LinkNotes,
}

/// What is told of the articles and the decisions on them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkNotes {
    /// Those of all shares.
    pub shares: ShardNotes,
    /// Ids of documents that broke a stage.
    pub broken: Vec<String>,
    /// How many sentences there are in all.
    pub n_sentences: usize,
    /// How many documents have no day of publication.
    pub undated: usize,
    /// The file of corrections that were followed, and how many it has.
    pub corrections: (String, usize),
}

/// What a reading must fit.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    /// See [`ReadingRow::basis`].
    pub basis: blake3::Hash,
    /// How many classes and properties the ontology has.
    pub n_classes: usize,
    /// See above.
    pub n_properties: usize,
}

impl Expected {
    /// The basis as rows have it.
    pub fn basis(&self) -> String {
        self.basis.to_hex()[..32].to_owned()
    }
}

/// Puts the readings of all Parquet files below some places on one shelf: each document once, and with ids as a build
/// gives them. Neither the order of files nor that of rows makes a difference.
///
/// # Errors
/// [`Error::Usage`] when there is none, [`Error::Input`] with the file when one holds no readings, or those of another
/// version, model or rules; [`Error::Io`], [`Error::Interrupted`].
pub fn gather(
    places: &[PathBuf],
    expected: &Expected,
    folder: &Path,
    stop: &Arc<AtomicBool>,
    progress: &dyn Fn(),
) -> Result<Gathered> {
    let files = parquet_files(places)?;
    let shelf = Shelf::temporary_in(folder)?.stopped_by(Arc::clone(stop));
    let mut gathering = Gathering {
        expected,
        basis: expected.basis(),
        shelf,
        ids: Vec::new(),
        seen: FxHashSet::default(),
        notes: LinkNotes::default(),
    };
    for file in &files {
        let notes = rows::read_rows(file, |row| {
            progress();
            gathering.add(file, row)
        })?;
        let shares = &mut gathering.notes.shares;
        shares.skipped.extend(notes.skipped);
        shares.warnings.extend(notes.warnings);
        shares.other_languages += notes.other_languages;
    }
    gathering.finish()
}

struct Gathering<'e> {
    expected: &'e Expected,
    basis: String,
    shelf: Shelf,
    /// Ids of the documents of the shelf.
    ids: Vec<String>,
    seen: FxHashSet<ReadingKey>,
    notes: LinkNotes,
}

impl Gathering<'_> {
    fn add(&mut self, file: &Path, row: ReadingRow) -> Result<()> {
        let fault = |cause: &str| Error::input(file, format!("{:?}: {cause}", row.id));
        if row.basis != self.basis {
            return Err(fault("read by another version, model or rules; read it anew"));
        }
        let Some(bytes) = row.reading else {
            self.notes.broken.push(row.id);
            return Ok(());
        };
        let reading = shelf::decode(&bytes).filter(|it| it.is_sound(self.expected.n_properties));
        let reading = reading.ok_or_else(|| fault("a damaged reading"))?;
        let key = key(&reading.document);
        if self.seen.insert(key) {
            self.notes.n_sentences += reading.sentences.len();
            self.ids.push(reading.document.id);
            self.shelf.add(key, &bytes)?;
        }
        // A file of a million rows is to end when it is asked to.
        if self.shelf.is_stopped() { Err(Error::Interrupted) } else { Ok(()) }
    }

    fn finish(mut self) -> Result<Gathered> {
        let order = self.order()?;
        self.shelf.arrange(&order);
        let undated = (0..self.shelf.len())
            .into_par_iter()
            .map(|index| Ok(usize::from(self.shelf.get(index)?.document.published.is_none())));
        self.notes.undated = undated.sum::<Result<usize>>()?;
        let LinkNotes { shares, broken, .. } = &mut self.notes;
        shares.skipped.sort();
        shares.skipped.dedup();
        shares.warnings.sort();
        shares.warnings.dedup();
        broken.sort();
        broken.dedup();
        Ok(Gathered { shelf: self.shelf, notes: self.notes })
    }

    /// The readings to keep, by id. Different articles of one id get new ones, as in a build.
    fn order(&mut self) -> Result<Vec<usize>> {
        let mut times: FxHashMap<&str, u32> = FxHashMap::default();
        self.ids.iter().for_each(|id| *times.entry(id).or_default() += 1);
        if times.values().all(|&n| n == 1) {
            let mut order: Vec<usize> = (0..self.ids.len()).collect();
            order.sort_by(|&a, &b| self.ids[a].cmp(&self.ids[b]));
            return Ok(order);
        }
        let mut documents = Vec::with_capacity(self.ids.len());
        for (index, id) in self.ids.iter().enumerate() {
            let whole = times[id.as_str()] > 1;
            let named = || Document { id: id.clone(), ..Document::default() };
            let document = if whole { self.shelf.get(index)?.document } else { named() };
            documents.push((index as u64, document));
        }
        let mut order = Vec::new();
        for (index, id) in input::distinct_ids(documents) {
            let mut index = index as usize;
            if id != self.ids[index] {
                let old = &self.ids[index];
                let message = format!("another article has the id {old:?} too: now {id:?}");
                let warning = Warning { path: old.clone(), line: None, message };
                self.notes.shares.warnings.push(warning);
                let mut reading = self.shelf.get(index)?;
                reading.document.id = id;
                index = self.shelf.len();
                self.shelf.add(key(&reading.document), &shelf::encode(&reading))?;
            }
            order.push(index);
        }
        Ok(order)
    }
}

/// What tells one document from another.
fn key(document: &Document) -> ReadingKey {
    let mut key = ReadingKey::default();
    let bytes = postcard::to_stdvec(document).expect("strings of known length");
    key.copy_from_slice(&blake3::hash(&bytes).as_bytes()[..16]);
    key
}

/// The Parquet files of some files and folders, sorted. What engines put beside them is passed over.
fn parquet_files(places: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for place in places {
        if place.is_dir() { walk(place, &mut found)? } else { found.push(place.clone()) }
    }
    found.sort();
    found.dedup();
    if found.is_empty() {
        let places: Vec<_> = places.iter().map(|it| it.display().to_string()).collect();
        let cause = "no .parquet file of readings; `newsgraph map` writes them";
        return Err(Error::Usage(format!("{}: {cause}", places.join(", "))));
    }
    Ok(found)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Error::io(folder))? {
        let entry = entry.map_err(Error::io(folder))?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(Error::io(folder))?);
        if entry.file_name().to_string_lossy().starts_with(['.', '_']) {
            continue;
        }
        if kind.is_dir() {
            walk(&path, found)?;
        } else if path.extension().is_some_and(|suffix| suffix == "parquet") {
            found.push(path);
        }
    }
    Ok(())
}

/// Readings with who is who in them, as they are kept in a folder.
#[derive(Debug)]
pub struct Linked {
    /// By the ids of their documents.
    pub shelf: Shelf,
    /// Who is who.
    pub resolution: Resolution,
    /// What is told of the articles.
    pub notes: LinkNotes,
}

/// First line of the file of links; another format gets another one.
const FORMAT: &[u8] = b"newsgraph links 1\n";
/// Bytes of the digest at the end.
const DIGEST: usize = 32;
/// The file of readings in a folder of links.
pub const READINGS: &str = "readings";
/// The file of who is who in it.
pub const LINKS: &str = "links";

/// What stands before the entities.
#[derive(Serialize, Deserialize)]
struct Head {
    basis: String,
    n_readings: usize,
    n_entities: usize,
    notes: LinkNotes,
}

/// Writes who is who: the file [`LINKS`], beside that of the readings, [`READINGS`], which [`Shelf::write_used`] writes
/// first.
///
/// # Errors
/// Those of `out`.
pub fn write_links(linked: &Linked, expected: &Expected, out: &mut dyn Write) -> io::Result<()> {
    let Linked { shelf, resolution, notes } = linked;
    let head = Head {
        basis: expected.basis(),
        n_readings: shelf.len(),
        n_entities: resolution.entities.len(),
        notes: notes.clone(),
    };
    let mut out = HashingWriter { out, hasher: blake3::Hasher::new() };
    out.write_all(FORMAT)?;
    put(&mut out, &head)?;
    resolution.entities.iter().try_for_each(|entity| put(&mut out, &*entity))?;
    resolution.of.iter().try_for_each(|of| put(&mut out, of))?;
    put(&mut out, &resolution.copy_of)?;
    put(&mut out, &resolution.comparisons)?;
    put(&mut out, &resolution.unapplied)?;
    resolution.entities.check()?;
    let digest = out.hasher.finalize();
    out.out.write_all(digest.as_bytes())
}

/// Opens what was written.
///
/// # Errors
/// [`Error::Usage`] when there is nothing of the kind, [`Error::Input`] when it is damaged or of another version,
/// [`Error::Io`].
pub fn open(folder: &Path, expected: &Expected, stop: &Arc<AtomicBool>) -> Result<Linked> {
    let path = folder.join(LINKS);
    if !path.is_file() {
        let cause = "no links; `newsgraph link` writes them";
        return Err(Error::Usage(format!("{}: {cause}", folder.display())));
    }
    let shelf = Shelf::read(&folder.join(READINGS))?.stopped_by(Arc::clone(stop));
    let damaged = || Error::input(&path, "damaged; link anew");
    check_digest(&path)?.then_some(()).ok_or_else(damaged)?;
    let mut file = BufReader::new(File::open(&path).map_err(Error::io(&path))?);
    let mut start = [0; FORMAT.len()];
    file.read_exact(&mut start).map_err(Error::io(&path))?;
    if start != FORMAT {
        return Err(Error::input(&path, "links of another version; link anew"));
    }
    let head: Head = take(&mut file).ok_or_else(damaged)?;
    if head.basis != expected.basis() {
        return Err(Error::input(
            &path,
            "made by another version, model or rules; read and link anew",
        ));
    }
    let each = (0..head.n_entities).map(|_| take::<Entity>(&mut file).ok_or_else(damaged));
    let entities = Entities::spilling(each, shelf.spill()?)?;
    let of = (0..head.n_readings).map(|_| take::<Vec<EntityId>>(&mut file).ok_or_else(damaged));
    let of = of.collect::<Result<Vec<_>>>()?;
    let resolution = Resolution {
        entities,
        of,
        copy_of: take(&mut file).ok_or_else(damaged)?,
        comparisons: take(&mut file).ok_or_else(damaged)?,
        unapplied: take(&mut file).ok_or_else(damaged)?,
    };
    let linked = Linked { shelf, resolution, notes: head.notes };
    linked.is_sound(expected)?.then_some(linked).ok_or_else(damaged)
}

impl Linked {
    /// True if all that it names is there. What comes from a file may be forged.
    fn is_sound(&self, expected: &Expected) -> Result<bool> {
        let Self { shelf, resolution, .. } = self;
        let Resolution { entities, of, copy_of, comparisons, .. } = resolution;
        if shelf.len() != of.len() || copy_of.len() != of.len() {
            return Ok(false);
        }
        let entity = |id: &EntityId| id.index() < entities.len();
        let document = |id: &DocumentId| id.index() < of.len();
        let cluster = |(id, cluster): &(DocumentId, crate::document::ClusterId)| {
            of.get(id.index()).is_some_and(|of| cluster.index() < of.len())
        };
        let fits = of.iter().flatten().all(entity)
            && copy_of.iter().flatten().all(document)
            && comparisons
                .iter()
                .all(|it| entity(&it.left) && entity(&it.right) && it.places.iter().all(cluster))
            && entities.iter().all(|it| {
                usize::from(it.class.0) < expected.n_classes
                    && it.members.iter().all(entity)
                    && it.clusters.iter().all(cluster)
            });
        let reading = |index: usize| -> Result<bool> {
            let reading: Reading = shelf.get(index)?;
            Ok(reading.clusters.len() == of[index].len() && reading.is_sound(expected.n_properties))
        };
        let whole = (0..shelf.len()).into_par_iter().map(reading);
        Ok(fits && whole.try_reduce(|| true, |a, b| Ok(a && b))?)
    }
}

/// True if the digest at the end of a file is that of what stands before it.
fn check_digest(path: &Path) -> Result<bool> {
    let read = || -> io::Result<bool> {
        let mut file = File::open(path)?;
        let Some(size) = file.metadata()?.len().checked_sub(DIGEST as u64) else {
            return Ok(false);
        };
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(Read::by_ref(&mut file).take(size))?;
        let mut digest = [0; DIGEST];
        file.read_exact(&mut digest)?;
        Ok(hasher.finalize().as_bytes() == &digest)
    };
    read().map_err(Error::io(path))
}

/// A value as its length and the bytes that postcard gives it.
fn put(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let bytes = postcard::to_stdvec(value).map_err(io::Error::other)?;
    out.write_all(&(bytes.len() as u64).to_le_bytes())?;
    out.write_all(&bytes)
}

fn take<T: DeserializeOwned>(file: &mut impl Read) -> Option<T> {
    let mut length = [0; 8];
    file.read_exact(&mut length).ok()?;
    let length = u64::from_le_bytes(length);
    let mut bytes = Vec::new();
    let read = file.take(length).read_to_end(&mut bytes).ok()?;
    (read as u64 == length).then_some(())?;
    postcard::from_bytes(&bytes).ok()
}

struct HashingWriter<'w> {
    out: &'w mut dyn Write,
    hasher: blake3::Hasher,
}

impl Write for HashingWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.out.write(bytes)?;
        self.hasher.update(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
