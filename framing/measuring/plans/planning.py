"""How many articles to code by hand so that a change of a given size is found.

The share of a cell is estimated from all its predictions, corrected by the residuals (codes minus
probabilities) of coded articles (prediction-powered inference: Angelopoulos et al. 2023; its sample
sizes: Chen, Guo & Li 2026, *Power analysis for prediction-powered inference*, arXiv:2603.16041).
With strata h of N_h articles of which n_h are coded, a cell of M units has the variance
``sampling + sum_h (N_h S_h / M)^2 / n_h``: `sampling` is what articles differ by in their summed
probabilities, S_h what the residuals of an article sum to (standard deviation). If probabilities
are calibrated and an article's units err independently, S_h^2 is the mean over articles of the sum
of p (1 - p); as they do not, it is multiplied by a design effect.
Shapes: H strata, in two cells; K frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Codes, Floats
from framing.schema import InputError

ASSUMED_DESIGN_EFFECT = 1.5
"""What stands for a design effect that nobody has measured.

On the 20 articles of `seeds/test`, by outlets that the shipped model has not seen, squared sums of
residuals were 1.23 times what p (1 - p) predicts over all frames, 0.8 to 2.2 times by frame.
"""

FEWEST_A_STRATUM = 2
"""Articles coded in each stratum, for its variance to be estimated."""

FEWEST_A_CELL = 10
"""Articles coded in each cell, for an interval to be read at its word."""


@dataclass(frozen=True, slots=True, eq=False)
class DifferenceVariance:
    """What the variance of a difference between two cells is made of, for one frame.

    Attributes
    ----------
    sizes : array (H,)
        N_h, articles of each stratum.
    burdens : array (H,)
        (N_h S_h / M)^2: what coding one article of the stratum would leave of its variance.
    sampling : float
        Variance that coding cannot lower, of both cells together.
    is_census : bool
        True where the archive is all there is, so that nothing is left once all is coded.
    """

    sizes: Codes
    burdens: Floats
    sampling: float
    is_census: bool = False

    def find_variance(self, coded: Codes) -> float:
        """Compute the variance of the difference if `coded` (H,) articles are coded.

        >>> design = DifferenceVariance(np.array([10, 10]), np.array([0.02, 0.02]), sampling=0.001)
        >>> round(design.find_variance(np.array([10, 5])), 4)
        0.007
        """
        left = self.burdens / np.maximum(coded, 1)
        if self.is_census:
            return float(np.sum(left - self.burdens / self.sizes))
        return self.sampling + float(left.sum())


@dataclass(frozen=True, slots=True)
class Aim:
    """What is to be found, and how surely.

    Attributes
    ----------
    detect : float
        Change of a share, above 0 and below 1.
    power : float
        Chance to find it, above `alpha` and below 1.
    alpha : float
        Level of the two-sided test of one comparison.
    design_effect : float
        How many times the summed residuals of an article vary as if its units erred independently.
    is_census : bool
        The archive is all there is: only what classification leaves open counts.

    Raises
    ------
    InputError
        If a value lies elsewhere.
    """

    detect: float
    power: float = 0.8
    alpha: float = 0.05
    design_effect: float = ASSUMED_DESIGN_EFFECT
    is_census: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be aimed at."""
        faults = {
            f"detect is {self.detect}; give a change of share above 0 and below 1": (
                0 < self.detect < 1
            ),
            f"alpha is {self.alpha}; give a level above 0 and below 1, such as 0.05": (
                0 < self.alpha < 1
            ),
            f"power is {self.power}; give a chance above {self.alpha} and below 1, such as 0.8": (
                self.alpha < self.power < 1
            ),
            f"the design effect is {self.design_effect}; give 1 or more": (
                1 <= self.design_effect < np.inf
            ),
        }
        for fault, holds in faults.items():
            if not holds:
                what, _, fix = fault.partition("; ")
                raise InputError(what, fix=fix)

    @property
    def errors(self) -> float:
        """How many standard errors the change must span."""
        normal = NormalDist()
        return normal.inv_cdf(1 - self.alpha / 2) + normal.inv_cdf(self.power)

    @property
    def variance(self) -> float:
        """Largest variance of the difference at which the aim is reached.

        >>> round(Aim(0.1).variance ** 0.5, 4)
        0.0357
        """
        return (self.detect / self.errors) ** 2

    def find_detectable(self, variance: float) -> float:
        """Give the change that is found with this power at a variance of the difference.

        >>> round(Aim(0.5).find_detectable(0.0357**2), 3)
        0.1
        """
        return float(self.errors * np.sqrt(variance))

    def find_power(self, variance: float) -> float:
        """Give the chance that the change is found, and with the right sign.

        >>> round(Aim(0.1).find_power(0.0357**2), 2)
        0.8
        """
        normal = NormalDist()
        if variance <= 0:
            return 1.0
        return normal.cdf(self.detect / variance**0.5 - normal.inv_cdf(1 - self.alpha / 2))


