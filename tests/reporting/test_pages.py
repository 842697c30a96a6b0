"""The HTML page: it holds what it is given, as text, and refers to nothing outside itself."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.reporting.pages import mark_pieces, render_page
from framing.schema import Evidence, Paragraph, Prediction, StancePrediction

EVIL = (
    "<script>alert(1)</script> \"quoted\" & 'it' <img src=x onerror=alert(2)> http://x.org {{ 7 }}"
)
NAMES = {"cost": "Cost", "law": "The law"}


class Page(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.styles = ""
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        if self.tags and self.tags[-1] == "style" and not self.text.strip():
            self.styles += data
        self.text += data


def predict(text, *, article="a", kind="paragraph", title="T", source="S", **options):
    paragraph = Paragraph(
        f"{article}:{text}", article, text, 0, len(text), kind, title, source, "2024-05-06"
    )
    scored = kind != "boilerplate"
    return Prediction(
        paragraph,
        frames=options.get("frames", ()) if scored else None,
        probabilities={"cost": 0.87} if scored else None,
        stance={"law": StancePrediction("pro", {"pro": 0.64, "con": 0.36})} if scored else None,
        evidence=options.get("evidence", ()),
        model="m",
        codebook="c",
    )


def render(*predictions, drift=None, title="Page", summary=()):
    return render_page(title, summary=summary, drift=drift, predictions=predictions, names=NAMES)


def test_paragraphs_stand_with_their_labels_under_their_article():
    evidence = (Evidence("cost", "bill", 1.0, 4, 8), Evidence("law=pro", "bill", 0.5, 4, 8))
    source = render(
        predict("The bill rose.", frames=("cost",), evidence=evidence),
        predict("Swans.", article="b", title=None),
        summary=["First sentence.", "Second."],
    )
    page = Page(source)
    for part in ("Page", "First sentence.", "Second.", "T", "S, 2024-05-06", "Swans.", "b"):
        assert part in page.text
    assert "Cost .87" in page.text
    assert "The law: pro .64" in page.text
    assert page.tags.count("section") == 2
    assert '<mark title="Cost, law=pro">bill</mark>' in source


def test_a_stance_without_evidence_is_neutral_and_not_tagged():
    assert "The law" not in Page(render(predict("Swans."))).text


def test_boilerplate_is_marked_as_such():
    page = Page(render(predict("3 Comments", kind="boilerplate")))
    assert "not scored: 3 Comments" in page.text
    assert ("class", "unit boilerplate") in page.attributes


def test_a_headline_that_is_the_title_is_not_said_twice():
    page = Page(render(predict("T", kind="headline"), predict("Swans.")))
    assert "h3" not in page.tags


def test_shares_stand_in_their_cells(drift):
    page = Page(render(drift=drift))
    text = " ".join(page.text.split())
    assert "Herald6 units, 2 articles" in text
    row = text[text.index("Cost") :]
    assert row.index(".75.51 to .90") < row.index(".25.10 to .49")
    assert ("style", "--s: 70") in page.attributes
    assert ("style", "--s: 23") in page.attributes


def test_without_drift_there_is_no_table():
    assert "table" not in Page(render(predict("Swans."))).tags


@pytest.mark.parametrize("field", ["text", "title", "source", "article", "page", "summary", "name"])
def test_whatever_a_text_holds_stays_text(field, monkeypatch):
    given_as = {name: EVIL for name in (field,) if name in {"title", "source", "article"}}
    text = EVIL if field == "text" else "The bill."
    evidence = (Evidence("cost", text[:9], 1.0, 0, 9),)
    monkeypatch.setitem(NAMES, "cost", EVIL if field == "name" else "Cost")
    source = render(
        predict(text, frames=("cost",), evidence=evidence, **{"title": None, **given_as}),
        title=EVIL if field == "page" else "Page",
        summary=[EVIL] if field == "summary" else [],
    )
    clean = Page(render(predict("The bill.", frames=("cost",), evidence=evidence, title=None)))
    page = Page(source)
    assert EVIL in page.text
    assert set(page.tags) <= {*clean.tags, "p"}
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "<script" not in source
    assert "<img" not in source


def test_a_source_in_the_table_stays_text(drift):
    from dataclasses import replace

    source = render(drift=replace(drift, cells=drift.cells.assign(source=EVIL)))
    assert EVIL in Page(source).text
    assert "<script" not in source


def test_nothing_is_fetched_from_elsewhere(drift):
    source = render(predict("The bill.", frames=("cost",)), drift=drift, summary=["S."])
    page = Page(source)
    for part in ("http:", "https:", "src=", "href=", "url(", "@import", "//"):
        assert part not in source.lower(), part
    assert not {"script", "link", "iframe", "object", "embed", "img", "base"} & {*page.tags}


def test_it_is_a_whole_page_in_utf_8():
    source = render(predict("Größe ﬁ e\u0301 \U0001f4b0"))
    assert source.startswith("<!doctype html>")
    assert '<meta charset="utf-8">' in source
    assert source.rstrip().endswith("</html>")
    assert "Größe ﬁ e\u0301 \U0001f4b0" in source


def test_it_is_the_same_each_time(drift):
    assert render(predict("A."), drift=drift) == render(predict("A."), drift=drift)


class TestMarkPieces:
    def test_pieces_carry_the_labels_they_spoke_for(self):
        evidence = [
            Evidence("cost", "the bill", 2.0, 0, 8),
            Evidence("law", "bill", 1.0, 4, 8),
        ]
        pieces = list(mark_pieces("the bill rose", evidence, NAMES))
        assert [(p.text, p.labels) for p in pieces] == [
            ("the ", "Cost"),
            ("bill", "Cost, The law"),
            (" rose", ""),
        ]

    def test_three_terms_a_label_are_marked(self):
        evidence = [Evidence("cost", "x", 9.0 - n, 2 * n, 2 * n + 1) for n in range(5)]
        pieces = mark_pieces("x x x x x", evidence, NAMES)
        assert [p.text for p in pieces if p.labels] == ["x"] * 3

    def test_no_evidence_is_one_plain_piece(self):
        assert [(p.text, p.labels) for p in mark_pieces("Swans.", [], NAMES)] == [("Swans.", "")]
        assert list(mark_pieces("", [], NAMES)) == []

    @given(
        st.text(max_size=30).flatmap(
            lambda text: st.tuples(
                st.just(text),
                st.lists(
                    st.tuples(
                        st.sampled_from(["cost", "law", "x"]),
                        st.integers(0, len(text)),
                        st.integers(0, len(text)),
                    ),
                    max_size=8,
                ),
            )
        )
    )
    def test_pieces_join_back_to_the_text(self, case):
        text, spans = case
        evidence = [
            Evidence(label, text[min(a, b) : max(a, b)], 1.0, min(a, b), max(a, b))
            for label, a, b in spans
        ]
        pieces = list(mark_pieces(text, evidence, NAMES))
        assert "".join(piece.text for piece in pieces) == text
        assert all(piece.text for piece in pieces)
