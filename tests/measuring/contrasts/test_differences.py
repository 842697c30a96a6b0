"""Tests of differences between sources and periods."""

import dataclasses

import numpy as np
import pytest

from framing.measuring.contrasts.differences import contrast_periods, contrast_sources
from framing.measuring.contrasts.sides import Plan
from framing.measuring.prevalence.estimates import Calibration, estimate_cells
from framing.measuring.prevalence.powered import PREDICTION_POWERED
from framing.measuring.prevalence.tallies import tally_cells
from framing.schema import InputError

QUICK = Plan(resamples=200, permutations=400)


def make_sources(make_sums, draw, sizes, shares, *, seed=0, **options):
    """Sources of as many articles as `sizes`, with `shares` (sources, labels)."""
    rng = np.random.default_rng(seed)
    cells = np.repeat(np.arange(len(sizes)), sizes)
    sums, units = draw(rng, np.asarray(shares, dtype=float)[cells])
    keys = [(f"s{at}", None) for at in range(len(sizes))]
    return make_sums(keys, cells, sums, units, **options)


def name(contrasts):
    return [(c.a, c.b) for c in contrasts]


def test_up_to_four_sources_are_compared_in_pairs(make_sums, draw):
    sums = make_sources(make_sums, draw, [5] * 4, np.full((4, 1), 0.3))
    assert name(contrast_sources(sums, QUICK)) == [
        *(("s0", "s1"), ("s0", "s2"), ("s0", "s3")),
        *(("s1", "s2"), ("s1", "s3"), ("s2", "s3")),
    ]


def test_more_are_compared_with_all_others(make_sums, draw):
    sums = make_sources(make_sums, draw, [5, 6, 7, 8, 9], np.full((5, 1), 0.3))
    contrasts = contrast_sources(sums, QUICK)
    assert name(contrasts) == [(f"s{at}", None) for at in range(5)]
    first, others = contrasts[0], sums.cells > 0
    assert first.share_b == pytest.approx(sums.sums[others].sum(0) / sums.units[others].sum(0))
    assert first.difference == pytest.approx(first.share_a - first.share_b)
    assert (first.n_articles_a.tolist(), first.n_articles_b.tolist()) == ([5], [30])
    assert first.source is None


def test_each_can_be_compared_with_one(make_sums, draw):
    sums = make_sources(make_sums, draw, [5] * 6, np.full((6, 1), 0.3))
    assert name(contrast_sources(sums, QUICK, against="s2")) == [
        (f"s{at}", "s2") for at in (0, 1, 3, 4, 5)
    ]
    with pytest.raises(InputError, match="no source 's9' to compare with; use one of s0, s1"):
        contrast_sources(sums, QUICK, against="s9")


def test_one_source_is_compared_with_none(make_sums, draw):
    assert contrast_sources(make_sources(make_sums, draw, [5], [[0.3]]), QUICK) == []


def test_where_nothing_varies_nothing_differs(make_sums):
    sums = make_sums([("a", None), ("b", None)], [0, 0, 1, 1], np.ones((4, 1)), np.full((4, 1), 4))
    (found,) = contrast_sources(sums, QUICK)
    assert (found.p[0], found.difference[0], found.low[0], found.high[0]) == (1, 0, 0, 0)


def test_cells_that_can_not_be_given_are_not_compared(make_sums, draw):
    usable = np.ones((5, 2), dtype=bool)
    usable[1, 0] = False
    sums = make_sources(make_sums, draw, [9] * 5, np.full((5, 2), 0.3), usable=usable)
    contrasts = contrast_sources(sums, QUICK)
    assert np.isnan([contrasts[1].p[0], contrasts[1].difference[0], contrasts[1].low[0]]).all()
    assert not np.isnan([contrasts[1].p[1], contrasts[0].p[0], contrasts[0].low[0]]).any()
    assert contrasts[0].n_articles_b.tolist() == [27, 36]
    without = sums.cells > 1
    expected = sums.sums[without, 0].sum() / sums.units[without, 0].sum()
    assert contrasts[0].share_b[0] == pytest.approx(expected)


