//! One sentence under the reader's eye: its tree, clauses, moods, and who is mentioned where.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use crate::document::{
    Analysis, Cluster, Deprel, Label, Mention, MentionId, MentionKind, Quotation, SentenceId,
    TimexId, TimexKind, Token, Upos, quotation_around,
};
use crate::ontology::{ClassId, Kind, Ontology};
use crate::resource::gazetteer::Gazetteer;
use crate::resource::lexicon::{Lexicon, NominalizationKind, PartOfSpeech, Stance, Use};
use crate::resource::offices::common_field;
use crate::statement::{
    Argument, Evidence, Factuality, Polarity, Predicate, Qualifier, Statement, Wording,
};

use super::claim::{told_of, wording};
use super::clause::{Clause, Clauses, Link, Meaning, clauses};
use super::mood::{Mood, Scene, is_according_to, is_inserted_speech, moods};
use super::rules::{Candidate, Grammar};
use crate::syntax::Tree;

/// The data that extraction reads besides the sentence.
#[derive(Clone, Copy)]
pub struct Knowledge<'a> {
    /// Rules and triggers.
    pub grammar: &'a Grammar,
    /// Classes and properties.
    pub ontology: &'a Ontology,
    /// What nouns denote.
    pub lexicon: &'a Lexicon,
    /// What the world is called.
    pub gazetteer: &'a Gazetteer,
}

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

/// Mentions, times and clusters of a document, by sentence.
pub(crate) struct Marks<'a> {
    pub(crate) analysis: &'a Analysis,
    /// Cluster of each mention.
    cluster_of: Vec<Option<u32>>,
    /// True for each cluster that the text refers to by nothing but pronouns.
    unknown: Vec<bool>,
    /// The mention that speaks in each quotation.
    voices: Vec<Option<MentionId>>,
}

impl<'a> Marks<'a> {
    pub(crate) fn new(analysis: &'a Analysis) -> Self {
        let mut cluster_of = vec![None; analysis.mentions.len()];
        for (index, cluster) in analysis.clusters.iter().enumerate() {
            for mention in &cluster.mentions {
                cluster_of[mention.index()] = Some(index as u32);
            }
        }
        let is_pronoun =
            |id: &MentionId| analysis.mentions[id.index()].kind == MentionKind::Pronoun;
        let is_unknown = |cluster: &Cluster| {
            cluster.names.is_empty()
                && cluster.members.is_empty()
                && cluster.mentions.iter().all(is_pronoun)
        };
        let unknown = analysis.clusters.iter().map(is_unknown).collect();
        let mut marks = Self { analysis, cluster_of, unknown, voices: Vec::new() };
        let voice = |quotation: &Quotation| {
            let speaker = quotation.speaker?;
            marks
                .mentions(speaker.sentence)
                .filter(|id| analysis.mentions[id.index()].head == speaker.token)
                .min_by_key(|id| analysis.mentions[id.index()].kind)
        };
        marks.voices = analysis.quotations.iter().map(voice).collect();
        marks
    }

    /// The mentions of a sentence: they are in text order.
    pub(crate) fn mentions(&self, sentence: SentenceId) -> impl Iterator<Item = MentionId> + use<> {
        let mentions = &self.analysis.mentions;
        let first = mentions.partition_point(|mention| mention.sentence < sentence);
        let more = mentions[first..].iter().take_while(|mention| mention.sentence == sentence);
        (first..first + more.count()).map(MentionId::from)
    }

    /// The time expressions of a sentence: they are in text order.
    fn timexes(&self, sentence: SentenceId) -> impl Iterator<Item = TimexId> + use<> {
        let timexes = &self.analysis.timexes;
        let first = timexes.partition_point(|timex| timex.sentence < sentence);
        let more = timexes[first..].iter().take_while(|timex| timex.sentence == sentence);
        (first..first + more.count()).map(TimexId::from)
    }

    /// The speaker of a sentence all of whose words stand in one quotation, if that is known; `None` if
    /// the sentence is the text's own.
    pub(crate) fn source(&self, sentence: usize) -> Option<Option<MentionId>> {
        let words = || {
            let tokens = self.analysis.sentences[sentence].tokens.iter();
            tokens.filter(|token| token.upos != Upos::Punct)
        };
        let around = |token: &Token| quotation_around(&self.analysis.quotations, token.span.start);
        let first = around(words().next()?)?;
        let whole = words().next_back().and_then(around) == Some(first);
        (whole && self.analysis.quotations[first].is_speech).then(|| self.voices[first])
    }

