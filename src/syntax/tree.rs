//! Walks over the dependency tree of one sentence.

use crate::document::{Deprel, Sentence, Span, Token, Upos};

/// A sentence with its children lists.
pub(crate) struct Tree<'a> {
    pub(crate) sentence: &'a Sentence,
    pub(crate) text: &'a str,
    /// Three lists in one piece of memory, for a document has many trees. For each token and for the end:
    /// where the children of a token begin; the children, those of one token next to each other, in text
    /// order; the tokens from the root down, so that a head stands before its dependents.
    links: Box<[u32]>,
}

impl<'a> Tree<'a> {
    pub(crate) fn new(sentence: &'a Sentence, text: &'a str) -> Self {
        let n = sentence.tokens.len();
        let heads = || sentence.tokens.iter().map(|token| token.head.map(|head| head.index()));
        let mut links = Vec::with_capacity(3 * n + 1);
        links.resize(n + 1, 0_u32);
        for head in heads().flatten() {
            links[head + 1] += 1;
        }
        links[0] = n as u32 + 1;
        for index in 0..n {
            links[index + 1] += links[index];
        }
        let order = links[n] as usize;
        let mut next = links.clone();
        links.resize(order, 0);
        for (index, head) in heads().enumerate() {
            match head {
                Some(head) => {
                    links[next[head] as usize] = index as u32;
                    next[head] += 1;
                }
                None => links.push(index as u32),
            }
        }
        let mut done = order;
        while done < links.len() {
            let token = links[done] as usize;
            links.extend_from_within(links[token] as usize..links[token + 1] as usize);
            done += 1;
        }
        Self { sentence, text, links: links.into() }
    }

    pub(crate) fn len(&self) -> usize {
        self.sentence.tokens.len()
    }

