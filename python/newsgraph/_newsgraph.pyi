"""The native part; what it gives is wrapped by the other modules, but for sentences and tokens."""

from os import PathLike
from typing import Any, Callable, final

__version__: str

@final
class Token:
    """A word of a sentence, after Universal Dependencies. Offsets count characters of the text."""

    @property
    def text(self) -> str:
        """The word as it stands."""
    @property
    def lemma(self) -> str:
        """Base form."""
    @property
    def upos(self) -> str:
        """Part of speech."""
    @property
    def feats(self) -> str:
        """Features: ``Number=Sing|Person=3``."""
    @property
    def head(self) -> int | None:
        """Index of the head in the sentence; ``None`` for the root."""
    @property
    def deprel(self) -> str:
        """Relation to the head."""
    @property
    def start(self) -> int:
        """First character."""
    @property
    def end(self) -> int:
        """Behind the last one."""
    @property
    def label(self) -> str | None:
        """Kind of the name that it belongs to."""

@final
class Sentence:
    """A sentence with its words and names."""

    @property
    def text(self) -> str:
        """Its words as they stand."""
    @property
    def start(self) -> int:
        """First character."""
    @property
    def end(self) -> int:
        """Behind the last one."""
    @property
    def tokens(self) -> list[Token]:
        """The words, in order."""
    @property
    def names(self) -> list[tuple[int, int, str]]:
        """The names: first token, behind the last one, kind."""
    def __len__(self) -> int: ...

@final
class Engine:
    def __new__(
        cls,
        rules: str | None = None,
        ontology: str | None = None,
        model: str | None = None,
        threads: int = 0,
    ) -> Engine: ...
    def build(
        self,
        parts: list[tuple[Any, ...]],
        date: str | None = None,
        corrections: str | PathLike[str] | None = None,
        kb: str | PathLike[str] | None = None,
        min_confidence: float | None = None,
        any_language: bool = False,
        progress: Callable[[int, int], object] | None = None,
    ) -> NativeGraph: ...
    def readings(
        self,
        parts: list[tuple[Any, ...]],
        date: str | None = None,
        any_language: bool = False,
        progress: Callable[[int, int], object] | None = None,
    ) -> tuple[NativeTable, list[str]]: ...
    def link(
        self,
        readings: list[str],
        corrections: str | PathLike[str] | None = None,
        kb: str | PathLike[str] | None = None,
        min_confidence: float | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> NativeGraph: ...
    def parse(self, text: str) -> list[Sentence]: ...

@final
class NativeGraph:
    @staticmethod
    def open(place: str, rules: str | None = None, ontology: str | None = None) -> NativeGraph: ...
    def table(self, name: str) -> NativeTable: ...
    def counts(self) -> tuple[int, int, int, int]: ...
    def find(self, words: str) -> NativeTable: ...
    def timeline(self, id: str) -> NativeTable: ...
    def neighbors(self, id: str) -> NativeTable: ...
    def comparisons(self, id: str) -> NativeTable: ...
    def statements_called(self, id: str) -> NativeTable: ...
    def path(self, a: str, b: str) -> NativeTable | None: ...
    def select(
        self,
        since: str | None = None,
        until: str | None = None,
        publisher: list[str] = ...,
        factuality: list[str] = ...,
        min_confidence: float = 0.0,
        classes: list[str] = ...,
        between: list[str] = ...,
        relations: list[str] = ...,
        named: bool = False,
    ) -> NativeGraph: ...
    def query(self, sparql: str, timeout: float, max_rows: int) -> tuple[NativeTable, str, bool]: ...
    def drawing(self, edges: str, all: bool, layout: bool) -> tuple[NativeTable, NativeTable]: ...
    def bytes(self, format: str) -> bytes: ...
    def write(self, path: str, edges: str, all: bool, layout: bool, rdf_version: str) -> None: ...
    def save(
        self, folder: str, formats: list[str], edges: str, all: bool, layout: bool, rdf_version: str
    ) -> list[str]: ...
    def skipped(self) -> list[str]: ...
    def remarks(self) -> list[str]: ...

@final
class NativeTable:
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __len__(self) -> int: ...
    def columns(self) -> list[str]: ...
    def rows(self, limit: int | None = None) -> list[dict[str, Any]]: ...
    def to_pydict(self) -> dict[str, list[Any]]: ...
    def write_parquet(self, path: str | PathLike[str]) -> None: ...

def text_columns(name: str, columns: list[str]) -> list[int]: ...
def columns(table: str) -> list[tuple[str, str, str]]: ...
