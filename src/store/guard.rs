//! Looks at the text of a query before it is parsed: a parser that recurses can be made to overflow.
//!
//! The nesting is estimated on the safe side: brackets inside of IRIs count, closing ones in
//! comments and strings do not.

use crate::error::{Error, Result};

/// Longest query, in bytes.
pub const MAX_LENGTH: usize = 50_000;

/// Deepest nesting of braces, brackets and parentheses, and longest chain of prefix operators.
pub const MAX_DEPTH: usize = 100;

/// The parser tries each bracket that is not closed in several ways, and all those within it again: some are
/// left to it, since its message names the place.
const MAX_UNCLOSED: usize = 6;

/// Accepts a query that is short and flat enough, and that asks no other server.
///
/// # Errors
/// [`Error::Query`] with what is too long, too deep, or not available.
pub fn check(query: &str) -> Result<()> {
    if query.len() > MAX_LENGTH {
        let length = query.len();
        return Err(Error::Query(format!("{length} bytes long, at most {MAX_LENGTH} are read")));
    }
    if depth(query) > MAX_DEPTH {
        return Err(Error::Query(format!("nested deeper than {MAX_DEPTH} levels")));
    }
    if unclosed(query) > MAX_UNCLOSED {
        return Err(Error::Query("brackets are not closed".to_owned()));
    }
    if words(query).any(|word| word.eq_ignore_ascii_case("SERVICE")) {
        let cause = "SERVICE is not available, queries see the graph alone";
        return Err(Error::Query(cause.to_owned()));
    }
    Ok(())
}

/// What a stretch of query text is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum QueryPart {
    /// Outside of strings and comments.
    Code,
    /// A string with its quotes, or a comment.
    Other,
}

/// Cuts a query into code, strings and comments. IRIs count as code.
fn pieces(query: &str) -> impl Iterator<Item = (QueryPart, &str)> {
    let mut rest = query;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let length = match first {
            '#' => rest.find(['\n', '\r']).unwrap_or(rest.len()),
            '"' | '\'' => string_length(rest, first),
            '<' => iri_length(rest),
            _ => rest.find(['#', '"', '\'', '<']).unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        let other = first == '#' || (matches!(first, '"' | '\'') && length > 1);
        Some((if other { QueryPart::Other } else { QueryPart::Code }, piece))
    })
}

/// Length of the string that begins `text`; 1 if it is not closed.
fn string_length(text: &str, quote: char) -> usize {
    let quote_3 = quote.to_string().repeat(3);
    let (delimiter, long) =
        if text.starts_with(&quote_3) { (&*quote_3, true) } else { (&quote_3[..1], false) };
    let bytes = text.as_bytes();
    let mut at = delimiter.len();
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'\n' | b'\r' if !long => return 1,
            _ if text.as_bytes()[at..].starts_with(delimiter.as_bytes()) => {
                return at + delimiter.len();
            }
            _ => at += 1,
        }
    }
    1
}

/// Length of the IRI that begins `text`, 1 if it is a comparison.
fn iri_length(text: &str) -> usize {
    let stop = |c: char| c <= ' ' || "<>\"{}|^`\\".contains(c);
    match text[1..].find(stop) {
        Some(at) if text[1 + at..].starts_with('>') => at + 2,
        _ => 1,
    }
}

/// The deepest nesting, and the longest chain of signs that bind to what follows.
fn depth(query: &str) -> usize {
    let (mut depth, mut chain, mut deepest) = (0_usize, 0_usize, 0_usize);
    let mut angle = false;
    for (piece, text) in pieces(query) {
        if piece == QueryPart::Other {
            continue;
        }
        // `<<` opens a triple that is spoken of, `>>` closes it.
        if angle && text.starts_with('<') {
            (depth, angle) = (depth + 1, false);
        } else {
            angle = text == "<";
        }
        depth = depth.saturating_sub(text.matches(">>").count());
        deepest = deepest.max(depth);
        for c in text.chars() {
            match c {
                '{' | '(' | '[' => depth += 1,
                '}' | ')' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            match c {
                '!' | '^' | '-' | '+' => chain += 1,
                c if c.is_whitespace() => {}
                _ => chain = 0,
            }
            deepest = deepest.max(depth).max(chain);
        }
    }
    deepest
}

/// How many brackets are opened and not closed.
fn unclosed(query: &str) -> usize {
    let code = pieces(query).filter(|(piece, _)| *piece != QueryPart::Other);
    let signs = code.flat_map(|(_, text)| text.chars());
    signs.fold(0, |open: usize, c| match c {
        '{' | '(' | '[' => open + 1,
        '}' | ')' | ']' => open.saturating_sub(1),
        _ => open,
    })
}

/// The bare words of a query: no variables, no prefixed names, no IRIs.
fn words(query: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || "_-?$:%.\\".contains(c);
    pieces(query)
        .filter(|(piece, text)| {
            *piece == QueryPart::Code && !(text.len() > 1 && text.starts_with('<'))
        })
        .flat_map(move |(_, text)| text.split(move |c| !is_part(c)))
        .filter(|word| !word.starts_with(['?', '$']) && !word.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_queries_are_refused() {
        for (open, close) in [("{", "}"), ("(", ")"), ("[", "]"), ("!", ""), ("^ ", ""), ("- ", "")]
            .into_iter()
            .chain([("<<", " >>"), ("<< ", ">> "), ("<<<http://x.example/> ", ">>")])
        {
            let deep = |n: usize| format!("ASK {}{}", open.repeat(n), close.repeat(n));
            assert!(check(&deep(MAX_DEPTH)).is_ok(), "{open}");
            assert!(check(&deep(MAX_DEPTH + 1)).is_err(), "{open}");
        }
        assert!(check(&format!("SELECT ({}", "!(".repeat(20))).is_err(), "not closed");
        assert!(check(&" ".repeat(MAX_LENGTH + 1)).is_err());
    }

    #[test]
    fn brackets_cannot_hide() {
        let deep = "(".repeat(200);
        for query in [
            format!("# \"\n{deep}"),
            format!("ASK {{ <http://x.example/#> ?p {deep}"),
            format!("ASK {{ FILTER(?a <{deep}1>2"),
            format!("'a\\'b' {deep}"),
            format!("\"\"\"a\"b\"\"\" {deep}"),
            format!("\" {deep}"),
        ] {
            assert!(check(&query).is_err(), "{query}");
        }
        for query in [format!("# {deep}"), format!("\"{deep}\""), format!("'''\n{deep}''' ''")] {
            assert!(check(&query).is_ok(), "{query}");
        }
    }

    #[test]
    fn other_servers_are_out_of_reach() {
        assert!(check("SELECT * { service <http://x.example/> { ?s ?p ?o } }").is_err());
        assert!(check("SELECT * {SERVICE<http://x.example/>{}}").is_err());
        for query in [
            "SELECT ?service { ?service ng:service \"service\" } # service",
            "SELECT * { ?s ?p <http://x.example/service> }",
        ] {
            assert!(check(query).is_ok(), "{query}");
        }
    }
}
