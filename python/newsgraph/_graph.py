"""A graph: tables, things, questions, other libraries, files."""

from __future__ import annotations

import datetime
import html
import os
import re
from collections.abc import Iterable, Sequence
from typing import Any

from ._newsgraph import NativeGraph
from ._table import Row, Table, listed, marked, shown
from ._view import View

Day = str | datetime.date
# Things with a name in the summary, and how many there may be so that it does not take long.
_MOST = 8
_COUNTED = 200_000
_STATEMENT = re.compile(r"st:[0-9a-f]{4,16}(\.\d+)?")


class Graph:
    """What articles say: built by :func:`newsgraph.build`, opened by :func:`newsgraph.read`. It never changes.

    >>> g
    <newsgraph.Graph: 1 document, 1 statement, 3 entities>
    """

    __slots__ = ("_native",)

    def __init__(self, native: NativeGraph) -> None:
        self._native = native

    # Tables

    @property
    def statements(self) -> Table:
        """A statement a row, those about a value or nothing as well.

        >>> row = g.statements[0]
        >>> row["subject"], row["relation"], row["object"], row["factuality"]
        ('Mara Voss', 'ng:metWith', 'Ines Carvalho', 'asserted')
        """
        return Table(self._native.table("statements"))

    @property
    def claims(self) -> Table:
        """What one clause says a row, with its statements.

        >>> g.claims[0]["participants"]
        ['Mara Voss', 'Ines Carvalho']
        """
        return Table(self._native.table("claims"))

    @property
    def relations(self) -> Table:
        """All statements that agree in subject, relation, object and how they stand a row; ``source``, ``target`` first.

        >>> g.relations.columns[:2], g.relations[0]["weight"]
        (['source', 'target'], 1)
        """
        return Table(self._native.table("relations"))

    @property
    def entities(self) -> Table:
        """A thing that statements name a row.

        >>> g.entities["label"]
        ['Ines Carvalho', 'Lisbon', 'Mara Voss']
        """
        return Table(self._native.table("entities"))

    @property
    def documents(self) -> Table:
        """An article a row.

        >>> len(g.documents)
        1
        """
        return Table(self._native.table("documents"))

    @property
    def comparisons(self) -> Table:
        """Two names of which it was decided whether they mean one thing a row.

        >>> g.comparisons.columns[0]
        'outcome'
        """
        return Table(self._native.table("comparisons"))

    # What became of the input

    @property
    def skipped(self) -> list[str]:
        """What was left out of the input, one line each; nothing for a graph that was read from a file.

        >>> g.skipped
        []
        """
        return self._native.skipped()

    @property
    def remarks(self) -> list[str]:
        """What was read with a remark, and corrections that do not apply, one line each.

        >>> g.remarks
        []
        """
        return self._native.remarks()

    # Parts

    def filter(
        self,
        *,
        since: Day | None = None,
        until: Day | None = None,
        publisher: str | Iterable[str] = (),
        factuality: str | Iterable[str] = (),
        min_confidence: float = 0.0,
        classes: str | Iterable[str] = (),
        between: str | Iterable[str] = (),
        relations: str | Iterable[str] = (),
        named: bool = False,
    ) -> Graph:
        """The part of the graph whose statements pass; what is not given asks for nothing.

        ``since`` and ``until`` are days of the event, else of the article. ``classes`` asks that subject or object is
        of one of these classes, ``between`` that both are. ``relations`` are ``visited``, ``ng:visited`` or
        ``open:hold-talks-with``, with those below them. ``named`` asks that both sides have a name.

        :raises ValueError: for a class, relation, factuality or day that does not exist

        >>> len(g.filter(since="2025-03-01", classes="Person", named=True).statements)
        1
        >>> len(g.filter(factuality=["claimed", "denied"]).statements)
        0
        """
        return Graph(
            self._native.select(
                _day(since),
                _day(until),
                _list(publisher),
                _list(factuality),
                min_confidence,
                _list(classes),
                _list(between),
                _list(relations),
                named,
            )
        )

    # Things

    def find(self, name: str) -> Table:
        """The entities that are called so, the best first.

        >>> g.find("carvalho")["label"]
        ['Ines Carvalho']
        """
        return Table(self._native.find(name))

    def entity(self, name: str) -> Entity:
        """The entity that is called so, by any of its names or its id; of several the one with the most statements.

        :raises KeyError: if nothing is called so

        >>> g.entity("Voss").id
        'e:mara-voss'
        """
        rows = self._native.find(name).rows(1)
        if not rows:
            raise KeyError(f"nothing is called {name!r}")
        return Entity(self, rows[0])

    def neighbours(self, of: str | Entity) -> Table:
        """The things that statements join to one, with relations and sentences; most statements first.

        >>> [(row["label"], row["relations"], row["quotes"]) for row in g.neighbours("Voss")]
        [('Ines Carvalho', ['meet'], ['Mara Voss met Ines Carvalho in Lisbon.'])]
        """
        return Table(self._native.neighbors(self._id(of)))

    neighbors = neighbours

    def timeline(self, of: str | Entity) -> Table:
        """The statements about one thing in the order of days, of the event or else of the article.

        >>> [(str(row["day"]), row["wording"]) for row in g.timeline("Carvalho")]
        [('2025-03-06', 'Mara Voss met Ines Carvalho in Lisbon.')]
        """
        return Table(self._native.timeline(self._id(of)))

    def path(self, a: str | Entity, b: str | Entity) -> Table:
        """The relations of a shortest way between two things, in either direction; nothing if there is none.

        What is negated, denied or merely thought of is no way.

        >>> g.path("Voss", "Carvalho")["label"]
        ['meet with']
        """
        found = self._native.path(self._id(a), self._id(b))
        return Table(found) if found is not None else Table(self._empty("relations"))

    def explain(self, what: str | Entity) -> Explanation:
        """The sentences behind a statement (by its id) or a thing, and why its names were joined.

        :raises KeyError: if nothing is called so

        >>> print(g.explain("Ines Carvalho"))
        Ines Carvalho (Person), e:ines-carvalho
        “Mara Voss met Ines Carvalho in Lisbon.” (text#1)
          Mara Voss – meet – Ines Carvalho (asserted, 2025-03-06, rule ..., confidence ...)
        """
        if isinstance(what, str) and _STATEMENT.fullmatch(what.strip()):
            statements = Table(self._native.statements_called(what))
            if len(statements):
                return Explanation(None, statements, None)
            raise KeyError(f"no statement {what!r}")
        entity = what if isinstance(what, Entity) else self.entity(what)
        comparisons = Table(self._native.comparisons(entity.id))
        return Explanation(entity, entity.timeline(), comparisons)

    def _id(self, of: str | Entity) -> str:
        return of.id if isinstance(of, Entity) else self.entity(of).id

    def _empty(self, table: str) -> Any:
        return self._native.select(min_confidence=2.0).table(table)

    # Questions

    def query(self, sparql: str, *, timeout: float = 60.0, max_rows: int = 1_000_000) -> Table | bool:
        """Answers a SPARQL query: a table, of ASK true or false. Prefixes need not be declared.

        IRIs come with their prefix, as ids in the tables; columns of numbers and days have these types.

        :raises ValueError: if the query is not understood
        :raises TimeoutError: if it takes longer than ``timeout`` seconds

        >>> g.query("SELECT ?who ?whom { ?who ng:metWith ?whom }").rows()
        [{'who': 'e:mara-voss', 'whom': 'e:ines-carvalho'}]
        >>> g.query("ASK { ?who ng:visited ?where }")
        False
        """
        native, kind, complete = self._native.query(sparql, timeout, max_rows)
        if kind == "answer":
            return bool(native.rows()[0]["answer"])
        if not complete:
            import warnings

            from ._errors import NewsgraphWarning

            text = f"only the first {len(native):,} rows; max_rows asks for more"
            warnings.warn(text, NewsgraphWarning, stacklevel=2)
        return Table(native)

    # Notebooks

    def show(self, of: str | Entity | None = None, *, height: int = 600, named: bool = True) -> View:
        """The explorer inside a cell of a notebook: the picture, search, filters, and the sentences behind each line.

        It begins with what ``of`` names and its neighbours, else with all. ``named`` leaves out statements that
        name a side by no name; ``named=False`` shows them. ``height`` is in pixels. The page becomes part of the
        notebook's file.

        :raises KeyError: if nothing is called so
        :raises ValueError: if there is too much for a notebook, with what to do; if there is nothing to show of a thing

        >>> g.show("Carvalho", height=400)
        <newsgraph.View: 1 document, 1 statement, 3 entities, around Ines Carvalho>
        """
        if height < 1:
            raise ValueError(f"a height of {height} pixels shows nothing")
        entity = of if isinstance(of, Entity) or of is None else self.entity(of)
        graph = self.filter(named=True) if named else self
        if entity is not None and entity.id not in graph:
            more = "; named=False shows what has none" if named and entity.id in self else ""
            raise ValueError(f"no statement joins {entity} to a thing with a name{more}")
        return View(graph, None if entity is None else (entity.id, entity.label), int(height))

    # Other libraries

    def to_networkx(self, multi: bool = True, *, named: bool = False) -> Any:
        """A ``networkx.MultiDiGraph`` with an edge a statement, keyed by its id; else a ``DiGraph`` with one edge for
        all that is said of one thing about another, and its ``weight``.

        Attributes are those of the GraphML files. ``named`` keeps things with a name.

        >>> g.to_networkx().nodes["mara-voss"]["label"]
        'Mara Voss'
        """
        import networkx

        graph = networkx.MultiDiGraph() if multi else networkx.DiGraph()
        nodes, edges = self._drawing(multi, named)
        graph.add_nodes_from((row.pop("id"), _told(row)) for row in nodes)
        for row in edges:
            ends = (row.pop("source"), row.pop("target"))
            key = (row.pop("id"),) if multi else ()
            graph.add_edge(*ends, *key, **_told(row))
        return graph

    def to_igraph(self, multi: bool = True, *, named: bool = False) -> Any:
        """A directed ``igraph.Graph``; vertices are found by ``name``. As :meth:`to_networkx` besides.

        >>> g.to_igraph().vs.find(name="Mara Voss")["entity_type"]
        'Person'
        """
        import igraph

        nodes, edges = self._drawing(multi, named)
        graph = igraph.Graph(directed=True)
        graph.add_vertices(len(nodes), _columns(nodes))
        places = {row["id"]: at for at, row in enumerate(nodes)}
        ends = [(places[row.pop("source")], places[row.pop("target")]) for row in edges]
        graph.add_edges(ends, _columns(edges))
        return graph

    def _drawing(self, multi: bool, named: bool) -> tuple[list[Row], list[Row]]:
        nodes, edges = self._native.drawing("statement" if multi else "aggregated", not named, False)
        return nodes.rows(), edges.rows()

    def to_rdflib(self) -> Any:
        """An ``rdflib.Graph`` with all triples: facts, statements, passages.

        >>> len(g.to_rdflib()) > 50
        True
        """
        import rdflib

        graph = rdflib.Graph()
        graph.parse(data=self._native.bytes("nt").decode(), format="nt")
        for prefix, iri in _PREFIXES.items():
            graph.bind(prefix, iri)
        return graph

    def to_pyoxigraph(self) -> Any:
        """A ``pyoxigraph.Store`` with all triples.

        >>> len(g.to_pyoxigraph()) > 50
        True
        """
        import pyoxigraph

        store = pyoxigraph.Store()
        store.bulk_load(self._native.bytes("nt"), format=pyoxigraph.RdfFormat.N_TRIPLES)
        return store

    # Files

    def write(
        self,
        path: str | os.PathLike[str],
        *,
        edges: str = "statement",
        all: bool = False,
        layout: bool = False,
        rdf_version: str = "1.1",
    ) -> None:
        """Writes one file; the suffix gives its form: ``.ttl``, ``.graphml``, ``.gexf``, ``.jsonl``, ``.html`` …

        Options are those of the program. Tables are written by :meth:`Table.write` or :meth:`save`.

        :raises ValueError: for another suffix, with those that exist
        """
        self._native.write(os.fspath(path), edges, all, layout, rdf_version)

    def save(
        self,
        folder: str | os.PathLike[str],
        formats: str | Sequence[str] = ("ttl", "graphml"),
        *,
        edges: str = "statement",
        all: bool = False,
        layout: bool = False,
        rdf_version: str = "1.1",
    ) -> list[str]:
        """Writes files of some forms into a folder, as the program does; :func:`newsgraph.read` opens it again.

        ``formats`` are those of ``newsgraph build --format``; ``tables`` are all tables as Parquet.
        """
        chosen = [it.strip() for it in formats.split(",")] if isinstance(formats, str) else list(formats)
        native = self._native.save(os.fspath(folder), chosen, edges, all, layout, rdf_version)
        return [str(path) for path in native]

    def __len__(self) -> int:
        """How many statements there are."""
        return self._native.counts()[1]

    def __contains__(self, name: object) -> bool:
        """True if something is called so."""
        return isinstance(name, str) and len(self._native.find(name)) > 0

    def __repr__(self) -> str:
        return f"<newsgraph.Graph: {self._summary()}>"

    def _summary(self) -> str:
        documents, statements, entities, _ = self._native.counts()
        return ", ".join([_n(documents, "document"), _n(statements, "statement"), _n(entities, "entity", "entities")])

    def _repr_html_(self) -> str:
        days = sorted(it for it in self.documents["published"] if it is not None)
        publishers = len({it for it in self.documents["publisher"] if it is not None})
        told = [f"{days[0]} to {days[-1]}" if days[0] != days[-1] else str(days[0])] if days else []
        told += [_n(publishers, "publisher")] if publishers else []
        told += [_n(len(notes), name) for notes, name in ((self.skipped, "input left out"), (self.remarks, "remark")) if notes]
        parts = [f"<p><b>{self._summary()}</b>{'<br>' if told else ''}{' · '.join(told)}</p>"]
        if len(self.entities) <= _COUNTED:
            named = [row for row in self.entities if row["named"] and row["statements"]]
            named.sort(key=lambda row: (-row["statements"], row["label"]))
            if named:
                parts.append(f"<p>Most is said of:</p>{listed(['label', 'class', 'statements', 'documents'], named[:_MOST])}")
        return shown("".join(parts))


