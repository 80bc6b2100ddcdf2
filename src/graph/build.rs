//! From readings to a graph: mentions become entities, statements get ids, relations their support.

use std::borrow::Cow;
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

use compact_str::CompactString;
use hashbrown::HashTable;
use jiff::civil::Date;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::attributes::Attributes;
use super::{
    Datatype, GraphComparison, GraphDocument, GraphEvidence, GraphSentence, GraphStatement,
    KnowledgeGraph, Object, Relation, Sentences, StatementId, StatementKey, open_slug,
};
use crate::document::{
    ClusterId, CodePoints, Document, DocumentId, MentionId, MentionKind, SentenceId, Span,
};
use crate::entity::{Comparison, Entities, EntityId, Resolution};
use crate::error::{Error, Result};
use crate::ontology::{Ontology, PropertyId};
use crate::shelf::Shelf;
use crate::statement::{Argument, Factuality, Polarity, Reading, Statement, Wording};

/// Builds the graph of a corpus.
///
/// Statements whose subject is no entity, or equals the object, are dropped. Statements of one
/// sentence that agree in subject, predicate, object, polarity and factuality (a symmetric one also
/// with its sides exchanged) become one: the most confident, with the qualifiers of all. A sentence
/// that a document repeats word for word says the same thing once, and so does a document that comes
/// twice (same id, same text). Nothing depends on the order of `readings`.
///
/// The graph takes the entities and comparisons out of the resolution.
///
/// # Errors
/// [`crate::Error::Io`] when the readings cannot be read.
pub fn build(
    readings: &Shelf,
    resolution: &mut Resolution,
    ontology: &Ontology,
) -> Result<KnowledgeGraph> {
    let order = DocumentOrder::new(readings)?;
    let comparisons = comparisons(readings, resolution, &order)?;
    let mut graph = KnowledgeGraph::spilling(readings.spill()?);
    graph.mentions = vec![0; resolution.entities.len()];
    graph.entities = std::mem::take(&mut resolution.entities);
    graph.entities.renumber(&order.places);
    graph.comparisons = comparisons;
    let compared = compared_sentences(&graph.comparisons);
    for (number, &reading_index) in order.readings.iter().enumerate() {
        let reading = &readings.get(reading_index)?;
        let of = resolution.of.get(reading_index).map_or(&[][..], Vec::as_slice);
        for (cluster_index, cluster) in reading.clusters.iter().enumerate() {
            if let Some(&entity) = of.get(cluster_index) {
                graph.mentions[entity.index()] += cluster.mentions.len() as u32;
            }
        }
        let hash = order.hashes[reading_index].clone();
        let context = ReadingContext::new(reading, DocumentId::from(number), of, &graph.entities);
        let mut statements = context.statements(ontology);
        let mut ids = FxHashSet::default();
        for statement in &mut statements {
            statement.id = statement_id(&hash, statement, &graph.entities, ontology, &mut ids);
            statement.claim = claim_id(&hash, statement);
        }
        let copy_of = resolution.copy_of.get(reading_index).copied().flatten();
        let copy_of = copy_of.map(|original| order.places[original.index()]);
        let more = compared.get(&context.id).map_or(&[][..], Vec::as_slice);
        // The same article twice is no copy of itself.
        let copy_of = copy_of.filter(|&original| original != context.id);
        let sentences = graph.add_sentences(&context.sentences(&statements, more));
        let document = context.document(hash, sentences);
        graph.documents.push(GraphDocument { copy_of, ..document });
        statements.iter().for_each(|statement| graph.push(statement));
    }
    graph.check().map_err(Error::io(readings.path()))?;
    connect(&mut graph, ontology);
    Ok(graph)
}

/// The documents in the order of the graph.
struct DocumentOrder {
    /// Indices of the readings that are kept.
    readings: Vec<usize>,
    /// The digest of each reading.
    hashes: Vec<String>,
    /// Where each reading is in the graph.
    places: Vec<DocumentId>,
}

