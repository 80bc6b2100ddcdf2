//! What a statement is made of, for its confidence: how it is told, what its sides are, where it stands.

use crate::document::{MentionId, MentionKind, Span, Upos};
use crate::statement::{Argument, Factuality, Polarity, Statement};

use super::clause::{Clause, Link};
use super::confidence::{Sign, Signs};
use super::construction::Construction;
use super::reader::SentenceReader;

/// Sentences with more words are long, those with at most so many short.
const LONG: usize = 35;
const SHORT: usize = 15;

/// With more guessed attachments a sentence is hard to read.
const SEVERAL: usize = 2;

/// The signs that all statements of a sentence have.
pub(super) fn of_sentence(reader: &SentenceReader) -> Signs {
    let mut signs = Signs::default();
    let words = reader.tree.len();
    signs.add_if(words > LONG, Sign::LongSentence);
    signs.add_if(words <= SHORT, Sign::ShortSentence);
    let closed = words > 0 && reader.tree.upos(words - 1) == Upos::Punct;
    let finite = (0..words).any(|token| reader.tree.token(token).feat("VerbForm") == Some("Fin"));
    signs.add_if(!closed || !finite, Sign::Fragment);
    let guessed = (0..words).filter(|&token| reader.tree.token(token).margin < GUESSED);
    signs.add_if(guessed.count() > SEVERAL, Sign::GuessedSentence);
    signs
}

/// The signs of a statement, added to those of its sentence.
pub(super) fn of(reader: &SentenceReader, statement: &Statement, mut signs: Signs) -> Signs {
    kind(reader, statement, &mut signs);
    subject(reader, statement.subject, &mut signs);
    object(reader, statement, &mut signs);
    mood(reader, statement, &mut signs);
    let trigger = (0..reader.tree.len())
        .find(|&token| reader.tree.token(token).span.contains(statement.evidence.trigger));
    attachment(reader, statement, trigger, &mut signs);
    if let Some(token) = trigger {
        signs.add_if(reader.quoted[token], Sign::Quoted);
        // What a noun phrase tells has nothing to do with its clause.
        if statement.wording.is_some()
            && let Some(clause) = reader.clauses.of[token]
        {
            self::clause(&reader.clauses[clause], &mut signs);
        }
        if let Argument::Mention(object) = statement.object
            && reader.get(object).sentence == reader.sentence
        {
            let far = reader.get(object).head.index().abs_diff(token) > FAR;
            signs.add_if(far, Sign::FarObject);
        }
    }
    signs
}

/// The attachment that the parser was least sure of, among those that a statement rests on.
fn attachment(
    reader: &SentenceReader,
    statement: &Statement,
    trigger: Option<usize>,
    signs: &mut Signs,
) {
    let object = match statement.object {
        Argument::Mention(object) => Some(object),
        Argument::Literal { .. } | Argument::Absent => None,
    };
    let own = |&mention: &MentionId| reader.get(mention).sentence == reader.sentence;
    let sides = [Some(statement.subject), object].into_iter().flatten().filter(own);
    let heads = sides.map(|mention| reader.get(mention).head.index()).chain(trigger);
    let least = heads.map(|token| reader.tree.token(token).margin).min();
    match least.unwrap_or(u8::MAX) {
        ..GUESSED => signs.add(Sign::Guessed),
        GUESSED..UNSURE => signs.add(Sign::Unsure),
        _ => {}
    }
}

/// Margins in sixteenths of a nat ([`Token::margin`](crate::document::Token::margin)).
const GUESSED: u8 = 16;
const UNSURE: u8 = 48;

/// An object more words than this away from the verb is far.
const FAR: usize = 10;

fn kind(reader: &SentenceReader, statement: &Statement, signs: &mut Signs) {
    let rule = &*statement.evidence.rule;
    let construction = Construction::ALL.iter().find(|one| one.as_str() == rule);
    match (construction, rule) {
        (Some(&construction), _) => signs.add_construction(construction),
        (None, "clause") => signs.add(Sign::Clause),
        (None, "complement") => signs.add(Sign::Complement),
        (None, "event noun") => signs.add(Sign::EventNoun),
        (None, "intransitive") => signs.add(Sign::Intransitive),
        (None, _) => signs.add(Sign::Rule),
    }
    signs.add_if(statement.predicate.label.contains(' '), Sign::Preposition);
    signs.add_if(statement.qualifiers.len() == 1, Sign::OneQualifier);
    signs.add_if(statement.qualifiers.len() > 1, Sign::Qualifiers);
    let clausal = |argument: &Argument| match argument {
        Argument::Literal { value, .. } => value.split(' ').count() > 2,
        Argument::Mention(_) | Argument::Absent => false,
    };
    let clausal = statement.qualifiers.iter().any(|one| clausal(&one.argument));
    signs.add_if(clausal, Sign::ClauseQualifier);
    let open = |argument: &Argument| match argument {
        Argument::Mention(mention) => {
            reader.is_unknown(*mention)
                || is_bare(reader, *mention) && statement.qualifiers.len() == 1
        }
        Argument::Literal { span, .. } => span.is_some_and(|span| has_open_pronoun(reader, span)),
        Argument::Absent => false,
    };
    let open = statement.qualifiers.iter().any(|one| open(&one.argument));
    signs.add_if(open, Sign::OpenQualifier);
    signs.add_if(statement.time.is_some(), Sign::Time);
    signs.add_if(statement.place.is_some(), Sign::Place);
}

