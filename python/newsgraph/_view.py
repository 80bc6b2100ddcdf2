"""The explorer in a cell of a notebook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from ._graph import Graph

# A notebook stores the page in its file and sends it to the browser as one message.
MOST_BYTES = 10_000_000
# A statement with its words takes more; what has too many of them is not even written.
_LEAST_BYTES = 100
# Its content policy allows no script but its own from there on.
_POLICY = '<meta http-equiv="Content-Security-Policy"'

# A frame has no address to come back to, and the history is that of the notebook. It may have no size when the page
# begins: then the picture is fitted, and the filters opened where there is room, when it has one.
_FRAMED = """\
history.pushState = history.replaceState = () => {};
new ResizeObserver((_, observer) => {
  if (!innerWidth) return;
  observer.disconnect();
  const fit = () => {
    if (typeof picture !== "object") return;
    document.getElementById("filters-box").open = !matchMedia("(max-width: 62rem)").matches;
    picture.fit();
  };
  requestAnimationFrame(() => requestAnimationFrame(fit));
}).observe(document.documentElement);
"""


class View:
    """The explorer of a graph, shown by a notebook as the last value of a cell; made by :meth:`Graph.show`.

    It lies in the notebook as a whole: nothing is fetched, and it works without a kernel. Where no scripts run, it is
    a picture.

    >>> g.show()
    <newsgraph.View: 1 document, 1 statement, 3 entities>
    """

    __slots__ = ("_graph", "_height", "_page", "_told")

    def __init__(self, graph: Graph, center: tuple[str, str] | None, height: int) -> None:
        self._graph = graph
        self._height = height
        self._told = repr(graph)[1:-1].replace("Graph", "View", 1)
        if center is not None:
            self._told += f", around {center[1]}"
        statements = len(graph)
        if statements * _LEAST_BYTES > MOST_BYTES:
            raise ValueError(_too_large(f"{statements:,} statements are"))
        page = graph._native.bytes("html")
        if len(page) > MOST_BYTES:
            raise ValueError(_too_large(f"{statements:,} statements make a page of {len(page) / 1e6:.1f} MB, which is"))
        self._page = _framed(page.decode(), center[0].removeprefix("e:") if center is not None else None)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        # Links of articles open in a tab of their own. Without an origin the page reaches nothing of the notebook.
        frame = (
            '<iframe title="newsgraph explorer" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"'
            f' style="width:100%;height:{self._height}px;border:1px solid #8886;border-radius:6px;box-sizing:border-box"'
            f" srcdoc='{_quoted(self._page)}'></iframe>"
        )
        picture = self._graph._native.bytes("svg").decode()
        return {"text/html": frame, "image/svg+xml": picture, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"<{self._told}>"


def _too_large(what: str) -> str:
    return (
        f"{what} too much for a notebook: show a part, as graph.filter(since=..., classes=..., min_confidence=...).show(), "
        'or write a file with graph.write("graph.html") and open that'
    )


def _framed(page: str, center: str | None) -> str:
    """The page for a frame: it begins with one thing, keeps no history, and opens links elsewhere."""
    before, policy, behind = page.partition(_POLICY)
    if not policy:
        raise AssertionError("the explorer's page has no content policy")
    script = _FRAMED
    if center is not None:
        address = json.dumps(urlencode({"e": center})).replace("<", "\\u003c")
        script += f"location.hash={address};"
    return f'{before}<base target="_blank"><script>{script}</script>{policy}{behind}'


def _quoted(text: str) -> str:
    """For an attribute in single quotes: the page holds few of those, and very many double ones."""
    return text.replace("&", "&amp;").replace("'", "&#39;")
