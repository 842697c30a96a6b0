"""A table of shares, sources down and labels across, whose cells are shaded by their share.

It is a table and no image, so that it can be read aloud, copied, searched and scrolled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from framing.reporting.accounts import Account, Row
from framing.reporting.wording import SIGNS, count, format_bounds, format_percent

MOST_SOURCES = 60
_MOST_COLUMNS = 11
_EVERYONE = "All sources"
_KINDS = {"frame": "Frames", "stance": "Stance"}

_Cells = Mapping[tuple[str | None, str], Row]
_Signs = dict[tuple[str | None, str], tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A share as shown.

    Attributes
    ----------
    share, bounds : str
    strength : int
        Of the shade, 0-100.
    status : str
        ``estimated``, ``widened``, ``doubted``, ``refused`` or ``absent``.
    title : str
        All about the cell in words.
    mark : str
        The sign of the status, or nothing.
    sign : str
        Whether it stands out from all other sources together: an arrow, or nothing.
    target : str or None
        The place of the page where that is shown, or a typical paragraph.
    """

    share: str
    bounds: str
    strength: int
    status: str
    title: str
    mark: str = ""
    sign: str = ""
    target: str | None = None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A source, or all of them together (None), with what its shares rest on."""

    source: str | None
    name: str
    texts: str
    cells: Sequence[HeatCell]
    is_everyone: bool


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A column a label, with the kind where it is the first of its kind, and a row a source."""

    labels: Sequence[tuple[str, str]]
    rows: Sequence[HeatRow]
    n_cut: int


def draw_heatmaps(
    account: Account,
    targets: Mapping[int, str],
    typicals: Mapping[tuple[str, str | None], str] | None = None,
) -> list[HeatMap]:
    """Lay out one table, or two where frames and stances are too many to stand side by side.

    Shades are scaled within frames and within stances.

    Parameters
    ----------
    account : Account
    targets : mapping of int to str
        Number of a contrast to the place of the page that shows it.
    typicals : mapping, optional
        Label and source to the place of a typical paragraph, for cells that stand out from nothing.
    """
    found = {
        (cell["source"], cell["label"]): cell for cell in account["cells"] if cell["period"] is None
    }
    if not found:
        return []
    kinds = [[item for item in account.labels if item[1] == kind] for kind in _KINDS]
    groups = [kind for kind in kinds if kind]
    if len(account.labels) <= _MOST_COLUMNS:
        groups = [[item for kind in groups for item in kind]]
    signs = _find_signs(account, targets)
    for (label, source), place in (typicals or {}).items():
        sign, target = signs.get((source, label), ("", None))
        signs[source, label] = sign, target or place
    return [_lay_out(account, group, found, signs) for group in groups]


def _lay_out(
    account: Account, labels: Sequence[tuple[str, str]], found: _Cells, signs: _Signs
) -> HeatMap:
    shown, n_cut = _choose_sources(account, found)
    most = {kind: _find_most(found, kind) for kind in _KINDS}
    rows = [
        HeatRow(
            source=source,
            name=source or _EVERYONE,
            texts=_count_texts(found, source),
            cells=[
                _fill(account, found.get((source, label)), (source, label), most[kind], signs)
                for label, kind in labels
            ],
            is_everyone=source is None,
        )
        for source in shown
    ]
    opens = [not n or labels[n - 1][1] != kind for n, (_, kind) in enumerate(labels)]
    names = [
        (account.name(label), _KINDS[kind] if first else "")
        for (label, kind), first in zip(labels, opens, strict=True)
    ]
    return HeatMap(names, rows, n_cut)


def _find_most(found: _Cells, kind: str) -> float:
    shares = (cell["share"] or 0.0 for cell in found.values() if cell["kind"] == kind)
    return max(shares, default=0.0) or 1.0


def _choose_sources(account: Account, found: _Cells) -> tuple[list[str | None], int]:
    """Take the sources with most articles, in alphabetical order, after all of them together."""
    sizes: dict[str, int] = {}
    for (source, _), cell in found.items():
        if source is not None:
            sizes[source] = max(sizes.get(source, 0), cell["n_articles"])
    largest = set(sorted(sizes, key=lambda source: -sizes[source])[:MOST_SOURCES])
    pooled = [None] if any(source is None for source, _ in found) else []
    shown = [source for source in account.sources if source in largest]
    return [*pooled, *shown], len(sizes) - len(largest)


def _count_texts(found: _Cells, source: str | None) -> str:
    sizes = [cell["n_articles"] for (own, _), cell in found.items() if own == source]
    return count(max(sizes, default=0), "article")


def _find_signs(account: Account, targets: Mapping[int, str]) -> _Signs:
    """Find where a source stands out from all others together."""
    return {
        (row["a"], row["label"]): ("▲" if row["difference"] > 0 else "▼", targets.get(number))
        for number, row in account.standing("contrasts", comparison="source", b=None)
    }


def _fill(
    account: Account,
    cell: Row | None,
    key: tuple[str | None, str],
    most: float,
    signs: _Signs,
) -> HeatCell:
    source, label = key
    place = f"{account.name(label)}, {source or _EVERYONE}"
    if cell is None:
        return HeatCell("–", "", 0, "absent", f"{place}: no units")
    status = cell["status"]
    if status == "refused" or cell["share"] is None:
        return HeatCell("–", "refused", 0, "refused", f"{place}: refused; {cell['note']}")
    sign, target = signs.get((source, label), ("", None))
    bounds = format_bounds(cell["low"], cell["high"])
    return HeatCell(
        share=format_percent(cell["share"]),
        bounds=bounds.removesuffix("%").replace(" to ", "–"),
        strength=round(100 * cell["share"] / most),
        status=status,
        title=". ".join(
            [
                f"{place}: {format_percent(cell['share'], 1)}, interval {bounds}",
                *_tell_article_share(cell),
                count(cell["n_units"], "unit") + " of " + count(cell["n_articles"], "article"),
                *([f"{status.capitalize()}: {cell['note']}"] if status in SIGNS else []),
                *([_read_sign(sign)] if sign else []),
            ]
        ),
        mark=SIGNS.get(status, ""),
        sign=sign,
        target=target,
    )


def _tell_article_share(cell: Row) -> Iterator[str]:
    if cell["article_share"] is not None:
        share = f"Article-weighted {format_percent(cell['article_share'], 1)}"
        bounds = format_bounds(cell["article_low"], cell["article_high"])
        yield share if cell["article_low"] is None else f"{share}, interval {bounds}"


def _read_sign(sign: str) -> str:
    way = "Higher" if sign == "▲" else "Lower"
    return f"{way} than all other sources together, after correction"
