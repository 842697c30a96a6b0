"""Tables and numbers as they are printed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.reporting.tables import format_estimate, format_json, format_share, format_table


def test_a_table_is_markdown_with_the_first_column_flush_left():
    assert format_table(["a", "number"], [["long name", "1"], ["b", "23"]]).splitlines() == [
        "| a         | number |",
        "|:----------|-------:|",
        "| long name |      1 |",
        "| b         |     23 |",
    ]


def test_a_table_without_rows_is_its_header():
    assert format_table(["a", "b"], []).splitlines() == ["| a  |  b |", "|:---|---:|"]


def test_a_cell_cannot_break_the_table():
    assert format_table(["x"], [["a|b\r\nc\u2028d"]]).splitlines()[-1] == "| a/b c d |"


@given(st.lists(st.lists(st.text(max_size=9), min_size=2, max_size=2), max_size=4))
def test_every_row_is_one_line_of_as_many_cells(rows):
    lines = format_table(["x", "y"], rows).splitlines()
    assert len(lines) == len(rows) + 2
    assert {line.count("|") for line in lines} == {3}


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (0.456, ".46"),
        (0.0, ".00"),
        (-0.0, ".00"),
        (-0.004, ".00"),
        (-0.031, "-.03"),
        (1.0, "1.00"),
        (0.996, "1.00"),
        (-1.0, "-1.00"),
        (10.05, "10.05"),
        (None, "n/a"),
        (float("nan"), "n/a"),
    ],
)
def test_shares(value, wanted):
    assert format_share(value) == wanted


@pytest.mark.parametrize(
    ("value", "low", "high", "wanted"),
    [
        (0.5, 0.4, 0.6, ".50 [.40, .60]"),
        (-0.1, -0.25, 0.0, "-.10 [-.25, .00]"),
        (0.5, None, None, ".50"),
        (None, None, None, "n/a"),
    ],
)
def test_estimates(value, low, high, wanted):
    assert format_estimate({"value": value, "low": low, "high": high}) == wanted


def test_no_estimate():
    assert format_estimate(None) == "n/a"


def test_json_keeps_characters_and_refuses_what_json_lacks():
    assert json.loads(format_json({"a": ["é", None]})) == {"a": ["é", None]}
    assert "é" in format_json("é")
    with pytest.raises(ValueError, match="not JSON compliant"):
        format_json(float("nan"))
