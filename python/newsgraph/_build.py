"""From articles to a graph."""

from __future__ import annotations

import datetime
import os
import warnings
from collections.abc import Iterable, Mapping
from typing import Any, Union

from . import _progress
from ._errors import NewsgraphWarning
from ._graph import Graph
from ._newsgraph import Engine, NativeGraph, Sentence, text_columns

_FIELDS = ("id", "url", "publisher", "title", "date", "text")
_SHOWN = 5
_engines: dict[int, Engine] = {}
_Path = Union[str, "os.PathLike[str]"]


def _engine(
    rules: _Path | None = None, ontology: _Path | None = None, model: _Path | None = None, threads: int = 0
) -> Engine:
    """Model and rules, loaded once."""
    # Files of the user may change between two calls.
    if not (rules is ontology is model is None):
        return Engine(_name(rules), _name(ontology), _name(model), threads)
    if threads not in _engines:
        _engines[threads] = Engine(threads=threads)
    return _engines[threads]


def _name(path: _Path | None) -> str | None:
    return None if path is None else os.fspath(path)


def build(
    articles: Any,
    *,
    date: str | datetime.date | None = None,
    columns: Mapping[str, str] | None = None,
    corrections: _Path | None = None,
    kb: _Path | None = None,
    min_confidence: float = 0.15,
    any_language: bool = False,
    rules: _Path | None = None,
    ontology: _Path | None = None,
    model: _Path | None = None,
    threads: int = 0,
    progress: bool | _progress.Progress | None = None,
) -> Graph:
    """Reads articles and builds their graph: the same one that ``newsgraph build`` writes.

    ``articles`` is one of these, or a list of them:

    - a path: a file, a folder (walked) or a pattern (``news/*.txt``);
    - a text: a string with a line break, or of several words that is no path;
    - a dictionary with ``text``, and ``title``, ``date``, ``publisher``, ``url``, ``id`` where known;
    - a frame of polars, pandas, pyarrow, duckdb or whatever else speaks Arrow, an article a row.

    Columns of a frame go by their usual names (``text``, ``body``, ``headline``, ``published`` …). With
    ``columns={"text": "my_column", ...}`` only these are read.

    ``date`` is the day of articles that have none; ``corrections`` a file of decisions on who is who; ``kb`` a
    knowledge base to link to. Statements less sure than ``min_confidence`` are left out. ``rules``, ``ontology`` and
    ``model`` take the place of the built-in ones. ``progress`` shows a bar, or is a function of how many documents
    are done and how many there are.

    What could not be read is warned of, and stands in :attr:`Graph.skipped`.

    :raises NewsgraphError: if no article could be read, or a frame has no column of texts
    :raises OSError: if a path does not exist
    :raises ValueError: if a date is none
    :raises TypeError: if ``articles`` is nothing of these

    >>> import newsgraph
    >>> g = newsgraph.build([{"id": "a", "text": "Mara Voss founded Norvik.", "date": "2025-03-06"}])
    >>> g.documents.rows()[0]["doc_id"], str(g.documents.rows()[0]["published"])
    ('a', '2025-03-06')
    """
    parts = _parts(articles, columns)
    tell, end = _progress.of(progress)
    day = date.isoformat()[:10] if isinstance(date, datetime.date) else date
    engine = _engine(rules, ontology, model, threads)
    try:
        native = engine.build(
            parts,
            day,
            _name(corrections),
            _name(kb),
            min_confidence,
            any_language,
            tell,
        )
    finally:
        end()
    graph = Graph(native)
    _warn(graph)
    return graph


def _warn(graph: Graph) -> None:
    notes = graph.skipped + graph.remarks
    if notes:
        more = f"\n{len(notes) - _SHOWN} more: see graph.skipped and graph.remarks" if len(notes) > _SHOWN else ""
        text = "left out or read with a remark:\n" + "\n".join(notes[:_SHOWN]) + more
        warnings.warn(text, NewsgraphWarning, stacklevel=3)


def read(
    place: _Path,
    *,
    rules: _Path | None = None,
    ontology: _Path | None = None,
) -> Graph:
    """Opens a graph that was written: a folder of ``newsgraph build`` or :meth:`Graph.save`, or a file of RDF.

    ``ontology`` is the one that the graph was built with, if it was not the built-in one.

    :raises OSError: if there is no such file
    :raises ValueError: if it holds no graph that newsgraph wrote
    :raises NewsgraphError: if the file is broken, with the line

    >>> import newsgraph, tempfile
    >>> folder = tempfile.mkdtemp()
    >>> _ = newsgraph.build("Mara Voss founded Norvik.").save(folder)
    >>> len(newsgraph.read(folder).statements)
    1
    """
    return Graph(NativeGraph.open(os.fspath(place), _name(rules), _name(ontology)))


def parse(text: str) -> list[Sentence]:
    """Sentences with words, tags, lemmas, trees and names; offsets count characters of the text.

    >>> import newsgraph
    >>> [sentence] = newsgraph.parse("Mara Voss met the envoy.")
    >>> [(token.text, token.upos, token.deprel) for token in sentence.tokens][2]
    ('met', 'VERB', 'root')
    >>> sentence.names
    [(0, 2, 'PERSON')]
    """
    return _engine().parse(text)


