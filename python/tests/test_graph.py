"""Things, parts, questions, other libraries, files."""

import datetime
import json
import subprocess
import sys

import networkx
import polars
import pytest

import newsgraph


def most_stated(graph):
    named = [row for row in graph.entities if row["named"] and row["class"] == "Person"]
    return max(named, key=lambda row: row["statements"])


def test_an_entity_is_found_by_any_of_its_names(graph):
    row = most_stated(graph)
    entity = graph.entity(row["id"])
    assert entity == graph.entity(row["label"]) == graph.entity(row["label"].upper())
    assert (entity.id, entity.label, entity.class_name) == (row["id"], row["label"], "Person")
    assert entity.label in graph and "Nobody At All" not in graph
    with pytest.raises(KeyError, match="nothing is called 'Nobody At All'"):
        graph.entity("Nobody At All")


def test_what_is_said_of_a_thing(graph, lines):
    entity = graph.entity(most_stated(graph)["id"])
    own = {line["id"] for line in lines if entity.id in (line["subject"]["id"], (line["object"] or {}).get("id"))}
    timeline = entity.timeline()
    assert {row["id"] for row in timeline} == own
    assert len(timeline) == len(own)
    days = [row["day"] for row in timeline if row["day"] is not None]
    assert days == sorted(days)
    near = entity.neighbours().rows()
    for row in near:
        quotes = {it["quote"] for it in timeline if row["id"] in (it["subject_id"], it["object_id"])}
        assert set(row["quotes"]) == quotes
        path = entity.path(row["id"])
        assert len(path) in (0, 1) or len(row["relations"]) > 0
    assert [row["statements"] for row in near] == sorted((row["statements"] for row in near), reverse=True)


def test_a_path_leads_from_one_to_the_other(graph):
    relations = graph.relations.rows()
    ends = {row["source"] for row in relations} | {row["target"] for row in relations}
    start = most_stated(graph)["id"]
    found = [graph.path(start, end) for end in sorted(ends) if end != start]
    longest = max(found, key=len).rows()
    at = start
    for row in longest:
        assert at in (row["source"], row["target"])
        assert row["polarity"] == "positive" and row["factuality"] not in ("denied", "hypothetical")
        at = row["target"] if row["source"] == at else row["source"]
    assert len(longest) > 1
    assert len(graph.path(start, start)) == 0


def test_an_explanation_cites(graph):
    text = str(graph.explain(most_stated(graph)["id"]))
    assert "“" in text and "rule " in text and "confidence" in text
    row = graph.statements[0]
    assert row["quote"] in str(graph.explain(row["id"]))
    assert "<mark>" in graph.explain(row["id"])._repr_html_()
    with pytest.raises(KeyError):
        graph.explain("st:ffffffffffffffff")


@pytest.mark.parametrize(
    ("asked", "passes"),
    [
        ({"factuality": "claimed"}, lambda row: row["factuality"] == "claimed"),
        ({"min_confidence": 0.9}, lambda row: row["confidence"] >= 0.9),
        ({"publisher": "ANDES courier"}, lambda row: row["publisher"] == "Andes Courier"),
        ({"since": datetime.date(2025, 3, 1)}, lambda row: row["day"] and (row["date_end"] or row["day"]) >= datetime.date(2025, 3, 1)),
        ({"until": "2025-03-01"}, lambda row: row["day"] and row["day"] <= datetime.date(2025, 3, 1)),
        ({"relations": "metWith"}, None),
        ({"classes": ["Person", "Organization"]}, None),
        ({"named": True, "between": "Person"}, None),
    ],
)
def test_filters(graph, asked, passes):
    part = graph.filter(**asked)
    kept = {row["id"] for row in part.statements}
    whole = graph.statements.rows()
    assert kept < {row["id"] for row in whole}
    if passes is not None:
        assert kept == {row["id"] for row in whole if passes(row)}
    assert len(part.entities) <= len(graph.entities)


def test_filters_that_make_no_sense(graph):
    for asked in ({"classes": "Unicorn"}, {"relations": "unicorned"}, {"factuality": "true"}, {"since": "soon"}):
        with pytest.raises(ValueError):
            graph.filter(**asked)


def test_queries(graph, lines):
    table = graph.query("SELECT ?s ?c { ?s a ng:Statement ; ng:confidence ?c }")
    wanted = {line["id"].split(".")[0]: line["confidence"] for line in lines}
    assert {row["s"]: row["c"] for row in table} == pytest.approx(wanted)
    assert table.to_polars()["c"].dtype == polars.Float64
    [row] = graph.query("SELECT (COUNT(*) AS ?n) { ?d a schema:NewsArticle }")
    assert row == {"n": len(graph.documents)}
    assert graph.query("ASK { ?s a ng:Statement }") is True
    assert graph.query("CONSTRUCT WHERE { ?a ng:metWith ?b }").columns == ["subject", "predicate", "object"]
    with pytest.raises(ValueError, match="line 1"):
        graph.query("SELECT nonsense")
    with pytest.warns(newsgraph.NewsgraphWarning, match="first 3 rows"):
        assert len(graph.query("SELECT * { ?s ?p ?o }", max_rows=3)) == 3


