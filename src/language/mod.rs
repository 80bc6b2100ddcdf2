//! The language engine: text to sentences with words, tags, lemmas, a dependency tree and names.
//!
//! Words and likely sentence ends come by rule ([`segment`], [`scan`]); everything else is read off
//! a small neural network ([`neural`]) that sees a few sentences at once. It stands on its own:
//!
//! ```
//! use newsgraph::language::Engine;
//!
//! # fn main() -> newsgraph::Result<()> {
//! let text = "The minister visited Oslo on Monday. She met the mayor.";
//! let sentences = Engine::embedded()?.parse(text);
//! let verb = &sentences[0].tokens[2];
//! assert_eq!((verb.form(text), verb.lemma.as_str()), ("visited", "visit"));
//! assert_eq!(verb.head, None);
//! # Ok(())
//! # }
//! ```
//!
//! The same text gives the same analysis on every processor: sums that decide are of integers, or
//! of numbers in a fixed order.

mod agree;
mod base_forms;
pub mod conllu;
mod frame;
mod neural;
mod scan;
mod segment;

use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::document::{Deprel, Label, Sentence, Span, Token, TokenId, Upos};
use crate::error::{Error, Faults, Result};
use crate::files;
use crate::resource::Resources;

use base_forms::BaseForms;
use neural::{Gap, HeadScratch, Kernel, Neural, ScoredArc, Scratch, Tower, WordInput};
use segment::{LikelySentence, SENTENCE_TOKENS, SegmenterLexicon, WordSpan};

pub use neural::Instructions;

const EMBEDDED: &[u8] = include_bytes!("../../models/en.bin");

/// How many pieces of words the network reads at once, if the text allows: several sentences, so
/// that each is read in its surroundings.
const WINDOW_PIECES: usize = 100;

/// Everything that is needed to analyze English text.
#[derive(Clone, Debug)]
pub struct Engine {
    shared: Arc<Shared>,
    /// Number of the network in the model.
    tower: usize,
    kernel: Kernel,
}

#[derive(Debug)]
struct Shared {
    digest: String,
    lexicon: SegmenterLexicon,
    base_forms: BaseForms,
    neural: Arc<Neural>,
}

impl Engine {
    /// The engine inside the program, loaded once.
    ///
    /// # Errors
    /// [`Error::Model`] when the embedded model does not fit this program.
    pub fn embedded() -> Result<Self> {
        static SHARED: OnceLock<Arc<Shared>> = OnceLock::new();
        let shared = match SHARED.get() {
            Some(shared) => Arc::clone(shared),
            None => {
                let shared = Shared::load("<embedded>", EMBEDDED, Neural::read_static)?;
                let shared = Arc::new(shared);
                Arc::clone(SHARED.get_or_init(|| shared))
            }
        };
        Ok(Self::new(shared))
    }

    /// The engine with the model of a file.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, [`Error::Model`] when it is no model.
    pub fn load(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let mut file = File::open(path).map_err(Error::io(path))?;
        let mut bytes = files::read_from((&mut file).take(frame::HEADER as u64), path, MOST)?;
        // What begins otherwise may have no end.
        let length = frame::length(&name, &bytes)?.min(MOST);
        bytes.extend(files::read_from(file.take(length + 1), path, MOST)?);
        Self::from_bytes(&name, &bytes)
    }

