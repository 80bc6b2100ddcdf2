//! PDF: the text layer in reading order.
//!
//! Characters are put into lines by their place, lines into columns, columns into paragraphs. Lines at
//! the edge of pages that come again, and numbers of pages, are dropped; words that a line end parts
//! are joined. Pictures, forms, notes and scripts are not looked at; pages without characters are told
//! to be scanned.

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::sync::LazyLock;

use flate2::read::ZlibDecoder;
use pdf_extract::{
    Dictionary, Document, MediaBox, Object, ObjectId, OutputDev, OutputError, Transform,
};
use regex::Regex;

use super::collection::Paragraph;
use super::guard::guarded;
use super::{Batch, InputOptions, Source, dates, normalize, office};

/// Larger files are not read.
const MAX_BYTES: usize = 256 << 20;
/// Bytes that one stream, and all streams, may unpack to.
const MAX_STREAM: u64 = 128 << 20;
const MAX_STREAMS: u64 = 1 << 30;
/// Characters that are read.
const MAX_CHARACTERS: usize = 20_000_000;
/// Forms within each other.
const MAX_FORMS: usize = 12;

/// Reads a file.
pub(super) fn read(bytes: &[u8], source: &Source, options: &InputOptions, batch: &mut Batch) {
    match guarded(|| pages(bytes)) {
        Some(Ok(read)) => {
            if let Some(cause) = read.cause {
                let n = read.pages.len();
                batch.warn(
                    source,
                    None,
                    format!("a PDF file, damaged ({cause}): {n} pages are read"),
                );
            }
            let n_empty = read.pages.iter().filter(|page| page.is_empty()).count();
            if n_empty == read.pages.len() {
                batch.skip(
                    source,
                    None,
                    format!("a PDF file of {n_empty} scanned pages: no text layer"),
                );
                return;
            }
            if n_empty > 0 && n_empty * 2 >= read.pages.len() {
                batch.warn(
                    source,
                    None,
                    format!("{n_empty} pages without a text layer (scanned?)"),
                );
            }
            let (pages, heads) = without_heads(read.pages);
            let paragraphs = paragraphs(pages);
            // "WORLD  ELM DAILY  MONDAY 3 MARCH 2025" at the head of the page
            let dated = paragraphs.iter().take(8).any(|paragraph| {
                paragraph.text.len() < 80 && dates::anywhere(&paragraph.text).is_some()
            });
            let date = heads.iter().find_map(|head| dates::anywhere(head)).filter(|_| !dated);
            let date = date.map(|date| date.to_string());
            office::finish_paragraphs(&paragraphs, (read.title, date), source, options, batch);
        }
        Some(Err(reason)) => batch.skip(source, None, reason),
        None => batch.skip(source, None, "a PDF file, damaged"),
    }
}

/// What was read of a file.
struct Pages {
    title: Option<String>,
    pages: Vec<Vec<Line>>,
    /// Why the rest was not read.
    cause: Option<String>,
}

fn pages(bytes: &[u8]) -> Result<Pages, String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!("a PDF file of {} bytes, at most {MAX_BYTES} are read", bytes.len()));
    }
    measure(bytes)?;
    let damaged = |cause: &dyn std::fmt::Display| format!("a PDF file, damaged: {cause}");
    let start = bytes.windows(5).take(1024).position(|window| window == b"%PDF-").unwrap_or(0);
    let mut document = Document::load_mem(&bytes[start..]).map_err(|cause| damaged(&cause))?;
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err("an encrypted PDF file".to_owned());
    }
    check_forms(&document)?;
    let mut pages = Vec::new();
    let mut cause = None;
    for number in document.get_pages().into_keys() {
        let mut glyphs = Glyphs::default();
        let outcome = guarded(|| pdf_extract::output_doc_page(&document, &mut glyphs, number));
        match outcome {
            Some(Ok(())) => {}
            Some(Err(why)) => cause = cause.or_else(|| Some(format!("page {number}: {why}"))),
            None => cause = cause.or_else(|| Some(format!("page {number}"))),
        }
        pages.push(lines(glyphs.pieces));
    }
    if pages.is_empty() {
        return Err("a PDF file without pages".to_owned());
    }
    Ok(Pages { title: title(&document), pages, cause })
}