class Entity:
    """A thing of a graph; its row in :attr:`Graph.entities` as attributes.

    >>> mara = g.entity("Voss")
    >>> mara.label, mara.class_name, mara.named
    ('Mara Voss', 'Person', True)
    """

    __slots__ = ("_graph", "row")

    def __init__(self, graph: Graph, row: Row) -> None:
        self._graph = graph
        self.row = row

    @property
    def id(self) -> str:
        """Its id, the same in all forms and from build to build."""
        return str(self.row["id"])

    @property
    def label(self) -> str:
        """What it is called."""
        return str(self.row["label"])

    @property
    def class_name(self) -> str:
        """Its class."""
        return str(self.row["class"])

    @property
    def named(self) -> bool:
        """True if a text calls it by a name."""
        return bool(self.row["named"])

    @property
    def aliases(self) -> list[str]:
        """Other names."""
        return list(self.row["aliases"])

    @property
    def wikidata(self) -> str | None:
        """Its Wikidata item, if that is sure."""
        found: str | None = self.row["wikidata"]
        return found

    def neighbours(self) -> Table:
        """As :meth:`Graph.neighbours`."""
        return self._graph.neighbours(self)

    neighbors = neighbours

    def timeline(self) -> Table:
        """As :meth:`Graph.timeline`."""
        return self._graph.timeline(self)

    def path(self, to: str | Entity) -> Table:
        """As :meth:`Graph.path`."""
        return self._graph.path(self, to)

    def explain(self) -> Explanation:
        """As :meth:`Graph.explain`."""
        return self._graph.explain(self)

    def show(self, *, height: int = 600, named: bool = True) -> View:
        """As :meth:`Graph.show`."""
        return self._graph.show(self, height=height, named=named)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entity) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __str__(self) -> str:
        return f"{self.label} ({self.class_name}), {self.id}"

    def __repr__(self) -> str:
        return f"<newsgraph.Entity: {self}>"

    def _repr_html_(self) -> str:
        told = [f"<b>{html.escape(self.label)}</b> {html.escape(self.class_name)} <code>{html.escape(self.id)}</code>"]
        for name, values in (("also called", self.aliases), ("described as", self.row["descriptions"])):
            if values:
                told.append(f"{name}: {html.escape(', '.join(values))}")
        return shown(f"<p>{'<br>'.join(told)}</p>") + self.neighbours()._repr_html_()


