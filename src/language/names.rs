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
pub(super) fn may_follow(previous: u8, class: u8) -> bool {
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

/// The capitalized words around a word, or the word alone.
#[derive(Clone, Copy)]
pub(super) struct Run {
    first: u16,
    last: u16,
    capital: bool,
}

/// The run of each word.
pub(super) fn runs(items: &[Item]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let capital = item.word.case > 0;
        let first = match runs.last() {
            Some(run) if capital && run.capital => run.first,
            _ => at as u16,
        };
        runs.push(Run { first, last: at as u16, capital });
    }
    for at in (1..runs.len()).rev() {
        if runs[at].first == runs[at - 1].first {
            runs[at - 1].last = runs[at].last;
        }
    }
    runs
}

/// Classes from left to right.
pub(super) fn predict(model: &impl Score, items: &[Item]) -> Vec<u8> {
    let mut classes: Vec<u8> = Vec::with_capacity(items.len());
    let mut features = Vec::new();
    let runs = runs(items);
    for at in 0..items.len() {
        extract(items, &runs, &classes, at, &mut features);
        let previous = classes.last().copied().unwrap_or(OUTSIDE);
        classes.push(best(model, &features, previous));
    }
    classes
}

/// The features of a word, given the classes of those before it.
pub(super) fn extract(items: &[Item], runs: &[Run], classes: &[u8], at: usize, out: &mut Vec<u32>) {
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
    for bit in (0..15).filter(|bit| w.known >> bit & 1 == 1) {
        out.push(Key::new(200).with(bit).with(w.case).end());
    }
    template = 200;
    let mut put = |values: &[u32]| {
        template += 1;
        let key = values.iter().fold(Key::new(template), |key, &value| key.with(value));
        out.push(key.end());
    };
    put(&[w.known, w.case]);
    put(&[w.known, c1, w.case]);
    put(&[w.known, n.known, n.case, w.case]);
    put(&[p.known, w.known, w.case, c1]);
    put(&[w.known, n.lower]);
    put(&[w.known, p.lower]);
    put(&[w.known, n.cluster[1], p.cluster[1]]);
    // the run of capitalized words around it
    let run = &runs[at];
    let last = &items[usize::from(run.last)];
    let begin = &items[usize::from(run.first)];
    let after = items.get(usize::from(run.last) + 1).unwrap_or(&none);
    let before_run = usize::from(run.first).checked_sub(1).and_then(|i| items.get(i));
    let before_run = before_run.unwrap_or(&none);
    let length = u32::from(run.last - run.first).min(5);
    let place = u32::from(at as u16 - run.first).min(3);
    let inside = u32::from(run.capital);
    put(&[inside, last.word.lower]);
    put(&[inside, last.word.lower, place, c1]);
    put(&[inside, last.word.suffixes[2], place]);
    put(&[inside, last.word.cluster[1], place]);
    put(&[inside, begin.word.lower, place]);
    put(&[inside, length, place]);
    put(&[inside, length, place, c1]);
    put(&[inside, after.word.lower, c1]);
    put(&[inside, after.word.cluster[1], before_run.word.cluster[1]]);
    put(&[inside, before_run.word.lower, place]);
    put(&[inside, before_run.word.lower, length, place]);
    put(&[inside, before_run.word.lower, after.word.lower]);
    put(&[inside, last.word.known, place, length]);
    put(&[inside, begin.word.known, place, length]);
    put(&[inside, last.word.lower, before_run.word.lower]);
}
