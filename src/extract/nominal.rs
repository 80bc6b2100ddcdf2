//! Statements of noun phrases without a verb: titles, appositions, possession, event nouns, places.

use crate::document::{Deprel, Label, MentionId, MentionKind, Upos};
use crate::ontology::{Kind, PropertyId};
use crate::resource::lexicon::Whereabouts;
use crate::resource::lexicon::{RoleKind, Use};
use crate::statement::{Argument, AttributeKind, Factuality, Predicate, Statement};

use super::construction::Construction;
use super::event_noun;
use super::reader::SentenceReader;

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
    let stated = event_noun::event_noun(reader, token, out);
    if !stated {
        possession(reader, token, out);
    }
    location(reader, token, out);
    nationality(reader, token, stated, out);
    count(reader, token, out);
}

fn push(
    reader: &SentenceReader,
    token: usize,
    subject: MentionId,
    construction: Construction,
    label: &str,
    object: Argument,
    out: &mut Vec<Statement>,
) {
    let property = reader.know.grammar.constructions.property(construction);
    push_statement(
        reader,
        token,
        subject,
        construction,
        Predicate::new(property, label),
        object,
        out,
    );
}

/// "be director of": what somebody is to somebody or something.
fn push_role(
    reader: &SentenceReader,
    token: usize,
    subject: MentionId,
    construction: Construction,
    role: &str,
    object: MentionId,
    out: &mut Vec<Statement>,
) {
    let property = reader.know.grammar.constructions.property(construction);
    let predicate = Predicate::of_role(property, role);
    push_statement(reader, token, subject, construction, predicate, Argument::Mention(object), out);
}

fn push_statement(
    reader: &SentenceReader,
    token: usize,
    subject: MentionId,
    construction: Construction,
    predicate: Predicate,
    object: Argument,
    out: &mut Vec<Statement>,
) {
    if object == Argument::Mention(subject) {
        return;
    }
    let mut statement =
        reader.statement(None, token, subject, predicate, object, construction.as_str());
    // Where something with a name lies, or what it is part of, is worth a statement between two names.
    let named = |argument: &Argument| match argument {
        Argument::Mention(mention) => reader.is_name(*mention),
        Argument::Literal { .. } | Argument::Absent => false,
    };
    let told = named(&Argument::Mention(subject)) && named(&statement.object);
    statement.attribute = construction.attribute().filter(|kind| {
        !(told
            && matches!(
                kind,
                AttributeKind::LocatedIn | AttributeKind::Near | AttributeKind::PartOf
            ))
    });
    // A noun phrase is presupposed: it has neither the mood of its clause nor, unless it is
    // quoted, its source.
    if let Some(clause) = reader.clauses.of[token] {
        let sources = &reader.moods[clause].sources;
        statement.attribution =
            sources.iter().copied().filter(|&source| source != subject).collect();
    }
    if !reader.quoted[token] {
        statement.attribution.clear();
    } else if !statement.attribution.is_empty() {
        statement.factuality = Factuality::Claimed;
    }
    out.push(statement);
}

