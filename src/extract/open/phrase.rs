//! The words of a noun phrase, a predicate, a content clause.

use crate::document::{Deprel, MentionKind, Upos};
use crate::extract::clause::{Clause, is_relative_pronoun};
use crate::extract::reader::SentenceReader;
use crate::syntax::Tree;

use super::relation::in_verb_group;

/// The words of tokens in text order: as they stand in the text where they are neighbours.
pub(super) fn join(tree: &Tree, tokens: &[usize]) -> String {
    let mut out = String::new();
    let mut start = 0;
    while start < tokens.len() {
        let mut end = start;
        while end + 1 < tokens.len() && tokens[end + 1] == tokens[end] + 1 {
            end += 1;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&tree.words(tokens[start], tokens[end]));
        start = end + 1;
    }
    out
}

/// A noun phrase without its own preposition and coordination, relative clauses, and the branch of
/// the clause that it depends on.
pub(super) fn phrase(reader: &SentenceReader, token: usize, branch: Option<usize>) -> String {
    let tree = &reader.tree;
    let mut tokens = below(tree, token, |child| {
        let top = tree.head(child) == Some(token);
        let deprel = tree.deprel(child);
        let coordinated =
            matches!(deprel, Deprel::Conj | Deprel::Cc | Deprel::CcPreconj | Deprel::Appos) && top;
        // Prepositions inside the phrase stay, that before it goes.
        let own_case = top && deprel == Deprel::Case && child < token;
        let loose = deprel == Deprel::Acl && tree.before(child) == Some(",");
        coordinated
            || own_case
            || loose
            || branch.is_some_and(|clause| tree.is_below(clause, child))
            || deprel == Deprel::AclRelcl && tree.before(child) == Some(",")
            || matches!(deprel, Deprel::Parataxis | Deprel::Advcl)
            || top && matches!(deprel, Deprel::Mark | Deprel::Cop | Deprel::Nsubj)
    });
    // A name stays whole.
    if let Some(mention) = reader.mention(token) {
        let mention = reader.get(mention);
        if mention.kind == MentionKind::Name && mention.sentence == reader.sentence {
            tokens.extend(mention.tokens.clone());
        }
    }
    let whose = tokens.iter().position(|&t| tree.form(t).eq_ignore_ascii_case("whose"));
    if let Some(at) = whose
        && let Some(owner) = tree.antecedent(tokens[at])
        && owner != token
    {
        let whose = tokens.remove(at);
        let owner = phrase(reader, owner, tree.relative_clause(whose));
        return format!("{owner} 's {}", words(tree, tokens));
    }
    words(tree, tokens)
}

/// A token and those below it, without the branches that `stop` names.
fn below(tree: &Tree, token: usize, stop: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut found = Vec::new();
    let mut stack = vec![token];
    while let Some(one) = stack.pop() {
        found.push(one);
        stack.extend(tree.children(one).filter(|&child| !stop(child)));
    }
    found
}

/// The words of tokens, with the punctuation that stands between two of them.
fn words(tree: &Tree, mut tokens: Vec<usize>) -> String {
    tokens.retain(|&token| tree.upos(token) != Upos::Punct);
    tokens.sort_unstable();
    tokens.dedup();
    if let (Some(&first), Some(&last)) = (tokens.first(), tokens.last()) {
        let opens =
            first.checked_sub(1).filter(|&b| matches!(tree.form(b), "``" | "\"" | "“" | "‘"));
        let closes = Some(last + 1)
            .filter(|&a| a < tree.len() && matches!(tree.form(a), "''" | "\"" | "”" | "’"));
        if let (Some(opens), Some(closes)) = (opens, closes) {
            return join(
                tree,
                &(opens..=closes)
                    .filter(|t| tokens.contains(t) || tree.upos(*t) == Upos::Punct)
                    .collect::<Vec<_>>(),
            );
        }
    }
    let mut all: Vec<usize> = Vec::with_capacity(tokens.len() + 4);
    for &token in &tokens {
        if let Some(&last) = all.last()
            && (last + 1..token).all(|between| tree.upos(between) == Upos::Punct)
        {
            all.extend(last + 1..token);
        }
        all.push(token);
    }
    join(tree, &all)
}

/// The complement of a copula with its attributes.
pub(super) fn predicate_phrase(reader: &SentenceReader, clause: &Clause) -> String {
    let tree = &reader.tree;
    let token = clause.head;
    let tokens = below(tree, token, |child| {
        let top = tree.head(child) == Some(token);
        let deprel = tree.deprel(child);
        let apart = matches!(deprel, Deprel::AclRelcl | Deprel::Parataxis | Deprel::Advcl)
            || is_relative_pronoun(tree, child);
        if apart || !top {
            return apart;
        }
        in_verb_group(tree, clause, child)
            || match deprel {
                Deprel::Aux
                | Deprel::Cop
                | Deprel::Nsubj
                | Deprel::NsubjOuter
                | Deprel::Csubj
                | Deprel::CsubjOuter
                | Deprel::Mark
                | Deprel::Obl
                | Deprel::OblUnmarked
                | Deprel::Appos
                | Deprel::Expl
                | Deprel::Discourse
                | Deprel::Dislocated
                | Deprel::Vocative => true,
                Deprel::Cc => child < token,
                Deprel::Conj => is_clausal(tree, child),
                Deprel::Advmod => {
                    is_wh(tree, child) || clause.copula.is_some_and(|cop| child < cop)
                }
                _ => false,
            }
    });
    words(tree, tokens)
}

/// True for a conjunct that is a clause of its own.
fn is_clausal(tree: &Tree, token: usize) -> bool {
    matches!(tree.upos(token), Upos::Verb | Upos::Aux)
        || tree
            .children(token)
            .any(|child| matches!(tree.deprel(child), Deprel::Cop | Deprel::Nsubj | Deprel::Aux))
}

/// Reported content: what somebody says or thinks.
pub(super) struct Content {
    /// The conjunction before it.
    pub(super) that: Option<usize>,
    pub(super) words: String,
}

/// The content of a verb of saying or thinking.
pub(super) fn content_phrase(reader: &SentenceReader, clause: &Clause) -> Option<Content> {
    let tree = &reader.tree;
    let content = tree.child(clause.head, Deprel::Ccomp)?;
    let that = tree
        .children(content)
        .find(|&child| tree.deprel(child) == Deprel::Mark && tree.lemma(child) == "that");
    let (first, last) =
        tree.extent(content, |child| tree.deprel(child) == Deprel::Punct || Some(child) == that);
    Some(Content { that, words: tree.words(first, last) })
}

pub(super) fn is_wh(tree: &Tree, token: usize) -> bool {
    matches!(tree.lemma(token), "where" | "when" | "why" | "how")
}

/// The tokens of a nominal's preposition.
pub(super) fn case_tokens(tree: &Tree, token: usize) -> Vec<usize> {
    let mut words: Vec<usize> = tree
        .children(token)
        .filter(|&c| tree.deprel(c) == Deprel::Case && tree.upos(c) != Upos::Part && c < token)
        .flat_map(|c| {
            std::iter::once(c).chain(tree.children(c).filter(|&f| tree.deprel(f) == Deprel::Fixed))
        })
        .collect();
    words.sort_unstable();
    words
}
