//! What the world is called: countries with their demonyms and capitals, cities, regions, bodies,
//! first names.
//!
//! Comes in as the tables of `ontology/gazetteer`, goes out as entries that are found by any of
//! their names, however written ([`super::fold`]). Left out: whatever only a text can say.

use rustc_hash::FxHashMap;

use super::fold::{self, key, without_possessive};
use super::{Resources, Table, one_of};
use crate::document::Label;
use crate::error::{Faults, Result};
use crate::ontology::{Kind, NamedClass, Ontology};

/// Acronyms of at most so many letters are told from words by their capitals alone.
const SHORT: usize = 3;

/// An entry of the gazetteer, from 0, in the order of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u32);

/// A thing that the gazetteer knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The name it goes by.
    pub name: String,
    /// Other names and acronyms.
    pub aliases: Vec<String>,
    /// Class of the ontology: `Country`, `City`, `InternationalOrganization`; or the nearest one.
    pub class: NamedClass,
    /// [`Label::Place`] or [`Label::Org`].
    pub label: Label,
    /// Wikidata item (`Q159`), if known.
    pub wikidata: Option<String>,
    /// Two-letter code of its country, if it has one; of countries their own.
    pub country: Option<String>,
    /// What it is part of, by name.
    pub part_of: Option<String>,
    /// Inhabitants; 0 if not known.
    pub population: u64,
    /// Where it lies: a point within it.
    pub coordinates: Option<Coordinates>,
}

/// A point on the globe, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coordinates {
    /// North of the equator.
    pub latitude: f64,
    /// East of Greenwich.
    pub longitude: f64,
}

impl Coordinates {
    /// Both cells of a row, or neither.
    fn parse(latitude: &str, longitude: &str) -> Result<Option<Self>, String> {
        if latitude.is_empty() && longitude.is_empty() {
            return Ok(None);
        }
        let degrees = |name: &str, cell: &str, limit: f64| {
            let number = cell.parse::<f64>().ok().filter(|it| (-limit..=limit).contains(it));
            number.ok_or_else(|| format!("{name} {cell:?} is no number from -{limit} to {limit}"))
        };
        let latitude = degrees("latitude", latitude, 90.0)?;
        let longitude = degrees("longitude", longitude, 180.0)?;
        Ok(Some(Self { latitude, longitude }))
    }
}

/// Grammatical gender of a first name or a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gender {
    /// "he"
    Masculine,
    /// "she"
    Feminine,
}

/// What a cell for the gender may hold; `u` is for either.
pub(super) const GENDERS: &[(&str, Option<Gender>)] =
    &[("f", Some(Gender::Feminine)), ("m", Some(Gender::Masculine)), ("u", None), ("", None)];

/// Whether a city is the capital of its country.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Capital {
    Yes,
    No,
}

/// What the world is called.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    entries: Vec<Entry>,
    names: FxHashMap<String, Vec<EntryId>>,
    adjectives: FxHashMap<String, EntryId>,
    people: FxHashMap<String, EntryId>,
    capitals: FxHashMap<String, EntryId>,
    codes: FxHashMap<String, EntryId>,
    first_names: FxHashMap<String, Option<Gender>>,
    longest: usize,
}

impl Gazetteer {
    /// Reads the tables of `ontology/gazetteer`.
    ///
    /// # Errors
    /// [`Error::Rule`](crate::Error::Rule) when a table is missing, lacks a column, or a cell is not what its format
    /// says.
    pub fn load(resources: &Resources, ontology: &Ontology) -> Result<Self> {
        Self::read(|name| resources.table(&format!("ontology/gazetteer/{name}")), ontology)
    }

    /// Reads the tables that `table` gives for their names (`countries.tsv`).
    ///
    /// # Errors
    /// As [`Gazetteer::load`].
    pub fn read(table: impl Fn(&str) -> Result<Table>, ontology: &Ontology) -> Result<Self> {
        let mut faults = Faults::default();
        let mut gazetteer = Self::default();
        let mut classes = Classes { ontology, known: FxHashMap::default() };
        gazetteer.add_countries(&table("countries.tsv")?, &mut classes, &mut faults);
        gazetteer.add_bodies(&table("bodies.tsv")?, &mut classes, &mut faults);
        let cities = table("cities.tsv")?;
        gazetteer.add_cities(&cities, Capital::Yes, &mut classes, &mut faults);
        gazetteer.add_regions(&table("regions.tsv")?, &mut classes, &mut faults);
        gazetteer.add_cities(&cities, Capital::No, &mut classes, &mut Faults::default());
        gazetteer.add_first_names(&table("first_names.tsv")?, &mut faults);
        faults.or(gazetteer)
    }

