//! "officials Ana Reyes and Tom Falk": a role and the names right behind it are one noun phrase.
//!
//! Parsers often take the name for something of its own. Where a noun that denotes a person stands
//! directly before a name, the name becomes the head and the noun its title, as the treebanks have
//! it ("President Reyes"). So it does behind what the role is for ("Ambassador to Norland Mara Voss",
//! "Secretary of State Tom Falk"), which models often take for the beginning of the name.

use std::ops::Range;

use super::{Mend, MendContext};
use crate::document::{Deprel, Label, Name, Sentence, Token, TokenId, Upos};
use crate::resource::lexicon::{Lexicon, RoleKind};
use crate::resource::offices::{common_field, field_ends, field_start};

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "titles",
    reason: "Parsers take the name right behind a title for something of its own; both are one noun phrase.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "officials=official/NOUN/4/nsubj [PERSON Lena/PROPN/4/obj Ost/PROPN/2/flat ] left/VERB/0/root",
            after: "officials/2/nmod:desc Lena/4/nsubj",
        },
        MendExample {
            before: "told=tell/VERB/0/root reporters=reporter/NOUN/1/obj Friday/PROPN/1/obl:unmarked",
            after: "",
        },
    ],
};

/// Hangs titles on their names.
fn apply(sentence: &mut Sentence, &MendContext { text, lexicon }: &MendContext) {
    for title in 0..sentence.tokens.len().saturating_sub(1) {
        let name = stray_name(sentence, text, lexicon, title);
        if let Some(name) = name.filter(|&name| !is_time(sentence, lexicon, name)) {
            hang(sentence, title, name, Deprel::NmodDesc);
            if let Some(body) = body_before(sentence, title, name) {
                hang(sentence, body, name, Deprel::Compound);
            }
        } else if let Some(office) = office(sentence, text, lexicon, title) {
            rename(sentence, &office);
            hang_field(sentence, title, &office);
        }
    }
    for person in 0..sentence.tokens.len() {
        if let Some(title) = title_before_post(sentence, lexicon, person) {
            sentence.tokens[person].head = Some(TokenId::from(title));
        }
    }
}

/// "told reporters *Friday*"
fn is_time(sentence: &Sentence, lexicon: &Lexicon, word: usize) -> bool {
    let named = sentence.name_at(word);
    named.is_some_and(|name| name.label == Label::Time)
        || lexicon.noun_label(&sentence.tokens[word].lemma.to_lowercase()) == Some(Label::Time)
            && named.is_none()
}

/// "the ambassador to Norland, *Mara Voss*": a person is no apposition of a place or body, but of who is
/// posted there.
fn title_before_post(sentence: &Sentence, lexicon: &Lexicon, person: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let label = |token: usize| sentence.name_at(token).map(|name| name.label);
    if tokens[person].deprel != Deprel::Appos || label(person) != Some(Label::Person) {
        return None;
    }
    let post = tokens[person].head?.index();
    if tokens[post].deprel != Deprel::Nmod
        || !matches!(label(post), Some(Label::Place | Label::Org))
    {
        return None;
    }
    let title = tokens[post].head?.index();
    lexicon.role(&tokens[title].lemma.to_lowercase())?;
    Some(title)
}

/// What stands between a title and the name of who bears it.
struct Office {
    /// What the role is for, without the article: "Norland", "State".
    field: Range<usize>,
    name: Range<usize>,
}

