//! Classes and properties from Turtle.

use std::collections::BTreeMap;

use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{NamedOrBlankNode, Term};
use rustc_hash::FxHashMap;

use super::{Class, ClassId, NAMESPACE, Property, PropertyId};
use crate::error::{Error, Result};

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";
const OWL: &str = "http://www.w3.org/2002/07/owl#";

/// More than any tree of classes is deep; whatever walks it upwards may rely on it.
const DEEPEST: usize = 100;

/// The classes and properties of a file.
pub(super) fn read(file: &str, turtle: &str) -> Result<(Vec<Class>, Vec<Property>)> {
    let triples = Triples::parse(turtle);
    let read = triples.and_then(|triples| Ok((triples.classes()?, triples.properties()?)));
    read.map_err(|cause| Error::Ontology { file: file.to_owned(), cause })
}

/// What a file says, by local name in [`NAMESPACE`].
struct Triples {
    /// Sorted by subject and predicate, so that ids do not depend on the order of the file.
    objects: BTreeMap<(String, String), Vec<Term>>,
    class_ids: FxHashMap<String, ClassId>,
    class_names: Vec<String>,
    property_ids: FxHashMap<String, PropertyId>,
    property_names: Vec<String>,
}

impl Triples {
    fn parse(turtle: &str) -> Result<Self, String> {
        let mut objects: BTreeMap<(String, String), Vec<Term>> = BTreeMap::new();
        for quad in RdfParser::from_format(RdfFormat::Turtle).for_slice(turtle.as_bytes()) {
            let quad = quad.map_err(|error| error.to_string())?;
            if let NamedOrBlankNode::NamedNode(subject) = quad.subject
                && let Some(local) = subject.as_str().strip_prefix(NAMESPACE)
            {
                let key = (local.to_owned(), quad.predicate.into_string());
                objects.entry(key).or_default().push(quad.object);
            }
        }
        let class_kinds = [format!("{OWL}Class"), format!("{RDFS}Class")];
        let property_kinds = [
            format!("{OWL}ObjectProperty"),
            format!("{OWL}DatatypeProperty"),
            format!("{RDF}Property"),
        ];
        let class_names = of_types(&objects, &class_kinds);
        let property_names = of_types(&objects, &property_kinds);
        if class_names.is_empty() && property_names.is_empty() {
            return Err(format!("no class and no property in <{NAMESPACE}>"));
        }
        // One class may be added, the top.
        if class_names.len().max(property_names.len()) >= usize::from(u16::MAX) {
            return Err(format!("more than {} classes or properties", u16::MAX - 1));
        }
        Ok(Self {
            class_ids: class_names.iter().cloned().zip((0..).map(ClassId)).collect(),
            property_ids: property_names.iter().cloned().zip((0..).map(PropertyId)).collect(),
            objects,
            class_names,
            property_names,
        })
    }

    fn classes(&self) -> Result<Vec<Class>, String> {
        let sub = format!("{RDFS}subClassOf");
        let class = |name: &String| {
            let mut external = self.iris(name, &sub);
            external.extend(self.iris(name, &format!("{OWL}equivalentClass")));
            external.retain(|iri| !iri.starts_with(NAMESPACE));
            let mut class = Class {
                label: self.label(name)?,
                parents: self.to_classes(name, &sub)?,
                external,
                covers: self.literals(name, &format!("{NAMESPACE}covers")),
                name: name.clone(),
                ..Class::default()
            };
            for kind in self.literals(name, &format!("{NAMESPACE}kind")) {
                class
                    .own_kinds
                    .insert(kind.parse().map_err(|cause| format!("ng:{name}: {cause}"))?);
            }
            Ok(class)
        };
        let classes: Vec<Class> =
            self.class_names.iter().map(class).collect::<Result<_, String>>()?;
        let parents = |at: usize| classes[at].parents.iter().map(|id| usize::from(id.0)).collect();
        check_upwards("rdfs:subClassOf", &self.class_names, parents)?;
        Ok(classes)
    }

