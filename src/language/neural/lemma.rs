//! Lemmas: those that a form has in the training texts, or else a change of its ending.

use std::str::FromStr;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::heads::greatest;
use crate::document::Upos;

/// A script whose score is that much below the best is not tried.
const MARGIN: f32 = 4.0;

/// How a lemma is made from a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// From the form, in lower case or not: so many characters off its end, and others put there.
    Edit { lower: bool, cut: usize, add: Box<str> },
    /// It is always the same.
    Whole(Box<str>),
}

impl FromStr for Script {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let edit = |lower, cut, add: &str| Self::Edit { lower, cut, add: add.into() };
        if let Some(lemma) = text.strip_prefix("w|") {
            return Ok(Self::Whole(lemma.into()));
        }
        match *text.splitn(3, '|').collect::<Vec<_>>() {
            ["="] => Ok(edit(false, 0, "")),
            ["l"] => Ok(edit(true, 0, "")),
            [lower @ ("" | "l"), cut, add] => {
                let cut = cut.parse().map_err(|_| format!("{text:?}: {cut:?} is no number"))?;
                Ok(edit(lower == "l", cut, add))
            }
            _ => Err(format!("{text:?} is no script")),
        }
    }
}

impl Script {
    /// The lemma of a form.
    pub(super) fn apply(&self, form: &str) -> CompactString {
        match self {
            Self::Whole(lemma) => CompactString::from(&**lemma),
            Self::Edit { lower, cut, add } => {
                let mut lemma = match lower {
                    true => CompactString::from_str_to_lowercase(form),
                    false => CompactString::from(form),
                };
                // Where there is not so much to cut, the form stays.
                let end = match *cut {
                    0 => Some(lemma.len()),
                    cut => lemma.char_indices().rev().nth(cut - 1).map(|(at, _)| at),
                };
                if let Some(end) = end {
                    lemma.truncate(end);
                    lemma.push_str(add);
                }
                lemma
            }
        }
    }
}

/// Forms of the training texts.
#[derive(Clone, Debug, Default)]
pub(super) struct KnownForms {
    /// By form and number of the tag.
    index: FxHashMap<(CompactString, u16), u32>,
    scripts: Vec<Script>,
}

impl KnownForms {
    /// Reads lines of form, number of the tag and script, with tabs between.
    pub(super) fn new(text: &[u8], tags: usize) -> Result<Self, String> {
        let text = std::str::from_utf8(text).map_err(|_| "lemmas are not UTF-8")?;
        let mut known = Self::default();
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        for line in text.lines() {
            let fail = || format!("lemmas: {line:?}");
            let (form, rest) = line.split_once('\t').ok_or_else(fail)?;
            let (tag, script) = rest.split_once('\t').ok_or_else(fail)?;
            let tag: u16 = tag.parse().map_err(|_| fail())?;
            if usize::from(tag) >= tags {
                return Err(fail());
            }
            let number = match numbers.get(script) {
                Some(&number) => number,
                None => {
                    known.scripts.push(script.parse()?);
                    let number = numbers.len() as u32;
                    numbers.insert(script, number);
                    number
                }
            };
            known.index.insert((form.into(), tag), number);
        }
        Ok(known)
    }

    pub(super) fn get(&self, form: &str, tag: u16) -> Option<&Script> {
        let number = self.index.get(&(form.into(), tag))?;
        self.scripts.get(*number as usize)
    }
}

/// The lemma by the best script; where that gives no word, by the best that does and is near.
pub(super) fn best(
    scripts: &[Script],
    scores: &[f32],
    form: &str,
    upos: Upos,
    is_word: impl Fn(&str) -> bool,
) -> CompactString {
    if upos == Upos::Num && is_grouped(form) {
        return form.replace(',', "").into();
    }
    let first = greatest(scores);
    let lemma = scripts[first].apply(form);
    match &scripts[first] {
        Script::Whole(_) => lemma,
        Script::Edit { lower, cut: 0, add } if add.is_empty() => {
            if !lower && is_small(form, upos) {
                form.to_lowercase().into()
            } else {
                plain_signs(lemma)
            }
        }
        Script::Edit { .. } if is_word(&lemma) => lemma,
        Script::Edit { .. } => {
            let mut near: Vec<usize> = (0..scores.len())
                .filter(|&at| at != first && scores[at] >= scores[first] - MARGIN)
                .collect();
            near.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
            let mut others = near.into_iter().map(|at| scripts[at].apply(form));
            others.find(|other| is_word(other)).unwrap_or(lemma)
        }
    }
}

