"""Clauses: verbs with their frames in all forms, adjuncts, subordinate and relative clauses."""
from nodes import Node, capital, comma, mark, punct
from phrases import PEOPLE, PLUR, SING, WORDS, Phrases, adj, adp, adv, det, noun, num, propn
from words import table, verb

PAST, PRES = "Tense=Past", "Tense=Pres"
MODALS = "will will would could may might must can should would".split()


class Frame:
    __slots__ = ("lemma", "subj", "obj", "prt", "comps", "comp", "flags")

    def __init__(self, row):
        lemma, subj, obj, prt, comps, flags = (row + ["", "", "", ""])[:6]
        self.lemma, self.obj, self.prt = lemma, obj.strip(), prt.strip()
        self.subj = [s for s in subj.split(",") if s and not s.endswith("_")]
        self.obj = ",".join(o for o in self.obj.split(",") if not o.endswith("_"))
        self.flags = flags.split(",") if flags else []
        self.comps, self.comp = [], None
        for c in comps.split():
            if ":" in c:
                prep, cls = c.split(":")
                may = cls.endswith("?")
                cls = ",".join(x for x in cls.rstrip("?").split(",") if x and not x.endswith("_"))
                if cls.strip(","):
                    self.comps.append((prep, cls, may))
            else:
                may = c.endswith("?")
                c = c.rstrip("?")
                if c.endswith("_"):
                    continue
                if may:
                    self.comps.append((c, "", True))
                else:
                    self.comp = c

    def subjects(self):
        out = []
        for s in self.subj:
            out += {"per": ["off", "pol", "vic", "wrk"], "org": ["gov", "com", "ngo"]}.get(s, [s])
        return out


PLACED = set("veh att acc mtg pro ele war fac reg inst cou crm tri city region state country cmp dis crime dec law rep team com".split())


