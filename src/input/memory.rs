//! Articles in memory: rows of a table whose columns have names.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Batch, Documents, InputOptions, Skipped, Source, quoted, records};
use crate::error::{Error, Result};
use crate::spill::Spill;

/// Reads articles from rows that a program has in memory, a part of the table at a time.
///
/// ```
/// use newsgraph::input::{ArticleRows, InputOptions};
/// let mut rows = ArticleRows::new("frame", &["headline", "Body", "date"])?;
/// let row = ["Talks", "Mara Voss met Ines Carvalho.", "2025-03-06"].map(str::to_owned);
/// let batch = rows.read(vec![row.to_vec()], &InputOptions::default(), &Default::default());
/// let document = batch.documents.iter().next().unwrap();
/// assert_eq!((document.id.as_str(), document.title.as_deref()), ("frame#1", Some("Talks")));
/// assert!(ArticleRows::new("frame", &["headline", "date"]).is_err());
/// # Ok::<(), newsgraph::Error>(())
/// ```
pub struct ArticleRows {
    columns: records::Columns,
    source: Source,
    read: u64,
}

impl ArticleRows {
    /// A table that messages call so, and articles without an id of their own: `name#1`. Columns go by their usual
    /// names, as in files.
    ///
    /// # Errors
    /// [`Error::Input`] when no column holds texts.
    pub fn new(name: &str, columns: &[impl AsRef<str>]) -> Result<Self> {
        let path = Some(PathBuf::from(name));
        let source = Source { name: name.to_owned(), path, size: 0, named: true };
        let found: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
        let columns = records::Columns::of(&found);
        if !columns.has_text() {
            let found = quoted(&found.join(", "));
            let cause =
                format!("no column with text: found {found}, expected text, body or content");
            return Err(Error::input(name, cause));
        }
        Ok(Self { columns, source, read: 0 })
    }

    /// True if something is done with a column.
    pub fn is_wanted(&self, column: usize) -> bool {
        self.columns.is_wanted(column)
    }

    /// The columns that hold texts.
    pub fn texts(&self) -> Vec<usize> {
        self.columns.texts()
    }

    /// Reads the next rows, with one cell a column, empty where there is no value. A row without values is left out
    /// with its number.
    pub fn read(
        &mut self,
        rows: Vec<Vec<String>>,
        options: &InputOptions,
        spill: &Arc<Spill>,
    ) -> Batch {
        let documents = Documents::onto(Arc::clone(spill));
        let mut batch = Batch { documents, ..Batch::default() };
        let mut part = Vec::new();
        let mut first = self.read;
        for row in rows {
            self.read += 1;
            if row.iter().any(|cell| !cell.trim().is_empty()) {
                part.push(row);
                continue;
            }
            self.add(std::mem::take(&mut part), first, options, &mut batch);
            first = self.read;
            let (path, reason) = (self.source.shown(), format!("item {}: no text", self.read));
            batch.skipped.push(Skipped { path, line: None, reason, foreign: false });
        }
        self.add(part, first, options, &mut batch);
        batch
    }

    fn add(&self, rows: Vec<Vec<String>>, n: u64, options: &InputOptions, batch: &mut Batch) {
        records::add_rows(&self.columns, rows, n, &self.source, options, batch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_values_is_left_out_with_its_number() {
        let mut rows = ArticleRows::new("frame", &["id", "text"]).unwrap();
        let row = |id: &str, text: &str| vec![id.to_owned(), text.to_owned()];
        let read =
            vec![row("a", "The boat sank."), row("", ""), row("", "The mill burnt."), row("d", "")];
        let batch = rows.read(read, &InputOptions::default(), &Arc::default());
        let ids: Vec<String> = batch.documents.iter().map(|document| document.id).collect();
        assert_eq!(ids, ["a", "frame#3"]);
        let told: Vec<String> = batch.skipped.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["frame: item 2: no text", "frame: item 4: no text"]);
        let batch =
            rows.read(vec![row("", "It rained.")], &InputOptions::default(), &Arc::default());
        assert_eq!(batch.documents.iter().next().unwrap().id, "frame#5");
    }
}
