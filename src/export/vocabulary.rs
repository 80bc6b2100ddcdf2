//! The ontology as others read it: one Turtle file, or one page.
//!
//! Comes in as the files of `ontology/` (classes and properties, terms of statements, alignments),
//! goes out merged. In the files a domain that is repeated is a choice; the published Turtle says so
//! in OWL, as a union, and states each inverse on both sides.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{NamedOrBlankNode, Term};

use crate::error::{Error, Result};
use crate::ontology::NAMESPACE;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";
const OWL: &str = "http://www.w3.org/2002/07/owl#";
const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";

/// The terms of the ontology, those of all files together.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// By IRI: predicate and objects.
    terms: BTreeMap<String, BTreeMap<String, BTreeSet<OwnedTerm>>>,
    prefixes: BTreeMap<String, String>,
    /// Headings in the order of the files, each with its terms.
    themes: Vec<(String, Vec<String>)>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum OwnedTerm {
    Iri(String),
    Literal { value: String, language: Option<String>, datatype: String },
}

impl OwnedTerm {
    fn iri(&self) -> Option<&str> {
        match self {
            Self::Iri(iri) => Some(iri),
            Self::Literal { .. } => None,
        }
    }
}

impl Vocabulary {
    /// Adds a Turtle file. Lines of the form `### Heading` begin a theme.
    ///
    /// # Errors
    /// [`Error::Ontology`] when it is no Turtle.
    pub fn add(&mut self, file: &str, turtle: &str) -> Result<()> {
        let fail = |cause: String| Error::Ontology { file: file.to_owned(), cause };
        let mut parser = RdfParser::from_format(RdfFormat::Turtle).for_slice(turtle.as_bytes());
        for quad in parser.by_ref() {
            let quad = quad.map_err(|error| fail(error.to_string()))?;
            let NamedOrBlankNode::NamedNode(subject) = quad.subject else { continue };
            let object = match quad.object {
                Term::NamedNode(node) => OwnedTerm::Iri(node.into_string()),
                Term::Literal(literal) => OwnedTerm::Literal {
                    value: literal.value().to_owned(),
                    language: literal.language().map(str::to_owned),
                    datatype: literal.datatype().as_str().to_owned(),
                },
                _ => continue,
            };
            let term = self.terms.entry(subject.into_string()).or_default();
            term.entry(quad.predicate.into_string()).or_default().insert(object);
        }
        for (prefix, iri) in parser.prefixes() {
            self.prefixes.insert(prefix.to_owned(), iri.to_owned());
        }
        // A term stands under the first heading that has it, also of an earlier file.
        let mut known: BTreeSet<String> =
            self.themes.iter().flat_map(|(_, terms)| terms).cloned().collect();
        for line in turtle.lines() {
            let local = line.strip_prefix("ng:").map(|rest| {
                rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
            });
            if let Some(heading) = line.strip_prefix("### ") {
                self.themes.push((heading.to_owned(), Vec::new()));
            } else if let (Some(local), Some((_, terms))) = (local, self.themes.last_mut())
                && known.insert(format!("{NAMESPACE}{local}"))
            {
                terms.push(format!("{NAMESPACE}{local}"));
            }
        }
        // A file of the user's need not have headings.
        let own = self.terms.keys().filter(|term| term.starts_with(NAMESPACE));
        let others: Vec<String> =
            own.filter(|term| known.insert((*term).clone())).cloned().collect();
        if !others.is_empty() {
            self.themes.push(("Other terms".to_owned(), others));
        }
        Ok(())
    }

    fn objects(&self, term: &str, predicate: &str) -> impl Iterator<Item = &OwnedTerm> {
        self.terms.get(term).and_then(|term| term.get(predicate)).into_iter().flatten()
    }

    fn iris(&self, term: &str, predicate: &str) -> Vec<&str> {
        self.objects(term, predicate).filter_map(OwnedTerm::iri).collect()
    }

    fn literal(&self, term: &str, predicate: &str) -> &str {
        let mut values = self.objects(term, predicate).filter_map(|object| match object {
            OwnedTerm::Literal { value, .. } => Some(value.as_str()),
            OwnedTerm::Iri(_) => None,
        });
        values.next().unwrap_or_default()
    }

    fn is_a(&self, term: &str, class: &str) -> bool {
        self.iris(term, &format!("{RDF}type")).contains(&class)
    }

