"""Makes a checkpoint of a model file, to train on from: 8-bit weights as they are, the table of pieces from the encoder.

    restore.py --model ../models/en.bin --encoder DIR --out CHECKPOINT [--tower default]
"""
import argparse
import json
import os
import struct

import numpy as np
import torch
from safetensors.torch import load_file

from corpus import Vocabulary
from model import Parser

KINDS = dict(i8=np.int8, f32=np.float32, u8=np.uint8)


def read(path):
    """The JSON head of a model file and its tensors by name; see `src/language/neural/file.rs`."""
    raw = open(path, "rb").read()
    content = raw[8 + 4 + 8 + 32 :]
    (length,) = struct.unpack_from("<I", content)
    meta = json.loads(content[4 : 4 + length])
    data = content[4 + length + (-(4 + length)) % 64 :]
    tensors = {}
    for t in meta["tensors"]:
        bytes_ = data[t["offset"] : t["offset"] + t["length"]]
        tensors[t["name"]] = np.frombuffer(bytes_, KINDS[t["kind"]]).reshape(t["shape"])
    return meta, tensors


def linear(tensors, name):
    """Rows of weights and the bias, as `export.Tensors.linear` stored them."""
    q = tensors[name + ".weight"]
    blocks, quads = q.shape[0], q.shape[1]
    q = q.transpose(0, 2, 1, 3).reshape(blocks * 16, quads * 4)
    return q * tensors[name + ".scale"][:, None], tensors[name + ".bias"]


def network(meta, tensors, name, layers):
    """The state of the network that `export.tower` wrote."""
    net = dict(position=f"{name}.position", shape=f"{name}.shape", gap=f"{name}.gap")
    net = {f"{k}.weight": tensors[v] for k, v in net.items()}
    net["norm.weight"], net["norm.bias"] = tensors[f"{name}.norm.weight"], tensors[f"{name}.norm.bias"]
    hidden = meta["hidden"]
    for i in range(layers):
        for part in ("qkv", "out", "up", "down"):
            w, b = (a.copy() for a in linear(tensors, f"{name}.{i}.{part}"))
            if part == "qkv":
                w[:hidden] *= np.sqrt(np.float32(hidden // meta["heads"]))
                b[:hidden] *= np.sqrt(np.float32(hidden // meta["heads"]))
            net[f"layers.{i}.{part}.weight"], net[f"layers.{i}.{part}.bias"] = w, b
        for part in ("norm1", "norm2"):
            for kind in ("weight", "bias"):
                net[f"layers.{i}.{part}.{kind}"] = tensors[f"{name}.{i}.{part}.{kind}"]
    w, b = linear(tensors, f"{name}.heads")
    sizes = [128, 128, 128, 128, len(meta["tags"]), len(meta["scripts"]), len(meta["names"]), 1]
    at, weights, biases = 0, [], []
    for n in sizes:
        weights.append(w[at : at + n])
        biases.append(b[at : at + n])
        at += (n + 15) // 16 * 16
    net["heads.weight"], net["heads.bias"] = np.concatenate(weights), np.concatenate(biases)
    net["arc"], net["arc_bias"] = tensors[f"{name}.arc.weight"], tensors[f"{name}.arc.bias"]
    net["arc_root"], net["label_root"] = tensors[f"{name}.arc.root"], tensors[f"{name}.label.root"]
    labels = len(meta["deprels"])
    net["label.weight"] = tensors[f"{name}.label.weight"].T[:labels]
    net["label.bias"] = tensors[f"{name}.label.bias"][:labels]
    return {k: torch.tensor(np.ascontiguousarray(v)) for k, v in net.items()}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--model", required=True)
    ap.add_argument("--encoder", required=True)
    ap.add_argument("--tower", default="default")
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    meta, tensors = read(a.model)
    layers = next(t["layers"] for t in meta["towers"] if t["name"] == a.tower)
    vocabulary = Vocabulary(os.path.join(a.encoder, "vocab.txt"))
    pieces = tensors["vocab"].tobytes().decode().split("\n")
    assert pieces == vocabulary.pieces, "another encoder"
    net = Parser(len(pieces), len(meta["tags"]), len(meta["scripts"]), len(meta["names"]), len(meta["deprels"]), layers)
    net.start_from(load_file(os.path.join(a.encoder, "model.safetensors")), vocabulary.kept)
    state = dict(network(meta, tensors, a.tower, layers), **{"pieces.weight": net.pieces.weight.detach().clone()})
    net.load_state_dict(state)  # every tensor is there, in its shape
    torch.save(dict(net=state, layers=layers, tags=meta["tags"], scripts=meta["scripts"], rels=meta["deprels"],
                    names=meta["names"], pieces=pieces), a.out)


if __name__ == "__main__":
    main()
