"""Sample sizes and allocation, against closed forms and brute force."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from framing.measuring.plans.planning import (
    Aim,
    DifferenceVariance,
    allocate,
    build_design,
    pool_small,
    set_minima,
)
from framing.schema import InputError


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"detect": 0.0}, "detect is 0.0; give a change of share above 0 and below 1"),
        ({"detect": 1.5}, "detect is 1.5; give a change of share above 0 and below 1"),
        ({"detect": math.nan}, "detect is nan; give a change of share above 0 and below 1"),
        ({"power": 1.0}, "power is 1.0; give a chance above 0.05 and below 1, such as 0.8"),
        ({"power": 0.01}, "power is 0.01; give a chance above 0.05 and below 1, such as 0.8"),
        ({"alpha": 0.0}, "alpha is 0.0; give a level above 0 and below 1, such as 0.05"),
        ({"design_effect": 0.5}, "the design effect is 0.5; give 1 or more"),
    ],
)
def test_what_cannot_be_aimed_at(options, told):
    with pytest.raises(InputError) as caught:
        Aim(**({"detect": 0.1} | options))
    assert str(caught.value) == told


def test_the_textbook_sample_size_of_two_means():
    """n = 2 (1.96 + 0.84)^2 s^2 / d^2 a group: 63 for half a standard deviation (Cohen 1988)."""
    aim = Aim(0.5, design_effect=1.0)
    assert math.ceil(2 / aim.variance) == 63
    assert aim.find_power(aim.variance) == pytest.approx(0.8)
    assert aim.find_detectable(aim.variance) == pytest.approx(0.5)
    assert aim.find_power(0.0) == 1.0


def test_variance_of_a_design():
    design = DifferenceVariance(np.array([10, 20]), np.array([0.1, 0.2]), sampling=0.01)
    assert design.find_variance(np.array([5, 10])) == pytest.approx(0.01 + 0.02 + 0.02)
    census = DifferenceVariance(
        np.array([10, 20]), np.array([0.1, 0.2]), sampling=0.0, is_census=True
    )
    assert census.find_variance(np.array([10, 20])) == pytest.approx(0)
    assert census.find_variance(np.array([5, 20])) == pytest.approx(0.1 / 5 - 0.1 / 10)


@pytest.mark.parametrize("is_census", [False, True])
def test_no_smaller_allocation_keeps_the_variance(is_census):
    design = DifferenceVariance(np.array([9, 7, 5]), np.array([0.5, 0.1, 0.02]), 0.01, is_census)
    minima = np.array([2, 1, 2])
    for variance in (0.09, 0.12, 0.2, 0.4):
        found = allocate(design, minima, variance=variance)
        options = itertools.product(range(2, 10), range(1, 8), range(2, 6))
        best = [o for o in options if design.find_variance(np.array(o)) <= variance]
        if found is None:
            assert not best
            continue
        assert design.find_variance(found) <= variance
        assert found.sum() == min(map(sum, best))
        assert (found >= minima).all()
        assert (found <= design.sizes).all()


def test_minima_alone_may_do_and_all_may_not():
    design = DifferenceVariance(np.array([9, 7]), np.array([0.5, 0.1]), 0.01)
    assert allocate(design, np.array([2, 2]), variance=1.0).tolist() == [2, 2]
    assert allocate(design, np.array([2, 2]), variance=0.02) is None


def test_minima_are_two_a_stratum_ten_a_cell_and_never_more_than_there_are():
    minima = set_minima(np.array([100, 100, 1, 6]), np.array([0, 0, 0, 1]))
    assert minima.tolist() == [5, 5, 1, 6]
    assert set_minima(np.array([1000, 10]), np.array([0, 0])).tolist() == [10, 2]


def test_a_design_adds_up_what_classification_and_articles_leave_open():
    sums, units = np.array([1.0, 3.0, 2.0, 2.0]), np.array([4.0, 4.0, 4.0, 4.0])
    doubts = np.array([0.5, 0.7, 0.2, 0.4])
    design = build_design(
        sums,
        doubts,
        units,
        strata=np.array([0, 0, 1, 1]),
        cells=np.array([0, 1]),
        aim=Aim(0.1, design_effect=2.0),
    )
    assert design.sizes.tolist() == [2, 2]
    assert design.burdens == pytest.approx([4 * 2 * 0.6 / 64, 4 * 2 * 0.3 / 64])
    assert design.sampling == pytest.approx((1 + 1) / 64 * 2)  # the second cell's do not differ


def test_a_census_has_no_sampling_term():
    ones = np.ones(4)
    design = build_design(
        np.array([0.1, 0.9, 0.1, 0.9]),
        ones / 4,
        ones,
        strata=np.array([0, 0, 1, 1]),
        cells=np.array([0, 1]),
        aim=Aim(0.1, is_census=True),
    )
    assert (design.sampling, design.is_census) == (0.0, True)


def test_only_small_strata_that_have_company_are_pooled():
    sizes, cells = np.array([3, 4, 50, 3, 50]), np.array([0, 0, 0, 1, 1])
    assert pool_small(sizes, cells, fewest=10).tolist() == [True, True, False, False, False]
