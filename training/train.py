"""Trains a network of the English model. See README.md for the recipe.

    train.py --encoder DIR --treebank F.conllu[=NAMES.json] ... --names CORPUS=F.bio ... \
             --dev F.conllu ... --dev-names F.bio --out CHECKPOINT [--layers 6]
             [--made F.conllu=NAMES.json --made-share 0.5]
             [--teacher CHECKPOINT[,...] ...] [--start CHECKPOINT[,...]] [--only-names TYPE ...] [--resume]

Of checkpoints with commas between them the mean is taken.
"""
import argparse
import math
import os
import random
import time

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch.utils.data import DataLoader

import corpus
from batches import Inventory, Stream, allowed, batched, collate, encode, windows
from corpus import NAMES, Vocabulary
from model import Linear, Parser, averaged


def mean(values, real):
    """Over the words that are no padding (without a look at the numbers: a GPU need not wait)."""
    return (values * real).sum() / real.sum()


def losses(net, batch, out, weight):
    """Cross-entropies, means over words."""
    total = {}
    real = batch["starts"] >= 0
    names = torch.log_softmax(out["names"].float(), -1)
    fits = allowed(batch["names"])
    total["names"] = mean(-torch.logsumexp(names.masked_fill(~fits, -1e4), -1), real)
    total["starts"] = mean(F.binary_cross_entropy_with_logits(
        out["boundary"].float(), batch["starts"].clamp_min(0), reduction="none"), real)
    if batch["parsed"]:
        total["tags"] = F.cross_entropy(out["tags"].float().flatten(0, 1), batch["tags"].flatten())
        total["scripts"] = F.cross_entropy(out["scripts"].float().flatten(0, 1), batch["scripts"].flatten())
        total["arcs"] = F.cross_entropy(out["arcs"].flatten(0, 1), batch["heads"].flatten())
        total["rels"] = F.cross_entropy(net.labels(out, batch["heads"]).flatten(0, 1), batch["rels"].flatten())
    return sum(weight[k] * v for k, v in total.items()), {k: v.detach() for k, v in total.items()}


def taught(teachers, batch):
    """What the teachers say: means of their probabilities, as logarithms, and the heads that they agree on."""
    rounded, Linear.rounded = Linear.rounded, False
    outs = [t(batch) for t in teachers]
    heads = sum(torch.softmax(o["arcs"].float(), -1) for o in outs).argmax(-1)
    for teacher, out in zip(teachers, outs):
        out["rels"] = teacher.labels(out, heads)
    Linear.rounded = rounded
    gold = {}
    for key in ("tags", "scripts", "names", "arcs", "rels"):
        each = torch.stack([torch.log_softmax(o[key].float(), -1) for o in outs])
        gold[key] = torch.logsumexp(each, 0) - math.log(len(outs))
    gold["starts"] = torch.stack([torch.sigmoid(o["boundary"].float()) for o in outs]).mean(0)
    return gold, heads


def distilled(net, teachers, batch, out):
    """Kullback-Leibler to the teachers' distributions, means over words."""
    with torch.no_grad():
        gold, heads = taught(teachers, batch)
    real = batch["starts"] >= 0
    mine = dict(out, rels=net.labels(out, heads))
    total = 0.5 * mean(F.binary_cross_entropy_with_logits(out["boundary"].float(), gold["starts"], reduction="none"), real)
    for key, weight in dict(tags=1.0, scripts=0.5, names=0.3, arcs=1.0, rels=1.0).items():
        apart = F.kl_div(torch.log_softmax(mine[key].float(), -1), gold[key], log_target=True, reduction="none")
        total = total + weight * mean(apart.sum(-1), real)
    return total


def placed(batch, device):
    return {k: v.to(device, non_blocking=True) if torch.is_tensor(v) else v for k, v in batch.items()}


def spans_of(labels):
    """Spans of a sequence of label numbers, an I- after another type opening a new one."""
    out, start, kind = [], None, None
    for n, l in enumerate(labels + [0]):
        name = NAMES[l]
        if start is not None and (name[0] != "I" or name[2:] != kind):
            out.append((start, n, kind))
            start = None
        if name != "O" and start is None:
            start, kind = n, name[2:]
    return out