    fn properties(&self) -> Result<Vec<Property>, String> {
        let symmetric = [format!("{OWL}SymmetricProperty")];
        let property = |name: &String| {
            let literal = |local: &str| {
                self.literals(name, &format!("{NAMESPACE}{local}")).into_iter().next()
            };
            let meaning = literal("kind").map(|kind| kind.parse()).transpose();
            Ok(Property {
                label: self.label(name)?,
                parents: self.to_properties(name, &format!("{RDFS}subPropertyOf"))?,
                domain: self.to_classes(name, &format!("{RDFS}domain"))?,
                range: self.to_classes(name, &format!("{RDFS}range"))?,
                inverse: self.to_properties(name, &format!("{OWL}inverseOf"))?.first().copied(),
                symmetric: is_a(&self.objects, name, &symmetric),
                meaning: meaning.map_err(|cause| format!("ng:{name}: {cause}"))?,
                verbs: self.literals(name, &format!("{NAMESPACE}verb")),
                cameo: literal("cameo"),
                plover: literal("plover"),
                name: name.clone(),
            })
        };
        let mut properties: Vec<Property> =
            self.property_names.iter().map(property).collect::<Result<_, String>>()?;
        let parents =
            |at: usize| properties[at].parents.iter().map(|id| usize::from(id.0)).collect();
        check_upwards("rdfs:subPropertyOf", &self.property_names, parents)?;
        // An inverse is stated on one side only; the other side learns it here.
        for index in 0..properties.len() {
            if let Some(inverse) = properties[index].inverse {
                let other = &mut properties[usize::from(inverse.0)];
                other.inverse.get_or_insert(PropertyId(index as u16));
            }
        }
        Ok(properties)
    }

    fn objects(&self, name: &str, predicate: &str) -> &[Term] {
        let found = self.objects.get(&(name.to_owned(), predicate.to_owned()));
        found.map_or(&[], Vec::as_slice)
    }

    fn literals(&self, name: &str, predicate: &str) -> Vec<String> {
        let literal = |term: &Term| match term {
            Term::Literal(literal) => Some(literal.value().to_owned()),
            _ => None,
        };
        self.objects(name, predicate).iter().filter_map(literal).collect()
    }

    fn iris(&self, name: &str, predicate: &str) -> Vec<String> {
        let iri = |term: &Term| match term {
            Term::NamedNode(node) => Some(node.as_str().to_owned()),
            _ => None,
        };
        self.objects(name, predicate).iter().filter_map(iri).collect()
    }

    fn label(&self, name: &str) -> Result<String, String> {
        let labels = self.literals(name, &format!("{RDFS}label"));
        labels.into_iter().next().ok_or_else(|| format!("ng:{name} has no rdfs:label"))
    }

    fn to_classes(&self, name: &str, predicate: &str) -> Result<Vec<ClassId>, String> {
        self.to_ids(name, predicate, &self.class_ids, "class")
    }

    fn to_properties(&self, name: &str, predicate: &str) -> Result<Vec<PropertyId>, String> {
        self.to_ids(name, predicate, &self.property_ids, "property")
    }

    fn to_ids<T: Copy>(
        &self,
        name: &str,
        predicate: &str,
        known: &FxHashMap<String, T>,
        what: &str,
    ) -> Result<Vec<T>, String> {
        let iris = self.iris(name, predicate);
        let own = iris.iter().filter_map(|iri| iri.strip_prefix(NAMESPACE));
        let id = |local: &str| {
            let unknown = || format!("ng:{name} names ng:{local}, which is no {what}");
            known.get(local).copied().ok_or_else(unknown)
        };
        own.map(id).collect()
    }
}

/// The local names of what is of one of the types, sorted.
fn of_types(objects: &BTreeMap<(String, String), Vec<Term>>, types: &[String]) -> Vec<String> {
    let mut names: Vec<&String> = objects.keys().map(|(subject, _)| subject).collect();
    names.dedup();
    names.into_iter().filter(|name| is_a(objects, name, types)).cloned().collect()
}

fn is_a(objects: &BTreeMap<(String, String), Vec<Term>>, name: &str, types: &[String]) -> bool {
    let key = (name.to_owned(), format!("{RDF}type"));
    let of = |term: &Term| matches!(term, Term::NamedNode(node) if types.iter().any(|kind| kind == node.as_str()));
    objects.get(&key).is_some_and(|found| found.iter().any(of))
}

