//! Neo4j: CSV for `neo4j-admin database import`, and one Cypher file for a running database.
//!
//! The tables are those of [`super::property_graph`]. Things have their class and all classes above it
//! as labels. A fact's type is its relation (`VISITED`) where the ontology has it, else `RELATES_TO`
//! with the relation as a property.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Options;
use super::edges::{AttributeType, Column};
use super::property_graph::{PropertyGraph, Row, Table};
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;

/// Rows that one Cypher command takes.
const BATCH: usize = 500;

/// Roles of statements, all in one file.
const ROLES: [Table; 6] =
    [Table::Subject, Table::Object, Table::SaidBy, Table::Place, Table::StatedIn, Table::MemberOf];

/// Writes `entities.csv`.
///
/// # Errors
/// Those of `out`.
pub fn write_entities(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    nodes(&PropertyGraph::new(graph, ontology, options), Table::Entity, out)
}

/// Writes `documents.csv`.
///
/// # Errors
/// Those of `out`.
pub fn write_documents(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    nodes(&PropertyGraph::new(graph, ontology, options), Table::Document, out)
}

/// Writes `statements.csv`.
///
/// # Errors
/// Those of `out`.
pub fn write_statements(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    nodes(&PropertyGraph::new(graph, ontology, options), Table::Statement, out)
}

/// Writes `roles.csv`: from statements to things and articles, and from members to groups. The ids
/// of the three kinds of nodes are distinct.
///
/// # Errors
/// Those of `out`.
pub fn write_roles(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let tables = PropertyGraph::new(graph, ontology, options);
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([":START_ID", ":END_ID", ":TYPE"])?;
    for table in ROLES {
        tables.rows(table, &mut |row| {
            let ends = ends(table, &row);
            Ok(csv.write_record([&*ends.0, &*ends.1, table.name()])?)
        })?;
    }
    csv.flush()
}

/// Writes `facts.csv`.
///
/// # Errors
/// Those of `out`.
pub fn write_facts(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let tables = PropertyGraph::new(graph, ontology, options);
    let mut csv = csv::Writer::from_writer(out);
    let columns = &Table::Fact.columns()[2..];
    let own = [":START_ID", ":END_ID"].map(str::to_owned);
    let header = own.into_iter().chain(columns.iter().map(header));
    csv.write_record(header.chain([":TYPE".to_owned()]))?;
    tables.rows(Table::Fact, &mut |row| {
        let ends = ends(Table::Fact, &row);
        let values = row[2..].iter().map(|cell| cell.as_deref().unwrap_or_default());
        let kind = relationship_type(row[2].as_deref().unwrap_or_default());
        let cells = [&*ends.0, &*ends.1].into_iter().chain(values).chain([&*kind]);
        Ok(csv.write_record(cells)?)
    })?;
    csv.flush()
}

fn nodes(tables: &PropertyGraph<'_>, table: Table, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let columns = table.columns();
    let key = ["key:ID".to_owned()].into_iter().chain(columns.iter().map(header));
    csv.write_record(key.chain([":LABEL".to_owned()]))?;
    tables.rows(table, &mut |row| {
        let cells = row.iter().map(|cell| cell.as_deref().unwrap_or_default());
        let id = key_of(table, row[0].as_deref().unwrap_or_default());
        let labels = labels(table, &row).join(";");
        Ok(csv.write_record([&*id].into_iter().chain(cells).chain([&*labels]))?)
    })?;
    csv.flush()
}

/// The name and type of a column. Lists are joined by semicolons there.
fn header((name, kind): &Column) -> String {
    match kind {
        AttributeType::Text => (*name).to_owned(),
        AttributeType::Int => format!("{name}:long"),
        AttributeType::Double => format!("{name}:double"),
        AttributeType::Boolean => format!("{name}:boolean"),
        AttributeType::Date => format!("{name}:date"),
    }
}

/// An id that is unique over all nodes: a thing may be called as an article's digest.
fn key_of(table: Table, id: &str) -> String {
    match table {
        Table::Entity => format!("e:{id}"),
        Table::Document => format!("d:{id}"),
        _ => id.to_owned(),
    }
}

fn ends(table: Table, row: &Row<'_>) -> (String, String) {
    let (from, to) = table.ends().unwrap_or((table, table));
    let end =
        |table, cell: &Option<Cow<'_, str>>| key_of(table, cell.as_deref().unwrap_or_default());
    (end(from, &row[0]), end(to, &row[1]))
}

/// A thing has its classes, from the narrowest up.
fn labels<'r>(table: Table, row: &'r Row<'_>) -> Vec<&'r str> {
    let mut labels = vec![table.name()];
    if table == Table::Entity {
        labels.extend(row[3].as_deref().unwrap_or_default().split('|'));
    }
    labels
}