class Clauses(Phrases):
    def __init__(self, rng):
        super().__init__(rng)
        self.frames = [Frame(r) for r in table("verbs.tsv")]
        subjects, objects = "off com vic pol wrk gov ngo exp ath for team bos dem mil".split(), "goo law rep fac sit dec dea vic wrk mtg wea".split()
        for i, row in enumerate(table("verbs_more.tsv")):
            s = ",".join(subjects[(i * k + j) % len(subjects)] for k, j in ((3, 0), (5, 4)))
            o = ",".join(objects[(i * k + j) % len(objects)] for k, j in ((2, 1), (3, 5)))
            self.frames.append(Frame([row[0], s, o]))
        self.frames = [f for f in self.frames if f.subj and f.obj]
        self.preps = {}
        for pool in self.by_class.values():
            for e in pool:
                self.preps.setdefault(e["lemma"], set()).update(x.split(":")[0] for x in e["frame"] if ":" in x)
        self.by_subj, self.by_obj = {}, {}
        for f in self.frames + [g for g in self.frames if g.comp]:
            for s in f.subjects():
                self.by_subj.setdefault(s, []).append(f)
            if f.obj != "-" and "np" not in f.flags and f.obj != "guilty":
                for o in f.obj.split(","):
                    for o2 in {"per": ["off", "pol", "vic"], "vicq": ["vic", "mil"]}.get(o, [o]):
                        self.by_obj.setdefault(o2, []).append(f)
        self.manner = self.words["ADV"] + 2 * "quickly immediately reportedly repeatedly suddenly officially formally apparently allegedly briefly publicly seriously illegally ".split()
        self.sentence_adv = "also already still now recently finally later never again then eventually".split()

    # ------------------------------------------------------------------ verbs

    def verb_node(self, lemma):
        n = Node(lemma, "VERB", lemma, "VerbForm=Inf", "VB")
        return n

    def aux(self, lemma, form, feats, xpos):
        return Node(form, "AUX", lemma, feats, xpos)

    def fin_feats(self, subj, tense, person=None):
        number = "Plur" if subj is not None and subj.num == "Plur" else "Sing"
        person = (subj.info.get("person") if subj is not None else None) or 3
        if person == 2:
            number = "Sing"
        return f"Mood=Ind|Number={number}|Person={person}|Tense={tense}|VerbForm=Fin", number, person

    def be(self, subj, tense):
        feats, number, person = self.fin_feats(subj, tense)
        if tense == "Past":
            form = "was" if number == "Sing" and person != 2 else "were"
        else:
            form = "is" if number == "Sing" and person == 3 else "am" if person == 1 and number == "Sing" else "are"
        return self.aux("be", form, feats, "VBD" if tense == "Past" else "VBZ" if form == "is" else "VBP")

    def have(self, subj, tense):
        feats, number, person = self.fin_feats(subj, tense)
        form = "had" if tense == "Past" else "has" if number == "Sing" and person == 3 else "have"
        return self.aux("have", form, feats, "VBD" if tense == "Past" else "VBZ" if form == "has" else "VBP")

    def do(self, subj, tense):
        feats, number, person = self.fin_feats(subj, tense)
        form = "did" if tense == "Past" else "does" if number == "Sing" and person == 3 else "do"
        return self.aux("do", form, feats, "VBD" if tense == "Past" else "VBZ" if form == "does" else "VBP")

    def modal(self, form):
        return self.aux(form, form, "VerbForm=Fin", "MD")

    def inflect(self, v, form, subj=None, tense="Past"):
        """form: fin, inf, ing, ger, part (active), pass"""
        lemma = v.lemma
        if form == "fin":
            feats, number, person = self.fin_feats(subj, tense)
            v.feats = feats
            if tense == "Past":
                v.form, v.xpos = verb(lemma, "past"), "VBD"
            elif number == "Sing" and person == 3:
                v.form, v.xpos = verb(lemma, "s"), "VBZ"
            else:
                v.form, v.xpos = lemma, "VBP"
        elif form == "inf":
            v.form, v.feats, v.xpos = lemma, "VerbForm=Inf", "VB"
        elif form == "ing":
            v.form, v.feats, v.xpos = verb(lemma, "ing"), "Tense=Pres|VerbForm=Part", "VBG"
        elif form == "ger":
            v.form, v.feats, v.xpos = verb(lemma, "ing"), "VerbForm=Ger", "VBG"
        elif form == "part":
            v.form, v.feats, v.xpos = verb(lemma, "part"), "Tense=Past|VerbForm=Part", "VBN"
        else:
            v.form, v.feats, v.xpos = verb(lemma, "part"), "Tense=Past|VerbForm=Part|Voice=Pass", "VBN"

    def negation(self, first, short_ok=True):
        """not, or n't on the auxiliary before it"""
        if first is not None and short_ok and self.p(0.3) and first.form in (
                "did", "does", "do", "was", "were", "is", "are", "has", "have", "had", "could", "would", "should", "will", "can"):
            if first.form == "will":
                first.form = "wo"
            elif first.form == "can":
                first.form = "ca"
            n = Node("n't", "PART", "not", "Polarity=Neg", "RB")
            n.glue = n.fused = True
            return n
        return Node("not", "PART", "not", "Polarity=Neg", "RB")

    def finish(self, v, subj=None, mode="fin", tense=None, passive=False, adverbs=True, light=False, relsubj=None):
        """Gives the verb its form and its auxiliaries; `subj` goes to the far left (a node or None for a gap)."""
        agree = relsubj if relsubj is not None else subj
        rel = "nsubj:pass" if passive else "nsubj"
        stative = "st" in v.info.get("flags", ())
        row = []  # auxiliaries, first to last
        if mode == "fin":
            plan = tense or self.weigh(past=55, pres=10, perf=9, pluperf=5, modal=10, prog=3, pastprog=3, modalperf=1)
            neg = not light and self.p(0.07)
            if stative and plan in ("prog", "pastprog"):
                plan = "past"
            if passive and plan == "prog" and self.p(0.5):
                plan = "past"
            if plan in ("past", "pres"):
                T = "Past" if plan == "past" else "Pres"
                if passive:
                    if self.p(0.04) and plan == "past":
                        g = self.aux("get", "got", self.fin_feats(agree, "Past")[0], "VBD")
                        row = [g]
                        neg = False
                    else:
                        row = [self.be(agree, T)]
                    self.inflect(v, "pass")
                elif neg:
                    row = [self.do(agree, T)]
                    self.inflect(v, "inf")
                else:
                    self.inflect(v, "fin", agree, T)
            elif plan in ("perf", "pluperf"):
                row = [self.have(agree, "Pres" if plan == "perf" else "Past")]
                if passive:
                    row.append(self.aux("be", "been", "Tense=Past|VerbForm=Part", "VBN"))
                    self.inflect(v, "pass")
                elif self.p(0.12) and not stative:
                    row.append(self.aux("be", "been", "Tense=Past|VerbForm=Part", "VBN"))
                    self.inflect(v, "ing")
                else:
                    self.inflect(v, "part")
            elif plan in ("modal", "modalperf"):
                row = [self.modal(self.pick(MODALS))]
                if plan == "modalperf":
                    row[0].form = row[0].lemma = self.one("would", "could", "may", "might", "must", "should")
                    row.append(self.aux("have", "have", "VerbForm=Inf", "VB"))
                    if passive:
                        row.append(self.aux("be", "been", "Tense=Past|VerbForm=Part", "VBN"))
                    self.inflect(v, "pass" if passive else "part")
                else:
                    if passive:
                        row.append(self.aux("be", "be", "VerbForm=Inf", "VB"))
                    self.inflect(v, "pass" if passive else "inf")
            elif plan in ("prog", "pastprog"):
                row = [self.be(agree, "Pres" if plan == "prog" else "Past")]
                if passive:
                    row.append(self.aux("be", "being", "Tense=Pres|VerbForm=Part", "VBG"))
                self.inflect(v, "pass" if passive else "ing")
            elif plan == "isto":
                b = self.be(agree, self.one("Pres", "Past"))
                row = [b]
                if passive:
                    row.append(self.aux("be", "be", "VerbForm=Inf", "VB"))
                self.inflect(v, "pass" if passive else "inf")
                neg = False
            never = None
            if neg and row:
                never = self.negation(row[0])
            # adverb before the verb
            if adverbs and self.p(0.15) and plan != "isto" and not any(a.form == "got" for a in row):
                a = adv(self.pick(self.sentence_adv) if self.p(0.6) else self.pick(self.manner))
                v.l("advmod", a)
            for i, a in reversed(list(enumerate(row))):
                last = i == len(row) - 1
                v.l("aux:pass" if passive and last else "aux", a)
                if i == 0 and never is not None:
                    # behind the first auxiliary
                    v.left.insert(1, never)
                    never.rel = "advmod"
                if i == 0 and plan == "isto":
                    t = self.to()
                    v.left.insert(1, t)
                    t.rel = "mark"
        elif mode in ("inf", "ing", "ger"):
            if passive:
                b = self.aux("be", "be" if mode == "inf" else "being", "VerbForm=Inf" if mode == "inf" else "Tense=Pres|VerbForm=Part",
                             "VB" if mode == "inf" else "VBG")
                self.inflect(v, "pass")
                v.l("aux:pass", b)
            elif mode == "ger" and self.p(0.05):
                self.inflect(v, "part")
                v.l("aux", self.aux("have", "having", "Tense=Pres|VerbForm=Part", "VBG"))
            else:
                self.inflect(v, mode)
            if mode == "inf":
                v.l("mark", self.to())
            if self.p(0.04):
                v.l("advmod", Node("not", "PART", "not", "Polarity=Neg", "RB"))
        elif mode == "pass":
            self.inflect(v, "pass")
        if subj is not None:
            if subj.info.get("closes") and mode == "fin":
                subj.r("punct", comma())
                subj.info["closes"] = False
            v.l(rel, subj)
        return v

    def to(self):
        return Node("to", "PART", "to", "", "TO")

    # ------------------------------------------------------------------ frames

    def build(self, f, passive=False, gap=None, obj=None, few=False):
        """The verb with its object and complements, without subject and form.
        gap: "obj" or the number of a complement that is missing."""
        v = self.verb_node(f.lemma)
        v.info["flags"] = f.flags
        v.kind = f
        self.depth += 1
        o = None
        if f.obj == "guilty":
            v.r("xcomp", adj("guilty"))
        elif f.obj != "-" and not passive and gap != "obj":
            o = obj or self.np(f.obj, simple=self.depth > 3)
            if o.upos == "PRON" and "Case=Nom" in o.feats:
                o = self.accusative(o)
            if f.lemma in ("tell", "ask", "allow", "urge", "cause", "persuade") and f.comp == "ob+to":
                rel = "iobj"
            else:
                rel = "obj"
            if f.prt and self.p(0.4) and o.size() < 4 or f.prt and o.upos == "PRON":
                v.r(rel, o)
                p = adp(f.prt)
                v.r("compound:prt", p)
            else:
                if f.prt:
                    v.r("compound:prt", adp(f.prt))
                v.r(rel, o)
            if f.lemma in ("name", "appoint", "elect") and any(c[1] == "role" for c in f.comps):
                pass
        elif f.prt:
            v.r("compound:prt", adp(f.prt))
        # complement clause
        if f.comp:
            self.complement(v, f.comp, o, passive)
        done = 0
        for i, (prep, cls, may) in enumerate(f.comps):
            if gap == i:
                continue
            if may and (few or not self.p(0.38 if done == 0 else 0.2)):
                continue
            if may and self.depth > 4 or done and v.right and self.lowest(v) is not v:
                continue
            if may and prep in ("in", "at", "near", "outside", "on", "over", "after", "during", "against", "from") and (self.located(v) or self.lowest(v) is not v):
                continue
            if may and o is not None and v.right and v.right[-1] is o and prep in self.preps.get(o.lemma, ()):
                # what the noun asks for is the noun's: "signed a deal with X"
                if not o.right and o.upos == "NOUN" and cls:
                    m = self.np(cls, simple=True, role="obl") if cls not in ("sum", "day", "pct", "dur", "x", "role", "term") else None
                    if m is not None and m.upos != "PRON":
                        o.r("nmod", self.pp(prep, m))
                        o.info["closes"] = o.info.get("closes") or m.info.get("closes")
                        v.info["closes"] = bool(o.info["closes"])
                continue
            if self.complement_pp(v, f, prep, cls, passive):
                done += 1
        self.depth -= 1
        return v

    def accusative(self, o):
        f = {"he": "him", "she": "her", "they": "them", "it": "it", "I": "me", "we": "us"}.get(o.form, o.form)
        n = self.pron(f.lower(), "acc")
        n.kind, n.info = o.kind, dict(o.info)
        return n

    def complement_pp(self, v, f, prep, cls, passive):
        if "+ing" in prep:
            prep = prep.split("+")[0]
            if self.depth > 3:
                return False
            c = self.vp("ger", classes=f.obj.split(",") if f.obj != "-" else f.subjects())
            c.l("mark", Node(prep, "SCONJ", prep, ""))
            v.r("advcl", c)
            return True
        if not cls:
            v.r("advcl", self.vp("inf", f.subjects()))
            return True
        if cls == "day":
            d = propn(self.one("Monday", "Tuesday", "Friday", "Thursday", "Sunday"))
            mark(d, "TIME")
            v.r("obl", self.pp(prep, d))
            return True
        if cls == "pct":
            v.r("obl", self.pp(prep, self.percent()))
            return True
        if cls == "term":
            v.r("obl", self.pp(prep, self.term()))
            return True
        if cls == "dur":
            v.r("obl", self.pp(prep, self.duration()))
            return True
        if cls == "votes":
            n = num(self.rng.randint(200, 400))
            m = num(self.rng.randint(10, 199))
            if self.p(0.5):
                s = Node("-", "SYM", "-", "", "SYM")
                s.glue = m.glue = True
                m.l("case", s)
                n.r("nmod", m)
                v.r("obl:unmarked", n)
            else:
                k = noun("vote")
                n.r("nmod", self.pp("to", m))
                k.r("nmod", self.pp("of", n))
                k.l("det", det("a"))
                v.r("obl", self.pp("by", k))
            return True
        if cls == "quarter":
            k = noun("quarter")
            k.l("amod", adj(self.one("first", "second", "third", "fourth")))
            k.l("det", det("the"))
            mark(k, "TIME")
            v.r("obl", self.pp(prep, k))
            return True
        if cls == "role":
            n = self.tree(self.pick(["foreign/ADJ/amod minister/NOUN/*", "prime/ADJ/amod minister/NOUN/*", "president/NOUN/*", "chief/ADJ/amod executive/NOUN/*",
                                     "chairman/NOUN/*", "head/NOUN/*", "coach/NOUN/*", "governor/NOUN/*", "leader/NOUN/*", "captain/NOUN/*", "ambassador/NOUN/*", "defense/NOUN/compound minister/NOUN/*"]))
            if self.p(0.3):
                n.l("amod", self.adj_np(self.one("new", "interim")))
                n.l("det", det("the"))
            if n.form in ("head", "chairman", "leader", "governor") and self.p(0.6):
                n.r("nmod", self.pp("of", self.np(self.one("gov", "par", "com"), simple=True)))
            if f.lemma in ("name", "elect", "appoint", "nominate") and self.p(0.6):
                v.r("xcomp", n)
            elif f.lemma in ("name",):
                v.r("xcomp", n)
            else:
                v.r("obl", self.pp("as", n))
            return True
        if cls == "name":
            n = self.name_node(self.person()["full"])
            v.r("obl", self.pp("as", n))
            return True
        if cls == "attack":
            n = self.common(self.one("att", "law", "dec"), True)
            v.r("obl", self.pp("as", n))
            return True
        if cls == "x":
            a = adj(self.one("unacceptable", "illegal", "premature", "unfair"))
            a.l("case", adp("as"))
            v.r("obl", a)
            return True
        n = self.np(cls, simple=self.depth > 2, role="obl")
        if n.upos == "PRON":
            n = self.accusative(n)
        self.pp(prep, n)
        v.r("obl", n)
        if n.info.get("closes"):
            v.info["closes"] = True
        return True

    def complement(self, v, comp, o, passive):
        f = v.kind
        who = f.obj.split(",") if f.obj != "-" else f.subjects()
        if comp == "to":
            v.r("xcomp", self.vp("inf", classes=who))
        elif comp == "ing":
            v.r("xcomp", self.vp("ger", classes=who))
        elif comp == "ob+to":
            v.r("xcomp", self.vp("inf", classes=who))
        elif comp == "ob+not":
            c = self.vp("inf", classes=who)
            if not any(x.form == "not" for x in c.left):
                c.l("advmod", Node("not", "PART", "not", "Polarity=Neg", "RB"))
            v.r("xcomp", c)
        elif comp.endswith("+ing"):
            prep = comp.split("+")[0]
            c = self.vp("ger", classes=who)
            c.l("mark", Node(prep, "SCONJ", prep, ""))
            v.r("advcl", c)

    def vp(self, mode, classes, passive=None):
        """A verb phrase without subject, for a subject of one of the classes."""
        self.depth += 1
        try:
            cs = [c for c in classes if c in self.by_subj or c in self.by_obj]
            cs = [{"vicq": "vic", "per": "off"}.get(c, c) for c in cs] or ["off"]
            c = self.pick(cs)
            if passive is None:
                passive = self.p(0.13) and c in self.by_obj and mode != "ing"
            if passive and c in self.by_obj:
                f = self.simple_frame(self.by_obj[c])
                v = self.build(f, passive=True, few=True)
                self.finish(v, mode=mode, passive=True)
            else:
                if c not in self.by_subj:
                    c = "off"
                f = self.simple_frame(self.by_subj[c])
                v = self.build(f, few=self.depth > 3)
                self.finish(v, mode=mode)
            if self.p(0.22) and self.depth < 4:
                self.adjunct(v)
            if self.p(0.08) and self.depth < 3:
                w = self.build(self.simple_frame(self.by_subj.get(c) or self.by_subj["off"]), few=True)
                self.inflect(w, "ger" if mode == "ger" else "inf" if mode == "inf" else "ing")
                if mode == "inf" and self.p(0.4):
                    w.l("mark", self.to())
                w.l("cc", self.cc("and"))
                v.r("conj", w)
            return v
        finally:
            self.depth -= 1

    def simple_frame(self, pool):
        for _ in range(12):
            f = self.pick(pool)
            if self.depth <= 3 and not (f.comp and self.depth > 2 and self.p(0.7)):
                return f
            if not f.comp:
                return f
        return f

    def infinitive(self):
        return self.vp("inf", self.one(["gov"], ["com"], ["for"], ["country"]))

    # ------------------------------------------------------------------ clauses

    def clause(self, subj=None, classes=None, tense=None, light=False, voice=None):
        """A finite clause."""
        x = self.rng.random()
        if subj is None and classes is None and x < 0.13 and not light:
            return self.copula()
        passive = voice == "pass" or voice is None and self.p(0.24)
        if subj is not None:
            c = subj.kind if subj.kind in self.by_subj or subj.kind in self.by_obj else "off"
            if subj.kind == "per":
                c = {"vic": "vic"}.get((subj.info.get("who") or {}).get("role"), (subj.info.get("who") or {}).get("role", "pol"))
                if c not in self.by_subj and c not in self.by_obj:
                    c = "off"
            if passive and c not in self.by_obj or not passive and c not in self.by_subj:
                passive = not passive
            f = self.simple_frame(self.by_obj[c] if passive else self.by_subj[c])
            v = self.build(f, passive=passive)
        else:
            f = self.simple_frame(self.frames)
            if classes:
                pool = [g for c in classes for g in self.by_subj.get(c, ())]
                f = self.simple_frame(pool)
                passive = False
            if "pp" in f.flags:
                passive = True
            if passive and (f.obj in ("-", "guilty") or "np" in f.flags):
                passive = False
            self.depth += 1
            subj = self.np(f.obj if passive else self.pick(f.subj), role="subj")
            self.depth -= 1
            if subj.upos == "PRON" and "Case=Acc" in subj.feats:
                subj = self.pron("they")
            v = self.build(f, passive=passive)
        if passive and self.p(0.3) and self.depth < 4:
            self.depth += 1
            a = self.np(self.pick(v.kind.subj), simple=self.depth > 2, role="obl")
            self.depth -= 1
            if a.upos == "PRON":
                a = self.accusative(a)
            self.pp("by", a)
            at = 0
            while at < len(v.right) and v.right[at].rel in ("compound:prt", "xcomp"):
                at += 1
            a.rel = "obl:agent"
            v.right.insert(min(at, len(v.right)), a)
        self.finish(v, subj, "fin", tense, passive, light=light)
        if not light:
            self.adjuncts(v)
        return v

    def tidy(self, v):
        return v

    def adjuncts(self, v):
        x = self.rng.random()
        k = 0 if x < 0.35 else 1 if x < 0.85 else 2
        for _ in range(k):
            self.adjunct(v)

    def lowest(self, v):
        """The clause that still stands open at the end of `v`: what comes next is its part, not the outer verb's."""
        node, low = v, v
        while node.right:
            node = node.right[-1]
            if node.info.get("closes") or node.upos == "PUNCT":
                return v
            if node.rel in ("xcomp", "advcl", "ccomp", "acl", "acl:relcl", "csubj", "conj") and node.upos in ("VERB", "ADJ"):
                low = node
        return low

    def located(self, v):
        """Whether the last phrase of `v` is a thing that would take a following place or occasion to itself."""
        if not v.right:
            return False
        n = v.right[-1]
        while n.right:
            n = n.right[-1]
            if n.kind in PLACED:
                return True
        return v.right[-1].kind in PLACED

    def adjunct(self, v, timeonly=False):
        x = self.rng.random()
        if v.info.get("closes") and x >= 0.48 and not timeonly:
            return
        if not v.info.get("closes"):
            v = self.lowest(v)
            if v.upos != "VERB" and x >= 0.48:
                return
        if x < 0.48 or timeonly:
            if v.info.get("timed"):
                return
            v.info["timed"] = True
            r, n = self.time()
            # a bare day may stand right behind an intransitive verb
            if v.info.get("closes"):
                v.r("punct", comma())
                v.info["closes"] = False
            v.r(r, n)
        elif x < 0.62:
            has = {c.left[0].form for c in v.right if c.rel == "obl" and c.left}
            prep = self.one("in", "in", "near", "at")
            if has & {"in", "near", "at", "outside", "on", "to", "from"} or self.located(v):
                return
            v.r("obl", self.pp(prep, self.place("city") if prep != "at" else self.np("fac", simple=True)))
            if v.right[-1].info.get("closes"):
                v.info["closes"] = True
        elif x < 0.7 and self.depth < 3:
            self.depth += 1
            kind = self.one("despite", "because_of", "due_to", "during", "amid", "without", "instead_of")
            n = self.np(self.one("law", "war", "pro", "dis", "sit", "att", "acc") if kind != "instead_of" else self.one("law", "dea"), simple=True)
            if n.upos != "PRON":
                if self.p(0.25) and kind in ("due_to", "because_of"):
                    m = self.np(self.one("war", "dis", "acc", "mon"), simple=True)
                    if m.upos != "PRON" and not n.info.get("joined") and not m.info.get("joined"):
                        self.join(n, [m])
                v.r("obl", self.pp(kind, n))
            self.depth -= 1
        elif x < 0.76:
            v.r("advmod", adv(self.pick(self.manner + 4 * ["together", "again", "peacefully", "separately", "illegally", "home", "abroad", "away", "there", "here"])))
        elif x < 0.84 and self.depth < 3:
            # purpose
            c = self.vp("inf", self.subject_classes(v))
            v.r("advcl", c)
        elif self.depth < 2:
            self.participle(v)

    def subject_classes(self, v):
        f = v.kind
        return f.subjects() if isinstance(f, Frame) else ["off"]

    def participle(self, v):
        """", killing at least 12 people" / ", leaving three dead"."""
        x = self.rng.random()
        if x < 0.3:
            w = self.verb_node(self.one("kill", "injure", "wound"))
            o = self.victims()
            w.r("obj", o)
            if self.p(0.3):
                u = self.verb_node(self.one("injure", "wound", "damage", "destroy"))
                u.r("obj", self.victims() if u.lemma in ("injure", "wound") else self.np("fac", simple=True))
                self.inflect(u, "ing")
                u.l("cc", self.cc("and"))
                if o.info.get("closes"):
                    u.l("punct", comma())
                w.r("conj", u)
        elif x < 0.5:
            w = self.verb_node("leave")
            if self.p(0.6):
                n = num(self.pick(WORDS[2:]))
                if self.p(0.3):
                    n, how = self.number()
                    if how:
                        how(n)
            else:
                n = self.victims()
                if n.info.get("closes") or any(c.rel == "acl:relcl" for c in n.right):
                    n = num(self.pick(WORDS[2:]))
            w.r("obj", n)
            a = self.one("dead", "dead", "homeless", "injured", "stranded", "wounded")
            if a in ("injured", "stranded", "wounded"):
                y = Node(a, "VERB", {"injured": "injure", "stranded": "strand", "wounded": "wound"}[a], "Tense=Past|VerbForm=Part|Voice=Pass", "VBN")
            else:
                y = adj(a)
            w.r("xcomp", y)
        else:
            w = self.build(self.simple_frame(self.by_subj[self.pick([c for c in self.subject_classes(v) if c in self.by_subj] or ["off"])]), few=True)
        self.inflect(w, "ing")
        v.r("punct", comma())
        v.r("advcl", w)
        v.info["closes"] = True

    # ------------------------------------------------------------------ copulas

    def copula(self, subj=None):
        """X is a nurse / is in charge of / are missing / is the third to / there is / it is unclear whether."""
        x = self.rng.random()
        self.depth += 1
        try:
            if subj is None and x < 0.16:
                return self.existential()
            if subj is None and x < 0.34:
                return self.extraposed()
            if subj is None and x < 0.4:
                return self.cleft()
            cls = self.one("pol", "off", "com", "law", "sit", "mon", "vic", "fac", "dea", "ath", "gov", "att", "vicq")
            if subj is None:
                subj = self.np(cls, role="subj")
            people = subj.kind in PEOPLE or subj.kind == "per"
            y = self.rng.random()
            if y < 0.25:
                p = self.adjective(subj, people)
            elif y < 0.5:
                if people and subj.num == "Sing":
                    role = (subj.info.get("who") or {}).get("role", "wrk")
                    p = self.role_np(self.fake(role, subj))
                    p.info["closes"] = False
                elif people:
                    p = self.bare(self.one("vic", "wrk", "mil"))
                else:
                    p = self.common(self.one("law", "dec", "sit", "rep", "war", "att") if subj.kind not in ("com", "gov", "fac") else subj.kind, False, "Sing" if subj.num == "Sing" else "Plur")
            elif y < 0.62 and people:
                h = noun(self.one("charge", "hospital", "custody", "prison", "power", "office", "control", "jail", "danger"))
                h.l("case", adp("in"))
                if h.form in ("charge", "control"):
                    h.r("nmod", self.pp("of", self.np(self.one("for", "gov", "com", "tri"), simple=True)))
                p = h
            elif y < 0.72:
                p = self.superlative(people)
            elif y < 0.8:
                p = self.comparative()
            elif y < 0.88:
                p = self.so_that()
            else:
                p = self.adjective(subj, people)
            if p.upos == "PRON":
                p = adj("ready")
            self.cop(p, subj)
            if self.p(0.3):
                self.adjunct(p, timeonly=True)
            return p
        finally:
            self.depth -= 1

    def fake(self, role, subj):
        w = subj.info.get("who")
        return w or self.person(role if role in self.behind else "wrk")

    def cop(self, p, subj, tense=None, rel="nsubj"):
        tense = tense or self.one("Past", "Pres", "Past")
        row = []
        x = self.rng.random()
        if x < 0.85:
            row = [self.be(subj, tense)]
        elif x < 0.93:
            row = [self.modal(self.one("will", "would", "could", "may", "might", "must")), self.aux("be", "be", "VerbForm=Inf", "VB")]
        else:
            row = [self.have(subj, "Pres" if tense == "Pres" else "Past"), self.aux("be", "been", "Tense=Past|VerbForm=Part", "VBN")]
        neg = self.negation(row[0]) if self.p(0.1) else None
        if self.p(0.08):
            p.l("advmod", adv(self.one("still", "also", "now", "already", "probably")))
        for i, a in reversed(list(enumerate(row))):
            p.l("cop" if a.lemma == "be" else "aux", a)
            if i == 0 and neg is not None:
                neg.rel = "advmod"
                p.left.insert(1, neg)
        if subj is not None:
            if subj.info.get("closes"):
                subj.r("punct", comma())
                subj.info["closes"] = False
            p.l(rel, subj)
        return p

    def adjective(self, subj, people):
        x = self.rng.random()
        if x < 0.22:
            a = adj(self.one("ready", "likely", "unable", "willing", "unlikely", "reluctant", "able"))
            a.r("xcomp", self.vp("inf", [subj.kind] if subj.kind in self.by_subj else ["off"]))
            return a
        if x < 0.34:
            a = adj(self.one("responsible", "famous", "responsible"))
            if self.p(0.6):
                a.r("obl", self.pp("for", self.np(self.one("att", "acc", "dec", "dam"), simple=True)))
            else:
                c = self.vp("ger", ["off", "com"])
                c.l("mark", Node("for", "SCONJ", "for", ""))
                a.r("advcl", c)
            return a
        if x < 0.44:
            a = adj(self.one("aware", "critical", "guilty", "capable"))
            if a.form == "capable":
                c = self.vp("ger", ["com", "gov"])
                c.l("mark", Node("of", "SCONJ", "of", ""))
                a.r("advcl", c)
            else:
                a.r("obl", self.pp("of", self.np("crm" if a.form == "guilty" else self.one("law", "tri", "dec"), simple=True)))
            return a
        if x < 0.55 and people:
            w = self.one("missing", "missing")
            return Node("missing", "ADJ", "missing", "Degree=Pos", "JJ")
        a = adj(self.pick(("safe", "ill", "dead", "alive", "innocent", "angry", "confident", "happy", "sick") if people else
                          ("clear", "unclear", "illegal", "legal", "necessary", "false", "dangerous", "possible", "important", "difficult", "expensive", "available")))
        if self.p(0.2):
            a.l("advmod", adv(self.one("very", "extremely", "completely")))
        return a

    def superlative(self, people):
        """the third driver to win / the largest bank in X / one of the worst attacks"""
        x = self.rng.random()
        if x < 0.35:
            n = noun(self.one("woman", "driver", "country", "minister", "company", "player", "team"))
            n.l("amod", adj(self.one("first", "second", "third", "last", "fourth", "only")))
            n.l("det", det("the"))
            n.r("acl", self.vp("inf", ["pol"] if n.form in ("woman", "minister") else ["com"] if n.form == "company" else ["country"] if n.form == "country" else ["ath"]))
            return n
        n = self.superlative_noun(x > 0.7)
        if x > 0.7:
            o = num("one")
            o.r("nmod", self.pp("of", n))
            return o
        return n

    def superlative_noun(self, pl):
        n = noun(self.one("bank", "airline", "attack", "storm", "party", "company", "city", "factory", "fire", "port"), pl)
        x = self.rng.random()
        if x < 0.65:
            n.l("amod", adj(self.one("largest", "biggest", "oldest", "worst", "deadliest", "busiest", "highest", "richest")))
        else:
            a = adj(self.one("powerful", "important", "famous", "expensive", "successful", "dangerous"))
            m = Node("most", "ADV", "most", "Degree=Sup", "RBS")
            a.l("advmod", m)
            n.l("amod", a)
        if self.p(0.5):
            n.l("det", det("the"))
            n.r("nmod", self.pp("in", self.place("country", True)))
        elif self.p(0.5):
            n.l("nmod:poss", self.genitive(self.det_country(self.pick(self.countries))))
        else:
            n.l("det", det("the"))
            if self.p(0.4):
                r, t = "nmod", self.pp("in", self.one(noun("decade", True), noun("year", True)))
                n.r(r, t)
        n.num = "Plur" if pl else "Sing"
        return n

    def comparative(self):
        a = adj(self.one("higher", "lower", "stronger", "weaker", "larger", "worse", "better", "smaller"))
        if self.p(0.35):
            a = adj(self.one("important", "expensive", "dangerous", "difficult", "popular"))
            a.l("advmod", Node(self.one("more", "less"), "ADV", None, "Degree=Cmp", "RBR"))
            a.left[0].lemma = FIX(a.left[0].form)
        elif self.p(0.3):
            a.l("advmod", adv(self.one("much", "far", "slightly", "even", "significantly")))
        elif self.p(0.2):
            a.l("obl:unmarked", self.percent())
        x = self.rng.random()
        if x < 0.5:
            m = self.np(self.one("mon", "law", "dea", "country"), simple=True)
            if m.upos != "PRON":
                m.l("case", Node("than", "ADP", "than", "", "IN"))
                a.r("obl", m)
        elif x < 0.8:
            e = Node("expected", "VERB", "expect", "Tense=Past|VerbForm=Part|Voice=Pass", "VBN")
            e.l("mark", Node("than", "SCONJ", "than", "", "IN"))
            a.r("advcl", e)
        else:
            y = num(self.rng.randint(1980, 2023))
            mark(y, "TIME")
            self.pp("in", y)
            y.l("case", Node("than", "ADP", "than", "", "IN"))
            a.r("obl", y)
        return a

    def so_that(self):
        x = self.rng.random()
        a = adj(self.one("severe", "bad", "strong", "weak", "expensive", "dangerous", "serious", "high", "small"))
        if x < 0.55:
            a.l("advmod", adv("so"))
            c = self.clause(light=True)
            c.l("mark", Node("that", "SCONJ", "that", ""))
            a.r("advcl", c)
        else:
            a.l("advmod", adv("too"))
            a.r("xcomp", self.vp("inf", ["com", "gov"]))
        return a

    def existential(self):
        v = Node("be", "VERB", "be", "", "VB")
        x = self.rng.random()
        subj = self.np(self.one("vic", "rep", "law", "dam", "dem", "pro", "tri", "vicq"), simple=True, role="obj")
        for bad in range(4):
            if subj.upos != "PRON" and not any(c.form in ("the", "this", "that", "those", "these", "all", "each") or c.rel == "nmod:poss" for c in subj.left):
                break
            subj = self.np(self.one("vic", "rep", "dam", "dem", "vicq"), simple=True)
        T = self.one("Past", "Pres")
        feats, number, _ = self.fin_feats(subj, T)
        if self.p(0.75):
            v.form = {"PastSing": "was", "PastPlur": "were", "PresSing": "is", "PresPlur": "are"}[T + number]
            v.feats, v.xpos = feats, "VBD" if T == "Past" else "VBZ" if number == "Sing" else "VBP"
        elif self.p(0.5):
            v.form, v.feats, v.xpos = "been", "Tense=Past|VerbForm=Part", "VBN"
            v.l("aux", self.have(subj, T))
        else:
            v.form, v.feats = "be", "VerbForm=Inf"
            v.l("aux", self.modal(self.one("may", "could", "will", "would")))
        v.l("expl", self.pron("there"))
        if subj.info.get("closes"):
            subj.info["closes"] = False
        v.r("nsubj", subj)
        v.kind = None
        y = self.rng.random()
        if y < 0.35:
            v.r("obl", self.pp("in", self.place("city", True)))
        elif y < 0.5:
            self.adjunct(v, timeonly=True)
        return v

    def extraposed(self):
        x = self.rng.random()
        if x < 0.4:
            a = adj(self.one("clear", "possible", "likely", "unlikely", "important", "true"))
            w = "that"
        elif x < 0.75:
            a = adj(self.one("unclear", "unclear", "uncertain"))
            w = self.one("whether", "whether", "how", "why", "when", "who")
        else:
            a = adj(self.one("difficult", "impossible", "necessary", "illegal", "hard", "important"))
            w = None
        if w is None:
            c = self.vp("inf", ["gov", "com"])
            if self.p(0.35):
                s = self.np(self.one("gov", "com", "vic"), simple=True)
                if s.upos != "PRON":
                    s.info["closes"] = False
                    c.l("nsubj", s)
                    c.l("mark", Node("for", "SCONJ", "for", ""))
            a.r("csubj", c)
        else:
            if w == "who":
                c = self.clause_without_subject()
                s = self.pron("who")
                s.feats = "PronType=Int"
                c.l("nsubj", s)
            else:
                c = self.clause(light=True)
                c.l("mark" if w in ("that", "whether") else "advmod", Node(w, "SCONJ" if w in ("that", "whether") else "ADV", w, "" if w in ("that", "whether") else "PronType=Int"))
            a.r("csubj", c)
        it = self.pron("it")
        self.cop(a, it, self.one("Past", "Pres"), "expl")
        return a

    def clause_without_subject(self, cls=None):
        cls = cls or self.one("for", "cri", "reb", "gov")
        f = self.simple_frame(self.by_subj[cls])
        v = self.build(f, few=True)
        one = noun("x")
        self.finish(v, None, "fin", self.one("past", "past", "perf"), relsubj=one, light=True)
        return v

    def cleft(self):
        n = self.np(self.one("pol", "gov", "com"), simple=True)
        if n.upos == "PRON" or n.info.get("closes") or n.num == "Plur":
            n = self.place("city", True)
            n.kind = "gov"
        c = self.clause_without_subject(n.kind if n.kind in self.by_subj else "gov")
        who = self.pron("who" if n.kind in PEOPLE or n.kind == "per" else "that")
        c.l("nsubj", who)
        n.r("acl:relcl", c)
        self.cop(n, self.pron("it"), "Past", "expl")
        return n

    # ------------------------------------------------------------------ relative clauses

    def relative(self, n, cls=None):
        """A relative clause about the noun `n`."""
        cls = cls or n.kind
        cls = {"per": "pol", "vicq": "vic"}.get(cls, cls)
        people = cls in PEOPLE
        named = n.upos == "PROPN"
        commas = named or self.p(0.25)
        if n.info.get("closes"):
            commas = True
        x = self.rng.random()
        pl = n.num == "Plur"
        like = noun("x")
        like.num = n.num
        who = lambda: self.pron("who" if people else "which" if commas or self.p(0.35) else "that")
        if x > 0.75 and cls in ("fac", "reg", "inst", "mtg", "cmp", "ele", "war", "pro", "sit"):
            v = self.clause(light=True)
            v.l("advmod", Node("where", "ADV", "where", "PronType=Rel", "WRB"))
        elif x < 0.4 and cls in self.by_subj:
            f = self.simple_frame(self.by_subj[cls])
            v = self.build(f)
            self.finish(v, None, "fin", "isto" if self.p(0.2) else None, relsubj=like, light=False)
            v.l("nsubj", who())
        elif x < 0.58 and cls in self.by_obj:
            f = self.simple_frame(self.by_obj[cls])
            v = self.build(f, passive=True)
            self.finish(v, None, "fin", None, True, relsubj=like)
            v.l("nsubj:pass", who())
        elif x < 0.72 and cls in self.by_obj:
            f = self.simple_frame(self.by_obj[cls])
            v = self.build(f, gap="obj", few=True)
            s = self.np(self.pick(f.subj), simple=True, role="subj")
            if s.upos == "PRON" and "Case=Acc" in s.feats:
                s = self.pron("they")
            self.finish(v, s, "fin", None)
            if commas or self.p(0.4):
                r = self.pron("whom" if people and self.p(0.5) else "who") if people else self.pron("which" if commas or self.p(0.3) else "that")
                v.l("obj", r)
        elif x < 0.84:
            # whose N
            s = self.common(self.one("vic", "fac", "com", "law"), True)
            s.left = [c for c in s.left if c.rel not in ("det", "nmod:poss", "nummod", "amod")]
            s.l("nmod:poss", self.pron("whose"))
            s.info["closes"] = False
            v = self.clause(subj=s, light=True)
        elif x < 0.93 and cls in ("fac", "reg", "inst", "mtg", "cmp"):
            v = self.clause(light=True)
            v.l("advmod", Node("where", "ADV", "where", "PronType=Rel", "WRB"))
        else:
            # copula: who is in hospital
            p = self.adjective(like if not people else self.typed(noun("x"), cls, n.num), people) if self.p(0.5) else self.superlative(people)
            self.cop(p, None)
            # agreement with the head
            for c in p.left:
                if c.lemma in ("be", "have") and "Mood=Ind" in c.feats:
                    fix = self.be(like, "Past" if "Past" in c.feats else "Pres") if c.lemma == "be" else self.have(like, "Past" if "Past" in c.feats else "Pres")
                    c.form, c.feats, c.xpos = fix.form, fix.feats, fix.xpos
            for i, c in enumerate(p.left):
                if c.form == "n't":
                    c.form, c.glue, c.fused = "not", False, False
                    if p.left[i - 1].form in ("wo", "ca"):
                        p.left[i - 1].form = {"wo": "will", "ca": "can"}[p.left[i - 1].form]
            p.l("nsubj", who())
            v = p
        if commas:
            n.r("punct", comma())
            n.info["closes"] = True
        elif v.info.get("closes"):
            n.info["closes"] = True
        n.r("acl:relcl", v)
        return n

    def reduced(self, n, cls=None):
        """A participle behind the noun: "arrested on Monday", "fighting in X", "accused of ..."."""
        cls = cls or n.kind
        if self.p(0.6) and cls in self.by_obj:
            f = self.simple_frame(self.by_obj[cls])
            v = self.build(f, passive=True)
            self.inflect(v, "pass")
            if self.p(0.35):
                a = self.np(self.pick(f.subj), simple=True, role="obl")
                if a.upos != "PRON" and not a.info.get("closes"):
                    self.pp("by", a)
                    a.rel = "obl:agent"
                    at = 1 if v.right and v.right[0].rel == "compound:prt" else 0
                    v.right.insert(at, a)
            if self.p(0.3):
                self.adjunct(v, timeonly=True)
        elif cls in self.by_subj:
            f = self.simple_frame(self.by_subj[cls])
            v = self.build(f, few=True)
            self.inflect(v, "ing")
        else:
            return n
        if n.info.get("closes"):
            n.r("punct", comma())
        n.r("acl", v)
        if v.info.get("closes"):
            n.info["closes"] = True
        return n

    # ------------------------------------------------------------------ adverbial clauses

    def adverbial(self, before=False, host=None):
        """A subordinate clause with its conjunction; the clause's verb."""
        x = self.rng.random()
        marks = "after because while although as if before until when once unless since though even_if".split()
        w = self.pick(marks)
        self.depth += 1
        try:
            if x < 0.24 and w in ("after", "before", "while", "when", "since"):
                c = self.vp("ger" if w not in ("while", "when") else "ing", self.subject_classes(host) if host else ["pol", "off"])
            else:
                c = self.clause(light=self.depth > 2)
            if w == "when":
                c.l("advmod", Node("when", "ADV", "when", "PronType=Rel", "WRB"))
                c.left[0].feats = "PronType=Int"
            elif w == "even_if":
                c.l("mark", Node("if", "SCONJ", "if", ""))
                c.l("advmod", adv("even"))
            else:
                c.l("mark", Node(w, "SCONJ", w, ""))
                if self.p(0.1) and w in ("after", "before"):
                    y = self.rng.random()
                    if y < 0.6:
                        d = self.duration()
                        if d.left:
                            c.l("obl:unmarked", d)
                    else:
                        c.l("advmod", adv(self.one("shortly", "just", "only", "soon") if w == "after" else self.one("shortly", "just")))
            return c
        finally:
            self.depth -= 1

    def absolute(self):
        """with NP V-ing / with NP in ... """
        c = self.vp("ing", ["gov"], passive=False)
        s = self.np(self.one("off", "mon", "mil", "vic"), simple=True)
        if s.upos == "PRON":
            s = self.common("mon", True)
        s.info["closes"] = False
        c.l("nsubj", s)
        c.l("mark", Node("with", "SCONJ", "with", ""))
        return c

    def whole(self):
        """A full statement: clause with what may stand before and behind it."""
        x = self.rng.random()
        if x < 0.05:
            v = self.raising()
        elif x < 0.09:
            v = self.special()
        else:
            v = self.clause()
        y = self.rng.random()
        if y < 0.10:
            c = self.adverbial(True, v)
            c.r("punct", comma())
            v.l("advcl", c)
        elif y < 0.22:
            r, t = self.time()
            if t.upos != "ADV" or t.form not in ("before",):
                if self.p(0.55) or r == "obl" and self.p(0.6):
                    t.r("punct", comma())
                v.l(r, t)
        elif y < 0.27:
            n = self.np(self.one("att", "war", "mtg", "acc", "dec", "law"), simple=True)
            if n.upos != "PRON":
                self.pp(self.one("after", "during", "despite", "in", "before", "at"), n)
                n.r("punct", comma())
                v.l("obl", n)
        elif y < 0.31:
            a = adv(self.one("however", "meanwhile", "also", "still", "instead", "earlier", "later", "separately"))
            a.r("punct", comma())
            v.l("advmod", a)
        elif y < 0.34:
            v.l("cc", Node(self.one("but", "and"), "CCONJ", None, ""))
            v.left[0].lemma = v.left[0].form
        z = self.rng.random()
        if z < 0.15:
            c = self.adverbial(host=v)
            if v.info.get("closes") or self.p(0.3) or c.left[0].form in ("although", "though", "while", "even"):
                v.r("punct", comma())
                v.info["closes"] = False
            v.r("advcl", c)
        elif z < 0.19:
            c = self.absolute()
            if self.p(0.8) or v.info.get("closes"):
                v.r("punct", comma())
            v.r("advcl", c)
        elif z < 0.33:
            self.coordinate(v)
        return v

    def coordinate(self, v):
        """Another clause or verb phrase with "and", "but"."""
        if self.p(0.5) and isinstance(v.kind, Frame):
            subj = next((c for c in v.left if c.rel in ("nsubj", "nsubj:pass")), None)
            like = noun("x")
            if subj is None:
                return
            like.num = subj.num
            pas = subj.rel == "nsubj:pass"
            pool = self.by_obj if pas else self.by_subj
            cs = [c for c in (v.kind.obj.split(",") if pas else v.kind.subjects()) if c in pool]
            if not cs:
                return
            w = self.build(self.simple_frame(pool[self.pick(cs)]), passive=pas, few=True)
            if pas and v.left and any(c.rel == "aux:pass" and c.form in ("was", "were") for c in v.left) and self.p(0.5):
                self.inflect(w, "pass")
            else:
                self.finish(w, None, "fin", "past" if self.p(0.8) else None, pas, relsubj=like, light=True)
            self.adjuncts(w)
            w.l("cc", self.cc(self.one("and", "and", "and", "but")))
            if v.info.get("closes") or self.p(0.15):
                w.l("punct", comma())
        else:
            w = self.clause()
            w.l("cc", self.cc(self.one("and", "and", "but", "but")))
            if self.p(0.85) or v.info.get("closes"):
                w.l("punct", comma())
        v.info["closes"] = bool(w.info.get("closes"))
        v.r("conj", w)

    def raising(self):
        """is expected to / was found guilty of / was shot dead / was sworn in as / had his car stolen"""
        x = self.rng.random()
        people = self.np(self.one("pol", "off", "cri", "bos", "wrk"), role="subj")
        if people.upos == "PRON" and "Case=Acc" in people.feats:
            people = self.pron("he")
        if x < 0.3:
            v = self.verb_node(self.one("expect", "expect", "believe", "schedule", "know", "report", "say", "allege"))
            v.kind = None
            v.r("xcomp", self.vp("inf", [people.kind] if people.kind in self.by_subj else ["pol"], passive=self.p(0.3) or None))
            self.finish(v, people, "fin", self.one("pres", "past"), True)
        elif x < 0.45:
            v = self.verb_node("find")
            v.kind = None
            a = adj("guilty")
            if self.p(0.4):
                a.l("advmod", Node("not", "PART", "not", "Polarity=Neg", "RB"))
            if self.p(0.6):
                a.r("obl", self.pp("of", self.np("crime", simple=True)))
            else:
                c = self.vp("ger", ["cri", "pol"])
                c.l("mark", Node("of", "SCONJ", "of", ""))
                a.r("advcl", c)
            v.r("xcomp", a)
            self.finish(v, people, "fin", "past", True)
            self.adjuncts(v)
        elif x < 0.58:
            v = self.verb_node(self.one("shoot", "find"))
            v.kind = None
            v.r("xcomp", adj("dead"))
            self.finish(v, people, "fin", self.one("past", "past", "perf", "pluperf"), True)
            if self.p(0.3) and v.lemma == "shoot":
                v.r("obl:agent", self.pp("by", self.common(self.one("cri", "for", "reb"), True)))
            self.adjuncts(v)
            self.adjuncts(v)
        elif x < 0.7:
            v = self.verb_node("swear")
            v.kind = None
            v.r("compound:prt", adp("in"))
            n = self.tree(self.one("president/NOUN/*", "prime/ADJ/amod minister/NOUN/*", "governor/NOUN/*", "chancellor/NOUN/*", "mayor/NOUN/*"))
            if self.p(0.4):
                n.r("nmod", self.pp("of", self.place(self.one("country", "state"), True)))
            v.r("obl", self.pp("as", n))
            self.finish(v, people, "fin", self.one("past", "past", "modal", "perf"), True)
            self.adjuncts(v)
        elif x < 0.8:
            v = self.verb_node("have")
            v.kind = None
            o = noun(self.one("car", "house", "passport", "license", "phone", "contract"))
            o.l("nmod:poss", self.pron(self.one("his", "her", "their"), "gen"))
            w = Node(self.one("stolen", "seized", "destroyed", "revoked", "canceled", "searched"), "VERB", None, "Tense=Past|VerbForm=Part|Voice=Pass", "VBN")
            w.lemma = {"stolen": "steal", "seized": "seize", "destroyed": "destroy", "revoked": "revoke", "canceled": "cancel", "searched": "search"}[w.form]
            v.r("obj", o)
            v.r("xcomp", w)
            if self.p(0.3):
                w.r("obl:agent", self.pp("by", self.common("for", True)))
            self.finish(v, people, "fin", "past")
            self.adjuncts(v)
        else:
            v = self.verb_node(self.one("appear", "seem", "remain", "become", "remain"))
            v.kind = None
            if v.lemma in ("appear", "seem"):
                v.r("xcomp", self.vp("inf", [people.kind] if people.kind in self.by_subj else ["pol"]))
            elif v.lemma == "become":
                v.r("xcomp", self.superlative(True) if self.p(0.5) else self.tree("prime/ADJ/amod minister/NOUN/*"))
            elif self.p(0.5):
                v.r("xcomp", adj(self.one("popular", "confident", "free", "silent", "alive")))
            else:
                h = noun(self.one("hospital", "custody", "prison", "jail", "power", "office"))
                v.r("obl", self.pp("in", h))
            self.finish(v, people, "fin", self.one("past", "pres", "perf"), False)
        return v

    def special(self):
        """it took, one of them, not X but Y, neither X nor Y, head of X who"""
        x = self.rng.random()
        if x < 0.35:
            # the N of the Ns that: agreement decides
            head = noun(self.one("leader", "director", "owner", "head", "founder", "commander"))
            m = self.bare(self.one("reb", "com", "mil"))
            m.l("det", det("the"))
            first = self.p(0.5)
            head.r("nmod", self.pp("of", m))
            head.l("det", det("the"))
            target, other = (head, m) if first else (m, head)
            like = noun("x")
            like.num = target.num
            if first:
                f = self.simple_frame(self.by_subj["pol"])
                v = self.build(f, few=True)
                self.finish(v, None, "fin", self.one("perf", "pres", "past"), relsubj=like, light=True)
                v.l("nsubj", self.pron("who"))
                head.r("acl:relcl", v)
            else:
                f = self.simple_frame(self.by_subj[m.kind])
                v = self.build(f, few=True)
                self.finish(v, None, "fin", self.one("perf", "pres"), relsubj=like, light=True)
                v.l("nsubj", self.pron("that"))
                m.r("acl:relcl", v)
            self.typed(head, "pol", "Sing")
            head.info["closes"] = bool(v.info.get("closes"))
            return self.clause(subj=head)
        if x < 0.6:
            a = self.common(self.one("pol", "com", "gov"), True)
            b = self.common(a.kind, True, fresh=a.lemma)
            if any(c.form in ("no", "all", "any", "each") for c in a.left + b.left):
                return self.clause()
            neither = self.p(0.5)
            if neither:
                a.l("cc:preconj", Node("neither", "CCONJ", "neither", ""))
                b.l("cc", Node("nor", "CCONJ", "nor", "Polarity=Neg"))
            else:
                a.l("cc:preconj", Node("both", "CCONJ", "both", ""))
                b.l("cc", self.cc("and"))
            if a.info.get("closes"):
                b.l("punct", comma())
            a.r("conj", b)
            a.num = "Plur" if not neither or b.num == "Plur" else "Sing"
            a.info["joined"], a.info["closes"] = True, bool(b.info.get("closes"))
            return self.clause(subj=a)
        if x < 0.8:
            o = num(self.one("one", "two", "three", "four"))
            m = self.bare(self.one("off", "vic", "mil", "com"))
            m.l("det", det("the"))
            o.r("nmod", self.pp("of", m))
            o.kind, o.num = m.kind, "Sing" if o.form == "one" else "Plur"
            return self.clause(subj=o)
        # rise from .. to ..
        v = self.verb_node(self.one("rise", "fall", "drop", "increase", "climb", "grow"))
        v.kind = None
        s = self.common("mon", True)
        s.info["closes"] = False
        y = self.rng.random()
        if y < 0.5:
            v.r("obl:unmarked", self.percent())
        if y > 0.3:
            money = self.p(0.4)
            a, b = (self.money(), self.money()) if money else (num(self.rng.randint(5, 60)), num(self.rng.randint(5, 90)))
            if y > 0.5:
                v.r("obl", self.pp("from", a))
                if self.p(0.4) and not money:
                    t = num(self.rng.randint(1990, 2010))
                    mark(t, "TIME")
                    v.r("obl", self.pp("in", t))
            v.r("obl", self.pp("to", b))
            if self.p(0.5):
                t = num(self.rng.randint(2011, 2023))
                mark(t, "TIME")
                v.r("obl", self.pp("in", t))
        self.finish(v, s, "fin", self.one("past", "past", "perf", "modal"))
        return v


def FIX(form):
    from phrases import FIX_LEMMA
    return FIX_LEMMA.get(form, form)
