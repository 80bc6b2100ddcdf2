//! What a web page says about itself: headline, day, paper and address, by every way that pages use.
//!
//! Of each there are several candidates, the surest first; one that is none is passed over: a date that
//! is no day, a name that is only part of an address.

use std::collections::HashMap;
use std::sync::LazyLock;

use dom_query::{Document, NodeRef};
use regex::Regex;
use serde_json::Value;

use super::{dates, flat, normalize};

/// What a page says about itself.
#[derive(Debug, Default)]
pub(super) struct PageData {
    pub(super) title: Option<String>,
    pub(super) publisher: Option<String>,
    /// As it is written, or as a day.
    pub(super) date: Option<String>,
    pub(super) uri: Option<String>,
    /// The text that JSON-LD gives.
    pub(super) body: Option<String>,
}

/// Reads a page.
pub(super) fn read(page: &Document) -> PageData {
    let linked = LinkedData::of(page);
    let article = linked.article();
    let of_article = |key: &str| article.and_then(|article| string(article.get(key)?));
    let heading = heading(page);
    let (page_title, site) = parted_title(page, heading.as_deref());
    let publisher = publisher(page, &linked, article, site);
    let title = of_article("headline")
        .or_else(|| meta(page, &["og:title", "twitter:title", "dc.title"]))
        .or_else(|| property(page, "headline"))
        .or(heading)
        .or(page_title)
        .map(|title| without_site(&title, publisher.as_deref()));
    let uri = page.select("link[rel=canonical]").attr("href").map(|href| href.to_string());
    let uri = uri
        .filter(|href| href.contains("://"))
        .or_else(|| meta(page, &["og:url"]))
        .or_else(|| of_article("url"))
        .or_else(|| of_article("mainEntityOfPage").filter(|address| address.contains("://")));
    // Archives of pages give the day of the capture, and the address of the page behind their own.
    let (uri, date) = match uri.as_deref().and_then(captured) {
        Some(original) => {
            let day = in_address(Some(&original)).or_else(|| visible(page));
            (Some(original), day)
        }
        None => {
            let date = date(page, &linked, article, uri.as_deref());
            (uri, date)
        }
    };
    let body = of_article("articleBody").or_else(|| of_article("text"));
    PageData { title, publisher, date, uri, body }
}

/// Names under which pages give the day of publication, the surest first.
const DATE_NAMES: &[&str] = &[
    "article:published_time",
    "og:published_time",
    "datepublished",
    "article.published",
    "published_time",
    "published-date",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "published",
    "dc.date.issued",
    "dc.date",
    "dc.date.created",
    "dcterms.created",
    "dcterms.date",
    "dcterms.issued",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "cxenseparse:recs:publishtime",
    "article:created_time",
    "originalpublicationdate",
    "iso-8601-publish-date",
    "article_date_original",
    "prism.publicationdate",
    "bt:pubdate",
    "cxenseparse:publishtime",
    "rnews:datepublished",
    "date.created",
];

/// The day of publication: the first candidate that is one.
fn date(
    page: &Document,
    linked: &LinkedData,
    article: Option<&Value>,
    uri: Option<&str>,
) -> Option<String> {
    let written = ["datePublished", "dateCreated", "uploadDate"].iter();
    let in_article = written.filter_map(|key| string(article?.get(*key)?));
    let in_page = linked.others().filter_map(|object| string(object.get("datePublished")?));
    let metas = all_meta(page);
    let named = DATE_NAMES.iter().flat_map(|wanted| {
        metas.iter().filter(move |(name, _)| name == wanted).map(|(_, content)| content.clone())
    });
    let candidates = in_article
        .chain(named)
        .chain(property(page, "datePublished"))
        .chain(times(page))
        .chain(in_page);
    let mut first = None;
    for candidate in candidates {
        match dates::parse(&candidate) {
            Ok(Some(day)) if is_published(day) => return Some(candidate),
            Ok(_) => {}
            Err(_) => first = first.or(Some(candidate)),
        }
    }
    in_address(uri).or_else(|| visible(page)).or(first.filter(|it| !NULL_DATE.is_match(it)))
}

