//! Tree → clause → rule → statement.
//!
//! Comes in: an analysis (trees, mentions, times, clusters). Goes out: what each sentence states, as
//! [`Statement`]s with polarity, factuality, source, time, place and evidence. The grammar of
//! English (voice, relative clauses, control, coordination, reported speech) is code; what a verb or noun
//! means is data, in `rules/relations`. A predicate that no rule knows stays open, in base form.
//!
//! The files, each of which asks only those before it: `clause` and `mood` read the tree; `reader` holds what
//! is known of a sentence, with what may fill a slot (`filler`), `when` and `place`; `frame` gives roles to
//! fillers, `matching` finds the rules that fire; `predicate` and `claim` say what a clause tells, `project`
//! what a statement takes over; `verbal`, `copula`, `event_noun` and `nominal` make the statements.
//!
//! The idea is that of ClausIE (Del Corro and Gemulla 2013) and MinIE (Gashteovski et al. 2017):
//! find clauses first, then decide which statements they make.

mod claim;
mod clause;
mod confidence;
mod construction;
mod copula;
mod event_noun;
mod filler;
mod frame;
mod loading;
mod matching;
mod mood;
mod nominal;
mod open;
mod place;
mod predicate;
mod project;
mod reader;
mod role;
mod rules;
mod signs;
mod verbal;
mod when;

use crate::document::{Analysis, Deprel, Label, MentionId, MentionKind, SentenceId, Span};
use crate::statement::{Argument, AttributeKind, Factuality, Predicate, Statement};

pub use confidence::Signs;
pub use construction::{Construction, Constructions};
pub use open::{Extraction, extractions};
pub use reader::Knowledge;
pub use role::{QualifierRole, Role};
pub use rules::{Candidate, Example, Grammar, Rule, RuleId, Slot};

use reader::{Marks, SentenceReader};

/// No sentence gives more statements than this.
const MAX_STATEMENTS: usize = 96;

/// The statements of all sentences of a document, in text order.
pub fn statements(analysis: &Analysis, know: Knowledge) -> Vec<Statement> {
    let marks = Marks::new(analysis);
    let mut all = Vec::new();
    for index in 0..analysis.sentences.len() {
        let source = marks.source(index);
        let outside: Vec<MentionId> = source.flatten().into_iter().collect();
        let mut found = sentence_statements(know, &marks, index, &outside);
        if source == Some(None) {
            // Whoever the speaker is, it is not the text.
            let own = |statement: &&mut Statement| statement.factuality == Factuality::Asserted;
            found.iter_mut().filter(own).for_each(|it| it.factuality = Factuality::Claimed);
        }
        all.append(&mut found);
    }
    all
}

/// The rules whose triggers stand in the sentences of a document, in text order, with what their slots
/// found: distinguishes a rule that was close from one that never looked.
pub fn candidates(analysis: &Analysis, know: Knowledge) -> Vec<Candidate> {
    let marks = Marks::new(analysis);
    let of_sentence = |index: usize| {
        let reader = SentenceReader::new(know, &marks, SentenceId::from(index), &[]);
        claims(&reader);
        reader.candidates.into_inner()
    };
    (0..analysis.sentences.len()).flat_map(of_sentence).collect()
}

/// The statements of a sentence; `outside` are the sources of the sentence as a whole.
fn sentence_statements(
    know: Knowledge,
    marks: &Marks,
    index: usize,
    outside: &[MentionId],
) -> Vec<Statement> {
    let reader = SentenceReader::new(know, marks, SentenceId::from(index), outside);
    let mut found = claims(&reader);
    for statement in &mut found {
        first_person(&reader, statement);
    }
    found.retain(|statement| {
        let object = match &statement.object {
            Argument::Mention(object) => {
                reader.is_unknown(*object) || is_part_of_itself(&reader, statement, *object)
            }
            Argument::Literal { .. } | Argument::Absent => false,
        };
        !object && !reader.is_unknown(statement.subject)
    });
    found.retain_mut(|statement| !is_tautology(&reader, statement));
    tidy(&mut found);
    let of_sentence = signs::of_sentence(&reader);
    for statement in &mut found {
        let signs = signs::of(&reader, statement, of_sentence);
        statement.signs = signs.bits();
        statement.confidence = know.grammar.confidence().statement(signs);
    }
    found
}

