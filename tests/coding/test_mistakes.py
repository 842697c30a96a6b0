"""One message for many mistakes."""

import pytest

from framing.coding.mistakes import Mistakes
from framing.schema import CodingError, Problem


def refuse(found):
    mistakes = Mistakes()
    for place, what in found:
        mistakes.add(place, what)
    with pytest.raises(CodingError) as caught:
        mistakes.refuse(fix="mend")
    return str(caught.value)


def test_nothing_is_raised_without_mistakes():
    Mistakes().refuse(fix="mend")


def test_equal_mistakes_are_told_once_with_their_rows():
    found = [("a, b.csv, row 2", "no x"), ("a, b.csv, row 3", "no y"), ("a, b.csv, row 9", "no x")]
    assert refuse(found) == "a, b.csv: no x in row 2, row 9, no y in row 3; mend"


def test_another_file_is_named():
    found = [("a.csv, row 2", "no x"), ("b.csv, row 5", "no x")]
    assert refuse(found) == "a.csv: no x in row 2, no x in row 5 of b.csv; mend"


def test_only_the_first_few_are_shown():
    rows = [(f"a.csv, row {n}", "no x") for n in range(8)]
    assert "row 4 and 3 more; mend" in refuse(rows)
    kinds = [(f"a.csv, row {n}", f"no x{n}") for n in range(6)]
    assert refuse(kinds).endswith("no x3 in row 3, and 2 more; mend")


def test_mistakes_may_be_passed_over_and_told():
    mistakes, told = Mistakes(), []
    for n in range(7):
        mistakes.add(f"a.csv, row {n}", "no x")
    mistakes.add("b.csv, row 2", "no x")
    mistakes.pass_over(told.append)
    assert told == [
        Problem(
            "a.csv", "no x: left out in row 0, row 1, row 2, row 3, row 4 and 2 more", lost=False
        ),
        Problem("b.csv", "no x: left out in row 2", lost=False),
    ]
    mistakes.refuse(fix="mend")  # there are none any more
    mistakes.add("a.csv, row 1", "no y")
    mistakes.pass_over(None)
    mistakes.refuse(fix="mend")