    /// The engine with a model in memory; `name` stands in errors.
    ///
    /// # Errors
    /// [`Error::Model`] when the bytes are damaged, foreign, or of another version.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self> {
        Ok(Self::new(Arc::new(Shared::load(name, bytes, Neural::read)?)))
    }

    fn new(shared: Arc<Shared>) -> Self {
        Self { shared, tower: 0, kernel: Kernel::detect() }
    }

    /// The same engine with another network of its model; the embedded one has one, `default`.
    ///
    /// # Errors
    /// [`Error::Usage`] with the names that there are.
    pub fn network(mut self, name: &str) -> Result<Self> {
        let names = self.networks();
        let tower = names.iter().position(|&known| known == name).ok_or_else(|| {
            Error::Usage(format!("no network {name:?} in the model, it has {}", names.join(", ")))
        })?;
        self.tower = tower;
        Ok(self)
    }

    /// The same engine with the words of the user: abbreviations, contractions, base forms.
    ///
    /// # Errors
    /// [`Error::Rule`], [`Error::Rules`], [`Error::Io`]: what is wrong in which file.
    pub fn with_words(mut self, resources: &Resources) -> Result<Self> {
        let mut faults = Faults::default();
        let lexicon = faults.take(SegmenterLexicon::read(resources));
        let base_forms = faults.take(BaseForms::load(resources));
        let (lexicon, base_forms) = (lexicon.unwrap_or_default(), base_forms.unwrap_or_default());
        let digest = self.shared.digest.clone();
        let neural = Arc::clone(&self.shared.neural);
        self.shared = Arc::new(Shared { digest, lexicon, base_forms, neural });
        faults.or(self)
    }

    /// The same engine on other instructions of the processor; the result is the same.
    ///
    /// # Errors
    /// [`Error::Usage`] when this processor lacks them.
    pub fn on(mut self, instructions: Instructions) -> Result<Self> {
        self.kernel = Kernel::new(instructions)
            .ok_or_else(|| Error::Usage(format!("this processor lacks {instructions:?}")))?;
        Ok(self)
    }

    /// BLAKE3 of the model, in hex.
    pub fn digest(&self) -> &str {
        &self.shared.digest
    }

    /// What an analysis depends on: the digest, and the network if it is not the first.
    pub fn identity(&self) -> String {
        match self.tower {
            0 => self.digest().to_owned(),
            tower => format!("{}/{}", self.digest(), self.networks()[tower]),
        }
    }

    /// The networks of the model, the default one first.
    pub fn networks(&self) -> Vec<&str> {
        self.shared.neural.towers().iter().map(Tower::name).collect()
    }

    /// Licence of the model.
    pub fn licence(&self) -> &str {
        self.shared.neural.licence()
    }

    /// The model card, as Markdown.
    pub fn card(&self) -> &str {
        self.shared.neural.card()
    }

    /// Segments and analyzes a text.
    ///
    /// Spans are bytes of `text`. An empty line ends a sentence. Sentences have at most 400 words.
    pub fn parse(&self, text: &str) -> Vec<Sentence> {
        let (pieces, units) = segment::units(text, &self.shared.lexicon);
        self.analyze(text, &pieces, &units, Boundaries::Found)
    }

    /// Analyzes sentences anew whose words are given; their annotation is not looked at.
    pub fn parse_tokens(&self, text: &str, sentences: &[Sentence]) -> Vec<Sentence> {
        let mut pieces = Vec::new();
        let mut units = Vec::with_capacity(sentences.len());
        for sentence in sentences.iter().filter(|sentence| !sentence.tokens.is_empty()) {
            let begin = pieces.len();
            let piece = |token: &Token| WordSpan { span: token.span, joined: token.joined };
            pieces.extend(sentence.tokens.iter().map(piece));
            units.push(LikelySentence { words: begin..pieces.len(), sure: true });
        }
        self.analyze(text, &pieces, &units, Boundaries::Given)
    }

    fn analyze(
        &self,
        text: &str,
        pieces: &[WordSpan],
        units: &[LikelySentence],
        boundaries: Boundaries,
    ) -> Vec<Sentence> {
        let mut reader = TextReader {
            engine: self,
            text,
            pieces,
            units,
            boundaries,
            tower: &self.shared.neural.towers()[self.tower],
            scratch: Scratch::default(),
            head_scratch: HeadScratch::default(),
            buffer: String::new(),
            rows: Vec::new(),
            sentences: Vec::new(),
        };
        reader.read();
        let mut sentences = reader.sentences;
        for sentence in &mut sentences {
            trim_names(text, sentence);
        }
        agree::agree(text, &mut sentences);
        for sentence in &mut sentences {
            drop_wordy_quantities(sentence);
            // A list of names has as many sentences as words.
            sentence.names.shrink_to_fit();
        }
        sentences
    }
}

/// More bytes than any model has.
const MOST: u64 = 1 << 30;

