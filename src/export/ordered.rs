//! Bytes that are made in parallel and written in order.

use std::io::{self, Write};
use std::ops::Range;

use rayon::prelude::*;

/// How many resources, nodes or edges a part has, more or less.
pub(super) const PART: usize = 1000;

/// So many things in parts.
pub(super) fn parts(n: usize) -> impl Iterator<Item = Range<usize>> {
    (0..n).step_by(PART).map(move |at| at..n.min(at + PART))
}

/// Makes the bytes of each part, several at a time, and writes them in the order of the parts, so
/// that they do not depend on the number of threads. While one batch is written the next is made;
/// memory holds the bytes of two.
///
/// # Errors
/// Those of `out` and of `make`.
pub(super) fn write<P: Sync>(
    parts: &[P],
    make: impl Fn(&P, &mut Vec<u8>) -> io::Result<()> + Sync,
    out: &mut dyn Write,
) -> io::Result<()> {
    let size = 2 * rayon::current_num_threads();
    let mut made: Vec<Vec<u8>> = Vec::new();
    let mut next: Vec<Vec<u8>> = vec![Vec::new(); size];
    for batch in parts.chunks(size) {
        let mut outcome = Ok(());
        let written = rayon::in_place_scope(|scope| {
            scope.spawn(|_| {
                let make = |(part, bytes): (&P, &mut Vec<u8>)| {
                    bytes.clear();
                    make(part, bytes)
                };
                outcome = batch.par_iter().zip(&mut next).map(make).collect();
            });
            made.iter().try_for_each(|bytes| out.write_all(bytes))
        });
        written.and(outcome)?;
        std::mem::swap(&mut made, &mut next);
        made.truncate(batch.len());
        next.resize_with(size, Vec::new);
    }
    made.iter().try_for_each(|bytes| out.write_all(bytes))
}
