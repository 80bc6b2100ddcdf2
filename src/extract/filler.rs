//! What may fill a slot of a rule, and as what it stands in a statement.

use crate::document::{Deprel, Label, MentionId, MentionKind, TimexKind, Upos};
use crate::ontology::{ClassId, Kind};
use crate::resource::lexicon::NominalizationKind;
use crate::statement::{Argument, Qualifier};

use super::mood::is_according_to;
use super::reader::SentenceReader;

/// What ideas, times and amounts are not.
const MATERIAL: [Kind; 7] = [
    Kind::Agent,
    Kind::Event,
    Kind::Facility,
    Kind::Money,
    Kind::Place,
    Kind::Vehicle,
    Kind::Weapon,
];

impl<'a> SentenceReader<'a> {
    /// The class of a filler as far as text and lexicons give one.
    pub(crate) fn class(&self, token: usize) -> Option<ClassId> {
        let ontology = self.know.ontology;
        if self.timex_at[token].is_some() {
            return ontology.of_kind(Kind::Time);
        }
        let mention = self.mention(token)?;
        let analysis = self.marks.analysis;
        let name = self.cluster(mention).and_then(|c| analysis.clusters[c as usize].names.first());
        let label = self.label(mention);
        let known = name
            .and_then(|name| self.know.gazetteer.best(name))
            .map(|id| self.know.gazetteer.entry(id))
            .filter(|entry| label.is_none_or(|label| label == entry.label || label == Label::Norp));
        if let Some(class) = known.and_then(|entry| entry.class.id) {
            return Some(class);
        }
        let noun = self.tree.lemma(self.get(mention).head.index());
        if self.get(mention).kind == MentionKind::Nominal
            && let Some(class) = self.know.lexicon.class(noun).and_then(|class| class.id)
        {
            return Some(class);
        }
        // "a promise" is made, but no product.
        let happening = || {
            let deed = self.know.lexicon.nominalization(&noun.to_lowercase());
            deed.is_some_and(|deed| deed.kind == NominalizationKind::Event)
        };
        let kind = match label? {
            Label::Misc if happening() => Kind::Event,
            Label::Person => Kind::Person,
            Label::Org => Kind::Organization,
            Label::Place => Kind::Place,
            Label::Norp => Kind::People,
            Label::Event => Kind::Event,
            Label::Product => Kind::Product,
            Label::Time | Label::Quantity | Label::Misc => return None,
        };
        ontology.of_kind(kind)
    }

    /// True if the filler may be one of the classes: it is one, or could turn out to be one.
    pub(crate) fn fits(&self, token: usize, classes: &[ClassId]) -> bool {
        let ontology = self.know.ontology;
        let any = |wanted: &dyn Fn(ClassId) -> bool| classes.iter().any(|&class| wanted(class));
        classes.is_empty()
            || match self.class(token) {
                Some(class) => any(&|wanted| {
                    ontology.is_subclass(class, wanted) || ontology.is_subclass(wanted, class)
                }),
                None => {
                    let amount = self.is_amount(token) && !self.is_counted(token);
                    let immaterial = amount || self.is_idea(token);
                    !immaterial
                        || any(&|wanted| {
                            let is = |kind| ontology.is_kind(wanted, kind);
                            amount && is(Kind::Money) || !MATERIAL.into_iter().any(is)
                        })
                }
            }
    }

    /// True if the filler is known to be one of the classes.
    pub(crate) fn is_surely(&self, token: usize, classes: &[ClassId]) -> bool {
        let ontology = self.know.ontology;
        let is = |class: ClassId| classes.iter().any(|&wanted| ontology.is_subclass(class, wanted));
        classes.is_empty() || self.acts_for(token, classes) || self.class(token).is_some_and(is)
    }

    /// True for what is nobody, nowhere and no happening: an idea, a time.
    fn is_idea(&self, token: usize) -> bool {
        let noun = self.tree.lemma(token).to_lowercase();
        let label = self.know.lexicon.noun_label(&noun);
        let nominal = |mention| self.get(mention).kind == MentionKind::Nominal;
        matches!(label, Some(Label::Misc | Label::Time)) && self.mention(token).is_some_and(nominal)
    }

    /// True for a number, a sum, a measure: "four percent", "$20", "three".
    pub(crate) fn is_amount(&self, token: usize) -> bool {
        let label = self.mention(token).and_then(|mention| self.label(mention));
        matches!(self.tree.upos(token), Upos::Num | Upos::Sym) || label == Some(Label::Quantity)
    }

    /// "*three* were killed", "*dozens* were killed": somebody may be meant.
    fn is_counted(&self, token: usize) -> bool {
        self.tree.upos(token) == Upos::Num && !self.tree.has(token, Deprel::Compound)
            || self.is_quantifier(token)
    }

    /// True for a place that does what only somebody can do ("the mill supplied flour"): its people
    /// are meant.
    pub(crate) fn acts_for(&self, token: usize, classes: &[ClassId]) -> bool {
        let ontology = self.know.ontology;
        let somebody = [Kind::Agent, Kind::Organization, Kind::Company];
        let acts = |class: &ClassId| {
            somebody.into_iter().any(|kind| ontology[*class].own_kinds.contains(kind))
        };
        self.is_place(token) && classes.iter().any(acts)
    }

    /// A filler as an argument: its mention, or its words.
    pub(crate) fn argument(&self, token: usize) -> Argument {
        if let Some(id) = self.timex_at[token]
            && self.marks.analysis.timexes[id.index()].kind == TimexKind::Duration
        {
            let (first, last) = self.tree.extent(token, |child| {
                matches!(
                    self.tree.deprel(child),
                    Deprel::Case | Deprel::Punct | Deprel::AclRelcl | Deprel::Nmod
                )
            });
            return self.words(first, last);
        }
        match self.mention(token) {
            Some(mention) => Argument::Mention(mention),
            None => self.literal(token),
        }
    }

