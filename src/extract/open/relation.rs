//! The words of a relation: verb group, particle, negation, and the verbs that govern it.

use crate::document::{Deprel, Upos};
use crate::extract::clause::{Clause, ClauseId, Link};
use crate::extract::reader::SentenceReader;
use crate::syntax::Tree;

use super::phrase::{is_wh, join};

/// How many governing verbs the words of a relation contain at most ("wants to try to begin to ...").
const LONGEST_CHAIN: usize = 8;

/// How many words may stand between a verb and its infinitive of purpose for the relation to span both
/// ("was opened *in May to* carry").
const FAR: usize = 6;

/// True for an auxiliary, a particle, a negation or an adverb among them.
pub(in crate::extract) fn in_verb_group(tree: &Tree, clause: &Clause, child: usize) -> bool {
    let head = clause.head;
    if tree.head(child) != Some(head) {
        return false;
    }
    match tree.deprel(child) {
        Deprel::Aux | Deprel::AuxPass | Deprel::Cop | Deprel::CompoundPrt => true,
        Deprel::Advmod if tree.is_negation(child) || tree.lemma(child) == "never" => true,
        Deprel::Advmod if tree.upos(child) == Upos::Adv && child < head => {
            // "has also agreed", "quickly agreed"; "is also the mayor", not "is very late".
            let end = clause.copula.unwrap_or(head);
            let begun = tree
                .children(head)
                .any(|c| matches!(tree.deprel(c), Deprel::Aux | Deprel::AuxPass) && c < child);
            !is_wh(tree, child)
                && if clause.copula.is_some() {
                    begun && child < end
                        || tree.upos(head) != Upos::Adj
                            && child == end + 1
                            && tree.children(head).any(|c| c > child && c < head)
                } else {
                    begun || child + 1 == head
                }
        }
        _ => false,
    }
}

/// "has not agreed to buy": the verb group with the verbs that govern it. A participle without
/// auxiliary gets "be" in base form, since its tense is not written.
pub(in crate::extract) fn relation(reader: &SentenceReader, index: ClauseId) -> String {
    chain(reader, index, LONGEST_CHAIN)
}

fn chain(reader: &SentenceReader, index: ClauseId, left: usize) -> String {
    let tree = &reader.tree;
    let clause = &reader.clauses[index];
    let mut words: Vec<usize> =
        tree.children(clause.head).filter(|&child| in_verb_group(tree, clause, child)).collect();
    if clause.copula.is_none() {
        words.push(clause.head);
    }
    words.sort_unstable();
    let own = join(tree, &words);
    let to = tree.has_to(clause.head);
    if left == 0 {
        return own;
    }
    if clause.link == Link::Conj
        && words.first() == Some(&clause.head)
        && let Some(parent) = clause.parent
        && let Some(shared) = shared_auxiliaries(reader, parent, index, left - 1)
    {
        return format!("{shared} {own}");
    }
    if matches!(clause.link, Link::Control | Link::Purpose)
        && let Some(parent) = clause.parent
    {
        let governor = &reader.clauses[parent];
        let same = governor.surface == clause.surface;
        if same && clause.link == Link::Control {
            let mut above = chain(reader, parent, left - 1);
            if governor.copula.is_some() {
                above = format!("{above} {}", tree.form(governor.head));
            }
            return if to { format!("{above} to {own}") } else { format!("{above} {own}") };
        }
        if same && clause.link == Link::Purpose {
            let between = clause.head.saturating_sub(governor.head + 1);
            let above = chain(reader, parent, left - 1);
            if governor.copula.is_none() && clause.head > governor.head && between <= FAR {
                return format!("{above} {}", tree.words(governor.head + 1, clause.head));
            }
        }
    }
    if to {
        return format!("to {own}");
    }
    let reduced = matches!(clause.link, Link::Participle | Link::Adverbial) && !to;
    let helped =
        tree.children(clause.head).any(|c| matches!(tree.deprel(c), Deprel::Aux | Deprel::AuxPass));
    if reduced && !helped && clause.copula.is_none() && clause.shared_subject {
        return format!("be {own}");
    }
    own
}

/// "will have to sell *or merge*": what stands before the first verb holds for the second.
fn shared_auxiliaries(
    reader: &SentenceReader,
    first: ClauseId,
    second: ClauseId,
    left: usize,
) -> Option<String> {
    let tree = &reader.tree;
    let (one, other) = (&reader.clauses[first], &reader.clauses[second]);
    let form = |clause: &Clause| {
        let token = tree.token(clause.head);
        (token.feat("VerbForm").map(str::to_owned), token.feat("Tense").map(str::to_owned))
    };
    let finite = tree.token(one.head).feat("VerbForm") == Some("Fin");
    if finite || one.copula.is_some() || form(one) != form(other) || one.surface != other.surface {
        return None;
    }
    let whole = chain(reader, first, left);
    let mut own: Vec<usize> = tree
        .children(one.head)
        .filter(|&c| tree.deprel(c) == Deprel::CompoundPrt)
        .chain([one.head])
        .collect();
    own.sort_unstable();
    let before = whole.strip_suffix(&join(tree, &own))?.trim_end();
    (!before.is_empty()).then(|| before.to_owned())
}
