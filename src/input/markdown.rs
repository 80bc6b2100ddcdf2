//! Markdown: the markup is taken off, front matter and the first heading are metadata.
//!
//! Covers what news in Markdown holds (CommonMark headings, lists, quotes, links, emphasis, code,
//! inline HTML, tables and footnote marks). Code blocks, pictures and rules are no text.

use super::records::{RecordField, field};
use super::{RawDocument, flat, furniture};

/// Longest target of a link that is looked for, in bytes: keeps the time linear.
const MAX_LINK: usize = 2000;

/// Reads an article.
pub(super) fn read(raw: &str) -> RawDocument {
    let raw = raw.replace("\r\n", "\n");
    let mut draft = RawDocument::default();
    let body = front_matter(&raw, &mut draft);
    let flat;
    let body = if body.contains(['<', '&']) {
        flat = flat::text(body);
        &flat
    } else {
        body
    };
    let mut blocks = Blocks { has_title: draft.title.is_some(), ..Blocks::default() };
    let mut fence: Option<&str> = None;
    for line in body.lines() {
        let line = line.trim();
        let mark = ["```", "~~~"].into_iter().find(|mark| line.starts_with(mark));
        match (fence, mark) {
            (Some(open), Some(close)) if open == close => fence = None,
            (Some(_), _) => {}
            (None, Some(open)) => {
                blocks.end();
                fence = Some(open);
            }
            (None, None) => blocks.line(line),
        }
    }
    blocks.end();
    if blocks.text.is_empty() {
        blocks.text = blocks.title.take().unwrap_or_default();
    }
    draft.title = draft.title.or(blocks.title);
    draft.text = furniture::without(&blocks.text);
    draft
}

/// Reads `key: value` lines between `---` (or `key = value` between `+++`); gives the text below.
fn front_matter<'t>(raw: &'t str, draft: &mut RawDocument) -> &'t str {
    let text = raw.trim_start_matches('\u{feff}');
    let Some((mark, separator)) =
        [("---\n", ':'), ("+++\n", '=')].into_iter().find(|(mark, _)| text.starts_with(mark))
    else {
        return text;
    };
    let inner = &text[mark.len()..];
    let end = match inner.find(&format!("\n{}", mark.trim_end())) {
        Some(end) if inner[..end].lines().count() <= 200 => end,
        _ => return text,
    };
    let mut date_rank = usize::MAX;
    for line in inner[..end].lines() {
        let Some((key, value)) = line.split_once(separator) else { continue };
        let value = value.trim();
        let quoted = ['"', '\''].iter().find_map(|&quote| {
            value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote))
        });
        let value = Some(quoted.unwrap_or(value).to_owned()).filter(|value| !value.is_empty());
        if key.starts_with([' ', '\t']) || value.is_none() {
            continue;
        }
        let known = field(key);
        // "published" is surer than "created".
        if let Some((RecordField::Date, rank)) = known {
            if rank > date_rank {
                continue;
            }
            date_rank = rank;
        }
        match known.map(|(field, _)| field) {
            Some(RecordField::Id) => draft.id = value,
            Some(RecordField::Uri) => draft.uri = value,
            Some(RecordField::Publisher) => draft.publisher = value,
            Some(RecordField::Title) => draft.title = value,
            Some(RecordField::Date) => draft.date = value,
            Some(RecordField::Text) | None => {}
        }
    }
    inner[end + 1..].split_once('\n').map_or("", |(_, below)| below)
}

#[derive(Default)]
struct Blocks {
    /// Set apart already: further headings are text.
    has_title: bool,
    title: Option<String>,
    paragraph: String,
    text: String,
    /// In a box of Obsidian ("callout").
    in_box: bool,
    /// The last paragraph was a picture and nothing else.
    after_picture: bool,
}

impl Blocks {
    fn line(&mut self, line: &str) {
        let mut line = line;
        // "> [!quote] Also read": a box beside the text, up to the next line without ">".
        if line.starts_with('>') && line.trim_start_matches(['>', ' ']).starts_with("[!") {
            self.end();
            self.in_box = true;
        }
        self.in_box &= line.starts_with('>');
        if self.in_box || is_tags(line) {
            return;
        }
        while let Some(quoted) = line.strip_prefix('>') {
            line = quoted.trim_start();
        }
        if !self.paragraph.is_empty() && is_underline(line) {
            self.heading(1 + usize::from(line.starts_with('-')));
            return;
        }
        if line.is_empty() || is_rule(line) || is_definition(line) {
            self.end();
            return;
        }
        let level = line.bytes().take_while(|&byte| byte == b'#').count();
        if (1..=6).contains(&level) && line[level..].starts_with(' ') {
            self.end();
            self.paragraph = line[level..].trim_end_matches('#').trim().to_owned();
            self.heading(level);
            return;
        }
        if let Some(item) = list_item(line) {
            self.end();
            line = item;
        } else if line.starts_with('|') {
            self.end();
        }
        if !self.paragraph.is_empty() {
            self.paragraph.push(' ');
        }
        self.paragraph.push_str(line);
    }

    /// The paragraph is a heading: the first one, above all text, is the title.
    fn heading(&mut self, level: usize) {
        if level == 1 && !self.has_title && self.text.is_empty() {
            self.title = Some(inline(&std::mem::take(&mut self.paragraph)));
            self.has_title = true;
        } else {
            self.end();
        }
    }

