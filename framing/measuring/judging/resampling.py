"""Resamples for a judgement: of the articles of those units that are coded."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.measuring.arrays import Bools, check_length
from framing.measuring.intervals import ArticleResampler


def resample_coded(
    groups: Sequence[Hashable] | NDArray[Any],
    coded: Bools,
    *,
    resamples: int,
    rng: np.random.Generator,
) -> ArticleResampler:
    """Resample the articles of the units that are coded; the others say nothing.

    Parameters
    ----------
    groups : sequence of n hashables
        Article of each unit.
    coded : array (n,) of bool
    resamples : int
    rng : numpy.random.Generator

    Raises
    ------
    InputError
        If there is not one group a unit.

    Examples
    --------
    >>> coded, rng = np.array([True, False, True]), np.random.default_rng(0)
    >>> resample_coded(["a", "b", "a"], coded, resamples=9, rng=rng).n_articles
    1
    """
    check_length("groups", len(groups), len(coded))
    kept = [group for group, keep in zip(groups, coded, strict=True) if keep]
    return ArticleResampler.draw(kept, resamples=resamples, rng=rng)
