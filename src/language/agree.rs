//! One document, one label: the same name is the same kind of thing wherever it stands.

use rustc_hash::FxHashMap;

use crate::document::{Label, Name, Sentence, Upos};

/// What a form is called in the document: votes by label, and the label that came first.
#[derive(Clone, Copy, Default)]
struct Votes {
    counts: [u32; Label::ALL.len()],
    first: Option<Label>,
}

impl Votes {
    fn add(&mut self, label: Label, weight: u32) {
        self.counts[label as usize] += weight;
        self.first.get_or_insert(label);
    }

    /// The label with most votes; of equals the first.
    fn winner(&self) -> Option<Label> {
        let most = *self.counts.iter().max()?;
        let first = self.first.filter(|&label| self.counts[label as usize] == most);
        first.or_else(|| Label::ALL.iter().copied().find(|&l| self.counts[l as usize] == most))
    }
}

/// A surname is given by the full name, which weighs more than a guess at the surname alone.
const FULL_NAME: u32 = 2;

/// Gives all names of the same form the label that most of them have, single names that end a
/// person's full name its label, and marks proper nouns that are names elsewhere.
pub(super) fn agree(text: &str, sentences: &mut [Sentence]) {
    let mut votes: FxHashMap<&str, Votes> = FxHashMap::default();
    for sentence in sentences.iter() {
        for name in &sentence.names {
            votes.entry(form(text, sentence, name)).or_default().add(name.label, 1);
            if name.label == Label::Person && name.tokens.len() > 1 {
                let surname = sentence.tokens[name.tokens.end - 1].form(text);
                votes.entry(surname).or_default().add(Label::Person, FULL_NAME);
            }
        }
    }
    for sentence in sentences {
        for at in 0..sentence.names.len() {
            let form = form(text, sentence, &sentence.names[at]);
            if let Some(label) = votes.get(form).and_then(Votes::winner) {
                sentence.names[at].label = label;
            }
        }
        complete(text, sentence, &votes);
    }
}

fn form<'t>(text: &'t str, sentence: &Sentence, name: &Name) -> &'t str {
    let (first, last) = (name.tokens.start, name.tokens.end - 1);
    sentence.tokens[first].span.to(sentence.tokens[last].span).of(text)
}

/// Adds single proper nouns that are names elsewhere in the document.
fn complete(text: &str, sentence: &mut Sentence, votes: &FxHashMap<&str, Votes>) {
    let mut names = Vec::with_capacity(sentence.names.len());
    let mut known = std::mem::take(&mut sentence.names).into_iter().peekable();
    let tokens = &sentence.tokens;
    let mut at = 0;
    while at < tokens.len() {
        if let Some(name) = known.next_if(|name| name.tokens.start == at) {
            at = name.tokens.end;
            names.push(name);
            continue;
        }
        let proper = |at: usize| tokens.get(at).is_some_and(|token| token.upos == Upos::Propn);
        let form = tokens[at].form(text);
        let alone = proper(at) && !(at > 0 && proper(at - 1)) && !proper(at + 1);
        let capital = form.starts_with(char::is_uppercase) && form.chars().count() > 2;
        if alone
            && capital
            && let Some(label) = votes.get(form).and_then(Votes::winner)
        {
            names.push(Name { tokens: at..at + 1, label });
        }
        at += 1;
    }
    sentence.names = names;
}
