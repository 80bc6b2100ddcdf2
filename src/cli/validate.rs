//! `newsgraph validate`: does a graph keep to the published contract?

use std::path::PathBuf;

use clap::Args;

use super::{Environment, Outcome, terminal};
use crate::error::{Error, Result};
use crate::resource::Resources;
use crate::store::shapes::Shapes;
use crate::store::{GraphSource, Store};

/// Faults that are printed; a broken writer breaks every statement.
const SHOWN: usize = 1_000;

#[derive(Args)]
#[command(after_help = "Examples:
  newsgraph validate out/graph.ttl
  newsgraph validate graph.nq --shapes mine.ttl

One line a fault: what, where, which constraint, why. Exit code 0 if there is none, 1 if there are
some.")]
pub(super) struct ValidateArgs {
    /// The graph: .ttl, .nt, .nq, .trig, .rdf or .jsonld, or the folder that it lies in.
    #[arg(value_name = "GRAPH", default_value = "out/graph.ttl")]
    data: PathBuf,
    /// Shapes to use instead of ontology/shapes.ttl; a part of SHACL is understood.
    #[arg(long, value_name = "FILE")]
    shapes: Option<PathBuf>,
}

pub(super) fn run(args: &ValidateArgs, environment: &Environment) -> Result<Outcome> {
    const OWN: &str = "ontology/shapes.ttl";
    let shapes = match &args.shapes {
        Some(path) => Store::from_file(path)?,
        None => Store::from_turtle_text(OWN, &Resources::embedded().text(OWN)?)?,
    };
    let shapes = Shapes::read(&shapes)?;
    if !args.data.exists() {
        return Err(Error::Usage(format!("{}: no such file", args.data.display())));
    }
    let store = GraphSource::new(None, &args.data)?.open()?;
    let faults = shapes.check(&store);
    let mut out = String::new();
    for fault in faults.iter().take(SHOWN) {
        let path = if fault.path.is_empty() { "(itself)" } else { &fault.path };
        let (focus, constraint, cause) = (&fault.focus, &fault.constraint, &fault.cause);
        let [focus, path, constraint, cause] =
            [focus, path, constraint, cause].map(terminal::value);
        out.push_str(&format!("{focus}\t{path}\t{constraint}\t{cause}\n"));
    }
    if faults.len() > SHOWN {
        environment.note(format_args!("… and {} more", faults.len() - SHOWN));
    }
    let (data, triples) = (args.data.display(), store.len()?);
    if faults.is_empty() {
        environment.note(format_args!("{data}: valid, {triples} triples"));
        return Ok(Outcome::Done);
    }
    environment.note(format_args!("{data}: {} faults in {triples} triples", faults.len()));
    super::print(out.as_bytes())?;
    Ok(Outcome::NothingFound)
}
