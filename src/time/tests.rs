//! The examples of the rule files, and sentences of our own.

use jiff::civil::Date;

use super::*;
use crate::document::{Deprel, Name, Token, TokenId, Upos};
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
        margin: u8::MAX,
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

#[test]
fn sentences_give_what_the_page_says() {
    let rules = rules();
    let mut wrong = Vec::new();
    for block in include_str!("sentences.md").split("\n> ").skip(1) {
        let mut lines = block.lines();
        let text = lines.next().unwrap();
        let gives: Vec<&str> = lines.filter_map(|line| line.strip_prefix("- ")).collect();
        let got = found(&rules, text, WEDNESDAY);
        let got: Vec<&str> = got.iter().map(|(line, _)| line.as_str()).collect();
        if got != gives {
            wrong.push(format!("{text}\n   gives {got:?}\n   not   {gives:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_history_follows_its_own_years() {
    let text = "The war of 1911 began in the hills. Peace came in March 1913. In July 1913 it broke. \
                Papers opened in 1999 show it. On 4 August, the king fled. The next day, the town \
                fell. In January, his son returned. The previous year had been worse than 1912.";
    let rules = rules();
    let got = found(&rules, text, WEDNESDAY);
    let got: Vec<&str> = got.iter().map(|(line, _)| line.as_str()).collect();
    let expected = [
        "1911 = 1911",
        "March 1913 = 1913-03",
        "July 1913 = 1913-07",
        "1999 = 1999",
        "4 August = 1913-08-04",
        "The next day = 1913-08-05",
        "January = 1914-01",
        "The previous year = 1913",
        "1912 = 1912",
    ];
    assert_eq!(got, expected);
}

#[test]
fn without_a_publication_date_values_stay_open() {
    let rules = rules();
    let got = found(&rules, "He came on Friday, stayed for two days, and left yesterday.", "");
    let got: Vec<&str> = got.iter().map(|(line, _)| line.as_str()).collect();
    assert_eq!(got, ["Friday = XXXX-WXX-5", "two days = P2D", "yesterday = PAST_REF"]);
}

#[test]
fn the_tree_tells_the_tense_where_words_mislead() {
    // "The plan discussed and approved will be voted on Friday": the governing verb is "voted".
    let text = "The plan will be discussed and voted Friday";
    let mut sentences = split(text);
    let tokens = &mut sentences[0].tokens;
    let tree = [
        (Some(1), Deprel::Det, Upos::Det),
        (Some(4), Deprel::NsubjPass, Upos::Noun),
        (Some(4), Deprel::Aux, Upos::Aux),
        (Some(4), Deprel::AuxPass, Upos::Aux),
        (None, Deprel::Root, Upos::Verb),
        (Some(6), Deprel::Cc, Upos::Cconj),
        (Some(4), Deprel::Conj, Upos::Verb),
        (Some(6), Deprel::OblUnmarked, Upos::Propn),
    ];
    for (token, (head, deprel, upos)) in tokens.iter_mut().zip(tree) {
        token.head = head.map(TokenId);
        token.deprel = deprel;
        token.upos = upos;
    }
    let timexes = find(&document(text, WEDNESDAY), &sentences, &rules());
    assert_eq!(timexes[0].value, "2023-09-15");
    assert_eq!(timexes[0].tokens, 7..8);
}

#[test]
fn a_person_is_no_month() {
    let text = "In June April sang.";
    let mut sentences = split(text);
    sentences[0].names = vec![Name { tokens: 2..3, label: Label::Person }];
    let timexes = find(&document(text, WEDNESDAY), &sentences, &rules());
    let spans: Vec<&str> = timexes.iter().map(|t| t.span.of(text)).collect();
    assert_eq!(spans, ["June"]);
}

#[test]
fn intervals_are_half_open_days() {
    let rules = rules();
    let text = "It rained in July and over the weekend.";
    let timexes = find(&document(text, WEDNESDAY), &split(text), &rules);
    let days: Vec<String> = timexes
        .iter()
        .filter_map(|t| t.interval.as_ref())
        .map(|days| format!("{}..{}", days.start, days.end))
        .collect();
    assert_eq!(days, ["2023-07-01..2023-08-01", "2023-09-09..2023-09-11"]);
}

#[test]
fn odd_text_neither_panics_nor_overlaps() {
    let rules = rules();
    let pieces = [
        "31",
        " June ",
        "9999",
        "-",
        "0000",
        "May",
        "’s",
        " 2 ",
        "BC",
        "é",
        "\u{a0}",
        "99999999999999",
        " centuries later",
        " ago",
        "12:61 p.m.",
        "30 February",
        "the 31st",
        " on ",
        "(",
        "100000 years",
        "next century",
        "1 BC",
        "Easter 9999",
        "W53",
        "\n\n",
        "𝟚 days",
        " and ",
        "9999-12-31",
    ];
    let mut state: u32 = 7;
    for _ in 0..100 {
        let mut text = String::new();
        for _ in 0..12 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text += pieces[(state >> 16) as usize % pieces.len()];
        }
        for published in [WEDNESDAY, "9999-12-31", "0001-01-01", ""] {
            let timexes = find(&document(&text, published), &split(&text), &rules);
            for pair in timexes.windows(2) {
                assert!(pair[0].span.end <= pair[1].span.start, "{text}");
            }
            for timex in &timexes {
                let _ = timex.span.of(&text);
            }
        }
    }
}

#[test]
fn a_long_text_takes_linear_time() {
    let rules = rules();
    let text = "two days after the last week of May 3 to 5, 2019, or ".repeat(500);
    let started = std::time::Instant::now();
    assert!(find(&document(&text, WEDNESDAY), &split(&text), &rules).len() > 500);
    assert!(started.elapsed().as_secs() < 60);
}

/// The error of loading the rules with one file replaced.
fn error_with(name: &str, text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("time")).unwrap();
    std::fs::write(folder.path().join("time").join(name), text).unwrap();
    let resources = Resources::with_overrides(Some(folder.path().to_owned()), None);
    TimeRules::load(&resources).unwrap_err().to_string()
}

#[test]
fn mistakes_in_rules_are_named_with_file_and_line() {
    let rule = |line: &str| {
        format!(
            "[[rule]]\nname = \"r\"\nmeans = \"unit\"\nexample = [{{ text = \"t\", gives = [] }}]\n\
             miss = [\"m\"]\n{line}\n"
        )
    };
    let check = |line: &str, expected: &str| {
        assert_eq!(error_with("own.toml", &rule(line)), format!("rules/time/own.toml:{expected}"));
    };
    check("patterns = ['{moon}']", "6: no class or shape \"moon\"");
    let (month, fields) =
        (", did you mean \"month\"?", error_with("own.toml", &rule("patterns = ['{mars=month}']")));
    assert!(fields.starts_with("rules/time/own.toml:6: no field \"mars\", "), "{fields}");
    check("patterns = ['{moth=month}']", &format!("6: no field \"moth\"{month}"));
    check("patterns = []\nset = { month = \"13\" }", "7: \"13\" is no value of month");
    let error = error_with("own.toml", &rule("patterns = []\ncolour = 1"));
    assert!(error.starts_with("rules/time/own.toml:7: unknown key \"colour\""), "{error}");
    let error = error_with("own.toml", &rule("patterns = ['(']"));
    assert!(error.starts_with("rules/time/own.toml:6: "), "{error}");
    let error = error_with(
        "own.toml",
        "[[rule]]\nname = \"r\"\nmeans = \"unit\"\npatterns = []\nexample = []\nmiss = []\n",
    );
    assert_eq!(error, "rules/time/own.toml:2: a rule needs an example and a near miss");
    let error = error_with("words.tsv", "class\tform\tvalue\tcase\nmonth\tMay\t05\tsome\n");
    let told = "rules/time/words.tsv:2: no case \"some\", expected any, exact";
    assert!(error.lines().any(|line| line == told), "{error}");
}
