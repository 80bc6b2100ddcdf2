//! Noun phrases: what each says around its noun, asked here by every stage.
//!
//! A [`NounPhrase`] is a view of a noun in a tree: its extent, its article and whether it is definite, whose
//! it is, what stands beside it in apposition, which country it names, and the words that set one bearer of
//! a role apart ([`roles`]). What a person is called before the name is a [`Title`].

mod extent;
mod roles;
mod title;

use std::ops::Range;

use crate::document::{Deprel, Upos};
use crate::ontology::Kind;
use crate::resource::gazetteer::{EntryId, Gazetteer};
use crate::resource::lexicon::{Lexicon, Use};

use super::tree::Tree;
pub(crate) use roles::RoleWords;
pub(crate) use title::{Title, hang_together, honorific, is_title_of};

/// Whether the reader is expected to know the thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Definiteness {
    /// "the", "this", a possessor.
    Definite,
    /// "a", "some", "another", a bare number.
    Indefinite,
    /// No determiner.
    Bare,
}

/// A country in the words of a noun phrase, by adjective or name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Country {
    pub(crate) entry: EntryId,
    /// The words that name it: "South Korean", "Norway's".
    pub(crate) words: Range<usize>,
    /// The head of these words.
    pub(crate) token: usize,
}

/// A noun phrase, seen from its noun.
#[derive(Clone, Copy)]
pub(crate) struct NounPhrase<'t, 'a> {
    tree: &'t Tree<'a>,
    noun: usize,
}

impl<'t, 'a> NounPhrase<'t, 'a> {
    pub(crate) fn new(tree: &'t Tree<'a>, noun: usize) -> Self {
        Self { tree, noun }
    }

    /// The words before the noun that hang on it.
    fn before(self) -> impl Iterator<Item = usize> {
        self.tree.children(self.noun).take_while(move |&child| child < self.noun)
    }

    /// The tokens of the phrase with its restrictive complements, given those up to the noun: "the
    /// importance *of talking to the fishermen*".
    pub(crate) fn extent(self, base: &Range<usize>) -> Range<usize> {
        extent::extent(self.tree, self.noun, base)
    }

    /// The determiner: "*the* mill", "*some* boats".
    pub(crate) fn article(self) -> Option<usize> {
        self.tree.child(self.noun, Deprel::Det)
    }

    /// "*a* mill", "*an* oar"
    pub(crate) fn has_indefinite_article(self) -> bool {
        self.article().is_some_and(|article| matches!(self.tree.lemma(article), "a" | "an"))
    }

    /// "*the* mill"
    pub(crate) fn has_definite_article(self) -> bool {
        self.article().is_some_and(|article| self.tree.lemma(article) == "the")
    }

    /// Whether the words before the noun say that the reader knows which one is meant.
    pub(crate) fn definiteness(self, lexicon: &Lexicon) -> Definiteness {
        let tree = self.tree;
        let mut number = false;
        let mut definite = None;
        for child in self.before() {
            let lemma = tree.lemma(child).to_lowercase();
            if lexicon.has_use(&lemma, Use::Other) {
                return Definiteness::Indefinite;
            }
            match tree.deprel(child) {
                Deprel::Det => {
                    let token = tree.token(child);
                    let known = token.feat("Definite") == Some("Def")
                        || token.feat("PronType") == Some("Dem")
                        || lexicon.has_use(&lemma, Use::Two);
                    definite = Some(definite.unwrap_or(false) || known);
                }
                Deprel::NmodPoss => definite = Some(true),
                Deprel::Nummod => number = true,
                _ => {}
            }
        }
        match definite {
            Some(true) => Definiteness::Definite,
            Some(false) => Definiteness::Indefinite,
            None if number => Definiteness::Indefinite,
            None => Definiteness::Bare,
        }
    }

    /// Whose it is: "the *abbot's* boat", "*its* harbor".
    pub(crate) fn possessor(self) -> Option<usize> {
        let mut before = self.before();
        before.find(|&child| self.tree.deprel(child) == Deprel::NmodPoss)
    }

    /// Whose it is, each of several: "*Dahl's* and *Berg's* boat".
    pub(crate) fn owners(self) -> Vec<usize> {
        self.possessor().map_or_else(Vec::new, |owner| self.tree.conjuncts(owner))
    }

