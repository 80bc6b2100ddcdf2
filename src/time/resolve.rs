//! From the fields of an expression to its value: what is missing follows from the publication
//! date, from the dates mentioned before, and from the tense.

use std::ops::Range;

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use rustc_hash::FxHashMap;

use super::calendar::{choose, end, in_year, moved, valid};
use super::fields::{Clock, Count, Fields, Measure};
use super::point::{Part, Point, Season, Unit};
use super::rules::{From, Means};
use super::tense::Direction;
use crate::document::TimexKind;

/// What the text has mentioned so far.
#[derive(Clone, Debug)]
pub(super) struct TimeContext {
    pub(super) published: Option<Date>,
    /// True if the text is a story of times long past, by its years: undated months then follow the
    /// story and not the publication date.
    pub(super) narrative: bool,
    /// The last date mentioned, of any grain up to a year.
    pub(super) last_date: Option<Point>,
    /// The last day mentioned.
    pub(super) last_day: Option<Point>,
    /// The day mentioned last of each month and number: it comes again without its year.
    pub(super) days_mentioned: FxHashMap<(i8, i8), Point>,
    /// The last date mentioned in this sentence.
    pub(super) here: Option<Point>,
    /// The first date of the sentence stands at its beginning.
    pub(super) fronted: bool,
    /// The last date mentioned that belongs to the story: a lone year far off is an aside.
    pub(super) story: Option<Point>,
    /// A lone year far off, until a second one shows that the story went there.
    pub(super) aside: Option<i16>,
}

/// The value of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resolved {
    pub(super) kind: TimexKind,
    pub(super) value: String,
    pub(super) iso: Option<String>,
    pub(super) interval: Option<Range<Date>>,
    /// For what follows in the text.
    pub(super) point: Option<Point>,
}

/// In a story, a month without year that lies more months than this before the last one mentioned is in
/// the next year.
const BACK: i8 = 6;

/// A lone year more years than this away from the last date of the story is an aside.
const ASIDE: u16 = 2;

impl TimeContext {
    pub(super) fn resolve(
        &self,
        means: Means,
        from: From,
        fields: &Fields,
        direction: Direction,
    ) -> Option<Resolved> {
        // Only a weekday counts back from what the sentence has dated.
        let direction = match direction {
            Direction::Earlier if fields.weekday.is_none() || self.here_day().is_none() => {
                Direction::Past
            }
            direction => direction,
        };
        // "this year" in the past tense of a history is the year mentioned.
        let here = fields.shift == Some(0) && from == From::Publication;
        let from =
            if here && self.narrative && direction == Direction::Past { From::Told } else { from };
        match means {
            Means::Calendar => self.calendar(fields, from, direction),
            Means::Step => self.step(fields, from),
            Means::Unit => self.unit(fields, from),
            Means::Duration => self.duration(fields, from, direction),
            Means::Set => set(fields),
            Means::Value => {
                let value = fields.value.clone()?;
                let time = value.contains("-XXT");
                Some(Resolved::bare(if time { TimexKind::Time } else { TimexKind::Date }, value))
            }
        }
    }

    /// Remembers a date that the text mentioned.
    pub(super) fn remember(&mut self, resolved: &Resolved) {
        if let Some(point) = resolved.point
            && point.grain() <= Unit::Year
        {
            self.last_date = Some(point);
            if point.grain() == Unit::Day {
                self.last_day = Some(point);
                if let Part::Day(month, day) = point.part {
                    self.days_mentioned.insert((month, day), point);
                }
            }
            self.here = Some(point);
            let near = |year: Option<i16>| year.is_none_or(|y| y.abs_diff(point.year) <= ASIDE);
            let confirmed = self.aside.is_some() && near(self.aside);
            if point.grain() < Unit::Year || near(self.story.map(|s| s.year)) || confirmed {
                self.story = Some(point);
                self.aside = None;
            } else {
                self.aside = Some(point.year);
            }
        }
    }

