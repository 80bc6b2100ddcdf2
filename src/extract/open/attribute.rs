//! Attributes that make an extraction of their own: appositions and examples.

use crate::document::{Deprel, Upos};
use crate::extract::reader::SentenceReader;

use super::complement::distinct;
use super::phrase::phrase;
use super::{Extraction, Features};

/// "X, the mayor of Y": X is the mayor of Y. "ports such as X". The copula is implied, its tense is
/// not written: it stands in base form.
pub(super) fn attributes(reader: &SentenceReader, all: &mut Vec<Extraction>) {
    let tree = &reader.tree;
    for token in 0..tree.len() {
        let Some(anchor) = tree.head(token) else { continue };
        if reader.phrase(token).apposed_to().is_some() {
            apposition(reader, anchor, token, all);
        } else if tree.deprel(token) == Deprel::Nmod && tree.case(token) == "such as" {
            for one in distinct(reader, &tree.conjuncts(token)) {
                let whole = phrase(reader, anchor, Some(token));
                push(reader, whole, "be such as", phrase(reader, one, None), "example", all);
            }
        }
    }
}

fn apposition(reader: &SentenceReader, anchor: usize, token: usize, all: &mut Vec<Extraction>) {
    let tree = &reader.tree;
    let bracketed = token > 0 && tree.form(token - 1) == "(";
    // "Mayor Ana" read as an apposition inside one name.
    if bracketed || distinct(reader, &[anchor, token]).len() < 2 {
        return;
    }
    // "Elm Street, Oldtown": the second place is around the first.
    let around = reader.is_place(anchor) && reader.is_place(token);
    let (relation, construction) =
        if around { ("be in", "apposition+place") } else { ("be", "apposition") };
    for one in distinct(reader, &tree.conjuncts(token)) {
        let (subject, object) = (phrase(reader, anchor, None), phrase(reader, one, None));
        let amount = tree.upos(one) == Upos::Num && tree.upos(anchor) != Upos::Propn;
        if !amount && !subject.contains(&object) && !object.contains(&subject) {
            push(reader, subject, relation, object, construction, all);
        }
    }
}

fn push(
    reader: &SentenceReader,
    subject: String,
    relation: &str,
    object: String,
    construction: &'static str,
    all: &mut Vec<Extraction>,
) {
    let mut features = Features::default();
    features.push(construction);
    let objects = vec![object];
    all.push(Extraction {
        sentence: reader.sentence,
        confidence: features.confidence(reader, &subject, &objects),
        subject,
        relation: relation.into(),
        objects,
        polarity: "positive",
        factuality: "asserted",
        attributed_to: None,
        construction: features.to_string(),
    });
}
