"""Laws of counts, against scipy and enumeration."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from framing.measuring.cards.countlaws import (
    compare_laws,
    count_carriers,
    expect_carriers,
    span_law,
)


def test_the_law_of_a_known_article_is_that_of_all_outcomes():
    p = np.array([0.1, 0.5, 0.9, 0.3])
    law = np.zeros(5)
    for outcome in itertools.product([0, 1], repeat=4):
        law[sum(outcome)] += np.prod(np.where(outcome, p, 1 - p))
    assert count_carriers(p) == pytest.approx(law)
    assert count_carriers(np.full(6, 0.3)) == pytest.approx(stats.binom.pmf(range(7), 6, 0.3))


def test_the_law_of_an_article_to_come_is_beta_binomial():
    mean, likeness, m = 0.3, 0.2, 8
    a, b = mean * (1 / likeness - 1), (1 - mean) * (1 / likeness - 1)
    law = expect_carriers(np.array([mean]), np.array([likeness]), m)
    assert law == pytest.approx(stats.betabinom.pmf(range(m + 1), m, a, b))
    assert law @ np.arange(m + 1) == pytest.approx(m * mean)


def test_what_is_not_known_of_it_is_averaged():
    both = expect_carriers(np.array([0.1, 0.5]), np.array([0.2, 0.2]), 5)
    each = [expect_carriers(np.array([mean]), np.array([0.2]), 5) for mean in (0.1, 0.5)]
    assert both == pytest.approx(np.mean(each, axis=0))


def test_without_likeness_it_is_binomial():
    law = expect_carriers(np.array([0.4]), np.array([1e-6]), 5)
    assert law == pytest.approx(stats.binom.pmf(range(6), 5, 0.4), abs=1e-4)


def test_p_values_halve_ties_and_average_over_what_is_not_known():
    expected = np.array([0.1, 0.2, 0.3, 0.4])
    for count, p in enumerate([0.1, 0.4, 0.9, 0.4]):
        assert compare_laws(np.eye(4)[count], expected) == pytest.approx(p)
    own = np.array([0.5, 0.5, 0, 0])
    assert compare_laws(own, expected) == pytest.approx(2 * (0.5 * 0.05 + 0.5 * 0.2))


def test_p_values_of_ordinary_articles_are_rarely_small():
    """An article's law that is one of many alike: p at most .05 in at most one of twenty."""
    rng = np.random.default_rng(0)
    mean, likeness, m = 0.3, 0.1, 12
    expected = expect_carriers(np.array([mean]), np.array([likeness]), m)
    a, b = mean * 9, (1 - mean) * 9
    small = []
    for _ in range(2000):
        rate = rng.beta(a, b)
        own = count_carriers(rng.beta(0.3 * rate, 0.3 * (1 - rate), m))
        small.append(compare_laws(own, expected) <= 0.05)
    assert 0.005 < np.mean(small) < 0.05


def test_spans_agree_with_p_values():
    expected = expect_carriers(np.array([0.4]), np.array([0.1]), 12)
    low, high = span_law(expected, level=0.95)
    for count in range(13):
        inside = low <= count / 12 <= high
        assert inside == (compare_laws(np.eye(13)[count], expected) >= 0.05)


def test_a_law_on_one_count_spans_nothing():
    assert span_law(np.array([0.0, 0.0, 1.0]), level=0.95) == (1.0, 1.0)
    assert span_law(np.array([0.001, 0.999]), level=0.5) == (1.0, 1.0)