    pub(crate) fn token(&self, token: usize) -> &'a Token {
        &self.sentence.tokens[token]
    }

    pub(crate) fn form(&self, token: usize) -> &'a str {
        self.token(token).span.of(self.text)
    }

    pub(crate) fn lemma(&self, token: usize) -> &'a str {
        &self.token(token).lemma
    }

    pub(crate) fn upos(&self, token: usize) -> Upos {
        self.token(token).upos
    }

    pub(crate) fn deprel(&self, token: usize) -> Deprel {
        self.token(token).deprel
    }

    pub(crate) fn head(&self, token: usize) -> Option<usize> {
        self.token(token).head.map(|head| head.index())
    }

    /// All tokens, heads before their dependents.
    pub(crate) fn top_down(&self) -> impl Iterator<Item = usize> + '_ {
        let order = self.links[self.len()] as usize;
        self.links[order..].iter().map(|&token| token as usize)
    }

    pub(crate) fn children(&self, token: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let children = self.links[token] as usize..self.links[token + 1] as usize;
        self.links[children].iter().map(|&child| child as usize)
    }

    pub(crate) fn child(&self, token: usize, deprel: Deprel) -> Option<usize> {
        self.children(token).find(|&child| self.deprel(child) == deprel)
    }

    pub(crate) fn has(&self, token: usize, deprel: Deprel) -> bool {
        self.child(token, deprel).is_some()
    }

    /// True for a verb with the "to" of the infinitive.
    pub(crate) fn has_to(&self, token: usize) -> bool {
        self.children(token)
            .any(|child| self.deprel(child) == Deprel::Mark && self.upos(child) == Upos::Part)
    }

    /// An infinitive, with "to" or without.
    pub(crate) fn is_infinitive(&self, token: usize) -> bool {
        self.token(token).feat("VerbForm") == Some("Inf")
    }

    /// The conjunctions and prepositions before a verb: "*after* leaving", "*from* selling".
    pub(crate) fn introductions(&self, verb: usize) -> impl Iterator<Item = usize> + '_ {
        self.children(verb).filter(move |&child| {
            child < verb && matches!(self.deprel(child), Deprel::Mark | Deprel::Case)
        })
    }

    /// "fell", "was"
    pub(crate) fn is_finite_past(&self, token: usize) -> bool {
        let token = self.token(token);
        token.feat("Tense") == Some("Past") && token.feat("VerbForm") == Some("Fin")
    }

    /// "boats"
    pub(crate) fn is_plural(&self, token: usize) -> bool {
        self.token(token).feat("Number") == Some("Plur")
    }

    /// True for "not", "never", "no".
    pub(crate) fn is_negation(&self, token: usize) -> bool {
        self.token(token).feat("Polarity") == Some("Neg")
    }

    /// "no", "none", "neither"
    pub(crate) fn is_none(&self, token: usize) -> bool {
        matches!(self.lemma(token), "no" | "none" | "neither")
    }

    /// "*no* tanks"
    pub(crate) fn has_none(&self, noun: usize) -> bool {
        self.children(noun).any(|child| self.deprel(child) == Deprel::Det && self.is_none(child))
    }

    /// The token before the first word of a clause, its own punctuation left aside.
    pub(crate) fn before(&self, head: usize) -> Option<&'a str> {
        let (first, _) = self.extent(head, |child| self.deprel(child) == Deprel::Punct);
        first.checked_sub(1).map(|before| self.form(before))
    }

    /// The token and the nominals coordinated with it; "officials Lena Ost and Ivo Ulm" are these two.
    pub(crate) fn conjuncts(&self, token: usize) -> Vec<usize> {
        let mut all = vec![self.named(token)];
        let mut open = vec![token, all[0]];
        while let Some(one) = open.pop().filter(|_| all.len() < MAX_CONJUNCTS) {
            for child in self.children(one).filter(|&child| {
                self.deprel(child) == Deprel::Conj
                    && !matches!(self.upos(child), Upos::Verb | Upos::Aux)
            }) {
                let named = self.named(child);
                all.push(named);
                open.extend([child, named]);
            }
        }
        all.sort_unstable();
        all.dedup();
        all.truncate(MAX_CONJUNCTS);
        all
    }

    /// The name right behind a plural that it spells out: "officials *Lena Ost* and Ivo Ulm".
    fn named(&self, token: usize) -> usize {
        let plural = self.is_plural(token);
        let name = self.child(token, Deprel::Appos).filter(|&name| {
            plural
                && name == token + 1
                && self.upos(token) == Upos::Noun
                && self.upos(name) == Upos::Propn
        });
        name.unwrap_or(token)
    }

    /// Nominals that a phrase counts among its own, or that go with it: "relations, *including* trade
    /// and transport", "Norland, *along with* Estavia,".
    pub(crate) fn members(&self, token: usize) -> Vec<usize> {
        let is_among = |&child: &usize| {
            self.deprel(child) == Deprel::Nmod && {
                let case = self.case(child);
                is_inclusion(&case) || is_companion(&case) && self.before(child) == Some(",")
            }
        };
        let among = self.children(token).filter(is_among);
        among.flat_map(|child| self.conjuncts(child)).collect()
    }

    /// The preposition of a nominal in base form: "in", "because of", "according to"; empty if none.
    pub(crate) fn case(&self, token: usize) -> String {
        let mut words = Vec::new();
        for child in self.children(token).filter(|&c| self.deprel(c) == Deprel::Case) {
            if self.upos(child) == Upos::Part {
                continue; // the possessive 's
            }
            // "ahead of", "west of"
            let adverb = child.checked_sub(1).filter(|&before| {
                self.form(child) == "of"
                    && self.upos(before) == Upos::Adv
                    && self.deprel(before) == Deprel::Advmod
                    && !self.form(before).ends_with("ly")
                    && self.head(before) == self.head(token)
            });
            words.extend(adverb.map(|adverb| self.form(adverb).to_lowercase()));
            words.push(self.form(child).to_lowercase());
            for fixed in self.children(child).filter(|&c| self.deprel(c) == Deprel::Fixed) {
                words.push(self.form(fixed).to_lowercase());
            }
        }
        words.join(" ")
    }

    /// First and last token below `token`, itself included, without the branches that `stop` names.
    pub(crate) fn extent(&self, token: usize, stop: impl Fn(usize) -> bool) -> (usize, usize) {
        let (mut first, mut last) = (token, token);
        let mut stack = vec![token];
        while let Some(one) = stack.pop() {
            first = first.min(one);
            last = last.max(one);
            stack.extend(self.children(one).filter(|&child| !stop(child)));
        }
        (first, last)
    }

    /// True if `token` is `ancestor` or below it.
    pub(crate) fn is_below(&self, token: usize, ancestor: usize) -> bool {
        self.sentence.is_below(token, ancestor)
    }

    /// The relative clause that a word stands in.
    pub(crate) fn relative_clause(&self, token: usize) -> Option<usize> {
        let mut at = Some(token);
        while let Some(one) = at {
            if self.deprel(one) == Deprel::AclRelcl {
                return Some(one);
            }
            at = self.head(one);
        }
        None
    }

    /// The noun that a relative clause is about, from a word inside it.
    pub(crate) fn antecedent(&self, token: usize) -> Option<usize> {
        self.relative_clause(token).and_then(|clause| self.head(clause))
    }

    /// The last token of a phrase so that no bracket stays open: the closing one, or what stands before
    /// the opening one.
    pub(crate) fn with_closed_bracket(&self, first: usize, last: usize) -> usize {
        let opened = (first..=last).rev().find(|&t| matches!(self.form(t), "(" | ")"));
        match opened {
            Some(open) if self.form(open) == "(" => {
                let closes = last + 1 < self.len() && self.form(last + 1) == ")";
                if closes { last + 1 } else { open.saturating_sub(1).max(first) }
            }
            _ => last,
        }
    }

    /// True for "3" in "won 3 – 0", and for "3-0".
    pub(crate) fn is_score(&self, token: usize) -> bool {
        let number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        let is_dash = |c: char| matches!(c, '-' | '–' | '—');
        if self.upos(token) != Upos::Num {
            return false;
        }
        if let Some((home, away)) = self.form(token).split_once(is_dash) {
            return number(home) && number(away);
        }
        let next = token + 2;
        next < self.len()
            && number(self.form(token))
            && number(self.form(next))
            && self.form(token + 1).chars().all(is_dash)
            && self.head(next) == Some(token)
    }

    /// True for "what" in "saw *what* they wanted".
    pub(crate) fn is_free_relative(&self, token: usize) -> bool {
        self.upos(token) == Upos::Pron
            && matches!(self.lemma(token), "what" | "whatever")
            && self.has(token, Deprel::AclRelcl)
    }

    /// The last token of a noun: of "editor" in "editor-in-chief" that is "chief".
    pub(crate) fn end_of_noun(&self, noun: usize) -> usize {
        let ends = |&child: &usize| self.joined_noun(child) == noun;
        self.children(noun).find(ends).unwrap_or(noun)
    }

    /// The noun that a token ends: "editor" for "chief" in "editor-in-chief" (see
    /// `mention::hyphens`), else the token itself.
    pub(crate) fn joined_noun(&self, token: usize) -> usize {
        let is_joined = |&noun: &usize| {
            self.deprel(token) == Deprel::Flat
                && noun + 2 < token
                && [noun + 1, token - 1].iter().all(|&hyphen| self.form(hyphen) == "-")
        };
        self.head(token).filter(is_joined).unwrap_or(token)
    }

    /// The text from one token to another, both included, on one line.
    pub(crate) fn words(&self, first: usize, last: usize) -> String {
        let span = self.span(first, last);
        span.of(self.text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn span(&self, first: usize, last: usize) -> Span {
        self.token(first).span.to(self.token(last).span)
    }
}

/// True for prepositions that name who takes part with what stands before them.
pub(crate) fn is_companion(preposition: &str) -> bool {
    matches!(preposition, "along with" | "together with" | "as well as")
}

/// True for prepositions that name members of what stands before them.
pub(crate) fn is_inclusion(preposition: &str) -> bool {
    matches!(preposition, "including" | "such as")
}

/// How many conjuncts of a coordination are read: a list of two thousand names gives a bounded number
/// of statements.
pub(crate) const MAX_CONJUNCTS: usize = 24;
