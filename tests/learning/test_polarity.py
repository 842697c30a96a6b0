"""Tests of the word lists, and of the weights that their words share."""

import re
from importlib.resources import files

import numpy as np
import pytest

from framing.learning.candidates import MARKED, PLAIN, TARGETED
from framing.learning.polarity import (
    LISTED,
    SIGNS,
    ListedBlock,
    SharingBlock,
    group_terms,
    list_terms,
    read_words,
    share_weights,
)
from framing.scoring.recipe import FeatureRecipe, NgramBlock

AROUND = SharingBlock("word", 1, 2, field="around")
WITHOUT = [
    NgramBlock("word", 1, 2),
    NgramBlock("word", 1, 1),
    NgramBlock("word", 1, 2, field="around"),
    NgramBlock("word", 2, 3),
    NgramBlock("char_wb", 3, 5),
    NgramBlock("char_wb", 1, 5, field="around"),
    NgramBlock("mark", 1, 1),
    NgramBlock("word", 1, 1, field="mention"),
    NgramBlock("word", 2, 2, field="around"),
]


def read_list(sign):
    return (files("framing.learning") / "words" / f"{sign}.txt").read_text("utf-8").split()


def test_words_have_the_sign_of_the_list_that_they_stand_in():
    words = read_words()
    for number, sign in enumerate(SIGNS):
        assert {word for word, code in words.items() if code == number} == set(read_list(sign))
    assert (words["welcome"], words["folly"], words.get("river")) == (0, 1, None)


def test_lists_share_no_word_and_repeat_none():
    positive, negative = map(read_list, SIGNS)
    assert len(positive) > 1000
    assert len(negative) > 1000
    assert not set(positive) & set(negative)
    assert (len(set(positive)), len(set(negative))) == (len(positive), len(negative))


@pytest.mark.parametrize("sign", SIGNS)
def test_every_word_can_be_found_in_a_text(sign):
    # What the word analyzer splits, drops or lowers would never be met.
    words = read_list(sign)
    assert [word for word in words if not re.fullmatch(r"\w\w+", word)] == []
    assert [word for word in words if word != word.lower()] == []


@pytest.mark.parametrize("sign", SIGNS)
def test_lists_are_sorted(sign):
    words = read_list(sign)
    assert words == sorted(words)


@pytest.mark.parametrize("sign", SIGNS)
def test_lists_are_a_word_a_line(sign):
    text = (files("framing.learning") / "words" / f"{sign}.txt").read_text("utf-8")
    assert text.split("\n") == [*read_list(sign), ""]


def test_lists_say_nothing_of_the_subject_and_its_actors():
    neutral = {"china", "minerals", "lithium", "cobalt", "mine", "mining", "export", "state"}
    assert not neutral & set(read_words())


def test_terms_of_the_listed_block_are_the_words():
    assert list_terms(LISTED) == list(read_words())


def test_terms_around_a_mention_are_told_apart_by_side():
    terms = list_terms(AROUND)
    words = list(read_words())
    assert terms == [f"<{word}" for word in words] + [f">{word}" for word in words]


@pytest.mark.parametrize("block", WITHOUT, ids=str)
def test_other_blocks_share_no_weight(block):
    assert list_terms(block) == []
    groups = group_terms(block, ["praised", "<praised", "reckless"])
    assert groups.shape == (3, 0)


def test_words_of_one_sign_share_a_weight():
    terms = ["mine", "praised", "reckless", "praised deal", "honest", "folly"]
    groups = group_terms(LISTED, terms)
    assert groups.toarray().tolist() == [[0, 0], [1, 0], [0, 1], [0, 0], [1, 0], [0, 1]]


def test_each_side_of_a_mention_has_weights_of_its_own():
    terms = [">folly", "@", "<praised", "<folly", "praised", ">praised", "folly @"]
    groups = group_terms(AROUND, terms).toarray()
    expected = np.zeros((7, 4))
    expected[[2, 3, 5, 0], [0, 1, 2, 3]] = 1
    np.testing.assert_array_equal(groups, expected)


@pytest.mark.parametrize("block", [LISTED, AROUND], ids=str)
def test_every_listed_term_is_in_one_group_of_its_sign(block):
    terms = list_terms(block)
    groups = group_terms(block, terms).toarray()
    assert groups.sum(axis=1).tolist() == [1.0] * len(terms)
    signs = groups.argmax(axis=1) % 2
    assert signs.tolist() == [read_words()[term.lstrip("<>")] for term in terms]


@pytest.mark.parametrize("block", [LISTED, AROUND], ids=str)
def test_no_terms_leave_the_groups_empty(block):
    width = 2 if block == LISTED else 4
    assert group_terms(block, []).shape == (0, width)
    assert group_terms(block, ["ore"]).toarray().tolist() == [[0.0] * width]


@pytest.mark.parametrize(("recipe", "shared"), [(PLAIN, 1), (MARKED, 1), (TARGETED, 2)])
def test_recipes_for_stances_hold_blocks_whose_words_share(recipe, shared):
    sharing = share_weights(recipe)
    assert sum(bool(list_terms(block)) for block in sharing.blocks) == shared
    assert sharing.blocks[-1] == LISTED
    # What the scorer reads is what it read before, and a block more.
    assert sharing.to_list()[:-1] == recipe.to_list()


def test_what_frames_see_is_left_as_it_is():
    frames, stances = set(MARKED.blocks), set(share_weights(MARKED).blocks)
    assert stances - frames == {LISTED}
    assert not any(isinstance(block, SharingBlock) for block in frames)
    around = [b for b in share_weights(TARGETED).blocks if b.field == "around"]
    assert [isinstance(block, SharingBlock) for block in around] == [False, True]
    assert not any(isinstance(block, ListedBlock) for block in around)


def test_recipes_without_single_words_have_nothing_to_share():
    recipe = FeatureRecipe((NgramBlock("char_wb", 3, 5), NgramBlock("word", 2, 3)))
    assert share_weights(recipe) == recipe


def test_a_block_that_shares_is_told_from_one_that_does_not():
    plain = NgramBlock("word", 1, 2, field="around")
    assert SharingBlock("word", 1, 2, field="around") != plain
    assert len({plain, SharingBlock("word", 1, 2, field="around")}) == 2
    assert str(AROUND) == str(plain)
