//! Averaged perceptron over hashed features, for training.

use super::weights::{Entry, Weights};

/// Weights that learn.
pub(super) struct Perceptron {
    /// Open addressing: key (0: free) and row.
    slots: Vec<(u32, u32)>,
    rows: Vec<Row>,
    /// The weights of all rows, each row with room to grow.
    cells: Vec<Cell>,
    sums: Vec<i64>,
    /// Rows with weights for many classes, all classes in order.
    dense: Vec<i32>,
    dense_sums: Vec<i64>,
    /// Classes, rounded up.
    width: usize,
    clock: i64,
}

/// A row with more weights becomes dense.
const SPARSE: u16 = 24;
/// Marks a dense row.
const DENSE: u16 = u16::MAX;

#[derive(Clone, Copy, Default)]
struct Row {
    key: u32,
    start: u32,
    len: u16,
    room: u16,
    updates: u32,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    class: u32,
    weight: i32,
}

impl Perceptron {
    /// Knows nothing yet.
    pub(super) fn new(classes: usize) -> Self {
        Self {
            slots: vec![(0, 0); 1 << 16],
            rows: Vec::new(),
            cells: Vec::new(),
            sums: Vec::new(),
            dense: Vec::new(),
            dense_sums: Vec::new(),
            width: classes.next_multiple_of(8).min(256),
            clock: 0,
        }
    }

    fn place(&self, key: u32) -> usize {
        (key.wrapping_mul(0x9E37_79B1) >> (32 - self.slots.len().trailing_zeros())) as usize
    }

    fn find(&self, key: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = self.place(key);
        while self.slots[at].0 != key && self.slots[at].0 != 0 {
            at = (at + 1) & mask;
        }
        at
    }

    /// Adds the weights of all features to the scores of the classes.
    pub(super) fn add(&self, features: &[u32], scores: &mut [i32; 256]) {
        let mut found = [0_u32; 256];
        let mut ranges = [(0_u32, 0_u16); 256];
        for features in features.chunks(256) {
            // in three passes, so that the memory is asked for many features at once
            let mut n = 0;
            for &key in features {
                let (stored, row) = self.slots[self.find(key)];
                found[n] = row;
                n += usize::from(stored == key);
            }
            for (range, &row) in ranges.iter_mut().zip(&found[..n]) {
                let row = &self.rows[row as usize];
                *range = (row.start, row.len);
            }
            for &(start, len) in &ranges[..n] {
                if len == DENSE {
                    let row = &self.dense[start as usize..start as usize + self.width];
                    for (score, weight) in scores.iter_mut().zip(row) {
                        *score += weight;
                    }
                    continue;
                }
                for cell in &self.cells[start as usize..start as usize + usize::from(len)] {
                    scores[(cell.class & 255) as usize] += cell.weight;
                }
            }
        }
    }

    /// Moves the clock by one example.
    pub(super) fn tick(&mut self) {
        self.clock += 1;
    }

    fn row(&mut self, key: u32) -> usize {
        let at = self.find(key);
        if self.slots[at].0 == key {
            return self.slots[at].1 as usize;
        }
        let row = self.rows.len();
        self.slots[at] = (key, row as u32);
        self.rows.push(Row { key, start: self.cells.len() as u32, len: 0, room: 2, updates: 0 });
        self.cells.resize(self.cells.len() + 2, Cell::default());
        self.sums.resize(self.cells.len(), 0);
        if self.rows.len() * 2 > self.slots.len() {
            self.slots = vec![(0, 0); self.slots.len() * 2];
            for row in 0..self.rows.len() {
                let at = self.find(self.rows[row].key);
                self.slots[at] = (self.rows[row].key, row as u32);
            }
        }
        row
    }

