//! `newsgraph review`: the least sure decisions on who is who, to be confirmed or undone.
//!
//! On a terminal it asks one after the other and writes the answers to the corrections file, which
//! the next build follows; otherwise it lists.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use oxigraph::model::Term;
use serde::Serialize;

use super::query::{DataArgs, plain};
use super::{Environment, Outcome, terminal};
use crate::error::{Error, Result};
use crate::export::atomic;
use crate::files;
use crate::resource::corrections::{self, Change, Corrections, Reference};
use crate::store::Results;

#[derive(Args)]
#[command(after_help = "Examples:
  newsgraph review                       asks, and writes out/newsgraph.corrections.toml
  newsgraph review --list --limit 50
  newsgraph review --format json > doubts.jsonl

Build again to see the graph with the decisions.")]
pub(super) struct ReviewArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Where decisions are written; without it newsgraph.corrections.toml beside the graph.
    #[arg(long, value_name = "FILE")]
    corrections: Option<PathBuf>,
    /// List instead of asking.
    #[arg(short, long)]
    list: bool,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Form of the list; json is one object a line.
    #[arg(long, value_enum)]
    format: Option<ListFormat>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    Text,
    Json,
}

/// Two names, and whether they were taken for one thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Doubt {
    outcome: String,
    score: f64,
    ground: String,
    remarks: Vec<String>,
    times: u64,
    left: Side,
    right: Side,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Side {
    id: String,
    label: String,
    name: String,
    document: String,
    sentence: Option<String>,
}

const DOUBTS: &str = r#"
SELECT ?outcome ?score ?ground ?times
       ?left ?leftLabel ?leftName ?leftDocument ?leftSentence
       ?right ?rightLabel ?rightName ?rightDocument ?rightSentence
       (GROUP_CONCAT(?remark; SEPARATOR="|") AS ?remarks) {
    ?comparison ng:outcome ?outcome ; ng:score ?score ; ng:ground ?ground ; ng:times ?times ;
        ng:leftEntity ?left ; ng:leftName ?leftName ; ng:leftDocument/schema:identifier ?leftDocument ;
        ng:rightEntity ?right ; ng:rightName ?rightName ; ng:rightDocument/schema:identifier ?rightDocument .
    FILTER(?outcome = "apart" || ?score < 0.9)
    ?left rdfs:label ?leftLabel . ?right rdfs:label ?rightLabel .
    OPTIONAL { ?comparison ng:remark ?remark }
    OPTIONAL { ?comparison ng:leftSentence/nif:anchorOf ?leftSentence }
    OPTIONAL { ?comparison ng:rightSentence/nif:anchorOf ?rightSentence }
} GROUP BY ?comparison ?outcome ?score ?ground ?times
       ?left ?leftLabel ?leftName ?leftDocument ?leftSentence
       ?right ?rightLabel ?rightName ?rightDocument ?rightSentence
"#;

pub(super) fn run(args: &ReviewArgs, environment: &Environment) -> Result<Outcome> {
    let file = match &args.corrections {
        Some(file) => file.clone(),
        None => args.data.folder().join(corrections::FILE_NAME),
    };
    let decided = if file.is_file() { Corrections::read(&file)? } else { Corrections::default() };
    let mut doubts = doubts(args)?;
    doubts.retain(|doubt| !is_decided(doubt, &decided));
    doubts.truncate(args.limit);
    if doubts.is_empty() {
        environment.note("nothing to review");
        return Ok(Outcome::NothingFound);
    }
    let terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    if terminal && !args.list && args.format.is_none() {
        let answers = ask(&doubts, &mut io::stdin().lock(), &mut anstream::stdout())
            .map_err(Error::io("<stdin>"))?;
        if !answers.is_empty() {
            write(&file, &answers)?;
            environment.note(format_args!(
                "{} decisions written to {}; build again to follow them",
                answers.len(),
                file.display()
            ));
        }
        return Ok(Outcome::Done);
    }
    let mut out = String::new();
    for (number, doubt) in (1..).zip(&doubts) {
        match args.format {
            Some(ListFormat::Json) => {
                let line = serde_json::to_string(doubt).map_err(io::Error::from);
                out.push_str(&line.map_err(Error::io("<stdout>"))?);
                out.push('\n');
            }
            _ => out.push_str(&tell(number, doubt)),
        }
    }
    super::print(out.as_bytes())
}

/// All comparisons that are not sure, the most doubtful first.
fn doubts(args: &ReviewArgs) -> Result<Vec<Doubt>> {
    let Results::Rows { rows, .. } = args.data.load()?.query(DOUBTS, args.data.limits())? else {
        return Ok(Vec::new());
    };
    let mut doubts: Vec<Doubt> = rows.into_iter().filter_map(doubt).collect();
    let open = |doubt: &Doubt| match doubt.outcome.as_str() {
        "joined" => 1.0 - doubt.score,
        _ => doubt.score,
    };
    doubts.sort_by(|a, b| {
        let place = |doubt: &Doubt| {
            let side = |side: &Side| (side.name.clone(), side.document.clone(), side.id.clone());
            (side(&doubt.left), side(&doubt.right), doubt.ground.clone())
        };
        open(b).total_cmp(&open(a)).then_with(|| place(a).cmp(&place(b)))
    });
    Ok(doubts)
}

