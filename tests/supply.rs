//! What the program is made of: where packages come from, under which licences, and where our own code
//! is not checked by the compiler. The rules are those of `deny.toml`; nothing is fetched.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its files should fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

/// How often our code says `unsafe`, by file. A number that changes is looked at by a second person.
const UNSAFE: [(&str, usize); 5] = [
    ("python/src/frames.rs", 1),
    ("src/language/neural/kernel.rs", 8),
    ("src/language/neural/kernel/lanes.rs", 80),
    ("src/language/neural/kernel/ops.rs", 32),
    ("src/main.rs", 10),
];

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read<T: for<'de> Deserialize<'de>>(name: &str) -> T {
    toml::from_str(&fs::read_to_string(root().join(name)).unwrap()).unwrap()
}

#[test]
fn packages_come_from_the_registry_with_their_checksums() {
    let deny: Deny = read("deny.toml");
    for lock in ["Cargo.lock", "fuzz/Cargo.lock"] {
        let lock: Lock = read(lock);
        assert!(lock.package.len() > 100);
        for Locked { name, version, source, checksum } in lock.package {
            if name.starts_with("newsgraph") {
                continue;
            }
            let registry = source.as_deref().and_then(|source| source.strip_prefix("registry+"));
            let known =
                |registry: &str| deny.sources.allow_registry.iter().any(|it| it == registry);
            assert!(registry.is_some_and(known), "{name} {version} comes from {source:?}");
            assert!(checksum.is_some(), "{name} {version} has no checksum");
            let banned = deny.bans.deny.iter().any(|banned| banned.name == name);
            assert!(!banned, "{name} is not to be in the program");
        }
    }
}

#[test]
fn licences_are_those_that_we_accept() {
    let deny: Deny = read("deny.toml");
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let host = String::from_utf8(rustc.stdout).unwrap();
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--locked", "--format-version", "1"])
        .args(["--filter-platform", &host])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100);
    let mut wrong = Vec::new();
    for package in packages {
        let licence = package["license"].as_str().unwrap_or_default();
        if !is_accepted(licence, &deny.licenses.allow) {
            wrong.push(format!("{} {}: {licence:?}", package["name"], package["version"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// True if an SPDX expression, also in the older spelling with slashes, can be met.
fn is_accepted(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    !words.is_empty() && any(&words, &mut at, allowed) && at == words.len()
}

fn any(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut met = all(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all(words, at, allowed);
    }
    met
}

fn all(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let met = any(words, at, allowed);
        *at += 1;
        return met;
    }
    // An exception only allows more.
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
    }
    allowed.iter().any(|licence| licence == word)
}

#[test]
fn expressions_of_licences_are_understood() {
    let allowed = ["MIT".to_owned(), "Unicode-3.0".to_owned()];
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("", false),
        ("GPL-3.0 OR MIT", true),
        ("Unlicense/MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
        ("(MIT OR GPL-3.0) AND ISC", false),
        ("Apache-2.0 WITH LLVM-exception OR MIT", true),
        ("MIT MIT", false),
    ] {
        assert_eq!(is_accepted(expression, &allowed), expected, "{expression}");
    }
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

/// How often code says `unsafe`; comments and the names of lints do not count.
fn count(text: &str) -> usize {
    let code = text.lines().map(|line| line.split("//").next().unwrap());
    let words = code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'));
    words.filter(|word| *word == "unsafe").count()
}

#[test]
fn code_that_the_compiler_does_not_check_is_where_it_was() {
    assert_eq!(count("unsafe { a() } // unsafe\n#[allow(unsafe_code)]"), 1);
    let mut files = Vec::new();
    for folder in ["src", "fuzz/src", "fuzz/fuzz_targets", "python/src"] {
        rust_files(&root().join(folder), &mut files);
    }
    let counted = files.iter().map(|file| {
        let name = file.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        (name, count(&fs::read_to_string(file).unwrap()))
    });
    let found: BTreeMap<String, usize> = counted.filter(|(_, n)| *n > 0).collect();
    let known: BTreeMap<String, usize> =
        UNSAFE.iter().map(|(file, n)| ((*file).to_owned(), *n)).collect();
    assert_eq!(found, known);
}
