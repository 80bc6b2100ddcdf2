//! Coreference: which mentions of a document are one thing.
//!
//! Comes in: sentences and mentions. Goes out: clusters, each mention that refers in exactly one.
//! Sieves from sure to unsure (after Raghunathan et al. 2010 and Lee et al. 2013): names that are
//! written alike, parts of names, acronyms; apposition, titles and definite predicates; then, in
//! text order, definite noun phrases and pronouns, which look back a fixed distance and take the
//! most salient candidate that agrees. A type, number, gender or name that contradicts forbids a
//! link. Left out: events that are written twice in other words, cities that stand for governments.

mod features;
mod groups;
mod modifiers;
mod names;
mod nominals;
mod output;
mod preferences;
mod pronouns;
mod quotes;
mod structure;

use std::sync::Arc;

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use thin_vec::ThinVec;

use crate::document::{Cluster, Document, Label, Mention, MentionKind, Quotation, Sentence};
use crate::resource::gazetteer::{EntryId, Gazetteer, Gender};
use crate::resource::lexicon::Lexicon;
use crate::syntax::Tree;
use crate::syntax::phrase::RoleWords;
use features::{Feature, Number};
pub use preferences::Preferences;
use quotes::Quotes;

/// What is marked on a document before it is known who is who.
#[derive(Clone, Copy)]
pub struct Marked<'a> {
    /// In text order.
    pub sentences: &'a [Sentence],
    /// In text order.
    pub quotations: &'a [Quotation],
    /// In text order.
    pub mentions: &'a [Mention],
}

/// Groups the mentions of a document into clusters, in the order of their first mention.
pub fn cluster(
    document: &Document,
    Marked { sentences, quotations, mentions }: Marked,
    lexicon: &Lexicon,
    gazetteer: &Gazetteer,
    preferences: &Preferences,
) -> Vec<Cluster> {
    let text = &document.text;
    let trees: Vec<Tree> = sentences.iter().map(|sentence| Tree::new(sentence, text)).collect();
    let trees = trees.as_slice();
    let input = SieveInput { text, trees, mentions, lexicon, gazetteer, preferences };
    let mut links = Links::new(&input);
    names::link(&input, &mut links);
    structure::link(&input, &mut links);
    let quotes = Quotes::new(&input, &links, quotations);
    resolve_in_order(&input, &mut links, &quotes);
    output::clusters(&input, &mut links)
}

/// What the sieves read.
struct SieveInput<'a> {
    text: &'a str,
    trees: &'a [Tree<'a>],
    mentions: &'a [Mention],
    lexicon: &'a Lexicon,
    gazetteer: &'a Gazetteer,
    preferences: &'a Preferences,
}

impl SieveInput<'_> {
    fn words(&self, mention: usize) -> &str {
        self.mentions[mention].span.of(self.text)
    }

    /// The tree of the sentence that a mention stands in.
    fn tree(&self, mention: usize) -> &Tree<'_> {
        self.tree_of(&self.mentions[mention])
    }

    fn tree_of(&self, mention: &Mention) -> &Tree<'_> {
        &self.trees[mention.sentence.index()]
    }

    /// The head of a mention among the tokens of its sentence.
    fn head(&self, mention: usize) -> usize {
        self.mentions[mention].head.index()
    }

    fn kind(&self, mention: usize) -> MentionKind {
        self.mentions[mention].kind
    }
}

/// A noun that a text uses for a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Description {
    /// Where it stands: byte offset, for order.
    at: u32,
    /// Lemma of the head: "leader".
    head: CompactString,
    /// The whole phrase, lower case, without determiner: "norwegian leader".
    phrase: CompactString,
    /// The country that an adjective or possessor in it names.
    country: Option<EntryId>,
    /// What else tells its bearer from others.
    modifiers: RoleWords,
}

/// What is known of a set of linked mentions.
#[derive(Clone, Debug, Default)]
struct SetFeatures {
    label: Option<Label>,
    number: Option<Number>,
    gender: Option<Gender>,
    entry: Option<EntryId>,
    /// Words of the fullest name of a person, folded.
    full_name: ThinVec<String>,
    descriptions: ThinVec<Arc<Description>>,
    /// For groups: one mention of each member.
    members: ThinVec<usize>,
    size: usize,
}

/// How many different descriptions of one thing are kept for comparison.
const DESCRIPTIONS: usize = 32;

/// Union-find over mentions, with what is known of each set.
struct Links {
    features: Vec<Feature>,
    parent: Vec<usize>,
    known: Vec<SetFeatures>,
    /// Sets of persons that form a known group, by their roots' first mentions.
    groups: FxHashMap<Vec<usize>, usize>,
}

