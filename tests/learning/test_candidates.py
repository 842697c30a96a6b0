"""Tests of settings, how they are written, and of the searches that list them."""

from dataclasses import fields, replace

import pytest

from framing.learning.candidates import (
    FRAMES,
    MARKED,
    MENTIONS,
    PLAIN,
    SPELT,
    STANCES,
    TARGETED,
    Candidate,
    Search,
)
from framing.learning.polarity import share_weights

USUAL = Candidate(PLAIN, C=3.0, emphasis=0.5, prior=2.0)
SEARCH = Search(USUAL, {"recipe": (SPELT,), "C": (1.0, 10.0), "prior": (0.0,), "balanced": (True,)})


@pytest.mark.parametrize(
    ("candidate", "written"),
    [
        (Candidate(PLAIN, C=3.0), "word1-2|C:3"),
        (Candidate(SPELT, C=0.3), "word1-2+char_wb3-5|C:0.3"),
        (Candidate(PLAIN, C=1e-4), "word1-2|C:0.0001"),
        (Candidate(PLAIN, 3.0, emphasis=0.5, prior=3.0), "word1-2|C:3|ratios:0.5|prior:3"),
        (Candidate(PLAIN, 3.0, polarity=3.0, balanced=True), "word1-2|C:3|polarity:3|balanced"),
        (
            Candidate(MARKED, 30.0, emphasis=1.0, prior=2.5, polarity=0.1, balanced=True),
            "word1-2+char_wb3-5+0.5*mark1-1|C:30|ratios:1|prior:2.5|polarity:0.1|balanced",
        ),
    ],
)
def test_candidates_are_written_as_signatures_do(candidate, written):
    assert str(candidate) == written


@pytest.mark.parametrize("search", [FRAMES, STANCES, MENTIONS])
def test_no_two_candidates_of_a_search_are_written_alike(search):
    candidates = search.list_candidates()
    assert len({str(candidate) for candidate in candidates}) == len(candidates)


def test_a_search_lists_its_usual_setting_and_each_that_differs_in_one_field():
    assert SEARCH.list_candidates() == (
        USUAL,
        Candidate(SPELT, C=3.0, emphasis=0.5, prior=2.0),
        Candidate(PLAIN, C=1.0, emphasis=0.5, prior=2.0),
        Candidate(PLAIN, C=10.0, emphasis=0.5, prior=2.0),
        Candidate(PLAIN, C=3.0, emphasis=0.5),
        Candidate(PLAIN, C=3.0, emphasis=0.5, prior=2.0, balanced=True),
    )


def test_a_search_without_axes_is_its_usual_setting():
    assert Search(USUAL, {}).list_candidates() == (USUAL,)


def test_what_is_usual_is_not_listed_twice():
    search = Search(USUAL, {"C": (3.0, 1.0, 1.0), "prior": (2.0,)})
    assert search.list_candidates() == (USUAL, Candidate(PLAIN, 1.0, emphasis=0.5, prior=2.0))


def test_a_field_that_means_nothing_stays_zero():
    found = SEARCH.without("prior")
    assert found.usual == Candidate(PLAIN, C=3.0, emphasis=0.5)
    assert dict(found.axes) == {"recipe": (SPELT,), "C": (1.0, 10.0), "balanced": (True,)}
    assert {candidate.prior for candidate in found.list_candidates()} == {0.0}
    assert SEARCH.usual.prior == 2.0  # of which this was made
    assert "prior" in SEARCH.axes
    assert found.without("prior") == found


@pytest.mark.parametrize("search", [FRAMES, STANCES, MENTIONS])
def test_axes_are_fields_and_their_values_are_others_than_the_usual(search):
    assert set(search.axes) <= {field.name for field in fields(Candidate)}
    for name, values in search.axes.items():
        usual = getattr(search.usual, name)
        assert len({*values, usual}) == len(values) + 1
        assert all(type(value) is type(usual) for value in values)


def test_only_frames_ask_the_codebook_and_only_stances_share_weights():
    for candidate in FRAMES.list_candidates():
        assert candidate.polarity == 0.0
    for search in (STANCES, MENTIONS):
        assert {candidate.prior for candidate in search.list_candidates()} == {0.0}
        assert search.usual.polarity > 0
    assert FRAMES.usual.prior > 0


def test_only_mentions_are_searched_with_what_stands_around_them_and_without():
    for search in (FRAMES, STANCES):
        assert not any(c.recipe.sees_mentions for c in search.list_candidates())
    seeing = [candidate.recipe.sees_mentions for candidate in MENTIONS.list_candidates()]
    assert seeing[0]
    assert not all(seeing)
    assert TARGETED.sees_mentions


@pytest.mark.parametrize("block", [block for block in TARGETED.blocks if block.field == "around"])
def test_counts_that_distance_makes_small_are_not_taken_logarithms_of(block):
    # 1 + ln c is negative for c below 1 / e: a word far from a mention would speak against itself.
    assert not block.sublinear


def test_words_that_share_a_weight_are_counted_where_they_do():
    for search in (STANCES, MENTIONS):
        usual = search.usual
        assert usual.features == share_weights(usual.recipe) != usual.recipe
        assert replace(usual, polarity=0.0).features == usual.recipe
    assert FRAMES.usual.features == FRAMES.usual.recipe
