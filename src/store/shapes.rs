//! Does a graph keep to the published contract? Checks a stored graph against SHACL shapes.
//!
//! Understands the part of SHACL (W3C Recommendation, 2017) that `ontology/shapes.ttl` uses: targets
//! by class, subject and object; property shapes whose path is a property; counts, node kind,
//! datatype, class, range, length, pattern, lists of values, and comparison with another property.
//! Anything else in a shape is an error, not ignored. Each fault is one result, as any SHACL engine
//! counts them.

use std::collections::BTreeSet;

use oxigraph::model::{Literal, NamedNode, NamedOrBlankNode, Term};
use regex::Regex;

use super::{Store, results};
use crate::error::{Error, Result};

const SHACL: &str = "http://www.w3.org/ns/shacl#";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";
const XSD: &str = "http://www.w3.org/2001/XMLSchema#";

/// A place where a graph breaks its contract.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The thing that is described wrongly.
    pub focus: String,
    /// The property, empty if the thing itself is wrong.
    pub path: String,
    /// The local name of the constraint in SHACL: `minCount`.
    pub constraint: String,
    /// What was found, what was expected.
    pub cause: String,
}

/// Shapes, ready to check with.
pub struct Shapes {
    shapes: Vec<Shape>,
}

struct Shape {
    classes: Vec<NamedNode>,
    subjects_of: Vec<NamedNode>,
    objects_of: Vec<NamedNode>,
    constraints: Vec<Constraint>,
    properties: Vec<(NamedNode, Vec<Constraint>)>,
}

enum Constraint {
    MinCount(usize),
    MaxCount(usize),
    Kind(String),
    Datatype(NamedNode),
    Class(NamedNode),
    MinInclusive(f64),
    MaxInclusive(f64),
    MinLength(usize),
    Pattern(Regex),
    In(Vec<Term>),
    /// The other property, and whether equal values are fine.
    Less(NamedNode, bool),
}

impl Shapes {
    /// Reads shapes from a graph.
    ///
    /// # Errors
    /// [`Error::Usage`] when a shape uses a part of SHACL that is not understood.
    pub fn read(store: &Store) -> Result<Self> {
        let node_shape = Term::from(shacl("NodeShape"));
        let mut nodes: Vec<NamedOrBlankNode> = store
            .triples(None, Some(&rdf("type")), Some(&node_shape))
            .map(|triple| triple.subject)
            .collect();
        nodes.sort_by_cached_key(ToString::to_string);
        let shapes = nodes.iter().map(|node| Shape::read(store, node)).collect::<Result<_>>()?;
        Ok(Self { shapes })
    }

    /// Checks a graph; faults come sorted, no two alike.
    pub fn check(&self, store: &Store) -> Vec<Fault> {
        let mut faults = BTreeSet::new();
        for shape in &self.shapes {
            for focus in shape.targets(store) {
                shape.check(store, &focus, &mut faults);
            }
        }
        faults.into_iter().collect()
    }
}

impl Shape {
    fn read(store: &Store, node: &NamedOrBlankNode) -> Result<Self> {
        let mut shape = Self {
            classes: Vec::new(),
            subjects_of: Vec::new(),
            objects_of: Vec::new(),
            constraints: Vec::new(),
            properties: Vec::new(),
        };
        for (predicate, object) in described(store, node) {
            match (&*predicate, &object) {
                ("targetClass", Term::NamedNode(iri)) => shape.classes.push(iri.clone()),
                ("targetSubjectsOf", Term::NamedNode(iri)) => shape.subjects_of.push(iri.clone()),
                ("targetObjectsOf", Term::NamedNode(iri)) => shape.objects_of.push(iri.clone()),
                ("property", other) => {
                    let Some(node) = subject(other) else { return Err(strange("property")) };
                    shape.properties.push(read_property(store, &node)?);
                }
                (name, value) => shape.constraints.push(Constraint::read(store, name, value)?),
            }
        }
        shape.properties.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str()));
        Ok(shape)
    }

    fn targets(&self, store: &Store) -> Vec<Term> {
        let mut targets: BTreeSet<String> = BTreeSet::new();
        let mut terms = Vec::new();
        let mut add = |term: Term| {
            if targets.insert(term.to_string()) {
                terms.push(term);
            }
        };
        for class in &self.classes {
            for class in below(store, class) {
                let class = Term::from(class);
                let instances = store.triples(None, Some(&rdf("type")), Some(&class));
                instances.for_each(|triple| add(triple.subject.into()));
            }
        }
        for property in &self.subjects_of {
            store.triples(None, Some(property), None).for_each(|t| add(t.subject.into()));
        }
        for property in &self.objects_of {
            store.triples(None, Some(property), None).for_each(|t| add(t.object));
        }
        terms
    }

    fn check(&self, store: &Store, focus: &Term, faults: &mut BTreeSet<Fault>) {
        let mut add = |path: &str, constraint: &Constraint, cause: String| {
            let constraint = constraint.name().to_owned();
            faults.insert(Fault {
                focus: results::show(focus),
                path: path.to_owned(),
                constraint,
                cause,
            });
        };
        for constraint in &self.constraints {
            if let Some(cause) = constraint.wrong(store, focus) {
                add("", constraint, cause);
            }
        }
        for (path, constraints) in &self.properties {
            let values = values(store, focus, path);
            let name = results::show(&Term::from(path.clone()));
            for constraint in constraints {
                match constraint {
                    Constraint::MinCount(n) if values.len() < *n => {
                        add(
                            &name,
                            constraint,
                            format!("{} values, at least {n} expected", values.len()),
                        );
                    }
                    Constraint::MaxCount(n) if values.len() > *n => {
                        let found: Vec<_> = values.iter().map(results::show).collect();
                        let cause = format!("{}: at most {n} expected", found.join(", "));
                        add(&name, constraint, cause);
                    }
                    Constraint::Less(other, equal) => {
                        for value in &values {
                            for bound in self::values(store, focus, other) {
                                if !less(value, &bound, *equal) {
                                    let (value, bound) =
                                        (results::show(value), results::show(&bound));
                                    let cause = format!("{value} does not come before {bound}");
                                    add(&name, constraint, cause);
                                }
                            }
                        }
                    }
                    _ => {
                        for value in &values {
                            if let Some(cause) = constraint.wrong(store, value) {
                                add(&name, constraint, cause);
                            }
                        }
                    }
                }
            }
        }
    }
}

