//! `newsgraph stats`: what a graph holds, in figures.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Map, Value};

use super::query::DataArgs;
use super::{Outcome, terminal};
use crate::error::Result;
use crate::store::Store;

#[derive(Args)]
#[command(after_help = "Examples:
  newsgraph stats
  newsgraph stats graph/ --top 20
  newsgraph stats --format json")]
pub(super) struct StatsArgs {
    /// The graph, a file or folder, if it is not out/graph.ttl.
    #[arg(value_name = "GRAPH", conflicts_with_all = ["data", "store"])]
    graph: Option<PathBuf>,
    #[command(flatten)]
    data: DataArgs,
    /// Longest lists of predicates, classes and sources.
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// For reading, or for programs.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: StatsFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum StatsFormat {
    Text,
    Json,
}

/// A table of figures: its title and a query for names and counts.
const TABLES: [(&str, &str); 6] = [
    (
        "graph",
        "SELECT ?what (COUNT(DISTINCT ?x) AS ?n) WHERE {
           { ?x a nif:Context BIND('documents' AS ?what) }
           UNION { ?x a ng:Statement BIND('statements' AS ?what) }
           UNION { ?x ng:mentions ?m BIND('entities' AS ?what) }
           UNION { ?x ng:named true BIND('named entities' AS ?what) }
         } GROUP BY ?what ORDER BY ?what",
    ),
    (
        "predicate",
        "SELECT ?what (COUNT(?s) AS ?n) WHERE {
           ?s a ng:Statement ; rdf:predicate ?p .
           BIND(IF(STRSTARTS(STR(?p), STR(open:)), 'open', 'ontology') AS ?what)
         } GROUP BY ?what ORDER BY ?what",
    ),
    (
        "factuality",
        "SELECT ?what (COUNT(?s) AS ?n) WHERE { ?s a ng:Statement ; ng:factuality ?what }
         GROUP BY ?what ORDER BY DESC(?n) ?what",
    ),
    (
        "top predicates",
        "SELECT ?what (COUNT(?s) AS ?n) WHERE {
           ?s a ng:Statement ; rdf:predicate/rdfs:label ?what
         } GROUP BY ?what ORDER BY DESC(?n) ?what",
    ),
    (
        "top classes",
        "SELECT ?what (COUNT(DISTINCT ?e) AS ?n) WHERE {
           ?e ng:mentions ?m ; a ?class .
           FILTER(STRSTARTS(STR(?class), STR(ng:)))
           BIND(STRAFTER(STR(?class), STR(ng:)) AS ?what)
         } GROUP BY ?what ORDER BY DESC(?n) ?what",
    ),
    (
        "top sources",
        "SELECT ?what (COUNT(?s) AS ?n) WHERE {
           ?s a ng:Statement ; prov:wasAttributedTo/rdfs:label ?what
         } GROUP BY ?what ORDER BY DESC(?n) ?what",
    ),
];

pub(super) fn stats(args: &StatsArgs) -> Result<Outcome> {
    let store = args.data.load_from(args.graph.as_deref())?;
    let mut tables = Vec::with_capacity(TABLES.len());
    for (title, sparql) in TABLES {
        let mut rows = counts(&store, sparql, args)?;
        if title.starts_with("top") {
            rows.truncate(args.top);
        }
        tables.push((title, rows));
    }
    let empty = tables.iter().all(|(_, rows)| rows.is_empty());
    let text = match args.format {
        StatsFormat::Text => text(&tables),
        StatsFormat::Json => format!("{:#}\n", json(&tables)),
    };
    let done = super::print(text.as_bytes())?;
    Ok(if empty { Outcome::NothingFound } else { done })
}

type Table = (&'static str, Vec<(String, u64)>);

fn counts(store: &Store, sparql: &str, args: &StatsArgs) -> Result<Vec<(String, u64)>> {
    let rows = super::query::rows(store, sparql, args.data.limits())?;
    let count = |row: Vec<String>| match <[String; 2]>::try_from(row) {
        Ok([what, n]) => n.parse().ok().map(|n| (what, n)),
        Err(_) => None,
    };
    Ok(rows.into_iter().filter_map(count).collect())
}

fn text(tables: &[Table]) -> String {
    let mut out = String::new();
    for (title, rows) in tables.iter().filter(|(_, rows)| !rows.is_empty()) {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("{title}\n"));
        let total: u64 = rows.iter().map(|(_, n)| n).sum();
        for (what, n) in rows {
            // Shares only where the rows make up the whole.
            let share = match *title {
                "predicate" | "factuality" => {
                    format!("  {:.1} %", 100.0 * *n as f64 / total as f64)
                }
                _ => String::new(),
            };
            let what = terminal::value(what);
            out.push_str(&format!("{n:>10}  {what}{share}\n"));
        }
    }
    out
}

fn json(tables: &[Table]) -> Value {
    let table = |(title, rows): &Table| {
        let rows: Map<String, Value> =
            rows.iter().map(|(what, n)| (what.clone(), Value::from(*n))).collect();
        (title.replace(' ', "_"), Value::Object(rows))
    };
    Value::Object(tables.iter().map(table).collect())
}
