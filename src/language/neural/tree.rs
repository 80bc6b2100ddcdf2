//! The best tree over a sentence, given a score for every arc.

/// No score is beyond this.
pub(super) const LIMIT: i64 = 1 << 40;

/// The tree with one root whose arcs have the greatest sum.
///
/// `scores` has `n` rows of `n + 1`: the score of each head for that word, the last that of being
/// the root; a word's score for itself does not matter. Gives the head of each word, `n` for the
/// root. Among equals the lower head is taken.
pub(super) fn decode(n: usize, scores: &[i64], work: &mut Work) -> Vec<usize> {
    assert_eq!(scores.len(), n * (n + 1));
    let heads: Vec<usize> = scores
        .chunks_exact(n + 1)
        .enumerate()
        .map(|(word, row)| {
            let mut best = usize::from(word == 0);
            for (head, &score) in row.iter().enumerate() {
                if head != word && score > row[best] {
                    best = head;
                }
            }
            best
        })
        .collect();
    if is_tree(&heads) { heads } else { contract(n, scores, work) }
}

/// True if there is one root, and all hang on it.
fn is_tree(heads: &[usize]) -> bool {
    let n = heads.len();
    if heads.iter().filter(|&&head| head == n).count() != 1 {
        return false;
    }
    // The start of the walk that came by first, from 1.
    let mut seen = vec![0; n];
    for start in 0..n {
        let mut at = start;
        while at < n && seen[at] == 0 {
            seen[at] = start + 1;
            at = heads[at];
        }
        if at < n && seen[at] == start + 1 {
            return false;
        }
    }
    true
}

/// Room for the search, to be used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Work {
    /// `[heads][words]`: the best arc from one group of words to another.
    arcs: Vec<Arc>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Arc {
    score: i64,
    head: u32,
    word: u32,
}

impl Arc {
    fn is_better(self, other: Self) -> bool {
        self.score > other.score || self.score == other.score && self.head < other.head
    }
}

/// Chu-Liu-Edmonds: walks from word to best head until it meets the root or itself; in the latter
/// case the cycle is made one group, which lives on in the place of its first member. n² steps.
fn contract(n: usize, scores: &[i64], work: &mut Work) -> Vec<usize> {
    // What a root costs: more than all other arcs can bring.
    let cost = 2 * LIMIT * (n as i64 + 1);
    let arcs = &mut work.arcs;
    arcs.clear();
    arcs.reserve((n + 1) * n);
    for head in 0..=n {
        for word in 0..n {
            let score = scores[word * (n + 1) + head].clamp(-LIMIT, LIMIT);
            let score = if head == n { score - cost } else { score };
            arcs.push(Arc { score, head: head as u32, word: word as u32 });
        }
    }
    // Groups are numbered from 0: words, then cycles in the order they are found.
    let mut chosen = vec![Arc::default(); n];
    let mut parent = vec![usize::MAX; n];
    // The group that lives in each place, and the places in use.
    let mut group: Vec<usize> = (0..n).collect();
    let mut places: Vec<usize> = (0..n).collect();
    let mut state = vec![State::New; n];
    let mut path = Vec::new();
    let mut next = 0;
    while next < n {
        if path.is_empty() {
            if state[next] != State::New {
                next += 1;
                continue;
            }
            state[next] = State::OnPath;
            path.push(next);
        }
        let at = path[path.len() - 1];
        let mut best = (arcs[n * n + at], n);
        for &place in &places {
            let arc = arcs[place * n + at];
            if place != at && arc.is_better(best.0) {
                best = (arc, place);
            }
        }
        let (arc, from) = best;
        chosen[group[at]] = arc;
        if from == n || state[from] == State::Done {
            for place in path.drain(..) {
                state[place] = State::Done;
            }
            continue;
        }
        if state[from] == State::New {
            state[from] = State::OnPath;
            path.push(from);
            continue;
        }
        // `from` is on the path: what follows it there is the cycle.
        let start = path.iter().rposition(|&place| place == from).unwrap_or(0);
        let cycle = path.split_off(start + 1);
        let cycle_group = chosen.len();
        chosen.push(Arc::default());
        parent.push(usize::MAX);
        let loss = chosen[group[from]].score;
        for head in (0..=n).filter(|&head| head != from) {
            arcs[head * n + from].score -= loss;
        }
        for &place in &cycle {
            let loss = chosen[group[place]].score;
            for head in places.iter().copied().chain([n]) {
                let mut into = arcs[head * n + place];
                into.score -= loss;
                if into.is_better(arcs[head * n + from]) {
                    arcs[head * n + from] = into;
                }
            }
            for &word in &places {
                if arcs[place * n + word].is_better(arcs[from * n + word]) {
                    arcs[from * n + word] = arcs[place * n + word];
                }
            }
            state[place] = State::Gone;
            parent[group[place]] = cycle_group;
        }
        places.retain(|&place| state[place] != State::Gone);
        parent[group[from]] = cycle_group;
        group[from] = cycle_group;
    }
    // From the last cycle to the first: the arc into it replaces the arc into one of its members.
    for cycle in (n..chosen.len()).rev() {
        let mut member = chosen[cycle].word as usize;
        while parent[member] != cycle {
            member = parent[member];
        }
        chosen[member] = chosen[cycle];
    }
    chosen[..n].iter().map(|arc| arc.head as usize).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    OnPath,
    Done,
    Gone,
}

