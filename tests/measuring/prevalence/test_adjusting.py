"""Tests of adjusted counts, by counting forward, and of EM, against the iteration as published."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.measuring.prevalence.adjusting import adjust_counts, maximise_likelihood

INSIDE = st.floats(0.02, 0.98)


@given(st.floats(0, 1), INSIDE, INSIDE)
def test_adjusting_undoes_what_decisions_miss_and_make_up(share, one, other):
    sensitivity, false_alarms = max(one, other) + 0.01, min(one, other)
    decided = share * sensitivity + (1 - share) * false_alarms
    found = adjust_counts(*(np.array([x]) for x in (decided, sensitivity, false_alarms)))
    assert found == pytest.approx([share], abs=1e-9)


def test_adjusted_counts_stay_within_zero_and_one():
    found = adjust_counts(np.array([0.0, 0.1, 0.9]), np.full(3, 0.8), np.full(3, 0.2))
    assert found.tolist() == [0, 0, 1]


@pytest.mark.parametrize(("sensitivity", "false_alarms"), [(0.3, 0.3), (0.2, 0.4)])
def test_decisions_that_tell_nothing_apart_adjust_nothing(sensitivity, false_alarms):
    found = adjust_counts(np.array([0.3]), np.array([sensitivity]), np.array([false_alarms]))
    assert np.isnan(found).all()


def iterate(chances, prior, *, rounds=200_000):
    """E and M steps in turn (Saerens et al. 2002, equations 2.9), to a standstill."""
    share = prior
    for _ in range(rounds):
        present = share / prior * chances
        absent = (1 - share) / (1 - prior) * (1 - chances)
        moved = (present / (present + absent)).mean()
        if abs(moved - share) < 1e-13:
            return moved
        share = moved
    return share


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.95))
def test_it_comes_to_rest_where_the_iteration_does(seed, prior):
    rng = np.random.default_rng(seed)
    chances = rng.beta(0.6, 0.9, 60)
    found = maximise_likelihood(chances, prior, np.zeros(60, np.intp), 1)
    assert found == pytest.approx([iterate(chances, prior)], abs=1e-6)


def test_cells_are_found_each_by_itself():
    rng = np.random.default_rng(0)
    chances, cells = rng.beta(0.6, 0.9, 90), rng.integers(0, 3, 90)
    together = maximise_likelihood(chances, 0.3, cells, 4)
    for cell in range(3):
        assert together[cell] == pytest.approx(iterate(chances[cells == cell], 0.3), abs=1e-6)
    assert np.isnan(together[3])


@pytest.mark.parametrize(
    ("chances", "share"),
    [
        ([1.0, 1.0], 1.0),
        ([0.0, 0.0], 0.0),
        ([0.0, 1.0, 1.0, 1.0], 0.75),
        ([0.3, 0.3], 0.3),  # as likely as in training: nothing is learnt
        ([0.9, 0.95], 1.0),
        ([0.1, 0.05], 0.0),
    ],
)
def test_edges_are_reached(chances, share):
    cells = np.zeros(len(chances), np.intp)
    assert maximise_likelihood(np.array(chances), 0.3, cells, 1) == pytest.approx([share], abs=1e-6)


@pytest.mark.parametrize("prior", [0.0, 1.0, float("nan")])
def test_a_prior_that_rules_out_is_of_no_use(prior):
    assert np.isnan(maximise_likelihood(np.array([0.5]), prior, np.zeros(1, np.intp), 1)).all()


def test_no_units_have_no_share():
    assert np.isnan(maximise_likelihood(np.zeros(0), 0.5, np.zeros(0, np.intp), 2)).all()
