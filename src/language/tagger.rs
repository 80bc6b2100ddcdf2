//! Part of speech and features, together as one class, from left to right.

use std::sync::Arc;

use crate::document::Upos;

use super::file::{Reader, Writer};
use super::hash::Key;
use super::perceptron::Score;
use super::weights::Weights;
use super::word::Word;

/// One class of the tagger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) upos: Upos,
    pub(super) feats: Arc<str>,
    /// The class as the parser sees it: part of speech with verb form, mood, number.
    pub(super) fine: u32,
}

impl Tag {
    pub(super) fn new(upos: Upos, feats: &str) -> Self {
        Self { upos, feats: feats.into(), fine: fine(upos, feats) }
    }
}

fn fine(upos: Upos, feats: &str) -> u32 {
    let mut key = Key::new(upos as u32);
    for pair in feats.split('|') {
        let (name, _) = pair.split_once('=').unwrap_or((pair, ""));
        let wanted = match upos {
            Upos::Verb | Upos::Aux => matches!(name, "VerbForm" | "Tense" | "Mood" | "Number"),
            Upos::Noun | Upos::Propn => name == "Number",
            Upos::Pron | Upos::Det => matches!(name, "PronType" | "Case" | "Poss"),
            Upos::Adv | Upos::Adj => matches!(name, "Degree" | "PronType" | "NumType"),
            Upos::Part => name == "Polarity",
            _ => false,
        };
        if wanted {
            key = key.with(super::hash::text(pair));
        }
    }
    key.end()
}

/// A trained tagger.
#[derive(Clone, Debug)]
pub(super) struct Tagger {
    pub(super) tags: Vec<Tag>,
    pub(super) weights: Weights,
}

impl Tagger {
    /// The class of each word.
    pub(super) fn tag(&self, words: &[Word]) -> Vec<u8> {
        predict(&self.weights, self.tags.len(), words)
    }

    /// Tags words; those in `verbal` get no tag but that of a verb or participle.
    pub(super) fn tag_knowing(&self, words: &[Word], verbal: &[bool]) -> Vec<u8> {
        let mut tags = self.tag(words);
        let is_verbal = |tag: u8| {
            matches!(self.tags[usize::from(tag)].upos, Upos::Verb | Upos::Aux | Upos::Adj)
        };
        let Some(first) = (0..tags.len()).find(|&at| verbal[at] && !is_verbal(tags[at])) else {
            return tags;
        };
        // What follows was tagged after a wrong tag.
        tags.truncate(first);
        let mut features = Vec::new();
        for (at, &verbal) in verbal.iter().enumerate().skip(first) {
            extract(words, &tags, at, &mut features);
            let mut scores = [0; 256];
            self.weights.add(&features, &mut scores);
            let allowed = (0..self.tags.len()).filter(|&tag| !verbal || is_verbal(tag as u8));
            let best = allowed.max_by_key(|&tag| (scores[tag], std::cmp::Reverse(tag)));
            tags.push(best.unwrap_or(0) as u8);
        }
        tags
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.number(self.tags.len());
        for tag in &self.tags {
            out.text(tag.upos.as_str());
            out.text(&tag.feats);
        }
        self.weights.write(out);
    }

    pub(super) fn read(input: &mut Reader) -> Result<Self, String> {
        let count = input.count(2)?;
        if count == 0 || count > 256 {
            return Err(format!("{count} tags"));
        }
        let mut tags = Vec::with_capacity(count);
        for _ in 0..count {
            let upos: Upos = input.text()?.parse()?;
            tags.push(Tag::new(upos, input.text()?));
        }
        let weights = Weights::read(input, count)?;
        Ok(Self { tags, weights })
    }
}

/// Tags from left to right.
pub(super) fn predict(model: &impl Score, classes: usize, words: &[Word]) -> Vec<u8> {
    let mut tags = Vec::with_capacity(words.len());
    let mut features = Vec::new();
    for at in 0..words.len() {
        extract(words, &tags, at, &mut features);
        tags.push(best(model, classes, &features));
    }
    tags
}

/// The class with the highest score; the first of equals.
pub(super) fn best(model: &impl Score, classes: usize, features: &[u32]) -> u8 {
    let mut scores = [0; 256];
    model.add(features, &mut scores);
    let mut best = 0;
    for class in 1..classes {
        if scores[class] > scores[best] {
            best = class;
        }
    }
    best as u8
}

/// The features of a word, given the classes of those before it.
pub(super) fn extract(words: &[Word], tags: &[u8], at: usize, out: &mut Vec<u32>) {
    out.clear();
    let none = Word::default();
    let word =
        |offset: isize| at.checked_add_signed(offset).and_then(|i| words.get(i)).unwrap_or(&none);
    let tag = |back: usize| at.checked_sub(back).map_or(999, |i| u32::from(tags[i]));
    let (w, p, n) = (word(0), word(-1), word(1));
    let (p2, n2) = (word(-2), word(2));
    let mut template = 0;
    let mut put = |values: &[u32]| {
        template += 1;
        let key = values.iter().fold(Key::new(template), |key, &value| key.with(value));
        out.push(key.end());
    };
    let first = u32::from(at == 0);
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
    put(&[w.shape, w.suffixes[1]]);
    put(&[w.case, first]);
    put(&[w.kind, w.case]);
    put(&[w.suffixes[2], w.case]);
    put(&[tag(1)]);
    put(&[tag(2)]);
    put(&[tag(1), tag(2)]);
    put(&[tag(1), w.lower]);
    put(&[tag(1), tag(2), w.lower]);
    put(&[tag(1), w.suffixes[2]]);
    put(&[tag(1), n.lower]);
    put(&[tag(1), w.lower, n.lower]);
    put(&[p.lower]);
    put(&[n.lower]);
    put(&[p2.lower]);
    put(&[n2.lower]);
    put(&[p.lower, w.lower]);
    put(&[w.lower, n.lower]);
    put(&[n.lower, n2.lower]);
    put(&[p2.lower, p.lower]);
    put(&[p.lower, n.lower]);
    put(&[p.suffixes[2]]);
    put(&[n.suffixes[2]]);
    put(&[n.suffixes[1], tag(1)]);
    put(&[n.shape, w.case]);
    put(&[n.case, w.case, p.case]);
    put(&[n.prefixes[1], w.lower]);
    put(&[w.cluster[0]]);
    put(&[w.cluster[1]]);
    put(&[p.cluster[0], w.cluster[0]]);
    put(&[w.cluster[0], n.cluster[0]]);
    put(&[w.cluster[1], n.cluster[1]]);
    put(&[n.cluster[0], tag(1)]);
    put(&[n.cluster[1], tag(1)]);
    put(&[n.cluster[1], w.suffixes[2]]);
    put(&[w.lower, n.cluster[1]]);
    put(&[n.cluster[0], n2.cluster[0], tag(1)]);
    put(&[w.lower, n.cluster[0], n2.cluster[0]]);
    put(&[n.usual]);
    put(&[tag(1), n.usual]);
    put(&[w.lower, n.usual]);
    put(&[tag(1), w.lower, n.usual]);
    put(&[w.suffixes[2], n.usual]);
    put(&[n.usual, n2.usual, tag(1)]);
    put(&[w.cluster[1], n.usual]);
    put(&[w.cluster[1], tag(1)]);
    put(&[w.cluster[1], tag(1), n.usual]);
    put(&[w.cluster[1], w.suffixes[1]]);
    put(&[w.case, n.usual, tag(1)]);
    put(&[w.known, w.case]);
    put(&[n.known, n.case, w.case]);
}