def test_networkx(graph, folder):
    multi = graph.to_networkx()
    assert multi.is_multigraph() and multi.is_directed()
    things = [row for row in graph.statements if row["object_id"] is not None and row["subject_id"] != row["object_id"]]
    assert multi.number_of_edges() == len(things)
    keys = {key.replace("st-", "st:") for _, _, key in multi.edges(keys=True)}
    assert keys == {row["id"] for row in things}
    stored = networkx.read_graphml(folder / "graph.graphml", force_multigraph=True)
    named = graph.to_networkx(named=True)
    assert set(named.nodes) == set(stored.nodes)
    assert named.number_of_edges() == stored.number_of_edges()
    for node, told in stored.nodes(data=True):
        assert named.nodes[node]["label"] == told["label"]
        assert named.nodes[node]["mentions"] == told["mentions"]
    single = graph.to_networkx(multi=False)
    assert not single.is_multigraph()
    # A relation that holds both ways has one direction.
    assert {frozenset(it) for it in single.edges} == {frozenset(it[:2]) for it in multi.edges(keys=True)}
    assert all(weight >= 1 for _, _, weight in single.edges(data="weight"))
    networkx.betweenness_centrality(single)


def test_igraph(graph):
    found, same = graph.to_igraph(), graph.to_networkx()
    assert (found.vcount(), found.ecount()) == (same.number_of_nodes(), same.number_of_edges())
    label = most_stated(graph)["label"]
    assert found.vs.find(name=label)["entity_type"] == "Person"
    ends = {(found.vs[edge.source]["id"], found.vs[edge.target]["id"]) for edge in found.es}
    assert ends == set(same.edges())


def test_rdf_libraries(graph):
    triples = graph.to_rdflib()
    store = graph.to_pyoxigraph()
    assert len(triples) == len(store) > 1000
    ask = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/newsgraph/ns#Statement> }"
    [row] = triples.query(ask)
    [other] = store.query(ask)
    [own] = graph.query(ask)
    assert int(row.n) == int(other["n"].value) == own["n"]


def test_a_graph_that_is_read_is_the_one_that_was_written(graph, folder, tmp_path):
    back = newsgraph.read(folder)
    assert back.statements["id"] == graph.statements["id"]
    made_up = {"subject_group", "object_group"}
    for ours, theirs in zip(graph.statements, back.statements):
        assert {k: v for k, v in ours.items() if k not in made_up} == {k: v for k, v in theirs.items() if k not in made_up}
    assert back.relations.rows() == graph.relations.rows()
    assert back.documents.rows() == graph.documents.rows()
    assert back.comparisons.rows() == graph.comparisons.rows()
    for name in ("id", "label", "class", "named", "aliases", "mentions", "statements", "attributes", "members"):
        assert back.entities[name] == graph.entities[name]
    back.save(tmp_path, "ttl")
    assert (tmp_path / "graph.ttl").read_bytes() == (folder / "graph.ttl").read_bytes()
    quads = newsgraph.read(folder / "graph.nq")
    assert quads.statements["id"] == graph.statements["id"]


def test_written_forms(graph, folder, tmp_path):
    for suffix in ("ttl", "nt", "nq", "trig", "rdf", "jsonld", "graphml", "gexf", "jsonl", "html", "svg", "dot", "cyjs"):
        path = tmp_path / f"a.{suffix}"
        graph.write(path)
        assert path.stat().st_size > 0
    assert (tmp_path / "a.ttl").read_bytes() == (folder / "graph.ttl").read_bytes()
    json.loads((tmp_path / "a.jsonld").read_text(encoding="utf-8"))
    with pytest.raises(ValueError, match="expected .*graphml"):
        graph.write(tmp_path / "a.xlsx")
    with pytest.raises(ValueError, match="did you mean"):
        graph.save(tmp_path, "graphmll")
    with pytest.raises(OSError):
        graph.write(tmp_path / "missing" / "a.ttl")


def test_reading_what_is_no_graph(tmp_path):
    with pytest.raises(OSError):
        newsgraph.read(tmp_path / "none.ttl")
    with pytest.raises(ValueError, match="no graph lies in this folder"):
        newsgraph.read(tmp_path)
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> oops", encoding="utf-8")
    with pytest.raises(newsgraph.NewsgraphError) as caught:
        newsgraph.read(tmp_path / "a.ttl")
    assert caught.value.line == 2 and caught.value.file.endswith("a.ttl")
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    with pytest.raises(ValueError, match="no graph that newsgraph wrote"):
        newsgraph.read(tmp_path / "a.ttl")


def test_import_is_light():
    code = (
        "import time; t = time.perf_counter(); import newsgraph; s = time.perf_counter() - t; import sys;"
        "print(s, [m for m in ('pandas', 'polars', 'pyarrow', 'networkx', 'rdflib', 'numpy', 'IPython') if m in sys.modules])"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(5)]
    times, loaded = zip(*(run.stdout.split(" ", 1) for run in runs))
    assert all(it.strip() == "[]" for it in loaded)
    assert min(map(float, times)) < 0.1
