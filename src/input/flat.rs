//! A plain reader of HTML: takes the tags off, without a tree.
//!
//! Linear in the size of the page, whatever its nesting, so that it serves for pages that are too
//! large or too deep for the reader of main texts, for fragments in feeds and JSON, and to measure
//! how deep a page is. Character references are decoded once.

use std::borrow::Cow;

/// A piece of a page, in order.
enum HtmlToken<'h> {
    Text(&'h str),
    Open(String),
    Close(String),
}

/// The text of a page or fragment: blocks are separated by an empty line, blanks stay.
pub(super) fn text(html: &str) -> String {
    let mut escaped = String::with_capacity(html.len());
    let mut pieces = HtmlTokens::new(html);
    while let Some(piece) = pieces.next() {
        match piece {
            HtmlToken::Text(text) => escaped.push_str(&text.replace('<', "&lt;")),
            HtmlToken::Open(name) if HIDDEN.contains(&name.as_str()) => pieces.pass(&name),
            HtmlToken::Open(name) if name == "br" => escaped.push('\n'),
            HtmlToken::Open(name) | HtmlToken::Close(name) if is_block(&name) => {
                escaped.push_str("\n\n")
            }
            HtmlToken::Open(_) | HtmlToken::Close(_) => {}
        }
    }
    decode(&escaped)
}

/// The paragraphs of a page; those within an element that is a headline by its name or its class are
/// strong.
pub(super) fn paragraphs(html: &str) -> Vec<super::collection::Paragraph> {
    let mut all: Vec<super::collection::Paragraph> = Vec::new();
    let mut escaped = String::new();
    let mut strong: Option<String> = None;
    let mut is_strong = false;
    let mut end = |escaped: &mut String, is_strong: &mut bool| {
        let text = decode(&std::mem::take(escaped));
        let lines = text.lines().map(super::normalize::line).filter(|line| !line.is_empty());
        let text = lines.collect::<Vec<_>>().join("\n");
        if !text.is_empty() {
            all.push(super::collection::Paragraph { text, strong: *is_strong });
        }
        *is_strong = false;
    };
    let mut pieces = HtmlTokens::new(html);
    loop {
        let start = pieces.at;
        let Some(piece) = pieces.next() else { break };
        match piece {
            HtmlToken::Text(text) => {
                is_strong |= strong.is_some() && !text.trim().is_empty();
                // Line ends of the source are blanks.
                escaped.push_str(&text.replace('<', "&lt;").replace(['\n', '\r'], " "));
            }
            HtmlToken::Open(name) if HIDDEN.contains(&name.as_str()) => pieces.pass(&name),
            HtmlToken::Open(name) if name == "br" => escaped.push('\n'),
            HtmlToken::Open(name) => {
                let tag = html[start..pieces.at].to_ascii_lowercase();
                let is_headline = tag.contains("headline") || tag.contains("titrearticle");
                if strong.is_none() && is_headline && tag.len() < 300 {
                    strong = Some(name.clone());
                }
                if is_block(&name) {
                    end(&mut escaped, &mut is_strong);
                }
            }
            HtmlToken::Close(name) => {
                if is_block(&name) {
                    end(&mut escaped, &mut is_strong);
                }
                if strong.as_deref() == Some(&name) {
                    strong = None;
                }
            }
        }
    }
    end(&mut escaped, &mut is_strong);
    all
}

/// Decodes character references; the text holds no markup.
pub(super) fn decode(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    dom_query::Document::fragment(text).text().to_string()
}

/// What the tree of a page would cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    /// How deep elements are nested at most.
    pub(super) depth: usize,
    /// The sum of the depth of all elements, and more for attributes and character references. Parsers open unclosed formatting elements again in
    /// each paragraph, so that a tree can have that many nodes.
    pub(super) work: usize,
}

/// Measures a page without making a tree, up to a bit more than `most`.
///
/// Never too little: an end tag counts only if a parser would heed it, which it does not across the
/// cell of a table and the like ([`SCOPES`]).
pub(super) fn extent(html: &str, most: Extent) -> Extent {
    let mut open: Vec<String> = Vec::new();
    let mut extent = Extent::default();
    let mut pieces = HtmlTokens::new(html);
    while let Some(piece) = pieces.next() {
        if extent.depth > most.depth || extent.work > most.work {
            break;
        }
        // Parsers compare each attribute of a tag with all others.
        extent.work += pieces.n_attributes.pow(2) / 100;
        match piece {
            HtmlToken::Open(name) if RAW.contains(&name.as_str()) => pieces.pass(&name),
            HtmlToken::Open(name) => {
                if is_cell(&name) {
                    close_cell(&mut open);
                }
                if !VOID.contains(&name.as_str()) {
                    open.push(name);
                }
                extent.depth = extent.depth.max(open.len());
                extent.work += open.len() + 1;
            }
            HtmlToken::Close(name) if name == "table" => {
                if let Some(at) = open.iter().rposition(|opened| *opened == name) {
                    close_down_to(&mut open, at);
                }
            }
            HtmlToken::Close(name) => {
                let near = open.iter().enumerate().rev().take(64);
                let found = near
                    .take_while(|(_, opened)| **opened == name || !is_scope(opened))
                    .find(|(_, opened)| **opened == name);
                if let Some((at, _)) = found {
                    open.remove(at);
                }
            }
            // Each reference makes a piece of its own, which is joined to those before.
            HtmlToken::Text(text) => {
                extent.work += 10 * text.bytes().filter(|&b| b == b'&').count()
            }
        }
    }
    extent
}

