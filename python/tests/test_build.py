"""What articles may come as, and what is said of those that are none."""

import datetime
import os
import pathlib
import signal
import threading
import time

import pandas
import polars
import pyarrow
import pytest

import newsgraph

TEXTS = ["Mara Voss met Ines Carvalho in Lisbon.", "Norvik bought the Harbor Mill in Oslo on Monday."]
RECORDS = [{"id": f"a{n}", "text": text, "date": "2025-03-06", "title": f"T{n}"} for n, text in enumerate(TEXTS)]


def told(graph):
    return [(row["doc_id"], row["subject"], row["relation"], row["object"], row["published"]) for row in graph.statements]


def test_frames_dictionaries_and_files_give_the_same(tmp_path):
    graph = newsgraph.build(RECORDS)
    wanted = told(graph)
    assert len(wanted) >= 2 and {row[0] for row in wanted} == {"a0", "a1"}
    columns = {name: [row[name] for row in RECORDS] for name in RECORDS[0]}
    dated = {**columns, "date": [datetime.date(2025, 3, 6)] * 2}
    frames = [
        polars.DataFrame(columns),
        polars.DataFrame(dated),
        polars.DataFrame(dated).with_columns(polars.col("date").cast(polars.Datetime("us"))),
        pandas.DataFrame(columns),
        pandas.DataFrame({**columns, "date": pandas.to_datetime(columns["date"])}),
        pyarrow.table(columns),
        pyarrow.table({**dated, "title": pyarrow.array(columns["title"]).dictionary_encode()}),
        pyarrow.table({**dated, "text": pyarrow.array(TEXTS, pyarrow.large_string())}),
    ]
    for frame in frames:
        assert told(newsgraph.build(frame)) == wanted
    path = tmp_path / "articles.parquet"
    polars.DataFrame(columns).write_parquet(path, compression="snappy")
    assert told(newsgraph.build(path)) == wanted
    other = polars.DataFrame({"key": columns["id"], "words": TEXTS, "when": columns["date"], "text": ["no", "no"]})
    named = newsgraph.build(other, columns={"id": "key", "text": "words", "date": "when"})
    assert told(named) == wanted


