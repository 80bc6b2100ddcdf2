//! Noun phrases in their full extent: "the importance *of talking to the fishermen*".
//!
//! Comes in: a tree, the head of a noun phrase and its base (article to head). Goes out: the base with
//! the complements that tell which one is meant: prepositional phrases, infinitives, participles, clauses
//! without a comma before them. Left out is what the text adds about a thing that is known without it
//! (appositions, clauses behind commas), who takes part beside it ("along with"), and the others of a list.

use std::ops::Range;

use crate::document::{Deprel, Upos};
use crate::syntax::tree::{Tree, is_companion, is_inclusion};

/// Longest phrase in tokens; complements that lead further are left out.
const LONGEST: usize = 24;

/// The tokens of a noun phrase with its restrictive complements.
pub(super) fn extent(tree: &Tree, head: usize, base: &Range<usize>) -> Range<usize> {
    let mut end = base.end;
    for child in tree.children(head).filter(|&child| child >= base.end) {
        let Some(last) = restriction(tree, child, end) else { break };
        if last >= base.start + LONGEST {
            break;
        }
        end = last + 1;
    }
    base.start..end
}

/// The last token of a complement that begins at `start` and tells which thing is meant.
fn restriction(tree: &Tree, complement: usize, start: usize) -> Option<usize> {
    let restrictive = match tree.deprel(complement) {
        Deprel::Nmod => {
            let case = tree.case(complement);
            !case.is_empty() && !is_inclusion(&case) && !is_companion(&case) && !is_source(&case)
        }
        Deprel::Acl | Deprel::AclRelcl => true,
        // "the shop opposite", "anything wrong"
        Deprel::Amod => true,
        _ => false,
    };
    let (first, last) = tree.extent(complement, |child| ends_phrase(tree, child));
    (restrictive && first == start).then(|| without_marks(tree, first, last))
}

/// "according to the mayor" says who says so.
fn is_source(case: &str) -> bool {
    case.starts_with("accord")
}

/// True for a branch that a phrase does without: what is set off by a comma, dash or bracket, but for the
/// further members of a list.
fn ends_phrase(tree: &Tree, branch: usize) -> bool {
    match tree.deprel(branch) {
        Deprel::Punct => !is_between_members(tree, branch),
        Deprel::Parataxis | Deprel::Appos | Deprel::Discourse | Deprel::Vocative => true,
        Deprel::Conj => matches!(tree.upos(branch), Upos::Verb | Upos::Aux),
        Deprel::Cc => false,
        _ => matches!(tree.before(branch), Some("," | "–" | "—" | "-" | "(" | ";" | ":")),
    }
}

/// A comma between nouns of one list hangs on the noun behind it.
fn is_between_members(tree: &Tree, mark: usize) -> bool {
    tree.form(mark) == ","
        && tree.head(mark).is_some_and(|member| {
            mark < member
                && tree.deprel(member) == Deprel::Conj
                && !matches!(tree.upos(member), Upos::Verb | Upos::Aux)
        })
}

/// Before the punctuation and conjunctions at its end.
fn without_marks(tree: &Tree, first: usize, last: usize) -> usize {
    let closes = |&token: &usize| !matches!(tree.upos(token), Upos::Punct | Upos::Cconj);
    let end = (first..=last).rev().find(closes).unwrap_or(first);
    let opened = (first..=end).filter(|&token| tree.form(token) == "(").count();
    let closed = (first..=last).filter(|&token| tree.form(token) == ")").count();
    if opened > 0 && opened == closed { last } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::page;

    /// The whole phrase of the noun at `head`, which begins at `start`.
    fn whole(line: &str, start: usize, head: usize) -> String {
        let (document, sentences) = page(&[line]);
        let tree = Tree::new(&sentences[0], &document.text);
        let tokens = extent(&tree, head, &(start..head + 1));
        tree.words(tokens.start, tokens.end - 1)
    }

    #[test]
    fn complements_belong_to_a_phrase() {
        let talk = "stressed/VERB/0/root the/DET/3/det importance/NOUN/1/obj of/SCONJ/5/mark talking/VERB/3/acl \
                    to/ADP/8/case the/DET/8/det crews/NOUN/5/obl ./PUNCT/1/punct";
        assert_eq!(whole(talk, 1, 2), "the importance of talking to the crews");
        let list = "met/VERB/0/root the/DET/3/det ministers/NOUN/1/obj of/ADP/5/case Norway/PROPN/3/nmod ,/PUNCT/7/punct \
                    Peru/PROPN/5/conj and/CCONJ/9/cc Chad/PROPN/5/conj in/ADP/11/case Rome/PROPN/1/obl";
        assert_eq!(whole(list, 1, 2), "the ministers of Norway, Peru and Chad");
    }

    #[test]
    fn what_is_added_does_not() {
        let clause = "met/VERB/0/root the/DET/3/det mayor/NOUN/1/obj of/ADP/5/case Rome/PROPN/3/nmod ,/PUNCT/8/punct \
                      who/PRON/8/nsubj left/VERB/3/acl:relcl";
        assert_eq!(whole(clause, 1, 2), "the mayor of Rome");
        let companion = "the/DET/2/det mayor/NOUN/8/nsubj as/ADP/6/case well/ADV/3/fixed as/ADP/3/fixed clerks/NOUN/2/nmod \
                         soon/ADV/8/advmod left/VERB/0/root";
        assert_eq!(whole(companion, 0, 1), "the mayor");
    }
}