/// "Defense Minister Ana Silva": the words before a person's name that are a role.
fn title(reader: &SentenceReader, token: usize, out: &mut Vec<Statement>) {
    let tree = &reader.tree;
    let Some(mention) = reader.mention(token) else { return };
    let name = reader.get(mention);
    if name.kind != MentionKind::Name
        || reader.label(mention) != Some(Label::Person)
        || !name.tokens.contains(&token) && tree.head(name.head.index()) != Some(token)
        || token != name.head.index()
    {
        return;
    }
    let end = name.tokens.start;
    // "Secretary of State *Dr.* Ana Reyes"
    let Some(last) = (0..end).rev().find(|&token| !is_honorific(reader, token)) else { return };
    // "ministers Silva": conjunction of titles before one name is rare; the last noun decides.
    let head = tree.joined_noun(last);
    let mut start = head + 1;
    while start > 0 && end - start < 8 && is_title_word(reader, start - 1, end) {
        start -= 1;
    }
    if start > head || tree.form(start).is_empty() {
        return;
    }
    // "*Council for Trade* lawyer Ana Reyes"
    let body = tree.sentence.names.iter().find(|name| name.tokens.contains(&start));
    if let Some(body) = body.filter(|body| body.label == Label::Org) {
        start = body.tokens.start;
    }
    // "Tristan *da* Cunha" is no district attorney, "Governor-*elect* Ana Reyes" will be governor.
    let joined = head > start && tree.form(head - 1) == "-";
    let particle = !joined
        && tree.upos(head) == Upos::Propn
        && tree.form(head).starts_with(char::is_lowercase);
    if particle || !is_role_noun(reader, head) {
        return;
    }
    let mut first = start;
    while first < head
        && matches!(
            tree.upos(first),
            Upos::Det | Upos::Punct | Upos::Cconj | Upos::Part | Upos::Adp
        )
    {
        first += 1;
    }
    let mut object = reader.words(first, last);
    // "*councillors* Ana Reyes and Tom Falk": each is a councillor.
    if head == last
        && is_plural_noun(reader, head)
        && let Argument::Literal { value, .. } = &mut object
    {
        *value = singular(reader, first, head);
    }
    let mut bearers = vec![mention];
    if tree.token(head).feat("Number") == Some("Plur") {
        // "officials Ana Reyes and Tom Falk"
        let others = tree.conjuncts(token).into_iter().filter(|&other| {
            let first = reader.mention(other).map(|m| reader.get(m).tokens.start);
            other != token
                && first.is_some_and(|first| first > 0 && !is_role_noun(reader, first - 1))
        });
        bearers.extend(others.filter_map(|other| reader.mention(other)).filter(|&m| {
            reader.is_name(m)
                && !matches!(reader.label(m), Some(Label::Place | Label::Org | Label::Norp))
        }));
    }
    // "his sister *Mara Voss*" holds no office.
    if is_kin(reader, head) {
        return;
    }
    let (construction, label) = match is_human(reader, head) {
        true => (Construction::Apposition, "be"),
        false => (Construction::Title, "hold position"),
    };
    for bearer in bearers {
        push(reader, token, bearer, construction, label, object.clone(), out);
        affiliation(reader, bearer, first, head, out);
    }
}

fn is_plural_noun(reader: &SentenceReader, noun: usize) -> bool {
    let token = reader.tree.token(noun);
    token.upos == Upos::Noun && token.feat("Number") == Some("Plur")
}

/// The words up to a noun, with the noun's base form.
fn singular(reader: &SentenceReader, first: usize, noun: usize) -> String {
    let lemma = reader.tree.lemma(noun);
    match noun.checked_sub(1).filter(|&before| before >= first) {
        Some(before) if reader.tree.form(before) == "-" => {
            format!("{}{lemma}", reader.tree.words(first, before))
        }
        Some(before) => format!("{} {lemma}", reader.tree.words(first, before)),
        None => lemma.to_owned(),
    }
}

fn is_title_word(reader: &SentenceReader, token: usize, end: usize) -> bool {
    let tree = &reader.tree;
    if reader.is_dated(token) {
        return false; // "*Sunday* Prime Minister Silva", not "*former* Prime Minister Silva"
    }
    match tree.upos(token) {
        Upos::Noun | Upos::Propn | Upos::Adj => {
            // Not the name before the title ("Li's spokesman Ho"), nor another phrase.
            let person = reader.mention(token).is_some_and(|m| {
                reader.is_name(m)
                    && reader.label(m) == Some(Label::Person)
                    && reader.get(m).tokens.end < end
            });
            !person && (token..end).all(|t| tree.upos(t) != Upos::Punct || tree.form(t) != ",")
        }
        Upos::Punct => matches!(tree.form(token), "-" | "." | "–"),
        _ => false,
    }
}

pub(super) fn is_role_noun(reader: &SentenceReader, token: usize) -> bool {
    let lemma = reader.tree.lemma(token).to_lowercase();
    let form = reader.tree.form(token).to_lowercase();
    reader.know.lexicon.role(&form).is_some()
        || reader.know.lexicon.role(&lemma).is_some()
        || reader.tree.upos(token) == Upos::Noun
            && reader.know.lexicon.noun_label(&lemma) == Some(Label::Person)
}