fn subject(reader: &SentenceReader, subject: MentionId, signs: &mut Signs) {
    match reader.get(subject).kind {
        MentionKind::Name => signs.add(Sign::NameSubject),
        MentionKind::Pronoun => signs.add(Sign::PronounSubject),
        _ => signs.add_if(is_bare(reader, subject), Sign::BareSubject),
    }
    signs.add_if(is_joined(reader, subject), Sign::JoinedSubject);
    signs.add_if(is_bare_quantity(reader, subject), Sign::BareQuantity);
    signs.add_if(reader.is_group(subject), Sign::GroupSubject);
}

/// "the tremor", "that temblor": which one is told elsewhere.
fn is_bare(reader: &SentenceReader, mention: MentionId) -> bool {
    let found = reader.get(mention);
    let definite = || {
        let first = reader.tree.token(found.tokens.start);
        first.feat("Definite") == Some("Def") || first.feat("PronType") == Some("Dem")
    };
    found.kind == MentionKind::Nominal
        && found.sentence == reader.sentence
        && found.whole == found.span
        && reader.is_nameless(mention)
        && definite()
}

/// "the company", where coreference knows its name.
fn is_joined(reader: &SentenceReader, mention: MentionId) -> bool {
    reader.get(mention).kind == MentionKind::Nominal && !reader.is_nameless(mention)
}

/// "all three", "two", "others": of what, is told elsewhere.
fn is_bare_quantity(reader: &SentenceReader, mention: MentionId) -> bool {
    let found = reader.get(mention);
    found.kind == MentionKind::Nominal
        && found.sentence == reader.sentence
        && found.whole == found.span
        && reader.is_nameless(mention)
        && match reader.tree.upos(found.head.index()) {
            Upos::Num | Upos::Det | Upos::Pron | Upos::Adj => true,
            _ => reader.tree.lemma(found.head.index()) == "other",
        }
}

fn object(reader: &SentenceReader, statement: &Statement, signs: &mut Signs) {
    let named = |mention: MentionId| reader.is_name(mention) || !reader.is_nameless(mention);
    let mut any_name = named(statement.subject);
    match &statement.object {
        Argument::Mention(object) => {
            any_name |= named(*object);
            match reader.get(*object).kind {
                MentionKind::Name => signs.add(Sign::NameObject),
                MentionKind::Pronoun => signs.add(Sign::PronounObject),
                _ => signs.add_if(is_bare(reader, *object), Sign::BareObject),
            }
            signs.add_if(is_joined(reader, *object), Sign::JoinedObject);
            signs.add_if(is_bare_quantity(reader, *object), Sign::BareQuantity);
            let words = reader.get(*object).whole.of(reader.tree.text);
            length(words, signs);
        }
        Argument::Literal { value, span } => {
            signs.add(Sign::LiteralObject);
            length(value, signs);
            let open = span.is_some_and(|span| has_open_pronoun(reader, span));
            signs.add_if(open, Sign::OpenLiteral);
        }
        Argument::Absent => signs.add(Sign::NoObject),
    }
    signs.add_if(!any_name, Sign::NoName);
}

/// True if a pronoun in these words stands for nobody who is known.
fn has_open_pronoun(reader: &SentenceReader, span: Span) -> bool {
    let mut pronouns = (0..reader.tree.len()).filter(|&token| {
        let word = reader.tree.token(token);
        let personal = matches!(word.feat("PronType"), Some("Prs" | "Dem"));
        word.upos == Upos::Pron && personal && span.contains(word.span)
    });
    pronouns.any(|token| reader.mention(token).is_none_or(|mention| reader.is_nameless(mention)))
}

fn length(words: &str, signs: &mut Signs) {
    let n_words = words.split_whitespace().count();
    signs.add_if(n_words == 1, Sign::ShortObject);
    signs.add_if(n_words > 12, Sign::LongObject);
}

fn mood(reader: &SentenceReader, statement: &Statement, signs: &mut Signs) {
    signs.add_if(statement.polarity == Polarity::Negative, Sign::Negative);
    match statement.factuality {
        Factuality::Asserted => {}
        Factuality::Claimed => signs.add(Sign::Claimed),
        Factuality::Planned => signs.add(Sign::Planned),
        Factuality::Possible => signs.add(Sign::Possible),
        Factuality::Hypothetical => signs.add(Sign::Hypothetical),
        Factuality::Denied => signs.add(Sign::Denied),
    }
    if let Some(&source) = statement.attribution.first() {
        signs.add(Sign::Source);
        let pronoun = reader.get(source).kind == MentionKind::Pronoun;
        signs.add_if(pronoun, Sign::PronounSource);
    }
}

fn clause(clause: &Clause, signs: &mut Signs) {
    match clause.link {
        Link::Root => {}
        Link::Conj => signs.add(Sign::Conjunct),
        Link::Control => signs.add(Sign::Control),
        Link::Content => signs.add(Sign::Content),
        Link::Adverbial => signs.add(Sign::Adverbial),
        Link::Purpose => signs.add(Sign::Purpose),
        Link::Relative => signs.add(Sign::Relative),
        Link::Participle => signs.add(Sign::Participle),
        Link::Parataxis => signs.add(Sign::Parataxis),
    }
    signs.add_if(clause.shared_subject, Sign::SharedSubject);
    signs.add_if(clause.passive && clause.subjects.is_empty(), Sign::Passive);
    signs.add_if(clause.surface.len() > 1, Sign::SeveralSubjects);
    signs.add_if(clause.objects.len() > 1, Sign::SeveralObjects);
}
