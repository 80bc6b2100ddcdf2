"""Reads articles on Spark, or on what speaks its protocol, as Sail.

The workers need this package and pyarrow.

    rows = newsgraph.spark.readings(spark.read.parquet("news/"))
    rows.write.parquet("readings/")
    graph = newsgraph.link("readings/")
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

_SCHEMA = "id string, basis string, key string, n_sentences int, reading binary, left_out string"


def readings(
    frame: Any,
    *,
    date: str | datetime.date | None = None,
    columns: Mapping[str, str] | None = None,
    any_language: bool = False,
    on_error: str = "skip",
    threads: int = 1,
) -> Any:
    """The readings of a ``pyspark.sql.DataFrame`` of articles, a lazy frame as well; see :func:`newsgraph.readings`.

    Each partition is read by one worker in ``threads`` threads: with fewer, larger partitions than there are cores
    some stay idle. Model and rules are loaded once a worker process.
    """
    day = date.isoformat()[:10] if isinstance(date, datetime.date) else date
    # The plan travels to workers: plain values only.
    options: dict[str, Any] = dict(date=day, columns=None if columns is None else dict(columns), any_language=any_language,
                   on_error=on_error, threads=threads)

    def read(batches: Iterator[Any]) -> Iterator[Any]:
        import newsgraph
        import pyarrow

        for batch in batches:
            rows = newsgraph.readings(pyarrow.Table.from_batches([batch]), **options)
            yield from pyarrow.table(rows).to_batches()

    return frame.mapInArrow(read, _SCHEMA)
