//! Errors as Python knows them.

use newsgraph::Error;
use pyo3::exceptions::{PyKeyboardInterrupt, PyOSError, PyTimeoutError, PyValueError};
use pyo3::prelude::*;

/// `ValueError` for what was asked, `OSError` for files, `newsgraph.NewsgraphError` with file and line for what
/// stands in them.
pub(crate) fn raise(py: Python<'_>, error: Error) -> PyErr {
    let text = error.to_string();
    match error {
        Error::Usage(_) | Error::Query(_) => PyValueError::new_err(text),
        Error::Timeout(_) => PyTimeoutError::new_err(text),
        Error::Interrupted => PyKeyboardInterrupt::new_err(()),
        Error::Io { path, cause } => match cause.raw_os_error() {
            // Of these three Python makes FileNotFoundError, PermissionError …
            Some(number) => PyOSError::new_err((
                number,
                newsgraph::error::reason(&cause),
                path.into_os_string(),
            )),
            None => PyOSError::new_err(text),
        },
        Error::Input { path, line, .. } => {
            at(py, text, Some(path.to_string_lossy().into_owned()), line)
        }
        Error::Rule { file, line, .. } => at(py, text, Some(file), Some(line)),
        Error::Ontology { file, .. } | Error::Model { file, .. } => at(py, text, Some(file), None),
        _ => at(py, text, None, None),
    }
}

fn at(py: Python<'_>, text: String, file: Option<String>, line: Option<u64>) -> PyErr {
    let error = py
        .import("newsgraph._errors")
        .and_then(|module| module.getattr("NewsgraphError"))
        .and_then(|class| class.call1((text, file, line)));
    match error {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}
