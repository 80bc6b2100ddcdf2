//! A graph read back from the RDF that a build wrote, in any of its forms.
//!
//! What RDF does not hold is made up from what it does: the words of subject and object are their labels, a thing is
//! mentioned in the articles that state something of it, and sentences are numbered anew, in their order. All else
//! is as it was, so that the same graph is written again with the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use oxigraph::model::{NamedOrBlankNode, Term};
use rustc_hash::FxHashMap;

use super::spelled;
use crate::document::{ClusterId, DocumentId};
use crate::entity::{Comparison, Entities, Entity, EntityId, Ground};
use crate::error::{Error, Result};
use crate::export::iri::{Iri, Namespace};
use crate::export::rdf::ROLES;
use crate::graph::{
    Datatype, GraphComparison, GraphDocument, GraphEvidence, GraphSentence, GraphStatement,
    KnowledgeGraph, Object,
};
use crate::ontology::{Ontology, PropertyId};
use crate::resource::rdf as rdf_files;
use crate::spill::Spill;
use crate::statement::{AttributeKind, Factuality, Polarity};

/// A graph from a file, and the digest of the model that read its texts.
#[derive(Debug)]
pub struct Reopened {
    /// The graph.
    pub graph: KnowledgeGraph,
    /// As [`Options::model`](crate::export::Options).
    pub model: Option<String>,
}

/// Reads a graph from an RDF file that this program wrote; the suffix gives its form.
///
/// # Errors
/// [`Error::Usage`] for another suffix and for RDF that holds no statements of ours, [`Error::Io`] when the file
/// cannot be read, [`Error::Input`] when it is broken, or names a class or relation that the ontology lacks.
pub fn reopen(path: &Path, ontology: &Ontology) -> Result<Reopened> {
    let Some(format) = rdf_files::format(path) else {
        let expected = "expected .ttl, .nt, .nq, .trig, .rdf or .jsonld";
        return Err(Error::Usage(format!("{}: no RDF, {expected}", path.display())));
    };
    let file = File::open(path).map_err(Error::io(path))?;
    let mut resources = Resources::default();
    for quad in rdf_files::quads(file, format).flat_map(spelled) {
        let quad = quad.map_err(|cause| rdf_files::error(path, cause))?;
        resources.add(quad.subject, quad.predicate.as_str(), quad.object);
    }
    Reader { resources, ontology, path: path.to_owned() }.read()
}

/// The triples by subject, in the order of the file.
#[derive(Default)]
struct Resources {
    list: Vec<Resource>,
    at: FxHashMap<Box<str>, usize>,
    predicates: Vec<Box<str>>,
    numbers: FxHashMap<Box<str>, u32>,
}

struct Resource {
    iri: Box<str>,
    properties: Vec<(u32, Term)>,
}

impl Resources {
    fn add(&mut self, subject: NamedOrBlankNode, predicate: &str, object: Term) {
        // Nothing that we write has no name.
        let NamedOrBlankNode::NamedNode(subject) = subject else { return };
        let number = match self.numbers.get(predicate) {
            Some(&number) => number,
            None => {
                let number = self.predicates.len() as u32;
                self.predicates.push(predicate.into());
                self.numbers.insert(predicate.into(), number);
                number
            }
        };
        let at = match self.at.get(subject.as_str()) {
            Some(&at) => at,
            None => {
                let iri: Box<str> = subject.into_string().into();
                self.at.insert(iri.clone(), self.list.len());
                self.list.push(Resource { iri, properties: Vec::new() });
                self.list.len() - 1
            }
        };
        self.list[at].properties.push((number, object));
    }

    fn get(&self, iri: &str) -> Option<&Resource> {
        self.at.get(iri).map(|&at| &self.list[at])
    }

    /// The resources of a namespace with the rest of their IRI, in the order of the file.
    fn of(&self, namespace: Namespace) -> impl Iterator<Item = (&str, &Resource)> {
        let local = move |it: &Resource| it.iri.starts_with(namespace.as_str());
        let own = self.list.iter().filter(move |it| local(it));
        own.map(move |it| (&it.iri[namespace.as_str().len()..], it))
    }