/// True for a day after the beginning of the count of computers.
fn is_published(day: jiff::civil::Date) -> bool {
    dates::is_plausible(day) && day != jiff::civil::date(1970, 1, 1) && day.year() > 1800
}

/// The address of the page that archive.today or the Wayback Machine captured, out of the address of the capture.
fn captured(uri: &str) -> Option<String> {
    let archive = [
        "archive.ph",
        "archive.today",
        "archive.is",
        "archive.li",
        "archive.md",
        "archive.fo",
        "archive.vn",
    ];
    let (_, rest) = uri.split_once("://")?;
    let host = rest.split('/').next()?;
    let original = archive.contains(&host).then(|| rest.find("http")).flatten()?;
    Some(rest[original..].to_owned()).filter(|original| original.contains("://"))
}

/// The day in an address: `/2024/05/03/` and the like.
fn in_address(uri: Option<&str>) -> Option<String> {
    let captures = DAY_IN_ADDRESS.captures(uri?)?;
    let number = |at: usize| captures.get(at).and_then(|it| it.as_str().parse::<i8>().ok());
    let year = captures[1].parse().ok()?;
    dates::day((year, number(2)?, number(3)?)).map(|day| day.to_string())
}

/// The days of `time` elements: first those that say so, never those of a change.
fn times(page: &Document) -> Vec<String> {
    let mut sure = Vec::new();
    let mut other = Vec::new();
    for path in ["article time", "main time", "time"] {
        for node in page.select(path).nodes() {
            let about = names(node).to_ascii_lowercase();
            let text = node.text().to_ascii_lowercase();
            let around = node.ancestors(Some(6));
            let is_aside = around.iter().any(|node| {
                let name = node.node_name();
                matches!(name.as_deref(), Some("aside" | "nav" | "footer"))
            });
            let is_change =
                ["update", "modif"].iter().any(|it| about.contains(it) || text.contains(it));
            if is_aside || is_change {
                continue;
            }
            let value =
                node.attr("datetime").map_or_else(|| node.text().to_string(), |it| it.to_string());
            if about.contains("publi") || node.has_attr("pubdate") {
                sure.push(value);
            } else {
                other.push(value);
            }
        }
    }
    sure.append(&mut other);
    sure
}

/// The day that stands above the text, where an element says that it is one, or in a byline.
fn visible(page: &Document) -> Option<String> {
    let nodes = page.select("[class*=date], [class*=time], [class*=publish], [class*=byline], [class*=meta], [id*=date]");
    let mut texts: Vec<String> =
        nodes.nodes().iter().take(40).map(|node| node.text().to_string()).collect();
    // Pages of old have no classes: the day stands by itself, or behind the name of the author.
    let body = page.body().map(|body| super::html::blocks(&body)).unwrap_or_default();
    texts.extend(
        body.lines().take(60).filter(|line| !normalize::ends_sentence(line)).map(str::to_owned),
    );
    texts.iter().find_map(|text| {
        let text = normalize::line(text);
        let is_change = text.to_ascii_lowercase().starts_with("updated")
            || text.to_ascii_lowercase().starts_with("last");
        let day = (text.len() < 120 && !is_change).then(|| dates::anywhere(&text))??;
        is_published(day).then(|| day.to_string())
    })
}

/// The paper: the first candidate that is a name, not part of an address.
fn publisher(
    page: &Document,
    linked: &LinkedData,
    article: Option<&Value>,
    site: Option<String>,
) -> Option<String> {
    let microdata = page
        .select("[itemprop=publisher]")
        .nodes()
        .iter()
        .find_map(|node| {
            let within = Document::fragment(node.html().to_string());
            property(&within, "name").or_else(|| Some(normalize::line(&node.text())))
        })
        .filter(|name| !name.is_empty() && name.len() < 80);
    let candidates: Vec<String> = [
        meta(page, &["og:site_name"]),
        article.and_then(|article| linked.name(article.get("publisher")?)),
        microdata,
        meta(page, &["dc.publisher", "publisher", "article:publisher", "application-name"]),
        article.and_then(|article| linked.name(article.get("sourceOrganization")?)),
        linked.others().find_map(|object| {
            let is_paper =
                kinds(object).any(|kind| kind.ends_with("Organization") || kind == "WebSite");
            is_paper.then(|| string(object.get("name")?))?
        }),
        site,
    ]
    .into_iter()
    .flatten()
    .filter(|name| !name.contains("://"))
    .collect();
    let is_name = |name: &&String| !SLUG.is_match(name);
    candidates.iter().find(is_name).or(candidates.first()).cloned()
}

