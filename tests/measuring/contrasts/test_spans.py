"""Tests of intervals of differences."""

import numpy as np
import pytest
from scipy import stats

from framing.measuring.contrasts.sides import Plan, Side, merge_summaries
from framing.measuring.contrasts.spans import Draws, add_freedoms, describe_difference, student_p


def make_side(shares, units=1.0, gradient=(0.0, 0.0)):
    shares = np.asarray(shares, dtype=float)[:, None]
    return Side(shares * units, np.full(shares.shape, units), np.array([gradient]))


def describe(a, b, *, plan=None, covariance=((0.0, 0.0), (0.0, 0.0)), sign=1):
    plan = plan or Plan(resamples=4000)
    rng = np.random.default_rng(0)
    drawn = [side.replicate(resamples=plan.resamples, rng=rng) for side in (a, b)]
    draws = Draws.prepare(np.array([covariance]), plan)
    return describe_difference(
        (a.summarise(), b.summarise()), (drawn[0], drawn[1]), draws, sign=sign
    )


def test_equal_units_give_welchs_interval():
    rng = np.random.default_rng(0)
    a, b = rng.normal(0.5, 0.1, 12), rng.normal(0.4, 0.1, 9)
    expected = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    span = describe(make_side(a), make_side(b), plan=Plan(resamples=20_000))
    assert span.difference == pytest.approx([a.mean() - b.mean()])
    assert (span.low[0], span.high[0]) == pytest.approx(expected, abs=0.006)


def test_the_sign_turns_all():
    a, b = make_side([0.1, 0.2, 0.3]), make_side([0.5, 0.6, 0.9])
    one, other = describe(a, b), describe(a, b, sign=-1)
    assert other.difference == pytest.approx(-one.difference)
    assert (other.low, other.high) == (pytest.approx(-one.high), pytest.approx(-one.low))


def test_calibration_widens_only_by_what_sides_do_not_share():
    still = [0.5] * 4
    covariance = np.diag([0.01, 0.0])
    same = describe(
        make_side(still, gradient=(0.2, 0.0)),
        make_side(still, gradient=(0.2, 0.0)),
        covariance=covariance,
    )
    assert (same.low[0], same.high[0]) == (0, 0)
    other = describe(make_side(still, gradient=(0.2, 0.0)), make_side(still), covariance=covariance)
    assert other.high[0] == pytest.approx(1.96 * 0.2 * 0.1, rel=0.06)
    assert other.low[0] == pytest.approx(-other.high[0], rel=0.1)


def test_one_article_has_no_interval_and_no_equivalence():
    span = describe(make_side([0.5]), make_side([0.4, 0.5]), plan=Plan(margin=0.5))
    assert span.difference == pytest.approx([0.05])
    assert np.isnan([span.low, span.high, span.p_equivalent]).all()


def test_many_cells_of_few_articles_lose_freedom():
    pairs = [make_side([0.1, 0.9]) for _ in range(5)]
    whole = merge_summaries([side.summarise() for side in pairs])
    one, rng = make_side([0.5] * 10), np.random.default_rng(0)
    drawn = [side.replicate(resamples=4000, rng=rng) for side in [*pairs, one]]
    together = tuple(np.sum(part, axis=0) for part in zip(*drawn[:5], strict=True))
    draws = Draws.prepare(np.zeros((1, 2, 2)), Plan(resamples=4000))
    span = describe_difference((whole, one.summarise()), (together, drawn[5]), draws)
    assert whole.freedom == [5]
    half = stats.t.ppf(0.975, 5) * 0.4 * np.sqrt(2) / np.sqrt(10)
    assert span.high == pytest.approx([half], rel=0.1)


def test_what_articles_do_not_show_widens_with_its_freedom():
    still, ones = np.full((60, 1), 0.5), np.ones((60, 1))
    few = Side(still, ones, np.zeros((1, 2)), np.array([0.03**2]), np.array([3.0]))
    span = describe(few, make_side([0.5] * 60), plan=Plan(resamples=20_000, margin=0.05))
    assert span.high[0] == pytest.approx(0.03 * stats.t.ppf(0.975, 3), rel=0.05)
    assert span.low[0] == pytest.approx(-span.high[0], rel=0.05)
    assert span.p_equivalent[0] > 0.1


def test_students_p_is_welchs():
    rng = np.random.default_rng(0)
    a, b = rng.normal(0.5, 0.1, 12), rng.normal(0.4, 0.2, 9)
    sides = [make_side(values).summarise() for values in (a, b)]
    expected = stats.ttest_ind(a, b, equal_var=False).pvalue
    assert student_p(*sides, np.zeros(1)) == pytest.approx([expected])
    assert student_p(*sides, np.ones(1))[0] > 0.8


def test_bounds_lie_within_what_is_possible():
    span = describe(make_side([0.0, 1.0]), make_side([0.0, 1.0]))
    assert (span.low[0], span.high[0]) == (-1, 1)


def test_equivalence_is_tested_if_there_is_a_margin():
    rng = np.random.default_rng(0)
    a, b = (make_side(rng.normal(0.5, 0.1, 80)) for _ in range(2))
    assert np.isnan(describe(a, b).p_equivalent).all()
    assert describe(a, b, plan=Plan(margin=0.1)).p_equivalent[0] < 0.01
    assert describe(a, b, plan=Plan(margin=0.001)).p_equivalent[0] > 0.3


def test_freedoms_add_up_by_their_variances():
    assert add_freedoms(np.array([1.0, 0.0]), np.array([4.0, 9.0])) == pytest.approx(4)
    assert add_freedoms(np.array([4.0, 1.0]), np.array([3.0, 6.0])) == pytest.approx(
        25 / (16 / 3 + 1 / 6)
    )
    assert add_freedoms(np.array([0.0, 0.0]), np.array([4.0, 9.0])) == 4
