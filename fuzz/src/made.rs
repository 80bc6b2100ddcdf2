//! Readings made of bytes: the text is theirs, and a digest of it chooses what is said of its words.

use std::sync::OnceLock;

use newsgraph::document::{
    Cluster, ClusterId, Document, Label, Mention, MentionId, MentionKind, SentenceId, Span, TokenId,
};
use newsgraph::language::Engine;
use newsgraph::ontology::PropertyId;
use newsgraph::pipeline::Pipeline;
use newsgraph::resource::Resources;
use newsgraph::statement::{
    Argument, Evidence, Factuality, Polarity, Predicate, Qualifier, Reading, Statement,
};

/// The program with all its resources, loaded once.
pub fn pipeline() -> &'static Pipeline {
    static PIPELINE: OnceLock<Pipeline> = OnceLock::new();
    PIPELINE.get_or_init(|| {
        let engine = Engine::embedded().expect("the model fits");
        Pipeline::load(&Resources::embedded(), engine).expect("the resources fit")
    })
}

/// Small numbers without end that depend on the bytes alone.
pub struct Numbers(blake3::OutputReader);

impl Numbers {
    /// Numbers of these bytes.
    pub fn of(data: &[u8]) -> Self {
        Self(blake3::Hasher::new().update(data).finalize_xof())
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_le_bytes(bytes) as usize % n.max(1)
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// A reading in which every word is a name, and neighbors do something to each other.
pub fn reading(id: &str, data: &[u8]) -> Reading {
    let text: String = String::from_utf8_lossy(data).chars().take(2000).collect();
    let numbers = &mut Numbers::of(data);
    let words: Vec<Span> = words(&text).take(60).collect();
    let mentions: Vec<Mention> = words.iter().enumerate().map(|it| mention(it, numbers)).collect();
    let clusters = clusters(&text, &mentions);
    let whole = Span::new(0, text.len());
    let statements =
        (2..mentions.len()).map(|at| statement(&text, &words, at, whole, numbers)).collect();
    let title = words.first().map(|word| word.of(&text).to_owned());
    let document = Document {
        id: id.to_owned(),
        uri: None,
        publisher: title.clone(),
        title,
        published: Some(jiff::civil::date(2025, 3, 6)),
        text,
    };
    let sentences = vec![whole];
    Reading { document, sentences, mentions, timexes: Vec::new(), clusters, statements }
}

fn words(text: &str) -> impl Iterator<Item = Span> {
    text.split_whitespace().map(|word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        Span::new(start, start + word.len())
    })
}

fn mention((at, &span): (usize, &Span), numbers: &mut Numbers) -> Mention {
    Mention {
        whole: span,
        sentence: SentenceId(0),
        tokens: at..at + 1,
        head: TokenId::from(at),
        span,
        kind: numbers.one_of(&[MentionKind::Name, MentionKind::Name, MentionKind::Nominal]),
        label: Some(numbers.one_of(Label::ALL)).filter(|_| numbers.below(4) > 0),
        timex: None,
    }
}

/// Equal words are one thing; the last thing is a group of the first two.
fn clusters(text: &str, mentions: &[Mention]) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    for (index, mention) in mentions.iter().enumerate() {
        let id = MentionId::from(index);
        let word = mention.span.of(text);
        let same = clusters.iter_mut().find(|it| {
            let first = &mentions[it.mentions[0].index()];
            first.kind == mention.kind && first.span.of(text) == word
        });
        if let Some(cluster) = same {
            cluster.mentions.push(id);
            continue;
        }
        let names = match mention.kind {
            MentionKind::Name => vec![word.to_owned()],
            _ => Vec::new(),
        };
        let label = mention.label;
        let (descriptions, members) = Default::default();
        let mentions = vec![id];
        clusters.push(Cluster {
            mentions,
            representative: id,
            label,
            names,
            descriptions,
            members,
        });
    }
    if clusters.len() > 2
        && let Some(group) = clusters.last_mut().filter(|it| it.names.is_empty())
    {
        group.members = vec![ClusterId(0), ClusterId(1)];
    }
    clusters
}

fn statement(
    text: &str,
    words: &[Span],
    at: usize,
    whole: Span,
    numbers: &mut Numbers,
) -> Statement {
    let properties = pipeline().ontology().properties().len();
    let property = PropertyId(numbers.below(properties) as u16);
    let mention = |numbers: &mut Numbers| MentionId::from(numbers.below(words.len()));
    let argument = |numbers: &mut Numbers| match numbers.below(3) {
        0 => {
            let span = words[numbers.below(words.len())];
            Argument::Literal { value: span.of(text).to_owned(), span: Some(span) }
        }
        _ => Argument::Mention(mention(numbers)),
    };
    let roles = ["patient", "companion", "cause", words[0].of(text)];
    let qualifier = |numbers: &mut Numbers| Qualifier {
        role: numbers.one_of(&roles).to_owned(),
        argument: argument(numbers),
    };
    Statement {
        subject: MentionId::from(at),
        predicate: Predicate::new(
            Some(property).filter(|_| numbers.below(2) == 0),
            words[at - 1].of(text),
        ),
        object: argument(numbers),
        qualifiers: (0..numbers.below(3)).map(|_| qualifier(numbers)).collect(),
        time: None,
        place: (numbers.below(4) == 0).then(|| mention(numbers)),
        polarity: numbers.one_of(&[Polarity::Positive, Polarity::Negative]),
        factuality: numbers.one_of(&Factuality::ALL),
        attribution: (0..numbers.below(3)).map(|_| mention(numbers)).collect(),
        evidence: Evidence {
            sentence: SentenceId(0),
            span: whole,
            trigger: words[at - 1],
            rule: "made".to_owned(),
        },
        confidence: numbers.below(101) as f32 / 100.0,
        signs: 0,
        attribute: None,
        wording: None,
    }
}
