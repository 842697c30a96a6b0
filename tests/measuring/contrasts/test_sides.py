"""Tests of the sides of a comparison."""

import dataclasses

import numpy as np
import pytest

from framing.measuring.contrasts.sides import Plan, Side, draw_errors, merge_summaries, split_sides
from framing.schema import InputError

KEYS = [("a", None), ("b", None)]


def test_cells_become_sides(make_sums):
    sums = make_sums(KEYS, [1, 0, 0], [[1.0], [2.0], [0.0]], [[2.0], [2.0], [2.0]])
    a, b = (side.summarise() for side in split_sides(sums))
    assert a.shares == pytest.approx([0.5])
    assert b.shares == pytest.approx([0.5])
    assert (a.n_articles.tolist(), b.n_articles.tolist()) == ([2], [1])
    assert (a.freedom.tolist(), b.freedom.tolist()) == ([1], [0])


def test_articles_stand_in_an_order_of_their_own(make_sums):
    rng = np.random.default_rng(0)
    values, units = rng.integers(0, 4, (40, 2)) / 4, rng.integers(1, 3, (40, 2))
    cells = rng.integers(0, 2, 40)
    order = rng.permutation(40)
    one = split_sides(make_sums(KEYS, cells, values, units))
    other = split_sides(make_sums(KEYS, cells[order], values[order], units[order]))
    for side, again in zip(one, other, strict=True):
        assert (side.sums == again.sums).all()
        assert (side.units == again.units).all()


def test_what_can_not_be_given_is_left_out(make_sums):
    usable = [[True, False], [True, True]]
    sums = make_sums(
        KEYS,
        [0, 1],
        np.ones((2, 2)),
        np.full((2, 2), 2.0),
        gradients=np.ones((2, 2, 2)),
        usable=usable,
    )
    a, b = (side.summarise() for side in split_sides(sums))
    assert a.shares == pytest.approx([0.5, np.nan], nan_ok=True)
    assert a.gradients.tolist() == [[1, 1], [0, 0]]
    both = merge_summaries([a, b])
    assert both.shares == pytest.approx([0.5, 0.5])
    assert (both.n_articles.tolist(), both.n_cells.tolist()) == ([2, 1], [2, 1])
    assert both.gradients.tolist() == [[1, 1], [1, 1]]


def test_merged_sides_move_as_their_units_weigh():
    one = Side(np.ones((1, 1)), np.full((1, 1), 3.0), np.array([[0.4, 0.0]])).summarise()
    other = Side(np.ones((1, 1)), np.full((1, 1), 1.0), np.array([[0.0, 0.8]])).summarise()
    both = one.merge(other)
    assert both.gradients == pytest.approx(np.array([[0.3, 0.2]]))
    assert both.freedom.tolist() == [0]
    again = both.merge(other, sign=-1)
    assert again.gradients == pytest.approx(one.gradients)
    assert again.shares == pytest.approx(one.shares)


def test_a_side_knows_what_its_articles_do_not_show(make_sums):
    sums = make_sums(KEYS, [0, 0, 1, 1], [[0.0], [2.0], [1.0], [1.0]], np.full((4, 1), 2.0))
    sums = dataclasses.replace(sums, extras=np.array([[0.5], [0.1]]), freedoms=np.array([[1], [1]]))
    a, b = (side.summarise() for side in split_sides(sums))
    assert (a.extra, a.variance) == (pytest.approx([0.5]), pytest.approx([0.75]))
    both = a.merge(b)  # each of half the units
    assert (both.extra, both.variance) == (pytest.approx([0.6 / 4]), pytest.approx([0.85 / 4]))
    assert both.freedom == pytest.approx([0.85**2 / (0.75**2 + 0.1**2)])
    assert both.merge(b, sign=-1).freedom == pytest.approx(a.freedom)


def test_few_coded_articles_give_less_freedom():
    ones = np.ones((60, 1))
    side = Side(ones, ones, np.zeros((1, 2)), np.array([0.1]), np.array([3.0])).summarise()
    assert (side.freedom, side.lacking, side.spare) == (pytest.approx([3]), [56], [59])


def test_replicates_vary_as_the_share_does():
    rng = np.random.default_rng(0)
    units = rng.integers(1, 9, (50, 1)).astype(float)
    side = Side(units * rng.random((50, 1)), units, np.zeros((1, 2)))
    sums, whole = side.replicate(resamples=4000, rng=rng)
    influence = (side.sums - side.summarise().shares * units) / units.sum()
    assert (sums / whole).std() == pytest.approx(np.sqrt((influence**2).sum()), rel=0.05)
    assert (sums / whole).mean() == pytest.approx(side.summarise().shares[0], abs=0.005)


def test_errors_are_drawn_with_their_covariance():
    covariances = np.array([[[0.5, 0.2], [0.2, 0.1]], [[0.0, 0.0], [0.0, 0.0]]])
    errors = draw_errors(covariances, 20_000, np.random.default_rng(0))
    assert np.cov(errors[:, 0].T) == pytest.approx(covariances[0], abs=0.02)
    assert not errors[:, 1].any()


def test_a_plan_draws_for_each_purpose_by_itself():
    plan = Plan(resamples=5)
    assert plan.rng("a").random() == plan.rng("a").random() != plan.rng("b").random()
    assert Plan(seed=1).rng("a").random() != plan.rng("a").random()
    covariances = np.eye(2)[None]
    assert (plan.draw_calibration(covariances) == plan.draw_calibration(covariances)).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"level": 95}, "level is 95"),
        ({"alpha": 0}, "alpha is 0; give a share such as 0.05"),
        ({"margin": 0}, "margin is 0; give a share above 0"),
        ({"margin": 5}, "margin is 5"),
        ({"seed": -1}, "seed is -1; give 0 or more"),
        ({"resamples": 0}, "0 resamples asked for; ask for 1 or more"),
        ({"permutations": -1}, "-1 permutations asked for"),
    ],
)
def test_a_plan_that_can_not_be_done_is_refused(options, message):
    with pytest.raises(InputError, match=message):
        Plan(**options)
