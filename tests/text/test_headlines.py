"""Which block is a headline, and the title as the first block."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.text.headlines import (
    find_title,
    fold,
    is_headline,
    open_with_title,
    says_the_same,
)

BELOW = ["The fund has spent about half of what it was given in the spring, and none of it on ore."]


@pytest.mark.parametrize(
    "block",
    [
        "Where the money went",
        "U.S. Capacity Still Fragmented, Strategy Absent",
        "Who pays?",
        "“Not rare at all”: a chemist speaks",
        "2. What has Beijing announced?",
        "Made in the U.S.",
        "Élysée waits",
    ],
)
def test_headlines(block):
    assert is_headline(block, BELOW)


@pytest.mark.parametrize(
    "block",
    [
        "Prices rose.",
        "The three are:",
        "where the money went",
        "It is over, yes. Who pays?",
        "Timetable: decision moved to the second half of 2024",
        "She said: “It is over”",
        "A block of fifteen words that goes on and on and so is not one",
        "2019 55",
    ],
)
def test_paragraphs(block):
    assert not is_headline(block, BELOW)


def test_last_block_is_no_headline():
    assert not is_headline("Where the money went", [])
    assert not is_headline("Where the money went", ["Who pays?"])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Cobalt Doubles\n\nThe metal has doubled in price.", "Cobalt Doubles"),
        ("# Cobalt\n\nIt rose.", "Cobalt"),
        ("Highlights\n\nThe metal has doubled in price.", None),
        ("- Cobalt\n\nThe metal has doubled in price.", None),
        ("The metal has doubled.\n\nThe metal has doubled in price.", None),
        ("Cobalt Doubles", None),
    ],
)
def test_find_title(text, title):
    assert find_title(text) == title


def test_run_on_title_is_cut_off():
    text = "Council Says No to Refinery More than 300 people turned up at the hall."
    opened = open_with_title(text, "Council says no to refinery")
    assert opened.split("\n\n")[1] == "More than 300 people turned up at the hall."


def test_sentence_that_opens_like_the_title_stays_whole():
    text = "Council says no to refinery plans of last year, and to all others."
    assert open_with_title(text, "Council says no to refinery").endswith(f"\n\n{text}")


def test_no_title_changes_nothing():
    assert open_with_title("a", "") == "a"


@given(*[st.text(st.sampled_from("aAbßSé1 -.“"), max_size=6)] * 2)
def test_title_says_the_same_as_its_letters_and_digits(block, title):
    assert says_the_same(block, title) == (fold(block) == fold(title))


@given(st.text(max_size=20))
def test_fold_keeps_letters_and_digits(text):
    assert fold(text) == "".join(c for c in text.casefold() if c.isalnum())
