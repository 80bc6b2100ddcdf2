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
    "bias",
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

/// What a statement can be made of, besides its construction.
const STATEMENT: &[&str] = &[
    "bias",
    "clause",
    "complement",
    "event noun",
    "intransitive",
    "literal object",
    "long sentence",
    "name object",
    "name subject",
    "not asserted",
    "pronoun subject",
    "rule",
    "source",
];

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
            let known = if open { OPEN } else { STATEMENT };
            let constructions = Construction::ALL.iter().filter(|_| !open).map(|one| one.as_str());
            let names = known.iter().copied().chain(constructions);
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
    pub(crate) fn statement<'f>(&self, features: impl Iterator<Item = &'f str>) -> f32 {
        logistic(&self.statement, features)
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
