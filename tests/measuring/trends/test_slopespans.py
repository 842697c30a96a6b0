"""Tests of intervals of slopes where whole periods move."""

import dataclasses

import numpy as np
import pytest
from scipy import special

from framing.measuring.contrasts.sides import Plan
from framing.measuring.trends.slopetests import find_trends

PLAN = Plan(resamples=400, permutations=20)


def find(make_sums, draw, odds, *, n=20, **options):
    cells = np.repeat(np.arange(len(odds)), n)
    sums, units = draw(np.random.default_rng(1), special.expit(odds)[cells])
    keys = [("a", f"{2000 + t}") for t in range(len(odds))]
    sums = dataclasses.replace(make_sums(keys, cells, sums, units), **options)
    (trend,) = find_trends(sums, PLAN)
    return trend


@pytest.mark.parametrize("periods", [4, 6, 12])
@pytest.mark.parametrize("effect", [0.0, 0.5])
@pytest.mark.parametrize("slope", [0.0, 0.15])
def test_intervals_hold_the_slope(make_sums, draw, periods, effect, slope):
    rng = np.random.default_rng(periods)
    odds = -1 + slope * np.arange(periods)[:, None] + effect * rng.normal(0, 1, (periods, 400))
    trend = find(make_sums, draw, odds)
    held = ((trend.low <= slope) & (trend.high >= slope)).mean()
    assert (0.87 if periods == 4 else 0.9) < held < 0.99


def test_a_trend_does_not_widen_its_own_interval(make_sums, draw):
    flat, steep = (
        find(make_sums, draw, -1.2 + slope * np.arange(7)[:, None] * np.ones(200), n=60)
        for slope in (0.0, 0.4)
    )
    widths = [(trend.high - trend.low).mean() for trend in (flat, steep)]
    assert widths[1] < 1.3 * widths[0]  # logits of shares near 0 and 1 are less sure


def test_three_periods_know_articles_alone(make_sums, draw):
    apart = find(make_sums, draw, np.array([[-2.0], [1.0], [-2.0]]))
    more = find(make_sums, draw, np.array([[-2.0], [1.0], [-2.0], [1.0]]))
    assert apart.high[0] - apart.low[0] < 1.5
    assert more.high[0] - more.low[0] > 2


def test_a_label_that_lacks_periods_is_no_hindrance(make_sums, draw):
    usable = np.ones((8, 2), dtype=bool)
    usable[2:7, 1] = False
    trend = find(make_sums, draw, np.full((8, 2), -0.5), usable=usable)
    assert (trend.n_periods.tolist(), np.isnan(trend.low).any()) == ([8, 3], False)
