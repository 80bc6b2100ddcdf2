"""The network: a small BERT encoder with joint heads. Shapes: B windows, T pieces, W words."""
import torch
import torch.nn.functional as F
from torch import nn

HIDDEN, HEADS, FFN, POSITIONS = 384, 12, 1536, 256
ARC, LABEL = 128, 128


class Round(torch.autograd.Function):
    """Rounds to 8 bits as inference does; gradients pass unchanged (straight-through)."""

    @staticmethod
    def forward(ctx, x):
        scale = x.abs().amax(-1, keepdim=True).clamp_min(1e-12) / 127
        return torch.round(x / scale).mul_(scale)

    @staticmethod
    def backward(ctx, g):
        return g


class Linear(nn.Linear):
    """Weights rounded a row (output), activations a row (position) when `rounded` is set."""

    rounded = False

    def forward(self, x):
        if Linear.rounded:
            return F.linear(Round.apply(x), Round.apply(self.weight), self.bias)
        return F.linear(x, self.weight, self.bias)


def locked(x, p, training):
    """Dropout with one mask for all positions of a window (Gal and Ghahramani 2016)."""
    if not training or p == 0.0:
        return x
    mask = torch.empty(x.shape[0], 1, x.shape[2], dtype=x.dtype, device=x.device).bernoulli_(1 - p).div_(1 - p)
    return x * mask