    /// Who speaks in the quotation that a byte stands in, if it is speech and the speaker is known.
    pub(crate) fn voice(&self, at: u32) -> Option<MentionId> {
        let quotation = quotation_around(&self.analysis.quotations, at)?;
        self.voices[quotation].filter(|_| self.analysis.quotations[quotation].is_speech)
    }
}

/// A sentence being read.
pub(crate) struct SentenceReader<'a> {
    pub(crate) know: Knowledge<'a>,
    pub(crate) marks: &'a Marks<'a>,
    pub(crate) sentence: SentenceId,
    pub(crate) tree: Tree<'a>,
    pub(crate) clauses: Clauses,
    pub(crate) moods: Vec<Mood>,
    /// True for tokens inside quotation marks.
    pub(crate) quoted: Vec<bool>,
    /// The mention that a token is the head of.
    mention_at: Vec<Option<MentionId>>,
    /// The time expression that a token belongs to.
    timex_at: Vec<Option<TimexId>>,
    /// The time of each clause.
    times: Vec<Option<TimexId>>,
    /// What each clause says in the words of the text, once it was asked for.
    wordings: Vec<OnceCell<Box<str>>>,
    /// Rules whose trigger was met, fired or not.
    pub(crate) candidates: RefCell<Vec<Candidate>>,
}

impl<'a> SentenceReader<'a> {
    pub(crate) fn new(
        know: Knowledge<'a>,
        marks: &'a Marks<'a>,
        sentence: SentenceId,
        outside: &[MentionId],
    ) -> Self {
        let analysis = marks.analysis;
        let tree = Tree::new(&analysis.sentences[sentence.index()], &analysis.document.text);
        let quoted = quoted(analysis, &tree);
        let mention_at = mention_heads(marks, sentence, &tree);
        let mut timex_at = vec![None; tree.len()];
        for id in marks.timexes(sentence) {
            for slot in &mut timex_at[analysis.timexes[id.index()].tokens.clone()] {
                *slot = Some(id);
            }
        }
        let meaning = Meaning {
            is_request: &|lemma| know.lexicon.stance(lemma) == Some(Stance::Urged),
            is_somebody: &|token| {
                let label = mention_at[token].and_then(|m| analysis.mentions[m.index()].label);
                matches!(label, Some(Label::Person | Label::Org | Label::Norp))
            },
            effect: &|noun| know.lexicon.effect(noun, PartOfSpeech::Noun)?.factuality,
            is_means: &|noun| know.lexicon.has_use(noun, Use::Means),
        };
        let clauses = clauses(&tree, &meaning);
        let moods = moods(&Scene {
            tree: &tree,
            clauses: &clauses,
            lexicon: know.lexicon,
            mention: &|token| mention_at[token],
            is_happening: &|token| {
                tree.upos(token) == Upos::Noun
                    && know.lexicon.stance(tree.lemma(token)).is_none()
                    && know
                        .lexicon
                        .nominalization(&tree.lemma(token).to_lowercase())
                        .is_some_and(|n| matches!(n.kind, NominalizationKind::Event))
            },
            outside,
            quoted: &quoted,
            voice: &|token| marks.voice(tree.token(token).span.start),
        });
        let mut reader = Self {
            know,
            marks,
            sentence,
            tree,
            clauses,
            moods,
            quoted,
            mention_at,
            timex_at,
            times: Vec::new(),
            wordings: Vec::new(),
            candidates: RefCell::default(),
        };
        reader.times = reader.clause_times();
        reader.wordings.resize_with(reader.clauses.all.len(), OnceCell::new);
        reader
    }

    /// The mention of a noun phrase's head; of a title with a name behind it, the name.
    pub(crate) fn mention(&self, token: usize) -> Option<MentionId> {
        let token = self.core(token);
        let own = self.mention_at[token];
        let is_name = |id: MentionId| self.is_name(id);
        if own.is_some_and(is_name) {
            return own;
        }
        let behind = self.tree.children(token).find(|&child| {
            child > token
                && matches!(
                    self.tree.deprel(child),
                    Deprel::Flat
                        | Deprel::Appos
                        | Deprel::NmodDesc
                        | Deprel::NmodUnmarked
                        | Deprel::Dep
                )
                && self.tree.form(child - 1) != ","
                && !self
                    .tree
                    .children(child)
                    .any(|c| c < child && self.tree.deprel(c) == Deprel::Punct)
                && self.mention_at[child].is_some_and(is_name)
        });
        match behind {
            Some(child) => self.mention_at[child],
            None => own,
        }
    }

