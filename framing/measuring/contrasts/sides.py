"""Sides of a comparison: the articles of one cell or of several, in an order of their own.

Articles are put in order by their values, so that what is drawn from a seed does not depend on the
order of rows; where one article's units lie in several cells, it is one article in each.
Shapes: C cells, n articles of a side, K labels, B resamples.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import ArticleResampler, Floats, check_level
from framing.measuring.prevalence.corrected import CorrectedSums
from framing.measuring.rates import divide
from framing.schema import InputError

ROUNDING = 1e-6
"""Of degrees of freedom."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How comparisons are made.

    Attributes
    ----------
    level : float
        Of intervals.
    alpha : float
        Share of false discoveries that is accepted.
    margin : float or None
        Differences below it count as none (equivalence tests); None asks for no such test.
    resamples, permutations, seed : int

    Raises
    ------
    InputError
        If a level or alpha is no share between 0 and 1, the margin is not above 0, or there are
        fewer than one resample or permutation.
    """

    level: float = 0.95
    alpha: float = 0.05
    margin: float | None = None
    resamples: int = 1000
    permutations: int = 2000
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what can not be done."""
        check_level(self.level)
        if not 0 < self.alpha < 1:
            raise InputError(f"alpha is {self.alpha}", fix="give a share such as 0.05")
        if self.margin is not None and not 0 < self.margin < 1:
            raise InputError(f"margin is {self.margin}", fix="give a share above 0, such as 0.05")
        for name in ("resamples", "permutations"):
            if getattr(self, name) < 1:
                raise InputError(f"{getattr(self, name)} {name} asked for", fix="ask for 1 or more")
        if self.seed < 0:
            raise InputError(f"seed is {self.seed}", fix="give 0 or more")

    def rng(self, *names: object) -> np.random.Generator:
        """Make the generator of one purpose, whatever else is drawn.

        >>> one, other = Plan().rng("turns", "Post"), Plan().rng("turns", "Post")
        >>> one.integers(100) == other.integers(100)
        np.True_
        """
        digest = hashlib.sha256("\n".join(map(str, names)).encode()).digest()
        return np.random.default_rng([self.seed, int.from_bytes(digest[:8], "big")])

    def draw_calibration(self, covariances: Floats) -> Floats:
        """Draw errors of each label's calibration from normals with `covariances` (K, 2, 2).

        Returns
        -------
        array (B, K, 2)
            The same draws for every comparison, as the error is common to all cells.
        """
        return draw_errors(covariances, self.resamples, self.rng("calibration"))


