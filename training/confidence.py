"""Fits the weights of rules/confidence.tsv: a logistic regression with an L2 penalty.

    confidence.py JUDGED.tsv > ../rules/confidence.tsv

JUDGED.tsv has one judged reading a line: kind (open or statement), its features joined by "+", and
how right it is, between 0 and 1 (for open extractions the precision of the match with a gold tuple).
"""
import math
import sys

PENALTY, ROUNDS, RATE = 1.0, 4000, 0.5


def fit(rows):
    names = ["bias"] + sorted({f for features, _ in rows for f in features})
    number = {name: n for n, name in enumerate(names)}
    data = [([0] + [number[f] for f in features], right) for features, right in rows]
    weights = [0.0] * len(names)
    for _ in range(ROUNDS):
        slope = [PENALTY * w if n else 0.0 for n, w in enumerate(weights)]
        for features, right in data:
            miss = 1 / (1 + math.exp(-sum(weights[f] for f in features))) - right
            for f in features:
                slope[f] += miss
        for n, s in enumerate(slope):
            weights[n] -= RATE * s / len(data) * 4
    return dict(zip(names, weights))


def main():
    kinds = {}
    for line in open(sys.argv[1], encoding="utf-8"):
        kind, features, right = line.rstrip("\n").split("\t")
        kinds.setdefault(kind, []).append((sorted(set(features.split("+"))), float(right)))
    print("# How much each way of saying it adds to the log odds that an extraction (open) or a statement is right.")
    print("# Fitted on development data by training/confidence.py; a feature that is not here weighs nothing.")
    print("of\tfeature\tweight")
    for kind in sorted(kinds):
        for name, weight in fit(kinds[kind]).items():
            if abs(weight) >= 0.005:
                print(f"{kind}\t{name}\t{weight:.2f}")


if __name__ == "__main__":
    main()
