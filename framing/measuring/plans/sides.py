"""Which two cells of an archive a plan compares: two sources, or two periods."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

import numpy as np

from framing.measuring.archives import NO_SOURCE, Archive
from framing.measuring.intervals import Codes
from framing.measuring.periods import bin_period
from framing.schema import InputError

ENOUGH = 20
"""Articles that a period or source holds for it to be compared without being named."""

NO_DATE = "(no date)"

_SHAPES = {"year": r"\d{4}", "quarter": r"\d{4}-Q[1-4]", "month": r"\d{4}-(0[1-9]|1[0-2])"}


@dataclass(frozen=True, slots=True, eq=False)
class TwoCells:
    """Two cells, and how their articles fall into strata.

    Attributes
    ----------
    comparison : {"period", "source"}
    names : pair of str
    cells : array (A,)
        0 or 1, and -1 for articles of neither.
    strata : tuple of A str
        Sources where periods are compared, periods where sources are.
    """

    comparison: Literal["period", "source"]
    names: tuple[str, str]
    cells: Codes
    strata: tuple[str, ...]


def find_cells(archive: Archive, between: Sequence[str] = (), *, over: str = "year") -> TwoCells:
    """Find the two cells that are named, or choose them.

    Without names these are the last two periods with 20 articles or more, or else the two sources
    with most articles.

    Parameters
    ----------
    archive : Archive
    between : sequence of two str
        Two sources, or two years, quarters (``2025-Q2``) or months (``2025-04``).
    over : {"year", "quarter", "month"}
        Width of a period where none is named.

    Raises
    ------
    InputError
        If a name is neither, both are one, or there is nothing to compare.
    """
    if not between:
        return _choose(archive, over)
    first, second = between
    if first == second:
        raise InputError(f"{first!r} is named twice", fix="name two sources or two periods")
    sources = {source.casefold(): source for source in archive.sources}
    known = [sources.get(name.casefold()) for name in between]
    if all(known):
        return _part(archive, "source", (str(known[0]), str(known[1])), over)
    shape = _find_shape(first)
    if shape is None or shape != _find_shape(second):
        raise _explain_unknown(between, list(sources.values()))
    return _part(archive, "period", (first, second), shape)


def _find_shape(name: str) -> str | None:
    return next((over for over, form in _SHAPES.items() if re.fullmatch(form, name)), None)


def _explain_unknown(between: Sequence[str], sources: list[str]) -> InputError:
    unknown = next(
        (name for name in between if name not in sources and not _find_shape(name)), between[0]
    )
    near = get_close_matches(unknown, sources, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "name two sources, or two periods of one width"
    return InputError(f"{unknown!r} is no source or period that fits", fix=hint)


def _choose(archive: Archive, over: str) -> TwoCells:
    periods = Counter(p for p in _bin(archive, over) if p != NO_DATE)
    large = sorted(period for period, n in periods.items() if n >= ENOUGH)
    if len(large) > 1:
        return _part(archive, "period", (large[-2], large[-1]), over)
    sources = Counter(source for source in archive.sources if source != NO_SOURCE)
    most = [source for source, n in sources.most_common(2) if n >= ENOUGH]
    if len(most) == 2:
        return _part(archive, "source", (most[0], most[1]), over)
    raise InputError(
        f"no two {over}s and no two sources have {ENOUGH} articles each",
        fix="name two cells with --between, or predict more articles",
    )


def _part(
    archive: Archive, comparison: Literal["period", "source"], names: tuple[str, str], over: str
) -> TwoCells:
    periods = _bin(archive, over)
    own, other = (
        (periods, archive.sources) if comparison == "period" else (archive.sources, periods)
    )
    for name in names:
        if own.count(name) < 2:
            raise InputError(
                f"{name} has {own.count(name)} article{'' if own.count(name) == 1 else 's'}",
                fix="compare cells with two or more",
            )
    codes = {name: code for code, name in enumerate(names)}
    cells = np.array([codes.get(name, -1) for name in own], dtype=np.intp)
    return TwoCells(comparison, names, cells, tuple(other))


def _bin(archive: Archive, over: str) -> tuple[str, ...]:
    return tuple(bin_period(date, over) or NO_DATE for date in archive.dates)
