"""Corpora as sentences of words with what is known about each word.

A `Word` has a form, the gap before it, and, where the corpus says so, tag, lemma script, head,
relation and the set of name labels that its annotation allows.  Corpora differ in what they mark:
the label sets below say which project types an annotation may stand for, and which types a corpus
leaves unmarked, so that its `O` forbids only what it would have marked.
"""
import json
import os
import re
import unicodedata

TYPES = ["PERSON", "ORG", "PLACE", "NORP", "EVENT", "PRODUCT", "TIME", "QUANTITY", "MISC"]
NAMES = ["O"] + [f"{bi}-{t}" for t in TYPES for bi in "BI"]
ANY = (1 << len(NAMES)) - 1

# corpus -> (own label -> project types it may stand for, types the corpus does not mark)
LABELS = {
    "gmb": (
        dict(geo="PLACE", gpe="NORP", org="ORG", per="PERSON", tim="TIME", num="TIME QUANTITY",
             art="PRODUCT MISC", eve="EVENT", nat="EVENT MISC"),
        "QUANTITY"),
    "wikigold": (
        dict(PER="PERSON", LOC="PLACE", ORG="ORG", MISC="MISC NORP EVENT PRODUCT"),
        "TIME QUANTITY"),
    "wnut17": (
        {"person": "PERSON", "location": "PLACE", "group": "ORG NORP", "corporation": "ORG",
         "product": "PRODUCT", "creative-work": "MISC"},
        "TIME QUANTITY NORP EVENT"),
    "crossner": (
        dict(politician="PERSON", person="PERSON", organisation="ORG", politicalparty="ORG",
             event="EVENT", election="EVENT", country="PLACE", location="PLACE",
             misc="MISC NORP PRODUCT"),
        "TIME QUANTITY"),
    "re3d": (
        dict(Organisation="ORG", Location="PLACE", Person="PERSON", Temporal="TIME",
             Quantity="QUANTITY", Weapon="PRODUCT", MilitaryPlatform="PRODUCT",
             DocumentReference="MISC", Vehicle="PRODUCT", Coordinate="PLACE MISC",
             Nationality="NORP", Money="QUANTITY"),
        "NORP"),
    "redocred": (
        dict(PER="PERSON", ORG="ORG", LOC="PLACE NORP", TIME="TIME", NUM="QUANTITY",
             MISC="MISC EVENT PRODUCT NORP"),
        ""),
    "gum": (
        dict(PERSON="PERSON", ORG="ORG", PLACE="PLACE", TIME="TIME", EVENT="EVENT",
             PRODUCT="PRODUCT", MISC="MISC NORP"),
        "NORP QUANTITY"),
    "newsbank": ({t: t for t in TYPES}, ""),
}
LEXICON = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "rules", "lexicon")


def lexicon(name, folder=LEXICON):
    """First column of a table of the project's lexicon, or of one beside this file."""
    lines = open(os.path.join(folder, name), encoding="utf-8").read().splitlines()
    return {l.split("\t")[0] for l in lines if l and not l.startswith("#")} - {"form"}


TITLES = {t.lower().rstrip(".") for t in lexicon("name_titles.tsv", os.path.dirname(os.path.abspath(__file__)))}  # no part of a person's name
PREFIXES = lexicon("prefixes.tsv")  # not cut from a hyphenated word


class Word:
    __slots__ = ("form", "gap", "tag", "script", "head", "rel", "names")

    def __init__(self, form, gap):
        self.form, self.gap = form, gap  # gap: 0 none, 1 blank, 2 line break, 3 paragraph
        self.tag = self.script = self.rel = None
        self.head = -1
        self.names = ANY


def bits(kind, types):
    return sum(1 << NAMES.index(f"{kind}-{t}") for t in types.split())


def script(form, lemma):
    """How to make the lemma of the form; see `src/language/neural/lemma.rs`."""
    if lemma == form:
        return "="
    lower = form.lower()
    if lemma == lower:
        return "l"

    def cut(a):
        i = 0
        while i < min(len(a), len(lemma)) and a[i] == lemma[i]:
            i += 1
        return i, len(a) - i, lemma[i:]

    i, c, s = cut(form)
    j, d, t = cut(lower)
    if j > 0 and d <= c:
        return f"l|{d}|{t}"
    if i > 0:
        return f"|{c}|{s}"
    return "w|" + lemma


