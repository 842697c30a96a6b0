"""Single cells of a table: dates, lists, and what a spreadsheet or a file must not be given."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""How a cell opens that `neutralise_formula` puts a quote before."""

_PARTIAL_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_COMPACT_ISO = re.compile(r"(19|20)\d{6}")
_DATE_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_SPELLED = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%B %Y", "%b %Y")


def is_missing(value: Any) -> bool:
    """Tell whether a cell holds nothing: None, NaN, NaT or blank text.

    >>> [is_missing(v) for v in (None, float("nan"), "  ", "0", 0, [])]
    [True, True, True, False, False, False]
    """
    if value is None or isinstance(value, str):
        return value is None or not value.strip()
    is_number = isinstance(value, float) or type(value).__name__ in {"NaTType", "NAType"}
    return is_number and (type(value).__name__ == "NAType" or value != value)  # noqa: PLR0124  NaN


def parse_text(value: Any) -> str | None:
    """Return the cell as text without surrounding blanks, or None where it is missing.

    >>> parse_text(" Reuters "), parse_text(float("nan")), parse_text(7)
    ('Reuters', None, '7')
    """
    return None if is_missing(value) else str(value).strip()


def parse_date(value: Any) -> str | None:
    """Return a cell's date in ISO 8601, as precise as it is given, or None where it is missing.

    Day-and-month order is never guessed: ``04/05/2025`` is refused, ``14/05/2025`` is not.

    Raises
    ------
    ValueError
        If the cell holds something that is not a date, or one that can be read in two ways.

    Examples
    --------
    >>> [parse_date(d) for d in ("2025-04-04", "2025-4", 2010, "4 April 2025", "2025-04-04T10:00Z")]
    ['2025-04-04', '2025-04', '2010', '2025-04-04', '2025-04-04']
    >>> parse_date("soon")
    Traceback (most recent call last):
    ValueError: 'soon' is not a date; write it as YYYY-MM-DD
    """
    if is_missing(value):
        return None
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
    _refuse_ambiguous(text)
    for read in (_read_iso, _read_numeric, _read_spelled):
        with suppress(ValueError):  # a 13th month, a 30th of February
            date = read(text)
            if date:
                return date
    raise ValueError(f"'{text[:40]}' is not a date; write it as YYYY-MM-DD")


def _refuse_ambiguous(text: str) -> None:
    match = _SLASHED.fullmatch(text)
    first, second, year = (int(part) for part in match.groups()) if match else (0, 0, 0)
    if first != second and 1 <= first <= 12 and 1 <= second <= 12:
        ways = f"'{year}-{second:02}-{first:02}' and '{year}-{first:02}-{second:02}'"
        raise ValueError(f"'{text}' can be read in two ways, {ways}; write it as YYYY-MM-DD")


def _read_iso(text: str) -> str | None:
    timed = _DATE_TIME.fullmatch(text)
    if timed:
        text = timed[1]
    elif _COMPACT_ISO.fullmatch(text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    match = _PARTIAL_ISO.fullmatch(text)
    if not match:
        return None
    parts = [int(part) for part in match.groups() if part]
    dt.date(*[*parts, 1, 1][:3])
    return "-".join([f"{parts[0]:04d}", *(f"{part:02d}" for part in parts[1:])])


def _read_numeric(text: str) -> str | None:
    year_first = _YEAR_FIRST.fullmatch(text)
    if year_first:
        return dt.date(*(int(part) for part in year_first.groups())).isoformat()
    match = _SLASHED.fullmatch(text)
    if not match:
        return None
    first, second, year = (int(part) for part in match.groups())
    day, month = (first, second) if first > 12 else (second, first)
    return dt.date(year, month, day).isoformat()


def _read_spelled(text: str) -> str | None:
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text.replace(",", " "))
    plain = re.sub(r"(?<=[A-Za-z])\.", "", " ".join(plain.split())).replace("Sept ", "Sep ")
    plain = re.sub(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\s+", "", plain, flags=re.I)
    for form in _SPELLED:
        try:
            date = dt.datetime.strptime(plain, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
        return date.isoformat() if "%d" in form else f"{date:%Y-%m}"
    return None


def parse_list(value: Any) -> list[str] | None:
    """Return a cell's list: a sequence, a JSON list, or text joined by ``;``; None where missing.

    >>> parse_list("a; b"), parse_list('["a, b"]'), parse_list("[]"), parse_list("")
    (['a', 'b'], ['a, b'], [], None)
    """
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("[") and text.endswith("]"):
            return _parse_bracketed(text)
        return [item.strip() for item in text.split(";") if item.strip()] if text else None
    if is_missing(value):
        return None
    if isinstance(value, Iterable) and not isinstance(value, dict):
        return [str(item).strip() for item in value if not is_missing(item)]
    raise ValueError(f"'{value}' is not a list")


def _parse_bracketed(text: str) -> list[str]:
    """Read a JSON list, whose items may hold commas, or what other programs put in brackets."""
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        inner = text[1:-1].replace(",", ";")
        return [item.strip(" \"'") for item in inner.split(";") if item.strip(" \"'")]
    return [str(item).strip() for item in items if not is_missing(item)]


def format_list(items: Iterable[str] | None) -> str:
    """Write a list as one cell: ``[]`` is an empty list, a blank cell is no list at all.

    >>> format_list(["a", "b"]), format_list([]), format_list(None)
    ('a;b', '[]', '')
    """
    if items is None:
        return ""
    return ";".join(items) or "[]"


def neutralise_formula(text: str) -> str:
    """Keep a spreadsheet from running a cell that opens like a formula (OWASP, CSV injection).

    A formula that is quoted already gets one more quote, so that what is restored is what was.

    >>> neutralise_formula("=SUM(A1)"), neutralise_formula("a=b")
    ("'=SUM(A1)", 'a=b')
    """
    return f"'{text}" if FORMULA.match(text) else text


def restore_formula(text: str) -> str:
    """Undo ``neutralise_formula``.

    >>> restore_formula("'=SUM(A1)"), restore_formula("'tis")
    ('=SUM(A1)', "'tis")
    """
    return text[1:] if text[:1] == "'" and FORMULA.match(text) else text


def replace_surrogates(text: str) -> str:
    r"""Replace lone surrogates, which JSON can smuggle in and no file can hold.

    >>> replace_surrogates("a\ud800b") == "a\ufffdb"
    True
    """
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
