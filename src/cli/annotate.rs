//! `newsgraph extract`, `annotate` and `parse`: what is found in each document, line by line.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::json;

use super::{Environment, InputArgs, Outcome, PipelineArgs, inputs, terminal};
use crate::document::{CodePoints, Document, Label, Mention, MentionKind, Sentence, TimexId};
use crate::entity::EntityId;
use crate::error::{Error, Result};
use crate::export::jsonl::LineWriter;
use crate::extract;
use crate::files::{self, InPieces};
use crate::input::{Verbatim, normalize};
use crate::language::{Engine, conllu};
use crate::pipeline::{self, Pipeline};
use crate::resource::lexicon::Lexicon;
use crate::shelf::Shelf;
use crate::statement::Reading;
use crate::syntax;

#[derive(Args)]
#[command(after_help = "Examples:
  newsgraph extract article.txt
  newsgraph extract --lines sentences.txt     one sentence a line
  echo 'The minister visited Oslo.' | newsgraph extract -")]
pub(super) struct ExtractArgs {
    /// A file with one sentence a line, or - for standard input.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "inputs",
        required_unless_present = "inputs"
    )]
    lines: Option<PathBuf>,
    /// Files, folders, patterns, or - for standard input.
    #[arg(value_name = "INPUT")]
    inputs: Vec<String>,
    /// Publication date of articles that give none.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::parse_date)]
    date: Option<jiff::civil::Date>,
    #[command(flatten)]
    pipeline: PipelineArgs,
}

#[derive(Args)]
#[command(after_help = "Example:
  newsgraph annotate news.jsonl > annotations.jsonl")]
pub(super) struct AnnotateArgs {
    #[command(flatten)]
    input: InputArgs,
}

#[derive(Args)]
#[command(after_help = "Examples:
  newsgraph parse article.txt
  newsgraph parse --mended article.txt                  trees as extraction reads them
  newsgraph parse --input-format conllu gold.conllu     keeps the tokens, parses anew")]
pub(super) struct ParseArgs {
    #[command(flatten)]
    input: InputArgs,
    /// What the input is.
    #[arg(long, value_enum, default_value = "text")]
    input_format: ParseFormat,
    /// Print the trees that times, names and statements are read from; the last column names the mend
    /// that changed a word (`Mend=titles`).
    #[arg(long)]
    mended: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ParseFormat {
    /// Articles, as `build` reads them.
    Text,
    /// CoNLL-U: its sentences and tokens are kept.
    Conllu,
}

#[derive(Serialize)]
struct ExtractionLine<'a> {
    doc: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    sentence: &'a str,
    subject: &'a str,
    relation: &'a str,
    objects: &'a [String],
    confidence: f32,
    construction: &'a str,
    polarity: &'a str,
    factuality: &'a str,
    attributed_to: Option<&'a str>,
}

fn stdout() -> BufWriter<terminal::Stdout> {
    BufWriter::new(terminal::stdout())
}

fn write_line(out: &mut impl Write, value: &impl Serialize) -> Result<()> {
    serde_json::to_writer(&mut *out, value)
        .map_err(io::Error::from)
        .and_then(|()| out.write_all(b"\n"))
        .map_err(Error::io("<stdout>"))
}

/// Open extractions.
pub(super) fn extract(args: &ExtractArgs, environment: &Environment) -> Result<Outcome> {
    let pipeline = args.pipeline.load(environment)?;
    let mut out = stdout();
    let outcome = match &args.lines {
        Some(path) => extract_lines(path, &pipeline, environment, &mut out)?,
        None => {
            let batch = args
                .pipeline
                .in_pool(|| inputs::read_named(&args.inputs, args.date, environment))?;
            let outcome = inputs::outcome(&batch);
            for document in batch.documents.iter() {
                write_extractions(document, None, &pipeline, environment, &mut out)?;
            }
            inputs::check(&batch)?;
            outcome
        }
    };
    out.flush().map_err(Error::io("<stdout>"))?;
    Ok(outcome)
}

