//! Positions of nodes, so that a file opens as a picture.
//!
//! ForceAtlas2 (Jacomy, Venturini, Heymann and Bastian 2014): nodes repel each other by their
//! degrees, edges pull, a weak pull to the center holds the parts together; forces from afar are
//! summed in a tree (Barnes and Hut 1986), and each node slows down as it swings. Afterwards circles
//! that overlap are pushed apart.
//!
//! The same graph gives the same bytes with any number of threads: a node's force is summed by one
//! thread in a fixed order, sums over nodes are made one after the other, and nothing is computed
//! but sums, products, quotients and square roots. Time is bounded: the larger the graph, the fewer
//! the rounds.

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use rayon::prelude::*;

use super::Options;
use crate::entity::EntityId;
use crate::graph::KnowledgeGraph;

type Point = [f64; 2];

/// Where the nodes of a graph lie: around the origin, in the unit of their sizes, y upwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Positions {
    of: Vec<Option<Point>>,
}

impl Positions {
    /// Lays a graph out.
    pub fn new(graph: &KnowledgeGraph) -> Self {
        Self::of(graph, |_| true)
    }

    /// Lays out what drawings show.
    pub fn shown(graph: &KnowledgeGraph, options: &Options) -> Self {
        Self::of(graph, |id| is_shown(graph, options, id))
    }

    fn of(graph: &KnowledgeGraph, is_shown: impl Fn(EntityId) -> bool) -> Self {
        let ids = (0..).map(EntityId).zip(&graph.nodes);
        let nodes = ids.filter(|(_, node)| node.is_some()).map(|(id, _)| id);
        let entities: Vec<EntityId> = nodes.filter(|&id| is_shown(id)).collect();
        let mut place = vec![u32::MAX; graph.entities.len()];
        for (at, id) in (0..).zip(&entities) {
            place[id.index()] = at;
        }
        let edges = graph.graph.edge_references();
        let at = |node: NodeIndex| place[graph.graph[node].index()];
        let edges = edges.map(|edge| (at(edge.source()), at(edge.target())));
        let edges: Vec<_> = edges.filter(|ends| ends.0 != u32::MAX && ends.1 != u32::MAX).collect();
        let mut of = vec![None; graph.entities.len()];
        for (entity, point) in entities.iter().zip(lay_out(entities.len(), &edges)) {
            of[entity.index()] = Some(point);
        }
        Self { of }
    }

    /// Where an entity lies, if it is a node.
    pub fn get(&self, id: EntityId) -> Option<[f64; 2]> {
        self.of.get(id.index()).copied().flatten()
    }
}

/// Lays out so many nodes with edges between them.
pub fn lay_out(n: usize, edges: &[(u32, u32)]) -> Vec<[f64; 2]> {
    let mut picture = Picture::new(n, edges);
    let rounds = (BUDGET / n.max(1)).clamp(MIN_ROUNDS, MAX_ROUNDS);
    let mut pace = Pace::default();
    for _ in 0..rounds {
        picture.step(&mut pace);
    }
    picture.spread();
    let rounds = (BUDGET / n.max(1)).clamp(2, 40);
    for _ in 0..rounds {
        if !picture.part() {
            break;
        }
    }
    picture.points
}

/// True for a node that drawings show ([`Options::things`]).
pub(super) fn is_shown(graph: &KnowledgeGraph, options: &Options, id: EntityId) -> bool {
    graph.nodes[id.index()].is_some() && options.shows(graph, id)
}

/// Size (diameter) of a node with so many edges.
pub(super) fn size(degree: usize) -> f64 {
    10.0 + 4.0 * (degree as f64).sqrt()
}

/// The number of edges of an entity's node.
pub(super) fn degree(graph: &KnowledgeGraph, id: EntityId) -> usize {
    graph.nodes[id.index()].map_or(0, |node| {
        graph.graph.edges_directed(node, petgraph::Outgoing).count()
            + graph.graph.edges_directed(node, petgraph::Incoming).count()
    })
}

/// Nodes times rounds that are worth the wait.
const BUDGET: usize = 3_000_000;
const MIN_ROUNDS: usize = 30;
const MAX_ROUNDS: usize = 600;

const REPULSION: f64 = 10.0;
/// Pull to the center for each unit of distance and mass.
const GRAVITY: f64 = 0.15;
/// A cell of the tree that looks smaller than this counts as one body.
const THETA: f64 = 1.2;
/// Space around a circle.
const MARGIN: f64 = 3.0;

