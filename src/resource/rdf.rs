//! RDF files that a stranger may have made.
//!
//! The parsers are others' work, and some inputs of a few kilobytes make them take gigabytes, hours, or
//! more stack than there is. Bytes are watched on their way to the parser, and what no graph needs is
//! refused: a document type in RDF/XML with its entities, elements and attributes without end
//! ([`xml`]), objects in objects and contexts without end in JSON-LD ([`json`]), triples in triples in
//! the other forms ([`triples`]).

mod json;
mod triples;
mod xml;

use std::io::{self, BufReader, Read};
use std::path::Path;

use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfParseError, RdfParser};
use oxigraph::model::Quad;

use crate::error::Error;

/// Suffixes of RDF files, the best first.
pub const SUFFIXES: [&str; 6] = ["ttl", "nt", "trig", "nq", "jsonld", "rdf"];

/// The form of an RDF file by its suffix; `None` for others.
pub fn format(path: &Path) -> Option<RdfFormat> {
    let suffix = path.extension()?.to_string_lossy().to_lowercase();
    Some(match suffix.as_str() {
        "ttl" => RdfFormat::Turtle,
        "nt" => RdfFormat::NTriples,
        "nq" => RdfFormat::NQuads,
        "trig" => RdfFormat::TriG,
        "rdf" | "xml" => RdfFormat::RdfXml,
        "jsonld" => RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
        _ => return None,
    })
}

/// The quads of a file.
pub fn quads<R: Read>(
    reader: R,
    format: RdfFormat,
) -> impl Iterator<Item = Result<Quad, RdfParseError>> {
    let watch = match format {
        RdfFormat::RdfXml => Watch::Xml(xml::Watch::default()),
        RdfFormat::JsonLd { .. } => Watch::Json(json::Watch::default()),
        _ => Watch::Triples(triples::Watch::default()),
    };
    RdfParser::from_format(format).for_reader(BufReader::new(Watched {
        inner: reader,
        watch,
        line: 1,
    }))
}

/// What is wrong with a file, with its line.
pub fn error(path: &Path, error: RdfParseError) -> Error {
    match error {
        RdfParseError::Io(cause) => match cause.downcast::<Refusal>() {
            Ok(Refusal { line, cause }) => {
                Error::Input { path: path.to_owned(), line: Some(line), cause }
            }
            Err(cause) => Error::io(path)(cause),
        },
        RdfParseError::Syntax(error) => {
            let line = error.location().map(|location| location.start.line + 1);
            Error::Input { path: path.to_owned(), line, cause: error.to_string() }
        }
    }
}

/// Bytes on their way to the parser.
struct Watched<R> {
    inner: R,
    watch: Watch,
    line: u64,
}

/// What no graph needs, and where it begins to be too much.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
struct Refusal {
    line: u64,
    cause: String,
}

