//! Clauses → statements: rules first, open predicates for the rest.

use crate::document::{Deprel, Label, MentionKind, Upos};
use crate::resource::lexicon::{Needs, PartOfSpeech, Stance};
use crate::statement::{Argument, Factuality, Polarity, Predicate, Statement};

use super::claim::{Participant, complete, participants};
use super::clause::{Clause, Link, is_relative_pronoun};
use super::construction::Construction;
use super::copula;
use super::mood::{controlling_adjective, has_to, is_inserted_speech};
use super::reader::{SentenceReader, qualifier};
use super::role::Role;
use super::rules::{Candidate, Rule, RuleId, Slot, Trigger};
use crate::syntax::{MAX_CONJUNCTS, Tree};

/// Roles of a predicate with their fillers, as rules see them.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    pub(crate) roles: Vec<(Role, usize)>,
}

impl Frame {
    pub(crate) fn push(&mut self, role: Role, token: usize) {
        if self.roles.len() < 4 * MAX_CONJUNCTS {
            self.roles.push((role, token));
        }
    }

    fn fillers<'f>(&'f self, role: &'f Role) -> impl Iterator<Item = usize> + 'f {
        self.roles.iter().filter(move |(name, _)| name == role).map(|&(_, token)| token)
    }
}

/// A rule that fired, with the fillers of its subject and object.
pub(crate) struct RuleMatch {
    pub(crate) rule: RuleId,
    pub(crate) subject: usize,
    pub(crate) object: usize,
    pub(crate) object_role: Role,
    pub(crate) subject_role: Role,
    /// Words of the trigger after the first but for particles, as tokens of the sentence.
    pub(crate) extra: Vec<usize>,
}

/// All statements of one clause: what rules find, what it says in its own words of subject and object, or
/// of the subject and the first other participant, or of the subject alone.
pub(crate) fn statements(reader: &SentenceReader, index: usize, out: &mut Vec<Statement>) {
    let clause = &reader.clauses.all[index];
    if clause.copula.is_some() || clause.verbless {
        copula::statements(reader, index, out);
        return;
    }
    if is_means_of_nobody(reader, clause) {
        return;
    }
    let predicate = ClausePredicate::new(reader, index);
    let participants = participants(reader, index, predicate.light);
    let before = out.len();
    let matches = rule_matches(reader, clause, predicate.is_judged());
    for found in &matches {
        if let Some(mut statement) = ruled(reader, index, found) {
            let mut named = vec![found.subject, found.object];
            // "broke *the league's scoring* record": the noun of the phrase is told where it has words of its own.
            let bare = |noun: &&usize| !has_words_of_its_own(&reader.tree, **noun, found.object);
            named.extend(found.extra.iter().filter(bare));
            named.extend(&predicate.judged.as_ref().map(|(token, _)| *token));
            // What is true of each of several objects is told of each.
            if clause.objects.contains(&found.object) || clause.objects.contains(&found.subject) {
                named.extend(&clause.objects);
            }
            complete(reader, &mut statement, &participants, &named);
            out.push(statement);
        }
    }
    let spoken = speech(reader, index, &predicate.label, &participants, out);
    if !spoken {
        for subject in agents(&reader.tree, clause) {
            open_statements(reader, index, subject, &predicate, &participants, &matches, out);
        }
    }
    topic(reader, index, &predicate.label, out);
    if out.len() == before && !is_modal_governor(reader, index) {
        intransitive(reader, index, &predicate, &participants, out);
    }
}

/// True for a noun with more than an article before it or a phrase behind it, that with `object` left aside.
fn has_words_of_its_own(tree: &Tree, noun: usize, object: usize) -> bool {
    tree.children(noun).any(|child| {
        matches!(
            tree.deprel(child),
            Deprel::Amod | Deprel::Compound | Deprel::NmodPoss | Deprel::Nmod | Deprel::Nummod
        ) && !tree.is_below(object, child)
    })
}

