//! E-mail: messages, mailboxes, and web pages that browsers save as one (MHTML).
//!
//! The subject is the headline, the sender the publisher. Of alternatives the plain text counts;
//! signature and what a reply quotes are no text. Attachments are read as files of their own.

use std::sync::LazyLock;

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use regex::Regex;

use super::guard::guarded;
use super::{Batch, Context, RawDocument, Source, finish, flat, furniture, html, read_member};

/// True if a file begins with the header of a message.
pub(super) fn is_message(head: &str) -> bool {
    let mut known = 0;
    let mut sure = false;
    for line in head.lines().take(200) {
        if line.trim().is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return false };
        let name = name.trim().to_ascii_lowercase();
        if name.is_empty()
            || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        {
            return false;
        }
        known += usize::from(HEADERS.contains(&name.as_str()));
        sure |= SURE.contains(&name.as_str());
    }
    sure && known >= 2
}

const HEADERS: &[&str] = &[
    "from",
    "to",
    "cc",
    "date",
    "subject",
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "reply-to",
    "sender",
    "delivered-to",
    "list-id",
];
/// Headers that only messages have.
const SURE: &[&str] = &[
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "delivered-to",
    "content-type",
    "content-transfer-encoding",
];

/// True if a file begins like a mailbox.
pub(super) fn is_mailbox(head: &str) -> bool {
    let mut lines = head.trim_start_matches('\u{feff}').lines();
    lines.next().is_some_and(|line| SEPARATOR.is_match(line))
        && lines.next().is_some_and(|line| HEADER.is_match(line))
}

/// Reads all messages of a mailbox.
pub(super) fn mailbox(bytes: &[u8], source: &Source, context: &Context<'_>, batch: &mut Batch) {
    let mut n = 0;
    for raw in messages(bytes) {
        n += 1;
        message(&unquoted(raw), Some(n), source, context, batch);
    }
}

/// The messages, without the lines between them.
fn messages(bytes: &[u8]) -> Vec<&[u8]> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    let mut after_blank = true;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let is_separator = after_blank
            && line.starts_with(b"From ")
            && std::str::from_utf8(line).is_ok_and(|line| SEPARATOR.is_match(line.trim_end()));
        if is_separator {
            starts.push((at, at + line.len()));
        }
        after_blank = line.trim_ascii().is_empty();
        at += line.len();
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([bytes.len()]);
    starts.iter().zip(ends).map(|((_, start), end)| &bytes[*start..end]).collect()
}

/// Mailboxes write ">From " for "From " at the beginning of a line.
fn unquoted(message: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(message.len());
    for line in message.split_inclusive(|&byte| byte == b'\n') {
        let quoted = line.iter().take_while(|&&byte| byte == b'>').count();
        let is_quoted = quoted > 0 && line[quoted..].starts_with(b"From ");
        plain.extend_from_slice(&line[usize::from(is_quoted)..]);
    }
    plain
}

/// Reads a message, or a page that was saved as one.
pub(super) fn message(
    bytes: &[u8],
    item: Option<u64>,
    source: &Source,
    context: &Context<'_>,
    batch: &mut Batch,
) {
    let Some(Some(message)) = guarded(|| MessageParser::default().parse(bytes)) else {
        batch.skip(source, None, super::at_item("an e-mail that cannot be read", item));
        return;
    };
    if let Some(page) = saved_page(&message) {
        let draft = html::read(page.0, source, batch);
        let uri = draft.uri.or(page.1);
        finish(RawDocument { uri, item, ..draft }, source, context.options, batch);
        return;
    }
    let sender = message.from().and_then(|from| from.first());
    let name = sender.and_then(|sender| sender.name().or(sender.address()));
    let day =
        message.date().map(|date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day));
    let draft = RawDocument {
        publisher: name.map(str::to_owned),
        title: message.subject().map(subject),
        date: day,
        text: without_heads(&body(&message)),
        item,
        ..RawDocument::default()
    };
    let attached: Vec<&MessagePart<'_>> =
        message.attachments().filter(|part| is_document(part)).collect();
    if !draft.text.trim().is_empty() || attached.is_empty() {
        finish(draft, source, context.options, batch);
    }
    for (n, part) in (1..).zip(attached) {
        let name = part.attachment_name().map_or_else(|| format!("attachment {n}"), str::to_owned);
        let name = item.map_or_else(|| name.clone(), |item| format!("{item}/{name}"));
        let content = match &part.body {
            PartType::Message(inner) => inner.raw_message.to_vec(),
            _ => part.contents().to_vec(),
        };
        read_member(content, &name, source, context, batch);
    }
}

