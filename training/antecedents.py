"""Fits the weights of rules/antecedents.tsv: which mention a pronoun of the third person takes up.

    antecedents.py CANDIDATES.tsv > ../rules/antecedents.tsv

CANDIDATES.tsv has one candidate a line: the number of its pronoun, its clues joined by "+" (the names
in src/coref/preferences.rs), and 1 if it is an antecedent, else 0. The candidate "nothing" is among
them; it is right where no other is. The loss is that of a softmax over the candidates of a pronoun, all
right ones together (Durrett and Klein 2013, section 3.1), with an L2 penalty.
"""
import sys

import torch

PENALTY, ROUNDS = 1e-4, 150
BY_HAND = {"pair": 100}


def pronouns(path):
    found = {}
    for line in open(path, encoding="utf-8"):
        number, clues, right = line.rstrip("\n").split("\t")
        found.setdefault(number, []).append((clues.split("+"), right == "1"))
    return found.values()


def fit(rows):
    names = sorted({clue for candidates in rows for clues, _ in candidates for clue in clues})
    number = {name: n for n, name in enumerate(names)}
    data = []
    for candidates in rows:
        clues = torch.zeros(len(candidates), len(names))
        for n, (held, _) in enumerate(candidates):
            clues[n, [number[clue] for clue in held]] = 1
        data.append((clues, torch.tensor([right for _, right in candidates])))
    weights = torch.zeros(len(names), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=ROUNDS, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        total = PENALTY * (weights**2).sum()
        for clues, right in data:
            scores = clues @ weights
            total = total + (scores.logsumexp(0) - scores[right].logsumexp(0)) / len(data)
        total.backward()
        return total

    optimizer.step(loss)
    return dict(zip(names, weights.tolist()))


def main():
    print("# How much each clue speaks for a candidate as the antecedent of a pronoun, in hundredths; see src/coref/preferences.rs.")
    print("# Fitted on the coreference of GUM (CC BY 4.0) by training/antecedents.py; \"pair\" is set by hand. A clue that is not here weighs nothing.")
    print("clue\tweight")
    for name, weight in sorted((fit(list(pronouns(sys.argv[1]))) | {n: w / 100 for n, w in BY_HAND.items()}).items()):
        if round(100 * weight):
            print(f"{name}\t{round(100 * weight)}")


if __name__ == "__main__":
    main()