struct Picture {
    points: Vec<Point>,
    /// One more than the number of neighbors.
    mass: Vec<f64>,
    radius: Vec<f64>,
    /// Neighbors of each node with the strength of their pull.
    neighbors: Vec<Vec<(u32, f64)>>,
    before: Vec<Point>,
}

impl Picture {
    fn new(n: usize, edges: &[(u32, u32)]) -> Self {
        let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(2 * edges.len());
        let mut degrees = vec![0; n];
        for &(from, to) in edges {
            degrees[from as usize] += 1;
            degrees[to as usize] += 1;
            if from != to {
                pairs.extend([(from, to), (to, from)]);
            }
        }
        pairs.sort_unstable();
        let mut neighbors = vec![Vec::new(); n];
        for equal in pairs.chunk_by(|a, b| a == b) {
            let (from, to) = equal[0];
            neighbors[from as usize].push((to, (equal.len() as f64).sqrt()));
        }
        let mass = neighbors.iter().map(|others| 1.0 + others.len() as f64).collect();
        let radius = degrees.iter().map(|&degree| size(degree) / 2.0 + MARGIN).collect();
        let before = vec![[0.0; 2]; n];
        Self { points: spiral(n), mass, radius, neighbors, before }
    }

    /// Moves every node once.
    fn step(&mut self, pace: &mut Pace) {
        let tree = QuadTree::new(&self.points, &self.mass);
        let force = |at: usize| {
            let (point, mass) = (self.points[at], self.mass[at]);
            let mut force = tree.repulsion(at, &self.points, &self.mass);
            for &(other, pull) in &self.neighbors[at] {
                let other = self.points[other as usize];
                force[0] += pull * (other[0] - point[0]);
                force[1] += pull * (other[1] - point[1]);
            }
            let gravity = GRAVITY * mass;
            [force[0] - gravity * point[0], force[1] - gravity * point[1]]
        };
        let forces: Vec<Point> = (0..self.points.len()).into_par_iter().map(force).collect();
        let (mut swinging, mut traction) = (0.0, 0.0);
        let mut swings = Vec::with_capacity(forces.len());
        for ((now, before), mass) in forces.iter().zip(&self.before).zip(&self.mass) {
            let swing = mass * length([now[0] - before[0], now[1] - before[1]]);
            swings.push(swing);
            swinging += swing;
            traction += mass * length([now[0] + before[0], now[1] + before[1]]) / 2.0;
        }
        let speed = pace.next(forces.len(), swinging, traction);
        for ((point, force), swing) in self.points.iter_mut().zip(&forces).zip(swings) {
            let factor = speed / (1.0 + (speed * swing).sqrt());
            point[0] += factor * force[0];
            point[1] += factor * force[1];
        }
        self.before = forces;
    }

    /// Scales the picture so that circles take a fixed share of it.
    fn spread(&mut self) {
        let n = self.points.len().max(1) as f64;
        let mut middle = [0.0; 2];
        for point in &self.points {
            middle = [middle[0] + point[0] / n, middle[1] + point[1] / n];
        }
        let (mut have, mut want) = (0.0, 0.0);
        for (point, radius) in self.points.iter_mut().zip(&self.radius) {
            *point = [point[0] - middle[0], point[1] - middle[1]];
            have += point[0] * point[0] + point[1] * point[1];
            want += radius * radius;
        }
        // A disk of n even points has a mean square distance of half its squared radius.
        let scale = if have > 0.0 { (SPACE * want * n / (2.0 * have)).sqrt() } else { 1.0 };
        self.points.iter_mut().for_each(|point| *point = [point[0] * scale, point[1] * scale]);
    }

    /// Pushes circles apart that overlap; true if there were any.
    fn part(&mut self) -> bool {
        let largest = self.radius.iter().copied().fold(1.0, f64::max);
        let cell = |point: Point| point.map(|x| (x / (2.0 * largest)).floor() as i64);
        let mut order: Vec<([i64; 2], u32)> =
            (0..).zip(&self.points).map(|(at, &point)| (cell(point), at)).collect();
        order.sort_unstable();
        let mut any = false;
        for &([column, row], at) in &order {
            let at = at as usize;
            for column in column - 1..=column + 1 {
                let from = order.partition_point(|&(cell, _)| cell < [column, row - 1]);
                let near = order[from..].iter();
                for &(_, other) in near.take_while(|&&(cell, _)| cell <= [column, row + 1]) {
                    let other = other as usize;
                    if other > at {
                        any |= self.part_two(at, other);
                    }
                }
            }
        }
        any
    }

