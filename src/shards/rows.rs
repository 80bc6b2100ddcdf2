//! Readings as rows of Arrow, and Parquet files of them.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, BinaryArray, Int32Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::input::{Skipped, Warning, guarded};
use crate::statement::Reading;

/// One reading, or why there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadingRow {
    /// Id of the document.
    pub id: String,
    /// What the reading depends on besides the document: version, model, rules; 32 hexadecimal digits.
    pub basis: String,
    /// A digest of the document.
    pub key: String,
    /// How many sentences it has.
    pub n_sentences: u32,
    /// The reading in its written form; `None` for a document that was left out.
    pub reading: Option<Vec<u8>>,
    /// Why it was left out.
    pub left_out: Option<String>,
}

impl ReadingRow {
    /// The row of a reading.
    pub fn of(reading: &Reading, bytes: Vec<u8>, basis: &str) -> Self {
        let document = postcard::to_stdvec(&reading.document).expect("strings of known length");
        Self {
            id: reading.document.id.clone(),
            basis: basis.to_owned(),
            key: key(document),
            n_sentences: reading.sentences.len() as u32,
            reading: Some(bytes),
            left_out: None,
        }
    }

    /// The row of a document that broke a stage: a bug of ours.
    pub fn broken(id: &str, basis: &str) -> Self {
        let (id, basis) = (id.to_owned(), basis.to_owned());
        Self { id, basis, left_out: Some("internal error".to_owned()), ..Self::default() }
    }
}

/// A digest as rows have it: 32 hexadecimal digits.
pub fn key(bytes: impl AsRef<[u8]>) -> String {
    blake3::hash(bytes.as_ref()).to_hex()[..32].to_owned()
}

/// The columns: `id`, `basis`, `key` text, `n_sentences` 32-bit, `reading` binary or null, `left_out` text or null.
pub fn schema() -> SchemaRef {
    static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
        Arc::new(Schema::new(vec![
            Field::new("id", DataType::Utf8, false),
            Field::new("basis", DataType::Utf8, false),
            Field::new("key", DataType::Utf8, false),
            Field::new("n_sentences", DataType::Int32, false),
            Field::new("reading", DataType::Binary, true),
            Field::new("left_out", DataType::Utf8, true),
        ]))
    });
    Arc::clone(&SCHEMA)
}

/// Rows as a batch.
///
/// # Errors
/// That of Arrow, for more bytes than a batch can hold (2 GiB).
pub fn batch(rows: &[ReadingRow]) -> std::result::Result<RecordBatch, ArrowError> {
    let size: usize = rows.iter().filter_map(|row| row.reading.as_ref()).map(Vec::len).sum();
    if i32::try_from(size).is_err() {
        return Err(ArrowError::OffsetOverflowError(size));
    }
    RecordBatch::try_new(
        schema(),
        vec![
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| &row.id))),
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| &row.basis))),
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| &row.key))),
            Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| row.n_sentences as i32))),
            Arc::new(BinaryArray::from_iter(rows.iter().map(|row| row.reading.as_deref()))),
            Arc::new(StringArray::from_iter(rows.iter().map(|row| row.left_out.as_deref()))),
        ],
    )
}

/// Rows that are written, or held, at once.
pub const ROWS: usize = 256;
/// So are bytes.
const BYTES: usize = 16 << 20;

/// Writes a Parquet file of readings.
pub struct RowWriter<W: Write + Send> {
    writer: ArrowWriter<W>,
    held: Vec<ReadingRow>,
    bytes: usize,
}

impl<W: Write + Send> RowWriter<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(out: W) -> io::Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROWS))
            .set_created_by(concat!("newsgraph ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let writer = ArrowWriter::try_new(out, schema(), Some(properties)).map_err(failed)?;
        Ok(Self { writer, held: Vec::new(), bytes: 0 })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// Those of the output.
    pub fn add(&mut self, row: ReadingRow) -> io::Result<()> {
        self.bytes += row.reading.as_ref().map_or(0, Vec::len);
        self.held.push(row);
        if self.held.len() >= ROWS || self.bytes >= BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        let batch = batch(&self.held).map_err(io::Error::other)?;
        self.writer.write(&batch).map_err(failed)?;
        self.writer.flush().map_err(failed)?;
        self.held.clear();
        self.bytes = 0;
        Ok(())
    }

    /// Ends the file, with what became of the input.
    ///
    /// # Errors
    /// Those of the output.
    pub fn finish(mut self, notes: &ShardNotes) -> io::Result<()> {
        if !self.held.is_empty() {
            self.flush()?;
        }
        let notes = serde_json::to_string(notes).map_err(io::Error::other)?;
        self.writer.append_key_value_metadata(KeyValue::new(NOTES.to_owned(), notes));
        self.writer.close().map_err(failed)?;
        Ok(())
    }
}

fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(cause) => io::Error::other(cause),
        },
        error => io::Error::other(error),
    }
}

/// What became of the articles of one share; of files that another engine writes it is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardNotes {
    /// What was left out.
    pub skipped: Vec<Skipped>,
    /// What was read with a remark.
    pub warnings: Vec<Warning>,
    /// Articles that were left out since they are not in English.
    pub other_languages: usize,
    /// A digest of the program that read them.
    #[serde(default)]
    pub program: String,
}

/// The name that the notes have in a file.
const NOTES: &str = "newsgraph.notes";

