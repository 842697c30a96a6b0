"""Calendar bins for dates that may be partial (ISO 8601: ``2025``, ``2025-04``, ``2025-04-04``)."""

from __future__ import annotations

import re
from typing import Literal, get_args

from framing.schema import InputError

Over = Literal["year", "quarter", "month"]

_ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-\d{2})?)?")


def bin_period(iso_date: str | None, over: str) -> str | None:
    """Name the year, quarter or month of a date; periods of one kind sort by name.

    Parameters
    ----------
    iso_date : str or None
        ISO 8601, possibly partial.
    over : {"year", "quarter", "month"}

    Returns
    -------
    str or None
        None for no date and for one too coarse for the bin, such as the month of ``2025``.

    Raises
    ------
    InputError
        If `over` is none of the three, or the date is not ISO 8601.

    Examples
    --------
    >>> [bin_period("2025-04-04", over) for over in ("year", "quarter", "month")]
    ['2025', '2025-Q2', '2025-04']
    >>> bin_period("2025", "year"), bin_period("2025", "month"), bin_period(None, "year")
    ('2025', None, None)
    """
    check_over(over)
    if iso_date is None:
        return None
    match = _ISO.fullmatch(iso_date)
    if match is None:
        raise InputError(f"{iso_date!r} is not an ISO date", fix="write it as YYYY-MM-DD")
    if over == "year":
        return match["year"]
    if match["month"] is None:
        return None
    month = int(match["month"])
    return (
        f"{match['year']}-Q{(month + 2) // 3}"
        if over == "quarter"
        else f"{match['year']}-{month:02}"
    )


def check_over(over: str) -> None:
    """Refuse a bin that is not known.

    Raises
    ------
    InputError
        If `over` is none of year, quarter and month.

    Examples
    --------
    >>> check_over("week")
    Traceback (most recent call last):
    framing.schema.InputError: cannot bin dates by 'week'; use year, quarter or month
    """
    if over not in get_args(Over):
        raise InputError(f"cannot bin dates by {over!r}", fix="use year, quarter or month")


def find_middle(period: str) -> float:
    """Give the middle of a year, quarter or month as `bin_period` names it, in years.

    Examples
    --------
    >>> [round(find_middle(period), 3) for period in ("2025", "2025-Q2", "2025-04")]
    [2025.5, 2025.375, 2025.292]
    """
    year, _, part = period.partition("-")
    if not part:
        return int(year) + 0.5
    if part.startswith("Q"):
        return int(year) + (int(part[1:]) - 0.5) / 4
    return int(year) + (int(part) - 0.5) / 12
