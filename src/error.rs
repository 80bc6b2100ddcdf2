//! Errors, by what the user can do about them.
//!
//! Anything read from a file says `file:line: what was found, what was expected`. Language never
//! fails: an odd sentence gives a poorer analysis, not an error.

use std::path::{Path, PathBuf};

/// What can go wrong outside of language.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A document, or a part of an input file, cannot be read.
    #[error("{}: {cause}", place(path, *line))]
    Input {
        /// The input file as the user named it, or `<stdin>`.
        path: PathBuf,
        /// Line in the file, from 1.
        line: Option<u64>,
        /// One line: what was found, what was expected.
        cause: String,
    },
    /// A rule, lexicon or gazetteer file is not what its format page says.
    #[error("{file}:{line}: {cause}")]
    Rule {
        /// Name of the file inside its resource folder.
        file: String,
        /// Line in the file, from 1.
        line: u64,
        /// What was found, what was expected.
        cause: String,
    },
    /// The ontology cannot be read, or names what it does not define.
    #[error("{file}: {cause}")]
    Ontology {
        /// The ontology file.
        file: String,
        /// What was found, what was expected.
        cause: String,
    },
    /// The model file is damaged, foreign, or of another version.
    #[error("model {file}: {cause}")]
    Model {
        /// The model file, or `<embedded>`.
        file: String,
        /// What was found, what was expected.
        cause: String,
    },
    /// A query cannot be parsed or evaluated.
    #[error("query: {0}")]
    Query(String),
    /// A query takes longer than it may.
    #[error("query: not done after {0} s, given up")]
    Timeout(f64),
    /// The command line asks for something that does not exist.
    #[error("{0}")]
    Usage(String),
    /// A file outside the input cannot be read or written.
    #[error("{}: {cause}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        #[source]
        cause: std::io::Error,
    },
    /// The user asked to stop (SIGINT, SIGTERM).
    #[error("interrupted")]
    Interrupted,
}

/// Result with [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Returns a function that attaches `path` to an I/O error, for `map_err`.
    pub fn io(path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> Self {
        move |cause| Self::Io { path: path.as_ref().to_owned(), cause }
    }

    /// An input error without a line.
    pub fn input(path: impl AsRef<Path>, cause: impl Into<String>) -> Self {
        Self::Input { path: path.as_ref().to_owned(), line: None, cause: cause.into() }
    }

    /// A rule-file error.
    pub fn rule(file: impl Into<String>, line: u64, cause: impl Into<String>) -> Self {
        Self::Rule { file: file.into(), line, cause: cause.into() }
    }
}

fn place(path: &Path, line: Option<u64>) -> String {
    match line {
        Some(line) => format!("{}:{line}", path.display()),
        None => path.display().to_string(),
    }
}
