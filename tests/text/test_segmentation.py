"""Units: slices, ids, kinds."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from framing.schema import Article
from framing.text.cleaning import clean_article
from framing.text.segmentation import hash_text, segment

TEXT = """# Prices

They rose by a fifth over the year, said two dealers.

- In China

- In Japan

Who pays

The ministry has not said who is to pay for the stock.

0 Comments"""


def test_kinds_and_marks():
    units = segment(Article("a", TEXT, title="Prices", source="s", date="2020"))
    assert [(unit.kind, unit.text) for unit in units] == [
        ("headline", "Prices"),
        ("paragraph", "They rose by a fifth over the year, said two dealers."),
        ("bullet", "In China"),
        ("bullet", "In Japan"),
        ("headline", "Who pays"),
        ("paragraph", "The ministry has not said who is to pay for the stock."),
        ("boilerplate", "0 Comments"),
    ]
    assert {(unit.article, unit.title, unit.source, unit.date) for unit in units} == {
        ("a", "Prices", "s", "2020")
    }


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(["# A", "- b", "Text one.", "x" * 1600, "Share", "é", "\n"]), max_size=9
    )
)
def test_slices_and_ids(blocks):
    article = clean_article(Article("a", "\n\n".join(blocks)))
    units = segment(article)
    assert all(article.text[unit.start : unit.end] == unit.text for unit in units)
    assert all(unit.text and unit.text == unit.text.strip() for unit in units)
    assert len({unit.id for unit in units}) == len(units)
    assert segment(article) == units


def test_id_follows_the_text_alone():
    first = segment(Article("a", "One.\n\nTwo."))
    second = segment(Article("a", "New.\n\nTwo.\n\nOne."))
    assert {unit.id for unit in first} < {unit.id for unit in second}
    assert first[0].id == f"a:{hash_text('One.')}"


def test_repeated_texts_are_told_apart():
    ids = [unit.id for unit in segment(Article("a", "One.\n\nOne.\n\nOne."))]
    assert ids == [ids[0], f"{ids[0]}-2", f"{ids[0]}-3"]


def test_hash_is_of_the_composed_text():
    assert hash_text(unicodedata.normalize("NFD", "é")) == hash_text("é")
    assert len(hash_text("\ud83d")) == 8


def test_title_that_looks_like_a_label_is_a_headline():
    units = segment(clean_article(Article("a", "Prices rose.", title="Analysis")))
    assert units[0].kind == "headline"


def test_marks_of_a_text_that_was_not_cleaned():
    text = "# \n-  ore\n#\u00a0zinc\n- \u2003 \n  lead \n\n#  tin "
    article = Article("a", text)
    units = segment(article)
    assert [(unit.kind, unit.text) for unit in units] == [
        ("boilerplate", "#"),
        ("bullet", "ore"),
        ("paragraph", "#\u00a0zinc"),
        ("boilerplate", "-"),
        ("paragraph", "lead"),
        ("headline", "tin"),
    ]
    assert all(text[unit.start : unit.end] == unit.text for unit in units)