/// "Ambassador to *Norland* Mara Voss", "director of *operations* Mara Voss".
fn office(sentence: &Sentence, text: &str, lexicon: &Lexicon, title: usize) -> Option<Office> {
    let tokens = &sentence.tokens;
    let start = field_start(tokens, title)?;
    let role = lexicon.role(&tokens[title].lemma.to_lowercase())?;
    let person = |first: usize| {
        // "Undersecretary for Education *Mr.* Falk"
        let honored = tokens.get(first).is_some_and(|t| lexicon.is_honorific(t.form(text)));
        let starts = [first, first + usize::from(honored)];
        let mut names = sentence.names.iter().filter(|name| name.label == Label::Person);
        let name = names.find(|name| starts.contains(&name.tokens.start))?;
        (name.tokens.end <= tokens.len()).then(|| name.tokens.clone())
    };
    let bodies = sentence.names.iter().filter(|name| {
        name.tokens.start == start && matches!(name.label, Label::Place | Label::Org)
    });
    let posted = bodies.map(|body| body.tokens.end).find_map(|end| Some((end, person(end)?)));
    if let Some((end, name)) = posted {
        return Some(Office { field: start..end, name });
    }
    if role.kind == RoleKind::Kin {
        return None;
    }
    let ends = |end: usize| Some((end, person(end)?));
    if let Some((end, name)) = field_ends(tokens, text, title, start).find_map(ends) {
        let lemma = tokens[end - 1].lemma.to_lowercase();
        return (!lexicon.denotes_person(&lemma)).then_some(Office { field: start..end, name });
    }
    // Field and name were taken for one name: "State Mara Voss".
    let field = common_field(tokens, text, lexicon, title)?;
    let whole = sentence.names.iter().find(|name| name.tokens.contains(&field.end))?;
    let name = field.end..whole.tokens.end.min(tokens.len());
    let proper = tokens[name.clone()].iter().all(|token| token.upos == Upos::Propn);
    proper.then_some(Office { field, name })
}

/// The person's name begins behind the field, and a name that ends with the field begins there.
fn rename(sentence: &mut Sentence, Office { field, name }: &Office) {
    for other in &mut sentence.names {
        if other.tokens.end == field.end {
            other.tokens.start = other.tokens.start.max(field.start);
        }
        if other.tokens.start < name.start && name.start < other.tokens.end {
            other.tokens.end = field.end;
        }
    }
    sentence.names.retain(|other| other.tokens.start != name.start);
    let at = sentence.names.partition_point(|other| other.tokens.start < name.start);
    sentence.names.insert(at, Name { tokens: name.clone(), label: Label::Person });
}

/// Hangs the field on the title, and the title on the name as what the person is.
fn hang_field(sentence: &mut Sentence, title: usize, Office { field, name }: &Office) {
    let last = field.end - 1;
    let first = name.start;
    hang(sentence, title, first, Deprel::Appos);
    let mut link = |token: usize, head: usize, deprel: Deprel| {
        if sentence.is_below(first, token) {
            // The name takes the place of what goes below it.
            sentence.tokens[first].head = sentence.tokens[token].head;
            sentence.tokens[first].deprel = sentence.tokens[token].deprel;
        }
        sentence.hang(token, head, deprel);
    };
    link(last, title, Deprel::Nmod);
    for word in field.start..last {
        link(word, last, Deprel::Compound);
    }
    link(title + 1, last, Deprel::Case);
    if field.start > title + 2 {
        link(title + 2, last, Deprel::Det);
    }
    for word in first + 1..name.end {
        link(word, first, Deprel::Flat);
    }
}

/// The head of the name behind a title, if it does not hang on the title nor the title on it.
fn stray_name(sentence: &Sentence, text: &str, lexicon: &Lexicon, title: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let token = &tokens[title];
    let next = &tokens[title + 1];
    if token.upos != Upos::Noun
        || next.upos != Upos::Propn
        || next.joined
        || !lexicon.denotes_person(&token.lemma.to_lowercase())
        || !next.form(text).starts_with(char::is_uppercase)
    {
        return None;
    }
    // "people *Acme* hired"
    let other = sentence.names.iter().any(|name| {
        name.tokens.contains(&(title + 1))
            && matches!(name.label, Label::Org | Label::Place | Label::Norp)
    });
    if other {
        return None;
    }
    // The topmost token of the run of proper nouns.
    let end = (title + 1..tokens.len())
        .find(|&index| tokens[index].upos != Upos::Propn)
        .unwrap_or(tokens.len());
    let name = (title + 1..end).find(|&index| {
        tokens[index].head.is_none_or(|head| !(title + 1..end).contains(&head.index()))
    })?;
    let heads_title = token.head == Some(TokenId::from(name));
    let below = sentence.is_below(title, name);
    (!heads_title && !below).then_some(name)
}

