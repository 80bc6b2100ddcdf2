//! Answers of queries as Arrow, with the types of their values.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, RecordBatchOptions,
    StringArray,
};
use arrow_schema::{ArrowError, Field, Schema};
use oxigraph::model::Term;

use super::Results;
use super::results::short;
use crate::export::iri::Namespace;
use crate::export::tables::days_since_1970;

impl Results {
    /// The rows as a record batch, a column a variable; of a graph the columns `subject`, `predicate`, `object`; of a
    /// yes or no the column `answer`.
    ///
    /// A column whose values are all numbers, days, or true and false, has that type. Others are text: IRIs of the
    /// project and of well-known vocabularies with their prefix (`e:ines-carvalho`, as in the tables), literals
    /// without type and language.
    ///
    /// # Errors
    /// None that is known: columns have equal lengths.
    pub fn to_batch(&self) -> Result<RecordBatch, ArrowError> {
        let (names, columns): (Vec<String>, Vec<Vec<Option<Term>>>) = match self {
            Self::Rows { variables, rows, .. } => {
                let column = |at| rows.iter().map(|row| row.get(at).cloned().flatten()).collect();
                (variables.clone(), (0..variables.len()).map(column).collect())
            }
            Self::Graph { triples, .. } => {
                let subjects = triples.iter().map(|it| Some(it.subject.clone().into())).collect();
                let predicates = triples.iter().map(|it| Some(it.predicate.clone().into()));
                let objects = triples.iter().map(|it| Some(it.object.clone())).collect();
                let names = ["subject", "predicate", "object"].map(str::to_owned);
                (names.to_vec(), vec![subjects, predicates.collect(), objects])
            }
            Self::Boolean(answer) => {
                let answer = Some(oxigraph::model::Literal::from(*answer).into());
                (vec!["answer".to_owned()], vec![vec![answer]])
            }
        };
        let n_rows = match self {
            Self::Boolean(_) => 1,
            _ => self.len(),
        };
        let arrays: Vec<ArrayRef> = columns.iter().map(|terms| array(terms)).collect();
        let fields = names.iter().zip(&arrays);
        let fields = fields.map(|(name, it)| Field::new(name, it.data_type().clone(), true));
        let schema = Schema::new(fields.collect::<Vec<_>>());
        let options = RecordBatchOptions::new().with_row_count(Some(n_rows));
        RecordBatch::try_new_with_options(Arc::new(schema), arrays, &options)
    }
}

fn array(terms: &[Option<Term>]) -> ArrayRef {
    let all = |types: &[&str]| {
        let mut bound = terms.iter().flatten().peekable();
        bound.peek().is_some()
            && bound.all(|term| datatype(term).is_some_and(|it| types.contains(&it)))
    };
    let integers = ["integer", "int", "long", "nonNegativeInteger"];
    let numbers = ["integer", "int", "long", "nonNegativeInteger", "decimal", "double", "float"];
    let array: Option<ArrayRef> = if all(&integers) {
        parsed(terms, |it| it.parse().ok()).map(|it| Arc::new(Int64Array::from(it)) as _)
    } else if all(&numbers) {
        parsed(terms, |it| it.parse().ok()).map(|it| Arc::new(Float64Array::from(it)) as _)
    } else if all(&["boolean"]) {
        let boolean = |it: &str| match it {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        };
        parsed(terms, boolean).map(|it| Arc::new(BooleanArray::from(it)) as _)
    } else if all(&["date"]) {
        let day = |it: &str| days_since_1970(it.parse().ok()?);
        parsed(terms, day).map(|it| Arc::new(Date32Array::from(it)) as _)
    } else {
        None
    };
    let text = || {
        let texts = terms.iter().map(|term| term.as_ref().map(short));
        Arc::new(StringArray::from_iter(texts)) as ArrayRef
    };
    array.unwrap_or_else(text)
}

/// The values, unless one of them is none of the type after all.
fn parsed<T>(terms: &[Option<Term>], parse: impl Fn(&str) -> Option<T>) -> Option<Vec<Option<T>>> {
    let value = |term: &Option<Term>| match term {
        Some(Term::Literal(literal)) => parse(literal.value()).map(Some),
        Some(_) => None,
        None => Some(None),
    };
    terms.iter().map(value).collect()
}

/// The local name of the datatype of XML Schema.
fn datatype(term: &Term) -> Option<&str> {
    let Term::Literal(literal) = term else { return None };
    literal.datatype().as_str().strip_prefix(Namespace::Xsd.as_str())
}

#[cfg(test)]
mod tests {
    use arrow_schema::DataType;

    use super::super::{Limits, Store};

    #[test]
    fn columns_have_the_types_of_their_values() {
        let turtle = "@prefix ng: <https://w3id.org/newsgraph/ns#> . \
            @prefix e: <https://w3id.org/newsgraph/entity/> . \
            e:a ng:n 3 ; ng:x 0.5 ; ng:d \"2025-03-06\"^^<http://www.w3.org/2001/XMLSchema#date> ; ng:b true .";
        let store = Store::from_turtle_text("a.ttl", turtle).unwrap();
        let types = |query: &str| {
            let batch = store.query(query, Limits::default()).unwrap().to_batch().unwrap();
            let fields = batch.schema().fields().clone();
            (fields.iter().map(|it| it.data_type().clone()).collect::<Vec<_>>(), batch.num_rows())
        };
        let (found, n) =
            types("SELECT * { ?e ng:n ?n ; ng:x ?x ; ng:d ?d ; ng:b ?b OPTIONAL { ?e ng:no ?z } }");
        assert_eq!(n, 1);
        for wanted in [DataType::Int64, DataType::Float64, DataType::Date32, DataType::Boolean] {
            assert!(found.contains(&wanted), "{wanted}");
        }
        assert_eq!(found.iter().filter(|it| **it == DataType::Utf8).count(), 2);
        assert_eq!(types("SELECT ?e { ?e ng:none ?n }"), (vec![DataType::Utf8], 0));
        assert_eq!(types("CONSTRUCT WHERE { ?e ng:n ?n }").1, 1);
        assert_eq!(types("ASK { ?e ng:n 3 }"), (vec![DataType::Boolean], 1));
    }
}
