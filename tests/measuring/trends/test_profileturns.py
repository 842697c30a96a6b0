"""Tests of turns of whole profiles."""

import dataclasses
from itertools import permutations

import numpy as np
import pytest

from framing.measuring.contrasts.sides import Plan
from framing.measuring.trends.profileturns import (
    MOST_FACTOR,
    center,
    compare_profiles,
    find_profile_turns,
    measure_scales,
)

PLAN = Plan(permutations=1000)


def make_sources(make_sums, draw, shares, *, n=3, seed=0):
    """Sources of `n` articles a year; shares are (sources, years, labels)."""
    shares = np.asarray(shares, dtype=float)
    n_sources, n_years, n_labels = shares.shape
    cells = np.repeat(np.arange(n_sources * n_years), n)
    sums, units = draw(np.random.default_rng(seed), shares.reshape(-1, n_labels)[cells])
    keys = [(f"s{s}", f"{2010 + t}") for s in range(n_sources) for t in range(n_years)]
    return make_sums(keys, cells, sums, units)


def turning(n_labels=8, size=0.25):
    """Two sources of ten years; from 2016 on labels of the first rise and fall by turns."""
    shares = np.full((2, 10, n_labels), 0.3)
    shares[0, 6:, ::2] += size
    shares[0, 6:, 1::2] -= size
    return shares


def test_a_profile_that_turns_is_found_where_it_does(make_sums, draw):
    turn, other = find_profile_turns(make_sources(make_sums, draw, turning(), n=6), PLAN)
    assert (turn.source, turn.period) == ("s0", "2016")
    assert turn.p == pytest.approx(1 / 1001)
    assert turn.distance > 4
    assert (turn.n_articles_before, turn.n_articles_after) == (36, 24)
    assert other.p > 0.05


def test_changes_too_small_for_single_labels_add_up(make_sums, draw):
    from framing.measuring.trends.turns import find_turns

    sums = make_sources(make_sums, draw, turning(40, 0.13), seed=1)
    single = [turn.p for turn in find_turns(sums, PLAN) if turn.source == "s0"]
    assert find_profile_turns(sums, PLAN)[0].p < 0.03
    assert min(single) * len(single) > 0.05


def test_distances_are_those_of_the_formula(make_sums):
    sums = make_sums(
        [("a", "2010"), ("a", "2011")],
        [0, 0, 1, 1],
        [[1, 0], [0, 1], [3, 1], [4, 0]],
        [[4, 4], [2, 2], [6, 6], [4, 4]],
    )
    (turn,) = find_profile_turns(sums, PLAN)
    shares, gap = np.array([8 / 16, 2 / 16]), np.array([7 / 10 - 1 / 6, 1 / 10 - 1 / 6])
    rests = np.array(sums.sums) - shares * np.array(sums.units)
    scales = 4 / 3 * (rests**2).sum(axis=0) / 16
    assert turn.distance == pytest.approx((gap**2 * (6 * 10 / 16) / scales).mean())


def test_p_is_the_share_of_all_orders(make_sums, draw):
    """Against all 720 orders of six articles in six years."""
    units = np.full((6, 2), 5.0)
    values = np.array([[0, 3], [1, 2], [0, 2], [4, 1], [3, 0], [4, 1.0]])
    scales = measure_scales([(values, units)])

    def largest(order):
        rows = values[list(order)]
        sides = [
            ((rows[:t].sum(0), units[:t].sum(0)), (rows[t:].sum(0), units[t:].sum(0)))
            for t in range(2, 5)
        ]
        return max(compare_profiles(*pair, scales) for pair in sides)

    observed = largest(range(6))
    exact = np.mean([largest(order) >= observed - 1e-9 for order in permutations(range(6))])
    keys = [("a", f"{2010 + t}") for t in range(6)]
    sums = make_sums(keys, range(6), values, units)
    (turn,) = find_profile_turns(sums, Plan(permutations=5000))
    assert turn.p == pytest.approx(exact, abs=0.02)
    assert turn.smallest == pytest.approx(1 / 20)
    assert turn.p >= turn.smallest


def test_without_a_turn_p_values_are_even(make_sums, draw):
    shares = np.full((150, 6, 5), 0.3)
    turns = find_profile_turns(make_sources(make_sums, draw, shares, n=2), Plan(permutations=300))
    p = np.array([turn.p for turn in turns])
    assert len(p) == 150
    for level in (0.05, 0.2, 0.5):
        assert np.mean(p <= level) == pytest.approx(level, abs=0.1)
    distances = [turn.distance for turn in turns]
    assert 1 < np.mean(distances) < 3  # the largest of several that are about 1 each


def test_a_source_needs_two_articles_on_each_side(make_sums, draw):
    assert (
        find_profile_turns(make_sources(make_sums, draw, np.full((1, 3, 2), 0.3), n=1), PLAN) == []
    )
    (turn,) = find_profile_turns(make_sources(make_sums, draw, np.full((1, 4, 2), 0.3), n=1), PLAN)
    assert turn.period == "2012"


