//! The text and all annotations of it: documents, sentences, tokens, mentions, timexes, clusters.
//!
//! These are values without behavior beyond look-up. Each stage reads some of them and returns new
//! ones; nothing is changed after it was made. Spans are byte offsets into [`Document::text`], from
//! 0, half-open, always on character boundaries; what leaves the program counts code points
//! ([`CodePoints`]).

use std::ops::Range;
use std::sync::Arc;

use compact_str::CompactString;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u32);

        impl $name {
            /// The id as an index.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl From<usize> for $name {
            /// # Panics
            /// Beyond `u32::MAX`: inputs are cut long before.
            fn from(index: usize) -> Self {
                Self(u32::try_from(index).expect("more than u32::MAX items of one kind"))
            }
        }
    )*};
}

ids! {
    /// A document of the run, in document order.
    DocumentId;
    /// A sentence of one document, from 0.
    SentenceId;
    /// A token of one sentence, from 0.
    TokenId;
    /// A mention of one document, from 0, in text order.
    MentionId;
    /// A time expression of one document, from 0, in text order.
    TimexId;
    /// A cluster of one document, from 0, in the order of its first mention.
    ClusterId;
}

/// Half-open range of bytes in [`Document::text`].
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

impl Span {
    /// A span of bytes.
    ///
    /// # Panics
    /// Beyond 4 GiB: a document is cut long before.
    pub fn new(start: usize, end: usize) -> Self {
        let offset = |n| u32::try_from(n).expect("document longer than 4 GiB");
        Self { start: offset(start), end: offset(end) }
    }

    /// As a range, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text below the span.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// True if no byte is inside.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// True if `other` lies within.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// True if a byte is common.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// One article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// File name, or the id that the input gives. Unique in a run.
    pub id: String,
    /// Where it was published, if the input says so with a legal absolute IRI.
    pub uri: Option<String>,
    /// Newspaper, agency or site.
    pub publisher: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Publication date in the newsroom's calendar.
    pub published: Option<Date>,
    /// The text that is analyzed: NFC, no control characters but `\n` and `\t`, unless the input was
    /// read verbatim. An empty line (`\n\n`) ends a paragraph, and so a sentence.
    pub text: String,
}

impl Document {
    /// About how many bytes of memory it takes to read the document.
    pub fn cost(&self) -> usize {
        Costs::of(&self.text).map(|(_, cost)| cost).last().unwrap_or_default()
    }

    /// Cuts the text behind the last line or word for which so many bytes suffice; gives its length if
    /// that was too much.
    pub fn afford(&mut self, memory: usize) -> Option<usize> {
        let fits = Costs::of(&self.text).take_while(|&(_, cost)| cost <= memory);
        let end = fits.last().map_or(0, |(end, _)| end);
        let length = self.text.len();
        self.text.truncate(end);
        (end < length).then_some(length)
    }
}

/// What the memory for a text is reckoned from, measured on prose and on lists of words.
struct Costs<'t> {
    words: std::str::SplitInclusive<'t, fn(char) -> bool>,
    end: usize,
    cost: usize,
}

impl<'t> Costs<'t> {
    /// For a byte: text, readings, words of statements.
    const BYTE: usize = 60;
    /// For a word: a token with its mention.
    const WORD: usize = 250;
    /// For a line: it may be a sentence, a cluster and an entity.
    const LINE: usize = 1000;

    fn of(text: &'t str) -> Self {
        let words = text.split_inclusive(char::is_whitespace as fn(char) -> bool);
        Self { words, end: 0, cost: 0 }
    }
}

impl Iterator for Costs<'_> {
    type Item = (usize, usize);

    /// The end of the next word, and the cost up to there.
    fn next(&mut self) -> Option<Self::Item> {
        let word = self.words.next()?;
        self.end += word.len();
        let line = if word.ends_with('\n') { Self::LINE } else { 0 };
        self.cost += word.len() * Self::BYTE + Self::WORD + line;
        Some((self.end, self.cost))
    }
}

/// One sentence: one tree, one root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// From the first to the last token.
    pub span: Span,
    /// At least one.
    pub tokens: Vec<Token>,
    /// Names that the model found: not overlapping, in text order.
    pub names: Vec<Name>,
}

impl Sentence {
    /// True if the token is the ancestor or below it in the tree.
    pub(crate) fn is_below(&self, token: usize, ancestor: usize) -> bool {
        let up = |&token: &usize| self.tokens[token].head.map(|head| head.index());
        std::iter::successors(Some(token), up).any(|token| token == ancestor)
    }

