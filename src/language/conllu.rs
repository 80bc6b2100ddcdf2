//! CoNLL-U: the engine's analysis as text, and gold tokens as input.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::sync::Arc;

use crate::document::{Deprel, Document, Sentence, Span, Token, TokenId, Upos};
use crate::error::{Error, Result};
use crate::files::{self, InPieces};

/// Writes sentences of a document; names stand in the last column (`Name=B-PERSON`).
///
/// # Errors
/// What `out` reports.
pub fn write(sentences: &[Sentence], document: &Document, out: impl Write) -> io::Result<()> {
    write_mended(sentences, &[], document, out)
}

/// As [`write()`]; `mends` names for each sentence and token what changed its place in the tree, if
/// anything did (`Mend=titles` in the last column).
///
/// # Errors
/// What `out` reports.
pub fn write_mended(
    sentences: &[Sentence],
    mends: &[Vec<Option<&str>>],
    document: &Document,
    mut out: impl Write,
) -> io::Result<()> {
    writeln!(out, "# newdoc id = {}", one_line(&document.id))?;
    let mut last = 0;
    for (n, sentence) in (1..).zip(sentences) {
        let between = document.text.get(last..sentence.span.start as usize).unwrap_or("");
        if n == 1 || between.contains("\n\n") {
            writeln!(out, "# newpar")?;
        }
        last = sentence.span.end as usize;
        writeln!(out, "# sent_id = {}-{n}", one_line(&document.id))?;
        writeln!(out, "# text = {}", one_line(sentence.span.of(&document.text)))?;
        let next = sentences.get(n).map(|sentence| sentence.span.start);
        let mends = mends.get(n - 1).map_or(&[][..], Vec::as_slice);
        write_tokens(sentence, mends, document, next, &mut out)?;
        writeln!(out)?;
    }
    Ok(())
}

fn write_tokens(
    sentence: &Sentence,
    mends: &[Option<&str>],
    document: &Document,
    next: Option<u32>,
    out: &mut impl Write,
) -> io::Result<()> {
    let text = &document.text;
    let tokens = &sentence.tokens;
    let mut names = vec![String::new(); tokens.len()];
    for name in &sentence.names {
        for at in name.tokens.clone().filter(|&at| at < tokens.len()) {
            let place = if at == name.tokens.start { 'B' } else { 'I' };
            names[at] = format!("Name={place}-{}", name.label);
        }
    }
    for (at, token) in tokens.iter().enumerate() {
        let begins = !token.joined && tokens.get(at + 1).is_some_and(|next| next.joined);
        if begins {
            let rest = tokens[at + 1..].iter().take_while(|token| token.joined).count();
            let span = token.span.to(tokens[at + rest].span);
            let misc = space(span.end, tokens.get(at + rest + 1).map(|t| t.span.start), next);
            let form = one_line(span.of(text)).replace(' ', "_");
            let misc = misc.unwrap_or("_");
            let (from, to) = (at + 1, at + rest + 1);
            writeln!(out, "{from}-{to}\t{form}\t_\t_\t_\t_\t_\t_\t_\t{misc}")?;
        }
        let inside = begins || token.joined;
        let following = tokens.get(at + 1).map(|token| token.span.start);
        let glued = if inside { None } else { space(token.span.end, following, next) };
        let mend = mends.get(at).copied().flatten().map(|mend| format!("Mend={mend}"));
        let name = Some(names[at].as_str()).filter(|name| !name.is_empty());
        let misc: Vec<&str> = [mend.as_deref(), name, glued].into_iter().flatten().collect();
        let misc = if misc.is_empty() { "_".to_owned() } else { misc.join("|") };
        let feats = if token.feats.is_empty() { "_" } else { &token.feats };
        // A part of a word of which no letters are left ("gonna" as "gon", "", "na").
        let form = match token.form(text) {
            "" => "_".to_owned(),
            // As in the word that it is a part of.
            form if inside => one_line(form).replace(' ', "_"),
            form => one_line(form),
        };
        let head = token.head.map_or(0, |head| head.index() + 1);
        writeln!(
            out,
            "{}\t{form}\t{}\t{}\t_\t{feats}\t{head}\t{}\t_\t{misc}",
            at + 1,
            one_line(&token.lemma),
            token.upos,
            token.deprel
        )?;
    }
    Ok(())
}

