"""Tests of coded units laid out as arrays."""

from dataclasses import replace

import numpy as np
import pytest

from framing.coding.scheme import Codebook, Frame
from framing.learning.dataset import (
    NOT_CODED,
    build_dataset,
    find_known,
    hash_texts,
    hash_units,
)
from framing.learning.priors import Prior
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
    "change",
    [
        {"id": "x"},
        {"text": "Ore"},
        {"article": "y"},
        {"source": "Times"},
        {"mention": "the ministry"},
    ],
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


def test_the_hash_depends_on_which_mention_is_meant(units):
    hashes = set()
    for mention in (None, "Chile", "chile", "Peru"):
        first = replace(units[0], paragraph=replace(units[0].paragraph, mention=mention))
        hashes.add(hash_units([first, *units[1:]]))
    assert len(hashes) == 4


def test_the_hash_does_not_depend_on_what_figures_do_not_depend_on(units):
    paragraph = replace(units[0].paragraph, title="Ores", date="2001", start=3, end=9)
    assert hash_units([replace(units[0], paragraph=paragraph), *units[1:]]) == hash_units(units)


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


def name(unit, mention):
    return replace(unit, paragraph=replace(unit.paragraph, mention=mention))


def test_mentions_are_kept_unit_by_unit(units, book):
    dataset = build_dataset([units[0], name(units[1], "the mine"), units[2]], book)
    assert dataset.mentions == (None, "the mine", None)
    assert build_dataset(units, book).mentions == (None, None, None)


def test_pseudo_units_follow_the_units_and_mention_nobody(make_unit):
    frames = (Frame("cost", "Cost", "Money is owed."), Frame("risk", "Risk", "It may break."))
    book = Codebook("small", "1.0.0", frames=frames)
    units = [make_unit(n, text, frames={"cost": True}) for n, text in enumerate(("ore", "dust"))]
    dataset = build_dataset([name(units[0], "ore"), units[1]], book)
    assert dataset.prior.frames.tolist() == [[1, 0], [1, 0], [0, 1], [0, 1]]
    assert dataset.all_texts == ("ore", "dust", "Cost", "Money is owed.", "Risk", "It may break.")
    assert dataset.all_mentions == ("ore", None, None, None, None, None)
    assert dataset.prior_rows.tolist() == [2, 3, 4, 5]
    assert len(dataset) == 2


def test_without_a_prior_all_rows_are_units(units, book):
    dataset = build_dataset(units, book)
    assert dataset.all_texts == dataset.texts
    assert dataset.all_mentions == dataset.mentions
    assert len(dataset.prior_rows) == 0
    assert isinstance(dataset.prior, Prior)


def test_a_target_is_found_by_its_name(units, book):
    dataset = build_dataset(units, book)
    assert [dataset.stance(target) for target in ("ban", "mine")] == list(dataset.stances)


@pytest.mark.parametrize(
    ("mentions", "codes", "expected"),
    [
        (("the ban", "a ban"), (0, 1), True),
        (("the ban", None), (0, NOT_CODED), True),  # a unit without a code may name nobody
        (("the ban", None), (0, 1), False),
        ((None, None), (0, 1), False),
        (("the ban", "a ban"), (NOT_CODED, NOT_CODED), False),
    ],
)
def test_a_target_is_mentioned_where_every_unit_coded_for_it_has_a_mention(
    lay_out, mentions, codes, expected
):
    dataset = lay_out(stances=[(("for", "against"), codes)], mentions=mentions)
    assert dataset.is_mentioned(dataset.stances[0]) is expected


def test_one_target_may_be_mentioned_where_another_is_not(lay_out):
    stances = [(("for", "against"), [0, -1, 1]), (("for", "against"), [-1, 0, 1])]
    dataset = lay_out(stances=stances, mentions=["the ban", None, "bans"])
    assert [dataset.is_mentioned(stance) for stance in dataset.stances] == [True, False]


def test_three_texts_of_each_article_are_hashed_the_longest(lay_out):
    texts = ["a", "aa", "aaa", "aaaa", "b", "aaaa", "ümlaut \udc80"]
    dataset = lay_out(n=7, stances=[(("x", "y"), [0] * 7)], groups=[0] * 4 + [1, 2, 2], texts=texts)
    hashes = hash_texts(dataset)
    assert list(hashes) == sorted(hashes)
    assert {len(found) for found in hashes} == {10}
    assert len(hashes) == 5  # one text is of two articles
    for text, known in zip(texts, [False, *[True] * 6], strict=True):
        alone = lay_out(n=1, stances=[(("x", "y"), [0])], texts=[text])
        assert (len(find_known(alone, hashes)) == 1) is known
    turned = lay_out(
        n=7, stances=[(("x", "y"), [0] * 7)], groups=[2, 2, 1, 0, 0, 0, 0], texts=texts[::-1]
    )
    assert hash_texts(turned) == hashes


def test_an_article_is_known_by_any_of_its_texts_however_set(lay_out):
    seen = lay_out(np.zeros(2), texts=["The ban\nhurts.", "A lift."])
    new = lay_out(
        np.zeros(5),
        groups=[0, 0, 1, 2, 2],
        texts=["A war.", " The  ban hurts.", "the ban hurts.", "A lift.", "A lift."],
    )
    assert find_known(new, set(hash_texts(seen))).tolist() == [0, 2]
    assert find_known(new, ()).tolist() == []
