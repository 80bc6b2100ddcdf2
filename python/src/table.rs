//! Tables as they leave: streams of Arrow, Python values, Parquet.

use std::path::PathBuf;

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{Date32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::{ArrowError, DataType, SchemaRef};
use newsgraph::Error;
use newsgraph::export::{atomic, tables};
use newsgraph::facade::TableView;
use newsgraph::shards;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict, PyList, PyType};

use crate::errors::raise;

/// A table of a graph, whose rows are made when they are asked for, or an answer.
#[pyclass(frozen, module = "newsgraph._newsgraph")]
pub(crate) struct NativeTable(pub(crate) TableSource);

#[derive(Clone)]
pub(crate) enum TableSource {
    View(TableView),
    Batch(RecordBatch),
    Readings(Vec<RecordBatch>),
}

type Reader = Box<dyn RecordBatchReader + Send>;

impl TableSource {
    fn schema(&self) -> SchemaRef {
        match self {
            Self::View(view) => view.table().schema(),
            Self::Batch(batch) => batch.schema(),
            Self::Readings(_) => shards::schema(),
        }
    }

    fn reader(&self) -> Reader {
        match self {
            Self::View(view) => Box::new(view.reader()),
            Self::Batch(batch) => {
                Box::new(RecordBatchIterator::new([Ok(batch.clone())], batch.schema()))
            }
            Self::Readings(batches) => {
                let batches = batches.clone().into_iter().map(Ok);
                Box::new(RecordBatchIterator::new(batches, shards::schema()))
            }
        }
    }
}

fn failed(cause: ArrowError) -> PyErr {
    PyOSError::new_err(cause.to_string())
}

#[pymethods]
impl NativeTable {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer ignore what it cannot follow.
        let _ = requested_schema;
        let stream = FFI_ArrowArrayStream::new(self.0.reader());
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        match &self.0 {
            TableSource::View(view) => py.detach(|| view.n_rows()).map_err(failed),
            TableSource::Batch(batch) => Ok(batch.num_rows()),
            TableSource::Readings(batches) => Ok(batches.iter().map(RecordBatch::num_rows).sum()),
        }
    }

    /// The names of the columns.
    fn columns(&self) -> Vec<String> {
        self.0.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// Some rows as dictionaries, from the first on.
    #[pyo3(signature = (limit=None))]
    fn rows<'py>(&self, py: Python<'py>, limit: Option<usize>) -> PyResult<Bound<'py, PyList>> {
        let names = self.columns();
        let day = Day::new(py)?;
        let rows = PyList::empty(py);
        let mut reader = self.0.reader();
        while let Some(batch) = py.detach(|| reader.next()) {
            let batch = batch.map_err(failed)?;
            for at in 0..batch.num_rows() {
                if limit.is_some_and(|limit| rows.len() >= limit) {
                    return Ok(rows);
                }
                let row = PyDict::new(py);
                for (name, column) in names.iter().zip(batch.columns()) {
                    row.set_item(name, value(py, column.as_ref(), at, &day)?)?;
                }
                rows.append(row)?;
            }
        }
        Ok(rows)
    }

    /// The columns as lists.
    fn to_pydict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let day = Day::new(py)?;
        let names = self.columns();
        let lists: Vec<Bound<'py, PyList>> = names.iter().map(|_| PyList::empty(py)).collect();
        let mut reader = self.0.reader();
        while let Some(batch) = py.detach(|| reader.next()) {
            let batch = batch.map_err(failed)?;
            for (list, column) in lists.iter().zip(batch.columns()) {
                for at in 0..batch.num_rows() {
                    list.append(value(py, column.as_ref(), at, &day)?)?;
                }
            }
        }
        let dictionary = PyDict::new(py);
        for (name, list) in names.iter().zip(lists) {
            dictionary.set_item(name, list)?;
        }
        Ok(dictionary)
    }

    /// Writes a Parquet file.
    fn write_parquet(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let write = || {
            atomic::write_file(&path, |out| {
                tables::write_batches(self.0.schema(), self.0.reader(), out)
            })
        };
        py.detach(write).map_err(|error: Error| raise(py, error))
    }
}

/// Makes days of numbers.
struct Day<'py>(Bound<'py, PyType>);

impl<'py> Day<'py> {
    /// 1 January 1970, as Python counts days.
    const EPOCH: i32 = 719_163;

    fn new(py: Python<'py>) -> PyResult<Self> {
        Ok(Self(py.import("datetime")?.getattr("date")?.cast_into()?))
    }

    fn of(&self, days: i32) -> PyResult<Bound<'py, PyAny>> {
        self.0.call_method1("fromordinal", (Self::EPOCH + days,))
    }
}

fn value<'py>(
    py: Python<'py>,
    array: &dyn Array,
    at: usize,
    day: &Day<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if array.is_null(at) {
        return Ok(py.None().into_bound(py));
    }
    Ok(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(at).into_pyobject(py)?.into_any(),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let key = dictionary.normalized_keys()[at];
            return value(py, dictionary.values().as_ref(), key, day);
        }
        DataType::Int64 => {
            array.as_primitive::<Int64Type>().value(at).into_pyobject(py)?.into_any()
        }
        DataType::Int32 => {
            array.as_primitive::<Int32Type>().value(at).into_pyobject(py)?.into_any()
        }
        DataType::Binary => PyBytes::new(py, array.as_binary::<i32>().value(at)).into_any(),
        DataType::Float64 => {
            array.as_primitive::<Float64Type>().value(at).into_pyobject(py)?.into_any()
        }
        DataType::Boolean => array.as_boolean().value(at).into_pyobject(py)?.to_owned().into_any(),
        DataType::Date32 => day.of(array.as_primitive::<Date32Type>().value(at))?,
        DataType::List(_) => {
            let values = array.as_list::<i32>().value(at);
            let list = PyList::empty(py);
            for at in 0..values.len() {
                list.append(value(py, values.as_ref(), at, day)?)?;
            }
            list.into_any()
        }
        DataType::Struct(fields) => {
            let (row, columns) = (PyDict::new(py), array.as_struct().columns());
            for (field, column) in fields.iter().zip(columns) {
                row.set_item(field.name(), value(py, column.as_ref(), at, day)?)?;
            }
            row.into_any()
        }
        // No table of ours has another type.
        _ => py.None().into_bound(py),
    })
}
