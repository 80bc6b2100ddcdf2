//! What exists: the classes and properties of `ontology/newsgraph.ttl`.
//!
//! Comes in as Turtle (RDFS and a little OWL: label, comment, subclass, subproperty, domain, range,
//! inverse, symmetric), goes out as two tables with ids. A domain or range that is repeated is a
//! choice, not an intersection: "a person or an organization". Left out: everything that needs a
//! reasoner.

use std::collections::BTreeMap;

use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{NamedOrBlankNode, Term};
use rustc_hash::FxHashMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Namespace of classes and properties, prefix `ng:`.
pub const NAMESPACE: &str = "https://w3id.org/newsgraph/ns#";

/// A class of the ontology.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(pub u16);

/// A property of the ontology.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PropertyId(pub u16);

/// A kind of thing.
#[derive(Clone, Debug, Default)]
pub struct Class {
    /// Local name in [`NAMESPACE`]: `Person`.
    pub name: String,
    /// English label.
    pub label: String,
    /// Direct superclasses in this ontology.
    pub parents: Vec<ClassId>,
    /// Superclasses and equivalents elsewhere (schema.org), as IRIs.
    pub external: Vec<String>,
}

/// A relation between things.
#[derive(Clone, Debug, Default)]
pub struct Property {
    /// Local name in [`NAMESPACE`]: `visited`.
    pub name: String,
    /// Base-form phrase: "visit".
    pub label: String,
    /// Direct superproperties in this ontology.
    pub parents: Vec<PropertyId>,
    /// Classes of the subject, any of them; empty: any thing.
    pub domain: Vec<ClassId>,
    /// Classes of the object, any of them; empty: any thing or literal.
    pub range: Vec<ClassId>,
    /// The property that tells the same from the other side.
    pub inverse: Option<PropertyId>,
    /// True if it holds both ways.
    pub symmetric: bool,
    /// Code in the event scheme CAMEO: "042".
    pub cameo: Option<String>,
    /// Event type of the scheme PLOVER: "CONSULT".
    pub plover: Option<String>,
}

/// The classes and properties that statements use.
#[derive(Clone, Debug)]
pub struct Ontology {
    classes: Vec<Class>,
    properties: Vec<Property>,
    class_ids: FxHashMap<String, ClassId>,
    property_ids: FxHashMap<String, PropertyId>,
}

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";
const OWL: &str = "http://www.w3.org/2002/07/owl#";

