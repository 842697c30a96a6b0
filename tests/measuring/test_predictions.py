"""Tests of prediction tables read column by column."""

import numpy as np
import pandas as pd
import pytest

from framing.measuring.predictions import (
    check_columns,
    find_labels,
    map_cells,
    read_choices,
    read_shares,
)
from framing.schema import InputError

COLUMNS = ["id", "article", "source", "date", "kind", "frames", "p:lag", "stance:china"]
COLUMNS += ["p:china:favor", "p:china:pro: very", "model", "codebook"]


def make_table(columns=COLUMNS):
    return pd.DataFrame([["x"] * len(columns)], columns=columns)


def test_labels_are_frames_then_stance_values_in_column_order():
    labels = find_labels(["p:china:favor", "p:lag", "p", "p:", "period:x", "p:west:none", "p:risk"])
    assert [label.name for label in labels] == ["lag", "risk", "china=favor", "west=none"]
    assert [label.kind for label in labels] == ["frame", "frame", "stance", "stance"]
    assert [label.decided_in for label in labels[1:3]] == ["frames", "stance:china"]


def test_a_value_may_hold_a_colon():
    (label,) = find_labels(["p:china:pro: very"])
    assert (label.target, label.value) == ("china", "pro: very")


def test_a_complete_table_gives_its_labels():
    labels = check_columns(make_table(), by="source", over="year")
    assert [label.name for label in labels] == ["lag", "china=favor", "china=pro: very"]


@pytest.mark.parametrize(
    "lacking", ["id", "article", "kind", "frames", "stance:china", "model", "codebook"]
)
def test_missing_columns_are_named(lacking):
    table = make_table([name for name in COLUMNS if name != lacking])
    with pytest.raises(InputError, match=rf"^no column '{lacking}'; give the output of framing pr"):
        check_columns(table, by="source", over=None)


def test_frames_are_not_needed_where_only_stance_was_predicted():
    table = make_table([name for name in COLUMNS if name not in ("frames", "p:lag")])
    assert len(check_columns(table, by="source", over=None)) == 2


def test_an_unknown_grouping_lists_what_there_is():
    with pytest.raises(
        InputError,
        match=r"^no column 'outlet' to group by; use one of article, source, date, kind$",
    ):
        check_columns(make_table(), by="outlet", over=None)


def test_dates_are_needed_for_periods_only():
    table = make_table([name for name in COLUMNS if name != "date"])
    check_columns(table, by="source", over=None)
    with pytest.raises(InputError, match=r"^no column 'date' to see change over time; leave the"):
        check_columns(table, by="source", over="year")


def test_empty_tables_are_refused():
    with pytest.raises(InputError, match=r"^no rows; give the output of framing predict$"):
        check_columns(make_table().iloc[:0], by="source", over=None)


def test_tables_that_are_no_predictions_are_refused():
    with pytest.raises(InputError, match=r"^no probability columns \(p:FRAME\); give the output"):
        check_columns(make_table(["id", "text"]), by="source", over=None)


@pytest.mark.parametrize("dtype", [object, "str", "string"])
def test_missing_cells_reach_the_reader_as_none(dtype):
    column = pd.Series(["a", None, "a"], dtype=dtype)
    assert map_cells(column, lambda cell: cell) == ["a", None, "a"]


def test_distinct_cells_are_read_once():
    seen = []
    assert map_cells(pd.Series([1, 2, 1]), lambda cell: seen.append(cell) or cell) == [1, 2, 1]
    assert seen == [1, 2]


@pytest.mark.parametrize("cells", [[0.5, None], ["0.5", ""], [0.5, float("nan")], ["0.5", " "]])
@pytest.mark.parametrize("dtype", [object, None])
def test_probabilities_are_read_from_numbers_and_text(cells, dtype):
    table = pd.DataFrame({"id": ["u", "v"], "p:lag": pd.Series(cells, dtype=dtype)})
    shares = read_shares(table, find_labels(["p:lag"]))
    assert shares[0, 0] == 0.5
    assert np.isnan(shares[1, 0])


@pytest.mark.parametrize("bad", [1.5, -0.01, "high", "1.5", float("inf")])
def test_what_is_no_probability_is_named_with_its_unit(bad):
    table = pd.DataFrame({"id": ["u", "v"], "p:lag": pd.Series([0.5, bad], dtype=object)})
    with pytest.raises(
        InputError, match=rf"^unit v: p:lag is {bad}, not a probability from 0 to 1; give the"
    ):
        read_shares(table, find_labels(["p:lag"]))


@pytest.mark.parametrize(
    "cells",
    [
        ["lag;risk", "risk", "[]", None],
        ["lag; risk", " risk ", "", None],
        [["lag", "risk"], ["risk"], [], None],
        [np.array(["lag", "risk"]), ("risk",), np.array([]), None],
    ],
)
def test_frames_are_read_from_text_and_lists(cells):
    table = pd.DataFrame({"frames": pd.Series(cells, dtype=object)})
    choices = read_choices(table, find_labels(["p:lag", "p:risk"]))
    assert choices.tolist() == [[True, True], [False, True], [False, False], [False, False]]


def test_a_frame_is_not_found_within_another_name():
    table = pd.DataFrame({"frames": ["policy_lag"]})
    assert read_choices(table, find_labels(["p:lag"])).tolist() == [[False]]


def test_stances_are_compared_as_text():
    table = pd.DataFrame({"stance:china": [1, 2, None]}, dtype=object)
    choices = read_choices(table, find_labels(["p:china:1", "p:china:2"]))
    assert choices.tolist() == [[True, False], [False, True], [False, False]]