impl DocumentOrder {
    fn new(readings: &Shelf) -> Result<Self> {
        let names: Vec<(String, String)> = (0..readings.len())
            .into_par_iter()
            .map(|index| {
                let document = readings.get(index)?.document;
                let hash = document_hash(&document);
                Ok((document.id, hash))
            })
            .collect::<Result<_>>()?;
        let key = |&index: &usize| &names[index];
        let mut sorted: Vec<usize> = (0..readings.len()).collect();
        sorted.sort_by_key(key);
        let mut places = vec![DocumentId(0); readings.len()];
        let mut kept: Vec<usize> = Vec::new();
        for index in sorted {
            if kept.last().is_none_or(|last| key(last) != key(&index)) {
                kept.push(index);
            }
            places[index] = DocumentId::from(kept.len() - 1);
        }
        let hashes = names.into_iter().map(|(_, hash)| hash).collect();
        Ok(Self { readings: kept, hashes, places })
    }
}

/// A digest of parts; no two lists of parts are spelled alike.
fn digest(parts: &[&str]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut first = [0; 8];
    hasher.finalize_xof().fill(&mut first);
    u64::from_be_bytes(first)
}

fn document_hash(document: &Document) -> String {
    format!("{:016x}", digest(&[&document.id, &document.text]))
}

/// A comparison of one entity's names with this score or a higher one is written without sentences as
/// evidence.
const SURE: u8 = 95;

/// The comparisons with their sentences; between documents of the graph.
fn comparisons(
    readings: &Shelf,
    resolution: &mut Resolution,
    order: &DocumentOrder,
) -> Result<Vec<GraphComparison>> {
    let compared = std::mem::take(&mut resolution.comparisons);
    // Each reading is opened once, whatever is compared in it.
    let mut places: Vec<(usize, usize, usize)> = (0..compared.len())
        .flat_map(|nth| [0, 1].map(|side| (compared[nth].places[side].0.index(), nth, side)))
        .collect();
    places.sort_unstable();
    let places: Vec<_> = places.chunk_by(|a, b| a.0 == b.0).collect();
    let found: Vec<Vec<SentenceId>> = places
        .par_iter()
        .map(|places| {
            let reading = readings.get(places[0].0)?;
            let text = &reading.document.text;
            let mention = |id: &MentionId| &reading.mentions[id.index()];
            // Where each cluster is first called by each name; a cluster is compared many times.
            let mut called: FxHashMap<ClusterId, FxHashMap<&str, SentenceId>> =
                FxHashMap::default();
            let sentence = |&(_, nth, side): &(usize, usize, usize)| {
                let Comparison { places, names, .. } = &compared[nth];
                let cluster = &reading.clusters[places[side].1.index()];
                let called = called.entry(places[side].1).or_insert_with(|| {
                    let mentions = cluster.mentions.iter().rev().map(mention);
                    mentions.map(|mention| (mention.span.of(text), mention.sentence)).collect()
                });
                let known = called.get(&*names[side]).copied();
                known.unwrap_or_else(|| mention(&cluster.representative).sentence)
            };
            Ok(places.iter().map(sentence).collect())
        })
        .collect::<Result<_>>()?;
    let mut sentences = vec![[(DocumentId(0), 0); 2]; compared.len()];
    for (places, found) in places.into_iter().zip(found) {
        for (&(reading, nth, side), sentence) in places.iter().zip(found) {
            sentences[nth][side] = (order.places[reading], sentence.0);
        }
    }
    let compared = compared.into_iter().zip(sentences);
    Ok(compared.map(|(comparison, sentences)| GraphComparison { comparison, sentences }).collect())
}

/// The sentences to keep for the sake of comparisons.
pub(super) fn compared_sentences(
    comparisons: &[GraphComparison],
) -> FxHashMap<DocumentId, Vec<u32>> {
    let mut sentences: FxHashMap<DocumentId, Vec<u32>> = FxHashMap::default();
    for GraphComparison { comparison, sentences: places } in comparisons {
        if comparison.left != comparison.right || comparison.score < SURE {
            for (document, number) in places {
                sentences.entry(*document).or_default().push(*number);
            }
        }
    }
    sentences
}

