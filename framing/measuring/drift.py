"""How common each frame and stance is in each source and period, a first cut.

A cell is a source, or a source in a period. Its shares are means of calibrated probabilities with
article-bootstrap intervals (`framing.measuring.prevalence`); comparisons, corrections by hand
codings and tests are not made here yet.
Shapes: n units, K labels, M pairs of a cell and an article, A articles of one cell.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.measuring.eligibility import CountableUnits, select_units
from framing.measuring.estimation import ScoreTable
from framing.measuring.intervals import ArticleResampler, Floats, check_level
from framing.measuring.periods import check_over
from framing.measuring.predictions import Label
from framing.measuring.prevalence import CALIBRATED_MEAN, estimate_shares, explain_interval
from framing.measuring.rates import divide, sum_by_article
from framing.schema import InputError

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "label",
    "kind",
    "source",
    "period",
    "share",
    "low",
    "high",
    "naive",
    "n_units",
    "n_articles",
    "method",
    "note",
)


FACTS = (
    "by",
    "over",
    "model",
    "codebook",
    "level",
    "resamples",
    "seed",
    "n_units",
    "n_articles",
)


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """Shares of every label in every cell, and what they rest on.

    Attributes
    ----------
    cells : pandas.DataFrame
        One row a cell and label: ``label`` (a frame, or ``target=value``), ``kind`` (``frame`` or
        ``stance``), ``source`` (of the column `by`), ``period``, ``share``, ``low``, ``high``
        (0-1), ``naive`` (share of units decided, for comparison only), ``n_units``,
        ``n_articles``, ``method``, ``note``.
    by : str
    over : str or None
    model, codebook : str
        Content hashes.
    level : float
    resamples, seed : int
    n_units, n_articles : int
        Counted.
    left_out : mapping of str to int
        Reason to number of rows not counted.
    variants : mapping of str to tuple of str
        Source shown, to the other spellings that were counted with it.
    """

    cells: pd.DataFrame
    by: str
    over: str | None
    model: str
    codebook: str
    level: float
    resamples: int
    seed: int
    n_units: int
    n_articles: int
    left_out: Mapping[str, int]
    variants: Mapping[str, tuple[str, ...]]

    def to_frame(self) -> pd.DataFrame:
        """Give a copy of the cells."""
        return self.cells.copy()

    def to_dict(self) -> dict[str, Any]:
        """Give everything as JSON values; what is not known is None."""
        known = self.cells.astype(object).where(self.cells.notna(), None)
        facts = {name: getattr(self, name) for name in FACTS}
        facts |= {"left_out": dict(self.left_out)}
        facts |= {"variants": {name: list(others) for name, others in self.variants.items()}}
        return facts | {"cells": known.to_dict(orient="records")}


def measure_drift(
    predictions: pd.DataFrame,
    *,
    by: str = "source",
    over: str | None = None,
    gold: object = None,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Drift:
    """Estimate how common each label is in each source and period.

    A cell's interval depends on its own units and on `seed`, not on what else is in the table or
    on the order of its rows.

    Parameters
    ----------
    predictions : pandas.DataFrame
        Output of ``framing predict``.
    by : str
        Column that names the source; spellings that differ in case, blanks or a leading "the" are
        one source.
    over : {"year", "quarter", "month"}, optional
    gold : None
        Hand codings; not used yet.
    level : float
    resamples, seed : int

    Returns
    -------
    Drift

    Raises
    ------
    InputError
        If the table cannot be used (`framing.measuring.eligibility.select_units`), `gold` is given,
        or `over` or `level` is not valid.
    MismatchError
        If the predictions come from more than one model or codebook.

    Examples
    --------
    >>> import pandas as pd
    >>> unit = {"source": "Post", "kind": "paragraph", "frames": "lag", "model": "m"}
    >>> rows = [unit | {"id": f"{a}:1", "article": a, "codebook": "c"} for a in "ab"]
    >>> drift = measure_drift(pd.DataFrame(rows).assign(**{"p:lag": [0.9, 0.5]}))
    >>> drift.cells[["label", "source", "share", "naive", "n_articles"]].to_dict("records")
    [{'label': 'lag', 'source': 'Post', 'share': 0.7, 'naive': 1.0, 'n_articles': 2}]
    """
    import pandas as pd

    if gold is not None:
        raise InputError("hand codings are not used here yet", fix="leave gold out")
    if over is not None:
        check_over(over)
    check_level(level)
    units = select_units(predictions, by=by, over=over)
    rows = [
        row
        for cell in _split_cells(units)
        for row in cell.describe(units.labels, level=level, resamples=resamples, seed=seed)
    ]
    return Drift(
        cells=pd.DataFrame(rows, columns=list(COLUMNS)),
        by=by,
        over=over,
        model=units.model,
        codebook=units.codebook,
        level=level,
        resamples=resamples,
        seed=seed,
        n_units=len(units.articles),
        n_articles=len(set(units.articles)),
        left_out=units.left_out,
        variants=units.variants,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Cell:
    """Sums by article of one source and period: arrays (A, K)."""

    source: str
    period: str | None
    sums: Floats
    units: Floats
    decided: Floats

    def estimate(self, *, level: float, resamples: int, seed: int) -> ScoreTable:
        """Estimate all shares in the same resamples, drawn for this cell alone."""
        key = f"{self.source}\n{self.period}".encode()
        own = int.from_bytes(hashlib.sha256(key).digest()[:8], "big")
        rng = np.random.default_rng([seed, own])
        articles = range(len(self.sums))
        resampler = ArticleResampler.draw(articles, resamples=resamples, rng=rng)
        return estimate_shares(self.sums, self.units, resampler, level=level)

    def describe(
        self, labels: tuple[Label, ...], *, level: float, resamples: int, seed: int
    ) -> Iterator[tuple[Any, ...]]:
        """Give a row of `COLUMNS` a label."""
        table = self.estimate(level=level, resamples=resamples, seed=seed)
        n_units, n_articles = self.units.sum(axis=0), (self.units > 0).sum(axis=0)
        naive = divide(self.decided.sum(axis=0), n_units)
        for k, label in enumerate(labels):
            numbers = (array[0, k] for array in (table.values, table.lows, table.highs))
            yield (
                *(label.name, label.kind, self.source, self.period),
                *(float(number) for number in (*numbers, naive[k])),
                *(int(n_units[k]), int(n_articles[k]), CALIBRATED_MEAN),
                explain_interval(int(n_articles[k])),
            )


def _split_cells(units: CountableUnits) -> Iterator[_Cell]:
    """Sum by article within each cell; cells come by source, then period."""
    cells = list(zip(units.sources, (period or "" for period in units.periods), strict=True))
    pairs = list(zip(cells, units.articles, strict=True))
    ordered = sorted(set(pairs))
    place = {pair: at for at, pair in enumerate(ordered)}
    codes = np.array([place[pair] for pair in pairs], dtype=np.intp)
    scored = ~np.isnan(units.probabilities)
    sums, counts, decided = (
        sum_by_article(values, codes, len(ordered))
        for values in (
            np.where(scored, units.probabilities, 0.0),
            scored.astype(np.float64),
            (units.decisions & scored).astype(np.float64),
        )
    )
    for (source, period), part in _find_runs([cell for cell, _ in ordered]):
        yield _Cell(source, period or None, sums[part], counts[part], decided[part])


def _find_runs(cells: list[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], slice]]:
    """Give each cell of a sorted list with the slice that it fills."""
    start = 0
    for cell, members in itertools.groupby(cells):
        stop = start + sum(1 for _ in members)
        yield cell, slice(start, stop)
        start = stop
