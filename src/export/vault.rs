//! A vault of Markdown pages, as Obsidian opens it: a page a thing, a page an article.
//!
//! The page of a thing has its names, class and Wikidata item as properties, and what is said of it:
//! facts first, then claims and plans with who makes them, then what is denied or not so. Each claim
//! has its sentence and links to the article and to all things that it names, which is what draws the
//! graph. Pages are named by the ids of things, so that links last from build to build.
//!
//! A build removes pages that an earlier one wrote and it does not; files of the user's own stay.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use super::places::Places;
use super::told::{self, Told};
use super::{Options, atomic, text};
use crate::document::DocumentId;
use crate::entity::EntityId;
use crate::error::{Error, Result};
use crate::graph::{GraphDocument, KnowledgeGraph, Object, StatementId};
use crate::ontology::Ontology;

const FOLDER: &str = "vault";

/// The pages of the last build, one a line.
const LIST: &str = ".newsgraph-pages";

/// Writes the pages into `vault` in a folder, and gives its path.
///
/// # Errors
/// [`Error::Io`] with the path of the first file that cannot be written.
pub(super) fn write_folder(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    folder: &Path,
) -> Result<PathBuf> {
    let vault = folder.join(FOLDER);
    for folder in [THINGS, ARTICLES] {
        let folder = vault.join(folder);
        fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
    }
    let list = vault.join(LIST);
    let before = fs::read_to_string(&list).unwrap_or_default();
    let mut written = BTreeSet::new();
    pages(graph, ontology, options, &mut |name, page| {
        if options.stop.load(Ordering::Relaxed) {
            return Err(Error::io(&vault)(io::Error::other("stopped")));
        }
        let path = vault.join(name);
        // Most pages are as they were.
        if fs::read(&path).ok().as_deref() != Some(page.as_bytes()) {
            atomic::write_file(&path, |out| out.write_all(page.as_bytes()))?;
        }
        written.insert(name.to_owned());
        Ok(())
    })?;
    graph.check().map_err(Error::io(&vault))?;
    for name in before.lines().filter(|name| is_page(name) && !written.contains(*name)) {
        fs::remove_file(vault.join(name)).ok();
    }
    atomic::write_file(&list, |out| written.iter().try_for_each(|name| writeln!(out, "{name}")))?;
    Ok(vault)
}

/// Writes all pages, one behind the other.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    pages(graph, ontology, options, &mut |_, page| out.write_all(page.as_bytes()))
}

const THINGS: &str = "things";
const ARTICLES: &str = "articles";

/// True for a name that a build writes: a list that somebody changed leads nowhere else.
fn is_page(name: &str) -> bool {
    let inner = [THINGS, ARTICLES].iter().find_map(|folder| name.strip_prefix(folder));
    let inner = inner.and_then(|name| name.strip_prefix('/')?.strip_suffix(".md"));
    inner.is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

/// Gives each page with its name.
fn pages<E>(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    page: &mut dyn FnMut(&str, &str) -> Result<(), E>,
) -> Result<(), E> {
    let places = Places::new(options);
    let used = graph.used();
    let about = about(graph);
    let writer = VaultWriter { graph, ontology, options, places, used };
    for id in graph.entities.ids().filter(|&id| writer.has_page(id)) {
        let from = about.partition_point(|&(thing, _)| thing < id);
        let claims = about[from..].iter().take_while(|&&(thing, _)| thing == id);
        let claims: Vec<StatementId> = claims.map(|&(_, claim)| claim).collect();
        page(&format!("{THINGS}/{}.md", file_name(graph, id)), &writer.thing(id, &claims))?;
    }
    for (number, document) in graph.documents.iter().enumerate() {
        let name = format!("{}.md", article_path(document));
        page(&name, &writer.article(document, DocumentId::from(number)))?;
    }
    Ok(())
}

/// What each thing is subject or object of, sorted.
fn about(graph: &KnowledgeGraph) -> Vec<(EntityId, StatementId)> {
    let mut about = Vec::new();
    for (id, key) in (0..).map(StatementId).zip(&graph.keys) {
        if key.attribute.is_none() {
            for side in [Some(key.subject), key.object].into_iter().flatten() {
                about.extend(graph.members(side).into_iter().map(|thing| (thing, id)));
            }
        }
    }
    about.sort_unstable();
    about.dedup();
    about
}

struct VaultWriter<'g> {
    graph: &'g KnowledgeGraph,
    ontology: &'g Ontology,
    options: &'g Options,
    places: Places<'g>,
    used: Vec<bool>,
}

