//! One sentence under the reader's eye: its tree, clauses, moods, and who is mentioned where.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use crate::document::{
    Analysis, Cluster, Deprel, Label, Mention, MentionId, MentionKind, Quotation, SentenceId,
    TimexId, TimexKind, Token, Upos, quotation_around,
};
use crate::ontology::{Kind, Ontology};
use crate::resource::gazetteer::Gazetteer;
use crate::resource::lexicon::{Lexicon, NominalizationKind, PartOfSpeech, Stance, Use};
use crate::resource::offices::common_field;

use super::clause::{ClauseId, Clauses, Meaning, clauses};
use super::mood::{Mood, Scene, moods};
use super::rules::{Candidate, Grammar};
use crate::syntax::Tree;
use crate::syntax::phrase::NounPhrase;

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
    pub(super) fn timexes(&self, sentence: SentenceId) -> impl Iterator<Item = TimexId> + use<> {
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
    moods: Vec<Mood>,
    /// True for tokens inside quotation marks.
    pub(crate) quoted: Vec<bool>,
    /// The mention that a token is the head of.
    pub(super) mention_at: Vec<Option<MentionId>>,
    /// The time expression that a token belongs to.
    pub(super) timex_at: Vec<Option<TimexId>>,
    /// The time of each clause.
    pub(super) times: Vec<Option<TimexId>>,
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
            is_result: &|verb| know.lexicon.has_use(verb, Use::Result),
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
        reader.wordings.resize_with(reader.clauses.len(), OnceCell::new);
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
        let number =
            self.tree.lemma(token) == "number" && self.phrase(token).has_definite_article();
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

    /// How the text stands to a clause.
    pub(crate) fn mood(&self, clause: ClauseId) -> &Mood {
        &self.moods[clause.index()]
    }

    /// What a clause says in the words of the text, which `put` puts together the first time.
    pub(super) fn wording(&self, clause: ClauseId, put: impl FnOnce() -> Box<str>) -> Box<str> {
        self.wordings[clause.index()].get_or_init(put).clone()
    }

    /// The noun phrase of a noun.
    pub(crate) fn phrase(&self, noun: usize) -> NounPhrase<'_, 'a> {
        NounPhrase::new(&self.tree, noun)
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
