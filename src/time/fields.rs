//! The parts of a time expression, as a pattern captured them.

use super::point::{Season, Unit};
use crate::resource::one_of;

/// A part of a time expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Year,
    Month,
    Day,
    Weekday,
    Weekend,
    Season,
    Quarter,
    Half,
    Decade,
    Century,
    Era,
    Fiscal,
    Holiday,
    Event,
    Part,
    Clock,
    Zone,
    Shift,
    Count,
    Unit,
    Value,
    Ancient,
    InWeek,
    Nth,
    Anchored,
    Ahead,
}

/// A number of units: "4", "2.5" or "X" for "several".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) text: String,
    /// The whole number, if it is one.
    pub(super) whole: Option<i64>,
}

/// Hour, minute, second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: Option<u8>,
}

/// A multiple of a unit, as durations write it: `P2W`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Measure {
    pub(super) n: i64,
    pub(super) unit: Unit,
}

/// All parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields {
    /// As written: the number counts years before the era if `bc`.
    pub(super) year: Option<i16>,
    /// The year had two digits.
    pub(super) short_year: bool,
    pub(super) month: Option<i8>,
    pub(super) day: Option<i8>,
    /// Monday is 1.
    pub(super) weekday: Option<i8>,
    /// Which such weekday of the month; 9 is the last.
    pub(super) nth: Option<i8>,
    pub(super) weekend: bool,
    pub(super) season: Option<Season>,
    pub(super) quarter: Option<i8>,
    pub(super) half: Option<i8>,
    /// Its first year.
    pub(super) decade: Option<i16>,
    /// Its number: 20 for "20th".
    pub(super) century: Option<i16>,
    /// Some(true): before the common era.
    pub(super) bc: Option<bool>,
    pub(super) fiscal: bool,
    pub(super) holiday: Option<String>,
    pub(super) event: Option<String>,
    /// `TMO`, `TAF`, `TEV`, `TNI`, `TDT`.
    pub(super) part: Option<String>,
    pub(super) clock: Option<Clock>,
    pub(super) zone: Option<String>,
    /// -1 back, 0 this one, 1 ahead.
    pub(super) shift: Option<i64>,
    pub(super) count: Option<Count>,
    pub(super) unit: Option<Measure>,
    pub(super) value: Option<String>,
    /// Fits only where the text names years before 1000.
    pub(super) ancient: bool,
    /// The weekday lies in the week that `shift` names.
    pub(super) in_week: bool,
    /// Counted from an event that follows.
    pub(super) anchored: bool,
    /// The event that it is counted from is named by a clause that follows: "a day after she left".
    pub(super) measures_clause: bool,
    /// A length of time that may lie between now and then.
    pub(super) ahead: bool,
}

const FIELDS: &[(&str, Field)] = &[
    ("year", Field::Year),
    ("month", Field::Month),
    ("day", Field::Day),
    ("weekday", Field::Weekday),
    ("weekend", Field::Weekend),
    ("season", Field::Season),
    ("quarter", Field::Quarter),
    ("half", Field::Half),
    ("decade", Field::Decade),
    ("century", Field::Century),
    ("era", Field::Era),
    ("fiscal", Field::Fiscal),
    ("holiday", Field::Holiday),
    ("event", Field::Event),
    ("part", Field::Part),
    ("clock", Field::Clock),
    ("zone", Field::Zone),
    ("shift", Field::Shift),
    ("count", Field::Count),
    ("unit", Field::Unit),
    ("value", Field::Value),
    ("ancient", Field::Ancient),
    ("inweek", Field::InWeek),
    ("nth", Field::Nth),
    ("anchored", Field::Anchored),
    ("ahead", Field::Ahead),
];

impl std::str::FromStr for Field {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        one_of("field", name, FIELDS)
    }
}

