//! Features of a mention by itself: number, gender, definiteness, modifiers, grammatical role.

use std::ops::Range;
use std::sync::Arc;

use compact_str::CompactString;
use thin_vec::ThinVec;

use super::{Description, SetFeatures, SieveInput};
use crate::document::{Deprel, Label, Mention, MentionKind, Upos};
use crate::resource::fold;
use crate::resource::gazetteer::{EntryId, Gender};
use crate::resource::lexicon::Use;
use crate::syntax::Tree;
pub(super) use crate::syntax::phrase::Definiteness;
use crate::syntax::phrase::{Country, NounPhrase, Title, honorific};

/// One or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Singular,
    Plural,
}

/// Grammatical role, by salience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Salience {
    Other,
    Possessor,
    Oblique,
    Object,
    Subject,
}

/// The features of a mention by itself.
#[derive(Clone, Debug)]
pub(super) struct Feature {
    pub(super) label: Option<Label>,
    pub(super) number: Option<Number>,
    pub(super) gender: Option<Gender>,
    pub(super) definiteness: Definiteness,
    pub(super) salience: Salience,
    /// Lower-case lemma of the head.
    pub(super) head: CompactString,
    /// Folded words of a name; of other mentions the lemmas of adjectives, nouns and numbers before
    /// the head.
    pub(super) words: ThinVec<String>,
    pub(super) entry: Option<EntryId>,
    /// The country of a demonym before the head.
    pub(super) country: Option<EntryId>,
    /// True for "Norwegian": refers to the country, but no pronoun picks it up.
    pub(super) is_demonym: bool,
    /// The token that possesses or is joined by "of".
    pub(super) possessor: Option<usize>,
    /// Of a name the title before it, of a nominal its own words.
    pub(super) title: Option<Arc<Description>>,
}

impl Feature {
    /// What is known of the mention alone.
    pub(super) fn known(&self) -> SetFeatures {
        let is_full_name = self.label == Some(Label::Person) && self.words.len() > 1;
        let named = !self.words.is_empty() && self.definiteness == Definiteness::Definite;
        SetFeatures {
            label: self.label,
            number: self.number,
            gender: self.gender,
            entry: self.entry,
            full_name: if is_full_name && named && self.head.is_empty() {
                self.words.clone()
            } else {
                ThinVec::new()
            },
            descriptions: self.title.iter().cloned().collect(),
            members: ThinVec::new(),
            size: 1,
        }
    }
}

/// The features of all mentions.
pub(super) fn of(input: &SieveInput) -> Vec<Feature> {
    let compact = |mention: &Mention| {
        let mut feature = feature(input, mention);
        // A list of names has as many mentions as words.
        feature.words.shrink_to_fit();
        feature
    };
    input.mentions.iter().map(compact).collect()
}

fn feature(input: &SieveInput, mention: &Mention) -> Feature {
    let tree = input.tree_of(mention);
    let head = mention.head.index();
    let base = Feature {
        label: mention.label,
        number: None,
        gender: None,
        definiteness: Definiteness::Definite,
        salience: salience(tree, head),
        head: tree.lemma(head).to_lowercase().into(),
        words: ThinVec::new(),
        entry: None,
        country: None,
        is_demonym: false,
        possessor: None,
        title: None,
    };
    match mention.kind {
        MentionKind::Name => name(input, mention, tree, base),
        MentionKind::Nominal => nominal(input, mention, tree, base),
        MentionKind::Pronoun => pronoun(tree.form(head), base),
        MentionKind::Timex | MentionKind::Quantity => base,
    }
}

fn name(input: &SieveInput, mention: &Mention, tree: &Tree, mut feature: Feature) -> Feature {
    let text = mention.span.of(input.text);
    feature.head = CompactString::default();
    feature.words = fold::words(text).into();
    if mention.label == Some(Label::Norp) {
        let entry = input.gazetteer.adjective(text);
        let people = input.gazetteer.people(text);
        let plural = tree.is_plural(mention.head.index());
        if entry.is_some() && is_language(tree, mention.head.index()) {
            return feature;
        }
        if entry.is_some() && !(people.is_some() && plural) {
            feature.is_demonym = true;
            feature.label = Some(Label::Place);
            feature.entry = entry;
            feature.number = Some(Number::Singular);
        } else {
            feature.number = Some(Number::Plural);
        }
        return feature;
    }
    let followers = mention.label == Some(Label::Misc) && tree.is_plural(mention.head.index());
    feature.number = Some(if followers { Number::Plural } else { Number::Singular });
    if mention.label == Some(Label::Person) {
        feature.title = titles(input, mention, tree).map(Arc::new);
        let of_title =
            feature.title.as_ref().and_then(|title| input.lexicon.role(&title.head)?.gender);
        let of_title = of_title.or_else(|| {
            let honorific = honorific(tree, input.lexicon, &mention.tokens)?;
            input.lexicon.role(tree.form(honorific))?.gender
        });
        let first = feature.words.first().filter(|_| feature.words.len() > 1);
        feature.gender = of_title.or_else(|| input.gazetteer.gender(first?));
    } else {
        let phrase = NounPhrase::new(tree, mention.head.index());
        let before = phrase.country_before(input.gazetteer, mention.tokens.start);
        feature.country = before.as_ref().map(|country| country.entry);
        feature.entry = entry(input, mention, tree, before);
        if let Some(entry) = feature.entry {
            feature.label = Some(input.gazetteer.entry(entry).label);
        }
    }
    feature
}

