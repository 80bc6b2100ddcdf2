//! What the program has to know of a class or property, whatever an ontology calls it.

use crate::error::did_you_mean;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $text:literal $(below $parent:ident)?,)*) => {
        /// What the program has to know of a class: `ng:kind` in the ontology.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// All, the more general ones first.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// As the ontology writes it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What everything of the kind is as well.
            pub fn parent(self) -> Option<Self> {
                match self {
                    $($(Self::$name => Some(Self::$parent),)?)*
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    /// What everything is that nothing more is known of.
    Thing "thing",
    /// Who or what acts.
    Agent "agent" below Thing,
    /// Somebody.
    Person "person" below Agent,
    /// Several meant together.
    Group "group" below Agent,
    /// A nation, an ethnic group, a faith.
    People "people" below Group,
    /// A body with a name and a structure.
    Organization "organization" below Agent,
    /// A business.
    Company "company" below Organization,
    /// A body of a state: ministry, army, court.
    PublicBody "public body" below Organization,
    /// Any body whose name does not show what it is may be meant by the word for it ("the company",
    /// "the party").
    AnyBody "any body" below Organization,
    /// Somewhere.
    Place "place" below Thing,
    /// A state.
    Country "country" below Place,
    /// A part of a country or of the world.
    Region "region" below Place,
    /// Where people live: city, town, village.
    City "city" below Place,
    /// Land with water around it.
    Island "island" below Place,
    /// Africa, Asia.
    Continent "continent" below Place,
    /// What stands somewhere: a port, a plant.
    Facility "facility" below Place,
    /// What happens.
    Event "event" below Thing,
    /// What is made.
    Product "product" below Thing,
    /// What carries.
    Vehicle "vehicle" below Product,
    /// What harms.
    Weapon "weapon" below Product,
    /// Sums and currencies.
    Money "money",
    /// Days and hours; a time is of no class if the ontology has none for it.
    Time "time",
}

impl std::str::FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.iter().map(|kind| kind.as_str());
        let found = Self::ALL.iter().copied().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| format!("no kind {text:?}{}", did_you_mean(text, known())))
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u32);

impl Kinds {
    /// True if there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True if the kind is among them.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u32 != 0
    }

    /// Adds a kind.
    pub fn insert(&mut self, kind: Kind) {
        self.0 |= 1 << kind as u32;
    }

    /// The narrower ones first.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().rev().copied().filter(move |&kind| self.contains(kind))
    }
}

impl FromIterator<Kind> for Kinds {
    /// The kinds and all that they imply.
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        let mut all = Self::default();
        for kind in kinds {
            for kind in std::iter::successors(Some(kind), |kind| kind.parent()) {
                all.insert(kind);
            }
        }
        all
    }
}

/// What the program has to know of a property: `ng:kind` in the ontology.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyKind {
    /// The years that somebody has lived.
    Age,
    /// Who is at the head of a body.
    Leads,
}

impl PropertyKind {
    const ALL: [(&str, Self); 2] = [("age", Self::Age), ("leads", Self::Leads)];
}

impl std::str::FromStr for PropertyKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text);
        let known = || Self::ALL.iter().map(|(name, _)| *name);
        found
            .map(|&(_, meaning)| meaning)
            .ok_or_else(|| format!("no kind {text:?}{}", did_you_mean(text, known())))
    }
}
