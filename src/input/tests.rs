use std::fs;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

/// A folder with files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn read_folder(folder: &tempfile::TempDir) -> Batch {
    read(&[folder.path().to_str().unwrap().to_owned()], &InputOptions::default())
}

/// Reads tables row by row, however small they are.
fn read_by_row(folder: &tempfile::TempDir) -> Batch {
    let options = InputOptions { max_whole: 0, ..InputOptions::default() };
    read(&[folder.path().to_str().unwrap().to_owned()], &options)
}

fn read_one(name: &str, content: impl AsRef<[u8]>) -> Batch {
    read_folder(&folder(&[(name, content.as_ref())]))
}

fn documents(batch: &Batch) -> Vec<Document> {
    batch.documents.check().unwrap();
    batch.documents.iter().collect()
}

fn ids(batch: &Batch) -> Vec<String> {
    documents(batch).into_iter().map(|document| document.id).collect()
}

fn texts(batch: &Batch) -> Vec<String> {
    documents(batch).into_iter().map(|document| document.text).collect()
}

/// What was left out: line and reason.
fn skipped(batch: &Batch) -> Vec<String> {
    let reason = |skipped: &Skipped| match skipped.line {
        Some(line) => format!("{line}: {}", skipped.reason),
        None => skipped.reason.clone(),
    };
    batch.skipped.iter().map(reason).collect()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(content).unwrap();
    writer.finish().unwrap()
}

#[test]
fn folders_are_walked_and_ids_are_relative() {
    let folder = folder(&[
        ("b.txt", b"B."),
        ("x/a.TXT", b"A."),
        ("x/.hidden", b"H."),
        ("noext", b"N."),
        ("x.txt/i.txt", b"I."),
    ]);
    let batch = read_folder(&folder);
    assert_eq!(ids(&batch), ["b.txt", "noext", "x.txt/i.txt", "x/a.TXT"]);
    assert!(batch.skipped.is_empty() && batch.warnings.is_empty());
    assert_eq!(batch.bytes, 8);
}

#[test]
fn patterns_and_files_do_not_read_twice() {
    let folder = folder(&[("a.txt", b"A."), ("b.md", b"B."), ("x/c.txt", b"C.")]);
    let at = |path: &str| folder.path().join(path).to_str().unwrap().to_owned();
    let options = InputOptions::default();
    assert_eq!(ids(&read(&[at("*.txt"), at("a.txt")], &options)), ["a.txt"]);
    assert_eq!(ids(&read(&[at("**/*.txt")], &options)), ["a.txt", "x/c.txt"]);
    let batch = read(&[at("*.csv"), at("none.txt")], &options);
    assert_eq!(skipped(&batch), ["no file matches", "no such file or directory"]);
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_left_out() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("secret.txt", b"S.")]);
    let folder = folder(&[("a.txt", b"A."), ("x/b.txt", b"B.")]);
    symlink(".", folder.path().join("loop")).unwrap();
    symlink("nothing", folder.path().join("dangling.txt")).unwrap();
    symlink(outside.path().join("secret.txt"), folder.path().join("out.txt")).unwrap();
    symlink("/dev/zero", folder.path().join("zero.txt")).unwrap();
    let batch = read_folder(&folder);
    assert_eq!(ids(&batch), ["a.txt", "x/b.txt"]);
    assert_eq!(batch.skipped.len(), 3);
    assert!(batch.skipped.iter().all(|skipped| skipped.foreign));

    let options = InputOptions { follow_links: true, ..InputOptions::default() };
    let batch = read(&[folder.path().to_str().unwrap().to_owned()], &options);
    assert_eq!(ids(&batch), ["a.txt", "out.txt", "x/b.txt"]);
    assert_eq!(skipped(&batch)[1], "a device, expected a file");
}

