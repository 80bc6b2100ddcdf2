//! News text in, knowledge graph out.
#![doc = ""]

pub mod document;
pub mod entity;
pub mod error;
pub mod export;
pub mod graph;
pub mod ontology;
pub mod resource;
pub mod statement;
pub mod store;

pub use error::{Error, Result};