    fn is_class(&self, term: &str) -> bool {
        self.is_a(term, &format!("{OWL}Class")) || self.is_a(term, &format!("{RDFS}Class"))
    }

    /// The inverse of a property, whichever of the two states it.
    fn inverses(&self, term: &str) -> BTreeSet<&str> {
        let inverse = format!("{OWL}inverseOf");
        let others = self.terms.keys().map(String::as_str);
        let told = others.filter(|other| self.iris(other, &inverse).contains(&term));
        self.iris(term, &inverse).into_iter().chain(told).collect()
    }

    /// `ng:Person`, or the IRI in brackets.
    fn short(&self, iri: &str) -> String {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let found = self.prefixes.iter().find_map(|(prefix, namespace)| {
            let local = iri.strip_prefix(namespace.as_str())?;
            (!local.is_empty() && local.chars().all(plain)).then(|| format!("{prefix}:{local}"))
        });
        found.unwrap_or_else(|| format!("<{iri}>"))
    }

    /// Writes one Turtle file.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_turtle(&self, out: &mut dyn Write) -> io::Result<()> {
        for (prefix, iri) in &self.prefixes {
            writeln!(out, "@prefix {prefix}: <{iri}> .")?;
        }
        let inverse = format!("{OWL}inverseOf");
        for (term, told) in &self.terms {
            let mut lines = Vec::new();
            for (predicate, objects) in told {
                if *predicate != inverse {
                    lines.push(self.line(predicate, objects));
                }
            }
            let inverses = self.inverses(term);
            if !inverses.is_empty() {
                let objects =
                    inverses.iter().map(|iri| OwnedTerm::Iri((*iri).to_owned())).collect();
                lines.push(self.line(&inverse, &objects));
            }
            write!(out, "\n{}\n    {} .\n", self.short(term), lines.join(" ;\n    "))?;
        }
        Ok(())
    }

    fn line(&self, predicate: &str, objects: &BTreeSet<OwnedTerm>) -> String {
        let is_choice = objects.len() > 1
            && (predicate == format!("{RDFS}domain") || predicate == format!("{RDFS}range"));
        let objects: Vec<String> = objects.iter().map(|object| self.object(object)).collect();
        if is_choice {
            let choice = objects.join(" ");
            let class = self.short(&format!("{OWL}Class"));
            let union = self.short(&format!("{OWL}unionOf"));
            return format!("{} [ a {class} ; {union} ( {choice} ) ]", self.short(predicate));
        }
        let verb =
            if predicate == format!("{RDF}type") { "a".into() } else { self.short(predicate) };
        format!("{verb} {}", objects.join(" , "))
    }

    fn object(&self, object: &OwnedTerm) -> String {
        match object {
            OwnedTerm::Iri(iri) => self.short(iri),
            OwnedTerm::Literal { value, language, datatype } => {
                let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                match language {
                    Some(language) => format!("\"{value}\"@{language}"),
                    None if datatype.ends_with("#string") => format!("\"{value}\""),
                    None => format!("\"{value}\"^^{}", self.short(datatype)),
                }
            }
        }
    }

    /// Writes one page, complete in itself, without scripts.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_html(&self, out: &mut dyn Write) -> io::Result<()> {
        let own = |term: &&String| term.starts_with(NAMESPACE) && !self.kind(term).is_empty();
        let terms: Vec<&String> = self.terms.keys().filter(own).collect();
        let n_classes = terms.iter().filter(|term| self.is_class(term)).count();
        let n_properties = terms.len() - n_classes;
        let page = include_str!("vocabulary/page.html");
        let (head, tail) = page.split_once("{{terms}}").unwrap_or((page, ""));
        let head = head
            .replace("{{style}}", include_str!("vocabulary/style.css"))
            .replace("{{classes}}", &n_classes.to_string())
            .replace("{{properties}}", &n_properties.to_string())
            .replace("{{version}}", env!("CARGO_PKG_VERSION"))
            .replace("{{namespace}}", NAMESPACE);
        out.write_all(head.as_bytes())?;
        let described = |terms: &[String]| terms.iter().filter(own).cloned().collect::<Vec<_>>();
        let themes: Vec<(&str, Vec<String>)> = self
            .themes
            .iter()
            .map(|(heading, terms)| (heading.as_str(), described(terms)))
            .filter(|(_, terms)| !terms.is_empty())
            .collect();
        writeln!(out, "<nav aria-label=\"Themes\"><ul>")?;
        for (nth, (heading, terms)) in themes.iter().enumerate() {
            let (heading, n) = (escape(heading), terms.len());
            writeln!(out, "<li><a href=\"#theme-{nth}\">{heading}</a> <small>{n}</small></li>")?;
        }
        writeln!(out, "</ul></nav>\n<main>")?;
        for (nth, (heading, terms)) in themes.iter().enumerate() {
            writeln!(out, "<section id=\"theme-{nth}\"><h2>{}</h2>", escape(heading))?;
            for term in terms {
                self.article(term, out)?;
            }
            writeln!(out, "</section>")?;
        }
        writeln!(out, "</main>")?;
        out.write_all(tail.as_bytes())
    }

    fn kind(&self, term: &str) -> &'static str {
        let is_a = |class: &str| self.is_a(term, class);
        if self.is_class(term) {
            "class"
        } else if is_a(&format!("{OWL}ObjectProperty")) {
            "relation between things"
        } else if is_a(&format!("{OWL}DatatypeProperty")) {
            "relation to a value"
        } else if is_a(&format!("{RDF}Property")) {
            "relation"
        } else if is_a(&format!("{OWL}AnnotationProperty")) {
            "annotation"
        } else {
            ""
        }
    }

    fn article(&self, term: &str, out: &mut dyn Write) -> io::Result<()> {
        let local = escape(&term[NAMESPACE.len()..]);
        let label = escape(self.literal(term, &format!("{RDFS}label")));
        let comment = escape(self.literal(term, &format!("{RDFS}comment")));
        let kind = self.kind(term);
        writeln!(
            out,
            "<article id=\"{local}\"><h3><a href=\"#{local}\">ng:{local}</a> \
             <small>{kind}</small></h3><p>{comment}</p><dl>"
        )?;
        row(out, "Label", &label)?;
        let is_class = self.is_class(term);
        let (above, below) = if is_class {
            (format!("{RDFS}subClassOf"), "Narrower")
        } else {
            (format!("{RDFS}subPropertyOf"), "Narrower")
        };
        let linked = |iris: &mut dyn Iterator<Item = &str>, between: &str| {
            iris.map(|iri| self.link(iri)).collect::<Vec<_>>().join(between)
        };
        row(out, "Broader", &linked(&mut self.iris(term, &above).into_iter(), ", "))?;
        let others = self.terms.keys().map(String::as_str);
        let narrower: Vec<&str> =
            others.filter(|other| self.iris(other, &above).contains(&term)).collect();
        row(out, below, &linked(&mut narrower.into_iter(), ", "))?;
        for (name, predicate) in [("From", "domain"), ("To", "range")] {
            let classes = self.iris(term, &format!("{RDFS}{predicate}"));
            row(out, name, &linked(&mut classes.into_iter(), " or "))?;
        }
        row(out, "Inverse", &linked(&mut self.inverses(term).into_iter(), ", "))?;
        if self.is_a(term, &format!("{OWL}SymmetricProperty")) {
            row(out, "Symmetric", "yes: holds both ways")?;
        }
        let same = format!("{OWL}equivalentClass");
        row(out, "Same as", &linked(&mut self.iris(term, &same).into_iter(), ", "))?;
        let close = format!("{SKOS}closeMatch");
        row(out, "Close to", &linked(&mut self.iris(term, &close).into_iter(), ", "))?;
        for (name, code) in [("CAMEO", "cameo"), ("PLOVER", "plover")] {
            row(out, name, &escape(self.literal(term, &format!("{NAMESPACE}{code}"))))?;
        }
        writeln!(out, "</dl></article>")
    }

    fn link(&self, iri: &str) -> String {
        let short = escape(&self.short(iri));
        match iri.strip_prefix(NAMESPACE) {
            Some(local) => format!("<a href=\"#{}\">{short}</a>", escape(local)),
            // Nothing but an address of the web is made a link.
            None if iri.starts_with("http://") || iri.starts_with("https://") => {
                format!("<a class=\"far\" href=\"{}\">{short}</a>", escape(iri))
            }
            None => short,
        }
    }
}

