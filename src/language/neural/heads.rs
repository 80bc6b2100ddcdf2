//! From the rows of a sentence to tags, lemmas, a tree and names.

use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use compact_str::CompactString;

use super::encoder::Tower;
use super::kernel::Kernel;
use super::lemma::{self, Script};
use super::tree::{self, LIMIT};
use super::{Neural, Sizes};
use crate::document::{Deprel, Label, Name, Upos};

/// Part of speech and features.
#[derive(Clone, Debug)]
pub(in super::super) struct Tag {
    pub(in super::super) upos: Upos,
    pub(in super::super) feats: Arc<str>,
}

/// The labels that the model can give.
#[derive(Clone, Debug)]
pub(super) struct Labels {
    pub(super) tags: Vec<Tag>,
    pub(super) deprels: Vec<Deprel>,
    pub(super) scripts: Vec<Script>,
    pub(super) names: Vec<Bio>,
}

/// Where the parts of a row stand.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    arc_dep: Range<usize>,
    arc_head: Range<usize>,
    label_dep: Range<usize>,
    label_head: Range<usize>,
    tags: Range<usize>,
    scripts: Range<usize>,
    names: Range<usize>,
    boundary: usize,
    /// Numbers in a row.
    pub(super) width: usize,
    /// Number of relations, made a multiple of 16.
    pub(super) deprels: usize,
}

impl Parts {
    pub(super) fn new(sizes: &Sizes, labels: &Labels) -> Self {
        let mut width = 0;
        let mut part = |len: usize| {
            let start = width;
            width += len.next_multiple_of(16);
            start..start + len
        };
        Self {
            arc_dep: part(sizes.arc),
            arc_head: part(sizes.arc),
            label_dep: part(sizes.label),
            label_head: part(sizes.label),
            tags: part(labels.tags.len()),
            scripts: part(labels.scripts.len()),
            names: part(labels.names.len()),
            boundary: part(1).start,
            width,
            deprels: labels.deprels.len().next_multiple_of(16),
        }
    }
}

/// What a tower scores arcs and relations with.
#[derive(Clone, Debug)]
pub(super) struct Heads {
    /// `[arc][arc]`, by dependent and head.
    pub(super) arc_weight: Vec<f32>,
    /// `[arc]`
    pub(super) arc_bias: Vec<f32>,
    /// `[arc]`
    pub(super) arc_root: Vec<f32>,
    /// `[label][deprels]`
    pub(super) label_weight: Vec<f32>,
    /// `[deprels]`
    pub(super) label_bias: Vec<f32>,
    /// `[label]`
    pub(super) label_root: Vec<f32>,
}

/// Room for the heads, to be used again for each sentence.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct HeadScratch {
    a: Vec<f32>,
    b: Vec<f32>,
    c: Vec<f32>,
    zeros: Vec<f32>,
    scores: Vec<i64>,
    work: tree::Work,
    from: Vec<u16>,
}

/// The place of the greatest number, the first of equals.
pub(super) fn greatest(numbers: &[f32]) -> usize {
    let mut best = 0;
    for (at, &number) in numbers.iter().enumerate() {
        if number > numbers[best] {
            best = at;
        }
    }
    best
}

/// What one nat of a score is as an integer.
const UNITS: i64 = 1024;

/// As an integer, so that sums do not depend on their order.
fn fixed(score: f32) -> i64 {
    ((f64::from(score) * UNITS as f64).round() as i64).clamp(-LIMIT, LIMIT)
}

/// What the network says of a word's place in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct ScoredArc {
    /// `None` for the root.
    pub(in super::super) head: Option<usize>,
    pub(in super::super) deprel: Deprel,
    /// As [`Token::margin`](crate::document::Token::margin).
    pub(in super::super) margin: u8,
}

/// Arguments that a predicate has once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Core {
    Subject,
    Object,
    Indirect,
}

impl Core {
    fn of(deprel: Deprel) -> Option<Self> {
        match deprel {
            Deprel::Nsubj | Deprel::NsubjPass | Deprel::Csubj | Deprel::CsubjPass => {
                Some(Self::Subject)
            }
            Deprel::Obj => Some(Self::Object),
            Deprel::Iobj => Some(Self::Indirect),
            _ => None,
        }
    }
}

fn relu(x: f32) -> f32 {
    if x > 0.0 { x } else { 0.0 }
}

impl Neural {
    /// Numbers in the row of a word.
    pub(in super::super) fn width(&self) -> usize {
        self.parts.width
    }

