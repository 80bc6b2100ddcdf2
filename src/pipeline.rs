//! The order of the stages: the only place that knows it.
//!
//! ```text
//! document -> sentences -> timexes -> mentions -> clusters -> statements     (each document alone)
//! all documents -> entities -> graph                                         (together)
//! ```
//!
//! Documents are read in parallel and put back in order, so that the result does not depend on the
//! number of threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::document::{Analysis, Document, Sentence};
use crate::entity::Resolution;
use crate::error::{Error, Result};
use crate::extract::{self, Grammar, Knowledge};
use crate::graph::{self, KnowledgeGraph};
use crate::language::Engine;
use crate::ontology::Ontology;
use crate::resource::Resources;
use crate::resource::corrections::Corrections;
use crate::resource::gazetteer::Gazetteer;
use crate::resource::kb::Kb;
use crate::resource::lexicon::Lexicon;
use crate::statement::Reading;
use crate::time::TimeRules;
use crate::{coref, mention, resolve, time};

/// Everything that is loaded once: model, ontology, rules, lexicons.
pub struct Pipeline {
    engine: Engine,
    ontology: Ontology,
    lexicon: Lexicon,
    gazetteer: Gazetteer,
    grammar: Grammar,
    time_rules: TimeRules,
    corrections: Corrections,
}

impl Pipeline {
    /// Loads all resources.
    ///
    /// # Errors
    /// [`Error::Ontology`], [`Error::Rule`], [`Error::Io`]: what is wrong in which file.
    pub fn load(resources: &Resources, engine: Engine) -> Result<Self> {
        Self::load_named(resources, engine).map_err(|error| match error {
            Error::Rule { file, line, cause } => {
                Error::Rule { file: resources.origin(&file), line, cause }
            }
            Error::Ontology { file, cause } => {
                Error::Ontology { file: resources.origin(&file), cause }
            }
            other => other,
        })
    }

    /// As [`Pipeline::load`], with errors that name resources, not files.
    fn load_named(resources: &Resources, engine: Engine) -> Result<Self> {
        let file = "ontology/newsgraph.ttl";
        let ontology = Ontology::read(file, &resources.text(file)?)?;
        Ok(Self {
            engine,
            lexicon: Lexicon::load(resources)?,
            gazetteer: Gazetteer::load(resources)?,
            grammar: Grammar::load(resources, &ontology)?,
            time_rules: TimeRules::load(resources)?,
            corrections: Corrections::default(),
            ontology,
        })
    }

    /// Follows the corrections in every graph from now on.
    ///
    /// # Errors
    /// [`Error::Rule`] with the line that names a class which the ontology does not have.
    pub fn correct(&mut self, corrections: Corrections) -> Result<()> {
        corrections.check_classes(&self.ontology)?;
        self.corrections = corrections;
        Ok(())
    }

    /// The corrections that are followed.
    pub fn corrections(&self) -> &Corrections {
        &self.corrections
    }

    /// The language engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Classes and properties.
    pub fn ontology(&self) -> &Ontology {
        &self.ontology
    }

    /// What extraction reads besides the sentence.
    pub fn knowledge(&self) -> Knowledge<'_> {
        Knowledge {
            grammar: &self.grammar,
            ontology: &self.ontology,
            lexicon: &self.lexicon,
            gazetteer: &self.gazetteer,
        }
    }

    /// Marks everything that is marked on one document.
    pub fn analyze(&self, document: Document) -> Analysis {
        let sentences = self.engine.parse(&document.text);
        self.analyze_parsed(document, sentences)
    }

    /// As [`Pipeline::analyze`], for sentences that were parsed before.
    pub fn analyze_parsed(&self, document: Document, sentences: Vec<Sentence>) -> Analysis {
        let (lexicon, gazetteer) = (&self.lexicon, &self.gazetteer);
        let timexes = time::find(&document, &sentences, &self.time_rules);
        let mentions = mention::find(&document, &sentences, &timexes, lexicon, gazetteer);
        let clusters = coref::cluster(&document, &sentences, &mentions, lexicon, gazetteer);
        Analysis { document, sentences, mentions, timexes, clusters }
    }

    /// Reads one document: what it mentions and what it says.
    pub fn read(&self, document: Document) -> Reading {
        let analysis = self.analyze(document);
        let statements = extract::statements(&analysis, self.knowledge());
        Reading::new(analysis, statements)
    }

    /// Reads all documents, in parallel and in order. `progress` is called after each one with its
    /// size in bytes.
    ///
    /// A document that breaks a stage is left out and named in [`Readings::broken`]: that is a bug
    /// of ours, and no reason to lose the others.
    ///
    /// # Errors
    /// [`Error::Interrupted`] soon after `stop` is set.
    pub fn read_all(
        &self,
        documents: Vec<Document>,
        stop: &AtomicBool,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Readings> {
        let results: Vec<std::result::Result<Reading, String>> = documents
            .into_par_iter()
            .with_max_len(1)
            .map(|document| {
                if stop.load(Ordering::Relaxed) {
                    return Err(String::new());
                }
                let (id, size) = (document.id.clone(), document.text.len());
                let reading = catch_unwind(AssertUnwindSafe(|| self.read(document)));
                progress(size);
                reading.map_err(|_| id)
            })
            .collect();
        if stop.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        let mut all = Readings::default();
        for result in results {
            match result {
                Ok(reading) => all.readings.push(reading),
                Err(id) => all.broken.push(id),
            }
        }
        Ok(all)
    }

    /// Joins the readings into a graph.
    pub fn join(&self, readings: &[Reading]) -> KnowledgeGraph {
        self.resolve_and_join(readings).1
    }

    /// As [`Pipeline::join`], with the entity of each cluster.
    pub fn resolve_and_join(&self, readings: &[Reading]) -> (Resolution, KnowledgeGraph) {
        self.resolve_and_link(readings, None)
    }

    /// The names in the texts that are looked up in a knowledge base.
    pub fn names(&self, readings: &[Reading]) -> rustc_hash::FxHashSet<String> {
        resolve::names(readings)
    }

    /// As [`Pipeline::resolve_and_join`], with links to a knowledge base.
    pub fn resolve_and_link(
        &self,
        readings: &[Reading],
        kb: Option<&Kb>,
    ) -> (Resolution, KnowledgeGraph) {
        let mut resolution = resolve::entities(
            readings,
            &self.ontology,
            &self.gazetteer,
            &self.lexicon,
            &self.corrections,
        );
        if let Some(kb) = kb {
            resolve::link(&mut resolution, kb, &self.ontology);
        }
        let graph = graph::build(readings, &resolution, &self.ontology);
        (resolution, graph)
    }
}

/// What was read, and what could not be.
#[derive(Default)]
pub struct Readings {
    /// In document order.
    pub readings: Vec<Reading>,
    /// Ids of documents that broke a stage.
    pub broken: Vec<String>,
}
