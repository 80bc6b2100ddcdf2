//! A stretch of the calendar with its grain: a day, a week, a month, a season, a year, a century.
//!
//! Years are astronomical inside (year 0 is 1 BC), so that sums need no special case; values are
//! written as TIMEX3 asks (`BC0264`). Nothing here panics: what leaves the calendar is `None`.

use std::ops::Range;

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::{Span, ToSpan};

/// Unit of a duration or of a step, from fine to coarse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

/// Season of the northern year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Season {
    Spring,
    Summer,
    Fall,
    Winter,
}

/// The part of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Century,
    Decade,
    Year,
    Half(i8),
    Quarter(i8),
    Season(Season),
    Month(i8),
    /// ISO week; the year is the ISO year.
    Week(i8),
    /// Saturday and Sunday of an ISO week.
    Weekend(i8),
    Day(i8, i8),
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    /// Astronomical year; for centuries and decades the first one (1900, 1980), before year 1 the
    /// one with the smallest number (400–301 BC: -300, which is 301 BC).
    pub(super) year: i16,
    pub(super) part: Part,
}

impl Season {
    pub(super) fn parse(code: &str) -> Option<Self> {
        Some(match code {
            "SP" => Self::Spring,
            "SU" => Self::Summer,
            "FA" => Self::Fall,
            "WI" => Self::Winter,
            _ => return None,
        })
    }

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Spring => "SP",
            Self::Summer => "SU",
            Self::Fall => "FA",
            Self::Winter => "WI",
        }
    }

    /// Its first month.
    pub(super) fn month(self) -> i8 {
        match self {
            Self::Spring => 3,
            Self::Summer => 6,
            Self::Fall => 9,
            Self::Winter => 12,
        }
    }
}

impl Point {
    pub(super) fn day(date: Date) -> Self {
        Self { year: date.year(), part: Part::Day(date.month(), date.day()) }
    }

