//! What exists: the classes and properties of `ontology/newsgraph.ttl`, or of the user's own file.
//!
//! Comes in as Turtle (RDFS and a little OWL: label, comment, subclass, subproperty, domain, range,
//! inverse, symmetric), goes out as two tables with ids. A domain or range that is repeated is a
//! choice, not an intersection: "a person or an organization". Left out: everything that needs a
//! reasoner.
//!
//! What the program itself has to know of a class or property, whatever it is called, is its
//! [`Kind`] or [`PropertyKind`], the annotation `ng:kind`: which class a person is of, which are places,
//! which property states an age. Tables that name classes ([`Ontology::named`]) go with any ontology:
//! what one of one's own does not have is stood in for by the nearest class that it has.

mod kind;
mod turtle;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::error::{Result, did_you_mean};

pub use kind::{Kind, Kinds, PropertyKind};

/// Namespace of classes and properties, prefix `ng:`.
pub const NAMESPACE: &str = "https://w3id.org/newsgraph/ns#";

/// A class of the ontology.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClassId(pub u16);

/// A property of the ontology.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PropertyId(pub u16);

/// A kind of thing.
#[derive(Clone, Debug, Default)]
pub struct Class {
    /// Local name in [`NAMESPACE`]: `Person`.
    pub name: String,
    /// English label.
    pub label: String,
    /// Direct superclasses in this ontology.
    pub parents: Vec<ClassId>,
    /// Superclasses and equivalents elsewhere (schema.org), as IRIs.
    pub external: Vec<String>,
    /// Kinds that this class itself stands for (`ng:kind`).
    pub own_kinds: Kinds,
    /// Names of narrower classes that tables distinguish and this ontology does not (`ng:covers`).
    pub covers: Vec<String>,
    /// Kinds that all of its things are of: its own, those of classes above, and what these imply.
    kinds: Kinds,
}

/// A relation between things.
#[derive(Clone, Debug, Default)]
pub struct Property {
    /// Local name in [`NAMESPACE`]: `visited`.
    pub name: String,
    /// Base-form phrase: "visit".
    pub label: String,
    /// Direct superproperties in this ontology.
    pub parents: Vec<PropertyId>,
    /// Classes of the subject, any of them; empty: any thing.
    pub domain: Vec<ClassId>,
    /// Classes of the object, any of them; empty: any thing or literal.
    pub range: Vec<ClassId>,
    /// The inverse property.
    pub inverse: Option<PropertyId>,
    /// True if it holds both ways.
    pub symmetric: bool,
    /// What the program has to know of it (`ng:kind`).
    pub meaning: Option<PropertyKind>,
    /// Verbs in base form whose nouns express it (`ng:verb`): of "a visit" the label says "visit".
    pub verbs: Vec<String>,
    /// Code in the event scheme CAMEO: "042".
    pub cameo: Option<String>,
    /// Event type of the scheme PLOVER: "CONSULT".
    pub plover: Option<String>,
}

/// The classes and properties that statements use.
#[derive(Clone, Debug)]
pub struct Ontology {
    classes: Vec<Class>,
    properties: Vec<Property>,
    class_ids: FxHashMap<String, ClassId>,
    property_ids: FxHashMap<String, PropertyId>,
    /// Narrower names, and the class that covers them.
    covered: FxHashMap<String, ClassId>,
    /// The first class that stands for a kind, in the order of ids.
    of_kind: FxHashMap<Kind, ClassId>,
    thing: ClassId,
    /// The ontology inside the program, if this is another.
    default: Option<Box<Ontology>>,
}

/// A class as a table names it, and what the ontology has for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedClass {
    /// The name in the table.
    pub name: String,
    /// The class of that name, or the nearest one; `None` if only the top would be left.
    pub id: Option<ClassId>,
    own: Kinds,
    all: Kinds,
}

impl NamedClass {
    /// True if whatever is of the class is of the kind.
    pub fn is(&self, kind: Kind) -> bool {
        self.all.contains(kind)
    }

    /// True if the class itself, and not one above it, stands for the kind.
    pub fn stands_for(&self, kind: Kind) -> bool {
        self.own.contains(kind)
    }
}

