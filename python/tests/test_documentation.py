"""The examples in the documentation of every function and property run, and give what they show."""

import doctest
import importlib
import pkgutil

import pytest

import newsgraph

MODULES = ["newsgraph", *(f"newsgraph.{module.name}" for module in pkgutil.iter_modules(newsgraph.__path__))]


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_show(name):
    graph = newsgraph.build("Mara Voss met Ines Carvalho in Lisbon.", date="2025-03-06")
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, extraglobs={"g": graph}, optionflags=doctest.ELLIPSIS)
    assert failed == 0


def test_every_public_function_has_an_example():
    finder = doctest.DocTestFinder(exclude_empty=True)
    public = [newsgraph.build, newsgraph.read, newsgraph.parse, newsgraph.Graph]
    for item in public:
        found = [test for test in finder.find(item, module=False) if test.examples]
        assert found, item
