//! "Defense Minister Ana Silva", "the Norwegian president": offices before a name, and whose they are.

use crate::document::{Deprel, Label, MentionId, MentionKind, Upos};
use crate::extract::construction::Construction;
use crate::extract::reader::SentenceReader;
use crate::ontology::PropertyId;
use crate::resource::lexicon::RoleKind;
use crate::statement::{Argument, Statement};
use crate::syntax::phrase::Title;

use super::NounRelation;
use super::noun::{is_human, is_kin, is_plural_noun, is_role_noun, singular};

/// "Defense Minister Ana Silva": the words before a person's name that are a role.
pub(super) fn title(reader: &SentenceReader, token: usize, out: &mut Vec<Statement>) {
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
    // "*Sunday* Prime Minister Silva", "*Li's* spokesman Ho"
    let is_other = |token: usize| {
        reader.is_dated(token)
            || reader.mention(token).is_some_and(|other| {
                reader.is_name(other)
                    && reader.label(other) == Some(Label::Person)
                    && reader.get(other).tokens.end < name.tokens.start
            })
    };
    let title = Title::before(tree, reader.know.lexicon, &name.tokens, is_other);
    let Some(title) = title else { return };
    let head = title.noun;
    // "*Council for Trade* lawyer Ana Reyes"
    let words = title.with_body(tree);
    let last = words.end - 1;
    let mut first = words.start;
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
    if title.is_plural(tree) {
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
        out.extend(NounRelation::new(token, bearer, construction).to(
            reader,
            label,
            object.clone(),
        ));
        affiliation(reader, bearer, first, head, out);
    }
}

/// "the *Norwegian* president", "*Meridian* chief executive": whom the office belongs to.
pub(super) fn affiliation(
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
        out.extend(
            NounRelation::new(last, person, Construction::DemonymPerson)
                .to(reader, "be of", country),
        );
        return;
    }
    // "marketing director" is no director.
    let kind = match role == tree.lemma(last).to_lowercase() {
        true => affiliation_kind(reader, last, mention),
        false => Construction::Affiliation,
    };
    let role = format!("{}{role}", tenure.to_lowercase());
    out.extend(NounRelation::new(last, person, kind).role(reader, &role, mention));
}

/// Which construction a noun beside a person makes: members and spokespeople are left to the rules that
/// give the construction's property for the noun ("X is a member of Y").
pub(super) fn affiliation_kind(
    reader: &SentenceReader,
    noun: usize,
    whose: MentionId,
) -> Construction {
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
