//! A small graph for tests, built from readings as the stages would give them.

use jiff::civil::{Date, date};
use thin_vec::thin_vec;

use crate::document::{
    Cluster, ClusterId, Document, DocumentId, Label, Mention, MentionId, MentionKind, SentenceId,
    Span, Timex, TimexId, TimexKind, TokenId,
};
use crate::entity::{Entity, EntityId, Resolution};
use crate::ontology::Ontology;
use crate::shelf::Shelf;
use crate::statement::{
    Argument, Evidence, Factuality, Polarity, Predicate, Qualifier, Reading, Statement,
};
use crate::testing::statement;

use super::{KnowledgeGraph, build};

const ONTOLOGY: &str = r#"
@prefix ng: <https://w3id.org/newsgraph/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
ng:Thing a owl:Class ; rdfs:label "thing" ; rdfs:subClassOf schema:Thing .
ng:Person a owl:Class ; rdfs:label "person" ; rdfs:subClassOf ng:Thing , schema:Person .
ng:Organization a owl:Class ; rdfs:label "organization" ; rdfs:subClassOf schema:Organization .
ng:Place a owl:Class ; rdfs:label "place" ; rdfs:subClassOf schema:Place .
ng:City a owl:Class ; rdfs:label "city" ; rdfs:subClassOf ng:Place .
ng:visited a owl:ObjectProperty ; rdfs:label "visit" ; ng:cameo "042" ; ng:plover "CONSULT" .
ng:metWith a owl:ObjectProperty , owl:SymmetricProperty ; rdfs:label "meet with" ;
    ng:cameo "040" ; ng:plover "CONSULT" .
ng:heldTalksWith a owl:ObjectProperty , owl:SymmetricProperty ; rdfs:label "hold talks with" ;
    rdfs:subPropertyOf ng:metWith .
ng:hasMember a owl:ObjectProperty ; rdfs:label "have as a member" .
ng:accompanied a owl:ObjectProperty ; rdfs:label "accompany" .
ng:attacked a owl:ObjectProperty ; rdfs:label "attack" ; ng:cameo "190" ; ng:plover "ASSAULT" .
ng:spokespersonOf a owl:ObjectProperty ; rdfs:label "speak for" .
ng:said a owl:ObjectProperty ; rdfs:label "say" .
ng:holdsPosition a owl:ObjectProperty ; rdfs:label "hold the position of" .
ng:hasAge a owl:DatatypeProperty ; rdfs:label "be of age" .
"#;

pub(crate) fn ontology() -> Ontology {
    Ontology::read("test.ttl", ONTOLOGY).unwrap()
}

