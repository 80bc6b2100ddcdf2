//! Tables of articles: JSON Lines, JSON arrays, CSV.
//!
//! Columns go by their usual names (`text`, `body`, `content` ...), in any case and with any
//! separators. A row without text, or one that cannot be parsed, is left out with its line; the
//! rows around it are read. What other columns hold is passed over unread, however deep or odd.

use std::io::{self, BufRead, Cursor, Read};
use std::sync::LazyLock;

use regex::Regex;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::unpack::ArticleTable;
use super::{
    Batch, InputFormat, InputOptions, RawDocument, Source, at_item, dates, finish, html, quoted,
};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordField {
    Id,
    Uri,
    Publisher,
    Title,
    Date,
    Text,
}

/// The column names of each field, the surest first: where a row has several, that one counts.
const NAMES: &[(RecordField, &[&str])] = &[
    (
        RecordField::Id,
        &["id", "articleid", "docid", "documentid", "uuid", "guid", "identifier", "key"],
    ),
    (
        RecordField::Uri,
        &[
            "url",
            "uri",
            "link",
            "href",
            "canonicalurl",
            "articleurl",
            "weburl",
            "permalink",
            "requestedurl",
            "originalurl",
            "articlelink",
            "storyurl",
        ],
    ),
    (
        RecordField::Publisher,
        &[
            "publisher",
            "sitename",
            "metasitename",
            "source",
            "outlet",
            "newsoutlet",
            "newssource",
            "publication",
            "publicationname",
            "publicationtitle",
            "medianame",
            "newspaper",
            "sourcename",
            "sourcetitle",
            "paper",
            "media",
            "medium",
            "provider",
            "copyrightholder",
            "infosources",
            "site",
            "feed",
            "zeitung",
            "quelle",
            "publikation",
            "journal",
            "fuente",
            "diario",
            "testata",
            "fonte",
        ],
    ),
    (
        RecordField::Title,
        &[
            "title",
            "headline",
            "headlines",
            "heading",
            "articletitle",
            "head",
            "webtitle",
            "newstitle",
            "titel",
            "überschrift",
            "titre",
            "título",
            "titulo",
            "titular",
            "titolo",
        ],
    ),
    (
        RecordField::Date,
        &[
            "published",
            "publishedat",
            "publicationdate",
            "datepublished",
            "publisheddate",
            "publishdate",
            "pubdate",
            "webpublicationdate",
            "publishingdate",
            "datepublish",
            "datetimepub",
            "firstpublished",
            "publishedon",
            "firstcreated",
            "versioncreated",
            "date",
            "publishtime",
            "publishedtime",
            "datetime",
            "timestamp",
            "time",
            "dct",
            "created",
            "createdat",
            "articledate",
            "storydate",
            "newsdate",
            "postdate",
            "pubtime",
            "seendate",
            "erscheinungsdatum",
            "erschienen",
            "erschienenam",
            "veröffentlichungsdatum",
            "datum",
            "datedepublication",
            "datedeparution",
            "fecha",
            "fechadepublicación",
        ],
    ),
    (
        RecordField::Text,
        &[
            "text",
            "bodytext",
            "contenttext",
            "articlebody",
            "fulltext",
            "maintext",
            "body",
            "content",
            "contents",
            "bodies",
            "paragraphs",
            "contenthtml",
            "bodyhtml",
            "bodyxhtml",
            "article",
            "articletext",
            "articlecontent",
            "story",
            "newstext",
            "rawtext",
            "document",
            "html",
            "plaintext",
            "leadparagraph",
            "volltext",
            "artikeltext",
            "inhalt",
            "texte",
            "texteintégral",
            "texteintegral",
            "contenu",
            "texto",
            "textocompleto",
            "textointegral",
            "cuerpo",
            "testo",
            "tekst",
        ],
    ),
];

/// The field of a column, and its rank among the names of that field (0: the surest).
pub(super) fn field(column: &str) -> Option<(RecordField, usize)> {
    let name: String = column
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .take(40)
        .collect();
    NAMES.iter().find_map(|(field, names)| {
        names.iter().position(|known| *known == name).map(|rank| (*field, rank))
    })
}

const FIELDS: usize = 6;

/// A row: of each field the value with the surest name.
#[derive(Debug, Default)]
struct Row([Option<(usize, Value)>; FIELDS]);