def test_what_can_not_be_given_does_not_count(make_sums, draw):
    shares = turning()
    whole = make_sources(make_sums, draw, shares)
    usable = np.ones((20, 8), dtype=bool)
    usable[:, 3:] = False
    blind = make_sums(whole.keys, whole.cells, whole.sums, whole.units, usable=usable)
    alone = make_sums(whole.keys, whole.cells, whole.sums[:, :3], whole.units[:, :3])
    one, other = (find_profile_turns(sums, PLAN)[0] for sums in (blind, alone))
    assert one.distance == pytest.approx(other.distance)
    usable[:] = False
    nothing = make_sums(whole.keys, whole.cells, whole.sums, whole.units, usable=usable)
    assert find_profile_turns(nothing, PLAN) == []


def test_units_that_differ_between_labels_are_kept_apart(make_sums, draw):
    sums = make_sources(make_sums, draw, turning())
    units = np.array(sums.units)
    units[:, 5] *= 2
    apart = make_sums(sums.keys, sums.cells, sums.sums, units)
    assert find_profile_turns(apart, PLAN)[0].period == "2016"


def test_an_unsure_calibration_makes_a_turn_less_sure(make_sums, draw):
    sums = make_sources(make_sums, draw, turning(8, 0.2), n=3)
    gradients = np.zeros((20, 8, 2))
    gradients[6:10, :, 0] = 0.2
    covariances = np.tile(np.diag([4.0, 0.0]), (8, 1, 1))
    unsure = make_sums(
        *(sums.keys, sums.cells, sums.sums, sums.units),
        gradients=gradients,
        covariances=covariances,
    )
    assert find_profile_turns(sums, PLAN)[0].p < 0.02
    assert find_profile_turns(unsure, PLAN)[0].p > 0.05


def test_the_surest_of_many_sources_is_permuted_more_often(make_sums, draw):
    shares = np.full((30, 10, 8), 0.3)
    shares[0, 5:, ::2] = 0.8
    turns = find_profile_turns(make_sources(make_sums, draw, shares), Plan(permutations=150))
    assert turns[0].p == pytest.approx(1 / (1 + 30 * 2 / 0.05))


def test_where_it_could_not_stand_even_then_it_is_not(make_sums, draw):
    shares = np.full((30, 10, 8), 0.3)
    shares[0, 5:, ::2] = 0.8
    sums = make_sources(make_sums, draw, shares)
    few = 30 * 2 / 0.05 / MOST_FACTOR
    for asked, drawn in ((few, few * MOST_FACTOR), (few - 1, few - 1)):
        turns = find_profile_turns(sums, Plan(permutations=int(asked)))
        assert turns[0].p == pytest.approx(1 / (1 + drawn))


def test_the_order_of_rows_changes_nothing(make_sums, draw):
    sums = make_sources(make_sums, draw, np.full((2, 6, 3), 0.3))
    order = np.random.default_rng(1).permutation(len(sums.cells))
    other = make_sums(sums.keys, sums.cells[order], sums.sums[order], sums.units[order])
    for one, two in zip(
        find_profile_turns(sums, PLAN), find_profile_turns(other, PLAN), strict=True
    ):
        assert (one.source, one.period, one.p) == (two.source, two.period, two.p)
        assert one.distance == pytest.approx(two.distance)


def test_scales_spare_a_source_its_own_share():
    rng, units = np.random.default_rng(0), np.full((4, 1), 10.0)
    sources = [
        (rng.binomial(10, share, (4, 1)).astype(float), units)
        for share in rng.uniform(0.2, 0.8, 4000)
    ]
    expected = 0.25 - 0.03  # E p (1 - p) of a uniform between .2 and .8
    assert measure_scales(sources)[0] == pytest.approx(expected, rel=0.05)


def test_one_article_has_no_part_in_scales():
    lone = (np.array([[3.0]]), np.array([[9.0]]))
    pair = (np.array([[1.0], [3.0]]), np.array([[4.0], [4.0]]))
    assert measure_scales([lone, pair]) == pytest.approx(measure_scales([pair]))
    assert measure_scales([]).tolist() == [0.0]
    assert center(*lone).tolist() == [[0.0]]


def test_what_articles_do_not_show_makes_a_turn_less_sure(make_sums, draw):
    sums = make_sources(make_sums, draw, turning(8, 0.2), n=3)
    unsure = dataclasses.replace(sums, extras=np.full((20, 8), 0.25**2))
    assert find_profile_turns(sums, PLAN)[0].p < 0.02
    assert find_profile_turns(unsure, PLAN)[0].p > 0.05
    rng = np.random.default_rng(2)
    even = make_sources(make_sums, draw, np.full((60, 3, 6), 0.3), n=10)
    drawn = 0.1 * rng.standard_normal((180, 6))
    read = dataclasses.replace(even, sums=even.sums + even.units * drawn[even.cells])
    told = dataclasses.replace(read, extras=np.full((180, 6), 0.1**2))
    plan = Plan(permutations=200)  # of three periods: by articles alone
    blind, aware = (
        np.mean([turn.p <= 0.05 for turn in find_profile_turns(one, plan)]) for one in (read, told)
    )
    assert blind > 0.3
    assert aware < 0.15
