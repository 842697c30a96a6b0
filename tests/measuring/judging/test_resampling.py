"""Resamples of the articles of coded units."""

from __future__ import annotations

import numpy as np
import pytest

from framing.measuring.intervals import ArticleResampler
from framing.measuring.judging.resampling import resample_coded
from framing.schema import InputError


def resample(groups, coded):
    rng = np.random.default_rng(1)
    return resample_coded(groups, np.array(coded, dtype=bool), resamples=50, rng=rng)


@pytest.mark.parametrize("groups", [list("abcab"), np.array([3, 1, 2, 3, 1])])
def test_articles_are_those_of_coded_units(groups):
    found = resample(groups, [1, 1, 0, 1, 1])
    expected = ArticleResampler.draw("abab", resamples=50, rng=np.random.default_rng(1))
    assert (found.n_articles, found.resamples, found.seed) == (2, 50, expected.seed)
    assert found.codes.tolist() == expected.codes.tolist()


def test_nothing_coded_has_no_article():
    assert resample("ab", [0, 0]).n_articles == resample("", []).n_articles == 0


def test_every_unit_has_an_article():
    with pytest.raises(InputError, match=r"^1 groups for 2 units; give one a unit$"):
        resample("a", [1, 0])
