//! What must hold for any bytes. Each check reads its input in two ways and compares; it panics when
//! they differ.
//!
//! A fuzzer calls them (`fuzz_targets`), and `tests/properties.rs` of the program runs them over the
//! kept inputs in `corpus`.

pub mod conllu;
pub mod corrections;
pub mod files;
pub mod made;
pub mod model;
pub mod pipeline;
pub mod query;
pub mod shelf;
pub mod writers;

/// A check of some bytes.
pub type Check = fn(&[u8]);

/// All checks, by the name of their target.
pub const CHECKS: [(&str, Check); 11] = [
    ("conllu", conllu::check),
    ("corrections", corrections::check),
    ("feed", files::feed),
    ("html", files::html),
    ("json_lines", files::json_lines),
    ("markdown", files::markdown),
    ("model", model::check),
    ("pipeline", pipeline::check),
    ("query", query::check),
    ("shelf", shelf::check),
    ("writers", writers::check),
];