/// True for "wife", "son".
pub(super) fn is_kin(reader: &SentenceReader, token: usize) -> bool {
    let lemma = reader.tree.lemma(token).to_lowercase();
    reader.know.lexicon.role(&lemma).is_some_and(|role| matches!(role.kind, RoleKind::Kin))
}

/// True for "woman", "hostage".
fn is_human(reader: &SentenceReader, token: usize) -> bool {
    reader.know.lexicon.has_use(reader.tree.lemma(token), Use::Human)
}

/// "the first *driver* to finish", "the youngest *senator* who ever voted": no office, but a record.
fn is_comparison(reader: &SentenceReader, noun: usize) -> bool {
    let tree = &reader.tree;
    let compared = |child: usize| {
        let token = tree.token(child);
        tree.deprel(child) == Deprel::Amod
            && (token.feat("NumType") == Some("Ord") || token.feat("Degree") == Some("Sup"))
    };
    let closed =
        |child: usize| child > noun && matches!(tree.deprel(child), Deprel::Acl | Deprel::AclRelcl);
    tree.children(noun).any(compared) && tree.children(noun).any(closed)
}

/// True for "Mr", not for "First *Lady*".
fn is_honorific(reader: &SentenceReader, token: usize) -> bool {
    let (tree, lexicon) = (&reader.tree, &reader.know.lexicon);
    let whole = || lexicon.role(&tree.words(token - 1, token));
    lexicon.is_honorific(tree.form(token))
        && (token == 0 || whole().is_none_or(|role| role.kind == RoleKind::Honorific))
}

/// "the *Norwegian* president", "*Meridian* chief executive": whom the office belongs to.
fn affiliation(
    reader: &SentenceReader,
    person: MentionId,
    first: usize,
    last: usize,
    out: &mut Vec<Statement>,
) {
    let tree = &reader.tree;
    let Some(mention) = (first..last).find_map(|token| {
        let mention = reader.mention(token)?;
        let known = reader.is_name(mention)
            && matches!(reader.label(mention), Some(Label::Norp | Label::Place | Label::Org));
        (known && mention != person).then_some(mention)
    }) else {
        return;
    };
    let after = reader.get(mention).tokens.end;
    // "the Afghan *team's* coach" is the team's.
    let owned = (after + 1..=last).any(|token| tree.deprel(token) == Deprel::Case);
    if after > last || owned {
        return;
    }
    let role = if is_plural_noun(reader, last) {
        singular(reader, after, last)
    } else {
        tree.words(after, tree.end_of_noun(last))
    };
    // "*former* Norwegian president"
    let tenure = match reader.get(mention).tokens.start {
        start if start > first && (first..start).all(|token| tree.upos(token) == Upos::Adj) => {
            format!("{} ", tree.words(first, start - 1))
        }
        _ => String::new(),
    };
    let role = role.to_lowercase();
    let role = role.trim_start_matches("'s ").trim_start_matches("’s ");
    // "the Norwegian guest" comes from there, and is whoever's guest.
    let role_of = reader.know.lexicon.role(&tree.lemma(last).to_lowercase());
    let held = role_of.is_some_and(|role| !matches!(role.kind, RoleKind::Kin));
    if reader.is_country(mention) && !held {
        let country = Argument::Mention(mention);
        push(reader, last, person, Construction::DemonymPerson, "be of", country, out);
        return;
    }
    // "marketing director" is no director.
    let kind = match role == tree.lemma(last).to_lowercase() {
        true => affiliation_kind(reader, last, mention),
        false => Construction::Affiliation,
    };
    let role = format!("{}{role}", tenure.to_lowercase());
    push_role(reader, last, person, kind, &role, mention, out);
}

