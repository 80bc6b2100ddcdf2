"""Constructions that news has now and then, and more variety in the phrases of the base."""
from clauses import Frame
from news import News
from nodes import Node, comma, enclose, hyphen, mark, merge_mark, punct
from phrases import DAYS, FIX_LEMMA, PEOPLE, PLUR, SING, WORDS, adj, adp, adv, det, noun, num, propn

RELIGIONS = "Muslim Christian Catholic Sunni Shiite Jewish Hindu Buddhist Orthodox Protestant".split()
FOLLOWERS = dict(Muslims="Muslim", Christians="Christian", Catholics="Catholic", Sunnis="Sunni", Jews="Jew", Hindus="Hindu",
                 Democrats="Democrat", Republicans="Republican", Conservatives="Conservative", Liberals="Liberal", Kurds="Kurd", Arabs="Arab",
                 Socialists="Socialist", Europeans="European", Serbs="Serb", Tutsis="Tutsi", Tamils="Tamil", Basques="Basque")
FOCUS = "only even just especially including".split()
DEGREE = "very so too more increasingly extremely highly particularly quite relatively".split()


class More(News):
    # ------------------------------------------------------------------ noun phrases

    def demonym(self, c):
        if self.p(0.06):
            return mark(Node(w := self.pick(RELIGIONS), "ADJ", w, "Degree=Pos", "JJ"), "NORP")
        return super().demonym(c)

    def people_of(self):
        if self.p(0.4):
            f = self.pick(list(FOLLOWERS))
            n = propn(f, True)
            n.lemma = FOLLOWERS[f]
            mark(n, "NORP")
            if self.p(0.5):
                n.l("amod", adj(self.one("many", "young", "other", "local", "moderate")))
            return self.typed(n, "vic", "Plur")
        return super().people_of()

    def np(self, cls, simple=False, number=None, role="obj"):
        kind = self.pick(cls.split(","))
        if kind == "dis" and self.p(0.15):
            n = propn(self.pick(self.names["english"]["f" if self.p(0.5) else "m"]))
            n.l("compound", propn(self.one("Hurricane", "Typhoon", "Hurricane", "Cyclone")))
            return self.typed(mark(n, "EVENT"), "dis", "Sing")
        if kind == "goo" and self.p(0.06):
            n = noun(self.one("phone", "car", "computer", "tablet", "pill", "truck", "console"), self.p(0.6))
            m = propn(self.pick(self.parts["coin1"]) + self.one("", "X", "pad", "Z", "tone"))
            if self.p(0.3):
                m.r("flat", num(self.rng.randint(2, 12)))
            n.l("compound", mark(m, "PRODUCT"))
            if n.num == "Sing":
                n.l("det", det("the"))
            return self.typed(n, "goo", n.num)
        x = self.rng.random()
        if role == "subj" and x < 0.13 and kind not in ("city", "country", "state", "region", "sum", "goal"):
            people = kind in PEOPLE
            f = self.one("he", "she", "they", "he", "they", "we") if people else self.one("it", "they", "it") if kind in (
                "gov", "com", "team", "ngo", "par", "for", "inst", "cou", "reb", "org") else self.one("it", "it", "they", "this", "that")
            if f in ("this", "that"):
                n = Node(f, "PRON", f, "Number=Sing|PronType=Dem", "DT")
            else:
                n = self.pron(f)
            return self.typed(n, {"org": "gov", "per": "pol"}.get(kind, kind), n.num)
        if role == "subj" and x < 0.15 and kind in PEOPLE:
            return self.indefinite(kind)
        if role == "obj" and x < 0.05 and kind not in ("city", "country", "state", "region", "sum", "goal", "guilty"):
            f = self.one("him", "her", "them", "them") if kind in PEOPLE else self.one("it", "them", "it")
            return self.typed(self.pron(f, "acc"), {"org": "gov", "per": "pol"}.get(kind, kind), "Plur" if f == "them" else "Sing")
        if kind == "reb" and x > 0.8 and number != "Plur":
            n = self.org("reb")
            return n
        if not simple and self.depth < 2 and x > 0.965:
            return self.partitive(kind) if kind in self.by_class else super().np(kind, simple, number, role)
        if not simple and self.depth < 2 and 0.945 < x < 0.965 and kind in self.by_class:
            return self.contrast(kind)
        n = super().np(kind, simple, number, role)
        if n.upos == "NOUN" and n.kind == kind and kind in self.by_class:
            if self.p(0.03) and not n.info.get("joined"):
                n.l("advmod", adv(self.one("only", "even", "just")))
        return n

    def indefinite(self, kind):
        x = self.rng.random()
        if x < 0.3:
            n = Node("one", "PRON", "one", "Number=Sing|PronType=Neg", "NN")
            n.l("det", det("no"))
        elif x < 0.5:
            f = self.one("nobody", "everyone", "someone", "somebody", "anyone")
            n = Node(f, "PRON", f, {"nobody": "Number=Sing|PronType=Neg", "everyone": "Number=Sing|PronType=Tot"}.get(f, "Number=Sing|PronType=Ind"), "NN")
        elif x < 0.75:
            n = Node("others", "NOUN", "other", PLUR, "NNS")
            n.num = "Plur"
            if self.p(0.4):
                n.l("nummod", num(self.pick(WORDS[2:])))
            elif self.p(0.3):
                n.l("amod", adj("many"))
        else:
            n = adj("many") if self.p(0.5) else det("some")
            n.num = "Plur"
        n.kind = {"per": "pol"}.get(kind, kind)
        return n

    def partitive(self, kind):
        """most of the N / two of its N / half of them / a number of N / a dozen N"""
        x = self.rng.random()
        pool = [e for e in self.by_class[kind] if "m" not in e["flags"] and "s" not in e["flags"]]
        if not pool:
            return super().np(kind)
        m = noun(self.pick(pool)["lemma"], True)
        if x < 0.45:
            w = self.one("most", "many", "some", "all", "several")
            h = Node(w, "ADJ", FIX_LEMMA.get(w, w), "Degree=Sup" if w == "most" else "Degree=Pos", "JJS" if w == "most" else "JJ") if w in ("most", "many", "several") else det(w)
            m.l("nmod:poss", self.possessor()) if self.p(0.3) else m.l("det", det(self.one("the", "the", "these")))
            h.r("obl" if w == "several" else "nmod", self.pp("of", m))
            return self.typed(h, kind, "Plur")
        if x < 0.75:
            h = noun(self.one("number", "group", "series", "handful", "majority", "couple"))
            if self.p(0.3) and h.form in ("number", "group", "majority"):
                h.l("amod", adj(self.one("large", "small", "huge")))
            if h.form == "majority":
                m.l("det", det("the"))
            h.l("det", det("a"))
            h.r("nmod", self.pp("of", m))
            return self.typed(h, kind, "Sing" if h.form in ("group", "series") else "Plur")
        d = noun(self.one("dozen", "dozen", "couple"))
        d.l("det", det("a"))
        m.l("nmod:unmarked", d)
        if self.p(0.3):
            d.left[0].form = "a"
        return self.typed(m, kind, "Plur")

    def contrast(self, kind):
        """A rather than B / not A but B / A, not B"""
        a, b = self.common(kind, True), None
        b = self.common(kind, True, fresh=a.lemma)
        bad = ("no", "any", "each", "every", "all", "some", "another")
        if a.info.get("closes") or b.info.get("closes") or a.info.get("joined") or b.info.get("joined") or any(c.form in bad for c in a.left + b.left):
            return a
        x = self.rng.random()
        number = a.num
        if x < 0.5:
            c = Node("rather", "ADV", "rather", "ExtPos=CCONJ", "RB")
            c.r("fixed", Node("than", "ADP", "than", "", "IN"))
            b.l("cc", c)
            a.r("conj", b)
        elif x < 0.75:
            a.l("advmod", Node("not", "PART", "not", "Polarity=Neg", "RB"))
            b.l("cc", Node("but", "CCONJ", "but", ""))
            a.r("conj", b)
        else:
            a.l("advmod", adv("only"))
            a.l("advmod", Node("not", "PART", "not", "Polarity=Neg", "RB"))
            b.l("advmod", adv("also"))
            b.l("cc", Node("but", "CCONJ", "but", ""))
            if self.p(0.5):
                b.l("punct", comma())
            a.r("conj", b)
        a.info["joined"] = True
        return self.typed(a, kind, number)

    def common(self, cls, deep=False, number=None, fresh=None):
        n = super().common(cls, deep, number, fresh)
        if n.upos != "NOUN":
            return n
        x = self.rng.random()
        # a second adjective, joined; a degree before an adjective
        first = next((c for c in n.left if c.rel == "amod" and c.upos == "ADJ" and c.form.islower() and not c.left and not c.right), None)
        if first is not None and x < 0.09 and cls in self.adjs and first.form not in ("other", "several", "many", "most", "last", "first", "few"):
            b = self.adj_np(self.pick(self.adjs[cls]))
            if b.upos == "ADJ" and not b.left and not b.info.get("as") and b.form != first.form:
                b.l("cc", self.cc(self.one("and", "and", "but")))
                first.r("conj", b)
        elif first is not None and x < 0.15 and "Degree=Pos" in first.feats and first.form in (
                "influential", "powerful", "unpopular", "popular", "controversial", "serious", "violent", "poor", "deadly", "dangerous", "tough", "high", "large",
                "brutal", "bitter", "expensive", "cheap", "crowded", "young", "experienced", "remote", "strict"):
            first.l("advmod", adv(self.pick(DEGREE[:2] + DEGREE[3:])))
            if first.left[0].form == "more":
                first.left[0].feats, first.left[0].lemma, first.left[0].xpos = "Degree=Cmp", FIX_LEMMA.get("more", "more"), "RBR"
        elif x > 0.975 and cls in ("dea", "law", "com") and n.num == "Sing" and not any(c.rel == "compound" for c in n.left):
            # a $20 million deal
            m = self.money()
            m.left = [c for c in m.left if c.rel not in ("advmod", "nmod")]
            m.right = [c for c in m.right if c.rel == "nummod"]
            if m.upos == "SYM":
                dets = [c for c in n.left if c.rel in ("det", "nmod:poss")]
                n.left = [c for c in n.left if c.rel not in ("det", "nmod:poss")]
                n.l("compound", m)
                for d in reversed(dets):
                    n.l(d.rel, d)
        elif x > 0.95 and cls in ("tri", "gov", "dec", "ele", "war") and len(n.left) == 1 and n.left[0].form == "the":
            # the Voss case
            p = self.name_node(self.who()["short"])
            if not p.right:
                d = n.left.pop(0)
                n.l("compound", p)
                n.l("det", d)
        elif x > 0.935 and cls in ("pol", "off", "bos", "mil", "ath") and n.form[0] not in "aeiou" and not n.left[:0]:
            n.form, n.lemma = "ex-" + n.form, "ex-" + n.lemma
        return n

    def person_np(self, role=None, rich=None, who=None, pronoun=True):
        n = super().person_np(role, rich, who, pronoun)
        w = n.info.get("who")
        if n.upos == "PROPN" and not n.info.get("closes") and not any(c.rel == "appos" for c in n.right) and rich is None and self.depth < 2 and self.p(0.035):
            # ", aged 34," / ", who ..."
            n.r("punct", comma())
            if self.p(0.4):
                a = Node("aged", "ADJ", "aged", "Degree=Pos", "JJ")
                a.r("obj", num(w["age"]))
                n.r("acl", a)
            else:
                n.right.pop()
                self.depth += 1
                self.relative(n, w["role"])
                self.depth -= 1
            n.info["closes"] = True
        return n

    def victims(self):
        n = super().victims()
        if self.depth < 2 and not n.info.get("closes") and n.upos == "NOUN" and not n.right and self.p(0.1):
            # ", two of whom were ..."
            w = num(self.pick(WORDS[1:6]))
            w.r("nmod", self.pp("of", self.pron("whom")))
            w.num, w.kind = "Sing" if w.form == "one" else "Plur", "vic"
            c = self.clause(subj=w, light=True, voice="pass")
            n.r("punct", comma())
            n.r("acl:relcl", c)
            n.info["closes"] = True
        return n

    # ------------------------------------------------------------------ times, phrases beside the verb

    def time(self):
        x = self.rng.random()
        if x < 0.05:
            # two days after the attack
            d = noun(self.one("day", "week", "month", "hour", "year"), self.p(0.7))
            if d.num == "Plur":
                d.l("nummod", num(self.pick(WORDS[2:])))
            else:
                d.l("det", det("an" if d.form == "hour" else "a"))
            n = self.common(self.one("att", "acc", "ele", "war", "mtg", "dec"), True)
            n.info["closes"] = False
            if any(c.rel in ("acl", "acl:relcl") for c in n.right):
                return super().time()
            self.pp(self.one("after", "before"), n)
            n.l("nmod:unmarked", d)
            return "obl", n
        if x < 0.07:
            t = noun("time", True)
            t.l("nummod", num(self.pick(WORDS[2:8])))
            return "obl:unmarked", t
        if x < 0.1:
            n = Node(self.one("then", "again", "now"), "ADV")
            return "advmod", n
        return super().time()

    def adjunct(self, v, timeonly=False):
        if not timeonly and self.depth < 3 and self.p(0.09):
            if not v.info.get("closes"):
                v = self.lowest(v)
            if self.p(0.12) and not self.located(v):
                # on Hill Street, at 12 Hill Street
                s = propn(self.one("Street", "Street", "Avenue", "Road", "Square"))
                s.l("compound", propn(self.pick(self.names["english"]["family"]).replace("'", "")))
                if "-" in s.left[0].form:
                    s.left[0].form = s.left[0].lemma = "Hill"
                at = self.p(0.4)
                if at:
                    s.l("nummod", num(self.rng.randint(1, 999)))
                mark(s, "PLACE")
                v.r("obl", self.pp("at" if at else self.one("on", "in", "near"), s))
                return
            # in response to the attack
            a, h, b, cls = self.one(("in", "response", "to", "att"), ("as", "part", "of", "dea"), ("in", "connection", "with", "crm"), ("in", "protest", "at", "dec"),
                                    ("in", "exchange", "for", "goo"), ("on", "behalf", "of", "vic"), ("in", "support", "of", "law"), ("with", "help", "from", "country"),
                                    ("in", "violation", "of", "dea"), ("on", "suspicion", "of", "crime"), ("in", "front", "of", "fac"), ("at", "start", "of", "mtg"))
            n = noun(h)
            if h in ("start",):
                n.l("det", det("the"))
            n.l("case", adp(a))
            m = self.np(cls, simple=True, role="obl")
            if m.upos != "PRON":
                n.r("nmod", self.pp(b, m))
                v.r("obl", n)
                if m.info.get("closes"):
                    v.info["closes"] = True
            return
        if not timeonly and self.depth < 3 and self.p(0.03) and not v.info.get("closes") and self.lowest(v) is v:
            # in an effort to ...
            n = noun(self.one("effort", "attempt", "bid"))
            n.l("det", self.article(n))
            n.l("case", adp("in"))
            n.r("acl", self.vp("inf", self.subject_classes(v)))
            v.r("obl", n)
            return
        super().adjunct(v, timeonly)

    def finish(self, v, subj=None, mode="fin", tense=None, passive=False, adverbs=True, light=False, relsubj=None):
        super().finish(v, subj, mode, tense, passive, adverbs, light, relsubj)
        if mode == "fin" and adverbs and self.p(0.08) and not any(c.rel == "advmod" for c in v.left):
            at = next((i for i, c in enumerate(v.left) if c.rel in ("aux", "aux:pass")), None)
            a = adv(self.one("also", "already", "still", "now", "recently", "immediately", "repeatedly", "reportedly", "later", "never", "probably", "often", "soon",
                             "apparently", "initially", "previously", "finally", "eventually", "clearly", "simply", "currently", "always"))
            a.rel = "advmod"
            if at is None:
                k = next((i for i, c in enumerate(v.left) if c.rel.startswith("nsubj")), None)
                v.left.insert(0 if k is None else k + 1, a)
            elif not any(c.form == "got" for c in v.left):
                v.left.insert(at + 1, a)
        return v

    # ------------------------------------------------------------------ sentences

    def special(self):
        x = self.rng.random()
        if x < 0.5:
            return super().special()
        if x < 0.62:
            # compared with / from A to B
            v = super().special() if self.p(0.2) else self.market()
            m = self.one(num(f"{self.rng.randint(2, 900)}"), self.percent(), self.common("mon", True))
            c = Node("compared", "VERB", "compare", "Tense=Past|VerbForm=Part|Voice=Pass", "VBN")
            c.r("obl", self.pp(self.one("with", "to"), m))
            v.r("punct", comma())
            v.r("advcl", c)
            v.info["closes"] = False
            return v
        if x < 0.76:
            # flew from A to B
            v = self.verb_node(self.one("travel", "fly", "drive", "return", "walk", "move", "march", "sail"))
            v.kind = None
            s = self.np(self.one("pol", "mil", "vic", "dem"), role="subj")
            if s.upos == "PRON" and "Case=Acc" in s.feats:
                s = self.pron("they")
            v.r("obl", self.pp("from", self.place("city", True)))
            v.r("obl", self.pp("to", self.place(self.one("city", "country"), True)))
            self.finish(v, s, "fin")
            self.adjunct(v, timeonly=True)
            return v
        if x < 0.88:
            # called the ruling "a mistake" / called X unfair
            v = self.verb_node(self.one("call", "call", "consider", "declare", "deem", "label"))
            v.kind = None
            s = self.np(self.one("pol", "exp", "ngo", "off"), role="subj")
            if s.upos == "PRON" and "Case=Acc" in s.feats:
                s = self.pron("she")
            o = self.np(self.one("dec", "att", "law", "dea", "ele"), simple=True)
            if o.info.get("closes"):
                o.info["closes"] = False
                o.r("punct", comma())
            v.r("obj", o)
            if self.p(0.5):
                p = noun(self.one("mistake", "crime", "disaster", "victory", "scandal", "failure", "success"))
                if self.p(0.4):
                    p.l("amod", adj(self.one("terrible", "great", "serious", "historic")))
                p.l("det", det("a"))
            else:
                p = adj(self.one("unfair", "illegal", "unacceptable", "necessary", "historic", "invalid", "unconstitutional"))
            if self.p(0.5):
                q = self.one('"', '"', "“")
                enclose(p, q, {"“": "”", '"': '"'}[q])
            v.r("xcomp", p)
            self.finish(v, s, "fin", self.one("past", "past", "pres", "perf"))
            if self.p(0.3):
                self.adjunct(v, timeonly=True)
            return v
        # Asked about X, Y said ... / Speaking in X, Y said ...
        v = self.reported()
        if any(c.rel == "cc" for c in v.left) or not v.left or not v.left[0].rel.startswith("nsubj"):
            return v
        if self.p(0.5):
            w = Node(self.one("asked", "questioned"), "VERB", None, "Tense=Past|VerbForm=Part|Voice=Pass", "VBN")
            w.lemma = w.form[:-2] if w.form == "asked" else "question"
            w.r("obl", self.pp("about", self.np(self.one("att", "dea", "law", "dec"), simple=True, role="obl")))
        else:
            w = Node(self.one("speaking", "talking"), "VERB", None, "Tense=Pres|VerbForm=Part", "VBG")
            w.lemma = w.form[:-3]
            w.r("obl", self.pp("in", self.place("city", True))) if self.p(0.5) else w.r("obl", self.pp(self.one("to", "with") if w.form == "talking" else "to", noun("reporter", True)))
        w.r("punct", comma())
        v.l("advcl", w)
        return v

    def quote_clause(self):
        if self.p(0.09):
            # a report within the quote
            self.depth += 2
            c = self.reported() if self.p(0.5) else self.raising()
            self.depth -= 2
            return c
        return super().quote_clause()

    def whole(self):
        v = super().whole()
        x = self.rng.random()
        if x < 0.04 and v.left and v.left[0].rel.startswith("nsubj") and not v.left[0].info.get("closes"):
            # X, however, ...
            s = v.left[0]
            if not (s.last().upos == "PUNCT"):
                a = adv(self.one("however", "meanwhile", "therefore", "instead"))
                b = comma()
                a.r("punct", b)
                b.hold = True
                a.rel = "advmod"
                c = comma()
                c.rel = "punct"
                v.left.insert(1, a)
                v.left.insert(1, c)
        elif x < 0.07 and v.right and not v.info.get("closes") and self.lowest(v) is v:
            # , too / , as well / again
            a = adv(self.one("too", "again", "well", "together", "there", "instead"))
            if a.form == "well":
                k = adv("as")
                a.l("advmod", k)
            v.r("advmod", a)
        return v

    def sentence(self):
        x = self.rng.random()
        if x < 0.05:
            return self.special()
        if x < 0.1:
            return self.copula()
        return super().sentence()