/// "a lecture in *English*", "spoke *Korean*": an adjective of a country that heads a phrase without
/// article is its language.
fn is_language(tree: &Tree, head: usize) -> bool {
    matches!(tree.deprel(head), Deprel::Obl | Deprel::Nmod | Deprel::Obj)
        && tree.upos(head) != Upos::Adj
        && !tree.is_plural(head)
        && !tree.has(head, Deprel::Det)
}

/// The gazetteer's entry of a name. A country before it must be the entry's: "Norway's Supreme
/// Court" is not that of another country.
fn entry(
    input: &SieveInput,
    mention: &Mention,
    tree: &Tree,
    before: Option<Country>,
) -> Option<EntryId> {
    let text = mention.span.of(input.text);
    let agrees = |&id: &EntryId| {
        let label = input.gazetteer.entry(id).label;
        mention.label.is_none_or(|own| own == label || own == Label::Misc)
    };
    let Some(Country { entry: country, words, .. }) = before else {
        return input.gazetteer.find(text).iter().copied().find(agrees);
    };
    let name = &input.gazetteer.entry(country).name;
    let with_country = tree.token(words.start).span.to(mention.span).of(input.text);
    let spellings = [
        with_country.to_owned(),
        format!("{name}'s {text}"),
        format!("{text} of {name}"),
        format!("{name} {text}"),
    ];
    let whole =
        spellings.iter().find_map(|whole| input.gazetteer.find(whole).iter().copied().find(agrees));
    let at_home = |id: &EntryId| {
        let entry = input.gazetteer.entry(*id);
        entry.country.is_none() || entry.country == input.gazetteer.entry(country).country
    };
    let own = || input.gazetteer.find(text).iter().copied().filter(at_home).find(agrees);
    whole.or_else(own)
}

/// The nouns before a person's name that belong to it: "Norwegian Prime Minister". Of a plural title
/// before the first of several names each has its share.
fn titles(input: &SieveInput, mention: &Mention, tree: &Tree) -> Option<Description> {
    if let Some(title) = title(input, mention, &mention.tokens) {
        return Some(title);
    }
    let head = mention.head.index();
    let first = tree.head(head).filter(|_| tree.deprel(head) == Deprel::Conj);
    let first = name_around(input, mention, first?)?.tokens.clone();
    let last = first.start.checked_sub(1)?;
    title(input, mention, &first).filter(|_| tree.is_plural(last))
}

/// The name of the same sentence that a token is part of.
fn name_around<'p>(input: &SieveInput<'p>, mention: &Mention, token: usize) -> Option<&'p Mention> {
    let start = input.mentions.partition_point(|other| other.sentence < mention.sentence);
    let own = |other: &&Mention| other.sentence == mention.sentence;
    input.mentions[start..]
        .iter()
        .take_while(own)
        .take(64)
        .find(|other| other.kind == MentionKind::Name && other.tokens.contains(&token))
}

/// The title right before a name of the sentence that a mention stands in.
fn title(input: &SieveInput, mention: &Mention, name: &Range<usize>) -> Option<Description> {
    let tree = input.tree_of(mention);
    let is_other = |token: usize| {
        let dated = tree.sentence.name_at(token).is_some_and(|name| name.label == Label::Time);
        dated
            || name_around(input, mention, token).is_some_and(|other| {
                other.label == Some(Label::Person) && other.tokens.end < name.start
            })
    };
    let title = Title::before(tree, input.lexicon, name, is_other).or_else(|| {
        let noun = honorific(tree, input.lexicon, name)?;
        Some(Title { words: noun..noun + 1, noun })
    })?;
    let Title { words, noun } = title.clone();
    let (form, lemma) = (tree.form(noun), tree.lemma(noun).to_lowercase());
    let role = input.lexicon.role(form).or_else(|| input.lexicon.role(&lemma));
    let mut phrase = phrase(input, tree, words.clone());
    if title.is_plural(tree)
        && let Some(before) = phrase.strip_suffix(&form.to_lowercase())
    {
        phrase = format!("{before}{lemma}");
    }
    let around = NounPhrase::new(tree, noun);
    Some(Description {
        at: tree.token(words.start).span.start,
        phrase: phrase.into(),
        country: around.country(input.gazetteer, words.start).map(|country| country.entry),
        modifiers: around.role_words(input.lexicon, words.start),
        head: role.map_or(lemma, |role| role.name.to_lowercase()).into(),
    })
}

