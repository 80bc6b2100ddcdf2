//! The whole walk from a text to a graph: nothing points beside the text, trees are trees, and the
//! same text gives the same bytes.

use std::path::Path;

use newsgraph::document::{Analysis, Document, Sentence, Span};
use newsgraph::extract;
use newsgraph::input::normalize;
use newsgraph::language::{Instructions, conllu};
use newsgraph::shelf::{Shelf, encode};
use newsgraph::statement::{Argument, Reading, Statement};

use super::made::pipeline;
use super::writers;

/// Longest text, in characters.
const LONGEST: usize = 1500;

/// Walks with bytes as text, and once more with plain instructions.
pub fn check(data: &[u8]) {
    let raw = String::from_utf8_lossy(data);
    text(&raw);
    let normalized = normalize::text(&shortened(&raw));
    assert_eq!(encode(&read(&normalized)), encode(&slowly(&normalized)), "plain instructions");
}

/// Reads a text as it is, and makes a graph of it once it is normalized.
pub fn text(raw: &str) {
    let raw = shortened(raw);
    let normalized = normalize::text(&raw);
    check_graph(&read(&normalized));
    if raw != normalized {
        read(&raw);
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

fn document(id: &str, text: &str) -> Document {
    Document {
        id: id.to_owned(),
        uri: None,
        publisher: None,
        title: None,
        published: Some(jiff::civil::date(2025, 3, 6)),
        text: text.to_owned(),
    }
}

/// Reads a text and checks all that is marked and said.
fn read(text: &str) -> Reading {
    let analysis = pipeline().analyze(document("a.txt", text));
    check_analysis(&analysis);
    check_conllu(&analysis);
    let statements = extract::statements(&analysis, pipeline().knowledge());
    statements.iter().for_each(|statement| check_statement(&analysis, statement));
    Reading::new(analysis, statements)
}

/// The reading of a text with plain instructions.
fn slowly(text: &str) -> Reading {
    let engine = pipeline().engine().clone().on(Instructions::Portable);
    let sentences = engine.expect("every processor has them").parse(text);
    let analysis = pipeline().analyze_parsed(document("a.txt", text), sentences);
    let statements = extract::statements(&analysis, pipeline().knowledge());
    Reading::new(analysis, statements)
}

fn check_analysis(analysis: &Analysis) {
    let Analysis { document, sentences, mentions, timexes, clusters, quotations: _ } = analysis;
    let text = &document.text;
    let mut end = 0;
    for sentence in sentences {
        check_span(text, sentence.span);
        assert!(sentence.span.start >= end, "sentences overlap");
        end = sentence.span.end;
        check_tree(sentence);
        for token in &sentence.tokens {
            check_span(text, token.span);
            assert!(sentence.span.contains(token.span), "a token outside of its sentence");
        }
        for name in &sentence.names {
            assert!(
                name.tokens.start < name.tokens.end && name.tokens.end <= sentence.tokens.len()
            );
        }
    }
    for mention in mentions {
        let sentence = &sentences[mention.sentence.index()];
        check_span(text, mention.span);
        assert!(sentence.span.contains(mention.span), "a mention outside of its sentence");
        assert!(mention.tokens.end <= sentence.tokens.len());
        assert!(mention.tokens.contains(&mention.head.index()), "a head outside of its mention");
    }
    for timex in timexes {
        check_span(text, timex.span);
        assert!(sentences[timex.sentence.index()].span.contains(timex.span));
    }
    for cluster in clusters {
        assert!(cluster.mentions.contains(&cluster.representative));
        for name in &cluster.names {
            assert!(occurs(name, text), "{name:?} is not in {text:?}");
        }
    }
}

fn check_span(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} is no part of {text:?}");
    assert!(!span.is_empty(), "{span:?} is empty");
}

/// One root, and every way up ends there.
fn check_tree(sentence: &Sentence) {
    let n = sentence.tokens.len();
    let roots = sentence.tokens.iter().filter(|token| token.head.is_none()).count();
    assert_eq!(roots, 1, "roots of {n} tokens");
    for token in 0..n {
        let up = |&token: &usize| sentence.tokens[token].head.map(|head| head.index());
        assert!(std::iter::successors(Some(token), up).take(n + 1).count() <= n, "a cycle");
    }
}

fn check_statement(analysis: &Analysis, statement: &Statement) {
    let text = &analysis.document.text;
    let evidence = &statement.evidence;
    let sentence = analysis.sentences[evidence.sentence.index()].span;
    for span in [evidence.span, evidence.trigger] {
        check_span(text, span);
        assert!(sentence.contains(span), "evidence outside of its sentence");
    }
    let fillers = statement.qualifiers.iter().map(|qualifier| &qualifier.argument);
    for argument in fillers.chain([&statement.object]) {
        match argument {
            Argument::Mention(id) => assert!(id.index() < analysis.mentions.len()),
            Argument::Literal { value, span } => {
                assert!(!value.trim().is_empty(), "a literal without words");
                span.iter().for_each(|&span| check_span(text, span));
            }
            Argument::Absent => {}
        }
    }
    let others = statement.attribution.iter().chain(&statement.place).chain([&statement.subject]);
    others.for_each(|id| assert!(id.index() < analysis.mentions.len()));
    assert!((0.0..=1.0).contains(&statement.confidence));
}

/// What is written as CoNLL-U has the same words and trees when it is read.
fn check_conllu(analysis: &Analysis) {
    let mut out = Vec::new();
    conllu::write(&analysis.sentences, &analysis.document, &mut out).expect("memory takes all");
    let parsed = conllu::read(Path::new("a.conllu"), &*out);
    let parsed =
        parsed.unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&out)));
    let read: Vec<&Sentence> = parsed.iter().flat_map(|it| &it.sentences).collect();
    assert_eq!(read.len(), analysis.sentences.len(), "sentences in CoNLL-U");
    for (read, sentence) in read.iter().zip(&analysis.sentences) {
        let tree = |it: &Sentence| -> Vec<_> {
            it.tokens.iter().map(|t| (t.head, t.deprel, t.upos, t.joined)).collect()
        };
        assert_eq!(tree(read), tree(sentence), "{}", String::from_utf8_lossy(&out));
    }
}

/// The graph of a text parses, tells only names that stand in the text, and does not depend on the
/// order of documents.
fn check_graph(reading: &Reading) {
    let text = &reading.document.text;
    let half = text.floor_char_boundary(text.len() / 2);
    let other = pipeline().read(document("b.txt", &text[half..]));
    let join = |readings: [&Reading; 2]| {
        let shelf = Shelf::of(readings).expect("a temporary file");
        pipeline().join(&shelf).expect("the readings are there")
    };
    let graph = join([reading, &other]);
    let turned = join([&other, reading]);
    assert!(graph.statements().eq(turned.statements()), "the order of documents");
    assert!(graph.entities.iter().eq(turned.entities.iter()), "the order of documents");
    for entity in graph.entities.iter().filter(|entity| entity.named) {
        for name in entity.aliases.iter() {
            assert!(occurs(name, text), "{name:?} is not in {text:?}");
        }
    }
    writers::read_back(&graph);
}

/// True if the text has the words of a name, whatever stands between them.
fn occurs(name: &str, text: &str) -> bool {
    let plain = |text: &str| -> String {
        let text = normalize::characters(text).to_lowercase();
        text.chars().filter(|c| c.is_alphanumeric()).collect()
    };
    plain(text).contains(&plain(name))
}
