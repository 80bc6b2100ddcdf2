//! Office documents and e-books, which are zip packages of XML: Word, Excel, OpenDocument, EPUB.
//!
//! Headers, footers, footnotes, comments, deleted text and fields are no text; a table of figures is
//! none either. Macros and what a document refers to are never looked at.

use std::collections::BTreeMap;

use super::archive::{Zip, member};
use super::collection::{self, Paragraph};
use super::xml::{self, Element};
use super::{
    Batch, Context, InputOptions, RawDocument, Source, dates, decode, finish, furniture, html,
    normalize, records,
};

/// What a zip file is the package of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Package {
    Word,
    Excel,
    OpenText,
    OpenSheet,
    Epub,
    /// Known by name, not read.
    Other(&'static str),
}

/// Tells the package, or `None` for a plain archive.
pub(super) fn package(archive: &mut Zip<'_>) -> Option<Package> {
    let mut kind = String::new();
    if let Ok(member) = archive.by_name("mimetype") {
        use std::io::Read;
        // A missing or broken type tells nothing.
        let _ = member.take(200).read_to_string(&mut kind);
    }
    let has = |archive: &Zip<'_>, name: &str| archive.index_for_name(name).is_some();
    Some(match kind.trim() {
        "application/epub+zip" => Package::Epub,
        "application/vnd.oasis.opendocument.text"
        | "application/vnd.oasis.opendocument.text-template" => Package::OpenText,
        "application/vnd.oasis.opendocument.spreadsheet" => Package::OpenSheet,
        kind if kind.starts_with("application/vnd.oasis.opendocument") => {
            Package::Other("an OpenDocument drawing or presentation")
        }
        _ if has(archive, "word/document.xml") => Package::Word,
        _ if has(archive, "xl/workbook.xml") => Package::Excel,
        _ if has(archive, "xl/workbook.bin") => {
            Package::Other("an Excel workbook in binary form (.xlsb)")
        }
        _ if has(archive, "ppt/presentation.xml") => Package::Other("a PowerPoint presentation"),
        _ if has(archive, "META-INF/container.xml") => Package::Epub,
        _ if has(archive, "META-INF/MANIFEST.MF") => Package::Other("a Java archive"),
        _ if has(archive, "AndroidManifest.xml") => Package::Other("an Android package"),
        _ if has(archive, "Index/Document.iwa") => {
            Package::Other("a Pages, Numbers or Keynote document")
        }
        _ => return None,
    })
}

/// Reads the articles of a package.
pub(super) fn read(
    package: Package,
    mut archive: Zip<'_>,
    source: &Source,
    context: &Context<'_>,
    batch: &mut Batch,
) {
    let outcome = match package {
        Package::Word => text(&WORD, &mut archive, source, context, batch),
        Package::Excel => excel(&mut archive, source, context, batch),
        Package::OpenText => text(&OPEN_TEXT, &mut archive, source, context, batch),
        Package::OpenSheet => open_sheet(&mut archive, source, context, batch),
        Package::Epub => epub(&mut archive, source, context, batch),
        Package::Other(what) => Err(format!("{what}, expected text")),
    };
    if let Err(reason) = outcome {
        batch.skip(source, None, reason);
    }
}

/// A part of a package as XML.
fn part(archive: &mut Zip<'_>, name: &str, context: &Context<'_>) -> Result<Element, String> {
    let bytes = member(archive, name, context).ok_or_else(|| format!("{name} cannot be read"))?;
    xml::tree(&decode::plainly(bytes)).map_err(|cause| format!("{name}: {cause}"))
}