@torch.no_grad()
def evaluate(net, inventory, vocabulary, parsed, named, plain=False):
    """Percent on given words; heads are chosen greedily, so attachment is a little too low."""
    net.eval()
    report = []
    rng = random.Random(1)
    for name, documents in parsed:
        right = dict(uas=0, las=0, upos=0, tag=0, lemma=0)
        n, tp, fp, fn = 0, 0, 0, 0
        runs = list(windows(documents, vocabulary, rng, fixed=100))
        groups = [encode(r, vocabulary, inventory) for r in runs]
        gold = [w for r in runs for s in r for w in s]
        upos = [t.split("|")[0] for t in inventory.tags]
        base = [r.split(":")[0] for r in inventory.rels]
        where, at = {}, 0
        for g in groups:
            where[id(g)] = at
            at += len(g["count"])
        for part in batched(groups, 4000, rng):
            batch = placed(collate(part), net.device)
            with torch.autocast(net.device.type, torch.bfloat16, enabled=not plain):
                out = net(batch)
            heads = out["arcs"].argmax(-1)
            rels = net.labels(out, heads).argmax(-1).tolist()
            tags, scripts = out["tags"].argmax(-1).tolist(), out["scripts"].argmax(-1).tolist()
            heads, begins = heads.tolist(), (out["boundary"] > 0).tolist()
            for i, g in enumerate(part):
                for j in range(len(g["count"])):
                    n += 1
                    w = gold[where[id(g)] + j]
                    hit = heads[i][j] == g["heads"][j]
                    right["uas"] += hit
                    right["las"] += hit and base[rels[i][j]] == w.rel.split(":")[0]
                    right["upos"] += upos[tags[i][j]] == w.tag.split("|")[0]
                    right["tag"] += inventory.tags[tags[i][j]] == w.tag
                    right["lemma"] += inventory.scripts[scripts[i][j]] == w.script
                    yes, is_start = begins[i][j] or j == 0, g["starts"][j] == 1
                    tp += yes and is_start
                    fp += yes and not is_start
                    fn += (not yes) and is_start
        report.append(f"{name}: " + " ".join(f"{k} {100 * v / n:.2f}" for k, v in right.items())
                      + f" starts {200 * tp / (2 * tp + fp + fn):.1f}")
    for name, documents in named:
        groups = [encode(r, vocabulary, inventory) for r in windows(documents, vocabulary, rng, fixed=100)]
        tp, found, wanted = 0, 0, 0
        for part in batched(groups, 4000, rng):
            batch = placed(collate(part), net.device)
            with torch.autocast(net.device.type, torch.bfloat16, enabled=not plain):
                out = net(batch, parse=False)
            best = out["names"].argmax(-1).tolist()
            for i, g in enumerate(part):
                k = len(g["count"])
                mine = set(s for s in spans_of(best[i][:k]) if s[2] not in ("TIME", "QUANTITY"))
                gold = [[l for l in range(len(NAMES)) if m >> l & 1] for m in g["names"]]
                gold = set(s for s in spans_of([0 if 0 in ls else ls[0] for ls in gold]) if s[2] not in ("TIME", "QUANTITY"))
                tp += len(mine & gold)
                found += len(mine)
                wanted += len(gold)
        report.append(f"{name}: names {200 * tp / (found + wanted):.2f}")
    net.train()
    return "; ".join(report)


