//! How fast a large graph is written, and in how much memory.
//!
//! `cargo bench --bench export -- [STATEMENTS] [FOLDER]` makes a graph of that many statements (one
//! million if not said) and writes it in each form through a buffer to nowhere; the bytes are counted.
//! oxigraph's serializer is given the same triples, ready made, and the same writer in the same run,
//! and once more nothing but `io::sink`, which takes no bytes at all. With a folder the GraphML file is left there for
//! `benches/compare_igraph.py`, and the Turtle file for `benches/entity_query.py`.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a benchmark")]

use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use compact_str::CompactString;
use jiff::civil::{Date, date};
use newsgraph::document::{ClusterId, DocumentId, Span};
use newsgraph::entity::{Entity, EntityId};
use newsgraph::export::layout::Positions;
use newsgraph::export::{self, Format, Options};
use newsgraph::graph::{
    GraphDocument, GraphEvidence, GraphSentence, GraphStatement, KnowledgeGraph, Object, Sentences,
};
use newsgraph::ontology::Ontology;
use newsgraph::resource::Resources;
use newsgraph::spill::Spill;
use newsgraph::statement::{Factuality, Polarity};
use oxigraph::io::{RdfFormat, RdfParser, RdfSerializer};
use thin_vec::{ThinVec, thin_vec};

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let n = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let folder = arguments.next();
    let text = Resources::embedded().text("ontology/newsgraph.ttl").unwrap();
    let ontology = Ontology::read("ontology/newsgraph.ttl", &text).unwrap();
    let graph = graph(n, &ontology);
    let (nodes, edges) = (graph.graph.node_count(), graph.graph.edge_count());
    println!("{n} statements, {nodes} nodes, {edges} relations; memory {}", memory());
    let options = Options::default();
    let mut lines = 0;
    for format in [Format::NTriples, Format::Turtle, Format::TriG] {
        let (seconds, counted) = time(&graph, &ontology, &options, format);
        if format == Format::NTriples {
            lines = counted.lines;
        }
        let (rate, bytes) = (lines as f64 / seconds / 1e6, counted.bytes >> 20);
        println!("{format:?}: {seconds:.2} s, {rate:.2} M triples/s, {bytes} MB; {}", memory());
    }
    for format in [Format::GraphMl, Format::Gexf, Format::Csv, Format::JsonLines, Format::Parquet] {
        let (seconds, counted) = time(&graph, &ontology, &options, format);
        let (rate, bytes) = (n as f64 / seconds / 1e6, counted.bytes >> 20);
        println!("{format:?}: {seconds:.2} s, {rate:.2} M edges/s, {bytes} MB; {}", memory());
    }
    let start = Instant::now();
    Positions::new(&graph);
    println!("layout: {:.2} s; {}", start.elapsed().as_secs_f64(), memory());
    if let Some(folder) = folder {
        std::fs::create_dir_all(&folder).unwrap();
        for (format, name) in [(Format::GraphMl, "graph.graphml"), (Format::Turtle, "graph.ttl")] {
            let path = std::path::Path::new(&folder).join(name);
            let mut out = BufWriter::new(std::fs::File::create(path).unwrap());
            export::write(&graph, &ontology, &options, format, &mut out).unwrap();
        }
    }
    let mut ntriples = Vec::new();
    export::write(&graph, &ontology, &options, Format::NTriples, &mut ntriples).unwrap();
    drop(graph);
    bare(&ntriples, counting(), "the same writer");
    bare(&ntriples, io::sink(), "io::sink");
}

/// oxigraph's Turtle serializer with the same triples; only its own time counts.
fn bare(ntriples: &[u8], out: impl Write, what: &str) {
    let mut serializer = RdfSerializer::from_format(RdfFormat::Turtle)
        .with_prefix("ng", "https://w3id.org/newsgraph/ns#")
        .unwrap()
        .for_writer(out);
    let mut quads = RdfParser::from_format(RdfFormat::NTriples).for_slice(ntriples);
    let (mut seconds, mut written) = (0.0, 0);
    loop {
        let batch: Vec<_> = quads.by_ref().take(1 << 20).map(Result::unwrap).collect();
        if batch.is_empty() {
            break;
        }
        let start = Instant::now();
        batch.iter().for_each(|quad| serializer.serialize_quad(quad).unwrap());
        seconds += start.elapsed().as_secs_f64();
        written += batch.len();
    }
    serializer.finish().unwrap();
    let rate = written as f64 / seconds / 1e6;
    println!("oxigraph Turtle, {what}: {seconds:.2} s, {rate:.2} M triples/s");
}

fn counting() -> BufWriter<Counted> {
    BufWriter::with_capacity(1 << 16, Counted::default())
}

