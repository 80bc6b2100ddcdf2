//! Names and their types: BIO classes from left to right.

use crate::document::{Label, Name};

use super::file::{Reader, Writer};
use super::hash::Key;
use super::parser::Item;
use super::perceptron::Score;
use super::weights::Weights;
use super::word::Word;

/// Class 0 is outside; label n begins with class 2n + 1 and goes on with 2n + 2.
pub(super) const CLASSES: usize = 1 + 2 * Label::ALL.len();
pub(super) const OUTSIDE: u8 = 0;

/// The class of the first or a later word of a name.
pub(super) fn class(label: Label, first: bool) -> u8 {
    1 + 2 * label as u8 + u8::from(!first)
}

/// A trained name tagger.
#[derive(Clone, Debug)]
pub(super) struct Namer {
    pub(super) weights: Weights,
}

impl Namer {
    /// The names of a sentence.
    pub(super) fn names(&self, items: &[Item]) -> Vec<Name> {
        spans(&predict(&self.weights, items))
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.number(Label::ALL.len());
        for label in Label::ALL {
            out.text(label.as_str());
        }
        self.weights.write(out);
    }

    pub(super) fn read(input: &mut Reader) -> Result<Self, String> {
        let count = input.count(1)?;
        if count != Label::ALL.len() {
            return Err(format!("{count} name labels, expected {}", Label::ALL.len()));
        }
        for label in Label::ALL {
            let found = input.text()?;
            if found != label.as_str() {
                return Err(format!("name label {found}, expected {label}"));
            }
        }
        Ok(Self { weights: Weights::read(input, CLASSES)? })
    }
}

/// Classes to names.
pub(super) fn spans(classes: &[u8]) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    for (at, &class) in classes.iter().enumerate() {
        if class == OUTSIDE {
            continue;
        }
        let label = Label::ALL[usize::from((class - 1) / 2)];
        match names.last_mut() {
            Some(name) if class % 2 == 0 && name.tokens.end == at => name.tokens.end = at + 1,
            _ => names.push(Name { tokens: at..at + 1, label }),
        }
    }
    names
}

/// A class may go on only with what began.
fn may_follow(previous: u8, class: u8) -> bool {
    class == OUTSIDE || class % 2 == 1 || previous == class || previous + 1 == class
}

/// The best class after another.
pub(super) fn best(model: &impl Score, features: &[u32], previous: u8) -> u8 {
    let mut scores = [0; 256];
    model.add(features, &mut scores);
    let mut best = OUTSIDE;
    for class in 1..CLASSES as u8 {
        if may_follow(previous, class) && scores[usize::from(class)] > scores[usize::from(best)] {
            best = class;
        }
    }
    best
}

/// Classes from left to right.
pub(super) fn predict(model: &impl Score, items: &[Item]) -> Vec<u8> {
    let mut classes: Vec<u8> = Vec::with_capacity(items.len());
    let mut features = Vec::new();
    for at in 0..items.len() {
        extract(items, &classes, at, &mut features);
        let previous = classes.last().copied().unwrap_or(OUTSIDE);
        classes.push(best(model, &features, previous));
    }
    classes
}

/// The features of a word, given the classes of those before it.
pub(super) fn extract(items: &[Item], classes: &[u8], at: usize, out: &mut Vec<u32>) {
    out.clear();
    let none = Item::default();
    let item =
        |offset: isize| at.checked_add_signed(offset).and_then(|i| items.get(i)).unwrap_or(&none);
    let before = |back: usize| at.checked_sub(back).map_or(99, |i| u32::from(classes[i]));
    let (i0, i1, i2) = (item(0), item(1), item(2));
    let (j1, j2) = (item(-1), item(-2));
    let (w, n, n2): (&Word, &Word, &Word) = (&i0.word, &i1.word, &i2.word);
    let (p, p2) = (&j1.word, &j2.word);
    let mut template = 0;
    let mut put = |values: &[u32]| {
        template += 1;
        let key = values.iter().fold(Key::new(template), |key, &value| key.with(value));
        out.push(key.end());
    };
    let first = u32::from(at == 0);
    let (c1, c2) = (before(1), before(2));
    put(&[]);
    put(&[w.lower]);
    put(&[w.lower, w.case]);
    for suffix in w.suffixes {
        put(&[suffix]);
    }
    for prefix in w.prefixes {
        put(&[prefix]);
    }
    put(&[w.shape]);
    put(&[w.case, first]);
    put(&[w.shape, i0.upos]);
    put(&[i0.fine]);
    put(&[w.cluster[0]]);
    put(&[w.cluster[1]]);
    put(&[w.cluster[1], w.case]);
    put(&[c1]);
    put(&[c1, c2]);
    put(&[c1, w.lower]);
    put(&[c1, w.case, i0.upos]);
    put(&[c1, w.suffixes[2], w.case]);
    put(&[c1, w.cluster[0], w.case]);
    put(&[c1, p.lower]);
    put(&[c1, p.lower, w.case]);
    put(&[c1, n.lower]);
    put(&[c1, n.case, w.case]);
    put(&[p.lower]);
    put(&[p2.lower]);
    put(&[n.lower]);
    put(&[n2.lower]);
    put(&[p.lower, w.lower]);
    put(&[w.lower, n.lower]);
    put(&[p2.lower, p.lower]);
    put(&[n.lower, n2.lower]);
    put(&[p.lower, n.lower]);
    put(&[p2.lower, p.lower, w.case]);
    put(&[w.case, n.lower, n2.lower]);
    put(&[p.shape, w.shape, n.shape]);
    put(&[p.case, w.case, n.case, n2.case]);
    put(&[j1.upos, i0.upos, i1.upos]);
    put(&[p.cluster[0], w.case]);
    put(&[n.cluster[0], w.case]);
    put(&[p.cluster[1], w.cluster[1]]);
    put(&[w.cluster[1], n.cluster[1]]);
    put(&[p.cluster[1]]);
    put(&[n.cluster[1]]);
    put(&[p2.cluster[1], p.cluster[1], w.case]);
    put(&[w.case, n.cluster[1], n2.cluster[1]]);
    put(&[p.suffixes[2], w.case]);
    put(&[n.suffixes[2], w.case]);
    put(&[j2.upos, j1.upos, w.case]);
    put(&[w.case, i1.upos, i2.upos]);
}