/// A cell ends where the next begins.
fn close_cell(open: &mut Vec<String>) {
    let nearest = open.iter().rposition(|name| is_cell(name) || name == "table");
    if let Some(at) = nearest.filter(|at| is_cell(&open[*at])) {
        close_down_to(open, at);
    }
}

/// Closes the elements from `at`, but for formatting, which a parser may open again.
fn close_down_to(open: &mut Vec<String>, at: usize) {
    let rest = open.split_off(at);
    open.extend(rest.into_iter().filter(|name| FORMATTING.contains(&name.as_str())));
}

fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th" | "caption")
}

fn is_scope(name: &str) -> bool {
    SCOPES.contains(&name)
}

/// Elements that end tags inside do not reach across (HTML standard, "has an element in scope").
const SCOPES: &[&str] = &[
    "annotation-xml",
    "applet",
    "button",
    "caption",
    "desc",
    "foreignobject",
    "marquee",
    "math",
    "mi",
    "mn",
    "mo",
    "ms",
    "mtext",
    "object",
    "select",
    "svg",
    "table",
    "td",
    "template",
    "th",
    "title",
];
/// Formatting elements of the HTML standard.
const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// The page without drawings and formulas, which hold no text and parse oddly.
pub(super) fn without_drawings(html: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut done = 0;
    let mut pieces = HtmlTokens::new(html);
    loop {
        let start = pieces.at;
        match pieces.next() {
            None => break,
            Some(HtmlToken::Open(name)) if RAW.contains(&name.as_str()) => pieces.pass(&name),
            Some(HtmlToken::Open(name)) if name == "svg" || name == "math" => {
                pieces.pass(&name);
                if pieces.at == html.len() {
                    // Not closed, and so perhaps the rest of the page.
                    break;
                }
                kept.push_str(&html[done..start]);
                done = pieces.at;
            }
            Some(_) => {}
        }
    }
    if done == 0 { Cow::Borrowed(html) } else { Cow::Owned(kept + &html[done..]) }
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
    "option", "p", "param", "source", "tbody", "tfoot", "thead", "tr", "track", "wbr",
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

struct HtmlTokens<'h> {
    html: &'h str,
    at: usize,
    /// Of the last tag, roughly.
    n_attributes: usize,
}

impl<'h> HtmlTokens<'h> {
    fn new(html: &'h str) -> Self {
        Self { html, at: 0, n_attributes: 0 }
    }

    fn next(&mut self) -> Option<HtmlToken<'h>> {
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
                    self.n_attributes = 0;
                    return Some(HtmlToken::Text(&rest[..end]));
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
            let (length, n_attributes) = measure_tag(rest);
            self.at += length;
            self.n_attributes = n_attributes;
            if name.is_empty() {
                continue;
            }
            return Some(if close { HtmlToken::Close(name) } else { HtmlToken::Open(name) });
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

/// The bytes of a tag, up to the first `>` outside of quoted values, and about how many attributes
/// it has.
fn measure_tag(tag: &str) -> (usize, usize) {
    let mut quote = None;
    let mut before = b' ';
    let mut n_attributes = 0;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if before == b'=' => {
                quote = Some(byte);
                n_attributes += 1;
            }
            (None, b'>') => return (at + 1, n_attributes),
            (None, _) => n_attributes += usize::from(byte.is_ascii_whitespace() || byte == b'/'),
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    (tag.len(), n_attributes)
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

    #[track_caller]
    fn check_depth(html: &str, depth: usize) {
        let most = Extent { depth: 2000, work: 1 << 30 };
        assert_eq!(extent(html, most).depth, depth);
    }

    #[test]
    fn depth_is_counted_without_a_tree() {
        check_depth("<div><p>a<p>b<br></div><div></span></div>", 1);
        check_depth(&"<div></span>".repeat(1000), 1000);
        check_depth(&format!("<table>{}</table><div>", "<tr><td>a<td>b".repeat(1000)), 2);
        check_depth(&"<div><table><td></div></td></table>".repeat(100), 102);
        check_depth(&"<font><table><td></font></td></table>".repeat(100), 102);
    }

    #[test]
    fn drawings_are_taken_out() {
        assert_eq!(without_drawings("a<svg><path/></svg>b<math>x</math>c"), "a</svg>b</math>c");
        assert_eq!(without_drawings("a<svg>b"), "a<svg>b");
    }
}
