//! Files as the program opens them: no more of one is read than it can mean, and what the program keeps
//! for itself is opened where it stands, never behind a link that somebody put there.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use crate::error::{Error, Result};

/// Most bytes of a file that people write: rules, corrections, an ontology.
pub const WRITTEN_BY_HAND: u64 = 64 << 20;

/// The bytes of a file or pipe that has at most so many.
///
/// # Errors
/// [`Error::Io`] when it cannot be read, [`Error::Input`] when it is longer.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    read_from(File::open(path).map_err(Error::io(path))?, path, most)
}

/// The rest of a reader, as [`read`]; `path` is for messages.
///
/// # Errors
/// As [`read`].
pub fn read_from(reader: impl Read, path: &Path, most: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(most + 1).read_to_end(&mut bytes).map_err(Error::io(path))?;
    if bytes.len() as u64 > most {
        return Err(Error::input(
            path,
            format!("more than {most} bytes, which no file of its kind has"),
        ));
    }
    Ok(bytes)
}

/// The text of a file that people write.
///
/// # Errors
/// As [`read`]; [`Error::Input`] with the line when it is not UTF-8.
pub fn text(path: &Path) -> Result<String> {
    text_from(File::open(path).map_err(Error::io(path))?, path)
}

/// The rest of a reader, as [`text`].
///
/// # Errors
/// As [`text`].
pub fn text_from(reader: impl Read, path: &Path) -> Result<String> {
    String::from_utf8(read_from(reader, path, WRITTEN_BY_HAND)?).map_err(|error| {
        let whole = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + whole.iter().filter(|&&byte| byte == b'\n').count() as u64;
        Error::Input { path: path.to_owned(), line: Some(line), cause: "not UTF-8".to_owned() }
    })
}

/// Opens a file that the program keeps for itself, to read and write; makes it if it is not there.
///
/// # Errors
/// [`Error::Usage`] when something else lies there: a link, a pipe, a folder, a file that has another
/// name as well, or one of another user, who could have written anything into it; [`Error::Io`] when
/// it cannot be opened.
pub fn open_own(path: &Path) -> Result<File> {
    let refuse = |what: &str| {
        Error::Usage(format!("{}: {what}; remove it, or name another folder", path.display()))
    };
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        // Not to wait for the other end of a pipe.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.custom_flags(flags.bits() as i32);
    }
    #[cfg(not(unix))]
    if std::fs::symlink_metadata(path).is_ok_and(|it| it.is_symlink()) {
        return Err(refuse("a link"));
    }
    let file = options.open(path).map_err(|cause| match std::fs::symlink_metadata(path) {
        Ok(it) if it.is_symlink() => refuse("a link"),
        Ok(it) if !it.is_file() => refuse("not a regular file"),
        _ => Error::io(path)(cause),
    })?;
    let metadata = file.metadata().map_err(Error::io(path))?;
    if !metadata.is_file() {
        return Err(refuse("not a regular file"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if metadata.nlink() > 1 {
            return Err(refuse("a file that has another name as well"));
        }
        if metadata.uid() != rustix::process::geteuid().as_raw() {
            return Err(refuse("a file of another user"));
        }
    }
    Ok(file)
}

/// A reader that fails when too much is read without a stop: a line, a row, a tag that never ends.
#[derive(Debug)]
pub struct InPieces<'a, R> {
    inner: R,
    /// Bytes since the last piece, which whoever reads sets back.
    read: &'a std::cell::Cell<u64>,
    most: u64,
}

impl<'a, R> InPieces<'a, R> {
    /// Watches a reader: at most so many bytes between two resets of the counter.
    pub fn new(inner: R, read: &'a std::cell::Cell<u64>, most: u64) -> Self {
        Self { inner, read, most }
    }
}

impl<R: Read> Read for InPieces<'_, R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.read.get() > self.most {
            let cause = format!("more than {} bytes in one piece", self.most);
            return Err(io::Error::new(io::ErrorKind::InvalidData, cause));
        }
        let n = self.inner.read(bytes)?;
        self.read.set(self.read.get() + n as u64);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_a_file_may_have() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        assert!(
            read(&path, 4)
                .unwrap_err()
                .to_string()
                .ends_with("more than 4 bytes, which no file of its kind has")
        );
        std::fs::write(&path, b"one\ntwo\xff").unwrap();
        assert!(text(&path).unwrap_err().to_string().ends_with("a:2: not UTF-8"));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_of_our_own_is_refused() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let told = |name: &str| open_own(&at(name)).unwrap_err().to_string();
        open_own(&at("new")).unwrap();
        open_own(&at("new")).unwrap();
        std::fs::write(at("target"), "precious").unwrap();
        symlink("target", at("link")).unwrap();
        symlink("nowhere", at("dangling")).unwrap();
        for link in ["link", "dangling"] {
            assert!(told(link).contains("a link; remove it"), "{}", told(link));
        }
        assert!(!at("nowhere").exists());
        std::fs::hard_link(at("target"), at("second")).unwrap();
        assert!(told("second").contains("another name as well"));
        std::fs::create_dir(at("folder")).unwrap();
        assert!(told("folder").contains("not a regular file"));
        let pipe = std::process::Command::new("mkfifo").arg(at("pipe")).status();
        if pipe.is_ok_and(|status| status.success()) {
            assert!(told("pipe").contains("not a regular file"));
        }
        assert_eq!(std::fs::read_to_string(at("target")).unwrap(), "precious");
    }
}