impl Shared {
    fn load<'b>(
        name: &str,
        bytes: &'b [u8],
        read: impl FnOnce(&'b [u8]) -> std::result::Result<Neural, String>,
    ) -> Result<Self> {
        let (content, digest) = frame::open(name, bytes)?;
        let fail = |cause| Error::Model { file: name.to_owned(), cause };
        let neural = read(content).map_err(fail)?;
        let resources = Resources::embedded();
        let (lexicon, base_forms) =
            (SegmenterLexicon::read(&resources)?, BaseForms::load(&resources)?);
        Ok(Self { digest, lexicon, base_forms, neural: Arc::new(neural) })
    }
}

/// Where sentences begin and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Boundaries {
    /// Each unit is a sentence.
    Given,
    /// The model says so; units are a first guess.
    Found,
}

/// Analyzes one text, window by window.
struct TextReader<'e> {
    engine: &'e Engine,
    text: &'e str,
    pieces: &'e [WordSpan],
    units: &'e [LikelySentence],
    boundaries: Boundaries,
    tower: &'e Tower,
    scratch: Scratch,
    head_scratch: HeadScratch,
    buffer: String,
    /// The output of the network for the words of the window, a row each.
    rows: Vec<f32>,
    sentences: Vec<Sentence>,
}

impl TextReader<'_> {
    /// Packs units into windows.
    fn read(&mut self) {
        let Some(last) = self.units.last() else { return };
        let end = last.words.end;
        let mut inputs: Vec<WordInput> = Vec::new();
        let (mut begin, mut size) = (0, 0);
        for unit in self.units {
            let held = inputs.len();
            for at in unit.words.clone() {
                let form = self.pieces[at].span.of(self.text);
                let neural = &self.engine.shared.neural;
                let input = neural.word(form, self.gap(at), &mut self.buffer);
                size += input.pieces();
                inputs.push(input);
            }
            if held > 0 && size > WINDOW_PIECES {
                let words = begin..unit.words.start;
                let done = self.window(words, &mut inputs[..held], unit.sure);
                inputs.drain(..done);
                begin += done;
                size = inputs.iter().map(WordInput::pieces).sum();
            }
        }
        self.window(begin..end, &mut inputs, true);
    }

    /// What the score of a boundary has to pass: less where stops and capitals are evidence for one, more in
    /// the middle of a line behind a plain word. Chosen on the development treebanks.
    fn least(&self, at: usize, likely: bool) -> f32 {
        if likely {
            return -2.0;
        }
        let before = self.pieces[at - 1].span.of(self.text);
        let plain = before.chars().all(char::is_alphanumeric);
        match self.gap(at) {
            Gap::None | Gap::Blank if plain => 2.0,
            _ => 0.0,
        }
    }

    /// What stands before the word.
    fn gap(&self, at: usize) -> Gap {
        let Some(before) = at.checked_sub(1).and_then(|at| self.pieces.get(at)) else {
            return Gap::Paragraph;
        };
        let between = before.span.end as usize..self.pieces[at].span.start as usize;
        self.text.get(between).map_or(Gap::None, Gap::between)
    }

    /// Reads words at once and makes sentences of them; gives how many words that were. Unless it is
    /// `sure` that a sentence ends with the window, the last one is left for the next window, which
    /// sees how it goes on.
    ///
    /// A window that does not fit into the network (a text without a stop) is read in parts; of their
    /// rows only those are held whose sentence is not yet complete.
    fn window(&mut self, words: Range<usize>, inputs: &mut [WordInput], sure: bool) -> usize {
        self.rows.clear();
        let neural = &self.engine.shared.neural;
        let width = neural.width();
        // First word of the sentence that is open: rows begin with it.
        let mut open = words.start;
        let mut last = None;
        let mut read = words.start;
        let mut rest = &mut *inputs;
        while let Some(first) = rest.first_mut() {
            first.gap = Gap::Paragraph;
            let (now, later) = rest.split_at_mut(neural.fit(rest));
            neural.encode(self.engine.kernel, self.tower, now, &mut self.scratch, &mut self.rows);
            let held = open;
            for at in read.max(words.start + 1)..read + now.len() {
                if self.starts(at, (at - held) * width) {
                    self.finish(open..at, held);
                    (open, last) = (at, Some(at));
                }
            }
            read += now.len();
            while self.boundaries == Boundaries::Found && read - open > SENTENCE_TOKENS {
                let part = segment::first(self.text, self.pieces, open..read);
                open = part.end;
                self.push(part, held);
            }
            self.rows.drain(..(open - held) * width);
            rest = later;
        }
        let is_short = |last: usize| {
            let left = inputs[last - words.start..].iter().map(WordInput::pieces);
            left.sum::<usize>() <= WINDOW_PIECES / 2
        };
        if sure || !last.is_some_and(is_short) {
            self.finish(open..words.end, open);
            open = words.end;
        }
        open - words.start
    }

    /// True if a sentence begins with the word, whose row begins at `row`.
    fn starts(&self, at: usize, row: usize) -> bool {
        let unit = self.units.binary_search_by_key(&at, |unit| unit.words.start);
        match self.boundaries {
            Boundaries::Given => unit.is_ok(),
            Boundaries::Found => {
                let neural = &self.engine.shared.neural;
                let row = &self.rows[row..row + neural.width()];
                unit.is_ok_and(|n| self.units[n].sure)
                    || !self.pieces[at].joined
                        && neural.boundary(row) > self.least(at, unit.is_ok())
            }
        }
    }

    /// Makes a sentence of words, or several of too many; rows begin with the word `held`.
    fn finish(&mut self, words: Range<usize>, held: usize) {
        let mut begin = words.start;
        while begin < words.end {
            let part = match self.boundaries {
                Boundaries::Given => begin..words.end,
                Boundaries::Found => segment::first(self.text, self.pieces, begin..words.end),
            };
            begin = part.end;
            self.push(part, held);
        }
    }

    fn push(&mut self, words: Range<usize>, held: usize) {
        let rows = words.start - held..words.end - held;
        let sentence = self.sentence(words, rows);
        self.sentences.push(sentence);
    }

    /// Reads a sentence off the network's rows.
    fn sentence(&mut self, words: Range<usize>, rows: Range<usize>) -> Sentence {
        let Shared { base_forms, neural, .. } = &*self.engine.shared;
        let pieces = &self.pieces[words];
        let width = neural.width();
        let rows = &self.rows[rows.start * width..rows.end * width];
        let mut tokens = Vec::with_capacity(pieces.len());
        for (piece, row) in pieces.iter().zip(rows.chunks_exact(width)) {
            let form = piece.span.of(self.text);
            let (number, tag) = neural.tag(row);
            let plural = || tag.feats.contains("Number=Plur");
            // Treebanks have their slips ("fled" from "flead").
            let is_word = |lemma: &str| tag.upos != Upos::Verb || base_forms.knows(lemma);
            let lemma = match neural.known_lemma(form, number) {
                Some(learned) if is_word(&learned) => learned,
                learned => base_forms
                    .find(form, tag.upos, plural())
                    .or(learned)
                    .unwrap_or_else(|| neural.lemma(row, form, tag.upos, |w| base_forms.knows(w))),
            };
            tokens.push(Token {
                span: piece.span,
                joined: piece.joined,
                lemma,
                upos: tag.upos,
                feats: Arc::clone(&tag.feats),
                head: None,
                deprel: Deprel::Root,
                margin: u8::MAX,
            });
        }
        // longer ones than the segmenter makes are parsed in parts
        for (n, part) in rows.chunks(SENTENCE_TOKENS * width).enumerate() {
            let tree = neural.tree(self.engine.kernel, self.tower, part, &mut self.head_scratch);
            attach(&mut tokens, n * SENTENCE_TOKENS, &tree);
        }
        let names = neural.names(rows, &mut self.head_scratch);
        let span = match (pieces.first(), pieces.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::default(),
        };
        Sentence { span, tokens, names }
    }
}

