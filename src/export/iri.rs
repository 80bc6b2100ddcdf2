//! IRIs as namespace and local part, so that writers need not search for prefixes.

use std::borrow::Cow;

use oxigraph::model::NamedNode;

use super::text::push_number;
use crate::graph::GraphDocument;

/// A namespace that Turtle abbreviates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Namespace {
    /// `cmp:`, comparisons of names.
    Comparison,
    /// `d:`, documents.
    Document,
    /// `e:`, entities.
    Entity,
    /// `ng:`, classes and properties.
    Ng,
    /// `nif:`, positions in text.
    Nif,
    /// `open:`, open predicates.
    Open,
    /// `owl:`
    Owl,
    /// `prov:`, provenance.
    Prov,
    /// `rdf:`
    Rdf,
    /// `rdfs:`
    Rdfs,
    /// `run:`, runs of the program.
    Run,
    /// `schema:`
    Schema,
    /// `skos:`
    Skos,
    /// `st:`, statements.
    Statement,
    /// `wd:`, Wikidata.
    Wikidata,
    /// `xsd:`
    Xsd,
    /// None of these: the local part is the whole IRI.
    Foreign,
}

impl Namespace {
    /// Those with a prefix, in the order of the prefixes.
    pub const ALL: [Self; 16] = [
        Self::Comparison,
        Self::Document,
        Self::Entity,
        Self::Ng,
        Self::Nif,
        Self::Open,
        Self::Owl,
        Self::Prov,
        Self::Rdf,
        Self::Rdfs,
        Self::Run,
        Self::Schema,
        Self::Skos,
        Self::Statement,
        Self::Wikidata,
        Self::Xsd,
    ];

    /// Its prefix.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Comparison => "cmp",
            Self::Document => "d",
            Self::Entity => "e",
            Self::Ng => "ng",
            Self::Nif => "nif",
            Self::Open => "open",
            Self::Owl => "owl",
            Self::Prov => "prov",
            Self::Rdf => "rdf",
            Self::Rdfs => "rdfs",
            Self::Run => "run",
            Self::Schema => "schema",
            Self::Skos => "skos",
            Self::Statement => "st",
            Self::Wikidata => "wd",
            Self::Xsd => "xsd",
            Self::Foreign => "",
        }
    }

    /// Its IRI.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Comparison => "https://w3id.org/newsgraph/comparison/",
            Self::Document => "https://w3id.org/newsgraph/document/",
            Self::Entity => "https://w3id.org/newsgraph/entity/",
            Self::Ng => crate::ontology::NAMESPACE,
            Self::Nif => "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
            Self::Open => "https://w3id.org/newsgraph/open/",
            Self::Owl => "http://www.w3.org/2002/07/owl#",
            Self::Prov => "http://www.w3.org/ns/prov#",
            Self::Rdf => "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
            Self::Rdfs => "http://www.w3.org/2000/01/rdf-schema#",
            Self::Run => "https://w3id.org/newsgraph/run/",
            Self::Schema => "https://schema.org/",
            Self::Skos => "http://www.w3.org/2004/02/skos/core#",
            Self::Statement => "https://w3id.org/newsgraph/statement/",
            Self::Wikidata => "http://www.wikidata.org/entity/",
            Self::Xsd => "http://www.w3.org/2001/XMLSchema#",
            Self::Foreign => "",
        }
    }
}

/// A legal absolute IRI.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iri<'g> {
    /// What it begins with.
    pub namespace: Namespace,
    /// What follows.
    pub local: Cow<'g, str>,
    is_short: bool,
}

impl<'g> Iri<'g> {
    /// A term of a vocabulary: letters and digits.
    pub const fn term(namespace: Namespace, local: &'static str) -> Self {
        Self { namespace, local: Cow::Borrowed(local), is_short: true }
    }

    /// An IRI whose local part is data: percent-encoded where it must be.
    pub fn new(namespace: Namespace, local: &'g str) -> Self {
        let local = encode(local);
        let is_short = !local.starts_with('-') && !local.is_empty();
        Self { namespace, local, is_short }
    }

    /// An IRI whose local part is a digest.
    pub fn digest(namespace: Namespace, hexadecimal: &str) -> Self {
        Self { namespace, local: Cow::Owned(hexadecimal.to_owned()), is_short: true }
    }

