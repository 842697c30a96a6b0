"""Tests of series."""

from dataclasses import replace

import numpy as np
import pytest

from framing.measuring.contrasts.series import group_cells, list_series

KEYS = [("a", "2020"), ("a", "2021"), ("b", "2020"), ("b", None)]


@pytest.fixture
def sums(make_sums):
    values = np.column_stack([np.arange(6.0), np.ones(6)])
    return make_sums(KEYS, [0, 0, 1, 2, 2, 3], values, np.full((6, 2), 8.0))


def test_each_source_is_a_series(sums):
    a, b = list_series(sums, pooled=False)
    assert (a.source, a.names, b.source, b.names) == ("a", ("2020", "2021"), "b", ("2020",))
    assert a.sizes.tolist() == [2, 1]
    assert a.add_up(a.sums).tolist() == [[1, 2], [2, 1]]
    assert a.count().tolist() == [[2, 2], [1, 1]]
    assert a.periods.tolist() == [0, 0, 1]
    assert a.times.tolist() == [2020.5, 2021.5]
    assert a.gradients.shape == (2, 2, 2)


def test_labels_and_periods_can_be_kept(sums):
    a, _ = list_series(sums, pooled=False)
    part = a.keep(np.array([0])).cut(1, 2)
    assert (part.names, part.sums.tolist(), part.sizes.tolist()) == (("2021",), [[2.0]], [1])
    assert part.gradients.shape == (1, 1, 2)


def test_pooled_cells_are_one_series_in_order_of_time(make_sums):
    sums = make_sums([("", "2021"), ("", "2020")], [0, 1], np.ones((2, 1)), np.ones((2, 1)))
    assert list(group_cells(sums, pooled=True)) == [(None, [1, 0])]
    (series,) = list_series(sums, pooled=True)
    assert (series.source, series.names) == (None, ("2020", "2021"))


def test_series_give_their_periods_as_sides(make_sums):
    keys = [("a", "2020"), ("a", "2021")]
    sums = make_sums(keys, [0, 0, 1], [[1.0], [0.0], [2.0]], np.full((3, 1), 2.0))
    sums = replace(sums, extras=np.array([[0.1], [0.2]]), freedoms=np.array([[1.0], [0.0]]))
    (series,) = list_series(sums, pooled=False)
    sides = list(series.sides())
    assert [side.sums.tolist() for side in sides] == [[[0.0], [1.0]], [[2.0]]]
    assert [side.extras.tolist() for side in sides] == [[0.1], [0.2]]
    assert [side.freedoms.tolist() for side in sides] == [[1], [0]]
    assert series.cut(1, 2).extras.tolist() == [[0.2]]