/// Refuses files whose streams unpack to very much, before anything else unpacks them.
fn measure(bytes: &[u8]) -> Result<(), String> {
    let mut all = 0;
    let mut buffer = [0; 1 << 16];
    for (at, _) in bytes.windows(6).enumerate().filter(|(_, window)| *window == b"stream") {
        let data = &bytes[at + 6..];
        let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
        // Only zlib unpacks to much more than it is.
        if bytes[..at].ends_with(b"end") || data.first().is_none_or(|byte| byte & 0xf != 8) {
            continue;
        }
        let mut reader = ZlibDecoder::new(data);
        let mut size = 0;
        let mut is_first = true;
        while let Ok(n) = reader.read(&mut buffer) {
            if n == 0 {
                break;
            }
            let is_packed_again =
                buffer.starts_with(&[0x78, 0x9c]) || buffer.starts_with(&[0x78, 0xda]);
            if std::mem::take(&mut is_first) && is_packed_again && n == buffer.len() {
                return Err("a PDF file with streams packed more than once".to_owned());
            }
            size += n as u64;
            if size > MAX_STREAM {
                return Err(format!(
                    "a PDF file with a stream that unpacks to more than {MAX_STREAM} bytes"
                ));
            }
        }
        all += size;
        if all > MAX_STREAMS {
            return Err(format!("a PDF file that unpacks to more than {MAX_STREAMS} bytes"));
        }
    }
    Ok(())
}

/// Refuses forms that hold themselves, or that lie too deep: what draws them calls itself for each.
fn check_forms(document: &Document) -> Result<(), String> {
    let mut depths: HashMap<ObjectId, usize> = HashMap::new();
    for (id, object) in &document.objects {
        if is_form(object)
            && form_depth(*id, document, &mut depths, &mut HashSet::new()) > MAX_FORMS
        {
            return Err("a PDF file with forms that hold themselves".to_owned());
        }
    }
    Ok(())
}

fn is_form(object: &Object) -> bool {
    let subtype = object.as_stream().ok().and_then(|form| form.dict.get(b"Subtype").ok());
    subtype.and_then(|subtype| subtype.as_name().ok()).is_some_and(|name| name == b"Form")
}

/// How deep forms lie in a form; more than is allowed if it holds itself.
fn form_depth(
    id: ObjectId,
    document: &Document,
    depths: &mut HashMap<ObjectId, usize>,
    open: &mut HashSet<ObjectId>,
) -> usize {
    if let Some(&depth) = depths.get(&id) {
        return depth;
    }
    if open.len() > MAX_FORMS || !open.insert(id) {
        return MAX_FORMS + 1;
    }
    let inner = document.get_object(id).ok().and_then(|object| object.as_stream().ok());
    let resources = inner.and_then(|form| resolved(document, &form.dict, b"Resources"));
    let objects = resources.and_then(|resources| resolved(document, resources, b"XObject"));
    let mut deepest = 0;
    for (_, value) in objects.iter().flat_map(|objects| objects.iter()) {
        if let Ok(id) = value.as_reference()
            && document.get_object(id).is_ok_and(is_form)
        {
            deepest = deepest.max(form_depth(id, document, depths, open));
        }
    }
    open.remove(&id);
    depths.insert(id, deepest + 1);
    deepest + 1
}

fn resolved<'d>(
    document: &'d Document,
    dictionary: &'d Dictionary,
    key: &[u8],
) -> Option<&'d Dictionary> {
    let object = dictionary.get(key).ok()?;
    match object.as_reference() {
        Ok(id) => document.get_object(id).ok()?.as_dict().ok(),
        Err(_) => object.as_dict().ok(),
    }
}

/// The title that the file gives itself.
fn title(document: &Document) -> Option<String> {
    let info = resolved(document, &document.trailer, b"Info")?;
    let title = info.get(b"Title").ok()?.as_str().ok()?;
    Some(match title.strip_prefix(b"\xfe\xff") {
        Some(wide) => encoding_rs::UTF_16BE.decode_without_bom_handling(wide).0.into_owned(),
        None => encoding_rs::WINDOWS_1252.decode_without_bom_handling(title).0.into_owned(),
    })
}

