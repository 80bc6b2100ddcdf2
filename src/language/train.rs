//! Training: treebanks and name corpora in, a model file out.

use std::io::BufReader;
use std::path::PathBuf;

use rustc_hash::FxHashMap;

use crate::document::{Deprel, Upos};
use crate::error::{Error, Result};
use crate::resource::Resources;

use super::lemma::Lemmatizer;
use super::names::Namer;
use super::parser::{self, ACTIONS, Item, LEFT, Parser, REDUCE, RIGHT, SHIFT, State};
use super::perceptron::{Keep, Perceptron};
use super::segment::Lexicon;
use super::tagger::{self, Tag, Tagger};
use super::train_clusters::Texts;
use super::train_names::{self, Named};
use super::word::Word;
use super::{Clusters, Model, conllu, parse_features, train_gazetteer};

/// What the models keep.
const TAGGER: Keep = Keep { updates: 2, largest: 12, weight: 5 };
const PARSER: Keep = Keep { updates: 3, largest: 20, weight: 7 };

/// Parts of the training data of which one at a time is held back.
const FOLDS: usize = 4;

/// The part a sentence belongs to.
fn fold(at: usize) -> usize {
    (at / 50) % FOLDS
}

/// Longer sentences do not train the parser.
const LONGEST: usize = 200;

/// Numbers of word classes.
const COARSE: usize = 40;
const FINE: usize = 320;

/// Beam of the finished parser: more gains little and takes longer.
const PARSE_BEAM: usize = 4;

/// How far behind the best a parse may be, in units of the weights.
const MARGIN: u32 = 1200;

/// What to train on, and how long.
#[derive(Clone, Debug)]
pub struct TrainOptions {
    /// CoNLL-U files.
    pub treebanks: Vec<PathBuf>,
    /// Name corpora: a token a line, a tab, a BIO tag.
    pub names: Vec<PathBuf>,
    /// Tables of known names (`ontology/gazetteer`): their words become features.
    pub gazetteer: Vec<PathBuf>,
    /// The model file to write.
    pub out: PathBuf,
    /// Rounds of the tagger.
    pub tagger_rounds: u32,
    /// Rounds of the parser.
    pub parser_rounds: u32,
    /// Rounds of the name tagger.
    pub names_rounds: u32,
    /// Beam of the parser in training.
    pub beam: usize,
}

impl TrainOptions {
    /// The options that the shipped model was trained with.
    pub fn new(treebanks: Vec<PathBuf>, names: Vec<PathBuf>, out: PathBuf) -> Self {
        Self {
            treebanks,
            names,
            gazetteer: Vec::new(),
            out,
            tagger_rounds: 8,
            parser_rounds: 10,
            names_rounds: 6,
            beam: 6,
        }
    }
}

/// A sentence to learn from.
struct Sample {
    forms: Vec<String>,
    words: Vec<Word>,
    tags: Vec<u8>,
    lemmas: Vec<String>,
    /// The number of words for the root.
    heads: Vec<u16>,
    labels: Vec<u8>,
}

