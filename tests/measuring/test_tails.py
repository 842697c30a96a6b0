"""Tests of p-values read off fitted tails."""

import numpy as np
import pytest
from scipy import stats

from framing.measuring.tails import FURTHEST, Tail


def extrapolate(tail, observed, permuted):
    wanted = np.ones(np.shape(observed), dtype=bool)
    return tail.extrapolate(np.asarray(observed), permuted, wanted)


@pytest.mark.parametrize(
    ("tail", "law"),
    [
        (Tail(1e6), stats.norm()),
        (Tail(10.0), stats.t(10)),
        (Tail(10.0), stats.t(10, scale=1.4)),
        (Tail(1e6, order=3), stats.chi(3)),
    ],
    ids=["normal", "student", "stretched", "largest of many"],
)
def test_a_known_tail_is_found_again(tail, law):
    n_tests, true = 200, 2e-5
    permuted = law.rvs((2000, n_tests), random_state=np.random.default_rng(0))
    sides = 1 if law.dist.name == "chi" else 2
    observed = np.full(n_tests, law.isf(true / sides))
    ratio = extrapolate(tail, observed, permuted) / true
    assert 0.8 < np.exp(np.log(ratio).mean()) < 3  # never lighter than theory: a little large
    assert np.quantile(ratio, 0.02) > 0.2


def test_the_p_of_a_real_statistic_is_that_of_a_million_permutations():
    rng = np.random.default_rng(3)
    values = rng.gamma(1.0, size=60)
    dealt = rng.permuted(np.tile(values, (200_000, 1)), axis=1)
    a, b = dealt[:, :30], dealt[:, 30:]
    size = np.abs(a.mean(1) - b.mean(1)) / np.sqrt(a.var(1) / 30 + b.var(1) / 30)
    observed = np.quantile(size, 1 - 1e-4)
    ratio = extrapolate(Tail(58.0), np.full(100, observed), size.reshape(2000, 100)) / 1e-4
    assert 0.5 < np.median(ratio) < 3


def test_heavier_than_theory_gives_larger_p():
    rng = np.random.default_rng(0)
    light, heavy = rng.standard_normal((2000, 1)), 2 * rng.standard_normal((2000, 1))
    assert extrapolate(Tail(1e6), [6.0], heavy) > 100 * extrapolate(Tail(1e6), [6.0], light)
    tight = extrapolate(Tail(1e6), [4.0], 0.5 * light)  # theory holds, whatever was drawn
    assert tight >= 0.05 * stats.norm.sf(4) / stats.norm.sf(np.quantile(0.5 * light, 0.95)) / 2


def test_no_tail_is_trusted_further_than_a_thousandth():
    permuted = np.random.default_rng(0).standard_normal((2000, 1))
    assert extrapolate(Tail(1e6), [50.0], permuted) == pytest.approx(FURTHEST / 2001)


@pytest.mark.parametrize(
    ("tail", "permutations"), [(Tail(0.0), 2000), (Tail(5.0), 500)], ids=["freedom", "few"]
)
def test_without_ground_none_is_fitted(tail, permutations):
    permuted = np.random.default_rng(0).standard_normal((permutations, 1))
    assert np.isnan(extrapolate(tail, [4.0], permuted)).all()


def test_infinite_statistics_have_no_tail():
    permuted = np.random.default_rng(0).standard_normal((2000, 2))
    permuted[:200, 1] = np.inf
    assert np.isnan(extrapolate(Tail(9.0), [np.inf, 4.0], permuted)).all()
    wanted = np.array([False, False])
    assert np.isnan(Tail(9.0).extrapolate(np.array([4.0, 4.0]), permuted, wanted)).all()
