"""Tests of values put together with their intervals."""

import numpy as np
import pytest

from framing.measuring.intervals import ArticleResampler, percentile_interval
from framing.measuring.judging.estimation import BOOTSTRAP, REFLECTED, estimate_scores
from framing.schema import InputError

SUMS = np.array([1.0, 2.0, 6.0, 3.0])


class MeanJudge:
    """Two rows of two scores: the mean over articles, resting on 4, 1, 2 and 4 articles."""

    def score(self, counts):
        """Give the mean four times."""
        return np.repeat((counts @ SUMS / 4)[:, None], 4, axis=1).reshape(-1, 2, 2)

    def support(self):
        """Give made-up counts."""
        return np.array([[4, 1], [2, 4]])


def estimate(**options):
    resampler = ArticleResampler.draw("abcd", resamples=30, rng=np.random.default_rng(0))
    return resampler, estimate_scores(MeanJudge(), resampler, level=0.9, **options)


def test_the_value_is_that_of_the_data_and_the_bounds_are_percentiles():
    resampler, table = estimate()
    low, high = percentile_interval(resampler.replicate(lambda c: c @ SUMS / 4), level=0.9)
    first = table.row(0, n_units=9, n_articles=4)[0]
    assert (first.value, first.low, first.high) == (3, low, high)
    assert (first.n_units, first.n_articles) == (9, 4)
    assert (first.level, first.method) == (0.9, BOOTSTRAP)


def test_one_article_has_a_value_and_no_bounds():
    _, table = estimate()
    thin = table.row(0, n_units=9, n_articles=4)[1]
    assert thin.value == 3
    assert np.isnan([thin.low, thin.high]).all()
    assert not np.isnan(table.lows[1]).any()


def test_chosen_scores_are_reflected():
    _, plain = estimate()
    _, table = estimate(reflected=np.s_[1:, 1])
    first, last = (table.row(row, n_units=9, n_articles=4)[1] for row in (0, 1))
    assert (first.method, last.method) == (BOOTSTRAP, REFLECTED)
    assert last.low == max(0, 6 - plain.highs[1, 1])
    assert last.high == 6 - plain.lows[1, 1]
    assert table.lows[1, 0] == plain.lows[1, 0]


def test_levels_are_checked_before_anything_is_computed():
    resampler = ArticleResampler.draw("ab", resamples=1, rng=np.random.default_rng(0))
    with pytest.raises(InputError, match="level is 95"):
        estimate_scores(None, resampler, level=95)
