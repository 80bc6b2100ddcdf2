//! What a noun is: an office, a relative, somebody.

use crate::document::{Label, MentionId, Upos};
use crate::extract::reader::SentenceReader;
use crate::resource::lexicon::{RoleKind, Use};

pub(super) fn is_plural_noun(reader: &SentenceReader, noun: usize) -> bool {
    let token = reader.tree.token(noun);
    token.upos == Upos::Noun && token.feat("Number") == Some("Plur")
}

/// The words up to a noun, with the noun's base form.
pub(super) fn singular(reader: &SentenceReader, first: usize, noun: usize) -> String {
    let lemma = reader.tree.lemma(noun);
    match noun.checked_sub(1).filter(|&before| before >= first) {
        Some(before) if reader.tree.form(before) == "-" => {
            format!("{}{lemma}", reader.tree.words(first, before))
        }
        Some(before) => format!("{} {lemma}", reader.tree.words(first, before)),
        None => lemma.to_owned(),
    }
}

pub(in crate::extract) fn is_role_noun(reader: &SentenceReader, token: usize) -> bool {
    let lemma = reader.tree.lemma(token).to_lowercase();
    let form = reader.tree.form(token).to_lowercase();
    reader.know.lexicon.role(&form).is_some()
        || reader.know.lexicon.role(&lemma).is_some()
        || reader.tree.upos(token) == Upos::Noun
            && reader.know.lexicon.noun_label(&lemma) == Some(Label::Person)
}

/// True for "wife", "son".
pub(in crate::extract) fn is_kin(reader: &SentenceReader, token: usize) -> bool {
    let lemma = reader.tree.lemma(token).to_lowercase();
    reader.know.lexicon.role(&lemma).is_some_and(|role| matches!(role.kind, RoleKind::Kin))
}

/// True for "woman", "hostage", and for whoever is somebody without an office or trade: "sweetheart".
pub(super) fn is_human(reader: &SentenceReader, token: usize) -> bool {
    let lexicon = reader.know.lexicon;
    let (lemma, form) = (reader.tree.lemma(token).to_lowercase(), reader.tree.form(token));
    lexicon.has_use(reader.tree.lemma(token), Use::Human)
        || lexicon.role(&lemma).is_none() && lexicon.role(&form.to_lowercase()).is_none()
}

/// True for "chairman", "wife": a noun that names a person by the relation to somebody.
pub(super) fn person_role(reader: &SentenceReader, token: usize, thing: MentionId) -> bool {
    matches!(reader.label(thing), Some(Label::Person) | None) && is_role_noun(reader, token)
}

pub(super) fn is_quantifier(reader: &SentenceReader, token: usize) -> bool {
    let label = reader.know.lexicon.noun_label(reader.tree.lemma(token));
    reader.is_quantifier(token)
        || reader.know.lexicon.has_use(reader.tree.lemma(token), Use::Part)
        || matches!(label, Some(Label::Quantity | Label::Time))
}
