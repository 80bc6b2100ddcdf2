//! Queries with a name: `ontology/queries/*.rq`.
//!
//! A file begins with comment lines that describe its result:
//!
//! ```text
//! # title: What somebody says
//! # description: Statements that a source makes, with their sentences.
//! # param: who = Smith
//! # param: limit = 100
//! ```
//!
//! `{{who}}` in the text is replaced by a string literal, `{{limit|integer}}` by digits,
//! `{{what|iri}}` by an IRI; a value cannot change the query around it. Without `= default` a
//! parameter must be given.

use crate::error::{Error, Result};
use crate::export::iri::Iri;
use crate::resource::Resources;

const FOLDER: &str = "ontology/queries/";

/// A query with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedQuery {
    /// File name without suffix: `who-met-whom`.
    pub name: String,
    /// What it gives, in some words.
    pub title: String,
    /// What it gives, in a sentence.
    pub description: String,
    /// What can be asked for.
    pub params: Vec<Param>,
    /// SPARQL with placeholders.
    text: String,
}

/// A parameter of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its value if none is given.
    pub default: Option<String>,
}

/// All named queries, by name.
///
/// # Errors
/// [`Error::Rule`] when a file has no title or is not as this page says.
pub fn all(resources: &Resources) -> Result<Vec<NamedQuery>> {
    let files = resources.list(FOLDER)?;
    let queries = files.iter().filter(|file| file.ends_with(".rq"));
    queries.map(|file| NamedQuery::parse(file, &resources.text(file)?)).collect()
}

/// The query of a name.
///
/// # Errors
/// [`Error::Usage`] with the names that exist; those of [`all`].
pub fn find(resources: &Resources, name: &str) -> Result<NamedQuery> {
    let queries = all(resources)?;
    let names: Vec<String> = queries.iter().map(|query| query.name.clone()).collect();
    queries
        .into_iter()
        .find(|query| query.name == name)
        .ok_or_else(|| Error::Usage(format!("no query {name:?}; there are {}", names.join(", "))))
}

impl NamedQuery {
    /// Reads a query file; `file` is its resource name.
    ///
    /// # Errors
    /// [`Error::Rule`] with the line.
    pub fn parse(file: &str, text: &str) -> Result<Self> {
        let name = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".rq").to_owned();
        let (mut title, mut description) = (String::new(), String::new());
        let mut params: Vec<Param> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let Some(comment) = line.strip_prefix('#') else { break };
            let Some((key, value)) = comment.split_once(':') else { continue };
            let value = value.trim();
            match key.trim() {
                "title" => value.clone_into(&mut title),
                "description" => value.clone_into(&mut description),
                "param" => {
                    let (name, default) = match value.split_once('=') {
                        Some((name, default)) => (name.trim(), Some(default.trim().to_owned())),
                        None => (value, None),
                    };
                    params.push(Param { name: name.to_owned(), default });
                }
                other => {
                    let cause = format!("{other:?}, expected title, description or param");
                    return Err(Error::rule(file, number, cause));
                }
            }
        }
        if title.is_empty() {
            return Err(Error::rule(file, 1, "no title, expected a line \"# title: ...\""));
        }
        let query = Self { name, title, description, params, text: text.to_owned() };
        for (line, placeholder) in query.placeholders() {
            let name = placeholder.split('|').next().unwrap_or_default();
            if !query.params.iter().any(|param| param.name == name) {
                let cause = format!("{{{{{placeholder}}}}} has no line \"# param: {name}\"");
                return Err(Error::rule(file, line, cause));
            }
        }
        Ok(query)
    }

    /// The insides of `{{…}}`, with their lines.
    fn placeholders(&self) -> Vec<(u64, &str)> {
        let mut found = Vec::new();
        for (line, text) in (1..).zip(self.text.lines()) {
            let mut parts = text.split("{{").skip(1);
            found.extend(parts.by_ref().filter_map(|p| Some((line, p.split_once("}}")?.0))));
        }
        found
    }

    /// The query with its parameters filled in.
    ///
    /// # Errors
    /// [`Error::Usage`] when a parameter does not exist, is missing, or is not of its kind.
    pub fn text(&self, values: &[(String, String)]) -> Result<String> {
        for (name, _) in values {
            if !self.params.iter().any(|param| param.name == *name) {
                let names: Vec<&str> = self.params.iter().map(|p| p.name.as_str()).collect();
                let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                let query = &self.name;
                let cause = format!("query {query} has no parameter {name:?}; it has: {known}");
                return Err(Error::Usage(cause));
            }
        }
        let mut text = String::new();
        let mut rest = self.text.as_str();
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((placeholder, after)) = after.split_once("}}") else { break };
            text.push_str(before);
            text.push_str(&self.fill(placeholder, values)?);
            rest = after;
        }
        text.push_str(rest);
        Ok(text)
    }

    fn fill(&self, placeholder: &str, values: &[(String, String)]) -> Result<String> {
        let (name, kind) = placeholder.split_once('|').unwrap_or((placeholder, "string"));
        let given = values.iter().rev().find(|(n, _)| n == name).map(|(_, value)| value);
        let default = self.params.iter().find(|p| p.name == name).and_then(|p| p.default.as_ref());
        let Some(value) = given.or(default) else {
            return Err(Error::Usage(format!("query {} needs the parameter {name}", self.name)));
        };
        let refuse = || Error::Usage(format!("parameter {name}: {value:?} is no {kind}"));
        match kind {
            "integer" => value.parse::<u32>().map(|n| n.to_string()).map_err(|_| refuse()),
            "iri" => Iri::parse(value).map(|iri| format!("<{iri}>")).ok_or_else(refuse),
            _ => Ok(string_literal(value)),
        }
    }
}

/// A SPARQL string literal.
fn string_literal(value: &str) -> String {
    let mut literal = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            '\n' | '\r' | '\t' => literal.push(' '),
            c if c.is_control() => {}
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> NamedQuery {
        NamedQuery::parse("ontology/queries/q.rq", text).unwrap()
    }

    #[test]
    fn values_cannot_break_out_of_their_place() {
        let query =
            query("# title: t\n# param: a = x\n# param: n = 3\nASK { {{a}} {{n|integer}} }");
        assert!(query.text(&[]).unwrap().ends_with("ASK { \"x\" 3 }"));
        let values = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        let text = query.text(&values("a", "\\\" } {{n}} #\n")).unwrap();
        assert!(text.ends_with("ASK { \"\\\\\\\" } {{n}} # \" 3 }"), "{text}");
        assert!(query.text(&values("n", "3 } ; DROP ALL")).is_err());
        assert!(query.text(&values("b", "")).is_err());
    }

    #[test]
    fn a_missing_parameter_is_named() {
        let query = query("# title: t\n# param: who\nASK { {{who|iri}} }");
        let error = query.text(&[]).unwrap_err().to_string();
        assert_eq!(error, "query q needs the parameter who");
        assert!(query.text(&[("who".to_owned(), "a b".to_owned())]).is_err());
    }

    #[test]
    fn a_placeholder_without_parameter_is_refused_with_its_line() {
        let error = NamedQuery::parse("q.rq", "# title: t\nASK {\n {{a}} }").unwrap_err();
        assert!(error.to_string().starts_with("q.rq:3: "), "{error}");
        assert!(NamedQuery::parse("q.rq", "ASK {}").is_err());
    }
}