/// Characters that stand on one line, without a wide gap.
#[derive(Clone, Debug)]
struct Line {
    x0: f64,
    x1: f64,
    y: f64,
    size: f64,
    text: String,
}

/// Gathers the characters of a page.
#[derive(Default)]
struct Glyphs {
    pieces: Vec<Line>,
    n: usize,
}

impl OutputDev for Glyphs {
    fn begin_page(
        &mut self,
        _: u32,
        _: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        _: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        self.n += 1;
        if self.n > MAX_CHARACTERS {
            return Err(OutputError::FormatError(std::fmt::Error));
        }
        let size = font_size.abs() * place.m21.hypot(place.m22);
        let (x0, y) = (place.m31, place.m32);
        let x1 = x0 + width * font_size.abs() * place.m11.abs();
        // Text that stands upright on its side belongs to pictures and margins.
        let is_turned = place.m12.abs() > place.m11.abs();
        if is_turned || ![x0, x1, y, size].iter().all(|number| number.is_finite()) || size <= 0.0 {
            return Ok(());
        }
        if let Some(last) = self.pieces.last_mut() {
            let gap = x0 - last.x1;
            let is_same = (y - last.y).abs() < 0.2 * size
                && (size / last.size - 1.0).abs() < 0.2
                && (-0.4 * size..1.0 * size).contains(&gap);
            if is_same {
                let has_blank = last.text.ends_with(' ') || text.starts_with(' ');
                if gap > 0.13 * size && !has_blank {
                    last.text.push(' ');
                }
                last.text.push_str(text);
                last.x1 = x1.max(last.x1);
                return Ok(());
            }
        }
        if !text.trim().is_empty() {
            self.pieces.push(Line { x0, x1, y, size, text: text.to_owned() });
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// The lines of a page from its pieces, from top to bottom, then from left to right.
fn lines(mut pieces: Vec<Line>) -> Vec<Line> {
    pieces.retain(|piece| !piece.text.trim().is_empty());
    pieces.sort_by(|a, b| b.y.total_cmp(&a.y).then(a.x0.total_cmp(&b.x0)));
    let mut rows: Vec<Vec<Line>> = Vec::new();
    for piece in pieces {
        match rows.last_mut() {
            Some(row) if (row[0].y - piece.y).abs() < 0.35 * row[0].size.min(piece.size) => {
                row.push(piece)
            }
            _ => rows.push(vec![piece]),
        }
    }
    let mut lines: Vec<Line> = Vec::new();
    for mut row in rows {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        let first = lines.len();
        for piece in row {
            match lines[first..].last_mut() {
                Some(last) if piece.x0 - last.x1 < 0.9 * last.size.max(piece.size) => {
                    if piece.x0 - last.x1 > 0.13 * last.size && !last.text.ends_with(' ') {
                        last.text.push(' ');
                    }
                    last.text.push_str(&piece.text);
                    last.x1 = last.x1.max(piece.x1);
                    last.size = last.size.max(piece.size);
                }
                _ => lines.push(piece),
            }
        }
    }
    for line in &mut lines {
        line.text = normalize::line(&line.text);
    }
    lines.retain(|line| !line.text.is_empty());
    lines
}

/// The paragraphs of all pages.
fn paragraphs(pages: Vec<Vec<Line>>) -> Vec<Paragraph> {
    let body = median(pages.iter().flatten().map(|line| (line.size, line.text.len())).collect());
    let mut ordered: Vec<Placed> = pages.into_iter().flat_map(in_order).collect();
    // Small print below the first line of the text: captions, credits, notes.
    let first = ordered.iter().position(|it| (it.line.size / body - 1.0).abs() < 0.08);
    let mut at = 0;
    ordered.retain(|it| {
        at += 1;
        first.is_none_or(|first| at <= first) || it.line.size > SMALL_PRINT * body
    });
    let leading = ordered.windows(2).filter_map(|pair| pair[0].gap(&pair[1])).map(|gap| (gap, 1));
    let leading = median(leading.filter(|(gap, _)| (0.8..2.5).contains(gap)).collect());
    let leading = if leading > 0.0 { leading } else { 1.3 };
    let mut hyphenated = HashSet::new();
    for placed in &ordered {
        let words =
            placed.line.text.split(' ').filter(|word| word.contains('-') && !word.ends_with('-'));
        hyphenated.extend(
            words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()),
        );
    }
    let mut all: Vec<Paragraph> = Vec::new();
    let mut before: Option<Placed> = None;
    for placed in ordered {
        let goes_on = before.as_ref().is_some_and(|before| before.goes_on(&placed, leading));
        match all.last_mut().filter(|_| goes_on) {
            Some(last) => join(&mut last.text, &placed.line.text, &hyphenated),
            None => all.push(Paragraph {
                text: placed.line.text.clone(),
                strong: placed.line.size > 1.15 * body,
            }),
        }
        before = Some(placed);
    }
    all
}

/// Adds a line; a word that the line end parts is put together.
fn join(text: &mut String, line: &str, hyphenated: &HashSet<String>) {
    let parted = text.strip_suffix(['-', '\u{2010}', '\u{ad}']);
    let is_parted = parted.is_some_and(|head| head.ends_with(char::is_alphabetic))
        && line.starts_with(char::is_lowercase);
    if is_parted {
        let head = text.rsplit(' ').next().unwrap_or_default();
        let tail = line.split(' ').next().unwrap_or_default();
        let word = format!("{head}{tail}").to_lowercase();
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !hyphenated.contains(word) {
            text.pop();
        }
    } else {
        text.push(' ');
    }
    text.push_str(line);
}

/// Lines of a smaller part of the size of the text are small print.
const SMALL_PRINT: f64 = 0.82;

/// The pages without lines at their edges that come again, and without numbers of pages; and those lines.
fn without_heads(mut pages: Vec<Vec<Line>>) -> (Vec<Vec<Line>>, Vec<String>) {
    let mut heads = Vec::new();
    let mut times: HashMap<String, usize> = HashMap::new();
    for page in &pages {
        let mut edges: Vec<String> =
            page.iter().filter(|line| is_edge(line, page)).map(masked).collect();
        edges.sort_unstable();
        edges.dedup();
        for edge in edges {
            *times.entry(edge).or_default() += 1;
        }
    }
    let n_pages = pages.len();
    for page in &mut pages {
        let drop: Vec<f64> = page
            .iter()
            .filter(|line| {
                let n = times.get(&masked(line)).copied().unwrap_or(0);
                is_edge(line, page) && (is_page_number(&line.text) || (n >= 2 && n * 3 >= n_pages))
            })
            .map(|line| line.y)
            .collect();
        // What stands on the same line goes with it.
        page.retain(|line| {
            let kept = !drop.iter().any(|y| (line.y - y).abs() < 0.35 * line.size);
            if !kept {
                heads.push(line.text.clone());
            }
            kept
        });
    }
    (pages, heads)
}

/// True for the first and last two rows of a page.
fn is_edge(line: &Line, page: &[Line]) -> bool {
    let rows_beyond = |beyond: &dyn Fn(f64) -> bool| {
        let mut rows: Vec<f64> = page.iter().map(|it| it.y).filter(|y| beyond(*y)).collect();
        rows.dedup_by(|a, b| (*a - *b).abs() < 3.0);
        rows.len()
    };
    let tolerance = 0.35 * line.size;
    rows_beyond(&|y| y > line.y + tolerance) < 2 || rows_beyond(&|y| y < line.y - tolerance) < 2
}

fn masked(line: &Line) -> String {
    let mut masked = String::new();
    for c in line.text.chars() {
        match c {
            c if !c.is_ascii_digit() => masked.push(c),
            _ if masked.ends_with('0') => {}
            _ => masked.push('0'),
        }
    }
    masked
}

/// True for "3", "Page 3 of 7", "COURIER Page 3".
pub(super) fn is_page_number(line: &str) -> bool {
    PAGE.is_match(line)
}

static PAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^\W*(?:\d{1,4}\W*$|[Pp](?:age|g\.?)\s+\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*$|\d{1,4}\s*(?:/|of)\s*\d{1,4}\W*$|.{0,80}\b(?:Page|PAGE|page)\s+[A-Z]?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*$)",
    )
    .expect("a fixed pattern")
});

