//! Web pages: the main text, and what the page says about itself.
//!
//! The main text is found by the Readability algorithm (dom_smoothie). Title, date, publisher and
//! address come from JSON-LD (schema.org NewsArticle and its kin), Open Graph, Dublin Core and the
//! usual `meta` names, in this order. Nothing is fetched. Pages that are too deep or too large for
//! a tree are read flat.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::{Document, NodeRef};
use dom_smoothie::Readability;
use serde_json::Value;

use super::flat::{self, Extent};
use super::{Batch, RawDocument, Source, normalize};

/// Pages that are deeper, or whose elements together lie deeper, are read flat: building their
/// tree takes time that grows with depth.
const MOST: Extent = Extent { depth: 500, work: 1_000_000 };
/// Pages with more bytes are read flat.
const MAX_BYTES: usize = 8 << 20;

/// Reads a page.
pub(super) fn read(html: &str, source: &Source, batch: &mut Batch) -> RawDocument {
    let html = flat::without_drawings(html);
    let extent = flat::extent(&html, MOST);
    let why = if extent.depth > MOST.depth {
        format!("elements nested more than {} deep", MOST.depth)
    } else if extent.work > MOST.work || html.len() > MAX_BYTES {
        format!("a page of {} bytes with very many elements", html.len())
    } else {
        // The tree is foreign code fed with a stranger's page: a fault there must not end the run.
        match catch_unwind(AssertUnwindSafe(|| page(&html))) {
            Ok(draft) => return draft,
            Err(_) => "the main text cannot be found".to_owned(),
        }
    };
    batch.warn(source, None, format!("{why}: the whole page is read as text"));
    RawDocument { text: flat::text(&html), ..RawDocument::default() }
}

fn page(html: &str) -> RawDocument {
    let document = Document::from(html);
    let ld = linked_data(&document);
    let publisher = meta(&document, &["og:site_name"])
        .or_else(|| ld.as_ref().and_then(|ld| name(ld.get("publisher")?)))
        .or_else(|| meta(&document, &["dc.publisher", "publisher", "article:publisher"]))
        .filter(|name| !name.contains("://"));
    let title = ld.as_ref().and_then(|ld| string(ld.get("headline")?));
    let title = title
        .or_else(|| meta(&document, &["og:title", "twitter:title", "dc.title"]))
        .or_else(|| only_heading(&document))
        .or_else(|| text_of(&document, "title"))
        .map(|title| without_site(&title, publisher.as_deref()));
    let date = ld.as_ref().and_then(|ld| string(ld.get("datePublished")?));
    let date = date.or_else(|| meta(&document, DATE_NAMES)).or_else(|| time(&document));
    let canonical =
        document.select("link[rel=canonical]").attr("href").map(|href| href.to_string());
    let uri = canonical
        .filter(|href| href.contains("://"))
        .or_else(|| meta(&document, &["og:url"]))
        .or_else(|| ld.as_ref().and_then(|ld| string(ld.get("url")?)));
    let text = main_text(html, title.as_deref());
    RawDocument { uri, publisher, title, date, text, ..RawDocument::default() }
}

/// Names under which pages give the day of publication, the surest first.
const DATE_NAMES: &[&str] = &[
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "dcterms.date",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
];

/// The paragraphs of the main text; of the whole body if there is no main text.
fn main_text(html: &str, title: Option<&str>) -> String {
    let article = Readability::new(html, None, None).and_then(|mut page| page.parse());
    let text = match article {
        Ok(article) => blocks(&Document::fragment(article.content).root()),
        Err(_) => String::new(),
    };
    let text = if text.trim().is_empty() {
        let page = Document::from(html);
        page.select("nav, aside, footer, form, h1").remove();
        page.body().map_or_else(String::new, |body| blocks(&body))
    } else {
        text
    };
    let text = text.trim();
    match title.map(normalize::line) {
        Some(title) if !title.is_empty() => {
            let (first, below) = text.split_once('\n').unwrap_or((text, ""));
            if normalize::line(first) == title { below.to_owned() } else { text.to_owned() }
        }
        _ => text.to_owned(),
    }
}

