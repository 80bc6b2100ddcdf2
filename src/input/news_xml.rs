//! XML of newsrooms and archives: RSS, Atom, NITF, NewsML, Factiva, and corpora of news.
//!
//! The root element says which it is. What no reader knows is refused by the name of its root.

use std::sync::LazyLock;

use regex::Regex;

use super::xml::{self, Element};
use super::{Batch, InputOptions, RawDocument, Source, finish, flat, furniture, html, records};
use records::RecordField;

/// Reads all articles; those before an error are kept.
pub(super) fn read(text: &str, source: &Source, options: &InputOptions, batch: &mut Batch) {
    let mut n = 0;
    let outcome = xml::read(
        text.trim_start_matches('\u{feff}').trim_start(),
        &is_item,
        &mut |item, around| {
            n += 1;
            let root = around.first().map_or(item.name.as_str(), |root| root.name.as_str());
            let Some(draft) = article(root, item, around) else { return };
            let alone = around.is_empty();
            let item = if alone { None } else { Some(n) };
            let text = furniture::without(&draft.text);
            finish(RawDocument { item, text, ..draft }, source, options, batch);
        },
    );
    match outcome {
        Ok(root) if n == 0 && !is_known(&root.name) => {
            let name = &root.name;
            let reason = format!(
                "XML with root <{name}>, expected RSS, Atom, NITF, NewsML or another format of news"
            );
            batch.skip(source, None, reason);
        }
        Ok(_) => {}
        Err(reason) => batch.skip(source, None, reason),
    }
}

/// The names of the elements that hold an article, for each root; for others than these what
/// [`CORPUS`] says.
fn items(root: &str) -> &'static [&'static str] {
    match root {
        "rss" | "RDF" | "rdf" => &["item"],
        "feed" => &["entry"],
        "entry" => &["entry"],
        "newsItem" | "newsMessage" => &["newsItem"],
        "NewsML" => &["NewsItem"],
        "NewsItem" => &["NewsItem"],
        "nitf" => &["nitf"],
        "newsitem" => &["newsitem"],
        "PPSResponse" | "ppsArticleResponse" | "ppsarticleResultSet" | "ppsarticle" => &["article"],
        "TEI" | "TEI.2" | "teiCorpus" => &["TEI", "TEI.2"],
        _ => &[],
    }
}

/// Elements that hold an article in collections of any root.
const CORPUS: &[&str] =
    &["doc", "document", "article", "story", "record", "newsitem", "news_item", "nitf", "TEI"];

fn is_known(root: &str) -> bool {
    !items(root).is_empty() || CORPUS.contains(&root)
}

fn is_item(root: &str, name: &str) -> bool {
    match items(root) {
        [] => CORPUS.iter().any(|known| known.eq_ignore_ascii_case(name)),
        known => known.contains(&name),
    }
}

/// The draft of an article, or `None` for what holds none by its nature.
fn article(root: &str, item: &Element, around: &[Element]) -> Option<RawDocument> {
    match (root, item.name.as_str()) {
        (_, "item" | "entry") if is_no_article(item) => None,
        (_, "item" | "entry") => Some(feed_item(item, around)),
        (_, "newsItem") => newsml_g2(item),
        (_, "NewsItem") => newsml_1(item),
        (_, "nitf") => Some(nitf(item)),
        (
            "PPSResponse" | "ppsArticleResponse" | "ppsarticleResultSet" | "ppsarticle",
            "article",
        ) => Some(factiva(item)),
        (_, "TEI" | "TEI.2") => Some(tei(item)),
        _ => Some(corpus(item)),
    }
}

/// True for what blogs export beside their articles: pictures, menus, pages, drafts, comments, settings.
fn is_no_article(item: &Element) -> bool {
    let kind =
        item.value("post_type").is_some_and(|kind| !matches!(&*kind, "post" | "article" | "news"));
    let status = item.value("status");
    let unpublished = status.is_some_and(|status| {
        matches!(&*status, "draft" | "auto-draft" | "trash" | "pending" | "inherit")
    });
    let other = item.children().any(|child| {
        let term = child.attribute("term").unwrap_or_default();
        child.name == "category" && term.contains("#") && {
            let kind = term.rsplit('#').next().unwrap_or_default();
            matches!(kind, "comment" | "template" | "settings" | "page")
        }
    });
    kind || unpublished || other
}

/// Prefixes of what feeds say about pictures and players.
const FOREIGN: &[&str] = &["media", "itunes", "slash", "wfw", "thr", "geo", "georss"];

