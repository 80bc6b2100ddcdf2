//! Node and edge tables as Parquet, for DuckDB, pandas, Polars and Spark.
//!
//! The columns of the CSV files by the same names, with types: numbers, and days as days. Text is not guarded: nothing runs what stands in a
//! Parquet file. A file is written in groups of rows, so that memory does not grow with the graph.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type,
};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::types::{Type, TypePtr};

use super::edges::{AttributeType, Column, GraphTable};
use super::{Options, tables};
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;

/// Rows that are held at once.
const GROUP: usize = 1 << 16;

/// Writes `nodes.parquet`.
///
/// # Errors
/// Those of `out`.
pub fn write_nodes(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let table = GraphTable::new(graph, ontology, options);
    let rows = table.nodes().map(|node| row([node.id], node.values));
    write(&["Id"], table.node_columns(), rows, out)
}

/// Writes `edges.parquet`.
///
/// # Errors
/// Those of `out`.
pub fn write_edges(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let table = GraphTable::new(graph, ontology, options);
    let rows = table.edges().map(|edge| {
        row([edge.id.into(), edge.source, edge.target, edge.relation.into()], edge.values)
    });
    let own = ["Id", "Source", "Target", "Kind"];
    write(&own, table.edge_columns(), rows, out)
}

type Row<'g> = Vec<Option<Cow<'g, str>>>;

fn row<'g, const N: usize>(own: [Cow<'g, str>; N], values: Row<'g>) -> Row<'g> {
    own.into_iter().map(Some).chain(values).collect()
}

fn write<'g>(
    own: &[&'static str],
    columns: &[Column],
    rows: impl Iterator<Item = Row<'g>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let own = own.iter().map(|&name| (name, AttributeType::Text));
    let mut table = Table::new(own.chain(columns.iter().copied()).collect(), out)?;
    for row in rows {
        table.push(row)?;
    }
    table.finish()
}

/// A table that is written row by row.
pub(super) struct Table<'o, 'g> {
    columns: Vec<Column>,
    writer: SerializedFileWriter<Vec<u8>>,
    held: Vec<Row<'g>>,
    out: &'o mut dyn Write,
}

impl<'o, 'g> Table<'o, 'g> {
    pub(super) fn new(columns: Vec<Column>, out: &'o mut dyn Write) -> io::Result<Self> {
        let fields = columns.iter().map(|&column| field(column)).collect::<Result<_, _>>();
        let schema = Type::group_type_builder("newsgraph").with_fields(fields?).build()?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
        let properties = Arc::new(properties.build());
        let writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), properties)?;
        Ok(Self { columns, writer, held: Vec::new(), out })
    }

    /// Adds a row, whose values are in the order of the columns.
    pub(super) fn push(&mut self, row: Row<'g>) -> io::Result<()> {
        self.held.push(row);
        if self.held.len() < GROUP {
            return Ok(());
        }
        self.write_group()
    }

    fn write_group(&mut self) -> io::Result<()> {
        let mut group = self.writer.next_row_group()?;
        for (at, (_, kind)) in self.columns.iter().enumerate() {
            let cells = self.held.iter().map(|row| row.get(at).and_then(|cell| cell.as_deref()));
            match kind {
                AttributeType::Text => {
                    put::<ByteArrayType>(&mut group, cells, |text| Some(ByteArray::from(text)))
                }
                AttributeType::Int => put::<Int64Type>(&mut group, cells, |text| text.parse().ok()),
                AttributeType::Double => {
                    put::<DoubleType>(&mut group, cells, |text| text.parse().ok())
                }
                AttributeType::Boolean => {
                    put::<BoolType>(&mut group, cells, |text| text.parse().ok())
                }
                AttributeType::Date => put::<Int32Type>(&mut group, cells, days_since_1970),
            }?;
        }
        group.close()?;
        self.held.clear();
        // What is complete goes out; the writer keeps count of it by itself.
        self.out.write_all(&std::mem::take(self.writer.inner_mut()))
    }

    /// Writes what is held and the end of the file.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if !self.held.is_empty() {
            self.write_group()?;
        }
        self.out.write_all(&self.writer.into_inner()?)?;
        self.out.flush()
    }
}

fn days_since_1970(text: &str) -> Option<i32> {
    tables::days_since_1970(text.parse().ok()?)
}

fn field((name, kind): Column) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match kind {
        AttributeType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        AttributeType::Int => (Physical::INT64, None),
        AttributeType::Double => (Physical::DOUBLE, None),
        AttributeType::Boolean => (Physical::BOOLEAN, None),
        AttributeType::Date => (Physical::INT32, Some(LogicalType::Date)),
    };
    let field = Type::primitive_type_builder(name, physical).with_logical_type(logical);
    Ok(Arc::new(field.with_repetition(Repetition::OPTIONAL).build()?))
}

/// Writes the next column of a group; what is missing or no such value is null.
fn put<'c, T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    cells: impl Iterator<Item = Option<&'c str>>,
    read: impl Fn(&str) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for cell in cells {
        let value = cell.and_then(&read);
        levels.push(i16::from(value.is_some()));
        values.extend(value);
    }
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    column.typed::<T>().write_batch(&values, Some(&levels), None)?;
    column.close()
}

#[cfg(test)]
mod tests {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::Field;

    use super::*;
    use crate::graph::fixture;

    #[test]
    fn tables_are_read_back_with_types_and_gaps() {
        let graph = fixture::graph();
        let read = |nodes: bool| {
            let mut out = Vec::new();
            let (ontology, options) = (fixture::ontology(), Options::default());
            let write = if nodes { write_nodes } else { write_edges };
            write(&graph, &ontology, &options, &mut out).unwrap();
            let reader = SerializedFileReader::new(bytes::Bytes::from(out)).unwrap();
            reader.get_row_iter(None).unwrap().map(Result::unwrap).collect::<Vec<_>>()
        };
        let column = |row: &::parquet::record::Row, name: &str| {
            row.get_column_iter().find(|(column, _)| *column == name).unwrap().1.clone()
        };
        let nodes = read(true);
        assert_eq!(nodes.len(), graph.graph.node_count());
        assert_eq!(column(&nodes[0], "Id"), Field::Str("anna-berg".into()));
        assert!(matches!(column(&nodes[0], "size"), Field::Double(size) if size > 10.0));
        assert_eq!(column(&nodes[0], "wikidata"), Field::Null);
        let edges = read(false);
        assert_eq!(edges.len(), 9);
        for edge in edges {
            assert!(matches!(column(&edge, "symmetric"), Field::Bool(_)));
            assert!(matches!(column(&edge, "char_end"), Field::Long(end) if end > 0));
            assert!(matches!(column(&edge, "Source"), Field::Str(_)));
        }
    }
}
