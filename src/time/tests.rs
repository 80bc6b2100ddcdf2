//! The examples of the rule files, and sentences of our own.

use jiff::civil::Date;

use super::*;
use crate::document::{Deprel, Token, Upos};
use crate::resource::Resources;

const WEDNESDAY: &str = "2023-09-13";

/// Splits at sentence ends and between letters, digits and signs: enough for tests.
fn split(text: &str) -> Vec<Sentence> {
    let mut sentences = vec![Sentence::default()];
    let mut last_end = 0;
    for (start, word) in words(text) {
        let gap = &text[last_end..start];
        let ended =
            text[..last_end].ends_with(['.', '!', '?']) && word.starts_with(char::is_uppercase);
        let abbreviation = ["a.m.", "p.m.", "Sept.", "Aug.", "Dec.", "B.C.", "A.D."];
        let abbreviated = abbreviation.iter().any(|a| text[..last_end].ends_with(a));
        let ended = ended && !abbreviated && !gap.is_empty() || gap.contains("\n\n");
        if ended && sentences.last().is_some_and(|s| !s.tokens.is_empty()) {
            sentences.push(Sentence::default());
        }
        let end = start + word.len();
        let sentence = sentences.last_mut().unwrap();
        sentence.tokens.push(token(start, end));
        let first = sentence.tokens[0].span;
        sentence.span = first.to(Span::new(start, end));
        last_end = end;
    }
    sentences.retain(|s| !s.tokens.is_empty());
    sentences
}

fn words(text: &str) -> Vec<(usize, &str)> {
    let class = |c: char| (c.is_alphabetic(), c.is_numeric(), c.is_whitespace());
    let mut words: Vec<(usize, &str)> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match words.last_mut() {
            Some((start, word))
                if c.is_alphanumeric() && word.chars().next_back().map(class) == Some(class(c)) =>
            {
                *word = &text[*start..end];
            }
            _ => words.push((at, &text[at..end])),
        }
    }
    words.retain(|(_, word)| !word.trim().is_empty());
    words
}

fn token(start: usize, end: usize) -> Token {
    Token {
        span: Span::new(start, end),
        joined: false,
        lemma: "".into(),
        upos: Upos::X,
        feats: "".into(),
        head: None,
        deprel: Deprel::Dep,
    }
}

fn document(text: &str, published: &str) -> Document {
    Document {
        id: "test".to_owned(),
        uri: None,
        publisher: None,
        title: None,
        published: published.parse::<Date>().ok(),
        text: text.to_owned(),
    }
}

fn rules() -> TimeRules {
    TimeRules::load(&Resources::embedded()).unwrap()
}

/// "expression = value", and the ISO form where it differs from the value.
fn found(rules: &TimeRules, text: &str, published: &str) -> Vec<(String, usize)> {
    let document = document(text, published);
    find_with_rules(&document, &split(text), rules)
        .into_iter()
        .map(|(timex, rule)| {
            let mut line = format!("{} = {}", timex.span.of(text), timex.value);
            if let Some(iso) = timex.iso.filter(|iso| *iso != timex.value) {
                line += &format!(" = {iso}");
            }
            (line, rule)
        })
        .collect()
}

#[test]
fn rules_find_their_examples_and_not_their_near_misses() {
    let rules = rules();
    let mut wrong = Vec::new();
    for (index, rule) in rules.rules.iter().enumerate() {
        for example in &rule.examples {
            let published = example.published.as_deref().unwrap_or(WEDNESDAY);
            let got = found(&rules, &example.text, published);
            let lines: Vec<&str> = got.iter().map(|(line, _)| line.as_str()).collect();
            let gives: Vec<String> = example.gives.clone();
            let short = |line: &str| line.split(" = ").take(2).collect::<Vec<_>>().join(" = ");
            let same = lines.len() == gives.len()
                && lines.iter().zip(&gives).all(|(l, g)| l == g || short(l) == **g);
            if !same || !got.iter().any(|(_, rule)| *rule == index) {
                let names: Vec<&str> =
                    got.iter().map(|(_, r)| rules.rules[*r].name.as_str()).collect();
                wrong.push(format!(
                    "{}: {:?}\n   gives {lines:?} by {names:?}\n   not   {gives:?}",
                    rule.name, example.text
                ));
            }
        }
        for miss in &rule.misses {
            if let Some((line, _)) =
                found(&rules, miss, WEDNESDAY).into_iter().find(|(_, r)| *r == index)
            {
                wrong.push(format!("{}: {miss:?} gives {line}", rule.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
