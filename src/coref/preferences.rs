//! What makes a mention the likely antecedent of a pronoun.
//!
//! A ranking model (after Denis and Baldridge 2007, section 3): each candidate, and there being none,
//! has a sum of weights, and the highest one wins. The weights stand in `rules/antecedents.tsv`, in
//! hundredths, fitted by `training/antecedents.py`; they are whole numbers, so that sums are the same
//! on every machine.

use super::features::{Definiteness, Feature, Number, Salience};
use super::quotes::Quotes;
use super::{Links, SieveInput};
use crate::document::{Deprel, Label, MentionKind, Upos};
use crate::error::{Faults, Result};
use crate::resource::{Resources, one_of};
use crate::syntax::Tree;

const FILE: &str = "rules/antecedents.tsv";

/// How many edges up the tree are looked at.
const HEIGHT: usize = 12;
/// The beginning of a sentence, in tokens.
const FRONT: usize = 2;

macro_rules! clues {
    ($($name:ident $text:literal,)*) => {
        /// Features for or against a candidate; `Nothing...` for there being no antecedent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Clue { $($name,)* }

        const NAMES: &[&str] = &[$($text,)*];
    };
}

clues! {
    Nothing "nothing",
    NothingSubject "nothing for a subject",
    NothingObject "nothing for an object",
    NothingCopula "nothing of a copula",
    NothingQuoted "nothing inside a quotation",
    NothingFirst "nothing at the beginning",
    SameSentence "same sentence",
    OneBefore "one sentence before",
    TwoBefore "two sentences before",
    FurtherBefore "three sentences before",
    Nearest "nearest",
    Second "second nearest",
    Third "third nearest",
    Fifth "fifth nearest",
    Tenth "tenth nearest",
    Farther "farther",
    Subject "subject",
    Object "object",
    Possessor "possessor",
    Oblique "oblique",
    OtherRole "other role",
    SameRole "same role",
    FirstInSentence "first in its sentence",
    Name "name",
    Definite "definite",
    Indefinite "indefinite",
    Bare "bare",
    SamePronoun "same pronoun",
    OtherPronoun "other pronoun",
    Person "person",
    Org "organization",
    Place "place",
    Product "product",
    Event "event",
    Norp "people",
    Misc "thing",
    Unknown "unknown",
    NumberKnown "number agrees",
    GenderKnown "gender agrees",
    BodyForPlural "body for a plural",
    Mentioned "mentioned before",
    MentionedOften "mentioned often",
    OtherQuotation "other quotation",
    SameVerb "same verb",
    SubjectAbove "subject above",
    Below "in a clause below",
    Speaks "may speak",
    Inside "inside a noun phrase",
    NearestSubject "nearest subject",
    MainSubject "subject of its sentence",
    SubjectBefore "subject of the sentence before for a subject",
    HasName "has a name",
    OfSomebody "tells who somebody is",
    Joined "joined to another",
    SubjectOfPossessor "subject for a possessor",
    SaysAbove "says it",
    SpokeLast "spoke last",
    SpeaksAround "speaks the quotation",
    MentionedMost "mentioned most",
    Pair "pair",
}

/// Pronouns that behave alike, in the order of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PronounKind {
    /// "he", "she"
    Person,
    It,
    They,
}

impl PronounKind {
    fn of(pronoun: &Feature) -> Self {
        match (pronoun.gender, pronoun.number) {
            (Some(_), _) => Self::Person,
            (None, Some(Number::Plural)) => Self::They,
            (None, _) => Self::It,
        }
    }
}

/// The weight of each clue for each kind of pronoun.
#[derive(Clone, Debug)]
pub struct Preferences {
    weights: Vec<[i32; 3]>,
}

impl Preferences {
    /// Reads `rules/antecedents.tsv`.
    ///
    /// # Errors
    /// [`Error::Rule`](crate::Error::Rule) with the line for an unknown clue or a weight that is no whole number.
    pub fn load(resources: &Resources) -> Result<Self> {
        let table = resources.table(FILE)?;
        let mut faults = Faults::default();
        let clues: Vec<(&str, usize)> = NAMES.iter().copied().zip(0..).collect();
        let mut weights = vec![None; NAMES.len()];
        table.each(["clue", "person", "it", "they"], &mut faults, |[clue, person, it, they]| {
            let number = one_of("clue", clue, &clues)?;
            let weight = |cell: &str| {
                cell.parse().map_err(|_| format!("the weight {cell:?} is not a whole number"))
            };
            let own: [i32; 3] = [weight(person)?, weight(it)?, weight(they)?];
            match weights[number].replace(own) {
                Some(before) if before != own => {
                    Err(format!("the clue {clue:?} stands above with the weights {before:?}"))
                }
                _ => Ok(()),
            }
        });
        let weights = weights.into_iter().map(Option::unwrap_or_default).collect();
        faults.or(Self { weights })
    }

