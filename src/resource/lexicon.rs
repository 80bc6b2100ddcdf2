//! The one lexicon of English words: what nouns denote, which words introduce speech, what words do
//! to the clause below them.
//!
//! Comes in as the tables of `rules/lexicon`, goes out as look-ups by lemma or lower-case phrase, the
//! same for every stage. American and British spellings of a word are one entry ([`spelling`]).

mod effect;
mod function;
mod preposition;
mod speech;
mod spelling;

use rustc_hash::FxHashMap;

use super::fold::fold;
use super::gazetteer::{GENDERS, Gender};
use super::{Resources, Table, each_row, one_of, put};
use crate::document::Label;
use crate::error::{Faults, Result};
use crate::ontology::{Kind, NamedClass, Ontology};

pub use effect::{Effect, PartOfSpeech};
pub(crate) use function::{Needs, Predicative};
pub use preposition::{Prepositions, Whereabouts};
pub use speech::Stance;

use effect::Effects;
use function::FunctionWords;
use speech::Speech;
pub(crate) use spelling::Spelling;

/// A role or title that persons bear: "prime minister", "gov.", "Mrs".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRole {
    /// The full form, lower case: "governor" for "gov."; the role itself if it is no abbreviation.
    pub name: String,
    /// Office, honorific, rank, profession or kin.
    pub kind: RoleKind,
    /// The gender that follows from it: "queen", "Mr".
    pub gender: Option<Gender>,
}

/// What kind of word a role is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoleKind {
    /// "president"
    Office,
    /// "Mrs"
    Honorific,
    /// "general"
    Rank,
    /// "surgeon"
    Profession,
    /// "brother"
    Kin,
}

/// The verb behind a noun: "arrival" and "arrive", "supplier" and "supply".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nominalization {
    /// Lemma of the verb.
    pub verb: String,
    /// The happening, or who makes it happen.
    pub kind: NominalizationKind,
}

/// What a nominalization denotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NominalizationKind {
    /// "arrival"
    Event,
    /// "supplier"
    Agent,
}

/// What a word is good for when mentions are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// Nouns that with "of" or a name beside them give the named thing itself: "the city of X".
    Generic,
    /// Words that say how many a plural stands for: "both".
    Two,
    /// Adjectives and determiners that set a thing apart from those before: "another", "new".
    Other,
    /// Adjectives that say nothing about which one: "late", "so-called".
    Empty,
    /// Nouns that alone take up a name of their class: "the company".
    Kind,
    /// Offices that carry a portfolio before them: "fisheries minister".
    Portfolio,
    /// Verbs whose subject "it" stands for nothing: "it rained".
    Impersonal,
    /// Nouns for a part of what follows "of": "half", "majority".
    Part,
    /// Nouns of the means by which something is done: "by mail".
    Means,
    /// Verbs whose participle behind a comma tells what comes of all that is said before: "closed the pier, signalling
    /// haste".
    Result,
    /// Nouns for somebody who holds no position by it: "woman", "victim".
    Human,
    /// Words that many names begin with, and none is called by: "west".
    Shared,
    /// Roles of those who serve, question or accompany somebody: "attorney".
    Aide,
    /// Words that make another office of an office: "deputy".
    Rank,
    /// Words that say when somebody holds an office: "former", "acting".
    Tenure,
    /// Nouns for bodies that say in their names what they are: "council".
    Told,
    /// Words behind a name that tell kin of one name apart: "junior".
    Generation,
    /// Letters behind a name that tell what somebody learned: "PhD".
    Degree,
}

/// What common words denote.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    nouns: FxHashMap<String, Label>,
    roles: FxHashMap<String, PersonRole>,
    nominalizations: FxHashMap<String, Nominalization>,
    legal_forms: FxHashMap<String, NamedClass>,
    classes: FxHashMap<String, NamedClass>,
    uses: FxHashMap<(Use, String), ()>,
    longest_role: usize,
    speech: Speech,
    effects: Effects,
    function: FunctionWords,
    prepositions: Prepositions,
}

impl Lexicon {
    /// Reads the tables of `rules/lexicon`.
    ///
    /// # Errors
    /// [`Error::Rule`](crate::Error::Rule) when a table is missing, lacks a column, or a cell is not what its format
    /// says.
    pub fn load(resources: &Resources, ontology: &Ontology) -> Result<Self> {
        let mut faults = Faults::default();
        let lexicon = Self::load_noting(resources, ontology, &mut faults);
        faults.or(lexicon)
    }

    /// As [`Lexicon::load`], but notes what is wrong and gives the rest, so that what reads other files by
    /// the lexicon finds their mistakes as well.
    pub(crate) fn load_noting(
        resources: &Resources,
        ontology: &Ontology,
        faults: &mut Faults,
    ) -> Self {
        Self::read(|name| resources.table(&format!("rules/lexicon/{name}")), ontology, faults)
    }

