"""Tests of change points."""

import dataclasses

import numpy as np
import pytest
from scipy import special

from framing.measuring.contrasts.sides import Plan
from framing.measuring.trends import turns as turns_module
from framing.measuring.trends.turns import find_turns

PLAN = Plan(permutations=1000, resamples=300)


def make_series(make_sums, draw, shares, *, n=20, seed=0):
    shares = np.asarray(shares, dtype=float)
    cells = np.repeat(np.arange(len(shares)), n)
    sums, units = draw(np.random.default_rng(seed), shares[cells])
    return make_sums([("a", f"{2010 + t}") for t in range(len(shares))], cells, sums, units)


def test_a_turn_is_where_the_share_jumps(make_sums, draw):
    shares = np.repeat([[0.2], [0.6]], [4, 5], axis=0)
    sums = make_series(make_sums, draw, shares)
    turns = find_turns(sums, PLAN)
    first = turns[0]
    assert (first.source, first.label, first.period, first.depth) == ("a", 0, "2014", 0)
    assert first.p < 0.02
    before = sums.cells < 4
    assert first.before == pytest.approx(sums.sums[before].sum() / sums.units[before].sum())
    assert first.difference == pytest.approx(first.after - first.before)
    assert first.low < 0.4 < first.high
    assert first.high - first.low < 0.3
    assert all(turn.p > 0.05 for turn in turns[1:])


def test_what_articles_do_not_show_makes_a_turn_unsure(make_sums, draw):
    sums = make_series(make_sums, draw, np.repeat([[0.2], [0.6]], [4, 5], axis=0))
    unsure = dataclasses.replace(
        sums, extras=np.full((9, 1), 0.3**2), freedoms=np.full((9, 1), 2.0)
    )
    plain, other = (find_turns(given, PLAN)[0] for given in (sums, unsure))
    assert plain.p < 0.02
    assert other.p > 0.05
    assert other.high - other.low > 2 * (plain.high - plain.low)


def test_a_second_turn_is_found_in_a_part(make_sums, draw):
    shares = np.repeat([[0.2], [0.6], [0.2]], [5, 5, 9], axis=0)
    turns = [t for t in find_turns(make_series(make_sums, draw, shares), PLAN) if t.p < 0.05]
    assert {turn.period for turn in turns} == {"2015", "2020"}
    inner = max(turns, key=lambda turn: turn.depth)
    assert inner.p >= turns[0].p
    assert abs(inner.difference) == pytest.approx(0.4, abs=0.12)  # between its neighbours only


def test_turns_in_parts_are_tested_at_twice_their_p(make_sums, draw, monkeypatch):
    monkeypatch.setattr(turns_module, "scan_splits", lambda series, *_: np.array([0.02]))
    sums = make_series(make_sums, draw, np.repeat([[0.2], [0.6]], 9, axis=0))
    found = find_turns(sums, Plan(resamples=10))
    assert [(turn.depth, turn.p) for turn in found][:2] == [(0, 0.02), (1, 0.04)]
    later = find_turns(sums, Plan(resamples=10, alpha=0.03))
    assert {turn.depth for turn in later} == {0, 1}  # .04 is no ground to look further


def test_parts_too_short_to_show_what_periods_differ_by_are_not_searched(make_sums, draw):
    # A steady rise: articles alone would find levels in it again and again.
    shares = np.linspace(0.15, 0.6, 10)[:, None]
    found = find_turns(make_series(make_sums, draw, shares, n=30), PLAN)
    assert [turn.depth for turn in found] == [0]
    assert found[0].p <= 0.05
    short = find_turns(make_series(make_sums, draw, shares[:7], n=60), PLAN)
    assert [turn.depth for turn in short] == [0]


@pytest.mark.parametrize(("periods", "n"), [(4, 40), (6, 30)])
def test_a_few_years_with_events_are_no_turns(make_sums, draw, periods, n):
    rng = np.random.default_rng(3)
    shares = special.expit(rng.normal(-1, 0.6, (periods, 300)))
    found = find_turns(make_series(make_sums, draw, shares, n=n), Plan(resamples=2))
    assert (np.array([turn.p for turn in found]) <= 0.05).mean() < 0.11


def test_months_with_events_are_no_turns(make_sums, draw):
    rng = np.random.default_rng(3)
    shares = special.expit(rng.normal(-1, 0.6, (24, 150)))
    found = find_turns(make_series(make_sums, draw, shares, n=12), Plan(resamples=2))
    whole = np.array([turn.p for turn in found if not turn.depth])
    assert len(whole) == 150
    assert (whole <= 0.05).mean() < 0.1  # .6 by articles alone


def test_one_likeliest_turn_is_given_even_if_it_is_none(make_sums, draw):
    turns = find_turns(make_series(make_sums, draw, np.full((8, 3), 0.3)), PLAN)
    assert [(turn.label, turn.depth) for turn in turns if turn.p > 0.05] == [(0, 0), (1, 0), (2, 0)]


@pytest.mark.parametrize(("periods", "n"), [(3, 20), (8, 1), (1, 50)])
def test_short_or_thin_series_have_none(make_sums, draw, periods, n):
    assert find_turns(make_series(make_sums, draw, np.full((periods, 1), 0.3), n=n), PLAN) == []


def test_labels_that_can_not_be_given_are_passed_over(make_sums, draw):
    rng, cells = np.random.default_rng(0), np.repeat(np.arange(8), 10)
    sums, units = draw(rng, np.full((80, 2), 0.3))
    usable = np.ones((8, 2), dtype=bool)
    usable[:5, 1] = False
    keys = [("a", f"{2010 + t}") for t in range(8)]
    turns = find_turns(make_sums(keys, cells, sums, units, usable=usable), PLAN)
    assert [turn.label for turn in turns] == [0]


def test_the_order_of_rows_changes_nothing(make_sums, draw):
    rng, cells = np.random.default_rng(0), np.repeat(np.arange(8), 6)
    sums, units = draw(rng, np.full((48, 2), 0.3))
    keys, order = [("a", f"{2010 + t}") for t in range(8)], rng.permutation(48)
    one = find_turns(make_sums(keys, cells, sums, units), PLAN)
    other = find_turns(make_sums(keys, cells[order], sums[order], units[order]), PLAN)
    assert [(t.label, t.period) for t in one] == [(t.label, t.period) for t in other]
    assert [t.p for t in one] == pytest.approx([t.p for t in other])
    assert [t.low for t in one] == pytest.approx([t.low for t in other])


def test_intervals_hold_the_difference_at_a_turn_that_is_plain(make_sums, draw):
    shares = np.repeat([[0.1], [0.7]], [4, 4], axis=0)
    sums = make_series(make_sums, draw, np.repeat(shares, 150, axis=1), n=8)
    turns = [t for t in find_turns(sums, Plan(permutations=100, resamples=200)) if not t.depth]
    held = [turn.low <= 0.6 <= turn.high for turn in turns]
    assert np.mean(held) == pytest.approx(0.95, abs=0.05)


def test_pooled_series_are_of_no_source(make_sums, draw):
    turns = find_turns(make_series(make_sums, draw, np.full((6, 1), 0.3)), PLAN, pooled=True)
    assert [turn.source for turn in turns] == [None]
