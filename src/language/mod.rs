//! The language engine: text to sentences with words, tags, lemmas, a dependency tree and names.
//!
//! Segmentation goes by rule ([`segment`], [`scan`]); all else is scored by linear models over
//! hashed features with integer weights ([`weights`]), trained by [`train()`] from CoNLL-U files.

mod base_forms;
pub mod conllu;
mod file;
mod hash;
mod lemma;
mod names;
mod parse_features;
mod parser;
mod perceptron;
mod scan;
mod segment;
mod tagger;
mod train;
mod train_clusters;
mod train_names;
mod weights;
mod word;

use std::path::Path;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::document::{Deprel, Document, Sentence, Span, Token, TokenId, Upos};
use crate::error::{Error, Result};
use crate::resource::Resources;

use base_forms::BaseForms;
use file::{Reader, Writer};
use lemma::Lemmatizer;
use names::Namer;
use parser::{Item, Parser, State};
use segment::{Lexicon, Piece, SENTENCE_TOKENS};
use tagger::Tagger;
use word::Word;

pub use train::{TrainOptions, train};

const EMBEDDED: &[u8] = include_bytes!("../../models/en.bin");

/// Everything that is needed to analyze English text.
#[derive(Clone, Debug)]
pub struct Engine {
    digest: String,
    lexicon: Lexicon,
    base_forms: BaseForms,
    model: Model,
}

/// What was learned.
#[derive(Clone, Debug)]
struct Model {
    clusters: Clusters,
    tagger: Tagger,
    lemmatizer: Lemmatizer,
    parser: Parser,
    namer: Namer,
}

impl Engine {
    /// The engine inside the program, loaded once.
    ///
    /// # Errors
    /// [`Error::Model`] when the embedded model does not fit this program.
    pub fn embedded() -> Result<&'static Self> {
        static ENGINE: OnceLock<Engine> = OnceLock::new();
        if let Some(engine) = ENGINE.get() {
            return Ok(engine);
        }
        let engine = Self::from_bytes("<embedded>", EMBEDDED)?;
        Ok(ENGINE.get_or_init(|| engine))
    }

    /// The engine with the model of a file.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, [`Error::Model`] when it is no model.
    pub fn load(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        Self::from_bytes(&path.display().to_string(), &bytes)
    }

    /// The engine with a model in memory; `name` stands in errors.
    ///
    /// # Errors
    /// [`Error::Model`] when the bytes are damaged, foreign, or of another version.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self> {
        let (content, digest) = file::open(name, bytes)?;
        let fail = |cause| Error::Model { file: name.to_owned(), cause };
        let model = Model::read(Reader { bytes: content }).map_err(fail)?;
        let resources = Resources::embedded();
        let lexicon = Lexicon::read(&resources)?;
        let base_forms = BaseForms::load(&resources)?;
        Ok(Self { digest, lexicon, base_forms, model })
    }

    /// dev
    pub fn pruned(&self, n: &[i32]) -> Vec<u8> {
        let mut m = self.model.clone();
        m.tagger.weights = m.tagger.weights.pruned(n[0], n[1]);
        m.parser.weights = m.parser.weights.pruned(n[2], n[3]);
        m.namer.weights = m.namer.weights.pruned(n[4], n[5]);
        if n.len() > 6 {
            m.parser.width = n[6] as usize;
            m.parser.margin = n[7] as u32;
        }
        m.write()
    }

    /// BLAKE3 of the model, in hex.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Segments and analyzes a text.
    pub fn parse(&self, document: &Document) -> Vec<Sentence> {
        let text = &document.text;
        let sentences = segment::segment(text, &self.lexicon);
        sentences
            .iter()
            .map(|pieces| self.base_forms.apply(text, self.model.analyze(text, pieces)))
            .collect()
    }

    /// Analyzes sentences anew whose words are given; their annotation is not looked at.
    pub fn parse_tokens(&self, document: &Document, sentences: &[Sentence]) -> Vec<Sentence> {
        let piece = |token: &Token| Piece { span: token.span, joined: token.joined };
        let pieces =
            |sentence: &Sentence| -> Vec<Piece> { sentence.tokens.iter().map(piece).collect() };
        let analyze = |sentence| {
            let analyzed = self.model.analyze(&document.text, &pieces(sentence));
            self.base_forms.apply(&document.text, analyzed)
        };
        sentences.iter().map(analyze).collect()
    }
}