fn statement_id(
    document: &str,
    statement: &GraphStatement,
    entities: &Entities,
    ontology: &Ontology,
    taken: &mut FxHashSet<u64>,
) -> u64 {
    let object = match &statement.object {
        Object::Entity(id) => format!("e:{}", entities.slug(*id)),
        Object::Literal { value, datatype } => format!("{}:{value}", datatype.as_str()),
        Object::Absent => String::new(),
    };
    let evidence = &statement.evidence;
    let span = format!("{},{}", evidence.start, evidence.end);
    let predicate = statement.predicate_id(ontology);
    for attempt in 0_u32.. {
        let id = digest(&[
            document,
            &span,
            entities.slug(statement.subject),
            &predicate,
            &object,
            statement.polarity.as_str(),
            statement.factuality.as_str(),
            &attempt.to_string(),
        ]);
        if taken.insert(id) {
            return id;
        }
    }
    unreachable!("more statements than u32 can count")
}

/// A digest of the clause or noun that a statement is told by.
fn claim_id(document: &str, statement: &GraphStatement) -> u64 {
    let GraphEvidence { trigger_start, trigger_end, .. } = statement.evidence;
    digest(&["claim", document, &format!("{trigger_start},{trigger_end}")])
}

/// One reading with what is needed to look its mentions up.
struct ReadingContext<'a> {
    reading: &'a Reading,
    id: DocumentId,
    points: CodePoints,
    /// The entity of each mention.
    entities: Vec<Option<EntityId>>,
    all: &'a Entities,
}

impl<'a> ReadingContext<'a> {
    fn new(reading: &'a Reading, id: DocumentId, of: &[EntityId], all: &'a Entities) -> Self {
        let mut entities = vec![None; reading.mentions.len()];
        for (cluster, &entity) in reading.clusters.iter().zip(of) {
            for mention in &cluster.mentions {
                if let Some(slot) = entities.get_mut(mention.index()) {
                    *slot = Some(entity);
                }
            }
        }
        Self { reading, id, points: CodePoints::new(&reading.document.text), entities, all }
    }

    fn entity(&self, mention: MentionId) -> Option<EntityId> {
        self.entities.get(mention.index()).copied().flatten()
    }

    /// True if a correction drops the entity of the argument.
    fn is_dropped(&self, argument: &Argument) -> bool {
        let Argument::Mention(mention) = argument else { return false };
        self.entity(*mention).is_some_and(|id| self.all.is_dropped(id))
    }

    fn span(&self, span: Span) -> (u32, u32) {
        self.points.span(&self.reading.document.text, span)
    }

    /// The words below a span, white space made single.
    fn words(&self, span: Span) -> CompactString {
        let text = self.reading.document.text.get(span.range()).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ").into()
    }

    fn mention_words(&self, mention: MentionId) -> CompactString {
        let found = self.reading.mentions.get(mention.index());
        found.map(|mention| self.words(mention.span)).unwrap_or_default()
    }

    /// The statements of the document: in text order, merged, without ids.
    fn statements(&self, ontology: &Ontology) -> Vec<GraphStatement> {
        let statements = self.reading.statements.iter();
        let statements: Vec<_> = statements.filter_map(|it| self.statement(it)).collect();
        let sayings: Vec<Saying> = self
            .first_equal(&statements)
            .into_iter()
            .zip(&statements)
            .map(|(sentence, statement)| Saying::new(sentence, statement, ontology))
            .collect();
        let mut statements: Vec<_> = sayings.into_iter().zip(statements).collect();
        statements.sort_by(|(a, s), (b, t)| {
            a.cmp(b)
                .then_with(|| t.confidence.total_cmp(&s.confidence))
                .then_with(|| s.evidence.span.cmp(&t.evidence.span))
        });
        let mut merged: Vec<(Saying, GraphStatement)> = Vec::new();
        for (saying, statement) in statements {
            match merged.last_mut() {
                Some((last, best)) if *last == saying => merge(best, statement),
                _ => merged.push((saying, statement)),
            }
        }
        merged.sort_by(|(a, s), (b, t)| {
            let place = |s: &GraphStatement| (s.evidence.sentence, s.evidence.span);
            place(s).cmp(&place(t)).then_with(|| a.cmp(b))
        });
        merged.into_iter().map(|(_, statement)| statement).collect()
    }

