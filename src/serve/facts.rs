//! Parts of a stored graph as the explorer shows them: entities by name, statements about an entity.
//!
//! The [`Index`] is made once, when the graph is loaded; everything else is looked up.

use std::cmp::Reverse;

use oxigraph::model::{NamedNode, NamedOrBlankNode, Term, Triple};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::places;
use crate::export::explorer::{
    Compared, Data, ExplorerDocument, ExplorerEntity, ExplorerObject, ExplorerPredicate,
    ExplorerSentence, ExplorerStatement, KINDS, is_web, least_sure,
};
use crate::export::iri::{Iri, Namespace};
use crate::export::text;
use crate::graph::{fold, rank};
use crate::ontology::Kind;
use crate::store::Store;

/// Statements of one entity that are shown.
const OF_ENTITY: usize = 2_000;

/// Statements that are shown of what lies around it.
const AROUND: usize = 3_000;

/// Names that a search gives.
const FOUND: usize = 30;

/// What the whole graph is searched for.
#[derive(Default)]
pub(super) struct Index {
    /// Most statements first.
    entities: Vec<IndexEntry>,
    at: FxHashMap<NamedNode, usize>,
    statements: usize,
}

/// An [`Index`] as it goes from one process to another: IRI, names, degree and place of each entity, and
/// the number of statements.
pub(super) type IndexParts = (Vec<(String, String, usize, Option<[i32; 2]>)>, usize);

struct IndexEntry {
    iri: NamedNode,
    /// All names, lower case, each after a line break.
    names: String,
    degree: usize,
    /// Where it is shown.
    place: Option<[i32; 2]>,
}

/// An entity that a search found.
#[derive(Debug, Serialize)]
pub(super) struct SearchHit {
    id: String,
    label: String,
    class: String,
    degree: usize,
}

impl From<IndexParts> for Index {
    fn from((entities, statements): IndexParts) -> Self {
        let entry = |(iri, names, degree, place): (String, _, _, _)| IndexEntry {
            iri: NamedNode::new_unchecked(iri),
            names,
            degree,
            place,
        };
        Self::of(entities.into_iter().map(entry).collect(), statements)
    }
}

/// Properties that make an entity part of a statement, with its members listed one by one.
fn arguments() -> [NamedNode; 4] {
    [
        term(Namespace::Rdf, "subject"),
        term(Namespace::Rdf, "object"),
        term(Namespace::Ng, "subjectMember"),
        term(Namespace::Ng, "objectMember"),
    ]
}

pub(super) fn term(namespace: Namespace, local: &'static str) -> NamedNode {
    NamedNode::new_unchecked(Iri::term(namespace, local).to_string())
}

impl Index {
    /// Counts and names the things of a graph.
    pub(super) fn new(store: &Store) -> Self {
        let places = places::of(store);
        let mut degrees: FxHashMap<NamedNode, usize> = FxHashMap::default();
        for property in arguments() {
            for triple in store.triples(None, Some(&property), None) {
                if let Term::NamedNode(entity) = triple.object {
                    *degrees.entry(entity).or_default() += 1;
                }
            }
        }
        let mut entities: Vec<IndexEntry> = degrees
            .into_iter()
            .map(|(iri, degree)| {
                let mut names = String::new();
                for name in labels(store, &iri).into_iter().chain(aliases(store, &iri)) {
                    names.push('\n');
                    names.push_str(&fold(&name));
                }
                let place = places.get(&iri).copied();
                IndexEntry { iri, names, degree, place }
            })
            .filter(|entry| !entry.names.is_empty())
            .collect();
        entities.sort_by(|a, b| {
            (Reverse(a.degree), a.iri.as_str()).cmp(&(Reverse(b.degree), b.iri.as_str()))
        });
        let subject = term(Namespace::Rdf, "subject");
        let statements = store.triples(None, Some(&subject), None).count();
        Self::of(entities, statements)
    }

    fn of(entities: Vec<IndexEntry>, statements: usize) -> Self {
        let at = entities.iter().enumerate().map(|(at, entry)| (entry.iri.clone(), at)).collect();
        Self { entities, at, statements }
    }

    pub(super) fn parts(self) -> IndexParts {
        let part =
            |entry: IndexEntry| (entry.iri.into_string(), entry.names, entry.degree, entry.place);
        (self.entities.into_iter().map(part).collect(), self.statements)
    }