    /// The tag of a word, with its number.
    pub(in super::super) fn tag(&self, row: &[f32]) -> (u16, &Tag) {
        let number = greatest(&row[self.parts.tags.clone()]);
        (number as u16, &self.labels.tags[number])
    }

    /// The lemma of a form that the training texts hold with this tag.
    pub(in super::super) fn known_lemma(&self, form: &str, tag: u16) -> Option<CompactString> {
        self.known.get(form, tag).map(|script| script.apply(form))
    }

    /// The lemma of a word by its form: the best change of its ending that gives a word, if one
    /// comes near the best of all.
    pub(in super::super) fn lemma(
        &self,
        row: &[f32],
        form: &str,
        upos: Upos,
        is_word: impl Fn(&str) -> bool,
    ) -> CompactString {
        let scores = &row[self.parts.scripts.clone()];
        let is_word = |lemma: &str| {
            let lemma = lemma.to_lowercase();
            self.vocabulary.is_word(&lemma) || upos != Upos::Propn && is_word(&lemma)
        };
        lemma::best(&self.labels.scripts, scores, form, upos, is_word)
    }

    /// Above 0 if the word begins a sentence.
    pub(in super::super) fn boundary(&self, row: &[f32]) -> f32 {
        row[self.parts.boundary]
    }

    /// The arc of each word of a sentence.
    pub(in super::super) fn tree(
        &self,
        kernel: Kernel,
        tower: &Tower,
        rows: &[f32],
        scratch: &mut HeadScratch,
    ) -> Vec<ScoredArc> {
        let n = rows.len() / self.parts.width;
        if n == 0 {
            return Vec::new();
        }
        self.arcs(kernel, tower, rows, scratch);
        let heads = tree::decode(n, &scratch.scores, &mut scratch.work);
        self.relations(kernel, tower, rows, &heads, scratch);
        self.choose(&heads, scratch)
    }

    /// The relations of the greatest scores that can stand together: a predicate has one subject,
    /// one object and one indirect object, and what a preposition introduces is none of them.
    fn choose(&self, heads: &[usize], scratch: &HeadScratch) -> Vec<ScoredArc> {
        let n = heads.len();
        let rows = || scratch.b.chunks_exact(self.parts.deprels);
        let best = |logits: &[f32], allowed: &dyn Fn(Deprel) -> bool| {
            let mut best = None;
            for (&deprel, &logit) in self.labels.deprels.iter().zip(logits) {
                if deprel != Deprel::Root
                    && allowed(deprel)
                    && best.is_none_or(|(_, greatest)| logit > greatest)
                {
                    best = Some((deprel, logit));
                }
            }
            best.unwrap_or((Deprel::Dep, 0.0))
        };
        let mut chosen: Vec<(Deprel, f32)> = rows()
            .zip(heads)
            .map(
                |(logits, &head)| {
                    if head == n { (Deprel::Root, 0.0) } else { best(logits, &|_| true) }
                },
            )
            .collect();
        let mut introduced = vec![false; n];
        for (word, (&head, (deprel, _))) in heads.iter().zip(&chosen).enumerate() {
            if *deprel == Deprel::Case && word < head && head < n {
                introduced[head] = true;
            }
        }
        for (word, logits) in rows().enumerate() {
            if introduced[word] && Core::of(chosen[word].0).is_some() {
                chosen[word] = best(logits, &|deprel| Core::of(deprel).is_none());
            }
        }
        for core in [Core::Subject, Core::Object, Core::Indirect] {
            // For each head the word that fills the slot best.
            let mut filler = vec![None; n];
            for (word, &head) in heads.iter().enumerate() {
                let (deprel, logit) = chosen[word];
                if head < n
                    && Core::of(deprel) == Some(core)
                    && filler[head].is_none_or(|other: usize| logit > chosen[other].1)
                {
                    filler[head] = Some(word);
                }
            }
            for (word, (logits, &head)) in rows().zip(heads).enumerate() {
                let fills = Core::of(chosen[word].0) == Some(core);
                if head < n && fills && filler[head] != Some(word) {
                    chosen[word] = best(logits, &|deprel| match Core::of(deprel) {
                        Some(other) => other != core && !introduced[word],
                        None => true,
                    });
                }
            }
        }
        let arcs = heads.iter().zip(chosen).zip(rows()).enumerate();
        arcs.map(|(word, ((&head, (deprel, logit)), logits))| {
            let scores = &scratch.scores[word * (n + 1)..(word + 1) * (n + 1)];
            let other =
                scores.iter().enumerate().filter(|&(other, _)| other != head && other != word);
            let next = other.map(|(_, &score)| score).max().unwrap_or(-LIMIT);
            let of_head = (scores[head] - next) / (UNITS / 16);
            let relations = self.labels.deprels.iter().zip(logits);
            let others = relations.filter(|&(&one, _)| one != deprel && one != Deprel::Root);
            let next = others.map(|(_, &logit)| fixed(logit)).max().unwrap_or(-LIMIT);
            let of_deprel = if head == n { of_head } else { (fixed(logit) - next) / (UNITS / 16) };
            ScoredArc {
                head: (head < n).then_some(head),
                deprel,
                margin: of_head.min(of_deprel).clamp(0, 255) as u8,
            }
        })
        .collect()
    }

