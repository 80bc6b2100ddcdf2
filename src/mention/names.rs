//! Names: those of the model, corrected, and those that it missed.

use std::ops::Range;

use super::{Context, Phrase, n_words, span_of, touches};
use crate::document::{Deprel, Label, MentionKind, Name, Sentence, Token, TokenId, Upos};
use crate::ontology::Kind;
use crate::resource::fold::fold;
use crate::resource::lexicon::{RoleKind, Use};

/// Most tokens of a name with a conjunction inside.
const JOINED: usize = 12;

/// Finds the names of a sentence; `taken` marks the tokens of time expressions.
/// Letters of the longest word that is both a title and a part of surnames: "Del", "Da".
const LONGEST_PARTICLE: usize = 3;

pub(super) fn find(context: &Context, sentence: &Sentence, taken: &[bool]) -> Vec<Phrase> {
    let covered = vec![false; sentence.tokens.len()];
    let mut finder = Finder { context, sentence, times: taken, covered, found: Vec::new() };
    finder.demonyms_of_two_words();
    finder.known_bodies();
    finder.of_the_model();
    finder.of_the_gazetteer();
    finder.missed();
    finder.found.sort_by_key(|name| name.tokens.start);
    finder.found
}

struct Finder<'a> {
    context: &'a Context<'a>,
    sentence: &'a Sentence,
    /// Tokens of time expressions.
    times: &'a [bool],
    /// Tokens of names that were found.
    covered: Vec<bool>,
    found: Vec<Phrase>,
}

