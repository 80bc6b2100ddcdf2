//! What sets one bearer of a role apart from another: "the *deputy* president", "the *former*
//! president", "the *prime* minister", "the minister of *finance*".

use std::ops::Range;

use compact_str::CompactString;
use thin_vec::ThinVec;

use super::SieveInput;
use crate::document::Upos;
use crate::resource::lexicon::Use;
use crate::resource::offices;
use crate::syntax::Tree;

/// The words of a description that restrict whom it means, each list sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Modifiers {
    /// Beside or below the role: "deputy".
    rank: ThinVec<CompactString>,
    /// Not now, or not for long: "former", "acting".
    tenure: ThinVec<CompactString>,
    /// What the role is for: "finance", "prime".
    field: ThinVec<CompactString>,
}

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

impl Modifiers {
    /// Those of the words before a head, and of what follows it behind "of" or "for".
    pub(super) fn of(input: &SieveInput, tree: &Tree, words: Range<usize>, head: usize) -> Self {
        let mut found = Self::default();
        let noun = tree.lemma(head).to_lowercase();
        for index in words.start..head.min(words.end) {
            let word = tree.form(index).to_lowercase();
            let has_use = |r#use| input.lexicon.has_use(&word, r#use);
            if has_use(Use::Rank) {
                found.rank.push(word.into());
            } else if has_use(Use::Tenure) {
                found.tenure.push(word.into());
            } else if tree.upos(index) == Upos::Noun
                || tree.upos(index) == Upos::Adj
                    && input.lexicon.role(&format!("{word} {noun}")).is_some()
            {
                found.field.push(tree.lemma(index).to_lowercase().into());
            }
        }
        found.field.extend(field_behind(tree, head));
        for words in [&mut found.rank, &mut found.tenure, &mut found.field] {
            words.sort_unstable();
            words.dedup();
        }
        found
    }

    /// How well what takes up a description, these, goes with what is told of a bearer.
    pub(super) fn fit(&self, bearer: &Self) -> Fit {
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
    pub(super) fn differ_in_status(&self, other: &Self) -> bool {
        self.rank != other.rank || self.tenure != other.tenure
    }
}

/// "minister of *finance*": the common nouns; a name tells whose it is.
fn field_behind(tree: &Tree, head: usize) -> Vec<CompactString> {
    let tokens = &tree.sentence.tokens;
    let Some(start) = offices::field_start(tokens, head) else { return Vec::new() };
    let end = offices::field_ends(tokens, tree.text, head, start).last().unwrap_or(start);
    let nouns = tokens[start..end.max(start)].iter().filter(|token| token.upos == Upos::Noun);
    nouns.map(|token| token.lemma.to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modifiers(rank: &[&str], tenure: &[&str], field: &[&str]) -> Modifiers {
        let words = |words: &[&str]| words.iter().copied().map(CompactString::from).collect();
        Modifiers { rank: words(rank), tenure: words(tenure), field: words(field) }
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