impl Row {
    fn set(&mut self, (field, rank): (RecordField, usize), value: Value) {
        let cell = &mut self.0[field as usize];
        // Of two columns with equally good names the longer text counts, else the first.
        let length = |value: &Value| value.as_str().map_or(0, str::len);
        let is_better = match cell {
            Some((known, before)) => match (is_useful(field, &value), is_useful(field, before)) {
                (true, true) if rank == *known && field == RecordField::Text => {
                    length(&value) > length(before)
                }
                (true, true) => rank < *known,
                (useful, _) => useful,
            },
            None => true,
        };
        if is_better {
            *cell = Some((rank, value));
        }
    }

    /// Takes over what a nested object says.
    fn merge(&mut self, inner: Self) {
        const FIELDS: [RecordField; 6] = [
            RecordField::Id,
            RecordField::Uri,
            RecordField::Publisher,
            RecordField::Title,
            RecordField::Date,
            RecordField::Text,
        ];
        for (field, cell) in FIELDS.into_iter().zip(inner.0) {
            if let Some((rank, value)) = cell {
                self.set((field, rank), value);
            }
        }
    }

    fn take(&mut self, field: RecordField) -> Option<Value> {
        self.0[field as usize].take().map(|(_, value)| value).filter(|value| !value.is_null())
    }

    fn word(&mut self, field: RecordField) -> Option<String> {
        word(self.take(field)?)
    }

    /// The draft, or why there is none.
    fn draft(mut self) -> Result<RawDocument, String> {
        let text = match self.take(RecordField::Text) {
            Some(value) => prose(value)?,
            None => return Err("no text".to_owned()),
        };
        let text = if is_markup(&text) { html::fragment(&text) } else { text };
        let publisher = self.word(RecordField::Publisher).filter(|name| !is_address(name));
        Ok(RawDocument {
            id: self.word(RecordField::Id),
            uri: self.word(RecordField::Uri),
            publisher,
            title: self.word(RecordField::Title),
            date: self.word(RecordField::Date),
            text,
            line: None,
            item: None,
            is_field: true,
        })
    }
}

/// True for a value that says something of the field.
fn is_useful(field: RecordField, value: &Value) -> bool {
    match (field, value) {
        (_, Value::Null) => false,
        (_, Value::String(text)) if text.trim().is_empty() => false,
        (RecordField::Publisher, Value::String(text)) => !is_address(text),
        (RecordField::Date, Value::String(text)) => matches!(dates::parse(text), Ok(Some(_))),
        _ => true,
    }
}

fn is_address(text: &str) -> bool {
    text.contains("://")
}

/// True for text with markup.
fn is_markup(text: &str) -> bool {
    ["<p>", "<br>", "<br/>", "<br />"].iter().any(|tag| text.contains(tag)) || MARKUP.is_match(text)
}

static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"</(?:p|div|span|a|b|i|em|strong|u|h[1-6]|li|ul|figure|blockquote)>")
        .expect("a fixed pattern")
});

/// What services put behind a text that they give only the beginning of.
static CUT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\s*(?:…|\.\.\.)?\s*\[\+?\d+ (?:chars|characters)\]\s*$").expect("a fixed pattern")
});

/// A short value as a string; of an object its name.
fn word(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(mut object) => NAMED.iter().find_map(|key| word(object.remove(*key)?)),
        Value::Array(mut items) => match items.iter().position(is_main) {
            Some(main) => word(items.swap_remove(main)),
            None => items.into_iter().find_map(word),
        },
        Value::Null | Value::Bool(_) => None,
    }
}

/// What a part of a list is: `{"role": "main", "value": ...}`, `{"type": "byline", "content": ...}`.
fn part_name(part: &Value) -> Option<&str> {
    let object = part.as_object()?;
    ["role", "type", "kind"].iter().find_map(|key| object.get(*key)?.as_str())
}

fn is_main(part: &Value) -> bool {
    part_name(part) == Some("main")
}

/// True for a part of an article that is not its text, by what it is called.
fn is_beside_text(part: &Value) -> bool {
    let Some(name) = part_name(part) else { return false };
    let name = name.to_ascii_lowercase();
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| BESIDE_TEXT.contains(&word))
}