fn row(out: &mut dyn Write, name: &str, value: &str) -> io::Result<()> {
    if value.is_empty() { Ok(()) } else { writeln!(out, "<dt>{name}</dt><dd>{value}</dd>") }
}

fn escape(text: &str) -> String {
    let text = super::text::name(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Resources;

    const FILES: [&str; 3] =
        ["ontology/newsgraph.ttl", "ontology/statement.ttl", "ontology/alignments.ttl"];

    fn vocabulary() -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for file in FILES {
            vocabulary.add(file, &Resources::embedded().text(file).unwrap()).unwrap();
        }
        vocabulary
    }

    #[test]
    fn no_term_is_defined_twice() {
        let defined = |file: &str| {
            let mut vocabulary = Vocabulary::default();
            vocabulary.add(file, &Resources::embedded().text(file).unwrap()).unwrap();
            let terms = vocabulary.terms.keys().filter(|term| !vocabulary.kind(term).is_empty());
            terms.cloned().collect::<BTreeSet<String>>()
        };
        let (facts, statements) = (defined(FILES[0]), defined(FILES[1]));
        assert_eq!(facts.intersection(&statements).collect::<Vec<_>>(), Vec::<&String>::new());
        assert!(defined(FILES[2]).is_empty());
    }

    #[test]
    fn what_is_aligned_exists_and_all_has_label_and_comment() {
        let vocabulary = vocabulary();
        let label = format!("{RDFS}label");
        for term in vocabulary.terms.keys().filter(|term| term.starts_with(NAMESPACE)) {
            assert!(!vocabulary.kind(term).is_empty(), "{term} is not defined");
            assert!(!vocabulary.literal(term, &label).is_empty(), "{term} has no label");
            let comment = vocabulary.literal(term, &format!("{RDFS}comment"));
            assert!(!comment.is_empty(), "{term} has no comment");
        }
        let full = |term: &&String| {
            ["domain", "range"]
                .iter()
                .all(|side| vocabulary.objects(term, &format!("{RDFS}{side}")).next().is_some())
        };
        assert!(vocabulary.terms.keys().filter(full).count() >= 150);
        let all = vocabulary.terms.values().flat_map(BTreeMap::values).flatten();
        let aligned: BTreeSet<&str> = all.filter_map(OwnedTerm::iri).collect();
        for vocabulary in [
            "https://schema.org/",
            "http://www.w3.org/ns/prov#",
            "nif-core#",
            "/2009/11/sem/",
            SKOS,
            "http://www.w3.org/2006/time#",
        ] {
            assert!(aligned.iter().any(|iri| iri.contains(vocabulary)), "{vocabulary}");
        }
    }

    #[test]
    fn the_published_turtle_says_the_choice_of_domains_as_a_union() {
        let mut out = Vec::new();
        vocabulary().write_turtle(&mut out).unwrap();
        let quads: Vec<_> = RdfParser::from_format(RdfFormat::Turtle)
            .for_slice(&out)
            .collect::<std::result::Result<_, _>>()
            .unwrap();
        let mut domains = BTreeMap::new();
        for quad in &quads {
            if quad.predicate.as_str() == format!("{RDFS}domain") {
                *domains.entry(quad.subject.to_string()).or_insert(0) += 1;
            }
        }
        assert!(domains.len() > 150 && domains.values().all(|&n| n == 1));
        let inverse = |from: &str, to: &str| {
            quads.iter().any(|quad| {
                quad.predicate.as_str() == format!("{OWL}inverseOf")
                    && quad.subject.to_string() == format!("<{NAMESPACE}{from}>")
                    && quad.object.to_string() == format!("<{NAMESPACE}{to}>")
            })
        };
        assert!(inverse("memberOf", "hasMember") && inverse("hasMember", "memberOf"));
    }

    #[test]
    fn the_page_tells_every_term_and_is_escaped() {
        let mut vocabulary = vocabulary();
        let evil = "@prefix ng: <https://w3id.org/newsgraph/ns#> .\n\
                    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n### <i>\n\
                    ng:x a rdfs:Class ; rdfs:label \"<script>\" ; \
                    rdfs:subClassOf <javascript:alert(1)> .\n";
        vocabulary.add("x.ttl", evil).unwrap();
        let mut out = Vec::new();
        vocabulary.write_html(&mut out).unwrap();
        let page = String::from_utf8(out).unwrap();
        assert!(!page.contains("<script") && !page.contains("<i>") && !page.contains("{{"));
        assert!(!page.contains("href=\"javascript:"));
        for term in ["Person", "visited", "factuality", "leftEntity", "cameo"] {
            assert!(page.contains(&format!("<article id=\"{term}\">")), "{term}");
        }
        let terms = vocabulary.terms.keys().filter(|term| term.starts_with(NAMESPACE));
        assert_eq!(page.matches("<article").count(), terms.count());
    }
}