/// A line in its column.
struct Placed {
    line: Line,
    left: f64,
    right: f64,
}

impl Placed {
    /// How much lower the next line is, by its size; `None` if it stands elsewhere.
    fn gap(&self, next: &Self) -> Option<f64> {
        let gap = (self.line.y - next.line.y) / self.line.size.max(next.line.size);
        (gap > 0.0 && (self.left - next.left).abs() < 1.0).then_some(gap)
    }

    /// True if the next line belongs to the same paragraph.
    fn goes_on(&self, next: &Self, leading: f64) -> bool {
        if (self.line.size / next.line.size - 1.0).abs() > 0.08 {
            return false;
        }
        let ends = normalize::ends_sentence(&self.line.text);
        if self.line.text.ends_with('-') && next.line.text.starts_with(char::is_lowercase) {
            return true;
        }
        let center = |line: &Line| (line.x0 + line.x1) / 2.0;
        let is_centered = (center(&self.line) - center(&next.line)).abs() < 2.0
            && (self.line.x0 - next.line.x0).abs() > 4.0;
        if is_centered {
            return false;
        }
        let Some(gap) = self.gap(next).filter(|gap| *gap < 6.0) else {
            // Over the end of a column or page.
            let goes_on = next.line.text.starts_with(|c: char| !c.is_uppercase());
            return !ends && (goes_on || self.fullness() > 0.6);
        };
        let is_indented = next.line.x0 - next.left > 0.7 * next.line.size
            && (self.line.x0 - self.left).abs() < 0.5 * self.line.size;
        let is_short = self.fullness() < 0.6 || (self.fullness() < 0.8 && ends);
        gap < 1.35 * leading && !is_indented && !is_short
    }

