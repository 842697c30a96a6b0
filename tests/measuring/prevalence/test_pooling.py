"""Tests of cells that pool others, against sums over all units at once."""

from dataclasses import fields

import numpy as np
import pytest

from framing.measuring.prevalence.pooling import pool_cells
from framing.measuring.prevalence.tallies import Tally, tally_cells

NAN = float("nan")


@pytest.fixture
def units(lay_units):
    rng = np.random.default_rng(0)
    chances = np.where(rng.random((80, 2)) < 0.1, NAN, rng.random((80, 2)))
    truth = np.where(rng.random((80, 2)) < 0.5, NAN, rng.random((80, 2)) < 0.4)
    return lay_units(chances, truth, articles=np.sort(rng.integers(0, 20, 80)))


@pytest.fixture
def keys(units):
    """Articles of one source each; some have units of two years."""
    years = np.random.default_rng(1).choice(["2020", "2021"], 80)
    return [
        ("ab"[article % 2], str(year)) for article, year in zip(units.articles, years, strict=True)
    ]


def list_columns(tally):
    return [getattr(tally, field.name) for field in fields(Tally)]


@pytest.mark.parametrize(
    "name", [lambda _: ("", None), lambda key: ("", key[1]), lambda key: (key[0], None)]
)
def test_sums_are_those_of_all_units(units, keys, name):
    pooled = pool_cells(tally_cells(units, keys), name)
    expected = tally_cells(units, [name(key) for key in keys])
    assert (pooled.keys, pooled.n_articles) == (expected.keys, expected.n_articles)
    for part in ("cells", "articles", "rows"):
        assert getattr(pooled, part).tolist() == getattr(expected, part).tolist()
    for one, other in zip(list_columns(pooled.tally), list_columns(expected.tally), strict=True):
        assert one == pytest.approx(other)


def test_strata_add_up_to_the_cell(units, keys):
    pooled = pool_cells(tally_cells(units, keys), lambda key: ("", key[1]))
    for (key, tally), strata in zip(pooled.split(), pooled.strata, strict=True):
        assert strata.keys == (("a", key[1]), ("b", key[1]))
        joined = strata.join_tallies(len(tally.units))
        assert joined.predicted == pytest.approx(tally.predicted)
        alike = strata.weigh_articles_alike().join_tallies(len(tally.units))
        for one, other in zip(
            list_columns(alike), list_columns(tally.weigh_articles_alike()), strict=True
        ):
            assert one == pytest.approx(other)


def test_articles_of_two_years_weigh_once(units, keys):
    pooled = pool_cells(tally_cells(units, keys), lambda key: (key[0], None))
    strata = pooled.strata[0]
    n_blocks = int((pooled.cells == 0).sum())
    alike = strata.weigh_articles_alike().join_tallies(n_blocks)
    assert alike.units[alike.units > 0] == pytest.approx(1.0)


def test_near_copies_are_one_block_of_many_articles(units, keys):
    clusters = np.arange(20) // 2  # an article of each source
    pooled = pool_cells(tally_cells(units, keys), lambda _: ("", None), clusters=clusters)
    plain = pool_cells(tally_cells(units, keys), lambda _: ("", None))
    assert len(pooled.tally.units) == pooled.n_articles == 10
    assert pooled.articles.tolist() == list(range(10))
    for name in ("predicted", "n_articles", "n_coded", "units"):
        one, other = (getattr(part.tally, name) for part in (pooled, plain))
        assert one.sum(axis=0) == pytest.approx(other.sum(axis=0))
    first = units.articles < 2
    assert pooled.tally.predicted[0] == pytest.approx(np.nansum(units.probabilities[first], axis=0))