/// All `meta` elements: names in lower case.
fn all_meta(page: &Document) -> Vec<(String, String)> {
    page.select("meta[content]")
        .nodes()
        .iter()
        .filter_map(|node| {
            let name = ["property", "name", "itemprop"].iter().find_map(|name| node.attr(name))?;
            Some((name.to_ascii_lowercase(), node.attr("content")?.trim().to_owned()))
        })
        .filter(|(_, content)| !content.is_empty())
        .collect()
}

/// The first `meta` element with one of the names, in the order of the names.
fn meta(page: &Document, names: &[&str]) -> Option<String> {
    let all = all_meta(page);
    let named = |wanted: &&str| all.iter().find(|(name, _)| name == wanted);
    names.iter().find_map(named).map(|(_, content)| content.clone())
}

/// The value of a property of microdata.
fn property(page: &Document, name: &str) -> Option<String> {
    let nodes = page.select(&format!("[itemprop={name}]"));
    nodes.nodes().iter().find_map(|node| {
        let given = ["content", "datetime"].iter().find_map(|key| node.attr(key));
        let value = given.map_or_else(|| node.text().to_string(), |value| value.to_string());
        let value = normalize::line(&value);
        (!value.is_empty()).then_some(value)
    })
}

/// Classes and id of an element.
pub(super) fn names(node: &NodeRef<'_>) -> String {
    let class = node.attr("class").unwrap_or_default();
    let id = node.attr("id").unwrap_or_default();
    let component = node.attr("data-component").or_else(|| node.attr("data-testid"));
    // "caption-block" is a block with a caption.
    let component = component.unwrap_or_default();
    format!("{class} {id} {}", component.trim_end_matches("-block"))
}

/// The only main heading, or the one within the article.
fn heading(page: &Document) -> Option<String> {
    ["article h1", "main h1", "h1"].iter().find_map(|path| {
        let headings = page.select(path);
        let first = headings.nodes().first().filter(|_| headings.length() == 1)?;
        let text = normalize::line(&first.text());
        (!text.is_empty()).then_some(text)
    })
}