    fn base(&self, from: From) -> Option<Point> {
        let published = self.published.map(Point::day);
        match from {
            From::Publication => published,
            From::Told => self.last_date.or(published),
            From::Text if self.narrative => self.story.or(published),
            From::Text => published,
        }
    }

    fn calendar(&self, fields: &Fields, from: From, direction: Direction) -> Option<Resolved> {
        if fields.part.is_some() || fields.clock.is_some() {
            return self.time_of_day(fields, from, direction);
        }
        if fields.fiscal {
            let year = Point { year: self.year(fields)?, part: Part::Year };
            let value = format!("FY{}", year.value());
            if let Some(quarter) = fields.quarter {
                return Some(Resolved::bare(TimexKind::Date, format!("{value}-Q{quarter}")));
            }
            if let Some(half) = fields.half {
                return Some(Resolved::bare(TimexKind::Date, format!("{value}-H{half}")));
            }
            return Some(Resolved { iso: year.iso(), ..Resolved::bare(TimexKind::Date, value) });
        }
        match self.point(fields, from, direction)? {
            DateValue::Point(point) => Some(Resolved::date(point)),
            DateValue::Open(value) => Some(Resolved::bare(TimexKind::Date, value)),
        }
    }

    /// The year that the expression itself gives.
    fn year(&self, fields: &Fields) -> Option<i16> {
        let year = fields.year?;
        if fields.short_year {
            let base = self.base(From::Text).map_or(2000, |base| base.year);
            let ahead = if self.narrative { 30 } else { 10 };
            let year = base.div_euclid(100) * 100 + year;
            return Some(if year > base + ahead { year - 100 } else { year });
        }
        let before = fields
            .bc
            .unwrap_or(year < 1000 && self.last_date.is_some_and(|last_date| last_date.year < 1));
        Some(if before { 1 - year } else { year })
    }

    fn point(&self, fields: &Fields, from: From, direction: Direction) -> Option<DateValue> {
        if let Some(event) = &fields.event {
            return Some(DateValue::Point(Point::day(event.parse().ok()?)));
        }
        if fields.ancient && self.last_date.is_none_or(|last_date| last_date.year >= 1000) {
            return None;
        }
        let bc = fields.bc == Some(true);
        if let Some(century) = fields.century {
            let first = (century - 1).checked_mul(100)?.checked_add(1)?;
            return Some(DateValue::Point(Point::century(if bc { 1 - first } else { first })));
        }
        if let Some(decade) = fields.decade {
            return Some(DateValue::Point(Point::decade(if bc { 1 - decade } else { decade })));
        }
        if fields.weekend {
            return self.weekend(fields, direction);
        }
        let alone = fields.day.is_none() && fields.holiday.is_none() && fields.nth.is_none();
        if let (Some(weekday), true) = (fields.weekday, alone) {
            return Some(self.weekday(weekday, fields, direction));
        }
        if let (Some(day), None) = (fields.day, fields.month) {
            return self.day_of_month(day, direction);
        }
        if fields.year.is_some() {
            return Some(DateValue::Point(in_year(self.year(fields)?, fields)?));
        }
        self.undated(fields, from, direction)
    }

    /// A date without its year.
    fn undated(&self, fields: &Fields, from: From, direction: Direction) -> Option<DateValue> {
        let at = |year: i16| in_year(year, fields);
        let from = match (from, direction) {
            (_, Direction::After) | (From::Told, _) => From::Told,
            _ => From::Text,
        };
        let Some(base) = self.base(from) else {
            let value = at(2000)?.value();
            return Some(DateValue::Open(format!("XXXX{}", value.strip_prefix("2000")?)));
        };
        let year = base.year;
        let near = [year.checked_add(1)?, year, year.checked_sub(1)?];
        if let (Some(weekday), None) = (fields.weekday, fields.nth) {
            let fits = |p: &Point| {
                p.first_day().is_some_and(|d| d.weekday().to_monday_one_offset() == weekday)
            };
            if let Some(point) = [near[1], near[2], near[0]].into_iter().filter_map(at).find(fits) {
                return Some(DateValue::Point(point));
            }
        }
        let start = |p: &Point| p.first_day();
        let last_date = base.first_day()?;
        let chosen = match fields.shift {
            Some(-1) => {
                near.into_iter().filter_map(at).find(|p| end(*p).is_some_and(|e| e < last_date))
            }
            Some(1) => near
                .into_iter()
                .rev()
                .filter_map(at)
                .find(|p| start(p).is_some_and(|s| s > last_date)),
            Some(_) => at(year),
            None if direction == Direction::After => {
                choose(near.into_iter().filter_map(at), last_date, Direction::Future)
            }
            None if self.narrative || from == From::Told => self.follow(base, at),
            None => self.same_day(fields).or_else(|| match self.here_year(year, direction) {
                Some(year) => at(year),
                None => choose(near.into_iter().filter_map(at), last_date, direction),
            }),
        };
        Some(DateValue::Point(chosen.or_else(|| at(year))?))
    }