fn extract_lines(
    path: &PathBuf,
    pipeline: &Pipeline,
    environment: &Environment,
    out: &mut impl Write,
) -> Result<Outcome> {
    let (name, reader): (String, Box<dyn Read>) = if path.as_os_str() == "-" {
        ("<stdin>".into(), Box::new(io::stdin()))
    } else {
        let file = File::open(path).map_err(Error::io(path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, Box::new(file))
    };
    let read = Cell::new(0);
    let mut reader = BufReader::new(InPieces::new(reader, &read, files::WRITTEN_BY_HAND));
    let mut bytes = Vec::new();
    let mut number = 0;
    loop {
        bytes.clear();
        read.set(0);
        if reader.read_until(b'\n', &mut bytes).map_err(Error::io(path))? == 0 {
            break;
        }
        number += 1;
        let text = normalize::line(&String::from_utf8_lossy(&bytes));
        if !text.is_empty() {
            let document = Document {
                id: name.clone(),
                uri: None,
                publisher: None,
                title: None,
                published: None,
                text,
            };
            write_extractions(document, Some(number), pipeline, environment, out)?;
        }
    }
    Ok(if number == 0 { Outcome::NothingFound } else { Outcome::Done })
}

fn write_extractions(
    document: Document,
    line: Option<usize>,
    pipeline: &Pipeline,
    environment: &Environment,
    out: &mut impl Write,
) -> Result<()> {
    if environment.stopped() {
        return Err(Error::Interrupted);
    }
    let analysis = pipeline.analyze(document);
    let text = &analysis.document.text;
    for found in extract::extractions(&analysis, pipeline.knowledge()) {
        let sentence = match line {
            // The line is the sentence, even if we see two in it.
            Some(_) => text.as_str(),
            None => analysis.sentences[found.sentence.index()].span.of(text),
        };
        let line = ExtractionLine {
            doc: &analysis.document.id,
            line,
            sentence,
            subject: &found.subject,
            relation: &found.relation,
            objects: &found.objects,
            confidence: found.confidence,
            construction: &found.construction,
            polarity: found.polarity,
            factuality: found.factuality,
            attributed_to: found.attributed_to.as_deref(),
        };
        write_line(out, &line)?;
    }
    Ok(())
}

/// Mentions, times, entities and statements.
pub(super) fn annotate(args: &AnnotateArgs, environment: &Environment) -> Result<Outcome> {
    let pipeline = args.input.pipeline.load(environment)?;
    args.input.pipeline.in_pool(|| {
        let batch = inputs::read(&args.input, Verbatim::Records, environment)?;
        let outcome = inputs::outcome(&batch);
        let shelf = Shelf::temporary()?.stopped_by(Arc::clone(&environment.stop));
        let documents = batch.documents.iter();
        let readings = pipeline.read_all(documents, shelf, &environment.stop, &|_| ())?.shelf;
        inputs::check(&batch)?;
        let (resolution, graph) = pipeline.resolve_and_join(&readings)?;
        // Both are in the order of the ids; a document that comes twice is one in the graph.
        let writer = LineWriter { graph: &graph, ontology: pipeline.ontology(), signs: true };
        let mut statements = graph.statements().peekable();
        let mut out = stdout();
        for (index, reading) in readings.iter().enumerate() {
            let reading = reading?;
            let mut lines = Vec::new();
            while let Some(statement) = statements.next_if(|statement| {
                graph.documents[statement.document.index()].id <= reading.document.id
            }) {
                if statement.attribute.is_some() {
                    continue;
                }
                let written = writer.lines(&statement);
                lines.extend(written.iter().filter_map(|line| serde_json::to_value(line).ok()));
            }
            let entity = |cluster: usize| -> &str {
                let id: EntityId = resolution.of[index][cluster];
                graph.entities.slug(id)
            };
            write_line(&mut out, &annotation(&reading, &entity, lines))?;
        }
        out.flush().map_err(Error::io("<stdout>"))?;
        Ok(outcome)
    })
}

/// "recently", "former", "now": a word that points to a time but names none.
fn points_vaguely(reading: &Reading, mention: &Mention) -> bool {
    let vague = |timex: TimexId| reading.timexes[timex.index()].value.ends_with("_REF");
    mention.tokens.len() == 1 && mention.timex.is_some_and(vague)
}

fn annotation<'e>(
    reading: &Reading,
    entity: &dyn Fn(usize) -> &'e str,
    statements: Vec<serde_json::Value>,
) -> serde_json::Value {
    let text = &reading.document.text;
    let points = CodePoints::new(text);
    let mut cluster_of = vec![None; reading.mentions.len()];
    for (index, cluster) in reading.clusters.iter().enumerate() {
        for mention in &cluster.mentions {
            cluster_of[mention.index()] = Some(index);
        }
    }
    let mentions: Vec<serde_json::Value> = reading
        .mentions
        .iter()
        .zip(&cluster_of)
        .map(|(mention, cluster)| {
            let (start, end) = points.span(text, mention.span);
            let label = mention
                .label
                .or_else(|| cluster.and_then(|cluster| reading.clusters[cluster].label))
                .unwrap_or(Label::Misc);
            let kind = match mention.kind {
                MentionKind::Timex if points_vaguely(reading, mention) => "nominal",
                MentionKind::Name | MentionKind::Timex | MentionKind::Quantity => "name",
                MentionKind::Nominal => "nominal",
                MentionKind::Pronoun => "pronoun",
            };
            json!({"start": start, "end": end, "type": label.as_str(), "kind": kind,
                   "entity": cluster.map(|cluster| format!("e:{}", entity(cluster)))})
        })
        .collect();
    let timexes: Vec<serde_json::Value> = reading
        .timexes
        .iter()
        .map(|timex| {
            let (start, end) = points.span(text, timex.span);
            json!({"start": start, "end": end, "type": timex.kind.as_str(), "value": timex.value})
        })
        .collect();
    let sentences: Vec<(u32, u32)> =
        reading.sentences.iter().map(|&span| points.span(text, span)).collect();
    json!({
        "id": reading.document.id,
        "text": text,
        "dct": reading.document.published.map(|date| date.to_string()),
        "sentences": sentences,
        "mentions": mentions,
        "timexes": timexes,
        "statements": statements,
    })
}

