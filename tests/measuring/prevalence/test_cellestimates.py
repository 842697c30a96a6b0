"""Tests of cells that are estimated part by part."""

import numpy as np
import pytest

from framing.measuring.prevalence.cellestimates import Estimator, find_powered
from framing.measuring.prevalence.pooling import pool_cells
from framing.measuring.prevalence.powered import power_predictions
from framing.measuring.prevalence.samples import Sampled
from framing.measuring.prevalence.tallies import tally_cells

NAN = float("nan")
PARTS = Sampled(np.array([False]), np.array([True]), ("",))
ESTIMATOR = Estimator(np.array([0.5]))


def pool(lay_units, *, coded=(40, 60), sizes=(100, 200), shift=(0.2, -0.2)):
    """Two sources that a model misreads in opposite ways; also gives the true share."""
    rng = np.random.default_rng(0)
    sources = np.repeat([0, 1], sizes)
    chances = rng.uniform(0.3, 0.7, len(sources))
    codes = (rng.random(len(sources)) < chances + np.take(shift, sources)).astype(float)
    places = np.concatenate([np.arange(size) for size in sizes])
    truth = np.where(places < np.take(coded, sources), codes, NAN)
    units = lay_units(chances, truth, articles=np.arange(len(sources)) // 2)
    fine = tally_cells(units, [("ab"[source], None) for source in sources])
    whole = pool_cells(fine, lambda _: ("", None))
    return whole.tally, whole.strata[0], codes.mean()


def estimate(tally, strata, sampled=PARTS, **options):
    return Estimator(np.array([0.5]), **options).estimate(
        tally, sampled, strata, find_powered(strata, sampled)
    )


def test_the_share_is_the_mean_of_the_strata_by_their_units(lay_units):
    tally, strata, truth = pool(lay_units)
    found = estimate(tally, strata)
    one, other = (power_predictions(part) for part in strata.tallies)
    assert found.found.values == pytest.approx((one.values + 2 * other.values) / 3)
    variance = (one.spread.variance + 4 * other.spread.variance) / 9
    assert found.found.spread.variance == pytest.approx(variance)
    assert found.found.n_units == pytest.approx(1 / (1 / 9 / 40 + 4 / 9 / 60))
    assert abs(found.found.values[0] - truth) < 2 * np.sqrt(variance[0])
    assert found.powered.all()
    assert (found.gradients == 0).all()
    sums = found.found.sums.sum(axis=0) / tally.units.sum(axis=0)
    assert sums == pytest.approx(found.found.values)


def test_strata_without_codings_keep_their_mean_and_what_calibration_hides(lay_units):
    tally, strata, _ = pool(lay_units, coded=(0, 60))
    found = estimate(tally, strata)
    plain = strata.tallies[0]
    own = plain.predicted.sum(axis=0) / plain.units.sum(axis=0)
    other = power_predictions(strata.tallies[1]).values
    assert found.found.values == pytest.approx((own + 2 * other) / 3)
    alone = ESTIMATOR.estimate_whole(plain, np.array([False]))
    assert found.gradients == pytest.approx(alone.gradients / 3)


def test_a_stratum_that_was_not_scored_counts_for_nothing(lay_units):
    units = lay_units([NAN] * 20 + [0.4] * 100, [NAN] * 20 + [1.0, 0.0] * 50)
    fine = tally_cells(units, [("a", None)] * 20 + [("b", None)] * 100)
    whole = pool_cells(fine, lambda _: ("", None))
    found = estimate(whole.tally, whole.strata[0])
    assert found.found.values == pytest.approx([0.5])
    assert np.isfinite(found.found.spread.variance).all()


def test_labels_that_are_no_sample_of_parts_keep_the_whole(lay_units):
    tally, strata, _ = pool(lay_units)
    for whole in (False, True):
        sampled = Sampled(np.array([whole]), np.array([False]), ("",))
        found = estimate(tally, strata, sampled)
        expected = ESTIMATOR.estimate_whole(tally, sampled.whole)
        assert found.found.values == pytest.approx(expected.found.values)
        assert found.powered.tolist() == [whole]


def test_a_census_part_by_part_has_no_chance_left_where_all_is_coded(lay_units):
    tally, strata, truth = pool(lay_units, coded=(100, 200))
    found = estimate(tally, strata, census=True)
    assert found.found.values == pytest.approx([truth])
    assert found.found.spread.variance == pytest.approx([0], abs=1e-9)
    assert found.sampling.variance[0] > 1e-5
