//! Reads the rules of `rules/time`: words and their values, shapes, patterns.
//!
//! Three layers, as in HeidelTime (Strötgen and Gertz 2013): `words.tsv` says which words mean what
//! (normalization), `shapes.toml` names pieces of patterns, and the other TOML files hold the
//! rules. Patterns are compiled once to regular expressions, which run in linear time.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use regex::{Captures, Regex};
use serde::Deserialize;
use toml::Spanned;

use super::fields::{Field, Fields};
use super::lexicon::{Needs, TimexLexicon};
use crate::error::{Faults, Result};
use crate::resource::entries::{AllowedKeys, LEAF, TomlFile};
use crate::resource::{Resources, line_of};

/// The compiled rules for time expressions.
#[derive(Clone, Debug)]
pub struct TimeRules {
    pub(super) rules: Vec<TimexRule>,
    lexicon: TimexLexicon,
}

/// One rule: how an expression looks, and how its value follows.
#[derive(Clone, Debug)]
pub(super) struct TimexRule {
    pub(super) name: String,
    patterns: Vec<Pattern>,
    not_after: Option<Regex>,
    not_before: Option<Regex>,
    pub(super) means: Means,
    pub(super) from: From,
    set: Vec<(Field, String)>,
    #[cfg_attr(not(test), allow(dead_code, reason = "the tests run the examples"))]
    pub(super) examples: Vec<TimexExample>,
    #[cfg_attr(not(test), allow(dead_code, reason = "the tests run the near misses"))]
    pub(super) misses: Vec<String>,
}

/// How the value of an expression follows from its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Means {
    /// A date or time by its parts; what is missing follows from the text.
    Calendar,
    /// So many units before or after a day.
    Step,
    /// The unit that holds a day, or the one before or after it.
    Unit,
    /// A length of time.
    Duration,
    /// Something that returns.
    Set,
    /// A fixed value: `PRESENT_REF`.
    Value,
}

/// The day from which a value is reckoned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum From {
    /// The publication date.
    #[default]
    Publication,
    /// The last date that the text mentioned; else the publication date.
    Told,
    /// The publication date in news, the last date mentioned in a narrative.
    Text,
}

/// A sentence with the expressions in it.
#[cfg_attr(not(test), allow(dead_code, reason = "the tests run the examples"))]
#[derive(Clone, Debug, Deserialize)]
pub(super) struct TimexExample {
    pub(super) text: String,
    /// Publication date; 2023-09-13, a Wednesday, if not given.
    pub(super) published: Option<String>,
    /// "expression = value", in text order; durations that are anchored add their interval:
    /// "four months = P4M = 2023-05-13/2023-09-13".
    pub(super) gives: Vec<String>,
}

/// An expression as a rule saw it.
#[derive(Clone, Debug)]
pub(super) struct TimexMatch {
    /// Bytes in the sentence, half-open.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Bytes that the pattern looked at.
    width: usize,
    /// Index of the rule.
    pub(super) rule: usize,
    pub(super) fields: Fields,
}

#[derive(Clone, Debug)]
struct Pattern {
    regex: Regex,
    /// Capture group, field, class of its words.
    groups: Vec<(String, Field, String)>,
    /// What a sentence must hold for the pattern to match.
    needs: Vec<Needs>,
}

#[derive(Deserialize)]
struct TimexRuleEntry {
    name: Spanned<String>,
    #[allow(dead_code, reason = "for the reader of the file")]
    reason: Option<String>,
    patterns: Vec<Spanned<String>>,
    not_after: Option<Spanned<String>>,
    not_before: Option<Spanned<String>>,
    means: Means,
    #[serde(default)]
    from: From,
    #[serde(default)]
    set: BTreeMap<String, Spanned<String>>,
    example: Vec<TimexExample>,
    miss: Vec<String>,
}

const SHAPES: &str = "rules/time/shapes.toml";

/// What a file of rules may hold.
const KEYS: AllowedKeys = AllowedKeys(&[(
    "rule",
    &AllowedKeys(&[
        ("name", LEAF),
        ("reason", LEAF),
        ("patterns", LEAF),
        ("not_after", LEAF),
        ("not_before", LEAF),
        ("means", LEAF),
        ("from", LEAF),
        ("set", LEAF),
        ("example", &AllowedKeys(&[("text", LEAF), ("published", LEAF), ("gives", LEAF)])),
        ("miss", LEAF),
    ]),
)]);