/// The verb of a clause with the words that make it mean what it means.
struct ClausePredicate {
    /// "agree to supply"
    label: String,
    /// "be held": of a passive whose agent is not told.
    passive: Option<String>,
    /// "hold *talks* with"
    light: Option<usize>,
    /// The noun of "take *place*", with which the verb takes no object.
    part: Option<usize>,
    /// "found him *guilty*"
    judged: Option<(usize, String)>,
    /// "caused *the bank* to raise it"
    raised: bool,
    /// "a town *called* Oldport"
    names: bool,
}

impl ClausePredicate {
    fn new(reader: &SentenceReader, index: usize) -> Self {
        let clause = &reader.clauses.all[index];
        let lexicon = reader.know.lexicon;
        let lemma = reader.tree.lemma(clause.head).to_lowercase();
        let judged = judgement(reader, clause);
        let light = light_object(reader, clause).filter(|_| judged.is_none());
        let whole = |noun: usize| format!("{lemma} {}", reader.tree.form(noun).to_lowercase());
        let patient_only = clause.passive && clause.subjects.is_empty();
        Self {
            label: verb_label(reader, index),
            passive: patient_only.then(|| passive_label(reader, clause)),
            light,
            part: light.filter(|&noun| lexicon.is_light(&whole(noun))),
            judged,
            raised: is_raised(reader, index),
            names: clause.passive
                && clause.complement.is_some()
                && lexicon.predicative(&lemma).complement,
        }
    }

    /// True if the object alone is not what the verb is about.
    fn is_judged(&self) -> bool {
        self.judged.is_some() || self.raised || self.names
    }

    /// The verb in the voice of the clause.
    fn voiced(&self) -> &str {
        self.passive.as_ref().unwrap_or(&self.label)
    }

    /// "hold talks": the verb with its noun.
    fn with_noun(&self, reader: &SentenceReader) -> String {
        match self.light {
            Some(noun) if self.passive.is_none() => {
                format!("{} {}", self.label, reader.tree.form(noun).to_lowercase())
            }
            _ => self.voiced().to_owned(),
        }
    }
}

/// What a clause says of a subject in its own words, with all participants.
fn open_statements(
    reader: &SentenceReader,
    index: usize,
    subject: usize,
    predicate: &ClausePredicate,
    participants: &[Participant],
    matches: &[RuleMatch],
    out: &mut Vec<Statement>,
) {
    let tree = &reader.tree;
    let clause = &reader.clauses.all[index];
    let Some(mention) = reader.mention(subject) else { return };
    // "Ana and Tom signed *the accord*" says of each that they signed it, besides that they made a deal.
    let mutual = |found: &&RuleMatch| found.object_role == Role::Subject;
    let definite =
        |noun: usize| tree.child(noun, Deprel::Det).is_some_and(|d| tree.lemma(d) == "the");
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
        let mut statement = reader.open_statement(index, mention, label, object, rule);
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
            let mut statement = reader.open_statement(
                index,
                mention,
                predicate.label.clone(),
                reader.argument(noun),
                "clause",
            );
            complete(reader, &mut statement, participants, &[noun]);
            out.push(statement);
        }
        return;
    };
    let verb = predicate.with_noun(reader);
    let label = match &*first.role {
        "patient" | "recipient" => verb,
        role => format!("{verb} {role}"),
    };
    let together: Vec<usize> = participants
        .iter()
        .filter(|one| one.role == first.role && is_coordinated(tree, first.token, one.token))
        .map(|one| one.token)
        .collect();
    for &token in &together {
        let mut statement =
            reader.open_statement(index, mention, label.clone(), reader.argument(token), "clause");
        deny(tree, token, &mut statement);
        // Of several places each statement names its own.
        if let (true, Argument::Mention(place)) = (together.len() > 1, &statement.object) {
            let elsewhere = statement.place.is_some_and(|other| other != *place);
            let listed = together.iter().any(|&one| reader.mention(one) == statement.place);
            if elsewhere && listed {
                statement.place = Some(*place);
            }
        }
        complete(reader, &mut statement, participants, &together);
        out.push(statement);
    }
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
        let compares = matches!(&*one.role, "manner" | "than" | "like" | "unlike");
        let clausal = reader.clauses.all.iter().any(|clause| clause.head == one.token);
        !compares && !clausal && Some(one.token) != judged
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