    /// Scores of all arcs, to `scratch.scores`.
    fn arcs(&self, kernel: Kernel, tower: &Tower, rows: &[f32], scratch: &mut HeadScratch) {
        let HeadScratch { a, b, c, zeros, scores, .. } = scratch;
        let (size, width) = (self.sizes.arc, self.parts.width);
        let n = rows.len() / width;
        a.clear();
        for row in rows.chunks_exact(width) {
            a.extend(row[self.parts.arc_dep.clone()].iter().map(|&x| relu(x)));
        }
        b.resize(n * size, 0.0);
        kernel.dense(a, &tower.scores.arc_weight, &tower.scores.arc_bias, b);
        // Heads as columns, the root last.
        let columns = (n + 1).next_multiple_of(16);
        c.clear();
        c.resize(size * columns, 0.0);
        for (word, row) in rows.chunks_exact(width).enumerate() {
            for (k, &x) in row[self.parts.arc_head.clone()].iter().enumerate() {
                c[k * columns + word] = relu(x);
            }
        }
        for (k, &x) in tower.scores.arc_root.iter().enumerate() {
            c[k * columns + n] = x;
        }
        zeros.clear();
        zeros.resize(columns, 0.0);
        a.resize(n * columns, 0.0);
        kernel.dense(b, c, zeros, a);
        scores.clear();
        for row in a.chunks_exact(columns) {
            scores.extend(row[..=n].iter().map(|&score| fixed(score)));
        }
    }

    /// Scores of all relations of each word to its head, to `scratch.b`.
    fn relations(
        &self,
        kernel: Kernel,
        tower: &Tower,
        rows: &[f32],
        heads: &[usize],
        scratch: &mut HeadScratch,
    ) {
        let HeadScratch { a, b, .. } = scratch;
        let Parts { width, deprels, .. } = self.parts;
        a.clear();
        for (row, &head) in rows.chunks_exact(width).zip(heads) {
            let head = match rows.chunks_exact(width).nth(head) {
                Some(row) => &row[self.parts.label_head.clone()],
                None => &tower.scores.label_root,
            };
            let dep = &row[self.parts.label_dep.clone()];
            a.extend(dep.iter().zip(head).map(|(dep, head)| relu(dep + head)));
        }
        b.resize(heads.len() * deprels, 0.0);
        kernel.dense(a, &tower.scores.label_weight, &tower.scores.label_bias, b);
    }

    /// The names in a sentence: the best of all legal sequences of labels.
    pub(in super::super) fn names(&self, rows: &[f32], scratch: &mut HeadScratch) -> Vec<Name> {
        let logits = rows.chunks_exact(self.parts.width).map(|row| &row[self.parts.names.clone()]);
        viterbi(&self.labels.names, logits, &mut scratch.scores, &mut scratch.from)
    }
}

/// `best` holds the score of the best sequence up to each label, `from` the label before it for
/// each word.
fn viterbi<'r>(
    labels: &[Bio],
    rows: impl Iterator<Item = &'r [f32]>,
    best: &mut Vec<i64>,
    from: &mut Vec<u16>,
) -> Vec<Name> {
    // No sequence of scores comes near it.
    const ILLEGAL: i64 = i64::MIN / 2;
    let count = labels.len();
    best.clear();
    best.resize(2 * count, ILLEGAL);
    from.clear();
    let (mut last, mut next) = best.split_at_mut(count);
    // Before the first word stands none.
    let outside = labels.iter().position(|&label| label == Bio::Outside).unwrap_or(0);
    last[outside] = 0;
    for row in rows {
        let any = first_greatest(last, |_| true);
        for (at, &label) in labels.iter().enumerate() {
            let before = match label {
                Bio::Inside(kind) => first_greatest(
                    last,
                    |before| matches!(labels[before], Bio::Begin(k) | Bio::Inside(k) if k == kind),
                ),
                _ => any,
            };
            let before = before.filter(|&before| last[before] > ILLEGAL);
            next[at] = before.map_or(ILLEGAL, |before| last[before] + fixed(row[at]));
            from.push(before.unwrap_or(outside) as u16);
        }
        std::mem::swap(&mut last, &mut next);
    }
    let mut at = first_greatest(last, |_| true).unwrap_or(outside);
    let mut path: Vec<Bio> = Vec::with_capacity(from.len() / count);
    for from in from.rchunks_exact(count) {
        path.push(labels[at]);
        at = usize::from(from[at]);
    }
    path.reverse();
    let mut names: Vec<Name> = Vec::new();
    for (at, &label) in path.iter().enumerate() {
        match (label, names.last_mut()) {
            (Bio::Begin(label), _) => names.push(Name { tokens: at..at + 1, label }),
            (Bio::Inside(_), Some(name)) => name.tokens.end = at + 1,
            _ => {}
        }
    }
    names
}