impl Model {
    /// The analysis of one sentence; longer ones than the segmenter makes are parsed in pieces.
    fn analyze(&self, text: &str, pieces: &[Piece]) -> Sentence {
        let words = self.words(pieces.iter().map(|piece| piece.span.of(text)));
        let tags = self.tagger.tag(&words);
        let items: Vec<Item> =
            words.iter().zip(&tags).map(|(&word, &tag)| self.tagger.item(word, tag)).collect();
        let mut tokens = Vec::with_capacity(pieces.len());
        for (piece, &tag) in pieces.iter().zip(&tags) {
            let class = &self.tagger.tags[usize::from(tag)];
            tokens.push(Token {
                span: piece.span,
                joined: piece.joined,
                lemma: self.lemmatizer.lemma(piece.span.of(text), tag),
                upos: class.upos,
                feats: class.feats.clone(),
                head: None,
                deprel: Deprel::Root,
            });
        }
        for (n, part) in items.chunks(SENTENCE_TOKENS).enumerate() {
            let first = n * SENTENCE_TOKENS;
            attach(&mut tokens, first, &self.parser.parse(part));
        }
        let names = self.namer.names(&items);
        let span = match (pieces.first(), pieces.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::default(),
        };
        Sentence { span, tokens, names }
    }

    fn words<'t>(&self, forms: impl Iterator<Item = &'t str>) -> Vec<Word> {
        let mut buffer = String::new();
        forms.map(|form| self.clusters.word(form, &mut buffer)).collect()
    }

    fn write(&self) -> Vec<u8> {
        let mut out = Writer::default();
        self.clusters.write(&mut out);
        self.tagger.write(&mut out);
        self.lemmatizer.write(&mut out);
        self.parser.write(&mut out);
        self.namer.write(&mut out);
        file::seal(&out.bytes)
    }

    fn read(mut input: Reader) -> Result<Self, String> {
        let model = Self {
            clusters: Clusters::read(&mut input)?,
            tagger: Tagger::read(&mut input)?,
            lemmatizer: Lemmatizer::read(&mut input)?,
            parser: Parser::read(&mut input)?,
            namer: Namer::read(&mut input)?,
        };
        input.finish()?;
        Ok(model)
    }
}

/// Puts a tree over some of the tokens. A further root hangs on the first.
fn attach(tokens: &mut [Token], first: usize, state: &State) {
    let root = (0..first).find(|&at| tokens[at].head.is_none());
    for (at, node) in state.nodes.iter().enumerate() {
        let token = &mut tokens[first + at];
        let head = usize::from(node.head);
        token.deprel = Deprel::ALL[usize::from(node.label)];
        token.head = if head < state.nodes.len() {
            Some(TokenId::from(first + head))
        } else {
            root.map(TokenId::from)
        };
        if let (Some(_), Deprel::Root) = (token.head, token.deprel) {
            token.deprel = Deprel::Parataxis;
        }
    }
}

impl Tagger {
    fn item(&self, word: Word, tag: u8) -> Item {
        let class = &self.tags[usize::from(tag)];
        Item { word, upos: upos_number(class.upos), fine: class.fine }
    }
}

fn upos_number(upos: Upos) -> u32 {
    upos as u32 + 1
}

/// Distributional classes of frequent words.
#[derive(Clone, Debug, Default)]
struct Clusters {
    index: FxHashMap<u32, [u16; 2]>,
}

impl Clusters {
    fn word(&self, form: &str, buffer: &mut String) -> Word {
        let mut word = Word::new(form, buffer);
        self.assign(&mut word);
        word
    }

    fn assign(&self, word: &mut Word) {
        if let Some(classes) = self.index.get(&word.lower) {
            word.cluster = classes.map(u32::from);
        }
    }

    fn write(&self, out: &mut Writer) {
        let mut rows: Vec<(u32, [u16; 2])> = self.index.iter().map(|(&k, &v)| (k, v)).collect();
        rows.sort_unstable();
        out.number(rows.len());
        let mut last = 0;
        for (key, classes) in rows {
            out.varint(key - last);
            last = key;
            classes.iter().for_each(|&class| out.varint(u32::from(class)));
        }
    }

    fn read(input: &mut Reader) -> Result<Self, String> {
        let count = input.count(3)?;
        let mut index = FxHashMap::default();
        let mut last = 0_u32;
        for _ in 0..count {
            last = last.checked_add(input.varint()?).ok_or("class keys not in order")?;
            let mut class =
                || u16::try_from(input.varint()?).map_err(|_| "class too large".to_owned());
            index.insert(last, [class()?, class()?]);
        }
        Ok(Self { index })
    }
}
