//! The graph as RDF, one resource after the other.
//!
//! Three views of the same: **facts** (`e:a ng:visited e:b`, only what [`Assert`] lets pass),
//! **statements** (`st:x a rdf:Statement`, with polarity, factuality, source, time, place) and
//! **mentions** (sentences and spans as NIF 2.0, offsets in code points). Documents and the run are
//! described with schema.org and PROV-O. The terms are defined in `ontology/statement.ttl`.
//!
//! Resources come in sections: run, documents, vocabulary, entities, comparisons of names, statements,
//! mentions; each
//! subject once, so that a writer needs no memory. With [`Layout::Quads`] the facts, statements and
//! mentions of a document are told in a named graph of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::iri::{Iri, Namespace};
use super::{Assert, Options, RdfVersion, text};
use crate::document::DocumentId;
use crate::entity::{Comparison, EntityId};
use crate::graph::{
    Datatype, GraphComparison, GraphDocument, GraphStatement, KnowledgeGraph, Object, open_slug,
};
use crate::ontology::{ClassId, Ontology, PropertyId};
use crate::statement::{Factuality, Polarity};

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
    "purpose",
    "quantity",
    "recipient",
    "topic",
];

/// The object of a triple.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// A resource.
    Iri(Iri),
    /// A value; the datatype is the local name in XML Schema.
    Literal(String, &'static str),
    /// A triple that is spoken of (RDF 1.2).
    Triple(Box<(Iri, Iri, Term)>),
}

/// One subject with all that is said of it in one graph.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The named graph, `None` for the default graph.
    pub graph: Option<Iri>,
    /// The subject.
    pub iri: Iri,
    /// Predicates, each with its objects, no pair twice.
    pub properties: Vec<(Iri, Vec<Term>)>,
}

/// Where triples go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// All into one graph.
    Triples,
    /// What a document tells into a graph of its own.
    Quads,
}

/// Takes one resource after the other.
pub type Visitor<'v> = dyn FnMut(&Resource) -> io::Result<()> + 'v;

const fn ng(local: &'static str) -> Iri {
    Iri::term(Namespace::Ng, local)
}

const fn rdf(local: &'static str) -> Iri {
    Iri::term(Namespace::Rdf, local)
}

const fn nif(local: &'static str) -> Iri {
    Iri::term(Namespace::Nif, local)
}

const fn prov(local: &'static str) -> Iri {
    Iri::term(Namespace::Prov, local)
}

const fn schema(local: &'static str) -> Iri {
    Iri::term(Namespace::Schema, local)
}

const LABEL: Iri = Iri::term(Namespace::Rdfs, "label");

impl Resource {
    fn new(iri: Iri) -> Self {
        Self { graph: None, iri, properties: Vec::new() }
    }

    fn add(&mut self, predicate: Iri, object: Term) {
        // Most predicates come grouped; what comes late is near the end.
        let recent = self.properties.iter_mut().rev().take(32).find(|(p, _)| *p == predicate);
        match recent {
            Some((_, objects)) if objects.contains(&object) => {}
            Some((_, objects)) => objects.push(object),
            None => self.properties.push((predicate, vec![object])),
        }
    }

    fn link(&mut self, predicate: Iri, object: Iri) {
        self.add(predicate, Term::Iri(object));
    }

    fn a(&mut self, class: Iri) {
        self.link(rdf("type"), class);
    }

    /// A string on one line, unless nothing is left of it.
    fn name(&mut self, predicate: Iri, value: &str) {
        let value = text::name(value);
        if !value.is_empty() {
            self.value(predicate, value.into_owned(), "string");
        }
    }

    fn value(&mut self, predicate: Iri, value: String, datatype: &'static str) {
        self.add(predicate, Term::Literal(value, datatype));
    }
}

