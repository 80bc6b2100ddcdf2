//! Corrections: what was understood, written down again, is understood alike.

use newsgraph::resource::corrections::{Change, Corrections, Reference};
use toml::{Table, Value};

/// Parses, writes and parses again.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(corrections) = Corrections::parse("a.toml", text) else { return };
    let written: String = corrections.list.iter().map(|it| entry(&it.change)).collect();
    let again = Corrections::parse("b.toml", &written);
    let again = again.unwrap_or_else(|error| panic!("{error}\n{written}"));
    let changes = |it: &Corrections| it.list.iter().map(|it| it.change.clone()).collect::<Vec<_>>();
    assert_eq!(changes(&corrections), changes(&again), "{written}");
}

fn entry(change: &Change) -> String {
    let names = |names: &[String]| Value::from(names.to_vec());
    let several = |all: &[Reference]| Value::Array(all.iter().map(reference).collect());
    let members = match change {
        Change::Split { entity, names: own, documents, label } => {
            let label = label.iter().map(|label| ("label", Value::from(label.clone())));
            let lists = [("names", names(own)), ("documents", names(documents))];
            [("entity", reference(entity))].into_iter().chain(lists).chain(label).collect()
        }
        Change::NotSame(all) | Change::Merge(all) => vec![("entities", several(all))],
        Change::Alias { entity, names: own } => {
            vec![("entity", reference(entity)), ("names", names(own))]
        }
        Change::Retype { entity, class } => {
            vec![("entity", reference(entity)), ("class", Value::from(class.clone()))]
        }
        Change::Rename { entity, label } => {
            vec![("entity", reference(entity)), ("label", Value::from(label.clone()))]
        }
        Change::Drop(entity) => vec![("entity", reference(entity))],
    };
    let table: Table = members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let list = Value::Array(vec![Value::Table(table)]);
    let file: Table = [(change.kind().to_owned(), list)].into_iter().collect();
    file.to_string()
}

fn reference(reference: &Reference) -> Value {
    let name = Value::from(reference.name.clone());
    match &reference.document {
        None => name,
        Some(document) => {
            let members = [("name", name), ("document", Value::from(document.clone()))];
            Value::Table(members.map(|(key, value)| (key.to_owned(), value)).into_iter().collect())
        }
    }
}
