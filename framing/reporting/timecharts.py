"""One panel of shares over time, drawn."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from framing.reporting.accounts import Row, Rows
from framing.reporting.charting import (
    FAINT,
    LINE,
    PAGE,
    Margins,
    clean_text,
    open_chart,
    write_svg,
)
from framing.reporting.series import Line, Scale, Turn
from framing.reporting.wording import (
    count,
    format_bounds,
    format_percent,
    format_points,
    name_period,
    shorten,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _PLOT = 340.0, 150.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 36.0, 88.0, 10.0, 26.0
_TEXT = 12.0
"""Height of a line of text."""

_LINE = 14.0
"""What a line of a name takes up beside others."""

_LONGEST = 14
"""Characters of a source's name on a line of its own, of which there are two at most."""

_SHADES = (0.16, 0.09)
"""Of the bands of few lines, and of many, which lie over each other."""

_MARKERS = {"estimated": "o", "widened": "o", "doubted": "D"}
_MOST_YEARS = 6
_MANY, _FAINTEST = 12, 0.4
"""Grey lines beyond so many are fainter, down to a limit."""


def draw_chart(
    lines: Sequence[Line],
    others: Sequence[Rows],
    turns: Sequence[Turn],
    scale: Scale,
    *,
    name: str,
    label: str,
) -> str:
    """Draw lines with intervals over thin grey ones, and write the panel as SVG.

    Parameters
    ----------
    lines : sequence of Line
        In colour and named.
    others : sequence of rows
        Cells of each other source.
    turns : sequence of Turn
    scale : Scale
    name : str
        Opens the ids of the drawing.
    label : str
        The panel in words.
    """
    titles = dict(_list_titles(lines, turns))
    top = _TOP + _TEXT * scale.headroom
    margins = Margins(left=_LEFT, right=_RIGHT, top=top, bottom=_BOTTOM)
    with open_chart(_WIDTH, top + _PLOT + _BOTTOM, margins) as (figure, axes):
        _draw_scale(axes, scale)
        alpha = max(_FAINTEST, min(1.0, _MANY / max(len(others), 1)))
        for cells in others:
            axes.plot(*_trace(cells, scale), color=FAINT, linewidth=0.7, alpha=alpha)
        for number, turn in enumerate(turns):
            _draw_turn(axes, turn, scale, number)
        for line in reversed(lines):
            _draw_line(axes, line, scale, shade=_SHADES[len(lines) > 2])
        _name_lines(axes, lines, scale)
        return write_svg(figure, name=name, label=label, titles=titles)


def _list_titles(lines: Sequence[Line], turns: Sequence[Turn]) -> Iterator[tuple[str, str]]:
    for line in lines:
        for number, cell in enumerate(line.cells):
            if cell["share"] is not None:
                yield (
                    f"#{line.anchor(number)}",
                    f"{line.name}, {name_period(cell['period'])}: "
                    f"{format_percent(cell['share'], 1)}, interval "
                    f"{format_bounds(cell['low'], cell['high'], 1)}, "
                    f"{count(cell['n_articles'], 'article')}",
                )
    for turn in turns:
        yield turn.target, f"{turn.line.name}: change point at {name_period(turn.row['period'])}"


def _draw_scale(axes: Axes, scale: Scale) -> None:
    first, last = scale.ends
    axes.set_xlim(first - 0.5, last + 0.5)
    axes.set_ylim(0, scale.top)
    steps = [0.0, scale.top / 2, scale.top]
    axes.set_yticks(steps, [f"{100 * step:g}%" if step else "0" for step in steps])
    axes.grid(axis="y", color=LINE, linewidth=0.8)
    marks = dict(_mark_time(scale))
    axes.set_xticks(list(marks), list(marks.values()))
    axes.tick_params(axis="x", pad=6)