#[test]
fn what_is_no_text_is_left_out() {
    let batch = read_folder(&folder(&[
        ("a.txt", b"A."),
        ("p.txt", b"\x89PNG\r\n\x1a\n"),
        ("z.zip", b"PK\x03\x04...."),
        ("z.txt.gz", &gzip(b"%PDF-1.7")),
        ("e.txt", b" \n"),
    ]));
    assert_eq!(ids(&batch), ["a.txt"]);
    let reasons = skipped(&batch);
    let expected = [
        "no text",
        "a PNG picture, expected text",
        "a PDF file, damaged",
        "a zip archive or office document, damaged",
    ];
    assert_eq!(reasons.len(), expected.len());
    for (reason, expected) in reasons.iter().zip(expected) {
        assert!(reason.starts_with(expected), "{reason}");
    }
}

#[test]
fn packed_files_are_unpacked_within_bounds() {
    let two = [gzip(b"One."), gzip(b" Two.")].concat();
    assert_eq!(texts(&read_one("a.txt.gz", two)), ["One. Two."]);
    let whole = gzip("A calm day in the port of Elm. ".repeat(9).as_bytes());
    let batch = read_one("a.txt.gz", &whole[..whole.len() - 6]);
    assert_eq!((batch.documents.len(), batch.warnings.len()), (1, 1));
    let batch = read_one("a.txt.gz", [whole.as_slice(), b"garbage"].concat());
    assert_eq!((batch.documents.len(), batch.warnings.len()), (1, 1));
    let bomb = gzip(&vec![b'A'; 80 << 20]);
    assert_eq!(skipped(&read_one("a.txt.gz", bomb)), ["unpacks to more than 1000 times its size"]);
    assert_eq!(texts(&read_one("a.txt.gz", "Not packed.")), ["Not packed."]);
    assert_eq!(skipped(&read_one("a.txt.gz", &whole[..12])).len(), 1);
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    let frame = |text: &[u8]| compress_to_vec(text, CompressionLevel::Fastest);
    let two = [frame(b"One."), frame(b" Two.")].concat();
    assert_eq!(texts(&read_one("a.txt.zst", &two)), ["One. Two."]);
    let batch = read_one("a.txt.zst", &two[..two.len() - 3]);
    assert_eq!((texts(&batch), batch.warnings.len()), (vec!["One.".to_owned()], 1));
    let bomb = frame(&vec![b'A'; 80 << 20]);
    assert_eq!(read_one("a.txt.zst", bomb).skipped.len(), 1);
    let options = InputOptions { max_unpacked: 3, ..InputOptions::default() };
    let large = folder(&[("a.txt", b"Four.")]);
    let batch = read(&[large.path().to_str().unwrap().to_owned()], &options);
    assert_eq!(skipped(&batch), ["5 bytes, at most 3 are read"]);
}

#[test]
fn long_texts_are_cut() {
    let folder = folder(&[("a.txt", "Ä calm day.".as_bytes())]);
    let options = InputOptions { max_text: 7, ..InputOptions::default() };
    let batch = read(&[folder.path().to_str().unwrap().to_owned()], &options);
    assert_eq!((texts(&batch), batch.warnings.len()), (vec!["Ä calm".to_owned()], 1));
}

#[test]
fn broken_lines_are_left_out_between_good_ones() {
    let batch = read_one(
        "a.jsonl",
        "\u{feff}{\"id\":\"1\",\"body\":\"One.\",\"deep\":".to_owned()
            + &"[".repeat(9000)
            + &"]".repeat(9000)
            + "}\r\n{not\n\nnull\n[]\n42\n{\"text\":5}\n{\"id\":7}\n{\"text\":[\"Two.\",\"Three.\"]}\n{\"text\":\"x",
    );
    assert_eq!(ids(&batch), ["1", "a.jsonl#9"]);
    assert_eq!(texts(&batch), ["One.", "Two.\n\nThree."]);
    assert_eq!(
        skipped(&batch),
        [
            "2: not JSON: key must be a string (column 2)",
            "4: null, expected an object with an article",
            "5: a list, expected an object with an article",
            "6: a number, expected an object with an article",
            "7: the text is a number, expected a string",
            "8: no text",
            "10: not JSON: EOF while parsing a string (column 10)",
        ]
    );
}