def _parts(articles: Any, columns: Mapping[str, str] | None) -> list[tuple[Any, ...]]:
    """What is given, as the native part takes it: paths, rows, frames, in their order."""
    if isinstance(articles, (str, os.PathLike, Mapping)) or _is_frame(articles):
        items: Iterable[Any] = [articles]
        alone = True
    elif isinstance(articles, Iterable) and not isinstance(articles, (bytes, bytearray)):
        items, alone = articles, False
    else:
        raise TypeError(f"{_kind(articles)} is no article, expected a path, a text, a dictionary or a frame")
    paths: list[str] = []
    rows: list[list[str | None]] = []
    frames: list[tuple[Any, ...]] = []
    for number, item in enumerate(items, 1):
        if isinstance(item, os.PathLike):
            paths.append(_path(os.fspath(item)))
        elif isinstance(item, str):
            if _is_path(item):
                paths.append(_path(item))
            else:
                rows.append([None] * 5 + [item])
        elif isinstance(item, Mapping):
            rows.append(_row(item, number))
        elif _is_frame(item):
            name = "frame" if not frames else f"frame{len(frames) + 1}"
            frames.append(_frame(name, item, columns))
        else:
            where = "" if alone else f"item {number}: "
            raise TypeError(f"{where}{_kind(item)} is no article, expected a path, a text, a dictionary or a frame")
    parts: list[tuple[Any, ...]] = [("paths", paths)] if paths else []
    if rows:
        parts.append(("rows", "text", list(_FIELDS), rows))
    return parts + frames


def _kind(value: object) -> str:
    return f"a value of type {type(value).__name__}"


def _is_path(text: str) -> bool:
    """True for what names a file, or looks like a path and no sentence."""
    if "\n" in text or len(text) > 4096 or "\0" in text:
        return False
    if os.path.exists(text):
        return True
    words = text.split()
    return len(words) < 2 or (os.sep in text and len(words) < 6 and not text.rstrip().endswith((".", "!", "?")))


def _path(path: str) -> str:
    if not os.path.lexists(path) and not any(c in path for c in "*?[{"):
        raise FileNotFoundError(2, "No such file or folder", path)
    return path


def _row(article: Mapping[str, Any], number: int) -> list[str | None]:
    unknown = sorted(set(article) - set(_FIELDS))
    if unknown:
        raise ValueError(f"item {number}: an article has no {unknown[0]!r}, expected {', '.join(_FIELDS)}")
    if not isinstance(article.get("text"), str):
        found = _kind(article.get("text")) if "text" in article else "nothing"
        raise ValueError(f"item {number}: the text is {found}, expected a string")
    return [_cell(article.get(field)) for field in _FIELDS]


def _cell(value: Any) -> str | None:
    # What pandas has for a missing value is not equal to itself, or nobody knows.
    if value is None or type(value).__name__ == "NAType" or value != value:
        return None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _is_frame(value: Any) -> bool:
    return hasattr(value, "__arrow_c_stream__") or (hasattr(value, "columns") and hasattr(value, "itertuples"))


def _frame(name: str, frame: Any, columns: Mapping[str, str] | None) -> tuple[Any, ...]:
    renamed = None if columns is None else _renamed(frame, columns)
    if hasattr(frame, "itertuples"):
        return _pandas(name, frame, renamed)
    return ("frame", name, renamed, frame)


def _renamed(frame: Any, columns: Mapping[str, str]) -> dict[str, str]:
    """The field of each column that is read."""
    # Those of polars, pandas, duckdb; pyarrow calls by this name the columns themselves.
    names = getattr(frame, "column_names", None) or list(getattr(frame, "columns", []))
    for field, column in columns.items():
        if field not in _FIELDS:
            raise ValueError(f"columns: no {field!r}, expected {', '.join(_FIELDS)}")
        if names and column not in names:
            raise ValueError(f"columns: the frame has no {column!r}, only {', '.join(map(str, names))}")
    return {column: field for field, column in columns.items()}


def _pandas(name: str, frame: Any, renamed: dict[str, str] | None) -> tuple[Any, ...]:
    """A frame of pandas, whose own stream asks for pyarrow."""
    names = [str(it) for it in frame.columns]
    wanted = [(at, renamed.get(it, "") if renamed else it) for at, it in enumerate(names)]
    wanted = [(at, it) for at, it in wanted if it]
    texts = [wanted[it][0] for it in text_columns(name, [field for _, field in wanted])]
    lists = []
    for at, _ in wanted:
        values = frame.iloc[:, at].tolist()
        if at in texts:
            wrong = next((it for it in values if it is not None and it == it and not isinstance(it, str)), None)
            if wrong is not None:
                from ._errors import NewsgraphError

                found = type(wrong).__name__
                raise NewsgraphError(f"{name}: column {names[at]!r} holds {found}, expected strings", name)
        lists.append([_cell(it) if _is_scalar(it) else None for it in values])
    rows = [list(row) for row in zip(*lists)]
    return ("rows", name, [it for _, it in wanted], rows)


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, (list, tuple, dict, set)) and not hasattr(value, "__array__") or hasattr(value, "isoformat")
