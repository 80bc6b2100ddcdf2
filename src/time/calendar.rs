//! Calendar arithmetic on the fields of an expression: holidays, weekdays of a month, and the choice
//! of the year that tense asks for.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::fields::Fields;
use super::point::{Part, Point, Unit, easter};
use super::tense::Direction;

/// The stretch of the year that the fields name.
pub(super) fn in_year(year: i16, fields: &Fields) -> Option<Point> {
    if let Some(rule) = &fields.holiday {
        return Some(Point::day(holiday(rule, year)?));
    }
    if let (Some(nth), Some(weekday), Some(month)) = (fields.nth, fields.weekday, fields.month) {
        return Some(Point::day(nth_weekday(year, month, nth, weekday)?));
    }
    let part = match fields {
        Fields { month: Some(month), day: Some(day), .. } => Part::Day(*month, *day),
        Fields { month: Some(month), .. } => Part::Month(*month),
        Fields { season: Some(season), .. } => Part::Season(*season),
        Fields { quarter: Some(quarter), .. } => Part::Quarter(*quarter),
        Fields { half: Some(half), .. } => Part::Half(*half),
        _ => Part::Year,
    };
    valid(Point { year, part })
}

pub(super) fn valid(point: Point) -> Option<Point> {
    point.first_day().map(|_| point)
}

/// The day of a holiday: `12-25`, `easter-2`, `11-4-4` (fourth Thursday of November; 9 for the
/// last), each with an offset in days after `+`.
fn holiday(rule: &str, year: i16) -> Option<Date> {
    if let Some(offset) = rule.strip_prefix("easter") {
        let days: i64 = if offset.is_empty() { 0 } else { offset.parse().ok()? };
        return easter(year)?.checked_add(days.days()).ok();
    }
    let (rule, offset) = rule.split_once('+').unwrap_or((rule, "0"));
    let numbers: Vec<i8> = rule.split('-').map(|n| n.parse().ok()).collect::<Option<_>>()?;
    let date = match numbers[..] {
        [month, day] => Date::new(year, month, day).ok()?,
        [month, nth, weekday] => nth_weekday(year, month, nth, weekday)?,
        _ => return None,
    };
    date.checked_add(offset.parse::<i64>().ok()?.days()).ok()
}

/// The n-th such weekday of a month; the last if n is 9.
fn nth_weekday(year: i16, month: i8, nth: i8, weekday: i8) -> Option<Date> {
    let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
    let nth = if nth == 9 { -1 } else { nth };
    Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
}

/// The candidate (latest first) that tense asks for.
pub(super) fn choose(
    latest_first: impl Iterator<Item = Point>,
    base: Date,
    direction: Direction,
) -> Option<Point> {
    let candidates: Vec<Point> = latest_first.collect();
    let started = |p: &&Point| p.first_day().is_some_and(|start| start <= base);
    let open = |p: &&Point| end(**p).is_some_and(|end| end >= base);
    let distance = |p: &&Point| {
        let start = p.first_day().map_or(i64::MAX, |s| days_between(base, s).abs());
        let end = end(**p).map_or(i64::MAX, |e| days_between(base, e).abs());
        start.min(end)
    };
    match direction {
        Direction::Past | Direction::Earlier => candidates.iter().find(started),
        Direction::Future => candidates.iter().rev().find(open),
        Direction::Unknown | Direction::After => candidates.iter().rev().min_by_key(distance),
    }
    .copied()
}

/// The last day.
pub(super) fn end(point: Point) -> Option<Date> {
    point.days()?.end.yesterday().ok()
}

fn days_between(a: Date, b: Date) -> i64 {
    a.until(b).map_or(i64::MAX, |span| i64::from(span.get_days()))
}

/// A day so many units away.
pub(super) fn moved(date: Date, unit: Unit, n: i64) -> Option<Date> {
    let span = Span::new();
    let span = match unit {
        Unit::Second | Unit::Minute => return None,
        Unit::Hour => span.try_days(n / 24),
        Unit::Day => span.try_days(n),
        Unit::Week => span.try_weeks(n),
        Unit::Month => span.try_months(n),
        Unit::Quarter => span.try_months(n.checked_mul(3)?),
        Unit::Year => span.try_years(n),
        Unit::Decade => span.try_years(n.checked_mul(10)?),
        Unit::Century => span.try_years(n.checked_mul(100)?),
    };
    date.checked_add(span.ok()?).ok()
}