#[cfg(test)]
mod tests {
    use super::super::kernel::tests::Random;
    use super::*;

    fn sum(heads: &[usize], scores: &[i64]) -> i64 {
        let n = heads.len();
        heads.iter().enumerate().map(|(word, &head)| scores[word * (n + 1) + head]).sum()
    }

    /// The best of all heads that are a tree.
    fn brute(n: usize, scores: &[i64]) -> i64 {
        let mut best = i64::MIN;
        for code in 0..(n + 1).pow(n as u32) {
            let heads: Vec<usize> =
                (0..n).map(|word| code / (n + 1).pow(word as u32) % (n + 1)).collect();
            if heads.iter().enumerate().all(|(word, &head)| word != head) && is_tree(&heads) {
                best = best.max(sum(&heads, scores));
            }
        }
        best
    }

    #[test]
    fn trees_are_the_best_there_are() {
        let mut random = Random(1);
        let mut work = Work::default();
        for round in 0..3000 {
            let n = 1 + round % 5;
            let extent = [3, 20, 100_000, LIMIT as u32][round / 5 % 4];
            let scores: Vec<i64> = (0..n * (n + 1))
                .map(|_| i64::from(random.next() % (2 * extent + 1)) - i64::from(extent))
                .map(|score| if round % 7 == 0 { score.signum() * LIMIT } else { score })
                .collect();
            let heads = decode(n, &scores, &mut work);
            assert!(is_tree(&heads), "{heads:?}");
            assert_eq!(sum(&heads, &scores), brute(n, &scores), "{n} {scores:?} {heads:?}");
            assert_eq!(sum(&contract(n, &scores, &mut work), &scores), brute(n, &scores));
        }
    }

    #[test]
    fn long_sentences_have_trees() {
        let mut random = Random(2);
        let mut work = Work::default();
        for n in [50, 400, 1001] {
            for kind in 0..4 {
                let scores: Vec<i64> = (0..n * (n + 1))
                    .map(|at| match kind {
                        0 => i64::from(random.next()),
                        1 => 0,
                        // Neighbours like each other: many cycles, one within the other.
                        2 => -(((at / (n + 1)) as i64 - (at % (n + 1)) as i64).pow(2)),
                        _ => {
                            if random.next().is_multiple_of(2) {
                                LIMIT
                            } else {
                                -LIMIT
                            }
                        }
                    })
                    .collect();
                let heads = decode(n, &scores, &mut work);
                assert!(is_tree(&heads) && heads.iter().enumerate().all(|(a, &b)| a != b));
            }
        }
        assert!(decode(0, &[], &mut work).is_empty());
    }

    #[test]
    fn the_lower_head_is_taken() {
        assert_eq!(
            decode(3, &[9, 0, 0, 5, 1, 9, 1, 1, 1, 1, 9, 1], &mut Work::default()),
            [3, 0, 0]
        );
    }

    #[test]
    fn cycles_are_no_trees() {
        assert!(is_tree(&[3, 0, 1]));
        assert!(!is_tree(&[3, 2, 1]));
        assert!(!is_tree(&[3, 3, 1]));
        assert!(!is_tree(&[1, 2, 0]));
        assert!(!is_tree(&[3, 1, 1]));
    }
}
