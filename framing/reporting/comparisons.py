"""Differences, trends and change points as rows of a page, and what lies behind each difference."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from framing.reporting.accounts import Account, Row
from framing.reporting.forests import Stem
from framing.reporting.statements import tell_difference
from framing.reporting.wording import (
    format_p,
    format_percent,
    format_point_bounds,
    format_points,
    name_period,
)

MOST_ROWS = 60
MOST_STEMS = 24
MOST_BEHIND = 40
_MOST_TERMS = 10
_MOST_QUOTES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: where it stands in the page, its cells, and what it leads to."""

    id: str
    cells: Sequence[str]
    stands: bool
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows that are shown, those that stand first, and how many are not."""

    lines: Sequence[Line]
    n_standing: int
    n_all: int

    @property
    def n_cut(self) -> int:
        """Rows that are not shown."""
        return self.n_all - len(self.lines)


@dataclass(frozen=True, slots=True)
class Quote:
    """A paragraph, with what is known of it."""

    id: str
    origin: str
    text: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a difference: its name, the terms that set it off, and typical paragraphs."""

    name: str
    terms: Sequence[tuple[str, str]]
    quotes: Sequence[Quote]


@dataclass(frozen=True, slots=True)
class Behind:
    """Why a difference that stands may be so: the two sides of it."""

    id: str
    number: int
    title: str
    summary: str
    sides: Sequence[Side]


def rank_contrasts(account: Account, comparison: str) -> list[tuple[int, Row]]:
    """Order differences: those that stand first and widest first, then by p-value."""
    rows = [
        (number, row)
        for number, row in enumerate(account["contrasts"])
        if row["comparison"] == comparison
    ]
    return sorted(rows, key=_rank)


def _rank(item: tuple[int, Row]) -> tuple[bool, float]:
    _, row = item
    width = abs(row.get("difference", row.get("slope")) or 0.0)
    return (False, -width) if row["stands"] else (True, 1.0 if row["p"] is None else row["p"])


def name_contrast(account: Account, row: Row) -> str:
    """Say what is compared with what."""
    return f"{account.name(row['label'])}: {_name_sides(row)}"


def _name_sides(row: Row) -> str:
    if row["comparison"] == "source":
        return f"{row['a']} against {row['b'] or 'all others'}"
    return f"{row['source'] or 'all sources'}, {name_period(row['a'])} to {name_period(row['b'])}"


def list_contrasts(account: Account, comparison: str, behind: set[int]) -> Ranking:
    """List differences as rows of cells; the name of one leads to what lies behind it."""
    ranked = rank_contrasts(account, comparison)
    lines = [
        Line(
            id=f"contrast-{number}",
            cells=[
                account.name(row["label"]),
                _name_sides(row),
                format_percent(row["share_a"], 1),
                format_percent(row["share_b"], 1),
                format_points(row["difference"]),
                format_point_bounds(row["low"], row["high"]),
                format_p(row["p"]),
                format_p(row["p_adjusted"]),
                judge(row),
            ],
            stands=bool(row["stands"]),
            target=f"behind-{number}" if number in behind else None,
        )
        for number, row in ranked[:MOST_ROWS]
    ]
    return Ranking(lines, sum(bool(row["stands"]) for _, row in ranked), len(ranked))


def judge(row: Row) -> str:
    """Say what a test came to.

    >>> judge({"stands": False, "equivalent": None}), judge({"stands": True, "equivalent": True})
    ('not shown', 'stands, but within the margin')
    """
    if row["stands"]:
        return "stands, but within the margin" if row.get("equivalent") else "stands"
    return "equal within the margin" if row.get("equivalent") else "not shown"


def list_stems(account: Account, comparison: str, behind: set[int]) -> list[Stem]:
    """List the first differences of a table as a chart shows them."""
    return [
        Stem(
            name=name_contrast(account, row),
            difference=row["difference"],
            low=row["low"],
            high=row["high"],
            stands=bool(row["stands"]),
            target=f"#behind-{number}" if number in behind else f"#contrast-{number}",
            title=f"{name_contrast(account, row)}: {tell_difference(row)}",
        )
        for number, row in rank_contrasts(account, comparison)[:MOST_STEMS]
        if row["difference"] is not None
    ]


