//! Words a second of the language engine, one thread, from text to names, model loaded.
//!
//! `cargo bench --bench language`; `benches/compare_spacy.py` times a peer in the same run.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

mod common;

use common::articles;
use divan::Bencher;
use divan::counter::ItemsCount;
use newsgraph::language::Engine;

fn main() {
    divan::main();
}

#[divan::bench]
fn parse(bencher: Bencher) {
    let engine = Engine::embedded().unwrap();
    let articles = articles();
    let words: usize = articles.iter().map(|text| text.split_whitespace().count()).sum();
    bencher
        .counter(ItemsCount::new(words))
        .bench(|| articles.iter().map(|text| engine.parse(text).len()).sum::<usize>());
}