/// An item of RSS or an entry of Atom.
fn feed_item(item: &Element, around: &[Element]) -> RawDocument {
    let own = || item.children().filter(|child| !FOREIGN.contains(&child.prefix.as_str()));
    let child = |name: &str| own().find(|child| child.name == name);
    let value = |name: &str| child(name).and_then(content_line);
    let first = |names: &[&str]| names.iter().find_map(|name| value(name));
    let channel = around.last();
    let channel_value =
        |name: &str| channel.and_then(|channel| channel.child(name)).and_then(content_line);
    // RDF has the channel beside its items.
    let beside = channel.and_then(|root| root.child("channel")).and_then(|it| it.child("title"));
    let source = child("source");
    let publisher = source
        .and_then(|source| source.child("title").or(Some(source)))
        .and_then(content_line)
        .or_else(|| channel_value("title"))
        .or_else(|| beside.and_then(content_line));
    let texts = own().filter(|child| TEXTS.contains(&child.name.as_str())).map(content);
    let text =
        texts.fold(
            String::new(),
            |best, text| {
                if text.trim().len() > best.trim().len() { text } else { best }
            },
        );
    let links = || own().filter(|child| child.name == "link");
    let alternate = links().find(|link| {
        link.attribute("href").is_some()
            && link.attribute("rel").is_none_or(|rel| rel == "alternate")
    });
    let uri = alternate
        .and_then(|link| link.attribute("href").map(str::to_owned))
        .or_else(|| links().find_map(Element::line))
        .or_else(|| item.attribute("about").map(str::to_owned));
    RawDocument {
        id: first(&["guid", "id"]),
        uri,
        publisher,
        title: value("title"),
        date: first(&["pubDate", "published", "issued", "date", "created", "updated", "modified"])
            .or_else(|| channel_value("pubDate")),
        text,
        ..RawDocument::default()
    }
}

const TEXTS: &[&str] = &["description", "summary", "encoded", "content", "body", "fulltext"];

/// The text of an element that may hold elements, markup that is written out, or plain text.
fn content(element: &Element) -> String {
    if element.attribute("type") == Some("text") && !element.text().contains("</") {
        return element.text();
    }
    let is_media = |kind: &str| kind.starts_with("image/") || kind.starts_with("video/");
    if element.attribute("type").is_some_and(is_media) {
        return String::new();
    }
    if element.children().next().is_some() {
        return element.prose(&["figcaption", "figure"]);
    }
    html::fragment(&SHORTCODE.replace_all(&element.text(), "\n\n"))
}

/// What WordPress puts into a text in brackets: pictures with captions, galleries, players.
static SHORTCODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?s)\[caption[^\]]*\].*?\[/caption\]|\[/?(?:gallery|embed|video|audio|playlist|vc_\w+|et_pb_\w+)[^\]]*\]",
    )
    .expect("a fixed pattern")
});

fn content_line(element: &Element) -> Option<String> {
    let text = super::normalize::line(&content(element));
    (!text.is_empty()).then_some(text)
}

/// Elements of NITF and NewsML that are no text of the article.
const ASIDE: &[&str] = &[
    "media",
    "figure",
    "figcaption",
    "caption",
    "hedline",
    "byline",
    "byttl",
    "distributor",
    "dateline",
    "note",
    "script",
    "style",
    "copyright",
    "abstract",
    "body.end",
];

fn nitf(item: &Element) -> RawDocument {
    let data = item.find("pubdata");
    let data = |name: &str| data.and_then(|data| data.attribute(name)).map(str::to_owned);
    let norm = |name: &str| {
        item.all(name).into_iter().find_map(|date| date.attribute("norm").map(str::to_owned))
    };
    let holder = item.find("doc.copyright").and_then(|it| it.attribute("holder"));
    RawDocument {
        id: item.find("doc-id").and_then(|id| id.attribute("id-string")).map(str::to_owned),
        uri: data("ex-ref"),
        publisher: data("name")
            .or_else(|| item.value("distributor"))
            .or_else(|| holder.map(str::to_owned)),
        title: item
            .find("hedline")
            .and_then(|lines| lines.value("hl1"))
            .or_else(|| item.value("hl1"))
            .or_else(|| item.value("title")),
        date: data("date.publication")
            .or_else(|| norm("date.issue"))
            .or_else(|| norm("date.release"))
            .or_else(|| norm("story.date")),
        text: nitf_text(item),
        ..RawDocument::default()
    }
}

