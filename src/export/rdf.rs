//! The graph as RDF, one resource after the other.
//!
//! Three views of the same: **facts** (`e:a ng:visited e:b`, only what [`Assert`](super::Assert) lets pass),
//! **statements** (`st:x a rdf:Statement`, with polarity, factuality, source, time, place) and
//! **mentions** (sentences and spans as NIF 2.0, offsets in code points). Documents and the run are
//! described with schema.org and PROV-O. The terms are defined in `ontology/statement.ttl`.
//!
//! Resources come in sections: run, documents, vocabulary, entities, comparisons of names, statements,
//! mentions; each
//! subject once, so that a writer needs no memory. With [`RdfLayout::Quads`] the facts, statements and
//! mentions of a document are written into a named graph of its own.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::ops::Range;

use jiff::civil::Date;
use rayon::prelude::*;

use super::iri::{Iri, Namespace};
use super::predicates::Predicates;
use super::{Options, RdfVersion, ordered, text};
use crate::document::DocumentId;
use crate::entity::{Comparison, Entity, EntityId};
use crate::graph::{
    Datatype, GraphComparison, GraphDocument, GraphSentence, GraphStatement, KnowledgeGraph,
    Object, StatementId, StatementKey,
};
use crate::ontology::{ClassId, Ontology, PropertyId};

/// Roles of qualifiers that have a property of their own in `ontology/statement.ttl`; prepositions
/// become open predicates.
pub const ROLES: &[&str] = &[
    "amount",
    "capacity",
    "cause",
    "companion",
    "condition",
    "destination",
    "instrument",
    "manner",
    "origin",
    "patient",
    "purpose",
    "quantity",
    "recipient",
    "topic",
];

/// The object of a triple.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term<'g> {
    /// A resource.
    Iri(Iri<'g>),
    /// A value; the datatype is the local name in XML Schema.
    Literal(Cow<'g, str>, &'static str),
    /// A triple that is spoken of (RDF 1.2).
    Triple(Box<(Iri<'g>, Iri<'g>, Term<'g>)>),
}

/// One subject with all its properties in one graph.
#[derive(Clone, Debug)]
pub struct Resource<'g> {
    /// The named graph, `None` for the default graph.
    pub graph: Option<Iri<'g>>,
    /// The subject.
    pub iri: Iri<'g>,
    /// Predicates and objects, no pair twice; those of one predicate follow each other.
    pub properties: Vec<(Iri<'g>, Term<'g>)>,
}

/// Where triples go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RdfLayout {
    /// All into one graph.
    Triples,
    /// The statements of a document into a graph of its own.
    Quads,
}

/// Takes one resource after the other.
pub type Visitor<'v> = dyn FnMut(&Resource<'_>) -> io::Result<()> + 'v;

