"""Items that Python users give, as units."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.schema import Article, InputError, Paragraph
from framing.scoring.items import list_units

UNIT = Paragraph("a:1", "a", "Ban.", 0, 4, mention="Ann")
ARTICLE = Article("news", "# The ban\n\nIt *hurts*.", source="Post")


def list_texts(items):
    return [unit.text for unit in list_units(items)]


def test_texts_articles_and_paragraphs():
    units = list(list_units(["  Ban. ", ARTICLE, UNIT, "Lift."]))
    assert [unit.text for unit in units] == ["  Ban. ", "The ban", "It hurts.", "Ban.", "Lift."]
    assert [units[0].id, units[4].id, units[3]] == ["text:1", "text:4", UNIT]
    assert units[1].source == "Post"


@pytest.mark.parametrize(
    ("item", "texts"), [("Ban.", ["Ban."]), (ARTICLE, ["The ban", "It hurts."]), (UNIT, ["Ban."])]
)
def test_one_item_alone(item, texts):
    assert list_texts(item) == list_texts([item]) == texts


def test_any_iterable_will_do():
    texts = ["a", "b"]
    for items in (
        tuple(texts),
        iter(texts),
        pd.Series(texts),
        np.array(texts),
        dict.fromkeys(texts).keys(),
    ):
        assert list_texts(items) == texts
    assert list_texts([]) == []


@pytest.mark.parametrize("items", [None, 3, {"text": ["Ban."]}, Path("a.txt"), Path])
def test_what_holds_no_items_is_refused(items):
    with pytest.raises(InputError) as error:
        list(list_units(items))
    name = type(items).__name__
    assert str(error.value) == f"a {name} is not a text; give texts, articles or paragraphs"


def test_an_item_that_is_none_is_named():
    with pytest.raises(InputError, match=r"^item 2: a PosixPath is not a text; give texts"):
        list(list_units(["a", Path("/b")]))


class TestTables:
    def test_each_row_is_a_unit_left_as_it_is(self):
        table = pd.DataFrame(
            {
                "id": ["u1", None],
                "text": ["* Ban *\n\nLift", "Ban"],
                "target": [" Ann ", np.nan],
                "article": ["a", "b"],
                "source": ["Post", pd.NA],
                "date": [date(2025, 4, 4), pd.NaT],
                "title": ["T", ""],
                "score": [1.5, 2.5],
            },
            index=[7, 9],
        )
        first, second = list_units(table)
        assert first == Paragraph(
            *("u1", "a", "* Ban *\n\nLift", 0, 13),
            title="T",
            source="Post",
            date="2025-04-04",
            mention="Ann",
        )
        assert second == Paragraph("DataFrame:2", "b", "Ban", 0, 3)

    def test_the_text_alone_will_do(self):
        units = list(list_units(pd.DataFrame({"text": ["a", "b"]})))
        assert [(u.id, u.article, u.text) for u in units] == [
            ("DataFrame:1", "DataFrame:1", "a"),
            ("DataFrame:2", "DataFrame:2", "b"),
        ]

    def test_ids_that_come_again_are_told_apart(self):
        table = pd.DataFrame({"id": ["x", "x"], "text": ["a", "b"]})
        assert [unit.id for unit in list_units(table)] == ["x", "x~2"]

    @pytest.mark.parametrize("rows", [1, 0])
    def test_without_texts_the_columns_are_named(self, rows):
        table = pd.DataFrame({"body": ["a"] * rows, 0: [1] * rows})
        with pytest.raises(
            InputError, match=r"^DataFrame: no column 'text' among 'body', '0'; name"
        ):
            list(list_units(table))

    @pytest.mark.parametrize("text", [None, np.nan, " "])
    def test_a_row_without_text_is_refused_and_not_dropped(self, text):
        table = pd.DataFrame({"text": ["a", text]})
        with pytest.raises(InputError) as error:
            list(list_units(table))
        assert str(error.value) == "DataFrame, row 2: no text; fill 'text', or drop the row"

    def test_no_rows_are_no_units(self):
        assert list(list_units(pd.DataFrame({"text": []}))) == []
