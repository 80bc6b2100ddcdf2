//! Turtle, TriG, N-Triples and N-Quads (RDF 1.1 and 1.2), written as the graph is walked.
//!
//! Own writers: one block a subject, in the order of [`rdf`], with the prefixes of the project, so
//! that a person can read the file and a diff shows one statement. Literals have the canonical form
//! already; strings are escaped as little as the grammar allows.

use std::io::{self, Write};

use super::Options;
use super::iri::{Iri, Namespace};
use super::rdf::{self, RdfLayout, Resource, Sink, Term};
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;

/// Writes Turtle.
///
/// # Errors
/// Those of `out`.
pub fn write_turtle(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    prefixes(out)?;
    rdf::write::<Turtle>(graph, ontology, options, RdfLayout::Triples, out)
}

/// Writes TriG: the statements of a document stand in a graph that is named like the document.
///
/// # Errors
/// Those of `out`.
pub fn write_trig(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    prefixes(out)?;
    rdf::write::<TriG>(graph, ontology, options, RdfLayout::Quads, out)
}

/// Writes N-Triples.
///
/// # Errors
/// Those of `out`.
pub fn write_ntriples(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    rdf::write::<Lines>(graph, ontology, options, RdfLayout::Triples, out)
}

/// Writes N-Quads, the graphs as in TriG.
///
/// # Errors
/// Those of `out`.
pub fn write_nquads(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    rdf::write::<Lines>(graph, ontology, options, RdfLayout::Quads, out)
}

fn prefixes(out: &mut dyn Write) -> io::Result<()> {
    for namespace in Namespace::ALL {
        writeln!(out, "@prefix {}: <{}> .", namespace.prefix(), namespace.as_str())?;
    }
    Ok(())
}

#[derive(Default)]
struct Turtle;

impl Sink for Turtle {
    fn resource(&mut self, resource: &Resource<'_>, out: &mut Vec<u8>) {
        out.push(b'\n');
        block(out, resource, "");
    }
}

/// Holds the graph that is open.
#[derive(Default)]
struct TriG(Option<String>);

impl Sink for TriG {
    fn resource(&mut self, resource: &Resource<'_>, out: &mut Vec<u8>) {
        let name = resource.graph.as_ref();
        if self.0.as_deref() != name.map(|name| &*name.local) {
            self.end(out);
            if let Some(name) = name {
                out.push(b'\n');
                iri(out, name);
                out.extend(b" {\n");
                self.0 = Some(name.local.to_string());
            }
        } else {
            out.push(b'\n');
        }
        block(out, resource, if self.0.is_some() { "    " } else { "" });
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        if self.0.take().is_some() {
            out.extend(b"}\n");
        }
    }
}

/// N-Triples and N-Quads.
#[derive(Default)]
struct Lines;

impl Sink for Lines {
    fn resource(&mut self, resource: &Resource<'_>, out: &mut Vec<u8>) {
        for (predicate, object) in &resource.properties {
            full(out, &resource.iri);
            out.push(b' ');
            full(out, predicate);
            out.push(b' ');
            full_term(out, object);
            if let Some(graph) = &resource.graph {
                out.push(b' ');
                full(out, graph);
            }
            out.extend(b" .\n");
        }
    }
}

fn block(out: &mut Vec<u8>, resource: &Resource<'_>, indent: &str) {
    out.extend(indent.as_bytes());
    iri(out, &resource.iri);
    let mut last: Option<&Iri<'_>> = None;
    for (predicate, object) in &resource.properties {
        if last == Some(predicate) {
            out.extend(b" , ");
        } else {
            out.extend(if last.is_none() { &b"\n"[..] } else { b" ;\n" });
            out.extend(indent.as_bytes());
            out.extend(b"    ");
            if (predicate.namespace, &*predicate.local) == (Namespace::Rdf, "type") {
                out.push(b'a');
            } else {
                iri(out, predicate);
            }
            out.push(b' ');
            last = Some(predicate);
        }
        term(out, object);
    }
    out.extend(b" .\n");
}

fn iri(out: &mut Vec<u8>, iri: &Iri<'_>) {
    if iri.is_short() {
        out.extend(iri.namespace.prefix().as_bytes());
        out.push(b':');
        out.extend(iri.local.as_bytes());
    } else {
        full(out, iri);
    }
}

fn full(out: &mut Vec<u8>, iri: &Iri<'_>) {
    out.push(b'<');
    out.extend(iri.namespace.as_str().as_bytes());
    out.extend(iri.local.as_bytes());
    out.push(b'>');
}

fn term(out: &mut Vec<u8>, object: &Term<'_>) {
    match object {
        Term::Iri(object) => iri(out, object),
        Term::Literal(value, "integer" | "boolean") => out.extend(value.as_bytes()),
        Term::Literal(value, "decimal") if value.contains('.') => out.extend(value.as_bytes()),
        Term::Literal(value, datatype) => {
            string(out, value);
            if *datatype != "string" {
                out.extend(b"^^xsd:");
                out.extend(datatype.as_bytes());
            }
        }
        Term::Triple(triple) => reified(out, triple, iri, term),
    }
}

fn full_term(out: &mut Vec<u8>, object: &Term<'_>) {
    match object {
        Term::Iri(iri) => full(out, iri),
        Term::Literal(value, datatype) => {
            string(out, value);
            if *datatype != "string" {
                out.extend(b"^^<");
                out.extend(Namespace::Xsd.as_str().as_bytes());
                out.extend(datatype.as_bytes());
                out.push(b'>');
            }
        }
        Term::Triple(triple) => reified(out, triple, full, full_term),
    }
}

fn reified(
    out: &mut Vec<u8>,
    (subject, predicate, object): &(Iri<'_>, Iri<'_>, Term<'_>),
    iri: fn(&mut Vec<u8>, &Iri<'_>),
    term: fn(&mut Vec<u8>, &Term<'_>),
) {
    out.extend(b"<<( ");
    iri(out, subject);
    out.push(b' ');
    iri(out, predicate);
    out.push(b' ');
    term(out, object);
    out.extend(b" )>>");
}

/// A quoted string, escaped as canonical N-Triples are.
fn string(out: &mut Vec<u8>, value: &str) {
    let is_special = |byte: u8| matches!(byte, b'"' | b'\\' | b'\n' | b'\r' | b'\t');
    out.push(b'"');
    // No early end, so that many bytes are looked at in one step.
    if value.bytes().fold(false, |special, byte| special | is_special(byte)) {
        for byte in value.bytes() {
            match byte {
                b'"' | b'\\' => out.extend([b'\\', byte]),
                b'\n' => out.extend(b"\\n"),
                b'\r' => out.extend(b"\\r"),
                b'\t' => out.extend(b"\\t"),
                _ => out.push(byte),
            }
        }
    } else {
        out.extend(value.as_bytes());
    }
    out.push(b'"');
}
