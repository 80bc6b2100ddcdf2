//! Where what a clause tells took place.

use crate::document::{Deprel, Label, MentionId, SentenceId};
use crate::syntax::Tree;

use super::clause::{Clause, ClauseId, Link};
use super::reader::SentenceReader;

impl SentenceReader<'_> {
    /// Where the happening of a clause took place: a place after "in", "at", "on", "near".
    pub(super) fn place(&self, clause: ClauseId) -> Option<MentionId> {
        let mut at = &self.clauses[clause];
        for _ in 0..MAX_CLAUSES {
            let own = at.obliques.iter().find_map(|oblique| {
                let local = self.is_local(&oblique.case);
                local.then(|| self.place_of(oblique.token)).flatten()
            });
            let own = own.or_else(|| self.place_of_adverb(at));
            if own.is_some() {
                return own;
            }
            // "toured *and opened* the plant in Lisbon": only forward, from the first to the second.
            let shared = at.link == Link::Control || at.link == Link::Conj && at.shared_subject;
            at = &self.clauses[at.parent.filter(|_| shared)?];
        }
        None
    }

    /// "in", "near": what a preposition needs to say for the place behind it to be that of a happening.
    fn is_local(&self, preposition: &str) -> bool {
        self.know.lexicon.prepositions().whereabouts(preposition).is_some()
    }

    /// ", *where* she opened a plant": the place named last; "*There* she met him": the place where
    /// the sentence before ends up.
    fn place_of_adverb(&self, clause: &Clause) -> Option<MentionId> {
        let adverb = self.tree.children(clause.head).find(|&child| {
            self.tree.deprel(child) == Deprel::Advmod
                && matches!(self.tree.lemma(child), "where" | "there")
        })?;
        if self.tree.lemma(adverb) == "where" {
            let from = adverb.saturating_sub(FAR);
            return (from..adverb)
                .rev()
                .filter(|&token| self.is_place(token))
                .find_map(|token| self.mention(token));
        }
        let before = self.sentence.index().checked_sub(1)?;
        let before = SentenceId::from(before);
        let sentence = &self.marks.analysis.sentences[before.index()];
        let tree = Tree::new(sentence, self.tree.text);
        self.marks.mentions(before).find(|&id| {
            let head = self.get(id).head.index();
            self.label(id) == Some(Label::Place)
                && matches!(tree.deprel(head), Deprel::Obl | Deprel::Obj)
                && (tree.deprel(head) == Deprel::Obj || self.is_local(&tree.case(head)))
        })
    }

    /// "in *Lisbon*", "at a parade in *Lisbon*"
    fn place_of(&self, token: usize) -> Option<MentionId> {
        // "on *the grounds that*" is a reason.
        let reason = self.tree.children(token).any(|child| {
            matches!(self.tree.deprel(child), Deprel::Acl | Deprel::AclRelcl)
                && self.tree.children(child).any(|mark| {
                    self.tree.deprel(mark) == Deprel::Mark && self.tree.lemma(mark) == "that"
                })
        });
        if reason {
            return None;
        }
        if self.is_place(token) {
            return self.mention(token);
        }
        let inner = self.tree.children(token).find(|&child| {
            self.tree.deprel(child) == Deprel::Nmod
                && self.is_local(&self.tree.case(child))
                && self.is_place(child)
        });
        inner.and_then(|inner| self.mention(inner))
    }
}

/// How far "where" may stand behind its place, in tokens.
const FAR: usize = 8;

/// How many clauses upwards the place of a clause is looked for.
const MAX_CLAUSES: usize = 12;
