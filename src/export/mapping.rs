//! What classes and relations are called in the schemas of other tools: `rules/export/*.tsv`.
//!
//! The tables name classes and properties of the ontology inside the program, and kinds. For an
//! ontology of the user's own a class without a row is what the nearest class above it is, else what
//! its kind is; a relation without a row is what the relation above it is, else nothing in particular.

use crate::error::{Faults, Result};
use crate::ontology::{ClassId, Ontology, PropertyId};
use crate::resource::{Resources, Table};

/// A schema that things and relations are mapped to, by its column in `classes.tsv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Schema {
    FollowTheMoney,
    Stix,
    I2,
}

impl Schema {
    /// What a thing is if no row says more.
    fn generic(self) -> &'static str {
        match self {
            Self::FollowTheMoney => "Note",
            Self::Stix => "identity:unknown",
            Self::I2 => "Entity",
        }
    }
}

/// The mappings to other schemas, by the ids of an ontology.
#[derive(Clone, Debug, Default)]
pub struct Mappings {
    /// As [`Schema`] orders them; empty cells say nothing.
    classes: Vec<[String; 3]>,
    money: Vec<Option<MoneyRelation>>,
    wikidata: Vec<Option<WikidataRelation>>,
    wikidata_terms: WikidataTerms,
}

/// A relation in the schema of FollowTheMoney.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MoneyRelation {
    /// Empty: what the fact says in words is the property [`MoneyRelation::subject`] of its subject.
    pub(super) schema: String,
    /// The property that holds the subject, and the schemas that it may have.
    pub(super) subject: (String, Vec<String>),
    /// The property that holds the object, and the schemas that it may have.
    pub(super) object: (String, Vec<String>),
}

/// A relation in Wikidata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WikidataRelation {
    /// "P108"
    pub(super) property: String,
    /// True if subject and object change sides.
    pub(super) inverse: bool,
}

/// Properties of qualifiers and references; empty: none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct WikidataTerms {
    pub(super) time: String,
    pub(super) url: String,
    pub(super) published: String,
    pub(super) title: String,
}

impl Mappings {
    /// Reads the tables.
    ///
    /// # Errors
    /// [`Error::Rule`](crate::Error::Rule) with the line of a row that is not what its format says.
    pub fn load(resources: &Resources, ontology: &Ontology) -> Result<Self> {
        let mut faults = Faults::default();
        let mut mappings = Self::default();
        if let Some(table) = faults.take(resources.table("rules/export/classes.tsv")) {
            mappings.classes = classes(&table, ontology, &mut faults);
        }
        if let Some(table) = faults.take(resources.table("rules/export/ftm.tsv")) {
            mappings.money = money(&table, ontology, &mut faults);
        }
        if let Some(table) = faults.take(resources.table("rules/export/wikidata.tsv")) {
            (mappings.wikidata, mappings.wikidata_terms) = wikidata(&table, ontology, &mut faults);
        }
        faults.or(mappings)
    }

    /// What things of a class are in a schema.
    pub(super) fn class(&self, schema: Schema, class: ClassId) -> &str {
        let row = self.classes.get(usize::from(class.0));
        let cell = row.map(|row| row[schema as usize].as_str()).filter(|cell| !cell.is_empty());
        cell.unwrap_or(schema.generic())
    }

    /// What a relation is in FollowTheMoney.
    pub(super) fn money(&self, property: Option<PropertyId>) -> Option<&MoneyRelation> {
        self.money.get(usize::from(property?.0))?.as_ref()
    }

    /// What a relation is in Wikidata.
    pub(super) fn wikidata(&self, property: Option<PropertyId>) -> Option<&WikidataRelation> {
        self.wikidata.get(usize::from(property?.0))?.as_ref()
    }

    /// Properties of qualifiers and references in Wikidata.
    pub(super) fn wikidata_terms(&self) -> &WikidataTerms {
        &self.wikidata_terms
    }
}

fn classes(table: &Table, ontology: &Ontology, faults: &mut Faults) -> Vec<[String; 3]> {
    let mut rows: Vec<(&str, [&str; 3])> = Vec::new();
    table.each(["class", "ftm", "stix", "i2"], faults, |[class, ftm, stix, i2]| {
        rows.push((class, [ftm, stix, i2]));
        Ok(())
    });
    let cell = |name: &str, schema: usize| {
        let row = rows.iter().find(|(class, cells)| *class == name && !cells[schema].is_empty());
        row.map(|(_, cells)| cells[schema])
    };
    let find = |class: ClassId, schema: usize| {
        let found = ontology.lineage(class).into_iter().find_map(|class| {
            let class = &ontology[class];
            let kinds = || class.own_kinds.iter().find_map(|kind| cell(kind.as_str(), schema));
            cell(&class.name, schema).or_else(kinds)
        });
        found.unwrap_or_default().to_owned()
    };
    let ids = (0..ontology.classes().len()).map(|index| ClassId(index as u16));
    ids.map(|class| [0, 1, 2].map(|schema| find(class, schema))).collect()
}