    /// The sum of the weights that some clues have for a pronoun.
    pub(super) fn score(&self, pronoun: &Feature, clues: &[Clue]) -> i32 {
        let kind = PronounKind::of(pronoun) as usize;
        clues.iter().map(|&clue| self.weights[clue as usize][kind]).sum()
    }
}

/// How many candidates are nearer than one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Nearer {
    /// All.
    pub(super) any: usize,
    /// Those that are subjects.
    pub(super) subjects: usize,
}

/// The features of a candidate.
pub(super) fn clues(
    input: &SieveInput,
    links: &Links,
    quotes: &Quotes,
    pronoun: usize,
    candidate: usize,
    nearer: Nearer,
) -> Vec<Clue> {
    let (own, feature) = (&links.features[pronoun], &links.features[candidate]);
    let known = links.known(candidate);
    let distance = input.mentions[pronoun].sentence.0 - input.mentions[candidate].sentence.0;
    let mut clues = vec![
        match distance {
            0 => Clue::SameSentence,
            1 => Clue::OneBefore,
            2 => Clue::TwoBefore,
            _ => Clue::FurtherBefore,
        },
        match nearer.any {
            0 => Clue::Nearest,
            1 => Clue::Second,
            2 => Clue::Third,
            3..=4 => Clue::Fifth,
            5..=9 => Clue::Tenth,
            _ => Clue::Farther,
        },
        match feature.salience {
            Salience::Subject => Clue::Subject,
            Salience::Object => Clue::Object,
            Salience::Possessor => Clue::Possessor,
            Salience::Oblique => Clue::Oblique,
            Salience::Other => Clue::OtherRole,
        },
        match (input.kind(candidate), feature.definiteness) {
            (MentionKind::Name, _) => Clue::Name,
            (MentionKind::Pronoun, _) if is_same_word(own, feature) => Clue::SamePronoun,
            (MentionKind::Pronoun, _) => Clue::OtherPronoun,
            (_, Definiteness::Definite) => Clue::Definite,
            (_, Definiteness::Indefinite) => Clue::Indefinite,
            (_, Definiteness::Bare) => Clue::Bare,
        },
        match known.label {
            Some(Label::Person) => Clue::Person,
            Some(Label::Org) => Clue::Org,
            Some(Label::Place) => Clue::Place,
            Some(Label::Product) => Clue::Product,
            Some(Label::Event) => Clue::Event,
            Some(Label::Norp) => Clue::Norp,
            Some(Label::Misc | Label::Time | Label::Quantity) => Clue::Misc,
            None => Clue::Unknown,
        },
    ];
    let tree = input.tree(candidate);
    let head = input.head(candidate);
    let body = own.number == Some(Number::Plural)
        && known.label == Some(Label::Org)
        && known.number != Some(Number::Plural);
    let around = |mention: usize| quotes.around(input.mentions[mention].span.start);
    let speaks = matches!(known.label, Some(Label::Person | Label::Org)) && says(input, pronoun);
    let subject = feature.salience == Salience::Subject;
    let main_subject = subject && is_of_main_clause(tree, head);
    let at = input.mentions[pronoun].span.start;
    let voice = |quote: Option<usize>| {
        let speaker = quote.and_then(|quote| quotes.speaker(quote))?;
        Some(links.root(speaker))
    };
    let root = Some(links.root(candidate));
    let more = [
        (subject && nearer.subjects == 0, Clue::NearestSubject),
        (main_subject, Clue::MainSubject),
        (main_subject && distance == 1 && own.salience == Salience::Subject, Clue::SubjectBefore),
        (!known.full_name.is_empty(), Clue::HasName),
        (is_of_somebody(input, tree, head), Clue::OfSomebody),
        (tree.deprel(head) == Deprel::Conj, Clue::Joined),
        (voice(quotes.last_before(at)) == root, Clue::SpokeLast),
        (voice(quotes.around(at)) == root, Clue::SpeaksAround),
        (known.size >= 8, Clue::MentionedMost),
        (feature.salience == own.salience, Clue::SameRole),
        (is_first(input, candidate), Clue::FirstInSentence),
        (own.number.is_some() && known.number == own.number, Clue::NumberKnown),
        (own.gender.is_some() && known.gender == own.gender, Clue::GenderKnown),
        (body, Clue::BodyForPlural),
        ((2..4).contains(&known.size), Clue::Mentioned),
        (known.size >= 4, Clue::MentionedOften),
        (around(pronoun) != around(candidate), Clue::OtherQuotation),
        (speaks, Clue::Speaks),
        (tree.deprel(head) == Deprel::Nmod, Clue::Inside),
    ];
    clues.extend(more.into_iter().filter(|(holds, _)| *holds).map(|(_, clue)| clue));
    if distance == 0 {
        let possesses = own.salience == Salience::Possessor;
        let at_candidate = candidate;
        let pronoun = verb_above(tree, input.head(pronoun));
        let candidate = verb_above(tree, head);
        if subject && is_under(tree, pronoun, candidate) && says(input, at_candidate) {
            clues.push(Clue::SaysAbove);
        }
        if pronoun == candidate {
            clues.push(Clue::SameVerb);
            if subject && possesses {
                clues.push(Clue::SubjectOfPossessor);
            }
        } else if feature.salience == Salience::Subject && is_under(tree, pronoun, candidate) {
            clues.push(Clue::SubjectAbove);
        } else if is_under(tree, candidate, pronoun) {
            clues.push(Clue::Below);
        }
    }
    clues
}

