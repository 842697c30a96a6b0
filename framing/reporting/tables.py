"""Small tables as Markdown that reads well in a terminal too, and numbers as papers print them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

MISSING = "n/a"


def format_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out an aligned Markdown table; the first column is flush left, the others right.

    >>> print(format_table(["frame", "n"], [["risk", "12"], ["lag", "7"]]))
    | frame |  n |
    |:------|---:|
    | risk  | 12 |
    | lag   |  7 |
    """
    lines = [[_escape(cell) for cell in line] for line in (header, *rows)]
    widths = [max(2, *(len(line[i]) for line in lines)) for i in range(len(header))]
    rule = [":" + "-" * (widths[0] + 1), *("-" * (width + 1) + ":" for width in widths[1:])]
    body = [_align(line, widths) for line in lines]
    return "\n".join([body[0], "|" + "|".join(rule) + "|", *body[1:]])


def _align(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return "| " + " | ".join(padded) + " |"


def _escape(cell: str) -> str:
    return " ".join(cell.replace("|", "/").split())


def format_share(value: float | None, digits: int = 2) -> str:
    """Write a number between -1 and 1 with a few decimals and no leading zero.

    >>> format_share(0.456), format_share(1.0), format_share(-0.031), format_share(None)
    ('.46', '1.00', '-.03', 'n/a')
    """
    if value is None or math.isnan(value):
        return MISSING
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def format_estimate(estimate: Mapping[str, Any] | None, digits: int = 2) -> str:
    """Write an estimate, as JSON values, with its interval.

    >>> format_estimate({"value": 0.456, "low": 0.4, "high": 0.512})
    '.46 [.40, .51]'
    """
    if estimate is None or estimate["value"] is None:
        return MISSING
    value, low, high = (format_share(estimate[name], digits) for name in ("value", "low", "high"))
    return value if estimate["low"] is None else f"{value} [{low}, {high}]"


def format_count(number: int, noun: str) -> str:
    """Write a number with its noun.

    >>> format_count(1, "article"), format_count(12610, "coded unit")
    ('1 article', '12610 coded units')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def format_json(content: Any) -> str:
    """Write JSON as people and programs read it."""
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
