"""Numbers, names and dates as a reader of a report expects them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from framing.reporting.tables import MISSING

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
MINUS = "−"

SIGNS = {"widened": "†", "doubted": "‡"}
"""Status of a share, to the sign that stands beside it; others have none."""


def format_percent(share: float | None, digits: int = 0) -> str:
    """Write a share in per cent; one that is not zero never looks like zero.

    >>> format_percent(0.456), format_percent(0.002), format_percent(0.0), format_percent(None)
    ('46%', '<1%', '0%', 'n/a')
    >>> format_percent(0.0456, 1), format_percent(0.998)
    ('4.6%', '>99%')
    """
    if share is None:
        return MISSING
    text, least = f"{100 * share:.{digits}f}", 10.0**-digits
    if share > 0 and float(text) == 0:
        return f"<{least:.{digits}f}%"
    if share < 1 and float(text) == 100:
        return f">{100 - least:.{digits}f}%"
    return f"{text.replace('-', MINUS)}%"


def format_bounds(low: float | None, high: float | None, digits: int = 0) -> str:
    """Write the ends of an interval in per cent, the sign said once.

    >>> format_bounds(0.381, 0.52), format_bounds(-0.02, 0.1, 1), format_bounds(None, None)
    ('38 to 52%', '−2.0 to 10.0%', 'no interval')
    """
    if low is None or high is None:
        return "no interval"
    return f"{_number(100 * low, digits)} to {_number(100 * high, digits)}%"


def format_points(difference: float | None, digits: int = 1) -> str:
    """Write a difference of shares in percentage points, with its sign.

    >>> format_points(0.1234), format_points(-0.05), format_points(0.0), format_points(None)
    ('+12.3', '−5.0', '0.0', 'n/a')
    """
    if difference is None:
        return MISSING
    text = _number(100 * difference, digits)
    return f"+{text}" if difference > 0 and float(text) else text


def format_point_bounds(low: float | None, high: float | None, digits: int = 1) -> str:
    """Write the ends of an interval in percentage points.

    >>> format_point_bounds(-0.031, 0.2), format_point_bounds(None, None)
    ('−3.1 to +20.0', 'no interval')
    """
    if low is None or high is None:
        return "no interval"
    return f"{format_points(low, digits)} to {format_points(high, digits)}"


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", MINUS)


def format_p(p: float | None) -> str:
    """Write a p-value; very small ones are only said to be so.

    >>> format_p(0.0312), format_p(0.2), format_p(0.0002), format_p(0.9996), format_p(None)
    ('.031', '.200', '<.001', '>.999', 'n/a')
    """
    if p is None:
        return MISSING
    if p < 0.001:
        return "<.001"
    return ">.999" if p > 0.9994 else f"{p:.3f}"[1:]


def name_label(label: str, names: Mapping[str, str]) -> str:
    """Name a frame, or a value of stance with its target.

    >>> name_label("law=pro", {"law": "The law"}), name_label("cost", {})
    ('The law: pro', 'cost')
    """
    if label in names:
        return names[label]
    target, equals, value = label.partition("=")
    return f"{names.get(target, target)}: {value}" if equals else label


def name_period(period: str) -> str:
    """Name a year, quarter or month in words.

    >>> name_period("2024-03"), name_period("2024-Q1"), name_period("2024")
    ('March 2024', 'Q1 2024', '2024')
    """
    year, dash, part = period.partition("-")
    if not dash:
        return period
    return f"{part} {year}" if part.startswith("Q") else f"{_MONTHS[int(part) - 1]} {year}"


def name_width(over: str | None, number: int) -> str:
    """Name what time is cut into.

    >>> name_width("month", 24), name_width("year", 1)
    ('24 months', '1 year')
    """
    return count(number, over or "period")


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Write a number with what it counts.

    >>> count(1, "unit"), count(12345, "unit"), count(2, "copy", "copies")
    ('1 unit', '12,345 units', '2 copies')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def join_words(words: Sequence[str], *, most: int | None = None) -> str:
    """Write a list in words; what is beyond the first few is counted.

    >>> join_words(["a", "b", "c"]), join_words(["a"]), join_words(list("abcde"), most=3)
    ('a, b and c', 'a', 'a, b, c and 2 more')
    """
    shown = list(words if most is None else words[:most])
    if len(shown) < len(words):
        shown.append(f"{len(words) - len(shown)} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def shorten(text: str, length: int) -> str:
    """Cut a text that is too long for its place, and show that it was cut.

    >>> shorten("Great River Daily", 12), shorten("The Assay", 12)
    ('Great River…', 'The Assay')
    """
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
