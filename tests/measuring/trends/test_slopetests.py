"""Tests of trends."""

import dataclasses

import numpy as np
import pytest
from scipy import special

from framing.measuring.contrasts.sides import Plan
from framing.measuring.trends.slopetests import find_trends

QUICK = Plan(permutations=400, resamples=2)


def make_series(make_sums, draw, shares, *, n=8, labels=1, seed=0, source="a", **options):
    """One source with `n` articles in each year."""
    rng, shares = np.random.default_rng(seed), np.asarray(shares, dtype=float)
    cells = np.repeat(np.arange(len(shares)), n)
    sums, units = draw(rng, np.repeat(shares[cells][:, None], labels, axis=1))
    keys = [(source, f"{2010 + t}") for t in range(len(shares))]
    return make_sums(keys, cells, sums, units, **options)


def test_a_trend_is_found(make_sums, draw):
    shares = special.expit(-1 + 0.3 * np.arange(8))
    (trend,) = find_trends(make_series(make_sums, draw, shares, n=30), Plan())
    assert trend.low[0] < 0.3 < trend.high[0]
    assert 0.2 < trend.slope[0] < 0.4
    assert trend.p[0] < 0.002
    assert (trend.source, trend.first, trend.last) == ("a", "2010", "2017")
    assert (trend.n_periods.tolist(), trend.n_articles.tolist()) == ([8], [240])


def test_intervals_hold_the_true_slope(make_sums, draw):
    shares = special.expit(-1 + 0.2 * np.arange(6))
    (trend,) = find_trends(
        make_series(make_sums, draw, shares, n=12, labels=1000), Plan(permutations=2)
    )
    assert 0.93 < ((trend.low <= 0.2) & (trend.high >= 0.2)).mean() < 0.985


def test_few_orders_are_all_gone_through(make_sums):
    # Five rising periods: of 120 orders only this one and its mirror are as extreme.
    cells = np.repeat(np.arange(5), 4)
    sums = (cells + np.tile([0.9, 1.1, 1, 1], 5))[:, None]
    keys = [("a", f"{2010 + t}") for t in range(5)]
    (trend,) = find_trends(make_sums(keys, cells, sums, np.full((20, 1), 8.0)), Plan())
    assert trend.p == pytest.approx([2 / 120])


@pytest.mark.parametrize("periods", [3, 4])
def test_few_periods_are_not_tested(make_sums, draw, periods):
    (trend,) = find_trends(make_series(make_sums, draw, [0.1, 0.3, 0.5, 0.7][:periods]), QUICK)
    assert np.isnan(trend.p).all()
    assert trend.low[0] < trend.slope[0] < trend.high[0]


def test_two_periods_make_no_trend(make_sums, draw):
    assert find_trends(make_series(make_sums, draw, [0.3, 0.4]), QUICK) == []


@pytest.mark.parametrize("periods", [5, 12])
def test_what_moves_whole_periods_is_no_trend(make_sums, draw, periods):
    rng = np.random.default_rng(5)
    n_labels, cells = 600, np.repeat(np.arange(periods), 15)
    shares = special.expit(rng.normal(-0.5, 0.7, size=(periods, n_labels)))[cells]
    sums, units = draw(rng, shares)
    keys = [("a", f"{2010 + t}") for t in range(periods)]
    plan = Plan(permutations=400, resamples=400)
    (trend,) = find_trends(make_sums(keys, cells, sums, units), plan)
    accused = ((trend.low > 0) | (trend.high < 0)).mean()
    assert accused < 0.09  # by articles alone .4 are
    assert (trend.p <= 0.05).mean() == pytest.approx(0.05, abs=0.025)


def test_p_values_are_uniform_without_a_trend(make_sums, draw):
    sums = make_series(make_sums, draw, [0.3] * 7, labels=2000)
    (trend,) = find_trends(sums, QUICK)
    for share in (0.01, 0.05, 0.5):
        assert (trend.p <= share).mean() == pytest.approx(share, abs=4 * np.sqrt(share / 2000))