    /// The day mentioned last that has this month and number.
    fn same_day(&self, fields: &Fields) -> Option<Point> {
        self.days_mentioned.get(&(fields.month?, fields.day?)).copied()
    }

    /// "The 2024 election will be held on Nov. 5", "In 2014, protests began in March": the year of
    /// the sentence.
    fn here_year(&self, now: i16, direction: Direction) -> Option<i16> {
        let year = self.here.filter(|here| here.part == Part::Year)?.year;
        let fits = match direction {
            Direction::Future => year > now,
            Direction::Past => year < now && self.fronted,
            _ => false,
        };
        fits.then_some(year)
    }

    /// In a story, a month without year is in the year mentioned last, or the next if it lies far back.
    fn follow(&self, last_date: Point, at: impl Fn(i16) -> Option<Point>) -> Option<Point> {
        let point = at(last_date.year)?;
        let (Some(now), Some(then)) = (last_date.month(), point.month()) else {
            return Some(point);
        };
        if then < now - BACK { at(last_date.year.checked_add(1)?) } else { Some(point) }
    }

    /// The day mentioned last in this sentence.
    fn here_day(&self) -> Option<Date> {
        self.here.filter(|here| here.grain() == Unit::Day).and_then(Point::first_day)
    }

    fn weekday(&self, weekday: i8, fields: &Fields, direction: Direction) -> DateValue {
        let last_date = self.last_day.filter(|_| self.narrative).and_then(Point::first_day);
        let before = match direction {
            Direction::After => self.last_day.and_then(Point::first_day),
            Direction::Earlier => self.here_day(),
            _ => None,
        };
        let Some(base) = before.or(last_date).or(self.published.filter(|_| !self.narrative)) else {
            return DateValue::Open(format!("XXXX-WXX-{weekday}"));
        };
        let back = i64::from((base.weekday().to_monday_one_offset() - weekday).rem_euclid(7));
        let ahead = (7 - back) % 7;
        let days = match (fields.shift, direction) {
            (Some(week), _) if fields.in_week => {
                7 * week + i64::from(weekday - base.weekday().to_monday_one_offset())
            }
            (Some(-1), _) => -if back == 0 { 7 } else { back },
            (Some(1), _) => {
                if ahead == 0 {
                    7
                } else {
                    ahead
                }
            }
            (Some(_), Direction::Past) => -back,
            (Some(_), _) => ahead,
            (None, Direction::Future | Direction::After) => ahead,
            (None, _) => -back,
        };
        match base.checked_add(days.days()) {
            Ok(date) => DateValue::Point(Point::day(date)),
            Err(_) => DateValue::Open(format!("XXXX-WXX-{weekday}")),
        }
    }

    fn weekend(&self, fields: &Fields, direction: Direction) -> Option<DateValue> {
        let Some(base) = self.base(From::Text).and_then(Point::first_day) else {
            return Some(DateValue::Open("XXXX-WXX-WE".to_owned()));
        };
        let now = base.weekday().to_monday_one_offset() >= 6;
        let weeks = match (fields.shift, direction) {
            (Some(shift @ (-1 | 1)), _)
                if !(shift == 1 && !now && direction != Direction::Future) =>
            {
                shift
            }
            (Some(1), _) => 1,
            (_, Direction::Past) if !now => -1,
            _ => 0,
        };
        let date = base.checked_add(weeks.weeks()).ok()?;
        Some(DateValue::Point(Point::week(date, Part::Weekend)))
    }

