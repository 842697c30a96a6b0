"""Tests of the best split."""

import numpy as np
import pytest

from framing.measuring.trends.segments import fit_split


def count_squares(values, weights, place):
    def squares(part):
        weight = weights[part]
        if weight.sum() == 0:
            return 0.0
        mean = (weight * values[part]).sum() / weight.sum()
        return (weight * (values[part] - mean) ** 2).sum()

    return squares(slice(None, place)) + squares(slice(place, None))


@pytest.mark.parametrize("seed", range(20))
def test_the_split_leaves_the_least_squares(seed):
    rng = np.random.default_rng(seed)
    values, weights = rng.random(15), rng.integers(0, 9, 15).astype(float)
    values += 0.5 * (np.arange(15) > rng.integers(3, 12))
    places = np.arange(2, 14)
    left = {place: count_squares(values, weights, place) for place in places}
    found = fit_split(values, weights, places)
    assert left[found] == pytest.approx(min(left.values()))
    assert weights[found] > 0 or found == 13  # a period without units does not begin anything


def test_only_the_places_given_are_chosen():
    values = np.array([0.0, 1, 1, 1, 1, 1, 1])
    assert fit_split(values, np.ones(7), np.array([1, 4])) == 1
    assert fit_split(values, np.ones(7), np.array([3, 4])) == 3
    assert fit_split(values, np.ones(7), np.array([4])) == 4


def test_values_without_weight_are_passed_over():
    values, weights = np.array([0.0, 0, 9, 1, 1, 1]), np.array([1.0, 1, 0, 1, 1, 1])
    assert fit_split(values, weights, np.array([2, 4])) == 2
    assert fit_split(np.full(6, 0.5), weights, np.array([2, 4])) in {2, 4}
