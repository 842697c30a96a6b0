"""Tests of shares of units."""

import numpy as np
import pytest

from framing.measuring.intervals import ArticleResampler, resample_weights
from framing.measuring.prevalence import estimate_prevalence, estimate_shares, explain_interval
from framing.schema import InputError

NAN = float("nan")


def estimate(values, groups, **options):
    return estimate_prevalence(values, groups, rng=np.random.default_rng(0), **options)


def test_the_share_is_the_mean_over_units_not_over_articles():
    found = estimate([0.2, 0.4, 0.9], ["a", "a", "b"])
    assert found.value == pytest.approx(0.5)
    assert (found.n_units, found.n_articles) == (3, 2)
    assert (found.method, found.level) == ("calibrated-mean", 0.95)


def test_the_interval_is_that_of_resampled_articles():
    rng = np.random.default_rng(3)
    values, groups = rng.random(40), rng.integers(0, 8, 40)
    found = estimate(values, groups, resamples=60, level=0.5)
    codes, counts = resample_weights(groups, resamples=60, rng=np.random.default_rng(0))
    means = [np.average(values, weights=count[codes]) for count in counts]
    assert (found.low, found.high) == pytest.approx(np.quantile(means, [0.25, 0.75]))


def test_units_that_agree_within_articles_widen_the_interval():
    values = np.repeat([0.1, 0.9], 50)
    clustered = estimate(values, np.repeat(np.arange(20), 5))
    free = estimate(values, np.arange(100))
    assert clustered.high - clustered.low > 1.5 * (free.high - free.low)


def test_values_that_are_missing_are_left_out():
    found = estimate([0.2, NAN, 0.4, NAN], ["a", "a", "b", "c"])
    assert found == estimate([0.2, 0.4], ["a", "b"])
    assert (found.n_units, found.n_articles) == (2, 2)


def test_decisions_give_the_naive_share():
    found = estimate([True, False, False, True], "abcd", method="naive")
    assert (found.value, found.method) == (0.5, "naive")


@pytest.mark.parametrize(("values", "value"), [([0.25, 0.75], 0.5), ([], NAN), ([NAN], NAN)])
def test_one_article_or_none_has_no_interval(values, value):
    found = estimate(values, ["a"] * len(values))
    assert found.value == pytest.approx(value, nan_ok=True)
    assert np.isnan([found.low, found.high]).all()


def test_values_and_lengths_are_checked():
    with pytest.raises(InputError, match=r"^a probability is 1.5; give calibrated"):
        estimate([1.5], ["a"])
    with pytest.raises(InputError, match="1 groups for 2 units"):
        estimate([0.5, 0.5], ["a"])
    with pytest.raises(InputError, match="level is 2"):
        estimate([0.5, 0.5], ["a", "b"], level=2)


def test_labels_have_denominators_of_their_own():
    resampler = ArticleResampler.draw("abc", resamples=20, rng=np.random.default_rng(0))
    sums = np.array([[1.0, 0.5], [1.0, 0.0], [0.0, 0.0]])
    units = np.array([[2.0, 1.0], [2.0, 0.0], [1.0, 0.0]])
    table = estimate_shares(sums, units, resampler, level=0.9)
    assert table.values.tolist() == [[0.4, 0.5]]
    assert np.isnan(table.lows).tolist() == [[False, True]]


@pytest.mark.parametrize(
    ("n_articles", "note"),
    [
        (0, "0 articles: no interval"),
        (1, "1 article: no interval"),
        (2, "2 articles: interval likely too narrow"),
        (9, "9 articles: interval likely too narrow"),
        (10, ""),
    ],
)
def test_notes_say_what_few_articles_do(n_articles, note):
    assert explain_interval(n_articles) == note
