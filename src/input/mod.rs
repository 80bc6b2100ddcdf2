//! Files, folders, patterns and standard input, to [`Document`] values.
//!
//! Three steps, so that the second can run in parallel: [`discover`] lists what there is to read
//! (paths and sizes only), [`read_source`] turns one file into documents, [`unify`] brings them
//! into one order and sees to ids that occur twice. [`read`] is all three.
//!
//! No input ends a run. A file or line that cannot be read becomes a [`Skipped`], a file that was
//! read with a remark a [`Warning`]; both name the place. Only regular files are read, compressed
//! ones (gzip, zstd) and archives within bounds. The order of arguments and files does not matter.
//!
//! What a file is, its first bytes say, then its suffix ([`read_bytes`]); what holds no article is
//! refused by name ([`refused`]). Paragraphs of any file may be a collection of articles
//! ([`collection`]). Foreign code is fed under [`guard`].

mod archive;
mod collection;
mod columns;
mod dates;
mod decode;
mod discover;
mod documents;
mod flat;
mod furniture;
mod guard;
mod html;
mod mail;
mod markdown;
mod memory;
mod news_xml;
pub mod normalize;
mod office;
mod page_data;
mod pages;
mod pdf;
mod plain;
mod records;
mod refused;
mod rtf;
mod sgml;
mod unify;
mod unpack;
mod web;
mod wire;
mod xml;

use std::cell::Cell;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::spill::Spill;

pub use discover::discover;
pub use documents::{Documents, distinct_ids};
pub(crate) use guard::guarded;
pub use memory::ArticleRows;
pub use unify::unify;

use unpack::Unpacked;

/// How to read.
#[derive(Clone, Debug)]
pub struct InputOptions {
    /// Publication date of what gives none itself; also gives the year of a dateline without one.
    pub date: Option<Date>,
    /// Largest size of a file, packed or unpacked, in bytes.
    pub max_unpacked: u64,
    /// Largest ratio of unpacked to packed size.
    pub max_ratio: u64,
    /// Longest text of one document in bytes; the rest is cut off with a warning.
    pub max_text: usize,
    /// Largest table of articles in bytes that is loaded as a whole; larger ones are read row by row,
    /// which gives the same.
    pub max_whole: usize,
    /// Largest part of a file in bytes that is held at once: other files than tables, rows of tables.
    pub max_held: usize,
    /// Most memory in bytes that reading one document may take; a text that asks for more is cut with
    /// a warning.
    pub memory: Option<usize>,
    /// Follow links that are met in folders, also out of the folder.
    pub follow_links: bool,
    /// Format of standard input; found by its content if not given.
    pub stdin_format: Option<InputFormat>,
    /// Read articles of any language, not English alone.
    pub any_language: bool,
    /// Which texts are kept to the last character, headlines, header lines and line breaks included.
    pub verbatim: Verbatim,
}

/// Texts whose offsets are laid over the user's own text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verbatim {
    /// All texts are normalized.
    Nothing,
    /// Text fields of JSON Lines, JSON and tables stay as they are.
    Records,
    /// All texts stay as they are.
    Everything,
}

impl Default for InputOptions {
    fn default() -> Self {
        Self {
            date: None,
            max_unpacked: 1 << 30,
            max_ratio: 1000,
            max_text: 64 << 20,
            max_whole: 4 << 20,
            max_held: usize::MAX,
            memory: None,
            follow_links: false,
            stdin_format: None,
            any_language: false,
            verbatim: Verbatim::Nothing,
        }
    }
}

/// What a file is, after unpacking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InputFormat {
    /// Plain text, one document.
    Text,
    /// Markdown, one document; the markup is taken off.
    Markdown,
    /// A web page, one document: its main text.
    Html,
    /// JSON Lines: a document a line.
    JsonLines,
    /// JSON: an array of documents, or one document.
    Json,
    /// Comma-separated values (or semicolons): a document a row, the first row names the columns.
    Csv,
    /// Tab-separated values.
    Tsv,
    /// RSS or Atom: a document an item.
    Feed,
}

