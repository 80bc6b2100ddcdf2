//! A plain reader of HTML: takes the tags off, without a tree.
//!
//! Linear in the size of the page, whatever its nesting, so that it serves for pages that are too
//! large or too deep for the reader of main texts, for fragments in feeds and JSON, and to measure
//! how deep a page is. Character references are decoded once.

use std::collections::HashMap;

/// A piece of a page, in order.
enum Piece<'h> {
    Text(&'h str),
    Open(String),
    Close(String),
}

/// The text of a page or fragment: blocks are separated by an empty line, blanks stay.
pub(super) fn text(html: &str) -> String {
    let mut escaped = String::with_capacity(html.len());
    let mut pieces = Pieces { html, at: 0 };
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => escaped.push_str(&text.replace('<', "&lt;")),
            Piece::Open(name) if HIDDEN.contains(&name.as_str()) => pieces.pass(&name),
            Piece::Open(name) if name == "br" => escaped.push('\n'),
            Piece::Open(name) | Piece::Close(name) if is_block(&name) => escaped.push_str("\n\n"),
            Piece::Open(_) | Piece::Close(_) => {}
        }
    }
    decode(&escaped)
}

/// Decodes character references; the text holds no markup.
pub(super) fn decode(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    dom_query::Document::fragment(text).text().to_string()
}

/// How deep a page is nested at most, and how many elements it has.
///
/// The depth is never too small, but counts elements that are closed by others; those that close
/// themselves in well-kept pages are left out.
pub(super) fn extent(html: &str) -> (usize, usize) {
    let mut open: HashMap<String, usize> = HashMap::new();
    let (mut depth, mut deepest, mut n_elements) = (0usize, 0usize, 0usize);
    let mut pieces = Pieces { html, at: 0 };
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Open(name) if RAW.contains(&name.as_str()) => pieces.pass(&name),
            Piece::Open(name) => {
                n_elements += 1;
                if !VOID.contains(&name.as_str()) {
                    *open.entry(name).or_default() += 1;
                    depth += 1;
                    deepest = deepest.max(depth);
                }
            }
            Piece::Close(name) => {
                if let Some(n) = open.get_mut(&name).filter(|n| **n > 0) {
                    *n -= 1;
                    depth -= 1;
                }
            }
            Piece::Text(_) => {}
        }
    }
    (deepest, n_elements)
}

/// Elements that hold no text of the page.
pub(super) const HIDDEN: &[&str] = &[
    "audio", "button", "canvas", "iframe", "math", "noembed", "noframes", "noscript", "object",
    "script", "select", "style", "svg", "template", "textarea", "title", "video",
];
/// Elements whose content is not markup.
const RAW: &[&str] =
    &["iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"];
/// Elements that have no content, or that the next of their kind closes.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "option", "p", "param", "path", "source", "td", "th", "tr", "track", "wbr",
];

/// True for elements that begin a new line.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

struct Pieces<'h> {
    html: &'h str,
    at: usize,
}

impl<'h> Pieces<'h> {
    fn next(&mut self) -> Option<Piece<'h>> {
        loop {
            let rest = &self.html[self.at..];
            if rest.is_empty() {
                return None;
            }
            let begins_markup = |at: &usize| {
                let next = rest.as_bytes().get(at + 1);
                next.is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?'))
            };
            let markup = rest.match_indices('<').map(|(at, _)| at).find(begins_markup);
            match markup {
                Some(0) => {}
                end => {
                    let end = end.unwrap_or(rest.len());
                    self.at += end;
                    return Some(Piece::Text(&rest[..end]));
                }
            }
            if let Some(comment) = rest.strip_prefix("<!--") {
                self.at += comment.find("-->").map_or(rest.len(), |end| 4 + end + 3);
                continue;
            }
            let name = &rest[1..];
            let close = name.starts_with('/');
            let name = name.trim_start_matches('/');
            let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            let name = name[..end.unwrap_or(name.len())].to_ascii_lowercase();
            self.at += tag_end(rest);
            if name.is_empty() {
                continue;
            }
            return Some(if close { Piece::Close(name) } else { Piece::Open(name) });
        }
    }

    /// Passes over the content of an element up to its end tag, or to the end of the page.
    fn pass(&mut self, name: &str) {
        let rest = &self.html.as_bytes()[self.at..];
        let is_end = |at: usize| {
            rest[at..].starts_with(b"</")
                && rest
                    .get(at + 2..at + 2 + name.len())
                    .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        };
        let end = (0..rest.len()).find(|&at| rest[at] == b'<' && is_end(at));
        self.at += end.unwrap_or(rest.len());
    }
}

/// The bytes of a tag: up to the first `>` outside of quoted values.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    let mut before = b' ';
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (None, b'>') => return at + 1,
            (None, _) => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    tag.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_scripts_and_comments_are_no_text() {
        let html = "<p title='a>b'>One<b>two</b></p><script>if (a<b) x('</p>')</SCRIPT>\
                    <!-- no <p> -->3 < 4<br/>five<style>p{";
        assert_eq!(text(html), "\n\nOnetwo\n\n3 < 4\nfive");
    }

    #[test]
    fn references_are_decoded_once() {
        assert_eq!(text("Caf&eacute; &amp;lt;b&amp;gt; &lt;i&gt; &#x27;"), "Café &lt;b&gt; <i> '");
        assert_eq!(text("&nosuch; &#0; &#x110000; & &amp"), "&nosuch; \u{fffd} \u{fffd} & &");
    }

    #[test]
    fn depth_is_counted_without_a_tree() {
        assert_eq!(extent("<div><p>a<p>b<br></div><div></span>"), (1, 5));
        assert_eq!(extent(&"<div></span>".repeat(1000)), (1000, 1000));
    }
}
