//! What is text, but no article: graphs and reports that this program wrote, graphs of others, programs,
//! style sheets, logs. It is refused by name, so that it is never read as prose.

use std::sync::LazyLock;

use regex::Regex;

/// Why a text is not read; `None` for what may be an article.
pub(super) fn reason(head: &str, name: &str) -> Option<String> {
    // Where no link is sure, there is nothing to write there.
    let empty = head.trim().is_empty() && name.ends_with("quickstatements.txt");
    if empty || is_own(head) {
        return Some("written by newsgraph, no article".to_owned());
    }
    let start = head.trim_start_matches('\u{feff}').trim_start();
    if let Some((_, what)) = PATTERNS.iter().find(|(pattern, _)| pattern.is_match(start)) {
        return Some(format!("{what}, expected an article"));
    }
    let file = name.rsplit(['/', '\\', '!']).next().unwrap_or(name).to_ascii_lowercase();
    if SITE_FILES.contains(&file.as_str()) {
        return Some(format!("{file}, a file of a web site or of its copy, expected an article"));
    }
    // Older feeds are RDF, and called so.
    if FEED.is_match(start) {
        return None;
    }
    let suffix = name.rsplit_once('.').map(|(_, suffix)| suffix.to_ascii_lowercase())?;
    let (_, what) = SUFFIXES.iter().find(|(known, _)| known.contains(&suffix.as_str()))?;
    Some(format!("{what} (.{suffix}), expected an article"))
}

/// A feed in RDF, by the vocabulary that its first element declares.
static FEED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?is)^(?:<\?xml.{0,400}?)?<rdf:RDF\b[^>]{0,2000}?["']https?://(?:purl\.org/rss/|my\.netscape\.com/rdf/)"#,
    )
});

/// True for files that a build writes.
fn is_own(head: &str) -> bool {
    let start = head.trim_start_matches('\u{feff}').trim_start();
    // Prose may speak of the vocabulary.
    let is_data = start.starts_with(['<', '@', '{', '[']);
    (is_data && VOCABULARY.is_match(start)) || OWN.iter().any(|pattern| pattern.is_match(start))
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

/// Names that RDF of this program begins with.
static VOCABULARY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"https://w3id\.org/newsgraph/(?:ns|entity|statement|document|run|comparison|open)\b")
});

