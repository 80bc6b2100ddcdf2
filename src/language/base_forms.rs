//! Base forms by spelling: a regular ending is taken off if a known verb or noun is left.
//!
//! The network chooses a change of ending and may take off too much from a verb it has never seen.
//! Where the lexicon knows the word, spelling decides; everything else stays with the network.

use compact_str::{CompactString, format_compact};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::Upos;
use crate::error::{Faults, Result};
use crate::resource::{Resources, one_of, put};

/// Known verbs, nouns and irregular forms.
#[derive(Clone, Debug, Default)]
pub(super) struct BaseForms {
    verbs: FxHashSet<String>,
    nouns: FxHashSet<String>,
    irregular_verbs: FxHashMap<String, String>,
    irregular_nouns: FxHashMap<String, String>,
}

impl BaseForms {
    /// Reads `verbs.tsv`, `nouns.tsv` and `irregular.tsv` of the lexicon.
    pub(super) fn load(resources: &Resources) -> Result<Self> {
        let mut faults = Faults::default();
        let mut forms = Self::default();
        let table = resources.table("rules/lexicon/irregular.tsv")?;
        table.each(["form", "pos", "lemma"], &mut faults, |[form, pos, lemma]| {
            let is_verb = one_of("pos", pos, &[("verb", true), ("noun", false)])?;
            let table =
                if is_verb { &mut forms.irregular_verbs } else { &mut forms.irregular_nouns };
            put(table, form, lemma.to_owned())
        });
        let verbs = resources.table("rules/lexicon/verbs.tsv")?;
        verbs.each(["lemma"], &mut faults, |[lemma]| {
            forms.verbs.insert(lemma.to_owned());
            Ok(())
        });
        // What a noun denotes is read, and checked, by the lexicon.
        let nouns = resources.table("rules/lexicon/nouns.tsv")?;
        nouns.each_beside(["lemma"], &["label"], &mut faults, |[lemma]| {
            forms.nouns.insert(lemma.to_owned());
            Ok(())
        });
        faults.or(forms)
    }

    /// True for a verb or noun in base form.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.verbs.contains(word) || self.nouns.contains(word)
    }

    /// The base form, if the lexicon knows it: of verbs, and of nouns in the plural.
    pub(super) fn find(&self, form: &str, upos: Upos, plural: bool) -> Option<CompactString> {
        let verb = upos == Upos::Verb;
        let plural_noun = upos == Upos::Noun && plural;
        if !(verb || plural_noun) || !form.is_ascii() {
            return None;
        }
        if let Some((prefix, verb_form)) = form.rsplit_once('-').filter(|_| verb) {
            let lemma = self.find(verb_form, upos, plural)?;
            return Some(format_compact!("{}-{lemma}", prefix.to_ascii_lowercase()));
        }
        let form = form.to_ascii_lowercase();
        let irregular = if verb { &self.irregular_verbs } else { &self.irregular_nouns };
        if let Some(lemma) = irregular.get(&form) {
            return Some(lemma.as_str().into());
        }
        let known = |word: &str| {
            let table = if verb { &self.verbs } else { &self.nouns };
            table.contains(word).then(|| CompactString::from(word))
        };
        let stem = |ending: &str| form.strip_suffix(ending).filter(|stem| stem.len() > 1);
        if !verb {
            return stem("ies")
                .and_then(|stem| known(&format!("{stem}y")))
                .or_else(|| stem("s").and_then(known))
                .or_else(|| stem("es").and_then(known));
        }
        if let Some(lemma) =
            known(&form).filter(|_| !form.ends_with("ed") && !form.ends_with("ing"))
        {
            return Some(lemma);
        }
        if let Some(stem) = stem("ied").or_else(|| stem("ies"))
            && let Some(lemma) = known(&format!("{stem}y"))
        {
            return Some(lemma);
        }
        ["ed", "ing", "es", "s"].iter().find_map(|ending| {
            let stem = stem(ending)?;
            let twin = doubled(stem);
            // "released" is of "release", "walked" of "walk", "planned" of "plan", "rolled" of "roll".
            known(&format!("{stem}e"))
                .filter(|_| *ending != "s" && (known(stem).is_none() || twin.is_none()))
                .or_else(|| known(stem))
                .or_else(|| twin.and_then(known))
        })
    }
}

/// "plann" without its second n.
fn doubled(stem: &str) -> Option<&str> {
    let bytes = stem.as_bytes();
    let [.., a, b] = bytes else { return None };
    (a == b && !matches!(a, b'a' | b'e' | b'i' | b'o' | b'u')).then(|| &stem[..stem.len() - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_leads_back_to_the_base_form() {
        let forms = BaseForms::load(&Resources::embedded()).unwrap();
        for (form, lemma) in [
            ("bombed", "bomb"),
            ("fled", "flee"),
            ("planned", "plan"),
            ("rolled", "roll"),
            ("released", "release"),
            ("denied", "deny"),
            ("denies", "deny"),
            ("pushes", "push"),
            ("making", "make"),
            ("sitting", "sit"),
            ("flooded", "flood"),
            ("fed", "feed"),
            ("hopes", "hope"),
            ("walking", "walk"),
            ("agreed", "agree"),
            ("dies", "die"),
            ("re-took", "re-take"),
            ("Co-founded", "co-found"),
        ] {
            assert_eq!(forms.find(form, Upos::Verb, false).as_deref(), Some(lemma), "{form}");
        }
        assert_eq!(forms.find("cities", Upos::Noun, true).as_deref(), Some("city"));
        assert_eq!(forms.find("women", Upos::Noun, true).as_deref(), Some("woman"));
        assert_eq!(forms.find("news", Upos::Noun, false), None);
        assert_eq!(forms.find("blorfed", Upos::Verb, false), None);
    }
}