/// Names of such parts.
const BESIDE_TEXT: &[&str] = &[
    "ad",
    "advertisement",
    "author",
    "byline",
    "caption",
    "credit",
    "date",
    "dateline",
    "deck",
    "gallery",
    "graphic",
    "headline",
    "image",
    "kicker",
    "newsletter",
    "photo",
    "promo",
    "related",
    "subtitle",
    "summary",
    "tags",
    "teaser",
    "title",
    "tweet",
    "video",
];

/// Members that hold the value of an object.
const NAMED: &[&str] = &[
    "name", "title", "main", "rendered", "value", "#text", "$t", "original", "en", "@value", "@id",
    "$date",
];

/// The text of an article: a string, a list of paragraphs, or an object that holds one of these.
fn prose(value: Value) -> Result<String, String> {
    let found = match value {
        Value::String(text) => return Ok(text),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let paragraphs: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            return Ok(paragraphs.join("\n\n"));
        }
        Value::Array(mut items) if items.iter().any(Value::is_object) => {
            if let Some(main) = items.iter().position(is_main) {
                return prose(items.swap_remove(main));
            }
            items.retain(|item| !is_beside_text(item));
            let parts = items.into_iter().filter_map(|item| prose(item).ok());
            let text = parts.collect::<Vec<_>>().join("\n\n");
            if !text.trim().is_empty() {
                return Ok(text);
            }
            "a list"
        }
        Value::Array(_) => "a list",
        Value::Object(mut object) => {
            let parts = [
                "sections",
                "paragraphs",
                "text",
                "plaintext",
                "rendered",
                "content",
                "value",
                "body",
                "html",
                "#text",
                "$t",
                "@value",
            ];
            let part = parts.iter().find_map(|key| {
                let part = object.remove(*key).filter(|part| !part.is_null())?;
                prose(part).ok().filter(|text| !text.trim().is_empty())
            });
            if let Some(text) = part {
                return Ok(text);
            }
            "an object"
        }
        Value::Number(_) => "a number",
        Value::Bool(_) => "true or false",
        Value::Null => "null",
    };
    Err(format!("the text is {found}, expected a string"))
}

/// Members that hold fields of the article: of the Guardian, Elasticsearch, JSON:API, GraphQL.
const WRAPPERS: &[&str] =
    &["fields", "_source", "attributes", "node", "info", "item", "metadata", "article_data"];

/// An item of JSON: a row, or something else.
enum JsonItem {
    Row(Box<Row>),
    Other(&'static str),
}

impl<'de> Deserialize<'de> for JsonItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemVisitor)
    }
}

struct ItemVisitor;