/// Trains a model and writes it; `say` is told what is being done.
///
/// # Errors
/// [`Error::Input`] when a file is not what it should be, [`Error::Io`] when one cannot be read or
/// written, [`Error::Usage`] when there is nothing to learn from.
pub fn train(options: &TrainOptions, say: &(dyn Fn(&str) + Sync)) -> Result<()> {
    let (mut samples, tags) = read_treebanks(&options.treebanks)?;
    if samples.is_empty() {
        return Err(Error::Usage("no sentences to train on".to_owned()));
    }
    say(&format!("{} sentences, {} tags", samples.len(), tags.len()));
    let resources = Resources::embedded();
    let (lexicon, titles) = (Lexicon::read(&resources)?, train_names::titles(&resources)?);
    let corpora = options
        .names
        .iter()
        .map(|path| train_names::read(path, &lexicon, &titles))
        .collect::<Result<Vec<_>>>()?;
    let gazetteer = train_gazetteer::read(&options.gazetteer, &lexicon)?;
    let clusters = cluster(&mut samples, &corpora, &gazetteer);
    say(&format!("{} words with classes", clusters.index.len()));
    let all: Vec<&Sample> = samples.iter().collect();
    let tagger = train_tagger(&all, tags.clone(), options.tagger_rounds);
    say(&format!("tagger {:?}", tagger.weights.size()));
    let lemmatizer = train_lemmatizer(&samples, &tags);
    let (parser, namer) = std::thread::scope(|scope| {
        let namer = scope.spawn(|| {
            let weights =
                train_names::train(corpora, &tagger, &clusters, options.names_rounds, say);
            say(&format!("names {:?}", weights.size()));
            Namer { weights }
        });
        let items = jackknife(&samples, &tags, options.tagger_rounds, say);
        let examples = examples(&samples, &items);
        say(&format!("{} trees of {}", examples.len(), samples.len()));
        let rounds = (options.parser_rounds, options.beam);
        let weights = train_parser(&examples, rounds, say).finish(8, PARSER);
        let parser = Parser { weights, width: PARSE_BEAM, margin: MARGIN };
        (parser, namer.join())
    });
    say(&format!("parser {:?}", parser.weights.size()));
    let namer =
        namer.map_err(|_| Error::Usage("the name tagger could not be trained".to_owned()))?;
    let model = Model { clusters, tagger, lemmatizer, parser, namer };
    std::fs::write(&options.out, model.write()).map_err(Error::io(&options.out))
}

/// Word classes from all texts, given to the words of the samples.
fn cluster(samples: &mut [Sample], corpora: &[Vec<Named>], gazetteer: &[(u32, u16)]) -> Clusters {
    let keys = |forms: &[String]| -> Vec<u32> {
        let mut buffer = String::new();
        forms.iter().map(|form| Word::new(form, &mut buffer).lower).collect()
    };
    let mut sentences: Vec<Vec<u32>> = samples.iter().map(|sample| keys(&sample.forms)).collect();
    sentences.extend(corpora.iter().flatten().map(|sentence| keys(&sentence.forms)));
    let texts = Texts::new(&sentences);
    let (coarse, fine) = (texts.classes(COARSE), texts.classes(FINE));
    let usual = usual_tags(samples);
    let mut index: FxHashMap<u32, [u16; 4]> = FxHashMap::default();
    for ((key, coarse), (_, fine)) in coarse.into_iter().zip(fine) {
        index.insert(key, [coarse, fine, 0, 0]);
    }
    for (key, tag) in usual {
        index.entry(key).or_default()[2] = tag;
    }
    for &(key, known) in gazetteer {
        index.entry(key).or_default()[3] = known;
    }
    let clusters = Clusters { index };
    for word in samples.iter_mut().flat_map(|sample| &mut sample.words) {
        clusters.assign(word);
    }
    clusters
}

/// The most frequent tag, from 1, of each word that is not rare.
fn usual_tags(samples: &[Sample]) -> Vec<(u32, u16)> {
    const LEAST: u32 = 3;
    let mut counts: FxHashMap<(u32, u8), u32> = FxHashMap::default();
    for sample in samples {
        for (word, &tag) in sample.words.iter().zip(&sample.tags) {
            *counts.entry((word.lower, tag)).or_default() += 1;
        }
    }
    let mut rows: Vec<(u32, u32, u8)> =
        counts.into_iter().map(|((key, tag), count)| (key, count, tag)).collect();
    rows.sort_unstable_by_key(|&(key, count, tag)| (key, std::cmp::Reverse(count), tag));
    rows.dedup_by_key(|row| row.0);
    rows.retain(|row| row.1 >= LEAST);
    rows.into_iter().map(|(key, _, tag)| (key, u16::from(tag) + 1)).collect()
}

