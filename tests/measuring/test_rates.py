"""Tests of rates under article counts, against scikit-learn's weighted metrics."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from framing.measuring.rates import (
    assign_bins,
    average_defined,
    average_precision,
    calibration_error,
    compute_rates,
    divide,
    rank_units,
    sum_by_article,
    sum_residuals,
)

CASES = st.integers(0, 2**32 - 1)


@settings(max_examples=60, deadline=None)
@given(CASES, st.sampled_from([3, 10, 1000]))
def test_average_precision_equals_scikit_learn_under_weights_and_ties(seed, steps):
    rng = np.random.default_rng(seed)
    n, n_articles = int(rng.integers(1, 40)), int(rng.integers(1, 8))
    truth, articles = rng.random(n) < 0.4, rng.integers(0, n_articles, n)
    scores = rng.integers(0, steps, n) / steps
    counts = rng.integers(0, 3, (6, n_articles)).astype(float)
    ours = average_precision(rank_units(truth, scores, articles), counts)
    for value, count in zip(ours, counts, strict=True):
        weights = count[articles]
        if not (weights * truth).any():
            assert np.isnan(value)
            continue
        expected = average_precision_score(truth, scores, sample_weight=weights)
        assert value == pytest.approx(expected, abs=1e-12)


def test_ties_enter_together_whatever_their_order():
    scores, articles, one = np.full(4, 0.5), np.arange(4), np.ones((1, 4))
    for truth in ([True, False, False, True], [False, True, True, False]):
        assert average_precision(rank_units(np.array(truth), scores, articles), one) == [0.5]


def test_calibration_error_weights_bins_by_their_units():
    scores = np.array([0.05, 0.05, 0.05, 0.95])
    truth = np.array([False, False, True, True])
    residuals = sum_residuals(truth, scores, np.zeros(4, dtype=int), 1)
    expected = 0.75 * abs(0.05 - 1 / 3) + 0.25 * abs(0.95 - 1)
    error = calibration_error(residuals, np.array([4.0]), np.ones((1, 1)))
    assert error == pytest.approx([expected])


def test_opposite_errors_cancel_within_a_bin_and_not_between():
    scores, codes = np.array([0.5, 0.5, 0.25, 0.75]), np.zeros(4, dtype=int)
    truth = np.array([True, False, False, True])
    residuals = sum_residuals(truth, scores, codes, 1)
    assert calibration_error(residuals, np.array([4.0]), np.ones((1, 1))) == [0.125]


def test_a_resampled_calibration_error_is_that_of_the_resampled_units():
    rng = np.random.default_rng(0)
    codes, scores, truth = rng.integers(0, 5, 50), rng.random(50), rng.random(50) < 0.5
    counts = np.array([[2.0, 0.0, 1.0, 1.0, 1.0]])
    again = np.repeat(np.arange(50), counts[0, codes].astype(int))
    units = np.bincount(codes, minlength=5).astype(float)
    resampled = calibration_error(sum_residuals(truth, scores, codes, 5), units, counts)
    residuals = sum_residuals(truth[again], scores[again], np.zeros(len(again), dtype=int), 1)
    direct = calibration_error(residuals, np.array([float(len(again))]), np.ones((1, 1)))
    assert resampled == pytest.approx(direct)


@pytest.mark.parametrize(
    ("score", "bin_"), [(0, 0), (0.1, 0), (0.1001, 1), (0.5, 4), (0.95, 9), (1, 9)]
)
def test_bins_are_closed_above(score, bin_):
    assert assign_bins(np.array([score])).tolist() == [bin_]
    residuals = sum_residuals(np.array([True]), np.array([score]), np.array([0]), 1)
    expected = np.zeros(10)
    expected[bin_] = score - 1
    assert residuals[0] == pytest.approx(expected)


def test_no_units_have_no_calibration_error():
    assert np.isnan(calibration_error(np.zeros((2, 10)), np.zeros(2), np.ones((1, 2)))).all()


@pytest.mark.parametrize(
    ("found", "claimed", "present", "expected"),
    [
        (2, 4, 8, (0.5, 0.25, 1 / 3)),
        (0, 0, 3, (0, 0, 0)),
        (0, 3, 0, (0, np.nan, 0)),
        (0, 0, 0, (np.nan, np.nan, np.nan)),
        (0, 2, 3, (0, 0, 0)),
    ],
)
def test_rates_where_something_is_zero(found, claimed, present, expected):
    rates = compute_rates(*(np.array([float(number)]) for number in (found, claimed, present)))
    assert [float(rate[0]) for rate in rates] == pytest.approx(expected, nan_ok=True)


def test_sums_by_article_keep_articles_without_units():
    sums = sum_by_article(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([2, 0, 2]), 4)
    assert sums.tolist() == [[3, 4], [0, 0], [6, 8], [0, 0]]


def test_averages_leave_out_what_is_not_kept_or_not_defined():
    values = np.array([[1.0, 0.0, np.nan], [np.nan, 0.5, 0.5]])
    keep = np.array([[True, False, True], [True, False, False]])
    assert average_defined(values, keep) == pytest.approx([1.0, np.nan], nan_ok=True)


def test_division_by_nothing_is_not_defined():
    assert divide(np.zeros(2), np.array([0.0, 2.0])) == pytest.approx([np.nan, 0], nan_ok=True)
