//! RTF: the paragraphs of the text, without what Word keeps beside it.

use encoding_rs::{Encoding, WINDOWS_1252};

use super::collection::Paragraph;

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Rtf {
    pub(super) title: Option<String>,
    pub(super) paragraphs: Vec<Paragraph>,
}

/// Groups deeper than this are not entered.
const MAX_DEPTH: usize = 1000;

/// Reads a file; what is not well-formed is read as far as it can be.
pub(super) fn read(bytes: &[u8]) -> Rtf {
    let mut reader = Reader::new(bytes);
    reader.run();
    reader.flush();
    reader.end_paragraph();
    let title = Some(reader.title.trim().to_owned()).filter(|title| !title.is_empty());
    Rtf { title, paragraphs: reader.paragraphs }
}

/// Where the text of a group goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Destination {
    Text,
    Title,
    Fonts,
    Nowhere,
}

#[derive(Clone, Copy)]
struct Group {
    destination: Destination,
    bold: bool,
    /// Characters that stand for a Unicode character where that is not known.
    n_fallback: usize,
    encoding: &'static Encoding,
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    group: Group,
    outer: Vec<Group>,
    ansi: &'static Encoding,
    fonts: Vec<(i32, &'static Encoding)>,
    font: i32,
    /// Bytes of the text that are not yet decoded.
    pending: Vec<u8>,
    high_surrogate: Option<u32>,
    /// Fallback characters still to be passed over.
    passed: usize,
    line: String,
    n_bold: usize,
    n_letters: usize,
    title: String,
    paragraphs: Vec<Paragraph>,
}

impl<'b> Reader<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        let group = Group {
            destination: Destination::Text,
            bold: false,
            n_fallback: 1,
            encoding: WINDOWS_1252,
        };
        Self {
            bytes,
            at: 0,
            group,
            outer: Vec::new(),
            ansi: WINDOWS_1252,
            fonts: Vec::new(),
            font: 0,
            pending: Vec::new(),
            high_surrogate: None,
            passed: 0,
            line: String::new(),
            n_bold: 0,
            n_letters: 0,
            title: String::new(),
            paragraphs: Vec::new(),
        }
    }

    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'{' => {
                    self.flush();
                    self.passed = 0;
                    if self.outer.len() < MAX_DEPTH {
                        self.outer.push(self.group);
                    }
                }
                b'}' => {
                    self.flush();
                    self.passed = 0;
                    if let Some(group) = self.outer.pop() {
                        self.group = group;
                    }
                }
                b'\\' => self.control(),
                b'\r' | b'\n' | 0 => {}
                byte => self.byte(byte),
            }
        }
    }

    fn control(&mut self) {
        let Some(&first) = self.bytes.get(self.at) else { return };
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            self.symbol(first);
            return;
        }
        let rest = &self.bytes[self.at..];
        let length = rest.iter().take(40).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = std::str::from_utf8(&rest[..length]).unwrap_or_default();
        let mut end = length;
        let negative = rest.get(end) == Some(&b'-');
        let digits = end + usize::from(negative);
        let n_digits =
            rest[digits..].iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let mut number = None;
        if n_digits > 0 {
            let written = std::str::from_utf8(&rest[digits..digits + n_digits]).unwrap_or_default();
            number = written.parse::<i64>().ok().map(|n| if negative { -n } else { n });
            end = digits + n_digits;
        }
        if rest.get(end) == Some(&b' ') {
            end += 1;
        }
        self.at += end;
        if self.passed > 0 && word != "bin" && word != "u" && word != "uc" {
            self.passed -= 1;
        }
        self.word(word, number);
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'\'' => {
                let digits = self.bytes.get(self.at..self.at + 2).unwrap_or_default();
                self.at += digits.len();
                let code = std::str::from_utf8(digits)
                    .ok()
                    .and_then(|hex| u8::from_str_radix(hex, 16).ok());
                if let Some(code) = code {
                    self.byte(code);
                }
            }
            b'*' => self.group.destination = Destination::Nowhere,
            b'~' => self.char('\u{a0}'),
            b'_' => self.char('-'),
            b'-' => {}
            b'\r' | b'\n' => self.end_paragraph(),
            b'\\' | b'{' | b'}' => self.byte(symbol),
            _ => {}
        }
    }

    fn word(&mut self, word: &str, number: Option<i64>) {
        let on = number != Some(0);
        match word {
            "par" | "sect" | "page" | "row" | "cell" | "nestcell" | "nestrow" => {
                self.end_paragraph()
            }
            "line" => self.char('\n'),
            "tab" => self.char('\t'),
            "emdash" => self.char('—'),
            "endash" => self.char('–'),
            "lquote" => self.char('‘'),
            "rquote" => self.char('’'),
            "ldblquote" => self.char('“'),
            "rdblquote" => self.char('”'),
            "bullet" => self.char('•'),
            "emspace" | "enspace" | "qmspace" => self.char(' '),
            "b" => {
                self.flush();
                self.group.bold = on;
            }
            "plain" => {
                self.flush();
                self.group.bold = false;
                self.group.encoding = self.ansi;
            }
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => {
                self.group.n_fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(9)
            }
            "bin" => {
                let length = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
                self.at = self.at.saturating_add(length).min(self.bytes.len());
            }
            "ansicpg" => {
                self.ansi = code_page(number.unwrap_or(1252));
                self.group.encoding = self.ansi;
            }
            "mac" => {
                self.ansi = encoding_rs::MACINTOSH;
                self.group.encoding = self.ansi;
            }
            "f" => {
                self.flush();
                self.font = number.and_then(|n| i32::try_from(n).ok()).unwrap_or(0);
                let known = self.fonts.iter().find(|(font, _)| *font == self.font);
                self.group.encoding = known.map_or(self.ansi, |(_, encoding)| encoding);
            }
            "fcharset" if self.group.destination == Destination::Fonts => {
                if let Some(encoding) = charset(number.unwrap_or(0)) {
                    self.fonts.push((self.font, encoding));
                }
            }
            "fonttbl" => self.group.destination = Destination::Fonts,
            "title" if self.group.destination == Destination::Nowhere => {
                self.group.destination = Destination::Title;
            }
            _ if ASIDE.contains(&word) => self.group.destination = Destination::Nowhere,
            _ => {}
        }
    }

    fn unicode(&mut self, code: i64) {
        self.flush();
        self.passed = self.group.n_fallback;
        let Ok(code) = u32::try_from(if code < 0 { code + 0x1_0000 } else { code }) else { return };
        match (self.high_surrogate.take(), code) {
            (_, 0xd800..=0xdbff) => self.high_surrogate = Some(code),
            (Some(high), 0xdc00..=0xdfff) => {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (code - 0xdc00);
                self.put(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            _ => self.put(char::from_u32(code).unwrap_or('\u{fffd}')),
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.passed > 0 {
            self.passed -= 1;
        } else {
            self.pending.push(byte);
        }
    }

    fn char(&mut self, c: char) {
        self.flush();
        self.put(c);
    }

    /// Decodes what has come so far.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        let (text, _) = self.group.encoding.decode_without_bom_handling(&bytes);
        for c in text.chars() {
            self.put(c);
        }
    }

    fn put(&mut self, c: char) {
        match self.group.destination {
            Destination::Text => {
                self.line.push(c);
                if c.is_alphanumeric() {
                    self.n_letters += 1;
                    self.n_bold += usize::from(self.group.bold);
                }
            }
            Destination::Title => self.title.push(c),
            Destination::Fonts | Destination::Nowhere => {}
        }
    }

    fn end_paragraph(&mut self) {
        self.flush();
        if self.group.destination != Destination::Text {
            return;
        }
        let text = std::mem::take(&mut self.line);
        let strong = self.n_letters > 0 && self.n_bold == self.n_letters;
        (self.n_letters, self.n_bold) = (0, 0);
        if !text.trim().is_empty() {
            self.paragraphs.push(Paragraph { text: text.trim().to_owned(), strong });
        }
    }
}

/// Groups that hold no text.
const ASIDE: &[&str] = &[
    "annotation",
    "atnauthor",
    "atnid",
    "author",
    "buptim",
    "category",
    "colorschememapping",
    "colortbl",
    "comment",
    "company",
    "creatim",
    "datastore",
    "deleted",
    "doccomm",
    "filetbl",
    "fldinst",
    "footer",
    "footerf",
    "footerl",
    "footerr",
    "footnote",
    "ftncn",
    "ftnsep",
    "generator",
    "header",
    "headerf",
    "headerl",
    "headerr",
    "info",
    "keywords",
    "latentstyles",
    "listoverridetable",
    "listtable",
    "listtext",
    "manager",
    "object",
    "objdata",
    "operator",
    "pict",
    "pntext",
    "pntxtb",
    "pntxta",
    "printim",
    "private",
    "revtbl",
    "revtim",
    "rsidtbl",
    "shppict",
    "nonshppict",
    "stylesheet",
    "subject",
    "tc",
    "themedata",
    "txe",
    "xe",
    "xmlnstbl",
];

fn code_page(number: i64) -> &'static Encoding {
    let label = match number {
        65001 => "utf-8".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10000 => "macintosh".to_owned(),
        number => format!("windows-{number}"),
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}

/// The encoding of a Windows character set.
fn charset(number: i64) -> Option<&'static Encoding> {
    let page = match number {
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    };
    Some(code_page(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rtf: &str, expected: &[&str]) {
        let read = read(rtf.as_bytes());
        let texts: Vec<&str> = read.paragraphs.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn text_without_furniture() {
        check(
            r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Times;}}{\*\generator X;}{\info{\title Pier}}{\header Copy\par}\pard\b Pier opens\b0\par The caf\'e9 \u8211? {\f1 \'cc\'ee}{\field{\*\fldinst HYPERLINK x}{\fldrslt here}}\line two\par}",
            &["Pier opens", "The café – Мо\u{68}ere\ntwo"],
        );
        let read = read(br"{\rtf1{\info{\title Pier}}{\b A\par}B\par}");
        assert_eq!(read.title.as_deref(), Some("Pier"));
        assert!(read.paragraphs[0].strong && !read.paragraphs[1].strong);
    }

    #[test]
    fn broken_files_are_no_fault() {
        check(r"{\rtf1 One\par}}}} two", &["One", "two"]);
        check(r"{\rtf1 One\bin99999999 two", &["One"]);
        check(&format!("{{\\rtf1 {}One", "{".repeat(100_000)), &["One"]);
        for end in [r"\", r"\'", r"\'z", r"\u", r"\u-99999999999 ", r"\uc-1 \u55357?\u56832?"] {
            read(format!("{{\\rtf1 {end}").as_bytes());
        }
    }
}