/// "X, the mayor of Y", "the capital, X", "X (Y)".
fn apposition(reader: &SentenceReader, token: usize, out: &mut Vec<Statement>) {
    let tree = &reader.tree;
    let relative = tree.children(token).any(|child| tree.form(child) == "whose");
    if tree.deprel(token) != Deprel::Appos || relative {
        return;
    }
    let Some(anchor) = tree.head(token) else { return };
    let (Some(one), Some(other)) = (reader.mention(anchor), reader.mention(token)) else { return };
    let kind = |mention: MentionId| reader.get(mention).kind;
    let close = tree.form(token.max(1) - 1) != ","
        && !tree.children(token).any(|c| tree.deprel(c) == Deprel::Punct);
    let bracketed = tree.children(token).any(|c| matches!(tree.form(c), "(" | ")"));
    // "Mara Voss (sailing)"
    let topic =
        bracketed && reader.label(one) == Some(Label::Person) && !is_role_noun(reader, token);
    match (kind(one), kind(other)) {
        (MentionKind::Name, MentionKind::Name) => {
            let dateline = matches!(tree.form(tree.len() - 1), "—" | "–" | "-" | "--");
            // "Marseilles (France)"
            let place = |mention| reader.label(mention) == Some(Label::Place);
            let around = place(one) && place(other);
            if bracketed && !dateline && !around && compatible(reader, one, other) {
                // The fuller name is what the thing is called anyway.
                let length = |mention| reader.mention_text(mention).len();
                let alias = if length(other) > length(one) { one } else { other };
                push(
                    reader,
                    token,
                    one,
                    Construction::Alias,
                    "be also known as",
                    words_of(reader, alias),
                    out,
                );
            }
        }
        (MentionKind::Name, MentionKind::Nominal) if topic => {}
        (MentionKind::Name, MentionKind::Nominal) => {
            described(reader, one, token, out);
            for role in further_roles(reader, token) {
                described(reader, one, role, out);
            }
        }
        (MentionKind::Nominal, MentionKind::Name) if !close => {
            described(reader, other, anchor, out)
        }
        _ => {}
    }
}

/// "the director of the mill and *chairman* of the union": roles without an article behind a role.
fn further_roles<'r>(reader: &'r SentenceReader, role: usize) -> impl Iterator<Item = usize> + 'r {
    let tree = &reader.tree;
    let is_further = move |&other: &usize| {
        other != role
            && is_role_noun(reader, role)
            && is_role_noun(reader, other)
            && !reader.is_named(other)
            && !tree.has(other, Deprel::Det)
    };
    tree.conjuncts(role).into_iter().filter(is_further)
}

/// "Mara Voss, 34,": a bare number behind a person that can be the years of a life.
fn age(reader: &SentenceReader, token: usize, out: &mut Vec<Statement>) {
    let tree = &reader.tree;
    let Some(anchor) = tree.head(token) else { return };
    let Some(person) = reader.mention(anchor) else { return };
    let behind = matches!(tree.deprel(token), Deprel::Appos | Deprel::NmodUnmarked)
        && reader.is_name(person)
        && reader.get(person).tokens.end + 1 == token
        && tree.form(token - 1) == ",";
    let years = tree.form(token).parse().is_ok_and(|years: u8| (1..=120).contains(&years));
    let bare = tree.children(token).all(|child| tree.deprel(child) == Deprel::Punct);
    if behind && years && bare && reader.label(person) == Some(Label::Person) {
        push(reader, token, person, Construction::Age, "be aged", reader.words(token, token), out);
    }
}