    /// The entry of an id.
    pub fn entry(&self, id: EntryId) -> &Entry {
        &self.entries[id.0 as usize]
    }

    /// All entries.
    pub fn entries(&self) -> impl Iterator<Item = (EntryId, &Entry)> {
        (0..).map(EntryId).zip(&self.entries)
    }

    /// All entries that bear the name: countries first, then bodies, capitals, regions, cities by
    /// size.
    pub fn find(&self, name: &str) -> &[EntryId] {
        self.names.get(&key(name)).map_or(&[], Vec::as_slice)
    }

    /// The entry that a news text most likely means by the name. Short acronyms stand in capitals:
    /// "Dr." is not "DR".
    pub fn best(&self, name: &str) -> Option<EntryId> {
        let letters = || without_possessive(name).chars().filter(|c| c.is_alphabetic());
        let is_word =
            letters().take(SHORT + 1).count() <= SHORT && letters().any(char::is_lowercase);
        let may_be = |id: &EntryId| !is_word || !self.is_acronym(*id, &key(name));
        self.find(name).iter().copied().find(may_be)
    }

    /// True if the entry's names with this key are all capitals.
    fn is_acronym(&self, id: EntryId, name: &str) -> bool {
        let entry = self.entry(id);
        let mut same =
            std::iter::once(&entry.name).chain(&entry.aliases).filter(|other| key(other) == name);
        same.all(|other| !other.chars().any(char::is_lowercase))
    }

    /// The country or region that an adjective belongs to: "Norwegian" gives Norway.
    pub fn adjective(&self, word: &str) -> Option<EntryId> {
        self.adjectives.get(&key(word)).copied()
    }

    /// The country or region whose people bear the name: "Norwegians" gives Norway.
    pub fn people(&self, word: &str) -> Option<EntryId> {
        self.people.get(&key(word)).copied()
    }

    /// The country of a capital.
    pub fn capital(&self, city: &str) -> Option<EntryId> {
        self.capitals.get(&key(city)).copied()
    }

    /// The country of a two-letter code.
    pub fn country(&self, code: &str) -> Option<EntryId> {
        self.codes.get(code).copied()
    }

    /// True if it is a first name of persons.
    pub fn is_first_name(&self, name: &str) -> bool {
        self.first_names.contains_key(&key(name))
    }

    /// The gender of a first name.
    pub fn gender(&self, first_name: &str) -> Option<Gender> {
        self.first_names.get(&key(first_name)).copied().flatten()
    }

    /// Most words in a name or adjective.
    pub fn longest(&self) -> usize {
        self.longest
    }

    fn add_countries(&mut self, table: &Table, classes: &mut Classes, faults: &mut Faults) {
        let columns = [
            "name",
            "aliases",
            "adjectives",
            "people",
            "capital",
            "iso2",
            "class",
            "wikidata",
            "part_of",
            "latitude",
            "longitude",
        ];
        table.each_beside(columns, &["iso3"], faults, |row| {
            let [name, aliases, adjectives, people, capital, iso2, class, wikidata, ..] = row;
            let [.., part_of, latitude, longitude] = row;
            let id = self.add(Entry {
                coordinates: Coordinates::parse(latitude, longitude)?,
                country: text(iso2),
                part_of: text(part_of),
                ..entry(name, aliases, classes.find(class)?, wikidata)
            });
            self.add_demonyms(id, adjectives, people);
            for capital in parts(capital) {
                self.capitals.entry(key(capital)).or_insert(id);
            }
            if !iso2.is_empty() {
                self.codes.insert(iso2.to_owned(), id);
            }
            Ok(())
        });
    }

    fn add_bodies(&mut self, table: &Table, classes: &mut Classes, faults: &mut Faults) {
        let columns = ["name", "aliases", "acronyms", "class", "country", "wikidata"];
        table.each(columns, faults, |[name, aliases, acronyms, class, country, wikidata]| {
            let mut body = entry(name, aliases, classes.find(class)?, wikidata);
            body.aliases.extend(parts(acronyms).map(str::to_owned));
            body.country = text(country);
            self.add(body);
            Ok(())
        });
    }