    /// "the 13th": in the month mentioned last, or the last such day in news.
    fn day_of_month(&self, day: i8, direction: Direction) -> Option<DateValue> {
        let last_date = self.last_date.filter(|p| self.narrative && p.month().is_some());
        if let (Some(last_date), Some(month)) = (last_date, last_date.and_then(Point::month)) {
            return Some(DateValue::Point(valid(Point {
                year: last_date.year,
                part: Part::Day(month, day),
            })?));
        }
        let base = self.published?;
        let months = [1, 0, -1].into_iter().filter_map(|n| {
            let date = base.first_of_month().checked_add(Span::new().months(n)).ok()?;
            valid(Point { year: date.year(), part: Part::Day(date.month(), day) })
        });
        let direction = if direction == Direction::Unknown { Direction::Past } else { direction };
        choose(months, base, direction).map(DateValue::Point)
    }

    fn time_of_day(&self, fields: &Fields, from: From, direction: Direction) -> Option<Resolved> {
        let day = if fields.dated() {
            match self.point(&Fields { shift: fields.shift, ..fields.clone() }, from, direction)? {
                DateValue::Point(point) => Some(point),
                DateValue::Open(_) => None,
            }
        } else {
            let base = self.base(from);
            let coarse = base.filter(|b| b.grain() > Unit::Day).is_some();
            let base = if coarse && !self.narrative {
                self.last_day.or(self.published.map(Point::day))
            } else {
                base
            };
            match (base, fields.shift) {
                (Some(base), Some(shift)) if base.grain() == Unit::Day => {
                    base.step(Unit::Day, shift)
                }
                (base, _) => base,
            }
        };
        let time = match (fields.clock, &fields.part) {
            (Some(clock), _) => clock.to_string(),
            (None, Some(part)) => part.clone(),
            (None, None) => return None,
        };
        let zone = fields
            .zone
            .as_deref()
            .filter(|z| fields.clock.is_some() && *z != "local")
            .unwrap_or("");
        let Some(day) = day else {
            return Some(Resolved::bare(TimexKind::Time, format!("XXXX-XX-XX{time}{zone}")));
        };
        if day.grain() > Unit::Day {
            let value = format!("{}{time}{zone}", day.blurred(Unit::Day));
            return Some(Resolved {
                iso: day.iso(),
                interval: day.days(),
                ..Resolved::bare(TimexKind::Time, value)
            });
        }
        let whole = matches!(fields.clock, Some(Clock { hour: 0..24, .. }));
        Some(Resolved {
            kind: TimexKind::Time,
            value: format!("{}{time}{zone}", day.value()),
            iso: day.iso().map(|iso| if whole { format!("{iso}{time}{zone}") } else { iso }),
            interval: day.days(),
            point: Some(day),
        })
    }

