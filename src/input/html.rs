//! Web pages: the main text, and what the page says about itself.
//!
//! What is no text by its element, its class or its words is taken off first ([`furniture`]). The main
//! text is then found by the Readability algorithm (dom_smoothie), unless an element that says that it
//! is the article, or JSON-LD, holds much more. What the page says about itself is read by
//! [`page_data`]. Nothing is fetched. Pages that are too deep or too large for
//! a tree are read flat.

use super::flat::{self, Extent};
use super::guard::guarded;
use super::page_data::{self, PageData};
use super::{Batch, RawDocument, Source, dates, furniture, normalize};
use dom_query::{Document, NodeRef, Selection};
use dom_smoothie::Readability;

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
        match guarded(|| page(&html)) {
            Some(draft) => return draft,
            None => "the main text cannot be found".to_owned(),
        }
    };
    batch.warn(source, None, format!("{why}: the whole page is read as text"));
    RawDocument { text: flat::text(&html), ..RawDocument::default() }
}

fn page(html: &str) -> RawDocument {
    let document = Document::from(html);
    let data = page_data::read(&document);
    let text = main_text(document, &data);
    let PageData { title, publisher, date, uri, .. } = data;
    RawDocument { uri, publisher, title, date, text, ..RawDocument::default() }
}

/// Elements that hold no text of an article, whatever they are called.
const ASIDE: &str = "aside, nav, footer, form, dialog, figcaption, amp-sidebar, amp-ad, amp-embed, \
    amp-accordion, amp-sticky-ad, [role=dialog], [role=alertdialog], [role=navigation], \
    [role=complementary], [role=contentinfo], [hidden]";

/// Takes off what is no text of the article: by the kind of element, by its class, and lists of other
/// articles by the heading above them.
///
/// What holds much of the page's text stays, whatever its class says, unless it is a dialogue.
fn clean(page: &Document) {
    page.select(ASIDE).remove();
    let all: usize = page.select("p").nodes().iter().map(|node| node.text().len()).sum();
    let whole = || page.body().map_or(0, |body| body.text().len());
    let all = if all < 200 { whole() } else { all };
    for node in page.select("body [style]").nodes() {
        let style = node.attr("style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
        if style.contains("display:none") && node.text().len() * 3 < all.max(1) {
            node.remove_from_parent();
        }
    }
    for node in
        page.select("body [class], body [id], body [data-component], body [data-testid]").nodes()
    {
        let names = page_data::names(node);
        let name = node.node_name();
        let is_page = matches!(name.as_deref(), Some("body" | "main" | "article" | "html"));
        if is_page || !furniture::is_class(&names) {
            continue;
        }
        let own = node.text().len();
        let is_dialogue = furniture::is_dialogue(&names);
        if is_dialogue || own * 3 < all {
            node.remove_from_parent();
        }
    }
    pictures(page);
    links(page, all);
    for node in page.select("h2, h3, h4, h5, h6").nodes() {
        if !furniture::begins_list(&normalize::line(&node.text())) {
            continue;
        }
        while let Some(next) = node.next_sibling() {
            let name = next.node_name();
            let is_list = match name.as_deref() {
                Some("div" | "ul" | "ol" | "section") => true,
                Some(_) => false,
                None => true,
            };
            if !is_list || next.text().len() * 3 > all.max(1) {
                break;
            }
            next.remove_from_parent();
        }
        node.remove_from_parent();
    }
}

/// The articles of a page that Europresse exports, which says by its classes what is what.
pub(super) fn europresse(html: &str) -> Option<Vec<RawDocument>> {
    let html = Some(html).filter(|html| {
        html.len() <= MAX_BYTES && html.contains("DocPublicationName") && html.contains("DocText")
    })?;
    let extent = flat::extent(html, MOST);
    if extent.depth > MOST.depth || extent.work > MOST.work {
        return None;
    }
    let drafts = guarded(|| {
        let page = Document::from(html);
        let mut drafts = Vec::new();
        for body in page.select(".DocText").nodes() {
            let mut around = body.parent();
            let within = |node: &NodeRef<'_>, path: &str| {
                let text = Selection::from(*node).select(path).nodes().first()?.text();
                Some(normalize::line(&text)).filter(|text| !text.is_empty())
            };
            while let Some(node) = around {
                if within(&node, ".DocPublicationName").is_some() {
                    break;
                }
                around = node.parent();
            }
            let Some(around) = around else { continue };
            let day = within(&around, ".DocHeader").and_then(|line| dates::anywhere(&line));
            drafts.push(RawDocument {
                publisher: within(&around, ".DocPublicationName"),
                title: within(&around, ".titreArticleVisu, .rdp__articletitle, .titreArticle"),
                date: day.map(|day| day.to_string()),
                text: furniture::without(&blocks(body)),
                ..RawDocument::default()
            });
        }
        drafts
    })?;
    (!drafts.is_empty() && drafts.iter().all(|draft| draft.title.is_some())).then_some(drafts)
}

