//! Words: blanks, punctuation, and what is written together.

use crate::document::Span;

use super::segment::{SegmenterLexicon, WordSpan};

/// A token is cut at this many characters.
const TOKEN_CHARS: usize = 200;

/// All words of the text.
pub(super) fn scan(text: &str, lexicon: &SegmenterLexicon) -> Vec<WordSpan> {
    let mut scanner = Scanner { text, lexicon, pieces: Vec::new(), quoted: false };
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (c.is_whitespace(), start) {
            (true, Some(from)) => {
                scanner.chunk(from, at);
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    if let Some(from) = start {
        scanner.chunk(from, text.len());
    }
    scanner.pieces
}

struct Scanner<'t> {
    text: &'t str,
    lexicon: &'t SegmenterLexicon,
    pieces: Vec<WordSpan>,
    /// A single quotation mark is open.
    quoted: bool,
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '\u{300}'..='\u{36F}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

impl Scanner<'_> {
    fn push(&mut self, from: usize, to: usize, joined: bool) {
        let mut from = from;
        while let Some((cut, _)) = self.text[from..to].char_indices().nth(TOKEN_CHARS) {
            self.pieces.push(WordSpan { span: Span::new(from, from + cut), joined: false });
            from += cut;
        }
        self.pieces.push(WordSpan { span: Span::new(from, to), joined });
    }

    /// Splits what stands between blanks.
    fn chunk(&mut self, from: usize, to: usize) {
        let mut at = from;
        while at < to {
            at = self.next(at, to).max(at + 1);
            while !self.text.is_char_boundary(at) {
                at += 1;
            }
        }
    }

    /// Takes what begins at `at`; gives where it ends.
    fn next(&mut self, at: usize, to: usize) -> usize {
        let rest = &self.text[at..to];
        let Some(first) = rest.chars().next() else { return to };
        if let Some(len) = address(rest).or_else(|| smiley(rest)) {
            self.push(at, at + len, false);
            return at + len;
        }
        if first.is_ascii_digit()
            || (matches!(first, '.' | ',') && digit_at(rest, 1) && !glued(self.text, at))
        {
            return self.number(at, rest);
        }
        if is_word(first) {
            return self.word(at, rest);
        }
        if is_apostrophe(first) && self.plural_possessive(at, rest) {
            self.push(at, at + first.len_utf8(), true);
            return at + first.len_utf8();
        }
        if is_apostrophe(first)
            && let Some(len) = clitic(rest)
        {
            let joined = glued(self.text, at);
            self.push(at, at + len, joined);
            return at + len;
        }
        let repeats = matches!(
            first,
            '.' | '!'
                | '?'
                | '-'
                | '*'
                | '='
                | '_'
                | '~'
                | '`'
                | '\''
                | '#'
                | '+'
                | '<'
                | '>'
                | '$'
                | '/'
                | '\\'
        );
        let mut end = first.len_utf8();
        if repeats {
            let same =
                |c: char| c == first || (matches!(first, '!' | '?') && matches!(c, '!' | '?'));
            end = rest.find(|c| !same(c)).unwrap_or(rest.len());
        }
        if first == '\'' && end > 2 {
            end = 1;
        }
        if matches!(first, '\'' | '\u{2018}') {
            self.quoted = !glued(self.text, at);
        }
        self.push(at, at + end, false);
        at + end
    }

    /// "the strikers' demands"
    fn plural_possessive(&self, at: usize, rest: &str) -> bool {
        let alone = rest.chars().nth(1).is_none_or(|c| !is_word(c) && !is_apostrophe(c));
        alone
            && !self.quoted
            && self.text[..at].ends_with(['s', 'S'])
            && at >= 2
            && glued(&self.text[..at - 1], at - 1)
    }

    fn number(&mut self, at: usize, rest: &str) -> usize {
        if let Some(len) = telephone(rest) {
            self.push(at, at + len, false);
            return at + len;
        }
        let bytes = rest.as_bytes();
        let mut end = 1;
        while end < bytes.len() {
            let inner = matches!(bytes[end], b'.' | b',' | b':' | b'/') && digit_at(rest, end + 1);
            if !(bytes[end].is_ascii_digit() || inner && bytes[end - 1].is_ascii_digit()) {
                break;
            }
            end += 1;
        }
        let tail = &rest[end..];
        let letters = tail.find(|c: char| !is_word(c)).unwrap_or(tail.len());
        let unit = tail[..letters].to_lowercase();
        let first_apostrophe = tail.chars().next().is_some_and(is_apostrophe);
        if letters == 0 && first_apostrophe && tail.chars().nth(1) == Some('s') {
            let decade = rest[..end].ends_with('0');
            let mark = tail.chars().next().map_or(0, char::len_utf8);
            let stands = tail[mark + 1..].chars().next().is_none_or(|c| !is_word(c));
            if stands && decade {
                // the 1990's
                end += mark + 1;
            }
            self.push(at, at + end, false);
            return at + end;
        }
        match unit.as_str() {
            "" | "s" | "st" | "nd" | "rd" | "th" => end += letters,
            "am" | "pm" | "a" | "p" | "m" | "km" | "kg" | "mm" | "cm" | "mph" | "g" | "gb"
            | "mb" | "ft" | "k" | "bn" | "hrs" | "min" | "mg" | "yr" | "lb" | "lbs" | "c" | "f"
            | "kb" | "hr" => {
                let unit_end = end
                    + letters
                    + usize::from(
                        matches!(unit.as_str(), "a" | "p")
                            && tail[letters..].to_lowercase().starts_with(".m."),
                    ) * 3;
                if matches!(unit.as_str(), "k" | "bn" | "a" | "p" | "c" | "f" | "g" | "m")
                    && unit_end == end + letters
                {
                    end += letters;
                } else {
                    self.push(at, at + end, false);
                    self.push(at + end, at + unit_end, false);
                    return at + unit_end;
                }
            }
            _ => end += letters,
        }
        // 1. in a list, 2-year keeps its hyphen apart
        self.push(at, at + end, false);
        at + end
    }

    fn word(&mut self, at: usize, rest: &str) -> usize {
        let mut end = 0;
        for (i, c) in rest.char_indices() {
            if i >= end + 4 * TOKEN_CHARS {
                break;
            }
            let after = || rest[i + c.len_utf8()..].chars().next();
            if is_word(c) {
                end = i + c.len_utf8();
            } else if (is_apostrophe(c) || matches!(c, '&'))
                && i == end
                && after().is_some_and(is_word)
                || c == '.' && i == end && inner_period(&rest[..i], &rest[i + 1..])
                || c == '-' && i == end && self.bound(&rest[..i]) && after().is_some_and(is_word)
            {
                // goes on if a letter follows, which the next round sees
                end = i + c.len_utf8();
            } else {
                break;
            }
        }
        // AT&T, but not a trailing joiner
        if rest[end..].starts_with('.') && (!rest[end..].starts_with("..") || rest[end..] == *"..")
        {
            let with = rest[..=end].to_lowercase();
            let dotted = rest[..end].contains('.');
            let initial = end == rest.chars().next().map_or(0, char::len_utf8)
                && rest.chars().next().is_some_and(char::is_uppercase)
                && rest[..end] != *"I";
            let known = self.lexicon.abbreviations.contains_key(&with);
            if dotted && end <= 12 && short_parts(&rest[..end]) || initial || known {
                end += 1;
                self.push(at, at + end, false);
                return at + end;
            }
        }
        // a word broken off, or the first part of "pre- and postwar"
        let dashed = rest[end..].starts_with('-') && rest.len() == end + 1;
        if dashed && rest.starts_with(char::is_lowercase) && end <= 12 {
            end += 1;
        }
        self.split(at, &rest[..end]);
        at + end
    }

    fn bound(&self, prefix: &str) -> bool {
        prefix.len() <= 12 && self.lexicon.prefixes.contains(&prefix.to_lowercase())
    }

    /// Contractions and possessives.
    fn split(&mut self, at: usize, word: &str) {
        if word.len() > 40 {
            return self.push(at, at + word.len(), false);
        }
        let lower = word.to_lowercase().replace('\u{2019}', "'");
        if let Some(lengths) = self.lexicon.contractions.get(&lower)
            && lower.len() == word.len()
        {
            let mut from = at;
            for (n, len) in lengths.iter().enumerate() {
                self.push(from, from + len, n > 0);
                from += len;
            }
            return;
        }
        let mark = word.find(is_apostrophe);
        if let Some(mark) = mark {
            let tail = word[mark..].to_lowercase().replace('\u{2019}', "'");
            let stem_not = word[..mark].ends_with(['n', 'N']) && tail == "'t" && mark > 1;
            if stem_not {
                self.push(at, at + mark - 1, false);
                self.push(at + mark - 1, at + word.len(), true);
                return;
            }
            if mark > 0 && matches!(tail.as_str(), "'s" | "'m" | "'re" | "'ve" | "'ll" | "'d") {
                self.push(at, at + mark, false);
                self.push(at + mark, at + word.len(), true);
                return;
            }
            if mark > 0 && word[mark..].chars().filter(|&c| is_apostrophe(c)).count() == 2 {
                // couldn't've
                let second = word.rfind(is_apostrophe).unwrap_or(mark);
                if matches!(
                    word[second..].chars().skip(1).collect::<String>().as_str(),
                    "ve" | "d" | "s"
                ) {
                    self.split(at, &word[..second]);
                    self.push(at + second, at + word.len(), true);
                    return;
                }
            }
        }
        self.push(at, at + word.len(), false);
    }
}

/// "555-0172", "212-555-0172": groups of digits, the last of four.
fn telephone(rest: &str) -> Option<usize> {
    const LONGEST: usize = 16;
    let number = |byte: &&u8| byte.is_ascii_digit() || **byte == b'-';
    let end = rest.as_bytes().iter().take(LONGEST + 1).take_while(number).count();
    if end > LONGEST {
        return None;
    }
    let groups: Vec<usize> = rest[..end].split('-').map(str::len).collect();
    let (last, others) = groups.split_last()?;
    let fits = others.iter().all(|n| (1..=3).contains(n));
    (*last == 4 && !others.is_empty() && fits).then_some(end)
}

fn glued(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_some_and(is_word)
}

fn digit_at(text: &str, at: usize) -> bool {
    text.as_bytes().get(at).is_some_and(u8::is_ascii_digit)
}

/// "U.S", "e.g", "Ph.D": a letter or two, a period, a letter or two.
fn inner_period(before: &str, after: &str) -> bool {
    let last = before.chars().rev().take(5).take_while(|c| c.is_alphabetic()).count();
    let next = after.chars().take(5).take_while(|c| c.is_alphabetic()).count();
    let short =
        last <= 2 && next == 1 || last == 1 && next == 2 && after.chars().nth(2) == Some('.');
    before.len() <= 12 && short
}

fn short_parts(word: &str) -> bool {
    word.split('.').all(|part| part.chars().count() <= 3)
}

/// An apostrophe with what belongs to it: possessive, clitic, "'90s".
fn clitic(rest: &str) -> Option<usize> {
    let mark = rest.chars().next()?.len_utf8();
    let tail = &rest[mark..];
    let end = tail.find(|c| !is_word(c)).unwrap_or(tail.len()).min(8);
    let word = tail.get(..end)?.to_lowercase();
    let decade =
        word.len() == 3 && word.ends_with('s') && word[..2].bytes().all(|b| b.is_ascii_digit());
    let year = word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit());
    let known = matches!(
        word.as_str(),
        "s" | "m" | "re" | "ve" | "ll" | "d" | "em" | "til" | "cause" | "tis" | "twas"
    );
    (known || decade || year).then_some(mark + end)
}