    /// Entities that are called so: whole names first, then beginnings of names, of words, then
    /// anything; those with most statements first.
    pub(super) fn search(&self, store: &Store, words: &str) -> Vec<SearchHit> {
        let words = fold(words);
        let words = words.trim();
        if words.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(u8, usize)> = Vec::new();
        for (at, entry) in self.entities.iter().enumerate() {
            if let Some(rank) = rank(&entry.names, words) {
                found.push((rank, at));
            }
        }
        found.sort_unstable();
        let found = found.iter().take(FOUND).map(|&(_, at)| &self.entities[at]);
        found
            .map(|entry| SearchHit {
                id: local(&entry.iri),
                label: labels(store, &entry.iri).into_iter().next().unwrap_or_default(),
                class: class(store, &entry.iri).0,
                degree: entry.degree,
            })
            .collect()
    }

    /// The statements about an entity, and those between its neighbors.
    pub(super) fn entity(&self, store: &Store, id: &str) -> Data {
        let iri = NamedNode::new_unchecked(Iri::new(Namespace::Entity, id).to_string());
        let mut seen = FxHashSet::default();
        let mut statements = self.about(store, &iri, OF_ENTITY, &mut seen);
        let mut neighbors: FxHashSet<NamedNode> = FxHashSet::default();
        let mut order = Vec::new();
        for statement in &statements {
            for other in self.entities_of(store, statement) {
                if other != iri && neighbors.insert(other.clone()) {
                    order.push(other);
                }
            }
        }
        let mut around = Vec::new();
        for neighbor in &order {
            if around.len() >= AROUND {
                break;
            }
            for statement in self.about(store, neighbor, AROUND, &mut seen) {
                let inside = self.entities_of(store, &statement);
                if inside.len() > 1 && inside.iter().all(|entity| neighbors.contains(entity)) {
                    around.push(statement);
                }
            }
        }
        around.truncate(AROUND);
        statements.append(&mut around);
        self.data(store, &statements)
    }

    /// A statement, and the others of its sentence.
    pub(super) fn statement(&self, store: &Store, id: &str) -> Data {
        let iri = NamedNode::new_unchecked(Iri::new(Namespace::Statement, id).to_string());
        let sentence = link(store, &iri, Namespace::Prov, "wasDerivedFrom")
            .and_then(|passage| link(store, &passage, Namespace::Nif, "sentence"));
        let mut statements = vec![iri];
        if let Some(sentence) = sentence {
            let inside = term(Namespace::Nif, "sentence");
            let beside = subjects(store, &inside, &sentence);
            statements.extend(beside.iter().flat_map(|passage| derived(store, passage)));
        }
        statements.dedup();
        self.data(store, &statements[..statements.len().min(OF_ENTITY)])
    }

    /// The statements of an article.
    pub(super) fn document(&self, store: &Store, id: &str) -> Data {
        let iri = NamedNode::new_unchecked(Iri::new(Namespace::Document, id).to_string());
        let passages = subjects(store, &term(Namespace::Nif, "referenceContext"), &iri);
        let mut statements: Vec<NamedNode> =
            passages.iter().flat_map(|passage| derived(store, passage)).collect();
        statements.truncate(OF_ENTITY);
        self.data(store, &statements)
    }

    /// The statements between the things that have most of them.
    pub(super) fn overview(&self, store: &Store, entities: usize) -> Data {
        let top: Vec<&NamedNode> =
            self.entities.iter().take(entities.min(5_000)).map(|entry| &entry.iri).collect();
        let inside: FxHashSet<&NamedNode> = top.iter().copied().collect();
        let mut seen = FxHashSet::default();
        let mut statements = Vec::new();
        for entity in &top {
            for statement in self.about(store, entity, OF_ENTITY, &mut seen) {
                let others = self.entities_of(store, &statement);
                if others.iter().all(|other| inside.contains(other)) {
                    statements.push(statement);
                }
            }
            if statements.len() >= 30_000 {
                break;
            }
        }
        self.data(store, &statements)
    }

    /// Statements that an entity takes part in and that were not seen yet, by IRI.
    fn about(
        &self,
        store: &Store,
        entity: &NamedNode,
        limit: usize,
        seen: &mut FxHashSet<NamedNode>,
    ) -> Vec<NamedNode> {
        let object = Term::from(entity.clone());
        let mut statements = Vec::new();
        for property in arguments() {
            for triple in store.triples(None, Some(&property), Some(&object)) {
                if let NamedOrBlankNode::NamedNode(statement) = triple.subject
                    && statements.len() < limit
                    && seen.insert(statement.clone())
                {
                    statements.push(statement);
                }
            }
        }
        statements.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        statements
    }