    /// The token of a range whose head lies outside; the first such, preferring one that is no
    /// punctuation.
    pub(crate) fn head_of(&self, tokens: &Range<usize>) -> usize {
        let outside = |&index: &usize| {
            self.tokens[index].head.is_none_or(|head| !tokens.contains(&head.index()))
        };
        let word = |index: &usize| self.tokens[*index].upos != Upos::Punct;
        let mut tops = tokens.clone().filter(outside);
        let first = tops.clone().next();
        tops.find(word).or(first).unwrap_or(tokens.end - 1)
    }

    /// Where a name ends: before the punctuation, particles and function words at its end ("Mara Voss
    /// *and*"), unless it is called so ("Wilson *Or*", "Marks *&*").
    pub(crate) fn end_of_name(&self, text: &str, tokens: &Range<usize>) -> usize {
        let is_part = |&index: &usize| {
            let token = &self.tokens[index];
            let named =
                token.upos == Upos::Cconj && token.form(text).starts_with(char::is_uppercase);
            named || !self.is_edge(text, index)
        };
        tokens.clone().rev().find(is_part).map_or(tokens.start, |last| last + 1)
    }

    /// True for what stands beside a name: punctuation, particles and function words.
    pub(crate) fn is_edge(&self, text: &str, token: usize) -> bool {
        match self.tokens[token].upos {
            Upos::Part => true,
            Upos::Det | Upos::Punct | Upos::Adp | Upos::Cconj => {
                self.tokens[token].form(text) != "&"
            }
            _ => false,
        }
    }

    /// The name that a token belongs to.
    pub(crate) fn name_at(&self, token: usize) -> Option<&Name> {
        self.names.iter().find(|name| name.tokens.contains(&token))
    }

    /// The tokens that hang on another one, in text order.
    pub(crate) fn children(&self, head: usize) -> impl Iterator<Item = usize> {
        let head = Some(TokenId::from(head));
        (0..self.tokens.len()).filter(move |&child| self.tokens[child].head == head)
    }

    /// Hangs a token on another one.
    pub(crate) fn hang(&mut self, token: usize, head: usize, deprel: Deprel) {
        self.tokens[token].head = Some(TokenId::from(head));
        self.tokens[token].deprel = deprel;
    }
}

/// A name found by the language engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Tokens of the sentence, half-open.
    pub tokens: Range<usize>,
    /// What kind of thing bears it.
    pub label: Label,
}

/// A syntactic word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// True if it belongs to the same orthographic word as the token before it ("do" + "n't",
    /// "Ines" + "'s"): both make one multiword token in CoNLL-U.
    pub joined: bool,
    /// Base form; of proper nouns the form itself.
    pub lemma: CompactString,
    /// Part of speech.
    pub upos: Upos,
    /// Features as in CoNLL-U (`Number=Sing|Person=3`), empty if none.
    pub feats: Arc<str>,
    /// The head in the tree; `None` for the root.
    pub head: Option<TokenId>,
    /// Relation to the head.
    pub deprel: Deprel,
    /// How much surer the parser was of head and relation than of the next best ones, the lesser of both: the
    /// difference of their scores (log odds) in sixteenths, at most 255. Trees that were read from a file are sure.
    pub margin: u8,
}

impl Token {
    /// The value of a feature: `token.feat("Number") == Some("Plur")`.
    pub fn feat(&self, name: &str) -> Option<&str> {
        self.feats.split('|').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }

    /// The word as it stands in the text.
    pub fn form<'t>(&self, text: &'t str) -> &'t str {
        self.span.of(text)
    }
}