    /// An IRI that somebody else made; `None` if it is not legal or not absolute, or names a place
    /// on the user's own machine.
    pub fn parse(iri: &'g str) -> Option<Self> {
        let local_place = iri.starts_with("file:")
            || iri.contains("://localhost")
            || iri.contains("://127.")
            || iri.contains("://[::1]");
        if local_place || !has_legal_characters(iri) || NamedNode::new(iri).is_err() {
            return None;
        }
        let known = Namespace::ALL.into_iter().find(|namespace| {
            iri.strip_prefix(namespace.as_str()).is_some_and(|local| !local.is_empty())
        });
        let namespace = known.unwrap_or(Namespace::Foreign);
        let local = &iri[namespace.as_str().len()..];
        let is_short = namespace != Namespace::Foreign
            && !local.starts_with('-')
            && local.bytes().all(|byte| is_plain(byte) || byte == b'%');
        Some(Self { namespace, local: Cow::Borrowed(local), is_short })
    }

    /// An open predicate, from its slug.
    pub fn open(slug: &'g str) -> Self {
        Self { namespace: Namespace::Open, local: Cow::Borrowed(slug), is_short: true }
    }

    /// An entity, from its slug.
    pub fn entity(slug: &'g str) -> Self {
        Self::new(Namespace::Entity, slug)
    }

    /// A document.
    pub fn document(document: &'g GraphDocument) -> Self {
        Self::new(Namespace::Document, &document.hash)
    }

    /// A stretch of a document's text, in code points, in the form of RFC 5147.
    pub fn passage(document: &GraphDocument, start: u32, end: u32) -> Self {
        let hash = encode(&document.hash);
        let mut local = String::with_capacity(hash.len() + "#char=,".len() + 20);
        local += &hash;
        local += "#char=";
        push_number(&mut local, start);
        local.push(',');
        push_number(&mut local, end);
        Self { namespace: Namespace::Document, local: Cow::Owned(local), is_short: false }
    }

    /// True if Turtle can write the local part as it stands, without escapes.
    pub fn is_short(&self) -> bool {
        self.is_short
    }
}

impl From<Iri<'_>> for NamedNode {
    fn from(iri: Iri<'_>) -> Self {
        Self::new_unchecked(iri.to_string())
    }
}

impl std::fmt::Display for Iri<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.namespace.as_str())?;
        f.write_str(&self.local)
    }
}

/// Percent-encodes everything but ASCII letters, digits, `-` and `_`.
fn encode(text: &str) -> Cow<'_, str> {
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut encoded = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        if is_plain(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    Cow::Owned(encoded)
}

/// A table: most bytes that are written are looked up here.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        plain[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    plain[b'-' as usize] = true;
    plain[b'_' as usize] = true;
    plain
};

fn is_plain(byte: u8) -> bool {
    PLAIN[usize::from(byte)]
}

/// What RFC 3987 asks of every character, percent signs included.
fn has_legal_characters(iri: &str) -> bool {
    let forbidden = |c: char| c <= ' ' || c.is_control() || "<>\"{}|^`\\".contains(c);
    let bytes = iri.as_bytes();
    let percent = |at: usize| {
        bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    !iri.contains(forbidden)
        && super::text::name(iri) == iri
        && iri.match_indices('%').all(|(at, _)| percent(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_legal_public_addresses_become_iris() {
        for good in ["https://news.example/a?b=c%20d#e", "http://www.wikidata.org/entity/Q42"] {
            assert_eq!(Iri::parse(good).unwrap().to_string(), good);
        }
        for bad in [
            "",
            "a/b",
            "https://news.example/a b",
            "https://x.example/50%",
            "http://x.example/<b>",
            "file:///tmp/a",
            "http://localhost/a",
            "http://127.0.0.1:80/",
            "https://x.example/\u{202e}",
            "://x",
            "http://x.example/\u{0}",
        ] {
            assert_eq!(Iri::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn data_cannot_break_out_of_an_iri() {
        let iri = Iri::new(Namespace::Entity, "a> <b> \"é");
        assert_eq!(iri.local, "a%3E%20%3Cb%3E%20%22%C3%A9");
        assert!(iri.is_short());
        assert!(!Iri::new(Namespace::Entity, "-a").is_short());
    }
}