impl Ontology {
    /// Reads an ontology from Turtle.
    ///
    /// Classes are the `owl:Class` and `rdfs:Class` resources in [`NAMESPACE`], properties the
    /// `owl:ObjectProperty`, `owl:DatatypeProperty` and `rdf:Property` ones. `file` is named in
    /// errors. If no class is of the kind `thing`, a class `Thing` is added, which is what
    /// everything is that nothing more is known of.
    ///
    /// # Errors
    /// [`Error::Ontology`](crate::Error::Ontology) when the Turtle is broken, when it has no class or
    /// property in [`NAMESPACE`], when one is used but not defined, lacks a label, is of an unknown
    /// kind, or stands above itself.
    pub fn read(file: &str, turtle: &str) -> Result<Self> {
        let (classes, properties) = turtle::read(file, turtle)?;
        Ok(Self::new(classes, properties))
    }

    /// This ontology in place of the one inside the program: tables may go on to name the classes of
    /// the latter, and a class that has the name of one of these and no kind of its own is of its
    /// kinds; properties likewise.
    #[must_use]
    pub fn in_place_of(self, default: Ontology) -> Self {
        let Self { mut classes, mut properties, .. } = self;
        for class in &mut classes {
            if let Some(same) = default.class(&class.name)
                && class.own_kinds.is_empty()
            {
                class.own_kinds = default[same].own_kinds;
            }
        }
        for property in &mut properties {
            let same = default.property(&property.name);
            let meaning = same.and_then(|same| default[same].meaning);
            property.meaning = property.meaning.or(meaning);
        }
        Self { default: Some(Box::new(default)), ..Self::new(classes, properties) }
    }

    /// True if it stands in place of the ontology inside the program.
    pub fn is_own(&self) -> bool {
        self.default.is_some()
    }

    fn new(mut classes: Vec<Class>, properties: Vec<Property>) -> Self {
        if !classes.iter().any(|class| class.own_kinds.contains(Kind::Thing)) {
            top(&mut classes);
        }
        let ids = || (0..).map(ClassId);
        let mut covered = FxHashMap::default();
        let mut of_kind = FxHashMap::default();
        for (id, class) in ids().zip(&classes) {
            for name in &class.covers {
                covered.entry(name.clone()).or_insert(id);
            }
            for kind in class.own_kinds.iter() {
                of_kind.entry(kind).or_insert(id);
            }
        }
        let mut ontology = Self {
            class_ids: classes.iter().map(|class| class.name.clone()).zip(ids()).collect(),
            property_ids: (properties.iter().map(|property| property.name.clone()))
                .zip((0..).map(PropertyId))
                .collect(),
            thing: of_kind.get(&Kind::Thing).copied().unwrap_or(ClassId(0)),
            classes,
            properties,
            covered,
            of_kind,
            default: None,
        };
        for index in 0..ontology.classes.len() {
            let above = ontology.lineage(ClassId(index as u16));
            let kinds = above.iter().flat_map(|&id| ontology[id].own_kinds.iter());
            ontology.classes[index].kinds = kinds.collect();
        }
        ontology
    }

    /// All classes, in the order of their ids.
    pub fn classes(&self) -> &[Class] {
        &self.classes
    }

    /// All properties, in the order of their ids.
    pub fn properties(&self) -> &[Property] {
        &self.properties
    }

    /// Looks a class up by local name.
    pub fn class(&self, name: &str) -> Option<ClassId> {
        self.class_ids.get(name).copied()
    }

    /// Looks a property up by local name.
    pub fn property(&self, name: &str) -> Option<PropertyId> {
        self.property_ids.get(name).copied()
    }

    /// What everything is that nothing more is known of.
    pub fn thing(&self) -> ClassId {
        self.thing
    }

    /// The class that stands for a kind, or for the nearest kind above it but [`Kind::Thing`].
    pub fn of_kind(&self, kind: Kind) -> Option<ClassId> {
        let below_thing = |kind: &Kind| *kind != Kind::Thing;
        std::iter::successors(Some(kind), |kind| kind.parent())
            .take_while(below_thing)
            .find_map(|kind| self.of_kind.get(&kind).copied())
    }

    /// True if all things of the class are of the kind.
    pub fn is_kind(&self, class: ClassId, kind: Kind) -> bool {
        self[class].kinds.contains(kind)
    }

