//! SPARQL 1.1 Protocol, its query part: what a request asks, and in which form the answer goes out.

use serde::{Deserialize, Serialize};

use super::http::{Request, Response, form};
use crate::store::{Dataset, ResultFormat};

/// A query with all that the evaluation needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ask {
    pub(super) query: String,
    pub(super) default_graphs: Vec<String>,
    pub(super) named_graphs: Vec<String>,
    /// The header `Accept`.
    pub(super) accept: String,
}

impl Ask {
    /// Reads a request; `None` if it asks nothing (a GET without a query).
    ///
    /// # Errors
    /// What to answer instead.
    pub(super) fn read(request: &Request) -> Result<Option<Self>, Response> {
        let bad = |message: &str| Response::text(400, message);
        let decode = |text: &str| form(text).ok_or_else(|| bad("not percent-encoded UTF-8"));
        let mut pairs = decode(&request.query)?;
        match &*request.method {
            "GET" | "HEAD" if pairs.is_empty() => return Ok(None),
            "GET" | "HEAD" => {}
            "POST" => {
                let content_type = request.header("content-type").unwrap_or_default();
                let content_type = content_type.split(';').next().unwrap_or_default().trim();
                let body = std::str::from_utf8(&request.body);
                let body = body.map_err(|_| bad("the body is not UTF-8"))?;
                match &*content_type.to_ascii_lowercase() {
                    "application/sparql-query" => pairs.push(("query".into(), body.to_owned())),
                    "application/x-www-form-urlencoded" => pairs.append(&mut decode(body)?),
                    "application/sparql-update" => {
                        return Err(Response::text(403, "the graph is read only"));
                    }
                    _ => {
                        let message = "expected application/sparql-query or a form";
                        return Err(Response::text(415, message));
                    }
                }
            }
            _ => {
                let refusal = Response::text(405, "only GET and POST");
                return Err(refusal.with("Allow", "GET, HEAD, POST"));
            }
        }
        let mut ask = Self { accept: request.list("accept"), ..Self::default() };
        let mut queries = 0;
        for (name, value) in pairs {
            match &*name {
                "query" => {
                    queries += 1;
                    ask.query = value;
                }
                "default-graph-uri" => ask.default_graphs.push(value),
                "named-graph-uri" => ask.named_graphs.push(value),
                "update" => return Err(Response::text(403, "the graph is read only")),
                _ => {}
            }
        }
        match queries {
            1 => Ok(Some(ask)),
            0 => Err(bad("the parameter query is missing")),
            _ => Err(bad("there is more than one query")),
        }
    }

    pub(super) fn dataset(&self) -> Dataset {
        Dataset { default: self.default_graphs.clone(), named: self.named_graphs.clone() }
    }
}

/// Forms of rows and answers, the preferred first.
const ROWS: &[(&str, ResultFormat)] = &[
    ("application/sparql-results+json", ResultFormat::Json),
    ("application/sparql-results+xml", ResultFormat::Xml),
    ("text/csv", ResultFormat::Csv),
    ("text/tab-separated-values", ResultFormat::Tsv),
    ("application/json", ResultFormat::Json),
    ("application/xml", ResultFormat::Xml),
    ("text/xml", ResultFormat::Xml),
];

/// Forms of graphs, the preferred first.
const GRAPHS: &[(&str, ResultFormat)] = &[
    ("text/turtle", ResultFormat::Turtle),
    ("application/n-triples", ResultFormat::NTriples),
    ("application/rdf+xml", ResultFormat::RdfXml),
    ("application/ld+json", ResultFormat::JsonLd),
    ("text/plain", ResultFormat::NTriples),
    ("application/xml", ResultFormat::RdfXml),
    ("application/json", ResultFormat::JsonLd),
];

/// The media type that fits a header `Accept` best, and the form that it means. CSV and TSV cannot
/// tell yes from no, and are not offered for an answer.
pub(super) fn choose(
    accept: &str,
    graph: bool,
    boolean: bool,
) -> Option<(&'static str, ResultFormat)> {
    let offers = if graph { GRAPHS } else { ROWS };
    if accept.trim().is_empty() {
        return offers.first().copied();
    }
    let ranges: Vec<(&str, u32)> = accept.split(',').filter_map(range).collect();
    let mut best: Option<(u32, (&'static str, ResultFormat))> = None;
    for &(media, format) in offers {
        if boolean && matches!(format, ResultFormat::Csv | ResultFormat::Tsv) {
            continue;
        }
        let weight = weight(&ranges, media);
        if weight > 0 && best.is_none_or(|(other, _)| weight > other) {
            best = Some((weight, (media, format)));
        }
    }
    best.map(|(_, choice)| choice)
}

/// A media range and its weight in thousandths.
fn range(text: &str) -> Option<(&str, u32)> {
    let mut parts = text.split(';').map(str::trim);
    let media = parts.next().filter(|media| !media.is_empty())?;
    let q = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    let q: f32 = q.map_or(Ok(1.0), str::parse).ok()?;
    let inside = (0.0..=1.0).contains(&q);
    // At most a thousand.
    inside.then_some((media, (q * 1000.0).round() as u32))
}

/// The weight of a media type: that of the narrowest range that holds it.
fn weight(ranges: &[(&str, u32)], media: &str) -> u32 {
    let family = media.split('/').next().unwrap_or_default();
    let narrowness = |range: &str| {
        if range.eq_ignore_ascii_case(media) {
            Some(2)
        } else if range.strip_suffix("/*").is_some_and(|f| f.eq_ignore_ascii_case(family)) {
            Some(1)
        } else {
            (range == "*/*").then_some(0)
        }
    };
    let held = ranges.iter().filter_map(|&(range, weight)| Some((narrowness(range)?, weight)));
    held.max().map_or(0, |(_, weight)| weight)
}

/// What the endpoint is, as SPARQL 1.1 Service Description.
pub(super) const DESCRIPTION: &str = "\
@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix formats: <http://www.w3.org/ns/formats/> .

[] a sd:Service ;
    sd:endpoint <> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature sd:UnionDefaultGraph ;
    sd:resultFormat formats:SPARQL_Results_JSON , formats:SPARQL_Results_XML ,
        formats:SPARQL_Results_CSV , formats:SPARQL_Results_TSV ,
        formats:Turtle , formats:N-Triples , formats:RDF_XML , formats:JSON-LD .
";

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(accept: &str, graph: bool) -> Option<&'static str> {
        choose(accept, graph, false).map(|(media, _)| media)
    }

    #[test]
    fn the_form_is_what_the_client_wants_most() {
        assert_eq!(chosen("", false), Some("application/sparql-results+json"));
        assert_eq!(chosen("*/*", true), Some("text/turtle"));
        assert_eq!(chosen("text/csv", false), Some("text/csv"));
        assert_eq!(chosen("text/*;q=0.5, application/json;q=0.4", false), Some("text/csv"));
        assert_eq!(
            chosen("application/sparql-results+xml;q=0.9, */*;q=0.1", false),
            Some("application/sparql-results+xml")
        );
        assert_eq!(chosen("text/csv;q=0, */*", false), Some("application/sparql-results+json"));
        assert_eq!(chosen("application/ld+json", true), Some("application/ld+json"));
        assert_eq!(chosen("image/png", false), None);
        assert_eq!(chosen("text/turtle", false), None);
        assert_eq!(choose("text/csv", false, true), None);
    }
}