    /// "two days ago", "three weeks later".
    fn step(&self, fields: &Fields, from: From) -> Option<Resolved> {
        let (measure, sign) = (fields.unit?, fields.shift?);
        if fields.anchored && !self.narrative {
            let last_date = match self.here {
                Some(here) => Resolved::date(here),
                None => Resolved::bare(TimexKind::Date, unknown(measure.unit).to_owned()),
            };
            let clause = fields.measures_clause.then(|| self.anchor(fields)).flatten();
            return Some(match clause {
                Some(day) => Resolved { iso: day.iso(), interval: day.days(), ..last_date },
                None => last_date,
            });
        }
        let kind = if measure.unit < Unit::Day { TimexKind::Time } else { TimexKind::Date };
        let vague = if sign < 0 { "PAST_REF" } else { "FUTURE_REF" };
        let count = match &fields.count {
            Some(Count { whole: None, text }) if text == "X" => None,
            Some(count) => Some(count.steps(measure)?),
            None => Some((measure.n, measure.unit)),
        };
        if kind == TimexKind::Time && count.is_none_or(|(n, unit)| unit < Unit::Hour || n % 24 != 0)
        {
            let day = self.day(from).and_then(|base| match count {
                Some((n, unit)) => base.step(unit, sign.checked_mul(n)?),
                None => Some(base),
            });
            return Some(match day {
                Some(day) => Resolved {
                    kind,
                    value: format!("{}TXX", day.value()),
                    iso: day.iso(),
                    interval: day.days(),
                    point: Some(day),
                },
                None => Resolved::bare(kind, vague.to_owned()),
            });
        }
        let (Some((n, unit)), Some(base)) = (count, self.base(from)) else {
            return Some(Resolved::bare(TimexKind::Date, vague.to_owned()));
        };
        let (n, unit) = if unit == Unit::Hour { (n / 24, Unit::Day) } else { (n, unit) };
        if base.grain() > unit {
            return Some(Resolved::bare(TimexKind::Date, base.blurred(unit)));
        }
        Some(Resolved::date(base.step(unit, sign.checked_mul(n)?)?))
    }

    /// "met on Tuesday, *a day after* she came": when she came, from the day mentioned last.
    fn anchor(&self, fields: &Fields) -> Option<Point> {
        let (n, unit) = fields
            .count
            .as_ref()
            .map_or(Some((1, fields.unit?.unit)), |count| count.steps(fields.unit?))?;
        let day = self
            .here
            .or(self.last_day)
            .filter(|day| day.grain() == Unit::Day && unit >= Unit::Day)?;
        day.step(unit, fields.shift?.checked_neg()?.checked_mul(n)?)
    }

    /// The day from which hours count.
    fn day(&self, from: From) -> Option<Point> {
        let published = self.published.map(Point::day);
        match from {
            From::Publication => published,
            From::Told | From::Text => self.last_day.or(published),
        }
    }

    /// "last week", "that month", "the following day", "tomorrow".
    fn unit(&self, fields: &Fields, from: From) -> Option<Resolved> {
        let (measure, shift) = (fields.unit?, fields.shift?);
        let Some(base) = self.base(from) else {
            let value = match shift {
                0 => "PRESENT_REF",
                ..0 => "PAST_REF",
                _ => "FUTURE_REF",
            };
            return Some(Resolved::bare(TimexKind::Date, value.to_owned()));
        };
        let base = if base.grain() > measure.unit {
            let within = |day: &Point| {
                let (days, day) = (base.days(), day.first_day());
                days.zip(day).is_some_and(|(days, day)| days.contains(&day))
            };
            match self.last_day.filter(within) {
                Some(day) => day,
                None => return Some(Resolved::bare(TimexKind::Date, base.blurred(measure.unit))),
            }
        } else {
            base
        };
        Some(Resolved::date(base.step(measure.unit, shift.checked_mul(measure.n)?)?))
    }

    fn duration(&self, fields: &Fields, from: From, direction: Direction) -> Option<Resolved> {
        let measure = fields.unit?;
        let one = Count { text: "1".to_owned(), whole: Some(1) };
        let count = fields.count.as_ref().unwrap_or(&one);
        let bare = Resolved::bare(TimexKind::Duration, count.period(measure));
        if fields.ahead {
            let then = count.steps(measure).filter(|_| direction == Direction::Future);
            let then = then.and_then(|(n, unit)| self.base(From::Publication)?.step(unit, n));
            return Some(match then {
                Some(then) => Resolved { iso: then.iso(), interval: then.days(), ..bare },
                None => bare,
            });
        }
        let (Some(sign), Some(steps)) = (fields.shift, count.steps(measure)) else {
            return Some(bare);
        };
        let Some(base) =
            self.base(from).filter(|b| b.grain() == Unit::Day).and_then(Point::first_day)
        else {
            return Some(bare);
        };
        let Some(other) = moved(base, steps.1, sign.checked_mul(steps.0)?) else {
            return Some(bare);
        };
        let (start, last) = (base.min(other), base.max(other));
        if start.year() < 1 || start == last {
            return Some(bare);
        }
        Some(Resolved {
            iso: Some(format!("{start}/{last}")),
            interval: last.tomorrow().ok().map(|end| start..end),
            ..bare
        })
    }
}

