//! Work is linear in the size of a text, whatever its shape: twice the text asks for twice the memory
//! of each stage, in all and at once. Bytes are counted, as a clock would tell of the machine; a walk
//! over a document inside a walk over its sentences copies what it reads, and so shows.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fmt::Write as _;
use std::sync::Arc;

use newsgraph::document::Document;
use newsgraph::export::{self, Edges, Format};
use newsgraph::extract;
use newsgraph::language::Engine;
use newsgraph::pipeline::Pipeline;
use newsgraph::resource::Resources;
use newsgraph::shelf::Shelf;
use newsgraph::statement::Reading;

/// The system's allocator, which counts what each thread asks for.
struct Counting;

thread_local! {
    static ASKED: Cell<usize> = const { Cell::new(0) };
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

fn count(asked: usize, held: isize) {
    // A thread that ends counts no more.
    let _ = ASKED.try_with(|cell| cell.set(cell.get() + asked));
    let _ = HELD.try_with(|cell| {
        cell.set(cell.get() + held);
        let _ = MOST.try_with(|most| most.set(most.get().max(cell.get())));
    });
}

#[allow(unsafe_code, reason = "every call goes to the system's allocator as it came")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, size as isize - layout.size() as isize);
        unsafe { System.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(0, -(layout.size() as isize));
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a step asked for: bytes in all, and at once.
#[derive(Clone, Copy, Debug)]
struct Work {
    asked: usize,
    most: isize,
}

fn work<T>(step: impl FnOnce() -> T) -> (T, Work) {
    let (asked, held) = (ASKED.get(), HELD.get());
    MOST.set(held);
    let value = step();
    (value, Work { asked: ASKED.get() - asked, most: MOST.get() - held })
}

/// What each step of a build asks for, on one thread.
fn steps(pipeline: &Pipeline, text: String) -> Vec<(String, Work)> {
    let document = Document {
        id: "a.txt".to_owned(),
        uri: None,
        publisher: None,
        title: None,
        published: Some("2024-05-06".parse().unwrap()),
        text,
    };
    let mut steps = Vec::new();
    let (sentences, parsed) = work(|| pipeline.engine().parse(&document.text));
    steps.push(("parse".to_owned(), parsed));
    let (analysis, analyzed) = work(|| pipeline.analyze_parsed(document, sentences));
    steps.push(("analyze".to_owned(), analyzed));
    let (reading, extracted) = work(|| {
        let statements = extract::statements(&analysis, pipeline.knowledge());
        Reading::new(analysis, statements)
    });
    steps.push(("extract".to_owned(), extracted));
    let shelf = Shelf::of([&reading]).unwrap();
    drop(reading);
    let (graph, joined) = work(|| pipeline.join(&shelf).unwrap());
    steps.push(("join".to_owned(), joined));
    for edges in [Edges::Statement, Edges::Aggregated] {
        let options = export::Options { edges, ..export::Options::default() };
        for &format in Format::ALL {
            let ((), written) = work(|| {
                let mut out = std::io::sink();
                export::write(&graph, pipeline.ontology(), &options, format, &mut out).unwrap();
            });
            steps.push((format!("{format:?}, {edges:?}"), written));
        }
    }
    steps
}

/// How much more twice the text may ask for.
const RATIO: f64 = 2.3;
/// What grows in steps, whatever the text.
const FREE: usize = 1 << 18;

/// Compares twice the text with the text.
fn check(pipeline: &Arc<Pipeline>, name: &str, n: usize, text: impl Fn(usize) -> String) {
    let run = |n: usize| {
        let (pipeline, text) = (Arc::clone(pipeline), text(n));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(32 << 20).build();
        pool.unwrap().install(move || steps(&pipeline, text))
    };
    let mut failed = String::new();
    for ((step, once), (_, twice)) in run(n).into_iter().zip(run(2 * n)) {
        let ratio = |once: usize, twice: usize| twice as f64 / (once + FREE) as f64;
        let asked = ratio(once.asked, twice.asked);
        let most = ratio(once.most as usize, twice.most as usize);
        if asked > RATIO || most > RATIO {
            writeln!(failed, "{name}, {step}: {once:?}, twice {twice:?}").unwrap();
        }
    }
    assert!(failed.is_empty(), "more than linear:\n{failed}");
}

fn pipeline() -> Arc<Pipeline> {
    let engine = Engine::embedded().unwrap();
    Arc::new(Pipeline::load(&Resources::embedded(), engine).unwrap())
}

const NAMES: [&str; 8] = [
    "Anna Dahl",
    "Tom Falk",
    "Mara Voss",
    "Liv Berg",
    "Nina Strand",
    "Paul Moen",
    "Ruth Lund",
    "Karl Quist",
];
const PLACES: [&str; 5] = ["Molde", "Oldport", "Kielhaven", "Tveitvik", "Norland"];

/// Sentences of news: who met whom, where, when, who says so.
fn prose(n: usize, between: &str) -> String {
    let mut text = String::new();
    for i in 0..n {
        let (name, other) = (NAMES[i * 5 % 8], NAMES[(i * 3 + 1) % 8]);
        let place = PLACES[i * 7 % 5];
        match i % 5 {
            0 => write!(text, "{name} visited {place} on Monday."),
            1 => write!(text, "She met {other}, the director of Norvik Shipping."),
            2 => write!(text, "The ferry sank near {place} in {}.", 1950 + i % 70),
            3 => write!(text, "\"We will not pay,\" {name} said."),
            _ => write!(text, "{name}, {}, was elected mayor of {place}.", 20 + i % 60),
        }
        .unwrap();
        text.push_str(if i % 5 == 4 { between } else { " " });
    }
    text
}

#[test]
fn prose_in_paragraphs_and_in_one() {
    let pipeline = pipeline();
    check(&pipeline, "prose", 400, |n| prose(n, "\n\n"));
    check(&pipeline, "one paragraph", 400, |n| prose(n, " "));
}

#[test]
fn dated_clauses_and_pronouns() {
    let pipeline = pipeline();
    check(&pipeline, "dated clauses", 400, |n| "The shop closed in 1999. ".repeat(n));
    check(&pipeline, "pronouns", 400, |n| "He left. They stayed. ".repeat(n / 2));
}

#[test]
fn words_on_lines_of_their_own() {
    let pipeline = pipeline();
    check(&pipeline, "lower case", 2000, |n| "a\n".repeat(n));
    check(&pipeline, "upper case", 1000, |n| "Ax\n".repeat(n));
    check(&pipeline, "all different", 1000, |n| {
        (0..n).map(|i| format!("Q{}x\n", "abcdefgh".as_bytes()[i % 8] as usize * n + i)).collect()
    });
}

#[test]
fn no_stop_and_many_names() {
    let pipeline = pipeline();
    check(&pipeline, "no stop", 200, |n| {
        "the port of the town and a ship by the sea or ".repeat(n)
    });
    check(&pipeline, "names", 300, |n| {
        (0..n).fold(String::new(), |text, i| text + &format!("Anna Dahl{i} met Tom Berg{i}. "))
    });
    check(&pipeline, "roles", 300, |n| {
        let sentence = |i| format!("The president of Norway met President Tom Berg{i} of Chad. ");
        (0..n).map(sentence).collect()
    });
}

/// A window that is longer than the network reads at once must not be held as a whole.
#[test]
fn a_page_without_a_stop_is_held_in_parts() {
    /// What a sentence of one word may take, in bytes; the network's row for it alone takes 4,000.
    const WORD: usize = 600;
    let engine = Engine::embedded().unwrap();
    let most = |n: usize| {
        let text = "a\n".repeat(n);
        let (sentences, parsed) = work(|| engine.parse(&text));
        assert_eq!(sentences.iter().map(|sentence| sentence.tokens.len()).sum::<usize>(), n);
        parsed.most
    };
    let (n, half) = (6000, 3000);
    let more = most(n) - most(half);
    assert!(more < (WORD * (n - half)) as isize, "{} bytes a word", more / (n - half) as isize);
}
