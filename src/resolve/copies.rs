//! Articles that are one text: agency copy printed by many papers, with a word changed or a line cut.
//!
//! Runs of five words are hashed; of each document the least hash under each of 64 mixings is kept
//! (MinHash: Broder 1997). Two documents share as many of them as their runs overlap. Only those
//! that agree in a whole band of four are compared, so that the work stays linear. Of several copies
//! the one that was published first is the original, then the one with the first id.

use rustc_hash::{FxHashMap, FxHashSet};

use super::items::DocumentSummary;

/// Words in a run.
const RUN: usize = 5;

/// Numbers that stand for a document.
const HASHES: usize = 64;

/// Numbers of a band.
const BAND: usize = 4;

/// How many of [`HASHES`] must agree: three quarters of the runs.
const ALIKE: usize = 48;

/// Shorter texts are not compared: notices are alike and yet not copies.
const MIN_WORDS: usize = 40;

/// For each document the document that it is a copy of, if it is one.
pub(super) fn find(documents: &[DocumentSummary]) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.sort_by(|&a, &b| {
        let key = |index: usize| {
            let document = &documents[index];
            (
                document.published.is_none(),
                document.published,
                &document.id,
                document.digest.as_bytes(),
            )
        };
        key(a).cmp(&key(b))
    });
    let mut originals: FxHashMap<(usize, [u32; BAND]), Vec<usize>> = FxHashMap::default();
    let mut copy_of = vec![None; documents.len()];
    for index in order {
        let Some(own) = &documents[index].signature else { continue };
        let bands = || (0..).zip(own.as_chunks::<BAND>().0).map(|(number, band)| (number, *band));
        let mut seen: FxHashSet<usize> = FxHashSet::default();
        let original = bands()
            .filter_map(|band| originals.get(&band))
            .flatten()
            .copied()
            .filter(|other| seen.insert(*other))
            .find(|&other| {
                documents[other].signature.as_ref().is_some_and(|other| alike(own, other))
            });
        match original {
            Some(original) => copy_of[index] = Some(original),
            None => bands().for_each(|band| {
                let known = originals.entry(band).or_default();
                // A band that many texts share, such as a notice at the end, is no evidence.
                if known.len() < 32 {
                    known.push(index);
                }
            }),
        }
    }
    copy_of
}

fn alike(a: &Signature, b: &Signature) -> bool {
    a.iter().zip(b).filter(|(a, b)| a == b).count() >= ALIKE
}

/// The least hashes of a text.
pub(super) type Signature = [u32; HASHES];

/// The signature of a text that is long enough for one.
pub(super) fn signature(text: &str) -> Option<Box<Signature>> {
    let words: Vec<u64> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| hash(word.to_lowercase().bytes()))
        .collect();
    if words.len() < MIN_WORDS {
        return None;
    }
    let mut least = [u32::MAX; HASHES];
    for run in words.windows(RUN) {
        let run = run.iter().fold(0, |all: u64, word| mix(all.rotate_left(7) ^ word));
        let mut mixed = run;
        for least in &mut least {
            mixed = mix(mixed);
            *least = (*least).min((mixed >> 32) as u32);
        }
    }
    Some(Box::new(least))
}

/// FNV-1a.
fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A permutation of the numbers that leaves no pattern (the finalizer of SplitMix64).
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(id: &str, date: Option<&str>, text: &str) -> DocumentSummary {
        let mut document = crate::testing::document(id, text.to_owned());
        document.published = date.map(|date| date.parse().unwrap());
        DocumentSummary::new(&document, 0)
    }

    #[test]
    fn changed_words_make_no_other_article() {
        let words: Vec<String> = (0..200).map(|n| format!("word{}", n * 7 % 200)).collect();
        let text = words.join(" ");
        let changed = text.replace("word70 ", "said ") + " More follows";
        let other = words.iter().rev().cloned().collect::<Vec<_>>().join(" ");
        let documents = [
            document("c", Some("2025-03-02"), &changed),
            document("b", None, &text),
            document("a", Some("2025-03-05"), &text.to_uppercase()),
            document("d", Some("2025-03-01"), &other),
            document("e", None, "Too short to tell."),
            document("f", None, "Too short to tell."),
        ];
        assert_eq!(find(&documents), [None, Some(0), Some(0), None, None, None]);
    }
}
