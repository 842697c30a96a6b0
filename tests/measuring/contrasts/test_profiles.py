"""Tests of distances between profiles."""

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from framing.measuring.contrasts.profiles import entropy, measure_distances
from framing.measuring.contrasts.sides import Plan

PLAN = Plan(permutations=300)


def make_sources(make_sums, draw, shares, *, n=40, seed=0, **options):
    cells = np.repeat(np.arange(len(shares)), n)
    sums, units = draw(np.random.default_rng(seed), np.asarray(shares, dtype=float)[cells])
    keys = [(f"s{at:02}", None) for at in range(len(shares))]
    return make_sums(keys, cells, sums, units, **options)


def test_distances_are_scipys(make_sums, draw):
    sums = make_sources(make_sums, draw, [[0.2, 0.3], [0.7, 0.4], [0.5, 0.9]])
    found = measure_distances(sums, PLAN, labels=np.arange(2))
    assert found.pairs == (("s00", "s01"), ("s00", "s02"), ("s01", "s02"))
    shares = sums.shares()
    for at, (a, b) in enumerate([(0, 1), (0, 2), (1, 2)]):
        sides = ([[p, 1 - p] for p in shares[place]] for place in (a, b))
        each = [jensenshannon(one, other, base=2) ** 2 for one, other in zip(*sides, strict=True)]
        assert found.distance[at] + found.expected[at] == pytest.approx(np.mean(each))
    assert (found.p < 0.01).all()


def test_only_the_labels_asked_for_make_the_profile(make_sums, draw):
    sums = make_sources(make_sums, draw, [[0.3, 0.1], [0.3, 0.9]])
    assert measure_distances(sums, PLAN, labels=np.array([1])).distance[0] > 0.4
    assert measure_distances(sums, PLAN, labels=np.array([0])).distance[0] < 0.02


def test_sampling_alone_makes_no_distance(make_sums, draw):
    sums = make_sources(make_sums, draw, np.full((25, 4), 0.3), n=10)
    found = measure_distances(sums, PLAN, labels=np.arange(4))
    raw = found.distance + found.expected
    assert (found.distance >= 0).all()
    assert found.distance.mean() < 0.5 * raw.mean()
    assert (found.distance == 0).mean() > 0.3
    assert (found.p <= 0.05).mean() == pytest.approx(0.05, abs=0.05)


def test_other_sources_have_no_part_in_a_distance(make_sums, draw):
    rng, cells = np.random.default_rng(0), np.repeat([0, 1, 2], 40)
    sums, units = draw(rng, np.array([[0.2], [0.35], [0.9]])[cells])
    keys = [("a", None), ("b", None), ("c", None)]
    all_three = measure_distances(make_sums(keys, cells, sums, units), PLAN, labels=np.arange(1))
    alone = measure_distances(
        make_sums(keys[:2], cells[:80], sums[:80], units[:80]), PLAN, labels=np.arange(1)
    )
    for name in ("distance", "p", "expected"):
        assert getattr(all_three, name)[0] == getattr(alone, name)[0]


def test_shares_beyond_their_range_are_cut(make_sums):
    sums = make_sums(
        [("a", None), ("b", None)], [0, 0, 1, 1], [[-1], [0.5], [4.5], [4]], np.full((4, 1), 4.0)
    )
    found = measure_distances(sums, PLAN, labels=np.arange(1))
    assert found.distance + found.expected == pytest.approx([1.0])


def test_labels_that_can_not_be_given_are_left_out(make_sums, draw):
    usable = np.array([[True, False], [True, True], [False, False]])
    sums = make_sources(make_sums, draw, [[0.2, 0.5], [0.7, 0.5], [0.5, 0.5]], usable=usable)
    found = measure_distances(sums, PLAN, labels=np.arange(2))
    alone = measure_distances(sums, PLAN, labels=np.array([0]))
    raw = found.distance + found.expected
    assert raw[0] == pytest.approx((alone.distance + alone.expected)[0])
    assert np.isnan([found.distance[1:], found.p[1:], found.expected[1:]]).all()


@pytest.mark.parametrize("n_sources", [1, 61])
def test_one_source_or_very_many_have_none(make_sums, draw, n_sources):
    sums = make_sources(make_sums, draw, np.full((n_sources, 1), 0.3), n=2)
    assert measure_distances(sums, PLAN, labels=np.arange(1)).pairs == ()


def test_entropy_is_in_bits():
    assert entropy(np.array([0.25])) == pytest.approx([0.25 * 2 + 0.75 * np.log2(4 / 3)])