/// Names end with a word of their own.
fn trim_names(text: &str, sentence: &mut Sentence) {
    let mut names = std::mem::take(&mut sentence.names);
    names.retain_mut(|name| {
        name.tokens.end = sentence.end_of_name(text, &name.tokens);
        !name.tokens.is_empty()
    });
    sentence.names = names;
}

/// Few of the texts that names were learned from mark quantities: those without a number are none.
fn drop_wordy_quantities(Sentence { tokens, names, .. }: &mut Sentence) {
    let is_number = |token: &Token| matches!(token.upos, Upos::Num | Upos::Sym);
    names.retain(|name| {
        name.label != Label::Quantity || tokens[name.tokens.clone()].iter().any(is_number)
    });
}

/// Puts a tree over the tokens from `first` on. A further root hangs on the first one.
fn attach(tokens: &mut [Token], first: usize, tree: &[ScoredArc]) {
    let root = (0..first).find(|&at| tokens[at].head.is_none());
    for (token, arc) in tokens[first..].iter_mut().zip(tree) {
        token.head = arc.head.map(|head| first + head).or(root).map(TokenId::from);
        token.deprel = match (token.head, arc.deprel) {
            (Some(_), Deprel::Root) => Deprel::Parataxis,
            _ => arc.deprel,
        };
        token.margin = arc.margin;
    }
}

