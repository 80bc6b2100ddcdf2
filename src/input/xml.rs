//! XML as small trees, an article at a time.
//!
//! Nothing is fetched. A document type definition that only points elsewhere is passed over; one that
//! defines entities of its own is refused, so that no entity but the five of XML and those of HTML is
//! known. Elements deeper than [`MAX_DEPTH`] are refused.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::flat;

const MAX_DEPTH: usize = 256;

/// An element; names are without prefix.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    /// Before the colon, or empty.
    pub(super) prefix: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
}

#[derive(Debug)]
enum Node {
    Text(String),
    Element(Element),
}

/// What [`read`] calls for each article: the article, and the open elements around it.
pub(super) type EachItem<'a> = dyn FnMut(&Element, &[Element]) + 'a;

/// Reads a document. Elements that `is_item` knows, given the root's name and their own, go to `each`
/// and are then forgotten; what remains of the root is given back.
///
/// # Errors
/// One line: what is wrong. Items before it have been given away.
pub(super) fn read(
    xml: &str,
    is_item: &dyn Fn(&str, &str) -> bool,
    each: &mut EachItem<'_>,
) -> Result<Element, String> {
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<Element> = Vec::new();
    // The depth of the item that is open.
    let mut item: Option<usize> = None;
    let mut root: Option<Element> = None;
    loop {
        match reader.read_event().map_err(|cause| format!("not XML: {cause}"))? {
            Event::Start(tag) => {
                if open.len() >= MAX_DEPTH {
                    return Err(format!("elements nested more than {MAX_DEPTH} deep"));
                }
                let element = Element::of(&tag);
                let top = open.first().map_or(element.name.as_str(), |root| root.name.as_str());
                if item.is_none() && is_item(top, &element.name) {
                    item = Some(open.len());
                }
                open.push(element);
            }
            Event::Empty(tag) => {
                let element = Element::of(&tag);
                match open.last_mut() {
                    Some(parent) => parent.children.push(Node::Element(element)),
                    None => root = Some(element),
                }
            }
            Event::End(_) => {
                let Some(element) = open.pop() else { continue };
                if item == Some(open.len()) {
                    item = None;
                    each(&element, &open);
                    if open.is_empty() {
                        root = Some(Element { name: element.name, ..Element::default() });
                    }
                } else if let Some(parent) = open.last_mut() {
                    parent.children.push(Node::Element(element));
                } else {
                    root = Some(element);
                }
            }
            Event::Text(text) => push(&mut open, &text),
            Event::CData(text) => push(&mut open, &text),
            Event::GeneralRef(entity) => push(&mut open, &reference(&entity)),
            Event::DocType(definition) if definition.contains("<!") || definition.contains('%') => {
                return Err(
                    "a document type definition with entities, which is not read".to_owned()
                );
            }
            Event::Eof if open.is_empty() => {
                return root.ok_or_else(|| "no element".to_owned());
            }
            Event::Eof => {
                let names: Vec<&str> = open.iter().map(|element| element.name.as_str()).collect();
                return Err(format!("ends inside <{}>", names.join("><")));
            }
            Event::DocType(_) | Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
}

/// Reads a whole document as one tree.
///
/// # Errors
/// One line: what is wrong.
pub(super) fn tree(xml: &str) -> Result<Element, String> {
    read(xml, &|_, _| false, &mut |_, _| {})
}

fn push(open: &mut [Element], text: &str) {
    let Some(element) = open.last_mut() else { return };
    if let Some(Node::Text(before)) = element.children.last_mut() {
        before.push_str(text);
    } else {
        element.children.push(Node::Text(text.to_owned()));
    }
}

/// An entity of XML or HTML, or a character by its number; others are left out.
fn reference(entity: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = entity.resolve_char_ref() {
        return c.to_string();
    }
    if let Some(known) = quick_xml::escape::resolve_predefined_entity(entity) {
        return known.to_owned();
    }
    let written = format!("&{};", &**entity);
    Some(flat::decode(&written)).filter(|decoded| *decoded != written).unwrap_or_default()
}

impl Element {
    fn of(tag: &BytesStart<'_>) -> Self {
        let name = tag.name();
        let mut unchecked = tag.attributes();
        let attributes = unchecked.with_checks(false).flatten().map(|attribute| {
            let value = flat::decode(&attribute.value.replace('<', "&lt;"));
            (attribute.key.local_name().as_ref().to_owned(), value)
        });
        Self {
            name: name.local_name().as_ref().to_owned(),
            prefix: name.prefix().map(|prefix| prefix.as_ref().to_owned()).unwrap_or_default(),
            attributes: attributes.collect(),
            children: Vec::new(),
        }
    }

    /// The value of an attribute, by its name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// All attributes.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The elements right below.
    pub(super) fn children(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element of this name right below.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children().find(|child| child.name == name)
    }

    /// The first element of this name anywhere below, in the order of the text.
    pub(super) fn find(&self, name: &str) -> Option<&Element> {
        self.children().find_map(
            |child| {
                if child.name == name { Some(child) } else { child.find(name) }
            },
        )
    }

    /// All elements of this name below, none within another.
    pub(super) fn all<'e>(&'e self, name: &str) -> Vec<&'e Element> {
        let mut found = Vec::new();
        self.gather(&|element| element.name == name, &mut found);
        found
    }

    fn gather<'e>(&'e self, wanted: &dyn Fn(&Element) -> bool, found: &mut Vec<&'e Element>) {
        for child in self.children() {
            if wanted(child) {
                found.push(child);
            } else {
                child.gather(wanted, found);
            }
        }
    }

    /// All text below, as it stands.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.add_text(&mut text);
        text
    }

    fn add_text(&self, text: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(piece) => text.push_str(piece),
                Node::Element(element) => element.add_text(text),
            }
        }
    }

    /// Shows text (`Ok`) and elements (`Err`) below in their order; the content of an element only if
    /// the answer is true.
    pub(super) fn walk(&self, see: &mut dyn FnMut(Result<&str, &Element>) -> bool) {
        for node in &self.children {
            match node {
                Node::Text(text) => {
                    see(Ok(text));
                }
                Node::Element(element) => {
                    if see(Err(element)) {
                        element.walk(see);
                    }
                }
            }
        }
    }

    /// The text below on one line, if there is any.
    pub(super) fn line(&self) -> Option<String> {
        let text = super::normalize::line(&self.prose(&[]));
        (!text.is_empty()).then_some(text)
    }

    /// The text of the first element of this name below, on one line.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        self.all(name).into_iter().find_map(Element::line)
    }

    /// The text as paragraphs, without elements of the names `without`.
    ///
    /// Line ends within a paragraph are blanks where there is markup; text that is not marked up stays
    /// as it is.
    pub(super) fn prose(&self, without: &[&str]) -> String {
        if self.children().next().is_none() {
            return self.text();
        }
        let mut text = String::new();
        self.add_prose(without, &mut text);
        text
    }

    fn add_prose(&self, without: &[&str], text: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(piece) => add_inline(piece, text),
                Node::Element(element) => {
                    let name = element.name.to_ascii_lowercase();
                    let hidden = flat::HIDDEN.contains(&name.as_str()) && name != "title";
                    if hidden || without.contains(&name.as_str()) {
                        continue;
                    }
                    if name == "br" || name == "lb" {
                        text.push('\n');
                        continue;
                    }
                    let is_block = flat::is_block(&name) || BLOCKS.contains(&name.as_str());
                    if is_block {
                        text.push_str("\n\n");
                    }
                    element.add_prose(without, text);
                    if is_block {
                        text.push_str("\n\n");
                    }
                }
            }
        }
    }
}

