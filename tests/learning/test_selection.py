"""Tests of the choice of a setting, and of the ratings that it rests on."""

import warnings
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, average_precision_score, f1_score

from framing.cli import train
from framing.learning.calibration import fit_frame_heads, fit_stance_head
from framing.learning.candidates import PLAIN, SPELT, Candidate, Search
from framing.learning.selection import METRICS, Metric, choose, rank_precisely, rate

USUAL = Candidate(PLAIN, C=3.0)
VALUES = ("favor", "oppose", "none")
NAN = np.nan


def change(**fields):
    return replace(USUAL, **fields)


def pick(axes, **rated):
    """Choose by ratings: `usual`, and one a value under its own text."""
    search = Search(USUAL, axes)
    ratings = {USUAL: np.array(rated.pop("usual"))}
    for name, values in axes.items():
        for value in values:
            ratings[change(**{name: value})] = np.array(rated.pop(f"{name}_{value:g}"))
    assert not rated
    return choose(search, ratings)


def test_a_clear_gain_is_taken():
    chosen = pick({"C": (1.0, 10.0)}, usual=[0.5, 0.6], C_1=[0.4, 0.5], C_10=[0.6, 0.7])
    assert chosen == change(C=10.0)


@pytest.mark.parametrize(
    ("gains", "wins"),
    [
        ([0.1, 0.1, 0.1], True),
        ([0.2, 0.1, 0.0], True),  # 0.1 on average, standard error 0.1 / sqrt(3) = 0.058
        ([0.3, 0.0, 0.0], False),  # 0.1, standard error 0.1
        ([0.31, 0.0, -0.01], False),
        ([0.3, 0.01, 0.0], True),  # 0.103, standard error 0.098
        ([0.0, 0.0, 0.0], False),
        ([-0.1, -0.1, -0.1], False),
    ],
)
def test_a_gain_must_exceed_its_standard_error_over_the_folds(gains, wins):
    usual = np.array([0.5, 0.2, 0.6])
    chosen = pick({"C": (10.0,)}, usual=usual, C_10=usual + gains)
    assert chosen == (change(C=10.0) if wins else USUAL)


def test_of_an_axis_only_the_best_on_average_is_looked_at():
    # 30 is best on average, by a lucky fold; 10 would pass alone.
    rated = {"usual": [0.5, 0.5], "C_10": [0.55, 0.55], "C_30": [0.9, 0.49]}
    assert pick({"C": (10.0, 30.0)}, **rated) == USUAL
    assert pick({"C": (10.0,)}, **{k: v for k, v in rated.items() if k != "C_30"}) == change(C=10.0)


def test_of_values_that_tie_the_first_wins():
    rated = {"usual": [0.5, 0.5], "C_30": [0.6, 0.7], "C_10": [0.7, 0.6]}
    assert pick({"C": (30.0, 10.0)}, **rated) == change(C=30.0)
    assert pick({"C": (10.0, 30.0)}, **rated) == change(C=10.0)


def test_the_best_of_each_axis_are_put_together():
    search = Search(USUAL, {"C": (1.0, 10.0), "recipe": (SPELT,), "prior": (2.0,)})
    ratings = {
        USUAL: np.array([0.5, 0.5]),
        change(C=1.0): np.array([0.7, 0.7]),
        change(C=10.0): np.array([0.6, 0.6]),
        change(recipe=SPELT): np.array([0.6, 0.6]),
        change(prior=2.0): np.array([0.4, 0.62]),
    }
    assert choose(search, ratings) == Candidate(SPELT, C=1.0)


def test_without_axes_the_usual_setting_stays():
    assert choose(Search(USUAL, {}), {USUAL: np.array([0.5])}) == USUAL


def test_one_fold_says_nothing_of_chance():
    assert pick({"C": (10.0,)}, usual=[0.5], C_10=[0.9]) == USUAL


def test_folds_that_cannot_be_rated_do_not_count():
    rated = {"usual": [NAN, 0.5, 0.5], "C_10": [NAN, 0.6, 0.6], "C_30": [NAN, 0.7, 0.7]}
    assert pick({"C": (10.0, 30.0)}, **rated) == change(C=30.0)
    rated = {"usual": [NAN, 0.5], "C_10": [NAN, 0.6]}
    assert pick({"C": (10.0,)}, **rated) == USUAL


def test_where_nothing_can_be_rated_the_usual_setting_stays_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rated = {"usual": [NAN] * 3, "C_10": [NAN] * 3, "C_30": [NAN] * 3}
        assert pick({"C": (10.0, 30.0)}, **rated) == USUAL


ROWS = np.arange(60)
FOLDS = ROWS % 3


@pytest.fixture(scope="module")
def both(frames, frame_scores, stances, stance_scores):
    """A label, data and scores: of frames, and of a target."""
    return (None, frames, frame_scores), ("target 0", stances, stance_scores)


def find_coded(frames, fold):
    """List a fold's coded units a frame."""
    inside = fold == ROWS % 3
    return [np.flatnonzero(inside & ~np.isnan(codes)) for codes in frames.frames.T]


