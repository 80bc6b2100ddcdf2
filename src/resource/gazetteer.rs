//! What the world is called: countries with their demonyms and capitals, cities, regions, bodies,
//! first names.
//!
//! Comes in as the tables of `ontology/gazetteer`, goes out as entries that are found by any of
//! their names, however written ([`super::fold`]). Left out: everything a text must tell.

use rustc_hash::FxHashMap;

use super::fold::{self, key, without_possessive};
use super::{Resources, Table};
use crate::document::Label;
use crate::error::{Error, Result};

/// Most letters of an acronym that only capitals tell from a word.
const SHORT: usize = 3;

/// An entry of the gazetteer, from 0, in the order of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u32);

/// A thing that the gazetteer knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name it goes by.
    pub name: String,
    /// Other names and acronyms.
    pub aliases: Vec<String>,
    /// Class of the ontology: `Country`, `City`, `InternationalOrganization`.
    pub class: String,
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
}

/// Grammatical gender that a first name or a role tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gender {
    /// "he"
    Masculine,
    /// "she"
    Feminine,
}

impl Gender {
    /// Reads `f`, `m` or `u` (either); anything else is `Err`.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, ()> {
        match text {
            "f" => Ok(Some(Self::Feminine)),
            "m" => Ok(Some(Self::Masculine)),
            "u" | "" => Ok(None),
            _ => Err(()),
        }
    }
}

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
    /// [`Error::Rule`] when a table is missing, lacks a column, or a cell is not what its format
    /// says.
    pub fn load(resources: &Resources) -> Result<Self> {
        Self::read(|name| resources.table(&format!("ontology/gazetteer/{name}")))
    }

    /// Reads the tables that `table` gives for their names (`countries.tsv`).
    ///
    /// # Errors
    /// As [`Gazetteer::load`].
    pub fn read(table: impl Fn(&str) -> Result<Table>) -> Result<Self> {
        let mut gazetteer = Self::default();
        gazetteer.add_countries(&table("countries.tsv")?)?;
        gazetteer.add_bodies(&table("bodies.tsv")?)?;
        let cities = table("cities.tsv")?;
        gazetteer.add_cities(&cities, Capital::Yes)?;
        gazetteer.add_regions(&table("regions.tsv")?)?;
        gazetteer.add_cities(&cities, Capital::No)?;
        gazetteer.add_first_names(&table("first_names.tsv")?)?;
        Ok(gazetteer)
    }

    /// The entry of an id.
    pub fn entry(&self, id: EntryId) -> &Entry {
        &self.entries[id.0 as usize]
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

    /// The gender that a first name tells.
    pub fn gender(&self, first_name: &str) -> Option<Gender> {
        self.first_names.get(&key(first_name)).copied().flatten()
    }

    /// Most words in a name or adjective.
    pub fn longest(&self) -> usize {
        self.longest
    }

    fn add_countries(&mut self, table: &Table) -> Result<()> {
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
        ];
        for (_, [name, aliases, adjectives, people, capital, iso2, class, wikidata, part_of]) in
            table.rows(columns)?
        {
            let id = self.add(Entry {
                country: text(iso2),
                part_of: text(part_of),
                ..entry(name, aliases, class, wikidata)
            });
            self.add_demonyms(id, adjectives, people);
            for capital in parts(capital) {
                self.capitals.entry(key(capital)).or_insert(id);
            }
            if !iso2.is_empty() {
                self.codes.insert(iso2.to_owned(), id);
            }
        }
        Ok(())
    }

    fn add_bodies(&mut self, table: &Table) -> Result<()> {
        let columns = ["name", "aliases", "acronyms", "class", "country", "wikidata"];
        for (_, [name, aliases, acronyms, class, country, wikidata]) in table.rows(columns)? {
            let mut body = entry(name, aliases, class, wikidata);
            body.aliases.extend(parts(acronyms).map(str::to_owned));
            body.country = text(country);
            self.add(body);
        }
        Ok(())
    }

    fn add_regions(&mut self, table: &Table) -> Result<()> {
        let columns = ["name", "aliases", "adjectives", "class", "part_of", "wikidata"];
        for (_, [name, aliases, adjectives, class, part_of, wikidata]) in table.rows(columns)? {
            let region = Entry { part_of: text(part_of), ..entry(name, aliases, class, wikidata) };
            let id = self.add(region);
            self.add_demonyms(id, adjectives, "");
        }
        Ok(())
    }

    fn add_cities(&mut self, table: &Table, which: Capital) -> Result<()> {
        let columns = ["name", "aliases", "country", "admin", "population", "wikidata"];
        let mut cities = Vec::new();
        for (line, [name, aliases, country, admin, population, wikidata]) in table.rows(columns)? {
            let at_home = |id: EntryId| self.entry(id).country.as_deref() == Some(country);
            let is_capital = self.capital(name).is_some_and(at_home);
            if is_capital != (which == Capital::Yes) {
                continue;
            }
            let number = || {
                let cause = format!("population {population:?} is not a whole number");
                Error::rule(table.file(), line, cause)
            };
            let population =
                if population.is_empty() { 0 } else { population.parse().map_err(|_| number())? };
            cities.push(Entry {
                country: text(country),
                part_of: text(admin),
                population,
                ..entry(name, aliases, "City", wikidata)
            });
        }
        // Stable: cities of one size stay in the order of the table.
        cities.sort_by_key(|city| std::cmp::Reverse(city.population));
        for city in cities {
            self.add(city);
        }
        Ok(())
    }

    fn add_first_names(&mut self, table: &Table) -> Result<()> {
        for (line, [name, gender]) in table.rows(["name", "gender"])? {
            let unknown = |()| {
                let cause = format!("gender {gender:?}, expected f, m or u");
                Error::rule(table.file(), line, cause)
            };
            self.first_names.insert(key(name), Gender::parse(gender).map_err(unknown)?);
        }
        Ok(())
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

fn entry(name: &str, aliases: &str, class: &str, wikidata: &str) -> Entry {
    Entry {
        name: name.to_owned(),
        aliases: parts(aliases).map(str::to_owned).collect(),
        class: class.to_owned(),
        label: label_of(class),
        wikidata: text(wikidata),
        country: None,
        part_of: None,
        population: 0,
    }
}

/// Classes of the gazetteer that are places; the others are organizations.
fn label_of(class: &str) -> Label {
    match class {
        "Country" | "City" | "Region" | "State" | "Province" | "District" | "Continent"
        | "Island" | "BodyOfWater" | "Landform" | "Neighborhood" | "Place" | "Facility" => {
            Label::Place
        }
        _ => Label::Org,
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
        Gazetteer::read(|name| Table::parse(name, table(name))).unwrap()
    }

    fn table(name: &str) -> &'static str {
        match name {
            "countries.tsv" => {
                "name\taliases\tadjectives\tpeople\tcapital\tiso2\tiso3\twikidata\tpart_of\tclass\tsource\n\
                 Norway\tKingdom of Norway\tNorwegian\tNorwegians\tOslo\tNO\tNOR\tQ20\tEurope\tCountry\town\n\
                 United States\tUS|U.S.|USA\tAmerican|US|U.S.\tAmericans\tWashington\tUS\tUSA\tQ30\tNorth America\tCountry\town\n\
                 South Korea\tRepublic of Korea\tSouth Korean\tSouth Koreans\tSeoul\tKR\tKOR\tQ884\tAsia\tCountry\town\n\
                 Chile\t\tChilean\tChileans\tSantiago\tCL\tCHL\tQ298\tSouth America\tCountry\town\n"
            }
            "bodies.tsv" => {
                "name\taliases\tacronyms\tclass\tcountry\twikidata\tsource\n\
                 World Health Organization\t\tWHO\tInternationalOrganization\t\tQ7817\town\n"
            }
            "regions.tsv" => {
                "name\taliases\tadjectives\tclass\tpart_of\twikidata\tsource\n\
                 Scandinavia\t\tScandinavian\tRegion\tEurope\tQ21195\town\n"
            }
            "cities.tsv" => {
                "name\taliases\tcountry\tadmin\tpopulation\twikidata\tsource\n\
                 Santiago\t\tDO\t\t500000\t\town\n\
                 Santiago\t\tCL\t\t6000000\tQ2887\town\n\
                 Bergen\t\tNO\tVestland\t280000\tQ26793\town\n\
                 Oslo\t\tNO\t\t700000\tQ585\town\n"
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
        let world = Gazetteer::load(&Resources::embedded()).unwrap();
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
                    "name\taliases\tcountry\tadmin\tpopulation\twikidata\nOslo\t\tNO\t\tmany\t\n"
                }
                _ => table(name),
            };
            Table::parse(name, text)
        };
        let error = Gazetteer::read(broken).unwrap_err().to_string();
        assert_eq!(error, "cities.tsv:2: population \"many\" is not a whole number");
    }
}
