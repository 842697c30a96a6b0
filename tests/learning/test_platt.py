"""Tests of Platt's sigmoid against known truths, and where scores say nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from framing.learning.platt import fit_platt


def sigmoid(scores):
    return 1 / (1 + np.exp(-scores))


def draw_codes(probabilities, rng):
    return (rng.random(len(probabilities)) < probabilities).astype(float)


@pytest.mark.parametrize(("slope", "offset"), [(1.7, -0.6), (0.4, 0.0), (3.0, -2.5)])
def test_platt_recovers_a_known_sigmoid(slope, offset):
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 1.5, 20000)
    found = fit_platt(scores, draw_codes(sigmoid(slope * scores + offset), rng))
    assert found == pytest.approx((slope, offset), abs=0.12)


def test_platt_meets_his_smoothed_targets_where_two_scores_part_the_codes():
    # Platt (1999): of n+ positives the target is (n+ + 1) / (n+ + 2), of n- negatives 1 / (n- + 2).
    slope, offset = fit_platt(np.repeat([3.0, 1.0], [6, 3]), np.repeat([0, 1], [3, 6])[::-1])
    assert sigmoid(3 * slope + offset) == pytest.approx(7 / 8, abs=1e-6)
    assert sigmoid(slope + offset) == pytest.approx(1 / 5, abs=1e-6)


@pytest.mark.parametrize(("scale", "shift"), [(1e-2, 0), (1e4, -3e4), (1.0, 500.0), (0.05, 40.0)])
def test_platt_does_not_depend_on_the_scale_of_scores(scale, shift):
    rng = np.random.default_rng(0)
    scores = rng.normal(size=60)
    codes = draw_codes(sigmoid(2 * scores), rng)
    slope, offset = fit_platt(scores, codes)
    moved_slope, moved_offset = fit_platt(scale * scores + shift, codes)
    moved = moved_slope * (scale * scores + shift) + moved_offset
    np.testing.assert_allclose(moved, slope * scores + offset, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-1e4, 1e4), st.booleans()), min_size=1, max_size=25),
    st.sampled_from([1e-9, 1e-4, 1.0]),
)
def test_platt_never_turns_a_ranking_round_and_never_warns(cells, scale):
    scores, codes = np.array(cells, dtype=float).T
    slope, offset = fit_platt(scores * scale, codes)
    assert slope >= 0
    assert np.isfinite([slope, offset]).all()


def test_scores_that_rank_backwards_say_nothing():
    slope, offset = fit_platt(np.array([2.0, 1.0, -1.0, -2.0, -3.0]), np.array([0, 0, 0, 1, 1]))
    assert slope == 0
    assert sigmoid(offset) == pytest.approx((3 * 0.2 + 2 * 0.75) / 5)  # mean of the targets


@pytest.mark.parametrize(("code", "probability"), [(0, 1 / 10), (1, 9 / 10)])
def test_one_class_alone_gives_its_smoothed_share(code, probability):
    slope, offset = fit_platt(np.arange(8.0), np.full(8, code))
    assert slope == 0
    assert sigmoid(offset) == pytest.approx(probability)


def test_scores_no_further_apart_than_a_solver_is_exact_say_nothing():
    slope, offset = fit_platt(np.repeat([1.0, 1.0 + 1e-4], 5), np.repeat([0, 1], 5))
    assert (slope, offset) == (0.0, pytest.approx(0.0))


def test_nothing_coded_is_even_odds():
    assert fit_platt(np.empty(0), np.empty(0)) == (0.0, 0.0)


def test_no_sigmoid_is_nearer_to_the_smoothed_targets():
    rng = np.random.default_rng(3)
    scores = rng.normal(0, 2, 150)
    codes = draw_codes(sigmoid(scores - 1), rng)
    n = codes.sum()
    targets = np.where(codes > 0, (n + 1) / (n + 2), 1 / (152 - n))

    def surprise(line):
        logits = line[0] * scores + line[1]
        return np.logaddexp(0, logits).sum() - targets @ logits

    best = minimize(surprise, (1.0, 0.0), tol=1e-10).x
    assert fit_platt(scores, codes) == pytest.approx(tuple(best), abs=1e-4)


def test_the_order_of_units_does_not_matter():
    rng = np.random.default_rng(5)
    scores = rng.normal(size=80)
    codes = draw_codes(sigmoid(scores), rng)
    order = rng.permutation(80)
    assert fit_platt(scores[order], codes[order]) == pytest.approx(fit_platt(scores, codes))


def test_codes_may_be_of_either_kind():
    scores, codes = np.array([0.0, 1.0, 2.0, 3.0]), np.array([0, 1, 0, 1])
    assert fit_platt(scores, codes) == fit_platt(scores, codes.astype(bool))