fn read_treebanks(paths: &[PathBuf]) -> Result<(Vec<Sample>, Vec<Tag>)> {
    let mut raw = Vec::new();
    let mut counts: FxHashMap<(Upos, String), u32> = FxHashMap::default();
    for path in paths {
        let file = std::fs::File::open(path).map_err(Error::io(path))?;
        for parsed in conllu::read(path, BufReader::new(file))? {
            for sentence in parsed.sentences {
                for token in &sentence.tokens {
                    *counts.entry((token.upos, clean(&token.feats))).or_default() += 1;
                }
                raw.push((parsed.document.text.clone(), sentence));
            }
        }
    }
    let (tags, number) = inventory(counts);
    let mut samples = Vec::new();
    let mut buffer = String::new();
    for (text, sentence) in raw {
        let n = sentence.tokens.len();
        let forms: Vec<String> =
            sentence.tokens.iter().map(|token| token.form(&text).to_owned()).collect();
        samples.push(Sample {
            words: forms.iter().map(|form| Word::new(form, &mut buffer)).collect(),
            forms,
            tags: sentence
                .tokens
                .iter()
                .map(|token| number(token.upos, &clean(&token.feats)))
                .collect(),
            lemmas: sentence.tokens.iter().map(|token| token.lemma.to_string()).collect(),
            heads: sentence.tokens.iter().map(|t| t.head.map_or(n, |h| h.index()) as u16).collect(),
            labels: sentence.tokens.iter().map(|token| token.deprel as u8).collect(),
        });
    }
    Ok((samples, tags))
}

/// Features without those that speak of one occurrence.
fn clean(feats: &str) -> String {
    let keep = |pair: &&str| {
        !["Typo=", "Style=", "ExtPos=", "CorrectForm="].iter().any(|name| pair.starts_with(name))
    };
    feats.split('|').filter(keep).collect::<Vec<_>>().join("|")
}

/// The classes of the tagger, most frequent first; the rest fall to one with the same part of
/// speech.
fn inventory(counts: FxHashMap<(Upos, String), u32>) -> (Vec<Tag>, impl Fn(Upos, &str) -> u8) {
    let mut rows: Vec<((Upos, String), u32)> = counts.into_iter().collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    rows.retain({
        let mut seen = Vec::new();
        move |((upos, _), count)| {
            let first = !seen.contains(upos);
            seen.push(*upos);
            *count >= 4 || first
        }
    });
    rows.truncate(255);
    let tags: Vec<Tag> = rows.iter().map(|((upos, feats), _)| Tag::new(*upos, feats)).collect();
    let known = tags.clone();
    let number = move |upos: Upos, feats: &str| {
        let exact = known.iter().position(|tag| tag.upos == upos && *tag.feats == *feats);
        let near = || {
            let shared = |tag: &Tag| {
                let pairs = tag.feats.split('|').filter(|pair| !pair.is_empty());
                let (same, other): (Vec<_>, Vec<_>) =
                    pairs.partition(|pair| feats.split('|').any(|p| p == *pair));
                same.len() as i32 * 2 - other.len() as i32
            };
            let fits = |tag: &&Tag| tag.upos == upos;
            let best = known.iter().filter(fits).map(shared).max()?;
            known.iter().position(|tag| tag.upos == upos && shared(tag) == best)
        };
        exact.or_else(near).unwrap_or(0) as u8
    };
    (tags, number)
}

/// A fixed pseudo-random order.
pub(super) fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    for at in (1..items.len()).rev() {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(at, ((state >> 33) % (at as u64 + 1)) as usize);
    }
}

