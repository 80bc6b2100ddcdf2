//! Reading articles for a command, with messages about what was left out.

use std::path::Path;
use std::sync::Arc;

use super::{Environment, InputArgs, Outcome, progress};
use crate::error::{Error, Result};
use crate::input::{self, Batch, InputOptions, Verbatim};
use crate::spill::Spill;

/// How many warnings are printed without `-v`.
const SHOWN: usize = 20;

/// Reads everything that the arguments name; to be called inside a thread pool. Texts that stay
/// `verbatim` are for commands that print offsets or all words.
pub(super) fn read(
    args: &InputArgs,
    verbatim: Verbatim,
    environment: &Environment,
) -> Result<Batch> {
    read_with(
        &args.inputs,
        &InputOptions { verbatim, ..options(args) },
        Spill::temporary(),
        environment,
    )
}

/// As [`read`], so that reading takes no more than so many bytes of memory at a time. Texts wait in the
/// folder: there is more room than where the system keeps what is temporary.
pub(super) fn read_within(
    args: &InputArgs,
    memory: Option<usize>,
    folder: &Path,
    environment: &Environment,
) -> Result<Batch> {
    let mut options = InputOptions { memory, ..options(args) };
    if let Some(memory) = memory {
        // Several threads hold files: as they come, as characters, without markup, normalized.
        options.max_held = memory / 16;
        options.max_whole = options.max_whole.min(options.max_held);
    }
    read_with(&args.inputs, &options, Spill::in_folder(folder)?, environment)
}

pub(super) fn options(args: &InputArgs) -> InputOptions {
    InputOptions {
        date: args.date,
        follow_links: args.follow_links,
        stdin_format: args.stdin_format,
        any_language: args.any_language,
        ..InputOptions::default()
    }
}

/// Reads inputs that are named, with a fallback date.
pub(super) fn read_named(
    inputs: &[String],
    date: Option<jiff::civil::Date>,
    environment: &Environment,
) -> Result<Batch> {
    read_with(
        inputs,
        &InputOptions { date, ..InputOptions::default() },
        Spill::temporary(),
        environment,
    )
}

fn read_with(
    inputs: &[String],
    options: &InputOptions,
    spill: Spill,
    environment: &Environment,
) -> Result<Batch> {
    let found = input::discover(inputs, options);
    let bar = progress::bar(environment, found.sources.len(), "reading");
    let (spill, stop) = (Arc::new(spill), &environment.stop);
    let batch = input::read_found(found, options, &spill, stop, &|| bar.inc(1));
    bar.finish_and_clear();
    let batch = batch.ok_or(Error::Interrupted)?;
    check(&batch)?;
    report(&batch, environment);
    Ok(batch)
}

/// Fails if articles could not be put aside until they are read, or not be read back.
pub(super) fn check(batch: &Batch) -> Result<()> {
    batch.documents.check().map_err(Error::io("<texts put aside>"))
}

pub(super) fn report(batch: &Batch, environment: &Environment) {
    let left_out = batch.skipped.iter().map(|skipped| format!("{skipped} (left out)"));
    let remarks = batch.warnings.iter().map(ToString::to_string);
    let total = batch.skipped.len() + batch.warnings.len();
    let shown = if environment.verbose > 0 { total } else { SHOWN };
    for text in left_out.chain(remarks).take(shown) {
        environment.warn(text);
    }
    if total > shown {
        environment.warn(format_args!("{} more, see report.json or use -v", total - shown));
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