impl TimeRules {
    /// Reads and compiles the rules.
    ///
    /// # Errors
    /// [`Error::Rule`](crate::Error::Rule) with file and line: an unknown key, class or field, a pattern that is no
    /// regular expression, a name used twice; and those of [`Resources::text`].
    pub fn load(resources: &Resources) -> Result<Self> {
        let mut faults = Faults::default();
        let mut lexicon = TimexLexicon::read(resources, &mut faults)?;
        lexicon.read_shapes(SHAPES, &resources.text(SHAPES)?, &mut faults);
        let mut rules: Vec<TimexRule> = Vec::new();
        let mut patterns = resources.text(SHAPES)?.into_owned();
        for file in resources.list("rules/time/")? {
            if file == SHAPES || !file.ends_with(".toml") {
                continue;
            }
            let text = resources.text(&file)?;
            patterns.push_str(&text);
            for (at, rule) in lexicon.rules(&file, &text, &mut faults) {
                if rules.iter().any(|other| other.name == rule.name) {
                    let cause = format!("a second rule with the name {:?}", rule.name);
                    faults.rule(&file, line_of(&text, at), cause);
                }
                rules.push(rule);
            }
        }
        if resources.has_own_rules() {
            lexicon.check_used(&patterns, &mut faults);
        }
        faults.or(Self { rules, lexicon })
    }

    /// All expressions of a sentence, in text order and not overlapping; the longest wins, then the
    /// one whose pattern looked at more, then the rule that stands first.
    pub(super) fn matches(&self, sentence: &str) -> Vec<TimexMatch> {
        let mut found = Vec::new();
        let held = self.lexicon.held(sentence);
        for (index, rule) in self.rules.iter().enumerate() {
            rule.matches(index, sentence, held, &self.lexicon, &mut found);
        }
        let order = |m: &TimexMatch| (Reverse(m.end - m.start), m.start, Reverse(m.width), m.rule);
        found.sort_by_key(order);
        let mut taken = vec![false; sentence.len()];
        found.retain(|m| {
            let free = !taken[m.start..m.end].contains(&true);
            if free {
                taken[m.start..m.end].fill(true);
            }
            free
        });
        found.sort_by_key(|m| m.start);
        found
    }

    /// The value of a word in a class.
    pub(super) fn word(&self, class: &str, form: &str) -> Option<&str> {
        self.lexicon.word(class, form)
    }
}

impl TimexRule {
    fn matches(
        &self,
        index: usize,
        text: &str,
        held: Needs,
        lexicon: &TimexLexicon,
        found: &mut Vec<TimexMatch>,
    ) {
        let possible = |pattern: &&Pattern| pattern.needs.iter().all(|need| need & held != 0);
        for pattern in self.patterns.iter().filter(possible) {
            for captures in pattern.regex.captures_iter(text) {
                let Some(whole) = captures.name("span").or_else(|| captures.get(0)) else {
                    continue;
                };
                let (start, end) =
                    (whole.start(), abbreviation_end(text, whole.start(), whole.end()));
                if start == end || !self.fits(text, start, end) {
                    continue;
                }
                if let Some(fields) = self.fields(pattern, &captures, lexicon) {
                    let width = captures.get_match().len();
                    found.push(TimexMatch { start, end, width, rule: index, fields });
                }
            }
        }
    }

    /// True if the expression ends where words end and nothing beside it forbids it.
    fn fits(&self, text: &str, start: usize, end: usize) -> bool {
        let (before, after) = (&text[..start], &text[end..]);
        let joined = |a: Option<char>, b: Option<char>| {
            a.is_some_and(char::is_alphanumeric) && b.is_some_and(char::is_alphanumeric)
        };
        let inner = &text[start..end];
        if joined(before.chars().next_back(), inner.chars().next())
            || joined(inner.chars().next_back(), after.chars().next())
        {
            return false;
        }
        let hit =
            |regex: &Option<Regex>, near: &str| regex.as_ref().is_some_and(|r| r.is_match(near));
        !hit(&self.not_after, last(before)) && !hit(&self.not_before, first(after))
    }

    fn fields(
        &self,
        pattern: &Pattern,
        captures: &Captures,
        lexicon: &TimexLexicon,
    ) -> Option<Fields> {
        let mut fields = Fields::default();
        for (field, value) in &self.set {
            fields.put(*field, value)?;
        }
        for (group, field, class) in &pattern.groups {
            if let Some(found) = captures.name(group) {
                fields.put(*field, &lexicon.value(class, found.as_str()))?;
            }
        }
        Some(fields)
    }
}

