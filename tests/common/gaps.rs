//! Expectations that are known to fail, with what is to blame.
//!
//! A line of such a list is `cause: expectation`. A gap that closes must be taken out of the list, and
//! one that opens fails the test. `UPDATE_EXPECT=1` takes closed gaps out; it never writes new ones in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// What may be to blame: the tree of the sentence, a missing or wrong rule, the class of a name or noun,
/// an expectation that asks for more than the text says, a pronoun or noun taken for another.
const CAUSES: [&str; 5] = ["parser", "rule", "label", "expectation", "coreference"];

/// Compares what failed with the list in `file` (below the root of the project).
pub(crate) fn check(file: &str, failed: &BTreeSet<String>, total: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = fs::read_to_string(&path).unwrap();
    let known = read(file, &text);
    let opened: Vec<&String> = failed.iter().filter(|gap| !known.contains_key(*gap)).collect();
    let closed: Vec<&String> = known.keys().filter(|gap| !failed.contains(*gap)).collect();
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    if update && !closed.is_empty() {
        let is_open = |line: &&str| line.starts_with('#') || failed.contains(parts(line).1);
        let left: Vec<&str> = text.lines().filter(is_open).collect();
        fs::write(&path, left.join("\n") + "\n").unwrap();
    }
    let list = |gaps: &[&String]| gaps.iter().map(|gap| format!("{gap}\n")).collect::<String>();
    assert!(
        opened.is_empty() && (closed.is_empty() || update),
        "of {total} expectations\nnewly failing:\n{}no longer failing (take them out of {file}):\n{}",
        list(&opened),
        list(&closed)
    );
}

/// The gaps of a list with their causes.
fn read<'t>(file: &str, text: &'t str) -> BTreeMap<String, &'t str> {
    let mut known = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.starts_with('#')) {
        let (cause, gap) = parts(line);
        assert!(
            CAUSES.contains(&cause),
            "{file}:{number}: cause {cause:?}, expected one of {CAUSES:?}"
        );
        let twice = known.insert(gap.to_owned(), cause);
        assert!(twice.is_none(), "{file}:{number}: {gap:?} is there twice");
    }
    known
}

fn parts(line: &str) -> (&str, &str) {
    line.split_once(": ").unwrap_or(("", line))
}
