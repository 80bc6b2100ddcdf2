//! "the company's plant", "the roof of the mill": what is whose.

use crate::document::{Deprel, Label, MentionId, MentionKind};
use crate::extract::construction::Construction;
use crate::extract::reader::SentenceReader;
use crate::ontology::Kind;
use crate::statement::{Argument, Statement};

use super::NounRelation;
use super::noun::{is_quantifier, person_role};
use super::office::role;

/// "the company's plant", "his visit" without a verb behind the noun.
pub(super) fn possession(reader: &SentenceReader, token: usize, out: &mut Vec<Statement>) {
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
                out.extend(NounRelation::new(token, thing, Construction::DemonymOrganization).to(
                    reader,
                    "be of",
                    Argument::Mention(owner),
                ));
            } else if named_person {
                out.extend(NounRelation::new(token, thing, Construction::Affiliation).to(
                    reader,
                    "be of",
                    Argument::Mention(owner),
                ));
            } else if place && (reader.is_name(thing) || seat) {
                out.extend(NounRelation::new(token, thing, Construction::Part).to(
                    reader,
                    "be part of",
                    Argument::Mention(owner),
                ));
            } else if can_be_had(reader, token, thing) {
                out.extend(NounRelation::new(token, owner, Construction::Possessive).to(
                    reader,
                    "have",
                    Argument::Mention(thing),
                ));
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
            out.extend(NounRelation::new(token, thing, Construction::Affiliation).to(
                reader,
                "be of",
                Argument::Mention(whole),
            ));
        } else if reader.is_place(token) && reader.is_place(child) {
            out.extend(NounRelation::new(token, thing, Construction::Part).to(
                reader,
                "be part of",
                Argument::Mention(whole),
            ));
        } else if !is_quantifier(reader, token)
            // "pictures of Mara Voss", "critics of Mara Voss"
            && reader.label(whole) != Some(Label::Person)
            && reader.get(thing).kind == MentionKind::Nominal
            && can_be_had(reader, token, thing)
        {
            out.extend(NounRelation::new(token, whole, Construction::Possessive).to(
                reader,
                "have",
                Argument::Mention(thing),
            ));
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