    fn add_regions(&mut self, table: &Table, classes: &mut Classes, faults: &mut Faults) {
        let columns = [
            "name",
            "aliases",
            "adjectives",
            "class",
            "part_of",
            "wikidata",
            "latitude",
            "longitude",
        ];
        table.each(columns, faults, |row| {
            let [name, aliases, adjectives, class, part_of, wikidata, latitude, longitude] = row;
            let class = classes.find(class)?;
            let region = Entry {
                part_of: text(part_of),
                coordinates: Coordinates::parse(latitude, longitude)?,
                ..entry(name, aliases, class, wikidata)
            };
            let id = self.add(region);
            self.add_demonyms(id, adjectives, "");
            Ok(())
        });
    }

    fn add_cities(
        &mut self,
        table: &Table,
        which: Capital,
        classes: &mut Classes,
        faults: &mut Faults,
    ) {
        let columns = [
            "name",
            "aliases",
            "country",
            "admin",
            "population",
            "wikidata",
            "latitude",
            "longitude",
        ];
        let mut cities = Vec::new();
        table.each(columns, faults, |row| {
            let [name, aliases, country, admin, population, wikidata, latitude, longitude] = row;
            let at_home = |id: EntryId| self.entry(id).country.as_deref() == Some(country);
            let is_capital = self.capital(name).is_some_and(at_home);
            if is_capital != (which == Capital::Yes) {
                return Ok(());
            }
            let number = |_| format!("population {population:?} is not a whole number");
            let population =
                if population.is_empty() { 0 } else { population.parse().map_err(number)? };
            cities.push(Entry {
                country: text(country),
                part_of: text(admin),
                population,
                coordinates: Coordinates::parse(latitude, longitude)?,
                ..entry(name, aliases, classes.find(CITY)?, wikidata)
            });
            Ok(())
        });
        // Stable: cities of one size stay in the order of the table.
        cities.sort_by_key(|city| std::cmp::Reverse(city.population));
        for city in cities {
            self.add(city);
        }
    }

    fn add_first_names(&mut self, table: &Table, faults: &mut Faults) {
        table.each(["name", "gender"], faults, |[name, gender]| {
            self.first_names.insert(key(name), one_of("gender", gender, GENDERS)?);
            Ok(())
        });
    }

    fn add(&mut self, entry: Entry) -> EntryId {
        let id = EntryId(self.entries.len() as u32);
        for name in std::iter::once(&entry.name).chain(&entry.aliases) {
            self.longest = self.longest.max(fold::fold(name).split(' ').count());
            let ids = self.names.entry(key(name)).or_default();
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        self.entries.push(entry);
        id
    }

    fn add_demonyms(&mut self, id: EntryId, adjectives: &str, people: &str) {
        for adjective in parts(adjectives) {
            self.adjectives.entry(key(adjective)).or_insert(id);
        }
        for people in parts(people) {
            self.people.entry(key(people)).or_insert(id);
        }
    }
}

fn entry(name: &str, aliases: &str, class: NamedClass, wikidata: &str) -> Entry {
    Entry {
        name: name.to_owned(),
        aliases: parts(aliases).map(str::to_owned).collect(),
        label: if class.is(Kind::Place) { Label::Place } else { Label::Org },
        class,
        wikidata: text(wikidata),
        country: None,
        part_of: None,
        population: 0,
        coordinates: None,
    }
}

/// The class of all rows of `cities.tsv`.
const CITY: &str = "City";

/// Classes by the names that tables give them, each looked up once.
struct Classes<'o> {
    ontology: &'o Ontology,
    known: FxHashMap<String, NamedClass>,
}

impl Classes<'_> {
    fn find(&mut self, name: &str) -> Result<NamedClass, String> {
        if let Some(class) = self.known.get(name) {
            return Ok(class.clone());
        }
        let class = self.ontology.named(name)?;
        self.known.insert(name.to_owned(), class.clone());
        Ok(class)
    }
}

fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').map(str::trim).filter(|part| !part.is_empty())
}