    /// For each statement the first sentence with the words of its own, the same sources and the same
    /// time.
    fn first_equal(&self, statements: &[GraphStatement]) -> Vec<u32> {
        let mut first = FxHashMap::default();
        let number = |statement: &GraphStatement| statement.evidence.sentence;
        let mut in_order: Vec<usize> = (0..statements.len()).collect();
        in_order.sort_by_key(|&index| number(&statements[index]));
        let mut numbers = vec![0; statements.len()];
        for index in in_order {
            let statement = &statements[index];
            let span = self.reading.sentences.get(number(statement) as usize);
            let words = span.and_then(|span| self.reading.document.text.get(span.range()));
            let stated = (words, &statement.attribution, &statement.time);
            numbers[index] = *first.entry(stated).or_insert(number(statement));
        }
        numbers
    }

    fn statement(&self, statement: &Statement) -> Option<GraphStatement> {
        let subject = self.entity(statement.subject)?;
        // Without its source, hearsay would look like a fact.
        let sources = statement.attribution.iter().map(|&source| Argument::Mention(source));
        let sides = [Argument::Mention(statement.subject), statement.object.clone()];
        if sources.chain(sides).any(|argument| self.is_dropped(&argument)) {
            return None;
        }
        let object = self.object(&statement.object, subject);
        if object == Object::Entity(subject) {
            return None;
        }
        let timex = statement.time.and_then(|timex| self.reading.timexes.get(timex.index()));
        let mut attribution = Vec::new();
        for source in statement.attribution.iter().filter_map(|&mention| self.entity(mention)) {
            if !attribution.contains(&source) {
                attribution.push(source);
            }
        }
        let evidence = &statement.evidence;
        let (start, end) = self.span(evidence.span);
        let (trigger_start, trigger_end) = self.span(evidence.trigger);
        Some(GraphStatement {
            id: 0,
            document: self.id,
            subject,
            property: statement.predicate.property,
            predicate: statement.predicate.label.as_str().into(),
            object_text: match &statement.object {
                Argument::Mention(mention) => self.mention_words(*mention),
                Argument::Literal { value, .. } => value.as_str().into(),
                Argument::Absent => CompactString::default(),
            },
            object,
            time: timex.and_then(|timex| timex.iso.as_deref()).map(CompactString::from),
            interval: timex.and_then(|timex| timex.interval.clone()),
            place: statement
                .place
                .filter(|&place| !self.is_dropped(&Argument::Mention(place)))
                .and_then(|mention| self.entity(mention)),
            qualifiers: statement
                .qualifiers
                .iter()
                .filter(|qualifier| !self.is_dropped(&qualifier.argument))
                .map(|qualifier| {
                    (qualifier.role.as_str().into(), self.object(&qualifier.argument, subject))
                })
                .collect(),
            polarity: statement.polarity,
            factuality: statement.factuality,
            attribution,
            evidence: GraphEvidence {
                sentence: evidence.sentence.0,
                start,
                end,
                trigger_start,
                trigger_end,
                rule: evidence.rule.as_str().into(),
                span: evidence.span,
            },
            confidence: if statement.confidence.is_finite() {
                statement.confidence.clamp(0.0, 1.0)
            } else {
                0.0
            },
            subject_text: self.mention_words(statement.subject),
            attribute: statement.attribute,
            wording: self.wording(statement),
            claim: 0,
            signs: statement.signs,
        })
    }