/// How far a look at the neighborhood goes, in bytes.
const NEAR: usize = 48;

fn last(text: &str) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(NEAR))..]
}

fn first(text: &str) -> &str {
    &text[..text.floor_char_boundary(NEAR)]
}

/// An abbreviation with inner periods keeps its last one: "11 a.m." and not "11 a.m".
fn abbreviation_end(text: &str, start: usize, end: usize) -> usize {
    let word = text[start..end].rsplit(char::is_whitespace).next().unwrap_or_default();
    let dotted =
        word.chars().any(|c| c == '.') && word.chars().next_back().is_some_and(char::is_alphabetic);
    if dotted && text[end..].starts_with('.') { end + 1 } else { end }
}

impl TimexLexicon {
    /// The rules of a file, with the bytes where their names stand.
    fn rules(&self, file: &str, text: &str, faults: &mut Faults) -> Vec<(usize, TimexRule)> {
        let Some(mut parsed) = TomlFile::parse(file, text, &KEYS, faults) else {
            return Vec::new();
        };
        let entries: Vec<(usize, TimexRuleEntry)> = parsed.entries("rule", faults);
        let rules = entries.into_iter().map(|(_, entry)| {
            let at = entry.name.span().start;
            (at, self.rule(entry, &mut |at, cause| faults.rule(file, line_of(text, at), cause)))
        });
        rules.collect()
    }

    fn rule(&self, entry: TimexRuleEntry, fail: &mut dyn FnMut(usize, String)) -> TimexRule {
        if entry.example.is_empty() || entry.miss.is_empty() {
            let cause = "a rule needs an example and a near miss".to_owned();
            fail(entry.name.span().start, cause);
        }
        let mut patterns = Vec::new();
        for pattern in &entry.patterns {
            match self.pattern(pattern.get_ref()) {
                Ok(pattern) => patterns.push(pattern),
                Err(cause) => fail(pattern.span().start, cause),
            }
        }
        let mut set = Vec::new();
        for (name, value) in &entry.set {
            match field_set(name, value.get_ref()) {
                Ok(field) => set.push(field),
                Err(cause) => fail(value.span().start, cause),
            }
        }
        let mut context = |pattern: &Option<Spanned<String>>, head: &str, tail: &str| {
            let pattern = pattern.as_ref()?;
            let context = self.context(pattern.get_ref(), head, tail);
            context.map_err(|cause| fail(pattern.span().start, cause)).ok()
        };
        TimexRule {
            not_after: context(&entry.not_after, "", "$"),
            not_before: context(&entry.not_before, "^", ""),
            patterns,
            name: entry.name.into_inner(),
            means: entry.means,
            from: entry.from,
            set,
            examples: entry.example,
            misses: entry.miss,
        }
    }

    /// What must not stand beside an expression.
    fn context(&self, pattern: &str, head: &str, tail: &str) -> Result<Regex, String> {
        let (source, _) = self.expand(pattern)?;
        let regex = Regex::new(&format!("(?i){head}(?:{source}){tail}"));
        regex.map_err(|error| error.to_string())
    }

    fn pattern(&self, pattern: &str) -> Result<Pattern, String> {
        let (source, found) = self.expand(pattern)?;
        // Patterns that begin with a sign, or look beyond the expression, mind their own ends.
        let head = if pattern.starts_with(['\'', '\\', '[']) { "" } else { r"(?-u:\b)" };
        let tail = if pattern.contains('>') || pattern.ends_with(']') { "" } else { r"(?-u:\b)" };
        let regex =
            Regex::new(&format!("(?i){head}(?:{source}){tail}")).map_err(|e| e.to_string())?;
        let mut groups = Vec::new();
        for (class, field) in found {
            if let Some(field) = field {
                groups.push((field.clone(), field.parse()?, class));
            }
        }
        Ok(Pattern { regex, groups, needs: self.needs(pattern) })
    }
}

/// A field that no word names, with its value.
fn field_set(name: &str, value: &str) -> Result<(Field, String), String> {
    let field: Field = name.parse()?;
    match Fields::default().put(field, value) {
        Some(_) => Ok((field, value.to_owned())),
        None => Err(format!("{value:?} is no value of {name}")),
    }
}
