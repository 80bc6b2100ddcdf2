//! Finds time expressions and gives them calendar values: documents and sentences in, [`Timex`] out.
//!
//! 1. The rules of `rules/time` find expressions in the text of each sentence (`rules`); where two
//!    overlap, the longer wins.
//! 2. The first pass over a document decides whether it reports news or a story of times long past.
//! 3. In text order, each expression gets its value (`resolve`) from its own words, the publication
//!    date, the dates mentioned before and the tense of its clause (`tense`).
//!
//! Values follow TIMEX3 (TimeML annotation guidelines 1.2.1). Left out: events as anchors ("two
//! days after the vote" is "two days after" the last date mentioned), and the names of eras.

mod calendar;
mod fields;
mod lexicon;
mod point;
mod resolve;
mod rules;
mod tense;

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::document::{
    Deprel, Document, Label, Sentence, SentenceId, Span, Timex, TimexKind, Upos,
};
use crate::syntax::Tree;
use resolve::{Resolved, TimeContext};
pub use rules::TimeRules;
use rules::{From, Means, TimexMatch};
use tense::{Direction, direction};

/// Returns the time expressions of a document, in text order and not overlapping.
///
/// Values are reckoned from `document.published` and from the dates that the text mentioned before.
#[must_use]
pub fn find(document: &Document, sentences: &[Sentence], rules: &TimeRules) -> Vec<Timex> {
    find_with_rules(document, sentences, rules).into_iter().map(|(timex, _)| timex).collect()
}

/// As [`find`], with the index of the rule that found each.
fn find_with_rules(
    document: &Document,
    sentences: &[Sentence],
    rules: &TimeRules,
) -> Vec<(Timex, usize)> {
    let found: Vec<Vec<TimexMatch>> = sentences
        .iter()
        .map(|sentence| {
            let text = document.text.get(sentence.span.range()).unwrap_or_default();
            let mut matches = rules.matches(text);
            share_years(text, &mut matches, rules);
            matches
        })
        .collect();
    let narrative = narrative(document, &found, rules);
    let contradicted = is_contradicted(document, sentences, &found, rules);
    let mut context = TimeContext {
        published: document.published.filter(|_| !contradicted || narrative),
        narrative,
        last_date: None,
        last_day: None,
        days_mentioned: FxHashMap::default(),
        here: None,
        fronted: false,
        story: None,
        aside: None,
    };
    let mut timexes = Vec::new();
    for (index, (sentence, matches)) in sentences.iter().zip(&found).enumerate() {
        if matches.is_empty() {
            continue;
        }
        let tree = Tree::new(sentence, &document.text);
        let mut before = 0;
        context.here = None;
        context.fronted = matches.first().is_some_and(|first| first.start <= FRONT);
        let text = document.text.get(sentence.span.range()).unwrap_or_default();
        for (position, found) in matches.iter().enumerate() {
            let between = text.get(before..found.start).unwrap_or_default().trim();
            let ends_range = before > 0 && rules.word("range", between).is_some();
            before = found.end;
            let start = sentence.span.start as usize;
            let span = Span::new(start + found.start, start + found.end);
            let tokens = tokens_of(sentence, span);
            if tokens.is_empty() || is_person(sentence, &tokens) {
                continue;
            }
            let rule = &rules.rules[found.rule];
            let direction =
                if ends_range { Direction::After } else { direction(&tree, &tokens, rules) };
            let mut fields = found.fields.clone();
            if fields.undated_clock() && context.here.is_none() {
                // "at 2:04 p.m., in the capital, on Sept. 8": the day may follow.
                let later = matches[position + 1..].iter().map(|m| &m.fields);
                if let Some(day) = later.into_iter().find(|f| f.weekday.or(f.day).is_some()) {
                    fields.take_day(day);
                }
            }
            fields.measures_clause =
                sentence.tokens[tokens.end - 1].deprel == Deprel::Mark && fields.anchored;
            let resolved = context.resolve(rule.means, rule.from, &fields, direction);
            let Some(mut resolved) = resolved else { continue };
            if timexes.is_empty() && is_dateline(&document.text, span, &resolved) {
                context.published = resolved.point.and_then(point::Point::first_day);
            }
            if resolved.kind == TimexKind::Set && is_title(sentence, &tokens) {
                continue;
            }
            context.remember(&resolved);
            open_interval(&document.text, sentence, &tokens, rules, &mut resolved, &context);
            let timex = Timex {
                sentence: SentenceId::from(index),
                tokens,
                span,
                kind: resolved.kind,
                value: resolved.value,
                iso: resolved.iso,
                interval: resolved.interval,
            };
            timexes.push((timex, found.rule));
            if ends_range && let [.., first, last] = &mut timexes[..] {
                join_range(&document.text, sentence, rules, [first, last]);
            }
        }
    }
    timexes
}