    /// The claim as a sentence: subject by name, then the clause in the words of the text; of what no clause
    /// tells the words that tell it.
    fn wording(&self, statement: &Statement) -> CompactString {
        let who = |mention: MentionId| {
            let Some(found) = self.reading.mentions.get(mention.index()) else {
                return CompactString::default();
            };
            let entity = self.entity(mention).filter(|_| found.kind == MentionKind::Pronoun);
            match entity {
                Some(entity) => CompactString::from(&*self.all.get(entity).label),
                None => self.words(found.whole),
            }
        };
        let label = &*statement.predicate.label;
        let is = label.strip_prefix("be").filter(|rest| rest.is_empty() || rest.starts_with(' '));
        let is = is.or((label == "hold position").then_some(""));
        let words = match (&statement.wording, is) {
            (Some(Wording { subject, predicate }), _) => format!("{} {predicate}", who(*subject)),
            (None, Some(rest)) => {
                let object = match &statement.object {
                    Argument::Mention(object) => who(*object),
                    Argument::Literal { value, .. } => value.as_str().into(),
                    Argument::Absent => CompactString::default(),
                };
                format!("{} is{rest} {object}", who(statement.subject))
            }
            (None, None) => self.words(statement.evidence.span).into(),
        };
        sentence_of(&words)
    }

    /// The entity of a mention, or its value: dates and numbers typed, everything else in words.
    fn object(&self, argument: &Argument, subject: EntityId) -> Object {
        let mention = match argument {
            Argument::Mention(mention) => *mention,
            Argument::Literal { value, span } => {
                let named = span.and_then(|span| self.with_antecedents(value, span, subject));
                return named.map_or_else(|| literal(value), |value| literal(&value));
            }
            Argument::Absent => return Object::Absent,
        };
        if let Some(entity) = self.entity(mention) {
            return Object::Entity(entity);
        }
        let Some(found) = self.reading.mentions.get(mention.index()) else {
            return literal("");
        };
        let timex = found.timex.and_then(|timex| self.reading.timexes.get(timex.index()));
        match timex.filter(|_| found.kind == MentionKind::Timex) {
            Some(timex) => {
                let value = timex.iso.as_deref().unwrap_or(&timex.value);
                match time_literal(value) {
                    Some((value, datatype)) => Object::Literal { value: value.into(), datatype },
                    None => Object::Literal {
                        value: match &timex.iso {
                            Some(iso) => iso.as_str().into(),
                            None => self.words(found.span),
                        },
                        datatype: Datatype::String,
                    },
                }
            }
            None => literal(&self.words(found.span)),
        }
    }

    /// The words of a literal with the names of those whom its pronouns mean, in brackets: "they [the crew of
    /// the Norvik] left". `None` if there are none, or the value is not all of what stands in the text.
    fn with_antecedents(&self, value: &str, span: Span, subject: EntityId) -> Option<String> {
        if self.words(span) != value {
            return None;
        }
        let text = &self.reading.document.text;
        let mut told = vec![subject];
        let words = self.reading.rewritten(span, |id, mention| {
            let entity = self.entity(id)?;
            let known = told.contains(&entity);
            told.push(entity);
            let pronoun = text.get(mention.span.range()).unwrap_or_default();
            let is_open = mention.kind == MentionKind::Pronoun
                && !known
                && self.all.get(entity).named
                && is_personal(pronoun);
            is_open.then(|| format!("{pronoun} [{}]", self.all.get(entity).label))
        });
        let whole = words.split_whitespace().collect::<Vec<_>>().join(" ");
        (whole != value).then_some(whole)
    }

    /// The sentences that statements need, and some more.
    fn sentences(&self, statements: &[GraphStatement], more: &[u32]) -> Vec<GraphSentence> {
        let mut numbers: Vec<u32> = statements.iter().map(|s| s.evidence.sentence).collect();
        numbers.extend(more);
        numbers.sort_unstable();
        numbers.dedup();
        let sentences = numbers.into_iter().filter_map(|number| {
            let span = *self.reading.sentences.get(SentenceId(number).index())?;
            let (start, end) = self.span(span);
            let text = self.reading.document.text.get(span.range()).unwrap_or_default().into();
            Some(GraphSentence { number, start, end, text })
        });
        sentences.collect()
    }

