//! Articles that were read and wait for the others: memory holds where each one lies and what it is
//! called, its words lie in a [`Spill`].

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use super::Warning;
use crate::document::Document;
use crate::spill::{Place, Spill};

/// The articles of one or many files, in order.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    spill: Arc<Spill>,
    list: Vec<SpilledDocument>,
}

/// What is held of an article.
#[derive(Clone, Debug)]
struct SpilledDocument {
    id: Box<str>,
    place: Place,
    spill: Arc<Spill>,
    path: Arc<str>,
    line: Option<u64>,
    is_dated: bool,
}

impl SpilledDocument {
    /// The article; one without words if it cannot be read back, which [`Documents::check`] reports.
    fn read(&self) -> Document {
        let bytes = self.spill.bytes(self.place);
        let document = self.spill.decoded(&bytes).map(|(document, _)| document);
        Document { id: self.id.to_string(), ..document.unwrap_or_default() }
    }
}

impl Documents {
    /// No articles yet; those that come lie in a spill that others may use as well.
    pub fn onto(spill: Arc<Spill>) -> Self {
        Self { spill, list: Vec::new() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many have no day of publication.
    pub fn n_undated(&self) -> usize {
        self.list.iter().filter(|kept| !kept.is_dated).count()
    }

    /// Reads the articles back, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = Document> {
        self.list.iter().map(SpilledDocument::read)
    }

    /// Keeps the articles that pass.
    pub fn retain(&mut self, passes: impl Fn(&Document) -> bool) {
        self.list.retain(|kept| passes(&kept.read()));
    }

    /// Fails if articles could not be put aside or read back.
    ///
    /// # Errors
    /// The first that went wrong.
    pub fn check(&self) -> io::Result<()> {
        self.list.iter().map(|kept| &kept.spill).chain([&self.spill]).try_for_each(|it| it.check())
    }

    /// Puts an article aside, that stands in this file and line.
    pub(super) fn push(&mut self, document: &Document, path: &str, line: Option<u64>) {
        let path = match self.list.last() {
            Some(last) if *last.path == *path => Arc::clone(&last.path),
            _ => path.into(),
        };
        self.list.push(SpilledDocument {
            id: document.id.as_str().into(),
            place: self.spill.add(document),
            spill: Arc::clone(&self.spill),
            path,
            line,
            is_dated: document.published.is_some(),
        });
    }

    /// Adds articles behind those that are there.
    pub(super) fn append(&mut self, mut others: Self) {
        if self.list.is_empty() {
            self.spill = others.spill;
        }
        self.list.append(&mut others.list);
    }

    /// The files of the articles.
    pub(super) fn paths(&self) -> HashSet<&str> {
        self.list.iter().map(|kept| &*kept.path).collect()
    }

    /// Sorts them by id, and gives ids that occur twice new ones, as [`super::unify`] says.
    pub(super) fn unify(&mut self) -> Vec<Warning> {
        self.list.sort_by(|a, b| a.id.cmp(&b.id));
        let list = std::mem::take(&mut self.list);
        let mut list = list.into_iter().peekable();
        let mut others = Vec::new();
        while let Some(first) = list.next() {
            let mut same = vec![first];
            while let Some(next) = list.next_if(|next| next.id == same[0].id) {
                same.push(next);
            }
            let mut same = if same.len() > 1 { distinct(same) } else { same }.into_iter();
            self.list.extend(same.next());
            others.extend(same);
        }
        let warnings = self.rename(others);
        self.list.sort_by(|a, b| a.id.cmp(&b.id));
        warnings
    }

    /// Adds articles, sorted by id, of which there is one with the same id.
    fn rename(&mut self, others: Vec<SpilledDocument>) -> Vec<Warning> {
        let mut taken: HashSet<Box<str>> = HashSet::new();
        if !others.is_empty() {
            taken.extend(self.list.iter().map(|kept| kept.id.clone()));
        }
        let mut warnings = Vec::new();
        let (mut last, mut n) = (None, 1);
        for mut kept in others {
            if last.as_ref() != Some(&kept.id) {
                (last, n) = (Some(kept.id.clone()), 1);
            }
            let id = loop {
                n += 1;
                let new: Box<str> = format!("{}#{n}", kept.id).into();
                if taken.insert(new.clone()) {
                    break new;
                }
            };
            let message = format!("another article has the id {:?} too: now {id:?}", kept.id);
            warnings.push(Warning { path: kept.path.to_string(), line: kept.line, message });
            kept.id = id;
            self.list.push(kept);
        }
        warnings
    }
}

/// The articles that [`super::unify`] keeps of these, by their numbers, and the ids that they get; in the order of the ids.
pub fn distinct_ids(documents: impl IntoIterator<Item = (u64, Document)>) -> Vec<(u64, String)> {
    let mut all = Documents::default();
    for (number, document) in documents {
        all.push(&document, "", Some(number));
    }
    all.unify();
    all.list.into_iter().filter_map(|kept| Some((kept.line?, kept.id.into_string()))).collect()
}

/// Bytes at the beginning of a text that mostly distinguish two.
const BEGINNING: usize = 256;

/// Articles with one id, each text once, in the order of the texts; one with more metadata comes first.
///
/// No more than two are in memory at a time, whatever their number.
fn distinct(same: Vec<SpilledDocument>) -> Vec<SpilledDocument> {
    let mut same: Vec<(Beginning, SpilledDocument)> =
        same.into_iter().map(|kept| (Beginning::of(&kept.read()), kept)).collect();
    same.sort_by(|(a, one), (b, other)| {
        a.text.cmp(&b.text).then_with(|| {
            if a.digest != b.digest {
                return one.read().text.cmp(&other.read().text);
            }
            rest(&one.read())
                .cmp(&rest(&other.read()))
                .then_with(|| (&one.path, one.line).cmp(&(&other.path, other.line)))
        })
    });
    same.dedup_by(|(b, _), (a, _)| a.digest == b.digest);
    same.into_iter().map(|(_, kept)| kept).collect()
}

#[derive(PartialEq, Eq)]
struct Beginning {
    text: Box<[u8]>,
    digest: blake3::Hash,
}

impl Beginning {
    fn of(document: &Document) -> Self {
        let text = document.text.as_bytes();
        let start = &text[..text.len().min(BEGINNING)];
        Self { text: start.into(), digest: blake3::hash(text) }
    }
}

/// What distinguishes two articles of one text; one with more metadata comes first.
fn rest(document: &Document) -> impl Ord + use<> {
    let Document { uri, publisher, title, published, .. } = document.clone();
    let n_missing = [&uri, &publisher, &title].iter().filter(|field| field.is_none()).count()
        + usize::from(published.is_none());
    (n_missing, published, title, publisher, uri)
}
