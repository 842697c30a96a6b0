"""A table of shares, sources down and labels across, whose cells are shaded by their share.

It is a table and no image, so that it can be read aloud, copied, searched and scrolled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from framing.reporting.accounts import Account, Row
from framing.reporting.wording import count, format_bounds, format_percent

MOST_SOURCES = 60
_EVERYONE = "All sources"


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A share as shown.

    Attributes
    ----------
    share, bounds : str
    strength : int
        Of the shade, 0-100.
    status : str
        ``estimated``, ``widened``, ``refused`` or ``absent``.
    title : str
        All about the cell in words.
    sign : str
        Whether it stands out from all other sources together: an arrow, or nothing.
    target : str or None
        The place of the page where that is shown.
    """

    share: str
    bounds: str
    strength: int
    status: str
    title: str
    sign: str = ""
    target: str | None = None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A source, or all of them together, with what its shares rest on."""

    name: str
    texts: str
    cells: Sequence[HeatCell]
    is_everyone: bool


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Labels of one kind, and a row a source; how many sources did not fit."""

    kind: str
    labels: Sequence[str]
    rows: Sequence[HeatRow]
    n_cut: int


def draw_heatmaps(account: Account, targets: Mapping[int, str]) -> list[HeatMap]:
    """Lay out a table for frames and one for stances, where there are any.

    Parameters
    ----------
    account : Account
    targets : mapping of int to str
        Number of a contrast to the place of the page that shows it.
    """
    found = {
        (cell["source"], cell["label"]): cell for cell in account["cells"] if cell["period"] is None
    }
    shown, n_cut = _choose_sources(account, found)
    signs = _find_signs(account, targets)
    maps = []
    for kind in ("frame", "stance"):
        labels = [label for label, of in account.labels if of == kind]
        shares = [cell["share"] or 0.0 for key, cell in found.items() if key[1] in labels]
        most = max(shares, default=0.0) or 1.0
        rows = [
            HeatRow(
                name=source or _EVERYONE,
                texts=_count_texts(found, source),
                cells=[_fill(account, found, (source, label), most, signs) for label in labels],
                is_everyone=source is None,
            )
            for source in shown
        ]
        if labels and rows:
            maps.append(HeatMap(kind, [account.name(label) for label in labels], rows, n_cut))
    return maps


def _choose_sources(
    account: Account, found: Mapping[tuple[str | None, str], Row]
) -> tuple[list[str | None], int]:
    """Take the sources with most articles, in alphabetical order, after all of them together."""
    sizes: dict[str, int] = {}
    for (source, _), cell in found.items():
        if source is not None:
            sizes[source] = max(sizes.get(source, 0), cell["n_articles"])
    largest = set(sorted(sizes, key=lambda source: -sizes[source])[:MOST_SOURCES])
    pooled = [None] if any(source is None for source, _ in found) else []
    shown = [source for source in account.sources if source in largest]
    return [*pooled, *shown], len(sizes) - len(largest)


def _count_texts(found: Mapping[tuple[str | None, str], Row], source: str | None) -> str:
    sizes = [cell["n_articles"] for (own, _), cell in found.items() if own == source]
    return count(max(sizes, default=0), "article")


def _find_signs(
    account: Account, targets: Mapping[int, str]
) -> dict[tuple[str, str], tuple[str, str | None]]:
    """Find where a source stands out from all others together."""
    return {
        (row["a"], row["label"]): ("▲" if row["difference"] > 0 else "▼", targets.get(number))
        for number, row in account.standing("contrasts", comparison="source", b=None)
    }


def _fill(
    account: Account,
    found: Mapping[tuple[str | None, str], Row],
    key: tuple[str | None, str],
    most: float,
    signs: Mapping[tuple[str, str], tuple[str, str | None]],
) -> HeatCell:
    source, label = key
    place = f"{account.name(label)}, {source or _EVERYONE}"
    cell = found.get(key)
    if cell is None:
        return HeatCell("–", "", 0, "absent", f"{place}: no units")
    status = cell["status"]
    if status == "refused" or cell["share"] is None:
        return HeatCell("–", "refused", 0, "refused", f"{place}: refused; {cell['note']}")
    sign, target = signs.get((source or "", label), ("", None))
    bounds = format_bounds(cell["low"], cell["high"])
    return HeatCell(
        share=format_percent(cell["share"]),
        bounds=bounds.removesuffix("%").replace(" to ", "–"),
        strength=round(100 * cell["share"] / most),
        status=status,
        title=". ".join(
            [
                f"{place}: {format_percent(cell['share'], 1)}, interval {bounds}",
                count(cell["n_units"], "unit") + " of " + count(cell["n_articles"], "article"),
                *([f"Widened: {cell['note']}"] if status == "widened" else []),
                *([_read_sign(sign)] if sign else []),
            ]
        ),
        sign=sign,
        target=target,
    )


def _read_sign(sign: str) -> str:
    way = "Higher" if sign == "▲" else "Lower"
    return f"{way} than all other sources together, after correction"