macro_rules! other {
    ($($method:ident($type:ty) $what:literal)*) => {$(
        fn $method<E>(self, _: $type) -> Result<JsonItem, E> {
            Ok(JsonItem::Other($what))
        }
    )*};
}

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = JsonItem;

    other! {
        visit_bool(bool) "true or false"
        visit_i64(i64) "a number"
        visit_u64(u64) "a number"
        visit_f64(f64) "a number"
        visit_str(&str) "a string"
    }

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<JsonItem, E> {
        Ok(JsonItem::Other("null"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<JsonItem, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(JsonItem::Other("a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<JsonItem, A::Error> {
        let mut row = Row::default();
        while let Some(column) = members.next_key::<String>()? {
            match field(&column) {
                Some((RecordField::Text, rank)) => {
                    // `"article": {"title": ..., "body": ...}` holds more than a text.
                    let value: Value = members.next_value()?;
                    match whole_article(&value) {
                        Some(inner) => row.merge(inner),
                        None => row.set((RecordField::Text, rank), value),
                    }
                }
                Some(field) => row.set(field, members.next_value()?),
                None if WRAPPERS.contains(&column.as_str()) => {
                    if let JsonItem::Row(inner) = members.next_value()? {
                        row.merge(*inner);
                    }
                }
                None => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(JsonItem::Row(Box::new(row)))
    }
}

/// An object that has a text and a title or day of its own.
fn whole_article(value: &Value) -> Option<Row> {
    if !value.is_object() {
        return None;
    }
    let JsonItem::Row(row) = JsonItem::deserialize(value).ok()? else { return None };
    let has = |field: RecordField| row.0[field as usize].is_some();
    let told = has(RecordField::Title) || has(RecordField::Date);
    (has(RecordField::Text) && told).then_some(*row)
}

/// True for a table that [`read`] reads row by row, given its first bytes.
pub(super) fn is_read_by_row(format: InputFormat, head: &[u8]) -> bool {
    match format {
        InputFormat::JsonLines | InputFormat::Csv | InputFormat::Tsv => true,
        InputFormat::Json => head.trim_ascii_start().starts_with(b"["),
        _ => false,
    }
}

/// Reads a table that is too large to be held.
pub(super) fn read(
    table: &ArticleTable,
    source: &Source,
    options: &InputOptions,
    batch: &mut Batch,
) {
    let outcome = table.open().and_then(|mut reader| match table.format {
        InputFormat::Json => {
            items(serde_json::Deserializer::from_reader(reader), None, source, options, batch);
            Ok(())
        }
        InputFormat::Csv | InputFormat::Tsv => {
            let mut sample = Vec::new();
            reader.by_ref().take(SAMPLE as u64).read_to_end(&mut sample)?;
            let marks = LineScan { odd: table.n_quotes % 2 == 1, blank: table.is_blank };
            let first = String::from_utf8_lossy(&sample).into_owned();
            let rest = Cursor::new(sample).chain(reader);
            rows((&first, rest), marks, table.format == InputFormat::Tsv, source, options, batch);
            Ok(())
        }
        _ => lines(reader, source, options, batch),
    });
    if let Err(cause) = outcome {
        batch.skip(source, None, format!("cannot be read on: {cause}"));
    }
}

fn lines(
    mut reader: impl BufRead,
    source: &Source,
    options: &InputOptions,
    batch: &mut Batch,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        let most = options.max_held as u64;
        if reader.by_ref().take(most).read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        if bytes.len() as u64 == most && bytes.last() != Some(&b'\n') {
            batch.skip(source, Some(line), format!("more than {most} bytes: no memory for more"));
            batch.lacks_memory = true;
            reader.skip_until(b'\n')?;
            continue;
        }
        json_line(&String::from_utf8_lossy(&bytes), line, source, options, batch);
    }
    Ok(())
}

/// Reads one article a line.
pub(super) fn json_lines(text: &str, source: &Source, options: &InputOptions, batch: &mut Batch) {
    for (line, json) in (1..).zip(text.split('\n')) {
        json_line(json, line, source, options, batch);
    }
}

fn json_line(json: &str, line: u64, source: &Source, options: &InputOptions, batch: &mut Batch) {
    let json = json.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{feff}');
    if json.is_empty() {
        return;
    }
    let item = match serde_json::from_str::<JsonItem>(json) {
        Ok(item) => Ok(item),
        Err(cause) => match without_lone_surrogates(json) {
            Some(repaired) => {
                batch.warn(source, Some(line), "half of a surrogate pair is read as U+FFFD");
                serde_json::from_str(&repaired)
            }
            None => Err(cause),
        },
    };
    match item {
        Ok(item) => add(item, Some(line), None, source, options, batch),
        Err(cause) => batch.skip(source, Some(line), json_cause(&cause)),
    }
}

/// Reads an array of articles, an object that is one, or an object that holds such an array.
pub(super) fn json(text: &str, source: &Source, options: &InputOptions, batch: &mut Batch) {
    let repaired;
    let mut json = text;
    if let Some(text) = without_lone_surrogates(text) {
        batch.warn(source, None, "half of a surrogate pair is read as U+FFFD");
        repaired = text;
        json = &repaired;
    }
    let begins = json.trim_start();
    if !begins.starts_with('[') {
        if is_lines(begins) {
            json_lines(text, source, options, batch);
            return;
        }
        if let Ok(whole @ Value::Object(_)) = serde_json::from_str::<Value>(json)
            && whole_article(&whole).is_none()
        {
            let mut found = Vec::new();
            articles_within(&whole, 0, &mut found);
            let list = match found.is_empty() {
                true => whole.as_object().and_then(|object| list(object, 0)).cloned(),
                false => Some(Value::Array(found.into_iter().cloned().collect())),
            };
            if let Some(list) = list {
                // A JSON Feed is called after the paper.
                let is_feed = whole.get("version").and_then(Value::as_str);
                let is_feed = is_feed.is_some_and(|version| version.contains("jsonfeed"));
                let paper = whole.get("title").and_then(Value::as_str).filter(|_| is_feed);
                let paper = paper.or_else(|| blog_name(&whole, 0));
                let list = list.to_string();
                items(serde_json::Deserializer::from_str(&list), paper, source, options, batch);
                return;
            }
        }
        match serde_json::from_str::<JsonItem>(json) {
            Ok(item) => add(item, None, None, source, options, batch),
            Err(cause) => batch.skip(source, Some(cause.line() as u64), json_cause(&cause)),
        }
        return;
    }
    items(serde_json::Deserializer::from_str(json), None, source, options, batch);
}

/// Members that hold the articles in answers of news services, or an object with such a member.
const LISTS: &[&str] = &[
    "articles",
    "documents",
    "docs",
    "items",
    "results",
    "posts",
    "stories",
    "hits",
    "entries",
    "response",
    "result",
    "data",
    "news",
    "records",
    "value",
    "feed",
    "channel",
    "@graph",
];

/// Members below which no articles are looked for: what readers wrote, what is elsewhere.
const BELOW_ARTICLES: &[&str] =
    &["author", "comment", "image", "media", "related", "repl", "tag", "user", "concept"];

/// How deep articles are looked for.
const MAX_DEPTH: usize = 8;

/// The objects that are articles, wherever they stand: `{"response": {"content": {...}}}`, `{"17": {"info": {...}}}`,
/// `{"db": [{"data": {"posts": [...]}}]}`. Drafts and pages of the site are none.
fn articles_within<'v>(value: &'v Value, depth: usize, found: &mut Vec<&'v Value>) {
    match value {
        _ if depth > MAX_DEPTH => {}
        Value::Array(items) => {
            items.iter().for_each(|item| articles_within(item, depth + 1, found));
        }
        Value::Object(object) => {
            if whole_article(value).is_some() {
                let is = |key: &str, values: &[&str]| {
                    let said = object.get(key).and_then(Value::as_str).unwrap_or_default();
                    values.contains(&said)
                };
                let unpublished = is("status", &["draft", "scheduled", "trash", "pending"])
                    || is("pubStatus", &["canceled", "withheld"])
                    || is("type", &["page"]);
                if !unpublished {
                    found.push(value);
                }
                return;
            }
            for (key, inner) in object {
                let key = key.to_ascii_lowercase();
                if !BELOW_ARTICLES.iter().any(|beside| key.starts_with(beside)) {
                    articles_within(inner, depth + 1, found);
                }
            }
        }
        _ => {}
    }
}

/// The name of the blog among the settings that it exports: `{"settings": [{"key": "title", "value": ...}]}`.
fn blog_name(value: &Value, depth: usize) -> Option<&str> {
    let inner = |value| blog_name(value, depth + 1);
    match value {
        _ if depth > 4 => None,
        Value::Array(items) => items.iter().take(1).find_map(inner),
        Value::Object(object) => {
            let named =
                |setting: &&Value| setting.get("key").and_then(Value::as_str) == Some("title");
            let settings = object.get("settings").and_then(Value::as_array);
            let title = settings.and_then(|settings| settings.iter().find(named));
            title
                .and_then(|title| title.get("value")?.as_str())
                .or_else(|| ["db", "data"].iter().find_map(|key| object.get(*key).and_then(inner)))
        }
        _ => None,
    }
}

/// The list of articles in an answer.
fn list(object: &serde_json::Map<String, Value>, depth: usize) -> Option<&Value> {
    if object.keys().any(|key| matches!(field(key), Some((RecordField::Text, _)))) {
        return None;
    }
    LISTS.iter().find_map(|key| match object.get(*key)? {
        list @ Value::Array(items) if items.is_empty() || items.iter().any(Value::is_object) => {
            Some(list)
        }
        Value::Object(inner) if depth < 3 => self::list(inner, depth + 1),
        _ => None,
    })
}

/// True if the first line is a whole object and another follows.
fn is_lines(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let whole = |line: &str| {
        line.starts_with('{')
            && line.ends_with('}')
            && serde_json::from_str::<IgnoredAny>(line).is_ok()
    };
    lines.next().is_some_and(whole) && lines.next().is_some()
}

fn items<'de>(
    mut json: serde_json::Deserializer<impl serde_json::de::Read<'de>>,
    paper: Option<&str>,
    source: &Source,
    options: &InputOptions,
    batch: &mut Batch,
) {
    let mut n = 0;
    let each = Each(|mut item| {
        n += 1;
        if let (JsonItem::Row(row), Some(paper)) = (&mut item, paper) {
            row.set((RecordField::Publisher, usize::MAX), Value::String(paper.to_owned()));
        }
        add(item, None, Some(n), source, options, batch);
    });
    let end = each.deserialize(&mut json).and_then(|()| json.end());
    if let Err(cause) = end {
        let reason = format!("after item {n}: {}", json_cause(&cause));
        batch.skip(source, Some(cause.line() as u64), reason);
    }
}

/// Calls a function for each item of a list, so that those before an error are kept.
struct Each<F>(F);

impl<'de, F: FnMut(JsonItem)> DeserializeSeed<'de> for Each<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(JsonItem)> Visitor<'de> for Each<F> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of articles")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            self.0(item);
        }
        Ok(())
    }
}

