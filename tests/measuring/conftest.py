"""Units laid out as arrays, corrected sums from plain lists, corpora with known shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import norm

from framing.measuring.prevalence.corrected import CorrectedSums
from framing.measuring.prevalence.tallies import UnitTable, tally_cells


@pytest.fixture(scope="session")
def lay_units():
    """Return what makes a table of units; each is an article of its own if none is named."""

    def build(probabilities, truth=None, *, articles=None, weights=None, decisions=None):
        chances = np.asarray(probabilities, float).reshape(len(probabilities), -1)
        codes = np.full(chances.shape, np.nan) if truth is None else np.asarray(truth, float)
        groups = np.arange(len(chances)) if articles is None else np.asarray(articles)
        return UnitTable(
            probabilities=chances,
            decisions=chances > 0.5 if decisions is None else decisions.reshape(chances.shape),
            truth=codes.reshape(chances.shape),
            weights=np.ones(len(chances)) if weights is None else np.asarray(weights, float),
            articles=groups,
            n_articles=int(groups.max()) + 1,
        )

    return build


@pytest.fixture(scope="session")
def tally(lay_units):
    """Return what sums units by article, all of them in one cell."""

    def build(*arguments, **options):
        units = lay_units(*arguments, **options)
        return tally_cells(units, [("Post", None)] * len(units.articles)).tally

    return build


@dataclass(frozen=True)
class Corpus:
    """Units of articles: log-odds that a perfect reader of scores would give, codes, the share."""

    articles: np.ndarray
    odds: np.ndarray
    truth: np.ndarray
    share: float


def _draw_articles(rng, n_articles):
    """About six units an article, unevenly."""
    sizes = 1 + rng.poisson(rng.gamma(2.0, 2.5, n_articles))
    return np.repeat(np.arange(n_articles), sizes)


def _draw_alike(rng, articles, correlation):
    """Standard normals that units of one article have partly in common."""
    common = rng.standard_normal(articles.max() + 1)[articles]
    return np.sqrt(correlation) * common + np.sqrt(1 - correlation) * rng.standard_normal(
        len(articles)
    )


@pytest.fixture(scope="session")
def draw_corpus():
    """Return what draws a corpus whose share is known.

    "covariate": scores lie elsewhere, and mean what they did (labels are read off texts);
    "concept": the same scores mean more of the label; "label": the share moves, and scores of
    units with the label are spread as before (labels cause texts).
    """

    def draw(rng, n_articles, *, centre=-1.5, sharpness=2.0, kind="covariate"):
        articles = _draw_articles(rng, n_articles)
        luck = norm.cdf(_draw_alike(rng, articles, 0.2))
        if kind == "label":
            share = float(expit(centre))
            truth = luck < share
            gap = sharpness * (truth - 0.5) + _draw_alike(rng, articles, 0.3)
            return Corpus(articles, logit(0.2) + sharpness * gap, truth.astype(float), share)
        odds = centre + sharpness * _draw_alike(rng, articles, 0.3)
        offset = 0.8 if kind == "concept" else 0.0
        grid = np.linspace(0.0005, 0.9995, 1000)
        share = expit(offset + centre + sharpness * norm.ppf(grid)).mean()
        return Corpus(articles, odds, (luck < expit(offset + odds)).astype(float), float(share))

    return draw


@pytest.fixture(scope="session")
def code_articles():
    """Return what codes all units of some articles by hand."""

    def code(rng, corpus, n_coded):
        chosen = rng.choice(corpus.articles.max() + 1, n_coded, replace=False)
        return np.where(np.isin(corpus.articles, chosen), corpus.truth, np.nan)

    return code


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
