//! What sets one bearer of a role apart from another: "the *deputy* president", "the *former* president",
//! "the *prime* minister", "the minister of *finance*".

use std::ops::Range;

use compact_str::CompactString;
use thin_vec::ThinVec;

use crate::document::Upos;
use crate::resource::lexicon::{Lexicon, Use};
use crate::resource::offices;
use crate::syntax::tree::Tree;

/// The words of a description that restrict whom it means, each list sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RoleWords {
    /// Beside or below the role: "deputy".
    pub(crate) rank: ThinVec<CompactString>,
    /// Not now, or not for long: "former", "acting", "ex", "elect".
    pub(crate) tenure: ThinVec<CompactString>,
    /// What the role is for: "finance", "prime".
    pub(crate) field: ThinVec<CompactString>,
}

impl RoleWords {
    /// Those of some words before a noun, and of what follows it behind "of" or "for".
    pub(super) fn new(tree: &Tree, lexicon: &Lexicon, words: Range<usize>, noun: usize) -> Self {
        let mut found = Self::default();
        let role = tree.lemma(noun).to_lowercase();
        for token in words {
            let word = tree.form(token).to_lowercase();
            if lexicon.has_use(&word, Use::Rank) {
                found.rank.push(word.into());
            } else if lexicon.has_use(&word, Use::Tenure) {
                found.tenure.push(word.into());
            } else if tree.upos(token) == Upos::Noun
                || tree.upos(token) == Upos::Adj
                    && lexicon.role(&format!("{word} {role}")).is_some()
            {
                found.field.push(tree.lemma(token).to_lowercase().into());
            }
        }
        found.field.extend(field_behind(tree, noun));
        for words in [&mut found.rank, &mut found.tenure, &mut found.field] {
            words.sort_unstable();
            words.dedup();
        }
        found
    }
}

/// "minister of *finance*": the common nouns; a name tells whose it is.
fn field_behind(tree: &Tree, noun: usize) -> Vec<CompactString> {
    let tokens = &tree.sentence.tokens;
    let Some(start) = offices::field_start(tokens, noun) else { return Vec::new() };
    let end = offices::field_ends(tokens, tree.text, noun, start).last().unwrap_or(start);
    let nouns = tokens[start..end.max(start)].iter().filter(|token| token.upos == Upos::Noun);
    nouns.map(|token| token.lemma.to_lowercase()).collect()
}
