//! Texts that were copied: out of paged documents, and off web pages.
//!
//! Heads of pages that come again, and numbers of pages, are no text; words that a line end parts are
//! put together. Of a page that somebody copied by hand, menus and buttons are taken off.

use std::collections::HashMap;

use super::{furniture, pdf};

/// A text without the heads of its pages, if it has some.
pub(super) fn without_heads(text: &str) -> String {
    let mut times: HashMap<String, usize> = HashMap::new();
    for line in text.lines().filter(|line| is_head(line)) {
        *times.entry(masked(line)).or_default() += 1;
    }
    times.retain(|_, n| *n >= 2);
    if times.is_empty() {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    for line in text.lines() {
        if is_head(line) && times.contains_key(&masked(line)) {
            continue;
        }
        // A word that the end of the line parts.
        let parted =
            kept.strip_suffix("-\n").is_some_and(|before| before.ends_with(char::is_lowercase));
        if parted && line.starts_with(char::is_lowercase) {
            kept.truncate(kept.len() - 2);
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            kept.push_str(word);
            kept.push('\n');
            kept.push_str(rest);
        } else {
            kept.push_str(line);
        }
        kept.push('\n');
    }
    kept
}

/// "ELM DAILY   Page 3": a short line with a word for a page and its number.
fn is_head(line: &str) -> bool {
    line.len() < 120
        && line.to_ascii_lowercase().contains("page")
        && pdf::is_page_number(line.trim())
}

fn masked(line: &str) -> String {
    line.chars().filter(|c| !c.is_ascii_digit() && *c != ' ').collect()
}

/// Lines of furniture that show that a text is a copied page.
const EVIDENCE: usize = 3;

/// A text without the menus and buttons of the page that it was copied off.
pub(super) fn without_furniture(text: &str) -> String {
    let n_lines = text.lines().filter(|line| furniture::is_furniture(line)).count();
    if n_lines < EVIDENCE {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    let mut in_list = false;
    for line in text.lines() {
        if furniture::begins_list(line) && !line.trim().is_empty() {
            in_list = true;
            continue;
        }
        // A list of other articles ends with its block.
        in_list &= !line.trim().is_empty();
        if !in_list && !furniture::is_furniture(line) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    if kept.trim().is_empty() { text.to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_pages_are_no_text() {
        let text = "ELM DAILY  Page 3\n\nThe pier was o-\npened, they\nELM DAILY  Page 4\nsaid.\n";
        assert_eq!(without_heads(text), "\nThe pier was opened,\nthey\nsaid.\n");
        assert_eq!(without_heads("See page 3\nor page 4."), "See page 3\nor page 4.");
    }

    #[test]
    fn menus_of_a_copied_page_are_no_text() {
        let text = "Skip to main content\nHome\n\nPier opens\n\n2 min read\nShare\n\nThe pier opened.\n\nRelated stories\nMayor leaves\n\nAll came.\n";
        let kept: Vec<String> = without_furniture(text)
            .lines()
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect();
        assert_eq!(kept, ["Pier opens", "The pier opened.", "All came."]);
        assert_eq!(without_furniture("Home\n\nThe pier opened."), "Home\n\nThe pier opened.");
    }
}