/// Reads a Parquet file of readings, row by row.
///
/// # Errors
/// [`Error::Io`] when it cannot be opened, [`Error::Input`] when it is damaged or holds no readings, and those of `each`.
pub fn read_rows(
    path: &Path,
    mut each: impl FnMut(ReadingRow) -> Result<()>,
) -> Result<ShardNotes> {
    let file = File::open(path).map_err(Error::io(path))?;
    let damaged = |cause: &dyn std::fmt::Display| {
        Error::input(path, format!("no readings that can be read: {cause}"))
    };
    let read = || -> Result<ShardNotes> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|it| damaged(&it))?;
        let values = builder.metadata().file_metadata().key_value_metadata();
        let notes = values.and_then(|values| values.iter().find(|it| it.key == NOTES));
        let notes = notes.and_then(|it| serde_json::from_str(it.value.as_deref()?).ok());
        let batches = builder.with_batch_size(64).build().map_err(|it| damaged(&it))?;
        for batch in batches {
            let batch = batch.map_err(|it| damaged(&it))?;
            let table = RowTable::new(&batch).map_err(|it| damaged(&it))?;
            (0..batch.num_rows()).try_for_each(|at| each(table.row(at)))?;
        }
        Ok(notes.unwrap_or_default())
    };
    guarded(read).unwrap_or_else(|| Err(damaged(&"damaged")))
}

/// The columns of a batch, whichever engine wrote it.
struct RowTable<'b> {
    batch: &'b RecordBatch,
}

impl<'b> RowTable<'b> {
    fn new(batch: &'b RecordBatch) -> std::result::Result<Self, String> {
        for field in schema().fields() {
            let Some(column) = batch.column_by_name(field.name()) else {
                return Err(format!("no column {:?}", field.name()));
            };
            let fits = match field.data_type() {
                DataType::Utf8 => matches!(
                    column.data_type(),
                    DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
                ),
                DataType::Binary => {
                    matches!(
                        column.data_type(),
                        DataType::Binary | DataType::LargeBinary | DataType::BinaryView
                    )
                }
                _ => column.data_type().is_integer(),
            };
            if !fits {
                let (name, found) = (field.name(), column.data_type());
                return Err(format!("column {name:?} holds {found}"));
            }
        }
        Ok(Self { batch })
    }

    fn column(&self, name: &str) -> &dyn Array {
        self.batch.column_by_name(name).expect("looked for in `new`").as_ref()
    }

    fn text(&self, name: &str, at: usize) -> Option<String> {
        let column = self.column(name);
        column.is_valid(at).then(|| match column.data_type() {
            DataType::LargeUtf8 => column.as_string::<i64>().value(at).to_owned(),
            DataType::Utf8View => column.as_string_view().value(at).to_owned(),
            _ => column.as_string::<i32>().value(at).to_owned(),
        })
    }

    fn bytes(&self, name: &str, at: usize) -> Option<Vec<u8>> {
        let column = self.column(name);
        column.is_valid(at).then(|| match column.data_type() {
            DataType::LargeBinary => column.as_binary::<i64>().value(at).to_owned(),
            DataType::BinaryView => column.as_binary_view().value(at).to_owned(),
            _ => column.as_binary::<i32>().value(at).to_owned(),
        })
    }

    /// Only a figure for the report: engines may widen it.
    fn number(&self, name: &str, at: usize) -> u32 {
        let column = self.column(name);
        let value = match column.data_type() {
            DataType::Int32 => column.as_primitive::<Int32Type>().value(at).into(),
            DataType::Int64 => column.as_primitive::<Int64Type>().value(at),
            _ => 0,
        };
        u32::try_from(value).unwrap_or(0)
    }

    fn row(&self, at: usize) -> ReadingRow {
        let text = |name| self.text(name, at).unwrap_or_default();
        ReadingRow {
            id: text("id"),
            basis: text("basis"),
            key: text("key"),
            n_sentences: self.number("n_sentences", at),
            reading: self.bytes("reading", at),
            left_out: self.text("left_out", at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<ReadingRow> {
        let row = |n: usize| ReadingRow {
            id: format!("{n}.txt"),
            basis: "b".repeat(32),
            key: format!("{n:032x}"),
            n_sentences: 3,
            reading: (!n.is_multiple_of(5)).then(|| vec![n as u8; n]),
            left_out: (n.is_multiple_of(5)).then(|| "internal error".to_owned()),
        };
        (0..600).map(row).collect()
    }

    fn notes() -> ShardNotes {
        ShardNotes { other_languages: 3, ..ShardNotes::default() }
    }

    #[test]
    fn rows_come_back_as_they_were() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut writer = RowWriter::new(file.as_file()).unwrap();
        rows().into_iter().try_for_each(|row| writer.add(row)).unwrap();
        writer.finish(&notes()).unwrap();
        let mut back = Vec::new();
        let told = read_rows(file.path(), |row| {
            back.push(row);
            Ok(())
        });
        assert_eq!(told.unwrap(), notes());
        assert_eq!(back, rows());
    }

    #[test]
    fn another_file_is_named_with_its_fault() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let told = |bytes: &[u8]| {
            std::fs::write(file.path(), bytes).unwrap();
            read_rows(file.path(), |_| Ok(())).unwrap_err().to_string()
        };
        assert!(told(b"no table").contains("no readings that can be read"));
        let mut whole = Vec::new();
        let mut writer = RowWriter::new(&mut whole).unwrap();
        rows().into_iter().try_for_each(|row| writer.add(row)).unwrap();
        writer.finish(&notes()).unwrap();
        assert!(told(&whole[..whole.len() / 2]).contains("no readings that can be read"));
        for at in (0..whole.len()).step_by(97) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            std::fs::write(file.path(), damaged).unwrap();
            // No panic, whatever becomes of it.
            let _ = read_rows(file.path(), |_| Ok(()));
        }
    }
}