fn read_property(store: &Store, node: &NamedOrBlankNode) -> Result<(NamedNode, Vec<Constraint>)> {
    let mut path = None;
    let mut constraints = Vec::new();
    for (predicate, object) in described(store, node) {
        match (&*predicate, &object) {
            ("path", Term::NamedNode(iri)) => path = Some(iri.clone()),
            ("message", _) => {}
            (name, value) => constraints.push(Constraint::read(store, name, value)?),
        }
    }
    constraints.sort_by_key(Constraint::name);
    Ok((path.ok_or_else(|| strange("path"))?, constraints))
}

impl Constraint {
    fn read(store: &Store, name: &str, value: &Term) -> Result<Self> {
        let text = match value {
            Term::Literal(literal) => literal.value(),
            _ => "",
        };
        let count = || text.parse().map_err(|_| strange(name));
        let number = || text.parse().map_err(|_| strange(name));
        Ok(match (name, value) {
            ("minCount", _) => Self::MinCount(count()?),
            ("maxCount", _) => Self::MaxCount(count()?),
            ("minLength", _) => Self::MinLength(count()?),
            ("minInclusive", _) => Self::MinInclusive(number()?),
            ("maxInclusive", _) => Self::MaxInclusive(number()?),
            ("pattern", _) => Self::Pattern(Regex::new(text).map_err(|_| strange(name))?),
            ("nodeKind", Term::NamedNode(kind)) => {
                Self::Kind(kind.as_str().trim_start_matches(SHACL).to_owned())
            }
            ("datatype", Term::NamedNode(iri)) => Self::Datatype(iri.clone()),
            ("class", Term::NamedNode(iri)) => Self::Class(iri.clone()),
            ("lessThan", Term::NamedNode(iri)) => Self::Less(iri.clone(), false),
            ("lessThanOrEquals", Term::NamedNode(iri)) => Self::Less(iri.clone(), true),
            ("in", list) => Self::In(items(store, list)),
            _ => return Err(strange(name)),
        })
    }

    fn name(&self) -> &'static str {
        match self {
            Self::MinCount(_) => "minCount",
            Self::MaxCount(_) => "maxCount",
            Self::Kind(_) => "nodeKind",
            Self::Datatype(_) => "datatype",
            Self::Class(_) => "class",
            Self::MinInclusive(_) => "minInclusive",
            Self::MaxInclusive(_) => "maxInclusive",
            Self::MinLength(_) => "minLength",
            Self::Pattern(_) => "pattern",
            Self::In(_) => "in",
            Self::Less(_, false) => "lessThan",
            Self::Less(_, true) => "lessThanOrEquals",
        }
    }

    /// What is wrong with one value; `None` if nothing is.
    fn wrong(&self, store: &Store, value: &Term) -> Option<String> {
        let found = results::show(value);
        let (fine, expected) = match self {
            Self::Kind(kind) => {
                let own = match value {
                    Term::NamedNode(_) => "IRI",
                    Term::BlankNode(_) => "BlankNode",
                    Term::Literal(_) => "Literal",
                    Term::Triple(_) => "TripleTerm",
                };
                // Kinds are joined with Or: "IRIOrLiteral".
                (kind.split("Or").any(|kind| kind == own), format!("expected {kind}"))
            }
            Self::Datatype(datatype) => {
                let name = results::show(&Term::from(datatype.clone()));
                let fine = matches!(value, Term::Literal(literal)
                    if literal.datatype() == datatype.as_ref() && is_well_formed(literal));
                (fine, format!("expected {name}"))
            }
            Self::Class(class) => {
                let name = results::show(&Term::from(class.clone()));
                let types = values(store, value, &rdf("type"));
                let classes = below(store, class);
                let fine = types.iter().any(
                    |found| matches!(found, Term::NamedNode(found) if classes.contains(found)),
                );
                (fine, format!("expected a {name}"))
            }
            Self::MinInclusive(n) => {
                (number(value).is_some_and(|v| v >= *n), format!("expected at least {n}"))
            }
            Self::MaxInclusive(n) => {
                (number(value).is_some_and(|v| v <= *n), format!("expected at most {n}"))
            }
            Self::MinLength(n) => {
                let fine = lexical(value).is_some_and(|text| text.chars().count() >= *n);
                (fine, format!("expected at least {n} characters"))
            }
            Self::Pattern(pattern) => {
                let fine = lexical(value).is_some_and(|text| pattern.is_match(text));
                (fine, format!("expected {pattern}"))
            }
            Self::In(terms) => {
                let names: Vec<_> = terms.iter().map(results::show).collect();
                (terms.contains(value), format!("expected one of {}", names.join(", ")))
            }
            Self::MinCount(_) | Self::MaxCount(_) | Self::Less(..) => return None,
        };
        (!fine).then(|| format!("{found:?}: {expected}"))
    }
}

