//! "a plant in Lyon", "the Norwegian port": where a thing is, and of which country.

use crate::document::{Deprel, Label, MentionId};
use crate::extract::construction::Construction;
use crate::extract::reader::SentenceReader;
use crate::resource::lexicon::Whereabouts;
use crate::statement::{Argument, Statement};

use super::NounRelation;

/// "a plant in Lyon": where a thing stands.
pub(super) fn location(reader: &SentenceReader, token: usize, out: &mut Vec<Statement>) {
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
pub(super) fn located(
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
    out.extend(NounRelation::new(token, thing, construction).to(
        reader,
        &label,
        Argument::Mention(place),
    ));
}

/// "the Norwegian port": a body, place or facility with the country it belongs to.
pub(super) fn nationality(
    reader: &SentenceReader,
    token: usize,
    event: bool,
    out: &mut Vec<Statement>,
) {
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
        if named && before && !inside && reader.phrase(token).has_alone(child) && country != thing {
            let construction = match reader.label(thing) {
                Some(Label::Place) => Construction::DemonymPlace,
                _ => Construction::DemonymOrganization,
            };
            out.extend(NounRelation::new(token, thing, construction).to(
                reader,
                "be of",
                Argument::Mention(country),
            ));
        }
    }
}
