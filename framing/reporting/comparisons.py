"""Differences, trends and change points as rows of cells, those that stand first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from framing.reporting.accounts import Account, Row
from framing.reporting.forests import Stem
from framing.reporting.statements import format_factor, tell_difference
from framing.reporting.wording import (
    format_p,
    format_percent,
    format_point_bounds,
    format_points,
    name_period,
)

MOST_ROWS = 60
"""Of those that stand, and of those that do not."""

MOST_STEMS = 24


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: where it stands in the page, its cells, and what it leads to."""

    id: str
    cells: Sequence[str]
    stands: bool
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows that stand and rows that do not, as many as are shown, and how many there are."""

    standing: Sequence[Line]
    rest: Sequence[Line]
    n_standing: int
    n_all: int

    @property
    def lines(self) -> list[Line]:
        """All rows that are shown."""
        return [*self.standing, *self.rest]

    @property
    def n_rest(self) -> int:
        """How many do not stand."""
        return self.n_all - self.n_standing


def _rank(rows: Iterable[tuple[int, Row]]) -> list[tuple[int, Row]]:
    """Order numbered rows: those that stand first and widest first, then by p-value."""

    def place(item: tuple[int, Row]) -> tuple[bool, float]:
        _, row = item
        width = abs(row.get("difference", row.get("slope")) or 0.0)
        return (False, -width) if row["stands"] else (True, 1.0 if row["p"] is None else row["p"])

    return sorted(rows, key=place)


def _cut(ranked: Sequence[tuple[int, Row]], tell: Callable[[int, Row], Line]) -> Ranking:
    """Keep the first rows that stand and the first that do not."""
    standing = [item for item in ranked if item[1]["stands"]]
    rest = [item for item in ranked if not item[1]["stands"]]
    return Ranking(
        standing=[tell(*item) for item in standing[:MOST_ROWS]],
        rest=[tell(*item) for item in rest[:MOST_ROWS]],
        n_standing=len(standing),
        n_all=len(ranked),
    )


def rank_contrasts(account: Account, comparison: str) -> list[tuple[int, Row]]:
    """Order differences of one kind: those that stand first, then by p-value."""
    rows = enumerate(account["contrasts"])
    return _rank(item for item in rows if item[1]["comparison"] == comparison)


@dataclass(frozen=True, slots=True)
class Shared:
    """What all differences of one kind have in common, so that it is said once."""

    title: str
    a: str | None
    b: str | None


def find_shared(rows: Sequence[Row], comparison: str) -> Shared:
    """Say what is compared in all rows, as far as that is the same.

    >>> find_shared([{"a": "Post", "b": None}], "source").title
    'Each source against all others together'
    >>> find_shared([{"a": "2023", "b": "2024"}], "period").title
    'From 2023 to 2024'
    """
    sides = {(row["a"], row["b"]) for row in rows}
    if comparison == "source":
        together = {b for _, b in sides} == {None}
        return Shared(
            "Each source against all others together" if together else "Sources", None, None
        )
    if len(sides) == 1:
        ((a, b),) = sides
        return Shared(f"From {name_period(a)} to {name_period(b)}", a, b)
    return Shared("Between periods", None, None)


def name_sides(row: Row, shared: Shared | None = None) -> str:
    """Say what is compared with what, without what all rows share."""
    if row["comparison"] == "source":
        against = row["b"] or ("" if shared and shared.title.startswith("Each") else "all others")
        return f"{row['a']} against {against}" if against else row["a"]
    own: str = row["source"] or "all sources"
    if shared and shared.a:
        return own
    return f"{own}, {name_period(row['a'])} to {name_period(row['b'])}"


def name_contrast(account: Account, row: Row, shared: Shared | None = None) -> str:
    """Say what is compared with what, and in which label."""
    return f"{account.name(row['label'])} in {name_sides(row, shared)}"


def list_contrasts(
    account: Account, comparison: str, behind: Collection[int], shared: Shared | None
) -> Ranking:
    """List differences as rows of cells; the name of one leads to what lies behind it."""

    def tell(number: int, row: Row) -> Line:
        cells = [
            account.name(row["label"]),
            name_sides(row, shared),
            format_percent(row["share_a"], 1),
            format_percent(row["share_b"], 1),
            *_test_cells(row),
        ]
        target = f"behind-{number}" if number in behind else None
        return Line(f"contrast-{number}", cells, bool(row["stands"]), target)

    return _cut(rank_contrasts(account, comparison), tell)


def _test_cells(row: Row) -> list[str]:
    return [
        format_points(row["difference"]),
        format_point_bounds(row["low"], row["high"]),
        format_p(row["p"]),
        format_p(row["p_adjusted"]),
        judge(row),
    ]


def judge(row: Row) -> str:
    """Say what a test came to.

    >>> judge({"stands": False, "equivalent": None}), judge({"stands": True, "equivalent": True})
    ('not shown', 'stands, but within the margin')
    """
    if row["stands"]:
        return "stands, but within the margin" if row.get("equivalent") else "stands"
    return "equal within the margin" if row.get("equivalent") else "not shown"


def list_stems(
    account: Account, comparison: str, behind: Collection[int], shared: Shared
) -> list[Stem]:
    """List the first differences of a table as a chart shows them."""
    return [
        Stem(
            name=name_contrast(account, row, shared),
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

    def tell(number: int, row: Row) -> Line:
        low, high = (format_factor(row[name]) for name in ("low", "high"))
        cells = [
            account.name(row["label"]),
            row["source"] or "all sources",
            f"{name_period(row['first'])} to {name_period(row['last'])}",
            f"× {format_factor(row['slope'])}",
            f"{low} to {high}" if row["low"] is not None else "no interval",
            format_p(row["p"]),
            format_p(row["p_adjusted"]),
            judge(row),
        ]
        return Line(f"trend-{number}", cells, bool(row["stands"]))

    return _cut(_rank(enumerate(account["trends"])), tell)


def list_turns(account: Account) -> Ranking:
    """List change points as rows."""

    def tell(number: int, row: Row) -> Line:
        cells = [
            account.name(row["label"]),
            row["source"] or "all sources",
            name_period(row["period"]),
            format_percent(row["before"], 1),
            format_percent(row["after"], 1),
            *_test_cells(row),
        ]
        return Line(f"turn-{number}", cells, bool(row["stands"]))

    return _cut(_rank(enumerate(account["turns"])), tell)


def list_profile_turns(account: Account) -> Ranking:
    """List turns of whole profiles as rows."""

    def tell(number: int, row: Row) -> Line:
        cells = [
            row["source"],
            name_period(row["period"]),
            f"{row['n_articles_before']:,} and {row['n_articles_after']:,}",
            f"{row['distance']:.2f}",
            format_p(row["smallest"]),
            format_p(row["p"]),
            format_p(row["p_adjusted"]),
            judge(row),
        ]
        return Line(f"profile-turn-{number}", cells, bool(row["stands"]))

    return _cut(_rank(enumerate(account["profile_turns"])), tell)
