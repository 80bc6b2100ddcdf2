//! What the parser looks at: words, tags, classes, arcs and distances around the top of the stack
//! and the front of the queue (after Zhang and Nivre 2011, with word classes).

use super::hash::Key;
use super::parser::{Item, NONE, State};

struct View<'s> {
    state: &'s State,
    items: &'s [Item],
    root: Item,
    none: Item,
}

impl View<'_> {
    fn item(&self, at: u16) -> &Item {
        match self.items.get(usize::from(at)) {
            Some(item) => item,
            None if at == NONE => &self.none,
            None => &self.root,
        }
    }

    fn head(&self, at: u16) -> u16 {
        self.state.nodes.get(usize::from(at)).map_or(NONE, |node| node.head)
    }

    fn child(&self, at: u16, left: bool, n: usize) -> u16 {
        let node = self.state.nodes.get(usize::from(at));
        node.map_or(NONE, |node| if left { node.left[n] } else { node.right[n] })
    }

    fn label(&self, at: u16) -> u32 {
        let node = self.state.nodes.get(usize::from(at)).filter(|node| node.head != NONE);
        node.map_or(99, |node| u32::from(node.label))
    }
}

fn fold(set: u64) -> u32 {
    (set ^ (set >> 32).wrapping_mul(0x9E37_79B9)) as u32
}

fn distance(from: u16, to: u16) -> u32 {
    match to.abs_diff(from) {
        n @ 0..=4 => u32::from(n),
        5..=7 => 5,
        8..=10 => 6,
        _ => 7,
    }
}

