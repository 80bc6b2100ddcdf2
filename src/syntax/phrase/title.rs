//! Titles: what a person is called before the name, "Norwegian Prime Minister *Liv Dahl*".

use std::ops::Range;

use crate::document::{Deprel, Label, Upos};
use crate::resource::lexicon::{Lexicon, RoleKind};
use crate::syntax::tree::Tree;

/// How many words before a name may be its title.
const REACH: usize = 8;

/// The words before a person's name that say what the person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Title {
    /// "Norwegian Prime Minister"; "Dr." between them and the name is none of them.
    pub(crate) words: Range<usize>,
    /// The noun among them: "Minister"; of "editor-in-chief" that is "editor".
    pub(crate) noun: usize,
}

impl Title {
    /// The title right before a person's name, if its noun is one for persons; `is_other` names the words
    /// of dates and of other names.
    pub(crate) fn before(
        tree: &Tree,
        lexicon: &Lexicon,
        name: &Range<usize>,
        is_other: impl Fn(usize) -> bool,
    ) -> Option<Self> {
        // "Secretary of State *Dr.* Ana Reyes"
        let last = (0..name.start).rev().find(|&token| !is_honorific(tree, lexicon, token))?;
        let noun = tree.joined_noun(last);
        let first = (name.start.saturating_sub(REACH)..noun + 1)
            .rev()
            .take_while(|&token| is_title_word(tree, token) && !is_other(token))
            .last()?;
        // "32-*year-old* singer Ivo Berg"
        let start = match is_inside_word(tree, first) {
            true => (first..noun + 1).find(|&token| !touches(tree, token)).unwrap_or(first + 1),
            false => first,
        };
        let title = Self { words: start..last + 1, noun };
        let found = start <= noun
            && !title.is_particle(tree)
            && names_person(tree, lexicon, noun)
            && is_title_of(tree, last, name);
        found.then_some(title)
    }

    /// "Tristan *da* Cunha" is no district attorney, "Governor-*elect* Ana Reyes" will be governor.
    fn is_particle(&self, tree: &Tree) -> bool {
        let noun = self.noun;
        let joined = noun > self.words.start && tree.form(noun - 1) == "-";
        !joined && tree.upos(noun) == Upos::Propn && tree.form(noun).starts_with(char::is_lowercase)
    }

    /// "*officials* Ana Reyes and Tom Falk": each is one.
    pub(crate) fn is_plural(&self, tree: &Tree) -> bool {
        tree.is_plural(self.noun)
    }

    /// The words from the beginning of a body's name on that they end: "*Council for* Trade lawyer".
    pub(crate) fn with_body(&self, tree: &Tree) -> Range<usize> {
        let body = tree.sentence.name_at(self.words.start);
        let body = body.filter(|body| body.label == Label::Org);
        body.map_or(self.words.start, |body| body.tokens.start)..self.words.end
    }
}

/// The honorific right before a name: "*Mrs.* Dahl".
pub(crate) fn honorific(tree: &Tree, lexicon: &Lexicon, name: &Range<usize>) -> Option<usize> {
    name.start.checked_sub(1).filter(|&token| is_honorific(tree, lexicon, token))
}

/// True for "Mr", not for "First *Lady*".
fn is_honorific(tree: &Tree, lexicon: &Lexicon, token: usize) -> bool {
    let whole = || lexicon.role(&tree.words(token - 1, token));
    lexicon.is_honorific(tree.form(token))
        && (token == 0 || whole().is_none_or(|role| role.kind == RoleKind::Honorific))
}

/// True for a noun that says what the person behind it is; a plural object may stand there by chance: "told
/// *reporters* Dahl would leave".
pub(crate) fn is_title_of(tree: &Tree, noun: usize, name: &Range<usize>) -> bool {
    let object = matches!(tree.deprel(noun), Deprel::Obj | Deprel::Iobj | Deprel::Obl);
    !(object && tree.is_plural(noun)) || hang_together(tree, noun, name)
}

/// True for a word on which the name hangs, or which hangs on the name.
pub(crate) fn hang_together(tree: &Tree, word: usize, name: &Range<usize>) -> bool {
    let is_linked = |token| tree.head(word) == Some(token) || tree.head(token) == Some(word);
    name.clone().any(is_linked)
}

/// True for "minister", "guest", and for what the tree says is a title, unless it denotes something else:
/// "*warship* Adira".
fn names_person(tree: &Tree, lexicon: &Lexicon, noun: usize) -> bool {
    use Label::{Event, Org, Place, Product, Quantity, Time};
    let lemma = tree.lemma(noun).to_lowercase();
    let thing = lexicon.noun_label(&lemma);
    let described = tree.deprel(noun) == Deprel::NmodDesc
        && !matches!(thing, Some(Event | Org | Place | Product | Quantity | Time));
    described || lexicon.role(tree.form(noun)).is_some() || lexicon.denotes_person(&lemma)
}

