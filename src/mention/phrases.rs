//! Noun phrases, pronouns and quantities, read off the tree.

use std::ops::Range;

use super::{Context, Phrase};
use crate::document::{Deprel, Label, MentionKind, Sentence, Token, Upos};
use crate::resource::lexicon::{NominalizationKind, Use};
use crate::syntax::Tree;
use crate::syntax::phrase::{NounPhrase, hang_together, is_title_of};

/// Adds nominals, pronouns and quantities to the names and times of a sentence.
pub(super) fn add(context: &Context, sentence: &Sentence, phrases: &mut Vec<Phrase>) {
    let reader = Reader { tree: Tree::new(sentence, context.text) };
    let mut covered = vec![false; sentence.tokens.len()];
    for phrase in phrases.iter() {
        covered[phrase.tokens.clone()].fill(true);
    }
    let n_fixed = phrases.len();
    for index in 0..sentence.tokens.len() {
        if covered[index] {
            continue;
        }
        let phrase = reader
            .pronoun(context, index)
            .or_else(|| reader.partitive(context, index, &phrases[..n_fixed]))
            .or_else(|| reader.quantity(context, index, &covered))
            .or_else(|| reader.nominal(context, index, &phrases[..n_fixed]));
        phrases.extend(phrase);
    }
    for phrase in phrases.iter_mut().filter(|phrase| phrase.kind == MentionKind::Nominal) {
        phrase.whole = NounPhrase::new(&reader.tree, phrase.head).extent(&phrase.tokens).end;
    }
}

/// Reads the noun phrases off a tree.
struct Reader<'a> {
    tree: Tree<'a>,
}