/// URL, e-mail, domain or handle at the beginning.
fn address(rest: &str) -> Option<usize> {
    let starts = |prefix: &str| {
        rest.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
    };
    let stop = |c: char| matches!(c, '<' | '>' | '"' | '\u{201C}' | '\u{201D}' | '|');
    if starts("http://") || starts("https://") || starts("www.") || starts("ftp://") {
        let end = rest.find(stop).unwrap_or(rest.len());
        return Some(trim(&rest[..end]));
    }
    if matches!(rest.as_bytes().first(), Some(b'@' | b'#')) {
        let end = rest[1..].find(|c| !is_word(c)).map_or(rest.len(), |n| n + 1);
        return (end > 2 && rest[1..].starts_with(char::is_alphabetic)).then_some(end);
    }
    let limit = rest.char_indices().nth(TOKEN_CHARS).map_or(rest.len(), |(at, _)| at);
    let head = &rest[..limit];
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    let end = head.find(|c| !plain(c)).unwrap_or(head.len());
    if end > 0 && head[end..].starts_with('@') {
        let tail = &head[end + 1..];
        let len = tail.find(|c| !plain(c)).unwrap_or(tail.len());
        let len = trim(&tail[..len]);
        return (len > 0 && end > 1).then_some(end + 1 + len);
    }
    let end = trim(&head[..end]);
    let (name, last) = head[..end].rsplit_once('.')?;
    let group = |part: &str| part.len() > 1 && part.bytes().all(|b| b.is_ascii_lowercase());
    if name.contains('.') && head[..end].split('.').all(group) {
        return Some(end);
    }
    let known = matches!(
        last,
        "com"
            | "org"
            | "net"
            | "edu"
            | "gov"
            | "html"
            | "htm"
            | "pdf"
            | "doc"
            | "jpg"
            | "xls"
            | "uk"
            | "info"
            | "co"
    );
    (known && name.len() > 1).then_some(end)
}

