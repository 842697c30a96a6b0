"""The report on drift as one self-contained HTML page.

Everything from texts passes through Jinja2's escaping or, in charts, an XML serialiser's. The page
runs no script and fetches nothing, and forbids both to itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from framing.reporting.accounts import Account, Origin, Row, Told, open_account
from framing.reporting.behind import (
    Behind,
    find_paragraphs,
    index_typicals,
    list_behind,
    list_typicals,
    name_typicals,
)
from framing.reporting.caveats import list_caveats, tell_methods
from framing.reporting.comparisons import (
    find_shared,
    list_contrasts,
    list_profile_turns,
    list_stems,
    list_trends,
    list_turns,
    name_contrast,
    rank_contrasts,
)
from framing.reporting.forests import draw_forest
from framing.reporting.heatmaps import draw_heatmaps
from framing.reporting.rendering import render
from framing.reporting.statements import Statement, tell_extent, tell_findings, tell_limits
from framing.reporting.timelines import draw_timelines
from framing.reporting.wording import (
    count,
    format_p,
    format_point_bounds,
    format_points,
    name_period,
    name_width,
)

_PARTS = ("total", "within", "mix", "calibration", "copies")
_MOST_DISTANCES = 12
_MOST_EQUAL = 20
_ENDS = {"source": ("lower than others", "higher"), "period": ("less than before", "more")}


def render_drift(
    drift: Told,
    *,
    names: Mapping[str, str] | None = None,
    origin: Origin | None = None,
) -> str:
    """Render the report on drift as a page.

    Parameters
    ----------
    drift : Drift
        Or whatever gives the same tables and facts.
    names : mapping of str to str, optional
        What to call frames and targets; others keep their ids.
    origin : Origin, optional
        What is known of coders, model and codebook.

    Returns
    -------
    str
        HTML, the same for the same input.
    """
    account = open_account(drift, names=names, origin=origin)
    behind = list_behind(account)
    parts = _list_parts(account, behind)
    known = set(_list_anchors(parts))
    return render(
        "drift.html",
        title=_title(account),
        deck=tell_extent(account),
        findings=_link(tell_findings(account), known),
        limits=_link(tell_limits(account), known),
        methods=tell_methods(account),
        caveats=list_caveats(account),
        level=f"{account.fact('level'):.0%}",
        model=account.fact("model"),
        codebook=account.fact("codebook"),
        **parts,
    )


def _list_parts(account: Account, behind: Sequence[Behind]) -> dict[str, Any]:
    """Lay out all sections whose links have to meet."""
    numbers = {item.number for item in behind}
    targets = {number: f"behind-{number}" for number in numbers}
    typicals = index_typicals(account)
    maps = draw_heatmaps(account, targets, name_typicals(typicals))
    shown = list(dict.fromkeys(row.source for part in maps for row in part.rows))
    panels = draw_timelines(account, find_paragraphs(account, behind), typicals)
    compared = (_compare(account, comparison, numbers) for comparison in ("source", "period"))
    parts = [part for part in compared if part]
    return {
        "maps": maps,
        "typicals": list_typicals(account, typicals, shown),
        "panels": panels,
        "n_panels_cut": len(account.labels) - len(panels) if panels else 0,
        "differences": parts,
        "behind": behind,
        "shown": {line.id for part in parts for line in part["ranking"].lines},
        "trends": list_trends(account),
        "turns": list_turns(account),
        "profile_turns": list_profile_turns(account),
        "decomposition": list(_list_decomposition(account)),
        "equal": _list_equal(account),
        "n_equal": sum(bool(row["equivalent"]) for row in account["contrasts"]),
        "n_equality": sum(row["p_equivalent"] is not None for row in account["contrasts"]),
        "margin": account.fact("margin"),
        "distances": list(_list_distances(account)),
        "n_distances": len(account["distances"]),
    }


def _compare(account: Account, comparison: str, behind: Collection[int]) -> dict[str, Any] | None:
    ranked = [row for _, row in rank_contrasts(account, comparison)]
    if not ranked:
        return None
    shared = find_shared(ranked, comparison)
    ranking = list_contrasts(account, comparison, behind, shared)
    stems = list_stems(account, comparison, behind, shared)
    label = (
        f"{shared.title}: {ranking.n_standing} of {count(ranking.n_all, 'difference')} stand after "
        f"correction. Drawn are {len(stems)} with intervals. "
        + "; ".join(stem.title for stem in stems[:5])
    )
    options: dict[str, Any] = {"ends": _ENDS[comparison], "margin": account.fact("margin")}
    drawn = draw_forest(stems, name=f"forest-{comparison}", label=label, **options) if stems else ""
    return {
        "id": f"differences-{comparison}",
        "comparison": comparison,
        "title": shared.title,
        "ranking": ranking,
        "n_stems": len(stems),
        "chart": drawn,
    }


def _list_anchors(parts: Mapping[str, Any]) -> Iterator[str]:
    """Name the places of the page that a sentence may lead to."""
    yield from ("shares", "differences")
    for part in parts["differences"]:
        yield part["id"]
        yield from (line.id for line in part["ranking"].lines)
    for name in ("trends", "turns", "profile_turns"):
        if parts[name].lines:
            yield name.replace("_", "-")
            yield from (line.id for line in parts[name].lines)
    if parts["equal"]:
        yield "equivalence"


def _link(statements: Iterable[Statement], known: set[str]) -> list[Statement]:
    """Drop links to what is not shown."""
    return [
        replace(
            statement,
            target=statement.target if statement.target in known else None,
            points=tuple(_link(statement.points, known)),
        )
        for statement in statements
    ]


def _title(account: Account) -> str:
    n_sources, periods = len(account.sources), account.periods
    over = f"over {name_width(account.fact('over'), len(periods))}" if len(periods) > 1 else ""
    if n_sources > 1:
        return " and ".join(
            part for part in (f"How framing differs between {n_sources} sources", over) if part
        )
    place = f"in {account.sources[0]}" if account.sources else ""
    return " ".join(part for part in ("Framing", place, over) if part)


def _list_decomposition(account: Account) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Give a row a label and time span, with a value and interval for every part."""
    found: dict[tuple[str, str, str], dict[str, Row]] = {}
    for row in account["decompositions"]:
        key = (row["label"], row["first"], row["last"])
        found.setdefault(key, {})[row["part"]] = row
    for (label, first, last), parts in found.items():
        span = f"{name_period(first)} to {name_period(last)}"
        yield account.name(label), span, [_show_part(parts.get(part)) for part in _PARTS]