fn nitf_text(item: &Element) -> String {
    // Notes to the desk in the head of the body have a content of their own.
    let body = item.find("body");
    let content = body.and_then(|body| body.child("body.content"));
    let Some(content) = content.or_else(|| item.find("body.content")) else {
        return item.find("body").map_or_else(String::new, |body| body.prose(ASIDE));
    };
    // The NYT corpus gives the first paragraph twice.
    let full = content.children().find(|it| it.attribute("class") == Some("full_text"));
    full.unwrap_or(content).prose(ASIDE)
}

/// A name as NewsML gives it: an element, or an attribute.
fn party(element: &Element) -> Option<String> {
    let attribute = ["literal", "FormalName"].iter().find_map(|name| element.attribute(name));
    let party = || element.find("Party").and_then(|party| party.attribute("FormalName"));
    element
        .value("name")
        .or_else(|| attribute.or_else(party).map(str::to_owned))
        .or_else(|| element.line())
}

fn newsml_g2(item: &Element) -> Option<RawDocument> {
    let class = item.find("itemClass").and_then(|class| class.attribute("qcode"));
    let is_text = class.is_none_or(|class| {
        ["picture", "video", "audio", "graphic", "animation"]
            .iter()
            .all(|kind| !class.ends_with(kind))
    });
    let withdrawn = item.find("pubStatus").and_then(|status| status.attribute("qcode"));
    let withdrawn = withdrawn
        .is_some_and(|status| status.ends_with("canceled") || status.ends_with("withheld"));
    let set = item.find("contentSet");
    if withdrawn
        || !is_text
        || set.is_some_and(|set| set.find("inlineXML").or(set.find("inlineData")).is_none())
    {
        return None;
    }
    let set = set?;
    let nitf_in = set.find("nitf");
    let text = match (nitf_in, set.find("inlineXML"), set.find("inlineData")) {
        (Some(nitf), ..) => nitf_text(nitf),
        (None, Some(inline), _) => inline.find("body").unwrap_or(inline).prose(ASIDE),
        (None, None, Some(data)) => {
            let kind = data.attribute("contenttype").unwrap_or_default();
            let text = data.text();
            if kind.contains("html") || text.contains("</p>") { flat::text(&text) } else { text }
        }
        (None, None, None) => return None,
    };
    let names = ["provider", "infoSource", "copyrightHolder"];
    Some(RawDocument {
        id: item.attribute("guid").map(str::to_owned),
        publisher: names.iter().find_map(|name| item.find(name).and_then(party)),
        title: item
            .value("headline")
            .or_else(|| nitf_in.and_then(|nitf| nitf.value("hl1")))
            .or_else(|| item.value("title")),
        date: ["firstCreated", "contentCreated", "versionCreated"]
            .iter()
            .find_map(|name| item.value(name)),
        text,
        ..RawDocument::default()
    })
}

fn newsml_1(item: &Element) -> Option<RawDocument> {
    let mut contents = Vec::new();
    told_items(item, &mut contents);
    let contents = contents.into_iter().filter(|content| {
        let kind = content.find("MediaType").and_then(|kind| kind.attribute("FormalName"));
        kind.is_none_or(|kind| kind.to_ascii_lowercase().contains("text"))
    });
    let texts: Vec<String> = contents
        .filter_map(|content| content.find("DataContent"))
        .map(|data| match data.find("nitf") {
            Some(nitf) => nitf_text(nitf),
            None => match data.find("body") {
                Some(body) => body.find("body.content").unwrap_or(body).prose(ASIDE),
                None if data.children().next().is_none() && data.text().contains("</") => {
                    flat::text(&data.text())
                }
                None => data.prose(ASIDE),
            },
        })
        .filter(|text| !text.trim().is_empty())
        .collect();
    if texts.is_empty() {
        return None;
    }
    Some(RawDocument {
        id: item.value("PublicIdentifier"),
        publisher: ["Provider", "Source"].iter().find_map(|name| item.find(name).and_then(party)),
        title: item.value("HeadLine").or_else(|| item.value("hl1")),
        date: ["FirstCreated", "ThisRevisionCreated", "DateId"]
            .iter()
            .find_map(|name| item.value(name)),
        text: texts.join("\n\n"),
        ..RawDocument::default()
    })
}

