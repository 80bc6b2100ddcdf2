//! "Mara Voss, the mayor of Lisbon", "the World Kite Union (WKU)", "Mara Voss, 34,".

use crate::document::{Deprel, Label, MentionId, MentionKind, Upos};
use crate::extract::construction::Construction;
use crate::extract::event_noun::relation_noun;
use crate::extract::reader::SentenceReader;
use crate::resource::lexicon::Use;
use crate::statement::{Argument, Predicate, Statement};

use super::NounRelation;
use super::location::located;
use super::noun::is_role_noun;
use super::office::office;

/// "X, the mayor of Y", "the capital, X", "X (Y)".
pub(super) fn apposition(reader: &SentenceReader, token: usize, out: &mut Vec<Statement>) {
    let tree = &reader.tree;
    let relative = tree.children(token).any(|child| tree.form(child) == "whose");
    let anchor = reader.phrase(token).apposed_to().filter(|_| !relative);
    let Some(anchor) = anchor else { return };
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
                // Of short and full name the full one is what the thing is called anyway.
                let short = |mention| !reader.mention_text(mention).contains(' ');
                let alias = if short(one) && !short(other) { one } else { other };
                let once = tree.children(token).any(|child| {
                    let word = tree.form(child).to_lowercase();
                    reader.know.lexicon.has_use(&word, Use::Tenure) || word == "formerly"
                });
                let label = if once { "be formerly known as" } else { "be also known as" };
                let alias = words_of(reader, alias);
                let mut found =
                    NounRelation::new(token, one, Construction::Alias).to(reader, label, alias);
                if let Some(statement) = found.as_mut().filter(|_| once) {
                    statement.predicate = Predicate::new(None, label);
                }
                out.extend(found);
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
            && reader.phrase(other).article().is_none()
    };
    tree.conjuncts(role).into_iter().filter(is_further)
}

/// "Mara Voss, 34,": a bare number behind a person that can be the years of a life.
pub(super) fn age(reader: &SentenceReader, token: usize, out: &mut Vec<Statement>) {
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
        out.extend(NounRelation::new(token, person, Construction::Age).to(
            reader,
            "be aged",
            reader.words(token, token),
        ));
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
    let several = tree.has(noun, Deprel::Nummod) && tree.is_plural(noun);
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
    } else if relation_noun(reader, None, &[name_head], noun, out) {
        out.extend(
            NounRelation::new(noun, name, Construction::Apposition).to(reader, "be", object),
        );
    } else {
        out.extend(
            NounRelation::new(noun, name, Construction::Apposition).to(reader, "be", object),
        );
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
                out.extend(NounRelation::new(noun, name, Construction::Of).role(
                    reader,
                    tree.lemma(noun),
                    whole,
                ));
            }
        }
    }
}
