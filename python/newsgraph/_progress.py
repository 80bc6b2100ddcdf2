"""A bar for whoever waits: in a notebook a widget of the browser, in a terminal a line."""

from __future__ import annotations

import sys
import time
from typing import Any, Callable

Progress = Callable[[int, int], object]


def of(progress: bool | Progress | None) -> tuple[Progress | None, Callable[[], None]]:
    """The function to tell and what ends it; ``None`` decides by where Python runs."""
    if callable(progress):
        return progress, lambda: None
    shell = _notebook()
    if progress is False or (progress is None and shell is None and not sys.stderr.isatty()):
        return None, lambda: None
    bar: _Page | _Line = _Page() if shell is not None else _Line()
    return bar.tell, bar.end


def _notebook() -> Any:
    """The shell of a notebook, if this runs in one; nothing is imported to find out."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module is not None else None
    return shell if shell is not None and hasattr(shell, "kernel") else None


class _Line:
    def __init__(self) -> None:
        self.start = time.monotonic()
        self.width = 0

    def tell(self, done: int, total: int) -> None:
        seconds = time.monotonic() - self.start
        rate = done / seconds if seconds > 0 else 0.0
        text = f"{done:,} of {total:,} documents, {rate:,.0f} a second"
        self.width = max(self.width, len(text))
        print("\r" + text.ljust(self.width), end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self.width:
            print("\r" + " " * self.width + "\r", end="", file=sys.stderr, flush=True)


class _Page:
    def __init__(self) -> None:
        self.handle: Any = None

    def tell(self, done: int, total: int) -> None:
        from IPython.display import HTML, display

        shown = HTML(f'<progress value="{done}" max="{total}"></progress> {done:,} of {total:,} documents')
        if self.handle is None:
            self.handle = display(shown, display_id=True)
        else:
            self.handle.update(shown)

    def end(self) -> None:
        if self.handle is not None:
            from IPython.display import HTML

            self.handle.update(HTML(""))