#[test]
fn half_surrogates_do_not_lose_the_line() {
    let batch =
        read_one("a.jsonl", r#"{"text":"Boris \ud800 \\ud800 \ud83d\ude00 left.","text2":0}"#);
    assert_eq!(texts(&batch), ["Boris \u{fffd} \\ud800 😀 left."]);
    assert_eq!(batch.warnings.len(), 1);
    assert!(skipped(&read_one("a.jsonl", r#"{"text":"a\ud8"#)).len() == 1);
}

#[test]
fn columns_go_by_their_usual_names() {
    let batch = read_one(
        "a.jsonl",
        r#"{"id":7,"headline":"Pier opens","publication_date":"2024-05-03T10:00:00Z","source":{"id":null,"name":"Elm Daily"},"url":"https://elm.example/ü","summary":"No.","content":"Yes.","text":""}"#,
    );
    let document = &documents(&batch)[0];
    assert_eq!(document.id, "7");
    assert_eq!(document.title.as_deref(), Some("Pier opens"));
    assert_eq!(document.published, Some(date(2024, 5, 3)));
    assert_eq!(document.publisher.as_deref(), Some("Elm Daily"));
    assert_eq!(document.uri.as_deref(), Some("https://elm.example/ü"));
    assert_eq!(document.text, "Yes.");
}

#[test]
fn illegal_addresses_and_impossible_dates_are_dropped() {
    for url in [
        "javascript:alert(1)",
        "http://a b",
        "http://x/<>",
        "x",
        "http://[::1",
        "file:///x",
        "http://x/\u{202e}",
        "http:///x",
    ] {
        let row = serde_json::json!({ "text": "A.", "url": url, "date": "2024-02-30" });
        let batch = read_one("a.jsonl", row.to_string());
        assert_eq!(
            (documents(&batch)[0].uri.as_deref(), documents(&batch)[0].published),
            (None, None)
        );
        assert_eq!(batch.warnings.len(), 2, "{url}");
    }
}

#[test]
fn json_arrays_and_objects() {
    let batch = read_one("a.json", r#"[{"text":"One."},3,{"id":"b","text":"Two."},{"text":"#);
    assert_eq!(ids(&batch), ["a.json#1", "b"]);
    assert_eq!(batch.skipped.len(), 2);
    assert_eq!(ids(&read_one("a.json", "{\n \"text\": \"One.\"}")), ["a.json"]);
    assert_eq!(ids(&read_one("a.json", r#"{"articles":[{"text":"One."}]}"#)), ["a.json#1"]);
    assert_eq!(
        texts(&read_one("a.json", "{\"text\":\"One.\"}\n{\"text\":\"Two.\"}\n")),
        ["One.", "Two."]
    );
}

#[test]
fn csv_with_any_separator() {
    let batch =
        read_one("a.csv", "Id;Title;Article Body\n1;Pier opens;\"One; \"\"two\"\".\"\n2;x\n");
    assert_eq!(
        (ids(&batch), texts(&batch)),
        (vec!["1".to_owned()], vec!["One; \"two\".".to_owned()])
    );
    assert_eq!(documents(&batch)[0].title.as_deref(), Some("Pier opens"));
    assert_eq!(skipped(&batch), ["3: no text"]);
    assert_eq!(ids(&read_one("a.tsv", "text\tdate\nOne, two.\t2024-05-03\n")), ["a.tsv#2"]);
    assert_eq!(
        skipped(&read_one("a.csv", "id,name\n1,x\n")),
        ["1: no column with text: found \"id,name\", expected text, body or content"]
    );
}

#[test]
fn feeds_give_items_and_refuse_definitions() {
    let rss = "<rss><channel><title>Elm Daily</title><item><title>Pier &amp; all</title>\
        <link>https://elm.example/1</link><pubDate>Fri, 03 May 2024 10:00:00 GMT</pubDate>\
        <description>&lt;p&gt;The pier &amp;amp; all.&lt;/p&gt;</description></item>";
    let batch = read_one("a.rss", format!("{rss}</channel></rss>"));
    let document = &documents(&batch)[0];
    assert_eq!((document.id.as_str(), document.text.as_str()), ("a.rss#1", "The pier & all."));
    assert_eq!(document.title.as_deref(), Some("Pier & all"));
    assert_eq!(document.publisher.as_deref(), Some("Elm Daily"));
    assert_eq!(document.published, Some(date(2024, 5, 3)));
    let batch = read_one("a.rss", rss);
    assert_eq!((batch.documents.len(), batch.skipped.len()), (1, 1));
    for bad in [
        "<!DOCTYPE r [<!ENTITY a \"b\">]><rss>&a;</rss>".to_owned(),
        format!("<rss>{}", "<a>".repeat(9000)),
        "<a>text</a>".to_owned(),
    ] {
        assert_eq!(read_one("a.xml", bad).skipped.len(), 1);
    }
}

/// Title, day, paper and text of each article.
fn told(batch: &Batch) -> Vec<[String; 4]> {
    let tell = |document: Document| {
        [
            document.title.unwrap_or_default(),
            document.published.map(|day| day.to_string()).unwrap_or_default(),
            document.publisher.unwrap_or_default(),
            document.text,
        ]
    };
    documents(batch).into_iter().map(tell).collect()
}

const PIER: [&str; 2] = [
    "The pier in Elm opened on Monday, two years after the storm.",
    "Mayor Ana Silva cut the ribbon, and the ferry came on time.",
];

fn pier() -> String {
    PIER.join("\n\n")
}

#[test]
fn articles_are_found_wherever_they_stand_in_json() {
    let [one, two] = PIER;
    let nested = format!(
        r#"{{"response": {{"content": {{"webTitle": "Pier opens", "webPublicationDate": "2024-05-03T10:00:00Z",
        "fields": {{"body": "<p>{one}</p><figure><figcaption>A pier</figcaption></figure><p>{two}</p>"}}}}}}}}"#
    );
    let by_number = format!(
        r#"{{"17": {{"info": {{"title": "Pier opens", "date": "2024-05-03", "body": "{one}\n\n{two}"}}}}}}"#
    );
    let in_parts = format!(
        r#"{{"title": "Pier opens", "published_date": "2024-05-03", "contents": [
        {{"type": "byline", "content": "By Tom Berg"}}, {{"type": "sanitized_html", "content": "<span>{one}</span>"}}, null,
        {{"type": "image", "fullcaption": "A pier"}}, {{"type": "sanitized_html", "content": "{two}"}}]}}"#
    );
    let by_role = format!(
        r#"{{"headlines": [{{"role": "short", "value": "Pier"}}, {{"role": "main", "value": "Pier opens"}}],
        "firstCreated": "2024-05-03T10:00:00Z", "bodies": [{{"role": "main", "value": "<p>{one}</p><p>{two}</p>"}}]}}"#
    );
    let drafts = format!(
        r#"{{"db": [{{"data": {{"posts": [{{"title": "Pier opens", "status": "published", "published_at": "2024-05-03",
        "html": "<p>{one}</p><p>{two}</p>"}}, {{"title": "Not yet", "status": "draft", "html": "<p>Draft of a text.</p>"}}]}}}}]}}"#
    );
    for json in [nested, by_number, in_parts, by_role, drafts] {
        let batch = read_one("a.json", &json);
        let found = told(&batch);
        assert_eq!(found.len(), 1, "{json}: {:?}", skipped(&batch));
        let [title, day, _, text] = &found[0];
        assert_eq!((&**title, &**day, &**text), ("Pier opens", "2024-05-03", &*pier()), "{json}");
    }
}

