"""Long blocks cut at sentence ends."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.text.sentences import LONGEST_BLOCK, LONGEST_PIECE, split_block


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in split_block(text)]


def test_block_of_ordinary_length_stays_whole():
    text = ("A sentence. " * 200)[:LONGEST_BLOCK]
    assert cut(text) == [text]


def test_pieces_end_with_sentences():
    text = "Prices of oxide rose again on Monday, said a dealer in Rotterdam. " * 60
    pieces = cut(text)
    assert all(piece.endswith("Rotterdam.") for piece in pieces)
    assert all(len(piece) <= LONGEST_PIECE for piece in pieces)
    assert " ".join(pieces) == text.strip()


@pytest.mark.parametrize(
    "short", ["U.S. officials", "Dr. Lee", "Acme Corp. Ltd. shares", "No. 4 mine"]
)
def test_abbreviations_end_no_sentence(short):
    text = (
        f"It was said that {short} and others would wait for the next year to come. " * 30
    ).strip()
    assert all(piece.endswith("come.") for piece in cut(text))


def test_abbreviation_before_a_name_ends_no_sentence():
    pieces = cut("then Dr. Lee of Acme Corp. Limited and Gov. Smith wrote to them again and " * 40)
    assert not any(piece.endswith(".") for piece in pieces)


def test_text_without_sentences_is_cut_at_blanks():
    pieces = cut("word " * 1000)
    assert all(piece.endswith("word") and len(piece) <= LONGEST_PIECE for piece in pieces)


def test_text_without_blanks_is_cut_anyway():
    assert [len(piece) for piece in cut("x" * 2500)] == [1000, 1000, 500]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["word", ". ", " ", "Mr. ", "x" * 700, "! ", "U.S. "]), max_size=400)
)
def test_nothing_is_lost(parts):
    text = "".join(parts).strip()
    spans = list(split_block(text))
    assert "".join("".join(cut(text)).split()) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_long_line_in_linear_time():
    text = "Prices of oxide rose again on Monday, said Mr. Lee of the U.S. office. " * 14_000
    begun = time.perf_counter()
    cut(text)
    assert time.perf_counter() - begun < 10