impl Ontology {
    /// Reads an ontology from Turtle.
    ///
    /// Classes are the `owl:Class` and `rdfs:Class` resources in [`NAMESPACE`], properties the
    /// `owl:ObjectProperty`, `owl:DatatypeProperty` and `rdf:Property` ones. `file` is named in
    /// errors.
    ///
    /// # Errors
    /// [`Error::Ontology`] when the Turtle is broken, when a class or property in [`NAMESPACE`] is
    /// used but not defined, or lacks a label.
    pub fn read(file: &str, turtle: &str) -> Result<Self> {
        let fail = |cause: String| Error::Ontology { file: file.to_owned(), cause };
        // Sorted by subject and predicate, so that ids do not depend on the order of the file.
        let mut triples: BTreeMap<(String, String), Vec<Term>> = BTreeMap::new();
        for quad in RdfParser::from_format(RdfFormat::Turtle).for_slice(turtle.as_bytes()) {
            let quad = quad.map_err(|error| fail(error.to_string()))?;
            if let NamedOrBlankNode::NamedNode(subject) = quad.subject {
                let key = (subject.into_string(), quad.predicate.into_string());
                triples.entry(key).or_default().push(quad.object);
            }
        }
        let is_a = |subject: &str, kinds: &[String]| {
            triples.get(&(subject.to_owned(), format!("{RDF}type"))).is_some_and(|types| {
                types.iter().any(
                    |t| matches!(t, Term::NamedNode(n) if kinds.iter().any(|k| k == n.as_str())),
                )
            })
        };
        let class_kinds = [format!("{OWL}Class"), format!("{RDFS}Class")];
        let property_kinds = [
            format!("{OWL}ObjectProperty"),
            format!("{OWL}DatatypeProperty"),
            format!("{RDF}Property"),
        ];
        let mut subjects: Vec<&str> = triples.keys().map(|(subject, _)| subject.as_str()).collect();
        subjects.dedup();
        let named = |kinds: &[String]| -> Vec<String> {
            let local = |subject: &&str| subject.strip_prefix(NAMESPACE).map(str::to_owned);
            subjects.iter().filter(|s| is_a(s, kinds)).filter_map(local).collect()
        };
        let (class_names, property_names) = (named(&class_kinds), named(&property_kinds));
        let class_ids: FxHashMap<String, ClassId> =
            class_names.iter().cloned().zip((0..).map(ClassId)).collect();
        let property_ids: FxHashMap<String, PropertyId> =
            property_names.iter().cloned().zip((0..).map(PropertyId)).collect();
        let objects = |name: &str, predicate: String| -> &[Term] {
            triples.get(&(format!("{NAMESPACE}{name}"), predicate)).map_or(&[], Vec::as_slice)
        };
        let literal = |name: &str, predicate: String| {
            objects(name, predicate).iter().find_map(|term| match term {
                Term::Literal(literal) => Some(literal.value().to_owned()),
                _ => None,
            })
        };
        let label = |name: &str| -> Result<String> {
            literal(name, format!("{RDFS}label"))
                .ok_or_else(|| fail(format!("ng:{name} has no rdfs:label")))
        };
        let iris = |name: &str, predicate: String| -> Vec<String> {
            let iri = |term: &Term| match term {
                Term::NamedNode(node) => Some(node.as_str().to_owned()),
                _ => None,
            };
            objects(name, predicate).iter().filter_map(iri).collect()
        };
        let to_classes = |name: &str, predicate: String| -> Result<Vec<ClassId>> {
            let mut ids = Vec::new();
            for iri in iris(name, predicate) {
                if let Some(local) = iri.strip_prefix(NAMESPACE) {
                    let unknown = || fail(format!("ng:{name} names ng:{local}, which is no class"));
                    ids.push(*class_ids.get(local).ok_or_else(unknown)?);
                }
            }
            Ok(ids)
        };
        let to_properties = |name: &str, predicate: String| -> Result<Vec<PropertyId>> {
            let mut ids = Vec::new();
            for iri in iris(name, predicate) {
                if let Some(local) = iri.strip_prefix(NAMESPACE) {
                    let unknown =
                        || fail(format!("ng:{name} names ng:{local}, which is no property"));
                    ids.push(*property_ids.get(local).ok_or_else(unknown)?);
                }
            }
            Ok(ids)
        };
        let mut classes = Vec::new();
        for name in class_names {
            let mut external = iris(&name, format!("{RDFS}subClassOf"));
            external.extend(iris(&name, format!("{OWL}equivalentClass")));
            external.retain(|iri| !iri.starts_with(NAMESPACE));
            classes.push(Class {
                label: label(&name)?,
                parents: to_classes(&name, format!("{RDFS}subClassOf"))?,
                external,
                name,
            });
        }
        let symmetric = [format!("{OWL}SymmetricProperty")];
        let mut properties = Vec::new();
        for name in property_names {
            properties.push(Property {
                label: label(&name)?,
                parents: to_properties(&name, format!("{RDFS}subPropertyOf"))?,
                domain: to_classes(&name, format!("{RDFS}domain"))?,
                range: to_classes(&name, format!("{RDFS}range"))?,
                inverse: to_properties(&name, format!("{OWL}inverseOf"))?.first().copied(),
                symmetric: is_a(&format!("{NAMESPACE}{name}"), &symmetric),
                cameo: literal(&name, format!("{NAMESPACE}cameo")),
                plover: literal(&name, format!("{NAMESPACE}plover")),
                name,
            });
        }
        // An inverse is told on one side only; the other side learns it here.
        for index in 0..properties.len() {
            if let Some(inverse) = properties[index].inverse {
                let other = &mut properties[inverse.0 as usize];
                other.inverse.get_or_insert(PropertyId(index as u16));
            }
        }
        Ok(Self { classes, properties, class_ids, property_ids })
    }

    /// All classes, in the order of their ids.
    pub fn classes(&self) -> &[Class] {
        &self.classes
    }

    /// All properties, in the order of their ids.
    pub fn properties(&self) -> &[Property] {
        &self.properties
    }

    /// Looks a class up by local name.
    pub fn class(&self, name: &str) -> Option<ClassId> {
        self.class_ids.get(name).copied()
    }

    /// Looks a property up by local name.
    pub fn property(&self, name: &str) -> Option<PropertyId> {
        self.property_ids.get(name).copied()
    }

    /// True if `class` is `ancestor` or below it.
    pub fn is_subclass(&self, class: ClassId, ancestor: ClassId) -> bool {
        class == ancestor
            || self[class].parents.iter().any(|&parent| self.is_subclass(parent, ancestor))
    }
}

impl std::ops::Index<ClassId> for Ontology {
    type Output = Class;

    fn index(&self, id: ClassId) -> &Class {
        &self.classes[id.0 as usize]
    }
}

impl std::ops::Index<PropertyId> for Ontology {
    type Output = Property;

    fn index(&self, id: PropertyId) -> &Property {
        &self.properties[id.0 as usize]
    }
}