/// The text below a node, blocks separated by empty lines.
fn blocks(root: &NodeRef<'_>) -> String {
    let mut text = String::new();
    let mut node = root.first_child();
    while let Some(current) = node {
        let name = current.node_name();
        let name = name.as_deref().unwrap_or_default();
        let hidden = flat::HIDDEN.contains(&name) || name == "figcaption" || name == "head";
        if current.is_text() {
            inline(&current.text(), &mut text);
        } else if name == "br" {
            text.push('\n');
        } else if flat::is_block(name) {
            end_block(&mut text);
        }
        let child = if hidden || current.is_text() { None } else { current.first_child() };
        node = child.or_else(|| following(current, root, &mut text));
    }
    text
}

/// The next node that is not below `node`; ends the blocks that are left.
fn following<'a>(node: NodeRef<'a>, root: &NodeRef<'_>, text: &mut String) -> Option<NodeRef<'a>> {
    let mut node = node;
    loop {
        if node.node_name().is_some_and(|name| flat::is_block(&name)) {
            end_block(text);
        }
        if let Some(next) = node.next_sibling() {
            return Some(next);
        }
        node = node.parent().filter(|parent| parent.id != root.id)?;
    }
}

fn end_block(text: &mut String) {
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push_str("\n\n");
    }
}

/// Adds the text of a node: line ends of the source are blanks.
fn inline(piece: &str, text: &mut String) {
    for c in piece.chars() {
        let is_blank = matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        if !is_blank {
            text.push(c);
        } else if !text.ends_with([' ', '\n']) {
            text.push(' ');
        }
    }
}

/// The first `meta` element with one of the names, in the order of the names.
fn meta(document: &Document, names: &[&str]) -> Option<String> {
    let elements: Vec<(String, String)> = document
        .select("meta[content]")
        .nodes()
        .iter()
        .filter_map(|node| {
            let name = ["property", "name", "itemprop"].iter().find_map(|name| node.attr(name))?;
            Some((name.to_ascii_lowercase(), node.attr("content")?.trim().to_owned()))
        })
        .filter(|(_, content)| !content.is_empty())
        .collect();
    let named = |wanted: &&str| elements.iter().find(|(name, _)| name == wanted);
    names.iter().find_map(named).map(|(_, content)| content.clone())
}

fn time(document: &Document) -> Option<String> {
    ["article time[datetime]", "main time[datetime]", "time[datetime]"].iter().find_map(|path| {
        let node = document.select(path).nodes().first().copied()?;
        node.attr("datetime").map(|value| value.to_string())
    })
}

fn text_of(document: &Document, path: &str) -> Option<String> {
    let text = document.select(path).nodes().first()?.text();
    let text = normalize::line(&text);
    (!text.is_empty()).then_some(text)
}

fn only_heading(document: &Document) -> Option<String> {
    if document.select("h1").length() == 1 { text_of(document, "h1") } else { None }
}

/// A title without the name of the site behind it.
fn without_site(title: &str, publisher: Option<&str>) -> String {
    let title = normalize::line(title);
    let ends = [" | ", " - ", " – ", " — "];
    for end in ends {
        if let Some((front, back)) = title.rsplit_once(end)
            && publisher.is_some_and(|publisher| publisher.eq_ignore_ascii_case(back))
        {
            return front.to_owned();
        }
    }
    title
}

