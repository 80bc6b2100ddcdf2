//! Statements of sentences: subject, predicate, object, with time, place, source and factuality.
//!
//! A statement is text-side: its arguments are mentions of one document, or literals. Who the
//! mentions are is decided later; see [`crate::graph`] for the world-side relations.

use serde::{Deserialize, Serialize};

use crate::document::{
    Analysis, Cluster, Document, Mention, MentionId, SentenceId, Span, Timex, TimexId,
};
use crate::ontology::PropertyId;

/// One statement of one sentence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Who or what it is about.
    pub subject: MentionId,
    /// The relation.
    pub predicate: Predicate,
    /// The other side.
    pub object: Argument,
    /// Further circumstances, in the order of the text.
    pub qualifiers: Vec<Qualifier>,
    /// When, if the clause or the one above it gives a time.
    pub time: Option<TimexId>,
    /// Where, if the clause gives a place.
    pub place: Option<MentionId>,
    /// Does the clause affirm or negate?
    pub polarity: Polarity,
    /// Does the text present it as a fact?
    pub factuality: Factuality,
    /// To whom it is attributed, the nearest source first. Empty: the text's own voice.
    pub attribution: Vec<MentionId>,
    /// Where it stands, and why we believe it.
    pub evidence: Evidence,
    /// Between 0 and 1.
    pub confidence: f32,
    /// What the confidence is reckoned from, as bits of [`Signs`](crate::extract::Signs).
    pub signs: u128,
    /// Set for what a noun phrase tells of its thing in passing ("two boats", "the abbot's boat").
    pub attribute: Option<AttributeKind>,
    /// The clause in the words of the text, if it is one that tells it.
    pub wording: Option<Wording>,
}

/// A clause in the words of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// Of whom it speaks; of a passive the patient.
    pub subject: MentionId,
    /// What it says of it: "was praised by the mayor in May".
    pub predicate: Box<str>,
}

/// An attribute of a thing: what its noun phrase tells in passing, of use to tell things apart and not
/// worth a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AttributeKind {
    /// "*two* boats"
    Count,
    /// "the *Estavian* port"
    Country,
    /// "the mill *in Lisbon*"
    LocatedIn,
    /// "the mill *near Lisbon*"
    Near,
    /// "the roof *of the mill*"
    PartOf,
    /// "the *abbot's* boat": here the statement's object is the thing.
    Possessor,
}

impl AttributeKind {
    /// All.
    pub const ALL: [Self; 6] =
        [Self::Count, Self::Country, Self::LocatedIn, Self::Near, Self::PartOf, Self::Possessor];

    /// As it is written in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Country => "country",
            Self::LocatedIn => "locatedIn",
            Self::Near => "near",
            Self::PartOf => "partOf",
            Self::Possessor => "possessor",
        }
    }
}

/// A relation: one of the ontology, or an open one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Predicate {
    /// The property of the ontology that a rule gave; `None` for an open predicate.
    pub property: Option<PropertyId>,
    /// Base-form phrase in the words of the text: "visit", "hold talks with", "be located in".
    pub label: String,
    /// What the subject is to the object, where the label contains it: "director" of "be director of".
    pub role: Option<Box<str>>,
}

impl Predicate {
    /// A predicate without a role.
    pub fn new(property: Option<PropertyId>, label: impl Into<String>) -> Self {
        Self { property, label: label.into(), role: None }
    }

    /// "be director of"
    pub fn of_role(property: Option<PropertyId>, role: &str) -> Self {
        Self { role: Some(role.into()), ..Self::new(property, format!("be {role} of")) }
    }
}

/// A filler of a statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Argument {
    /// A mention: name, nominal, pronoun, time or quantity.
    Mention(MentionId),
    /// Words of the text that name no thing of their own ("increasingly isolated").
    Literal {
        /// The words, normalized white space.
        value: String,
        /// Where they stand, if in one piece.
        span: Option<Span>,
    },
    /// Nothing: the verb takes no object ("the boat sank").
    Absent,
}

/// A circumstance of a statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Qualifier {
    /// `companion`, `instrument`, `patient`, `purpose`, `cause`, `topic`, or the preposition or conjunction.
    pub role: String,
    /// Its filler.
    pub argument: Argument,
}

/// Affirmed or negated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Polarity {
    /// "visited"
    Positive,
    /// "did not visit"
    Negative,
}

impl Polarity {
    /// The other one.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Positive => Self::Negative,
            Self::Negative => Self::Positive,
        }
    }

    /// As it is written in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Negative => "negative",
        }
    }
}

/// How far the text commits itself to the clause (after FactBank, Saurí and Pustejovsky 2009).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Factuality {
    /// The text states it.
    Asserted,
    /// A source states it.
    Claimed,
    /// "will", "plans to", "is expected to"
    Planned,
    /// "may", "could", "likely", "suspected"
    Possible,
    /// "would", "if", purposes not yet reached
    Hypothetical,
    /// A source denies it.
    Denied,
}