/// The page of an MHTML file, and its address.
fn saved_page<'m>(message: &'m Message<'_>) -> Option<(&'m str, Option<String>)> {
    let root = message.parts.first()?;
    let is_related = root.content_type().is_some_and(|kind| kind.subtype() == Some("related"));
    let is_snapshot = message.header("Snapshot-Content-Location").is_some();
    let page = message.parts.iter().find_map(|part| match &part.body {
        PartType::Html(html) => Some((part, html)),
        _ => None,
    })?;
    let address = page.0.content_location().filter(|address| address.contains("://"));
    (is_related && (is_snapshot || address.is_some()))
        .then(|| (page.1.as_ref(), address.map(str::to_owned)))
}

/// True for attachments that may hold an article.
fn is_document(part: &MessagePart<'_>) -> bool {
    match &part.body {
        PartType::Message(_) => true,
        PartType::Multipart(_) | PartType::InlineBinary(_) => false,
        PartType::Text(_) | PartType::Html(_) => part.attachment_name().is_some(),
        PartType::Binary(_) => {
            let kind = part.content_type().map_or("", |kind| kind.ctype());
            !matches!(kind, "image" | "audio" | "video" | "font")
                && !part.content_type().is_some_and(|kind| {
                    kind.subtype().is_some_and(|sub| sub.contains("signature") || sub == "calendar")
                })
        }
    }
}

/// A text without the heads of messages that were passed on, and without what is no text of a letter.
fn without_heads(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let is_head = |line: &&str| PASSED_ON.is_match(line.trim());
    let mut at = 0;
    while at < lines.len() {
        // "From:", "Sent:", "To:", "Subject:" in a row, whatever blank lines part them.
        let head = lines[at..].iter().take_while(|line| is_head(line) || line.trim().is_empty());
        let head: Vec<&&str> = head.collect();
        if head.iter().filter(|line| is_head(line)).count() >= LEAST_HEAD {
            at += head.len();
            kept.push("");
            continue;
        }
        kept.push(lines[at]);
        at += 1;
    }
    furniture::without(&kept.join("\n"))
}

/// Lines of the head of a message that was passed on.
const LEAST_HEAD: usize = 3;

static PASSED_ON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[>*\s]*(?:From|Sent|To|Cc|Bcc|Date|Subject|Reply-To|Von|Gesendet|An|Betreff|De|Envoyé|À|Objet)\s*\*?:",
    )
});

/// A subject without marks of replies and forwards.
fn subject(subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some(mark) = REPLY.find(rest) {
        rest = rest[mark.end()..].trim_start();
    }
    rest.to_owned()
}

fn body(message: &Message<'_>) -> String {
    let plain: Vec<String> = message
        .text_bodies()
        .filter_map(|part| match &part.body {
            PartType::Text(text) => Some(without_quotes(text)),
            PartType::Html(html) => Some(without_quotes(&from_html(html))),
            _ => None,
        })
        .collect();
    let plain = plain.join("\n\n");
    // Some senders put only a hint into the plain part.
    let marked: usize = message
        .html_bodies()
        .map(|part| match &part.body {
            PartType::Html(html) => html.len(),
            _ => 0,
        })
        .sum();
    if plain.trim().len() < 200 && marked > 0 {
        let html = message.html_bodies().filter_map(|part| match &part.body {
            PartType::Html(html) => Some(without_quotes(&from_html(html))),
            _ => None,
        });
        let html = html.collect::<Vec<_>>().join("\n\n");
        if html.trim().len() > plain.trim().len() * 2 {
            return html;
        }
    }
    plain
}

