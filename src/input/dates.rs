//! Publication dates as files write them.
//!
//! The date counts as written: the day in the newsroom's calendar, whatever the time zone behind it.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::{Captures, Regex};

use super::quoted;

/// A date at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// A date, and the bytes that it takes.
    Date(Date, usize),
    /// The form of a date, but there is no such day.
    Impossible,
    /// No date.
    None,
}

/// Reads a metadata value; empty is no date.
///
/// The error is a message: what was dropped.
pub(super) fn parse(value: &str) -> Result<Option<Date>, String> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    if let Some(date) = epoch(value) {
        return Ok(Some(date));
    }
    match lead(value) {
        Lead::Date(date, end) if is_time(&value[end..]) => Ok(Some(date)),
        Lead::Impossible => Err(format!("dropped date {}: no such day", quoted(value))),
        Lead::Date(..) | Lead::None => Err(format!("dropped date {}: not a date", quoted(value))),
    }
}

/// Reads a date at the beginning of a text.
pub(super) fn lead(text: &str) -> Lead {
    let mut head = text;
    if let Some(weekday) = WEEKDAY.find(text) {
        head = &text[weekday.end()..];
    }
    let offset = text.len() - head.len();
    for (pattern, order) in PATTERNS.iter() {
        let Some(captures) = pattern.captures(head) else { continue };
        let Some(parts) = order.parts(&captures) else { continue };
        let end = captures.get(0).map_or(0, |all| all.end());
        return match day(parts) {
            Some(date) => Lead::Date(date, offset + end),
            None => Lead::Impossible,
        };
    }
    Lead::None
}

/// Month by its English name or abbreviation, 1 to 12.
pub(super) fn month(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.trim_end_matches('.').to_lowercase();
    let at = MONTHS.iter().position(|month| name.len() >= 3 && month.starts_with(&name));
    at.or((name == "sept").then_some(8)).and_then(|at| i8::try_from(at + 1).ok())
}

/// Days after the fallback date that a dateline may lie.
const SLACK: i64 = 60;

/// The day of a dateline that names no year: the latest that is not much after `fallback`.
pub(super) fn latest(month: i8, day: i8, fallback: Date) -> Option<Date> {
    let last = fallback.checked_add(jiff::Span::new().days(SLACK)).unwrap_or(fallback);
    // Nine years back there has been a 29 February.
    let years = (-9..=1).rev().filter_map(|n| fallback.year().checked_add(n));
    years.filter_map(|year| Date::new(year, month, day).ok()).find(|date| *date <= last)
}

/// A day of a newspaper's time.
pub(super) fn day((year, month, day): (i64, i8, i8)) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| (1000..=9999).contains(year))?;
    Date::new(year, month, day).ok()
}

/// Seconds or milliseconds since 1970.
fn epoch(value: &str) -> Option<Date> {
    if !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = value.parse().ok()?;
    let seconds = match value.len() {
        9 | 10 => number,
        12 | 13 => number / 1000,
        _ => return None,
    };
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(time).date())
}

/// What may follow the date in a value: nothing, or a time.
pub(super) fn is_time(tail: &str) -> bool {
    TIME.is_match(tail) || tail.trim().is_empty()
}

enum DateOrder {
    YearMonthDay,
    DayNameYear,
    NameDayYear,
    Numbers,
}

impl DateOrder {
    fn parts(&self, captures: &Captures<'_>) -> Option<(i64, i8, i8)> {
        let number = |i| captures.get(i).and_then(|group| group.as_str().parse::<i64>().ok());
        let small = |i| number(i).map(|n| i8::try_from(n).unwrap_or(0));
        let name = |i| captures.get(i).and_then(|group| month(group.as_str()));
        match self {
            Self::YearMonthDay => Some((number(1)?, small(2)?, small(3)?)),
            Self::DayNameYear => Some((number(3)?, name(2)?, small(1)?)),
            Self::NameDayYear => Some((number(3)?, name(1)?, small(2)?)),
            // Day or month first: taken only when just one of them can be the month.
            Self::Numbers => match (small(1)?, small(2)?, number(3)?) {
                (a @ 13.., b, year) => Some((year, b, a)),
                (a, b @ 13.., year) => Some((year, a, b)),
                (a, b, year) => (a == b).then_some((year, a, b)),
            },
        }
    }
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

static WEEKDAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?i:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?i:day)?\.?,?\s+")
});
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:,?\s*(?:at\s+|-\s+|\|\s+)?\d{1,2}[:.h]?\d{0,2}|\s*[zZ]\b|[+-]\d\d:?\d\d\b|\s+\()")
});
static PATTERNS: LazyLock<[(Regex, DateOrder); 6]> = LazyLock::new(|| {
    [
        (pattern(r"^(\d{4,6})-(\d{1,2})-(\d{1,2})(?:\b|T)"), DateOrder::YearMonthDay),
        (pattern(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})\b"), DateOrder::YearMonthDay),
        (pattern(r"^(\d{4})(\d\d)(\d\d)(?:\b|T)"), DateOrder::YearMonthDay),
        (
            pattern(r"^(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3,9})\b\.?,?[\s-]+(\d{4})\b"),
            DateOrder::DayNameYear,
        ),
        (
            pattern(r"^([A-Za-z]{3,9})\b\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b"),
            DateOrder::NameDayYear,
        ),
        (pattern(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b"), DateOrder::Numbers),
    ]
});

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_usual_forms_are_read() {
        for value in [
            "2024-05-03",
            "2024-05-03T23:10:00-05:00",
            "2024-05-03 10:00",
            "2024/05/03",
            "20240503",
            "20240503T101112Z",
            "Fri, 03 May 2024 10:00:00 GMT",
            "May 3, 2024",
            "3 May 2024",
            "3rd May, 2024",
            "Friday, May 3rd, 2024, 10:15",
            "1714694400",
            "1714694400000",
            "3-May-2024",
            "2024-5-3",
        ] {
            assert_eq!(parse(value), Ok(Some(date(2024, 5, 3))), "{value}");
        }
        assert_eq!(parse("13.09.2023"), Ok(Some(date(2023, 9, 13))));
        assert_eq!(parse("Sept. 13, 2023"), Ok(Some(date(2023, 9, 13))));
        assert_eq!(parse(" "), Ok(None));
    }

    #[test]
    fn impossible_and_foreign_values_are_dropped() {
        for value in [
            "2024-13-45",
            "0000-00-00",
            "yesterday",
            "99999-01-01",
            "2024-02-30T25:61:61Z",
            "-1",
            "0",
            "2024-05-03\"^^<x>",
            "04/05/2024",
            "May 2024",
            "Feb 30, 2024",
            "9999999999999999",
        ] {
            assert!(parse(value).is_err(), "{value}");
        }
    }

    #[test]
    fn the_year_of_a_dateline_is_the_latest() {
        assert_eq!(latest(12, 30, date(2024, 1, 2)), Some(date(2023, 12, 30)));
        assert_eq!(latest(1, 2, date(2023, 12, 30)), Some(date(2024, 1, 2)));
        assert_eq!(latest(2, 29, date(2023, 6, 1)), Some(date(2020, 2, 29)));
        assert_eq!(latest(9, 13, date(2024, 5, 6)), Some(date(2023, 9, 13)));
        assert_eq!(latest(2, 30, date(2023, 6, 1)), None);
    }
}
