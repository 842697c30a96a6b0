"""Tests of the checks on truth, probabilities and decisions."""

import numpy as np
import pytest

from framing.measuring.arrays import (
    check_length,
    mark_values,
    read_decisions,
    read_probabilities,
    read_truth,
)
from framing.schema import CodingError, InputError

NAN = float("nan")
NEEDED = np.array([[True, False], [True, True]])


def test_uncoded_is_neither_present_nor_absent():
    present, coded = read_truth([[1, NAN], [0, True]], 2)
    assert present.tolist() == [[True, False], [False, True]]
    assert coded.tolist() == [[True, False], [True, True]]


@pytest.mark.parametrize("truth", [[[1, 0]], [1, 0], [[[1]]]])
def test_truth_of_another_shape_is_refused(truth):
    with pytest.raises(InputError, match=r"shape \(.*\) and there are 3 labels; give one row a"):
        read_truth(truth, 3)


def test_truth_that_is_no_coding_is_refused():
    with pytest.raises(
        InputError, match=r"^codings hold 0.5; use 1 for present, 0 for absent, NaN"
    ):
        read_truth([[1, 0.5]], 2)


def test_probabilities_are_checked_only_where_needed():
    assert read_probabilities([[0.5, 7], [0, 1]], NEEDED).tolist() == [[0.5, 0], [0, 1]]


@pytest.mark.parametrize("bad", [1.2, -0.1, NAN, float("inf")])
def test_probabilities_outside_the_unit_interval_are_refused(bad):
    with pytest.raises(InputError, match=rf"^a probability is {bad:g}; give calibrated"):
        read_probabilities([[bad, 0], [0, 1]], NEEDED)


def test_probabilities_of_another_shape_are_refused():
    with pytest.raises(
        InputError, match=r"^probabilities have shape \(1, 2\) and codings \(2, 2\)"
    ):
        read_probabilities([[0, 1]], NEEDED)


@pytest.mark.parametrize("decisions", [[[1, 1], [0, 1]], [[True, True], [False, True]]])
def test_decisions_where_not_needed_are_dropped(decisions):
    assert read_decisions(decisions, NEEDED).tolist() == [[True, False], [False, True]]


def test_decisions_of_another_shape_are_refused():
    with pytest.raises(InputError, match=r"^decisions have shape \(2,\) and codings \(2, 2\)"):
        read_decisions([1, 0], NEEDED)


def test_probabilities_in_place_of_decisions_are_refused():
    with pytest.raises(InputError, match=r"not true or false; apply the thresholds first$"):
        read_decisions([[0.3, 0], [0, 1]], NEEDED)


def test_values_are_marked_where_kept():
    marks = mark_values(["b", None, "a"], np.array([True, False, True]), ["a", "b"])
    assert marks.tolist() == [[False, True], [True, False]]
    assert mark_values([None], np.array([False]), ["a", "b"]).shape == (0, 2)


@pytest.mark.parametrize("strange", ["neutral", None])
def test_values_that_are_not_known_are_refused(strange):
    with pytest.raises(CodingError, match=rf"^stance '{strange}' is none of a, b; correct it, or"):
        mark_values(["a", strange], np.array([True, True]), ["a", "b"])


def test_lengths_that_differ_are_refused():
    check_length("groups", 2, 2)
    with pytest.raises(InputError, match=r"^3 groups for 2 units; give one a unit$"):
        check_length("groups", 3, 2)
