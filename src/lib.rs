//! News text in, knowledge graph out.
#![doc = ""]

pub mod document;
pub mod entity;
pub mod error;
pub mod graph;
pub mod language;
pub mod ontology;
pub mod resource;
pub mod statement;

pub use error::{Error, Result};