/// The content items of an article but for those of pictures and their captions.
fn told_items<'e>(element: &'e Element, found: &mut Vec<&'e Element>) {
    for child in element.children() {
        let role = child.child("Role").and_then(|role| role.attribute("FormalName"));
        let beside = role.is_some_and(|role| {
            let role = role.to_ascii_lowercase();
            ["caption", "photo", "picture", "graphic", "video", "audio", "thumbnail", "preview"]
                .iter()
                .any(|beside| role.contains(beside))
        });
        match child.name.as_str() {
            "ContentItem" => found.push(child),
            _ if beside => {}
            _ => told_items(child, found),
        }
    }
}

fn factiva(item: &Element) -> RawDocument {
    let paragraphs = |name: &str| {
        let all = item.all(name);
        let paragraphs = all.iter().flat_map(|part| match part.all("paragraph") {
            none if none.is_empty() => part.line().into_iter().collect(),
            paragraphs => paragraphs.into_iter().filter_map(Element::line).collect::<Vec<_>>(),
        });
        paragraphs.collect::<Vec<String>>()
    };
    let mut text = paragraphs("leadParagraph");
    text.extend(paragraphs("tailParagraphs"));
    if text.is_empty() {
        text = paragraphs("body");
    }
    let title = paragraphs("headline").join(" ");
    RawDocument {
        id: item.value("accessionNo"),
        publisher: item.value("sourceName").or_else(|| item.value("publisherName")),
        title: Some(title),
        date: item.value("publicationDate"),
        text: text.join("\n\n"),
        ..RawDocument::default()
    }
}

fn tei(item: &Element) -> RawDocument {
    let header = item.find("teiHeader");
    let value = |name: &str| header.and_then(|header| header.value(name));
    let when = header.and_then(|header| {
        let dates = header.all("date");
        let written = dates.iter().find_map(|date| date.attribute("when").map(str::to_owned));
        written.or_else(|| dates.iter().find_map(|date| date.line()))
    });
    let body = item.find("text").map(|text| text.find("body").unwrap_or(text));
    // trafilatura parts the article from its comments.
    let body = body.map(|body| {
        body.children().find(|div| div.attribute("type") == Some("entry")).unwrap_or(body)
    });
    RawDocument {
        uri: header
            .and_then(|header| header.all("ptr").into_iter().find_map(|it| it.attribute("target")))
            .map(str::to_owned),
        publisher: value("publisher"),
        title: value("title"),
        date: when,
        text: body.map_or_else(String::new, |body| body.prose(&["comments", "figure"])),
        ..RawDocument::default()
    }
}

/// An article of a corpus: its fields are attributes and elements with the usual names.
fn corpus(item: &Element) -> RawDocument {
    let mut draft = RawDocument::default();
    let mut set = |name: &str, value: &str| {
        let value = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        let field = match name {
            "dc.publisher" | "dc.source" => RecordField::Publisher,
            "dc.date.published" | "dc.date" => RecordField::Date,
            "dc.title" => RecordField::Title,
            _ => match records::field(name) {
                Some((field, _)) => field,
                None => return,
            },
        };
        let slot = match field {
            RecordField::Id => &mut draft.id,
            RecordField::Uri => &mut draft.uri,
            RecordField::Publisher => &mut draft.publisher,
            RecordField::Title => &mut draft.title,
            RecordField::Date => &mut draft.date,
            RecordField::Text => return,
        };
        *slot = slot.take().or(value);
    };
    // The headline comes before the title: corpora put the country before the latter.
    for child in item.children().filter(|child| child.name.eq_ignore_ascii_case("headline")) {
        set("title", &child.line().unwrap_or_default());
    }
    for (name, value) in item.attributes() {
        set(name, value);
    }
    for child in item.children() {
        set(&child.name, &child.line().unwrap_or_default());
    }
    for element in item.all("dc") {
        if let (Some(name), Some(value)) =
            (element.attribute("element"), element.attribute("value"))
        {
            set(name, value);
        }
    }
    let named = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| item.children().find(|child| child.name.eq_ignore_ascii_case(name)))
    };
    let body = named(&["text", "main", "body", "fulltext", "content", "article_text", "maintext"]);
    let body = body.or_else(|| item.find("text")).or_else(|| item.find("body"));
    draft.text = match body {
        Some(body) if body.children().next().is_none() && body.text().contains("</p>") => {
            flat::text(&body.text())
        }
        Some(body) => body.prose(&["comments", "figure", "caption", "headline", "title", "byline"]),
        None => {
            let paragraphs =
                item.children().filter(|child| matches!(child.name.as_str(), "p" | "P"));
            paragraphs.map(|it| it.prose(&[])).collect::<Vec<_>>().join("\n\n")
        }
    };
    draft
}
