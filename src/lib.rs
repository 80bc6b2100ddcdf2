//! News text in, knowledge graph out.
//!
//! Build a graph from articles, and ask who did what:
//!
//! ```
//! use newsgraph::export::tables::Table;
//! use newsgraph::input::{ArticleRows, InputOptions};
//! use newsgraph::{BuildOptions, Newsgraph};
//!
//! let newsgraph = Newsgraph::embedded()?;
//! let mut rows = ArticleRows::new("articles", &["id", "date", "text"])?;
//! let row = ["a", "2025-03-06", "Mara Voss met Ines Carvalho in Lisbon on Tuesday."];
//! let row = row.map(str::to_owned).to_vec();
//! let articles = rows.read(vec![row], &InputOptions::default(), &Default::default());
//! let graph = newsgraph.build(articles, &BuildOptions::default())?;
//! let mara = graph.graph().find("Mara Voss")[0];
//! let neighbors = graph.neighbors(mara).reader().next().unwrap()?;
//! assert!(neighbors.num_rows() >= 1);
//! assert!(graph.table(Table::Statements).n_rows()? >= 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Write it, and open it again:
//!
//! ```
//! # use newsgraph::input::{ArticleRows, InputOptions};
//! # use newsgraph::{BuildOptions, Newsgraph};
//! use newsgraph::Graph;
//! use newsgraph::store::Limits;
//!
//! # let newsgraph = Newsgraph::embedded()?;
//! # let mut rows = ArticleRows::new("articles", &["text"])?;
//! # let row = vec!["Mara Voss met Ines Carvalho in Lisbon.".to_owned()];
//! # let articles = rows.read(vec![row], &InputOptions::default(), &Default::default());
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("graph.ttl");
//! let graph = newsgraph.build(articles, &BuildOptions::default())?;
//! graph.write(&path, &graph.options())?;
//! let graph = Graph::open(&path)?;
//! let met = graph.query("SELECT ?who ?whom { ?who ng:metWith ?whom }", Limits::default())?;
//! assert!(!met.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod cli;
pub mod coref;
pub mod document;
pub mod entity;
pub mod error;
pub mod export;
pub mod extract;
pub mod facade;
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
pub mod shards;
pub mod shelf;
pub mod spill;
pub mod statement;
pub mod store;
pub mod syntax;
pub mod time;

#[cfg(test)]
mod testing;

pub use error::{Error, Result};
pub use facade::{BuildOptions, Graph, Newsgraph};
