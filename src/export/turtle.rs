//! Turtle, TriG, N-Triples and N-Quads (RDF 1.1 and 1.2), written as the graph is walked.
//!
//! Own writers: one block a subject, in the order of [`rdf`], with the prefixes of the project, so
//! that a person can read the file and a diff shows one statement. Literals have the canonical form
//! already; strings are escaped as little as the grammar allows.

use std::io::{self, Write};

use super::Options;
use super::iri::{Iri, Namespace};
use super::rdf::{self, Layout, Resource, Term};
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
    rdf::visit(graph, ontology, options, Layout::Triples, &mut |resource| {
        out.write_all(b"\n")?;
        block(out, resource, "")
    })
}

/// Writes TriG: what a document tells stands in a graph that is named like the document.
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
    let mut open: Option<Iri> = None;
    rdf::visit(graph, ontology, options, Layout::Quads, &mut |resource| {
        if open != resource.graph {
            if open.is_some() {
                out.write_all(b"}\n")?;
            }
            if let Some(name) = &resource.graph {
                out.write_all(b"\n")?;
                iri(out, name)?;
                out.write_all(b" {\n")?;
            }
            open.clone_from(&resource.graph);
        } else {
            out.write_all(b"\n")?;
        }
        block(out, resource, if open.is_some() { "    " } else { "" })
    })?;
    if open.is_some() { out.write_all(b"}\n") } else { Ok(()) }
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
    rdf::visit(graph, ontology, options, Layout::Triples, &mut |resource| lines(out, resource))
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
    rdf::visit(graph, ontology, options, Layout::Quads, &mut |resource| lines(out, resource))
}

fn prefixes(out: &mut dyn Write) -> io::Result<()> {
    for namespace in Namespace::ALL {
        writeln!(out, "@prefix {}: <{}> .", namespace.prefix(), namespace.as_str())?;
    }
    Ok(())
}

fn block(out: &mut dyn Write, resource: &Resource, indent: &str) -> io::Result<()> {
    out.write_all(indent.as_bytes())?;
    iri(out, &resource.iri)?;
    for (nth, (predicate, objects)) in resource.properties.iter().enumerate() {
        out.write_all(if nth == 0 { b"\n" } else { b" ;\n" })?;
        out.write_all(indent.as_bytes())?;
        out.write_all(b"    ")?;
        if (predicate.namespace, &*predicate.local) == (Namespace::Rdf, "type") {
            out.write_all(b"a")?;
        } else {
            iri(out, predicate)?;
        }
        for (nth, object) in objects.iter().enumerate() {
            out.write_all(if nth == 0 { b" " } else { b" , " })?;
            term(out, object)?;
        }
    }
    out.write_all(b" .\n")
}

fn iri(out: &mut dyn Write, iri: &Iri) -> io::Result<()> {
    if iri.is_short() {
        out.write_all(iri.namespace.prefix().as_bytes())?;
        out.write_all(b":")?;
        out.write_all(iri.local.as_bytes())
    } else {
        full(out, iri)
    }
}

fn full(out: &mut dyn Write, iri: &Iri) -> io::Result<()> {
    out.write_all(b"<")?;
    out.write_all(iri.namespace.as_str().as_bytes())?;
    out.write_all(iri.local.as_bytes())?;
    out.write_all(b">")
}

fn term(out: &mut dyn Write, object: &Term) -> io::Result<()> {
    match object {
        Term::Iri(object) => iri(out, object),
        Term::Literal(value, "integer" | "boolean") => out.write_all(value.as_bytes()),
        Term::Literal(value, "decimal") if value.contains('.') => out.write_all(value.as_bytes()),
        Term::Literal(value, datatype) => {
            string(out, value)?;
            if *datatype != "string" {
                write!(out, "^^xsd:{datatype}")?;
            }
            Ok(())
        }
        Term::Triple(triple) => {
            let (subject, predicate, object) = &**triple;
            out.write_all(b"<<( ")?;
            iri(out, subject)?;
            out.write_all(b" ")?;
            iri(out, predicate)?;
            out.write_all(b" ")?;
            term(out, object)?;
            out.write_all(b" )>>")
        }
    }
}

fn lines(out: &mut dyn Write, resource: &Resource) -> io::Result<()> {
    for (predicate, objects) in &resource.properties {
        for object in objects {
            full(out, &resource.iri)?;
            out.write_all(b" ")?;
            full(out, predicate)?;
            out.write_all(b" ")?;
            full_term(out, object)?;
            if let Some(graph) = &resource.graph {
                out.write_all(b" ")?;
                full(out, graph)?;
            }
            out.write_all(b" .\n")?;
        }
    }
    Ok(())
}

fn full_term(out: &mut dyn Write, term: &Term) -> io::Result<()> {
    match term {
        Term::Iri(iri) => full(out, iri),
        Term::Literal(value, datatype) => {
            string(out, value)?;
            if *datatype != "string" {
                write!(out, "^^<{}{datatype}>", Namespace::Xsd.as_str())?;
            }
            Ok(())
        }
        Term::Triple(triple) => {
            let (subject, predicate, object) = &**triple;
            out.write_all(b"<<( ")?;
            full(out, subject)?;
            out.write_all(b" ")?;
            full(out, predicate)?;
            out.write_all(b" ")?;
            full_term(out, object)?;
            out.write_all(b" )>>")
        }
    }
}

/// A quoted string, escaped as canonical N-Triples are.
fn string(out: &mut dyn Write, value: &str) -> io::Result<()> {
    out.write_all(b"\"")?;
    let mut rest = value;
    while let Some(at) = rest.find(['"', '\\', '\n', '\r', '\t']) {
        out.write_all(&rest.as_bytes()[..at])?;
        out.write_all(match rest.as_bytes()[at] {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            _ => b"\\t",
        })?;
        rest = &rest[at + 1..];
    }
    out.write_all(rest.as_bytes())?;
    out.write_all(b"\"")
}