    fn end(&mut self) {
        let raw = std::mem::take(&mut self.paragraph);
        let paragraph = inline(&raw);
        // "*A diver. Photograph: Kit Ames*" below a picture
        let is_caption = std::mem::take(&mut self.after_picture)
            && ["*", "_"].iter().any(|mark| raw.starts_with(mark) && raw.ends_with(mark));
        self.after_picture = raw.starts_with("![") && paragraph.trim().is_empty();
        if !paragraph.trim().is_empty() && !is_caption {
            self.text.push_str(paragraph.trim());
            self.text.push_str("\n\n");
        }
    }
}

/// "#gold #wrecks": tags of a note.
fn is_tags(line: &str) -> bool {
    let is_tag =
        |word: &str| word.strip_prefix('#').is_some_and(|tag| tag.starts_with(char::is_alphabetic));
    !line.is_empty() && line.split_whitespace().all(is_tag)
}

fn is_underline(line: &str) -> bool {
    let only = |stroke: char| line.len() >= 2 && line.chars().all(|c| c == stroke);
    only('=') || only('-')
}

/// A rule, or the line below the head of a table.
fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '*' | '_' | ' ' | '|' | ':' | '='))
}

/// `[name]: address`
fn is_definition(line: &str) -> bool {
    line.starts_with('[') && line.find("]:").is_some_and(|end| !line[1..end].contains(['[', ']']))
}

/// The text behind `-`, `*`, `+`, `1.` or `1)`.
fn list_item(line: &str) -> Option<&str> {
    let n_digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = match n_digits {
        0 => line.strip_prefix(['-', '*', '+'])?,
        1..=3 => line[n_digits..].strip_prefix(['.', ')'])?,
        _ => return None,
    };
    rest.starts_with(' ').then(|| rest.trim_start())
}

/// Takes emphasis, links, pictures, code marks and escapes off a paragraph.
fn inline(paragraph: &str) -> String {
    let mut out = String::with_capacity(paragraph.len());
    let mut at = 0;
    let bytes = paragraph.as_bytes();
    let is_word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
    let is_blank = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
    while let Some(c) = paragraph[at..].chars().next() {
        let rest = &paragraph[at..];
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let after = bytes.get(at + 1);
        let mut n_taken = c.len_utf8();
        match c {
            '\\' if after.is_some_and(u8::is_ascii_punctuation) => {
                out.push(char::from(bytes[at + 1]));
                n_taken = 2;
            }
            '`' => {}
            '*' if !(is_blank(before) && is_blank(after)) => {}
            '_' if !is_word(before) || !is_word(after) => {}
            '~' if after == Some(&b'~') => n_taken = 2,
            '|' if paragraph.starts_with('|') => out.push(' '),
            '!' if after == Some(&b'[') => match link(&rest[1..]) {
                Some((_, end)) => n_taken = 1 + end,
                None => out.push('!'),
            },
            '[' if footnote(rest).is_some() => n_taken = footnote(rest).unwrap_or(1),
            '[' => match link(rest) {
                Some((text, end)) => {
                    out.push_str(&text.replace(['*', '`'], ""));
                    n_taken = end;
                }
                None => out.push('['),
            },
            c => out.push(c),
        }
        at += n_taken;
    }
    out
}

/// The bytes of a footnote mark `[^1]`.
fn footnote(text: &str) -> Option<usize> {
    let near = &text[..text.floor_char_boundary(40)];
    near.strip_prefix("[^")?.find(']').map(|end| end + 3)
}

/// The text of `[text](target)` or `[text][name]`, and the bytes of all.
fn link(text: &str) -> Option<(&str, usize)> {
    let near = &text[..text.floor_char_boundary(MAX_LINK)];
    let close = near.find(']')?;
    let inner = &near[1..close];
    if inner.contains('[') {
        return None;
    }
    let end = match near[close + 1..].chars().next()? {
        '(' => close + near[close..].find(')')? + 1,
        '[' => close + 1 + near[close + 1..].find(']')? + 1,
        _ => return None,
    };
    Some((inner, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(markdown: &str, title: Option<&str>, text: &str) {
        let draft = read(markdown);
        assert_eq!((draft.title.as_deref(), draft.text.trim()), (title, text));
    }

    #[test]
    fn markup_is_taken_off() {
        check(
            "# Pier *opens*\n\nThe **pier** in [Elm](https://elm.example/a_b) opened\non _Monday_, with a `snake_case` sign.\n\
             \n![a picture](x.png)\n\n> “Good day,” said Ana.\n\n- one\n- two\n\n```\ncode\n```\n\n---\n\nIt cost 3 \\* 4.[^1]\n\n[^1]: A note.\n",
            Some("Pier opens"),
            "The pier in Elm opened on Monday, with a snake_case sign.\n\n“Good day,” said Ana.\n\none\n\ntwo\n\nIt cost 3 * 4.",
        );
        check(
            "Pier opens\n==========\nAll came.\n\n## Later\n\nFew left.",
            Some("Pier opens"),
            "All came.\n\nLater\n\nFew left.",
        );
        check("<div>Tom &amp; Co.</div>\n\n[a [b", None, "Tom & Co.\n\n[a [b");
    }

    #[test]
    fn front_matter_is_metadata() {
        let draft = read(
            "---\ntitle: \"Pier opens\"\ndate: 2024-05-03\nsource: Elm Daily\ntags:\n  - x\n---\n# Again\nAll came.\n",
        );
        assert_eq!(draft.title.as_deref(), Some("Pier opens"));
        assert_eq!(draft.date.as_deref(), Some("2024-05-03"));
        assert_eq!(draft.publisher.as_deref(), Some("Elm Daily"));
        assert_eq!(draft.text, "Again\n\nAll came.");
    }
}
