"""Fits the weights of rules/confidence.tsv: a logistic regression with an L2 penalty.

    confidence.py JUDGED.tsv [OLD.tsv] > ../rules/confidence.tsv

JUDGED.tsv has one judged reading a line: document, kind (open or statement), what it is made of joined by "+"
(`newsgraph annotate` writes the signs of each statement), and how right it is, between 0 and 1 (for open
extractions the precision of the match with a gold tuple). Kinds that it lacks keep the weights of OLD.tsv. What
unseen documents say (five folds, by document) goes to standard error: area under the curve, and for each tenth
of confidence how many are right.
"""
import math
import random
import sys

PENALTY, ROUNDS, RATE, FOLDS = 3.0, 1500, 2.0, 5

# Whether a time is right depends on the day that the article is said to be of, which samples got wrong.
LEFT_OUT = {"time", "place"}


def fit(rows):
    names = ["bias"] + sorted({sign for _, signs, _ in rows for sign in signs})
    number = {name: n for n, name in enumerate(names)}
    data = [([0] + [number[sign] for sign in signs], right) for _, signs, right in rows]
    weights = [0.0] * len(names)
    for _ in range(ROUNDS):
        slope = [PENALTY * w if n else 0.0 for n, w in enumerate(weights)]
        for signs, right in data:
            miss = 1 / (1 + math.exp(-sum(weights[sign] for sign in signs))) - right
            for sign in signs:
                slope[sign] += miss
        for n, s in enumerate(slope):
            weights[n] -= RATE * s / len(data)
    return dict(zip(names, weights))


def likelihood(weights, signs):
    return 1 / (1 + math.exp(-weights["bias"] - sum(weights.get(sign, 0) for sign in signs)))


def validate(kind, rows):
    documents = sorted({document for document, _, _ in rows})
    random.Random(1).shuffle(documents)
    fold = {document: n % FOLDS for n, document in enumerate(documents)}
    found = []
    for n in range(FOLDS):
        weights = fit([row for row in rows if fold[row[0]] != n])
        found += [(likelihood(weights, s), r) for d, s, r in rows if fold[d] == n]
    good, bad = [p for p, r in found if r >= 0.5], [p for p, r in found if r < 0.5]
    wins = sum((a > b) + (a == b) / 2 for a in good for b in bad)
    print(f"{kind}: {len(rows)} readings, AUC {wins / (len(good) * len(bad)):.3f}", file=sys.stderr)
    error = 0
    for tenth in range(10):
        bin_ = [(p, r) for p, r in found if tenth <= p * 10 < tenth + 1]
        if bin_:
            said, right = (sum(column) / len(bin_) for column in zip(*bin_))
            error += abs(said - right) * len(bin_) / len(found)
            print(f"  {tenth / 10:.1f}: {len(bin_):4} said {said:.2f} right {right:.2f}", file=sys.stderr)
    print(f"  expected calibration error {error:.3f}", file=sys.stderr)


def main():
    kinds = {}
    for line in open(sys.argv[1], encoding="utf-8"):
        document, kind, signs, right = line.rstrip("\n").split("\t")
        signs = sorted(set(signs.split("+")) - LEFT_OUT)
        kinds.setdefault(kind, []).append((document, signs, float(right)))
    print("# How much each way of saying it adds to the log odds that an extraction (open) or a statement is right.")
    print("# Fitted on judged readings by training/confidence.py; what is not here weighs nothing.")
    print("of\tfeature\tweight")
    for line in open(sys.argv[2], encoding="utf-8") if len(sys.argv) > 2 else []:
        if "\t" in line and line.split("\t")[0] not in {*kinds, "of"}:
            print(line.rstrip("\n"))
    for kind in sorted(kinds):
        validate(kind, kinds[kind])
        for name, weight in fit(kinds[kind]).items():
            if abs(weight) >= 0.005:
                print(f"{kind}\t{name}\t{weight:.2f}")


if __name__ == "__main__":
    main()