#[test]
fn tables_saved_as_text_are_tables() {
    let batch = read_one(
        "a.txt",
        "Date\tNewspaper\tHeadline\tFull text\n3 May 2024\tElm Daily\tPier opens\tThe pier opened.\n",
    );
    assert_eq!(told(&batch), [["Pier opens", "2024-05-03", "Elm Daily", "The pier opened."]]);
}

#[test]
fn codes_name_the_fields_of_a_database() {
    let [one, two] = PIER;
    let cells = [
        ("SE", "News"),
        ("HD", "Pier opens"),
        ("WC", "30 words"),
        ("PD", "3 May 2024"),
        ("SN", "Elm Daily"),
        ("LP", one),
        ("TD", two),
        ("CO", "elm : Elm Works"),
        ("AN", "Document ELMD000020240503ek5300001"),
    ];
    let rows: String = cells
        .iter()
        .map(|(code, value)| format!("<tr><td><b>{code}</b>&nbsp;</td><td>{value}</td></tr>"))
        .collect();
    let batch =
        read_one("a.html", format!("<html><title>Factiva</title><table>{rows}</table></html>"));
    assert_eq!(told(&batch), [["Pier opens", "2024-05-03", "Elm Daily", &*pier()]]);
}

#[test]
fn rules_part_the_articles_of_a_database() {
    let article = |title: &str| {
        format!(
            "____________________________________\n\n{title}\n\nPublication info: Elm Daily ; Elm [Elm]. 3 May 2024: 1.\n\n\
             Full text: The pier opened.\n\nCREDIT: Tom Berg\n\nTitle: {title}\n\nPublication title: Elm Daily\n\n\
             Publication date: May 3, 2024\n\nProQuest document ID: 1\n\n"
        )
    };
    let batch = read_one("a.txt", article("Pier opens") + &article("Pier closes"));
    let told = told(&batch);
    let titles: Vec<&str> = told.iter().map(|article| &*article[0]).collect();
    assert_eq!(titles, ["Pier opens", "Pier closes"]);
    assert!(told.iter().all(|article| article[3] == "The pier opened."), "{told:?}");
}