#[derive(Debug, Default)]
struct Counted {
    bytes: usize,
    lines: usize,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len();
        self.lines += bytes.iter().filter(|&&byte| byte == b'\n').count();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The best of three rounds.
fn time(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    format: Format,
) -> (f64, Counted) {
    let round = |_| {
        let mut out = counting();
        let start = Instant::now();
        export::write(graph, ontology, options, format, &mut out).unwrap();
        (start.elapsed().as_secs_f64(), out.into_inner().unwrap())
    };
    (0..3).map(round).min_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
}

/// Memory in use now and at most, where the system tells.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kilobytes.unwrap_or_default() >> 10
    };
    format!("{} MB now, {} MB at most", field("VmRSS:"), field("VmHWM:"))
}

/// The same numbers every time.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

/// Statements over a quarter as many things, a few of which are in most of the news.
fn graph(n: usize, ontology: &Ontology) -> KnowledgeGraph {
    const PER_SENTENCE: usize = 2;
    const PER_DOCUMENT: usize = 20;
    let mut random = Random(88_172_645_463_325_252);
    let mut graph = KnowledgeGraph::spilling(Spill::in_folder(&std::env::temp_dir()).unwrap());
    let classes = ["Person", "Organization", "City", "Event"].map(|c| ontology.class(c).unwrap());
    let properties = ["visited", "metWith", "accused", "supplied"].map(|p| ontology.property(p));
    let n_entities = (n / 4).max(2);
    let predicate: Arc<str> = "hold talks with".into();
    let mut days: Vec<(Range<Date>, CompactString)> = Vec::with_capacity(12 * 28);
    let mut entities = Vec::with_capacity(n_entities);
    for nth in 0..n_entities {
        entities.push(Entity {
            slug: format!("entity-number-{nth:07}").into(),
            label: format!("Entity Number {nth}").into(),
            named: true,
            class: classes[nth % classes.len()],
            mention_label: None,
            aliases: thin_vec![format!("Number {nth}").into()],
            descriptions: ThinVec::new(),
            same_as: ThinVec::new(),
            close_match: ThinVec::new(),
            members: ThinVec::new(),
            clusters: thin_vec![(
                DocumentId::from(nth % n.div_ceil(PER_DOCUMENT)),
                ClusterId::from(0_usize),
            )],
            dropped: false,
        });
        graph.mentions.push(3);
    }
    graph.entities = entities.into();
    for day in (1..=12).flat_map(|month| (1..=28).map(move |day| date(2025, month, day))) {
        days.push((day..day.tomorrow().unwrap(), day.to_string().into()));
    }
    let mut sentences = Vec::new();
    for nth in 0..n {
        let document = nth / PER_DOCUMENT;
        if nth % PER_DOCUMENT == 0 {
            graph.documents.push(GraphDocument {
                id: format!("archive/{document:06}.txt"),
                hash: format!("{:016x}", document as u64 * 0x9e37_79b9),
                uri: Some(format!("https://news.example/{document}")),
                title: Some("What happened today".to_owned()),
                publisher: Some("The Daily Example".to_owned()),
                published: Some(date(2025, 1 + (document % 12) as i8, 5)),
                copy_of: None,
                sentences: Sentences::default(),
            });
        }
        let (mut subject, mut object) = (random.below(n_entities), random.below(n_entities));
        subject = subject * random.below(n_entities) / n_entities;
        if subject == object {
            object = (subject + 1) % n_entities;
        }
        subject %= n_entities;
        if subject == object {
            subject = (object + 1) % n_entities;
        }
        let number = (nth % PER_DOCUMENT / PER_SENTENCE) as u32;
        let start = number * 110;
        if nth % PER_SENTENCE == 0 {
            let text = format!(
                "Entity Number {subject} met Entity Number {object} on the fifth of the month, \
                 the ministry of the country said."
            );
            let end = start + text.len() as u32;
            sentences.push(GraphSentence { number, start, end, text: text.into() });
        }
        if nth % PER_DOCUMENT == PER_DOCUMENT - 1 || nth == n - 1 {
            let place = graph.add_sentences(&std::mem::take(&mut sentences));
            graph.documents[document].sentences = place;
        }
        let (interval, time) = &days[document % 12 * 28 + nth % 28];
        let (property, factuality) = match nth % 5 {
            4 => (None, Factuality::Claimed),
            kind => (properties[kind], Factuality::Asserted),
        };
        graph.push(&GraphStatement {
            id: (nth as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15),
            document: DocumentId::from(document),
            subject: EntityId(subject as u32),
            property,
            predicate: (*predicate).into(),
            object: Object::Entity(EntityId(object as u32)),
            time: Some(time.clone()),
            interval: Some(interval.clone()),
            place: None,
            qualifiers: Vec::new(),
            polarity: Polarity::Positive,
            factuality,
            attribution: Vec::new(),
            evidence: GraphEvidence {
                sentence: number,
                start,
                end: start + 60,
                trigger_start: start + 20,
                trigger_end: start + 23,
                rule: "meet".into(),
                span: Span::new(start as usize, start as usize + 60),
            },
            confidence: 0.8,
            subject_text: format!("Entity Number {subject}").into(),
            object_text: format!("Entity Number {object}").into(),
            attribute: None,
            wording: format!("Entity Number {subject} met entity number {object}.").into(),
            claim: nth as u64,
            signs: 0,
        });
    }
    graph.connect(ontology);
    graph
}
