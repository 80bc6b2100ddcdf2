//! The encoder: a window of words to a row of numbers a word.

use super::heads::Heads;
use super::kernel::{Kernel, Layout, Matrix, Norm, Quantized};
use super::wordpiece::WordInput;
use super::{Neural, Sizes};

/// One way to encode, with so many layers, and its heads.
#[derive(Clone, Debug)]
pub(in super::super) struct Tower {
    pub(super) name: String,
    /// `[positions][hidden]`
    pub(super) position: Vec<f32>,
    /// `[SHAPES][hidden]`
    pub(super) shape: Vec<f32>,
    /// `[GAPS][hidden]`
    pub(super) gap: Vec<f32>,
    pub(super) norm: Norm,
    pub(super) layers: Vec<Layer>,
    /// From a word to all that the heads need of it.
    pub(super) heads: Matrix,
    pub(super) scores: Heads,
}

impl Tower {
    /// As the model calls it.
    pub(in super::super) fn name(&self) -> &str {
        &self.name
    }
}

#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) qkv: Matrix,
    pub(super) out: Matrix,
    pub(super) norm1: Norm,
    pub(super) up: Matrix,
    pub(super) down: Matrix,
    pub(super) norm2: Norm,
}

/// Room for the encoder, to be used again for each window.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Scratch {
    /// `[pieces][hidden]`
    x: Vec<f32>,
    /// The same as bytes, then other rows as bytes.
    bytes: Quantized,
    /// `[3 * hidden / 16][pieces][16]`
    qkv: Vec<f32>,
    /// `[pieces][hidden]`
    mixed: Vec<f32>,
    /// `[pieces][ffn]`
    wide: Vec<f32>,
    /// `[words][hidden]`
    words: Vec<f32>,
    attention: Vec<f32>,
}

impl Neural {
    /// How many of the words fit into one window: at least one, if there is one.
    pub(in super::super) fn fit(&self, words: &[WordInput]) -> usize {
        let mut left = self.sizes.positions - 2;
        words
            .iter()
            .take_while(|word| {
                let fits = word.pieces() <= left;
                left = left.saturating_sub(word.pieces());
                fits
            })
            .count()
    }

    /// Encodes the words of one window; appends a row of [`Neural::width`] numbers a word.
    ///
    /// # Panics
    /// If there are more words than [`Neural::fit`] says.
    pub(in super::super) fn encode(
        &self,
        kernel: Kernel,
        tower: &Tower,
        words: &[WordInput],
        scratch: &mut Scratch,
        rows: &mut Vec<f32>,
    ) {
        if words.is_empty() {
            return;
        }
        assert_eq!(self.fit(words), words.len(), "the window is too long");
        let hidden = self.sizes.hidden;
        self.embed(tower, words, &mut scratch.x);
        kernel.norm(&mut scratch.x, &[], &tower.norm, &mut scratch.bytes);
        for layer in &tower.layers {
            layer.run(kernel, &self.sizes, scratch);
        }
        // A word is the mean of its pieces; the first row is no word's.
        let Scratch { x, words: means, bytes, .. } = scratch;
        means.clear();
        let mut pieces = x.chunks_exact(hidden).skip(1);
        for word in words {
            let start = means.len();
            means.extend(pieces.by_ref().take(1).flatten());
            let mean = &mut means[start..];
            for piece in pieces.by_ref().take(word.pieces() - 1) {
                mean.iter_mut().zip(piece).for_each(|(sum, &x)| *sum += x);
            }
            if word.pieces() > 1 {
                let share = 1.0 / word.pieces() as f32;
                mean.iter_mut().for_each(|sum| *sum *= share);
            }
        }
        kernel.quantize(means, hidden, bytes);
        let start = rows.len();
        rows.resize(start + words.len() * self.parts.width, 0.0);
        kernel.linear(bytes, &tower.heads, Layout::Rows, &mut rows[start..]);
    }

    /// The sum of piece, position, shape and gap.
    fn embed(&self, tower: &Tower, words: &[WordInput], x: &mut Vec<f32>) {
        let hidden = self.sizes.hidden;
        x.clear();
        let mut position = tower.position.chunks_exact(hidden);
        let mut push = |piece: u16, shape: u8, gap: u8| {
            let [piece, shape, gap] = [usize::from(piece), usize::from(shape), usize::from(gap)];
            let weight = &self.embed[piece * hidden..(piece + 1) * hidden];
            let scale = self.embed_scale[piece];
            let shape = &tower.shape[shape * hidden..(shape + 1) * hidden];
            let gap = &tower.gap[gap * hidden..(gap + 1) * hidden];
            let position = position.next().unwrap_or_default();
            let sum = weight.iter().zip(position).zip(shape).zip(gap);
            x.extend(sum.map(|(((&weight, position), shape), gap)| {
                f32::from(weight as i8) * scale + position + shape + gap
            }));
        };
        push(self.vocabulary.begin, 0, 0);
        for word in words {
            let mut gap = word.gap as u8;
            for &piece in word.pieces.ids() {
                push(piece, word.shape, gap);
                gap = 0;
            }
        }
        push(self.vocabulary.end, 0, 0);
    }
}

impl Layer {
    /// One layer on all rows: `x` and its bytes are read and replaced.
    fn run(&self, kernel: Kernel, sizes: &Sizes, scratch: &mut Scratch) {
        let Scratch { x, bytes, qkv, mixed, wide, attention, .. } = scratch;
        let pieces = x.len() / sizes.hidden;
        qkv.resize(3 * x.len(), 0.0);
        mixed.resize(x.len(), 0.0);
        wide.resize(pieces * sizes.ffn, 0.0);
        kernel.linear(bytes, &self.qkv, Layout::Panels, qkv);
        kernel.attention(qkv, sizes.heads, sizes.hidden, attention, mixed);
        kernel.quantize(mixed, sizes.hidden, bytes);
        // The values are mixed already, so that their place is free.
        let change = &mut qkv[..x.len()];
        kernel.linear(bytes, &self.out, Layout::Rows, change);
        kernel.norm(x, change, &self.norm1, bytes);
        kernel.linear(bytes, &self.up, Layout::Rows, wide);
        kernel.gelu(wide, sizes.ffn, bytes);
        kernel.linear(bytes, &self.down, Layout::Rows, change);
        kernel.norm(x, change, &self.norm2, bytes);
    }
}
