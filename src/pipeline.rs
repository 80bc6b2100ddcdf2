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
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::document::{Analysis, Document, Sentence};
use crate::entity::Resolution;
use crate::error::{Error, Faults, Result};
use crate::export::Mappings;
use crate::extract::{self, Grammar, Knowledge};
use crate::graph::{self, KnowledgeGraph};
use crate::language::Engine;
use crate::ontology::Ontology;
use crate::resource::Resources;
use crate::resource::corrections::Corrections;
use crate::resource::gazetteer::Gazetteer;
use crate::resource::kb::Kb;
use crate::resource::lexicon::Lexicon;
use crate::shards::{Expected, ReadingRow};
use crate::shelf::{self, Shelf};
use crate::statement::Reading;
use crate::time::TimeRules;
use crate::{coref, mention, resolve, syntax, time};

/// Everything that is loaded once: model, ontology, rules, lexicons.
pub struct Pipeline {
    engine: Engine,
    ontology: Ontology,
    lexicon: Lexicon,
    gazetteer: Arc<Gazetteer>,
    mappings: Arc<Mappings>,
    grammar: Grammar,
    time_rules: TimeRules,
    preferences: coref::Preferences,
    corrections: Corrections,
    resources: blake3::Hash,
    memory: usize,
}

impl Pipeline {
    /// Loads all resources.
    ///
    /// # Errors
    /// [`Error::Ontology`], [`Error::Rule`], [`Error::Io`]: what is wrong in which file.
    pub fn load(resources: &Resources, engine: Engine) -> Result<Self> {
        Self::load_named(resources, engine).map_err(|error| resources.with_origins(error))
    }

    /// As [`Pipeline::load`], with errors that name resources, not files: all that can be found.
    fn load_named(resources: &Resources, engine: Engine) -> Result<Self> {
        let mut faults = Faults::default();
        let ontology = resources.ontology()?;
        faults.take(resources.check_names());
        let engine = match resources.has_own_rules() {
            true => faults.take(engine.with_words(resources)),
            false => Some(engine),
        };
        let lexicon = Lexicon::load_noting(resources, &ontology, &mut faults);
        let gazetteer = faults.take(Gazetteer::load(resources, &ontology)).map(Arc::new);
        let mappings = faults.take(Mappings::load(resources, &ontology)).map(Arc::new);
        let grammar = faults.take(Grammar::load(resources, &ontology, lexicon.prepositions()));
        let time_rules = faults.take(TimeRules::load(resources));
        let preferences = faults.take(coref::Preferences::load(resources));
        let digest = faults.take(resources.digest());
        faults.or(())?;
        let loaded = (|| {
            Some(Self {
                engine: engine?,
                lexicon,
                gazetteer: gazetteer?,
                mappings: mappings?,
                grammar: grammar?,
                time_rules: time_rules?,
                preferences: preferences?,
                corrections: Corrections::default(),
                memory: MEMORY,
                resources: digest?,
                ontology,
            })
        })();
        loaded.ok_or_else(|| Error::Usage("no rules could be read".to_owned()))
    }

    /// What of the rules is left out, since the user's ontology lacks it.
    pub fn left_out(&self) -> &[String] {
        self.grammar.left_out()
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

    /// Reads no more documents at a time from now on than so many bytes of memory suffice for, by what
    /// [`Document::cost`] reckons; always one.
    pub fn keep_within(&mut self, memory: usize) {
        self.memory = memory.min(MEMORY);
    }

    /// The corrections that are followed.
    pub fn corrections(&self) -> &Corrections {
        &self.corrections
    }

    /// What a reading depends on besides its document, given a digest of the program.
    pub fn basis(&self, program: blake3::Hash) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(program.as_bytes());
        hasher.update(self.resources.as_bytes());
        hasher.update(self.engine.identity().as_bytes());
        hasher.finalize()
    }

    /// What readings must fit that other machines made: the version, model and rules, whoever compiled them.
    pub fn expected(&self) -> Expected {
        Expected {
            basis: self.basis(blake3::hash(env!("CARGO_PKG_VERSION").as_bytes())),
            n_classes: self.ontology.classes().len(),
            n_properties: self.ontology.properties().len(),
        }
    }

    /// The language engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Classes and properties.
    pub fn ontology(&self) -> &Ontology {
        &self.ontology
    }

    /// What the world is called, and where it lies.
    pub fn gazetteer(&self) -> &Arc<Gazetteer> {
        &self.gazetteer
    }

