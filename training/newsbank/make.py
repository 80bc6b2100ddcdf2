"""Writes a made-up news treebank: documents with trees in EWT's and GUM's conventions, and their names.

python3 training/newsbank/make.py --sentences 20000 --seed 1 --out FOLDER
"""
import argparse
import json
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from more import More  # noqa: E402
from nodes import Node, Sentence, capital, punct  # noqa: E402

XPOS = {"NOUN": "NN", "PROPN": "NNP", "ADJ": "JJ", "ADV": "RB", "ADP": "IN", "SCONJ": "IN", "DET": "DT", "PRON": "PRP", "NUM": "CD", "CCONJ": "CC",
        "PART": "RP", "VERB": "VB", "AUX": "VB", "SYM": "SYM", "X": "FW", "INTJ": "UH"}


def xpos(w):
    if w.xpos:
        return w.xpos
    if w.upos == "PUNCT":
        return {",": ",", ".": ".", "?": ".", "!": ".", ":": ":", "-": "HYPH" if w.glue else ":", "(": "-LRB-", ")": "-RRB-"}.get(w.form, ":")
    if w.upos == "PRON":
        return "WP$" if w.form == "whose" else "WP" if w.form in ("who", "whom", "what") else "WDT" if "Rel" in w.feats else \
            "EX" if w.form.lower() == "there" else "PRP$" if "Poss" in w.feats else "PRP"
    if "Degree=Cmp" in w.feats:
        return "JJR" if w.upos == "ADJ" else "RBR"
    if "Degree=Sup" in w.feats:
        return "JJS" if w.upos == "ADJ" else "RBS"
    if w.upos == "NOUN" and "Plur" in w.feats:
        return "NNS"
    return XPOS[w.upos]


def stop(root):
    """Puts the full stop; where a quote ends the sentence it stands within already."""
    if root.info.get("nostop"):
        return
    drop_comma(root)
    if root.words()[-1].form.endswith(".") and root.info.get("stop", ".") == ".":
        return  # "p.m." and "Inc." need no second stop
    s = punct(root.info.get("stop", "."), True)
    s.hold = True
    root.r("punct", s)


def participles(node, up=None):
    """-ing is a gerund or a participle by what it hangs by; -ed before a noun is passive."""
    if node.upos == "VERB" and node.xpos == "VBG" and node.rel not in ("case", "mark"):
        if any(c.rel == "aux" and c.lemma == "be" for c in node.left):
            node.feats = "Tense=Pres|VerbForm=Part"
        elif node.rel == "conj" and up is not None:
            node.feats = up.feats if up.xpos == "VBG" else "Tense=Pres|VerbForm=Part"
        else:
            node.feats = "Tense=Pres|VerbForm=Part" if node.rel in ("advcl", "parataxis", "root", None) else "VerbForm=Ger"
    elif node.upos == "VERB" and node.xpos == "VBN" and node.rel == "amod":
        node.feats = "Tense=Past|VerbForm=Part|Voice=Pass"
    for c in node.left + node.right:
        participles(c, node)


def drop_comma(root):
    """No comma right before the full stop."""
    node, up = root, None
    while node.right:
        node, up = node.right[-1], node
    if node.upos == "PUNCT" and node.form == "," and up is not None:
        up.right.pop()


def article(g, rng):
    """Sentences of one document: list of paragraphs."""
    g.people, g.orgs = [], {}
    for _ in range(rng.randint(2, 4)):
        g.people.append(g.person())
    out = []
    n = rng.randint(5, 15)
    if rng.random() < 0.55:
        out.append([g.headline()])
        n -= 1
    if rng.random() < 0.2:
        out.append([g.byline()])
        out[-1][0].info["nostop"] = True
        n -= 1
    first = True
    par, left = [], 0
    while n > 0:
        if first and rng.random() < 0.4:
            body = g.sentence()
            if body.info.get("stop") == "?" :
                continue
            body = g.dateline(body)
        elif rng.random() < 0.025:
            body = g.caption()
        else:
            body = g.sentence()
        if body.size() > 75 or body.size() < 3:
            continue
        first = False
        if left == 0:
            par = []
            out.append(par)
            left = rng.choice((1, 1, 2, 2, 3))
        par.append(body)
        left -= 1
        n -= 1
    return out