    /// Raises or lowers a class for the features.
    pub(super) fn update(&mut self, features: &[u32], class: u8, change: i32) {
        for &key in features {
            let number = self.row(key);
            let mut row = self.rows[number];
            row.updates += 1;
            if row.len == SPARSE {
                self.widen(&mut row);
            }
            if row.len == DENSE {
                let at = row.start as usize + usize::from(class);
                self.dense[at] += change;
                self.dense_sums[at] += i64::from(change) * self.clock;
                self.rows[number] = row;
                continue;
            }
            let start = row.start as usize;
            let cells = &self.cells[start..start + usize::from(row.len)];
            let place = cells.iter().position(|cell| cell.class == u32::from(class));
            let place = place.unwrap_or_else(|| {
                if row.len == row.room {
                    let old = row.start as usize..row.start as usize + usize::from(row.len);
                    row.start = self.cells.len() as u32;
                    row.room *= 2;
                    let end = self.cells.len() + usize::from(row.room);
                    self.cells.extend_from_within(old.clone());
                    self.sums.extend_from_within(old);
                    self.cells.resize(end, Cell::default());
                    self.sums.resize(end, 0);
                }
                let place = usize::from(row.len);
                self.cells[row.start as usize + place].class = u32::from(class);
                row.len += 1;
                place
            });
            let at = row.start as usize + place;
            self.cells[at].weight += change;
            self.sums[at] += i64::from(change) * self.clock;
            self.rows[number] = row;
        }
    }

    fn widen(&mut self, row: &mut Row) {
        let start = self.dense.len();
        self.dense.resize(start + self.width, 0);
        self.dense_sums.resize(start + self.width, 0);
        let old = row.start as usize..row.start as usize + usize::from(row.len);
        for (cell, &sum) in self.cells[old.clone()].iter().zip(&self.sums[old]) {
            self.dense[start + cell.class as usize] = cell.weight;
            self.dense_sums[start + cell.class as usize] = sum;
        }
        row.start = start as u32;
        row.len = DENSE;
    }

    /// Class, weight and sum of the row's weights.
    fn weights(&self, row: &Row) -> Vec<(u8, i32, i64)> {
        let start = row.start as usize;
        if row.len == DENSE {
            let range = start..start + self.width;
            let pairs = self.dense[range.clone()].iter().zip(&self.dense_sums[range]);
            return (0..).zip(pairs).map(|(class, (&weight, &sum))| (class, weight, sum)).collect();
        }
        let range = start..start + usize::from(row.len);
        let pairs = self.cells[range.clone()].iter().zip(&self.sums[range]);
        pairs.map(|(cell, &sum)| (cell.class as u8, cell.weight, sum)).collect()
    }

    /// The averaged weights times `scale`, rounded, without what is too small to matter.
    pub(super) fn finish(&self, scale: i64, keep: Keep) -> Weights {
        let clock = self.clock.max(1);
        let mut rows = Vec::new();
        for row in self.rows.iter().filter(|row| row.updates >= keep.updates) {
            let mut entries = Vec::new();
            let mut most = 0;
            for (class, weight, sum) in self.weights(row) {
                let total = (i64::from(weight) * clock - sum) * scale;
                let mut rest = (total.abs() * 2 + clock) / (clock * 2) * total.signum();
                most = most.max(rest.abs());
                if rest.abs() < keep.weight {
                    continue;
                }
                while rest != 0 {
                    let part = rest.clamp(-127, 127);
                    entries.push(Entry { class, weight: part as i8 });
                    rest -= part;
                }
            }
            if !entries.is_empty() && most >= keep.largest {
                entries.sort_by_key(|entry| entry.class);
                rows.push((row.key, entries));
            }
        }
        rows.sort_by_key(|row| row.0);
        Weights::new(&rows, self.width)
    }
}

/// What a finished model keeps.
#[derive(Clone, Copy)]
pub(super) struct Keep {
    /// Features with at least so many updates,
    pub(super) updates: u32,
    /// a largest weight of at least this size,
    pub(super) largest: i64,
    /// and of these the weights of at least this size.
    pub(super) weight: i64,
}

/// What scores features: a learner or a finished model.
pub(super) trait Score {
    /// Adds the weights of all features to the scores of the classes.
    fn add(&self, features: &[u32], scores: &mut [i32; 256]);
}

impl Score for Perceptron {
    fn add(&self, features: &[u32], scores: &mut [i32; 256]) {
        Perceptron::add(self, features, scores);
    }
}

impl Score for Weights {
    fn add(&self, features: &[u32], scores: &mut [i32; 256]) {
        Weights::add(self, features, scores);
    }
}