fn doubt(row: Vec<Option<Term>>) -> Option<Doubt> {
    let cells: Vec<Option<String>> = row.into_iter().map(|term| term.map(plain)).collect();
    let text = |at: usize| cells.get(at).cloned().flatten();
    let side = |at: usize| {
        Some(Side {
            id: format!("e:{}", text(at)?.rsplit('/').next()?),
            label: text(at + 1)?,
            name: text(at + 2)?,
            document: text(at + 3)?,
            sentence: text(at + 4),
        })
    };
    let remarks = text(14).unwrap_or_default();
    let remarks = remarks.split('|').filter(|remark| !remark.is_empty());
    let mut remarks: Vec<String> = remarks.map(str::to_owned).collect();
    remarks.sort();
    Some(Doubt {
        outcome: text(0)?,
        score: text(1)?.parse().ok()?,
        ground: text(2)?,
        remarks,
        times: text(3)?.parse().ok()?,
        left: side(4)?,
        right: side(9)?,
    })
}

fn reference(side: &Side) -> Reference {
    Reference { name: side.name.clone(), document: Some(side.document.clone()) }
}

/// True if the file says already what both are.
fn is_decided(doubt: &Doubt, decided: &Corrections) -> bool {
    let (left, right) = (reference(&doubt.left), reference(&doubt.right));
    decided.list.iter().any(|correction| match &correction.change {
        Change::Merge(entities) | Change::NotSame(entities) => {
            entities.contains(&left) && entities.contains(&right)
        }
        _ => false,
    })
}

fn tell(number: usize, doubt: &Doubt) -> String {
    let Doubt { left, right, ground, remarks, .. } = doubt;
    let outcome = if doubt.outcome == "joined" { "joined" } else { "kept apart" };
    let times = if doubt.times == 1 { String::new() } else { format!(", {} times", doubt.times) };
    let remarks: String = remarks.iter().map(|remark| format!("; {remark}")).collect();
    let why = terminal::value(&format!("{ground}{remarks}"));
    let mut text = format!("{number}. {outcome} ({}{times}): {why}\n", doubt.score);
    for side in [left, right] {
        let Side { id, label, name, document, sentence } = side;
        let sentence = terminal::value(sentence.as_deref().unwrap_or("…"));
        let [id, label, name, document] = [id, label, name, document].map(|it| terminal::value(it));
        text.push_str(&format!("   {name}  [{label}, {id}]\n      “{sentence}”  {document}\n"));
    }
    text
}

/// Asks whether the two of each doubt are one; stops at `q` or the end of the answers.
fn ask(
    doubts: &[Doubt],
    input: &mut impl BufRead,
    out: &mut impl Write,
) -> io::Result<Vec<(bool, Doubt)>> {
    let mut answers = Vec::new();
    for (number, doubt) in (1..).zip(doubts) {
        write!(out, "\n{}", tell(number, doubt))?;
        loop {
            write!(out, "   one and the same? [y]es, [n]o, [s]kip, [q]uit: ")?;
            out.flush()?;
            let mut line = String::new();
            if input.read_line(&mut line)? == 0 {
                return Ok(answers);
            }
            match line.trim().to_lowercase().as_str() {
                "y" | "yes" => answers.push((true, doubt.clone())),
                "n" | "no" => answers.push((false, doubt.clone())),
                "s" | "skip" | "" => {}
                "q" | "quit" => return Ok(answers),
                _ => continue,
            }
            break;
        }
    }
    Ok(answers)
}

/// Adds the answers to the end of the file, which stays as it was.
fn write(file: &Path, answers: &[(bool, Doubt)]) -> Result<()> {
    let mut text = match files::text(file) {
        Err(Error::Io { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => String::new(),
        read => read?,
    };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    for (same, doubt) in answers {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(if *same {
            "[[merge]]\nentities = [\n"
        } else {
            "[[not-same]]\nentities = [\n"
        });
        for side in [&doubt.left, &doubt.right] {
            let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
            let (name, document) = (quoted(&side.name), quoted(&side.document));
            text.push_str(&format!("    {{ name = {name}, document = {document} }},\n"));
        }
        text.push_str("]\n");
    }
    // What would not be read at the next build must not be written.
    Corrections::parse(&file.display().to_string(), &text)?;
    atomic::write_file(file, |out| out.write_all(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubt(name: &str) -> Doubt {
        let side = |name: &str, document: &str| Side {
            id: "e:x".into(),
            label: "X".into(),
            name: name.into(),
            document: document.into(),
            sentence: Some("X left.".into()),
        };
        Doubt {
            outcome: "joined".into(),
            score: 0.7,
            ground: "the only bearer of the surname".into(),
            remarks: vec!["another role".into()],
            times: 2,
            left: side(name, "a.txt"),
            right: side("Anna \"Ann\" Dahl", "b\\c.txt"),
        }
    }

    #[test]
    fn answers_become_decisions_and_are_not_asked_again() {
        let doubts = [doubt("Dahl"), doubt("A. Dahl"), doubt("D."), doubt("Ms Dahl")];
        let mut told = Vec::new();
        let answers = ask(&doubts, &mut &b"perhaps\nn\ny\ns\nq\n"[..], &mut told).unwrap();
        let told = String::from_utf8(told).unwrap();
        assert_eq!(told.matches("one and the same?").count(), 5, "{told}");
        let same: Vec<bool> = answers.iter().map(|(same, _)| *same).collect();
        assert_eq!(same, [false, true]);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("c.toml");
        std::fs::write(&file, "# ours\n[[drop]]\nentity = \"X\"").unwrap();
        write(&file, &answers).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("# ours\n[[drop]]\nentity = \"X\"\n\n[[not-same]]\n"), "{text}");
        let decided = Corrections::read(&file).unwrap();
        let open: Vec<bool> = doubts.iter().map(|doubt| is_decided(doubt, &decided)).collect();
        assert_eq!(open, [true, true, false, false]);
    }
}
