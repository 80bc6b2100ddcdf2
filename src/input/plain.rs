//! What stands around the text of an article: header lines, headline, byline, dateline.
//!
//! Header lines (`Date: 2024-05-03`, or `date 2024-05-03` before the first sentence), a headline
//! (a short first line without full stop, set apart) and a byline are taken out, so that sentences
//! come from the body alone. A dateline (`LISBON, May 3 (Wire) —`) stays; its date and agency are
//! read. All by form: there is no list of agencies or cities.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::dates::{self, Lead};
use super::{normalize, pages, quoted};

/// A text and what it says about itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Article {
    pub(super) title: Option<String>,
    pub(super) published: Option<Date>,
    pub(super) publisher: Option<String>,
    pub(super) uri: Option<String>,
    /// Normalized.
    pub(super) text: String,
    /// What was dropped.
    pub(super) warnings: Vec<String>,
}

/// Takes an article apart.
///
/// `title` is the headline if something else gives it; `fallback` gives the year of a dateline that
/// has none.
pub(super) fn read(raw: &str, title: Option<String>, fallback: Option<Date>) -> Article {
    let text = pages::without_heads(&normalize::characters(raw));
    let text = pages::without_furniture(&text);
    let mut article = Article { title, ..Article::default() };
    let mut rest = article.header(text.trim());
    rest = match &article.title {
        Some(title) => strip_title(rest, title),
        None => match headline(rest) {
            Some((title, body)) => {
                article.title = Some(title);
                article.header(body)
            }
            None => rest,
        },
    };
    rest = article.header(rest);
    article.text = normalize::paragraphs(rest);
    if article.text.is_empty() {
        article.text = normalize::paragraphs(&text);
    }
    article.dateline(fallback);
    article
}

/// As [`read`], but the text stays as it is, to the last character.
pub(super) fn read_verbatim(raw: &str, title: Option<String>, fallback: Option<Date>) -> Article {
    let mut article = read(raw, title, fallback);
    article.title = None;
    article.text = if raw.trim().is_empty() { String::new() } else { raw.to_owned() };
    article
}

