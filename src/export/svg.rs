//! A map of the graph as a picture: SVG that any browser shows.
//!
//! One line a pair of things, one circle a thing, in the colors and sizes of the other forms. The
//! things with most relations have their name beside them where there is room, the others when pointed at. No script,
//! nothing fetched.

use std::io::{self, Write};
use std::sync::Arc;

use petgraph::visit::EdgeRef;

use super::edges::{COLORS, GraphTable, OTHER_COLOR};
use super::graphml::Xml;
use super::layout::{self, Positions};
use super::{Options, text};
use crate::entity::EntityId;
use crate::graph::KnowledgeGraph;
use crate::ontology::Ontology;

/// Names that a picture has room for.
const N_NAMES: usize = 60;

const STYLE: &str = "text{font-family:sans-serif;fill:#222;paint-order:stroke;stroke:#fff;\
                     stroke-width:.25em;stroke-linejoin:round}line{stroke:#667;stroke-opacity:.35}\
                     circle{stroke:#fff}";

/// Writes SVG.
///
/// # Errors
/// Those of `out`.
pub fn write(
    graph: &KnowledgeGraph,
    ontology: &Ontology,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let table = GraphTable::drawing(graph, ontology, options);
    let computed = || Arc::new(Positions::shown(graph, options));
    let positions = options.positions.clone().unwrap_or_else(computed);
    // In a picture y goes down.
    let place = |id: EntityId| positions.get(id).map(|[x, y]| [x, -y]);
    let ids = (0..).map(EntityId).take(graph.entities.len());
    let nodes: Vec<(EntityId, [f64; 2], f64)> = ids
        .filter(|&id| layout::is_shown(graph, options, id))
        .filter_map(|id| Some((id, place(id)?, layout::size(layout::degree(graph, id)) / 2.0)))
        .collect();
    let frame = ViewBox::around(&nodes);
    let mut xml = Xml::new(out)?;
    let view = frame.view();
    xml.open(
        "svg",
        &[
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("viewBox", &view.join(" ")),
            ("role", "img"),
            ("aria-labelledby", "title"),
        ],
    )?;
    let n_edges = edges(graph, options).count();
    let title = format!("{} things and {n_edges} relations between them", nodes.len());
    xml.text("title", &[("id", "title")], &title)?;
    xml.text("style", &[], STYLE)?;
    let [x, y, width, height] = &view;
    let paper = [("x", &**x), ("y", y), ("width", width), ("height", height), ("fill", "#fff")];
    xml.empty("rect", &paper)?;
    lines(&mut xml, edges(graph, options), &place)?;
    for (id, [x, y], radius) in &nodes {
        let (x, y, radius) = (number(*x), number(*y), number(*radius));
        let color = table.color(graph.entities.class(*id));
        xml.open("circle", &[("cx", &x), ("cy", &y), ("r", &radius), ("fill", color)])?;
        xml.text("title", &[], &text::label(&graph.entities.get(*id)))?;
        xml.close("circle")?;
    }
    let mut largest: Vec<&(EntityId, [f64; 2], f64)> =
        nodes.iter().filter(|(id, ..)| graph.entities.is_named(*id)).collect();
    largest.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
    let mut boxes: Vec<[f64; 4]> = Vec::new();
    for (id, [x, y], radius) in largest {
        let size = frame.text.max(radius * 0.6);
        // Letters are about half as wide as high.
        let width = 0.55 * size * text::label(&graph.entities.get(*id)).chars().count() as f64;
        let (x, y) = (x + radius + size * 0.3, y + size * 0.35);
        let name = [x, y - size, x + width, y];
        let meets = |[left, top, right, bottom]: &[f64; 4]| {
            name[0] < *right && *left < name[2] && name[1] < *bottom && *top < name[3]
        };
        if boxes.len() == N_NAMES || boxes.iter().any(meets) {
            continue;
        }
        boxes.push(name);
        let (x, y, size) = (number(x), number(y), number(size));
        let place = [("x", &*x), ("y", &y), ("font-size", &size)];
        xml.text("text", &place, &text::label(&graph.entities.get(*id)))?;
    }
    frame.legend(&mut xml)?;
    xml.close("svg")?;
    xml.finish()
}