fn space(end: u32, following: Option<u32>, next: Option<u32>) -> Option<&'static str> {
    (following.or(next)? == end).then_some("SpaceAfter=No")
}

fn one_line(text: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_whitespace() => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(plain).collect()
}

/// A document with the tokens, sentences and annotation of its CoNLL-U file.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The text, put together from the tokens.
    pub document: Document,
    /// The annotation of the file. Forms that stand for a part of an orthographic word have spans
    /// inside it.
    pub sentences: Vec<Sentence>,
    /// For each sentence and token, the form column: parts of a word may be written in full there.
    pub forms: Vec<Vec<String>>,
    /// For each sentence and token, the last column.
    pub misc: Vec<Vec<String>>,
}

/// Reads documents; `path` is named in errors.
///
/// # Errors
/// [`Error::Input`] with the line that is not CoNLL-U.
pub fn read(path: &Path, input: impl Read) -> Result<Vec<Parsed>> {
    let mut builder = DocumentBuilder::new(path);
    let read = Cell::new(0);
    let input = BufReader::new(InPieces::new(input, &read, files::WRITTEN_BY_HAND));
    for (number, line) in (1..).zip(input.split(b'\n')) {
        read.set(0);
        builder.line = number;
        let line = line.map_err(Error::io(path))?;
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        let line = std::str::from_utf8(line).map_err(|_| builder.fail("not UTF-8"))?;
        builder.take(line)?;
    }
    builder.line += 1;
    builder.end_sentence()?;
    Ok(builder.finish())
}

struct TokenRow {
    form: String,
    lemma: String,
    upos: Upos,
    feats: Arc<str>,
    head: Option<usize>,
    deprel: Deprel,
    misc: String,
}

struct DocumentBuilder<'p> {
    path: &'p Path,
    line: u64,
    documents: Vec<Parsed>,
    rows: Vec<TokenRow>,
    /// Multiword tokens of the sentence: first and last row, form, no blank after.
    fused: Vec<(usize, usize, String, bool)>,
    /// What stands before the next sentence.
    gap: &'static str,
}

impl<'p> DocumentBuilder<'p> {
    fn new(path: &'p Path) -> Self {
        Self { path, line: 0, documents: Vec::new(), rows: Vec::new(), fused: Vec::new(), gap: "" }
    }

    fn fail(&self, cause: impl Into<String>) -> Error {
        Error::Input { path: self.path.to_owned(), line: Some(self.line), cause: cause.into() }
    }

    fn begin(&mut self, id: &str) {
        self.gap = "";
        let document = Document {
            id: id.to_owned(),
            uri: None,
            publisher: None,
            title: None,
            published: None,
            text: String::new(),
        };
        let empty = Parsed { document, sentences: Vec::new(), forms: Vec::new(), misc: Vec::new() };
        self.documents.push(empty);
    }