    /// Reads the tables that `table` gives for their names (`nouns.tsv`).
    fn read(
        table: impl Fn(&str) -> Result<Table>,
        ontology: &Ontology,
        faults: &mut Faults,
    ) -> Self {
        let spelling = Spelling::read(table("spellings.tsv"), faults);
        let mut lexicon = Self {
            speech: Speech::read(table("speech.tsv"), &spelling, faults),
            effects: Effects::read(table("factuality.tsv"), &spelling, faults),
            function: FunctionWords::read(&table, faults),
            prepositions: Prepositions::read(table("prepositions.tsv"), faults),
            ..Self::default()
        };
        each_row(table("nouns.tsv"), ["lemma", "label"], faults, |[lemma, label]| {
            put(&mut lexicon.nouns, lemma, one_of("label", label, LABELS)?)
        });
        lexicon.add_roles(table("roles.tsv"), faults);
        lexicon.add_nominalizations(table("nominalizations.tsv"), faults);
        each_row(table("legal_forms.tsv"), ["form", "class"], faults, |[form, class]| {
            put(&mut lexicon.legal_forms, &fold(form), ontology.named(class)?)
        });
        each_row(table("classes.tsv"), ["noun", "class"], faults, |[noun, class]| {
            put(&mut lexicon.classes, noun, ontology.named(class)?)
        });
        lexicon.add_uses(table("reference.tsv"), faults);
        lexicon
    }

    /// What the noun's first sense denotes.
    pub fn noun_label(&self, lemma: &str) -> Option<Label> {
        self.nouns.get(lemma).copied()
    }

    /// The role of a phrase: "Prime Minister", "gov.". Case and dots make no difference.
    pub fn role(&self, phrase: &str) -> Option<&PersonRole> {
        self.roles.get(&fold(phrase))
    }

    /// True for "Mr", "Dr.".
    pub fn is_honorific(&self, phrase: &str) -> bool {
        self.role(phrase).is_some_and(|role| role.kind == RoleKind::Honorific)
    }

    /// True for a noun that is a role or else denotes a person: "minister", "guest".
    pub fn denotes_person(&self, lemma: &str) -> bool {
        self.noun_label(lemma) == Some(Label::Person) || self.role(lemma).is_some()
    }

    /// Most words in a role.
    pub fn longest_role(&self) -> usize {
        self.longest_role
    }

    /// The verb behind a noun.
    pub fn nominalization(&self, noun: &str) -> Option<&Nominalization> {
        self.nominalizations.get(noun)
    }

    /// The class that a legal form gives its bearer: "Ltd" gives `Company`.
    pub fn legal_form(&self, word: &str) -> Option<&NamedClass> {
        self.legal_forms.get(&fold(word))
    }

    /// The class of the ontology that a noun names: "missile" gives `Weapon`.
    pub fn class(&self, noun: &str) -> Option<&NamedClass> {
        self.classes.get(noun)
    }

    /// True for a noun that names a class of the kind: "village" of [`Kind::City`].
    pub fn names_kind(&self, noun: &str, kind: Kind) -> bool {
        self.class(noun).is_some_and(|class| class.is(kind))
    }

    /// How a verb or noun of speech, thought or perception presents its content.
    pub fn stance(&self, lemma: &str) -> Option<Stance> {
        self.speech.stance(lemma)
    }

    /// True for verbs of speech: one may account for what is no account.
    pub fn is_speech_verb(&self, lemma: &str) -> bool {
        self.speech.is_verb(lemma)
    }

    /// True for verbs whose subject speaks, not for those of thought or perception: "say", "deny".
    pub fn speaks(&self, lemma: &str) -> bool {
        self.speech.is_verb(lemma)
            && self
                .stance(lemma)
                .is_some_and(|it| !matches!(it, Stance::Believed | Stance::Shown | Stance::Known))
    }

    /// What a word of a part of speech does to the clause below it.
    pub fn effect(&self, lemma: &str, pos: PartOfSpeech) -> Option<Effect> {
        self.effects.get(lemma, pos)
    }

    /// True for light verbs, whose object denotes what happens: "hold talks", "take action".
    pub fn is_light(&self, lemma: &str) -> bool {
        self.function.light_verbs.contains(lemma)
    }

    /// The prepositions of English.
    pub fn prepositions(&self) -> &Prepositions {
        &self.prepositions
    }

    /// True for phrases that add nothing to what happens: "for example".
    pub fn is_adverbial(&self, phrase: &str) -> bool {
        self.function.adverbials.contains(phrase)
    }

