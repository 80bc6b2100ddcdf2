//! The language engine: text to sentences with words, tags, lemmas, a dependency tree and names.
//!
//! Segmentation goes by rule ([`segment`], [`scan`]); all else is scored by linear models over
//! hashed features with integer weights ([`weights`]), trained by [`train()`] from CoNLL-U files.

mod agree;
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
mod train_gazetteer;
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

    /// BLAKE3 of the model, in hex.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Segments and analyzes a text.
    pub fn parse(&self, document: &Document) -> Vec<Sentence> {
        let sentences = segment::segment(&document.text, &self.lexicon);
        self.analyze(&document.text, sentences.iter())
    }

    /// Analyzes sentences anew whose words are given; their annotation is not looked at.
    pub fn parse_tokens(&self, document: &Document, sentences: &[Sentence]) -> Vec<Sentence> {
        let piece = |token: &Token| Piece { span: token.span, joined: token.joined };
        let pieces: Vec<Vec<Piece>> =
            sentences.iter().map(|sentence| sentence.tokens.iter().map(piece).collect()).collect();
        self.analyze(&document.text, pieces.iter())
    }

    fn analyze<'p>(
        &self,
        text: &str,
        sentences: impl Iterator<Item = &'p Vec<Piece>>,
    ) -> Vec<Sentence> {
        let mut sentences: Vec<Sentence> = sentences
            .map(|pieces| {
                self.base_forms.apply(text, self.model.analyze(text, pieces, &self.base_forms))
            })
            .collect();
        agree::agree(text, &mut sentences);
        sentences
    }
}

impl Model {
    /// The analysis of one sentence; longer ones than the segmenter makes are parsed in pieces.
    fn analyze(&self, text: &str, pieces: &[Piece], base_forms: &BaseForms) -> Sentence {
        let words = self.words(pieces.iter().map(|piece| piece.span.of(text)));
        let verbal: Vec<bool> =
            pieces.iter().map(|piece| base_forms.is_verbal(piece.span.of(text))).collect();
        let tags = self.tagger.tag_knowing(&words, &verbal);
        let items = self.tagger.items(&words, &tags);
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
        Item { word, upos: upos_number(class.upos), fine: class.fine, seen: [0; 4] }
    }
}

impl Tagger {
    /// Words and tags as the parser sees them.
    fn items(&self, words: &[Word], tags: &[u8]) -> Vec<Item> {
        let mut seen = [0; 4];
        let item = |(&word, &tag): (&Word, &u8)| {
            let mut item = self.item(word, tag);
            item.seen = seen;
            let upos = self.tags[usize::from(tag)].upos;
            let marks = [
                matches!(upos, Upos::Verb | Upos::Aux),
                upos == Upos::Punct,
                upos == Upos::Cconj,
                upos == Upos::Punct && matches!(item.word.shape, s if s == *QUOTE),
            ];
            for (count, mark) in seen.iter_mut().zip(marks) {
                *count += u16::from(mark);
            }
            item
        };
        words.iter().zip(tags).map(item).collect()
    }
}

/// The shape of a straight quotation mark.
static QUOTE: std::sync::LazyLock<u32> = std::sync::LazyLock::new(|| hash::bytes(b"\""));

fn upos_number(upos: Upos) -> u32 {
    upos as u32 + 1
}

/// Distributional classes and usual tags of frequent words.
#[derive(Clone, Debug, Default)]
struct Clusters {
    index: FxHashMap<u32, [u16; 4]>,
}

impl Clusters {
    fn word(&self, form: &str, buffer: &mut String) -> Word {
        let mut word = Word::new(form, buffer);
        self.assign(&mut word);
        word
    }

    fn assign(&self, word: &mut Word) {
        if let Some(classes) = self.index.get(&word.lower) {
            let [coarse, fine, usual, known] = classes.map(u32::from);
            word.cluster = [coarse, fine];
            word.usual = usual;
            word.known = known;
        }
    }

    fn write(&self, out: &mut Writer) {
        let mut rows: Vec<(u32, [u16; 4])> = self.index.iter().map(|(&k, &v)| (k, v)).collect();
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
        let count = input.count(5)?;
        let mut index = FxHashMap::default();
        let mut last = 0_u32;
        for _ in 0..count {
            last = last.checked_add(input.varint()?).ok_or("class keys not in order")?;
            let mut class =
                || u16::try_from(input.varint()?).map_err(|_| "class too large".to_owned());
            index.insert(last, [class()?, class()?, class()?, class()?]);
        }
        Ok(Self { index })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document {
            id: "d".to_owned(),
            uri: None,
            publisher: None,
            title: None,
            published: None,
            text: text.to_owned(),
        }
    }

    fn well_formed(sentence: &Sentence) {
        assert_eq!(sentence.tokens.iter().filter(|token| token.head.is_none()).count(), 1);
        for token in &sentence.tokens {
            assert_eq!(token.head.is_none(), token.deprel == Deprel::Root);
        }
        for first in 0..sentence.tokens.len() {
            let mut at = first;
            let mut steps = 0;
            while let Some(head) = sentence.tokens[at].head {
                at = head.index();
                steps += 1;
                assert!(steps <= sentence.tokens.len(), "a cycle");
            }
        }
    }

    #[test]
    fn a_plain_sentence_is_analyzed() {
        let document = document("The minister visited Paris on Monday.");
        let sentences = Engine::embedded().unwrap().parse(&document);
        let tokens = &sentences[0].tokens;
        well_formed(&sentences[0]);
        assert_eq!(tokens[2].lemma, "visit");
        assert_eq!(tokens[2].deprel, Deprel::Root);
        assert_eq!(tokens[1].deprel, Deprel::Nsubj);
        assert_eq!(tokens[3].deprel, Deprel::Obj);
        assert_eq!(sentences[0].names.len(), 1);
    }

    #[test]
    fn hostile_text_gives_well_formed_trees() {
        let engine = Engine::embedded().unwrap();
        for text in ["(".repeat(1000), "\"".repeat(999), "a-".repeat(900), ", ".repeat(900)] {
            let document = document(&text);
            for sentence in engine.parse(&document) {
                assert!(sentence.tokens.len() <= SENTENCE_TOKENS);
                well_formed(&sentence);
            }
        }
        assert!(engine.parse(&document(" \n")).is_empty());
    }

    #[test]
    fn a_long_given_sentence_has_one_root() {
        let text = "word ".repeat(1000);
        let document = document(&text);
        let engine = Engine::embedded().unwrap();
        let mut whole = Sentence::default();
        for sentence in engine.parse(&document) {
            whole.tokens.extend(sentence.tokens);
        }
        let parsed = engine.parse_tokens(&document, &[whole]);
        assert_eq!(parsed[0].tokens.len(), 1000);
        well_formed(&parsed[0]);
    }

    #[test]
    fn a_truncated_model_is_refused() {
        let content = &EMBEDDED[52..];
        for part in [0, 1, 100, content.len() / 2, content.len() - 1] {
            assert!(Engine::from_bytes("m", &file::seal(&content[..part])).is_err());
        }
    }
}
