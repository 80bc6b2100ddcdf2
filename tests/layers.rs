//! The flow points down: a module imports only from layers below its own (ARCHITECTURE.md).
#![allow(clippy::unwrap_used, reason = "a test that cannot read its files should fail")]

use std::fs;
use std::path::{Path, PathBuf};

const LAYERS: &[(&str, u32)] = &[
    ("error", 0),
    ("files", 1),
    ("ontology", 1),
    ("spill", 1),
    ("document", 2),
    ("statement", 3),
    ("entity", 4),
    ("shelf", 4),
    ("resource", 5),
    ("input", 6),
    ("language", 6),
    ("syntax", 7),
    ("shards", 7),
    ("mention", 8),
    ("time", 8),
    ("coref", 8),
    ("extract", 8),
    ("resolve", 8),
    ("graph", 9),
    ("export", 10),
    ("store", 11),
    ("pipeline", 12),
    ("facade", 13),
    ("serve", 13),
    ("cli", 14),
];

fn layer(module: &str) -> Option<u32> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|(_, layer)| *layer)
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|suffix| suffix == "rs") {
            found.push(path);
        }
    }
}

/// Names of our top-level modules that follow `crate::` in the line, also in braces.
fn imports(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        let words: Vec<&str> = match rest.strip_prefix('{') {
            Some(list) => list.split(['}', ';']).next().unwrap_or("").split(',').collect(),
            None => vec![rest],
        };
        for word in words {
            let name = word.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next();
            found.push(name.unwrap_or("").to_owned());
        }
    }
    found
}

#[test]
fn modules_import_only_from_below() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 20);
    let mut wrong = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&src).unwrap();
        let first = relative.iter().next().unwrap().to_string_lossy().into_owned();
        let module = first.trim_end_matches(".rs");
        let tests = relative.file_name().is_some_and(|name| name == "tests.rs");
        if tests || matches!(module, "main" | "lib" | "testing") {
            continue;
        }
        let own = layer(module).unwrap_or_else(|| panic!("{module} has no layer"));
        let text = fs::read_to_string(&file).unwrap();
        // Tests may look anywhere.
        let text = text.split("#[cfg(test)]").next().unwrap();
        for (number, line) in (1..).zip(text.lines()) {
            let code = line.split("//").next().unwrap();
            for import in imports(code) {
                if import == module {
                    continue;
                }
                if layer(&import).is_some_and(|other| other >= own) {
                    wrong.push(format!("{}:{number}: {module} uses {import}", relative.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How a sentence becomes statements: each file asks only those before it (`src/extract/mod.rs`).
const EXTRACTION: &[&str] = &[
    "clause",
    "mood",
    "reader",
    "filler",
    "when",
    "place",
    "frame",
    "matching",
    "open",
    "predicate",
    "claim",
    "project",
    "verbal",
    "event_noun",
    "nominal",
    "copula",
];

#[test]
fn extraction_goes_one_way() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/extract");
    let step = |name: &str| EXTRACTION.iter().position(|step| *step == name);
    let mut files = Vec::new();
    rust_files(&folder, &mut files);
    let mut seen = 0;
    let mut wrong = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&folder).unwrap();
        let inside = relative.iter().count() > 1;
        let module = relative.iter().next().unwrap().to_string_lossy().into_owned();
        let Some(own) = step(module.trim_end_matches(".rs")) else { continue };
        seen += 1;
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in (1..).zip(text.lines()) {
            let Some(import) = line.strip_prefix("use ") else { continue };
            let path = match import.strip_prefix("super::").filter(|_| !inside) {
                Some(path) => path,
                None => import.strip_prefix("crate::extract::").unwrap_or_default(),
            };
            let name = path.split("::").next().unwrap();
            if step(name).is_some_and(|other| other > own) {
                wrong.push(format!("{}:{number}: uses {name}", relative.display()));
            }
        }
    }
    assert!(seen >= EXTRACTION.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_test_sees_imports() {
    assert_eq!(imports("use crate::{error::Error, graph};"), ["error", "graph"]);
    assert_eq!(imports("let x = crate::cli::main();"), ["cli"]);
}
