"""Tests of thresholds against all there are, and of stances' calibration against known truths."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from framing.learning.bands import find_band
from framing.learning.calibration import (
    choose_weights,
    find_threshold,
    fit_frame_heads,
    fit_stance_head,
    fit_temperature,
)
from framing.learning.fitting import UNSEEN_VALUE


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


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


def test_for_micro_f1_every_frame_takes_the_common_threshold(lay_out, scored):
    scores, codes = scored
    rows = np.arange(400)
    heads = fit_frame_heads(lay_out(codes), scores, rows, metric="micro-f1")
    probabilities = np.column_stack([h.calibrate(scores[:, k]) for k, h in enumerate(heads)])
    common = find_threshold(codes.ravel(), probabilities.ravel())
    assert [head.threshold for head in heads] == pytest.approx([common] * 3)
    ranked, macro = (
        fit_frame_heads(lay_out(codes), scores, rows, metric=metric)
        for metric in ("average-precision", "macro-f1")
    )
    assert ranked == macro != heads


def test_the_order_of_rows_does_not_matter(lay_out, scored):
    scores, codes = scored
    dataset = lay_out(codes, groups=np.arange(400) // 4)
    order = np.random.default_rng(1).permutation(400)
    ours, theirs = (
        fit_frame_heads(dataset, scores, rows, precision=0.8) for rows in (np.arange(400), order)
    )
    for one, two in zip(ours, theirs, strict=True):
        assert two.slope == pytest.approx(one.slope)
        assert two.threshold == pytest.approx(one.threshold, abs=1e-5)
        assert two.band == pytest.approx(one.band, abs=1e-5)


def test_only_who_asks_for_a_promise_gets_bands(lay_out, scored):
    scores, codes = scored
    rows = np.arange(400)
    plain = fit_frame_heads(lay_out(codes), scores, rows)
    assert [(head.band, head.knots) for head in plain] == [(None, ())] * 3
    promising = fit_frame_heads(lay_out(codes), scores, rows, precision=0.8)
    for column, head in enumerate(promising):
        shares = head.calibrate(scores[:, column])
        assert head.band == find_band(codes[:, column], shares, 0.8, threshold=head.threshold)
        assert head.band[0] <= head.threshold <= head.band[1]


def test_a_band_rests_on_coded_units_alone(lay_out, scored):
    scores, codes = scored[0].copy(), scored[1].copy()
    kept = np.arange(0, 400, 2)
    groups = np.arange(400) // 4
    wanted = fit_frame_heads(lay_out(codes[kept]), scores[kept], np.arange(200), precision=0.8)
    codes[1::2], scores[1::2] = np.nan, 50.0
    found = fit_frame_heads(lay_out(codes, groups=groups), scores, np.arange(400), precision=0.8)
    assert [head.band for head in found] == [head.band for head in wanted]


def test_articles_that_are_right_or_wrong_as_a_whole_are_sure_of_less(lay_out, scored):
    groups = np.arange(400) // 4
    scores, codes = (part[groups * 4] for part in scored)
    alone, alike = (
        fit_frame_heads(lay_out(codes, groups=given), scores, np.arange(400), precision=0.8)
        for given in (None, groups)
    )
    for column, head in enumerate(alike):
        truth, shares = codes[:, column], head.calibrate(scores[:, column])
        told = {"threshold": head.threshold, "groups": groups}
        assert head.band == find_band(truth, shares, 0.8, **told)
    doubts = [
        np.mean([head.doubt(head.calibrate(scores[:, k])) for k, head in enumerate(heads)])
        for heads in (alone, alike)
    ]
    assert doubts[1] > doubts[0]


def test_a_frame_that_scores_say_nothing_of_does_not_move_the_thresholds_of_others(lay_out):
    # Decided everywhere as most units have it, it would pull the common one toward its own share.
    rng = np.random.default_rng(0)
    scores, rows = rng.normal(size=(200, 1)), np.arange(200)
    codes = (rng.random((200, 1)) < softmax(np.hstack([2 * scores, 0 * scores]))[:, :1]).astype(
        float
    )
    flat = np.zeros((200, 1))
    mute = (rng.random((200, 1)) < 0.3).astype(float)
    (alone,) = fit_frame_heads(lay_out(codes), scores, rows, metric="micro-f1")
    told, silent = fit_frame_heads(
        lay_out(np.hstack([codes, mute])), np.hstack([scores, flat]), rows, metric="micro-f1"
    )
    assert not silent.slope
    assert told.threshold == alone.threshold
    both = fit_frame_heads(lay_out(mute), flat, rows, metric="micro-f1")
    assert [head.threshold for head in both] == [0.5]


def test_thresholds_and_bands_are_of_the_curve_that_was_chosen(lay_out):
    # Scores in a shape that no sigmoid has: the frame stands at either end of a long plateau.
    rng = np.random.default_rng(3)
    scores = np.concatenate([rng.uniform(-40, -39, 200), rng.uniform(0, 40, 400)])[:, None]
    chances = np.where(scores < -38, 0.02, np.where(scores < 20, 0.5, 0.55))
    codes = (rng.random((600, 1)) < chances).astype(float)
    dataset = lay_out(codes, groups=np.arange(600) // 2)
    (plain,) = fit_frame_heads(dataset, scores, np.arange(600))
    (head,) = fit_frame_heads(dataset, scores, np.arange(600), precision=0.9)
    assert (plain.knots, bool(head.knots)) == ((), True)
    shares = head.calibrate(scores[:, 0])
    assert head.threshold == pytest.approx(find_threshold(codes[:, 0], shares))
    assert head.band == find_band(codes[:, 0], shares, 0.9, threshold=head.threshold)


@pytest.mark.parametrize("by_article", [True, False])
def test_a_curve_is_tried_on_articles_that_it_does_not_know(lay_out, by_article):
    # Eight units of one score and one code an article: parted, they betray each other.
    rng = np.random.default_rng(0)
    own = rng.normal(size=80)
    codes = np.repeat(rng.random(80) < 1 / (1 + np.exp(-1.5 * own)), 8)
    groups = np.arange(640) // 8 if by_article else np.arange(640)
    dataset = lay_out(codes, groups=groups)
    scores = np.repeat(own, 8)[:, None]
    (head,) = fit_frame_heads(dataset, scores, np.arange(640), precision=0.9)
    assert bool(head.knots) != by_article


def test_without_frames_there_are_no_heads(lay_out):
    dataset = lay_out(stances=[(("yes", "no"), [0, 1])])
    assert fit_frame_heads(dataset, np.zeros((2, 2)), np.arange(2)) == ()


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


def test_a_stance_head_reads_its_coded_units_alone(lay_out):
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 3, 60)
    scores = 4 * np.eye(3)[codes] + rng.normal(size=(60, 3))
    stance = codes.copy()
    stance[:20] = -1
    scores[:20] = np.nan
    (column,) = lay_out(stances=[(("for", "against", "none"), stance)]).stances
    head = fit_stance_head(column, scores, np.arange(10, 50))
    assert (head.target, head.values) == ("target 0", ("for", "against", "none"))
    assert head.n_units == 30
    assert head.n_by_value == tuple(np.bincount(codes[20:50]).tolist())
    assert head.temperature == fit_temperature(scores[20:50], codes[20:50])
    assert not head.mentioned
    assert fit_stance_head(column, scores, np.arange(10, 50), mentioned=True).mentioned


def test_for_micro_f1_the_most_probable_value_is_decided_for(lay_out):
    codes = np.repeat([0, 1], [40, 10])
    scores = np.zeros((50, 2))
    scores[:, 0] = np.where(np.arange(50) < 36, 2.0, 0.3)
    (column,) = lay_out(stances=[(("a", "b"), codes)]).stances
    rows = np.arange(50)
    weighted = fit_stance_head(column, scores, rows)
    assert weighted.weights[1] > 1.0
    assert fit_stance_head(column, scores, rows, metric="average-precision") == weighted
    plain = fit_stance_head(column, scores, rows, metric="micro-f1")
    assert plain.weights == (1.0, 1.0)
    assert plain.temperature == weighted.temperature


def test_a_target_coded_nowhere_keeps_its_scores(lay_out):
    (column,) = lay_out(stances=[(("yes", "no"), [-1, -1])]).stances
    head = fit_stance_head(column, np.zeros((2, 2)), np.arange(2))
    assert (head.temperature, head.weights, head.n_by_value) == (1.0, (1.0, 1.0), (0, 0))


def test_a_value_held_by_one_article_does_not_blur_the_others(lay_out):
    # Its fold is scored by a model that never saw it: that score is no measure of confidence.
    scores = np.tile([[6.0, 0.0, -6.0], [0.0, 6.0, -6.0]], (50, 1))
    codes = np.tile([0, 1], 50)
    codes[:10] = np.arange(10) % 2 == 0  # some are wrong
    (alone,) = lay_out(stances=[(("a", "b", "c"), codes)]).stances
    wanted = fit_stance_head(alone, scores, np.arange(100))
    scores = np.vstack([scores, [[3.0, 3.0, UNSEEN_VALUE]] * 5])
    (column,) = lay_out(stances=[(("a", "b", "c"), [*codes, 2, 2, 2, 2, 2])]).stances
    head = fit_stance_head(column, scores, np.arange(105))
    assert head.temperature == wanted.temperature
    assert head.n_by_value[2] == 5