class Explanation:
    """Why a graph says what it says: statements under their sentences, and how names were compared."""

    __slots__ = ("comparisons", "entity", "statements")

    def __init__(self, entity: Entity | None, statements: Table, comparisons: Table | None) -> None:
        self.entity = entity
        self.statements = statements
        self.comparisons = comparisons

    def __str__(self) -> str:
        lines = [] if self.entity is None else [str(self.entity)]
        lines += [f"  {it}" for it in self._compared()]
        quote = None
        for row in self.statements:
            if (row["doc_id"], row["quote"]) != quote:
                quote = (row["doc_id"], row["quote"])
                lines.append(f"“{row['quote']}” ({row['doc_id']})")
            lines.append(f"  {_said(row)} ({_standing(row)})")
        return "\n".join(lines)

    def _compared(self) -> list[str]:
        lines = []
        for row in self.comparisons or ():
            remarks = "".join(f"; {it}" for it in row["remarks"])
            verb = "joined" if row["outcome"] == "joined" else "kept apart"
            names = f"“{row['left_name']}” – “{row['right_name']}”"
            lines.append(f"{verb}: {names}: {row['ground']}{remarks} ({row['score']:.2f})")
        return lines

    __repr__ = __str__

    def _repr_html_(self) -> str:
        parts = [] if self.entity is None else [f"<p><b>{html.escape(str(self.entity))}</b></p>"]
        parts += [f"<p>{html.escape(it)}</p>" for it in self._compared()]
        quote = None
        for row in self.statements:
            if (row["doc_id"], row["quote"], row["char_start"]) != quote:
                quote = (row["doc_id"], row["quote"], row["char_start"])
                parts.append(f"<blockquote>{marked(row)} <small>{html.escape(row['doc_id'])}</small></blockquote>")
            parts.append(f"<p>{html.escape(_said(row))} <small>{html.escape(_standing(row))}</small></p>")
        return shown("".join(parts))