/// Walks the graph.
///
/// # Errors
/// Those of `visit`.
pub fn visit(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    layout: Layout,
    visit: &mut Visitor<'_>,
) -> io::Result<()> {
    let walk = Walk { graph, ontology, options, run: run_iri(options), facts: Facts::new(graph) };
    visit(&walk.run())?;
    for document in &graph.documents {
        visit(&walk.document(document))?;
    }
    walk.vocabulary(visit)?;
    for (id, used) in (0..).map(EntityId).zip(graph.used()) {
        if used {
            let mut entity = walk.entity(id);
            if layout == Layout::Triples {
                walk.facts(id, None, &mut entity);
            }
            visit(&entity)?;
        }
    }
    let used = graph.used();
    for comparison in &graph.comparisons {
        let Comparison { left, right, .. } = comparison.comparison;
        if used[left.index()] && used[right.index()] {
            visit(&walk.comparison(comparison))?;
        }
    }
    let mut rest = &graph.statements[..];
    for (number, document) in graph.documents.iter().enumerate() {
        let id = DocumentId::from(number);
        let here = rest.partition_point(|statement| statement.document <= id);
        let (statements, later) = rest.split_at(here);
        rest = later;
        let name = (layout == Layout::Quads).then(|| Iri::document(document));
        let mut tell = |mut resource: Resource| {
            resource.graph.clone_from(&name);
            visit(&resource)
        };
        if layout == Layout::Quads {
            for subject in walk.subjects(statements) {
                let mut resource = Resource::new(Iri::entity(&graph[subject]));
                walk.facts(subject, Some(id), &mut resource);
                if !resource.properties.is_empty() {
                    tell(resource)?;
                }
            }
        }
        for statement in statements {
            tell(walk.statement(document, statement))?;
        }
        for mention in walk.mentions(document, statements) {
            tell(mention)?;
        }
    }
    Ok(())
}

/// The run is named by what made it: version and model.
fn run_iri(options: &Options) -> Iri {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(&[0]);
    hasher.update(options.model.as_deref().unwrap_or_default().as_bytes());
    Iri::new(Namespace::Run, &hasher.finalize().to_hex()[..16])
}

/// The statements of each subject, groups told by their members.
struct Facts {
    of: Vec<Vec<u32>>,
}

impl Facts {
    fn new(graph: &KnowledgeGraph) -> Self {
        let mut of = vec![Vec::new(); graph.entities.len()];
        for (index, statement) in (0..).zip(&graph.statements) {
            for subject in graph.members(statement.subject) {
                of[subject.index()].push(index);
            }
        }
        Self { of }
    }
}

struct Walk<'g> {
    graph: &'g KnowledgeGraph,
    ontology: &'g Ontology,
    options: &'g Options,
    run: Iri,
    facts: Facts,
}

