//! Constructions of grammar that state a relation, and the property of each:
//! `rules/constructions.toml`.

use crate::error::{Faults, Result};
use crate::ontology::{Ontology, PropertyId};
use crate::resource::entries::{AllowedKeys, LEAF, TomlFile};
use crate::resource::lexicon::Whereabouts;
use crate::resource::{Resources, line_of};
use crate::statement::AttributeKind;

const FILE: &str = "rules/constructions.toml";

macro_rules! constructions {
    ($($(#[$doc:meta])* $name:ident $text:literal,)*) => {
        /// A construction of grammar that states a relation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Construction { $($(#[$doc])* $name,)* }

        impl Construction {
            /// All.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name in rules and evidence.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }

        const KEYS: AllowedKeys = AllowedKeys(&[$(($text, LEAF),)*]);
    };
}

constructions! {
    /// "Norvik *chief executive* Liv Dahl": an office in a body.
    Affiliation "affiliation",
    /// "Mara Voss, 34".
    Age "age",
    /// "the World Kite Union (WKU)".
    Alias "alias",
    /// "Mara Voss, a potter".
    Apposition "apposition",
    /// "Mara Voss is a potter".
    Copula "copula",
    /// "six boats".
    Count "count",
    /// "the Estavian ministry".
    DemonymOrganization "demonym_organization",
    /// "the Estavian guest Mara Voss".
    DemonymPerson "demonym_person",
    /// "the Estavian port".
    DemonymPlace "demonym_place",
    /// "the mill in Lisbon".
    Location "location",
    /// "the mayor denied that ...".
    Denial "speech_denial",
    /// "guild member Mara Voss".
    Membership "membership",
    /// "Norvik, a unit of Meridian".
    Of "of",
    /// "the roof of the mill".
    Part "part",
    /// "the abbot's boat".
    Possessive "possessive",
    /// "the mill near the river".
    Proximity "proximity",
    /// "the mayor said ...".
    Speech "speech",
    /// "the mill outside Lisbon".
    Surroundings "surroundings",
    /// "Mayor Mara Voss".
    Title "title",
    /// "guild spokeswoman Mara Voss".
    TitleSpokesperson "title_spokesperson",
}

impl Construction {
    /// The attribute that the construction gives, if what it says is worth no statement.
    pub(crate) fn attribute(self) -> Option<AttributeKind> {
        match self {
            Self::Count => Some(AttributeKind::Count),
            Self::DemonymOrganization | Self::DemonymPerson | Self::DemonymPlace => {
                Some(AttributeKind::Country)
            }
            Self::Location => Some(AttributeKind::LocatedIn),
            Self::Part => Some(AttributeKind::PartOf),
            Self::Possessive => Some(AttributeKind::Possessor),
            Self::Proximity | Self::Surroundings => Some(AttributeKind::Near),
            Self::Affiliation
            | Self::Age
            | Self::Alias
            | Self::Apposition
            | Self::Copula
            | Self::Denial
            | Self::Membership
            | Self::Of
            | Self::Speech
            | Self::Title
            | Self::TitleSpokesperson => None,
        }
    }

    /// The construction of a place behind a preposition.
    pub(crate) fn of(whereabouts: Whereabouts) -> Self {
        match whereabouts {
            Whereabouts::At => Self::Location,
            Whereabouts::Near => Self::Proximity,
            Whereabouts::Beside => Self::Surroundings,
        }
    }
}

/// The properties of the constructions, as the file maps them.
#[derive(Clone, Debug, Default)]
pub struct Constructions {
    /// In the order of [`Construction::ALL`].
    properties: Vec<Option<PropertyId>>,
}

impl Constructions {
    /// Reads the file. What it maps to a property that the user's ontology lacks is left out and
    /// noted in `left_out`, unless the file is the user's own.
    ///
    /// # Errors
    /// [`Error::Rule`](crate::Error::Rule) with the line of an unknown construction or property.
    pub(super) fn load(
        resources: &Resources,
        ontology: &Ontology,
        left_out: &mut Vec<String>,
    ) -> Result<Self> {
        let mut faults = Faults::default();
        let mut properties = vec![None; Construction::ALL.len()];
        let text = resources.text(FILE)?;
        if let Some(file) = TomlFile::parse(FILE, &text, &KEYS, &mut faults) {
            for (at, name, property) in file.words(&mut faults) {
                let number = Construction::ALL.iter().position(|one| one.as_str() == name);
                match (number, ontology.property(&property)) {
                    (None, _) => {} // noted as an unknown key
                    (Some(number), Some(property)) => properties[number] = Some(property),
                    _ if !resources.is_own(FILE) && ontology.lacks_property(&property) => {
                        left_out.push(name);
                    }
                    _ => {
                        let line = line_of(&text, at);
                        let cause = format!("{name}: {}", ontology.no_property(&property));
                        faults.rule(FILE, line, cause);
                    }
                }
            }
        }
        faults.or(Self { properties })
    }

    /// The property of a construction, if the file maps it.
    pub fn property(&self, construction: Construction) -> Option<PropertyId> {
        self.properties.get(construction as usize).copied().flatten()
    }
}