    fn document(&self, hash: String, sentences: Sentences) -> GraphDocument {
        let document = &self.reading.document;
        GraphDocument {
            id: document.id.clone(),
            hash,
            uri: document.uri.clone(),
            title: document.title.clone(),
            publisher: document.publisher.clone(),
            published: document.published,
            copy_of: None,
            sentences,
        }
    }
}

/// What a statement states, in whatever words and with whatever circumstances. Statements of one
/// sentence that have the same key are one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Saying {
    /// The first of those that are word for word the same.
    sentence: u32,
    /// The side that comes first, if the predicate holds both ways.
    subject: EntityId,
    predicate: String,
    object: Object,
    polarity: Polarity,
    factuality: Factuality,
}

impl Saying {
    fn new(sentence: u32, statement: &GraphStatement, ontology: &Ontology) -> Self {
        let symmetric = statement.property.is_some_and(|property| ontology[property].symmetric);
        let (subject, object) = match statement.object {
            Object::Entity(object) if symmetric && object < statement.subject => {
                (object, Object::Entity(statement.subject))
            }
            _ => (statement.subject, statement.object.clone()),
        };
        Self {
            sentence,
            subject,
            predicate: statement.predicate_id(ontology),
            object,
            polarity: statement.polarity,
            factuality: statement.factuality,
        }
    }
}

/// Adds to the better of two statements what only the other knows.
fn merge(best: &mut GraphStatement, other: GraphStatement) {
    for qualifier in other.qualifiers {
        if !best.qualifiers.contains(&qualifier) {
            best.qualifiers.push(qualifier);
        }
    }
    if best.time.is_none() {
        best.time = other.time;
        best.interval = other.interval;
    }
    best.place = best.place.or(other.place);
    best.attribute = best.attribute.and(other.attribute);
    if best.attribution.is_empty() {
        best.attribution = other.attribution;
    }
}

/// True for "he", "their": a pronoun whose meaning stands elsewhere, and which is no relative one.
fn is_personal(pronoun: &str) -> bool {
    matches!(
        pronoun.to_lowercase().as_str(),
        "he" | "him" | "his" | "she" | "her" | "it" | "its" | "they" | "them" | "their"
    )
}