/// CoNLL-U.
pub(super) fn parse(args: &ParseArgs, environment: &Environment) -> Result<Outcome> {
    let engine = args.input.pipeline.engine()?;
    let lexicon = args.mended.then(|| args.input.pipeline.lexicon()).transpose()?;
    args.input.pipeline.in_pool(|| {
        let writer = TreeWriter { out: stdout(), lexicon };
        match args.input_format {
            ParseFormat::Conllu => parse_conllu(&args.input.inputs, &engine, writer, environment),
            ParseFormat::Text => parse_articles(&args.input, &engine, writer, environment),
        }
    })
}

/// Writes trees as CoNLL-U.
struct TreeWriter<W> {
    out: W,
    /// Mends the trees with it, if there.
    lexicon: Option<Lexicon>,
}

impl<W: Write> TreeWriter<W> {
    fn write(&mut self, document: &Document, mut sentences: Vec<Sentence>) -> Result<()> {
        let mends = match &self.lexicon {
            Some(lexicon) => syntax::mend::trees_traced(&document.text, &mut sentences, lexicon),
            None => Vec::new(),
        };
        conllu::write_mended(&sentences, &mends, document, &mut self.out)
            .map_err(Error::io("<stdout>"))
    }

    fn finish(mut self) -> Result<()> {
        self.out.flush().map_err(Error::io("<stdout>"))
    }
}

fn parse_articles(
    input: &InputArgs,
    engine: &Engine,
    mut writer: TreeWriter<impl Write>,
    environment: &Environment,
) -> Result<Outcome> {
    let batch = inputs::read(input, Verbatim::Everything, environment)?;
    let outcome = inputs::outcome(&batch);
    let mut speed = Speed::default();
    for part in pipeline::parts(batch.documents.iter(), pipeline::MEMORY) {
        let parse = |document: &Document| engine.parse(&document.text);
        for (document, sentences) in parse_all(part, environment, &mut speed, parse)? {
            writer.write(&document, sentences)?;
        }
    }
    inputs::check(&batch)?;
    speed.tell(environment);
    writer.finish()?;
    Ok(outcome)
}

fn parse_conllu(
    inputs: &[String],
    engine: &Engine,
    mut writer: TreeWriter<impl Write>,
    environment: &Environment,
) -> Result<Outcome> {
    let mut given = Vec::new();
    for path in inputs {
        let path = PathBuf::from(path);
        let input: Box<dyn Read> = if path.as_os_str() == "-" {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(&path).map_err(Error::io(&path))?)
        };
        given.extend(conllu::read(&path, input)?);
    }
    let mut speed = Speed::default();
    let parse =
        |parsed: &conllu::Parsed| engine.parse_tokens(&parsed.document.text, &parsed.sentences);
    let mut given = given.into_iter();
    while !given.as_slice().is_empty() {
        let part = given.by_ref().take(PART).collect();
        for (given, sentences) in parse_all(part, environment, &mut speed, parse)? {
            writer.write(&given.document, sentences)?;
        }
    }
    speed.tell(environment);
    writer.finish()?;
    Ok(Outcome::Done)
}

/// How many documents are parsed before their sentences are written.
const PART: usize = 256;

/// How many words were parsed, and in what time.
#[derive(Default)]
struct Speed {
    words: usize,
    time: Duration,
}

impl Speed {
    /// Says how fast, with `-v`.
    fn tell(&self, environment: &Environment) {
        if environment.verbose > 0 {
            let Self { words, .. } = *self;
            let seconds = self.time.as_secs_f64();
            environment.note(format_args!(
                "parsed {words} words in {seconds:.3} s, {:.0} words/s",
                words as f64 / seconds.max(1e-9)
            ));
        }
    }
}

/// Parses in parallel, in order.
fn parse_all<T: Send>(
    items: Vec<T>,
    environment: &Environment,
    speed: &mut Speed,
    parse: impl Fn(&T) -> Vec<Sentence> + Sync,
) -> Result<Vec<(T, Vec<Sentence>)>> {
    use rayon::prelude::*;
    let begun = Instant::now();
    let parsed: Vec<(T, Vec<Sentence>)> = items
        .into_par_iter()
        .with_max_len(1)
        .map(|item| {
            let sentences = if environment.stopped() { Vec::new() } else { parse(&item) };
            (item, sentences)
        })
        .collect();
    if environment.stopped() {
        return Err(Error::Interrupted);
    }
    let sentences = parsed.iter().flat_map(|(_, sentences)| sentences);
    speed.words += sentences.map(|sentence| sentence.tokens.len()).sum::<usize>();
    speed.time += begun.elapsed();
    Ok(parsed)
}