def set_minima(sizes: Codes, cells: Codes) -> Codes:
    """Give the articles to code at least: 2 a stratum, and 10 a cell in proportion to size.

    >>> set_minima(np.array([40, 10, 1]), np.array([0, 0, 1])).tolist()
    [8, 2, 1]
    """
    totals = np.bincount(cells, weights=sizes)[cells]
    shares = np.ceil(FEWEST_A_CELL * sizes / totals).astype(np.intp)
    return np.minimum(np.maximum(shares, FEWEST_A_STRATUM), sizes)


def allocate(design: DifferenceVariance, minima: Codes, *, variance: float) -> Codes | None:
    """Find the smallest number of articles, stratum by stratum, that keeps a variance.

    The exact optimum in whole numbers between bounds (Neyman's allocation, n_h in proportion to
    N_h S_h, as made exact by Wright 2017, *Exact optimal sample allocation*, Statistics &
    Probability Letters 129): the n-th article of a stratum takes away burden / (n (n - 1)), and
    articles are added where that is most.

    Parameters
    ----------
    design : DifferenceVariance
    minima : array (H,)
        Not above the sizes.
    variance : float
        Largest variance allowed.

    Returns
    -------
    array (H,) or None
        None if it cannot be kept though all articles were coded.

    Examples
    --------
    >>> design = DifferenceVariance(np.array([90, 90]), np.array([0.04, 0.01]), sampling=0.0)
    >>> allocate(design, np.array([2, 2]), variance=0.0031).tolist()
    [20, 10]
    """
    if design.find_variance(design.sizes) > variance:
        return None
    excess = design.find_variance(minima) - variance
    if excess <= 0:
        return minima.copy()
    strata = np.repeat(np.arange(len(minima)), design.sizes - minima)
    starts = np.cumsum(design.sizes - minima) - (design.sizes - minima)
    n = np.arange(len(strata)) - starts[strata] + minima[strata] + 1
    gains = design.burdens[strata] / (n * (n - 1))
    order = np.argsort(-gains, kind="stable")
    needed = int(np.searchsorted(np.cumsum(gains[order]), excess * (1 - 1e-12))) + 1
    return minima + np.bincount(strata[order[:needed]], minlength=len(minima))


def build_design(
    sums: Floats, doubts: Floats, units: Floats, *, strata: Codes, cells: Codes, aim: Aim
) -> DifferenceVariance:
    """Build a frame's design from its articles' sums.

    Parameters
    ----------
    sums, doubts, units : arrays (A,)
        Of probabilities p, of p (1 - p), and of scored units.
    strata : array (A,)
        Stratum of each article, 0 to H - 1.
    cells : array (H,)
        Cell of each stratum, 0 or 1.
    aim : Aim

    Examples
    --------
    >>> ones, aim = np.ones(4), Aim(0.1, design_effect=2.0)
    >>> strata, cells = np.array([0, 0, 1, 1]), np.array([0, 1])
    >>> build_design(ones, ones / 4, 4 * ones, strata=strata, cells=cells, aim=aim).burdens
    array([0.03125, 0.03125])
    """
    own = cells[strata]
    sizes = np.bincount(strata, minlength=len(cells))
    total = np.bincount(own, weights=units)
    residual = aim.design_effect * np.bincount(strata, weights=doubts) / sizes
    burdens = sizes**2 * residual / total[cells] ** 2
    spread = (sums - (np.bincount(own, weights=sums) / total)[own] * units) ** 2
    n = np.bincount(own)
    sampling = np.bincount(own, weights=spread) / total**2 * n / np.maximum(n - 1, 1)
    return DifferenceVariance(
        sizes, burdens, 0.0 if aim.is_census else float(sampling.sum()), is_census=aim.is_census
    )


def pool_small(sizes: Codes, cells: Codes, *, fewest: int) -> Bools:
    """Mark strata with fewer articles than `fewest`, which are to be pooled in their cell.

    A stratum that would be pooled with none is left as it is.

    >>> pool_small(np.array([50, 3, 4, 2]), np.array([0, 0, 0, 1]), fewest=10).tolist()
    [False, True, True, False]
    """
    small = np.asarray(sizes < fewest, dtype=np.bool_)
    alone = np.bincount(cells, weights=small)[cells] == 1
    return np.asarray(small & ~alone, dtype=np.bool_)
