"""Shares over time: a panel a label, with intervals and change points.

Where sources are few each has a line of its own. Where they are many, all of them together and
those with a change point that stands are told apart, and the others are thin and grey.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from framing.reporting.accounts import Account, Row, Rows
from framing.reporting.behind import Place, Quote
from framing.reporting.charting import INK, SERIES
from framing.reporting.comparisons import list_turns
from framing.reporting.series import Line, Scale, Turn
from framing.reporting.timecharts import draw_chart
from framing.reporting.wording import (
    format_bounds,
    format_percent,
    join_words,
    name_period,
)

MOST_PANELS = 20
_FEW = 4
"""So many sources have a line each."""

_HIGHLIGHTED = 3
_SHOWN = 0.98
"""Part of the shares in grey that lie within a panel's scale."""

_TOPS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
_Series = Mapping[tuple[str, str | None], Rows]


@dataclass(frozen=True, slots=True)
class Panel:
    """One label's chart, ready for a template.

    Attributes
    ----------
    id, title : str
    svg : str
    caption : str
        Change points that stand.
    rows : sequence
        Of what is drawn in colour.
    """

    id: str
    title: str
    svg: str
    caption: str
    rows: Sequence[PanelRow] = ()


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A share of a period: its place, its numbers, and what shows it.

    Attributes
    ----------
    id, source, period : str
    numbers : sequence of str
        Share, interval, article-weighted share, articles.
    remark : str
    target : str
        The place of paragraphs behind a difference, or nothing.
    quote : Quote or None
        The most typical paragraph.
    """

    id: str
    source: str
    period: str
    numbers: Sequence[str]
    remark: str
    target: str
    quote: Quote | None


def draw_timelines(
    account: Account,
    paragraphs: Mapping[Place, str] | None = None,
    typicals: Mapping[Place, Quote] | None = None,
) -> list[Panel]:
    """Draw a panel for each label, the most common first; none where time was not cut.

    Parameters
    ----------
    account : Account
    paragraphs : mapping, optional
        Of `framing.reporting.behind.find_paragraphs`: a share of a period leads to paragraphs of
        that period or, where there are none, of its source at any time.
    typicals : mapping, optional
        Of `framing.reporting.behind.index_typicals`: the paragraph that is quoted beside a share.
    """
    if len(account.periods) < 2:
        return []
    series = _gather(account)
    turned = _list_turns(account)
    chosen = {
        label: _choose_lines(account, series, label, turned.get(label, ()), f"time-{number}")
        for number, (label, _) in enumerate(account.labels[:MOST_PANELS])
    }
    places = {period: _place(period) for period in account.periods}
    turns = {label: _place_turns(turned.get(label, ()), lines) for label, lines in chosen.items()}
    headroom = min(2, max(len(found) for found in turns.values()))
    panels = []
    for number, (label, lines) in enumerate(chosen.items()):
        others = _list_others(series, label, lines)
        scale = Scale(places, _find_top(lines, others), headroom)
        panel = f"time-{number}"
        drawn = _draw_panel(account.name(label), lines, others, turns[label], scale, panel)
        rows = [
            row
            for line in lines
            for row in _list_rows(label, line, paragraphs or {}, typicals or {})
        ]
        panels.append(replace(drawn, rows=rows))
    return panels


def _gather(account: Account) -> _Series:
    """Put the cells of each label and source in order of time."""
    found: dict[tuple[str, str | None], list[Row]] = {}
    for cell in account["cells"]:
        if cell["period"] is not None:
            found.setdefault((cell["label"], cell["source"]), []).append(cell)
    return {key: sorted(cells, key=lambda cell: cell["period"]) for key, cells in found.items()}


def _place(period: str) -> int:
    """Give a period its place on the axis of time; one that is missing leaves a gap.

    >>> _place("2024"), _place("2024-Q2") - _place("2024-Q1"), _place("2024-01") - _place("2023-12")
    (2024, 1, 1)
    """
    year, _, part = period.partition("-")
    if not part:
        return int(year)
    parts = 4 if part.startswith("Q") else 12
    return int(year) * parts + int(part.removeprefix("Q")) - 1


def _list_turns(account: Account) -> Mapping[str, Sequence[tuple[int, Row]]]:
    """Give each label the change points that the page lists, with their numbers."""
    shown = {line.id for line in list_turns(account).standing}
    found: dict[str, list[tuple[int, Row]]] = {}
    for number, row in account.standing("turns"):
        if f"turn-{number}" in shown and row["period"] in account.periods:
            found.setdefault(row["label"], []).append((number, row))
    return found


def _choose_lines(
    account: Account,
    series: _Series,
    label: str,
    turns: Sequence[tuple[int, Row]],
    panel: str,
) -> list[Line]:
    sources = [source for source in account.sources if (label, source) in series]
    if len(sources) > _FEW:
        turned = sorted(turns, key=lambda item: -abs(item[1]["difference"]))
        names = dict.fromkeys(row["source"] for _, row in turned)
        sources = [name for name in names if name in sources][:_HIGHLIGHTED]
        pooled = True
    else:
        pooled = len(sources) != 1
    coloured: list[tuple[str | None, str]] = list(zip(sources, SERIES, strict=False))
    if pooled and (label, None) in series:
        coloured.insert(0, (None, INK))
    return [
        Line(source, series[label, source], colour, f"{panel}-{number}")
        for number, (source, colour) in enumerate(coloured)
    ]


def _find_top(lines: Sequence[Line], others: Sequence[Rows]) -> float:
    """Find the round share that ends the scale: above all in colour, and almost all in grey."""
    shares = [cell["share"] or 0.0 for line in lines for cell in line.cells]
    highs = [cell["high"] or 0.0 for line in lines for cell in line.cells if line.source is None]
    grey = sorted(cell["share"] or 0.0 for cells in others for cell in cells)
    most = max([*shares, *highs, *grey[: int(_SHOWN * len(grey))]], default=1.0)
    return next((step for step in _TOPS if step >= most), 1.0)


def _list_others(series: _Series, label: str, lines: Sequence[Line]) -> list[Rows]:
    drawn = {line.source for line in lines}
    return [
        cells
        for (own, source), cells in series.items()
        if own == label and source is not None and source not in drawn
    ]


def _place_turns(turns: Sequence[tuple[int, Row]], lines: Sequence[Line]) -> list[Turn]:
    """Put change points on the lines in colour, in order of time."""
    drawn = {line.source: line for line in lines}
    found = [
        Turn(f"#turn-{number}", row, drawn[row["source"]])
        for number, row in turns
        if row["source"] in drawn
    ]
    return sorted(found, key=lambda turn: str(turn.row["period"]))


def _draw_panel(
    title: str,
    lines: Sequence[Line],
    others: Sequence[Rows],
    turns: Sequence[Turn],
    scale: Scale,
    panel: str,
) -> Panel:
    label = _describe(title, lines)
    return Panel(
        id=panel,
        title=title,
        svg=draw_chart(lines, others, turns, scale, name=panel, label=label),
        caption=_caption(turns),
    )


def _caption(turns: Sequence[Turn]) -> str:
    if not turns:
        return ""
    told = [
        f"{turn.line.name}, {name_period(turn.row['period'])} "
        f"({format_percent(turn.row['before'])} before, "
        f"{format_percent(turn.row['after'])} after)"
        for turn in turns
    ]
    return f"Change {'point' if len(told) == 1 else 'points'}: {join_words(told)}."


def _describe(title: str, lines: Sequence[Line]) -> str:
    """Put a panel into words, for those who do not see it."""
    told = []
    for line in lines:
        known = [cell for cell in line.cells if cell["share"] is not None]
        if known:
            first, last = known[0], known[-1]
            told.append(
                f"{line.name} from {format_percent(first['share'])} in "
                f"{name_period(first['period'])} to {format_percent(last['share'])} in "
                f"{name_period(last['period'])}"
            )
    return f"Line chart of the share of {title} over time. {'; '.join(told)}."


def _list_rows(
    label: str, line: Line, paragraphs: Mapping[Place, str], typicals: Mapping[Place, Quote]
) -> Iterator[PanelRow]:
    for number, cell in enumerate(line.cells):
        given, by_article = cell["share"] is not None, cell["article_share"]
        yield PanelRow(
            id=line.anchor(number),
            source=line.name,
            period=name_period(cell["period"]),
            numbers=(
                format_percent(cell["share"], 1) if given else "–",
                format_bounds(cell["low"], cell["high"], 1) if given else "–",
                "–" if by_article is None else format_percent(by_article, 1),
                f"{cell['n_articles']:,}",
            ),
            remark="" if cell["status"] == "estimated" else f"{cell['status']}: {cell['note']}",
            target=_lead_to_paragraphs(cell, paragraphs),
            quote=typicals.get((label, cell["source"], cell["period"])),
        )


def _lead_to_paragraphs(cell: Row, paragraphs: Mapping[Place, str]) -> str:
    """Name the place of paragraphs of a cell's period, else of its source; "" where none is."""
    places = ((cell["label"], cell["source"], period) for period in (cell["period"], None))
    return next((paragraphs[place] for place in places if place in paragraphs), "")
