//! `newsgraph map`, `link`, `reduce`: a build in three steps, of which the first may run on many machines.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;

use super::build::{self, GraphArgs};
use super::report::Told;
use super::{Environment, InputArgs, Outcome, PipelineArgs, inputs, progress};
use crate::error::{Error, Result};
use crate::export::atomic;
use crate::files;
use crate::input::{self, Batch};
use crate::pipeline::{Pipeline, Readings};
use crate::resource::corrections::{self, Corrections};
use crate::resource::kb::Kb;
use crate::shards::{self, LinkNotes, Linked, ReadingRow, RowWriter, ShardNotes, Share};
use crate::shelf::{self, Shelf};
use crate::spill::Spill;

#[derive(Args)]
#[command(
    after_help = "Each share is a process of its own, on this machine or another; one that is killed goes on
where it was when it is started again. Shares divide the articles by names and contents, so that all must
be given the same INPUT. The graph is that of `newsgraph build INPUT`, to the byte.

Examples:
  newsgraph map --shard 1/8 articles/ -o readings/     and 2/8 to 8/8, in any order
  seq 8 | xargs -P 4 -I{} newsgraph map --shard {}/8 -j 1 -q news.jsonl.gz -o readings/
  newsgraph link readings/ -o linked/
  newsgraph reduce linked/ -o out/"
)]
pub(super) struct MapArgs {
    #[command(flatten)]
    input: InputArgs,
    /// Which share of the articles to read: 3/8 is the third of eight.
    #[arg(long, value_name = "N/OF", default_value_t = Share::ALL)]
    shard: Share,
    /// Folder to write the readings into, a Parquet file a share; made if it does not exist.
    #[arg(short, long, value_name = "DIR", default_value = "readings", visible_alias = "out")]
    output: PathBuf,
}

#[derive(Args)]
#[command(after_help = "Examples:
  newsgraph link readings/
  newsgraph link readings/ -o linked/ --corrections newsgraph.corrections.toml
  newsgraph link s3-copy/part-*.parquet -o linked/")]
pub(super) struct LinkArgs {
    /// Folders or Parquet files of readings, of `map` or of another engine.
    #[arg(required = true, value_name = "READINGS")]
    readings: Vec<PathBuf>,
    /// Folder to write into; made if it does not exist.
    #[arg(short, long, value_name = "DIR", default_value = "linked", visible_alias = "out")]
    output: PathBuf,
    /// Decisions on who is who to follow.
    #[arg(long, value_name = "FILE")]
    corrections: Option<PathBuf>,
    /// Your own knowledge base to link to: .csv, .tsv (id, label, aliases, class, description) or RDF.
    #[arg(long, value_name = "FILE")]
    kb: Option<PathBuf>,
    #[command(flatten)]
    pipeline: PipelineArgs,
}

#[derive(Args)]
#[command(after_help = "Examples:
  newsgraph reduce linked/
  newsgraph reduce linked/ -o out/ --format ttl,tables --since 2025-01-01")]
pub(super) struct ReduceArgs {
    /// The folder that `link` wrote.
    #[arg(value_name = "LINKED", default_value = "linked")]
    linked: PathBuf,
    #[command(flatten)]
    graph: GraphArgs,
    #[command(flatten)]
    pipeline: PipelineArgs,
}

