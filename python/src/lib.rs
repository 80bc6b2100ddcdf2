//! The part of the Python package that is Rust: what `newsgraph/*.py` calls.
//!
//! Long calls release the interpreter lock and run beside a loop that looks for Ctrl-C and tells the progress
//! ([`watch`]). Tables leave as streams of Arrow or as Python values ([`table`]); frames come in as streams
//! ([`frames`]).

mod errors;
mod frames;
mod graph;
mod parse;
mod table;
mod watch;

use pyo3::prelude::*;

#[pymodule]
mod _newsgraph {
    #[pymodule_export]
    use super::graph::{Engine, NativeGraph, columns, text_columns};
    #[pymodule_export]
    use super::parse::{Sentence, Token};
    #[pymodule_export]
    use super::table::NativeTable;

    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
