"""Predictions as an archive of articles: whose they are, when they came out, what they say.

Shapes: n units, A articles, F frames.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.measuring.eligibility import CountableUnits, name_articles, select_units
from framing.measuring.intervals import Codes, Floats, index_articles
from framing.measuring.predictions import REMEDY, map_cells
from framing.measuring.rates import sum_by_article
from framing.records.cells import parse_date, parse_text
from framing.schema import InputError

if TYPE_CHECKING:
    import pandas as pd

NO_SOURCE = "(no source)"
"""Stands for the source of articles that name none."""

Days = tuple[int, int]
"""First and last day that a date, which may be partial, can mean; days since the year 1."""


@dataclass(frozen=True, eq=False)
class Archive:
    """The countable units of a table of predictions, article by article.

    Attributes
    ----------
    frames : tuple of F str
    probabilities : array (n, F)
        NaN where a frame was not scored.
    codes : array (n,)
        Article of each unit, 0 to A - 1, by first appearance.
    rows : array (n,)
        Place of each unit in the table.
    texts : tuple of n str
    articles, sources : tuples of A str
    dates : tuple of A str or None
        ISO 8601, possibly partial.
    model, codebook : str
        Content hashes.
    """

    frames: tuple[str, ...]
    probabilities: Floats
    codes: Codes
    rows: Codes
    texts: tuple[str, ...]
    articles: tuple[str, ...]
    sources: tuple[str, ...]
    dates: tuple[str | None, ...]
    model: str
    codebook: str

    @cached_property
    def units(self) -> Floats:
        """Scored units of each article: an array (A, F)."""
        return self._add_up((~np.isnan(self.probabilities)).astype(np.float64))

    @cached_property
    def sums(self) -> Floats:
        """Probabilities of each article's units, summed: an array (A, F)."""
        return self._add_up(np.nan_to_num(self.probabilities))

    @cached_property
    def doubts(self) -> Floats:
        """Sums of p (1 - p), the variance that classification leaves: an array (A, F)."""
        shares = np.nan_to_num(self.probabilities)
        return self._add_up(shares * (1 - shares))

    @cached_property
    def sizes(self) -> Codes:
        """Units of each article, as many as a coder would read: an array (A,)."""
        return np.bincount(self.codes, minlength=len(self.articles)).astype(np.intp)

    def join_texts(self) -> list[str]:
        """Give the text of each article."""
        parts: list[list[str]] = [[] for _ in self.articles]
        for code, text in zip(self.codes.tolist(), self.texts, strict=True):
            parts[code].append(text)
        return ["\n\n".join(part) for part in parts]

    def _add_up(self, values: Floats) -> Floats:
        return sum_by_article(values, self.codes, len(self.articles))


def read_archive(table: pd.DataFrame, *, kind: str = "frame") -> Archive:
    """Read a table of predictions as an archive; boilerplate and what was not scored is left out.

    Articles without a source are kept, as those of one unnamed source; unreadable dates are none.

    Parameters
    ----------
    table : pandas.DataFrame
    kind : {"frame", "stance"}
        What stands for the frames: values of stances, as ``target=value``, are read alike.

    Raises
    ------
    InputError
        As `framing.measuring.eligibility.select_units`; and if nothing of that kind was predicted,
        or there are no texts.
    MismatchError
        If the units come from more than one model or codebook.

    Examples
    --------
    >>> import pandas as pd
    >>> unit = {"kind": "paragraph", "frames": "lag", "p:lag": 0.8, "model": "m", "codebook": "c"}
    >>> rows = [unit | {"id": f"a:{i}", "article": "a", "text": "Tin fell."} for i in "12"]
    >>> archive = read_archive(pd.DataFrame(rows))
    >>> archive.articles, archive.sources, archive.dates, archive.sums.tolist()
    (('a',), ('(no source)',), (None,), [[1.6]])
    """
    named = table.assign(source=_name_sources(table))
    units = select_units(named, by="source", over=None)
    kept = [k for k, label in enumerate(units.labels) if label.kind == kind]
    if not kept:
        raise InputError(f"no {kind} among these predictions", fix=f"train a model with {kind}s")
    codes, _ = index_articles(units.articles)
    _, firsts = np.unique(codes, return_index=True)
    return Archive(
        frames=tuple(units.labels[k].name for k in kept),
        probabilities=units.probabilities[:, kept],
        codes=codes,
        rows=units.rows,
        texts=_read_texts(table, units),
        articles=_name_articles(table, units.rows[firsts]),
        sources=tuple(units.sources[place] for place in firsts),
        dates=_read_dates(table, units.rows[firsts]),
        model=units.model,
        codebook=units.codebook,
    )


def _name_sources(table: pd.DataFrame) -> list[Any]:
    """Fill gaps, so that no unit is left out for want of a source."""
    if "source" not in table.columns:
        return [NO_SOURCE] * len(table)
    cells = table["source"].astype(object).tolist()
    return [NO_SOURCE if parse_text(cell) is None else cell for cell in cells]


def _name_articles(table: pd.DataFrame, rows: Codes) -> tuple[str, ...]:
    """Name articles, as `name_articles` does; a unit without one goes by its own id."""
    ids = map_cells(table["id"].iloc[rows], parse_text)
    names = name_articles(table)
    return tuple(names[row] or own or f"row {row}" for own, row in zip(ids, rows, strict=True))


def _read_texts(table: pd.DataFrame, units: CountableUnits) -> tuple[str, ...]:
    cells = map_cells(table["text"].iloc[units.rows], parse_text) if "text" in table.columns else []
    if not any(cells):
        raise InputError("these predictions hold no texts (column 'text')", fix=REMEDY)
    return tuple(cell or "" for cell in cells)


def _read_dates(table: pd.DataFrame, rows: Codes) -> tuple[str | None, ...]:
    if "date" not in table.columns:
        return (None,) * len(rows)
    return tuple(map_cells(table["date"].iloc[rows], _read_date))


def _read_date(cell: Any) -> str | None:
    with suppress(ValueError):
        return parse_date(cell)
    return None


def find_days(iso_date: str | None) -> Days | None:
    """Give the first and the last day that a date can mean.

    >>> first, last = find_days("2025-02")
    >>> last - first, find_days(None) is None
    (27, True)
    """
    if iso_date is None:
        return None
    parts = [int(part) for part in iso_date.split("-")]
    first = dt.date(*[*parts, 1, 1][:3])
    if len(parts) == 3:
        return first.toordinal(), first.toordinal()
    last_month = parts[1] if len(parts) == 2 else 12
    following = dt.date(parts[0] + last_month // 12, last_month % 12 + 1, 1)
    return first.toordinal(), following.toordinal() - 1


def count_days(first: Days, second: Days) -> int:
    """Count the days that lie between two dates; 0 where they can mean the same day.

    >>> count_days(find_days("2025-02"), find_days("2025-03-02"))
    2
    """
    return max(0, first[0] - second[1], second[0] - first[1])
