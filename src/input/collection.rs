//! Collections that research databases export: Nexis, Nexis Uni, Factiva, ProQuest, Europresse.
//!
//! All work on paragraphs, whatever file they came in (text, HTML, RTF, Word, PDF): the lines between
//! two articles tell the database, the lines around a text are its fields.

use std::sync::LazyLock;

use regex::Regex;

use super::dates::{self, Lead};
use super::{RawDocument, normalize};

/// A paragraph of a file, with its line ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Paragraph {
    pub(super) text: String,
    /// Set as a headline.
    pub(super) strong: bool,
}

impl Paragraph {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), strong: false }
    }
}

/// The paragraphs of a text: what empty lines part.
pub(super) fn paragraphs(text: &str) -> Vec<Paragraph> {
    let mut all: Vec<Paragraph> = Vec::new();
    let mut open = false;
    for line in normalize::characters(text).lines().map(str::trim) {
        match all.last_mut() {
            _ if line.is_empty() => open = false,
            Some(last) if open => {
                last.text.push('\n');
                last.text.push_str(line);
            }
            _ => {
                all.push(Paragraph::plain(line));
                open = true;
            }
        }
    }
    all
}

/// The articles of a collection, or `None` if it is none.
pub(super) fn articles(paragraphs: &[Paragraph]) -> Option<Vec<RawDocument>> {
    let lines = || paragraphs.iter().flat_map(|paragraph| paragraph.text.lines());
    let count = |pattern: &Regex| lines().filter(|line| pattern.is_match(line)).count();
    let drafts = if count(&OF_DOCUMENTS) > 0 && count(&NEXIS_FIELD) > 0 {
        nexis(paragraphs)
    } else if count(&FACTIVA_CODE) > 3 && count(&FACTIVA_END) > 0 {
        factiva_by_codes(paragraphs)
    } else if count(&PROQUEST_TEXT) > 0 && (count(&PROQUEST_ID) > 0 || count(&PROQUEST_OF) > 0) {
        proquest(paragraphs)
    } else if count(&END_OF_DOCUMENT) > 0 || (count(&NEXIS_BODY) > 0 && count(&NEXIS_LOADED) > 0) {
        nexis_uni(paragraphs)
    } else if count(&FACTIVA_END) > 0 && count(&WORDS) > 0 {
        factiva(paragraphs)
    } else if count(&EUROPRESSE_END) > 0 {
        europresse(paragraphs)
    } else {
        return None;
    };
    Some(drafts)
}

/// The articles of some parts, without those that hold no text.
fn with_text(parts: &[Vec<&str>], article: fn(&[&str]) -> RawDocument) -> Vec<RawDocument> {
    let articles = parts.iter().map(|part| article(part));
    articles.filter(|draft| !draft.text.is_empty()).collect()
}

/// Parts at the paragraphs that hold a line of the pattern; the line belongs to neither side.
fn parts<'p>(paragraphs: &'p [Paragraph], at: &Regex) -> Vec<Vec<&'p str>> {
    let mut all = vec![Vec::new()];
    for paragraph in paragraphs {
        if !paragraph.text.lines().any(|line| at.is_match(line)) {
            if let Some(part) = all.last_mut() {
                part.push(paragraph.text.as_str());
            }
            continue;
        }
        let mut rest = paragraph.text.as_str();
        while let Some((before, after)) = cut_line(rest, at) {
            if let Some(part) = all.last_mut().filter(|_| !before.trim().is_empty()) {
                part.push(before);
            }
            all.push(Vec::new());
            rest = after;
        }
        if let Some(part) = all.last_mut().filter(|_| !rest.trim().is_empty()) {
            part.push(rest);
        }
    }
    all
}

/// What stands before and after the first line of the pattern.
fn cut_line<'t>(text: &'t str, at: &Regex) -> Option<(&'t str, &'t str)> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if at.is_match(line.trim_end()) {
            return Some((&text[..start], &text[start + line.len()..]));
        }
        start += line.len();
    }
    None
}

