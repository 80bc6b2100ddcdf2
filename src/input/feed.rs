//! RSS and Atom: a document an item.
//!
//! A document type definition is refused, so that no entity but the five of XML is known; nothing
//! is fetched; elements deeper than 256 are refused.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use super::{Batch, InputOptions, RawDocument, Source, finish, flat};

const MAX_DEPTH: usize = 256;

/// Reads the items; those before an error are kept.
pub(super) fn read(text: &str, source: &Source, options: &InputOptions, batch: &mut Batch) {
    let mut items = Items::default();
    let outcome = items.read(text);
    for draft in items.drafts {
        finish(draft, source, options, batch);
    }
    if let Err(reason) = outcome {
        batch.skip(source, None, reason);
    }
}

#[derive(Default)]
struct Items {
    drafts: Vec<RawDocument>,
    /// Name of the channel or feed.
    publisher: Option<String>,
    /// The item that is open.
    item: Option<RawDocument>,
    /// Local names of the open elements.
    path: Vec<String>,
    /// Text of the open element.
    text: String,
}

impl Items {
    fn read(&mut self, xml: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(xml);
        loop {
            let event = reader.read_event().map_err(|cause| format!("not XML: {cause}"))?;
            match event {
                Event::Start(tag) => {
                    let name = tag.local_name().as_ref().to_owned();
                    let href = attribute(&tag, "href");
                    self.open(name, href)?;
                }
                Event::Empty(tag) => {
                    let name = tag.local_name().as_ref().to_owned();
                    let href = attribute(&tag, "href");
                    self.open(name, href)?;
                    self.close();
                }
                Event::End(_) => self.close(),
                Event::Text(text) => self.text.push_str(&text),
                Event::CData(text) => self.text.push_str(&text),
                Event::GeneralRef(entity) => self.text.push_str(&reference(&entity)),
                Event::DocType(_) => {
                    return Err("a document type definition, which is not read".to_owned());
                }
                Event::Eof if self.path.is_empty() => return Ok(()),
                Event::Eof => return Err(format!("ends inside <{}>", self.path.join("><"))),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            }
        }
    }

    fn open(&mut self, name: String, href: Option<String>) -> Result<(), String> {
        if self.path.is_empty() && !matches!(name.as_str(), "rss" | "feed" | "RDF") {
            return Err(format!("XML with root <{name}>, expected RSS or Atom"));
        }
        if self.path.len() >= MAX_DEPTH {
            return Err(format!("elements nested more than {MAX_DEPTH} deep"));
        }
        match name.as_str() {
            "item" | "entry" => {
                let n = self.drafts.len() as u64 + 1;
                let publisher = self.publisher.clone();
                self.item =
                    Some(RawDocument { item: Some(n), publisher, ..RawDocument::default() });
            }
            "link" if href.is_some() => {
                if let Some(item) = &mut self.item {
                    item.uri = item.uri.take().or(href);
                }
            }
            _ => {}
        }
        self.path.push(name);
        self.text.clear();
        Ok(())
    }

    fn close(&mut self) {
        let Some(name) = self.path.pop() else { return };
        let text = std::mem::take(&mut self.text);
        let value = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let Some(item) = &mut self.item else {
            if name == "title" && self.path.len() <= 2 {
                self.publisher = value;
            }
            return;
        };
        match name.as_str() {
            "item" | "entry" => {
                let draft = self
                    .item
                    .take()
                    .map(|item| RawDocument { text: flat::text(&item.text), ..item });
                self.drafts.extend(draft);
            }
            "title" => item.title = value.map(|title| flat::text(&title)),
            "link" => item.uri = item.uri.take().or(value),
            "guid" | "id" => item.id = value,
            "pubDate" | "published" => item.date = value.or(item.date.take()),
            "date" | "updated" => item.date = item.date.take().or(value),
            // The whole text if there is one, else the summary: whichever is longer.
            "description" | "summary" | "encoded" | "content" if text.len() > item.text.len() => {
                item.text = text;
            }
            _ => {}
        }
    }
}

fn attribute(tag: &quick_xml::events::BytesStart<'_>, name: &str) -> Option<String> {
    let value = tag.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?.value;
    Some(flat::decode(&value.replace('<', "&lt;")))
}

/// One of the five entities of XML, or a character by its number; others are left out.
fn reference(entity: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = entity.resolve_char_ref() {
        return c.to_string();
    }
    quick_xml::escape::resolve_predefined_entity(entity).unwrap_or_default().to_owned()
}
