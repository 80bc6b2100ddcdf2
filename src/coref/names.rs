//! Names: the same name, parts of a name, acronyms, demonyms.

use rustc_hash::FxHashMap;

use super::{Links, SieveInput, labels_agree};
use crate::document::{Label, MentionKind};
use crate::ontology::Kind;
use crate::resource::fold;
use crate::resource::gazetteer::EntryId;
use crate::resource::lexicon::{RoleKind, Use};
use crate::syntax::phrase::NounPhrase;

/// How many names with one surname in common are looked at; multiples of it bound other lists of names
/// with one word in common.
const CANDIDATES: usize = 8;

/// Links the names of a document.
pub(super) fn link(input: &SieveInput, links: &mut Links) {
    let names: Vec<usize> =
        (0..input.mentions.len()).filter(|&m| input.kind(m) == MentionKind::Name).collect();
    same_entry(input, links);
    same(input, links, &names);
    full_persons(links, &names);
    parts_of_persons(input, links, &names);
    short_forms(input, links, &names);
    acronyms(input, links, &names);
}

/// All mentions of one entry of the gazetteer, noun phrases too.
fn same_entry(input: &SieveInput, links: &mut Links) {
    let mut entries: FxHashMap<EntryId, usize> = FxHashMap::default();
    for mention in 0..input.mentions.len() {
        if let Some(entry) = links.features[mention].entry {
            let first = *entries.entry(entry).or_insert(mention);
            links.link(first, mention);
        }
    }
}

/// The same letters.
fn same(input: &SieveInput, links: &mut Links, names: &[usize]) {
    let mut keys: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for &name in names {
        if links.features[name].is_demonym {
            continue;
        }
        let key = key_without_form(input, &links.features[name].words);
        let same = keys.entry(key).or_default();
        match same.iter().find(|&&other| links.link(other, name)) {
            Some(_) => {}
            None => same.push(name),
        }
    }
}

fn key_without_form(input: &SieveInput, words: &[String]) -> String {
    let end = match words {
        [_, .., last] if input.lexicon.legal_form(last).is_some() => words.len() - 1,
        _ => words.len(),
    };
    words[..end].concat()
}

fn is_person(links: &Links, name: usize) -> bool {
    links.known(name).label == Some(Label::Person)
}

/// "Anna M. Dahl" and "Anna Dahl", "A. Dahl" and "Anna Dahl".
fn full_persons(links: &mut Links, names: &[usize]) {
    let mut surnames: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for &name in names {
        let words = &links.features[name].words;
        if !is_person(links, name) || words.len() < 2 {
            continue;
        }
        let Some(last) = words.last().cloned() else { continue };
        let known = surnames.entry(last).or_default();
        let recent = known.iter().rev().take(CANDIDATES).copied();
        if !recent.clone().any(|other| links.root(other) == links.root(name)) {
            for other in recent {
                if links.link(other, name) {
                    break;
                }
            }
            known.push(name);
        }
    }
}

/// True if one person may bear both names: the first names are equal or one is the other's initial,
/// and the last names are equal; or the shorter name is a part of the longer. Empty names agree with
/// all.
pub(super) fn full_names_agree(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let (Some(short_first), Some(long_first)) = (short.first(), long.first()) else { return true };
    if short.len() < 2 || short.concat() == long.concat() {
        return true;
    }
    let initial = |a: &str, b: &str| a.len() == 1 && b.starts_with(a);
    let first = short_first == long_first
        || initial(short_first, long_first)
        || initial(long_first, short_first);
    let middle = || {
        let inner = &long[1..long.len() - 1];
        let own = &short[1..short.len() - 1];
        own.iter().all(|word| {
            inner.iter().any(|other| word == other || initial(word, other) || initial(other, word))
        })
    };
    short.last() == long.last() && first && middle()
}

