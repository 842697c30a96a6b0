"""Tests of errors that articles of a series do not show."""

import numpy as np
import pytest

from framing.measuring.contrasts.series import Series
from framing.measuring.trends.periodnoise import PeriodNoise


def make_noise(extras):
    extras = np.array(extras)[:, None]
    sizes, ones = np.array([1, 3, 2]), np.ones((6, 1))
    names, gradients = ("2020", "2021", "2022"), np.zeros((3, 1, 2))
    return PeriodNoise.take(Series("a", names, ones, 4 * ones, sizes, gradients, extras, extras))


def test_variances_weigh_periods_by_their_units():
    noise = make_noise([0.04, 0.01, 0.0])
    pooled = (0.04 * 1 + 0.01 * 9) / 16  # of the first two periods, one and three articles
    assert noise.vary()[:, 0] == pytest.approx([0.04 + 0.01 * 9 / 25, pooled])


def test_draws_have_these_variances():
    noise = make_noise([0.04, 0.01, 0.02])
    drawn = noise.draw(20_000, np.random.default_rng(0))
    assert drawn.shape == (20_000, 2, 1)
    assert drawn.var(axis=0)[:, 0] == pytest.approx(noise.vary()[:, 0], rel=0.05)


def test_a_side_without_units_makes_no_difference():
    zeros = np.zeros((2, 1))
    series = Series(
        *("a", ("2020", "2021"), zeros, np.array([[0.0], [4.0]]), np.array([1, 1])),
        *(np.zeros((2, 1, 2)), zeros + 0.1, zeros),
    )
    assert PeriodNoise.take(series).vary().tolist() == [[0.0]]
