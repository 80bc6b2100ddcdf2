//! `newsgraph serve`: the explorer and a SPARQL endpoint.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Command;

use clap::Args;

use super::{Environment, Outcome};
use crate::error::{Error, Result};
use crate::serve::{ServeOptions, Server};
use crate::store::GraphSource;

#[derive(Args)]
#[command(after_help = "Examples:
  newsgraph serve                               then open http://localhost:7878/
  newsgraph serve graph/graph.nt --port 8080
  newsgraph serve --store archive.store
  curl http://localhost:7878/sparql --data-urlencode 'query=SELECT * { ?s ng:metWith ?o } LIMIT 5'

The graph cannot be changed, and queries reach nothing outside of it. Answers that a limit cut short
have the header Newsgraph-Complete: false.")]
pub(super) struct ServeArgs {
    /// The graph: .ttl, .nt, .nq, .trig, .rdf or .jsonld, or the folder that it lies in.
    #[arg(value_name = "GRAPH", default_value = "out/graph.ttl")]
    data: PathBuf,
    /// A graph that a build stored on disk, instead: served at once, however large.
    #[arg(long, value_name = "DIR", conflicts_with = "data")]
    store: Option<PathBuf>,
    /// Port to listen on; 0 for any that is free.
    #[arg(short, long, default_value_t = 7878)]
    port: u16,
    /// Address to listen on. Any but 127.0.0.1 lets other machines ask.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Origin whose pages may read the answers: https://example.org
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Option<String>,
    /// Queries at a time.
    #[arg(short, long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    workers: u16,
    /// Seconds after which a query is given up.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    timeout: u32,
    /// Rows after which the rest is left out.
    #[arg(long, value_name = "ROWS", default_value_t = 100_000)]
    max_rows: usize,
    /// Megabytes of memory for a query.
    #[arg(long, value_name = "MB", default_value_t = 768, value_parser = clap::value_parser!(u32).range(16..))]
    max_memory: u32,
}

pub(super) fn run(args: &ServeArgs, environment: &Environment) -> Result<Outcome> {
    if args.store.is_none() && !args.data.exists() {
        let cause = "no such file; build a graph first, or name one";
        return Err(Error::Usage(format!("{}: {cause}", args.data.display())));
    }
    if !args.bind.is_loopback() {
        let bind = args.bind;
        environment
            .warn(format_args!("--bind {bind}: whoever reaches this machine can ask the graph"));
    }
    let options = ServeOptions {
        source: GraphSource::new(args.store.as_deref(), &args.data)?,
        address: SocketAddr::new(args.bind, args.port),
        origin: args.allow_origin.as_deref().map(|it| it.trim_end_matches('/').to_owned()),
        evaluators: usize::from(args.workers),
        seconds: f64::from(args.timeout),
        rows: args.max_rows,
        memory: u64::from(args.max_memory) << 20,
    };
    let program = std::env::current_exe().map_err(Error::io("<this program>"))?;
    let mut evaluators = Command::new(program);
    evaluators.arg("serve-worker");
    let server = Server::start(&options, evaluators).map_err(|error| match error {
        Error::Io { path, cause } if cause.kind() == io::ErrorKind::AddrInUse => {
            let hint = "another program listens there; --port names another port";
            Error::Usage(format!("{}: {hint}", path.display()))
        }
        other => other,
    })?;
    let (address, triples) = (server.address(), server.triples());
    environment.note(format_args!("{triples} triples; open http://{address}/ – Ctrl-C stops"));
    server.run(&environment.stop)?;
    Ok(Outcome::Done)
}