const fn ng(local: &'static str) -> Iri<'static> {
    Iri::term(Namespace::Ng, local)
}

const fn rdf(local: &'static str) -> Iri<'static> {
    Iri::term(Namespace::Rdf, local)
}

const fn nif(local: &'static str) -> Iri<'static> {
    Iri::term(Namespace::Nif, local)
}

const fn prov(local: &'static str) -> Iri<'static> {
    Iri::term(Namespace::Prov, local)
}

const fn schema(local: &'static str) -> Iri<'static> {
    Iri::term(Namespace::Schema, local)
}

const LABEL: Iri<'static> = Iri::term(Namespace::Rdfs, "label");

impl<'g> Resource<'g> {
    fn new(iri: Iri<'g>) -> Self {
        Self { graph: None, iri, properties: Vec::with_capacity(32) }
    }

    /// Begins another subject, without properties.
    fn begin(&mut self, iri: Iri<'g>) {
        self.iri = iri;
        self.properties.clear();
    }

    /// Adds a property that is new, with a predicate that is new or the one added last.
    fn push(&mut self, predicate: Iri<'g>, object: Term<'g>) {
        self.properties.push((predicate, object));
    }

    /// Adds a property that may be there already, or its predicate; properties of one predicate stay
    /// together.
    fn add(&mut self, predicate: Iri<'g>, object: Term<'g>) {
        let Some(last) = self.properties.iter().rposition(|(known, _)| *known == predicate) else {
            return self.push(predicate, object);
        };
        let alike =
            self.properties[..=last].iter().rev().take_while(|(known, _)| *known == predicate);
        if !alike.into_iter().any(|(_, known)| *known == object) {
            self.properties.insert(last + 1, (predicate, object));
        }
    }

    fn a(&mut self, class: Iri<'g>) {
        self.add(rdf("type"), Term::Iri(class));
    }

    fn link(&mut self, predicate: Iri<'g>, object: Iri<'g>) {
        self.push(predicate, Term::Iri(object));
    }

    /// A string on one line, unless nothing is left of it.
    fn name(&mut self, predicate: Iri<'g>, value: &'g str) {
        let value = text::name(value);
        if !value.is_empty() {
            self.value(predicate, value, "string");
        }
    }

    fn value(
        &mut self,
        predicate: Iri<'g>,
        value: impl Into<Cow<'g, str>>,
        datatype: &'static str,
    ) {
        self.push(predicate, Term::Literal(value.into(), datatype));
    }
}

/// Walks the graph, one resource after the other.
///
/// # Errors
/// Those of `visit`.
pub fn visit(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    layout: RdfLayout,
    visit: &mut Visitor<'_>,
) -> io::Result<()> {
    let walk = ResourceWalk::new(graph, ontology, options, layout);
    walk.parts().iter().try_for_each(|part| walk.visit_batch(part, visit))
}

/// How resources become bytes. The parts of a graph are written one by one, each with a new sink.
pub(super) trait Sink: Default {
    /// Writes a resource.
    fn resource(&mut self, resource: &Resource<'_>, out: &mut Vec<u8>);

    /// Writes what ends a part.
    fn end(&mut self, _out: &mut Vec<u8>) {}
}

/// Writes the graph, many resources at a time; the order is that of [`visit`].
///
/// # Errors
/// Those of `out`.
pub(super) fn write<S: Sink>(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    layout: RdfLayout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let walk = ResourceWalk::new(graph, ontology, options, layout);
    let make = |part: &ResourceBatch, bytes: &mut Vec<u8>| {
        let mut sink = S::default();
        let done = walk.visit_batch(part, &mut |resource| {
            sink.resource(resource, bytes);
            Ok(())
        });
        sink.end(bytes);
        done
    };
    ordered::write(&walk.parts(), make, out)
}

/// The run is named by what made it: version and model.
fn run_name(options: &Options) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(&[0]);
    hasher.update(options.model.as_deref().unwrap_or_default().as_bytes());
    hasher.finalize().to_hex()[..16].to_owned()
}

/// Some resources that follow each other. Ranges are of indices in the graph.
enum ResourceBatch {
    Run,
    Documents(Range<usize>),
    Vocabulary,
    Entities(Range<usize>),
    Comparisons(Range<usize>),
    /// Statements and mentions of documents.
    Statements(Range<usize>),
}

/// A document with its statements.
struct DocumentStatements<'g> {
    document: &'g GraphDocument,
    statements: Vec<GraphStatement>,
    sentences: Vec<GraphSentence>,
}

impl DocumentStatements<'_> {
    fn sentence(&self, statement: &GraphStatement) -> Option<&GraphSentence> {
        let number = statement.evidence.sentence;
        let at = self.sentences.binary_search_by_key(&number, |sentence| sentence.number).ok()?;
        self.sentences.get(at)
    }
}

struct ResourceWalk<'g> {
    graph: &'g KnowledgeGraph,
    ontology: &'g Ontology,
    options: &'g Options,
    layout: RdfLayout,
    run: String,
    used: Vec<bool>,
    /// The statements of each subject, groups replaced by their members; sorted.
    facts: Vec<(EntityId, StatementId)>,
    predicates: Predicates<'g>,
    /// Types from other vocabularies, by class.
    types: Vec<Vec<Iri<'g>>>,
}

impl<'g> ResourceWalk<'g> {
    fn new(
        graph: &'g KnowledgeGraph,
        ontology: &'g Ontology,
        options: &'g Options,
        layout: RdfLayout,
    ) -> Self {
        let mut facts = Vec::with_capacity(graph.keys.len());
        for (id, key) in (0..).map(StatementId).zip(&graph.keys) {
            let subjects = graph.members(key.subject).into_iter();
            facts.extend(subjects.map(|subject| (subject, id)));
        }
        facts.par_sort_unstable();
        let classes = (0..).map(ClassId).take(ontology.classes().len());
        let types = classes.map(|class| external_types(ontology, class)).collect();
        let (run, used) = (run_name(options), graph.used());
        let predicates = Predicates::new(graph, ontology);
        Self { graph, ontology, options, layout, run, used, facts, predicates, types }
    }

    /// The whole graph in parts.
    fn parts(&self) -> Vec<ResourceBatch> {
        let graph = self.graph;
        let mut parts = vec![ResourceBatch::Run];
        parts.extend(ordered::parts(graph.documents.len()).map(ResourceBatch::Documents));
        parts.push(ResourceBatch::Vocabulary);
        parts.extend(ordered::parts(graph.entities.len()).map(ResourceBatch::Entities));
        parts.extend(ordered::parts(graph.comparisons.len()).map(ResourceBatch::Comparisons));
        let (mut first, mut written) = (0, 0);
        for number in 0..graph.documents.len() {
            let end = graph.of(DocumentId::from(number)).end;
            if end - written >= ordered::PART || number + 1 == graph.documents.len() {
                parts.push(ResourceBatch::Statements(first..number + 1));
                (first, written) = (number + 1, end);
            }
        }
        parts
    }

    fn visit_batch(&self, part: &ResourceBatch, visit: &mut Visitor<'_>) -> io::Result<()> {
        let graph = self.graph;
        match part {
            ResourceBatch::Run => visit(&self.run()),
            ResourceBatch::Documents(range) => {
                let documents = graph.documents[range.clone()].iter();
                documents.map(|document| self.document(document)).try_for_each(|it| visit(&it))
            }
            ResourceBatch::Vocabulary => self.vocabulary(visit),
            ResourceBatch::Entities(range) => {
                for index in range.clone().filter(|&index| self.used[index]) {
                    let id = EntityId(index as u32);
                    let entity = graph.entities.get(id);
                    let mut resource = self.entity(id, &entity);
                    if self.layout == RdfLayout::Triples {
                        self.facts(id, None, &mut resource);
                    }
                    visit(&resource)?;
                }
                Ok(())
            }
            ResourceBatch::Comparisons(range) => {
                for comparison in &graph.comparisons[range.clone()] {
                    let Comparison { left, right, .. } = comparison.comparison;
                    if self.used[left.index()] && self.used[right.index()] {
                        visit(&self.comparison(comparison))?;
                    }
                }
                Ok(())
            }
            ResourceBatch::Statements(range) => {
                range.clone().try_for_each(|number| self.visit_document(number, visit))
            }
        }
    }

    /// The statements and mentions of a document.
    fn visit_document(&self, number: usize, visit: &mut Visitor<'_>) -> io::Result<()> {
        let (graph, id) = (self.graph, DocumentId::from(number));
        let document = &graph.documents[number];
        let of_document = DocumentStatements {
            document,
            statements: graph.statements_of(id),
            sentences: graph.sentences(id),
        };
        // One for all: what it holds is dropped each time, its memory is not.
        let mut resource = Resource::new(Iri::document(document));
        if self.layout == RdfLayout::Quads {
            resource.graph = Some(Iri::document(document));
            for subject in self.subjects(&of_document.statements) {
                resource.begin(Iri::entity(graph.entities.slug(subject)));
                self.facts(subject, Some(id), &mut resource);
                if !resource.properties.is_empty() {
                    visit(&resource)?;
                }
            }
        }
        for statement in &of_document.statements {
            resource.begin(Iri::digest(Namespace::Statement, &statement.name()));
            self.statement(&of_document, statement, &mut resource);
            visit(&resource)?;
        }
        self.mentions(&of_document, &mut resource, visit)
    }

    fn run(&self) -> Resource<'_> {
        let mut run = Resource::new(Iri::new(Namespace::Run, &self.run));
        run.a(prov("Activity"));
        run.name(LABEL, concat!("newsgraph ", env!("CARGO_PKG_VERSION")));
        run.name(ng("toolVersion"), env!("CARGO_PKG_VERSION"));
        if let Some(model) = &self.options.model {
            run.name(ng("modelDigest"), model);
        }
        run
    }

    fn document(&self, document: &'g GraphDocument) -> Resource<'g> {
        let mut resource = Resource::new(Iri::document(document));
        resource.a(schema("NewsArticle"));
        resource.a(prov("Entity"));
        resource.a(nif("Context"));
        resource.name(schema("identifier"), &document.id);
        if let Some(title) = &document.title {
            resource.name(schema("headline"), title);
        }
        if let Some(date) = document.published {
            resource.value(schema("datePublished"), text::day(date), "date");
        }
        if let Some(uri) = &document.uri {
            match Iri::parse(uri) {
                Some(iri) => resource.link(schema("url"), iri),
                None => resource.name(schema("url"), uri),
            }
        }
        if let Some(publisher) = &document.publisher {
            resource.name(schema("publisher"), publisher);
        }
        if let Some(original) = document.copy_of {
            let original = &self.graph.documents[original.index()];
            resource.link(ng("copyOf"), Iri::document(original));
        }
        resource
    }

    /// The predicates and classes that this graph uses, and those above them, with their labels.
    fn vocabulary(&self, visit: &mut Visitor<'_>) -> io::Result<()> {
        let mut used = vec![false; self.ontology.properties().len()];
        for property in self.graph.keys.iter().filter_map(|key| key.property) {
            used[usize::from(property.0)] = true;
        }
        let properties = (0..).map(PropertyId).zip(used).filter(|(_, used)| *used);
        let properties = properties.map(|(property, _)| property).collect();
        let mut open: BTreeMap<&str, &str> = BTreeMap::new();
        for (label, slug) in self.predicates.labels() {
            // Labels may differ in case alone; the first stands for all.
            open.entry(slug).or_insert(label);
        }
        let above = |property: PropertyId| self.ontology[property].parents.clone();
        for property in closure(properties, above) {
            let property = &self.ontology[property];
            let mut resource = Resource::new(Iri::new(Namespace::Ng, &property.name));
            resource.a(rdf("Property"));
            if property.symmetric {
                resource.a(Iri::term(Namespace::Owl, "SymmetricProperty"));
            }
            resource.name(LABEL, &property.label);
            for &parent in &property.parents {
                let parent = Iri::new(Namespace::Ng, &self.ontology[parent].name);
                resource.link(Iri::term(Namespace::Rdfs, "subPropertyOf"), parent);
            }
            visit(&resource)?;
        }
        let used = self.graph.entities.ids().filter(|id| self.used[id.index()]);
        let classes: Vec<ClassId> = used.map(|id| self.graph.entities.class(id)).collect();
        for class in closure(classes, |class| self.ontology[class].parents.clone()) {
            let class = &self.ontology[class];
            let mut resource = Resource::new(Iri::new(Namespace::Ng, &class.name));
            resource.a(Iri::term(Namespace::Rdfs, "Class"));
            resource.name(LABEL, &class.label);
            for &parent in &class.parents {
                let parent = Iri::new(Namespace::Ng, &self.ontology[parent].name);
                resource.link(Iri::term(Namespace::Rdfs, "subClassOf"), parent);
            }
            // The names of our own classes show their kind to whoever displays the graph.
            if self.ontology.is_own() {
                for kind in class.own_kinds.iter() {
                    resource.name(ng("kind"), kind.as_str());
                }
            }
            visit(&resource)?;
        }
        for (slug, label) in open {
            let mut resource = Resource::new(Iri::open(slug));
            resource.a(ng("OpenPredicate"));
            resource.a(rdf("Property"));
            resource.name(LABEL, label);
            visit(&resource)?;
        }
        Ok(())
    }

    fn entity<'w>(&'w self, id: EntityId, entity: &'w Entity) -> Resource<'w> {
        let mut resource = Resource::new(Iri::entity(&entity.slug));
        resource.a(Iri::new(Namespace::Ng, &self.ontology[entity.class].name));
        for class in &self.types[usize::from(entity.class.0)] {
            resource.a(class.clone());
        }
        let label = text::label(entity);
        if !label.is_empty() {
            resource.value(LABEL, label.clone(), "string");
        }
        for alias in entity.aliases.iter().map(|alias| text::name(alias)) {
            if alias != label && !alias.is_empty() {
                let alias = Term::Literal(alias, "string");
                resource.add(Iri::term(Namespace::Skos, "altLabel"), alias);
            }
        }
        resource.value(ng("named"), if entity.named { "true" } else { "false" }, "boolean");
        let mentions = self.graph.mentions.get(id.index()).copied().unwrap_or_default();
        resource.value(ng("mentions"), mentions.to_string(), "integer");
        for description in entity.descriptions.iter().map(|it| text::name(it)) {
            if !description.is_empty() {
                resource.add(ng("description"), Term::Literal(description, "string"));
            }
        }
        for same in entity.same_as.iter().filter_map(|iri| Iri::parse(iri)) {
            resource.add(Iri::term(Namespace::Owl, "sameAs"), Term::Iri(same));
        }
        for close in entity.close_match.iter().filter_map(|iri| Iri::parse(iri)) {
            resource.add(Iri::term(Namespace::Skos, "closeMatch"), Term::Iri(close));
        }
        for &member in &entity.members {
            resource.add(ng("hasMember"), Term::Iri(Iri::entity(self.graph.entities.slug(member))));
        }
        resource
    }

    /// Why two names are one thing, or two.
    fn comparison(&self, compared: &'g GraphComparison) -> Resource<'g> {
        let comparison = &compared.comparison;
        let [left, right] =
            [comparison.left, comparison.right].map(|id| Iri::entity(self.graph.entities.slug(id)));
        let mut hasher = blake3::Hasher::new();
        for part in [&*left.local, &*right.local, &comparison.names[0], &comparison.names[1]] {
            hasher.update(part.as_bytes());
            hasher.update(&[0]);
        }
        hasher.update(comparison.ground.as_str().as_bytes());
        let hash = hasher.finalize().to_hex();
        let mut resource = Resource::new(Iri::digest(Namespace::Comparison, &hash[..16]));
        resource.a(ng("Comparison"));
        let joined = comparison.left == comparison.right;
        resource.name(ng("outcome"), if joined { "joined" } else { "apart" });
        resource.link(ng("leftEntity"), left);
        resource.link(ng("rightEntity"), right);
        resource.name(ng("leftName"), &comparison.names[0]);
        resource.name(ng("rightName"), &comparison.names[1]);
        resource.name(ng("ground"), comparison.ground.as_str());
        for remark in comparison.remarks.iter().map(|it| text::name(it)) {
            if !remark.is_empty() {
                resource.add(ng("remark"), Term::Literal(remark, "string"));
            }
        }
        resource.value(ng("score"), text::decimal(f32::from(comparison.score) / 100.0), "decimal");
        resource.value(ng("times"), comparison.times.to_string(), "integer");
        let sides = [("leftSentence", "leftDocument"), ("rightSentence", "rightDocument")];
        for ((document, number), (sentence, source)) in compared.sentences.iter().zip(sides) {
            let found = self.graph.sentence_of(*document, *number);
            let document = &self.graph.documents[document.index()];
            resource.link(ng(source), Iri::document(document));
            if let Some(found) = found {
                resource.link(ng(sentence), Iri::passage(document, found.start, found.end));
            }
        }
        resource
    }

    /// Those who are the subject of a statement, groups replaced by their members, in order.
    fn subjects(&self, statements: &[GraphStatement]) -> Vec<EntityId> {
        let members = |s: &GraphStatement| self.graph.members(s.subject);
        let mut subjects: Vec<EntityId> = statements.iter().flat_map(members).collect();
        subjects.sort();
        subjects.dedup();
        subjects
    }

    /// Adds the statements about an entity that may stand as plain triples.
    fn facts<'w>(
        &'w self,
        subject: EntityId,
        document: Option<DocumentId>,
        resource: &mut Resource<'w>,
    ) {
        let first = self.facts.partition_point(|fact| fact.0 < subject);
        let indices = self.facts[first..].iter().take_while(|fact| fact.0 == subject);
        let statements = indices.map(|fact| (fact.1, &self.graph[fact.1]));
        let mut facts: Vec<(Iri<'w>, Term<'w>)> = Vec::new();
        for (id, key) in statements.filter(|(_, key)| self.asserts(key)) {
            if document.is_some_and(|id| key.document != id) {
                continue;
            }
            let predicate = self.predicate(key.property, self.graph.label(key));
            match key.object {
                Some(object) => {
                    let pairs = self.graph.pairs(key.subject, object).into_iter();
                    let objects = pairs.filter(|pair| pair.0 == subject).map(|pair| pair.1);
                    facts.extend(objects.map(|object| {
                        (
                            predicate.clone(),
                            Term::Iri(Iri::entity(self.graph.entities.slug(object))),
                        )
                    }));
                }
                None => {
                    if let Object::Literal { value, datatype } = self.graph.statement(id).object {
                        let value = literal(&value, datatype).into_owned();
                        facts.push((predicate, Term::Literal(value.into(), datatype.as_str())));
                    }
                }
            }
        }
        facts.sort();
        facts.dedup();
        // A thing with many statements has thousands of facts: whole groups, unless an entity's own
        // description has the predicate already.
        let described = resource.properties.len();
        for group in facts.chunk_by(|a, b| a.0 == b.0) {
            let described = &resource.properties[..described];
            if described.iter().any(|(known, _)| *known == group[0].0) {
                group
                    .iter()
                    .cloned()
                    .for_each(|(predicate, object)| resource.add(predicate, object));
            } else {
                resource.properties.extend_from_slice(group);
            }
        }
    }

    fn asserts(&self, key: &StatementKey) -> bool {
        self.options.asserts(key.polarity, key.factuality, key.own_voice)
    }

    fn predicate(&self, property: Option<PropertyId>, label: &str) -> Iri<'_> {
        match property {
            Some(property) => Iri::new(Namespace::Ng, &self.ontology[property].name),
            None => self.open(label),
        }
    }

    /// An open predicate.
    fn open(&self, label: &str) -> Iri<'_> {
        Iri::open(self.predicates.slug(label))
    }

    fn term<'w>(&'w self, object: &'w Object) -> Option<Term<'w>> {
        match object {
            Object::Entity(id) => Some(Term::Iri(Iri::entity(self.graph.entities.slug(*id)))),
            Object::Literal { value, datatype } => {
                Some(Term::Literal(literal(value, *datatype), datatype.as_str()))
            }
            Object::Absent => None,
        }
    }

    fn statement<'w>(
        &'w self,
        of_document: &'w DocumentStatements<'w>,
        statement: &'w GraphStatement,
        resource: &mut Resource<'w>,
    ) {
        let entity = |id: EntityId| Iri::entity(self.graph.entities.slug(id));
        let subject = entity(statement.subject);
        let predicate = self.predicate(statement.property, &statement.predicate);
        let object = self.term(&statement.object);
        let class = if statement.attribute.is_some() { "Attribute" } else { "Statement" };
        resource.link(rdf("type"), ng(class));
        match self.options.rdf_version {
            RdfVersion::V11 => {
                resource.link(rdf("type"), rdf("Statement"));
                resource.link(rdf("subject"), subject);
                resource.link(rdf("predicate"), predicate);
                if let Some(object) = object {
                    resource.push(rdf("object"), object);
                }
            }
            RdfVersion::V12 => match object {
                Some(object) => {
                    let triple = Term::Triple(Box::new((subject, predicate, object)));
                    resource.push(rdf("reifies"), triple);
                }
                // Without an object there is no triple to speak of.
                None => {
                    resource.link(rdf("subject"), subject);
                    resource.link(rdf("predicate"), predicate);
                }
            },
        }
        self.group(ng("subjectMember"), statement.subject, resource);
        if let Object::Entity(object) = statement.object {
            self.group(ng("objectMember"), object, resource);
        }
        resource.name(ng("phrase"), &statement.predicate);
        if !statement.wording.is_empty() {
            resource.value(ng("wording"), text::passage(&statement.wording), "string");
        }
        resource.value(ng("claim"), String::from(statement.claim_name()), "string");
        if let Some(kind) = statement.attribute {
            resource.name(ng("attribute"), kind.as_str());
        }
        resource.value(ng("polarity"), statement.polarity.as_str(), "string");
        resource.value(ng("factuality"), statement.factuality.as_str(), "string");
        resource.value(ng("confidence"), text::decimal(statement.confidence), "decimal");
        for (nth, &source) in statement.attribution.iter().enumerate() {
            let predicate = if nth == 0 { prov("wasAttributedTo") } else { ng("relayedBy") };
            resource.add(predicate, Term::Iri(entity(source)));
        }
        if let Some(time) = &statement.time {
            let (value, datatype) = time_term(time);
            resource.value(ng("time"), value, datatype);
        }
        if let Some((first, last)) = days(&statement.interval) {
            resource.value(ng("timeStart"), first, "date");
            resource.value(ng("timeEnd"), last, "date");
        }
        if let Some(place) = statement.place {
            resource.link(ng("place"), entity(place));
        }
        for (role, filler) in &statement.qualifiers {
            let known = ROLES.iter().find(|known| ***known == **role);
            let predicate = known.map_or_else(|| self.open(role), |role| ng(role));
            if let Some(filler) = self.term(filler) {
                resource.add(predicate, filler);
            }
        }
        resource.name(ng("rule"), &statement.evidence.rule);
        let evidence = &statement.evidence;
        let sentence = of_document.sentence(statement);
        let trigger = sentence.and_then(|s| s.slice(evidence.trigger_start, evidence.trigger_end));
        resource.name(ng("trigger"), trigger.unwrap_or_default());
        let span = Iri::passage(of_document.document, evidence.start, evidence.end);
        resource.link(prov("wasDerivedFrom"), span);
        resource.link(prov("wasGeneratedBy"), Iri::new(Namespace::Run, &self.run));
    }

    fn group<'w>(&'w self, predicate: Iri<'w>, id: EntityId, resource: &mut Resource<'w>) {
        if !self.graph.entities.members(id).is_empty() {
            for member in self.graph.members(id) {
                resource.link(predicate.clone(), Iri::entity(self.graph.entities.slug(member)));
            }
        }
    }

    /// Writes the sentences and evidence spans of a document, in text order, each once.
    fn mentions<'w>(
        &'w self,
        of_document: &'w DocumentStatements<'w>,
        resource: &mut Resource<'w>,
        visit: &mut Visitor<'_>,
    ) -> io::Result<()> {
        /// A sentence, or what a statement rests on.
        type What<'w> = Result<&'w GraphSentence, &'w GraphStatement>;
        let (document, sentences) = (of_document.document, of_document.sentences.iter());
        let sentences = sentences.map(|it| (it.start, it.end, What::Ok(it)));
        let spans = of_document.statements.iter();
        let spans = spans.map(|it| (it.evidence.start, it.evidence.end, What::Err(it)));
        let mut passages: Vec<(u32, u32, What<'_>)> = sentences.chain(spans).collect();
        passages.sort_by_key(|&(start, end, _)| (start, end));
        for passage in passages.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let (start, end, what) = passage[0];
            let (kind, words) = match what {
                Ok(sentence) => ("Sentence", Some(&*sentence.text)),
                Err(statement) => {
                    let sentence = of_document.sentence(statement);
                    ("Phrase", sentence.and_then(|sentence| sentence.slice(start, end)))
                }
            };
            resource.begin(Iri::passage(document, start, end));
            resource.link(rdf("type"), nif(kind));
            resource.link(rdf("type"), nif("OffsetBasedString"));
            resource.value(nif("beginIndex"), start.to_string(), "integer");
            resource.value(nif("endIndex"), end.to_string(), "integer");
            resource.value(nif("anchorOf"), text::passage(words.unwrap_or_default()), "string");
            resource.link(nif("referenceContext"), Iri::document(document));
            let statements = passage.iter().filter_map(|(.., what)| what.err());
            for sentence in statements.filter_map(|statement| of_document.sentence(statement)) {
                let sentence = Iri::passage(document, sentence.start, sentence.end);
                resource.add(nif("sentence"), Term::Iri(sentence));
            }
            visit(resource)?;
        }
        Ok(())
    }
}

