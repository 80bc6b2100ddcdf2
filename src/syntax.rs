//! The trees as every later stage reads them: mended once, with quotations found once.
//!
//! Comes in: the sentences that the language engine read. Goes out: the same sentences with what the
//! order of the words shows better than the parser ([`mend`]), the one walk over a tree ([`Tree`]), noun
//! phrases in their full extent ([`phrase`]), and who speaks in which quotation ([`quotes`]). Times,
//! mentions, coreference and extraction read these alone, so that one question has one answer.

pub mod mend;
pub(crate) mod phrase;
pub mod quotes;
mod tree;

pub(crate) use tree::{MAX_CONJUNCTS, Tree, is_companion, is_inclusion};