/// Makes articles of the paragraphs of a document: those of a collection, or one.
pub(super) fn finish_paragraphs(
    paragraphs: &[Paragraph],
    (title, date): (Option<String>, Option<String>),
    source: &Source,
    options: &InputOptions,
    batch: &mut Batch,
) {
    if let Some(drafts) = collection::articles(paragraphs) {
        for (n, draft) in (1..).zip(drafts) {
            finish(RawDocument { item: Some(n), ..draft }, source, options, batch);
        }
        return;
    }
    // What a program keeps as the title is often none: it counts if the text begins with it.
    let first = paragraphs.iter().take(5);
    let heading =
        first.clone().find(|paragraph| paragraph.strong).map(|it| normalize::line(&it.text));
    let heading = heading.filter(|line| line.chars().count() <= 200);
    let kept = title.map(|title| normalize::line(&title)).filter(|title| {
        first.clone().any(|paragraph| normalize::line(&paragraph.text).eq_ignore_ascii_case(title))
    });
    let title = kept.or(heading);
    let is_title = |paragraph: &&Paragraph| {
        title
            .as_deref()
            .is_some_and(|title| normalize::line(&paragraph.text).eq_ignore_ascii_case(title))
    };
    // What stands above the headline is a kicker or the name of the paper.
    let start =
        paragraphs.iter().take(5).position(|paragraph| is_title(&paragraph)).map_or(0, |at| at + 1);
    let texts: Vec<&str> =
        paragraphs[start..].iter().map(|paragraph| paragraph.text.as_str()).collect();
    let text = furniture::without(&texts.join("\n\n"));
    finish(RawDocument { title, date, text, ..RawDocument::default() }, source, options, batch);
}

/// Where a package keeps a text.
struct TextLayout {
    content: &'static str,
    properties: &'static str,
    body: fn(&Element) -> Option<&Element>,
    blocks: fn(&Element, &mut Vec<Paragraph>),
}

const WORD: TextLayout = TextLayout {
    content: "word/document.xml",
    properties: "docProps/core.xml",
    body: |document| document.child("body"),
    blocks: word_blocks,
};

const OPEN_TEXT: TextLayout = TextLayout {
    content: "content.xml",
    properties: "meta.xml",
    body: |content| content.find("body").and_then(|body| body.child("text")),
    blocks: open_blocks,
};

fn text(
    layout: &TextLayout,
    archive: &mut Zip<'_>,
    source: &Source,
    context: &Context<'_>,
    batch: &mut Batch,
) -> Result<(), String> {
    let content = part(archive, layout.content, context)?;
    let title = part(archive, layout.properties, context).ok().and_then(|it| it.value("title"));
    let mut paragraphs = Vec::new();
    if let Some(body) = (layout.body)(&content) {
        (layout.blocks)(body, &mut paragraphs);
    }
    finish_paragraphs(&paragraphs, (title, None), source, context.options, batch);
    Ok(())
}

fn word_blocks(parent: &Element, paragraphs: &mut Vec<Paragraph>) {
    for child in parent.children() {
        match child.name.as_str() {
            "p" => {
                let style = child.find("pStyle").and_then(|style| style.attribute("val"));
                let is_heading = style.is_some_and(|style| {
                    let style = style.to_ascii_lowercase();
                    style == "title" || style.starts_with("heading") || style.starts_with("titre")
                });
                let mut text = String::new();
                word_text(child, &mut text);
                // A page or column break within a paragraph ends it.
                for text in text.split('\u{c}') {
                    add(text, is_heading, paragraphs);
                }
            }
            "tbl" => {
                let mut cells = Vec::new();
                for row in child.children() {
                    for cell in row.children() {
                        word_blocks(cell, &mut cells);
                    }
                }
                add_table(cells, paragraphs);
            }
            "sdt" | "sdtContent" | "ins" | "smartTag" | "customXml" | "moveTo" => {
                word_blocks(child, paragraphs);
            }
            _ => {}
        }
    }
}

fn word_text(parent: &Element, text: &mut String) {
    for child in parent.children() {
        match child.name.as_str() {
            "t" => text.push_str(&child.text()),
            "tab" => text.push('\t'),
            "br" => match child.attribute("type") {
                Some("page" | "column") => text.push('\u{c}'),
                _ => text.push('\n'),
            },
            "cr" => text.push('\n'),
            "noBreakHyphen" => text.push('-'),
            "del" | "delText" | "moveFrom" | "instrText" | "Fallback" | "pPr" | "rPr"
            | "footnoteReference" | "endnoteReference" | "commentReference" | "drawing"
            | "pict" | "object" => {}
            _ => word_text(child, text),
        }
    }
}

