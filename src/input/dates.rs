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
    // "04-29-2025": a number above twelve is no month, whatever stands first.
    let ordered = order_of(value).and_then(|day_first| in_order(value, day_first));
    match lead(value) {
        Lead::Date(date, end) if is_time(&value[end..]) => Ok(Some(date)),
        _ if ordered.is_some() => Ok(ordered),
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

/// A day of numbers alone, where the order of day and month is known from elsewhere.
pub(super) fn in_order(value: &str, day_first: bool) -> Option<Date> {
    let captures = ORDERED.captures(value.trim())?;
    let number = |at: usize| captures[at].parse::<i64>().unwrap_or(0);
    let (a, b, year) = (number(1), number(2), number(3));
    let year =
        if captures[3].len() == 2 { year + if year < 70 { 2000 } else { 1900 } } else { year };
    let (first, second) = if day_first { (b, a) } else { (a, b) };
    day((year, i8::try_from(first).ok()?, i8::try_from(second).ok()?))
}

/// What a value of a column tells of the order in it: `Some(true)` if the day must come first.
pub(super) fn order_of(value: &str) -> Option<bool> {
    let captures = ORDERED.captures(value.trim())?;
    let number = |at: usize| captures[at].parse::<u8>().unwrap_or(0);
    match (number(1), number(2)) {
        (13..=31, 1..=12) => Some(true),
        (1..=12, 13..=31) => Some(false),
        _ => None,
    }
}

/// The first day that a line names, with the month in words of any language we know, or a plain one.
pub(super) fn anywhere(line: &str) -> Option<Date> {
    let line = &line[..line.floor_char_boundary(300)];
    let starts = line.char_indices().filter(|(at, c)| {
        c.is_alphanumeric() && !line[..*at].ends_with(|before: char| before.is_alphanumeric())
    });
    starts.map(|(at, _)| lead(&line[at..])).find_map(|lead| match lead {
        Lead::Date(date, _) => Some(date),
        Lead::Impossible | Lead::None => None,
    })
}

/// How much of a text, in bytes, and how many of its lines may stand before the article itself.
const HEAD: usize = 1500;
const HEAD_LINES: usize = 12;

/// Longest line that tells the day, in bytes.
const DAY_LINE: usize = 90;

/// The day that the lines before an article tell: "Wednesday, July 28, 2004", "Published: 09:13 GMT, 12 March
/// 2013", or the address of its page ("https://.../2012/12/23/...").
pub(super) fn of_head(text: &str) -> Option<Date> {
    let head = &text[..text.floor_char_boundary(HEAD)];
    let lines = head.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut addressed = None;
    for line in lines.take(HEAD_LINES) {
        if line.starts_with("http://") || line.starts_with("https://") {
            addressed = addressed.or(of_address(line));
            continue;
        }
        let short = line.len() <= DAY_LINE && !line.ends_with('.');
        let tells = || {
            let first = line.split([' ', ':']).next().unwrap_or_default().to_lowercase();
            let marked =
                matches!(&*first, "published" | "posted" | "updated" | "date" | "first" | "last");
            marked || matches!(lead(line), Lead::Date(..))
        };
        if short
            && tells()
            && let Some(day) = anywhere(line).filter(|&day| is_plausible(day))
        {
            return Some(day);
        }
    }
    addressed
}

/// The day in the path of an address: "/2012/12/23/", "/2012-12-23/".
pub(super) fn of_address(address: &str) -> Option<Date> {
    let captures = PATH_DAY.captures(address)?;
    let number = |index: usize| captures.get(index)?.as_str().parse::<i64>().ok();
    let (year, month, date) = (number(1)?, number(2)?, number(3)?);
    day((year, i8::try_from(month).ok()?, i8::try_from(date).ok()?))
        .filter(|&day| is_plausible(day))
}

static PATH_DAY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"/((?:19|20)\d\d)[/-]([01]?\d)[/-]([0-3]?\d)(?:/|-|$)"));

/// True for a day of the age of newspapers.
pub(super) fn is_plausible(date: Date) -> bool {
    (1700..=2200).contains(&date.year())
}

/// Month by its name in another language, 1 to 12.
fn foreign_month(name: &str) -> Option<i8> {
    let name = name.trim_end_matches('.').to_lowercase();
    let at = FOREIGN_MONTHS.iter().position(|names| names.contains(&name.as_str()))?;
    i8::try_from(at + 1).ok()
}