    /// The words of a phrase without relative clauses, but for those that are the phrase ("what they wanted").
    pub(crate) fn literal(&self, token: usize) -> Argument {
        let free = self.tree.is_free_relative(token);
        let (mut first, last) = self.tree.extent(token, |child| {
            let negation = self.tree.is_negation(child);
            let outside = matches!(
                self.tree.deprel(child),
                Deprel::AclRelcl
                    | Deprel::Parataxis
                    | Deprel::Punct
                    | Deprel::Cop
                    | Deprel::Aux
                    | Deprel::AuxPass
                    | Deprel::Nsubj
                    | Deprel::NsubjPass
                    | Deprel::Mark
                    | Deprel::Cc
                    | Deprel::Conj
                    | Deprel::Advcl
                    | Deprel::CcPreconj
                    | Deprel::Appos
            );
            let adjunct = match self.tree.deprel(child) {
                Deprel::Case | Deprel::Obl | Deprel::OblUnmarked => true,
                // "*when* she was six"
                Deprel::Advmod => self.tree.child(token, Deprel::Cop).is_some_and(|be| child < be),
                _ => false,
            };
            let before = child < token && adjunct;
            let source = is_according_to(&self.tree, child);
            source
                || (outside && !(free && self.tree.deprel(child) == Deprel::AclRelcl))
                || before
                || negation
        });
        while first < last
            && (self.tree.upos(first) == Upos::Punct || self.tree.deprel(first) == Deprel::Case)
        {
            first += 1;
        }
        self.words(first, last)
    }

    /// A literal from one token to another.
    pub(crate) fn words(&self, first: usize, last: usize) -> Argument {
        let last = self.tree.with_closed_bracket(first, last);
        let value = clipped(self.tree.words(first, last));
        Argument::Literal { value, span: Some(self.tree.span(first, last)) }
    }

    /// True if the token's phrase carries no content for a statement: a time, a source, the score of a
    /// game, "for example".
    pub(crate) fn is_circumstance(&self, token: usize) -> bool {
        let timed = |id: MentionId| {
            let mention = self.get(id);
            mention.kind == MentionKind::Nominal
                && mention.tokens.clone().any(|t| self.is_time(t))
                && self.label(id) == Some(Label::Time)
        };
        let bare = self.tree.deprel(token) == Deprel::OblUnmarked
            && (self.timex_at[token].is_some() || self.names_time(token));
        // "in the past few days"; not "for 40 seconds"
        let within = self.timex_at[token].is_some()
            && matches!(&*self.tree.case(token), "in" | "over" | "during" | "within");
        self.is_time(token)
            || bare
            || within
            || is_according_to(&self.tree, token)
            || self.tree.is_score(token)
            || self.mention_at[token].is_some_and(timed)
            || self.is_adverbial(token)
    }

    /// "for example": a few words, the noun last.
    fn is_adverbial(&self, token: usize) -> bool {
        const LONGEST: usize = 4;
        let below = |word: usize| self.tree.head(word) == Some(token);
        let plain = self
            .tree
            .children(token)
            .all(|child| child < token || self.tree.deprel(child) == Deprel::Punct);
        let first = (token.saturating_sub(LONGEST)..token)
            .find(|&word| below(word) && self.tree.deprel(word) == Deprel::Case);
        let Some(first) = first.filter(|_| plain) else { return false };
        let phrase: Vec<&str> = (first..=token).map(|word| self.tree.form(word)).collect();
        self.know.lexicon.is_adverbial(&phrase.join(" ").to_lowercase())
    }

    /// "every *time*", "both *times*"
    fn names_time(&self, token: usize) -> bool {
        self.know.lexicon.noun_label(&self.tree.lemma(token).to_lowercase()) == Some(Label::Time)
    }
}

/// True for a word that fills no slot: a stranded preposition, a stray adverb, "that", "there", "one
/// another".
pub(super) fn is_function_word(reader: &SentenceReader, token: usize) -> bool {
    use Upos::{Adp, Adv, Aux, Cconj, Intj, Part, Pron, Punct, Sconj};
    let tree = &reader.tree;
    let mutual = tree.lemma(token) == "another" && token > 0 && tree.lemma(token - 1) == "one"
        || tree.lemma(token) == "one"
            && token + 1 < tree.len()
            && tree.lemma(token + 1) == "another"
        || tree.lemma(token) == "other" && token > 0 && tree.lemma(token - 1) == "each";
    if mutual {
        return true;
    }
    match reader.tree.upos(token) {
        Adp | Part | Cconj | Sconj | Punct | Aux | Intj => true,
        Pron | Adv => match reader.tree.token(token).feat("PronType") {
            Some("Int") => true,
            Some("Dem") => reader.mention(token).is_none(), // "those who fled" are somebody
            Some("Rel") => !tree.is_free_relative(token) && reader.mention(token).is_none(),
            Some("Prs") => reader.mention(token).is_none(), // the "it" of "it is feared that"
            _ => false,
        },
        _ => false,
    }
}

/// Cuts words between two of them where they are too long.
pub(super) fn clipped(mut words: String) -> String {
    if let Some((cut, _)) = words.char_indices().nth(MAX_LITERAL) {
        let cut = words[..cut].rfind(' ').unwrap_or(cut);
        words.truncate(cut);
        words.push_str(" …");
    }
    words
}

/// Longest literal or wording in characters; the rest stands in the sentence that the statement cites.
const MAX_LITERAL: usize = 500;

/// Qualifier with a filler.
pub(super) fn qualifier(role: &str, argument: Argument) -> Qualifier {
    Qualifier { role: role.to_owned(), argument }
}
