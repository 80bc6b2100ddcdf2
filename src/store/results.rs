//! Answers of queries, and how they are written.

use std::borrow::Cow;
use std::io::{self, Write};
use std::str::FromStr;

use comfy_table::presets::{UTF8_FULL_CONDENSED, UTF8_HORIZONTAL_ONLY};
use comfy_table::{ContentArrangement, Table};
use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfSerializer};
use oxigraph::model::{Term, Triple, Variable};
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsSerializer};

use crate::error::{Error, Result};
use crate::export::iri::{Iri, Namespace};
use crate::export::text;

/// The answer of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Results {
    /// Of SELECT.
    Rows {
        /// Names of the columns, without `?`.
        variables: Vec<String>,
        /// One value for each variable, if it is bound.
        rows: Vec<Vec<Option<Term>>>,
        /// False if the row limit cut something off.
        complete: bool,
    },
    /// Of ASK.
    Boolean(bool),
    /// Of CONSTRUCT and DESCRIBE.
    Graph {
        /// Sorted, no duplicates.
        triples: Vec<Triple>,
        /// False if the limit cut something off.
        complete: bool,
    },
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultFormat {
    /// For reading on a terminal.
    Table,
    /// SPARQL 1.1 results in CSV.
    Csv,
    /// SPARQL 1.1 results in TSV.
    Tsv,
    /// SPARQL 1.1 results in JSON.
    Json,
    /// SPARQL 1.1 results in XML.
    Xml,
    /// Turtle, for graphs.
    Turtle,
    /// N-Triples, for graphs.
    NTriples,
    /// RDF/XML, for graphs.
    RdfXml,
    /// JSON-LD, for graphs.
    JsonLd,
}

impl ResultFormat {
    /// True for the forms of a graph, false for those of rows and answers.
    pub fn is_graph(self) -> bool {
        matches!(self, Self::Turtle | Self::NTriples | Self::RdfXml | Self::JsonLd)
    }
}

impl FromStr for ResultFormat {
    type Err = Error;

    /// # Errors
    /// [`Error::Usage`] with the names that exist.
    fn from_str(name: &str) -> Result<Self> {
        match name {
            "table" => Ok(Self::Table),
            "csv" => Ok(Self::Csv),
            "tsv" => Ok(Self::Tsv),
            "json" => Ok(Self::Json),
            "xml" => Ok(Self::Xml),
            "ttl" => Ok(Self::Turtle),
            "nt" => Ok(Self::NTriples),
            "rdf" => Ok(Self::RdfXml),
            "jsonld" => Ok(Self::JsonLd),
            _ => {
                let cause = "there are table, csv, tsv, json, xml, ttl, nt, rdf, jsonld";
                Err(Error::Usage(format!("no result format {name:?}; {cause}")))
            }
        }
    }
}

impl Results {
    /// True if nothing was found.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Rows { rows, .. } => rows.is_empty(),
            Self::Boolean(answer) => !answer,
            Self::Graph { triples, .. } => triples.is_empty(),
        }
    }

    /// Number of rows or triples; 1 for a yes or no.
    pub fn len(&self) -> usize {
        match self {
            Self::Rows { rows, .. } => rows.len(),
            Self::Boolean(_) => 1,
            Self::Graph { triples, .. } => triples.len(),
        }
    }

    /// False if a limit cut something off.
    pub fn is_complete(&self) -> bool {
        match self {
            Self::Rows { complete, .. } | Self::Graph { complete, .. } => *complete,
            Self::Boolean(_) => true,
        }
    }

    /// Writes the answer. `width` is that of the terminal in columns, `None` for as wide as needed.
    /// A graph as a table is written as Turtle.
    ///
    /// # Errors
    /// Those of `out`; and `InvalidInput` when the answer has no such form (a graph as CSV, rows as
    /// Turtle).
    pub fn write(
        &self,
        format: ResultFormat,
        width: Option<u16>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match (self, format) {
            (Self::Rows { variables, rows, .. }, ResultFormat::Table) => {
                write_table(variables, rows, width, out)
            }
            (Self::Rows { variables, rows, .. }, format) => {
                write_rows(variables, rows, standard(format)?, out)
            }
            (Self::Boolean(answer), ResultFormat::Table) => {
                writeln!(out, "{}", if *answer { "yes" } else { "no" })
            }
            (Self::Boolean(answer), format) => {
                let serializer = QueryResultsSerializer::from_format(standard(format)?);
                serializer.serialize_boolean_to_writer(&mut *out, *answer)?;
                out.write_all(b"\n")
            }
            (Self::Graph { triples, .. }, format) => {
                let format = match format {
                    ResultFormat::Table | ResultFormat::Turtle => RdfFormat::Turtle,
                    ResultFormat::NTriples => RdfFormat::NTriples,
                    ResultFormat::RdfXml => RdfFormat::RdfXml,
                    ResultFormat::JsonLd => {
                        RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() }
                    }
                    _ => return Err(refuse("a graph is written as ttl, nt, rdf or jsonld")),
                };
                write_graph(triples, format, out)
            }
        }
    }
}

