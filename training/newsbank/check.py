"""Checks a made-up treebank against the training treebanks.

python3 training/newsbank/check.py FOLDER [EWT.conllu GUM.conllu ...]
Trees, classes, alignment of the names, spread of sentences, and above all conventions: word forms whose tag or
relation the treebanks give otherwise.
"""
import collections
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import corpus  # noqa: E402
from nodes import place_punctuation  # noqa: E402

TREEBANKS = sys.argv[2:]  # CoNLL-U files to compare with


def read(path):
    out, rows = [], []
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("# text = "):
            text = line[9:]
        elif line and line[0] != "#":
            c = line.split("\t")
            if c[0].isdigit():
                rows.append(c)
        elif not line and rows:
            out.append((text, [(c[1], c[2], c[3], c[5], int(c[6]) - 1, c[7]) for c in rows]))
            rows = []
    return out


def trees(bank):
    bad = collections.Counter()
    shown = collections.Counter()
    for text, s in bank:
        n = len(s)
        roots = [i for i, w in enumerate(s) if w[4] < 0]
        def note(what):
            bad[what] += 1
            shown[what] += 1
            if shown[what] <= 3:
                print("  ", what, ":", text[:220])
        if len(roots) != 1 or s[roots[0]][5] != "root":
            note("roots")
        for i in range(n):
            j, k = i, 0
            while j >= 0 and k <= n:
                j, k = s[j][4], k + 1
            if k > n:
                note("cycle")
                break
        arcs = [(min(i, w[4]), max(i, w[4])) for i, w in enumerate(s) if w[4] >= 0]
        if any(a < c < b < d for a, b in arcs for c, d in arcs):
            note("not projective")
        for i, w in enumerate(s):
            if w[2] == "PUNCT" and w[5] != "punct" or w[5] == "punct" and w[2] != "PUNCT":
                note("punct relation")
            if w[4] >= 0 and s[w[4]][2] == "PUNCT":
                note("child of punctuation")
    print("trees:", dict(bad) or "all valid")


def rate(bank):
    """How often the rule of punctuation gives the head that the bank has."""
    good = every = 0
    for _, s in bank:
        forms, isp, heads = [w[0] for w in s], [w[2] == "PUNCT" for w in s], [w[4] for w in s]
        free = [p and w[0] in (",", ";", ":", "--", "-", "—", "–") and not (0 < i < len(s) - 1 and w[0] == "-") for i, (p, w) in enumerate(zip(isp, s))]
        if not any(free):
            continue
        new = place_punctuation(forms, isp, heads, free)
        for i, f in enumerate(free):
            if f:
                every += 1
                good += new[i] == heads[i]
    return good / max(1, every)