/// "can be seen *by climbing* the tower": whoever climbs it is not written.
fn is_means_of_nobody(reader: &SentenceReader, clause: &Clause) -> bool {
    let tree = &reader.tree;
    let above = clause.parent.map(|parent| &reader.clauses.all[parent]);
    clause.link == Link::Adverbial
        && clause.shared_subject
        && above.is_some_and(|above| above.passive && above.subjects.is_empty())
        && tree.introductions(clause.head).any(|word| tree.lemma(word) == "by")
}

/// True for a word that fills no slot: a stranded preposition, a stray adverb, "that", "there", "one
/// another".
pub(super) fn is_function_word(reader: &SentenceReader, token: usize) -> bool {
    use Upos::{Adp, Adv, Aux, Cconj, Intj, Part, Pron, Punct, Sconj};
    let tree = &reader.tree;
    let mutual = tree.lemma(token) == "another" && token > 0 && tree.lemma(token - 1) == "one"
        || tree.lemma(token) == "one"
            && token + 1 < tree.len()
            && tree.lemma(token + 1) == "another"
        || tree.lemma(token) == "other" && token > 0 && tree.lemma(token - 1) == "each";
    if mutual {
        return true;
    }
    match reader.tree.upos(token) {
        Adp | Part | Cconj | Sconj | Punct | Aux | Intj => true,
        Pron | Adv => match reader.tree.token(token).feat("PronType") {
            Some("Dem" | "Int") => true,
            Some("Rel") => !tree.is_free_relative(token) && reader.mention(token).is_none(),
            Some("Prs") => reader.mention(token).is_none(), // the "it" of "it is feared that"
            _ => false,
        },
        _ => false,
    }
}

/// Who the statements of a clause are about: agents, or the patient of an agentless passive.
fn agents(tree: &Tree, clause: &Clause) -> Vec<usize> {
    if clause.subjects.is_empty() && clause.passive {
        clause.objects.clone()
    } else {
        doers(tree, clause)
    }
}

/// The subjects; of "*its goal* is to leave" whose goal it is, for a goal does not leave.
fn doers(tree: &Tree, clause: &Clause) -> Vec<usize> {
    let planned = tree.has_to(clause.head);
    let doer = |&subject: &usize| match planned && tree.deprel(subject) == Deprel::NsubjOuter {
        true => tree.child(subject, Deprel::NmodPoss),
        false => Some(subject),
    };
    clause.subjects.iter().filter_map(doer).collect()
}

/// "agree to supply", "step down", "fail to launch": the verb in base form with particle and the
/// verbs that govern it.
pub(crate) fn verb_label(reader: &SentenceReader, index: usize) -> String {
    let tree = &reader.tree;
    let clause = &reader.clauses.all[index];
    let mut label = tree.lemma(clause.head).to_lowercase();
    if let Some(particle) = clause.particle {
        label = format!("{label} {}", tree.form(particle).to_lowercase());
    }
    let mut at = index;
    for _ in 0..3 {
        let clause = &reader.clauses.all[at];
        let (Link::Control, Some(parent)) = (clause.link, clause.parent) else { break };
        let governor = &reader.clauses.all[parent];
        let same_subject = !governor.passive
            && governor.copula.is_none()
            && governor.surface == clause.surface
            && tree.upos(governor.head) == Upos::Verb;
        // "plans to visit" gives "visit", planned; "helped to build" gives just that.
        let mood_only = controlling_adjective(tree, clause, governor).is_some()
            || has_to(tree, clause, governor)
            || reader.know.lexicon.effect(tree.lemma(governor.head), PartOfSpeech::Verb).is_some();
        if !same_subject {
            break;
        }
        if mood_only {
            at = parent;
            continue;
        }
        let infinitive = tree.has_to(clause.head);
        let governing = tree.lemma(governor.head).to_lowercase();
        label = if infinitive {
            format!("{governing} to {label}")
        } else {
            let form = tree.form(clause.head).to_lowercase();
            format!("{governing} {}", label.replacen(tree.lemma(clause.head), &form, 1))
        };
        at = parent;
    }
    label
}

