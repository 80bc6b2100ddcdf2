//! Files that went wrong on their way: bytes exchanged, lost, doubled, parts of one kind within another,
//! under the name of a third. None ends a run, none takes the article beside it away.
#![allow(clippy::unwrap_used, reason = "a test that cannot write its files should fail")]

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use newsgraph::input::{self, InputOptions};

const CANARY: &str = "Ines Carvalho met Tom Falk in Oslo on 4 March 2025.\n";

/// How many files are made of them all.
const FILES: usize = 600;

/// What is put between the bytes of a file.
const PIECES: &[&[u8]] = &[
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd",
    b"%PDF-1.7\n",
    b"PAR1",
    b"WARC/1.0\r\n",
    b"{\\rtf1 \\bin99999999 \\u-1?",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>&b;",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"&#0;&#xD800;",
    b"\"",
    b"{[",
    b"]}",
    b"\r\n\r\n",
    b"18446744073709551615",
    b"-1",
    b"\\ud800",
    b"Content-Length: 99999999999\r\n",
    b"\nFrom a@b.example Mon Jan 1 00:00:00 2024\n",
    b"=?utf-8?b?//8=?=",
    "\u{202e}\u{e0100}\u{1b}[2J".as_bytes(),
];

/// Numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n.max(1) as u64).unwrap()
    }
}

/// One file of each of many kinds, with its suffix.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds = Vec::new();
    for (folder, suffix) in [
        ("examples/news", ""),
        ("fuzz/corpus/feed", "xml"),
        ("fuzz/corpus/html", "html"),
        ("fuzz/corpus/json_lines", "jsonl"),
        ("fuzz/corpus/markdown", "md"),
    ] {
        let files = fs::read_dir(root.join(folder)).unwrap().map(|file| file.unwrap().path());
        for file in files.filter(|file| file.is_file()) {
            let own = file.extension().unwrap_or_default().to_string_lossy().into_owned();
            let suffix = if suffix.is_empty() { own } else { suffix.to_owned() };
            seeds.push((suffix, fs::read(&file).unwrap()));
        }
    }
    seeds.sort();
    let text = "Ana Silva opened the pier in Elm on Monday.";
    let document = format!(
        "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>\
         <w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    );
    let part =
        format!("Content-Type: text/html\nContent-Transfer-Encoding: base64\n\nPHA+{text}\n");
    let made: [(&str, String); 7] = [
        ("csv", format!("title,date,text\nPier,2025-03-04,\"{text}\"\nPier,,{text}\n")),
        ("tsv", format!("title\ttext\nPier\t{text}\n")),
        ("json", format!("{{\"articles\":[{{\"title\":\"Pier\",\"text\":\"{text}\"}}]}}")),
        ("rtf", format!("{{\\rtf1\\ansi\\deff0{{\\fonttbl{{\\f0 A;}}}}\\f0 {text}\\par}}")),
        (
            "eml",
            format!(
                "MIME-Version: 1.0\nFrom: a@b.example\nSubject: Pier\nContent-Type: multipart/mixed; \
                 boundary=b\n\n--b\nContent-Type: text/plain\n\n{text}\n--b\n{part}--b--\n"
            ),
        ),
        (
            "xml",
            format!(
                "<?xml version='1.0'?><nitf><head><title>Pier</title></head><body><body.content>\
                 <p>{text}</p></body.content></body></nitf>"
            ),
        ),
        (
            "warc",
            format!(
                "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\n\
                 Content-Length: 99\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>{text}"
            ),
        ),
    ];
    seeds.extend(made.into_iter().map(|(suffix, text)| (suffix.to_owned(), text.into_bytes())));
    let zip = |name: &str, bytes: &[u8]| {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
        zip.finish().unwrap().into_inner()
    };
    seeds.push(("docx".to_owned(), zip("word/document.xml", document.as_bytes())));
    seeds.push(("zip".to_owned(), zip("a.txt", text.as_bytes())));
    seeds
}

fn mutated(seeds: &[(String, Vec<u8>)], numbers: &mut Numbers) -> (String, Vec<u8>) {
    let (suffix, bytes) = &seeds[numbers.below(seeds.len())];
    let (mut suffix, mut bytes) = (suffix.clone(), bytes.clone());
    for _ in 0..=numbers.below(6) {
        let at = numbers.below(bytes.len());
        let end = (at + numbers.below(80)).min(bytes.len());
        match numbers.below(8) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..at, PIECES[numbers.below(PIECES.len())].iter().copied())),
            3 => bytes.extend_from_within(at..end),
            4 => {
                let repeated = bytes[at..end].repeat(20);
                bytes.splice(at..end, repeated);
            }
            5 => {
                let other = &seeds[numbers.below(seeds.len())].1;
                let from = numbers.below(other.len());
                let part = &other[from..(from + 300).min(other.len())];
                bytes.splice(at..at, part.iter().copied());
            }
            6 => {
                for byte in &mut bytes[at..end] {
                    *byte ^= 1 << numbers.below(8);
                }
            }
            _ => suffix.clone_from(&seeds[numbers.below(seeds.len())].0),
        }
        if bytes.is_empty() {
            bytes.push(b'x');
        }
    }
    (suffix, bytes)
}

#[test]
fn no_file_ends_a_run_or_hides_another() {
    let folder = tempfile::tempdir().unwrap();
    let (seeds, mut numbers) = (seeds(), Numbers(0x9e37_79b9_7f4a_7c15));
    for nth in 0..FILES {
        let (suffix, bytes) = mutated(&seeds, &mut numbers);
        fs::write(folder.path().join(format!("{nth:04}.{suffix}")), bytes).unwrap();
    }
    fs::write(folder.path().join("canary.txt"), CANARY).unwrap();
    let batch =
        input::read(&[folder.path().to_str().unwrap().to_owned()], &InputOptions::default());
    batch.documents.check().unwrap();
    let mut n = 0;
    let mut canary = 0;
    for document in batch.documents.iter() {
        n += 1;
        canary += usize::from(document.id == "canary.txt" && document.text == CANARY.trim_end());
        let odd = |c: char| c != '\n' && (c.is_control() || input::normalize::is_invisible(c));
        for text in [&document.text, &document.id, document.title.as_ref().unwrap_or(&document.id)]
        {
            assert!(!text.contains(odd), "{}: {text:.200?}", document.id);
        }
    }
    assert_eq!(canary, 1);
    // Most are still articles, and what is none is told.
    assert!(
        n > FILES / 4 && !batch.skipped.is_empty(),
        "{n} read, {} left out",
        batch.skipped.len()
    );
    assert!(
        batch.skipped.iter().all(|skipped| !skipped.reason.is_empty() && !skipped.path.is_empty())
    );
}