def conllu(path, names=None, labels="gum"):
    """Documents of a CoNLL-U file; `names`: JSON of named spans in the same documents' text, of a label set."""
    spans = {}
    if names:
        spans = {d["id"]: d for d in json.load(open(names, encoding="utf-8"))["documents"]}
    documents, sentences, ident = [], [], None
    words, par, space = [], True, True

    def close():
        nonlocal sentences
        if sentences:
            if ident in spans:
                mark(sentences, spans[ident], labels)
            documents.append([[w for w, _, _ in s] for s in sentences])
        sentences = []

    length = 0
    fused, last_fused = None, 0
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("# newdoc id"):
            close()
            ident, par, length = line.split(" = ", 1)[1], True, 0
        elif line.startswith("# newpar"):
            par = True
        elif line and line[0] != "#":
            c = line.split("\t")
            if "." in c[0]:
                continue
            if "-" in c[0]:
                fused, last_fused = c, int(c[0].split("-")[1])
                continue
            if not words:
                gap = 3 if par or not sentences else int(space)
                if sentences:
                    length += 2 if par else 1
            else:
                gap = int(space)
                length += gap
            w = Word(c[1], gap)
            w.tag = c[3] + "|" + ("" if c[5] == "_" else c[5])
            w.script = script(c[1], c[2])
            w.head, w.rel = int(c[6]), c[7]
            words.append((w, length, length + len(c[1])))
            length += len(c[1])
            misc = (fused or c)[9]
            space = "SpaceAfter=No" not in misc
            if fused:
                space = False
                if int(c[0]) == last_fused:
                    space, fused = "SpaceAfter=No" not in misc, None
        elif not line and words:
            sentences.append(words)
            words, par = [], False
    close()
    return documents


def mark(sentences, gold, corpus):
    """Lays named spans (code points of the document's text) over the words."""
    labels, unmarked = LABELS[corpus]
    outside = 1 | (bits("B", unmarked) | bits("I", unmarked))
    spans = sorted((m["start"], m["end"], m["type"]) for m in gold["mentions"])
    text = gold["text"]
    good = all(text[a:b] == w.form for s in sentences for w, a, b in s)
    if not good:
        # multiword tokens whose words are not substrings: leave the document unmarked
        bad = sum(text[a:b] != w.form for s in sentences for w, a, b in s)
        print("names not aligned:", gold["id"], bad)
        return
    for s in sentences:
        for w, a, b in s:
            w.names = outside
            for start, end, kind in spans:
                if start <= a and b <= end:
                    types = labels[kind]
                    if corpus == "gum" and kind == "PERSON" and "Number=Plur" in (w.tag or ""):
                        types = "PERSON NORP"
                    w.names = bits("B" if a == start else "I", types)


def bio(path, corpus):
    """Documents of a two-column file. Blanks are guessed, hyphens cut as in the treebanks."""
    labels, unmarked = LABELS[corpus]
    outside = 1 | (bits("B", unmarked) | bits("I", unmarked))
    documents, sentences, rows = [], [], []

    def end_sentence():
        nonlocal rows
        if rows:
            sentences.append(sentence(rows, labels, outside, corpus, not sentences))
        rows = []

    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("-DOCSTART-"):
            end_sentence()
            if sentences:
                documents.append(sentences)
            sentences = []
        elif not line:
            end_sentence()
        else:
            form, tag = line.split("\t")
            rows.append((form, tag))
    end_sentence()
    if sentences:
        documents.append(sentences)
    return documents


def sentence(rows, labels, outside, corpus, first):
    rows = [list(r) for r in rows]
    if corpus == "gmb":
        strip_titles(rows)
        mark_numbers(rows)
    described = descriptions(rows) if corpus == "re3d" else set()
    words, opened = [], False
    for n, (form, tag) in enumerate(rows):
        glue = False
        for part, part_glued in pieces(form):
            gap = 0 if part_glued else 1
            if not part_glued and words:
                before = words[-1].form
                if re.fullmatch(r"[.,;:!?)\]%’]+|'s|n't|'[a-z]{1,2}|''", part) or before in ("(", "[", "$", "``"):
                    gap = 0
                if part == '"':
                    gap = 0 if opened else 1
                elif before == '"' and opened:
                    gap = 0
            if not words:
                gap = 3 if first else 1
            if part == '"':
                opened = not opened
            w = Word(part, gap)
            if n in described:
                w.names = ANY
            elif tag == "O":
                w.names = outside
            else:
                kind, own = tag.split("-", 1)
                w.names = bits("I" if part_glued or glue else kind, labels.get(own, "MISC"))
                glue = True
            words.append(w)
    return words


