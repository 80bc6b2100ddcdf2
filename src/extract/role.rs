//! Which side of a clause or noun a filler stands on, and which circumstance it is.

use compact_str::CompactString;

use crate::error::did_you_mean;
use crate::resource::lexicon::Prepositions;
use crate::resource::one_of;

/// A side of a clause in the active voice, or of a noun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The agent, also in the passive.
    Subject,
    /// The patient.
    Object,
    /// The receiver.
    Indirect,
    /// What follows the verb and is predicated of subject or object.
    Complement,
    /// "the *envoy's* visit"
    Possessive,
    /// "the *Estavian* visit"
    Modifier,
    /// What a preposition introduces.
    Preposition(CompactString),
}

const ROLES: [(&str, Role); 6] = [
    ("subject", Role::Subject),
    ("object", Role::Object),
    ("indirect", Role::Indirect),
    ("complement", Role::Complement),
    ("possessive", Role::Possessive),
    ("modifier", Role::Modifier),
];

impl Role {
    /// The role that a preposition gives.
    pub(crate) fn of(preposition: &str) -> Self {
        Self::Preposition(preposition.into())
    }

    /// Reads a role as rules write it; `prepositions` are those that there are.
    ///
    /// # Errors
    /// The cause, with the role that is likely meant.
    pub(crate) fn parse(word: &str, prepositions: &Prepositions) -> Result<Self, String> {
        if let Some((_, role)) = ROLES.iter().find(|(name, _)| *name == word) {
            return Ok(role.clone());
        }
        if prepositions.contains(word) {
            return Ok(Self::of(word));
        }
        let known = ROLES.iter().map(|(name, _)| *name).chain(prepositions.words());
        Err(format!("no role or preposition {word:?}{}", did_you_mean(word, known)))
    }

    /// True for the preposition.
    pub(crate) fn is(&self, preposition: &str) -> bool {
        matches!(self, Self::Preposition(own) if own == preposition)
    }

    /// As rules write it.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Preposition(preposition) => preposition,
            role => ROLES.iter().find(|(_, known)| known == role).map_or("", |(name, _)| name),
        }
    }
}

/// A circumstance that a rule names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QualifierRole {
    /// How much.
    Amount,
    /// As what.
    Capacity,
    /// Why.
    Cause,
    /// With whom.
    Companion,
    /// Where to.
    Destination,
    /// With what.
    Instrument,
    /// Where from.
    Origin,
    /// To what end.
    Purpose,
    /// For whom.
    Recipient,
    /// About what.
    Topic,
}

const QUALIFIERS: &[(&str, QualifierRole)] = &[
    ("amount", QualifierRole::Amount),
    ("capacity", QualifierRole::Capacity),
    ("cause", QualifierRole::Cause),
    ("companion", QualifierRole::Companion),
    ("destination", QualifierRole::Destination),
    ("instrument", QualifierRole::Instrument),
    ("origin", QualifierRole::Origin),
    ("purpose", QualifierRole::Purpose),
    ("recipient", QualifierRole::Recipient),
    ("topic", QualifierRole::Topic),
];

impl QualifierRole {
    /// As rules and statements write it.
    pub fn as_str(self) -> &'static str {
        QUALIFIERS.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }
}

impl std::str::FromStr for QualifierRole {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        one_of("qualifier", word, QUALIFIERS)
    }
}