impl Factuality {
    /// All, in the order of how sure they are.
    pub const ALL: [Self; 6] = [
        Self::Asserted,
        Self::Claimed,
        Self::Planned,
        Self::Possible,
        Self::Hypothetical,
        Self::Denied,
    ];

    /// As it is written in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asserted => "asserted",
            Self::Claimed => "claimed",
            Self::Planned => "planned",
            Self::Possible => "possible",
            Self::Hypothetical => "hypothetical",
            Self::Denied => "denied",
        }
    }
}

/// Where a statement stands and what found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The sentence.
    pub sentence: SentenceId,
    /// From the first to the last word that the statement rests on.
    pub span: Span,
    /// The word that fired: verb, event noun, title.
    pub trigger: Span,
    /// Name of the rule, or of the grammatical construction for open statements.
    pub rule: String,
}

/// What remains of a document when its trees are no longer needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The document.
    pub document: Document,
    /// Where its sentences stand.
    pub sentences: Vec<Span>,
    /// In text order.
    pub mentions: Vec<Mention>,
    /// In text order.
    pub timexes: Vec<Timex>,
    /// In the order of their first mention.
    pub clusters: Vec<Cluster>,
    /// In text order.
    pub statements: Vec<Statement>,
}

impl Reading {
    /// Drops the trees of an analysis and keeps its statements.
    pub fn new(analysis: Analysis, statements: Vec<Statement>) -> Self {
        let Analysis { document, sentences, mentions, timexes, clusters, quotations: _ } = analysis;
        let sentences = sentences.into_iter().map(|sentence| sentence.span).collect();
        Self { document, sentences, mentions, timexes, clusters, statements }
    }

    /// True if all that it names is there: spans lie in the text, mentions, sentences, times and clusters
    /// exist, and so do properties of an ontology of so many. What comes from a file may be forged.
    pub fn is_sound(&self, n_properties: usize) -> bool {
        let spans = |spans: &[Span]| spans.iter().all(|span| self.holds(*span));
        let sentence = |id: SentenceId| id.index() < self.sentences.len();
        let mention = |id: MentionId| id.index() < self.mentions.len();
        let timex = |id: TimexId| id.index() < self.timexes.len();
        let argument = |argument: &Argument| match argument {
            Argument::Mention(id) => mention(*id),
            Argument::Literal { span, .. } => span.is_none_or(|span| self.holds(span)),
            Argument::Absent => true,
        };
        spans(&self.sentences)
            && self.mentions.iter().all(|it| {
                sentence(it.sentence)
                    && spans(&[it.span, it.whole])
                    && it.tokens.start <= it.tokens.end
                    && it.timex.is_none_or(timex)
            })
            && self.timexes.iter().all(|it| sentence(it.sentence) && self.holds(it.span))
            && self.clusters.iter().all(|it| {
                !it.mentions.is_empty()
                    && it.mentions.iter().copied().all(mention)
                    && mention(it.representative)
                    && it.members.iter().all(|id| id.index() < self.clusters.len())
            })
            && self.statements.iter().all(|it| {
                let mut mentions = std::iter::once(it.subject)
                    .chain(it.place)
                    .chain(it.attribution.iter().copied())
                    .chain(it.wording.iter().map(|wording| wording.subject));
                mentions.all(mention)
                    && argument(&it.object)
                    && it.qualifiers.iter().all(|it| argument(&it.argument))
                    && it.time.is_none_or(timex)
                    && sentence(it.evidence.sentence)
                    && spans(&[it.evidence.span, it.evidence.trigger])
                    && it.predicate.property.is_none_or(|id| usize::from(id.0) < n_properties)
                    && (0.0..=1.0).contains(&it.confidence)
            })
    }

    /// True if a span is one of the text.
    fn holds(&self, span: Span) -> bool {
        self.document.text.get(span.start as usize..span.end as usize).is_some()
    }

    /// The words below a span, with what `other` gives in place of a mention.
    pub fn rewritten(
        &self,
        span: Span,
        mut other: impl FnMut(MentionId, &Mention) -> Option<String>,
    ) -> String {
        let text = |from: u32, to: u32| {
            self.document.text.get(from as usize..to as usize).unwrap_or_default()
        };
        let first = self.mentions.partition_point(|mention| mention.span.start < span.start);
        let inside = self.mentions.iter().enumerate().skip(first);
        let (mut words, mut at) = (String::new(), span.start);
        for (index, mention) in inside.take_while(|(_, it)| it.span.start < span.end) {
            if mention.span.end <= span.end
                && let Some(other) = other(MentionId::from(index), mention)
                && mention.span.start >= at
            {
                words.push_str(text(at, mention.span.start));
                words.push_str(&other);
                at = mention.span.end;
            }
        }
        words.push_str(text(at, span.end));
        words
    }
}