    /// True for verbs that charge somebody with an act or clear them of it: "accuse", "acquit".
    pub fn charges(&self, verb: &str) -> bool {
        self.effect(&format!("{verb} of"), PartOfSpeech::Verb).is_some()
    }

    /// True for adverbs that say how often: "rarely".
    pub fn is_frequency(&self, lemma: &str) -> bool {
        self.function.frequency.contains(lemma)
    }

    /// True for nouns that count or measure what follows "of": "pair", "dozen", "series".
    pub fn is_quantifier(&self, lemma: &str) -> bool {
        self.function.quantifiers.contains(lemma)
    }

    /// What a verb says nothing without, beside its subject or object.
    pub(crate) fn needs(&self, verb: &str) -> Option<Needs> {
        self.function.frames.get(verb).copied()
    }

    /// What of a verb has to stand beside its object, which alone is not what is done.
    pub(crate) fn predicative(&self, lemma: &str) -> Predicative {
        self.function.predicative_verbs.get(lemma).copied().unwrap_or_default()
    }

    /// True if the word has the use.
    pub fn has_use(&self, word: &str, r#use: Use) -> bool {
        self.uses.contains_key(&(r#use, word.to_lowercase()))
    }

    /// The words of a person's name without what tells kin of one name apart: "Ivo Dahl *Jr.*".
    pub fn without_generation<'n>(&self, name: &'n [String]) -> &'n [String] {
        match name {
            [rest @ .., last] if rest.len() > 1 && self.has_use(last, Use::Generation) => rest,
            _ => name,
        }
    }

    fn add_roles(&mut self, table: Result<Table>, faults: &mut Faults) {
        each_row(table, ["role", "expansion", "kind", "gender"], faults, |row| {
            let [role, expansion, kind, gender] = row;
            let name = if expansion.is_empty() { role } else { expansion };
            let kind = one_of("kind", kind, ROLE_KINDS)?;
            let gender = one_of("gender", gender, GENDERS)?;
            let folded = fold(role);
            self.longest_role = self.longest_role.max(folded.split(' ').count());
            put(&mut self.roles, &folded, PersonRole { name: name.to_owned(), kind, gender })
        });
    }

    fn add_nominalizations(&mut self, table: Result<Table>, faults: &mut Faults) {
        each_row(table, ["noun", "verb", "kind"], faults, |[noun, verb, kind]| {
            let kinds =
                [("event", NominalizationKind::Event), ("agent", NominalizationKind::Agent)];
            let kind = one_of("kind", kind, &kinds)?;
            put(&mut self.nominalizations, noun, Nominalization { verb: verb.to_owned(), kind })
        });
    }

    fn add_uses(&mut self, table: Result<Table>, faults: &mut Faults) {
        each_row(table, ["word", "use"], faults, |[word, name]| {
            self.uses.insert((one_of("use", name, USES)?, word.to_owned()), ());
            Ok(())
        });
    }
}

const LABELS: &[(&str, Label)] = &[
    ("PERSON", Label::Person),
    ("ORG", Label::Org),
    ("PLACE", Label::Place),
    ("EVENT", Label::Event),
    ("PRODUCT", Label::Product),
    ("TIME", Label::Time),
    ("QUANTITY", Label::Quantity),
    ("MISC", Label::Misc),
];

const ROLE_KINDS: &[(&str, RoleKind)] = &[
    ("office", RoleKind::Office),
    ("honorific", RoleKind::Honorific),
    ("rank", RoleKind::Rank),
    ("profession", RoleKind::Profession),
    ("kin", RoleKind::Kin),
];

