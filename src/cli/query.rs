//! `newsgraph query` and `explain`: questions about a graph that was built.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use oxigraph::model::Term;

use super::{Environment, Outcome, terminal};
use crate::error::{Error, Result};
use crate::files;
use crate::resource::Resources;
use crate::store::named::{self, NamedQuery};
use crate::store::{GraphSource, Limits, ResultFormat, Results, Store};

#[derive(Args)]
pub(super) struct DataArgs {
    /// The graph: .ttl, .nt, .nq, .trig, .rdf or .jsonld, or the folder that it lies in.
    #[arg(short, long, value_name = "FILE|DIR", default_value = "out/graph.ttl")]
    data: PathBuf,
    /// A graph that a build stored on disk, instead.
    #[arg(long, value_name = "DIR", conflicts_with = "data")]
    store: Option<PathBuf>,
    /// Seconds after which a query is given up.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    /// Rows after which the rest is left out.
    #[arg(long, value_name = "ROWS", default_value_t = 100_000)]
    max_rows: usize,
}

impl DataArgs {
    /// The folder that the graph lies in.
    pub(super) fn folder(&self) -> &Path {
        match &self.store {
            None if self.data.is_dir() => &self.data,
            stored => {
                let place = stored.as_ref().unwrap_or(&self.data);
                place.parent().unwrap_or(Path::new(""))
            }
        }
    }

    pub(super) fn load(&self) -> Result<Store> {
        self.load_from(None)
    }

    /// As [`DataArgs::load`], from a place that was named without an option.
    pub(super) fn load_from(&self, place: Option<&Path>) -> Result<Store> {
        let place = place.unwrap_or(&self.data);
        let opened = GraphSource::new(self.store.as_deref(), place).and_then(|it| it.open());
        opened.map_err(|error| match error {
            Error::Io { path, cause } if cause.kind() == io::ErrorKind::NotFound => {
                Error::Usage(format!(
                    "{}: no such file; build a graph first, or name one with --data",
                    path.display()
                ))
            }
            other => other,
        })
    }

    pub(super) fn limits(&self) -> Limits {
        let time = Duration::from_secs(self.timeout);
        Limits { time, rows: self.max_rows, ..Limits::default() }
    }
}

#[derive(Args)]
#[command(after_help = "Examples:
  newsgraph query --list
  newsgraph query --name who-met-whom
  newsgraph query --name what-did-X-say --param who='Ines Carvalho'
  newsgraph query 'SELECT ?who ?what { ?s rdf:subject/rdfs:label ?who ; ng:phrase ?what }' --format csv
  newsgraph query graph/ --name who-met-whom        about the graph in a folder
  newsgraph query --file question.rq --data graph/graph.ttl

