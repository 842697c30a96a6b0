"""What rows are."""

from __future__ import annotations

import pytest

from framing.records.rows import begin, normalise_column


@pytest.mark.parametrize(
    ("name", "known"), [(" TEXT ", "text"), (" Outlet ", "Outlet"), ("Frames", "frames")]
)
def test_standard_columns_are_known_in_any_case(name, known):
    assert normalise_column(name) == known


def test_the_beginning_of_a_text_is_one_short_line():
    assert begin(" a\n\tb ") == "a b"
    assert begin("x" * 999) == "x" * 200
    assert begin("a\ud800") == "a\ufffd"