    fn all<'r>(
        &'r self,
        resource: &'r Resource,
        namespace: Namespace,
        local: &'static str,
    ) -> impl Iterator<Item = &'r Term> {
        let number = self.numbers.get(&*Iri::term(namespace, local).to_string()).copied();
        let own = resource.properties.iter().filter(move |(it, _)| Some(*it) == number);
        own.map(|(_, term)| term)
    }

    fn values<'r>(
        &'r self,
        resource: &'r Resource,
        namespace: Namespace,
        local: &'static str,
    ) -> impl Iterator<Item = &'r str> {
        self.all(resource, namespace, local).filter_map(|term| match term {
            Term::Literal(literal) => Some(literal.value()),
            Term::NamedNode(node) => Some(node.as_str()),
            _ => None,
        })
    }

    fn value<'r>(
        &'r self,
        resource: &'r Resource,
        namespace: Namespace,
        local: &'static str,
    ) -> Option<&'r str> {
        self.values(resource, namespace, local).next()
    }

    fn ng<'r>(&'r self, resource: &'r Resource, local: &'static str) -> Option<&'r str> {
        self.value(resource, Namespace::Ng, local)
    }
}

struct Reader<'o> {
    resources: Resources,
    ontology: &'o Ontology,
    path: PathBuf,
}

/// The documents, where each one is by its digest, and of each where its sentences begin and end.
struct Articles {
    list: Vec<GraphDocument>,
    at: FxHashMap<String, DocumentId>,
    sentences: Vec<Vec<GraphSentence>>,
}

/// Words of a document: digest, first and last code point.
type Passage<'i> = (&'i str, u32, u32);

