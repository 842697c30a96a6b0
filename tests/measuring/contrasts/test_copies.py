"""Tests of copies that several sources print, in differences between a source and the rest."""

import dataclasses

import numpy as np
import pytest

from framing.measuring.contrasts.copies import weigh_copies
from framing.measuring.contrasts.differences import contrast_sources
from framing.measuring.contrasts.sides import Plan

PLAN = Plan(resamples=400, permutations=200)


def print_stories(make_sums, draw, *, labels, n_sources=6, n_stories=12, n_own=40, seed=0):
    """A source of articles of its own, and others that print the same stories."""
    rng = np.random.default_rng(seed)
    sums, units = draw(rng, np.full((n_own + n_stories, labels), 0.3))
    rows = np.concatenate([np.arange(n_own), *[n_own + np.arange(n_stories)] * (n_sources - 1)])
    cells = np.repeat(np.arange(n_sources), [n_own] + [n_stories] * (n_sources - 1))
    keys = [(f"s{n}", None) for n in range(n_sources)]
    return make_sums(keys, cells, sums[rows], units[rows]), rows


def contrast(sums, clusters):
    return contrast_sources(sums, PLAN, clusters=clusters)[0]


def test_copies_are_one_piece_of_evidence_among_the_rest(make_sums, draw):
    sums, stories = print_stories(make_sums, draw, labels=500)
    (singly, once) = (contrast(sums, known) for known in (None, stories))
    held = [((found.low <= 0) & (found.high >= 0)).mean() for found in (singly, once)]
    assert held[0] < 0.85
    assert held[1] == pytest.approx(0.95, abs=0.035)
    assert (singly.p <= 0.05).mean() > 0.12
    assert (once.p <= 0.05).mean() < 0.08
    assert (once.difference == singly.difference).all()


def test_without_copies_nothing_changes(make_sums, draw):
    sums, _ = print_stories(make_sums, draw, labels=3)
    alone = np.arange(sums.n_articles)
    assert (weigh_copies(sums, alone).variance == 0).all()
    one, other = (contrast(sums, known) for known in (None, alone))
    for name in ("low", "high", "p"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()


def test_the_variance_is_that_of_clusters(make_sums, draw):
    sums, stories = print_stories(make_sums, draw, labels=1, n_sources=5)
    rest = sums.cells > 0
    share = sums.sums[rest].sum() / sums.units[rest].sum()
    moved = (sums.sums[rest] - share * sums.units[rest])[:, 0] / sums.units[rest].sum()
    joint = np.bincount(stories[sums.articles[rest]], moved)
    copied = weigh_copies(sums, stories)
    assert copied.variance[0, 0] == pytest.approx((joint**2).sum() - (moved**2).sum())
    units = np.bincount(stories[sums.articles[rest]], sums.units[rest, 0])
    assert copied.freedom[0, 0] == pytest.approx(units.sum() ** 2 / (units**2).sum() - 1)


def test_copies_that_both_sides_print_do_not_narrow_a_difference(make_sums, draw):
    sums, units = draw(np.random.default_rng(0), np.full((20, 1), 0.3))
    keys = [(name, None) for name in ("a", "b", "c", "d", "e")]
    rows, cells = np.tile(np.arange(20), 5), np.repeat(np.arange(5), 20)
    same = make_sums(keys, cells, sums[rows], units[rows])
    assert (weigh_copies(same, rows).variance >= 0).all()


def test_labels_that_can_not_be_given_stay_out(make_sums, draw):
    sums, stories = print_stories(make_sums, draw, labels=2)
    usable = np.ones((6, 2), dtype=bool)
    usable[1:, 1] = False
    blind = dataclasses.replace(sums, usable=usable)
    copied = weigh_copies(blind, stories)
    assert copied.variance[0, 0] > 0
    assert copied.variance[0, 1] == 0
    assert np.isnan(contrast(blind, stories).p[1])