fn add(text: &str, strong: bool, paragraphs: &mut Vec<Paragraph>) {
    if !text.trim().is_empty() {
        paragraphs.push(Paragraph { text: text.trim().to_owned(), strong });
    }
}

/// Adds the text of a table, unless it holds figures: a table that lays out a page holds sentences.
fn add_table(cells: Vec<Paragraph>, paragraphs: &mut Vec<Paragraph>) {
    let is_text = |cell: &&Paragraph| {
        normalize::ends_sentence(&cell.text) && cell.text.split_whitespace().count() >= 6
    };
    if cells.iter().filter(is_text).count() * 4 >= cells.len() {
        paragraphs.extend(cells);
    }
}

fn open_blocks(parent: &Element, paragraphs: &mut Vec<Paragraph>) {
    for child in parent.children() {
        match child.name.as_str() {
            "h" | "p" => {
                let style = child.attribute("style-name").is_some_and(|style| style == "Title");
                let mut text = String::new();
                open_line(child, &mut text);
                add(&text, style || child.name == "h", paragraphs);
            }
            "table" => {
                let mut cells = Vec::new();
                for row in child.all("table-row") {
                    for cell in row.children() {
                        open_blocks(cell, &mut cells);
                    }
                }
                add_table(cells, paragraphs);
            }
            "tracked-changes" | "sequence-decls" | "forms" | "frame" | "table-of-content" => {}
            _ => open_blocks(child, paragraphs),
        }
    }
}

/// The text of a paragraph, where blanks are elements.
fn open_line(paragraph: &Element, text: &mut String) {
    paragraph.walk(&mut |piece| match piece {
        Ok(piece) => {
            for c in piece.chars() {
                match c {
                    ' ' | '\n' | '\r' | '\t' if text.ends_with([' ', '\n']) => {}
                    '\n' | '\r' | '\t' => text.push(' '),
                    c => text.push(c),
                }
            }
            true
        }
        Err(element) => match element.name.as_str() {
            "s" | "tab" => {
                text.push(' ');
                false
            }
            "line-break" => {
                text.push('\n');
                false
            }
            "note" | "annotation" | "frame" | "ruby-text" => false,
            _ => true,
        },
    });
}

/// A sheet of a workbook: rows of cells.
type Sheet = Vec<Vec<String>>;

fn open_sheet(
    archive: &mut Zip<'_>,
    source: &Source,
    context: &Context<'_>,
    batch: &mut Batch,
) -> Result<(), String> {
    let content = part(archive, "content.xml", context)?;
    let mut sheets = Vec::new();
    for table in content.all("table") {
        let rows = table.all("table-row").into_iter().map(|row| {
            let mut cells: Vec<String> = Vec::new();
            for cell in row.children() {
                let date = cell.attribute("date-value").map(str::to_owned);
                let lines: Vec<String> = cell
                    .children()
                    .filter(|it| it.name == "p")
                    .map(|line| {
                        let mut text = String::new();
                        open_line(line, &mut text);
                        text
                    })
                    .collect();
                let text = date.unwrap_or_else(|| lines.join("\n"));
                let times = cell.attribute("number-columns-repeated").and_then(|n| n.parse().ok());
                let times = times.unwrap_or(1usize).min(MAX_COLUMNS.saturating_sub(cells.len()));
                cells.extend(std::iter::repeat_n(text, times));
            }
            cells
        });
        sheets.push(rows.collect());
    }
    add_sheets(sheets, false, source, context.options, batch)
}

const MAX_COLUMNS: usize = 200;

