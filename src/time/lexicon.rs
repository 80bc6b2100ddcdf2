//! Words and their values, named shapes, and how patterns are put together from them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

use crate::error::{Faults, Result, did_you_mean};
use crate::resource::entries::{AllowedKeys, LEAF, TomlFile};
use crate::resource::{Resources, line_of, one_of};

/// A class or shape in a pattern, and the field that it captures, if any.
pub(super) type PatternPart = (String, Option<String>);

#[derive(Clone, Debug, Default)]
pub(super) struct TimexLexicon {
    /// Class, then form in lower case, then value.
    classes: BTreeMap<String, BTreeMap<String, String>>,
    /// Class or shape, then the regular expression.
    sources: BTreeMap<String, String>,
    /// Shape, then the classes in it.
    members: BTreeMap<String, Vec<String>>,
    /// Class or shape, then what a text holds that it can match. Shapes with letters of their own
    /// have none.
    needs: BTreeMap<String, Needs>,
    /// Class, then the line of its first form.
    lines: BTreeMap<String, u64>,
    /// First word of a form, then the classes of such forms.
    first_words: BTreeMap<String, Needs>,
}

/// A set of classes and of digits, one bit each; classes beyond the number of bits share theirs.
pub(super) type Needs = u128;

const DIGITS: Needs = 1;

#[derive(Deserialize)]
struct ShapeEntry {
    name: Spanned<String>,
    pattern: Spanned<String>,
}

const WORDS: &str = "rules/time/words.tsv";

/// Classes that the program looks up by name: marks of tense, and what joins dates and numbers.
const ASKED: [&str; 14] = [
    "be",
    "future_mark",
    "joint",
    "ones",
    "open_interval",
    "past_mark",
    "plan_mark",
    "range",
    "range_start",
    "scale",
    "teens",
    "tens",
    "told_present",
    "towards",
];

const SHAPE_KEYS: AllowedKeys =
    AllowedKeys(&[("shape", &AllowedKeys(&[("name", LEAF), ("pattern", LEAF)]))]);

impl TimexLexicon {
    pub(super) fn read(resources: &Resources, faults: &mut Faults) -> Result<Self> {
        let table = resources.table(WORDS)?;
        let mut forms: BTreeMap<&str, Vec<(&str, bool)>> = BTreeMap::new();
        let mut lexicon = Self::default();
        table.each_line(["class", "form", "value", "case"], faults, |line, row| {
            let [class, form, value, case] = row;
            let exact = one_of("case", case, &[("any", false), ("exact", true)])?;
            if form.is_empty() || value.is_empty() {
                return Err("an empty form or value".to_owned());
            }
            lexicon.lines.entry(class.to_owned()).or_insert(line);
            let known = lexicon.classes.entry(class.to_owned()).or_default();
            let before = known.insert(form.to_lowercase(), value.to_owned());
            forms.entry(class).or_default().push((form, exact));
            match before {
                Some(before) if before != value => {
                    Err(format!("{form:?} stands above as a {class} with the value {before:?}"))
                }
                _ => Ok(()),
            }
        });
        for (class, mut forms) in forms {
            forms.sort_by_key(|(form, _)| (Reverse(form.len()), *form));
            let branches: Vec<String> =
                forms.iter().map(|(form, exact)| branch(form, *exact)).collect();
            lexicon.sources.insert(class.to_owned(), branches.join("|"));
        }
        lexicon.learn_needs();
        Ok(lexicon)
    }

    pub(super) fn read_shapes(&mut self, file: &str, text: &str, faults: &mut Faults) {
        let Some(mut parsed) = TomlFile::parse(file, text, &SHAPE_KEYS, faults) else { return };
        let shapes: Vec<(usize, ShapeEntry)> = parsed.entries("shape", faults);
        for (_, ShapeEntry { name, pattern }) in shapes {
            if self.sources.contains_key(name.get_ref()) {
                let cause = format!("a class or shape {:?} exists already", name.get_ref());
                faults.rule(file, line_of(text, name.span().start), cause);
            } else if let Err(cause) = self.add_shape(name.get_ref(), pattern.get_ref()) {
                faults.rule(file, line_of(text, pattern.span().start), cause);
            }
        }
    }