/// "Dahl" after "Anna Dahl"; "Park" where the family name comes first.
fn parts_of_persons(input: &SieveInput, links: &mut Links, names: &[usize]) {
    let mut by_word: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for &name in names {
        let words = &links.features[name].words;
        if is_person(links, name) && words.len() > 1 {
            let bare = fold::without_article(input.words(name));
            let surname = input.lexicon.without_generation(words).last().cloned();
            let ends = [words.first().cloned(), surname, bare];
            for word in ends.into_iter().flatten() {
                let known = by_word.entry(word).or_default();
                if known.len() < CANDIDATES * 8 {
                    known.push(name);
                }
            }
        }
    }
    for &name in names {
        let feature = &links.features[name];
        let [word] = feature.words.as_slice() else { continue };
        let may = labels_agree(feature.label, Some(Label::Person)) && feature.entry.is_none();
        if !may || !links.known(name).full_name.is_empty() {
            continue;
        }
        let word = word.clone();
        let Some(full) = by_word.get(&word).and_then(|full| best_full(input, links, name, full))
        else {
            continue;
        };
        // Called by the first word: a family name that comes first has no gender.
        let root = links.root(full);
        let full_name = input.lexicon.without_generation(&links.known[root].full_name);
        if full_name.last() != Some(&word) && !ends_with(input, links, full, &word) {
            links.known[root].gender = None;
        }
        links.link(full, name);
    }
}

/// True for the surname of a name, with its article or without.
fn ends_with(input: &SieveInput, links: &Links, name: usize, word: &str) -> bool {
    let words = input.lexicon.without_generation(&links.features[name].words);
    words.last().is_some_and(|last| last == word)
        || fold::without_article(input.words(name)).is_some_and(|bare| bare == word)
}

/// How well a full name goes with a single word, the more important first: it ends with the word, it
/// is not told of as somebody's kin, how often it was mentioned before, and where last.
type Rank = (bool, bool, usize, usize);

/// The full name that a single word means: those that end with it first, then those that are not only
/// somebody's kin, then the one that was mentioned most so far, then the nearest before.
fn best_full(input: &SieveInput, links: &Links, name: usize, full: &[usize]) -> Option<usize> {
    let word = links.features[name].words.first()?;
    let mut counts: Vec<(usize, Rank)> = Vec::new();
    for &candidate in full {
        let root = links.root(candidate);
        let known = &links.known[root];
        let own = links.known(name);
        let gender = super::differ(own.gender, known.gender).is_none();
        // "Minister Dahl", and later "Liv Dahl, a biologist": somebody else.
        let other =
            candidate > name && !own.descriptions.is_empty() && is_introduced(input, candidate);
        if !gender || other {
            continue;
        }
        let is_last = ends_with(input, links, candidate, word);
        // "her husband Eric" is no Eric who was named before.
        if !is_last && is_kin(input, links, name) && !is_kin(input, links, candidate) {
            continue;
        }
        let is_main = !is_kin(input, links, candidate);
        let before = candidate < name;
        let own = (is_last, is_main, usize::from(before), if before { candidate } else { 0 });
        match counts.iter_mut().find(|(other, _)| *other == root) {
            Some((_, rank)) => {
                rank.0 |= own.0;
                rank.1 &= own.1;
                rank.2 += own.2;
                rank.3 = rank.3.max(own.3);
            }
            None => counts.push((root, own)),
        }
    }
    counts.into_iter().max_by_key(|&(root, rank)| (rank, std::cmp::Reverse(root))).map(|(r, _)| r)
}

/// True for "his wife, *Eva Dahl*", "*Eva Dahl*, his wife" and "his wife *Eva Dahl*": the surname alone
/// is rather his.
fn is_kin(input: &SieveInput, links: &Links, name: usize) -> bool {
    let is_kin =
        |noun: &str| input.lexicon.role(noun).is_some_and(|role| role.kind == RoleKind::Kin);
    let tree = input.tree(name);
    let head = input.head(name);
    let kin = |token: usize| is_kin(&tree.lemma(token).to_lowercase());
    let phrase = NounPhrase::new(tree, head);
    links.features[name].title.as_ref().is_some_and(|title| is_kin(&title.head))
        || phrase.apposed_to().is_some_and(kin)
        || phrase.appositions().any(kin)
}