class Layer(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.qkv, self.out = Linear(HIDDEN, 3 * HIDDEN), Linear(HIDDEN, HIDDEN)
        self.up, self.down = Linear(HIDDEN, FFN), Linear(FFN, HIDDEN)
        self.norm1, self.norm2 = nn.LayerNorm(HIDDEN, 1e-12), nn.LayerNorm(HIDDEN, 1e-12)
        self.dropout = dropout

    def forward(self, x, mask):
        b, t, d = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, HEADS, d // HEADS).permute(2, 0, 3, 1, 4)
        # two plain products: on a CPU their gradients are faster than those of the fused attention
        w = torch.softmax((q * (d // HEADS) ** -0.5) @ k.transpose(-1, -2) + mask, -1)
        a = self.out((w.to(v.dtype) @ v).transpose(1, 2).reshape(b, t, d))
        x = self.norm1(x + locked(a, self.dropout, self.training))
        return self.norm2(x + locked(self.down(F.gelu(self.up(x))), self.dropout, self.training))


class Parser(nn.Module):
    def __init__(self, pieces, tags, scripts, names, deprels, layers, dropout=0.1, head_dropout=0.3):
        super().__init__()
        self.pieces = nn.Embedding(pieces, HIDDEN)
        self.position = nn.Embedding(POSITIONS, HIDDEN)
        self.shape, self.gap = nn.Embedding(16, HIDDEN), nn.Embedding(4, HIDDEN)
        self.pieces.weight.requires_grad_(False)  # one table for all towers
        nn.init.zeros_(self.shape.weight)
        nn.init.zeros_(self.gap.weight)
        self.norm = nn.LayerNorm(HIDDEN, 1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(layers))
        self.parts = [ARC, ARC, LABEL, LABEL, tags, scripts, names, 1]
        self.heads = Linear(HIDDEN, sum(self.parts))
        self.arc = nn.Parameter(torch.eye(ARC) * 0.1 + torch.randn(ARC, ARC) * 0.01)
        self.arc_bias = nn.Parameter(torch.zeros(ARC))
        self.arc_root = nn.Parameter(torch.randn(ARC) * 0.1)
        self.label = nn.Linear(LABEL, deprels)
        self.label_root = nn.Parameter(torch.randn(LABEL) * 0.1)
        self.dropout, self.head_dropout = dropout, head_dropout

    @property
    def device(self):
        return self.pieces.weight.device

    def start_from(self, tensors, kept):
        """Takes over a BERT checkpoint: `kept` are the rows of its vocabulary that stay."""
        t = {k.removeprefix("bert."): v.float() for k, v in tensors.items()}
        with torch.no_grad():
            e = "embeddings."
            self.pieces.weight.copy_(t[e + "word_embeddings.weight"][kept])
            self.position.weight.copy_(
                t[e + "position_embeddings.weight"][:POSITIONS] + t[e + "token_type_embeddings.weight"][0])
            self.norm.weight.copy_(t[e + "LayerNorm.weight"])
            self.norm.bias.copy_(t[e + "LayerNorm.bias"])
            for i, layer in enumerate(self.layers):
                p = f"encoder.layer.{i}."
                for kind in ("weight", "bias"):
                    qkv = [t[f"{p}attention.self.{n}.{kind}"] for n in ("query", "key", "value")]
                    getattr(layer.qkv, kind).copy_(torch.cat(qkv))
                    for mine, other in (("out", "attention.output.dense"), ("norm1", "attention.output.LayerNorm"),
                                        ("up", "intermediate.dense"), ("down", "output.dense"),
                                        ("norm2", "output.LayerNorm")):
                        getattr(getattr(layer, mine), kind).copy_(t[f"{p}{other}.{kind}"])

    def forward(self, batch, parse=True):
        """Logits a word: (arcs [B,W,W+1], label features, tags, scripts, names, boundary)."""
        ids = batch["ids"]
        b, t = ids.shape
        table = self.pieces.weight
        if Linear.rounded:
            table = Round.apply(table)
        x = F.embedding(ids, table) + self.position.weight[:t] + self.shape(batch["shape"]) + self.gap(batch["gap"])
        x = locked(self.norm(x), self.dropout, self.training)
        mask = torch.zeros(b, 1, 1, t, device=ids.device).masked_fill(~batch["mask"][:, None, None, :], -1e4)
        for layer in self.layers:
            x = layer(x, mask)
        # the vector of a word is the mean of its pieces; row 0 gathers what belongs to no word
        w = batch["words"]
        flat = x.float().reshape(b * t, -1)
        sums = torch.zeros(b * w + 1, HIDDEN, device=ids.device).index_add_(0, batch["owner"].reshape(-1), flat)
        vectors = (sums[1:] / batch["count"].reshape(-1, 1)).view(b, w, -1)
        vectors = locked(vectors, 0.15, self.training)
        dep, head, ldep, lhead, tags, scripts, names, boundary = self.heads(vectors).split(self.parts, -1)
        out = dict(tags=tags, scripts=scripts, names=names, boundary=boundary[..., 0])
        if parse:
            dep = locked(F.relu(dep.float()), self.head_dropout, self.training)
            head = locked(F.relu(head.float()), self.head_dropout, self.training)
            left = dep @ self.arc + self.arc_bias
            root = (left @ self.arc_root)[..., None]
            scores = left @ head.transpose(1, 2)
            scores = scores.masked_fill(batch["apart"], -1e4)
            out["arcs"] = torch.cat([root, scores], -1)  # column 0 is the root
            out["ldep"], out["lhead"] = ldep.float(), lhead.float()
        return out

    def labels(self, out, heads):
        """Relation logits [B,W,L] for heads [B,W] (0 = root, else word + 1)."""
        b, w, d = out["ldep"].shape
        with_root = torch.cat([self.label_root.expand(b, 1, d), out["lhead"]], 1)
        chosen = with_root.gather(1, heads.clamp_min(0)[..., None].expand(b, w, d))
        return self.label(locked(F.relu(out["ldep"] + chosen), self.head_dropout, self.training))


def averaged(paths):
    """A checkpoint, or the mean of several of one start, with commas between them (Wortsman et al. 2022, "Model soups")."""
    states = [torch.load(p, map_location="cpu") for p in paths.split(",")]
    net = {k: sum(s["net"][k] for s in states) / len(states) for k in states[0]["net"]}
    return dict(states[0], net=net)