def test_the_order_of_rows_and_other_sources_change_nothing(make_sums, draw):
    rng = np.random.default_rng(0)
    cells = np.repeat([0, 1, 2], 20)
    sums, units = draw(rng, np.full((60, 2), 0.3))
    keys, order = [("a", None), ("b", None), ("c", None)], rng.permutation(60)
    plan = dataclasses.replace(QUICK, margin=0.1)
    one = contrast_sources(make_sums(keys, cells, sums, units), plan)
    other = contrast_sources(make_sums(keys, cells[order], sums[order], units[order]), plan)
    pair = contrast_sources(make_sums(keys[:2], cells[:40], sums[:40], units[:40]), plan)
    for contrast, again in (*zip(one, other, strict=True), (one[0], pair[0])):
        for field in ("difference", "low", "high", "p", "p_equivalent"):
            assert getattr(contrast, field) == pytest.approx(getattr(again, field))


def test_seeds_change_what_is_drawn(make_sums, draw):
    sums = make_sources(make_sums, draw, [20, 20], [[0.3], [0.35]])
    (one,), (again,), (other,) = (
        contrast_sources(sums, dataclasses.replace(QUICK, seed=seed)) for seed in (1, 1, 2)
    )
    assert (one.p, one.low) == (again.p, again.low)
    assert (one.p, one.low) != (other.p, other.low)


def test_a_real_difference_is_found_and_its_p_is_small_enough_to_be_corrected(make_sums, draw):
    shares = np.full((6, 3), 0.3)
    shares[2, 1] = 0.6
    sums = make_sources(make_sums, draw, [100] * 6, shares)
    contrasts = contrast_sources(sums, Plan())
    assert contrasts[2].p[1] < 1e-5
    assert 0.15 < contrasts[2].low[1] < 0.3 < contrasts[2].high[1] < 0.45
    assert min(contrasts[2].p[0], contrasts[2].p[2]) > 0.001


def test_the_error_of_calibration_is_no_difference(make_sums, draw):
    # Two sources of one true share that a miscalibrated model reads apart: gradients differ.
    rng = np.random.default_rng(1)
    covariances, error = np.tile(np.diag([0.25, 0.0]), (400, 1, 1)), rng.normal(0, 0.5, 400)
    gradients = np.zeros((2, 400, 2))
    gradients[0, :, 0] = 0.2
    cells = np.repeat([0, 1], 60)
    sums, units = draw(rng, np.full((120, 400), 0.4))
    read = sums + (cells == 0)[:, None] * units * 0.2 * error
    keys, plan = [("a", None), ("b", None)], Plan(resamples=300, permutations=400)
    told = contrast_sources(
        make_sums(keys, cells, read, units, gradients=gradients, covariances=covariances), plan
    )[0]
    untold = contrast_sources(make_sums(keys, cells, read, units), plan)[0]
    assert (untold.p <= 0.05).mean() > 0.2
    assert (told.p <= 0.05).mean() == pytest.approx(0.05, abs=0.035)
    covered = (told.low <= 0) & (told.high >= 0)
    assert covered.mean() == pytest.approx(0.95, abs=0.035)


@pytest.mark.parametrize(
    ("sizes", "least"), [((40, 40), 0.935), ((10, 30), 0.93), ((5, 5), 0.95), ((10, 100), 0.915)]
)
def test_intervals_hold_the_true_difference(lay_units, sizes, least):
    # Ten articles against a hundred hold it less often: the few finds of the ten are too alike.
    rng, n = np.random.default_rng(0), sum(sizes)
    articles = np.repeat(np.arange(n), rng.integers(1, 8, n))
    mean = np.repeat([[0.35], [0.2]], sizes, axis=0) * np.ones((1, 1000))
    own = rng.beta(2 * mean, 2 * (1 - mean))[articles]
    units = lay_units(1.0 * (rng.random(own.shape) < own), articles=articles)
    keys = [("a" if article < sizes[0] else "b", None) for article in articles]
    trust = Calibration(np.zeros((1000, 2, 2)), np.full(1000, np.inf))
    shares = estimate_cells(tally_cells(units, keys), trust)
    (found,) = contrast_sources(shares.corrected, Plan(resamples=400, permutations=2))
    covered = (found.low <= 0.15) & (found.high >= 0.15)
    assert least < covered.mean() < 0.985


