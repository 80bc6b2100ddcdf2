//! What the tree says outright: apposition, definite predicates, "the city of", acronyms in
//! parentheses.

use rustc_hash::FxHashMap;

use super::features::{Definiteness, Number};
use super::names::{is_acronym, link_acronym};
use super::{Links, Page};
use crate::document::{Deprel, Label, MentionKind};
use crate::resource::lexicon::Use;

/// Links what apposition and predicates identify, and notes what nominals say about names.
pub(super) fn link(page: &Page, links: &mut Links) {
    let heads = heads(page);
    for mention in 0..page.mentions.len() {
        match page.kind(mention) {
            MentionKind::Nominal => {
                predicate(page, links, &heads, mention);
                generic(page, links, &heads, mention);
                apposition(page, links, &heads, mention);
            }
            MentionKind::Name => {
                apposition(page, links, &heads, mention);
                parenthesis(page, links, mention);
            }
            _ => {}
        }
    }
}

/// The mention that each token heads: names before nominals.
type Heads = FxHashMap<(u32, u32), usize>;

fn heads(page: &Page) -> Heads {
    let mut heads = Heads::default();
    for (index, mention) in page.mentions.iter().enumerate() {
        let key = (mention.sentence.0, mention.head.0);
        match heads.get(&key) {
            Some(&other) if page.kind(other) <= mention.kind => {}
            _ => {
                heads.insert(key, index);
            }
        }
    }
    heads
}

fn headed(page: &Page, heads: &Heads, mention: usize, token: usize) -> Option<usize> {
    heads.get(&(page.mentions[mention].sentence.0, token as u32)).copied()
}

fn apposition(page: &Page, links: &mut Links, heads: &Heads, mention: usize) {
    let token = &page.sentence(mention).tokens[page.mentions[mention].head.index()];
    if token.deprel != Deprel::Appos {
        return;
    }
    let Some(other) = token.head.and_then(|head| headed(page, heads, mention, head.index())) else {
        return;
    };
    let (a, b) = (page.kind(mention), page.kind(other));
    let both_names = a == MentionKind::Name && b == MentionKind::Name;
    let refers = |kind| matches!(kind, MentionKind::Name | MentionKind::Nominal);
    if both_names || !refers(a) || !refers(b) || links.features[mention].is_demonym {
        return;
    }
    // "two ministers, Dahl and Berg" is no identity.
    let plural = |m: usize| links.features[m].number == Some(Number::Plural);
    if plural(mention) != plural(other) || has_conjunct(page, mention) {
        return;
    }
    links.link(other, mention);
}

fn has_conjunct(page: &Page, mention: usize) -> bool {
    let head = page.mentions[mention].head;
    page.sentence(mention)
        .tokens
        .iter()
        .any(|token| token.deprel == Deprel::Conj && token.head == Some(head))
}

/// "Dahl is the minister": positive, definite, in the present or past.
fn predicate(page: &Page, links: &mut Links, heads: &Heads, mention: usize) {
    let sentence = page.sentence(mention);
    let head = page.mentions[mention].head;
    let children =
        || sentence.tokens.iter().enumerate().filter(|(_, token)| token.head == Some(head));
    let mut copula = false;
    let mut subject = None;
    for (index, token) in children() {
        match token.deprel {
            Deprel::Cop => copula = true,
            Deprel::Nsubj => subject = Some(index),
            Deprel::Aux if token.feat("VerbForm") == Some("Fin") && token.lemma != "have" => return,
            Deprel::Advmod if token.feat("Polarity") == Some("Neg") => return,
            Deprel::Advmod if matches!(token.lemma.as_str(), "not" | "never" | "no") => return,
            Deprel::Mark if token.lemma == "if" => return,
            _ => {}
        }
    }
    let definite = links.features[mention].definiteness == Definiteness::Definite;
    if let Some(subject) = subject.filter(|_| copula && definite)
        && let Some(subject) = headed(page, heads, mention, subject)
        && matches!(page.kind(subject), MentionKind::Name | MentionKind::Nominal)
    {
        links.link(subject, mention);
    }
}

/// "the city of Bergen", "the Tromsdal valley": a noun that only tells the kind of what is named.
fn generic(page: &Page, links: &mut Links, heads: &Heads, mention: usize) {
    let feature = &links.features[mention];
    if !page.lexicon.has_use(&feature.head, Use::Generic)
        || feature.number != Some(Number::Singular)
    {
        return;
    }
    let sentence = page.sentence(mention);
    let head = page.mentions[mention].head.index();
    let beside = || {
        let before = &sentence.tokens[head.checked_sub(1)?];
        let compound = before.deprel == Deprel::Compound
            && before.head.is_some_and(|above| above.index() == head);
        compound.then_some(head - 1)
    };
    let named = feature
        .possessor
        .filter(|&token| token > head)
        .or_else(beside)
        .and_then(|token| headed(page, heads, mention, token));
    let Some(named) = named.filter(|&named| page.kind(named) == MentionKind::Name) else { return };
    if links.features[named].is_demonym || links.features[named].label == Some(Label::Person) {
        return;
    }
    let class = page.lexicon.class(&feature.head);
    let fits = links.features[named]
        .entry
        .is_none_or(|entry| class.is_some_and(|class| class == page.gazetteer.entry(entry).class));
    if fits {
        links.link(named, mention);
    }
}

/// "World Trade Forum (WTF)": the name before the parenthesis.
fn parenthesis(page: &Page, links: &mut Links, mention: usize) {
    let own = &page.mentions[mention];
    let sentence = page.sentence(mention);
    let (start, end) = (own.tokens.start, own.tokens.end);
    let form = |index: usize| sentence.tokens.get(index).map(|token| token.form(page.text));
    let inside = start >= 2 && form(start - 1) == Some("(") && form(end) == Some(")");
    if !inside || !is_acronym(page.words(mention)) {
        return;
    }
    let before = (0..mention).rev().take(6).find(|&other| {
        let other_mention = &page.mentions[other];
        other_mention.sentence == own.sentence
            && other_mention.tokens.end == start - 1
            && page.kind(other) == MentionKind::Name
    });
    if let Some(before) = before {
        link_acronym(links, before, mention);
    }
}
