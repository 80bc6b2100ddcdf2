//! How well two descriptions go together: "the *deputy* president" is not "the president".

use compact_str::CompactString;

use crate::syntax::phrase::RoleWords;

/// How well the words of two descriptions go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Two bearers.
    Apart,
    /// What the first one leaves out may tell of another: "the director" and "the acting director".
    Doubtful,
    /// Nothing is against it.
    Good,
}

impl RoleWords {
    /// How well what takes up a description, these, goes with what is told of a bearer.
    pub(in crate::coref) fn fit(&self, bearer: &Self) -> Fit {
        let within =
            |a: &[CompactString], b: &[CompactString]| a.iter().all(|word| b.contains(word));
        if self.rank != bearer.rank
            || !within(&self.tenure, &bearer.tenure)
            || !within(&self.field, &bearer.field)
        {
            Fit::Apart
        } else if self.tenure != bearer.tenure {
            Fit::Doubtful
        } else {
            Fit::Good
        }
    }

    /// True if one of the two has a rank or a tenure that the other one has not.
    pub(in crate::coref) fn differ_in_status(&self, other: &Self) -> bool {
        self.rank != other.rank || self.tenure != other.tenure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modifiers(rank: &[&str], tenure: &[&str], field: &[&str]) -> RoleWords {
        let words = |words: &[&str]| words.iter().copied().map(CompactString::from).collect();
        RoleWords { rank: words(rank), tenure: words(tenure), field: words(field) }
    }

    #[test]
    fn rank_tenure_and_field_tell_two_bearers_apart() {
        let president = modifiers(&[], &[], &[]);
        let deputy = modifiers(&["deputy"], &[], &[]);
        let former = modifiers(&[], &["former"], &[]);
        let finance = modifiers(&[], &[], &["finance"]);
        let prime = modifiers(&[], &[], &["prime"]);
        assert_eq!(deputy.fit(&deputy), Fit::Good);
        for (word, bearer) in [
            (&deputy, &president),
            (&president, &deputy),
            (&former, &president),
            (&prime, &finance),
        ] {
            assert_eq!(word.fit(bearer), Fit::Apart);
        }
        assert_eq!(president.fit(&former), Fit::Doubtful);
        assert_eq!(president.fit(&finance), Fit::Good);
        assert_eq!(finance.fit(&president), Fit::Apart);
    }
}