/// "ng:heldTalksWith" is `HELD_TALKS_WITH`; what only the texts call so is `RELATES_TO`.
fn relationship_type(relation: &str) -> String {
    let Some(name) = relation.strip_prefix("ng:") else { return "RELATES_TO".to_owned() };
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push('_');
        }
        words.extend(if c.is_ascii_alphanumeric() { c } else { '_' }.to_uppercase());
    }
    words
}

/// Writes `graph.cypher`. It may be run again: what is there is not made twice.
///
/// # Errors
/// Those of `out`.
pub fn write_cypher(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let tables = PropertyGraph::new(graph, ontology, options);
    writeln!(out, "// newsgraph {}", env!("CARGO_PKG_VERSION"))?;
    for table in [Table::Entity, Table::Document, Table::Statement] {
        let (name, lower) = (table.name(), table.name().to_lowercase());
        writeln!(
            out,
            "CREATE CONSTRAINT {lower}_id IF NOT EXISTS FOR (n:{name}) REQUIRE n.id IS UNIQUE;"
        )?;
    }
    for table in Table::ALL {
        // Commands cannot take labels and types from rows: rows of one kind are held until they
        // fill a command.
        let mut held: BTreeMap<String, Vec<String>> = BTreeMap::new();
        tables.rows(table, &mut |row| {
            let kind = match table {
                Table::Fact => relationship_type(row[2].as_deref().unwrap_or_default()),
                _ if table.ends().is_none() => labels(table, &row).join(":"),
                _ => table.name().to_owned(),
            };
            let rows = held.entry(kind.clone()).or_default();
            rows.push(literal(table.columns(), &row));
            if rows.len() == BATCH {
                command(table, &kind, &std::mem::take(rows), out)?;
            }
            Ok(())
        })?;
        for (kind, rows) in held.iter().filter(|(_, rows)| !rows.is_empty()) {
            command(table, kind, rows, out)?;
        }
    }
    out.flush()
}

fn command(table: Table, kind: &str, rows: &[String], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "UNWIND [\n{}\n] AS row", rows.join(",\n"))?;
    let Some((from, to)) = table.ends() else {
        let name = table.name();
        return writeln!(out, "MERGE (n:{name} {{id: row.id}}) SET n:{kind}, n += row;");
    };
    let (from, to) = (from.name(), to.name());
    writeln!(out, "MATCH (a:{from} {{id: row.source}}), (b:{to} {{id: row.target}})")?;
    if table != Table::Fact {
        return writeln!(out, "MERGE (a)-[:{kind}]->(b);");
    }
    let names = table.columns()[2..].iter().map(|(name, _)| *name);
    let set: Vec<String> = names.map(|name| format!("r.{name} = row.{name}")).collect();
    writeln!(out, "MERGE (a)-[r:{kind} {{statement: row.statement}}]->(b) SET {};", set.join(", "))
}

/// A row as a map of Cypher; what is missing is left out.
fn literal(columns: &[Column], row: &Row<'_>) -> String {
    let members = columns.iter().zip(row).filter_map(|((name, kind), cell)| {
        let cell = cell.as_deref()?;
        Some(match kind {
            AttributeType::Text => format!("{name}: '{}'", escape(cell)),
            AttributeType::Date => format!("{name}: date('{}')", escape(cell)),
            _ => format!("{name}: {cell}"),
        })
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
}

/// Inside of a string of Cypher. A backslash begins an escape, also `\u` in some versions.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::graph::fixture;

    fn table(writer: super::super::Writer) -> Vec<csv::StringRecord> {
        let mut out = Vec::new();
        writer(&fixture::graph(), &fixture::ontology(), &Options::default(), &mut out).unwrap();
        csv::Reader::from_reader(&out[..]).records().map(Result::unwrap).collect()
    }

    #[test]
    fn relations_lead_from_node_to_node_and_hearsay_is_no_fact() {
        let nodes = [table(write_entities), table(write_documents), table(write_statements)];
        let ids: BTreeSet<String> = nodes.iter().flatten().map(|row| row[0].to_owned()).collect();
        assert_eq!(ids.len(), nodes.iter().map(Vec::len).sum::<usize>(), "an id twice");
        let (roles, facts) = (table(write_roles), table(write_facts));
        for row in roles.iter().chain(&facts) {
            assert!(ids.contains(&row[0]) && ids.contains(&row[1]), "{row:?}");
        }
        let types: BTreeSet<&str> = facts.iter().map(|row| &row[row.len() - 1]).collect();
        assert!(types.contains("VISITED") && types.contains("RELATES_TO"), "{types:?}");
        assert!(!types.contains("ATTACKED") && !types.contains("HELD_TALKS_WITH"), "{types:?}");
    }

    #[test]
    fn strings_of_cypher_end_where_they_should() {
        let mut out = Vec::new();
        let (graph, ontology) = (fixture::graph(), fixture::ontology());
        write_cypher(&graph, &ontology, &Options::default(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(r#"name: 'Zed "Quote" <b>&amp;x ]]> \\ end'"#), "{text}");
        assert!(text.contains("MERGE (n:Entity {id: row.id}) SET n:Entity:Person"), "{text}");
    }
}