/// The text of a message in HTML: line ends of the source are blanks.
fn from_html(html: &str) -> String {
    let html = html.replace(['\n', '\r'], " ");
    match html.contains('<') {
        true => html::fragment(&html),
        false => flat::text(&html),
    }
}

/// A text without the signature and without what it quotes; if nothing else is there, what it quotes.
fn without_quotes(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let signed = format!("\n{text}");
    let end = ["\n-- \n", "\n--\n"].iter().filter_map(|mark| signed.find(mark)).min();
    let text = &text[..end.map_or(text.len(), |end| end.min(text.len()))];
    let mut kept = String::with_capacity(text.len());
    let mut quoted = String::new();
    let mut in_forward = false;
    for line in text.lines() {
        if let Some(inner) = line.strip_prefix('>') {
            quoted.push_str(inner.trim_start_matches(['>', ' ']));
            quoted.push('\n');
            continue;
        }
        if FORWARDED.is_match(line) {
            in_forward = true;
            continue;
        }
        if in_forward && (line.trim().is_empty() || FORWARDED_HEADER.is_match(line)) {
            in_forward = !line.trim().is_empty() || kept.is_empty();
            continue;
        }
        in_forward = false;
        if !WROTE.is_match(line) {
            kept.push_str(line);
        }
        kept.push('\n');
    }
    if kept.trim().is_empty() { quoted } else { kept }
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

static SEPARATOR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^From \S.*(?:\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.*\d{4}|\d{4}\s*$|\d\d:\d\d)")
});
static HEADER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z][A-Za-z0-9_-]*:|^>From "));
static REPLY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?i)(?:re|fw|fwd|aw|wg|tr|rv)(?:\[\d+\])?\s*:"));
static FORWARDED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?i)\s*(?:-{2,}\s*(?:forwarded|original) message\s*-{2,}|begin forwarded message:)\s*$",
    )
});
static FORWARDED_HEADER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?i)\s*\*?(?:from|to|cc|date|sent|subject|reply-to)\s*:\*?\s*\S?"));
static WROTE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?i)\s*on .{6,120}\bwrote:\s*$"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_a_message() {
        assert!(is_message("Return-Path: <a@b.example>\nFrom: A\nSubject: B\n\nText"));
        assert!(!is_message("From: A\nDate: 2024-05-03\n\nThe pier opened."));
        assert!(!is_message("The pier opened: all came.\n\nMIME-Version: 1.0"));
        assert!(is_mailbox("From a@b.example Fri May  3 10:00:00 2024\nFrom: A\n"));
        assert!(!is_mailbox("From Elm came news in 2024\nand more.\n"));
    }

    #[test]
    fn mailboxes_are_split_at_their_separators() {
        let mailbox = b"From a@b Fri May  3 10:00:00 2024\nSubject: A\n\nFrom here on.\n\n>From Elm.\n\nFrom c@d Sat May  4 10:00:00 2024\nSubject: B\n\nTwo.\n";
        let all = messages(mailbox);
        assert_eq!(all.len(), 2);
        assert!(unquoted(all[0]).ends_with(b"\n\nFrom Elm.\n\n"));
    }

    #[test]
    fn signatures_and_quotes_are_no_text() {
        let text = "The pier opened.\n\nOn Fri, 3 May 2024, Ana wrote:\n> Old news.\n-- \nAna\n";
        assert_eq!(without_quotes(text).trim(), "The pier opened.");
        assert_eq!(without_quotes("> Old news.\n").trim(), "Old news.");
        let forward =
            "---------- Forwarded message ---------\nFrom: A\nDate: B\n\nThe pier opened.\n";
        assert_eq!(without_quotes(forward).trim(), "The pier opened.");
    }

    #[test]
    fn subjects_lose_their_marks() {
        assert_eq!(subject("Re: FW: Pier opens: today"), "Pier opens: today");
    }
}
