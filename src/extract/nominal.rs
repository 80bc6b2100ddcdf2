//! Statements of noun phrases without a verb: titles, appositions, possession, event nouns, places.

mod apposition;
mod location;
mod noun;
mod office;
mod possession;
mod title;

pub(super) use noun::{is_kin, is_role_noun};
pub(super) use office::office;

use crate::document::{Deprel, Label, MentionId, MentionKind, Upos};
use crate::ontology::PropertyId;
use crate::statement::{Argument, AttributeKind, Factuality, Predicate, Statement};

use super::construction::Construction;
use super::event_noun::event_noun;
use super::project::Derivation;
use super::reader::SentenceReader;

use apposition::{age, apposition};
use location::{location, nationality};
use noun::is_quantifier;
use possession::possession;
use title::title;

/// All statements that the noun phrase of a token makes.
pub(crate) fn statements(reader: &SentenceReader, token: usize, out: &mut Vec<Statement>) {
    let tree = &reader.tree;
    if tree.upos(token) == Upos::Num {
        age(reader, token, out);
    }
    if !matches!(tree.upos(token), Upos::Noun | Upos::Propn) || reader.timex(token).is_some() {
        return;
    }
    title(reader, token, out);
    apposition(reader, token, out);
    let stated = event_noun(reader, token, out);
    if !stated {
        possession(reader, token, out);
    }
    location(reader, token, out);
    nationality(reader, token, stated, out);
    count(reader, token, out);
}

/// What a noun phrase says of somebody or something, by a construction of grammar.
#[derive(Clone, Copy)]
struct NounRelation {
    /// The noun that says so.
    noun: usize,
    /// Of whom or what.
    subject: MentionId,
    construction: Construction,
}

impl NounRelation {
    fn new(noun: usize, subject: MentionId, construction: Construction) -> Self {
        Self { noun, subject, construction }
    }

    fn property(self, reader: &SentenceReader) -> Option<PropertyId> {
        reader.know.grammar.constructions.property(self.construction)
    }

    /// The statement with an object; none of a thing about itself.
    fn to(self, reader: &SentenceReader, label: &str, object: Argument) -> Option<Statement> {
        self.statement(reader, Predicate::new(self.property(reader), label), object)
    }

    /// "be director of": what somebody is to somebody or something.
    fn role(self, reader: &SentenceReader, role: &str, object: MentionId) -> Option<Statement> {
        let predicate = Predicate::of_role(self.property(reader), role);
        self.statement(reader, predicate, Argument::Mention(object))
    }

    fn statement(
        self,
        reader: &SentenceReader,
        predicate: Predicate,
        object: Argument,
    ) -> Option<Statement> {
        let Self { noun, subject, construction } = self;
        if object == Argument::Mention(subject) {
            return None;
        }
        let rule = construction.as_str();
        let mut statement = Derivation { reader, clause: None, trigger: noun, rule }
            .statement(subject, predicate, object);
        statement.attribute =
            construction.attribute().filter(|&kind| !is_between_names(reader, &statement, kind));
        // A noun phrase is presupposed: it has neither the mood of its clause nor, unless it is
        // quoted, its source.
        if let Some(clause) = reader.clauses.of[noun].filter(|_| reader.quoted[noun]) {
            let sources = reader.mood(clause).sources.iter().copied();
            statement.attribution = sources.filter(|&source| source != subject).collect();
            if !statement.attribution.is_empty() {
                statement.factuality = Factuality::Claimed;
            }
        }
        Some(statement)
    }
}

/// Where something with a name lies, or what it is part of, is worth a statement between two names.
fn is_between_names(reader: &SentenceReader, statement: &Statement, kind: AttributeKind) -> bool {
    use AttributeKind::{LocatedIn, Near, PartOf};
    let named = match statement.object {
        Argument::Mention(object) => reader.is_name(object) && reader.is_name(statement.subject),
        Argument::Literal { .. } | Argument::Absent => false,
    };
    named && matches!(kind, LocatedIn | Near | PartOf)
}

/// "two ferries"
fn count(reader: &SentenceReader, token: usize, out: &mut Vec<Statement>) {
    let tree = &reader.tree;
    let Some(number) = tree.child(token, Deprel::Nummod) else { return };
    let Some(thing) = reader.mention(token) else { return };
    let argument = matches!(
        tree.deprel(token),
        Deprel::Nsubj | Deprel::NsubjPass | Deprel::Obj | Deprel::Obl | Deprel::Conj
    );
    if !argument
        || number > token
        || reader.get(thing).kind != MentionKind::Nominal
        || tree.token(token).feat("Number") != Some("Plur")
        || is_quantifier(reader, token)
        || reader.label(thing) == Some(Label::Quantity)
        || reader.is_group(thing)
        // "were among the 12 teams": the ones that were are not twelve.
        || matches!(&*tree.case(token), "among" | "between")
    {
        return;
    }
    let (first, last) = tree.extent(number, |child| tree.deprel(child) == Deprel::Punct);
    if (first..last).any(|t| tree.upos(t) == Upos::Adp && tree.upos(t + 1) == Upos::Num) {
        return; // "one in three visits"
    }
    out.extend(NounRelation::new(token, thing, Construction::Count).to(
        reader,
        "have count",
        reader.words(first, last),
    ));
}