/// Nexis: "1 of 3 DOCUMENTS", paper, day, headline, fields, text, fields, copyright.
fn nexis(paragraphs: &[Paragraph]) -> Vec<RawDocument> {
    parts(paragraphs, &OF_DOCUMENTS).into_iter().skip(1).map(|part| nexis_article(&part)).collect()
}

fn nexis_article(part: &[&str]) -> RawDocument {
    let mut draft = RawDocument::default();
    let mut body: Vec<&str> = Vec::new();
    let mut has_fields = false;
    for paragraph in part {
        let line = normalize::line(paragraph);
        if let Some(captures) = NEXIS_FIELD.captures(&line) {
            let (name, value) = (captures[1].to_ascii_uppercase(), captures[2].trim());
            if !body.is_empty() && !is_head_field(&name) {
                break;
            }
            has_fields = true;
            match name.as_str() {
                "HEADLINE" => draft.title = some(value),
                "SOURCE" | "PUBLICATION" if draft.publisher.is_none() => {
                    draft.publisher = some(value)
                }
                "BODY" => body.extend((!value.is_empty()).then_some(*paragraph)),
                _ => {}
            }
        } else if is_copyright(&line) {
            if !body.is_empty() {
                break;
            }
        } else if draft.date.is_none()
            && let Some(day) = date_line(&line)
        {
            draft.date = Some(day);
        } else if draft.date.is_none() && !has_fields {
            // The first is the paper, what comes between it and the day an edition.
            draft.publisher = draft.publisher.or_else(|| some(&line));
        } else if draft.title.is_none() && !has_fields {
            draft.title = some(&line);
        } else if !has_fields && body.is_empty() && !normalize::ends_sentence(&line) {
            // A second headline.
        } else {
            body.push(paragraph);
        }
    }
    draft.text = body.join("\n\n");
    draft
}

/// Fields that stand above the text.
fn is_head_field(name: &str) -> bool {
    matches!(
        name,
        "BYLINE"
            | "SECTION"
            | "LENGTH"
            | "DATELINE"
            | "HEADLINE"
            | "SOURCE"
            | "HIGHLIGHT"
            | "BODY"
            | "SERIES"
    )
}

/// Nexis Uni: headline, paper, day, copyright, fields, "Body", text, "Classification", fields,
/// "End of Document".
fn nexis_uni(paragraphs: &[Paragraph]) -> Vec<RawDocument> {
    with_text(&parts(paragraphs, &END_OF_DOCUMENT), nexis_uni_article)
}

fn nexis_uni_article(part: &[&str]) -> RawDocument {
    let mut draft = RawDocument::default();
    let mut head: Vec<&str> = Vec::new();
    let mut body: Vec<String> = Vec::new();
    let mut in_body = false;
    'part: for paragraph in part {
        let mut kept = String::new();
        for line in paragraph.lines() {
            let line = line.trim();
            if !in_body {
                if NEXIS_BODY.is_match(line) {
                    in_body = true;
                    continue;
                }
                if draft.date.is_none() {
                    match date_line(line) {
                        Some(day) => draft.date = Some(day),
                        None => head.push(line),
                    }
                }
                continue;
            }
            if CLASSIFICATION.is_match(line) {
                body.push(kept);
                break 'part;
            }
            if FULL_TEXT.is_match(line) {
                // What stands before is an abstract.
                body.clear();
                kept.clear();
                continue;
            }
            if !kept.is_empty() {
                kept.push('\n');
            }
            kept.push_str(line);
        }
        body.push(kept);
    }
    head.retain(|line| !FURNITURE.is_match(line) && !is_copyright(line));
    draft.publisher = head.pop().map(|paper| paper.trim_end_matches('.').to_owned());
    draft.title = title(&head);
    body.retain(|paragraph| !paragraph.trim().is_empty());
    draft.text = body.join("\n\n");
    draft
}

/// The headline: the last line, and those before that it goes on.
fn title(head: &[&str]) -> Option<String> {
    let mut lines = head.iter().rev();
    let mut title = (*lines.next()?).to_owned();
    for line in lines.take(3) {
        if !title.starts_with(char::is_lowercase) || normalize::ends_sentence(line) {
            break;
        }
        title = format!("{line} {title}");
    }
    Some(title)
}