@pytest.fixture(scope="module")
def frames(lay_out):
    """Three frames on 60 units, one rarer than the next, the second coded on 45 of them."""
    codes = (np.random.default_rng(0).random((60, 3)) < [0.2, 0.4, 0.8]).astype(float)
    codes[:15, 1] = NAN
    return lay_out(codes)


@pytest.fixture(scope="module")
def frame_scores(frames):
    """Scores that tell something of each frame."""
    noise = np.random.default_rng(1).normal(size=(60, 3))
    return noise + 1.5 * np.nan_to_num(frames.frames)


@pytest.fixture(scope="module")
def stances(lay_out):
    """Two targets on 60 units, the first coded on 48 of them."""
    rng = np.random.default_rng(2)
    codes = np.where(ROWS % 5 == 4, -1, rng.choice(3, 60, p=[0.5, 0.3, 0.2]))
    return lay_out(stances=[(VALUES, codes), (("yes", "no"), rng.integers(0, 2, 60))])


@pytest.fixture(scope="module")
def stance_scores(stances):
    codes = stances.stances[0].codes
    return np.random.default_rng(3).normal(size=(60, 3)) + 1.5 * (codes[:, None] == np.arange(3))


def test_frames_are_rated_by_their_mean_average_precision_a_fold(frames, frame_scores):
    found = rate(None, frame_scores, frames, ROWS, FOLDS, "average-precision")
    expected = []
    for fold in range(3):
        held = find_coded(frames, fold)
        pairs = [(frames.frames[at, k], frame_scores[at, k]) for k, at in enumerate(held)]
        expected.append(np.mean([average_precision_score(*pair) for pair in pairs]))
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("levels", [2, 5, 1000])
@pytest.mark.parametrize("seed", range(5))
def test_average_precision_is_scikit_learns_ties_included(levels, seed):
    rng = np.random.default_rng(seed)
    present = rng.random(40) < 0.3
    scores = rng.integers(0, levels, 40) / 7
    expected = average_precision_score(present, scores)
    assert rank_precisely(present, scores) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("present", "scores", "expected"),
    [
        ([True], [0.3], 1.0),
        ([False, True], [0.9, 0.1], 1 / 2),
        ([True, False, False, True], [0.4, 0.3, 0.2, 0.1], (1 + 1 / 2) / 2),
        ([True, False, True], [0.5, 0.5, 0.5], 2 / 3),
    ],
)
def test_average_precision_by_hand(present, scores, expected):
    assert rank_precisely(np.array(present), np.array(scores)) == pytest.approx(expected)


@pytest.mark.parametrize("metric", ["macro-f1", "micro-f1"])
def test_frames_are_rated_by_the_f1_of_what_is_decided(frames, frame_scores, metric):
    found = rate(None, frame_scores, frames, ROWS, FOLDS, metric)
    heads = fit_frame_heads(frames, frame_scores, ROWS, metric=metric)
    decided = np.column_stack(
        [head.calibrate(frame_scores[:, k]) >= head.threshold for k, head in enumerate(heads)]
    )
    for fold in range(3):
        held = find_coded(frames, fold)
        truth = [frames.frames[at, k] for k, at in enumerate(held)]
        said = [decided[at, k] for k, at in enumerate(held)]
        if metric == "macro-f1":
            expected = np.mean([f1_score(*pair) for pair in zip(truth, said, strict=True)])
        else:
            expected = f1_score(np.concatenate(truth), np.concatenate(said))
        assert found[fold] == pytest.approx(expected)
    assert len(found) == 3


def test_stance_values_are_rated_by_their_share_one_by_one(stances, stance_scores):
    found = rate("target 0", stance_scores, stances, ROWS, FOLDS, "average-precision")
    stance = stances.stances[0]
    shares = fit_stance_head(stance, stance_scores, ROWS).calibrate(stance_scores)
    for fold in range(3):
        held = np.flatnonzero(np.isin(FOLDS, fold) & (stance.codes >= 0))
        expected = [
            average_precision_score(stance.codes[held] == value, shares[held, value])
            for value in range(3)
        ]
        assert found[fold] == pytest.approx(np.mean(expected))


@pytest.mark.parametrize("metric", ["macro-f1", "micro-f1"])
def test_stances_are_rated_by_the_f1_of_what_is_decided(stances, stance_scores, metric):
    found = rate("target 0", stance_scores, stances, ROWS, FOLDS, metric)
    stance = stances.stances[0]
    head = fit_stance_head(stance, stance_scores, ROWS, metric=metric)
    decided = head.decide(head.calibrate(stance_scores))
    for fold in range(3):
        held = np.isin(FOLDS, fold) & (stance.codes >= 0)
        truth, said = stance.codes[held], decided[held]
        by_hand = f1_score(truth, said, average="macro")
        expected = by_hand if metric == "macro-f1" else accuracy_score(truth, said)
        assert found[fold] == pytest.approx(expected)


