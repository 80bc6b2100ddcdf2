"""Other libraries take the tables, and find in them what the JSON Lines say."""

import collections
import datetime
import json
import os
import pathlib

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

import newsgraph


def test_statements_are_the_lines(graph, lines):
    rows = graph.statements.rows()
    assert len(rows) == len(graph.statements) == len(graph) == len(lines) > 100
    for row, line in zip(rows, lines):
        assert (row["id"], row["doc_id"], row["label"]) == (line["id"], line["doc"], line["predicate"]["label"])
        assert (row["subject_id"], row["subject"]) == (line["subject"]["id"], line["subject"]["label"])
        assert row["relation"] == line["predicate"]["id"]
        thing = line["object"] or {}
        assert row["object_id"] == thing.get("id")
        assert row["object_value"] == thing.get("value")
        assert row["object_type"] == thing.get("datatype")
        assert row["object"] == thing.get("label", thing.get("value"))
        assert (row["time"], row["polarity"], row["factuality"]) == (line["time"], line["polarity"], line["factuality"])
        assert row["attributed_to"] == (line["attributed_to"] or {}).get("label")
        assert row["confidence"] == line["confidence"]
        assert row["claim"] == line["claim"]
        [evidence] = line["evidence"]
        assert (row["quote"], row["char_start"], row["char_end"]) == (
            evidence["sentence"],
            evidence["start"],
            evidence["end"],
        )
        roles = [it["role"] for it in line.get("qualifiers", [])]
        assert [it["role"] for it in row["qualifiers"]] == roles
    assert any(row["object_value"] is not None for row in rows)


def test_days_are_of_the_event_or_the_article(graph):
    for row in graph.statements:
        if row["date_start"] is not None:
            assert (row["day"], row["day_of"]) == (row["date_start"], "event")
            assert row["date_start"] <= row["date_end"]
        else:
            assert row["day"] == row["published"]
            assert row["day_of"] == ("article" if row["published"] else None)


@pytest.mark.parametrize("name", ["statements", "claims", "relations", "entities", "documents", "comparisons"])
def test_every_library_takes_every_table(graph, name, tmp_path):
    table = getattr(graph, name)
    n, columns = len(table), table.columns
    rows = table.rows()
    assert len(rows) == n
    arrow = pyarrow.table(table)
    assert (arrow.num_rows, arrow.column_names) == (n, columns)
    assert arrow.to_pylist() == rows
    frame = table.to_polars()
    assert (frame.height, frame.columns) == (n, columns)
    assert frame.to_dicts() == rows
    assert polars.DataFrame(table).height == n
    frame = table.to_pandas()
    assert (len(frame), list(frame.columns)) == (n, columns)
    assert duckdb.sql("SELECT count(*) FROM arrow").fetchall() == [(n,)]
    path = tmp_path / f"{name}.parquet"
    table.write(path)
    assert pyarrow.parquet.read_table(path).to_pylist() == rows
    table.write(tmp_path / f"{name}.jsonl")
    assert len((tmp_path / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()) == n
    table.write(tmp_path / f"{name}.csv")
    assert len(pandas.read_csv(tmp_path / f"{name}.csv", keep_default_na=False)) == n
    with pytest.raises(ValueError, match="expected .parquet, .csv or .jsonl"):
        table.write(tmp_path / "a.xlsx")


def test_columns_have_real_types(graph):
    schema = pyarrow.table(graph.statements).schema
    assert schema.field("day").type == pyarrow.date32()
    assert schema.field("confidence").type == pyarrow.float64()
    assert schema.field("char_start").type == pyarrow.int64()
    assert pyarrow.types.is_dictionary(schema.field("factuality").type)
    assert pyarrow.types.is_list(schema.field("qualifiers").type)
    frame = graph.statements.to_pandas()
    assert frame["day"].dt.year.notna().any()
    assert frame["factuality"].dtype == "category"
    assert graph.statements.to_polars()["day"].dtype == polars.Date


def test_duckdb_asks_the_table_itself(graph, lines):
    statements = graph.statements
    found = duckdb.sql("SELECT factuality, count(*) FROM statements GROUP BY 1").fetchall()
    assert dict(found) == collections.Counter(line["factuality"] for line in lines)


def test_entities_are_those_of_the_lines(graph, lines):
    rows = {row["id"]: row for row in graph.entities}
    for line in lines:
        for node in (line["subject"], line["object"], line["place"], line["attributed_to"]):
            if node and "id" in node:
                row = rows[node["id"]]
                assert (row["label"], row["class"]) == (node["label"], node["type"])
                assert row["class"] in row["classes"]
                assert set(row["aliases"]) <= set(node["names"])


def test_claims_hold_their_statements(graph, lines):
    ids = [id for claim in graph.claims for id in claim["statements"]]
    assert len(ids) == len(set(ids))
    assert set(ids) == {line["id"].split(".")[0] for line in lines}
    assert len(graph.claims) == len({line["claim"] for line in lines})
    assert all(claim["wording"] and claim["participants"] for claim in graph.claims)


def test_tables_in_files_are_those_in_memory(graph, folder):
    for name in ("statements", "claims", "relations", "entities", "documents"):
        stored = pyarrow.parquet.read_table(folder / "tables" / f"{name}.parquet")
        assert stored.to_pylist() == getattr(graph, name).rows()
    # A build that meets them knows that they are no articles.
    with pytest.raises(newsgraph.NewsgraphError):
        newsgraph.build(folder / "tables")


def test_pandas_without_pyarrow(small, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    frame = small.statements.to_pandas()
    assert frame["day"].tolist() == [pandas.Timestamp("2025-03-06")]
    assert list(frame.columns) == small.statements.columns


def test_table_as_a_value(small):
    table = small.statements
    assert table[0] == table[-1] == next(iter(table)) == table.rows(1)[0]
    assert table["day"] == [datetime.date(2025, 3, 6)]
    with pytest.raises(KeyError, match="no column 'nothing'"):
        table["nothing"]
    with pytest.raises(IndexError):
        table[1]
    assert repr(table).startswith("Table(1 row: id, subject_id")
    shown = table._repr_html_()
    assert "<mark>Mara Voss met Ines Carvalho" in shown
    json.dumps(table.rows(), default=str)


def test_html_is_escaped():
    graph = newsgraph.build("Mara <b>Voss</b> & Sons sued the <script>x</script> mayor in Lisbon.")
    for shown in (graph._repr_html_(), graph.entities._repr_html_()):
        assert "<script>" not in shown and "<b>Voss" not in shown


def described():
    """The tables of the documentation, from the one definition."""
    parts = []
    for name in ("statements", "claims", "relations", "entities", "documents", "comparisons", "neighbors"):
        rows = [f"| `{column}` | {kind} | {about} |" for column, kind, about in newsgraph._newsgraph.columns(name)]
        title = "`neighbours`" if name == "neighbors" else f"`{name}`"
        parts.append("\n".join([f"### {title}\n", "| column | type | what |", "|---|---|---|", *rows]))
    return "\n\n".join(parts)


def test_the_documentation_tells_the_columns():
    page = pathlib.Path(__file__).parents[2] / "docs" / "python.md"
    text = page.read_text(encoding="utf-8")
    before, rest = text.split("<!-- tables -->\n")
    told, behind = rest.split("<!-- end -->")
    if os.environ.get("UPDATE_EXPECT"):
        page.write_text(f"{before}<!-- tables -->\n{described()}\n<!-- end -->{behind}", encoding="utf-8")
    else:
        assert told == described() + "\n"
