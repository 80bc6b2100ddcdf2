//! Frames of other libraries: any object with `__arrow_c_stream__`, read batch by batch.

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::types::{ArrowPrimitiveType, ArrowTimestampType};
use arrow_array::{Array, RecordBatchReader, types};
use arrow_schema::{DataType, TimeUnit};
use newsgraph::Error;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};

/// A frame, or rows of Python values, with what its columns are called.
pub(crate) enum Rows {
    Frame(Box<RecordBatchStreamReader>),
    List(Option<Vec<Vec<Option<String>>>>),
}

/// Takes the stream of an object.
#[allow(unsafe_code, reason = "a stream of C comes as a pointer")]
pub(crate) fn stream(frame: &Bound<'_, PyAny>) -> PyResult<RecordBatchStreamReader> {
    let capsule = frame.call_method0("__arrow_c_stream__")?;
    let capsule = capsule.cast_into::<PyCapsule>().map_err(PyErr::from)?;
    let pointer = capsule.pointer_checked(Some(c"arrow_array_stream"))?;
    // SAFETY: a capsule of this name holds a stream (Arrow PyCapsule interface); `from_raw` leaves a released one in its place,
    // which is what the capsule expects.
    let reader = unsafe {
        RecordBatchStreamReader::from_raw(pointer.as_ptr().cast::<FFI_ArrowArrayStream>())
    };
    reader.map_err(|cause| PyTypeError::new_err(format!("not a frame: {cause}")))
}

/// The names of the columns of a frame.
pub(crate) fn names(reader: &RecordBatchStreamReader) -> Vec<String> {
    reader.schema().fields().iter().map(|field| field.name().clone()).collect()
}

impl Rows {
    /// Checks that columns of texts hold texts.
    pub(crate) fn check(&self, name: &str, texts: &[usize]) -> Result<(), Error> {
        let Self::Frame(reader) = self else { return Ok(()) };
        for &at in texts {
            let schema = reader.schema();
            let field = schema.field(at);
            if !is_text(field.data_type()) {
                let (column, kind) = (field.name(), field.data_type());
                let cause = format!("column {column:?} holds {kind}, expected strings");
                return Err(Error::input(name, cause));
            }
        }
        Ok(())
    }

    /// The next rows, cells of the wanted columns alone.
    pub(crate) fn next(
        &mut self,
        name: &str,
        is_wanted: impl Fn(usize) -> bool,
    ) -> Result<Option<Vec<Vec<String>>>, Error> {
        match self {
            Self::List(rows) => Ok(rows.take().map(|rows| {
                let cell = |cell: Option<String>| cell.unwrap_or_default();
                rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect()
            })),
            Self::Frame(reader) => {
                let Some(batch) = reader.next() else { return Ok(None) };
                let batch = batch.map_err(|cause| Error::input(name, cause.to_string()))?;
                let mut rows = vec![vec![String::new(); batch.num_columns()]; batch.num_rows()];
                for (at, column) in batch.columns().iter().enumerate().filter(|it| is_wanted(it.0))
                {
                    for (number, row) in rows.iter_mut().enumerate() {
                        row[at] = cell(column.as_ref(), number).unwrap_or_default();
                    }
                }
                Ok(Some(rows))
            }
        }
    }
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => true,
        DataType::Dictionary(_, of) => is_text(of),
        _ => false,
    }
}

/// A value as a file would write it; `None` for what is missing, or is none of a few types.
fn cell(array: &dyn Array, at: usize) -> Option<String> {
    if array.is_null(at) {
        return None;
    }
    Some(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(at).to_owned(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(at).to_owned(),
        DataType::Utf8View => array.as_string_view().value(at).to_owned(),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let key = *dictionary.normalized_keys().get(at)?;
            return cell(dictionary.values().as_ref(), key);
        }
        DataType::Boolean => array.as_boolean().value(at).to_string(),
        DataType::Int8 => number::<types::Int8Type>(array, at),
        DataType::Int16 => number::<types::Int16Type>(array, at),
        DataType::Int32 => number::<types::Int32Type>(array, at),
        DataType::Int64 => number::<types::Int64Type>(array, at),
        DataType::UInt8 => number::<types::UInt8Type>(array, at),
        DataType::UInt16 => number::<types::UInt16Type>(array, at),
        DataType::UInt32 => number::<types::UInt32Type>(array, at),
        DataType::UInt64 => number::<types::UInt64Type>(array, at),
        DataType::Float32 => number::<types::Float32Type>(array, at),
        DataType::Float64 => number::<types::Float64Type>(array, at),
        DataType::Date32 => {
            array.as_primitive::<types::Date32Type>().value_as_date(at)?.to_string()
        }
        DataType::Date64 => {
            array.as_primitive::<types::Date64Type>().value_as_date(at)?.to_string()
        }
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => time::<types::TimestampSecondType>(array, at)?,
            TimeUnit::Millisecond => time::<types::TimestampMillisecondType>(array, at)?,
            TimeUnit::Microsecond => time::<types::TimestampMicrosecondType>(array, at)?,
            TimeUnit::Nanosecond => time::<types::TimestampNanosecondType>(array, at)?,
        },
        _ => return None,
    })
}

fn number<T: ArrowPrimitiveType<Native: ToString>>(array: &dyn Array, at: usize) -> String {
    array.as_primitive::<T>().value(at).to_string()
}

/// In universal time, as Parquet is read.
fn time<T: ArrowTimestampType>(array: &dyn Array, at: usize) -> Option<String>
where
    i64: From<T::Native>,
{
    Some(array.as_primitive::<T>().value_as_datetime(at)?.format("%Y-%m-%dT%H:%M:%S").to_string())
}
