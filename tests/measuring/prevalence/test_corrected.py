"""Tests of corrected sums: shares, counts and influences by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.measuring.prevalence.corrected import CorrectedSums


def make_sums(sums, units, cells, *, usable=None):
    sums, units = (np.asarray(values, float).reshape(len(cells), -1) for values in (sums, units))
    n_cells, n_labels = max(cells) + 1, sums.shape[1]
    return CorrectedSums(
        keys=tuple((f"s{at}", None) for at in range(n_cells)),
        cells=np.array(cells),
        articles=np.arange(len(cells)),
        n_articles=len(cells),
        sums=sums,
        units=units,
        gradients=np.zeros((n_cells, n_labels, 2)),
        covariances=np.zeros((n_labels, 2, 2)),
        usable=np.ones((n_cells, n_labels), bool) if usable is None else usable,
    )


def test_a_share_is_sums_over_units():
    sums = make_sums([1, 2, 0.5], [2, 4, 1], [0, 0, 1])
    assert sums.shares().tolist() == [[0.5], [0.5]]
    assert [part.tolist() for part in sums.count()] == [[[6], [1]], [[2], [1]]]


def test_articles_count_where_they_have_units():
    units, articles = make_sums([[1, 0], [1, 0]], [[2, 0], [2, 1]], [0, 0]).count()
    assert (units.tolist(), articles.tolist()) == ([[4, 1]], [[2, 1]])


def test_what_is_not_usable_or_has_no_units_has_no_share():
    sums = make_sums([[1, 0]], [[2, 0]], [0])
    assert np.isnan(sums.shares()).tolist() == [[False, True]]
    assert np.isnan(replace(sums, usable=np.zeros((1, 2), bool)).shares()).all()


def test_influences_are_deviations_from_the_share_over_the_cells_units():
    sums = make_sums([1, 3, 2], [2, 4, 4], [0, 0, 1])
    # share 4/6: 1 - 2 * 2/3 and 3 - 4 * 2/3, over 6; the other cell has one article
    assert sums.influences().ravel() == pytest.approx([-1 / 18, 1 / 18, 0])


def test_shares_vary_as_their_articles_do():
    sums = make_sums([1, 3, 2], [2, 4, 4], [0, 0, 1])
    assert sums.vary().ravel() == pytest.approx([2 * 2 / 18**2, 0])


def test_without_word_of_more_articles_show_all_variance():
    sums = make_sums([[1, 1], [3, 1], [2, 1]], [[2, 2], [4, 2], [4, 0]], [0, 0, 1])
    assert sums.extras.tolist() == [[0, 0], [0, 0]]
    assert sums.freedoms.tolist() == [[1, 1], [0, 0]]
    told = replace(sums, extras=np.ones((2, 2)), freedoms=np.full((2, 2), 3.0))
    assert (told.extras.tolist(), told.freedoms.tolist()) == ([[1, 1]] * 2, [[3, 3]] * 2)


@given(st.integers(0, 2**32 - 1))
def test_influences_sum_to_nothing_in_every_cell(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 20))
    cells = np.sort(np.append(rng.integers(0, 3, n), [0, 1, 2])).tolist()
    sums = make_sums(rng.normal(size=(n + 3, 2)), rng.integers(1, 6, (n + 3, 2)), cells)
    for cell in range(3):
        assert sums.influences()[sums.cells == cell].sum(axis=0) == pytest.approx([0, 0], abs=1e-9)