fn shacl(local: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("{SHACL}{local}"))
}

fn rdf(local: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("{RDF}{local}"))
}

fn strange(part: &str) -> Error {
    Error::Usage(format!("shapes: sh:{part} is not understood, or its value is not"))
}

fn subject(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone().into()),
        Term::BlankNode(node) => Some(node.clone().into()),
        Term::Literal(_) | Term::Triple(_) => None,
    }
}

/// What SHACL says of a shape, by local name; what others say is not looked at.
fn described(store: &Store, node: &NamedOrBlankNode) -> Vec<(String, Term)> {
    let own = store.of(node);
    own.filter_map(|triple| {
        let name = triple.predicate.as_str().strip_prefix(SHACL)?.to_owned();
        Some((name, triple.object))
    })
    .collect()
}

/// The values of a property, sorted, no duplicates.
fn values(store: &Store, focus: &Term, path: &NamedNode) -> Vec<Term> {
    let Some(node) = subject(focus) else { return Vec::new() };
    let mut values: Vec<Term> = store
        .of(&node)
        .filter(|triple| triple.predicate == *path)
        .map(|triple| triple.object)
        .collect();
    values.sort_by_cached_key(ToString::to_string);
    values.dedup();
    values
}

/// A class and those below it.
fn below(store: &Store, class: &NamedNode) -> Vec<NamedNode> {
    let subclass = NamedNode::new_unchecked(format!("{RDFS}subClassOf"));
    let mut classes = vec![class.clone()];
    let mut at = 0;
    while at < classes.len() {
        let above = Term::from(classes[at].clone());
        for triple in store.triples(None, Some(&subclass), Some(&above)) {
            if let NamedOrBlankNode::NamedNode(class) = triple.subject
                && !classes.contains(&class)
            {
                classes.push(class);
            }
        }
        at += 1;
    }
    classes
}

/// The items of an RDF list; a list without end is cut.
fn items(store: &Store, list: &Term) -> Vec<Term> {
    let mut items = Vec::new();
    let mut at = list.clone();
    for _ in 0..1000 {
        let Some(first) = values(store, &at, &rdf("first")).pop() else { break };
        items.push(first);
        let Some(rest) = values(store, &at, &rdf("rest")).pop() else { break };
        at = rest;
    }
    items
}

fn lexical(term: &Term) -> Option<&str> {
    match term {
        Term::NamedNode(node) => Some(node.as_str()),
        Term::Literal(literal) => Some(literal.value()),
        Term::BlankNode(_) | Term::Triple(_) => None,
    }
}

fn number(term: &Term) -> Option<f64> {
    let Term::Literal(literal) = term else { return None };
    let datatype = literal.datatype().as_str().strip_prefix(XSD)?.to_owned();
    let numeric = matches!(&*datatype, "integer" | "decimal" | "double" | "float" | "int" | "long");
    literal.value().parse().ok().filter(|_| numeric)
}

/// Compares two numbers or two values of one form whose text sorts (dates).
fn less(a: &Term, b: &Term, equal: bool) -> bool {
    let order = match (number(a), number(b)) {
        (Some(a), Some(b)) => a.partial_cmp(&b),
        _ => match (a, b) {
            (Term::Literal(a), Term::Literal(b)) if a.datatype() == b.datatype() => {
                Some(a.value().cmp(b.value()))
            }
            _ => None,
        },
    };
    order.is_some_and(|order| order.is_lt() || equal && order.is_eq())
}

/// True unless the text is none of its datatype.
fn is_well_formed(literal: &Literal) -> bool {
    let text = literal.value();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match literal.datatype().as_str().strip_prefix(XSD) {
        Some("integer") => digits(unsigned),
        Some("decimal") => {
            let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
            digits(&format!("{whole}{part}"))
        }
        Some("boolean") => matches!(text, "true" | "false" | "1" | "0"),
        Some("date") => text.parse::<jiff::civil::Date>().is_ok(),
        _ => true,
    }
}