    /// "a pair *of missiles*", "tens of thousands *of people*", "none *of us*": what is counted or
    /// measured.
    pub(crate) fn core(&self, token: usize) -> usize {
        let nobody = self.tree.upos(token) == Upos::Pron && self.tree.is_none(token);
        // "*the number* of deaths rose"
        let number = self.tree.lemma(token) == "number"
            && self.tree.child(token, Deprel::Det).is_some_and(|det| self.tree.lemma(det) == "the");
        if number || !nobody && !self.is_quantifier(token) {
            return token;
        }
        let of = |child: &usize| {
            self.tree.deprel(*child) == Deprel::Nmod
                && *child > token
                && self.tree.case(*child) == "of"
                && self.timex_at[*child].is_none()
        };
        let counted = || self.tree.children(token).filter(of);
        counted()
            .find(|&child| !self.is_quantifier(child))
            .or_else(|| counted().next().map(|child| self.core(child)))
            .unwrap_or(token)
    }

    /// True for nouns that measure or count what follows them.
    pub(crate) fn is_quantifier(&self, token: usize) -> bool {
        let known = |word: &str| match word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => self.know.lexicon.is_quantifier(&word.to_lowercase()),
            false => self.know.lexicon.is_quantifier(word),
        };
        matches!(self.tree.upos(token), Upos::Noun | Upos::Num)
            && (known(self.tree.lemma(token)) || known(self.tree.form(token)))
    }

    pub(crate) fn get(&self, mention: MentionId) -> &'a Mention {
        &self.marks.analysis.mentions[mention.index()]
    }

    pub(crate) fn is_name(&self, mention: MentionId) -> bool {
        self.get(mention).kind == MentionKind::Name
    }

    /// True if the noun phrase of a token is a name.
    pub(crate) fn is_named(&self, token: usize) -> bool {
        self.mention(token).is_some_and(|mention| self.is_name(mention))
    }

    /// The words of a title that name what it is for: "secretary of *state*"; empty if nothing does.
    pub(crate) fn field_of_office(&self, title: usize) -> Range<usize> {
        let tokens = &self.tree.sentence.tokens;
        common_field(tokens, self.tree.text, self.know.lexicon, title).unwrap_or_default()
    }

    pub(crate) fn cluster(&self, mention: MentionId) -> Option<u32> {
        self.marks.cluster_of[mention.index()]
    }

    pub(crate) fn timex(&self, token: usize) -> Option<TimexId> {
        self.timex_at[token]
    }

    /// True if the token stands in an expression with a date: not "former".
    pub(crate) fn is_dated(&self, token: usize) -> bool {
        let timex = self.timex_at[token].map(|id| &self.marks.analysis.timexes[id.index()]);
        timex.is_some_and(|timex| timex.iso.is_some())
    }

    /// True if the token stands in a date or time of day (not a duration).
    pub(crate) fn is_time(&self, token: usize) -> bool {
        self.timex_at[token].is_some_and(|id| {
            let timex = &self.marks.analysis.timexes[id.index()];
            timex.kind != TimexKind::Duration || timex.iso.is_some()
        })
    }

    /// What a mention refers to, by its cluster.
    pub(crate) fn label(&self, mention: MentionId) -> Option<Label> {
        let cluster =
            self.cluster(mention).and_then(|c| self.marks.analysis.clusters[c as usize].label);
        cluster.or(self.get(mention).label)
    }

    pub(crate) fn mention_text(&self, mention: MentionId) -> &'a str {
        self.get(mention).span.of(&self.marks.analysis.document.text)
    }

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

    /// When the happening of a clause took place, as far as the sentence gives a time.
    pub(crate) fn time(&self, clause: usize) -> Option<TimexId> {
        self.times[clause]
    }

    /// The date that stands in the phrase of a noun: "her arrival *on Tuesday*".
    pub(crate) fn time_of_noun(&self, noun: usize) -> Option<TimexId> {
        self.tree.children(noun).find_map(|child| {
            let id = self.timex_at[child]?;
            let timex = &self.marks.analysis.timexes[id.index()];
            (timex.iso.is_some() && timex.kind == TimexKind::Date).then_some(id)
        })
    }

    /// The date right behind an amount: "36% *in 2017*".
    pub(crate) fn time_behind(&self, amount: usize) -> Option<TimexId> {
        let next = (amount + 1..self.tree.len().min(amount + 4))
            .find(|&token| !matches!(self.tree.upos(token), Upos::Adp | Upos::Sym))?;
        let timex = self.timex_at[next].filter(|_| self.is_amount(amount))?;
        self.marks.analysis.timexes[timex.index()].iso.is_some().then_some(timex)
    }

    fn clause_times(&self) -> Vec<Option<TimexId>> {
        let mut times: Vec<Option<TimexId>> = vec![None; self.clauses.all.len()];
        let mut closeness = vec![usize::MAX; times.len()];
        let analysis = self.marks.analysis;
        for id in self.marks.timexes(self.sentence) {
            let timex = &analysis.timexes[id.index()];
            if timex.iso.is_none() {
                continue;
            }
            let head = timex.tokens.clone().find(|&token| {
                self.tree.head(token).is_none_or(|head| !timex.tokens.contains(&head))
            });
            let Some(head) = head else { continue };
            // "a day after she left" dates the leaving.
            let measured = timex
                .tokens
                .clone()
                .last()
                .filter(|&token| self.tree.deprel(token) == Deprel::Mark);
            if let Some(clause) = measured.and_then(|token| self.clauses.of[token]) {
                times[clause] = Some(id);
                closeness[clause] = 0;
                continue;
            }
            let Some(mut clause) = self.clauses.of[head] else { continue };
            if self.is_life(head) || self.is_dateline(&timex.tokens, self.clauses.all[clause].head)
            {
                continue;
            }
            if self.clauses.all[clause].head == head {
                match self.clauses.all[clause].parent {
                    Some(parent) => clause = parent,
                    None => continue,
                }
            }
            // The shorter the way up to the predicate, the surer; durations come last.
            let is_duration = timex.kind == TimexKind::Duration;
            let mut edges = if is_duration { DURATION_EDGES } else { 0 };
            let mut at = head;
            while at != self.clauses.all[clause].head {
                let Some(up) = self.tree.head(at) else { break };
                // "the collapse of the union in 1991" dates the collapse, not the clause.
                let noun = self.tree.lemma(at).to_lowercase();
                let dated = at != head && self.know.lexicon.nominalization(&noun).is_some();
                // "Sweden, a power in 1700, left"; "recalls the *1991* war"
                let attribute = at == head
                    && matches!(self.tree.deprel(at), Deprel::Compound | Deprel::Nummod)
                    && matches!(self.tree.deprel(up), Deprel::Obj | Deprel::Obl | Deprel::Nmod);
                if dated || attribute || self.tree.deprel(at) == Deprel::Appos {
                    edges = usize::MAX;
                    break;
                }
                at = up;
                edges += 1;
            }
            // "*since 2019*" dates what has been or is so, not what happened once.
            let since = timex.iso.as_deref().is_some_and(|iso| iso.ends_with("/.."));
            if edges > MAX_EDGES || since && self.is_simple_past(&self.clauses.all[clause]) {
                continue;
            }
            // "before dawn on Saturday": the day is of more use than the hour, unless it is the same day.
            let better = match times[clause].map(|old| &analysis.timexes[old.index()]) {
                Some(old) if old.kind == TimexKind::Time && timex.kind == TimexKind::Date => {
                    !same_day(old.iso.as_deref(), timex.iso.as_deref())
                }
                Some(old) if old.kind == TimexKind::Date && timex.kind == TimexKind::Time => {
                    same_day(old.iso.as_deref(), timex.iso.as_deref())
                }
                _ => edges < closeness[clause],
            };
            if better {
                closeness[clause] = edges;
                times[clause] = Some(id);
            }
        }
        for index in 0..times.len() {
            if times[index].is_none() {
                times[index] = self.time_from_around(index, &times);
            }
        }
        times
    }

    /// "*March 3, 2024* (OSLO) - The council met": a date before a dash, at the beginning of a sentence.
    fn is_dateline(&self, date: &Range<usize>, verb: usize) -> bool {
        const LONGEST: usize = 8;
        let spaced =
            |token: usize| self.tree.token(token).span.start > self.tree.token(token - 1).span.end;
        let is_dash = |token: usize| match self.tree.form(token) {
            "–" | "—" | "--" => true,
            "-" => spaced(token),
            _ => false,
        };
        date.start <= 3 && (date.end..verb.min(date.end + LONGEST)).any(is_dash)
    }

    /// "Mara Voss (*1890*–1935)": a date in brackets behind a name dates the life, not the clause.
    fn is_life(&self, date: usize) -> bool {
        let tree = &self.tree;
        let inside = (0..date).rev().take_while(|&t| tree.upos(t) != Upos::Verb);
        let bracket = inside.take(12).find(|&t| matches!(tree.form(t), "(" | ")"));
        bracket.is_some_and(|open| {
            tree.form(open) == "(" && open > 0 && tree.upos(open - 1) == Upos::Propn
        })
    }

    /// The time of the clause that governs this one, where it holds for both.
    fn time_from_around(&self, index: usize, times: &[Option<TimexId>]) -> Option<TimexId> {
        let clause = &self.clauses.all[index];
        let lexicon = self.know.lexicon;
        let above = clause.parent.map(|parent| (&self.clauses.all[parent], times[parent]));
        if let Some((governor, Some(time))) = above {
            let same = match clause.link {
                Link::Control => true,
                Link::Conj => clause.shared_subject && !self.changes_time(governor, clause),
                Link::Adverbial => clause.shared_subject || self.is_meanwhile(clause.head),
                Link::Relative => self.is_continuation(clause.head),
                // "said on Monday that it fell": news reports what is new.
                Link::Content => {
                    lexicon.stance(self.tree.lemma(governor.head)) == Some(Stance::Said)
                        && self.is_simple_past(clause)
                }
                _ => false,
            };
            if same {
                return Some(time);
            }
        }
        // "It fell, the ministry said on Monday."
        let said = self.clauses.all.iter().zip(times).find(|(speech, time)| {
            time.is_some()
                && speech.parent == Some(index)
                && is_inserted_speech(&self.tree, clause, speech, lexicon)
        });
        said.and_then(|(_, &time)| time).filter(|_| self.is_simple_past(clause))
    }

    /// "left on Monday and *will* return", "and *has* lived there since".
    fn changes_time(&self, before: &Clause, clause: &Clause) -> bool {
        let helper = |clause: &Clause| {
            let is_helper = |&child: &usize| self.tree.deprel(child) == Deprel::Aux;
            self.tree.children(clause.head).find(is_helper).map(|child| self.tree.lemma(child))
        };
        helper(clause).is_some_and(|now| now != "be" && helper(before) != Some(now))
    }

    /// "while he was away": at the same time as what stands above it.
    fn is_meanwhile(&self, head: usize) -> bool {
        self.tree.children(head).any(|child| {
            self.tree.deprel(child) == Deprel::Mark
                && matches!(self.tree.lemma(child), "as" | "while" | "when")
        })
    }

    /// "fell", "was sold", not "has fallen", "would fall".
    fn is_simple_past(&self, clause: &Clause) -> bool {
        let past = |token: usize| self.tree.is_finite_past(token);
        let mut helpers = self.tree.children(clause.head).filter(|&child| {
            matches!(self.tree.deprel(child), Deprel::Aux | Deprel::AuxPass | Deprel::Cop)
        });
        match helpers.next() {
            None => past(clause.head),
            Some(first) => {
                self.tree.lemma(first) == "be" && past(first) && helpers.next().is_none()
            }
        }
    }

    /// ", where she opened a plant": the story goes on at the same time.
    fn is_continuation(&self, head: usize) -> bool {
        self.tree.children(head).any(|child| {
            self.tree.lemma(child) == "where" && child > 0 && self.tree.form(child - 1) == ","
        }) && self.tree.token(head).feat("Tense") == Some("Past")
    }

    /// Where the happening of a clause took place: a place after "in", "at", "on", "near".
    pub(crate) fn place(&self, clause: usize) -> Option<MentionId> {
        let mut at = &self.clauses.all[clause];
        for _ in 0..MAX_CLAUSES {
            let own = at.obliques.iter().find_map(|oblique| {
                let local = is_local(&oblique.case);
                local.then(|| self.place_of(oblique.token)).flatten()
            });
            let own = own.or_else(|| self.place_of_adverb(at));
            if own.is_some() {
                return own;
            }
            // "toured *and opened* the plant in Lisbon": only forward, from the first to the second.
            let shared = at.link == Link::Control || at.link == Link::Conj && at.shared_subject;
            at = &self.clauses.all[at.parent.filter(|_| shared)?];
        }
        None
    }

    /// ", *where* she opened a plant": the place named last; "*There* she met him": the place where
    /// the sentence before ends up.
    fn place_of_adverb(&self, clause: &Clause) -> Option<MentionId> {
        let adverb = self.tree.children(clause.head).find(|&child| {
            self.tree.deprel(child) == Deprel::Advmod
                && matches!(self.tree.lemma(child), "where" | "there")
        })?;
        if self.tree.lemma(adverb) == "where" {
            let from = adverb.saturating_sub(FAR);
            return (from..adverb)
                .rev()
                .filter(|&token| self.is_place(token))
                .find_map(|token| self.mention(token));
        }
        let before = self.sentence.index().checked_sub(1)?;
        let before = SentenceId::from(before);
        let sentence = &self.marks.analysis.sentences[before.index()];
        let tree = Tree::new(sentence, self.tree.text);
        self.marks.mentions(before).find(|&id| {
            let head = self.get(id).head.index();
            self.label(id) == Some(Label::Place)
                && matches!(tree.deprel(head), Deprel::Obl | Deprel::Obj)
                && (tree.deprel(head) == Deprel::Obj || is_local(&tree.case(head)))
        })
    }

    /// "in *Lisbon*", "at a parade in *Lisbon*"
    fn place_of(&self, token: usize) -> Option<MentionId> {
        // "on *the grounds that*" is a reason.
        let reason = self.tree.children(token).any(|child| {
            matches!(self.tree.deprel(child), Deprel::Acl | Deprel::AclRelcl)
                && self.tree.children(child).any(|mark| {
                    self.tree.deprel(mark) == Deprel::Mark && self.tree.lemma(mark) == "that"
                })
        });
        if reason {
            return None;
        }
        if self.is_place(token) {
            return self.mention(token);
        }
        let inner = self.tree.children(token).find(|&child| {
            self.tree.deprel(child) == Deprel::Nmod
                && is_local(&self.tree.case(child))
                && self.is_place(child)
        });
        inner.and_then(|inner| self.mention(inner))
    }

    /// True for the name or adjective of a country or region ("Norway", "Norwegian").
    pub(crate) fn is_country(&self, mention: MentionId) -> bool {
        let words = self.mention_text(mention);
        let gazetteer = self.know.gazetteer;
        gazetteer.adjective(words).is_some()
            || gazetteer.best(words).is_some_and(|id| gazetteer.entry(id).class.is(Kind::Country))
    }

    pub(crate) fn is_place(&self, token: usize) -> bool {
        self.mention(token).and_then(|mention| self.label(mention)) == Some(Label::Place)
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

    /// True if the mention's cluster stands for several others ("the two leaders").
    pub(crate) fn is_group(&self, mention: MentionId) -> bool {
        self.cluster(mention)
            .is_some_and(|c| !self.marks.analysis.clusters[c as usize].members.is_empty())
    }

    /// True for what the whole text calls by no name.
    pub(crate) fn is_nameless(&self, mention: MentionId) -> bool {
        let cluster = self.cluster(mention).map(|c| &self.marks.analysis.clusters[c as usize]);
        cluster.is_none_or(|cluster| cluster.names.is_empty())
    }

    /// True if nothing but pronouns stands for it in the whole text.
    pub(crate) fn is_unknown(&self, mention: MentionId) -> bool {
        self.get(mention).kind == MentionKind::Pronoun
            && self.cluster(mention).is_none_or(|c| self.marks.unknown[c as usize])
    }

    /// A statement of a clause in the words of the text.
    pub(crate) fn open_statement(
        &self,
        clause: usize,
        subject: MentionId,
        label: String,
        object: Argument,
        rule: &str,
    ) -> Statement {
        let predicate = Predicate::new(None, label);
        self.statement(
            Some(clause),
            self.clauses.all[clause].head,
            subject,
            predicate,
            object,
            rule,
        )
    }

    /// A statement with the mood, time and place of its clause.
    pub(crate) fn statement(
        &self,
        clause: Option<usize>,
        trigger: usize,
        subject: MentionId,
        predicate: Predicate,
        object: Argument,
        rule: &str,
    ) -> Statement {
        let mood = clause.map(|clause| &self.moods[clause]);
        let mut span = self.tree.token(trigger).span.to(self.get(subject).span);
        match &object {
            Argument::Mention(mention) => span = span.to(self.get(*mention).span),
            Argument::Literal { span: Some(own), .. } => span = span.to(*own),
            Argument::Literal { span: None, .. } | Argument::Absent => {}
        }
        Statement {
            subject,
            predicate,
            object,
            qualifiers: Vec::new(),
            time: clause.and_then(|clause| self.time(clause)),
            place: clause.and_then(|clause| self.place(clause)),
            polarity: mood.map_or(Polarity::Positive, |mood| mood.polarity),
            factuality: mood.map_or(Factuality::Asserted, Mood::outward),
            attribution: mood.map_or_else(Vec::new, |mood| mood.sources.clone()),
            evidence: Evidence {
                sentence: self.sentence,
                span,
                trigger: self.tree.token(trigger).span,
                rule: rule.to_owned(),
            },
            confidence: 0.0, // set when the statement is whole, by `likelihood`
            signs: 0,
            attribute: None,
            wording: clause.map(|clause| Wording {
                subject: told_of(self, clause, subject),
                predicate: self.wordings[clause].get_or_init(|| wording(self, clause)).clone(),
            }),
        }
    }
}

