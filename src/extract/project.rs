//! Claims to statements: what a statement takes over from its clause, and what of the claim it leaves to qualifiers.

use crate::document::{Deprel, MentionId, MentionKind};
use crate::statement::{Argument, Evidence, Factuality, Polarity, Predicate, Statement, Wording};
use crate::syntax::Tree;

use super::claim::{Participant, wording};
use super::clause::ClauseId;
use super::filler::qualifier;
use super::matching::RuleMatch;
use super::mood::Mood;
use super::reader::SentenceReader;

/// How a statement comes about.
#[derive(Clone, Copy)]
pub(super) struct Derivation<'r, 'a> {
    pub(super) reader: &'r SentenceReader<'a>,
    /// The clause whose mood, time, place and wording it has.
    pub(super) clause: Option<ClauseId>,
    /// The word that says so.
    pub(super) trigger: usize,
    /// The rule or construction.
    pub(super) rule: &'r str,
}

impl<'r, 'a> Derivation<'r, 'a> {
    /// Of a clause, by its head.
    pub(super) fn of_clause(
        reader: &'r SentenceReader<'a>,
        clause: ClauseId,
        rule: &'r str,
    ) -> Self {
        Self { reader, clause: Some(clause), trigger: reader.clauses[clause].head, rule }
    }

    /// The statement, with the mood, time and place of its clause.
    pub(super) fn statement(
        self,
        subject: MentionId,
        predicate: Predicate,
        object: Argument,
    ) -> Statement {
        let Self { reader, clause, trigger, rule } = self;
        let mood = clause.map(|clause| reader.mood(clause));
        let trigger = reader.tree.token(trigger).span;
        let mut span = trigger.to(reader.get(subject).span);
        match &object {
            Argument::Mention(mention) => span = span.to(reader.get(*mention).span),
            Argument::Literal { span: Some(own), .. } => span = span.to(*own),
            Argument::Literal { span: None, .. } | Argument::Absent => {}
        }
        Statement {
            subject,
            predicate,
            object,
            qualifiers: Vec::new(),
            time: clause.and_then(|clause| reader.time(clause)),
            place: clause.and_then(|clause| reader.place(clause)),
            polarity: mood.map_or(Polarity::Positive, |mood| mood.polarity),
            factuality: mood.map_or(Factuality::Asserted, Mood::outward),
            attribution: mood.map_or_else(Vec::new, |mood| mood.sources.clone()),
            evidence: Evidence { sentence: reader.sentence, span, trigger, rule: rule.to_owned() },
            confidence: 0.0, // set when the statement is whole
            signs: 0,
            attribute: None,
            wording: clause.map(|clause| Wording {
                subject: told_of(reader, clause, subject),
                predicate: reader.wording(clause, || wording(reader, clause)),
            }),
        }
    }
}

/// The statement of a rule that fired; `None` if the subject is no mention.
pub(super) fn rule_statement(
    reader: &SentenceReader,
    clause: Option<ClauseId>,
    trigger: usize,
    found: &RuleMatch,
    label: String,
) -> Option<Statement> {
    let rule = reader.know.grammar.rule(found.rule);
    let (subject, object) =
        if rule.inverse { (found.object, found.subject) } else { (found.subject, found.object) };
    let subject = reader.mention(subject)?;
    let predicate = Predicate::new(Some(rule.predicate), label);
    let derivation = Derivation { reader, clause, trigger, rule: &rule.name };
    Some(derivation.statement(subject, predicate, reader.argument(object)))
}

/// "has two ships but *no* tanks": what is denied of one of several objects alone.
pub(super) fn deny(tree: &Tree, object: usize, statement: &mut Statement) {
    let turned = match statement.polarity {
        Polarity::Positive => tree.has_none(object),
        Polarity::Negative => is_exception(tree, object),
    };
    if tree.deprel(object) == Deprel::Conj && turned {
        statement.polarity = statement.polarity.turned();
    }
}

/// "needs no boat, *just* a rope": an object set against those before it.
fn is_exception(tree: &Tree, object: usize) -> bool {
    let set_apart = |child: usize| {
        matches!(tree.deprel(child), Deprel::Advmod | Deprel::Cc)
            && matches!(
                tree.lemma(child),
                "just" | "only" | "but" | "merely" | "instead" | "rather"
            )
    };
    let first = tree.head(object).filter(|_| tree.deprel(object) == Deprel::Conj);
    let together = first.into_iter().flat_map(|first| tree.conjuncts(first));
    together.take_while(|&one| one <= object).any(|one| tree.children(one).any(set_apart))
}

/// Gives a statement the participants that it does not name: all but the tokens in `named`.
pub(super) fn complete(
    reader: &SentenceReader,
    statement: &mut Statement,
    participants: &[Participant],
    named: &[usize],
) {
    // "led to *growth and debt*": each is told in a statement of its own.
    let tree = &reader.tree;
    let is_beside = |one: &Participant| {
        let role = |token: usize| participants.iter().find(|other| other.token == token);
        named.iter().any(|&token| {
            role(token).is_some_and(|other| other.role == one.role)
                && (tree.conjuncts(token).contains(&one.token)
                    || tree.conjuncts(one.token).contains(&token))
        })
    };
    let others = participants.iter().filter(|one| !named.contains(&one.token) && !is_beside(one));
    for participant in others {
        let argument = &participant.argument;
        let known = argument == &statement.object
            || is_same(reader, argument, statement.subject)
            || statement.place.is_some_and(|place| *argument == Argument::Mention(place))
            || statement.qualifiers.iter().any(|known| &known.argument == argument);
        if !known {
            statement.qualifiers.push(qualifier(participant.role.as_str(), argument.clone()));
        }
    }
}

/// Of whom the words of a clause speak: of a passive the patient, whoever the statement is about.
fn told_of(reader: &SentenceReader, index: ClauseId, subject: MentionId) -> MentionId {
    let surface = &reader.clauses[index].surface;
    let mentions = || surface.iter().filter_map(|&token| reader.mention(token));
    match mentions().any(|mention| mention == subject) {
        true => subject,
        false => mentions().next().unwrap_or(subject),
    }
}

/// True for the subject itself, and for a pronoun that stands for it ("barricaded *himself*").
fn is_same(reader: &SentenceReader, argument: &Argument, subject: MentionId) -> bool {
    let Argument::Mention(mention) = argument else { return false };
    let pronoun = reader.get(*mention).kind == MentionKind::Pronoun;
    *mention == subject
        || pronoun
            && reader.cluster(subject).is_some()
            && reader.cluster(*mention) == reader.cluster(subject)
}
