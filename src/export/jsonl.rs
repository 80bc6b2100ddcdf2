//! JSON Lines: one statement a line, with all that a reader or a scorer needs to know of it.
//!
//! A statement about a group is written once for each pair of members, with `.1`, `.2` … after its
//! id and the words of the group under `"group"`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{self, Write};

use compact_str::CompactString;
use serde::Serialize;

use super::{Options, text};
use crate::entity::EntityId;
use crate::extract::Signs;
use crate::graph::{GraphStatement, KnowledgeGraph, Object};
use crate::ontology::Ontology;

/// One line.
#[derive(Clone, Debug, Serialize)]
pub struct JsonLine<'g> {
    id: String,
    doc: Cow<'g, str>,
    subject: JsonEntity<'g>,
    predicate: JsonPredicate<'g>,
    object: Option<JsonFiller<'g>>,
    time: Option<Cow<'g, str>>,
    place: Option<JsonEntity<'g>>,
    polarity: &'static str,
    factuality: &'static str,
    attributed_to: Option<JsonEntity<'g>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    qualifiers: Vec<JsonQualifier<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<Group<'g>>,
    evidence: [JsonEvidence<'g>; 1],
    claim: String,
    wording: Cow<'g, str>,
    rule: Cow<'g, str>,
    confidence: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signs: Vec<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
struct JsonEntity<'g> {
    id: String,
    label: String,
    #[serde(rename = "type")]
    class: &'g str,
    names: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<&'static str, JsonAttribute<'g>>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum JsonAttribute<'g> {
    Number(u64),
    Text(String),
    Entity(JsonEntity<'g>),
    Several(Vec<JsonAttribute<'g>>),
}

#[derive(Clone, Debug, Serialize)]
struct JsonPredicate<'g> {
    id: String,
    label: Cow<'g, str>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum JsonFiller<'g> {
    Entity(JsonEntity<'g>),
    Literal { value: Cow<'g, str>, datatype: String },
}

#[derive(Clone, Debug, Serialize)]
struct JsonQualifier<'g> {
    role: Cow<'g, str>,
    filler: JsonFiller<'g>,
}

#[derive(Clone, Debug, Serialize)]
struct Group<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Cow<'g, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<Cow<'g, str>>,
}

#[derive(Clone, Debug, Serialize)]
struct JsonEvidence<'g> {
    doc: Cow<'g, str>,
    sentence: Cow<'g, str>,
    start: u32,
    end: u32,
}

/// As [`write`], which has no options.
pub(super) fn write_lines(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    _: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    write(graph, ontology, out)
}

/// Writes `graph.jsonl`.
///
/// # Errors
/// Those of `out`.
pub fn write(graph: &KnowledgeGraph, ontology: &Ontology, out: &mut dyn Write) -> io::Result<()> {
    let writer = LineWriter { graph, ontology, signs: false };
    for statement in graph.statements().filter(|statement| statement.attribute.is_none()) {
        for line in writer.lines(&statement) {
            serde_json::to_writer(&mut *out, &line)?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}

/// Subject and object of each line of a statement: groups by their members.
pub(super) fn sides(
    graph: &KnowledgeGraph,
    subject: EntityId,
    object: Option<EntityId>,
) -> Vec<(EntityId, Option<EntityId>)> {
    let is_group = |id: EntityId| !graph.entities.members(id).is_empty();
    match object {
        Some(object) if is_group(subject) || is_group(object) => {
            graph.pairs(subject, object).into_iter().map(|(s, o)| (s, Some(o))).collect()
        }
        Some(object) => vec![(subject, Some(object))],
        None => graph.members(subject).into_iter().map(|s| (s, None)).collect(),
    }
}

/// Writes statements as lines.
#[derive(Clone, Copy, Debug)]
pub struct LineWriter<'g> {
    /// The graph that the statements are from.
    pub graph: &'g KnowledgeGraph,
    /// Its classes and properties.
    pub ontology: &'g Ontology,
    /// Whether to write what each confidence is reckoned from.
    pub signs: bool,
}

impl<'g> LineWriter<'g> {
    /// The lines of a statement: one, or one for each pair of group members.
    pub fn lines(&self, statement: &'g GraphStatement) -> Vec<JsonLine<'g>> {
        let graph = self.graph;
        let object = match statement.object {
            Object::Entity(object) => Some(object),
            Object::Literal { .. } | Object::Absent => None,
        };
        let pairs = sides(graph, statement.subject, object);
        let several = pairs.len() > 1;
        let sentence = graph.sentence(statement).map(|sentence| sentence.text).unwrap_or_default();
        let sentence = text::passage(&sentence);
        let line = |(nth, (subject, object)): (usize, (EntityId, Option<EntityId>))| {
            let mut line = self.line(statement, (subject, object), &sentence);
            if several {
                line.id = format!("{}.{}", line.id, nth + 1);
            }
            line
        };
        pairs.into_iter().enumerate().map(line).collect()
    }

    fn line(
        &self,
        statement: &'g GraphStatement,
        (subject, object): (EntityId, Option<EntityId>),
        sentence: &str,
    ) -> JsonLine<'g> {
        let (graph, ontology) = (self.graph, self.ontology);
        let node = |id: EntityId, words: &'g str| self.node(id, words);
        let document = &graph.documents[statement.document.index()];
        let doc = text::name(&document.id);
        let subject_group = subject != statement.subject;
        let object_group = object.is_some_and(|id| statement.object != Object::Entity(id));
        let words = |words: &'g str, group: bool| if group { "" } else { words };
        let group = (subject_group || object_group).then(|| Group {
            subject: subject_group.then(|| text::name(&statement.subject_text)),
            object: object_group.then(|| text::name(&statement.object_text)),
        });
        let evidence = &statement.evidence;
        JsonLine {
            id: format!("st:{}", statement.name()),
            doc: doc.clone(),
            subject: node(subject, words(&statement.subject_text, subject_group)),
            predicate: JsonPredicate {
                id: statement.predicate_id(ontology),
                label: text::name(&statement.predicate),
            },
            object: match (object, &statement.object) {
                (Some(id), _) => {
                    let words = words(&statement.object_text, object_group);
                    Some(JsonFiller::Entity(node(id, words)))
                }
                (None, literal) => self.filler(literal),
            },
            time: statement.time.as_deref().map(text::name),
            place: statement.place.map(|id| node(id, "")),
            polarity: statement.polarity.as_str(),
            factuality: statement.factuality.as_str(),
            attributed_to: statement.attribution.first().map(|&id| node(id, "")),
            qualifiers: statement
                .qualifiers
                .iter()
                .filter_map(|(role, object)| {
                    let filler = self.filler(object)?;
                    Some(JsonQualifier { role: text::name(role), filler })
                })
                .collect(),
            group,
            evidence: [JsonEvidence {
                doc,
                sentence: sentence.to_owned().into(),
                start: evidence.start,
                end: evidence.end,
            }],
            claim: format!("cl:{}", statement.claim_name()),
            wording: text::passage(&statement.wording).into_owned().into(),
            rule: text::name(&evidence.rule),
            confidence: (f64::from(statement.confidence) * 1e4).round() / 1e4,
            signs: match self.signs {
                true => Signs::of_bits(statement.signs).names().collect(),
                false => Vec::new(),
            },
        }
    }

    fn filler(&self, object: &'g Object) -> Option<JsonFiller<'g>> {
        match object {
            Object::Entity(id) => Some(JsonFiller::Entity(self.node(*id, ""))),
            Object::Literal { value, datatype } => Some(JsonFiller::Literal {
                value: text::name(value),
                datatype: format!("xsd:{}", datatype.as_str()),
            }),
            Object::Absent => None,
        }
    }

    /// An entity; `words` are those of the mention, which are a name for what has no other.
    fn node(&self, id: EntityId, words: &'g str) -> JsonEntity<'g> {
        let node = self.bare(id, words);
        JsonEntity { attributes: self.attributes(id), ..node }
    }

    /// What noun phrases tell of a thing in passing: a value of each kind, or a list of them.
    fn attributes(&self, id: EntityId) -> BTreeMap<&'static str, JsonAttribute<'g>> {
        let mut all: BTreeMap<&'static str, JsonAttribute> = BTreeMap::new();
        for (_, kind, value) in self.graph.attributes(id) {
            let value = match value {
                Object::Entity(id) => JsonAttribute::Entity(self.bare(*id, "")),
                Object::Literal { value, .. } => match value.parse() {
                    Ok(number) => JsonAttribute::Number(number),
                    Err(_) => JsonAttribute::Text(text::name(value).into_owned()),
                },
                Object::Absent => continue,
            };
            match all.entry(kind.as_str()) {
                Entry::Vacant(slot) => {
                    slot.insert(value);
                }
                Entry::Occupied(mut slot) => match slot.get_mut() {
                    JsonAttribute::Several(values) => values.push(value),
                    one => {
                        let first = std::mem::replace(one, JsonAttribute::Number(0));
                        *one = JsonAttribute::Several(vec![first, value]);
                    }
                },
            }
        }
        all
    }

    /// An entity without its attributes.
    fn bare(&self, id: EntityId, words: &'g str) -> JsonEntity<'g> {
        let graph = self.graph;
        let entity = graph.entities.get(id);
        let label = text::label(&entity).into_owned();
        let mut names = vec![label.clone()];
        let words = if entity.named { "" } else { words };
        for name in entity.aliases.iter().map(CompactString::as_str).chain([words]).map(text::name)
        {
            if !name.is_empty() && !names.iter().any(|known| *known == name) {
                names.push(name.into_owned());
            }
        }
        JsonEntity {
            id: format!("e:{}", text::name(&entity.slug)),
            label,
            class: &self.ontology[entity.class].name,
            names,
            attributes: BTreeMap::new(),
        }
    }
}
