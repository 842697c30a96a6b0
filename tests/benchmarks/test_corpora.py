"""Tests of the drawn corpora: shares, likeness within articles, what each kind of shift moves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from simulated.corpora import (
    ALIKE,
    DRIFT,
    MEAN_UNITS,
    RESIDUAL,
    Corpus,
    calibrate,
    draw_corpus,
    find_mean,
)

SHIFTS = ("covariate", "label", "concept")
SHARES = (0.03, 0.2, 0.6)


def draw(share=0.2, *, skill=2.0, shift="covariate", n_articles=20_000, seed=0):
    return draw_corpus(np.random.default_rng(seed), n_articles, share, skill=skill, shift=shift)


def correlate(values, articles):
    """Intraclass correlation, from all pairs of units of one article."""
    apart = values - values.mean()
    sizes = np.bincount(articles)
    products = np.bincount(articles, apart) ** 2 - np.bincount(articles, apart**2)
    return products.sum() / (sizes * (sizes - 1)).sum() / values.var()


def fit(corpus):
    """Offset and slope of labels on scores."""
    found = LogisticRegression(C=np.inf).fit(corpus.scores[:, None], corpus.labels)
    return float(found.intercept_[0]), float(found.coef_[0, 0])


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("share", SHARES)
def test_the_share_is_the_one_asked_for(shift, share):
    assert draw(share, shift=shift).labels.mean() == pytest.approx(share, rel=0.04)


@pytest.mark.parametrize(
    ("skill", "read", "caused"), [(1.0, 0.75, 0.76), (2.0, 0.87, 0.92), (3.0, 0.93, 0.98)]
)
def test_skill_is_how_well_scores_tell(skill, read, caused):
    for shift, expected in (("covariate", read), ("concept", read), ("label", caused)):
        corpus = draw(skill=skill, shift=shift)
        area = roc_auc_score(corpus.labels, corpus.scores)
        assert area == pytest.approx(expected, abs=0.01)
        assert fit(corpus)[1] == pytest.approx(skill, rel=0.05)


@pytest.mark.parametrize("share", SHARES)
def test_a_covariate_shift_moves_the_scores_and_not_what_they_mean(share):
    corpus = draw(share)
    assert fit(corpus)[0] == pytest.approx(0, abs=0.1)
    assert corpus.scores.mean() == pytest.approx(find_mean(share, 2.0), abs=0.03)
    assert corpus.scores.std() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("share", SHARES)
def test_a_concept_shift_moves_what_scores_mean(share):
    assert fit(draw(share, shift="concept"))[0] == pytest.approx(DRIFT, abs=0.1)


@pytest.mark.parametrize("share", SHARES)
def test_a_label_shift_leaves_the_scores_of_each_kind(share):
    corpus = draw(share, shift="label")
    for label, mean in ((True, 1.0), (False, -1.0)):
        own = corpus.scores[corpus.labels == label]
        assert own.mean() == pytest.approx(mean, abs=0.06)
        assert own.std() == pytest.approx(1, abs=0.03)
    assert fit(corpus)[0] == pytest.approx(logit(share), abs=0.15)


def test_units_of_an_article_are_alike():
    """Scores by ALIKE; of a label shift those given the label, and the labels by a copula."""
    corpus = draw()
    assert correlate(corpus.scores, corpus.articles) == pytest.approx(ALIKE, abs=0.02)
    shifted = draw(0.5, shift="label")
    given = shifted.scores - np.where(shifted.labels, 1.0, -1.0)
    assert correlate(given, shifted.articles) == pytest.approx(ALIKE, abs=0.02)
    # Normals cut at their median correlate by 2 / pi times the arc sine of what they did.
    cut = 2 / np.pi * np.arcsin(ALIKE)
    assert correlate(shifted.labels.astype(float), shifted.articles) == pytest.approx(cut, abs=0.02)


def test_labels_are_alike_beyond_their_scores():
    corpus = draw(0.5, skill=0.0)
    cut = 2 / np.pi * np.arcsin(RESIDUAL)
    assert correlate(corpus.labels.astype(float), corpus.articles) == pytest.approx(cut, abs=0.02)


def test_articles_have_units_and_different_numbers_of_them():
    corpus = draw()
    sizes = np.bincount(corpus.articles)
    assert corpus.n_articles == len(sizes) == 20_000
    assert sizes.min() >= 1
    assert sizes.mean() == pytest.approx(MEAN_UNITS, abs=0.1)
    assert sizes.var() > MEAN_UNITS
    assert len(corpus.scores) == len(corpus.labels) == sizes.sum()


def test_a_seed_draws_the_same():
    one, other, third = (draw(n_articles=20, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.scores, other.scores)
    np.testing.assert_array_equal(one.labels, other.labels)
    assert one.scores.tolist() != third.scores.tolist()


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("offset", [0.0, DRIFT])
def test_the_mean_gives_the_share(share, offset):
    grid = np.linspace(-8, 8, 4001)
    density = np.exp(-(grid**2) / 2)
    chances = expit(2.0 * (find_mean(share, 2.0, offset) + grid) + offset)
    assert chances @ density / density.sum() == pytest.approx(share, rel=1e-4)


def test_probabilities_are_those_of_the_training_corpus():
    training = draw(n_articles=300)
    chances = calibrate(training, training.scores)
    assert chances.mean() == pytest.approx(training.labels.mean(), abs=1e-4)
    offset, slope = fit(training)
    new = np.array([-1.0, 0.0, 2.0])
    assert calibrate(training, new) == pytest.approx(expit(offset + slope * new), abs=1e-6)


def test_the_last_article_tells_how_many_there_are():
    assert Corpus(np.array([0, 0, 1, 2]), np.zeros(4), np.zeros(4, bool)).n_articles == 3
