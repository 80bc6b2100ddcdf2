"""Reads articles on Daft.

    rows = newsgraph.daft.readings(daft.read_parquet("news/*.parquet"))
    rows.write_parquet("readings/")
    graph = newsgraph.link("readings/")
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

_COLUMNS = ("id", "basis", "key", "n_sentences", "reading", "left_out")
_FIELDS = ("id", "url", "publisher", "title", "date", "text")


def readings(
    frame: Any,
    *,
    date: str | datetime.date | None = None,
    columns: Mapping[str, str] | None = None,
    any_language: bool = False,
    on_error: str = "skip",
    threads: int = 1,
) -> Any:
    """The readings of a ``daft.DataFrame`` of articles, a lazy frame as well; see :func:`newsgraph.readings`.

    Without ``columns`` those are read that are called ``id``, ``url``, ``publisher``, ``title``, ``date`` and ``text``.

    :raises ValueError: if there is no column of texts
    """
    import daft

    day = date.isoformat()[:10] if isinstance(date, datetime.date) else date
    names = frame.column_names
    chosen = dict(columns) if columns is not None else {field: field for field in _FIELDS if field in names}
    if "text" not in chosen:
        raise ValueError(f"no column 'text', only {', '.join(names)}; columns={{'text': ...}} names another one")
    fields = list(chosen)
    kind = daft.DataType
    row = kind.struct({
        "id": kind.string(), "basis": kind.string(), "key": kind.string(),
        "n_sentences": kind.int32(), "reading": kind.binary(), "left_out": kind.string()})

    # A generator: an article in another language gives no row.
    def read(*cells: Any) -> Iterator[dict[str, Any]]:
        import newsgraph

        article = dict(zip(fields, cells))
        if article["text"] is not None:
            yield from newsgraph.readings(
                [article], date=day, any_language=any_language, on_error=on_error, threads=threads)

    reader: Any = daft.func(read, return_dtype=row)
    rows = frame.select(reader(*(daft.col(chosen[field]) for field in fields)).alias("row"))
    return rows.select(*(daft.col("row")[name].alias(name) for name in _COLUMNS))