fn add(
    item: JsonItem,
    line: Option<u64>,
    number: Option<u64>,
    source: &Source,
    options: &InputOptions,
    batch: &mut Batch,
) {
    let draft = match item {
        JsonItem::Row(row) => row.draft(),
        JsonItem::Other(what) => Err(format!("{what}, expected an object with an article")),
    };
    match draft {
        Ok(mut draft) => {
            if let Some(cut) = CUT.find(&draft.text) {
                let end = cut.start();
                batch.warn(
                    source,
                    line,
                    at_item("only the beginning of the text is given", number),
                );
                draft.text.truncate(end);
            }
            finish(RawDocument { line, item: number, ..draft }, source, options, batch);
        }
        Err(reason) => batch.skip(source, line, at_item(&reason, number)),
    }
}

/// The parser's reason, without the line, which is reported separately.
fn json_cause(cause: &serde_json::Error) -> String {
    let text = cause.to_string();
    let what = text.rfind(" at line ").map_or(text.as_str(), |end| &text[..end]);
    format!("not JSON: {what} (column {})", cause.column())
}

/// The text with `\ud800` and the like replaced where the other half is missing.
///
/// `None` if there are none.
fn without_lone_surrogates(json: &str) -> Option<String> {
    let mut out = String::new();
    let (mut done, mut at) = (0, 0);
    while let Some(found) = json[at..].find('\\') {
        let start = at + found;
        let unit = unit(&json[start..]);
        at = match unit {
            Some(0xd800..=0xdbff)
                if matches!(self::unit(json.get(start + 6..)?), Some(0xdc00..=0xdfff)) =>
            {
                start + 12
            }
            Some(0xd800..=0xdfff) => {
                out.push_str(&json[done..start]);
                out.push_str("\\ufffd");
                done = start + 6;
                done
            }
            Some(_) => start + 6,
            None => start + 1 + json[start + 1..].chars().next().map_or(0, char::len_utf8),
        };
    }
    (done > 0).then(|| out + &json[done..])
}

