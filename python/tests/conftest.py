"""What the tests share: the example articles, their graph, and the same graph as the program writes it."""

import json
import pathlib

import pytest

import newsgraph

ROOT = pathlib.Path(__file__).parents[2]
NEWS = ROOT / "examples" / "news"


@pytest.fixture(scope="session")
def graph():
    return newsgraph.build(NEWS)


@pytest.fixture(scope="session")
def folder(graph, tmp_path_factory):
    folder = tmp_path_factory.mktemp("graph")
    graph.save(folder, ["ttl", "graphml", "jsonl", "tables", "nq"])
    return folder


@pytest.fixture(scope="session")
def lines(folder):
    """The statements as JSON Lines."""
    return [json.loads(line) for line in (folder / "graph.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def small():
    return newsgraph.build("Mara Voss met Ines Carvalho in Lisbon.", date="2025-03-06")