    /// Notes classes that no pattern has and no part of the program asks for.
    pub(super) fn check_used(&self, patterns: &str, faults: &mut Faults) {
        let in_patterns = |class: &str| {
            ["{", "="].iter().any(|before| patterns.contains(&format!("{before}{class}}}")))
        };
        for (class, &line) in &self.lines {
            if !ASKED.contains(&class.as_str()) && !in_patterns(class) {
                let others = self.lines.keys().filter(|other| *other != class);
                let hint = did_you_mean(class, others.map(String::as_str).chain(ASKED));
                faults.rule(WORDS, line, format!("no pattern has the class {class:?}{hint}"));
            }
        }
    }

    fn add_shape(&mut self, name: &str, pattern: &str) -> Result<(), String> {
        let (source, groups) = self.expand(pattern)?;
        Regex::new(&source).map_err(|_| format!("not a pattern: {source}"))?;
        let members = groups
            .into_iter()
            .filter(|group| group.1.is_none())
            .flat_map(|(name, _)| self.members.get(&name).cloned().unwrap_or_else(|| vec![name]));
        let members: Vec<String> = members.collect();
        if let Some(needs) = self.shape_needs(pattern, &members) {
            self.needs.insert(name.to_owned(), needs);
        }
        self.members.insert(name.to_owned(), members);
        self.sources.insert(name.to_owned(), source);
        Ok(())
    }

