"""Tests of sources that are spelled in several ways."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.measuring.spellings import fold_name, unify_spellings


@pytest.mark.parametrize(
    "name", ["The Daily Post", "the daily post", " Daily  Post", "DAILY\u00a0POST", "daily post\n"]
)
def test_case_blanks_and_article_do_not_tell_names_apart(name):
    assert fold_name(name) == "daily post"


@pytest.mark.parametrize("name", ["Theatre Post", "Post the Daily", "Daily-Post", "The"])
def test_other_differences_do(name):
    assert fold_name(name) == name.casefold()


def test_the_most_frequent_spelling_is_shown():
    names = ["the post", "The Post", "Post", "The Post", "Herald"]
    spellings = unify_spellings(names)
    assert [spellings.shown[name] for name in names] == ["The Post"] * 4 + ["Herald"]
    assert spellings.variants == {"The Post": ("Post", "the post")}


def test_even_spellings_are_settled_by_the_alphabet_not_by_order():
    for names in (["POST", "Post"], ["Post", "POST"]):
        assert unify_spellings(names).shown["Post"] == "POST"


@settings(deadline=None)
@given(st.lists(st.text(max_size=6)))
def test_names_are_one_exactly_if_they_fold_to_one(names):
    shown = unify_spellings(names).shown
    for one in names:
        assert fold_name(shown[one]) == fold_name(one)
        for other in names:
            assert (shown[one] == shown[other]) == (fold_name(one) == fold_name(other))
