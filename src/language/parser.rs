//! Dependency parser: arc-eager transitions with a beam, the root at the end of the sentence.
//!
//! Every word is pushed once and popped once, so a sentence of n words takes 2n steps. At the end
//! of the sentence a word without a head is attached to the word below it on the stack, unless it
//! is the only one left: that is the root. So each tree has exactly one.

use crate::document::Deprel;

use super::file::{Reader, Writer};
use super::parse_features::extract;
use super::perceptron::Score;
use super::weights::Weights;
use super::word::Word;

pub(super) const NONE: u16 = u16::MAX;
/// Number of relations.
const LABELS: u8 = Deprel::ALL.len() as u8;
pub(super) const SHIFT: u8 = 0;
pub(super) const REDUCE: u8 = 1;
pub(super) const LEFT: u8 = 2;
pub(super) const RIGHT: u8 = LEFT + LABELS;
/// Number of actions.
pub(super) const ACTIONS: usize = RIGHT as usize + LABELS as usize;

/// A word as the parser sees it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Item {
    pub(super) word: Word,
    /// Part of speech, from 1.
    pub(super) upos: u32,
    /// Part of speech with some features.
    pub(super) fine: u32,
    /// Verbs, punctuation, conjunctions and quotation marks before it.
    pub(super) seen: [u16; 4],
}

/// What is known of one word during the parse.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) head: u16,
    pub(super) label: u8,
    pub(super) lefts: u8,
    pub(super) rights: u8,
    /// Leftmost and second leftmost child.
    pub(super) left: [u16; 2],
    /// Rightmost and second rightmost child.
    pub(super) right: [u16; 2],
    pub(super) left_set: u64,
    pub(super) right_set: u64,
}

const FREE: Node = Node {
    head: NONE,
    label: 0,
    lefts: 0,
    rights: 0,
    left: [NONE; 2],
    right: [NONE; 2],
    left_set: 0,
    right_set: 0,
};

/// A partial parse.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) nodes: Vec<Node>,
    pub(super) stack: Vec<u16>,
    /// The first word that was not pushed yet; the number of words: the root.
    pub(super) next: u16,
    /// Words on the stack without a head.
    headless: u16,
    pub(super) score: i64,
    pub(super) history: Vec<u8>,
}

impl State {
    pub(super) fn new(words: usize) -> Self {
        Self {
            nodes: vec![FREE; words],
            stack: Vec::with_capacity(16),
            next: 0,
            headless: 0,
            score: 0,
            history: Vec::with_capacity(words * 2),
        }
    }

    pub(super) fn top(&self) -> u16 {
        self.stack.last().copied().unwrap_or(NONE)
    }

    fn at_end(&self) -> bool {
        usize::from(self.next) == self.nodes.len()
    }

    /// The action, if only one may follow.
    pub(super) fn forced(&self) -> Option<u8> {
        let top = self.top();
        if top == NONE {
            return Some(SHIFT);
        }
        let headed = self.nodes[usize::from(top)].head != NONE;
        match (self.at_end(), headed, self.headless) {
            (true, true, _) => Some(REDUCE),
            (true, false, 1) => Some(LEFT + Deprel::Root as u8),
            _ => None,
        }
    }

    /// Calls with each action that may follow.
    pub(super) fn legal(&self, mut each: impl FnMut(u8)) {
        let root = Deprel::Root as u8;
        let arcs = |first: u8, each: &mut dyn FnMut(u8)| {
            (0..LABELS).filter(|&label| label != root).for_each(|label| each(first + label));
        };
        let top = self.top();
        let headed = top != NONE && self.nodes[usize::from(top)].head != NONE;
        if let Some(action) = self.forced() {
            return each(action);
        }
        if self.at_end() {
            return arcs(RIGHT, &mut each);
        }
        each(SHIFT);
        if headed {
            each(REDUCE);
        } else {
            arcs(LEFT, &mut each);
        }
        arcs(RIGHT, &mut each);
    }

