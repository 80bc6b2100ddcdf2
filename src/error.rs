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
    /// Everything that is wrong in a folder of rules, one a line, in the order of files and lines.
    #[error("{}", lines(.0))]
    Rules(Vec<Error>),
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
    #[error("{}: {}", path.display(), reason(cause))]
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

/// Mistakes in files, collected: all of them are reported, not the first alone.
#[derive(Debug, Default)]
pub struct Faults {
    found: Vec<Error>,
}

impl Faults {
    /// Notes a mistake.
    pub fn add(&mut self, error: Error) {
        match error {
            Error::Rules(errors) => self.found.extend(errors),
            error => self.found.push(error),
        }
    }

    /// Notes a mistake in a line of a file.
    pub fn rule(&mut self, file: &str, line: u64, cause: impl Into<String>) {
        self.add(Error::rule(file, line, cause));
    }

    /// The value; `None` with the mistake noted.
    pub fn take<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    /// The value, if nothing was wrong.
    ///
    /// # Errors
    /// The mistake that was noted, or [`Error::Rules`] with all of them, sorted by file and line.
    pub fn or<T>(mut self, value: T) -> Result<T> {
        let place = |error: &Error| match error {
            Error::Rule { file, line, .. } => (file.clone(), *line),
            _ => (String::new(), 0),
        };
        self.found.sort_by_cached_key(place);
        // A table that is read twice is as wrong the second time.
        self.found.dedup_by_key(|error| error.to_string());
        match self.found.len() {
            0 => Ok(value),
            1 => Err(self.found.remove(0)),
            _ => Err(Error::Rules(self.found)),
        }
    }
}

/// The known word that is likely meant, as the end of a message: `, did you mean "subject"?`.
pub fn did_you_mean<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let wanted = word.to_lowercase();
    // A word of which more than a third differs is another word.
    let bound = (word.chars().count() / 3).clamp(1, 3);
    let near = known
        .into_iter()
        .map(|known| (edits(&wanted, &known.to_lowercase()), known))
        .filter(|&(distance, _)| distance <= bound)
        .min();
    near.map_or_else(String::new, |(_, known)| format!(", did you mean {known:?}?"))
}

/// Levenshtein's distance, with two neighbors exchanged as one step (optimal string alignment).
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

/// The operating system's reason, without its number and without what our own temporary files are called.
pub fn reason(cause: &std::io::Error) -> String {
    let text = cause.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}

fn lines(errors: &[Error]) -> String {
    errors.iter().map(Error::to_string).collect::<Vec<_>>().join("\n")
}

fn place(path: &Path, line: Option<u64>) -> String {
    match line {
        Some(line) => format!("{}:{line}", path.display()),
        None => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_known_word_is_offered_if_it_is_near() {
        let known = ["subject", "object", "possessive"];
        assert_eq!(did_you_mean("subjcet", known), ", did you mean \"subject\"?");
        assert_eq!(did_you_mean("Posessive", known), ", did you mean \"possessive\"?");
        assert_eq!(did_you_mean("banana", known), "");
        assert_eq!(edits("abcd", "abdc"), 1);
    }

    #[test]
    fn what_the_system_says_is_told_without_its_numbers() {
        let told = std::fs::File::open("no/such").map_err(Error::io("no/such")).unwrap_err();
        assert_eq!(told.to_string(), "no/such: no such file or directory");
        let own = Error::io("a")(std::io::Error::other("Half of it is missing"));
        assert_eq!(own.to_string(), "a: Half of it is missing");
    }

    #[test]
    fn all_mistakes_are_told_in_the_order_of_files_and_lines() {
        let mut faults = Faults::default();
        faults.rule("b.tsv", 3, "x");
        faults.rule("a.tsv", 9, "y");
        faults.rule("a.tsv", 2, "z");
        let told = faults.or(()).unwrap_err().to_string();
        assert_eq!(told, "a.tsv:2: z\na.tsv:9: y\nb.tsv:3: x");
        assert!(Faults::default().or(1).is_ok());
    }
}
