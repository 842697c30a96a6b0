"""What the tables of a drift support, and what they do not, in sentences that claim no more."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from framing.reporting.accounts import Account, Row, Rows
from framing.reporting.tables import MISSING
from framing.reporting.wording import (
    count,
    format_percent,
    format_point_bounds,
    format_points,
    join_words,
    name_period,
)

_TOLD = 3
"""Findings of one kind that are told one by one; the others stand in the tables."""

_REASONS = 3
_EVERYWHERE = "all sources together"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, the words that open it, the place that they rest on, and what belongs to it."""

    lead: str
    text: str
    target: str | None = None
    points: tuple[Statement, ...] = ()

    def __str__(self) -> str:
        own = f"{self.lead} {self.text}".strip()
        return "\n".join([own, *(f"  - {point}" for point in self.points)])


def tell_extent(account: Account) -> str:
    """Say how much was counted, of what time, and how many tests were made."""
    periods = account.periods
    span = f", {name_period(periods[0])} to {name_period(periods[-1])}" if periods else ""
    standing = sum(len(account.standing(table)) for table in ("contrasts", "trends", "turns"))
    tests = account.fact("n_tests")
    tested = f" {count(tests, 'test')}, {standing:,} of which stand." if tests else ""
    return (
        f"{count(account.fact('n_units'), 'unit')} of "
        f"{count(account.fact('n_articles'), 'article')}{span}.{tested}"
    )


def tell_findings(account: Account) -> list[Statement]:
    """Say what stands after correction, the widest first, and what is equivalent."""
    found = [
        *_tell_contrasts(account, "source"),
        *_tell_contrasts(account, "period"),
        *_tell_turns(account),
        *_tell_profile_turns(account),
        *_tell_trends(account),
        *_tell_equivalent(account),
    ]
    return found or [_tell_nothing(account)]


def _tell_nothing(account: Account) -> Statement:
    tests = account.fact("n_tests")
    if not tests:
        return Statement("Nothing was compared.", "The shares are estimates and no more.")
    return Statement(
        "No difference stands:",
        f"of {count(tests, 'test')} none is significant after correction. That does not show "
        "that nothing differs.",
    )


def _sum_up(standing: int, tested: int, noun: str, *, most: str = "widest") -> str:
    """Say how many stand, in words that lead to the first of them."""
    verb = "stands" if standing == 1 else "stand"
    opening = f"{standing:,} of {count(tested, noun)} {verb} after correction"
    return f"{opening}. The {most}:" if standing > _TOLD else f"{opening}:"


def _tell_contrasts(account: Account, comparison: str) -> Iterator[Statement]:
    standing = account.standing("contrasts", comparison=comparison)
    if not standing:
        return
    standing.sort(key=lambda item: -abs(item[1]["difference"]))
    tested = sum(row["comparison"] == comparison for row in account["contrasts"])
    tell = _tell_source if comparison == "source" else _tell_period
    colon = ":" if comparison == "source" else ""
    yield Statement(
        f"Between {comparison}s,",
        _sum_up(len(standing), tested, "difference"),
        f"differences-{comparison}",
        tuple(
            Statement(account.name(row["label"]) + colon, tell(row), f"contrast-{number}")
            for number, row in standing[:_TOLD]
        ),
    )


def _tell_source(row: Row) -> str:
    return (
        f"an estimated {format_percent(row['share_a'])} in {row['a']}, "
        f"{format_percent(row['share_b'])} in {row['b'] or 'all others together'} "
        f"({tell_difference(row)})."
    )


def _tell_period(row: Row) -> str:
    return (
        f"in {row['source'] or _EVERYWHERE}: an estimated {format_percent(row['share_a'])} in "
        f"{name_period(row['a'])}, {format_percent(row['share_b'])} in {name_period(row['b'])} "
        f"({tell_difference(row)})."
    )


def tell_difference(row: Row) -> str:
    """Write a difference with its interval.

    >>> tell_difference({"difference": 0.1, "low": 0.05, "high": 0.15})
    '+10.0 points, +5.0 to +15.0'
    """
    bounds = format_point_bounds(row["low"], row["high"])
    return f"{format_points(row['difference'])} points, {bounds}"


def _tell_turns(account: Account) -> Iterator[Statement]:
    standing = account.standing("turns")
    if not standing:
        return
    standing.sort(key=lambda item: -abs(item[1]["difference"]))
    yield Statement(
        "Change points:",
        _sum_up_turns([row for _, row in standing], account["turns"]),
        "turns",
        tuple(
            Statement(account.name(row["label"]), _tell_turn(row), f"turn-{number}")
            for number, row in standing[:_TOLD]
        ),
    )


def _sum_up_turns(standing: Rows, rows: Rows) -> str:
    """Say how many stand, and in how many series: one may turn more than once."""
    turned, series = (
        {(row["label"], row["source"]) for row in found} for found in (standing, rows)
    )
    verb = "stands" if len(standing) == 1 else "stand"
    opening = f"{len(standing):,} {verb} after correction, in {len(turned):,} of "
    told = f"{opening}{count(len(series), 'series', 'series')}"
    return f"{told}. The widest:" if len(standing) > _TOLD else f"{told}:"


