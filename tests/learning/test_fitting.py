"""Tests of the regressions against scikit-learn's own, and of what has nothing to be fitted to."""

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from framing.learning.counting import count_ngrams
from framing.learning.crossfitting import Candidate, fit_candidate
from framing.learning.fitting import LinearScores, fit_frames, fit_heads, fit_stances, join_scores

THREE = ("favor", "oppose", "none")


@pytest.fixture(scope="module")
def features():
    rng = np.random.default_rng(0)
    dense = rng.random((80, 12)) * (rng.random((80, 12)) < 0.4)
    return sp.csr_array(dense / np.maximum(np.linalg.norm(dense, axis=1), 1e-9)[:, None])


@pytest.fixture(scope="module")
def codes(features):
    rng = np.random.default_rng(1)
    logits = features @ rng.normal(size=(12, 3)) * 3
    return (logits + rng.logistic(size=logits.shape) > 0).astype(float)


def sigmoid(scores):
    return 1 / (1 + np.exp(-scores))


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("C", [1.0, 30.0])
def test_frames_equal_scikit_learns_solution(lay_out, features, codes, C):
    rows = np.arange(10, 80)
    fitted = fit_frames(features[rows], lay_out(codes), rows, C=C, seed=0)
    for column in range(3):
        primal = LogisticRegression(C=C, solver="liblinear", tol=1e-8, random_state=0)
        primal.fit(features[rows], codes[rows, column])
        expected = primal.predict_proba(features)[:, 1]
        np.testing.assert_allclose(sigmoid(fitted.score(features))[:, column], expected, atol=2e-3)


@pytest.mark.parametrize("values", [THREE[:2], THREE])
def test_stances_equal_scikit_learns_solution(lay_out, features, codes, values):
    stance = np.minimum(codes.sum(axis=1).astype(int), len(values) - 1)
    rows = np.arange(80)
    fitted = fit_stances(features, lay_out(stances=[(values, stance)]), rows, C=5.0)
    theirs = LogisticRegression(C=5.0, tol=1e-9, max_iter=2000).fit(features, stance)
    found = softmax(fitted.score(features))
    assert found.shape == (80, len(values))
    np.testing.assert_allclose(found, theirs.predict_proba(features), atol=1e-2)


def test_uncoded_units_do_not_move_a_frame_or_a_stance(lay_out, features, codes):
    uncoded = np.arange(0, 80, 4)
    frames, stance = codes.copy(), codes[:, 0].astype(int)
    frames[uncoded, 1], stance[uncoded] = np.nan, -1
    dataset = lay_out(frames, stances=[(THREE[:2], stance)])
    changed = features.toarray()
    changed[uncoded] = np.random.default_rng(5).random((len(uncoded), 12))
    options = {"C_frames": 3.0, "C_stances": 3.0, "seed": 0}
    rows = np.arange(80)
    before = fit_heads(features, dataset, rows, **options)
    after = fit_heads(sp.csr_array(changed), dataset, rows, **options)
    same = (before.coefficients == after.coefficients).all(axis=0)
    assert same.tolist() == [False, True, False, True, True]
    assert not np.array_equal(before.coefficients[:, 0], after.coefficients[:, 0])


def test_texts_of_uncoded_units_count_toward_the_idf_only(lay_out, words):
    texts = ["rare ore", "rare dust", "rare veto", "pit ore", "pit veto", "pit dust"]
    frames = [[1, 1], [1, np.nan], [1, np.nan], [0, 0], [0, np.nan], [0, 0]]
    swapped = [texts[i] for i in (0, 2, 1, 3, 4, 5)]  # two units that are not coded
    fits = []
    for version in (texts, swapped):
        dataset = lay_out(frames, texts=version)
        counts = count_ngrams(version, [words])
        fits.append(fit_candidate(counts, dataset, np.arange(6), Candidate(words, 3, 3), seed=0))
    np.testing.assert_array_equal(fits[0].coefficients[:, 1], fits[1].coefficients[:, 1])
    assert np.abs(fits[0].coefficients[:, 1]).max() > 0.1


def test_only_the_given_rows_teach(lay_out, features, codes):
    rows = np.arange(20, 60)
    others = codes.copy()
    others[:20], others[60:] = 1 - others[:20], np.nan
    fits = [fit_frames(features[rows], lay_out(c), rows, C=1.0, seed=0) for c in (codes, others)]
    np.testing.assert_array_equal(fits[0].coefficients, fits[1].coefficients)


def test_a_frame_that_is_everywhere_or_nowhere_scores_its_smoothed_share(lay_out, features):
    frames = np.column_stack([np.ones(9), np.zeros(9), np.full(9, np.nan), [1] + [np.nan] * 8])
    fitted = fit_frames(features[:9], lay_out(frames), np.arange(9), C=10.0, seed=0)
    assert not fitted.coefficients.any()
    shares = sigmoid(fitted.intercepts)
    assert shares == pytest.approx([9.5 / 10, 0.5 / 10, 0.5, 1.5 / 2])


def test_a_value_that_training_lacks_gets_no_probability(lay_out, features):
    stance = np.tile([0, 2], 40)
    fitted = fit_stances(features, lay_out(stances=[(THREE, stance)]), np.arange(80), C=1.0)
    shares = softmax(fitted.score(features))
    assert shares[:, 1].max() < 1e-7
    theirs = LogisticRegression(tol=1e-9).fit(features, stance)
    np.testing.assert_allclose(shares[:, [0, 2]], theirs.predict_proba(features), atol=1e-2)


@pytest.mark.parametrize(("stance", "share"), [([1] * 6, 1.0), ([-1] * 6, 1 / 3)])
def test_one_value_is_certain_and_none_is_even(lay_out, features, stance, share):
    dataset = lay_out(stances=[(THREE, stance)])
    fitted = fit_stances(features[:6], dataset, np.arange(6), C=1.0)
    assert not fitted.coefficients.any()
    np.testing.assert_allclose(softmax(fitted.score(features[:6]))[:, 1], share, atol=1e-7)


def test_columns_are_frames_and_then_each_target(lay_out, features, codes):
    stances = [(THREE, codes.sum(axis=1).astype(int) % 3), (THREE[:2], codes[:, 0].astype(int))]
    dataset, rows = lay_out(codes, stances=stances), np.arange(80)
    whole = fit_heads(features, dataset, rows, C_frames=9.0, C_stances=2.0, seed=0)
    assert whole.coefficients.shape == (12, 8)
    assert whole.score(features[:5]).shape == (5, 8)
    parts = join_scores(
        fit_frames(features, dataset, rows, C=9.0, seed=0),
        fit_stances(features, lay_out(n=80, stances=stances[:1]), rows, C=2.0),
        fit_stances(features, lay_out(n=80, stances=stances[1:]), rows, C=2.0),
    )
    np.testing.assert_array_equal(whole.coefficients, parts.coefficients)
    np.testing.assert_array_equal(whole.intercepts, parts.intercepts)


def test_scores_are_a_linear_map(features):
    rng = np.random.default_rng(0)
    scores = LinearScores(rng.normal(size=(12, 2)), np.array([1.0, -1.0]))
    expected = features.toarray() @ scores.coefficients + [1.0, -1.0]
    np.testing.assert_allclose(scores.score(features), expected)
