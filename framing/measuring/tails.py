"""p-values smaller than a permutation each, read off a tail that fits the extreme permutations.

Two thousand permutations know no p-value below 1 in 2,001, and a test among a thousand needs
smaller ones to stand after correction. Knijnenburg et al. (2009), *Fewer permutations, more
accurate P-values*, fit a generalised Pareto tail, which may end before the observed value.
Studentised statistics have a known shape instead: their tail is taken to be that of Student's t
(or, for the largest of many, of a longer one of the same family), stretched to fit and never
lighter than theory.
Shapes: B permutations, N tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Floats

TAIL = 0.05
"""Share of the permutations that a tail is fitted to."""

FEWEST_FITTED = 50
"""With fewer permutations in the tail none is fitted."""

FURTHEST = 1e-3
"""A tail is trusted down to this part of the smallest p-value that permutations can count."""

SCALES = 1.025 ** np.arange(57)
"""Stretches that are tried: 1 to 4."""


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """Shape of a statistic's tail: ``size ** 2 / order`` follows F(order, freedom), stretched.

    Attributes
    ----------
    freedom : array (...) or float
        Degrees of freedom of the variance; below 1 no tail is fitted.
    order : int
        1 for the size of a studentised statistic (Student's t). 3 for the largest size over many
        splits of a series, whose tail falls more slowly (Siegmund 1985, *Sequential Analysis*:
        as x times the normal density).
    """

    freedom: Floats | float
    order: int = 1

    def extrapolate(self, observed: Floats, permuted: Floats, wanted: Bools) -> Floats:
        """Read p-values off the fitted tails.

        Parameters
        ----------
        observed : array (...)
        permuted : array (B, ...)
        wanted : array (...) of bool
            Tests whose p-value is too small to be counted.

        Returns
        -------
        array (...)
            NaN where not wanted, where there are too few permutations and where the statistic or
            its permutations are not finite.

        Examples
        --------
        >>> permuted = np.random.default_rng(0).standard_normal((2000, 1))
        >>> p = Tail(1e6).extrapolate(np.array([4.5]), permuted, np.array([True]))
        >>> bool(1e-6 < p[0] < 1e-4)  # truly 7e-6
        True
        """
        p = np.full(np.shape(observed), np.nan)
        n_fitted = int(TAIL * len(permuted))
        freedom = np.broadcast_to(self.freedom, p.shape)
        wanted = wanted & np.isfinite(observed) & (freedom >= 1)
        if n_fitted < FEWEST_FITTED or not wanted.any():
            return p
        sizes = np.abs(permuted[:, wanted])
        sizes = np.partition(sizes, len(sizes) - n_fitted - 1, axis=0)[-n_fitted - 1 :]
        fitted = self._read(np.abs(observed[wanted]), sizes, freedom[wanted])
        p[wanted] = np.maximum(fitted * n_fitted / len(permuted), FURTHEST / (1 + len(permuted)))
        return p

    def _read(self, observed: Floats, sizes: Floats, freedom: Floats) -> Floats:
        """Survival of observed (N,) beyond the threshold, the first of sizes (m + 1, N)."""
        threshold, beyond = sizes[0], sizes[1:]
        finite = np.isfinite(beyond).all(axis=0) & (threshold > 0)
        scale = self._fit(threshold, beyond, freedom)
        kept = self._survive(observed / scale, freedom)
        p = np.full(observed.shape, np.nan)
        np.divide(kept, self._survive(threshold / scale, freedom), out=p, where=finite)
        return p

    def _fit(self, threshold: Floats, beyond: Floats, freedom: Floats) -> Floats:
        """Stretch (N,) that makes the permutations beyond the threshold likeliest."""
        best, likeliest = np.ones(len(threshold)), np.full(len(threshold), -np.inf)
        with np.errstate(divide="ignore", invalid="ignore"):
            for scale in SCALES:
                sizes = beyond / scale
                powers = np.log1p(sizes**2 / freedom) * (self.order + freedom) / 2
                terms = (self.order - 1) * np.log(sizes) - powers - np.log(scale)
                passed = np.log(self._survive(threshold / scale, freedom))
                likelihood = terms.sum(axis=0) - len(beyond) * passed
                better = likelihood > likeliest
                best[better], likeliest[better] = scale, likelihood[better]
        return best

    def _survive(self, sizes: Floats, freedom: Floats) -> Floats:
        from scipy.special import fdtrc

        return np.asarray(fdtrc(self.order, freedom, sizes**2 / self.order))