/// Takes off pictures with the words around them: captions and credits that no class tells.
fn pictures(page: &Document) {
    for node in page.select("body img, body picture, body video").nodes() {
        let mut top = None;
        let mut at = node.parent();
        for _ in 0..PICTURE_DEPTH {
            let Some(around) = at else { break };
            let name = around.node_name();
            let name = name.as_deref().unwrap_or_default();
            let holds_text = |path: &str| Selection::from(around).select(path).exists();
            if matches!(name, "body" | "article" | "main" | "p" | "td" | "section")
                || around.text().len() > LONGEST_CAPTION
                || holds_text("p, h1, h2, h3, article, time")
            {
                break;
            }
            if matches!(name, "div" | "figure" | "span" | "a" | "picture" | "li") {
                top = Some(around);
            }
            at = around.parent();
        }
        if let Some(top) = top.filter(|top| !top.text().trim().is_empty()) {
            top.remove_from_parent();
        }
    }
}

/// How far up words around a picture are looked for.
const PICTURE_DEPTH: usize = 4;
/// More around a picture is text.
const LONGEST_CAPTION: usize = 300;

/// Takes off what holds nothing but links within an article: lists of other articles, "[What readers say]".
fn links(page: &Document, all: usize) {
    for node in page.select("body ul, body ol, article article, body p").nodes() {
        let text = normalize::line(&node.text());
        if text.is_empty() || text.len() > LONGEST_LINKS || text.len() * 3 > all.max(1) {
            continue;
        }
        let linked: usize = Selection::from(*node)
            .select("a")
            .nodes()
            .iter()
            .map(|link| normalize::line(&link.text()).len())
            .sum();
        let is_paragraph = node.node_name().as_deref() == Some("p");
        let told = is_paragraph && normalize::ends_sentence(&text);
        if linked * 10 >= text.len() * 9 && !told {
            node.remove_from_parent();
        }
    }
}

/// Longer lists of links are contents.
const LONGEST_LINKS: usize = 1500;

/// True for a page that looks like the export of a research database.
pub(super) fn is_collection(html: &str) -> bool {
    [
        "DOCUMENTS</",
        "End of Document",
        "Full text:",
        "DocPublicationName",
        "Factiva",
        "factiva",
        "news·",
        "Load-Date",
    ]
    .iter()
    .any(|mark| html.contains(mark))
}

/// The text of a piece of HTML that is all article: of a feed, a letter, a field of a record. Pictures with their captions,
/// what is hidden and what by its class is furniture are left out.
pub(super) fn fragment(html: &str) -> String {
    // Blogs mark paragraphs by empty lines alone.
    let marked = ["<p", "<P", "<div", "<br"].iter().any(|tag| html.contains(tag));
    let parted = (!marked && html.contains("\n\n")).then(|| {
        html.split("\n\n").map(|paragraph| format!("<p>{paragraph}</p>")).collect::<String>()
    });
    let html = flat::without_drawings(parted.as_deref().unwrap_or(html));
    let extent = flat::extent(&html, MOST);
    if extent.depth > MOST.depth || extent.work > MOST.work || html.len() > MAX_BYTES {
        return furniture::without(&flat::text(&html));
    }
    let read = guarded(|| {
        let page = Document::from(&*html);
        page.select("figure, figcaption, script, style, noscript, nav, form").remove();
        clean(&page);
        page.body().map_or_else(String::new, |body| blocks(&body))
    });
    furniture::without(&read.unwrap_or_else(|| flat::text(&html)))
}