    /// How much of the column the line fills.
    fn fullness(&self) -> f64 {
        (self.line.x1 - self.left) / (self.right - self.left).max(1.0)
    }
}

/// The lines of a page in reading order: between lines that span columns, column by column.
fn in_order(page: Vec<Line>) -> Vec<Placed> {
    let starts = columns(&page);
    let page_left = page.iter().map(|line| line.x0).fold(f64::INFINITY, f64::min);
    let page_right = page.iter().map(|line| line.x1).fold(f64::NEG_INFINITY, f64::max);
    if starts.len() < 2 {
        // A headline may be wider than the only column.
        let right_of = |size: f64| {
            let alike = page.iter().filter(|it| (it.size / size - 1.0).abs() < 0.08);
            alike.map(|it| it.x1).fold(page_left + 1.0, f64::max)
        };
        let rights: Vec<f64> = page.iter().map(|line| right_of(line.size)).collect();
        let placed = |(line, right)| Placed { line, left: page_left, right };
        return page.into_iter().zip(rights).map(placed).collect();
    }
    let column =
        |line: &Line| starts.iter().rposition(|start| *start <= line.x0 + 3.0).unwrap_or(0);
    let rights: Vec<f64> = (0..starts.len())
        .map(|n| {
            let end = starts.get(n + 1).copied().unwrap_or(f64::INFINITY);
            let own = page.iter().filter(|line| column(line) == n && line.x1 < end);
            own.map(|line| line.x1).fold(starts[n] + 1.0, f64::max)
        })
        .collect();
    let mut ordered = Vec::new();
    let mut band: Vec<Vec<Placed>> = starts.iter().map(|_| Vec::new()).collect();
    for line in page {
        let n = column(&line);
        let spans = starts.get(n + 1).is_some_and(|next| line.x1 > next + 3.0);
        if spans {
            ordered.extend(band.iter_mut().flat_map(std::mem::take));
            ordered.push(Placed { line, left: page_left, right: page_right });
        } else {
            band[n].push(Placed { line, left: starts[n], right: rights[n] });
        }
    }
    ordered.extend(band.into_iter().flatten());
    ordered
}