fn is_title_word(tree: &Tree, token: usize) -> bool {
    match tree.upos(token) {
        Upos::Noun | Upos::Propn | Upos::Adj => true,
        Upos::Punct => is_inside_word(tree, token),
        _ => false,
    }
}

/// True for the hyphen of "vice-president".
fn is_inside_word(tree: &Tree, mark: usize) -> bool {
    let span = tree.token(mark).span;
    mark + 1 < tree.len()
        && tree.upos(mark) == Upos::Punct
        && span.end - span.start <= 3
        && touches(tree, mark)
        && touches(tree, mark + 1)
}

/// True if no blank is before a token.
fn touches(tree: &Tree, token: usize) -> bool {
    let before = token.checked_sub(1).map(|before| tree.token(before).span.end);
    before == Some(tree.token(token).span.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{page, world};

    /// The title of the first person's name of a sentence, and its noun.
    fn title(line: &str) -> Option<(String, String)> {
        let (_, lexicon) = world();
        let (document, sentences) = page(&[line]);
        let tree = Tree::new(&sentences[0], &document.text);
        let mut names = sentences[0].names.iter().filter(|name| name.label == Label::Person);
        let name = &names.next().unwrap().tokens;
        let dated = |token| sentences[0].name_at(token).is_some_and(|it| it.label == Label::Time);
        let found = Title::before(&tree, &lexicon, name, dated)?;
        let words = tree.words(found.words.start, found.words.end - 1);
        Some((words, tree.form(found.noun).to_owned()))
    }

    fn expect(line: &str, words: &str, noun: &str) {
        assert_eq!(title(line), Some((words.to_owned(), noun.to_owned())), "{line}");
    }

    #[test]
    fn a_title_is_what_stands_before_a_name() {
        expect(
            "Norwegian/ADJ/3/amod Foreign/ADJ/3/amod Minister/PROPN/4/nmod:desc [PERSON Dahl/PROPN/5/nsubj ] \
             spoke/VERB/0/root",
            "Norwegian Foreign Minister",
            "Minister",
        );
        // Words between a title and the name, and before a comma or a date.
        expect(
            "said/VERB/0/root Minister/PROPN/4/nmod:desc Mr/PROPN/4/nmod:desc [PERSON Dahl/PROPN/1/nsubj ]",
            "Minister",
            "Minister",
        );
        expect(
            "on/ADP/2/case [TIME Sunday/PROPN/5/obl ] President/PROPN/4/nmod:desc [PERSON Dahl/PROPN/5/nsubj ] \
             spoke/VERB/0/root",
            "President",
            "President",
        );
        expect(
            "the/DET/3/det ex-/X/3/dep leader/NOUN/4/nmod:desc [PERSON Dahl/PROPN/5/nsubj ] spoke/VERB/0/root",
            "leader",
            "leader",
        );
    }

    #[test]
    fn a_word_that_is_cut_belongs_to_no_title() {
        expect(
            "the/DET/6/det 32/NUM/4/nummod +-/PUNCT/4/punct +old/ADJ/5/amod leader/NOUN/6/nmod:desc \
             [PERSON Dahl/PROPN/7/nsubj ] spoke/VERB/0/root",
            "leader",
            "leader",
        );
        expect(
            "vice/NOUN/3/compound +-/PUNCT/3/punct +president/NOUN/4/nmod:desc [PERSON Dahl/PROPN/5/nsubj ] \
             spoke/VERB/0/root",
            "vice-president",
            "president",
        );
    }

    #[test]
    fn what_is_no_title() {
        let lines = [
            // An honorific alone, what denotes a thing, what only stands there.
            "Mrs/PROPN/2/nmod:desc [PERSON Dahl/PROPN/3/nsubj ] spoke/VERB/0/root",
            "ferry/NOUN/2/nmod:desc [PERSON Dahl/PROPN/3/nsubj ] sank/VERB/0/root",
            "told/VERB/0/root officials=official/NOUN/1/obj/Number=Plur [PERSON Dahl/PROPN/4/nsubj ] left/VERB/1/ccomp",
            "the/DET/2/det minister/NOUN/5/nsubj ,/PUNCT/4/punct [PERSON Dahl/PROPN/2/appos ] spoke/VERB/0/root",
        ];
        for line in lines {
            assert_eq!(title(line), None, "{line}");
        }
    }

    #[test]
    fn the_name_of_a_body_belongs_to_a_title_whole() {
        let line = "[ORG Council/PROPN/4/compound for/ADP/3/case Trade/PROPN/1/nmod ] minister/NOUN/5/nmod:desc \
                    [PERSON Dahl/PROPN/6/nsubj ] spoke/VERB/0/root";
        let (_, lexicon) = world();
        let (document, sentences) = page(&[line]);
        let tree = Tree::new(&sentences[0], &document.text);
        let found = Title::before(&tree, &lexicon, &(4..5), |_| false).unwrap();
        assert_eq!((found.words.clone(), found.with_body(&tree)), (2..4, 0..4));
    }
}