def test_the_error_of_calibration_is_no_trend(make_sums, draw):
    rng = np.random.default_rng(1)
    n_labels, cells = 400, np.repeat(np.arange(8), 20)
    error, pull = rng.normal(0, 0.5, n_labels), 0.03 * np.arange(8)
    sums, units = draw(rng, np.full((len(cells), n_labels), 0.4))
    read = sums + units * pull[cells][:, None] * error
    gradients = np.zeros((8, n_labels, 2))
    gradients[:, :, 0] = pull[:, None]
    covariances = np.tile(np.diag([0.25, 0.0]), (n_labels, 1, 1))
    keys = [("a", f"{2010 + t}") for t in range(8)]
    told, untold = (
        find_trends(make_sums(keys, cells, read, units, **options), QUICK)[0]
        for options in ({"gradients": gradients, "covariances": covariances}, {})
    )
    assert (untold.p <= 0.05).mean() > 0.15
    assert (told.p <= 0.05).mean() < 0.08
    assert ((told.low <= 0) & (told.high >= 0)).mean() == pytest.approx(0.95, abs=0.035)


def test_what_articles_do_not_show_widens_a_trend(make_sums, draw):
    sums = make_series(make_sums, draw, [0.2, 0.3, 0.4, 0.5, 0.5, 0.6], n=20)
    (plain,) = find_trends(sums, QUICK)
    hidden = np.full((6, 1), 0.2**2)
    (unsure,) = find_trends(dataclasses.replace(sums, extras=hidden), QUICK)
    (few,) = find_trends(
        dataclasses.replace(sums, extras=hidden, freedoms=np.full((6, 1), 2.0)), QUICK
    )
    widths = [trend.high[0] - trend.low[0] for trend in (plain, unsure, few)]
    assert widths[0] * 2 < widths[1] < 0.95 * widths[2]
    assert plain.slope == unsure.slope == few.slope


def test_labels_in_other_periods_are_permuted_by_themselves(make_sums, draw):
    usable = np.ones((7, 3), dtype=bool)
    usable[:2, 1] = False
    usable[:5, 2] = False
    shares = special.expit(-1 + 0.3 * np.arange(7))
    whole = make_series(make_sums, draw, shares, labels=3, usable=usable)
    (trend,) = find_trends(whole, QUICK)
    assert trend.n_periods.tolist() == [7, 5, 2]
    assert np.isnan([trend.slope[2], trend.p[2]]).all()
    held = whole.cells >= 2
    alone = dataclasses.replace(
        whole,
        keys=whole.keys[2:],
        cells=whole.cells[held] - 2,
        articles=whole.articles[held],
        sums=whole.sums[held],
        units=whole.units[held],
        gradients=whole.gradients[2:],
        usable=whole.usable[2:],
    )
    (cut,) = find_trends(alone, QUICK)
    assert trend.p[1] == pytest.approx(cut.p[1])
    assert trend.slope[1] == pytest.approx(cut.slope[1])


def test_a_label_that_nobody_carries_has_no_trend(make_sums):
    keys, cells = [("a", f"{2010 + t}") for t in range(6)], np.repeat(np.arange(6), 3)
    (trend,) = find_trends(make_sums(keys, cells, np.zeros((18, 1)), np.ones((18, 1))), QUICK)
    assert np.isnan([trend.slope, trend.p, trend.low]).all()


def test_one_article_a_period_is_enough(make_sums, draw):
    (trend,) = find_trends(make_series(make_sums, draw, [0.5] * 8, n=1), QUICK)
    assert np.isfinite([trend.slope, trend.low, trend.high, trend.p]).all()


def test_the_order_of_rows_changes_nothing(make_sums, draw):
    rng = np.random.default_rng(0)
    cells = np.repeat(np.arange(8), 6)
    sums, units = draw(rng, np.full((48, 2), 0.3))
    keys, order = [("a", f"{2010 + t}") for t in range(8)], rng.permutation(48)
    (one,) = find_trends(make_sums(keys, cells, sums, units), QUICK)
    (other,) = find_trends(make_sums(keys, cells[order], sums[order], units[order]), QUICK)
    for field in ("slope", "low", "high", "p"):
        assert getattr(one, field) == pytest.approx(getattr(other, field))


def test_pooled_series_are_of_no_source(make_sums, draw):
    sums = make_series(make_sums, draw, [0.3] * 5, source="")
    assert [trend.source for trend in find_trends(sums, QUICK, pooled=True)] == [None]


def test_orders_are_drawn_again_while_few_are_as_extreme(make_sums, draw):
    shares = special.expit(-2 + 0.4 * np.arange(12))
    (trend,) = find_trends(make_series(make_sums, draw, shares, n=20), QUICK)
    assert trend.p[0] == pytest.approx(1 / (1 + 21 * 400))