    /// What "of" joins to it: "the roof of the *mill*".
    pub(crate) fn whole(self) -> Option<usize> {
        let tree = self.tree;
        let is_of = |case: usize| tree.deprel(case) == Deprel::Case && tree.form(case) == "of";
        let mut behind = tree
            .children(self.noun)
            .filter(|&child| child > self.noun && tree.deprel(child) == Deprel::Nmod);
        behind.find(|&child| tree.children(child).any(|case| case < child && is_of(case)))
    }

    /// True for a token of the possessor: "the *old abbot's* boat".
    pub(crate) fn is_in_possessor(self, token: usize) -> bool {
        self.possessor().is_some_and(|possessor| self.tree.is_below(token, possessor))
    }

    /// What stands beside it: "Mara Voss, *the mayor*".
    pub(crate) fn appositions(self) -> impl Iterator<Item = usize> {
        let tree = self.tree;
        tree.children(self.noun).filter(move |&child| tree.deprel(child) == Deprel::Appos)
    }

    /// What it stands beside: "*Mara Voss*, the mayor".
    pub(crate) fn apposed_to(self) -> Option<usize> {
        self.tree.head(self.noun).filter(|_| self.tree.deprel(self.noun) == Deprel::Appos)
    }

    /// The country that its words from `start` on name, by adjective or name: "the *Norwegian* president",
    /// "*Norway's* president". Those of a list and of other words in it are none: "Norwegian and Irish teams",
    /// "the Norwegian-owned mill".
    pub(crate) fn country(self, gazetteer: &Gazetteer, start: usize) -> Option<Country> {
        let found = (start..self.noun).find_map(|start| {
            let longest = self.noun.min(start + LONGEST_COUNTRY);
            (start + 1..=longest).rev().find_map(|end| self.country_of(gazetteer, start..end))
        });
        found.filter(|country| self.has_alone(country.token))
    }

    fn country_of(self, gazetteer: &Gazetteer, words: Range<usize>) -> Option<Country> {
        let text = self.tree.span(words.start, words.end - 1).of(self.tree.text);
        if !text.starts_with(char::is_uppercase) {
            return None;
        }
        let entry = gazetteer.adjective(text).or_else(|| gazetteer.best(text))?;
        let token = self.tree.sentence.head_of(&words);
        let is_country = gazetteer.entry(entry).class.is(Kind::Country);
        is_country.then_some(Country { entry, words, token })
    }

    /// True for a word that the noun has alone, or together with the name behind it: not for one of a list,
    /// for in "Norwegian and Irish teams" some are of the one, some of the other.
    pub(crate) fn has_alone(self, token: usize) -> bool {
        let tree = self.tree;
        let alone = tree.deprel(token) != Deprel::Conj && !tree.has(token, Deprel::Conj);
        let above = tree.head(token);
        let title =
            matches!(tree.deprel(self.noun), Deprel::NmodDesc | Deprel::Compound | Deprel::Flat);
        alone
            && (above == Some(self.noun)
                || title && above.is_some() && above == tree.head(self.noun))
    }

    /// The country right before the words from `start` on, as an adjective or as whose they are: "*Norway's*
    /// Supreme Court", "*Oslo's* Foreign Ministry".
    pub(crate) fn country_before(self, gazetteer: &Gazetteer, start: usize) -> Option<Country> {
        let tree = self.tree;
        let last = start.checked_sub(1)?;
        let owns = tree.upos(last) == Upos::Part;
        let end = if owns { last } else { start };
        (1..=LONGEST_COUNTRY).find_map(|length| {
            let from = end.checked_sub(length)?;
            let text = tree.span(from, end.checked_sub(1)?).of(tree.text);
            let entry = match owns {
                true => gazetteer.capital(text).or_else(|| gazetteer.best(text)),
                false => gazetteer.adjective(text),
            }?;
            let is_country = gazetteer.entry(entry).class.is(Kind::Country);
            let words = from..end;
            let token = tree.sentence.head_of(&words);
            is_country.then_some(Country { entry, words, token })
        })
    }

    /// The words before the noun from `start` on, and behind it, that set its bearer apart from others in
    /// that role.
    pub(crate) fn role_words(self, lexicon: &Lexicon, start: usize) -> RoleWords {
        RoleWords::new(self.tree, lexicon, start..self.noun, self.noun)
    }
}

