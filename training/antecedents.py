"""Fits the weights of rules/antecedents.tsv: which mention a pronoun of the third person takes up.

    antecedents.py CANDIDATES.tsv[=WEIGHT]... > ../rules/antecedents.tsv

CANDIDATES.tsv has one candidate a line: the number of its pronoun, the kind of the pronoun (person, it,
they), the candidate's clues joined by "+" (the names in src/coref/preferences.rs), and 1 if it is an
antecedent, else 0. The candidate "nothing" is among them; it is right where no other is. WEIGHT is what
a pronoun of the file counts (1): of much fiction beside little news less.

Each clue has a weight for all pronouns and one more for each kind, whose sum is written. The loss is that
of a softmax over the candidates of a pronoun, all right ones together (Durrett and Klein 2013, section
3.1), with an L2 penalty, which draws the kinds towards each other. Nothing is drawn at random: the same
files give the same weights.
"""
import sys

import numpy as np
from scipy.optimize import minimize

PENALTY, ROUNDS = 2e-4, 300
KINDS = ("person", "it", "they")
BY_HAND = {"pair": (0, 0, 100)}
NONE = -1e9


def pronouns(argument):
    path, _, weight = argument.partition("=")
    found = {}
    for line in open(path, encoding="utf-8"):
        number, kind, clues, right = line.rstrip("\n").split("\t")
        found.setdefault(number, (kind, float(weight or 1), []))[2].append((clues.split("+"), right == "1"))
    return list(found.values())


def table(rows):
    """Flat arrays: of each clue held its number and candidate; of each candidate its pronoun, and if it is right."""
    number, clue, candidate, pronoun, right = {}, [], [], [], []
    for n, (kind, _, candidates) in enumerate(rows):
        for clues, is_right in candidates:
            for name in clues:
                for key in ((name, ""), (name, kind)):
                    clue.append(number.setdefault(key, len(number)))
                    candidate.append(len(pronoun))
            pronoun.append(n)
            right.append(is_right)
    return number, np.array(clue), np.array(candidate), np.array(pronoun), np.array(right)


def fit(rows):
    number, clue, candidate, pronoun, right = table(rows)
    counts = np.array([weight for _, weight, _ in rows])
    counts /= counts.sum()

    def loss(weights):
        scores = np.bincount(candidate, weights[clue], len(pronoun))
        highest = np.full(len(rows), NONE)
        np.maximum.at(highest, pronoun, scores)
        likelihood = np.exp(scores - highest[pronoun])
        total = np.bincount(pronoun, likelihood, len(rows))
        of_right = np.bincount(pronoun, likelihood * right, len(rows)) + np.finfo(float).tiny
        slope = (likelihood / total[pronoun] - likelihood * right / of_right[pronoun]) * counts[pronoun]
        gradient = np.bincount(clue, slope[candidate], len(number)) + 2 * PENALTY * weights
        return (counts * np.log(total / of_right)).sum() + PENALTY * (weights**2).sum(), gradient

    found = minimize(loss, np.zeros(len(number)), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
    weight = lambda *key: found[number[key]] if key in number else 0.0
    names = {name for name, _ in number}
    return {name: tuple(round(100 * (weight(name, "") + weight(name, kind))) for kind in KINDS) for name in names}


def main():
    rows = [row for argument in sys.argv[1:] for row in pronouns(argument)]
    print("# How much each clue speaks for a candidate as the antecedent of a pronoun, in hundredths, for each kind of pronoun (he and")
    print("# she, it, they); see src/coref/preferences.rs. Fitted by training/antecedents.py on the coreference of GUM (CC BY 4.0), ECB+")
    print('# (CC BY 3.0), MEANTIME (CC BY 4.0) and, of little weight, LitBank (CC BY 4.0); "pair" is set by hand. A clue that is not here')
    print("# weighs nothing.")
    print("clue", *KINDS, sep="\t")
    for name, weights in sorted((fit(rows) | BY_HAND).items()):
        if any(weights):
            print(name, *weights, sep="\t")


if __name__ == "__main__":
    main()
