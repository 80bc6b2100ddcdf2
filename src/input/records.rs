//! Tables of articles: JSON Lines, JSON arrays, CSV.
//!
//! Columns go by their usual names (`text`, `body`, `content` ...), in any case and with any
//! separators. A row without text, or one that cannot be parsed, is left out with its line; the
//! rows around it are read. What other columns hold is passed over unread, however deep or odd.

use std::io::{self, BufRead, Cursor, Read};

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::unpack::ArticleTable;
use super::{Batch, InputFormat, InputOptions, RawDocument, Source, at_item, finish, flat, quoted};

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
        &["url", "uri", "link", "href", "canonicalurl", "articleurl", "weburl", "permalink"],
    ),
    (
        RecordField::Publisher,
        &[
            "publisher",
            "source",
            "outlet",
            "publication",
            "sitename",
            "newspaper",
            "sourcename",
            "site",
            "feed",
        ],
    ),
    (RecordField::Title, &["title", "headline", "heading", "articletitle", "head"]),
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
            "date",
            "publishtime",
            "publishedtime",
            "datetime",
            "timestamp",
            "time",
            "dct",
            "created",
            "createdat",
        ],
    ),
    (
        RecordField::Text,
        &[
            "text",
            "body",
            "articlebody",
            "fulltext",
            "maintext",
            "bodytext",
            "content",
            "article",
            "articletext",
            "story",
            "rawtext",
            "document",
            "plaintext",
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
        let is_empty =
            |value: &Value| value.is_null() || value.as_str().is_some_and(|s| s.trim().is_empty());
        let is_better = match cell {
            Some((known, before)) => (rank <= *known && !is_empty(&value)) || is_empty(before),
            None => true,
        };
        if is_better {
            *cell = Some((rank, value));
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
        let text = if text.contains("</p>") { flat::text(&text) } else { text };
        Ok(RawDocument {
            id: self.word(RecordField::Id),
            uri: self.word(RecordField::Uri),
            publisher: self.word(RecordField::Publisher),
            title: self.word(RecordField::Title),
            date: self.word(RecordField::Date),
            text,
            line: None,
            item: None,
        })
    }
}

/// A short value as a string; of an object its name.
fn word(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(mut object) => {
            ["name", "title", "@id", "$date"].iter().find_map(|key| word(object.remove(*key)?))
        }
        Value::Array(items) => items.into_iter().find_map(word),
        Value::Null | Value::Bool(_) => None,
    }
}

/// The text of an article: a string, or a list of paragraphs.
fn prose(value: Value) -> Result<String, String> {
    let found = match value {
        Value::String(text) => return Ok(text),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let paragraphs: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            return Ok(paragraphs.join("\n\n"));
        }
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
        Value::Number(_) => "a number",
        Value::Bool(_) => "true or false",
        Value::Null => "null",
    };
    Err(format!("the text is {found}, expected a string"))
}

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
                Some(field) => row.set(field, members.next_value()?),
                None => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(JsonItem::Row(Box::new(row)))
    }
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
            items(serde_json::Deserializer::from_reader(reader), source, options, batch);
            Ok(())
        }
        InputFormat::Csv | InputFormat::Tsv => {
            let mut header = Vec::new();
            reader.read_until(b'\n', &mut header)?;
            let marks = LineScan { odd: table.n_quotes % 2 == 1, blank: table.is_blank };
            let first = String::from_utf8_lossy(&header).into_owned();
            let rest = Cursor::new(header).chain(reader);
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
        if let Ok(Value::Object(object)) = serde_json::from_str::<Value>(json)
            && !object.keys().any(|key| matches!(field(key), Some((RecordField::Text, _))))
            && let Some(list) =
                LISTS.iter().find_map(|key| object.get(*key).filter(|v| v.is_array()))
        {
            let list = list.to_string();
            items(serde_json::Deserializer::from_str(&list), source, options, batch);
            return;
        }
        match serde_json::from_str::<JsonItem>(json) {
            Ok(item) => add(item, None, None, source, options, batch),
            Err(cause) => batch.skip(source, Some(cause.line() as u64), json_cause(&cause)),
        }
        return;
    }
    items(serde_json::Deserializer::from_str(json), source, options, batch);
}

/// Members that hold the articles in answers of news services.
const LISTS: &[&str] =
    &["articles", "documents", "docs", "items", "results", "data", "news", "records"];

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
    source: &Source,
    options: &InputOptions,
    batch: &mut Batch,
) {
    let mut n = 0;
    let each = Each(|item| {
        n += 1;
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
        Ok(draft) => finish(RawDocument { line, item: number, ..draft }, source, options, batch),
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
    let header = text.lines().next().unwrap_or_default();
    rows((header, text.as_bytes()), marks, tabs, source, options, batch);
}

/// What is seen of a table when it is looked through.
struct LineScan {
    /// The number of quotation marks is odd.
    odd: bool,
    /// There is nothing but blanks.
    blank: bool,
}

fn rows(
    (header, text): (&str, impl Read),
    marks: LineScan,
    tabs: bool,
    source: &Source,
    options: &InputOptions,
    batch: &mut Batch,
) {
    let header = header.lines().next().unwrap_or_default();
    let delimiter = if tabs { b'\t' } else { delimiter(header) };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text);
    let columns: Vec<Option<(RecordField, usize)>> = match reader.headers() {
        Ok(columns) => columns.iter().map(field).collect(),
        Err(cause) => {
            batch.skip(source, Some(1), format!("not CSV: {cause}"));
            return;
        }
    };
    if marks.blank {
        return;
    }
    if !columns.iter().flatten().any(|(field, _)| *field == RecordField::Text) {
        let reason = format!(
            "no column with text: found {}, expected text, body or content",
            quoted(header.trim())
        );
        batch.skip(source, Some(1), reason);
        return;
    }
    if marks.odd {
        batch.warn(source, None, "a quotation mark is not closed: rows may be read as one");
    }
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return,
            Err(cause) => {
                let line = cause.position().map(csv::Position::line);
                batch.skip(source, line, format!("not CSV: {cause}"));
                if cause.is_io_error() {
                    return;
                }
                continue;
            }
        }
        let line = record.position().map(csv::Position::line);
        let mut row = Row::default();
        for (column, cell) in columns.iter().zip(&record) {
            if let Some(field) = column {
                row.set(*field, Value::String(cell.to_owned()));
            }
        }
        if record.len() != columns.len() {
            let message = format!("{} cells, expected {}", record.len(), columns.len());
            batch.warn(source, line, message);
        }
        add(JsonItem::Row(Box::new(row)), line, None, source, options, batch);
    }
}

/// The separator that the header line holds most of.
fn delimiter(header: &str) -> u8 {
    let count = |wanted| header.bytes().filter(|&byte| byte == wanted).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|&byte| count(byte)).unwrap_or(b',')
}