    fn entities_of(&self, store: &Store, statement: &NamedNode) -> Vec<NamedNode> {
        let mut entities = Vec::new();
        for property in arguments() {
            for entity in iris(store, statement, &property) {
                if self.at.contains_key(&entity) {
                    entities.push(entity);
                }
            }
        }
        entities
    }

    fn data(&self, store: &Store, statements: &[NamedNode]) -> Data {
        let mut builder = FactsBuilder {
            store,
            index: self,
            data: Data::default(),
            documents: FxHashMap::default(),
            sentences: FxHashMap::default(),
            entities: FxHashMap::default(),
            predicates: FxHashMap::default(),
        };
        let mut told = FxHashSet::default();
        for statement in statements {
            if told.insert(statement) {
                builder.statement(statement);
            }
        }
        builder.data.total = Some(self.statements);
        builder.data
    }
}

struct FactsBuilder<'s> {
    store: &'s Store,
    index: &'s Index,
    data: Data,
    documents: FxHashMap<NamedNode, usize>,
    sentences: FxHashMap<NamedNode, usize>,
    entities: FxHashMap<NamedNode, usize>,
    predicates: FxHashMap<NamedNode, usize>,
}

impl FactsBuilder<'_> {
    /// Adds a statement, if it is modelled as this program writes statements.
    fn statement(&mut self, iri: &NamedNode) -> Option<()> {
        let store = self.store;
        let ng = |local| value(store, iri, &term(Namespace::Ng, local));
        let subject = link(store, iri, Namespace::Rdf, "subject")?;
        let predicate = link(store, iri, Namespace::Rdf, "predicate")?;
        let object = object(store, iri, &term(Namespace::Rdf, "object"))?;
        let passage = link(store, iri, Namespace::Prov, "wasDerivedFrom")?;
        let offset = |local| value(store, &passage, &term(Namespace::Nif, local))?.parse().ok();
        let sentence = link(store, &passage, Namespace::Nif, "sentence").unwrap_or(passage.clone());
        let sentence = self.sentence(&sentence)?;
        let mut circumstances = Vec::new();
        for role in crate::export::rdf::ROLES {
            for filler in objects(store, iri, &term(Namespace::Ng, role)) {
                circumstances.push(((*role).to_owned(), self.filler(&filler)));
            }
        }
        // Other roles are prepositions.
        let mut others: Vec<Triple> = store.triples(Some(iri), None, None).collect();
        others.retain(|triple| triple.predicate.as_str().starts_with(Namespace::Open.as_str()));
        others.sort_by_cached_key(ToString::to_string);
        for Triple { predicate, object, .. } in others {
            let role = labels(store, &predicate).into_iter().next();
            circumstances.push((role.unwrap_or_else(|| local(&predicate)), self.filler(&object)));
        }
        let mut sources: Vec<usize> = Vec::new();
        for property in [term(Namespace::Prov, "wasAttributedTo"), term(Namespace::Ng, "relayedBy")]
        {
            sources.extend(iris(store, iri, &property).iter().map(|source| self.entity(source)));
        }
        let statement = ExplorerStatement {
            id: local(iri),
            subject: self.entity(&subject),
            predicate: self.predicate(&predicate),
            object: self.filler(&object),
            phrase: ng("phrase").unwrap_or_default(),
            negative: ng("polarity").as_deref() == Some("negative"),
            factuality: ng("factuality").unwrap_or_default(),
            sources,
            time: ng("time"),
            first: ng("timeStart"),
            last: ng("timeEnd"),
            place: link(store, iri, Namespace::Ng, "place").map(|place| self.entity(&place)),
            circumstances,
            sentence,
            from: offset("beginIndex")?,
            to: offset("endIndex")?,
            trigger: ng("trigger").unwrap_or_default(),
            words: Vec::new(),
            rule: ng("rule").unwrap_or_default(),
            confidence: ng("confidence").and_then(|c| c.parse().ok()).unwrap_or_default(),
        };
        self.data.statements.push(statement);
        Some(())
    }

    fn sentence(&mut self, iri: &NamedNode) -> Option<usize> {
        if let Some(&at) = self.sentences.get(iri) {
            return Some(at);
        }
        let nif = |local| value(self.store, iri, &term(Namespace::Nif, local));
        let (start, text) = (nif("beginIndex")?.parse().ok()?, nif("anchorOf")?);
        let document = link(self.store, iri, Namespace::Nif, "referenceContext")?;
        let document = self.document(&document);
        self.data.sentences.push(ExplorerSentence { document, start, text });
        self.sentences.insert(iri.clone(), self.data.sentences.len() - 1);
        Some(self.data.sentences.len() - 1)
    }

    fn document(&mut self, iri: &NamedNode) -> usize {
        if let Some(&at) = self.documents.get(iri) {
            return at;
        }
        let schema = |local| value(self.store, iri, &term(Namespace::Schema, local));
        self.data.documents.push(ExplorerDocument {
            id: local(iri),
            name: schema("identifier").unwrap_or_else(|| local(iri)),
            title: schema("headline"),
            publisher: schema("publisher"),
            date: schema("datePublished"),
            url: schema("url").filter(|url| is_web(url)),
            copy_of: link(self.store, iri, Namespace::Ng, "copyOf").map(|original| {
                let told = |name| value(self.store, &original, &term(Namespace::Schema, name));
                let name = told("headline").or_else(|| told("identifier"));
                [local(&original), name.unwrap_or_default()]
            }),
        });
        self.documents.insert(iri.clone(), self.data.documents.len() - 1);
        self.data.documents.len() - 1
    }

    fn entity(&mut self, iri: &NamedNode) -> usize {
        if let Some(&at) = self.entities.get(iri) {
            return at;
        }
        let store = self.store;
        let (class, kind) = class(store, iri);
        let all = |namespace, local| values(store, iri, &term(namespace, local));
        let entry = self.index.at.get(iri).map(|&at| &self.index.entities[at]);
        let (degree, place) = entry.map_or((0, None), |entry| (entry.degree, entry.place));
        self.data.entities.push(ExplorerEntity {
            id: local(iri),
            label: labels(store, iri).into_iter().next().unwrap_or_else(|| local(iri)),
            class,
            kind,
            named: all(Namespace::Ng, "named").iter().any(|value| value == "true"),
            aliases: aliases(store, iri),
            descriptions: all(Namespace::Ng, "description"),
            same: all(Namespace::Owl, "sameAs").into_iter().filter(|iri| is_web(iri)).collect(),
            close: (all(Namespace::Skos, "closeMatch").into_iter().filter(|iri| is_web(iri)))
                .collect(),
            compared: compared(store, iri),
            members: Vec::new(),
            degree: Some(degree),
            place,
        });
        let at = self.data.entities.len() - 1;
        self.entities.insert(iri.clone(), at);
        // After the index is known: a group may hold itself. The same property also tells what
        // a text says of an organization; a group is what the text never names.
        if !self.data.entities[at].named {
            let members = iris(store, iri, &term(Namespace::Ng, "hasMember"));
            let members = members.iter().filter(|member| *member != iri);
            let members = members.map(|member| self.entity(member)).collect();
            self.data.entities[at].members = members;
        }
        at
    }

    fn predicate(&mut self, iri: &NamedNode) -> usize {
        if let Some(&at) = self.predicates.get(iri) {
            return at;
        }
        let id = match Iri::parse(iri.as_str()) {
            Some(iri) if iri.namespace != Namespace::Foreign => {
                format!("{}:{}", iri.namespace.prefix(), iri.local)
            }
            _ => iri.as_str().to_owned(),
        };
        let symmetric = term(Namespace::Owl, "SymmetricProperty");
        let types = iris(self.store, iri, &term(Namespace::Rdf, "type"));
        self.data.predicates.push(ExplorerPredicate {
            label: labels(self.store, iri).into_iter().next().unwrap_or_else(|| id.clone()),
            symmetric: types.contains(&symmetric),
            id,
        });
        self.predicates.insert(iri.clone(), self.data.predicates.len() - 1);
        self.data.predicates.len() - 1
    }

    fn filler(&mut self, object: &Term) -> ExplorerObject {
        match object {
            Term::NamedNode(iri) if iri.as_str().starts_with(Namespace::Entity.as_str()) => {
                ExplorerObject::Entity(self.entity(iri))
            }
            other => ExplorerObject::Value(plain(other)),
        }
    }
}

