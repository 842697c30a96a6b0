"""Units summed by article within cells: all that estimators of shares look at.

Shapes: n units, C cells, P pairs of a cell and an article, A articles, K labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Codes, Floats
from framing.measuring.prevalence.corrected import CellKey
from framing.measuring.rates import divide, sum_by_article


@dataclass(frozen=True, slots=True, eq=False)
class UnitTable:
    """Units with what a model and, for some, people say of them.

    Attributes
    ----------
    probabilities : array (n, K)
        Calibrated; NaN where a label was not scored.
    decisions : array (n, K) of bool
    truth : array (n, K)
        1 present, 0 absent, NaN where no one coded it.
    weights : array (n,)
        What a hand coding stands for: 1, or one over its unit's chance to be coded.
    articles : array (n,)
        Number of each unit's article.
    n_articles : int
        A.
    """

    probabilities: Floats
    decisions: Bools
    truth: Floats
    weights: Floats
    articles: Codes
    n_articles: int


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Sums over the units of P articles; every array is (P, K).

    Attributes
    ----------
    n_articles, n_coded : arrays
        Number of articles with units that were scored, and of those with units coded, too: 1 or 0,
        unless near-copies are taken together.
    scored : array
        Number of units that were scored.
    units : array
        What they weigh: as many, unless articles weigh alike.
    unit_squares : array
        Squares of what they weigh.
    predicted : array
        Their probabilities.
    noise : array
        Their p (1 - p): the variance that labels have around probabilities.
    bend : array
        Their p (1 - p) logit p: how the slope of calibration moves the sum, as `noise` is how its
        offset does.
    squares : array
        Their squared probabilities.
    decided : array
        Units decided to have the label.
    codings : array
        Units that are scored and coded by hand.
    weight : array
        Weights of those, summed.
    weight_squares : array
        Squares of the weights.
    truth : array
        Weights of those that have the label.
    claimed : array
        Weight times probability of those that are coded.
    chance : array
        Squared weight times p (1 - p) of those: the variance of `truth` about `claimed` that chance
        alone gives.
    """

    n_articles: Floats
    n_coded: Floats
    scored: Floats
    units: Floats
    unit_squares: Floats
    predicted: Floats
    noise: Floats
    bend: Floats
    squares: Floats
    decided: Floats
    codings: Floats
    weight: Floats
    weight_squares: Floats
    truth: Floats
    claimed: Floats
    chance: Floats

    def __getitem__(self, part: slice) -> Tally:
        return Tally(*(getattr(self, field.name)[part] for field in fields(self)))

    def weigh_articles_alike(self, sizes: Floats | None = None) -> Tally:
        """Divide by each article's units, so that shares are means over articles.

        Parameters
        ----------
        sizes : array (P, K), optional
            Units of each article, if not all are here.
        """
        size = np.maximum(self.scored if sizes is None else sizes, 1.0)
        powers = dict.fromkeys(("n_articles", "n_coded", "scored", "codings"), 0)
        powers |= dict.fromkeys(("unit_squares", "weight_squares", "chance"), 2)
        parts = {
            field.name: getattr(self, field.name) / size ** powers.get(field.name, 1)
            for field in fields(self)
        }
        return replace(self, **parts)

    def count_alike(self) -> Floats:
        """Count how many units of equal weight (K,) a mean over these is worth (Kish 1965)."""
        return divide(self.units.sum(axis=0) ** 2, self.unit_squares.sum(axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """The units of one cell by the finer cells that it pools, S in all.

    Attributes
    ----------
    keys : tuple of S CellKey
    tallies : tuple of S Tally
        By article.
    sizes : tuple of S arrays
        Units of each row's article in the whole cell.
    blocks : tuple of S arrays
        Place of each row in the tally of the whole cell.
    """

    keys: tuple[CellKey, ...]
    tallies: tuple[Tally, ...]
    sizes: tuple[Floats, ...]
    blocks: tuple[Codes, ...]

    def weigh_articles_alike(self) -> Strata:
        """Divide by each article's units, so that shares are means over articles."""
        pairs = zip(self.tallies, self.sizes, strict=True)
        return replace(self, tallies=tuple(part.weigh_articles_alike(size) for part, size in pairs))

    def join(self, columns: Sequence[Floats], n_blocks: int) -> Floats:
        """Sum columns of the strata's rows to those of the cell."""
        return sum_by_article(np.concatenate(columns), np.concatenate(self.blocks), n_blocks)

    def join_tallies(self, n_blocks: int) -> Tally:
        """Sum the strata to the tally of the cell."""
        return Tally(
            *(
                self.join([getattr(part, field.name) for part in self.tallies], n_blocks)
                for field in fields(Tally)
            )
        )


@dataclass(frozen=True, slots=True, eq=False)
class CellTally:
    """The tally of all pairs, cell by cell.

    Attributes
    ----------
    keys : tuple of C CellKey
        Sorted.
    cells, articles : arrays (P,)
        Place of each pair's cell, and number of its article.
    rows : array (n,)
        Place of each unit's pair.
    tally : Tally
    n_articles : int
        A.
    strata : tuple of C Strata, or empty
        What each cell pools.
    """

    keys: tuple[CellKey, ...]
    cells: Codes
    articles: Codes
    rows: Codes
    tally: Tally
    n_articles: int
    strata: tuple[Strata, ...] = ()

    def split(self) -> Iterator[tuple[CellKey, Tally]]:
        """Yield each cell with its own articles."""
        edges = np.searchsorted(self.cells, np.arange(len(self.keys) + 1))
        for key, start, stop in zip(self.keys, edges[:-1], edges[1:], strict=True):
            yield key, self.tally[slice(int(start), int(stop))]


def tally_cells(units: UnitTable, keys: Sequence[CellKey]) -> CellTally:
    """Sum units by article within the cells that `keys` (n) name.

    Examples
    --------
    >>> units = UnitTable(
    ...     probabilities=np.array([[0.5], [0.25], [1.0]]),
    ...     decisions=np.ones((3, 1), np.bool_),
    ...     truth=np.array([[1.0], [np.nan], [np.nan]]),
    ...     weights=np.ones(3),
    ...     articles=np.array([0, 0, 1]),
    ...     n_articles=2,
    ... )
    >>> tallies = tally_cells(units, [("Post", None)] * 3)
    >>> tallies.tally.predicted.tolist(), tallies.tally.truth.tolist()
    ([[0.75], [1.0]], [[1.0], [0.0]])
    """
    ordered = sorted(set(keys), key=order_key)
    place = {key: number for number, key in enumerate(ordered)}
    own = np.fromiter((place[key] for key in keys), np.intp, len(keys))
    pairs, rows = np.unique(own * units.n_articles + units.articles, return_inverse=True)
    return CellTally(
        keys=tuple(ordered),
        cells=pairs // units.n_articles,
        articles=pairs % units.n_articles,
        rows=rows,
        tally=_tally(units, rows, len(pairs)),
        n_articles=units.n_articles,
    )


def order_key(key: CellKey) -> tuple[str, str]:
    """Order cells by source, all time first."""
    return key[0], key[1] or ""


def _tally(units: UnitTable, rows: Codes, n_pairs: int) -> Tally:
    scored = ~np.isnan(units.probabilities)
    shares = np.where(scored, units.probabilities, 0.0)
    coded = ~np.isnan(units.truth) & scored
    weight = np.where(coded, units.weights[:, None], 0.0)
    noise = shares * (1.0 - shares)
    columns = {
        "scored": scored,
        "units": scored,
        "unit_squares": scored,
        "predicted": shares,
        "noise": noise,
        "bend": noise * find_log_odds(shares),
        "squares": shares**2,
        "decided": units.decisions & scored,
        "codings": coded,
        "weight": weight,
        "weight_squares": weight**2,
        "truth": weight * (units.truth > 0),  # NaN is not
        "claimed": weight * shares,
        "chance": weight**2 * noise,
    }
    sums = {name: _add_up(values, rows, n_pairs) for name, values in columns.items()}
    held = {"n_articles": sums["scored"] > 0, "n_coded": sums["codings"] > 0}
    return Tally(**{name: mark.astype(np.float64) for name, mark in held.items()}, **sums)


def _add_up(values: Any, rows: Codes, n_pairs: int) -> Floats:
    return sum_by_article(np.asarray(values, np.float64), rows, n_pairs)


def find_log_odds(shares: Floats) -> Floats:
    """Return the log-odds, bounded where a share is 0 or 1.

    >>> find_log_odds(np.array([0.5, 0.0])).round(1).tolist()
    [0.0, -13.8]
    """
    inside = np.clip(shares, 1e-6, 1.0 - 1e-6)
    return np.asarray(np.log(inside / (1.0 - inside)))


def share(part: Floats, whole: Floats) -> Floats:
    """Divide sums over pairs: two arrays (P, K) to one (K,), NaN where there is nothing."""
    return divide(part.sum(axis=0), whole.sum(axis=0))


def spread_out(part: Floats, whole: Floats) -> Floats:
    """Divide each of P rows (P, K) by the same (K,), NaN where that is 0."""
    return divide(part, np.broadcast_to(whole, part.shape))
