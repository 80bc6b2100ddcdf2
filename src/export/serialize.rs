//! The forms of RDF that oxigraph writes for us: RDF/XML and JSON-LD; and triples for its store.

use std::io::{self, Write};

use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::model::{GraphName, Literal, NamedNode, Quad, Term as OxTerm, Triple};

use super::Options;
use super::iri::{Iri, Namespace};
use super::rdf::{self, RdfLayout, Resource, Term};
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;

/// Writes RDF/XML.
pub(super) fn write_rdf_xml(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    write(graph, ontology, options, RdfFormat::RdfXml, out)
}

/// Writes JSON-LD, expanded, one object a subject.
pub(super) fn write_json_ld(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let format = RdfFormat::JsonLd { profile: oxigraph::io::JsonLdProfileSet::empty() };
    write(graph, ontology, options, format, out)
}

fn write(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    format: RdfFormat,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut serializer = RdfSerializer::from_format(format);
    for namespace in Namespace::ALL {
        serializer = serializer
            .with_prefix(namespace.prefix(), namespace.as_str())
            .map_err(io::Error::other)?;
    }
    let mut writer = serializer.for_writer(out);
    rdf::visit(graph, ontology, options, RdfLayout::Triples, &mut |resource| {
        quads(resource).try_for_each(|quad| writer.serialize_quad(&quad))
    })?;
    writer.finish()?.write_all(b"\n")
}

/// The triples of a resource, for oxigraph.
pub(crate) fn quads(resource: &Resource<'_>) -> impl Iterator<Item = Quad> {
    let subject = node(&resource.iri);
    let graph = resource.graph.as_ref().map_or(GraphName::DefaultGraph, |g| node(g).into());
    resource.properties.iter().map(move |(predicate, object)| {
        Quad::new(subject.clone(), node(predicate), term(object), graph.clone())
    })
}

fn node(iri: &Iri<'_>) -> NamedNode {
    NamedNode::new_unchecked(iri.to_string())
}

fn term(object: &Term<'_>) -> OxTerm {
    match object {
        Term::Iri(iri) => node(iri).into(),
        Term::Literal(value, "string") => Literal::new_simple_literal(&**value).into(),
        Term::Literal(value, datatype) => {
            let datatype = node(&Iri::term(Namespace::Xsd, datatype));
            Literal::new_typed_literal(&**value, datatype).into()
        }
        Term::Triple(triple) => {
            let (subject, predicate, object) = &**triple;
            Triple::new(node(subject), node(predicate), term(object)).into()
        }
    }
}