impl<'a> Reader<'a> {
    fn token(&self, index: usize) -> &'a Token {
        self.tree.token(index)
    }

    fn children(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        self.tree.children(index)
    }

    /// Leftmost and rightmost token of a subtree.
    fn reach(&self, index: usize) -> (usize, usize) {
        self.tree.extent(index, |_| false)
    }

    fn has_child(&self, index: usize, deprel: Deprel) -> bool {
        self.tree.has(index, deprel)
    }

    fn pronoun(&self, context: &Context, index: usize) -> Option<Phrase> {
        let token = self.token(index);
        let personal = token.upos == Upos::Pron
            && token.feat("PronType") == Some("Prs")
            && token.lemma != "one"
            && !token.joined;
        let whose = token.deprel == Deprel::NmodPoss
            && token.form(context.text).eq_ignore_ascii_case("whose");
        if !personal && !whose || token.deprel == Deprel::Expl || self.is_pleonastic(context, index)
        {
            return None;
        }
        let form = token.form(context.text);
        let is_person = matches!(token.feat("Person"), Some("1" | "2"))
            || matches!(token.feat("Gender"), Some("Masc" | "Fem"))
            || matches!(form.to_ascii_lowercase().as_str(), "he" | "she" | "him" | "her" | "his");
        Some(Phrase {
            tokens: index..index + 1,
            head: index,
            kind: MentionKind::Pronoun,
            label: is_person.then_some(Label::Person),
            timex: None,
            whole: 0,
        })
    }

    /// "It is likely that", "it is time to", "it was Mara who", "it took an hour": "it" stands for nothing.
    fn is_pleonastic(&self, context: &Context, index: usize) -> bool {
        let token = self.token(index);
        let Some(head) = token.head.map(|head| head.index()) else { return false };
        if token.lemma != "it" || !matches!(token.deprel, Deprel::Nsubj | Deprel::NsubjPass) {
            return false;
        }
        let has = |deprels: &[Deprel]| deprels.iter().any(|&deprel| self.has_child(head, deprel));
        let measures_time = |index: usize| {
            context.lexicon.noun_label(&self.token(index).lemma.to_lowercase()) == Some(Label::Time)
        };
        let verb = &*self.token(head).lemma;
        match self.token(head).upos {
            Upos::Adj if has(&[Deprel::Cop]) => {
                has(&[Deprel::Csubj, Deprel::Ccomp, Deprel::Xcomp, Deprel::Advcl])
            }
            Upos::Propn if has(&[Deprel::Cop]) => has(&[Deprel::AclRelcl]),
            Upos::Noun if has(&[Deprel::Cop]) => {
                measures_time(head) || has(&[Deprel::Csubj, Deprel::Ccomp])
            }
            Upos::Verb if verb == "take" => {
                has(&[Deprel::Xcomp, Deprel::Advcl, Deprel::Csubj])
                    || self.children(head).any(|child| {
                        self.token(child).deprel == Deprel::Obj && measures_time(child)
                    })
            }
            // "it is feared that"
            Upos::Verb if token.deprel == Deprel::NsubjPass => {
                has(&[Deprel::Csubj, Deprel::CsubjPass, Deprel::Ccomp])
            }
            // "it rained", "it felt good", "it matters that"
            Upos::Verb => context.lexicon.has_use(verb, Use::Impersonal) || has(&[Deprel::Csubj]),
            _ => false,
        }
    }

    /// "one of the boats", "many of the ministers"
    fn partitive(&self, context: &Context, index: usize, fixed: &[Phrase]) -> Option<Phrase> {
        let token = self.token(index);
        let is_case = |&case: &usize| {
            self.token(case).deprel == Deprel::Case && self.token(case).lemma == "of"
        };
        let noun = self.children(index).find(|&child| {
            let whole = self.token(child);
            child > index
                && whole.deprel == Deprel::Nmod
                && matches!(whole.upos, Upos::Noun | Upos::Propn)
                && self.children(child).any(|case| is_case(&case))
        })?;
        let counts = match token.upos {
            Upos::Num | Upos::Det => true,
            Upos::Noun => context.lexicon.has_use(&token.lemma, Use::Part),
            Upos::Adj => matches!(
                &*token.lemma,
                "many" | "much" | "more" | "most" | "several" | "few" | "half"
            ),
            _ => false,
        };
        (counts && is_argument(token.deprel)).then(|| Phrase {
            tokens: self.base(index, fixed).start..self.base(noun, fixed).end,
            head: index,
            kind: MentionKind::Nominal,
            label: label_of(context, self.token(noun)),
            timex: None,
            whole: 0,
        })
    }

    fn quantity(&self, context: &Context, index: usize, covered: &[bool]) -> Option<Phrase> {
        let token = self.token(index);
        let tokens = match token.upos {
            Upos::Num if is_argument(token.deprel) && !self.has_child(index, Deprel::Det) => {
                self.reach_of_number(index)
            }
            Upos::Sym => self.with_number(index)?,
            Upos::Noun => {
                let label = context.lexicon.noun_label(&token.lemma.to_lowercase());
                if label != Some(Label::Quantity) {
                    return None;
                }
                self.with_number(index)?
            }
            _ => return None,
        };
        if covered[tokens.clone()].contains(&true) {
            return None;
        }
        Some(Phrase {
            tokens,
            head: index,
            kind: MentionKind::Quantity,
            label: Some(Label::Quantity),
            timex: None,
            whole: 0,
        })
    }

    /// A unit with its number, on either side: "400 miles", "$3 billion".
    fn with_number(&self, index: usize) -> Option<Range<usize>> {
        let mut tokens = index..index + 1;
        for child in self.children(index) {
            if self.token(child).deprel == Deprel::Nummod {
                let number = self.reach_of_number(child);
                tokens = tokens.start.min(number.start)..tokens.end.max(number.end);
            }
        }
        (tokens.len() > 1).then_some(tokens)
    }

    /// A number with the words that make it: "3 billion", "twenty-five".
    fn reach_of_number(&self, index: usize) -> Range<usize> {
        let mut tokens = index..index + 1;
        for child in self.children(index) {
            let part = matches!(self.token(child).upos, Upos::Num | Upos::Sym)
                && matches!(
                    self.token(child).deprel,
                    Deprel::Compound | Deprel::Flat | Deprel::Nummod
                );
            if part {
                tokens = tokens.start.min(child)..tokens.end.max(child + 1);
            }
        }
        // "*more than* 1,000", "*at least* 20"
        for child in self.children(index).filter(|&child| child < index) {
            let (left, right) = self.reach(child);
            if self.token(child).deprel == Deprel::Advmod && right + 1 == tokens.start {
                tokens.start = left;
            }
        }
        tokens
    }

    fn nominal(&self, context: &Context, index: usize, fixed: &[Phrase]) -> Option<Phrase> {
        let token = self.token(index);
        let determined = self.has_child(index, Deprel::Det);
        let heads = match token.upos {
            Upos::Noun | Upos::Propn => true,
            Upos::Adj | Upos::Num => determined && is_argument(token.deprel),
            Upos::Pron | Upos::Det => self.is_those_who(context, index),
            _ => false,
        };
        let part = matches!(
            token.deprel,
            Deprel::Compound
                | Deprel::Amod
                | Deprel::Flat
                | Deprel::Fixed
                | Deprel::Goeswith
                | Deprel::NmodDesc
                | Deprel::Case
                | Deprel::Mark
                | Deprel::Cc
        );
        let no_name = token.upos != Upos::Noun && context.is_no_name(token.form(context.text));
        if !heads || part || no_name || self.is_title(context, index, fixed) {
            return None;
        }
        let tokens = self.base(index, fixed);
        Some(Phrase {
            tokens,
            head: index,
            kind: MentionKind::Nominal,
            label: label_of(context, token),
            timex: None,
            whole: 0,
        })
    }

    /// "*those* who fled", "*those* responsible for it": the words behind say which ones.
    fn is_those_who(&self, context: &Context, index: usize) -> bool {
        let token = self.token(index);
        let told = |child: usize| {
            child > index
                && matches!(
                    self.token(child).deprel,
                    Deprel::Amod | Deprel::Acl | Deprel::AclRelcl | Deprel::Nmod
                )
        };
        token.form(context.text).eq_ignore_ascii_case("those")
            && is_argument(token.deprel)
            && self.children(index).any(told)
    }

    /// "leader" in "the Norwegian leader Anna Dahl": the name stands right behind.
    fn is_title(&self, context: &Context, index: usize, fixed: &[Phrase]) -> bool {
        let follows = |phrase: &&Phrase| {
            phrase.tokens.start == index + 1 && phrase.label == Some(Label::Person)
        };
        fixed.iter().find(follows).is_some_and(|name| {
            let person = label_of(context, self.token(index)) == Some(Label::Person);
            hang_together(&self.tree, index, &name.tokens)
                || person && is_title_of(&self.tree, index, &name.tokens)
        })
    }

    fn base(&self, index: usize, fixed: &[Phrase]) -> Range<usize> {
        let mut tokens = index..index + 1;
        for child in self.children(index).filter(|&child| child < index) {
            let inside = matches!(
                self.token(child).deprel,
                Deprel::Det
                    | Deprel::DetPredet
                    | Deprel::Amod
                    | Deprel::Compound
                    | Deprel::Nummod
                    | Deprel::NmodPoss
                    | Deprel::NmodDesc
                    | Deprel::NmodUnmarked
                    | Deprel::Flat
            );
            if !inside {
                continue;
            }
            let (left, right) = self.reach(child);
            if right < index {
                tokens.start = tokens.start.min(left);
            }
        }
        for child in self.children(index).filter(|&child| child > index) {
            let inside = matches!(
                self.token(child).deprel,
                Deprel::Flat | Deprel::Fixed | Deprel::Goeswith | Deprel::Nummod
            );
            if !inside {
                continue;
            }
            let (left, right) = self.reach(child);
            if left == tokens.end && !self.is_clause(child) {
                tokens.end = right + 1;
            }
        }
        self.without_edges(tokens, index, fixed)
    }

    fn is_clause(&self, index: usize) -> bool {
        let (left, right) = self.reach(index);
        right - left > 3
    }

    /// Keeps names whole, and cuts adverbs, commas and conjunctions that precede the phrase.
    fn without_edges(
        &self,
        mut tokens: Range<usize>,
        head: usize,
        fixed: &[Phrase],
    ) -> Range<usize> {
        for phrase in fixed {
            let name = &phrase.tokens;
            if name.start < tokens.start && tokens.start < name.end && name.end <= head {
                tokens.start = name.start;
            }
            if name.start < tokens.end && tokens.end < name.end {
                tokens.end = name.end;
            }
        }
        // "*at least* 14 people", "*up to* 14 people": part of the number.
        let of_number = |index: usize| {
            let mut above = std::iter::successors(Some(index), |&at| self.tree.head(at)).skip(1);
            let number = above.find(|&at| self.token(at).upos == Upos::Num || at == head);
            number.is_some_and(|at| at != head && at > index)
        };
        while tokens.start < head
            && matches!(
                self.token(tokens.start).upos,
                Upos::Punct | Upos::Cconj | Upos::Adp | Upos::Sconj
            )
            && !of_number(tokens.start)
        {
            tokens.start += 1;
        }
        tokens
    }
}

fn label_of(context: &Context, token: &Token) -> Option<Label> {
    let lemma = token.lemma.to_lowercase();
    if let Some(label) = context.lexicon.noun_label(&lemma) {
        return Some(label);
    }
    if context.lexicon.role(&lemma).is_some() {
        return Some(Label::Person);
    }
    match context.lexicon.nominalization(&lemma)?.kind {
        NominalizationKind::Event => Some(Label::Event),
        NominalizationKind::Agent => Some(Label::Person),
    }
}

/// Relations in which a word refers by itself.
fn is_argument(deprel: Deprel) -> bool {
    matches!(
        deprel,
        Deprel::Nsubj
            | Deprel::NsubjPass
            | Deprel::Obj
            | Deprel::Iobj
            | Deprel::Obl
            | Deprel::OblAgent
            | Deprel::Nmod
            | Deprel::Conj
            | Deprel::Appos
            | Deprel::Root
    )
}