def list_trends(account: Account) -> Ranking:
    """List trends as rows: the factor by which odds change in a year, and tests."""
    ranked = sorted(enumerate(account["trends"]), key=_rank)
    lines = [
        Line(
            id=f"trend-{number}",
            cells=[
                account.name(row["label"]),
                row["source"] or "all sources",
                f"{name_period(row['first'])} to {name_period(row['last'])}",
                f"× {math.exp(row['slope']):.2f}",
                f"{math.exp(row['low']):.2f} to {math.exp(row['high']):.2f}"
                if row["low"] is not None
                else "no interval",
                format_p(row["p"]),
                format_p(row["p_adjusted"]),
                judge(row),
            ],
            stands=bool(row["stands"]),
        )
        for number, row in ranked[:MOST_ROWS]
    ]
    return Ranking(lines, len(account.standing("trends")), len(ranked))


def list_turns(account: Account) -> Ranking:
    """List change points as rows."""
    ranked = sorted(enumerate(account["turns"]), key=_rank)
    lines = [
        Line(
            id=f"turn-{number}",
            cells=[
                account.name(row["label"]),
                row["source"] or "all sources",
                name_period(row["period"]),
                format_percent(row["before"], 1),
                format_percent(row["after"], 1),
                format_points(row["difference"]),
                format_point_bounds(row["low"], row["high"]),
                format_p(row["p"]),
                format_p(row["p_adjusted"]),
                judge(row),
            ],
            stands=bool(row["stands"]),
        )
        for number, row in ranked[:MOST_ROWS]
    ]
    return Ranking(lines, len(account.standing("turns")), len(ranked))


def list_behind(account: Account) -> list[Behind]:
    """Gather terms and paragraphs of the widest differences that stand."""
    numbers = {row["contrast"] for table in ("terms", "examples") for row in account[table]}
    ranked = [
        *rank_contrasts(account, "source"),
        *rank_contrasts(account, "period"),
    ]
    chosen = [(number, row) for number, row in ranked if number in numbers and row["stands"]]
    chosen.sort(key=lambda item: -abs(item[1]["difference"]))
    kept = {number for number, _ in chosen[:MOST_BEHIND]}
    return [
        Behind(
            id=f"behind-{number}",
            number=number,
            title=name_contrast(account, row),
            summary=f"{format_points(row['difference'])} points",
            sides=[_describe_side(account, number, row, side) for side in ("a", "b")],
        )
        for number, row in ranked
        if number in kept
    ]


def _describe_side(account: Account, number: int, row: Row, side: str) -> Side:
    at_source = row["comparison"] == "source"
    name = row[side] or "All other sources" if at_source else name_period(row[side])
    return Side(
        name=name,
        terms=list(_list_terms(account, number, side))[:_MOST_TERMS],
        quotes=list(_list_quotes(account, number, side))[:_MOST_QUOTES],
    )


def _list_terms(account: Account, number: int, side: str) -> Iterator[tuple[str, str]]:
    own = [row for row in account["terms"] if (row["contrast"], row["side"]) == (number, side)]
    for row in sorted(own, key=lambda row: -abs(row["z"])):
        counts = f"{row['count_a']:g} to {row['count_b']:g}"
        yield row["term"], f"z {row['z']:.1f}, counts {counts}".replace("-", "−")


def _list_quotes(account: Account, number: int, side: str) -> Iterator[Quote]:
    for row in account["examples"]:
        if (row["contrast"], row["side"]) == (number, side):
            known = [row["source"], row["date"], row["id"]]
            parts = [*(part for part in known if part), _say_probability(row["probability"])]
            yield Quote(row["id"], ", ".join(part for part in parts if part), row["text"])


def _say_probability(probability: float | None) -> str:
    return "" if probability is None else f"probability {format_percent(probability)}"