impl Reader<'_> {
    fn read(&self) -> Result<Reopened> {
        let articles = self.articles();
        let mut entities = self.entities()?;
        let slugs: FxHashMap<String, EntityId> =
            (0..).map(EntityId).zip(&entities).map(|(id, it)| (it.slug.to_string(), id)).collect();
        self.members(&mut entities, &slugs);
        let statements = self.statements(&articles, &slugs, &entities)?;
        if statements.is_empty() && articles.list.is_empty() {
            let cause = "RDF, but no graph that newsgraph wrote";
            return Err(Error::Usage(format!("{}: {cause}", self.path.display())));
        }
        mention(&mut entities, &statements);
        let mentions = entities.iter().map(|entity| self.n_mentions(entity)).collect();
        let comparisons = self.comparisons(&articles, &slugs);
        let mut graph = KnowledgeGraph::spilling(Spill::temporary());
        graph.entities = Entities::from(entities);
        graph.mentions = mentions;
        graph.comparisons = comparisons;
        for (mut document, sentences) in articles.list.into_iter().zip(articles.sentences) {
            document.sentences = graph.add_sentences(&sentences);
            graph.documents.push(document);
        }
        statements.iter().for_each(|statement| graph.push(statement));
        graph.check().map_err(Error::io(&self.path))?;
        graph.connect(self.ontology);
        let run = self.resources.of(Namespace::Run).next();
        let model = run.and_then(|(_, run)| self.resources.ng(run, "modelDigest"));
        Ok(Reopened { graph, model: model.map(str::to_owned) })
    }

    fn wrong(&self, cause: impl Into<String>) -> Error {
        Error::input(&self.path, cause)
    }

    fn articles(&self) -> Articles {
        let resources = &self.resources;
        let mut list: Vec<(GraphDocument, Option<String>)> = Vec::new();
        let mut sentences: BTreeMap<&str, Vec<GraphSentence>> = BTreeMap::new();
        for (local, resource) in resources.of(Namespace::Document) {
            if let Some((hash, start, end)) = passage(local) {
                let sentence = Iri::term(Namespace::Nif, "Sentence").to_string();
                let mut types = resources.values(resource, Namespace::Rdf, "type");
                if types.any(|it| it == sentence) {
                    let text = resources.value(resource, Namespace::Nif, "anchorOf");
                    let text = text.unwrap_or_default().into();
                    let sentence = GraphSentence { number: 0, start, end, text };
                    sentences.entry(hash).or_default().push(sentence);
                }
                continue;
            }
            let schema =
                |name| resources.value(resource, Namespace::Schema, name).map(str::to_owned);
            let document = GraphDocument {
                id: schema("identifier").unwrap_or_else(|| local.to_owned()),
                hash: local.to_owned(),
                uri: schema("url"),
                title: schema("headline"),
                publisher: schema("publisher"),
                published: schema("datePublished").and_then(|day| day.parse().ok()),
                copy_of: None,
                sentences: Default::default(),
            };
            let original = resources.ng(resource, "copyOf");
            let original = original.and_then(|it| it.strip_prefix(Namespace::Document.as_str()));
            list.push((document, original.map(str::to_owned)));
        }
        list.sort_by(|(a, _), (b, _)| (&a.id, &a.hash).cmp(&(&b.id, &b.hash)));
        let at: FxHashMap<String, DocumentId> = (list.iter().enumerate())
            .map(|(at, (document, _))| (document.hash.clone(), DocumentId::from(at)))
            .collect();
        let mut own: Vec<Vec<GraphSentence>> = Vec::with_capacity(list.len());
        for (document, _) in &list {
            let mut of = sentences.remove(&*document.hash).unwrap_or_default();
            of.sort_by_key(|sentence| (sentence.start, sentence.end));
            (0..).zip(&mut of).for_each(|(number, sentence)| sentence.number = number);
            own.push(of);
        }
        let linked = list.into_iter().map(|(document, original)| {
            let copy_of = original.and_then(|hash| at.get(&hash).copied());
            GraphDocument { copy_of, ..document }
        });
        Articles { list: linked.collect(), sentences: own, at }
    }

    /// All things, sorted by slug, without their members.
    fn entities(&self) -> Result<Vec<Entity>> {
        let resources = &self.resources;
        let mut entities = Vec::new();
        for (slug, resource) in resources.of(Namespace::Entity) {
            // They are sorted as they were before they were cleaned.
            let texts = |namespace, local| -> Vec<compact_str::CompactString> {
                resources.values(resource, namespace, local).map(Into::into).collect()
            };
            let mut types = resources.values(resource, Namespace::Rdf, "type");
            let class = types.find_map(|it| it.strip_prefix(Namespace::Ng.as_str()));
            // In TriG the facts about a thing stand in other graphs as well, its type in one.
            let Some(class) = class else { continue };
            let class = self.ontology.class(class).ok_or_else(|| {
                let cause = format!("e:{slug} is of class ng:{class}, which the ontology lacks");
                self.wrong(format!("{cause}; name the ontology that the graph was built with"))
            })?;
            let label = resources.value(resource, Namespace::Rdfs, "label");
            entities.push(Entity {
                slug: slug.into(),
                label: label.unwrap_or(slug).into(),
                named: resources.ng(resource, "named") == Some("true"),
                class,
                mention_label: None,
                aliases: texts(Namespace::Skos, "altLabel").into(),
                descriptions: texts(Namespace::Ng, "description").into(),
                same_as: texts(Namespace::Owl, "sameAs").into(),
                close_match: texts(Namespace::Skos, "closeMatch").into(),
                members: Default::default(),
                clusters: Default::default(),
                dropped: false,
            });
        }
        entities.sort_by(|a, b| a.slug.cmp(&b.slug));
        Ok(entities)
    }

    /// Gives groups their members. The property that tells them is a relation of the ontology as well: of what is
    /// stated to have a member, only what statements take apart is a group.
    fn members(&self, entities: &mut [Entity], slugs: &FxHashMap<String, EntityId>) {
        let resources = &self.resources;
        let has_member = Iri::term(Namespace::Ng, "hasMember").to_string();
        let (mut stated, mut groups) = (BTreeSet::new(), BTreeSet::new());
        for (_, statement) in resources.of(Namespace::Statement) {
            let side = |local| resources.value(statement, Namespace::Rdf, local);
            if side("predicate") == Some(&*has_member) {
                stated.extend(side("subject"));
            }
            for (local, members) in [("subject", "subjectMember"), ("object", "objectMember")] {
                if resources.ng(statement, members).is_some() {
                    groups.extend(side(local));
                }
            }
        }
        for entity in entities.iter_mut().filter(|entity| !entity.named) {
            let iri = Iri::entity(&entity.slug).to_string();
            if stated.contains(&*iri) && !groups.contains(&*iri) {
                continue;
            }
            let Some(resource) = resources.get(&iri) else { continue };
            let members = resources.values(resource, Namespace::Ng, "hasMember");
            let mut members: Vec<EntityId> =
                members.filter_map(|iri| slugs.get(slug(iri)?).copied()).collect();
            members.sort();
            members.dedup();
            entity.members = members.into();
        }
    }

    fn n_mentions(&self, entity: &Entity) -> u32 {
        let resource = self.resources.get(&Iri::entity(&entity.slug).to_string());
        let told = resource.and_then(|resource| self.resources.ng(resource, "mentions"));
        told.and_then(|it| it.parse().ok()).unwrap_or_default()
    }

    /// All statements, by document, in the order of the file.
    fn statements(
        &self,
        articles: &Articles,
        slugs: &FxHashMap<String, EntityId>,
        entities: &[Entity],
    ) -> Result<Vec<GraphStatement>> {
        let roles = self.roles();
        let mut statements = Vec::new();
        for (local, resource) in self.resources.of(Namespace::Statement) {
            let of = StatementReader {
                reader: self,
                resource,
                articles,
                slugs,
                entities,
                roles: &roles,
            };
            let statement =
                of.read(local).map_err(|cause| self.wrong(format!("st:{local} {cause}")));
            statements.push(statement?);
        }
        statements.sort_by_key(|statement| statement.document);
        Ok(statements)
    }

    /// The role of a qualifier by the number of its property.
    fn roles(&self) -> FxHashMap<u32, String> {
        let mut roles = FxHashMap::default();
        for (number, iri) in (0..).zip(&self.resources.predicates) {
            if let Some(local) = iri.strip_prefix(Namespace::Ng.as_str()) {
                if ROLES.contains(&local) {
                    roles.insert(number, local.to_owned());
                }
            } else if let Some(local) = iri.strip_prefix(Namespace::Open.as_str()) {
                let resource = self.resources.get(iri);
                let label =
                    resource.and_then(|it| self.resources.value(it, Namespace::Rdfs, "label"));
                roles.insert(number, label.unwrap_or(local).to_owned());
            }
        }
        roles
    }

    fn comparisons(
        &self,
        articles: &Articles,
        slugs: &FxHashMap<String, EntityId>,
    ) -> Vec<GraphComparison> {
        let compared = self.resources.of(Namespace::Comparison);
        let mut list: Vec<GraphComparison> = compared
            .filter_map(|(_, resource)| self.comparison(resource, articles, slugs))
            .collect();
        list.sort_by(|a, b| a.comparison.cmp(&b.comparison));
        list
    }

    fn comparison(
        &self,
        resource: &Resource,
        articles: &Articles,
        slugs: &FxHashMap<String, EntityId>,
    ) -> Option<GraphComparison> {
        let ng = |local| self.resources.ng(resource, local);
        let entity = |local| slugs.get(slug(ng(local)?)?).copied();
        let side = |document, sentence| -> Option<(DocumentId, u32)> {
            let hash = ng(document)?.strip_prefix(Namespace::Document.as_str())?;
            let document = *articles.at.get(hash)?;
            let place = ng(sentence)
                .and_then(|iri| passage(iri.strip_prefix(Namespace::Document.as_str())?));
            let own = &articles.sentences[document.index()];
            let number = place.and_then(|(_, start, end)| {
                own.iter().find(|it| (it.start, it.end) == (start, end))
            });
            // A number that no sentence has: none was kept.
            Some((document, number.map_or(u32::MAX, |it| it.number)))
        };
        let sentences =
            [side("leftDocument", "leftSentence")?, side("rightDocument", "rightSentence")?];
        let remarks = self.resources.values(resource, Namespace::Ng, "remark");
        let ground = ng("ground")?;
        let comparison = Comparison {
            left: entity("leftEntity")?,
            right: entity("rightEntity")?,
            names: [ng("leftName")?.to_owned(), ng("rightName")?.to_owned()],
            places: sentences.map(|(document, _)| (document, ClusterId(0))),
            ground: Ground::ALL.into_iter().find(|it| it.as_str() == ground)?,
            remarks: remarks.map(|it| it.to_owned().into()).collect(),
            score: (ng("score")?.parse::<f32>().ok()? * 100.0).round().clamp(0.0, 100.0) as u8,
            times: ng("times")?.parse().ok()?,
        };
        Some(GraphComparison { comparison, sentences })
    }
}