    fn part_two(&mut self, one: usize, two: usize) -> bool {
        let ([ax, ay], [bx, by]) = (self.points[one], self.points[two]);
        let (dx, dy) = (bx - ax, by - ay);
        let wanted = self.radius[one] + self.radius[two];
        let apart = length([dx, dy]);
        if apart >= wanted - 0.01 {
            return false;
        }
        let [dx, dy] = if apart > 1e-6 { [dx / apart, dy / apart] } else { [1.0, 0.0] };
        // The heavier one moves less.
        let share = self.mass[two] / (self.mass[one] + self.mass[two]);
        let push = wanted - apart;
        let (first, second) = (push * share, push * (1.0 - share));
        self.points[one] = [ax - first * dx, ay - first * dy];
        self.points[two] = [bx + second * dx, by + second * dy];
        true
    }
}

/// Area of the picture as a multiple of the circles' area.
const SPACE: f64 = 6.0;

fn length([x, y]: Point) -> f64 {
    (x * x + y * y).sqrt()
}

/// Points as seeds in a sunflower: even, and the same on every machine. The golden angle is turned
/// by multiplication, since sines differ by platform.
fn spiral(n: usize) -> Vec<Point> {
    const TURN: Point = [-0.737_368_878_078_320_1, 0.675_490_294_261_523_8];
    let mut direction = [1.0, 0.0];
    let mut points = Vec::with_capacity(n);
    for at in 0..n {
        let distance = 10.0 * (at as f64 + 0.5).sqrt();
        points.push([direction[0] * distance, direction[1] * distance]);
        let [x, y] = direction;
        let turned = [x * TURN[0] - y * TURN[1], x * TURN[1] + y * TURN[0]];
        let one = length(turned);
        direction = [turned[0] / one, turned[1] / one];
    }
    points
}

/// The global speed, which falls when nodes swing more than they move on.
struct Pace {
    speed: f64,
    efficiency: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { speed: 1.0, efficiency: 1.0 }
    }
}

impl Pace {
    /// As in the paper, with the adaptive tolerance of its reference implementation.
    fn next(&mut self, n: usize, swinging: f64, traction: f64) -> f64 {
        if swinging <= 0.0 || traction <= 0.0 {
            return self.speed;
        }
        let n = n as f64;
        let estimate = 0.05 * n.sqrt();
        let mut tolerance = (estimate * traction / (n * n)).min(10.0).max(estimate.sqrt());
        if swinging / traction > 2.0 {
            if self.efficiency > 0.05 {
                self.efficiency *= 0.5;
            }
            tolerance = tolerance.max(1.0);
        }
        let target = tolerance * self.efficiency * traction / swinging;
        if swinging > tolerance * traction {
            if self.efficiency > 0.05 {
                self.efficiency *= 0.7;
            }
        } else if self.speed < 1000.0 {
            self.efficiency *= 1.3;
        }
        self.speed += (target - self.speed).min(0.5 * self.speed);
        self.speed
    }
}

/// Bodies in cells that are cut in four until few are left.
struct QuadTree {
    cells: Vec<Cell>,
    /// Bodies, those of a cell in a row.
    order: Vec<u32>,
}

struct Cell {
    middle: Point,
    mass: f64,
    width: f64,
    bodies: std::ops::Range<u32>,
    /// Its quarters; none of a leaf.
    parts: Vec<u32>,
}

const LEAF: usize = 6;
const DEPTH: usize = 48;

impl QuadTree {
    fn new(points: &[Point], mass: &[f64]) -> Self {
        let mut half: f64 = 1.0;
        for point in points {
            half = half.max(point[0].abs()).max(point[1].abs());
        }
        let order = (0..).take(points.len()).collect();
        let mut tree = Self { cells: Vec::new(), order };
        if !points.is_empty() {
            tree.cell((points, mass), 0..points.len(), ([0.0; 2], half), 0);
        }
        tree
    }

    fn cell(
        &mut self,
        (points, mass): (&[Point], &[f64]),
        bodies: std::ops::Range<usize>,
        (center, half): (Point, f64),
        depth: usize,
    ) -> u32 {
        let (mut middle, mut whole) = ([0.0; 2], 0.0);
        for &body in &self.order[bodies.clone()] {
            let ([x, y], mass) = (points[body as usize], mass[body as usize]);
            middle = [middle[0] + mass * x, middle[1] + mass * y];
            whole += mass;
        }
        let index = self.cells.len();
        self.cells.push(Cell {
            middle: [middle[0] / whole, middle[1] / whole],
            mass: whole,
            width: 2.0 * half,
            bodies: bodies.start as u32..bodies.end as u32,
            parts: Vec::new(),
        });
        if bodies.len() > LEAF && depth < DEPTH {
            let quarter = |body: u32| {
                let [x, y] = points[body as usize];
                usize::from(x >= center[0]) + 2 * usize::from(y >= center[1])
            };
            self.order[bodies.clone()].sort_by_key(|&body| quarter(body));
            let (mut from, half) = (bodies.start, half / 2.0);
            let mut parts = Vec::new();
            while from < bodies.end {
                let which = quarter(self.order[from]);
                let rest = &self.order[from..bodies.end];
                let to = from + rest.partition_point(|&body| quarter(body) == which);
                let x = center[0] + if which % 2 == 1 { half } else { -half };
                let y = center[1] + if which / 2 == 1 { half } else { -half };
                parts.push(self.cell((points, mass), from..to, ([x, y], half), depth + 1));
                from = to;
            }
            self.cells[index].parts = parts;
        }
        index as u32
    }

