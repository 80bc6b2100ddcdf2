"""The lists of words beside this file, and the forms of verbs and nouns."""
import os

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def table(name):
    rows = []
    for line in open(os.path.join(HERE, name), encoding="utf-8"):
        line = line.rstrip("\n")
        if line and not line.startswith("#"):
            rows.append(line.split("\t"))
    return rows


_FEATS = {}


def lookup(form, upos):
    """Lemma and features that the treebanks give a closed-class word or an adverb."""
    if not _FEATS:
        for f, u, l, ft in table("forms.tsv"):
            _FEATS[f, u] = (l, "" if ft == "_" else ft)
    return _FEATS.get((form.lower(), u)) if (u := upos) else None


VOWELS = "aeiou"
IRREGULAR, ING = {}, {}
DOUBLE = set("stop plan drop rob stab shoot_ ban cut_ hit_ slip rap trap grab admit commit omit permit refer occur prefer "
             "transfer defer regret rebut compel expel propel repel control patrol cancel_ step ship strip sip win_ "
             "begin_ run_ set_ get_ put_ quit_ shut_ split_ spin_ swim_ let_ bet_ cap tip top slam scrap wrap equip "
             "bar blur spur stir star submit".replace("_", "").split())


def _irregular():
    for base, past, part in table("irregular.tsv"):
        IRREGULAR[base] = (past, part)
    for base, past, part, ing in table("verbs_more.tsv"):
        IRREGULAR.setdefault(base, (past, part))
        ING[base] = ing


def verb(lemma, form):
    """form: base, s, past, part, ing"""
    if not IRREGULAR:
        _irregular()
    if form == "base":
        return lemma
    if form == "s":
        if lemma == "have":
            return "has"
        if lemma == "be":
            return "is"
        if lemma.endswith(("s", "sh", "ch", "x", "z", "o")):
            return lemma + "es"
        if lemma.endswith("y") and lemma[-2] not in VOWELS:
            return lemma[:-1] + "ies"
        return lemma + "s"
    if form == "ing":
        if lemma in ING:
            return ING[lemma]
        if lemma in ("be", "see", "flee", "agree", "free", "guarantee", "dye"):
            return lemma + "ing"
        if lemma in ("die", "lie", "tie"):
            return lemma[:-2] + "ying"
        if lemma.endswith("e"):
            return lemma[:-1] + "ing"
        if lemma in DOUBLE:
            return lemma + lemma[-1] + "ing"
        return lemma + "ing"
    if lemma in IRREGULAR:
        return IRREGULAR[lemma][0 if form == "past" else 1]
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2] not in VOWELS:
        return lemma[:-1] + "ied"
    if lemma in DOUBLE:
        return lemma + lemma[-1] + "ed"
    return lemma + "ed"


PLURAL = dict(man="men", woman="women", child="children", person="people", wife="wives", life="lives", policeman="policemen",
              policewoman="policewomen", fireman="firemen", thief="thieves", half="halves", crisis="crises", knife="knives",
              shelf="shelves", aircraft="aircraft", series="series", fisherman="fishermen", spokesman="spokesmen",
              spokeswoman="spokeswomen", gunman="gunmen", businessman="businessmen", businesswoman="businesswomen",
              militiaman="militiamen", congressman="congressmen", lawmaker="lawmakers", chairman="chairmen",
              serviceman="servicemen", cameraman="cameramen", councilman="councilmen", leaf="leaves", roof="roofs", chief="chiefs",
              photo="photos", video="videos", memo="memos", kilo="kilos", passerby="passersby", sheriff="sheriffs")


def plural(noun):
    if noun in PLURAL:
        return PLURAL[noun]
    if noun.endswith(("s", "sh", "ch", "x", "z")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in VOWELS:
        return noun[:-1] + "ies"
    if noun.endswith("o") and noun in ("hero", "veto", "volcano", "torpedo", "embargo"):
        return noun + "es"
    return noun + "s"
