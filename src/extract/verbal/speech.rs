//! Who says what, with the content as the text has it.

use crate::document::{Deprel, Upos};
use crate::extract::claim::Participant;
use crate::extract::clause::{ClauseId, is_relative_pronoun};
use crate::extract::construction::Construction;
use crate::extract::mood::is_inserted_speech;
use crate::extract::project::{Derivation, complete};
use crate::extract::reader::SentenceReader;
use crate::resource::lexicon::Stance;
use crate::statement::{Argument, Factuality, Predicate, Statement};

/// Who says what, with the content as the text has it. True if the clause is a saying.
pub(super) fn speech(
    reader: &SentenceReader,
    index: ClauseId,
    label: &str,
    participants: &[Participant],
    out: &mut Vec<Statement>,
) -> bool {
    let tree = &reader.tree;
    let clause = &reader.clauses[index];
    let Some(content) = content(reader, index) else { return false };
    let (first, last) = tree.extent(content, |child| {
        tree.is_below(clause.head, child)
            || child == clause.head
            || tree.deprel(child) == Deprel::Punct
    });
    if first > last {
        return false;
    }
    // Content in two pieces around the verb of saying: the first one stands for it, if it is more than
    // the pronoun of "which the minister said was near" or a circumstance of the saying ("*Of the plan*,
    // she said, "I like it"").
    let mut second = None;
    let (first, last) = if (first..=last).contains(&clause.head) {
        let (start, end) = tree
            .extent(clause.head, |child| child == content || tree.deprel(child) == Deprel::Punct);
        let before = start.min(clause.head).saturating_sub(1).max(first);
        let circumstance = content > end && !reader.quoted[first] && reader.quoted[content];
        if (before == first && is_relative_pronoun(tree, first) || circumstance) && end < last {
            let said = (end + 1..=last).find(|&t| tree.upos(t) != Upos::Punct);
            (said.unwrap_or(last), last)
        } else {
            let said = (first..=before).rev().find(|&t| tree.upos(t) != Upos::Punct);
            let said = said.unwrap_or(before);
            // "*The others*, he said, *will be charged*"
            let rest = (end + 1..=last).find(|&t| tree.upos(t) != Upos::Punct);
            second = rest
                .filter(|_| content > end && reader.quoted[said] == reader.quoted[content])
                .map(|rest| (rest, last));
            (first, said)
        }
    } else {
        (first, last)
    };
    let property = reader
        .know
        .lexicon
        .stance(tree.lemma(clause.head))
        .and_then(|stance| match stance {
            Stance::Denied => Some(Construction::Denial),
            Stance::Said | Stance::Warned | Stance::Urged => Some(Construction::Speech),
            // Who thinks or sees says nothing.
            Stance::Believed | Stance::Shown | Stance::Known => None,
        })
        .and_then(|said| reader.know.grammar.constructions.property(said));
    for &subject in &clause.subjects {
        if let Some(subject) = reader.mention(subject) {
            let predicate = Predicate::new(property, label);
            let object = match second {
                Some((second, end)) => Argument::Literal {
                    value: format!("{} {}", tree.words(first, last), tree.words(second, end)),
                    span: None,
                },
                None => reader.words(first, last),
            };
            let mut statement =
                Derivation { reader, clause: Some(index), trigger: clause.head, rule: "speech" }
                    .statement(subject, predicate, object);
            // That it was said is the text's own statement, not the speaker's claim.
            statement.attribution.retain(|&source| source != subject);
            if statement.attribution.is_empty() && statement.factuality == Factuality::Claimed {
                statement.factuality = Factuality::Asserted;
            }
            complete(reader, &mut statement, participants, &[content]);
            out.push(statement);
        }
    }
    !clause.subjects.is_empty()
}

/// Head of the clause that a verb of saying or thinking introduces.
fn content(reader: &SentenceReader, index: ClauseId) -> Option<usize> {
    let tree = &reader.tree;
    let clause = &reader.clauses[index];
    if let Some(content) = tree.child(clause.head, Deprel::Ccomp) {
        // "announced a tax (let us see whether it helps)": an aside of whoever writes.
        return (tree.before(content) != Some("(")).then_some(content);
    }
    if !reader.know.lexicon.is_speech_verb(tree.lemma(clause.head)) {
        return None;
    }
    if let Some(parent) = clause.parent {
        let above = &reader.clauses[parent];
        if is_inserted_speech(tree, above, clause, reader.know.lexicon) {
            return Some(above.head);
        }
    }
    tree.children(clause.head).find(|&child| {
        child > clause.head
            && tree.deprel(child) == Deprel::Parataxis
            && reader.know.lexicon.stance(tree.lemma(child)).is_none()
            && reader.clauses.headed(child).is_some()
    })
}