fn text(cell: &str) -> Option<String> {
    (!cell.is_empty()).then(|| cell.to_owned())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A small world for tests.
    pub(crate) fn gazetteer() -> Gazetteer {
        let ontology = Resources::embedded().ontology().unwrap();
        Gazetteer::read(|name| Table::parse(name, table(name)), &ontology).unwrap()
    }

    fn table(name: &str) -> &'static str {
        match name {
            "countries.tsv" => {
                "name\taliases\tadjectives\tpeople\tcapital\tiso2\tiso3\twikidata\tpart_of\tclass\tlatitude\tlongitude\tsource\n\
                 Norway\tKingdom of Norway\tNorwegian\tNorwegians\tOslo\tNO\tNOR\tQ20\tEurope\tCountry\t61.2\t8.8\town\n\
                 United States\tUS|U.S.|USA\tAmerican|US|U.S.\tAmericans\tWashington\tUS\tUSA\tQ30\tNorth America\tCountry\t\t\town\n\
                 South Korea\tRepublic of Korea\tSouth Korean\tSouth Koreans\tSeoul\tKR\tKOR\tQ884\tAsia\tCountry\t\t\town\n\
                 Chile\t\tChilean\tChileans\tSantiago\tCL\tCHL\tQ298\tSouth America\tCountry\t\t\town\n"
            }
            "bodies.tsv" => {
                "name\taliases\tacronyms\tclass\tcountry\twikidata\tsource\n\
                 World Health Organization\t\tWHO\tInternationalOrganization\t\tQ7817\town\n"
            }
            "regions.tsv" => {
                "name\taliases\tadjectives\tclass\tpart_of\twikidata\tlatitude\tlongitude\tsource\n\
                 Scandinavia\t\tScandinavian\tRegion\tEurope\tQ21195\t\t\town\n"
            }
            "cities.tsv" => {
                "name\taliases\tcountry\tadmin\tpopulation\twikidata\tlatitude\tlongitude\tsource\n\
                 Santiago\t\tDO\t\t500000\t\t\t\town\n\
                 Santiago\t\tCL\t\t6000000\tQ2887\t-33.46\t-70.65\town\n\
                 Bergen\t\tNO\tVestland\t280000\tQ26793\t\t\town\n\
                 Oslo\t\tNO\t\t700000\tQ585\t59.91\t10.75\town\n"
            }
            _ => {
                "name\tgender\tsource\nAnna\tf\town\nPeter\tm\town\nRobin\tu\town\nMaria\tf\town\nLiv\tf\town\n"
            }
        }
    }

    #[test]
    fn names_are_found_however_written_and_the_largest_city_comes_first() {
        let world = gazetteer();
        let us = world.best("the U.S.").unwrap();
        assert_eq!(world.entry(us).name, "United States");
        assert_eq!(world.adjective("south korean"), world.best("SOUTH KOREA"));
        let santiago: Vec<_> = world.find("Santiago").iter().map(|&id| world.entry(id)).collect();
        assert_eq!(santiago.len(), 2);
        assert_eq!(santiago[0].country.as_deref(), Some("CL"));
        assert_eq!(world.capital("Oslo"), world.best("Norway"));
        assert_eq!(world.gender("ANNA"), Some(Gender::Feminine));
        assert!(world.is_first_name("Robin") && world.gender("Robin").is_none());
        assert_eq!(world.entry(world.best("WHO").unwrap()).label, Label::Org);
        assert_eq!(world.best("WHO's"), world.best("WHO"));
        assert_eq!(world.best("Who"), None);
    }

    #[test]
    fn the_embedded_tables_can_be_read() {
        let resources = Resources::embedded();
        let world = Gazetteer::load(&resources, &resources.ontology().unwrap()).unwrap();
        let norway = world.best("Norway").unwrap();
        assert_eq!(world.adjective("Norwegian"), Some(norway));
        assert_eq!(world.capital("Oslo"), Some(norway));
        assert_eq!(world.entry(world.best("U.S.").unwrap()).name, "United States");
    }

    #[test]
    fn a_population_that_is_no_number_is_refused_with_its_line() {
        let broken = |name: &str| {
            let text = match name {
                "cities.tsv" => {
                    "name\taliases\tcountry\tadmin\tpopulation\twikidata\tlatitude\tlongitude\nOslo\t\tNO\t\tmany\t\t\t\n"
                }
                _ => table(name),
            };
            Table::parse(name, text)
        };
        let ontology = Resources::embedded().ontology().unwrap();
        let error = Gazetteer::read(broken, &ontology).unwrap_err().to_string();
        assert_eq!(error, "cities.tsv:2: population \"many\" is not a whole number");
    }
}
