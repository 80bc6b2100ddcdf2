//! `newsgraph train`: treebanks in, a model file out.

use std::path::PathBuf;

use clap::Args;

use super::{Context, Outcome};
use crate::error::Result;
use crate::language::{TrainOptions, train as train_model};

#[derive(Args)]
#[command(after_help = "Example:
  newsgraph train --out models/en.bin --treebank ewt-train.conllu gum-train.conllu \\
      --names gmb-train.bio wikigold-train.bio")]
pub(super) struct TrainArgs {
    /// The model file to write.
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// CoNLL-U files to learn tags, lemmas and trees from.
    #[arg(long, value_name = "CONLLU", num_args = 1.., required = true)]
    treebank: Vec<PathBuf>,
    /// Files with a token and BIO tag a line, or JSON documents with mentions, to learn names from.
    #[arg(long, value_name = "BIO", num_args = 0..)]
    names: Vec<PathBuf>,
    /// Up to five tables of known names (ontology/gazetteer), whose words become features.
    #[arg(long, value_name = "TSV", num_args = 0..)]
    gazetteer: Vec<PathBuf>,
}

pub(super) fn train(args: &TrainArgs, context: &Context) -> Result<Outcome> {
    let mut options =
        TrainOptions::new(args.treebank.clone(), args.names.clone(), args.out.clone());
    options.gazetteer.clone_from(&args.gazetteer);
    train_model(&options, &|text| context.note(text))?;
    Ok(Outcome::Done)
}