/// A part of a page: its heading, and whether a claim belongs there.
type Part = (&'static str, fn(&Told<'_>) -> bool);

const PARTS: [Part; 3] = [
    ("Facts", |told| told.is_fact),
    ("Claims and plans", |told| !told.is_fact && told.is_affirmed()),
    ("Denied or not so", |told| !told.is_fact && !told.is_affirmed()),
];

impl VaultWriter<'_> {
    fn has_page(&self, id: EntityId) -> bool {
        self.used[id.index()]
            && self.options.shows(self.graph, id)
            && self.graph.entities.members(id).is_empty()
    }

    fn thing(&self, id: EntityId, claims: &[StatementId]) -> String {
        let entity = self.graph.entities.get(id);
        let class = &self.ontology[entity.class];
        let label = text::label(&entity);
        let mut names = vec![label.clone()];
        names.extend(entity.aliases.iter().map(|alias| text::name(alias)));
        let mut page = "---\n".to_owned();
        property(&mut page, "aliases", &serde_json::json!(names));
        property(&mut page, "class", &serde_json::json!(class.label));
        property(&mut page, "tags", &serde_json::json!([tag(&class.name)]));
        if let Some(item) = told::wikidata(&entity.same_as) {
            property(&mut page, "wikidata", &serde_json::json!(item));
        }
        if let Some(place) = self.places.find(self.graph, self.ontology, id) {
            let at = place.coordinates;
            // As Obsidian's map plugins read it.
            let location = [at.latitude.to_string(), at.longitude.to_string()];
            property(&mut page, "location", &serde_json::json!(location));
        }
        page += &format!("---\n# {}\n", markdown(&label));
        if !entity.descriptions.is_empty() {
            let words: Vec<_> = entity.descriptions.iter().map(|it| text::name(it)).collect();
            page += &format!("\n*{}*\n", markdown(&words.join(", ")));
        }
        let told = claims.iter().map(|&id| self.graph.statement(id));
        let told: Vec<_> = told.map(|it| Told::new(self.graph, self.options, it)).collect();
        self.parts(&mut page, &told, Some(id));
        page
    }

    fn article(&self, document: &GraphDocument, id: DocumentId) -> String {
        let mut page = "---\n".to_owned();
        let title = told::title(document);
        property(&mut page, "aliases", &serde_json::json!([title]));
        property(&mut page, "tags", &serde_json::json!(["article"]));
        property(&mut page, "source", &serde_json::json!(text::name(&document.id)));
        if let Some(publisher) = document.publisher.as_deref() {
            property(&mut page, "publisher", &serde_json::json!(text::name(publisher)));
        }
        if let Some(day) = document.published {
            property(&mut page, "published", &serde_json::json!(text::day(day)));
        }
        if let Some(address) = told::address(document) {
            property(&mut page, "url", &serde_json::json!(address));
        }
        page += &format!("---\n# {}\n", markdown(&title));
        let told: Vec<_> = Told::of_document(self.graph, self.options, id).collect();
        self.parts(&mut page, &told, None);
        page
    }

    fn parts(&self, page: &mut String, told: &[Told<'_>], of: Option<EntityId>) {
        for (heading, belongs) in PARTS {
            let mut told: Vec<&Told<'_>> = told.iter().filter(|told| belongs(told)).collect();
            if told.is_empty() {
                continue;
            }
            *page += &format!("\n## {heading}\n\n");
            let day = |told: &Told<'_>| told.statement.interval.as_ref().map(|days| days.start);
            // Those of one clause, which have one wording, are one claim.
            let claim = |told: &Told<'_>| (told.statement.document, told.statement.claim);
            told.sort_by_key(|told| (day(told).is_none(), day(told), claim(told)));
            let claims = told.chunk_by(|a, b| (day(a), claim(a)) == (day(b), claim(b)));
            let mut claims: Vec<&[&Told<'_>]> = claims.collect();
            // Those of one day in the order of the texts.
            let place = |told: &Told<'_>| (told.statement.document, told.statement.evidence.start);
            claims.sort_by_key(|claim| (day(claim[0]).is_none(), day(claim[0]), place(claim[0])));
            claims.iter().for_each(|claim| self.claim(page, claim, of));
        }
    }

    /// "- 2025-03-05: X visited Oslo. (claimed by [[…]]) [[Oslo]] · [[article]]", and its sentence.
    fn claim(&self, page: &mut String, claim: &[&Told<'_>], of: Option<EntityId>) {
        let told = claim[0];
        *page += "- ";
        match told.days() {
            Some((first, last)) if first == last => *page += &format!("{first}: "),
            Some((first, last)) => *page += &format!("{first} to {last}: "),
            None => {}
        }
        *page += &markdown(&told.wording());
        let standing = told.standing();
        if !standing.is_empty() {
            *page += &format!(" (*{}*)", markdown(&standing));
        }
        let mut linked = Vec::from_iter(of);
        for thing in claim.iter().flat_map(|told| self.things(told)) {
            if linked.contains(&thing) {
                continue;
            }
            linked.push(thing);
            let label = told::label(self.graph, thing);
            let name = file_name(self.graph, thing);
            *page += &format!(" [[{THINGS}/{name}|{}]]", link_text(&label));
        }
        if of.is_some() {
            let document = told.document();
            let title = told::title(document);
            *page += &format!(" [[{}|{}]]", article_path(document), link_text(&title));
        }
        let quote = told.quote();
        if !quote.is_empty() {
            *page += &format!("\n  > {}", markdown(&quote));
        }
        *page += &format!(" ^st-{}\n", told.statement.name());
    }

    /// All things with a page that a statement names, in any role.
    fn things(&self, told: &Told<'_>) -> Vec<EntityId> {
        let statement = &told.statement;
        let fillers = statement.qualifiers.iter().map(|(_, filler)| filler);
        let fillers = fillers.chain([&statement.object]).filter_map(|filler| match filler {
            Object::Entity(id) => Some(*id),
            Object::Literal { .. } | Object::Absent => None,
        });
        let others = statement.place.iter().chain(&statement.attribution).copied();
        let all = [statement.subject].into_iter().chain(fillers).chain(others);
        let mut things = Vec::new();
        for thing in all.flat_map(|id| self.graph.members(id)) {
            if self.has_page(thing) && !things.contains(&thing) {
                things.push(thing);
            }
        }
        things
    }
}

/// The name of a page: letters, digits and hyphens.
fn file_name(graph: &KnowledgeGraph, id: EntityId) -> String {
    plain(graph.entities.slug(id))
}

fn article_path(document: &GraphDocument) -> String {
    format!("{ARTICLES}/{}", plain(&document.hash))
}

fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// A tag has no spaces: "political-party".
fn tag(name: &str) -> String {
    let mut tag = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !tag.is_empty() {
            tag.push('-');
        }
        tag.extend(if c.is_alphanumeric() { c } else { '-' }.to_lowercase());
    }
    tag
}

/// A line of the properties. JSON is YAML.
fn property(page: &mut String, name: &str, value: &serde_json::Value) {
    *page += &format!("{name}: {value}\n");
}

/// Text of articles is no markup.
fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_{}[]<>#|$~=^%&!".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// The words of a link, which knows no escapes.
fn link_text(text: &str) -> String {
    let text: String =
        text.chars().map(|c| if "[]|\\<>#^`".contains(c) { ' ' } else { c }).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() { "?".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;

    #[test]
    fn pages_link_to_pages_and_old_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let write = |options: &Options| {
            let (graph, ontology) = (fixture::graph(), fixture::ontology());
            write_folder(&graph, &ontology, options, folder.path()).unwrap()
        };
        let vault = write(&Options::default());
        let page = fs::read_to_string(vault.join("things/anna-berg.md")).unwrap();
        assert!(
            page.starts_with("---\naliases: [\"Anna Berg\",\"Berg\",\"Ms. Berg\"]\n"),
            "{page}"
        );
        assert!(page.contains("[[things/porto-alto|Porto Alto]]"), "{page}");
        let denied = page.split("## Denied or not so").nth(1).unwrap();
        assert!(denied.contains("(*negated, claimed by Trade Ministry*)"), "{page}");
        for link in page.split("[[").skip(1) {
            let target = link.split('|').next().unwrap();
            assert!(vault.join(format!("{target}.md")).is_file(), "{target}");
        }
        assert!(vault.join("things/treaty-9f0e1d.md").is_file());
        fs::write(vault.join("things/notes.md"), "my own").unwrap();
        write(&Options { things: super::super::Things::Named, ..Options::default() });
        assert!(!vault.join("things/treaty-9f0e1d.md").exists());
        assert!(
            vault.join("things/notes.md").is_file() && vault.join("things/anna-berg.md").is_file()
        );
    }

    #[test]
    fn a_changed_list_of_pages_leads_nowhere_else() {
        assert!(is_page("things/anna-berg.md"));
        for name in
            ["../graph.ttl", "things/../../x.md", "things/.md", "other/a.md", "things/a b.md"]
        {
            assert!(!is_page(name), "{name}");
        }
    }
}
