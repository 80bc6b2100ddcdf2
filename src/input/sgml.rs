//! SGML of news corpora (Reuters-21578, LDC, TREC): many articles a file, end tags at will.

use std::sync::LazyLock;

use regex::Regex;

use super::{Batch, InputOptions, RawDocument, Source, dates, finish, flat, normalize};

/// True for a file that begins like one of these corpora.
pub(super) fn is_sgml(head: &str, name: &str) -> bool {
    let found = BEGINS.find(head);
    let is_named =
        name.to_ascii_lowercase().ends_with(".sgm") || name.to_ascii_lowercase().ends_with(".sgml");
    // XML has a root of this name as well, in small letters.
    found.is_some_and(|found| {
        is_named || found.as_str().contains(char::is_uppercase) && !found.as_str().contains("<doc")
    })
}

/// Reads all articles.
pub(super) fn read(text: &str, source: &Source, options: &InputOptions, batch: &mut Batch) {
    let starts: Vec<usize> = DOCUMENT.find_iter(text).map(|found| found.start()).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    for (n, (&start, end)) in (1..).zip(starts.iter().zip(ends)) {
        let draft = RawDocument { item: Some(n), ..article(&text[start..end]) };
        finish(draft, source, options, batch);
    }
}

fn article(document: &str) -> RawDocument {
    let tag = DOCUMENT.find(document).map_or("", |tag| tag.as_str());
    let id = ATTRIBUTE.captures(tag).map(|captures| captures[1].to_owned());
    let line = |names: &[&str]| {
        let value = names.iter().find_map(|name| element(document, name))?;
        let value = normalize::line(&flat::text(value));
        (!value.is_empty()).then_some(value)
    };
    let id = id.or_else(|| line(&["DOCNO", "DOCID"]));
    let date = line(&["DATE_TIME", "DATETIME", "DATE", "PUBDATE", "STORY_DATE"]);
    // The numbers of LDC and TREC end with the day: NWA_ENG_20250218.0001.
    let day = || DAY.captures(id.as_deref()?).map(|captures| captures[1].to_owned());
    let date = date.filter(|date| matches!(dates::parse(date), Ok(Some(_)))).or_else(day);
    let body = ["BODY", "TEXT", "LEADPARA"].iter().find_map(|name| element(document, name));
    RawDocument {
        id,
        publisher: line(&["SOURCE", "PUB", "PAPER"]),
        title: line(&["TITLE", "HEADLINE", "HEAD", "HL", "TTL"]),
        date,
        text: body.map_or_else(String::new, text),
        ..RawDocument::default()
    }
}

/// The text of an element: paragraphs by tags, or by lines that are indented.
fn text(body: &str) -> String {
    let body = CONTROL.replace_all(body, "");
    let marked = INDENTED.replace_all(&body, "\n\n");
    let text = flat::text(&marked);
    let text = text.trim_end();
    // The agency closes with its name.
    match text.rsplit_once('\n') {
        Some((before, last)) if last.trim().eq_ignore_ascii_case("reuter") => before.to_owned(),
        _ => text.to_owned(),
    }
}

/// What stands in the first element of this name, up to its end tag, or to the end.
fn element<'d>(document: &'d str, name: &str) -> Option<&'d str> {
    let start = document.match_indices('<').find(|(at, _)| {
        let rest = document.as_bytes().get(at + 1..).unwrap_or_default();
        let after = rest.get(name.len());
        rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && after.is_some_and(|byte| matches!(byte, b'>' | b' ' | b'\t' | b'\n' | b'\r'))
    });
    let inner = &document[start?.0..];
    let inner = &inner[inner.find('>')? + 1..];
    let end = inner.match_indices("</").find(|(at, _)| {
        let found = inner.as_bytes().get(at + 2..at + 2 + name.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    });
    Some(end.map_or(inner, |(at, _)| &inner[..at]))
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

static BEGINS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\s*(?:<!doctype (?:lewis|doc)[^>]*>\s*)?<(?:doc|reuters)(?:\s[^<>]*)?>")
});
static DOCUMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<(?:doc|reuters)(?:\s[^<>]*)?>"));
static ATTRIBUTE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)\s(?:newid|id|docid)\s*=\s*"?([^"\s>]+)"#));
static DAY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[^0-9])((?:19|20)\d{6})(?:[^0-9]|$)"));
static CONTROL: LazyLock<Regex> = LazyLock::new(|| pattern(r"&#(?:[0-9]|1[0-9]|2[0-9]|3[01]);"));
static INDENTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\n[ \t]{3,}"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reuters_and_ldc() {
        let reuters = "<!DOCTYPE lewis SYSTEM \"l.dtd\">\n<REUTERS NEWID=\"7\"><DATE> 3-MAY-2024 \
            15:01:00.79</DATE><TEXT>&#2;\n<TITLE>PIER OPENS &lt;ELM></TITLE><DATELINE> ELM, May 3 - \
            </DATELINE><BODY>The pier\nopened.\n    All came.\n Reuter\n&#3;</BODY></TEXT></REUTERS>";
        assert!(is_sgml(reuters, "a"));
        let draft = article(reuters.split_once('\n').expect("two lines").1);
        assert_eq!(draft.title.as_deref(), Some("PIER OPENS <ELM>"));
        assert_eq!(draft.date.as_deref(), Some("3-MAY-2024 15:01:00.79"));
        assert_eq!(draft.text.trim(), "The pier\nopened.\n\nAll came.");
        let ldc = "<DOC id=\"ELM_ENG_20240503.0001\" type=\"story\" >\n<HEADLINE>\nPier opens\n\
            </HEADLINE>\n<TEXT>\n<P>\nThe pier opened.\n</P>\n</TEXT>\n</DOC>";
        assert!(is_sgml(ldc, "a") && !is_sgml("<doc title=\"A\">", "a.xml"));
        let draft = article(ldc);
        assert_eq!(draft.date.as_deref(), Some("20240503"));
        assert_eq!(draft.text.trim(), "The pier opened.");
    }

    #[test]
    fn broken_markup_is_no_fault() {
        for text in ["<DOC", "<DOC>", "<DOC><TEXT>", "<DOC><TEXT", "<doc></TEXT><TEXT>é</TEX"] {
            article(text);
        }
    }
}