/// The JSON-LD object that describes the article.
fn linked_data(document: &Document) -> Option<Value> {
    let scripts = document.select(r#"script[type="application/ld+json"]"#);
    let values = scripts.nodes().iter().filter_map(|node| {
        let text = node.text();
        serde_json::from_str::<Value>(text.trim()).ok()
    });
    let mut objects = Vec::new();
    for value in values {
        let mut stack = vec![value];
        while let Some(value) = stack.pop() {
            match value {
                Value::Array(items) => stack.extend(items.into_iter().rev()),
                Value::Object(mut object) => {
                    if let Some(graph) = object.remove("@graph") {
                        stack.push(graph);
                    }
                    objects.push(Value::Object(object));
                }
                _ => {}
            }
        }
    }
    let is_article = |object: &&Value| match object.get("@type") {
        Some(Value::String(kind)) => is_article_type(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(is_article_type),
        _ => false,
    };
    objects.iter().find(is_article).cloned()
}

fn is_article_type(kind: &str) -> bool {
    kind.ends_with("Article") || kind == "BlogPosting" || kind == "Report"
}

/// A string in JSON-LD, which may hold character references although it should not.
fn string(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty()).then(|| flat::decode(&text.replace('<', "&lt;")))
}

fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(_) => string(value),
        Value::Array(items) => items.iter().find_map(name),
        Value::Object(object) => string(object.get("name")?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str) -> (RawDocument, usize) {
        let source = Source { name: "a".to_owned(), path: None, size: 0, named: true };
        let mut batch = Batch::default();
        let draft = read(html, &source, &mut batch);
        (draft, batch.warnings.len())
    }

    const BODY: &str = "<p>The pier in Elm opened on Monday, the town said, after two years of \
        work on it, and people came from far to see it.</p><p>“It is a good day,” said the mayor, \
        Ana Silva, who cut<br>the ribbon, <b>Tom &amp; Co.</b> built it.</p>";

    #[test]
    fn main_text_and_metadata() {
        let html = format!(
            r#"<html><head><title>Pier opens | Elm Daily</title>
            <meta property="og:site_name" content="Elm Daily">
            <meta property="og:title" content="Pier opens | Elm Daily">
            <meta property="article:published_time" content="2024-05-03T10:00:00Z">
            <link rel="canonical" href="https://elm.example/pier">
            </head><body><nav><a href="/">Home</a> <a href="/x">Sport</a></nav>
            <article><h1>Pier opens</h1>{BODY}<script>evil()</script></article>
            <footer>All rights</footer></body></html>"#
        );
        let (draft, n_warnings) = check(&html);
        assert_eq!(n_warnings, 0);
        assert_eq!(draft.title.as_deref(), Some("Pier opens"));
        assert_eq!(draft.publisher.as_deref(), Some("Elm Daily"));
        assert_eq!(draft.date.as_deref(), Some("2024-05-03T10:00:00Z"));
        assert_eq!(draft.uri.as_deref(), Some("https://elm.example/pier"));
        let text = normalize::text(&draft.text);
        assert!(text.starts_with("The pier in Elm"), "{text}");
        assert!(text.ends_with("the ribbon, Tom & Co. built it."), "{text}");
        assert!(text.contains("see it.\n\n“It is"), "{text}");
    }

    #[test]
    fn linked_data_comes_first() {
        let html = format!(
            r#"<head><meta name=date content="2020-01-01"><script type="application/ld+json">
            {{"@graph":[{{"@type":"WebPage"}},{{"@type":["NewsArticle"],"headline":"Tom &amp; Co. build",
            "datePublished":"2024-05-03","publisher":{{"name":"Elm Daily"}},"url":"https://elm.example/1"}}]}}
            </script></head><body>{BODY}</body>"#
        );
        let (draft, _) = check(&html);
        assert_eq!(draft.title.as_deref(), Some("Tom & Co. build"));
        assert_eq!(draft.date.as_deref(), Some("2024-05-03"));
        assert_eq!(draft.publisher.as_deref(), Some("Elm Daily"));
        assert_eq!(draft.uri.as_deref(), Some("https://elm.example/1"));
    }

    #[test]
    fn markup_that_is_written_out_stays_text() {
        let (draft, _) = check("<body><p>Write &lt;b&gt; and &amp;lt;i&amp;gt; in Elm.</p></body>");
        assert_eq!(draft.text.trim(), "Write <b> and &lt;i&gt; in Elm.");
    }

    #[test]
    fn deep_pages_are_read_flat() {
        let (draft, n_warnings) =
            check(&format!("{}<p>The pier opened.</p>", "<div>".repeat(100_000)));
        assert_eq!((draft.text.trim(), n_warnings), ("The pier opened.", 1));
    }
}
