"""What training says of itself: as it is printed, and as the model file holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from framing.learning.judgements import SplitReport
from framing.learning.rarity import Skipped
from framing.measuring.judging.reports import FrameReport
from framing.schema import describe

_CURVE_DIGITS = 4
"""Of the reliability curves in a model file."""


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What training chose, left out and found.

    Attributes
    ----------
    signature : str
        All that the figures depend on, in one line.
    data : str
        Content hash of the coded units.
    settings : mapping of str to str
        ``frames`` or a target, to the setting chosen.
    skipped : tuple of Skipped
    splits : tuple of SplitReport
    dropped : tuple of Skipped
        Ways of splitting that were asked for and could not be made, and why.
    precision : float
        What sure decisions on frames promise, 0-1.
    n_positive : mapping of str to int
        Frame to the units with it that were learnt from.
    unsolved : tuple of str
        ``frames`` or targets whose regressions ended far from their optimum; C is too large.
    n_units, n_articles, n_sources : int
    measurement : mapping of str to mapping
        Label to how well it is measured (`framing.learning.instruments`).
    domain : mapping of str to float
        How many of an article's words others lack (`framing.learning.domains`).
    scores : mapping of str to value
        How its probabilities lie, frame by frame (`framing.learning.instruments`).
    texts : tuple of str
        Hashes of the articles' longest texts, by which an evaluation tells articles that are not
        new.
    versions : mapping of str to str
        Of this package, of Python and of the libraries that the figures depend on.
    """

    signature: str
    data: str
    settings: Mapping[str, str]
    skipped: tuple[Skipped, ...]
    splits: tuple[SplitReport, ...]
    dropped: tuple[Skipped, ...]
    precision: float
    n_positive: Mapping[str, int]
    unsolved: tuple[str, ...]
    n_units: int
    n_articles: int
    n_sources: int
    measurement: Mapping[str, Mapping[str, Any]]
    domain: Mapping[str, float]
    scores: Mapping[str, Any]
    texts: tuple[str, ...]
    versions: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values, as the model file holds it.

        Of the reliability curves it holds those of the split that reports show frame by frame, the
        nested one or else the first, so that model files stay small.
        """
        first = next(iter(self.splits), None)
        told = next((split for split in self.splits if split.nested), first)
        splits = tuple(_thin_split(split, keep=split is told) for split in self.splits)
        content: dict[str, Any] = describe(replace(self, splits=splits))
        return content


def _thin_split(split: SplitReport, *, keep: bool) -> SplitReport:
    """Round a split's reliability curves if they are kept, and drop the naive pipeline's."""
    return replace(
        split,
        frames=_thin_curves(split.frames, keep=keep),
        naive_frames=_thin_curves(split.naive_frames, keep=False),
    )


def _thin_curves(report: FrameReport | None, *, keep: bool) -> FrameReport | None:
    if report is None:
        return None
    curves = {
        label: curve.round_to(_CURVE_DIGITS) for label, curve in report.reliability.items() if keep
    }
    return replace(report, reliability=curves)
