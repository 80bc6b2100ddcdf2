//! Weights of evidence: logarithms of likelihood ratios, that is of how much likelier an observation is
//! if two are one than if they are not.
//!
//! To the base 2, in quarters, rounded down, so that those of independent observations are added and are
//! the same on every machine.

/// The weight of agreeing in what `part` of `whole` have: the logarithm of `whole / part`, at least 0.
pub(super) fn of(whole: usize, part: usize) -> i32 {
    /// The largest power of 2 whose fourth power fits.
    const MOST: usize = 1 << 31;
    let fourth = |count: usize| (count.clamp(1, MOST) as u128).pow(4);
    let ratio = (fourth(whole) / fourth(part)).max(1);
    i32::try_from(ratio.ilog2()).unwrap_or(i32::MAX)
}

/// The weight of a likelihood ratio of `a` to `b`: positive for, negative against.
pub(super) fn ratio(a: usize, b: usize) -> i32 {
    of(a, b) - of(b, a)
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn a_weight_is_four_times_the_binary_logarithm() {
        assert_eq!([of(8, 1), of(16, 4), of(3, 2), of(5, 5)], [12, 8, 2, 0]);
        assert_eq!([of(1, 2), of(0, 0)], [0, 0]);
        assert_eq!(of(usize::MAX, 1), 124);
    }
}
