"""A plan of hand coding: which articles to code, with which chance, and what they will show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from framing.measuring.plans.planning import Aim
from framing.schema import describe


@dataclass(frozen=True, slots=True)
class FrameNeed:
    """What one frame needs.

    Attributes
    ----------
    frame : str
    share_a, share_b : float
        As estimated now, without hand codings.
    n_articles, n_units : int or None
        To be coded in all; None where the archive is too small.
    smallest : float
        Smallest change that could be found if all articles of both cells were coded.
    detectable : float
        Change that the planned sample finds with the power asked for.
    power : float
        Chance that the planned sample finds the change asked for.
    """

    frame: str
    share_a: float
    share_b: float
    n_articles: int | None
    n_units: int | None
    smallest: float
    detectable: float
    power: float


@dataclass(frozen=True, slots=True)
class StratumPlan:
    """What is coded of a stratum: its name within the cell, articles, and articles to code."""

    cell: str
    stratum: str
    n_articles: int
    n_coded: int
    probability: float


@dataclass(frozen=True, slots=True)
class CodingPlan:
    """Articles to code by hand, drawn with known chances.

    Attributes
    ----------
    comparison : {"period", "source"}
    a, b : str
        The cells that are compared.
    aim : Aim
    frame : str
        The frame that decided the number.
    frames : tuple of FrameNeed
    strata : tuple of StratumPlan
    articles : mapping of str to float
        Article to inclusion probability, in the order of the predictions.
    n_articles, n_units : int
        To be coded.
    n_archive, n_archive_units : int
        Of both cells.
    seed : int
    model, codebook : str
    notes : tuple of str
    """

    comparison: Literal["period", "source"]
    a: str
    b: str
    aim: Aim
    frame: str
    frames: tuple[FrameNeed, ...]
    strata: tuple[StratumPlan, ...]
    articles: Mapping[str, float]
    n_articles: int
    n_units: int
    n_archive: int
    n_archive_units: int
    seed: int
    model: str
    codebook: str
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give everything as JSON values."""
        content: dict[str, Any] = describe(self)
        return content