/// The headline and the text of a chapter of an e-book.
pub(super) fn chapter(html: &str) -> (Option<String>, String) {
    let html = flat::without_drawings(html);
    let extent = flat::extent(&html, MOST);
    if extent.depth > MOST.depth || extent.work > MOST.work || html.len() > MAX_BYTES {
        return (None, flat::text(&html));
    }
    let read = guarded(|| {
        let page = Document::from(&*html);
        let title = ["h1", "h2", "h3", "title"].iter().find_map(|path| text_of(&page, path));
        page.select("nav, aside, footer, form, figure").remove();
        let all = page.body().map_or(0, |body| body.text().len());
        let linked: usize = page.select("a").nodes().iter().map(|link| link.text().len()).sum();
        // A page of contents.
        if linked * 2 > all {
            return (title, String::new());
        }
        clean(&page);
        let text = page.body().map_or_else(String::new, |body| blocks(&body));
        (title, furniture::without(&text))
    });
    read.unwrap_or_else(|| (None, flat::text(&html)))
}

/// The paragraphs of the main text; of the whole body if there is no main text.
fn main_text(page: Document, data: &PageData) -> String {
    clean(&page);
    let found =
        Readability::new(page.html().to_string(), None, None).and_then(|mut page| page.parse());
    let found = match found {
        Ok(article) => paragraphs(&blocks(&Document::fragment(article.content).root())),
        Err(_) => Vec::new(),
    };
    // A second opinion: the element that says that it is the article.
    let marked = MARKED.iter().map(|path| {
        let nodes = page.select(path);
        nodes
            .nodes()
            .iter()
            .map(|node| paragraphs(&blocks(node)))
            .max_by_key(|it| length(it))
            .unwrap_or_default()
    });
    let marked = marked.max_by_key(|it| length(it)).unwrap_or_default();
    let mut best = if length(&marked) * 2 > length(&found) * 3 { marked } else { found };
    // Text that a script would have put there.
    let told = data.body.as_deref().map(|body| {
        let body = if body.contains("</") { flat::text(body) } else { body.replace('\n', "\n\n") };
        paragraphs(&body)
    });
    if let Some(told) = told.filter(|told| length(told) * 2 > length(&best) * 3) {
        best = told;
    }
    if best.is_empty() {
        page.select("h1").remove();
        best = page.body().map_or_else(Vec::new, |body| paragraphs(&blocks(&body)));
    }
    let title = data.title.as_deref().map(normalize::line);
    if best.first().is_some_and(|first| Some(normalize::line(first)) == title) {
        best.remove(0);
    }
    best.join("\n\n")
}

/// Elements that say that they hold the article.
const MARKED: &[&str] = &["[itemprop=articleBody]", "article", "main", "[role=main]"];

/// The paragraphs of a text that are no furniture.
fn paragraphs(text: &str) -> Vec<String> {
    let all = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    let mut kept: Vec<String> = Vec::new();
    for paragraph in all {
        let line = normalize::line(paragraph);
        if !kept.is_empty() && furniture::ends_article(&line) {
            break;
        }
        if !furniture::is_furniture(&line) {
            kept.push(paragraph.to_owned());
        }
    }
    kept
}

/// How much text there is in paragraphs that hold a sentence.
fn length(paragraphs: &[String]) -> usize {
    let sentences = paragraphs.iter().filter(|paragraph| normalize::ends_sentence(paragraph));
    sentences.map(String::len).sum()
}

fn text_of(document: &Document, path: &str) -> Option<String> {
    let text = document.select(path).nodes().first()?.text();
    let text = normalize::line(&text);
    (!text.is_empty()).then_some(text)
}

/// The text below a node, blocks separated by empty lines.
pub(super) fn blocks(root: &NodeRef<'_>) -> String {
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