/// True for "1,100", whose lemma is the number without commas, whatever the network says.
fn is_grouped(form: &str) -> bool {
    form.contains(',') && form.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.'))
}

/// True for a form whose capitals are no part of the lemma: the lemma has none.
fn is_small(form: &str, upos: Upos) -> bool {
    let mut chars = form.chars();
    let capital = chars.next().is_some_and(char::is_uppercase) && form != "I";
    let title = capital && !chars.clone().any(char::is_uppercase);
    let upper = capital && form.len() > 1 && !chars.any(char::is_lowercase);
    match upos {
        Upos::Noun | Upos::Num => title,
        Upos::Adj | Upos::Propn | Upos::Punct | Upos::Sym | Upos::X => false,
        _ => title || upper,
    }
}

/// Typographic quotation marks and apostrophes as typewriters have them.
fn plain_signs(lemma: CompactString) -> CompactString {
    if lemma.is_ascii() {
        return lemma;
    }
    match lemma.as_str() {
        "“" | "”" => "\"".into(),
        text if text.contains('’') => text.replace('’', "'").into(),
        _ => lemma,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_make_lemmas() {
        let cases = [
            ("=", "US", "US"),
            ("l", "The", "the"),
            ("l|1|", "Dogs", "dog"),
            ("l|3|y", "Cities", "city"),
            ("|1|", "Olympics", "Olympic"),
            ("l|0|e", "tak", "take"),
            ("w|be", "was", "be"),
            ("w||", "x", "|"),
            ("l|2|", "As", ""),
            ("l|3|x", "As", "as"),
            ("|3|x", "As", "As"),
            ("l|1||", "caf\u{E9}", "caf|"),
            ("=", "", ""),
        ];
        for (script, form, lemma) in cases {
            assert_eq!(script.parse::<Script>().unwrap().apply(form), lemma, "{script} {form}");
        }
        for script in ["", "x", "l|", "l|x|", "l|-1|", "L|1|", "|", "=|1|"] {
            assert!(script.parse::<Script>().is_err(), "{script}");
        }
    }

    #[test]
    fn numbers_lose_their_commas_whatever_the_network_says() {
        let scripts: Vec<Script> =
            ["|3|000", "="].iter().map(|script| script.parse().unwrap()).collect();
        let lemma = |form: &str| best(&scripts, &[1.0, 0.0], form, Upos::Num, |_| false);
        assert_eq!(lemma("1,100"), "1100");
        assert_eq!(lemma("12,345,678.5"), "12345678.5");
    }

    #[test]
    fn a_change_that_gives_no_word_is_passed_over() {
        let scripts: Vec<Script> =
            ["l|2|", "l|1|", "="].iter().map(|script| script.parse().unwrap()).collect();
        let is_word = |word: &str| word == "large";
        let lemma =
            |scores: &[f32], form| best(&scripts, scores, form, Upos::Adj, is_word).to_string();
        assert_eq!(lemma(&[2.0, 1.0, 0.0], "larger"), "large");
        assert_eq!(lemma(&[9.0, 1.0, 0.0], "larger"), "larg");
        assert_eq!(best(&scripts, &[0.0, 0.0, 1.0], "The", Upos::Det, is_word), "the");
        assert_eq!(best(&scripts, &[0.0, 0.0, 1.0], "Oslo", Upos::Propn, is_word), "Oslo");
        assert_eq!(best(&scripts, &[0.0, 0.0, 1.0], "I", Upos::Pron, is_word), "I");
    }

    #[test]
    fn forms_that_are_known_have_their_lemma() {
        let known = KnownForms::new("stood\t1\tw|stand\nsaw\t0\t=".as_bytes(), 2).unwrap();
        assert_eq!(known.get("stood", 1).unwrap().apply("stood"), "stand");
        assert!(known.get("stood", 0).is_none());
        for text in ["x", "a\tb\t=", "a\t2\t=", "a\t0\tz"] {
            assert!(KnownForms::new(text.as_bytes(), 2).is_err(), "{text:?}");
        }
    }
}
