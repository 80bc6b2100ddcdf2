//! What holds for any input: the checks of `fuzz/`, over their kept inputs and over texts made here.
//!
//! The texts look like news that went wrong: words and marks of news in any order, quotation marks
//! that nothing closes, lines broken anywhere, accents as marks of their own, sentences cut and joined.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its files should fail")]

#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "a library of its own for the fuzzer")]
mod checks;

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::Config;

const NAMES: &[&str] = &[
    "Ines Carvalho",
    "Dr. Tom Falk Jr.",
    "Oslo",
    "the Norwegian Navy",
    "Kestrel Air",
    "O’Dea",
    "al-Rashid",
    "Élodie D'Aubrac",
    "Nguyễn Thị Lan",
    "U.S.",
    "EU",
    "St. Brendan's",
    "Mr",
    "J. R. Vale",
    "王小明",
    "Ørsted-Lund",
    "Cafe\u{301} Norte",
    "Z\u{335}\u{336}\u{337}o\u{301}e\u{308}",
];

const WORDS: &[&str] = &[
    "the",
    "a",
    "his",
    "they",
    "who",
    "which",
    "that",
    "minister",
    "ferry",
    "talks",
    "harbor",
    "mayor",
    "said",
    "visited",
    "was arrested",
    "has been",
    "did not",
    "will",
    "may have",
    "told",
    "to",
    "of",
    "in",
    "by",
    "with",
    "from",
    "against",
    "and",
    "or",
    "but",
    "if",
    "not",
    "never",
    "no",
    "20%",
    "$3.5m",
    "1,100",
    "40 houses",
    "on Wednesday",
    "in March 2024",
    "last year",
    "at 9 a.m.",
    "2025-03-06",
    "according to",
    "both",
    "either",
    "each other",
    "one another",
    "her sister",
    "don't",
    "can't",
    "'s",
];

const MARKS: &[&str] = &[
    ".",
    ",",
    ";",
    ":",
    "!",
    "?",
    "...",
    "…",
    "-",
    "–",
    "—",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "“",
    "”",
    "‘",
    "’",
    "'",
    "«",
    "»",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "\u{a0}",
    "\u{200b}",
    "\u{ad}",
    "\u{301}",
    "\u{202e}",
    "\u{feff}",
    "\u{fffd}",
    "🚢",
    "👩‍👩‍👧",
    "/",
    "&",
    "<b>",
    "@",
    "#",
    "*",
    "\u{0}",
    "\u{85}",
    "\u{2028}",
    "''",
    "``",
];

const SENTENCES: &[&str] = &[
    "Foreign Minister Ines Carvalho visited Oslo on Wednesday, her office said.",
    "“We will not sell the yard,” Tom Falk, who founded it in 1987, told reporters.",
    "The ferry, which collided with a tanker off Bergen, was towed into port by the navy.",
    "Police arrested two men and a woman suspected of smuggling arms from Estavia to Karvonia.",
    "Neither the mayor nor her deputy was accused of taking bribes.",
    "If the court agrees, Kestrel Air would buy 12 planes worth $1.2 billion from its rival.",
];

/// Words and marks of news, with and without blanks between them.
fn jumble() -> impl Strategy<Value = String> {
    let word = prop_oneof![3 => select(NAMES), 6 => select(WORDS), 3 => select(MARKS)];
    let piece = (word, prop_oneof![5 => Just(" "), 1 => Just("")]);
    prop::collection::vec(piece.prop_map(|(word, blank)| format!("{word}{blank}")), 0..60)
        .prop_map(|pieces| pieces.concat())
}

/// Sentences cut anywhere and joined, with marks where they were cut.
fn spliced() -> impl Strategy<Value = String> {
    let part = (select(SENTENCES), any::<Index>(), any::<Index>(), select(MARKS));
    let cut = part.prop_map(|(sentence, from, to, mark)| {
        let letters: Vec<char> = sentence.chars().collect();
        let (from, to) = (from.index(letters.len()), to.index(letters.len()));
        let part: String = letters[from.min(to)..from.max(to)].iter().collect();
        format!("{part}{mark}")
    });
    prop::collection::vec(cut, 1..8).prop_map(|parts| parts.concat())
}

/// News with some letters exchanged, left out or doubled.
fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<Index>(), 0..3_u8, select(MARKS));
    let sentences = prop::collection::vec(select(SENTENCES), 1..4);
    (sentences, prop::collection::vec(change, 0..10)).prop_map(|(sentences, changes)| {
        let mut letters: Vec<String> = sentences.join(" ").chars().map(String::from).collect();
        for (at, kind, mark) in changes {
            let at = at.index(letters.len());
            match kind {
                0 => letters[at] = mark.to_owned(),
                1 => letters[at].clear(),
                _ => letters[at] = letters[at].repeat(2),
            }
        }
        letters.concat()
    })
}

#[test]
fn no_text_breaks_the_pipeline() {
    let text = prop_oneof![
        4 => jumble(),
        3 => spliced(),
        3 => mutated(),
        1 => "\\PC{0,200}",
        1 => prop::collection::vec(any::<char>(), 0..200).prop_map(String::from_iter),
    ];
    proptest!(Config { cases: CASES, failure_persistence: None, ..Config::default() }, |(text in text)| {
        checks::pipeline::text(&text);
    });
}

/// The inputs begin with one that loads, else the fuzzer would look at error messages alone.
#[test]
fn the_made_up_model_loads() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/model/tiny");
    let sealed = checks::model::seal(&fs::read(file).unwrap());
    newsgraph::language::Engine::from_bytes("tiny", &sealed).unwrap();
}

/// How many texts are walked with; as many as take some ten seconds without optimization.
const CASES: u32 = 150;

#[test]
#[allow(clippy::print_stderr, reason = "a check that ends the process tells no file")]
fn what_a_fuzzer_kept_holds() {
    for (name, check) in checks::CHECKS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        let mut files: Vec<_> =
            fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "no inputs for {name}");
        for file in files {
            eprintln!("{}", file.display());
            check(&fs::read(&file).unwrap());
        }
    }
}
