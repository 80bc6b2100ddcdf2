"""Windows of consecutive sentences, their noise, and batches of them."""
import random

import torch
from torch.utils.data import IterableDataset, get_worker_info

from corpus import ANY, NAMES, Word, script, shape

MOST = 180  # pieces a window in training, with [CLS] and [SEP]


class Inventory:
    """Classes of tags, scripts and relations with their numbers, as the treebanks have them."""

    def __init__(self, documents):
        tags, scripts, rels = {}, {}, {}
        for d in documents:
            for s in d:
                for w in s:
                    tags[w.tag] = tags.get(w.tag, 0) + 1
                    scripts[w.script] = scripts.get(w.script, 0) + 1
                    rels[w.rel] = rels.get(w.rel, 0) + 1
        self.tags = sorted(t for t, n in tags.items() if n >= 3)
        self.scripts = sorted(s for s, n in scripts.items() if n >= 3)
        self.rels = sorted(rels)
        self.tag = {t: i for i, t in enumerate(self.tags)}
        self.script = {s: i for i, s in enumerate(self.scripts)}
        self.rel = {r: i for i, r in enumerate(self.rels)}


def windows(documents, vocabulary, rng, fixed=None):
    """Cuts documents into runs of whole sentences; in training of many sizes."""
    for d in documents:
        run, size = [], 0
        limit = fixed or rng.choice((1, 40, 70, 100, 100, 130))
        for s in d:
            n = sum(len(vocabulary.word(w.form)) for w in s)
            if run and size + n > limit:
                yield run
                run, size = [], 0
                limit = fixed or rng.choice((1, 40, 70, 100, 100, 130))
            run.append(s)
            size += n
        if run:
            yield run


def noisy(run, rng):
    """Headlines in capitals, lower case, missing stops, line breaks: as texts come."""
    out = []
    style = rng.random()
    wrap = rng.random() < 0.06
    for s in run:
        one = style if style < 0.04 else rng.random()
        if one < 0.025:
            change = str.upper
        elif one < 0.04:
            change = str.lower
        elif one < 0.07:
            change = lambda f: f[:1].upper() + f[1:]
        else:
            change = None
        s = list(s)
        last = s[-1]
        if len(s) > 3 and last.form == "." and rng.random() < 0.08 \
                and (last.head < 0 or all(w.head != len(s) for w in s)) and last.rel != "root":
            s.pop()
        copy = []
        for n, w in enumerate(s):
            form = change(w.form) if change else w.form
            gap = w.gap
            if gap == 3 and rng.random() < 0.3:
                gap = 2
            elif gap == 1 and wrap and rng.random() < 0.08:
                gap = 2
            elif gap == 1 and n == 0 and rng.random() < 0.02:
                gap = 0
            if form == w.form and gap == w.gap:
                copy.append(w)
                continue
            v = Word(form, gap)
            v.tag, v.head, v.rel, v.names = w.tag, w.head, w.rel, w.names
            v.script = w.script
            if form != w.form and w.script is not None:
                v.script = "l" if w.script == "=" and change is str.upper and w.form.islower() else w.script
                if w.tag.startswith("PROPN") or w.script in ("=", "l") and not w.form.islower():
                    v.script = None  # the lemma keeps capitals that the form no longer shows
            copy.append(v)
        out.append(copy)
    return out


def encode(run, vocabulary, inventory, rng=None, drop=0.0):
    """One window as lists of numbers."""
    ids, shapes, gaps, owner, counts = [vocabulary.cls], [0], [0], [0], []
    tags, scripts, heads, rels, names, starts, sentence = [], [], [], [], [], [], []
    parsed = run[0][0].rel is not None
    for k, s in enumerate(run):
        base = len(counts)
        for n, w in enumerate(s):
            pieces = vocabulary.word(w.form)
            if len(ids) + len(pieces) > 255:
                break
            sh = shape(w.form)
            gap = 3 if not counts else w.gap
            counts.append(len(pieces))
            for i, p in enumerate(pieces):
                if drop and rng.random() < drop:
                    p = vocabulary.unk
                ids.append(p)
                shapes.append(sh)
                gaps.append(gap if i == 0 else 0)
                owner.append(len(counts))
            tags.append(inventory.tag.get(w.tag, -100))
            scripts.append(inventory.script.get(w.script, -100))
            rels.append(inventory.rel[w.rel] if parsed else -100)
            heads.append((w.head + base if w.head > 0 else 0) if parsed else -100)
            names.append(w.names)
            starts.append(float(n == 0))
            sentence.append(k)
        else:
            continue
        break
    count = len(counts)
    heads = [h if h <= count else -100 for h in heads]
    ids.append(vocabulary.sep)
    shapes.append(0)
    gaps.append(0)
    owner.append(0)
    return dict(ids=ids, shape=shapes, gap=gaps, owner=owner, count=counts, tags=tags, scripts=scripts,
                heads=heads, rels=rels, names=names, starts=starts, sentence=sentence, parsed=parsed)