/// Slug, label, class, aliases, members.
type Thing = (&'static str, &'static str, &'static str, &'static [&'static str], &'static [u32]);

const HOSTILE: &str = "Zed \"Quote\" <b>&amp;\u{0}\u{7}\u{202e}x\n]]> \\ end";

const THINGS: [Thing; 9] = [
    ("anna-berg", "Anna Berg", "Person", &["Berg", "Ms. Berg"], &[]),
    ("carl-dorn", "Carl Dorn", "Person", &["Dorn"], &[]),
    ("harbor-1a2b3c", "the harbor", "Place", &[], &[]),
    ("northland", "Northland", "Place", &["N."], &[]),
    ("porto-alto", "Porto Alto", "City", &[], &[]),
    ("the-two-ministers-77aa01", "the two ministers", "Person", &[], &[0, 1]),
    ("trade-ministry", "Trade Ministry", "Organization", &["ministry"], &[]),
    ("treaty-9f0e1d", "a treaty", "Thing", &[], &[]),
    ("zed-quote", HOSTILE, "Person", &["\u{1b}[31mZed", "Zed\u{85}\u{fffe}"], &[]),
];

pub(crate) fn entity(slug: &str) -> EntityId {
    let at = THINGS.iter().position(|thing| thing.0 == slug).unwrap();
    EntityId(u32::try_from(at).unwrap())
}

/// One document under construction; its clusters are the things that it mentions.
struct FixtureDocument {
    reading: Reading,
    of: Vec<EntityId>,
}

impl FixtureDocument {
    fn new(id: &str, published: Date, sentences: &[&str]) -> Self {
        let text = sentences.join("\n");
        let mut start = 0;
        let mut spans = Vec::new();
        for sentence in sentences {
            spans.push(Span::new(start, start + sentence.len()));
            start += sentence.len() + 1;
        }
        let document = Document {
            id: id.to_owned(),
            uri: Some(format!("https://news.example/{}", id.replace(' ', "%20"))),
            publisher: Some("The Daily Example".to_owned()),
            title: Some("Ministers meet".to_owned()),
            published: Some(published),
            text,
        };
        let reading = Reading {
            document,
            sentences: spans,
            mentions: Vec::new(),
            timexes: Vec::new(),
            clusters: Vec::new(),
            statements: Vec::new(),
        };
        Self { reading, of: Vec::new() }
    }

    fn span(&self, sentence: usize, words: &str) -> Span {
        let within = self.reading.sentences[sentence];
        let at = within.of(&self.reading.document.text).find(words).unwrap();
        Span::new(within.start as usize + at, within.start as usize + at + words.len())
    }

    fn mention(&mut self, sentence: usize, words: &str, kind: MentionKind) -> MentionId {
        let id = MentionId::from(self.reading.mentions.len());
        let span = self.span(sentence, words);
        self.reading.mentions.push(Mention {
            whole: span,
            sentence: SentenceId::from(sentence),
            tokens: 0..1,
            head: TokenId(0),
            span,
            kind,
            label: Some(Label::Person),
            timex: None,
        });
        id
    }

    /// A mention of a thing.
    fn thing(&mut self, sentence: usize, words: &str, slug: &str) -> MentionId {
        let id = self.mention(sentence, words, MentionKind::Name);
        let entity = entity(slug);
        if let Some(at) = self.of.iter().position(|&of| of == entity) {
            self.reading.clusters[at].mentions.push(id);
            return id;
        }
        self.of.push(entity);
        self.reading.clusters.push(Cluster {
            mentions: vec![id],
            representative: id,
            label: None,
            names: Vec::new(),
            descriptions: Vec::new(),
            members: Vec::new(),
        });
        id
    }

    fn time(&mut self, sentence: usize, words: &str, iso: &str, days: (Date, Date)) -> TimexId {
        let id = TimexId::from(self.reading.timexes.len());
        self.reading.timexes.push(Timex {
            sentence: SentenceId::from(sentence),
            tokens: 0..1,
            span: self.span(sentence, words),
            kind: TimexKind::Date,
            value: iso.to_owned(),
            iso: Some(iso.to_owned()),
            interval: Some(days.0..days.1),
        });
        id
    }

    fn say(
        &mut self,
        sentence: usize,
        subject: MentionId,
        (property, label, trigger): (Option<&str>, &str, &str),
        object: Argument,
    ) -> &mut Statement {
        let property = property.map(|name| ontology().property(name).unwrap());
        let span = self.reading.sentences[sentence];
        let trigger = self.span(sentence, trigger);
        let evidence = Evidence {
            sentence: SentenceId::from(sentence),
            span: Span { end: span.end - 1, ..span },
            trigger,
            rule: property.map_or("open verb", |_| label).to_owned(),
        };
        let predicate = Predicate::new(property, label);
        self.reading.statements.push(statement(subject, predicate, object, evidence));
        self.reading.statements.last_mut().unwrap()
    }
}

fn literal(value: &str) -> Argument {
    Argument::Literal { value: value.to_owned(), span: None }
}

fn first() -> FixtureDocument {
    let mut document = FixtureDocument::new(
        "a 1.txt",
        date(2024, 5, 3),
        &[
            "Anna Berg visited Porto Alto on May 2 with Carl Dorn — the café was shut.",
            "The two ministers will meet the Trade Ministry in Northland.",
            "Berg, 45, did not attack the harbor, the Trade Ministry said.",
            "Dorn accompanied Berg.",
        ],
    );
    let berg = document.thing(0, "Anna Berg", "anna-berg");
    let porto = document.thing(0, "Porto Alto", "porto-alto");
    let dorn = document.thing(0, "Carl Dorn", "carl-dorn");
    let day = document.time(0, "May 2", "2024-05-02", (date(2024, 5, 2), date(2024, 5, 3)));
    let visit = (Some("visited"), "visit", "visited");
    let statement = document.say(0, berg, visit, Argument::Mention(porto));
    statement.time = Some(day);
    statement.qualifiers =
        vec![Qualifier { role: "companion".to_owned(), argument: Argument::Mention(dorn) }];
    // The same once more, weaker: merged.
    let statement = document.say(0, berg, visit, Argument::Mention(porto));
    statement.confidence = 0.4;
    statement.qualifiers =
        vec![Qualifier { role: "despite".to_owned(), argument: literal("the rain") }];

    let both = document.thing(1, "The two ministers", "the-two-ministers-77aa01");
    let ministry = document.thing(1, "the Trade Ministry", "trade-ministry");
    let northland = document.thing(1, "Northland", "northland");
    let statement =
        document.say(1, both, (Some("heldTalksWith"), "meet", "meet"), Argument::Mention(ministry));
    statement.factuality = Factuality::Planned;
    statement.place = Some(northland);

    let berg = document.thing(2, "Berg", "anna-berg");
    let harbor = document.thing(2, "the harbor", "harbor-1a2b3c");
    let ministry = document.thing(2, "the Trade Ministry", "trade-ministry");
    let attack = (Some("attacked"), "attack", "attack");
    let statement = document.say(2, berg, attack, Argument::Mention(harbor));
    statement.polarity = Polarity::Negative;
    statement.factuality = Factuality::Claimed;
    statement.attribution = vec![ministry];
    let said = literal("Berg, 45, did not attack the harbor");
    document.say(2, ministry, (Some("said"), "say", "said"), said);
    document.say(2, berg, (Some("hasAge"), "be", "45"), literal("45"));

    let dorn = document.thing(3, "Dorn", "carl-dorn");
    let berg = document.thing(3, "Berg", "anna-berg");
    let accompany = (Some("accompanied"), "accompany", "accompanied");
    document.say(3, dorn, accompany, Argument::Mention(berg));
    document.say(3, dorn, accompany, Argument::Mention(dorn)).confidence = 1.0;
    document
}

fn second() -> FixtureDocument {
    let mut document = FixtureDocument::new(
        "b.txt",
        date(2024, 5, 4),
        &[
            "Dorn met Berg and Zed signed a treaty \u{2028}for 1,200 ships since May 2024.",
            "Berg met Dorn again.",
            "Dorn, who speaks for Northland, said that Zed left.",
        ],
    );
    let dorn = document.thing(0, "Dorn", "carl-dorn");
    let berg = document.thing(0, "Berg", "anna-berg");
    document.say(0, dorn, (Some("metWith"), "meet", "met"), Argument::Mention(berg));
    document.say(0, berg, (Some("metWith"), "meet with", "met"), Argument::Mention(dorn));
    let again = document.thing(1, "Berg", "anna-berg");
    let dorn = document.thing(1, "Dorn", "carl-dorn");
    document.say(1, again, (Some("metWith"), "meet", "met"), Argument::Mention(dorn));
    let dorn = document.thing(2, "Dorn", "carl-dorn");
    let northland = Argument::Mention(document.thing(2, "Northland", "northland"));
    document.say(2, dorn, (Some("spokespersonOf"), "speak for", "speaks"), northland);
    document.say(2, dorn, (Some("said"), "say", "said"), literal("Zed left"));
    let zed = document.thing(0, "Zed", "zed-quote");
    let treaty = document.thing(0, "a treaty", "treaty-9f0e1d");
    document.say(0, zed, (None, "sign", "signed"), Argument::Mention(treaty));
    document.say(
        0,
        zed,
        (Some("holdsPosition"), "be", "Zed"),
        literal("envoy \u{1}\"x\" ]]> & <y>"),
    );
    let number = document.mention(0, "1,200", MentionKind::Quantity);
    document.say(0, zed, (None, "sign for é", "signed"), Argument::Mention(number));
    let may = document.time(0, "May 2024", "2024-05", (date(2024, 5, 1), date(2024, 6, 1)));
    let since = document.mention(0, "May 2024", MentionKind::Timex);
    document.reading.mentions[since.index()].timex = Some(may);
    document.say(0, treaty, (None, "last since", "since"), Argument::Mention(since)).time =
        Some(may);
    document
}

/// Readings and who is who; `turned` exchanges the two documents.
pub(crate) fn corpus(turned: bool) -> (Vec<Reading>, Resolution) {
    let ontology = ontology();
    let mut documents = vec![first(), second()];
    if turned {
        documents.reverse();
    }
    let mut entities: Vec<Entity> = THINGS
        .iter()
        .map(|&(slug, label, class, aliases, members)| Entity {
            slug: slug.into(),
            label: label.into(),
            named: !label.starts_with(|c: char| c.is_lowercase()),
            class: ontology.class(class).unwrap(),
            mention_label: None,
            dropped: false,
            close_match: thin_vec![],
            aliases: aliases.iter().map(|&alias| alias.into()).collect(),
            descriptions: if slug == "anna-berg" {
                thin_vec!["minister".into()]
            } else {
                thin_vec![]
            },
            same_as: if slug == "northland" {
                thin_vec!["http://www.wikidata.org/entity/Q1".into()]
            } else {
                thin_vec![]
            },
            members: members.iter().map(|&member| EntityId(member)).collect(),
            clusters: thin_vec![],
        })
        .collect();
    for (index, document) in documents.iter().enumerate() {
        for (cluster, entity) in document.of.iter().enumerate() {
            let place = (DocumentId::from(index), ClusterId::from(cluster));
            entities[entity.index()].clusters.push(place);
        }
    }
    let of = documents.iter().map(|document| document.of.clone()).collect();
    let readings = documents.into_iter().map(|document| document.reading).collect();
    (readings, Resolution { entities: entities.into(), of, ..Resolution::default() })
}

/// The graph of readings in memory.
pub(crate) fn build_all(
    readings: &[Reading],
    mut resolution: Resolution,
    ontology: &Ontology,
) -> KnowledgeGraph {
    build(&Shelf::of(readings).unwrap(), &mut resolution, ontology).unwrap()
}

/// The graph of both documents.
pub(crate) fn graph() -> KnowledgeGraph {
    let (readings, resolution) = corpus(false);
    build_all(&readings, resolution, &ontology())
}