impl InputFormat {
    /// The format that a file name suffix (without the dot) stands for.
    pub fn from_suffix(suffix: &str) -> Option<Self> {
        Some(match suffix.to_ascii_lowercase().as_str() {
            "txt" | "text" => Self::Text,
            "md" | "markdown" => Self::Markdown,
            "html" | "htm" | "xhtml" => Self::Html,
            "jsonl" | "ndjson" => Self::JsonLines,
            "json" => Self::Json,
            "csv" => Self::Csv,
            "tsv" | "tab" => Self::Tsv,
            "rss" | "atom" | "xml" => Self::Feed,
            _ => return None,
        })
    }
}

impl std::str::FromStr for InputFormat {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::from_suffix(name).ok_or_else(|| {
            format!(
                "{name:?} is no input format, expected txt, md, html, jsonl, json, csv, tsv or rss"
            )
        })
    }
}

/// One file to read, or standard input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// What documents of this file are called: the path below the folder that was given, or the
    /// file name.
    pub name: String,
    /// The file; `None` for standard input.
    pub path: Option<PathBuf>,
    /// Size in bytes, as it was when it was found; 0 for standard input.
    pub size: u64,
    /// True if the user named this very file, false if it was found in a folder.
    pub named: bool,
}

impl Source {
    /// The path for messages.
    fn shown(&self) -> String {
        match &self.path {
            Some(path) => path.to_string_lossy().into_owned(),
            None => "<stdin>".to_owned(),
        }
    }
}

/// What there is to read.
#[derive(Clone, Debug, Default)]
pub struct Discovered {
    /// Sorted by name, then path.
    pub sources: Vec<Source>,
    /// What cannot be read, sorted.
    pub skipped: Vec<Skipped>,
}

/// Something that was left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Skipped {
    /// The file, as the user named it or as it was found, or `<stdin>`.
    pub path: String,
    /// Line in the file, from 1.
    pub line: Option<u64>,
    /// One line: what was found, what was expected.
    pub reason: String,
    /// True if it is no article by its nature (picture, archive, pipe, link) and nobody asked for
    /// it: it only lay in a folder.
    pub foreign: bool,
}

/// Something that was read, but not as it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Warning {
    /// The file, as the user named it or as it was found, or `<stdin>`.
    pub path: String,
    /// Line in the file, from 1.
    pub line: Option<u64>,
    /// One line: what was found, what was done.
    pub message: String,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        place(f, &self.path, self.line, &self.reason)
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        place(f, &self.path, self.line, &self.message)
    }
}

/// `path:line: text`, with nothing in it that a terminal would obey.
fn place(f: &mut fmt::Formatter<'_>, path: &str, line: Option<u64>, text: &str) -> fmt::Result {
    visible(f, path)?;
    if let Some(line) = line {
        write!(f, ":{line}")?;
    }
    f.write_str(": ")?;
    visible(f, text)
}

fn visible(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    use fmt::Write;
    for c in text.chars() {
        if c.is_control() || normalize::is_invisible(c) {
            write!(f, "{}", c.escape_default())?;
        } else {
            f.write_char(c)?;
        }
    }
    Ok(())
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The articles; after [`unify`] sorted by id, all ids different.
    pub documents: Documents,
    /// What was left out.
    pub skipped: Vec<Skipped>,
    /// What was read with a remark.
    pub warnings: Vec<Warning>,
    /// Bytes read, as stored.
    pub bytes: u64,
    /// Articles that were left out since they are not in English.
    pub other_languages: usize,
    /// True if something was cut or left out for want of memory.
    pub lacks_memory: bool,
}

impl Batch {
    /// True if a file was left out that somebody wanted read: not a picture that merely lay in a
    /// folder, nor a file of which other lines were read.
    pub fn lacks_a_file(&self) -> bool {
        let read = self.documents.paths();
        self.skipped.iter().any(|skipped| !skipped.foreign && !read.contains(&*skipped.path))
    }

    /// Adds what was read of other files; ids may occur twice then.
    pub fn append(&mut self, other: Self) {
        self.documents.append(other.documents);
        self.skipped.extend(other.skipped);
        self.warnings.extend(other.warnings);
        self.bytes += other.bytes;
        self.other_languages += other.other_languages;
        self.lacks_memory |= other.lacks_memory;
    }

    fn warn(&mut self, source: &Source, line: Option<u64>, message: impl Into<String>) {
        self.warnings.push(Warning { path: source.shown(), line, message: message.into() });
    }

