"""Noun phrases: names of all kinds, common nouns with what goes before and behind, times, quantities."""
import re

from nodes import Node, comma, enclose, hyphen, mark, merge_mark, punct
from words import plural, table

SING, PLUR = "Number=Sing", "Number=Plur"
DIGIT, WORD = "NumForm=Digit|NumType=Card", "NumForm=Word|NumType=Card"
WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
MONTHS = "January February March April May June July August September October November December".split()
SHORT = {"January": "Jan.", "February": "Feb.", "August": "Aug.", "September": "Sept.", "October": "Oct.",
         "November": "Nov.", "December": "Dec."}
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
COMPASS = "north south east west northeast northwest southeast southwest".split()
PEOPLE = set("off pol mil vic cri reb wrk dem ath exp bos vicq per".split())
GROUPS = dict(org="gov com ngo team inst par for", per="off pol vic wrk ath exp bos")


def propn(form, plural_=False):
    return Node(form, "PROPN", LONG.get(form, form), PLUR if plural_ else SING, "NNPS" if plural_ else "NNP")


def noun(lemma, plural_=False):
    lemma = lemma.replace("_", " ")
    n = Node(plural(lemma) if plural_ else lemma, "NOUN", lemma, PLUR if plural_ else SING, "NNS" if plural_ else "NN")
    n.num = "Plur" if plural_ else "Sing"
    return n


def adj(form):
    if form[0].isupper():
        return Node(form, "ADJ", form, "Degree=Pos", "JJ")
    n = Node(form, "ADJ")
    n.feats = n.feats or "Degree=Pos"
    return n


def adv(form):
    return Node(form, "ADV")


def adp(form):
    return Node(form, "ADP", form.lower(), "")


def det(form):
    return Node(form, "DET")


def num(value):
    s = str(value)
    digit = s[0].isdigit()
    return Node(s, "NUM", s, DIGIT if digit else WORD, "CD")