impl Fields {
    /// Sets a field from its normalized text. `None` if the text is no such value.
    pub(super) fn put(&mut self, field: Field, text: &str) -> Option<()> {
        match field {
            Field::Year => {
                self.year = Some(text.parse().ok().filter(|y| (0..=9999).contains(y))?);
                self.short_year = text.len() == 2;
            }
            Field::Month => self.month = Some(number(text, 1, 12)?),
            Field::Day => self.day = Some(number(digits(text), 1, 31)?),
            Field::Weekday => self.weekday = Some(number(text, 1, 7)?),
            Field::Weekend => self.weekend = true,
            Field::Season => self.season = Some(Season::parse(text)?),
            Field::Quarter => self.quarter = Some(number(text.trim_start_matches('q'), 1, 4)?),
            Field::Half => self.half = Some(number(text, 1, 2)?),
            Field::Decade => {
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                let year: i16 = digits.parse().ok()?;
                self.decade = Some(if digits.len() == 2 { 1900 + year } else { year });
            }
            Field::Century => self.century = Some(digits(text).parse().ok().filter(|&c| c > 0)?),
            Field::Era => self.bc = Some(text == "BC"),
            Field::Fiscal => self.fiscal = true,
            Field::Holiday => self.holiday = Some(text.to_owned()),
            Field::Event => self.event = Some(text.to_owned()),
            Field::Part => self.part = Some(text.to_owned()),
            Field::Clock => self.clock = Some(Clock::parse(text)?),
            Field::Zone => self.zone = Some(text.to_owned()),
            Field::Shift => self.shift = Some(text.parse().ok()?),
            Field::Count => self.count = Some(Count::parse(text)?),
            Field::Unit => self.unit = Some(Measure::parse(text)?),
            Field::Value => self.value = Some(text.to_owned()),
            Field::Ancient => self.ancient = true,
            Field::InWeek => self.in_week = true,
            Field::Nth => self.nth = Some(text.parse().ok()?),
            Field::Anchored => self.anchored = true,
            Field::Ahead => self.ahead = true,
        }
        Some(())
    }
}

impl Fields {
    /// True if the expression names its day, or a day of the week.
    pub(super) fn dated(&self) -> bool {
        self.month.is_some()
            || self.day.is_some()
            || self.weekday.is_some()
            || self.holiday.is_some()
            || self.event.is_some()
    }

    /// A time of day without its day.
    pub(super) fn undated_clock(&self) -> bool {
        self.clock.is_some() && !self.dated() && self.shift.is_none()
    }

    /// Takes the day from another expression.
    pub(super) fn take_day(&mut self, other: &Self) {
        self.year = other.year;
        self.month = other.month;
        self.day = other.day;
        self.weekday = other.weekday;
        self.bc = other.bc;
    }
}

impl Count {
    fn parse(text: &str) -> Option<Self> {
        if text != "X" && text.parse::<f32>().is_err() {
            return None;
        }
        Some(Self { text: text.to_owned(), whole: text.parse().ok() })
    }
}

impl Clock {
    /// Reads "11:43 a.m.", "9 pm", "0930", "17:30:05".
    fn parse(text: &str) -> Option<Self> {
        let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
        let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
        let mut numbers: Vec<&str> = numbers.collect();
        if let [only] = numbers[..]
            && only.len() == 4
        {
            numbers = vec![&only[..2], &only[2..]];
        }
        let get = |index: usize| numbers.get(index).map(|n| n.parse::<u8>().ok());
        let mut hour = get(0)??;
        let minute = get(1).unwrap_or(Some(0))?;
        let second = match get(2) {
            Some(second) => Some(second?),
            None => None,
        };
        match letters.get(..1) {
            Some("p") if hour < 12 => hour += 12,
            Some("a") if hour == 12 => hour = 0,
            _ => {}
        }
        (hour <= 24 && minute < 60).then_some(Self { hour, minute, second })
    }
}

impl std::fmt::Display for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "T{:02}:{:02}", self.hour, self.minute)?;
        match self.second {
            Some(second) => write!(f, ":{second:02}"),
            None => Ok(()),
        }
    }
}

impl Measure {
    /// Reads `P2W`, `PT1H`.
    fn parse(text: &str) -> Option<Self> {
        let (text, time) = match text.strip_prefix("PT") {
            Some(rest) => (rest, true),
            None => (text.strip_prefix('P')?, false),
        };
        let digits = text.find(|c: char| !c.is_ascii_digit())?;
        let unit = match (&text[digits..], time) {
            ("S", true) => Unit::Second,
            ("M", true) => Unit::Minute,
            ("H", true) => Unit::Hour,
            ("D", false) => Unit::Day,
            ("W", false) => Unit::Week,
            ("M", false) => Unit::Month,
            ("Y", false) => Unit::Year,
            ("DE", false) => Unit::Decade,
            ("CE", false) => Unit::Century,
            _ => return None,
        };
        let measure = Self { n: text[..digits].parse().ok()?, unit };
        Some(if measure == (Self { n: 3, unit: Unit::Month }) {
            Self { n: 1, unit: Unit::Quarter }
        } else {
            measure
        })
    }
}

fn digits(text: &str) -> &str {
    text.trim_end_matches(|c: char| c.is_alphabetic())
}

fn number(text: &str, low: i8, high: i8) -> Option<i8> {
    text.parse().ok().filter(|n| (low..=high).contains(n))
}