def strip_titles(rows):
    n = 0
    while n < len(rows):
        if rows[n][1] == "B-per":
            end = n + 1
            while end < len(rows) and rows[end][1] == "I-per":
                end += 1
            at = n
            while at + 1 < end and rows[at][0].lower().rstrip(".") in TITLES:
                rows[at][1] = "O"
                at += 1
            rows[at][1] = "B-per"
            n = end
        else:
            n += 1


NUMBERS = set("one two three four five six seven eight nine ten eleven twelve few several".split())
YEAR = re.compile(r"1\d{3}|20\d\d")


def mark_numbers(rows):
    """A `tim` of bare numbers ("two" of "two days") may be a time or a quantity, unless it is a year."""
    for n, (_, tag) in enumerate(rows):
        if tag != "B-tim":
            continue
        end = n + 1
        while end < len(rows) and rows[end][1] == "I-tim":
            end += 1
        forms = [rows[i][0].lower() for i in range(n, end)]
        if all(f in NUMBERS or re.fullmatch(r"[\d.,-]+", f) and not YEAR.fullmatch(f) for f in forms):
            for row in rows[n:end]:
                row[1] = row[1].replace("tim", "num")


def descriptions(rows):
    """Positions in spans that have a word in lower case: descriptions rather than names."""
    out, n = set(), 0
    while n < len(rows):
        end = n + 1
        if rows[n][1] != "O":
            while end < len(rows) and rows[end][1].startswith("I-"):
                end += 1
            inside = [rows[i][0] for i in range(n, end)]
            if any(f[:1].islower() and f not in ("of", "the", "and", "for", "in") for f in inside) \
                    or inside[0].lower() in ("the", "a", "an"):
                out.update(range(n, end))
        n = end
    return out


def pieces(form):
    """A token cut as the treebanks cut it: hyphens between letters stand alone."""
    if re.fullmatch(r"[^\W_]+(-[^\W_]+)+", form) and form.split("-")[0].lower() not in PREFIXES:
        out = []
        for n, part in enumerate(form.split("-")):
            if n:
                out.append(("-", True))
            out.append((part, n > 0))
        return out
    return [(form, False)]


# ------------------------------------------------------------------------------ words to pieces

SIGNS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
MOST_PIECES = 6


def normal(form):
    text = unicodedata.normalize("NFD", form)
    text = "".join(c for c in text if unicodedata.category(c) != "Mn")
    return text.lower().translate(SIGNS)


class Vocabulary:
    """WordPiece, greedy from the left (Wu et al. 2016), over BERT's words and signs."""

    def __init__(self, path):
        every = open(path, encoding="utf-8").read().split("\n")
        self.kept = [i for i, p in enumerate(every) if useful(p)]
        self.pieces = [every[i] for i in self.kept]
        self.index = {p: i for i, p in enumerate(self.pieces)}
        self.pad, self.unk = self.index["[PAD]"], self.index["[UNK]"]
        self.cls, self.sep = self.index["[CLS]"], self.index["[SEP]"]
        self.memo = {}

    def word(self, form):
        ids = self.memo.get(form)
        if ids is None:
            ids = self.memo[form] = tuple(self._word(form))
        return ids

    def _word(self, form):
        out = []
        for chunk in re.findall(r"[^\W_]+|[\W_]", normal(form)):
            if len(chunk) > 64:
                out.append(self.unk)
                continue
            at, ids = 0, []
            while at < len(chunk):
                end = len(chunk)
                while end > at:
                    piece = ("##" if at else "") + chunk[at:end]
                    if piece in self.index:
                        break
                    end -= 1
                if end == at:
                    ids = [self.unk]
                    break
                ids.append(self.index[piece])
                at = end
            out += ids
        return out[:MOST_PIECES] or [self.unk]


def useful(piece):
    """Pieces of scripts that English news does not use are left out of the model."""
    if piece in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"):
        return True
    if not piece or piece.startswith("[unused"):
        return False
    body = piece.removeprefix("##")
    return all(ord(c) < 0x250 or 0x2000 <= ord(c) < 0x2200 for c in body)


def shape(form):
    letters = [c for c in form if c.isalpha()]
    digit = any(c.isdigit() for c in form)
    if not letters:
        return 1 if digit else 0
    upper = sum(c.isupper() for c in letters)
    lower = sum(c.islower() for c in letters)
    if digit:
        kind = 7 if upper == 0 else 8
    elif upper == 0:
        kind = 2
    elif len(letters) == 1:
        kind = 4
    elif lower == 0:
        kind = 5
    elif letters[0].isupper() and upper == 1:
        kind = 3
    else:
        kind = 6
    return kind if all(c.isalnum() for c in form) else kind + 7
