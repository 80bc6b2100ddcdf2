//! Reports as agencies transmit them (IPTC 7901 and its kin): a line of codes, a keyword line, the
//! headline, the text, notes for the desk, and a last line with the time of transmission.

use std::sync::LazyLock;

use regex::Regex;

use super::{RawDocument, dates, normalize};

/// Reads a report, or `None` if the text is none.
pub(super) fn read(text: &str) -> Option<RawDocument> {
    let text = text.trim_start_matches(['\u{feff}', '\u{1}', '\u{2}', '\n', '\r', ' ']);
    let (first, below) = text.split_once('\n')?;
    if let Some(draft) = marked(text) {
        return Some(draft);
    }
    if !CODES.is_match(first.trim_end()) {
        return None;
    }
    let mut draft = RawDocument::default();
    let mut body: Vec<&str> = Vec::new();
    let mut in_notes = false;
    for line in below.lines() {
        let line = line.trim_end();
        if let Some(captures) = SENT.captures(line) {
            draft.date = sent(&captures);
            break;
        }
        if NOTES.is_match(line.trim_start()) {
            in_notes = true;
        }
        if in_notes || KEYWORDS.is_match(line) {
            continue;
        }
        let headline = line.trim_start().strip_suffix('=').filter(|_| draft.title.is_none());
        match headline {
            Some(headline) if body.iter().all(|line| line.trim().len() < 200) => {
                let before = body.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
                let title: Vec<&str> = before.chain([headline.trim()]).collect();
                draft.title = Some(normalize::line(&title.join(" ")));
                body.clear();
            }
            _ => body.push(line),
        }
    }
    draft.text = paragraphs(&body);
    (!draft.text.trim().is_empty()).then_some(draft)
}

/// A report as North American agencies transmit it (ANPA 1312): lines for the desk begin with a circumflex and end in
/// "<" or "=", the last line tells desk and day.
fn marked(text: &str) -> Option<RawDocument> {
    let is_mark = |line: &str| line.starts_with('^') && line.ends_with(['<', '=']);
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    if lines.iter().filter(|line| is_mark(line.trim_start())).count() < 2 {
        return None;
    }
    let mut draft = RawDocument::default();
    let mut body: Vec<&str> = Vec::new();
    let mut has_byline = false;
    for line in &lines {
        let told = line.trim();
        if let Some(captures) = DESK.captures(told) {
            let number = |n: usize| captures[n].parse::<i64>().ok();
            let (month, day) = (number(1)?, number(2)?);
            let year = number(3).map(|year| if year < 100 { 2000 + year } else { year })?;
            let day = dates::day((year, i8::try_from(month).ok()?, i8::try_from(day).ok()?));
            draft.date = day.map(|day| day.to_string());
            break;
        }
        if is_mark(told) {
            let value = told.trim_start_matches('^').trim_end_matches(['<', '=']).trim();
            if body.iter().any(|line| !line.is_empty()) {
                // What follows the text is for the desk.
                if value.starts_with('_') || value.to_ascii_lowercase().starts_with("on the net") {
                    let rest = lines.iter().rev().find_map(|line| DESK.captures(line.trim()));
                    if let Some(captures) = rest {
                        let number = |n: usize| captures[n].parse::<i64>().ok();
                        let year = number(3).map(|it| if it < 100 { 2000 + it } else { it })?;
                        let (month, day) = (number(1)?, number(2)?);
                        let day =
                            dates::day((year, i8::try_from(month).ok()?, i8::try_from(day).ok()?));
                        draft.date = day.map(|day| day.to_string());
                    }
                    break;
                }
            } else if value.starts_with("By ") {
                has_byline = true;
            } else if has_byline && draft.publisher.is_none() {
                draft.publisher = Some(value.to_owned());
            } else if draft.title.is_none() && !SLUG.is_match(value) {
                draft.title = Some(normalize::line(value));
            }
        } else if draft.title.is_some() || has_byline {
            body.push(line);
        }
    }
    draft.text = paragraphs(&body);
    (!draft.text.trim().is_empty()).then_some(draft)
}

/// Joins wrapped lines: a paragraph begins where a line is indented or after an empty one.
fn paragraphs(lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines {
        let begins = line.is_empty() || line.starts_with([' ', '\t']);
        text.push_str(match () {
            () if text.is_empty() => "",
            () if begins => "\n\n",
            () => " ",
        });
        text.push_str(line.trim());
    }
    text
}

/// The day of "121137 GMT Dec 24".
fn sent(captures: &regex::Captures<'_>) -> Option<String> {
    let month = dates::month(&captures[2])?;
    let year: i64 = captures[3].parse().ok()?;
    let year = if year < 100 { 2000 + year } else { year };
    let day: i8 = captures[1].parse().ok()?;
    dates::day((year, month, day)).map(|day| day.to_string())
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

static CODES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:[A-Za-z]{2,5}\d{2,5}\s+\d\s+[A-Za-z]{1,3}\s+\d{1,5}\b.*|ZCZC\b.*|[a-z]{3}\d{3,4}\s+\d{1,2}\s+[a-z]+.*)$",
    )
});
/// "AB-NY-04-24-25 0512EDT<"
static DESK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\^?[A-Z]{2,4}(?:-[A-Z]{2,4})?-(\d\d)-(\d\d)-(\d\d(?:\d\d)?)\s+\d{4}\s?[A-Z]{3,4}<?$")
});
/// Keywords, urgency and notes for editors: no headlines.
static SLUG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:[A-Z]{2}-+\S+.*|URGENT|BULLETIN|FLASH|Eds?:.*|With .*|AP Photo.*|HFR.*|\W*)$")
});
static KEYWORDS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z0-9,-]+/\s*$"));
static NOTES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:#+ |\* \* \*|NNNN\b|The following information is not)"));
static SENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:^|\s)(\d{2})\d{4}\s*(?:GMT|UTC|Z)\s+([A-Za-z]{3,9})\.?\s+(\d{2}|\d{4})\s*$")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_taken_apart() {
        let draft = read(
            "abc012 3 i 120 elm 009\n\nElm-pier/\nPier opens in\nElm =\n\n   Elm, May 3 (XY) - The pier\nopened.\n\n   All came.\n\n# xy NOTEBOOK\n\n## Contacts\n- A\n\nxy 031015 GMT May 24\n",
        )
        .expect("a report");
        assert_eq!(draft.title.as_deref(), Some("Pier opens in Elm"));
        assert_eq!(draft.date.as_deref(), Some("2024-05-03"));
        assert_eq!(draft.text.trim(), "Elm, May 3 (XY) - The pier opened.\n\n\n\nAll came.");
        assert!(read("The pier opened.\nAll came.").is_none());
    }
}
