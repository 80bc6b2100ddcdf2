//! A graph stored on disk: made once by a build, then read without being loaded.
//!
//! A folder holds the database (RocksDB, by way of oxigraph) and a file that says what it is. It is
//! made beside its place, as `NAME.new`, and takes the place of the one before when it is whole.
//! After that nothing in it changes, so that any number of processes may read it. Those that do
//! hold a shared lock, and a build fails rather than replace what is read.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::{Inner, failed};
use crate::error::{Error, Result};
use crate::export::{Options, RdfVersion, atomic};
use crate::files;
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;

/// The file that says what a folder is.
const MARK: &str = "newsgraph.store";

/// Its first line; another form gets another one. The second line is the number of triples.
const FORMAT: &str = "newsgraph store 1";

/// The folder of the database.
const DATABASE: &str = "database";

/// Megabytes of triples that wait to be sorted.
#[cfg(feature = "rocksdb")]
const BATCH: usize = 512;

/// A stored graph that is open.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) triples: usize,
    /// Keeps builds from taking the folder away.
    _lock: File,
}

/// True for a folder that says that it is one.
pub(super) fn is_stored(folder: &Path) -> bool {
    folder.join(MARK).is_file()
}

/// Opens a stored graph to read it.
pub(super) fn open(folder: &Path) -> Result<(Inner, Opened)> {
    available()?;
    let usage = |cause: &str| Error::Usage(format!("{}: {cause}", folder.display()));
    let mark = File::open(folder.join(MARK)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            usage("no stored graph; newsgraph build --store makes one")
        }
        _ => Error::io(folder)(error),
    })?;
    if matches!(mark.try_lock_shared(), Err(TryLockError::WouldBlock)) {
        return Err(usage("a build replaces this stored graph; try again"));
    }
    let text = files::text_from(&mark, folder)?;
    let triples = match text.lines().collect::<Vec<_>>()[..] {
        [FORMAT, number] => number.parse().ok(),
        _ => None,
    };
    let cause = "stored by another version of newsgraph; build it again";
    let triples = triples.ok_or_else(|| usage(cause))?;
    let inner = read(&folder.join(DATABASE)).map_err(|error| usage(&error.to_string()))?;
    Ok((inner, Opened { triples, _lock: mark }))
}

/// A stored graph in the making. What is not finished goes away with it.
#[derive(Debug)]
pub struct StoreBuilder {
    place: PathBuf,
    beside: PathBuf,
    /// Keeps other builds away.
    _lock: File,
}

impl StoreBuilder {
    /// Makes sure that a graph can be stored in a folder, before any work is done.
    ///
    /// # Errors
    /// [`Error::Usage`] when this program was built without stored graphs, or when the folder holds
    /// something else or is in use; [`Error::Io`] when nothing can be written there.
    pub fn new(place: &Path) -> Result<Self> {
        available()?;
        let usage = |cause: &str| Error::Usage(format!("{}: {cause}", place.display()));
        let name = place.file_name().ok_or_else(|| usage("no name for a folder"))?;
        if let Some(entries) = entries(place)?
            && !entries.is_empty()
        {
            if !entries.iter().any(|name| name == MARK) {
                return Err(usage("something else is in this folder; name another one"));
            }
            drop(claim(place)?);
        }
        let mut beside = name.to_owned();
        beside.push(".new");
        let beside = place.with_file_name(beside);
        if fs::symlink_metadata(&beside).is_ok_and(|it| it.is_symlink()) {
            let cause = "a link, where a folder is needed while the graph is stored; remove it";
            return Err(Error::Usage(format!("{}: {cause}", beside.display())));
        }
        fs::create_dir_all(&beside).map_err(Error::io(&beside))?;
        let lock = atomic::lock_folder(&beside)?;
        clear(&beside).map_err(Error::io(&beside))?;
        let left = entries(&beside)?.unwrap_or_default();
        if !left.is_empty() {
            let cause = "something is in this folder, which is needed while the graph is stored";
            return Err(Error::Usage(format!("{}: {cause}", beside.display())));
        }
        Ok(Self { place: place.to_owned(), beside, _lock: lock })
    }

