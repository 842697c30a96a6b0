"""How many of a text's words a model has never seen, and how many that was in training."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.scoring.model import Model
from framing.scoring.ngrams import find_tokens


@dataclass(frozen=True, slots=True)
class Domain:
    """Shares of an article's words that training articles of other folds lack.

    Attributes
    ----------
    median, most, nearly_all : float
        Quantiles .5, .9 and .99 over training articles.
    """

    median: float
    most: float
    nearly_all: float


def read_domain(model: Model) -> Domain | None:
    """Return what training found of its articles' words.

    None of a model that does not say, or whose numbers are no quantiles of shares.
    """
    given = model.training.get("domain")
    if not isinstance(given, Mapping):
        return None
    numbers = [given.get(name) for name in ("median", "most", "nearly_all")]
    shares = [
        float(number)
        for number in numbers
        if isinstance(number, int | float) and not isinstance(number, bool)
    ]
    sound = len(shares) == 3 and 0 <= shares[0] <= shares[1] <= shares[2] <= 1
    return Domain(*shares) if sound else None


def list_words(model: Model) -> frozenset[str]:
    """List the single words of a model's vocabulary."""
    return frozenset(
        term
        for fitted in model.vectorizer.blocks
        if (fitted.block.analyzer, fitted.block.low, fitted.block.field) == ("word", 1, "text")
        for term in fitted.terms
        if " " not in term
    )


def measure_unseen(known: Collection[str], texts: Sequence[str]) -> NDArray[np.float64]:
    """Return the share of each text's words (n,) that are none of those known.

    NaN for texts without words, and everywhere if nothing is known.

    Examples
    --------
    >>> measure_unseen({"tin"}, ["Tin rose", "a 1 !"]).tolist()
    [0.5, nan]
    """
    shares = np.full(len(texts), np.nan)
    for place, text in enumerate(texts if known else ()):
        words = [token.group() for token in find_tokens(text.lower())]
        if words:
            shares[place] = sum(word not in known for word in words) / len(words)
    return shares