/// Why the names of an entity were joined or kept apart from others.
fn compared(store: &Store, entity: &NamedNode) -> Vec<Compared> {
    let ng = |local| term(Namespace::Ng, local);
    let mut told = subjects(store, &ng("leftEntity"), entity);
    told.extend(subjects(store, &ng("rightEntity"), entity));
    told.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    told.dedup();
    let one = |comparison: &NamedNode| {
        let text = |local| value(store, comparison, &ng(local));
        let sides = ["leftEntity", "rightEntity"];
        let sides = sides.map(|side| link(store, comparison, Namespace::Ng, side));
        let other = sides.into_iter().flatten().find(|side| side != entity);
        let document = |side| {
            let document = link(store, comparison, Namespace::Ng, side);
            let identifier = term(Namespace::Schema, "identifier");
            document.and_then(|it| value(store, &it, &identifier)).unwrap_or_default()
        };
        Some(Compared {
            other: other.map(|it| {
                [local(&it), labels(store, &it).into_iter().next().unwrap_or_else(|| local(&it))]
            }),
            names: [text("leftName")?, text("rightName")?],
            documents: [document("leftDocument"), document("rightDocument")],
            ground: text("ground")?,
            remarks: values(store, comparison, &ng("remark")),
            score: text("score")?.parse().ok()?,
            times: text("times")?.parse().ok()?,
        })
    };
    let mut compared: Vec<Compared> = told.iter().filter_map(one).collect();
    least_sure(&mut compared);
    compared
}

