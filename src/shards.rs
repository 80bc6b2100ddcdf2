//! Readings that travel: one machine reads a share of the articles, another one joins what all have
//! read.
//!
//! A reading is a row of a table (see [`schema`]): who reads with another engine gives the same rows as
//! `newsgraph map`, and where they lie, in how many Parquet files and in which order, makes no
//! difference. A row says what it depends on; one of another version, model or rules is refused by
//! name.

mod links;
mod rows;
mod share;

pub use links::{
    Expected, Gathered, LINKS, LinkNotes, Linked, READINGS, gather, open, write_links,
};
pub use rows::{ROWS, ReadingRow, RowWriter, ShardNotes, batch, key, read_rows, schema};
pub use share::Share;