    /// What classes and relations are called in the schemas of other tools.
    pub fn mappings(&self) -> &Arc<Mappings> {
        &self.mappings
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
    pub fn analyze_parsed(&self, document: Document, mut sentences: Vec<Sentence>) -> Analysis {
        let (lexicon, gazetteer) = (&self.lexicon, &self.gazetteer);
        syntax::mend::trees(&document.text, &mut sentences, lexicon);
        let quotations = syntax::quotes::find(&document.text, &sentences, lexicon);
        let timexes = time::find(&document, &sentences, &self.time_rules);
        let mentions = mention::find(&document, &sentences, &timexes, lexicon, gazetteer);
        let marked =
            coref::Marked { sentences: &sentences, quotations: &quotations, mentions: &mentions };
        let clusters = coref::cluster(&document, marked, lexicon, gazetteer, &self.preferences);
        Analysis { document, sentences, quotations, mentions, timexes, clusters }
    }

    /// Reads one document: its mentions, clusters and statements.
    pub fn read(&self, document: Document) -> Reading {
        let analysis = self.analyze(document);
        let statements = extract::statements(&analysis, self.knowledge());
        Reading::new(analysis, statements)
    }

    /// Reads all documents onto a shelf, in parallel and in order; what the shelf kept from an earlier
    /// run is not read again. `progress` is called after each one with its size in bytes. No more than
    /// some hundred documents, or what memory suffices for, are in memory at a time.
    ///
    /// A document that breaks a stage is left out and named in [`Readings::broken`]: that is a bug
    /// of ours, and no reason to lose the others.
    ///
    /// # Errors
    /// [`Error::Interrupted`] soon after `stop` is set, [`Error::Io`] when the shelf cannot be written.
    pub fn read_all(
        &self,
        documents: impl IntoIterator<Item = Document>,
        shelf: Shelf,
        stop: &AtomicBool,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Readings> {
        let mut all = Readings { shelf, broken: Vec::new(), n_sentences: 0, n_kept: 0 };
        for part in parts(documents.into_iter(), self.memory) {
            let shelf = &all.shelf;
            let read: Vec<Read> = part
                .into_par_iter()
                .with_max_len(1)
                .map(|document| {
                    if stop.load(Ordering::Relaxed) {
                        return Read::Broken(String::new());
                    }
                    let size = document.text.len();
                    let read = self.read_or_find(document, shelf);
                    progress(size);
                    read
                })
                .collect();
            if stop.load(Ordering::Relaxed) {
                return Err(Error::Interrupted);
            }
            for read in read {
                match read {
                    Read::Broken(id) => all.broken.push(id),
                    Read::Kept(kept) => {
                        all.n_sentences += kept.n_sentences;
                        all.n_kept += 1;
                        all.shelf.keep(kept);
                    }
                    Read::New { key, bytes, n_sentences } => {
                        all.n_sentences += n_sentences;
                        all.shelf.add(key, &bytes)?;
                    }
                }
            }
        }
        Ok(all)
    }

    /// Reads some documents, in parallel and in order, to rows that another machine joins. `progress` is called after each
    /// one. A document that breaks a stage has a row without a reading.
    ///
    /// # Errors
    /// [`Error::Interrupted`] soon after `stop` is set.
    pub fn read_rows(
        &self,
        documents: impl IntoIterator<Item = Document>,
        stop: &AtomicBool,
        progress: &(dyn Fn() + Sync),
    ) -> Result<Vec<ReadingRow>> {
        let basis = self.expected().basis();
        let read = |document: Document| {
            if stop.load(Ordering::Relaxed) {
                return Err(Error::Interrupted);
            }
            let id = document.id.clone();
            let reading = catch_unwind(AssertUnwindSafe(|| self.read(document)));
            progress();
            Ok(match reading {
                Ok(reading) => ReadingRow::of(&reading, shelf::encode(&reading), &basis),
                Err(_) => ReadingRow::broken(&id, &basis),
            })
        };
        let mut rows = Vec::new();
        for part in parts(documents.into_iter(), self.memory) {
            let read =
                part.into_par_iter().with_max_len(1).map(read).collect::<Result<Vec<_>>>()?;
            rows.extend(read);
        }
        Ok(rows)
    }

    fn read_or_find(&self, document: Document, shelf: &Shelf) -> Read {
        let key = shelf.key(&document);
        if let Some(kept) = shelf.find(&key, &document, self.ontology.properties().len()) {
            return Read::Kept(kept);
        }
        let id = document.id.clone();
        let reading = catch_unwind(AssertUnwindSafe(|| self.read(document)));
        match reading {
            Ok(reading) => Read::New {
                key,
                bytes: shelf::encode(&reading),
                n_sentences: reading.sentences.len(),
            },
            Err(_) => Read::Broken(id),
        }
    }

    /// Joins the readings into a graph.
    ///
    /// # Errors
    /// [`Error::Io`] when the readings cannot be read.
    pub fn join(&self, readings: &Shelf) -> Result<KnowledgeGraph> {
        Ok(self.resolve_and_join(readings)?.1)
    }

    /// As [`Pipeline::join`], with the entity of each cluster. The entities themselves and their
    /// comparisons are in the graph.
    ///
    /// # Errors
    /// As [`Pipeline::join`].
    pub fn resolve_and_join(&self, readings: &Shelf) -> Result<(Resolution, KnowledgeGraph)> {
        self.resolve_and_link(readings, None)
    }

    /// The names in the texts that are looked up in a knowledge base.
    ///
    /// # Errors
    /// As [`Pipeline::join`].
    pub fn names(&self, readings: &Shelf) -> Result<rustc_hash::FxHashSet<String>> {
        resolve::names(readings)
    }

    /// As [`Pipeline::resolve_and_join`], with links to a knowledge base.
    ///
    /// # Errors
    /// As [`Pipeline::join`].
    pub fn resolve_and_link(
        &self,
        readings: &Shelf,
        kb: Option<&Kb>,
    ) -> Result<(Resolution, KnowledgeGraph)> {
        self.resolve_corrected(readings, &self.corrections, kb)
    }

    /// As [`Pipeline::resolve_and_link`], with other corrections, whose classes were checked.
    ///
    /// # Errors
    /// As [`Pipeline::join`].
    pub fn resolve_corrected(
        &self,
        readings: &Shelf,
        corrections: &Corrections,
        kb: Option<&Kb>,
    ) -> Result<(Resolution, KnowledgeGraph)> {
        let mut resolution = self.resolve(readings, corrections, kb)?;
        let graph = self.assemble(readings, &mut resolution)?;
        Ok((resolution, graph))
    }

    /// Who is who in the readings.
    ///
    /// # Errors
    /// As [`Pipeline::join`].
    pub fn resolve(
        &self,
        readings: &Shelf,
        corrections: &Corrections,
        kb: Option<&Kb>,
    ) -> Result<Resolution> {
        let (ontology, gazetteer) = (&self.ontology, &self.gazetteer);
        let mut resolution =
            resolve::entities(readings, ontology, gazetteer, &self.lexicon, corrections)?;
        if let Some(kb) = kb {
            resolve::link(&mut resolution, kb, ontology);
        }
        Ok(resolution)
    }

    /// The graph of readings, once it is known who is who. Takes the entities and their comparisons.
    ///
    /// # Errors
    /// As [`Pipeline::join`].
    pub fn assemble(
        &self,
        readings: &Shelf,
        resolution: &mut Resolution,
    ) -> Result<KnowledgeGraph> {
        graph::build(readings, resolution, &self.ontology)
    }
}

/// Bytes of the stack of a thread: deep trees of hostile input want a deep one.
pub const STACK: usize = 32 << 20;

/// Threads to read in; 0 are as many as there are processors.
///
/// # Errors
/// [`Error::Usage`] when the system has none to give.
pub fn threads(n: usize) -> Result<rayon::ThreadPool> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n).stack_size(STACK).build();
    pool.map_err(|error| Error::Usage(format!("{n} threads: {error}")))
}