/// The statements of clauses and noun phrases, one after the other.
fn claims(reader: &SentenceReader) -> Vec<Statement> {
    let mut found = Vec::new();
    for clause in reader.clauses.ids() {
        match reader.clauses[clause].is_copular() {
            true => copula::statements(reader, clause, &mut found),
            false => verbal::statements(reader, clause, &mut found),
        }
    }
    for token in 0..reader.tree.len() {
        nominal::statements(reader, token, &mut found);
    }
    found
}

/// True for a statement between a noun phrase and a word of its own, which was misread; unless it is
/// that the one has the other, or is located there, which the phrase states itself.
fn is_part_of_itself(reader: &SentenceReader, statement: &Statement, object: MentionId) -> bool {
    let subject = reader.get(statement.subject).span;
    subject.contains(reader.get(object).span) && !subject.contains(statement.evidence.trigger)
}

/// "a plan that has flaws | have | flaws", "a fire that began | begin": what the phrase by which a thing is
/// called says already. Whose wife or mayor somebody without a name is, remains as attribute.
fn is_tautology(reader: &SentenceReader, statement: &mut Statement) -> bool {
    let trigger = statement.evidence.trigger;
    let called_so = |mention: MentionId| {
        let found = reader.get(mention);
        found.kind == MentionKind::Nominal
            && reader.is_nameless(mention)
            && found.whole.contains(trigger)
    };
    if statement.attribute.is_some() {
        return false;
    }
    let subject = called_so(statement.subject);
    match statement.object {
        Argument::Mention(object) if subject && statement.predicate.role.is_some() => {
            statement.attribute = Some(AttributeKind::Possessor);
            let has = reader.know.grammar.constructions.property(Construction::Possessive);
            statement.predicate = Predicate::new(has, "have");
            let subject = std::mem::replace(&mut statement.subject, object);
            statement.object = Argument::Mention(subject);
            false
        }
        Argument::Mention(object) => {
            let verb = statement.predicate.label.split(' ').next().unwrap_or_default();
            // "people armed with sticks | be armed with | sticks"; what they do to somebody with a name is kept.
            let told = reader.know.lexicon.is_light(verb)
                || is_state(reader, trigger) && is_within(reader, object, statement.subject);
            let named = reader.is_name(object) || reader.is_name(statement.subject);
            subject && told && !named
        }
        Argument::Literal { .. } => false,
        Argument::Absent => subject,
    }
}

/// True for a participle that tells what somebody is like: "people *armed* with sticks".
fn is_state(reader: &SentenceReader, trigger: Span) -> bool {
    let tree = &reader.tree;
    let mut words = 0..tree.len();
    words.find(|&word| tree.token(word).span == trigger).is_some_and(|word| {
        tree.deprel(word) == Deprel::Acl && tree.token(word).feat("Tense") == Some("Past")
    })
}

/// True for what the phrase of another thing names.
fn is_within(reader: &SentenceReader, part: MentionId, phrase: MentionId) -> bool {
    let (part, phrase) = (reader.get(part), reader.get(phrase));
    part.sentence == phrase.sentence && phrase.whole.contains(part.span)
}

/// "I bought a mill," she said: she bought it. Whoever says "we" speaks for others, unless it is a body that
/// speaks: "We condemn the attack," the council said.
fn first_person(reader: &SentenceReader, statement: &mut Statement) {
    let Some(&speaker) = statement.attribution.first() else { return };
    let body = matches!(reader.label(speaker), Some(Label::Org | Label::Norp | Label::Place));
    let speaks = |mention: MentionId| {
        let lemma = reader.tree.lemma(reader.get(mention).head.index());
        reader.get(mention).sentence == reader.sentence
            && reader.is_unknown(mention)
            && (matches!(lemma, "I" | "i" | "my") || body && matches!(lemma, "we" | "our"))
    };
    if speaks(statement.subject) {
        statement.subject = speaker;
    }
    if let Argument::Mention(object) = statement.object
        && speaks(object)
    {
        statement.object = Argument::Mention(speaker);
    }
}

/// Text order, no two alike, bounded.
fn tidy(found: &mut Vec<Statement>) {
    found.retain(|statement| match &statement.object {
        Argument::Mention(object) => *object != statement.subject,
        Argument::Literal { value, .. } => !value.is_empty(),
        Argument::Absent => true,
    });
    found.sort_by(|a, b| {
        (a.evidence.trigger.start, a.subject, &a.predicate.label).cmp(&(
            b.evidence.trigger.start,
            b.subject,
            &b.predicate.label,
        ))
    });
    found.dedup_by(|a, b| {
        a.subject == b.subject && a.object == b.object && a.predicate.label == b.predicate.label
    });
    found.truncate(MAX_STATEMENTS);
}
