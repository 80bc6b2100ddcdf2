//! Open extractions: predicate and arguments of each clause, n-ary, in the words of the sentence.
//!
//! The relation holds the verb group with auxiliaries, negation and the verbs that govern it, and
//! the preposition of the first complement when there is no direct object; further complements keep
//! theirs. Coordinated nouns give one extraction each, relative clauses one of their own.

mod attribute;
mod complement;
mod phrase;
mod relation;

use crate::document::{Analysis, Deprel, MentionId, SentenceId, Upos};

use super::clause::{Clause, ClauseId, Link, is_relative_pronoun};
use super::reader::{Knowledge, Marks, SentenceReader};
use crate::syntax::{MAX_CONJUNCTS, Tree};

use attribute::attributes;
use complement::{Complement, CopularPredicate, adverbs, arguments, distinct, predicate};
use phrase::{content_phrase, join, phrase};
pub(super) use relation::{in_verb_group, relation};

/// No sentence gives more extractions than this.
const MAX_EXTRACTIONS: usize = 4 * MAX_CONJUNCTS;

/// One clause in the words of its sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Extraction {
    /// The sentence.
    pub sentence: SentenceId,
    /// Who or what.
    pub subject: String,
    /// Verb group.
    pub relation: String,
    /// Complements, each but the first with its preposition.
    pub objects: Vec<String>,
    /// Between 0 and 1.
    pub confidence: f32,
    /// `positive` or `negative`.
    pub polarity: &'static str,
    /// As in statements.
    pub factuality: &'static str,
    /// The nearest source.
    pub attributed_to: Option<String>,
    /// The construction that it comes from: `main`, `relative+shared+preposition`, ...
    pub construction: String,
}

/// The extractions of a document, in text order.
pub fn extractions(analysis: &Analysis, know: Knowledge) -> Vec<Extraction> {
    let marks = Marks::new(analysis);
    let mut all = Vec::new();
    for index in 0..analysis.sentences.len() {
        let outside: Vec<MentionId> = marks.source(index).flatten().into_iter().collect();
        let reader = SentenceReader::new(know, &marks, SentenceId::from(index), &outside);
        let first = all.len();
        for clause in reader.clauses.ids() {
            if all.len() - first < MAX_EXTRACTIONS {
                extract(&reader, clause, &mut all);
            }
        }
        attributes(&reader, &mut all);
        all.truncate(first + MAX_EXTRACTIONS);
    }
    all
}

fn extract(reader: &SentenceReader, index: ClauseId, all: &mut Vec<Extraction>) {
    let clause = &reader.clauses[index];
    let tree = &reader.tree;
    if clause.verbless {
        return;
    }
    let mut features = Features::of(clause);
    let there = existential(reader, clause);
    let subjects: Vec<String> = match there {
        Some(there) => vec![tree.form(there).to_owned()],
        None => distinct(reader, &clause.surface)
            .into_iter()
            .filter(|&token| !is_open(tree, token))
            .map(|token| phrase(reader, token, Some(clause.head)))
            .collect(),
    };
    let mut relation = relation(reader, index);
    let mut complements: Vec<Complement> = Vec::new();
    if clause.copula.is_some() {
        match predicate(reader, clause) {
            CopularPredicate::Adjective(words) => {
                features.push("adjective");
                relation = format!("{relation} {words}");
            }
            CopularPredicate::Complement(complement) => {
                features.push("is");
                complements.push(complement);
            }
            CopularPredicate::None => {}
        }
    }
    let governs =
        reader.clauses.below(index).any(|c| c.link == Link::Control && c.surface == clause.surface);
    if governs && clause.copula.is_some() && tree.upos(clause.head) == Upos::Adj {
        return; // "is able *to leave*" is extracted from the clause below
    }
    complements.extend(arguments(reader, clause, there.is_some()));
    if let Some(content) = content_phrase(reader, clause) {
        features.push("said");
        if let Some(that) = content.that {
            relation = format!("{relation} {}", tree.form(that));
        }
        let phrases = vec![content.words];
        complements.insert(0, Complement { case: Vec::new(), phrases, first: clause.head });
    }
    complements.extend(adverbs(reader, clause));
    let Some(nearest) = complements.first() else { return };
    if !nearest.case.is_empty() {
        features.push("preposition");
        relation = format!("{relation} {}", join(tree, &nearest.case).to_lowercase());
    }
    if complements.len() > 1 {
        features.push("more");
    }
    let further: Vec<String> = complements[1..]
        .iter()
        .map(|complement| {
            let phrases = complement.phrases.join(" and ");
            match &complement.case[..] {
                [] => phrases,
                case => format!("{} {phrases}", join(tree, case)),
            }
        })
        .collect();
    let mood = reader.mood(index);
    let attributed_to = mood.sources.first().map(|&source| reader.mention_text(source).to_owned());
    for subject in &subjects {
        // The conjuncts of the first complement give one extraction each, the others stay together.
        for one in &complements[0].phrases {
            let mut objects = vec![one.clone()];
            objects.extend(further.iter().cloned());
            if subject.is_empty() || one.is_empty() || one == subject {
                continue;
            }
            all.push(Extraction {
                sentence: reader.sentence,
                confidence: features.confidence(reader, subject, &objects),
                subject: subject.clone(),
                relation: relation.clone(),
                objects,
                polarity: mood.polarity.as_str(),
                factuality: mood.outward().as_str(),
                attributed_to: attributed_to.clone(),
                construction: features.to_string(),
            });
        }
    }
}

/// The construction, as the model of confidence sees it.
#[derive(Default)]
struct Features(Vec<&'static str>);

impl Features {
    fn of(clause: &Clause) -> Self {
        let link = match clause.link {
            Link::Root => "main",
            Link::Conj => "coordinated",
            Link::Control => "control",
            Link::Content => "content",
            Link::Adverbial => "adverbial",
            Link::Purpose => "purpose",
            Link::Relative => "relative",
            Link::Participle => "participle",
            Link::Parataxis => "parataxis",
        };
        let mut features = Self(vec![link]);
        if clause.shared_subject && !matches!(clause.link, Link::Root | Link::Control) {
            features.push("shared");
        }
        features
    }

    fn push(&mut self, feature: &'static str) {
        self.0.push(feature);
    }

    fn confidence(&self, reader: &SentenceReader, subject: &str, objects: &[String]) -> f32 {
        let words = |text: &str| text.split(' ').count();
        let long_object = objects.iter().map(|object| words(object)).sum::<usize>() > 12;
        let lengths = [
            (words(subject) > 6).then_some("long subject"),
            long_object.then_some("long object"),
            (objects.len() > 2).then_some("many objects"),
        ];
        let features = self.0.iter().copied().chain(lengths.into_iter().flatten());
        reader.know.grammar.confidence().open(features)
    }
}

impl std::fmt::Display for Features {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0.join("+"))
    }
}

/// "*There* were boats": the word that stands for the subject.
fn existential(reader: &SentenceReader, clause: &Clause) -> Option<usize> {
    let tree = &reader.tree;
    let there = tree.child(clause.head, Deprel::Expl)?;
    let exists = tree.lemma(clause.head) == "be" && clause.copula.is_none();
    (exists && tree.lemma(there) == "there").then_some(there)
}

/// True for "what", "who", "which" without an antecedent in the sentence.
fn is_open(tree: &Tree, token: usize) -> bool {
    tree.upos(token) == Upos::Pron
        && (matches!(tree.lemma(token), "what" | "whatever" | "whoever")
            || is_relative_pronoun(tree, token) && tree.lemma(token) != "that")
}
