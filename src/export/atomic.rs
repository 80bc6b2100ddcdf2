//! Files that appear whole or not at all.

use std::fs::{File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use tempfile::Builder;

use crate::error::{Error, Result};

/// How temporary files are called.
const PREFIX: &str = ".newsgraph-";
const SUFFIX: &str = ".tmp";

/// Writes a file through a temporary one in the same folder, which is flushed, synced and renamed.
///
/// An older file of the name stays as it is until the new one is complete. The temporary file goes
/// away on any error, and its name begins with a dot.
///
/// # Errors
/// [`Error::Io`] with `path` and the cause.
pub fn write_file(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    write_aside(path, folder, write).map_err(Error::io(path))
}

fn write_aside(
    path: &Path,
    folder: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder"));
    }
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for any new file; the umask takes its share.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    let mut out = BufWriter::with_capacity(1 << 16, file.as_file());
    write(&mut out)?;
    out.flush()?;
    drop(out);
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder);
    Ok(())
}

/// Keeps other builds out of a folder as long as the file lives.
///
/// # Errors
/// [`Error::Usage`] when another build is in it, [`Error::Io`] when there is no such folder.
pub fn lock_folder(folder: &Path) -> Result<File> {
    #[cfg(unix)]
    let file = File::open(folder).map_err(Error::io(folder))?;
    #[cfg(not(unix))]
    let file = { crate::files::open_own(&folder.join(".newsgraph.lock"))? };
    lock(file, folder, "another build writes into this folder")
}

/// Locks a file as long as it lives, or says of its place why not.
pub(crate) fn lock(file: File, place: &Path, cause: &str) -> Result<File> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Error::Usage(format!("{}: {cause}", place.display()))),
        // Some file systems know no locks.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// Removes what a process that was killed left half-written in a folder. Nobody else may write there.
///
/// # Errors
/// [`Error::Io`] when the folder cannot be listed.
pub fn sweep(folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder).map_err(Error::io(folder))?.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(PREFIX) && name.ends_with(SUFFIX) {
            std::fs::remove_file(entry.path()).ok();
        }
    }
    Ok(())
}

/// Makes the rename durable. Some file systems cannot; the file is whole all the same.
fn sync_folder(folder: &Path) {
    if cfg!(unix)
        && let Ok(folder) = File::open(folder)
    {
        folder.sync_all().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("graph.ttl");
        write_file(&path, |out| out.write_all(b"old")).unwrap();
        let error = write_file(&path, |out| {
            out.write_all(b"half of the new")?;
            Err(io::Error::other("disk full"))
        })
        .unwrap_err();
        assert_eq!(error.to_string(), format!("{}: disk full", path.display()));
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_killed_process_left_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        for name in [".newsgraph-a1b2c3.tmp", ".newsgraph.readings", "graph.ttl"] {
            std::fs::write(folder.path().join(name), "half").unwrap();
        }
        sweep(folder.path()).unwrap();
        assert!(!folder.path().join(".newsgraph-a1b2c3.tmp").exists());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_missing_folder_is_named() {
        let path = Path::new("no/such/folder/graph.ttl");
        let error = write_file(path, |_| Ok(())).unwrap_err();
        assert!(error.to_string().starts_with("no/such/folder/graph.ttl: "), "{error}");
    }
}