impl Article {
    /// Takes header lines, date lines and bylines off the beginning.
    fn header<'t>(&mut self, text: &'t str) -> &'t str {
        let mut rest = text.trim_start();
        for _ in 0..20 {
            if let Some(block) = byline(rest).or_else(|| name_above_date(rest)) {
                rest = rest[block..].trim_start();
                continue;
            }
            let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
            let after = match self.header_line(line) {
                Some("") => below,
                Some(tail) => return rest.get(line.len() - tail.len()..).unwrap_or(rest),
                None => return rest,
            };
            rest = after.trim_start();
        }
        rest
    }

    /// Reads one line; gives what is left of it, or `None` if it is no header.
    fn header_line<'t>(&mut self, line: &'t str) -> Option<&'t str> {
        if line.is_empty() {
            return None;
        }
        if let Some(captures) = KEYED.captures(line) {
            let value = captures.get(2).map_or("", |value| value.as_str()).trim();
            let is_set = |field: &Option<String>| field.is_some();
            match captures[1].to_lowercase().as_str() {
                "title" | "headline" if !is_set(&self.title) => self.title = some(value),
                "source" | "publisher" if !is_set(&self.publisher) => self.publisher = some(value),
                "url" | "link" if !is_set(&self.uri) => self.uri = some(value),
                "title" | "headline" | "source" | "publisher" | "url" | "link" | "author"
                | "byline" | "by" => {}
                _ => return self.date_line(value, true),
            }
            return Some("");
        }
        if let Some(found) = DATE_WORD.find(line) {
            let value = &line[found.end()..];
            let tail = self.date_line(value, false);
            // "Published 8:14 am EST May 3, 2024"
            let is_short = line.len() < 100 && !normalize::ends_sentence(line);
            return match tail {
                None if is_short && value.starts_with(|c: char| c.is_ascii_digit()) => {
                    self.published = Some(self.published.or(dates::anywhere(value))?);
                    Some("")
                }
                tail => tail,
            };
        }
        if let Some((paper, day)) = paper_and_day(line) {
            self.published = self.published.or(Some(day));
            self.publisher = self.publisher.take().or(paper.map(str::to_owned));
            return Some("");
        }
        if let Lead::Date(_, end) = dates::lead(line)
            && (line[end..].is_empty() || (line.len() < 60 && dates::is_time(&line[end..])))
        {
            return self.date_line(line, true);
        }
        None
    }

    /// Reads the date in a header line; `whole`: nothing but a date is expected in it.
    fn date_line<'t>(&mut self, value: &'t str, whole: bool) -> Option<&'t str> {
        match dates::lead(value) {
            Lead::Date(date, end) => {
                self.published = self.published.or(Some(date));
                let tail = value[end..].trim_start();
                let is_time = tail.len() < 60 && dates::is_time(&value[end..]);
                Some(if is_time { "" } else { tail })
            }
            Lead::Impossible if whole => {
                self.warnings.push(format!("dropped date {}: no such day", quoted(value)));
                Some("")
            }
            _ => None,
        }
    }

    /// Reads date and agency of the dateline; the text stays as it is.
    fn dateline(&mut self, fallback: Option<Date>) {
        let head = &self.text[..self.text.floor_char_boundary(250)];
        let Some((date, agency)) = dateline(head) else { return };
        if self.publisher.is_none() {
            self.publisher = agency.map(str::to_owned);
        }
        let Some((year, month, day)) = date else { return };
        let date = match (year, fallback) {
            (Some(year), _) => dates::day((year, month, day)),
            (None, Some(fallback)) => dates::latest(month, day, fallback),
            (None, None) => return,
        };
        self.published = self.published.or(date);
    }
}

