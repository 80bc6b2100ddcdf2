//! News text in, knowledge graph out.
#![doc = ""]

pub mod coref;
pub mod document;
pub mod entity;
pub mod error;
pub mod graph;
pub mod language;
pub mod mention;
pub mod ontology;
pub mod resolve;
pub mod resource;
pub mod statement;

#[cfg(test)]
mod testing;

pub use error::{Error, Result};