fn first_greatest(scores: &[i64], is_meant: impl Fn(usize) -> bool) -> Option<usize> {
    (0..scores.len()).filter(|&at| is_meant(at)).min_by_key(|&at| std::cmp::Reverse(scores[at]))
}

/// A label of a word within or without names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bio {
    Outside,
    Begin(Label),
    Inside(Label),
}

impl FromStr for Bio {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('-') {
            None if text == "O" => Ok(Self::Outside),
            Some(("B", label)) => Ok(Self::Begin(label.parse()?)),
            Some(("I", label)) => Ok(Self::Inside(label.parse()?)),
            _ => Err(format!("{text:?} is not O, B-... or I-...")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::kernel::tests::Random;
    use super::*;

    fn legal(labels: &[Bio], path: &[usize]) -> bool {
        path.iter().enumerate().all(|(at, &label)| match labels[label] {
            Bio::Inside(kind) => {
                at > 0
                    && matches!(labels[path[at - 1]], Bio::Begin(k) | Bio::Inside(k) if k == kind)
            }
            _ => true,
        })
    }

    #[test]
    fn names_are_the_best_legal_sequence() {
        let labels: Vec<Bio> = ["O", "B-PERSON", "I-PERSON", "B-ORG", "I-ORG"]
            .map(|text| text.parse().unwrap())
            .into();
        let mut random = Random(1);
        for round in 0..300 {
            let n = 1 + round % 4;
            let rows: Vec<Vec<f32>> = (0..n).map(|_| random.floats(5, 4.0)).collect();
            let mut best = (i64::MIN, Vec::new());
            for code in 0..5_usize.pow(n as u32) {
                let path: Vec<usize> = (0..n).map(|at| code / 5_usize.pow(at as u32) % 5).collect();
                let score = path.iter().zip(&rows).map(|(&label, row)| fixed(row[label])).sum();
                if legal(&labels, &path) && score > best.0 {
                    best = (score, path);
                }
            }
            let mut expected: Vec<Name> = Vec::new();
            for (at, &label) in best.1.iter().enumerate() {
                match labels[label] {
                    Bio::Outside => {}
                    Bio::Begin(label) => expected.push(Name { tokens: at..at + 1, label }),
                    Bio::Inside(_) => expected.last_mut().unwrap().tokens.end = at + 1,
                }
            }
            let rows = rows.iter().map(Vec::as_slice);
            let names = viterbi(&labels, rows, &mut Vec::new(), &mut Vec::new());
            assert_eq!(names, expected);
        }
        assert!(viterbi(&labels, [].into_iter(), &mut Vec::new(), &mut Vec::new()).is_empty());
    }

    #[test]
    fn labels_that_no_sequence_reaches_are_never_given() {
        let labels: Vec<Bio> = ["I-ORG", "O"].map(|text| text.parse().unwrap()).into();
        let rows = [[1e9, f32::NAN], [f32::INFINITY, -1e30], [9.0, f32::NEG_INFINITY]];
        let rows = rows.iter().map(|row| &row[..]);
        assert!(viterbi(&labels, rows, &mut Vec::new(), &mut Vec::new()).is_empty());
        assert!("B-CITY".parse::<Bio>().is_err() && "X".parse::<Bio>().is_err());
    }

    #[test]
    fn scores_are_made_integers() {
        assert_eq!(fixed(1.5), 1536);
        assert_eq!(fixed(f32::NAN), 0);
        assert_eq!(fixed(f32::INFINITY), LIMIT);
        assert_eq!(fixed(-1e30), -LIMIT);
        assert_eq!(greatest(&[1.0, 3.0, 3.0, f32::NAN]), 1);
    }
}
