"""Tests of whether codings can be a sample of what they are to correct."""

import numpy as np
import pytest

from framing.measuring.prevalence.pooling import pool_cells
from framing.measuring.prevalence.samples import cover_parts, judge_codings
from framing.measuring.prevalence.tallies import tally_cells

NAN = float("nan")
YEARS = ("2020", "2021", "2022", "2023")


def pool(lay_units, coded, *, weights=None, sizes=(30, 30, 30, 30)):
    """Articles of two units, some of each year coded, all of one source."""
    years = np.repeat(np.repeat(YEARS, sizes), 2)
    rng = np.random.default_rng(0)
    chances = rng.uniform(0.2, 0.6, len(years))
    truth = np.full(len(years), NAN)
    given = np.ones(len(years))
    for place, (year, number) in enumerate(zip(YEARS, coded, strict=True)):
        own = np.flatnonzero(years == year)[: 2 * number]
        truth[own] = rng.random(len(own)) < 0.4
        given[own] = weights[place] if weights else 1.0
    units = lay_units(chances, truth, articles=np.arange(len(years)) // 2, weights=given)
    fine = tally_cells(units, [("Post", year) for year in years.tolist()])
    whole = pool_cells(fine, lambda key: (key[0], None))
    return whole.tally, whole.strata[0]


def judge(*arguments, **options):
    found = judge_codings(*pool(*arguments, **options))
    return bool(found.whole[0]), bool(found.parts[0]), found.reasons[0]


def test_codings_of_every_part_correct_the_whole(lay_units):
    assert judge(lay_units, (6, 6, 6, 6)) == (True, False, "")
    assert judge(lay_units, (6, 6, 6, 6), weights=(5.0,) * 4) == (True, False, "")


def test_codings_of_some_parts_correct_nothing_else(lay_units):
    told = "none is of 2020, which holds 25% of its units"
    assert judge(lay_units, (0, 0, 10, 10)) == (False, False, told)


def test_a_small_part_may_lack_codings(lay_units):
    assert judge(lay_units, (0, 8, 8, 8), sizes=(4, 32, 32, 32))[0]
    assert not judge(lay_units, (0, 8, 8, 8), sizes=(6, 32, 32, 32))[0]


@pytest.mark.parametrize(("weight", "sample"), [(3.1, True), (5.5, True), (2.0, False)])
def test_weights_stand_for_the_units(lay_units, weight, sample):
    """24 articles of 120: their weights may be off by twice what so few can be."""
    whole, parts, reason = judge(lay_units, (6, 6, 6, 6), weights=(weight,) * 4)
    assert (whole, parts) == (sample, not sample)
    if not sample:
        assert reason == "their weights stand for 96 of its 240 units"


def test_codings_of_most_parts_correct_these(lay_units):
    assert judge(lay_units, (6, 6, 6, 0), sizes=(32, 32, 32, 16))[1]
    assert not judge(lay_units, (6, 6, 2, 0), sizes=(32, 32, 32, 16))[1]
    _, strata = pool(lay_units, (6, 6, 2, 0), sizes=(32, 32, 32, 16))
    assert cover_parts(strata) == pytest.approx([64 / 112])


def test_too_few_codings_are_told_as_such(lay_units):
    told = "it takes 10 in 3 articles"
    assert judge(lay_units, (1, 1, 1, 1)) == (False, False, told)
    assert judge_codings(pool(lay_units, (1, 1, 1, 1))[0]).reasons == (told,)


def test_what_pools_nothing_asks_for_no_parts(lay_units):
    tally, _ = pool(lay_units, (0, 0, 10, 10))
    assert judge_codings(tally).whole.tolist() == [True]