/// ProQuest: "Document 1 of 3", headline, fields, "Full text: ", fields.
fn proquest(paragraphs: &[Paragraph]) -> Vec<RawDocument> {
    let numbered =
        paragraphs.iter().any(|it| it.text.lines().any(|line| PROQUEST_OF.is_match(line)));
    let parts = parts(paragraphs, if numbered { &PROQUEST_OF } else { &RULE });
    let parts = if parts.len() > 1 { &parts[1..] } else { &parts[..] };
    with_text(parts, proquest_article)
}

fn proquest_article(part: &[&str]) -> RawDocument {
    let mut draft = RawDocument::default();
    let mut body: Vec<String> = Vec::new();
    let mut in_body = false;
    let mut year_only = None;
    for paragraph in part {
        let Some(captures) = PROQUEST_FIELD.captures(paragraph) else {
            let line = normalize::line(paragraph);
            if in_body {
                body.push((*paragraph).to_owned());
            } else if line.starts_with("http") {
                draft.uri = draft.uri.or_else(|| some(&line));
            } else if draft.title.is_none() && !line.starts_with('_') {
                draft.title = some(&line);
            }
            continue;
        };
        let name = captures[1].to_ascii_lowercase();
        let value = captures[2].trim();
        in_body = false;
        match name.as_str() {
            "full text" => {
                in_body = true;
                body.push(value.to_owned());
            }
            "title" => draft.title = some(&normalize::line(value)),
            "publication title" | "source" => draft.publisher = some(&normalize::line(value)),
            "publication date" => draft.date = some(value),
            "document url" if draft.uri.is_none() => draft.uri = some(value),
            "publication info" => {
                if let Some(info) = PROQUEST_INFO.captures(value) {
                    draft.publisher = draft.publisher.or_else(|| some(info[1].trim()));
                    year_only = some(&info[2]);
                }
            }
            _ => {}
        }
    }
    draft.date = draft.date.or(year_only);
    draft.text = body.join("\n\n");
    draft
}

/// Factiva with the codes of its fields: "HD", headline, "PD", day, "SN", paper, "LP" and "TD", text, "AN".
fn factiva_by_codes(paragraphs: &[Paragraph]) -> Vec<RawDocument> {
    let mut drafts = Vec::new();
    let mut draft = RawDocument::default();
    let mut text: Vec<&str> = Vec::new();
    let mut code = "";
    for line in paragraphs.iter().flat_map(|paragraph| paragraph.text.lines()).map(str::trim) {
        let mut value = line;
        if let Some(found) = FACTIVA_CODE.captures(line) {
            code = found.get(1).map_or("", |it| it.as_str());
            value = line[found[0].len()..].trim();
        }
        if value.is_empty() {
            continue;
        }
        if FACTIVA_END.is_match(value) {
            draft.text = text.join("\n\n");
            if !text.is_empty() {
                drafts.push(std::mem::take(&mut draft));
            }
            draft = RawDocument::default();
            text.clear();
            code = "";
            continue;
        }
        let line = normalize::line(value);
        match code {
            "HD" => {
                draft.title = Some(match draft.title.take() {
                    Some(title) => format!("{title} {line}"),
                    None => line,
                });
            }
            "PD" if draft.date.is_none() => draft.date = date_line(&line),
            "SN" if draft.publisher.is_none() => draft.publisher = Some(line),
            "LP" | "TD" => text.push(value),
            _ => {}
        }
    }
    drafts
}

/// Factiva: section, headline, byline, "75 words", day, paper, code, language, copyright, text,
/// "Document XX000020250101...".
fn factiva(paragraphs: &[Paragraph]) -> Vec<RawDocument> {
    let mut drafts = Vec::new();
    let mut start = 0;
    for (at, paragraph) in paragraphs.iter().enumerate() {
        if paragraph.text.lines().any(|line| FACTIVA_END.is_match(line)) {
            drafts.push(factiva_article(&paragraphs[start..at]));
            start = at + 1;
        }
    }
    drafts.retain(|draft| !draft.text.is_empty());
    drafts
}

