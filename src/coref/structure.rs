//! What the tree alone decides: apposition, definite predicates, "the city of", acronyms in
//! parentheses.

use rustc_hash::FxHashMap;

use super::features::{Definiteness, Number};
use super::names::{is_acronym, link_acronym};
use super::{Links, SieveInput};
use crate::document::{Deprel, Label, MentionKind};
use crate::resource::lexicon::Use;
use crate::syntax::phrase::NounPhrase;

/// Links what apposition and predicates identify, and notes which nominals describe names.
pub(super) fn link(input: &SieveInput, links: &mut Links) {
    let heads = heads(input);
    for mention in 0..input.mentions.len() {
        match input.kind(mention) {
            MentionKind::Nominal => {
                predicate(input, links, &heads, mention);
                generic(input, links, &heads, mention);
                adjacent(input, links, mention);
                apposition(input, links, &heads, mention);
            }
            MentionKind::Name => {
                apposition(input, links, &heads, mention);
                parenthesis(input, links, mention);
            }
            _ => {}
        }
    }
}

/// The mention that each token heads: names before nominals.
type HeadMentions = FxHashMap<(u32, u32), usize>;

fn heads(input: &SieveInput) -> HeadMentions {
    let mut heads = HeadMentions::default();
    for (index, mention) in input.mentions.iter().enumerate() {
        let key = (mention.sentence.0, mention.head.0);
        match heads.get(&key) {
            Some(&other) if input.kind(other) <= mention.kind => {}
            _ => {
                heads.insert(key, index);
            }
        }
    }
    heads
}

fn headed(input: &SieveInput, heads: &HeadMentions, mention: usize, token: usize) -> Option<usize> {
    heads.get(&(input.mentions[mention].sentence.0, token as u32)).copied()
}

fn apposition(input: &SieveInput, links: &mut Links, heads: &HeadMentions, mention: usize) {
    let tree = input.tree(mention);
    let head = input.head(mention);
    let anchor = NounPhrase::new(tree, head).apposed_to();
    let Some(other) = anchor.and_then(|anchor| headed(input, heads, mention, anchor)) else {
        return;
    };
    let (a, b) = (input.kind(mention), input.kind(other));
    let both_names = a == MentionKind::Name && b == MentionKind::Name;
    // "the Tromsdal valley" is a name of its own.
    let bears_name = |m: usize| {
        input.kind(m) == MentionKind::Nominal && compound_name(input, heads, m).is_some()
    };
    if bears_name(mention) || bears_name(other) {
        return;
    }
    let refers = |kind| matches!(kind, MentionKind::Name | MentionKind::Nominal);
    if both_names || !refers(a) || !refers(b) || links.features[mention].is_demonym {
        return;
    }
    // "two ministers, Dahl and Berg" is no identity.
    let plural = |m: usize| links.features[m].number == Some(Number::Plural);
    if plural(mention) != plural(other) || tree.has(head, Deprel::Conj) {
        return;
    }
    links.link(other, mention);
}

/// "Dahl is the minister": positive, definite, in the present or past.
fn predicate(input: &SieveInput, links: &mut Links, heads: &HeadMentions, mention: usize) {
    let tree = input.tree(mention);
    let mut copula = false;
    let mut subject = None;
    for child in tree.children(input.head(mention)) {
        let token = tree.token(child);
        match token.deprel {
            Deprel::Cop => copula = true,
            Deprel::Nsubj => subject = Some(child),
            Deprel::Aux if token.feat("VerbForm") == Some("Fin") && token.lemma != "have" => return,
            Deprel::Advmod if tree.is_negation(child) => return,
            Deprel::Advmod if matches!(token.lemma.as_str(), "not" | "never" | "no") => return,
            Deprel::Mark if token.lemma == "if" => return,
            _ => {}
        }
    }
    let definite = links.features[mention].definiteness == Definiteness::Definite;
    if let Some(subject) = subject.filter(|_| copula && definite)
        && let Some(subject) = headed(input, heads, mention, subject)
        && matches!(input.kind(subject), MentionKind::Name | MentionKind::Nominal)
    {
        links.link(subject, mention);
    }
}

