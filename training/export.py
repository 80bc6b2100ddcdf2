"""Writes a model file from trained towers.

    export.py --tower default=CHECKPOINT[,CHECKPOINT ...] --treebank F.conllu ... \
              --card models/README.md --out models/en.bin

Of several checkpoints the mean is taken. Weights are rounded to 8 bits a row. The layout is described in `src/language/neural/file.rs`.
"""
import argparse
import collections
import json
import struct

import numpy as np
import torch
from blake3 import blake3

import corpus
from model import averaged

MAGIC, VERSION = b"NGMODEL\n", 2


def rounded(w):
    """Rows of 8-bit integers with a scale each."""
    scale = np.maximum(np.abs(w).max(1), 1e-12).astype(np.float32) / np.float32(127)
    return np.rint(w / scale[:, None]).astype(np.int8), scale


def padded(a, rows):
    return np.concatenate([a, np.zeros((rows - len(a),) + a.shape[1:], a.dtype)]) if rows > len(a) else a


def up(n):
    return (n + 15) // 16 * 16


class Tensors:
    def __init__(self):
        self.table, self.data = [], bytearray()

    def add(self, name, array, kind):
        raw = array if isinstance(array, bytes) else np.ascontiguousarray(array).tobytes()
        shape = [len(raw)] if isinstance(array, bytes) else list(array.shape)
        self.data += b"\0" * (-len(self.data) % 64)
        self.table.append(dict(name=name, kind=kind, shape=shape, offset=len(self.data), length=len(raw)))
        self.data += raw

    def f32(self, name, array):
        self.add(name, array.astype(np.float32), "f32")

    def linear(self, name, weight, bias):
        n, k = up(len(weight)), weight.shape[1]
        q, scale = rounded(padded(weight, n))
        self.add(name + ".weight", q.reshape(n // 16, 16, k // 4, 4).transpose(0, 2, 1, 3), "i8")
        self.f32(name + ".scale", scale)
        self.f32(name + ".bias", padded(bias, n))


def tower(out, name, state):
    t = {k: v.float().numpy() for k, v in state["net"].items()}
    out.f32(f"{name}.position", t["position.weight"])
    out.f32(f"{name}.shape", t["shape.weight"])
    out.f32(f"{name}.gap", t["gap.weight"])
    out.f32(f"{name}.norm.weight", t["norm.weight"])
    out.f32(f"{name}.norm.bias", t["norm.bias"])
    hidden = t["norm.weight"].shape[0]
    for i in range(state["layers"]):
        p = f"layers.{i}."
        w, b = t[p + "qkv.weight"].copy(), t[p + "qkv.bias"].copy()
        w[:hidden] /= np.sqrt(np.float32(32))
        b[:hidden] /= np.sqrt(np.float32(32))
        out.linear(f"{name}.{i}.qkv", w, b)
        for part in ("out", "up", "down"):
            out.linear(f"{name}.{i}.{part}", t[f"{p}{part}.weight"], t[f"{p}{part}.bias"])
        for part in ("norm1", "norm2"):
            out.f32(f"{name}.{i}.{part}.weight", t[f"{p}{part}.weight"])
            out.f32(f"{name}.{i}.{part}.bias", t[f"{p}{part}.bias"])
    sizes = [128, 128, 128, 128, len(state["tags"]), len(state["scripts"]), len(state["names"]), 1]
    at, weights, biases = 0, [], []
    for n in sizes:
        weights.append(padded(t["heads.weight"][at : at + n], up(n)))
        biases.append(padded(t["heads.bias"][at : at + n], up(n)))
        at += n
    out.linear(f"{name}.heads", np.concatenate(weights), np.concatenate(biases))
    out.f32(f"{name}.arc.weight", t["arc"])
    out.f32(f"{name}.arc.bias", t["arc_bias"])
    out.f32(f"{name}.arc.root", t["arc_root"])
    labels = up(len(state["rels"]))
    out.f32(f"{name}.label.weight", padded(t["label.weight"], labels).T)
    out.f32(f"{name}.label.bias", padded(t["label.bias"], labels))
    out.f32(f"{name}.label.root", t["label_root"])


def lemmas(paths, tags):
    """Forms of the treebanks with the script of their lemma, where it is clear."""
    number = {t: i for i, t in enumerate(tags)}
    seen = collections.defaultdict(collections.Counter)
    for path in paths:
        for document in corpus.conllu(path):
            for sentence in document:
                for word in sentence:
                    if word.tag in number and not word.script.startswith("w|_"):
                        seen[word.form, number[word.tag]][word.script] += 1
    lines = []
    for (form, tag), scripts in sorted(seen.items()):
        script, count = scripts.most_common(1)[0]
        total = sum(scripts.values())
        plain = script == ("=" if tags[tag].startswith("PROPN") else "l" if form != form.lower() else "=")
        if count >= 0.75 * total and (total > 1 or not plain) and not set("\t\n") & set(form):
            lines.append(f"{form}\t{tag}\t{script}")
    return "\n".join(lines).encode()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--tower", action="append", required=True, metavar="NAME=CHECKPOINT[,...]")
    ap.add_argument("--treebank", nargs="+", required=True, help="CoNLL-U files whose forms give lemmas")
    ap.add_argument("--card", required=True)
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    towers = [(n, averaged(p)) for n, p in (t.split("=") for t in a.tower)]
    first = towers[0][1]
    out = Tensors()
    out.add("vocab", "\n".join(first["pieces"]).encode(), "u8")
    out.add("lemmas", lemmas(a.treebank, first["tags"]), "u8")
    q, scale = rounded(first["net"]["pieces.weight"].float().numpy())
    out.add("embed.weight", q, "i8")
    out.f32("embed.scale", scale)
    for name, state in towers:
        for key in ("tags", "scripts", "rels", "names", "pieces"):
            assert state[key] == first[key], f"{name}: other {key}"
        assert torch.equal(state["net"]["pieces.weight"], first["net"]["pieces.weight"]), f"{name}: other pieces"
        tower(out, name, state)
    meta = dict(name="en", licence="CC BY-SA 4.0", card=open(a.card, encoding="utf-8").read(), hidden=384, heads=12,
                ffn=1536, positions=256, arc=128, label=128,
                towers=[dict(name=n, layers=s["layers"]) for n, s in towers],
                tags=first["tags"], deprels=first["rels"], scripts=first["scripts"], names=first["names"],
                tensors=out.table)
    head = json.dumps(meta, ensure_ascii=False, separators=(",", ":")).encode()
    content = struct.pack("<I", len(head)) + head
    content += b"\0" * (-len(content) % 64) + bytes(out.data)
    with open(a.out, "wb") as f:
        f.write(MAGIC + struct.pack("<IQ", VERSION, len(content)) + blake3(content).digest() + content)
    print(f"{a.out}: {len(content)} bytes, {blake3(content).hexdigest()}")


if __name__ == "__main__":
    main()