/// A date, or a value with unknown parts.
enum DateValue {
    Point(Point),
    Open(String),
}

impl Resolved {
    fn date(point: Point) -> Self {
        Self {
            kind: TimexKind::Date,
            value: point.value(),
            iso: point.iso(),
            interval: point.days(),
            point: Some(point),
        }
    }

    fn bare(kind: TimexKind, value: String) -> Self {
        Self { kind, value, iso: None, interval: None, point: None }
    }
}

impl Count {
    /// The duration as TIMEX3 writes it.
    fn period(&self, measure: Measure) -> String {
        let (text, unit) = match (self.text.as_str(), measure.unit) {
            ("0.5", Unit::Hour) => ("30", Unit::Minute),
            ("0.5", Unit::Year) => ("6", Unit::Month),
            ("0.5", Unit::Century) => ("50", Unit::Year),
            ("0.5", Unit::Decade) => ("5", Unit::Year),
            (text, unit) => (text, unit),
        };
        let text = match (self.whole, measure.n) {
            (Some(n), factor @ 2..) => n.saturating_mul(factor).to_string(),
            _ if measure.unit == Unit::Quarter => {
                self.whole.map_or("X".to_owned(), |n| n.saturating_mul(3).to_string())
            }
            _ => text.to_owned(),
        };
        let (time, letters) = match unit {
            Unit::Second => ("T", "S"),
            Unit::Minute => ("T", "M"),
            Unit::Hour => ("T", "H"),
            Unit::Day => ("", "D"),
            Unit::Week => ("", "W"),
            Unit::Month | Unit::Quarter => ("", "M"),
            Unit::Year => ("", "Y"),
            Unit::Decade => ("", "DE"),
            Unit::Century => ("", "CE"),
        };
        format!("P{time}{text}{letters}")
    }

    /// As a whole number of units, finer ones if need be. `None` if it is no number.
    fn steps(&self, measure: Measure) -> Option<(i64, Unit)> {
        if let Some(whole) = self.whole {
            return Some((whole.checked_mul(measure.n)?, measure.unit));
        }
        let number: f64 = self.text.parse().ok()?;
        let (factor, unit) = match measure.unit {
            Unit::Century => (100.0, Unit::Year),
            Unit::Decade => (10.0, Unit::Year),
            Unit::Year => (12.0, Unit::Month),
            Unit::Month => (30.0, Unit::Day),
            Unit::Week => (7.0, Unit::Day),
            Unit::Day => (24.0, Unit::Hour),
            other => (1.0, other),
        };
        let number = (number * factor).round();
        (number.abs() < 1e6).then_some((number as i64, unit))
    }
}

/// A date of which only the grain is known.
fn unknown(unit: Unit) -> &'static str {
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => "XXXX-XX-XX",
        Unit::Week => "XXXX-WXX",
        Unit::Month | Unit::Quarter => "XXXX-XX",
        Unit::Year | Unit::Decade | Unit::Century => "XXXX",
    }
}

/// "every two years", "daily", "every Tuesday".
fn set(fields: &Fields) -> Option<Resolved> {
    let value = if let Some(measure) = fields.unit {
        let one = Count { text: "1".to_owned(), whole: Some(1) };
        fields.count.as_ref().unwrap_or(&one).period(measure)
    } else if let Some(weekday) = fields.weekday {
        let part = fields.part.as_deref().unwrap_or("");
        format!("XXXX-WXX-{weekday}{part}")
    } else if let Some(month) = fields.month {
        format!("XXXX-{month:02}")
    } else if let Some(season) = fields.season {
        format!("XXXX-{}", Season::code(season))
    } else {
        format!("XXXX-XX-XX{}", fields.part.as_deref()?)
    };
    Some(Resolved::bare(TimexKind::Set, value))
}
