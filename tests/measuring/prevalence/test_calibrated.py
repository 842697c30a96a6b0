"""Tests of mean probabilities: variance by leaving out, calibration by moving it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from framing.measuring.prevalence.calibrated import (
    average_probabilities,
    explain_variance,
    find_gradients,
    spread_calibration,
)

NAN = float("nan")
NONE = np.zeros(1)


def draw(seed, *, n_articles=150):
    rng = np.random.default_rng(seed)
    articles = np.repeat(np.arange(n_articles), rng.integers(1, 9, n_articles))
    odds = rng.normal(0, 1, n_articles)[articles] + rng.normal(-0.5, 1, len(articles))
    return articles, expit(odds)


def test_the_share_is_the_mean_probability_of_units_or_of_articles(tally):
    sums = tally([0.2, 0.4, 0.9, NAN], articles=[0, 0, 1, 1])
    assert average_probabilities(sums, explained=NONE).values == pytest.approx([0.5])
    alike = average_probabilities(sums.weigh_articles_alike(), explained=NONE)
    assert alike.values == pytest.approx([(0.3 + 0.9) / 2])


@pytest.mark.parametrize("alike", [False, True])
def test_the_variance_is_that_of_leaving_out_articles(tally, alike):
    articles, chances = draw(0)

    def estimate(kept):
        sums = tally(chances[kept], articles=articles[kept])
        sums = sums.weigh_articles_alike() if alike else sums
        return average_probabilities(sums, explained=NONE)

    values = np.array([estimate(articles != article).values[0] for article in range(150)])
    jackknife = 149 / 150 * ((values - values.mean()) ** 2).sum()
    whole = estimate(articles >= 0)
    assert whole.spread.variance == pytest.approx([jackknife], rel=0.03)


def test_units_that_agree_within_articles_widen(tally):
    chances = np.repeat([0.1, 0.9], 50)
    clustered = tally(chances, articles=np.repeat(np.arange(20), 5))
    free = tally(chances)
    variances = [
        average_probabilities(sums, explained=NONE).spread.variance[0] for sums in (clustered, free)
    ]
    assert variances[0] > 4 * variances[1]


def test_articles_that_agree_by_luck_are_not_believed(tally):
    """Two articles with one mean show no variance; what probabilities usually explain does."""
    sums = tally([0.2, 0.4, 0.2, 0.4], articles=[0, 0, 1, 1])
    assert average_probabilities(sums, explained=NONE).spread.variance == pytest.approx([0])
    level = (0.3 * 4 + 0.5) / 5
    usual = 1.6 * 0.5 * level * (1 - level) / 4
    finds = 0.3 * 4
    found = average_probabilities(sums, explained=np.array([0.5]))
    assert found.spread.variance == pytest.approx([4 * usual / (finds + 4)])


def test_a_census_leaves_what_labels_scatter_about_probabilities(tally):
    articles, chances = draw(1)
    found = average_probabilities(tally(chances, articles=articles), explained=NONE, census=True)
    scatter = (chances * (1 - chances)).sum() / len(chances) ** 2
    assert found.spread.variance == pytest.approx([1.6 * scatter])
    assert found.spread.freedom.tolist() == [np.inf]
    sure = average_probabilities(tally([0, 1, 1]), explained=NONE, census=True)
    assert (sure.values[0], sure.spread.variance[0]) == (pytest.approx(2 / 3), 0)


def test_corrected_sums_are_the_probabilities(tally):
    sums = tally([0.2, 0.4, 0.9], articles=[0, 0, 1])
    assert average_probabilities(sums, explained=NONE).sums.tolist() == sums.predicted.tolist()


@pytest.mark.parametrize("alike", [False, True])
def test_gradients_are_what_moving_calibration_does(tally, alike):
    articles, chances = draw(2)

    def measure(offset, slope):
        moved = expit(offset + (1 + slope) * logit(chances))
        sums = tally(moved, articles=articles)
        return average_probabilities(
            sums.weigh_articles_alike() if alike else sums, explained=NONE
        ).values[0]

    step = 1e-5
    by_hand = [
        (measure(step, 0) - measure(-step, 0)) / (2 * step),
        (measure(0, step) - measure(0, -step)) / (2 * step),
    ]
    sums = tally(chances, articles=articles)
    found = find_gradients(sums.weigh_articles_alike() if alike else sums)
    assert found[0] == pytest.approx(by_hand, rel=1e-6)


def test_probabilities_of_zero_and_one_do_not_move(tally):
    assert find_gradients(tally([0.0, 1.0, 1.0])).tolist() == [[0, 0]]


def test_calibration_adds_the_variance_of_what_moves():
    covariance = np.array([[0.04, -0.01], [-0.01, 0.02]])
    found = spread_calibration(np.array([[0.2, -0.1]]), covariance[None], np.array([30.0]))
    expected = 0.2**2 * 0.04 + 2 * 0.2 * -0.1 * -0.01 + 0.1**2 * 0.02
    assert found.variance == pytest.approx([expected])
    assert found.freedom.tolist() == [15]
    few = spread_calibration(np.array([[0.2, -0.1]]), covariance[None], np.array([1.0]))
    assert few.freedom.tolist() == [2]


def test_rounding_does_not_make_variances_negative():
    covariance = np.array([[1.0, -1.0], [-1.0, 1.0 - 1e-12]])
    gradients = np.array([[1.0, 1.0]])
    assert spread_calibration(gradients, covariance[None], np.array([9.0])).variance.tolist() == [0]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_what_probabilities_explain_is_a_share(tally, chances):
    (found,) = explain_variance(tally(chances))
    assert 0 <= found <= 1
    mean = np.mean(chances)
    if 0.01 < mean < 0.99:
        assert found == pytest.approx(np.var(chances) / (mean * (1 - mean)), abs=1e-9)


@pytest.mark.parametrize("chances", [[0.0, 0.0], [1.0], [NAN], [0.0, 1.0]])
def test_certainty_explains_all(tally, chances):
    assert explain_variance(tally(chances)).tolist() == [1]
