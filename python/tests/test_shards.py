"""Articles that are read apart and joined give the graph of a build."""

import pathlib
import subprocess
import sys

import pyarrow
import pyarrow.parquet
import pytest

import newsgraph

COLUMNS = {"id": pyarrow.string(), "basis": pyarrow.string(), "key": pyarrow.string(),
           "n_sentences": pyarrow.int32(), "reading": pyarrow.binary(), "left_out": pyarrow.string()}


def frame(n=12):
    names = ["Mara Voss", "Ines Carvalho", "Tomas Lindqvist"]
    text = "{} met {} in Lisbon on Tuesday. The talks on harbor {} lasted two hours."
    rows = [{"id": f"a{at}", "date": "2025-03-06", "publisher": "Post",
             "text": text.format(names[at % 3], names[(at + 1) % 3], at)} for at in range(n)]
    return pyarrow.Table.from_pylist(rows)


def lines(graph, tmp_path, name):
    path = tmp_path / f"{name}.nt"
    graph.write(path)
    return sorted(path.read_text(encoding="utf-8").splitlines())


def test_readings_are_rows_of_arrow():
    table = pyarrow.table(newsgraph.readings(frame()))
    assert {field.name: field.type for field in table.schema} == COLUMNS
    assert table["id"].to_pylist() == [f"a{at}" for at in range(12)]
    assert set(table["n_sentences"].to_pylist()) == {2}
    assert table["left_out"].null_count == 12


def test_parts_in_any_order_are_the_build_of_all(tmp_path):
    articles = frame()
    folder = tmp_path / "readings"
    folder.mkdir()
    for name, rows in [("b", articles[7:]), ("a", articles[:4]), ("c", articles[4:7]), ("d", articles[2:5])]:
        newsgraph.readings(rows).write(folder / f"{name}.parquet")
    linked = newsgraph.link(folder)
    assert len(linked.documents) == 12
    assert lines(linked, tmp_path, "linked") == lines(newsgraph.build(articles), tmp_path, "built")


def test_a_row_without_an_id_is_called_after_its_text():
    texts = ["Mara Voss founded Norvik.", "Mara Voss left Norvik."]
    one = newsgraph.readings([{"text": text} for text in texts])["id"]
    other = newsgraph.readings(pyarrow.table({"text": texts[::-1]}))["id"]
    assert one == other[::-1]
    assert all(name.startswith("text:") for name in one)


def test_faults_are_told(tmp_path):
    with pytest.raises(newsgraph.NewsgraphError, match="no column with text"):
        newsgraph.readings(pyarrow.table({"headline": ["a"]}))
    with pytest.raises(ValueError, match="on_error"):
        newsgraph.readings("Mara Voss left Norvik.", on_error="ignore")
    with pytest.warns(newsgraph.NewsgraphWarning, match="no text"):
        rows = newsgraph.readings(pyarrow.table({"id": ["a", "b"], "text": ["Mara Voss left Norvik.", None]}))
    assert rows["id"] == ["a"]
    with pytest.raises(FileNotFoundError):
        newsgraph.link(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="no .parquet file"):
        newsgraph.link(tmp_path)
    pyarrow.parquet.write_table(pyarrow.table({"id": ["a"]}), tmp_path / "other.parquet")
    with pytest.raises(newsgraph.NewsgraphError, match="other.parquet.*basis"):
        newsgraph.link(tmp_path)


def test_readings_of_another_version_are_refused(tmp_path):
    table = pyarrow.table(newsgraph.readings(frame(1)))
    other = table.set_column(1, "basis", pyarrow.array(["0" * 32]))
    pyarrow.parquet.write_table(other, tmp_path / "old.parquet")
    with pytest.raises(newsgraph.NewsgraphError, match="old.parquet.*another version"):
        newsgraph.link(tmp_path)


def test_sail_reads_and_the_graph_is_that_of_a_build(tmp_path):
    pytest.importorskip("pysail")
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    import newsgraph.spark

    articles = frame(40)
    pyarrow.parquet.write_table(articles, tmp_path / "news.parquet")
    server = SparkConnectServer()
    server.start()
    try:
        _, port = server.listening_address
        spark = SparkSession.builder.remote(f"sc://localhost:{port}").getOrCreate()
        rows = newsgraph.spark.readings(spark.read.parquet(str(tmp_path / "news.parquet")).repartition(3))
        rows.write.parquet(str(tmp_path / "readings"))
        spark.stop()
    finally:
        server.stop()
    assert len(list((tmp_path / "readings").glob("*.parquet"))) >= 2
    linked = newsgraph.link(tmp_path / "readings")
    assert lines(linked, tmp_path, "linked") == lines(newsgraph.build(articles), tmp_path, "built")


def test_daft_reads_and_the_graph_is_that_of_a_build(tmp_path):
    daft = pytest.importorskip("daft")
    import newsgraph.daft

    articles = frame(40)
    rows = newsgraph.daft.readings(daft.from_arrow(articles).into_partitions(3))
    rows.write_parquet(str(tmp_path / "readings"))
    linked = newsgraph.link(tmp_path / "readings")
    assert lines(linked, tmp_path, "linked") == lines(newsgraph.build(articles), tmp_path, "built")
    with pytest.raises(ValueError, match="no column 'text'"):
        newsgraph.daft.readings(daft.from_pydict({"story": ["a"]}))


def test_datatrove_reads_and_the_graph_is_that_of_a_build(tmp_path):
    pytest.importorskip("datatrove")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import ParquetReader

    import newsgraph.datatrove

    articles = frame(20)
    news = tmp_path / "news"
    news.mkdir()
    for at in range(2):
        pyarrow.parquet.write_table(articles[at * 10:at * 10 + 10], news / f"{at}.parquet")
    pipeline = [ParquetReader(str(news)), newsgraph.datatrove.Readings(tmp_path / "readings")]
    LocalPipelineExecutor(pipeline, tasks=2, logging_dir=str(tmp_path / "logs")).run()
    linked = newsgraph.link(tmp_path / "readings")
    assert lines(linked, tmp_path, "linked") == lines(newsgraph.build(articles), tmp_path, "built")


def test_the_package_needs_no_engine():
    code = "import sys, newsgraph; assert not {'pyspark', 'daft', 'datatrove', 'pyarrow'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=pathlib.Path(__file__).parent)
