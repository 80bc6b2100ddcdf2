//! What a clause says in its own words, where no rule knows it.

use crate::document::{Deprel, Upos};
use crate::extract::claim::{Participant, ParticipantRole};
use crate::extract::clause::{Clause, ClauseId, Link};
use crate::extract::filler::is_function_word;
use crate::extract::frame::agents;
use crate::extract::matching::RuleMatch;
use crate::extract::predicate::ClausePredicate;
use crate::extract::project::{Derivation, complete, deny};
use crate::extract::reader::SentenceReader;
use crate::extract::role::Role;
use crate::resource::lexicon::{Needs, PartOfSpeech};
use crate::statement::{Argument, Factuality, Predicate, Statement};
use crate::syntax::Tree;
use crate::syntax::phrase::Definiteness;

/// What a clause says of a subject in its own words, with all participants.
pub(super) fn open_statements(
    reader: &SentenceReader,
    index: ClauseId,
    subject: usize,
    predicate: &ClausePredicate,
    participants: &[Participant],
    matches: &[RuleMatch],
    out: &mut Vec<Statement>,
) {
    let tree = &reader.tree;
    let clause = &reader.clauses[index];
    let Some(mention) = reader.mention(subject) else { return };
    // "Ana and Tom signed *the accord*" says of each that they signed it, besides that they made a deal.
    let mutual = |found: &&RuleMatch| found.object_role == Role::Subject;
    let definite = |noun: usize| {
        reader.phrase(noun).definiteness(reader.know.lexicon) == Definiteness::Definite
    };
    let matches: Vec<&RuleMatch> = matches
        .iter()
        .filter(|found| found.subject == subject || found.object == subject)
        .filter(|found| !(mutual(found) && found.extra.iter().any(|&noun| definite(noun))))
        .collect();
    let stated = |token: usize| {
        matches.iter().any(|found| {
            found.object == token || found.subject == token || found.extra.contains(&token)
        })
    };
    let before = out.len();
    let needs = reader.know.lexicon.needs(&tree.lemma(clause.head).to_lowercase());
    let mut say = |token: usize, label: String, object: Argument, rule: &str, named: &[usize]| {
        let mut statement = Derivation::of_clause(reader, index, rule).statement(
            mention,
            Predicate::new(None, label),
            object,
        );
        deny(tree, token, &mut statement);
        complete(reader, &mut statement, participants, named);
        let alone = rule == "clause" && statement.qualifiers.is_empty();
        if !(alone && predicate.judged.is_none() && needs == Some(Needs::Second)) {
            out.push(statement);
        }
    };
    let says_nothing = |token: usize| {
        token == subject
            || is_function_word(reader, token)
            || reader.is_circumstance(token)
            || is_reflexive(reader, subject, token)
    };
    if predicate.passive.is_none() && !predicate.raised {
        let (judged, label) = match &predicate.judged {
            Some((token, words)) => (Some(*token), format!("{} {words}", predicate.label)),
            None => (None, predicate.label.clone()),
        };
        let objects = &clause.objects;
        for &object in objects.iter().filter(|&&object| Some(object) != predicate.light) {
            if stated(object) || says_nothing(object) {
                continue;
            }
            let mut named = objects.clone();
            named.extend(judged);
            say(object, label.clone(), reader.argument(object), "clause", &named);
        }
        // "thanked her" thanks her; "gave her a boat" is told with the boat.
        if objects.is_empty() {
            for &recipient in clause.indirect.iter().filter(|&&token| !stated(token)) {
                say(
                    recipient,
                    label.clone(),
                    reader.argument(recipient),
                    "clause",
                    &clause.indirect,
                );
            }
        }
    }
    // "made her famous" is predicated of her.
    let complement = clause.complement.filter(|_| clause.passive || clause.objects.is_empty());
    if let Some(complement) = complement.filter(|&token| !stated(token)) {
        let negated = tree.children(complement).any(|child| tree.is_negation(child));
        let (label, object) = (predicate.voiced().to_owned(), reader.literal(complement));
        say(complement, label, object, "complement", &[complement]);
        // "pleaded *not* guilty"
        if let Some(statement) = out.last_mut().filter(|_| negated) {
            statement.polarity = statement.polarity.turned();
        }
        return;
    }
    if !matches.is_empty() || out.len() > before {
        return;
    }
    let main = main_participant(reader, clause, predicate, participants)
        .filter(|main| !is_spread(reader, subject, main, participants));
    let Some(first) = main else {
        // "hold talks", and nothing more is told of them.
        if let Some(noun) = predicate.light.filter(|noun| Some(*noun) != predicate.part) {
            let mut statement = Derivation::of_clause(reader, index, "clause").statement(
                mention,
                Predicate::new(None, predicate.label.clone()),
                reader.argument(noun),
            );
            complete(reader, &mut statement, participants, &[noun]);
            out.push(statement);
        }
        return;
    };
    let verb = predicate.with_noun(reader);
    let adverb = adverb_of_verb(reader, clause, first.token, participants);
    let label = match (&first.role, adverb) {
        (ParticipantRole::Patient | ParticipantRole::Recipient, _) => verb,
        // "cut *back* on food"
        (role, Some(adverb)) => {
            format!("{verb} {} {}", tree.form(adverb).to_lowercase(), role.as_str())
        }
        (role, None) => format!("{verb} {}", role.as_str()),
    };
    let mut told: Vec<usize> = adverb.into_iter().collect();
    let together: Vec<usize> = participants
        .iter()
        .filter(|one| one.role == first.role && is_coordinated(tree, first.token, one.token))
        .map(|one| one.token)
        .collect();
    told.extend(&together);
    // "rose between *the north and the south*": neither alone.
    if together.len() > 1 && matches!(first.role.as_str(), "between" | "among") {
        let bounds = |&token: &usize| {
            tree.extent(token, |child| {
                matches!(tree.deprel(child), Deprel::Case | Deprel::Cc | Deprel::Punct)
                    || together.contains(&child)
            })
        };
        let start = together.iter().map(|token| bounds(token).0).min().unwrap_or(first.token);
        let end = together.iter().map(|token| bounds(token).1).max().unwrap_or(first.token);
        let mut statement = Derivation::of_clause(reader, index, "clause").statement(
            mention,
            Predicate::new(None, label),
            reader.words(start, end),
        );
        complete(reader, &mut statement, participants, &told);
        out.push(statement);
        return;
    }
    for &token in &together {
        let mut statement = Derivation::of_clause(reader, index, "clause").statement(
            mention,
            Predicate::new(None, label.clone()),
            reader.argument(token),
        );
        deny(tree, token, &mut statement);
        // Of several places each statement names its own.
        if let (true, Argument::Mention(place)) = (together.len() > 1, &statement.object) {
            let elsewhere = statement.place.is_some_and(|other| other != *place);
            let listed = together.iter().any(|&one| reader.mention(one) == statement.place);
            if elsewhere && listed {
                statement.place = Some(*place);
            }
        }
        complete(reader, &mut statement, participants, &told);
        out.push(statement);
    }
}

