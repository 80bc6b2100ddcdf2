//! Readings on a shelf: they come back as they were put there, or not at all.

use newsgraph::shelf::{Shelf, encode};

use super::made;

/// Puts a reading on a shelf, damages the file and looks what is found.
pub fn check(data: &[u8]) {
    let reading = made::reading("a.txt", data);
    let shelf = Shelf::of([&reading]).expect("a temporary file");
    assert_eq!(shelf.get(0).expect("it was put there"), reading);

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("readings");
    let open = || Shelf::open(&path, blake3::hash(b"basis")).expect("a file");
    let mut shelf = open();
    let key = shelf.key(&reading.document);
    shelf.add(key, &encode(&reading)).expect("a file");
    drop(shelf);
    let mut bytes = std::fs::read(&path).expect("a file");
    let numbers = &mut made::Numbers::of(data);
    let at = numbers.below(bytes.len());
    match numbers.below(3) {
        0 => bytes.truncate(at),
        1 => bytes.extend_from_slice(data),
        _ => bytes[at] ^= 1 << numbers.below(8),
    }
    std::fs::write(&path, &bytes).expect("a file");
    let mut shelf = open();
    if let Some(kept) = shelf.find(&key, &reading.document, usize::MAX) {
        shelf.keep(kept);
        assert_eq!(shelf.get(0).expect("it was found"), reading);
    }
    // Whatever a file holds, a shelf can be made of it and written on.
    std::fs::write(&path, data).expect("a file");
    let mut shelf = open();
    shelf.add(key, &encode(&reading)).expect("a file");
    assert_eq!(shelf.get(0).expect("it was put there"), reading);
}