#[cfg(test)]
mod tests {

    use super::*;

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
        let embedded = Engine::embedded().unwrap();
        for network in embedded.networks() {
            let engine = embedded.clone().network(network).unwrap();
            let sentences = engine.parse("The minister visited Paris on Monday.");
            let tokens = &sentences[0].tokens;
            well_formed(&sentences[0]);
            assert_eq!(tokens[2].lemma, "visit");
            assert_eq!(tokens[2].deprel, Deprel::Root);
            assert_eq!(tokens[1].deprel, Deprel::Nsubj);
            assert_eq!(tokens[3].deprel, Deprel::Obj);
            assert_eq!(tokens[3].upos, Upos::Propn);
            assert!(sentences[0].names.iter().any(|name| name.tokens == (3..4)));
        }
    }

    #[test]
    fn a_missing_stop_does_not_join_sentences() {
        let text = "the ferry sank near the harbor\nNobody was hurt, the coast guard said";
        assert_eq!(Engine::embedded().unwrap().parse(text).len(), 2);
    }

    #[test]
    fn hostile_text_gives_well_formed_trees() {
        let engine = Engine::embedded().unwrap();
        let long = ["(".repeat(1000), "\"".repeat(999), "a-".repeat(900), ", ".repeat(900)];
        for text in long.into_iter().chain(["x".repeat(5000), "\u{301}".repeat(700)]) {
            for sentence in engine.parse(&text) {
                assert!(sentence.tokens.len() <= SENTENCE_TOKENS);
                well_formed(&sentence);
            }
        }
        assert!(engine.parse(" \n").is_empty());
    }

    #[test]
    fn a_long_given_sentence_has_one_root() {
        let text = "word ".repeat(1000);
        let engine = Engine::embedded().unwrap();
        let mut whole = Sentence::default();
        for sentence in engine.parse(&text) {
            whole.tokens.extend(sentence.tokens);
        }
        let parsed = engine.parse_tokens(&text, &[whole]);
        assert_eq!(parsed[0].tokens.len(), 1000);
        well_formed(&parsed[0]);
    }

    #[test]
    fn the_analysis_is_the_same_on_all_instructions() {
        let text = "KIELHAVEN, Sept. 13 (Wire) — \"We won't pay 3.5m,\" Dr. Lee told the U.N.-backed \
                    panel.\n\nHe left; others, who had come by ferry, stayed";
        let embedded = Engine::embedded().unwrap();
        for network in embedded.networks() {
            let engine = embedded.clone().network(network).unwrap();
            let expected = engine.clone().on(Instructions::Portable).unwrap().parse(text);
            for instructions in Instructions::ALL {
                if instructions.is_available() {
                    let engine = engine.clone().on(instructions).unwrap();
                    assert_eq!(engine.parse(text), expected, "{instructions:?}");
                }
            }
        }
    }

    #[test]
    fn a_network_that_is_not_there_is_named() {
        let error = Engine::embedded().unwrap().network("slow").unwrap_err().to_string();
        assert!(error.contains("default"), "{error}");
    }
}