/// Elements of news formats that begin a new paragraph, beside those of HTML.
const BLOCKS: &[&str] = &[
    "block",
    "byline",
    "dateline",
    "head",
    "headline",
    "hedline",
    "hl1",
    "hl2",
    "item",
    "lead",
    "list",
    "paragraph",
    "para",
    "quote",
    "row",
    "cell",
    "tagline",
    "text",
    "title",
];

/// Adds text of a paragraph: line ends and indentation of the source are blanks.
fn add_inline(piece: &str, text: &mut String) {
    for c in piece.chars() {
        if !matches!(c, ' ' | '\t' | '\n' | '\r') {
            text.push(c);
        } else if !text.ends_with([' ', '\n']) {
            text.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_know_attributes_text_and_paragraphs() {
        let root =
            tree("<a x:b=' 1 '><p>One <i>two</i>\n three.</p><p>Fo&amp;ur &eacute;.</p></a>")
                .expect("well-formed");
        assert_eq!(root.attribute("b"), Some("1"));
        assert_eq!(root.text(), "One two\n three.Fo&ur é.");
        assert_eq!(root.prose(&[]).trim(), "One two three.\n\n\n\nFo&ur é.");
        assert_eq!(root.value("i").as_deref(), Some("two"));
    }

    #[test]
    fn items_are_given_away_and_those_before_an_error_are_kept() {
        let mut names = Vec::new();
        let is_item = |_: &str, name: &str| name == "i";
        let outcome = read("<r><h>t</h><i>1</i><i>2<i/></i><i>", &is_item, &mut |item, around| {
            names.push(format!("{}{}", item.text(), around[0].value("h").unwrap_or_default()));
        });
        assert_eq!(names, ["1t", "2t"]);
        assert_eq!(outcome.map(|root| root.name), Err("ends inside <r><i>".to_owned()));
    }

    #[test]
    fn definitions_that_point_elsewhere_are_passed_over_and_entities_refused() {
        assert!(tree("<!DOCTYPE a SYSTEM \"http://x.example/a.dtd\"><a/>").is_ok());
        assert!(tree("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>").is_err());
        assert!(tree(&"<a>".repeat(300)).is_err());
    }
}