enum Watch {
    Json(json::Watch),
    Triples(triples::Watch),
    Xml(xml::Watch),
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(bytes)?;
        let mut line = self.line;
        let lines = bytes[..n].iter().copied().inspect(|&byte| line += u64::from(byte == b'\n'));
        let passed = match &mut self.watch {
            Watch::Json(watch) => { lines }.try_for_each(|byte| watch.step(byte)),
            Watch::Triples(watch) => { lines }.try_for_each(|byte| watch.step(byte)),
            Watch::Xml(watch) => { lines }.try_for_each(|byte| watch.step(byte)),
        };
        self.line = line;
        match passed {
            Ok(()) => Ok(n),
            Err(cause) => Err(io::Error::new(io::ErrorKind::InvalidData, Refusal { line, cause })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<usize, String> {
        let path = Path::new(name);
        let mut n = 0;
        for quad in quads(text.as_bytes(), format(path).unwrap()) {
            quad.map_err(|cause| error(path, cause).to_string())?;
            n += 1;
        }
        Ok(n)
    }

    const RDF: &str = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
        xmlns:e='http://x.example/'>";

    #[test]
    fn a_document_type_is_refused_and_says_what_to_do() {
        for begins in [
            "<!DOCTYPE rdf:RDF [<!ENTITY a 'aaaa'>]>",
            "<?xml version='1.0'?>\n<!-- <a> --><!doctype rdf:RDF>",
            "<?a <!-- ?><!DOCTYPE a SYSTEM 'file:///etc/passwd'>",
        ] {
            let told = read("a.rdf", &format!("{begins}{RDF}</rdf:RDF>")).unwrap_err();
            let line = 1 + begins.matches('\n').count();
            assert!(told.starts_with(&format!("a.rdf:{line}: a document type")), "{told}");
        }
        let quoted = "<rdf:Description rdf:about='http://x.example/a'><e:a><![CDATA[<!DOCTYPE]]></e:a>\
            <e:a>1 &lt; 2</e:a></rdf:Description><!-- - -- <!DOCTYPE - -->";
        // Two hyphens within a comment are no XML, but no document type either.
        let quoted = quoted.replace(" - -- ", " - ");
        assert_eq!(read("a.rdf", &format!("{RDF}{quoted}</rdf:RDF>")), Ok(2));
    }

    #[test]
    fn what_is_deeper_or_wider_than_any_graph_is_refused() {
        let deep = |n| {
            let (open, close) = ("<rdf:Description><e:p>", "</e:p></rdf:Description>");
            format!("{RDF}{}{}</rdf:RDF>", open.repeat(n), close.repeat(n))
        };
        assert_eq!(read("a.rdf", &deep(100)), Ok(100));
        assert!(read("a.rdf", &deep(200)).unwrap_err().contains("elements are nested"));
        let many: String = (0..2000).map(|n| format!(" e:a{n}='1'")).collect();
        let wide = format!("{RDF}<rdf:Description{many}/></rdf:RDF>");
        assert!(read("a.rdf", &wide).unwrap_err().contains("attributes"));
        let spread = (0..100).map(|n| {
            let names: String =
                (0..50).map(|k| format!(" xmlns:n{n}x{k}='http://x.example/'")).collect();
            format!("<rdf:Description{names}><e:p>")
        });
        let spread: String = spread.collect();
        assert!(read("a.rdf", &format!("{RDF}{spread}")).unwrap_err().contains("attributes"));
        let beside = "<rdf:Description e:a='1' e:b='2'/>".repeat(2000);
        assert_eq!(read("a.rdf", &format!("{RDF}{beside}</rdf:RDF>")), Ok(4000));
    }

    #[test]
    fn json_is_as_deep_as_graphs_are() {
        for (open, close) in [("[", "]"), ("{\"http://b\":", "}"), ("{\"@list\":[", "]}")] {
            let deep = format!("{{\"http://a\":{}1{}}}", open.repeat(150), close.repeat(150));
            assert!(read("a.jsonld", &deep).unwrap_err().contains("nested deeper"), "{open}");
        }
        assert_eq!(read("a.jsonld", "{\"@id\":\"http://a\",\"http://b\":\"[[[{{{\\\"[[\"}"), Ok(1));
    }

    #[test]
    fn a_context_is_short_however_it_is_spelled() {
        let chain: String = (0..5000).map(|n| format!("\"t{n}\":\"t{}:x\",", n + 1)).collect();
        for name in [
            "@context",
            "\\u0040context",
            "\\u0040\\u0063\\u006f\\u006e\\u0074\\u0065\\u0078\\u0074",
        ] {
            for before in ["", "\"@graph\":[],", "\"a\":{\"b\":1},"] {
                let text =
                    format!("{{{before}\"{name}\" : {{{chain}\"t5000\":\"http://x/\"}},\"t0\":1}}");
                assert!(
                    read("a.jsonld", &text).unwrap_err().contains("@context"),
                    "{name} {before}"
                );
            }
        }
        let nested = "{\"a\":{\"@id\":\"http://a\",\"@context\":".repeat(40);
        let nested = format!("{{\"@context\":{nested}{{}}{}}}", "}}".repeat(40));
        assert!(read("a.jsonld", &nested).unwrap_err().contains("@context"));
        let small = "{\"@context\":{\"a\":\"http://a\"},\"@id\":\"http://b\",\"a\":[1,2]}";
        let many = format!("[{}]", [small; 2000].join(","));
        assert_eq!(read("a.jsonld", &many), Ok(4000));
    }
}
