//! Training of the name tagger.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::document::{Label, Span};
use crate::error::{Error, Result};
use crate::resource::Resources;

use super::Clusters;
use super::names::{self, CLASSES, OUTSIDE};
use super::parser::Item;
use super::perceptron::{Keep, Perceptron};
use super::scan::scan;
use super::segment::{Lexicon, segment};
use super::tagger::Tagger;
use super::train::shuffle;
use super::weights::Weights;

const KEEP: Keep = Keep { updates: 2, largest: 12, weight: 5 };

/// A sentence with the class of each word.
pub(super) struct Named {
    pub(super) forms: Vec<String>,
    classes: Vec<u8>,
}

/// Reads a name corpus: BIO lines, or documents as JSON if the file is called so.
///
/// # Errors
/// [`Error::Input`] for what is neither.
pub(super) fn read(
    path: &Path,
    lexicon: &Lexicon,
    titles: &FxHashSet<String>,
) -> Result<Vec<Named>> {
    let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
    if path.extension().is_some_and(|extension| extension == "json") {
        return read_json(path, &text, lexicon);
    }
    let sentences = read_bio(path, &text)?;
    Ok(sentences
        .into_iter()
        .map(|sentence| resplit(strip_titles(sentence, titles), lexicon))
        .collect())
}

/// The words that stand before the names of persons and are no part of them.
///
/// # Errors
/// [`Error::Rule`] when the table is not what it should be.
pub(super) fn titles(resources: &Resources) -> Result<FxHashSet<String>> {
    let table = resources.table("rules/lexicon/name_titles.tsv")?;
    Ok(table.rows(["form"])?.map(|(_, [form])| form.to_owned()).collect())
}

/// Takes the title off the front of persons, as long as something is left.
fn strip_titles(mut sentence: Named, titles: &FxHashSet<String>) -> Named {
    let (begin, inside) = (names::class(Label::Person, true), names::class(Label::Person, false));
    for at in 0..sentence.forms.len() {
        let form = sentence.forms[at].to_lowercase();
        let title = titles.contains(form.trim_end_matches('.'));
        let more = sentence.classes.get(at + 1) == Some(&inside);
        if sentence.classes[at] == begin && title && more {
            sentence.classes[at] = OUTSIDE;
            sentence.classes[at + 1] = begin;
        }
    }
    sentence
}