#[test]
fn reports_with_lines_for_the_desk_are_taken_apart() {
    let batch = read_one(
        "a.txt",
        "a0001 rw\nBC-Pier, 1st Ld,a0000 05-03 0020\n^BC-Pier, 1st Ld,0020<\n^URGENT<\n^Pier opens<\n^By TOM BERG=\n\
         ^Elm Daily=\n      ELM (ED) _ The pier\nopened.\n      All came.\n   ^___=\n   ^On the Net:=\n\nED-NY-05-03-24 0512EDT<\n",
    );
    let told = told(&batch);
    assert_eq!(told[0][0], "Pier opens");
    assert_eq!(told[0][1], "2024-05-03");
    assert_eq!(told[0][2], "Elm Daily");
    assert!(told[0][3].ends_with("The pier opened.\n\nAll came."), "{told:?}");
}

#[test]
fn blogs_export_more_than_their_articles() {
    let item = |kind: &str, body: &str| {
        format!(
            "<item><title>Pier opens</title><pubDate>Fri, 03 May 2024 10:00:00 +0000</pubDate><content:encoded><![CDATA[{body}]]>\
             </content:encoded><wp:post_type>{kind}</wp:post_type><wp:status>publish</wp:status></item>"
        )
    };
    let post = format!(
        "{}\n\n[caption id=\"1\"]A pier[/caption]\n\n[gallery ids=\"1\"]\n\n{}",
        PIER[0], PIER[1]
    );
    let feed = format!(
        "<rss version=\"2.0\" xmlns:content=\"c\" xmlns:wp=\"w\"><channel><title>Elm</title>{}{}</channel></rss>",
        item("attachment", "A picture of the pier."),
        item("post", &post)
    );
    let batch = read_one("a.xml", feed);
    assert_eq!(texts(&batch), [pier()]);
}

