"""Tests of turns of whole profiles against what periods differ by."""

import numpy as np
import pytest
from scipy import special

from framing.measuring.contrasts.series import list_series
from framing.measuring.contrasts.sides import Plan
from framing.measuring.trends.profilescans import ProfileScan, correlate, measure_likeness
from framing.measuring.trends.profileturns import find_profile_turns

PLAN = Plan(permutations=200)


def make_sources(make_sums, draw, shares, *, n=8, seed=0):
    """Sources of `n` articles a year; shares are (sources, years, labels)."""
    n_sources, n_years, n_labels = np.shape(shares)
    cells = np.repeat(np.arange(n_sources * n_years), n)
    sums, units = draw(np.random.default_rng(seed), np.reshape(shares, (-1, n_labels))[cells])
    keys = [(f"s{s}", f"{2010 + t}") for s in range(n_sources) for t in range(n_years)]
    return make_sums(keys, cells, sums, units)


@pytest.mark.parametrize(("periods", "common"), [(4, 0.5), (8, 0.0), (8, 0.9)])
def test_years_with_events_are_no_turns(make_sums, draw, periods, common):
    rng = np.random.default_rng(1)
    own = rng.normal(0, 0.5 * np.sqrt(1 - common), (150, periods, 6))
    shared = rng.normal(0, 0.5 * np.sqrt(common), (150, periods, 1))
    shares = special.expit(-1 + own + shared)
    turns = find_profile_turns(make_sources(make_sums, draw, shares, n=15), PLAN)
    assert (np.array([turn.p for turn in turns]) <= 0.05).mean() < 0.12


def test_turns_beyond_events_are_found(make_sums, draw):
    rng = np.random.default_rng(1)
    odds = rng.normal(-0.8, 0.15, (30, 10, 6))
    odds[:, 5:, ::2] += 1
    odds[:, 5:, 1::2] -= 1
    turns = find_profile_turns(make_sources(make_sums, draw, special.expit(odds)), PLAN)
    assert (np.array([turn.p for turn in turns]) <= 0.05).mean() > 0.9


def prepare(sums, **options):
    (series,) = list_series(sums, pooled=False)
    n_labels = sums.sums.shape[1]
    splits = np.ones(len(series.names) - 1, dtype=bool)
    varying = options.get("varying", np.ones(n_labels, dtype=bool))
    likeness = measure_likeness([series])
    return ProfileScan.prepare(series, splits, sums.covariances, likeness, varying)


def test_too_few_periods_or_nothing_that_varies_is_not_scanned(make_sums, draw):
    three, four = (make_sources(make_sums, draw, np.full((1, t, 2), 0.3)) for t in (3, 4))
    assert prepare(three) is None
    assert prepare(four) is not None
    assert prepare(four, varying=np.zeros(2, dtype=bool)) is None
    assert prepare(four, varying=np.array([True, False])).roots.shape == (1, 1)


def test_labels_are_drawn_as_alike_as_they_are(make_sums, draw):
    sums = make_sources(make_sums, draw, np.full((1, 6, 1), 0.3), n=20)
    both = make_sums(sums.keys, sums.cells, np.hstack([sums.sums] * 2), np.hstack([sums.units] * 2))
    scan = prepare(both)
    rng = np.random.default_rng(0)
    drawn = np.concatenate(list(scan.scan.periods.draw(np.zeros(2), 50, rng, roots=scan.roots)))
    assert drawn[..., 0] == pytest.approx(drawn[..., 1], abs=1e-6)


def test_likeness_is_that_of_steps_and_of_articles_where_these_are_few(make_sums, draw):
    rng = np.random.default_rng(0)
    events = special.expit(-1 + 0.8 * rng.normal(size=(20, 12, 1))) * np.ones(2)
    many = list(list_series(make_sources(make_sums, draw, events, n=30), pooled=False))
    assert measure_likeness(many)[0, 1] > 0.7
    sums = make_sources(make_sums, draw, np.full((1, 2, 1), 0.3), n=40)
    both = [np.hstack([values, values]) for values in (sums.sums, sums.units)]
    few = list(list_series(make_sums(sums.keys, sums.cells, *both), pooled=False))
    assert measure_likeness(few)[0, 1] == pytest.approx(1.0)
    assert correlate(np.array([[1.0, 1.0], [1.0, -1.0]])).tolist() == [[1.0, 0.0], [0.0, 1.0]]