/// What a statement is read with.
struct StatementReader<'r> {
    reader: &'r Reader<'r>,
    resource: &'r Resource,
    articles: &'r Articles,
    slugs: &'r FxHashMap<String, EntityId>,
    entities: &'r [Entity],
    roles: &'r FxHashMap<u32, String>,
}

impl StatementReader<'_> {
    fn read(&self, local: &str) -> Result<GraphStatement, String> {
        let id = u64::from_str_radix(local, 16).map_err(|_| "has no digest as its name")?;
        let subject = self.link(Namespace::Rdf, "subject").ok_or("has no subject")?;
        let subject = self.entity(subject)?;
        let (property, slug) = self.predicate()?;
        let predicate = self.ng("phrase").unwrap_or(slug);
        let mut objects = self.resources().all(self.resource, Namespace::Rdf, "object");
        let object = objects.next().map_or(Ok(Object::Absent), |term| self.object(term))?;
        let (document, evidence) = self.evidence()?;
        let label = |id: EntityId| self.entities[id.index()].label.clone();
        let object_text = match object {
            Object::Entity(id) => label(id),
            Object::Literal { .. } | Object::Absent => Default::default(),
        };
        let claim = self.ng("claim").and_then(|claim| u64::from_str_radix(claim, 16).ok());
        let polarity = self.ng("polarity");
        let kind = self.ng("attribute");
        Ok(GraphStatement {
            id,
            document,
            subject,
            property,
            predicate: predicate.into(),
            time: self.ng("time").map(Into::into),
            interval: self.interval(),
            place: self.link(Namespace::Ng, "place").map(|it| self.entity(it)).transpose()?,
            qualifiers: self.qualifiers()?,
            polarity: [Polarity::Positive, Polarity::Negative]
                .into_iter()
                .find(|it| Some(it.as_str()) == polarity)
                .ok_or("has no polarity")?,
            factuality: Factuality::ALL
                .into_iter()
                .find(|it| Some(it.as_str()) == self.ng("factuality"))
                .ok_or("has no factuality")?,
            attribution: self.attribution()?,
            evidence,
            confidence: self.ng("confidence").and_then(|it| it.parse().ok()).unwrap_or_default(),
            subject_text: label(subject),
            object_text,
            object,
            attribute: AttributeKind::ALL.into_iter().find(|it| Some(it.as_str()) == kind),
            wording: self.ng("wording").unwrap_or_default().into(),
            claim: claim.unwrap_or_default(),
            signs: 0,
        })
    }

    fn resources(&self) -> &Resources {
        &self.reader.resources
    }

    fn ng(&self, local: &'static str) -> Option<&str> {
        self.resources().ng(self.resource, local)
    }

    fn link(&self, namespace: Namespace, local: &'static str) -> Option<&str> {
        self.resources().value(self.resource, namespace, local)
    }

    fn entity(&self, iri: &str) -> Result<EntityId, String> {
        let found = slug(iri).and_then(|slug| self.slugs.get(slug).copied());
        found.ok_or_else(|| format!("speaks of {iri}, which is not described"))
    }

    fn object(&self, term: &Term) -> Result<Object, String> {
        match term {
            Term::NamedNode(node) => self.entity(node.as_str()).map(Object::Entity),
            Term::Literal(literal) => {
                let datatype = literal.datatype();
                let local = datatype.as_str().strip_prefix(Namespace::Xsd.as_str());
                let datatype = DATATYPES.into_iter().find(|it| Some(it.as_str()) == local);
                Ok(Object::Literal {
                    value: literal.value().into(),
                    datatype: datatype.unwrap_or(Datatype::String),
                })
            }
            _ => Ok(Object::Absent),
        }
    }

    /// The property, and what an open predicate is called if the text is not told.
    fn predicate(&self) -> Result<(Option<PropertyId>, &str), String> {
        let iri = self.link(Namespace::Rdf, "predicate").ok_or("has no predicate")?;
        if let Some(slug) = iri.strip_prefix(Namespace::Open.as_str()) {
            return Ok((None, slug));
        }
        let name = iri.strip_prefix(Namespace::Ng.as_str()).unwrap_or(iri);
        let property = self
            .reader
            .ontology
            .property(name)
            .ok_or_else(|| format!("has the relation {iri}, which the ontology lacks"))?;
        Ok((Some(property), name))
    }

    fn interval(&self) -> Option<std::ops::Range<Date>> {
        let day = |local| self.ng(local)?.parse::<Date>().ok();
        let (first, last) = (day("timeStart")?, day("timeEnd")?);
        Some(first..last.tomorrow().ok()?)
    }

    fn attribution(&self) -> Result<Vec<EntityId>, String> {
        let resources = self.resources();
        let first = resources.values(self.resource, Namespace::Prov, "wasAttributedTo");
        let others = resources.values(self.resource, Namespace::Ng, "relayedBy");
        first.chain(others).map(|iri| self.entity(iri)).collect()
    }

    fn qualifiers(&self) -> Result<Vec<(compact_str::CompactString, Object)>, String> {
        let told = self
            .resource
            .properties
            .iter()
            .filter_map(|(number, term)| self.roles.get(number).map(|role| (role, term)));
        told.map(|(role, term)| Ok((role.as_str().into(), self.object(term)?))).collect()
    }

    fn evidence(&self) -> Result<(DocumentId, GraphEvidence), String> {
        let iri = self.link(Namespace::Prov, "wasDerivedFrom").ok_or("has no evidence")?;
        let place = |iri: &str| -> Option<(DocumentId, u32, u32)> {
            let (hash, start, end) = passage(iri.strip_prefix(Namespace::Document.as_str())?)?;
            Some((*self.articles.at.get(hash)?, start, end))
        };
        let (document, start, end) =
            place(iri).ok_or_else(|| format!("rests on {iri}, which no article has"))?;
        let phrase = self.resources().get(iri);
        let sentence = phrase.and_then(|it| self.resources().value(it, Namespace::Nif, "sentence"));
        let (_, from, to) = sentence.and_then(place).unwrap_or((document, start, end));
        let own = &self.articles.sentences[document.index()];
        let sentence = own.iter().find(|it| (it.start, it.end) == (from, to));
        let trigger = sentence.zip(self.ng("trigger")).and_then(|(sentence, trigger)| {
            let words = sentence.slice(start, end)?;
            let before = words[..words.find(trigger)?].chars().count() as u32;
            Some((start + before, start + before + trigger.chars().count() as u32))
        });
        let (trigger_start, trigger_end) = trigger.unwrap_or((start, start));
        let number = sentence.map_or(u32::MAX, |it| it.number);
        let rule = self.ng("rule").unwrap_or_default().into();
        let span = Default::default();
        let evidence =
            GraphEvidence { sentence: number, start, end, trigger_start, trigger_end, rule, span };
        Ok((document, evidence))
    }
}

