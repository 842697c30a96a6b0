"""Tests of calendar bins."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.measuring.periods import bin_period, check_over, find_middle
from framing.schema import InputError

OVERS = ["year", "quarter", "month"]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2025-01-31", ["2025", "2025-Q1", "2025-01"]),
        ("2025-03", ["2025", "2025-Q1", "2025-03"]),
        ("2025-04-01", ["2025", "2025-Q2", "2025-04"]),
        ("2025-12-31", ["2025", "2025-Q4", "2025-12"]),
        ("2025", ["2025", None, None]),
        (None, [None, None, None]),
    ],
)
def test_dates_fall_in_their_bins(date, expected):
    assert [bin_period(date, over) for over in OVERS] == expected


@settings(deadline=None)
@given(st.dates(), st.dates(), st.sampled_from(OVERS))
def test_periods_sort_by_name_as_dates_do(one, other, over):
    first, last = (bin_period(date.isoformat(), over) for date in sorted([one, other]))
    assert first <= last


@settings(deadline=None)
@given(st.dates())
def test_a_quarter_holds_three_months(date):
    months = {bin_period(dt.date(date.year, m, 1).isoformat(), "month") for m in range(1, 13)}
    quarter = bin_period(date.isoformat(), "quarter")
    assert sum(bin_period(month, "quarter") == quarter for month in months) == 3


@pytest.mark.parametrize("date", ["soon", "2025-13", "2025-00-01", "20250404", "2025-4", ""])
def test_what_is_not_iso_is_refused(date):
    with pytest.raises(InputError, match=rf"^'{date}' is not an ISO date; write it as YYYY-MM-DD$"):
        bin_period(date, "year")


@pytest.mark.parametrize("over", ["week", "", "Year"])
def test_unknown_bins_are_refused(over):
    with pytest.raises(InputError, match=rf"by '{over}'; use year, quarter or month$"):
        check_over(over)
    with pytest.raises(InputError, match="cannot bin dates"):
        bin_period(None, over)


@pytest.mark.parametrize(
    ("period", "middle"),
    [("2025", 2025.5), ("2025-Q1", 2025.125), ("2025-Q4", 2025.875), ("2025-12", 2025 + 11.5 / 12)],
)
def test_periods_have_a_middle(period, middle):
    assert find_middle(period) == pytest.approx(middle)