pub(super) fn map(args: &MapArgs, environment: &Environment) -> Result<Outcome> {
    let start = Instant::now();
    let folder = &args.output;
    if folder.exists() && !folder.is_dir() {
        return Err(Error::Usage(format!("{}: a file, expected a folder", folder.display())));
    }
    let written = folder.join(args.shard.file_name());
    // What was read so far lies in a folder of its own, since other shares write beside it; it goes once the readings
    // are written.
    let half = folder.join(format!(".{}.half", args.shard.file_name()));
    fs::create_dir_all(&half).map_err(Error::io(&half))?;
    let _lock = atomic::lock_folder(&half)?;
    atomic::sweep(&half)?;
    let shelf = half.join("readings");
    if fs::symlink_metadata(&shelf).is_ok() {
        files::open_own(&shelf)?;
    }
    let pipeline = args.input.pipeline.load(environment)?;
    args.input.pipeline.in_pool(|| {
        let (batch, outcome) = read_share(args, &half, environment)?;
        let bar = progress::bar(environment, batch.documents.len(), "documents");
        let program = build::program()?;
        let shelf = Shelf::open(&shelf, pipeline.basis(program))?;
        let mut shelf = shelf.stopped_by(Arc::clone(&environment.stop));
        if written.is_file() {
            offer(&written, program, &mut shelf)?;
        }
        let (documents, stop) = (batch.documents.iter(), &environment.stop);
        let readings = pipeline.read_all(documents, shelf, stop, &|_| bar.inc(1))?;
        inputs::check(&batch)?;
        bar.finish_and_clear();
        for id in &readings.broken {
            environment.warn(format_args!("{id}: internal error, left out; please report it"));
        }
        let notes = ShardNotes {
            skipped: batch.skipped,
            warnings: batch.warnings,
            other_languages: batch.other_languages,
            program: program.to_hex().to_string(),
        };
        let whole = half.join(args.shard.file_name());
        write_share(&whole, &pipeline, &readings, &notes)?;
        fs::rename(&whole, &written).map_err(Error::io(&written))?;
        fs::remove_dir_all(&half).map_err(Error::io(&half))?;
        environment.note(format_args!(
            "share {}: {} documents, {} of them read before, {} sentences, {:.1} s\nwritten\n  {}",
            args.shard,
            readings.shelf.len(),
            readings.n_kept,
            readings.n_sentences,
            start.elapsed().as_secs_f64(),
            written.display(),
        ));
        Ok(if readings.broken.is_empty() { outcome } else { Outcome::Partial })
    })
}

/// The articles of a share, with what the command ends with if nothing else goes wrong.
fn read_share(
    args: &MapArgs,
    folder: &Path,
    environment: &Environment,
) -> Result<(Batch, Outcome)> {
    let options = inputs::options(&args.input);
    let (spill, share) = (Arc::new(Spill::in_folder(folder)?), args.shard);
    let found = input::discover(&args.input.inputs, &options);
    let nothing = found.sources.is_empty();
    let (own, large) = share.split(found);
    let bar = progress::bar(environment, own.sources.len() + large.sources.len(), "reading");
    let mut all = Batch { skipped: own.skipped.clone(), ..Batch::default() };
    let mut lacks_a_file = all.lacks_a_file();
    for (found, is_large) in [(own, false), (large, true)] {
        let read = input::read_apart(&found, &options, &spill, &environment.stop, &|| bar.inc(1));
        for mut batch in read.ok_or(Error::Interrupted)? {
            lacks_a_file |= batch.lacks_a_file() || batch.lacks_memory;
            if is_large {
                batch.documents.retain(|document| share.has(document));
                // Every share sees them; one tells of them.
                batch.other_languages *= usize::from(share.is_first());
            }
            all.append(batch);
        }
    }
    bar.finish_and_clear();
    inputs::check(&all)?;
    inputs::report(&all, environment);
    let outcome = match (nothing, lacks_a_file) {
        (true, true) => Outcome::Failed,
        (true, false) => Outcome::NothingFound,
        (false, true) => Outcome::Partial,
        (false, false) => Outcome::Done,
    };
    Ok((all, outcome))
}

/// What the same program wrote of this share need not be read again.
fn offer(written: &Path, program: blake3::Hash, shelf: &mut Shelf) -> Result<()> {
    // Whatever is wrong with the file: it is written anew.
    let notes = shards::read_rows(written, |row| {
        let bytes = row.reading.unwrap_or_default();
        if let Some(reading) = shelf::decode(&bytes) {
            shelf.offer(shelf.key(&reading.document), &bytes)?;
        }
        Ok(())
    });
    match notes {
        Ok(notes) if notes.program == *program.to_hex() => Ok(()),
        Err(Error::Io { path, cause }) => Err(Error::Io { path, cause }),
        _ => {
            shelf.forget();
            Ok(())
        }
    }
}