def _show_part(row: Row | None) -> tuple[str, str]:
    if row is None or row["value"] is None:
        return "–", ""
    bounds = "" if row["low"] is None else format_point_bounds(row["low"], row["high"])
    return format_points(row["value"]), bounds


def _list_equal(account: Account) -> list[tuple[str, ...]]:
    rows = [row for row in account["contrasts"] if row["equivalent"]]
    rows.sort(key=lambda row: row["p_equivalent"])
    return [
        (
            name_contrast(account, row),
            format_points(row["difference"]),
            format_point_bounds(row["low"], row["high"]),
            format_p(row["p_equivalent"]),
            format_p(row["p_equivalent_adjusted"]),
        )
        for row in rows[:_MOST_EQUAL]
    ]


def _list_distances(account: Account) -> Iterator[tuple[str, str, str, str]]:
    """Give the pairs of sources that lie farthest beyond what chance would put between them."""
    rows = [row for row in account["distances"] if row["distance"] is not None]
    rows.sort(key=lambda row: (row["expected"] or 0.0) - row["distance"])
    for row in rows[:_MOST_DISTANCES]:
        expected = "–" if row["expected"] is None else f"{row['expected']:.3f}"
        yield f"{row['a']} and {row['b']}", f"{row['distance']:.3f}", expected, format_p(row["p"])
