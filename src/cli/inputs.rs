//! Reading articles for a command, with messages about what was left out.

use rayon::prelude::*;

use super::{Context, InputArgs, Outcome, progress};
use crate::error::{Error, Result};
use crate::input::{self, Batch, Options, Verbatim};

/// How many warnings are printed without `-v`.
const SHOWN: usize = 20;

/// Reads everything that the arguments name; to be called inside a thread pool. Texts that stay
/// `verbatim` are for commands that print offsets or all words.
pub(super) fn read(args: &InputArgs, verbatim: Verbatim, context: &Context) -> Result<Batch> {
    let options = Options {
        date: args.date,
        follow_links: args.follow_links,
        stdin_format: args.stdin_format,
        verbatim,
        ..Options::default()
    };
    read_with(&args.inputs, &options, context)
}

/// Reads inputs that are named, with a fallback date.
pub(super) fn read_named(
    inputs: &[String],
    date: Option<jiff::civil::Date>,
    context: &Context,
) -> Result<Batch> {
    read_with(inputs, &Options { date, ..Options::default() }, context)
}

fn read_with(inputs: &[String], options: &Options, context: &Context) -> Result<Batch> {
    let found = input::discover(inputs, options);
    let bar = progress::bar(context, found.sources.len(), "reading");
    let batches: Vec<Batch> = found
        .sources
        .par_iter()
        .map(|source| {
            if context.stopped() {
                return Batch::default();
            }
            let batch = input::read_source(source, options);
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
    report(&batch, context);
    Ok(batch)
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
/// out of a file are warnings.
pub(super) fn outcome(batch: &Batch) -> Outcome {
    match (batch.documents.is_empty(), batch.lacks_a_file()) {
        (true, true) => Outcome::Failed,
        (true, false) => Outcome::NothingFound,
        (false, true) => Outcome::Partial,
        (false, false) => Outcome::Done,
    }
}