def _tell_turn(row: Row) -> str:
    return (
        f"in {row['source'] or _EVERYWHERE}: {format_percent(row['before'])} before "
        f"{name_period(row['period'])}, {format_percent(row['after'])} from then on "
        f"({tell_difference(row)})."
    )


def _tell_profile_turns(account: Account) -> Iterator[Statement]:
    standing = account.standing("profile_turns")
    if not standing:
        return
    standing.sort(key=lambda item: item[1]["p"])
    yield Statement(
        "Whole profiles:",
        f"of {count(len(account['profile_turns']), 'source')}, {len(standing):,} turned over all "
        f"labels together{', the surest' if len(standing) > _TOLD else ''}:",
        "profile-turns",
        tuple(
            Statement(row["source"], f"from {name_period(row['period'])} on.", f"profile-turn-{n}")
            for n, row in standing[:_TOLD]
        ),
    )


def _tell_trends(account: Account) -> Iterator[Statement]:
    standing = account.standing("trends")
    if not standing:
        return
    standing.sort(key=lambda item: -abs(item[1]["slope"]))
    yield Statement(
        "Trends:",
        _sum_up(len(standing), len(account["trends"]), "slope", most="steepest"),
        "trends",
        tuple(
            Statement(account.name(row["label"]), _tell_trend(row), f"trend-{number}")
            for number, row in standing[:_TOLD]
        ),
    )


def _tell_trend(row: Row) -> str:
    factor, low, high = (format_factor(row[name]) for name in ("slope", "low", "high"))
    bounds = f", {low} to {high}" if row["low"] is not None else ""
    return f"in {row['source'] or _EVERYWHERE}: odds × {factor} a year{bounds}."


def format_factor(slope: float | None) -> str:
    """Write a logistic slope as the factor by which odds change.

    >>> format_factor(0.0), format_factor(0.7)
    ('1.00', '2.01')
    """
    return MISSING if slope is None else f"{math.exp(slope):.2f}"


def _tell_equivalent(account: Account) -> Iterator[Statement]:
    same = sum(bool(row["equivalent"]) for row in account["contrasts"])
    if same:
        margin = f"{100 * account.fact('margin'):g}"
        yield Statement(
            "Practically equal:",
            f"{same:,} of {count(len(account['contrasts']), 'difference')} "
            f"{'lies' if same == 1 else 'lie'} within ±{margin} points, by equivalence tests.",
            "equivalence",
        )


def tell_limits(account: Account) -> list[Statement]:
    """Say what the tables leave open: what was refused and why, and what was not shown."""
    return [
        *_tell_refused(account),
        *_tell_undecided(account),
        *_tell_untested(account),
        Statement(
            "Why, and whether rightly:",
            "shares say how often a frame occurs in the texts collected here. They show neither "
            "intent nor accuracy, and a difference between sources is no fault of either.",
        ),
    ]


def _tell_refused(account: Account) -> Iterator[Statement]:
    refused = [cell for cell in account["cells"] if cell["status"] == "refused"]
    if refused:
        yield Statement(
            "No estimate:",
            f"{len(refused):,} of {count(len(account['cells']), 'share')} "
            f"{'was' if len(refused) == 1 else 'were'} refused. {explain_notes(refused)}",
            "shares",
        )


def explain_notes(cells: Rows) -> str:
    """Say the most frequent reasons, with how many shares and which sources each concerns."""
    reasons = Counter(cell["note"] for cell in cells if cell["note"])
    told = [_explain(reason, cells) for reason, _ in reasons.most_common(_REASONS)]
    rest = len(reasons) - _REASONS
    return " ".join([*told, *([f"And {count(rest, 'other reason')}."] if rest > 0 else [])])


def _explain(reason: str, cells: Rows) -> str:
    concerned = [cell for cell in cells if cell["note"] == reason]
    sources = sorted({cell["source"] or _EVERYWHERE for cell in concerned})
    opening = reason[:1].upper() + reason[1:]
    return f"{opening} ({count(len(concerned), 'share')}: {join_words(sources, most=3)})."


def _tell_undecided(account: Account) -> Iterator[Statement]:
    rows = [row for row in account["contrasts"] if row["p"] is not None]
    fallen = [row for row in rows if not row["stands"]]
    if not fallen:
        return
    same = sum(bool(row["equivalent"]) for row in fallen)
    opening = (
        f"{len(fallen):,} of {count(len(rows), 'difference')} tested do not stand after correction"
    )
    if account.fact("margin") is None:
        rest = (
            ". That is no evidence that they are nil: without a margin, no two shares can be "
            "called equal."
        )
    else:
        rest = (
            f"; {same:,} of these are equal within the margin, and {len(fallen) - same:,} are "
            "undecided: neither a difference nor equality is shown."
        )
    yield Statement("Not shown:", opening + rest, "differences")


def _tell_untested(account: Account) -> Iterator[Statement]:
    if account.fact("over") is None:
        yield Statement("Change:", "time was not cut into periods, so nothing is said of it.")
    elif len(account.periods) < 2:
        yield Statement("Change:", "there is no more than one period, so nothing is said of it.")
    if len(account.sources) < 2:
        yield Statement("Between sources:", "there is no more than one, so nothing is compared.")


def print_statements(statements: Sequence[Statement]) -> str:
    """Write statements as a Markdown list."""
    return "\n".join(f"- {statement}" for statement in statements)
