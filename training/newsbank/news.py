"""What news is made of beyond plain clauses: sources, quotes, datelines, headlines, captions, scores, lists."""
from clauses import Clauses, Frame
from nodes import Node, capital, comma, enclose, mark, punct
from phrases import ABBREVIATIONS, DAYS, MONTHS, PEOPLE, PLUR, SHORT, SING, WORDS, adj, adp, adv, det, noun, num, propn

SAY = "say say say say say say add announce confirm claim insist admit warn argue explain note report acknowledge believe fear hope think".split()
TAG = "say say say say say add report warn explain".split()


class News(Clauses):
    # ------------------------------------------------------------------ sources

    def source(self, short=False):
        """Who said it."""
        x = self.rng.random()
        if x < 0.45:
            n = self.person_np(None if self.p(0.5) else {"pol", "off", "exp"}, rich=None if not short else False, pronoun=True)
        elif x < 0.6:
            n = Node("police", "NOUN", "police", PLUR, "NNS") if self.p(0.4) else self.bare(self.one("off", "off", "exp", "vic", "wrk"))
            n.num = "Plur"
        elif x < 0.75:
            n = self.common(self.one("off", "exp", "off", "rep", "off"), True)
        elif x < 0.88:
            n = self.org(self.one("gov", "com", "agency", "ngo", "for"))
        elif x < 0.92:
            n = self.named_list("off")
        else:
            n = self.pron(self.one("he", "she", "they"))
        if n.upos == "PRON" and "Case=Acc" in n.feats:
            n = self.pron("he")
        return n

    def say_verb(self, lemma, tense, subj):
        v = self.verb_node(lemma)
        v.kind = None
        return v

    def said(self, n, lemma=None, tense=None, order="sv", extra=True):
        """The tag alone: "police said", "said X, who ..."; the verb's node."""
        v = self.verb_node(lemma or self.pick(TAG))
        v.kind = None
        tense = tense or self.one("past", "past", "past", "pres")
        if order == "sv":
            self.finish(v, n, "fin", tense, light=True, adverbs=False)
        else:
            self.inflect(v, "fin", n, "Past" if tense == "past" else "Pres")
            v.r("nsubj", n)
        if extra and self.p(0.22):
            r, t = self.time()
            if r == "obl:unmarked" or r == "obl" and t.left and t.left[0].form in ("on", "in"):
                if v.right and v.right[-1].info.get("closes"):
                    v.r("punct", comma())
                v.r(r, t)
            elif self.p(0.4):
                v.r("obl", self.pp("in", self.np(self.one("rep", "rep"), simple=True)))
        return v

    def reported(self):
        """X said (that) ... / X told Y that ..."""
        self.depth += 1
        c = self.whole() if self.p(0.7) else self.copula()
        self.depth -= 1
        x = self.rng.random()
        if x < 0.7:
            n = self.source()
            v = self.verb_node(self.pick(SAY))
            v.kind = None
            self.finish(v, n, "fin", self.one("past", "past", "past", "pres", "perf", None), light=False)
            if self.p(0.15):
                r, t = self.time()
                v.r(r, t)
            if v.lemma not in ("say", "think", "believe", "fear", "hope", "claim") or self.p(0.45) or v.right:
                if not any(k.rel in ("cc",) for k in c.left[:1]):
                    c.l("mark", Node("that", "SCONJ", "that", ""))
        elif x < 0.87:
            n = self.source()
            v = self.verb_node(self.one("tell", "tell", "tell", "inform", "warn", "assure"))
            v.kind = None
            o = self.person_np({"pol", "off", "wrk"}, rich=False, pronoun=True) if self.p(0.3) else noun("reporter", True) if self.p(0.5) else self.org(self.one("agency", "gov", "agency"))
            if o.upos == "PRON":
                o = self.accusative(o)
            o.right = [k for k in o.right if k.rel != "appos" and k.rel != "punct"]
            o.info["closes"] = False
            v.r("iobj", o)
            if self.p(0.15):
                r, t = self.time()
                v.r(r, t)
            self.finish(v, n, "fin", self.one("past", "past", "perf"), light=True)
            if self.p(0.7) or v.lemma != "tell":
                c.l("mark", Node("that", "SCONJ", "that", ""))
        elif x < 0.94:
            # it was reported that / police say it began after a pipe burst
            v = self.verb_node(self.one("report", "announce", "believe", "say"))
            v.kind = None
            self.finish(v, self.pron("it"), "fin", self.one("past", "pres"), True, light=True, adverbs=False)
            v.left[0].rel = "expl"
            c.l("mark", Node("that", "SCONJ", "that", ""))
            v.r("csubj:pass", c)
            return v
        else:
            v = self.verb_node(self.one("ask", "wonder", "know", "decide"))
            v.kind = None
            self.finish(v, self.source(), "fin", "past", light=True)
            c.l("mark", Node(self.one("whether", "whether", "if"), "SCONJ", None, ""))
            c.left[0].lemma = c.left[0].form
        if v.left and False:
            pass
        v.r("ccomp", c)
        v.info["closes"] = bool(c.info.get("closes"))
        return v

    def behind_tag(self):
        """..., police said. / ..., said X, who ..."""
        self.depth += 1
        c = self.whole() if self.p(0.75) else self.copula()
        self.depth -= 1
        inverted = self.p(0.35)
        n = self.source()
        if n.upos == "PRON":
            inverted = False
        if inverted and self.p(0.2) and n.upos == "PROPN" and not n.info.get("closes") and n.kind == "per":
            self.relative(n, "pol")
        v = self.said(n, order="vs" if inverted else "sv")
        c.r("punct", comma())
        v.l("ccomp", c)
        return v

    def inserted(self):
        """A subject, police said, and its verb; or behind the first adverbial."""
        c = self.whole()
        subj = [i for i, k in enumerate(c.left) if k.rel in ("nsubj", "nsubj:pass")]
        n = self.source(True)
        n.info["closes"] = False
        if any(k.rel == "appos" for k in n.right):
            n.right = []
        acc = self.p(0.3)
        if not subj or c.left[subj[0]].info.get("closes") or c.left[subj[0]].upos == "PRON" or (c.left[subj[0]].right and c.left[subj[0]].right[-1].upos == "PUNCT"):
            return c
        if subj[0] + 1 < len(c.left) and c.left[subj[0] + 1].upos == "PUNCT":
            return c
        if acc:
            if n.upos == "PRON":
                n = self.org("agency")
            self.according_to(n)
            p, rel = n, "obl"
        else:
            p = self.said(n, order="vs" if n.upos != "PRON" and self.p(0.3) else "sv", extra=False)
            rel = "parataxis"
        a, b = comma(), comma()
        p.r("punct", b)
        b.hold = True
        p.rel = rel
        a.rel = "punct"
        c.left.insert(subj[0] + 1, p)
        c.left.insert(subj[0] + 1, a)
        return c

    def according(self):
        c = self.whole()
        n = self.source(True)
        if n.upos == "PRON":
            n = self.org("gov")
        self.according_to(n)
        if self.p(0.4):
            n.r("punct", comma())
            c.l("obl", n)
        else:
            if self.p(0.75) or c.info.get("closes"):
                c.r("punct", comma())
            c.r("obl", n)
            c.info["closes"] = bool(n.info.get("closes"))
        return c

    # ------------------------------------------------------------------ quotes

    def quote_clause(self):
        x = self.rng.random()
        if x < 0.55:
            s = self.pron(self.one("we", "we", "i", "they", "it", "he"))
            s.kind = self.one("pol", "com", "gov", "off") if s.form != "it" else "law"
            if s.form == "it":
                return self.copula(s)
            self.depth += 1
            c = self.clause(subj=s, tense=self.one("past", "pres", "modal", "perf", "prog", "modal"))
            self.depth -= 1
            return c
        self.depth += 1
        c = self.copula() if x < 0.8 else self.clause()
        self.depth -= 1
        return c

    def quoted(self, c):
        if self.p(0.6):
            a, b = punct('"', False), punct('"', True)
        else:
            a, b = punct("“", False), punct("”", True)
        a.hold = b.hold = True
        a.xpos, b.xpos = "``", "''"
        capital(c)
        c.first().glue = True
        c.l("punct", a)
        return a, b

    def quote(self):
        """A quote before, behind or round its tag."""
        x = self.rng.random()
        c = self.quote_clause()
        n = self.source(self.p(0.6))
        if x < 0.5:
            k = punct(",", True)
            k.hold = True
            a, b = self.quoted(c)
            c.r("punct", k)
            c.r("punct", b)
            v = self.said(n, self.pick(TAG[:6]), order="vs" if n.upos != "PRON" and self.p(0.4) else "sv")
            v.l("ccomp", c)
            return v
        if x < 0.78:
            v = self.said(n, self.pick(TAG[:6]), order="sv")
            a, b = self.quoted(c)
            v.r("punct", punct(self.one(",", ",", ",", ":")))
            stop = punct(".", True)
            stop.hold = True
            if not c.words()[-1].form.endswith("."):
                c.r("punct", stop)
            c.r("punct", b)
            v.r("ccomp", c)
            v.info["nostop"] = True
            return v
        # "...," he said, "..." : one clause broken or two sentences
        k = punct(",", True)
        k.hold = True
        a, b = self.quoted(c)
        c.r("punct", k)
        c.r("punct", b)
        v = self.said(n, self.pick(TAG[:6]), order="vs" if n.upos != "PRON" and self.p(0.3) else "sv", extra=False)
        v.l("ccomp", c)
        d = self.quote_clause()
        if d.left and d.left[0].rel == "cc":
            return v
        a2, b2 = punct(a.form, False), punct(b.form, True)
        a2.hold = b2.hold = True
        d.first().glue = True
        d.l("punct", a2)
        cc = self.cc(self.one("and", "but"))
        cc.glue = True
        d.left[1].first().glue = False if len(d.left) > 1 else d.glue
        if len(d.left) == 1:
            d.glue = False
        d.left.insert(1, cc)
        cc.rel = "cc"
        v.r("punct", comma())
        d.rel = "conj"
        c.info["second"] = d
        v.r("parataxis", d)
        stop = punct(".", True)
        stop.hold = True
        if not d.words()[-1].form.endswith("."):
            d.r("punct", stop)
        d.r("punct", b2)
        v.info["nostop"] = True
        return v

    def scare(self):
        """A statement with a word or two in quotes."""
        c = self.clause()
        for w in c.words():
            if w.upos in ("ADJ", "NOUN") and w.rel in ("amod", "obj", "obl") and not w.left and not w.right and w.form.isalpha() and w.form[0].islower():
                if self.p(0.5):
                    enclose(w, '"', '"')
                    w.left[0].hold = w.right[-1].hold = True
                    break
        return c

    # ------------------------------------------------------------------ openings, headlines, captions

    def dateline(self, body):
        """CITY, Nov. 3 (Agency) -- ..."""
        c = self.pick(self.countries)
        city = self.pick(c["cities"])
        upper = self.p(0.7)
        n = self.place_name(city)
        if upper:
            for w in n.words():
                w.form = w.form.upper()
        if self.p(0.25):
            k = self.country_node(c)
            n.r("punct", comma())
            n.r("nmod:unmarked", k)
        if self.p(0.45):
            m = self.pick(MONTHS)
            day = num(self.rng.randint(1, 30))
            mm = propn(SHORT.get(m, m))
            if mm.form in ABBREVIATIONS:
                mm.feats = ABBREVIATIONS[mm.form]
            day.l("nmod:unmarked", mm)
            mark(day, "TIME")
            n.r("punct", comma())
            n.r("nmod:unmarked", day)
        if self.p(0.55):
            a = self.build_org(dict(kind="row", words=self.one(["Interpress"], ["AFN"], ["Newswire"], ["MNA"], ["UPN"], ["Meridian", "Press"]), the=False), True)
            n.r("list", enclose(a, "(", ")"))
        dash = punct(self.one("--", "-", "—", "–", "--"), False)
        n.r("punct", dash)
        capital(body)
        n.r("parataxis", body)
        n.info["nostop"] = body.info.get("nostop")
        n.kind = None
        return n

    def byline(self):
        x = self.person()
        n = self.name_node(x["full"])
        if self.p(0.4):
            m = self.name_node(self.person()["full"])
            self.join(n, [m], serial=False)
        n.l("case", adp("By"))
        if self.p(0.25):
            n.r("punct", comma())
            n.r("appos", self.build_org(self.org_spec("agency"), True))
        return n

    def drop_articles(self, n):
        for w in n.words():
            w.left = [c for c in w.left if not (c.rel == "det" and c.form.lower() in ("the", "a", "an"))]

    def headline(self):
        """Present tense, no articles; "X to visit Y"; "Three dead in fire"; "Storm kills 12, police say"."""
        x = self.rng.random()
        self.depth += 1
        try:
            if x < 0.45:
                v = self.clause(tense="pres", light=True)
                if v.info.get("closes") or self.lowest(v) is not v:
                    pass
                elif self.p(0.4):
                    if not self.located(v):
                        v.r("obl", self.pp("in", self.place("city", True)))
                elif self.p(0.3):
                    n = self.np(self.one("att", "acc", "dis", "mtg", "war"), simple=True)
                    if n.upos != "PRON":
                        v.r("obl", self.pp(self.one("after", "in", "amid", "over"), n))
                elif self.p(0.2):
                    c = self.clause(tense="pres", light=True)
                    c.l("mark", Node("as", "SCONJ", "as", ""))
                    v.r("advcl", c)
                self.headless_passive(v)
            elif x < 0.6:
                f = self.simple_frame(self.by_subj[self.one("pol", "gov", "com", "country")])
                s = self.np(self.pick(f.subj), simple=True)
                if s.upos == "PRON":
                    s = self.org("com", True)
                    s.info["closes"] = False
                v = self.build(f, few=True)
                self.inflect(v, "inf")
                v.l("mark", self.to())
                v.l("nsubj", s)
            elif x < 0.75:
                n, how = self.number()
                if how and self.p(0.4):
                    how(n)
                a = adj("dead") if self.p(0.55) else None
                if a is None:
                    a = Node(self.one("killed", "injured", "arrested", "wounded", "missing"), "VERB", None, "Tense=Past|VerbForm=Part|Voice=Pass", "VBN")
                    a.lemma = {"killed": "kill", "injured": "injure", "arrested": "arrest", "wounded": "wound", "missing": "missing"}[a.form]
                    if a.form == "missing":
                        a = Node("missing", "ADJ", "missing", "Degree=Pos", "JJ")
                n.num = "Plur"
                if self.p(0.4):
                    m = self.bare(self.one("vic", "mil", "wrk"))
                    m.l("nummod", n)
                    n = m
                a.l("nsubj:pass" if a.upos == "VERB" else "nsubj", n)
                a.r("obl", self.pp(self.one("in", "after", "in"), self.np(self.one("att", "acc", "dis"), simple=True)))
                v = a
            elif x < 0.9:
                # Report: X
                h = self.org(self.one("agency", "gov", "com"), True) if self.p(0.5) else self.place("city", True) if self.p(0.5) else self.name_node(self.who()["short"])
                h.info["closes"] = False
                v = self.clause(tense=self.one("pres", "past"), light=True)
                self.headless_passive(v)
                h.r("punct", punct(":"))
                h.r("parataxis", v)
                v = h
            else:
                v = self.clause(tense="pres", light=True)
                self.headless_passive(v)
                s = self.said(self.bare("off") if self.p(0.6) else Node("police", "NOUN", "police", PLUR, "NNS"), "say", "pres", extra=False)
                s.left[0].num = "Plur"
                self.inflect(s, "fin", s.left[0], "Pres")
                v.r("punct", comma())
                s.l("ccomp", v)
                v = s
        finally:
            self.depth -= 1
        self.drop_articles(v)
        if self.p(0.15):
            for w in v.words():
                if w.upos in ("NOUN", "VERB", "ADJ", "ADV", "AUX", "PRON") and len(w.form) > 2 and w.form[0].islower() and not w.glue:
                    w.form = w.form.capitalize()
        v.info["nostop"] = True
        return v

    def headless_passive(self, v):
        """"Minister arrested in Cairo": the auxiliary is missing."""
        if self.p(0.75):
            aux = [c for c in v.left if c.rel == "aux:pass"]
            if len(aux) == 1 and not any(c.rel in ("aux", "advmod") for c in v.left):
                v.left = [c for c in v.left if c.rel != "aux:pass"]

    def caption(self):
        """X waves to supporters in Y on Monday. """
        n = self.person_np({"pol", "ath", "off"}, pronoun=False)
        f = self.simple_frame(self.by_subj[self.one("pol", "ath")])
        v = self.build(f, few=True)
        self.finish(v, n, "fin", "pres", light=True)
        low = self.lowest(v)
        if not self.located(low):
            low.r("obl", self.pp("in", self.place("city", True)))
        if self.p(0.6):
            d = propn(self.pick(DAYS))
            mark(d, "TIME")
            low.r("obl", self.pp("on", d))
        return v

    # ------------------------------------------------------------------ sport and money

    def score_line(self):
        """X beat Y 3-2 / won 6-4, 7-5 / a 3-2 win over Y"""
        x = self.rng.random()
        a, b = self.np(self.one("team", "ath"), simple=True, role="subj"), self.np(self.one("team", "ath"), simple=True)
        if b.upos == "PRON":
            b = self.org("team")
        b.info["closes"] = False
        if x < 0.45:
            v = self.verb_node(self.one("beat", "defeat", "rout", "beat", "edge"))
            v.kind = None
            v.r("obj", b)
        elif x < 0.7:
            v = self.verb_node(self.one("win", "lose", "draw"))
            v.kind = None
        else:
            v = self.verb_node(self.one("score", "celebrate", "suffer", "secure"))
            v.kind = None
            n = noun(self.one("win", "victory", "loss", "defeat"))
            s = self.score()
            n.l("compound", s)
            n.l("det", self.article(n))
            n.r("nmod", self.pp(self.one("over", "against"), b))
            v.r("obj", n)
            if v.lemma == "score":
                v.lemma = "secure"
        if v.lemma in ("beat", "defeat", "rout", "edge", "win", "lose", "draw"):
            s = self.score()
            if self.p(0.35):
                t = self.score()
                t.l("punct", comma())
                s.r("conj", t)
                if self.p(0.4):
                    u = self.score()
                    u.l("punct", comma())
                    s.r("conj", u)
            v.r("obl:unmarked", s)
            if v.lemma in ("win", "lose") and self.p(0.4):
                v.r("obl", self.pp("against" if v.lemma == "win" else "to", b))
        self.finish(v, a, "fin", self.one("past", "past", "past", "perf", "pluperf"), light=self.p(0.8))
        if self.p(0.5):
            v.r("obl", self.pp("in", self.np(self.one("cmp", "city"), simple=True)))
        self.adjuncts(v)
        return v

    def market(self):
        """Shares rose 3 percent to 42.10."""
        v = self.verb_node(self.one("rise", "fall", "drop", "climb", "jump", "slip", "gain", "lose", "add"))
        v.kind = None
        s = self.one(self.common("mon", True), self.org("com"), noun("share", True))
        if s.form == "shares":
            s.r("nmod", self.pp(self.one("in", "of"), self.org("com", True)))
        s.info["closes"] = False
        v.r("obl:unmarked" if v.lemma not in ("gain", "lose", "add") else "obj", self.percent())
        if self.p(0.6):
            n = self.one(num(f"{self.rng.randint(2, 99)}.{self.rng.randint(10, 99)}"), self.money(), num(f"{self.rng.randint(1, 19)},{self.rng.randint(100, 999)}"))
            v.r("obl", self.pp("to", n))
        self.finish(v, s, "fin", self.one("past", "past", "past", "perf"), light=True)
        self.adjuncts(v)
        return v

    # ------------------------------------------------------------------ lists and more

    def list_sentence(self):
        """X named three people: A, B and C. / ... including A, B and C."""
        v = self.verb_node(self.one("name", "arrest", "include", "identify", "meet", "release", "appoint", "thank"))
        v.kind = None
        n = self.np(self.one("for", "gov", "pol"), role="subj")
        if n.upos == "PRON" and "Case=Acc" in n.feats:
            n = self.pron("they")
        lst = self.named_list(self.one("off", "pol", "wrk", "bos"))
        if self.p(0.5):
            o = self.bare(self.one("off", "pol", "vic"))
            o.l("nummod", num(self.pick(WORDS[2:6])))
            if self.p(0.5):
                o.r("punct", punct(self.one(":", ":", "-", "--"), None))
                if o.right[-1].form in ("-", "--"):
                    o.right[-1].glue = False
                o.r("appos", lst)
            else:
                o.r("punct", comma())
                lst.l("case", Node("including", "VERB", "include", "Tense=Pres|VerbForm=Part", "VBG"))
                o.r("nmod", lst)
            v.r("obj", o)
        else:
            v.r("obj", lst)
        self.finish(v, n, "fin", self.one("past", "past", "perf"), light=True)
        return v

    def delegation(self):
        """X was accompanied by A, B and senior officials C and D, as well as E."""
        subj = self.person_np({"pol", "mil", "off"}, pronoun=True)
        if subj.upos == "PRON":
            subj.info["closes"] = False
        v = self.verb_node(self.one("accompany", "greet", "meet", "join", "welcome", "receive"))
        v.kind = None
        lst = self.named_list(self.one("pol", "mil", "off"))
        if self.p(0.4):
            extra = self.bare(self.one("off", "mil"))
            if self.p(0.5):
                extra.l("amod", adj(self.one("other", "senior", "top")))
            lst.r("conj", extra)
            extra.l("cc", self.cc(self.one("and", "aswell", "aswell")))
            extra.l("punct", comma())
            lst.info["closes"] = False
        self.pp("by", lst)
        v.r("obl:agent", lst)
        if self.p(0.4) and lst.info.get("closes"):
            v.r("punct", comma())
        self.finish(v, subj, "fin", "past", True, light=True)
        if not lst.info.get("closes"):
            self.adjuncts(v)
        return v

    def role_sentence(self):
        """The minister, X, ... ; X and Y's leader Z; X, a ..., and Z, the ..., ..."""
        x = self.rng.random()
        if x < 0.4:
            w = self.who()
            w["known"] += 1
            self.depth += 2
            h = self.role_np(w)
            self.depth -= 2
            if not any(c.rel == "det" for c in h.left):
                h.l("det", det("the"))
            h.info["closes"] = False
            n = self.name_node(w["full"])
            h.r("punct", comma())
            h.r("appos", n)
            h.info["closes"] = True
            h.kind = "per"
            h.info["who"] = w
            return self.clause(subj=h)
        if x < 0.6:
            w = self.who()
            h = noun(self.one("wife", "son", "brother", "daughter", "deputy", "predecessor", "lawyer", "colleague"))
            h.l("nmod:poss", self.pron(self.one("his", "her"), "gen"))
            h.r("punct", comma()) if self.p(0.5) else None
            h.info["closes"] = bool(h.right)
            h.r("appos", self.name_node(w["full"]))
            h.kind, h.info["who"] = "per", w
            return self.clause(subj=h)
        a, b = self.titled_full(appos=0.4), self.titled_full(appos=0.4)
        if a.info.get("closes"):
            b.l("cc", self.cc("and"))
            b.l("punct", comma())
            a.r("conj", b)
        else:
            self.join(a, [b])
        a.num, a.kind = "Plur", "per"
        a.info["closes"] = bool(b.info.get("closes"))
        return self.clause(subj=a)

    def question(self):
        x = self.rng.random()
        n = self.np(self.one("gov", "com", "pol"), simple=True, role="subj")
        if n.upos == "PRON" and "Case=Acc" in n.feats:
            n = self.pron("they")
        n.info["closes"] = False
        c = n.kind if n.kind in self.by_subj else "pol"
        f = self.simple_frame(self.by_subj[c])
        v = self.build(f, few=True)
        self.inflect(v, "inf")
        v.l("nsubj", n)
        first = self.modal(self.one("will", "can", "should", "could")) if self.p(0.5) else self.do(n, self.one("Past", "Pres"))
        v.l("aux", first)
        if x < 0.5:
            v.l("advmod", Node(self.one("why", "how", "when", "where"), "ADV", None, "PronType=Int", "WRB"))
            v.left[0].lemma = v.left[0].form
        elif x < 0.6 and f.obj not in ("-", "guilty"):
            o = [c for c in v.right if c.rel == "obj"]
            if o and not f.comp:
                v.right.remove(o[0])
                v.l("obj", self.pron("what"))
        v.info["stop"] = "?"
        return v

    def colon_list(self):
        """Sentence: list. """
        v = self.clause(light=True)
        return v

    def sentence(self):
        """One sentence of an article: (root, stop)."""
        kind = self.weigh(whole=30, reported=13, behind=11, quote=11, inserted=4, according=4, delegation=3.5, lists=2.5, roles=4, copula=6, score=4, market=3,
                          question=1.2, scare=1.5)
        make = dict(whole=self.whole, reported=self.reported, behind=self.behind_tag, quote=self.quote, inserted=self.inserted, according=self.according,
                    delegation=self.delegation, lists=self.list_sentence, roles=self.role_sentence, copula=self.copula, score=self.score_line, market=self.market,
                    question=self.question, scare=self.scare)[kind]
        return make()