/// With a capital at the beginning and a full stop at the end.
fn sentence_of(words: &str) -> CompactString {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = words.chars();
    let mut sentence: CompactString =
        rest.next().into_iter().flat_map(char::to_uppercase).collect();
    sentence.push_str(rest.as_str());
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

/// A typed number if the words are one, else a string.
fn literal(value: &str) -> Object {
    match number(value) {
        Some((value, datatype)) => Object::Literal { value: value.into(), datatype },
        None => Object::Literal { value: value.into(), datatype: Datatype::String },
    }
}

/// The canonical form of a number as news write it: "1,200" is 1200, "3.50" is 3.5.
///
/// `None` for everything else, and beyond 18 digits, which tools do not read alike.
fn number(text: &str) -> Option<(String, Datatype)> {
    let (sign, digits) = match text.strip_prefix(['-', '−']) {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let groups: Vec<&str> = whole.split(',').collect();
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let grouped = groups.len() == 1
        || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    if !grouped || !groups.iter().all(|group| all_digits(group)) {
        return None;
    }
    if digits.contains('.') && !all_digits(fraction) {
        return None;
    }
    let whole = groups.concat();
    // "007" and "0412 555" name things, they do not count them.
    if whole.len() > 1 && whole.starts_with('0') || whole.len() + fraction.len() > 18 {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let zero = fraction.is_empty() && whole == "0";
    let sign = if zero { "" } else { sign };
    if digits.contains('.') {
        let point = if fraction.is_empty() { "" } else { "." };
        return Some((format!("{sign}{whole}{point}{fraction}"), Datatype::Decimal));
    }
    Some((format!("{sign}{whole}"), Datatype::Integer))
}

/// The XSD form of a TIMEX3 value, if it is a whole date, month, year or duration.
pub(crate) fn time_literal(value: &str) -> Option<(Cow<'_, str>, Datatype)> {
    let has_shape = |shape: &str| {
        let fits = |(byte, wanted): (u8, u8)| match wanted {
            b'd' => byte.is_ascii_digit(),
            _ => byte == wanted,
        };
        value.len() == shape.len() && value.bytes().zip(shape.bytes()).all(fits)
    };
    let number = |range: Range<usize>| {
        value[range].bytes().fold(0_i16, |number, digit| number * 10 + i16::from(digit - b'0'))
    };
    let is_date = |day: i8| Date::new(number(0..4), number(5..7) as i8, day).is_ok();
    let (legal, datatype) = if has_shape("dddd-dd-dd") {
        (is_date(number(8..10) as i8), Datatype::Date)
    } else if has_shape("dddd-dd") {
        (is_date(1), Datatype::YearMonth)
    } else if has_shape("dddd") {
        (value != "0000", Datatype::Year)
    } else {
        return Some((duration(value)?.into(), Datatype::Duration));
    };
    legal.then_some((Cow::Borrowed(value), datatype))
}

/// A duration of whole numbers with legal units in order, in the canonical form of XSD: `P4M`,
/// `P18M` as `P1Y6M`, `PT36H` as `P1DT12H`, `P2W` as `P14D`.
fn duration(value: &str) -> Option<String> {
    let rest = value.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (rest, ""),
    };
    let [years, months, weeks, days] = amounts(date, ["Y", "M", "W", "D"])?;
    let [hours, minutes, seconds] = amounts(time, ["H", "M", "S"])?;
    let (months, days) = (years * 12 + months, weeks * 7 + days);
    let seconds = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
    let units = |amounts: &[(u64, char)]| -> String {
        let used = amounts.iter().filter(|(amount, _)| *amount > 0);
        used.map(|(amount, unit)| format!("{amount}{unit}")).collect()
    };
    let date = units(&[(months / 12, 'Y'), (months % 12, 'M'), (seconds / 86_400, 'D')]);
    let clock = [(seconds / 3600 % 24, 'H'), (seconds / 60 % 60, 'M'), (seconds % 60, 'S')];
    match (rest.is_empty(), date.is_empty(), units(&clock)) {
        (true, ..) => None,
        (_, true, time) if time.is_empty() => Some("PT0S".to_owned()),
        (_, _, time) if time.is_empty() => Some(format!("P{date}")),
        (.., time) => Some(format!("P{date}T{time}")),
    }
}

/// Reads "number unit" pairs, each unit at most once and in order.
fn amounts<const N: usize>(mut text: &str, units: [&str; N]) -> Option<[u64; N]> {
    let mut amounts = [0; N];
    for (amount, unit) in amounts.iter_mut().zip(units) {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = text.split_at(digits);
        if let Some(rest) = rest.strip_prefix(unit) {
            *amount = u64::from(number.parse::<u32>().ok()?);
            text = rest;
        }
    }
    text.is_empty().then_some(amounts)
}

/// What distinguishes relations.
type RelationKey = (EntityId, EntityId, PredicateKey, Polarity, Factuality);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum PredicateKey {
    Property(PropertyId),
    /// The number of its slug.
    Open(u32),
}

/// Fills `graph.graph`, `graph.nodes` and `graph.attributes`: nodes in the order of the slugs, edges in the order of
/// their first statement.
pub(super) fn connect(graph: &mut KnowledgeGraph, ontology: &Ontology) {
    let mut used = vec![false; graph.entities.len()];
    for key in graph.keys.iter().filter(|key| key.attribute.is_none()) {
        for id in [key.subject].into_iter().chain(key.object) {
            for member in graph.members(id) {
                used[member.index()] = true;
            }
        }
    }
    let mut edges: DiGraph<EntityId, Relation> = DiGraph::new();
    let nodes: Vec<Option<NodeIndex>> =
        (0..).map(EntityId).zip(used).map(|(id, used)| used.then(|| edges.add_node(id))).collect();
    let labels: Vec<Arc<str>> =
        ontology.properties().iter().map(|property| property.label.as_str().into()).collect();
    let open = open_predicates(graph);
    let predicate = |key: &StatementKey| match key.property {
        Some(property) => PredicateKey::Property(property),
        None => PredicateKey::Open(open[key.label as usize]),
    };
    // Edges are found by their key, which is not held twice.
    let mut found: HashTable<EdgeIndex> = HashTable::new();
    let of_edge = |edges: &DiGraph<EntityId, Relation>, edge: EdgeIndex| -> RelationKey {
        let relation = &edges[edge];
        let raw = &edges.raw_edges()[edge.index()];
        let first = &graph.keys[relation.support.start as usize];
        (
            edges[raw.source()],
            edges[raw.target()],
            predicate(first),
            relation.polarity,
            relation.factuality,
        )
    };
    let mut support: Vec<(EdgeIndex, StatementId)> = Vec::with_capacity(graph.keys.len());
    for (index, key) in (0..).map(StatementId).zip(&graph.keys) {
        let Some(object) = key.object.filter(|_| key.attribute.is_none()) else { continue };
        let symmetric = key.property.is_some_and(|property| ontology[property].symmetric);
        let label = match key.property {
            Some(property) => &labels[usize::from(property.0)],
            None => graph.label(key),
        };
        for (subject, object) in graph.pairs(key.subject, object) {
            let (subject, object) =
                if symmetric && object < subject { (object, subject) } else { (subject, object) };
            let (Some(from), Some(to)) = (nodes[subject.index()], nodes[object.index()]) else {
                continue;
            };
            let key_of_edge = (subject, object, predicate(key), key.polarity, key.factuality);
            let known = found
                .find(hash(&key_of_edge), |&edge| of_edge(&edges, edge) == key_of_edge)
                .copied();
            let edge = known.unwrap_or_else(|| {
                let relation = Relation {
                    property: key.property,
                    label: Arc::clone(label),
                    when: None,
                    polarity: key.polarity,
                    factuality: key.factuality,
                    // The first until all are known.
                    support: index.0..index.0,
                };
                let edge = edges.add_edge(from, to, relation);
                let rehash = |&edge: &EdgeIndex| hash(&of_edge(&edges, edge));
                found.insert_unique(hash(&key_of_edge), edge, rehash);
                edge
            });
            extend(&mut edges[edge].when, key.interval.as_ref());
            support.push((edge, index));
        }
    }
    support.par_sort_unstable();
    support.dedup();
    let mut list = Vec::with_capacity(support.len());
    for of_edge in support.chunk_by(|a, b| a.0 == b.0) {
        let start = list.len() as u32;
        list.extend(of_edge.iter().map(|(_, statement)| *statement));
        edges[of_edge[0].0].support = start..list.len() as u32;
    }
    graph.support = list;
    graph.attributes = Attributes::new(graph);
    graph.graph = edges;
    graph.nodes = nodes;
}

fn hash(key: &RelationKey) -> u64 {
    FxBuildHasher.hash_one(key)
}

/// For each label the number of its slug: labels that differ in case alone have one.
fn open_predicates(graph: &KnowledgeGraph) -> Vec<u32> {
    let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
    let number = |label: &Arc<str>| {
        let next = numbers.len() as u32;
        *numbers.entry(open_slug(label)).or_insert(next)
    };
    graph.labels.list.iter().map(number).collect()
}

/// Lets a time also cover other days.
fn extend(when: &mut Option<Range<Date>>, days: Option<&Range<Date>>) {
    let Some(days) = days else { return };
    *when = Some(match when.take() {
        Some(when) => when.start.min(days.start)..when.end.max(days.end),
        None => days.clone(),
    });
}

#[cfg(test)]
mod tests;