class Phrases:
    """Everything below a clause. `self.rng` is the only source of chance; `self.people` those of the document."""

    def __init__(self, rng):
        self.rng = rng
        self.names = {}
        for region, kind, names in table("names.tsv"):
            self.names.setdefault(region, {})[kind] = names.split()
        self.countries = []
        for c, a, p, the, region, cities in table("places.tsv"):
            self.countries.append(dict(name=c, adj=a, people=None if p == "-" else p, the=the != "-", region=region,
                                       cities=cities.split()))
        self.states = [(s, c.split()) for s, c in table("states.tsv")]
        self.nouns, self.by_class = [], {}
        for row in table("nouns.tsv"):
            lemma, cls, flags, comp, frame = (row + ["", "", ""])[:5]
            e = dict(lemma=lemma, cls=cls, flags=flags.strip(), comp=comp.split(), frame=frame.split())
            self.by_class.setdefault(cls, []).append(e)
        self.more = {}
        for lemma, cls in table("nouns_more.tsv"):
            self.more.setdefault(cls, []).append(dict(lemma=lemma, cls=cls, flags="", comp=[], frame=[]))
        self.words = {u: w.split() for u, w in table("words_more.tsv")}
        self.adjs = {}
        for classes, words in table("adjectives.tsv"):
            for c in classes.split(","):
                self.adjs.setdefault(c, []).extend(words.split())
        self.before, self.behind = {}, {}
        for row in table("roles.tsv"):
            (self.before if row[0] == "b" else self.behind).setdefault(row[1], []).append(row[2:])
        self.roles = {}
        for role, kind in table("roles_more.tsv"):
            if not role.endswith(("man", "woman", "ess")):
                for k in {"profession": ("wrk", "exp"), "office": ("pol", "off"), "rank": ("mil",)}[kind]:
                    self.roles.setdefault(k, []).append([f"{role}/NOUN/*"])
        self.parts = {k: v.split() for k, v in table("names_parts.tsv")}
        self.people = []
        self.orgs = {}
        self.depth = 0

    # ------------------------------------------------------------------ chance

    def p(self, x):
        return self.rng.random() < x

    def one(self, *xs):
        return self.rng.choice(xs)

    def pick(self, xs):
        return self.rng.choice(xs)

    def weigh(self, **weights):
        return self.rng.choices(list(weights), list(weights.values()))[0]

    # ------------------------------------------------------------------ people

    def person(self, role=None):
        c = self.pick(self.countries)
        region = c["region"]
        if self.p(0.25):
            region, c = "english", self.pick([x for x in self.countries if x["region"] == "english"])
        t = self.names[region]
        sex = self.one("m", "m", "f")
        role = role or self.one("pol", "pol", "off", "mil", "bos", "ath", "exp", "wrk", "vic", "cle")
        if "two" in t:  # family name first
            two = t["two"]
            a, b = self.rng.sample(two, 2)
            form = self.weigh(hyphen=3, joined=2, apart=3, single=2)
            if region == "chinese":
                form = self.one("joined", "single", "apart")
            given = {"hyphen": [a, "-", b.lower()], "joined": [a + b.lower()], "apart": [a, b], "single": [a]}[form]
            family = [self.pick(t["family"])]
            full, short = family + given, family
        else:
            given = [self.pick(t.get(sex) or t["m"])]
            family = [self.pick(t["family"])]
            if given[0] == "Jean-Claude":
                given = ["Jean", "-", "Claude"]
            if region == "spanish" and self.p(0.3):
                second = self.pick(t["family"])
                if second != family[0]:
                    family = family + [second]
            if region in ("arabic",) and self.p(0.45):
                family = [self.one("al", "al", "Al"), "-", self.pick(t["nisba"])]
            elif region == "arabic" and self.p(0.1):
                family = ["bin", family[0]]
            elif region == "dutch" and self.p(0.3):
                family = ["van", "der", family[0]] if self.p(0.4) else ["van", family[0]]
            elif region == "german" and self.p(0.05):
                family = ["von", family[0]]
            elif region == "french" and self.p(0.06):
                family = ["de", family[0]]
            elif region == "english" and self.p(0.04):
                other = self.pick(t["family"])
                family = [family[0], "-", other]
            if region == "english" and self.p(0.16):
                given = given + [self.pick("ABCDEFGHJKLMPRSTW") + "."]
            elif region == "english" and self.p(0.04):
                given = [self.pick("ABCDEFGHJKLMPRSTW") + "." + self.pick("BDJKLPRT") + "."]
            elif region in ("english", "spanish") and self.p(0.06):
                given = given + [self.pick(t[sex])]
            elif region in ("arabic", "african", "indian", "persian") and self.p(0.12):
                given = given + [self.pick(t["m"])]
            full, short = given + family, family
            if region == "english" and sex == "m" and self.p(0.03):
                full = full + [self.one("Jr.", "Sr.", "III")]
            if "Ben-Ari" in full:
                full = full[:-1] + ["Ben", "-", "Ari"]
                short = ["Ben", "-", "Ari"]
        return dict(full=full, short=short, sex=sex, role=role, country=c, age=self.rng.randint(18, 84), known=0)

    def name_node(self, tokens):
        head = propn(tokens[0])
        glue = False
        dash = None
        for t in tokens[1:]:
            if t == "-":
                dash = hyphen(None)
                glue = True
                continue
            n = propn(t)
            n.glue = glue
            if dash:
                n.l("punct", dash)
                dash = None
            glue = False
            head.r("flat", n)
        return mark(head, "PERSON")

    def pronoun(self, who, case="nom"):
        sex = who["sex"]
        forms = {"nom": ("he", "she"), "acc": ("him", "her"), "gen": ("his", "her"), "refl": ("himself", "herself")}[case]
        f = forms[0] if sex == "m" else forms[1]
        return self.pron(f, case)

    def pron(self, f, case="nom"):
        table_ = {
            "he": ("he", "Case=Nom|Gender=Masc|Number=Sing|Person=3|PronType=Prs"),
            "him": ("he", "Case=Acc|Gender=Masc|Number=Sing|Person=3|PronType=Prs"),
            "his": ("his", "Case=Gen|Gender=Masc|Number=Sing|Person=3|Poss=Yes|PronType=Prs"),
            "she": ("she", "Case=Nom|Gender=Fem|Number=Sing|Person=3|PronType=Prs"),
            "it": ("it", "Case=%s|Gender=Neut|Number=Sing|Person=3|PronType=Prs" % ("Nom" if case == "nom" else "Acc")),
            "its": ("its", "Case=Gen|Gender=Neut|Number=Sing|Person=3|Poss=Yes|PronType=Prs"),
            "they": ("they", "Case=Nom|Number=Plur|Person=3|PronType=Prs"),
            "them": ("they", "Case=Acc|Number=Plur|Person=3|PronType=Prs"),
            "their": ("their", "Case=Gen|Number=Plur|Person=3|Poss=Yes|PronType=Prs"),
            "himself": ("himself", "Case=Acc|Gender=Masc|Number=Sing|Person=3|PronType=Prs|Reflex=Yes"),
            "herself": ("herself", "Case=Acc|Gender=Fem|Number=Sing|Person=3|PronType=Prs|Reflex=Yes"),
            "we": ("we", "Case=Nom|Number=Plur|Person=1|PronType=Prs"),
            "us": ("we", "Case=Acc|Number=Plur|Person=1|PronType=Prs"),
            "our": ("our", "Case=Gen|Number=Plur|Person=1|Poss=Yes|PronType=Prs"),
            "i": ("I", "Case=Nom|Number=Sing|Person=1|PronType=Prs"),
            "me": ("I", "Case=Acc|Number=Sing|Person=1|PronType=Prs"),
            "my": ("my", "Case=Gen|Number=Sing|Person=1|Poss=Yes|PronType=Prs"),
            "you": ("you", "Case=Nom|Person=2|PronType=Prs"),
            "who": ("who", "PronType=Rel"), "which": ("which", "PronType=Rel"), "that": ("that", "PronType=Rel"),
            "whom": ("whom", "PronType=Rel"), "whose": ("whose", "Poss=Yes|PronType=Rel"),
            "there": ("there", ""), "what": ("what", "PronType=Int"),
        }
        if f == "her":
            lemma, feats = ("her", "Case=Gen|Gender=Fem|Number=Sing|Person=3|Poss=Yes|PronType=Prs") if case == "gen" else \
                ("she", "Case=Acc|Gender=Fem|Number=Sing|Person=3|PronType=Prs")
        else:
            lemma, feats = table_[f]
        n = Node("I" if f == "i" else f, "PRON", lemma, feats)
        n.num = "Plur" if f in ("they", "them", "we", "us", "you") else "Sing"
        if f in ("i", "we", "you"):
            n.info["person"] = {"i": 1, "we": 1, "you": 2}[f]
        return n

    def title(self, role, lower=None):
        rows = self.before.get(role) or self.before["wrk"]
        return self.tree(self.pick(rows)[0])

    def tree(self, spec, plural_=False):
        """A title or role from its description."""
        parts = [x.rsplit("/", 2) for x in spec.split()]
        at = next(i for i, x in enumerate(parts) if x[2] == "*")
        f, u, _ = parts[at]
        if u == "NOUN":
            head = noun(f, plural_)
        else:
            head = propn(f)
            if plural_:
                head = propn(plural(f), True)
                head.lemma = f
                head.num = "Plur"
            if f in ABBREVIATIONS:
                head.feats = ABBREVIATIONS[f]
        for f, u, r in reversed(parts[:at]):
            head.l(r, self.small(f, u))
        rest = parts[at + 1:]
        case = None
        for f, u, r in rest:
            if r == "case":
                case = adp(f)
                continue
            n = self.small(f, u)
            if case:
                n.l("case", case)
                case = None
            head.r(r, n)
        return head

    def small(self, f, u):
        if u == "NOUN" and f in PLURALS:
            x = noun(PLURALS[f], True)
            return x
        if u == "NOUN":
            return noun(f)
        if u == "VERB":
            return Node(f, "VERB", f[:-3] + ("e" if f == "managing" else ""), "Tense=Pres|VerbForm=Part", "VBG")
        if u == "ADJ":
            return Node(f, "ADJ", f if f[0].isupper() else f, "Degree=Pos", "JJ")
        n = propn(f)
        if f in ABBREVIATIONS:
            n.feats = ABBREVIATIONS[f]
        return n

    def org_compound(self, role, c):
        """A word for where somebody holds office: "U.S.", "Apple", "Iraqi"."""
        if role in ("pol", "mil") or role == "off" and self.p(0.5):
            return self.nationality(c)
        if role in ("bos",):
            return ("compound", self.org("com", short=True))
        if role in ("ath",):
            return ("compound", self.org("team", short=True))
        if role in ("off",):
            return ("compound", self.org("gov", short=True))
        return None

    def nationality(self, c):
        if c["name"] == "U.S." or c["name"] == "U.K." or self.p(0.1) and c["name"] not in ("Netherlands", "Philippines"):
            return ("compound", self.country_node(c))
        return ("amod", self.demonym(c))

    def demonym(self, c):
        a = c["adj"].split("_")
        head = Node(a[-1], "ADJ", a[-1], "Degree=Pos", "JJ")
        for x in a[:-1]:
            head.l("compound", propn(x))
        return mark(head, "NORP")

    def who(self, role=None):
        """Somebody of the document, or a new one."""
        known = [x for x in self.people if role is None or x["role"] in role]
        if known and self.p(0.75):
            return self.pick(known)
        x = self.person(self.pick(sorted(role)) if role else None)
        if len(self.people) < 7:
            self.people.append(x)
        return x

    def person_np(self, role=None, rich=None, who=None, pronoun=True):
        """A person by name: with title, behind the title's office, with age, apposition, or short."""
        who = who or self.who(role)
        full = who["known"] == 0 or self.p(0.22)
        who["known"] += 1
        if rich is False or not full:
            if pronoun and who["known"] > 1 and self.p(0.25) and rich is None:
                n = self.pronoun(who)
                n.kind, n.info["who"] = "per", who
                return n
            n = self.name_node(who["short"] if not full else who["full"])
            if not full and self.p(0.12):
                t = self.title("pol") if who["role"] == "pol" else propn(self.one("Mr.", "Dr.") if who["sex"] == "m" else self.one("Ms.", "Mrs.", "Dr."))
                if t.form in ABBREVIATIONS:
                    t.feats = ABBREVIATIONS[t.form]
                n.l("nmod:desc", t)
            n.kind, n.info["who"] = "per", who
            return n
        n = self.name_node(who["full"])
        n.kind, n.info["who"] = "per", who
        role_ = who["role"]
        # titles: one for each person that stays
        if role_ != "vic" and ("title" in who or self.p(0.62)):
            spec = who.setdefault("title", self.office(role_))
            spec = self.fit(spec, who["sex"])
            who["title"] = spec
            t = self.tree(spec)
            if t.upos == "NOUN" and self.p(0.12):
                t.l("amod", self.adj_np(self.one("senior", "top", "former", "prominent", "veteran", "longtime", "retired")))
                if t.left[0].form == "longtime":
                    t.left[0].lemma = "longtime"
            x = self.org_compound(role_, who["country"]) if self.p(0.45) and t.form not in ("Mr.", "Ms.", "Mrs.", "Dr.", "King", "Queen") else None
            if x:
                t.l(x[0], x[1])
            if self.p(0.09) and t.form not in ("Mr.", "Ms.", "Mrs.", "Dr.", "King", "Queen", "Miss"):
                t.l("amod", self.adj_np("former"))
            elif t.upos == "NOUN" and self.p(0.06):
                t.l("amod", adj(self.one("interim", "acting", "senior", "deputy")))
            elif self.p(0.05) and t.form not in ABBREVIATIONS and t.form not in ("King", "Queen", "Miss") and not x:
                # then-President
                a = adv("then")
                a.r("punct", hyphen(None))
                t.first().glue = True
                t.l("advmod", a)
            elif t.form in ("President", "Governor", "Mayor", "Premier", "Chancellor") and not t.left and self.p(0.15):
                e = Node("elect", "ADJ", "elect", "Degree=Pos", "JJ")
                e.glue = True
                e.l("punct", hyphen(None))
                t.r("amod", e)
            n.l("nmod:desc", t)
        extra = self.rng.random()
        if self.depth < 2 and rich is not False:
            if extra < 0.14:
                n.r("punct", comma())
                n.r("amod", num(who["age"]))
                if self.p(0.45):
                    n.r("punct", comma())
                    n.r("appos", self.role_np(who))
                elif self.p(0.4):
                    n.r("punct", comma())
                    n.r("nmod", self.pp(self.one("of", "from"), self.place("city")))
                n.info["closes"] = True
            elif extra < 0.34:
                n.r("punct", comma())
                n.r("appos", self.role_np(who))
                n.info["closes"] = True
            elif extra < 0.38 and role_ == "pol" and who["country"]["name"] == "U.S." or extra < 0.345 and role_ == "pol":
                self.affiliation(n)
            elif extra < 0.41:
                pl = self.pp(self.one("of", "from"), self.place("city"))
                n.r("nmod", pl)
            elif extra < 0.45 and not any(c.rel == "nmod:desc" for c in n.left):
                # a 34-year-old teacher's age before the name
                n.l("amod", self.years_old(who["age"]))
        return n

    def affiliation(self, n):
        a = propn(self.one("D", "R", "I"))
        b = propn(self.pick(self.states[:15])[0])
        dash = punct("-", True)
        dash.hold = True
        b.glue = True
        b.l("punct", dash)
        mark(b, "PLACE", [b])
        a.r("appos", b)
        n.r("appos", enclose(a, "(", ")"))

    def fit(self, spec, sex):
        if sex == "m":
            return spec.replace("Ms.", "Mr.").replace("Mrs.", "Mr.").replace("Miss/", "Mr./").replace("Queen", "King").replace("spokeswoman", "spokesman")
        return spec.replace("Mr.", "Ms.").replace("King", "Queen").replace("Prince/", "Princess/").replace("spokesman", "spokeswoman") \
            .replace("chairman", "chairwoman").replace("Congressman", "Congresswoman").replace("Father/", "Sister/").replace("Pope", "Queen") \
            .replace("Cardinal", "Sister").replace("Bishop", "Sister").replace("Archbishop", "Sister").replace("Archsister", "Sister")

    def years_old(self, age):
        """34-year-old"""
        old = Node("old", "ADJ", "old", "Degree=Pos", "JJ")
        year = Node("year", "NOUN", "year", SING, "NN")
        n = num(age)
        d1, d2 = hyphen(None), hyphen(None)
        n.r("punct", d1)
        year.l("nummod", n)
        year.glue = True
        year.r("punct", d2)
        old.glue = True
        return old.l("obl:unmarked", year)

    def role_np(self, who):
        """What somebody is: "the foreign minister of Lustria", "a nurse from Leeds"."""
        rows = self.behind.get(who["role"]) or self.behind["wrk"]
        spec, follow = (self.pick(rows) + [""])[:2]
        n = self.tree(self.fit(spec, who["sex"]))
        if follow and self.p(0.85):
            prep, cls = follow.split(":")
            if cls == "country":
                n.r("nmod", self.pp(prep, self.det_country(who["country"])))
            else:
                n.r("nmod", self.pp(prep, self.np(cls, simple=True)))
        elif self.p(0.5):
            r, x = self.nationality(who["country"])
            n.l(r, x)
        if self.p(0.1):
            n.l("amod", self.adj_np("former"))
        n.l("det", det("the") if n.form not in ("professor", "analyst", "economist", "expert", "reporter", "nurse", "teacher", "lawyer",
                                               "mother", "spokesman", "spokeswoman") else self.article(n))
        if self.p(0.12):
            n.left.pop(0)
        n.kind, n.num = who["role"], "Sing"
        if self.depth < 1 and self.p(0.12):
            self.depth += 1
            c = self.relative(n, "pol" if who["role"] not in PEOPLE else who["role"])
            self.depth -= 1
        return n

    def article(self, n):
        f = n.first().form
        return det("an" if f[0].lower() in "aeiou" and not f.startswith(("uni", "one", "U.", "Eu", "eu", "us")) or f in ("hour", "honor")
                   or f[:1] == "8" and not f.startswith(("8,0",)) or f in ("11", "18") else "a")

    def adj_np(self, form):
        if "_" in form:
            a, b = form.split("_")
            n = adj(b)
            n.l("advmod", adv(a))
            return n
        if "-" in form and not form.startswith(("anti-", "non", "ex-")):
            return self.hyphenated(form)
        participle = {"masked": "mask", "wanted": "want", "convicted": "convict", "elected": "elect", "displaced": "displace",
                      "injured": "injure", "disputed": "dispute", "stolen": "steal", "damaged": "damage", "destroyed": "destroy",
                      "abandoned": "abandon", "proposed": "propose", "failed": "fail", "attempted": "attempt", "alleged": "allege",
                      "retired": "retire", "coordinated": "coordinate"}
        if form in participle:
            active = form in ("failed", "retired")
            return Node(form, "VERB", participle[form], "Tense=Past|VerbForm=Part" + ("" if active else "|Voice=Pass"), "VBN")
        if form in ("ruling", "leading", "rising", "visiting", "struggling", "promising"):
            return Node(form, "VERB", {"ruling": "rule", "leading": "lead", "rising": "rise", "visiting": "visit", "struggling": "struggle",
                                       "promising": "promise"}[form], "Tense=Pres|VerbForm=Part", "VBG")
        if form in ("record", "draft", "student", "terrorist"):
            return noun(form)
        return adj(form)

    def hyphenated(self, form):
        a, b = form.split("-")
        special = {"state-owned": ("compound", "NOUN", "VERB", "own"), "left-wing": ("amod", "ADJ", "NOUN", "wing"),
                   "high-level": ("amod", "ADJ", "NOUN", "level")}
        rel, u1, u2, lemma = special[form]
        h = Node(b, u2, lemma, "Tense=Past|VerbForm=Part|Voice=Pass" if u2 == "VERB" else SING, "VBN" if u2 == "VERB" else "NN")
        h.glue = True
        x = Node(a, u1, a, SING if u1 == "NOUN" else "Degree=Pos", "NN" if u1 == "NOUN" else "JJ")
        x.r("punct", hyphen(None))
        h.l(rel, x)
        h.info["as"] = "compound" if u2 == "NOUN" else "amod"
        return h

    # ------------------------------------------------------------------ places and bodies

    MULTI = {"New York": ("amod", 1), "New Delhi": ("amod", 1), "New Orleans": ("amod", 1), "San Diego": ("flat", 0), "San Francisco": ("flat", 0),
             "Los Angeles": ("flat", 0), "Hong Kong": ("flat", 0), "Sri Lanka": ("flat", 0), "Saudi Arabia": ("amod", 1), "South Korea": ("compound", 1),
             "North Korea": ("compound", 1), "South Africa": ("compound", 1), "Port Moresby": ("compound", 1), "Las Vegas": ("flat", 0),
             "Kuala Lumpur": ("flat", 0), "Buenos Aires": ("flat", 0), "Addis Ababa": ("flat", 0), "Tel Aviv": ("flat", 0), "Cape Town": ("compound", 1),
             "Mexico City": ("compound", 1), "Sao Paulo": ("flat", 0), "New Zealand": ("flat", 0), "Sierra Leone": ("flat", 0),
             "East Timor": ("compound", 1), "Rio": None, "Ho Chi Minh City": None}

    def place_name(self, name):
        parts = name.split()
        if len(parts) == 1:
            n = propn(name)
            if name in ABBREVIATIONS:
                n.feats = ABBREVIATIONS[name]
        else:
            rel, at = self.MULTI[name]
            n = propn(parts[at])
            o = propn(parts[1 - at]) if rel != "amod" else Node(parts[0], "ADJ", parts[0], "Degree=Pos", "NNP")
            (n.r if at == 0 else n.l)(rel, o)
        mark(n, "PLACE")
        n.kind = "city"
        return n

    def country_node(self, c):
        n = self.place_name(c["name"])
        n.kind = "country"
        return n

    def det_country(self, c):
        n = self.country_node(c)
        if c["the"]:
            n.l("det", det("the"))
        return n

    def place(self, cls, simple=False):
        if cls == "country":
            c = self.pick(self.countries)
            if self.p(0.06):
                n = self.place_name(self.one("South Korea", "North Korea", "Saudi Arabia", "South Africa", "Sri Lanka", "New Zealand", "Sierra Leone"))
                n.kind = "country"
                return n
            if self.p(0.07):
                return self.united()
            return self.det_country(c)
        if cls == "state":
            n = self.place_name(self.pick(self.states)[0])
            n.kind = "state"
            return n
        if cls == "city":
            r = self.rng.random()
            if r < 0.12:
                return self.place_name(self.pick([k for k, v in self.MULTI.items() if v and k not in (
                    "Sri Lanka", "Saudi Arabia", "South Korea", "North Korea", "South Africa", "New Zealand", "Sierra Leone", "East Timor")]))
            if r < 0.3 and not simple:
                s, cities = self.pick(self.states)
                n = self.place_name(self.pick(cities))
                n.r("punct", comma())
                n.r("nmod:unmarked" if self.p(0.6) else "appos", self.place_name(s))
                n.info["closes"] = True
                return n
            c = self.pick(self.countries)
            n = self.place_name(self.pick(c["cities"]))
            if self.p(0.1) and not simple:
                n.r("punct", comma())
                n.r("nmod:unmarked" if self.p(0.6) else "appos", self.country_node(c))
                n.info["closes"] = True
            elif r < 0.5 and not simple:
                # "the southern city of X", "the capital, X"
                h = noun(self.one("city", "city", "town", "port", "village"))
                n.l("case", adp("of"))
                h.r("nmod", n)
                if self.p(0.35):
                    h.l("amod", self.demonym(c)) if c["adj"] else None
                elif self.p(0.25):
                    h.l("nmod:poss", self.genitive(self.det_country(c)))
                    return self.typed(h, "city", "Sing")
                if self.p(0.6):
                    h.l("amod", self.adj_np(self.one("northern", "southern", "eastern", "western", "coastal", "central")))
                h.l("det", det("the"))
                return self.typed(h, "city", "Sing")
            elif r < 0.55 and not simple:
                # "northern Iraq"
                n = self.country_node(c)
                n.l("amod", adj(self.one("northern", "southern", "eastern", "western", "central")))
                n.kind = "city"
                return n
            return n
        if cls == "region":
            r = self.rng.random()
            c = self.pick(self.countries)
            if r < 0.35:
                n = self.country_node(c)
                n.l("amod", adj(self.one("northern", "southern", "eastern", "western", "central")))
                return self.typed(n, "region", "Sing")
            if r < 0.6:
                n = self.place_name(self.pick(self.states)[0])
                k = noun(self.one("province", "region", "district", "county"))
                if self.p(0.5):
                    k = propn(k.form.capitalize())
                    k.l("compound", n)
                    n.ent = []
                    mark(k, "PLACE")
                else:
                    k.l("compound", n)
                if k.upos == "NOUN" or self.p(0.3):
                    k.l("det", det("the"))
                return self.typed(k, "region", "Sing")
            if r < 0.8:
                return self.common("reg")
            n = self.pick(["Sahel", "Balkans", "Caucasus", "Gulf", "Amazon"])
            n = propn(n, n == "Balkans")
            if n.form == "Balkans":
                n.lemma = "Balkans"
            mark(n, "PLACE")
            n.l("det", det("the"))
            return self.typed(n, "region", "Sing")
        raise KeyError(cls)

    def united(self):
        x, y = self.one(("United", "States"), ("United", "States"), ("United", "Kingdom"), ("European", "Union"), ("United", "Nations"))
        n = propn(y, y in ("States", "Nations"))
        if y in ("States", "Nations"):
            n.lemma = y[:-1]
        if x == "United" and self.p(0.5):
            a = Node("United", "VERB", "Unite", "Tense=Past|VerbForm=Part", "NNP")
        else:
            a = Node(x, "ADJ", x, "Degree=Pos", "NNP")
        n.l("amod", a)
        mark(n, "ORG" if y in ("Union", "Nations") else "PLACE")
        n.l("det", det("the"))
        return self.typed(n, "country", "Sing")

    def typed(self, n, kind, number):
        n.kind, n.num = kind, number
        return n

    def genitive(self, n):
        """X's: a range of two words in the treebanks."""
        last = n.last()
        s = Node("'" if last.form.endswith("s") and (last.num == "Plur" or "Plur" in last.feats) else "'s", "PART", "'s", "", "POS")
        s.glue = s.fused = True
        n.r("case", s)
        return n

    def org(self, cls, short=False):
        """The name of a body."""
        known = self.orgs.setdefault(cls, [])
        if known and self.p(0.45):
            n = self.build_org(self.pick(known), short)
        else:
            spec = self.org_spec(cls)
            if len(known) < 3:
                known.append(spec)
            n = self.build_org(spec, short)
        n.kind = cls
        return n

    def org_spec(self, cls):
        one, P = self.pick, self.parts
        c = self.pick(self.countries)
        fam = self.pick(self.names[self.pick(["english", "english", "german", "french", "spanish", "italian", "nordic", "japanese", "slavic", "indian"])]["family"]).split("-")[0]
        if "'" in fam:
            fam = "Hartwell"
        coin = one(P["coin1"]) + one(P["coin2"])
        if cls == "com":
            a = self.one([fam], [coin], [fam], [coin], [self.pick(c["cities"])])
            tail = one(P["company"]).split("_")
            if a == [coin] and self.p(0.35):
                tail = []
            return dict(kind="row", words=a + tail, the=False)
        if cls == "team":
            city = self.pick(c["cities"])
            return dict(kind="row", words=[city, one(P["team"])], the=self.p(0.5))
        if cls == "inst":
            city = self.pick(c["cities"])
            r = self.rng.random()
            if r < 0.4:
                return dict(kind="of", head="University", of=city, place=True, the=True)
            if r < 0.7:
                return dict(kind="row", words=[self.one(city, fam, city), one(["University", "College", "Institute", "Hospital", "Clinic"])], the=False)
            return dict(kind="of", head="Institute", left=[one(["National", "Royal", "Max"])] if self.p(0.5) else [], of=one(["Technology", "Health", "Economics", "Science"]), the=True)
        if cls == "gov":
            r = self.rng.random()
            if r < 0.3:
                return dict(kind="row", words=one(P["ministry"]).split("_"), country=c if self.p(0.45) else None, the=True)
            if r < 0.45:
                return dict(kind="of", head="Ministry", of=one(["Defense", "Justice", "Health", "Finance", "Agriculture", "Education", "Labor"]), country=c if self.p(0.4) else None, the=True)
            if r < 0.52:
                return dict(kind="of", head=one(["House", "Chamber", "Council"]), of="Representatives|Deputies|Ministers".split("|")[self.rng.randint(0, 2)], country=c if self.p(0.3) else None, the=True)
            if r < 0.6:
                return dict(kind="of", head="Department", of=one(["Energy", "Justice", "Transportation", "Agriculture", "Defense"]), country=None, the=True)
            return dict(kind="row", words=one(P["body"]).split("_"), country=c if self.p(0.4) else None, the=True)
        if cls == "cou":
            return dict(kind="row", words=one(["Supreme_Court", "Constitutional_Court", "High_Court", "Court"]).split("_"), country=c if self.p(0.4) else None, the=True) if self.p(0.7) \
                else dict(kind="of", head="Court", of="Appeals", the=True, left=[])
        if cls == "par":
            r = self.rng.random()
            if r < 0.3:
                return dict(kind="poss", a="People", words=one(["Party", "Front", "Alliance"]).split("_"), the=True)
            return dict(kind="row", words=one(P["partyadj"]).split("_") + [one(["Party", "Party", "Union", "Front", "Alliance", "Movement", "Coalition"])], the=True)
        if cls == "reb":
            r = self.rng.random()
            if r < 0.5:
                return dict(kind="row", words=[one(["Karsk", "Anbar", "Rohil", "Sarbaz", "Moro", "Delta"]), "Liberation", one(["Front", "Army", "Movement"])], the=True)
            if r < 0.8:
                return dict(kind="of", head=one(["Army", "Brigades", "Soldiers", "Sons"]), of=one(["Martyrs", "God", "Freedom", "Victory"]), the=True)
            return dict(kind="row", words=["Red", one(["Falcons", "Dawn", "Star"])], the=True)
        if cls == "ngo":
            r = self.rng.random()
            if r < 0.25:
                return dict(kind="prep", head=one(["Doctors", "Lawyers", "Reporters", "Mothers", "Engineers"]), prep="for", of=one(["Peace", "Justice", "Democracy"]), the=False)
            if r < 0.5:
                return dict(kind="row", words=[one(["Global", "Clear", "Open", "Rights"]), one(["Witness", "Watch", "Aid"])], the=False)
            return dict(kind="row", words=[one(["World", "International", "National", "European"]), one(["Relief", "Food", "Press", "Trade", "Health", "Refugee"]),
                                           one(["Union", "Fund", "Association", "Committee", "Federation", "Program"])], the=True)
        if cls == "for":
            return dict(kind="row", words=one(["Navy", "Army", "Air_Force", "National_Guard", "Coast_Guard", "Marine_Corps", "Federal_Police"]).split("_"), country=c if self.p(0.5) else None, the=True)
        if cls == "agency":
            return dict(kind="row", words=one([["Interpress"], [self.pick(c["cities"]), "Press"], ["Meridian", "News", "Agency"], ["Channel", "Nine"], ["Daily", "Courier"],
                                               ["Evening", "Ledger"], ["State", "News", "Agency"], ["KRTV"], ["Newswire"]]), the=False)
        raise KeyError(cls)

    ADJECTIVES = set("Human Foreign Federal National Supreme Constitutional High International European Democratic Liberal Conservative Social Socialist "
                     "Christian Islamic Patriotic Green Republican Revolutionary Civic Central Royal Red Global Clear Open Daily Civil Marine_ "
                     "Nuclear Environmental Atomic Electoral Parliamentary Criminal Daily".split())

    def row_word(self, w):
        if w in self.ADJECTIVES:
            return "amod", Node(w, "ADJ", w, "Degree=Pos", "NNP")
        if w in ("Airlines", "Motors", "Foods", "Industries", "Holdings", "Technologies", "Systems", "Affairs", "Services", "Securities", "Pharmaceuticals", "Rights", "Resources",
                 "Rovers", "Hawks", "Wolves", "Raiders", "Bulls", "Lions", "Kings", "Blazers", "Falcons", "Wanderers", "Rangers", "Brigades", "Soldiers", "Sons",
                 "Doctors", "Lawyers", "Reporters", "Mothers", "Engineers", "Representatives", "Deputies", "Ministers", "Martyrs", "Appeals", "Partners", "Broncos"):
            n = propn(w, True)
            n.lemma = {"Industries": "Industry", "Technologies": "Technology", "Securities": "Security", "Deputies": "Deputy", "Wolves": "Wolf"}.get(w, w[:-1])
            return "compound", n
        n = propn(w)
        if w in ABBREVIATIONS:
            n.feats = ABBREVIATIONS[w]
        return "compound", n

    def build_org(self, spec, short=False):
        kind = spec["kind"]
        if kind == "row":
            _, head = self.row_word(spec["words"][-1])
            for w in reversed(spec["words"][:-1]):
                r, x = self.row_word(w)
                head.l(r, x)
        elif kind in ("of", "prep"):
            _, head = self.row_word(spec["head"])
            _, x = self.row_word(spec["of"])
            x.l("case", adp(spec.get("prep", "of")))
            head.r("nmod", x)
            for w in reversed(spec.get("left") or []):
                r, y = self.row_word(w)
                head.l(r, y)
        else:
            head = propn(spec["words"][-1])
            a = Node("People", "NOUN", "people", PLUR, "NNPS")
            a = propn("People", True)
            a.lemma = "People"
            head.l("nmod:poss", self.genitive_s(a))
        c = spec.get("country")
        if c:
            r, x = self.nationality(c)
            for w in x.words():
                w.ent = []
            head.l(r, x)
        mark(head, "ORG")
        head.num = "Sing"
        if "Plur" in head.feats and spec["words" if "words" in spec else "head"] and head.form in (
                "Rovers", "Hawks", "Wolves", "Raiders", "Bulls", "Lions", "Kings", "Blazers", "Wanderers", "Rangers", "Broncos", "Brigades", "Soldiers", "Sons", "Doctors", "Lawyers", "Reporters", "Mothers", "Engineers", "Falcons"):
            head.num = "Plur"
        if spec["the"] and not short:
            head.l("det", det("the"))
        # "(WRU)"
        words = [w.form for w in head.words() if w.upos in ("PROPN", "ADJ") and w.form[0].isupper() and w.form not in ABBREVIATIONS]
        if not short and kind == "row" and len(spec["words"]) > 2 and self.p(0.22) and not c:
            ab = propn("".join(w[0] for w in spec["words"]))
            mark(ab, "ORG")
            head.r("appos", enclose(ab, "(", ")"))
        return head

    def genitive_s(self, n):
        s = Node("'s", "PART", "'s", "", "POS")
        s.glue = s.fused = True
        return n.r("case", s)

    # ------------------------------------------------------------------ common nouns

    def np(self, cls, simple=False, number=None, role="obj"):
        """A noun phrase of one of the classes (comma-separated)."""
        cls = self.pick([c for c in cls.split(",")])
        if cls in GROUPS:
            cls = self.pick(GROUPS[cls].split())
        if cls in ("city", "country", "state", "region"):
            return self.place(cls, simple)
        if cls == "vicq":
            return self.victims()
        if cls == "goal":
            return self.goal()
        if cls == "sum":
            return self.money()
        if cls == "guilty":
            n = adj("guilty")
            return n
        r = self.rng.random()
        deep = self.depth >= 2 or simple
        named = {"pol": .5, "off": .3, "mil": .22, "bos": .45, "ath": .5, "exp": .25, "wrk": .12, "vic": .15, "cri": .12, "gov": .35, "com": .6, "team": .7,
                 "inst": .7, "par": .6, "reb": .2, "ngo": .5, "for": .15, "cou": .25}.get(cls, 0)
        if r < named and number != "Plur":
            if cls in PEOPLE:
                if not deep and self.p(0.13):
                    return self.named_list(cls)
                role_ = {"cri": "vic"}.get(cls, cls)
                return self.person_np({role_}, rich=False if deep and self.p(0.6) else None, pronoun=role == "subj")
            n = self.org(cls)
            if cls == "com" and self.p(0.06) and not deep:
                n = self.wrap_company(n)
            return self.maybe_coord(n, cls, deep)
        if cls in ("pol", "off", "exp", "dem", "vic", "wrk") and self.p(0.03):
            return self.people_of()
        if cls in ("war", "cmp") and self.p(0.18) or cls == "ele" and self.p(0.1):
            return self.event_name(cls)
        if cls == "law" and self.p(0.12):
            return self.law_name()
        if cls == "wea" and self.p(0.25):
            return self.weapon()
        if cls == "veh" and self.p(0.08):
            return self.weapon(True)
        n = self.common(cls, deep, number)
        return self.maybe_coord(n, cls, deep)

    def maybe_coord(self, n, cls, deep):
        if deep and self.depth > 2 or not self.p(0.13) or n.info.get("closes"):
            return n
        self.depth += 1
        m = self.common(cls, True, None, fresh=n.lemma) if self.p(0.6) else self.np(cls, simple=True)
        self.depth -= 1
        if m.upos == "PRON":
            return n
        cc = self.weigh(**{"and": 8, "or": 1, "aswell": 1.6, "both": 1, "rather": 0.5, "instead": 0.5, "along": 0.8, "including": 0.8})
        if cc == "along":
            m.l("case", adp("with"))
            m.l("case", adp("along"))
            n.r("punct", comma()) if self.p(0.6) else None
            n.r("nmod", m)
            return n
        if cc == "including" and n.num == "Plur":
            m.l("case", Node("including", "VERB", "include", "Tense=Pres|VerbForm=Part", "VBG"))
            n.r("punct", comma())
            n.r("nmod", m)
            n.info["closes"] = True
            return n
        if cc in ("instead", "rather", "including"):
            cc = "and"
        if cc == "both":
            n.l("cc:preconj", Node("both", "CCONJ", "both", ""))
            cc = "and"
        self.join(n, [m], cc)
        return n

    def cc(self, kind):
        if kind == "aswell":
            a = Node("as", "ADV", "as", "ExtPos=CCONJ", "RB")
            a.r("fixed", Node("well", "ADV", "well", "Degree=Pos", "RB"))
            a.r("fixed", Node("as", "ADP", "as", "", "IN"))
            return a
        return Node(kind, "CCONJ", kind, "", "CC")

    def join(self, first, others, kind="and", serial=None):
        """Coordination: "a, b(,) and c"."""
        serial = self.p(0.5) if serial is None else serial
        for i, m in enumerate(others):
            lastone = i == len(others) - 1
            if lastone:
                m.l("cc", self.cc(kind))
                if len(others) > 1 and serial or kind == "aswell" and self.p(0.5) or others and first.info.get("closes"):
                    m.l("punct", comma())
            else:
                m.l("punct", comma())
            m_ = m
            first.r("conj", m_)
        if kind != "or":
            first.num = "Plur"
        first.info["closes"] = bool(others[-1].info.get("closes"))
        first.info["joined"] = True
        return first

    def office(self, role):
        """A title for before the name."""
        if role in self.roles and self.p(0.3):
            return self.pick(self.roles[role])[0]
        return self.pick(self.before.get(role, self.before["wrk"]))[0]

    def titled_full(self, cls=None, appos=0.25):
        who = self.who({cls} if cls else None)
        who["known"] += 1
        n = self.name_node(who["full"])
        n.kind, n.info["who"] = "per", who
        x = self.rng.random()
        if who["role"] != "vic" and x < 0.6:
            spec = who.setdefault("title", self.office(who["role"]))
            t = self.tree(self.fit(spec, who["sex"]))
            y = self.org_compound(who["role"], who["country"]) if self.p(0.4) and t.form not in ("Mr.", "Ms.", "Mrs.", "Dr.", "King", "Queen") else None
            if y:
                t.l(*y)
            if self.p(0.12) and t.form not in ("Mr.", "Ms.", "Mrs.", "Dr."):
                t.l("amod", adj("former"))
            n.l("nmod:desc", t)
        elif x < 0.6 + appos:
            self.depth += 2
            n.r("punct", comma())
            n.r("appos", self.role_np(who))
            self.depth -= 2
            n.info["closes"] = True
        return n

    def named_list(self, cls=None):
        """Two to six persons with their roles; or one role for two names."""
        r = self.rng.random()
        saved, self.people = self.people, list(self.people)
        try:
            def fresh():
                x = self.person(cls if self.p(0.6) and cls in self.before else None)
                self.people = [x]
                return x
            if r < 0.3:
                # "senior military officials A and B"
                k = self.rng.choice((2, 2, 3))
                names = []
                for _ in range(k):
                    names.append(self.name_node(fresh()["full"]))
                spec = self.pick(self.before.get(cls, self.before["pol"]))[0]
                tries = 0
                while ("." in spec or "Attorney" in spec or "Miss" in spec or "King" in spec) and tries < 20:
                    spec = self.pick(self.before.get(cls, self.before["pol"]))[0]
                    tries += 1
                if "." in spec:
                    spec = "senior/ADJ/amod official/NOUN/*"
                t = self.tree(spec.replace("spokesman", "official").replace("spokeswoman", "official"), True)
                if self.p(0.35) and t.upos == "NOUN":
                    t.l("amod", self.adj_np(self.one("senior", "former", "top", "local")))
                if self.p(0.35):
                    y = self.nationality(self.pick(self.countries))
                    t.l(*y)
                first = names[0]
                first.l("nmod:desc", t)
                self.join(first, names[1:], "and", serial=self.p(0.4))
                first.kind = "per"
                return first
            k = self.rng.choice((2, 2, 2, 3, 3, 4, 5))
            out = []
            for _ in range(k):
                fresh()
                out.append(self.titled_full())
            closes = any(o.info.get("closes") for o in out)
            for o in out[:-1]:
                pass
            kind = self.weigh(**{"and": 7, "aswell": 2})
            first = out[0]
            if kind == "aswell" and k > 2:
                self.join(first, out[1:-1], "and", serial=closes or self.p(0.5))
                last = out[-1]
                last.l("cc", self.cc("aswell"))
                last.l("punct", comma())
                first.r("conj", last)
                first.info["closes"] = bool(last.info.get("closes"))
            else:
                self.join(first, out[1:], kind, serial=closes or self.p(0.5))
            first.num, first.kind = "Plur", "per"
            return first
        finally:
            self.people = saved

    def wrap_company(self, n):
        """"Hartmann, a maker of ..." """
        n.r("punct", comma())
        h = noun(self.one("company", "maker", "supplier", "bank", "retailer"))
        if h.form in ("maker", "supplier", "retailer"):
            h.r("nmod", self.pp("of", self.common("goo", True))) if self.p(0.7) else None
        if self.p(0.5):
            h.l("amod", self.demonym(self.pick(self.countries)))
        else:
            # "London-based"
            b = Node("based", "VERB", "base", "Tense=Past|VerbForm=Part|Voice=Pass", "VBN")
            b.glue = True
            x = self.place_name(self.pick(self.pick(self.countries)["cities"]))
            x.r("punct", hyphen(None))
            b.l("compound", x)
            h.l("amod", b)
        h.l("det", self.article(h))
        n.r("appos", h)
        n.info["closes"] = True
        return n

    def people_of(self):
        c = self.pick([x for x in self.countries if x["people"]])
        n = propn(c["people"], True)
        n.lemma = c["people"][:-1]
        mark(n, "NORP")
        if self.p(0.4):
            n.l("nummod", num(self.pick(WORDS[2:])))
        elif self.p(0.4):
            n.l("amod", adj(self.one("many", "young", "most", "many")))
        return self.typed(n, "vic", "Plur")

    def event_name(self, cls):
        if cls == "war":
            n = propn("War")
            x = self.one("Gulf", "Border", "World", "Iraq", "Falklands", "Cold", "Civil")
            n.l("amod" if x in ("Cold", "Civil") else "compound", Node(x, "ADJ", x, "Degree=Pos", "NNP") if x in ("Cold", "Civil") else propn(x))
            mark(n, "EVENT")
        else:
            n = propn(self.one("Games", "Cup", "Open", "Olympics"), False)
            if n.form in ("Games", "Olympics"):
                n.feats, n.lemma = PLUR, {"Games": "Game", "Olympics": "Olympics"}[n.form]
            n.l("compound", propn(self.one("World", "Asian", "Davis", "Meridian", "Summer")) if n.form != "Olympics" else propn("Winter"))
            mark(n, "EVENT")
        n.l("det", det("the"))
        return self.typed(n, cls, "Sing" if n.form != "Games" and n.form != "Olympics" else "Plur")

    def law_name(self):
        n = propn(self.one("Act", "Act", "Bill", "Treaty", "Convention", "Accord"))
        for w in self.one(["Clean", "Energy"], ["Public", "Safety"], ["Fair", "Trade"], ["Data", "Privacy"], ["Border", "Security"], ["Land", "Reform"])[::-1]:
            n.l("amod" if w in ("Clean", "Public", "Fair") else "compound", Node(w, "ADJ", w, "Degree=Pos", "NNP") if w in ("Clean", "Public", "Fair") else propn(w))
        mark(n, "MISC")
        n.l("det", det("the"))
        return self.typed(n, "law", "Sing")

    def weapon(self, vehicle=False):
        n = noun(self.one("missile", "rifle", "rocket", "drone") if not vehicle else self.one("helicopter", "tank", "jet", "truck"), self.p(0.5))
        model = self.one("Kestrel", "AK-47", "Orion", "Shahin", "T-72", "Falcon", "Typhon", "M-16") if not vehicle else self.one("Puma", "T-72", "Kestrel", "Mirage", "Boeing", "Hercules")
        m = propn(model)
        mark(m, "PRODUCT")
        n.l("compound", m)
        if n.num == "Sing":
            n.l("det", self.article(n))
        elif self.p(0.5):
            n.l("nummod", num(self.pick(WORDS[2:])))
        return self.typed(n, "wea" if not vehicle else "veh", n.num)

    def common(self, cls, deep=False, number=None, fresh=None):
        pool = self.by_class.get(cls)
        if not pool:
            raise KeyError(cls)
        e = self.pick(pool) if number or cls not in self.more or self.p(0.75) else self.pick(self.more[cls])
        if fresh:
            e = next((x for x in self.rng.sample(pool, len(pool)) if x["lemma"] != fresh), e)
        flags = e["flags"]
        pl = "p" in flags or not ("m" in flags or "s" in flags) and (number == "Plur" or number is None and self.p(
            0.55 if cls in ("vic", "off", "exp", "dem", "reb", "wrk", "mil", "goo", "mon", "cri") else 0.3))
        if e["lemma"] == "police":
            n = Node("police", "NOUN", "police", PLUR, "NNS")
            n.num = "Plur"
        else:
            n = noun(e["lemma"], pl)
        n.kind = cls
        if e["lemma"] == "economics":
            n.num = "Sing"
        mass = "m" in flags
        # before the noun, inside out
        if e["comp"] and self.p(0.42):
            self.compound(n, self.pick(e["comp"]))
            if self.p(0.05) and cls in ("tri", "att", "acc"):
                pass
        elif cls in ("tri", "mtg", "acc") and self.p(0.12):
            self.compound(n, self.one("oil pipeline explosion", "train crash", "hospital fire", "bribery", "hostage crisis", "bombing suspect", "budget"))
        norp = self.p(0.1) and cls not in ("reg", "bor", "riv", "disease", "ele", "war", "mon", "goo")
        if norp:
            n.l("amod", self.demonym(self.pick(self.countries)))
        if self.p(0.34 if not norp else 0.15) and cls in self.adjs:
            a = self.adj_np(self.pick(self.adjs[cls])) if self.p(0.68) else adj(self.pick(self.words["ADJ"]))
            n.l(a.info.get("as") or ("compound" if a.upos == "NOUN" else "amod"), a)
        if norp:
            pass
        elif cls in ("cri", "vic", "ath", "wrk", "bos") and not pl and self.p(0.14):
            n.l("amod", self.years_old(self.rng.randint(7, 79)))
        elif cls in ("fac", "com", "ngo", "inst") and self.p(0.04):
            b = Node(self.one("based", "led", "owned"), "VERB", "base", "Tense=Past|VerbForm=Part|Voice=Pass", "VBN")
            b.lemma = {"based": "base", "led": "lead", "owned": "own"}[b.form]
            b.glue = True
            x = self.place_name(self.pick(self.pick(self.countries)["cities"]))
            x.r("punct", hyphen(None))
            b.l("compound", x)
            n.l("amod", b)
        definite = False
        # determiner
        x = self.rng.random()
        if pl:
            if x < 0.3:
                n.l("det", det("the"))
                definite = True
            elif x < 0.5 and cls not in ("goo", "mon") and e["lemma"] not in ("talk", "police", "relation", "power", "clash"):
                self.quantify(n)
            elif x < 0.56:
                n.l("det", det(self.one("some", "these", "those", "any", "all")))
            elif x < 0.67:
                n.l("nmod:poss", self.possessor())
                definite = True
            elif x < 0.71:
                n.l("amod", adj(self.one("several", "many", "other", "several")))
        elif mass:
            if x < 0.25:
                n.l("det", det("the"))
            elif x < 0.33:
                n.l("nmod:poss", self.possessor())
        else:
            if x < 0.37 or "s" in flags or cls in ("bor", "reg"):
                n.l("det", det("the"))
                definite = True
            elif x < 0.74:
                n.l("det", self.article(n))
            elif x < 0.94 and (not deep or x < 0.83):
                n.l("nmod:poss", self.possessor())
                definite = True
            else:
                n.l("det", det(self.one("the", "this", "this", "that", "another", "another", "no", "each", "every") if cls not in ("country",) else "the"))
        n.info["definite"] = definite
        if e["lemma"] == "people":
            n.num = "Plur"
        # behind the noun
        if e["frame"] and self.p(0.5 if not deep else 0.3) and self.depth < 4:
            f = [y for y in e["frame"] if ":" in y and "_" not in y]
            if f:
                self.depth += 1
                self.noun_pp(n, self.pick(f))
                if self.p(0.18) and len(f) > 1 and self.depth < 3:
                    used = n.right[-1].left[0].form if n.right and n.right[-1].left else ""
                    g = [y for y in f if y.split(":")[0] != used]
                    if g:
                        self.noun_pp(n, self.pick(g))
                self.depth -= 1
            if self.depth < 2 and not deep and self.p(0.16) and not any(c.rel in ("acl", "acl:relcl") for c in n.last_chain()):
                self.depth += 1
                self.modify_clause(n, cls)
                self.depth -= 1
            elif "to" in e["frame"] and self.p(0.4) and not f or "to" in e["frame"] and self.p(0.15):
                self.depth += 1
                n.r("acl", self.infinitive())
                self.depth -= 1
            elif "that" in e["frame"] and self.p(0.45):
                self.depth += 1
                c = self.clause()
                c.l("mark", Node("that", "SCONJ", "that", ""))
                n.r("acl", c)
                self.depth -= 1
        elif not deep and self.depth < 2 and self.p(0.33):
            self.depth += 1
            self.modify(n, cls)
            self.depth -= 1
        return n

    def compound(self, n, words):
        ws = words.replace("_", " ").split()
        head = None
        adjectives = ("primary", "high", "provincial", "presidential", "parliamentary", "general", "foreign", "nuclear", "cargo_", "military",
                      "national", "opening", "qualifying", "human", "ruling", "civil", "suicide_", "medical", "legal", "economic", "political", "natural",
                      "tropical", "crude", "sectarian", "electoral", "rural")
        row = []
        for w in ws:
            if w in ("ruling", "qualifying", "opening"):
                x = Node(w, "VERB", {"ruling": "rule", "qualifying": "qualify", "opening": "open"}[w], "Tense=Pres|VerbForm=Part", "VBG")
            elif w in adjectives:
                x = adj(w)
            elif w[0].isupper():
                x = propn(w)
            else:
                x = noun(w)
                if w in PLURALS:
                    x.lemma, x.feats, x.num = PLURALS[w], PLUR, "Plur"
            row.append(x)
        head = row[-1]
        for x in reversed(row[:-1]):
            head.l("amod" if x.upos in ("ADJ", "VERB") else "compound", x)
        n.l("amod" if head.upos in ("ADJ", "VERB") else "compound", head)

    def noun_pp(self, n, spec):
        prep, classes = spec.split(":")
        if prep == "between":
            cls = self.pick(classes.split(","))
            a, b = self.np(cls, simple=True), self.np(cls, simple=True)
            if a.upos == "PRON" or b.upos == "PRON" or a.info.get("joined") or b.info.get("joined") or a.info.get("closes"):
                return
            self.join(a, [b])
            n.r("nmod", self.pp("between", a))
            return
        m = self.np(classes, simple=self.depth > 2, role="obl")
        if m.upos == "PRON":
            return
        n.r("nmod", self.pp(prep, m))

    def modify_clause(self, n, cls):
        if n.right and n.right[-1].info.get("closes"):
            return
        # decidable by number or by kind only: a clause about the first noun, "which" or "who" tell
        if n.right and (n.right[-1].num == n.num and (n.right[-1].kind in PEOPLE) == (cls in PEOPLE)):
            inner = n.right[-1]
            if inner.upos == "NOUN" and inner.kind and not inner.info.get("joined") and not inner.right:
                self.relative(inner, inner.kind)
                n.info["closes"] = bool(inner.info.get("closes"))
            return
        self.relative(n, cls) if self.p(0.75) else self.reduced(n, cls)

    def modify(self, n, cls):
        """Something longer behind the noun: relative clause, participle, place, "one of", apposition."""
        x = self.rng.random()
        if x < 0.42:
            self.relative(n, cls)
        elif x < 0.62:
            self.reduced(n, cls)
        elif x < 0.72:
            n.r("nmod", self.pp(self.one("in", "near", "from", "in"), self.place(self.one("city", "country", "region"), True)))
        elif x < 0.93 and n.num == "Plur" and cls in ("mtg", "dea", "dis", "pro", "cmp", "dam", "vic", "wrk", "goo", "wea", "law", "sit", "crime", "veh", "fac", "com", "disease"):
            m = self.np(cls, simple=True)
            if m.upos != "PRON":
                if self.p(0.4):
                    k = self.np(cls, simple=True)
                    if not m.info.get("joined") and not k.info.get("joined"):
                        self.join(m, [k])
                a = Node("such", "ADJ", "such", "ExtPos=ADP", "JJ")
                a.r("fixed", Node("as", "ADP", "as", "", "IN"))
                m.l("case", a)
                n.r("nmod", m)
        elif cls in ("fac", "reg") and not n.right:
            # "60 miles north of X"
            k = adv(self.pick(COMPASS))
            k.r("obl", self.pp("of", self.place("city", True)))
            if self.p(0.7):
                d = noun(self.one("mile", "kilometer"), True)
                v = num(self.rng.randint(2, 400))
                if self.p(0.4):
                    v.l("advmod", adv(self.one("about", "nearly", "around")))
                d.l("nummod", v)
                merge_mark([v, d], "QUANTITY")
                k.l("obl:unmarked", d)
            n.r("punct", comma()) if self.p(0.3) else None
            n.r("advmod", k)
        return n

    def possessor(self):
        x = self.rng.random()
        if x < 0.4:
            return self.pron(self.one("his", "her", "its", "their", "their", "its"), "gen")
        if x < 0.6:
            return self.genitive(self.det_country(self.pick(self.countries)))
        if x < 0.75:
            return self.genitive(self.name_node(self.who()["short"]))
        if x < 0.9:
            n = self.org(self.one("com", "gov", "team", "par"))
            if n.right:
                n.right = [c for c in n.right if c.rel != "appos"]
            return self.genitive(n)
        n = noun(self.one("country", "company", "city", "group", "party", "government", "region", "world", "nation"))
        n.l("det", det("the"))
        return self.genitive(n)

    def quantify(self, n):
        v, how = self.number()
        if how:
            how(v)
        n.l("nummod", v)
        if self.p(0.08):
            n.l("det", det("the"))
        elif self.p(0.08) and v.form[0] in "1234567890" and not v.left:
            n.l("det", det("some"))

    def number(self, big=None):
        """A number with "about", "more than", "at least", "up to" or nothing before it."""
        x = self.rng.random()
        if big is None:
            big = x < 0.45
        if not big:
            v = num(self.pick(WORDS[2:11]))
        else:
            k = self.rng.choice((20, 50, 90, 500, 3000, 50000))
            value = self.rng.randint(11, k + 11)
            if value > 100:
                value = value // 10 * 10
            v = num(f"{value:,}")
        y = self.rng.random()

        def more(v):
            w = self.one("more", "more", "more", "less", "fewer")
            a = Node(w, "ADJ", {"more": "more", "less": "less", "fewer": "fewer"}[w], "Degree=Cmp|ExtPos=ADV", "JJR")
            a.lemma = FIX_LEMMA.get(w, w)
            a.r("fixed", Node("than", "ADP", "than", "", "IN"))
            v.l("advmod", a)

        def least(v):
            w = self.one("least", "least", "least", "most")
            a = Node(w, "ADJ", FIX_LEMMA.get(w, w), "Degree=Sup", "JJS")
            a.l("case", adp("at"))
            v.l("nmod", a)

        def upto(v):
            a = Node("up", "ADP", "up", "ExtPos=ADV", "IN")
            a.r("fixed", Node("to", "ADP", "to", "", "IN"))
            v.l("advmod", a)

        def about(v):
            v.l("advmod", adv(self.one("about", "nearly", "almost", "around", "over", "approximately", "roughly", "only")))
        return v, more if y < 0.1 else least if y < 0.24 else upto if y < 0.28 and big else about if y < 0.42 else None

    def victims(self):
        """Numbers of people: "three people, two of them children", "at least 12 civilians", "dozens of villagers"."""
        x = self.rng.random()
        if x < 0.14:
            n = self.common(self.one("vic", "vic", "wrk", "mil"), True)
            return n
        cls = self.one("vic", "vic", "vic", "wrk", "mil")
        if x < 0.24:
            n = noun(self.one("dozen", "hundred", "score", "thousand"), True)
            n.lemma = n.form[:-1]
            m = self.bare(cls)
            n.r("nmod", self.pp("of", m))
            n.kind, n.num = cls, "Plur"
            return n
        if x < 0.32:
            v, how = self.number()
            if how:
                how(v)
            v.num, v.kind = "Plur", cls
            if self.p(0.4):
                m = self.bare(cls)
                m.l("det", det("the"))
                v.r("nmod", self.pp("of", m))
            return v
        n = self.bare(cls) if self.p(0.55) else Node("people", "NOUN", "people", PLUR, "NNS")
        if n.form == "people":
            n.lemma = FIX_LEMMA.get("people", "people")
        n.num, n.kind = "Plur", cls
        v, how = self.number()
        if how:
            how(v)
        n.l("nummod", v)
        y = self.rng.random()
        if self.depth < 2 and y < 0.12:
            # ", two of them children,"
            w = num(self.pick(WORDS[1:6]))
            w.r("nmod", self.pp("of", self.pron("them", "acc")))
            h = self.bare(self.one("vic", "mil"))
            n.r("punct", comma())
            h.l("nsubj", w)
            n.r("parataxis", h)
            n.info["closes"] = True
        elif self.depth < 2 and y < 0.26:
            # ", including three children,"
            m = self.bare("vic") if self.p(0.6) else self.common("vic", True)
            if not m.left:
                m.l("nummod", num(self.pick(WORDS[2:6])))
            if self.p(0.3):
                k = self.bare("wrk")
                k.l("nummod", num(self.pick(WORDS[2:9])))
                self.join(m, [k])
            m.l("case", Node("including", "VERB", "include", "Tense=Pres|VerbForm=Part", "VBG"))
            n.r("punct", comma())
            n.r("nmod", m)
            n.info["closes"] = True
        elif y < 0.33 and self.depth < 2:
            self.depth += 1
            self.modify(n, cls)
            self.depth -= 1
        return n

    def bare(self, cls):
        pool = [e for e in self.by_class[cls] if "m" not in e["flags"] and "s" not in e["flags"]]
        e = self.pick(pool)
        n = noun(e["lemma"], True)
        if self.p(0.15) and e["comp"]:
            self.compound(n, self.pick(e["comp"]))
        if self.p(0.15):
            n.l("amod", self.demonym(self.pick(self.countries)))
        return self.typed(n, cls, "Plur")

    def goal(self):
        n = noun(self.one("goal", "point", "goal", "run", "penalty"), self.p(0.5))
        if n.num == "Plur":
            n.l("nummod", num(self.pick(WORDS[2:7])))
        else:
            if self.p(0.6):
                n.l("amod", adj(self.one("late", "early", "second", "first", "third", "decisive")))
            n.l("det", det(self.one("the", "a")))
        return self.typed(n, "goal", n.num)

    # ------------------------------------------------------------------ quantities and times

    def money(self):
        x = self.rng.random()
        value = self.one(str(self.rng.randint(2, 90)), f"{self.rng.randint(1, 99)}.{self.rng.randint(1, 9)}", str(self.rng.randint(100, 900)))
        scale = self.one("million", "million", "billion", "trillion", None)
        v = num(value if scale else f"{self.rng.randint(1, 900) * 1000:,}" if self.p(0.6) else value)
        approx = self.rng.random() < 0.25
        if x < 0.65:
            sign = Node(self.one("$", "$", "$", "$", "€", "£"), "SYM", None, "", "$")
            sign.lemma = sign.form
            if scale:
                m = Node(scale, "NUM", scale, WORD, "CD")
                v.glue = True
                m.l("compound", v)
                sign.r("nummod", m)
            else:
                v.glue = True
                sign.r("nummod", v)
            mark(sign, "QUANTITY")
            if approx:
                k = self.rng.random()
                if k < 0.5:
                    a = adv(self.one("about", "nearly", "over", "almost", "around"))
                    sign.l("advmod", a)
                elif k < 0.75:
                    a = Node("more", "ADJ", FIX_LEMMA.get("more", "more"), "Degree=Cmp|ExtPos=ADV", "JJR")
                    a.r("fixed", Node("than", "ADP", "than", "", "IN"))
                    sign.l("advmod", a)
                else:
                    a = Node("least", "ADJ", FIX_LEMMA.get("least", "least"), "Degree=Sup", "JJS")
                    a.l("case", adp("at"))
                    sign.l("nmod", a)
            n = sign
        else:
            n = noun(self.one("dollar", "euro", "pound", "peso", "rupee", "ruble"), True)
            if scale:
                m = Node(scale, "NUM", scale, WORD, "CD")
                m.l("compound", v)
                n.l("nummod", m)
            else:
                n.l("nummod", v)
            mark(n, "QUANTITY")
        if self.p(0.12):
            k = self.common("goo", True)
            if k.upos == "NOUN":
                n.r("nmod", self.pp("in", k))
        n.num, n.kind = "Plur", "sum"
        return n

    def percent(self):
        v = num(self.one(str(self.rng.randint(1, 90)), f"{self.rng.randint(0, 30)}.{self.rng.randint(1, 9)}"))
        if self.p(0.6):
            n = Node("percent", "NOUN", "percent", SING, "NN")
        else:
            n = Node("%", "SYM", "%", SING, "NN")
            n.glue = True
        n.l("nummod", v)
        mark(n, "QUANTITY")
        if self.p(0.2):
            v.l("advmod", adv(self.one("about", "nearly", "over", "almost")))
        n.num, n.kind = "Plur", "pct"
        return n

    def term(self):
        n = noun(self.one("year", "month", "year", "day"), True)
        n.l("nummod", num(self.pick(WORDS[2:]) if self.p(0.6) else self.rng.randint(13, 60)))
        mark(n, "TIME")
        if self.p(0.5):
            m = noun(self.one("prison", "jail", "custody"))
            n.r("nmod", self.pp("in", m))
        return self.typed(n, "term", "Plur")

    def duration(self):
        x = self.rng.random()
        if x < 0.6:
            n = noun(self.one("day", "week", "month", "year", "hour", "minute", "decade"), True)
            n.l("nummod", num(self.pick(WORDS[2:]) if self.p(0.7) else self.rng.randint(13, 90)))
            if self.p(0.2):
                n.left[0].l("advmod", adv(self.one("about", "nearly", "almost", "over")))
        elif x < 0.8:
            n = noun(self.one("day", "week", "month", "year"), True)
        else:
            n = noun(self.one("day", "week", "month", "year"), True)
            n.l("amod", adj(self.one("several", "many", "several")))
        mark(n, "TIME") if n.left else None
        return self.typed(n, "dur", "Plur")

    def month(self):
        m = self.pick(MONTHS)
        return m

    def date_day(self, short=None):
        """May 3 / Nov. 3 / 3 May, with or without year; the day is the head."""
        m = self.pick(MONTHS)
        if (self.p(0.35) if short is None else short) and m in SHORT:
            m = SHORT[m]
        day = num(self.rng.randint(1, 30))
        mm = propn(m)
        if m in ABBREVIATIONS:
            mm.feats = ABBREVIATIONS[m]
        if self.p(0.75):
            day.l("nmod:unmarked", mm)
            if self.p(0.4):
                day.r("punct", comma())
                day.r("nmod:unmarked", num(self.rng.randint(1985, 2024)))
        else:
            day.r("nmod:unmarked", mm)
            if self.p(0.6):
                day.r("nmod:unmarked", num(self.rng.randint(1985, 2024)))
        return day

    def time(self):
        """An adverbial of time: (relation, node)."""
        x = self.rng.random()
        if x < 0.26:
            d = propn(self.pick(DAYS))
            if self.p(0.2):
                d.l("amod", adj(self.one("last", "last", "next")))
                mark(d, "TIME")
                return "obl:unmarked", d
            part = None
            if self.p(0.15):
                n = noun(self.one("morning", "evening", "night", "afternoon"))
                n.l("compound", d)
                d = n
            if self.p(0.12) and d.upos == "PROPN":
                d.r("punct", comma())
                day = self.date_day()
                d.r("appos", day)
                mark(d, "TIME")
                return "obl", self.pp("on", d)
            mark(d, "TIME")
            if self.p(0.55):
                return "obl:unmarked", d
            return "obl", self.pp(self.one("on", "on", "on", "on", "since", "by"), d)
        if x < 0.36:
            d = self.date_day()
            mark(d, "TIME")
            return "obl", self.pp(self.one("on", "on", "on", "on", "since"), d)
        if x < 0.46:
            m = propn(self.pick(MONTHS))
            if self.p(0.65):
                m.r("nmod:unmarked", num(self.rng.randint(1985, 2024)))
            elif self.p(0.3):
                m.l("amod", adj(self.one("late", "early")))
            mark(m, "TIME")
            return "obl", self.pp(self.one("in", "in", "in", "in", "since", "until"), m)
        if x < 0.53:
            y = num(self.rng.randint(1950, 2024))
            if self.p(0.15):
                y.l("amod", adj(self.one("late", "early")))
            mark(y, "TIME")
            return "obl", self.pp(self.one("in", "in", "in", "since", "in"), y)
        if x < 0.66:
            w = self.one("last", "this", "next", "last", "earlier this", "late last")
            n = noun(self.one("week", "month", "year", "week", "year", "summer", "spring"))
            if "this" in w:
                n.l("det", det("this"))
                mark(n, "TIME")
                if w.startswith("earlier"):
                    a = adv("earlier")
                    a.feats, a.lemma = "Degree=Cmp", FIX_LEMMA.get("earlier", "early")
                    a.r("obl:unmarked", n)
                    return "advmod", a
                return "obl:unmarked", n
            n.l("amod", adj(w.split()[-1]))
            mark(n, "TIME")
            if w.startswith("late "):
                a = adv("late")
                a.r("obl:unmarked", n)
                return "advmod", a
            return "obl:unmarked", n
        if x < 0.78:
            n = noun(self.one("day", "week", "month", "year", "hour"), True)
            if self.p(0.7):
                n.l("nummod", num(self.pick(WORDS[2:])))
            else:
                n.l("amod", adj("few"))
                n.l("det", det("a"))
            a = adv(self.one("ago", "earlier", "later", "ago", "before"))
            if a.form in ("earlier", "later"):
                a.feats, a.lemma = "Degree=Cmp", FIX_LEMMA.get(a.form, {"earlier": "early", "later": "late"}[a.form])
            a.l("obl:unmarked", n)
            mark(a, "TIME")
            return "advmod", a
        if x < 0.84:
            t = self.clock()
            return "obl", self.pp(self.one("at", "at", "around", "before"), t)
        if x < 0.9:
            n = self.duration()
            return "obl", self.pp(self.one("for", "after", "within", "for", "in"), n)
        if x < 0.94:
            n = noun(self.one("week", "month", "year", "decade", "day"), True)
            if self.p(0.7):
                if self.p(0.5):
                    n.l("nummod", num(self.pick(WORDS[2:])))
                else:
                    n.l("amod", adj("few"))
            n.l("amod", adj(self.one("past", "last", "next", "past")))
            n.l("det", det("the"))
            mark(n, "TIME")
            return "obl", self.pp(self.one("in", "over", "for", "during", "within"), n)
        a = Node(self.one("today", "yesterday", "tomorrow", "tonight"), "NOUN", None, SING, "NN")
        a.lemma = a.form
        mark(a, "TIME")
        return "obl:unmarked", a

    def clock(self):
        v = num(f"{self.rng.randint(1, 12)}:{self.pick(['00', '15', '30', '45', '20', '05'])}" if self.p(0.6) else self.rng.randint(1, 12))
        x = self.rng.random()
        m = Node(self.one("a.m.", "p.m.", "p.m."), "NOUN", None, SING, "NN")
        m.lemma = m.form
        v.r("nmod:unmarked", m)
        if self.p(0.1):
            z = Node("local", "ADJ", "local", "Degree=Pos", "JJ")
            t = noun("time")
            t.l("amod", z)
            v.r("nmod:unmarked", t)
        mark(v, "TIME")
        return v

    def score(self):
        a, b = sorted((self.rng.randint(0, 6), self.rng.randint(0, 6))) if self.p(0.6) else sorted((self.rng.randint(60, 110), self.rng.randint(60, 110)))
        if a == b:
            b += 1
        n = num(b)
        m = num(a)
        s = Node("-", "SYM", "-", "", "SYM")
        s.glue = m.glue = True
        m.l("case", s)
        return n.r("nmod", m)

    def pp(self, prep, n):
        if prep == "out_of":
            n.l("case", adp("of"))
            n.l("case", adp("out"))
            return n
        if prep in ("because_of", "due_to", "instead_of"):
            a, b = prep.split("_")
            if a == "because":
                x = Node("because", "ADP", "because", "ExtPos=ADP", "IN")
            elif a == "due":
                x = Node("due", "ADJ", "due", "Degree=Pos|ExtPos=ADP", "JJ")
            else:
                x = Node("instead", "ADV", "instead", "ExtPos=ADP", "RB")
            x.r("fixed", Node(b, "ADP", b, "", "IN"))
            n.l("case", x)
            return n
        n.l("case", adp(prep))
        return n

    def according_to(self, n):
        x = Node("according", "VERB", "accord", "ExtPos=ADP|Tense=Pres|VerbForm=Part", "VBG")
        x.r("fixed", Node("to", "ADP", "to", "", "IN"))
        n.l("case", x)
        return n


ABBREVIATIONS = {}
LONG = {"Jan.": "January", "Feb.": "February", "Aug.": "August", "Sept.": "September", "Oct.": "October", "Nov.": "November", "Dec.": "December"}
PLURALS = {"arms": "arm", "crimes": "crime", "rights": "right", "teachers": "teacher", "retail_": "", "affairs": "affair", "weapons": "weapon", "peoples": "people",
           "children": "child", "parts": "part"}
FIX_LEMMA = {}
for _f, _ft in table("abbreviations.tsv"):
    ABBREVIATIONS[_f] = _ft
for _f, _l in table("lemmas.tsv"):
    FIX_LEMMA[_f] = _l
