//! What lies behind an entity or a statement: its sentences, and the rules that found them.

use crate::entity::{Entity, EntityId};

use super::{GraphDocument, GraphSentence, GraphStatement, KnowledgeGraph, Object, StatementId};

/// What a search word stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Explanation {
    /// One entity.
    Entity(EntityExplanation),
    /// One statement.
    Statement(StatementId),
    /// Several entities bear the name, or several statement ids begin so.
    Several {
        /// The entities, in the order of their slugs.
        entities: Vec<EntityId>,
        /// The statements, in the order of the graph.
        statements: Vec<StatementId>,
    },
}

/// An entity and all that is said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityExplanation {
    /// The entity.
    pub entity: EntityId,
    /// Groups that it belongs to.
    pub groups: Vec<EntityId>,
    /// The statements that name it, or a group of its, in the order of the graph.
    pub statements: Vec<(StatementId, Part)>,
}

/// What an entity is to a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Its subject.
    Subject,
    /// Its object.
    Object,
    /// The source that says it.
    Source,
    /// Its place.
    Place,
    /// Another circumstance.
    Qualifier,
}

/// A statement with all that is needed to print it.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'g> {
    /// The statement; its rule is in `evidence.rule`.
    pub statement: &'g GraphStatement,
    /// The document.
    pub document: &'g GraphDocument,
    /// The sentence.
    pub sentence: Option<&'g GraphSentence>,
    /// The subject.
    pub subject: &'g Entity,
    /// The words of the object: label of the entity, or the literal.
    pub object: &'g str,
    /// The word that fired, if it lies in the sentence.
    pub trigger: Option<&'g str>,
}

/// Finds what `needle` names: an entity by slug, label or alias (`e:` before the slug is allowed,
/// case does not matter), else statements by the beginning of their id (`st:` is allowed, at least
/// four digits).
///
/// A slug wins over a label, a label over an alias. `None` if nothing fits.
pub fn explain(graph: &KnowledgeGraph, needle: &str) -> Option<Explanation> {
    let needle = needle.trim();
    let entities = find_entities(graph, needle);
    if let [entity] = entities[..] {
        return Some(Explanation::Entity(explain_entity(graph, entity)));
    }
    let statements = if entities.is_empty() { find_statements(graph, needle) } else { Vec::new() };
    match (&entities[..], &statements[..]) {
        ([], []) => None,
        ([], &[statement]) => Some(Explanation::Statement(statement)),
        _ => Some(Explanation::Several { entities, statements }),
    }
}

/// The entities that bear a name, the best kind of match only.
pub fn find_entities(graph: &KnowledgeGraph, needle: &str) -> Vec<EntityId> {
    let slug = needle.strip_prefix("e:").unwrap_or(needle);
    let name = needle.to_lowercase();
    let is = |other: &str| other.to_lowercase() == name;
    let all = || (0..).map(EntityId).zip(&graph.entities);
    let by = |fits: &dyn Fn(&Entity) -> bool| -> Vec<EntityId> {
        all().filter(|(_, entity)| fits(entity)).map(|(id, _)| id).collect()
    };
    let mut found = by(&|entity| entity.slug.eq_ignore_ascii_case(slug));
    if found.is_empty() {
        found = by(&|entity| is(&entity.label));
    }
    if found.is_empty() {
        found = by(&|entity| entity.aliases.iter().any(|alias| is(alias)));
    }
    found
}

fn find_statements(graph: &KnowledgeGraph, needle: &str) -> Vec<StatementId> {
    let needle = needle.strip_prefix("st:").unwrap_or(needle).to_ascii_lowercase();
    // An edge of a group statement is named by the statement's id and the number of the edge.
    let needle = needle.split('.').next().unwrap_or_default();
    let is_id = needle.len() >= 4 && needle.bytes().all(|b| b.is_ascii_hexdigit());
    let all = (0..).map(StatementId).zip(&graph.statements);
    all.filter(|(_, statement)| is_id && statement.id.starts_with(needle))
        .map(|(id, _)| id)
        .collect()
}

/// All that is said of an entity, itself or as part of a group.
pub fn explain_entity(graph: &KnowledgeGraph, entity: EntityId) -> EntityExplanation {
    let groups: Vec<EntityId> = (0..)
        .map(EntityId)
        .zip(&graph.entities)
        .filter(|(id, other)| !other.members.is_empty() && *id != entity)
        .filter(|(id, _)| graph.members(*id).contains(&entity))
        .map(|(id, _)| id)
        .collect();
    let fits = |id: EntityId| id == entity || groups.contains(&id);
    let fills = |object: &Object| matches!(object, Object::Entity(id) if fits(*id));
    let part = |statement: &GraphStatement| {
        if fits(statement.subject) {
            Some(Part::Subject)
        } else if fills(&statement.object) {
            Some(Part::Object)
        } else if statement.attribution.iter().any(|&id| fits(id)) {
            Some(Part::Source)
        } else if statement.place.is_some_and(fits) {
            Some(Part::Place)
        } else {
            statement.qualifiers.iter().any(|(_, filler)| fills(filler)).then_some(Part::Qualifier)
        }
    };
    let all = (0..).map(StatementId).zip(&graph.statements);
    let statements = all.filter_map(|(id, statement)| Some((id, part(statement)?))).collect();
    EntityExplanation { entity, groups, statements }
}

/// A statement with its document, sentence and words.
pub fn tell(graph: &KnowledgeGraph, id: StatementId) -> Telling<'_> {
    let statement = &graph[id];
    let sentence = graph.sentence(statement);
    let evidence = &statement.evidence;
    Telling {
        statement,
        document: &graph.documents[statement.document.index()],
        sentence,
        subject: &graph[statement.subject],
        object: match &statement.object {
            Object::Entity(id) => &graph[*id].label,
            Object::Literal { value, .. } => value,
        },
        trigger: sentence.and_then(|s| s.slice(evidence.trigger_start, evidence.trigger_end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture::{entity, graph};

    #[test]
    fn an_entity_is_found_by_slug_label_and_alias() {
        let graph = graph();
        for needle in ["anna-berg", "e:anna-berg", "ANNA berg", " ms. berg "] {
            match explain(&graph, needle) {
                Some(Explanation::Entity(found)) => {
                    assert_eq!(found.entity, entity("anna-berg"));
                    assert_eq!(found.groups, [entity("the-two-ministers-77aa01")]);
                    assert!(found.statements.iter().any(|&(_, part)| part == Part::Object));
                }
                other => panic!("{needle}: {other:?}"),
            }
        }
        assert_eq!(explain(&graph, "nobody"), None);
        assert_eq!(explain(&graph, ""), None);
    }

    #[test]
    fn a_statement_is_found_by_the_beginning_of_its_id() {
        let graph = graph();
        let id = &graph.statements[0].id;
        let expected = Some(Explanation::Statement(StatementId(0)));
        assert_eq!(explain(&graph, id), expected);
        assert_eq!(explain(&graph, &format!("st:{}", &id[..10])), expected);
        assert_eq!(explain(&graph, &id[..2]), None);
        assert_eq!(tell(&graph, StatementId(0)).trigger, Some("visited"));
    }
}
