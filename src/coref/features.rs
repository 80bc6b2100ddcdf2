//! Features of a mention by itself: number, gender, definiteness, modifiers, grammatical role.

use std::ops::Range;
use std::sync::Arc;

use compact_str::CompactString;
use thin_vec::ThinVec;

use super::modifiers::Modifiers;
use super::{Description, SetFeatures, SieveInput};
use crate::document::{Deprel, Label, Mention, MentionKind, Sentence, Token, Upos};
use crate::ontology::Kind;
use crate::resource::fold;
use crate::resource::gazetteer::{EntryId, Gender};
use crate::resource::lexicon::Use;

/// One or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Singular,
    Plural,
}

/// Whether the reader is expected to know the thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Definiteness {
    /// "the", "this", a possessor
    Definite,
    /// "a", "some", "another", a bare number
    Indefinite,
    /// no determiner
    Bare,
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
    let sentence = &input.sentences[mention.sentence.index()];
    let head = &sentence.tokens[mention.head.index()];
    let base = Feature {
        label: mention.label,
        number: None,
        gender: None,
        definiteness: Definiteness::Definite,
        salience: salience(sentence, head),
        head: head.lemma.to_lowercase(),
        words: ThinVec::new(),
        entry: None,
        country: None,
        is_demonym: false,
        possessor: None,
        title: None,
    };
    match mention.kind {
        MentionKind::Name => name(input, mention, sentence, base),
        MentionKind::Nominal => nominal(input, mention, sentence, base),
        MentionKind::Pronoun => pronoun(head, input.text, base),
        MentionKind::Timex | MentionKind::Quantity => base,
    }
}