def draw_errors(covariances: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """Draw from K bivariate normals: an array (draws, K, 2).

    >>> draw_errors(np.zeros((1, 2, 2)), 3, np.random.default_rng(0)).tolist()
    [[[0.0, 0.0]], [[0.0, 0.0]], [[0.0, 0.0]]]
    """
    values, vectors = np.linalg.eigh(covariances)
    roots = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
    normals = rng.standard_normal((draws, len(covariances), 2))
    return np.asarray(np.einsum("kij,bkj->bki", roots, normals))


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """What a side amounts to: arrays (K,), and (K, 2) for `pulls`. All of them add up.

    Attributes
    ----------
    sums, units : arrays
    n_articles : array
        That have units.
    n_cells : array
        That have units; resampling keeps each cell's number of articles.
    pulls : array
        Units times the change of the share as calibration moves.
    extras : array
        Squared units times the share's variance beyond what its articles show.
    masses : array
        Squared units times all of its variance but that of calibration.
    quarts : array
        Squares of `masses` over their degrees of freedom.
    lacking : array
        Degrees of freedom that cells have less than their articles would give, as few are coded.
    """

    sums: Floats
    units: Floats
    n_articles: Floats
    n_cells: Floats
    pulls: Floats
    extras: Floats
    masses: Floats
    quarts: Floats
    lacking: Floats

    @property
    def shares(self) -> Floats:
        """Shares; NaN where there is no unit."""
        return divide(self.sums, self.units)

    @property
    def gradients(self) -> Floats:
        """Change of the share as calibration moves, (K, 2); 0 where there is no unit."""
        whole = np.broadcast_to(self.units[:, None], self.pulls.shape)
        return np.nan_to_num(divide(self.pulls, whole))

    @property
    def spare(self) -> Floats:
        """Articles less cells: 0 or less where nothing shows how articles of a cell differ."""
        return self.n_articles - self.n_cells

    @property
    def freedom(self) -> Floats:
        """Degrees of freedom of the share's variance (Satterthwaite); `spare` without variance."""
        freedom = divide(self.masses**2, np.where(self.quarts > 0, self.quarts, 0.0))
        return np.where(np.isnan(freedom) | (self.spare <= 0), self.spare, freedom)

    @property
    def extra(self) -> Floats:
        """Variance of the share beyond what its articles show; 0 where there is no unit."""
        return np.maximum(np.nan_to_num(divide(self.extras, self.units**2)), 0.0)

    @property
    def variance(self) -> Floats:
        """All of the share's variance but that of calibration; 0 where there is no unit."""
        return np.maximum(np.nan_to_num(divide(self.masses, self.units**2)), 0.0)

    def merge(self, other: Summary, *, sign: int = 1) -> Summary:
        """Add another side, or take it out with sign -1."""
        return Summary(
            *(
                getattr(self, part.name) + sign * getattr(other, part.name)
                for part in fields(Summary)
            )
        )


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """Articles of one cell, or of all periods on one side of a turn.

    Attributes
    ----------
    sums, units : arrays (n, K)
        Corrected sums, and units; both 0 for labels that can not be given.
    gradients : array (K, 2)
        Change of the share as calibration moves; see `CorrectedSums`.
    extras : array (K,)
        Variance beyond what the articles show; 0 if not given.
    freedoms : array (K,)
        Degrees of freedom of the variance; articles less one if not given.
    """

    sums: Floats
    units: Floats
    gradients: Floats
    extras: Floats = field(default_factory=lambda: np.zeros(0))
    freedoms: Floats = field(default_factory=lambda: np.zeros(0))

    def summarise(self) -> Summary:
        """Sum the articles up, as those of one cell."""
        sums, units = self.sums.sum(axis=0), self.units.sum(axis=0)
        n_articles = (self.units > 0).sum(axis=0).astype(np.float64)
        held = (n_articles > 0).astype(np.float64)
        spare = n_articles - held
        freedoms = np.minimum(self.freedoms, spare) if self.freedoms.size else spare
        extras = units**2 * self.extras if self.extras.size else np.zeros_like(units)
        squares = (self.sums - np.nan_to_num(divide(sums, units)) * self.units) ** 2
        masses = squares.sum(axis=0) * n_articles / np.maximum(spare, 1.0) + extras
        return Summary(
            sums=sums,
            units=units,
            n_articles=n_articles,
            n_cells=held,
            pulls=units[:, None] * self.gradients,
            extras=extras,
            masses=masses,
            quarts=masses**2 / np.maximum(freedoms, 1.0),
            lacking=spare - freedoms,
        )

    def replicate(self, *, resamples: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw the articles of the side with replacement: sums and units, two arrays (B, K)."""
        columns = np.hstack([self.sums, self.units])
        seed = int(rng.integers(2**63))
        resampler = ArticleResampler(np.arange(len(columns)), len(columns), resamples, seed)
        sums, units = np.hsplit(resampler.replicate(lambda counts: counts @ columns), 2)
        return sums, units


def merge_summaries(parts: Sequence[Summary]) -> Summary:
    """Add sides up.

    >>> one = Side(np.ones((2, 1)), np.full((2, 1), 4.0), np.zeros((1, 2))).summarise()
    >>> merge_summaries([one, one]).n_articles.tolist()
    [4.0]
    """
    return functools.reduce(Summary.merge, parts)


def split_sides(sums: CorrectedSums) -> tuple[Side, ...]:
    """Take each cell's articles for a side, C in all.

    Within a cell articles come in order of their units and sums, whatever the order of rows.
    """
    order = order_pairs(sums)
    places = np.searchsorted(sums.cells[order], np.arange(len(sums.keys) + 1))
    return tuple(
        _take_side(sums, order[start:stop], cell)
        for cell, (start, stop) in enumerate(itertools.pairwise(places))
    )


def order_pairs(sums: CorrectedSums) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Put the pairs in order of cell, then units, then sums: their places, (P,)."""
    keys = [*sums.sums.T[::-1], *sums.units.T[::-1], sums.cells]
    return np.lexsort(keys)


def _take_side(
    sums: CorrectedSums, pairs: np.ndarray[tuple[int], np.dtype[np.intp]], cell: int
) -> Side:
    usable: Bools = sums.usable[cell]
    values, units = sums.sums[pairs] * usable, sums.units[pairs] * usable
    return Side(
        values,
        units,
        sums.gradients[cell] * usable[:, None],
        sums.extras[cell] * usable,
        sums.freedoms[cell],
    )