    fn skip(&mut self, source: &Source, line: Option<u64>, reason: impl Into<String>) {
        let (path, reason) = (source.shown(), reason.into());
        self.skipped.push(Skipped { path, line, reason, foreign: false });
    }
}

/// An article as its format gives it: nothing is checked or normalized yet.
#[derive(Clone, Debug, Default)]
struct RawDocument {
    id: Option<String>,
    uri: Option<String>,
    publisher: Option<String>,
    title: Option<String>,
    date: Option<String>,
    text: String,
    line: Option<u64>,
    /// Number among the articles of the file, where it has no line.
    item: Option<u64>,
    /// True for the field of a record: text that the user has as it stands.
    is_field: bool,
}

/// Reads everything that is named: files, folders (walked), patterns, `-` for standard input.
pub fn read(inputs: &[String], options: &InputOptions) -> Batch {
    let found = discover(inputs, options);
    let listed = Batch { skipped: found.skipped, ..Batch::default() };
    let spill = Arc::new(Spill::temporary());
    let read = found.sources.iter().map(|source| read_source(source, options, &spill));
    unify(std::iter::once(listed).chain(read))
}

/// Reads what was found, in parallel and in order; `None` soon after `stop` is set. `progress` is called after each
/// file.
pub fn read_found(
    found: Discovered,
    options: &InputOptions,
    spill: &Arc<Spill>,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Option<Batch> {
    let listed = Batch { skipped: found.skipped.clone(), ..Batch::default() };
    let read = read_apart(&found, options, spill, stop, progress)?;
    Some(unify(std::iter::once(listed).chain(read)))
}

/// As [`read_found`], with the articles of each file for themselves, whatever their ids.
pub fn read_apart(
    found: &Discovered,
    options: &InputOptions,
    spill: &Arc<Spill>,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Option<Vec<Batch>> {
    let read = |source: &Source| {
        if stop.load(Ordering::Relaxed) {
            return Batch::default();
        }
        let batch = read_source(source, options, spill);
        progress();
        batch
    };
    let batches: Vec<Batch> = found.sources.par_iter().map(read).collect();
    (!stop.load(Ordering::Relaxed)).then_some(batches)
}

/// Reads one file; the articles are put aside in the spill.
pub fn read_source(source: &Source, options: &InputOptions, spill: &Arc<Spill>) -> Batch {
    let documents = Documents::onto(Arc::clone(spill));
    let mut batch = Batch { documents, ..Batch::default() };
    let table = |head: &[u8]| {
        let format = format(source, options, head);
        records::is_read_by_row(format, head).then_some(format)
    };
    let bytes = match unpack::load(source, options, &mut batch, &table) {
        Ok(Unpacked::Whole(bytes)) => bytes,
        Ok(Unpacked::Table(table)) => {
            let n_skipped = batch.skipped.len();
            records::read(&table, source, options, &mut batch);
            if batch.documents.is_empty() && batch.skipped.len() == n_skipped {
                batch.skip(source, None, "no text");
            }
            return batch;
        }
        Err(refusal) => {
            let foreign = refusal.foreign && !source.named;
            let path = source.shown();
            batch.skipped.push(Skipped { path, line: None, reason: refusal.reason, foreign });
            return batch;
        }
    };
    // Archives within archives: each may unpack to so many times its size, and all of them together.
    let size = if source.path.is_some() { source.size } else { bytes.len() as u64 };
    let most = size.saturating_mul(options.max_ratio).saturating_add(unpack::FREE);
    let most = most.min(options.max_unpacked);
    let left = Cell::new(most);
    let context = Context { options, depth: 0, most, left: &left };
    read_bytes(bytes, source, &context, &mut batch);
    batch
}

/// Archives within archives deeper than this are not entered.
const MAX_ARCHIVES: usize = 4;

/// What is known while a file and what lies in it is read.
struct Context<'a> {
    options: &'a InputOptions,
    /// In how many archives the bytes lay.
    depth: usize,
    /// Bytes that may be unpacked from archives, all in all.
    most: u64,
    /// Of these, what is left.
    left: &'a Cell<u64>,
}

/// A file within another one.
fn read_member(bytes: Vec<u8>, name: &str, of: &Source, context: &Context<'_>, batch: &mut Batch) {
    let name = match normalize::line(name) {
        name if name.is_empty() => "file".to_owned(),
        name => shorten(name, 1000),
    };
    let path = Some(PathBuf::from(format!("{}/{name}", of.shown())));
    let name = format!("{}/{name}", of.name);
    let source = Source { name, path, size: bytes.len() as u64, named: false };
    if context.depth >= MAX_ARCHIVES {
        batch.skip(&source, None, format!("more than {MAX_ARCHIVES} archives within each other"));
        return;
    }
    let context = Context { depth: context.depth + 1, ..*context };
    let bytes = match unpack::inner(bytes, &context) {
        Ok(bytes) => bytes,
        Err(reason) => {
            batch.skip(&source, None, reason);
            return;
        }
    };
    match unpack::foreign(&bytes) {
        Some(what) => {
            let reason = format!("{what}, expected text");
            batch.skipped.push(Skipped { path: source.shown(), line: None, reason, foreign: true });
        }
        None => read_bytes(bytes, &source, &context, batch),
    }
}

/// True for files that are no text but are read.
fn is_container(head: &[u8]) -> bool {
    [b"%PDF-".as_slice(), b"PK\x03\x04", b"PAR1", b"WARC/", b"bplist00"]
        .iter()
        .any(|magic| head.starts_with(magic))
        || head.get(257..262) == Some(b"ustar")
        || find_pdf(head)
}

/// True if a PDF file begins within the first bytes: some have a few bytes before it.
fn find_pdf(head: &[u8]) -> bool {
    head[..head.len().min(1024)].windows(5).any(|window| window == b"%PDF-")
        && !head.starts_with(b"<")
        && head.contains(&0)
}

/// Reads the bytes of a file, unpacked.
fn read_bytes(bytes: Vec<u8>, source: &Source, context: &Context<'_>, batch: &mut Batch) {
    let (n_documents, n_skipped) = (batch.documents.len(), batch.skipped.len());
    read_as_it_is(bytes, source, context, batch);
    if batch.documents.len() == n_documents && batch.skipped.len() == n_skipped {
        batch.skip(source, None, "no text");
    }
}

fn read_as_it_is(bytes: Vec<u8>, source: &Source, context: &Context<'_>, batch: &mut Batch) {
    let options = context.options;
    let head = &bytes[..bytes.len().min(8192)];
    match head {
        head if head.starts_with(b"PK\x03\x04") => {
            return archive::zip(&bytes, source, context, batch);
        }
        head if head.starts_with(b"%PDF-") || find_pdf(head) => {
            return pdf::read(&bytes, source, options, batch);
        }
        head if head.starts_with(b"PAR1") => return columns::read(bytes, source, options, batch),
        head if head.starts_with(b"WARC/") => return web::warc(&bytes, source, context, batch),
        head if head.starts_with(b"{\\rtf") => {
            let rtf = rtf::read(&bytes);
            return office::finish_paragraphs(
                &rtf.paragraphs,
                (rtf.title, None),
                source,
                options,
                batch,
            );
        }
        head if head.get(257..262) == Some(b"ustar") => {
            return archive::tar(&bytes, source, context, batch);
        }
        head if web::is_arc(head) => return web::arc(&bytes, source, context, batch),
        head if web::is_safari(head) => return web::safari(&bytes, source, context, batch),
        _ => {}
    }
    let start = String::from_utf8_lossy(head);
    if let Some(reason) = refused::reason(&start, &source.name) {
        let (path, foreign) = (source.shown(), !source.named);
        batch.skipped.push(Skipped { path, line: None, reason, foreign });
        return;
    }
    if mail::is_mailbox(&start) {
        return mail::mailbox(&bytes, source, context, batch);
    }
    if mail::is_message(&start) {
        return mail::message(&bytes, None, source, context, batch);
    }
    let is_sgml = sgml::is_sgml(&start, &source.name);
    let format = format(source, options, &bytes);
    let mut text = decode::decode(bytes, format == InputFormat::Html, source, batch);
    if options.verbatim != Verbatim::Everything {
        text = decode::encoded_once(text, source, batch);
    }
    if is_sgml {
        return sgml::read(&text, source, options, batch);
    }
    match format {
        InputFormat::Text
            if options.verbatim != Verbatim::Everything && records::is_table(&text) =>
        {
            records::csv(&text, true, source, options, batch);
        }
        InputFormat::Text => text_file(text, source, options, batch),
        InputFormat::Markdown => {
            let text = cut(text, options, source, batch);
            finish(markdown::read(&text), source, options, batch);
        }
        InputFormat::Html => page(text, source, options, batch),
        InputFormat::JsonLines | InputFormat::Json => match web_record(&text) {
            Some(har) => web::har(har, source, context, batch),
            None if format == InputFormat::JsonLines => {
                records::json_lines(&text, source, options, batch);
            }
            None => records::json(&text, source, options, batch),
        },
        InputFormat::Csv => records::csv(&text, false, source, options, batch),
        InputFormat::Tsv => records::csv(&text, true, source, options, batch),
        InputFormat::Feed => news_xml::read(&text, source, options, batch),
    }
}

/// A HAR file, by what it begins with.
fn web_record(text: &str) -> Option<web::Har> {
    let start = &text[..text.floor_char_boundary(2000)];
    let is_har = start.contains("\"log\"") && start.contains("\"creator\"");
    is_har.then(|| serde_json::from_str(text.trim_start_matches('\u{feff}')).ok())?
}

/// A text: a collection of a research database, a report of an agency, or an article.
fn text_file(text: String, source: &Source, options: &InputOptions, batch: &mut Batch) {
    if options.verbatim != Verbatim::Everything {
        if let Some(drafts) = collection::articles(&collection::paragraphs(&text)) {
            return finish_items(drafts, source, options, batch);
        }
        if let Some(draft) = wire::read(&text) {
            return finish(draft, source, options, batch);
        }
    }
    let text = cut(text, options, source, batch);
    finish(RawDocument { text, ..RawDocument::default() }, source, options, batch);
}

/// A web page: a collection of a research database, or an article.
fn page(text: String, source: &Source, options: &InputOptions, batch: &mut Batch) {
    if let Some(drafts) = html::europresse(&text) {
        return finish_items(drafts, source, options, batch);
    }
    if html::is_collection(&text)
        && let Some(drafts) = collection::articles(&flat::paragraphs(&text))
    {
        return finish_items(drafts, source, options, batch);
    }
    let text = cut(text, options, source, batch);
    let draft = html::read(&text, source, batch);
    finish(draft, source, options, batch);
}

fn finish_items(
    drafts: Vec<RawDocument>,
    source: &Source,
    options: &InputOptions,
    batch: &mut Batch,
) {
    for (n, draft) in (1..).zip(drafts) {
        finish(RawDocument { item: Some(n), ..draft }, source, options, batch);
    }
}

/// By the suffix, before `.gz` and `.zst`; standard input and names without a known suffix by
/// content.
fn format(source: &Source, options: &InputOptions, bytes: &[u8]) -> InputFormat {
    let Some(path) = &source.path else {
        return options.stdin_format.unwrap_or_else(|| decode::sniff(bytes));
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut parts = name.rsplit('.');
    let mut suffix = parts.next().unwrap_or_default();
    if ["gz", "zst", "zstd"].iter().any(|packed| suffix.eq_ignore_ascii_case(packed)) {
        suffix = parts.next().unwrap_or_default();
    }
    let known = if parts.next().is_some() { InputFormat::from_suffix(suffix) } else { None };
    known.unwrap_or_else(|| decode::sniff(bytes))
}

/// Cuts a text that is too long for one document.
fn cut(mut text: String, options: &InputOptions, source: &Source, batch: &mut Batch) -> String {
    if text.len() > options.max_text {
        let end = text.floor_char_boundary(options.max_text);
        batch.warn(source, None, format!("{} bytes of text, cut after {end}", text.len()));
        text.truncate(end);
    }
    text
}

/// Makes a document of a draft, unless it holds no text.
fn finish(draft: RawDocument, source: &Source, options: &InputOptions, batch: &mut Batch) {
    let line = draft.line;
    let mut warnings = Vec::new();
    let text = cut(draft.text, options, source, batch);
    let read = match options.verbatim {
        Verbatim::Everything => plain::read_verbatim,
        Verbatim::Records if draft.is_field => plain::read_verbatim,
        _ => plain::read,
    };
    let mut article = read(&text, one_line(draft.title), options.date);
    let given = draft.date.as_deref().and_then(|value| match dates::parse(value) {
        Ok(date) => date,
        Err(cause) => {
            warnings.push(cause);
            None
        }
    });
    warnings.append(&mut article.warnings);
    let uri = draft.uri.or(article.uri).map(|uri| uri.trim().to_owned());
    let uri = uri.filter(|uri| !uri.is_empty()).and_then(|uri| {
        let legal = is_web_address(&uri);
        if !legal {
            warnings.push(format!("dropped address {}, expected an http address", quoted(&uri)));
        }
        legal.then_some(uri)
    });
    for warning in warnings {
        batch.warn(source, line, warning);
    }
    if article.text.is_empty() {
        batch.skip(source, line, at_item("no text", draft.item));
        return;
    }
    if let Some(language) = other_language(&article.text).filter(|_| !options.any_language) {
        batch.other_languages += 1;
        let reason = format!("in {language}, expected English (--any-language reads it)");
        let (path, reason) = (source.shown(), at_item(&reason, draft.item));
        batch.skipped.push(Skipped { path, line, reason, foreign: !source.named });
        return;
    }
    let id = one_line(draft.id).map(|id| shorten(id, 1000)).unwrap_or_else(|| {
        match line.or(draft.item) {
            Some(n) => format!("{}#{n}", source.name),
            None => source.name.clone(),
        }
    });
    let told = || {
        let page = uri.as_deref().and_then(dates::of_address);
        dates::of_head(&article.text).or(page)
    };
    let published = given.or(article.published).or_else(told).or(options.date);
    let mut document = Document {
        id,
        uri,
        publisher: one_line(draft.publisher)
            .or(one_line(article.publisher))
            .map(|name| shorten(name, 1000)),
        title: one_line(article.title).map(|title| shorten(title, 4000)),
        published,
        text: article.text,
    };
    if let Some(length) = options.memory.and_then(|memory| document.afford(memory)) {
        let end = document.text.len();
        let message = format!("{length} bytes of text, cut after {end}: no memory for more");
        batch.warn(source, line, message);
        batch.lacks_memory = true;
        if document.text.trim().is_empty() {
            return;
        }
    }
    batch.documents.push(&document, &source.shown(), line);
}

/// Letters from which the language of a text can be told.
const LETTERS: usize = 200;

/// The language of a text that is surely not English.
fn other_language(text: &str) -> Option<&'static str> {
    let start = &text[..text.floor_char_boundary(4000)];
    if start.chars().filter(|c| c.is_alphabetic()).take(LETTERS).count() < LETTERS {
        return None;
    }
    let found = whatlang::detect(start)?;
    let is_sure = found.is_reliable() && found.confidence() > 0.9;
    (is_sure && found.lang() != whatlang::Lang::Eng).then(|| found.lang().eng_name())
}

/// A reason, with the number of the item in the file.
fn at_item(reason: &str, item: Option<u64>) -> String {
    match item {
        Some(item) => format!("item {item}: {reason}"),
        None => reason.to_owned(),
    }
}

fn one_line(text: Option<String>) -> Option<String> {
    text.map(|text| normalize::line(&text)).filter(|text| !text.is_empty())
}

fn shorten(mut text: String, max: usize) -> String {
    text.truncate(text.floor_char_boundary(max));
    text
}

/// A value of the input for a message: on one line, short.
fn quoted(value: &str) -> String {
    let short: String = value.chars().take(60).collect();
    let dots = if short.len() < value.len() { "..." } else { "" };
    format!("{short:?}{dots}")
}

/// True for a legal absolute IRI with the scheme http or https and a host.
fn is_web_address(address: &str) -> bool {
    let scheme = address.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|s| s.eq_ignore_ascii_case("http") || s.eq_ignore_ascii_case("https"))
        && address.len() <= 8000
        && !address.chars().any(|c| c.is_control() || normalize::is_invisible(c))
        && !address.split("://").nth(1).unwrap_or_default().starts_with(['/', '?', '#'])
        && oxigraph::model::NamedNode::new(address).is_ok()
}

#[cfg(test)]
mod tests;
