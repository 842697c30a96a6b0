"""Tests of p-values and of their correction."""

import numpy as np
import pytest
from scipy import stats

from framing.measuring.tails import Tail
from framing.measuring.testing import (
    adjust_kinds,
    adjust_together,
    count_beyond,
    equivalence_p,
    permutation_p,
)


def test_families_are_corrected_as_one():
    # Benjamini & Hochberg (1995), section 3.2: the fifteen p-values of their example
    p = np.array(
        [
            *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
            *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
        ]
    )
    adjusted, n_tests = adjust_together({"one": p[:4], "two": p[4:].reshape(11, 1)})
    together = np.concatenate([adjusted["one"], adjusted["two"].ravel()])
    assert n_tests == 15
    assert (together <= 0.05).sum() == 4
    assert together == pytest.approx(stats.false_discovery_control(p))
    assert adjusted["two"].shape == (11, 1)


def test_what_is_not_tested_is_not_counted():
    adjusted, n_tests = adjust_together({"one": np.array([0.01, np.nan, 0.04])})
    assert n_tests == 2
    assert adjusted["one"] == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)


@pytest.mark.parametrize("families", [{}, {"one": np.zeros(0)}, {"one": np.array([np.nan])}])
def test_nothing_tested_is_no_fault(families):
    adjusted, n_tests = adjust_together(families)
    assert n_tests == 0
    assert adjusted.keys() == families.keys()


def test_ties_count_and_rounding_makes_none_different():
    observed = np.array([0.1 + 0.2])
    assert count_beyond(observed, np.array([[0.3], [-0.3], [0.29], [np.nan]])).tolist() == [3]


def test_the_data_are_one_arrangement_more():
    permuted = np.linspace(-1, 1, 99)[:, None]
    assert permutation_p(np.array([5.0]), permuted) == pytest.approx([0.01])
    assert permutation_p(np.array([0.0]), permuted) == pytest.approx([1.0])
    assert np.isnan(permutation_p(np.array([np.nan]), permuted)).all()


def test_no_p_is_smaller_than_one_arrangement():
    permuted = np.random.default_rng(0).standard_normal((2000, 2))
    p = permutation_p(np.array([9.0, 9.0]), permuted, smallest=np.array([0.1, 0.0]), tail=Tail(1e6))
    assert p[0] == 0.1
    assert p[1] < 1 / 2001


def test_the_tail_is_read_only_where_few_are_beyond():
    permuted = np.random.default_rng(0).standard_normal((2000, 2))
    observed = np.array([1.0, 4.0])
    plain, read = (permutation_p(observed, permuted, tail=t) for t in (None, Tail(1e6)))
    assert plain[0] == read[0]
    assert plain[1] == pytest.approx(1 / 2001)
    assert read[1] == pytest.approx(2 * stats.norm.sf(4), rel=1.0)
    assert read[1] != plain[1]


def test_equivalence_is_the_larger_of_two_one_sided_tests():
    replicates = np.array([-0.2, -0.1, 0.0, 0.05, 0.09, 0.05, 0.01, 0.02, 0.03])[:, None]
    assert equivalence_p(replicates, 0.1) == pytest.approx([0.3])
    assert equivalence_p(-replicates, 0.1) == pytest.approx([0.3])
    assert equivalence_p(replicates, 0.3) == pytest.approx([0.1])
    assert np.isnan(equivalence_p(np.array([[np.nan], [0.0]]), 0.1)).all()


def test_equivalence_agrees_with_the_interval_of_twice_alpha():
    rng = np.random.default_rng(0)
    replicates = rng.normal(0.02, np.linspace(0.01, 0.1, 50), size=(4999, 50))
    low, high = np.quantile(replicates, [0.05, 0.95], axis=0)
    inside = (low > -0.1) & (high < 0.1)
    assert ((equivalence_p(replicates, 0.1) <= 0.05) == inside).mean() > 0.97
    assert 5 < inside.sum() < 45


def test_a_corrected_p_is_the_larger_of_that_over_everything_and_that_of_its_kind():
    hard = {"one": np.array([0.01, np.nan]), "two": np.array([[0.3]])}
    easy = {"three": np.full(8, 1e-4)}
    found, claimed = adjust_kinds([hard, easy])
    assert found["one"].tolist() == pytest.approx([0.02, np.nan], nan_ok=True)  # .011 over all
    assert found["two"].tolist() == [[0.3]]
    assert claimed["three"] == pytest.approx(np.full(8, 1e-4 * 10 / 8))  # 1e-4 by itself
    assert adjust_kinds([{}, {"none": np.zeros(0)}])[1]["none"].shape == (0,)
