"""Tests of the choice among candidates."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from framing.learning.crossfitting import Candidate
from framing.learning.selection import choose_candidate, merge_scores, rate_frames, rate_stances
from framing.scoring.recipe import FeatureRecipe, NgramBlock

WORDS, PAIRS = (FeatureRecipe((NgramBlock("word", 1, high),)) for high in (1, 2))
A, B = Candidate(WORDS, 1.0, 1.0), Candidate(WORDS, 10.0, 30.0)
C, D = Candidate(PAIRS, 1.0, 1.0), Candidate(PAIRS, 10.0, 10.0)
VALUES = ("favor", "oppose", "none")


@pytest.fixture(scope="module")
def dataset(lay_out):
    codes = np.arange(12) % 3
    return lay_out((codes == 0).astype(float), stances=[(VALUES, codes)])


def score(dataset, *, frames, stances):
    """Return scores (n, 4) that are right about a share of the units, wrong about the rest."""
    codes = dataset.stances[0].codes
    out = np.column_stack([dataset.frames, np.eye(3)[codes]])
    out[round(frames * 12) :, 0] *= -1
    out[round(stances * 12) :, 1:] *= -1
    return out


def test_frames_decide_features_and_stances_their_own_penalty_among_these(dataset):
    scores = {
        A: score(dataset, frames=0.5, stances=0.9),
        B: score(dataset, frames=0.6, stances=1.0),  # the best for stances, other features
        C: score(dataset, frames=0.9, stances=0.3),
        D: score(dataset, frames=0.7, stances=0.6),
    }
    assert choose_candidate(scores, dataset, np.arange(12)) == Candidate(PAIRS, 1.0, 10.0)


def test_of_candidates_that_tie_the_first_wins(dataset):
    same = score(dataset, frames=0.8, stances=0.8)
    assert choose_candidate({B: same, A: same, C: same}, dataset, np.arange(12)) == B
    assert choose_candidate({C: same, A: same}, dataset, np.arange(12)) == C


def test_without_frames_stances_decide_features_too(lay_out, dataset):
    stances = lay_out(stances=[(VALUES, dataset.stances[0].codes)])
    scores = {
        A: score(dataset, frames=1.0, stances=0.5)[:, 1:],
        D: score(dataset, frames=0.0, stances=0.9)[:, 1:],
    }
    assert choose_candidate(scores, stances, np.arange(12)) == D


def test_only_the_given_rows_are_read(dataset):
    rows = np.array([0, 1, 2, 6, 7, 8])
    good = score(dataset, frames=1.0, stances=1.0)
    poor = score(dataset, frames=0.5, stances=0.5)
    good[[3, 4, 5, 9, 10, 11]] = np.nan
    assert choose_candidate({A: poor, B: good}, dataset, rows) == B


def test_frames_are_rated_by_their_mean_average_precision(lay_out):
    rng = np.random.default_rng(0)
    scores, codes = rng.normal(size=(30, 3)), rng.integers(0, 2, (30, 3)).astype(float)
    codes[:9, 1] = np.nan
    expected = np.mean(
        [
            average_precision_score(codes[start:, k], scores[start:, k])
            for k, start in ((0, 0), (1, 9), (2, 0))
        ]
    )
    assert rate_frames(scores, lay_out(codes), np.arange(30)) == pytest.approx(expected)


def test_frames_of_one_code_do_not_count(lay_out):
    codes = np.array([[1, 1, 0, np.nan], [0, 1, 0, np.nan], [1, 1, 0, np.nan]])
    scores = np.column_stack([[3.0, 1.0, 2.0], *np.zeros((3, 3))])
    assert rate_frames(scores, lay_out(codes), np.arange(3)) == 1.0
    assert rate_frames(scores[:, 1:], lay_out(codes[:, 1:]), np.arange(3)) == 0.0


def test_stance_values_are_rated_by_their_share_not_by_their_score(lay_out):
    # The first unit's score for "no" is the highest of all, its share is not.
    dataset = lay_out(stances=[(("yes", "no"), [0, 1, 1, -1])])
    scores = np.array([[900.0, 890.0], [-1.0, 1.0], [-2.0, 3.0], [np.nan, np.nan]])
    assert rate_stances(scores, dataset, np.arange(4)) == 1.0


def test_stances_are_rated_value_by_value_over_all_targets(lay_out):
    rng = np.random.default_rng(0)
    codes, other = rng.integers(0, 3, 40), rng.integers(0, 2, 40)
    dataset = lay_out(np.zeros((40, 1)), stances=[(VALUES, codes), (VALUES[:2], other)])
    scores = rng.normal(size=(40, 6))
    powers = [np.exp(scores[:, 1:4]), np.exp(scores[:, 4:])]
    shares = [block / block.sum(axis=1, keepdims=True) for block in powers]
    expected = [average_precision_score(codes == v, shares[0][:, v]) for v in range(3)]
    expected += [average_precision_score(other == v, shares[1][:, v]) for v in range(2)]
    assert rate_stances(scores, dataset, np.arange(40)) == pytest.approx(np.mean(expected))


def test_a_target_that_is_coded_nowhere_rates_nothing(lay_out):
    dataset = lay_out(stances=[(VALUES, [-1, -1])])
    assert rate_stances(np.zeros((2, 3)), dataset, np.arange(2)) == 0.0


def test_scores_of_a_merged_candidate_stem_from_two(lay_out):
    dataset = lay_out(np.zeros((3, 2)), stances=[(("favor", "none"), [0, 1, 0])])
    first, second = A, replace(A, C_frames=3.0, C_stances=0.3)
    scores = {first: np.full((3, 4), 1.0), second: np.full((3, 4), 2.0)}
    merged = merge_scores(scores, replace(first, C_stances=second.C_stances), dataset)
    assert merged.tolist() == [[1.0, 1.0, 2.0, 2.0]] * 3
    assert merge_scores(scores, second, dataset).tolist() == [[2.0] * 4] * 3