/// "cut *back* on food", "walked *away* from them": an adverb of direction right between the verb and the preposition.
fn adverb_of_verb(
    reader: &SentenceReader,
    clause: &Clause,
    main: usize,
    participants: &[Participant],
) -> Option<usize> {
    let tree = &reader.tree;
    let between = participants.iter().find(|one| one.token == clause.head + 1)?;
    let (first, _) = tree.extent(main, |child| child < clause.head);
    let directs = reader
        .know
        .lexicon
        .prepositions()
        .contains(&tree.form(between.token).to_lowercase())
        || matches!(tree.lemma(between.token), "back" | "away" | "forward" | "apart" | "together");
    (between.role.is_manner() && directs && first == clause.head + 2 && !clause.passive)
        .then_some(between.token)
}

/// The participant that stands for the object where there is none: the first behind the verb that is no
/// clause and no comparison.
fn main_participant<'p>(
    reader: &SentenceReader,
    clause: &Clause,
    predicate: &ClausePredicate,
    participants: &'p [Participant],
) -> Option<&'p Participant> {
    let judged = predicate.judged.as_ref().map(|(token, _)| *token);
    let is_main = |one: &&Participant| {
        let clausal = reader.clauses.headed(one.token).is_some();
        !one.role.is_manner() && !clausal && Some(one.token) != judged
    };
    let mut fit = participants.iter().filter(is_main);
    let behind = participants.iter().filter(is_main).find(|one| one.token > clause.head);
    behind.or_else(|| fit.next())
}

