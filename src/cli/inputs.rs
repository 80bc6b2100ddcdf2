//! Reading articles for a command, with messages about what was left out.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Context, InputArgs, Outcome, progress};
use crate::error::{Error, Result};
use crate::input::{self, Batch, Options, Verbatim};
use crate::spill::Spill;

/// How many warnings are printed without `-v`.
const SHOWN: usize = 20;

/// Reads everything that the arguments name; to be called inside a thread pool. Texts that stay
/// `verbatim` are for commands that print offsets or all words.
pub(super) fn read(args: &InputArgs, verbatim: Verbatim, context: &Context) -> Result<Batch> {
    read_with(&args.inputs, &Options { verbatim, ..options(args) }, Spill::temporary(), context)
}

/// As [`read`], so that reading takes no more than so many bytes of memory at a time. Texts wait in the
/// folder: there is more room than where the system keeps what is temporary.
pub(super) fn read_within(
    args: &InputArgs,
    memory: Option<usize>,
    folder: &Path,
    context: &Context,
) -> Result<Batch> {
    let mut options = Options { memory, ..options(args) };
    if let Some(memory) = memory {
        // Several threads hold files: as they come, as characters, without markup, normalized.
        options.max_held = memory / 16;
        options.max_whole = options.max_whole.min(options.max_held);
    }
    read_with(&args.inputs, &options, Spill::in_folder(folder)?, context)
}

fn options(args: &InputArgs) -> Options {
    Options {
        date: args.date,
        follow_links: args.follow_links,
        stdin_format: args.stdin_format,
        ..Options::default()
    }
}

/// Reads inputs that are named, with a fallback date.
pub(super) fn read_named(
    inputs: &[String],
    date: Option<jiff::civil::Date>,
    context: &Context,
) -> Result<Batch> {
    read_with(inputs, &Options { date, ..Options::default() }, Spill::temporary(), context)
}

fn read_with(
    inputs: &[String],
    options: &Options,
    spill: Spill,
    context: &Context,
) -> Result<Batch> {
    let found = input::discover(inputs, options);
    let bar = progress::bar(context, found.sources.len(), "reading");
    let spill = Arc::new(spill);
    let batches: Vec<Batch> = found
        .sources
        .par_iter()
        .map(|source| {
            if context.stopped() {
                return Batch::default();
            }
            let batch = input::read_source(source, options, &spill);
            bar.inc(1);
            batch
        })
        .collect();
    bar.finish_and_clear();
    if context.stopped() {
        return Err(Error::Interrupted);
    }
    let mut listed = Batch::default();
    listed.skipped.extend(found.skipped);
    let batch = input::unify(std::iter::once(listed).chain(batches));
    check(&batch)?;
    report(&batch, context);
    Ok(batch)
}

/// Fails if articles could not be put aside until they are read, or not be read back.
pub(super) fn check(batch: &Batch) -> Result<()> {
    batch.documents.check().map_err(Error::io("<texts put aside>"))
}

fn report(batch: &Batch, context: &Context) {
    let left_out = batch.skipped.iter().map(|skipped| format!("{skipped} (left out)"));
    let remarks = batch.warnings.iter().map(ToString::to_string);
    let total = batch.skipped.len() + batch.warnings.len();
    let shown = if context.verbose > 0 { total } else { SHOWN };
    for text in left_out.chain(remarks).take(shown) {
        context.warn(text);
    }
    if total > shown {
        context.warn(format_args!("{} more, see report.json or use -v", total - shown));
    }
}

/// What a command that read this batch ends with, if nothing else goes wrong. Lines that were left
/// out of a file are warnings, unless it was for want of memory.
pub(super) fn outcome(batch: &Batch) -> Outcome {
    match (batch.documents.is_empty(), batch.lacks_a_file() || batch.lacks_memory) {
        (true, true) => Outcome::Failed,
        (true, false) => Outcome::NothingFound,
        (false, true) => Outcome::Partial,
        (false, false) => Outcome::Done,
    }
}
