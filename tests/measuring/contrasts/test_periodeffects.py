"""Tests of what periods differ by."""

import dataclasses

import numpy as np
import pytest

from framing.measuring.contrasts.periodeffects import PeriodShares
from framing.measuring.contrasts.series import list_series


def take(make_sums, shares, *, n=10, **options):
    """Periods of `n` articles of ten units, half of which hold one more of a label than share."""
    shares = np.asarray(shares, dtype=float)
    cells = np.repeat(np.arange(len(shares)), n)
    apart = np.tile([1.0, -1.0], len(cells) // 2)[:, None]
    keys = [("a", f"{2000 + t}") for t in range(len(shares))]
    sums = make_sums(keys, cells, 10 * shares[cells] + apart, np.full((len(cells), 1), 10.0))
    (series,) = list_series(dataclasses.replace(sums, **options), pooled=False)
    return PeriodShares.take(series)


def test_sampling_is_what_articles_of_a_period_differ_by(make_sums):
    found = take(make_sums, [[0.2], [0.6]])
    assert found.shares[:, 0] == pytest.approx([0.2, 0.6])
    # each article is off by .1, of which ten in a period leave a mean square of .01 / 9
    assert found.sampling[:, 0] == pytest.approx([0.01 / 9] * 2)
    hidden = take(make_sums, [[0.2], [0.6]], extras=np.array([[0.0], [0.03]]))
    assert hidden.sampling[:, 0] == pytest.approx([0.01 / 9, 0.01 / 9 + 0.03])


def test_effects_are_what_steps_show_beyond_sampling(make_sums):
    found = take(make_sums, [[0.3], [0.5], [0.3], [0.5]])
    scale, effects = found.measure(found.shares[None])
    assert effects[0, 0] == pytest.approx(0.2**2 / 2 - 0.01 / 9)
    assert scale.tolist() == [[pytest.approx(1.0)]]
    still = take(make_sums, [[0.3], [0.3], [0.3]])
    assert [part.tolist() for part in still.measure(still.shares[None])] == [[[1.0]], [[0.0]]]


def test_variances_are_as_large_as_steps(make_sums):
    # what is added alike to all periods is less than the unsure ones differ by
    hidden = np.array([[0.0], [0.0], [0.5], [0.5]])
    found = take(make_sums, [[0.3], [0.3], [3.3], [0.3]], extras=hidden)
    scale, effects = found.measure(found.shares[None])
    variance = found.sampling[:, 0] + effects[0, 0]
    steps = np.array([0.0, 9.0, 9.0]) / (variance[1:] + variance[:-1])
    assert scale[0, 0] == pytest.approx(steps.mean())
    assert scale[0, 0] > 1


def test_a_turn_shows_but_once(make_sums):
    turned = take(make_sums, np.repeat([[0.2], [0.6]], 6, axis=0))
    assert turned.measure(turned.shares[None])[1][0, 0] < 0.2 * turned.shares.var()


def test_periods_without_units_have_no_steps(make_sums):
    usable = np.array([[True], [False], [True], [True]])
    found = take(make_sums, [[0.3], [0.9], [0.4], [0.6]], usable=usable)
    assert found.held[:, 0].tolist() == [True, False, True, True]
    assert found.n_periods.tolist() == [3.0]
    assert found.measure(found.shares[None])[1][0, 0] == pytest.approx(0.2**2 / 2 - 0.01 / 9)


def test_drawn_series_vary_as_they_should(make_sums):
    found = take(make_sums, [[0.3], [0.5], [0.3], [0.5]])
    drawn = np.concatenate(list(found.draw(np.array([0.02]), 4000, np.random.default_rng(0))))
    assert drawn.shape == (4000, 4, 1)
    assert drawn.var() == pytest.approx(0.02 + 0.01 / 9, rel=0.05)
    assert found.measure(drawn)[1].mean() == pytest.approx(0.02, rel=0.1)