/// Most words of a country's name or adjective that are looked up.
const LONGEST_COUNTRY: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{page, world};

    /// What is asked of the noun phrase of a token of one sentence.
    fn ask<T>(line: &str, noun: usize, question: impl Fn(NounPhrase) -> T) -> T {
        let (document, sentences) = page(&[line]);
        question(NounPhrase::new(&Tree::new(&sentences[0], &document.text), noun))
    }

    #[test]
    fn words_before_a_noun_say_whether_it_is_known() {
        let (_, lexicon) = world();
        let definiteness = |words: &str, noun| ask(words, noun, |it| it.definiteness(&lexicon));
        let the = "the/DET/2/det/Definite=Def ferry/NOUN/3/nsubj sank/VERB/0/root";
        let these = "these/DET/2/det/PronType=Dem ferries/NOUN/3/nsubj sank/VERB/0/root";
        let both = "both/DET/2/det ferries/NOUN/3/nsubj sank/VERB/0/root";
        let owned = "her/PRON/2/nmod:poss ferry/NOUN/3/nsubj sank/VERB/0/root";
        for line in [the, these, both, owned] {
            assert_eq!(definiteness(line, 1), Definiteness::Definite, "{line}");
        }
        let a = "a/DET/2/det/Definite=Ind ferry/NOUN/3/nsubj sank/VERB/0/root";
        let six = "six/NUM/2/nummod ferries/NOUN/3/nsubj sank/VERB/0/root";
        let another = "another/DET/2/det ferry/NOUN/3/nsubj sank/VERB/0/root";
        for line in [a, six, another] {
            assert_eq!(definiteness(line, 1), Definiteness::Indefinite, "{line}");
        }
        // A number behind the noun counts nothing.
        let bare = "ferry/NOUN/3/nsubj 12/NUM/1/nummod sank/VERB/0/root";
        assert_eq!(definiteness(bare, 0), Definiteness::Bare);
        assert!(ask(a, 1, |it| it.has_indefinite_article()));
        assert!(!ask(a, 1, |it| it.has_definite_article()));
        assert_eq!(ask(the, 1, |it| it.article()), Some(0));
        assert_eq!(ask(six, 1, |it| it.article()), None);
    }

    #[test]
    fn a_possessor_stands_before_the_noun_or_behind_of() {
        let before = "the/DET/3/det old/ADJ/3/amod abbot/NOUN/5/nmod:poss 's/PART/3/case boat/NOUN/6/nsubj \
                      sank/VERB/0/root";
        assert_eq!(ask(before, 4, |it| it.possessor()), Some(2));
        assert_eq!(ask(before, 4, |it| it.whole()), None);
        let copula = "ferry/NOUN/0/root is/AUX/1/cop Dahl/PROPN/1/nmod:poss 's/PART/3/case";
        assert_eq!(ask(copula, 0, |it| it.possessor()), None);
        assert!(ask(before, 4, |it| it.is_in_possessor(1) && !it.is_in_possessor(4)));
        let two = "Dahl/PROPN/5/nmod:poss and/CCONJ/3/cc Berg/PROPN/1/conj 's/PART/3/case boat/NOUN/6/nsubj \
                   sank/VERB/0/root";
        assert_eq!(ask(two, 4, |it| it.owners()), [0, 2]);
        let behind = "the/DET/2/det roof/NOUN/6/nsubj of/ADP/5/case the/DET/5/det mill/NOUN/2/nmod \
                      burned/VERB/0/root";
        assert_eq!(ask(behind, 1, |it| it.whole()), Some(4));
        let elsewhere = "the/DET/2/det road/NOUN/6/nsubj to/ADP/5/case the/DET/5/det mill/NOUN/2/nmod \
                         sank/VERB/0/root";
        assert_eq!(ask(elsewhere, 1, |it| it.whole()), None);
    }

    #[test]
    fn appositions_are_found_from_both_sides() {
        let line = "[PERSON Dahl/PROPN/5/nsubj ] ,/PUNCT/4/punct the/DET/4/det president/NOUN/1/appos \
                    spoke/VERB/0/root";
        assert_eq!(ask(line, 0, |it| it.appositions().collect::<Vec<_>>()), [3]);
        assert_eq!(ask(line, 3, |it| it.apposed_to()), Some(0));
        assert_eq!(ask(line, 0, |it| it.apposed_to()), None);
    }

    #[test]
    fn a_country_is_named_by_adjective_or_possessor() {
        let (gazetteer, _) = world();
        let country = |line: &str, noun: usize| {
            let found = ask(line, noun, |it| it.country(&gazetteer, 0));
            found.map(|it| (gazetteer.entry(it.entry).name.clone(), it.words, it.token))
        };
        let adjective = "the/DET/4/det [NORP South/ADJ/3/amod Korean/ADJ/4/amod ] president/NOUN/5/nsubj \
                         spoke/VERB/0/root";
        assert_eq!(country(adjective, 3), Some(("South Korea".into(), 1..3, 2)));
        let possessor =
            "Norway/PROPN/3/nmod:poss 's/PART/1/case president/NOUN/4/nsubj spoke/VERB/0/root";
        assert_eq!(country(possessor, 2), Some(("Norway".into(), 0..2, 0)));
        let title =
            "Norwegian/ADJ/3/amod President/PROPN/3/nmod:desc Dahl/PROPN/4/nsubj spoke/VERB/0/root";
        assert_eq!(country(title, 1), Some(("Norway".into(), 0..1, 0)));
        // Some are of the one and some of the other; the mill itself is of no country.
        let list = "Norwegian/ADJ/4/amod and/CCONJ/3/cc Chilean/ADJ/1/conj teams/NOUN/5/nsubj met/VERB/0/root";
        assert_eq!(country(list, 3), None);
        let inner = "a/DET/5/det Norwegian/ADJ/4/obl -/PUNCT/4/punct owned/VERB/5/amod mill/NOUN/6/nsubj \
                     burned/VERB/0/root";
        assert_eq!(country(inner, 4), None);
    }

    #[test]
    fn a_country_stands_right_before_a_name() {
        let (gazetteer, _) = world();
        let before = |line: &str, name: usize| {
            let found = ask(line, name, |it| it.country_before(&gazetteer, name));
            found.map(|it| (gazetteer.entry(it.entry).name.clone(), it.words))
        };
        let capital =
            "Oslo/PROPN/3/nmod:poss 's/PART/1/case Ministry/PROPN/4/nsubj met/VERB/0/root";
        assert_eq!(before(capital, 2), Some(("Norway".into(), 0..1)));
        let adjective = "Chilean/ADJ/2/amod Ministry/PROPN/3/nsubj met/VERB/0/root";
        assert_eq!(before(adjective, 1), Some(("Chile".into(), 0..1)));
        // A name beside it does not own it.
        let beside = "Norway/PROPN/2/compound Ministry/PROPN/3/nsubj met/VERB/0/root";
        assert_eq!(before(beside, 1), None);
    }

    #[test]
    fn ranks_tenures_and_fields_are_told_apart() {
        let (_, lexicon) = world();
        let words = |line: &str, noun: usize| {
            let RoleWords { rank, tenure, field } =
                ask(line, noun, |it| it.role_words(&lexicon, 0));
            let join = |words: &[compact_str::CompactString]| words.join(" ");
            [join(&rank), join(&tenure), join(&field)]
        };
        let former = "the/DET/4/det former/ADJ/4/amod deputy/NOUN/4/compound minister/NOUN/5/nsubj spoke/VERB/0/root";
        assert_eq!(words(former, 3), ["deputy", "former", ""]);
        let education = "the/DET/3/det acting/ADJ/3/amod minister/NOUN/6/nsubj of/ADP/5/case education/NOUN/3/nmod \
                         spoke/VERB/0/root";
        assert_eq!(words(education, 2), ["", "acting", "education"]);
        let foreign = "the/DET/3/det foreign/ADJ/3/amod minister/NOUN/4/nsubj spoke/VERB/0/root";
        assert_eq!(words(foreign, 2), ["", "", "foreign"]);
        let tall = "the/DET/3/det tall/ADJ/3/amod minister/NOUN/4/nsubj spoke/VERB/0/root";
        assert_eq!(words(tall, 2), ["", "", ""]);
    }
}