macro_rules! labels {
    ($(#[$doc:meta])* $name:ident: $what:literal { $($variant:ident $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[allow(missing_docs, reason = "the names are those of the standard")]
        pub enum $name { $($variant,)* }

        impl $name {
            /// All values, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// As the standard writes it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    _ => Err(format!("{text:?} is not a {}", $what)),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

labels! {
    /// Part of speech, Universal Dependencies 2.
    Upos: "part of speech" {
        Adj "ADJ", Adp "ADP", Adv "ADV", Aux "AUX", Cconj "CCONJ", Det "DET", Intj "INTJ",
        Noun "NOUN", Num "NUM", Part "PART", Pron "PRON", Propn "PROPN", Punct "PUNCT",
        Sconj "SCONJ", Sym "SYM", Verb "VERB", X "X",
    }
}

labels! {
    /// Dependency relation, Universal Dependencies 2 with the subtypes of the English treebanks.
    Deprel: "dependency relation" {
        Acl "acl", AclRelcl "acl:relcl", Advcl "advcl", AdvclRelcl "advcl:relcl",
        Advmod "advmod", Amod "amod", Appos "appos", Aux "aux", AuxPass "aux:pass", Case "case",
        Cc "cc", CcPreconj "cc:preconj", Ccomp "ccomp", Compound "compound",
        CompoundPrt "compound:prt", Conj "conj", Cop "cop", Csubj "csubj",
        CsubjOuter "csubj:outer", CsubjPass "csubj:pass", Dep "dep", Det "det",
        DetPredet "det:predet", Discourse "discourse", Dislocated "dislocated", Expl "expl",
        Fixed "fixed", Flat "flat", Goeswith "goeswith", Iobj "iobj", List "list", Mark "mark",
        Nmod "nmod", NmodDesc "nmod:desc", NmodPoss "nmod:poss", NmodUnmarked "nmod:unmarked",
        Nsubj "nsubj", NsubjOuter "nsubj:outer", NsubjPass "nsubj:pass", Nummod "nummod",
        Obj "obj", Obl "obl", OblAgent "obl:agent", OblUnmarked "obl:unmarked", Orphan "orphan",
        Parataxis "parataxis", Punct "punct", Reparandum "reparandum", Root "root",
        Vocative "vocative", Xcomp "xcomp",
    }
}

labels! {
    /// Type of a mention, the news set of the scorers.
    Label: "mention type" {
        Person "PERSON", Org "ORG", Place "PLACE", Norp "NORP", Event "EVENT",
        Product "PRODUCT", Time "TIME", Quantity "QUANTITY", Misc "MISC",
    }
}

/// A phrase that refers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// The sentence it stands in.
    pub sentence: SentenceId,
    /// Tokens of the sentence, half-open, contiguous: the noun phrase without relative clauses,
    /// appositions and trailing prepositional phrases that do not belong to the name.
    pub tokens: Range<usize>,
    /// The syntactic head, within `tokens`.
    pub head: TokenId,
    /// Bytes in the text.
    pub span: Span,
    /// The phrase with the complements that say which thing is meant: "the importance of talking to the
    /// crews", where `span` is "the importance".
    pub whole: Span,
    /// How it refers.
    pub kind: MentionKind,
    /// What it refers to, where known.
    pub label: Option<Label>,
    /// For times: which expression.
    pub timex: Option<TimexId>,
}

/// How a mention refers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MentionKind {
    /// "Ines Carvalho"
    Name,
    /// "the Norwegian minister"
    Nominal,
    /// "he", "their"
    Pronoun,
    /// "on Wednesday"
    Timex,
    /// "400 miles"
    Quantity,
}

/// A time expression with its value (TIMEX3, TimeML annotation guidelines 1.2.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timex {
    /// The sentence it stands in.
    pub sentence: SentenceId,
    /// Tokens of the sentence, half-open.
    pub tokens: Range<usize>,
    /// Bytes in the text, without the preposition ("Wednesday", not "on Wednesday").
    pub span: Span,
    /// Date, time, duration or set.
    pub kind: TimexKind,
    /// TIMEX3 value: `2023-09-13`, `2023-07`, `2023-W36`, `2023-09-13T11:43`, `P4M`, `PAST_REF`.
    pub value: String,
    /// What may stand in a statement's `time`: an ISO value, or an interval `a/b` for durations that
    /// are anchored ("in the past four months"). `None` if no calendar value follows.
    pub iso: Option<String>,
    /// The days it covers, half-open. `None` when no fixed day follows.
    pub interval: Option<Range<Date>>,
}

labels! {
    /// Type of a time expression.
    TimexKind: "TIMEX3 type" { Date "DATE", Time "TIME", Duration "DURATION", Set "SET", }
}

/// Mentions of one thing in one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cluster {
    /// In text order, at least one. Every name, nominal and pronoun is in exactly one cluster.
    pub mentions: Vec<MentionId>,
    /// The mention that names it best: the fullest name, else the first nominal.
    pub representative: MentionId,
    /// Type of the thing, where known.
    pub label: Option<Label>,
    /// How the text calls it by name, without determiner, title and possessive ending, most
    /// frequent first, then longest, then alphabetic. Empty if it has no name.
    pub names: Vec<String>,
    /// Nouns that the text uses for it or gives it as title or apposition ("president",
    /// "north korean leader"), in text order, lower case, no duplicates.
    pub descriptions: Vec<String>,
    /// For plural mentions that stand for other clusters ("the two leaders"): who they are.
    pub members: Vec<ClusterId>,
}

/// Words between quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// From behind the opening mark to before the closing one.
    pub span: Span,
    /// Who speaks, if that is known.
    pub speaker: Option<Speaker>,
    /// False for a title and for a few words held at arm's length.
    pub is_speech: bool,
}

/// Who speaks in a quotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// The sentence that names the speaker.
    pub sentence: SentenceId,
    /// The head of the phrase.
    pub token: TokenId,
}