def _mark_time(scale: Scale) -> Iterator[tuple[int, str]]:
    """Mark the years that begin; where there are fewer than two, the first and last period."""
    starts = {
        place: period[:4]
        for period, place in scale.periods.items()
        if period.rpartition("-")[2] in {"01", "Q1"} or "-" not in period
    }
    if len(starts) < 2:
        ends = scale.ends
        starts = {
            place: name_period(period) for period, place in scale.periods.items() if place in ends
        }
    step = -(-len(starts) // _MOST_YEARS)
    yield from sorted(starts.items())[::step]


def _trace(cells: Rows, scale: Scale) -> tuple[list[int], list[float]]:
    """List places and shares; what is not given, and a period that is missing, breaks the line."""
    xs: list[int] = []
    ys: list[float] = []
    for cell in cells:
        place = scale.periods[cell["period"]]
        if xs and place > xs[-1] + 1:
            xs.append(xs[-1] + 1)
            ys.append(float("nan"))
        xs.append(place)
        ys.append(float("nan") if cell["share"] is None else cell["share"])
    return xs, ys


def _draw_line(axes: Axes, line: Line, scale: Scale, *, shade: float) -> None:
    bounded = [cell for cell in line.cells if cell["low"] is not None]
    xs = [scale.periods[cell["period"]] for cell in line.cells]
    nan = float("nan")
    lows = [nan if cell["low"] is None else cell["low"] for cell in line.cells]
    highs = [nan if cell["high"] is None else cell["high"] for cell in line.cells]
    if bounded:
        axes.fill_between(xs, lows, highs, color=line.colour, alpha=shade, linewidth=0)
    axes.plot(*_trace(line.cells, scale), color=line.colour, linewidth=1.5)
    for status, marker in _MARKERS.items():
        _draw_points(axes, line, scale, status, marker)


def _draw_points(axes: Axes, line: Line, scale: Scale, status: str, marker: str) -> None:
    """Draw a point a share, each a link to its numbers; those that are not sure are hollow."""
    points = [
        (scale.periods[cell["period"]], cell["share"], f"#{line.anchor(number)}")
        for number, cell in enumerate(line.cells)
        if cell["share"] is not None and _tell_status(cell) == status
    ]
    if not points:
        return
    xs, ys, urls = zip(*points, strict=True)
    size = 7 if len(scale.periods) <= 36 else 4
    hollow = status != "estimated"
    marks = axes.scatter(
        xs,
        ys,
        s=2 * size if hollow else size,
        marker=marker,
        facecolor=PAGE if hollow else line.colour,
        edgecolor=line.colour,
        linewidth=0.9 if hollow else 0,
        zorder=3,
        clip_on=False,
    )
    marks.set_urls(urls)


def _tell_status(cell: Row) -> str:
    return cell["status"] if cell["status"] in _MARKERS else "estimated"


def _draw_turn(axes: Axes, turn: Turn, scale: Scale, number: int) -> None:
    """Mark where a change point lies and how large it is; marks take turns in height."""
    place = scale.periods[turn.row["period"]] - 0.5
    first, last = scale.ends
    along = (place - first) / max(last - first, 1)
    axes.plot([place] * 2, [0, scale.top], color=turn.line.colour, linewidth=1, dashes=(3, 2))
    axes.annotate(
        f"{name_period(turn.row['period'])}: {format_points(turn.row['difference'], 0)} points",
        (place, scale.top),
        xytext=(0, 4 + _TEXT * (number % 2)),
        textcoords="offset points",
        ha="left" if along < 0.35 else "right" if along > 0.65 else "center",
        va="bottom",
        color=turn.line.colour,
        fontsize=10,
        annotation_clip=False,
        url=turn.target,
    )


def _name_lines(axes: Axes, lines: Sequence[Line], scale: Scale) -> None:
    """Write each line's name where it ends, moved apart where they would meet."""
    known = [
        (next(c["share"] for c in reversed(line.cells) if c["share"] is not None), line)
        for line in lines
        if any(cell["share"] is not None for cell in line.cells)
    ]
    known.sort(key=lambda end: end[0])
    names = [_wrap(line.name) for _, line in known]
    gap = _LINE / _PLOT * max((name.count("\n") + 1 for name in names), default=1)
    heights = spread([share / scale.top for share, _ in known], gap)
    for (_, line), name, height in zip(known, names, heights, strict=True):
        axes.annotate(
            name,
            (scale.ends[1] + 0.5, height * scale.top),
            xytext=(3, 0),
            textcoords="offset points",
            color=line.colour,
            fontsize=10,
            va="center",
            annotation_clip=False,
        )


def _wrap(name: str) -> str:
    r"""Write a name on two lines at most.

    >>> _wrap("Institute for Strategic Inputs")
    'Institute for\nStrategic…'
    """
    lines = textwrap.wrap(clean_text(name), _LONGEST) or [""]
    if len(lines) > 2:
        lines = [lines[0], shorten(f"{lines[1]}{' ' * _LONGEST}", _LONGEST)]
    return "\n".join(lines)


def spread(heights: Sequence[float], gap: float) -> list[float]:
    """Move ascending heights between 0 and 1 apart, as little as need be.

    >>> [round(height, 2) for height in spread([0.5, 0.51, 0.9], 0.1)]
    [0.5, 0.6, 0.9]
    >>> [round(height, 2) for height in spread([0.97, 0.98], 0.1)]
    [0.9, 1.0]
    """
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + gap) if placed else height)
    limit = 1.0
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = min(placed[number], limit)
        limit = placed[number] - gap
    return placed
