"""The graph of the examples in the documentation."""

import pytest

import newsgraph


@pytest.fixture(autouse=True)
def examples(doctest_namespace):
    text = "Mara Voss met Ines Carvalho in Lisbon."
    doctest_namespace["g"] = newsgraph.build(text, date="2025-03-06")