fn money(table: &Table, ontology: &Ontology, faults: &mut Faults) -> Vec<Option<MoneyRelation>> {
    let columns = ["property", "schema", "subject", "subject_schemas", "object", "object_schemas"];
    let mut rows = Vec::new();
    table.each(columns, faults, |[property, schema, subject, subjects, object, objects]| {
        let side = |property: &str, schemas: &str| {
            let schemas = schemas.split('|').filter(|schema| !schema.is_empty());
            (property.to_owned(), schemas.map(str::to_owned).collect())
        };
        let (schema, subject) = (schema.to_owned(), side(subject, subjects));
        rows.push((property, MoneyRelation { schema, subject, object: side(object, objects) }));
        Ok(())
    });
    by_property(&rows, ontology)
}

fn wikidata(
    table: &Table,
    ontology: &Ontology,
    faults: &mut Faults,
) -> (Vec<Option<WikidataRelation>>, WikidataTerms) {
    let mut rows = Vec::new();
    let mut terms = WikidataTerms::default();
    let columns = ["property", "wikidata", "direction"];
    table.each_beside(columns, &["label"], faults, |[property, wikidata, direction]| {
        let inverse = match direction {
            "" => false,
            "inverse" => true,
            _ => return Err(format!("direction {direction:?} is neither empty nor inverse")),
        };
        let number = wikidata.strip_prefix('P').unwrap_or_default();
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("{wikidata:?} is no property like P108"));
        }
        let wikidata = wikidata.to_owned();
        match property {
            "=time" => terms.time = wikidata,
            "=url" => terms.url = wikidata,
            "=published" => terms.published = wikidata,
            "=title" => terms.title = wikidata,
            _ => rows.push((property, WikidataRelation { property: wikidata, inverse })),
        }
        Ok(())
    });
    (by_property(&rows, ontology), terms)
}

/// The row of each property, or of the nearest one above it.
fn by_property<R: Clone>(rows: &[(&str, R)], ontology: &Ontology) -> Vec<Option<R>> {
    fn find<R: Clone>(rows: &[(&str, R)], ontology: &Ontology, id: PropertyId) -> Option<R> {
        let property = &ontology[id];
        let row = rows.iter().find(|(name, _)| *name == property.name);
        row.map(|(_, row)| row.clone())
            .or_else(|| property.parents.iter().find_map(|&above| find(rows, ontology, above)))
    }
    let ids = (0..ontology.properties().len()).map(|index| PropertyId(index as u16));
    ids.map(|id| find(rows, ontology, id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_what_the_ontology_has() {
        let resources = Resources::embedded();
        let ontology = resources.ontology().unwrap();
        let mappings = Mappings::load(&resources, &ontology).unwrap();
        let mut faults = Faults::default();
        let is_kind = |name: &str| name.parse::<crate::ontology::Kind>().is_ok();
        resources.table("rules/export/classes.tsv").unwrap().each_beside(
            ["class"],
            &["ftm", "stix", "i2"],
            &mut faults,
            |[class]| match ontology.class(class).is_some() || is_kind(class) {
                true => Ok(()),
                false => Err(format!("no class {class}")),
            },
        );
        for (table, beside) in [
            ("ftm", &["schema", "subject", "subject_schemas", "object", "object_schemas"][..]),
            ("wikidata", &["wikidata", "label", "direction"]),
        ] {
            let table = resources.table(&format!("rules/export/{table}.tsv")).unwrap();
            table.each_beside(["property"], beside, &mut faults, |[property]| {
                match property.starts_with('=') || ontology.property(property).is_some() {
                    true => Ok(()),
                    false => Err(format!("no property {property}")),
                }
            });
        }
        faults.or(()).unwrap();
        let class = |name: &str, schema| mappings.class(schema, ontology.class(name).unwrap());
        assert_eq!(class("Person", Schema::FollowTheMoney), "Person");
        assert_eq!(class("Bank", Schema::FollowTheMoney), "Company");
        assert_eq!(class("Ship", Schema::Stix), "identity:unknown");
        assert_eq!(class("Alliance", Schema::I2), "Organization");
    }

    #[test]
    fn an_ontology_of_ones_own_is_mapped_by_its_kinds() {
        let turtle = "@prefix ng: <https://w3id.org/newsgraph/ns#> .
            @prefix owl: <http://www.w3.org/2002/07/owl#> .
            @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
            ng:Sailor a owl:Class ; rdfs:label \"sailor\" ; ng:kind \"person\" .
            ng:Cook a owl:Class ; rdfs:label \"cook\" ; rdfs:subClassOf ng:Sailor .
            ng:Song a owl:Class ; rdfs:label \"song\" .
            ng:sang a owl:ObjectProperty ; rdfs:label \"sing\" .";
        let ontology = Ontology::read("own.ttl", turtle).unwrap();
        let mappings = Mappings::load(&Resources::embedded(), &ontology).unwrap();
        let class = |name: &str| {
            mappings.class(Schema::FollowTheMoney, ontology.class(name).unwrap()).to_owned()
        };
        assert_eq!([class("Cook"), class("Song")], ["Person", "Note"]);
        assert_eq!(mappings.money(ontology.property("sang")), None);
    }
}