fn train_tagger(samples: &[&Sample], tags: Vec<Tag>, rounds: u32) -> Tagger {
    let mut model = Perceptron::new(tags.len());
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let mut features = Vec::new();
    for round in 0..rounds {
        shuffle(&mut order, u64::from(round));
        for &at in &order {
            let sample = samples[at];
            let mut found: Vec<u8> = Vec::with_capacity(sample.words.len());
            for (at, &gold) in sample.tags.iter().enumerate() {
                model.tick();
                tagger::extract(&sample.words, &found, at, &mut features);
                let best = tagger::best(&model, tags.len(), &features);
                if best != gold {
                    model.update(&features, gold, 1);
                    model.update(&features, best, -1);
                }
                found.push(best);
            }
        }
    }
    Tagger { tags, weights: model.finish(12, TAGGER) }
}

fn train_lemmatizer(samples: &[Sample], tags: &[Tag]) -> Lemmatizer {
    let words = samples.iter().flat_map(|sample| {
        sample.forms.iter().zip(&sample.tags).zip(&sample.lemmas).map(|((form, &tag), lemma)| {
            let upos = tags[usize::from(tag)].upos;
            (form.as_str(), tag, lemma.as_str(), matches!(upos, Upos::Propn | Upos::X))
        })
    });
    Lemmatizer::train(words.filter(|(_, _, lemma, _)| *lemma != "_"))
}

/// The words of all samples with tags by taggers that did not see them.
fn jackknife(
    samples: &[Sample],
    tags: &[Tag],
    rounds: u32,
    say: &(dyn Fn(&str) + Sync),
) -> Vec<Vec<Item>> {
    let mut items: Vec<Vec<Item>> = samples.iter().map(|_| Vec::new()).collect();
    let (mut right, mut all) = (0, 0);
    for fold in 0..FOLDS {
        let inside = |at: usize| self::fold(at) == fold;
        let others: Vec<&Sample> =
            samples.iter().enumerate().filter(|(at, _)| !inside(*at)).map(|(_, s)| s).collect();
        let tagger = train_tagger(&others, tags.to_vec(), rounds.min(6));
        for (at, sample) in samples.iter().enumerate().filter(|(at, _)| inside(*at)) {
            let found = tagger.tag(&sample.words);
            let upos = |tag: &u8| tags[usize::from(*tag)].upos;
            right += found.iter().zip(&sample.tags).filter(|(a, b)| upos(a) == upos(b)).count();
            all += found.len();
            items[at] = tagger.items(&sample.words, &found);
        }
        say(&format!("tags by taggers that did not see them: {right} of {all} right"));
    }
    items
}

/// Lifts crossing arcs until none is left; gives the heads.
fn projective(heads: &[u16]) -> Vec<u16> {
    let n = heads.len() as u16;
    let mut heads = heads.to_vec();
    let dominates = |heads: &[u16], above: u16, mut at: u16| {
        for _ in 0..=n {
            if at == above {
                return true;
            }
            if at >= n {
                return false;
            }
            at = heads[usize::from(at)];
        }
        false
    };
    for _ in 0..usize::from(n) * 4 {
        // the shortest arc over a word that its head does not dominate
        let mut worst: Option<(u16, u16)> = None;
        for child in 0..n {
            let head = heads[usize::from(child)];
            if head == n {
                continue;
            }
            let (from, to) = (child.min(head), child.max(head));
            if (from + 1..to).any(|at| !dominates(&heads, head, at))
                && worst.is_none_or(|(_, length)| to - from < length)
            {
                worst = Some((child, to - from));
            }
        }
        let Some((child, _)) = worst else { break };
        let head = heads[usize::from(child)];
        heads[usize::from(child)] = heads[usize::from(head)];
    }
    heads
}

