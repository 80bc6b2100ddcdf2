//! Archives: zip and tar of anything that is read, in memory and within bounds.
//!
//! Nothing is unpacked to disk. What all members unpack to is bounded by [`Context`], and so is how
//! deep archives lie in archives.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{Batch, Context, Source, office, read_member};

/// More members than these are not read.
const MAX_MEMBERS: usize = 100_000;

pub(super) type Zip<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Reads a zip file: an archive, or the package of an office document or e-book.
pub(super) fn zip(bytes: &[u8], source: &Source, context: &Context<'_>, batch: &mut Batch) {
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(cause) => {
            let reason =
                format!("a zip archive or office document, damaged: {}", zip_cause(&cause));
            batch.skip(source, None, reason);
            return;
        }
    };
    if let Some(package) = office::package(&mut archive) {
        office::read(package, archive, source, context, batch);
        return;
    }
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map_or_else(|_| "file".to_owned(), |name| name.into_owned()))
        .collect();
    let is_wacz = names.iter().any(|name| name == "datapackage.json")
        && names.iter().any(|name| name.starts_with("archive/"));
    if names.len() > MAX_MEMBERS {
        let reason =
            format!("a zip archive of {} files, at most {MAX_MEMBERS} are read", names.len());
        batch.skip(source, None, reason);
        return;
    }
    for (index, name) in names.iter().enumerate() {
        if !is_wanted(name) || (is_wacz && !name.starts_with("archive/")) {
            continue;
        }
        match unpacked(&mut archive, index, context) {
            Ok(None) => {}
            Ok(Some(content)) => read_member(content, name, source, context, batch),
            Err(cause) => {
                batch.skip(source, None, format!("{name}: {cause}"));
                if context.is_spent() {
                    return;
                }
            }
        }
    }
}

/// A member of a zip file; `None` for what is no file.
fn unpacked(
    archive: &mut Zip<'_>,
    index: usize,
    context: &Context<'_>,
) -> Result<Option<Vec<u8>>, String> {
    let member = archive.by_index(index).map_err(|cause| zip_cause(&cause))?;
    if !member.is_file() {
        return Ok(None);
    }
    let packed = member.compressed_size();
    context.unpack(member, packed).map(Some)
}

/// A member of a package by its name, within the bounds.
pub(super) fn member(archive: &mut Zip<'_>, name: &str, context: &Context<'_>) -> Option<Vec<u8>> {
    let member = archive.by_name(name).ok()?;
    let packed = member.compressed_size();
    context.unpack(member, packed).ok()
}

fn zip_cause(cause: &ZipError) -> String {
    match cause {
        ZipError::UnsupportedArchive(what) if what.contains("assword") => "encrypted".to_owned(),
        cause => cause.to_string(),
    }
}

/// Reads a tar archive.
pub(super) fn tar(bytes: &[u8], source: &Source, context: &Context<'_>, batch: &mut Batch) {
    let mut archive = tar::Archive::new(bytes);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(cause) => {
            batch.skip(source, None, format!("a tar archive, damaged: {cause}"));
            return;
        }
    };
    for (n, entry) in entries.enumerate() {
        let entry = match entry {
            Ok(entry) if n < MAX_MEMBERS => entry,
            Ok(_) => {
                batch.skip(
                    source,
                    None,
                    format!("more than {MAX_MEMBERS} files in the tar archive"),
                );
                return;
            }
            Err(cause) => {
                batch.skip(
                    source,
                    None,
                    format!("a tar archive, damaged after {n} files: {cause}"),
                );
                return;
            }
        };
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if !entry.header().entry_type().is_file() || !is_wanted(&name) {
            continue;
        }
        let size = entry.size();
        match context.unpack(entry, size) {
            Ok(content) => read_member(content, &name, source, context, batch),
            Err(cause) => {
                batch.skip(source, None, format!("{name}: {cause}"));
                if context.is_spent() {
                    return;
                }
            }
        }
    }
}

/// Hidden files and what systems put beside others are passed over, as in folders.
fn is_wanted(name: &str) -> bool {
    !name.split('/').any(|part| part.starts_with('.') && part != "." || part == "__MACOSX")
}

impl Context<'_> {
    /// Reads what a member unpacks to, no more than the bounds allow.
    pub(super) fn unpack(&self, member: impl Read, packed: u64) -> Result<Vec<u8>, String> {
        let free = 1 << 20;
        let ratio = packed.saturating_mul(self.options.max_ratio).saturating_add(free);
        let most = ratio.min(self.left.get()).min(self.options.max_held as u64);
        let mut content = Vec::new();
        let outcome = member.take(most.saturating_add(1)).read_to_end(&mut content);
        let size = content.len() as u64;
        self.left.set(self.left.get().saturating_sub(size));
        match outcome {
            _ if size > most && most == ratio => {
                Err(format!("unpacks to more than {} times its size", self.options.max_ratio))
            }
            _ if size > most => {
                self.left.set(0);
                Err(format!("the archive unpacks to more than {} bytes", self.most))
            }
            Ok(_) => Ok(content),
            Err(cause) => Err(format!("damaged: {cause}")),
        }
    }

    /// True if nothing more may be unpacked.
    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}