def write(sentence, sid, par, out):
    words = sentence.words
    lines = [] if not par else ["# newpar"]
    lines += [f"# sent_id = {sid}", f"# text = {sentence.text()}"]
    n = len(words)
    i = 0
    for i, w in enumerate(words):
        space = i + 1 < n and not words[i + 1].glue and not words[i + 1].fused or i + 1 == n
        if i + 1 < n and words[i + 1].fused and not w.fused:
            j = i + 1
            misc = "_" if j + 1 >= n or not words[j + 1].glue else "SpaceAfter=No"
            lines.append(f"{i + 1}-{j + 1}\t{w.form}{words[j].form}\t_\t_\t_\t_\t_\t_\t_\t{misc}")
        misc = "_" if space or w.fused or i + 1 < n and words[i + 1].fused else "SpaceAfter=No"
        lines.append("\t".join((str(i + 1), w.form, w.lemma, w.upos, xpos(w), w.feats or "_", str(sentence.heads[i] + 1), w.rel, "_", misc)))
    out.append("\n".join(lines) + "\n\n")


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--sentences", type=int, default=20000)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--out", required=True)
    args = args.parse_args()
    os.makedirs(args.out, exist_ok=True)
    rng = random.Random(args.seed)
    g = More(rng)
    total, number, out, documents, seen = 0, 0, [], [], set()
    while total < args.sentences:
        number += 1
        ident = f"newsbank-{number:05d}"
        pars = article(g, rng)
        chunk, text, mentions, k = [], "", [], 0
        for par in pars:
            first = True
            for root in par:
                g_fix(root)
                stop(root)
                participles(root)
                capital(root)
                s = Sentence(root)
                t = s.text()
                if t in seen:
                    continue
                seen.add(t)
                if text:
                    text += "\n\n" if first else " "
                start = len(text)
                # places of words in the text
                at, spans = start, {}
                for i, w in enumerate(s.words):
                    if i and not w.glue and not w.fused:
                        at += 1
                    for kind, e in w.ent:
                        a, b, _ = spans.get(e, (at, at, kind))
                        spans[e] = (a, at + len(w.form), kind)
                    at += len(w.form)
                text += t
                for a, b, kind in sorted(set(spans.values())):
                    mentions.append(dict(start=a, end=b, type=kind))
                k += 1
                write(s, f"{ident}-{k}", first, chunk)
                first = False
                total += 1
        if k:
            out.append(f"# newdoc id = {ident}\n" + "".join(chunk))
            documents.append(dict(id=ident, text=text, mentions=inner(mentions)))
    with open(os.path.join(args.out, "newsbank.conllu"), "w", encoding="utf-8") as f:
        f.write("".join(out))
    with open(os.path.join(args.out, "newsbank.json"), "w", encoding="utf-8") as f:
        json.dump(dict(documents=documents), f, ensure_ascii=False, separators=(",", ":"))
    print(total, "sentences in", len(documents), "documents")


def g_fix(root):
    """Last repairs: a/an before what really follows."""
    words = root.words()
    for a, b in zip(words, words[1:]):
        if a.upos == "DET" and a.form.lower() in ("a", "an"):
            f = b.form if b.form != '"' else "x"
            an = f[0].lower() in "aeiou" and not f.lower().startswith(("uni", "one", "eu", "us", "u.")) or f.startswith(("hour", "honor")) \
                or f.isdigit() and (f[0] == "8" or f in ("11", "18")) or f in ("AK-47", "M-16") or f[:2] in ("8.",)
            if f.lower().startswith(("unin", "unid", "unin", "unex", "unem", "unpo", "unar", "unac", "unfa", "uncl", "unav")):
                an = True
            a.form = ("an" if an else "a") if a.form.islower() else ("An" if an else "A")


def inner(mentions):
    """No span within a span: the outermost stays."""
    out = []
    for m in sorted(mentions, key=lambda m: (m["start"], -m["end"])):
        if out and m["start"] < out[-1]["end"]:
            continue
        out.append(m)
    return out


if __name__ == "__main__":
    main()
