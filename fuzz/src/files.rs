//! Readers of files: what was read is normalized, and reads the same again.

use std::sync::Arc;

use newsgraph::document::Document;
use newsgraph::input::{self, InputOptions, Skipped, Source, Verbatim, normalize};
use newsgraph::spill::Spill;
use serde_json::Value;

/// What is in a file.
struct Read {
    documents: Vec<Document>,
    skipped: Vec<Skipped>,
}

/// Reads bytes as a file of a name.
fn read(name: &str, bytes: &[u8], verbatim: Verbatim) -> Read {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a file");
    let (name, size) = (name.to_owned(), bytes.len() as u64);
    let source = Source { name, path: Some(path), size, named: true };
    let spill = Arc::new(Spill::temporary());
    let batch =
        input::read_source(&source, &InputOptions { verbatim, ..InputOptions::default() }, &spill);
    batch.documents.check().expect("articles that were put aside");
    Read { documents: batch.documents.iter().collect(), skipped: batch.skipped }
}

/// What was read; reading once more gives the same, and nothing in it is left to normalize.
fn settled(name: &str, bytes: &[u8]) -> Vec<Document> {
    let batch = read(name, bytes, Verbatim::Nothing);
    let again = read(name, bytes, Verbatim::Nothing);
    assert_eq!(batch.documents, again.documents);
    assert_eq!(batch.skipped.len(), again.skipped.len());
    assert!(!batch.documents.is_empty() || !batch.skipped.is_empty(), "neither read nor left out");
    for document in &batch.documents {
        assert!(!document.text.is_empty());
        assert_eq!(normalize::characters(&document.text), document.text, "characters of the text");
        for line in [&document.title, &document.publisher].into_iter().flatten() {
            assert_eq!(&normalize::line(line), line, "a line");
        }
    }
    batch.documents
}

/// The text of a document as a text file, kept to the last character, is the same text.
fn keeps_verbatim(documents: &[Document]) {
    for document in documents {
        let batch = read("a.txt", document.text.as_bytes(), Verbatim::Everything);
        let texts: Vec<&str> = batch.documents.iter().map(|it| &*it.text).collect();
        assert_eq!(texts, [&*document.text], "read verbatim");
    }
}

/// A web page.
pub fn html(data: &[u8]) {
    keeps_verbatim(&settled("a.html", data));
}

/// Markdown; plain text where there is no markup.
pub fn markdown(data: &[u8]) {
    keeps_verbatim(&settled("a.md", data));
    keeps_verbatim(&settled("a.txt", data));
}

/// RSS and Atom: what is read of a feed, put into a new feed, is as many articles.
pub fn feed(data: &[u8]) {
    let documents = settled("a.rss", data);
    let items: String = documents.iter().map(item).collect();
    let rss = format!("<rss><channel>{items}</channel></rss>");
    let again = read("b.rss", rss.as_bytes(), Verbatim::Records);
    let words = |documents: &[Document]| -> Vec<String> {
        let words = |it: &Document| it.text.split_whitespace().collect::<Vec<_>>().join(" ");
        documents.iter().map(words).collect()
    };
    assert_eq!(words(&again.documents), words(&documents), "{rss}");
}

/// A document as an item, its text as escaped HTML.
fn item(document: &Document) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let paragraphs = document.text.split("\n\n").map(|it| format!("<p>{}</p>", escape(it)));
    format!("<item><description>{}</description></item>", escape(&paragraphs.collect::<String>()))
}

/// JSON Lines: as many articles as lines, and the same as the list of the lines.
pub fn json_lines(data: &[u8]) {
    settled("a.jsonl", data);
    let Ok(text) = std::str::from_utf8(data) else { return };
    if text.contains(['\0', '\u{feff}', '\r']) || text.matches(['[', '{']).count() > 100 {
        return;
    }
    let lines: Vec<&str> =
        text.split('\n').map(str::trim_ascii).filter(|it| !it.is_empty()).collect();
    let batch = read("a.jsonl", data, Verbatim::Nothing);
    let n_lines = batch.documents.len() + batch.skipped.len();
    assert!(n_lines == lines.len() || lines.is_empty(), "{n_lines} of {} lines", lines.len());
    if lines.is_empty() || !lines.iter().all(|line| serde_json::from_str::<Value>(line).is_ok()) {
        return;
    }
    let list = read("a.json", format!("[{}]", lines.join(",")).as_bytes(), Verbatim::Nothing);
    let without_id = |documents: &[Document]| -> Vec<Document> {
        documents.iter().map(|it| Document { id: String::new(), ..it.clone() }).collect()
    };
    assert_eq!(without_id(&list.documents), without_id(&batch.documents));
}