/// Where columns begin, from left to right.
fn columns(page: &[Line]) -> Vec<f64> {
    let left = page.iter().map(|line| line.x0).fold(f64::INFINITY, f64::min);
    let right = page.iter().map(|line| line.x1).fold(f64::NEG_INFINITY, f64::max);
    let width = right - left;
    let mut narrow: Vec<&Line> =
        page.iter().filter(|line| line.x1 - line.x0 < 0.62 * width).collect();
    if narrow.len() < 6 || narrow.len() * 2 < page.len() {
        return Vec::new();
    }
    narrow.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let mut groups: Vec<Vec<&Line>> = Vec::new();
    for line in narrow {
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(|last| line.x0 - last.x0 < 0.1 * width) => {
                group.push(line)
            }
            _ => groups.push(vec![line]),
        }
    }
    groups.retain(|group| group.len() >= 3);
    let starts: Vec<f64> = groups.iter().map(|group| group[0].x0).collect();
    // Lines of a column end before the next one begins.
    let is_apart = groups.iter().zip(starts.iter().skip(1)).all(|(group, next)| {
        let n_over = group.iter().filter(|line| line.x1 > *next).count();
        n_over * 10 <= group.len()
    });
    if is_apart { starts } else { Vec::new() }
}

/// The weighted median; 0 of nothing.
fn median(mut values: Vec<(f64, usize)>) -> f64 {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = values.iter().map(|(_, weight)| weight).sum::<usize>() / 2;
    let mut sum = 0;
    let found = values.iter().find(|(_, weight)| {
        sum += weight;
        sum > half
    });
    found.map_or(0.0, |(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(x0: f64, x1: f64, y: f64, text: &str) -> Line {
        Line { x0, x1, y, size: 10.0, text: text.to_owned() }
    }

    fn texts(pages: Vec<Vec<Line>>) -> Vec<String> {
        paragraphs(without_heads(pages).0).into_iter().map(|paragraph| paragraph.text).collect()
    }

    #[test]
    fn columns_are_read_one_after_the_other() {
        let mut page = vec![line(50.0, 500.0, 700.0, "Pier opens")];
        for n in 0..4 {
            let y = 680.0 - 12.0 * f64::from(n);
            page.push(line(
                50.0,
                260.0,
                y,
                ["The pier", "was opened on Mon-", "day and peo-", "ple came"][n as usize],
            ));
            page.push(line(
                290.0,
                500.0,
                y,
                ["from far", "to see it on", "the first day", "of May."][n as usize],
            ));
        }
        assert_eq!(
            texts(vec![page]),
            [
                "Pier opens",
                "The pier was opened on Monday and people came from far to see it on the first day of May."
            ]
        );
    }

    #[test]
    fn heads_and_numbers_of_pages_are_dropped() {
        let page = |n: u32, texts: [&str; 3]| {
            vec![
                line(50.0, 200.0, 800.0, "ELM DAILY"),
                line(450.0, 500.0, 800.0, &format!("Page {n}")),
                line(50.0, 500.0, 700.0, texts[0]),
                line(50.0, 490.0, 688.0, texts[1]),
                line(50.0, 495.0, 676.0, texts[2]),
                line(270.0, 280.0, 30.0, &n.to_string()),
            ]
        };
        let pages = vec![
            page(3, ["The pier opened", "and they said that", "it was a calm day, and"]),
            page(4, ["the mayor left", "and we heard that", "it was a bad one, and"]),
        ];
        let expected = "The pier opened and they said that it was a calm day, and the mayor left and \
            we heard that it was a bad one, and";
        assert_eq!(texts(pages), [expected]);
    }

    #[test]
    fn noise_is_no_fault() {
        for bytes in
            [b"%PDF-1.4".to_vec(), b"%PDF-1.7\nstream\nx\x9c\xff".to_vec(), vec![0x25; 2000]]
        {
            let read = guarded(|| pages(&bytes).is_err());
            assert!(read.unwrap_or(true));
        }
    }
}
