"""What training found of its own texts: words that others lack, and how scores lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from framing.measuring.prevalence.mixtures import Mixture
from framing.scoring.model import Model


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
    shares = _read_shares([given.get(name) for name in ("median", "most", "nearly_all")])
    return Domain(*shares) if shares and shares == sorted(shares) else None


@dataclass(frozen=True, slots=True, eq=False)
class ScoreLaws:
    """How a model's probabilities lie.

    Attributes
    ----------
    frames : mapping of str to Mixture
    usual : float
        The misfit that hardly any of training's sources exceeds.
    """

    frames: Mapping[str, Mixture]
    usual: float


def read_score_laws(model: Model) -> ScoreLaws | None:
    """Return what training found of its scores; None of a model that does not say."""
    given = model.training.get("scores")
    if not isinstance(given, Mapping) or not isinstance(given.get("frames"), Mapping):
        return None
    (usual,) = _read_shares([given.get("usual")]) or (None,)
    frames = {str(name): _read_mixture(item) for name, item in given["frames"].items()}
    sound = {name: mixture for name, mixture in frames.items() if mixture is not None}
    whole = bool(sound) and len(sound) == len(frames)
    return ScoreLaws(sound, usual) if whole and usual is not None else None


def _read_mixture(item: Any) -> Mixture | None:
    """Rebuild one frame's distributions: shares, none of which ever falls."""
    if not isinstance(item, Mapping):
        return None
    lists = [item.get(name) for name in ("at", "present", "absent")]
    columns = [_read_shares(part) for part in lists if isinstance(part, list | tuple)]
    if len(columns) != 3 or not all(columns) or len(set(map(len, columns))) != 1:
        return None
    arrays = [np.array(column) for column in columns]
    rising = all((np.diff(array) >= 0).all() for array in arrays)
    return Mixture(*arrays) if rising else None


def _read_shares(items: Sequence[Any]) -> list[float]:
    """Return numbers from 0 to 1; nothing if one of them is something else."""
    shares = [
        float(item)
        for item in items
        if isinstance(item, int | float) and not isinstance(item, bool) and 0 <= item <= 1
    ]
    return shares if len(shares) == len(items) else []


def list_words(model: Model) -> frozenset[str]:
    """List the single words of a model's vocabulary."""
    return frozenset(
        term
        for fitted in model.vectorizer.blocks
        if (fitted.block.analyzer, fitted.block.low, fitted.block.field) == ("word", 1, "text")
        for term in fitted.terms
        if " " not in term
    )
