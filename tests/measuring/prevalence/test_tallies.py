"""Tests of sums by article and cell, against plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.measuring.prevalence.tallies import (
    Tally,
    find_log_odds,
    share,
    spread_out,
    tally_cells,
)

NAN = float("nan")


def draw_units(lay_units, seed, *, n=40):
    rng = np.random.default_rng(seed)
    chances = np.where(rng.random((n, 2)) < 0.1, NAN, rng.random((n, 2)))
    truth = np.where(rng.random((n, 2)) < 0.5, NAN, rng.random((n, 2)) < 0.4)
    return lay_units(
        chances, truth, articles=rng.integers(0, 7, n), weights=rng.integers(1, 4, n)
    ), [(str(name), None) for name in rng.choice(["b", "a"], n)]


def add_up_by_hand(units, places, k):
    """Sum one label over some units, unit by unit."""
    sums = dict.fromkeys(Tally.__slots__, 0.0)
    for at in places:
        p, y, w = units.probabilities[at, k], units.truth[at, k], units.weights[at]
        if np.isnan(p):
            continue
        found = {"scored": 1, "units": 1, "unit_squares": 1, "predicted": p, "squares": p * p}
        found |= {"noise": p * (1 - p), "bend": p * (1 - p) * np.log(p / (1 - p))}
        found["decided"] = p > 0.5
        if not np.isnan(y):
            found |= {"codings": 1, "weight": w, "weight_squares": w * w}
            found |= {"truth": w * y, "claimed": w * p, "chance": w * w * p * (1 - p)}
        for name, value in found.items():
            sums[name] += value
    sums |= {"n_articles": float(sums["scored"] > 0), "n_coded": float(sums["codings"] > 0)}
    return sums


@pytest.mark.parametrize("seed", range(3))
def test_sums_are_those_of_a_loop(lay_units, seed):
    units, keys = draw_units(lay_units, seed)
    cells = tally_cells(units, keys)
    assert cells.keys == (("a", None), ("b", None))
    pairs = list(zip(cells.cells.tolist(), cells.articles.tolist(), strict=True))
    named = zip(keys, units.articles.tolist(), strict=True)
    assert pairs == sorted({(int(source == "b"), article) for (source, _), article in named})
    for number, (cell, article) in enumerate(pairs):
        own = [key == cells.keys[cell] for key in keys] & (units.articles == article)
        assert (cells.rows[own] == number).all()
        for k in range(2):
            expected = add_up_by_hand(units, np.flatnonzero(own), k)
            found = {name: getattr(cells.tally, name)[number, k] for name in expected}
            assert found == pytest.approx(expected)


def test_cells_come_by_source_then_period_and_split_keeps_their_articles(lay_units):
    units = lay_units([0.1, 0.2, 0.3, 0.4], articles=[1, 1, 0, 1])
    keys = [("b", "2021"), ("a", "2022"), ("a", "2021"), ("b", "2021")]
    cells = tally_cells(units, keys)
    assert cells.keys == (("a", "2021"), ("a", "2022"), ("b", "2021"))
    assert cells.articles.tolist() == [0, 1, 1]
    parts = {key: part.predicted.ravel().tolist() for key, part in cells.split()}
    assert parts == {
        ("a", "2021"): [0.3],
        ("a", "2022"): [0.2],
        ("b", "2021"): [pytest.approx(0.5)],
    }


def test_articles_that_weigh_alike_give_means_of_their_shares(tally):
    chances, truth = [0.2, 0.4, 0.9, 0.6], [1, 0, 1, NAN]
    sums = tally(chances, truth, articles=[0, 0, 0, 1]).weigh_articles_alike()
    assert share(sums.predicted, sums.units) == pytest.approx([(0.5 + 0.6) / 2])
    assert share(sums.truth, sums.weight) == pytest.approx([2 / 3])
    assert sums.scored.ravel().tolist() == [3, 1]
    assert sums.codings.ravel().tolist() == [3, 0]
    # two means, of three units and of one: their variances are 1/3 and 1 of one unit's
    assert sums.count_alike() == pytest.approx([2**2 / (1 / 3 + 1)])
    assert sums.chance[0] == pytest.approx([(0.16 + 0.24 + 0.09) / 9])


def test_units_that_weigh_alike_count_in_full(tally):
    assert tally([0.2, 0.4, NAN], articles=[0, 0, 1]).count_alike().tolist() == [2]


def test_an_article_without_scored_units_weighs_nothing(tally):
    sums = tally([0.2, NAN, NAN], articles=[0, 1, 1]).weigh_articles_alike()
    assert sums.units.ravel().tolist() == [1, 0]
    assert share(sums.predicted, sums.units) == pytest.approx([0.2])


def test_codes_of_units_without_a_score_do_not_count(tally):
    sums = tally([0.2, NAN], [1, 1])
    assert sums.codings.sum() == sums.truth.sum() == 1


@given(st.floats(0, 1))
def test_log_odds_are_finite_and_odd(p):
    odds, mirrored = find_log_odds(np.array([p, 1 - p]))
    assert np.isfinite(odds)
    assert odds == pytest.approx(-mirrored, abs=1e-6)
    if 1e-6 <= p <= 1 - 1e-6:
        assert 1 / (1 + np.exp(-odds)) == pytest.approx(p)


def test_nothing_divided_is_not_known():
    assert np.isnan(share(np.zeros((2, 1)), np.zeros((2, 1)))).all()
    assert np.isnan(spread_out(np.ones((2, 1)), np.zeros(1))).all()
    assert spread_out(np.array([[1.0], [3.0]]), np.array([4.0])).tolist() == [[0.25], [0.75]]