#[test]
fn letters_lose_what_is_no_text() {
    let mail = format!(
        "From: Tom Berg <tom@elm.example>\nTo: a@elm.example\nSubject: FW: Pier opens\nDate: Fri, 03 May 2024 10:00:00 +0000\n\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nFrom: Desk <desk@elm.example>\nSent: 3 May 2024 07:12\n\
         To: All\nSubject: Pier opens\n\n{}\n\n[cid:image001.png@01DA]\n\nUnsubscribe: https://elm.example/u\n",
        pier()
    );
    assert_eq!(texts(&read_one("a.eml", mail)), [pier()]);
}

#[test]
fn what_stands_around_an_article_is_not_read() {
    let [one, two] = PIER;
    let page = format!(
        "<html><head><title>Pier opens</title><script type=\"application/ld+json\"><![CDATA[{{\"@type\":\"NewsArticle\",\
         \"datePublished\":\"2024-05-03\"}}]]></script></head><body><article><h1>Pier opens</h1>\
         <div><img src=\"a.jpg\"><div>A pier at dawn. <span>Photographer: Lena Ost</span></div></div><p>{one}</p>\
         <ul><li><a href=\"/1\">Why the storm came</a></li><li><a href=\"/2\">In pictures: the storm</a></li></ul>\
         <p><a href=\"/3\">What readers say about the pier</a></p><p>{two}</p>\
         <h3>Join the conversation (2)</h3><div>Hob</div><p>I always said that it would open. It did, and I was there.</p>\
         </article></body></html>"
    );
    let batch = read_one("a.html", page);
    assert_eq!(told(&batch), [["Pier opens", "2024-05-03", "", &*pier()]]);
    let challenge = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><p>Verify you are human.</p></body></html>";
    let batch = read_one("a.html", challenge);
    assert!(texts(&batch).is_empty());
    assert!(
        skipped(&batch)[0].contains("asks whether its reader is human"),
        "{:?}",
        skipped(&batch)
    );
}

#[test]
fn notes_in_markdown_are_no_text() {
    let note = format!(
        "---\ntitle: Pier opens\npublished: 2024-05-03\ncreated: 2025-01-02\n---\n![pier](a.jpg)\n\n*A pier. Photograph: Lena Ost*\n\n\
         {}\n\n> [!quote] Also read\n> Something else\n\n{}\n\n#pier #elm\n",
        PIER[0], PIER[1]
    );
    assert_eq!(told(&read_one("a.md", note)), [["Pier opens", "2024-05-03", "", &*pier()]]);
}

#[test]
fn definitions_without_entities_are_read() {
    let news = "<!DOCTYPE NewsML PUBLIC \"urn:x\" \"http://x.example/n.dtd\" [ ]><NewsML><NewsItem><NewsComponent>\
        <NewsLines><HeadLine>Pier opens</HeadLine></NewsLines><NewsComponent><Role FormalName=\"Caption\"/><ContentItem><DataContent>\
        <p>A pier at dawn.</p></DataContent></ContentItem></NewsComponent><ContentItem><DataContent><p>The pier opened.</p></DataContent>\
        </ContentItem></NewsComponent></NewsItem></NewsML>";
    assert_eq!(texts(&read_one("a.xml", news)), ["The pier opened."]);
}