    /// Takes one step.
    pub(super) fn apply(&mut self, action: u8) {
        self.history.push(action);
        let top = self.top();
        match action {
            SHIFT => {
                self.stack.push(self.next);
                self.next += 1;
                self.headless += 1;
            }
            REDUCE => {
                self.stack.pop();
            }
            LEFT..RIGHT => {
                self.stack.pop();
                self.headless -= 1;
                self.attach(top, self.next, action - LEFT);
            }
            _ if self.at_end() => {
                self.stack.pop();
                self.headless -= 1;
                let below = self.top();
                self.attach(top, below, action - RIGHT);
            }
            _ => {
                self.attach(self.next, top, action - RIGHT);
                self.stack.push(self.next);
                self.next += 1;
            }
        }
    }

    fn attach(&mut self, child: u16, head: u16, label: u8) {
        let node = &mut self.nodes[usize::from(child)];
        node.head = head;
        node.label = label;
        let Some(node) = self.nodes.get_mut(usize::from(head)) else { return };
        let bit = 1_u64 << (label & 63);
        if child < head {
            node.left = [child, node.left[0]];
            node.lefts = node.lefts.saturating_add(1);
            node.left_set |= bit;
        } else {
            node.right = [child, node.right[0]];
            node.rights = node.rights.saturating_add(1);
            node.right_set |= bit;
        }
    }
}

/// One way to go on from a state.
#[derive(Clone, Copy)]
struct Step {
    score: i64,
    from: usize,
    action: u8,
}

/// All states one step further that are worth keeping, best first.
pub(super) fn advance(
    model: &impl Score,
    items: &[Item],
    beam: &[State],
    (width, margin): (usize, i64),
    features: &mut Vec<u32>,
) -> Vec<State> {
    let mut steps: Vec<Step> = Vec::with_capacity(beam.len() * ACTIONS);
    for (from, state) in beam.iter().enumerate() {
        if let Some(action) = state.forced() {
            steps.push(Step { score: state.score, from, action });
            continue;
        }
        extract(state, items, features);
        let mut scores = [0; 256];
        model.add(features, &mut scores);
        state.legal(|action| {
            let score = state.score + i64::from(scores[usize::from(action)]);
            steps.push(Step { score, from, action });
        });
    }
    let most = steps.iter().map(|step| step.score).max().unwrap_or(0);
    steps.retain(|step| step.score >= most.saturating_sub(margin));
    let order = |a: &Step, b: &Step| {
        b.score.cmp(&a.score).then(a.from.cmp(&b.from)).then(a.action.cmp(&b.action))
    };
    if steps.len() > width {
        steps.select_nth_unstable_by(width - 1, order);
        steps.truncate(width);
    }
    steps.sort_unstable_by(order);
    let next = |step: &Step| {
        let mut state = beam[step.from].clone();
        state.score = step.score;
        state.apply(step.action);
        state
    };
    steps.iter().map(next).collect()
}

/// Heads (the number of words for the root) and relations.
///
/// States that are worse than the best one by more than the margin are given up.
fn parse(model: &impl Score, items: &[Item], beam_size: (usize, i64)) -> State {
    let mut beam = vec![State::new(items.len())];
    let mut features = Vec::new();
    for _ in 0..items.len() * 2 {
        beam = advance(model, items, &beam, beam_size, &mut features);
    }
    beam.swap_remove(0)
}

/// A trained parser.
#[derive(Clone, Debug)]
pub(super) struct Parser {
    pub(super) weights: Weights,
    pub(super) width: usize,
    /// In units of the weights.
    pub(super) margin: u32,
}

impl Parser {
    pub(super) fn parse(&self, items: &[Item]) -> State {
        parse(&self.weights, items, (self.width, i64::from(self.margin)))
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.number(self.width);
        out.varint(self.margin);
        out.number(Deprel::ALL.len());
        for label in Deprel::ALL {
            out.text(label.as_str());
        }
        self.weights.write(out);
    }

    pub(super) fn read(input: &mut Reader) -> Result<Self, String> {
        let width = input.varint()? as usize;
        if !(1..=64).contains(&width) {
            return Err(format!("beam of {width}"));
        }
        let margin = input.varint()?;
        let count = input.count(1)?;
        if count != Deprel::ALL.len() {
            return Err(format!("{count} relations, expected {}", Deprel::ALL.len()));
        }
        for label in Deprel::ALL {
            let found = input.text()?;
            if found != label.as_str() {
                return Err(format!("relation {found}, expected {label}"));
            }
        }
        Ok(Self { weights: Weights::read(input, ACTIONS)?, width, margin })
    }
}