def _said(row: Row) -> str:
    negation = "not " if row["polarity"] == "negative" else ""
    whom = f" – {row['object']}" if row["object"] is not None else ""
    return f"{row['subject']} – {negation}{row['label']}{whom}"


def _standing(row: Row) -> str:
    told = [row["factuality"]]
    if row["attributed_to"] is not None:
        told.append(f"source {row['attributed_to']}")
    told += [str(it) for it in (row["time"] or row["day"],) if it is not None]
    return ", ".join([*told, f"rule {row['rule']}", f"confidence {row['confidence']:.2f}"])


def _n(number: int, one: str, several: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def _day(day: Day | None) -> str | None:
    return day.isoformat()[:10] if isinstance(day, datetime.date) else day


def _list(values: str | Iterable[str]) -> list[str]:
    return [values] if isinstance(values, str) else list(values)


def _told(row: Row) -> Row:
    """Attributes that have a value, days as text: writers of graph files know no others."""
    return {name: _plain(value) for name, value in row.items() if value is not None}


def _columns(rows: list[Row]) -> dict[str, list[Any]]:
    names = list(rows[0]) if rows else []
    return {name: [_plain(row[name]) for row in rows] for name in names}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, datetime.date) else value


_PREFIXES = {
    "d": "https://w3id.org/newsgraph/document/",
    "e": "https://w3id.org/newsgraph/entity/",
    "ng": "https://w3id.org/newsgraph/ns#",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "open": "https://w3id.org/newsgraph/open/",
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "st": "https://w3id.org/newsgraph/statement/",
}