/// "the news agency NTB": a noun phrase and a name of its kind right behind it.
fn adjacent(input: &SieveInput, links: &mut Links, mention: usize) {
    let own = &input.mentions[mention];
    let label = links.features[mention].label;
    let fits = matches!(label, Some(Label::Org | Label::Place))
        && links.features[mention].number != Some(Number::Plural)
        && own.head.index() + 1 == own.tokens.end;
    let behind = (mention + 1..input.mentions.len())
        .take(8)
        .find(|&m| input.mentions[m].span.start >= own.span.end)
        .filter(|&m| input.mentions[m].sentence == own.sentence);
    if let Some(name) = behind.filter(|_| fits)
        && input.mentions[name].tokens.start == own.tokens.end
        && input.kind(name) == MentionKind::Name
        && links.features[name].label == label
        && !links.features[name].is_demonym
    {
        links.link(name, mention);
    }
}

/// The name that stands as a compound right before the head.
fn compound_name(input: &SieveInput, heads: &HeadMentions, mention: usize) -> Option<usize> {
    let tree = input.tree(mention);
    let head = input.head(mention);
    let before = head.checked_sub(1)?;
    let flat = tree.deprel(before) == Deprel::Flat;
    let joined = tree.head(before) == Some(head) && tree.deprel(before) == Deprel::Compound || flat;
    let top = if flat { tree.head(before)? } else { before };
    let name = headed(input, heads, mention, top).filter(|_| joined)?;
    let ends_here = input.mentions[name].tokens.end == head;
    (input.kind(name) == MentionKind::Name && ends_here).then_some(name)
}

/// "the city of Bergen", "the Tromsdal valley", "the Norvik shipyard": a noun that only names the
/// kind of what is named.
fn generic(input: &SieveInput, links: &mut Links, heads: &HeadMentions, mention: usize) {
    let feature = &links.features[mention];
    if feature.number != Some(Number::Singular) || feature.definiteness == Definiteness::Indefinite
    {
        return;
    }
    let head = input.head(mention);
    let of = || feature.possessor.filter(|&token| token > head);
    let is_generic = input.lexicon.has_use(&feature.head, Use::Generic);
    let joined = of().filter(|_| is_generic).and_then(|token| headed(input, heads, mention, token));
    let Some(named) = compound_name(input, heads, mention).or(joined) else { return };
    let name = &links.features[named];
    if input.kind(named) != MentionKind::Name
        || name.is_demonym
        || name.label == Some(Label::Person)
        || feature.possessor.is_some_and(|token| token < head) && !is_generic
    {
        return;
    }
    let class = input.lexicon.class(&feature.head);
    let fits = match name.entry {
        Some(entry) => match class {
            Some(class) => *class == input.gazetteer.entry(entry).class,
            None => is_generic && name.label == Some(Label::Place),
        },
        // "the city of Norvik's Medal of Honor" is no medal.
        None if is_generic => matches!(name.label, Some(Label::Place) | None),
        None => {
            let same = name.label == feature.label;
            class.is_some() && same && matches!(name.label, Some(Label::Place | Label::Org))
        }
    };
    if fits {
        links.link(named, mention);
    }
}

/// "World Trade Forum (WTF)": the name before the parenthesis.
fn parenthesis(input: &SieveInput, links: &mut Links, mention: usize) {
    let own = &input.mentions[mention];
    let tree = input.tree(mention);
    let (start, end) = (own.tokens.start, own.tokens.end);
    let inside =
        start >= 2 && tree.form(start - 1) == "(" && end < tree.len() && tree.form(end) == ")";
    if !inside || !is_acronym(input.words(mention)) {
        return;
    }
    let before = (0..mention).rev().take(6).find(|&other| {
        let other_mention = &input.mentions[other];
        other_mention.sentence == own.sentence
            && other_mention.tokens.end == start - 1
            && input.kind(other) == MentionKind::Name
    });
    if let Some(before) = before {
        link_acronym(links, before, mention);
    }
}
