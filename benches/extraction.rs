//! Sentences a second of extraction alone, one thread: trees, mentions, times and clusters are given.
//!
//! `cargo bench --bench extraction`
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

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
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/news");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "txt"))
        .collect();
    paths.sort();
    let document = |path: &std::path::PathBuf| Document {
        id: path.display().to_string(),
        uri: None,
        publisher: None,
        title: None,
        published: None,
        text: std::fs::read_to_string(path).unwrap(),
    };
    paths.iter().map(|path| pipeline.analyze(document(path))).collect()
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