/// The title of the page without the name of the site, and that name.
fn parted_title(page: &Document, heading: Option<&str>) -> (Option<String>, Option<String>) {
    let title =
        page.select("head title, title").nodes().first().map(|node| normalize::line(&node.text()));
    let Some(title) = title.filter(|title| !title.is_empty()) else { return (None, None) };
    if let Some(heading) = heading.filter(|heading| !heading.eq_ignore_ascii_case(&title)) {
        let rest = title.strip_prefix(heading).or_else(|| title.strip_suffix(heading));
        if let Some(rest) = rest {
            let parts =
                rest.split(['|', '–', '—', '·', '»', ':']).flat_map(|part| part.split(" - "));
            let site = parts.map(str::trim).filter(|part| !part.is_empty()).last();
            return (Some(heading.to_owned()), site.map(str::to_owned));
        }
    }
    for mark in [" | ", " – ", " — ", " - ", " · ", " » "] {
        if let Some((front, back)) = title.rsplit_once(mark)
            && back.split(' ').count() <= 6
            && front.split(' ').count() >= back.split(' ').count()
        {
            return (Some(front.to_owned()), Some(back.to_owned()));
        }
    }
    // "The Elm Daily: Pier opens"
    if let Some((front, back)) = title.split_once(": ")
        && front.split(' ').count() <= 5
        && front.split(' ').all(|word| word.starts_with(char::is_uppercase))
        && PAPER.is_match(front)
    {
        return (Some(back.to_owned()), Some(front.to_owned()));
    }
    (Some(title), None)
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

/// The objects of JSON-LD on a page.
struct LinkedData(Vec<Value>);

impl LinkedData {
    fn of(page: &Document) -> Self {
        let scripts = page.select(r#"script[type*="ld+json"]"#);
        let values = scripts.nodes().iter().filter_map(|node| parsed(&node.text()));
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
                        if let Some(main) = object.get("mainEntity").filter(|main| main.is_object())
                        {
                            stack.push(main.clone());
                        }
                        objects.push(Value::Object(object));
                    }
                    _ => {}
                }
            }
        }
        Self(objects)
    }

    /// The object that describes the article.
    fn article(&self) -> Option<&Value> {
        self.0.iter().find(|object| kinds(object).any(is_article_type))
    }

    /// What is no article: the page, the site, the paper.
    fn others(&self) -> impl Iterator<Item = &Value> {
        self.0.iter().filter(|object| !kinds(object).any(is_article_type))
    }

    /// The name of a value, which may only point to an object with that name.
    fn name(&self, value: &Value) -> Option<String> {
        match value {
            Value::String(_) => string(value),
            Value::Array(items) => items.iter().find_map(|item| self.name(item)),
            Value::Object(object) => object.get("name").and_then(string).or_else(|| {
                let ids: HashMap<&str, &Value> = self
                    .0
                    .iter()
                    .filter_map(|object| Some((object.get("@id")?.as_str()?, object)))
                    .collect();
                string(ids.get(object.get("@id")?.as_str()?)?.get("name")?)
            }),
            _ => None,
        }
    }
}

/// JSON as pages write it: in CDATA or a comment, with raw line ends and commas before brackets.
fn parsed(text: &str) -> Option<Value> {
    let text = text.trim();
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let text = match text.find("<![CDATA[") {
        Some(at) => text[at + "<![CDATA[".len()..].trim_end().trim_end_matches("]]>"),
        None => text,
    };
    let start = text.find(['{', '['])?;
    let end = text.rfind(['}', ']'])?;
    let text = text.get(start..=end)?;
    let mut mended = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in text.chars() {
        match c {
            '"' if !escaped => in_string = !in_string,
            '}' | ']' if !in_string => {
                let kept = mended.trim_end();
                if kept.ends_with(',') {
                    mended.truncate(kept.len() - 1);
                }
            }
            '\n' if in_string => {
                mended.push_str("\\n");
                continue;
            }
            c if in_string && c.is_control() => {
                mended.push(' ');
                continue;
            }
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        mended.push(c);
    }
    serde_json::from_str(&mended).ok()
}

fn kinds(object: &Value) -> impl Iterator<Item = &str> {
    let (one, many) = match object.get("@type") {
        Some(Value::Array(kinds)) => (None, kinds.as_slice()),
        Some(kind) => (kind.as_str(), [].as_slice()),
        None => (None, [].as_slice()),
    };
    one.into_iter().chain(many.iter().filter_map(Value::as_str))
}

fn is_article_type(kind: &str) -> bool {
    kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report"
}

/// A string in JSON-LD, which may hold character references although it should not.
fn string(value: &Value) -> Option<String> {
    let text = match value {
        Value::Array(items) => return items.iter().find_map(string),
        value => value.as_str()?.trim(),
    };
    (!text.is_empty()).then(|| flat::decode(&text.replace('<', "&lt;")))
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

static DAY_IN_ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[/_-]((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2]|[1-9])[/_-]?(0[1-9]|[12]\d|3[01]|[1-9])(?:[/_.-]|$)",
    )
});
static NULL_DATE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:0001|1970-01-01|0000)"));
/// Part of an address: one word in lower case, or a host.
static SLUG: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:[a-z0-9_-]+|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|@\S+)$"));
/// Names that papers bear.
static PAPER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^The \S|\b(?:News|Times|Post|Herald|Daily|Weekly|Journal|Gazette|Courier|Tribune|Standard|Observer|Review|Press|Mail|Chronicle|Globe|Guardian|Telegraph|Star|Sun|Today)$",
    )
});
