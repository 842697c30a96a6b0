"""Corpora drawn from a model whose shares are known: articles as clusters, three kinds of shift.

A unit has a score; its log-odds of the label rise by `skill` with every point of it. Scores of an
article's units are alike (intraclass correlation `ALIKE`), and so are their labels given the scores
(`RESIDUAL`, a Gaussian copula, which leaves every unit's own chance as it is). Of a label shift,
labels come first, alike by `ALIKE`, and scores are alike given the labels. The share moves by

covariate
    the mean of the scores: texts differ, and a score means what it meant (labels read off texts);
label
    the share of labels, each kind of unit keeping its scores (labels that cause texts);
concept
    what a score means: at the same score the label is more frequent by `DRIFT` on the log-odds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtr
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Shift = Literal["covariate", "label", "concept"]

ALIKE = 0.3
RESIDUAL = 0.2
DRIFT = 0.8
TRAINING_SHARE = 0.2
MEAN_UNITS = 6

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(61)


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Units (n,) of articles: article number, score and label."""

    articles: Codes
    scores: Floats
    labels: NDArray[np.bool_]

    @property
    def n_articles(self) -> int:
        """How many articles there are."""
        return int(self.articles[-1]) + 1


def draw_corpus(
    rng: np.random.Generator, n_articles: int, share: float, *, skill: float, shift: Shift
) -> Corpus:
    """Draw a corpus in which `share` of the units of the population carry the label.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_articles : int
        Articles have 1 unit or more, six on average.
    share : float
    skill : float
        How well scores tell the label: areas under the curve are about .75, .87 and .93 for 1, 2
        and 3; .76, .92 and .98 of a label shift.
    shift : {"covariate", "label", "concept"}
    """
    sizes = 1 + rng.poisson(rng.gamma(3.0, (MEAN_UNITS - 1) / 3.0, n_articles))
    articles = np.repeat(np.arange(n_articles), sizes)
    if shift == "label":
        labels = ndtr(_draw_alike(rng, articles, ALIKE)) < share
        scores = np.where(labels, skill / 2.0, -skill / 2.0) + _draw_alike(rng, articles, ALIKE)
        return Corpus(articles, scores, labels)
    offset = DRIFT if shift == "concept" else 0.0
    scores = find_mean(share, skill, offset) + _draw_alike(rng, articles, ALIKE)
    chances = expit(skill * scores + offset)
    return Corpus(articles, scores, ndtr(_draw_alike(rng, articles, RESIDUAL)) < chances)


def find_mean(share: float, skill: float, offset: float = 0.0) -> float:
    """Find the mean of normal scores at which `share` of the units carry the label."""
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2.0
        found = float(_WEIGHTS @ expit(skill * (middle + _NODES) + offset)) / _WEIGHTS.sum()
        low, high = (middle, high) if found < share else (low, middle)
    return middle


def _draw_alike(rng: np.random.Generator, articles: Codes, alike: float) -> Floats:
    """Draw standard normals whose correlation within an article is `alike`."""
    common = rng.standard_normal(int(articles[-1]) + 1)[articles]
    return np.asarray(
        np.sqrt(alike) * common + np.sqrt(1.0 - alike) * rng.standard_normal(len(articles))
    )


def calibrate(training: Corpus, scores: Floats) -> Floats:
    """Turn scores into probabilities by a logistic regression on the training corpus."""
    model = LogisticRegression(C=np.inf).fit(training.scores[:, None], training.labels)
    return np.asarray(model.predict_proba(scores[:, None])[:, 1])
