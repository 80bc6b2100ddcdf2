//! Lists the files to read.
//!
//! Folders are walked with an explicit stack, in the order of names. Hidden files are passed over.
//! Of links only those that the user named are followed, unless the options say otherwise; a link
//! to a file in the same folder needs no remark, since the file itself is read.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::{Discovered, InputOptions, Skipped, Source, normalize};
use crate::error::reason;

/// Folders deeper than this are not entered.
const MAX_DEPTH: usize = 512;

/// Lists what the inputs name, without reading it.
///
/// An input is a file, a folder, a pattern (`news/*.txt`, `**` for any depth), or `-`. What does
/// not exist or cannot be opened is in `skipped`.
pub fn discover(inputs: &[String], options: &InputOptions) -> Discovered {
    let mut walk = FolderWalk { options, found: Discovered::default(), entered: BTreeSet::new() };
    for input in inputs {
        walk.input(input);
    }
    let mut found = walk.found;
    found.sources.sort();
    found.sources.dedup_by(|a, b| (&a.name, &a.path) == (&b.name, &b.path));
    found.skipped.sort();
    found.skipped.dedup();
    found
}

struct FolderWalk<'a> {
    options: &'a InputOptions,
    found: Discovered,
    /// Real paths of folders on the way, where links are followed.
    entered: BTreeSet<PathBuf>,
}

impl FolderWalk<'_> {
    fn input(&mut self, input: &str) {
        if input == "-" {
            let name = "stdin".to_owned();
            self.found.sources.push(Source { name, path: None, size: 0, named: true });
            return;
        }
        let path = Path::new(input);
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.folder(path, None),
            Ok(metadata) if metadata.is_file() => {
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
                self.source(path, &name, &metadata, true);
            }
            Ok(metadata) => self.skip(path, format!("{}, expected a file", kind(&metadata)), false),
            Err(_) if is_pattern(input) => self.pattern(input),
            Err(cause) => self.skip(path, reason(&cause), false),
        }
    }

    /// Walks the folder before the first wildcard and takes what matches.
    fn pattern(&mut self, pattern: &str) {
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        let matcher = match glob {
            Ok(glob) => glob.compile_matcher(),
            Err(cause) => {
                self.skip(Path::new(pattern), format!("not a pattern: {}", cause.kind()), false);
                return;
            }
        };
        let literal = |part: &Component<'_>| !is_pattern(&part.as_os_str().to_string_lossy());
        let base: PathBuf = Path::new(pattern).components().take_while(literal).collect();
        let before = (self.found.sources.len(), self.found.skipped.len());
        self.folder(&base, Some(&matcher));
        if before == (self.found.sources.len(), self.found.skipped.len()) {
            self.skip(Path::new(pattern), "no file matches".to_owned(), false);
        }
    }

    fn folder(&mut self, root: &Path, matcher: Option<&GlobMatcher>) {
        self.entered.clear();
        self.entered.extend(fs::canonicalize(root));
        let mut stack = vec![(root.to_owned(), String::new(), 0)];
        while let Some((folder, prefix, depth)) = stack.pop() {
            if depth > MAX_DEPTH {
                self.skip(&folder, format!("more than {MAX_DEPTH} folders deep"), false);
                continue;
            }
            let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
            let entries = match fs::read_dir(listed) {
                Ok(entries) => entries,
                Err(cause) => {
                    self.skip(&folder, reason(&cause), false);
                    continue;
                }
            };
            for entry in entries {
                let entry = match entry {
                    Ok(entry) => entry,
                    Err(cause) => {
                        self.skip(&folder, reason(&cause), false);
                        continue;
                    }
                };
                let file_name = entry.file_name();
                let file_name = file_name.to_string_lossy();
                let (path, name) = (folder.join(entry.file_name()), format!("{prefix}{file_name}"));
                if file_name.starts_with('.') {
                    continue;
                }
                let metadata = match self.metadata(root, &path) {
                    Ok(Some(metadata)) => metadata,
                    Ok(None) => continue,
                    Err(cause) => {
                        if matcher.is_none_or(|matcher| matcher.is_match(&path)) {
                            self.skip(&path, cause, true);
                        }
                        continue;
                    }
                };
                if metadata.is_dir() {
                    stack.push((path, format!("{name}/"), depth + 1));
                } else if matcher.is_none_or(|matcher| matcher.is_match(&path)) {
                    if metadata.is_file() {
                        self.source(&path, &name, &metadata, false);
                    } else {
                        self.skip(&path, format!("{}, expected a file", kind(&metadata)), true);
                    }
                }
            }
        }
    }

    /// Follows links as far as is allowed. `None`: nothing to read, and nothing to say.
    fn metadata(&mut self, root: &Path, path: &Path) -> Result<Option<Metadata>, String> {
        let metadata = fs::symlink_metadata(path).map_err(|cause| reason(&cause))?;
        let is_link = metadata.file_type().is_symlink();
        let is_walked = self.options.follow_links && metadata.is_dir();
        if !is_link && !is_walked {
            return Ok(Some(metadata));
        }
        let target = fs::canonicalize(path)
            .map_err(|cause| format!("a link that leads nowhere: {}", reason(&cause)))?;
        let target_metadata = fs::metadata(&target).map_err(|cause| reason(&cause))?;
        if self.options.follow_links {
            if target_metadata.is_dir() && !self.entered.insert(target) {
                return Ok(None);
            }
            return Ok(Some(target_metadata));
        }
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        let inside = fs::canonicalize(root).is_ok_and(|root| target.starts_with(root));
        if inside {
            return Ok(None);
        }
        Err("a link out of the folder, not followed".to_owned())
    }

    fn source(&mut self, path: &Path, name: &str, metadata: &Metadata, named: bool) {
        let name = match normalize::line(name) {
            name if name.is_empty() => "file".to_owned(),
            name => name,
        };
        let path = Some(path.to_owned());
        self.found.sources.push(Source { name, path, size: metadata.len(), named });
    }

    fn skip(&mut self, path: &Path, reason: String, foreign: bool) {
        let path = path.to_string_lossy().into_owned();
        self.found.skipped.push(Skipped { path, line: None, reason, foreign });
    }
}

fn is_pattern(input: &str) -> bool {
    input.contains(['*', '?', '[', '{'])
}

fn kind(metadata: &Metadata) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = metadata.file_type();
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    if metadata.is_dir() { "a folder" } else { "not a regular file" }
}