/// The features of a pronoun without an antecedent that was named.
pub(super) fn clues_of_nothing(
    input: &SieveInput,
    links: &Links,
    quotes: &Quotes,
    pronoun: usize,
) -> Vec<Clue> {
    let tree = input.tree(pronoun);
    let mention = &input.mentions[pronoun];
    let copula = tree.head(mention.head.index()).is_some_and(|head| tree.has(head, Deprel::Cop));
    let salience = links.features[pronoun].salience;
    [
        (true, Clue::Nothing),
        (salience == Salience::Subject, Clue::NothingSubject),
        (salience == Salience::Object, Clue::NothingObject),
        (salience == Salience::Subject && copula, Clue::NothingCopula),
        (quotes.around(mention.span.start).is_some(), Clue::NothingQuoted),
        (mention.tokens.start < FRONT, Clue::NothingFirst),
    ]
    .into_iter()
    .filter_map(|(holds, clue)| holds.then_some(clue))
    .collect()
}

/// "he" and "his", "it" and "its".
fn is_same_word(own: &Feature, other: &Feature) -> bool {
    own.gender == other.gender && own.number == other.number
}

/// True for the first mention of its sentence.
fn is_first(input: &SieveInput, mention: usize) -> bool {
    mention
        .checked_sub(1)
        .is_none_or(|before| input.mentions[before].sentence != input.mentions[mention].sentence)
}

/// True for the subject of a verb of saying.
fn says(input: &SieveInput, mention: usize) -> bool {
    let tree = input.tree(mention);
    let head = input.head(mention);
    tree.deprel(head) == Deprel::Nsubj
        && tree.head(head).is_some_and(|verb| input.lexicon.speaks(tree.lemma(verb)))
}

/// True for what hangs on the root of its sentence, or on a verb that is joined to it.
fn is_of_main_clause(tree: &Tree, head: usize) -> bool {
    let mut at = tree.head(head);
    for _ in 0..HEIGHT {
        let Some(token) = at else { return false };
        match tree.deprel(token) {
            Deprel::Root => return true,
            Deprel::Conj => at = tree.head(token),
            _ => return false,
        }
    }
    false
}

/// "the son of *Ivo Dahl*", "a reporter from *Delta Radio*": only tells who somebody is.
pub(super) fn is_of_somebody(input: &SieveInput, tree: &Tree, token: usize) -> bool {
    let somebody = |noun: usize| {
        tree.upos(noun) == Upos::Noun
            && input.lexicon.denotes_person(&tree.lemma(noun).to_lowercase())
    };
    tree.deprel(token) == Deprel::Nmod && tree.head(token).is_some_and(somebody)
}

/// The verb that a word belongs to, or the highest word looked at.
fn verb_above(tree: &Tree, token: usize) -> usize {
    let mut at = token;
    for _ in 0..HEIGHT {
        let Some(above) = tree.head(at) else { break };
        at = above;
        if matches!(tree.upos(at), Upos::Verb | Upos::Aux) {
            break;
        }
    }
    at
}

/// True if a word is under another one.
fn is_under(tree: &Tree, token: usize, above: usize) -> bool {
    let mut at = token;
    for _ in 0..HEIGHT {
        match tree.head(at) {
            Some(head) if head == above => return true,
            Some(head) => at = head,
            None => return false,
        }
    }
    false
}