def test_the_second_target_is_rated_by_its_own_codes(stances):
    codes = stances.stances[1].codes
    right = 5.0 * (codes[:, None] == np.arange(2))
    for metric in METRICS:
        assert rate("target 1", right, stances, ROWS, FOLDS, metric).tolist() == [1.0] * 3
        wrong = rate("target 1", right[:, ::-1], stances, ROWS, FOLDS, metric)
        assert (wrong < 0.8).all()


@pytest.mark.parametrize("metric", METRICS)
def test_right_scores_rate_one_and_better_ones_higher(frames, frame_scores, metric):
    perfect = 10.0 * np.nan_to_num(frames.frames) - 5.0
    assert rate(None, perfect, frames, ROWS, FOLDS, metric).tolist() == [1.0] * 3
    better = rate(None, frame_scores + perfect / 5, frames, ROWS, FOLDS, metric)
    assert (better > rate(None, frame_scores, frames, ROWS, FOLDS, metric)).all()


@pytest.mark.parametrize("metric", METRICS)
def test_only_the_given_rows_are_read(both, metric):
    rows = np.arange(10, 50)
    for label, dataset, scores in both:
        before = rate(label, scores, dataset, rows, FOLDS[rows], metric)
        torn = scores.copy()
        torn[:10], torn[50:] = NAN, NAN
        np.testing.assert_array_equal(rate(label, torn, dataset, rows, FOLDS[rows], metric), before)


@pytest.mark.parametrize("metric", METRICS)
def test_scores_of_units_that_are_not_coded_do_not_matter(
    frames, frame_scores, stances, stance_scores, metric
):
    gaps = np.isnan(frames.frames)
    before = rate(None, frame_scores, frames, ROWS, FOLDS, metric)
    changed = np.where(gaps, 9.0, frame_scores)
    np.testing.assert_array_equal(rate(None, changed, frames, ROWS, FOLDS, metric), before)
    gaps = stances.stances[0].codes[:, None] < 0
    before = rate("target 0", stance_scores, stances, ROWS, FOLDS, metric)
    changed = np.where(gaps, [9.0, -9.0, 0.0], stance_scores)
    np.testing.assert_array_equal(rate("target 0", changed, stances, ROWS, FOLDS, metric), before)


@pytest.mark.parametrize("metric", METRICS)
def test_the_order_of_rows_does_not_matter(both, metric):
    order = np.random.default_rng(4).permutation(60)
    for label, dataset, scores in both:
        ours = rate(label, scores, dataset, ROWS, FOLDS, metric)
        turned = rate(label, scores, dataset, ROWS[order], FOLDS[order], metric)
        np.testing.assert_allclose(turned, ours, atol=1e-9)


def test_frames_of_one_code_do_not_count_where_they_cannot_be_ranked(lay_out):
    codes = np.array([[1, 1, 0, NAN], [0, 1, 0, NAN], [1, 1, 0, NAN]])
    scores = np.column_stack([[3.0, 1.0, 2.0], *np.zeros((3, 3))])
    rows, folds = np.arange(3), np.zeros(3, np.intp)
    found = rate(None, scores, lay_out(codes), rows, folds, "average-precision")
    assert found.tolist() == [1.0]
    found = rate(None, scores[:, 1:], lay_out(codes[:, 1:]), rows, folds, "average-precision")
    assert np.isnan(found).tolist() == [True]


@pytest.mark.parametrize("metric", METRICS)
def test_a_fold_in_which_nothing_can_be_rated_is_nan(lay_out, metric):
    codes = np.array([1.0, 0.0] * 6)
    codes[:4] = NAN if metric == "average-precision" else 0.0
    folds = np.arange(12) // 4
    scores = np.where(codes == 1, 4.0, -4.0)[:, None]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = rate(None, scores, lay_out(codes), np.arange(12), folds, metric)
    np.testing.assert_array_equal(found, [NAN, 1.0, 1.0])


@pytest.mark.parametrize("metric", METRICS)
def test_a_target_that_is_coded_nowhere_rates_nothing(lay_out, metric):
    dataset = lay_out(stances=[(VALUES, [-1] * 6)])
    found = rate("target 0", np.zeros((6, 3)), dataset, np.arange(6), np.arange(6) % 3, metric)
    np.testing.assert_array_equal(found, [NAN] * 3)


@pytest.mark.parametrize("metric", METRICS)
def test_a_fold_in_which_a_target_is_not_coded_does_not_count(lay_out, metric):
    codes = np.array([-1, -1, -1, -1, 0, 1, 0, 1, 0, 1, 1, 0])
    dataset = lay_out(stances=[(("yes", "no"), codes)])
    scores = 4.0 * (codes[:, None] == np.arange(2))
    found = rate("target 0", scores, dataset, np.arange(12), np.arange(12) // 4, metric)
    assert found[~np.isnan(found)].tolist() == [1.0, 1.0]


def test_the_metrics_are_told_alike_wherever_they_are_listed():
    # The command lists them, too, so that its help does not load what learns.
    assert train._METRICS == METRICS == get_args(Metric)