fn excel(
    archive: &mut Zip<'_>,
    source: &Source,
    context: &Context<'_>,
    batch: &mut Batch,
) -> Result<(), String> {
    let workbook = part(archive, "xl/workbook.xml", context)?;
    let from_1904 = workbook
        .find("workbookPr")
        .and_then(|it| it.attribute("date1904"))
        .is_some_and(|value| matches!(value, "1" | "true"));
    let shared: Vec<String> = match part(archive, "xl/sharedStrings.xml", context) {
        Ok(strings) => strings.children().map(excel_string).collect(),
        Err(_) => Vec::new(),
    };
    let mut names: Vec<(usize, String)> = archive
        .file_names()
        .filter_map(|name| {
            let name = name.ok()?;
            let sheet = name.strip_prefix("xl/worksheets/sheet")?.strip_suffix(".xml")?;
            Some((sheet.parse().unwrap_or(usize::MAX), name.to_string()))
        })
        .collect();
    names.sort();
    let mut sheets = Vec::new();
    for (_, name) in names {
        let sheet = part(archive, &name, context)?;
        let rows = sheet.all("row").into_iter().map(|row| excel_row(row, &shared)).collect();
        sheets.push(rows);
    }
    add_sheets(sheets, from_1904, source, context.options, batch)
}

/// The text of a shared or inline string, without the readings of East Asian characters.
fn excel_string(string: &Element) -> String {
    let runs = string.children().filter(|child| matches!(child.name.as_str(), "t" | "r"));
    runs.map(|run| {
        if run.name == "t" {
            run.text()
        } else {
            run.child("t").map_or_else(String::new, Element::text)
        }
    })
    .collect()
}

fn excel_row(row: &Element, shared: &[String]) -> Vec<String> {
    let mut cells: Vec<String> = Vec::new();
    for cell in row.children().filter(|cell| cell.name == "c") {
        let column = cell.attribute("r").and_then(column).unwrap_or(cells.len());
        if column >= MAX_COLUMNS {
            continue;
        }
        let value = cell.child("v").map_or_else(String::new, Element::text);
        let text = match cell.attribute("t") {
            Some("s") => value
                .trim()
                .parse::<usize>()
                .ok()
                .and_then(|at| shared.get(at))
                .cloned()
                .unwrap_or_default(),
            Some("inlineStr") => cell.child("is").map_or_else(String::new, excel_string),
            Some("e") => String::new(),
            _ => value,
        };
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
    }
    cells
}

/// The column of a cell's name: 0 for "A1".
fn column(name: &str) -> Option<usize> {
    let letters = name.bytes().take_while(u8::is_ascii_uppercase).take(4);
    let number =
        letters.fold(0usize, |number, letter| number * 26 + usize::from(letter - b'A') + 1);
    number.checked_sub(1)
}

/// Reads the rows of the sheets that have a column of texts.
fn add_sheets(
    sheets: Vec<Sheet>,
    from_1904: bool,
    source: &Source,
    options: &InputOptions,
    batch: &mut Batch,
) -> Result<(), String> {
    let mut header = None;
    let mut n = 0;
    for rows in sheets {
        // Above the names of the columns there may be a title.
        let at = rows.iter().take(10).position(|row| records::has_text(row));
        let Some(at) = at else {
            header = header.or_else(|| rows.into_iter().find(|row| !row.is_empty()));
            continue;
        };
        let columns = records::Columns::of(&rows[at]);
        let rows = rows[at + 1..].iter().map(|row| {
            let day = |(index, cell): (usize, &String)| match columns.is_date(index) {
                true => serial(cell, from_1904).unwrap_or_else(|| cell.clone()),
                false => cell.clone(),
            };
            row.iter().enumerate().map(day).collect::<Vec<String>>()
        });
        n = records::add_rows(&columns, rows.collect(), n, source, options, batch);
    }
    match header {
        Some(header) if n == 0 => Err(format!(
            "a workbook, but no column with text: found {}, expected text, body or content",
            super::quoted(&header.join(", "))
        )),
        _ => Ok(()),
    }
}

/// The day of Excel's number of days since 1900 (or 1904).
fn serial(value: &str, from_1904: bool) -> Option<String> {
    let days = value.trim().parse::<f64>().ok().filter(|days| (1.0..2_958_466.0).contains(days))?;
    let start =
        if from_1904 { jiff::civil::date(1904, 1, 1) } else { jiff::civil::date(1899, 12, 30) };
    let day = start.checked_add(jiff::Span::new().days(days.floor() as i64)).ok()?;
    dates::is_plausible(day).then(|| day.to_string())
}

