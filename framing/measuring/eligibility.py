"""Which predicted units can be counted, where they belong, and why the others are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Codes, Floats
from framing.measuring.namesakes import pair_repeats, refuse_namesakes
from framing.measuring.periods import bin_period
from framing.measuring.predictions import (
    REMEDY,
    Label,
    check_columns,
    map_cells,
    read_choices,
    read_name,
    read_shares,
)
from framing.measuring.spellings import fold_name, unify_spellings
from framing.records.cells import parse_date, parse_text
from framing.schema import InputError, MismatchError

if TYPE_CHECKING:
    import pandas as pd

NO_DATE, UNREADABLE, TOO_COARSE = "no date", "unreadable date", "date too coarse"


@dataclass(frozen=True, slots=True, eq=False)
class CountableUnits:
    """The units that can be counted: n rows, K labels.

    Attributes
    ----------
    labels : tuple of K Label
    probabilities : array (n, K)
        NaN where a label was not scored.
    decisions : array (n, K) of bool
    articles, sources : lists of n strings
    periods : list of n strings, or of None where time is not asked for
    model, codebook : str
        Content hashes.
    left_out : mapping of str to int
        Reason to number of rows; a row counts under its first reason.
    variants : mapping of str to tuple of str
        Source shown, to its other spellings.
    rows : array (n,)
        Place of each unit in the table, so that its text can be found again.
    """

    labels: tuple[Label, ...]
    probabilities: Floats
    decisions: Bools
    articles: list[str]
    sources: list[str]
    periods: list[str | None]
    model: str
    codebook: str
    left_out: Mapping[str, int]
    variants: Mapping[str, tuple[str, ...]]
    rows: Codes


def select_units(table: pd.DataFrame, *, by: str, over: str | None) -> CountableUnits:
    """Check a table of predictions and keep the units that can be counted.

    Left out are boilerplate, units without probabilities, copies under the same id, units without
    a source and, if `over` is given, without a readable date that is precise enough. An article is
    told by its name and source.

    Parameters
    ----------
    table : pandas.DataFrame
    by : str
        Column that names the source.
    over : {"year", "quarter", "month"}, optional

    Raises
    ------
    InputError
        If the table is empty, lacks a column, holds a probability outside 0-1, a unit names no
        model or codebook, an id stands for units that differ, or no unit is left.
    MismatchError
        If the units come from more than one model or codebook.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"id": "a:1", "article": "a", "source": "Post", "kind": "paragraph", "frames": "lag"}
    >>> table = pd.DataFrame([row | {"p:lag": 0.8, "model": "m", "codebook": "c"}])
    >>> select_units(table, by="source", over=None).probabilities.tolist()
    [[0.8]]
    """
    labels = check_columns(table, by=by, over=over)
    shares, sources = read_shares(table, labels), map_cells(table[by], read_name)
    periods, faults = read_periods(table, over)
    boilerplate = _mark(map_cells(table["kind"], parse_text), "boilerplate")
    unscored = np.asarray(np.isnan(shares).all(axis=1), dtype=np.bool_)
    repeats, firsts = pair_repeats(table, among=~(boilerplate | unscored))
    repeated = np.zeros(len(table), dtype=np.bool_)
    repeated[repeats] = True
    reasons = {
        "boilerplate": boilerplate,
        "no probabilities": unscored,
        "repeated id": repeated,
        f"no {by}": _mark(sources, None),
        **{fault: _mark(faults, fault) for fault in (NO_DATE, UNREADABLE, TOO_COARSE)},
    }
    kept, left_out = _leave_out(reasons, len(table))
    if not kept.any():
        raise _explain_empty(left_out, by=by, over=over)
    rest, places = table.loc[kept], np.flatnonzero(kept).tolist()
    named = table.loc[kept | repeated]  # a text predicted twice, by two models
    model, codebook = _read_hash(named, "model"), _read_hash(named, "codebook")
    refuse_namesakes(table, labels, shares, repeats, firsts)
    names = [str(sources[place]) for place in places]
    spellings = unify_spellings(names)
    return CountableUnits(
        labels=labels,
        probabilities=shares[kept],
        decisions=read_choices(rest, labels),
        articles=_read_articles(table, places),
        sources=[spellings.shown[name] for name in names],
        periods=[periods[place] for place in places],
        model=model,
        codebook=codebook,
        left_out=left_out,
        variants=spellings.variants,
        rows=np.flatnonzero(kept),
    )


def _mark(cells: Sequence[str | None], wanted: str | None) -> Bools:
    return np.array([cell == wanted for cell in cells], dtype=np.bool_)


def read_periods(
    table: pd.DataFrame, over: str | None
) -> tuple[list[str | None], list[str | None]]:
    """Give each row's period, and the reason where it has none; there is none without `over`."""
    if over is None:
        return [None] * len(table), [None] * len(table)
    dated = map_cells(table["date"], lambda date: _read_period(date, over))
    return [period for period, _ in dated], [fault for _, fault in dated]