/// Label of the class, and the kind it belongs to.
fn class(store: &Store, entity: &NamedNode) -> (String, String) {
    let ours = |class: &NamedNode| class.as_str().starts_with(Namespace::Ng.as_str());
    let types = iris(store, entity, &term(Namespace::Rdf, "type"));
    let Some(class) = types.into_iter().find(ours) else { return Default::default() };
    let label = labels(store, &class).into_iter().next().unwrap_or_else(|| local(&class));
    let mut level = vec![class];
    // More steps than any tree of classes is deep; a circle ends as well.
    for _ in 0..20 {
        for class in &level {
            let name = class.as_str().trim_start_matches(Namespace::Ng.as_str());
            // The graph gives the kinds of classes that do not follow from their names.
            let told = values(store, class, &term(Namespace::Ng, "kind"));
            let of_kind = |kind: &Kind| told.iter().any(|told| told == kind.as_str());
            let known = KINDS.iter().find(|(kind, known)| *known == name || of_kind(kind));
            if let Some((_, kind)) = known {
                return (label, (*kind).to_owned());
            }
        }
        let above = term(Namespace::Rdfs, "subClassOf");
        level = level.iter().flat_map(|class| iris(store, class, &above)).filter(ours).collect();
        level.truncate(50);
    }
    (label, String::new())
}

/// What rests on a passage.
fn derived(store: &Store, passage: &NamedNode) -> Vec<NamedNode> {
    subjects(store, &term(Namespace::Prov, "wasDerivedFrom"), passage)
}

fn subjects(store: &Store, predicate: &NamedNode, object: &NamedNode) -> Vec<NamedNode> {
    let object = Term::from(object.clone());
    let found = store.triples(None, Some(predicate), Some(&object));
    let mut subjects: Vec<NamedNode> = found
        .filter_map(|triple| match triple.subject {
            NamedOrBlankNode::NamedNode(subject) => Some(subject),
            NamedOrBlankNode::BlankNode(_) => None,
        })
        .collect();
    subjects.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    subjects
}

fn objects(store: &Store, subject: &NamedNode, predicate: &NamedNode) -> Vec<Term> {
    let mut objects: Vec<Term> =
        store.triples(Some(subject), Some(predicate), None).map(|triple| triple.object).collect();
    objects.sort_by_cached_key(Term::to_string);
    objects.dedup();
    objects
}

fn object(store: &Store, subject: &NamedNode, predicate: &NamedNode) -> Option<Term> {
    objects(store, subject, predicate).into_iter().next()
}

fn iris(store: &Store, subject: &NamedNode, predicate: &NamedNode) -> Vec<NamedNode> {
    let objects = objects(store, subject, predicate).into_iter();
    objects
        .filter_map(|object| match object {
            Term::NamedNode(iri) => Some(iri),
            _ => None,
        })
        .collect()
}

fn link(
    store: &Store,
    subject: &NamedNode,
    namespace: Namespace,
    local: &'static str,
) -> Option<NamedNode> {
    iris(store, subject, &term(namespace, local)).into_iter().next()
}

fn values(store: &Store, subject: &NamedNode, predicate: &NamedNode) -> Vec<String> {
    objects(store, subject, predicate).iter().map(plain).collect()
}