    /// The stretch of grain `unit` that holds the day.
    pub(super) fn around(date: Date, unit: Unit) -> Self {
        let year = date.year();
        let part = match unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => return Self::day(date),
            Unit::Week => return Self::week(date, Part::Week),
            Unit::Month => Part::Month(date.month()),
            Unit::Quarter => Part::Quarter((date.month() - 1) / 3 + 1),
            Unit::Year => Part::Year,
            Unit::Decade => return Self::decade(year),
            Unit::Century => return Self::century(year),
        };
        Self { year, part }
    }

    pub(super) fn week(date: Date, part: fn(i8) -> Part) -> Self {
        let week = date.iso_week_date();
        Self { year: week.year(), part: part(week.week()) }
    }

    pub(super) fn decade(year: i16) -> Self {
        Self {
            year: if year > 0 { (year - year % 10).max(1) } else { year + (1 - year) % 10 },
            part: Part::Decade,
        }
    }

    pub(super) fn century(year: i16) -> Self {
        Self {
            year: if year > 0 { (year - year % 100).max(1) } else { year + (1 - year) % 100 },
            part: Part::Century,
        }
    }

    pub(super) fn grain(self) -> Unit {
        match self.part {
            Part::Century => Unit::Century,
            Part::Decade => Unit::Decade,
            Part::Year | Part::Half(_) => Unit::Year,
            Part::Quarter(_) | Part::Season(_) => Unit::Quarter,
            Part::Month(_) => Unit::Month,
            Part::Week(_) | Part::Weekend(_) => Unit::Week,
            Part::Day(..) => Unit::Day,
        }
    }

    /// The month, where the point lies within one or begins with one.
    pub(super) fn month(self) -> Option<i8> {
        match self.part {
            Part::Month(month) | Part::Day(month, _) => Some(month),
            Part::Season(season) => Some(season.month()),
            Part::Quarter(quarter) => Some(quarter * 3 - 2),
            Part::Half(half) => Some(half * 6 - 5),
            Part::Week(_) | Part::Weekend(_) => self.first_day().map(Date::month),
            Part::Century | Part::Decade | Part::Year => None,
        }
    }

    pub(super) fn first_day(self) -> Option<Date> {
        let year = self.year;
        match self.part {
            Part::Century | Part::Decade | Part::Year => Date::new(year, 1, 1),
            Part::Half(half) => Date::new(year, half * 6 - 5, 1),
            Part::Quarter(quarter) => Date::new(year, quarter * 3 - 2, 1),
            Part::Season(season) => Date::new(year, season.month(), 1),
            Part::Month(month) => Date::new(year, month, 1),
            Part::Week(week) => {
                return Some(ISOWeekDate::new(year, week, Weekday::Monday).ok()?.date());
            }
            Part::Weekend(week) => {
                return Some(ISOWeekDate::new(year, week, Weekday::Saturday).ok()?.date());
            }
            Part::Day(month, day) => Date::new(year, month, day),
        }
        .ok()
    }

    /// The days it covers, half-open. `None` before the year 1 and where the calendar ends.
    pub(super) fn days(self) -> Option<Range<Date>> {
        let length: Span = match self.part {
            Part::Century => 100.years(),
            Part::Decade => 10.years(),
            Part::Year => 1.year(),
            Part::Half(_) => 6.months(),
            Part::Quarter(_) | Part::Season(_) => 3.months(),
            Part::Month(_) => 1.month(),
            Part::Week(_) => 1.week(),
            Part::Weekend(_) => 2.days(),
            Part::Day(..) => 1.day(),
        };
        let start = self.first_day().filter(|day| day.year() >= 1)?;
        Some(start..start.checked_add(length).ok()?)
    }

    /// The TIMEX3 value.
    pub(super) fn value(self) -> String {
        let era = if self.year < 1 { "BC" } else { "" };
        let year = if self.year < 1 { 1 - i32::from(self.year) } else { i32::from(self.year) };
        match self.part {
            Part::Century => format!("{era}{:02}", year / 100),
            Part::Decade => format!("{era}{:03}", year / 10),
            Part::Year => format!("{era}{year:04}"),
            Part::Half(half) => format!("{era}{year:04}-H{half}"),
            Part::Quarter(quarter) => format!("{era}{year:04}-Q{quarter}"),
            Part::Season(season) => format!("{era}{year:04}-{}", season.code()),
            Part::Month(month) => format!("{era}{year:04}-{month:02}"),
            Part::Week(week) => format!("{era}{year:04}-W{week:02}"),
            Part::Weekend(week) => format!("{era}{year:04}-W{week:02}-WE"),
            Part::Day(month, day) => format!("{era}{year:04}-{month:02}-{day:02}"),
        }
    }

    /// The ISO 8601 form: the value itself where the standard knows it, else first and last day,
    /// month or year. `None` before the year 1.
    pub(super) fn iso(self) -> Option<String> {
        let year = self.year;
        if year < 1 {
            return None;
        }
        Some(match self.part {
            Part::Century => format!("{year:04}/{:04}", year.checked_add(99)?),
            Part::Decade => format!("{year:04}/{:04}", year.checked_add(9)?),
            Part::Half(_) | Part::Quarter(_) | Part::Season(_) => {
                let days = self.days()?;
                let last = days.end.yesterday().ok()?;
                format!(
                    "{year:04}-{:02}/{:04}-{:02}",
                    days.start.month(),
                    last.year(),
                    last.month()
                )
            }
            Part::Weekend(_) => {
                let days = self.days()?;
                format!("{}/{}", days.start, days.end.yesterday().ok()?)
            }
            Part::Year | Part::Month(_) | Part::Week(_) | Part::Day(..) => self.value(),
        })
    }

    /// The stretch of grain `unit` that lies `n` units ahead (behind, if negative).
    pub(super) fn step(self, unit: Unit, n: i64) -> Option<Self> {
        let start = self.first_day()?;
        let date = match unit {
            Unit::Second => start.checked_add(Span::new().try_days(n / 86_400).ok()?),
            Unit::Minute => start.checked_add(Span::new().try_days(n / 1_440).ok()?),
            Unit::Hour => start.checked_add(Span::new().try_days(n / 24).ok()?),
            Unit::Day => start.checked_add(Span::new().try_days(n).ok()?),
            Unit::Week => start.checked_add(Span::new().try_weeks(n).ok()?),
            Unit::Month => start.checked_add(Span::new().try_months(n).ok()?),
            Unit::Quarter => start.checked_add(Span::new().try_months(n.checked_mul(3)?).ok()?),
            Unit::Year => start.checked_add(Span::new().try_years(n).ok()?),
            Unit::Decade => start.checked_add(Span::new().try_years(n.checked_mul(10)?).ok()?),
            Unit::Century => start.checked_add(Span::new().try_years(n.checked_mul(100)?).ok()?),
        };
        Some(Self::around(date.ok()?, unit))
    }

    /// The value with `X` for what is finer than the point and not given ("1915", days: `1915-XX-XX`).
    pub(super) fn blurred(self, unit: Unit) -> String {
        let finer = match (self.grain(), unit) {
            (Unit::Year | Unit::Decade | Unit::Century, Unit::Day | Unit::Hour) => "-XX-XX",
            (Unit::Year | Unit::Decade | Unit::Century, Unit::Week) => "-WXX",
            (Unit::Year | Unit::Decade | Unit::Century, Unit::Month)
            | (Unit::Month, Unit::Day | Unit::Hour) => "-XX",
            _ => "",
        };
        match self.part {
            Part::Month(_) if unit == Unit::Week => {
                format!("{}-WXX", Self { part: Part::Year, ..self }.value())
            }
            _ => self.value() + finer,
        }
    }
}