impl Links {
    fn new(input: &SieveInput) -> Self {
        let features = features::of(input);
        let known = features.iter().map(Feature::known).collect();
        let parent = (0..features.len()).collect();
        Self { features, parent, known, groups: FxHashMap::default() }
    }

    /// The first mention of the set.
    fn root(&self, mut mention: usize) -> usize {
        while self.parent[mention] != mention {
            mention = self.parent[mention];
        }
        mention
    }

    fn known(&self, mention: usize) -> &SetFeatures {
        &self.known[self.root(mention)]
    }

    /// Links two mentions if nothing that is known forbids it. True if they are one afterwards.
    fn link(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.shorten(a), self.shorten(b));
        if a == b {
            return true;
        }
        if !agree(&self.known[a], &self.known[b]) {
            return false;
        }
        self.join(a, b);
        true
    }

    fn join(&mut self, a: usize, b: usize) {
        let (first, second) = (a.min(b), a.max(b));
        let absorbed = std::mem::take(&mut self.known[second]);
        let known = &mut self.known[first];
        known.label = match (known.label, absorbed.label) {
            (None | Some(Label::Misc), other) => other.or(known.label),
            (label, _) => label,
        };
        known.number = known.number.or(absorbed.number);
        known.gender = known.gender.or(absorbed.gender);
        known.entry = known.entry.or(absorbed.entry);
        if absorbed.full_name.len() > known.full_name.len() {
            known.full_name = absorbed.full_name;
        }
        for description in absorbed.descriptions {
            let same = |d: &Arc<Description>| d.phrase == description.phrase;
            if known.descriptions.len() < DESCRIPTIONS && !known.descriptions.iter().any(same) {
                known.descriptions.push(description);
            }
        }
        known.members.extend(absorbed.members);
        known.size += absorbed.size;
        self.parent[second] = first;
    }

    /// The first mention of the set; halves the path to it.
    fn shorten(&mut self, mut mention: usize) -> usize {
        while self.parent[mention] != mention {
            self.parent[mention] = self.parent[self.parent[mention]];
            mention = self.parent[mention];
        }
        mention
    }

    /// Makes every path one step long.
    fn flatten(&mut self) {
        for mention in 0..self.parent.len() {
            // Parents come before their children, so one look suffices.
            self.parent[mention] = self.parent[self.parent[mention]];
        }
    }
}

/// True if nothing forbids two sets to be one thing.
fn agree(a: &SetFeatures, b: &SetFeatures) -> bool {
    labels_agree(a.label, b.label)
        && (differ(a.number, b.number).is_none() || is_body(a) || is_body(b))
        && differ(a.gender, b.gender).is_none()
        && differ(a.entry, b.entry).is_none()
        && names::full_names_agree(&a.full_name, &b.full_name)
        && (a.members.is_empty() || b.members.is_empty() || a.members == b.members)
}

fn is_body(known: &SetFeatures) -> bool {
    matches!(known.label, Some(Label::Org))
}

fn differ<T: PartialEq>(a: Option<T>, b: Option<T>) -> Option<()> {
    (a? != b?).then_some(())
}

fn labels_agree(a: Option<Label>, b: Option<Label>) -> bool {
    match (a, b) {
        (None | Some(Label::Misc), other) | (other, None | Some(Label::Misc)) => {
            !matches!(other, Some(Label::Time | Label::Quantity))
        }
        (a, b) => a == b,
    }
}

/// Noun phrases and pronouns, in the order of their heads, so that possessors come first.
fn resolve_in_order(input: &SieveInput, links: &mut Links, quotes: &Quotes) {
    let mut order: Vec<usize> = (0..input.mentions.len()).filter(|&m| refers(input, m)).collect();
    order.sort_by_key(|&m| (input.mentions[m].sentence, input.mentions[m].head, m));
    let mut nominals = nominals::Nominals::new(input, links);
    let mut trail = Vec::with_capacity(order.len());
    for mention in order {
        match input.kind(mention) {
            MentionKind::Nominal => nominals.resolve(input, links, &trail, mention),
            MentionKind::Pronoun => pronouns::resolve(input, links, quotes, &trail, mention),
            _ => {}
        }
        nominals.remember(input, links, mention);
        trail.push(mention);
    }
}

/// True for the kinds of mentions that are clustered.
fn refers(input: &SieveInput, mention: usize) -> bool {
    matches!(input.kind(mention), MentionKind::Name | MentionKind::Nominal | MentionKind::Pronoun)
}

#[cfg(test)]
mod tests;