def code_two_sources(lay_units, n_coded, *, n=400):
    """As many labels as runs: 40 articles a source, a share of .2, a model that is off."""
    rng, articles = np.random.default_rng(0), np.repeat(np.arange(80), 5)
    own = rng.beta(1, 4, (80, n))[articles]
    chances = np.clip(0.6 * own + 0.08 + rng.normal(0, 0.05, own.shape), 0.01, 0.99)
    coded = (articles % 40 < n_coded)[:, None]
    truth = np.where(coded, rng.random(own.shape) < own, np.nan)
    units = lay_units(chances, truth, articles=articles)
    keys = [("a" if article < 40 else "b", None) for article in articles]
    trust = Calibration(np.zeros((n, 2, 2)), np.full(n, np.inf))
    shares = estimate_cells(tally_cells(units, keys), trust)
    held = (shares.by_unit.methods == PREDICTION_POWERED).all(axis=0)
    (found,) = contrast_sources(shares.corrected, Plan(resamples=400, permutations=400))
    return found, held


@pytest.mark.parametrize("n_coded", [4, 6, 10])
def test_few_coded_articles_accuse_no_source(lay_units, n_coded):
    found, held = code_two_sources(lay_units, n_coded)
    covered = (found.low <= 0) & (found.high >= 0)
    assert held.mean() > 0.9
    assert 0.93 <= covered[held].mean() <= 0.985
    assert (found.p[held] <= 0.05).mean() <= 0.065


def make_periods(make_sums, draw, sizes, *, seed=0):
    """Articles of sources (rows of sizes) in periods (columns)."""
    rng, sizes = np.random.default_rng(seed), np.asarray(sizes)
    places = [(s, t) for s in range(sizes.shape[0]) for t in range(sizes.shape[1]) if sizes[s, t]]
    cells = np.repeat(np.arange(len(places)), [sizes[place] for place in places])
    sums, units = draw(rng, np.full((len(cells), 1), 0.3))
    return make_sums([(f"s{s}", f"{2015 + t}") for s, t in places], cells, sums, units)


def test_the_last_period_is_compared_with_the_first(make_sums, draw):
    sums = make_periods(make_sums, draw, [[9, 9, 9], [9, 9, 9]])
    contrasts = contrast_periods(sums, QUICK)
    assert [(c.comparison, c.source, c.a, c.b) for c in contrasts] == [
        ("period", "s0", "2015", "2017"),
        ("period", "s1", "2015", "2017"),
    ]
    shares = sums.shares()
    assert contrasts[0].difference == pytest.approx(shares[2] - shares[0])
    assert contrasts[0].low < contrasts[0].difference < contrasts[0].high


def test_periods_of_one_article_are_passed_over(make_sums, draw):
    sums = make_periods(make_sums, draw, [[1, 2, 9, 9], [0, 0, 9, 1], [1, 1, 1, 1]])
    (found,) = contrast_periods(sums, QUICK)
    assert (found.source, found.a, found.b) == ("s0", "2016", "2018")


def test_only_the_ends_are_compared(make_sums, draw):
    sums = make_periods(make_sums, draw, [[9, 9, 9], [9, 9, 0]])
    contrasts = contrast_periods(sums, QUICK)
    assert [(c.source, c.a, c.b) for c in contrasts] == [
        ("s0", "2015", "2017"),
        ("s1", "2015", "2016"),
    ]


def test_pooled_periods_are_of_no_source(make_sums, draw):
    (found,) = contrast_periods(make_periods(make_sums, draw, [[9, 9]]), QUICK, pooled=True)
    assert found.source is None


def test_time_uncut_has_no_periods(make_sums, draw):
    sums = make_sources(make_sums, draw, [5, 5], [[0.3], [0.3]])
    assert contrast_periods(sums, QUICK) == []
