//! "the company's plant", "the roof of the mill": what is whose.

use crate::document::{Deprel, Label, MentionId, MentionKind};
use crate::extract::construction::Construction;
use crate::extract::reader::SentenceReader;
use crate::ontology::Kind;
use crate::statement::{Argument, Statement};

use super::NounRelation;
use super::noun::{is_quantifier, person_role};
use super::office::role;

/// "the company's plant", "his visit" without a verb behind the noun, "the roof of the mill".
pub(super) fn possession(reader: &SentenceReader, token: usize, out: &mut Vec<Statement>) {
    let tree = &reader.tree;
    let Some(thing) = reader.mention(token) else { return };
    for owner in reader.phrase(token).owners() {
        owned(reader, token, thing, owner, out);
    }
    let is_of = |&child: &usize| tree.deprel(child) == Deprel::Nmod && tree.case(child) == "of";
    for child in tree.children(token).filter(is_of) {
        part_of(reader, token, thing, child, out);
    }
}

/// "the *company's* plant", "*his* chairman"
fn owned(
    reader: &SentenceReader,
    token: usize,
    thing: MentionId,
    owner: usize,
    out: &mut Vec<Statement>,
) {
    let tree = &reader.tree;
    if reader.is_time(owner) {
        return;
    }
    let relative = tree.form(owner).eq_ignore_ascii_case("whose");
    let antecedent = tree.antecedent(owner).filter(|_| relative);
    let Some(owner) = reader.mention(antecedent.unwrap_or(owner)) else { return };
    if person_role(reader, token, thing) {
        return role(reader, token, thing, owner, out);
    }
    let owner_label = reader.label(owner);
    let is_nominal = |mention| reader.get(mention).kind == MentionKind::Nominal;
    let of = |construction: Construction, label: &str| {
        let relation = NounRelation::new(token, thing, construction);
        relation.to(reader, label, Argument::Mention(owner))
    };
    out.extend(match reader.label(thing) {
        // "her company" is hers, no part of her; "the project's panel" gives no statement.
        Some(Label::Org)
            if owner_label != Some(Label::Person) && !(is_nominal(thing) && is_nominal(owner)) =>
        {
            of(Construction::DemonymOrganization, "be of")
        }
        Some(Label::Person) if reader.is_name(thing) => of(Construction::Affiliation, "be of"),
        Some(Label::Place)
            if owner_label == Some(Label::Place)
                && (reader.is_name(thing) || is_nominal(thing)) =>
        {
            of(Construction::Part, "be part of")
        }
        _ => had(reader, token, thing, owner),
    });
}

/// "the roof of the *mill*", "the mayor of *Lisbon*"
fn part_of(
    reader: &SentenceReader,
    token: usize,
    thing: MentionId,
    child: usize,
    out: &mut Vec<Statement>,
) {
    let tree = &reader.tree;
    let whole = reader.mention(child).filter(|_| reader.timex(child).is_none());
    let Some(whole) = whole else { return };
    if !reader.is_name(whole) || reader.label(whole) == Some(Label::Quantity) {
        return;
    }
    if person_role(reader, token, thing) {
        let first = match tree.deprel(token) {
            Deprel::Conj => tree.head(token).unwrap_or(token),
            _ => token,
        };
        // Apposition and copula state the office themselves.
        let given = reader.phrase(first).apposed_to().is_some()
            || tree.has(first, Deprel::Cop)
            || reader.phrase(token).appositions().any(|name| reader.is_named(name));
        if !given && !reader.field_of_office(token).contains(&child) {
            role(reader, token, thing, whole, out);
        }
        return;
    }
    let of = |construction: Construction, label: &str| {
        let relation = NounRelation::new(token, thing, construction);
        relation.to(reader, label, Argument::Mention(whole))
    };
    out.extend(if reader.label(thing) == Some(Label::Person) && reader.is_name(thing) {
        of(Construction::Affiliation, "be of")
    } else if reader.is_place(token) && reader.is_place(child) {
        of(Construction::Part, "be part of")
    } else if !is_quantifier(reader, token)
        // "pictures of Mara Voss", "critics of Mara Voss"
        && reader.label(whole) != Some(Label::Person)
        && reader.get(thing).kind == MentionKind::Nominal
    {
        had(reader, token, thing, whole)
    } else {
        None
    });
}

/// "the abbot's boat": the abbot has a boat.
fn had(
    reader: &SentenceReader,
    token: usize,
    thing: MentionId,
    owner: MentionId,
) -> Option<Statement> {
    if !can_be_had(reader, token, thing) {
        return None;
    }
    let relation = NounRelation::new(token, owner, Construction::Possessive);
    relation.to(reader, "have", Argument::Mention(thing))
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
