"""Which line ends separate blocks."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.text.lines import arrange_blocks

WORDS = [
    "the",
    "ministry",
    "of",
    "mines",
    "said",
    "on",
    "Monday",
    "that",
    "prices",
    "of",
    "oxide",
    "rose",
    "and",
    "stocks",
    "fell",
    "again",
]


@settings(max_examples=100)
@given(st.lists(st.sampled_from(WORDS), min_size=60, max_size=150), st.integers(60, 80))
def test_wrapped_paragraphs_come_back(words, width):
    paragraph = " ".join(words).capitalize() + "."
    wrapped = "\n".join(textwrap.wrap(paragraph, width))
    assert arrange_blocks(f"{wrapped}\n\n{wrapped}") == f"{paragraph}\n\n{paragraph}"


@pytest.mark.parametrize(
    "lines",
    [
        ["A first line that ends here.", "A second line."],
        ["Facebook", "Twitter", "Print"],
        ["Read more:", "EXPLAINER-What gallium is used for", "GRAPHIC-Prices since 2018"],
        ["- one", "- two that is longer", "three"],
        ["# A heading", "text below it"],
        ["Minister announces a plan for magnets in Port Halden", "Residents say that nobody asked"],
        ["A headline that is rather long and has no full stop", "The council voted. " * 8 + "End."],
        ["1. We announced this", "2. We heard that"],
        ["| a | b |", "| c | d |"],
    ],
)
def test_lines_that_are_blocks(lines):
    assert arrange_blocks("\n".join(lines)).split("\n\n") == lines


@pytest.mark.parametrize(
    ("text", "arranged"),
    [
        ("", ""),
        ("One.", "One."),
        ("\n\nOne.\n\nTwo.\n", "One.\n\nTwo."),
        ("One.\n\n Two.", "One.\n\nTwo."),
        ("One. \n\nTwo.", "One.\n\nTwo."),
        ("One.\n\n\nTwo.", "One.\n\nTwo."),
        ("One.\n\n\n\nTwo.", "One.\n\nTwo."),
        ("One.\n \nTwo.", "One.\n\nTwo."),
        ("One.\n\nTwo.\nThree.", "One.\n\nTwo.\n\nThree."),
    ],
)
def test_blocks_stand_one_blank_line_apart(text, arranged):
    assert arrange_blocks(text) == arranged


def test_heading_does_not_widen_a_text():
    wrapped = "\n".join(textwrap.wrap("The ministry of mines said that prices rose. " * 8, 70))
    heading = "# " + "A heading that is longer than any line of the text below it " * 2
    joined = wrapped.replace("\n", " ")
    assert arrange_blocks(f"{heading}\n\n{wrapped}") == f"{heading.strip()}\n\n{joined}"


def test_broken_sentence_is_joined():
    text = "The council of the town said that it would not\nvote before the summer."
    assert arrange_blocks(text) == text.replace("\n", " ")


def test_bullet_runs_on_over_indented_lines():
    assert arrange_blocks("- one\n  And more\n- two") == "- one And more\n\n- two"


def test_nothing_is_joined_across_a_blank_line():
    text = "The council of the town said that it would not\n\nvote before the summer."
    assert arrange_blocks(text) == text