/// True for "Liv Dahl, *a biologist*".
fn is_introduced(input: &SieveInput, name: usize) -> bool {
    let tree = input.tree(name);
    let mut appositions = NounPhrase::new(tree, input.head(name)).appositions();
    appositions.any(|noun| NounPhrase::new(tree, noun).has_indefinite_article())
}

/// "Norvik" for "Norvik Shipping", if only one longer name begins so.
fn short_forms(input: &SieveInput, links: &mut Links, names: &[usize]) {
    let mut by_first: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for &name in names {
        let feature = &links.features[name];
        if feature.words.len() > 1 && feature.label != Some(Label::Person) && !feature.is_demonym {
            let known = by_first.entry(feature.words[0].clone()).or_default();
            if known.len() < CANDIDATES * 4 {
                known.push(name);
            }
        }
    }
    for &name in names {
        let feature = &links.features[name];
        let single = feature.words.len() == 1 && feature.entry.is_none();
        if !single || feature.label == Some(Label::Person) || feature.is_demonym {
            continue;
        }
        let Some(longer) = by_first.get(&feature.words[0]) else { continue };
        // "the South" is a country, but no river.
        let shared = input.lexicon.has_use(&feature.words[0], Use::Shared);
        let is_country = |root: usize| {
            let entry = links.known[root].entry.map(|entry| input.gazetteer.entry(entry));
            entry.is_some_and(|entry| entry.class.is(Kind::Country))
        };
        let longer = longer.iter().filter(|&&other| may_be_cut(input, links, other));
        let mut roots: Vec<usize> = longer.map(|&other| links.root(other)).collect();
        roots.sort_unstable();
        roots.dedup();
        roots.retain(|&root| !shared || is_country(root));
        if let [root] = roots[..]
            && input.gazetteer.adjective(input.words(name)).is_none()
        {
            links.link(root, name);
        }
    }
}

/// True for a name that may be called by its first word. "Norvik Street" is not called "Norvik", nor
/// "Keel Designer" "Keel"; letters behind it ("Norvik FW") were taken for a part of it, and what stands
/// behind letters ("NFW West") tells which part is meant.
fn may_be_cut(input: &SieveInput, links: &Links, name: usize) -> bool {
    let text = input.words(name);
    let folded = links.features[name].words.last();
    let is_form = folded.is_some_and(|word| input.lexicon.legal_form(word).is_some());
    let fits = match links.known(name).label {
        Some(Label::Place) => {
            folded.is_some_and(|word| input.lexicon.has_use(word, Use::Generic))
                || links.known(name).entry.is_some()
        }
        Some(Label::Misc | Label::Product | Label::Event) => false,
        _ => true,
    };
    let first = text.split_whitespace().find(|word| !matches!(*word, "the" | "The"));
    is_form || fits && fold::ends_with_word(text) && !first.is_some_and(is_acronym)
}

/// "NTB" for a name whose words begin so.
fn acronyms(input: &SieveInput, links: &mut Links, names: &[usize]) {
    let mut long: FxHashMap<String, usize> = FxHashMap::default();
    for &name in names {
        let feature = &links.features[name];
        if feature.words.len() > 1 && matches!(feature.label, Some(Label::Org | Label::Misc) | None)
        {
            long.entry(fold::initials(input.words(name))).or_insert(name);
        }
    }
    for &name in names {
        if is_acronym(input.words(name))
            && let Some(&full) = long.get(&links.features[name].words.concat())
        {
            link_acronym(links, full, name);
        }
    }
}

/// Two to six capital letters, with or without dots.
pub(super) fn is_acronym(text: &str) -> bool {
    let letters = text.chars().filter(|&c| c != '.');
    (2..=6).contains(&letters.clone().count()) && letters.clone().all(|c| c.is_uppercase())
}

/// Links an acronym to its long form; the long form knows the type better.
pub(super) fn link_acronym(links: &mut Links, full: usize, acronym: usize) -> bool {
    let root = links.root(acronym);
    let label = links.known[root].label;
    let wrong = !labels_agree(label, links.known(full).label) && label != Some(Label::Person);
    if wrong && links.known[root].entry.is_none() {
        links.known[root].label = None;
    }
    links.link(full, acronym)
}