/// The code unit of an escape `\uXXXX` at the beginning of the text.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// True for a table that somebody saved as text: the first line names a column with the text and another, with tabs between.
pub(super) fn is_table(text: &str) -> bool {
    let first = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    let names = || first.split('\t').filter_map(|name| field(name.trim().trim_matches('"')));
    let has = |wanted: RecordField| names().any(|(field, _)| field == wanted);
    first.contains('\t')
        && has(RecordField::Text)
        && (has(RecordField::Title) || has(RecordField::Date))
}

/// Reads one article a row; the first row names the columns.
pub(super) fn csv(
    text: &str,
    tabs: bool,
    source: &Source,
    options: &InputOptions,
    batch: &mut Batch,
) {
    let odd = text.bytes().filter(|&byte| byte == b'"').count() % 2 == 1;
    let marks = LineScan { odd, blank: text.trim().is_empty() };
    let sample = &text[..text.floor_char_boundary(SAMPLE)];
    rows((sample, text.as_bytes()), marks, tabs, source, options, batch);
}

/// What is seen of a table when it is looked through.
struct LineScan {
    /// The number of quotation marks is odd.
    odd: bool,
    /// There is nothing but blanks.
    blank: bool,
}

/// Bytes from which the way of writing a table is learned.
const SAMPLE: usize = 1 << 20;