static OWN: LazyLock<[Regex; 8]> = LazyLock::new(|| {
    [
        // report.json
        pattern(r#"^\{\s*"version":\s*"[^"]*",\s*"model":"#),
        pattern(
            r#"^digraph newsgraph \{|^\{[^\n]{0,200}"generator":\s*"newsgraph |^(?s:<\?xml.{0,9000})<graph id="newsgraph""#,
        ),
        // statements as JSON Lines
        pattern(r#"^\{"id":"st:[^"]*","doc":""#),
        // tables of nodes, edges and events
        pattern(
            r"^(?:Id,Source,Target,Kind,statement_id,|Id,label,name,entity_type,|event_id,date_start,)",
        ),
        // FollowTheMoney, tables for Neo4j and i2, QuickStatements
        pattern(r#"^\{"id":"(?:e|d|st)-[^"]*","schema":"[A-Z]"#),
        pattern(
            r"^(?:key:ID,id,|:START_ID,:END_ID,|Entity Id,Entity Type,|Link Id,Entity 1 Id,|Q\d+\tP\d+\t|// newsgraph \d)",
        ),
        // pages of a vault
        pattern(
            r#"^---\naliases: \[[^\n]*\]\n(?:class: "[^\n]*"\ntags: \[|tags: \["article"\]\nsource: )"#,
        ),
        // the explorer
        pattern(r#"^<!doctype html>\s*<html lang="en" data-mode="#),
    ]
});

static PATTERNS: LazyLock<[(Regex, &str); 9]> = LazyLock::new(|| {
    [
        (pattern(r"^(?:@prefix|@base|PREFIX)\s"), "RDF (Turtle)"),
        (
            pattern(r"^(?:<[a-z]+:[^<>\s]+>|_:\w+)\s+<[a-z]+:[^<>\s]+>\s+[<_\x22]"),
            "RDF (N-Triples)",
        ),
        (pattern(r"^(?s:<\?xml.{0,400}?)?<(?:graphml|gexf)\b"), "a graph (GraphML or GEXF)"),
        (pattern(r"^(?s:<\?xml.{0,400}?)?<svg\b"), "a drawing (SVG)"),
        (pattern(r"^#!\s*/"), "a program"),
        (pattern(r"^(?:strict\s+)?(?:di)?graph\s+\w*\s*\{"), "a graph (DOT)"),
        (pattern(r"^-----BEGIN [A-Z ]+-----"), "a key or certificate"),
        (pattern(r"^\[InternetShortcut\]"), "a link to a page"),
        (
            pattern(
                r#"^(?is:<!doctype html.{0,1500}?(?:<title>\s*(?:just a moment|attention required|access denied|are you (?:a )?(?:human|robot)|checking your browser)|id="?challenge-|/cdn-cgi/challenge))"#,
            ),
            "a page that asks whether its reader is human",
        ),
    ]
});

/// Files that lie beside the pages of a site, or that programs write which copy sites.
const SITE_FILES: &[&str] = &[
    "ads.txt",
    "app-ads.txt",
    "cookies.txt",
    "hts-log.txt",
    "humans.txt",
    "license.txt",
    "llms.txt",
    "robots.txt",
    "security.txt",
    "sellers.json",
    "sitemap.xml",
    "wget-log.txt",
];

/// Suffixes of texts that hold no article.
const SUFFIXES: &[(&[&str], &str)] = &[
    (&["ttl", "nt", "nq", "trig", "n3", "rdf", "owl"], "RDF"),
    (&["graphml", "gexf", "gml", "dot", "gv", "cyjs", "net"], "a graph"),
    (&["css", "scss", "less"], "a style sheet"),
    (
        &[
            "js", "mjs", "ts", "py", "rs", "c", "h", "cpp", "java", "go", "rb", "php", "sh", "bat",
            "pl", "r", "ipynb", "sql", "lua", "swift", "kt",
        ],
        "a program",
    ),
    (&["toml", "ini", "cfg", "conf", "yaml", "yml", "lock"], "settings"),
    (&["log"], "a log"),
    (&["ics"], "a calendar"),
    (&["vcf"], "contacts"),
    (&["srt", "vtt", "ass"], "subtitles"),
    (&["bib", "ris", "enw"], "references"),
    (&["tex"], "a LaTeX document"),
    (&["svg"], "a drawing"),
    (&["url", "webloc"], "a link to a page"),
    (&["ps", "eps"], "a PostScript file"),
    (&["geojson", "kml", "gpx"], "a map"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphs_programs_and_own_files_are_no_articles() {
        for (head, name) in [
            ("@prefix e: <https://w3id.org/newsgraph/entity/> .", "graph.ttl"),
            ("<http://a.example/b> <http://a.example/c> <http://a.example/d> .", "x"),
            ("<http://a.example/b> <http://a.example/c> \"d\" .", "x.txt"),
            ("{\n  \"version\": \"0.1.0\",\n  \"model\": \"x\",", "report.json"),
            ("p { margin: 0 }", "a.css"),
            ("#!/bin/sh\n", "a"),
            ("User-agent: *", "copy/robots.txt"),
            ("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">", "a.rdf"),
        ] {
            assert!(reason(head, name).is_some(), "{head}");
        }
        for (head, name) in [
            ("The pier in Elm opened.", "a.txt"),
            ("{\"id\":\"1\",\"text\":\"The pier opened.\"}", "a.jsonl"),
            ("<html><svg></svg>", "a.html"),
        ] {
            assert_eq!(reason(head, name), None, "{head}");
        }
    }
}