def _read_period(date: Any, over: str) -> tuple[str | None, str | None]:
    try:
        iso_date = parse_date(date)
    except ValueError:
        return None, UNREADABLE
    if iso_date is None:
        return None, NO_DATE
    period = bin_period(iso_date, over)
    return period, None if period else TOO_COARSE


def _leave_out(reasons: Mapping[str, Bools], n_rows: int) -> tuple[Bools, dict[str, int]]:
    """Mark the rows that no reason excludes, and count the others by their first reason."""
    kept = np.ones(n_rows, dtype=np.bool_)
    left_out: dict[str, int] = {}
    for reason, marked in reasons.items():
        left_out[reason] = int((kept & marked).sum())
        kept &= ~marked
    return kept, {reason: count for reason, count in left_out.items() if count}


def _explain_empty(left_out: Mapping[str, int], *, by: str, over: str | None) -> InputError:
    told = ", ".join(f"{count} {reason}" for reason, count in left_out.items())
    fix = REMEDY
    if {NO_DATE, UNREADABLE, TOO_COARSE} & left_out.keys():
        fix = f"write dates as YYYY-MM-DD, precise enough for a {over}, or leave the period out"
    elif f"no {by}" in left_out:
        fix = f"fill in the column {by!r}, or group by another"
    return InputError(f"no unit is left to count ({told})", fix=fix)


def name_articles(table: pd.DataFrame) -> list[str | None]:
    """Give each row's article a name that no other has; None where there is none.

    Sources that number their articles share names, which then tell the source, too.

    >>> import pandas as pd
    >>> name_articles(pd.DataFrame({"article": [1, 1, 2], "source": ["Post", "The Mail", "Post"]}))
    ['1 (post)', '1 (mail)', '2']
    """
    names = map_cells(table["article"], parse_text)
    if "source" not in table:
        return names
    sources = map_cells(table["source"], lambda cell: fold_name(read_name(cell) or ""))
    homes = Counter(name for name, _ in set(zip(names, sources, strict=True)))
    return [
        part_name(name, source) if name and homes[name] > 1 else name
        for name, source in zip(names, sources, strict=True)
    ]


def part_name(name: str, source: str) -> str:
    """Name an article that has another's name in another source."""
    return f"{name} ({fold_name(source) or 'no source'})"


def _read_articles(table: pd.DataFrame, places: Sequence[int]) -> list[str]:
    """Name each unit's article; a unit without one stands for an article of its own."""
    names = name_articles(table)
    return [mark_article(names[place]) or f"row {place}" for place in places]


def mark_article(name: str | None) -> str | None:
    """Mark a name as an article's: rows that have none are called by their number."""
    return name and f"article {name}"


def _read_hash(table: pd.DataFrame, column: str) -> str:
    """Give the one hash that every unit names."""
    hashes = sorted(set(map_cells(table[column], lambda cell: parse_text(cell) or "")))
    if not hashes[0]:
        raise InputError(f"units that name no {column}", fix="predict them again, with one model")
    if len(hashes) > 1:
        raise MismatchError(
            f"predictions of {len(hashes)} {column}s: {', '.join(hashes[:5])}",
            fix=f"predict all texts again with one {column}, or measure each file by itself",
        )
    return hashes[0]