    /// What pushes a body away from all others.
    fn repulsion(&self, at: usize, points: &[Point], mass: &[f64]) -> Point {
        let ([x, y], own) = (points[at], mass[at]);
        let mut force = [0.0; 2];
        let mut push = |other: Point, mass: f64| {
            let (dx, dy) = (x - other[0], y - other[1]);
            // Bodies on one spot do not push each other; the last step parts them.
            let square = (dx * dx + dy * dy).max(1e-4);
            let strength = REPULSION * own * mass / square;
            force[0] += strength * dx;
            force[1] += strength * dy;
        };
        let mut open: Vec<u32> = if self.cells.is_empty() { Vec::new() } else { vec![0] };
        while let Some(index) = open.pop() {
            let cell = &self.cells[index as usize];
            let (dx, dy) = (x - cell.middle[0], y - cell.middle[1]);
            if cell.width * cell.width < THETA * THETA * (dx * dx + dy * dy) {
                push(cell.middle, cell.mass);
            } else if cell.parts.is_empty() {
                let bodies = cell.bodies.start as usize..cell.bodies.end as usize;
                for &body in &self.order[bodies] {
                    if body as usize != at {
                        push(points[body as usize], mass[body as usize]);
                    }
                }
            } else {
                open.extend(&cell.parts);
            }
        }
        force
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;

    #[test]
    fn nodes_get_places_of_their_own() {
        let graph = fixture::graph();
        let positions = Positions::new(&graph);
        let circles: Vec<(Point, f64)> = (0..)
            .map(EntityId)
            .take(graph.entities.len())
            .filter_map(|id| Some((positions.get(id)?, size(degree(&graph, id)) / 2.0)))
            .collect();
        assert_eq!(circles.len(), graph.graph.node_count());
        for (nth, (one, radius)) in circles.iter().enumerate() {
            assert!(one.iter().all(|x| x.is_finite()));
            for (two, other) in &circles[..nth] {
                let apart = length([one[0] - two[0], one[1] - two[1]]);
                assert!(apart > radius + other, "{one:?} {two:?}");
            }
        }
    }

    #[test]
    fn neighbors_lie_nearer_than_strangers() {
        // Two triangles, joined by nothing.
        let neighbors = |at: u32| (at / 3 * 3..at / 3 * 3 + 3).filter(move |&n| n != at);
        let mut picture = Picture {
            points: spiral(6),
            mass: vec![3.0; 6],
            radius: vec![8.0; 6],
            neighbors: (0..6).map(|at| neighbors(at).map(|n| (n, 1.0)).collect()).collect(),
            before: vec![[0.0; 2]; 6],
        };
        let mut pace = Pace::default();
        (0..300).for_each(|_| picture.step(&mut pace));
        let apart = |a: usize, b: usize| {
            let ([ax, ay], [bx, by]) = (picture.points[a], picture.points[b]);
            length([ax - bx, ay - by])
        };
        let within = apart(0, 1).max(apart(1, 2)).max(apart(3, 4)).max(apart(4, 5));
        let between = apart(0, 3).min(apart(1, 4)).min(apart(2, 5));
        assert!(within < between, "{within} {between}");
    }

    #[test]
    fn the_number_of_threads_leaves_no_trace() {
        let graph = fixture::graph();
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| Positions::new(&graph))
        };
        assert_eq!(with(1), with(3));
    }

    #[test]
    fn bodies_on_one_spot_end_the_cutting() {
        let (points, mass) = (vec![[1.0, 1.0]; 50], vec![1.0; 50]);
        let tree = QuadTree::new(&points, &mass);
        assert!(tree.cells.len() < 4 * DEPTH);
        assert!(tree.repulsion(0, &points, &mass).iter().all(|x| x.is_finite()));
    }
}