def test_pandas_without_pyarrow(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    assert len(newsgraph.build(pandas.DataFrame(RECORDS)).documents) == 2


def test_texts_and_paths(tmp_path):
    path = tmp_path / "my article.txt"
    path.write_text(TEXTS[0], encoding="utf-8")
    by_path = newsgraph.build(path, date="2025-03-06")
    assert told(by_path) == told(newsgraph.build(str(path), date=datetime.date(2025, 3, 6)))
    assert by_path.documents["doc_id"] == ["my article.txt"]
    assert told(newsgraph.build(str(tmp_path / "*.txt"), date="2025-03-06")) == told(by_path)
    texts = newsgraph.build(TEXTS)
    assert texts.documents["doc_id"] == ["text#1", "text#2"]
    mixed = newsgraph.build([path, TEXTS[1], RECORDS[0], polars.DataFrame(RECORDS[1:])])
    assert sorted(mixed.documents["doc_id"]) == ["a0", "a1", "my article.txt", "text#1"]
    assert len(newsgraph.build(iter(RECORDS)).documents) == 2


def test_bad_input(tmp_path):
    with pytest.raises(FileNotFoundError):
        newsgraph.build("no/such/folder")
    with pytest.raises(FileNotFoundError):
        newsgraph.build(pathlib.Path("missing.txt"))
    with pytest.raises(TypeError, match="a value of type int is no article"):
        newsgraph.build(3)
    with pytest.raises(TypeError, match="item 2: a value of type float"):
        newsgraph.build([TEXTS[0], 1.5])
    with pytest.raises(ValueError, match="item 1: an article has no 'body', expected id"):
        newsgraph.build([{"body": "x"}])
    with pytest.raises(ValueError, match="item 1: the text is nothing"):
        newsgraph.build([{"title": "x"}])
    with pytest.raises(newsgraph.NewsgraphError, match="no column with text: found .*a, b") as caught:
        newsgraph.build(polars.DataFrame({"a": [1], "b": ["x"]}))
    assert caught.value.file == "frame"
    for frame in (polars.DataFrame({"text": [1, 2]}), pandas.DataFrame({"text": [1, 2]})):
        with pytest.raises(newsgraph.NewsgraphError, match="column .text. holds .*, expected strings"):
            newsgraph.build(frame)
    with pytest.raises(ValueError, match="the frame has no 'c'"):
        newsgraph.build(polars.DataFrame({"a": ["x"]}), columns={"text": "c"})
    with pytest.raises(ValueError, match="no 'body', expected id"):
        newsgraph.build(polars.DataFrame({"a": ["x"]}), columns={"body": "a"})
    with pytest.raises(ValueError, match="is no date"):
        newsgraph.build(TEXTS[0], date="tomorrow")
    with pytest.raises(newsgraph.NewsgraphError, match="no article could be read"):
        newsgraph.build(tmp_path)
    with pytest.raises(newsgraph.NewsgraphError):
        newsgraph.build([])
    with pytest.raises(FileNotFoundError):
        newsgraph.build(TEXTS[0], kb=tmp_path / "none.csv")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[[rename]]\nentity = "x"\nlabbel = "y"\n', encoding="utf-8")
    with pytest.raises(newsgraph.NewsgraphError, match="wrong.toml"):
        newsgraph.build(TEXTS[0], corrections=wrong)


@pytest.mark.parametrize("make", [polars.DataFrame, pandas.DataFrame, pyarrow.table])
def test_a_row_that_is_null_is_left_out_by_its_number(make):
    frame = make({"text": [TEXTS[0], None, TEXTS[1]], "id": ["a", None, "c"]})
    with pytest.warns(newsgraph.NewsgraphWarning, match="frame: item 2: no text"):
        graph = newsgraph.build(frame)
    assert graph.documents["doc_id"] == ["a", "c"]
    assert graph.skipped == ["frame: item 2: no text"]


def test_corrections_and_knowledge_bases(tmp_path):
    corrections = tmp_path / "c.toml"
    corrections.write_text('[[rename]]\nentity = "Mara Voss"\nlabel = "Mara V. Voss"\n', encoding="utf-8")
    graph = newsgraph.build(TEXTS, corrections=corrections)
    assert graph.entity("Mara V. Voss").label == "Mara V. Voss"
    kb = tmp_path / "kb.csv"
    kb.write_text("id,label,class\nhttps://kb.example/7,Ines Carvalho,Person\n", encoding="utf-8")
    row = newsgraph.build(TEXTS, kb=kb).entity("Ines Carvalho").row
    assert "https://kb.example/7" in row["same_as"] + row["close_match"]


def test_less_sure_statements_are_asked_for():
    text = pathlib.Path(__file__).parents[2] / "examples" / "news"
    assert len(newsgraph.build(text, min_confidence=0)) >= len(newsgraph.build(text))


def test_progress_is_told(capsys):
    seen = []
    newsgraph.build(TEXTS * 20, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (40, 40) and seen == sorted(seen)
    newsgraph.build(TEXTS, progress=True)
    assert "2 of 2 documents" in capsys.readouterr().err
    newsgraph.build(TEXTS, progress=False)
    assert capsys.readouterr().err == ""

    def broken(done, total):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        newsgraph.build(TEXTS * 20, progress=broken)


def test_ctrl_c_ends_a_build():
    texts = [f"Mara Voss met Ines Carvalho in Lisbon {n} times. " * 200 for n in range(2000)]
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        newsgraph.build(texts)
    assert time.monotonic() - start < 20


def test_other_threads_run_meanwhile():
    count, done = 0, threading.Event()

    def build():
        newsgraph.build(TEXTS * 200)
        done.set()

    thread = threading.Thread(target=build)
    thread.start()
    while not done.is_set():
        count += 1
        time.sleep(0.001)
    thread.join()
    assert count > 5


def test_parse():
    text = "Zoë Voss — the envoy — met them. It didn't rain."
    first, second = newsgraph.parse(text)
    for sentence in (first, second):
        assert text[sentence.start : sentence.end] == sentence.text
        for token in sentence.tokens:
            assert text[token.start : token.end] == token.text
        assert [token.head is None for token in sentence.tokens].count(True) == 1
    assert first.names[0] == (0, 2, "PERSON") and first.tokens[0].label == "PERSON"
    assert len(second) == len(second.tokens) and "not" in [token.lemma for token in second.tokens]
    assert newsgraph.parse("") == []