/// "*Harbor Board* lawyer Mara Voss": the head of the body before a title, if the name hangs on it.
fn body_before(sentence: &Sentence, title: usize, name: usize) -> Option<usize> {
    let body = sentence
        .names
        .iter()
        .find(|other| other.tokens.end == title && other.label == Label::Org)?;
    let body = sentence.head_of(&body.tokens);
    sentence.is_below(name, body).then_some(body)
}

/// Makes the name the head; the title hangs on it as `link`.
fn hang(sentence: &mut Sentence, title: usize, name: usize, link: Deprel) {
    let title_id = TokenId::from(title);
    let name_id = TokenId::from(name);
    let (head, deprel) = (sentence.tokens[title].head, sentence.tokens[title].deprel);
    // "Undersecretary for Trade Mr. Falk left": the parser knew who left.
    let is_subject = |token: &Token| {
        token.head == head && matches!(token.deprel, Deprel::Nsubj | Deprel::NsubjPass)
    };
    let known =
        is_subject(&sentence.tokens[name]) && !sentence.tokens[..title].iter().any(is_subject);
    if !known && !sentence.is_below(title, name) {
        sentence.tokens[name].head = head;
        sentence.tokens[name].deprel = deprel;
    }
    sentence.hang(title, name, link);
    for index in 0..sentence.tokens.len() {
        let token = &mut sentence.tokens[index];
        let moves = matches!(
            token.deprel,
            Deprel::Case
                | Deprel::Cc
                | Deprel::Conj
                | Deprel::Cop
                | Deprel::Nsubj
                | Deprel::Punct
                | Deprel::AclRelcl
                | Deprel::Appos
                | Deprel::Mark
                | Deprel::Aux
        );
        if token.head == Some(title_id) && index != name && moves {
            token.head = Some(name_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{is_tree, page, trees, world};

    #[test]
    fn a_title_with_a_field_hangs_on_the_name_whatever_the_parser_says() {
        let (_, lexicon) = world();
        for heads @ [a, b, c, d, e, f] in trees() {
            for deprel in ["dep", "nsubj"] {
                let line = format!(
                    "Minister/PROPN/{a}/dep of/ADP/{b}/case Education/PROPN/{c}/dep \
                     [PERSON Liv/PROPN/{d}/{deprel} Dahl/PROPN/{e}/dep ] spoke/VERB/{f}/dep"
                );
                let (document, mut sentences) = page(&[&line]);
                apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
                let tokens = &sentences[0].tokens;
                assert!(is_tree(&sentences[0]), "{heads:?}");
                let head = |token: usize| tokens[token].head.map(TokenId::index);
                assert_eq!([head(0), head(2), head(4)], [Some(3), Some(0), Some(3)], "{heads:?}");
            }
        }
    }

    #[test]
    fn a_subject_behind_its_title_stays_one() {
        let (_, lexicon) = world();
        let line = "Minister/PROPN/6/obl:unmarked of/ADP/3/case Education/PROPN/1/nmod \
                    Mr/PROPN/5/nmod:desc [PERSON Dahl/PROPN/6/nsubj ] spoke/VERB/0/root";
        let (document, mut sentences) = page(&[line]);
        apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
        let name = &sentences[0].tokens[4];
        assert_eq!((name.head, name.deprel), (Some(TokenId(5)), Deprel::Nsubj));
    }

    #[test]
    fn a_field_that_the_model_took_for_a_name_is_cut_off() {
        let (_, lexicon) = world();
        let line = "Minister/PROPN/5/nsubj of/ADP/4/case [ORG Education/PROPN/4/compound \
                    Dahl/PROPN/1/nmod ] spoke/VERB/0/root";
        let (document, mut sentences) = page(&[line]);
        apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
        let names: Vec<(Range<usize>, Label)> =
            sentences[0].names.iter().map(|name| (name.tokens.clone(), name.label)).collect();
        assert_eq!(names, [(2..3, Label::Org), (3..4, Label::Person)]);
    }
}
