//! The neural language model: words in, a row of scores a word out, and what to read from them.
//!
//! A small encoder ([`encoder`]) with byte weights sees a window of words as pieces of a vocabulary
//! ([`wordpiece`]). Its heads ([`heads`]) give tags, lemmas, the tree ([`tree`]), names, and where
//! sentences begin. All sums are made in an order that does not depend on the processor, so the
//! same text gives the same analysis everywhere ([`kernel`]).

mod encoder;
mod file;
mod heads;
mod kernel;
mod lemma;
mod tree;
mod wordpiece;

use std::borrow::Cow;

use serde::Deserialize;

use heads::{Labels, Parts};
use lemma::KnownForms;
use wordpiece::PieceVocabulary;

pub(super) use encoder::{Scratch, Tower};
pub(super) use heads::{HeadScratch, ScoredArc};
pub use kernel::Instructions;
pub(super) use kernel::Kernel;
pub(super) use wordpiece::{Gap, WordInput};

/// A model; never changed.
#[derive(Clone, Debug)]
pub(super) struct Neural {
    licence: String,
    card: String,
    sizes: Sizes,
    vocabulary: PieceVocabulary,
    /// `[pieces][hidden]`, the bits of `i8`.
    embed: Cow<'static, [u8]>,
    /// `[pieces]`
    embed_scale: Vec<f32>,
    towers: Vec<Tower>,
    labels: Labels,
    known: KnownForms,
    parts: Parts,
}

/// Sizes of the layers.
#[derive(Clone, Debug, Deserialize)]
struct Sizes {
    hidden: usize,
    heads: usize,
    ffn: usize,
    positions: usize,
    arc: usize,
    label: usize,
}

impl Neural {
    /// Reads the content of a model file, without its header.
    pub(super) fn read(content: &[u8]) -> Result<Self, String> {
        file::read(content, |bytes| Cow::Owned(bytes.to_vec()))
    }

    /// The same, borrowing what it can.
    pub(super) fn read_static(content: &'static [u8]) -> Result<Self, String> {
        file::read(content, Cow::Borrowed)
    }

    /// The licence of the weights.
    pub(super) fn licence(&self) -> &str {
        &self.licence
    }

    /// What it was made from and how well it does.
    pub(super) fn card(&self) -> &str {
        &self.card
    }

    /// At least one.
    pub(super) fn towers(&self) -> &[Tower] {
        &self.towers
    }

    /// A word of the text as input; `buffer` is only to be used again.
    pub(super) fn word(&self, form: &str, gap: Gap, buffer: &mut String) -> WordInput {
        self.vocabulary.word(form, gap, buffer)
    }
}

#[cfg(test)]
mod tests;
