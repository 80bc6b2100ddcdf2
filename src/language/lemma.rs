//! Lemmas: the longest known ending of a word, with its tag, says how to change it.

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::file::{Reader, Writer};
use super::hash::{self, Key};

/// How a form becomes a lemma.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Script {
    /// Lower-case the form first.
    pub(super) lower: bool,
    /// Characters to take off the end; 255: all.
    pub(super) strip: u8,
    /// What to add.
    pub(super) add: String,
}

const ALL: u8 = 255;
/// The longest ending that is looked at.
const LONGEST: usize = 8;

impl Script {
    /// The change from a form to its lemma.
    pub(super) fn between(form: &str, lemma: &str, lower: bool) -> Self {
        let base = if lower { form.to_lowercase() } else { form.to_owned() };
        let same = base.chars().zip(lemma.chars()).take_while(|(a, b)| a == b).count();
        let rest = base.chars().count() - same;
        if same == 0 || rest >= usize::from(ALL) {
            return Self { lower, strip: ALL, add: lemma.to_owned() };
        }
        Self { lower, strip: rest as u8, add: lemma.chars().skip(same).collect() }
    }

    fn apply(&self, form: &str) -> CompactString {
        if self.strip == ALL {
            return self.add.as_str().into();
        }
        let mut base = if self.lower { form.to_lowercase() } else { form.to_owned() };
        for _ in 0..self.strip {
            base.pop();
        }
        base.push_str(&self.add);
        if base.is_empty() { form.into() } else { base.into() }
    }
}

/// The keys of a form with a tag, from the shortest ending to the whole word.
fn keys(form: &str, tag: u8) -> Vec<u32> {
    let lower = form.to_lowercase();
    let key = |n: u32, text: &str| Key::new(n).with(u32::from(tag)).with(hash::text(text)).end();
    let mut keys = vec![key(0, "")];
    keys.extend(lower.char_indices().rev().take(LONGEST).map(|(at, _)| key(1, &lower[at..])));
    keys.push(key(2, &lower));
    keys
}

/// A trained lemmatizer.
#[derive(Clone, Debug, Default)]
pub(super) struct Lemmatizer {
    scripts: Vec<Script>,
    index: FxHashMap<u32, u16>,
}

impl Lemmatizer {
    /// The lemma of a form whose tag is known.
    pub(super) fn lemma(&self, form: &str, tag: u8) -> CompactString {
        let script = keys(form, tag).iter().rev().find_map(|key| self.index.get(key));
        match script.and_then(|&script| self.scripts.get(usize::from(script))) {
            Some(script) => script.apply(form),
            None => form.into(),
        }
    }

    /// Learns from forms with tags and lemmas; endings that change nothing are left out.
    pub(super) fn train<'t>(words: impl Iterator<Item = (&'t str, u8, &'t str, bool)>) -> Self {
        let mut scripts = Vec::new();
        let mut numbers: FxHashMap<Script, u16> = FxHashMap::default();
        let mut counts: FxHashMap<u32, Vec<(u16, u32)>> = FxHashMap::default();
        let mut seen: FxHashMap<(String, u8), u32> = FxHashMap::default();
        let mut forms = Vec::new();
        for (form, tag, lemma, proper) in words {
            let lower = !proper || form.to_lowercase() == lemma;
            let script = Script::between(form, lemma, lower);
            let next = numbers.len();
            if next >= usize::from(u16::MAX) {
                continue;
            }
            let number = *numbers.entry(script.clone()).or_insert(next as u16);
            if usize::from(number) == scripts.len() {
                scripts.push(script);
            }
            let times = seen.entry((form.to_lowercase(), tag)).or_insert(0);
            *times += 1;
            if *times == 1 {
                forms.push((form.to_lowercase(), tag));
            }
            let keys = keys(form, tag);
            for (n, &key) in keys.iter().enumerate() {
                // an ending counts types rather than tokens
                if n + 1 < keys.len() && *times > 2 {
                    continue;
                }
                let row = counts.entry(key).or_default();
                match row.iter_mut().find(|(script, _)| *script == number) {
                    Some((_, count)) => *count += 1,
                    None => row.push((number, 1)),
                }
            }
        }
        let mut index = FxHashMap::default();
        for (form, tag) in &forms {
            let mut above = None;
            for key in keys(form, *tag) {
                let row = &counts[&key];
                let best = row.iter().max_by_key(|(script, count)| (*count, u16::MAX - script));
                let best = best.map(|(script, _)| *script);
                if let Some(script) = best.filter(|_| best != above) {
                    index.insert(key, script);
                    above = best;
                }
            }
        }
        Self { scripts, index }
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.number(self.scripts.len());
        for script in &self.scripts {
            out.byte(u8::from(script.lower));
            out.byte(script.strip);
            out.text(&script.add);
        }
        let mut rows: Vec<(u32, u16)> = self.index.iter().map(|(&k, &v)| (k, v)).collect();
        rows.sort_unstable();
        out.number(rows.len());
        let mut last = 0;
        for (key, script) in rows {
            out.varint(key - last);
            out.varint(u32::from(script));
            last = key;
        }
    }

    pub(super) fn read(input: &mut Reader) -> Result<Self, String> {
        let count = input.count(3)?;
        let mut scripts = Vec::with_capacity(count);
        for _ in 0..count {
            let lower = input.byte()? != 0;
            let strip = input.byte()?;
            scripts.push(Script { lower, strip, add: input.text()?.to_owned() });
        }
        let count = input.count(2)?;
        let mut index = FxHashMap::default();
        let mut last = 0_u32;
        for _ in 0..count {
            last = last.checked_add(input.varint()?).ok_or("lemma keys not in order")?;
            let script = u16::try_from(input.varint()?).map_err(|_| "no such lemma script")?;
            if usize::from(script) >= scripts.len() {
                return Err("no such lemma script".to_owned());
            }
            index.insert(last, script);
        }
        Ok(Self { scripts, index })
    }
}
