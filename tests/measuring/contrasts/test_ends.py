"""Tests of the difference of two periods against what periods differ by."""

import dataclasses

import numpy as np
import pytest
from scipy import special

from framing.measuring.contrasts.differences import contrast_periods
from framing.measuring.contrasts.ends import compare_ends
from framing.measuring.contrasts.series import list_series
from framing.measuring.contrasts.sides import Plan
from framing.measuring.contrasts.spans import Draws

PLAN = Plan(resamples=400, permutations=400)


def make_series(make_sums, draw, shares, *, n=20, seed=0, **options):
    cells = np.repeat(np.arange(len(shares)), n)
    sums, units = draw(np.random.default_rng(seed), np.asarray(shares, dtype=float)[cells])
    keys = [("a", f"{2000 + t}") for t in range(len(shares))]
    return make_sums(keys, cells, sums, units, **options)


def compare(sums, plan=PLAN):
    (series,) = list_series(sums, pooled=False)
    ends = 0, len(series.names) - 1
    return compare_ends(series, ends, Draws.prepare(sums.covariances, plan))


@pytest.mark.parametrize(("periods", "effect"), [(4, 0.5), (6, 0.5), (12, 0.5), (6, 0.0)])
def test_what_moves_whole_periods_is_no_difference(make_sums, draw, periods, effect):
    rng = np.random.default_rng(2)
    shares = special.expit(-1 + effect * rng.normal(0, 1, (periods, 500)))
    (found,) = contrast_periods(make_series(make_sums, draw, shares), PLAN)
    held = ((found.low <= 0) & (found.high >= 0)).mean()
    assert 0.91 < held < 0.985
    assert (found.p <= 0.05).mean() < 0.09


def test_a_change_beyond_what_periods_differ_by_is_found(make_sums, draw):
    rng = np.random.default_rng(2)
    level = np.repeat([-1.2, 0.8], 6)[:, None]
    shares = special.expit(level + 0.2 * rng.normal(0, 1, (12, 100)))
    (found,) = contrast_periods(make_series(make_sums, draw, shares, n=40), PLAN)
    assert (found.p <= 0.05).mean() > 0.8
    assert (found.low > 0).mean() > 0.8


def test_fewer_than_four_periods_show_nothing(make_sums, draw):
    unrest, p = compare(make_series(make_sums, draw, [[0.1], [0.5], [0.2]]))
    assert (unrest.variance.tolist(), unrest.reach.tolist()) == ([0.0], [0.0])
    assert np.isnan(p).all()
    usable = np.ones((5, 2), dtype=bool)
    usable[1:3, 1] = False
    shares = np.array([[0.1], [0.5], [0.2], [0.5], [0.2]]) * np.ones(2)
    unrest, p = compare(make_series(make_sums, draw, shares, usable=usable))
    assert unrest.variance[0] > 0.01
    assert unrest.reach[0] > 1.5
    assert np.isnan(p).tolist() == [False, True]


def test_the_error_of_calibration_is_no_difference(make_sums, draw):
    rng = np.random.default_rng(1)
    n_labels, pull = 300, np.array([0.0, 0.0, 0.0, 0.0, 0.25, 0.25])
    sums = make_series(make_sums, draw, np.full((6, n_labels), 0.4), n=40)
    error = rng.normal(0, 0.5, n_labels)
    untold = dataclasses.replace(
        sums, sums=sums.sums + sums.units * pull[sums.cells][:, None] * error
    )
    gradients = np.zeros((6, n_labels, 2))
    gradients[:, :, 0] = pull[:, None]
    covariances = np.tile(np.diag([0.25, 0.0]), (n_labels, 1, 1))
    told = dataclasses.replace(untold, gradients=gradients, covariances=covariances)
    assert (compare(untold)[1] <= 0.05).mean() > 0.12
    assert (compare(told)[1] <= 0.05).mean() < 0.08


def test_draws_repeat_and_follow_the_seed(make_sums, draw):
    sums = make_series(make_sums, draw, special.expit([[-1.0], [-0.5], [-1.3], [-0.2]]))
    (one, p), (again, q), (other, _) = compare(sums), compare(sums), compare(sums, Plan(seed=1))
    assert (one.reach.tolist(), p.tolist()) == (again.reach.tolist(), q.tolist())
    assert one.reach != other.reach


@pytest.mark.parametrize(("periods", "reach"), [(4, 2.47), (24, 2.04)])
def test_few_periods_count_as_few(make_sums, periods, reach):
    # Of the ends' difference over the root of the steps' mean square, 5% by chance lie beyond.
    rng = np.random.default_rng(0)
    cells = np.repeat(np.arange(periods), 2)
    shares = rng.normal(0, 10, (periods, 40))[cells] + np.tile([[0.01], [-0.01]], (periods, 1))
    keys = [("a", f"{2000 + t}") for t in range(periods)]
    sums = make_sums(keys, cells, shares, np.ones(shares.shape))
    unrest, _ = compare(sums, Plan(resamples=2, permutations=1000))
    assert unrest.reach.mean() == pytest.approx(reach, abs=0.06)
