"""Differences as points with their intervals, one beneath the other, those that stand first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framing.reporting.charting import (
    INK,
    LINE,
    PAGE,
    SERIES,
    SOFT,
    Margins,
    clean_text,
    open_chart,
    write_svg,
)
from framing.reporting.wording import format_points, shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH = 440.0
_ROW = 38.0
_HEIGHT, _HALF = 0.72, 0.2
"""Where a difference stands in its row, and half of what its scale takes up."""

_MARGINS = Margins(left=14, right=14, top=22, bottom=22)
_STEPS = (0.02, 0.05, 0.1, 0.2, 0.25, 0.5)


@dataclass(frozen=True, slots=True)
class Stem:
    """A difference to draw: what it is of, its interval, whether it stands, where it leads."""

    name: str
    difference: float
    low: float | None
    high: float | None
    stands: bool
    target: str
    title: str


def draw_forest(
    stems: Sequence[Stem],
    *,
    name: str,
    label: str,
    ends: tuple[str, str],
    margin: float | None = None,
) -> str:
    """Draw differences of shares and write them as SVG.

    Parameters
    ----------
    stems : sequence of Stem
        From the top.
    name : str
        Opens the ids of the drawing.
    label : str
        The chart in words.
    ends : tuple of str
        What lies to the left and to the right of zero.
    margin : float, optional
        Within which shares count as equal; shown as a band.
    """
    height = _MARGINS.top + _ROW * len(stems) + _MARGINS.bottom
    limit = _find_limit(stems, margin)
    with open_chart(_WIDTH, height, _MARGINS) as (figure, axes):
        axes.set_xlim(-limit, limit)
        axes.set_ylim(len(stems), 0)
        _draw_scale(axes, len(stems), limit, margin, ends)
        for number, stem in enumerate(stems):
            _draw_stem(axes, stem, number, limit)
        titles = {stem.target: stem.title for stem in stems}
        return write_svg(figure, name=name, label=label, titles=titles)


def _find_limit(stems: Sequence[Stem], margin: float | None) -> float:
    """Find the symmetric end of the scale that holds all intervals."""
    ends = [abs(end) for s in stems for end in (s.low, s.high, s.difference) if end is not None]
    return max([*ends, margin or 0.0, 0.02]) * 1.04


def _draw_scale(
    axes: Axes, n_stems: int, limit: float, margin: float | None, ends: tuple[str, str]
) -> None:
    """Draw the scale anew beneath each name, so that no line crosses the words."""
    step = next((step for step in _STEPS if limit / step <= 4), _STEPS[-1])
    most = math.floor(limit / step)
    marks = [step * number for number in range(-most, most + 1)]
    axes.set_xticks(marks, [format_points(mark, 0) for mark in marks])
    axes.set_yticks([])
    for number in range(n_stems):
        top, bottom = number + _HEIGHT - _HALF, number + _HEIGHT + _HALF
        if margin:
            axes.fill_between([-margin, margin], top, bottom, color=SOFT, alpha=0.14, linewidth=0)
        axes.vlines(marks, top, bottom, color=LINE, linewidth=0.8)
        axes.vlines([0], top, bottom, color=SOFT, linewidth=1)
    for text, place, side in ((f"← {ends[0]}", -0.02, "right"), (f"{ends[1]} →", 0.02, "left")):
        axes.annotate(
            text,
            (place * limit, 0),
            xytext=(0, 6),
            textcoords="offset points",
            ha=side,
            color=SOFT,
            fontsize=11,
            annotation_clip=False,
        )


def _draw_stem(axes: Axes, stem: Stem, number: int, limit: float) -> None:
    colour = SERIES[0] if stem.stands else SOFT
    height = number + _HEIGHT
    axes.text(
        -limit,
        number + 0.46,
        shorten(clean_text(stem.name), 62),
        color=INK if stem.stands else SOFT,
        fontsize=11.5,
        va="bottom",
        url=stem.target,
    )
    if stem.low is not None and stem.high is not None:
        axes.plot([stem.low, stem.high], [height] * 2, color=colour, linewidth=2)
    point = axes.scatter(
        [stem.difference],
        [height],
        s=42,
        facecolor=colour if stem.stands else PAGE,
        edgecolor=colour,
        linewidth=1.4,
        zorder=3,
    )
    point.set_urls([stem.target])