fn compatible(reader: &SentenceReader, one: MentionId, other: MentionId) -> bool {
    match (reader.label(one), reader.label(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

fn words_of(reader: &SentenceReader, mention: MentionId) -> Argument {
    Argument::Literal {
        value: reader.mention_text(mention).to_owned(),
        span: Some(reader.get(mention).span),
    }
}

/// A named thing and the noun phrase that describes it.
fn described(reader: &SentenceReader, name: MentionId, noun: usize, out: &mut Vec<Statement>) {
    let tree = &reader.tree;
    let name_head = reader.get(name).head.index();
    let person = reader.label(name) == Some(Label::Person);
    let (first, last) = tree.extent(noun, |child| {
        child == name_head
            || matches!(
                tree.deprel(child),
                Deprel::AclRelcl
                    | Deprel::Acl
                    | Deprel::Appos
                    | Deprel::Punct
                    | Deprel::Case
                    | Deprel::Conj
                    | Deprel::Cc
                    | Deprel::Parataxis
                    | Deprel::Cop
                    | Deprel::Nsubj
            ) && (child < noun || tree.deprel(child) != Deprel::Case)
            || !person && tree.deprel(child) == Deprel::Nmod
    });
    let mut first = first;
    while first < last && matches!(tree.upos(first), Upos::Det | Upos::Punct) {
        first += 1;
    }
    // "three men, Ana Reyes, Tom Falk and Omar Said": none of them is three men, nor a camp in "from
    // the camp, Ana Reyes and Tom Falk".
    let several = tree.has(noun, Deprel::Nummod) && tree.token(noun).feat("Number") == Some("Plur");
    let thing = person
        && !is_role_noun(reader, noun)
        && matches!(
            reader.know.lexicon.noun_label(&tree.lemma(noun).to_lowercase()),
            Some(Label::Event | Label::Org | Label::Place | Label::Quantity | Label::Time)
        );
    if several || thing {
        return;
    }
    let object = reader.words(first, last);
    if person && is_role_noun(reader, noun) {
        office(reader, None, name, noun, out);
    } else if event_noun::relation_noun(reader, None, &[name_head], noun, out) {
        push(reader, noun, name, Construction::Apposition, "be", object, out);
    } else {
        push(reader, noun, name, Construction::Apposition, "be", object, out);
        for child in tree.children(noun).filter(|&c| tree.deprel(c) == Deprel::Nmod) {
            let case = tree.case(child);
            if let Some(whereabouts) = reader.know.lexicon.prepositions().whereabouts(&case)
                && reader.is_place(child)
                && let Some(place) = reader.mention(child)
            {
                located(reader, noun, name, (whereabouts, &case), place, out);
            } else if case == "of"
                && let Some(whole) = reader.mention(child)
                && reader.is_name(whole)
            {
                push_role(reader, noun, name, Construction::Of, tree.lemma(noun), whole, out);
            }
        }
    }
}

/// "Mara Voss is the mayor of Lisbon", "Mara Voss, mayor of Lisbon": the office, and whose it is.
pub(super) fn office(
    reader: &SentenceReader,
    clause: Option<usize>,
    person: MentionId,
    noun: usize,
    out: &mut Vec<Statement>,
) {
    let tree = &reader.tree;
    let field = reader.field_of_office(noun);
    let bodies: Vec<usize> = tree
        .children(noun)
        .filter(|&child| {
            tree.deprel(child) == Deprel::Nmod
                && !field.contains(&child)
                && matches!(&*tree.case(child), "of" | "at" | "for" | "in")
                && reader.is_named(child)
        })
        .collect();
    // "attorney *general*"
    let adjective = |child: usize| tree.deprel(child) == Deprel::Amod && child == noun + 1;
    let (mut first, last) = tree.extent(noun, |child| {
        reader.is_dated(child)
            || child > noun
                && !matches!(tree.deprel(child), Deprel::Nmod | Deprel::Flat)
                && tree.head(child) == Some(noun)
                && !adjective(child)
            || child < noun
                && !matches!(
                    tree.deprel(child),
                    Deprel::Det
                        | Deprel::Amod
                        | Deprel::Compound
                        | Deprel::Nummod
                        | Deprel::Nmod
                        | Deprel::NmodPoss
                        | Deprel::NmodUnmarked
                        | Deprel::NmodDesc
                        | Deprel::Flat
                )
    });
    // "*its* head", "*both an* artist and a poet"
    while first < noun
        && matches!(tree.upos(first), Upos::Det | Upos::Punct | Upos::Pron | Upos::Cconj)
    {
        first += 1;
    }
    let before = out.len();
    let related = !bodies.is_empty() || tree.has(noun, Deprel::NmodPoss);
    let object = reader.words(first, last);
    if is_comparison(reader, noun) {
        let whole = reader.literal(noun);
        push(reader, noun, person, Construction::Apposition, "be", whole, out);
    } else if !is_human(reader, noun) && !is_kin(reader, noun) {
        push(reader, noun, person, Construction::Title, "hold position", object, out);
    } else if !related {
        push(reader, noun, person, Construction::Apposition, "be", object, out);
    }
    // "*Norwegian* consul to Malta", "the bank's *chief* economist for Asia"
    let start = (first..noun)
        .rfind(|&token| reader.is_named(token) || tree.upos(token) == Upos::Part)
        .map_or(first, |token| token + 1);
    let role = tree.words(start, tree.end_of_noun(noun)).to_lowercase();
    for child in bodies {
        if let Some(body) = reader.mention(child) {
            let kind = affiliation_kind(reader, noun, body);
            let case = tree.case(child);
            if case == "of" {
                push_role(reader, noun, person, kind, &role, body, out);
            } else {
                let label = format!("be {role} {case}");
                push(reader, noun, person, kind, &label, Argument::Mention(body), out);
            }
        }
    }
    affiliation(reader, person, first, noun, out);
    if let Some(clause) = clause {
        in_clause(reader, clause, &mut out[before..]);
    }
}

/// "is", "was", "will be", "said she was": the clause gives mood, source and time.
fn in_clause(reader: &SentenceReader, clause: usize, statements: &mut [Statement]) {
    for statement in statements {
        statement.polarity = reader.moods[clause].polarity;
        statement.factuality = reader.moods[clause].outward();
        statement.attribution.clone_from(&reader.moods[clause].sources);
        statement.time = reader.time(clause);
    }
}

/// "the mayor of Lisbon", "its mayor": whose role it is, stated of the person who bears it by the text.
fn role(
    reader: &SentenceReader,
    noun: usize,
    thing: MentionId,
    whose: MentionId,
    out: &mut Vec<Statement>,
) {
    let tree = &reader.tree;
    let bearer = bearer(reader, noun);
    let person = bearer.map_or(thing, |(_, person)| person);
    // "*secretary* general"
    let first = tree
        .children(noun)
        .find(|&child| child < noun && tree.deprel(child) == Deprel::Compound)
        .filter(|&child| !reader.is_named(child));
    let role = match first {
        Some(first) => singular(reader, first, noun).to_lowercase(),
        None => tree.lemma(noun).to_owned(),
    };
    let before = out.len();
    let kind = affiliation_kind(reader, noun, whose);
    push_role(reader, noun, person, kind, &role, whose, out);
    if let Some((clause, _)) = bearer {
        in_clause(reader, clause, &mut out[before..]);
    }
}

/// "*Mara Voss* was elected mayor", "made *her* captain": the clause that gives somebody a role.
fn bearer(reader: &SentenceReader, noun: usize) -> Option<(usize, MentionId)> {
    let index = reader.clauses.of[noun]?;
    let clause = &reader.clauses.all[index];
    let persons = if clause.objects.is_empty() { &clause.subjects } else { &clause.objects };
    let person = persons.first().filter(|_| clause.complement == Some(noun))?;
    Some((index, reader.mention(*person)?))
}

/// Which construction a noun beside a person makes: members and spokespeople are left to the rules that
/// give the construction's property for the noun ("X is a member of Y").
fn affiliation_kind(reader: &SentenceReader, noun: usize, whose: MentionId) -> Construction {
    let grammar = reader.know.grammar;
    let lemma = reader.tree.lemma(noun).to_lowercase();
    let triggers = grammar.nouns.get(&lemma).into_iter().flatten();
    let properties: Vec<PropertyId> =
        triggers.map(|trigger| grammar.rule(trigger.rule).predicate).collect();
    let of_rule = |construction: &Construction| {
        let property = grammar.constructions.property(*construction);
        property.is_some_and(|property| properties.contains(&property))
    };
    // "*her* members" are those of the body that she speaks for.
    let body = reader.label(whose) != Some(Label::Person);
    let membership = body.then_some(Construction::Membership);
    let mut kinds = membership.into_iter().chain([Construction::TitleSpokesperson]);
    kinds.find(of_rule).unwrap_or(Construction::Affiliation)
}

/// "the company's plant", "his visit" without a verb behind the noun.
fn possession(reader: &SentenceReader, token: usize, out: &mut Vec<Statement>) {
    let tree = &reader.tree;
    let Some(thing) = reader.mention(token) else { return };
    let named_person = reader.label(thing) == Some(Label::Person) && reader.is_name(thing);
    let owners: Vec<usize> = tree
        .children(token)
        .filter(|&child| tree.deprel(child) == Deprel::NmodPoss)
        .flat_map(|child| tree.conjuncts(child))
        .collect();
    for owner in owners {
        if reader.is_time(owner) {
            continue;
        }
        let owner = if reader.tree.form(owner).eq_ignore_ascii_case("whose") {
            reader.tree.antecedent(owner).unwrap_or(owner)
        } else {
            owner
        };
        if person_role(reader, token, thing) {
            if let Some(owner) = reader.mention(owner) {
                role(reader, token, thing, owner, out);
            }
            continue;
        }
        if let Some(owner) = reader.mention(owner) {
            let place = reader.label(thing) == Some(Label::Place)
                && reader.label(owner) == Some(Label::Place);
            // "her company" is hers, no part of her; "the project's panel" gives no statement.
            let nominal = |mention| reader.get(mention).kind == MentionKind::Nominal;
            let body = reader.label(thing) == Some(Label::Org)
                && reader.label(owner) != Some(Label::Person)
                && !(nominal(thing) && nominal(owner));
            let seat = reader.get(thing).kind == MentionKind::Nominal
                && reader.label(thing) == Some(Label::Place)
                && matches!(reader.label(owner), Some(Label::Place | Label::Org));
            if body {
                push(
                    reader,
                    token,
                    thing,
                    Construction::DemonymOrganization,
                    "be of",
                    Argument::Mention(owner),
                    out,
                );
            } else if named_person {
                push(
                    reader,
                    token,
                    thing,
                    Construction::Affiliation,
                    "be of",
                    Argument::Mention(owner),
                    out,
                );
            } else if place && (reader.is_name(thing) || seat) {
                push(
                    reader,
                    token,
                    thing,
                    Construction::Part,
                    "be part of",
                    Argument::Mention(owner),
                    out,
                );
            } else if can_be_had(reader, token, thing) {
                push(
                    reader,
                    token,
                    owner,
                    Construction::Possessive,
                    "have",
                    Argument::Mention(thing),
                    out,
                );
            }
        }
    }
    for child in tree.children(token).filter(|&child| tree.deprel(child) == Deprel::Nmod) {
        if tree.case(child) != "of" || reader.timex(child).is_some() {
            continue;
        }
        let Some(whole) = reader.mention(child) else { continue };
        if !reader.is_name(whole) || reader.label(whole) == Some(Label::Quantity) {
            continue;
        }
        let named = |child: usize| tree.deprel(child) == Deprel::Appos && reader.is_named(child);
        let first = match tree.deprel(token) {
            Deprel::Conj => tree.head(token).unwrap_or(token),
            _ => token,
        };
        let given = tree.deprel(first) == Deprel::Appos
            || tree.has(first, Deprel::Cop)
            || tree.children(token).any(named);
        if person_role(reader, token, thing) {
            if given || reader.field_of_office(token).contains(&child) {
                continue; // apposition and copula state the office themselves
            }
            role(reader, token, thing, whole, out);
        } else if named_person {
            push(
                reader,
                token,
                thing,
                Construction::Affiliation,
                "be of",
                Argument::Mention(whole),
                out,
            );
        } else if reader.is_place(token) && reader.is_place(child) {
            push(
                reader,
                token,
                thing,
                Construction::Part,
                "be part of",
                Argument::Mention(whole),
                out,
            );
        } else if !is_quantifier(reader, token)
            // "pictures of Mara Voss", "critics of Mara Voss"
            && reader.label(whole) != Some(Label::Person)
            && reader.get(thing).kind == MentionKind::Nominal
            && can_be_had(reader, token, thing)
        {
            push(
                reader,
                token,
                whole,
                Construction::Possessive,
                "have",
                Argument::Mention(thing),
                out,
            );
        }
    }
}

/// True for things and bodies; a happening ("his trip"), a quality ("the peace of the island") or the
/// country of somebody is not had.
fn can_be_had(reader: &SentenceReader, token: usize, thing: MentionId) -> bool {
    if reader.is_name(thing) {
        return true;
    }
    let noun = reader.tree.lemma(token).to_lowercase();
    let country = reader.know.lexicon.names_kind(&noun, Kind::Country);
    let label = reader.know.lexicon.noun_label(&noun);
    // "the stoning of the pillar"
    let named_for_it = ["ing", "tion", "sion"].iter().any(|end| noun.ends_with(end));
    let happening =
        reader.know.lexicon.nominalization(&noun).is_some() || label.is_none() && named_for_it;
    !country && !happening && !matches!(label, Some(Label::Event | Label::Misc))
}

/// True for "chairman", "wife": a noun that names a person by the relation to somebody.
fn person_role(reader: &SentenceReader, token: usize, thing: MentionId) -> bool {
    matches!(reader.label(thing), Some(Label::Person) | None) && is_role_noun(reader, token)
}

fn is_quantifier(reader: &SentenceReader, token: usize) -> bool {
    let label = reader.know.lexicon.noun_label(reader.tree.lemma(token));
    reader.is_quantifier(token)
        || reader.know.lexicon.has_use(reader.tree.lemma(token), Use::Part)
        || matches!(label, Some(Label::Quantity | Label::Time))
}

/// "a plant in Lyon": where a thing stands.
fn location(reader: &SentenceReader, token: usize, out: &mut Vec<Statement>) {
    let tree = &reader.tree;
    let Some(thing) = reader.mention(token) else { return };
    for child in tree.children(token).filter(|&child| tree.deprel(child) == Deprel::Nmod) {
        let case = tree.case(child);
        let person = reader.label(thing) == Some(Label::Person);
        let Some(whereabouts) = reader.know.lexicon.prepositions().whereabouts(&case) else {
            continue;
        };
        if !reader.is_place(child) || person {
            continue;
        }
        if let Some(place) = reader.mention(child)
            && (reader.is_name(place) || reader.is_place(token))
        {
            located(reader, token, thing, (whereabouts, &case), place, out);
        }
    }
}

/// "a plant *in Lyon*" is located there, one *near Lyon* is near it, one *outside Lyon* just that.
fn located(
    reader: &SentenceReader,
    token: usize,
    thing: MentionId,
    (whereabouts, case): (Whereabouts, &str),
    place: MentionId,
    out: &mut Vec<Statement>,
) {
    let label = match whereabouts {
        Whereabouts::At => format!("be located {case}"),
        Whereabouts::Near | Whereabouts::Beside => format!("be {case}"),
    };
    let construction = Construction::of(whereabouts);
    push(reader, token, thing, construction, &label, Argument::Mention(place), out);
}

/// "the Norwegian port": a body, place or facility with the country it belongs to.
fn nationality(reader: &SentenceReader, token: usize, event: bool, out: &mut Vec<Statement>) {
    let tree = &reader.tree;
    if event {
        return;
    }
    let Some(thing) = reader.mention(token) else { return };
    if !matches!(reader.label(thing), Some(Label::Org | Label::Place)) {
        return;
    }
    for child in
        tree.children(token).filter(|&c| matches!(tree.deprel(c), Deprel::Amod | Deprel::Compound))
    {
        let Some(country) = reader.mention(child) else { continue };
        let named = reader.is_name(country) && reader.is_country(country);
        // In a name ("Norwegian Coast Guard") the word is part of it.
        let before = child < token;
        let inside = reader.is_name(thing) && reader.get(thing).tokens.contains(&child);
        // "Norwegian and Irish teams": some are of the one, some of the other.
        let either = tree.conjuncts(child).len() > 1 || tree.deprel(child) == Deprel::Conj;
        if named && before && !inside && !either && country != thing {
            let construction = match reader.label(thing) {
                Some(Label::Place) => Construction::DemonymPlace,
                _ => Construction::DemonymOrganization,
            };
            push(reader, token, thing, construction, "be of", Argument::Mention(country), out);
        }
    }
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
    push(reader, token, thing, Construction::Count, "have count", reader.words(first, last), out);
}