/// The words as they stand, lower case, abbreviated roles written out.
fn phrase(input: &SieveInput, tree: &Tree, words: Range<usize>) -> String {
    let mut phrase = String::new();
    for index in words.clone() {
        let start = tree.token(index).span.start;
        let touches = index > words.start && tree.token(index - 1).span.end == start;
        if !phrase.is_empty() && !touches {
            phrase.push(' ');
        }
        let form = tree.form(index);
        match input.lexicon.role(form) {
            Some(role) if form.ends_with('.') => phrase.push_str(&role.name),
            _ => phrase.push_str(form),
        }
    }
    phrase.to_lowercase()
}

fn nominal(input: &SieveInput, mention: &Mention, tree: &Tree, mut feature: Feature) -> Feature {
    let head_index = mention.head.index();
    feature.number = match tree.token(head_index).feat("Number") {
        Some("Plur" | "Ptan") => Some(Number::Plural),
        Some("Sing") => Some(Number::Singular),
        _ => None,
    };
    feature.gender = input.lexicon.role(&feature.head).and_then(|role| role.gender).or_else(|| {
        match feature.head.as_str() {
            head if head.ends_with("woman") || head == "girl" => Some(Gender::Feminine),
            head if head.ends_with("man") && feature.label == Some(Label::Person) => {
                Some(Gender::Masculine)
            }
            _ => None,
        }
    });
    let phrase = NounPhrase::new(tree, head_index);
    feature.definiteness = phrase.definiteness(input.lexicon);
    let possessor = phrase.possessor();
    feature.possessor = possessor.or_else(|| phrase.whole());
    for index in (mention.tokens.start..head_index).filter(|&index| Some(index) != possessor) {
        let lemma = tree.lemma(index).to_lowercase();
        let counts = matches!(tree.upos(index), Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num)
            && !input.lexicon.has_use(&lemma, Use::Empty);
        if counts {
            feature.words.push(lemma);
        }
    }
    let country = phrase.country(input.gazetteer, mention.tokens.start);
    feature.country = country.map(|country| country.entry);
    feature.title = Some(Arc::new(describe(input, mention, tree)));
    // "the Norwegian parliament" may be known by another name.
    if let (Some(_), Some(title)) = (feature.country, &feature.title) {
        feature.entry = input.gazetteer.best(&title.phrase);
        feature.label =
            feature.entry.map_or(feature.label, |id| Some(input.gazetteer.entry(id).label));
    }
    feature
}

/// The noun phrase of a nominal as description of what it is linked to.
fn describe(input: &SieveInput, mention: &Mention, tree: &Tree) -> Description {
    let tokens = mention.tokens.clone();
    let head = mention.head.index();
    let around = NounPhrase::new(tree, head);
    let skipped = |index: usize| {
        // Determiners, numbers and possessors are not part of what it is called.
        index < head
            && (matches!(tree.upos(index), Upos::Det | Upos::Pron | Upos::Part | Upos::Punct)
                || around.is_in_possessor(index))
    };
    let mut start = tokens.start;
    for index in tokens.clone() {
        if index < head && around.is_in_possessor(index) {
            start = index + 1;
        }
    }
    while start < head && skipped(start) {
        start += 1;
    }
    let lemma = tree.lemma(head).to_lowercase();
    let lemma = input.lexicon.role(&lemma).map_or(lemma, |role| role.name.to_lowercase());
    Description {
        at: mention.span.start,
        head: lemma.into(),
        phrase: phrase(input, tree, start..tokens.end).into(),
        country: around.country(input.gazetteer, tokens.start).map(|country| country.entry),
        modifiers: around.role_words(input.lexicon, start),
    }
}

fn pronoun(form: &str, mut feature: Feature) -> Feature {
    let form = form.to_lowercase();
    feature.head = form.as_str().into();
    (feature.number, feature.gender) = match form.as_str() {
        "he" | "him" | "his" | "himself" => (Some(Number::Singular), Some(Gender::Masculine)),
        "she" | "her" | "hers" | "herself" => (Some(Number::Singular), Some(Gender::Feminine)),
        "it" | "its" | "itself" | "i" | "me" | "my" | "mine" | "myself" => {
            (Some(Number::Singular), None)
        }
        "you" | "your" | "yours" | "yourself" | "whose" => (None, None),
        _ => (Some(Number::Plural), None),
    };
    feature
}

fn salience(tree: &Tree, mut token: usize) -> Salience {
    // A coordinated phrase has the role of the first one.
    for _ in 0..8 {
        match (tree.deprel(token), tree.head(token)) {
            (Deprel::Conj | Deprel::Flat | Deprel::Appos | Deprel::NmodDesc, Some(above)) => {
                token = above;
            }
            _ => break,
        }
    }
    match tree.deprel(token) {
        Deprel::Nsubj | Deprel::NsubjPass | Deprel::NsubjOuter => Salience::Subject,
        Deprel::Obj | Deprel::Iobj => Salience::Object,
        Deprel::Obl | Deprel::OblAgent => Salience::Oblique,
        Deprel::NmodPoss => Salience::Possessor,
        _ => Salience::Other,
    }
}