const USES: &[(&str, Use)] = &[
    ("generic", Use::Generic),
    ("two", Use::Two),
    ("other", Use::Other),
    ("empty", Use::Empty),
    ("kind", Use::Kind),
    ("portfolio", Use::Portfolio),
    ("impersonal", Use::Impersonal),
    ("means", Use::Means),
    ("result", Use::Result),
    ("part", Use::Part),
    ("human", Use::Human),
    ("shared", Use::Shared),
    ("aide", Use::Aide),
    ("rank", Use::Rank),
    ("tenure", Use::Tenure),
    ("told", Use::Told),
    ("generation", Use::Generation),
    ("degree", Use::Degree),
];

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A small lexicon for tests.
    pub(crate) fn lexicon() -> Lexicon {
        let mut faults = Faults::default();
        let lexicon =
            Lexicon::read(|name| Table::parse(name, table(name)), &ontology(), &mut faults);
        faults.or(lexicon).unwrap()
    }

    fn ontology() -> Ontology {
        Resources::embedded().ontology().unwrap()
    }

    fn table(name: &str) -> &'static str {
        match name {
            "nouns.tsv" => {
                "lemma\tlabel\nminister\tPERSON\nleader\tPERSON\nman\tPERSON\nwoman\tPERSON\n\
                 company\tORG\nministry\tORG\nagency\tORG\ngroup\tORG\ncouncil\tORG\nharbor\tPLACE\ncountry\tPLACE\ncity\tPLACE\n\
                 airport\tPLACE\nferry\tPRODUCT\nmeeting\tEVENT\npresident\tPERSON\nvisit\tEVENT\n\
                 mile\tQUANTITY\nspokeswoman\tPERSON\nofficial\tPERSON\nsister-in-law\tPERSON\nday\tTIME\n"
            }
            "roles.tsv" => {
                "role\texpansion\tkind\tgender\nminister\t\toffice\tu\nforeign minister\t\toffice\tu\neducation minister\t\toffice\tu\n\
                 gov.\tgovernor\toffice\tu\nmr\t\thonorific\tm\nmrs\t\thonorific\tf\n\
                 president\t\toffice\tu\nleader\t\toffice\tu\nspokeswoman\t\toffice\tf\n\
                 sister\t\tkin\tf\nman\t\tprofession\tm\nwoman\t\tprofession\tf\n"
            }
            "nominalizations.tsv" => "noun\tverb\tkind\nvisit\tvisit\tevent\nbuyer\tbuy\tagent\n",
            "legal_forms.tsv" => "form\tclass\nLtd.\tCompany\nInc.\tCompany\n",
            "classes.tsv" => {
                "noun\tclass\ncountry\tCountry\ncity\tCity\ncompany\tCompany\nferry\tVehicle\n\
                 ministry\tGovernment\ngroup\tOrganization\ncouncil\tOrganization\nairport\tFacility\nharbor\tFacility\n"
            }
            "speech.tsv" => "lemma\tpos\tstance\nsay\tverb\tsaid\ntell\tverb\tsaid\n",
            "factuality.tsv" => "lemma\tpos\tfactuality\tpolarity\nmay\taux\tpossible\tkeep\n",
            "spellings.tsv" => "american\tbritish\nize\tise\n",
            "predicative_verbs.tsv" => "lemma\tbeside\nfind\tcomplement\n",
            "frames.tsv" => "lemma\tneeds\nallow\tsecond\n",
            "prepositions.tsv" => "lemma\tkind\tplace\nin response to\tphrase\t\nin\tfixed\tat\n",
            "quantifiers.tsv" | "light_verbs.tsv" | "adverbials.tsv" | "frequency.tsv" => "lemma\n",
            _ => {
                "word\tuse\ncity\tgeneric\nboth\ttwo\ntwo\ttwo\n\
                 another\tother\nlate\tempty\ncountry\tkind\ncompany\tkind\ngroup\tkind\n\
                 deputy\trank\nformer\ttenure\nacting\ttenure\ncouncil\tkind\ncouncil\ttold\n\
                 jr\tgeneration\nsr\tgeneration\nphd\tdegree\n"
            }
        }
    }

    #[test]
    fn roles_are_found_with_or_without_dot_and_case() {
        let lexicon = lexicon();
        assert_eq!(lexicon.role("Gov").unwrap().name, "governor");
        assert_eq!(lexicon.role("Foreign Minister").unwrap().kind, RoleKind::Office);
        assert_eq!(lexicon.role("mrs.").unwrap().gender, Some(Gender::Feminine));
        assert_eq!(lexicon.longest_role(), 2);
        assert_eq!(lexicon.legal_form("LTD").unwrap().name, "Company");
        assert!(lexicon.has_use("Both", Use::Two));
    }

    #[test]
    fn the_embedded_tables_can_be_read() {
        let lexicon = Lexicon::load(&Resources::embedded(), &ontology()).unwrap();
        assert_eq!(lexicon.class("missile").unwrap().name, "Weapon");
        assert!(lexicon.speaks("say") && lexicon.speaks("lament") && !lexicon.speaks("think"));
        assert_eq!(lexicon.stance("emphasise"), lexicon.stance("emphasize"));
    }

    #[test]
    fn an_unknown_kind_of_role_is_refused_with_its_line() {
        let broken = |name: &str| {
            let text = match name {
                "roles.tsv" => "role\texpansion\tkind\tgender\nking\t\tcrown\tm\n",
                _ => table(name),
            };
            Table::parse(name, text)
        };
        let mut faults = Faults::default();
        let lexicon = Lexicon::read(broken, &ontology(), &mut faults);
        let error = faults.or(lexicon).unwrap_err().to_string();
        let known = "office, honorific, rank, profession, kin";
        assert_eq!(error, format!("roles.tsv:2: no kind \"crown\", expected {known}"));
    }
}
