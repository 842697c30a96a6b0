"""Tests of p-values of differences."""

import numpy as np
import pytest
from scipy import stats

from framing.measuring.contrasts.dealing import compare_groups, compare_pair
from framing.measuring.contrasts.sides import Plan, Side, merge_summaries
from framing.measuring.contrasts.spans import Draws


def make_side(sums, units, gradients=None):
    n_labels = sums.shape[1]
    return Side(sums, units, np.zeros((n_labels, 2)) if gradients is None else gradients)


def compare(a, b, plan=Plan(resamples=2, permutations=400), *, covariances=None):  # noqa: B008
    n_labels = a.sums.shape[1]
    covariances = np.zeros((n_labels, 2, 2)) if covariances is None else covariances
    return compare_pair(a, b, Draws.prepare(covariances, plan), ("any",))


def test_p_is_that_of_an_independent_permutation_test():
    rng = np.random.default_rng(4)
    a, b = rng.random(7), rng.random(8) + 0.25

    def size(x, y, axis):
        pooled = np.concatenate([a, b]).var(ddof=1)
        n, m = x.shape[axis], y.shape[axis]
        spread = (x.var(axis) * n + pooled) / n**2 + (y.var(axis) * m + pooled) / m**2
        return np.abs(x.mean(axis) - y.mean(axis)) / np.sqrt(spread)

    exact = stats.permutation_test(
        (a, b), size, vectorized=True, n_resamples=np.inf, alternative="greater"
    )
    sides = [make_side(x[:, None], np.ones((len(x), 1))) for x in (a, b)]
    found = compare(*sides, Plan(resamples=2, permutations=20_000))[0]
    assert exact.pvalue == pytest.approx(found, abs=4 * np.sqrt(exact.pvalue / 20_000))
    assert 0.005 < exact.pvalue < 0.2


def test_few_articles_have_a_smallest_p():
    low, high = np.array([[0.0], [0.1], [0.2]]), np.array([[3.8], [3.9], [4.0]])
    sides = [make_side(sums, np.full((3, 1), 4.0)) for sums in (low, high)]
    p = compare(*sides, Plan(permutations=2000))[0]
    assert p == pytest.approx(2 / 20, abs=0.025)  # 2 of the 20 ways to deal them


def test_no_p_is_below_one_arrangement():
    # Two articles far off, among 10: they are as far in 1 of 45 deals, however far they are.
    rng = np.random.default_rng(0)
    rest = make_side(rng.normal(0.5, 0.01, (8, 1)), np.ones((8, 1)))
    few = make_side(np.array([[0.9], [0.91]]), np.ones((2, 1)))
    assert compare(few, rest, Plan(permutations=2000))[0] == pytest.approx(1 / 45, abs=0.01)


def test_one_article_is_not_tested():
    rng = np.random.default_rng(0)
    rest = make_side(rng.normal(0.5, 0.01, (300, 2)), np.ones((300, 2)))
    lone = make_side(np.array([[0.9, 0.9], [0.0, 0.9]]), np.array([[1.0, 1.0], [0.0, 1.0]]))
    for p in (compare(lone, rest), compare(rest, lone)):
        assert np.isnan(p).tolist() == [True, False]


def test_what_articles_do_not_show_makes_p_larger():
    rng = np.random.default_rng(0)
    a, b = (rng.normal(level, 0.05, (40, 1)) for level in (0.5, 0.6))
    ones = np.ones((40, 1))
    unsure = Side(a, ones, np.zeros((1, 2)), np.array([0.1**2]), np.array([39.0]))
    assert compare(make_side(a, ones), make_side(b, ones))[0] < 0.01
    assert compare(unsure, make_side(b, ones))[0] == pytest.approx(0.3, abs=0.1)


def test_a_side_that_few_codings_correct_is_tested_with_their_freedom():
    still, ones = np.zeros((60, 1)), np.ones((60, 1))
    few = Side(still, ones, np.zeros((1, 2)), np.array([0.1**2]), np.array([3.0]))
    sure = make_side(still + 0.25, ones)
    assert compare(few, sure)[0] == pytest.approx(2 * stats.t.sf(2.5, 3), abs=1e-3)


@pytest.mark.parametrize("sizes", [(20, 20), (8, 60)], ids=["even", "uneven"])
def test_p_values_are_uniform_where_nothing_differs(draw, sizes):
    rng = np.random.default_rng(0)
    p = compare(*(make_side(*draw(rng, np.full((n, 2000), 0.3))) for n in sizes))
    for share in (0.01, 0.05, 0.5):
        assert (p <= share).mean() == pytest.approx(share, abs=4 * np.sqrt(share / 2000))


def test_small_p_values_are_as_rare_as_they_say(draw):
    rng, beyond, n_tests = np.random.default_rng(0), 0, 0
    for seed in range(6):
        sides = [make_side(*draw(rng, np.full((40, 1500), 0.3))) for _ in range(2)]
        p = compare(*sides, Plan(resamples=2, permutations=1000, seed=seed))
        beyond, n_tests = beyond + (p <= 5e-4).sum(), n_tests + len(p)
    assert beyond <= 11  # 4.5 of 9,000 are due, and more than 11 once in 400 such runs


def test_a_variance_that_differs_accuses_nobody(draw):
    rng = np.random.default_rng(0)
    parts = [draw(rng, np.full((n, 1000), 0.4), likeness=w) for n, w in ((80, 1.0), (25, 8.0))]
    assert (compare(*(make_side(*part) for part in parts)) <= 0.05).mean() < 0.07


def test_a_difference_has_a_p_small_enough_to_be_corrected(draw):
    rng = np.random.default_rng(0)
    sides = [make_side(*draw(rng, np.full((100, 1), share))) for share in (0.3, 0.6)]
    assert compare(*sides, Plan())[0] < 1e-5


def test_calibration_that_sides_do_not_share_makes_p_larger(draw):
    rng = np.random.default_rng(0)
    parts = [draw(rng, np.full((60, 1), share)) for share in (0.3, 0.5)]
    covariances = np.diag([1.0, 0.0])[None]
    gradients = np.array([[0.2, 0.0]])
    plain, shared, own = (
        compare(make_side(*parts[0], one), make_side(*parts[1], other), covariances=covariances)[0]
        for one, other in ((None, None), (gradients, gradients), (gradients, None))
    )
    assert plain == shared < 0.05
    assert own > 0.2


def test_groups_share_their_permutations(draw):
    rng = np.random.default_rng(0)
    sides = [make_side(*draw(rng, np.full((20, 2), share))) for share in (0.3, 0.3, 0.8)]
    summaries = [side.summarise() for side in sides]
    everyone = merge_summaries(summaries)
    p = compare_groups(
        sides,
        Draws.prepare(np.zeros((2, 2, 2)), Plan(permutations=400)),
        names=("any",),
        sides=[(own, everyone.merge(own, sign=-1)) for own in summaries],
        split=lambda sums: (sums, sums.sum(axis=-2, keepdims=True) - sums),
    )
    assert p.shape == (3, 2)
    assert (p[2] < 0.01).all()
