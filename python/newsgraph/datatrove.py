"""Reads articles in a pipeline of datatrove.

    pipeline = [JsonlReader("news/"), newsgraph.datatrove.Readings("readings/")]
    LocalPipelineExecutor(pipeline, tasks=8).run()
    graph = newsgraph.link("readings/")
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from typing import Any

from datatrove.pipeline.base import PipelineStep

_BATCH = 256
_FIELDS = ("url", "publisher", "title", "date")


class Readings(PipelineStep):  # type: ignore[misc]
    """Writes the readings of each task into a Parquet file of its own, and passes the articles on.

    ``url``, ``publisher``, ``title`` and ``date`` of an article are taken from its metadata; see
    :func:`newsgraph.readings` for the rest. A task that is run again writes its file anew.
    """

    name = "newsgraph"
    type = "readings"

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        date: str | datetime.date | None = None,
        any_language: bool = False,
        on_error: str = "skip",
        threads: int = 1,
    ) -> None:
        super().__init__()
        self.folder = os.fspath(folder)
        self.options: dict[str, Any] = dict(date=date, any_language=any_language, on_error=on_error, threads=threads)

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Reads the articles of a task."""
        import pyarrow
        import pyarrow.parquet

        import newsgraph

        os.makedirs(self.folder, exist_ok=True)
        path = os.path.join(self.folder, f"readings-{rank:05}-of-{world_size:05}.parquet")
        # A file that is half-written has a name that nobody reads.
        half = os.path.join(self.folder, f".{os.path.basename(path)}.half")
        writer = None
        batch: list[dict[str, Any]] = []

        def write() -> None:
            nonlocal writer
            rows = pyarrow.table(newsgraph.readings(batch, **self.options))
            if writer is None:
                writer = pyarrow.parquet.ParquetWriter(half, rows.schema)
            writer.write_table(rows)
            batch.clear()

        for document in data or []:
            with self.track_time():
                fields = {field: document.metadata.get(field) for field in _FIELDS}
                batch.append({"id": document.id, "text": document.text, **fields})
                self.stat_update("articles")
                if len(batch) == _BATCH:
                    write()
            yield document
        write()
        if writer is not None:
            writer.close()
        os.replace(half, path)
