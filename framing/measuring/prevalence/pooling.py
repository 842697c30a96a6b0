"""Cells that pool others: all sources, or all periods, made of cells of one source and period.

Near-copies of a text that several sources print are no independent articles, so that a pooled cell
may count them as one block. C cells, R pairs of a finer cell and an article, P pairs of a cell and
a block, K labels.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Codes, Floats
from framing.measuring.prevalence.corrected import CellKey
from framing.measuring.prevalence.tallies import CellTally, Strata, Tally, order_key
from framing.measuring.rates import sum_by_article


def pool_cells(
    fine: CellTally, name: Callable[[CellKey], CellKey], *, clusters: Codes | None = None
) -> CellTally:
    """Sum finer cells up, and keep them as strata.

    Parameters
    ----------
    fine : CellTally
    name : callable
        Gives the cell that a finer one belongs to.
    clusters : array (A,), optional
        Number that near-copies of an article share; they count as one block.

    Examples
    --------
    >>> from framing.measuring.prevalence.tallies import UnitTable, tally_cells
    >>> units = UnitTable(
    ...     probabilities=np.array([[0.5], [0.25], [1.0]]),
    ...     decisions=np.ones((3, 1), np.bool_),
    ...     truth=np.full((3, 1), np.nan),
    ...     weights=np.ones(3),
    ...     articles=np.arange(3),
    ...     n_articles=3,
    ... )
    >>> fine = tally_cells(units, [("Post", None), ("Mail", None), ("Mail", None)])
    >>> whole = pool_cells(fine, lambda key: ("", None), clusters=np.array([0, 1, 0]))
    >>> whole.tally.predicted.tolist(), whole.tally.n_articles.tolist()
    ([[1.5], [0.25]], [[2.0], [1.0]])
    """
    keys = tuple(sorted({name(key) for key in fine.keys}, key=order_key))
    homes = np.array([keys.index(name(key)) for key in fine.keys], np.intp)
    cells, articles, own = _pair(homes[fine.cells], fine.articles, fine.n_articles)
    whole = _add_up(fine.tally, own, len(cells))
    counted = replace(whole, n_articles=_mark(whole.scored), n_coded=_mark(whole.codings))
    blocks = articles if clusters is None else clusters[articles]
    n_blocks = fine.n_articles if clusters is None else int(clusters.max(initial=-1)) + 1
    cells, blocks, joined = _pair(cells, blocks, n_blocks)
    places = joined[own]
    return CellTally(
        keys=keys,
        cells=cells,
        articles=blocks,
        rows=places[fine.rows],
        tally=_add_up(counted, joined, len(cells)),
        n_articles=n_blocks,
        strata=tuple(
            _cut(fine, homes == cell, places - np.searchsorted(cells, cell), whole.scored[own])
            for cell in range(len(keys))
        ),
    )


def _pair(cells: Codes, groups: Codes, n_groups: int) -> tuple[Codes, Codes, Codes]:
    """Give each pair a number: cells and groups of the pairs, and the place of each row."""
    pairs, places = np.unique(cells * n_groups + groups, return_inverse=True)
    return pairs // n_groups, pairs % n_groups, np.asarray(places, np.intp)


def _mark(units: Floats) -> Floats:
    return np.asarray(units > 0, np.float64)


def _cut(fine: CellTally, own: Bools, blocks: Codes, sizes: Floats) -> Strata:
    """Take some of the finer cells for the strata of a cell."""
    edges = np.searchsorted(fine.cells, np.arange(len(fine.keys) + 1)).tolist()
    parts = [part for part, mine in zip(itertools.pairwise(edges), own, strict=True) if mine]
    return Strata(
        keys=tuple(key for key, mine in zip(fine.keys, own, strict=True) if mine),
        tallies=tuple(fine.tally[slice(*part)] for part in parts),
        sizes=tuple(sizes[slice(*part)] for part in parts),
        blocks=tuple(blocks[slice(*part)] for part in parts),
    )


def _add_up(tally: Tally, places: Codes, n_pairs: int) -> Tally:
    return Tally(
        *(sum_by_article(getattr(tally, part.name), places, n_pairs) for part in fields(tally))
    )
