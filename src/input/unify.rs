//! Brings the documents of all files into one order.

use std::collections::HashSet;

use super::{Batch, Warning};
use crate::document::Document;

/// Sorts documents by id, whatever order they come in.
///
/// The same article twice (same id, same text) counts once. Different articles with one id are all
/// kept: in the order of their text the second is called `id#2`, and so on, with a warning.
pub fn unify(batches: impl IntoIterator<Item = Batch>) -> Batch {
    let mut all = Batch::default();
    let mut documents = Vec::new();
    for batch in batches {
        debug_assert_eq!(batch.documents.len(), batch.places.len());
        documents.extend(batch.documents.into_iter().zip(batch.places));
        all.skipped.extend(batch.skipped);
        all.warnings.extend(batch.warnings);
        all.bytes += batch.bytes;
    }
    documents.sort_by(|(a, at), (b, bt)| key(a).cmp(&key(b)).then_with(|| at.cmp(bt)));
    documents.dedup_by(|(b, _), (a, _)| a.id == b.id && a.text == b.text);
    let mut taken: HashSet<String> = documents.iter().map(|(d, _)| d.id.clone()).collect();
    let mut first: Option<String> = None;
    let mut n = 1;
    for (mut document, (path, line)) in documents {
        if first.as_ref() == Some(&document.id) {
            let id = std::mem::take(&mut document.id);
            document.id = loop {
                n += 1;
                let new = format!("{id}#{n}");
                if taken.insert(new.clone()) {
                    break new;
                }
            };
            let message = format!("another article has the id {id:?} too: now {:?}", document.id);
            all.warnings.push(Warning { path: path.clone(), line, message });
        } else {
            first = Some(document.id.clone());
            n = 1;
        }
        all.documents.push(document);
        all.places.push((path, line));
    }
    let mut order: Vec<usize> = (0..all.documents.len()).collect();
    order.sort_by(|&a, &b| all.documents[a].id.cmp(&all.documents[b].id));
    let mut documents: Vec<_> =
        all.documents.drain(..).zip(all.places.drain(..)).map(Some).collect();
    for index in order {
        if let Some((document, place)) = documents[index].take() {
            all.documents.push(document);
            all.places.push(place);
        }
    }
    all.skipped.sort();
    all.skipped.dedup();
    all.warnings.sort();
    all.warnings.dedup();
    all
}

/// All of a document in the order of what tells two apart. One that tells more comes first.
fn key(document: &Document) -> impl Ord {
    let Document { id, uri, publisher, title, published, text } = document;
    let n_missing = [uri, publisher, title].iter().filter(|field| field.is_none()).count()
        + usize::from(published.is_none());
    (id, text, n_missing, published, title, publisher, uri)
}