    fn take(&mut self, line: &str) -> Result<()> {
        if line.is_empty() {
            return self.end_sentence();
        }
        if let Some(comment) = line.strip_prefix('#') {
            let comment = comment.trim();
            if let Some(id) = comment.strip_prefix("newdoc") {
                let id = id.trim().strip_prefix("id").unwrap_or(id).trim();
                self.begin(id.strip_prefix('=').unwrap_or(id).trim());
            } else if comment.starts_with("newpar")
                && self.documents.last().is_some_and(|parsed| !parsed.document.text.is_empty())
            {
                self.gap = "\n\n";
            }
            return Ok(());
        }
        let columns: Vec<&str> = line.split('\t').collect();
        let [id, form, lemma, upos, _, feats, head, deprel, _, misc] = columns[..] else {
            return Err(self.fail(format!("{} columns, expected 10", columns.len())));
        };
        if id.contains('.') {
            return Ok(());
        }
        if form.is_empty() {
            return Err(self.fail("a token without a form"));
        }
        let glued = misc.split('|').any(|part| part == "SpaceAfter=No");
        if let Some((first, last)) = id.split_once('-') {
            return self.fuse(first, last, form, glued);
        }
        if id.parse() != Ok(self.rows.len() + 1) {
            let expected = self.rows.len() + 1;
            return Err(self.fail(format!("token id {id:?}, expected {expected}")));
        }
        let head = match head {
            "_" => None,
            _ => Some(head.parse().map_err(|_| self.fail(format!("head {head:?}")))?),
        };
        let deprel = relation(deprel).unwrap_or(Deprel::Dep);
        let upos = match upos {
            "_" => Upos::X,
            _ => upos.parse().map_err(|cause: String| self.fail(cause))?,
        };
        self.rows.push(TokenRow {
            form: form.to_owned(),
            lemma: lemma.to_owned(),
            upos,
            feats: if feats == "_" { "".into() } else { feats.into() },
            head,
            deprel,
            misc: misc.to_owned(),
        });
        Ok(())
    }

    fn fuse(&mut self, first: &str, last: &str, form: &str, glued: bool) -> Result<()> {
        let place = |text: &str| text.parse::<usize>().ok();
        let expected = self.rows.len() + 1;
        match (place(first), place(last)) {
            (Some(first), Some(_))
                if self.fused.last().is_some_and(|range| range.1 + 1 >= first) =>
            {
                Err(self.fail(format!("token range {first}-{last} overlaps the one before")))
            }
            (Some(first), Some(last)) if first == expected && first < last => {
                // As it is written: a blank within would part the word.
                let form = form.replace(char::is_whitespace, "_");
                self.fused.push((first - 1, last - 1, form, glued));
                Ok(())
            }
            _ => Err(self.fail(format!("token range {first}-{last}, expected {expected}-"))),
        }
    }

    fn end_sentence(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        if self.documents.is_empty() {
            let id = self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            self.begin(&id);
        }
        let rows = std::mem::take(&mut self.rows);
        let fused = std::mem::take(&mut self.fused);
        if fused.iter().any(|(_, last, ..)| *last >= rows.len()) {
            return Err(self.fail("a token range beyond the end of its sentence"));
        }
        let count = rows.len();
        if rows.iter().filter_map(|row| row.head).any(|head| head > count) {
            return Err(self.fail("a head outside its sentence"));
        }
        let parsed = self.documents.last_mut().expect("a document was begun above");
        let text = &mut parsed.document.text;
        text.push_str(self.gap);
        let begin = text.len();
        let mut tokens = Vec::with_capacity(count);
        let mut glued = false;
        let mut fused = fused.into_iter().peekable();
        let mut at = 0;
        while at < count {
            if at > 0 && !glued {
                text.push(' ');
            }
            let start = text.len();
            if let Some((first, last, form, no_space)) = fused.next_if(|range| range.0 == at) {
                text.push_str(&form);
                let forms: Vec<&str> = rows[first..=last].iter().map(|row| &*row.form).collect();
                for (n, part) in parts(&form, &forms).into_iter().enumerate() {
                    let span = Span::new(start + part.start, start + part.end);
                    tokens.push(token(&rows[first + n], span, n > 0));
                }
                glued = no_space;
                at = last + 1;
            } else {
                text.push_str(&rows[at].form);
                let span = Span::new(start, text.len());
                tokens.push(token(&rows[at], span, false));
                glued = rows[at].misc.split('|').any(|part| part == "SpaceAfter=No");
                at += 1;
            }
        }
        self.gap = if glued { "" } else { " " };
        let span = Span::new(begin, text.len());
        parsed.sentences.push(Sentence { span, tokens, names: Vec::new() });
        parsed.forms.push(rows.iter().map(|row| row.form.clone()).collect());
        parsed.misc.push(rows.into_iter().map(|row| row.misc).collect());
        Ok(())
    }

    fn finish(self) -> Vec<Parsed> {
        self.documents
    }
}

fn relation(text: &str) -> Option<Deprel> {
    let universal = || text.split(':').next().unwrap_or(text).parse().ok();
    text.parse().ok().or_else(universal)
}

