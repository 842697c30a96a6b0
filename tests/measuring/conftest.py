"""Corrected sums made from plain lists, for the tests of comparisons."""

from __future__ import annotations

import numpy as np
import pytest

from framing.measuring.corrected import CorrectedSums


def build_sums(keys, cells, sums, units, *, gradients=None, covariances=None, usable=None):
    """Put articles, one a row, into cells; `cells` are places in `keys`."""
    cells = np.asarray(cells, dtype=np.intp)
    sums, units = (np.asarray(values, dtype=np.float64) for values in (sums, units))
    order = np.argsort(cells, kind="stable")
    n_cells, n_labels = len(keys), sums.shape[1]
    return CorrectedSums(
        keys=tuple(keys),
        cells=cells[order],
        articles=order.astype(np.intp),
        n_articles=len(cells),
        sums=sums[order],
        units=units[order],
        gradients=np.zeros((n_cells, n_labels, 2)) if gradients is None else np.asarray(gradients),
        covariances=np.zeros((n_labels, 2, 2)) if covariances is None else np.asarray(covariances),
        usable=np.ones((n_cells, n_labels), dtype=bool) if usable is None else np.asarray(usable),
    )


def draw_articles(rng, shares, *, likeness=2.0):
    """Draw articles of 1 to 7 units whose own shares vary about `shares` (n, K)."""
    units = np.repeat(rng.integers(1, 8, size=(len(shares), 1)), shares.shape[1], axis=1)
    own = rng.beta(shares * likeness, (1 - shares) * likeness)
    return rng.binomial(units, own).astype(np.float64), units.astype(np.float64)


@pytest.fixture
def make_sums():
    return build_sums


@pytest.fixture
def draw():
    return draw_articles