/// "*from 1980 to 2012*", "between May and June", "1980–2012": what happened then did so at any of the
/// days in between. The values of the two stay as they are.
fn join_range(
    text: &str,
    sentence: &Sentence,
    rules: &TimeRules,
    [(first, first_rule), (last, last_rule)]: [&mut (Timex, usize); 2],
) {
    let between = text.get(first.span.end as usize..last.span.start as usize).unwrap_or_default();
    let Some(range) = rules.word("range", between.trim()) else { return };
    let before = first.tokens.start.checked_sub(1).map(|before| &sentence.tokens[before]);
    let opened =
        before.is_some_and(|before| rules.word("range_start", before.form(text)).is_some());
    // "on Tuesday – two days after the vote" is no range
    let calendar = |rule: usize| rules.rules[rule].means == Means::Calendar;
    let closed = range == "alone" && calendar(*first_rule) && calendar(*last_rule);
    let dates = first.kind == TimexKind::Date && last.kind == TimexKind::Date;
    if !(opened || closed) || !dates || first.sentence != last.sentence {
        return;
    }
    let (Some(begin), Some(end)) = (&first.iso, &last.iso) else { return };
    let (Some(begins), Some(ends)) = (&first.interval, &last.interval) else { return };
    if begins.start >= ends.start || begin.contains('/') || end.contains('/') {
        return;
    }
    let iso = format!("{begin}/{end}");
    let interval = begins.start..ends.end;
    for timex in [first, last] {
        timex.iso = Some(iso.clone());
        timex.interval = Some(interval.clone());
    }
}

/// "*since 2019*", "*until May*": what holds from then on, or up to then. The value stays as it is.
fn open_interval(
    text: &str,
    sentence: &Sentence,
    tokens: &Range<usize>,
    rules: &TimeRules,
    resolved: &mut Resolved,
    context: &TimeContext,
) {
    let Some(before) = tokens.start.checked_sub(1).map(|before| &sentence.tokens[before]) else {
        return;
    };
    let open = rules.word("open_interval", before.form(text));
    let (Some(open), Some(iso)) = (open, &resolved.iso) else { return };
    if resolved.kind != TimexKind::Date || iso.contains('/') {
        return;
    }
    match open {
        "from" => {
            resolved.iso = Some(format!("{iso}/.."));
            let now = context.published.and_then(|day| day.tomorrow().ok());
            if let (Some(days), Some(now)) = (&mut resolved.interval, now) {
                days.end = days.end.max(now);
            }
        }
        _ => resolved.iso = Some(format!("../{iso}")),
    }
}

/// "March 3, 2024 (OSLO) - The ...": a whole date at the very beginning, before a dash, is the day of the article.
fn is_dateline(text: &str, span: Span, resolved: &Resolved) -> bool {
    let day = resolved.point.is_some_and(|point| point.grain() == point::Unit::Day);
    let begins = text.get(..span.start as usize).is_some_and(|before| before.trim().len() <= PLACE);
    let behind = text.get(span.end as usize..).unwrap_or_default();
    let near: String = behind.chars().take(PLACE).collect();
    let dash = [" - ", " – ", " — ", "—", "–", "--"].iter().any(|dash| near.contains(dash));
    let sentence = near.split(['.', '\n']).next().is_some_and(|head| head.len() == near.len());
    day && begins && dash && sentence
}

/// Longest name of a place in a dateline, in bytes or characters.
const PLACE: usize = 32;

/// A time expression that begins within so many bytes stands at the front of its sentence: "In 2014,".
const FRONT: usize = 8;