def main():
    folder = sys.argv[1]
    ours = read(os.path.join(folder, "newsbank.conllu"))
    banks = [read(p) for p in (sys.argv[2:] or TREEBANKS)]
    theirs = [s for b in banks for s in b]
    trees(ours)
    print("commas and dashes as the rule puts them: treebanks %.3f ours %.3f" % (rate(theirs[:6000]), rate(ours)))

    tags = collections.Counter((w[2], w[3]) for _, s in theirs for w in s)
    mine = collections.Counter((w[2], w[3]) for _, s in ours for w in s)
    print("classes below 3 in the treebanks:", {k: (n, tags[k]) for k, n in mine.items() if tags[k] < 3})
    rels = collections.Counter(w[5] for _, s in theirs for w in s)
    relm = collections.Counter(w[5] for _, s in ours for w in s)
    print("relations below 3:", [r for r in relm if rels[r] < 3])
    scripts = collections.Counter(corpus.script(w[0], w[1]) for _, s in theirs for w in s)
    sm = collections.Counter(corpus.script(w[0], w[1]) for _, s in ours for w in s)
    rare = {k: n for k, n in sm.items() if scripts[k] < 3}
    print("lemma scripts below 3:", sum(rare.values()), sorted(rare.items(), key=lambda x: -x[1])[:12])

    docs = corpus.conllu(os.path.join(folder, "newsbank.conllu"), os.path.join(folder, "newsbank.json"), "newsbank")
    named = sum(w.names not in (1, corpus.ANY) for d in docs for s in d for w in s)
    free = sum(w.names == corpus.ANY for d in docs for s in d for w in s)
    print("documents", len(docs), "words in names", named, "words not aligned", free)
    data = json.load(open(os.path.join(folder, "newsbank.json"), encoding="utf-8"))["documents"]
    starts = lost = 0
    for d in data:
        starts += len(d["mentions"])
    begun = sum(bool(w.names & ~1) and any(w.names >> i & 1 for i in range(1, len(corpus.NAMES), 2)) for d in docs for s in d for w in s)
    print("mentions", starts, "begun", begun, collections.Counter(m["type"] for d in data for m in d["mentions"]))

    texts = [t for t, _ in ours]
    print("sentences", len(texts), "words", sum(len(s) for _, s in ours), "distinct %.4f" % (len(set(texts)) / len(texts)))
    skeletons = collections.Counter(tuple((w[2], w[5]) for w in s) for _, s in ours)
    print("distinct skeletons %.3f" % (len(skeletons) / len(ours)))
    for name, b in (("treebanks", theirs), ("ours", ours)):
        lens = sorted(len(s) for _, s in b)
        print("length", name, [lens[int(len(lens) * q)] for q in (.05, .25, .5, .75, .95, .99)], "mean %.1f" % (sum(lens) / len(lens)))
    nt, nm = sum(rels.values()), sum(relm.values())
    print("relations per 1000 words (treebanks, ours):")
    print("  ", "  ".join(f"{r} {1000 * rels[r] / nt:.1f}/{1000 * relm[r] / nm:.1f}" for r, _ in (rels + relm).most_common(48)))
    up, um = collections.Counter(), collections.Counter()
    for (u, f), k in tags.items():
        up[u] += k
    for (u, f), k in mine.items():
        um[u] += k
    print("   ", "  ".join(f"{r} {1000 * up[r] / nt:.0f}/{1000 * um[r] / nm:.0f}" for r, _ in up.most_common()))

    least = max(4, len(ours) // 1500)

    def compare(title, key, value, bank_a=theirs, seen_least=4, limit=70):
        a, b = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
        example = {}
        for bank, d in ((bank_a, a), (ours, b)):
            for text, s in bank:
                for i, w in enumerate(s):
                    k = key(s, i)
                    if k is not None:
                        v = value(s, i)
                        d[k][v] += 1
                        if bank is ours:
                            example.setdefault((k, v), text[:150] + " @" + str(i + 1))
        rows = []
        for k, d in b.items():
            total = sum(a[k].values())
            if total < seen_least:
                continue
            for v, n in d.items():
                share = a[k][v] / total
                if n >= least and share < 0.12 and n / sum(d.values()) > 0.08:
                    rows.append((n * (1 - 4 * share), k, v, n, a[k].most_common(3), total, example[k, v]))
        rows.sort(key=lambda r: -r[0])
        print("##", title, len(rows))
        for r in rows[:limit]:
            print("   ", r[1], r[2], "ours", r[3], "| treebanks", r[5], r[4], "|", r[6])

    def lemma(w):
        return w[0].lower()

    compare("tag and features of a form", lambda s, i: s[i][0] if s[i][0].islower() or not s[i][0].isalpha() or i else None, lambda s, i: (s[i][2], s[i][3]))
    compare("lemma of a form", lambda s, i: (s[i][0], s[i][2]), lambda s, i: s[i][1])
    compare("relation of a form", lambda s, i: (lemma(s[i]), s[i][2]), lambda s, i: s[i][5], limit=90)
    compare("relation of a form, with the next", lambda s, i: (lemma(s[i]), lemma(s[i + 1])) if i + 1 < len(s) else None, lambda s, i: (s[i][5], s[i + 1][5]), limit=60)
    compare("head's place, form and next", lambda s, i: (lemma(s[i]), lemma(s[i + 1])) if i + 1 < len(s) and s[i][2] != "PUNCT" else None,
            lambda s, i: "next" if s[i][4] == i + 1 else "left" if s[i][4] < i else "right", limit=40)
    compare("relation under a verb's lemma", lambda s, i: (s[s[i][4]][1], s[i][2], "L" if i < s[i][4] else "R") if s[i][4] >= 0 and s[s[i][4]][2] == "VERB" and s[i][2] != "PUNCT" else None,
            lambda s, i: s[i][5], limit=60)
    compare("relation by tags", lambda s, i: (s[i][2], s[s[i][4]][2], "L" if i < s[i][4] else "R") if s[i][4] >= 0 else None, lambda s, i: s[i][5], limit=40)
    def case(s, i):
        return next((lemma(w) for w in s if w[4] == i and w[5] in ("case", "mark")), None)
    compare("preposition under head", lambda s, i: (s[s[i][4]][1], case(s, i)) if s[i][4] >= 0 and case(s, i) and s[i][5] in ("obl", "nmod", "advcl", "acl", "xcomp", "ccomp", "obl:agent", "csubj") else None,
            lambda s, i: s[i][5], limit=40)


if __name__ == "__main__":
    main()