/// German, French, Spanish, Italian, Portuguese, Dutch; those that English does not cover.
const FOREIGN_MONTHS: [&[&str]; 12] = [
    &[
        "januar", "jänner", "janvier", "janv", "enero", "ene", "gennaio", "gen", "janeiro",
        "januari",
    ],
    &[
        "februar",
        "feber",
        "février",
        "fevrier",
        "févr",
        "febrero",
        "febbraio",
        "fevereiro",
        "fev",
        "februari",
    ],
    &["märz", "maerz", "mär", "mars", "marzo", "março", "maart", "mrt"],
    &["avril", "avr", "abril", "abr", "aprile"],
    &["mai", "mayo", "maggio", "mag", "maio", "mei"],
    &["juni", "juin", "junio", "giugno", "giu", "junho"],
    &["juli", "juillet", "juil", "julio", "luglio", "lug", "julho"],
    &["août", "aout", "agosto", "ago", "augustus"],
    &["septembre", "septiembre", "settembre", "set", "setembro"],
    &["oktober", "okt", "octobre", "octubre", "ottobre", "ott", "outubro", "out"],
    &["novembre", "noviembre", "novembro"],
    &["dezember", "dez", "décembre", "decembre", "déc", "diciembre", "dic", "dicembre", "dezembro"],
];

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
    DayMonthYear,
    Numbers,
}

impl DateOrder {
    fn parts(&self, captures: &Captures<'_>) -> Option<(i64, i8, i8)> {
        let number = |i| captures.get(i).and_then(|group| group.as_str().parse::<i64>().ok());
        let small = |i| number(i).map(|n| i8::try_from(n).unwrap_or(0));
        let name = |i| {
            let name = captures.get(i)?.as_str();
            month(name).or_else(|| foreign_month(name))
        };
        match self {
            Self::YearMonthDay => Some((number(1)?, small(2)?, small(3)?)),
            Self::DayNameYear => Some((number(3)?, name(2)?, small(1)?)),
            Self::NameDayYear => Some((number(3)?, name(1)?, small(2)?)),
            Self::DayMonthYear => Some((number(3)?, small(2)?, small(1)?)),
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
static ORDERED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:$|[\sT,])"));
static PATTERNS: LazyLock<[(Regex, DateOrder); 8]> = LazyLock::new(|| {
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
        (
            pattern(
                r"^(\d{1,2})(?:er|\.|º)?\s+(?:de\s+)?(\p{L}{3,10})\b\.?,?\s+(?:de\s+|del\s+)?(\d{4})\b",
            ),
            DateOrder::DayNameYear,
        ),
        (pattern(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b"), DateOrder::DayMonthYear),
        (pattern(r"^(\d{1,2})/(\d{1,2})/(\d{4})\b"), DateOrder::Numbers),
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
        assert_eq!(parse("05.03.2025"), Ok(Some(date(2025, 3, 5))));
        assert_eq!(parse("19. März 2025"), Ok(Some(date(2025, 3, 19))));
        assert_eq!(parse("8 de mayo de 2025"), Ok(Some(date(2025, 5, 8))));
        assert_eq!(anywhere("Politique, lundi 26 août 2024, p. 3"), Some(date(2024, 8, 26)));
        assert_eq!(in_order("05/03/2025", true), Some(date(2025, 3, 5)));
        assert_eq!(in_order("05/03/25 10:00", false), Some(date(2025, 5, 3)));
        assert_eq!(
            (order_of("27/03/2025"), order_of("03/27/2025"), order_of("3/4/2025")),
            (Some(true), Some(false), None)
        );
        assert_eq!(parse("Sept. 13, 2023"), Ok(Some(date(2023, 9, 13))));
        assert_eq!(parse(" "), Ok(None));
    }

    #[test]
    fn the_head_of_a_text_tells_its_day() {
        let day = |text: &str| of_head(text).map(|day| day.to_string());
        let address = "http://example.org/news/2012/12/23/a-b.html\n\nA mill burns\n\nIt burned.";
        assert_eq!(day(address).as_deref(), Some("2012-12-23"));
        let line = "A mill burns\n\nWednesday, July 28, 2004\n\nIt burned on Monday.";
        assert_eq!(day(line).as_deref(), Some("2004-07-28"));
        let marked = "A mill burns\nPublished: 09:13 GMT, 12 March 2013 | Updated: 14 March 2013\nIt burned.";
        assert_eq!(day(marked).as_deref(), Some("2013-03-12"));
        for none in [
            "The mill of 12 March 1913 remembered\n\nIt burned then.",
            "On 12 March 1913 the mill burned, and nobody came to help.",
            "http://example.org/a/1234/56/78/b\n\nIt burned.",
        ] {
            assert_eq!(day(none), None, "{none}");
        }
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