impl Walk<'_> {
    fn run(&self) -> Resource {
        let mut run = Resource::new(self.run.clone());
        run.a(prov("Activity"));
        run.name(LABEL, concat!("newsgraph ", env!("CARGO_PKG_VERSION")));
        run.name(ng("toolVersion"), env!("CARGO_PKG_VERSION"));
        if let Some(model) = &self.options.model {
            run.name(ng("modelDigest"), model);
        }
        run
    }

    fn document(&self, document: &GraphDocument) -> Resource {
        let mut resource = Resource::new(Iri::document(document));
        resource.a(schema("NewsArticle"));
        resource.a(prov("Entity"));
        resource.a(nif("Context"));
        resource.name(schema("identifier"), &document.id);
        if let Some(title) = &document.title {
            resource.name(schema("headline"), title);
        }
        if let Some(date) = document.published {
            resource.value(schema("datePublished"), date.to_string(), "date");
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
        let mut properties = Vec::new();
        let mut open: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for statement in &self.graph.statements {
            match statement.property {
                Some(property) => properties.push(property),
                None => open
                    .entry(open_slug(&statement.predicate))
                    .or_default()
                    .push(&statement.predicate),
            }
            for (role, _) in &statement.qualifiers {
                if !ROLES.contains(&role.as_str()) {
                    open.entry(open_slug(role)).or_default().push(role);
                }
            }
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
        let used = self.graph.entities.iter().zip(self.graph.used()).filter(|(_, used)| *used);
        let classes: Vec<ClassId> = used.map(|(entity, _)| entity.class).collect();
        for class in closure(classes, |class| self.ontology[class].parents.clone()) {
            let class = &self.ontology[class];
            let mut resource = Resource::new(Iri::new(Namespace::Ng, &class.name));
            resource.a(Iri::term(Namespace::Rdfs, "Class"));
            resource.name(LABEL, &class.label);
            for &parent in &class.parents {
                let parent = Iri::new(Namespace::Ng, &self.ontology[parent].name);
                resource.link(Iri::term(Namespace::Rdfs, "subClassOf"), parent);
            }
            visit(&resource)?;
        }
        for (slug, mut labels) in open {
            labels.sort_unstable();
            let mut resource = Resource::new(Iri::open(&slug));
            resource.a(ng("OpenPredicate"));
            resource.a(rdf("Property"));
            // Labels may differ in case alone; the first stands for all.
            resource.name(LABEL, labels.first().copied().unwrap_or_default());
            visit(&resource)?;
        }
        Ok(())
    }

    fn entity(&self, id: EntityId) -> Resource {
        let entity = &self.graph[id];
        let mut resource = Resource::new(Iri::entity(entity));
        resource.a(Iri::new(Namespace::Ng, &self.ontology[entity.class].name));
        for class in external_types(self.ontology, entity.class) {
            resource.a(class);
        }
        let label = text::label(entity);
        resource.name(LABEL, &label);
        for alias in &entity.aliases {
            if text::name(alias) != label {
                resource.name(Iri::term(Namespace::Skos, "altLabel"), alias);
            }
        }
        resource.value(ng("named"), entity.named.to_string(), "boolean");
        let mentions = self.graph.mentions.get(id.index()).copied().unwrap_or_default();
        resource.value(ng("mentions"), mentions.to_string(), "integer");
        for description in &entity.descriptions {
            resource.name(ng("description"), description);
        }
        for same in entity.same_as.iter().filter_map(|iri| Iri::parse(iri)) {
            resource.link(Iri::term(Namespace::Owl, "sameAs"), same);
        }
        for close in entity.close_match.iter().filter_map(|iri| Iri::parse(iri)) {
            resource.link(Iri::term(Namespace::Skos, "closeMatch"), close);
        }
        for &member in &entity.members {
            resource.link(ng("hasMember"), Iri::entity(&self.graph[member]));
        }
        resource
    }

    /// Why two names are one thing, or two.
    fn comparison(&self, told: &GraphComparison) -> Resource {
        let comparison = &told.comparison;
        let [left, right] =
            [comparison.left, comparison.right].map(|id| Iri::entity(&self.graph[id]));
        let mut hasher = blake3::Hasher::new();
        for part in [&*left.local, &*right.local, &comparison.names[0], &comparison.names[1]] {
            hasher.update(part.as_bytes());
            hasher.update(&[0]);
        }
        hasher.update(comparison.ground.as_str().as_bytes());
        let hash = hasher.finalize().to_hex();
        let mut resource = Resource::new(Iri::new(Namespace::Comparison, &hash[..16]));
        resource.a(ng("Comparison"));
        let joined = comparison.left == comparison.right;
        resource.name(ng("outcome"), if joined { "joined" } else { "apart" });
        resource.link(ng("leftEntity"), left);
        resource.link(ng("rightEntity"), right);
        resource.name(ng("leftName"), &comparison.names[0]);
        resource.name(ng("rightName"), &comparison.names[1]);
        resource.name(ng("ground"), comparison.ground.as_str());
        for remark in &comparison.remarks {
            resource.name(ng("remark"), remark);
        }
        resource.value(ng("score"), text::decimal(f32::from(comparison.score) / 100.0), "decimal");
        resource.value(ng("times"), comparison.times.to_string(), "integer");
        let sides = [("leftSentence", "leftDocument"), ("rightSentence", "rightDocument")];
        for ((document, number), (sentence, source)) in told.sentences.iter().zip(sides) {
            let document = &self.graph.documents[document.index()];
            resource.link(ng(source), Iri::document(document));
            if let Some(found) = document.sentence(*number) {
                resource.link(ng(sentence), Iri::passage(document, found.start, found.end));
            }
        }
        resource
    }

    /// Those who are the subject of a statement, groups told by their members, in order.
    fn subjects(&self, statements: &[GraphStatement]) -> Vec<EntityId> {
        let members = |s: &GraphStatement| self.graph.members(s.subject);
        let mut subjects: Vec<EntityId> = statements.iter().flat_map(members).collect();
        subjects.sort();
        subjects.dedup();
        subjects
    }

    /// Adds what may be said of an entity without naming the source.
    fn facts(&self, subject: EntityId, document: Option<DocumentId>, resource: &mut Resource) {
        let all = &self.graph.statements;
        let mut indices = &self.facts.of[subject.index()][..];
        if let Some(id) = document {
            let first = indices.partition_point(|&index| all[index as usize].document < id);
            let end = indices.partition_point(|&index| all[index as usize].document <= id);
            indices = &indices[first..end];
        }
        let mut facts: Vec<(Iri, Term)> = Vec::new();
        for &index in indices {
            let statement = &all[index as usize];
            if !self.asserts(statement) {
                continue;
            }
            let predicate = self.predicate(statement);
            match &statement.object {
                Object::Entity(_) => {
                    let pairs = self.graph.pairs(statement).into_iter();
                    let objects = pairs.filter(|pair| pair.0 == subject).map(|pair| pair.1);
                    facts.extend(objects.map(|object| {
                        (predicate.clone(), Term::Iri(Iri::entity(&self.graph[object])))
                    }));
                }
                literal => facts.push((predicate, self.term(literal))),
            }
        }
        facts.sort();
        facts.dedup();
        let described = resource.properties.len();
        // A thing that much is said of has thousands of facts: whole groups, unless an entity's own
        // description has the predicate already.
        for group in facts.chunk_by(|a, b| a.0 == b.0) {
            let predicate = &group[0].0;
            let objects = group.iter().map(|(_, object)| object.clone());
            if resource.properties.iter().take(described).any(|(known, _)| known == predicate) {
                objects.for_each(|object| resource.add(predicate.clone(), object));
            } else {
                resource.properties.push((predicate.clone(), objects.collect()));
            }
        }
    }

    fn asserts(&self, statement: &GraphStatement) -> bool {
        let own_voice = statement.attribution.is_empty();
        statement.polarity == Polarity::Positive
            && match (self.options.assert, statement.factuality) {
                (Assert::None, _) | (_, Factuality::Denied) => false,
                (Assert::All, _) => true,
                (Assert::Attributed, Factuality::Asserted | Factuality::Claimed) => true,
                (Assert::Factual, Factuality::Asserted) => own_voice,
                _ => false,
            }
    }

    fn predicate(&self, statement: &GraphStatement) -> Iri {
        match statement.property {
            Some(property) => Iri::new(Namespace::Ng, &self.ontology[property].name),
            None => Iri::open(&open_slug(&statement.predicate)),
        }
    }

    fn term(&self, object: &Object) -> Term {
        match object {
            Object::Entity(id) => Term::Iri(Iri::entity(&self.graph[*id])),
            Object::Literal { value, datatype: Datatype::String } => {
                Term::Literal(text::name(value).into_owned(), "string")
            }
            Object::Literal { value, datatype } => Term::Literal(value.clone(), datatype.as_str()),
        }
    }

    fn statement(&self, document: &GraphDocument, statement: &GraphStatement) -> Resource {
        let entity = |id: EntityId| Iri::entity(&self.graph[id]);
        let mut resource = Resource::new(Iri::new(Namespace::Statement, &statement.id));
        let subject = entity(statement.subject);
        let (predicate, object) = (self.predicate(statement), self.term(&statement.object));
        resource.a(ng("Statement"));
        match self.options.rdf_version {
            RdfVersion::V11 => {
                resource.a(rdf("Statement"));
                resource.link(rdf("subject"), subject);
                resource.link(rdf("predicate"), predicate);
                resource.add(rdf("object"), object);
            }
            RdfVersion::V12 => {
                let triple = Term::Triple(Box::new((subject, predicate, object)));
                resource.add(rdf("reifies"), triple);
            }
        }
        self.group(ng("subjectMember"), statement.subject, &mut resource);
        if let Object::Entity(object) = statement.object {
            self.group(ng("objectMember"), object, &mut resource);
        }
        resource.name(ng("phrase"), &statement.predicate);
        resource.value(ng("polarity"), statement.polarity.as_str().to_owned(), "string");
        resource.value(ng("factuality"), statement.factuality.as_str().to_owned(), "string");
        resource.value(ng("confidence"), text::decimal(statement.confidence), "decimal");
        for (nth, &source) in statement.attribution.iter().enumerate() {
            let predicate = if nth == 0 { prov("wasAttributedTo") } else { ng("relayedBy") };
            resource.link(predicate, entity(source));
        }
        if let Some(time) = &statement.time {
            let (value, datatype) = time_term(time);
            resource.value(ng("time"), value, datatype);
        }
        if let Some((first, last)) = days(statement) {
            resource.value(ng("timeStart"), first, "date");
            resource.value(ng("timeEnd"), last, "date");
        }
        if let Some(place) = statement.place {
            resource.link(ng("place"), entity(place));
        }
        for (role, filler) in &statement.qualifiers {
            let known = ROLES.iter().find(|known| *known == role);
            let predicate = known.map_or_else(|| Iri::open(&open_slug(role)), |role| ng(role));
            resource.add(predicate, self.term(filler));
        }
        resource.name(ng("rule"), &statement.evidence.rule);
        let evidence = &statement.evidence;
        let sentence = self.graph.sentence(statement);
        let trigger = sentence.and_then(|s| s.slice(evidence.trigger_start, evidence.trigger_end));
        resource.name(ng("trigger"), trigger.unwrap_or_default());
        let span = Iri::passage(document, evidence.start, evidence.end);
        resource.link(prov("wasDerivedFrom"), span);
        resource.link(prov("wasGeneratedBy"), self.run.clone());
        resource
    }

    fn group(&self, predicate: Iri, id: EntityId, resource: &mut Resource) {
        if !self.graph[id].members.is_empty() {
            for member in self.graph.members(id) {
                resource.link(predicate.clone(), Iri::entity(&self.graph[member]));
            }
        }
    }

    /// Sentences and evidence spans of a document, in text order, each once.
    fn mentions(&self, document: &GraphDocument, statements: &[GraphStatement]) -> Vec<Resource> {
        let mut passages: BTreeMap<(u32, u32), Resource> = BTreeMap::new();
        let context = Iri::document(document);
        let passage = |start: u32, end: u32, words: &str, kind: Iri| {
            let mut resource = Resource::new(Iri::passage(document, start, end));
            resource.a(kind);
            resource.a(nif("OffsetBasedString"));
            resource.value(nif("beginIndex"), start.to_string(), "integer");
            resource.value(nif("endIndex"), end.to_string(), "integer");
            resource.value(nif("anchorOf"), text::passage(words).into_owned(), "string");
            resource.link(nif("referenceContext"), context.clone());
            resource
        };
        for sentence in &document.sentences {
            let (start, end) = (sentence.start, sentence.end);
            let resource = passage(start, end, &sentence.text, nif("Sentence"));
            passages.entry((start, end)).or_insert(resource);
        }
        for statement in statements {
            let evidence = &statement.evidence;
            let (start, end) = (evidence.start, evidence.end);
            let sentence = self.graph.sentence(statement);
            let words = sentence.and_then(|s| s.slice(start, end)).unwrap_or_default();
            let resource = passages
                .entry((start, end))
                .or_insert_with(|| passage(start, end, words, nif("Phrase")));
            if let Some(sentence) = sentence {
                let sentence = Iri::passage(document, sentence.start, sentence.end);
                resource.link(nif("sentence"), sentence);
            }
        }
        passages.into_values().collect()
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
fn external_types(ontology: &Ontology, class: ClassId) -> Vec<Iri> {
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

/// A time with the datatype of its form; what XML Schema has no type for stays a string.
fn time_term(time: &str) -> (String, &'static str) {
    match crate::graph::time_literal(time) {
        Some((value, datatype)) => (value, datatype.as_str()),
        None => (text::name(time).into_owned(), "string"),
    }
}

/// The first and the last day of a statement's time.
pub(super) fn days(statement: &GraphStatement) -> Option<(String, String)> {
    let days = statement.interval.as_ref()?;
    let last = days.end.yesterday().ok()?.max(days.start);
    Some((days.start.to_string(), last.to_string()))
}
