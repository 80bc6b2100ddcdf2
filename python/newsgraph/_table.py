"""A table: a stream of Arrow for other libraries, Python values without any."""

from __future__ import annotations

import datetime
import html
import os
from collections.abc import Iterator
from typing import Any

from ._newsgraph import NativeTable

Row = dict[str, Any]

_SHOWN = 20
_HIDDEN = {"quote_start", "char_start", "char_end", "iri", "claim", "rule", "subject_class", "object_class",
           "object_value", "object_type", "attributed_to_id", "place_id", "day_of", "subject_group", "object_group",
           "classes", "sources", "wording", "qualifiers", "time", "source_url"}
_BESIDE_DAY = {"date_start", "date_end", "published", "title", "is_fact"}
_STYLE = (
    ".newsgraph th,.newsgraph td{text-align:left!important;vertical-align:top!important}"
    ".newsgraph td.number{text-align:right!important;font-variant-numeric:tabular-nums}"
    ".newsgraph td.day{white-space:nowrap}"
    ".newsgraph td.long{min-width:18em;max-width:40em;white-space:normal}"
    ".newsgraph mark{background:rgba(255,196,0,.32);color:inherit;border-radius:2px}"
    ".newsgraph blockquote{margin:.6em 0 .2em;padding-left:.7em;border-left:3px solid rgba(128,128,128,.45)}"
    ".newsgraph small{opacity:.75}"
)


class Table:
    """Rows of a graph or of an answer. They are made when they are asked for.

    Takes part in whatever speaks Arrow: ``polars.DataFrame(table)``, ``pyarrow.table(table)``,
    ``duckdb.sql("FROM table")``.

    >>> table = g.statements
    >>> len(table), table[0]["subject"], table["label"]
    (1, 'Mara Voss', ['meet'])
    """

    __slots__ = ("_native",)

    def __init__(self, native: NativeTable) -> None:
        self._native = native

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows as a stream of Arrow, without a copy."""
        return self._native.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return len(self._native)

    @property
    def columns(self) -> list[str]:
        """The names of the columns.

        >>> g.documents.columns[:3]
        ['doc_id', 'title', 'publisher']
        """
        return self._native.columns()

    def rows(self, limit: int | None = None) -> list[Row]:
        """The rows as dictionaries, all or the first ones.

        >>> g.entities.rows(limit=1)[0]["label"]
        'Ines Carvalho'
        """
        return self._native.rows(limit)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._native.rows())

    def __getitem__(self, key: str | int) -> Any:
        """A column as a list by its name, a row as a dictionary by its number."""
        if isinstance(key, str):
            if key not in self.columns:
                raise KeyError(f"no column {key!r}, only {', '.join(self.columns)}")
            return self._native.to_pydict()[key]
        n = len(self)
        if not -n <= key < n:
            raise IndexError(f"row {key} of {n}")
        at = key % n
        return self._native.rows(at + 1)[at]

    def to_pydict(self) -> dict[str, list[Any]]:
        """The columns as lists.

        >>> g.documents.to_pydict()["doc_id"]
        ['text#1']
        """
        return self._native.to_pydict()

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table``."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``: days are ``datetime64``, columns of a few texts categories."""
        import pandas

        try:
            import pyarrow
        except ImportError:
            frame = pandas.DataFrame(self.to_pydict(), columns=self.columns)
            for name in frame.columns:
                if any(isinstance(value, datetime.date) for value in frame[name]):
                    frame[name] = pandas.to_datetime(frame[name])
            return frame
        return pyarrow.table(self).unify_dictionaries().to_pandas(date_as_object=False)

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``."""
        import polars

        return polars.DataFrame(self)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Writes the rows to a file: ``.parquet``, ``.csv`` or ``.jsonl``.

        :raises ValueError: for another suffix
        """
        name = os.fspath(path).lower()
        if name.endswith(".parquet"):
            self._native.write_parquet(os.fspath(path))
        elif name.endswith(".jsonl"):
            import json

            lines = (json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in self)
            _write(path, lines)
        elif name.endswith(".csv"):
            _write(path, _csv(self))
        else:
            raise ValueError(f"{os.fspath(path)}: no form of a table, expected .parquet, .csv or .jsonl")

    def __repr__(self) -> str:
        n, names = len(self), self.columns
        return f"Table({n} row{'' if n == 1 else 's'}: {', '.join(names[:8])}{' …' if len(names) > 8 else ''})"

    def _repr_html_(self) -> str:
        rows, n = self.rows(limit=_SHOWN), len(self)
        names = self.columns
        if len(names) > 10:
            hidden = _HIDDEN | _BESIDE_DAY if "day" in names else _HIDDEN
            names = [it for it in names if it not in hidden and any(_filled(row[it]) for row in rows)]
            # An id stands with its label, that of the row behind what it says.
            names = [it for it in names if it.removesuffix("_id") not in names or not it.endswith("_id")]
            names.sort(key=lambda it: it == "id")
        less = [f"{len(rows):,} of {n:,} rows"] if n > len(rows) else []
        if names and len(names) < len(self.columns):
            less.append(f"{len(names)} of {len(self.columns)} columns")
        return shown(listed(names, rows) + (f"<p><small>{', '.join(less)}</small></p>" if less else ""))


def shown(content: str) -> str:
    """Content for a notebook of any theme: colors are those of the notebook, or let them through."""
    return f'<div class="newsgraph"><style>{_STYLE}</style>{content}</div>'


def listed(names: list[str], rows: list[Row]) -> str:
    """Rows as a table of HTML."""
    head = "".join(f"<th>{html.escape(it)}</th>" for it in names)
    body = "".join(f"<tr>{''.join(_td(row, it) for it in names)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _filled(value: Any) -> bool:
    return value is not None and value != []


def _td(row: Row, name: str) -> str:
    value = row[name]
    if name == "quote" and value is not None and row.get("quote_start") is not None:
        return f'<td class="long">{marked(row)}</td>'
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f'<td class="number">{_text(value)}</td>'
    if isinstance(value, list) and any(len(_text(it)) > 60 for it in value):
        return f'<td class="long">{"<br>".join(html.escape(_text(it)) for it in value)}</td>'
    text = _text(value)
    kind = ' class="long"' if len(text) > 60 else ' class="day"' if isinstance(value, datetime.date) else ""
    return f"<td{kind}>{html.escape(text)}</td>"


def marked(row: Row) -> str:
    """The sentence of a statement as HTML, with the words that it rests on marked."""
    quote, start = row["quote"] or "", row["quote_start"] or 0
    first, last = row["char_start"] - start, row["char_end"] - start
    if not 0 <= first <= last <= len(quote):
        return html.escape(quote)
    before, words, behind = quote[:first], quote[first:last], quote[last:]
    return f"{html.escape(before)}<mark>{html.escape(words)}</mark>{html.escape(behind)}"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_text(it) for it in value)
    if isinstance(value, dict):
        return f"{value.get('role')}={value.get('value')}"
    return str(value)


def _csv(table: Table) -> Iterator[str]:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table:
        writer.writerow([" | ".join(map(_text, it)) if isinstance(it, list) else it for it in row.values()])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _write(path: str | os.PathLike[str], lines: Iterator[str]) -> None:
    """A file appears whole or not at all."""
    import tempfile

    folder = os.path.dirname(os.path.abspath(path))
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", dir=folder, delete=False) as out:
        try:
            out.writelines(lines)
        except BaseException:
            os.unlink(out.name)
            raise
    # A temporary file is for its owner alone.
    umask = os.umask(0)
    os.umask(umask)
    os.chmod(out.name, 0o666 & ~umask)
    os.replace(out.name, path)