/// The tokens that share a byte with the span.
fn tokens_of(sentence: &Sentence, span: Span) -> Range<usize> {
    let start = sentence.tokens.partition_point(|token| token.span.end <= span.start);
    let end = sentence.tokens.partition_point(|token| token.span.start < span.end);
    start..end.max(start)
}

/// True if the expression is part of a person's name ("April", "May").
fn is_person(sentence: &Sentence, tokens: &Range<usize>) -> bool {
    // "Mara *March*", where the model ends the name before the surname.
    let first = &sentence.tokens[tokens.start];
    let surname = first.deprel == Deprel::Flat
        && first.head.is_some_and(|head| {
            !tokens.contains(&head.index()) && sentence.tokens[head.index()].upos == Upos::Propn
        });
    surname
        || sentence.names.iter().any(|name| {
            name.label == Label::Person
                && name.tokens.start < tokens.end
                && tokens.start < name.tokens.end
        })
}

/// "LA *Weekly*": a word of a newspaper's name.
fn is_title(sentence: &Sentence, tokens: &Range<usize>) -> bool {
    tokens.len() == 1 && sentence.tokens[tokens.start].upos == Upos::Propn
}

/// "31 May – 1 June 1916": the first date shares the year, and the month, of the second.
fn share_years(text: &str, matches: &mut [TimexMatch], rules: &TimeRules) {
    for index in (1..matches.len()).rev() {
        let (before, after) = matches.split_at_mut(index);
        let (first, second) = (&mut before[index - 1], &after[0]);
        let between = text[first.end..second.start].trim();
        if rules.rules[first.rule].means != Means::Calendar
            || rules.word("joint", between).is_none()
        {
            continue;
        }
        let dated = |m: &TimexMatch| m.fields.month.is_some() || m.fields.season.is_some();
        if first.fields.year.is_none() && dated(first) && dated(second) {
            first.fields.year = second.fields.year;
        }
        if first.fields.bc.is_none() && first.fields.year.is_some_and(|y| y < 1000) {
            first.fields.bc = second.fields.bc;
        }
    }
}

/// True if the text tells, as past, of a day in a year after the one in which it is said to be published: the day of
/// publication was guessed ("--date" for many documents), and nothing can be reckoned from it.
fn is_contradicted(
    document: &Document,
    sentences: &[Sentence],
    found: &[Vec<TimexMatch>],
    rules: &TimeRules,
) -> bool {
    let Some(published) = document.published else { return false };
    let later = |found: &&TimexMatch| {
        let year = found.fields.year.filter(|_| !found.fields.short_year);
        rules.rules[found.rule].means == Means::Calendar
            && found.fields.day.is_some()
            && found.fields.month.is_some()
            && year.is_some_and(|year| year > published.year() && year < 2200)
    };
    sentences.iter().zip(found).any(|(sentence, matches)| {
        let mut later = matches.iter().filter(later).peekable();
        if later.peek().is_none() {
            return false;
        }
        let tree = Tree::new(sentence, &document.text);
        later.any(|found| {
            let start = sentence.span.start as usize;
            let span = Span::new(start + found.start, start + found.end);
            let tokens = tokens_of(sentence, span);
            !tokens.is_empty() && direction(&tree, &tokens, rules) == Direction::Past
        })
    })
}

/// True if the text is a story of times long past: it names many years before the publication, and few
/// days relative to it.
fn narrative(document: &Document, found: &[Vec<TimexMatch>], rules: &TimeRules) -> bool {
    let Some(published) = document.published else { return true };
    let (mut years, mut deictic) = (0, 0);
    for found in found.iter().flatten() {
        let (rule, fields) = (&rules.rules[found.rule], &found.fields);
        let past = fields.year.is_some_and(|y| !fields.short_year && y < published.year() - 1);
        let weekday = fields.weekday.is_some() && fields.month.is_none();
        let near = rule.from == From::Publication
            && matches!(rule.means, Means::Step | Means::Unit)
            && fields.unit.is_some();
        years += u32::from(past);
        deictic += u32::from(near || weekday);
    }
    years >= 5 && years > 3 * deictic
}

#[cfg(test)]
mod tests;
