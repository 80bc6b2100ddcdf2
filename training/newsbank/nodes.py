"""Trees of words: built inside out, then written in order with heads and punctuation attached.

A `Node` is a word with dependents left and right of it. Commas and dashes are dependents without a
say in where they hang: `attach_punctuation` gives them their heads by the rule of the treebanks.
"""
from words import lookup

OPENING = {"(": ")", "[": "]", "“": "”", "‘": "’"}
FINAL = {".", "!", "?"}


class Node:
    __slots__ = ("form", "lemma", "upos", "feats", "xpos", "rel", "left", "right", "glue", "fused",
                 "ent", "num", "kind", "hold", "info")

    def __init__(self, form, upos, lemma=None, feats=None, xpos=None, rel=None):
        self.form, self.upos = form, upos
        known = lookup(form, upos) if lemma is None and feats is None else None
        self.lemma = lemma if lemma is not None else known[0] if known else \
            form if upos in ("PROPN", "PUNCT", "SYM", "NUM") else form.lower()
        self.feats = feats if feats is not None else known[1] if known else ""
        self.xpos = xpos
        self.rel = rel
        self.left, self.right = [], []
        self.glue = False  # no blank before it
        self.fused = False  # one written word with the word before it
        self.ent = []  # names that the word is part of: (type, number)
        self.num = "Sing"
        self.kind = None
        self.hold = False  # punctuation whose head is already right
        self.info = {}

    def l(self, rel, child):
        """Adds a dependent at the far left."""
        child.rel = rel
        self.left.insert(0, child)
        return self

    def r(self, rel, child):
        """Adds a dependent at the far right."""
        child.rel = rel
        self.right.append(child)
        return self

    def near(self, rel, child):
        """Adds a dependent right behind the word, before the others there."""
        child.rel = rel
        self.right.insert(0, child)
        return self

    def words(self):
        out = []
        for c in self.left:
            out += c.words()
        out.append(self)
        for c in self.right:
            out += c.words()
        return out

    def first(self):
        return self.left[0].first() if self.left else self

    def last(self):
        return self.right[-1].last() if self.right else self

    def last_chain(self):
        """The dependents at the right edge, outermost first."""
        out, n = [], self
        while n.right:
            n = n.right[-1]
            out.append(n)
        return out

    def size(self):
        return 1 + sum(c.size() for c in self.left) + sum(c.size() for c in self.right)


_count = [0]


def mark(node, kind, words=None):
    """Makes a named span of all words below `node` as it stands."""
    _count[0] += 1
    for w in words or node.words():
        w.ent = w.ent + [(kind, _count[0])]
    return node


def merge_mark(nodes, kind):
    _count[0] += 1
    for n in nodes:
        n.ent = n.ent + [(kind, _count[0])]


def punct(form, glue=None):
    n = Node(form, "PUNCT", {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-"}.get(form, form), "")
    n.rel = "punct"
    n.glue = form in (",", ".", ";", ":", "!", "?", ")", "]", "”", "’") if glue is None else glue
    return n


def comma():
    return punct(",")


def hyphen(head_left):
    n = punct("-", True)
    n.hold = True
    return n


def enclose(node, opening, closing, rel=None):
    """Brackets or quotes round all of `node`; they hang on it."""
    a, b = punct(opening, False), punct(closing, True)
    a.hold = b.hold = True
    node.first().glue = True
    node.l("punct", a)
    node.r("punct", b)
    a.xpos, b.xpos = ("-LRB-", "-RRB-") if opening in "([" else ("``", "''")
    return node


def capital(node):
    f = node.first()
    while f.upos == "PUNCT" and f.form in ("\"", "“", "(", "'", "‘"):
        ws = node.words()
        f = ws[1]
        break
    if f.form[:1].islower() and f.form not in ("al", "de", "iPad"):
        f.form = f.form[0].upper() + f.form[1:]


class Sentence:
    """Words in order with the numbers of their heads."""

    def __init__(self, root, new_par=False):
        root.rel = "root"
        self.words = root.words()
        self.place = {id(w): i for i, w in enumerate(self.words)}
        assert len(self.place) == len(self.words), "a word hangs twice: " + root.form
        self.heads = [-1] * len(self.words)
        self._heads(root)
        attach_punctuation(self)

    def _heads(self, node):
        for c in node.left + node.right:
            self.heads[self.place[id(c)]] = self.place[id(node)]
            self._heads(c)

    def text(self):
        return "".join(("" if i == 0 or w.glue or w.fused else " ") + w.form for i, w in enumerate(self.words))


def attach_punctuation(s):
    forms = [w.form for w in s.words]
    free = [w.upos == "PUNCT" and not w.hold for w in s.words]
    s.heads = place_punctuation(forms, [w.upos == "PUNCT" for w in s.words], s.heads, free)


def place_punctuation(forms, is_punct, heads, free):
    """The rule of UD's tools: punctuation hangs as high as it may on the lower of its two neighbours."""
    n = len(forms)
    heads = list(heads)
    low, high = list(range(n)), list(range(n))
    # spans of subtrees without free punctuation
    for i in range(n):
        if free[i]:
            continue
        j, steps = i, 0
        while j >= 0 and steps < n:
            low[j], high[j] = min(low[j], i), max(high[j], i)
            j, steps = heads[j], steps + 1

    def below(a, b):
        steps = 0
        while a >= 0 and steps < n:
            a, steps = heads[a], steps + 1
            if a == b:
                return True
        return False

    for p in range(n):
        if not free[p]:
            continue
        left = p - 1
        while left >= 0 and is_punct[left]:
            left -= 1
        right = p + 1
        while right < n and is_punct[right]:
            right += 1
        if right >= n or forms[p] in FINAL and right >= n:
            right = -1
        if left >= 0:
            while heads[left] >= 0 and heads[left] < p and high[left] < p:
                left = heads[left]
        if right >= 0:
            while heads[right] > p and low[right] > p:
                right = heads[right]
        if left >= 0 and right >= 0:
            best = left if below(left, right) else right
        else:
            best = max(left, right)
        heads[p] = best
    return heads