fn epub(
    archive: &mut Zip<'_>,
    source: &Source,
    context: &Context<'_>,
    batch: &mut Batch,
) -> Result<(), String> {
    if archive.index_for_name("META-INF/encryption.xml").is_some()
        && archive.index_for_name("META-INF/rights.xml").is_some()
    {
        return Err("an e-book (EPUB) that is encrypted".to_owned());
    }
    let container = part(archive, "META-INF/container.xml", context)?;
    let path = container.find("rootfile").and_then(|file| file.attribute("full-path"));
    let path = path.ok_or("an e-book (EPUB) without a package file")?.to_owned();
    let package = part(archive, &path, context)?;
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let manifest: BTreeMap<&str, &Element> = package
        .all("item")
        .into_iter()
        .filter_map(|item| Some((item.attribute("id")?, item)))
        .collect();
    // Programs that make books of pages name themselves.
    let publisher = package.value("publisher").filter(|name| !name.eq_ignore_ascii_case("calibre"));
    let publisher = publisher.or_else(|| package.value("title"));
    let date = package.all("date").into_iter().find_map(|date| {
        let event = date.attribute("event");
        event.is_none_or(|event| event == "publication").then(|| date.line())?
    });
    let mut n = 0;
    for reference in package.all("itemref") {
        let Some(item) = reference.attribute("idref").and_then(|id| manifest.get(id)) else {
            continue;
        };
        let is_nav =
            item.attribute("properties").is_some_and(|it| it.split(' ').any(|it| it == "nav"));
        let is_page = item.attribute("media-type").is_none_or(|kind| kind.contains("html"));
        let Some(href) = item.attribute("href").filter(|_| !is_nav && is_page) else { continue };
        let name = joined(folder, href);
        let Some(bytes) = member(archive, &name, context) else {
            batch.skip(source, None, format!("{name} cannot be read"));
            continue;
        };
        n += 1;
        let text = decode::decode(bytes, true, source, batch);
        let text = decode::encoded_once(text, source, batch);
        let (title, text) = html::chapter(&text);
        // Covers, title pages and the like hold no sentences.
        if text.split_whitespace().count() < 20 {
            continue;
        }
        let draft = RawDocument {
            publisher: publisher.clone(),
            title,
            date: date.clone(),
            text,
            item: Some(n),
            ..RawDocument::default()
        };
        finish(draft, source, context.options, batch);
    }
    Ok(())
}

/// A path beside another one, with `..` and escapes undone.
fn joined(folder: &str, href: &str) -> String {
    let href = href.split(['#', '?']).next().unwrap_or_default();
    let mut parts: Vec<String> =
        folder.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    for part in href.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(unescaped(part)),
        }
    }
    parts.join("/")
}

/// Undoes `%20` and the like.
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if bytes[at] == b'%' => {
                plain.push(byte);
                at += 3;
            }
            _ => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cells_and_days_of_excel() {
        assert_eq!((column("A1"), column("AB12"), column("7")), (Some(0), Some(27), None));
        assert_eq!(serial("45415.5", false).as_deref(), Some("2024-05-03"));
        assert_eq!(serial("x", false), None);
    }

    #[test]
    fn paths_in_packages() {
        assert_eq!(joined("OEBPS", "text/a%20b.xhtml#x"), "OEBPS/text/a b.xhtml");
        assert_eq!(joined("a/b", "../c/./d"), "a/c/d");
        assert_eq!(joined("", "../../é%zz"), "é%zz");
    }

    #[test]
    fn words_text_is_without_furniture() {
        let body = xml::tree(
            "<body><p><pPr><pStyle val=\"Heading1\"/></pPr><r><t>Pier opens</t></r></p>\
             <p><r><t>The </t></r><del><r><t>old </t></r></del><ins><r><t>new</t></r></ins><r><br/><t>pier.</t></r></p>\
             <tbl><tr><tc><p><r><t>12</t></r></p></tc></tr></tbl></body>",
        )
        .expect("well-formed");
        let mut paragraphs = Vec::new();
        word_blocks(&body, &mut paragraphs);
        assert_eq!(
            paragraphs,
            [
                Paragraph { text: "Pier opens".to_owned(), strong: true },
                Paragraph::plain("The new\npier.")
            ]
        );
    }
}
