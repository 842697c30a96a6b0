"""Tests of shuffled articles and studentised differences."""

import itertools

import numpy as np
import pytest
from scipy import stats

from framing.measuring.contrasts.shuffling import Moments, count_arrangements, shuffle_sums


def shuffle(columns, sizes, permutations, seed=0):
    rng = np.random.default_rng(seed)
    parts = shuffle_sums(columns, np.array(sizes), permutations=permutations, rng=rng)
    return np.concatenate(list(parts))


def test_groups_keep_their_sizes_and_the_rows_their_sum():
    columns = np.column_stack([np.ones(9), np.arange(9.0)])
    sums = shuffle(columns, [2, 5, 1, 1], 50)
    assert sums.shape == (50, 4, 2)
    assert (sums[:, :, 0] == [2, 5, 1, 1]).all()
    assert sums[:, :, 1].sum(axis=1) == pytest.approx(36)


def test_every_deal_is_as_likely():
    sums = shuffle(2.0 ** np.arange(5)[:, None], [2, 3], 20_000)
    _, counts = np.unique(sums[:, 0, 0], return_counts=True)
    assert len(counts) == 10  # 5 choose 2
    assert stats.chisquare(counts).pvalue > 0.001


def test_chunks_do_not_change_what_is_drawn(monkeypatch):
    columns = np.random.default_rng(0).random((30, 3))
    whole = shuffle(columns, [10, 20], 40)
    monkeypatch.setattr("framing.measuring.contrasts.shuffling.CHUNK_CELLS", 100)
    assert shuffle(columns, [10, 20], 40) == pytest.approx(whole)


def spell_out(sums, units, a):
    """The studentised difference, written down article by article."""
    share = sums.sum() / units.sum()
    pooled = ((sums - share * units) ** 2).sum() / (len(sums) - 1)
    parts = []
    for side in (a, ~a):
        own = sums[side].sum() / units[side].sum()
        squares = ((sums[side] - own * units[side]) ** 2).sum() + pooled
        parts.append((own, squares / units[side].sum() ** 2))
    (share_a, var_a), (share_b, var_b) = parts
    return (share_a - share_b) / np.sqrt(var_a + var_b)


@pytest.mark.parametrize("alike", [True, False])
def test_moments_give_the_studentised_difference(alike):
    rng = np.random.default_rng(0)
    units = rng.integers(1, 9, size=(12, 3)).astype(float)
    units = np.repeat(units[:, :1], 3, axis=1) if alike else units
    sums = rng.random((12, 3)) * units
    moments = Moments.take(sums, units)
    assert moments.columns.shape[1] == (11 if alike else 15)
    a = np.arange(12) < 5
    found = moments.compare(*moments.observe(np.array([5, 7])))
    assert found == pytest.approx([spell_out(sums[:, k], units[:, k], a) for k in range(3)])


def test_a_single_article_has_a_variance_and_what_never_varies_has_none():
    sums, units = np.array([[1.0, 2.0], [1.0, 2.0], [3.0, 2.0]]), np.full((3, 2), 4.0)
    moments = Moments.take(sums, units)
    found = moments.compare(*moments.observe(np.array([2, 1])))
    assert found == pytest.approx([spell_out(sums[:, 0], units[:, 0], np.arange(3) < 2), 0])


def test_a_side_without_units_can_not_be_compared():
    sums, units = np.ones((2, 1)), np.array([[0.0], [2.0]])
    moments = Moments.take(sums * (units > 0), units)
    assert np.isnan(moments.compare(*moments.observe(np.array([1, 1])))).all()


def test_calibration_moves_the_difference_and_widens_its_error():
    moments = Moments.take(np.array([[1.0], [2.0], [3.0], [3.0]]), np.full((4, 1), 4.0))
    a, b = moments.observe(np.array([2, 2]))
    plain, difference = moments.compare(a, b), -6 / 8 + 3 / 8
    error = difference / plain
    assert moments.compare(a, b, shift=0.5) == pytest.approx((difference + 0.5) / error)
    found = moments.compare(a, b, variance=np.array([0.25]))
    assert found == pytest.approx(difference / np.sqrt(error**2 + 0.25))


def test_arrangements_are_counted():
    assert np.exp(count_arrangements(np.array([[3.0, 1.0], [2.0, 0.0]]))) == pytest.approx([10, 1])
    assert len(list(itertools.combinations(range(5), 3))) == 10