#[test]
fn what_testers_brought_is_read() {
    // Older feeds are RDF, and called so.
    let feed = r#"<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/"><channel rdf:about="https://a.example/"><title>Post</title></channel>
        <item rdf:about="https://a.example/1"><title>Talks</title><link>https://a.example/1</link>
        <description>Mara Voss met Ines Carvalho in Lisbon on Tuesday.</description></item></rdf:RDF>"#;
    assert_eq!(texts(&read_one("index.rdf", feed)).len(), 1);
    // A note to the desk is no text.
    let nitf = "<?xml version=\"1.0\"?><nitf><head><title>Boats</title></head><body><body.head><hedline><hl1>Boats</hl1></hedline>\
        <note><body.content><p>Desk: replaces earlier version.</p></body.content></note></body.head>\
        <body.content><p>Two boats sank off Lisbon on Tuesday.</p></body.content></body></nitf>";
    let text = texts(&read_one("boats.xml", nitf));
    assert!(text[0].ends_with("Two boats sank off Lisbon on Tuesday."), "{text:?}");
    assert!(!text[0].contains("Desk"), "{text:?}");
    // Columns of other countries, and days behind months.
    let batch = read_one("revue.csv", "Titre;Texte intégral\nBateaux;Two boats sank off Lisbon.\n");
    assert_eq!(texts(&batch).len(), 1);
    let line = r#"{"id": "a", "publish_date": "04-29-2025", "text": "Two boats sank off Lisbon."}"#;
    let batch = read_one("news.jsonl", line);
    assert_eq!(documents(&batch)[0].published, Some(date(2025, 4, 29)));
    assert!(batch.warnings.is_empty(), "{:?}", batch.warnings);
}

#[test]
fn tables_by_columns_are_unpacked_whoever_packed_them() {
    use ::parquet::arrow::ArrowWriter;
    use ::parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
    use ::parquet::file::properties::WriterProperties;
    use arrow_array::{ArrayRef, RecordBatch, StringArray};

    let column = |cells: &[&str]| -> ArrayRef { Arc::new(StringArray::from(cells.to_vec())) };
    let columns = [
        ("headline", column(&["Talks", "Boats"])),
        ("body", column(&["Mara Voss met Ines Carvalho.", "Two boats sank off Lisbon."])),
    ];
    let rows = RecordBatch::try_from_iter(columns).unwrap();
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ];
    for codec in codecs {
        let properties = WriterProperties::builder().set_compression(codec).build();
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, rows.schema(), Some(properties)).unwrap();
        writer.write(&rows).unwrap();
        writer.close().unwrap();
        let batch = read_one("news.parquet", bytes);
        assert_eq!(ids(&batch), ["news.parquet#1", "news.parquet#2"], "{codec}");
        assert!(texts(&batch)[0].ends_with("Mara Voss met Ines Carvalho."), "{codec}");
    }
}

#[test]
fn large_tables_are_read_row_by_row() {
    let rows = |n: usize| -> String {
        (0..n)
            .map(|i| format!("{{\"id\":\"{i:04}\",\"text\":\"Zoë came on day {i}.\"}}\n"))
            .collect()
    };
    let lines =
        format!("\u{feff}{}{{\n\n{{\"id\":\"x\",\"text\":\"\\ud800 Ann left.\"}}", rows(300));
    let array = format!("[{}]", rows(300).trim_end().replace('\n', ",\n"));
    let broken = array.replace("\"0100\"", "\"0100\" \"");
    let csv: String = (0..300).map(|i| format!("{i:04};\"Zoë came; on\nday {i}.\"\r\n")).collect();
    let csv = format!("id;text\r\n{csv}1;2;3\n\"");
    let packed = gzip(lines.as_bytes());
    let cut = &packed[..packed.len() - 20];
    let frames = [rows(2), rows(300)].map(|part| {
        ruzstd::encoding::compress_to_vec(
            part.as_bytes(),
            ruzstd::encoding::CompressionLevel::Fastest,
        )
    });
    let wrong = [lines.as_bytes(), b"{\"text\":\"caf\xe9\"}"].concat();
    let folder = folder(&[
        ("a.jsonl", lines.as_bytes()),
        ("b.jsonl.gz", &packed),
        ("c.jsonl.gz", cut),
        ("d.jsonl.zst", &frames.concat()),
        ("e.jsonl", &wrong),
        ("f.json", array.as_bytes()),
        ("g.json", broken.as_bytes()),
        ("h.json", array.replace("Zoë", "\\ud83d\\ude00 and \\ud800").as_bytes()),
        ("i.csv", csv.as_bytes()),
        ("j.tsv", b"\xef\xbb\xbfid\ttext\n1\tAll came.\n2\n"),
        ("k.csv", b"  \n \n"),
        ("l.jsonl", b"\xff\xfe{\0}\0"),
    ]);
    let (whole, by_row) = (read_folder(&folder), read_by_row(&folder));
    assert!(whole.documents.len() > 300 && whole.warnings.len() > 5 && whole.skipped.len() > 3);
    assert_eq!(documents(&by_row), documents(&whole));
    assert_eq!(by_row.warnings, whole.warnings);
    assert_eq!(by_row.skipped, whole.skipped);
    assert_eq!(by_row.bytes, whole.bytes);
}