/// Refuses what stands above itself, and what is deeper than anything may be.
fn check_upwards(
    predicate: &str,
    names: &[String],
    parents: impl Fn(usize) -> Vec<usize>,
) -> Result<(), String> {
    /// Not seen, on the way up, or done with its height.
    #[derive(Clone, Copy)]
    enum VisitState {
        New,
        Open,
        Done(usize),
    }
    let mut states = vec![VisitState::New; names.len()];
    for start in 0..names.len() {
        // What is open, with its parents that are still to be seen.
        let mut path: Vec<(usize, Vec<usize>)> = Vec::new();
        if matches!(states[start], VisitState::New) {
            states[start] = VisitState::Open;
            path.push((start, parents(start)));
        }
        while let Some((at, rest)) = path.last_mut() {
            let at = *at;
            let Some(next) = rest.pop() else {
                let heights = parents(at).into_iter().map(|parent| match states[parent] {
                    VisitState::Done(height) => height + 1,
                    VisitState::New | VisitState::Open => 0,
                });
                let height = heights.max().unwrap_or(0);
                if height > DEEPEST {
                    let name = &names[at];
                    return Err(format!("ng:{name} has more than {DEEPEST} levels above it"));
                }
                states[at] = VisitState::Done(height);
                path.pop();
                continue;
            };
            match states[next] {
                VisitState::Done(_) => {}
                VisitState::New => {
                    states[next] = VisitState::Open;
                    path.push((next, parents(next)));
                }
                VisitState::Open => {
                    let from = path.iter().position(|&(open, _)| open == next).unwrap_or(0);
                    let circle = path[from..].iter().map(|&(at, _)| at).chain([next]);
                    let names: Vec<String> = circle.map(|at| format!("ng:{}", names[at])).collect();
                    return Err(format!("a circle of {predicate}: {}", names.join(" < ")));
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::ontology::{Kind, Ontology};

    const PREFIXES: &str = "@prefix ng: <https://w3id.org/newsgraph/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
";

    fn read(text: &str) -> Result<Ontology, String> {
        Ontology::read("o.ttl", &format!("{PREFIXES}{text}")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_circle_of_classes_or_properties_is_refused_by_name() {
        let classes = read(
            "ng:A a owl:Class ; rdfs:label \"a\" ; rdfs:subClassOf ng:B .
             ng:B a owl:Class ; rdfs:label \"b\" ; rdfs:subClassOf ng:C .
             ng:C a owl:Class ; rdfs:label \"c\" ; rdfs:subClassOf ng:B .",
        );
        let told = "o.ttl: a circle of rdfs:subClassOf: ng:B < ng:C < ng:B";
        assert_eq!(classes.unwrap_err(), told);
        let properties =
            read("ng:p a owl:ObjectProperty ; rdfs:label \"p\" ; rdfs:subPropertyOf ng:p .");
        let told = "o.ttl: a circle of rdfs:subPropertyOf: ng:p < ng:p";
        assert_eq!(properties.unwrap_err(), told);
    }

    #[test]
    fn what_is_too_deep_is_refused() {
        let deep: String = (0..200)
            .map(|n| {
                let above = n + 1;
                format!("ng:C{n} a owl:Class ; rdfs:label \"c\" ; rdfs:subClassOf ng:C{above} .\n")
            })
            .collect();
        let deep = read(&format!("{deep}ng:C200 a owl:Class ; rdfs:label \"top\" ."));
        assert!(deep.unwrap_err().contains("more than 100 levels above it"));
    }

    #[test]
    fn kinds_are_inherited_and_an_unknown_one_is_refused() {
        let ontology = read(
            "ng:Sailor a owl:Class ; rdfs:label \"sailor\" ; ng:kind \"person\" .
             ng:Captain a owl:Class ; rdfs:label \"captain\" ; rdfs:subClassOf ng:Sailor .",
        )
        .unwrap();
        let captain = ontology.class("Captain").unwrap();
        assert!(ontology.is_kind(captain, Kind::Person) && ontology.is_kind(captain, Kind::Agent));
        assert!(!ontology.is_kind(captain, Kind::Place));
        assert_eq!(ontology.of_kind(Kind::Person), ontology.class("Sailor"));
        assert_eq!(ontology[ontology.thing()].name, "Thing");
        let error = read("ng:A a owl:Class ; rdfs:label \"a\" ; ng:kind \"persn\" .");
        let told = "o.ttl: ng:A: no kind \"persn\", did you mean \"person\"?";
        assert_eq!(error.unwrap_err(), told);
    }

    #[test]
    fn a_table_that_names_another_class_gets_the_nearest_one() {
        let default = read(
            "ng:Thing a owl:Class ; rdfs:label \"thing\" ; ng:kind \"thing\" .
             ng:Place a owl:Class ; rdfs:label \"place\" ; rdfs:subClassOf ng:Thing ; ng:kind \"place\" .
             ng:City a owl:Class ; rdfs:label \"city\" ; rdfs:subClassOf ng:Place ; ng:kind \"city\" .
             ng:Award a owl:Class ; rdfs:label \"award\" ; rdfs:subClassOf ng:Thing .",
        )
        .unwrap();
        let own = read("ng:Spot a owl:Class ; rdfs:label \"spot\" ; ng:kind \"place\" .").unwrap();
        let own = own.in_place_of(default);
        let city = own.named("City").unwrap();
        assert_eq!(city.id, own.class("Spot"));
        assert!(city.is(Kind::City) && city.stands_for(Kind::City) && city.is(Kind::Place));
        assert_eq!(own.named("Award").unwrap().id, None);
        assert!(own.lacks_class("City") && !own.lacks_class("Spot"));
        assert_eq!(own.named("Spto").unwrap_err(), "no class ng:Spto, did you mean \"Spot\"?");
    }
}
