"""Tests of ids that come again: copies of a unit, or other units."""

import numpy as np
import pandas as pd
import pytest

from framing.measuring.namesakes import FIX, pair_repeats, refuse_namesakes
from framing.measuring.predictions import find_labels, read_shares
from framing.schema import InputError

UNIT = {"id": "7", "source": "Post", "article": "a", "date": "2025-04-01", "text": "Tin fell."}
UNIT |= {"p:lag": 0.8, "p:china:favor": None}


def pair(ids, among=None):
    table = pd.DataFrame({"id": ids}, dtype=object)
    among = np.ones(len(ids), dtype=np.bool_) if among is None else np.array(among)
    rows, firsts = pair_repeats(table, among=among)
    return list(zip(rows.tolist(), firsts.tolist(), strict=True))


def refuse(*changes, drop=()):
    table = pd.DataFrame([UNIT | change for change in changes]).drop(columns=list(drop))
    labels = find_labels(list(table.columns))
    rows, firsts = pair_repeats(table, among=np.ones(len(table), dtype=np.bool_))
    refuse_namesakes(table, labels, read_shares(table, labels), rows, firsts)


def test_every_later_row_is_paired_with_the_first():
    assert pair(["a", "b", "a", "c", "b", "a"]) == [(2, 0), (4, 1), (5, 0)]
    assert pair(["a", "b"]) == []


def test_rows_without_an_id_or_not_looked_at_are_no_repeats():
    assert pair([None, "a", None, float("nan"), "a"]) == [(4, 1)]
    assert pair(["a", "a", "a"], among=[False, True, True]) == [(2, 1)]
    assert pair(["a", "a"], among=[False, False]) == []


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"source": "the  POST"},
        {"date": "1 April 2025"},
        {"text": "Tin fell. "},
        {"p:lag": 0.8 + 4e-7},
    ],
)
def test_copies_may_bear_one_id(change):
    refuse({}, change, {})
    refuse(change, {})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"source": "Herald"}, "source 'Post' and 'Herald'"),
        ({"source": None}, "source 'Post' and none"),
        ({"article": "A"}, "article 'a' and 'A'"),
        ({"date": "2026-04-01"}, "date '2025-04-01' and '2026-04-01'"),
        ({"date": "soon"}, "date '2025-04-01' and 'soon'"),
        ({"text": "Zinc " * 20}, f"text 'Tin fell.' and '{('Zinc ' * 20)[:39]}…'"),
        ({"p:lag": 0.8001}, "p:lag 0.8 and 0.8001"),
        ({"p:china:favor": 0.25}, "p:china:favor none and 0.25"),
        ({"p:lag": 0.1, "source": "Herald"}, "source 'Post' and 'Herald'"),
    ],
)
def test_other_units_of_one_id_are_refused(change, told):
    with pytest.raises(InputError) as caught:
        refuse({"id": "1"}, {}, {"id": "2"}, {}, change)
    assert str(caught.value) == f"the id '7' stands for units that differ: {told}; {FIX}"


def test_how_many_ids_there_are_is_told_whatever_their_units_differ_by():
    """Ids 1 and 2, by other things; the copies of 3 do not count, nor does 1 count twice."""
    one, two, three = ({"id": name} for name in "123")
    herald, other = one | {"source": "Herald"}, two | {"p:lag": 0.1}
    with pytest.raises(InputError, match=r"^the id '1' .* 'Herald' \(1 more do\); predict all fil"):
        refuse(one, two, three, other, three, herald, herald)


def test_columns_that_are_not_there_tell_nothing():
    refuse({}, {"source": "Herald"}, drop=["source"])


def test_whole_numbers_are_the_same_with_and_without_a_point():
    table = pd.DataFrame({"id": ["1", "1"], "article": pd.Series([7, 7.0], dtype=object)})
    refuse_namesakes(table, (), np.empty((2, 0)), np.array([1]), np.array([0]))
