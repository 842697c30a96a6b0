"""Tests of coded units laid out as arrays."""

from dataclasses import replace

import numpy as np
import pytest

from framing.learning.dataset import build_dataset, hash_units
from framing.schema import InputError


@pytest.fixture
def book(make_book):
    return make_book(("cost", "risk"), {"ban": ("for", "against"), "mine": ("yes", "no", "so")})


@pytest.fixture
def units(make_unit):
    return [
        make_unit(1, "ore", article="z", source="Post", frames={"risk": True, "cost": False}),
        make_unit(2, "dust", article="a", frames={"cost": True}, stance={"mine": "so"}),
        make_unit(3, "veto", article="z", stance={"ban": "against", "mine": "perhaps"}),
    ]


def test_codes_keep_the_order_of_the_codebook_and_their_gaps(units, book):
    dataset = build_dataset(units, book)
    nan = np.nan
    assert dataset.frame_ids == ("cost", "risk")
    np.testing.assert_array_equal(dataset.frames, [[0, 1], [1, nan], [nan, nan]])
    ban, mine = dataset.stances
    assert (ban.target, ban.values, ban.codes.tolist()) == ("ban", ("for", "against"), [-1, -1, 1])
    assert mine.codes.tolist() == [-1, 2, -1]  # a value that the codebook lacks is not coded


def test_articles_are_numbered_as_they_come(units, book):
    dataset = build_dataset(units, book)
    assert dataset.articles == ("z", "a")
    assert dataset.groups.tolist() == [0, 1, 0]
    assert dataset.sources == ("Post", None, None)
    assert dataset.texts == ("ore", "dust", "veto")
    assert len(dataset) == 3


def test_score_columns_are_frames_and_then_the_values_of_each_target(units, book):
    dataset = build_dataset(units, book)
    assert dataset.columns == 7
    places = [(stance.target, columns) for stance, columns in dataset.stance_columns()]
    assert places == [("ban", slice(2, 4)), ("mine", slice(4, 7))]


def test_a_codebook_without_frames_gives_an_array_without_columns(units, make_book):
    dataset = build_dataset(units, make_book(targets={"ban": ("for", "against")}))
    assert dataset.frames.shape == (3, 0)
    assert dataset.columns == 2


def test_the_neutral_value_is_kept(units, make_book):
    book = make_book(targets={"mine": ("yes", "no", "so")}, neutral="so")
    assert build_dataset(units, book).stances[0].neutral == "so"


def test_the_hash_does_not_depend_on_the_order_of_units_or_codes(units):
    turned = [
        replace(u, coding=replace(u.coding, frames=dict(reversed(u.coding.frames.items()))))
        for u in reversed(units)
    ]
    assert hash_units(turned) == hash_units(units)
    assert len(hash_units(units)) == 12


@pytest.mark.parametrize(
    "change", [{"id": "x"}, {"text": "Ore"}, {"article": "y"}, {"source": "Times"}]
)
def test_the_hash_depends_on_all_that_figures_depend_on(units, change):
    first = replace(units[0], paragraph=replace(units[0].paragraph, **change))
    assert hash_units([first, *units[1:]]) != hash_units(units)


@pytest.mark.parametrize(
    "change",
    [{"frames": {"risk": True}}, {"frames": {"risk": False}}, {"stance": {"mine": "no"}}],
)
def test_the_hash_depends_on_codes_and_on_what_was_not_coded(units, change):
    first = replace(units[0], coding=replace(units[0].coding, **change))
    assert hash_units([first, *units[1:]]) != hash_units(units)


def test_the_hash_takes_any_text(make_unit):
    assert hash_units([make_unit(1, "\ud800 İ 😀 \0")]) != hash_units([make_unit(1, "İ 😀 \0")])


def test_no_units_are_refused(book):
    with pytest.raises(InputError) as raised:
        build_dataset([], book)
    assert str(raised.value) == "no coded unit to work with; give data with codings"


def test_copies_share_a_cluster_whatever_their_article(make_unit, book):
    texts = ["The levy rose again.", "No levy.", "the LEVY rose, again"]
    coded = [
        make_unit(n, text, article=f"a{n}", frames={"cost": True}) for n, text in enumerate(texts)
    ]
    clusters = build_dataset(coded, book).clusters
    assert clusters[0] == clusters[2] != clusters[1]