const DATATYPES: [Datatype; 7] = [
    Datatype::String,
    Datatype::Integer,
    Datatype::Decimal,
    Datatype::Date,
    Datatype::YearMonth,
    Datatype::Year,
    Datatype::Duration,
];

/// Notes for each thing the articles that state something of it.
fn mention(entities: &mut [Entity], statements: &[GraphStatement]) {
    let mut named: Vec<(EntityId, DocumentId)> = Vec::new();
    for statement in statements {
        let fillers = statement.qualifiers.iter().map(|(_, filler)| filler);
        let things = fillers.chain([&statement.object]).filter_map(|it| match it {
            Object::Entity(id) => Some(*id),
            Object::Literal { .. } | Object::Absent => None,
        });
        let others = statement.place.iter().chain(&statement.attribution).copied();
        for id in things.chain(others).chain([statement.subject]) {
            let members = entities[id.index()].members.iter().copied();
            named.extend(members.chain([id]).map(|id| (id, statement.document)));
        }
    }
    named.sort_unstable();
    named.dedup();
    for (id, document) in named {
        entities[id.index()].clusters.push((document, ClusterId(0)));
    }
}

/// The slug in the IRI of a thing.
fn slug(iri: &str) -> Option<&str> {
    iri.strip_prefix(Namespace::Entity.as_str())
}

