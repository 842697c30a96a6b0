"""Reliability diagrams: where everything stands in the drawing, and what it says in words.

One diagram a frame: the share of units that carry it over the probability predicted, bin by bin
(see `framing.measuring.judging.reliability`). Where things stand is in units of a drawing whose
square is 200 wide and high; y grows downward, as SVG has it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from framing.reporting.tables import format_estimate, format_share

Content = Mapping[str, Any]

SIDE = 200.0
"""Of the square that probabilities and shares span."""

STRIP = 36.0
"""Height of the tallest bar of the histogram."""

_WIDEST = 8.0
_NARROWEST = 2.5
"""Radii of the point with most units, and of one with next to none."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Units whose probabilities lie within the same bounds.

    Attributes
    ----------
    start, end : float
        The bounds, 0-1.
    n_units : int
    predicted, observed : float
        Mean probability, and share of units that carry the frame.
    low, high : float or None
        Interval of `observed`; None where units are of one article.
    """

    start: float
    end: float
    n_units: int
    predicted: float
    observed: float
    low: float | None
    high: float | None

    @property
    def estimate(self) -> str:
        """The observed share with its interval."""
        values = {"value": self.observed, "low": self.low, "high": self.high}
        return format_estimate(values)


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the curve with its interval; `note` says it in words."""

    x: float
    y: float
    radius: float
    low: float | None
    high: float | None
    note: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the histogram: how many units have such a probability."""

    x: float
    width: float
    height: float
    n_units: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The probability from which on the frame is decided for, and where its line stands."""

    x: float
    share: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """One frame's diagram, ready for a template.

    Attributes
    ----------
    id, title : str
        Of the frame.
    label : str
        The diagram in words, for those who do not see it.
    caption, guide : str
        The figures behind it, and how to read it.
    marks : sequence of Mark
    bars : sequence of Bar
    cut : Cut or None
    """

    id: str
    title: str
    label: str
    caption: str
    guide: str
    marks: Sequence[Mark]
    bars: Sequence[Bar]
    cut: Cut | None


def draw_diagrams(
    frames: Content, *, names: Mapping[str, str], thresholds: Mapping[str, float]
) -> list[Diagram]:
    """Lay out a diagram for every frame that has a reliability curve.

    Parameters
    ----------
    frames : mapping
        A report on frames as JSON values (see ``FrameReport.to_dict``).
    names : mapping of str to str
        What to call frames.
    thresholds : mapping of str to float
        From which probability on frames are decided for, as far as it is known.
    """
    return [
        _draw(
            frame,
            list(_list_bins(curve)),
            scores=frames["labels"][frame],
            title=names.get(frame, frame),
            level=f"{frames['level']:.0%}",
            threshold=thresholds.get(frame),
        )
        for frame, curve in frames["reliability"].items()
    ]


def _draw(
    frame: str,
    bins: Sequence[Bin],
    *,
    scores: Content,
    title: str,
    level: str,
    threshold: float | None,
) -> Diagram:
    most = max((item.n_units for item in bins), default=1)
    return Diagram(
        id=frame,
        title=title,
        label=_describe(title, bins, level=level, threshold=threshold),
        caption=_caption(scores, threshold),
        guide=_guide(bins),
        marks=[_mark(item, most) for item in bins],
        bars=[_raise_bar(item, most) for item in bins],
        cut=None if threshold is None else Cut(_place(threshold), format_share(threshold)),
    )


def _list_bins(curve: Content) -> Iterator[Bin]:
    """List the bins that hold units."""
    n_bins = len(curve["n_units"])
    parts = (curve[name] for name in ("n_units", "predicted", "observed", "low", "high"))
    for number, (n_units, *shares) in enumerate(zip(*parts, strict=True)):
        if n_units:
            yield Bin(number / n_bins, (number + 1) / n_bins, n_units, *shares)


def _mark(item: Bin, most: int) -> Mark:
    return Mark(
        x=_place(item.predicted),
        y=_place(1 - item.observed),
        radius=round(_NARROWEST + (_WIDEST - _NARROWEST) * math.sqrt(item.n_units / most), 1),
        low=None if item.low is None else _place(1 - item.low),
        high=None if item.high is None else _place(1 - item.high),
        note=f"{_count(item.n_units)}: predicted {format_share(item.predicted)}, "
        f"observed {item.estimate}",
    )


def _raise_bar(item: Bin, most: int) -> Bar:
    """Draw a bar as tall as its units are many, and never too low to be seen."""
    height = round(max(1.0, STRIP * item.n_units / most), 1)
    return Bar(_place(item.start), _place(item.end - item.start), height, item.n_units)


def _place(share: float) -> float:
    return round(SIDE * share, 1)


def _count(n_units: int) -> str:
    return f"{n_units} unit" if n_units == 1 else f"{n_units} units"


def _caption(scores: Content, threshold: float | None) -> str:
    decided = "" if threshold is None else f" Decided for from {format_share(threshold)} on."
    error = format_estimate(scores["calibration_error"], digits=3)
    return (
        f"Calibration error {error}; "
        f"{scores['n_units']} coded units of {scores['n_articles']} articles, "
        f"{scores['n_positive']} of them with the frame.{decided}"
    )


def _guide(bins: Sequence[Bin]) -> str:
    """Say how to read the diagram by a point: the fullest above the lowest that has an interval."""
    if not bins:
        return "No unit is coded for this frame, so there is nothing to draw."
    telling = [item for item in bins if item.start > 0 and item.low != item.high] or bins
    chosen = max(telling, key=lambda item: item.n_units)
    return (
        f"How to read it: of the {_count(chosen.n_units)} with a probability of "
        f"{format_share(chosen.start, 1)} to {format_share(chosen.end, 1)} "
        f"({format_share(chosen.predicted)} on average) a share of {chosen.estimate} carries the "
        f"frame, {_judge(chosen)}."
    )


def _judge(item: Bin) -> str:
    if item.low is None or item.high is None:
        return "all in one article, which says nothing of others"
    if item.low == item.high:
        return "and since all are alike, the interval cannot show how uncertain that is"
    if item.predicted > item.high:
        return "which is less than predicted: these probabilities are too high"
    if item.predicted < item.low:
        return "which is more than predicted: these probabilities are too low"
    return "and what is predicted lies within the interval"


def _describe(title: str, bins: Sequence[Bin], *, level: str, threshold: float | None) -> str:
    """Put the whole diagram into words, with numbers as they are read aloud."""
    if not bins:
        return f"Reliability diagram of {title}: no unit is coded."
    told = "; ".join(_describe_bin(item) for item in bins)
    cut = "" if threshold is None else f" The frame is decided for from {threshold:.2f} on."
    return (
        f"Reliability diagram of {title}: shares that carry the frame, with {level} intervals, "
        f"by predicted probability. {told}.{cut}"
    )


def _describe_bin(item: Bin) -> str:
    interval = "no interval" if item.low is None else f"interval {item.low:.2f} to {item.high:.2f}"
    return (
        f"{_count(item.n_units)} from {item.start:.1f} to {item.end:.1f}, "
        f"predicted {item.predicted:.2f}, observed {item.observed:.2f}, {interval}"
    )