fn write_share(
    path: &Path,
    pipeline: &Pipeline,
    readings: &Readings,
    notes: &ShardNotes,
) -> Result<()> {
    let basis = pipeline.expected().basis();
    let mut failed = None;
    let written = atomic::write_file(path, |out| {
        let mut writer = RowWriter::new(out)?;
        for index in 0..readings.shelf.len() {
            let (bytes, reading) = match readings.shelf.bytes(index) {
                Ok(bytes) => {
                    let reading = shelf::decode(&bytes);
                    (bytes, reading)
                }
                Err(error) => {
                    failed = Some(error);
                    return Err(io::Error::other("readings cannot be read back"));
                }
            };
            let Some(reading) = reading else { continue };
            writer.add(ReadingRow::of(&reading, bytes, &basis))?;
        }
        for id in &readings.broken {
            writer.add(ReadingRow::broken(id, &basis))?;
        }
        writer.finish(notes)
    });
    failed.map_or(written, Err)
}

pub(super) fn link(args: &LinkArgs, environment: &Environment) -> Result<Outcome> {
    let start = Instant::now();
    let folder = &args.output;
    let _lock = build::prepare(folder)?;
    if let Some(file) = &args.kb {
        // What is missing is reported before the readings are read.
        File::open(file).map_err(Error::io(file))?;
    }
    let pipeline = args.pipeline.load(environment)?;
    let corrections = match &args.corrections {
        Some(file) => Corrections::read(file)?,
        None if folder.join(corrections::FILE_NAME).is_file() => {
            Corrections::read(&folder.join(corrections::FILE_NAME))?
        }
        None => Corrections::default(),
    };
    corrections.check_classes(pipeline.ontology())?;
    args.pipeline.in_pool(|| {
        let expected = pipeline.expected();
        let bar = progress::spinner(environment, "readings");
        let gathered =
            shards::gather(&args.readings, &expected, folder, &environment.stop, &|| bar.inc(1))?;
        bar.finish_and_clear();
        let shards::Gathered { shelf, notes } = gathered;
        let kb = match &args.kb {
            Some(file) => Some(Kb::read(file, &pipeline.names(&shelf)?)?),
            None => None,
        };
        let resolution = pipeline.resolve(&shelf, &corrections, kb.as_ref())?;
        build::warn_unapplied(&resolution.unapplied, &corrections.file, environment);
        let corrections = (corrections.file.clone(), corrections.list.len());
        let notes = LinkNotes { corrections, ..notes };
        let linked = Linked { shelf, resolution, notes };
        let path = folder.join(shards::READINGS);
        atomic::write_file(&path, |out| linked.shelf.write_used(out))?;
        let path = folder.join(shards::LINKS);
        atomic::write_file(&path, |out| shards::write_links(&linked, &expected, out))?;
        environment.note(format_args!(
            "{} documents, {} entities, {:.1} s\nwritten\n  {}",
            linked.shelf.len(),
            linked.resolution.entities.len(),
            start.elapsed().as_secs_f64(),
            folder.display(),
        ));
        Ok(if linked.notes.broken.is_empty() { Outcome::Done } else { Outcome::Partial })
    })
}

pub(super) fn reduce(args: &ReduceArgs, environment: &Environment) -> Result<Outcome> {
    let start = Instant::now();
    args.graph.check()?;
    let _lock = build::prepare(&args.graph.output)?;
    let store = args.graph.store()?;
    let pipeline = args.pipeline.load(environment)?;
    let selection = args.graph.selection(pipeline.ontology())?;
    args.pipeline.in_pool(|| {
        let linked = shards::open(&args.linked, &pipeline.expected(), &environment.stop)?;
        let Linked { shelf, mut resolution, notes } = linked;
        let graph = pipeline.assemble(&shelf, &mut resolution)?;
        let graph = graph.select(&selection, pipeline.ontology());
        let lacks_a_file = notes.shares.skipped.iter().any(|it| !it.foreign && it.line.is_none());
        let partial = lacks_a_file || !notes.broken.is_empty();
        let told = Told {
            documents: shelf.len(),
            undated: notes.undated,
            other_languages: notes.shares.other_languages,
            sentences: notes.n_sentences,
            left_out: notes.shares.skipped,
            warnings: notes.shares.warnings,
            broken: notes.broken,
            n_corrections: notes.corrections.1,
            unapplied: resolution.unapplied,
        };
        args.graph.write(&pipeline, &graph, environment, told, store, (Duration::ZERO, start))?;
        Ok(if partial { Outcome::Partial } else { Outcome::Done })
    })
}