fn some(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

/// The bytes of a byline ("By Ana Silva", with what stands right below it) at the beginning.
fn byline(text: &str) -> Option<usize> {
    let names = ["By ", "BY ", "by "].iter().find_map(|by| text.strip_prefix(by))?;
    let block = text.split("\n\n").next()?;
    let mut words = names.split('\n').next()?.split(' ');
    let is_name = |word: &str| word.starts_with(char::is_uppercase);
    let is_names = words.next().is_some_and(is_name)
        && words.next().is_some_and(is_name)
        && words.all(|word| is_name(word) || word.len() < 4);
    let is_short = |line: &str| line.len() < 100 && !normalize::ends_sentence(line);
    if is_names && block.lines().count() <= 4 && block.lines().all(is_short) {
        // A line with a day is read by itself.
        let rows = block.split_inclusive('\n');
        let rows = rows.take_while(|row| !is_date_line(row.trim_end()));
        return Some(rows.map(str::len).sum::<usize>().max(1));
    }
    // Above a dateline.
    let (first, next) = block.split_once('\n')?;
    (is_names && is_short(first) && dateline(next).is_some()).then_some(first.len())
}

/// The bytes of a line with nothing but the name of an author, right above a date.
fn name_above_date(text: &str) -> Option<usize> {
    let (line, below) = text.split_once('\n')?;
    let mut words = line.split(' ');
    let n_words = words.clone().count();
    let is_name = (2..=4).contains(&n_words)
        && line.len() < 60
        && words.all(|word| {
            word.starts_with(char::is_uppercase)
                && word.chars().all(|c| c.is_alphabetic() || "'’.-".contains(c))
        });
    let next = below.trim_start().lines().next()?;
    (is_name && is_date_line(next)).then_some(line.len())
}

/// True for a line that gives a day and nothing else that counts.
fn is_date_line(line: &str) -> bool {
    let line = match DATE_WORD.find(line) {
        Some(found) if line.len() < 100 && !normalize::ends_sentence(line) => {
            return dates::anywhere(&line[found.end()..]).is_some();
        }
        _ => line,
    };
    let is_date =
        |end: usize| line[end..].is_empty() || (line.len() < 60 && dates::is_time(&line[end..]));
    matches!(dates::lead(line), Lead::Date(_, end) if is_date(end)) || paper_and_day(line).is_some()
}

/// "Elm Daily, 3 May 2024": the day, and the paper unless it may be the place of a dateline.
fn paper_and_day(line: &str) -> Option<(Option<&str>, Date)> {
    if line.len() > 120 {
        return None;
    }
    [", ", " | ", " - ", " – ", " — ", " · ", " • "].iter().find_map(|mark| {
        line.match_indices(mark).find_map(|(at, _)| {
            let (front, back) = (line[..at].trim(), line[at + mark.len()..].trim());
            let Lead::Date(day, end) = dates::lead(back) else { return None };
            let is_whole = back[end..].trim().is_empty() || dates::is_time(&back[end..]);
            let n_words = front.split(' ').count();
            let is_name = n_words <= 7 && front.starts_with(char::is_uppercase);
            if !is_whole || !is_name || normalize::ends_sentence(front) {
                return None;
            }
            let is_place =
                n_words < 2 || !front.contains(char::is_lowercase) || front.contains(", ");
            Some(((!is_place).then_some(front), day))
        })
    })
}

/// The headline and the body below it.
fn headline(text: &str) -> Option<(String, &str)> {
    let (line, below) = text.split_once('\n')?;
    if !is_headline(line) || below.trim().is_empty() {
        return None;
    }
    let body = below.trim_start();
    if below.starts_with('\n') {
        return Some((line.to_owned(), body));
    }
    // Byline and day right below it.
    if is_date_line(body.lines().next().unwrap_or_default())
        || name_above_date(body).is_some()
        || byline(body).is_some()
    {
        return Some((line.to_owned(), body));
    }
    let next = body.split('\n').next().unwrap_or_default();
    // Above a paragraph that is too long to be a wrapped line.
    if normalize::ends_sentence(next) && next.chars().count() > 130 && line.len() <= 120 {
        return Some((line.to_owned(), body));
    }
    // A headline of two lines, or with a second headline, and a body set apart.
    let rest = body[next.len()..].strip_prefix("\n\n")?;
    // With a line below it that says in a sentence what it is about.
    if line.split(' ').count() > 3 && normalize::ends_sentence(next) && next.len() <= 130 {
        return Some((line.to_owned(), body));
    }
    if line.split(' ').count() < 3 || normalize::ends_sentence(next) || next.len() > 200 {
        return None;
    }
    if next.starts_with(char::is_lowercase) {
        Some((format!("{line} {next}"), rest.trim_start()))
    } else {
        Some((line.to_owned(), body))
    }
}

/// True for a short line without full stop.
fn is_headline(line: &str) -> bool {
    let is_short = line.chars().count() <= 160 && line.split(' ').count() <= 25;
    let open = line.trim_end_matches(['"', '\'', '”', '’']);
    let begins = line.chars().find(|c| c.is_alphanumeric());
    is_short
        && !open.ends_with(['.', ':', ';', ',', '…'])
        && begins.is_some_and(|c| !c.is_lowercase())
        && !has_full_stop(line)
}

/// True if a sentence ends within the line: a full stop after a whole word.
fn has_full_stop(line: &str) -> bool {
    line.split(' ').any(|word| {
        let stem = word.strip_suffix('.').unwrap_or_default();
        stem.len() >= 4 && stem.chars().all(|c| c.is_lowercase() || c.is_ascii_digit())
    })
}

/// The text without a first line that only repeats the title.
fn strip_title<'t>(text: &'t str, title: &str) -> &'t str {
    match text.split_once('\n') {
        Some((line, below)) if line.eq_ignore_ascii_case(title) && !below.trim().is_empty() => {
            below.trim_start()
        }
        _ => text,
    }
}

