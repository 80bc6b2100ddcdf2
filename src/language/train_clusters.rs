//! Distributional word classes by the exchange algorithm: each word moves to the class that makes
//! the bigrams of classes most predictable, until few move.

use rustc_hash::FxHashMap;

/// Words seen less often have no class.
const LEAST: u32 = 4;
const ROUNDS: usize = 12;

/// Text as numbers: each frequent word by its rank from 1, all else 0.
pub(super) struct Texts {
    /// The keys of the frequent words, most frequent first.
    keys: Vec<u32>,
    sentences: Vec<Vec<u32>>,
}

impl Texts {
    /// Counts sentences of word keys.
    pub(super) fn new(sentences: &[Vec<u32>]) -> Self {
        let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
        sentences.iter().flatten().for_each(|&key| *counts.entry(key).or_default() += 1);
        let mut rows: Vec<(u32, u32)> = counts.into_iter().filter(|row| row.1 >= LEAST).collect();
        rows.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let keys: Vec<u32> = rows.iter().map(|row| row.0).collect();
        let rank: FxHashMap<u32, u32> = keys.iter().copied().zip(1..).collect();
        let number = |key: &u32| rank.get(key).copied().unwrap_or(0);
        let sentences = sentences.iter().map(|keys| keys.iter().map(number).collect()).collect();
        Self { keys, sentences }
    }

    /// A class from 1 for each frequent word.
    pub(super) fn classes(&self, classes: usize) -> Vec<(u32, u16)> {
        let found = Exchange::new(self, classes).run();
        self.keys.iter().zip(&found[1..]).map(|(&key, &class)| (key, class as u16)).collect()
    }
}

/// What stands around a word: classes on the left and right with counts, and the word itself.
struct Around {
    left: Vec<(usize, i64)>,
    right: Vec<(usize, i64)>,
    own: i64,
}

struct Exchange {
    /// Number of classes; class 0 is the edge of a sentence and all rare words.
    classes: usize,
    class: Vec<usize>,
    count: Vec<i64>,
    /// For each word: neighbours on the left and right with their counts.
    left: Vec<Vec<(u32, i64)>>,
    right: Vec<Vec<(u32, i64)>>,
    /// Bigrams of classes.
    pairs: Vec<i64>,
    total: Vec<i64>,
    table: Vec<f64>,
}

impl Exchange {
    fn new(texts: &Texts, classes: usize) -> Self {
        let words = texts.keys.len() + 1;
        let mut bigrams: FxHashMap<(u32, u32), i64> = FxHashMap::default();
        let mut count = vec![0_i64; words];
        for sentence in &texts.sentences {
            let mut last = 0;
            for &word in sentence.iter().chain([&0]) {
                *bigrams.entry((last, word)).or_default() += 1;
                count[word as usize] += 1;
                last = word;
            }
        }
        let mut rows: Vec<((u32, u32), i64)> = bigrams.into_iter().collect();
        rows.sort_unstable();
        let class: Vec<usize> = (0..words)
            .map(|word| if word == 0 { 0 } else { 1 + (word - 1) % (classes - 1) })
            .collect();
        let mut out = Self {
            classes,
            class,
            count,
            left: vec![Vec::new(); words],
            right: vec![Vec::new(); words],
            pairs: vec![0; classes * classes],
            total: vec![0; classes],
            table: (0..100_000).map(weigh).collect(),
        };
        for ((first, second), n) in rows {
            out.right[first as usize].push((second, n));
            out.left[second as usize].push((first, n));
            let at = out.class[first as usize] * classes + out.class[second as usize];
            out.pairs[at] += n;
        }
        for word in 0..words {
            out.total[out.class[word]] += out.count[word];
        }
        out
    }

    fn weigh(&self, n: i64) -> f64 {
        self.table.get(n as usize).copied().unwrap_or_else(|| weigh(n))
    }

    fn run(mut self) -> Vec<usize> {
        let words = self.class.len();
        for _ in 0..ROUNDS {
            let moved = (1..words).filter(|&word| self.exchange(word)).count();
            if moved * 200 < words {
                break;
            }
        }
        self.class
    }

    /// Neighbouring classes of a word with counts, by class; the word itself is left out.
    fn around(&self, word: usize, neighbours: &[(u32, i64)]) -> (Vec<(usize, i64)>, i64) {
        let mut counts = vec![0; self.classes];
        let mut own = 0;
        for &(other, n) in neighbours {
            if other as usize == word {
                own += n;
            } else {
                counts[self.class[other as usize]] += n;
            }
        }
        let rows = counts.into_iter().enumerate().filter(|&(_, n)| n > 0).collect();
        (rows, own)
    }

    fn shift(&mut self, class: usize, word: usize, around: &Around, sign: i64) {
        for &(other, n) in &around.left {
            self.pairs[other * self.classes + class] += sign * n;
        }
        for &(other, n) in &around.right {
            self.pairs[class * self.classes + other] += sign * n;
        }
        self.pairs[class * self.classes + class] += sign * around.own;
        self.total[class] += sign * self.count[word];
    }

    /// Moves a word to its best class; true if that is another one.
    fn exchange(&mut self, word: usize) -> bool {
        let (left, own) = self.around(word, &self.left[word]);
        let (right, _) = self.around(word, &self.right[word]);
        let around = Around { left, right, own };
        let old = self.class[word];
        self.shift(old, word, &around, -1);
        let mut best = (f64::MIN, old);
        for class in 1..self.classes {
            let gain = self.gain(class, word, &around);
            if gain > best.0 || gain == best.0 && class == old {
                best = (gain, class);
            }
        }
        self.class[word] = best.1;
        self.shift(best.1, word, &around, 1);
        best.1 != old
    }

    /// What the objective wins if the word joins the class.
    fn gain(&self, class: usize, word: usize, around: &Around) -> f64 {
        let mut gain = 0.0;
        let mut middle = around.own;
        let left = around.left.iter().map(|&(other, n)| (other, n, other * self.classes + class));
        let right = around.right.iter().map(|&(other, n)| (other, n, class * self.classes + other));
        for (other, n, pair) in left.chain(right) {
            if other == class {
                middle += n;
            } else {
                let before = self.pairs[pair];
                gain += self.weigh(before + n) - self.weigh(before);
            }
        }
        let before = self.pairs[class * self.classes + class];
        gain += self.weigh(before + middle) - self.weigh(before);
        let total = self.total[class];
        gain - 2.0 * (self.weigh(total + self.count[word]) - self.weigh(total))
    }
}

/// n log n in base 2, the same on every machine.
fn weigh(n: i64) -> f64 {
    if n <= 1 {
        return 0.0;
    }
    let power = 63 - n.leading_zeros();
    let x = n as f64 / (1_i64 << power) as f64;
    // ln x = 2 atanh((x - 1) / (x + 1)), x in 1..2
    let ratio = (x - 1.0) / (x + 1.0);
    let square = ratio * ratio;
    let (mut term, mut sum) = (ratio, 0.0);
    for k in 0..14 {
        sum += term / f64::from(2 * k + 1);
        term *= square;
    }
    n as f64 * (f64::from(power) + 2.0 * sum / std::f64::consts::LN_2)
}