fn name(
    input: &SieveInput,
    mention: &Mention,
    sentence: &Sentence,
    mut feature: Feature,
) -> Feature {
    let text = mention.span.of(input.text);
    feature.head = CompactString::default();
    feature.words = fold::words(text).into();
    if mention.label == Some(Label::Norp) {
        let entry = input.gazetteer.adjective(text);
        let people = input.gazetteer.people(text);
        let head = &sentence.tokens[mention.head.index()];
        let plural = head.feat("Number") == Some("Plur");
        if entry.is_some() && is_language(sentence, mention) {
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
    let followers = mention.label == Some(Label::Misc)
        && sentence.tokens[mention.head.index()].feat("Number") == Some("Plur");
    feature.number = Some(if followers { Number::Plural } else { Number::Singular });
    if mention.label == Some(Label::Person) {
        feature.title = titles(input, mention, sentence).map(Arc::new);
        let of_title =
            feature.title.as_ref().and_then(|title| input.lexicon.role(&title.head)?.gender);
        let first = feature.words.first().filter(|_| feature.words.len() > 1);
        feature.gender = of_title.or_else(|| input.gazetteer.gender(first?));
    } else {
        let before = country_before(input, mention, sentence);
        feature.country = before.as_ref().map(|(country, _)| *country);
        feature.entry = entry(input, mention, text, before);
        if let Some(entry) = feature.entry {
            feature.label = Some(input.gazetteer.entry(entry).label);
        }
    }
    feature
}

/// "a lecture in *English*", "spoke *Korean*": an adjective of a country that heads a phrase without
/// article is its language.
fn is_language(sentence: &Sentence, mention: &Mention) -> bool {
    let head = &sentence.tokens[mention.head.index()];
    let governs = |token: &&Token| token.head == Some(mention.head);
    matches!(head.deprel, Deprel::Obl | Deprel::Nmod | Deprel::Obj)
        && head.upos != Upos::Adj
        && head.feat("Number") != Some("Plur")
        && !sentence.tokens.iter().filter(governs).any(|token| token.deprel == Deprel::Det)
}

/// The gazetteer's entry of a name. A country before it must be the entry's: "Norway's Supreme
/// Court" is not that of another country.
fn entry(
    input: &SieveInput,
    mention: &Mention,
    text: &str,
    before: Option<(EntryId, &str)>,
) -> Option<EntryId> {
    let agrees = |&id: &EntryId| {
        let label = input.gazetteer.entry(id).label;
        mention.label.is_none_or(|own| own == label || own == Label::Misc)
    };
    let Some((country, with_country)) = before else {
        return input.gazetteer.find(text).iter().copied().find(agrees);
    };
    let name = &input.gazetteer.entry(country).name;
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

/// The country right before a name, and the text from there on: "Norway's", "Norwegian".
fn country_before<'p>(
    input: &SieveInput<'p>,
    mention: &Mention,
    sentence: &Sentence,
) -> Option<(EntryId, &'p str)> {
    let start = mention.tokens.start;
    let last = sentence.tokens.get(start.checked_sub(1)?)?;
    let end = if last.upos == Upos::Part { start - 1 } else { start };
    (1..=3).find_map(|length| {
        let from = end.checked_sub(length)?;
        let span = sentence.tokens[from].span.to(sentence.tokens[end.checked_sub(1)?].span);
        let text = span.of(input.text);
        let owns = end < start;
        let adjective = input.gazetteer.adjective(text).filter(|_| !owns);
        let name = || {
            let capital = input.gazetteer.capital(text);
            capital.or_else(|| input.gazetteer.best(text)).filter(|_| owns)
        };
        let country = adjective.or_else(name)?;
        let is_country = input.gazetteer.entry(country).class.is(Kind::Country);
        is_country.then(|| (country, span.to(mention.span).of(input.text)))
    })
}

/// The nouns before a person's name that belong to it: "Norwegian Prime Minister". Of a plural title
/// before the first of several names each has its share.
fn titles(input: &SieveInput, mention: &Mention, sentence: &Sentence) -> Option<Description> {
    if let Some(title) = title(input, &mention.tokens, sentence) {
        return Some(title);
    }
    let head = &sentence.tokens[mention.head.index()];
    let first = head.head.filter(|_| head.deprel == Deprel::Conj);
    let first = name_around(input, mention, first?.index())?;
    let last = first.start.wrapping_sub(1);
    let is_plural =
        sentence.tokens.get(last).is_some_and(|token| token.feat("Number") == Some("Plur"));
    title(input, &first, sentence).filter(|_| is_plural)
}

/// The name of the same sentence that a token is part of.
fn name_around(input: &SieveInput, mention: &Mention, token: usize) -> Option<Range<usize>> {
    let start = input.mentions.partition_point(|other| other.sentence < mention.sentence);
    let own = |other: &&Mention| other.sentence == mention.sentence;
    input.mentions[start..]
        .iter()
        .take_while(own)
        .take(64)
        .find(|other| other.kind == MentionKind::Name && other.tokens.contains(&token))
        .map(|other| other.tokens.clone())
}

fn title(input: &SieveInput, name: &Range<usize>, sentence: &Sentence) -> Option<Description> {
    const REACH: usize = 8;
    let mut start = name.start;
    while start > 0 && name.start - start < REACH && is_title_word(sentence, start - 1) {
        start -= 1;
    }
    let last = name.start.checked_sub(1).filter(|_| start < name.start)?;
    let token = &sentence.tokens[last];
    let form = token.form(input.text);
    let lemma = token.lemma.as_str().to_lowercase();
    let role = input.lexicon.role(form).or_else(|| input.lexicon.role(&lemma));
    let is_person = role.is_some()
        || input.lexicon.noun_label(&lemma) == Some(Label::Person)
        || token.deprel == Deprel::NmodDesc;
    let linked = |a: usize, b: usize| sentence.tokens[a].head.is_some_and(|head| head.index() == b);
    let plural = token.feat("Number") == Some("Plur");
    let chance = plural && matches!(token.deprel, Deprel::Obj | Deprel::Iobj | Deprel::Obl);
    let belongs = !chance || name.clone().any(|t| linked(last, t) || linked(t, last));
    if !is_person || !belongs {
        return None;
    }
    let mut phrase = phrase(input, sentence, start..name.start);
    if token.feat("Number") == Some("Plur")
        && let Some(modifiers) = phrase.strip_suffix(&form.to_lowercase())
    {
        phrase = format!("{modifiers}{lemma}");
    }
    Some(Description {
        at: sentence.tokens[start].span.start,
        phrase: phrase.into(),
        country: country_in(input, sentence, start..name.start),
        modifiers: Modifiers::of(input, sentence, start..name.start, last),
        head: role.map_or(lemma, |role| role.name.to_lowercase()).into(),
    })
}

fn is_title_word(sentence: &Sentence, index: usize) -> bool {
    let token = &sentence.tokens[index];
    match token.upos {
        Upos::Noun | Upos::Propn | Upos::Adj => true,
        Upos::Punct => {
            // A hyphen inside a word.
            index > 0
                && token.span.end - token.span.start <= 3
                && sentence.tokens[index - 1].span.end == token.span.start
                && sentence.tokens.get(index + 1).is_some_and(|t| t.span.start == token.span.end)
        }
        _ => false,
    }
}

/// The words as they stand, lower case, abbreviated roles written out.
pub(super) fn phrase(input: &SieveInput, sentence: &Sentence, words: Range<usize>) -> String {
    let mut phrase = String::new();
    for index in words.clone() {
        let token = &sentence.tokens[index];
        let touches =
            index > words.start && sentence.tokens[index - 1].span.end == token.span.start;
        if !phrase.is_empty() && !touches {
            phrase.push(' ');
        }
        let form = token.form(input.text);
        match input.lexicon.role(form) {
            Some(role) if form.ends_with('.') => phrase.push_str(&role.name),
            _ => phrase.push_str(form),
        }
    }
    phrase.to_lowercase()
}

/// The country of a demonym or a country's name among the words.
pub(super) fn country_in(
    input: &SieveInput,
    sentence: &Sentence,
    words: Range<usize>,
) -> Option<EntryId> {
    for start in words.clone() {
        for end in (start + 1..=words.end.min(start + 3)).rev() {
            let span = sentence.tokens[start].span.to(sentence.tokens[end - 1].span);
            let text = span.of(input.text);
            if !text.starts_with(char::is_uppercase) {
                continue;
            }
            let country = |id: &EntryId| input.gazetteer.entry(*id).class.is(Kind::Country);
            let found = input.gazetteer.adjective(text).or_else(|| input.gazetteer.best(text));
            if let Some(id) = found.filter(country) {
                return Some(id);
            }
        }
    }
    None
}

fn nominal(
    input: &SieveInput,
    mention: &Mention,
    sentence: &Sentence,
    mut feature: Feature,
) -> Feature {
    let head_index = mention.head.index();
    let head = &sentence.tokens[head_index];
    feature.number = match head.feat("Number") {
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
    feature.definiteness = definiteness(input, mention, sentence);
    for index in mention.tokens.start..head_index {
        let token = &sentence.tokens[index];
        let lemma = token.lemma.as_str().to_lowercase();
        let counts = matches!(token.upos, Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num)
            && !input.lexicon.has_use(&lemma, Use::Empty);
        let possesses = token.deprel == Deprel::NmodPoss
            && token.head.is_some_and(|head| head.index() == head_index);
        if possesses {
            feature.possessor = Some(index);
        } else if counts {
            feature.words.push(lemma);
        }
    }
    if feature.possessor.is_none() {
        feature.possessor = of_phrase(input, sentence, head_index);
    }
    feature.country = country_in(input, sentence, mention.tokens.start..head_index);
    feature.title = Some(Arc::new(describe(input, mention, sentence)));
    // "the Norwegian parliament" may be known by another name.
    if let (Some(_), Some(title)) = (feature.country, &feature.title) {
        feature.entry = input.gazetteer.best(&title.phrase);
        feature.label =
            feature.entry.map_or(feature.label, |id| Some(input.gazetteer.entry(id).label));
    }
    feature
}

/// The noun phrase of a nominal as description of what it is linked to.
fn describe(input: &SieveInput, mention: &Mention, sentence: &Sentence) -> Description {
    let tokens = mention.tokens.clone();
    let head = mention.head.index();
    let skipped = |index: usize| {
        let token = &sentence.tokens[index];
        // Determiners, numbers and possessors are not part of what it is called.
        index < head
            && (matches!(token.upos, Upos::Det | Upos::Pron | Upos::Part | Upos::Punct)
                || within_possessor(sentence, index, head))
    };
    let mut start = tokens.start;
    for index in tokens.clone() {
        if index < head && within_possessor(sentence, index, head) {
            start = index + 1;
        }
    }
    while start < head && skipped(start) {
        start += 1;
    }
    let lemma = sentence.tokens[head].lemma.as_str().to_lowercase();
    let lemma = input.lexicon.role(&lemma).map_or(lemma, |role| role.name.to_lowercase());
    Description {
        at: mention.span.start,
        head: lemma.into(),
        phrase: phrase(input, sentence, start..tokens.end).into(),
        country: country_in(input, sentence, tokens.start..head),
        modifiers: Modifiers::of(input, sentence, start..head, head),
    }
}

fn within_possessor(sentence: &Sentence, mut index: usize, head: usize) -> bool {
    for _ in 0..16 {
        let token = &sentence.tokens[index];
        match token.head.map(|above| above.index()) {
            Some(above) if above == head => return token.deprel == Deprel::NmodPoss,
            Some(above) => index = above,
            None => return false,
        }
    }
    false
}

/// The noun that "of" joins to the head.
pub(super) fn of_phrase(input: &SieveInput, sentence: &Sentence, head: usize) -> Option<usize> {
    let limit = sentence.tokens.len().min(head + 12);
    (head + 1..limit).find(|&index| {
        let token = &sentence.tokens[index];
        token.deprel == Deprel::Nmod
            && token.head.is_some_and(|above| above.index() == head)
            && sentence.tokens[head + 1..index].iter().any(|case| {
                case.deprel == Deprel::Case
                    && case.head.is_some_and(|above| above.index() == index)
                    && case.form(input.text) == "of"
            })
    })
}

fn definiteness(input: &SieveInput, mention: &Mention, sentence: &Sentence) -> Definiteness {
    let head = mention.head.index();
    let mut number = false;
    let mut definite = None;
    for index in mention.tokens.clone() {
        let token = &sentence.tokens[index];
        if token.head.is_none_or(|above| above.index() != head) {
            continue;
        }
        let lemma = token.lemma.as_str().to_lowercase();
        if input.lexicon.has_use(&lemma, Use::Other) {
            return Definiteness::Indefinite;
        }
        match token.deprel {
            Deprel::Det => {
                let known = token.feat("Definite") == Some("Def")
                    || token.feat("PronType") == Some("Dem")
                    || input.lexicon.has_use(&lemma, Use::Two);
                definite = Some(definite.unwrap_or(false) || known);
            }
            Deprel::NmodPoss => definite = Some(true),
            Deprel::Nummod => number = true,
            _ => {}
        }
    }
    match definite {
        Some(true) => Definiteness::Definite,
        Some(false) => Definiteness::Indefinite,
        None if number => Definiteness::Indefinite,
        None => Definiteness::Bare,
    }
}

fn pronoun(head: &Token, text: &str, mut feature: Feature) -> Feature {
    let form = head.form(text).to_lowercase();
    feature.head = form.as_str().into();
    (feature.number, feature.gender) = match form.as_str() {
        "he" | "him" | "his" | "himself" => (Some(Number::Singular), Some(Gender::Masculine)),
        "she" | "her" | "hers" | "herself" => (Some(Number::Singular), Some(Gender::Feminine)),
        "it" | "its" | "itself" | "i" | "me" | "my" | "mine" | "myself" => {
            (Some(Number::Singular), None)
        }
        "you" | "your" | "yours" | "yourself" => (None, None),
        _ => (Some(Number::Plural), None),
    };
    feature
}

fn salience(sentence: &Sentence, head: &Token) -> Salience {
    let mut token = head;
    // A coordinated phrase has the role of the first one.
    for _ in 0..8 {
        match (token.deprel, token.head) {
            (Deprel::Conj | Deprel::Flat | Deprel::Appos | Deprel::NmodDesc, Some(above)) => {
                token = &sentence.tokens[above.index()];
            }
            _ => break,
        }
    }
    match token.deprel {
        Deprel::Nsubj | Deprel::NsubjPass | Deprel::NsubjOuter => Salience::Subject,
        Deprel::Obj | Deprel::Iobj => Salience::Object,
        Deprel::Obl | Deprel::OblAgent => Salience::Oblique,
        Deprel::NmodPoss => Salience::Possessor,
        _ => Salience::Other,
    }
}