The prefixes ng:, e:, open:, rdf:, rdfs:, prov:, schema:, skos:, nif:, xsd: need not be declared.")]
pub(super) struct QueryArgs {
    /// The graph to ask, a file or folder, if it is not out/graph.ttl; and a SPARQL query, - reads it from
    /// standard input.
    #[arg(value_name = "GRAPH|SPARQL", num_args = 0..=2, conflicts_with = "list")]
    words: Vec<String>,
    /// A ready question (see --list).
    #[arg(short, long, value_name = "NAME", conflicts_with = "file")]
    name: Option<String>,
    /// What a ready question asks for: who=...
    #[arg(short, long, value_name = "KEY=VALUE", value_parser = parse_param)]
    param: Vec<(String, String)>,
    /// A file with a SPARQL query.
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// List the ready questions.
    #[arg(short, long)]
    list: bool,
    #[command(flatten)]
    data: DataArgs,
    /// table, csv, tsv, json, xml, or for graphs ttl, nt, rdf, jsonld; a table on a terminal, else
    /// csv.
    #[arg(long, value_name = "FORMAT")]
    format: Option<ResultFormat>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  newsgraph explain \"Ines Carvalho\"
  newsgraph explain st:3f9a1c22d0e14b57      a statement by its id, or the beginning of it")]
pub(super) struct ExplainArgs {
    /// A name, alias or id of an entity, or the id of a statement.
    #[arg(value_name = "ENTITY|STATEMENT")]
    what: String,
    #[command(flatten)]
    data: DataArgs,
}

fn parse_param(text: &str) -> std::result::Result<(String, String), String> {
    let (key, value) =
        text.split_once('=').ok_or_else(|| format!("{text:?}: expected KEY=VALUE"))?;
    Ok((key.to_owned(), value.to_owned()))
}

impl QueryArgs {
    /// The place of the graph and the query, of what was given without an option.
    fn words(&self) -> Result<(Option<&Path>, Option<&str>)> {
        match &self.words[..] {
            [] => Ok((None, None)),
            [place, query] => Ok((Some(Path::new(place)), Some(query))),
            // No query of SPARQL is the path of something.
            [place] if Path::new(place).exists() => Ok((Some(Path::new(place)), None)),
            [query, ..] => Ok((None, Some(query))),
        }
    }
}

pub(super) fn query(args: &QueryArgs, environment: &Environment) -> Result<Outcome> {
    let resources = Resources::embedded();
    if args.list {
        return list(&named::all(&resources)?);
    }
    let (place, sparql) = args.words()?;
    let sparql = match (sparql, &args.name, &args.file) {
        (None, Some(name), _) => named::find(&resources, name)?.text(&args.param)?,
        (Some("-"), None, None) => files::text_from(io::stdin(), Path::new("<stdin>"))?,
        (Some(text), None, None) => text.to_owned(),
        (Some(_), ..) => {
            let cause = "one question at a time: a SPARQL query, --name or --file";
            return Err(Error::Usage(cause.into()));
        }
        (.., Some(file)) => files::text(file)?,
        _ => {
            let cause = "nothing to ask: give a SPARQL query, --name, --file or --list";
            return Err(Error::Usage(cause.into()));
        }
    };
    let results = args.data.load_from(place)?.query(&sparql, args.data.limits())?;
    let terminal = io::stdout().is_terminal();
    let format = args.format.unwrap_or(match (&results, terminal) {
        (Results::Graph { .. }, _) => ResultFormat::Turtle,
        (_, true) => ResultFormat::Table,
        (_, false) => ResultFormat::Csv,
    });
    let width = terminal.then(terminal_width).flatten();
    let mut out = BufWriter::new(terminal::stdout());
    results.write(format, width, &mut out).and_then(|()| out.flush()).map_err(
        |error| match error.kind() {
            io::ErrorKind::InvalidInput => Error::Usage(error.to_string()),
            _ => Error::io("<stdout>")(error),
        },
    )?;
    if !results.is_complete() {
        environment.warn(format_args!("only the first {} rows are shown", results.len()));
    }
    Ok(if results.is_empty() { Outcome::NothingFound } else { Outcome::Done })
}

/// Columns of the terminal, as the shell gives them.
fn terminal_width() -> Option<u16> {
    let (_, width) = console::Term::stdout().size_checked()?;
    Some(width)
}

fn list(queries: &[NamedQuery]) -> Result<Outcome> {
    let mut text = String::new();
    for query in queries {
        text.push_str(&format!("{}\n    {}\n", query.name, query.title));
        for param in &query.params {
            let default = match &param.default {
                Some(value) => format!("default {value}"),
                None => "must be given".to_owned(),
            };
            text.push_str(&format!("    --param {}=...  ({default})\n", param.name));
        }
    }
    super::print(text.as_bytes())
}

/// Entities whose name, alias or id is the words, else those whose name holds them.
const ENTITIES: &str = r#"
SELECT DISTINCT ?entity ?label ?class {
    ?entity ng:named ?named ; rdfs:label ?label ; a ?type .
    ?type rdfs:label ?class .
    ?entity rdfs:label|skos:altLabel ?name .
    FILTER(LCASE(STR(?name)) = LCASE({needle}) || STR(?entity) = CONCAT("https://w3id.org/newsgraph/entity/", {needle}))
} ORDER BY ?entity LIMIT 20
"#;

const SIMILAR: &str = r#"
SELECT DISTINCT ?entity ?label ?class {
    ?entity ng:named true ; rdfs:label ?label ; a ?type .
    ?type rdfs:label ?class .
    ?entity rdfs:label|skos:altLabel ?name .
    FILTER(CONTAINS(LCASE(STR(?name)), LCASE({needle})))
} ORDER BY ?entity LIMIT 20
"#;

const NAMES: &str = r#"
SELECT ?kind ?value {
    { <{iri}> skos:altLabel ?value BIND("also called" AS ?kind) }
    UNION { <{iri}> ng:description ?value BIND("described as" AS ?kind) }
    UNION { <{iri}> ng:mentions ?value BIND("mentions" AS ?kind) }
    UNION { <{iri}> <http://www.w3.org/2002/07/owl#sameAs> ?value BIND("the same as" AS ?kind) }
} ORDER BY ?kind ?value
"#;

/// Why the names of an entity were joined, and what it was kept apart from; least sure last.
const COMPARISONS: &str = r#"
SELECT ?outcome ?leftName ?rightName ?ground ?score ?times ?other ?leftDocument ?rightDocument
       (GROUP_CONCAT(?remark; SEPARATOR=", ") AS ?remarks) {
    { ?comparison ng:leftEntity <{iri}> ; ng:rightEntity ?otherIri } UNION
    { ?comparison ng:rightEntity <{iri}> ; ng:leftEntity ?otherIri FILTER(?otherIri != <{iri}>) }
    ?comparison ng:outcome ?outcome ; ng:leftName ?leftName ; ng:rightName ?rightName ;
        ng:ground ?ground ; ng:score ?score ; ng:times ?times ;
        ng:leftDocument/schema:identifier ?leftDocument ;
        ng:rightDocument/schema:identifier ?rightDocument .
    ?otherIri rdfs:label ?other .
    OPTIONAL { ?comparison ng:remark ?remark }
} GROUP BY ?comparison ?outcome ?leftName ?rightName ?ground ?score ?times ?other ?leftDocument ?rightDocument
ORDER BY DESC(?outcome) DESC(?score) ?leftName ?rightName ?leftDocument ?rightDocument LIMIT 100
"#;

/// What must be there stands before what may: after an OPTIONAL, all spans would be walked.
const STATEMENTS: &str = r#"
SELECT ?statement ?subject ?phrase ?object ?time ?polarity ?factuality ?source ?rule ?confidence ?sentence ?document {
    {filter}
    ?statement rdf:subject/rdfs:label ?subject ; ng:phrase ?phrase ;
        ng:polarity ?polarity ; ng:factuality ?factuality ; ng:rule ?rule ; ng:confidence ?confidence ;
        prov:wasDerivedFrom ?span .
    ?span nif:sentence/nif:anchorOf ?sentence ; nif:referenceContext/schema:identifier ?document .
    OPTIONAL { ?statement rdf:object ?o OPTIONAL { ?o rdfs:label ?oLabel } }
    BIND(COALESCE(?oLabel, STR(?o)) AS ?object)
    OPTIONAL { ?statement ng:time ?time }
    OPTIONAL { ?statement prov:wasAttributedTo/rdfs:label ?source }
} ORDER BY ?document ?sentence ?subject ?phrase ?object LIMIT 500
"#;

/// The rows of a SELECT as text, what is not bound as nothing.
pub(super) fn rows(store: &Store, sparql: &str, limits: Limits) -> Result<Vec<Vec<String>>> {
    match store.query(sparql, limits)? {
        Results::Rows { rows, .. } => Ok(rows
            .into_iter()
            .map(|row| row.into_iter().map(|term| term.map_or(String::new(), plain)).collect())
            .collect()),
        _ => Ok(Vec::new()),
    }
}

pub(super) fn explain(args: &ExplainArgs, environment: &Environment) -> Result<Outcome> {
    let store = args.data.load()?;
    let ask = |sparql: &str| rows(&store, sparql, args.data.limits());
    let shown = |sparql: &str| -> Result<Vec<Vec<String>>> {
        let value = |cell: String| terminal::value(&cell);
        Ok(ask(sparql)?.into_iter().map(|row| row.into_iter().map(value).collect()).collect())
    };
    let id = args.what.trim().trim_start_matches("st:");
    let mut out = String::new();
    if id.len() >= 4 && id.chars().all(|c| c.is_ascii_hexdigit()) {
        let prefix = format!("https://w3id.org/newsgraph/statement/{id}");
        let filter =
            format!("?statement a ng:Statement . FILTER(STRSTARTS(STR(?statement), \"{prefix}\"))");
        let rows = shown(&STATEMENTS.replace("{filter}", &filter))?;
        if !rows.is_empty() {
            tell(&rows, &mut out);
            return print_styled(&out);
        }
    }
    let needle = literal(args.what.trim().trim_start_matches("e:"));
    let mut entities = ask(&ENTITIES.replace("{needle}", &needle))?;
    let exact = !entities.is_empty();
    if !exact {
        entities = ask(&SIMILAR.replace("{needle}", &needle))?;
    }
    entities.dedup_by(|a, b| a[0] == b[0]);
    if entities.is_empty() {
        environment.note(format_args!("nothing is called {:?}", args.what));
        return Ok(Outcome::NothingFound);
    }
    if !exact && entities.len() > 1 {
        environment.note(format_args!("nothing is called {:?}, but there are:", args.what));
        for entity in &entities {
            let [label, class] = [&entity[1], &entity[2]].map(|it| terminal::value(it));
            out.push_str(&format!("{label}  ({class})\n"));
        }
        return print_styled(&out);
    }
    let bold = anstyle::Style::new().bold();
    for entity in &entities {
        let [label, class] = [&entity[1], &entity[2]].map(|it| terminal::value(it));
        out.push_str(&format!("{bold}{label}{bold:#}  {class}\n"));
        for name in shown(&NAMES.replace("{iri}", &entity[0]))? {
            out.push_str(&format!("  {}: {}\n", name[0], name[1]));
        }
        tell_comparisons(&shown(&COMPARISONS.replace("{iri}", &entity[0]))?, &mut out);
        let filter = format!(
            "?statement rdf:subject|ng:subjectMember|rdf:object|ng:objectMember <{}> .",
            entity[0]
        );
        tell(&shown(&STATEMENTS.replace("{filter}", &filter))?, &mut out);
        out.push('\n');
    }
    print_styled(&out)
}

/// Writes to standard output, with styles where `--color` and the reader of the output want them.
fn print_styled(text: &str) -> Result<Outcome> {
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Error::io("<stdout>"))?;
    Ok(Outcome::Done)
}

/// The value of a term: no quotation marks, no angle brackets.
pub(super) fn plain(term: Term) -> String {
    match term {
        Term::NamedNode(node) => node.into_string(),
        Term::Literal(literal) => literal.value().to_owned(),
        Term::BlankNode(node) => node.to_string(),
        Term::Triple(triple) => triple.to_string(),
    }
}

/// A string literal of SPARQL; nothing of the user's text is query.
fn literal(text: &str) -> String {
    oxigraph::model::Literal::new_simple_literal(text).to_string()
}

/// Names that were joined and names that were not, each with its reason and score.
fn tell_comparisons(rows: &[Vec<String>], out: &mut String) {
    let dim = anstyle::Style::new().dimmed();
    for row in rows {
        let [outcome, left, right, ground, score, times, other, left_doc, right_doc, remarks] =
            &row[..]
        else {
            continue;
        };
        let verb = if outcome == "joined" { "joined" } else { "kept apart" };
        let remarks = if remarks.is_empty() { String::new() } else { format!("; {remarks}") };
        let times = if times == "1" { String::new() } else { format!(", {times} times") };
        let other = if outcome == "joined" { String::new() } else { format!(" from {other}") };
        out.push_str(&format!(
            "  {verb}{other}: “{left}” – “{right}”: {ground}{remarks} ({score}{times})  \
             {dim}{left_doc}, {right_doc}{dim:#}\n"
        ));
    }
}

/// Statements under their sentences.
fn tell(rows: &[Vec<String>], out: &mut String) {
    let dim = anstyle::Style::new().dimmed();
    let mut sentence = "";
    let mut told = "";
    for row in rows {
        let [
            statement,
            subject,
            phrase,
            object,
            time,
            polarity,
            factuality,
            source,
            rule,
            confidence,
            text,
            document,
        ] = &row[..]
        else {
            continue;
        };
        if text != sentence {
            out.push_str(&format!("\n  “{text}”  {dim}{document}{dim:#}\n"));
            sentence = text;
        }
        if statement == told {
            continue;
        }
        told = statement;
        let negation = if polarity == "negative" { "not " } else { "" };
        let mut details = vec![factuality.clone()];
        if !source.is_empty() {
            details.push(format!("source {source}"));
        }
        if !time.is_empty() {
            details.push(time.clone());
        }
        details.push(format!("rule {rule}"));
        details.push(confidence.clone());
        let id = statement.rsplit('/').next().unwrap_or_default();
        // "the ferry sank" has no object.
        let whom = if object.is_empty() { String::new() } else { format!(" – {object}") };
        out.push_str(&format!(
            "    {subject} – {negation}{phrase}{whom}  {dim}({}) st:{id}{dim:#}\n",
            details.join(", ")
        ));
    }
}