    /// The first property of a meaning.
    pub fn meaning(&self, meaning: PropertyKind) -> Option<PropertyId> {
        let found = self.properties.iter().position(|property| property.meaning == Some(meaning));
        found.map(|index| PropertyId(index as u16))
    }

    /// The class that a table names: of this ontology, or of the one inside the program and then the
    /// nearest class that this ontology has.
    ///
    /// # Errors
    /// The cause, with the nearest name, when neither has such a class.
    pub fn named(&self, name: &str) -> std::result::Result<NamedClass, String> {
        let of = |ontology: &Self, id: ClassId, stand_in: Option<ClassId>| NamedClass {
            name: name.to_owned(),
            id: stand_in,
            own: ontology[id].own_kinds,
            all: ontology[id].kinds,
        };
        if let Some(id) = self.class_or_cover(name) {
            return Ok(of(self, id, Some(id)));
        }
        let default = self.default.as_deref();
        let known = default.and_then(|default| Some((default, default.class_or_cover(name)?)));
        match known {
            Some((default, id)) => Ok(of(default, id, self.stand_in(default, id))),
            None => Err(self.no_class(name)),
        }
    }

    /// "no class ng:Persn, did you mean "Person"?"
    pub fn no_class(&self, name: &str) -> String {
        let own = self.classes.iter().map(|class| class.name.as_str());
        format!("no class ng:{name}{}", did_you_mean(name, own))
    }

    /// "no property ng:visted, did you mean "visited"?"
    pub fn no_property(&self, name: &str) -> String {
        let own = self.properties.iter().map(|property| property.name.as_str());
        format!("no property ng:{name}{}", did_you_mean(name, own))
    }

    /// True if the ontology inside the program has the class, and this one does not.
    pub fn lacks_class(&self, name: &str) -> bool {
        let default = self.default.as_deref();
        self.class(name).is_none() && default.is_some_and(|default| default.class(name).is_some())
    }

    /// As [`Ontology::lacks_class`], of properties.
    pub fn lacks_property(&self, name: &str) -> bool {
        let default = self.default.as_deref();
        self.property(name).is_none()
            && default.is_some_and(|default| default.property(name).is_some())
    }

    /// True if `class` is `ancestor` or below it.
    pub fn is_subclass(&self, class: ClassId, ancestor: ClassId) -> bool {
        class == ancestor
            || self[class].parents.iter().any(|&parent| self.is_subclass(parent, ancestor))
    }

    fn class_or_cover(&self, name: &str) -> Option<ClassId> {
        self.class(name).or_else(|| self.covered.get(name).copied())
    }

    /// The class itself and all above it, the nearest first.
    pub fn lineage(&self, class: ClassId) -> Vec<ClassId> {
        let mut all = vec![class];
        let mut at = 0;
        while let Some(&class) = all.get(at) {
            for &parent in &self[class].parents {
                if !all.contains(&parent) {
                    all.push(parent);
                }
            }
            at += 1;
        }
        all
    }

    /// The nearest class of this ontology to a class of another.
    fn stand_in(&self, other: &Self, class: ClassId) -> Option<ClassId> {
        let nearest = other.lineage(class).into_iter().find_map(|above| {
            let kinds = other[above].own_kinds;
            let of_kind = kinds.iter().filter(|kind| *kind != Kind::Thing);
            self.class(&other[above].name)
                .or_else(|| of_kind.filter_map(|kind| self.of_kind.get(&kind).copied()).next())
        });
        nearest.filter(|&nearest| nearest != self.thing)
    }
}

/// Gives the classes a top: `Thing`, if there is one, else a class of that name.
fn top(classes: &mut Vec<Class>) {
    const NAME: &str = "Thing";
    let at = classes.iter().position(|class| class.name == NAME).unwrap_or_else(|| {
        let (name, label) = (NAME.to_owned(), NAME.to_lowercase());
        classes.push(Class { name, label, ..Class::default() });
        classes.len() - 1
    });
    classes[at].own_kinds.insert(Kind::Thing);
}

impl std::ops::Index<ClassId> for Ontology {
    type Output = Class;

    fn index(&self, id: ClassId) -> &Class {
        &self.classes[id.0 as usize]
    }
}

impl std::ops::Index<PropertyId> for Ontology {
    type Output = Property;

    fn index(&self, id: PropertyId) -> &Property {
        &self.properties[id.0 as usize]
    }
}