fn factiva_article(part: &[Paragraph]) -> RawDocument {
    let lines: Vec<(&str, bool)> = part
        .iter()
        .flat_map(|paragraph| paragraph.text.lines().map(|line| (line.trim(), paragraph.strong)))
        .collect();
    let Some(words) = lines.iter().position(|(line, _)| WORDS.is_match(line)) else {
        return RawDocument::default();
    };
    let mut draft = RawDocument { title: factiva_title(&lines[..words]), ..RawDocument::default() };
    let mut rest = lines[words + 1..].iter();
    // Day, perhaps a time, paper; then codes up to the copyright.
    for (line, _) in rest.by_ref() {
        if draft.date.is_none() {
            draft.date = date_line(line);
        } else if !CLOCK.is_match(line) {
            draft.publisher = some(line);
            break;
        }
    }
    let head: Vec<&str> = rest.clone().map(|(line, _)| *line).collect();
    let is_field = |line: &&str| line.chars().count() < 60 && !normalize::ends_sentence(line);
    let copyright = head.iter().take(12).position(|line| is_copyright(line));
    let n_fields = match copyright {
        Some(at) => at + 1,
        None => head.iter().take_while(|line| is_field(line)).count(),
    };
    let mut body = &head[n_fields.min(head.len())..];
    // The last line names the owner.
    while let Some((last, before)) = body.split_last() {
        if normalize::ends_sentence(last) || last.split(' ').count() > 8 || before.is_empty() {
            break;
        }
        body = before;
    }
    draft.text = body.join("\n\n");
    draft
}

/// The headline among the lines above the number of words.
fn factiva_title(head: &[(&str, bool)]) -> Option<String> {
    let strong: Vec<&str> =
        head.iter().filter(|(_, strong)| *strong).map(|(line, _)| *line).collect();
    if !strong.is_empty() {
        return some(&strong.join(" "));
    }
    let lines: Vec<&str> =
        head.iter().map(|(line, _)| *line).filter(|line| !line.is_empty()).collect();
    let is_byline = |line: &str| {
        line.starts_with("By ")
            || (line.split(' ').count() <= 4
                && line.split(' ').all(|word| word.starts_with(char::is_uppercase)))
    };
    let title = match lines[..] {
        [] => return None,
        [title] => title,
        [section, title] if is_byline(title) && section.split(' ').count() > 2 => section,
        [.., title] if !is_byline(title) => title,
        [.., title, _] => title,
    };
    some(title)
}

/// Europresse as plain paragraphs: paper, section and day, headline, text, copyright, "Numéro de
/// document".
fn europresse(paragraphs: &[Paragraph]) -> Vec<RawDocument> {
    with_text(&parts(paragraphs, &EUROPRESSE_END), europresse_article)
}

fn europresse_article(part: &[&str]) -> RawDocument {
    let mut draft = RawDocument::default();
    let mut head: Vec<String> = Vec::new();
    let mut body: Vec<&str> = Vec::new();
    for paragraph in part {
        let line = normalize::line(paragraph);
        if draft.date.is_none() {
            let mut lines = paragraph.lines().filter(|line| !CERTIFICATE.is_match(line));
            for line in lines.by_ref() {
                match dates::anywhere(line) {
                    Some(day) => {
                        draft.date = Some(day.to_string());
                        break;
                    }
                    None => head.push(normalize::line(line)),
                }
            }
            draft.title =
                draft.date.as_ref().and(lines.find(|line| !line.trim().is_empty())).and_then(some);
        } else if is_copyright(&line) {
            break;
        } else if draft.title.is_none() {
            draft.title = some(&line);
        } else if body.is_empty() && !normalize::ends_sentence(&line) && line.split(' ').count() < 6
        {
            // The byline.
        } else {
            body.push(paragraph);
        }
    }
    head.retain(|line| !FURNITURE.is_match(line));
    draft.publisher = head.pop();
    draft.text = body.join("\n\n");
    draft
}

/// True for "Copyright 2025 ...", "(c) 2025 ...", "All rights reserved".
pub(super) fn is_copyright(line: &str) -> bool {
    COPYRIGHT.is_match(line)
}