#[test]
fn one_id_for_two_articles() {
    let rows = |order: [usize; 4]| {
        let rows = [
            r#"{"id":"d","text":"Two."}"#,
            r#"{"id":"d","text":"One."}"#,
            r#"{"id":"d","text":"Two."}"#,
            r#"{"id":"d#2","text":"Three."}"#,
        ];
        read_one("a.jsonl", order.map(|i| rows[i]).join("\n"))
    };
    let batch = rows([0, 1, 2, 3]);
    assert_eq!(ids(&batch), ["d", "d#2", "d#3"]);
    assert_eq!(texts(&batch), ["One.", "Three.", "Two."]);
    assert_eq!(batch.warnings.len(), 1);
    assert_eq!(documents(&rows([3, 2, 1, 0])), documents(&batch));
}

#[test]
fn hostile_ids_stay_data() {
    let batch = read_one("a.jsonl", "{\"id\":\"\\u001b[31m\\u202ea\\nb\\u0000\",\"text\":\"A.\"}");
    assert_eq!(ids(&batch), ["a b"]);
}

#[test]
fn the_date_of_the_command_line_comes_last() {
    let folder = folder(&[("a.txt", b"ELM, May 3 (Wire) - All came."), ("b.txt", b"All left.")]);
    let options = InputOptions { date: Some(date(2024, 5, 6)), ..InputOptions::default() };
    let batch = read(&[folder.path().to_str().unwrap().to_owned()], &options);
    let published: Vec<_> = documents(&batch).iter().map(|d| d.published).collect();
    assert_eq!(published, [Some(date(2024, 5, 3)), Some(date(2024, 5, 6))]);
}

#[test]
fn messages_cannot_steer_a_terminal() {
    let skipped = Skipped {
        path: "a\u{1b}[2J\n.txt".into(),
        line: Some(3),
        reason: "\u{202e}x".into(),
        foreign: false,
    };
    assert_eq!(skipped.to_string(), "a\\u{1b}[2J\\n.txt:3: \\u{202e}x");
}

/// Pieces of tables, whole and broken.
fn table() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(br#"{"id":"1","text":"One."}"#.to_vec()),
        Just(b"id,text,date\n".to_vec()),
        Just(b"{\"text\":".to_vec()),
        Just(b"\"\\ud800".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\"".to_vec()),
        Just(b"[{".to_vec()),
        Just(b"}]".to_vec()),
        Just(b",".to_vec()),
        Just(b"<p a='".to_vec()),
        Just(b"<![CDATA[".to_vec()),
        Just(b"&#x".to_vec()),
        prop::collection::vec(any::<u8>(), 0..9),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in table()) {
        let folder = tempfile::tempdir().unwrap();
        let formats = ["a.jsonl", "a.json", "a.csv", "a.tsv", "a.txt", "a.md", "a.html", "a.xml"];
        for name in formats {
            fs::write(folder.path().join(name), &bytes).unwrap();
        }
        let batch = read_folder(&folder);
        for document in documents(&batch) {
            prop_assert_eq!(&normalize::text(&document.text), &document.text);
            prop_assert!(!document.text.is_empty());
        }
        let by_row = read_by_row(&folder);
        prop_assert_eq!(documents(&by_row), documents(&batch));
        prop_assert_eq!(by_row.warnings, batch.warnings);
        prop_assert_eq!(by_row.skipped, batch.skipped);
    }
}