def collate(group):
    b = len(group)
    t = max(len(g["ids"]) for g in group)
    w = max(len(g["count"]) for g in group)

    def grid(key, width, fill, kind=torch.long):
        out = torch.full((b, width), fill, dtype=kind)
        for i, g in enumerate(group):
            out[i, : len(g[key])] = torch.tensor(g[key], dtype=kind)
        return out

    batch = dict(words=w, parsed=group[0]["parsed"], made=group[0].get("made", False))
    for key in ("ids", "shape", "gap"):
        batch[key] = grid(key, t, 0)
    batch["mask"] = torch.zeros(b, t, dtype=torch.bool)
    batch["owner"] = torch.zeros(b, t, dtype=torch.long)
    for i, g in enumerate(group):
        batch["mask"][i, : len(g["ids"])] = True
        own = torch.tensor(g["owner"])
        batch["owner"][i, : len(own)] = torch.where(own > 0, own + i * w, own)
    batch["count"] = grid("count", w, 1, torch.float)
    for key in ("tags", "scripts", "heads", "rels"):
        batch[key] = grid(key, w, -100)
    batch["names"] = grid("names", w, ANY)
    batch["starts"] = grid("starts", w, -1.0, torch.float)
    sentence = grid("sentence", w, -1)
    batch["sentence"] = sentence
    apart = sentence[:, :, None] != sentence[:, None, :]
    batch["apart"] = apart | torch.eye(w, dtype=torch.bool)
    return batch


def allowed(masks):
    """Name masks [B,W] to booleans [B,W,labels]."""
    return (masks[..., None] >> torch.arange(len(NAMES), device=masks.device)) & 1 == 1


def batched(groups, size, rng):
    """Windows of similar length together, about `size` pieces a batch, in random order."""
    pool = sorted(groups, key=lambda g: len(g["ids"]) + rng.random() * 8)
    out, part, longest = [], [], 0
    for g in pool:
        longest = max(longest, len(g["ids"]))
        if part and (len(part) + 1) * longest > size:
            out.append(part)
            part, longest = [], len(g["ids"])
        part.append(g)
    if part:
        out.append(part)
    rng.shuffle(out)
    return out


class Stream(IterableDataset):
    """Batches without end: all trees, all names and shares of the largest name corpus and of the made-up trees again and
    again, each time cut, disturbed and mixed anew; in a share of the documents (`strangers`) the sentences stand in any order.
    Every worker process has its own draws."""

    PARTS = 8  # of an epoch that are made at a time

    def __init__(self, trees, named, large, share, made, made_share, pieces, vocabulary, inventory, seed,
                 strangers=0.0):
        self.trees, self.named, self.large, self.share, self.strangers = trees, named, large, share, strangers
        self.made, self.made_share = made, made_share
        self.pieces, self.vocabulary, self.inventory, self.seed = pieces, vocabulary, inventory, seed

    def __iter__(self):
        worker = get_worker_info()
        rng = random.Random(f"{self.seed} {worker.id if worker else 0}")
        while True:
            documents = [(d, False) for d in self.trees + self.named]
            documents += [(d, False) for d in rng.sample(self.large, round(len(self.large) * self.share))]
            documents += [(d, True) for d in rng.sample(self.made, round(len(self.made) * self.made_share))]
            rng.shuffle(documents)
            # strangers beside it must not change how a sentence is read
            documents = [(rng.sample(d, len(d)), made) if rng.random() < self.strangers else (d, made)
                         for d, made in documents]
            for part in range(self.PARTS):
                groups = {}
                for document, made in documents[part :: self.PARTS]:
                    for run in windows([document], self.vocabulary, rng):
                        group = encode(noisy(run, rng), self.vocabulary, self.inventory, rng, drop=0.02)
                        group["made"] = made
                        groups.setdefault((group["parsed"], made), []).append(group)
                batches = [b for _, kind in sorted(groups.items()) for b in batched(kind, self.pieces, rng)]
                rng.shuffle(batches)
                yield from map(collate, batches)
