"""Readings that travel: articles are read on many machines, or by an engine, and joined on one."""

from __future__ import annotations

import datetime
import os
import warnings
from collections.abc import Iterable, Mapping
from typing import Any, Union

from . import _progress
from ._build import _engine, _name, _parts, _warn
from ._errors import NewsgraphError, NewsgraphWarning
from ._graph import Graph
from ._table import Table

_Path = Union[str, "os.PathLike[str]"]


def readings(
    articles: Any,
    *,
    date: str | datetime.date | None = None,
    columns: Mapping[str, str] | None = None,
    any_language: bool = False,
    on_error: str = "skip",
    rules: _Path | None = None,
    ontology: _Path | None = None,
    model: _Path | None = None,
    threads: int = 0,
    progress: bool | _progress.Progress | None = False,
) -> Table:
    """Reads articles, a row each, to be joined later: the first half of :func:`build`, for machines that see only a part.

    ``articles``, ``date``, ``columns`` and the rest are those of :func:`build`. A row without an id is called after its
    text, so that it does not matter who reads it. The rows are small; whoever writes them to Parquet files, in
    whatever number and order, gets from :func:`link` the graph of all articles.

    An article that breaks the program has a row without a reading; with ``on_error="raise"`` it ends the call.

    :raises NewsgraphError: if a frame has no column of texts, or an article breaks the program and ``on_error`` is ``"raise"``
    :raises ValueError: if ``on_error`` is neither ``"skip"`` nor ``"raise"``

    >>> import newsgraph
    >>> rows = newsgraph.readings([{"id": "a", "text": "Mara Voss founded Norvik."}])
    >>> rows.columns
    ['id', 'basis', 'key', 'n_sentences', 'reading', 'left_out']
    >>> rows["id"], rows["n_sentences"]
    (['a'], [1])
    """
    if on_error not in ("skip", "raise"):
        raise ValueError(f"on_error is {on_error!r}, expected 'skip' or 'raise'")
    parts = [_called(part) for part in _parts(articles, columns)]
    tell, end = _progress.of(progress)
    day = date.isoformat()[:10] if isinstance(date, datetime.date) else date
    try:
        native, left_out = _engine(rules, ontology, model, threads).readings(parts, day, any_language, tell)
    finally:
        end()
    table = Table(native)
    if on_error == "raise":
        for article, why in zip(table["id"], table["left_out"]):
            if why is not None:
                raise NewsgraphError(f"{article}: {why}", article)
    if left_out:
        more = f"\n{len(left_out) - 5} more" if len(left_out) > 5 else ""
        warnings.warn("left out:\n" + "\n".join(left_out[:5]) + more, NewsgraphWarning, stacklevel=2)
    return table


def _called(part: tuple[Any, ...]) -> tuple[Any, ...]:
    """Rows without an id are numbered after this name, by which the native part knows them."""
    return part if part[0] == "paths" else (part[0], "row", *part[2:])


def link(
    places: _Path | Iterable[_Path],
    *,
    corrections: _Path | None = None,
    kb: _Path | None = None,
    min_confidence: float = 0.15,
    rules: _Path | None = None,
    ontology: _Path | None = None,
    model: _Path | None = None,
    threads: int = 0,
    progress: bool | _progress.Progress | None = False,
) -> Graph:
    """Joins readings in Parquet files, or folders of such, to the graph of all their articles.

    They may come from ``newsgraph map``, from :func:`readings` or from an engine. An article that occurs twice counts once.

    :raises OSError: if there is no such file
    :raises ValueError: if a place holds no Parquet file
    :raises NewsgraphError: if a file holds no readings, or those of another version, model or rules

    >>> import newsgraph, tempfile
    >>> folder = tempfile.mkdtemp()
    >>> for name, text in [("a", "Mara Voss founded Norvik."), ("b", "Mara Voss left Norvik.")]:
    ...     newsgraph.readings([{"id": name, "text": text}]).write(f"{folder}/{name}.parquet")
    >>> len(newsgraph.link(folder).documents)
    2
    """
    if isinstance(places, (str, os.PathLike)):
        places = [places]
    paths = [os.fspath(place) for place in places]
    for path in paths:
        if not os.path.lexists(path):
            raise FileNotFoundError(2, "No such file or folder", path)
    tell, end = _progress.of(progress)
    try:
        native = _engine(rules, ontology, model, threads).link(paths, _name(corrections), _name(kb), min_confidence, tell)
    finally:
        end()
    graph = Graph(native)
    _warn(graph)
    return graph