/// Year, month and day of a dateline.
type DatelineDate = (Option<i64>, i8, i8);

/// Date and agency of a dateline at the beginning of a text.
fn dateline(head: &str) -> Option<(Option<DatelineDate>, Option<&str>)> {
    if let Some(captures) = DATED.captures(head)
        && is_place(captures.get(1).or(captures.get(7))?.as_str())
    {
        let group = |i| captures.get(i).map(|group| group.as_str());
        let month = dates::month(group(2).or(group(5))?)?;
        let day = group(3).or(group(4))?.parse().ok()?;
        let year = group(6).and_then(|year| year.parse().ok());
        let agency = group(7).filter(|name| is_agency(name));
        return Some((Some((year, month, day)), agency));
    }
    let captures = UNDATED.captures(head)?;
    let agency = captures.get(2)?.as_str();
    (is_place(&captures[1]) && is_agency(agency)).then_some((None, Some(agency)))
}

/// True if all words are capitalized, as in "New York" or "OSLO/LISBON".
fn is_place(text: &str) -> bool {
    text.split([' ', ',', '/', '-'])
        .filter(|word| !word.is_empty())
        .all(|word| word.starts_with(char::is_uppercase) && dates::month(word).is_none())
}

/// True for a name without a date in it.
fn is_agency(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
        && name.chars().all(|c| c.is_alphanumeric() || " .&'’-/".contains(c))
        && name.split(' ').all(|word| dates::month(word).is_none())
        && !name.contains(|c: char| c.is_ascii_digit())
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

static KEYED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?i)(date|dated|published(?: on| at)?|publication date|pubdate|updated|last updated|title|headline|source|publisher|url|link|author|byline|by)\s*:\s*(.*)$",
    )
});
static DATE_WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?i)(?:date|dated|(?:first )?published|published on|posted(?: on)?|updated|last updated)\s*:?\s+",
    )
});
static DATED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(\p{Lu}[^\n();:!?]{0,60}?),?\s+)?\(?(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,?\s+)?(?:([A-Z][a-z]{2,8})\.?\s+(\d{1,2})|(\d{1,2})\s+([A-Z][a-z]{2,8})\.?)(?:,?\s+(\d{4}))?\)?,?\s*(?:[(/]([^()/\n]{2,40})[)/])?\s*(?:—|–|--|-|:)\s",
    )
});
static UNDATED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^([^\n();:!?]{0,60}?)\s*\(([^()\n]{2,40})\)\s*(?:—|–|--|-)\s"));

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const DAY: Option<Date> = Some(date(2024, 5, 6));

    #[track_caller]
    fn check(raw: &str, title: Option<&str>, published: Option<Date>, text: &str) -> Article {
        let article = read(raw, None, DAY);
        assert_eq!(article.title.as_deref(), title);
        assert_eq!(article.published, published);
        assert_eq!(article.text, text);
        article
    }

    #[test]
    fn a_headline_is_set_apart_and_has_no_full_stop() {
        check(
            "Pier opens in Elm\n\nThe pier opened.",
            Some("Pier opens in Elm"),
            None,
            "The pier opened.",
        );
        check("The pier opened.\n\nAll came.", None, None, "The pier opened.\n\nAll came.");
        check("Pier opens in Elm", None, None, "Pier opens in Elm");
        check("The pier opened. All\n\ncame.", None, None, "The pier opened. All\n\ncame.");
        check("Pier opens\nin the town of Elm", None, None, "Pier opens\nin the town of Elm");
        check(
            "The pier opens\nin Elm\n\nAll came.",
            Some("The pier opens in Elm"),
            None,
            "All came.",
        );
        check(
            "The pier opens\nMayor is glad\n\nAll came.",
            Some("The pier opens"),
            None,
            "Mayor is glad\n\nAll came.",
        );
        check("Pier opens\nThe pier\nopened.", None, None, "Pier opens\n\nThe pier\nopened.");
    }

    #[test]
    fn header_lines_are_metadata() {
        let article = check(
            "Title: Pier opens\nDate: 3 May 2024 10:15 GMT\nSource: Elm Daily\nURL: https://elm.example/1\n\nThe pier opened.",
            Some("Pier opens"),
            Some(date(2024, 5, 3)),
            "The pier opened.",
        );
        assert_eq!(article.publisher.as_deref(), Some("Elm Daily"));
        assert_eq!(article.uri.as_deref(), Some("https://elm.example/1"));
        check(
            " date 2024-05-03 ELM/OAK: The pier opened.",
            None,
            Some(date(2024, 5, 3)),
            "ELM/OAK: The pier opened.",
        );
        check(
            "Date: 2024-05-03\nThe pier opened.",
            None,
            Some(date(2024, 5, 3)),
            "The pier opened.",
        );
        check(
            "Pier opens\n\nBy Ana Silva\n\nMay 3, 2024\n\nThe pier opened.",
            Some("Pier opens"),
            Some(date(2024, 5, 3)),
            "The pier opened.",
        );
        let article = check("Date: 2024-02-31\n\nThe pier opened.", None, None, "The pier opened.");
        assert_eq!(article.warnings, ["dropped date \"2024-02-31\": no such day"]);
        check("May 3, 2024, was a good day.", None, None, "May 3, 2024, was a good day.");
        check("By Monday all was well.", None, None, "By Monday all was well.");
        let article = check(
            "Pier opens\n\nBy Ana Silva and Tom Reed\nStaff writers\n\nELM (Wire) - The pier opened.",
            Some("Pier opens"),
            None,
            "ELM (Wire) - The pier opened.",
        );
        assert_eq!(article.publisher.as_deref(), Some("Wire"));
    }

    #[track_caller]
    fn check_dateline(text: &str, published: Option<Date>, publisher: Option<&str>) {
        let article = read(text, None, DAY);
        assert_eq!(article.text, text);
        assert_eq!((article.published, article.publisher.as_deref()), (published, publisher));
    }

    #[test]
    fn datelines_give_date_and_agency() {
        check_dateline(
            "ELM, May 3 (Wire) — The pier opened.",
            Some(date(2024, 5, 3)),
            Some("Wire"),
        );
        check_dateline(
            "ST. ELM, N.Y., Sept. 13 (WN) -- The pier opened.",
            Some(date(2023, 9, 13)),
            Some("WN"),
        );
        check_dateline("New Elm, 3 May 2022 - The pier opened.", Some(date(2022, 5, 3)), None);
        check_dateline("NEW ELM (Wire News) - The pier opened.", None, Some("Wire News"));
        check_dateline("(WN) — The pier opened.", None, Some("WN"));
        check_dateline("May 3 (Wire) - The pier opened.", Some(date(2024, 5, 3)), Some("Wire"));
        check_dateline("May 3 - The day the pier opened.", None, None);
        check_dateline("Ana visited Elm on May 3 — a first.", None, None);
        check_dateline("ELM (May 3) — The pier opened.", Some(date(2024, 5, 3)), None);
        check_dateline("The group (about 12 people) - left.", None, None);
    }

    #[test]
    fn verbatim_text_stays_whole() {
        let raw = "Pier opens\n\nDate: 2024-05-01\n_____\nThe\u{a0} pier\u{200b}\nopened.\n";
        let article = read_verbatim(raw, None, DAY);
        assert_eq!(article.text, raw);
        assert_eq!((article.title, article.published), (None, Some(date(2024, 5, 1))));
    }

    #[test]
    fn a_given_title_is_not_repeated() {
        let article = read("Pier Opens\n\nThe pier opened.", Some("Pier opens".to_owned()), None);
        assert_eq!(article.text, "The pier opened.");
    }
}
