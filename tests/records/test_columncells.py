"""Columns of cells, each cell as single cells are read."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from framing.records.cells import is_missing, parse_date, parse_text
from framing.records.columncells import has_missing, parse_dates, strip_texts

SPACES = (" ", "\t", "\x1c", "\x1f", "\x85", "\u00a0", "\u2028", "\u3000", "\u200b", "\x7f", "")
CELL = st.lists(st.sampled_from([*SPACES, "a", "é", "“", "😀"]), max_size=5).map("".join)
CELLS = st.lists(CELL | st.none(), max_size=12)


@settings(deadline=None)
@given(CELLS, st.integers(0, 4))
@example(["a", "b"], 0)
@example([], 0)
def test_cells_are_stripped_as_single_ones(cells, start):
    part = pa.array(cells, pa.string()).slice(min(start, len(cells)))
    assert strip_texts(part).to_pylist() == [parse_text(cell) for cell in part.to_pylist()]


@settings(deadline=None)
@given(CELLS, st.integers(0, 4))
def test_missing_cells_are_found(cells, start):
    part = pa.array(cells, pa.string()).slice(min(start, len(cells)))
    assert has_missing(part) == any(map(is_missing, part.to_pylist()))


DATES = ["2025-04-04", "4 April 2025", "2010", " 2025-4 ", "", None, "2025-04-04T10:00Z"]


def test_dates_are_read_as_single_ones():
    cells = DATES * 3
    assert parse_dates(pa.array(cells)).to_pylist() == [parse_date(cell) for cell in cells]
    assert parse_dates(pa.array(cells).slice(5)).to_pylist() == [parse_date(c) for c in cells[5:]]
    assert parse_dates(pa.nulls(2, pa.string())).to_pylist() == [None, None]


@pytest.mark.parametrize("date", ["soon", "04/05/2025", "2025-02-30"])
def test_what_is_no_date_is_refused(date):
    with pytest.raises(ValueError, match=date):
        parse_dates(pa.array(["2025", date]))