/// Easter Sunday of a year of the Gregorian calendar (Meeus, Jones and Butcher).
pub(super) fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y.rem_euclid(19), y.div_euclid(100), y.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn point(year: i16, part: Part) -> Point {
        Point { year, part }
    }

    #[test]
    fn values_and_iso_forms() {
        let check = |p: Point, value: &str, iso: Option<&str>| {
            assert_eq!(p.value(), value);
            assert_eq!(p.iso().as_deref(), iso);
        };
        check(point(2023, Part::Quarter(3)), "2023-Q3", Some("2023-07/2023-09"));
        check(point(2023, Part::Season(Season::Winter)), "2023-WI", Some("2023-12/2024-02"));
        check(point(2023, Part::Weekend(37)), "2023-W37-WE", Some("2023-09-16/2023-09-17"));
        check(Point::decade(1987), "198", Some("1980/1989"));
        check(Point::century(1850), "18", Some("1800/1899"));
        check(point(-263, Part::Year), "BC0264", None);
        check(Point::century(-300), "BC03", None);
        check(Point::decade(-465), "BC046", None);
    }

    #[test]
    fn steps_keep_the_grain_of_the_unit_and_never_leave_the_calendar() {
        let day = Point::day(date(2024, 1, 31));
        assert_eq!(day.step(Unit::Month, 1), Some(point(2024, Part::Month(2))));
        assert_eq!(day.step(Unit::Week, -5), Some(point(2023, Part::Week(52))));
        assert_eq!(day.step(Unit::Year, 9000), None);
        assert_eq!(day.step(Unit::Century, i64::MAX), None);
        assert_eq!(point(9999, Part::Year).days(), None);
        assert_eq!(point(-1, Part::Year).step(Unit::Year, 2).map(|p| p.year), Some(1));
    }

    #[test]
    fn easter_sundays() {
        assert_eq!(easter(2023), Some(date(2023, 4, 9)));
        assert_eq!(easter(1972), Some(date(1972, 4, 2)));
        assert_eq!(easter(2025), Some(date(2025, 4, 20)));
    }
}