/// `3f9a…#char=120,187`
fn passage(local: &str) -> Option<Passage<'_>> {
    let (hash, place) = local.split_once("#char=")?;
    let (start, end) = place.split_once(',')?;
    Some((hash, start.parse().ok()?, end.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{self, Format, Options};
    use crate::graph::fixture;

    fn written(graph: &KnowledgeGraph, format: Format, options: &Options) -> Vec<u8> {
        let mut out = Vec::new();
        export::write(graph, &fixture::ontology(), options, format, &mut out).unwrap();
        out
    }

    #[test]
    fn a_graph_that_is_read_back_is_written_with_the_same_bytes() {
        let (graph, ontology) = (fixture::graph(), fixture::ontology());
        let options = Options { model: Some("abc".to_owned()), ..Options::default() };
        let turtle = written(&graph, Format::Turtle, &options);
        let folder = tempfile::tempdir().unwrap();
        for format in [
            Format::Turtle,
            Format::NTriples,
            Format::NQuads,
            Format::TriG,
            Format::RdfXml,
            Format::JsonLd,
        ] {
            let path = folder.path().join(format!("graph.{}", format.as_str()));
            std::fs::write(&path, written(&graph, format, &options)).unwrap();
            let Reopened { graph, model } = reopen(&path, &ontology).unwrap();
            assert_eq!(model.as_deref(), Some("abc"));
            let again = written(&graph, Format::Turtle, &options);
            let (again, turtle) =
                (String::from_utf8_lossy(&again), String::from_utf8_lossy(&turtle));
            for (a, b) in again.lines().zip(turtle.lines()) {
                assert_eq!(a, b, "{}", format.as_str());
            }
            assert_eq!(again.len(), turtle.len());
        }
    }

    #[test]
    fn other_rdf_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ttl");
        let told = |text: &str| {
            std::fs::write(&path, text).unwrap();
            reopen(&path, &fixture::ontology()).unwrap_err().to_string()
        };
        assert!(told("<urn:a> <urn:b> <urn:c> .").ends_with("no graph that newsgraph wrote"));
        assert!(told("<urn:a> <urn:b> .").contains("a.ttl:1"));
        let thing =
            "<https://w3id.org/newsgraph/entity/x> a <https://w3id.org/newsgraph/ns#Unicorn> .";
        assert!(told(thing).contains("ng:Unicorn"));
        let path = folder.path().join("a.csv");
        assert!(reopen(&path, &fixture::ontology()).is_err());
    }
}