/// "be held"
fn passive_label(reader: &SentenceReader, clause: &Clause) -> String {
    let form = reader.tree.form(clause.head).to_lowercase();
    match clause.particle {
        Some(particle) => format!("be {form} {}", reader.tree.form(particle).to_lowercase()),
        None => format!("be {form}"),
    }
}

/// "found him *guilty*", "put them *at risk*": what a verb predicates of its object, as token and
/// words, where it makes no statement about the object alone.
fn judgement(reader: &SentenceReader, clause: &Clause) -> Option<(usize, String)> {
    let tree = &reader.tree;
    let &object = clause.objects.last().filter(|_| !clause.passive)?;
    let kind = reader.know.lexicon.predicative(tree.lemma(clause.head));
    if let Some(complement) = clause.complement.filter(|_| kind.complement) {
        return Some((complement, tree.form(complement).to_lowercase()));
    }
    let phrase = clause.obliques.iter().find(|oblique| oblique.token > object)?;
    // "put pressure *on the mayor*" is done to the mayor.
    let noun = tree.lemma(phrase.token).to_lowercase();
    let of_its_own = matches!(
        reader.know.lexicon.noun_label(&noun),
        Some(Label::Person | Label::Org | Label::Place | Label::Product)
    );
    let state = tree.upos(phrase.token) == Upos::Noun
        && !of_its_own
        && reader.timex(phrase.token).is_none();
    let form = tree.form(phrase.token).to_lowercase();
    (kind.phrase && state).then(|| (phrase.token, format!("{} {form}", phrase.case)))
}

/// "caused *the bank* to raise it": what is caused is that it raised it.
fn is_raised(reader: &SentenceReader, index: usize) -> bool {
    let clause = &reader.clauses.all[index];
    let addressed = clause.addressed();
    !clause.passive
        && reader.know.lexicon.predicative(reader.tree.lemma(clause.head)).clause
        && reader.clauses.all.iter().any(|below| {
            below.parent == Some(index)
                && below.link == Link::Control
                && below.subjects.iter().any(|subject| addressed.contains(subject))
        })
}

/// The bare object of a light verb: "hold *talks* with", "express *concern* about".
fn light_object(reader: &SentenceReader, clause: &Clause) -> Option<usize> {
    let tree = &reader.tree;
    let [object] = clause.objects[..] else { return None };
    let light = reader.know.lexicon.is_light(tree.lemma(clause.head));
    // "gave an assessment *of the vote*" is told with the whole assessment.
    let whole = tree.children(object).any(|child| {
        tree.deprel(child) == Deprel::Nmod && child > object && tree.case(child) == "of"
    });
    // "took *files* from her" took files.
    let noun = tree.lemma(object).to_lowercase();
    let lexicon = reader.know.lexicon;
    let deed = lexicon.nominalization(&noun).is_some()
        || lexicon.noun_label(&noun) == Some(Label::Event)
        || lexicon.is_light(&format!("{} {noun}", tree.lemma(clause.head)));
    let light = light && !whole && deed;
    let named = reader.mention(object).is_some_and(|m| reader.get(m).kind != MentionKind::Nominal);
    let whole = !named && !reader.is_quantifier(object);
    (light && whole && object > clause.head).then_some(object)
}

/// True for "agree" in "agreed to buy": the clause below gives the statement.
fn is_modal_governor(reader: &SentenceReader, index: usize) -> bool {
    reader
        .clauses
        .all
        .iter()
        .any(|clause| clause.parent == Some(index) && clause.link == Link::Control)
}

