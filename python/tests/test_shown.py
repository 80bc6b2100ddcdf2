"""What a notebook shows: the explorer in a frame, a summary, tables."""

import html.parser
import json
import urllib.parse
import xml.etree.ElementTree

import pytest

import newsgraph
from newsgraph import _view


class Frame(html.parser.HTMLParser):
    """The attributes of the frame, as a browser reads them, and what else there is."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def page_of(view):
    [(tag, attributes)] = Frame(view._repr_mimebundle_()["text/html"]).tags
    assert tag == "iframe"
    return attributes, attributes["srcdoc"]


def data_of(page):
    return json.loads(page.split('id="data">', 1)[1].split("</script>", 1)[0])


def test_the_page_comes_whole_through_the_frame(graph):
    _, page = page_of(graph.show(named=False))
    written = graph._native.bytes("html").decode()
    at = written.index("<meta http-equiv")
    assert page.startswith(written[:at]) and page.endswith(written[at:])
    added = page[at : len(page) - len(written) + at]
    assert added.startswith('<base target="_blank"><script>') and added.endswith("</script>")
    assert "src=" not in added and "href=" not in added


def test_the_frame_is_shut_in(graph):
    attributes, page = page_of(graph.show(height=420))
    granted = set(attributes["sandbox"].split())
    assert "allow-scripts" in granted and not granted & {"allow-same-origin", "allow-top-navigation", "allow-forms"}
    assert "height:420px" in attributes["style"] and attributes["title"]
    assert "src" not in attributes and "connect-src 'none'" in page


def test_it_begins_with_a_thing(graph):
    entity = graph.entity("Ines Carvalho")
    for view in (graph.show("ines carvalho"), graph.show(entity), entity.show()):
        _, page = page_of(view)
        script = page.split("<script>", 1)[1].split("</script>", 1)[0]
        address = json.loads(script.rsplit("location.hash=", 1)[1].removesuffix(";"))
        # The page calls things by the last part of their IRI.
        assert urllib.parse.parse_qs(address) == {"e": [entity.id.removeprefix("e:")]}
        assert entity.id.removeprefix("e:") in {it["id"] for it in data_of(page)["entities"]}
        assert repr(view).endswith(", around Ines Carvalho>")
    assert "location.hash=" not in page_of(graph.show())[1].split("</script>", 1)[0]


def test_only_what_has_a_name_or_all(graph):
    named, all = (data_of(page_of(graph.show(named=it))[1]) for it in (True, False))
    assert len(named["statements"]) < len(all["statements"])
    assert {it["id"] for it in named["entities"]} < {it["id"] for it in all["entities"]}
    ids = {it["id"].split(".")[0] for it in graph.filter(named=True).statements}
    assert {f"st:{it['id']}" for it in named["statements"]} <= ids


def test_other_forms_for_where_no_scripts_run(small):
    bundle = small.show()._repr_mimebundle_()
    assert list(bundle) == ["text/html", "image/svg+xml", "text/plain"]
    picture = xml.etree.ElementTree.fromstring(bundle["image/svg+xml"])
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert {"Mara Voss", "Ines Carvalho"} <= {it.text for it in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert bundle["text/plain"] == repr(small.show()) == "<newsgraph.View: 1 document, 1 statement, 3 entities>"


def test_what_cannot_be_shown(graph):
    with pytest.raises(KeyError, match="nothing is called 'Nobody At All'"):
        graph.show("Nobody At All")
    with pytest.raises(ValueError, match="height"):
        graph.show(height=0)
    nameless = next(row["id"] for row in graph.entities if not row["named"] and row["id"] not in graph.filter(named=True))
    with pytest.raises(ValueError, match="named=False"):
        graph.show(nameless)
    graph.show(nameless, named=False)


@pytest.mark.parametrize(("most", "told"), [(100_000, r"make a page of 0\.\d MB"), (10_000, "statements are too much")])
def test_too_much_says_what_to_do(graph, monkeypatch, most, told):
    monkeypatch.setattr(_view, "MOST_BYTES", most)
    with pytest.raises(ValueError, match=rf"{told}.*filter\(.*graph\.html"):
        graph.show()


def test_an_attribute_holds_any_text():
    text = """'a' & "b" &amp; &#39; &lt;i> </iframe>"""
    assert Frame(f"<iframe srcdoc='{_view._quoted(text)}'>").tags == [("iframe", {"srcdoc": text})]


def test_words_of_texts_stay_words():
    text = "Mara O'Voss met Ines & Sons </script><script>alert(1)</script> in \"Lisbon\" &lt; &#39; city."
    graph = newsgraph.build([{"id": "a", "text": text, "title": "It's <b>'\"", "date": "2025-03-06"}])
    _, page = page_of(graph.show(named=False))
    [sentence] = data_of(page)["sentences"]
    assert "O'Voss" in sentence["text"]
    # The frame's own, the data, the page's own.
    assert page.count("<script") == page.count("</script>") == 3
    assert page.removesuffix("\n").endswith("</html>")


def test_a_graph_sums_itself_up(graph):
    shown = graph._repr_html_()
    days = [row["published"] for row in graph.documents if row["published"]]
    assert "18 documents" in shown and f"{min(days)} to {max(days)}" in shown
    first = min((row for row in graph.entities if row["named"]), key=lambda row: (-row["statements"], row["label"]))
    body = shown.split("<tbody>")[1]
    assert body.startswith(f"<tr><td>{first['label']}</td>") and body.count("<tr>") == 8
    nothing = newsgraph.build("It rained.")
    assert "0 statements" in nothing._repr_html_() and "<table" not in nothing._repr_html_()
    assert "2025-03-06<" in newsgraph.build("Mara Voss met Ines Carvalho.", date="2025-03-06")._repr_html_()


def test_tables_name_no_colors_of_a_theme(graph):
    shown = graph.statements._repr_html_()
    assert "color:inherit" in shown and "#" not in shown.split("</style>")[0]
    assert '<td class="number">' in shown and '<td class="day">' in shown
    assert f"20 of {len(graph):,} rows" in shown
    head = shown.split("</thead>")[0]
    assert head.index("<th>subject</th>") < head.index("<th>quote</th>") < head.index("<th>id</th>")


def test_sentences_of_a_list_stand_one_below_the_other(graph):
    near = graph.neighbours("Ines Carvalho")
    first = next(row for row in near if len(row["quotes"]) > 1)
    assert f"{first['quotes'][0]}<br>" in near._repr_html_()
