"""News text in, knowledge graph out: who did what to whom, when, where, and who says so.

>>> import newsgraph
>>> g = newsgraph.build("Mara Voss met Ines Carvalho in Lisbon.", date="2025-03-06")
>>> [(s["subject"], s["label"], s["object"]) for s in g.statements]
[('Mara Voss', 'meet', 'Ines Carvalho')]

:func:`build` reads articles, :func:`read` opens a graph that was written, :func:`parse` gives sentences and words.
:func:`readings` and :func:`link` are the two halves of a build for many machines; ``newsgraph.spark``,
``newsgraph.daft`` and ``newsgraph.datatrove`` let engines do the first.
"""

from ._build import build, parse, read
from ._errors import NewsgraphError, NewsgraphWarning
from ._graph import Entity, Explanation, Graph
from ._newsgraph import Sentence, Token, __version__
from ._shards import link, readings
from ._table import Table
from ._view import View

__all__ = [
    "Entity",
    "Explanation",
    "Graph",
    "NewsgraphError",
    "NewsgraphWarning",
    "Sentence",
    "Table",
    "Token",
    "View",
    "__version__",
    "build",
    "link",
    "parse",
    "read",
    "readings",
]
