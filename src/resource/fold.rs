//! Folding: one spelling for all the ways to write a name.
//!
//! Case, accents, other scripts, composed and decomposed letters, zero-width characters, dots,
//! apostrophes, hyphens and a leading "the" make no difference between two names. What is folded is
//! compared only, never shown.

use unicode_normalization::UnicodeNormalization;

/// Folds a name to lower-case ASCII words, separated by one space: "the Société-Générale's" gives
/// `societe generale`, "U.S." gives `us`.
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let mut gap = false;
    let name = without_possessive(name.trim());
    for c in name.nfc() {
        if is_invisible(c) || matches!(c, '.' | '\'' | '’' | '‘' | 'ʼ' | '`') {
            continue;
        }
        if c == '&' {
            folded.push_str(if folded.is_empty() { "and" } else { " and" });
            gap = true;
            continue;
        }
        let before = folded.len();
        for ascii in any_ascii::any_ascii_char(c).chars() {
            if ascii.is_ascii_alphanumeric() {
                if gap && !folded.is_empty() {
                    folded.push(' ');
                }
                gap = false;
                folded.push(ascii.to_ascii_lowercase());
            }
        }
        gap |= folded.len() == before && !is_combining(c);
    }
    match folded.strip_prefix("the ") {
        Some(rest) => rest.to_owned(),
        None => folded,
    }
}

/// The words of a folded name. "al-Masri" is one: the article is part of the surname.
pub fn words(name: &str) -> Vec<String> {
    let folded = match name.trim().rsplit_once(char::is_whitespace).unwrap_or(("", name)) {
        (first, last) if behind_article(last).is_some() => {
            format!("{} {}", fold(first), key(last))
        }
        _ => fold(name),
    };
    folded.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// "masri" for "Omar al-Masri", who is called so as well.
pub fn without_article(name: &str) -> Option<String> {
    behind_article(name.trim().rsplit(char::is_whitespace).next()?).map(fold)
}

/// What follows the article of "al-Masri", a small letter before a hyphen and a capital, or of "Al-Masri".
fn behind_article(word: &str) -> Option<&str> {
    let (article, rest) = word.split_once(['-', '‑'])?;
    let is_article = article.starts_with(char::is_lowercase) || matches!(article, "Al" | "El");
    (is_article && rest.starts_with(char::is_uppercase)).then_some(rest)
}

/// The folded name without spaces: "Anne-Marie Li" and "ANNEMARIE LI" have one key.
pub fn key(name: &str) -> String {
    let mut key = fold(name);
    key.retain(|c| c != ' ');
    key
}

/// A name for IRIs: ASCII letters, digits and hyphens, beginning with a letter; empty if nothing of
/// the name can be written so.
pub fn slug(name: &str) -> String {
    let slug = fold(name).replace(' ', "-");
    match slug.chars().next() {
        Some(first) if first.is_ascii_digit() => format!("n-{slug}"),
        _ => slug,
    }
}

/// The first letters of the words that count: "Bank for Trade and Growth" gives `btg`.
pub fn initials(name: &str) -> String {
    let small = |word: &&str| !matches!(*word, "of" | "the" | "and" | "for" | "on" | "in" | "to");
    fold(name).split(' ').filter(small).filter_map(|word| word.chars().next()).collect()
}

/// True for a name whose last word is one with a capital: "Norvik Rovers", not "Norvik FW" nor "Norvik fans".
pub fn ends_with_word(name: &str) -> bool {
    let last = name.split_whitespace().next_back().unwrap_or_default();
    last.starts_with(char::is_uppercase)
        && last.chars().filter(|c| c.is_uppercase()).count() == 1
        && last.chars().any(char::is_lowercase)
}

/// True for characters that leave no mark: zero-width and soft hyphens, joiners, direction marks, fillers,
/// variation selectors, tags.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{e0000}'..='\u{e0fff}')
}

fn is_combining(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

pub(super) fn without_possessive(name: &str) -> &str {
    name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_fold_alike() {
        let pairs = [
            ("José Álvarez", "JOSE ALVAREZ"),
            ("Jose\u{301} Álvarez", "Jose Alvarez"),
            ("Ing\u{ad}rid Sol\u{200b}berg\u{2060}", "Ingrid\u{a0}Solberg"),
            ("Ingrid\u{e0100} Sol\u{fe0e}berg\u{34f}", "Ingrid Solberg"),
            ("U.S.", "US"),
            ("the Daily Planet", "Daily Planet"),
            ("Marks & Spencer", "Marks and Spencer"),
            ("O’Neill’s", "O'Neill"),
            ("Side-by-Side", "Side by Side"),
        ];
        for (left, right) in pairs {
            assert_eq!(fold(left), fold(right), "{left} {right}");
        }
        assert_eq!(key("Park Seong-ho"), key("Park Seongho"));
    }

    #[test]
    fn an_article_and_what_follows_it_are_one_word() {
        assert_eq!(words("Omar al-Masri's"), ["omar", "almasri"]);
        assert_eq!(words("Al-Masri"), ["almasri"]);
        assert_eq!(words("Anne-Marie Dahl-Berg"), ["anne", "marie", "dahl", "berg"]);
        assert_eq!(without_article("Omar al-Masri's").as_deref(), Some("masri"));
        assert_eq!(without_article("Liv Dahl-Berg"), None);
    }

    #[test]
    fn slugs_begin_with_a_letter_and_stay_ascii() {
        assert_eq!(slug("Łódź Works"), "lodz-works");
        assert_eq!(slug("7 Days"), "n-7-days");
        assert_eq!(slug("!!!"), "");
    }

    proptest::proptest! {
        #[test]
        fn any_text_folds_once_and_for_all(text in ".*") {
            let is_word = |word: &str| {
                !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric())
            };
            let folded = fold(&text);
            let clean = folded.is_empty() || folded.split(' ').all(is_word);
            proptest::prop_assert!(clean);
            let slug = slug(&text);
            let first = slug.chars().next();
            proptest::prop_assert!(first.is_none_or(|c| c.is_ascii_lowercase()));
            proptest::prop_assert!(!slug.ends_with('-') && !slug.contains("--"));
        }
    }

    #[test]
    fn letters_and_small_words_end_no_name() {
        assert!(ends_with_word("Norvik Rovers") && !ends_with_word("Norvik FWs"));
        assert!(
            !ends_with_word("Norvik fans")
                && !ends_with_word("NORVIK ROVERS")
                && !ends_with_word("")
        );
    }

    #[test]
    fn initials_skip_small_words() {
        assert_eq!(initials("Bank for Trade and Growth"), "btg");
    }
}