    /// Puts classes and shapes in: `{class}` captures a field of the same name, `{field=class}` one
    /// of another name, `{=class}` none; `<` and `>` bound the expression, a space stands for any
    /// white space. Returns the source and (class, field) of each.
    pub(super) fn expand(&self, pattern: &str) -> Result<(String, Vec<PatternPart>), String> {
        let mut source = String::with_capacity(pattern.len() * 4);
        let mut groups = Vec::new();
        let mut rest = pattern;
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            let name = after
                .split('}')
                .next()
                .filter(|n| c == '{' && !n.starts_with(|c: char| c.is_ascii_digit()));
            if let Some(name) = name {
                let (field, class) = name.split_once('=').unwrap_or((name, name));
                let inner = self.sources.get(class).ok_or_else(|| {
                    let known = self.sources.keys().map(String::as_str);
                    format!("no class or shape {class:?}{}", did_you_mean(class, known))
                })?;
                match field {
                    "" => source += &format!("(?:{inner})"),
                    _ => source += &format!("(?P<{field}>{inner})"),
                }
                groups.push((class.to_owned(), Some(field.to_owned()).filter(|f| !f.is_empty())));
                rest = after.get(name.len() + 1..).unwrap_or_default();
                continue;
            }
            match c {
                ' ' => source += r"\s+",
                '<' => source += "(?P<span>",
                '>' => source.push(')'),
                '(' if !after.starts_with('?') => source += "(?:",
                '\\' => {
                    source.push(c);
                    source.extend(after.chars().next());
                    rest = after
                        .get(after.chars().next().map_or(0, char::len_utf8)..)
                        .unwrap_or_default();
                    continue;
                }
                _ => source.push(c),
            }
            rest = after;
        }
        Ok((source, groups))
    }

    /// The value of a captured text: by its class, or by the first class of its shape that knows
    /// it, else the text itself.
    pub(super) fn value(&self, class: &str, text: &str) -> String {
        let form = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let classes = self
            .members
            .get(class)
            .map_or(std::slice::from_ref(&class.to_owned()), Vec::as_slice)
            .to_vec();
        for class in &classes {
            let words = self.classes.get(class);
            let value =
                words.and_then(|w| w.get(&form).or_else(|| w.get(form.trim_end_matches('.'))));
            if let Some(value) = value {
                return value.clone();
            }
        }
        if ["number", "count", "half", "smallnumber"].contains(&class) {
            self.number(&form)
        } else {
            form
        }
    }

    fn learn_needs(&mut self) {
        for (index, (class, forms)) in self.classes.iter().enumerate() {
            let bit = 2 << (index % (Needs::BITS as usize - 1));
            self.needs.insert(class.clone(), bit);
            for form in forms.keys() {
                match words(form).next() {
                    Some(word) => *self.first_words.entry(word).or_default() |= bit,
                    // Signs are not looked for.
                    None => drop(self.needs.remove(class)),
                }
                if form.contains(|c: char| c.is_ascii_digit()) {
                    self.needs.remove(class);
                }
            }
        }
    }

    fn shape_needs(&self, pattern: &str, members: &[String]) -> Option<Needs> {
        let mut own = pattern.to_owned();
        while let Some((before, rest)) = own.split_once("{=") {
            own = before.to_owned() + rest.split_once('}').map_or("", |(_, after)| after);
        }
        let letters = own.replace("\\s", "").replace("\\b", "");
        if letters.contains(|c: char| c.is_alphabetic()) {
            return None;
        }
        let digits = if own.contains("0-9") { DIGITS } else { 0 };
        let members: Option<Vec<Needs>> =
            members.iter().map(|m| self.needs.get(m).copied()).collect();
        Some(members?.into_iter().fold(digits, |all, one| all | one)).filter(|&needs| needs != 0)
    }

    /// The value of a word in a class.
    pub(super) fn word(&self, class: &str, form: &str) -> Option<&str> {
        self.classes.get(class)?.get(&form.to_lowercase()).map(String::as_str)
    }

    /// The classes of which the text holds a first word, and digits.
    pub(super) fn held(&self, text: &str) -> Needs {
        let held = |word: String| self.first_words.get(&word).copied().unwrap_or(0);
        let digits = if text.contains(|c: char| c.is_ascii_digit()) { DIGITS } else { 0 };
        words(text).map(held).fold(digits, |all, one| all | one)
    }

    /// What each match of the pattern must hold: the classes that stand outside of parentheses.
    pub(super) fn needs(&self, pattern: &str) -> Vec<Needs> {
        let mut needs = Vec::new();
        let mut depth = 0;
        for (at, c) in pattern.char_indices() {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth -= 1,
                '|' if depth == 0 => return Vec::new(),
                '{' if depth == 0 => {
                    let Some((name, after)) = pattern[at + 1..].split_once('}') else { break };
                    let class = name.split_once('=').map_or(name, |(_, class)| class);
                    if !after.starts_with(['?', '*', '{']) {
                        needs.extend(self.needs.get(class).copied());
                    }
                }
                _ => {}
            }
        }
        needs
    }

    /// "twenty-five" → "25", "two and a half" → "2.5", "1,500" → "1500".
    fn number(&self, form: &str) -> String {
        let (form, half) = match form
            .strip_suffix(" and a half")
            .or_else(|| form.strip_suffix(" 1/2"))
            .or_else(|| form.strip_suffix('½'))
        {
            Some(form) => (form, ".5"),
            None => (form, ""),
        };
        if form.starts_with("half a") {
            return "0.5".to_owned();
        }
        if form.starts_with(|c: char| c.is_ascii_digit()) {
            return form.replace(',', "") + half;
        }
        let mut sum: u32 = 0;
        for word in form.split([' ', '-']) {
            let value = |class: &str| self.classes.get(class)?.get(word)?.parse::<u32>().ok();
            match value("scale") {
                Some(scale) => sum = sum.max(1).saturating_mul(scale),
                None => {
                    let value = value("tens").or_else(|| value("teens")).or_else(|| value("ones"));
                    sum = sum.saturating_add(value.unwrap_or(0));
                }
            }
        }
        format!("{sum}{half}")
    }
}

fn branch(form: &str, exact: bool) -> String {
    let form = regex::escape(form).replace(' ', r"\s+");
    if exact { format!("(?-i:{form})") } else { form }
}

/// Runs of letters or of digits, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    parts.flat_map(|part| {
        let cut = part.find(|c: char| c.is_ascii_digit()).unwrap_or(part.len());
        let last = part.rfind(|c: char| c.is_ascii_digit()).map_or(part.len(), |at| at + 1);
        [&part[..cut], &part[last..]].into_iter().filter(|p| !p.is_empty()).map(str::to_lowercase)
    })
}
