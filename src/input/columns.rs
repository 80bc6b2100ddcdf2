//! Parquet: a table of articles by columns.

use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::{Field, Row};

use super::guard::guarded;
use super::{Batch, InputOptions, Skipped, Source, records};

/// Bytes that a column may unpack to, whatever the file says.
const MAX_GROUP: i64 = 1 << 30;

/// Reads an article a row.
pub(super) fn read(bytes: Vec<u8>, source: &Source, options: &InputOptions, batch: &mut Batch) {
    match guarded(|| table(bytes, source, options, batch)) {
        Some(Ok(())) => {}
        Some(Err(reason)) => batch.skip(source, None, reason),
        None => batch.skip(source, None, "a Parquet file, damaged"),
    }
}

fn table(
    bytes: Vec<u8>,
    source: &Source,
    options: &InputOptions,
    batch: &mut Batch,
) -> Result<(), String> {
    let damaged = |cause: &dyn std::fmt::Display| {
        let cause = cause.to_string();
        match cause.split_once("Disabled feature at compile time: ") {
            Some((_, codec)) => format!(
                "a Parquet file packed with {codec}, which is not read: write it with zstd, snappy, gzip, brotli or lz4"
            ),
            None => format!("a Parquet file, damaged: {cause}"),
        }
    };
    let reader =
        SerializedFileReader::new(bytes::Bytes::from(bytes)).map_err(|cause| damaged(&cause))?;
    let metadata = reader.metadata();
    if let Some(group) =
        metadata.row_groups().iter().find(|group| group.total_byte_size() > MAX_GROUP)
    {
        let size = group.total_byte_size();
        return Err(format!(
            "a Parquet file with a row group of {size} bytes, at most {MAX_GROUP} are read"
        ));
    }
    let root = metadata.file_metadata().schema();
    // A table that a build wrote.
    if root.name() == "newsgraph" {
        let (path, reason) = (source.shown(), "written by newsgraph, no article".to_owned());
        batch.skipped.push(Skipped { path, line: None, reason, foreign: !source.named });
        return Ok(());
    }
    let names: Vec<String> =
        root.get_fields().iter().map(|field| field.name().to_owned()).collect();
    let columns = records::Columns::of(&names);
    if !columns.has_text() {
        return Err(format!(
            "a Parquet file, but no column with text: found {}, expected text, body or content",
            super::quoted(&names.join(", "))
        ));
    }
    // Only what is read is unpacked.
    let wanted: Vec<_> = root
        .get_fields()
        .iter()
        .zip(0..)
        .filter(|(field, index)| field.is_primitive() && columns.is_wanted(*index))
        .map(|(field, _)| field.clone())
        .collect();
    let projection = ::parquet::schema::types::Type::group_type_builder(root.name())
        .with_fields(wanted.clone())
        .build()
        .map_err(|cause| damaged(&cause))?;
    let names: Vec<String> = wanted.iter().map(|field| field.name().to_owned()).collect();
    let columns = records::Columns::of(&names);
    let rows = reader.get_row_iter(Some(projection)).map_err(|cause| damaged(&cause))?;
    let mut n = 0;
    let mut part = Vec::new();
    for row in rows {
        let row = row.map_err(|cause| format!("after row {n}: {}", damaged(&cause)));
        match row {
            Ok(row) => part.push(cells(&row, &columns)),
            Err(reason) => {
                records::add_rows(&columns, part, n, source, options, batch);
                return Err(reason);
            }
        }
        if part.len() == PART {
            n = records::add_rows(&columns, std::mem::take(&mut part), n, source, options, batch);
        }
    }
    records::add_rows(&columns, part, n, source, options, batch);
    Ok(())
}

/// Rows that are held at a time.
const PART: usize = 1000;

fn cells(row: &Row, columns: &records::Columns) -> Vec<String> {
    let fields = row.get_column_iter().enumerate();
    fields.map(|(index, (_, field))| cell(field, columns.is_date(index))).collect()
}

fn cell(field: &Field, is_date: bool) -> String {
    let day = |seconds: i64| {
        let time = jiff::Timestamp::from_second(seconds).ok();
        time.map_or_else(String::new, |time| jiff::tz::Offset::UTC.to_datetime(time).to_string())
    };
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into_owned(),
        Field::Date(days) => day(i64::from(*days) * 86_400),
        Field::TimestampMillis(time) => day(time.div_euclid(1000)),
        Field::TimestampMicros(time) => day(time.div_euclid(1_000_000)),
        // Nanoseconds are plain numbers here, and so is what others write without a type.
        Field::Long(time) if is_date && time.abs() > 1_000_000_000_000_000_000 => {
            day(time.div_euclid(1_000_000_000))
        }
        Field::Long(time) if is_date && time.abs() > 1_000_000_000_000_000 => {
            day(time.div_euclid(1_000_000))
        }
        // A text as a list of paragraphs.
        Field::ListInternal(list) => {
            let words = list.elements().iter().map(|element| cell(element, false));
            words.collect::<Vec<_>>().join("\n\n")
        }
        other => other.to_string(),
    }
}
