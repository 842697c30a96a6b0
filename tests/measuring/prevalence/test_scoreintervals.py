"""Tests of score intervals, against published ones and by their properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from framing.measuring.prevalence.scoreintervals import (
    PRIOR_DESIGN_EFFECT,
    Spread,
    bound_shares,
    count_freedom,
    shrink,
)

SHARES = st.floats(0, 1)
VARIANCES = st.floats(0, 0.3)
FREEDOMS = st.floats(1, 1000)
COUNTS = st.floats(1, 1e4)


def one(*numbers):
    return tuple(np.array([float(number)]) for number in numbers)


def bound(value, variance, *, freedom=np.inf, n=100.0, level=0.95):
    values, variances, freedoms, size = one(value, variance, freedom, n)
    low, high = bound_shares(values, Spread(variances, freedoms), n_units=size, level=level)
    return float(low[0]), float(high[0])


@pytest.mark.parametrize(
    ("finds", "n", "low", "high"),
    # R. G. Newcombe (1998), Two-sided confidence intervals for the single proportion, table I,
    # method 3 (Wilson, without continuity correction)
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_of_simple_samples_they_are_the_published_ones(finds, n, low, high):
    steady = (finds + 0.5) / (n + 1)
    assert bound(finds / n, steady * (1 - steady) / n, n=n) == pytest.approx((low, high), abs=5e-5)


def test_small_variances_give_the_normal_interval():
    low, high = bound(0.4, 1e-8, n=1e6)
    assert (low, high) == pytest.approx((0.4 - 1.96e-4, 0.4 + 1.96e-4), abs=1e-7)


def test_few_degrees_of_freedom_widen_as_students_t_does():
    low, high = bound(0.5, 1e-6, freedom=3, n=1e6)
    assert high - low == pytest.approx(2 * stats.t.ppf(0.975, 3) * 1e-3, rel=1e-3)


def test_no_variance_leaves_no_width():
    assert bound(0.3, 0.0) == (0.3, 0.3)


@given(SHARES, VARIANCES, FREEDOMS, COUNTS)
def test_bounds_hold_the_share_and_stay_within_zero_and_one(value, variance, freedom, n):
    low, high = bound(value, variance, freedom=freedom, n=n)
    assert 0 <= low <= value + 1e-12
    assert value - 1e-12 <= high <= 1


@given(SHARES, VARIANCES, FREEDOMS, COUNTS)
def test_the_share_of_those_without_has_mirrored_bounds(value, variance, freedom, n):
    low, high = bound(value, variance, freedom=freedom, n=n)
    other = bound(1 - value, variance, freedom=freedom, n=n)
    assert other == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(SHARES, VARIANCES)
def test_more_variance_and_more_confidence_widen(value, variance):
    width = np.ptp(bound(value, variance))
    assert np.ptp(bound(value, variance + 0.01)) >= width
    assert np.ptp(bound(value, variance, level=0.99)) >= width
    assert np.ptp(bound(value, variance, freedom=5)) >= width


@pytest.mark.parametrize("value", [-0.02, 1.02])
def test_corrected_shares_may_lie_outside_by_a_little(value):
    low, high = bound(value, 0.001)
    assert 0 <= low <= np.clip(value, 0, 1) <= high <= 1


def test_what_is_not_known_has_no_bounds():
    assert np.isnan(bound(np.nan, 0.1)).all()
    assert np.isnan(bound(0.5, np.nan)).all()


@pytest.mark.parametrize("units", [1.0, 7.0])
def test_equal_articles_have_one_degree_less_than_their_number(units):
    assert count_freedom(np.full((9, 1), units)) == pytest.approx([8.0])


def test_articles_without_units_count_for_nothing_and_unequal_ones_for_less():
    sizes = np.array([[3.0], [3.0], [3.0], [0.0]])
    assert count_freedom(sizes) == pytest.approx([2.0])
    assert 1 <= count_freedom(np.array([[30.0], [1.0], [1.0]]))[0] < 2
    assert count_freedom(np.zeros((3, 1))).tolist() == [1.0]


def test_variances_add_and_freedoms_add_as_satterthwaite_says():
    total = Spread(*one(0.02, 10)) + Spread(*one(0.01, 5))
    assert total.variance == pytest.approx([0.03])
    assert total.freedom == pytest.approx([0.03**2 / (0.02**2 / 10 + 0.01**2 / 5)])
    sure = Spread(*one(0.02, 10)) + Spread(*one(0.0, np.inf))
    assert (sure.variance[0], sure.freedom[0]) == pytest.approx((0.02, 10))
    nothing = Spread(*one(0.0, 3)) + Spread(*one(0.0, 3))
    assert (nothing.variance[0], nothing.freedom[0]) == (0.0, np.inf)


def test_without_finds_the_usual_variance_is_taken_and_with_many_the_seen_one():
    seen = Spread(*one(0.01, 8))
    usual, none, four, many = one(0.03, 0, 4, 1e9)
    assert shrink(seen, usual, none).variance == pytest.approx([0.03])
    assert shrink(seen, usual, none).freedom == pytest.approx([60.0])
    assert shrink(seen, usual, four).variance == pytest.approx([0.02])
    rich = shrink(seen, usual, many)
    assert (rich.variance[0], rich.freedom[0]) == pytest.approx((0.01, 8), rel=1e-6)


def test_the_design_effect_widens():
    assert PRIOR_DESIGN_EFFECT > 1
