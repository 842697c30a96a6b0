"""Tests of turns against what periods differ by."""

import dataclasses

import numpy as np
import pytest
from scipy import special

from framing.measuring.contrasts.series import list_series
from framing.measuring.trends.periodscans import scan_periods
from framing.measuring.trends.scans import find_splits


def scan(sums, *, permutations=400):
    (series,) = list_series(sums, pooled=False)
    splits, rng = find_splits(series.count()), np.random.default_rng(0)
    return scan_periods(series, splits, sums.covariances, permutations=permutations, rng=rng)


def make_series(make_sums, draw, shares, *, n=12, seed=0, **options):
    cells = np.repeat(np.arange(len(shares)), n)
    sums, units = draw(np.random.default_rng(seed), shares[cells])
    keys = [("a", f"{2000 + t}") for t in range(len(shares))]
    return make_sums(keys, cells, sums, units, **options)


@pytest.mark.parametrize(
    ("periods", "effect", "most"), [(5, 0.6, 0.12), (10, 0, 0.06), (12, 0.6, 0.1), (24, 0.6, 0.08)]
)
def test_periods_that_differ_are_no_turns(make_sums, draw, periods, effect, most):
    rng = np.random.default_rng(1)
    shares = special.expit(-1 + rng.normal(0, 1, (periods, 1000)) * effect)
    p = scan(make_series(make_sums, draw, shares))
    assert 0.03 < (p <= 0.05).mean() < most
    assert (p <= 0.5).mean() == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("effect", [0, 0.3])
def test_a_turn_beyond_what_periods_differ_by_is_found(make_sums, draw, effect):
    rng = np.random.default_rng(1)
    level = np.repeat([-1.1, 0.1], 12)[:, None]
    shares = special.expit(level + rng.normal(0, 1, (24, 300)) * effect)
    assert (scan(make_series(make_sums, draw, shares)) <= 0.01).mean() > 0.85


def test_two_turns_do_not_hide_each_other(make_sums, draw):
    shares = np.repeat([[0.2], [0.6], [0.2]], [6, 6, 9], axis=0)
    assert scan(make_series(make_sums, draw, np.tile(shares, 20), n=20)).max() < 0.05


def test_the_error_of_calibration_is_no_turn(make_sums, draw):
    rng = np.random.default_rng(1)
    n_labels, pull = 400, 0.25 * (np.arange(12) > 5)
    sums = make_series(make_sums, draw, np.full((12, n_labels), 0.4), n=15)
    error = rng.normal(0, 0.5, n_labels)
    read = sums.sums + sums.units * pull[sums.cells][:, None] * error
    gradients = np.zeros((12, n_labels, 2))
    gradients[:, :, 0] = pull[:, None]
    untold = dataclasses.replace(sums, sums=read)
    covariances = np.tile(np.diag([0.25, 0.0]), (n_labels, 1, 1))
    told = dataclasses.replace(untold, gradients=gradients, covariances=covariances)
    assert (scan(untold) <= 0.05).mean() > 0.2
    assert (scan(told) <= 0.05).mean() < 0.08


def test_what_articles_do_not_show_counts_as_sampling(make_sums, draw):
    level = np.repeat([[0.2], [0.6]], 6, axis=0)
    sums = make_series(make_sums, draw, level, n=25)
    unsure = dataclasses.replace(sums, extras=np.full((12, 1), 0.5**2))
    assert scan(sums)[0] < 0.01
    assert scan(unsure)[0] > 0.1


def test_where_nothing_varies_there_is_no_turn(make_sums):
    cells = np.repeat(np.arange(8), 6)
    keys = [("a", f"{2000 + t}") for t in range(8)]
    assert scan(make_sums(keys, cells, np.ones((48, 1)), np.full((48, 1), 4.0)))[0] > 0.3