/// Splits the tokens of a corpus as the segmenter would.
fn resplit(sentence: Named, lexicon: &Lexicon) -> Named {
    let mut out = Named { forms: Vec::new(), classes: Vec::new() };
    for (form, class) in sentence.forms.iter().zip(sentence.classes) {
        for (n, piece) in scan(form, lexicon).iter().enumerate() {
            out.forms.push(piece.span.of(form).to_owned());
            let begins = class != OUTSIDE && class % 2 == 1;
            out.classes.push(if n > 0 && begins { class + 1 } else { class });
        }
    }
    out
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Documents {
    Wrapped { documents: Vec<Marked> },
    Plain(Vec<Marked>),
}

#[derive(Deserialize)]
struct Marked {
    text: String,
    mentions: Vec<Mark>,
}

#[derive(Deserialize)]
struct Mark {
    start: usize,
    end: usize,
    #[serde(rename = "type")]
    kind: String,
}

/// Documents with mentions by code points.
fn read_json(path: &Path, text: &str, lexicon: &Lexicon) -> Result<Vec<Named>> {
    let documents = match serde_json::from_str(text) {
        Ok(Documents::Wrapped { documents } | Documents::Plain(documents)) => documents,
        Err(cause) => return Err(Error::input(path, cause.to_string())),
    };
    let mut sentences = Vec::new();
    for document in documents {
        let text = &document.text;
        let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        starts.push(text.len());
        let byte = |at: usize| starts.get(at).map_or(text.len(), |&byte| byte) as u32;
        let mut marks = Vec::new();
        for mark in &document.mentions {
            let Some(label) = label_of(&mark.kind) else {
                return Err(Error::input(path, format!("mention type {:?}", mark.kind)));
            };
            if let Some(label) = label {
                marks.push((Span { start: byte(mark.start), end: byte(mark.end) }, label));
            }
        }
        for pieces in segment(text, lexicon) {
            let class = |span: Span| {
                let mark = marks.iter().find(|(mark, _)| mark.contains(span));
                mark.map_or(OUTSIDE, |(mark, label)| names::class(*label, mark.start == span.start))
            };
            sentences.push(Named {
                forms: pieces.iter().map(|piece| piece.span.of(text).to_owned()).collect(),
                classes: pieces.iter().map(|piece| class(piece.span)).collect(),
            });
        }
    }
    Ok(sentences)
}

/// Reads a token, a tab and a BIO tag a line; an empty line ends a sentence.
fn read_bio(path: &Path, text: &str) -> Result<Vec<Named>> {
    let mut sentences = Vec::new();
    let (mut forms, mut classes) = (Vec::new(), Vec::new());
    let mut flush = |forms: &mut Vec<String>, classes: &mut Vec<u8>| {
        if !forms.is_empty() {
            let forms = std::mem::take(forms);
            sentences.push(Named { forms, classes: std::mem::take(classes) });
        }
    };
    for (number, line) in (1..).zip(text.lines()) {
        if line.is_empty() || line.starts_with("-DOCSTART-") {
            flush(&mut forms, &mut classes);
            continue;
        }
        let class = line.split_once('\t').and_then(|(_, tag)| class(tag));
        let (Some((form, _)), Some(class)) = (line.split_once('\t'), class) else {
            let cause = format!("{line:?}, expected a token, a tab and a BIO tag");
            return Err(Error::Input { path: path.to_owned(), line: Some(number), cause });
        };
        forms.push(form.to_owned());
        classes.push(class);
    }
    flush(&mut forms, &mut classes);
    Ok(sentences)
}

fn class(tag: &str) -> Option<u8> {
    if tag == "O" {
        return Some(OUTSIDE);
    }
    let (place, label) = tag.split_once('-')?;
    Some(match label_of(label)? {
        Some(label) => names::class(label, place == "B"),
        None => OUTSIDE,
    })
}

/// The project's label for one of a source; `Some(None)` for what is no name.
fn label_of(label: &str) -> Option<Option<Label>> {
    let known = |text: &str| text.parse::<Label>().ok();
    Some(match label.to_lowercase().as_str() {
        "per" | "politician" => Some(Label::Person),
        "organisation" | "organization" | "politicalparty" | "corporation" | "group" => {
            Some(Label::Org)
        }
        "loc" | "location" | "geo" | "country" => Some(Label::Place),
        "gpe" => Some(Label::Norp),
        "eve" | "election" => Some(Label::Event),
        "art" => Some(Label::Product),
        "nat" | "creative-work" => Some(Label::Misc),
        "tim" | "time" | "quantity" => None,
        other => Some(known(&other.to_uppercase())?),
    })
}

/// Peoples are marked alike: what the corpora that know the label call a people in most places is
/// one in all corpora, unless it is a part of a longer name.
fn align_peoples(corpora: &mut [Vec<Named>]) {
    const LEAST: u32 = 3;
    let people = names::class(Label::Norp, true);
    let mut counts: FxHashMap<&str, [u32; 2]> = FxHashMap::default();
    for sentence in corpora.iter().flatten() {
        for (form, &class) in sentence.forms.iter().zip(&sentence.classes) {
            counts.entry(form).or_default()[usize::from(class == people)] += 1;
        }
    }
    let known: FxHashSet<String> = counts
        .iter()
        .filter(|(_, [other, peoples])| *peoples >= LEAST && peoples > other)
        .map(|(form, _)| (*form).to_owned())
        .collect();
    for sentence in corpora.iter_mut().flatten() {
        for at in 0..sentence.forms.len() {
            let class = sentence.classes[at];
            let goes_on =
                sentence.classes.get(at + 1).is_some_and(|&next| next != OUTSIDE && next % 2 == 0);
            let alone = class == OUTSIDE || class % 2 == 1 && !goes_on;
            let misfit =
                [OUTSIDE, names::class(Label::Misc, true), names::class(Label::Person, true)];
            if alone && misfit.contains(&class) && known.contains(&sentence.forms[at]) {
                sentence.classes[at] = people;
            }
        }
    }
}

/// Trains on all corpora together.
pub(super) fn train(
    mut corpora: Vec<Vec<Named>>,
    tagger: &Tagger,
    clusters: &Clusters,
    rounds: u32,
    say: &(dyn Fn(&str) + Sync),
) -> Weights {
    align_peoples(&mut corpora);
    let mut buffer = String::new();
    let mut examples: Vec<(Vec<Item>, &[u8])> = Vec::new();
    for sentence in corpora.iter_mut().flatten() {
        let mut last = OUTSIDE;
        for class in &mut sentence.classes {
            // what goes on without a beginning, begins
            *class -= u8::from(!names::may_follow(last, *class));
            last = *class;
        }
        let words: Vec<_> =
            sentence.forms.iter().map(|form| clusters.word(form, &mut buffer)).collect();
        let tags = tagger.tag(&words);
        let items = tagger.items(&words, &tags);
        examples.push((items, sentence.classes.as_slice()));
    }
    say(&format!("{} sentences with names", examples.len()));
    let mut model = Perceptron::new(CLASSES);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut features = Vec::new();
    for round in 0..rounds {
        shuffle(&mut order, u64::from(round) + 1000);
        let mut wrong = 0;
        for &at in &order {
            let (items, gold) = &examples[at];
            let mut found: Vec<u8> = Vec::with_capacity(items.len());
            let runs = names::runs(items);
            for (at, &gold) in gold.iter().enumerate() {
                model.tick();
                names::extract(items, &runs, &found, at, &mut features);
                let previous = found.last().copied().unwrap_or(OUTSIDE);
                let best = names::best(&model, &features, previous);
                // after a mistake the right class may be out of reach: nothing to learn there
                if best != gold && names::may_follow(previous, gold) {
                    model.update(&features, gold, 1);
                    model.update(&features, best, -1);
                    wrong += 1;
                }
                found.push(best);
            }
        }
        say(&format!("names round {}: {wrong} words corrected", round + 1));
    }
    const { assert!(CLASSES <= 256) };
    model.finish(8, KEEP)
}
