//! News text in, knowledge graph out.

pub mod cli;
pub mod coref;
pub mod document;
pub mod entity;
pub mod error;
pub mod export;
pub mod extract;
pub mod files;
pub mod graph;
pub mod input;
pub mod language;
pub mod mention;
pub mod ontology;
pub mod pipeline;
pub mod resolve;
pub mod resource;
#[cfg(unix)]
pub mod serve;
pub mod shelf;
pub mod spill;
pub mod statement;
pub mod store;
pub mod syntax;
pub mod time;

#[cfg(test)]
mod testing;

pub use error::{Error, Result};