/// The number of the quotation that covers a byte.
pub(crate) fn quotation_around(quotations: &[Quotation], at: u32) -> Option<usize> {
    let after = quotations.partition_point(|quotation| quotation.span.start <= at);
    let index = after.checked_sub(1)?;
    (at < quotations[index].span.end).then_some(index)
}

/// Everything that is marked on one document. Built once, never changed.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The document.
    pub document: Document,
    /// In text order.
    pub sentences: Vec<Sentence>,
    /// In text order.
    pub quotations: Vec<Quotation>,
    /// In text order.
    pub mentions: Vec<Mention>,
    /// In text order.
    pub timexes: Vec<Timex>,
    /// In the order of their first mention.
    pub clusters: Vec<Cluster>,
}

/// Translates byte offsets of one text into code points.
pub struct CodePoints {
    /// Number of code points before each 64-byte block.
    blocks: Vec<u32>,
}

impl CodePoints {
    const BLOCK: usize = 64;

    /// Counts the text once.
    pub fn new(text: &str) -> Self {
        let mut count = 0;
        let blocks = text
            .as_bytes()
            .chunks(Self::BLOCK)
            .map(|block| {
                let before = count;
                count += starts(block);
                before
            })
            .collect();
        Self { blocks }
    }

    /// Code points before the byte offset.
    pub fn at(&self, text: &str, byte: u32) -> u32 {
        let byte = byte as usize;
        let block = byte / Self::BLOCK;
        match self.blocks.get(block) {
            Some(before) => before + starts(&text.as_bytes()[block * Self::BLOCK..byte]),
            None => match self.blocks.last() {
                Some(before) => {
                    before + starts(&text.as_bytes()[(self.blocks.len() - 1) * Self::BLOCK..])
                }
                None => 0,
            },
        }
    }

    /// Start and end in code points.
    pub fn span(&self, text: &str, span: Span) -> (u32, u32) {
        (self.at(text, span.start), self.at(text, span.end))
    }
}

/// Bytes that begin a character.
fn starts(bytes: &[u8]) -> u32 {
    bytes.iter().map(|&byte| u32::from((byte as i8) >= -0x40)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_count_characters_at_any_length() {
        for n in [0, 1, 63, 64, 65, 128, 200] {
            let text: String = "aé—😀".chars().cycle().take(n).collect();
            let points = CodePoints::new(&text);
            for (expected, (byte, _)) in text.char_indices().enumerate() {
                assert_eq!(points.at(&text, byte as u32) as usize, expected);
            }
            assert_eq!(points.at(&text, text.len() as u32) as usize, n);
        }
    }

    #[test]
    fn a_text_is_cut_where_memory_ends() {
        let text = "One word\nafter the other. ".repeat(9);
        let document =
            |text: &str| Document { text: text.into(), id: "a".into(), ..Document::default() };
        let cost = document(&text).cost();
        assert!(cost > 9 * document("One word\nafter").cost());
        assert_eq!(document(&text).afford(cost), None);
        let mut cut = document(&text);
        assert_eq!(cut.afford(cost / 2), Some(text.len()));
        assert!(text.starts_with(&cut.text) && cut.text.ends_with(char::is_whitespace));
        assert!(cut.cost() <= cost / 2 && cut.text.len() > text.len() / 3);
        assert_eq!(document("Word.").afford(1), Some(5));
    }

    #[test]
    fn features_are_looked_up_by_their_whole_name() {
        let token = Token {
            span: Span::new(0, 1),
            joined: false,
            lemma: "a".into(),
            upos: Upos::Noun,
            feats: "NumForm=Digit|Number=Plur".into(),
            head: None,
            deprel: Deprel::Root,
            margin: u8::MAX,
        };
        assert_eq!(token.feat("Number"), Some("Plur"));
        assert_eq!(token.feat("Num"), None);
    }

    #[test]
    fn names_end_with_a_word_of_their_own() {
        let lines = [
            ("Dahl/PROPN and/CCONJ", 1),
            ("Marks/PROPN &/CCONJ", 2),
            ("Wilson/PROPN Or/CCONJ", 2),
            ("House/PROPN of/ADP the/DET", 1),
            ("Monday/PROPN 's/PART", 1),
            ("Monday/PROPN ,/PUNCT", 1),
            ("of/ADP the/DET", 0),
        ];
        for (line, end) in lines {
            let words: Vec<String> = line.split(' ').map(|word| format!("{word}/0/root")).collect();
            let (document, sentences) = crate::testing::page(&[&words.join(" ")]);
            let all = 0..sentences[0].tokens.len();
            assert_eq!(sentences[0].end_of_name(&document.text, &all), end, "{line}");
        }
    }
}