impl Finder<'_> {
    fn form(&self, index: usize) -> &str {
        self.sentence.tokens[index].form(self.context.text)
    }

    fn text(&self, tokens: &Range<usize>) -> &str {
        span_of(self.sentence, tokens).of(self.context.text)
    }

    fn is_free(&self, tokens: &Range<usize>) -> bool {
        !tokens.clone().any(|t| self.is_taken(t))
    }

    fn is_taken(&self, index: usize) -> bool {
        self.covered[index] || self.times[index]
    }

    /// No name and no part of a time stands there: "the 2003 Harstad regatta" may hold a whole one.
    fn may_hold_times(&self, tokens: &Range<usize>) -> bool {
        let cuts =
            |at: usize| at > 0 && at < self.times.len() && self.times[at - 1] && self.times[at];
        !self.covered[tokens.clone()].contains(&true)
            && self.times[tokens.clone()].contains(&false)
            && !cuts(tokens.start)
            && !cuts(tokens.end)
    }

    fn push(&mut self, tokens: Range<usize>, label: Option<Label>) {
        self.covered[tokens.clone()].fill(true);
        if self.context.is_no_name(self.text(&tokens)) {
            return;
        }
        self.found.push(Phrase {
            head: self.sentence.head_of(&tokens),
            tokens,
            kind: MentionKind::Name,
            label,
            timex: None,
            whole: 0,
        });
    }

    /// "South Korean": the model sees the country's first half.
    fn demonyms_of_two_words(&mut self) {
        for start in 0..self.sentence.tokens.len() {
            if let Some((end, label)) = self.demonym_at(start)
                && end - start > 1
            {
                self.push(start..end, Some(label));
            }
        }
    }

    /// Names of two words and more of the gazetteer or of the document, unless the model has a longer
    /// one: it often cuts names at "of".
    fn known_bodies(&mut self) {
        let longer = |tokens: &Range<usize>| {
            self.sentence.names.iter().any(|name| {
                name.tokens.start <= tokens.start
                    && tokens.end <= name.tokens.end
                    && tokens.len() < name.tokens.len()
            })
        };
        let mut start = 0;
        while start < self.sentence.tokens.len() {
            let found = self.joined_name(start).or_else(|| self.longest_entry(start, 2));
            match found.filter(|(end, _)| !longer(&(start..*end))) {
                Some((end, label)) => {
                    self.push(start..end, Some(label));
                    start = end;
                }
                None => start += 1,
            }
        }
    }

    /// "Sail and Oar", where the model took it for two names.
    fn joined_name(&self, start: usize) -> Option<(usize, Label)> {
        if self.context.joined.is_empty() || !self.begins_name(start) {
            return None;
        }
        let limit = self.sentence.tokens.len().min(start + JOINED);
        (start + 3..=limit).rev().find_map(|end| {
            let tokens = start..end;
            let label = self.context.joined.get(&fold(self.text(&tokens)))?;
            let one = self.is_free(&tokens)
                && self.begins_name(end - 1)
                && self.split_conjunction(tokens).len() == 1;
            one.then_some((end, *label))
        })
    }

    /// The longest gazetteer name that begins at a token and has at least `least` tokens.
    fn longest_entry(&self, start: usize, least: usize) -> Option<(usize, Label)> {
        if !self.begins_name(start) {
            return None;
        }
        let limit = self.sentence.tokens.len().min(start + self.context.gazetteer.longest() + 2);
        for end in (start + least..=limit).rev() {
            let tokens = start..end;
            if !self.is_free(&tokens) || !self.is_capitalized(end - 1) {
                continue;
            }
            if !tokens.clone().any(|t| self.sentence.tokens[t].upos == Upos::Propn) {
                continue;
            }
            if self.split_possessor(tokens.clone()).len() > 1 {
                continue;
            }
            if let Some(id) = self.context.gazetteer.best(self.text(&tokens)) {
                return Some((end, self.context.gazetteer.entry(id).label));
            }
        }
        None
    }

    fn begins_name(&self, index: usize) -> bool {
        matches!(self.sentence.tokens[index].upos, Upos::Propn | Upos::Adj | Upos::Noun)
            && self.is_capitalized(index)
    }

    fn is_capitalized(&self, index: usize) -> bool {
        self.form(index).chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric())
    }

    fn of_the_model(&mut self) {
        for (tokens, label) in self.whole_names() {
            if let Some(of) = self.person_of(&tokens, label) {
                self.take(tokens.start..of, Label::Person);
                self.take(of + 1..tokens.end, Label::Org);
                continue;
            }
            for part in self.split_possessor(tokens) {
                for part in self.split_conjunction(part) {
                    let part = self.split_base(part);
                    self.take(part, label);
                }
            }
        }
    }

    /// The names of the model, with what it cut off: one that hangs flat on the one word right before
    /// it, or is a surname behind a first name, is the rest of its name.
    fn whole_names(&self) -> Vec<(Range<usize>, Label)> {
        let sentence = self.sentence;
        let mut names: Vec<(Range<usize>, Label)> = Vec::new();
        for name in &sentence.names {
            let tokens = name.tokens.start..name.tokens.end.min(sentence.tokens.len());
            if tokens.is_empty() || matches!(name.label, Label::Time | Label::Quantity) {
                continue;
            }
            match names.last_mut() {
                Some((before, label))
                    if before.end == tokens.start
                        && before.len() == 1
                        && (hangs_flat(sentence, &tokens, before)
                            || *label == Label::Person && self.is_surname_of(before, name)) =>
                {
                    before.end = tokens.end;
                    if name.label == Label::Person {
                        *label = Label::Person;
                    }
                }
                _ => names.push((tokens, name.label)),
            }
        }
        for (tokens, _) in names.iter_mut().filter(|(_, label)| *label == Label::Org) {
            if self.is_headed_by_capital(tokens) {
                tokens.end += 1;
            }
        }
        names
    }

    /// "Dean Farrow", where the model took each word for a person.
    fn is_surname_of(&self, first: &Range<usize>, next: &Name) -> bool {
        next.label == Label::Person
            && next.tokens.len() == 1
            && self.context.gazetteer.is_first_name(self.form(first.start))
            && !self.context.gazetteer.is_first_name(self.form(next.tokens.start))
    }

    /// True if the noun right behind a name heads it and is written with a capital, though no title
    /// nor headline: "Norvik *Shipping*".
    fn is_headed_by_capital(&self, tokens: &Range<usize>) -> bool {
        let all = &self.sentence.tokens;
        let Some(next) = all.get(tokens.end) else { return false };
        let head = &all[self.sentence.head_of(tokens)];
        let small = |token: &Token| {
            matches!(token.upos, Upos::Noun | Upos::Verb)
                && token.form(self.context.text).starts_with(char::is_lowercase)
        };
        next.upos == Upos::Noun
            && self.is_capitalized(tokens.end)
            && head.deprel == Deprel::Compound
            && head.head == Some(TokenId::from(tokens.end))
            && !self.is_role(tokens.end)
            && all.iter().any(small)
    }

    /// "Norway's Far North" is two names if the first is a known one.
    fn split_possessor(&self, tokens: Range<usize>) -> Vec<Range<usize>> {
        let is_ending = |&t: &usize| self.sentence.tokens[t].upos == Upos::Part;
        if let Some(ending) = tokens.clone().find(is_ending)
            && ending > tokens.start
            && ending + 1 < tokens.end
            && self.context.gazetteer.best(self.text(&(tokens.start..ending))).is_some()
        {
            return vec![tokens.start..ending, ending + 1..tokens.end];
        }
        vec![tokens]
    }

    /// "Mara Voss of the Harbor Party" is two names: where the preposition stands.
    fn person_of(&self, tokens: &Range<usize>, label: Label) -> Option<usize> {
        let of = tokens.clone().find(|&t| self.sentence.tokens[t].upos == Upos::Adp)?;
        let full = label == Label::Person && of - tokens.start > 1;
        let person = full || self.context.looks_like_person(self.sentence, &(tokens.start..of));
        (person && of + 1 < tokens.end && self.form(of) == "of").then_some(of)
    }

    /// "US and South Korean" is two names if the gazetteer knows both, "Liv Dahl and Mr Berg" if both
    /// are persons.
    fn split_conjunction(&self, tokens: Range<usize>) -> Vec<Range<usize>> {
        let is_conjunction = |&t: &usize| self.sentence.tokens[t].upos == Upos::Cconj;
        let known = |part: &Range<usize>| {
            let text = self.text(part);
            let gazetteer = self.context.gazetteer;
            gazetteer.best(text).is_some()
                || gazetteer.adjective(text).is_some()
                || self.is_surname(part)
                || self.context.looks_like_person(self.sentence, part)
                || self.context.lexicon.is_honorific(self.form(part.start))
        };
        if let Some(at) = tokens.clone().find(is_conjunction)
            && at > tokens.start
            && at + 1 < tokens.end
            && self.context.gazetteer.best(self.text(&tokens)).is_none()
        {
            let parts = vec![tokens.start..at, at + 1..tokens.end];
            if parts.iter().all(known) {
                return parts;
            }
        }
        vec![tokens]
    }

    /// "Oslo-based Norvik Shipping": the place is a name of its own.
    fn split_base(&mut self, tokens: Range<usize>) -> Range<usize> {
        let base = |&end: &usize| self.is_joined(end) && self.form(end - 1) == "based";
        let Some(end) = (tokens.start + 3..tokens.end).find(base) else { return tokens };
        self.take(tokens.start..end - 2, Label::Place);
        end..tokens.end
    }

    /// True behind "Oslo-based", "Dahl-led".
    fn is_joined(&self, end: usize) -> bool {
        matches!(self.form(end - 2), "-" | "–")
            && self.sentence.tokens[end - 1].upos == Upos::Verb
            && !self.is_capitalized(end - 1)
    }

    /// "Dahl-Berg" as one token that joins two names of the document is none of them.
    fn is_pair(&self, tokens: &Range<usize>) -> bool {
        let known = |part: &str| {
            self.context.surnames.contains(&fold(part))
                || self.context.gazetteer.best(part).is_some()
        };
        let text = self.text(tokens);
        let parts = || text.split(['-', '–']);
        parts().count() > 1
            && !self.is_surname(tokens)
            && self.context.gazetteer.best(text).is_none()
            && parts().all(|part| !part.is_empty() && known(part))
    }

    fn take(&mut self, tokens: Range<usize>, label: Label) {
        let mut tokens = self.trim(tokens);
        if tokens.is_empty() || self.is_pair(&tokens) {
            return;
        }
        // "Western" is no name, "Norwegian" is.
        let first = &self.sentence.tokens[tokens.start];
        if tokens.len() == 1 && first.upos == Upos::Pron {
            return; // "We", "Us"
        }
        let adjective = tokens.len() == 1 && first.upos == Upos::Adj && label != Label::Norp;
        if adjective && self.demonym(&tokens).is_none() {
            return;
        }
        let known = self.context.gazetteer.best(self.text(&tokens)).is_some();
        if !known && matches!(label, Label::Org | Label::Misc | Label::Product) {
            let whole = tokens.clone();
            tokens = self.without_portfolio(tokens);
            tokens = self.without_role_behind(tokens);
            self.covered[tokens.end..whole.end].fill(true);
        }
        let person = !known && (self.is_titled_person(&tokens) || self.follows_title(&tokens));
        let label = if person { Label::Person } else { label };
        if label == Label::Person {
            tokens = self.without_titles(tokens);
        }
        if label == Label::Person || label == Label::Norp && !self.may_be_people(&tokens) {
            tokens = self.to_the_end_of_the_name(tokens);
        }
        if tokens.is_empty() || !self.may_hold_times(&tokens) {
            return;
        }
        // A title alone is no name.
        if tokens.clone().all(|t| self.is_role(t)) && label == Label::Person {
            return;
        }
        let label = self.corrected(&tokens, label);
        self.push(tokens, Some(label));
    }

    /// "President Dahl", whatever the model takes it for.
    fn is_titled_person(&self, tokens: &Range<usize>) -> bool {
        let name = self.without_titles(tokens.clone());
        if name.is_empty() || name.start == tokens.start {
            return false;
        }
        // "Ms Song": nobody else is called so, whatever the word means.
        let honored = self.context.lexicon.is_honorific(self.form(tokens.start));
        // "Ambassador Fan Meiling": so do words that the tree takes for one name.
        let first = TokenId::from(name.start);
        let flat = name.len() > 1
            && self.sentence.tokens[name.start + 1..name.end]
                .iter()
                .all(|token| token.deprel == Deprel::Flat && token.head == Some(first));
        let is_word = |t: usize| {
            let word = self.form(t).to_lowercase();
            self.sentence.tokens[t].upos == Upos::Propn
                && (honored || flat || self.context.lexicon.noun_label(&word).is_none())
                || self.form(t) == "-"
        };
        let sure = flat
            || self.sentence.tokens[tokens.start].deprel == Deprel::NmodDesc
            || self.context.gazetteer.is_first_name(self.form(name.start))
            || self.context.surnames.contains(&fold(self.form(name.end - 1)));
        name.clone().all(is_word) && sure
    }

    /// A name of two or three words right behind a noun for persons: "officials Liv Dahl and ...".
    fn follows_title(&self, tokens: &Range<usize>) -> bool {
        let Some(before) = tokens.start.checked_sub(1) else { return false };
        let token = &self.sentence.tokens[before];
        let lemma = token.lemma.to_lowercase();
        let is_person = token.upos == Upos::Noun && self.context.lexicon.denotes_person(&lemma);
        let is_word = |t: usize| {
            let word = self.form(t).to_lowercase();
            self.sentence.tokens[t].upos == Upos::Propn
                && self.context.lexicon.noun_label(&word).is_none()
        };
        is_person && (2..=3).contains(&tokens.len()) && tokens.clone().all(is_word)
    }

    /// Cuts determiners, punctuation and possessive endings off both ends.
    fn trim(&self, mut tokens: Range<usize>) -> Range<usize> {
        tokens.end = self.sentence.end_of_name(self.context.text, &tokens);
        while !tokens.is_empty() && self.sentence.is_edge(self.context.text, tokens.start) {
            tokens.start += 1;
        }
        if tokens.len() > 2 && self.is_joined(tokens.end) {
            tokens.end -= 2;
        }
        tokens
    }

    /// "Norwegian Fisheries" before "Minister": the portfolio is part of the title, no name.
    fn without_portfolio(&self, tokens: Range<usize>) -> Range<usize> {
        let lexicon = self.context.lexicon;
        let office = self
            .sentence
            .tokens
            .get(tokens.end)
            .is_some_and(|next| lexicon.has_use(&next.lemma.to_lowercase(), Use::Portfolio));
        if !office {
            return tokens;
        }
        let end = tokens
            .clone()
            .rev()
            .find(|&index| self.demonym(&(tokens.start..index + 1)).is_some())
            .map_or(tokens.start, |index| index + 1);
        tokens.start..end
    }

    /// "Norvik Rovers Head Coach" before "Liv Dahl": what she is belongs to her.
    fn without_role_behind(&self, tokens: Range<usize>) -> Range<usize> {
        let before_name =
            self.sentence.tokens.get(tokens.end).is_some_and(|next| next.upos == Upos::Propn);
        if !before_name {
            return tokens;
        }
        let longest = self.context.lexicon.longest_role().min(tokens.len().saturating_sub(1));
        let is_role = |length: &usize| {
            let role = self.context.lexicon.role(self.text(&(tokens.end - length..tokens.end)));
            role.is_some_and(|role| matches!(role.kind, RoleKind::Office | RoleKind::Profession))
        };
        match (1..=longest).rev().find(is_role) {
            Some(length) => tokens.start..tokens.end - length,
            None => tokens,
        }
    }

    /// Moves the start of a person's name behind its titles.
    fn without_titles(&self, mut tokens: Range<usize>) -> Range<usize> {
        let mut start = tokens.start;
        for index in tokens.clone() {
            let longest = self.context.lexicon.longest_role().min(tokens.end - 1 - index);
            for length in (1..=longest).rev() {
                if self.is_title(index..index + length, &tokens) {
                    start = start.max(index + length);
                }
            }
        }
        tokens.start = start;
        self.trim(tokens)
    }

    fn is_title(&self, words: Range<usize>, name: &Range<usize>) -> bool {
        let Some(role) = self.context.lexicon.role(self.text(&words)) else { return false };
        let token = &self.sentence.tokens[words.start];
        // "Ivo *del* Mar", "President *da* Silva"
        if matches!(token.upos, Upos::Propn | Upos::X) && !self.is_capitalized(words.start) {
            return false;
        }
        // "Jack *Del* Mar", "Ana *Da* Silva": a short word in capitals is a title ("DA"), this one is not.
        let form = self.form(words.start);
        let particle = words.start > name.start
            && words.len() == 1
            && form.len() <= LONGEST_PARTICLE
            && form.chars().skip(1).all(char::is_lowercase)
            && self.context.gazetteer.is_first_name(self.form(words.start - 1));
        if particle {
            return false;
        }
        let described = token.deprel == Deprel::NmodDesc;
        match role.kind {
            RoleKind::Office | RoleKind::Honorific | RoleKind::Rank => {
                // "Dean Farrow", "Dean Kasper": a first name that is also a title, unless another and a
                // surname follow it.
                let another = self.context.gazetteer.is_first_name(self.form(words.end))
                    && (described || words.end + 1 < name.end);
                another
                    || words.len() > 1
                    || words.start > name.start
                    || !self.context.gazetteer.is_first_name(self.form(words.start))
            }
            RoleKind::Profession | RoleKind::Kin => {
                described || token.upos == Upos::Noun || token.deprel == Deprel::Compound
            }
        }
    }

    fn is_role(&self, index: usize) -> bool {
        self.context.lexicon.role(self.form(index)).is_some()
            && !self.context.gazetteer.is_first_name(self.form(index))
    }

    /// Adds proper nouns that the tree hangs flat on a person's name.
    fn to_the_end_of_the_name(&self, mut tokens: Range<usize>) -> Range<usize> {
        while let Some(next) = self.sentence.tokens.get(tokens.end) {
            let inside = next.head.is_some_and(|head| tokens.contains(&head.index()));
            if next.upos == Upos::Propn
                && next.deprel == Deprel::Flat
                && inside
                && !self.is_taken(tokens.end)
                && !self.begins_name_of_the_model(tokens.end)
            {
                tokens.end += 1;
            } else {
                break;
            }
        }
        tokens
    }

    fn begins_name_of_the_model(&self, index: usize) -> bool {
        self.sentence.names.iter().any(|name| name.tokens.start == index)
    }

    /// True for one word that is the first or the last of a full name.
    fn is_surname(&self, tokens: &Range<usize>) -> bool {
        n_words(self.sentence, tokens) == 1
            && self.context.surnames.contains(&fold(self.text(tokens)))
    }

    /// The model's label, unless gazetteer and document know better.
    fn corrected(&self, tokens: &Range<usize>, label: Label) -> Label {
        let text = self.text(tokens);
        if self.demonym(tokens).is_some() {
            return Label::Norp;
        }
        let is_surname = self.is_surname(tokens);
        let label = match label {
            // "Riek Olu" is no people, whatever the model says.
            Label::Norp if !self.may_be_people(tokens) => match self.is_flat(tokens) {
                true => Label::Person,
                false => Label::Misc,
            },
            Label::Person if self.has_form_of_body(tokens) => Label::Org,
            label => label,
        };
        match self.context.gazetteer.best(text) {
            Some(id) => {
                let entry = self.context.gazetteer.entry(id);
                let sure = !entry.class.is(Kind::City)
                    || entry.population > 500_000
                    || self.context.gazetteer.capital(text).is_some();
                match label {
                    _ if is_surname && self.context.addressed.contains(&fold(text)) => {
                        Label::Person
                    }
                    Label::Person if is_surname || !sure => label,
                    Label::Place if entry.label == Label::Org && tokens.len() == 1 => {
                        let id = self.context.gazetteer.find(text).iter();
                        let place = |id| self.context.gazetteer.entry(id).label == Label::Place;
                        if id.copied().any(place) { label } else { entry.label }
                    }
                    _ => entry.label,
                }
            }
            None if is_surname => Label::Person,
            None if label != Label::Person
                && self.context.looks_like_person(self.sentence, tokens) =>
            {
                Label::Person
            }
            None => label,
        }
    }

    /// True for two words or more that are written large and make one name.
    fn is_flat(&self, tokens: &Range<usize>) -> bool {
        let large = |index: usize| {
            self.sentence.tokens[index].upos == Upos::Propn
                && self.form(index).chars().any(char::is_lowercase)
                && self.is_capitalized(index)
        };
        let flat = |index: usize| {
            let token = &self.sentence.tokens[index];
            token.deprel == Deprel::Flat
                && token.head.is_some_and(|head| head.index() == tokens.start)
        };
        tokens.len() > 1 && tokens.clone().all(large) && (tokens.start + 1..tokens.end).all(flat)
    }

    /// "Shiites", "Democratic": several, or their adjective, and no letters of a law or a product.
    fn may_be_people(&self, tokens: &Range<usize>) -> bool {
        let last = &self.sentence.tokens[tokens.end - 1];
        let form = last.form(self.context.text);
        let letters = || form.chars().filter(|c| c.is_alphabetic());
        let is_plural = last.feat("Number") == Some("Plur");
        (is_plural || last.upos == Upos::Adj || last.deprel == Deprel::Amod)
            && !self.text(tokens).contains(char::is_numeric)
            && letters().any(char::is_lowercase)
    }

    /// "Norvik Ltd", whoever Norvik was.
    fn has_form_of_body(&self, tokens: &Range<usize>) -> bool {
        tokens.len() > 1 && self.context.lexicon.legal_form(self.form(tokens.end - 1)).is_some()
    }

    /// The label of a demonym: "Norwegian", "South Koreans".
    fn demonym(&self, tokens: &Range<usize>) -> Option<Label> {
        let text = self.text(tokens);
        let gazetteer = self.context.gazetteer;
        let last = &self.sentence.tokens[tokens.end - 1];
        let modifies = matches!(last.deprel, Deprel::Amod | Deprel::Compound);
        // "US" is a name and an adjective: as a name it is the country.
        let is_adjective = gazetteer.adjective(text).is_some() && gazetteer.best(text).is_none();
        let adjective =
            is_adjective && (modifies || last.upos == Upos::Adj || last.deprel == Deprel::Conj);
        (adjective || gazetteer.people(text).is_some()).then_some(Label::Norp)
    }

    fn of_the_gazetteer(&mut self) {
        let mut start = 0;
        while start < self.sentence.tokens.len() {
            let found = self.demonym_at(start).or_else(|| self.proper_entry(start));
            match found {
                Some((end, label)) => {
                    self.push(start..end, Some(label));
                    start = end;
                }
                None => start += 1,
            }
        }
    }

    fn demonym_at(&self, start: usize) -> Option<(usize, Label)> {
        if !self.begins_name(start) {
            return None;
        }
        let limit = self.sentence.tokens.len().min(start + 3);
        (start + 1..=limit).rev().find_map(|end| {
            let tokens = start..end;
            // Keys know no blanks: "Israel is" must not pass for "Israelis".
            let whole = self.is_capitalized(end - 1);
            let label = if whole && self.is_free(&tokens) { self.demonym(&tokens) } else { None };
            label.map(|label| (end, label))
        })
    }

    /// A gazetteer name whose neighbors are not proper nouns of the same phrase.
    fn proper_entry(&self, start: usize) -> Option<(usize, Label)> {
        let (end, label) = self.longest_entry(start, 1)?;
        let is_open =
            |index: usize| self.sentence.tokens[index].upos == Upos::Propn && !self.is_taken(index);
        let cut_before = start == 0 || !is_open(start - 1);
        let cut_after = end == self.sentence.tokens.len() || !is_open(end);
        let single = end - start == 1;
        (self.sentence.tokens[start].upos == Upos::Propn
            && (!single || cut_before && cut_after)
            && (!single || !self.context.surnames.contains(&fold(self.form(start)))))
        .then_some((end, label))
    }

    /// Runs of proper nouns that nobody has claimed.
    fn missed(&mut self) {
        let n = self.sentence.tokens.len();
        let mut start = 0;
        while start < n {
            let end = self.end_of_run(start);
            if end == start {
                start += 1;
                continue;
            }
            self.take_run(start..end);
            start = end;
        }
    }

    fn end_of_run(&self, start: usize) -> usize {
        let tokens = &self.sentence.tokens;
        let is_proper = |t: usize| {
            tokens.get(t).is_some_and(|token| token.upos == Upos::Propn) && !self.is_taken(t)
        };
        let mut end = start;
        while is_proper(end) {
            end += 1;
            // "Al-Tamar": the hyphen is a token between two parts that touch it.
            let is_hyphen = end + 1 < tokens.len()
                && matches!(self.form(end), "-" | "–" | "&")
                && is_proper(end + 1)
                && (self.form(end) == "&"
                    || touches(self.sentence, end) && touches(self.sentence, end + 1));
            if is_hyphen && end > start {
                end += 1;
            }
        }
        end
    }

    fn take_run(&mut self, run: Range<usize>) {
        let name = self.without_titles(run.clone());
        let titled = name.start > run.start;
        if name.clone().all(|t| self.is_role(t)) || self.is_pair(&run) {
            return;
        }
        // "Trade Minister" before a name that the model found is its title.
        if self.is_role(run.end - 1) && self.found.iter().any(|f| f.tokens.start == run.end) {
            return;
        }
        let last = self.form(name.end - 1).to_lowercase();
        let common = self.context.lexicon.noun_label(&last);
        let addressed = self.context.lexicon.is_honorific(self.form(run.start));
        if titled && (addressed || matches!(common, None | Some(Label::Person))) {
            return self.push(name, Some(Label::Person));
        }
        if let Some(label) = self.evidence(&run) {
            self.push(run, Some(label));
        }
    }

    /// What proper nouns are named that the model takes for no name, if more than their capitals
    /// says so.
    fn evidence(&self, tokens: &Range<usize>) -> Option<Label> {
        if let Some(id) = self.context.gazetteer.best(self.text(tokens)) {
            return Some(self.context.gazetteer.entry(id).label);
        }
        if self.is_surname(tokens) {
            return Some(Label::Person);
        }
        if self.context.looks_like_person(self.sentence, tokens) {
            return Some(Label::Person);
        }
        if self.context.lexicon.legal_form(self.form(tokens.end - 1)).is_some() {
            return Some(Label::Org);
        }
        let form = self.form(tokens.start);
        let is_acronym = tokens.len() == 1
            && (2..=6).contains(&form.len())
            && form.chars().all(|c| c.is_ascii_uppercase());
        is_acronym.then_some(Label::Org)
    }
}

/// True if a token of one name continues another.
fn hangs_flat(sentence: &Sentence, tokens: &Range<usize>, before: &Range<usize>) -> bool {
    tokens.clone().map(|t| &sentence.tokens[t]).any(|token| {
        token.deprel == Deprel::Flat
            && token.head.is_some_and(|head| before.contains(&head.index()))
    })
}