fn value(store: &Store, subject: &NamedNode, predicate: &NamedNode) -> Option<String> {
    object(store, subject, predicate).map(|object| plain(&object))
}

fn labels(store: &Store, subject: &NamedNode) -> Vec<String> {
    values(store, subject, &term(Namespace::Rdfs, "label"))
}

fn aliases(store: &Store, subject: &NamedNode) -> Vec<String> {
    values(store, subject, &term(Namespace::Skos, "altLabel"))
}

/// A value without forbidden characters: the file may come from anywhere.
fn plain(term: &Term) -> String {
    match term {
        Term::NamedNode(iri) => iri.as_str().to_owned(),
        Term::Literal(literal) => text::passage(literal.value()).into_owned(),
        Term::BlankNode(node) => node.to_string(),
        Term::Triple(triple) => text::passage(&triple.to_string()).into_owned(),
    }
}

/// What follows the last `/` or `#`.
fn local(iri: &NamedNode) -> String {
    let iri = iri.as_str();
    let at = iri.rfind(['/', '#']).map_or(0, |at| at + 1);
    iri[at..].to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use thin_vec::thin_vec;

    use super::*;

    #[test]
    fn a_served_thing_tells_who_is_who_like_the_page_that_holds_all() {
        use crate::document::{ClusterId, DocumentId};
        use crate::entity::{Comparison, Ground};
        use crate::export::Options;
        use crate::graph::{GraphComparison, fixture};

        let mut graph = fixture::graph();
        let (anna, carl) = (fixture::entity("anna-berg"), fixture::entity("carl-dorn"));
        let document = DocumentId::from(0_usize);
        for (right, score) in [(anna, 90), (carl, 40)] {
            let comparison = Comparison {
                left: anna,
                right,
                names: ["Ms. Berg".to_owned(), "A. <b>Berg".to_owned()],
                places: [(document, ClusterId::from(0_usize)); 2],
                ground: Ground::Surname,
                remarks: vec!["other ages".into()],
                score,
                times: 2,
            };
            graph.comparisons.push(GraphComparison { comparison, sentences: [(document, 0); 2] });
        }
        let mut known = graph.entities.known_mut();
        known.find(|(id, _)| *id == anna).unwrap().1.close_match =
            thin_vec!["https://kb.example/1".into()];
        drop(known);
        graph.documents[1].copy_of = Some(document);
        let ontology = fixture::ontology();
        let whole = serde_json::to_value(Data::new(&graph, &ontology)).unwrap();
        let store = Store::from_graph(&graph, &ontology, &Options::default()).unwrap();
        let served = Index::new(&store).entity(&store, "anna-berg");
        let served = serde_json::to_value(served).unwrap();
        let anna = |data: &serde_json::Value| {
            let entities = data["entities"].as_array().unwrap();
            entities.iter().find(|entity| entity["id"] == "anna-berg").unwrap().clone()
        };
        let (whole_anna, served_anna) = (anna(&whole), anna(&served));
        assert_eq!(whole_anna["compared"], served_anna["compared"]);
        assert_eq!(whole_anna["close"], served_anna["close"]);
        let told = whole_anna["compared"].as_array().unwrap();
        assert_eq!(told.len(), 2);
        assert_eq!(told[0]["other"][0], "carl-dorn", "the least sure first");
        assert!(told[1]["other"].is_null());
        let circumstances = |data: &serde_json::Value| -> BTreeSet<String> {
            let label = |filler: &serde_json::Value| match filler.as_u64() {
                Some(at) => data["entities"][at as usize]["label"].to_string(),
                None => filler.to_string(),
            };
            let statements = data["statements"].as_array().unwrap().iter();
            let told = statements.filter_map(|s| Some((&s["id"], s["circumstances"].as_array()?)));
            told.flat_map(|(id, told)| told.iter().map(move |it| (id, it)))
                .map(|(id, it)| format!("{id} {} {}", it[0], label(&it[1])))
                .collect()
        };
        assert!(circumstances(&served).iter().any(|it| it.contains("despite")));
        assert!(circumstances(&served).is_subset(&circumstances(&whole)));
        let copies = |data: &serde_json::Value| {
            let documents = data["documents"].as_array().unwrap().clone();
            documents.into_iter().filter(|d| !d["copy_of"].is_null()).count()
        };
        assert_eq!((copies(&whole), copies(&served)), (1, 1));
    }
}