fn trim(text: &str) -> usize {
    text.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '\u{2019}', '-']).len()
}

fn smiley(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let eyes = matches!(bytes.first()?, b':' | b';' | b'=');
    let nose = usize::from(bytes.get(1) == Some(&b'-'));
    let mouth = matches!(bytes.get(1 + nose)?, b')' | b'(' | b'D' | b'P' | b'p' | b'/');
    let ends = bytes.get(2 + nose).is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'/');
    (eyes && mouth && ends).then_some(2 + nose)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Resources;

    fn check(text: &str, expected: &str) {
        let lexicon = SegmenterLexicon::read(&Resources::embedded()).unwrap();
        let mut found = String::new();
        for piece in scan(text, &lexicon) {
            if !found.is_empty() {
                found.push(if piece.joined { '+' } else { ' ' });
            }
            found.push_str(piece.span.of(text));
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn words_are_split_as_in_the_treebanks() {
        check("They can't say who's there.", "They ca+n't say who+'s there .");
        check("the pilots' union’s vote", "the pilots+' union+’s vote");
        check("a well-known non-profit, e-mail", "a well - known non-profit , e-mail");
        check("Dr. Lee (U.S.) paid $3.5m", "Dr. Lee ( U.S. ) paid $ 3.5m");
        check("at 10:30 a.m. on Sept. 3", "at 10:30 a.m. on Sept. 3");
        check(
            "see www.example.org/a-b, or ann@example.org",
            "see www.example.org/a-b , or ann@example.org",
        );
        check("wait... what?!", "wait ... what ?!");
    }

    #[test]
    fn odd_characters_do_not_break_the_scanner() {
        for text in
            ["°C", "’s’", "a\u{301}'", "…'", "@é", "5’s", ".", "-", "é.é.é", "x'\u{1F600}'t"]
        {
            let lexicon = SegmenterLexicon::read(&Resources::embedded()).unwrap();
            let pieces = scan(text, &lexicon);
            let joined: String = pieces.iter().map(|piece| piece.span.of(text)).collect();
            assert_eq!(joined, text);
        }
    }
}