fn rows(
    (sample, mut text): (&str, impl BufRead),
    marks: LineScan,
    tabs: bool,
    source: &Source,
    options: &InputOptions,
    batch: &mut Batch,
) {
    let dialect = Dialect::of(sample, tabs);
    let sample = &sample[dialect.start..];
    if text.by_ref().take(dialect.start as u64).read_to_end(&mut Vec::new()).is_err() {
        return;
    }
    let mut reader = dialect.builder().from_reader(text);
    let columns = match reader.headers() {
        Ok(columns) => Columns::of(columns),
        Err(cause) => {
            batch.skip(source, Some(1), format!("not CSV: {cause}"));
            return;
        }
    };
    if marks.blank {
        return;
    }
    if !columns.has_text() {
        let header = sample.lines().next().unwrap_or_default();
        let reason = format!(
            "no column with text: found {}, expected text, body or content",
            quoted(header.trim())
        );
        batch.skip(source, Some(1), reason);
        return;
    }
    if marks.odd && dialect.quote == b'"' && !dialect.escaped {
        batch.warn(source, None, "a quotation mark is not closed: rows may be read as one");
    }
    let sampled = sampled(&dialect, sample);
    let day_first = columns.day_first(sampled.iter().flat_map(|row| row.iter().enumerate()));
    let offset = u64::from(dialect.start > 0);
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return,
            Err(cause) => {
                let line = cause.position().map(|position| position.line() + offset);
                batch.skip(source, line, format!("not CSV: {cause}"));
                if cause.is_io_error() {
                    return;
                }
                continue;
            }
        }
        let line = record.position().map(|position| position.line() + offset);
        let row = columns.row(&record, &day_first);
        if record.len() != columns.0.len() {
            let message = format!("{} cells, expected {}", record.len(), columns.0.len());
            batch.warn(source, line, message);
        }
        add(JsonItem::Row(Box::new(row)), line, None, source, options, batch);
    }
}

/// The rows of a sample that are whole.
fn sampled(dialect: &Dialect, sample: &str) -> Vec<csv::StringRecord> {
    let mut rows: Vec<csv::StringRecord> =
        dialect.builder().from_reader(sample.as_bytes()).records().flatten().collect();
    if sample.len() + dialect.start >= SAMPLE - 4 {
        rows.pop();
    }
    rows
}

/// What the columns of a table hold.
pub(super) struct Columns(Vec<Option<(RecordField, usize)>>);

impl Columns {
    /// By their names.
    pub(super) fn of<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        Self(names.into_iter().map(|name| field(name.as_ref())).collect())
    }

    pub(super) fn has_text(&self) -> bool {
        self.0.iter().flatten().any(|(field, _)| *field == RecordField::Text)
    }

    /// Those that hold texts.
    pub(super) fn texts(&self) -> Vec<usize> {
        let is_text = |it: &(usize, &Option<(RecordField, usize)>)| {
            matches!(it.1, Some((RecordField::Text, _)))
        };
        self.0.iter().enumerate().filter(is_text).map(|(index, _)| index).collect()
    }

    /// True if anything is done with the column.
    pub(super) fn is_wanted(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(Option::is_some)
    }

    pub(super) fn is_date(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(|it| matches!(it, Some((RecordField::Date, _))))
    }

    /// For each column of dates what its cells tell of the order of day and month.
    fn day_first<'c>(&self, cells: impl Iterator<Item = (usize, &'c str)>) -> Vec<Option<bool>> {
        let mut orders = vec![None; self.0.len()];
        for (index, cell) in cells {
            if let Some(order) = orders.get_mut(index)
                && order.is_none()
                && self.is_date(index)
            {
                *order = dates::order_of(cell);
            }
        }
        orders
    }

    fn row<S: AsRef<str>>(
        &self,
        cells: impl IntoIterator<Item = S>,
        day_first: &[Option<bool>],
    ) -> Row {
        let mut row = Row::default();
        for ((index, column), cell) in self.0.iter().enumerate().zip(cells) {
            let Some(field) = column else { continue };
            let cell = cell.as_ref();
            let order = day_first.get(index).copied().flatten();
            let day = order.and_then(|day_first| dates::in_order(cell, day_first));
            // So pandas and SQL write what is missing.
            let is_missing = matches!(cell.trim(), "nan" | "NaN" | "None" | "NULL" | "\\N");
            let cell = if is_missing { String::new() } else { cell.to_owned() };
            row.set(*field, Value::String(day.map_or(cell, |day| day.to_string())));
        }
        row
    }
}

