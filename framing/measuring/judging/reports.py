"""What a judgement of decisions says: scores per label, averages, differences, all estimates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from framing.measuring.intervals import Floats
from framing.measuring.judging.estimation import ScoreTable
from framing.measuring.judging.reliability import ReliabilityCurve
from framing.schema import Described, Estimate

MICRO, MACRO = "micro average", "macro average"
"""What averages over frames, or over the values of a stance, are called."""


@dataclass(frozen=True, slots=True)
class FrameScores(Described):
    """How well one frame, or an average of frames, is found.

    Attributes
    ----------
    precision, recall, f1, average_precision, calibration_error : Estimate
        Shares 0-1; each with its interval.
    n_units : int
        Coded units (of an average: coded cells, units times frames).
    n_positive : int
        Those that carry the frame.
    n_articles : int
        Articles with a coded unit.
    """

    precision: Estimate
    recall: Estimate
    f1: Estimate
    average_precision: Estimate
    calibration_error: Estimate
    n_units: int
    n_positive: int
    n_articles: int

    @classmethod
    def read(cls, table: ScoreTable, row: int, *, units: Floats, n_positive: float) -> FrameScores:
        """Put a row of five scores beside its counts; `units` (A,) are coded units by article."""
        n_units, n_articles = int(units.sum()), int((units > 0).sum())
        precision, recall, f1, ap, error = table.row(row, n_units=n_units, n_articles=n_articles)
        return cls(precision, recall, f1, ap, error, n_units, int(n_positive), n_articles)


@dataclass(frozen=True, slots=True)
class ValueScores(Described):
    """How well one value of a stance is found.

    Attributes
    ----------
    precision, recall, f1 : Estimate
        Shares 0-1; each with its interval.
    n_units : int
        Coded units that hold the value (the support).
    n_articles : int
        Articles with such a unit.
    """

    precision: Estimate
    recall: Estimate
    f1: Estimate
    n_units: int
    n_articles: int

    @classmethod
    def read(cls, table: ScoreTable, row: int, *, units: Floats) -> ValueScores:
        """Put a row of three scores beside its counts; `units` (A,) hold the value, by article."""
        n_units, n_articles = int(units.sum()), int((units > 0).sum())
        precision, recall, f1 = table.row(row, n_units=n_units, n_articles=n_articles)
        return cls(precision, recall, f1, n_units, n_articles)


@dataclass(frozen=True, slots=True)
class FrameReport(Described):
    """Decisions on frames, judged against codings.

    Attributes
    ----------
    labels : mapping of str to FrameScores
        One a frame, in the order given.
    micro : FrameScores
        All coded cells (a unit and a frame) taken together.
    macro : FrameScores
        Plain mean over the frames that have positives.
    reliability : mapping of str to ReliabilityCurve
        One a frame, in the order given; empty where it was left out to save space.
    n_units, n_articles : int
        With at least one coded frame.
    level : float
    resamples : int
    """

    labels: Mapping[str, FrameScores]
    micro: FrameScores
    macro: FrameScores
    reliability: Mapping[str, ReliabilityCurve]
    n_units: int
    n_articles: int
    level: float
    resamples: int


@dataclass(frozen=True, slots=True)
class StanceReport(Described):
    """Decisions on the stance toward one target, judged against codings.

    Attributes
    ----------
    values : mapping of str to ValueScores
        One a value, in the order given.
    macro_f1 : Estimate
        Plain mean over the values that occur in the codings.
    accuracy : Estimate
    calibration_error : Estimate
        Of the decided value's probability (top-label calibration).
    n_units, n_articles : int
        Coded for the target.
    level : float
    resamples : int
    """

    values: Mapping[str, ValueScores]
    macro_f1: Estimate
    accuracy: Estimate
    calibration_error: Estimate
    n_units: int
    n_articles: int
    level: float
    resamples: int


@dataclass(frozen=True, slots=True)
class Comparison(Described):
    """What one system gains over another on the same units, in the same resamples.

    Attributes
    ----------
    micro_f1, macro_f1 : Estimate
        Difference of F1, -1 to 1; above 0 where the first system is better.
    """

    micro_f1: Estimate
    macro_f1: Estimate


@dataclass(frozen=True, slots=True)
class StanceComparison(Described):
    """What one system gains over another on the stance toward one target, in the same resamples.

    Attributes
    ----------
    macro_f1, accuracy : Estimate
        Differences, -1 to 1; above 0 where the first system is better.
    """

    macro_f1: Estimate
    accuracy: Estimate