/// The actions that build the tree.
fn oracle(heads: &[u16], labels: &[u8]) -> Option<Vec<u8>> {
    let n = heads.len();
    let mut state = State::new(n);
    for _ in 0..n * 2 {
        let (top, next) = (state.top(), state.next);
        let at_end = usize::from(next) == n;
        let head = |at: u16| heads.get(usize::from(at)).copied().unwrap_or(parser::NONE);
        let action = if top == parser::NONE {
            SHIFT
        } else if head(top) == next && state.nodes[usize::from(top)].head == parser::NONE {
            LEFT + if at_end { Deprel::Root as u8 } else { labels[usize::from(top)] }
        } else if !at_end && head(next) == top {
            RIGHT + labels[usize::from(next)]
        } else if state.nodes[usize::from(top)].head != parser::NONE
            && (at_end
                || state.stack[..state.stack.len() - 1]
                    .iter()
                    .any(|&below| head(next) == below || head(below) == next))
        {
            REDUCE
        } else if at_end {
            return None;
        } else {
            SHIFT
        };
        state.apply(action);
    }
    let same = state.nodes.iter().zip(heads).all(|(node, &head)| node.head == head);
    same.then_some(state.history)
}

/// Words and the actions that build their tree.
type Example<'i> = (&'i [Item], Vec<u8>);

fn examples<'i>(samples: &[Sample], items: &'i [Vec<Item>]) -> Vec<Example<'i>> {
    let mut examples = Vec::new();
    for (sample, items) in samples.iter().zip(items).filter(|(_, items)| items.len() <= LONGEST) {
        if let Some(gold) = oracle(&projective(&sample.heads), &sample.labels) {
            examples.push((items.as_slice(), gold));
        }
    }
    examples
}

fn train_parser(
    examples: &[Example],
    (rounds, width): (u32, usize),
    say: &(dyn Fn(&str) + Sync),
) -> Perceptron {
    let mut model = Perceptron::new(ACTIONS);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    for round in 0..rounds {
        shuffle(&mut order, u64::from(round) + 100);
        let mut wrong = 0;
        for &at in &order {
            let (items, gold) = &examples[at];
            model.tick();
            wrong += u32::from(learn(&mut model, items, gold, width));
        }
        say(&format!("parser round {}: {wrong} sentences corrected", round + 1));
    }
    model
}

/// One sentence: where the gold parse falls behind the best one most, both are weighed.
fn learn(model: &mut Perceptron, items: &[Item], gold: &[u8], width: usize) -> bool {
    let mut beam = vec![State::new(items.len())];
    let mut truth = State::new(items.len());
    let mut features = Vec::new();
    let mut worst: Option<(i64, Vec<u8>)> = None;
    let mut lost = false;
    for &action in gold {
        if truth.forced().is_none() {
            parse_features::extract(&truth, items, &mut features);
            let mut scores = [0; 256];
            model.add(&features, &mut scores);
            truth.score += i64::from(scores[usize::from(action)]);
        }
        truth.apply(action);
        beam = parser::advance(model, items, &beam, (width, i64::MAX), &mut features);
        let best = &beam[0];
        lost = lost || !beam.iter().any(|state| state.history == truth.history);
        if !lost && truth.history.len() < gold.len() {
            continue;
        }
        let behind = best.score - truth.score;
        if best.history != truth.history && worst.as_ref().is_none_or(|(most, _)| behind >= *most) {
            worst = Some((behind, best.history.clone()));
        }
    }
    let Some((_, found)) = worst else { return false };
    replay(model, items, &gold[..found.len()], &found, 1);
    replay(model, items, &found, &gold[..found.len()], -1);
    true
}

/// Weighs the actions of one parse from where it parts from the other.
fn replay(model: &mut Perceptron, items: &[Item], actions: &[u8], other: &[u8], change: i32) {
    let same = actions.iter().zip(other).take_while(|(a, b)| a == b).count();
    let mut state = State::new(items.len());
    let mut features = Vec::new();
    for (n, &action) in actions.iter().enumerate() {
        if n >= same && state.forced().is_none() {
            parse_features::extract(&state, items, &mut features);
            model.update(&features, action, change);
        }
        state.apply(action);
    }
    const { assert!(ACTIONS <= 256) };
}
