//! Sentences and tokens as Python sees them.

use newsgraph::document::{self, CodePoints, Span};
use pyo3::prelude::*;

/// A word of a sentence, after Universal Dependencies.
#[pyclass(frozen, get_all, module = "newsgraph")]
#[derive(Clone)]
pub(crate) struct Token {
    text: String,
    lemma: String,
    upos: &'static str,
    feats: String,
    head: Option<usize>,
    deprel: &'static str,
    start: u32,
    end: u32,
    label: Option<&'static str>,
}

#[pymethods]
impl Token {
    fn __repr__(&self) -> String {
        format!("Token({:?}, {}, {})", self.text, self.upos, self.deprel)
    }
}

/// A sentence with its words and names.
#[pyclass(frozen, module = "newsgraph")]
pub(crate) struct Sentence {
    #[pyo3(get)]
    text: String,
    #[pyo3(get)]
    start: u32,
    #[pyo3(get)]
    end: u32,
    tokens: Vec<Token>,
    /// First token, behind the last one, kind.
    names: Vec<(usize, usize, &'static str)>,
}

#[pymethods]
impl Sentence {
    /// The words, in order.
    #[getter]
    fn tokens(&self) -> Vec<Token> {
        self.tokens.clone()
    }

    /// The names: first token, behind the last one, kind.
    #[getter]
    fn names(&self) -> Vec<(usize, usize, &'static str)> {
        self.names.clone()
    }

    fn __len__(&self) -> usize {
        self.tokens.len()
    }

    fn __repr__(&self) -> String {
        format!("Sentence({:?})", self.text)
    }
}

impl Sentence {
    pub(crate) fn new(text: &str, points: &CodePoints, sentence: &document::Sentence) -> Self {
        let place = |span: Span| points.span(text, span);
        let (start, end) = place(sentence.span);
        let names = sentence.names.iter();
        let names: Vec<_> =
            names.map(|it| (it.tokens.start, it.tokens.end, it.label.as_str())).collect();
        let token = |(at, token): (usize, &document::Token)| {
            let (start, end) = place(token.span);
            let label = names.iter().find(|(first, end, _)| (*first..*end).contains(&at));
            Token {
                text: token.form(text).to_owned(),
                lemma: token.lemma.to_string(),
                upos: token.upos.as_str(),
                feats: token.feats.to_string(),
                head: token.head.map(|head| head.index()),
                deprel: token.deprel.as_str(),
                start,
                end,
                label: label.map(|(.., label)| *label),
            }
        };
        let tokens = sentence.tokens.iter().enumerate().map(token).collect();
        Self { text: sentence.span.of(text).to_owned(), start, end, tokens, names }
    }
}
