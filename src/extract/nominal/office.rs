//! Offices: what somebody is, and to whom or what.

use crate::document::{Deprel, MentionId, Upos};
use crate::extract::clause::ClauseId;
use crate::extract::construction::Construction;
use crate::extract::reader::SentenceReader;
use crate::statement::{Argument, Statement};

use super::NounRelation;
use super::noun::{is_human, is_kin, singular};
use super::title::{affiliation, affiliation_kind};

/// "Mara Voss is the mayor of Lisbon", "Mara Voss, mayor of Lisbon": the office, and whose it is.
pub(in crate::extract) fn office(
    reader: &SentenceReader,
    clause: Option<ClauseId>,
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
    let related = !bodies.is_empty() || reader.phrase(noun).possessor().is_some();
    let object = reader.words(first, last);
    if is_comparison(reader, noun) {
        let relation = NounRelation::new(noun, person, Construction::Apposition);
        out.extend(relation.to(reader, "be", reader.literal(noun)));
    } else if !is_human(reader, noun) && !is_kin(reader, noun) {
        out.extend(NounRelation::new(noun, person, Construction::Title).to(
            reader,
            "hold position",
            object,
        ));
    } else if !related {
        out.extend(
            NounRelation::new(noun, person, Construction::Apposition).to(reader, "be", object),
        );
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
                out.extend(NounRelation::new(noun, person, kind).role(reader, &role, body));
            } else {
                let label = format!("be {role} {case}");
                out.extend(NounRelation::new(noun, person, kind).to(
                    reader,
                    &label,
                    Argument::Mention(body),
                ));
            }
        }
    }
    affiliation(reader, person, first, noun, out);
    if let Some(clause) = clause {
        in_clause(reader, clause, &mut out[before..]);
    }
}

/// "is", "was", "will be", "said she was": the clause gives mood, source and time.
fn in_clause(reader: &SentenceReader, clause: ClauseId, statements: &mut [Statement]) {
    for statement in statements {
        statement.polarity = reader.mood(clause).polarity;
        statement.factuality = reader.mood(clause).outward();
        statement.attribution.clone_from(&reader.mood(clause).sources);
        statement.time = reader.time(clause);
    }
}

/// "the mayor of Lisbon", "its mayor": whose role it is, stated of the person who bears it by the text.
pub(super) fn role(
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
    out.extend(NounRelation::new(noun, person, kind).role(reader, &role, whose));
    if let Some((clause, _)) = bearer {
        in_clause(reader, clause, &mut out[before..]);
    }
}

/// "*Mara Voss* was elected mayor", "made *her* captain": the clause that gives somebody a role.
fn bearer(reader: &SentenceReader, noun: usize) -> Option<(ClauseId, MentionId)> {
    let index = reader.clauses.of[noun]?;
    let clause = &reader.clauses[index];
    let persons = if clause.objects.is_empty() { &clause.subjects } else { &clause.objects };
    let person = persons.first().filter(|_| clause.complement == Some(noun))?;
    Some((index, reader.mention(*person)?))
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
