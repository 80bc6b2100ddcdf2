//! Furniture: what stands on pages, and in texts copied from them, but is no text of an article.
//!
//! The patterns are in `furniture.tsv`.

use std::sync::LazyLock;

use regex::{Regex, RegexSet, RegexSetBuilder};

/// Longer paragraphs are text, however they begin.
const MAX_LENGTH: usize = 300;

/// True if the classes or the id of an element say that it holds no text of the article.
pub(super) fn is_class(names: &str) -> bool {
    let mut words = String::with_capacity(names.len() + 2);
    words.push(' ');
    let mut before = ' ';
    for c in names.chars().take(400) {
        match c {
            // "shareBar", "post__meta", "ad-slot"
            c if c.is_uppercase() && before.is_lowercase() => {
                words.push(' ');
                words.extend(c.to_lowercase());
            }
            c if c.is_alphanumeric() => words.extend(c.to_lowercase()),
            c if c.is_whitespace() => words.push('|'),
            _ => words.push(' '),
        }
        before = c;
    }
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    // "has-sidebar" and the like are said of what is beside such an element.
    let about = |name: &str| {
        let first = name.split(' ').next().unwrap_or_default();
        matches!(first, "has" | "with" | "without" | "no" | "is" | "js" | "not")
    };
    // "field--name-field-caption": the last word tells, however many come before.
    let ends = |name: &str| {
        let last = name.rsplit(' ').next().unwrap_or_default();
        matches!(
            last,
            "caption"
                | "captions"
                | "figcaption"
                | "credit"
                | "credits"
                | "teaser"
                | "footer"
                | "newsletter"
        )
    };
    let mut names = words.split('|').map(str::trim);
    names.any(|name| !about(name) && (ends(name) || CLASSES.is_match(name)))
}

/// True if a heading ends the article: "Join the conversation".
pub(super) fn ends_article(heading: &str) -> bool {
    let text = heading.trim().trim_end_matches(':');
    text.len() < 60 && ENDS.is_match(text)
}

/// A text without the paragraphs that are furniture, and without lists of other articles. What has nothing else stays.
pub(super) fn without(text: &str) -> String {
    let mut in_list = false;
    let mut kept: Vec<&str> = Vec::new();
    for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        let line = super::normalize::line(paragraph);
        if !kept.is_empty() && ends_article(&line) {
            break;
        }
        let told = line.len() > LONGEST_TITLE || super::normalize::ends_sentence(&line);
        in_list = begins_list(&line) || in_list && !told;
        if !in_list && !is_furniture(&line) {
            kept.push(paragraph);
        }
    }
    if kept.is_empty() { text.to_owned() } else { kept.join("\n\n") }
}

/// Longer lines in a list of articles are no titles.
const LONGEST_TITLE: usize = 140;

/// True for dialogues that lie over a page, which may hold more text than the article.
pub(super) fn is_dialogue(names: &str) -> bool {
    let names = names.to_ascii_lowercase();
    ["consent", "cookie", "onetrust", "gdpr", "didomi", "truste"]
        .iter()
        .any(|it| names.contains(it))
}

/// True if a paragraph, or a line of a copied page, is no text of the article.
pub(super) fn is_furniture(paragraph: &str) -> bool {
    let text = paragraph.trim();
    if text.is_empty() || text.len() > MAX_LENGTH {
        return false;
    }
    TEXTS.is_match(text) || (text.len() < 160 && BEGINS.is_match(text))
}

/// True if a heading begins a list of other articles.
pub(super) fn begins_list(heading: &str) -> bool {
    let text = heading.trim().trim_end_matches(':');
    text.len() < 100 && LISTS.is_match(text)
}

/// The patterns of a kind, each as it has to stand.
fn patterns(kind: &str, form: impl Fn(&str) -> String) -> Vec<String> {
    include_str!("furniture.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .filter(|(known, _)| *known == kind)
        .map(|(_, pattern)| form(pattern))
        .collect()
}

fn set(patterns: Vec<String>) -> RegexSet {
    let built = RegexSetBuilder::new(patterns).size_limit(MAX_COMPILED).build();
    built.expect("patterns that tests compile")
}

/// Bytes that compiled patterns may take: repetitions of any letter of any script are large.
const MAX_COMPILED: usize = 64 << 20;

static CLASSES: LazyLock<Regex> = LazyLock::new(|| {
    let all = patterns("class", str::to_owned).join("|");
    Regex::new(&format!(r"^(?:(?:[a-z0-9]+ )?(?:{all})(?: (?:\d+|[a-z]{{1,14}})){{0,2}})$"))
        .expect("patterns that tests compile")
});
static TEXTS: LazyLock<RegexSet> =
    LazyLock::new(|| set(patterns("text", |pattern| format!(r"(?i)^\W*(?:{pattern})\W*$"))));
static BEGINS: LazyLock<RegexSet> = LazyLock::new(|| {
    set(patterns("begin", |pattern| format!(r"(?i)^\W*(?:{pattern})\s*(?::|>|»|\|)\s*\S")))
});
static ENDS: LazyLock<RegexSet> =
    LazyLock::new(|| set(patterns("end", |pattern| format!(r"(?i)^\W*(?:{pattern})\W*$"))));
static LISTS: LazyLock<RegexSet> =
    LazyLock::new(|| set(patterns("list", |pattern| format!(r"(?i)^\W*(?:{pattern})\W*$"))));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_tell_what_is_no_text() {
        for class in [
            "caption",
            "image-caption",
            "ad-slot",
            "newsletter-signup",
            "shareBar",
            "author-bio",
            "post__meta x",
            "related",
            "article-body related-links",
            "comments",
            "twitter-tweet",
            "video-player",
        ] {
            assert!(is_class(class), "{class}");
        }
        for class in [
            "article-body",
            "body body__inner",
            "lead",
            "headline",
            "paragraph",
            "story-text",
            "shadow",
            "adopted",
            "content has-sidebar-no",
            "commentary",
            "entry-content",
        ] {
            assert!(!is_class(class), "{class}");
        }
    }

    #[test]
    fn paragraphs_that_are_no_text() {
        for text in [
            "Advertisement",
            "READ MORE: Harbor closes",
            "Image 1 of 8",
            "128 shares",
            "Published: 09:15 GMT | Updated: 11:02 GMT",
            "You have 2 free articles left this month.",
            "Copyright 2024 Elm Daily. All rights reserved.",
            "3 min read",
            "Terms of use",
        ] {
            assert!(is_furniture(text), "{text}");
        }
        for text in [
            "The pier opened on Monday.",
            "Advertisement costs rose by a tenth, the council said.",
            "Copyright law was changed in 2024, and the mayor, who had asked for it since the flood of the year before, was glad to say so in her speech.",
            "More: that was his only word.".repeat(9).as_str(),
            "Watch the harbor, he said.",
        ] {
            assert!(!is_furniture(text), "{text}");
        }
        assert!(begins_list("Recommended for you") && begins_list("More on this story:"));
        assert!(!begins_list("Fishermen protest"));
    }
}
