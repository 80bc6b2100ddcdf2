//! How likely an extraction is right, from the construction it comes from.
//!
//! A logistic model: weights of features, in `rules/confidence.tsv`, fitted on development data by
//! `training/confidence.py`. A feature that the table does not have weighs nothing.

use rustc_hash::FxHashMap;

use crate::error::{Faults, Result, did_you_mean};
use crate::resource::{Resources, one_of, put};

use super::construction::Construction;

const FILE: &str = "rules/confidence.tsv";

/// What an open extraction can be made of.
const OPEN: &[&str] = &[
    "adjective",
    "adverbial",
    "apposition",
    "apposition+place",
    "content",
    "control",
    "coordinated",
    "example",
    "is",
    "long object",
    "long subject",
    "main",
    "many objects",
    "more",
    "parataxis",
    "participle",
    "place",
    "preposition",
    "purpose",
    "relative",
    "said",
    "shared",
];

macro_rules! signs {
    ($($name:ident $text:literal,)*) => {
        /// What speaks for or against a statement, besides its construction.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Sign { $(#[doc = $text] $name,)* }

        impl Sign {
            const ALL: &[Self] = &[$(Self::$name,)*];

            fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

signs! {
    Rule "rule",
    Clause "clause",
    Complement "complement",
    EventNoun "event noun",
    Intransitive "intransitive",
    Speech "speech verb",
    NameSubject "name subject",
    PronounSubject "pronoun subject",
    GroupSubject "group subject",
    BareSubject "definite subject without complement",
    NameObject "name object",
    PronounObject "pronoun object",
    LiteralObject "literal object",
    BareObject "definite object without complement",
    NoObject "no object",
    ShortObject "object of one word",
    LongObject "object of more than twelve words",
    NoName "no name",
    Source "source",
    PronounSource "pronoun source",
    Claimed "claimed",
    Planned "planned",
    Possible "possible",
    Hypothetical "hypothetical",
    Denied "denied",
    Negative "negative",
    Quoted "in quotation marks",
    LongSentence "sentence of more than 35 words",
    ShortSentence "sentence of at most 15 words",
    Conjunct "coordinated clause",
    Control "infinitive",
    Content "reported clause",
    Adverbial "adverbial clause",
    Purpose "purpose",
    Relative "relative clause",
    Participle "participle",
    Parataxis "parataxis",
    SharedSubject "subject of another clause",
    Passive "passive without agent",
    Preposition "preposition before the object",
    OneQualifier "one qualifier",
    Qualifiers "several qualifiers",
    ClauseQualifier "clause as qualifier",
    Time "time",
    Place "place",
    SeveralSubjects "several subjects",
    SeveralObjects "several objects",
    FarObject "object far from the verb",
    OpenLiteral "pronoun in the words of the object",
    Guessed "attachment that was guessed",
    Unsure "attachment that is not sure",
    GuessedSentence "several guessed attachments in the sentence",
    JoinedSubject "subject joined to a name",
    JoinedObject "object joined to a name",
    BareQuantity "number without a noun",
    OpenQualifier "pronoun or definite noun as qualifier",
    Fragment "sentence without a finite verb or full stop",
}

/// What a statement is made of: which signs and which construction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs(u128);

impl Signs {
    pub(super) fn add(&mut self, sign: Sign) {
        self.0 |= 1 << sign as u32;
    }

    pub(super) fn add_if(&mut self, holds: bool, sign: Sign) {
        if holds {
            self.add(sign);
        }
    }

    pub(super) fn add_construction(&mut self, construction: Construction) {
        self.0 |= 1 << (Sign::ALL.len() as u32 + construction as u32);
    }

    /// As statements hold them.
    pub fn bits(self) -> u128 {
        self.0
    }

    /// Those of a statement.
    pub fn of_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// Their names, as the table of weights has them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let signs = Sign::ALL.iter().map(|sign| sign.as_str());
        let all = signs.chain(Construction::ALL.iter().map(|one| one.as_str()));
        all.enumerate().filter(move |(bit, _)| self.0 >> bit & 1 == 1).map(|(_, name)| name)
    }
}

/// Weights by kind of reading (`open`, `statement`) and feature.
#[derive(Debug, Default)]
pub(crate) struct Confidence {
    open: FxHashMap<String, f64>,
    statement: FxHashMap<String, f64>,
}

impl Confidence {
    /// Reads the table.
    ///
    /// # Errors
    /// [`Error::Rule`](crate::Error::Rule) with the line for an unknown kind or a weight that is not a number.
    pub(super) fn load(resources: &Resources) -> Result<Self> {
        let table = resources.table(FILE)?;
        let mut faults = Faults::default();
        let mut model = Self::default();
        table.each(["of", "feature", "weight"], &mut faults, |[kind, feature, weight]| {
            let open = one_of("kind", kind, &[("open", true), ("statement", false)])?;
            let constructions = Construction::ALL.iter().map(|one| one.as_str());
            let signs = Sign::ALL.iter().map(|sign| sign.as_str()).chain(constructions);
            let known = OPEN.iter().copied().filter(|_| open);
            let names = known.chain(signs.filter(|_| !open)).chain(["bias"]);
            if !names.clone().any(|name| name == feature) {
                return Err(format!("no feature {feature:?}{}", did_you_mean(feature, names)));
            }
            let number = weight.parse().ok().filter(|weight: &f64| weight.is_finite());
            let number = number.ok_or_else(|| format!("the weight {weight:?} is not a number"))?;
            put(if open { &mut model.open } else { &mut model.statement }, feature, number)
        });
        faults.or(model)
    }

    /// Between 0.05 and 0.95 in steps of a twentieth: the model knows no more, and the figure is the
    /// same on every machine.
    pub(crate) fn open<'f>(&self, features: impl Iterator<Item = &'f str>) -> f32 {
        logistic(&self.open, features)
    }

    /// As [`Self::open`], for statements of the graph.
    pub(crate) fn statement(&self, signs: Signs) -> f32 {
        logistic(&self.statement, signs.names())
    }
}

/// Log odds of 0.075, 0.125, ... 0.925: where the rounding goes up. (A table, since the exponential
/// function differs from machine to machine.)
const BOUNDS: [f64; 18] = [
    -2.5123, -1.9459, -1.5506, -1.2368, -0.9694, -0.7309, -0.5108, -0.3023, -0.1001, 0.1001,
    0.3023, 0.5108, 0.7309, 0.9694, 1.2368, 1.5506, 1.9459, 2.5123,
];

fn logistic<'f>(weights: &FxHashMap<String, f64>, features: impl Iterator<Item = &'f str>) -> f32 {
    let sum: f64 = features.chain(["bias"]).filter_map(|f| weights.get(f)).sum();
    let steps = BOUNDS.iter().filter(|&&bound| sum > bound).count();
    (steps + 1) as f32 / 20.0
}
