"""Tests of telling scores that no mix of training's gives from a mere change of shares."""

import numpy as np
import pytest
from scipy.special import expit

from framing.measuring.prevalence.mixtures import lay_mixture, measure_misfit


def draw(share, n=2000, *, shift=0.0, alike=0.5, seed=0, n_articles=200):
    """Probabilities, codes and articles: units of one article are alike."""
    rng = np.random.default_rng(seed)
    articles = rng.integers(0, n_articles, n)
    levels = rng.normal(0, alike, n_articles)[articles]
    present = expit(np.log(share / (1 - share)) + levels) > rng.random(n)
    return expit(rng.normal(np.where(present, 2.0, -3.0) + shift, 1.0)), present, articles


@pytest.fixture(scope="module")
def law():
    return lay_mixture(*draw(0.2, 20000, seed=9)[:2])


def measure(law, *given, **named):
    probabilities, _, articles = draw(*given, **named)
    return measure_misfit(probabilities[:, None], articles, [law])


def test_thresholds_are_scores_of_either_side():
    probabilities = np.array([0.1, 0.1, 0.3, 0.7, 0.7, 0.9])
    law = lay_mixture(probabilities, np.array([0, 0, 0, 1, 1, 1], np.bool_))
    assert law.at.tolist() == [0.1, 0.3, 0.7, 0.9]
    assert law.present.tolist() == pytest.approx([0, 0, 2 / 3, 1])
    assert law.absent.tolist() == pytest.approx([2 / 3, 1, 1, 1])


@pytest.mark.parametrize("share", [0.02, 0.2, 0.6])
def test_another_share_is_no_misfit(law, share):
    assert measure(law, share) < 0.02


def test_scores_that_mean_something_else_are(law):
    assert measure(law, 0.2, shift=1.5) > 0.06
    middling = np.full((100, 1), 0.3)
    assert measure_misfit(middling, np.arange(100), [law]) > 0.2


def test_what_articles_vary_by_is_no_misfit(law):
    """Sixty units of six articles: chance alone would look like .05 and more."""
    found = [measure(law, 0.2, 60, alike=1.5, seed=seed, n_articles=6) for seed in range(200)]
    squares = np.square(found)
    assert np.median(found) < 0.03
    assert squares.mean() < 0.001


def test_labels_are_averaged_and_gaps_left_out(law):
    good, _, articles = draw(0.2)
    both = np.column_stack([good, np.full(len(good), 0.3)])
    alone = measure_misfit(both[:, 1:], articles, [law])
    assert measure_misfit(both, articles, [law, law]) == pytest.approx(alone / np.sqrt(2), rel=0.02)
    gaps = np.concatenate([both[:, 1:], np.full((50, 1), np.nan)])
    beside = np.concatenate([articles, np.full(50, 7)])
    assert measure_misfit(gaps, beside, [law]) == pytest.approx(alone)


def test_of_one_article_nothing_can_be_said(law):
    assert np.isnan(measure_misfit(np.full((9, 1), 0.3), np.zeros(9, int), [law]))
    assert np.isnan(measure_misfit(np.full((9, 1), np.nan), np.arange(9), [law]))


def test_sides_that_are_alike_leave_all_of_it_to_the_rest():
    law = lay_mixture(np.array([0.2, 0.4, 0.2, 0.4]), np.array([True, True, False, False]))
    assert measure_misfit(np.full((9, 1), 0.3), np.arange(9), [law]) == pytest.approx(
        np.sqrt(0.125)
    )