/// Some ids with all that is above them, sorted, no duplicates.
fn closure<I: Copy + Ord>(mut ids: Vec<I>, above: impl Fn(I) -> Vec<I>) -> Vec<I> {
    ids.sort();
    ids.dedup();
    let mut all: BTreeSet<I> = ids.iter().copied().collect();
    while let Some(id) = ids.pop() {
        ids.extend(above(id).into_iter().filter(|&parent| all.insert(parent)));
    }
    all.into_iter().collect()
}

/// Types from other vocabularies: those of the class, else those of its nearest ancestors.
fn external_types(ontology: &Ontology, class: ClassId) -> Vec<Iri<'_>> {
    let mut level = vec![class];
    for _ in 0..ontology.classes().len() {
        let external = level.iter().flat_map(|&class| &ontology[class].external);
        let mut types: Vec<Iri> = external.filter_map(|iri| Iri::parse(iri)).collect();
        if !types.is_empty() {
            types.sort();
            types.dedup();
            return types;
        }
        level = level.iter().flat_map(|&class| ontology[class].parents.clone()).collect();
        level.sort();
        level.dedup();
    }
    Vec::new()
}

/// The lexical form of a value.
fn literal(value: &str, datatype: Datatype) -> Cow<'_, str> {
    if datatype == Datatype::String { text::name(value) } else { value.into() }
}

/// A time with the datatype of its form; what XML Schema has no type for stays a string.
fn time_term(time: &str) -> (Cow<'_, str>, &'static str) {
    match crate::graph::time_literal(time) {
        Some((value, datatype)) => (value, datatype.as_str()),
        None => (text::name(time), "string"),
    }
}

/// The first and the last day of a statement's time.
pub(super) fn days(interval: &Option<Range<Date>>) -> Option<(String, String)> {
    let days = interval.as_ref()?;
    let last = days.end.yesterday().ok()?.max(days.start);
    Some((text::day(days.start), text::day(last)))
}
