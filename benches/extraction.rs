//! Sentences a second of extraction alone, one thread: trees, mentions, times and clusters are given.
//!
//! `cargo bench --bench extraction`
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

mod common;

use common::articles;
use divan::Bencher;
use divan::counter::ItemsCount;
use newsgraph::document::{Analysis, Document};
use newsgraph::extract;
use newsgraph::language::Engine;
use newsgraph::pipeline::Pipeline;
use newsgraph::resource::Resources;

fn main() {
    divan::main();
}

/// The example corpus, analyzed.
fn analyses(pipeline: &Pipeline) -> Vec<Analysis> {
    let document = |(nth, text): (usize, String)| Document {
        id: nth.to_string(),
        uri: None,
        publisher: None,
        title: None,
        published: None,
        text,
    };
    articles().into_iter().enumerate().map(|one| pipeline.analyze(document(one))).collect()
}

fn sentences(analyses: &[Analysis]) -> ItemsCount {
    ItemsCount::new(analyses.iter().map(|analysis| analysis.sentences.len()).sum::<usize>())
}

#[divan::bench]
fn statements(bencher: Bencher) {
    let pipeline = Pipeline::load(&Resources::embedded(), Engine::embedded().unwrap()).unwrap();
    let analyses = analyses(&pipeline);
    bencher.counter(sentences(&analyses)).bench(|| {
        let found = |analysis| extract::statements(analysis, pipeline.knowledge()).len();
        analyses.iter().map(found).sum::<usize>()
    });
}

#[divan::bench]
fn open_extractions(bencher: Bencher) {
    let pipeline = Pipeline::load(&Resources::embedded(), Engine::embedded().unwrap()).unwrap();
    let analyses = analyses(&pipeline);
    bencher.counter(sentences(&analyses)).bench(|| {
        let found = |analysis| extract::extractions(analysis, pipeline.knowledge()).len();
        analyses.iter().map(found).sum::<usize>()
    });
}
