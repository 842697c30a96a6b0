"""Tests of the search for a turn and its null."""

import dataclasses

import numpy as np
import pytest

from framing.measuring.contrasts.series import list_series
from framing.measuring.contrasts.sides import Plan
from framing.measuring.contrasts.spans import Draws
from framing.measuring.trends import scans
from framing.measuring.trends.scans import find_splits, scan_splits


def scan(sums, plan):
    (series,) = list_series(sums, pooled=False)
    draws = Draws.prepare(sums.covariances, plan)
    labels = np.arange(sums.sums.shape[1])
    return scan_splits(series, find_splits(series.count()), draws, labels)


def make_series(make_sums, draw, shares, *, n=8, seed=0, **options):
    shares = np.asarray(shares, dtype=float)
    cells = np.repeat(np.arange(len(shares)), n)
    sums, units = draw(np.random.default_rng(seed), shares[cells])
    return make_sums(
        [("a", f"{2010 + t}") for t in range(len(shares))], cells, sums, units, **options
    )


def test_splits_leave_enough_on_both_sides():
    counts = np.array([[9, 9, 4, 9], [9, 0, 5, 9], [9, 9, 5, 9], [9, 9, 5, 9], [9, 9, 5, 999]])
    assert find_splits(counts.astype(float)).tolist() == [
        [False, False, False, False],
        [True, False, False, False],
        [True, True, True, False],
        [False, False, False, False],
    ]


def test_p_values_are_uniform_without_a_turn(make_sums, draw):
    sums = make_series(make_sums, draw, np.full((8, 1500), 0.3), n=6)
    p = scan(sums, Plan(permutations=300, resamples=2))
    for share in (0.02, 0.05, 0.5):
        assert (p <= share).mean() == pytest.approx(share, abs=4 * np.sqrt(share / 1500))


def test_small_p_values_are_as_rare_as_they_say(make_sums, draw):
    beyond = 0
    for seed in range(4):
        sums = make_series(make_sums, draw, np.full((8, 1500), 0.3), n=8, seed=seed)
        beyond += (scan(sums, Plan(permutations=1000, resamples=2, seed=seed)) <= 1e-3).sum()
    assert beyond <= 14  # 6 of 6,000 are due, and more than 14 once in 800 such runs


def test_a_turn_is_found_with_a_p_that_can_be_corrected(make_sums, draw):
    shares = np.repeat([[0.2, 0.3], [0.6, 0.3]], 8, axis=0)
    p = scan(make_series(make_sums, draw, shares, n=25), Plan(resamples=2))
    assert p[0] < 1e-4
    assert p[1] > 0.05


def test_the_error_of_calibration_is_no_turn(make_sums, draw):
    rng = np.random.default_rng(1)
    n_labels, cells = 300, np.repeat(np.arange(8), 15)
    error, pull = rng.normal(0, 0.5, n_labels), 0.25 * (np.arange(8) > 3)
    sums, units = draw(rng, np.full((len(cells), n_labels), 0.4))
    read = sums + units * pull[cells][:, None] * error
    gradients = np.zeros((8, n_labels, 2))
    gradients[:, :, 0] = pull[:, None]
    covariances = np.tile(np.diag([0.25, 0.0]), (n_labels, 1, 1))
    keys, plan = [("a", f"{2010 + t}") for t in range(8)], Plan(permutations=300, resamples=2)
    told = scan(
        make_sums(keys, cells, read, units, gradients=gradients, covariances=covariances), plan
    )
    untold = scan(make_sums(keys, cells, read, units), plan)
    assert (untold <= 0.05).mean() > 0.12
    assert (told <= 0.05).mean() < 0.09


def test_what_articles_do_not_show_is_no_turn(make_sums, draw, monkeypatch):
    rng = np.random.default_rng(1)
    n_labels, cells = 400, np.repeat(np.arange(7), 15)
    sums, units = draw(rng, np.full((len(cells), n_labels), 0.4))
    drawn = 0.08 * rng.standard_t(4, (7, n_labels))
    read = sums + units * drawn[cells]
    keys, plan = [("a", f"{2010 + t}") for t in range(7)], Plan(permutations=300, resamples=2)
    untold = make_sums(keys, cells, read, units)
    told = dataclasses.replace(
        untold, extras=np.full((7, n_labels), 0.08**2), freedoms=np.full((7, n_labels), 4.0)
    )
    monkeypatch.setattr(scans, "scan_periods", lambda *_, **__: 0.0)  # would see it as events
    assert (scan(untold, plan) <= 0.05).mean() > 0.15
    assert (scan(told, plan) <= 0.05).mean() < 0.08


def test_a_first_look_settles_what_is_in_no_doubt(make_sums, draw, monkeypatch):
    sums = make_series(make_sums, draw, np.repeat([[0.2, 0.3], [0.6, 0.3]], 4, axis=0), n=15)
    asked = []
    permute = scans._Scan.permute

    def count(self, permutations, rng):
        asked.append((permutations, self.series.sums.shape[1]))
        return permute(self, permutations, rng)

    monkeypatch.setattr(scans._Scan, "permute", count)
    scan(sums, Plan(permutations=400, resamples=2))
    assert asked == [(100, 2), (300, 1)]