fn is_local(preposition: &str) -> bool {
    matches!(preposition, "in" | "at" | "on" | "near" | "inside" | "outside")
}

/// True if both begin with the same calendar day.
fn same_day(one: Option<&str>, other: Option<&str>) -> bool {
    let day = |iso: Option<&str>| iso.and_then(|iso| iso.get(..10)).map(str::to_owned);
    day(one).is_some() && day(one) == day(other)
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

/// How far "where" may stand behind its place, in tokens.
const FAR: usize = 8;

/// How far a time expression may hang below the predicate that it dates, in edges of the tree.
const MAX_EDGES: usize = 6;

/// A duration counts as so many edges farther off: it dates only what has no date and is near.
const DURATION_EDGES: usize = 4;

/// How many clauses upwards the place of a clause is looked for.
const MAX_CLAUSES: usize = 12;

/// Qualifier with a filler.
pub(crate) fn qualifier(role: &str, argument: Argument) -> Qualifier {
    Qualifier { role: role.to_owned(), argument }
}

/// Which tokens stand inside quotation marks.
fn quoted(analysis: &Analysis, tree: &Tree) -> Vec<bool> {
    let inside = |token: usize| {
        let at = tree.token(token).span.start;
        quotation_around(&analysis.quotations, at).is_some()
    };
    (0..tree.len()).map(inside).collect()
}

/// For each token the mention it heads; names before nominals before the rest.
fn mention_heads(marks: &Marks, sentence: SentenceId, tree: &Tree) -> Vec<Option<MentionId>> {
    let mut heads: Vec<Option<MentionId>> = vec![None; tree.len()];
    let rank = |id: MentionId| match marks.analysis.mentions[id.index()].kind {
        MentionKind::Name => 0,
        MentionKind::Nominal => 1,
        MentionKind::Pronoun => 2,
        MentionKind::Quantity => 3,
        MentionKind::Timex => 4,
    };
    for id in marks.mentions(sentence) {
        let mention = &marks.analysis.mentions[id.index()];
        let slot = &mut heads[mention.head.index()];
        if slot.is_none_or(|other| {
            let other_length = marks.analysis.mentions[other.index()].tokens.len();
            (rank(id), std::cmp::Reverse(mention.tokens.len()))
                < (rank(other), std::cmp::Reverse(other_length))
        }) {
            *slot = Some(id);
        }
    }
    // A parser that disagrees with the name finder: any token of a name stands for it.
    for id in marks.mentions(sentence) {
        let mention = &marks.analysis.mentions[id.index()];
        if mention.kind == MentionKind::Name {
            for token in mention.tokens.clone() {
                let inside = tree.head(token).is_some_and(|head| mention.tokens.contains(&head));
                if heads[token].is_none() && !inside {
                    heads[token] = Some(id);
                }
            }
        }
    }
    heads
}