/// "*Nine* quakes were reported in Asker, Bodil and Cuyo": not nine in each.
fn is_spread(
    reader: &SentenceReader,
    subject: usize,
    main: &Participant,
    participants: &[Participant],
) -> bool {
    let tree = &reader.tree;
    let beside =
        |one: &Participant| one.token != main.token && is_coordinated(tree, main.token, one.token);
    tree.has(subject, Deprel::Nummod) && participants.iter().any(beside)
}

/// "barricaded *himself* in a room"
fn is_reflexive(reader: &SentenceReader, subject: usize, object: usize) -> bool {
    let cluster = |token: usize| reader.mention(token).and_then(|mention| reader.cluster(mention));
    reader.tree.upos(object) == Upos::Pron
        && cluster(object).is_some()
        && cluster(object) == cluster(subject)
}

/// True for a token and what is coordinated with it.
fn is_coordinated(tree: &Tree, first: usize, other: usize) -> bool {
    first == other || tree.conjuncts(first).contains(&other)
}

/// True for "agree" in "agreed to buy": the clause below gives the statement.
pub(super) fn is_modal_governor(reader: &SentenceReader, index: ClauseId) -> bool {
    reader.clauses.below(index).any(|below| below.link == Link::Control)
}

/// "The plant closed in March": nothing to relate to.
pub(super) fn intransitive(
    reader: &SentenceReader,
    index: ClauseId,
    predicate: &ClausePredicate,
    participants: &[Participant],
    out: &mut Vec<Statement>,
) {
    let clause = &reader.clauses[index];
    let label = match predicate.part {
        Some(_) => predicate.with_noun(reader),
        None => predicate.voiced().to_owned(),
    };
    // "take effect" and "set out" mean something of their own.
    let whole = predicate.part.is_some() || clause.particle.is_some();
    let lemma = reader.tree.lemma(clause.head).to_lowercase();
    let needs = reader.know.lexicon.needs(&lemma).filter(|_| !whole);
    for subject in agents(&reader.tree, clause) {
        let Some(mention) = reader.mention(subject) else { continue };
        let mut statement = Derivation::of_clause(reader, index, "intransitive").statement(
            mention,
            Predicate::new(None, label.clone()),
            Argument::Absent,
        );
        complete(reader, &mut statement, participants, &[]);
        // "is set for March", not "did on Friday"
        let dated = clause.passive && statement.time.is_some();
        let told = dated || statement.place.is_some() || !statement.qualifiers.is_empty();
        let enough = match needs {
            None => true,
            Some(Needs::Object) => false,
            Some(Needs::Other | Needs::Second) => told,
        };
        if enough {
            out.push(statement);
        }
    }
}

/// "will discuss *selling the yard*": what a gerund leaves open is what is talked about.
pub(super) fn topic(
    reader: &SentenceReader,
    index: ClauseId,
    label: &str,
    out: &mut Vec<Statement>,
) {
    let tree = &reader.tree;
    let clause = &reader.clauses[index];
    let open = reader
        .know
        .lexicon
        .effect(tree.lemma(clause.head), PartOfSpeech::Verb)
        .is_some_and(|effect| effect.factuality.is_some_and(|f| f != Factuality::Denied));
    let gerund = tree.children(clause.head).find(|&child| {
        child > clause.head
            && tree.deprel(child) == Deprel::Xcomp
            && tree.form(child).ends_with("ing")
            && tree.upos(child) == Upos::Verb
    });
    let Some(gerund) = gerund.filter(|_| open && !clause.passive) else { return };
    for subject in clause.subjects.iter().filter_map(|&subject| reader.mention(subject)) {
        let object = reader.literal(gerund);
        out.push(Derivation::of_clause(reader, index, "complement").statement(
            subject,
            Predicate::new(None, label.to_owned()),
            object,
        ));
    }
}