fn token(row: &TokenRow, span: Span, joined: bool) -> Token {
    let head = row.head.and_then(|head| head.checked_sub(1)).map(TokenId::from);
    Token {
        span,
        joined,
        lemma: row.lemma.as_str().into(),
        upos: row.upos,
        feats: row.feats.clone(),
        head,
        deprel: row.deprel,
        margin: u8::MAX,
    }
}

/// Where the parts of a multiword token stand in it. Forms that are not simply its pieces share
/// it by length.
fn parts(form: &str, words: &[&str]) -> Vec<std::ops::Range<usize>> {
    // "_" is what a part without letters is written as.
    let letters = |word: &&str| if *word == "_" { 0 } else { word.len() };
    let mut starts = vec![0];
    let mut at = 0;
    for n in 1..words.len() {
        let before = if words[n - 1] == "_" { "" } else { words[n - 1] };
        at = if form.get(at..).is_some_and(|rest| rest.starts_with(before)) {
            at + before.len()
        } else {
            // look for this word from the end
            let left: usize = words[n..].iter().map(letters).sum();
            form.len().saturating_sub(left).max(at)
        };
        while !form.is_char_boundary(at) {
            at += 1;
        }
        starts.push(at.min(form.len()));
    }
    starts.push(form.len());
    starts.windows(2).map(|pair| pair[0]..pair[1].max(pair[0])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "# newdoc id = d\n\
        1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_\n\
        1\tDo\tdo\tAUX\t_\t_\t3\taux\t_\t_\n\
        2\tn't\tnot\tPART\t_\t_\t3\tadvmod\t_\t_\n\
        3\tgo\tgo\tVERB\t_\t_\t0\troot\t_\tSpaceAfter=No\n\
        4\t.\t.\tPUNCT\t_\t_\t3\tpunct\t_\t_\n\n";

    #[test]
    fn what_is_read_is_written_again() {
        let parsed = read(Path::new("s"), SAMPLE.as_bytes()).unwrap();
        assert_eq!(parsed[0].document.text, "Don't go.");
        let mut out = Vec::new();
        write(&parsed[0].sentences, &parsed[0].document, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let rows = |text: &str| -> Vec<String> {
            text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
        };
        assert_eq!(rows(&text), rows(SAMPLE));
    }

    #[test]
    fn a_part_without_letters_is_written_so_that_it_can_be_read() {
        let line = |id: &str, form: &str, head: u8, relation: &str| {
            format!("{id}\t{form}\t{form}\tX\t_\t_\t{head}\t{relation}\t_\t_\n")
        };
        let text = [
            "1-3\tFalk!!\t_\t_\t_\t_\t_\t_\t_\t_\n".to_owned(),
            line("1", "Falk", 0, "root"),
            line("2", "'s", 1, "dep"),
            line("3", "x!", 1, "dep"),
            "\n".to_owned(),
        ]
        .concat();
        let rewritten = |text: &str| {
            let parsed = read(Path::new("s"), text.as_bytes()).unwrap();
            let mut out = Vec::new();
            write(&parsed[0].sentences, &parsed[0].document, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let once = rewritten(&text);
        assert_eq!(rewritten(&once), once);
        let underscore = text.replace("Falk!!", "_o").replace("Falk", "do").replace("x!", "not");
        let once = rewritten(&underscore);
        assert_eq!(rewritten(&once), once);
    }

    #[test]
    fn errors_name_file_and_line() {
        let fails = |text: &str, message: &str| {
            let error = read(Path::new("f.conllu"), text.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), message);
        };
        fails("1\ta\n", "f.conllu:1: 2 columns, expected 10");
        fails(&SAMPLE.replace("3\tgo", "7\tgo"), "f.conllu:5: token id \"7\", expected 3");
        fails(
            &SAMPLE.replace("\t3\tpunct", "\t9\tpunct"),
            "f.conllu:7: a head outside its sentence",
        );
        fails(&SAMPLE.replace("AUX", "FOO"), "f.conllu:3: \"FOO\" is not a part of speech");
    }
}
