"""Tests of logistic slopes."""

import numpy as np
import pytest
from scipy import optimize, special

from framing.measuring.trends.slopes import fit_slopes

TIMES = np.array([2019.5, 2020.5, 2021.5, 2022.5])


def draw_series(seed=0, n=80, slope=0.4, labels=1):
    rng = np.random.default_rng(seed)
    periods = np.sort(rng.integers(0, 4, n))
    units = np.repeat(rng.integers(1, 9, (n, 1)), labels, axis=1).astype(float)
    share = special.expit(-0.5 + slope * (TIMES[periods] - 2021))[:, None]
    return (
        rng.binomial(units.astype(int), np.repeat(share, labels, axis=1)).astype(float),
        units,
        periods,
    )


def test_the_slope_is_the_likeliest():
    sums, units, periods = draw_series()

    def unlikely(beta):
        odds = beta[0] + beta[1] * (TIMES[periods] - 2021)
        return -(sums[:, 0] @ odds - units[:, 0] @ np.logaddexp(0, odds))

    expected = optimize.minimize(unlikely, [0.0, 0.0], tol=1e-10).x[1]
    assert fit_slopes(TIMES, sums, units, periods).slope == pytest.approx([expected], abs=1e-5)


def test_scikit_learn_finds_the_same():
    linear_model = pytest.importorskip("sklearn.linear_model")
    sums, units, periods = draw_series(3)
    x = np.tile(TIMES[periods] - 2021, 2)[:, None]
    y = np.repeat([1, 0], len(sums))
    model = linear_model.LogisticRegression(C=1e9, tol=1e-10).fit(
        x, y, sample_weight=np.concatenate([sums[:, 0], (units - sums)[:, 0]])
    )
    assert fit_slopes(TIMES, sums, units, periods).slope == pytest.approx(model.coef_[0], abs=1e-4)


def test_the_variance_is_that_of_the_slope_over_corpora():
    fits = [fit_slopes(TIMES, *draw_series(seed, labels=20)) for seed in range(30)]
    slopes = np.concatenate([fit.slope for fit in fits])
    variances = np.concatenate([fit.variance for fit in fits])
    assert slopes.mean() == pytest.approx(0.4, abs=0.03)
    assert slopes.var() == pytest.approx(variances.mean(), rel=0.15)


def test_units_of_one_article_are_no_evidence_each():
    sums, units, periods = draw_series()
    once = fit_slopes(TIMES, sums, units, periods)
    copied = fit_slopes(TIMES, 10 * sums, 10 * units, periods)
    assert copied.slope == pytest.approx(once.slope)
    assert copied.variance == pytest.approx(once.variance)


def test_the_pull_is_the_slopes_derivative():
    sums, units, periods = draw_series()
    fit = fit_slopes(TIMES, sums, units, periods)
    for t in range(4):
        moved = sums + 1e-5 * units * (periods == t)[:, None]
        slope = fit_slopes(TIMES, moved, units, periods).slope
        assert (slope - fit.slope) / 1e-5 == pytest.approx([fit.pull[0, t]], rel=1e-3)


def test_corrected_sums_may_leave_their_range():
    sums, units, periods = draw_series()
    sums[0], sums[-1] = -2.0, units[-1] + 2
    assert np.isfinite(fit_slopes(TIMES, sums, units, periods).slope).all()


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 1.1])
def test_a_share_beyond_reach_has_no_slope(share):
    _, units, periods = draw_series()
    fit = fit_slopes(TIMES, share * units, units, periods)
    assert np.isnan([fit.slope, fit.variance]).all()
    assert np.isnan(fit.pull).all()


def test_complete_separation_has_no_slope():
    periods = np.repeat([0, 1, 2, 3], 5)
    units = np.full((20, 1), 4.0)
    fit = fit_slopes(TIMES, units * (periods > 1)[:, None], units, periods)
    assert np.isnan(fit.slope).all()


def test_one_period_or_no_unit_has_no_slope():
    units = np.array([[4.0, 0.0]] * 5)
    fit = fit_slopes(TIMES, units / 2, units, np.zeros(5, dtype=int))
    assert np.isnan(fit.slope).all()


def test_the_slope_does_not_depend_on_where_time_begins():
    data = draw_series()
    assert fit_slopes(TIMES - 2000, *data).slope == pytest.approx(fit_slopes(TIMES, *data).slope)
