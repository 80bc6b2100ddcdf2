//! `newsgraph ontology`: the vocabulary, for people and for other tools.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Environment, Outcome};
use crate::error::Result;
use crate::export::atomic;
use crate::export::vocabulary::Vocabulary;
use crate::resource::Resources;

#[derive(Args)]
#[command(after_help = "Examples:
  newsgraph ontology -o newsgraph-ontology.html
  newsgraph ontology --format ttl > newsgraph-ontology.ttl")]
pub(super) struct OntologyArgs {
    /// html (one page, complete in itself) or ttl (one Turtle file for OWL tools).
    #[arg(long, value_name = "FORM", default_value = "html")]
    format: Form,
    /// Ontology to tell of instead of the built-in one.
    #[arg(long, value_name = "FILE")]
    ontology: Option<PathBuf>,
    /// File to write; standard output without it.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Html,
    Ttl,
}

pub(super) fn run(args: &OntologyArgs, environment: &Environment) -> Result<Outcome> {
    let resources = Resources::with_overrides(None, args.ontology.clone());
    let own = "ontology/newsgraph.ttl";
    let mut files = vec![own, "ontology/statement.ttl"];
    if args.ontology.is_none() {
        files.push("ontology/alignments.ttl");
    }
    let mut vocabulary = Vocabulary::default();
    for file in files {
        vocabulary.add(&resources.origin(file), &resources.text(file)?)?;
    }
    let write = |out: &mut dyn std::io::Write| match args.format {
        Form::Html => vocabulary.write_html(out),
        Form::Ttl => vocabulary.write_turtle(out),
    };
    if let Some(path) = &args.output {
        atomic::write_file(path, |out| write(out))?;
        environment.note(path.display());
        return Ok(Outcome::Done);
    }
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(crate::error::Error::io("<memory>"))?;
    super::print(&bytes)
}