def only_names(net, types):
    """Leaves everything as it is but the rows of some names."""
    head = net.heads
    for p in net.parameters():
        p.requires_grad_(False)
    first = sum(net.parts[:-2])
    learned = torch.zeros(len(head.bias), dtype=torch.bool, device=net.device)
    for n, name in enumerate(NAMES):
        learned[first + n] = name[2:] in types
    for p in (head.weight, head.bias):
        p.requires_grad_(True)
        p.register_hook(lambda grad: grad * learned.view(-1, *[1] * (grad.dim() - 1)))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--encoder", required=True, help="folder with model.safetensors and vocab.txt")
    ap.add_argument("--treebank", nargs="+", required=True)
    ap.add_argument("--names", nargs="*", default=[])
    ap.add_argument("--made", nargs="*", default=[], help="made-up trees with their names (newsbank); no teacher is asked")
    ap.add_argument("--made-share", type=float, default=1.0, help="share of the made-up trees an epoch")
    ap.add_argument("--strangers", type=float, default=0.0, help="share of documents whose sentences are put in any order")
    ap.add_argument("--plain", action="store_true", help="products in 32 bits: for processors without bfloat16")
    ap.add_argument("--dev", nargs="*", default=[])
    ap.add_argument("--dev-names", nargs="*", default=[])
    ap.add_argument("--out", required=True)
    ap.add_argument("--layers", type=int, default=6)
    ap.add_argument("--teacher", nargs="*", default=[], help="checkpoints whose mean distribution is learned")
    ap.add_argument("--start", help="checkpoint to go on from, with a fresh schedule")
    ap.add_argument("--only-names", nargs="*", default=[], metavar="TYPE",
                    help="learn these names alone (their rows of the last layer)")
    ap.add_argument("--steps", type=int, default=4500)
    ap.add_argument("--pieces", type=int, default=2400, help="pieces a batch")
    ap.add_argument("--rate", type=float, default=1.5e-4, help="learning rate of the encoder")
    ap.add_argument("--head-rate", type=float, default=1e-3)
    ap.add_argument("--dropout", type=float, default=0.1, help="in the encoder; thrice that in the heads of the parse")
    ap.add_argument("--rounded-from", type=float, default=0.8, help="share of steps after which weights are rounded")
    ap.add_argument("--gmb-share", type=float, default=0.2, help="share of the largest name corpus an epoch")
    ap.add_argument("--seed", type=int, default=7)
    ap.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    ap.add_argument("--workers", type=int, default=0, help="processes that make batches; each draws its own")
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--eval-every", type=int, default=750)
    ap.add_argument("--resume", action="store_true")
    a = ap.parse_args()
    torch.manual_seed(a.seed)
    torch.set_num_threads(a.threads)

    vocabulary = Vocabulary(os.path.join(a.encoder, "vocab.txt"))
    trees = []
    for item in a.treebank:
        path, _, names = item.partition("=")
        trees += corpus.conllu(path, names or None)
    named, large = [], []
    for item in a.names:
        kind, path = item.split("=")
        (large if kind == "gmb" else named).extend(corpus.bio(path, kind))
    made = [d for item in a.made for d in corpus.conllu(*item.split("="), labels="newsbank")]
    inventory = Inventory(trees)
    dev = [(os.path.basename(p), corpus.conllu(p)) for p in a.dev]
    dev_names = [(p.split("=")[0], corpus.bio(p.split("=")[1], p.split("=")[0])) for p in a.dev_names]

    sizes = (len(vocabulary.pieces), len(inventory.tags), len(inventory.scripts), len(NAMES), len(inventory.rels))
    net = Parser(*sizes, layers=a.layers, dropout=a.dropout, head_dropout=3 * a.dropout)
    teachers = []
    for path in a.teacher:
        state = averaged(path)
        teacher = Parser(*sizes, layers=state["layers"])
        teacher.load_state_dict(state["net"])
        teachers.append(teacher.to(a.device).eval())
    if teachers:
        mine = net.state_dict()
        net.load_state_dict({k: v for k, v in teachers[0].state_dict().items() if k in mine})
    else:
        net.start_from(load_file(os.path.join(a.encoder, "model.safetensors")), vocabulary.kept)
    if a.start:
        net.load_state_dict(averaged(a.start)["net"])
    net.to(a.device)
    if a.only_names:
        only_names(net, a.only_names)
    heads = {"heads", "arc", "arc_bias", "arc_root", "label", "label_root", "shape", "gap"}
    slow = [p for n, p in net.named_parameters() if n.split(".")[0] not in heads and p.requires_grad]
    fast = [p for n, p in net.named_parameters() if n.split(".")[0] in heads and p.requires_grad]
    opt = torch.optim.AdamW([dict(params=slow, lr=a.rate), dict(params=fast, lr=a.head_rate)],
                            weight_decay=0.0 if a.only_names else 0.01, betas=(0.9, 0.98), fused=True)
    warm = max(1, a.steps // 12)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        opt, lambda s: min((s + 1) / warm, max(0.02, (a.steps - s) / (a.steps - warm))))
    step = 0
    if a.resume and os.path.exists(a.out + ".part"):
        state = torch.load(a.out + ".part", map_location=a.device)
        net.load_state_dict(state["net"])
        opt.load_state_dict(state["opt"])
        schedule.load_state_dict(state["schedule"])
        step = state["step"]
    weight = dict(names=1.0, starts=0.5, tags=1.0, scripts=0.5, arcs=1.0, rels=1.0)
    if teachers:  # the student is to pass its teachers in names and boundaries: there gold counts most
        weight = dict(names=2.5, starts=4.0, tags=1.0, scripts=1.0, arcs=1.0, rels=1.0)
    print(sum(p.numel() for p in net.parameters()), "parameters", sizes, flush=True)
    stream = Stream(trees, named, large, a.gmb_share, made, a.made_share, a.pieces, vocabulary, inventory, a.seed + step,
                    a.strangers)
    if a.start:
        print("start", evaluate(net, inventory, vocabulary, dev, dev_names, a.plain), flush=True)
    seen, begun, means = 0, time.time(), {}
    net.train()
    for batch in DataLoader(stream, batch_size=None, num_workers=a.workers, pin_memory=a.device != "cpu"):
        if step >= a.steps:
            break
        Linear.rounded = step >= a.steps * a.rounded_from
        seen += batch["mask"].sum().item()
        batch = placed(batch, a.device)
        with torch.autocast(net.device.type, torch.bfloat16, enabled=not a.plain):
            out = net(batch, parse=batch["parsed"] or bool(teachers))
            loss, each = losses(net, batch, out, weight)
            if teachers and not batch["made"]:
                loss = 0.4 * loss + distilled(net, teachers, batch, out)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(slow + fast, 1.0)
        opt.step()
        schedule.step()
        opt.zero_grad(set_to_none=True)
        step += 1
        for k, v in each.items():
            means[k] = 0.98 * means.get(k, v) + 0.02 * v
        if step % 50 == 0:
            rate = seen / (time.time() - begun)
            print(step, f"{rate:.0f} pieces/s", " ".join(f"{k} {v:.3f}" for k, v in means.items()), flush=True)
        if step % a.eval_every == 0 or step == a.steps:
            print("dev", evaluate(net, inventory, vocabulary, dev, dev_names, a.plain), flush=True)
            state = dict(net=net.state_dict(), layers=a.layers, tags=inventory.tags, scripts=inventory.scripts,
                         rels=inventory.rels, names=NAMES, pieces=vocabulary.pieces)
            torch.save(state, a.out)
            torch.save(dict(net=net.state_dict(), opt=opt.state_dict(), schedule=schedule.state_dict(), step=step),
                       a.out + ".part")


if __name__ == "__main__":
    main()