/// How many documents are read before their readings go to the shelf.
const PART: usize = 256;
/// How much memory reading may take, unless one document asks for more.
pub const MEMORY: usize = 512 << 20;

/// Documents in parts that are held and read together, within so many bytes of memory.
pub fn parts(
    documents: impl Iterator<Item = Document>,
    memory: usize,
) -> impl Iterator<Item = Vec<Document>> {
    let mut documents = documents.map(|document| (document.cost(), document)).peekable();
    std::iter::from_fn(move || {
        let (mut cost, first) = documents.next()?;
        let mut part = vec![first];
        while part.len() < PART
            && let Some((more, next)) = documents.next_if(|(more, _)| cost + more <= memory)
        {
            cost += more;
            part.push(next);
        }
        Some(part)
    })
}

/// What became of a document.
enum Read {
    New {
        key: shelf::ReadingKey,
        bytes: Vec<u8>,
        n_sentences: usize,
    },
    Kept(shelf::ShelvedReading),
    /// The id of one that broke a stage.
    Broken(String),
}

/// What was read, and what could not be.
pub struct Readings {
    /// In document order.
    pub shelf: Shelf,
    /// Ids of documents that broke a stage.
    pub broken: Vec<String>,
    /// How many sentences there are in all.
    pub n_sentences: usize,
    /// How many documents an earlier run had read.
    pub n_kept: usize,
}
