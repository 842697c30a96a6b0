"""Draws: every article of a stratum has the chance that is written down."""

from __future__ import annotations

import numpy as np
import pytest

from framing.measuring.plans.sampling import draw_sample, draw_systematic


@pytest.mark.parametrize(("size", "n"), [(7, 3), (10, 10), (10, 1), (1000, 999), (5, 0)])
def test_different_places_in_range(size, n):
    for seed in range(20):
        places = draw_systematic(size, n, np.random.default_rng(seed))
        assert len(set(places.tolist())) == n
        assert all(0 <= place < size for place in places)


def test_every_place_is_as_likely():
    rng = np.random.default_rng(0)
    counts = sum(np.bincount(draw_systematic(7, 3, rng), minlength=7) for _ in range(7000))
    assert counts / 7000 == pytest.approx(np.full(7, 3 / 7), abs=0.02)


def test_strata_get_their_numbers_and_chances_in_the_order_given():
    strata = np.array([1, 0, -1, 1, 0, 1, 1])
    order = np.arange(7)[::-1]
    places, chances = draw_sample(
        strata, np.array([2, 2]), order=order, rng=np.random.default_rng(0)
    )
    assert np.bincount(strata[places]).tolist() == [2, 2]
    assert places.tolist() == sorted(places.tolist())
    assert dict(zip(places, chances, strict=True)) == {
        p: 1.0 if strata[p] == 0 else 0.5 for p in places
    }


def test_steps_follow_the_order():
    """Half of a stratum: of every two neighbours in the order, one."""
    order = np.array([0, 4, 1, 5, 2, 6, 3, 7])
    for seed in range(10):
        rng = np.random.default_rng(seed)
        places, _ = draw_sample(np.zeros(8, dtype=int), np.array([4]), order=order, rng=rng)
        ranks = sorted(order.tolist().index(place) // 2 for place in places)
        assert ranks == [0, 1, 2, 3]