    /// Stores a graph and puts it into its place.
    ///
    /// # Errors
    /// [`Error::Usage`] when someone reads what was stored there before, [`Error::Io`] when it cannot
    /// be written, also once `options.stop` is set.
    pub fn finish(
        self,
        graph: &KnowledgeGraph,
        ontology: &Ontology,
        options: &Options,
    ) -> Result<()> {
        // One spelling for all queries, see `spelled`.
        let options = Options { rdf_version: RdfVersion::V11, ..options.clone() };
        let triples = fill(&self.beside.join(DATABASE), graph, ontology, &options)
            .map_err(|error| Error::io(&self.place)(io::Error::other(error.to_string())))?;
        atomic::write_file(&self.beside.join(MARK), |out| {
            out.write_all(format!("{FORMAT}\n{triples}\n").as_bytes())
        })?;
        let _claim = if self.place.join(MARK).exists() { Some(claim(&self.place)?) } else { None };
        exchange(&self.beside, &self.place).map_err(Error::io(&self.place))
    }
}

impl Drop for StoreBuilder {
    fn drop(&mut self) {
        clear(&self.beside).ok();
        fs::remove_dir(&self.beside).ok();
    }
}

/// The names in a folder, if there is one.
fn entries(folder: &Path) -> Result<Option<Vec<std::ffi::OsString>>> {
    match fs::read_dir(folder) {
        Ok(entries) => {
            let names = entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<_>>();
            names.map(Some).map_err(Error::io(folder))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(folder)(error)),
    }
}

/// Locks a stored graph that is to be replaced.
fn claim(folder: &Path) -> Result<File> {
    let mark = folder.join(MARK);
    let file = File::open(&mark).map_err(Error::io(&mark))?;
    let cause = "a server or query reads this stored graph; stop it or name another folder";
    atomic::lock(file, folder, cause)
}

/// Removes a stored graph, whole or not, from its folder.
fn clear(folder: &Path) -> io::Result<()> {
    let gone = |result: io::Result<()>| match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    gone(fs::remove_file(folder.join(MARK)))?;
    gone(fs::remove_dir_all(folder.join(DATABASE)))
}

/// Puts a folder into the place of another, which goes where the first was: at one stroke where the
/// system can.
fn exchange(new: &Path, place: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, new, CWD, place, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    let aside = tempfile::tempdir_in(
        place.parent().filter(|it| *it != Path::new("")).unwrap_or(Path::new(".")),
    )?;
    let old = aside.path().join("old");
    match fs::rename(place, &old) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::rename(new, place),
        Err(error) => Err(error),
        Ok(()) => fs::rename(new, place).inspect_err(|_| {
            fs::rename(&old, place).ok();
        }),
    }
}

#[cfg(feature = "rocksdb")]
fn available() -> Result<()> {
    Ok(())
}

#[cfg(feature = "rocksdb")]
fn read(database: &Path) -> Result<Inner> {
    Inner::open_read_only(database).map_err(failed)
}

/// Makes a database of a graph and returns the number of its triples.
#[cfg(feature = "rocksdb")]
fn fill(
    database: &Path,
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
) -> Result<usize> {
    let inner = Inner::open(database).map_err(failed)?;
    let loader = inner.bulk_loader().with_num_threads(2).with_max_memory_size_in_megabytes(BATCH);
    super::fill(loader, graph, ontology, options)?;
    inner.flush().and_then(|()| inner.optimize()).map_err(failed)?;
    inner.len().map_err(failed)
}

#[cfg(not(feature = "rocksdb"))]
fn available() -> Result<()> {
    let cause = "this program was built without stored graphs; build it with --features rocksdb";
    Err(Error::Usage(format!("--store: {cause}")))
}

#[cfg(not(feature = "rocksdb"))]
fn read(_database: &Path) -> Result<Inner> {
    Err(failed("built without stored graphs"))
}

#[cfg(not(feature = "rocksdb"))]
fn fill(_: &Path, _: &KnowledgeGraph, _: &Ontology, _: &Options) -> Result<usize> {
    Err(failed("built without stored graphs"))
}
