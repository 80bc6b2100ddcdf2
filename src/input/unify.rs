//! Brings the documents of all files into one order.

use super::Batch;

/// Sorts documents by id, whatever order they come in.
///
/// The same article twice (same id, same text) counts once. Different articles with one id are all
/// kept: in the order of their text the second is called `id#2`, and so on, with a warning.
pub fn unify(batches: impl IntoIterator<Item = Batch>) -> Batch {
    let mut all = Batch::default();
    for batch in batches {
        all.append(batch);
    }
    all.warnings.extend(all.documents.unify());
    all.skipped.sort();
    all.skipped.dedup();
    all.warnings.sort();
    all.warnings.dedup();
    all
}