/// "The plant closed in March": nothing to relate to.
fn intransitive(
    reader: &SentenceReader,
    index: usize,
    predicate: &ClausePredicate,
    participants: &[Participant],
    out: &mut Vec<Statement>,
) {
    let clause = &reader.clauses.all[index];
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
        let mut statement =
            reader.open_statement(index, mention, label.clone(), Argument::Absent, "intransitive");
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

/// The rules that fire for a clause, the best one for each pair of fillers, in order of the pairs.
fn rule_matches(reader: &SentenceReader, clause: &Clause, judged: bool) -> Vec<RuleMatch> {
    let lemma = reader.tree.lemma(clause.head).to_lowercase();
    let Some(triggers) = reader.know.grammar.verbs.get(&lemma) else { return Vec::new() };
    let frame = clause_frame(reader, clause);
    let mut matches = best_matches(
        reader,
        triggers,
        |trigger| {
            let extra = phrase_tokens(reader, clause, &trigger.rest)?;
            if trigger.rest.is_empty() && clause.particle.is_some_and(|p| !is_direction(reader, p))
            {
                return None; // "set up" is not "set"
            }
            if extra.is_empty() {
                return Some((extra, None));
            }
            Some((extra.clone(), Some(with_noun_roles(reader, &frame, &extra))))
        },
        &frame,
    );
    if judged {
        matches.retain(|found| found.object_role == Role::Complement || !found.extra.is_empty());
    }
    matches
}

fn is_direction(reader: &SentenceReader, particle: usize) -> bool {
    matches!(reader.tree.lemma(particle), "back" | "away" | "together")
}

/// Tries each trigger and keeps the most specific rule for each pair of fillers.
pub(crate) fn best_matches(
    reader: &SentenceReader,
    triggers: &[Trigger],
    fires: impl Fn(&Trigger) -> Option<(Vec<usize>, Option<Frame>)>,
    frame: &Frame,
) -> Vec<RuleMatch> {
    let mut best: Vec<(usize, RuleMatch)> = Vec::new();
    for trigger in triggers {
        let Some((extra, own_frame)) = fires(trigger) else { continue };
        let frame = own_frame.as_ref().unwrap_or(frame);
        let rule = reader.know.grammar.rule(trigger.rule);
        let constraints = usize::from(!rule.subject.classes.is_empty())
            + usize::from(!rule.object.classes.is_empty())
            + 2 * trigger.rest.len();
        let mut subjects = fill(reader, frame, &rule.subject, &extra);
        let mut objects = fill(reader, frame, &rule.object, &extra);
        if trigger.ambiguous {
            subjects.retain(|(token, _)| reader.is_surely(*token, &rule.subject.classes));
            objects.retain(|(token, _)| reader.is_surely(*token, &rule.object.classes));
        }
        let symmetric = reader.know.ontology[rule.predicate].symmetric;
        // "the ministers met", not "the mills stand".
        let mutual =
            symmetric && rule.object.roles.iter().any(|r| r.is("with") || *r == Role::Object);
        if mutual && objects.is_empty() && subjects.len() > 1 {
            objects = subjects.clone();
        }
        reader.candidates.borrow_mut().push(Candidate {
            rule: trigger.rule,
            subject: !subjects.is_empty(),
            object: !objects.is_empty(),
        });
        for (s, (subject, subject_role)) in subjects.iter().enumerate() {
            for (o, (object, object_role)) in objects.iter().enumerate() {
                let mirrored = symmetric && subject_role == object_role;
                if subject == object || mirrored && o <= s {
                    continue;
                }
                let entry =
                    best.iter_mut().find(|(_, m)| m.subject == *subject && m.object == *object);
                let found = RuleMatch {
                    rule: trigger.rule,
                    subject: *subject,
                    object: *object,
                    object_role: object_role.clone(),
                    subject_role: subject_role.clone(),
                    extra: extra.clone(),
                };
                match entry {
                    Some((score, old)) if *score < constraints => {
                        *score = constraints;
                        *old = found;
                    }
                    Some(_) => {}
                    None => best.push((constraints, found)),
                }
            }
        }
    }
    let mut matches: Vec<RuleMatch> = best.into_iter().map(|(_, found)| found).collect();
    // "took a tour of the plant": whoever toured took nothing.
    let worded: Vec<usize> = matches.iter().flat_map(|found| found.extra.clone()).collect();
    matches.retain(|found| !worded.contains(&found.object));
    matches.sort_by_key(|found| (found.subject, found.object));
    matches.truncate(MAX_CONJUNCTS * 2);
    matches
}

/// The fillers of a slot: those of the first role that has a fitting one.
fn fill(
    reader: &SentenceReader,
    frame: &Frame,
    slot: &Slot,
    extra: &[usize],
) -> Vec<(usize, Role)> {
    for role in &slot.roles {
        let fillers: Vec<(usize, Role)> = frame
            .fillers(role)
            .filter(|token| {
                let fits = reader.fits(*token, &slot.classes)
                    || *role == Role::Subject && reader.acts_for(*token, &slot.classes);
                let amount = !slot.amount || reader.is_amount(*token);
                !extra.contains(token) && fits && amount
            })
            .map(|token| (token, role.clone()))
            .collect();
        if !fillers.is_empty() {
            return fillers;
        }
    }
    Vec::new()
}

pub(super) fn clause_frame(reader: &SentenceReader, clause: &Clause) -> Frame {
    let mut frame = Frame::default();
    for token in doers(&reader.tree, clause) {
        frame.push(Role::Subject, token);
    }
    let fills =
        |&&token: &&usize| !reader.is_circumstance(token) && !is_function_word(reader, token);
    for &token in clause.objects.iter().filter(fills) {
        frame.push(Role::Object, token);
    }
    for &token in &clause.indirect {
        frame.push(Role::Indirect, token);
        frame.push(Role::of("to"), token);
    }
    for oblique in &clause.obliques {
        if reader.is_circumstance(oblique.token) {
            continue;
        }
        if oblique.case.is_empty() {
            if clause.passive {
                frame.push(Role::Object, oblique.token);
            }
            continue;
        }
        frame.push(Role::of(&oblique.case), oblique.token);
        if oblique.case == "to" {
            frame.push(Role::Indirect, oblique.token);
        }
    }
    if let Some(complement) = clause.complement {
        frame.push(Role::Complement, complement);
    }
    lend_attributes(reader, clause, &mut frame);
    frame
}

/// "bought two boats *from the yard*": whether the phrase belongs to the verb or to the object is hard
/// to see, and for a rule that asks for it the same.
fn lend_attributes(reader: &SentenceReader, clause: &Clause, frame: &mut Frame) {
    let tree = &reader.tree;
    let named = |token: usize| reader.is_named(token);
    for &object in clause.objects.iter().filter(|&&object| !named(object)) {
        for child in tree.children(object).filter(|&c| tree.deprel(c) == Deprel::Nmod) {
            let case = tree.case(child);
            let lent = child > object && matches!(&*case, "from" | "to" | "against" | "with");
            let role = Role::of(&case);
            if lent && !reader.is_circumstance(child) && frame.fillers(&role).next().is_none() {
                for token in tree.conjuncts(child) {
                    frame.push(role.clone(), token);
                }
            }
        }
    }
}

/// Adds the prepositional attributes of a trigger's own nouns, adjectives and infinitives: "hold
/// *talks* with X", "plead *guilty* to X", "decline to *comment* on X".
fn with_noun_roles(reader: &SentenceReader, frame: &Frame, extra: &[usize]) -> Frame {
    let tree = &reader.tree;
    let mut own = Frame { roles: frame.roles.clone() };
    for &noun in extra {
        for child in tree.children(noun) {
            let attribute = tree.deprel(child) == Deprel::Nmod
                || tree.deprel(child) == Deprel::Obl
                    && matches!(tree.upos(noun), Upos::Adj | Upos::Verb);
            if attribute && !reader.is_circumstance(child) {
                let case = tree.case(child);
                let fillers = tree.conjuncts(child).into_iter();
                for token in fillers.filter(|&token| !is_function_word(reader, token)) {
                    own.push(Role::of(&case), token);
                }
            }
        }
    }
    own
}

/// Finds the words of a trigger phrase after the verb: particle, object noun, or preposition with
/// its noun. `None` if one is missing.
fn phrase_tokens(reader: &SentenceReader, clause: &Clause, rest: &[String]) -> Option<Vec<usize>> {
    let tree = &reader.tree;
    let mut found = Vec::new();
    let mut words = rest.iter().peekable();
    while let Some(word) = words.next() {
        let particle = clause.particle.filter(|&p| tree.form(p).eq_ignore_ascii_case(word));
        let object = clause.objects.iter().find(|&&o| tree.lemma(o).eq_ignore_ascii_case(word));
        let adverb = tree.children(clause.head).find(|&c| {
            matches!(tree.deprel(c), Deprel::Advmod | Deprel::Xcomp | Deprel::Obl | Deprel::Dep)
                && (tree.form(c).eq_ignore_ascii_case(word)
                    || tree.lemma(c).eq_ignore_ascii_case(word))
        });
        if particle.is_some() {
        } else if let Some(&object) = object {
            found.push(object);
        } else if let Some(noun) = words.peek()
            && let Some(oblique) = clause
                .obliques
                .iter()
                .find(|o| o.case == **word && tree.lemma(o.token).eq_ignore_ascii_case(noun))
        {
            found.push(oblique.token);
            words.next();
        } else {
            found.push(adverb?); // "take *hostage*", "go *off*"
        }
    }
    Some(found)
}

/// The statement of a rule that fired.
fn ruled(reader: &SentenceReader, index: usize, found: &RuleMatch) -> Option<Statement> {
    let clause = &reader.clauses.all[index];
    let rule = reader.know.grammar.rule(found.rule);
    let property = &reader.know.ontology[rule.predicate];
    let event = found.extra.iter().find_map(|&noun| {
        let noun = reader.tree.lemma(noun).to_lowercase();
        reader.know.lexicon.nominalization(&noun)
    });
    let label = if event.is_some_and(|event| property.verbs.contains(&event.verb)) {
        // "paid a visit to" means "visit".
        property.label.clone()
    } else if found.subject_role == Role::Object && clause.passive && found.extra.is_empty() {
        match &found.object_role {
            Role::Complement => passive_label(reader, clause), // "was elected *mayor*"
            role => format!("{} {}", passive_label(reader, clause), role.as_str()),
        }
    } else if found.subject_role == Role::Subject {
        let mut label = verb_label(reader, index);
        for &extra in &found.extra {
            let case = reader.tree.case(extra);
            if !case.is_empty() {
                label = format!("{label} {case}");
            }
            label = format!("{label} {}", reader.tree.form(extra).to_lowercase());
        }
        match &found.object_role {
            Role::Subject => format!("{label} with"),
            Role::Indirect if !reader.tree.case(found.object).is_empty() => {
                format!("{label} {}", reader.tree.case(found.object)) // "sent a probe *to Mars*"
            }
            Role::Object | Role::Complement | Role::Indirect => label,
            // "warned the council": nobody is given anything.
            role if role.is("to")
                && clause.indirect.contains(&found.object)
                && clause.objects.is_empty() =>
            {
                label
            }
            role => format!("{label} {}", role.as_str()),
        }
    } else {
        reader.know.ontology[rule.predicate].label.clone()
    };
    let mut statement = rule_statement(reader, Some(index), clause.head, rule, found, label)?;
    // "fell from 60% in 2006 to 36% *in 2017*"
    if let Some(own) = reader.time_behind(found.object) {
        statement.time = Some(own);
    }
    deny(&reader.tree, found.object, &mut statement);
    let frame = clause_frame(reader, clause);
    for (role, slot) in &rule.qualifiers {
        for (token, _) in fill(reader, &frame, slot, &[found.subject, found.object]) {
            statement.qualifiers.push(qualifier(role.as_str(), reader.argument(token)));
        }
    }
    Some(statement)
}

/// "has two ships but *no* tanks": what is denied of one of several objects alone.
fn deny(tree: &Tree, object: usize, statement: &mut Statement) {
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

/// A statement of a rule; `None` if the subject is no mention.
pub(crate) fn rule_statement(
    reader: &SentenceReader,
    clause: Option<usize>,
    trigger: usize,
    rule: &Rule,
    found: &RuleMatch,
    label: String,
) -> Option<Statement> {
    let (subject, object) =
        if rule.inverse { (found.object, found.subject) } else { (found.subject, found.object) };
    let subject = reader.mention(subject)?;
    let predicate = Predicate::new(Some(rule.predicate), label);
    let object = reader.argument(object);
    Some(reader.statement(clause, trigger, subject, predicate, object, &rule.name))
}

/// Who says what, with the content as the text has it. True if the clause is a saying.
fn speech(
    reader: &SentenceReader,
    index: usize,
    label: &str,
    participants: &[Participant],
    out: &mut Vec<Statement>,
) -> bool {
    let tree = &reader.tree;
    let clause = &reader.clauses.all[index];
    let Some(content) = content(reader, index) else { return false };
    let (first, last) = tree.extent(content, |child| {
        tree.is_below(clause.head, child)
            || child == clause.head
            || tree.deprel(child) == Deprel::Punct
    });
    if first > last {
        return false;
    }
    // Content in two pieces around the verb of saying: the first one stands for it, if it is more than
    // the pronoun of "which the minister said was near" or a circumstance of the saying ("*Of the plan*,
    // she said, "I like it"").
    let mut second = None;
    let (first, last) = if (first..=last).contains(&clause.head) {
        let (start, end) = tree
            .extent(clause.head, |child| child == content || tree.deprel(child) == Deprel::Punct);
        let before = start.min(clause.head).saturating_sub(1).max(first);
        let circumstance = content > end && !reader.quoted[first] && reader.quoted[content];
        if (before == first && is_relative_pronoun(tree, first) || circumstance) && end < last {
            let said = (end + 1..=last).find(|&t| tree.upos(t) != Upos::Punct);
            (said.unwrap_or(last), last)
        } else {
            let said = (first..=before).rev().find(|&t| tree.upos(t) != Upos::Punct);
            let said = said.unwrap_or(before);
            // "*The others*, he said, *will be charged*"
            let rest = (end + 1..=last).find(|&t| tree.upos(t) != Upos::Punct);
            second = rest
                .filter(|_| content > end && reader.quoted[said] == reader.quoted[content])
                .map(|rest| (rest, last));
            (first, said)
        }
    } else {
        (first, last)
    };
    let property = reader
        .know
        .lexicon
        .stance(tree.lemma(clause.head))
        .and_then(|stance| match stance {
            Stance::Denied => Some(Construction::Denial),
            Stance::Said | Stance::Warned | Stance::Urged => Some(Construction::Speech),
            // Who thinks or sees says nothing.
            Stance::Believed | Stance::Shown => None,
        })
        .and_then(|said| reader.know.grammar.constructions.property(said));
    for &subject in &clause.subjects {
        if let Some(subject) = reader.mention(subject) {
            let predicate = Predicate::new(property, label);
            let object = match second {
                Some((second, end)) => Argument::Literal {
                    value: format!("{} {}", tree.words(first, last), tree.words(second, end)),
                    span: None,
                },
                None => reader.words(first, last),
            };
            let mut statement =
                reader.statement(Some(index), clause.head, subject, predicate, object, "speech");
            // That it was said is the text's own statement, not the speaker's claim.
            statement.attribution.retain(|&source| source != subject);
            if statement.attribution.is_empty() && statement.factuality == Factuality::Claimed {
                statement.factuality = Factuality::Asserted;
            }
            complete(reader, &mut statement, participants, &[content]);
            out.push(statement);
        }
    }
    !clause.subjects.is_empty()
}

/// "will discuss *selling the yard*": what a gerund leaves open is what is talked about.
fn topic(reader: &SentenceReader, index: usize, label: &str, out: &mut Vec<Statement>) {
    let tree = &reader.tree;
    let clause = &reader.clauses.all[index];
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
        out.push(reader.open_statement(index, subject, label.to_owned(), object, "complement"));
    }
}

/// Head of the clause that a verb of saying or thinking introduces.
fn content(reader: &SentenceReader, index: usize) -> Option<usize> {
    let tree = &reader.tree;
    let clause = &reader.clauses.all[index];
    if let Some(content) = tree.child(clause.head, Deprel::Ccomp) {
        // "announced a tax (let us see whether it helps)": an aside of whoever writes.
        return (tree.before(content) != Some("(")).then_some(content);
    }
    if !reader.know.lexicon.is_speech_verb(tree.lemma(clause.head)) {
        return None;
    }
    if let Some(parent) = clause.parent {
        let above = &reader.clauses.all[parent];
        if is_inserted_speech(tree, above, clause, reader.know.lexicon) {
            return Some(above.head);
        }
    }
    tree.children(clause.head).find(|&child| {
        child > clause.head
            && tree.deprel(child) == Deprel::Parataxis
            && reader.know.lexicon.stance(tree.lemma(child)).is_none()
            && reader.clauses.all.iter().any(|c| c.head == child)
    })
}
