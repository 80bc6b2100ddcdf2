//! Linear models over hashed features: a sparse row of small integer weights for each feature.

use super::file::{Reader, Writer};

/// A finished model: look-up only, integer scores.
#[derive(Clone, Debug, Default)]
pub(super) struct Weights {
    slots: Vec<Slot>,
    shift: u32,
    entries: Vec<Entry>,
    /// Rows with many weights, once more: all classes in order.
    dense: Vec<i16>,
    /// Classes, rounded up.
    width: usize,
}

/// A row with more weights is kept dense.
const SPARSE: u32 = 20;

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// 0 if the slot is free.
    key: u32,
    start: u32,
    len: u32,
    /// Where the dense row begins, from 1; 0: there is none.
    dense: u32,
}

/// One weight. A weight beyond the range of `i8` stands in several entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) class: u8,
    pub(super) weight: i8,
}

impl Weights {
    /// Builds the look-up table. Rows must have distinct keys other than 0.
    pub(super) fn new(rows: &[(u32, Vec<Entry>)], classes: usize) -> Self {
        let mut weights = Self::with_capacity(rows.len(), classes);
        for (key, row) in rows {
            weights.insert(*key, row);
        }
        weights
    }

    fn with_capacity(rows: usize, classes: usize) -> Self {
        let size = (rows * 2).next_power_of_two().max(2);
        Self {
            slots: vec![Slot::default(); size],
            shift: 32 - size.trailing_zeros(),
            entries: Vec::new(),
            dense: Vec::new(),
            width: classes.next_multiple_of(8).min(256),
        }
    }

    fn insert(&mut self, key: u32, row: &[Entry]) {
        let at = self.find(key);
        let start = self.entries.len() as u32;
        self.slots[at] = Slot { key, start, len: row.len() as u32, dense: 0 };
        self.entries.extend_from_slice(row);
        if row.len() as u32 > SPARSE {
            self.slots[at].dense = self.dense.len() as u32 + 1;
            let start = self.dense.len();
            self.dense.resize(start + self.width, 0);
            for entry in row {
                let weight = &mut self.dense[start + usize::from(entry.class)];
                *weight = weight.saturating_add(i16::from(entry.weight));
            }
        }
    }

    #[inline]
    fn place(&self, key: u32) -> usize {
        (key.wrapping_mul(0x9E37_79B1) >> self.shift) as usize
    }

    #[inline]
    fn find(&self, key: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = self.place(key);
        while self.slots[at].key != key && self.slots[at].key != 0 {
            at = (at + 1) & mask;
        }
        at
    }

    /// Adds the weights of all features to the scores of the classes.
    #[inline]
    pub(super) fn add(&self, features: &[u32], scores: &mut [i32; 256]) {
        if self.slots.is_empty() {
            return;
        }
        let mut found = [Slot::default(); 256];
        for features in features.chunks(256) {
            // in two passes, so that the memory is asked for many features at once
            let mut n = 0;
            for &key in features {
                let slot = self.slots[self.find(key)];
                found[n] = slot;
                n += usize::from(slot.key == key);
            }
            for slot in &found[..n] {
                self.add_row(slot, scores);
            }
        }
    }

    #[inline]
    fn add_row(&self, slot: &Slot, scores: &mut [i32; 256]) {
        if slot.dense > 0 {
            let start = slot.dense as usize - 1;
            let row = &self.dense[start..start + self.width];
            for (score, &weight) in scores.iter_mut().zip(row) {
                *score += i32::from(weight);
            }
            return;
        }
        let start = slot.start as usize;
        for entry in &self.entries[start..start + slot.len as usize] {
            scores[usize::from(entry.class)] += i32::from(entry.weight);
        }
    }

    /// Writes the rows by key.
    pub(super) fn write(&self, out: &mut Writer) {
        let mut slots: Vec<&Slot> = self.slots.iter().filter(|slot| slot.key != 0).collect();
        slots.sort_by_key(|slot| slot.key);
        out.number(slots.len());
        let mut last = 0;
        for slot in &slots {
            out.varint(slot.key - last);
            last = slot.key;
        }
        for slot in &slots {
            out.varint(slot.len);
            for entry in &self.entries[slot.start as usize..(slot.start + slot.len) as usize] {
                out.byte(entry.class);
                out.byte(entry.weight as u8);
            }
        }
    }

    /// Reads what [`Weights::write`] wrote.
    pub(super) fn read(input: &mut Reader, classes: usize) -> Result<Self, String> {
        let rows = input.count(2)?;
        let mut keys = Vec::with_capacity(rows);
        let mut last = 0_u32;
        for _ in 0..rows {
            let step = input.varint()?;
            last =
                last.checked_add(step).filter(|_| step > 0).ok_or("feature keys not in order")?;
            keys.push(last);
        }
        let mut weights = Self::with_capacity(rows, classes);
        let mut row = Vec::new();
        for key in keys {
            row.clear();
            let len = input.varint()? as usize;
            for pair in input.bytes(len.checked_mul(2).ok_or("row too long")?)?.chunks_exact(2) {
                let entry = Entry { class: pair[0], weight: pair[1] as i8 };
                if usize::from(entry.class) >= classes {
                    return Err(format!("class {} of {classes}", entry.class));
                }
                row.push(entry);
            }
            weights.insert(key, &row);
        }
        Ok(weights)
    }

    /// Number of features and of weights.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.slots.iter().filter(|slot| slot.key != 0).count(), self.entries.len())
    }
}
