"""Tests of the regressions against scikit-learn's own, and of what has nothing to be fitted to."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from framing.learning import logistic
from framing.learning.candidates import PLAIN, Candidate
from framing.learning.fitting import (
    UNSEEN_VALUE,
    LinearScores,
    Material,
    fit_frames,
    fit_stance,
)
from framing.learning.priors import Prior
from framing.learning.ratios import scale_features

THREE = ("favor", "oppose", "none")
PLAINLY = Candidate(PLAIN, C=10.0)
EMPHATIC = replace(PLAINLY, emphasis=0.5)


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


@pytest.fixture(scope="module")
def three(codes):
    """Codes of a target with three values."""
    return np.minimum(codes.sum(axis=1).astype(int), 2)


def pack(features, *, told=None, shares=None):
    """Take features as all there is to learn from."""
    width = features.shape[1]
    return Material(
        sp.csr_array(features),
        sp.csr_array((0, width)) if told is None else sp.csr_array(told),
        sp.csr_array((width, 0)) if shares is None else sp.csr_array(shares),
    )


def fit_frame(material, dataset, rows, candidate):
    (fitted,) = fit_frames(material, dataset, rows, [candidate])
    return fitted


def fit_target(material, dataset, rows, candidate):
    (fitted,) = fit_stance(material, dataset.stances[0], rows, [candidate])
    return fitted


def add_ones(features):
    dense = features if isinstance(features, np.ndarray) else features.toarray()
    return np.hstack([dense, np.ones((dense.shape[0], 1))])


def regress(rows, codes, C, **options):
    """Fit scikit-learn's regression to rows (n, V) and a column of ones, penalised like the rest.

    Returns scores (n, K) as a function of such rows; K is 1 for two classes.
    """
    options = {"solver": "newton-cg", "tol": 1e-8, "max_iter": 2000, **options}
    weights = options.pop("sample_weight", None)
    model = LogisticRegression(C=C, fit_intercept=False, **options)
    model.fit(add_ones(rows), codes, sample_weight=weights)
    return lambda rows: model.decision_function(add_ones(rows)).reshape(rows.shape[0], -1)


def center(scores):
    """Take out what a softmax does not see."""
    return scores - scores.mean(axis=1, keepdims=True)


def sigmoid(scores):
    return 1 / (1 + np.exp(-scores))


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("C", [1.0, 30.0])
def test_frames_equal_liblinears_solution(lay_out, features, codes, C):
    rows = np.arange(10, 80)
    fitted = fit_frame(pack(features[rows]), lay_out(codes), rows, replace(PLAINLY, C=C))
    for column in range(3):
        theirs = LogisticRegression(
            C=C, solver="liblinear", intercept_scaling=1, tol=1e-10, max_iter=10_000
        ).fit(features[rows], codes[rows, column])
        ours = fitted.score(features)[:, column]
        np.testing.assert_allclose(ours, theirs.decision_function(features), atol=0.02)
        np.testing.assert_allclose(fitted.coefficients[:, column], theirs.coef_[0], atol=0.05)
        assert fitted.intercepts[column] == pytest.approx(theirs.intercept_[0], abs=0.02)


@pytest.mark.parametrize("values", [THREE[:2], THREE])
def test_stances_equal_scikit_learns_solution(lay_out, features, three, values):
    stance = np.minimum(three, len(values) - 1)
    dataset = lay_out(stances=[(values, stance)])
    fitted = fit_target(pack(features), dataset, np.arange(80), replace(PLAINLY, C=5.0))
    # Two outputs w and -w pay twice the penalty of one output w.
    score = regress(features, stance, 10.0 if len(values) == 2 else 5.0)
    ours, expected = fitted.score(features), score(features)
    assert ours.shape == (80, len(values))
    if len(values) == 2:
        np.testing.assert_allclose(ours[:, 1] - ours[:, 0], expected[:, 0], atol=0.02)
    else:
        np.testing.assert_allclose(center(ours), expected, atol=0.02)


def test_emphasis_is_a_fit_to_scaled_features(lay_out, features, codes, three):
    rows, dense = np.arange(80), features.toarray()
    everywhere = np.ones_like(codes, bool)
    fitted = fit_frame(pack(features), lay_out(codes), rows, EMPHATIC)
    scales = scale_features(features, codes > 0, everywhere, 0.5)
    for column in range(3):
        scaled = dense * scales[:, column]
        score = regress(scaled, codes[:, column], 10.0)
        ours = fitted.score(features)[:, column]
        np.testing.assert_allclose(ours, score(scaled)[:, 0], atol=0.02)
    plain = fit_frame(pack(features), lay_out(codes), rows, PLAINLY)
    assert np.abs(plain.score(features) - fitted.score(features)).max() > 0.1
    two = np.minimum(three, 1)
    ours = fit_target(pack(features), lay_out(stances=[(THREE[:2], two)]), rows, EMPHATIC)
    # With two values both have the same ratios but for their sign.
    scaled = dense * scale_features(features, two[:, None] > 0, everywhere[:, :1], 0.5)[:, 0]
    expected = regress(scaled, two, 20.0)(scaled)[:, 0]
    np.testing.assert_allclose(np.diff(ours.score(features))[:, 0], expected, atol=0.02)


def test_balanced_frames_are_scikit_learns_and_stances_up_to_the_number_of_values(
    lay_out, features, codes, three
):
    rows, balanced = np.arange(80), replace(PLAINLY, balanced=True)
    codes = codes.copy()
    codes[10:, 0] = 0.0
    fitted = fit_frame(pack(features), lay_out(codes), rows, balanced)
    for column in range(3):
        score = regress(features, codes[:, column], 10.0, class_weight="balanced")
        ours = fitted.score(features)[:, column]
        np.testing.assert_allclose(ours, score(features)[:, 0], atol=0.02)
    plain = fit_frame(pack(features), lay_out(codes), rows, PLAINLY)
    assert np.abs(plain.score(features) - fitted.score(features))[:, 0].mean() > 0.5
    uneven = np.where(np.arange(80) < 60, 0, three)
    ours = fit_target(pack(features), lay_out(stances=[(THREE, uneven)]), rows, balanced)
    # n / (2 * count) where scikit-learn has n / (3 * count).
    score = regress(features, uneven, 15.0, class_weight="balanced")
    np.testing.assert_allclose(center(ours.score(features)), score(features), atol=0.02)


def test_units_that_are_not_coded_do_not_count_as_a_class(lay_out, features, codes):
    gaps = np.where(np.arange(80)[:, None] % 4 == 0, np.nan, codes)
    kept = np.flatnonzero(np.arange(80) % 4)
    candidate = replace(PLAINLY, balanced=True)
    ours = fit_frame(pack(features), lay_out(gaps), np.arange(80), candidate)
    left = fit_frame(pack(features[kept]), lay_out(codes), kept, candidate)
    np.testing.assert_allclose(ours.score(features), left.score(features), atol=0.02)


@pytest.mark.parametrize("candidate", [PLAINLY, replace(PLAINLY, balanced=True)])
def test_uncoded_units_do_not_move_a_frame_or_a_stance(lay_out, features, codes, candidate):
    uncoded, rows = np.arange(0, 80, 4), np.arange(80)
    frames, stance = codes.copy(), codes[:, 0].astype(int)
    frames[uncoded, 1], stance[uncoded] = np.nan, -1
    dataset = lay_out(frames, stances=[(THREE[:2], stance)])
    changed = features.toarray()
    changed[uncoded] = np.random.default_rng(5).random((len(uncoded), 12))
    before, after = pack(features), pack(changed)
    fits = [fit_frame(material, dataset, rows, candidate) for material in (before, after)]
    # Sums of one problem may differ in the last digit by what else is open in the batch.
    moved = np.abs(fits[0].coefficients - fits[1].coefficients).max(axis=0)
    assert moved[1] < 1e-5
    assert min(moved[0], moved[2]) > 0.1
    for setting in (candidate, replace(candidate, emphasis=0.5)):
        fits = [fit_target(material, dataset, rows, setting) for material in (before, after)]
        np.testing.assert_array_equal(fits[0].coefficients, fits[1].coefficients)
        assert np.abs(fits[0].coefficients).max() > 0.1


def test_codes_of_other_frames_and_targets_do_not_matter(lay_out, features, codes, three):
    rows = np.arange(80)
    turned = np.column_stack([1 - codes[:, 0], codes[:, 1], np.full(80, np.nan)])
    fits = [fit_frame(pack(features), lay_out(c), rows, EMPHATIC) for c in (codes, turned)]
    ours, others = (fitted.score(features)[:, 1] for fitted in fits)
    np.testing.assert_allclose(ours, others, atol=1e-3)
    alone = fit_frame(pack(features), lay_out(codes[:, 1]), rows, EMPHATIC)
    np.testing.assert_allclose(ours, alone.score(features)[:, 0], atol=0.02)


def test_only_the_given_rows_teach(lay_out, features, codes, three):
    rows = np.arange(20, 60)
    others, turned = codes.copy(), three.copy()
    others[:20], others[60:] = 1 - others[:20], np.nan
    turned[:20], turned[60:] = 1 - turned[:20] % 2, -1
    material = pack(features[rows])
    fits = [fit_frame(material, lay_out(c), rows, EMPHATIC) for c in (codes, others)]
    np.testing.assert_array_equal(fits[0].coefficients, fits[1].coefficients)
    datasets = [lay_out(stances=[(THREE, c)]) for c in (three, turned)]
    fits = [fit_target(material, dataset, rows, EMPHATIC) for dataset in datasets]
    np.testing.assert_array_equal(fits[0].coefficients, fits[1].coefficients)


def test_the_order_of_rows_does_not_matter(lay_out, features, codes, three):
    order = np.random.default_rng(0).permutation(80)
    dataset = lay_out(codes, stances=[(THREE, three)])
    candidate = replace(EMPHATIC, balanced=True)
    for fit in (fit_frame, fit_target):
        ours = fit(pack(features), dataset, np.arange(80), candidate)
        turned = fit(pack(features[order]), dataset, order, candidate)
        np.testing.assert_allclose(turned.score(features), ours.score(features), atol=0.02)


def test_pseudo_units_are_units_that_weigh_what_the_prior_says(lay_out, features, codes):
    told = np.random.default_rng(2).random((4, 12))
    carried = np.eye(3)[[0, 0, 1, 2]]
    dataset = lay_out(codes, prior=Prior(("",) * 4, carried))
    candidate = replace(PLAINLY, prior=2.5)
    fitted = fit_frame(pack(features, told=told), dataset, np.arange(80), candidate)
    rows = np.vstack([features.toarray(), told])
    weights = np.where(np.arange(84) < 80, 1.0, 2.5)
    for column in range(3):
        labels = np.concatenate([codes[:, column], carried[:, column]])
        score = regress(rows, labels, 10.0, sample_weight=weights)
        ours = fitted.score(features)[:, column]
        np.testing.assert_allclose(ours, score(features)[:, 0], atol=0.02)


def test_a_prior_of_zero_leaves_pseudo_units_out(lay_out, features, codes):
    told = np.random.default_rng(2).random((4, 12))
    dataset = lay_out(codes, prior=Prior(("",) * 4, np.eye(3)[[0, 0, 1, 2]]))
    for candidate in (PLAINLY, EMPHATIC):
        ours = fit_frame(pack(features, told=told), dataset, np.arange(80), candidate)
        without = fit_frame(pack(features), lay_out(codes), np.arange(80), candidate)
        np.testing.assert_allclose(ours.score(features), without.score(features), atol=1e-3)


def test_pseudo_units_make_no_ratios_and_no_balance(lay_out, features, codes):
    told = 5.0 * np.random.default_rng(2).random((4, 12))
    candidate = replace(EMPHATIC, prior=2.0, balanced=True)
    dataset = lay_out(codes, prior=Prior(("",) * 4, np.eye(3)[[0, 0, 1, 2]]))
    fitted = fit_frame(pack(features, told=told), dataset, np.arange(80), candidate)
    scales = scale_features(features, codes > 0, np.ones_like(codes, bool), 0.5)[:, 0]
    rows, labels = np.vstack([features.toarray(), told]), [*codes[:, 0], 1, 1, 0, 0]
    counts = np.bincount(codes[:, 0].astype(int))
    weights = np.concatenate([80 / (2 * counts[codes[:, 0].astype(int)]), [2.0] * 4])
    score = regress(rows * scales, labels, 10.0, sample_weight=weights)
    expected = score(features.toarray() * scales)[:, 0]
    np.testing.assert_allclose(fitted.score(features)[:, 0], expected, atol=0.02)


@pytest.fixture(scope="module")
def shares():
    """Of 12 terms 0 to 2 share one weight and 5 and 6 another, each by the inverse of its idf."""
    dense = np.zeros((12, 2))
    dense[:3, 0], dense[5:7, 1] = [0.5, 0.4, 0.8], [0.25, 1.0]
    return dense


@pytest.mark.parametrize("emphasis", [0.0, 0.5])
def test_shared_weights_are_features_beside_the_others(lay_out, features, three, shares, emphasis):
    candidate = replace(PLAINLY, polarity=3.0, emphasis=emphasis)
    two = np.minimum(three, 1)
    dataset = lay_out(stances=[(THREE[:2], two)])
    fitted = fit_target(pack(features, shares=shares), dataset, np.arange(80), candidate)
    dense, everywhere = features.toarray(), np.ones((80, 1), bool)
    own = dense * scale_features(features, two[:, None] > 0, everywhere, emphasis)[:, 0]
    rows = np.hstack([own, 3.0 * (dense @ shares)])
    expected = regress(rows, two, 20.0)(rows)[:, 0]
    ours = np.diff(fitted.score(features))[:, 0]
    np.testing.assert_allclose(ours, expected, atol=0.02)
    plain = fit_target(
        pack(features, shares=shares), dataset, np.arange(80), replace(candidate, polarity=0.0)
    )
    assert np.abs(ours - np.diff(plain.score(features))[:, 0]).max() > 0.05


def test_a_polarity_of_zero_shares_nothing(lay_out, features, three, shares):
    dataset = lay_out(stances=[(THREE, three)])
    fits = [
        fit_target(pack(features, shares=given), dataset, np.arange(80), EMPHATIC)
        for given in (shares, None)
    ]
    np.testing.assert_allclose(fits[0].coefficients, fits[1].coefficients, atol=1e-3)


def test_a_term_that_training_lacks_takes_the_weight_that_it_shares(lay_out, three, shares):
    # Feature 0 stands in no unit, feature 1 in those that favour, feature 5 in those that do not.
    dense = np.zeros((80, 12))
    dense[three == 0, 1] = dense[three != 0, 5] = 1.0
    dataset = lay_out(stances=[(THREE, three)])
    fits = [
        fit_target(pack(dense, shares=shares), dataset, np.arange(80), candidate)
        for candidate in (PLAINLY, replace(PLAINLY, polarity=3.0))
    ]
    alone, shared = (fitted.coefficients for fitted in fits)
    assert not alone[[0, 6]].any()
    assert shared[0, 0] > 0.1
    assert shared[6, 0] < -0.1
    assert shared[0] == pytest.approx(shared[2] * shares[0, 0] / shares[2, 0], abs=1e-5)
    assert not shared[[3, 4, 7, 11]].any()


def test_frames_share_no_weights(lay_out, features, codes, shares):
    candidate = replace(PLAINLY, polarity=3.0)
    fits = [
        fit_frame(pack(features, shares=given), lay_out(codes), np.arange(80), candidate)
        for given in (shares, None)
    ]
    np.testing.assert_array_equal(fits[0].coefficients, fits[1].coefficients)


MANY = tuple(
    replace(PLAINLY, C=C, emphasis=emphasis, prior=prior, balanced=balanced)
    for C in (0.3, 3.0, 30.0)
    for emphasis in (0.0, 0.5)
    for prior in (0.0, 2.0)
    for balanced in (False, True)
)


def test_candidates_fitted_together_are_each_as_if_alone(lay_out, features, codes, three):
    # 24 candidates of 3 columns: more than share one walk over the matrix.
    told = np.random.default_rng(2).random((4, 12))
    prior = Prior(("",) * 4, np.eye(3)[[0, 0, 1, 2]])
    dataset = lay_out(codes, stances=[(THREE, three)], prior=prior)
    material, rows = pack(features, told=told), np.arange(80)
    frames = list(fit_frames(material, dataset, rows, MANY))
    stances = list(fit_stance(material, dataset.stances[0], rows, MANY))
    assert len(frames) == len(stances) == len(MANY) == 24
    for candidate, *together in zip(MANY, frames, stances, strict=True):
        for fit, ours in zip((fit_frame, fit_target), together, strict=True):
            alone = fit(material, dataset, rows, candidate)
            np.testing.assert_allclose(ours.score(features), alone.score(features), atol=0.02)


def test_no_candidates_give_no_scores(lay_out, features, codes, three):
    dataset = lay_out(codes, stances=[(THREE, three)])
    assert list(fit_frames(pack(features), dataset, np.arange(80), [])) == []
    assert list(fit_stance(pack(features), dataset.stances[0], np.arange(80), [])) == []


@pytest.mark.parametrize("candidate", [PLAINLY, replace(EMPHATIC, balanced=True)])
def test_a_frame_that_is_everywhere_or_nowhere_scores_its_smoothed_share(
    lay_out, features, candidate
):
    frames = np.column_stack([np.ones(9), np.zeros(9), np.full(9, np.nan), [1] + [np.nan] * 8])
    fitted = fit_frame(pack(features[:9]), lay_out(frames), np.arange(9), candidate)
    assert not fitted.coefficients.any()
    shares = sigmoid(fitted.intercepts)
    assert shares == pytest.approx([9.5 / 10, 0.5 / 10, 0.5, 1.5 / 2])


def test_a_value_that_training_lacks_gets_no_probability(lay_out, features, codes):
    stance = 2 * codes[:, 0].astype(int)
    dataset = lay_out(stances=[(THREE, stance)])
    fitted = fit_target(pack(features), dataset, np.arange(80), PLAINLY)
    scores = fitted.score(features)
    assert np.unique(scores[:, 1]).tolist() == [UNSEEN_VALUE]
    assert softmax(scores)[:, 1].max() < 1e-7
    expected = regress(features, stance, 20.0)(features)[:, 0]
    np.testing.assert_allclose(scores[:, 2] - scores[:, 0], expected, atol=0.02)


@pytest.mark.parametrize(("stance", "share"), [([1] * 6, 1.0), ([-1] * 6, 1 / 3)])
def test_one_value_is_certain_and_none_is_even(lay_out, features, stance, share):
    dataset = lay_out(stances=[(THREE, stance)])
    material = pack(features[:6])
    fits = list(fit_stance(material, dataset.stances[0], np.arange(6), [PLAINLY, EMPHATIC]))
    assert len(fits) == 2
    for fitted in fits:
        assert fitted.coefficients.shape == (12, 3)
        assert not fitted.coefficients.any()
        scores = fitted.score(features[:6])
        np.testing.assert_allclose(softmax(scores)[:, 1], share, atol=1e-7)


def test_coefficients_are_32_bits_and_intercepts_64(lay_out, features, codes, three):
    dataset = lay_out(codes, stances=[(THREE, three)])
    for fit in (fit_frame, fit_target):
        fitted = fit(pack(features), dataset, np.arange(80), EMPHATIC)
        assert fitted.coefficients.shape == (12, 3)
        assert fitted.coefficients.dtype == np.float32
        assert fitted.intercepts.dtype == fitted.score(features).dtype == np.float64


def test_scores_are_a_linear_map(features):
    rng = np.random.default_rng(0)
    coefficients = rng.normal(size=(12, 2)).astype(np.float32)
    scores = LinearScores(coefficients, np.array([1.0, -1.0]))
    expected = features.toarray() @ coefficients + [1.0, -1.0]
    np.testing.assert_allclose(scores.score(features), expected)


def test_fits_that_end_too_early_say_so_where_they_matter(monkeypatch, lay_out, features, three):
    sure, told = np.ones((80, 1)), (three[:, None] == 0).astype(float)
    dataset = lay_out(np.hstack([sure, told]), stances=[(THREE, three)])
    alone = lay_out(sure)
    material, rows = pack(features), np.arange(80)
    hard = replace(PLAINLY, C=1e4)
    for steps, unsolved in ((100, False), (3, True)):
        monkeypatch.setattr(logistic, "_MOST_NEWTON_STEPS", steps)
        for fit in (fit_frame, fit_target):
            assert fit(material, dataset, rows, hard).unsolved is unsolved
    assert fit_frame(material, alone, rows, hard).unsolved is False