/// True if one of the cells names a column of texts.
pub(super) fn has_text(row: &[String]) -> bool {
    row.len() > 1 && Columns::of(row).has_text()
}

/// Adds the rows of a table, numbered from `n`; gives the number of the last.
pub(super) fn add_rows(
    columns: &Columns,
    rows: Vec<Vec<String>>,
    n: u64,
    source: &Source,
    options: &InputOptions,
    batch: &mut Batch,
) -> u64 {
    let cells = rows.iter().flat_map(|row| row.iter().map(String::as_str).enumerate());
    let order = columns.day_first(cells);
    let mut last = n;
    for row in rows {
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        last += 1;
        let row = columns.row(&row, &order);
        add(JsonItem::Row(Box::new(row)), None, Some(last), source, options, batch);
    }
    last
}

/// How a table is written.
#[derive(Debug, PartialEq, Eq)]
struct Dialect {
    delimiter: u8,
    quote: u8,
    /// True if a backslash stands before quotation marks within cells.
    escaped: bool,
    /// Bytes of the line `sep=;` that Excel reads.
    start: usize,
}

impl Dialect {
    fn of(sample: &str, tabs: bool) -> Self {
        let mut lines = sample.split_inclusive('\n');
        let first = lines.next().unwrap_or_default();
        let told = first.trim().trim_matches('"').to_ascii_lowercase();
        let told = told.strip_prefix("sep=").and_then(|mark| match mark.as_bytes() {
            [mark] => Some(*mark),
            [] => Some(b'\t'),
            _ => None,
        });
        let start = if told.is_some() { first.len() } else { 0 };
        let sample = &sample[start..];
        let header = sample.lines().next().unwrap_or_default();
        let delimiter = match told {
            Some(mark) => mark,
            None if tabs && header.contains('\t') => b'\t',
            None => delimiter(header),
        };
        let mark = char::from(delimiter);
        let begins = |quote: char| {
            sample.matches(&format!("{mark}{quote}")).count()
                + sample.matches(&format!("\n{quote}")).count()
        };
        let quote = if begins('\'') > 0 && begins('"') == 0 { b'\'' } else { b'"' };
        let quoted = char::from(quote);
        let escaped = sample.contains(&format!("\\{quoted}"));
        // Cells that hold nothing are two marks as well.
        let doubled = sample.matches(&format!("{quoted}{quoted}")).count();
        let empty = sample.matches(&format!("{mark}{quoted}{quoted}{mark}")).count()
            + sample.matches(&format!("{mark}{quoted}{quoted}\n")).count();
        // A backslash may also be the last character of a cell.
        let last = sample.matches(&format!("\\{quoted}{mark}")).count();
        let n_escaped = sample.matches(&format!("\\{quoted}")).count();
        let escaped = escaped && doubled <= empty + n_escaped && n_escaped > last;
        Self { delimiter, quote, escaped, start }
    }

    fn builder(&self) -> csv::ReaderBuilder {
        let mut builder = csv::ReaderBuilder::new();
        builder.delimiter(self.delimiter).quote(self.quote).flexible(true);
        if self.escaped {
            builder.escape(Some(b'\\')).double_quote(false);
        }
        builder
    }
}

/// The separator that the header line holds most of; one that parts a column of texts comes first.
fn delimiter(header: &str) -> u8 {
    let count = |wanted: u8| header.bytes().filter(|&byte| byte == wanted).count();
    let parts_text = |mark: u8| {
        Columns::of(header.split(char::from(mark)).map(|name| name.trim_matches(['"', '\'', ' '])))
            .has_text()
    };
    [b',', b';', b'\t', b'|']
        .into_iter()
        .rev()
        .filter(|&mark| count(mark) > 0)
        .max_by_key(|&mark| (parts_text(mark), count(mark)))
        .unwrap_or(b',')
}
