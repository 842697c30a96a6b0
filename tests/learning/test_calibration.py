"""Tests of calibrators against known truths, of thresholds against all there are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from framing.learning.calibration import (
    choose_weights,
    find_threshold,
    fit_frame_heads,
    fit_platt,
    fit_stance_heads,
    fit_temperature,
)
from framing.learning.fitting import UNSEEN_VALUE


def sigmoid(scores):
    return 1 / (1 + np.exp(-scores))


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def draw_codes(probabilities, rng):
    return (rng.random(len(probabilities)) < probabilities).astype(float)


# Platt


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


# Thresholds


def rate(codes, probabilities, threshold):
    decided = probabilities >= threshold
    return 2 * (codes * decided).sum() / (codes.sum() + decided.sum())


def find_best(codes, probabilities):
    return max(rate(codes, probabilities, tried) for tried in np.unique(probabilities))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(3, 37), st.booleans()), min_size=1, max_size=30))
def test_no_threshold_has_a_better_f1(cells):
    grid, codes = np.array(cells, dtype=float).T
    probabilities = grid / 40  # many tie; all within 0.05-0.95 with room between them
    if codes.any():
        found = find_threshold(codes, probabilities)
        assert rate(codes, probabilities, found) == pytest.approx(find_best(codes, probabilities))


def test_a_threshold_stands_half_way_between_its_neighbours():
    codes = np.array([0, 1, 0, 1, 1])
    probabilities = np.array([0.1, 0.3, 0.35, 0.6, 0.8])
    assert find_threshold(codes, probabilities) == pytest.approx(0.2)
    assert find_threshold(codes[2:], probabilities[2:]) == pytest.approx(0.475)


def test_units_with_one_probability_are_decided_alike():
    codes, probabilities = np.array([1, 0, 0, 0, 1]), np.array([0.6, 0.6, 0.6, 0.6, 0.9])
    # The best would be to take one of the four; it is all of them or none.
    assert find_threshold(codes, probabilities) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("codes", "probabilities", "expected"),
    [
        ([1, 1], [0.99, 0.98], 0.49),  # all present: half-way down to zero
        ([1, 0], [0.999, 0.99], 0.95),
        ([1, 0], [0.02, 0.01], 0.05),
        ([0, 0], [0.9, 0.1], 0.5),
        ([], [], 0.5),
    ],
)
def test_thresholds_keep_within_their_bounds(codes, probabilities, expected):
    found = find_threshold(np.array(codes, dtype=float), np.array(probabilities))
    assert found == pytest.approx(expected)


@pytest.fixture(scope="module")
def scored():
    """Scores and codes of three frames with 80, 40 and 5 positives, the rarer the clearer."""
    rng = np.random.default_rng(21)
    codes = np.zeros((400, 3))
    for column, positives in enumerate((80, 40, 5)):
        codes[rng.permutation(400)[:positives], column] = 1
    scores = rng.normal(size=(400, 3)) + [1.0, 2.0, 3.0] * codes
    return scores, codes


def test_rare_frames_take_the_common_threshold_and_others_their_own(lay_out, scored):
    scores, codes = scored
    heads = fit_frame_heads(lay_out(codes), scores, np.arange(400))
    probabilities = np.column_stack(
        [head.calibrate(scores[:, column]) for column, head in enumerate(heads)]
    )
    common = find_threshold(codes.ravel(), probabilities.ravel())
    best = find_best(codes.ravel(), probabilities.ravel())
    assert rate(codes.ravel(), probabilities.ravel(), common) == pytest.approx(best)
    moved = []
    for column, head in enumerate(heads):
        own = find_threshold(codes[:, column], probabilities[:, column])
        assert abs(own - common) > 0.01
        moved.append((head.threshold - common) / (own - common))
    assert moved == pytest.approx([80 / 100, 40 / 60, 5 / 25], abs=1e-3)


def test_a_head_counts_what_it_was_fitted_to_and_reads_no_other_row(lay_out, scored):
    scores, codes = scored[0].copy(), scored[1].copy()
    rows = np.arange(0, 400, 2)
    codes[rows[:30], 1] = np.nan
    wanted = fit_frame_heads(lay_out(codes), scores, rows)
    scores[1::2], codes[1::2] = np.nan, 1 - codes[1::2]
    scores[rows[:30], 1] = 99.0  # not coded there
    assert fit_frame_heads(lay_out(codes), scores, rows) == wanted
    assert [head.id for head in wanted] == ["frame 0", "frame 1", "frame 2"]
    assert [head.n_units for head in wanted] == [200, 170, 200]
    assert wanted[1].n_positive == np.nansum(codes[rows, 1])


def test_where_scores_say_nothing_most_units_decide(lay_out):
    # Else the best F1 is to find the frame everywhere, however rare it is.
    codes = np.column_stack([np.repeat([1, 0], [30, 10]), np.repeat([1, 0], [10, 30])])
    dataset, scores = lay_out(codes), np.zeros((40, 2))
    common, rare = fit_frame_heads(dataset, scores, np.arange(40))
    assert (common.calibrate(scores[:, 0]) >= common.threshold).all()
    assert not (rare.calibrate(scores[:, 1]) >= rare.threshold).any()


@pytest.mark.parametrize("column", [np.zeros(6), np.full(6, np.nan)])
def test_a_frame_without_positives_is_never_decided(lay_out, column):
    frames = np.column_stack([column, [1, 1, 0, 0, 0, 0]])
    scores = np.column_stack([np.zeros(6), [3.0, 2.0, 1.0, 0.0, 0.0, 0.0]])
    head, other = fit_frame_heads(lay_out(frames), scores, np.arange(6))
    assert not (head.calibrate(np.array([-9.0, 0.0, 9.0])) >= head.threshold).any()
    assert (other.calibrate(scores[:, 1]) >= other.threshold).tolist() == [True] * 2 + [False] * 4


def test_without_frames_there_are_no_heads(lay_out):
    dataset = lay_out(stances=[(("yes", "no"), [0, 1])])
    assert fit_frame_heads(dataset, np.zeros((2, 2)), np.arange(2)) == ()
    assert fit_stance_heads(lay_out(np.zeros((2, 1))), np.zeros((2, 1)), np.arange(2)) == ()


# Stances


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_temperature_recovers_a_known_one(temperature):
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 3, (20000, 3))
    shares = softmax(scores / temperature).cumsum(axis=1)
    codes = (rng.random((20000, 1)) > shares).sum(axis=1).clip(0, 2)
    assert fit_temperature(scores, codes) == pytest.approx(temperature, rel=0.05)


def test_temperature_by_hand():
    # Right three times of four at a score 3 ahead: softmax(3 / t) = .75, so t = 3 / ln 3.
    scores = np.array([[3.0, 0.0]] * 4)
    assert fit_temperature(scores, np.array([0, 0, 0, 1])) == pytest.approx(3 / np.log(3), rel=1e-3)
    assert fit_temperature(np.empty((0, 2)), np.empty(0, dtype=int)) == 1.0


def test_huge_scores_do_not_overflow():
    scores = np.array([[4000.0, 0.0], [0.0, 4000.0], [4000.0, 0.0]])
    assert fit_temperature(scores, np.array([0, 1, 1])) == pytest.approx(np.exp(3), rel=1e-3)


def macro(codes, probabilities, weights):
    decided = (probabilities * np.array(weights)).argmax(axis=1)
    return f1_score(codes, decided, average="macro", labels=np.unique(codes), zero_division=0)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(1, 40))
def test_weights_never_worsen_macro_f1(seed, n_values, n):
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(n_values), n)
    codes = rng.choice(n_values, n, p=rng.dirichlet(np.ones(n_values)))
    weights = choose_weights(probabilities, codes)
    even = macro(codes, probabilities, np.ones(n_values))
    assert macro(codes, probabilities, weights) >= even - 1e-12
    counts = np.bincount(codes, minlength=n_values)
    assert weights[counts.argmax()] == 1.0
    assert all(weight == 1.0 for weight, count in zip(weights, counts, strict=True) if not count)
    assert all(weight > 0 for weight in weights)


def test_a_value_that_always_comes_second_is_weighted_up():
    probabilities = np.array([[0.9, 0.1]] * 8 + [[0.6, 0.4]] * 4)
    codes = np.array([0] * 8 + [1] * 4)
    weights = choose_weights(probabilities, codes)
    assert (probabilities * weights).argmax(axis=1).tolist() == codes.tolist()
    assert weights[0] == 1.0 < weights[1]


def test_weights_that_earn_nothing_stay_one():
    probabilities = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]])
    assert choose_weights(probabilities, np.array([0, 1, 2])) == (1.0, 1.0, 1.0)


def test_a_stance_head_reads_its_own_columns_and_coded_units(lay_out):
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 3, 60)
    scores = np.column_stack([rng.normal(size=60), 4 * np.eye(3)[codes] + rng.normal(size=(60, 3))])
    stance = codes.copy()
    stance[:20] = -1
    dataset = lay_out(np.zeros((60, 1)), stances=[(("for", "against", "none"), stance)])
    (head,) = fit_stance_heads(dataset, scores, np.arange(10, 50))
    assert (head.target, head.values) == ("target 0", ("for", "against", "none"))
    assert head.n_units == 30
    assert head.n_by_value == tuple(np.bincount(codes[20:50]).tolist())
    assert head.temperature == fit_temperature(scores[20:50, 1:], codes[20:50])


def test_a_target_coded_nowhere_keeps_its_scores(lay_out):
    dataset = lay_out(stances=[(("yes", "no"), [-1, -1])])
    (head,) = fit_stance_heads(dataset, np.zeros((2, 2)), np.arange(2))
    assert (head.temperature, head.weights, head.n_by_value) == (1.0, (1.0, 1.0), (0, 0))


def test_a_value_held_by_one_article_does_not_blur_the_others(lay_out):
    # Its fold is scored by a model that never saw it: that score is no measure of confidence.
    scores = np.tile([[6.0, 0.0, -6.0], [0.0, 6.0, -6.0]], (50, 1))
    codes = np.tile([0, 1], 50)
    codes[:10] = np.arange(10) % 2 == 0  # some are wrong
    alone = lay_out(stances=[(("a", "b", "c"), codes)])
    (wanted,) = fit_stance_heads(alone, scores, np.arange(100))
    scores = np.vstack([scores, [[3.0, 3.0, UNSEEN_VALUE]] * 5])
    dataset = lay_out(stances=[(("a", "b", "c"), [*codes, 2, 2, 2, 2, 2])])
    (head,) = fit_stance_heads(dataset, scores, np.arange(105))
    assert head.temperature == wanted.temperature
    assert head.n_by_value[2] == 5
