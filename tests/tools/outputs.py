"""Loads every output by the tool that it is for, and compares counts and two values with graph.jsonl.

    python3 -m venv target/tools && target/tools/bin/pip install -r tests/tools/requirements.txt
    target/tools/bin/python tests/tools/outputs.py target/release/newsgraph

followthemoney needs ICU (on Debian: libicu-dev, pkg-config, a C++ compiler). A tool that is not there
is told and left out; --strict makes that a failure. The last line is "N passed, N failed, N skipped".
"""

import csv
import importlib
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor

FORMATS = "jsonl,graphml,gexf,csv,parquet,cyjs,events,ftm,neo4j,kuzu,geojson,timeline,stix,vault,i2,quickstatements"
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


class Missing(Exception):
    pass


def module(name):
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Missing(f"{name}: {error}") from error


class Outputs:
    """A folder that was written, and its statements as JSON Lines has them."""

    def __init__(self, folder):
        self.folder = folder
        self.lines = self.json_lines("graph.jsonl")
        # A statement about a group is several lines.
        self.statements = {line["id"][3:].split(".")[0]: line for line in self.lines}

    def path(self, *name):
        return os.path.join(self.folder, *name)

    def json(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return json.load(file)

    def json_lines(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def rows(self, *name):
        with open(self.path(*name), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def is_fact(self, id):
        line = self.statements[id]
        own = line["attributed_to"] is None
        return line["polarity"] == "positive" and line["factuality"] == "asserted" and own


def equal(what, got, expected):
    assert got == expected, f"{what}: {got!r}, expected {expected!r}"


def statement_of(name):
    """The 16 digits of a statement in an id."""
    return re.search(r"st-([0-9a-f]{16})", name).group(1)


def follow_the_money(out):
    model = module("followthemoney").model
    proxies = {}
    for line in out.json_lines("graph.ftm.json"):
        proxy = model.get_proxy(line, cleaned=False)
        assert proxy.id not in proxies, f"{proxy.id} twice"
        proxies[proxy.id] = proxy
        for name, values in line["properties"].items():
            equal(f"{proxy.id} {name}", len(proxy.get(name)), len(values))
        for name in proxy.schema.required:
            assert proxy.get(name), f"{proxy.id} lacks {name}"
        assert not proxy.schema.abstract, f"{proxy.id} is of an abstract schema"
    links = [proxy for proxy in proxies.values() if proxy.schema.edge]
    for link in links:
        for property, value in link.itervalues():
            if property.type.name == "entity":
                other = proxies[value]
                assert other.schema.is_a(property.range), f"{link.id} {property.name}: {other.schema.name}"
        id = statement_of(link.id)
        marked = link.schema.name == "Family" or bool(link.get("status"))
        if link.schema.name == "UnknownLink":
            equal(f"mark of {id}", marked, not out.is_fact(id))
        else:
            assert out.is_fact(id), f"hearsay as {link.schema.name}"
        equal(f"summary of {id}", link.first("summary"), out.statements[id]["wording"])
    documents = [proxy for proxy in proxies.values() if proxy.schema.name == "Article"]
    equal("articles", {d.first("fileName") for d in documents}, {line["doc"] for line in out.lines})
    return f"{len(proxies)} entities, {len(links)} links, {len(documents)} articles"


def stix(out):
    stix2 = module("stix2")
    text = out.json("graph.stix.json")
    bundle = stix2.parse(text, allow_custom=False)
    equal("objects", len(bundle.objects), len(text["objects"]))
    ids = {object.id for object in bundle.objects}
    facts = [object for object in bundle.objects if object.type == "relationship"]
    notes = [object for object in bundle.objects if object.type == "note"]
    for object in facts + notes:
        id = statement_of(object.external_references[0].external_id)
        equal(f"fact {id}", object.type == "relationship", out.is_fact(id))
        words = object.description if object.type == "relationship" else object.content
        equal(f"wording of {id}", words, out.statements[id]["wording"])
    for object in facts:
        assert {object.source_ref, object.target_ref} <= ids
    store = stix2.MemoryStore(bundle)
    reports = store.query([stix2.Filter("type", "=", "report")])
    return f"{len(bundle.objects)} objects, {len(facts)} relationships, {len(notes)} notes, {len(reports)} reports"


def load_kuzu(name, out):
    kuzu = module(name)
    with tempfile.TemporaryDirectory() as folder:
        connection = kuzu.Connection(kuzu.Database(os.path.join(folder, "graph.db")))
        before = os.getcwd()
        os.chdir(out.path("kuzu"))
        try:
            with open("load.cypher", encoding="utf-8") as file:
                for command in filter(str.strip, file.read().split(";\n")):
                    connection.execute(command + ";")
        finally:
            os.chdir(before)

        def one(query):
            return connection.execute(query).get_next()[0]

        equal("statements", one("MATCH (s:Statement) RETURN count(s)"), len(out.statements))
        facts = one("MATCH (s:Statement) WHERE s.is_fact RETURN count(s)")
        equal("facts", facts, sum(out.is_fact(id) for id in out.statements))
        wrong = "MATCH (:Entity)-[f:FACT]->(:Entity), (s:Statement {id: f.statement}) WHERE NOT s.is_fact RETURN count(f)"
        equal("hearsay as facts", one(wrong), 0)
        id, line = next((i, l) for i, l in out.statements.items() if l["place"] and l["time"])
        query = f"MATCH (s:Statement {{id: 'st-{id}'}})-[:PLACE]->(p:Entity) RETURN p.name"
        equal("a place", one(query), line["place"]["label"])
        equal("a wording", one(f"MATCH (s:Statement {{id: 'st-{id}'}}) RETURN s.wording"), line["wording"])
        day = one("MATCH (s:Statement) RETURN min(s.date_start)")
        assert hasattr(day, "year"), f"{day!r} is no day"
        relations = one("MATCH ()-[r]->() RETURN count(r)")
        return f"{len(out.statements)} statements, {facts} facts, {relations} relations"


def kuzu(out):
    return load_kuzu("kuzu", out)


def ladybug(out):
    return load_kuzu("ladybug", out)


def neo4j(out):
    """No Neo4j runs offline: what its importer checks is checked here."""
    nodes = {}
    for name in ["entities", "documents", "statements"]:
        rows = out.rows("neo4j", f"{name}.csv")
        for row in rows:
            assert row["key:ID"] not in nodes, f"{row['key:ID']} twice"
            nodes[row["key:ID"]] = row[":LABEL"].split(";")
    roles, facts = out.rows("neo4j", "roles.csv"), out.rows("neo4j", "facts.csv")
    for row in roles + facts:
        assert row[":START_ID"] in nodes and row[":END_ID"] in nodes, row
        assert re.fullmatch("[A-Z_]+", row[":TYPE"]), row
    equal("statements", sum("Statement" in labels for labels in nodes.values()), len(out.statements))
    for row in facts:
        assert out.is_fact(statement_of(row["statement"])), row
    with open(out.path("neo4j", "graph.cypher"), encoding="utf-8") as file:
        cypher = file.read()
    # Outside of strings: balanced brackets, and as many rows as the tables have.
    bare = re.sub(r"'(?:[^'\\]|\\.)*'", "''", cypher)
    for pair in ["()", "[]", "{}"]:
        equal(f"brackets {pair}", bare.count(pair[0]), bare.count(pair[1]))
    equal("rows", len(re.findall(r"^\{", bare, re.M)), len(nodes) + len(roles) + len(facts))
    return f"{len(nodes)} nodes, {len(roles)} roles, {len(facts)} facts"


def geojson(out):
    map = out.json("places.geojson")
    assert map["type"] == "FeatureCollection"
    named = {feature["properties"]["name"]: feature for feature in map["features"]}
    for feature in map["features"]:
        longitude, latitude = feature["geometry"]["coordinates"]
        assert -180 <= longitude <= 180 and -90 <= latitude <= 90, feature["id"]
        for claim in feature["properties"]["claims"]:
            id = claim["id"][3:]
            equal(f"{id} is a fact", claim["standing"] == "fact", out.is_fact(id))
            equal(f"wording of {id}", claim["text"], out.statements[id]["wording"])
    equal("Oslo", [round(x) for x in named["Oslo"]["geometry"]["coordinates"]], [11, 60])
    equal("Norway", named["Norway"]["properties"]["wikidata"], "Q20")
    return f"{len(named)} places"


def timeline(out):
    slides = out.json("timeline.json")["events"]
    for slide in slides:
        line = out.statements[statement_of(slide["unique_id"])]
        assert line["time"], slide
        equal("year", str(slide["start_date"]["year"]) in line["time"], True)
        fact = out.is_fact(statement_of(slide["unique_id"]))
        equal(f"group of {slide['unique_id']}", slide["group"] == "Facts", fact)
    assert len({slide["unique_id"] for slide in slides}) == len(slides)
    return f"{len(slides)} slides"


def vault(out):
    pages = {}
    for folder, _, names in os.walk(out.path("vault")):
        for name in names:
            if name.endswith(".md"):
                path = os.path.relpath(os.path.join(folder, name), out.path("vault"))
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    pages[path[:-3].replace(os.sep, "/")] = file.read()
    links = 0
    for page, text in pages.items():
        front = text.split("---\n")[1]
        for line in front.splitlines():
            json.loads(line.split(": ", 1)[1])
        for target in re.findall(r"\[\[([^|\]]+)\|", text):
            assert target in pages, f"{page} links to {target}"
            links += 1
        facts = text.split("## Facts")[1].split("\n## ")[0] if "## Facts" in text else ""
        for id in re.findall(r"\^st-([0-9a-f]{16})", facts):
            assert out.is_fact(id), f"{page}: {id} is no fact"
    return f"{len(pages)} pages, {links} links"


def i2(out):
    entities = {row["Entity Id"] for row in out.rows("i2_entities.csv")}
    links = out.rows("i2_links.csv")
    for row in links:
        assert row["Entity 1 Id"] in entities and row["Entity 2 Id"] in entities, row
        id = statement_of(row["Link Id"])
        equal(f"strength of {id}", row["Strength"] == "Confirmed", out.is_fact(id))
        equal(f"quote of {id}", row["Quote"], out.statements[id]["evidence"][0]["sentence"].strip())
    return f"{len(entities)} entities, {len(links)} links"


def quick_statements(out):
    with open(out.path("quickstatements.txt"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    item, property = r"Q\d+", r"[PS]\d+"
    value = r'(?:Q\d+|"[^"\t]*"|en:"[^"\t]*"|\+\d{4}-\d\d-\d\dT00:00:00Z/11)'
    for line in lines:
        assert re.fullmatch(rf"{item}\tP\d+\t{value}(?:\t{property}\t{value})*", line), line
    assert lines, "no statement"
    return f"{len(lines)} statements"


def networkx(out):
    networkx = module("networkx")
    ml = networkx.read_graphml(out.path("graph.graphml"), force_multigraph=True)
    js = networkx.cytoscape_graph(out.json("graph.cyjs"))
    equal("nodes", set(ml), set(js))
    equal("edges", ml.number_of_edges(), js.number_of_edges())
    equal("edges of GEXF", networkx.read_gexf(out.path("graph.gexf")).number_of_edges(), ml.number_of_edges())
    a, b, key = next(iter(js.edges(keys=True)))
    id = statement_of(key)
    equal("an edge", js.edges[a, b, key]["label"], out.statements[id]["predicate"]["label"])
    equal("a node", js.nodes[a]["label"], ml.nodes[a]["label"])
    return f"{ml.number_of_nodes()} nodes, {ml.number_of_edges()} edges"


def igraph(out):
    igraph = module("igraph")
    graph = igraph.Graph.Read_GraphML(out.path("graph.graphml"))
    names = graph.vs["name"]
    equal("names", len(set(names)), len(names))
    equal("by name", graph.vs.find(name=names[0])["label"], graph.vs[0]["label"])
    id = statement_of("st-" + graph.es[0]["statement_id"])
    equal("an edge", graph.es[0]["label"], out.statements[id]["predicate"]["label"])
    return f"{graph.vcount()} nodes, {graph.ecount()} edges"


def pandas(out):
    pandas, pyarrow = module("pandas"), module("pyarrow.parquet")
    nodes, edges = (pandas.read_csv(out.path(f"{name}.csv")) for name in ["nodes", "edges"])
    for name, frame in [("nodes", nodes), ("edges", edges)]:
        table = pyarrow.read_table(out.path(f"{name}.parquet"))
        equal(f"columns of {name}", table.column_names, list(frame.columns))
        equal(f"rows of {name}", table.num_rows, len(frame))
        days = [field.name for field in table.schema if str(field.type) == "date32[day]"]
        assert any("date" in day for day in days), f"no days in {name}: {table.schema}"
        assert not frame["Id"].isna().any()
    assert set(edges["Source"]) | set(edges["Target"]) <= set(nodes["Id"])
    events = pandas.read_csv(out.path("events.csv"))
    assert events["cameo"].dropna().map(type).eq(str).all(), "a code is no text"
    return f"{len(nodes)} nodes, {len(edges)} edges, {len(events)} events"


CHECKS = [
    follow_the_money, neo4j, kuzu, ladybug, stix, timeline, geojson, vault, i2, quick_statements,
    networkx, igraph, pandas,
]

KB = """id,label,class
http://www.wikidata.org/entity/Q101,Ines Carvalho,Person
http://www.wikidata.org/entity/Q102,Corvane Industries,Organization
http://www.wikidata.org/entity/Q103,Tomas Lindqvist,Person
http://www.wikidata.org/entity/Q104,Sindre Haugland,Person
"""

ARTICLE = "Tomas Lindqvist works for Corvane Industries. Tomas Lindqvist is married to Ines Carvalho."


def build(program, folder):
    """The example corpus, and one article whose things a knowledge base knows."""
    kb, article = os.path.join(folder, "kb.csv"), os.path.join(folder, "a.txt")
    for path, text in [(kb, KB), (article, ARTICLE)]:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    out = os.path.join(folder, "out")
    inputs = [os.path.join(ROOT, "examples", "news"), article]
    command = [program, "build", *inputs, "-o", out, "--format", FORMATS, "--kb", kb, "-q"]
    subprocess.run(command, check=True)
    return Outputs(out)


def run(number, folder):
    """What a check says, and whether it passed."""
    check = CHECKS[number]
    try:
        return "ok", check(Outputs(folder))
    except Missing as error:
        return "skip", str(error)
    except Exception as error:  # every tool has its own
        return "FAIL", f"{type(error).__name__}: {error}"


def main():
    strict = "--strict" in sys.argv
    program = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    if len(program) != 1:
        sys.exit(__doc__)
    counts = {"ok": 0, "FAIL": 0, "skip": 0}
    # A process each: Kuzu and Ladybug cannot be loaded together.
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(
        1, multiprocessing.get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        out = build(os.path.abspath(program[0]), folder)
        for number, check in enumerate(CHECKS):
            outcome, words = pool.submit(run, number, out.folder).result()
            if strict and outcome == "skip":
                outcome = "FAIL"
            counts[outcome] += 1
            print(f"{outcome:5} {check.__name__}: {words}", flush=True)
    print(f"{counts['ok']} passed, {counts['FAIL']} failed, {counts['skip']} skipped")
    sys.exit(counts["FAIL"] > 0)


if __name__ == "__main__":
    main()