/// The day of a line that holds nothing but a date, perhaps with a weekday, a time and an edition.
fn date_line(line: &str) -> Option<String> {
    let line = line.trim();
    match dates::lead(line) {
        Lead::Date(date, end) if line[end..].split_whitespace().count() <= 8 => {
            Some(date.to_string())
        }
        _ => None,
    }
}

fn some(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

static OF_DOCUMENTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:\d+ (?:of|de|von|di) \d+ (?:DOCUMENTS?|DOKUMENTEN?|DOCUMENTOS?|DOCUMENTI)|(?:Dokument|Document) \d+ (?:von|de) \d+)\s*$",
    )
});
static NEXIS_FIELD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(BYLINE|SECTION|LENGTH|DATELINE|HEADLINE|SOURCE|PUBLICATION|HIGHLIGHT|BODY|SERIES|LOAD-DATE|LANGUAGE|PUBLICATION-TYPE|SUBJECT|GRAPHICS?|GEOGRAPHIC|COUNTRY|STATE|CITY|COMPANY|ORGANIZATION|PERSON|INDUSTRY|TICKER|JOURNAL-CODE|DOCUMENT-TYPE|ACC-NO|NOTES?|CORRECTION(?:-DATE)?|UPDATE|TYPE|URL|PUB-TYPE|NAME|DISTRIBUTION|CATEGORY|Length|Byline|Section|L[ÄA]NGE|RUBRIK|AUTOR|UPDATE-DATUM|SPRACHE|LONGUEUR|ENCART|DATE-CHARGEMENT|LANGUE)\s*:\s*(.*)$",
    )
});
static END_OF_DOCUMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\s*(?:End of Document|Ende des Dokuments|Fin du document|Fin del documento)\s*$")
});
static NEXIS_BODY: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*Body\s*$"));
static NEXIS_LOADED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*Load-Date\s*:"));
static CLASSIFICATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:Classification|Graphic|Notes|Correction|Load-Date\s*:.*|Language\s*:.*|Publication-Type\s*:.*)\s*$",
    )
});
static FULL_TEXT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:FULL TEXT|Full Text)\s*:?$"));
static FURNITURE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:\s*|page \d+ (?:of|de) \d+|documents? \(\d+\)|client/matter:.*|search terms:.*|search type:.*|narrowed by:.*|content type.*|about (?:nexis|lexisnexis).*|\d+ of \d+.*|link to image|sauvegarder|annuler|user name:.*|date and time:.*|job number:.*)$",
    )
});
static FACTIVA_END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\s*(?:Document|Dokument|Documento) [A-Z0-9]{4,12}\d{8}[0-9a-z]{5,14}\s*$")
});
static WORDS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*\d[\d,. ]* (?:words|Wörter|mots|palabras|parole)\s*$"));
static CLOCK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\d{1,2}:\d\d(?:\s*(?:[AaPp]\.?[Mm]\.?|GMT|UTC))?$"));
/// The codes of Factiva's fields, each before its value or on a line of its own.
static FACTIVA_CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(SE|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|CT|RF|CX|CO|IN|NS|RE|IPC|IPD|PUB|AN|ART|CLM|DLN)(?:[\t\u{a0}]+ *| {2,}|\s*$)",
    )
});
/// A rule between two articles.
static RULE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*_{20,}\s*$"));
static PROQUEST_OF: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*Document \d+ of \d+\s*$"));
static PROQUEST_TEXT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*Full text\s*:"));
static PROQUEST_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*ProQuest document ID\s*:"));
static PROQUEST_FIELD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?s)^(Author|Publication info|Abstract|Full text availability|Full text|CREDIT|Credit|Illustration|Caption|Word count|Subject|Location|People|Company(?: / organization)?|Company|Title|Publication title|Pages|Number of pages|Volume|Issue|First page|Publication year|Publication date|Year|Section|Publisher|Place of publication|Country of publication|Publication subject|ISSN|Source type|Language of publication|Document type|Document feature|ProQuest document ID|Document URL|Copyright|Last updated|Database|Links|Classification|Identifier / keyword|Dateline|Edition|Column|Source|Contact us at)\s*:(.*)$",
    )
});
static PROQUEST_INFO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^([^\[;]+?)\s*(?:;[^\[]*)?\[[^\]]*\]\s*(\d{1,2} [A-Z][a-z]{2,8} \d{4})")
});
static EUROPRESSE_END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:Numéro de document|Document number|Document)\s*:?\s*news[·•.\-]\d{8}[·•.\-]")
});
/// What Europresse puts below an article: who may read it, and since when.
static CERTIFICATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\s*(?:Ce certificat|This certificate|Date d.émission|Issue date|Certificat émis)")
});
static COPYRIGHT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:copyright\b|\(c\)\s*(?:copyright\s*)?(?:\d{4}|[A-Z])|©|all rights reserved|tous droits r[ée]serv[ée]s|alle rechte vorbehalten)",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: &[(&str, &str, &str, &str)]) {
        let drafts = articles(&paragraphs(raw)).expect("a collection");
        let found: Vec<_> = drafts
            .iter()
            .map(|draft| {
                let get = |field: &Option<String>| field.clone().unwrap_or_default();
                (get(&draft.publisher), get(&draft.date), get(&draft.title), draft.text.clone())
            })
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(a, b, c, d)| (a.to_string(), b.to_string(), c.to_string(), d.to_string()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn nexis_documents() {
        check(
            "Download Request\n\n   1 of 2 DOCUMENTS\n\n  Elm Daily\n\n  May 3, 2024 Friday\n  Late Edition\n\nPier opens in\nthe town\n\nBYLINE: Ana Silva\n\nLENGTH: 9 words\n\nThe pier opened.\n\nAll came: it rained.\n\nLOAD-DATE: May 4, 2024\n\n  Copyright 2024 Elm\n\n 2 of 2 DOCUMENTS\n\n Oak Post\n\n May 4, 2024\n\nMayor leaves\n\nSECTION: A; Pg. 1\n\nThe mayor left.\n",
            &[
                (
                    "Elm Daily",
                    "2024-05-03",
                    "Pier opens in the town",
                    "The pier opened.\n\nAll came: it rained.",
                ),
                ("Oak Post", "2024-05-04", "Mayor leaves", "The mayor left."),
            ],
        );
    }

    #[test]
    fn nexis_uni_documents() {
        check(
            "Page 1 of 2\n\nPier opens\n\nElm Daily.\nMay 3, 2024 Friday\n\nCopyright 2024 Elm\n\nLength: 9 words\nByline: Ana Silva\n\nBody\n\nThe pier opened.\n\nClassification\n\nLoad-Date: May 4, 2024\n\nEnd of Document\n",
            &[("Elm Daily", "2024-05-03", "Pier opens", "The pier opened.")],
        );
    }

    #[test]
    fn factiva_documents() {
        check(
            "News\n\nPier opens in Elm today\n\nBy Ana Silva\n\n9 words\n\n3 May 2024\n\n10:15\n\nElm Daily\n\nELMD\n\nEnglish\n\n(c) 2024 Elm Press\n\nThe pier opened.\n\nElm Press Limited\n\nDocument ELMD000020240503ek530001a\n",
            &[("Elm Daily", "2024-05-03", "Pier opens in Elm today", "The pier opened.")],
        );
    }

    #[test]
    fn proquest_documents() {
        check(
            "____\n\nDocument 1 of 1\n\nPier opens\n\nAuthor: Silva, Ana\n\nPublication info: Elm Daily [Elm] 03 May 2024: A.1.\n\nFull text: The pier opened.\n\nAll came.\n\nTitle: Pier opens\n\nProQuest document ID: 7\n",
            &[("Elm Daily", "03 May 2024", "Pier opens", "The pier opened.\n\nAll came.")],
        );
    }

    #[test]
    fn a_plain_article_is_no_collection() {
        assert_eq!(articles(&paragraphs("Body\n\nThe pier opened.\n\n12 words")).map(|_| ()), None);
    }
}