/// The features of a state.
pub(super) fn extract(state: &State, items: &[Item], out: &mut Vec<u32>) {
    out.clear();
    let mut root = Item { upos: 98, fine: 98, ..Item::default() };
    root.word.lower = 98;
    let view = View { state, items, root, none: Item::default() };
    let len = items.len() as u16;
    let s0 = state.top();
    let s1 = state.stack.len().checked_sub(2).map_or(NONE, |at| state.stack[at]);
    let s2 = state.stack.len().checked_sub(3).map_or(NONE, |at| state.stack[at]);
    let b0 = state.next;
    let ahead = |n: u16| if b0 + n <= len { b0 + n } else { NONE };
    let (b1, b2, b3) = (ahead(1), ahead(2), ahead(3));
    let (s0h, s0l, s0r) = (view.head(s0), view.child(s0, true, 0), view.child(s0, false, 0));
    let (s0h2, s0l2, s0r2) = (view.head(s0h), view.child(s0, true, 1), view.child(s0, false, 1));
    let (b0l, b0l2) = (view.child(b0, true, 0), view.child(b0, true, 1));
    let (s1l, s1r) = (view.child(s1, true, 0), view.child(s1, false, 0));

    let mut template = 0;
    let mut put = |values: &[u32]| {
        template += 1;
        let key = values.iter().fold(Key::new(template), |key, &value| key.with(value));
        out.push(key.end());
    };
    let [i_s0, i_s1, i_s2, i_b0, i_b1, i_b2, i_b3] =
        [s0, s1, s2, b0, b1, b2, b3].map(|at| view.item(at));
    let w = |item: &Item| item.word.lower;
    let p = |item: &Item| item.fine;
    let u = |item: &Item| item.upos;
    let c = |item: &Item| item.word.cluster[1];
    let k = |item: &Item| item.word.cluster[0];

    put(&[u32::from(s0h != NONE), u32::from(b0 == len), u32::from(s0 == NONE)]);
    for item in [i_s0, i_b0, i_b1, i_b2] {
        put(&[w(item), p(item)]);
        put(&[w(item)]);
        put(&[p(item)]);
        put(&[c(item)]);
    }
    for item in [i_s0, i_s1, i_s2, i_b0, i_b1, i_b2, i_b3] {
        put(&[u(item), u32::from(s0h != NONE)]);
    }
    put(&[w(i_s1), p(i_s1)]);
    put(&[p(i_s1)]);
    put(&[w(i_s0), p(i_s0), w(i_b0), p(i_b0)]);
    put(&[w(i_s0), p(i_s0), w(i_b0)]);
    put(&[w(i_s0), w(i_b0), p(i_b0)]);
    put(&[w(i_s0), p(i_s0), p(i_b0)]);
    put(&[p(i_s0), w(i_b0), p(i_b0)]);
    put(&[w(i_s0), w(i_b0)]);
    put(&[p(i_s0), p(i_b0)]);
    put(&[u(i_s0), u(i_b0)]);
    put(&[c(i_s0), c(i_b0)]);
    put(&[k(i_s0), k(i_b0)]);
    put(&[c(i_s0), p(i_b0)]);
    put(&[p(i_s0), c(i_b0)]);
    put(&[w(i_s0), c(i_b0)]);
    put(&[c(i_s0), w(i_b0)]);
    put(&[w(i_s0), k(i_b0), p(i_b0)]);
    put(&[k(i_s0), p(i_s0), w(i_b0)]);
    put(&[k(i_s0), k(i_b0), k(i_b1)]);
    put(&[k(i_s1), k(i_s0), k(i_b0)]);
    put(&[p(i_b0), p(i_b1)]);
    put(&[w(i_b0), w(i_b1)]);
    put(&[w(i_b0), p(i_b1)]);
    put(&[p(i_b0), w(i_b1)]);
    put(&[p(i_b0), p(i_b1), p(i_b2)]);
    put(&[u(i_b0), u(i_b1), u(i_b2), u(i_b3)]);
    put(&[p(i_s0), p(i_b0), p(i_b1)]);
    put(&[p(i_s0), p(i_b0), w(i_b1)]);
    put(&[p(i_s0), w(i_b0), p(i_b1)]);
    put(&[w(i_s0), p(i_b0), p(i_b1)]);
    put(&[p(i_s1), p(i_s0), p(i_b0)]);
    put(&[u(i_s1), w(i_s0), u(i_b0)]);
    put(&[u(i_s1), u(i_s0), w(i_b0)]);
    put(&[w(i_s1), u(i_s0), u(i_b0)]);
    put(&[p(i_s1), p(i_b0)]);
    put(&[w(i_s1), w(i_b0)]);
    put(&[w(i_s1), p(i_b0)]);
    put(&[p(i_s1), w(i_b0)]);
    put(&[u(i_s2), u(i_s1), u(i_s0), u(i_b0)]);
    put(&[u(i_s1), u(i_s0), u(i_b0), u(i_b1)]);
    put(&[u(i_s0), u(i_b0), u(i_b1), u(i_b2)]);
    put(&[p(i_s0), p(i_b0), p(i_b1), u(i_b2)]);

    let d = distance(s0, b0);
    put(&[w(i_s0), d]);
    put(&[p(i_s0), d]);
    put(&[w(i_b0), d]);
    put(&[p(i_b0), d]);
    put(&[w(i_s0), w(i_b0), d]);
    put(&[p(i_s0), p(i_b0), d]);
    put(&[u(i_s0), u(i_b0), d, u(i_b1)]);
    put(&[c(i_s0), c(i_b0), d]);

    let valency = |at: u16| {
        let node = state.nodes.get(usize::from(at));
        node.map_or((0, 0, 0, 0), |node| {
            let few = |n: u8| u32::from(n.min(5));
            (few(node.lefts), few(node.rights), fold(node.left_set), fold(node.right_set))
        })
    };
    let (s0_lefts, s0_rights, s0_left_set, s0_right_set) = valency(s0);
    let (b0_lefts, _, b0_left_set, _) = valency(b0);
    for (item, value) in [(i_s0, s0_rights), (i_s0, s0_lefts), (i_b0, b0_lefts)] {
        put(&[w(item), value]);
        put(&[p(item), value]);
    }
    for (item, value) in [(i_s0, s0_right_set), (i_s0, s0_left_set), (i_b0, b0_left_set)] {
        put(&[w(item), value]);
        put(&[p(item), value]);
    }
    put(&[p(i_s0), p(i_b0), s0_right_set]);
    put(&[p(i_s0), p(i_b0), s0_left_set]);
    put(&[p(i_s0), p(i_b0), b0_left_set]);
    put(&[p(i_s0), p(i_b0), view.label(s0)]);
    put(&[w(i_s0), p(i_b0), s0_right_set]);

    for at in [s0h, s0l, s0r, b0l, s1l, s1r] {
        let item = view.item(at);
        put(&[w(item)]);
        put(&[p(item)]);
        put(&[view.label(at)]);
        put(&[p(i_s0), p(i_b0), p(item), view.label(at)]);
        put(&[p(i_s0), w(i_b0), w(item)]);
    }
    for at in [s0h2, s0l2, s0r2, b0l2] {
        let item = view.item(at);
        put(&[w(item)]);
        put(&[p(item)]);
        put(&[view.label(at)]);
    }
    put(&[p(i_s0), p(view.item(s0h)), p(i_b0)]);
    put(&[w(i_s0), w(view.item(s0h)), w(i_b0)]);
    put(&[w(view.item(s0h)), u(i_s0), w(i_b0)]);
    put(&[w(view.item(s0h)), p(i_b0)]);
    put(&[view.label(s0), p(i_s0), w(i_b0)]);
    put(&[view.label(s0), view.label(s1), p(i_b0)]);
    put(&[p(i_s0), p(view.item(s0l)), p(view.item(s0l2))]);
    put(&[p(i_s0), p(view.item(s0r)), p(view.item(s0r2))]);
    put(&[p(i_s0), p(view.item(s0h)), p(view.item(s0h2))]);
    put(&[p(i_b0), p(view.item(b0l)), p(view.item(b0l2))]);
    put(&[w(i_s0), w(view.item(s0r)), w(i_b0)]);
    put(&[w(i_s0), w(view.item(s0r)), p(i_b0)]);
    put(&[w(i_b0), w(view.item(b0l)), p(i_s0)]);
    put(&[w(i_b0), w(view.item(b0l)), w(i_s0)]);
    // what stands between the two
    let end = items.last().map_or([0; 4], |item| item.seen);
    let seen = |at: u16| items.get(usize::from(at)).map_or(end, |item| item.seen);
    let between = |n: usize| {
        let from = items.get(usize::from(s0) + 1).map_or(end, |item| item.seen);
        u32::from(seen(b0)[n].saturating_sub(from[n]).min(3))
    };
    let (verbs, marks, ands, quotes) = match s0 {
        NONE => (9, 9, 9, 9),
        _ => (between(0), between(1), between(2), u32::from(seen(b0)[3] % 2)),
    };
    put(&[u(i_s0), u(i_b0), verbs]);
    put(&[u(i_s0), u(i_b0), marks]);
    put(&[p(i_s0), p(i_b0), verbs, marks, ands]);
    put(&[u(i_s0), u(i_b0), verbs, ands, view.label(s0)]);
    put(&[w(i_s0), u(i_b0), verbs, marks]);
    put(&[u(i_s0), w(i_b0), verbs, marks]);
    put(&[u(i_s0), u(i_b0), quotes, d]);
    put(&[w(i_b0), quotes, u(i_s0)]);
    put(&[w(i_s1), w(i_s0)]);
    put(&[w(i_s1), u(i_s0), w(i_b0)]);
    put(&[u(i_b0), w(i_b1), u(i_b2)]);
    put(&[u(i_s0), u(i_b0), w(i_b2)]);
    put(&[w(i_s0), p(i_b1)]);
    put(&[c(i_s0), c(i_b0), c(i_b1)]);
    // the words right beside the two
    let before = b0.checked_sub(1).unwrap_or(NONE);
    let after = if s0 == NONE { NONE } else { s0 + 1 };
    put(&[u(i_s0), u(view.item(after)), u(view.item(before)), u(i_b0)]);
    put(&[u(view.item(before)), u(i_b0), u(i_b1)]);
    put(&[w(view.item(before)), u(i_s0), u(i_b0)]);
    put(&[i_s0.word.case, i_b0.word.case, u(i_s0), u(i_b0)]);
    put(&[i_b0.word.suffixes[2], p(i_s0)]);
    put(&[i_s0.word.suffixes[2], p(i_b0)]);
}
