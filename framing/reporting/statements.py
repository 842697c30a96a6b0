"""What a drift's tables support, and what they do not, in sentences that claim no more than that."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from framing.reporting.accounts import Account, Row, Rows
from framing.reporting.wording import (
    count,
    format_percent,
    format_point_bounds,
    format_points,
    join_words,
    name_period,
    say_p,
)

_TOLD = 4
"""Findings of one kind that are told one by one; the others stand in the tables."""

_REASONS = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or two, the words that open it, and the place of the page that they rest on."""

    lead: str
    text: str
    target: str | None = None

    def __str__(self) -> str:
        return f"{self.lead} {self.text}"


def tell_findings(account: Account) -> list[Statement]:
    """Say what stands after correction, the widest first, and what is equivalent."""
    found = [
        *_tell_contrasts(account, "source"),
        *_tell_contrasts(account, "period"),
        *_tell_turns(account),
        *_tell_trends(account),
        *_tell_equivalent(account),
    ]
    return found or [_tell_nothing(account)]


def _tell_nothing(account: Account) -> Statement:
    tests = account.fact("n_tests")
    if not tests:
        return Statement("Nothing was compared.", "The shares below are estimates and no more.")
    return Statement(
        "No difference stands.",
        f"{count(tests, 'test')} made, none significant after correction. That does not show "
        "that nothing differs.",
    )


def _tell_contrasts(account: Account, comparison: str) -> Iterator[Statement]:
    standing = account.standing("contrasts", comparison=comparison)
    if not standing:
        return
    tested = sum(row["comparison"] == comparison for row in account["contrasts"])
    between = "sources" if comparison == "source" else "periods"
    yield Statement(
        f"Between {between}:",
        f"{len(standing):,} of {count(tested, 'difference')} tested "
        f"{'stands' if len(standing) == 1 else 'stand'} after correction"
        f"{_tell_widest(len(standing))}",
        f"differences-{comparison}",
    )
    standing.sort(key=lambda item: -abs(item[1]["difference"]))
    for number, row in standing[:_TOLD]:
        told = _tell_source if comparison == "source" else _tell_period
        yield Statement(f"{account.name(row['label'])}:", told(row), f"contrast-{number}")


def _tell_widest(number: int) -> str:
    return "." if number <= _TOLD else f"; the {_TOLD} widest are:"


def _tell_source(row: Row) -> str:
    b = row["b"] or "all other sources together"
    way = "higher" if row["difference"] > 0 else "lower"
    return (
        f"an estimated {format_percent(row['share_a'])} in {row['a']}, {way} than the "
        f"{format_percent(row['share_b'])} in {b} ({tell_difference(row)})."
    )


def _tell_period(row: Row) -> str:
    shares = {"a": row["share_a"], "b": row["share_b"]}
    way = "up" if row["difference"] > 0 else "down"
    return (
        f"{way} in {row['source'] or 'all sources together'}, from an estimated "
        f"{format_percent(shares['a'])} in {name_period(row['a'])} to "
        f"{format_percent(shares['b'])} in {name_period(row['b'])} ({tell_difference(row)})."
    )


def tell_difference(row: Row) -> str:
    """Write a difference with its interval and corrected p-value."""
    bounds = format_point_bounds(row["low"], row["high"])
    return (
        f"{format_points(row['difference'])} points, interval {bounds}, "
        f"corrected {say_p(row['p_adjusted'])}"
    )


def _tell_turns(account: Account) -> Iterator[Statement]:
    standing = account.standing("turns")
    standing.sort(key=lambda item: -abs(item[1]["difference"]))
    for number, row in standing[:_TOLD]:
        yield Statement(
            f"{account.name(row['label'])}:",
            f"a change point in {row['source'] or 'all sources together'} at "
            f"{name_period(row['period'])}, from {format_percent(row['before'])} before to "
            f"{format_percent(row['after'])} after ({tell_difference(row)}).",
            f"turn-{number}",
        )
    if len(standing) > _TOLD:
        rest = count(len(standing) - _TOLD, "more change point")
        yield Statement("Change points:", f"{rest} in the table.", "turns")


def _tell_trends(account: Account) -> Iterator[Statement]:
    standing = account.standing("trends")
    standing.sort(key=lambda item: (item[1]["source"] is not None, -abs(item[1]["slope"])))
    for number, row in standing[:_TOLD]:
        yield Statement(
            f"{account.name(row['label'])}:",
            f"a steady {'rise' if row['slope'] > 0 else 'fall'} in "
            f"{row['source'] or 'all sources together'}, {name_period(row['first'])} to "
            f"{name_period(row['last'])}: {tell_slope(row)}.",
            f"trend-{number}",
        )
    if len(standing) > _TOLD:
        rest = count(len(standing) - _TOLD, "more trend")
        yield Statement("Trends:", f"{rest} in the table.", "trends")


def tell_slope(row: Row) -> str:
    """Write a logistic slope as the factor by which odds change in a year."""
    factor = f"odds × {math.exp(row['slope']):.2f} a year"
    if row["low"] is None:
        return f"{factor} (corrected {say_p(row['p_adjusted'])})"
    low, high = (math.exp(row[name]) for name in ("low", "high"))
    return f"{factor} (interval {low:.2f} to {high:.2f}, corrected {say_p(row['p_adjusted'])})"


def _tell_equivalent(account: Account) -> Iterator[Statement]:
    same = [row for row in account["contrasts"] if row["equivalent"]]
    if same:
        yield Statement(
            "Practically equal:",
            f"{count(len(same), 'difference')} of {len(account['contrasts']):,} "
            f"{'lies' if len(same) == 1 else 'lie'} within ±{_tell_margin(account)} points, by "
            "equivalence tests.",
            "equivalence",
        )


def _tell_margin(account: Account) -> str:
    return f"{100 * account.fact('margin'):g}"


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
    sources = sorted({cell["source"] or "all sources together" for cell in concerned})
    opening = reason[:1].upper() + reason[1:]
    return f"{opening} ({count(len(concerned), 'share')}: {join_words(sources, most=3)})."


def _tell_undecided(account: Account) -> Iterator[Statement]:
    rows = account["contrasts"]
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
    if account.fact("over") is None or len(account.periods) < 2:
        yield Statement("Change:", "there is no more than one period, so nothing is said of it.")
    if len(account.sources) < 2:
        yield Statement("Between sources:", "there is no more than one, so nothing is compared.")


def print_statements(statements: Sequence[Statement]) -> str:
    """Write statements as a Markdown list."""
    return "\n".join(f"- {statement}" for statement in statements)
