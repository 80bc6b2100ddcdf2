//! Parquet for Ladybug and Kuzu, with the commands that make the tables and load the files.
//!
//! The tables are those of [`super::property_graph`]. All relations of the ontology and of the texts
//! are one table `FACT` with the column `relation`: a table for each would be hundreds.

use std::io::{self, Write};

use super::Options;
use super::edges::AttributeType;
use super::parquet::Table as ParquetTable;
use super::property_graph::{PropertyGraph, Table};
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;

macro_rules! writers {
    ($($name:ident $table:ident,)*) => {$(
        #[doc = concat!("Writes the table `", stringify!($table), "`.")]
        ///
        /// # Errors
        /// Those of `out`.
        pub fn $name(
            graph: &KnowledgeGraph,
            ontology: &Ontology,
            options: &Options,
            out: &mut dyn Write,
        ) -> io::Result<()> {
            write(graph, ontology, options, Table::$table, out)
        }
    )*};
}

writers! {
    write_entities Entity,
    write_documents Document,
    write_statements Statement,
    write_subjects Subject,
    write_objects Object,
    write_sources SaidBy,
    write_places Place,
    write_members MemberOf,
    write_evidence StatedIn,
    write_facts Fact,
}

fn write(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    table: Table,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut parquet = ParquetTable::new(table.columns().to_vec(), out)?;
    let tables = PropertyGraph::new(graph, ontology, options);
    tables.rows(table, &mut |row| {
        parquet.push(row.into_iter().map(|cell| cell.map(|it| it.into_owned().into())).collect())
    })?;
    parquet.finish()
}

/// Writes `load.cypher`: to be run in the folder of the files.
///
/// # Errors
/// Those of `out`.
pub fn write_commands(
    _: &KnowledgeGraph,
    _: &Ontology,
    _: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "// newsgraph {}", env!("CARGO_PKG_VERSION"))?;
    for table in Table::ALL {
        let columns = table.columns().iter().map(|(name, kind)| format!("{name} {}", sql(*kind)));
        let name = table.name();
        match table.ends() {
            None => {
                let columns: Vec<String> = columns.collect();
                let columns = columns.join(", ");
                writeln!(out, "CREATE NODE TABLE {name}({columns}, PRIMARY KEY(id));")?;
            }
            Some((from, to)) => {
                let ends = format!("FROM {} TO {}", from.name(), to.name());
                let columns: Vec<String> = std::iter::once(ends).chain(columns.skip(2)).collect();
                writeln!(out, "CREATE REL TABLE {name}({});", columns.join(", "))?;
            }
        }
    }
    for table in Table::ALL {
        let name = table.name();
        writeln!(out, "COPY {name} FROM \"{}.parquet\";", name.to_lowercase())?;
    }
    out.flush()
}

fn sql(kind: AttributeType) -> &'static str {
    match kind {
        AttributeType::Text => "STRING",
        AttributeType::Int => "INT64",
        AttributeType::Double => "DOUBLE",
        AttributeType::Boolean => "BOOLEAN",
        AttributeType::Date => "DATE",
    }
}