/// The ends of all relations that are shown.
fn edges(graph: &KnowledgeGraph, options: &Options) -> impl Iterator<Item = (EntityId, EntityId)> {
    let edges = graph.graph.edge_references();
    let ends = edges.map(|edge| (graph.graph[edge.source()], graph.graph[edge.target()]));
    ends.filter(|(from, to)| options.shows(graph, *from) && options.shows(graph, *to))
}

/// One line for each pair of things, thicker the more relations it stands for.
fn lines(
    xml: &mut Xml<'_>,
    edges: impl Iterator<Item = (EntityId, EntityId)>,
    place: &dyn Fn(EntityId) -> Option<[f64; 2]>,
) -> io::Result<()> {
    let ends = edges.map(|(from, to)| (from.min(to), from.max(to)));
    let mut pairs: Vec<(EntityId, EntityId)> = ends.collect();
    pairs.sort_unstable();
    for equal in pairs.chunk_by(|a, b| a == b) {
        let (Some([x1, y1]), Some([x2, y2])) = (place(equal[0].0), place(equal[0].1)) else {
            continue;
        };
        let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(number);
        let width = number(1.5 * (equal.len() as f64).sqrt().min(6.0));
        let line = [("x1", &*x1), ("y1", &y1), ("x2", &x2), ("y2", &y2), ("stroke-width", &width)];
        xml.empty("line", &line)?;
    }
    Ok(())
}

/// What the picture shows.
struct ViewBox {
    from: [f64; 2],
    to: [f64; 2],
    /// Size of the smallest text, a fixed share of the picture.
    text: f64,
}

impl ViewBox {
    fn around(nodes: &[(EntityId, [f64; 2], f64)]) -> Self {
        let (mut from, mut to) = ([-50.0_f64; 2], [50.0_f64; 2]);
        for (_, point, radius) in nodes {
            for axis in 0..2 {
                from[axis] = from[axis].min(point[axis] - radius);
                to[axis] = to[axis].max(point[axis] + radius);
            }
        }
        let text = (to[0] - from[0]).max(to[1] - from[1]) / 80.0;
        // Room for names at the right and for the legend below.
        let (from, to) =
            ([from[0] - text, from[1] - text], [to[0] + 8.0 * text, to[1] + 4.0 * text]);
        Self { from, to, text }
    }

    fn view(&self) -> [String; 4] {
        let ([x, y], [right, bottom]) = (self.from, self.to);
        [x, y, right - x, bottom - y].map(number)
    }

    fn legend(&self, xml: &mut Xml<'_>) -> io::Result<()> {
        let (size, baseline) = (number(self.text), self.to[1] - self.text);
        let radius = number(self.text * 0.4);
        let classes = COLORS.iter().map(|&(_, name, color)| (name, color));
        let classes = classes.chain([("Other", OTHER_COLOR)]);
        for (nth, (class, color)) in classes.enumerate() {
            let x = self.from[0] + self.text * (1.0 + 9.0 * nth as f64);
            let (cx, cy) = (number(x), number(baseline - self.text * 0.35));
            xml.empty("circle", &[("cx", &cx), ("cy", &cy), ("r", &radius), ("fill", color)])?;
            let (x, y) = (number(x + self.text * 0.7), number(baseline));
            xml.text("text", &[("x", &x), ("y", &y), ("font-size", &size)], class)?;
        }
        Ok(())
    }
}

fn number(x: f64) -> String {
    format!("{:.1}", (x * 10.0).round() / 10.0 + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;

    #[test]
    fn every_thing_is_drawn_and_no_name_is_markup() {
        let graph = fixture::graph();
        let mut out = Vec::new();
        write(&graph, &fixture::ontology(), &Options::default(), &mut out).unwrap();
        let svg = String::from_utf8(out).unwrap();
        let legend = COLORS.len() + 1;
        assert_eq!(svg.matches("<circle").count(), graph.graph.node_count() + legend);
        assert!(svg.contains("Zed \"Quote\" &lt;b>&amp;amp;x ]] > \\ end"), "{svg}");
        assert!(!svg.contains("<b>") && !svg.contains("script"));
    }
}
