"""What rows are."""

from __future__ import annotations

import pytest

from framing.records.rows import begin, normalise_column, require_column
from framing.schema import InputError


@pytest.mark.parametrize(
    ("name", "known"), [(" TEXT ", "text"), (" Outlet ", "Outlet"), ("Frames", "frames")]
)
def test_standard_columns_are_known_in_any_case(name, known):
    assert normalise_column(name) == known


def test_the_beginning_of_a_text_is_one_short_line():
    assert begin(" a\n\tb ") == "a b"
    assert begin("x" * 999) == "x" * 200
    assert begin("a\ud800") == "a\ufffd"


def test_a_column_that_must_be_there_is_told_of():
    require_column("text", iter(["id", "text"]), where="t")
    there = "t: no column 'id' among 'text', '0'; "
    with pytest.raises(InputError) as refused:
        require_column("id", ["text", 0], where="t")
    assert str(refused.value) == f"{there}name the column of the ids 'id'"
    with pytest.raises(InputError) as refused:
        require_column("id", ["text", 0], where="t", fix="do this")
    assert str(refused.value) == f"{there}do this"
