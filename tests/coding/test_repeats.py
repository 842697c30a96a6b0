"""Repeated and contradicting codings."""

import pytest

from framing.coding.repeats import combine_repeats
from framing.schema import Coding, CodingError


def combine(*codings):
    problems = []
    placed = [(f"a.csv, row {n}", coding) for n, coding in enumerate(codings, start=2)]
    return combine_repeats(placed, report=problems.append), problems


def test_an_exact_repeat_is_reported():
    coding = Coding("u", "ann", {"a": True}, {"t": "x"})
    kept, problems = combine(coding, coding)
    assert kept == [coding]
    (problem,) = problems
    assert (problem.where, problem.reason) == ("a.csv, row 3", "repeats 'u' of a.csv, row 2")
    assert problem.lost


def test_rows_on_different_cells_add_up():
    kept, problems = combine(
        Coding("u", "", {"a": True}, {"t": "x"}), Coding("u", "", {"b": False}, {"s": "y"})
    )
    assert kept == [Coding("u", "", {"a": True, "b": False}, {"t": "x", "s": "y"})]
    assert problems == []


def test_two_coders_are_two_codings():
    codings = [Coding("u", "ann", {"a": True}), Coding("u", "bo", {"a": False})]
    assert combine(*codings) == (codings, [])


@pytest.mark.parametrize(
    ("first", "second", "cell"),
    [
        (Coding("u", "", {"a": True}), Coding("u", "", {"a": False}), "frame 'a'"),
        (Coding("u", "", {}, {"t": "x"}), Coding("u", "", {"b": True}, {"t": "y"}), "stance 't'"),
    ],
)
def test_contradictions_are_refused(first, second, cell):
    with pytest.raises(CodingError) as caught:
        combine(first, second)
    assert str(caught.value) == (
        f"a.csv, row 3: 'u' is coded twice with different codes for {cell} (the first is "
        "a.csv, row 2); delete one, or name the two coders in a column 'coder'"
    )


def test_the_coder_is_named():
    with pytest.raises(CodingError, match="coded twice by coder 'ann' with"):
        combine(Coding("u", "ann", {"a": True}), Coding("u", "ann", {"a": False}))


def test_a_third_row_is_held_against_what_was_added():
    with pytest.raises(CodingError, match="frame 'b'"):
        combine(
            Coding("u", "", {"a": True}),
            Coding("u", "", {"b": True}),
            Coding("u", "", {"b": False}),
        )