fn refuse(cause: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, cause)
}

fn standard(format: ResultFormat) -> io::Result<QueryResultsFormat> {
    match format {
        ResultFormat::Csv => Ok(QueryResultsFormat::Csv),
        ResultFormat::Tsv => Ok(QueryResultsFormat::Tsv),
        ResultFormat::Json => Ok(QueryResultsFormat::Json),
        ResultFormat::Xml => Ok(QueryResultsFormat::Xml),
        _ => Err(refuse("rows are written as table, csv, tsv, json or xml")),
    }
}

fn write_rows(
    variables: &[String],
    rows: &[Vec<Option<Term>>],
    format: QueryResultsFormat,
    out: &mut dyn Write,
) -> io::Result<()> {
    let variables: Vec<Variable> = variables.iter().map(Variable::new_unchecked).collect();
    let mut writer = QueryResultsSerializer::from_format(format)
        .serialize_solutions_to_writer(&mut *out, variables.clone())?;
    for row in rows {
        let bound = variables.iter().zip(row).filter_map(|(v, term)| Some((v, term.as_ref()?)));
        writer.serialize(bound)?;
    }
    writer.finish()?;
    if format == QueryResultsFormat::Json { out.write_all(b"\n") } else { Ok(()) }
}

fn write_graph(triples: &[Triple], format: RdfFormat, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = RdfSerializer::from_format(format);
    for namespace in Namespace::ALL {
        serializer = serializer
            .with_prefix(namespace.prefix(), namespace.as_str())
            .map_err(io::Error::other)?;
    }
    let mut writer = serializer.for_writer(out);
    for triple in triples {
        writer.serialize_triple(triple)?;
    }
    writer.finish()?.flush()
}

fn write_table(
    variables: &[String],
    rows: &[Vec<Option<Term>>],
    width: Option<u16>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut table = Table::new();
    // Long sentences wrap; lines between the rows keep them apart then.
    table.load_style(if width.is_some() { UTF8_HORIZONTAL_ONLY } else { UTF8_FULL_CONDENSED });
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width.max(20));
    }
    // Columns without any value only take room.
    let is_used = |column: &usize| rows.iter().any(|row| matches!(row.get(*column), Some(Some(_))));
    let columns: Vec<usize> =
        (0..variables.len()).filter(|column| rows.is_empty() || is_used(column)).collect();
    table.set_header(columns.iter().map(|&column| &variables[column]));
    for row in rows {
        let cell = |&column: &usize| row.get(column)?.as_ref().map(show);
        table.add_row(columns.iter().map(|column| cell(column).unwrap_or_default()));
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A term for reading: the value of a literal, an IRI with its prefix, nothing that a terminal would
/// act upon.
pub fn show(term: &Term) -> String {
    let text = short(term);
    let mut text = text::name(&text).into_owned();
    if text.chars().nth(LONGEST).is_some() {
        text = text.chars().take(LONGEST).chain(['…']).collect();
    }
    text
}

/// An IRI with its prefix, if it has one, the value of a literal.
pub(super) fn short(term: &Term) -> Cow<'_, str> {
    match term {
        Term::NamedNode(node) => match Iri::parse(node.as_str()) {
            Some(iri) if iri.namespace != Namespace::Foreign => {
                format!("{}:{}", iri.namespace.prefix(), iri.local).into()
            }
            _ => node.as_str().into(),
        },
        Term::Literal(literal) => literal.value().into(),
        other => other.to_string().into(),
    }
}

/// Most characters of a cell of a table for people.
const LONGEST: usize = 1_000;
